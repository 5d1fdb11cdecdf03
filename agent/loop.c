/*
 * One chapter: the loop.
 *
 * Everything rtmd does begins here, with a descriptor, a timer, a signal or a bell.
 * libevent waits; four small structs, one per kind of beginning, keep the event and
 * the function it stands for. Each struct is an event with its own call-back, so
 * there is no list to search and none to keep true.
 *
 * Timers are one-shot on purpose: whoever wants another says when, from the state he
 * is in then. A bell is an event without a descriptor, made active by hand: it runs
 * after the present call-back, once however often it was rung, and so turns "there
 * is work for rtm_turn()" into a call from the loop with nothing on the stack.
 *
 * Signals end in the loop like all else; no handler of ours runs in signal context.
 *
 * libevent waits in poll(), not in epoll_wait(). There are a dozen descriptors here, at most
 * some hundred managers in the direct role, which libnetsnmp goes through one by one anyway.
 * With so few epoll has nothing to save, and being woken by it costs both sides more: a
 * twentieth of a GET, the snmpd that wakes us included [docs/agentx.md].
 */
#include "loop.h"

#include <event2/event.h>
#include <time.h>

#include "base/alloc.h"

struct loop {
	struct event_base *base;
	bool stopping;
	int status;
};

/* What the four kinds have in common; they differ in how the event is made. */
struct source {
	struct event *event;
	loop_fn *fn;
	void *arg;
};

struct loop_watch {
	struct source source;
};
struct loop_timer {
	struct source source;
};
struct loop_signal {
	struct source source;
};
struct loop_bell {
	struct source source;
};

static void
on_event(evutil_socket_t fd, short what, void *arg)
{
	struct source *source = arg;

	(void)fd;
	(void)what;
	source->fn(source->arg);
}

/* A source that libevent watches for `what` on `fd`, added when it is to start at once. */
static void *
source_new(struct loop *loop, int fd, short what, bool start, loop_fn *fn, void *arg)
{
	struct source *source = mem_calloc(1, sizeof *source);

	if (source == NULL)
		return NULL;
	*source = (struct source){ .fn = fn, .arg = arg };
	source->event = event_new(loop->base, fd, what, on_event, source);
	if (source->event == NULL || (start && event_add(source->event, NULL) != 0)) {
		if (source->event != NULL)
			event_free(source->event);
		mem_free(source);
		return NULL;
	}
	return source;
}

static void
source_free(struct source *source)
{
	if (source == NULL)
		return;
	event_free(source->event);
	mem_free(source);
}

static struct event_base *
base_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config != NULL && event_config_avoid_method(config, "epoll") == 0)
		base = event_base_new_with_config(config);
	if (config != NULL)
		event_config_free(config);
	return base;
}

struct loop *
loop_new(void)
{
	struct loop *loop = mem_calloc(1, sizeof *loop);

	if (loop == NULL)
		return NULL;
	loop->base = base_new();
	if (loop->base == NULL) {
		mem_free(loop);
		return NULL;
	}
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	event_base_free(loop->base);
	mem_free(loop);
	libevent_global_shutdown();
}

int
loop_run(struct loop *loop)
{
	if (!loop->stopping)
		event_base_dispatch(loop->base);
	return loop->status;
}

void
loop_stop(struct loop *loop, int status)
{
	if (loop->stopping)
		return;
	loop->stopping = true;
	loop->status = status;
	event_base_loopbreak(loop->base);
}

uint64_t
loop_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct loop_watch *
loop_watch_new(struct loop *loop, int fd, loop_fn *fn, void *arg)
{
	return source_new(loop, fd, EV_READ | EV_PERSIST, true, fn, arg);
}

struct loop_watch *
loop_watch_out_new(struct loop *loop, int fd, loop_fn *fn, void *arg)
{
	return source_new(loop, fd, EV_WRITE | EV_PERSIST, true, fn, arg);
}

void
loop_watch_free(struct loop_watch *watch)
{
	source_free((struct source *)watch);
}

struct loop_timer *
loop_timer_new(struct loop *loop, loop_fn *fn, void *arg)
{
	return source_new(loop, -1, 0, false, fn, arg);
}

void
loop_timer_free(struct loop_timer *timer)
{
	source_free((struct source *)timer);
}

void
loop_timer_in(struct loop_timer *timer, uint64_t us)
{
	struct timeval tv = { .tv_sec = (time_t)(us / 1000000),
		              .tv_usec = (suseconds_t)(us % 1000000) };

	event_add(timer->source.event, &tv);
}

void
loop_timer_off(struct loop_timer *timer)
{
	event_del(timer->source.event);
}

struct loop_signal *
loop_signal_new(struct loop *loop, int signo, loop_fn *fn, void *arg)
{
	return source_new(loop, signo, EV_SIGNAL | EV_PERSIST, true, fn, arg);
}

void
loop_signal_free(struct loop_signal *signal)
{
	source_free((struct source *)signal);
}

struct loop_bell *
loop_bell_new(struct loop *loop, loop_fn *fn, void *arg)
{
	return source_new(loop, -1, 0, false, fn, arg);
}

void
loop_bell_free(struct loop_bell *bell)
{
	source_free((struct source *)bell);
}

void
loop_bell_ring(void *bell)
{
	event_active(((struct loop_bell *)bell)->source.event, EV_READ, 0);
}
