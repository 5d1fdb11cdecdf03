/* What is stored comes back; a transaction is whole or absent; UNDO undoes. */
#include "store_kit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"

static DWORD
put_one(struct store *st, const struct store_row *row)
{
	DWORD err = store_begin(st);

	if (err == NO_ERROR)
		err = store_write(st, STORE_PUT, row);
	if (err == NO_ERROR)
		err = store_commit(st);
	else
		store_rollback(st);
	return err;
}

struct last {
	struct store_row row;
	size_t n;
};

static DWORD
keep_last(void *arg, const struct store_row *row)
{
	struct last *last = arg;

	last->row = *row;
	last->n++;
	return NO_ERROR;
}

/* Each case bends one member to an end of its range. */
static void
bend(int which, struct store_row *r)
{
	MIB_IPFORWARD_ROW2 *m = &r->row;

	switch (which) {
	case 0:
		r->instance = UINT16_MAX;
		break;
	case 1:
		m->InterfaceIndex = UINT32_MAX;
		break;
	case 2:
		r->policy.len = STORE_OID_MAX;
		for (uint32_t i = 0; i < STORE_OID_MAX; i++)
			r->policy.sub[i] = UINT32_MAX - i;
		break;
	case 3:
		r->policy.len = 0;
		break;
	case 4:
		r->info.len = STORE_OID_MAX;
		memset(r->info.sub, 0xff, sizeof(r->info.sub));
		break;
	case 5:
		memset(r->if_name, 'x', STORE_NAME_MAX);
		break;
	case 6:
		strcpy(r->if_name, "\xff\xfe'; DROP TABLE route; --");
		break;
	case 7:
		m->Metric = 0;
		r->metric[0] = INT32_MAX;
		r->metric[3] = INT32_MIN;
		break;
	case 8:
		m->SitePrefixLength = 0;
		m->ValidLifetime = m->PreferredLifetime = 0;
		m->Loopback = m->AutoconfigureAddress = m->Publish = m->Immortal = 0;
		break;
	case 9:
		m->Protocol = MIB_IPPROTO_NT_STATIC_NON_DOD;
		r->next_hop_as = UINT32_MAX;
		r->type = UINT16_MAX;
		break;
	case 10:
		r->status = STORE_NOT_IN_SERVICE;
		r->columns_set = STORE_COLUMNS_ALL;
		r->kind = STORE_BLACKHOLE;
		break;
	case 11:
		r->created_s = INT64_MAX;
		break;
	default:
		m->DestinationPrefix.Prefix.si_family = m->NextHop.si_family = AF_INET6;
		memset(&m->DestinationPrefix.Prefix.Ipv6.sin6_addr, 0xfe, 16);
		m->DestinationPrefix.PrefixLength = 128;
		r->prefix_zone = UINT32_MAX;
		memset(&m->NextHop.Ipv6.sin6_addr, 0xff, 16);
		r->next_hop_zone = 3;
	}
}
#define BENDS 13

static void
every_member_comes_back_after_reopening(void)
{
	static char want[4096], got[4096];

	for (int i = 0; i < BENDS; i++) {
		struct last last = { .n = 0 };
		struct store_row row;
		struct store *st;

		kit_dir();
		kit_row(1, 1, &row);
		bend(i, &row);
		st = kit_open(NULL, false);
		CHECK_CASE(put_one(st, &row) == NO_ERROR, "case %d", i);
		store_close(st);
		st = kit_open(NULL, false);
		CU_ASSERT_EQUAL(store_each(st, keep_last, &last), NO_ERROR);
		CHECK_CASE(last.n == 1, "case %d", i);
		CHECK_CASE(strcmp(kit_text(&row, want, sizeof(want)),
		                  kit_text(&last.row, got, sizeof(got))) == 0,
		           "case %d\n  %s\n  %s", i, want, got);
		store_close(st);
	}
}

static const struct store_row *written;
static size_t nread;

static DWORD
is_as_written(void *arg, const struct store_row *row)
{
	static char want[4096], got[4096];

	(void)arg;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(kit_text(&written[i], want, sizeof(want)),
		           kit_text(row, got, sizeof(got))) == 0)
			nread |= (size_t)1 << i;
	return NO_ERROR;
}

/* The statement remembers what it holds: neither this nor the next row may inherit any of it.
 */
