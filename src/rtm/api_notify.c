/*
 * One chapter: the door, part six: change notification.
 */
#include "rtm_int.h"

#define TYPES (RTM_CHANGE_TYPE_ALL | RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING)

static struct rtm_notify *
find_notify(const struct rtm_entity *ent, HANDLE handle)
{
	struct rtm_notify *reg = rtm_find(ent->table, RTM_KIND_NOTIFY, handle);

	return reg != NULL && reg->entity == ent ? reg : NULL;
}

/* A registration of the caller's and a destination. */
static DWORD
find_both(const struct rtm_entity *ent, HANDLE notify, HANDLE dest, struct rtm_notify **reg)
{
	*reg = find_notify(ent, notify);
	if (*reg == NULL || rtm_find(ent->table, RTM_KIND_DEST, dest) == NULL)
		return ERROR_INVALID_HANDLE;
	return NO_ERROR;
}

/* ---- registration ------------------------------------------------------------------------ */

static DWORD
register_for(struct rtm_entity *ent, RTM_VIEW_SET asked, RTM_NOTIFY_FLAGS flags, PVOID context,
             HANDLE *out)
{
	struct rtm_table *t = ent->table;
	struct rtm_notify *reg;
	uint32_t views;
	DWORD err;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	if (rtm_turn_inside(RTM_CHANGE_NOTIFICATION))
		return ERROR_POSSIBLE_DEADLOCK;
	if ((flags & TYPES) == 0 || (flags & ~(TYPES | RTM_NOTIFY_ONLY_MARKED_DESTS)) != 0)
		return ERROR_INVALID_PARAMETER;
	err = rtm_views_of(t, asked, &views);
	if (err != NO_ERROR)
		return err;
	err = rtm_notify_register(ent, views != 0 ? views : t->limits.views, views, flags,
	                          context, &reg);
	if (err == NO_ERROR)
		*out = rtm_name(t, RTM_KIND_NOTIFY, reg->slot);
	return err;
}

DWORD
RtmRegisterForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews,
                                 RTM_NOTIFY_FLAGS NotifyFlags, PVOID NotifyContext,
                                 RTM_NOTIFY_HANDLE *NotifyHandle)
{
	RTM_CALL(RtmRegHandle,
	         register_for(ent, TargetViews, NotifyFlags, NotifyContext, NotifyHandle));
}

static DWORD
deregister(struct rtm_entity *ent, HANDLE handle)
{
	struct rtm_notify *reg = find_notify(ent, handle);

	if (reg == NULL)
		return ERROR_INVALID_HANDLE;
	rtm_notify_deregister(ent->table, reg);
	return NO_ERROR;
}

DWORD
RtmDeregisterFromChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                    RTM_NOTIFY_HANDLE NotifyHandle)
{
	RTM_CALL(RtmRegHandle, deregister(ent, NotifyHandle));
}

/* ---- the queue --------------------------------------------------------------------------- */

static DWORD
take_changes(struct rtm_table *t, struct rtm_notify *reg, UINT *count, RTM_DEST_INFO *out)
{
	UINT found = 0;
	uint32_t dest;
	DWORD err;

	for (; found < *count && reg->count != 0; found++) {
		dest = reg->first;
		err = rtm_gate_peek_dest(t, dest, false);
		if (err != NO_ERROR && found == 0)
			return rtm_gate_wait(t, err);
		if (err != NO_ERROR)
			break;
		rtm_dest_info(t, reg->entity, dest, RTM_BEST_PROTOCOL, reg->shown, out);
		out = RTM_NEXT_DEST_INFO(out);
		rtm_notify_remove(reg, dest);
		rtm_dest_unpin(t, dest);
	}
	*count = found;
	return found != 0 ? NO_ERROR : ERROR_NO_MORE_ITEMS;
}

static DWORD
get_changed(struct rtm_entity *ent, HANDLE handle, UINT *count, RTM_DEST_INFO *out)
{
	struct rtm_notify *reg;

	if (count == NULL || out == NULL)
		return ERROR_INVALID_PARAMETER;
	reg = find_notify(ent, handle);
	if (reg == NULL)
		return ERROR_INVALID_HANDLE;
	if (*count == 0 || *count > ent->table->limits.max_handles_in_enum)
		return ERROR_INVALID_PARAMETER;
	return take_changes(ent->table, reg, count, out);
}

