/*
 * One chapter: waiting.
 *
 * A lock and one condition belong together: whoever waits, waits for "something
 * under this lock changed" and looks for himself. Few threads ever wait, so waking
 * all of them is cheaper than keeping a condition per thing.
 *
 * A process with one thread needs no mutex, and the two locked instructions of one cost
 * more than they say: the processor cannot begin the next search in memory before they
 * are done. The C library tells whether there is a second thread. Nobody can create one
 * while the only thread is inside, so what is decided on entering holds until leaving.
 * A daemon that has a thread for the disk, say, and no other in the locks, promises so.
 */
#include "base/lock.h"

#include "base/log.h"

#include <stdlib.h>

uintptr_t lock_sole_thread;

void
lock_promise(void)
{
	lock_sole_thread = lock_thread();
}

void
lock_enter_among(struct lock *lock)
{
	if (lock_sole_thread != 0) {
		log_err("base", "a second thread came to a lock against what was promised");
		abort();
	}
	pthread_mutex_lock(&lock->mutex);
}

void
lock_init(struct lock *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
	pthread_cond_init(&lock->changed, NULL);
	lock->sleepers = 0;
	lock->idle = false;
}

void
lock_destroy(struct lock *lock)
{
	pthread_cond_destroy(&lock->changed);
	pthread_mutex_destroy(&lock->mutex);
}

void
lock_wait(struct lock *lock)
{
	if (lock->idle) {
		/* Nobody is there to wake us, unless a signal handler brings somebody. */
		lock->idle = false;
		pthread_mutex_lock(&lock->mutex);
	}
	lock->sleepers++;
	pthread_cond_wait(&lock->changed, &lock->mutex);
	lock->sleepers--;
}

void
lock_wake(struct lock *lock)
{
	if (lock->sleepers != 0)
		pthread_cond_broadcast(&lock->changed);
}
