/*
 * One chapter: destinations, in the table and out of it.
 *
 * A destination is in the table, that is in the index, while it has a route or a
 * held route. When the last of them goes it leaves, but the record stays as long as
 * a client holds its handle, a change of it is still to be told, it is marked, or an
 * opaque pointer hangs on it. Then it is in limbo: found by key in a hash, so that a
 * new route for the prefix finds the same object [RTM 1.4], and invisible to every
 * search and walk, so that a million withdrawn prefixes cost the walkers nothing.
 *
 * The hash has its links in the records (`routes` is free while there are none):
 * leaving the table needs no memory.
 *
 * What few destinations need, hold-down and locks, is in a record of its own.
 */
#include "dest_info.h"

#include <string.h>

/* ---- limbo ----------------------------------------------------------------------- */

static uint32_t
key_hash(const struct rtm_table *t, const uint8_t *addr, unsigned len)
{
	uint64_t a = 0, b = 0;

	memcpy(&a, addr, t->addr_size == 4 ? 4 : 8);
	if (t->addr_size == 16)
		memcpy(&b, addr + 8, 8);
	return chain_mix(a ^ (b * 0x9e3779b97f4a7c15u) ^ (uint64_t)len << 56);
}

static uint32_t
limbo_hash(const void *world, uint32_t slot)
{
	const struct rtm_dest *dest = rtm_dest_at(world, slot);

	return key_hash(world, dest->addr, dest->len);
}

static uint32_t *
limbo_next(const void *world, uint32_t slot)
{
	return &rtm_dest_at(world, slot)->routes;
}

static const struct chain_ops limbo_ops = { limbo_hash, limbo_next };

static uint32_t
limbo_find(const struct rtm_table *t, const struct rtm_key *key)
{
	uint32_t slot = chain_first(&t->limbo, key_hash(t, key->addr, key->len));

	while (slot != 0) {
		const struct rtm_dest *dest = rtm_dest_at(t, slot);

		if (dest->len == key->len && memcmp(dest->addr, key->addr, t->addr_size) == 0)
			return slot;
		slot = dest->routes;
	}
	return 0;
}

static void
leave_limbo(struct rtm_table *t, uint32_t slot)
{
	struct rtm_dest *dest = rtm_dest_at(t, slot);

	chain_remove(&t->limbo, &limbo_ops, t, slot);
	dest->flags &= (uint8_t)~DEST_LIMBO;
	dest->routes = 0;
}

/* ---- in the table ------------------------------------------------------------------ */

uint32_t
rtm_dest_find(struct rtm_table *t, const struct rtm_key *key)
{
	uint64_t hash = hint_hash(t, key->addr, key->len);
	uint32_t slot = hints_find(&t->hints, hash);

	if (slab_knows(&t->slab[RTM_KIND_DEST], slot)) {
		rtm_dest_prefetch(t, slot);
		if (is_dest_of(t, slot, key))
			return slot;
	}
	slot = index_find(t->index, key->addr, key->len);
	if (slot != 0) {
		rtm_dest_prefetch(t, slot);
		hints_add(&t->hints, hash, slot, index_count(t->index));
	}
	return slot;
}

uint32_t
rtm_dest_views_from(const struct rtm_table *t, uint32_t route)
{
	uint32_t views = 0;

	for (; route != 0; route = rtm_route_at(t, route)->next)
		views |= rtm_path_of(t, rtm_route_at(t, route))->views;
	return views;
}

bool
rtm_dest_visible_further(const struct rtm_table *t, const struct rtm_dest *dest, uint32_t views)
{
	const struct rtm_route *route = rtm_route_at(t, rtm_dest_first(dest));

	while (route->next != 0) {
		route = rtm_route_at(t, route->next);
		if ((rtm_path_of(t, route)->views & views) != 0)
			return true;
	}
	return false;
}

/*
 * The longest match while the index is waited for: guess that it has the length most have,
 * and have the record of the guess fetched. The index says which length is right, and then
 * the guess needs no value of it.
 */
static uint32_t
match(struct rtm_table *t, const uint8_t *addr, unsigned len, unsigned *found)
{
	const uint32_t *value;
	struct rtm_key key;
	uint32_t slot = 0;

	if (len >= t->common_len) {
		rtm_key_cut(t, addr, t->common_len, &key);
		slot = hints_find(&t->hints, hint_hash(t, key.addr, key.len));
		if (slab_knows(&t->slab[RTM_KIND_DEST], slot))
			rtm_dest_prefetch(t, slot);
		else
			slot = 0;
	}
	value = index_match_at(t->index, addr, len, found);
	if (value == NULL)
		return 0;
	if (slot != 0 && *found == t->common_len && is_dest_of(t, slot, &key))
		return slot;
	rtm_dest_prefetch(t, *value);
	return *value;
}

uint32_t
rtm_dest_match(struct rtm_table *t, const uint8_t *addr, unsigned len, uint32_t views)
{
	unsigned found = len;

	for (;;) {
		uint32_t slot = match(t, addr, found, &found);

		if (slot == 0 || rtm_dest_visible(t, rtm_dest_at(t, slot), views))
			return slot;
		if (found == 0)
			return 0;
		found--;
	}
}

bool
rtm_dest_reserve(struct rtm_table *t)
{
	return slab_reserve(&t->slab[RTM_KIND_DEST]) && rtm_notify_reserve(t);
}

