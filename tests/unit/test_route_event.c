/*
 * NotifyRouteChange: one request, one change, one event. On a table in memory with the
 * library's own thread, so whatever is waited for crosses threads.
 */
#include <winsock2.h>
#include <iphlpapi.h>

#include <CUnit/Basic.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "rtmhost.h"
#include "rtmopen.h"

#define PATIENCE 30000 /* ms that nothing here takes */

static MIB_IPFORWARD_ROW2
row_of(ADDRESS_FAMILY family)
{
	MIB_IPFORWARD_ROW2 row;

	InitializeIpForwardEntry(&row);
	row.DestinationPrefix.Prefix.si_family = row.NextHop.si_family = family;
	row.InterfaceIndex = 2;
	return row;
}

static void
change(ADDRESS_FAMILY family)
{
	MIB_IPFORWARD_ROW2 row = row_of(family);

	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry2(&row), NO_ERROR);
}

/* Everything that was under way has been told: a later subscriber has heard of its own. */
static VOID CALLBACK
on_settle(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	if (row != NULL && type == MibDeleteInstance)
		SetEvent(context);
}

static void
settle(void)
{
	HANDLE event = CreateEvent(NULL, TRUE, FALSE, NULL), handle;

	CU_ASSERT_EQUAL(NotifyRouteChange2(AF_INET6, on_settle, event, FALSE, &handle),
	                NO_ERROR);
	change(AF_INET6);
	CU_ASSERT_EQUAL(WaitForSingleObject(event, PATIENCE), WAIT_OBJECT_0);
	CU_ASSERT_EQUAL(CancelMibChangeNotify2(handle), NO_ERROR);
	CloseHandle(event);
}

/* ---- tests ------------------------------------------------------------------------------ */

static void
a_request_is_over_with_the_first_change(void)
{
	OVERLAPPED overlap = { .hEvent = WSACreateEvent() };
	HANDLE handle = NULL;
	DWORD bytes = 7;

	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_IO_PENDING);
	CU_ASSERT_EQUAL(GetLastError(), ERROR_IO_PENDING);
	CU_ASSERT_EQUAL(WSAGetLastError(), WSA_IO_PENDING);
	CU_ASSERT_PTR_NOT_NULL(handle);
	CU_ASSERT_FALSE(GetOverlappedResult(handle, &overlap, &bytes, FALSE));
	CU_ASSERT_EQUAL(GetLastError(), ERROR_IO_INCOMPLETE);
	change(AF_INET);
	CU_ASSERT_EQUAL(WaitForSingleObject(overlap.hEvent, PATIENCE), WAIT_OBJECT_0);
	CU_ASSERT(GetOverlappedResult(handle, &overlap, &bytes, TRUE));
	CU_ASSERT_EQUAL(bytes, 0);
	/* and only that: the next change is nobody's */
	settle();
	ResetEvent(overlap.hEvent);
	change(AF_INET);
	settle();
	CU_ASSERT_EQUAL(WaitForSingleObject(overlap.hEvent, 0), WAIT_TIMEOUT);
	/* until it is asked for again, which resets the event */
	SetEvent(overlap.hEvent);
	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_IO_PENDING);
	CU_ASSERT_EQUAL(WaitForSingleObject(overlap.hEvent, 0), WAIT_TIMEOUT);
	change(AF_INET);
	CU_ASSERT_EQUAL(WaitForSingleObject(overlap.hEvent, PATIENCE), WAIT_OBJECT_0);
	WSACloseEvent(overlap.hEvent);
}

static void
ipv6_routes_are_not_its_business(void)
{
	OVERLAPPED overlap = { .hEvent = CreateEvent(NULL, FALSE, FALSE, NULL) };
	HANDLE handle;

	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_IO_PENDING);
	change(AF_INET6);
	settle();
	CU_ASSERT_EQUAL(WaitForSingleObject(overlap.hEvent, 0), WAIT_TIMEOUT);
	CU_ASSERT(CancelIPChangeNotify(&overlap));
	CloseHandle(overlap.hEvent);
}

