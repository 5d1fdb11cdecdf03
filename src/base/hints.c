/*
 * One chapter: guessing right, most of the time.
 *
 * The index finds a prefix among a million with two or three reads, each of which has to
 * wait for the one before, and each of which misses the cache. Where a read of memory takes
 * 160 ns (a virtual machine with neighbours) that is most of an exact match. What is asked
 * most often deserves one read.
 *
 * So there is a table beside the index that maps the hash of a prefix to its number, small
 * enough to stay in the cache: 4 bytes a prefix. A set of sixteen is one line of cache,
 * compared all at once. The price of four bytes is that it cannot be relied on. A full set
 * loses what does not fit (hardly any: a table grows when five eighths are full); the bits of
 * the hash that fit beside a number let one stranger in a hundred pass. Therefore it only
 * hints: the caller looks whether the record has the key that he asks for, and searches the
 * index if not. A hint can be lost, stale or absent without anything being wrong, so growing
 * may fail, and nothing needs to be undone.
 *
 * Growing doubles the table in one pass from front to back (some 2 ms for a million). The
 * next bit of the hash is the highest that a way holds, since the set is chosen by the bits
 * before it; at the same time numbers get a bit longer. A table much too large is thrown
 * away; it fills again as numbers are asked for and added.
 */
#include "base/hints.h"

#include "base/arena.h"

size_t
hints_bytes(const struct hints *hints)
{
	return hints->ways != NULL ? sizeof(*hints->ways) << hints->bits : 0;
}

void
hints_reset(struct hints *hints)
{
	arena_give(hints->ways, hints_bytes(hints));
	hints->ways = NULL;
	hints->bits = 0;
}

/* Put a way where there is room; where there is none, the value says who makes room. */
static void
put(uint32_t *set, uint32_t way)
{
	unsigned at = way % HINTS_WAYS;

	for (unsigned i = 0; i < HINTS_WAYS; i++) {
		if (set[i] == 0) {
			at = i;
			break;
		}
	}
	set[at] = way;
}

static void
begin(struct hints *hints)
{
	hints->ways = arena_take(sizeof(*hints->ways) << HINTS_MIN_BITS);
	hints->bits = hints->ways != NULL ? HINTS_MIN_BITS : 0;
}

static void
grow(struct hints *hints)
{
	struct hints grown = { .bits = hints->bits + 1 };
	uint32_t mask = hints_value_mask(hints);

	grown.ways = arena_take(hints_bytes(hints) * 2);
	if (grown.ways == NULL)
		return;
	for (size_t i = 0; i < (size_t)1 << hints->bits; i++) {
		uint32_t way = hints->ways[i];
		size_t set = i / HINTS_WAYS * 2 + (way >> 31);

		if (way != 0)
			put(grown.ways + set * HINTS_WAYS, (way & ~mask) << 1 | (way & mask));
	}
	hints_reset(hints);
	*hints = grown;
}

/* The largest count for which so many ways will do. */
static size_t
most(const struct hints *hints)
{
	return ((size_t)1 << hints->bits) / 8 * 5;
}

void
hints_add(struct hints *hints, uint64_t hash, uint32_t value, size_t count)
{
	if (hints->ways == NULL && count > (1u << HINTS_MIN_BITS) / 8)
		begin(hints);
	else if (hints->ways != NULL && count > most(hints) && hints->bits < HINTS_MAX_BITS)
		grow(hints);
	if (hints->ways != NULL && value <= hints_value_mask(hints))
		put(hints_set(hints, hash), hints_tag(hints, hash) | value);
}

void
hints_drop(struct hints *hints, uint64_t hash, uint32_t value, size_t count)
{
	uint32_t *set, way;

	if (hints->ways == NULL)
		return;
	if (count < most(hints) / 16) {
		hints_reset(hints);
		return;
	}
	set = hints_set(hints, hash);
	way = hints_tag(hints, hash) | value;
	for (unsigned i = 0; i < HINTS_WAYS; i++)
		set[i] = set[i] == way ? 0 : set[i];
}
