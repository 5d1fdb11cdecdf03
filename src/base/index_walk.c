/*
 * One chapter: the trie in order.
 *
 * In a node the order is simple: a prefix stands before the child with the same or a later
 * path, and prefixes among themselves are in bit order. A cursor keeps the open nodes and
 * what is left of the innermost one; when that is done, the key delivered last says where
 * the outer one stands, so nothing more need be remembered. A change of the index moves
 * nodes about: the generation number tells, and the cursor finds its place anew by key.
 */
#include "base/index_int.h"

#define ROOT_LEVEL 0u /* no node is open: what is left are the top prefix and the roots */

/* Places of prefixes that start behind every prefix that starts at or before `path`. */
INLINE uint64_t
behind(unsigned path)
{
	return ~UINT64_C(0) << place_of(path, STRIDE - 1) << 1;
}

INLINE uint64_t
paths_behind(unsigned path)
{
	return ~UINT64_C(0) << path << 1;
}

enum side { ALL_BEFORE, ALL_AFTER, ON_BOTH };

/* Where the prefixes of a slot stand to the key. */
INLINE enum side
side_of(const struct node *n, struct key k, unsigned len, bool inclusive, bool wide)
{
	struct key own = node_key(n, wide);

	if (is_leaf(n)) {
		if (!key_equal(own, k))
			return key_less(own, k) ? ALL_BEFORE : ALL_AFTER;
		return n->depth > len || (n->depth == len && inclusive) ? ALL_AFTER
		                                                        : ALL_BEFORE;
	}
	if (node_covers(n, n->depth, k, wide))
		return ON_BOTH;
	return key_less(own, k) ? ALL_BEFORE : ALL_AFTER;
}

static uint64_t
used_roots(const struct index *ix, bool wide)
{
	return (node_at(ix, 0, wide)->depth != 0 ? 1u : 0u) |
	       (node_at(ix, 1, wide)->depth != 0 ? 2u : 0u);
}

/*
 * Inside a node whose first bits are the key's: what is left of its own prefixes. True if
 * one of those left has the address of the key, so that the whole kid is behind the key.
 */
INLINE bool
left_inside(struct index_cursor *cur, const struct node *n, struct key k, unsigned len,
            bool inclusive, bool wide)
{
	unsigned path = key_path(k, n->depth, wide), first, zeros;
	uint64_t from = (uint64_t)len + (inclusive ? 0 : 1);

	cur->kids_left = n->kids & paths_behind(path);
	cur->inner_left = n->inner & behind(path);
	if (!key_ends_at(k, n->depth + STRIDE) || from >= n->depth + STRIDE)
		return false;
	/* Same address, from this length on: they stand in a row, shorter ones first. */
	zeros = path != 0 ? (unsigned)__builtin_ctz(path) : STRIDE;
	first = STRIDE - zeros;
	if (from > n->depth + first)
		first = (unsigned)from - n->depth;
	if (first < STRIDE)
		cur->inner_left |= n->inner & (~UINT64_C(0) << place_of(path, first));
	return true;
}

INLINE void
place_cursor(struct index_cursor *cur, bool wide)
{
	const struct index *ix = cur->ix;
	struct key k = { cur->hi, cur->lo };
	uint32_t at = (uint32_t)(k.hi >> 63);
	unsigned path = at;
	const struct node *n = node_at(ix, at, wide);
	bool used = n->depth != 0;

	cur->generation = ix->generation;
	cur->depth = ROOT_LEVEL;
	cur->inner_left = 0;
	cur->kids_left = used_roots(ix, wide);
	if (ix->top != 0 && cur->inclusive && cur->len == 0 && key_ends_at(k, 0)) {
		cur->inner_left = 1; /* the very first prefix, and all else behind it */
		return;
	}
	cur->kids_left &= paths_behind(path);
	while (used) {
		enum side side = side_of(n, k, cur->len, cur->inclusive, wide);

		if (side == ALL_AFTER)
			cur->kids_left |= UINT64_C(1) << path;
		if (side != ON_BOTH)
			return;
		cur->trail[cur->depth++] = at;
		path = key_path(k, n->depth, wide);
		used = n->kids >> path & 1;
		if (left_inside(cur, n, k, cur->len, cur->inclusive, wide)) {
			cur->kids_left |= n->kids & UINT64_C(1) << path;
			return;
		}
		at = n->kids_at + ones(n->kids & below(path));
		if (used)
			n = node_at(ix, at, wide);
	}
}

