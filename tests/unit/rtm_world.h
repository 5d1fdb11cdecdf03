/*
 * One small world with one of everything, and every function of the interface as a
 * row of a table that calls it in that world with good arguments.
 *
 * Two tests walk the table: a bad registration handle is refused by every function,
 * and every allocation that any function makes is refused once.
 */
#ifndef TESTS_RTM_WORLD_H
#define TESTS_RTM_WORLD_H

#include "rtm_fix.h"

struct world {
	bool live;                  /* a dead world gives NULL for every argument */
	RTM_ENTITY_HANDLE e, other; /* `e` exports methods, has a slot and calls */
	HANDLE entity_ref;          /* a counted reference to `other` */
	RTM_NEXTHOP_HANDLE hop, spare, foreign_hop;
	RTM_ROUTE_HANDLE wide, narrow, foreign; /* 10/8, 10.1/16, other's 10/8 */
	RTM_DEST_HANDLE wide_dest, narrow_dest;
	RTM_ENUM_HANDLE dest_enum, route_enum, hop_enum, list_enum;
	RTM_ROUTE_LIST_HANDLE list, list2;
	RTM_NOTIFY_HANDLE notify, marked;
	union dest_buf dest_info;
	union route_buf route_info;
	RTM_NEXTHOP_INFO hop_info;
	union dests_buf dests, changed;
	RTM_ENTITY_INFO newcomer;
	RTM_ENTITY_HANDLE filler; /* where world_brim() was called */
};

struct rtm_call {
	const char *name;
	DWORD (*run)(HANDLE reg, struct world *w);
	void (*before)(struct world *w); /* what the call needs first */
	void (*undo)(struct world *w);   /* takes `before` back when the call failed */
	bool no_reg;                     /* takes no registration handle */
};
extern const struct rtm_call rtm_calls[];
extern const size_t rtm_num_calls; /* the 57 documented functions */
extern const struct rtm_call rtm_host_calls[];
extern const size_t rtm_num_host_calls;

/** Build it in a fresh manager; asserts. The fixture's entities need not exist. */
void world_build(struct world *w);

/**
 * Use up what the manager has in stock: add things, each under the threat of a failing
 * allocation, until each kind of thing would need memory. Calls that made do with the
 * stock need memory from here on.
 */
void world_brim(struct world *w);

/** Everything a client can see below 10/8, as text without handle values. The caller frees. */
char *world_dump(struct world *w);

#endif
