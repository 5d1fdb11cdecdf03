/*
 * One chapter: the door, part five: enumerations.
 */
#include "rtm_int.h"

#include <string.h>

#include "base/alloc.h"

#define WHERE (RTM_ENUM_NEXT | RTM_ENUM_RANGE)

/* The start of an enumeration, checked. */
struct start {
	bool keyed; /* NEXT or RANGE */
	struct rtm_key key;
};

static DWORD
check_start(const struct rtm_entity *ent, RTM_ENUM_FLAGS flags, RTM_ENUM_FLAGS known,
            const RTM_NET_ADDRESS *addr, struct start *start)
{
	start->keyed = (flags & WHERE) != 0;
	if ((flags & ~known) != 0 || (flags & WHERE) == WHERE)
		return ERROR_INVALID_PARAMETER;
	if (start->keyed && (addr == NULL || !rtm_key_of(ent->table, addr, &start->key)))
		return ERROR_INVALID_PARAMETER;
	return NO_ERROR;
}

/* Make the enumeration and put it at its start; NULL: no memory. */
static struct rtm_enum *
make(struct rtm_entity *ent, enum rtm_enum_kind kind, RTM_ENUM_FLAGS flags,
     const struct start *start)
{
	struct rtm_enum *en = rtm_enum_new(ent, kind);

	if (en == NULL)
		return NULL;
	en->flags = flags;
	en->ranged = (flags & RTM_ENUM_RANGE) != 0;
	if (en->ranged)
		en->range = start->key;
	rtm_enum_start(ent->table, en, start->keyed ? &start->key : NULL);
	return en;
}

static void
hand_out(const struct rtm_enum *en, HANDLE *out)
{
	*out = rtm_name(en->entity->table, RTM_KIND_ENUM, en->slot);
}

/* ---- creating ---------------------------------------------------------------------------- */

static DWORD
create_dest_enum(struct rtm_entity *ent, RTM_VIEW_SET asked, RTM_ENUM_FLAGS flags,
                 const RTM_NET_ADDRESS *addr, ULONG protocol, HANDLE *out)
{
	struct rtm_enum *en;
	struct start start;
	uint32_t views;
	DWORD err;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	err = check_start(ent, flags, WHERE | RTM_ENUM_OWN_DESTS, addr, &start);
	if (err == NO_ERROR)
		err = rtm_views_of(ent->table, asked, &views);
	if (err != NO_ERROR)
		return err;
	en = make(ent, RTM_ENUM_KIND_DEST, flags, &start);
	if (en == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	en->views = views;
	en->protocol = protocol;
	hand_out(en, out);
	return NO_ERROR;
}

DWORD
RtmCreateDestEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews,
                  RTM_ENUM_FLAGS EnumFlags, RTM_NET_ADDRESS *NetAddress, ULONG ProtocolId,
                  RTM_ENUM_HANDLE *RtmEnumHandle)
{
	RTM_CALL(RtmRegHandle, create_dest_enum(ent, TargetViews, EnumFlags, NetAddress,
	                                        ProtocolId, RtmEnumHandle));
}

/* The criteria outlive the call, so the list of next hops is copied. */
static bool
keep_match(struct rtm_enum *en, const struct rtm_match *match)
{
	void **hop = NULL;

	if (match->hops != 0) {
		hop = mem_calloc(match->hops, sizeof *hop);
		if (hop == NULL)
			return false;
		memcpy(hop, match->hop, match->hops * sizeof *hop);
	}
	en->match = *match;
	en->match.hop = hop;
	return true;
}

