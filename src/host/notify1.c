/*
 * One chapter: version 1 of change notification, made of version 2.
 *
 * A request is a subscription to IPv4 routes that counts only its first event: that one
 * writes the result into the program's OVERLAPPED and signals the event, after which the
 * OVERLAPPED is the program's again and is not looked at any more. A subscription cannot be
 * cancelled from its own call-back, so a request that is over stays listed until the next
 * call from the program, which first clears away what is over; there are never more of
 * those than there were requests waiting at one time.
 *
 * The list's lock is never held while a subscription is made or cancelled, since cancelling
 * waits for a call-back and the call-back wants the lock.
 */
#include "host/notify1.h"

#include "windows/winsock2.h"

#include "windows/iphlpapi.h"

#include "base/alloc.h"
#include "base/lock.h"

struct request {
	struct request *next;
	LPOVERLAPPED overlapped;
	HANDLE event, subscription; /* subscription NULL: being made */
	bool over;
};

static struct {
	struct lock lock;
	struct request *list;
	HANDLE file; /* given out for requests; signalled by those without an event */
} v1 = { .lock = LOCK_INITIALIZER };

/* ---- one request ------------------------------------------------------------------------ */

/* With the lock. The last touch of the program's memory. */
static void
finish(struct request *request, NTSTATUS status)
{
	if (request->over)
		return;
	request->over = true;
	__atomic_store_n(&request->overlapped->Internal, (ULONG_PTR)status, __ATOMIC_RELEASE);
	rtm_win_SetEvent(request->event);
}

static VOID WINAPI
on_change(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	struct request *request = context;

	(void)row, (void)type;
	lock_enter(&v1.lock);
	finish(request, STATUS_SUCCESS);
	lock_leave(&v1.lock);
}

/* Take one that is over out of the list. */
static struct request *
take_over(void)
{
	struct request **at = &v1.list, *found;

	lock_enter(&v1.lock);
	while (*at != NULL && (!(*at)->over || (*at)->subscription == NULL))
		at = &(*at)->next;
	found = *at;
	if (found != NULL)
		*at = found->next;
	lock_leave(&v1.lock);
	return found;
}

static void
clear_away(void)
{
	struct request *request;

	while ((request = take_over()) != NULL) {
		CancelMibChangeNotify2(request->subscription);
		mem_free(request);
	}
}

/* With the lock. */
static struct request *
waiting(const OVERLAPPED *overlapped)
{
	struct request *request = v1.list;

	while (request != NULL && (request->over || request->overlapped != overlapped))
		request = request->next;
	return request;
}

/* Into the list, unless it is there already or its event is none. */
static DWORD
enlist(struct request *request)
{
	LPOVERLAPPED overlapped = request->overlapped;
	DWORD err = NO_ERROR;

	lock_enter(&v1.lock);
	if (v1.file == NULL)
		v1.file = rtm_win_CreateEventA(NULL, TRUE, FALSE, NULL);
	request->event = overlapped->hEvent != NULL ? overlapped->hEvent : v1.file;
	if (v1.file == NULL)
		err = ERROR_NO_SYSTEM_RESOURCES;
	else if (waiting(overlapped) != NULL)
		err = ERROR_INVALID_PARAMETER;
	else if (!rtm_win_ResetEvent(request->event))
		err = ERROR_INVALID_HANDLE;
	if (err == NO_ERROR) {
		overlapped->Internal = (ULONG_PTR)STATUS_PENDING;
		overlapped->InternalHigh = 0;
		request->next = v1.list;
		v1.list = request;
	}
	lock_leave(&v1.lock);
	return err;
}

static void
delist(struct request *request)
{
	struct request **at = &v1.list;

	lock_enter(&v1.lock);
	while (*at != request)
		at = &(*at)->next;
	*at = request->next;
	lock_leave(&v1.lock);
}

/* ---- the calls --------------------------------------------------------------- */

static DWORD
request_change(LPOVERLAPPED overlapped)
{
	struct request *request = mem_calloc(1, sizeof *request);
	HANDLE subscription;
	DWORD err;

	if (request == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	request->overlapped = overlapped;
	err = enlist(request);
	if (err != NO_ERROR) {
		mem_free(request);
		return err;
	}
	err = NotifyRouteChange2(AF_INET, on_change, request, FALSE, &subscription);
	if (err != NO_ERROR) {
		delist(request);
		mem_free(request);
		return err;
	}
	lock_enter(&v1.lock);
	request->subscription = subscription;
	lock_leave(&v1.lock);
	return ERROR_IO_PENDING;
}

static VOID WINAPI
on_awaited(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	(void)row, (void)type;
	rtm_win_SetEvent(context);
}

static DWORD
await_change(void)
{
	HANDLE event, subscription;
	DWORD err;

	if (host_is_delivering())
		return ERROR_POSSIBLE_DEADLOCK;
	event = rtm_win_CreateEventA(NULL, TRUE, FALSE, NULL);
	if (event == NULL)
		return ERROR_NO_SYSTEM_RESOURCES;
	err = NotifyRouteChange2(AF_INET, on_awaited, event, FALSE, &subscription);
	if (err == NO_ERROR) {
		rtm_win_WaitForSingleObject(event, INFINITE);
		CancelMibChangeNotify2(subscription);
	}
	rtm_win_CloseHandle(event);
	return err;
}

DWORD WINAPI
NotifyRouteChange(PHANDLE Handle, LPOVERLAPPED overlapped)
{
	DWORD err;

	if (Handle == NULL && overlapped == NULL)
		return await_change();
	if (Handle == NULL || overlapped == NULL)
		return ERROR_INVALID_PARAMETER;
	clear_away();
	err = request_change(overlapped);
	if (err == ERROR_IO_PENDING)
		*Handle = v1.file;
	rtm_win_SetLastError(err);
	WSASetLastError((int)err); /* programs ask either */
	return err;
}

BOOL WINAPI
CancelIPChangeNotify(LPOVERLAPPED notifyOverlapped)
{
	struct request *request;
	DWORD err = ERROR_INVALID_PARAMETER;

	if (notifyOverlapped != NULL) {
		lock_enter(&v1.lock);
		request = waiting(notifyOverlapped);
		if (request != NULL)
			finish(request, STATUS_CANCELLED);
		lock_leave(&v1.lock);
		err = request != NULL ? NO_ERROR : ERROR_NOT_FOUND;
		clear_away();
	}
	rtm_win_SetLastError(err);
	return err == NO_ERROR;
}

/* No call-back runs any more, and no subscription is left. */
void
notify1_close(void)
{
	lock_enter(&v1.lock);
	while (v1.list != NULL) {
		struct request *request = v1.list;

		v1.list = request->next;
		finish(request, STATUS_CANCELLED);
		mem_free(request);
	}
	if (v1.file != NULL)
		rtm_win_CloseHandle(v1.file);
	v1.file = NULL;
	lock_leave(&v1.lock);
}