static void
a_row_that_differs_in_one_member_stands_between_two_that_do_not(void)
{
	for (int i = 0; i < BENDS; i++) {
		struct store_row rows[3];
		struct store *st;

		kit_dir();
		for (unsigned k = 0; k < 3; k++) {
			kit_row(1, 1, &rows[k]);
			rows[k].row.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr =
			    htonl(0x0a000000u + (k << 8));
			rows[k].row.DestinationPrefix.PrefixLength = (UINT8)(24 + k);
		}
		bend(i, &rows[1]);
		st = kit_open(NULL, false);
		CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
		for (size_t k = 0; k < 3; k++)
			CHECK_CASE(store_write(st, STORE_PUT, &rows[k]) == NO_ERROR,
			           "case %d, row %zu", i, k);
		CU_ASSERT_EQUAL(store_commit(st), NO_ERROR);
		written = rows;
		nread = 0;
		CU_ASSERT_EQUAL(store_each(st, is_as_written, NULL), NO_ERROR);
		CHECK_CASE(nread == 7, "case %d: rows %zx", i, nread);
		store_close(st);
	}
}

static void
a_row_that_cannot_be_stored_is_refused_and_nothing_of_the_transaction_stays(void)
{
	for (int i = 0; i < 7; i++) {
		struct kit_model empty = { { 0 } }, is;
		struct store_row row, good;
		struct store *st;

		kit_dir();
		kit_row(1, 1, &good);
		row = good; /* and like the one before it but for this */
		if (i == 0)
			row.row.DestinationPrefix.Prefix.si_family = AF_UNSPEC;
		else if (i == 1)
			row.row.NextHop.si_family = AF_INET6;
		else if (i == 2)
			row.row.DestinationPrefix.PrefixLength = 33;
		else if (i == 3)
			row.policy.len = STORE_OID_MAX + 1;
		else if (i == 4)
			memset(row.if_name, 'x', sizeof(row.if_name));
		else if (i == 5)
			row.created_s = -1;
		else
			row.columns_set = STORE_COLUMNS_ALL + 1;
		st = kit_open(NULL, false);
		CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
		CU_ASSERT_EQUAL(store_write(st, STORE_PUT, &good), NO_ERROR);
		CHECK_CASE(store_write(st, STORE_PUT, &row) == ERROR_INVALID_PARAMETER,
		           "case %d", i);
		CHECK_CASE(store_write(st, STORE_PUT, &good) == ERROR_INVALID_PARAMETER,
		           "case %d: a doomed transaction goes on", i);
		CU_ASSERT_EQUAL(store_commit(st), ERROR_INVALID_PARAMETER);
		CU_ASSERT(kit_dump(st, &is) && kit_equal(&is, &empty));
		store_close(st);
	}
}

