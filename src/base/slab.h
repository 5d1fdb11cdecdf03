/*
 * Fixed-size records that are addressed by a 32-bit slot number and never move.
 *
 * The slab owns the memory; who allocated a record frees it. Every record begins
 * with struct slot_head. Slot 0 is never given out, so 0 can mean "none".
 * No locks: the caller has one.
 */
#ifndef BASE_SLAB_H
#define BASE_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLOT_LIVE 0x80000000u     /* in slot_head.gen: the record is in use */
#define SLOT_GEN_MASK 0x01FFFFFFu /* 25 bits of generation, never 0 while live */

struct slot_head {
	uint32_t gen;  /* SLOT_LIVE | generation */
	uint32_t refs; /* the owner's to use while live; else 0 */
};

struct slab {
	uint8_t *
	    *window; /* per 2^bits slots: where slot 0 would lie; + slot * size is the record */
	uint32_t bits;       /* log2 of the records in the first chunk, and in a window */
	uint32_t size;       /* bytes of a record, a multiple of 8 */
	uint32_t fresh;      /* slots from here on were never used */
	uint32_t free_head;  /* last freed first used; 0: none */
	uint32_t live;       /* records in use */
	uint32_t limit;      /* slots there is memory for */
	uint32_t room;       /* entries in `window` */
	uint32_t first_gen;  /* generation of a slot at its first use */
	uint32_t newest_gen; /* greatest one given out */
	bool inner;          /* nobody outside keeps numbers: generations may begin anew */
};

/**
 * An empty slab; takes no memory yet.
 *
 * @param size  bytes of a record, struct slot_head included, at least 12; rounded up to 8.
 * @param bits  log2 of the records that are allocated at first; less than SLAB_BIG_BITS.
 */
void slab_init(struct slab *slab, size_t size, unsigned bits);

/** Say that nobody keeps a slot number for longer than the record lives. */
void slab_set_inner(struct slab *slab);

/** Let the generations of an empty slab begin at `gen`. */
void slab_begin(struct slab *slab, uint32_t gen);

/** Give all memory back; numbers of records that lived until now are not used again soon. */
void slab_reset(struct slab *slab);

/** See to it that the next slab_alloc() succeeds. @return false: no memory. */
bool slab_reserve(struct slab *slab);

/** A zeroed record but for its head. @return its slot; 0: no memory. */
uint32_t slab_alloc(struct slab *slab);

/** Take a record back; its generation will not be seen in this slot again. */
void slab_free(struct slab *slab, uint32_t slot);

enum { SLAB_BIG_BITS = 18 }; /* chunks double until they hold this many records */

/** Whether an address lies inside the records. */
bool slab_contains(const struct slab *slab, const void *address);

/** Bytes of memory held. */
size_t slab_bytes(const struct slab *slab);

/** The same as slab_at() for who knows what slab_init() was told: two loads less. */
static inline void *
slab_at_known(const struct slab *slab, uint32_t slot, uint32_t bits, uint32_t size)
{
	return slab->window[slot >> bits] + (size_t)slot * size;
}

/** The record of a slot that is known to exist. */
static inline void *
slab_at(const struct slab *slab, uint32_t slot)
{
	return slab_at_known(slab, slot, slab->bits, slab->size);
}

/** Whether there is memory for a slot that came from outside, so that its record may be looked
 * at; that of a slot which was never in use is all zero. */
static inline bool
slab_knows(const struct slab *slab, uint32_t slot)
{
	return slot < slab->limit;
}

/** The record of a slot that came from outside; NULL where it is not in use with that
 * generation. */
static inline void *
slab_find(const struct slab *slab, uint32_t slot, uint32_t gen)
{
	struct slot_head *head;

	if (!slab_knows(slab, slot))
		return NULL;
	head = slab_at(slab, slot);
	return head->gen == (gen | SLOT_LIVE) ? head : NULL;
}

#endif