static DWORD
create_route_enum(struct rtm_entity *ent, HANDLE dest, RTM_VIEW_SET asked, RTM_ENUM_FLAGS flags,
                  const RTM_NET_ADDRESS *addr, const struct rtm_match *match, HANDLE *out)
{
	struct rtm_table *t = ent->table;
	struct rtm_enum *en;
	struct start start;
	uint32_t views;
	DWORD err;

	if (dest != NULL) /* wins over the start [RTM K28] */
		flags &= ~(RTM_ENUM_FLAGS)WHERE;
	err = check_start(ent, flags, WHERE | RTM_ENUM_OWN_ROUTES, addr, &start);
	if (err == NO_ERROR)
		err = rtm_views_of(t, asked, &views);
	if (err != NO_ERROR)
		return err;
	en = make(ent, RTM_ENUM_KIND_ROUTE, flags, &start);
	if (en == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (!keep_match(en, match)) {
		rtm_enum_free(t, en);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	en->views = views;
	if (dest != NULL) {
		en->dest = handle_slot(dest);
		rtm_dest_at(t, en->dest)->pins++;
	}
	hand_out(en, out);
	return NO_ERROR;
}

static DWORD
check_route_enum(struct rtm_entity *ent, HANDLE dest, RTM_VIEW_SET asked, RTM_ENUM_FLAGS flags,
                 const RTM_NET_ADDRESS *addr, RTM_MATCH_FLAGS matching,
                 const RTM_ROUTE_INFO *route, ULONG interface, HANDLE *out)
{
	struct rtm_match match;
	DWORD err;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	if (dest != NULL && rtm_find(ent->table, RTM_KIND_DEST, dest) == NULL)
		return ERROR_INVALID_HANDLE;
	err = rtm_match_of(ent->table, matching, route, interface, &match);
	if (err != NO_ERROR)
		return err;
	return create_route_enum(ent, dest, asked, flags, addr, &match, out);
}

DWORD
RtmCreateRouteEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                   RTM_VIEW_SET TargetViews, RTM_ENUM_FLAGS EnumFlags,
                   RTM_NET_ADDRESS *StartDest, RTM_MATCH_FLAGS MatchingFlags,
                   RTM_ROUTE_INFO *CriteriaRoute, ULONG CriteriaInterface,
                   RTM_ENUM_HANDLE *RtmEnumHandle)
{
	RTM_CALL(RtmRegHandle, check_route_enum(ent, DestHandle, TargetViews, EnumFlags,
	                                        StartDest, MatchingFlags, CriteriaRoute,
	                                        CriteriaInterface, RtmEnumHandle));
}

static DWORD
create_nexthop_enum(struct rtm_entity *ent, RTM_ENUM_FLAGS flags, const RTM_NET_ADDRESS *addr,
                    HANDLE *out)
{
	struct rtm_enum *en;
	struct start start;
	DWORD err;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	err = check_start(ent, flags, WHERE, addr, &start);
	if (err != NO_ERROR)
		return err;
	en = make(ent, RTM_ENUM_KIND_NEXTHOP, flags, &start);
	if (en == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	hand_out(en, out);
	return NO_ERROR;
}

DWORD
RtmCreateNextHopEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_FLAGS EnumFlags,
                     RTM_NET_ADDRESS *NetAddress, RTM_ENUM_HANDLE *RtmEnumHandle)
{
	RTM_CALL(RtmRegHandle, create_nexthop_enum(ent, EnumFlags, NetAddress, RtmEnumHandle));
}

static DWORD
create_list_enum(struct rtm_entity *ent, HANDLE handle, HANDLE *out)
{
	struct rtm_list *list;
	struct rtm_enum *en;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	list = rtm_find(ent->table, RTM_KIND_LIST, handle);
	if (list == NULL || list->entity != ent)
		return ERROR_INVALID_HANDLE;
	en = rtm_enum_new(ent, RTM_ENUM_KIND_LIST);
	if (en == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	en->list = list;
	en->at = list->routes.next;
	list_insert(&list->enums, &en->list_link);
	hand_out(en, out);
	return NO_ERROR;
}

DWORD
RtmCreateRouteListEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                       RTM_ENUM_HANDLE *RtmEnumHandle)
{
	RTM_CALL(RtmRegHandle, create_list_enum(ent, RouteListHandle, RtmEnumHandle));
}

/* ---- getting ----------------------------------------------------------------------------- */

/* The caller's enumeration of that kind, with a count and a buffer that make sense. */
static DWORD
check_get(const struct rtm_entity *ent, HANDLE handle, enum rtm_enum_kind kind,
          const UINT *count, const void *out, struct rtm_enum **en)
{
	if (count == NULL || out == NULL)
		return ERROR_INVALID_PARAMETER;
	*en = rtm_find(ent->table, RTM_KIND_ENUM, handle);
	if (*en == NULL || (*en)->entity != ent || (*en)->kind != kind)
		return ERROR_INVALID_HANDLE;
	if (*count == 0 || *count > ent->table->limits.max_handles_in_enum)
		return ERROR_INVALID_PARAMETER;
	return NO_ERROR;
}

static DWORD
get_dests(struct rtm_entity *ent, HANDLE handle, UINT *count, RTM_DEST_INFO *out)
{
	struct rtm_enum *en;
	DWORD err = check_get(ent, handle, RTM_ENUM_KIND_DEST, count, out, &en);

	return err != NO_ERROR ? err : rtm_enum_dests(ent->table, en, count, out);
}

DWORD
RtmGetEnumDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, UINT *NumDests,
                RTM_DEST_INFO *DestInfos)
{
	RTM_CALL(RtmRegHandle, get_dests(ent, EnumHandle, NumDests, DestInfos));
}

