/*
 * One chapter: a million small things, each known by a number.
 *
 * Records of one size lie in chunks of a power of two; the slot number is (chunk,
 * place in it), so finding a record is a shift, a mask and two loads, and a chunk
 * never moves: pointers stay good while the table grows. Half the width of a
 * pointer in every link is what makes a route fit in 40 bytes.
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

enum { LINE = 64 };

void
slab_init(struct slab *slab, size_t size, unsigned bits)
{
	memset(slab, 0, sizeof *slab);
	slab->size = (uint32_t)((size + 7) & ~(size_t)7);
	slab->bits = bits;
	slab->mask = (1u << bits) - 1;
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

/* malloc promises 16 bytes; the raw address is kept just before the aligned one. */
static uint8_t *
chunk_new(const struct slab *slab)
{
	uint8_t *raw = mem_calloc(1, (((size_t)slab->mask + 1) * slab->size) + LINE);
	uint8_t *aligned;

	if (raw == NULL)
		return NULL;
	aligned = raw + LINE - (uintptr_t)raw % LINE;
	memcpy(aligned - sizeof raw, &raw, sizeof raw);
	return aligned;
}

static void
chunk_free(uint8_t *aligned)
{
	uint8_t *raw;

	memcpy(&raw, aligned - sizeof raw, sizeof raw);
	mem_free(raw);
}

void
slab_reset(struct slab *slab)
{
	uint32_t next = slab->newest_gen + 1;

	for (uint32_t i = 0; i < slab->chunks; i++)
		chunk_free(slab->chunk[i]);
	mem_free(slab->chunk);
	slab->chunk = NULL;
	slab->chunks = slab->room = slab->live = slab->free_head = 0;
	slab->fresh = 1;
	slab_begin(slab, next);
}

static bool
grow(struct slab *slab)
{
	if (slab->chunks == slab->room) {
		uint32_t room = slab->room != 0 ? slab->room * 2 : 8;
		uint8_t **chunk = mem_realloc(slab->chunk, room, sizeof *chunk);

		if (chunk == NULL)
			return false;
		slab->chunk = chunk;
		slab->room = room;
	}
	slab->chunk[slab->chunks] = chunk_new(slab);
	if (slab->chunk[slab->chunks] == NULL)
		return false;
	slab->chunks++;
	return true;
}

bool
slab_reserve(struct slab *slab)
{
	if (slab->free_head != 0 || slab->fresh >> slab->bits < slab->chunks)
		return true;
	return slab->fresh < 1u << 28 && grow(slab);
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
		slab->free_head = head->refs;
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
	slab->live--;
	if (head->gen == SLOT_GEN_MASK)
		return; /* retired */
	head->refs = slab->free_head;
	slab->free_head = slot;
}

bool
slab_contains(const struct slab *slab, const void *address)
{
	size_t bytes = ((size_t)slab->mask + 1) * slab->size;

	for (uint32_t i = 0; i < slab->chunks; i++)
		if ((uintptr_t)address - (uintptr_t)slab->chunk[i] < bytes)
			return true;
	return false;
}

size_t
slab_bytes(const struct slab *slab)
{
	return slab->chunks * (((size_t)slab->mask + 1) * slab->size + LINE) +
	       slab->room * sizeof *slab->chunk;
}
