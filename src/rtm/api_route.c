/*
 * One chapter: the door, part three: routes.
 */
#include "rtm_int.h"

#define KNOWN_CHANGES (RTM_ROUTE_CHANGE_FIRST | RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST)

static struct rtm_route *
find_route(const struct rtm_entity *ent, HANDLE handle)
{
	return rtm_find(ent->table, RTM_KIND_ROUTE, handle);
}

static bool
owns(const struct rtm_entity *ent, const struct rtm_route *route)
{
	return rtm_path_of(ent->table, route)->owner == ent->slot;
}

/* The caller's list; false: the handle is bad. NULL is no list. */
static bool
find_list(const struct rtm_entity *ent, HANDLE handle, struct rtm_list **out)
{
	*out = NULL;
	if (handle == NULL)
		return true;
	*out = rtm_find(ent->table, RTM_KIND_LIST, handle);
	return *out != NULL && (*out)->entity == ent;
}

/* What happens beside the route on every successful addition or update; cannot fail, as
 * memory for the extra record was reserved. */
static void
set_sides(struct rtm_table *t, uint32_t route, ULONG ttl, struct rtm_list *list)
{
	if (ttl != INFINITE || list != NULL)
		rtm_route_extra_get(t, route);
	if (list != NULL)
		rtm_list_move(t, route, list);
	rtm_age_set(t, route, ttl);
}

static bool
reserve_sides(struct rtm_table *t, ULONG ttl, const struct rtm_list *list)
{
	return (ttl == INFINITE && list == NULL) || slab_reserve(&t->route_extras);
}

/* ---- RtmAddRouteToDest ------------------------------------------------------------------- */

/* The arguments, resolved as the call goes on. */
struct addition {
	RTM_ROUTE_HANDLE *handle;
	const RTM_NET_ADDRESS *addr;
	const RTM_ROUTE_INFO *info;
	ULONG ttl;
	HANDLE list_handle;
	RTM_NOTIFY_FLAGS notify_type;
	HANDLE notify_handle;
	RTM_ROUTE_CHANGE_FLAGS *flags;

	struct rtm_list *list;
	struct rtm_key key;
	struct rtm_spec spec;
	uint32_t hop[RTM_MAX_HOPS];
	uint32_t named;  /* route of the handle passed in, or 0 */
	uint32_t dest;   /* 0: not in the table */
	uint32_t target; /* route to update, or 0 */
};

static DWORD
check_named(const struct rtm_entity *ent, struct addition *add)
{
	const struct rtm_route *route;

	add->named = 0;
	if (add->handle == NULL || *add->handle == NULL)
		return NO_ERROR;
	route = find_route(ent, *add->handle);
	if (route == NULL || (route->flags & ROUTE_IN_TABLE) == 0)
		return ERROR_INVALID_HANDLE;
	add->named = handle_slot(*add->handle);
	return owns(ent, route) ? NO_ERROR : ERROR_ACCESS_DENIED;
}

static bool
is_at(const struct rtm_table *t, uint32_t route, const struct rtm_key *key)
{
	const struct rtm_dest *dest = rtm_dest_at(t, rtm_route_at(t, route)->dest);

	return dest->len == key->len && rtm_covers(dest->addr, dest->len, key->addr, key->len);
}

static DWORD
check_values(const struct rtm_entity *ent, struct addition *add)
{
	RTM_ROUTE_CHANGE_FLAGS flags = *add->flags;

	if ((flags & ~KNOWN_CHANGES) != 0 ||
	    (flags & ~RTM_ROUTE_CHANGE_BEST) == (RTM_ROUTE_CHANGE_FIRST | RTM_ROUTE_CHANGE_NEW))
		return ERROR_INVALID_PARAMETER;
	if (add->notify_type != 0 || add->notify_handle != NULL)
		return ERROR_INVALID_PARAMETER;
	if (!rtm_key_of(ent->table, add->addr, &add->key))
		return ERROR_INVALID_PARAMETER;
	if (add->named != 0 && !is_at(ent->table, add->named, &add->key))
		return ERROR_INVALID_PARAMETER;
	return NO_ERROR;
}