DWORD
rtm_dest_enter(struct rtm_table *t, const struct rtm_key *key, uint32_t *out)
{
	uint32_t slot = limbo_find(t, key);
	bool fresh = slot == 0;
	struct rtm_dest *dest;
	DWORD err;

	if (fresh)
		slot = slab_alloc(&t->slab[RTM_KIND_DEST]);
	err = index_insert(t->index, key->addr, key->len, slot);
	if (err != NO_ERROR) {
		if (fresh)
			slab_free(&t->slab[RTM_KIND_DEST], slot);
		return err;
	}
	dest = rtm_dest_at(t, slot);
	if (fresh) {
		memcpy(dest->addr, key->addr, t->addr_size);
		dest->len = (uint8_t)key->len;
	} else {
		leave_limbo(t, slot);
	}
	dest->flags |= DEST_IN_TABLE;
	if (++t->with_len[key->len] > t->with_len[t->common_len])
		t->common_len = key->len;
	hints_add(&t->hints, hint_hash(t, key->addr, key->len), slot, index_count(t->index));
	*out = slot;
	return NO_ERROR;
}

static bool
is_wanted(const struct rtm_table *t, uint32_t slot, const struct rtm_dest *dest)
{
	return dest->head.refs != 0 || dest->pins != 0 || rtm_opaque_any(t, slot);
}

static void
destroy(struct rtm_table *t, uint32_t slot)
{
	struct rtm_dest_extra *extra = rtm_dest_extra_of(t, slot);

	if (extra != NULL) {
		extra->hold_marked = 0;
		rtm_dest_extra_tidy(t, slot);
	}
	slab_free(&t->slab[RTM_KIND_DEST], slot);
}

void
rtm_dest_settle(struct rtm_table *t, uint32_t slot)
{
	struct rtm_dest *dest = rtm_dest_at(t, slot);

	if (dest->routes != 0 || (dest->flags & (DEST_HELD | DEST_IN_TABLE)) != DEST_IN_TABLE)
		return;
	index_remove(t->index, dest->addr, dest->len);
	t->with_len[dest->len]--;
	hints_drop(&t->hints, hint_hash(t, dest->addr, dest->len), slot, index_count(t->index));
	dest->flags &= (uint8_t)~DEST_IN_TABLE;
	if (!is_wanted(t, slot, dest)) {
		destroy(t, slot);
		return;
	}
	dest->flags |= DEST_LIMBO;
	chain_add(&t->limbo, &limbo_ops, t, slot);
}

void
rtm_dest_collect(struct rtm_table *t, uint32_t slot)
{
	struct rtm_dest *dest = rtm_dest_at(t, slot);

	if ((dest->flags & DEST_LIMBO) == 0 || is_wanted(t, slot, dest))
		return;
	leave_limbo(t, slot);
	destroy(t, slot);
}

void
rtm_dest_unpin(struct rtm_table *t, uint32_t slot)
{
	rtm_dest_at(t, slot)->pins--;
	rtm_dest_collect(t, slot);
}

/* ---- extra ------------------------------------------------------------------------- */

static struct rtm_dest_extra *
extra_at(const struct rtm_table *t, uint32_t slot)
{
	return slab_at(&t->dest_extras, slot);
}

static uint32_t
extra_hash(const void *world, uint32_t slot)
{
	return chain_mix(extra_at(world, slot)->dest);
}

static uint32_t *
extra_next(const void *world, uint32_t slot)
{
	return &extra_at(world, slot)->chain_next;
}

static const struct chain_ops extra_ops = { extra_hash, extra_next };

static uint32_t
extra_slot(const struct rtm_table *t, uint32_t dest)
{
	uint32_t slot = chain_first(&t->dest_extra_chains, chain_mix(dest));

	while (extra_at(t, slot)->dest != dest)
		slot = extra_at(t, slot)->chain_next;
	return slot;
}

struct rtm_dest_extra *
rtm_dest_extra_of(const struct rtm_table *t, uint32_t slot)
{
	if ((rtm_dest_at(t, slot)->flags & DEST_EXTRA) == 0)
		return NULL;
	return extra_at(t, extra_slot(t, slot));
}

struct rtm_dest_extra *
rtm_dest_extra_get(struct rtm_table *t, uint32_t slot)
{
	struct rtm_dest_extra *extra = rtm_dest_extra_of(t, slot);
	uint32_t at;

	if (extra != NULL)
		return extra;
	at = slab_alloc(&t->dest_extras);
	if (at == 0)
		return NULL;
	extra = extra_at(t, at);
	extra->dest = slot;
	extra->timer.is_hold = true;
	list_init(&extra->expired);
	list_init(&extra->holders);
	chain_add(&t->dest_extra_chains, &extra_ops, t, at);
	rtm_dest_at(t, slot)->flags |= DEST_EXTRA;
	return extra;
}

void
rtm_dest_extra_tidy(struct rtm_table *t, uint32_t slot)
{
	struct rtm_dest *dest = rtm_dest_at(t, slot);
	struct rtm_dest_extra *extra = rtm_dest_extra_of(t, slot);
	uint32_t at;

	if (extra == NULL || extra->hold_marked != 0 || extra->hold_views != 0 ||
	    extra->crowd != NULL || !list_empty(&extra->holders))
		return;
	rtm_timer_clear(t, &extra->timer);
	list_remove(&extra->expired);
	at = extra_slot(t, slot);
	chain_remove(&t->dest_extra_chains, &extra_ops, t, at);
	slab_free(&t->dest_extras, at);
	dest->flags &= (uint8_t)~DEST_EXTRA;
}
