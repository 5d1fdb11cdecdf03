/*
 * Mutual exclusion between threads: the only door to the thread library, so that
 * everything above stays plain C. A lock belongs to who embeds it.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Private to lock.c; embedded so that an uncontended call costs no indirection. */
struct lock {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	unsigned sleepers; /* threads in lock_wait() */
};

#define LOCK_INITIALIZER                                                                       \
	{                                                                                      \
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0                         \
	}

void lock_init(struct lock *lock);
void lock_destroy(struct lock *lock);

/** Enter; not recursive. */
static inline void
lock_enter(struct lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
}

static inline void
lock_leave(struct lock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}

/** Give the lock up until lock_wake(), then take it again. May also return without reason. */
void lock_wait(struct lock *lock);

/** Let every thread in lock_wait() look again; the lock must be held. */
void lock_wake(struct lock *lock);

/** A number that tells the calling thread from every other living one; never 0. */
static inline uintptr_t
lock_thread(void)
{
	return (uintptr_t)pthread_self();
}

#endif
