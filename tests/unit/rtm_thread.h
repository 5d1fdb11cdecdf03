/*
 * A second thread for the few statements that need one. Waiting is polling with a
 * deadline; "it waits" is shown by a call that has begun, has not returned for a
 * while, and returns once its reason is gone.
 */
#ifndef TESTS_RTM_THREAD_H
#define TESTS_RTM_THREAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "rtmv2.h"

struct other {
	DWORD (*run)(void *arg);
	void *arg;
	DWORD answer;
	atomic_bool begun, done;
	pthread_t thread;
};

/** Start `run` on a thread of its own. */
void other_start(struct other *o, DWORD (*run)(void *), void *arg);
/** Whether it has returned within 10 s; then `answer` is valid. */
bool other_done(struct other *o);
/** Whether it is inside its call and stays there for a while. */
bool other_waits(struct other *o);
/** Start, wait until done, join. @return its answer, or 0xFFFFFFFF on time-out */
DWORD other_run(DWORD (*run)(void *), void *arg);
/** Join after other_done(). */
void other_end(struct other *o);

#endif