static void
calls_out_of_order_are_refused_and_harmless(void)
{
	struct store *st;
	struct store_row row;

	kit_dir();
	kit_row(0, 1, &row);
	st = kit_open(NULL, false);
	CU_ASSERT_EQUAL(store_write(st, STORE_PUT, &row), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(store_commit(st), ERROR_INVALID_PARAMETER);
	store_rollback(st);
	CU_ASSERT_EQUAL(store_undo(st), NO_ERROR);
	CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
	CU_ASSERT_EQUAL(store_begin(st), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(store_undo(st), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(store_write(st, STORE_PUT, &row), NO_ERROR);
	CU_ASSERT_EQUAL(store_commit(st), NO_ERROR);
	store_close(st);
}

static void
dropping_what_is_not_there_succeeds_and_replacing_keeps_one_row(void)
{
	struct kit_model want = { { 0 } }, is;
	struct store_stats stats;
	struct store_row row;
	struct store *st;

	kit_dir();
	st = kit_open(NULL, false);
	CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
	kit_row(3, 1, &row);
	CU_ASSERT_EQUAL(store_write(st, STORE_DROP, &row), NO_ERROR);
	CU_ASSERT_EQUAL(store_write(st, STORE_PUT, &row), NO_ERROR);
	kit_row(3, 2, &row);
	CU_ASSERT_EQUAL(store_write(st, STORE_PUT, &row), NO_ERROR);
	kit_row(4, 1, &row);
	CU_ASSERT_EQUAL(store_write(st, STORE_PUT, &row), NO_ERROR);
	CU_ASSERT_EQUAL(store_write(st, STORE_DROP, &row), NO_ERROR);
	CU_ASSERT_EQUAL(store_write(st, STORE_DROP, &row), NO_ERROR);
	CU_ASSERT_EQUAL(store_commit(st), NO_ERROR);
	want.version[3] = 2;
	CU_ASSERT(kit_dump(st, &is) && kit_equal(&is, &want));
	store_stats_get(st, &stats);
	CU_ASSERT_EQUAL(stats.rows, 1);
	CU_ASSERT_EQUAL(stats.commits, 1);
	store_close(st);
}

static void
the_active_row_is_found_whatever_its_policy(void)
{
	struct store_row active, staged, key, out;
	struct store *st;

	kit_dir();
	st = kit_open(NULL, false);
	kit_row(16, 5, &staged); /* places 16 and 17: one key but for the policy */
	kit_row(17, 1, &active);
	CU_ASSERT_EQUAL_FATAL(staged.status, STORE_NOT_IN_SERVICE);
	kit_row(16, 7, &key);
	CU_ASSERT_EQUAL(store_find_active(st, &key, &out), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(put_one(st, &staged), NO_ERROR);
	CU_ASSERT_EQUAL(store_find_active(st, &key, &out), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(put_one(st, &active), NO_ERROR);
	CU_ASSERT_EQUAL_FATAL(store_find_active(st, &key, &out), NO_ERROR);
	CU_ASSERT_EQUAL(out.policy.len, 3);
	CU_ASSERT_EQUAL(out.created_s, 1);
	key.row.DestinationPrefix.PrefixLength = 99;
	CU_ASSERT_EQUAL(store_find_active(st, &key, &out), ERROR_INVALID_PARAMETER);
	store_close(st);
}

static void
random_transactions_rollbacks_and_undos_agree_with_a_model(void)
{
	for (uint64_t round = 1; round <= 20; round++) {
		struct kit_model now = { { 0 } }, is;
		struct store_stats stats;
		uint64_t seed = round, rows = 0;
		struct store *st;

		kit_dir();
		st = kit_open(NULL, round % 2 == 0);
		for (int step = 0; step < 60; step++) {
			struct kit_model before = now, next = now;

			CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
			CU_ASSERT_EQUAL(kit_writes(st, &seed, &next), NO_ERROR);
			if (kit_random(&seed) % 5 == 0) {
				store_rollback(st);
				CU_ASSERT_EQUAL(store_undo(st), NO_ERROR);
				continue;
			}
			CU_ASSERT_EQUAL(store_commit(st), NO_ERROR);
			now = next;
			if (kit_random(&seed) % 4 == 0) {
				CU_ASSERT_EQUAL(store_undo(st), NO_ERROR);
				CU_ASSERT_EQUAL(store_undo(st), NO_ERROR); /* once is all */
				now = before;
			}
			if (kit_random(&seed) % 8 == 0)
				CU_ASSERT_EQUAL(store_checkpoint(st), NO_ERROR);
			if (kit_random(&seed) % 16 == 0) {
				store_close(st);
				st = kit_open(NULL, round % 2 == 0);
			}
		}
		CHECK_CASE(kit_dump(st, &is) && kit_equal(&is, &now), "seed %llu",
		           (unsigned long long)round);
		for (int i = 0; i < KIT_PLACES; i++)
			rows += now.version[i] != 0;
		store_stats_get(st, &stats);
		CU_ASSERT_EQUAL(stats.rows, rows);
		store_close(st);
	}
}

static DWORD
stop_at_three(void *arg, const struct store_row *row)
{
	(void)row;
	return ++*(int *)arg == 3 ? ERROR_CANCELLED : NO_ERROR;
}

static void
rows_come_in_the_order_of_the_key_and_the_walk_can_be_ended(void)
{
	struct kit_model next = { { 0 } };
	uint64_t seed = 5;
	struct store *st;
	int n = 0;

	kit_dir();
	st = kit_open(NULL, false);
	CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
	for (int i = 0; i < 10; i++)
		kit_writes(st, &seed, &next);
	CU_ASSERT_EQUAL(store_commit(st), NO_ERROR);
	CU_ASSERT_EQUAL(store_each(st, stop_at_three, &n), ERROR_CANCELLED);
	CU_ASSERT_EQUAL(n, 3);
	CU_ASSERT_EQUAL(store_begin(st), NO_ERROR); /* the walk holds nothing */
	store_rollback(st);
	store_close(st);
}

struct rows {
	struct store_row row[64];
	size_t n;
};

static DWORD
keep(void *arg, const struct store_row *row)
{
	struct rows *rows = arg;

	rows->row[rows->n++] = *row;
	return NO_ERROR;
}

/* Step by step, begun anew, inside a transaction that then writes: the same rows. */
static void
a_walk_in_steps_gives_the_rows_that_a_whole_one_gives(void)
{
	static struct rows all; /* large */
	struct kit_model next = { { 0 } };
	struct store_row row;
	uint64_t seed = 5;
	struct store *st;

	kit_dir();
	st = kit_open(NULL, false);
	CU_ASSERT_EQUAL(store_next(st, true, &row), ERROR_NO_MORE_ITEMS);
	CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
	for (int i = 0; i < 10; i++)
		kit_writes(st, &seed, &next);
	CU_ASSERT_EQUAL(store_commit(st), NO_ERROR);
	all.n = 0;
	CU_ASSERT_EQUAL(store_each(st, keep, &all), NO_ERROR);
	CU_ASSERT_FATAL(all.n > 3);
	CU_ASSERT_EQUAL(store_next(st, true, &row), NO_ERROR);
	CU_ASSERT_EQUAL(store_next(st, false, &row), NO_ERROR);
	CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
	for (size_t i = 0; i < all.n; i++) {
		CU_ASSERT_EQUAL(store_next(st, i == 0, &row), NO_ERROR);
		CU_ASSERT(memcmp(&row, &all.row[i], offsetof(struct store_row, policy)) == 0);
	}
	CU_ASSERT_EQUAL(store_next(st, false, &row), ERROR_NO_MORE_ITEMS);
	CU_ASSERT_EQUAL(store_clear(st), NO_ERROR);
	CU_ASSERT_EQUAL(store_next(st, true, &row), ERROR_NO_MORE_ITEMS);
	store_rollback(st);
	CU_ASSERT_EQUAL(store_next(st, true, &row), NO_ERROR); /* left in the midst */
	CU_ASSERT_EQUAL(store_get(st, &all.row[2], &row), NO_ERROR);
	CU_ASSERT(memcmp(&row, &all.row[2], offsetof(struct store_row, policy)) == 0);
	row.instance = 77;
	CU_ASSERT_EQUAL(store_get(st, &row, &row), ERROR_NOT_FOUND);
	store_close(st);
}

static void
the_histogram_counts_every_commit(void)
{
	struct store_stats stats;
	uint64_t sum = 0;
	struct store *st;
	struct store_row row;

	kit_dir();
	st = kit_open(NULL, false);
	for (int i = 1; i <= 25; i++) {
		kit_row(0, i, &row);
		CU_ASSERT_EQUAL(put_one(st, &row), NO_ERROR);
	}
	store_stats_get(st, &stats);
	for (size_t i = 0; i < STORE_BUCKETS; i++) {
		sum += stats.commit_us[i];
		CU_ASSERT(i == 0 || store_bucket_us[i] > store_bucket_us[i - 1]);
	}
	CU_ASSERT_EQUAL(stats.commits, 25);
	CU_ASSERT_EQUAL(sum, 25);
	CU_ASSERT(stats.commit_us_max > 0);
	store_close(st);
}

static void
the_keeper_moves_a_long_log_home_beside_the_writer(void)
{
	struct timespec pause = { 0, 2000000 };
	struct store_stats stats;
	struct store_row row;
	struct store *st;

	kit_dir();
	st = kit_open(NULL, false);
	for (int tries = 0; tries < 5000; tries++) {
		kit_row(tries % KIT_PLACES, tries + 1, &row);
		CU_ASSERT_EQUAL(put_one(st, &row), NO_ERROR);
		store_stats_get(st, &stats);
		if (stats.checkpoints > 0)
			break;
		if (stats.wal_pages >= 1000)
			nanosleep(&pause, NULL); /* the thread may be starved, not stuck */
	}
	CU_ASSERT(stats.checkpoints > 0);
	store_close(st);
}

/* However busy the writer: what is left behind the thread is moved by the writer itself. */
static void
a_log_begins_anew_while_the_writer_never_rests(void)
{
	uint64_t before = 0, begun_anew = 0;
	struct store_stats stats;
	struct store_row row;
	struct store *st;

	kit_dir();
	st = kit_open(NULL, false);
	for (int n = 0; n < 100000 && begun_anew < 3; n++) {
		kit_row(n % KIT_PLACES, n + 1, &row);
		if (put_one(st, &row) != NO_ERROR)
			break;
		store_stats_get(st, &stats);
		begun_anew += stats.wal_pages < before;
		before = stats.wal_pages;
	}
	CU_ASSERT_EQUAL(begun_anew, 3);
	CU_ASSERT(stats.checkpoints < stats.commits / 10);
	store_close(st);
}

static DWORD
count_row(void *arg, const struct store_row *row)
{
	*(size_t *)arg += row->instance == 0;
	return NO_ERROR;
}

static void
a_hundred_thousand_rows_are_read_back(void)
{
	const uint32_t want = 100000;
	struct timespec a, b;
	struct store_row row;
	struct store *st;
	size_t n = 0;
	double took;

	kit_dir();
	kit_row(1, 1, &row);
	row.info.len = 2;
	st = kit_open(NULL, false);
	CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
	for (uint32_t i = 0; i < want; i++) {
		row.row.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr = htonl(i << 8);
		row.row.DestinationPrefix.PrefixLength = 24;
		if (store_write(st, STORE_PUT, &row) != NO_ERROR)
			CU_FAIL_FATAL("write");
	}
	CU_ASSERT_EQUAL(store_commit(st), NO_ERROR);
	store_close(st);
	clock_gettime(CLOCK_MONOTONIC, &a);
	st = kit_open(NULL, false);
	CU_ASSERT_EQUAL(store_each(st, count_row, &n), NO_ERROR);
	clock_gettime(CLOCK_MONOTONIC, &b);
	took = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
	printf("\n    open, check and read %u rows: %.0f ms\n", want, took * 1e3);
	CU_ASSERT_EQUAL(n, want);
	store_close(st);
}

static void
the_port_reaches_the_store(void)
{
	struct store_port port;
	struct store_row row, out;
	struct store *st;

	kit_dir();
	st = kit_open(NULL, false);
	store_port_of(st, &port);
	kit_row(1, 1, &row);
	CU_ASSERT_EQUAL(port.begin(port.arg), NO_ERROR);
	CU_ASSERT_EQUAL(port.write(port.arg, STORE_PUT, &row), NO_ERROR);
	CU_ASSERT_EQUAL(port.commit(port.arg), NO_ERROR);
	CU_ASSERT_EQUAL(port.find_active(port.arg, &row, &out), NO_ERROR);
	CU_ASSERT_EQUAL(port.undo(port.arg), NO_ERROR);
	CU_ASSERT_EQUAL(port.find_active(port.arg, &row, &out), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(port.write(port.arg, STORE_PUT, &row), ERROR_INVALID_PARAMETER);
	CU_ASSERT(port.why(port.arg)[0] != '\0');
	CU_ASSERT_EQUAL(port.begin(port.arg), NO_ERROR);
	port.rollback(port.arg);
	store_close(st);
}

CU_TestInfo test_store_rows[] = {
	TEST(every_member_comes_back_after_reopening),
	TEST(a_row_that_differs_in_one_member_stands_between_two_that_do_not),
	TEST(a_row_that_cannot_be_stored_is_refused_and_nothing_of_the_transaction_stays),
	TEST(calls_out_of_order_are_refused_and_harmless),
	TEST(dropping_what_is_not_there_succeeds_and_replacing_keeps_one_row),
	TEST(the_active_row_is_found_whatever_its_policy),
	TEST(random_transactions_rollbacks_and_undos_agree_with_a_model),
	TEST(rows_come_in_the_order_of_the_key_and_the_walk_can_be_ended),
	TEST(a_walk_in_steps_gives_the_rows_that_a_whole_one_gives),
	TEST(the_histogram_counts_every_commit),
	TEST(the_keeper_moves_a_long_log_home_beside_the_writer),
	TEST(a_log_begins_anew_while_the_writer_never_rests),
	TEST(a_hundred_thousand_rows_are_read_back),
	TEST(the_port_reaches_the_store),
	CU_TEST_INFO_NULL,
};
