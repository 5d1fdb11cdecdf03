/*
 * One chapter: entities come and go.
 *
 * An entity record outlives its registration as long as a path, a next hop, a piece
 * of news or a client holds it. Deregistration takes everything with it [RTM K36]:
 * locks, enumerations, notifications, lists, routes (without hold-down), next hops.
 * The routes of an entity are not linked together, which saves eight bytes on each;
 * they are found by a pass over the records that ends as soon as the last is seen.
 *
 * When the last entity of a table has gone, so have all clients, and all records are
 * freed at once.
 */
#include "rtm_int.h"

#include <string.h>

#include "base/alloc.h"

static bool
is_same_identity(const RTM_ENTITY_INFO *a, const RTM_ENTITY_INFO *b)
{
	return a->EntityId.EntityProtocolId == b->EntityId.EntityProtocolId &&
	       a->EntityId.EntityInstanceId == b->EntityId.EntityInstanceId;
}

static bool
is_registered(const struct rtm_table *t, const RTM_ENTITY_INFO *info)
{
	LIST_EACH(it, &t->entities)
		if (is_same_identity(&LIST_OF(it, struct rtm_entity, link)->info, info))
			return true;
	return false;
}

static void
init_lists(struct rtm_entity *ent)
{
	list_init(&ent->link);
	list_init(&ent->enums);
	list_init(&ent->lists);
	list_init(&ent->notifies);
	list_init(&ent->locks);
	list_init(&ent->running);
	list_init(&ent->ready);
	list_init(&ent->expired);
	list_init(&ent->signals);
	list_init(&ent->came.link);
	list_init(&ent->went.link);
	ent->came.who = ent->went.who = ent;
	ent->came.what = RTM_ENTITY_REGISTERED;
	ent->went.what = RTM_ENTITY_DEREGISTERED;
}

static bool
copy_methods(struct rtm_entity *ent, const RTM_ENTITY_EXPORT_METHODS *methods)
{
	if (methods == NULL || methods->NumMethods == 0)
		return true;
	ent->methods = mem_calloc(methods->NumMethods, sizeof *ent->methods);
	if (ent->methods == NULL)
		return false;
	memcpy(ent->methods, methods->Methods, methods->NumMethods * sizeof *ent->methods);
	ent->num_methods = methods->NumMethods;
	return true;
}

