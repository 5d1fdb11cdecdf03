/*
 * One chapter: walking a table that changes.
 *
 * An enumeration stands at a key, not at a record: what is added ahead of it appears,
 * what is removed does not, and nothing ever has to know of it [RTM K54]. The index's
 * cursor makes that as cheap as a pointer while nothing changes.
 *
 * Destinations are fetched in small batches, so that the memory of the next ones is on
 * its way while the first are being filled in. Where a batch cannot be finished, for a
 * lock or a full buffer, the cursor goes back to the first one left over.
 *
 * The routes of a destination are taken all at once when it is entered; those that do
 * not fit into the caller's buffer wait in a snapshot, pinned, and are left out if
 * they are deleted meanwhile.
 */
#include "rtm_int.h"

#include "base/alloc.h"

enum { BATCH = 32 };

struct batch {
	uint32_t dest[BATCH];
	unsigned len;
};

struct rtm_enum *
rtm_enum_new(struct rtm_entity *ent, enum rtm_enum_kind kind)
{
	struct rtm_table *t = ent->table;
	uint32_t slot = slab_alloc(&t->slab[RTM_KIND_ENUM]);
	struct rtm_enum *en;

	if (slot == 0)
		return NULL;
	en = slab_at(&t->slab[RTM_KIND_ENUM], slot);
	en->head.refs = 1;
	en->slot = slot;
	en->kind = kind;
	en->entity = ent;
	list_insert(&ent->enums, &en->link);
	list_init(&en->list_link);
	return en;
}

static void
drop_snapshot(struct rtm_table *t, struct rtm_enum *en)
{
	while (en->snapshot_at < en->snapshot_len)
		rtm_route_unpin(t, en->snapshot[en->snapshot_at++]);
	en->snapshot_at = en->snapshot_len = 0;
}

void
rtm_enum_free(struct rtm_table *t, struct rtm_enum *en)
{
	drop_snapshot(t, en);
	if (en->dest != 0)
		rtm_dest_unpin(t, en->dest);
	mem_free(en->snapshot);
	mem_free(en->match.hop);
	list_remove(&en->link);
	list_remove(&en->list_link);
	slab_free(&t->slab[RTM_KIND_ENUM], en->slot);
}

void
rtm_enum_start(struct rtm_table *t, struct rtm_enum *en, const struct rtm_key *key)
{
	if (key == NULL) {
		index_seek_first(&en->cursor, t->index);
		return;
	}
	index_seek(&en->cursor, t->index, key->addr, key->len, true);
	en->place = *key;
}

/* ---- batches ------------------------------------------------------------------------- */

/* Back to a destination that was fetched but not used. */
static void
step_back(struct rtm_table *t, struct rtm_enum *en, uint32_t slot)
{
	const struct rtm_dest *dest = rtm_dest_at(t, slot);

	index_seek(&en->cursor, t->index, dest->addr, dest->len, true);
	en->over = false;
}

static uint32_t
next_dest(struct rtm_enum *en)
{
	uint8_t addr[RTM_MAX_ADDRESS_SIZE];
	unsigned len;
	uint32_t slot;

	if (en->over)
		return 0;
	if (!en->ranged)
		return index_step(&en->cursor, NULL, NULL);
	slot = index_step(&en->cursor, addr, &len);
	if (slot != 0 && rtm_covers(en->range.addr, en->range.len, addr, len))
		return slot;
	en->over = slot != 0;
	return 0;
}

static void
fetch(const struct rtm_table *t, struct rtm_enum *en, unsigned want, struct batch *batch)
{
	batch->len = 0;
	if (want > BATCH)
		want = BATCH;
	while (batch->len < want) {
		uint32_t slot = next_dest(en);

		if (slot == 0)
			break;
		rtm_dest_prefetch(t, slot);
		batch->dest[batch->len++] = slot;
	}
}

/* ---- destinations -------------------------------------------------------------------- */

static bool
is_own(const struct rtm_table *t, const struct rtm_enum *en, uint32_t dest)
{
	uint32_t views = en->views != 0 ? en->views : t->limits.views;
	struct rtm_best best;

	rtm_best_of(t, dest, views, &best);
	for (; views != 0; views &= views - 1) {
		uint32_t route = best.route[__builtin_ctz(views)];

		if (route != 0 &&
		    rtm_path_of(t, rtm_route_at(t, route))->owner == en->entity->slot)
			return true;
	}
	return false;
}

static bool
shows_dest(const struct rtm_table *t, const struct rtm_enum *en, uint32_t dest)
{
	if (!rtm_dest_visible(t, rtm_dest_at(t, dest), en->views))
		return false;
	return (en->flags & RTM_ENUM_OWN_DESTS) == 0 || is_own(t, en, dest);
}

/* What to say when nothing (more) can be had: `verdict` is the gate's, or no more. */
static DWORD
finish(struct rtm_table *t, UINT found, UINT *count, DWORD verdict)
{
	if (found == 0 && verdict != ERROR_NO_MORE_ITEMS)
		return rtm_gate_wait(t, verdict);
	*count = found;
	return found != 0 ? NO_ERROR : ERROR_NO_MORE_ITEMS;
}

