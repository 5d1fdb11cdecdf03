/*
 * One chapter: one trie that finds, matches and keeps the order.
 *
 * A million prefixes must be found exactly, by longest match and in MIB order, and change
 * all day. A multibit trie does all three at once: a node covers six bits of address, the
 * prefixes that end inside it are 63 bits of one word, numbered so that bit order is MIB
 * order (the pre-order of a binary trie), its children 64 bits of another. Values and
 * children stand in two small blocks, found by counting bits. Longest match in a node is
 * one AND with the places on the way and the highest bit of the result.
 *
 * Nodes stand at depths 1, 7, 13, 19, ..., so that the lengths everybody uses (24, 48, 64)
 * are not the first of a node but inside it. Levels that would hold nothing are left out
 * (a node knows all the bits before it), and a prefix alone in its part is a leaf in its
 * parent's block. The prefix of length 0 has a place of its own.
 *
 * Invariants: a node holds at least two things, or it would not be there; so the shape
 * depends on the set of prefixes and not on history, and there are fewer nodes than
 * prefixes. A block holds its number's worth or is roomier. Whatever can fail for lack of
 * memory fails before anything has changed; taking out needs no memory.
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
	if (!index_pool_start(&ix->nodes)) {
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
		bytes += ((size_t)pools[i]->chunk_count << pools[i]->shift) * pools[i]->unit +
		         pools[i]->chunk_room * sizeof(uint8_t *);
	return bytes;
}

/* Reading --------------------------------------------------------------------------- */

INLINE uint32_t
find(const struct index *ix, struct key k, unsigned len, bool wide)
{
	const struct node *n = node_at(ix, (uint32_t)(k.hi >> 63), wide);

	for (;;) {
		unsigned depth = n->depth, path, place;

		if (is_leaf(n))
			return depth == len && key_equal(node_key(n, wide), k) ? n->vals_at : 0;
		if (len < depth || !node_covers(n, depth, k, wide))
			return 0;
		path = key_path(k, depth, wide);
		if (len < depth + STRIDE) {
			place = place_of(path, len - depth);
			if ((n->inner >> place & 1) == 0)
				return 0;
			return *vals_at(ix, n->vals_at + ones(n->inner & below(place)));
		}
		if ((n->kids >> path & 1) == 0)
			return 0;
		n = node_at(ix, n->kids_at + ones(n->kids & below(path)), wide);
	}
}

uint32_t
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

INLINE uint32_t
match(const struct index *ix, struct key k, unsigned len, unsigned *len_out, bool wide)
{
	const struct node *n = node_at(ix, (uint32_t)(k.hi >> 63), wide);
	uint32_t at = 0;
	unsigned found = 0;

	for (;;) {
		unsigned depth = n->depth, path, place;
		uint64_t hits;

		if (depth > len || depth == 0 || !node_covers(n, depth, k, wide))
			break;
		if (is_leaf(n)) {
			*len_out = depth;
			return n->vals_at;
		}
		path = key_path(k, depth, wide);
		hits = n->inner & covers_up_to(path, len - depth);
		if (hits != 0) {
			place = 63 - (unsigned)__builtin_clzll(hits);
			at = n->vals_at + ones(n->inner & below(place));
			found = depth + index_places[place].len;
		}
		if (len < depth + STRIDE || (n->kids >> path & 1) == 0)
			break;
		n = node_at(ix, n->kids_at + ones(n->kids & below(path)), wide);
	}
	*len_out = found;
	return at != 0 ? *vals_at(ix, at) : ix->top;
}

uint32_t
index_match_len(const struct index *ix, const uint8_t *addr, unsigned len, unsigned *len_out)
{
	struct key k = key_load(addr, ix->wide);
	unsigned found = 0;
	uint32_t value;

	value = ix->wide ? match(ix, k, len < 128 ? len : 128, &found, true)
	                 : match(ix, k, len < 32 ? len : 32, &found, false);
	if (value != 0 && len_out != NULL)
		*len_out = found;
	return value;
}

uint32_t
index_match(const struct index *ix, const uint8_t *addr, unsigned len)
{
	return index_match_len(ix, addr, len, NULL);
}

/* Changing -------------------------------------------------------------------------- */

static void
make_leaf(struct node *n, struct key k, unsigned len, uint32_t value, bool wide)
{
	memset(n, 0, node_size(wide));
	node_set_key(n, k, wide);
	n->depth = (uint8_t)len;
	n->vals_at = value;
}

