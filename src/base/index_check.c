/*
 * One chapter: what must be true of a prefix index at any time, as code.
 *
 * Only tests call this. It walks the whole trie and compares: the shape is the one the
 * set of prefixes demands (so history leaves no trace), counts agree, and every unit of
 * both pools is either in a block of the trie, free, or has never been used.
 */
#include "base/index_int.h"

struct tally {
	size_t prefixes, node_units, val_units;
	bool sound;
};

static void
expect(struct tally *t, bool truth)
{
	t->sound = t->sound && truth;
}

static void
check_slot(const struct index *ix, const struct node *n, struct tally *t)
{
	bool wide = ix->wide;
	struct key own = node_key(n, wide);
	unsigned kids = ones(n->kids), vals = ones(n->inner), i = 0;

	expect(t, n->depth >= 1 && n->depth <= (wide ? 128 : 32));
	expect(t, key_ends_at(own, n->depth));
	if (is_leaf(n)) {
		expect(t, n->vals_at != 0);
		t->prefixes++;
		return;
	}
	expect(t, kids + vals >= 2); /* else it would have folded */
	expect(t, n->depth % STRIDE == 1);
	expect(t, n->inner >> 63 == 0);
	t->prefixes += vals;
	if (vals > 0) {
		expect(t, index_class_size[n->vals_room] >= vals);
		t->val_units += index_class_size[n->vals_room];
	}
	for (unsigned v = 0; v < vals; v++)
		expect(t, vals_at(ix, n->vals_at)[v] != 0);
	if (kids > 0) {
		expect(t, index_class_size[n->kids_room] >= kids);
		t->node_units += index_class_size[n->kids_room];
	}
	for (unsigned path = 0; path < 64; path++) {
		const struct node *kid;

		if ((n->kids >> path & 1) == 0)
			continue;
		kid = node_at(ix, n->kids_at + i++, wide);
		expect(t, kid->depth >= n->depth + STRIDE);
		expect(t, node_covers(n, n->depth, node_key(kid, wide), wide));
		expect(t, key_path(node_key(kid, wide), n->depth, wide) == path);
		check_slot(ix, kid, t);
	}
}

/* Every unit is accounted for. */
static bool
pool_adds_up(const struct pool *pool, size_t in_trie)
{
	size_t units = 0, limit = (size_t)pool->chunk_count << pool->shift;

	for (unsigned c = 0; c < SIZE_CLASSES; c++) {
		for (uint32_t at = pool->free[c]; at != 0 && units <= limit;
		     at = *(uint32_t *)pool_at(pool, pool->unit, pool->shift, at))
			units += index_class_size[c];
	}
	units += pool->fresh_end - pool->fresh;
	return pool->used == in_trie &&
	       units + in_trie + (pool->chunk_count > 0 ? POOL_RESERVED : 0) == limit;
}

bool
index_is_sound(const struct index *ix)
{
	struct tally t = { .sound = true };

	t.prefixes = ix->top != 0;
	for (uint32_t root = 0; root < 2; root++) {
		const struct node *n = node_at(ix, root, ix->wide);

		if (n->depth == 0 && is_leaf(n))
			continue;
		expect(&t, node_key(n, ix->wide).hi >> 63 == root);
		check_slot(ix, n, &t);
	}
	return t.sound && t.prefixes == ix->count && pool_adds_up(&ix->nodes, t.node_units) &&
	       pool_adds_up(&ix->vals, t.val_units);
}
