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
	bool idle;         /* the holder is alone, and took no mutex */
};

/** The only thread that enters locks, by the promise of lock_promise(); 0: none was given. */
extern uintptr_t lock_sole_thread;

/** A number that tells the calling thread from every other living one; never 0. */
static inline uintptr_t
lock_thread(void)
{
	return (uintptr_t)pthread_self();
}

/**
 * From now on no other thread than this enters any lock of the process: what threads it
 * has keep to themselves. One that does all the same is ended, and the process with it.
 * To be given while the caller is in no lock.
 */
void lock_promise(void);

/** Whether no other thread can come, as far as can be told. */
static inline bool
lock_is_alone(void)
{
#ifdef LOCK_KNOWS_THREADS
	if (__libc_single_threaded != 0)
		return true;
#endif
	return lock_sole_thread == lock_thread();
}

#define LOCK_INITIALIZER                                                                       \
	{                                                                                      \
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false                  \
	}

void lock_init(struct lock *lock);
void lock_destroy(struct lock *lock);

/** With another thread about, or one that must not be. */
void lock_enter_among(struct lock *lock);

/** Enter; not recursive. The holder must not create threads while he is inside. */
static inline void
lock_enter(struct lock *lock)
{
	if (lock_is_alone())
		lock->idle = true;
	else
		lock_enter_among(lock);
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

#endif
