/*
 * One chapter: what the prefix index costs, alone.
 *
 * The prefixes are drawn here, from a fixed seed, with the length mix of a default-free
 * routing table: about half of them under or beside a shorter one, so that nesting is as
 * deep as it is in the Internet. Each figure is the median of several rounds over the
 * same data; lookups ask for what is there, in random order, and longest matches for
 * random hosts inside prefixes. Time is CPU time. Nothing here says whether a figure is good:
 * run it twice, before and after.
 *
 *   bench_index [-6] [-n PREFIXES] [-r ROUNDS] [-s mix|hosts|sequential|reverse|nested]
 */
#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/alloc.h"
#include "base/index.h"
#include "bench/routes.h"
#include "bench/timing.h"

enum { INSERT, WORST_INSERT, FIND, MATCH, MISS, STEP, NEXT, REMOVE, WORST_REMOVE, FIGURES };

static const struct {
	const char *name, *unit;
} figures[FIGURES] = {
	[INSERT] = { "insert, random order", "M/s" },
	[WORST_INSERT] = { "  the slowest one", "us" },
	[FIND] = { "exact", "M/s" },
	[MATCH] = { "longest match, host in a prefix", "M/s" },
	[MISS] = { "longest match, random host", "M/s" },
	[STEP] = { "ordered iteration", "M rows/s" },
	[NEXT] = { "seek a key and read one", "us" },
	[REMOVE] = { "remove, random order", "M/s" },
	[WORST_REMOVE] = { "  the slowest one", "us" },
};

static volatile uint64_t sink;

static void
must(bool truth, const char *what)
{
	if (truth)
		return;
	fprintf(stderr, "bench_index: %s\n", what);
	exit(1);
}

/* All together, or one by one for the slowest; looking at the clock costs more than it. */
static double
time_inserts(struct index *ix, const struct bench_prefix *p, size_t n, double *worst_us)
{
	double start = now_s(), before, after = start;

	if (worst_us == NULL) {
		for (size_t i = 0; i < n; i++)
			must(index_insert(ix, p[i].addr, p[i].len, (uint32_t)i + 1) == 0,
			     "insert");
		return (double)n / (now_s() - start) / 1e6;
	}
	*worst_us = 0;
	for (size_t i = 0; i < n; i++) {
		before = after;
		must(index_insert(ix, p[i].addr, p[i].len, (uint32_t)i + 1) == 0, "insert");
		after = now_s();
		*worst_us = fmax(*worst_us, (after - before) * 1e6);
	}
	return 0;
}

static double
time_removes(struct index *ix, const struct bench_prefix *p, size_t n, double *worst_us)
{
	double start = now_s(), before, after = start;

	if (worst_us == NULL) {
		for (size_t i = 0; i < n; i++)
			must(index_remove(ix, p[i].addr, p[i].len) != 0, "remove");
		return (double)n / (now_s() - start) / 1e6;
	}
	*worst_us = 0;
	for (size_t i = 0; i < n; i++) {
		before = after;
		must(index_remove(ix, p[i].addr, p[i].len) != 0, "remove");
		after = now_s();
		*worst_us = fmax(*worst_us, (after - before) * 1e6);
	}
	return 0;
}

