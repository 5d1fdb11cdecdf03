/*
 * One chapter: from the core into the forwarder.
 *
 * A forwarder has one route per destination, with all its equal-cost next hops; the
 * core has many routes, and a best one. What belongs into the forwarder is therefore
 * computed anew for a destination whenever anything about it changed: the next hops of
 * every route that has the best one's owner and its preference and metric. Nothing of
 * it is remembered, and applying it twice does no harm: FIB_REPLACE and FIB_REMOVE say
 * what shall be, not what changed.
 *
 * Only what a forwarder refused is remembered, by destination, until it takes it or nobody
 * wants it any more: where there is nothing to remember, what it should have is what it has.
 *
 * The subscription covers all changes, not only those of type FORWARDING: a second
 * route of equal cost changes the set of next hops and leaves the best route alone, so
 * FORWARDING would not tell.
 *
 * A destination whose best route came from the forwarder is the forwarder's own
 * business; there our route, if any, is taken away. Routes that are martian or inactive
 * are best but not for forwarding, and so are next hops that need another lookup
 * (RTM_NEXTHOP_FLAGS_REMOTE): RTM leaves recursion to its clients, and this one does
 * none.
 *
 * Two ways lead here. The core's call-back, from rtm_turn(), brings whatever changed;
 * a refusal then can only be logged. follow_commit() does one destination at once, for
 * a manager who waits for the answer, and drops it from the pending ones.
 */
#include "fib/follow.h"

#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"
#include "base/tree.h"
#include "fib/import.h"

#define FOLLOW_ENTITY_INSTANCE 0x464f4c4cu /* "FOLL" */
#define BATCH 25 /* destinations taken at a time, if the manager allows as many */

/* One address family. */
struct side {
	struct follow *follow;
	USHORT family;
	RTM_ENTITY_HANDLE entity;
	RTM_NOTIFY_HANDLE notify;
	UINT batch;
	RTM_ROUTE_INFO *info; /* room for the most next hops a route may have */
};

/* A destination that the forwarder does not have as it should. */
struct differing {
	struct tree_node node;
	RTM_NET_ADDRESS dest;
};

struct follow {
	struct tree differing; /* mostly empty */
	USHORT instance;
	const struct fib_ops *ops;
	struct fib *fib;
	const struct import *imp;
	struct side sides[2];
};

/* The route being put together for the forwarder. */
struct draft {
	struct fib_route route;
	struct fib_hop hops[FIB_HOPS_MAX];
};

static enum fib_kind
kind_of(DWORD flags)
{
	if ((flags & RTM_ROUTE_FLAGS_BLACKHOLE) != 0)
		return FIB_BLACKHOLE;
	return (flags & RTM_ROUTE_FLAGS_DISCARD) != 0 ? FIB_REJECT : FIB_UNICAST;
}

static void
draft_add_hop(struct draft *draft, const struct fib_hop *hop)
{
	for (USHORT i = 0; i < draft->route.nhops; i++)
		if (memcmp(&draft->hops[i], hop, sizeof *hop) == 0)
			return;
	if (draft->route.nhops < FIB_HOPS_MAX)
		draft->hops[draft->route.nhops++] = *hop;
}

static DWORD
add_hop(struct side *side, RTM_NEXTHOP_HANDLE handle, struct draft *draft)
{
	struct fib_hop hop;
	struct prefix address;
	RTM_NEXTHOP_INFO info;
	DWORD err = RtmGetNextHopInfo(side->entity, handle, &info);

	if (err != NO_ERROR)
		return err;
	if ((info.Flags & RTM_NEXTHOP_FLAGS_REMOTE) == 0 &&
	    prefix_from_net(&address, &info.NextHopAddress)) {
		memset(&hop, 0, sizeof hop);
		addr_to_sockaddr(&address.addr, &hop.gateway);
		hop.if_index = info.InterfaceIndex;
		draft_add_hop(draft, &hop);
	}
	RtmReleaseNextHopInfo(side->entity, &info);
	return NO_ERROR;
}

static DWORD
add_route(struct side *side, RTM_ROUTE_HANDLE handle, struct draft *draft)
{
	DWORD err = RtmGetRouteInfo(side->entity, handle, side->info, NULL);

	if (err != NO_ERROR)
		return err;
	for (USHORT i = 0; i < side->info->NextHopsList.NumNextHops && err == NO_ERROR; i++)
		err = add_hop(side, side->info->NextHopsList.NextHops[i], draft);
	draft->route.metric = side->info->PrefInfo.Metric;
	RtmReleaseRouteInfo(side->entity, side->info);
	return err;
}

