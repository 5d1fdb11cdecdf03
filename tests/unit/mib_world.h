/*
 * A world for tests of the MIB floor: the interfaces of [MIB 8], a core, the IP Helper
 * functions with a commit port that refuses on demand, a clock that stands still, and
 * another RTM client. SETs and expectations are short texts.
 */
#ifndef TESTS_MIB_WORLD_H
#define TESTS_MIB_WORLD_H

#include "agent/mib.h"
#include "mib_unit.h"

struct world {
	struct iftab *ifs;
	struct iph *iph;
	struct mib *mib;
	RTM_ENTITY_HANDLE other[2]; /* a routing protocol: RIP, IPv4 and IPv6 */
	uint64_t now_ms;
	unsigned commits;      /* calls of the commit port so far */
	unsigned refuse_from;  /* refuse these calls, counted from 1; 0: none */
	unsigned refuse_until; /* inclusive */
	struct mib_refusal refusal;
	char refused_row[512], refused_column[64];
	unsigned refusals;
};

extern struct world world;
/** What the next world_open() is configured with, beside the fixture. */
extern struct mib_config world_config;

void world_open(void);
/** Open the view anew on the same core, after mib_close(world.mib). */
void world_reopen(const struct mib_config *with);
/** Close it all; asserts that neither memory nor a core object is left. */
void world_close(void);

/** An index by its short name in a table, or dotted numbers as they are. */
size_t world_index(char table, const char *text, mib_subid *out);
/** The short name of an index; dotted numbers where it has none. */
void world_index_name(char table, const mib_subid *index, size_t n, char *out, size_t size);

/*
 * A SET: "X:7=i2 X:8=i4 X:17=i4" is INDEX:COLUMN=TYPE VALUE, types i u a o n s. Another
 * table than inetCidrRouteTable by a letter: "c/X:5=i2" ipCidrRouteTable, "f/" ipForward-
 * Table, "r/" ipRouteTable; short names are those of the same route there.
 * Goes through the phases as the SNMP floor does, and commits or undoes.
 */
struct mib_result world_set(const char *pdu);
/** Add, test, apply; `undo' then takes it back instead of committing. */
struct mib_result world_set_undone(const char *pdu);

/** One column as "X=1 Y=2", in the order of the walk; the table by its letter. */
void world_walk(char table, unsigned column, char *out, size_t size);
/** "X:7" as text; "-" for noSuchInstance, "!" for noSuchObject. */
void world_read(const char *what, char *out, size_t size);
/** Every table ascends, its columns have equal lengths, its scalar says how long. */
void world_check_tables(void);
/** How many rows the core shows, unicast, both families. */
size_t world_core_rows(void);
unsigned world_scalar(const char *name);

/** A route of the other client; nh NULL: on-link. @return the handle, to be released. */
RTM_ROUTE_HANDLE world_foreign_add(const char *prefix, const char *nh, unsigned if_index,
                                   unsigned metric);
RTM_ROUTE_HANDLE world_foreign_flagged(const char *prefix, const char *nh, unsigned if_index,
                                       unsigned metric, USHORT route_flags);
void world_foreign_delete(RTM_ROUTE_HANDLE route, const char *prefix);

#endif
