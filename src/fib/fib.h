/*
 * A forwarder behind six functions, and the two RTM clients that stand between it and
 * the core: the follower (core to forwarder) and the importer (forwarder to core).
 * A backend owns its state; what passes through here is borrowed for the call.
 */
#ifndef FIB_FIB_H
#define FIB_FIB_H

#include <stdbool.h>

#include "netioapi.h"
#include "rtmv2.h"

enum fib_kind { FIB_UNICAST, FIB_REJECT, FIB_BLACKHOLE };

struct fib_hop {
	SOCKADDR_INET gateway; /* all zero address: on-link */
	ULONG if_index;
};

/* One destination of the forwarder: a prefix with all its equal-cost next hops. */
struct fib_route {
	RTM_NET_ADDRESS dest;
	enum fib_kind kind;
	ULONG metric;
	ULONG protocol; /* MIB_IPPROTO_*; of the forwarder's own routes in events */
	USHORT nhops;
	const struct fib_hop *hops;
};

enum fib_verb {
	FIB_REPLACE, /* make this the forwarder's route for dest, whatever was there of ours */
	FIB_REMOVE   /* take our route for dest away; there being none is a success */
};

struct iftab_if;

/*
 * What a forwarder tells: its interfaces, and routes that are not ours. It may have
 * several routes of one destination, told apart by protocol and metric: an event with
 * the same three replaces what was told before.
 */
struct fib_events {
	void (*interface)(void *arg, const struct iftab_if *desc, bool gone);
	void (*route)(void *arg, const struct fib_route *route, bool gone);
	void (*ours_gone)(void *arg,
	                  const RTM_NET_ADDRESS *dest); /* removed by somebody else */
	void (*replay_done)(void *arg);
};

struct fib;

/* The most next hops in one route of any forwarder. */
#define FIB_HOPS_MAX 16

struct fib_ops {
	const char *name;
	DWORD(*open)
	(const struct fib_events *up, void *up_arg, const void *config, struct fib **out);
	/* Has happened, or was refused with a documented code, when it returns. */
	DWORD (*apply)(struct fib *fib, enum fib_verb verb, const struct fib_route *route);
	DWORD (*replay)(struct fib *fib); /* every interface and route, through `up' */
	int (*fd)(const struct fib *fib); /* -1: nothing to poll */
	void (*readable)(struct fib *fib);
	void (*close)(struct fib *fib);
};

/** The backends that this build has, and how many; in the order of their names. */
extern const struct fib_ops *const fib_backends[];
extern const size_t fib_backends_count;

/** The backend of that name; NULL: not in this build. */
const struct fib_ops *fib_backend(const char *name);

#endif
