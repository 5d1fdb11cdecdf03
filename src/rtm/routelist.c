/*
 * One chapter: private sets of routes.
 *
 * A route is in at most one list; its place is in the route's extra record. An
 * enumeration of a list stands at the next member to be returned: when that one
 * leaves, it stands at the one behind, so members already returned can be moved away
 * without disturbing it [RTM RtmGetListEnumRoutes]. One that stands at the end sees
 * what is appended later.
 */
#include "rtm_int.h"

struct rtm_list *
rtm_list_new(struct rtm_entity *ent)
{
	struct rtm_table *t = ent->table;
	uint32_t slot = slab_alloc(&t->slab[RTM_KIND_LIST]);
	struct rtm_list *list;

	if (slot == 0)
		return NULL;
	list = slab_at(&t->slab[RTM_KIND_LIST], slot);
	list->head.refs = 1;
	list->slot = slot;
	list->entity = ent;
	list_init(&list->routes);
	list_init(&list->enums);
	list_insert(&ent->lists, &list->link);
	return list;
}

static void
leave(struct rtm_route_extra *extra)
{
	LIST_EACH(it, &extra->list->enums) {
		struct rtm_enum *en = LIST_OF(it, struct rtm_enum, list_link);

		if (en->at == &extra->link)
			en->at = extra->link.next;
	}
	list_remove(&extra->link);
	extra->list = NULL;
}

static void
join(struct rtm_route_extra *extra, struct rtm_list *list)
{
	list_insert(&list->routes, &extra->link);
	extra->list = list;
	LIST_EACH(it, &list->enums) {
		struct rtm_enum *en = LIST_OF(it, struct rtm_enum, list_link);

		if (en->at == &list->routes)
			en->at = &extra->link;
	}
}

void
rtm_list_move(struct rtm_table *t, uint32_t route, struct rtm_list *list)
{
	struct rtm_route_extra *extra = rtm_route_extra_of(t, route);

	if (extra == NULL)
		return;
	if (extra->list != NULL)
		leave(extra);
	if (list != NULL)
		join(extra, list);
	else
		rtm_route_extra_tidy(t, route);
}

void
rtm_list_free(struct rtm_table *t, struct rtm_list *list)
{
	while (!list_empty(&list->routes))
		rtm_list_move(
		    t, LIST_OF(list->routes.next, struct rtm_route_extra, link)->route, NULL);
	LIST_EACH_SAFE(it, &list->enums) {
		LIST_OF(it, struct rtm_enum, list_link)->list = NULL;
		list_remove(it);
	}
	list_remove(&list->link);
	slab_free(&t->slab[RTM_KIND_LIST], list->slot);
}
