/*
 * Inside the prefix index: nodes, keys, and the pools that blocks come from. For
 * index*.c and the bench and tests of the index; everything here belongs to the index.
 */
#ifndef BASE_INDEX_INT_H
#define BASE_INDEX_INT_H

#include "base/index.h"

#include <endian.h>

#define INLINE static inline __attribute__((always_inline))

/*
 * Keys are bit strings, left-aligned in 128 bits, so that an IPv4 address is the upper
 * 32 and both families share their code. `wide` is a constant in every caller, which
 * lets the compiler drop the half that IPv4 does not have.
 */
struct key {
	uint64_t hi, lo;
};

/*
 * A node stands at a depth, the number of bits before it, always 1 + 6 * j. It holds the
 * prefixes of lengths depth to depth + 5, one bit of `inner` each in MIB order, and what
 * lies deeper in up to 64 kids. Two shapes: closed, no kids and up to four values inside;
 * open, blocks of kids and values.
 */
struct node {
	uint64_t inner; /* bit place_of(): prefix present */
	uint32_t key32; /* narrow: the bits before it, zero behind */
	uint8_t depth;
	uint8_t open;
	uint8_t kids_room, vals_room; /* open: size classes of the two blocks */
	union {
		uint32_t vals[4]; /* closed: in order of `inner` */
		struct {
			uint64_t kids;    /* bit path: there is a kid */
			uint32_t kids_at; /* kids in order of path */
			uint32_t vals_at; /* values in order of `inner` */
		};
	};
};

struct wide_node {
	struct node n; /* key32 is not used */
	struct key key;
};

#define VALS_INSIDE 4u
/*
 * Bits are counted two or three times a level. On x86-64 the instruction for it is not in
 * the baseline, so functions marked so exist twice and the dynamic linker picks one. Not
 * under the thread sanitizer: it would instrument the picking, which comes before it.
 */
#if defined(__x86_64__) && !defined(__POPCNT__) && !defined(__SANITIZE_THREAD__)
#define COUNTING __attribute__((target_clones("popcnt", "default")))
#else
#define COUNTING
#endif

#define STRIDE 6u
#define JUMP_DEPTH 13u
#define SIZE_CLASSES 12u
#define SPAN_UNITS 192u /* a multiple of every size */

/*
 * Blocks of 1 to 64 units, named by a 32-bit number, in chunks that never move. A chunk
 * is cut into spans; a span holds blocks of one size, and is free again when they are.
 */
struct span {
	uint32_t next, prev; /* among spans of this size with room; or among empty ones */
	uint8_t size_class;
	uint8_t used;      /* blocks given out */
	uint8_t fresh;     /* blocks from here on have never been used */
	uint8_t free_head; /* 1 + number of a free block, linked through its first byte */
	uint16_t busy;     /* first span of a chunk: how many of its spans hold blocks */
};

struct pool {
	uint8_t **chunks; /* NULL: given back, the number is free */
	struct span *spans;
	uint32_t chunk_count, chunk_room; /* room: of `chunks`, and of `spans` in chunks */
	uint32_t unit;                    /* bytes */
	uint32_t shift;                   /* a chunk has 1 << shift units */
	uint32_t roomy[SIZE_CLASSES];     /* 1 + span; 0 ends */
	uint32_t empty;                   /* 1 + span; 0 ends */
	uint32_t idle_chunks;             /* without any block */
	size_t live_chunks;
	size_t used; /* units in blocks given out */
};

struct index {
	struct pool nodes;
	struct pool vals;
	uint64_t generation;
	size_t count;
	uint32_t roots; /* block of two nodes of depth 1: prefixes that begin with bit 0, 1 */
	uint32_t top;   /* value of the prefix of length 0; 0: there is none */
	bool wide;
	uint32_t jump[1u << JUMP_DEPTH]; /* first bits: the node of this depth; 0: none */
};

extern const uint8_t index_class_size[SIZE_CLASSES];
extern const uint8_t index_class_of[65]; /* smallest class for that many units */

void index_pool_init(struct pool *pool, uint32_t unit, uint32_t shift);
void index_pool_fini(struct pool *pool);
/** A block of a size class; 0: no memory. Its bytes are not initialised. */
uint32_t index_pool_take(struct pool *pool, unsigned size_class);
void index_pool_give(struct pool *pool, uint32_t at, unsigned size_class);

/** For tests: whether every invariant named in index.c holds, and no block is lost. */
bool index_is_sound(const struct index *ix);

/* Prefix number i of a node in MIB order: its first path, and its length in the node. */
struct index_place {
	uint8_t path, len;
};
extern const struct index_place index_places[63];

INLINE void *
pool_at(const struct pool *pool, uint32_t unit, uint32_t shift, uint32_t at)
{
	return pool->chunks[at >> shift] + (size_t)(at & ((1u << shift) - 1)) * unit;
}

#define NODE_SHIFT 12u
#define VAL_SHIFT 14u

extern const uint64_t index_covers[64]; /* places whose prefixes begin the path */

INLINE uint32_t
node_size(bool wide)
{
	return wide ? sizeof(struct wide_node) : sizeof(struct node);
}

INLINE struct node *
node_at(const struct index *ix, uint32_t at, bool wide)
{
	return pool_at(&ix->nodes, node_size(wide), NODE_SHIFT, at);
}

