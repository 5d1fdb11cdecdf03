/*
 * What the tests of the forwarder room share: text to addresses and routes, log lines
 * caught, a main. Static state, one test at a time.
 */
#ifndef FIB_FIX_H
#define FIB_FIX_H

#include <CUnit/CUnit.h>
#include <stdio.h>

#include "fib/memory.h"
#include "iftab/iftab.h"

/* A case of a table has failed: say which. */
#define CHECK_CASE(condition, ...)                                                             \
	do {                                                                                   \
		bool ok_ = (condition);                                                        \
		CU_ASSERT(ok_);                                                                \
		if (!ok_) {                                                                    \
			printf("\n  %s:%d: %s: ", __FILE__, __LINE__, #condition);             \
			printf(__VA_ARGS__);                                                   \
		}                                                                              \
	} while (0)

/** "10.1.0.0/16"; a text that is no prefix fails the test. */
RTM_NET_ADDRESS fix_net(const char *text);

/** "192.0.2.1@2": a gateway and an interface; "-4@3", "-6@3": on-link. */
struct fib_hop fix_hop(const char *text);

/**
 * A route: prefix, metric, and next hops as for fix_hop() with blanks between. Valid
 * until the eighth call after this one.
 */
const struct fib_route *fix_route(const char *prefix, ULONG metric, const char *hops);

/** The next hops of a route in the same form, in a buffer of static storage. */
const char *fix_hops(const struct fib_route *route);

/** Three interfaces: 1 lo, 2 eth0, 3 eth1. */
extern const struct iftab_if fix_interfaces[3];

/** Lines logged since fix_setup(), the last one kept. */
extern unsigned fix_logged;
extern char fix_line[1024];

void fix_setup(void);    /* no failing allocation, the log caught */
void fix_teardown(void); /* as much memory alive as before */

/** Run the suites. @return the exit status. */
int fix_main(CU_SuiteInfo *suites);

#endif
