/*
 * The table that opens by itself: which one, with which interfaces, and that its thread
 * keeps time and delivers. Only what a program sees: the library and its headers.
 */
#include <CUnit/Basic.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "iphlpapi.h"
#include "netioapi.h"
#include "rtmhost.h"
#include "rtmopen.h"

#define INTERFACES                                                                             \
	"1 lo 127.0.0.1/8,::1/128 type loopback metric 75; "                                   \
	"2 eth0 192.0.2.10/24,2001:db8:1::10/64 metric 25\n 3 tun0 - type tunnel"

static MIB_IPFORWARD_ROW2
row_via(const char *gateway)
{
	MIB_IPFORWARD_ROW2 row;

	InitializeIpForwardEntry(&row);
	row.DestinationPrefix.Prefix.Ipv4.sin_family = AF_INET;
	inet_pton(AF_INET, "203.0.113.0", &row.DestinationPrefix.Prefix.Ipv4.sin_addr);
	row.DestinationPrefix.PrefixLength = 24;
	row.NextHop.Ipv4.sin_family = AF_INET;
	inet_pton(AF_INET, gateway, &row.NextHop.Ipv4.sin_addr);
	row.InterfaceIndex = 2;
	return row;
}

/* Wait for it, ten seconds at most. */
static bool
comes_true(bool (*condition)(void))
{
	struct timespec nap = { 0, 1000000 };

	for (int i = 0; i < 10000 && !condition(); i++)
		nanosleep(&nap, NULL);
	return condition();
}

/* ---- opening ---------------------------------------------------------------------------- */

static void
the_first_call_opens_a_table_in_memory(void)
{
	MIB_IPFORWARD_ROW2 row = row_via("192.0.2.1");

	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(row.Metric, 256);
	CU_ASSERT_EQUAL(rtm_open_memory(), ERROR_ALREADY_EXISTS);
}

static void
a_closed_table_is_forgotten(void)
{
	MIB_IPFORWARD_ROW2 row = row_via("192.0.2.1");

	CU_ASSERT_EQUAL(rtm_open_memory(), NO_ERROR);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	rtm_close();
	rtm_close();
	CU_ASSERT_EQUAL(rtm_open_memory(), NO_ERROR);
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), ERROR_NOT_FOUND);
}

static void
another_table_is_not_pretended(void)
{
	static const char *const names[] = { "kernel", "nonsense", "" };
	MIB_IPFORWARD_ROW2 row = row_via("192.0.2.1");

	for (size_t i = 0; i < 3; i++) {
		setenv("RTM_FIB", names[i], 1);
		CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), ERROR_NOT_SUPPORTED);
	}
	CU_ASSERT_EQUAL(rtm_open_kernel(), ERROR_NOT_SUPPORTED);
	setenv("RTM_FIB", "memory", 1);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
}

static void
a_daemon_that_is_not_there_is_not_ready(void)
{
	SOCKADDR_INET to = { .si_family = AF_INET }, source;
	MIB_IPFORWARD_ROW2 row = row_via("192.0.2.1"), best;
	PMIB_IPFORWARD_TABLE2 table;
	ULONG size = 0;
	HANDLE handle;

	setenv("RTM_SOCKET", "/nonexistent/rtmd.sock", 1);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), ERROR_NOT_READY);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(NULL), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), ERROR_NOT_READY);
	CU_ASSERT_EQUAL(GetIpForwardTable2(AF_INET, &table), ERROR_NOT_READY);
	CU_ASSERT_EQUAL(GetIpForwardTable(NULL, &size, FALSE), ERROR_NOT_READY);
	CU_ASSERT_EQUAL(GetBestRoute2(NULL, 0, NULL, &to, 0, &best, &source), ERROR_NOT_READY);
	CU_ASSERT_EQUAL(NotifyRouteChange2(AF_INET, NULL, NULL, FALSE, &handle),
	                ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(rtm_if_nametoindex("loopback_1"), 0);
}

static void
interfaces_are_what_the_environment_says(void)
{
	MIB_IPINTERFACE_ROW row = { .Family = AF_INET, .InterfaceIndex = 1 };

	CU_ASSERT_EQUAL(GetIpInterfaceEntry(&row), NO_ERROR);
	CU_ASSERT_EQUAL(row.Metric, 75);
	CU_ASSERT_EQUAL(rtm_if_nametoindex("loopback_1"), 1);
	CU_ASSERT_EQUAL(rtm_if_nametoindex("tunnel_3"), 3);
	CU_ASSERT_EQUAL(rtm_if_nametoindex("ethernet_4"), 0);
}

static void
a_wrong_interface_line_is_refused(void)
{
	static const char *const lines[] = { "0 eth0 -",
		                             "x eth0 -",
		                             "1",
		                             "1 eth0",
		                             "1 eth0 192.0.2.1",
		                             "1 eth0 192.0.2.1/33",
		                             "1 eth0 - metric",
		                             "1 eth0 - metric -1",
		                             "1 eth0 - metric 2147483648",
		                             "1 eth0 - type cable",
		                             "1 eth0 - colour red",
		                             "1 eth0 -; 1 eth1 -",
		                             "1 eth0 -; 2 eth0 -",
		                             "1 eth0 -\nrubbish" };

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		setenv("RTM_INTERFACES", lines[i], 1);
		CU_ASSERT_EQUAL(rtm_open_memory(), ERROR_INVALID_DATA);
	}
	setenv("RTM_INTERFACES", " ;\n; 7 x -", 1);
	CU_ASSERT_EQUAL(rtm_open_memory(), NO_ERROR);
	CU_ASSERT_EQUAL(rtm_if_nametoindex("ethernet_7"), 7);
}

