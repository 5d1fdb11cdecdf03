/*
 * One chapter: moving pages home without the loop.
 *
 * A commit appends to the log and flushes it. Some time later the pages in the log must go
 * to their place in the file, which is many writes and two flushes: on a slow disk
 * seconds. WAL allows that beside a writer, so it is done by a thread with a connection of
 * its own, PASSIVE, which waits for nobody and makes nobody wait.
 *
 * SQLite starts the log over when all of it has come home, and beside a writer that never
 * rests that is never: when the thread is done, a few commits lie behind it. The log grew
 * without end, and each commit woke the thread for another two flushes. So the writer moves
 * the rest itself, right after a commit, once a go of the thread has left so little that
 * it takes no longer than REST_US by what the go took for each page. Where the disk is so
 * slow, or the writer so fast, that no go leaves so little, the log grows until he rests.
 *
 * The thread sleeps until ENOUGH_PAGES have gathered since its last go. Should that
 * ever fail (disk full, a lock), the log only grows, and as many later it tries again.
 */
#include "store/store_int.h"

#include "base/alloc.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#define ENOUGH_PAGES 1000 /* 4 MB of log */
#define REST_US 20000     /* what the writer may spend on the rest */

struct keeper {
	pthread_t thread;
	pthread_mutex_t mutex; /* everything below */
	pthread_cond_t wake;
	bool work, stop;
	bool gone;         /* a go has ended, and nobody has seen to the rest yet */
	uint64_t pages;    /* of the log, at the last commit */
	uint64_t home;     /* of them, moved or tried by the thread */
	uint64_t go_us;    /* what the last go took, .. */
	uint64_t go_pages; /* .. and for how many pages */
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
	uint64_t start = store_clock_us(), took;
	int pages = 0, home = 0;
	int rc = sqlite3_wal_checkpoint_v2(keeper->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages,
	                                   &home);

	took = store_clock_us() - start;
	pthread_mutex_lock(&keeper->mutex);
	if (rc == SQLITE_OK)
		keeper->checkpoints++;
	if (took > keeper->longest_us)
		keeper->longest_us = took;
	keeper->gone = rc == SQLITE_OK && home == pages;
	keeper->go_us = took;
	keeper->go_pages = (uint64_t)home > keeper->home ? (uint64_t)home - keeper->home : 1;
	keeper->home = rc == SQLITE_OK ? (uint64_t)home : keeper->pages;
	keeper->work = false;
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

static bool
is_little(const struct keeper *keeper, uint64_t pages)
{
	return keeper->go_us / keeper->go_pages * pages < REST_US;
}

bool
keeper_committed(struct keeper *keeper, uint64_t pages)
{
	bool rest = false;
	uint64_t left;

	pthread_mutex_lock(&keeper->mutex);
	if (pages < keeper->pages) { /* the log began anew */
		keeper->home = 0;
		keeper->gone = false;
	}
	keeper->pages = pages;
	left = pages > keeper->home ? pages - keeper->home : 0;
	if (!keeper->work && keeper->gone && is_little(keeper, left)) {
		rest = true;
		keeper->gone = false;
	} else if (!keeper->work && left >= ENOUGH_PAGES) {
		keeper->work = true;
		pthread_cond_signal(&keeper->wake);
	}
	pthread_mutex_unlock(&keeper->mutex);
	return rest;
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
