/*
 * One chapter: routes and what their coming, changing and going sets off.
 *
 * A route is in the table while it is linked on its destination, in order of cost
 * (order.c); an update that leaves the cost alone leaves the place alone.
 *
 * Everything that can fail happens before anything is changed; a deletion needs no
 * memory at all. After each change the destination's best routes are compared with
 * those before, and the registrations told (notify.c).
 *
 * A deleted route that somebody still holds pins its destination.
 */
#include "rtm_int.h"

#include <string.h>

/* ---- extra ------------------------------------------------------------------------- */

static struct rtm_route_extra *
extra_at(const struct rtm_table *t, uint32_t slot)
{
	return slab_at(&t->route_extras, slot);
}

static uint32_t
extra_hash(const void *world, uint32_t slot)
{
	return chain_mix(extra_at(world, slot)->route);
}

static uint32_t *
extra_next(const void *world, uint32_t slot)
{
	return &extra_at(world, slot)->chain_next;
}

static const struct chain_ops extra_ops = { extra_hash, extra_next };

static uint32_t
extra_slot(const struct rtm_table *t, uint32_t route)
{
	uint32_t slot = chain_first(&t->route_extra_chains, chain_mix(route));

	while (extra_at(t, slot)->route != route)
		slot = extra_at(t, slot)->chain_next;
	return slot;
}

struct rtm_route_extra *
rtm_route_extra_of(const struct rtm_table *t, uint32_t slot)
{
	if ((rtm_route_at(t, slot)->flags & ROUTE_EXTRA) == 0)
		return NULL;
	return extra_at(t, extra_slot(t, slot));
}

struct rtm_route_extra *
rtm_route_extra_get(struct rtm_table *t, uint32_t slot)
{
	struct rtm_route_extra *extra = rtm_route_extra_of(t, slot);
	uint32_t at;

	if (extra != NULL)
		return extra;
	at = slab_alloc(&t->route_extras);
	if (at == 0)
		return NULL;
	extra = extra_at(t, at);
	extra->route = slot;
	list_init(&extra->expired);
	list_init(&extra->link);
	chain_add(&t->route_extra_chains, &extra_ops, t, at);
	rtm_route_at(t, slot)->flags |= ROUTE_EXTRA;
	return extra;
}

void
rtm_route_extra_tidy(struct rtm_table *t, uint32_t slot)
{
	struct rtm_route_extra *extra = rtm_route_extra_of(t, slot);
	uint32_t at;

	if (extra == NULL || extra->timer.on || !list_empty(&extra->expired) ||
	    extra->list != NULL || extra->shadow != NULL)
		return;
	at = extra_slot(t, slot);
	chain_remove(&t->route_extra_chains, &extra_ops, t, at);
	slab_free(&t->route_extras, at);
	rtm_route_at(t, slot)->flags &= (uint8_t)~ROUTE_EXTRA;
}

/* ---- consequences -------------------------------------------------------------------- */

/* The best routes of a destination, as far as a change of one route needs them: where that
 * is the only one there are no others to tell of. */
static bool
is_alone(const struct rtm_route *route)
{
	return route->prev == 0 && route->next == 0;
}

/* Views whose best route is another one than before. */
static uint32_t
best_moved(uint32_t views, const struct rtm_best *before, const struct rtm_best *after)
{
	uint32_t moved = 0;

	for (; views != 0; views &= views - 1) {
		unsigned v = (unsigned)__builtin_ctz(views);

		if (before->route[v] != after->route[v])
			moved |= 1u << v;
	}
	return moved;
}

static struct rtm_change
all_of(uint32_t views)
{
	return (struct rtm_change){ .all = views, .best = views, .forwarding = views };
}

/* What an addition or a deletion did: the best routes are others in these views. */
static struct rtm_change
compare_best(struct rtm_table *t, uint32_t dest, const struct rtm_best *before,
             uint32_t touched)
{
	struct rtm_change change = { .all = touched };
	struct rtm_best after;

	rtm_best_of(t, dest, touched, &after);
	change.best = change.forwarding = best_moved(touched, before, &after);
	return change;
}

