/*
 * One chapter: sleeping until a deadline that may come nearer.
 *
 * The flag `woken' is set under the mutex and looked at under it before sleeping, so a
 * wake between two calls of work() is never lost. The condition uses the monotonic
 * clock: setting the calendar moves no deadline.
 */
#include "host/thread.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

uint64_t
thread_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void
sleep_until(struct thread *thread, uint64_t deadline_ms)
{
	struct timespec at = { .tv_sec = (time_t)(deadline_ms / 1000),
		               .tv_nsec = (long)(deadline_ms % 1000) * 1000000 };
	int err = 0;

	while (!thread->woken && !thread->stop && err == 0)
		err = deadline_ms == UINT64_MAX
		          ? pthread_cond_wait(&thread->wake, &thread->mutex)
		          : pthread_cond_timedwait(&thread->wake, &thread->mutex, &at);
}

/* Whose thread this is, for who asks without a lock while another one is started. */
static _Thread_local const struct thread *mine;

static void *
run(void *arg)
{
	struct thread *thread = arg;
	uint64_t deadline_ms;

	mine = thread;
	pthread_mutex_lock(&thread->mutex);
	while (!thread->stop) {
		thread->woken = false;
		pthread_mutex_unlock(&thread->mutex);
		deadline_ms = thread->work(thread->arg);
		pthread_mutex_lock(&thread->mutex);
		sleep_until(thread, deadline_ms);
	}
	pthread_mutex_unlock(&thread->mutex);
	return NULL;
}

static void
init(struct thread *thread)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&thread->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&thread->wake, &attr);
	pthread_condattr_destroy(&attr);
}

bool
thread_start(struct thread *thread, uint64_t (*work)(void *arg), void *arg)
{
	sigset_t all, old;

	*thread = (struct thread){ .work = work, .arg = arg };
	init(thread);
	/* the program's signals are for the program's threads */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	thread->running = pthread_create(&thread->id, NULL, run, thread) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!thread->running) {
		pthread_cond_destroy(&thread->wake);
		pthread_mutex_destroy(&thread->mutex);
	}
	return thread->running;
}

void
thread_wake(struct thread *thread)
{
	pthread_mutex_lock(&thread->mutex);
	thread->woken = true;
	pthread_cond_signal(&thread->wake);
	pthread_mutex_unlock(&thread->mutex);
}

void
thread_ask_to_stop(struct thread *thread)
{
	pthread_mutex_lock(&thread->mutex);
	thread->stop = true;
	pthread_cond_signal(&thread->wake);
	pthread_mutex_unlock(&thread->mutex);
}

bool
thread_is_stopping(struct thread *thread)
{
	bool stop;

	pthread_mutex_lock(&thread->mutex);
	stop = thread->stop;
	pthread_mutex_unlock(&thread->mutex);
	return stop;
}

void
thread_stop(struct thread *thread)
{
	if (!thread->running)
		return;
	thread_ask_to_stop(thread);
	pthread_join(thread->id, NULL);
	pthread_cond_destroy(&thread->wake);
	pthread_mutex_destroy(&thread->mutex);
	thread->running = false;
}

bool
thread_is_me(const struct thread *thread)
{
	return mine == thread;
}
