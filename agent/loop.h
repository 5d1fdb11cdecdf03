/*
 * The one event loop of the daemon: descriptors, timers, signals, and a bell that
 * other code can ring. Rooms hand out an fd and a function; only loop.c knows
 * libevent. What is made here is freed by its own `_free`, before the loop.
 *
 * One thread; loop_bell_ring() alone may also be called from inside a call-back.
 */
#ifndef AGENT_LOOP_H
#define AGENT_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_watch;
struct loop_timer;
struct loop_signal;
struct loop_bell;

typedef void loop_fn(void *arg);

struct loop *loop_new(void); /* NULL: no memory, or no way to poll */
void loop_free(struct loop *loop);

/** Run until loop_stop(). @return its status. */
int loop_run(struct loop *loop);
/** Have loop_run() return after the present call-back; the first status counts. */
void loop_stop(struct loop *loop, int status);

/** Milliseconds of a clock that never goes back. */
uint64_t loop_now_ms(void);

/** Call `fn` whenever `fd` can be read, until freed. The fd stays the caller's. */
struct loop_watch *loop_watch_new(struct loop *loop, int fd, loop_fn *fn, void *arg);
/** The same for whenever `fd` can be written. */
struct loop_watch *loop_watch_out_new(struct loop *loop, int fd, loop_fn *fn, void *arg);
void loop_watch_free(struct loop_watch *watch);

/** A timer, asleep; it fires once for each loop_timer_in(). */
struct loop_timer *loop_timer_new(struct loop *loop, loop_fn *fn, void *arg);
void loop_timer_free(struct loop_timer *timer);
/** Fire `us` microseconds from now, whatever was asked before. */
void loop_timer_in(struct loop_timer *timer, uint64_t us);
void loop_timer_off(struct loop_timer *timer);

struct loop_signal *loop_signal_new(struct loop *loop, int signo, loop_fn *fn, void *arg);
void loop_signal_free(struct loop_signal *signal);

/** A bell: however often it is rung, `fn` runs once, soon, from the loop. */
struct loop_bell *loop_bell_new(struct loop *loop, loop_fn *fn, void *arg);
void loop_bell_free(struct loop_bell *bell);
void loop_bell_ring(void *bell);

#endif
