/*
 * One chapter: blocks of the trie.
 *
 * A node of the index owns two blocks that grow and shrink by ones all day: its kids and
 * its values. malloc() would add 8 to 16 bytes to blocks that are often 4 long, and a
 * pointer is twice as long as it need be. So blocks come in twelve sizes from chunks that
 * never move, and are named by a 32-bit number.
 *
 * While a table is loaded most blocks pass through most sizes, all at the same time; with
 * plain free lists the small sizes would keep the memory that the large ones then need
 * (measured: half of it). So a chunk is cut into spans of 192 units, which every size
 * divides; a span holds blocks of one size, counts them, and is free for any size when the
 * last one is freed. Blocks are taken from the span that was touched last. A chunk whose
 * spans are all free goes back to the allocator, unless it is the only such one: so memory
 * returns piece by piece while a table shrinks, and never in one long stop.
 *
 * Unit 0 is never in a block, so 0 can mean "none": the first span of all is left out.
 */
#include "base/index_int.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"

const uint8_t index_class_size[SIZE_CLASSES] = { 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64 };

/* clang-format off */
const uint8_t index_class_of[65] = {
	0, 0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7,
	8, 8, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9, 9,
	10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,
	11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
};
/* clang-format on */

static size_t
chunk_bytes(const struct pool *pool)
{
	return (size_t)pool->unit << pool->shift;
}

static uint32_t
spans_per_chunk(const struct pool *pool)
{
	return (1u << pool->shift) / SPAN_UNITS;
}

static uint32_t
first_unit(const struct pool *pool, uint32_t span)
{
	uint32_t per = spans_per_chunk(pool);

	return (span / per << pool->shift) + span % per * SPAN_UNITS;
}

static uint32_t
span_of(const struct pool *pool, uint32_t at)
{
	uint32_t in_chunk = at & ((1u << pool->shift) - 1);

	return (at >> pool->shift) * spans_per_chunk(pool) + in_chunk / SPAN_UNITS;
}

static uint8_t *
bytes_at(const struct pool *pool, uint32_t at)
{
	return pool_at(pool, pool->unit, pool->shift, at);
}

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
		arena_give(pool->chunks[i], chunk_bytes(pool));
	mem_free(pool->chunks);
	mem_free(pool->spans);
	index_pool_init(pool, pool->unit, pool->shift);
}

static void
link_first(struct pool *pool, uint32_t *list, uint32_t span)
{
	struct span *s = &pool->spans[span];

	s->prev = 0;
	s->next = *list;
	if (*list != 0)
		pool->spans[*list - 1].prev = span + 1;
	*list = span + 1;
}

static void
unlink_span(struct pool *pool, uint32_t *list, uint32_t span)
{
	struct span *s = &pool->spans[span];

	if (s->prev != 0)
		pool->spans[s->prev - 1].next = s->next;
	else
		*list = s->next;
	if (s->next != 0)
		pool->spans[s->next - 1].prev = s->prev;
}

static struct span *
first_span(struct pool *pool, uint32_t span)
{
	return &pool->spans[span - span % spans_per_chunk(pool)];
}

static bool
make_room(struct pool *pool)
{
	uint32_t room = pool->chunk_room * 2 + 1;
	uint8_t **chunks;
	struct span *spans;

	if (pool->chunk_count < pool->chunk_room)
		return true;
	if (room > UINT32_MAX >> pool->shift)
		return false;
	chunks = mem_realloc(pool->chunks, room, sizeof(*chunks));
	if (chunks == NULL)
		return false;
	pool->chunks = chunks;
	spans = mem_realloc(pool->spans, (size_t)room * spans_per_chunk(pool), sizeof(*spans));
	if (spans == NULL)
		return false;
	pool->spans = spans;
	pool->chunk_room = room;
	return true;
}

static bool
add_chunk(struct pool *pool)
{
	uint32_t per = spans_per_chunk(pool), number = 0;
	uint8_t *chunk;

	while (number < pool->chunk_count && pool->chunks[number] != NULL)
		number++;
	if (number == pool->chunk_count && !make_room(pool))
		return false;
	chunk = arena_take(chunk_bytes(pool));
	if (chunk == NULL)
		return false;
	if (number == pool->chunk_count)
		pool->chunk_count++;
	pool->chunks[number] = chunk;
	memset(&pool->spans[number * per], 0, per * sizeof(struct span));
	for (uint32_t i = per; i-- > (number == 0 ? 1u : 0u);)
		link_first(pool, &pool->empty, number * per + i);
	pool->live_chunks++;
	pool->idle_chunks++;
	return true;
}

static void
drop_chunk(struct pool *pool, uint32_t number)
{
	uint32_t per = spans_per_chunk(pool);

	for (uint32_t i = number == 0 ? 1 : 0; i < per; i++)
		unlink_span(pool, &pool->empty, number * per + i);
	arena_give(pool->chunks[number], chunk_bytes(pool));
	pool->chunks[number] = NULL;
	pool->live_chunks--;
	pool->idle_chunks--;
}

/* A span for this size, in its list. */
static bool
add_span(struct pool *pool, unsigned size_class)
{
	uint32_t span;

	if (pool->empty == 0 && !add_chunk(pool))
		return false;
	span = pool->empty - 1;
	unlink_span(pool, &pool->empty, span);
	pool->spans[span].size_class = (uint8_t)size_class;
	pool->spans[span].fresh = 0;
	pool->spans[span].free_head = 0;
	link_first(pool, &pool->roomy[size_class], span);
	if (first_span(pool, span)->busy++ == 0)
		pool->idle_chunks--;
	return true;
}

static void
drop_span(struct pool *pool, uint32_t span)
{
	unlink_span(pool, &pool->roomy[pool->spans[span].size_class], span);
	link_first(pool, &pool->empty, span);
	if (--first_span(pool, span)->busy == 0 && ++pool->idle_chunks > 1)
		drop_chunk(pool, span / spans_per_chunk(pool));
}

uint32_t
index_pool_take(struct pool *pool, unsigned size_class)
{
	uint32_t size = index_class_size[size_class], span, block;
	struct span *s;

	if (pool->roomy[size_class] == 0 && !add_span(pool, size_class))
		return 0;
	span = pool->roomy[size_class] - 1;
	s = &pool->spans[span];
	if (s->free_head != 0) {
		block = s->free_head - 1u;
		s->free_head = *bytes_at(pool, first_unit(pool, span) + block * size);
	} else {
		block = s->fresh++;
	}
	if (++s->used == SPAN_UNITS / size)
		unlink_span(pool, &pool->roomy[size_class], span);
	pool->used += size;
	return first_unit(pool, span) + block * size;
}

void
index_pool_give(struct pool *pool, uint32_t at, unsigned size_class)
{
	uint32_t size = index_class_size[size_class], span = span_of(pool, at);
	struct span *s = &pool->spans[span];

	pool->used -= size;
	*bytes_at(pool, at) = s->free_head;
	s->free_head = (uint8_t)((at - first_unit(pool, span)) / size + 1);
	if (s->used-- == SPAN_UNITS / size)
		link_first(pool, &pool->roomy[size_class], span);
	if (s->used == 0)
		drop_span(pool, span);
}