DWORD
rtm_enum_dests(struct rtm_table *t, struct rtm_enum *en, UINT *count, RTM_DEST_INFO *out)
{
	UINT want = *count, found = 0;
	struct batch batch;
	DWORD verdict;

	while (found < want) {
		fetch(t, en, want - found, &batch);
		if (batch.len == 0)
			break;
		for (unsigned i = 0; i < batch.len; i++) {
			uint32_t dest = batch.dest[i];

			verdict = rtm_gate_peek_dest(t, dest, false);
			if (verdict != NO_ERROR) {
				step_back(t, en, dest);
				return finish(t, found, count, verdict);
			}
			if (!shows_dest(t, en, dest))
				continue;
			rtm_dest_info(t, en->entity, dest, en->protocol, en->views, out);
			out = RTM_NEXT_DEST_INFO(out);
			found++;
		}
	}
	return finish(t, found, count, ERROR_NO_MORE_ITEMS);
}

/* ---- routes -------------------------------------------------------------------------- */

static bool
has_hop(const struct rtm_table *t, const struct rtm_match *match, const struct rtm_path *path)
{
	const uint32_t *hop = rtm_path_hops(path);

	for (unsigned i = 0; i < path->hops; i++)
		for (unsigned k = 0; k < match->hops; k++)
			if (match->hop[k] == rtm_name(t, RTM_KIND_NEXTHOP, hop[i]))
				return true;
	return false;
}

static bool
has_interface(const struct rtm_table *t, uint32_t interface, const struct rtm_path *path)
{
	const uint32_t *hop = rtm_path_hops(path);

	for (unsigned i = 0; i < path->hops; i++)
		if (rtm_nexthop_at(t, hop[i])->interface == interface)
			return true;
	return false;
}

bool
rtm_matches(const struct rtm_table *t, const struct rtm_match *match, uint32_t slot)
{
	const struct rtm_route *route = rtm_route_at(t, slot);
	const struct rtm_path *path = rtm_path_of(t, route);
	uint32_t flags = match->flags;

	if (flags == RTM_MATCH_NONE)
		return true;
	if ((flags & RTM_MATCH_OWNER) != 0 &&
	    match->owner != rtm_name(t, RTM_KIND_ENTITY, path->owner))
		return false;
	if ((flags & RTM_MATCH_NEIGHBOUR) != 0 &&
	    match->neighbour != rtm_name(t, RTM_KIND_NEXTHOP, path->neighbour))
		return false;
	if ((flags & RTM_MATCH_PREF) != 0 &&
	    (match->pref.Metric != route->metric || match->pref.Preference != path->preference))
		return false;
	if ((flags & RTM_MATCH_NEXTHOP) != 0 && !has_hop(t, match, path))
		return false;
	return (flags & RTM_MATCH_INTERFACE) == 0 || has_interface(t, match->interface, path);
}

static bool
shows_route(const struct rtm_table *t, const struct rtm_enum *en, uint32_t slot)
{
	const struct rtm_path *path = rtm_path_of(t, rtm_route_at(t, slot));

	if (en->views != 0 && (path->views & en->views) == 0)
		return false;
	if ((en->flags & RTM_ENUM_OWN_ROUTES) != 0 && path->owner != en->entity->slot)
		return false;
	return rtm_matches(t, &en->match, slot);
}

/* The routes of a destination one after the other, then the held ones, each once. */
struct walk {
	uint32_t route; /* next in the list */
	uint32_t held;  /* views still to look at */
	const struct rtm_dest_extra *extra;
};

static struct walk
walk_begin(const struct rtm_table *t, const struct rtm_enum *en, uint32_t dest)
{
	struct walk walk = { .route = rtm_dest_first(rtm_dest_at(t, dest)) };

	if (en->views == 0 && (rtm_dest_at(t, dest)->flags & DEST_HELD) != 0) {
		walk.extra = rtm_dest_extra_of(t, dest);
		walk.held = walk.extra->hold_views;
	}
	return walk;
}

static uint32_t
walk_held(struct walk *walk)
{
	while (walk->held != 0) {
		uint32_t view = (uint32_t)__builtin_ctz(walk->held);
		uint32_t route = walk->extra->held[view];
		uint32_t before = walk->extra->hold_views & ((1u << view) - 1);
		bool seen = false;

		walk->held &= walk->held - 1;
		for (; before != 0; before &= before - 1)
			seen |= walk->extra->held[__builtin_ctz(before)] == route;
		if (!seen)
			return route;
	}
	return 0;
}

static uint32_t
walk_next(const struct rtm_table *t, const struct rtm_enum *en, struct walk *walk)
{
	uint32_t route;

	while ((route = walk->route) != 0) {
		walk->route = rtm_route_at(t, route)->next;
		if (shows_route(t, en, route))
			return route;
	}
	while ((route = walk_held(walk)) != 0)
		if (shows_route(t, en, route))
			return route;
	return 0;
}

