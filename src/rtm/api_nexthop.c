/*
 * One chapter: the door, part four: next hops.
 */
#include "rtm_int.h"

#define KNOWN_FLAGS (RTM_NEXTHOP_FLAGS_REMOTE | RTM_NEXTHOP_FLAGS_DOWN)

static struct rtm_nexthop *
find_nexthop(const struct rtm_entity *ent, HANDLE handle)
{
	return rtm_find(ent->table, RTM_KIND_NEXTHOP, handle);
}

/* The destination a remote next hop refers to; without the flag there is none [RTM K57]. */
static DWORD
find_remote(const struct rtm_entity *ent, const RTM_NEXTHOP_INFO *info, uint32_t *out)
{
	*out = 0;
	if ((info->Flags & RTM_NEXTHOP_FLAGS_REMOTE) == 0 || info->RemoteNextHop == NULL)
		return NO_ERROR;
	if (rtm_find(ent->table, RTM_KIND_DEST, info->RemoteNextHop) == NULL)
		return ERROR_INVALID_HANDLE;
	*out = handle_slot(info->RemoteNextHop);
	return NO_ERROR;
}

/* ---- RtmAddNextHop --------------------------------------------------------------------- */

/* The next hop named by a handle, as far as the caller may update it. */
static DWORD
find_named(const struct rtm_entity *ent, HANDLE handle, struct rtm_nexthop **out)
{
	*out = find_nexthop(ent, handle);
	if (*out == NULL || (*out)->deleted)
		return ERROR_INVALID_HANDLE;
	return (*out)->owner == ent ? NO_ERROR : ERROR_ACCESS_DENIED;
}

static DWORD
add_nexthop(struct rtm_entity *ent, const RTM_NEXTHOP_INFO *info, HANDLE *handle,
            RTM_NEXTHOP_CHANGE_FLAGS *changes)
{
	struct rtm_table *t = ent->table;
	struct rtm_nexthop *nh = NULL, *same;
	struct rtm_key key;
	uint32_t remote;
	DWORD err = NO_ERROR, named = NO_ERROR;

	if (info == NULL || changes == NULL)
		return ERROR_INVALID_PARAMETER;
	if (handle != NULL && *handle != NULL)
		named = find_named(ent, *handle, &nh);
	if (named == ERROR_INVALID_HANDLE || find_remote(ent, info, &remote) != NO_ERROR)
		return ERROR_INVALID_HANDLE;
	if (named != NO_ERROR)
		return named;
	if (!rtm_key_of(t, &info->NextHopAddress, &key) || (info->Flags & ~KNOWN_FLAGS) != 0)
		return ERROR_INVALID_PARAMETER;
	same = rtm_nexthop_find(ent, &key, info->InterfaceIndex);
	if (nh != NULL && nh != same)
		return ERROR_INVALID_PARAMETER;
	if (same != NULL) {
		err = rtm_gate_nexthop(t, same, true);
		if (err == NO_ERROR)
			rtm_nexthop_set(t, same, info->Flags, info->EntitySpecificInfo, remote);
	} else {
		err = rtm_nexthop_add(ent, &key, info, remote, &same);
	}
	if (err != NO_ERROR)
		return err;
	*changes = same->fresh ? RTM_NEXTHOP_CHANGE_NEW : 0;
	same->fresh = false;
	if (handle != NULL && *handle == NULL)
		*handle = rtm_give(t, RTM_KIND_NEXTHOP, same->slot);
	return NO_ERROR;
}

DWORD
RtmAddNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_INFO *NextHopInfo,
              RTM_NEXTHOP_HANDLE *NextHopHandle, RTM_NEXTHOP_CHANGE_FLAGS *ChangeFlags)
{
	RTM_CALL(RtmRegHandle, add_nexthop(ent, NextHopInfo, NextHopHandle, ChangeFlags));
}

/* ---- finding and deleting ---------------------------------------------------------------- */

static DWORD
find_by_info(const struct rtm_entity *ent, const RTM_NEXTHOP_INFO *info,
             struct rtm_nexthop **out)
{
	struct rtm_key key;

	if (!rtm_key_of(ent->table, &info->NextHopAddress, &key))
		return ERROR_INVALID_PARAMETER;
	*out = rtm_nexthop_find(ent, &key, info->InterfaceIndex);
	return *out != NULL ? NO_ERROR : ERROR_NOT_FOUND;
}

static DWORD
find(struct rtm_entity *ent, const RTM_NEXTHOP_INFO *info, HANDLE *handle,
     RTM_NEXTHOP_INFO **pointer)
{
	struct rtm_nexthop *nh;
	DWORD err;

	if (info == NULL)
		return ERROR_INVALID_PARAMETER;
	err = find_by_info(ent, info, &nh);
	if (err != NO_ERROR)
		return err;
	if (handle != NULL)
		*handle = rtm_give(ent->table, RTM_KIND_NEXTHOP, nh->slot);
	if (pointer != NULL)
		*pointer = &nh->info;
	return NO_ERROR;
}

DWORD
RtmFindNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_INFO *NextHopInfo,
               RTM_NEXTHOP_HANDLE *NextHopHandle, RTM_NEXTHOP_INFO **NextHopPointer)
{
	RTM_CALL(RtmRegHandle, find(ent, NextHopInfo, NextHopHandle, NextHopPointer));
}

