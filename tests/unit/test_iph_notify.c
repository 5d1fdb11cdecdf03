/*
 * Notification beyond its table: what is told of expiry, of refusals and of other
 * clients, who waits for whom, and many threads at once. And interface rows: what a Set
 * changes and what it leaves.
 */
#include <CUnit/Basic.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "iftab/inet.h"
#include "iph_fixture.h"
#include "rtmhost.h"

/* ---- a listener that writes down ------------------------------------------------------ */

static char story[512]; /* "+203.0.113.0/24 ~... -..." */
static HANDLE handle;

static VOID WINAPI
write_down(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	static const char signs[] = { [MibParameterNotification] = '~',
		                      [MibAddInstance] = '+',
		                      [MibDeleteInstance] = '-',
		                      [MibInitialNotification] = '*' };
	size_t at = strlen(story);
	const uint8_t *dest, *hop;

	(void)context;
	if (row == NULL) {
		snprintf(story + at, sizeof story - at, "%c ", signs[type]);
		return;
	}
	dest = inet_bytes(&row->DestinationPrefix.Prefix);
	hop = inet_bytes(&row->NextHop);
	snprintf(story + at, sizeof story - at, "%c%u/%u>%u@%u ", signs[type], dest[0],
	         row->DestinationPrefix.PrefixLength, hop[3], row->InterfaceIndex);
	memset(row, 0xEE, sizeof *row); /* ours to spoil, nobody else's row */
}

static void
deliver(void)
{
	while (rtm_turn() || iph_turn(fix.iph))
		;
}

static void
told(const char *expected)
{
	deliver();
	CU_ASSERT_STRING_EQUAL(story, expected);
	if (strcmp(story, expected) != 0)
		fprintf(stderr, "expected \"%s\", got \"%s\"\n", expected, story);
	story[0] = '\0';
}

static void
begin(void)
{
	story[0] = '\0';
	CU_ASSERT_EQUAL_FATAL(NotifyRouteChange2(AF_UNSPEC, write_down, NULL, FALSE, &handle),
	                      NO_ERROR);
}

static void
end(void)
{
	CU_ASSERT_EQUAL(CancelMibChangeNotify2(handle), NO_ERROR);
}

/* ---- what is told ------------------------------------------------------------ */

static void
a_refused_change_is_not_told(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	begin();
	fix.commit_answer = ERROR_NETWORK_UNREACHABLE;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), ERROR_NETWORK_UNREACHABLE);
	told("");
	fix.commit_answer = NO_ERROR;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), ERROR_OBJECT_ALREADY_EXISTS);
	told("+203/24>1@2 ");
	fix.commit_answer = ERROR_NETWORK_UNREACHABLE;
	CU_ASSERT_EQUAL(SetIpForwardEntry2(&row), ERROR_NETWORK_UNREACHABLE);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry2(&row), ERROR_NETWORK_UNREACHABLE);
	told("");
	end();
}

