/*
 * One chapter: blocks of the trie.
 *
 * A node of the index owns two blocks that grow and shrink by ones all day: its children
 * and its values. malloc() would add 8 to 16 bytes to blocks that are often 4 long, and a
 * pointer is twice as long as it need be. So blocks come in twelve sizes from chunks that
 * never move, and are named by a 32-bit number.
 *
 * A free block waits in the list of its size. When the list is empty, a larger free block
 * is cut before new memory is asked for; blocks are never joined again. That is bounded:
 * a block of some size is made only when all of that size are in use, so a pool never
 * exceeds the sum of each size's own peak. The whole pool goes back when the index is
 * empty.
 */
#include "base/index_int.h"

#include <string.h>

#include "base/alloc.h"

const uint8_t index_class_size[SIZE_CLASSES] = { 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64 };

/* clang-format off */
const uint8_t index_class_of[65] = {
	0, 0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7,
	8, 8, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9, 9,
	10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,
	11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
};
/* clang-format on */

void
index_pool_init(struct pool *pool, uint32_t unit, uint32_t shift)
{
	memset(pool, 0, sizeof(*pool));
	pool->unit = unit;
	pool->shift = shift;
}

void
index_pool_fini(struct pool *pool)
{
	for (uint32_t i = 0; i < pool->chunk_count; i++)
		mem_free(pool->chunks[i]);
	mem_free(pool->chunks);
	index_pool_init(pool, pool->unit, pool->shift);
}

static uint32_t *
word_of(const struct pool *pool, uint32_t at)
{
	return pool_at(pool, pool->unit, pool->shift, at);
}

static void
push_free(struct pool *pool, uint32_t at, unsigned size_class)
{
	*word_of(pool, at) = pool->free[size_class];
	pool->free[size_class] = at;
}

/* Make free blocks, the largest that fit, of `count` units. */
static void
scatter(struct pool *pool, uint32_t at, uint32_t count)
{
	for (unsigned c = SIZE_CLASSES; c-- > 0;) {
		for (; count >= index_class_size[c]; count -= index_class_size[c]) {
			push_free(pool, at, c);
			at += index_class_size[c];
		}
	}
}

static uint32_t
pop_free(struct pool *pool, unsigned size_class)
{
	uint32_t at = pool->free[size_class];

	if (at != 0)
		pool->free[size_class] = *word_of(pool, at);
	return at;
}

static uint32_t
cut_larger(struct pool *pool, unsigned size_class)
{
	for (unsigned c = size_class + 1; c < SIZE_CLASSES; c++) {
		uint32_t at = pop_free(pool, c);

		if (at == 0)
			continue;
		scatter(pool, at + index_class_size[size_class],
		        (uint32_t)index_class_size[c] - index_class_size[size_class]);
		return at;
	}
	return 0;
}

static bool
add_chunk(struct pool *pool)
{
	uint32_t units = 1u << pool->shift;
	uint8_t *chunk;

	if (pool->chunk_count >= UINT32_MAX >> pool->shift)
		return false;
	if (pool->chunk_count == pool->chunk_room) {
		uint32_t room = pool->chunk_room * 2 + 4;
		uint8_t **chunks = mem_realloc(pool->chunks, room, sizeof(*chunks));

		if (chunks == NULL)
			return false;
		pool->chunks = chunks;
		pool->chunk_room = room;
	}
	chunk = mem_calloc(units, pool->unit);
	if (chunk == NULL)
		return false;
	scatter(pool, pool->fresh, pool->fresh_end - pool->fresh);
	pool->chunks[pool->chunk_count] = chunk;
	pool->fresh_end = (pool->chunk_count + 1) * units;
	pool->fresh = pool->fresh_end - units;
	if (pool->chunk_count++ == 0)
		pool->fresh += POOL_RESERVED;
	return true;
}

bool
index_pool_start(struct pool *pool)
{
	return pool->chunk_count > 0 || add_chunk(pool);
}

void
index_pool_reset(struct pool *pool)
{
	while (pool->chunk_count > 1)
		mem_free(pool->chunks[--pool->chunk_count]);
	memset(pool->free, 0, sizeof(pool->free));
	pool->used = 0;
	if (pool->chunk_count == 0)
		return;
	memset(pool->chunks[0], 0, (size_t)POOL_RESERVED * pool->unit);
	pool->fresh = POOL_RESERVED;
	pool->fresh_end = 1u << pool->shift;
}

uint32_t
index_pool_take(struct pool *pool, unsigned size_class)
{
	uint32_t size = index_class_size[size_class];
	uint32_t at = pop_free(pool, size_class);

	if (at == 0 && pool->fresh_end - pool->fresh < size) {
		at = cut_larger(pool, size_class);
		if (at == 0 && !add_chunk(pool))
			return 0;
	}
	if (at == 0) {
		at = pool->fresh;
		pool->fresh += size;
	}
	pool->used += size;
	return at;
}

void
index_pool_give(struct pool *pool, uint32_t at, unsigned size_class)
{
	pool->used -= index_class_size[size_class];
	push_free(pool, at, size_class);
}