static void
without_a_word_the_systems_interfaces_are_taken(void)
{
	PMIB_IPINTERFACE_TABLE table;
	SOCKADDR_INET to = { .si_family = AF_INET }, source;
	MIB_IPFORWARD_ROW2 row = row_via("0.0.0.0"), best;
	NET_LUID luid;

	unsetenv("RTM_INTERFACES");
	CU_ASSERT_EQUAL(GetIpInterfaceTable(AF_UNSPEC, &table), NO_ERROR);
	FreeMibTable(table);
	CU_ASSERT_EQUAL_FATAL(ConvertInterfaceAliasToLuid(L"lo", &luid), NO_ERROR);
	inet_pton(AF_INET, "127.0.0.0", &row.DestinationPrefix.Prefix.Ipv4.sin_addr);
	row.DestinationPrefix.PrefixLength = 8;
	row.InterfaceLuid = luid;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	inet_pton(AF_INET, "127.1.2.3", &to.Ipv4.sin_addr);
	CU_ASSERT_EQUAL(GetBestRoute2(NULL, 0, NULL, &to, 0, &best, &source), NO_ERROR);
	CU_ASSERT_EQUAL(best.InterfaceLuid.Value, luid.Value);
	CU_ASSERT_EQUAL(source.Ipv4.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
}

static void *
first_call(void *arg)
{
	MIB_IPFORWARD_ROW2 row = row_via((const char *)arg);

	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	return NULL;
}

static void
two_threads_may_make_the_first_call(void)
{
	char a[] = "192.0.2.1", b[] = "192.0.2.2";
	PMIB_IPFORWARD_TABLE2 table;
	pthread_t threads[2];

	CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[0], NULL, first_call, a), 0);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[1], NULL, first_call, b), 0);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	CU_ASSERT_EQUAL(GetIpForwardTable2(AF_INET, &table), NO_ERROR);
	CU_ASSERT_EQUAL(table->NumEntries, 2);
	FreeMibTable(table);
}

/* ---- the thread -------------------------------------------------------------- */

static atomic_uint added, removed;
static atomic_bool on_another_thread;
static pthread_t main_thread;

static VOID WINAPI
count(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	(void)context;
	(void)row;
	rtm_close(); /* of no effect from here */
	if (type == MibAddInstance)
		added++;
	if (type == MibDeleteInstance)
		removed++;
	on_another_thread = !pthread_equal(main_thread, pthread_self());
}

static bool
both_happened(void)
{
	return added == 1 && removed == 1;
}

static void
notifications_come_by_themselves(void)
{
	MIB_IPFORWARD_ROW2 row = row_via("192.0.2.1");
	HANDLE handle;

	added = removed = 0;
	main_thread = pthread_self();
	CU_ASSERT_EQUAL(NotifyRouteChange2(AF_INET, count, NULL, FALSE, &handle), NO_ERROR);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT(comes_true(both_happened));
	CU_ASSERT(on_another_thread);
	CU_ASSERT_EQUAL(CancelMibChangeNotify2(handle), NO_ERROR);
}

static void
a_lifetime_ends_by_itself(void)
{
	MIB_IPFORWARD_ROW2 row = row_via("192.0.2.1");
	HANDLE handle;

	added = removed = 0;
	CU_ASSERT_EQUAL(NotifyRouteChange2(AF_INET, count, NULL, FALSE, &handle), NO_ERROR);
	row.ValidLifetime = row.PreferredLifetime = 1;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT(comes_true(both_happened));
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(CancelMibChangeNotify2(handle), NO_ERROR);
}

static void
codes_have_texts(void)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(rtm_strerror(ERROR_NOT_FOUND), "not"));
	CU_ASSERT_PTR_NOT_NULL(rtm_strerror(123456789));
}

/* ---- a fresh environment per test -------------------------------------------- */

static void
setup(void)
{
	setenv("RTM_INTERFACES", INTERFACES, 1);
	unsetenv("RTM_FIB");
	unsetenv("RTM_SOCKET");
}

static void
teardown(void)
{
	struct rtm_counts counts;

	rtm_close();
	rtm_counts_get(&counts);
	CU_ASSERT_EQUAL(counts.entities, 0);
	CU_ASSERT_EQUAL(counts.routes, 0);
	CU_ASSERT_EQUAL(counts.client_refs, 0);
}

int
main(void)
{
	CU_TestInfo tests[] = {
		{ "the first call opens a table in memory",
		  the_first_call_opens_a_table_in_memory },
		{ "a closed table is forgotten", a_closed_table_is_forgotten },
		{ "another table is not pretended", another_table_is_not_pretended },
		{ "a daemon that is not there is not ready",
		  a_daemon_that_is_not_there_is_not_ready },
		{ "interfaces are what the environment says",
		  interfaces_are_what_the_environment_says },
		{ "a wrong interface line is refused", a_wrong_interface_line_is_refused },
		{ "without a word the system's interfaces are taken",
		  without_a_word_the_systems_interfaces_are_taken },
		{ "two threads may make the first call", two_threads_may_make_the_first_call },
		{ "notifications come by themselves", notifications_come_by_themselves },
		{ "a lifetime ends by itself", a_lifetime_ends_by_itself },
		{ "codes have texts", codes_have_texts },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "the table of a program", NULL, NULL, setup, teardown, tests },
		CU_SUITE_INFO_NULL,
	};
	unsigned failures;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 1;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failures != 0;
}