static void
without_an_event_the_handle_is_signalled(void)
{
	OVERLAPPED overlap = { .hEvent = NULL };
	HANDLE handle;

	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_IO_PENDING);
	CU_ASSERT_EQUAL(WaitForSingleObject(handle, 0), WAIT_TIMEOUT);
	change(AF_INET);
	CU_ASSERT_EQUAL(WaitForSingleObject(handle, PATIENCE), WAIT_OBJECT_0);
	CU_ASSERT(GetOverlappedResult(handle, &overlap, NULL, TRUE));
}

static void
a_wrong_request_is_refused(void)
{
	OVERLAPPED overlap = { .hEvent = WSACreateEvent() }, bad = { .hEvent = &bad };
	HANDLE handle;

	CU_ASSERT_EQUAL(NotifyRouteChange(NULL, &overlap), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, NULL), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &bad), ERROR_INVALID_HANDLE);
	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_IO_PENDING);
	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_INVALID_PARAMETER);
	CU_ASSERT_FALSE(CancelIPChangeNotify(NULL));
	CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
	CU_ASSERT_FALSE(CancelIPChangeNotify(&bad));
	CU_ASSERT_EQUAL(GetLastError(), ERROR_NOT_FOUND);
	CU_ASSERT(CancelIPChangeNotify(&overlap));
	WSACloseEvent(overlap.hEvent);
}

static void
a_cancelled_request_is_over(void)
{
	OVERLAPPED overlap = { .hEvent = WSACreateEvent() };
	HANDLE handle;

	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_IO_PENDING);
	CU_ASSERT(CancelIPChangeNotify(&overlap));
	CU_ASSERT_EQUAL(WaitForSingleObject(overlap.hEvent, 0), WAIT_OBJECT_0);
	CU_ASSERT_FALSE(GetOverlappedResult(handle, &overlap, NULL, TRUE));
	CU_ASSERT_EQUAL(GetLastError(), ERROR_OPERATION_ABORTED);
	CU_ASSERT_FALSE(CancelIPChangeNotify(&overlap));
	/* what is not waiting is not touched any more */
	ResetEvent(overlap.hEvent);
	change(AF_INET);
	settle();
	CU_ASSERT_EQUAL(WaitForSingleObject(overlap.hEvent, 0), WAIT_TIMEOUT);
	WSACloseEvent(overlap.hEvent);
}

static void
closing_the_table_cancels(void)
{
	OVERLAPPED overlap = { .hEvent = WSACreateEvent() };
	HANDLE handle;

	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_IO_PENDING);
	rtm_close();
	CU_ASSERT_EQUAL(WaitForSingleObject(overlap.hEvent, 0), WAIT_OBJECT_0);
	CU_ASSERT_FALSE(GetOverlappedResult(handle, &overlap, NULL, FALSE));
	CU_ASSERT_EQUAL(GetLastError(), ERROR_OPERATION_ABORTED);
	/* and the next table begins without it */
	CU_ASSERT_FALSE(CancelIPChangeNotify(&overlap));
	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_IO_PENDING);
	change(AF_INET);
	CU_ASSERT_EQUAL(WaitForSingleObject(overlap.hEvent, PATIENCE), WAIT_OBJECT_0);
	WSACloseEvent(overlap.hEvent);
}

static void
many_requests_are_over_together(void)
{
	enum { MANY = 100 };
	static OVERLAPPED overlap[MANY];
	HANDLE handle;

	for (int i = 0; i < MANY; i++) {
		overlap[i].hEvent = WSACreateEvent();
		CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap[i]), ERROR_IO_PENDING);
	}
	change(AF_INET);
	for (int i = 0; i < MANY; i++) {
		CU_ASSERT_EQUAL(WaitForSingleObject(overlap[i].hEvent, PATIENCE),
		                WAIT_OBJECT_0);
		WSACloseEvent(overlap[i].hEvent);
	}
}

static void *
wait_for_a_change(void *arg)
{
	DWORD *result = arg;

	*result = NotifyRouteChange(NULL, NULL);
	return NULL;
}

/* The subscription stands at some time; changes go on until the waiter has seen one. */
static void
without_arguments_it_waits(void)
{
	DWORD result = ERROR_BUSY;
	pthread_t thread;
	bool ended = false;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, wait_for_a_change, &result), 0);
	for (int i = 0; i < PATIENCE && !ended; i++) {
		change(AF_INET);
		Sleep(1);
		ended = pthread_tryjoin_np(thread, NULL) == 0;
	}
	CU_ASSERT_FATAL(ended);
	CU_ASSERT_EQUAL(result, NO_ERROR);
}

