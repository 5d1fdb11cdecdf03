/*
 * One chapter: how long this machine waits for a read that misses the cache.
 *
 * Lookups in a large table are made of reads that need the one before, and what each of
 * them waits is the floor that no structure gets below; docs/index.md reckons with it. Here
 * it is by itself: a region is cut into lines of 64 bytes, each of which holds the number of
 * another, such that all of them are one ring in random order (Sattolo), and the ring is
 * followed for a while. No read can begin before the last one has ended, and no
 * prefetcher knows where it goes.
 *
 * On pages of 4 KiB a miss in the cache is nearly always one in the TLB, too, and
 * waits for both; on huge pages, where the system gives them (what share it gave is
 * printed), the TLB knows all of it. Each figure is the median of several rounds. Time is CPU
 * time, but a cache or memory that others use at the same time is slower.
 *
 *   bench_latency [-r ROUNDS] [-n READS] [MEGABYTES...]
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "bench/routes.h"
#include "bench/timing.h"

#define HUGE ((size_t)2 << 20)
#define MAX_ROUNDS 99
#define MAX_MEGABYTES 65536

struct line {
	uint32_t next;
	uint8_t rest[60];
};

static volatile uint32_t sink;

/* What the kernel says it has of huge pages for this process, in bytes. */
static size_t
huge_bytes(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	unsigned long kb = 0;
	char line[128];

	if (file == NULL)
		return 0;
	while (fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "AnonHugePages: %lu kB", &kb) == 1)
			break;
	fclose(file);
	return (size_t)kb * 1024;
}

/* Begins where a huge page can; the mapping behind it stays till the program ends. */
static struct line *
map(size_t size, bool huge)
{
	uint8_t *p =
	    mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	p += (HUGE - (uintptr_t)p % HUGE) % HUGE;
#ifdef MADV_HUGEPAGE
	(void)madvise(p, size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
#else
	(void)huge;
#endif
	return (struct line *)(void *)p;
}

/* One ring through all lines: each is exchanged with one before it, never itself. */
static void
tie(struct line *lines, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		lines[i].next = i;
	for (uint32_t i = n - 1; i > 0; i--) {
		uint32_t other = (uint32_t)(bench_random() % i), next = lines[i].next;

		lines[i].next = lines[other].next;
		lines[other].next = next;
	}
}

static double
follow(const struct line *lines, size_t reads)
{
	double start = now_s();
	uint32_t at = sink;

	for (size_t i = 0; i < reads; i++)
		at = lines[at].next;
	sink = at;
	return (now_s() - start) * 1e9 / (double)reads;
}

/* Nanoseconds for a read, or below 0: no memory. *share: the part on huge pages. */
static double
measure(size_t size, bool huge, size_t reads, unsigned rounds, double *share)
{
	size_t before = huge_bytes();
	struct line *lines = map(size, huge);
	double ns[MAX_ROUNDS];

	if (lines == NULL)
		return -1;
	tie(lines, (uint32_t)(size / sizeof *lines));
	*share = (double)(huge_bytes() - before) / (double)size;
	sink = 0;
	follow(lines, reads / 4);
	for (unsigned i = 0; i < rounds; i++)
		ns[i] = follow(lines, reads);
	munmap(lines, size);
	return timing_median(ns, rounds);
}

static bool
show(size_t megabytes, size_t reads, unsigned rounds)
{
	double share[2];
	double small = measure(megabytes << 20, false, reads, rounds, &share[0]);
	double large = measure(megabytes << 20, true, reads, rounds, &share[1]);

	if (small < 0 || large < 0) {
		fprintf(stderr, "bench_latency: no memory for %zu MB\n", megabytes);
		return false;
	}
	printf("| %zu | %.1f | %.1f | %.0f %% |\n", megabytes, small, large, share[1] * 100);
	fflush(stdout);
	return true;
}

static int
usage(FILE *to, int status)
{
	fprintf(to,
	        "usage: bench_latency [-r ROUNDS] [-n READS] [MEGABYTES...]\n"
	        "How many ns a read at random waits that depends on the one before, in "
	        "regions of\nso many MB (16 64), on pages of 4 KiB and on huge ones. Medians "
	        "of ROUNDS (9, at\nmost 99) of READS (2000000) each.\n");
	return status;
}

/* A number from 1 to the most; 0: it is none. */
static size_t
number(const char *text, size_t most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	return *text < '0' || *text > '9' || *end != '\0' || value > most ? 0 : value;
}

static bool
are_sizes(char **sizes)
{
	for (; *sizes != NULL; sizes++) {
		if (number(*sizes, MAX_MEGABYTES) != 0)
			continue;
		fprintf(stderr, "bench_latency: not a size in MB: %s\n", *sizes);
		return false;
	}
	return true;
}

static bool
show_all(char **sizes, size_t reads, unsigned rounds)
{
	static char *usual[] = { "16", "64", NULL };

	printf("| MB | ns a read, pages of 4 KiB | ns a read, huge pages | huge pages given |\n"
	       "| --- | --- | --- | --- |\n");
	for (char **size = *sizes == NULL ? usual : sizes; *size != NULL; size++)
		if (!show(number(*size, MAX_MEGABYTES), reads, rounds))
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	size_t rounds = 9, reads = 2000000;
	int option;

	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, 0);
	while ((option = getopt(argc, argv, "r:n:")) != -1) {
		if (option == 'r')
			rounds = number(optarg, MAX_ROUNDS);
		else if (option == 'n')
			reads = number(optarg, 1000000000);
		else
			return usage(stderr, 2);
		if (rounds == 0 || reads == 0)
			return usage(stderr, 2);
	}
	argv += optind;
	return are_sizes(argv) && show_all(argv, reads, (unsigned)rounds) ? 0 : 2;
}
