/*
 * Mutual exclusion between threads: the only door to the thread library, so that
 * everything above stays plain C. A lock belongs to who embeds it.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#if defined(__has_include)
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define LOCK_KNOWS_THREADS 1
#endif
#endif

/* Private to lock.c; embedded so that an uncontended call costs no indirection. */
struct lock {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	unsigned sleepers; /* threads in lock_wait() */
	bool idle;         /* the holder is the only thread, and took no mutex */
};

/** Whether the process has one thread only, as far as can be told. */
static inline bool
lock_is_alone(void)
{
#ifdef LOCK_KNOWS_THREADS
	return __libc_single_threaded != 0;
#else
	return false;
#endif
}

#define LOCK_INITIALIZER                                                                       \
	{                                                                                      \
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false                  \
	}

void lock_init(struct lock *lock);
void lock_destroy(struct lock *lock);

/** Enter; not recursive. The holder must not create threads while he is inside. */
static inline void
lock_enter(struct lock *lock)
{
	if (lock_is_alone()) {
		lock->idle = true;
		return;
	}
	pthread_mutex_lock(&lock->mutex);
}

static inline void
lock_leave(struct lock *lock)
{
	if (lock->idle)
		lock->idle = false;
	else
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