static void
a_set_that_changes_nothing_is_told(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	begin();
	CU_ASSERT_EQUAL(SetIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(SetIpForwardEntry2(&row), NO_ERROR);
	told("~203/24>1@2 ~203/24>1@2 ");
	end();
}

static void
expiry_is_told(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	begin();
	row.ValidLifetime = row.PreferredLifetime = 10;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	fixture_pass(10);
	told("+203/24>1@2 -203/24>1@2 ");
	end();
}

static RTM_ROUTE_HANDLE
others_route(const char *prefix)
{
	IP_ADDRESS_PREFIX to = fixture_prefix(prefix);
	RTM_NET_ADDRESS dest = { .AddressFamily = AF_INET, .NumBits = to.PrefixLength };
	RTM_ROUTE_INFO info[8] = { { .RouteOwner = fix.other[IFTAB_V4] } };
	RTM_ROUTE_HANDLE route;

	memcpy(dest.AddrBits, inet_bytes(&to.Prefix), 4);
	CU_ASSERT_EQUAL_FATAL(RtmGetExactMatchRoute(fix.other[IFTAB_V4], &dest, RTM_MATCH_OWNER,
	                                            info, 0, RTM_VIEW_MASK_UCAST, &route),
	                      NO_ERROR);
	RtmReleaseRouteInfo(fix.other[IFTAB_V4], info);
	return route;
}

static void
other_clients_are_told_of(void)
{
	RTM_ROUTE_CHANGE_FLAGS change;

	fixture_other_route("10.0.0.0/8", "192.0.2.1@2", 5, RTM_ROUTE_FLAGS_REMOTE,
	                    RTM_VIEW_MASK_UCAST);
	begin();
	told(""); /* nothing of what was there before */
	fixture_other_route("11.0.0.0/8", "192.0.2.1@2 192.0.2.2@2", 5, RTM_ROUTE_FLAGS_REMOTE,
	                    RTM_VIEW_MASK_UCAST);
	told("+11/8>1@2 +11/8>2@2 ");
	CU_ASSERT_EQUAL(
	    RtmDeleteRouteToDest(fix.other[IFTAB_V4], others_route("10.0.0.0/8"), &change),
	    NO_ERROR);
	told("-10/8>1@2 ");
	fixture_other_route("12.0.0.0/8", "192.0.2.1@2", 5, RTM_ROUTE_FLAGS_REMOTE,
	                    RTM_VIEW_MASK_MCAST);
	told("");
	/* a second route with the same key and a better metric: the shown row changes */
	fixture_other_route("11.0.0.0/8", "192.0.2.2@2 192.0.2.3@3", 1, RTM_ROUTE_FLAGS_REMOTE,
	                    RTM_VIEW_MASK_UCAST);
	told("~11/8>2@2 +11/8>3@3 ");
	end();
	fixture_other_route("13.0.0.0/8", "192.0.2.1@2", 5, RTM_ROUTE_FLAGS_REMOTE,
	                    RTM_VIEW_MASK_UCAST);
	told("");
}

static void
a_new_interface_metric_is_no_change_of_a_route(void)
{
	MIB_IPINTERFACE_ROW row = { .Family = AF_INET, .InterfaceIndex = 2 };
	MIB_IPFORWARD_ROW2 route = fixture_r();

	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&route), NO_ERROR);
	begin();
	CU_ASSERT_EQUAL(GetIpInterfaceEntry(&row), NO_ERROR);
	row.SitePrefixLength = 0;
	row.Metric = 1;
	CU_ASSERT_EQUAL(SetIpInterfaceEntry(&row), NO_ERROR);
	told("");
	end();
}

/* ---- who waits, who may do what ---------------------------------------------- */

static HANDLE second;
static unsigned second_calls;

static VOID WINAPI
count_second(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	(void)context;
	(void)row;
	(void)type;
	second_calls++;
}

static VOID WINAPI
cancel_the_second(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	MIB_IPFORWARD_ROW2 more = fixture_r6();

	(void)context;
	(void)row;
	if (type != MibAddInstance || second == NULL)
		return;
	CU_ASSERT_EQUAL(CancelMibChangeNotify2(second), NO_ERROR);
	second = NULL;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&more), NO_ERROR); /* a call-back may change */
	CU_ASSERT(!iph_turn(fix.iph));                           /* but not deliver */
}

static void
a_call_back_may_change_routes_and_cancel_others(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	second_calls = 0;
	CU_ASSERT_EQUAL(NotifyRouteChange2(AF_UNSPEC, cancel_the_second, NULL, FALSE, &handle),
	                NO_ERROR);
	CU_ASSERT_EQUAL(NotifyRouteChange2(AF_UNSPEC, count_second, NULL, FALSE, &second),
	                NO_ERROR);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	deliver();
	CU_ASSERT_EQUAL(second_calls, 0);
	CU_ASSERT_EQUAL(fixture_count(), 2);
	end();
}

