/*
 * Moments against what `date -u -d @N' says, around the edges of the Gregorian rules, and
 * numbers of every width at every place of a struct.
 */
#include "test_base_suites.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/number.h"

static const struct moment {
	int64_t unix_s;
	int year, month, day, hour, min, sec;
} moments[] = {
	{ -11644473600, 1601, 1, 1, 0, 0, 0 },
	{ -8520336000, 1700, 1, 1, 0, 0, 0 },
	{ -2203891200, 1900, 3, 1, 0, 0, 0 },
	{ -1, 1969, 12, 31, 23, 59, 59 },
	{ 0, 1970, 1, 1, 0, 0, 0 },
	{ 951782399, 2000, 2, 28, 23, 59, 59 },
	{ 951782400, 2000, 2, 29, 0, 0, 0 },
	{ 951868800, 2000, 3, 1, 0, 0, 0 },
	{ 2147483647, 2038, 1, 19, 3, 14, 7 },
	{ 2147483648, 2038, 1, 19, 3, 14, 8 },
	{ 4107542399, 2100, 2, 28, 23, 59, 59 },
	{ 4107542400, 2100, 3, 1, 0, 0, 0 },
};

static void
a_moment_is_its_date(void)
{
	for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
		const struct moment *m = &moments[i];
		struct timespec at = { .tv_sec = m->unix_s, .tv_nsec = 765432100 };
		FILETIME time = calendar_from(&at);
		unsigned deci = 99;
		struct tm date = calendar_date(time, &deci);

		CHECK_CASE(date.tm_year + 1900 == m->year && date.tm_mon + 1 == m->month &&
		               date.tm_mday == m->day && date.tm_hour == m->hour &&
		               date.tm_min == m->min && date.tm_sec == m->sec,
		           "%lld", (long long)m->unix_s);
		CHECK_CASE(deci == 7, "%lld", (long long)m->unix_s);
		CHECK_CASE(calendar_unix_s(time) == (m->unix_s > 0 ? m->unix_s : 0), "%lld",
		           (long long)m->unix_s);
	}
}

static void
ticks_begin_in_1601(void)
{
	struct timespec first = { .tv_sec = -11644473600, .tv_nsec = 100 }, epoch = { 0, 0 };
	FILETIME time = calendar_from(&first);

	CU_ASSERT(time.dwHighDateTime == 0 && time.dwLowDateTime == 1);
	time = calendar_from(&epoch);
	CU_ASSERT_EQUAL((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime,
	                116444736000000000u);
}

static void
numbers_of_any_width_at_any_place(void)
{
	static const size_t widths[] = { 1, 2, 4, 8 };
	const uint64_t value = 0xf1e2d3c4b5a69788u;

	for (size_t w = 0; w < 4; w++)
		for (size_t at = 1; at < 9; at++) {
			size_t n = widths[w];
			uint64_t want = n == 8 ? value : value & ((UINT64_C(1) << 8 * n) - 1);
			uint8_t room[20], before[20];

			memset(room, 0x5a, sizeof room);
			memcpy(before, room, sizeof room);
			number_store(room + at, n, value);
			CHECK_CASE(number_load(room + at, n) == want, "width %zu at %zu", n,
			           at);
			CHECK_CASE(memcmp(room, before, at) == 0 &&
			               memcmp(room + at + n, before, sizeof room - at - n) == 0,
			           "width %zu at %zu", n, at);
		}
}

CU_TestInfo test_base_calendar[] = {
	TEST(a_moment_is_its_date),
	TEST(ticks_begin_in_1601),
	TEST(numbers_of_any_width_at_any_place),
	CU_TEST_INFO_NULL,
};
