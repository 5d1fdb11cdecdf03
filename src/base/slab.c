/*
 * One chapter: a million small things, each known by a number.
 *
 * Records of one size lie in chunks that never move: pointers stay good while the table
 * grows. The chunks double until they are large, so a small table is small and a large
 * one lies in few pieces, in huge pages where the system has them: a random access to a
 * million records is mostly waiting for memory, and a third of that for its address.
 * The number of the chunk is the place of the slot's highest bit, so finding a record is
 * two loads. Half the width of a pointer in every link is what makes a route fit in 40
 * bytes.
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

/* First slot of a chunk; the number of slots of all before it. */
static uint32_t
chunk_start(const struct slab *slab, uint32_t chunk)
{
	uint32_t doubling = SLAB_BIG_BITS - slab->bits;

	if (chunk == 0)
		return 0;
	return chunk <= doubling ? 1u << (slab->bits + chunk - 1)
	                         : (chunk - doubling) << SLAB_BIG_BITS;
}

static size_t
chunk_bytes(const struct slab *slab, uint32_t chunk)
{
	uint32_t records = chunk_start(slab, chunk + 1) - chunk_start(slab, chunk);

	return (size_t)records * slab->size + LINE;
}

/* malloc promises 16 bytes; the raw address is kept just before the aligned one. */
static uint8_t *
chunk_new(const struct slab *slab, uint32_t chunk)
{
	uint8_t *raw = mem_calloc(1, chunk_bytes(slab, chunk));
	uint8_t *aligned;

	if (raw == NULL)
		return NULL;
	mem_prefer_huge(raw, chunk_bytes(slab, chunk));
	aligned = raw + LINE - (uintptr_t)raw % LINE;
	memcpy(aligned - sizeof raw, &raw, sizeof raw);
	return aligned - (size_t)chunk_start(slab, chunk) * slab->size;
}

static uint8_t *
chunk_records(const struct slab *slab, uint32_t chunk)
{
	return slab->chunk[chunk] + (size_t)chunk_start(slab, chunk) * slab->size;
}

static void
chunk_free(const struct slab *slab, uint32_t chunk)
{
	uint8_t *raw;

	memcpy(&raw, chunk_records(slab, chunk) - sizeof raw, sizeof raw);
	mem_free(raw);
}

void
slab_reset(struct slab *slab)
{
	uint32_t next = slab->newest_gen + 1;

	for (uint32_t i = 0; i < slab->chunks; i++)
		chunk_free(slab, i);
	mem_free(slab->chunk);
	slab->chunk = NULL;
	slab->chunks = slab->room = slab->live = slab->free_head = slab->limit = 0;
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
	slab->chunk[slab->chunks] = chunk_new(slab, slab->chunks);
	if (slab->chunk[slab->chunks] == NULL)
		return false;
	slab->limit = chunk_start(slab, ++slab->chunks);
	return true;
}

bool
slab_reserve(struct slab *slab)
{
	if (slab->free_head != 0 || slab->fresh < slab->limit)
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
	for (uint32_t i = 0; i < slab->chunks; i++)
		if ((uintptr_t)address - (uintptr_t)chunk_records(slab, i) <
		    chunk_bytes(slab, i) - LINE)
			return true;
	return false;
}

size_t
slab_bytes(const struct slab *slab)
{
	size_t bytes = slab->room * sizeof *slab->chunk;

	for (uint32_t i = 0; i < slab->chunks; i++)
		bytes += chunk_bytes(slab, i);
	return bytes;
}
