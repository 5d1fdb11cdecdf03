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

#define ROOT_LEVEL 0u /* no node is open: left are the prefix of length 0 and the roots */
#define ROOTS UINT64_C(3)

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

	cur->kids_left = kids_of(n) & paths_behind(path);
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

/* What is left of a closed node; its kids would be none, so it is not in the trail. */
INLINE void
open_tip(struct index_cursor *cur, const struct node *n, uint64_t left, bool wide)
{
	struct key own = node_key(n, wide);

	cur->tip_left = left;
	cur->tip_val = n->vals + ones(n->inner) - ones(left);
	cur->tip_depth = n->depth;
	cur->tip_hi = own.hi;
	cur->tip_lo = own.lo;
}

INLINE void
place_cursor(struct index_cursor *cur, bool wide)
{
	const struct index *ix = cur->ix;
	struct key k = { cur->hi, cur->lo };
	unsigned path = (unsigned)(k.hi >> 63);
	uint32_t at = ix->roots + path;

	cur->generation = ix->generation;
	cur->depth = ROOT_LEVEL;
	cur->tip_left = 0;
	cur->inner_left = 0;
	cur->kids_left = ROOTS;
	if (ix->top != 0 && cur->inclusive && cur->len == 0 && key_ends_at(k, 0)) {
		cur->inner_left = 1; /* the very first prefix, and all else behind it */
		return;
	}
	cur->kids_left &= paths_behind(path);
	for (;;) {
		const struct node *n = node_at(ix, at, wide);
		uint64_t kids_left = cur->kids_left, inner_left = cur->inner_left;
		bool all_behind;

		if (!node_covers(n, n->depth, k, wide)) { /* not a root: they have all keys */
			if (key_less(k, node_key(n, wide)))
				cur->kids_left |= UINT64_C(1) << path;
			return;
		}
		all_behind = left_inside(cur, n, k, cur->len, cur->inclusive, wide);
		if (!n->open) {
			open_tip(cur, n, cur->inner_left, wide);
			cur->kids_left = kids_left;
			cur->inner_left = inner_left;
			return;
		}
		cur->trail[cur->depth++] = at;
		path = key_path(k, n->depth, wide);
		if ((n->kids >> path & 1) == 0)
			return;
		if (all_behind) {
			cur->kids_left |= UINT64_C(1) << path;
			return;
		}
		at = n->kids_at + ones(n->kids & below(path));
	}
}

/* The innermost open node is done: back to the one it hangs from, behind it. */
INLINE void
close_node(struct index_cursor *cur, bool wide)
{
	struct key k = { cur->hi, cur->lo };
	const struct node *n;
	unsigned path;

	if (--cur->depth == ROOT_LEVEL) {
		cur->inner_left = 0;
		cur->kids_left = ROOTS & paths_behind((unsigned)(k.hi >> 63));
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
step_tip(struct index_cursor *cur)
{
	struct index_place p = index_places[__builtin_ctzll(cur->tip_left)];
	struct key k = { cur->tip_hi, cur->tip_lo };

	cur->tip_left &= cur->tip_left - 1;
	return deliver(cur, key_with_path(k, cur->tip_depth, p.path), cur->tip_depth + p.len,
	               *cur->tip_val++);
}

/* Whether the next prefix of the open node itself comes before its next kid. */
INLINE bool
own_is_next(const struct index_cursor *cur)
{
	if (cur->inner_left == 0)
		return false;
	return cur->kids_left == 0 || index_places[__builtin_ctzll(cur->inner_left)].path <=
	                                  (unsigned)__builtin_ctzll(cur->kids_left);
}

INLINE uint32_t
step_own(struct index_cursor *cur, bool wide)
{
	unsigned place = (unsigned)__builtin_ctzll(cur->inner_left);
	struct index_place p = index_places[place];
	struct node *n;
	uint32_t value;

	cur->inner_left &= cur->inner_left - 1;
	if (cur->depth == ROOT_LEVEL)
		return deliver(cur, (struct key){ 0, 0 }, 0, cur->ix->top);
	n = node_at(cur->ix, cur->trail[cur->depth - 1], wide);
	value = vals_of(cur->ix, n)[ones(n->inner & below(place))];
	return deliver(cur, key_with_path(node_key(n, wide), n->depth, p.path),
	               n->depth + p.len, value);
}

INLINE void
fetch_blocks(const struct index *ix, const struct node *n)
{
	if (!n->open)
		return;
	if (n->inner != 0)
		__builtin_prefetch(vals_at(ix, n->vals_at));
	if (n->kids != 0)
		__builtin_prefetch(node_at(ix, n->kids_at, ix->wide));
}

/* Go on with the next kid of the open node; close_node() will go by a key inside it. */
INLINE void
enter_kid(struct index_cursor *cur, bool wide)
{
	unsigned path = (unsigned)__builtin_ctzll(cur->kids_left);
	uint32_t at = cur->ix->roots + path;
	const struct node *n;

	cur->kids_left &= cur->kids_left - 1;
	if (cur->depth != ROOT_LEVEL) {
		n = node_at(cur->ix, cur->trail[cur->depth - 1], wide);
		at = n->kids_at + ones(n->kids & below(path));
	}
	n = node_at(cur->ix, at, wide);
	if (cur->kids_left != 0) /* what the next one will read */
		fetch_blocks(cur->ix, (const struct node *)(const void *)((const uint8_t *)n +
		                                                          node_size(wide)));
	if (!n->open) {
		open_tip(cur, n, n->inner, wide);
		return;
	}
	cur->trail[cur->depth++] = at;
	cur->inner_left = n->inner;
	cur->kids_left = n->kids;
}

INLINE uint32_t
step(struct index_cursor *cur, bool wide)
{
	if (cur->generation != cur->ix->generation)
		place_cursor(cur, wide);
	for (;;) {
		if (cur->tip_left != 0)
			return step_tip(cur);
		if (own_is_next(cur))
			return step_own(cur, wide);
		if (cur->kids_left != 0)
			enter_kid(cur, wide);
		else if (cur->depth != ROOT_LEVEL)
			close_node(cur, wide);
		else
			return 0;
	}
}

COUNTING void
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

COUNTING uint32_t
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
