/*
 * One chapter: from the forwarder into the core.
 *
 * A forwarder's routes belong to somebody: the kernel's own, a routing daemon's, a
 * laboratory's. Each protocol that is met becomes an RTM entity of that protocol, so
 * that the owner of a route says where it came from, and so that RTM's preference for
 * the protocol decides between it and ours. The entities carry an instance number of
 * their own, apart from the registrations of real protocols.
 *
 * A forwarder tells its routes apart by metric; RTM by owner and neighbour. So a route
 * told again is looked up among our own routes of the destination, by metric. The
 * first route of a destination, which nearly all are, costs one failing search.
 *
 * A forwarder cannot be refused its own routes: what the core will not take is logged
 * and counted.
 */
#include "fib/import.h"

#include <string.h>

#include "base/addr.h"
#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"
#include "iftab/iftab.h"

#define IMPORT_ENTITY_INSTANCE 0x464942u /* "FIB" */

struct entity {
	USHORT family;
	ULONG protocol;
	RTM_ENTITY_HANDLE handle;
	UINT hops_max;
};

struct import {
	struct iftab *ifs;
	USHORT instance;
	struct entity *entities;
	size_t nentities;
	struct import_counts counts;
};

/* A route's information with room for all its next hops. */
union route_info {
	RTM_ROUTE_INFO info;
	unsigned char room[RTM_SIZE_OF_ROUTE_INFO(FIB_HOPS_MAX)];
};

