/*
 * Private to the memory backend: the reader of preload files.
 */
#ifndef FIB_PRELOAD_H
#define FIB_PRELOAD_H

#include "fib/memory.h"

/**
 * Read a file of routes, one a line, `PREFIX/LEN NEXTHOP IFNAME METRIC', and hand each
 * destination to `route'. Neighbouring lines with the same prefix and metric are one
 * route with several next hops.
 *
 * @return  NO_ERROR; ERROR_FILE_NOT_FOUND; ERROR_INVALID_DATA for a line that is wrong.
 *          The log says which file, which line and why; lines before it were delivered.
 */
DWORD preload_read(const char *file, const struct fib_memory_config *config,
                   void (*route)(void *arg, const struct fib_route *route), void *arg);

#endif
