/*
 * One chapter: moving pages home without the loop.
 *
 * A commit appends to the log and flushes it. Some time later the pages in the log must go
 * to their place in the file, which is many writes and two flushes: on a slow disk
 * seconds. WAL allows that beside a writer, so it is done by a thread with a connection of
 * its own, PASSIVE, which waits for nobody and makes nobody wait. The writer starts the
 * log over by itself when all of it has come home.
 *
 * The thread sleeps until the writer reports a log longer than ENOUGH_PAGES. Should it
 * ever fail (disk full, a lock), the log only grows; the next commit wakes it again.
 */
#include "store/store_int.h"

#include "base/alloc.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

struct keeper {
	pthread_t thread;
	pthread_mutex_t mutex; /* everything below */
	pthread_cond_t wake;
	bool work, stop;
	uint64_t checkpoints, longest_us;
	sqlite3 *db; /* the thread's own once it runs */
};

uint64_t
store_clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static void
checkpoint(struct keeper *keeper)
{
	uint64_t start = store_clock_us();
	int rc =
	    sqlite3_wal_checkpoint_v2(keeper->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	uint64_t took = store_clock_us() - start;

	pthread_mutex_lock(&keeper->mutex);
	if (rc == SQLITE_OK)
		keeper->checkpoints++;
	if (took > keeper->longest_us)
		keeper->longest_us = took;
	pthread_mutex_unlock(&keeper->mutex);
}

static void *
live(void *arg)
{
	struct keeper *keeper = arg;

	pthread_mutex_lock(&keeper->mutex);
	while (!keeper->stop) {
		if (!keeper->work) {
			pthread_cond_wait(&keeper->wake, &keeper->mutex);
			continue;
		}
		keeper->work = false;
		pthread_mutex_unlock(&keeper->mutex);
		checkpoint(keeper);
		pthread_mutex_lock(&keeper->mutex);
	}
	pthread_mutex_unlock(&keeper->mutex);
	return NULL;
}

static int
attach(const struct store_config *config, sqlite3 **out)
{
	int rc = sqlite3_open_v2(config->path, out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
	                         config->vfs);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(*out,
		                  "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0",
		                  NULL, NULL, NULL);
	return rc;
}

/* Signals are the loop's: a thread that could take one would hide it from there. */
static bool
spawn(struct keeper *keeper)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&keeper->thread, NULL, live, keeper);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed == 0;
}

DWORD
keeper_start(const struct store_config *config, struct keeper **out)
{
	struct keeper *keeper = mem_calloc(1, sizeof(*keeper));
	int rc;

	if (keeper == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	rc = attach(config, &keeper->db);
	pthread_mutex_init(&keeper->mutex, NULL);
	pthread_cond_init(&keeper->wake, NULL);
	if (rc == SQLITE_OK && !spawn(keeper))
		rc = SQLITE_NOMEM;
	if (rc != SQLITE_OK) {
		sqlite3_close(keeper->db);
		pthread_cond_destroy(&keeper->wake);
		pthread_mutex_destroy(&keeper->mutex);
		mem_free(keeper);
		return store_code(rc);
	}
	*out = keeper;
	return NO_ERROR;
}

void
keeper_stop(struct keeper *keeper)
{
	if (keeper == NULL)
		return;
	pthread_mutex_lock(&keeper->mutex);
	keeper->stop = true;
	pthread_cond_signal(&keeper->wake);
	pthread_mutex_unlock(&keeper->mutex);
	pthread_join(keeper->thread, NULL);
	sqlite3_close(keeper->db);
	pthread_cond_destroy(&keeper->wake);
	pthread_mutex_destroy(&keeper->mutex);
	mem_free(keeper);
}

void
keeper_wake(struct keeper *keeper)
{
	pthread_mutex_lock(&keeper->mutex);
	keeper->work = true;
	pthread_cond_signal(&keeper->wake);
	pthread_mutex_unlock(&keeper->mutex);
}

void
keeper_stats(struct keeper *keeper, struct store_stats *out)
{
	pthread_mutex_lock(&keeper->mutex);
	out->checkpoints += keeper->checkpoints;
	if (keeper->longest_us > out->checkpoint_us_max)
		out->checkpoint_us_max = keeper->longest_us;
	pthread_mutex_unlock(&keeper->mutex);
}
