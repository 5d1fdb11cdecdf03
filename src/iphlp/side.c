/*
 * One chapter: a million small records that come and go with routes.
 *
 * A record of its own from the C allocator would cost a third more than it holds. So
 * records are cut from blocks, and a freed one waits in a list for the next route; the
 * blocks themselves go when the world does. `used' tells a test whether one is missing.
 */
#include "iphlp/iph_int.h"

#include "base/alloc.h"

#define SLOTS_PER_BLOCK 512

union side_slot {
	struct side side;
	union side_slot *next;
};

struct side_block {
	struct side_block *next;
	union side_slot slots[SLOTS_PER_BLOCK];
};

static bool
grow(struct side_pool *pool)
{
	struct side_block *block = mem_calloc(1, sizeof *block);

	if (block == NULL)
		return false;
	block->next = pool->blocks;
	pool->blocks = block;
	for (size_t i = 0; i < SLOTS_PER_BLOCK; i++) {
		block->slots[i].next = pool->free;
		pool->free = &block->slots[i];
	}
	return true;
}

struct side *
side_new(struct side_pool *pool)
{
	union side_slot *slot;

	if (pool->free == NULL && !grow(pool))
		return NULL;
	slot = pool->free;
	pool->free = slot->next;
	memset(slot, 0, sizeof *slot);
	pool->used++;
	return &slot->side;
}

void
side_free(struct side_pool *pool, struct side *side)
{
	union side_slot *slot = (union side_slot *)side;

	if (side == NULL)
		return;
	slot->next = pool->free;
	pool->free = slot;
	pool->used--;
}

void
side_pool_clear(struct side_pool *pool)
{
	struct side_block *next;

	for (struct side_block *block = pool->blocks; block != NULL; block = next) {
		next = block->next;
		mem_free(block);
	}
	memset(pool, 0, sizeof *pool);
}