static void
run_round(unsigned bits, struct bench_prefix *p, size_t n, const uint8_t (*hosts)[16],
          const uint8_t (*strangers)[16], double *out, double *bytes)
{
	struct index *ix = index_new(bits);
	struct index_cursor cur;
	uint8_t addr[16];
	unsigned len;
	uint64_t sum = 0;
	double start;

	must(ix != NULL, "memory");
	out[INSERT] = time_inserts(ix, p, n, NULL);
	*bytes = (double)index_bytes(ix) / (double)n;
	bench_shuffle(p, n);
	start = now_s();
	for (size_t i = 0; i < n; i++)
		sum += index_find(ix, p[i].addr, p[i].len);
	out[FIND] = (double)n / (now_s() - start) / 1e6;
	start = now_s();
	for (size_t i = 0; i < n; i++)
		sum += index_match(ix, hosts[i], bits);
	out[MATCH] = (double)n / (now_s() - start) / 1e6;
	start = now_s();
	for (size_t i = 0; i < n; i++)
		sum += index_match(ix, strangers[i], bits);
	out[MISS] = (double)n / (now_s() - start) / 1e6;
	start = now_s();
	index_seek_first(&cur, ix);
	for (size_t i = 0; i < n; i++)
		sum += index_step(&cur, addr, &len);
	out[STEP] = (double)n / (now_s() - start) / 1e6;
	must(index_step(&cur, addr, &len) == 0, "iteration");
	start = now_s();
	for (size_t i = 0; i < n; i++)
		sum += index_next(ix, p[i].addr, p[i].len, false, addr, &len);
	out[NEXT] = (now_s() - start) / (double)n * 1e6;
	out[REMOVE] = time_removes(ix, p, n, NULL);
	time_inserts(ix, p, n, &out[WORST_INSERT]);
	time_removes(ix, p, n, &out[WORST_REMOVE]);
	sink = sum;
	index_free(ix);
}

static void
draw_hosts(const struct bench_prefix *p, size_t n, uint8_t (*hosts)[16],
           uint8_t (*strangers)[16], unsigned bits)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t noise[16];
		const struct bench_prefix *in = &p[bench_random() % n];

		bench_random_bytes(noise, bits / 8);
		memcpy(strangers[i], noise, sizeof(noise));
		for (unsigned b = in->len; b < bits; b++)
			noise[b / 8] = (uint8_t)((noise[b / 8] & ~(0x80u >> b % 8)) |
			                         (bench_random() & 0x80u >> b % 8));
		for (unsigned b = 0; b < in->len; b++)
			noise[b / 8] = (uint8_t)((noise[b / 8] & ~(0x80u >> b % 8)) |
			                         (in->addr[b / 8] & 0x80u >> b % 8));
		memcpy(hosts[i], noise, sizeof(noise));
	}
}

int
main(int argc, char **argv)
{
	unsigned bits = 32, rounds = 5;
	const char *shape = "mix";
	size_t n = 0;
	double results[FIGURES][99], bytes = 0;
	struct bench_prefix *p;
	uint8_t(*hosts)[16], (*strangers)[16];

	for (int opt; (opt = getopt(argc, argv, "6n:r:s:")) != -1;) {
		if (opt == '6')
			bits = 128;
		else if (opt == 'n')
			n = strtoul(optarg, NULL, 10);
		else if (opt == 'r')
			rounds = (unsigned)strtoul(optarg, NULL, 10);
		else if (opt == 's')
			shape = optarg;
		else
			return 2;
	}
	if (n == 0)
		n = bits == 32 ? 1000000 : 200000;
	rounds = rounds < 1 ? 1 : rounds > 99 ? 99 : rounds;
	p = calloc(n, sizeof(*p));
	hosts = calloc(n, sizeof(*hosts));
	strangers = calloc(n, sizeof(*strangers));
	must(p != NULL && hosts != NULL && strangers != NULL, "memory");
	n = bench_draw(p, n, bits, shape);
	must(n > 0, "no such shape");
	draw_hosts(p, n, hosts, strangers, bits);
	for (unsigned r = 0; r < rounds; r++) {
		double one[FIGURES];

		run_round(bits, p, n, (const uint8_t(*)[16])hosts,
		          (const uint8_t(*)[16])strangers, one, &bytes);
		for (unsigned f = 0; f < FIGURES; f++)
			results[f][r] = one[f];
	}
	printf("%zu IPv%c prefixes, shape %s, median of %u rounds\n", n, bits == 32 ? '4' : '6',
	       shape, rounds);
	for (unsigned f = 0; f < FIGURES; f++) {
		double mid = timing_median(results[f], rounds);

		printf("  %-32s %8.2f %s (%.2f to %.2f)\n", figures[f].name, mid,
		       figures[f].unit, results[f][0], results[f][rounds - 1]);
	}
	printf("  %-32s %8.1f bytes a prefix\n", "memory", bytes);
	free(p);
	free(hosts);
	free(strangers);
	return 0;
}
