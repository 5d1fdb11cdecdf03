/*
 * Power cuts, I/O errors, full disks and refused allocations, at every point where one
 * can come: what was acknowledged is there, what was refused is not, nothing is half.
 */
#include "store_kit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store_shim.h"

#define SEEDS 500

/* What the store must hold, as far as the answers so far tell. */
struct truth {
	struct kit_model sure;   /* what the last answer left */
	struct kit_model may_be; /* or this: where the power went before the answer */
};

/* One random transaction, perhaps undone; false: something was refused. */
static bool
one_story(struct store *st, uint64_t *seed, struct truth *t)
{
	struct kit_model before = t->sure, next = t->sure;

	if (store_begin(st) != NO_ERROR)
		return false;
	if (kit_writes(st, seed, &next) != NO_ERROR || kit_random(seed) % 8 == 0) {
		store_rollback(st);
		return !shim_is_cut();
	}
	t->may_be = next;
	if (store_commit(st) != NO_ERROR)
		return false;
	t->sure = next;
	if (kit_random(seed) % 5 == 0) {
		t->may_be = before;
		if (store_undo(st) != NO_ERROR)
			return false;
		t->sure = before;
	}
	if (kit_random(seed) % 6 == 0)
		store_checkpoint(st);
	return true;
}

static struct store *
try_open(void)
{
	struct store_config config = { kit_path(), true, SHIM_VFS };
	struct store *st = NULL;
	char why[STORE_WHY_MAX];

	return store_open(&config, &st, why) == NO_ERROR ? st : NULL;
}

/* A story that is cut off; true: the cut came. Reopening between is part of it. */
static bool
cut_story(uint64_t *seed, struct truth *t)
{
	struct store *st = try_open();

	for (int i = 0; st != NULL && i < 40 && !shim_is_cut(); i++) {
		one_story(st, seed, t);
		if (kit_random(seed) % 20 == 0) {
			store_close(st);
			st = try_open();
		}
	}
	store_close(st);
	return shim_is_cut();
}

static void
after_a_power_cut_every_acknowledged_transaction_is_there_and_no_half_one(void)
{
	int cuts = 0, openings = 0;

	for (uint64_t round = 1; round <= SEEDS; round++) {
		struct truth t = { { { 0 } }, { { 0 } } };
		uint64_t seed = round * 1000003u;
		struct kit_model is;
		struct store *st;

		kit_dir();
		shim_start();
		shim_cut_at(kit_random(&seed) % 300 + 1);
		cuts += cut_story(&seed, &t);
		shim_restore(&seed);
		st = kit_open(NULL, true);
		if (st == NULL)
			continue; /* counted by kit_open */
		openings++;
		CHECK_CASE(kit_dump(st, &is), "seed %llu", (unsigned long long)round);
		CHECK_CASE(kit_equal(&is, &t.sure) || kit_equal(&is, &t.may_be),
		           "seed %llu: neither what was acknowledged nor what was under way",
		           (unsigned long long)round);
		/* and it goes on from there */
		shim_start();
		t.sure = is;
		CHECK_CASE(one_story(st, &seed, &t), "seed %llu", (unsigned long long)round);
		CU_ASSERT(kit_dump(st, &is) && kit_equal(&is, &t.sure));
		store_close(st);
	}
	shim_stop();
	printf("\n    %d stories, %d cut off, %d opened again\n", SEEDS, cuts, openings);
	CU_ASSERT(cuts > SEEDS / 2 && openings == SEEDS);
}

/* Two cuts: the second while the first is being recovered from. */
static void
a_power_cut_during_recovery_changes_nothing(void)
{
	for (uint64_t round = 1; round <= 100; round++) {
		struct truth t = { { { 0 } }, { { 0 } } };
		uint64_t seed = round * 7919u;
		struct kit_model is;
		struct store *st;

		kit_dir();
		shim_start();
		shim_cut_at(kit_random(&seed) % 200 + 50);
		cut_story(&seed, &t);
		shim_restore(&seed);
		shim_start();
		shim_cut_at(kit_random(&seed) % 12 + 1);
		store_close(try_open()); /* closing moves pages home, too */
		shim_restore(&seed);
		st = kit_open(NULL, true);
		CHECK_CASE(st != NULL && kit_dump(st, &is) &&
		               (kit_equal(&is, &t.sure) || kit_equal(&is, &t.may_be)),
		           "seed %llu", (unsigned long long)round);
		store_close(st);
	}
	shim_stop();
}