/* The destination has changed: note when, and tell. */
static void
conclude(struct rtm_table *t, uint32_t dest, const struct rtm_change *change)
{
	rtm_dest_at(t, dest)->changed = t->now;
	if (t->num_notifies != 0)
		rtm_notify_change(t, dest, change);
}

DWORD
rtm_route_add(struct rtm_table *t, uint32_t dest, const struct rtm_key *key,
              const struct rtm_spec *spec, uint32_t *out, bool *best)
{
	struct rtm_best before;
	struct rtm_change change;
	struct rtm_route *route;
	struct rtm_dest *at;
	uint32_t path, slot;
	bool alone;
	DWORD err;

	if (!slab_reserve(&t->slab[RTM_KIND_ROUTE]) ||
	    !(dest != 0 ? rtm_order_reserve(t, dest) : rtm_dest_reserve(t)))
		return ERROR_NOT_ENOUGH_MEMORY;
	path = rtm_path_get(t, spec);
	if (path == 0)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (dest == 0) {
		err = rtm_dest_enter(t, key, &dest);
		if (err != NO_ERROR) {
			rtm_path_put(t, path);
			return err;
		}
	}
	at = rtm_dest_at(t, dest);
	alone = at->routes == 0;
	if (!alone)
		rtm_best_of(t, dest, spec->views, &before);
	slot = slab_alloc(&t->slab[RTM_KIND_ROUTE]);
	route = rtm_route_at(t, slot);
	route->dest = dest;
	route->path = path;
	route->metric = spec->metric;
	route->info = spec->info;
	route->flags = ROUTE_IN_TABLE;
	rtm_order_link(t, slot);
	rtm_entity_at(t, spec->owner)->num_routes++;
	change = alone ? all_of(spec->views) : compare_best(t, dest, &before, spec->views);
	conclude(t, dest, &change);
	*best = change.best != 0;
	*out = slot;
	return NO_ERROR;
}

/* What an update changes about a route that stays where it is. */
struct difference {
	bool any, cost, hops;
	uint16_t flags;
};

static struct difference
compare(const struct rtm_table *t, const struct rtm_route *route, uint32_t path,
        const struct rtm_spec *spec)
{
	const struct rtm_path *old = rtm_path_of(t, route), *new = rtm_path_at(t, path);
	struct difference diff = {
		.cost = old->preference != new->preference || route->metric != spec->metric,
		.flags = old->flags ^ new->flags,
	};

	diff.hops = old->hops != new->hops || memcmp(rtm_path_hops(old), rtm_path_hops(new),
	                                             old->hops * sizeof(uint32_t)) != 0;
	diff.any = old != new || diff.cost || route->info != spec->info;
	return diff;
}

/* Views in which this route is and was best: its own changes count there. */
static uint32_t
best_stayed(const struct rtm_best *before, uint32_t slot, uint32_t views)
{
	uint32_t stayed = 0;

	for (; views != 0; views &= views - 1) {
		unsigned v = (unsigned)__builtin_ctz(views);

		if (before->route[v] == slot)
			stayed |= 1u << v;
	}
	return stayed;
}

DWORD
rtm_route_update(struct rtm_table *t, uint32_t slot, const struct rtm_spec *spec, bool *best)
{
	struct rtm_route *route = rtm_route_at(t, slot);
	uint32_t path = rtm_path_get(t, spec), old = route->path, touched, stayed;
	struct difference diff;
	struct rtm_change change;
	struct rtm_best before;
	bool alone;

	if (path == 0)
		return ERROR_NOT_ENOUGH_MEMORY;
	diff = compare(t, route, path, spec);
	if (!diff.any) {
		rtm_path_put(t, path);
		*best = rtm_best_views(t, slot) != 0;
		return NO_ERROR;
	}
	touched = rtm_path_at(t, old)->views | spec->views;
	stayed = rtm_path_at(t, old)->views & spec->views;
	change = all_of(touched & ~stayed);
	change.all = touched;
	alone = is_alone(route);
	if (!alone)
		rtm_best_of(t, route->dest, touched, &before);
	if (diff.cost && !alone)
		rtm_order_unlink(t, slot);
	route->path = path;
	route->metric = spec->metric;
	route->info = spec->info;
	if (diff.cost && !alone)
		rtm_order_link(t, slot);
	else if (!alone)
		rtm_order_rekey(t, slot);
	if (!alone) {
		change = compare_best(t, route->dest, &before, touched);
		stayed = best_stayed(&before, slot, touched & ~change.best);
	}
	if (diff.cost || diff.hops || diff.flags != 0)
		change.best |= stayed;
	if (diff.cost || diff.hops || (diff.flags & RTM_ROUTE_FLAGS_FORWARDING) != 0)
		change.forwarding |= stayed;
	*best = change.best != 0 || stayed != 0;
	rtm_path_put(t, old);
	rtm_shadow_refresh(t, slot);
	conclude(t, route->dest, &change);
	return NO_ERROR;
}