DWORD
import_open(struct iftab *ifs, USHORT instance, struct import **out)
{
	struct import *imp = mem_calloc(1, sizeof *imp);

	if (imp == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	imp->ifs = ifs;
	imp->instance = instance;
	*out = imp;
	return NO_ERROR;
}

void
import_close(struct import *imp)
{
	if (imp == NULL)
		return;
	for (size_t i = 0; i < imp->nentities; i++)
		RtmDeregisterEntity(imp->entities[i].handle);
	mem_free(imp->entities);
	mem_free(imp);
}

bool
import_owns(const struct import *imp, RTM_ENTITY_HANDLE owner)
{
	for (size_t i = 0; i < imp->nentities; i++)
		if (imp->entities[i].handle == owner)
			return true;
	return false;
}

void
import_counts_get(const struct import *imp, struct import_counts *out)
{
	*out = imp->counts;
}

static DWORD
entity_register(struct import *imp, USHORT family, ULONG protocol)
{
	RTM_ENTITY_INFO info = { .RtmInstanceId = imp->instance, .AddressFamily = family };
	RTM_REGN_PROFILE profile;
	struct entity *grown =
	    mem_realloc(imp->entities, imp->nentities + 1, sizeof *imp->entities);
	DWORD err;

	if (grown == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	imp->entities = grown;
	grown += imp->nentities;
	*grown = (struct entity){ .family = family, .protocol = protocol };
	info.EntityId.EntityProtocolId = protocol;
	info.EntityId.EntityInstanceId = IMPORT_ENTITY_INSTANCE;
	err = RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &grown->handle);
	if (err != NO_ERROR)
		return err;
	grown->hops_max = profile.MaxNextHopsInRoute;
	imp->nentities++;
	return NO_ERROR;
}

/* The entity of a protocol, registered when first met. Few, so a list will do. */
static DWORD
entity_get(struct import *imp, USHORT family, ULONG protocol, const struct entity **out)
{
	DWORD err;

	for (size_t i = 0; i < imp->nentities; i++)
		if (imp->entities[i].family == family &&
		    imp->entities[i].protocol == protocol) {
			*out = &imp->entities[i];
			return NO_ERROR;
		}
	err = entity_register(imp, family, protocol);
	if (err == NO_ERROR)
		*out = &imp->entities[imp->nentities - 1];
	return err;
}

/* Our route of that destination with that metric. ERROR_NOT_FOUND: there is none. */
static DWORD
route_by_enum(const struct entity *ent, RTM_DEST_HANDLE dest, ULONG metric,
              RTM_ROUTE_HANDLE *out)
{
	RTM_ENUM_HANDLE each;
	RTM_ROUTE_HANDLE route;
	union route_info found;
	UINT one = 1;
	DWORD err =
	    RtmCreateRouteEnum(ent->handle, dest, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL,
	                       RTM_MATCH_NONE, NULL, 0, &each);

	if (err != NO_ERROR)
		return err;
	err = ERROR_NOT_FOUND;
	while (err == ERROR_NOT_FOUND &&
	       RtmGetEnumRoutes(ent->handle, each, &one, &route) == NO_ERROR) {
		if (RtmGetRouteInfo(ent->handle, route, &found.info, NULL) == NO_ERROR) {
			if (found.info.PrefInfo.Metric == metric)
				err = NO_ERROR;
			RtmReleaseRouteInfo(ent->handle, &found.info);
		}
		if (err == NO_ERROR)
			*out = route;
		else
			RtmReleaseRoutes(ent->handle, 1, &route);
	}
	RtmDeleteEnumHandle(ent->handle, each);
	return err;
}

static DWORD
route_find(const struct entity *ent, const RTM_NET_ADDRESS *dest, ULONG metric,
           RTM_ROUTE_HANDLE *out)
{
	RTM_NET_ADDRESS net = *dest;
	union route_info found;
	RTM_ROUTE_HANDLE route = NULL;
	DWORD err;

	memset(&found, 0, sizeof found);
	found.info.RouteOwner = ent->handle;
	err = RtmGetExactMatchRoute(ent->handle, &net, RTM_MATCH_OWNER, &found.info, 0,
	                            RTM_VIEW_MASK_ANY, &route);
	if (err != NO_ERROR)
		return err;
	if (found.info.PrefInfo.Metric == metric) {
		*out = route;
	} else {
		RtmReleaseRoutes(ent->handle, 1, &route);
		err = route_by_enum(ent, found.info.DestHandle, metric, out);
	}
	RtmReleaseRouteInfo(ent->handle, &found.info);
	return err;
}

static DWORD
hop_add(const struct entity *ent, const struct fib_hop *hop, RTM_NEXTHOP_HANDLE *out)
{
	RTM_NEXTHOP_INFO info = { .InterfaceIndex = hop->if_index };
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;
	struct addr addr;

	addr_from_sockaddr(&addr, &hop->gateway);
	if (addr.family != ent->family)
		return ERROR_INVALID_PARAMETER;
	addr_to_net(&addr, &info.NextHopAddress);
	*out = NULL;
	return RtmAddNextHop(ent->handle, &info, out, &flags);
}

static USHORT
flags_of(const struct fib_route *route)
{
	struct addr addr;

	if (route->kind == FIB_REJECT)
		return RTM_ROUTE_FLAGS_DISCARD;
	if (route->kind == FIB_BLACKHOLE)
		return RTM_ROUTE_FLAGS_BLACKHOLE;
	for (USHORT i = 0; i < route->nhops; i++)
		if (addr_from_sockaddr(&addr, &route->hops[i].gateway) &&
		    !addr_is_unspecified(&addr))
			return RTM_ROUTE_FLAGS_REMOTE;
	return RTM_ROUTE_FLAGS_LOCAL;
}

static DWORD
route_put(const struct entity *ent, const struct fib_route *route, RTM_ROUTE_INFO *info)
{
	RTM_NET_ADDRESS net = route->dest;
	RTM_ROUTE_CHANGE_FLAGS flags = RTM_ROUTE_CHANGE_NEW;
	RTM_ROUTE_HANDLE known = NULL;
	DWORD err = route_find(ent, &route->dest, route->metric, &known);

	if (err == ERROR_NOT_FOUND)
		return RtmAddRouteToDest(ent->handle, NULL, &net, info, INFINITE, NULL, 0, NULL,
		                         &flags);
	if (err != NO_ERROR)
		return err;
	flags = 0;
	err =
	    RtmAddRouteToDest(ent->handle, &known, &net, info, INFINITE, NULL, 0, NULL, &flags);
	RtmReleaseRoutes(ent->handle, 1, &known);
	return err;
}

static DWORD
take_in(struct import *imp, const struct fib_route *route)
{
	union route_info info;
	RTM_NEXTHOP_LIST *list = &info.info.NextHopsList;
	const struct entity *ent;
	DWORD err = entity_get(imp, route->dest.AddressFamily, route->protocol, &ent);

	if (err != NO_ERROR)
		return err;
	if (route->nhops > ent->hops_max || route->nhops > FIB_HOPS_MAX)
		return ERROR_NOT_SUPPORTED;
	memset(&info, 0, sizeof info);
	info.info.Flags = flags_of(route);
	info.info.PrefInfo.Metric = route->metric;
	info.info.BelongsToViews = RTM_VIEW_MASK_UCAST;
	for (USHORT i = 0; i < route->nhops && err == NO_ERROR; i++) {
		err = hop_add(ent, &route->hops[i], &list->NextHops[i]);
		if (err == NO_ERROR)
			list->NumNextHops++;
	}
	if (err == NO_ERROR)
		err = route_put(ent, route, &info.info);
	RtmReleaseNextHops(ent->handle, list->NumNextHops, list->NextHops);
	return err;
}

static DWORD
take_out(struct import *imp, const struct fib_route *route)
{
	RTM_ROUTE_HANDLE known = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags;
	const struct entity *ent;
	DWORD err = entity_get(imp, route->dest.AddressFamily, route->protocol, &ent);

	if (err == NO_ERROR)
		err = route_find(ent, &route->dest, route->metric, &known);
	if (err == ERROR_NOT_FOUND)
		return NO_ERROR;
	if (err != NO_ERROR)
		return err;
	err = RtmDeleteRouteToDest(ent->handle, known, &flags);
	if (err != NO_ERROR)
		RtmReleaseRoutes(ent->handle, 1, &known);
	return err;
}

static void
on_route(void *arg, const struct fib_route *route, bool gone)
{
	struct import *imp = arg;
	char text[PREFIX_TEXT_SIZE];
	struct prefix prefix;
	DWORD err = gone ? take_out(imp, route) : take_in(imp, route);

	if (err == NO_ERROR) {
		imp->counts.routes += gone ? 0 : 1;
		return;
	}
	imp->counts.failures++;
	if (!prefix_from_net(&prefix, &route->dest))
		memset(&prefix, 0, sizeof prefix);
	log_warn("fib", "import prefix=%s gone=%d code=%s: not taken in",
	         prefix_format(&prefix, text, sizeof text), gone, code_name(err));
}

static void
on_interface(void *arg, const struct iftab_if *desc, bool gone)
{
	struct import *imp = arg;
	DWORD err = gone ? iftab_remove(imp->ifs, desc->index) : iftab_put(imp->ifs, desc);

	if (err == NO_ERROR) {
		imp->counts.interfaces += gone ? 0 : 1;
		return;
	}
	imp->counts.failures++;
	log_warn("fib", "import interface=%s index=%u gone=%d code=%s: not taken in",
	         desc->alias, desc->index, gone, code_name(err));
}

static void
on_ours_gone(void *arg, const RTM_NET_ADDRESS *dest)
{
	(void)arg;
	(void)dest; /* the memory backend has nobody who could; the kernel backend's concern */
}

static void
on_replay_done(void *arg)
{
	const struct import *imp = arg;

	log_info("fib", "import interfaces=%zu routes=%zu failures=%zu", imp->counts.interfaces,
	         imp->counts.routes, imp->counts.failures);
}

const struct fib_events import_events = {
	.interface = on_interface,
	.route = on_route,
	.ours_gone = on_ours_gone,
	.replay_done = on_replay_done,
};