static VOID CALLBACK
on_change_that_waits(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	static OVERLAPPED overlap;
	HANDLE handle;

	(void)type;
	if (row == NULL)
		return;
	CU_ASSERT_EQUAL(NotifyRouteChange(NULL, NULL), ERROR_POSSIBLE_DEADLOCK);
	/* asking for the next one is fine, and giving that up, too */
	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_IO_PENDING);
	CU_ASSERT(CancelIPChangeNotify(&overlap));
	SetEvent(context);
}

static void
a_call_back_does_not_wait_for_itself(void)
{
	HANDLE event = CreateEvent(NULL, TRUE, FALSE, NULL), handle;

	CU_ASSERT_EQUAL(
	    NotifyRouteChange2(AF_INET, on_change_that_waits, event, FALSE, &handle), NO_ERROR);
	change(AF_INET);
	CU_ASSERT_EQUAL(WaitForSingleObject(event, PATIENCE), WAIT_OBJECT_0);
	CU_ASSERT_EQUAL(CancelMibChangeNotify2(handle), NO_ERROR);
	CloseHandle(event);
}

static void
without_memory_nothing_waits(void)
{
	OVERLAPPED overlap = { .hEvent = WSACreateEvent() };
	HANDLE handle;
	unsigned nth = 0;
	DWORD err;

	settle(); /* the table is open */
	do {
		mem_fail_nth(++nth);
		err = NotifyRouteChange(&handle, &overlap);
		if (err != ERROR_IO_PENDING) {
			CU_ASSERT_EQUAL(err, ERROR_NOT_ENOUGH_MEMORY);
			CU_ASSERT_FALSE(CancelIPChangeNotify(&overlap));
		}
	} while (mem_failed() && nth < 100);
	mem_fail_nth(0);
	CU_ASSERT(nth > 1);
	CU_ASSERT_EQUAL(err, ERROR_IO_PENDING);
	CU_ASSERT(CancelIPChangeNotify(&overlap));
	WSACloseEvent(overlap.hEvent);
}

static void
without_a_table_it_is_not_supported(void)
{
	OVERLAPPED overlap = { .hEvent = NULL };
	HANDLE handle;

	setenv("RTM_FIB", "nonsense", 1);
	CU_ASSERT_EQUAL(NotifyRouteChange(&handle, &overlap), ERROR_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(NotifyRouteChange(NULL, NULL), ERROR_NOT_SUPPORTED);
	unsetenv("RTM_FIB");
}

/* ---- frame ------------------------------------------------------------------- */

static void
open_table(void)
{
	unsetenv("RTM_SOCKET");
	unsetenv("RTM_FIB");
	setenv("RTM_INTERFACES", "1 lo 127.0.0.1/8 type loopback; 2 eth0 192.0.2.10/24", 1);
}

static void
close_table(void)
{
	rtm_close();
	rtm_shutdown();
	CU_ASSERT_EQUAL(mem_alive(), 0);
}

int
main(void)
{
	CU_TestInfo tests[] = {
		{ "a request is over with the first change",
		  a_request_is_over_with_the_first_change },
		{ "IPv6 routes are not its business", ipv6_routes_are_not_its_business },
		{ "without an event the handle is signalled",
		  without_an_event_the_handle_is_signalled },
		{ "a wrong request is refused", a_wrong_request_is_refused },
		{ "a cancelled request is over", a_cancelled_request_is_over },
		{ "closing the table cancels", closing_the_table_cancels },
		{ "many requests are over together", many_requests_are_over_together },
		{ "without arguments it waits", without_arguments_it_waits },
		{ "a call-back does not wait for itself",
		  a_call_back_does_not_wait_for_itself },
		{ "without memory nothing waits", without_memory_nothing_waits },
		{ "without a table it is not supported", without_a_table_it_is_not_supported },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "NotifyRouteChange", NULL, NULL, open_table, close_table, tests },
		CU_SUITE_INFO_NULL,
	};
	unsigned failed;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 99;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failed = CU_get_number_of_failures() + CU_get_number_of_suites_failed();
	CU_cleanup_registry();
	return failed != 0;
}