/* Start an enumeration of the routes that share the cost of the best one. */
static DWORD
equals_begin(struct side *side, const RTM_DEST_INFO *dest, RTM_ENUM_HANDLE *each)
{
	DWORD err = RtmGetRouteInfo(side->entity, dest->ViewInfo[0].Route, side->info, NULL);

	if (err != NO_ERROR)
		return err;
	err = RtmCreateRouteEnum(side->entity, dest->DestHandle, RTM_VIEW_MASK_UCAST,
	                         RTM_ENUM_ALL_ROUTES, NULL, RTM_MATCH_OWNER | RTM_MATCH_PREF,
	                         side->info, 0, each);
	RtmReleaseRouteInfo(side->entity, side->info);
	return err;
}

static DWORD
add_equals(struct side *side, const RTM_DEST_INFO *dest, struct draft *draft)
{
	RTM_ENUM_HANDLE each;
	RTM_ROUTE_HANDLE route;
	UINT one = 1;
	DWORD err = equals_begin(side, dest, &each);

	if (err != NO_ERROR)
		return err;
	while (err == NO_ERROR &&
	       (err = RtmGetEnumRoutes(side->entity, each, &one, &route)) == NO_ERROR) {
		err = add_route(side, route, draft);
		RtmReleaseRoutes(side->entity, 1, &route);
	}
	RtmDeleteEnumHandle(side->entity, each);
	return err == ERROR_NO_MORE_ITEMS ? NO_ERROR : err;
}

/* Whether the best route is one that we have to put into the forwarder. */
static bool
is_ours(const struct side *side, const RTM_DEST_INFO *dest)
{
	const struct import *imp = side->follow->imp;

	return dest->NumberOfViews > 0 && dest->ViewInfo[0].Route != NULL &&
	       (dest->ViewInfo[0].DestFlags &
	        (RTM_ROUTE_FLAGS_MARTIAN | RTM_ROUTE_FLAGS_INACTIVE)) == 0 &&
	       (imp == NULL || !import_owns(imp, dest->ViewInfo[0].Owner));
}

/* What the forwarder did, for the administrator to read: one line, its first next hop. */
static void
log_done(const struct follow *follow, enum log_level level, enum fib_verb verb,
         const struct fib_route *route)
{
	char in[24] = ""; /* which table, where it is not the one that everybody means */
	char prefix_text[PREFIX_TEXT_SIZE], via[ADDR_TEXT_SIZE];
	struct prefix prefix;
	struct addr addr;

	if (!log_wanted(level) || !prefix_from_net(&prefix, &route->dest))
		return;
	prefix_format(&prefix, prefix_text, sizeof prefix_text);
	if (follow->instance != 0)
		snprintf(in, sizeof in, " instance=%u", follow->instance);
	if (verb == FIB_REMOVE || route->nhops == 0) {
		log_write(level, "fib", "%s prefix=%s%s",
		          verb == FIB_REMOVE ? "remove" : "install", prefix_text, in);
		return;
	}
	addr_from_sockaddr(&addr, &route->hops[0].gateway);
	log_write(level, "fib", "install prefix=%s via=%s if=%u metric=%u hops=%u%s",
	          prefix_text, addr_format(&addr, via, sizeof via), route->hops[0].if_index,
	          route->metric, route->nhops, in);
}

static int
cmp_differing(const struct tree_node *a, const struct tree_node *b)
{
	return memcmp(&TREE_OF(a, const struct differing, node)->dest,
	              &TREE_OF(b, const struct differing, node)->dest, sizeof(RTM_NET_ADDRESS));
}

static struct differing *
differing_find(const struct follow *follow, const RTM_NET_ADDRESS *dest)
{
	struct differing probe = { .dest = *dest };
	struct tree_node *at;

	if (follow->differing.root == NULL)
		return NULL;
	at = tree_lower(&follow->differing, &probe.node, cmp_differing);
	return at != NULL && cmp_differing(at, &probe.node) == 0
	           ? TREE_OF(at, struct differing, node)
	           : NULL;
}

/* Without memory it is only in the log. */
static void
differs(struct follow *follow, const RTM_NET_ADDRESS *dest)
{
	struct differing *new;

	if (differing_find(follow, dest) != NULL || (new = mem_calloc(1, sizeof *new)) == NULL)
		return;
	new->dest = *dest;
	tree_insert(&follow->differing, &new->node, cmp_differing);
}

static void
differs_no_more(struct follow *follow, const RTM_NET_ADDRESS *dest)
{
	struct differing *old = differing_find(follow, dest);

	if (old == NULL)
		return;
	tree_remove(&follow->differing, &old->node);
	mem_free(old);
}

/* @param level  of the line that says it was done: whether somebody asked for it. */
static DWORD
tell(const struct side *side, enum fib_verb verb, const struct fib_route *route,
     enum log_level level)
{
	DWORD err = side->follow->ops->apply(side->follow->fib, verb, route);