DWORD
RtmGetChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                   UINT *NumDests, RTM_DEST_INFO *ChangedDests)
{
	RTM_CALL(RtmRegHandle, get_changed(ent, NotifyHandle, NumDests, ChangedDests));
}

static DWORD
release_changed(struct rtm_entity *ent, HANDLE handle, UINT count, RTM_DEST_INFO *infos)
{
	if (count != 0 && infos == NULL)
		return ERROR_INVALID_PARAMETER;
	if (find_notify(ent, handle) == NULL)
		return ERROR_INVALID_HANDLE;
	return rtm_dest_info_release(ent->table, count, infos);
}

DWORD
RtmReleaseChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                       UINT NumDests, RTM_DEST_INFO *ChangedDests)
{
	RTM_CALL(RtmRegHandle, release_changed(ent, NotifyHandle, NumDests, ChangedDests));
}

static DWORD
ignore_changed(struct rtm_entity *ent, HANDLE handle, UINT count, HANDLE *dests)
{
	struct rtm_table *t = ent->table;
	struct rtm_notify *reg;

	if (count != 0 && dests == NULL)
		return ERROR_INVALID_PARAMETER;
	reg = find_notify(ent, handle);
	if (reg == NULL)
		return ERROR_INVALID_HANDLE;
	for (UINT i = 0; i < count; i++)
		if (rtm_find(t, RTM_KIND_DEST, dests[i]) == NULL)
			return ERROR_INVALID_HANDLE;
	for (UINT i = 0; i < count; i++)
		if (rtm_notify_remove(reg, handle_slot(dests[i])))
			rtm_dest_unpin(t, handle_slot(dests[i]));
	return NO_ERROR;
}

DWORD
RtmIgnoreChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                      UINT NumDests, RTM_DEST_HANDLE *ChangedDests)
{
	RTM_CALL(RtmRegHandle, ignore_changed(ent, NotifyHandle, NumDests, ChangedDests));
}

static DWORD
change_status(const struct rtm_entity *ent, HANDLE handle, HANDLE dest, BOOL *out)
{
	struct rtm_notify *reg;
	DWORD err;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	err = find_both(ent, handle, dest, &reg);
	if (err == NO_ERROR)
		*out = rtm_notify_pending(reg, handle_slot(dest));
	return err;
}

DWORD
RtmGetChangeStatus(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                   RTM_DEST_HANDLE DestHandle, BOOL *ChangeStatus)
{
	RTM_CALL(RtmRegHandle, change_status(ent, NotifyHandle, DestHandle, ChangeStatus));
}

/* ---- marks ------------------------------------------------------------------- */

static DWORD
mark_dest(struct rtm_entity *ent, HANDLE handle, HANDLE dest, bool mark)
{
	struct rtm_notify *reg;
	DWORD err = find_both(ent, handle, dest, &reg);

	return err != NO_ERROR ? err
	                       : rtm_notify_mark(ent->table, reg, handle_slot(dest), mark);
}

DWORD
RtmMarkDestForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                 RTM_DEST_HANDLE DestHandle, BOOL MarkDest)
{
	RTM_CALL(RtmRegHandle, mark_dest(ent, NotifyHandle, DestHandle, MarkDest != FALSE));
}

static DWORD
is_marked(const struct rtm_entity *ent, HANDLE handle, HANDLE dest, BOOL *out)
{
	struct rtm_notify *reg;
	DWORD err;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	err = find_both(ent, handle, dest, &reg);
	if (err == NO_ERROR)
		*out = rtm_notify_marked(reg, handle_slot(dest));
	return err;
}

DWORD
RtmIsMarkedForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                 RTM_DEST_HANDLE DestHandle, BOOL *DestMarked)
{
	RTM_CALL(RtmRegHandle, is_marked(ent, NotifyHandle, DestHandle, DestMarked));
}