INLINE struct node *
node_add(struct node *n, size_t count, bool wide)
{
	return (struct node *)(void *)((uint8_t *)n + count * node_size(wide));
}

INLINE uint32_t *
vals_at(const struct index *ix, uint32_t at)
{
	return pool_at(&ix->vals, sizeof(uint32_t), VAL_SHIFT, at);
}

INLINE unsigned
ones(uint64_t bits)
{
	return (unsigned)__builtin_popcountll(bits);
}

/* All bits below bit `n`; n < 64. */
INLINE uint64_t
below(unsigned n)
{
	return (UINT64_C(1) << n) - 1;
}

INLINE uint64_t
kids_of(const struct node *n)
{
	return n->open ? n->kids : 0;
}

INLINE uint32_t *
vals_of(const struct index *ix, struct node *n)
{
	return n->open ? vals_at(ix, n->vals_at) : n->vals;
}

INLINE uint32_t
root_of(const struct index *ix, struct key k)
{
	return ix->roots + (uint32_t)(k.hi >> 63);
}

INLINE size_t
jump_of(struct key k)
{
	return k.hi >> (64 - JUMP_DEPTH);
}

INLINE struct key
key_load(const uint8_t *addr, bool wide)
{
	uint64_t hi, lo;
	uint32_t word;
	struct key k = { 0, 0 };

	if (wide) {
		__builtin_memcpy(&hi, addr, 8);
		__builtin_memcpy(&lo, addr + 8, 8);
		k.hi = be64toh(hi);
		k.lo = be64toh(lo);
	} else {
		__builtin_memcpy(&word, addr, 4);
		k.hi = (uint64_t)be32toh(word) << 32;
	}
	return k;
}

INLINE void
key_store(struct key k, uint8_t *addr, bool wide)
{
	uint64_t hi = htobe64(k.hi), lo = htobe64(k.lo);

	__builtin_memcpy(addr, &hi, wide ? 8 : 4);
	if (wide)
		__builtin_memcpy(addr + 8, &lo, 8);
}

INLINE bool
key_equal(struct key a, struct key b)
{
	return a.hi == b.hi && a.lo == b.lo;
}

INLINE bool
key_less(struct key a, struct key b)
{
	return a.hi != b.hi ? a.hi < b.hi : a.lo < b.lo;
}

/* How many leading bits agree; 128 if all do. */
INLINE unsigned
key_common(struct key a, struct key b)
{
	if (a.hi != b.hi)
		return (unsigned)__builtin_clzll(a.hi ^ b.hi);
	if (a.lo != b.lo)
		return 64 + (unsigned)__builtin_clzll(a.lo ^ b.lo);
	return 128;
}

/* Whether the bits from `from` on are all zero. */
INLINE bool
key_ends_at(struct key k, unsigned from)
{
	if (from >= 128)
		return true;
	if (from >= 64)
		return k.lo << (from - 64) == 0;
	return (k.hi << from | k.lo) == 0;
}

INLINE struct key
key_cut(struct key k, unsigned len)
{
	if (len < 64) {
		k.hi &= ~(~UINT64_C(0) >> len);
		k.lo = 0;
	} else if (len < 128) {
		k.lo &= ~(~UINT64_C(0) >> (len - 64));
	}
	return k;
}

/* The six bits at `depth`; behind the end of the address there are zeros. */
INLINE unsigned
key_path(struct key k, unsigned depth, bool wide)
{
	if (!wide || depth <= 58)
		return (unsigned)(k.hi << depth >> 58);
	if (depth < 64)
		return (unsigned)((k.hi << depth | k.lo >> (64 - depth)) >> 58);
	return (unsigned)(k.lo << (depth - 64) >> 58);
}

/* Put six bits at `depth`, where there are zeros now. */
INLINE struct key
key_with_path(struct key k, unsigned depth, unsigned path)
{
	uint64_t bits = (uint64_t)path << 58;

	if (depth < 64)
		k.hi |= bits >> depth;
	if (depth > 58 && depth < 64)
		k.lo |= bits << (64 - depth);
	if (depth >= 64)
		k.lo |= bits >> (depth - 64);
	return k;
}

INLINE struct key
node_key(const struct node *n, bool wide)
{
	if (wide)
		return ((const struct wide_node *)(const void *)n)->key;
	return (struct key){ (uint64_t)n->key32 << 32, 0 };
}

INLINE void
node_set_key(struct node *n, struct key k, bool wide)
{
	if (wide)
		((struct wide_node *)(void *)n)->key = k;
	else
		n->key32 = (uint32_t)(k.hi >> 32);
}

/* Whether the first `depth` bits of the key are the node's; depth is not 0. */
INLINE bool
node_covers(const struct node *n, unsigned depth, struct key k, bool wide)
{
	const struct wide_node *w = (const struct wide_node *)(const void *)n;

	if (!wide)
		return (n->key32 ^ (uint32_t)(k.hi >> 32)) >> (32 - depth) == 0;
	if (depth <= 64)
		return (w->key.hi ^ k.hi) >> (64 - depth) == 0;
	return ((w->key.hi ^ k.hi) | (w->key.lo ^ k.lo) >> (128 - depth)) == 0;
}

/* Number of the prefix with the first `len` bits of `path`, in MIB order; len <= 5. */
INLINE unsigned
place_of(unsigned path, unsigned len)
{
	unsigned bits = path & ~(63u >> len);

	return len + bits - ones(bits);
}

#endif
