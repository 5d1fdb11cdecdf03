/*
 * One chapter: events, the objects that a thread waits for.
 *
 * All events of the process share one mutex and one condition: few threads ever wait, and
 * waiting for any or all of several needs no more than looking at each under the same
 * mutex. A handle is a slot and the number of the slot's tenants so far, never an address,
 * so a closed one is recognised, also by who was waiting for it. A program has a handful,
 * so there are as many slots as anybody can want and no memory to run out of.
 */
#include "windows/winsock2.h"

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#define EVENTS_MAX 1024

struct event {
	uint32_t tenant; /* odd: in use */
	bool manual, signalled;
};

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct event slots[EVENTS_MAX];
} events = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
prepare(void)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&events.changed, &attr);
	pthread_condattr_destroy(&attr);
}

static void
enter(void)
{
	pthread_once(&once, prepare);
	pthread_mutex_lock(&events.mutex);
}

static void
leave(void)
{
	pthread_mutex_unlock(&events.mutex);
}

/* ---- handles ---------------------------------------------------------------------------- */

#define SLOT_BITS 16

static HANDLE
handle_of(const struct event *event)
{
	uintptr_t slot = (uintptr_t)(event - events.slots);

	return (HANDLE)((uintptr_t)event->tenant << SLOT_BITS | slot);
}

static struct event *
find(HANDLE handle)
{
	size_t slot = (uintptr_t)handle & ((1u << SLOT_BITS) - 1);
	uint32_t tenant = (uint32_t)((uintptr_t)handle >> SLOT_BITS);

	if (slot >= EVENTS_MAX || tenant % 2 == 0 || events.slots[slot].tenant != tenant)
		return NULL;
	return &events.slots[slot];
}

static struct event *
vacant(void)
{
	for (size_t i = 0; i < EVENTS_MAX; i++)
		if (events.slots[i].tenant % 2 == 0)
			return &events.slots[i];
	return NULL;
}

static BOOL
done_or(DWORD code)
{
	if (code != NO_ERROR)
		rtm_win_SetLastError(code);
	return code == NO_ERROR;
}

/* ---- the calls --------------------------------------------------------------- */

static HANDLE
create(BOOL manual, BOOL initial)
{
	struct event *event;
	HANDLE handle = NULL;

	enter();
	event = vacant();
	if (event != NULL) {
		event->tenant++;
		event->manual = manual != FALSE;
		event->signalled = initial != FALSE;
		handle = handle_of(event);
	}
	leave();
	done_or(event != NULL ? NO_ERROR : ERROR_NO_SYSTEM_RESOURCES);
	return handle;
}

HANDLE
rtm_win_CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
                     BOOL bInitialState, LPCSTR lpName)
{
	(void)lpEventAttributes;
	if (lpName == NULL)
		return create(bManualReset, bInitialState);
	done_or(ERROR_NOT_SUPPORTED); /* a name would be known to other processes */
	return NULL;
}

HANDLE
rtm_win_CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
                     BOOL bInitialState, LPCWSTR lpName)
{
	return rtm_win_CreateEventA(lpEventAttributes, bManualReset, bInitialState,
	                            lpName != NULL ? "" : NULL);
}

static BOOL
put(HANDLE handle, bool signalled)
{
	struct event *event;

	enter();
	event = find(handle);
	if (event != NULL) {
		event->signalled = signalled;
		if (signalled)
			pthread_cond_broadcast(&events.changed);
	}
	leave();
	return done_or(event != NULL ? NO_ERROR : ERROR_INVALID_HANDLE);
}

BOOL
rtm_win_SetEvent(HANDLE hEvent)
{
	return put(hEvent, true);
}

BOOL
rtm_win_ResetEvent(HANDLE hEvent)
{
	return put(hEvent, false);
}

BOOL
rtm_win_CloseHandle(HANDLE hObject)
{
	struct event *event;

	enter();
	event = find(hObject);
	if (event != NULL) {
		event->tenant++;
		pthread_cond_broadcast(&events.changed); /* who waits for it is told */
	}
	leave();
	return done_or(event != NULL ? NO_ERROR : ERROR_INVALID_HANDLE);
}

/* ---- waiting ----------------------------------------------------------------- */

/* Which one is signalled, WAIT_TIMEOUT for none yet, WAIT_FAILED for a bad handle. */
static DWORD
look(DWORD n, const HANDLE *handles, BOOL all)
{
	DWORD first = WAIT_TIMEOUT, signalled = 0;

	for (DWORD i = n; i-- > 0;) {
		const struct event *event = find(handles[i]);

		if (event == NULL)
			return WAIT_FAILED;
		if (event->signalled) {
			signalled++;
			first = WAIT_OBJECT_0 + i;
		}
	}
	if (!all)
		return first;
	return signalled == n ? WAIT_OBJECT_0 : WAIT_TIMEOUT;
}

static void
take(HANDLE handle)
{
	struct event *event = find(handle);

	if (!event->manual)
		event->signalled = false;
}

static struct timespec
from_now(DWORD ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += (long)(ms % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

DWORD
rtm_win_WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll,
                               DWORD dwMilliseconds)
{
	struct timespec until;
	DWORD result;
	int err = 0;

	if (nCount == 0 || nCount > MAXIMUM_WAIT_OBJECTS || lpHandles == NULL) {
		done_or(ERROR_INVALID_PARAMETER);
		return WAIT_FAILED;
	}
	enter();
	until = from_now(dwMilliseconds);
	while ((result = look(nCount, lpHandles, bWaitAll)) == WAIT_TIMEOUT && err == 0 &&
	       dwMilliseconds != 0)
		err = dwMilliseconds == INFINITE
		          ? pthread_cond_wait(&events.changed, &events.mutex)
		          : pthread_cond_timedwait(&events.changed, &events.mutex, &until);
	if (result < WAIT_TIMEOUT && bWaitAll)
		for (DWORD i = 0; i < nCount; i++)
			take(lpHandles[i]);
	else if (result < WAIT_TIMEOUT)
		take(lpHandles[result - WAIT_OBJECT_0]);
	leave();
	if (result == WAIT_FAILED)
		done_or(ERROR_INVALID_HANDLE);
	return result;
}

DWORD
rtm_win_WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds)
{
	return rtm_win_WaitForMultipleObjects(1, &hHandle, FALSE, dwMilliseconds);
}

/* ---- calls that go on -------------------------------------------------------- */

BOOL
rtm_win_GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped,
                            LPDWORD lpNumberOfBytesTransferred, BOOL bWait)
{
	HANDLE event;
	NTSTATUS status;

	if (lpOverlapped == NULL)
		return done_or(ERROR_INVALID_PARAMETER);
	event = lpOverlapped->hEvent != NULL ? lpOverlapped->hEvent : hFile;
	for (;;) {
		status = (NTSTATUS)__atomic_load_n(&lpOverlapped->Internal, __ATOMIC_ACQUIRE);
		if (status != STATUS_PENDING)
			break;
		if (!bWait)
			return done_or(ERROR_IO_INCOMPLETE);
		if (rtm_win_WaitForSingleObject(event, INFINITE) == WAIT_FAILED)
			return FALSE;
	}
	if (lpNumberOfBytesTransferred != NULL)
		*lpNumberOfBytesTransferred = 0;
	return done_or(status == STATUS_SUCCESS ? NO_ERROR : ERROR_OPERATION_ABORTED);
}
