/*
 * One chapter: the door, part one: registration and entity handles.
 *
 * Every function of the door looks at its registration handle first, then at
 * pointers, other handles, ownership, values [RTM G5], under the lock of one table.
 */
#include "rtm_int.h"

static bool
inside_entity_event(void)
{
	return rtm_turn_inside(RTM_ENTITY_REGISTERED) ||
	       rtm_turn_inside(RTM_ENTITY_DEREGISTERED);
}

static bool
methods_make_sense(const RTM_ENTITY_EXPORT_METHODS *methods)
{
	if (methods == NULL)
		return true;
	if (methods->NumMethods > 32)
		return false;
	for (UINT i = 0; i < methods->NumMethods; i++)
		if (methods->Methods[i] == NULL)
			return false;
	return true;
}

static void
show_profile(const struct rtm_table *t, RTM_REGN_PROFILE *out)
{
	out->MaxNextHopsInRoute = t->limits.max_nexthops_in_route;
	out->MaxHandlesInEnum = t->limits.max_handles_in_enum;
	out->ViewsSupported = t->limits.views;
	out->NumberOfViews = t->num_views;
}

DWORD
RtmRegisterEntity(RTM_ENTITY_INFO *RtmEntityInfo, RTM_ENTITY_EXPORT_METHODS *ExportMethods,
                  RTM_EVENT_CALLBACK EventCallback, BOOL ReserveOpaquePointer,
                  RTM_REGN_PROFILE *RtmRegProfile, RTM_ENTITY_HANDLE *RtmRegHandle)
{
	struct rtm_entity *ent;
	struct rtm_table *t;
	ULONG preference;
	DWORD err;

	if (RtmEntityInfo == NULL || RtmRegProfile == NULL || RtmRegHandle == NULL ||
	    !methods_make_sense(ExportMethods))
		return ERROR_INVALID_PARAMETER;
	if (inside_entity_event())
		return ERROR_POSSIBLE_DEADLOCK;
	err = rtm_table_get(RtmEntityInfo->RtmInstanceId, RtmEntityInfo->AddressFamily, &t);
	if (err != NO_ERROR)
		return err;
	preference = rtm_preference_of(RtmEntityInfo->EntityId.EntityProtocolId);
	rtm_enter_table(t);
	err = rtm_entity_register(t, RtmEntityInfo, ExportMethods, EventCallback,
	                          ReserveOpaquePointer != FALSE, &ent);
	if (err == NO_ERROR) {
		ent->preference = preference;
		show_profile(t, RtmRegProfile);
		*RtmRegHandle = rtm_name(t, RTM_KIND_ENTITY, ent->slot);
	}
	rtm_leave(t);
	return err;
}

/* Whether another thread has locked a destination where this entity has a route. */
static bool
others_lock_mine(const struct rtm_entity *ent)
{
	const struct rtm_table *t = ent->table;
	uintptr_t me = lock_thread();

	LIST_EACH(it, &t->entities) {
		const struct rtm_entity *other = LIST_OF(it, struct rtm_entity, link);

		LIST_EACH(at, &other->locks) {
			const struct rtm_holder *holder =
			    LIST_OF(at, struct rtm_holder, entity_link);

			if (other != ent && holder->nexthop == NULL && holder->thread != me &&
			    rtm_route_equal(t, holder->dest, ent->slot, 0, true))
				return true;
		}
	}
	return false;
}

static DWORD
deregister(struct rtm_entity *ent)
{
	DWORD err;

	if (inside_entity_event())
		return ERROR_POSSIBLE_DEADLOCK;
	err = rtm_methods_finish(ent);
	if (err != NO_ERROR)
		return err;
	if ((ent->in_callback && !rtm_turn_is_mine()) || others_lock_mine(ent)) {
		lock_wait(&ent->table->lock);
		return RTM_AGAIN;
	}
	rtm_entity_deregister(ent);
	return NO_ERROR;
}

DWORD
RtmDeregisterEntity(RTM_ENTITY_HANDLE RtmRegHandle)
{
	RTM_CALL(RtmRegHandle, deregister(ent));
}

static DWORD
get_registered(struct rtm_entity *ent, UINT *count, HANDLE *handles, RTM_ENTITY_INFO *infos)
{
	struct rtm_table *t = ent->table;
	UINT room, at = 0;

	if (count == NULL)
		return ERROR_INVALID_PARAMETER;
	if (inside_entity_event())
		return ERROR_POSSIBLE_DEADLOCK;
	room = *count;
	LIST_EACH(it, &t->entities) {
		const struct rtm_entity *one = LIST_OF(it, struct rtm_entity, link);

		if (at == room)
			break;
		if (handles != NULL)
			handles[at] = rtm_give(t, RTM_KIND_ENTITY, one->slot);
		if (infos != NULL)
			infos[at] = one->info;
		at++;
	}
	*count = room != 0 ? at : t->num_entities;
	return room < t->num_entities ? ERROR_INSUFFICIENT_BUFFER : NO_ERROR;
}

DWORD
RtmGetRegisteredEntities(RTM_ENTITY_HANDLE RtmRegHandle, UINT *NumEntities,
                         RTM_ENTITY_HANDLE *EntityHandles, RTM_ENTITY_INFO *EntityInfos)
{
	RTM_CALL(RtmRegHandle, get_registered(ent, NumEntities, EntityHandles, EntityInfos));
}

DWORD
RtmReleaseEntities(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumEntities,
                   RTM_ENTITY_HANDLE *EntityHandles)
{
	RTM_CALL(RtmRegHandle,
	         rtm_release_array(ent, RTM_KIND_ENTITY, NumEntities, EntityHandles));
}

static DWORD
get_entity_info(const struct rtm_entity *ent, HANDLE handle, RTM_ENTITY_INFO *out)
{
	const struct rtm_entity *whose;

	if (out == NULL)
		return ERROR_INVALID_PARAMETER;
	whose = rtm_find_entity(ent->table, handle);
	if (whose == NULL)
		return ERROR_INVALID_HANDLE;
	*out = whose->info;
	return NO_ERROR;
}

DWORD
RtmGetEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                 RTM_ENTITY_INFO *EntityInfo)
{
	RTM_CALL(RtmRegHandle, get_entity_info(ent, EntityHandle, EntityInfo));
}

DWORD
RtmReleaseEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_INFO *EntityInfo)
{
	/* It holds no handles [RTM K14]. */
	RTM_CALL(RtmRegHandle,
	         ((void)ent, EntityInfo != NULL ? NO_ERROR : ERROR_INVALID_PARAMETER));
}

/* ---- references ------------------------------------------------------------------------ */

static DWORD
reference_handles(struct rtm_entity *ent, UINT count, HANDLE *handles)
{
	struct rtm_table *t = ent->table;

	if (count != 0 && handles == NULL)
		return ERROR_INVALID_PARAMETER;
	for (UINT i = 0; i < count; i++) {
		if (rtm_reference(t, handles[i]))
			continue;
		while (i-- > 0)
			rtm_take(t, (enum rtm_kind)handle_kind(handles[i]), handles[i]);
		return ERROR_INVALID_HANDLE;
	}
	return NO_ERROR;
}

DWORD
RtmReferenceHandles(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumHandles, HANDLE *RtmHandles)
{
	RTM_CALL(RtmRegHandle, reference_handles(ent, NumHandles, RtmHandles));
}
