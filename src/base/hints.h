/*
 * Where a record probably is: numbers by the hash of their key, found with one look into
 * memory. A hint may be missing or wrong, so whoever takes one compares the key and keeps
 * a structure beside it that knows for sure.
 *
 * Whoever embeds it owns it. No locks: the caller has one.
 */
#ifndef BASE_HINTS_H
#define BASE_HINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HINTS_WAYS = 16, HINTS_MIN_BITS = 13, HINTS_MAX_BITS = 27 };

struct hints {
	uint32_t *ways; /* 1 << bits of them in sets of HINTS_WAYS; NULL: none yet */
	uint32_t bits;
};

/** What hints_find() compares at a time. */
typedef uint32_t hints_lanes __attribute__((vector_size(16)));

/**
 * Remember a number; may forget another one.
 *
 * @param hash   of the key, all 64 bits well mixed.
 * @param value  not 0.
 * @param count  how many keys there are now: the memory grows and shrinks with it, about 6
 *               to 13 bytes for each. Few need none. Where memory is short, hints are fewer.
 */
void hints_add(struct hints *hints, uint64_t hash, uint32_t value, size_t count);

/** Forget a number, if it is there. @param count  how many keys are left. */
void hints_drop(struct hints *hints, uint64_t hash, uint32_t value, size_t count);

/** Forget everything and give the memory back. */
void hints_reset(struct hints *hints);

/** Bytes of memory held. */
size_t hints_bytes(const struct hints *hints);

/* A way holds a number in its lowest bits + 1 bits, and above it as much of the hash as
 * there is room for, from behind those bits that chose the set. */

static inline uint32_t
hints_value_mask(const struct hints *hints)
{
	return (2u << hints->bits) - 1;
}

/** The set of a hash. */
static inline uint32_t *
hints_set(const struct hints *hints, uint64_t hash)
{
	return hints->ways + (hash >> (68 - hints->bits)) * HINTS_WAYS;
}

/** The bits of a hash that a way holds, in their place. */
static inline uint32_t
hints_tag(const struct hints *hints, uint64_t hash)
{
	return (uint32_t)(hash << (hints->bits - 4) >> 32) & ~hints_value_mask(hints);
}

/**
 * A number whose key may have this hash; 0: none known. It was given to hints_add(), or is
 * several of those muddled up.
 */
static inline uint32_t
hints_find(const struct hints *hints, uint64_t hash)
{
	const hints_lanes *set;
	hints_lanes found = { 0 };
	uint32_t mask = hints_value_mask(hints), tag;

	if (hints->ways == NULL)
		return 0;
	set = (const hints_lanes *)(const void *)hints_set(hints, hash);
	tag = hints_tag(hints, hash);
#pragma GCC unroll 4
	for (unsigned i = 0; i < HINTS_WAYS / 4; i++)
		found |= (hints_lanes)((set[i] & ~mask) == tag) & set[i];
	return (found[0] | found[1] | found[2] | found[3]) & mask;
}

#endif