static DWORD
add_val(struct index *ix, struct node *n, unsigned place, uint32_t value)
{
	unsigned count = ones(n->inner), before = ones(n->inner & below(place));
	uint32_t *from = count > 0 ? vals_at(ix, n->vals_at) : NULL, *to = from;

	if (count == 0 || count == index_class_size[n->vals_room]) {
		unsigned room = index_class_of[count + 1];
		uint32_t at = index_pool_take(&ix->vals, room);

		if (at == 0)
			return ERROR_NOT_ENOUGH_MEMORY;
		to = vals_at(ix, at);
		if (count > 0) {
			memcpy(to, from, before * sizeof(*to));
			memcpy(to + before + 1, from + before, (count - before) * sizeof(*to));
			index_pool_give(&ix->vals, n->vals_at, n->vals_room);
		}
		n->vals_at = at;
		n->vals_room = (uint8_t)room;
	} else {
		memmove(to + before + 1, to + before, (count - before) * sizeof(*to));
	}
	to[before] = value;
	n->inner |= UINT64_C(1) << place;
	return NO_ERROR;
}

static DWORD
add_leaf(struct index *ix, struct node *n, struct key k, unsigned len, uint32_t value,
         bool wide)
{
	unsigned path = key_path(k, n->depth, wide), count = ones(n->kids);
	unsigned before = ones(n->kids & below(path));
	size_t size = node_size(wide);
	struct node *from = count > 0 ? node_at(ix, n->kids_at, wide) : NULL, *to = from;

	if (count == 0 || count == index_class_size[n->kids_room]) {
		unsigned room = index_class_of[count + 1];
		uint32_t at = index_pool_take(&ix->nodes, room);

		if (at == 0)
			return ERROR_NOT_ENOUGH_MEMORY;
		to = node_at(ix, at, wide);
		if (count > 0) {
			memcpy(to, from, before * size);
			memcpy(node_add(to, before + 1, wide), node_add(from, before, wide),
			       (count - before) * size);
			index_pool_give(&ix->nodes, n->kids_at, n->kids_room);
		}
		n->kids_at = at;
		n->kids_room = (uint8_t)room;
	} else {
		memmove(node_add(to, before + 1, wide), node_add(to, before, wide),
		        (count - before) * size);
	}
	make_leaf(node_add(to, before, wide), k, len, value, wide);
	n->kids |= UINT64_C(1) << path;
	return NO_ERROR;
}

/*
 * Slot `n` holds something that does not lie on the way to the new prefix, or a leaf:
 * put a node in its place that holds both.
 */
static DWORD
fork_slot(struct index *ix, struct node *n, struct key k, unsigned len, uint32_t value,
          bool wide)
{
	struct wide_node old, made;
	struct node *const up = &made.n;
	unsigned common = key_common(node_key(n, wide), k), depth, place;
	DWORD err = NO_ERROR;

	memcpy(&old, n, node_size(wide));
	common = common < len ? common : len;
	common = common < n->depth ? common : n->depth;
	depth = common - (common - 1) % STRIDE;

	memset(&made, 0, sizeof(made));
	up->depth = (uint8_t)depth;
	node_set_key(up, key_cut(k, depth), wide);
	/* The old content first: if that works the second can fail, and both blocks go back. */
	if (is_leaf(n) && n->depth < depth + STRIDE) {
		place = place_of(key_path(node_key(n, wide), depth, wide), n->depth - depth);
		err = add_val(ix, up, place, n->vals_at);
	} else {
		err = add_leaf(ix, up, node_key(n, wide), n->depth, 0, wide);
		if (err == NO_ERROR)
			memcpy(node_at(ix, up->kids_at, wide), &old, node_size(wide));
	}
	if (err != NO_ERROR)
		return err;
	if (len < depth + STRIDE)
		err = add_val(ix, up, place_of(key_path(k, depth, wide), len - depth), value);
	else
		err = add_leaf(ix, up, k, len, value, wide);
	if (err != NO_ERROR) {
		if (up->inner != 0)
			index_pool_give(&ix->vals, up->vals_at, up->vals_room);
		if (up->kids != 0)
			index_pool_give(&ix->nodes, up->kids_at, up->kids_room);
		return err;
	}
	memcpy(n, &made, node_size(wide));
	return NO_ERROR;
}

INLINE DWORD
insert(struct index *ix, struct key k, unsigned len, uint32_t value, bool wide)
{
	struct node *n = node_at(ix, (uint32_t)(k.hi >> 63), wide);

	for (;;) {
		unsigned depth = n->depth, path, place;

		if (depth == 0) {
			make_leaf(n, k, len, value, wide);
			return NO_ERROR;
		}
		if (is_leaf(n)) {
			if (depth == len && key_equal(node_key(n, wide), k))
				return ERROR_ALREADY_EXISTS;
			return fork_slot(ix, n, k, len, value, wide);
		}
		if (len < depth || !node_covers(n, depth, k, wide))
			return fork_slot(ix, n, k, len, value, wide);
		path = key_path(k, depth, wide);
		if (len < depth + STRIDE) {
			place = place_of(path, len - depth);
			if ((n->inner >> place & 1) != 0)
				return ERROR_ALREADY_EXISTS;
			return add_val(ix, n, place, value);
		}
		if ((n->kids >> path & 1) == 0)
			return add_leaf(ix, n, k, len, value, wide);
		n = node_at(ix, n->kids_at + ones(n->kids & below(path)), wide);
	}
}