static DWORD
check_addition(const struct rtm_entity *ent, struct addition *add)
{
	const struct rtm_table *t = ent->table;
	DWORD named, spec;

	if (add->addr == NULL || add->info == NULL || add->flags == NULL)
		return ERROR_INVALID_PARAMETER;
	named = check_named(ent, add);
	if (named == ERROR_INVALID_HANDLE || !find_list(ent, add->list_handle, &add->list))
		return ERROR_INVALID_HANDLE;
	spec = rtm_spec_of(ent, add->info,
	                   add->named != 0 ? rtm_path_of(t, rtm_route_at(t, add->named)) : NULL,
	                   add->hop, &add->spec);
	if (spec != NO_ERROR)
		return spec;
	return named != NO_ERROR ? named : check_values(ent, add);
}

/* Where the route goes and which one it is. */
static void
find_target(const struct rtm_entity *ent, struct addition *add)
{
	struct rtm_table *t = ent->table;

	add->target = add->named;
	if (add->named != 0) {
		add->dest = rtm_route_at(t, add->named)->dest;
		return;
	}
	add->dest = rtm_dest_find(t, &add->key);
	if (add->dest != 0 && (*add->flags & RTM_ROUTE_CHANGE_NEW) == 0)
		add->target = rtm_route_equal(t, add->dest, ent->slot, add->spec.neighbour,
		                              (*add->flags & RTM_ROUTE_CHANGE_FIRST) != 0);
}

static DWORD
add_route(struct rtm_entity *ent, struct addition *add)
{
	struct rtm_table *t = ent->table;
	RTM_ROUTE_CHANGE_FLAGS changes = 0;
	DWORD err = check_addition(ent, add);
	bool best;

	if (err != NO_ERROR)
		return err;
	find_target(ent, add);
	err = rtm_gate_dest(t, add->dest, true);
	if (err != NO_ERROR)
		return err;
	if (!reserve_sides(t, add->ttl, add->list))
		return ERROR_NOT_ENOUGH_MEMORY;
	if (add->target != 0) {
		err = rtm_route_update(t, add->target, &add->spec, &best);
	} else {
		err = rtm_route_add(t, add->dest, &add->key, &add->spec, &add->target, &best);
		changes = RTM_ROUTE_CHANGE_NEW;
	}
	if (err != NO_ERROR)
		return err;
	set_sides(t, add->target, add->ttl, add->list);
	if (add->handle != NULL && *add->handle == NULL)
		*add->handle = rtm_give(t, RTM_KIND_ROUTE, add->target);
	*add->flags = best ? changes | RTM_ROUTE_CHANGE_BEST : changes;
	return NO_ERROR;
}

DWORD
RtmAddRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE *RouteHandle,
                  RTM_NET_ADDRESS *DestAddress, RTM_ROUTE_INFO *RouteInfo, ULONG TimeToLive,
                  RTM_ROUTE_LIST_HANDLE RouteListHandle, RTM_NOTIFY_FLAGS NotifyType,
                  RTM_NOTIFY_HANDLE NotifyHandle, RTM_ROUTE_CHANGE_FLAGS *ChangeFlags)
{
	struct addition add; /* not initialized whole: `hop' is large */

	add.handle = RouteHandle;
	add.addr = DestAddress;
	add.info = RouteInfo;
	add.ttl = TimeToLive;
	add.list_handle = RouteListHandle;
	add.notify_type = NotifyType;
	add.notify_handle = NotifyHandle;
	add.flags = ChangeFlags;
	RTM_CALL(RtmRegHandle, add_route(ent, &add));
}

/* ---- RtmDeleteRouteToDest ---------------------------------------------------- */

static DWORD
delete_route(struct rtm_entity *ent, HANDLE handle, RTM_ROUTE_CHANGE_FLAGS *flags)
{
	struct rtm_table *t = ent->table;
	const struct rtm_route *route;
	bool best;
	DWORD err;

	if (flags == NULL)
		return ERROR_INVALID_PARAMETER;
	route = find_route(ent, handle);
	if (route == NULL)
		return ERROR_INVALID_HANDLE;
	if (!owns(ent, route))
		return ERROR_ACCESS_DENIED;
	if ((route->flags & ROUTE_IN_TABLE) == 0)
		return ERROR_NOT_FOUND;
	err = rtm_gate_dest(t, route->dest, true);
	if (err != NO_ERROR)
		return err;
	rtm_take(t, RTM_KIND_ROUTE, handle);
	rtm_route_delete(t, handle_slot(handle), true, &best);
	*flags = best ? RTM_ROUTE_CHANGE_BEST : 0;
	return NO_ERROR;
}

