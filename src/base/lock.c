/*
 * One chapter: waiting.
 *
 * A lock and one condition belong together: whoever waits, waits for "something
 * under this lock changed" and looks for himself. Few threads ever wait, so waking
 * all of them is cheaper than keeping a condition per thing.
 */
#include "base/lock.h"

void
lock_init(struct lock *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
	pthread_cond_init(&lock->changed, NULL);
	lock->sleepers = 0;
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
