/*
 * Large blocks: zeroed, apart from each other, given back, and refused as they should be.
 */
#include "test_base_suites.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"

#define BLOCKS 200

static const size_t sizes[] = { 1, 32768, 32769, 131072, 163840, 2097152, 65536, 2097153 };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static bool
all_are(const uint8_t *p, size_t n, uint8_t value)
{
	return n == 0 || (p[0] == value && memcmp(p, p + 1, n - 1) == 0);
}

static void
blocks_are_zeroed_aligned_and_apart(void)
{
	static uint8_t *block[BLOCKS];
	uint32_t dice = 1;

	for (unsigned step = 0; step < 3000; step++) {
		unsigned i = (dice = dice * 1664525 + 1013904223) >> 8;
		size_t size;

		i %= BLOCKS;
		size = sizes[i % SIZES];
		if (block[i] == NULL) {
			block[i] = arena_take(size);
			CU_ASSERT_PTR_NOT_NULL_FATAL(block[i]);
			CHECK_CASE((uintptr_t)block[i] % 64 == 0, "size %zu", size);
			CHECK_CASE(all_are(block[i], size, 0), "size %zu", size);
			memset(block[i], (int)(1 + i), size);
		} else {
			CHECK_CASE(all_are(block[i], size, (uint8_t)(1 + i)), "block %u", i);
			arena_give(block[i], size);
			block[i] = NULL;
		}
	}
	for (unsigned i = 0; i < BLOCKS; i++) {
		if (block[i] != NULL)
			CHECK_CASE(all_are(block[i], sizes[i % SIZES], (uint8_t)(1 + i)),
			           "block %u", i);
		arena_give(block[i], sizes[i % SIZES]);
		block[i] = NULL;
	}
}

/* Larger than a region: a mapping of its own, given back by itself. */
static void
giants_come_and_go_in_any_order(void)
{
	const size_t size = ((size_t)10 << 20) + 5;
	uint8_t *p[3];

	for (unsigned i = 0; i < 3; i++) {
		p[i] = arena_take(size);
		CU_ASSERT_PTR_NOT_NULL_FATAL(p[i]);
		CU_ASSERT_EQUAL((uintptr_t)p[i] % ((size_t)2 << 20), 0);
		CU_ASSERT(all_are(p[i], size, 0));
		memset(p[i], (int)(1 + i), size);
	}
	arena_give(p[1], size);
	CU_ASSERT(all_are(p[0], size, 1) && all_are(p[2], size, 3));
	p[1] = arena_take(size);
	CU_ASSERT(p[1] != NULL && all_are(p[1], size, 0));
	for (unsigned i = 0; i < 3; i++)
		arena_give(p[i], size);
}

static void
what_nobody_has_is_refused(void)
{
	CU_ASSERT_PTR_NULL(arena_take(SIZE_MAX));
	CU_ASSERT_PTR_NULL(arena_take(SIZE_MAX / 2));
	mem_fail_nth(1);
	CU_ASSERT_PTR_NULL(arena_take((size_t)4 << 20));
	CU_ASSERT(mem_failed());
}

static void
running_out_of_memory_is_an_answer(void)
{
	void *first, *second;

	/* a ticket and a region for the first, a ticket alone for what still fits */
	for (uint64_t nth = 1; nth <= 2; nth++) {
		mem_fail_nth(nth);
		CU_ASSERT_PTR_NULL(arena_take(100));
		CU_ASSERT(mem_failed());
	}
	mem_fail_nth(3);
	first = arena_take(100);
	CU_ASSERT_PTR_NOT_NULL(first);
	mem_fail_nth(1);
	CU_ASSERT_PTR_NULL(arena_take(100));
	mem_fail_nth(2);
	second = arena_take(100);
	CU_ASSERT_PTR_NOT_NULL(second);
	mem_fail_nth(0);
	arena_give(first, 100);
	arena_give(second, 100);
	arena_give(NULL, 100);
}

CU_TestInfo test_base_arena[] = {
	TEST(blocks_are_zeroed_aligned_and_apart),
	TEST(giants_come_and_go_in_any_order),
	TEST(what_nobody_has_is_refused),
	TEST(running_out_of_memory_is_an_answer),
	CU_TEST_INFO_NULL,
};
