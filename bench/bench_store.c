/*
 * How many transactions the store acknowledges a second, beside bare SQLite doing the
 * same ones on the same disk (bare.c). The two take turns in short rounds, so that whatever
 * else the machine does befalls both.
 *
 *   bench_store [DIRECTORY] [SECONDS]      default: the present directory, 2 s a line
 *   bench_store -b [DIRECTORY]             bare SQLite on request, for who takes turns with
 *                                          it: a line "ROWS STREAMS SECONDS" on standard
 *                                          input is so long a time of transactions that make
 *                                          and remove so many rows, by turns in each of so
 *                                          many streams, and answered with their rate
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bare.h"
#include "store/store.h"

#define KEYS 20000

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "bench_store: %s: %s\n", what, why);
	exit(1);
}

static uint32_t
key_of(uint64_t n)
{
	return (uint32_t)(n * 2654435761u % KEYS) << 8;
}

static void
set_key(struct store_row *row, uint64_t n)
{
	row->row.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr = htonl(key_of(n));
	row->created_s = (int64_t)n;
}

static void
store_tx(struct store *st, struct store_row *row, uint64_t *n, int rows)
{
	DWORD err = store_begin(st);

	for (int i = 0; err == NO_ERROR && i < rows; i++) {
		set_key(row, (*n)++);
		err = store_write(st, STORE_PUT, row);
	}
	if (err == NO_ERROR)
		err = store_commit(st);
	if (err != NO_ERROR)
		die("store", store_why(st));
}

static void
bare_tx(struct bare *b, uint64_t *n, int rows)
{
	bare_begin(b);
	for (int i = 0; i < rows; i++) {
		uint32_t key = htonl(key_of(*n));

		bare_put(b, &key, (int64_t)(*n)++);
	}
	bare_commit(b);
}

static void
bare_some(struct bare *b, uint32_t first, int rows, bool make)
{
	bare_begin(b);
	for (int i = 0; i < rows; i++) {
		uint32_t key = htonl((first + (uint32_t)i) << 8);

		if (make)
			bare_put(b, &key, first);
		else
			bare_drop(b, &key);
	}
	bare_commit(b);
}

/* One transaction in each stream; each has prefixes of its own. @return how many. */
static int
bare_round(struct bare *b, int streams, uint32_t first, int rows, bool make)
{
	for (int i = 0; i < streams; i++)
		bare_some(b, (uint32_t)i << 16 | first, rows, make);
	return streams;
}

/* The rows of so many `snmp_load ... set', in its order. @return transactions. */
static int
bare_streams(struct bare *b, int streams, int rows, double seconds)
{
	double end = now_s() + seconds;
	int done = 0;

	while (now_s() < end) {
		uint32_t made = 0;

		for (; made < 2000 && now_s() < end; made += (uint32_t)rows)
			done += bare_round(b, streams, made, rows, true);
		for (; made > 0; made -= (uint32_t)rows)
			done += bare_round(b, streams, made - (uint32_t)rows, rows, false);
	}
	return done;
}

static void
row_init(struct store_row *row)
{
	store_row_init(row);
	row->row.DestinationPrefix.Prefix.si_family = AF_INET;
	row->row.DestinationPrefix.PrefixLength = 24;
	row->row.NextHop.si_family = AF_INET;
	row->row.NextHop.Ipv4.sin_addr.s_addr = htonl(0xc0000201u);
	row->row.InterfaceIndex = 2;
	row->row.Metric = 256;
	strcpy(row->if_name, "eth1");
}

static struct store *
open_store(const char *path)
{
	struct store_config config = { path, false, NULL };
	struct store *st;
	char why[STORE_WHY_MAX];

	if (store_open(&config, &st, why) != NO_ERROR)
		die("store", why);
	return st;
}

static void
compare(struct store *st, struct bare *b, int rows, double seconds)
{
	struct store_row row;
	uint64_t n_store = 0, n_bare = 0;
	double t_store = 0, t_bare = 0, t;

	row_init(&row);
	while (t_store + t_bare < seconds) {
		t = now_s();
		for (int i = 0; i < 50; i++)
			store_tx(st, &row, &n_store, rows);
		t_store += now_s() - t;
		t = now_s();
		for (int i = 0; i < 50; i++)
			bare_tx(b, &n_bare, rows);
		t_bare += now_s() - t;
	}
	printf("%2d rows a transaction: store %8.0f/s   bare SQLite %8.0f/s   ratio %.2f\n",
	       rows, (double)n_store / rows / t_store, (double)n_bare / rows / t_bare,
	       (double)n_store / t_store / ((double)n_bare / t_bare));
}

static DWORD
count(void *arg, const struct store_row *row)
{
	(void)row;
	++*(size_t *)arg;
	return NO_ERROR;
}

static void
restore(const char *path, uint64_t rows)
{
	struct store *st = open_store(path);
	struct store_row row;
	size_t n = 0;
	double t;

	row_init(&row);
	if (store_begin(st) != NO_ERROR)
		die("store", store_why(st));
	for (uint64_t i = 0; i < rows; i++) {
		row.row.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr = htonl((uint32_t)i << 8);
		if (store_write(st, STORE_PUT, &row) != NO_ERROR)
			die("store", store_why(st));
	}
	if (store_commit(st) != NO_ERROR)
		die("store", store_why(st));
	store_close(st);
	t = now_s();
	st = open_store(path);
	store_each(st, count, &n);
	printf("%7zu rows opened, checked and read in %.0f ms\n", n, (now_s() - t) * 1e3);
	store_close(st);
}

static void
name(char *out, size_t size, const char *dir, const char *file)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-lock" };
	char path[1024];

	snprintf(out, size, "%s/bench-%ld-%s", dir, (long)getpid(), file);
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s%s", out, tails[i]);
		unlink(path);
	}
}

static int
bare_on_request(const char *dir)
{
	char path[900];
	struct bare b;
	double seconds, begun;
	int rows, streams;

	name(path, sizeof(path), dir, "bare.db");
	store_close(open_store(path));
	bare_open(&b, path);
	while (scanf("%d %d %lf", &rows, &streams, &seconds) == 3) {
		int done;

		begun = now_s();
		done = bare_streams(&b, streams, rows, seconds);
		printf("%.0f\n", done / (now_s() - begun));
		fflush(stdout);
	}
	bare_close(&b);
	name(path, sizeof(path), dir, "bare.db");
	return 0;
}

int
main(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : ".";
	double seconds = argc > 2 ? atof(argv[2]) : 2;
	char mine[900], theirs[900];
	struct bare b;
	struct store *st;

	if (argc > 1 && strcmp(argv[1], "-b") == 0)
		return bare_on_request(argc > 2 ? argv[2] : ".");
	name(mine, sizeof(mine), dir, "store.db");
	name(theirs, sizeof(theirs), dir, "bare.db");
	store_close(open_store(theirs));
	bare_open(&b, theirs);
	st = open_store(mine);
	compare(st, &b, 1, seconds);
	compare(st, &b, 20, seconds);
	store_close(st);
	bare_close(&b);
	name(mine, sizeof(mine), dir, "store.db");
	restore(mine, 10000);
	name(mine, sizeof(mine), dir, "store.db");
	restore(mine, 100000);
	name(mine, sizeof(mine), dir, "store.db");
	name(theirs, sizeof(theirs), dir, "bare.db");
	return 0;
}