static DWORD
delete_nexthop(struct rtm_entity *ent, HANDLE handle, const RTM_NEXTHOP_INFO *info)
{
	struct rtm_nexthop *nh;
	DWORD err;

	if (handle == NULL && info == NULL)
		return ERROR_INVALID_PARAMETER;
	if (handle != NULL) {
		nh = find_nexthop(ent, handle);
		if (nh == NULL)
			return ERROR_INVALID_HANDLE;
		if (nh->owner != ent)
			return ERROR_ACCESS_DENIED;
		err = nh->deleted ? ERROR_NOT_FOUND : NO_ERROR;
	} else {
		err = find_by_info(ent, info, &nh);
	}
	if (err == NO_ERROR)
		err = rtm_gate_nexthop(ent->table, nh, true);
	if (err != NO_ERROR)
		return err;
	rtm_take(ent->table, RTM_KIND_NEXTHOP, handle);
	rtm_nexthop_delete(ent->table, nh);
	return NO_ERROR;
}

DWORD
RtmDeleteNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                 RTM_NEXTHOP_INFO *NextHopInfo)
{
	RTM_CALL(RtmRegHandle, delete_nexthop(ent, NextHopHandle, NextHopInfo));
}

/* ---- information ------------------------------------------------------------------------- */

static DWORD
get_info(struct rtm_entity *ent, HANDLE handle, RTM_NEXTHOP_INFO *out)
{
	struct rtm_table *t = ent->table;
	struct rtm_nexthop *nh;
	DWORD err;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	nh = find_nexthop(ent, handle);
	if (nh == NULL)
		return ERROR_INVALID_HANDLE;
	err = rtm_gate_nexthop(t, nh, false);
	if (err != NO_ERROR)
		return err;
	*out = nh->info;
	rtm_give(t, RTM_KIND_ENTITY, nh->owner->slot);
	rtm_give(t, RTM_KIND_DEST, nh->remote);
	return NO_ERROR;
}

DWORD
RtmGetNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                  RTM_NEXTHOP_INFO *NextHopInfo)
{
	RTM_CALL(RtmRegHandle, get_info(ent, NextHopHandle, NextHopInfo));
}

static DWORD
release_info(struct rtm_entity *ent, const RTM_NEXTHOP_INFO *info)
{
	struct rtm_table *t = ent->table;

	if (info == NULL || slab_contains(&t->slab[RTM_KIND_NEXTHOP], info))
		return ERROR_INVALID_PARAMETER;
	if (!rtm_take(t, RTM_KIND_ENTITY, info->NextHopOwner))
		return ERROR_INVALID_HANDLE;
	if (!rtm_take(t, RTM_KIND_DEST, info->RemoteNextHop)) {
		rtm_untake(t, RTM_KIND_ENTITY, info->NextHopOwner);
		return ERROR_INVALID_HANDLE;
	}
	rtm_collect(t, RTM_KIND_ENTITY, info->NextHopOwner);
	rtm_collect(t, RTM_KIND_DEST, info->RemoteNextHop);
	return NO_ERROR;
}

DWORD
RtmReleaseNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_INFO *NextHopInfo)
{
	RTM_CALL(RtmRegHandle, release_info(ent, NextHopInfo));
}

DWORD
RtmReleaseNextHops(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumNextHops,
                   RTM_NEXTHOP_HANDLE *NextHopHandles)
{
	RTM_CALL(RtmRegHandle,
	         rtm_release_array(ent, RTM_KIND_NEXTHOP, NumNextHops, NextHopHandles));
}

/* ---- in place ---------------------------------------------------------------------------- */

static DWORD
get_pointer(const struct rtm_entity *ent, HANDLE handle, RTM_NEXTHOP_INFO **out)
{
	struct rtm_nexthop *nh;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	nh = find_nexthop(ent, handle);
	if (nh == NULL)
		return ERROR_INVALID_HANDLE;
	if (nh->owner != ent)
		return ERROR_ACCESS_DENIED;
	*out = &nh->info;
	return NO_ERROR;
}

DWORD
RtmGetNextHopPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                     RTM_NEXTHOP_INFO **NextHopPointer)
{
	RTM_CALL(RtmRegHandle, get_pointer(ent, NextHopHandle, NextHopPointer));
}

/* The end of an exclusive lock commits; illegal contents are refused and the lock stays. */
static DWORD
unlock(struct rtm_entity *ent, struct rtm_nexthop *nh, bool exclusive)
{
	struct rtm_holder *holder = rtm_lock_of_nexthop(ent, nh);
	DWORD err = rtm_unlock_check(holder, exclusive);
	uint32_t remote;

	if (err != NO_ERROR)
		return err;
	if (exclusive) {
		err = find_remote(ent, &nh->info, &remote);
		if (err != NO_ERROR)
			return err;
		if ((nh->info.Flags & ~KNOWN_FLAGS) != 0)
			return ERROR_INVALID_PARAMETER;
		rtm_nexthop_set(ent->table, nh, nh->info.Flags, nh->info.EntitySpecificInfo,
		                remote);
	}
	rtm_unlock(ent->table, holder);
	return NO_ERROR;
}

static DWORD
lock_nexthop(struct rtm_entity *ent, HANDLE handle, bool exclusive, bool lock,
             RTM_NEXTHOP_INFO **out)
{
	struct rtm_nexthop *nh = find_nexthop(ent, handle);
	DWORD err;

	if (nh == NULL)
		return ERROR_INVALID_HANDLE;
	if (nh->owner != ent)
		return ERROR_ACCESS_DENIED;
	if (!lock)
		return unlock(ent, nh, exclusive);
	if (nh->deleted)
		return ERROR_NOT_FOUND;
	err = rtm_lock_nexthop(ent, nh, exclusive);
	if (err == NO_ERROR && out != NULL)
		*out = &nh->info;
	return err;
}

DWORD
RtmLockNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle, BOOL Exclusive,
               BOOL LockNextHop, RTM_NEXTHOP_INFO **NextHopPointer)
{
	RTM_CALL(RtmRegHandle, lock_nexthop(ent, NextHopHandle, Exclusive != FALSE,
	                                    LockNextHop != FALSE, NextHopPointer));
}