static bool
make_snapshot(struct rtm_table *t, struct rtm_enum *en, struct walk walk)
{
	struct walk count = walk;
	uint32_t need = 0, route, *grown;

	while (walk_next(t, en, &count) != 0)
		need++;
	if (need == 0)
		return true;
	grown = mem_realloc(en->snapshot, need, sizeof *grown);
	if (grown == NULL)
		return false;
	en->snapshot = grown;
	en->snapshot_at = en->snapshot_len = 0;
	while ((route = walk_next(t, en, &walk)) != 0) {
		rtm_route_at(t, route)->pins++;
		en->snapshot[en->snapshot_len++] = route;
	}
	return true;
}

/* Enter a destination: what fits goes out, the rest is remembered first. */
static bool
enter_dest(struct rtm_table *t, struct rtm_enum *en, uint32_t dest, UINT want, UINT *found,
           HANDLE *out)
{
	struct walk walk = walk_begin(t, en, dest), rest = walk;
	UINT fit = 0;

	while (*found + fit < want && walk_next(t, en, &rest) != 0)
		fit++;
	if (*found + fit == want && !make_snapshot(t, en, rest))
		return false;
	for (; fit != 0; fit--)
		out[(*found)++] = rtm_give(t, RTM_KIND_ROUTE, walk_next(t, en, &walk));
	return true;
}

static void
from_snapshot(struct rtm_table *t, struct rtm_enum *en, UINT want, UINT *found, HANDLE *out)
{
	while (*found < want && en->snapshot_at < en->snapshot_len) {
		uint32_t route = en->snapshot[en->snapshot_at++];

		if ((rtm_route_at(t, route)->flags & (ROUTE_IN_TABLE | ROUTE_HELD)) != 0)
			out[(*found)++] = rtm_give(t, RTM_KIND_ROUTE, route);
		rtm_route_unpin(t, route);
	}
}

/* Enter the fetched destinations as far as the buffer goes. */
static DWORD
enter_batch(struct rtm_table *t, struct rtm_enum *en, const struct batch *batch, UINT want,
            UINT *found, HANDLE *out)
{
	for (unsigned i = 0; i < batch->len; i++) {
		DWORD verdict = NO_ERROR;

		if (*found < want) {
			verdict = rtm_gate_peek_dest(t, batch->dest[i], false);
			if (verdict == NO_ERROR &&
			    enter_dest(t, en, batch->dest[i], want, found, out))
				continue;
			if (verdict == NO_ERROR)
				verdict = ERROR_NOT_ENOUGH_MEMORY;
		}
		if (en->dest != 0)
			en->over = false;
		else
			step_back(t, en, batch->dest[i]);
		return verdict;
	}
	return NO_ERROR;
}

static void
fetch_single(struct rtm_enum *en, struct batch *batch)
{
	batch->len = en->over ? 0 : 1;
	batch->dest[0] = en->dest;
	en->over = true;
}

DWORD
rtm_enum_routes(struct rtm_table *t, struct rtm_enum *en, UINT *count, HANDLE *out)
{
	UINT want = *count, found = 0;
	struct batch batch;
	DWORD verdict;

	from_snapshot(t, en, want, &found, out);
	while (found < want) {
		if (en->dest != 0)
			fetch_single(en, &batch);
		else
			fetch(t, en, want - found, &batch);
		if (batch.len == 0)
			break;
		verdict = enter_batch(t, en, &batch, want, &found, out);
		if (verdict != NO_ERROR)
			return finish(t, found, count, verdict);
	}
	return finish(t, found, count, ERROR_NO_MORE_ITEMS);
}

/* ---- next hops and lists --------------------------------------------------------------- */

static struct rtm_nexthop *
next_nexthop(const struct rtm_enum *en)
{
	struct rtm_nexthop *nh = rtm_nexthop_lower(en->entity, &en->place, en->place_if);

	if (nh != NULL && en->behind &&
	    nh == rtm_nexthop_find(en->entity, &en->place, en->place_if))
		nh = rtm_nexthop_next(nh);
	if (nh == NULL || !en->ranged)
		return nh;
	return rtm_covers(en->range.addr, en->range.len, nh->key.addr, nh->key.len) ? nh : NULL;
}

DWORD
rtm_enum_nexthops(struct rtm_table *t, struct rtm_enum *en, UINT *count, HANDLE *out)
{
	UINT found = 0;

	while (found < *count) {
		struct rtm_nexthop *nh = next_nexthop(en);

		if (nh == NULL)
			break;
		out[found++] = rtm_give(t, RTM_KIND_NEXTHOP, nh->slot);
		en->place = nh->key;
		en->place_if = nh->interface;
		en->behind = true;
	}
	return finish(t, found, count, ERROR_NO_MORE_ITEMS);
}

void
rtm_enum_list(struct rtm_table *t, struct rtm_enum *en, UINT *count, HANDLE *out)
{
	UINT found = 0;

	while (en->list != NULL && found < *count && en->at != &en->list->routes) {
		struct rtm_route_extra *extra = LIST_OF(en->at, struct rtm_route_extra, link);

		out[found++] = rtm_give(t, RTM_KIND_ROUTE, extra->route);
		en->at = en->at->next;
	}
	*count = found;
}