DWORD
RtmDeleteRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                     RTM_ROUTE_CHANGE_FLAGS *ChangeFlags)
{
	RTM_CALL(RtmRegHandle, delete_route(ent, RouteHandle, ChangeFlags));
}

/* ---- handle to information --------------------------------------------------- */

static DWORD
get_route_info(struct rtm_entity *ent, HANDLE handle, RTM_ROUTE_INFO *out,
               RTM_NET_ADDRESS *addr)
{
	struct rtm_table *t = ent->table;
	const struct rtm_route *route = find_route(ent, handle);
	const struct rtm_dest *dest;
	DWORD err;

	if (route == NULL)
		return ERROR_INVALID_HANDLE;
	err = rtm_gate_dest(t, route->dest, false);
	if (err != NO_ERROR)
		return err;
	if (out != NULL)
		rtm_route_info(t, handle_slot(handle), out);
	dest = rtm_dest_at(t, route->dest);
	if (addr != NULL)
		rtm_key_show(t, dest->addr, dest->len, addr);
	return NO_ERROR;
}

DWORD
RtmGetRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                RTM_ROUTE_INFO *RouteInfo, RTM_NET_ADDRESS *DestAddress)
{
	RTM_CALL(RtmRegHandle, get_route_info(ent, RouteHandle, RouteInfo, DestAddress));
}

DWORD
RtmReleaseRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_INFO *RouteInfo)
{
	RTM_CALL(RtmRegHandle, RouteInfo != NULL ? rtm_route_info_release(ent->table, RouteInfo)
	                                         : ERROR_INVALID_PARAMETER);
}

DWORD
RtmReleaseRoutes(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumRoutes, RTM_ROUTE_HANDLE *RouteHandles)
{
	RTM_CALL(RtmRegHandle, rtm_release_array(ent, RTM_KIND_ROUTE, NumRoutes, RouteHandles));
}

static DWORD
is_best_route(struct rtm_entity *ent, HANDLE handle, RTM_VIEW_SET *out)
{
	const struct rtm_route *route;
	DWORD err;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	route = find_route(ent, handle);
	if (route == NULL)
		return ERROR_INVALID_HANDLE;
	err = rtm_gate_dest(ent->table, route->dest, false);
	if (err == NO_ERROR)
		*out = rtm_best_views(ent->table, handle_slot(handle));
	return err;
}

DWORD
RtmIsBestRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
               RTM_VIEW_SET *BestInViews)
{
	RTM_CALL(RtmRegHandle, is_best_route(ent, RouteHandle, BestInViews));
}

/* ---- RtmGetExactMatchRoute --------------------------------------------------- */

static uint32_t
first_match(const struct rtm_table *t, uint32_t dest, uint32_t views,
            const struct rtm_match *match)
{
	for (uint32_t r = rtm_dest_first(rtm_dest_at(t, dest)); r != 0;) {
		const struct rtm_route *route = rtm_route_at(t, r);

		if ((views == 0 || (rtm_path_of(t, route)->views & views) != 0) &&
		    rtm_matches(t, match, r))
			return r;
		r = route->next;
	}
	return 0;
}

static DWORD
get_exact_route(struct rtm_entity *ent, const RTM_NET_ADDRESS *addr, RTM_MATCH_FLAGS flags,
                RTM_ROUTE_INFO *info, ULONG interface, RTM_VIEW_SET asked, HANDLE *handle)
{
	struct rtm_table *t = ent->table;
	struct rtm_match match;
	struct rtm_key key;
	uint32_t views, dest, route;
	DWORD err;

	if (addr == NULL || info == NULL)
		return ERROR_INVALID_PARAMETER;
	err = rtm_match_of(t, flags, info, interface, &match);
	if (err != NO_ERROR)
		return err;
	if (!rtm_key_of(t, addr, &key))
		return ERROR_INVALID_PARAMETER;
	err = rtm_views_of(t, asked, &views);
	if (err != NO_ERROR)
		return err;
	dest = rtm_dest_find(t, &key);
	if (dest == 0)
		return ERROR_NOT_FOUND;
	err = rtm_gate_dest(t, dest, false);
	if (err != NO_ERROR)
		return err;
	route = first_match(t, dest, views, &match);
	if (route == 0)
		return ERROR_NOT_FOUND;
	rtm_route_info(t, route, info);
	if (handle != NULL)
		*handle = rtm_give(t, RTM_KIND_ROUTE, route);
	return NO_ERROR;
}