DWORD
rtm_entity_register(struct rtm_table *t, const RTM_ENTITY_INFO *info,
                    const RTM_ENTITY_EXPORT_METHODS *methods, RTM_EVENT_CALLBACK callback,
                    bool opaque, struct rtm_entity **out)
{
	struct rtm_entity *ent;
	uint32_t slot;
	int column = -1;

	if (is_registered(t, info))
		return ERROR_ALREADY_EXISTS;
	slot = slab_alloc(&t->slab[RTM_KIND_ENTITY]);
	if (slot == 0)
		return ERROR_NOT_ENOUGH_MEMORY;
	ent = rtm_entity_at(t, slot);
	if (!copy_methods(ent, methods)) {
		slab_free(&t->slab[RTM_KIND_ENTITY], slot);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	if (opaque && (column = rtm_opaque_reserve(t)) < 0) {
		mem_free(ent->methods);
		slab_free(&t->slab[RTM_KIND_ENTITY], slot);
		return ERROR_NO_SYSTEM_RESOURCES;
	}
	init_lists(ent);
	ent->slot = slot;
	ent->table = t;
	ent->info = *info;
	ent->callback = callback;
	ent->opaque = column;
	ent->registered = true;
	list_insert(&t->entities, &ent->link);
	t->num_entities++;
	rtm_news_post(t, &ent->came);
	*out = ent;
	return NO_ERROR;
}

/* ---- deregistration ------------------------------------------------------------------ */

static void
delete_routes(struct rtm_table *t, struct rtm_entity *ent)
{
	const struct slab *slab = &t->slab[RTM_KIND_ROUTE];
	bool best;

	for (uint32_t slot = 1; ent->num_routes != 0 && slot < slab->fresh; slot++) {
		struct rtm_route *route = rtm_route_at(t, slot);

		if ((route->head.gen & SLOT_LIVE) != 0 &&
		    (route->flags & ROUTE_IN_TABLE) != 0 &&
		    rtm_path_of(t, route)->owner == ent->slot)
			rtm_route_delete(t, slot, false, &best);
	}
}

static void
end_all(struct rtm_table *t, struct rtm_entity *ent)
{
	rtm_unlock_all(ent);
	LIST_EACH_SAFE(it, &ent->enums)
		rtm_enum_free(t, LIST_OF(it, struct rtm_enum, link));
	LIST_EACH_SAFE(it, &ent->notifies)
		rtm_notify_deregister(t, LIST_OF(it, struct rtm_notify, link));
	LIST_EACH_SAFE(it, &ent->lists)
		rtm_list_free(t, LIST_OF(it, struct rtm_list, link));
}

static void
delete_nexthops(struct rtm_table *t, struct rtm_entity *ent)
{
	struct tree_node *node;

	while ((node = tree_first(&ent->nexthops)) != NULL)
		rtm_nexthop_delete(t, TREE_OF(node, struct rtm_nexthop, node));
}

void
rtm_entity_deregister(struct rtm_entity *ent)
{
	struct rtm_table *t = ent->table;

	ent->pins++;
	end_all(t, ent);
	delete_routes(t, ent);
	delete_nexthops(t, ent);
	ent->registered = false;
	t->last_handle = NULL;
	rtm_opaque_release(t, ent->opaque);
	ent->opaque = -1;
	list_remove(&ent->link);
	list_remove(&ent->ready);
	t->num_entities--;
	rtm_news_forget(ent);
	rtm_news_post(t, &ent->went);
	rtm_entity_unpin(t, ent);
	rtm_table_empty(t);
	lock_wake(&t->lock); /* whoever waits for it finds it gone */
}

void
rtm_entity_collect(struct rtm_table *t, struct rtm_entity *ent)
{
	if (ent->registered || ent->head.refs != 0 || ent->pins != 0)
		return;
	mem_free(ent->methods);
	slab_free(&t->slab[RTM_KIND_ENTITY], ent->slot);
}

void
rtm_entity_unpin(struct rtm_table *t, struct rtm_entity *ent)
{
	ent->pins--;
	rtm_entity_collect(t, ent);
}

/* ---- the end of a table ---------------------------------------------------------------- */

static void *
live_at(const struct slab *slab, uint32_t slot)
{
	struct slot_head *head = slab_at(slab, slot);

	return (head->gen & SLOT_LIVE) != 0 ? head : NULL;
}

/* By now only what clients held on to is left, and what was held down. */
void
rtm_records_free(struct rtm_table *t)
{
	for (uint32_t i = 1; i < t->paths.fresh; i++) {
		struct rtm_path *path = live_at(&t->paths, i);

		if (path != NULL && path->hops > PATH_INLINE)
			mem_free(path->hop.away);
	}
	for (uint32_t i = 1; i < t->route_extras.fresh; i++) {
		struct rtm_route_extra *extra = live_at(&t->route_extras, i);

		if (extra != NULL)
			mem_free(extra->shadow);
	}
	for (uint32_t i = 1; i < t->dest_extras.fresh; i++) {
		struct rtm_dest_extra *extra = live_at(&t->dest_extras, i);
		struct rtm_dest *dest = extra != NULL ? rtm_dest_at(t, extra->dest) : NULL;

		if (dest != NULL && (dest->flags & DEST_IN_TABLE) != 0)
			index_remove(t->index, dest->addr, dest->len);
	}
	for (uint32_t i = 1; i < t->slab[RTM_KIND_ENTITY].fresh; i++) {
		struct rtm_entity *ent = live_at(&t->slab[RTM_KIND_ENTITY], i);

		if (ent != NULL)
			mem_free(ent->methods);
	}
}