static void
subscribing_without_memory_leaves_nothing(void)
{
	bool done = false;

	fixture_other_route("10.0.0.0/8", "192.0.2.1@2", 5, RTM_ROUTE_FLAGS_REMOTE,
	                    RTM_VIEW_MASK_UCAST);
	for (uint64_t nth = 1; !done; nth++) {
		struct rtm_counts before, after;
		DWORD err;

		rtm_counts_get(&before);
		mem_fail_nth(nth);
		err = NotifyRouteChange2(AF_UNSPEC, write_down, NULL, FALSE, &handle);
		done = !mem_failed();
		mem_fail_nth(0);
		CU_ASSERT_EQUAL(err, done ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY);
		rtm_counts_get(&after);
		if (!done)
			CU_ASSERT_EQUAL(memcmp(&before, &after, sizeof before), 0);
		CU_ASSERT_FATAL(nth < 100);
	}
	end(); /* and the tear-down sees to the memory */
}

/* ---- threads ----------------------------------------------------------------- */

enum { THREADS = 4, ROUNDS = 300 };

static atomic_bool stop;
static atomic_uint events;

static VOID WINAPI
count_events(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	(void)context;
	(void)row;
	(void)type;
	events++;
}

static void *
changer(void *arg)
{
	unsigned me = *(unsigned *)arg;

	for (unsigned i = 0; i < ROUNDS; i++) {
		MIB_IPFORWARD_ROW2 row = fixture_r();
		uint8_t net[4] = { 10, (uint8_t)me, (uint8_t)i, 0 };

		inet_make(&row.DestinationPrefix.Prefix, AF_INET, net);
		CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
		row.Metric = i;
		CU_ASSERT_EQUAL(SetIpForwardEntry2(&row), NO_ERROR);
		CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), NO_ERROR);
		CU_ASSERT_EQUAL(row.Metric, i);
		CU_ASSERT_EQUAL(DeleteIpForwardEntry2(&row), NO_ERROR);
	}
	return NULL;
}

/* One row that everybody fights for: exactly one Create wins at a time. */
static void *
fighter(void *arg)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		MIB_IPFORWARD_ROW2 row = fixture_r();
		DWORD err = CreateIpForwardEntry2(&row);

		CU_ASSERT(err == NO_ERROR || err == ERROR_OBJECT_ALREADY_EXISTS);
		if (err == NO_ERROR)
			CU_ASSERT_EQUAL(DeleteIpForwardEntry2(&row), NO_ERROR);
	}
	return arg;
}

static void *
reader(void *arg)
{
	while (!stop) {
		PMIB_IPFORWARD_TABLE2 table;
		SOCKADDR_INET to = fixture_ip("10.1.2.3"), source;
		MIB_IPFORWARD_ROW2 row;
		HANDLE mine;

		if (GetIpForwardTable2(AF_UNSPEC, &table) == NO_ERROR)
			FreeMibTable(table);
		(void)GetBestRoute2(NULL, 0, NULL, &to, 0, &row, &source);
		CU_ASSERT_EQUAL(NotifyRouteChange2(AF_INET, count_events, NULL, TRUE, &mine),
		                NO_ERROR);
		CU_ASSERT_EQUAL(CancelMibChangeNotify2(mine), NO_ERROR);
	}
	return arg;
}

static void *
dispatcher(void *arg)
{
	while (!stop)
		if (!rtm_turn() && !iph_turn(fix.iph))
			sched_yield();
	return arg;
}