/*
 * A flush fails, the transaction is refused, and then the power goes: its frames are in
 * the log, and must not come true.
 */
static void
a_refused_commit_does_not_come_true_after_a_power_cut(void)
{
	int refused = 0;

	for (uint64_t round = 1; round <= 200; round++) {
		struct truth t = { { { 0 } }, { { 0 } } };
		uint64_t seed = round * 104729u;
		struct kit_model is, next;
		struct store *st;

		kit_dir();
		shim_start();
		st = try_open();
		CU_ASSERT_PTR_NOT_NULL_FATAL(st);
		for (uint32_t i = kit_random(&seed) % 6; i > 0; i--)
			one_story(st, &seed, &t);
		shim_fail(1, 1, SHIM_BAD_SYNC);
		next = t.sure;
		CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
		CU_ASSERT_EQUAL(kit_writes(st, &seed, &next), NO_ERROR);
		if (store_commit(st) != NO_ERROR)
			refused++;
		else
			t.sure = next; /* all its writes were drops of nothing: no flush */
		shim_cut_at(1);
		store_close(st);
		shim_restore(&seed);
		st = kit_open(NULL, true);
		CHECK_CASE(st != NULL && kit_dump(st, &is) && kit_equal(&is, &t.sure),
		           "seed %llu: refused, and there", (unsigned long long)round);
		store_close(st);
	}
	shim_stop();
	CU_ASSERT(refused > 150);
}

static bool
documented(DWORD code)
{
	static const DWORD codes[] = { NO_ERROR,
		                       ERROR_DISK_FULL,
		                       ERROR_WRITE_FAULT,
		                       ERROR_READ_FAULT,
		                       ERROR_FILE_CORRUPT,
		                       ERROR_NOT_ENOUGH_MEMORY,
		                       ERROR_LOCK_VIOLATION,
		                       ERROR_WRITE_PROTECT };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}

static bool
failure_was_delivered(bool memory)
{
	return memory ? mem_failed() : shim_has_failed();
}

static void
heal(bool memory)
{
	if (memory)
		mem_fail_nth(0);
	else
		shim_heal();
}

/*
 * Five transactions and an undo; a failure waits somewhere. After each answer the store
 * must hold what the answers say, and once the trouble is over everything must work.
 */
static void
sick_story(struct store *st, bool memory, struct kit_model *now, const char *label)
{
	uint64_t seed = 4711;
	bool owed = false;

	for (int step = 0; step < 6; step++) {
		struct kit_model before = *now, next = *now, is;
		DWORD err = store_begin(st);

		if (err == NO_ERROR) {
			err = kit_writes(st, &seed, &next);
			if (err == NO_ERROR)
				err = store_commit(st);
			else
				store_rollback(st);
		} else {
			kit_writes(NULL, &seed, &next);
		}
		CHECK_CASE(documented(err), "%s: code %u", label, err);
		if (err == NO_ERROR) {
			*now = next;
			owed = false;
			if (step % 2 == 1) {
				err = store_undo(st);
				CHECK_CASE(documented(err), "%s: undo: code %u", label, err);
				owed = err != NO_ERROR;
				*now = before;
			}
		}
		if (step == 3) /* costs nobody anything if it fails */
			CHECK_CASE(documented(store_checkpoint(st)), "%s", label);
		if (failure_was_delivered(memory)) {
			heal(memory);
			if (owed) { /* the next transaction brings the compensation */
				struct store_stats stats;

				store_stats_get(st, &stats);
				CHECK_CASE(stats.undo_pending, "%s", label);
				CHECK_CASE(store_undo(st) == NO_ERROR, "%s", label);
				owed = false;
			}
			CHECK_CASE(kit_dump(st, &is) && kit_equal(&is, now),
			           "%s: step %d: what is stored is not what was answered",
			           label, step);
		}
	}
}

