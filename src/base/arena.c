/*
 * One chapter: a large table and the pages it lies on.
 *
 * A million routes with their index are some 90 MB in chunks of 64 KiB to 10 MiB. Asked at
 * random, every read misses the cache; with pages of 4 KiB it misses the address translation
 * as well, which in a virtual machine costs about as much again. malloc() puts a chunk
 * wherever it has room, so that a third of it lies on no huge page.
 *
 * So chunks come from regions of 2 MiB, aligned, for which huge pages are asked. A region
 * is 64 units of 32 KiB and one word that says which are taken; even a large process has
 * some tens of regions, and blocks come and go once in thousands of routes, so a search
 * from the first is quick. The first region does without huge pages: a small process pays
 * for the memory it touches and nothing more. A region without blocks goes back to the
 * system. What is larger than a region is a mapping of its own, aligned like one.
 *
 * A unit given back is dirty and is cleared when it is taken anew; fresh ones are zero as
 * they come from the system. For each block a ticket is allocated with mem_calloc(), which
 * makes blocks count and fail like all other memory in tests.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/alloc.h"
#include "base/lock.h"

#define UNIT ((size_t)32 << 10)
#define UNITS 64u
#define REGION (UNIT * UNITS)

struct region {
	struct region *next;
	uint8_t *base;
	uint64_t taken, dirty; /* a bit for each unit */
	void *ticket[UNITS];   /* of the block that begins there */
};

/* What the leak sanitizer finds by itself is what malloc() gave. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define pointers_may_lie_in __lsan_register_root_region
#define no_pointers_lie_in __lsan_unregister_root_region
#else
#define pointers_may_lie_in(base, bytes) ((void)(base), (void)(bytes))
#define no_pointers_lie_in(base, bytes) ((void)(base), (void)(bytes))
#endif

static struct lock lock = LOCK_INITIALIZER;
static struct region *regions; /* the oldest first */

static uint64_t
run_of(unsigned units, unsigned at)
{
	return (units == 64 ? ~UINT64_C(0) : (UINT64_C(1) << units) - 1) << at;
}

/* Where that many units are free; UNITS: nowhere. */
static unsigned
find_run(const struct region *r, unsigned units)
{
	for (unsigned at = 0; at + units <= UNITS; at++) {
		if ((r->taken & run_of(units, at)) == 0)
			return at;
	}
	return UNITS;
}

/* Address space that begins where a huge page may. */
static uint8_t *
map_aligned(size_t bytes)
{
	uint8_t *raw = mmap(NULL, bytes + REGION, PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t before;

	if (raw == MAP_FAILED)
		return NULL;
	before = (REGION - (uintptr_t)raw % REGION) % REGION;
	if (before > 0)
		munmap(raw, before);
	if (REGION - before > 0)
		munmap(raw + before + bytes, REGION - before);
	pointers_may_lie_in(raw + before, bytes);
	return raw + before;
}

static void
unmap(uint8_t *base, size_t bytes)
{
	no_pointers_lie_in(base, bytes);
	munmap(base, bytes);
}

static struct region *
add_region(void)
{
	struct region *r = mem_calloc(1, sizeof(*r)), **end = &regions;

	if (r == NULL)
		return NULL;
	r->base = map_aligned(REGION);
	if (r->base == NULL) {
		mem_free(r);
		return NULL;
	}
	if (regions != NULL)
		mem_prefer_huge(r->base, REGION);
	while (*end != NULL)
		end = &(*end)->next;
	*end = r;
	return r;
}

static void
drop_region(struct region *r)
{
	struct region **link = &regions;

	while (*link != r)
		link = &(*link)->next;
	*link = r->next;
	unmap(r->base, REGION);
	mem_free(r);
}

static void *
take_units(unsigned units)
{
	struct region *r = regions;
	void *ticket;
	unsigned at = UNITS;

	while (r != NULL && (at = find_run(r, units)) == UNITS)
		r = r->next;
	ticket = mem_calloc(1, 1);
	if (ticket == NULL)
		return NULL;
	if (r == NULL) {
		r = add_region();
		at = 0;
	}
	if (r == NULL) {
		mem_free(ticket);
		return NULL;
	}
	for (unsigned i = at; i < at + units; i++) {
		if ((r->dirty >> i & 1) != 0)
			memset(r->base + i * UNIT, 0, UNIT);
	}
	r->dirty &= ~run_of(units, at);
	r->taken |= run_of(units, at);
	r->ticket[at] = ticket;
	return r->base + at * UNIT;
}

static unsigned
units_for(size_t bytes)
{
	return bytes == 0 ? 1 : (unsigned)((bytes + UNIT - 1) / UNIT);
}

/* A block larger than a region. */
struct giant {
	struct giant *next;
	uint8_t *base;
};

static struct giant *giants;

static size_t
giant_bytes(size_t bytes)
{
	return (bytes + UNIT - 1) / UNIT * UNIT;
}

static void *
take_giant(size_t bytes)
{
	struct giant *g;

	if (bytes > SIZE_MAX - 2 * REGION)
		return NULL;
	g = mem_calloc(1, sizeof(*g));
	if (g == NULL)
		return NULL;
	g->base = map_aligned(giant_bytes(bytes));
	if (g->base == NULL) {
		mem_free(g);
		return NULL;
	}
	mem_prefer_huge(g->base, giant_bytes(bytes));
	g->next = giants;
	giants = g;
	return g->base;
}

static void
give_giant(uint8_t *base, size_t bytes)
{
	struct giant **link = &giants, *g;

	while ((*link)->base != base)
		link = &(*link)->next;
	g = *link;
	*link = g->next;
	unmap(base, giant_bytes(bytes));
	mem_free(g);
}

void *
arena_take(size_t bytes)
{
	void *block;

	lock_enter(&lock);
	block = bytes > REGION ? take_giant(bytes) : take_units(units_for(bytes));
	lock_leave(&lock);
	return block;
}

static void
give_units(uint8_t *block, unsigned units)
{
	struct region *r = regions;
	unsigned at;

	while (r->base != block - (uintptr_t)block % REGION)
		r = r->next;
	at = (unsigned)((size_t)(block - r->base) / UNIT);
	mem_free(r->ticket[at]);
	r->taken &= ~run_of(units, at);
	r->dirty |= run_of(units, at);
	if (r->taken == 0)
		drop_region(r);
}

void
arena_give(void *block, size_t bytes)
{
	if (block == NULL)
		return;
	lock_enter(&lock);
	if (bytes > REGION)
		give_giant(block, bytes);
	else
		give_units(block, units_for(bytes));
	lock_leave(&lock);
}
