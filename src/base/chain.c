/*
 * One chapter: a hash table that cannot run out of memory.
 *
 * Records that leave a table must be findable afterwards without asking for memory,
 * since a deletion may not fail. So the links are in the records, and only the array
 * of heads is allocated: it is doubled when there are more records than heads, and
 * where that is refused the chains just grow longer until the next attempt. A table
 * begins with the one head inside it.
 */
#include "base/chain.h"

#include "base/alloc.h"

static uint32_t *
head_of(struct chains *chains, uint32_t hash)
{
	return chains->head != NULL ? &chains->head[hash & chains->mask] : &chains->one;
}

static void
push(struct chains *chains, const struct chain_ops *ops, const void *world, uint32_t slot)
{
	uint32_t *head = head_of(chains, ops->hash(world, slot));

	*ops->next(world, slot) = *head;
	*head = slot;
}

static void
grow(struct chains *chains, const struct chain_ops *ops, const void *world)
{
	struct chains old = *chains;
	uint32_t heads = old.head != NULL ? (old.mask + 1) * 2 : 16;
	uint32_t *head = mem_calloc(heads, sizeof *head);

	if (head == NULL)
		return;
	chains->head = head;
	chains->mask = heads - 1;
	for (uint32_t i = 0; i <= old.mask; i++) {
		uint32_t slot = old.head != NULL ? old.head[i] : old.one;

		while (slot != 0) {
			uint32_t next = *ops->next(world, slot);

			push(chains, ops, world, slot);
			slot = next;
		}
	}
	chains->one = 0;
	mem_free(old.head);
}

void
chain_add(struct chains *chains, const struct chain_ops *ops, const void *world, uint32_t slot)
{
	if (chains->count > chains->mask)
		grow(chains, ops, world);
	push(chains, ops, world, slot);
	chains->count++;
}

void
chain_remove(struct chains *chains, const struct chain_ops *ops, const void *world,
             uint32_t slot)
{
	uint32_t *link = head_of(chains, ops->hash(world, slot));

	while (*link != slot)
		link = ops->next(world, *link);
	*link = *ops->next(world, slot);
	chains->count--;
}

void
chain_reset(struct chains *chains)
{
	mem_free(chains->head);
	*chains = (struct chains){ 0 };
}
