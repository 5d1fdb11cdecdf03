/*
 * One chapter: one trie that finds, matches and keeps the order.
 *
 * A million prefixes must be found exactly, by longest match and in MIB order, and change
 * all day. A multibit trie does all three at once: a node covers six bits of address, the
 * prefixes that end inside it are 63 bits of one word, numbered so that bit order is MIB
 * order (the pre-order of a binary trie), its kids 64 bits of another. Values and kids
 * stand in two small blocks, found by counting bits. Longest match in a node is one AND
 * with the places on the way and the highest bit of the result.
 *
 * Nodes stand at depths 1, 7, 13, 19, ..., so that the lengths everybody uses (24, 48, 64)
 * are the last or nearly the last of a node: as the first of one they would need a node
 * each. Levels that would hold nothing are left out, since a node knows all the bits before
 * it. The prefix of length 0 has a place of its own.
 *
 * What counts is not work but waiting for memory, and how much of the next lookup the
 * processor can begin meanwhile. So: most nodes have no kids and up to four values, and
 * hold them inside (one line of cache instead of two); one table leads to the nodes at depth
 * 13, which saves two levels of instructions; the best match so far is chosen without
 * branching; chunks lie on huge pages. On one machine, CPU time, a million prefixes: the
 * plain form of this trie did 3.7M exact and 2.7M longest matches a second in 30 bytes
 * a prefix; as it is now it does 6.4M and 5.2M in 18 (docs/index.md has the story, the
 * other candidates, and the command).
 *
 * Invariants: a node but for the two roots holds a prefix or at least two kids; it is open
 * exactly if it has kids or more than four values; so the shape depends on the set of
 * prefixes and not on history. `jump` has exactly the nodes at depth 13. Whatever can fail
 * for lack of memory fails before anything has changed; taking out needs no memory: where a
 * smaller block cannot be had the larger one stays. index_is_sound() checks all of it.
 */
#include "base/index_int.h"

#include <string.h>

#include "base/alloc.h"
#include "winerr.h"

/* clang-format off */
const struct index_place index_places[63] = {
	{ 0, 0 }, { 0, 1 }, { 0, 2 }, { 0, 3 }, { 0, 4 }, { 0, 5 }, { 2, 5 }, { 4, 4 }, { 4, 5 },
	{ 6, 5 }, { 8, 3 }, { 8, 4 }, { 8, 5 }, { 10, 5 }, { 12, 4 }, { 12, 5 }, { 14, 5 }, { 16, 2 },
	{ 16, 3 }, { 16, 4 }, { 16, 5 }, { 18, 5 }, { 20, 4 }, { 20, 5 }, { 22, 5 }, { 24, 3 }, { 24, 4 },
	{ 24, 5 }, { 26, 5 }, { 28, 4 }, { 28, 5 }, { 30, 5 }, { 32, 1 }, { 32, 2 }, { 32, 3 }, { 32, 4 },
	{ 32, 5 }, { 34, 5 }, { 36, 4 }, { 36, 5 }, { 38, 5 }, { 40, 3 }, { 40, 4 }, { 40, 5 }, { 42, 5 },
	{ 44, 4 }, { 44, 5 }, { 46, 5 }, { 48, 2 }, { 48, 3 }, { 48, 4 }, { 48, 5 }, { 50, 5 }, { 52, 4 },
	{ 52, 5 }, { 54, 5 }, { 56, 3 }, { 56, 4 }, { 56, 5 }, { 58, 5 }, { 60, 4 }, { 60, 5 }, { 62, 5 },
};