static void
any_thread_may_call(void)
{
	pthread_t changers[THREADS], fighters[2], readers[2], dispatchers[1];
	unsigned numbers[THREADS];

	stop = false;
	events = 0;
	CU_ASSERT_EQUAL(NotifyRouteChange2(AF_INET, count_events, NULL, FALSE, &handle),
	                NO_ERROR);
	for (unsigned i = 0; i < 2; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&readers[i], NULL, reader, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&dispatchers[0], NULL, dispatcher, NULL), 0);
	for (unsigned i = 0; i < 2; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&fighters[i], NULL, fighter, NULL), 0);
	for (unsigned i = 0; i < THREADS; i++) {
		numbers[i] = i;
		CU_ASSERT_EQUAL_FATAL(pthread_create(&changers[i], NULL, changer, &numbers[i]),
		                      0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(changers[i], NULL);
	for (unsigned i = 0; i < 2; i++)
		pthread_join(fighters[i], NULL);
	stop = true;
	for (unsigned i = 0; i < 2; i++)
		pthread_join(readers[i], NULL);
	pthread_join(dispatchers[0], NULL);
	deliver();
	end();
	CU_ASSERT(events >= 3 * THREADS * ROUNDS);
	CU_ASSERT_EQUAL(fixture_count(), 0);
}

/* ---- interface rows ---------------------------------------------------------- */

static MIB_IPINTERFACE_ROW
interface_row(ADDRESS_FAMILY family, NET_IFINDEX index)
{
	MIB_IPINTERFACE_ROW row = { .Family = family, .InterfaceIndex = index };

	CU_ASSERT_EQUAL(GetIpInterfaceEntry(&row), NO_ERROR);
	if (family == AF_INET)
		row.SitePrefixLength = 0;
	return row;
}

static void
an_interface_metric_reorders_routes(void)
{
	MIB_IPFORWARD_ROW2 a = fixture_r(), b = fixture_r();
	MIB_IPINTERFACE_ROW eth1 = interface_row(AF_INET, 3);
	SOCKADDR_INET to = fixture_ip("203.0.113.9"), source;
	IP_ADDRESS_PREFIX dest = fixture_prefix("203.0.113.0/24");
	struct iph_route *rows = NULL;
	size_t cap = 0, n;
	MIB_IPFORWARD_ROW2 best;

	a.Metric = 10; /* 35 in all */
	b.InterfaceLuid.Value = LUID_B;
	b.NextHop = fixture_ip("198.51.100.1");
	b.Metric = 20; /* 25 */
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&a), NO_ERROR);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&b), NO_ERROR);
	fixture_pass(50);
	CU_ASSERT_EQUAL(GetBestRoute2(NULL, 0, NULL, &to, 0, &best, &source), NO_ERROR);
	CU_ASSERT_EQUAL(best.InterfaceIndex, 3);
	eth1.Metric = 100;
	CU_ASSERT_EQUAL(SetIpInterfaceEntry(&eth1), NO_ERROR);
	CU_ASSERT_EQUAL(eth1.InterfaceLuid.Value, LUID_B);
	CU_ASSERT_EQUAL(GetBestRoute2(NULL, 0, NULL, &to, 0, &best, &source), NO_ERROR);
	CU_ASSERT_EQUAL(best.InterfaceIndex, 2);
	/* the core, and with it every view and the forwarder, follows */
	CU_ASSERT_EQUAL(iph_dest_rows(fix.iph, &dest, &rows, &cap, &n), NO_ERROR);
	CU_ASSERT_EQUAL(n, 2);
	CU_ASSERT_EQUAL(rows[0].row.InterfaceIndex, 2);
	CU_ASSERT_EQUAL(rows[1].row.Metric, 20);
	CU_ASSERT_EQUAL(rows[1].row.Age, 50);
	mem_free(rows);
}