DWORD
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

static void
drop_val(struct index *ix, struct node *n, unsigned place)
{
	unsigned count = ones(n->inner) - 1, before = ones(n->inner & below(place));
	uint32_t *vals = vals_at(ix, n->vals_at);

	n->inner &= ~(UINT64_C(1) << place);
	memmove(vals + before, vals + before + 1, (count - before) * sizeof(*vals));
	if (count == 0) {
		index_pool_give(&ix->vals, n->vals_at, n->vals_room);
	} else if (2 * count <= index_class_size[n->vals_room]) {
		unsigned room = index_class_of[count];
		uint32_t at = index_pool_take(&ix->vals, room);

		if (at == 0)
			return; /* then it stays roomy */
		memcpy(vals_at(ix, at), vals, count * sizeof(*vals));
		index_pool_give(&ix->vals, n->vals_at, n->vals_room);
		n->vals_at = at;
		n->vals_room = (uint8_t)room;
	}
}

static void
drop_kid(struct index *ix, struct node *n, unsigned path, bool wide)
{
	unsigned count = ones(n->kids) - 1, before = ones(n->kids & below(path));
	struct node *kids = node_at(ix, n->kids_at, wide);

	n->kids &= ~(UINT64_C(1) << path);
	memmove(node_add(kids, before, wide), node_add(kids, before + 1, wide),
	        (count - before) * (size_t)node_size(wide));
	if (count == 0) {
		index_pool_give(&ix->nodes, n->kids_at, n->kids_room);
	} else if (2 * count <= index_class_size[n->kids_room]) {
		unsigned room = index_class_of[count];
		uint32_t at = index_pool_take(&ix->nodes, room);

		if (at == 0)
			return; /* then it stays roomy */
		memcpy(node_at(ix, at, wide), kids, count * (size_t)node_size(wide));
		index_pool_give(&ix->nodes, n->kids_at, n->kids_room);
		n->kids_at = at;
		n->kids_room = (uint8_t)room;
	}
}

/* A node that has lost something and holds one thing only gives its slot to that. */
static void
fold_slot(struct index *ix, struct node *n, bool wide)
{
	struct key k = node_key(n, wide);
	uint32_t at;
	unsigned room;

	if (n->kids == 0 && ones(n->inner) == 1) {
		struct index_place place = index_places[__builtin_ctzll(n->inner)];

		at = n->vals_at;
		room = n->vals_room;
		make_leaf(n, key_with_path(k, n->depth, place.path), n->depth + place.len,
		          *vals_at(ix, at), wide);
		index_pool_give(&ix->vals, at, room);
	} else if (n->inner == 0 && ones(n->kids) == 1) {
		at = n->kids_at;
		room = n->kids_room;
		memcpy(n, node_at(ix, at, wide), node_size(wide));
		index_pool_give(&ix->nodes, at, room);
	}
}

INLINE uint32_t
take_out(struct index *ix, struct key k, unsigned len, bool wide)
{
	struct node *n = node_at(ix, (uint32_t)(k.hi >> 63), wide), *up = NULL;

	for (;;) {
		unsigned depth = n->depth, path, place;
		uint32_t value;

		if (is_leaf(n)) {
			value = n->vals_at;
			if (depth != len || !key_equal(node_key(n, wide), k))
				return 0;
			if (up == NULL) {
				memset(n, 0, node_size(wide));
				return value;
			}
			drop_kid(ix, up, key_path(k, up->depth, wide), wide);
			fold_slot(ix, up, wide);
			return value;
		}
		if (len < depth || !node_covers(n, depth, k, wide))
			return 0;
		path = key_path(k, depth, wide);
		if (len < depth + STRIDE) {
			place = place_of(path, len - depth);
			if ((n->inner >> place & 1) == 0)
				return 0;
			value = *vals_at(ix, n->vals_at + ones(n->inner & below(place)));
			drop_val(ix, n, place);
			fold_slot(ix, n, wide);
			return value;
		}
		if ((n->kids >> path & 1) == 0)
			return 0;
		up = n;
		n = node_at(ix, n->kids_at + ones(n->kids & below(path)), wide);
	}
}

uint32_t
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
	if (--ix->count == 0) {
		index_pool_reset(&ix->nodes);
		index_pool_reset(&ix->vals);
	}
	return value;
}
