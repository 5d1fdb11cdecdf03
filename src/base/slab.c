/*
 * One chapter: a million small things, each known by a number.
 *
 * Records of one size lie in chunks that never move: pointers stay good while the table
 * grows. The chunks double until they are large, so a small table is small and a large
 * one lies in few pieces, in huge pages where the system has them: a random access to a
 * million records is mostly waiting for memory, and a third of that for its address.
 * A directory of small windows into the chunks makes finding a record a shift and two
 * loads. Half the width of a pointer in every link is what makes a route fit in 40 bytes.
 *
 * Free slots form a list through their heads. A slot that was never used is not on
 * it: `fresh` tells where those begin, so a new chunk costs no pass over it, and
 * pages that were never touched are never paid for.
 *
 * Every use of a slot has its own generation. When the 25 bits are used up the slot
 * is retired rather than reused, so a stale (slot, generation) can never be mistaken
 * for a later record. Generations go on where they were when a slab is emptied.
 */
#include "base/slab.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"

enum {
	LINE = 64,
	LARGE = 64 << 10 /* from here on a chunk comes from the arena, page-aligned */
};

void
slab_init(struct slab *slab, size_t size, unsigned bits)
{
	memset(slab, 0, sizeof *slab);
	slab->size = (uint32_t)((size + 7) & ~(size_t)7);
	slab->bits = bits;
	slab->fresh = 1;
	slab_begin(slab, 1);
}

void
slab_begin(struct slab *slab, uint32_t gen)
{
	/* Near the end of the numbers begin anew: handles that old are nobody's. */
	slab->first_gen = gen < SLOT_GEN_MASK / 2 ? gen : 1;
	slab->newest_gen = slab->first_gen - 1;
}

void
slab_set_inner(struct slab *slab)
{
	slab->inner = true;
}

/* Chunks are made in order; the next one holds as many slots as all before it, within
 * bounds. So a chunk begins at a power of two, or at a multiple of the largest size. */
static uint32_t
chunk_slots(const struct slab *slab, uint32_t start)
{
	if (start == 0)
		return 1u << slab->bits;
	return start < 1u << SLAB_BIG_BITS ? start : 1u << SLAB_BIG_BITS;
}

static size_t
chunk_bytes(const struct slab *slab, uint32_t start)
{
	return (size_t)chunk_slots(slab, start) * slab->size;
}

static uint8_t *
chunk_records(const struct slab *slab, uint32_t start)
{
	return slab->window[start >> slab->bits] + (size_t)start * slab->size;
}

/* malloc promises 16 bytes; the raw address is kept just before the aligned one. */
static uint8_t *
small_new(size_t bytes)
{
	uint8_t *raw = mem_calloc(1, bytes + LINE), *aligned;

	if (raw == NULL)
		return NULL;
	aligned = raw + LINE - (uintptr_t)raw % LINE;
	memcpy(aligned - sizeof raw, &raw, sizeof raw);
	return aligned;
}

static uint8_t *
chunk_new(const struct slab *slab, uint32_t start)
{
	size_t bytes = chunk_bytes(slab, start);

	return bytes < LARGE ? small_new(bytes) : arena_take(bytes);
}

static void
chunk_free(const struct slab *slab, uint32_t start)
{
	uint8_t *records = chunk_records(slab, start), *raw;

	if (chunk_bytes(slab, start) < LARGE) {
		memcpy(&raw, records - sizeof raw, sizeof raw);
		mem_free(raw);
	} else {
		arena_give(records, chunk_bytes(slab, start));
	}
}

void
slab_reset(struct slab *slab)
{
	uint32_t next = slab->newest_gen + 1;

	for (uint32_t at = 0; at < slab->limit; at += chunk_slots(slab, at))
		chunk_free(slab, at);
	mem_free(slab->window);
	slab->window = NULL;
	slab->limit = slab->room = slab->live = slab->free_head = 0;
	slab->fresh = 1;
	slab_begin(slab, next);
}

static bool
make_room(struct slab *slab, uint32_t windows)
{
	uint32_t room = slab->room != 0 ? slab->room * 2 : 8;
	uint8_t **window;

	if (windows <= slab->room)
		return true;
	if (room < windows)
		room = windows;
	window = mem_realloc(slab->window, room, sizeof *window);
	if (window == NULL)
		return false;
	slab->window = window;
	slab->room = room;
	return true;
}

static bool
grow(struct slab *slab)
{
	uint32_t start = slab->limit, end = start + chunk_slots(slab, start);
	uint8_t *records;

	if (!make_room(slab, end >> slab->bits))
		return false;
	records = chunk_new(slab, start);
	if (records == NULL)
		return false;
	for (uint32_t at = start; at < end; at += 1u << slab->bits)
		slab->window[at >> slab->bits] = records - (size_t)start * slab->size;
	slab->limit = end;
	return true;
}

bool
slab_reserve(struct slab *slab)
{
	if (slab->free_head != 0 || slab->fresh < slab->limit)
		return true;
	return slab->fresh < 1u << 28 && grow(slab);
}

/* Behind the head of a free record: the next free slot. */
static uint32_t *
next_free(struct slot_head *head)
{
	return (uint32_t *)(head + 1);
}

uint32_t
slab_alloc(struct slab *slab)
{
	struct slot_head *head;
	uint32_t slot, gen;

	if (!slab_reserve(slab))
		return 0;
	if (slab->free_head != 0) {
		slot = slab->free_head;
		head = slab_at(slab, slot);
		slab->free_head = *next_free(head);
		gen = head->gen + 1;
		memset(head, 0, slab->size);
	} else {
		slot = slab->fresh++;
		head = slab_at(slab, slot);
		gen = slab->first_gen;
	}
	if (gen > slab->newest_gen)
		slab->newest_gen = gen;
	head->gen = gen | SLOT_LIVE;
	head->refs = 0;
	slab->live++;
	return slot;
}

void
slab_free(struct slab *slab, uint32_t slot)
{
	struct slot_head *head = slab_at(slab, slot);

	head->gen &= ~SLOT_LIVE;
	head->refs = 0;
	slab->live--;
	if (head->gen == SLOT_GEN_MASK) {
		if (!slab->inner)
			return; /* retired */
		head->gen = 0;
	}
	*next_free(head) = slab->free_head;
	slab->free_head = slot;
}

bool
slab_contains(const struct slab *slab, const void *address)
{
	for (uint32_t at = 0; at < slab->limit; at += chunk_slots(slab, at))
		if ((uintptr_t)address - (uintptr_t)chunk_records(slab, at) <
		    chunk_bytes(slab, at))
			return true;
	return false;
}

size_t
slab_bytes(const struct slab *slab)
{
	size_t bytes = slab->room * sizeof *slab->window;

	for (uint32_t at = 0; at < slab->limit; at += chunk_slots(slab, at))
		bytes += chunk_bytes(slab, at);
	return bytes;
}
