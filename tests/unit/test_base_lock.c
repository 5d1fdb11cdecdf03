/*
 * Who takes a mutex and who need not. What is promised holds for a whole process, so each
 * case has a process of its own, which says by its status how it went.
 */
#include "test_base_suites.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/log.h"

static int ends[2]; /* a pipe: the second thread lives until it is closed */

static void *
live_on(void *arg)
{
	char octet;

	(void)arg;
	(void)!read(ends[0], &octet, 1);
	return NULL;
}

static void *
enter(void *arg)
{
	lock_enter(arg);
	lock_leave(arg);
	return NULL;
}

/* Whether the mutex is taken while this thread is in the lock and another one lives. */
static bool
mutex_is_taken(void)
{
	struct lock lock;
	pthread_t other;
	bool taken;

	lock_init(&lock);
	if (pipe(ends) != 0 || pthread_create(&other, NULL, live_on, NULL) != 0)
		_exit(2);
	lock_enter(&lock);
	taken = pthread_mutex_trylock(&lock.mutex) != 0;
	if (!taken)
		pthread_mutex_unlock(&lock.mutex);
	lock_leave(&lock);
	close(ends[1]);
	pthread_join(other, NULL);
	lock_destroy(&lock);
	return taken;
}

static int
beside_another(void)
{
	return mutex_is_taken() ? 0 : 1;
}

static int
beside_another_with_a_promise(void)
{
	lock_promise();
	return mutex_is_taken() ? 1 : 0;
}

static int
another_comes_against_a_promise(void)
{
	struct rlimit none = { 0, 0 };
	struct lock lock;
	pthread_t other;

	log_set_level(LOG_LEVEL_NONE);
	setrlimit(RLIMIT_CORE, &none);
	lock_init(&lock);
	lock_promise();
	if (pthread_create(&other, NULL, enter, &lock) == 0)
		pthread_join(other, NULL);
	return 1;
}

/* @return as waitpid() gives it. */
static int
status_of(int (*story)(void))
{
	pid_t child;
	int status = -1;

	fflush(NULL);
	child = fork();
	if (child == 0)
		_exit(story());
	CU_ASSERT_FATAL(child > 0);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	return status;
}

static void
with_two_threads_the_mutex_is_taken(void)
{
	CU_ASSERT_EQUAL(status_of(beside_another), 0);
}

static void
who_promised_to_be_alone_needs_no_mutex(void)
{
	CU_ASSERT_EQUAL(status_of(beside_another_with_a_promise), 0);
}

static void
a_broken_promise_ends_the_process(void)
{
	int status = status_of(another_comes_against_a_promise);

	CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

CU_TestInfo test_base_lock[] = {
	TEST(with_two_threads_the_mutex_is_taken),
	TEST(who_promised_to_be_alone_needs_no_mutex),
	TEST(a_broken_promise_ends_the_process),
	CU_TEST_INFO_NULL,
};
