/*
 * One chapter: the table that a program gets without asking.
 *
 * The documented functions have no argument that names a table, so the process has one,
 * and opens it with the first call. What it is made of - an interface table, a world of
 * the IP Helper interface on instance 0, clocks, and a thread that lets the manager's
 * time pass and its call-backs run - is wired up here and nowhere else.
 *
 * The manager is told the time by the thread, and also whenever the world asks for it:
 * so a route that is added after an hour of silence has the right time of birth.
 */
#include "rtmopen.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "base/code.h"
#include "base/lock.h"
#include "host/interfaces.h"
#include "host/notify1.h"
#include "host/remote.h"
#include "host/thread.h"
#include "iphlp/iph.h"
#include "rtmhost.h"

static struct {
	struct lock lock; /* opening and closing */
	struct iftab *ifs;
	struct iph *iph;
	struct remote *remote; /* NULL: the table is here */
	struct thread thread;
} host = { .lock = LOCK_INITIALIZER };

/* ---- time ------------------------------------------------------------------------------ */

static FILETIME
calendar(void *arg)
{
	struct timespec now;

	(void)arg;
	clock_gettime(CLOCK_REALTIME, &now);
	return calendar_from(&now);
}

static uint64_t
tell_time(void *arg)
{
	uint64_t now_ms = thread_now_ms();

	rtm_advance(now_ms, calendar(arg));
	return now_ms;
}

static void
wake(void *arg)
{
	(void)arg;
	thread_wake(&host.thread);
}

/* What the thread does each time. */
static uint64_t
drive(void *arg)
{
	tell_time(arg);
	while (rtm_turn() || iph_turn(host.iph))
		;
	return rtm_deadline_ms();
}

/* And for a table that is elsewhere. */
static uint64_t
deliver(void *arg)
{
	(void)arg;
	iph_turn(host.iph);
	return UINT64_MAX;
}

/* ---- opening and closing ----------------------------------------------------- */

static void
take_down(void)
{
	rtm_wake_set(NULL, NULL);
	if (host.remote != NULL)
		remote_stop(host.remote);
	thread_stop(&host.thread);
	iph_close(host.iph);
	iftab_free(host.ifs);
	remote_free(host.remote);
	host.iph = NULL;
	host.ifs = NULL;
	host.remote = NULL;
}

static DWORD
build_memory(void)
{
	static const struct iph_ports ports = { .now_ms = tell_time,
		                                .calendar = calendar,
		                                .wake = wake };
	const char *text = getenv("RTM_INTERFACES");
	DWORD err;

	host.ifs = iftab_new();
	if (host.ifs == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	err = text != NULL ? interfaces_parse(host.ifs, text) : interfaces_of_system(host.ifs);
	if (err != NO_ERROR)
		return err;
	tell_time(NULL);
	err = iph_open(host.ifs, 0, &ports, &host.iph);
	if (err != NO_ERROR)
		return err;
	if (!thread_start(&host.thread, drive, NULL))
		return ERROR_NO_SYSTEM_RESOURCES;
	rtm_wake_set(wake, NULL);
	return NO_ERROR;
}

static DWORD
build_remote(void)
{
	static const struct iph_ports ports = { .wake = wake };
	const char *path = getenv("RTM_SOCKET");
	DWORD err = remote_open(path != NULL ? path : "", &host.remote);

	if (err == NO_ERROR)
		err = iph_open_far(remote_far(host.remote), &ports, &host.iph);
	if (err != NO_ERROR)
		return err;
	remote_world(host.remote, host.iph);
	return thread_start(&host.thread, deliver, NULL) ? NO_ERROR : ERROR_NO_SYSTEM_RESOURCES;
}

/* With the lock. */
static DWORD
open_with(DWORD (*build)(void))
{
	DWORD err = ERROR_ALREADY_EXISTS;

	if (iph_default == NULL) {
		err = build();
		if (err == NO_ERROR)
			__atomic_store_n(&iph_default, host.iph, __ATOMIC_RELEASE);
		else
			take_down();
	}
	return err;
}

DWORD
rtm_open_memory(void)
{
	DWORD err;

	lock_enter(&host.lock);
	err = open_with(build_memory);
	lock_leave(&host.lock);
	return err;
}

/* The backend for it is not in this build: saying so is better than a table that the
 * system does not follow. */
DWORD
rtm_open_kernel(void)
{
	return ERROR_NOT_SUPPORTED;
}

VOID
rtm_close(void)
{
	if (thread_is_me(&host.thread))
		return; /* a call-back cannot outlive the thread it runs on */
	lock_enter(&host.lock);
	if (host.iph != NULL && iph_default == host.iph) {
		__atomic_store_n(&iph_default, NULL, __ATOMIC_RELEASE);
		take_down();
		notify1_close();
	}
	lock_leave(&host.lock);
}

bool
host_is_delivering(void)
{
	return thread_is_me(&host.thread);
}

PCSTR
rtm_strerror(DWORD code)
{
	return code_text(code);
}

/* ---- without being asked ----------------------------------------------------- */

/* A name that is not understood opens nothing, and the functions say 50. */
static void
open_default(void)
{
	const char *fib = getenv("RTM_FIB");

	lock_enter(&host.lock);
	if (iph_default == NULL && getenv("RTM_SOCKET") != NULL) {
		(void)open_with(build_remote);
	} else if (iph_default == NULL) {
		if (fib == NULL || strcmp(fib, "memory") == 0)
			(void)open_with(build_memory);
		else if (strcmp(fib, "kernel") == 0)
			(void)rtm_open_kernel();
	}
	lock_leave(&host.lock);
}

__attribute__((constructor)) static void
offer(void)
{
	iph_default_open = open_default;
}
