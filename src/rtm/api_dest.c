/*
 * One chapter: the door, part two: destinations.
 */
#include "dest_info.h"

/* Fill in what there is, if this thread may read it now. */
static inline DWORD
show(struct rtm_entity *ent, uint32_t dest, ULONG protocol, uint32_t views, RTM_DEST_INFO *out)
{
	DWORD err = rtm_gate_dest(ent->table, dest, false);

	if (err == NO_ERROR)
		rtm_dest_info(ent->table, ent, dest, protocol, views, out);
	return err;
}

/* ---- handle to information --------------------------------------------------------------- */

static DWORD
get_dest_info(struct rtm_entity *ent, HANDLE handle, ULONG protocol, RTM_VIEW_SET asked,
              RTM_DEST_INFO *out)
{
	uint32_t views;
	DWORD err;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	if (rtm_find(ent->table, RTM_KIND_DEST, handle) == NULL)
		return ERROR_INVALID_HANDLE;
	err = rtm_views_of(ent->table, asked, &views);
	if (err != NO_ERROR)
		return err;
	return show(ent, handle_slot(handle), protocol, views, out);
}

DWORD
RtmGetDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, ULONG ProtocolId,
               RTM_VIEW_SET TargetViews, RTM_DEST_INFO *DestInfo)
{
	RTM_CALL(RtmRegHandle,
	         get_dest_info(ent, DestHandle, ProtocolId, TargetViews, DestInfo));
}

static DWORD
release_infos(struct rtm_entity *ent, UINT count, RTM_DEST_INFO *infos)
{
	if (count != 0 && infos == NULL)
		return ERROR_INVALID_PARAMETER;
	return rtm_dest_info_release(ent->table, count, infos);
}

static __attribute__((noinline)) DWORD
release_info(RTM_ENTITY_HANDLE handle, RTM_DEST_INFO *info)
{
	RTM_CALL_ONCE(handle, release_infos(ent, 1, info));
}

DWORD
RtmReleaseDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_INFO *DestInfo)
{
	DWORD err = release_at_once(RtmRegHandle, DestInfo);

	return err != RTM_AGAIN ? err : release_info(RtmRegHandle, DestInfo);
}

DWORD
RtmReleaseDests(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumDests, RTM_DEST_INFO *DestInfos)
{
	RTM_CALL_ONCE(RtmRegHandle, release_infos(ent, NumDests, DestInfos));
}

/* ---- queries --------------------------------------------------------------------------- */

/* Check what the two searches by address have in common. */
static DWORD
check_query(const struct rtm_entity *ent, const RTM_NET_ADDRESS *addr, RTM_VIEW_SET asked,
            const RTM_DEST_INFO *out, struct rtm_key *key, uint32_t *views)
{
	if (addr == NULL || out == NULL || !rtm_key_of(ent->table, addr, key))
		return ERROR_INVALID_PARAMETER;
	return rtm_views_of(ent->table, asked, views);
}

static DWORD
get_exact(struct rtm_entity *ent, const RTM_NET_ADDRESS *addr, ULONG protocol,
          RTM_VIEW_SET asked, RTM_DEST_INFO *out)
{
	struct rtm_key key;
	uint32_t views, dest;
	DWORD err = check_query(ent, addr, asked, out, &key, &views);

	if (err != NO_ERROR)
		return err;
	dest = rtm_dest_find(ent->table, &key);
	return dest != 0 ? rtm_dest_answer(ent, dest, protocol, views, out) : ERROR_NOT_FOUND;
}

static __attribute__((noinline)) DWORD
exact_match(RTM_ENTITY_HANDLE handle, const RTM_NET_ADDRESS *addr, ULONG protocol,
            RTM_VIEW_SET views, RTM_DEST_INFO *out)
{
	RTM_CALL(handle, get_exact(ent, addr, protocol, views, out));
}

DWORD
RtmGetExactMatchDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NET_ADDRESS *DestAddress,
                            ULONG ProtocolId, RTM_VIEW_SET TargetViews, RTM_DEST_INFO *DestInfo)
{
	DWORD err = exact_at_once(RtmRegHandle, DestAddress, ProtocolId, TargetViews, DestInfo);

	return err != RTM_AGAIN
	           ? err
	           : exact_match(RtmRegHandle, DestAddress, ProtocolId, TargetViews, DestInfo);
}

static DWORD
get_most_specific(struct rtm_entity *ent, const RTM_NET_ADDRESS *addr, ULONG protocol,
                  RTM_VIEW_SET asked, RTM_DEST_INFO *out)
{
	struct rtm_key key;
	uint32_t views, dest;
	DWORD err = check_query(ent, addr, asked, out, &key, &views);

	if (err != NO_ERROR)
		return err;
	dest = rtm_dest_match(ent->table, key.addr, key.len, views);
	return dest != 0 ? rtm_dest_answer(ent, dest, protocol, views, out) : ERROR_NOT_FOUND;
}