static DWORD
get_routes(struct rtm_entity *ent, HANDLE handle, UINT *count, HANDLE *out)
{
	struct rtm_enum *en;
	DWORD err = check_get(ent, handle, RTM_ENUM_KIND_ROUTE, count, out, &en);

	return err != NO_ERROR ? err : rtm_enum_routes(ent->table, en, count, out);
}

DWORD
RtmGetEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, UINT *NumRoutes,
                 RTM_ROUTE_HANDLE *RouteHandles)
{
	RTM_CALL(RtmRegHandle, get_routes(ent, EnumHandle, NumRoutes, RouteHandles));
}

static DWORD
get_nexthops(struct rtm_entity *ent, HANDLE handle, UINT *count, HANDLE *out)
{
	struct rtm_enum *en;
	DWORD err = check_get(ent, handle, RTM_ENUM_KIND_NEXTHOP, count, out, &en);

	return err != NO_ERROR ? err : rtm_enum_nexthops(ent->table, en, count, out);
}

DWORD
RtmGetEnumNextHops(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                   UINT *NumNextHops, RTM_NEXTHOP_HANDLE *NextHopHandles)
{
	RTM_CALL(RtmRegHandle, get_nexthops(ent, EnumHandle, NumNextHops, NextHopHandles));
}

static DWORD
get_list(struct rtm_entity *ent, HANDLE handle, UINT *count, HANDLE *out)
{
	struct rtm_enum *en;
	DWORD err = check_get(ent, handle, RTM_ENUM_KIND_LIST, count, out, &en);

	if (err == NO_ERROR)
		rtm_enum_list(ent->table, en, count, out);
	return err;
}

DWORD
RtmGetListEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                     UINT *NumRoutes, RTM_ROUTE_HANDLE *RouteHandles)
{
	RTM_CALL(RtmRegHandle, get_list(ent, EnumHandle, NumRoutes, RouteHandles));
}

static DWORD
delete_enum(struct rtm_entity *ent, HANDLE handle)
{
	struct rtm_enum *en = rtm_find(ent->table, RTM_KIND_ENUM, handle);

	if (en == NULL || en->entity != ent)
		return ERROR_INVALID_HANDLE;
	rtm_enum_free(ent->table, en);
	return NO_ERROR;
}

DWORD
RtmDeleteEnumHandle(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle)
{
	RTM_CALL(RtmRegHandle, delete_enum(ent, EnumHandle));
}