DWORD
RtmGetExactMatchRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NET_ADDRESS *DestAddress,
                      RTM_MATCH_FLAGS MatchingFlags, RTM_ROUTE_INFO *RouteInfo,
                      ULONG InterfaceIndex, RTM_VIEW_SET TargetViews,
                      RTM_ROUTE_HANDLE *RouteHandle)
{
	RTM_CALL(RtmRegHandle, get_exact_route(ent, DestAddress, MatchingFlags, RouteInfo,
	                                       InterfaceIndex, TargetViews, RouteHandle));
}

/* ---- in place ---------------------------------------------------------------- */

static DWORD
get_route_pointer(struct rtm_entity *ent, HANDLE handle, RTM_ROUTE_INFO **out)
{
	const struct rtm_route *route;
	RTM_ROUTE_INFO *info;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	route = find_route(ent, handle);
	if (route == NULL)
		return ERROR_INVALID_HANDLE;
	if (!owns(ent, route))
		return ERROR_ACCESS_DENIED;
	info = rtm_shadow_get(ent->table, handle_slot(handle));
	if (info == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	*out = info;
	return NO_ERROR;
}

DWORD
RtmGetRoutePointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                   RTM_ROUTE_INFO **RoutePointer)
{
	RTM_CALL(RtmRegHandle, get_route_pointer(ent, RouteHandle, RoutePointer));
}

static DWORD
unlock_route(struct rtm_entity *ent, uint32_t dest, uint32_t route, bool exclusive)
{
	struct rtm_holder *holder = rtm_lock_of_dest(ent, dest, route);
	DWORD err = rtm_unlock_check(holder, exclusive);

	if (err == NO_ERROR)
		rtm_unlock(ent->table, holder);
	return err;
}

static DWORD
lock_route(struct rtm_entity *ent, HANDLE handle, bool exclusive, bool lock,
           RTM_ROUTE_INFO **out)
{
	const struct rtm_route *route = find_route(ent, handle);
	DWORD err;

	if (route == NULL)
		return ERROR_INVALID_HANDLE;
	if (!owns(ent, route))
		return ERROR_ACCESS_DENIED;
	if (!lock)
		return unlock_route(ent, route->dest, handle_slot(handle), exclusive);
	if ((route->flags & ROUTE_IN_TABLE) == 0)
		return ERROR_INVALID_HANDLE;
	err = rtm_lock_dest(ent, route->dest, handle_slot(handle), exclusive);
	if (err == NO_ERROR && out != NULL)
		*out = rtm_shadow_get(ent->table, handle_slot(handle));
	return err;
}

DWORD
RtmLockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, BOOL Exclusive,
             BOOL LockRoute, RTM_ROUTE_INFO **RoutePointer)
{
	RTM_CALL(RtmRegHandle, lock_route(ent, RouteHandle, Exclusive != FALSE,
	                                  LockRoute != FALSE, RoutePointer));
}

/* Commit what the owner wrote through the pointer. */
static DWORD
commit(struct rtm_entity *ent, struct rtm_holder *holder, ULONG ttl, struct rtm_list *list,
       bool *best)
{
	struct rtm_table *t = ent->table;
	uint32_t slot = holder->route, hop[RTM_MAX_HOPS], path;
	const struct rtm_path *present = rtm_path_of(t, rtm_route_at(t, slot));
	struct rtm_spec spec;
	DWORD err = rtm_spec_of(ent, rtm_shadow_get(t, slot), present, hop, &spec);

	if (err != NO_ERROR)
		return err;
	path = rtm_path_get(t, &spec);
	if (path == 0)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (reserve_sides(t, ttl, list)) {
		/* With its path there the update cannot fail, so what was lent can go. */
		rtm_lock_take_back(t, holder);
		rtm_route_update(t, slot, &spec, best);
		set_sides(t, slot, ttl, list);
	} else {
		err = ERROR_NOT_ENOUGH_MEMORY;
	}
	rtm_path_put(t, path);
	return err;
}

