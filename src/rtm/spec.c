/*
 * One chapter: what a client says about a route, checked.
 *
 * Order [RTM G5]: handles, then ownership, then values. Neighbour and next hops have
 * to be the caller's own and not deleted; a route that already has a deleted one may
 * keep it in place [RTM K38].
 */
#include "rtm_int.h"

static bool
is_in(const struct rtm_path *path, uint32_t hop)
{
	const uint32_t *have;

	if (path == NULL)
		return false;
	have = rtm_path_hops(path);
	for (unsigned i = 0; i < path->hops; i++)
		if (have[i] == hop)
			return true;
	return path->neighbour == hop;
}

/* The slot of a next hop; 0: not a usable handle. */
static uint32_t
usable(const struct rtm_table *t, HANDLE handle, const struct rtm_path *present)
{
	const struct rtm_nexthop *nh = rtm_find(t, RTM_KIND_NEXTHOP, handle);

	if (nh == NULL || (nh->deleted && !is_in(present, nh->slot)))
		return 0;
	return nh->slot;
}

static bool
owns_all(const struct rtm_entity *ent, const struct rtm_spec *spec)
{
	if (spec->neighbour != 0 && rtm_nexthop_at(ent->table, spec->neighbour)->owner != ent)
		return false;
	for (unsigned i = 0; i < spec->hops; i++)
		if (rtm_nexthop_at(ent->table, spec->hop[i])->owner != ent)
			return false;
	return true;
}

DWORD
rtm_spec_of(const struct rtm_entity *ent, const RTM_ROUTE_INFO *info,
            const struct rtm_path *present, uint32_t *hop, struct rtm_spec *spec)
{
	const struct rtm_table *t = ent->table;

	if (info->NextHopsList.NumNextHops > t->limits.max_nexthops_in_route)
		return ERROR_INVALID_PARAMETER;
	*spec = (struct rtm_spec){ .owner = ent->slot,
		                   .preference = info->PrefInfo.Preference != 0
		                                     ? info->PrefInfo.Preference
		                                     : ent->preference,
		                   .metric = info->PrefInfo.Metric,
		                   .flags = info->Flags,
		                   .flags1 = info->Flags1,
		                   .hops = (uint8_t)info->NextHopsList.NumNextHops,
		                   .info = info->EntitySpecificInfo,
		                   .hop = hop };
	if (info->Neighbour != NULL &&
	    (spec->neighbour = usable(t, info->Neighbour, present)) == 0)
		return ERROR_INVALID_HANDLE;
	for (unsigned i = 0; i < spec->hops; i++)
		if ((hop[i] = usable(t, info->NextHopsList.NextHops[i], present)) == 0)
			return ERROR_INVALID_HANDLE;
	if (!owns_all(ent, spec))
		return ERROR_ACCESS_DENIED;
	return rtm_views_of(t, info->BelongsToViews, &spec->views) == NO_ERROR
	           ? NO_ERROR
	           : ERROR_INVALID_PARAMETER;
}

#define NEEDS_ROUTE (RTM_MATCH_OWNER | RTM_MATCH_NEIGHBOUR | RTM_MATCH_PREF | RTM_MATCH_NEXTHOP)

static bool
is_handle(const struct rtm_table *t, const struct rtm_match *match)
{
	if ((match->flags & RTM_MATCH_OWNER) != 0 && rtm_find_entity(t, match->owner) == NULL)
		return false;
	if ((match->flags & RTM_MATCH_NEIGHBOUR) != 0 && match->neighbour != NULL &&
	    rtm_find(t, RTM_KIND_NEXTHOP, match->neighbour) == NULL)
		return false;
	for (unsigned i = 0; i < match->hops; i++)
		if (rtm_find(t, RTM_KIND_NEXTHOP, match->hop[i]) == NULL)
			return false;
	return true;
}

DWORD
rtm_match_of(const struct rtm_table *t, RTM_MATCH_FLAGS flags, const RTM_ROUTE_INFO *route,
             ULONG interface, struct rtm_match *match)
{
	*match = (struct rtm_match){ .flags = flags & (NEEDS_ROUTE | RTM_MATCH_INTERFACE),
		                     .interface = interface };
	if ((flags & ~RTM_MATCH_FULL) != 0)
		return ERROR_INVALID_PARAMETER;
	if ((flags & NEEDS_ROUTE) == 0)
		return NO_ERROR;
	if (route == NULL)
		return ERROR_INVALID_PARAMETER;
	match->owner = route->RouteOwner;
	match->neighbour = route->Neighbour;
	match->pref = route->PrefInfo;
	if ((flags & RTM_MATCH_NEXTHOP) != 0) {
		if (route->NextHopsList.NumNextHops > t->limits.max_nexthops_in_route)
			return ERROR_INVALID_PARAMETER;
		match->hops = route->NextHopsList.NumNextHops;
		match->hop = (void **)(uintptr_t)route->NextHopsList.NextHops;
	}
	return is_handle(t, match) ? NO_ERROR : ERROR_INVALID_HANDLE;
}