const uint64_t index_covers[64] = {
	0x000000000000003f, 0x000000000000003f, 0x000000000000005f, 0x000000000000005f,
	0x000000000000018f, 0x000000000000018f, 0x000000000000028f, 0x000000000000028f,
	0x0000000000001c07, 0x0000000000001c07, 0x0000000000002c07, 0x0000000000002c07,
	0x000000000000c407, 0x000000000000c407, 0x0000000000014407, 0x0000000000014407,
	0x00000000001e0003, 0x00000000001e0003, 0x00000000002e0003, 0x00000000002e0003,
	0x0000000000c60003, 0x0000000000c60003, 0x0000000001460003, 0x0000000001460003,
	0x000000000e020003, 0x000000000e020003, 0x0000000016020003, 0x0000000016020003,
	0x0000000062020003, 0x0000000062020003, 0x00000000a2020003, 0x00000000a2020003,
	0x0000001f00000001, 0x0000001f00000001, 0x0000002f00000001, 0x0000002f00000001,
	0x000000c700000001, 0x000000c700000001, 0x0000014700000001, 0x0000014700000001,
	0x00000e0300000001, 0x00000e0300000001, 0x0000160300000001, 0x0000160300000001,
	0x0000620300000001, 0x0000620300000001, 0x0000a20300000001, 0x0000a20300000001,
	0x000f000100000001, 0x000f000100000001, 0x0017000100000001, 0x0017000100000001,
	0x0063000100000001, 0x0063000100000001, 0x00a3000100000001, 0x00a3000100000001,
	0x0701000100000001, 0x0701000100000001, 0x0b01000100000001, 0x0b01000100000001,
	0x3101000100000001, 0x3101000100000001, 0x5101000100000001, 0x5101000100000001,
};
/* clang-format on */

static void
make_node(struct node *n, struct key k, unsigned depth, bool wide)
{
	memset(n, 0, node_size(wide));
	node_set_key(n, key_cut(k, depth), wide);
	n->depth = (uint8_t)depth;
}

static bool
plant(struct index *ix)
{
	ix->roots = index_pool_take(&ix->nodes, index_class_of[2]);
	if (ix->roots == 0)
		return false;
	for (uint32_t bit = 0; bit < 2; bit++)
		make_node(node_at(ix, ix->roots + bit, ix->wide),
		          (struct key){ (uint64_t)bit << 63, 0 }, 1, ix->wide);
	return true;
}

struct index *
index_new(unsigned addr_bits)
{
	struct index *ix;

	if (addr_bits != 32 && addr_bits != 128)
		return NULL;
	ix = mem_calloc(1, sizeof(*ix));
	if (ix == NULL)
		return NULL;
	ix->wide = addr_bits == 128;
	index_pool_init(&ix->nodes, node_size(ix->wide), NODE_SHIFT);
	index_pool_init(&ix->vals, sizeof(uint32_t), VAL_SHIFT);
	if (!plant(ix)) {
		index_free(ix);
		return NULL;
	}
	return ix;
}

void
index_free(struct index *ix)
{
	if (ix == NULL)
		return;
	index_pool_fini(&ix->nodes);
	index_pool_fini(&ix->vals);
	mem_free(ix);
}

size_t
index_count(const struct index *ix)
{
	return ix->count;
}

size_t
index_bytes(const struct index *ix)
{
	const struct pool *pools[] = { &ix->nodes, &ix->vals };
	size_t bytes = sizeof(*ix);

	for (unsigned i = 0; i < 2; i++)
		bytes += (pools[i]->live_chunks << pools[i]->shift) * pools[i]->unit +
		         pools[i]->chunk_room *
		             (sizeof(uint8_t *) +
		              (1u << pools[i]->shift) / SPAN_UNITS * sizeof(struct span));
	return bytes;
}

/* Reading --------------------------------------------------------------------------- */

/* Number of the kid on the way to the key; 0: there is none. */
INLINE uint32_t
kid_towards(const struct node *n, unsigned path)
{
	uint64_t kids = kids_of(n);

	return (kids >> path & 1) != 0 ? n->kids_at + ones(kids & below(path)) : 0;
}

/*
 * Where a prefix belongs: in node `n` if that is on the way to it and deep enough; in a
 * new kid of `n` if it is on the way only; otherwise before `n`, in its place.
 */
struct way {
	struct node *n,
	    *up;            /* up: what n hangs from; NULL: a root, or we began in the middle */
	uint32_t at, up_at; /* their numbers */
	bool on_way;
};