static DWORD
update_and_unlock(struct rtm_entity *ent, HANDLE handle, ULONG ttl, HANDLE list_handle,
                  bool reserved, RTM_ROUTE_CHANGE_FLAGS *flags)
{
	struct rtm_route *route;
	struct rtm_holder *holder;
	struct rtm_list *list;
	bool best;
	DWORD err;

	if (flags == NULL)
		return ERROR_INVALID_PARAMETER;
	route = find_route(ent, handle);
	if (route == NULL || !find_list(ent, list_handle, &list))
		return ERROR_INVALID_HANDLE;
	if (!owns(ent, route))
		return ERROR_ACCESS_DENIED;
	holder = rtm_lock_of_dest(ent, route->dest, handle_slot(handle));
	if (holder == NULL || !holder->exclusive)
		return ERROR_NOT_LOCKED;
	if (reserved)
		return ERROR_INVALID_PARAMETER;
	err = commit(ent, holder, ttl, list, &best);
	if (err != NO_ERROR)
		return err;
	rtm_unlock(ent->table, holder);
	*flags = best ? RTM_ROUTE_CHANGE_BEST : 0;
	return NO_ERROR;
}

DWORD
RtmUpdateAndUnlockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                        ULONG TimeToLive, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                        RTM_NOTIFY_FLAGS NotifyType, RTM_NOTIFY_HANDLE NotifyHandle,
                        RTM_ROUTE_CHANGE_FLAGS *ChangeFlags)
{
	RTM_CALL(RtmRegHandle,
	         update_and_unlock(ent, RouteHandle, TimeToLive, RouteListHandle,
	                           NotifyType != 0 || NotifyHandle != NULL, ChangeFlags));
}

/* ---- lists ------------------------------------------------------------------- */

static DWORD
create_list(struct rtm_entity *ent, HANDLE *out)
{
	struct rtm_list *list;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	list = rtm_list_new(ent);
	if (list == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	*out = rtm_name(ent->table, RTM_KIND_LIST, list->slot);
	return NO_ERROR;
}

DWORD
RtmCreateRouteList(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE *RouteListHandle)
{
	RTM_CALL(RtmRegHandle, create_list(ent, RouteListHandle));
}

static DWORD
check_routes(const struct rtm_entity *ent, UINT count, HANDLE *handles)
{
	for (UINT i = 0; i < count; i++) {
		const struct rtm_route *route = find_route(ent, handles[i]);

		if (route == NULL || (route->flags & ROUTE_IN_TABLE) == 0)
			return ERROR_INVALID_HANDLE;
	}
	for (UINT i = 0; i < count; i++)
		if (!owns(ent, find_route(ent, handles[i])))
			return ERROR_ACCESS_DENIED;
	return NO_ERROR;
}

static DWORD
insert_in_list(struct rtm_entity *ent, HANDLE list_handle, UINT count, HANDLE *handles)
{
	struct rtm_table *t = ent->table;
	struct rtm_list *list;
	DWORD err;

	if (count != 0 && handles == NULL)
		return ERROR_INVALID_PARAMETER;
	if (!find_list(ent, list_handle, &list))
		return ERROR_INVALID_HANDLE;
	err = check_routes(ent, count, handles);
	for (UINT i = 0; err == NO_ERROR && list != NULL && i < count; i++)
		if (rtm_route_extra_get(t, handle_slot(handles[i])) == NULL)
			err = ERROR_NOT_ENOUGH_MEMORY;
	for (UINT i = 0; i < count && (err == NO_ERROR || err == ERROR_NOT_ENOUGH_MEMORY); i++)
		if (err == NO_ERROR)
			rtm_list_move(t, handle_slot(handles[i]), list);
		else
			rtm_route_extra_tidy(t, handle_slot(handles[i]));
	return err;
}

DWORD
RtmInsertInRouteList(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                     UINT NumRoutes, RTM_ROUTE_HANDLE *RouteHandles)
{
	RTM_CALL(RtmRegHandle, insert_in_list(ent, RouteListHandle, NumRoutes, RouteHandles));
}

static DWORD
delete_list(struct rtm_entity *ent, HANDLE handle)
{
	struct rtm_list *list;

	if (handle == NULL || !find_list(ent, handle, &list))
		return ERROR_INVALID_HANDLE;
	rtm_list_free(ent->table, list);
	return NO_ERROR;
}

DWORD
RtmDeleteRouteList(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle)
{
	RTM_CALL(RtmRegHandle, delete_list(ent, RouteListHandle));
}