	if (err == NO_ERROR)
		differs_no_more(side->follow, &route->dest);
	if (err == NO_ERROR)
		log_done(side->follow, level, verb, route);
	return err;
}

static DWORD
remove_dest(const struct side *side, const RTM_NET_ADDRESS *dest, enum log_level level)
{
	struct fib_route route = { .dest = *dest };

	return tell(side, FIB_REMOVE, &route, level);
}

/* What the best route of a destination, and its equals, come to in a forwarder. */
static DWORD
draft_of(struct side *side, const RTM_DEST_INFO *dest, struct draft *draft)
{
	DWORD err;

	draft->route = (struct fib_route){ .dest = dest->DestAddress,
		                           .kind = kind_of(dest->ViewInfo[0].DestFlags),
		                           .protocol = PROTO_IP_NETMGMT,
		                           .hops = draft->hops };
	if (dest->ViewInfo[0].NumRoutes == 1)
		err = add_route(side, dest->ViewInfo[0].Route, draft);
	else
		err = add_equals(side, dest, draft);
	if (draft->route.kind != FIB_UNICAST)
		draft->route.nhops = 0; /* the next hop of such a route names nobody */
	return err;
}

static DWORD
apply_dest(struct side *side, const RTM_DEST_INFO *dest, enum log_level level)
{
	struct draft draft;
	DWORD err;

	if (!is_ours(side, dest))
		return remove_dest(side, &dest->DestAddress, level);
	err = draft_of(side, dest, &draft);
	if (err != NO_ERROR)
		return err;
	if (draft.route.kind == FIB_UNICAST && draft.route.nhops == 0)
		return remove_dest(side, &dest->DestAddress, level);
	return tell(side, FIB_REPLACE, &draft.route, level);
}

static void
apply_logged(struct side *side, const RTM_DEST_INFO *dest)
{
	char text[PREFIX_TEXT_SIZE];
	struct prefix prefix;
	DWORD err = apply_dest(side, dest, LOG_LEVEL_DEBUG);

	if (err == NO_ERROR)
		return;
	differs(side->follow, &dest->DestAddress);
	if (!prefix_from_net(&prefix, &dest->DestAddress))
		memset(&prefix, 0, sizeof prefix);
	log_warn("fib", "follow prefix=%s code=%s: the forwarder differs from the table",
	         prefix_format(&prefix, text, sizeof text), code_name(err));
}

/* Room for as many records of one view as are taken at a time. */
union batch {
	RTM_DEST_INFO first;
	unsigned char room[BATCH * RTM_SIZE_OF_DEST_INFO(1)];
};

static void
apply_batch(struct side *side, union batch *batch, UINT n, bool only_ours)
{
	RTM_DEST_INFO *dest = &batch->first;

	for (UINT i = 0; i < n; i++, dest = RTM_NEXT_DEST_INFO(dest))
		if (!only_ours || is_ours(side, dest))
			apply_logged(side, dest);
}

static DWORD WINAPI
on_change(RTM_ENTITY_HANDLE entity, RTM_EVENT_TYPE event, PVOID notify, PVOID context)
{
	struct side *side = context;
	union batch batch;
	UINT n;

	if (event != RTM_CHANGE_NOTIFICATION)
		return NO_ERROR;
	for (n = side->batch;
	     RtmGetChangedDests(entity, notify, &n, &batch.first) == NO_ERROR && n > 0;
	     n = side->batch) {
		apply_batch(side, &batch, n, false);
		RtmReleaseChangedDests(entity, notify, n, &batch.first);
	}
	return NO_ERROR;
}

/* Install what was there before us. */
static DWORD
catch_up(struct side *side)
{
	RTM_ENUM_HANDLE each;
	union batch batch;
	UINT n;
	DWORD err = RtmCreateDestEnum(side->entity, RTM_VIEW_MASK_UCAST,
	                              RTM_ENUM_ALL_DESTS | RTM_ENUM_START, NULL,
	                              RTM_BEST_PROTOCOL, &each);

	if (err != NO_ERROR)
		return err;
	for (n = side->batch;
	     (err = RtmGetEnumDests(side->entity, each, &n, &batch.first)) == NO_ERROR && n > 0;
	     n = side->batch) {
		apply_batch(side, &batch, n, true);
		RtmReleaseDests(side->entity, n, &batch.first);
	}
	RtmDeleteEnumHandle(side->entity, each);
	return err == ERROR_NO_MORE_ITEMS ? NO_ERROR : err;
}

