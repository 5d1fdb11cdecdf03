/*
 * Hints: what is added is nearly always found, what is dropped never is, and neither
 * growing, shrinking nor want of memory can make a wrong one of it.
 */
#include "test_base_suites.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/hints.h"

enum { MANY = 300000 };

/* Of the key `i`. */
static uint64_t
hash_of(uint32_t i)
{
	uint64_t x = i * UINT64_C(0x9e3779b97f4a7c15);

	return (x ^ x >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
}

/* Add the numbers up to `last` under their own hash. */
static void
fill(struct hints *hints, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i <= last; i++)
		hints_add(hints, hash_of(i), i, i);
}

/* How many of the numbers in a range are found under their hash. */
static uint32_t
found(const struct hints *hints, uint32_t first, uint32_t last)
{
	uint32_t n = 0;

	for (uint32_t i = first; i <= last; i++)
		n += hints_find(hints, hash_of(i)) == i;
	return n;
}

static void
few_keys_take_no_memory(void)
{
	struct hints hints = { 0 };

	fill(&hints, 1, 1000);
	CU_ASSERT_EQUAL(hints_bytes(&hints), 0);
	CU_ASSERT_EQUAL(hints_find(&hints, hash_of(1)), 0);
	hints_drop(&hints, hash_of(1), 1, 999);
	hints_reset(&hints);
}

static void
nearly_everything_is_found_at_every_size(void)
{
	struct hints hints = { 0 };
	uint32_t last = 2000;

	fill(&hints, 1, last);
	hints_reset(&hints); /* those from before there was memory are not remembered */
	for (uint32_t i = 1; i <= last; i++)
		hints_add(&hints, hash_of(i), i, last);
	for (; last < MANY; last += last / 7) {
		uint32_t n = found(&hints, 1, last);

		CHECK_CASE(n > last - last / 50, "%u of %u", n, last);
		CHECK_CASE(hints_bytes(&hints) < 13 * (size_t)last + 40000, "%zu bytes for %u",
		           hints_bytes(&hints), last);
		fill(&hints, last + 1, last + last / 7);
	}
	hints_reset(&hints);
}

static void
a_stranger_is_seldom_taken_for_somebody(void)
{
	struct hints hints = { 0 };
	uint32_t wrong = 0;

	fill(&hints, 1, MANY);
	for (uint32_t i = MANY + 1; i <= 2 * MANY; i++)
		wrong += hints_find(&hints, hash_of(i)) != 0;
	CHECK_CASE(wrong < MANY / 50, "%u of %u", wrong, MANY);
	hints_reset(&hints);
}

static void
what_is_dropped_is_gone_and_the_others_stay(void)
{
	struct hints hints = { 0 };
	uint32_t before, after = 0;

	fill(&hints, 1, MANY);
	before = found(&hints, 1, MANY);
	for (uint32_t i = 1; i <= MANY; i += 2)
		hints_drop(&hints, hash_of(i), i, MANY);
	for (uint32_t i = 1; i <= MANY; i++) {
		bool here = hints_find(&hints, hash_of(i)) == i;

		if (i % 2 == 1)
			CHECK_CASE(!here, "%u", i);
		after += here;
	}
	CHECK_CASE(after > before / 2 - MANY / 50, "%u, %u", before, after);
	hints_reset(&hints);
}

static void
memory_goes_back_when_few_are_left(void)
{
	struct hints hints = { 0 };

	fill(&hints, 1, MANY);
	CU_ASSERT(hints_bytes(&hints) > MANY);
	hints_drop(&hints, hash_of(MANY), MANY, 10);
	CU_ASSERT_EQUAL(hints_bytes(&hints), 0);
	hints_add(&hints, hash_of(7), 7, 5000); /* and it begins anew */
	CU_ASSERT_EQUAL(hints_find(&hints, hash_of(7)), 7);
	hints_reset(&hints);
}

static void
without_memory_there_are_fewer(void)
{
	struct hints hints = { 0 };
	size_t small;
	uint32_t n;

	mem_fail_nth(1);
	hints_add(&hints, hash_of(1), 1, 5000);
	CU_ASSERT(mem_failed());
	CU_ASSERT_EQUAL(hints_find(&hints, hash_of(1)), 0);
	for (uint32_t i = 1; i <= 5000; i++)
		hints_add(&hints, hash_of(i), i, 5000);
	small = hints_bytes(&hints);
	mem_fail_nth(1);
	hints_add(&hints, hash_of(5001), 5001, 6000); /* would grow */
	CU_ASSERT(mem_failed());
	CU_ASSERT_EQUAL(hints_bytes(&hints), small);
	n = found(&hints, 1, 5001);
	CHECK_CASE(n > 4800, "%u", n);
	hints_reset(&hints);
}

static void
a_number_too_long_is_left_out(void)
{
	struct hints hints = { 0 };
	const uint32_t longest = (2u << HINTS_MIN_BITS) - 1;

	hints_add(&hints, hash_of(1), longest, 5000);
	CU_ASSERT_EQUAL(hints_find(&hints, hash_of(1)), longest);
	hints_add(&hints, hash_of(2), longest + 1, 5000);
	CU_ASSERT_EQUAL(hints_find(&hints, hash_of(2)), 0);
	hints_drop(&hints, hash_of(2), longest + 1, 5000);
	CU_ASSERT_EQUAL(hints_find(&hints, hash_of(1)), longest);
	hints_reset(&hints);
}

CU_TestInfo test_base_hints[] = {
	TEST(few_keys_take_no_memory),
	TEST(nearly_everything_is_found_at_every_size),
	TEST(a_stranger_is_seldom_taken_for_somebody),
	TEST(what_is_dropped_is_gone_and_the_others_stay),
	TEST(memory_goes_back_when_few_are_left),
	TEST(without_memory_there_are_fewer),
	TEST(a_number_too_long_is_left_out),
	CU_TEST_INFO_NULL,
};
