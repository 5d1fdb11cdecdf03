/*
 * One chapter: what routes have in common.
 *
 * A full table has a million routes but only some hundred ways to forward: owner,
 * neighbour, next hops, preference, views and flags repeat, prefix and metric do not.
 * So those are kept once, in a path, found by hash and counted by its routes; a route
 * is 40 bytes, four next hops cost it nothing, and adding a reference to a next hop
 * is done once per path. Even if every route had its own path the two together would
 * take less than 100 bytes.
 *
 * A path never changes: an update moves the route to another one. It pins its owner,
 * neighbour and next hops. Each entity remembers the path it used last, since routes
 * come in runs.
 */
#include "rtm_int.h"

#include <string.h>

#include "base/alloc.h"

static uint32_t
path_hash(const void *world, uint32_t slot)
{
	return rtm_path_at(world, slot)->hash;
}

static uint32_t *
path_next(const void *world, uint32_t slot)
{
	return &rtm_path_at(world, slot)->chain_next;
}

static const struct chain_ops path_ops = { path_hash, path_next };

static uint64_t
fold(uint64_t sum, uint32_t a, uint32_t b)
{
	sum = (sum ^ ((uint64_t)a << 32 | b)) * 0x9e3779b97f4a7c15u;
	return sum ^ sum >> 29;
}

static uint32_t
spec_hash(const struct rtm_spec *spec)
{
	uint64_t sum = fold(spec->hops, spec->owner, spec->neighbour);

	sum = fold(sum, spec->preference, spec->views);
	sum = fold(sum, spec->flags, spec->flags1);
	for (unsigned i = 0; i < spec->hops; i++)
		sum = fold(sum, spec->hop[i], i);
	return chain_mix(sum);
}

static bool
is_same(const struct rtm_path *path, const struct rtm_spec *spec)
{
	return path->owner == spec->owner && path->neighbour == spec->neighbour &&
	       path->preference == spec->preference && path->views == spec->views &&
	       path->flags == spec->flags && path->flags1 == spec->flags1 &&
	       path->hops == spec->hops &&
	       memcmp(rtm_path_hops(path), spec->hop, spec->hops * sizeof *spec->hop) == 0;
}

static uint32_t
find(const struct rtm_table *t, const struct rtm_spec *spec, uint32_t hash)
{
	uint32_t slot = chain_first(&t->path_chains, hash);

	while (slot != 0) {
		const struct rtm_path *path = rtm_path_at(t, slot);

		if (path->hash == hash && is_same(path, spec))
			return slot;
		slot = path->chain_next;
	}
	return 0;
}

static bool
copy_hops(struct rtm_path *path, const struct rtm_spec *spec)
{
	uint32_t *hop = path->hop.here;

	if (spec->hops > PATH_INLINE) {
		hop = mem_calloc(spec->hops, sizeof *hop);
		if (hop == NULL)
			return false;
		path->hop.away = hop;
	}
	if (spec->hops != 0)
		memcpy(hop, spec->hop, spec->hops * sizeof *hop);
	path->hops = spec->hops;
	return true;
}

static void
pin(struct rtm_table *t, const struct rtm_path *path)
{
	const uint32_t *hop = rtm_path_hops(path);

	rtm_entity_at(t, path->owner)->pins++;
	if (path->neighbour != 0)
		rtm_nexthop_at(t, path->neighbour)->pins++;
	for (unsigned i = 0; i < path->hops; i++)
		rtm_nexthop_at(t, hop[i])->pins++;
}

static uint32_t
create(struct rtm_table *t, const struct rtm_spec *spec, uint32_t hash)
{
	uint32_t slot = slab_alloc(&t->paths);
	struct rtm_path *path;

	if (slot == 0)
		return 0;
	path = rtm_path_at(t, slot);
	if (!copy_hops(path, spec)) {
		slab_free(&t->paths, slot);
		return 0;
	}
	path->hash = hash;
	path->owner = spec->owner;
	path->neighbour = spec->neighbour;
	path->preference = spec->preference;
	path->views = spec->views;
	path->flags = spec->flags;
	path->flags1 = spec->flags1;
	pin(t, path);
	chain_add(&t->path_chains, &path_ops, t, slot);
	return slot;
}

uint32_t
rtm_path_get(struct rtm_table *t, const struct rtm_spec *spec)
{
	struct rtm_entity *owner = rtm_entity_at(t, spec->owner);
	uint32_t slot = owner->recent, hash;

	if (slot == 0 || !is_same(rtm_path_at(t, slot), spec)) {
		hash = spec_hash(spec);
		slot = find(t, spec, hash);
		if (slot == 0)
			slot = create(t, spec, hash);
		if (slot == 0)
			return 0;
		owner->recent = slot;
	}
	rtm_path_at(t, slot)->head.refs++;
	return slot;
}

static void
unpin(struct rtm_table *t, const struct rtm_path *path)
{
	const uint32_t *hop = rtm_path_hops(path);

	if (path->neighbour != 0)
		rtm_nexthop_unpin(t, path->neighbour);
	for (unsigned i = 0; i < path->hops; i++)
		rtm_nexthop_unpin(t, hop[i]);
	rtm_entity_unpin(t, rtm_entity_at(t, path->owner));
}

void
rtm_path_put(struct rtm_table *t, uint32_t slot)
{
	struct rtm_path *path = rtm_path_at(t, slot);
	struct rtm_entity *owner = rtm_entity_at(t, path->owner);

	if (--path->head.refs != 0)
		return;
	if (owner->recent == slot)
		owner->recent = 0;
	chain_remove(&t->path_chains, &path_ops, t, slot);
	unpin(t, path);
	if (path->hops > PATH_INLINE)
		mem_free(path->hop.away);
	slab_free(&t->paths, slot);
}
