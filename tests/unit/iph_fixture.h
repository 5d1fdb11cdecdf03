/*
 * The world every IP Helper test starts from: the fixture of the decision table, with
 * switches on its ports, and a second RTM client beside it. One at a time.
 */
#ifndef TESTS_IPH_FIXTURE_H
#define TESTS_IPH_FIXTURE_H

#include "iphlp/iph.h"

#define LUID_A 0x0006000001000000u
#define LUID_B 0x0006000002000000u
#define LUID_T 0x0083000001000000u

/* What the ports answer; reset by fixture_open(). */
struct fixture {
	struct iftab *ifs;
	struct iph *iph;
	bool privileged, stack4, stack6;
	uint64_t now_ms;
	DWORD commit_answer;
	unsigned commits;
	RTM_NET_ADDRESS committed; /* last destination the commit port was asked for */
	/* Called from the commit port, for what happens meanwhile. */
	void (*during_commit)(void);
	/* The other client: sees every change, may have routes. */
	RTM_ENTITY_HANDLE other[IFTAB_FAMILIES];
	RTM_NOTIFY_HANDLE notify[IFTAB_FAMILIES];
	unsigned notified; /* change call-backs since the last fixture_settle() */
};

extern struct fixture fix;

/*
 * Where the documented functions act: on the world itself, unless a test is linked with
 * iph_there.c, which has these and puts a socket in between.
 */
void place_open(void) __attribute__((weak));
void place_close(void) __attribute__((weak));
void place_deliver(const unsigned *heard, unsigned n) __attribute__((weak));

/** CUnit set-up and tear-down of a test; the latter asserts that nothing is left. */
void fixture_open(void);
void fixture_close(void);
/** Let the clock go on, expire what is due and run call-backs. */
void fixture_pass(uint64_t seconds);
/** Run pending call-backs and forget them: from here on `notified' counts. */
void fixture_settle(void);

SOCKADDR_INET fixture_ip(const char *text);
IP_ADDRESS_PREFIX fixture_prefix(const char *text);
IPAddr fixture_ip4(const char *text);

/** Rows R, R6 and V of the decision table. */
MIB_IPFORWARD_ROW2 fixture_r(void);
MIB_IPFORWARD_ROW2 fixture_r6(void);
MIB_IPFORWARDROW fixture_v(void);

/** A route of the other client: hops are "gateway@index", separated by spaces. */
DWORD fixture_other_route(const char *prefix, const char *hops, ULONG metric, USHORT flags,
                          RTM_VIEW_SET views);

/* Everything in the table, as the views above read it. */
struct snapshot {
	struct iph_route *rows;
	size_t n, cap;
};

struct snapshot snapshot_take(void);
bool snapshot_same(const struct snapshot *a, const struct snapshot *b);
void snapshot_free(struct snapshot *snapshot);
/** How many rows there are. */
size_t fixture_count(void);

/** Where the next destination is: iph_rows_next() for one, without its rows. */
DWORD fixture_next(const IP_ADDRESS_PREFIX *from, bool inclusive, IP_ADDRESS_PREFIX *out);

#endif
