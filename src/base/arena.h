/*
 * Large blocks for tables that are read at random: taken from regions of 2 MiB that the
 * system may back with huge pages. Whoever takes a block owns it. Any thread may call.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

/**
 * A zeroed block, aligned to a page; where it is larger than 2 MiB, to as much.
 *
 * @param bytes  rounded up to 32 KiB. Counts as one allocation of alloc.h.
 * @return       NULL: no memory.
 */
void *arena_take(size_t bytes);

/** Give a block back; NULL is fine. @param bytes  what arena_take() was asked for. */
void arena_give(void *block, size_t bytes);

#endif
