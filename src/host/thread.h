/*
 * One background thread that sleeps until a time or until it is woken. It belongs to
 * whoever started it.
 */
#ifndef HOST_THREAD_H
#define HOST_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct thread {
	pthread_t id;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool woken, stop, running;
	uint64_t (*work)(void *arg);
	void *arg;
};

/** Milliseconds of the monotonic clock. */
uint64_t thread_now_ms(void);

/**
 * Start it. It calls work(), again and again: work returns when it wants to be called
 * next, UINT64_MAX for only when woken.
 *
 * @return  false where the system gives no thread.
 */
bool thread_start(struct thread *thread, uint64_t (*work)(void *arg), void *arg);

/** Have work() called soon; from any thread, also from within it. */
void thread_wake(struct thread *thread);

/** Let it end and wait for that; must not be called from it. */
void thread_stop(struct thread *thread);

/** Only say that it shall end, for work() that has to be woken by other means. */
void thread_ask_to_stop(struct thread *thread);
bool thread_is_stopping(struct thread *thread);

/** Whether the caller runs on it. */
bool thread_is_me(const struct thread *thread);

#endif