INLINE struct way
descend(const struct index *ix, struct key k, unsigned len, uint32_t from, bool wide)
{
	struct way w = { .n = node_at(ix, from, wide), .at = from };

	for (;;) {
		uint32_t kid;

		w.on_way = len >= w.n->depth && node_covers(w.n, w.n->depth, k, wide);
		if (!w.on_way || len < w.n->depth + STRIDE)
			return w;
		kid = kid_towards(w.n, key_path(k, w.n->depth, wide));
		if (kid == 0)
			return w;
		w.up = w.n;
		w.up_at = w.at;
		w.n = node_at(ix, kid, wide);
		w.at = kid;
	}
}

/* The deepest node to begin with. */
INLINE uint32_t
start_for(const struct index *ix, struct key k, unsigned len)
{
	uint32_t at = len >= JUMP_DEPTH ? ix->jump[jump_of(k)] : 0;

	return at != 0 ? at : root_of(ix, k);
}

INLINE uint32_t
find(const struct index *ix, struct key k, unsigned len, bool wide)
{
	struct way w = descend(ix, k, len, start_for(ix, k, len), wide);
	unsigned place;

	if (!w.on_way || len >= w.n->depth + STRIDE)
		return 0;
	place = place_of(key_path(k, w.n->depth, wide), len - w.n->depth);
	if ((w.n->inner >> place & 1) == 0)
		return 0;
	return vals_of(ix, w.n)[ones(w.n->inner & below(place))];
}

COUNTING uint32_t
index_find(const struct index *ix, const uint8_t *addr, unsigned len)
{
	struct key k = key_load(addr, ix->wide);

	if (len == 0 || !key_ends_at(k, len))
		return len == 0 && key_ends_at(k, 0) ? ix->top : 0;
	return ix->wide ? find(ix, k, len, true) : find(ix, k, len, false);
}

/* The places on the way to `path` with a length up to `len`. */
INLINE uint64_t
covers_up_to(unsigned path, unsigned len)
{
	return len >= STRIDE - 1 ? index_covers[path]
	                         : index_covers[path] & below(place_of(path, len) + 1);
}

/* Where the value of the longest match at or below a node is; NULL: none there. */
INLINE const uint32_t *
match_from(const struct index *ix, uint32_t at, struct key k, unsigned len, unsigned *len_out,
           bool wide)
{
	struct node *best = NULL;
	uint64_t best_hits = 0;
	unsigned place;

	while (at != 0) {
		struct node *n = node_at(ix, at, wide);
		unsigned path;
		uint64_t hits;

		if (n->depth > len || !node_covers(n, n->depth, k, wide))
			break;
		path = key_path(k, n->depth, wide);
		hits = n->inner & covers_up_to(path, len - n->depth);
		best = hits != 0 ? n : best;
		best_hits = hits != 0 ? hits : best_hits;
		at = kid_towards(n, path);
	}
	if (best == NULL)
		return NULL;
	place = 63 - (unsigned)__builtin_clzll(best_hits);
	*len_out = best->depth + index_places[place].len;
	return &vals_of(ix, best)[ones(best->inner & below(place))];
}

INLINE const uint32_t *
match(const struct index *ix, struct key k, unsigned len, unsigned *len_out, bool wide)
{
	uint32_t start = start_for(ix, k, len);
	const uint32_t *value = match_from(ix, start, k, len, len_out, wide);

	if (value == NULL && start != root_of(ix, k))
		value = match_from(ix, root_of(ix, k), k, JUMP_DEPTH - 1, len_out, wide);
	if (value != NULL)
		return value;
	*len_out = 0;
	return ix->top != 0 ? &ix->top : NULL;
}

COUNTING const uint32_t *
index_match_at(const struct index *ix, const uint8_t *addr, unsigned len, unsigned *len_out)
{
	struct key k = key_load(addr, ix->wide);

	return ix->wide ? match(ix, k, len < 128 ? len : 128, len_out, true)
	                : match(ix, k, len < 32 ? len : 32, len_out, false);
}

uint32_t
index_match_len(const struct index *ix, const uint8_t *addr, unsigned len, unsigned *len_out)
{
	unsigned found;
	const uint32_t *value = index_match_at(ix, addr, len, &found);

	if (value == NULL)
		return 0;
	*len_out = found;
	return *value;
}

uint32_t
index_match(const struct index *ix, const uint8_t *addr, unsigned len)
{
	unsigned found;

	return index_match_len(ix, addr, len, &found);
}