static void
an_automatic_metric_is_what_it_was(void)
{
	MIB_IPINTERFACE_ROW row = interface_row(AF_INET, 2);

	CU_ASSERT_EQUAL(row.Metric, 25);
	CU_ASSERT_EQUAL(row.UseAutomaticMetric, FALSE);
	row.Metric = 3;
	CU_ASSERT_EQUAL(SetIpInterfaceEntry(&row), NO_ERROR);
	CU_ASSERT_EQUAL(interface_row(AF_INET, 2).Metric, 3);
	CU_ASSERT_EQUAL(interface_row(AF_INET6, 2).Metric, 25);
	row.Metric = 0;
	row.UseAutomaticMetric = TRUE;
	CU_ASSERT_EQUAL(SetIpInterfaceEntry(&row), NO_ERROR);
	CU_ASSERT_EQUAL(interface_row(AF_INET, 2).Metric, 25);
	CU_ASSERT_EQUAL(interface_row(AF_INET, 2).UseAutomaticMetric, TRUE);
}

static void
an_interface_row_keeps_what_is_not_settable(void)
{
	MIB_IPINTERFACE_ROW row = interface_row(AF_INET6, 2), back;

	CU_ASSERT_EQUAL(row.RouterDiscoveryBehavior, RouterDiscoveryEnabled);
	CU_ASSERT_EQUAL(row.LinkLocalAddressBehavior, LinkLocalAlwaysOn);
	CU_ASSERT_EQUAL(row.DadTransmits, 1);
	CU_ASSERT_EQUAL(row.ZoneIndices[ScopeLevelLink], 2);
	row.MaxReassemblySize = 9;
	row.MinRouterAdvertisementInterval = 9;
	row.Connected = FALSE;
	row.ReachableTime = 9;
	row.SupportsNeighborDiscovery = FALSE;
	row.RouterDiscoveryBehavior = RouterDiscoveryUnchanged;
	row.LinkLocalAddressBehavior = LinkLocalAlwaysOff;
	row.NlMtu = 0;
	row.ForwardingEnabled = TRUE;
	row.SitePrefixLength = 48;
	CU_ASSERT_EQUAL(SetIpInterfaceEntry(&row), NO_ERROR);
	back = interface_row(AF_INET6, 2);
	CU_ASSERT_EQUAL(back.MaxReassemblySize, 0);
	CU_ASSERT_EQUAL(back.MinRouterAdvertisementInterval, 200);
	CU_ASSERT_EQUAL(back.Connected, TRUE);
	CU_ASSERT_EQUAL(back.ReachableTime, 30000);
	CU_ASSERT_EQUAL(back.SupportsNeighborDiscovery, TRUE);
	CU_ASSERT_EQUAL(back.RouterDiscoveryBehavior, RouterDiscoveryEnabled);
	CU_ASSERT_EQUAL(back.LinkLocalAddressBehavior, LinkLocalAlwaysOff);
	CU_ASSERT_EQUAL(back.NlMtu, 1500);
	CU_ASSERT_EQUAL(back.ForwardingEnabled, TRUE);
	CU_ASSERT_EQUAL(back.SitePrefixLength, 48);
	row.SitePrefixLength = 129;
	CU_ASSERT_EQUAL(SetIpInterfaceEntry(&row), ERROR_INVALID_PARAMETER);
}

