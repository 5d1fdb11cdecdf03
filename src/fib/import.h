/*
 * The importer: what a forwarder has of its own becomes interfaces in the interface
 * table and routes in the core, each owned by an RTM entity that stands for the
 * protocol the forwarder names. The importer owns those registrations and routes; the
 * interface table is borrowed. One thread, the loop's.
 */
#ifndef FIB_IMPORT_H
#define FIB_IMPORT_H

#include "fib/fib.h"

struct iftab;
struct import;

/** The call-backs to open a backend with; their argument is the importer. */
extern const struct fib_events import_events;

/** @return NO_ERROR or ERROR_NOT_ENOUGH_MEMORY. */
DWORD import_open(struct iftab *ifs, USHORT instance, struct import **out);
/** Deregister, which takes the imported routes away, and free. NULL is fine. */
void import_close(struct import *imp);

/** Whether an owner, as in RTM_DEST_INFO, is one of the importer's entities. */
bool import_owns(const struct import *imp, RTM_ENTITY_HANDLE owner);

/* How it went so far. */
struct import_counts {
	size_t interfaces, routes, failures; /* failures have been logged */
};
void import_counts_get(const struct import *imp, struct import_counts *out);

#endif
