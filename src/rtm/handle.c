/*
 * One chapter: references that clients hold.
 *
 * A record counts all its client references together, whoever holds them; what the
 * manager itself holds is counted apart, so a client that releases too often is told
 * so and breaks nothing. A handle is good as long as the count is not 0: a client
 * that has given its last reference back has no handle any more, even where the
 * route stays in the table.
 *
 * Releasing an array is all or nothing [RTM G7], and the same handle may be in it
 * twice. So a release has two steps: take every reference away, and give them back
 * if one was missing; then free what nobody holds.
 */
#include "rtm_int.h"

static bool
is_counted(unsigned kind)
{
	return kind >= RTM_KIND_ENTITY && kind <= RTM_KIND_NEXTHOP;
}

void
rtm_untake(struct rtm_table *t, enum rtm_kind kind, HANDLE handle)
{
	struct slot_head *head;

	if (handle == NULL)
		return;
	head = slab_at(&t->slab[kind], handle_slot(handle));
	head->refs++;
	t->client_refs++;
}

void
rtm_collect(struct rtm_table *t, enum rtm_kind kind, HANDLE handle)
{
	struct slot_head *head;

	if (handle == NULL)
		return;
	head = handle_find(&t->slab[kind], handle);
	if (head == NULL || head->refs != 0)
		return;
	switch (kind) {
	case RTM_KIND_ENTITY:
		rtm_entity_collect(t, (struct rtm_entity *)head);
		break;
	case RTM_KIND_DEST:
		rtm_dest_collect(t, handle_slot(handle));
		break;
	case RTM_KIND_ROUTE:
		rtm_route_collect(t, handle_slot(handle));
		break;
	case RTM_KIND_NEXTHOP:
		rtm_nexthop_collect(t, (struct rtm_nexthop *)head);
		break;
	default:
		break;
	}
}

bool
rtm_reference(struct rtm_table *t, HANDLE handle)
{
	unsigned kind = handle_kind(handle);
	struct slot_head *head;

	if (!is_counted(kind))
		return false;
	head = kind == RTM_KIND_ENTITY ? (struct slot_head *)rtm_find_entity(t, handle)
	                               : rtm_find(t, kind, handle);
	if (head == NULL)
		return false;
	head->refs++;
	t->client_refs++;
	return true;
}

DWORD
rtm_release_array(struct rtm_entity *ent, enum rtm_kind kind, UINT count, HANDLE *handles)
{
	struct rtm_table *t = ent->table;

	if (count != 0 && handles == NULL)
		return ERROR_INVALID_PARAMETER;
	t->loose = false;
	for (UINT i = 0; i < count; i++) {
		if (handles[i] != NULL && rtm_take(t, kind, handles[i]))
			continue;
		while (i-- > 0)
			rtm_untake(t, kind, handles[i]);
		return ERROR_INVALID_HANDLE;
	}
	for (UINT i = 0; t->loose && i < count; i++)
		rtm_collect(t, kind, handles[i]);
	return NO_ERROR;
}
