/*
 * One chapter: a routing table from the forwarder up to the MIB.
 *
 * The program has one such building per instance of the routing table manager, and
 * they share nothing but the process: each has its own interface table, filled by its
 * own forwarder, so that a forwarder of a VRF later tells only the interfaces that are
 * in it; its own entities in the core, which keeps the instances apart; and its own
 * view with counts, staged rows and transactions. A SET can thus not reach from one
 * into another, whatever is in it.
 *
 * An instance other than 0 does not exist until somebody configures it [RTM K49].
 */
#include "world.h"

#include <string.h>

#include "base/addr.h"
#include "base/code.h"
#include "base/log.h"
#include "fib/follow.h"
#include "fib/import.h"
#include "rtmhost.h"

static bool
good(const struct world *world, const char *what, DWORD err)
{
	if (err == NO_ERROR)
		return true;
	log_err("main", "instance %u: %s: %s, %s", world->plan.instance, what, code_name(err),
	        code_text(err));
	return false;
}

/* ---- ports --------------------------------------------------------------------- */

static const struct iph_ports *
ports_of(void *arg)
{
	return &((const struct world *)arg)->ports;
}

static bool
is_privileged(void *arg)
{
	return ports_of(arg)->privileged(ports_of(arg)->arg);
}

static bool
has_stack(void *arg, ADDRESS_FAMILY family)
{
	return ports_of(arg)->stack(ports_of(arg)->arg, family);
}

static void
wake(void *arg)
{
	ports_of(arg)->wake(ports_of(arg)->arg);
}

static uint64_t
now_ms(void *arg)
{
	return ports_of(arg)->now_ms(ports_of(arg)->arg);
}

static FILETIME
calendar(void *arg)
{
	return ports_of(arg)->calendar(ports_of(arg)->arg);
}

static DWORD
commit(void *arg, USHORT instance, const RTM_NET_ADDRESS *dest)
{
	const struct world *world = arg;

	return instance == world->plan.instance ? follow_commit(world->follow, dest) : NO_ERROR;
}

/* Of a change that came past the view; while there is none, the rows are on their way out. */
static DWORD
store(void *arg, USHORT instance, enum iph_verb verb, const struct iph_route *route)
{
	const struct world *world = arg;

	(void)instance;
	return world->mib != NULL ? mib_store_change(world->mib, verb, route) : NO_ERROR;
}

static void
on_readable(void *arg)
{
	const struct world *world = arg;

	world->plan.fib->readable(world->fib);
}

/* ---- up ------------------------------------------------------------------------- */

static DWORD
instance_make(USHORT instance)
{
	static const USHORT families[] = { AF_INET, AF_INET6 };
	struct rtm_limits limits;
	DWORD err = NO_ERROR;

	rtm_limits_default(&limits);
	for (size_t i = 0; i < 2 && instance != 0 && err == NO_ERROR; i++)
		err = rtm_instance_configure(instance, families[i], &limits);
	return err;
}

bool
world_load(struct world *world, const struct world_plan *plan)
{
	struct import_counts counts;

	world->plan = *plan;
	world->ifs = iftab_new();
	if (!good(world, "interface table",
	          world->ifs == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR) ||
	    !good(world, "routing table", instance_make(plan->instance)) ||
	    !good(world, "importer", import_open(world->ifs, plan->instance, &world->import)) ||
	    !good(world, "forwarder",
	          plan->fib->open(&import_events, world->import, plan->fib_config,
	                          &world->fib)) ||
	    !good(world, "forwarder's routes", plan->fib->replay(world->fib)))
		return false;
	import_counts_get(world->import, &counts);
	if (counts.failures == 0)
		return true;
	log_err("main", "forwarder: %zu of its interfaces and routes were not taken in",
	        counts.failures);
	return false;
}

bool
world_open(struct world *world, struct loop *loop, const struct iph_ports *ports)
{
	struct iph_ports own = { .arg = world,
		                 .privileged = is_privileged,
		                 .stack = has_stack,
		                 .commit = commit,
		                 .store = store,
		                 .wake = wake,
		                 .now_ms = now_ms,
		                 .calendar = calendar };
	int fd = world->plan.fib->fd(world->fib);

	world->ports = *ports;
	if (!good(world, "follower",
	          follow_open(world->plan.instance, world->plan.fib, world->fib, world->import,
	                      &world->follow)) ||
	    !good(world, "IP Helper",
	          iph_open(world->ifs, world->plan.instance, &own, &world->iph)))
		return false;
	if (fd != -1)
		world->watch = loop_watch_new(loop, fd, on_readable, world);
	return good(world, "loop",
	            fd != -1 && world->watch == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR);
}

/* What the store says is what was acknowledged: everything else follows it. */
static bool
restore(struct world *world, const struct mib_config *mib)
{
	uint64_t begun = loop_now_ms();
	struct mib_restored n;

	if (!good(world, "stored rows", mib_restore(world->mib, &n)))
		return false;
	if (mib->store != NULL)
		log_info("store",
		         "restored instance=%u active=%zu not_in_service=%zu parked=%zu "
		         "over=%zu not_shown=%zu ms=%llu",
		         world->plan.instance, n.active, n.staged, n.parked, n.over, n.unshown,
		         (unsigned long long)(loop_now_ms() - begun));
	return true;
}

/* Whether the forwarder uses a row, in its own terms. */
static bool
forwards(void *arg, const struct iph_route *route)
{
	static const enum fib_kind kinds[] = { [IPH_UNICAST] = FIB_UNICAST,
		                               [IPH_REJECT] = FIB_REJECT,
		                               [IPH_BLACKHOLE] = FIB_BLACKHOLE };
	const struct world *world = arg;
	struct fib_hop hop;
	struct prefix prefix;
	struct addr gateway;
	RTM_NET_ADDRESS dest;

	memset(&hop, 0, sizeof hop);
	if (!prefix_from_ip_prefix(&prefix, &route->row.DestinationPrefix) ||
	    !addr_from_sockaddr(&gateway, &route->row.NextHop))
		return false;
	prefix_to_net(&prefix, &dest);
	addr_to_sockaddr(&gateway, &hop.gateway);
	hop.if_index = route->row.InterfaceIndex;
	return follow_forwards(world->follow, &dest, kinds[route->kind], &hop);
}

bool
world_serve(struct world *world, const struct mib_config *mib)
{
	struct mib_config own = *mib;

	own.iph = world->iph;
	own.forwards = forwards;
	own.forwards_arg = world;
	return good(world, "MIB", mib_open(&own, &world->mib)) && restore(world, mib);
}

/* ---- down ----------------------------------------------------------------------- */

void
world_serve_end(struct world *world)
{
	mib_close(world->mib);
	world->mib = NULL;
}

void
world_close(struct world *world)
{
	world_serve_end(world);
	iph_close(world->iph);
	loop_watch_free(world->watch);
	follow_close(world->follow);
	import_close(world->import);
	if (world->fib != NULL)
		world->plan.fib->close(world->fib);
	iftab_free(world->ifs);
	*world = (struct world){ .iph = NULL };
}
