/*
 * One chapter: 1601 and 1970. Times at the Windows interface are FILETIMEs, the system
 * counts from 1970, and libc knows the Gregorian rules. The distance stands here alone.
 */
#include "base/calendar.h"

#define APART_S 11644473600 /* 1601-01-01 to 1970-01-01 */

static uint64_t
ticks_of(FILETIME time)
{
	return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

/* Seconds since 1970, negative before. */
static int64_t
seconds_of(FILETIME time)
{
	return (int64_t)(ticks_of(time) / CALENDAR_TICKS_S) - APART_S;
}

FILETIME
calendar_from(const struct timespec *since_1970)
{
	uint64_t ticks = (uint64_t)(since_1970->tv_sec + APART_S) * CALENDAR_TICKS_S +
	                 (uint64_t)since_1970->tv_nsec / 100;

	return (FILETIME){ .dwLowDateTime = (DWORD)ticks,
		           .dwHighDateTime = (DWORD)(ticks >> 32) };
}

int64_t
calendar_unix_s(FILETIME time)
{
	int64_t s = seconds_of(time);

	return s > 0 ? s : 0;
}

struct tm
calendar_date(FILETIME time, unsigned *deci)
{
	time_t s = (time_t)seconds_of(time);
	struct tm date = { .tm_mday = 1 };

	*deci = (unsigned)(ticks_of(time) % CALENDAR_TICKS_S / (CALENDAR_TICKS_S / 10));
	gmtime_r(&s, &date);
	return date;
}
