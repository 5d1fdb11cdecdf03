/*
 * One chapter: memory runs out, once, at every place where it can.
 *
 * For every function of the interface: build a world, let its first allocation fail,
 * then in a new world its second, and so on until a call goes through without having
 * met a failure. A call that failed must answer ERROR_NOT_ENOUGH_MEMORY and leave the
 * world as it was, and must succeed when it is made again; a call that succeeded in
 * spite of the failure must have done all that it does otherwise.
 */
#include "rtm_fix.h"
#include "rtm_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ALLOCATIONS = 500 };

static struct world w;
static bool brim; /* in a world that has nothing in stock */

static void
build(void)
{
	world_build(&w);
	if (brim)
		world_brim(&w);
}

static void
same_world(const char *want, const char *got, const char *name, UINT nth, const char *when)
{
	if (strcmp(want, got) != 0)
		fprintf(stderr, "\n%s, allocation %u, %s\n--- wanted\n%s--- got\n%s", name, nth,
		        when, want, got);
	fx_expect(strcmp(want, got) == 0, __LINE__, __FILE__, __func__,
	          "%s, allocation %u: the world %s", name, nth, when);
}

static DWORD
run(const struct rtm_call *call)
{
	if (call->before != NULL)
		call->before(&w);
	return call->run(w.e, &w);
}

static char *
dump_after_success(const struct rtm_call *call)
{
	build();
	fx_code(NO_ERROR, run(call), call->name, __LINE__, __FILE__, __func__);
	return world_dump(&w);
}

/* The call failed: nothing changed, and it works when memory is back. */
static void
check_failure(const struct rtm_call *call, UINT nth, DWORD err, const char *before,
              const char *after)
{
	char *now;

	fx_expect(err == ERROR_NOT_ENOUGH_MEMORY, __LINE__, __FILE__, __func__,
	          "%s, allocation %u: answered %u", call->name, nth, err);
	if (call->undo != NULL)
		call->undo(&w);
	now = world_dump(&w);
	same_world(before, now, call->name, nth, "changed though the call failed");
	free(now);
	fx_code(NO_ERROR, run(call), call->name, __LINE__, __FILE__, __func__);
	now = world_dump(&w);
	same_world(after, now, call->name, nth, "differs after the second attempt");
	free(now);
}

/* @return whether a failure was met */
static bool
fail_nth(const struct rtm_call *call, UINT nth, const char *after)
{
	char *before, *now;
	bool met;
	DWORD err;

	build();
	before = world_dump(&w);
	if (call->before != NULL)
		call->before(&w);
	mem_fail_nth(nth);
	err = call->run(w.e, &w);
	met = mem_failed();
	mem_fail_nth(0);
	if (err != NO_ERROR) {
		check_failure(call, nth, err, before, after);
	} else {
		now = world_dump(&w);
		same_world(after, now, call->name, nth, "differs though the call succeeded");
		free(now);
	}
	free(before);
	return met;
}

static UINT
sweep(const struct rtm_call *call)
{
	size_t alive;
	char *after;
	UINT nth = 1;

	rtm_shutdown();
	alive = mem_alive();
	after = dump_after_success(call);
	while (nth < MOST_ALLOCATIONS && fail_nth(call, nth, after))
		nth++;
	TRUTH(nth < MOST_ALLOCATIONS);
	free(after);
	rtm_shutdown();
	fx_expect(mem_alive() == alive, __LINE__, __FILE__, __func__, "%s leaks memory",
	          call->name);
	return nth - 1;
}

static void
sweep_all(const struct rtm_call *calls, size_t num, UINT least)
{
	UINT failures = 0;

	for (size_t i = 0; i < num; i++)
		failures += sweep(&calls[i]);
	fx_expect(failures >= least, __LINE__, __FILE__, __func__, "only %u failures were met",
	          failures);
	fx_setup();
}

static void
every_function_survives_every_failing_allocation(void)
{
	sweep_all(rtm_calls, rtm_num_calls, 10);
}

static void
and_those_it_meets_when_nothing_is_in_stock(void)
{
	brim = true;
	sweep_all(rtm_calls, rtm_num_calls, 25);
	sweep_all(rtm_host_calls, rtm_num_host_calls, 6);
	brim = false;
}

static void
so_do_updates_holds_and_the_host(void)
{
	sweep_all(rtm_host_calls, rtm_num_host_calls, 3);
}

/* Time runs out for a route and a hold while memory is short: it comes late, not never. */
static char *
let_time_pass(UINT nth, bool *met)
{
	char *after;

	world_build(&w);
	OK(RtmHoldDestination(w.e, w.wide_dest, UC | MC, 500));
	fx_delete(w.other, w.foreign);
	fx_delete(w.e, w.wide);
	mem_fail_nth(nth);
	fx_advance(60000);
	for (UINT i = 0; i < 1000 && rtm_turn(); i++)
		;
	*met = mem_failed();
	mem_fail_nth(0);
	fx_pass(0);
	after = world_dump(&w);
	return after;
}

static void
expiry_comes_late_rather_than_never(void)
{
	bool met = false;
	char *want = let_time_pass(0, &met), *got;
	UINT nth = 1;

	TRUTH(strstr(want, " views=") == NULL); /* no destination is left in the table */
	do {
		got = let_time_pass(nth, &met);
		same_world(want, got, "rtm_turn", nth, "differs after the next turn");
		free(got);
	} while (met && nth++ < MOST_ALLOCATIONS);
	TRUTH(nth < MOST_ALLOCATIONS);
	free(want);
	fx_setup();
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(every_function_survives_every_failing_allocation),
	T(and_those_it_meets_when_nothing_is_in_stock),
	T(so_do_updates_holds_and_the_host),
	T(expiry_comes_late_rather_than_never),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("memory that runs out", cases, FX_BOTH);
}
