/*
 * Prefixes for benchmarks: drawn from a fixed seed, the same on every machine. The
 * caller owns the array.
 */
#ifndef BENCH_ROUTES_H
#define BENCH_ROUTES_H

#include <stddef.h>
#include <stdint.h>

struct bench_prefix {
	uint8_t addr[16]; /* network order, host bits zero */
	uint8_t len;
};

/** The seed is fixed; every program draws the same. */
uint64_t bench_random(void);
void bench_random_bytes(uint8_t *to, unsigned count);

/**
 * Draw different prefixes, in random order but for the shapes that name an order.
 *
 * @param bits   32 or 128.
 * @param shape  "mix": lengths and nesting of a default-free routing table; "hosts": full
 *               length, random; "sequential", "reverse": neighbours of full length, up or
 *               down; "nested": all prefixes of random addresses.
 * @return       how many: n; 0: no such shape, or no memory.
 */
size_t bench_draw(struct bench_prefix *out, size_t n, unsigned bits, const char *shape);

void bench_shuffle(struct bench_prefix *p, size_t n);

#endif