static void
check_reopened(const struct kit_model *now, const char *label)
{
	struct store *st = kit_open(NULL, true);
	struct kit_model is;

	CHECK_CASE(st != NULL && kit_dump(st, &is) && kit_equal(&is, now),
	           "%s: not there after reopening", label);
	store_close(st);
}

static void
io_failure_story(uint64_t nth, uint64_t count, enum shim_failure how, bool *delivered)
{
	struct kit_model now = { { 0 } };
	char label[64];
	struct store *st;

	snprintf(label, sizeof(label), "failure %d at call %llu, %llu times", how,
	         (unsigned long long)nth, (unsigned long long)count);
	kit_dir();
	shim_start();
	shim_fail(nth, count, how);
	st = try_open();
	*delivered = shim_has_failed();
	if (st == NULL) { /* refused to start: then it starts when the disk is well */
		CHECK_CASE(*delivered, "%s", label);
		shim_heal();
		st = try_open();
	}
	CHECK_CASE(st != NULL, "%s: does not recover", label);
	if (st == NULL)
		return;
	if (*delivered)
		shim_heal();
	sick_story(st, false, &now, label);
	*delivered = shim_has_failed();
	shim_heal();
	store_close(st);
	check_reopened(&now, label);
}

static void
a_failing_disk_refuses_whole_transactions_and_recovers(void)
{
	static const struct {
		enum shim_failure how;
		uint64_t count;
	} cases[] = {
		{ SHIM_IO_ERROR, 1 },  { SHIM_IO_ERROR, 2 },        { SHIM_IO_ERROR, 1000000 },
		{ SHIM_DISK_FULL, 1 }, { SHIM_DISK_FULL, 1000000 }, { SHIM_BAD_SYNC, 1 },
		{ SHIM_BAD_SYNC, 2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool delivered = true;
		uint64_t nth = 0;

		while (delivered && nth < 2000)
			io_failure_story(++nth, cases[i].count, cases[i].how, &delivered);
		printf("\n    failure %d, %llu times: at each of %llu calls", cases[i].how,
		       (unsigned long long)cases[i].count, (unsigned long long)nth - 1);
		CU_ASSERT(nth > 5 && nth < 2000);
	}
	shim_stop();
	printf("\n");
}

static void
each_allocation_may_fail_once(void)
{
	bool delivered = true;
	uint64_t nth = 0;

	while (delivered && nth < 5000) {
		struct store_config config;
		struct kit_model now = { { 0 } };
		char label[64], why[STORE_WHY_MAX];
		struct store *st = NULL;
		DWORD err;

		snprintf(label, sizeof(label), "allocation %llu", (unsigned long long)++nth);
		kit_dir();
		config = (struct store_config){ kit_path(), true, NULL };
		mem_fail_nth(nth);
		err = store_open(&config, &st, why);
		delivered = mem_failed();
		if (err != NO_ERROR) {
			CHECK_CASE(err == ERROR_NOT_ENOUGH_MEMORY, "%s: code %u: %s", label,
			           err, why);
			CHECK_CASE(delivered, "%s", label);
			mem_fail_nth(0);
			st = kit_open(NULL, true);
		}
		if (st == NULL)
			return;
		sick_story(st, true, &now, label);
		delivered = delivered || mem_failed();
		mem_fail_nth(0);
		store_close(st);
		if (nth % 4 == 0) /* half of the time goes into this */
			check_reopened(&now, label);
	}
	printf("\n    each of %llu allocations failed once\n", (unsigned long long)nth - 1);
	CU_ASSERT(nth > 100 && nth < 5000);
}

CU_TestInfo test_store_disk[] = {
	TEST(after_a_power_cut_every_acknowledged_transaction_is_there_and_no_half_one),
	TEST(a_power_cut_during_recovery_changes_nothing),
	TEST(a_refused_commit_does_not_come_true_after_a_power_cut),
	TEST(a_failing_disk_refuses_whole_transactions_and_recovers),
	TEST(each_allocation_may_fail_once),
	CU_TEST_INFO_NULL,
};