static __attribute__((noinline)) DWORD
longest_match(RTM_ENTITY_HANDLE handle, const RTM_NET_ADDRESS *addr, ULONG protocol,
              RTM_VIEW_SET views, RTM_DEST_INFO *out)
{
	RTM_CALL(handle, get_most_specific(ent, addr, protocol, views, out));
}

DWORD
RtmGetMostSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NET_ADDRESS *DestAddress,
                              ULONG ProtocolId, RTM_VIEW_SET TargetViews,
                              RTM_DEST_INFO *DestInfo)
{
	DWORD err =
	    longest_at_once(RtmRegHandle, DestAddress, ProtocolId, TargetViews, DestInfo);

	return err != RTM_AGAIN ? err
	                        : longest_match(RtmRegHandle, DestAddress, ProtocolId,
	                                        TargetViews, DestInfo);
}

static DWORD
get_less_specific(struct rtm_entity *ent, HANDLE handle, ULONG protocol, RTM_VIEW_SET asked,
                  RTM_DEST_INFO *out)
{
	const struct rtm_dest *from;
	uint32_t views, dest;
	DWORD err;

	if (handle == NULL || out == NULL)
		return ERROR_INVALID_PARAMETER;
	from = rtm_find(ent->table, RTM_KIND_DEST, handle);
	if (from == NULL)
		return ERROR_INVALID_HANDLE;
	err = rtm_views_of(ent->table, asked, &views);
	if (err != NO_ERROR)
		return err;
	if (from->len == 0)
		return ERROR_NOT_FOUND;
	dest = rtm_dest_match(ent->table, from->addr, from->len - 1u, views);
	return dest != 0 ? show(ent, dest, protocol, views, out) : ERROR_NOT_FOUND;
}

DWORD
RtmGetLessSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                              ULONG ProtocolId, RTM_VIEW_SET TargetViews,
                              RTM_DEST_INFO *DestInfo)
{
	RTM_CALL(RtmRegHandle,
	         get_less_specific(ent, DestHandle, ProtocolId, TargetViews, DestInfo));
}

/* ---- hold-down, locks and opaque pointers ------------------------------------ */

static DWORD
hold_dest(struct rtm_entity *ent, HANDLE handle, RTM_VIEW_SET asked, ULONG ms)
{
	struct rtm_table *t = ent->table;
	uint32_t views;
	DWORD err;

	if (rtm_find(t, RTM_KIND_DEST, handle) == NULL)
		return ERROR_INVALID_HANDLE;
	if (ms == 0 || rtm_views_of(t, asked, &views) != NO_ERROR)
		return ERROR_INVALID_PARAMETER;
	err = rtm_gate_dest(t, handle_slot(handle), true);
	if (err != NO_ERROR)
		return err;
	return rtm_hold_mark(t, handle_slot(handle), views != 0 ? views : t->limits.views, ms);
}

DWORD
RtmHoldDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                   RTM_VIEW_SET TargetViews, ULONG HoldTime)
{
	RTM_CALL(RtmRegHandle, hold_dest(ent, DestHandle, TargetViews, HoldTime));
}

static DWORD
lock_dest(struct rtm_entity *ent, HANDLE handle, bool exclusive, bool lock)
{
	struct rtm_table *t = ent->table;
	struct rtm_holder *holder;
	DWORD err;

	if (rtm_find(t, RTM_KIND_DEST, handle) == NULL)
		return ERROR_INVALID_HANDLE;
	if (lock)
		return rtm_lock_dest(ent, handle_slot(handle), 0, exclusive);
	holder = rtm_lock_of_dest(ent, handle_slot(handle), 0);
	err = rtm_unlock_check(holder, exclusive);
	if (err == NO_ERROR)
		rtm_unlock(t, holder);
	return err;
}

DWORD
RtmLockDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, BOOL Exclusive,
                   BOOL LockDest)
{
	RTM_CALL(RtmRegHandle,
	         lock_dest(ent, DestHandle, Exclusive != FALSE, LockDest != FALSE));
}

static DWORD
get_opaque(struct rtm_entity *ent, HANDLE handle, PVOID *out)
{
	void **slot;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	if (rtm_find(ent->table, RTM_KIND_DEST, handle) == NULL)
		return ERROR_INVALID_HANDLE;
	if (ent->opaque < 0)
		return ERROR_NOT_FOUND;
	slot = rtm_opaque_slot(ent->table, ent->opaque, handle_slot(handle));
	if (slot == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	*out = slot;
	return NO_ERROR;
}

DWORD
RtmGetOpaqueInformationPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                               PVOID *OpaqueInfoPointer)
{
	RTM_CALL(RtmRegHandle, get_opaque(ent, DestHandle, OpaqueInfoPointer));
}