static void
the_interface_table_has_a_row_per_family(void)
{
	PMIB_IPINTERFACE_TABLE table;

	CU_ASSERT_EQUAL(GetIpInterfaceTable(AF_UNSPEC, &table), NO_ERROR);
	CU_ASSERT_EQUAL(table->NumEntries, 9);
	CU_ASSERT_EQUAL(table->Table[0].Family, AF_INET);
	CU_ASSERT_EQUAL(table->Table[0].NlMtu, 0xFFFFFFFFu);
	CU_ASSERT_EQUAL(table->Table[8].Family, AF_INET6);
	CU_ASSERT_EQUAL(table->Table[8].InterfaceIndex, 5);
	FreeMibTable(table);
	FreeMibTable(NULL);
	fix.stack6 = false;
	CU_ASSERT_EQUAL(GetIpInterfaceTable(AF_INET6, &table), ERROR_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(GetIpInterfaceTable(AF_UNSPEC, &table), NO_ERROR);
	CU_ASSERT_EQUAL(table->NumEntries, 5);
	FreeMibTable(table);
}

static void
names_convert_both_ways(void)
{
	WCHAR wide[IF_MAX_STRING_SIZE + 1];
	char name[IF_MAX_STRING_SIZE + 1];
	NET_LUID luid, odd = { .Value = (ULONG64)53 << 48 | (ULONG64)5 << 24 };
	NET_IFINDEX index;

	for (NET_IFINDEX i = 1; i <= 5; i++) {
		CU_ASSERT_PTR_EQUAL(rtm_if_indextoname(i, name), name);
		CU_ASSERT_EQUAL(rtm_if_nametoindex(name), i);
		CU_ASSERT_EQUAL(ConvertInterfaceIndexToLuid(i, &luid), NO_ERROR);
		CU_ASSERT_EQUAL(ConvertInterfaceLuidToIndex(&luid, &index), NO_ERROR);
		CU_ASSERT_EQUAL(index, i);
		CU_ASSERT_EQUAL(ConvertInterfaceLuidToNameW(&luid, wide, 257), NO_ERROR);
		luid.Value = 0;
		CU_ASSERT_EQUAL(ConvertInterfaceNameToLuidW(wide, &luid), NO_ERROR);
		CU_ASSERT_EQUAL(ConvertInterfaceLuidToAlias(&luid, wide, 6), NO_ERROR);
		CU_ASSERT_EQUAL(ConvertInterfaceAliasToLuid(wide, &luid), NO_ERROR);
		CU_ASSERT_EQUAL(ConvertInterfaceLuidToIndex(&luid, &index), NO_ERROR);
		CU_ASSERT_EQUAL(index, i);
	}
	/* formatting needs no interface, finding does */
	CU_ASSERT_EQUAL(ConvertInterfaceLuidToNameA(&odd, name, sizeof name), NO_ERROR);
	CU_ASSERT_STRING_EQUAL(name, "iftype53_5");
	CU_ASSERT_EQUAL(ConvertInterfaceNameToLuidA(name, &luid), ERROR_INVALID_NAME);
	CU_ASSERT_EQUAL(rtm_if_nametoindex("eth0"), 0);
	CU_ASSERT_EQUAL(rtm_if_nametoindex("iftype6_1"), 0);
	CU_ASSERT_EQUAL(rtm_if_nametoindex("ethernet_01"), 0);
	CU_ASSERT_EQUAL(rtm_if_nametoindex("ethernet_1 "), 0);
	CU_ASSERT_EQUAL(rtm_if_nametoindex(NULL), 0);
	CU_ASSERT_PTR_NULL(rtm_if_indextoname(77, name));
}

int
main(void)
{
	CU_TestInfo notification[] = {
		{ "a refused change is not told", a_refused_change_is_not_told },
		{ "a Set that changes nothing is told", a_set_that_changes_nothing_is_told },
		{ "expiry is told", expiry_is_told },
		{ "other clients are told of", other_clients_are_told_of },
		{ "a new interface metric is no change of a route",
		  a_new_interface_metric_is_no_change_of_a_route },
		{ "a call-back may change routes and cancel others",
		  a_call_back_may_change_routes_and_cancel_others },
		{ "subscribing without memory leaves nothing",
		  subscribing_without_memory_leaves_nothing },
		{ "any thread may call", any_thread_may_call },
		CU_TEST_INFO_NULL,
	};
	CU_TestInfo interfaces[] = {
		{ "an interface metric reorders routes", an_interface_metric_reorders_routes },
		{ "an automatic metric is what it was", an_automatic_metric_is_what_it_was },
		{ "an interface row keeps what is not settable",
		  an_interface_row_keeps_what_is_not_settable },
		{ "the interface table has a row per family",
		  the_interface_table_has_a_row_per_family },
		{ "names convert both ways", names_convert_both_ways },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "notification", NULL, NULL, fixture_open, fixture_close, notification },
		{ "interface rows", NULL, NULL, fixture_open, fixture_close, interfaces },
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
