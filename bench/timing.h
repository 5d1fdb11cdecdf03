/*
 * How the benchmarks of the core measure: CPU time of the thread, and the median of rounds.
 */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include <stddef.h>
#include <stdlib.h>
#include <time.h>

static inline double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static inline int
timing_by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/** Sorts the figures, so that the least and the greatest are the first and the last. */
static inline double
timing_median(double *v, size_t n)
{
	qsort(v, n, sizeof *v, timing_by_value);
	return v[n / 2];
}

#endif