/* Changing -------------------------------------------------------------------------- */

static unsigned
vals_room(const struct node *n, unsigned count)
{
	if (!n->open)
		return VALS_INSIDE;
	return count > 0 ? index_class_size[n->vals_room] : 0;
}

static DWORD
add_val(struct index *ix, struct node *n, unsigned place, uint32_t value)
{
	unsigned count = ones(n->inner), before = ones(n->inner & below(place));
	unsigned room = vals_room(n, count);
	uint32_t *from = room > 0 ? vals_of(ix, n) : NULL, *to = from;

	if (count == room) {
		unsigned larger = index_class_of[count + 1];
		uint32_t at = index_pool_take(&ix->vals, larger);

		if (at == 0)
			return ERROR_NOT_ENOUGH_MEMORY;
		to = vals_at(ix, at);
		if (count > 0) {
			memcpy(to, from, before * sizeof(*to));
			memcpy(to + before + 1, from + before, (count - before) * sizeof(*to));
		}
		if (n->open && count > 0)
			index_pool_give(&ix->vals, n->vals_at, n->vals_room);
		if (!n->open)
			n->kids = 0;
		n->open = 1;
		n->vals_at = at;
		n->vals_room = (uint8_t)larger;
	} else {
		memmove(to + before + 1, to + before, (count - before) * sizeof(*to));
	}
	to[before] = value;
	n->inner |= UINT64_C(1) << place;
	return NO_ERROR;
}

static void
drop_val(struct index *ix, struct node *n, unsigned place)
{
	unsigned count = ones(n->inner) - 1, before = ones(n->inner & below(place));
	uint32_t *vals = vals_of(ix, n), at;
	unsigned smaller = index_class_of[count];

	n->inner &= ~(UINT64_C(1) << place);
	memmove(vals + before, vals + before + 1, (count - before) * sizeof(*vals));
	if (!n->open || (count > 0 && 2 * count > index_class_size[n->vals_room]))
		return;
	if (count > 0) {
		at = index_pool_take(&ix->vals, smaller);
		if (at == 0)
			return; /* then it stays roomy */
		memcpy(vals_at(ix, at), vals, count * sizeof(*vals));
	} else {
		at = 0;
	}
	index_pool_give(&ix->vals, n->vals_at, n->vals_room);
	n->vals_at = at;
	n->vals_room = (uint8_t)smaller;
}

/* An open node without kids and with few values is closed. */
static void
close_if_small(struct index *ix, struct node *n)
{
	uint32_t vals[VALS_INSIDE] = { 0 };
	unsigned count = ones(n->inner);

	if (!n->open || n->kids != 0 || count > VALS_INSIDE)
		return;
	if (count > 0) {
		memcpy(vals, vals_of(ix, n), count * sizeof(*vals));
		index_pool_give(&ix->vals, n->vals_at, n->vals_room);
	}
	n->open = 0;
	memcpy(n->vals, vals, sizeof(vals));
}

static DWORD
open_node(struct index *ix, struct node *n)
{
	unsigned count = ones(n->inner), room = index_class_of[count];
	uint32_t at = 0;

	if (count > 0) {
		at = index_pool_take(&ix->vals, room);
		if (at == 0)
			return ERROR_NOT_ENOUGH_MEMORY;
		memcpy(vals_at(ix, at), n->vals, count * sizeof(uint32_t));
	}
	n->open = 1;
	n->kids = 0;
	n->kids_at = 0;
	n->vals_at = at;
	n->vals_room = (uint8_t)room;
	return NO_ERROR;
}