/* The open node is done: back to the one it hangs from, behind it. */
INLINE void
close_node(struct index_cursor *cur, bool wide)
{
	struct key k = { cur->hi, cur->lo };
	const struct node *n;
	unsigned path;

	if (--cur->depth == ROOT_LEVEL) {
		cur->inner_left = 0;
		cur->kids_left =
		    used_roots(cur->ix, wide) & paths_behind((unsigned)(k.hi >> 63));
		return;
	}
	n = node_at(cur->ix, cur->trail[cur->depth - 1], wide);
	path = key_path(k, n->depth, wide);
	cur->inner_left = n->inner & behind(path);
	cur->kids_left = n->kids & paths_behind(path);
}

INLINE uint32_t
deliver(struct index_cursor *cur, struct key k, unsigned len, uint32_t value)
{
	cur->hi = k.hi;
	cur->lo = k.lo;
	cur->len = len;
	cur->inclusive = false;
	return value;
}

INLINE uint32_t
step(struct index_cursor *cur, bool wide)
{
	const struct index *ix = cur->ix;
	struct key k;

	if (cur->generation != ix->generation)
		place_cursor(cur, wide);
	for (;;) {
		const struct node *open = NULL, *n;
		unsigned path;
		uint32_t at;

		if (cur->depth != ROOT_LEVEL)
			open = node_at(ix, cur->trail[cur->depth - 1], wide);
		if (cur->inner_left != 0) {
			unsigned place = (unsigned)__builtin_ctzll(cur->inner_left);
			struct index_place p = index_places[place];

			if (cur->kids_left == 0 ||
			    p.path <= (unsigned)__builtin_ctzll(cur->kids_left)) {
				cur->inner_left &= cur->inner_left - 1;
				if (open == NULL)
					return deliver(cur, (struct key){ 0, 0 }, 0, ix->top);
				k = key_with_path(node_key(open, wide), open->depth, p.path);
				at = open->vals_at + ones(open->inner & below(place));
				return deliver(cur, k, open->depth + p.len, *vals_at(ix, at));
			}
		}
		if (cur->kids_left == 0) {
			if (open == NULL)
				return 0;
			close_node(cur, wide);
			continue;
		}
		path = (unsigned)__builtin_ctzll(cur->kids_left);
		cur->kids_left &= cur->kids_left - 1;
		at = open == NULL ? path : open->kids_at + ones(open->kids & below(path));
		n = node_at(ix, at, wide);
		if (is_leaf(n))
			return deliver(cur, node_key(n, wide), n->depth, n->vals_at);
		cur->trail[cur->depth++] = at;
		cur->inner_left = n->inner;
		cur->kids_left = n->kids;
		/* close_node() goes by the key last delivered, which is now inside n */
	}
}

void
index_seek(struct index_cursor *cur, const struct index *ix, const uint8_t *addr, unsigned len,
           bool inclusive)
{
	struct key k = key_load(addr, ix->wide);

	cur->ix = ix;
	cur->hi = k.hi;
	cur->lo = k.lo;
	cur->len = len;
	cur->inclusive = inclusive;
	if (ix->wide)
		place_cursor(cur, true);
	else
		place_cursor(cur, false);
}

void
index_seek_first(struct index_cursor *cur, const struct index *ix)
{
	static const uint8_t zero[16];

	index_seek(cur, ix, zero, 0, true);
}

uint32_t
index_step(struct index_cursor *cur, uint8_t *addr_out, unsigned *len_out)
{
	bool wide = cur->ix->wide;
	uint32_t value = wide ? step(cur, true) : step(cur, false);

	if (value == 0)
		return 0;
	if (addr_out != NULL)
		key_store((struct key){ cur->hi, cur->lo }, addr_out, wide);
	if (len_out != NULL)
		*len_out = cur->len;
	return value;
}

uint32_t
index_next(const struct index *ix, const uint8_t *addr, unsigned len, bool inclusive,
           uint8_t *addr_out, unsigned *len_out)
{
	struct index_cursor cur;

	index_seek(&cur, ix, addr, len, inclusive);
	return index_step(&cur, addr_out, len_out);
}
