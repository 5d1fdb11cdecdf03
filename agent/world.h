/*
 * One routing table with everything that stands on it: forwarder, importer, follower,
 * IP Helper world and MIB view, all of one instance of the routing table manager
 * [RTM K49] and seen by managers in one SNMP context.
 *
 * A world owns its parts; plan, loop and what the ports point to are borrowed. Worlds
 * know nothing of each other. One thread: that of the loop.
 */
#ifndef AGENT_WORLD_H
#define AGENT_WORLD_H

#include "fib/fib.h"
#include "iphlp/iph.h"
#include "loop.h"
#include "mib.h"

/* What makes a world this one and no other. */
struct world_plan {
	USHORT instance;
	const char *context; /* "" is SNMP's default context */
	const struct fib_ops *fib;
	const void *fib_config; /* of the backend: its part of the forwarder */
};

struct world {
	struct world_plan plan;
	struct iph_ports ports; /* the program's; ours go through these */
	struct iftab *ifs;
	struct import *import;
	struct fib *fib;
	struct follow *follow;
	struct loop_watch *watch; /* of the forwarder's descriptor, if it has one */
	struct iph *iph;
	struct mib *mib;
};

/*
 * The three steps up; each answers whether it went well and has logged why not. The
 * first finds all that a configuration can be wrong about and needs no loop. Ends with
 * world_close() however far it came; all zero is a world that has not begun.
 */
bool world_load(struct world *world, const struct world_plan *plan);
/** @param ports  all of privileged, stack, wake and the clocks; commit is the world's own. */
bool world_open(struct world *world, struct loop *loop, const struct iph_ports *ports);
/** @param mib  iph is filled in here; the rows that its store has are back on success. */
bool world_serve(struct world *world, const struct mib_config *mib);

/** The way down: first the view, once SNMP is silent; then the rest. */
void world_serve_end(struct world *world);
void world_close(struct world *world);

#endif