/* What hung on a route in the table. */
static void
leave_sides(struct rtm_table *t, uint32_t slot)
{
	struct rtm_route_extra *extra = rtm_route_extra_of(t, slot);

	if (extra == NULL)
		return;
	rtm_timer_clear(t, &extra->timer);
	list_remove(&extra->expired);
	rtm_list_move(t, slot, NULL);
	rtm_shadow_refresh(t, slot);
	rtm_route_extra_tidy(t, slot);
}

void
rtm_route_delete(struct rtm_table *t, uint32_t slot, bool hold, bool *best)
{
	struct rtm_route *route = rtm_route_at(t, slot);
	uint32_t dest = route->dest, views = rtm_path_of(t, route)->views;
	struct rtm_dest *at = rtm_dest_at(t, dest);
	bool alone = is_alone(route);
	struct rtm_change change;
	struct rtm_best before;

	if (!alone)
		rtm_best_of(t, dest, views, &before);
	rtm_order_unlink(t, slot);
	route->flags &= (uint8_t)~ROUTE_IN_TABLE;
	at->pins++; /* the deleted route's */
	rtm_entity_at(t, rtm_path_of(t, route)->owner)->num_routes--;
	if (hold && (at->flags & DEST_EXTRA) != 0)
		rtm_hold_begin(t, dest, slot, views);
	if ((route->flags & ROUTE_EXTRA) != 0)
		leave_sides(t, slot);
	change = alone ? all_of(views) : compare_best(t, dest, &before, views);
	conclude(t, dest, &change);
	*best = change.best != 0;
	rtm_dest_settle(t, dest);
	rtm_route_collect(t, slot);
}

/* ---- the end of a record ------------------------------------------------------------- */

/* A direct pointer is good as long as somebody has the handle. */
static void
drop_shadow(struct rtm_table *t, uint32_t slot)
{
	struct rtm_route_extra *extra = rtm_route_extra_of(t, slot);

	if (extra == NULL || extra->shadow == NULL || rtm_route_is_locked(t, slot))
		return;
	rtm_shadow_drop(t, extra);
	rtm_route_extra_tidy(t, slot);
}

void
rtm_route_collect(struct rtm_table *t, uint32_t slot)
{
	struct rtm_route *route = rtm_route_at(t, slot);
	uint32_t dest = route->dest;

	if (route->head.refs != 0)
		return;
	if ((route->flags & ROUTE_EXTRA) != 0)
		drop_shadow(t, slot);
	if ((route->flags & ROUTE_IN_TABLE) != 0 || route->pins != 0)
		return;
	rtm_path_put(t, route->path);
	slab_free(&t->slab[RTM_KIND_ROUTE], slot);
	rtm_dest_unpin(t, dest);
}

void
rtm_route_unpin(struct rtm_table *t, uint32_t slot)
{
	rtm_route_at(t, slot)->pins--;
	rtm_route_collect(t, slot);
}

UCHAR
rtm_route_state(const struct rtm_route *route)
{
	if ((route->flags & ROUTE_IN_TABLE) != 0)
		return RTM_ROUTE_STATE_CREATED;
	return (route->flags & ROUTE_HELD) != 0 ? RTM_ROUTE_STATE_DELETING
	                                        : RTM_ROUTE_STATE_DELETED;
}
