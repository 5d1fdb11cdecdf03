/* One chapter: just enough of a thread. See the header. */
#include "rtm_thread.h"

#include <time.h>

static void
nap(void)
{
	struct timespec ms = { 0, 1000000 };

	nanosleep(&ms, NULL);
}

static void *
body(void *arg)
{
	struct other *o = arg;

	atomic_store(&o->begun, true);
	o->answer = o->run(o->arg);
	atomic_store(&o->done, true);
	return NULL;
}

void
other_start(struct other *o, DWORD (*run)(void *), void *arg)
{
	o->run = run;
	o->arg = arg;
	o->answer = 0xFFFFFFFFu;
	atomic_init(&o->begun, false);
	atomic_init(&o->done, false);
	if (pthread_create(&o->thread, NULL, body, o) != 0)
		o->run = NULL;
}

bool
other_done(struct other *o)
{
	for (int i = 0; i < 10000 && !atomic_load(&o->done); i++)
		nap();
	return atomic_load(&o->done);
}

bool
other_waits(struct other *o)
{
	for (int i = 0; i < 10000 && !atomic_load(&o->begun); i++)
		nap();
	for (int i = 0; i < 30; i++) /* a right answer can only be missed, never invented */
		nap();
	return atomic_load(&o->begun) && !atomic_load(&o->done);
}

void
other_end(struct other *o)
{
	if (o->run != NULL && atomic_load(&o->done))
		pthread_join(o->thread, NULL);
}

DWORD
other_run(DWORD (*run)(void *), void *arg)
{
	static struct other o; /* outlives a thread that never comes back */

	other_start(&o, run, arg);
	if (!other_done(&o))
		return 0xFFFFFFFFu;
	other_end(&o);
	return o.answer;
}
