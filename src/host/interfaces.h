/*
 * Interfaces for a table in memory: from text, or as the system has them. Both fill an
 * interface table that the caller owns.
 */
#ifndef HOST_INTERFACES_H
#define HOST_INTERFACES_H

#include "iftab/iftab.h"

/** The grammar is told in rtmopen.h. @return NO_ERROR, 13 for a bad line, 8. */
DWORD interfaces_parse(struct iftab *ifs, const char *text);

/** Every interface of this system with its addresses. */
DWORD interfaces_of_system(struct iftab *ifs);

#endif
