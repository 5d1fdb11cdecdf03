/*
 * A hash table of slot numbers whose links lie inside the records: joining and
 * leaving never need memory. The records are the caller's.
 */
#ifndef BASE_CHAIN_H
#define BASE_CHAIN_H

#include <stddef.h>
#include <stdint.h>

struct chains {
	uint32_t *head; /* mask + 1 first slots; NULL: only `one` */
	uint32_t one;
	uint32_t mask;
	uint32_t count;
};

/** How the table finds its way in the caller's records. */
struct chain_ops {
	uint32_t (*hash)(const void *world, uint32_t slot);
	uint32_t *(*next)(const void *world, uint32_t slot);
};

/** The first slot of the chain a hash belongs to; 0: none. Follow the caller's `next`. */
static inline uint32_t
chain_first(const struct chains *chains, uint32_t hash)
{
	return chains->head != NULL ? chains->head[hash & chains->mask] : chains->one;
}

/** Add a slot that is in no chain. */
void chain_add(struct chains *chains, const struct chain_ops *ops, const void *world,
               uint32_t slot);

/** Take out a slot that is in. */
void chain_remove(struct chains *chains, const struct chain_ops *ops, const void *world,
                  uint32_t slot);

/** Give the memory back; the slots are forgotten. */
void chain_reset(struct chains *chains);

/** A number well mixed. */
static inline uint32_t
chain_mix(uint64_t x)
{
	x = (x ^ x >> 32) * 0xd6e8feb86659fd93u;
	return (uint32_t)(x ^ x >> 32);
}

#endif
