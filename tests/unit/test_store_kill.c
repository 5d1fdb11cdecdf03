/* A writer is killed at random moments: what it had acknowledged is there, and no more. */
#include "store_kit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILLS 60

/* The writer: transaction after transaction, each acknowledged by its number. */
static void
write_until_killed(int out, uint64_t seed)
{
	struct store_config config = { kit_path(), false, NULL };
	struct store *st = NULL;
	struct kit_model next = { { 0 } };
	char why[STORE_WHY_MAX];

	if (store_open(&config, &st, why) != NO_ERROR)
		_exit(1);
	for (uint32_t n = 1; n < 100000; n++) {
		if (store_begin(st) != NO_ERROR || kit_writes(st, &seed, &next) != NO_ERROR ||
		    store_commit(st) != NO_ERROR)
			_exit(2);
		if (write(out, &n, sizeof(n)) != (ssize_t)sizeof(n))
			_exit(3);
	}
	_exit(0);
}

static uint32_t
read_until_end(int in, uint64_t *seed, pid_t child)
{
	struct timespec pause = { 0, (long)(kit_random(seed) % 12000000) };
	uint32_t acked = 0, n;

	/* the first acknowledgement starts the clock */
	if (read(in, &acked, sizeof(acked)) != (ssize_t)sizeof(acked))
		acked = 0;
	nanosleep(&pause, NULL);
	kill(child, SIGKILL);
	while (read(in, &n, sizeof(n)) == (ssize_t)sizeof(n))
		acked = n;
	return acked;
}

static bool
state_is_after(uint32_t transactions, uint64_t seed, const struct kit_model *is)
{
	struct kit_model want = { { 0 } };

	while (transactions-- > 0)
		kit_writes(NULL, &seed, &want);
	return kit_equal(is, &want);
}

static void
after_kill_9_the_acknowledged_transactions_are_there(void)
{
	uint64_t seed = 99;
	uint64_t total = 0;

	for (int round = 0; round < KILLS; round++) {
		uint64_t numbers = seed + (uint64_t)round;
		struct kit_model is;
		struct store *st;
		uint32_t acked;
		int pipes[2], status;
		pid_t child;

		kit_dir();
		CU_ASSERT_EQUAL_FATAL(pipe(pipes), 0);
		fflush(NULL);
		child = fork();
		if (child == 0) {
			close(pipes[0]);
			write_until_killed(pipes[1], numbers);
		}
		close(pipes[1]);
		acked = read_until_end(pipes[0], &seed, child);
		close(pipes[0]);
		CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
		CHECK_CASE(WIFSIGNALED(status), "round %d: ended by itself, status %x", round,
		           (unsigned)status);
		total += acked;
		st = kit_open(NULL, false);
		CHECK_CASE(st != NULL && kit_dump(st, &is), "round %d", round);
		CHECK_CASE(state_is_after(acked, numbers, &is) ||
		               state_is_after(acked + 1, numbers, &is),
		           "round %d: %u transactions were acknowledged", round, acked);
		store_close(st);
	}
	printf("\n    %d kills, %llu acknowledged transactions\n", KILLS,
	       (unsigned long long)total);
	CU_ASSERT(total > KILLS);
}

CU_TestInfo test_store_kill[] = {
	TEST(after_kill_9_the_acknowledged_transactions_are_there),
	CU_TEST_INFO_NULL,
};