/* A copy of `kid`, which may not be in the trie, becomes one of the kids. */
static DWORD
add_kid(struct index *ix, struct node *n, unsigned path, const struct node *kid, bool wide)
{
	unsigned count, before;
	size_t size = node_size(wide);
	struct node *from = NULL, *to;

	if (!n->open && open_node(ix, n) != NO_ERROR)
		return ERROR_NOT_ENOUGH_MEMORY;
	count = ones(n->kids);
	before = ones(n->kids & below(path));
	if (count > 0)
		from = node_at(ix, n->kids_at, wide);
	to = from;
	if (count == 0 || count == index_class_size[n->kids_room]) {
		unsigned larger = index_class_of[count + 1];
		uint32_t at = index_pool_take(&ix->nodes, larger);

		if (at == 0) {
			close_if_small(ix, n);
			return ERROR_NOT_ENOUGH_MEMORY;
		}
		to = node_at(ix, at, wide);
		if (count > 0) {
			memcpy(to, from, before * size);
			memcpy(node_add(to, before + 1, wide), node_add(from, before, wide),
			       (count - before) * size);
			index_pool_give(&ix->nodes, n->kids_at, n->kids_room);
		}
		n->kids_at = at;
		n->kids_room = (uint8_t)larger;
	} else {
		memmove(node_add(to, before + 1, wide), node_add(to, before, wide),
		        (count - before) * size);
	}
	memcpy(node_add(to, before, wide), kid, size);
	n->kids |= UINT64_C(1) << path;
	return NO_ERROR;
}

static void
drop_kid(struct index *ix, struct node *n, unsigned path, bool wide)
{
	unsigned count = ones(n->kids) - 1, before = ones(n->kids & below(path));
	unsigned smaller = index_class_of[count];
	struct node *kids = node_at(ix, n->kids_at, wide);
	size_t size = node_size(wide);
	uint32_t at = 0;

	n->kids &= ~(UINT64_C(1) << path);
	memmove(node_add(kids, before, wide), node_add(kids, before + 1, wide),
	        (count - before) * size);
	if (count > 0 && 2 * count > index_class_size[n->kids_room])
		return;
	if (count > 0) {
		at = index_pool_take(&ix->nodes, smaller);
		if (at == 0)
			return; /* then it stays roomy */
		memcpy(node_at(ix, at, wide), kids, count * size);
	}
	index_pool_give(&ix->nodes, n->kids_at, n->kids_room);
	n->kids_at = at;
	n->kids_room = (uint8_t)smaller;
}

/* The kids of a node have moved: those that one can jump to are found here now. */
static void
note_kids(struct index *ix, const struct node *n, bool wide)
{
	unsigned count;

	if (n->depth >= JUMP_DEPTH)
		return;
	count = ones(kids_of(n));
	for (unsigned i = 0; i < count; i++) {
		const struct node *kid = node_at(ix, n->kids_at + i, wide);

		if (kid->depth == JUMP_DEPTH)
			ix->jump[jump_of(node_key(kid, wide))] = n->kids_at + i;
	}
}

/* Node number `at` is new there, or there no more. */
static void
note_node(struct index *ix, const struct node *n, uint32_t at, bool wide)
{
	if (n->depth == JUMP_DEPTH)
		ix->jump[jump_of(node_key(n, wide))] = at;
}

/* The depth of the node that a prefix of this length belongs to. */
static unsigned
depth_for(unsigned len)
{
	return len - (len - 1) % STRIDE;
}

/* A node for one prefix alone. */
static void
make_leaf(struct node *n, struct key k, unsigned len, uint32_t value, bool wide)
{
	unsigned depth = depth_for(len);

	make_node(n, k, depth, wide);
	n->inner = UINT64_C(1) << place_of(key_path(k, depth, wide), len - depth);
	n->vals[0] = value;
}

/* Node `n` is not on the way to the prefix: a node for both takes its place. */
static DWORD
fork_node(struct index *ix, struct node *n, uint32_t at, struct key k, unsigned len,
          uint32_t value, bool wide)
{
	struct wide_node made, leaf;
	struct node *const up = &made.n;
	unsigned common = key_common(node_key(n, wide), k);
	DWORD err;

	common = common < len ? common : len;
	common = common < n->depth ? common : n->depth;
	make_node(up, k, depth_for(common), wide);
	/* in this order: what cannot be undone by throwing `made` away comes last */
	err = add_kid(ix, up, key_path(node_key(n, wide), up->depth, wide), n, wide);
	if (err != NO_ERROR)
		return err;
	if (len < up->depth + STRIDE) {
		err = add_val(ix, up, place_of(key_path(k, up->depth, wide), len - up->depth),
		              value);
	} else {
		make_leaf(&leaf.n, k, len, value, wide);
		err = add_kid(ix, up, key_path(k, up->depth, wide), &leaf.n, wide);
	}
	if (err != NO_ERROR) {
		index_pool_give(&ix->nodes, up->kids_at, up->kids_room);
		return err;
	}
	memcpy(n, up, node_size(wide));
	note_node(ix, n, at, wide);
	note_kids(ix, n, wide);
	return NO_ERROR;
}

