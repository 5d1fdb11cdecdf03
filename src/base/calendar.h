/*
 * The Windows calendar: a FILETIME counts 100 ns since 1601-01-01, universal time.
 * Reading the clock is the caller's.
 */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdint.h>
#include <time.h>

#include "wintypes.h"

#define CALENDAR_TICKS_S 10000000u /* in a second */

/** The FILETIME of a moment of CLOCK_REALTIME, which must not lie before 1601. */
FILETIME calendar_from(const struct timespec *since_1970);

/** Whole seconds since 1970; 0 for what lies before, as nobody's time (all zero) does. */
int64_t calendar_unix_s(FILETIME time);

/**
 * The date and time of day in UTC.
 *
 * @param deci  receives the tenths of the second.
 */
struct tm calendar_date(FILETIME time, unsigned *deci);

#endif
