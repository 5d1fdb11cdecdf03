/*
 * One chapter: what must be true of a prefix index at any time, as code.
 *
 * Only tests call this. It walks the whole trie and compares: the shape is the one the
 * set of prefixes demands (so history leaves no trace), counts agree, and every unit of
 * both pools is either in a block of the trie, free, or has never been used.
 */
#include "base/index_int.h"

struct tally {
	size_t prefixes, node_units, val_units, jumps;
	bool sound;
};

static void
expect(struct tally *t, bool truth)
{
	t->sound = t->sound && truth;
}

static void
check_node(const struct index *ix, struct node *n, uint32_t at, struct tally *t)
{
	bool wide = ix->wide, root = n->depth == 1;
	struct key own = node_key(n, wide);
	uint64_t kid_bits = kids_of(n);
	unsigned kids = ones(kid_bits), vals = ones(n->inner), i = 0;

	expect(t, n->depth <= (wide ? 128 : 32) && n->depth % STRIDE == 1);
	expect(t, key_ends_at(own, n->depth));
	expect(t, n->inner >> 63 == 0);
	expect(t, root || vals > 0 || kids > 1);
	expect(t, n->open == (kids > 0 || vals > VALS_INSIDE));
	if (n->depth == JUMP_DEPTH) {
		t->jumps++;
		expect(t, ix->jump[jump_of(own)] == at);
	}
	t->prefixes += vals;
	for (unsigned v = 0; v < vals; v++)
		expect(t, vals_of(ix, n)[v] != 0);
	if (n->open && vals > 0) {
		expect(t, index_class_size[n->vals_room] >= vals);
		t->val_units += index_class_size[n->vals_room];
	}
	if (kids > 0) {
		expect(t, index_class_size[n->kids_room] >= kids);
		t->node_units += index_class_size[n->kids_room];
	}
	for (unsigned path = 0; path < 64; path++) {
		struct node *kid;

		if ((kid_bits >> path & 1) == 0)
			continue;
		kid = node_at(ix, n->kids_at + i++, wide);
		expect(t, kid->depth >= n->depth + STRIDE);
		expect(t, node_covers(n, n->depth, node_key(kid, wide), wide));
		expect(t, key_path(node_key(kid, wide), n->depth, wide) == path);
		check_node(ix, kid, n->kids_at + i - 1, t);
	}
}

static size_t
length_of(const struct pool *pool, uint32_t list, size_t limit)
{
	size_t n = 0;

	for (; list != 0 && n <= limit; list = pool->spans[list - 1].next)
		n++;
	return n;
}

/* Every unit is in a block of the trie, and every span in the list it should be in. */
static bool
pool_adds_up(const struct pool *pool, size_t in_trie)
{
	uint32_t per = (1u << pool->shift) / SPAN_UNITS;
	size_t units = 0, roomy = 0, empty = 0, listed = 0, live = 0, idle = 0;
	bool sound = true;

	for (uint32_t c = 0; c < pool->chunk_count; c++) {
		size_t busy = 0;

		if (pool->chunks[c] == NULL)
			continue;
		for (uint32_t i = c * per + (c == 0); i < (c + 1) * per; i++) {
			const struct span *s = &pool->spans[i];
			unsigned size = index_class_size[s->size_class];

			units += (size_t)s->used * size;
			roomy += s->used > 0 && s->used < SPAN_UNITS / size;
			busy += s->used > 0;
			empty += s->used == 0;
		}
		sound = sound && pool->spans[c * per].busy == busy;
		live++;
		idle += busy == 0;
	}
	for (unsigned c = 0; c < SIZE_CLASSES; c++)
		listed += length_of(pool, pool->roomy[c], live * per);
	return sound && pool->used == in_trie && units == in_trie && listed == roomy &&
	       length_of(pool, pool->empty, live * per) == empty && idle <= 1 &&
	       pool->idle_chunks == idle && pool->live_chunks == live;
}

bool
index_is_sound(const struct index *ix)
{
	struct tally t = { .sound = true, .node_units = 2 };

	t.prefixes = ix->top != 0;
	for (uint32_t bit = 0; bit < 2; bit++) {
		struct node *root = node_at(ix, ix->roots + bit, ix->wide);

		expect(&t,
		       root->depth == 1 && node_key(root, ix->wide).hi == (uint64_t)bit << 63);
		check_node(ix, root, ix->roots + bit, &t);
	}
	for (size_t i = 0; i < sizeof(ix->jump) / sizeof(ix->jump[0]); i++)
		t.jumps -= ix->jump[i] != 0;
	return t.sound && t.prefixes == ix->count && t.jumps == 0 &&
	       pool_adds_up(&ix->nodes, t.node_units) && pool_adds_up(&ix->vals, t.val_units);
}