static DWORD
side_open(struct follow *follow, struct side *side, USHORT instance, USHORT family)
{
	RTM_ENTITY_INFO info = { .RtmInstanceId = instance, .AddressFamily = family };
	RTM_REGN_PROFILE profile;
	DWORD err;

	side->follow = follow;
	side->family = family;
	info.EntityId.EntityProtocolId = PROTO_IP_OTHER;
	info.EntityId.EntityInstanceId = FOLLOW_ENTITY_INSTANCE;
	err = RtmRegisterEntity(&info, NULL, on_change, FALSE, &profile, &side->entity);
	if (err != NO_ERROR)
		return err;
	side->batch = profile.MaxHandlesInEnum < BATCH ? profile.MaxHandlesInEnum : BATCH;
	side->info = mem_calloc(1, RTM_SIZE_OF_ROUTE_INFO(profile.MaxNextHopsInRoute));
	if (side->info == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	err = RtmRegisterForChangeNotification(side->entity, RTM_VIEW_MASK_UCAST,
	                                       RTM_CHANGE_TYPE_ALL, side, &side->notify);
	return err == NO_ERROR ? catch_up(side) : err;
}

DWORD
follow_open(USHORT instance, const struct fib_ops *ops, struct fib *fib,
            const struct import *imp, struct follow **out)
{
	static const USHORT families[2] = { AF_INET, AF_INET6 };
	struct follow *follow = mem_calloc(1, sizeof *follow);
	DWORD err = NO_ERROR;

	if (follow == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	follow->instance = instance;
	follow->ops = ops;
	follow->fib = fib;
	follow->imp = imp;
	for (int i = 0; i < 2 && err == NO_ERROR; i++)
		err = side_open(follow, &follow->sides[i], instance, families[i]);
	if (err != NO_ERROR) {
		follow_close(follow);
		return err;
	}
	*out = follow;
	return NO_ERROR;
}

static void
side_close(struct side *side)
{
	if (side->notify != NULL)
		RtmDeregisterFromChangeNotification(side->entity, side->notify);
	if (side->entity != NULL)
		RtmDeregisterEntity(side->entity);
	mem_free(side->info);
}

void
follow_close(struct follow *follow)
{
	if (follow == NULL)
		return;
	side_close(&follow->sides[0]);
	side_close(&follow->sides[1]);
	while (follow->differing.root != NULL)
		differs_no_more(follow,
		                &TREE_OF(follow->differing.root, struct differing, node)->dest);
	mem_free(follow);
}

DWORD
follow_commit(struct follow *follow, const RTM_NET_ADDRESS *dest)
{
	struct side *side = &follow->sides[dest->AddressFamily == AF_INET ? 0 : 1];
	RTM_NET_ADDRESS net = *dest;
	RTM_DEST_INFO info;
	DWORD err;

	if (dest->AddressFamily != side->family)
		return ERROR_INVALID_PARAMETER;
	err = RtmGetExactMatchDestination(side->entity, &net, RTM_BEST_PROTOCOL,
	                                  RTM_VIEW_MASK_UCAST, &info);
	if (err == ERROR_NOT_FOUND)
		return remove_dest(side, dest, LOG_LEVEL_INFO);
	if (err != NO_ERROR)
		return err;
	err = apply_dest(side, &info, LOG_LEVEL_INFO);
	if (err == NO_ERROR)
		err = RtmIgnoreChangedDests(side->entity, side->notify, 1, &info.DestHandle);
	RtmReleaseDestInfo(side->entity, &info);
	return err;
}

/* Is this next hop among them, or are packets dropped in this way? */
static bool
has_hop(const struct draft *draft, enum fib_kind kind, const struct fib_hop *hop)
{
	if (draft->route.kind != kind || kind != FIB_UNICAST)
		return draft->route.kind == kind;
	for (USHORT i = 0; i < draft->route.nhops; i++)
		if (memcmp(&draft->hops[i], hop, sizeof *hop) == 0)
			return true;
	return false;
}

/* What counts is where packets go, not whose route it is [OURS 96]. */
bool
follow_forwards(struct follow *follow, const RTM_NET_ADDRESS *dest, enum fib_kind kind,
                const struct fib_hop *hop)
{
	struct side *side = &follow->sides[dest->AddressFamily == AF_INET ? 0 : 1];
	RTM_NET_ADDRESS net = *dest;
	RTM_DEST_INFO info;
	struct draft draft;
	bool has;

	if (dest->AddressFamily != side->family || differing_find(follow, dest) != NULL ||
	    RtmGetExactMatchDestination(side->entity, &net, RTM_BEST_PROTOCOL,
	                                RTM_VIEW_MASK_UCAST, &info) != NO_ERROR)
		return false;
	has = info.NumberOfViews > 0 && info.ViewInfo[0].Route != NULL &&
	      (info.ViewInfo[0].DestFlags &
	       (RTM_ROUTE_FLAGS_MARTIAN | RTM_ROUTE_FLAGS_INACTIVE)) == 0 &&
	      draft_of(side, &info, &draft) == NO_ERROR && has_hop(&draft, kind, hop);
	RtmReleaseDestInfo(side->entity, &info);
	return has;
}