INLINE DWORD
insert(struct index *ix, struct key k, unsigned len, uint32_t value, bool wide)
{
	struct way w = descend(ix, k, len, start_for(ix, k, len), wide);
	struct wide_node leaf;
	unsigned path, place;
	DWORD err;

	if (!w.on_way)
		return fork_node(ix, w.n, w.at, k, len, value, wide);
	path = key_path(k, w.n->depth, wide);
	if (len >= w.n->depth + STRIDE) {
		make_leaf(&leaf.n, k, len, value, wide);
		err = add_kid(ix, w.n, path, &leaf.n, wide);
		note_kids(ix, w.n, wide);
		return err;
	}
	place = place_of(path, len - w.n->depth);
	if ((w.n->inner >> place & 1) != 0)
		return ERROR_ALREADY_EXISTS;
	return add_val(ix, w.n, place, value);
}

/* A node that has lost something takes the shape that the rest demands. */
static void
settle(struct index *ix, struct node *n, uint32_t at, bool wide)
{
	close_if_small(ix, n);
	if (n->depth > 1 && n->inner == 0 && ones(kids_of(n)) == 1) {
		uint32_t kid = n->kids_at;
		unsigned room = n->kids_room;

		note_node(ix, n, 0, wide);
		memcpy(n, node_at(ix, kid, wide), node_size(wide));
		note_node(ix, n, at, wide);
		index_pool_give(&ix->nodes, kid, room);
	}
}

INLINE uint32_t
take_out(struct index *ix, struct key k, unsigned len, bool wide)
{
	struct way w = descend(ix, k, len, start_for(ix, k, len), wide);
	unsigned place;
	uint32_t value;

	if (!w.on_way || len >= w.n->depth + STRIDE)
		return 0;
	place = place_of(key_path(k, w.n->depth, wide), len - w.n->depth);
	if ((w.n->inner >> place & 1) == 0)
		return 0;
	value = vals_of(ix, w.n)[ones(w.n->inner & below(place))];
	drop_val(ix, w.n, place);
	if ((w.n->inner | kids_of(w.n)) != 0 || w.n->depth == 1) {
		settle(ix, w.n, w.at, wide);
		return value;
	}
	if (w.up == NULL)
		w = descend(ix, k, len, root_of(ix, k), wide);
	note_node(ix, w.n, 0, wide);
	drop_kid(ix, w.up, key_path(k, w.up->depth, wide), wide);
	note_kids(ix, w.up, wide);
	settle(ix, w.up, w.up_at, wide);
	return value;
}

COUNTING DWORD
index_insert(struct index *ix, const uint8_t *addr, unsigned len, uint32_t value)
{
	struct key k = key_load(addr, ix->wide);
	DWORD err;

	if (len > (ix->wide ? 128u : 32u) || value == 0 || !key_ends_at(k, len))
		return ERROR_INVALID_PARAMETER;
	if (len == 0) {
		if (ix->top != 0)
			return ERROR_ALREADY_EXISTS;
		ix->top = value;
		err = NO_ERROR;
	} else {
		err = ix->wide ? insert(ix, k, len, value, true)
		               : insert(ix, k, len, value, false);
	}
	if (err == NO_ERROR) {
		ix->count++;
		ix->generation++;
	}
	return err;
}

COUNTING uint32_t
index_remove(struct index *ix, const uint8_t *addr, unsigned len)
{
	struct key k = key_load(addr, ix->wide);
	uint32_t value;

	if (len > (ix->wide ? 128u : 32u) || !key_ends_at(k, len))
		return 0;
	if (len == 0) {
		value = ix->top;
		ix->top = 0;
	} else {
		value = ix->wide ? take_out(ix, k, len, true) : take_out(ix, k, len, false);
	}
	if (value == 0)
		return 0;
	ix->generation++;
	ix->count--;
	return value;
}
