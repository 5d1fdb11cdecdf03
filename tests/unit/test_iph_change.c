/*
 * Changes: what happens when the forwarder refuses, when time runs out, when a row
 * drops packets, when memory is short, and when somebody else owns the route.
 */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "iph_fixture.h"
#include "rtmhost.h"

#define REFUSED ERROR_NETWORK_UNREACHABLE

static struct iph_route
route_of(MIB_IPFORWARD_ROW2 row)
{
	struct iph_route route = { .row = row };

	return route;
}

static DWORD
change(enum iph_verb verb, struct iph_route *route)
{
	struct iph_fault fault;
	DWORD err = iph_route_change(fix.iph, verb, route, &fault);

	CU_ASSERT_EQUAL(fault.code, err);
	return err;
}

static MIB_IPFORWARD_ROW2
got_r(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), NO_ERROR);
	return row;
}

/* ---- the forwarder ------------------------------------------------------------------ */

static void
a_refused_change_changes_nothing(void)
{
	static const struct {
		enum iph_verb verb;
		bool there;
	} cases[] = { { IPH_CREATE, false }, { IPH_SET, true }, { IPH_DELETE, true } };

	for (size_t i = 0; i < 3; i++) {
		struct iph_route route = route_of(fixture_r());
		struct snapshot before, after;
		struct iph_fault fault;

		route.row.ValidLifetime = route.row.PreferredLifetime = 100;
		if (cases[i].there)
			CU_ASSERT_EQUAL(change(IPH_CREATE, &route), NO_ERROR);
		fixture_pass(40);
		before = snapshot_take();
		route.row.Metric = 99;
		route.row.Protocol = MIB_IPPROTO_OSPF;
		route.row.Publish = FALSE;
		fix.commit_answer = REFUSED;
		CU_ASSERT_EQUAL(iph_route_change(fix.iph, cases[i].verb, &route, &fault),
		                REFUSED);
		CU_ASSERT_EQUAL(fault.reason, IPH_REASON_FORWARDER);
		fix.commit_answer = NO_ERROR;
		after = snapshot_take();
		CU_ASSERT(snapshot_same(&before, &after));
		snapshot_free(&before);
		snapshot_free(&after);
		/* the lifetime goes on from where it was */
		fixture_pass(59);
		CU_ASSERT_EQUAL(fixture_count(), cases[i].there);
		fixture_pass(1);
		CU_ASSERT_EQUAL(fixture_count(), 0);
	}
}

static size_t seen_during;
static DWORD nested;

static void
look_and_try(void)
{
	struct iph_route route = route_of(fixture_r6());
	struct iph_fault fault;

	seen_during = fixture_count();
	nested = iph_route_change(fix.iph, IPH_CREATE, &route, &fault);
}

static void
the_forwarder_may_read_but_not_change(void)
{
	struct iph_route route = route_of(fixture_r());

	fix.during_commit = look_and_try;
	CU_ASSERT_EQUAL(change(IPH_CREATE, &route), NO_ERROR);
	CU_ASSERT_EQUAL(seen_during, 1);
	CU_ASSERT_EQUAL(nested, ERROR_POSSIBLE_DEADLOCK);
	CU_ASSERT_EQUAL(fixture_count(), 1);
}

/* ---- lifetimes -------------------------------------------------------------------------- */

static void
a_row_leaves_when_its_lifetime_is_over(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.ValidLifetime = 10;
	row.PreferredLifetime = 5;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	fixture_settle();
	fixture_pass(9);
	CU_ASSERT_EQUAL(got_r().Age, 9);
	CU_ASSERT_EQUAL(got_r().ValidLifetime, 10); /* no countdown */
	CU_ASSERT_EQUAL(fix.notified, 0);
	fixture_pass(1);
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(fix.notified, 1);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
}

static void
a_set_restarts_the_lifetime(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.ValidLifetime = row.PreferredLifetime = 10;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	fixture_pass(9);
	CU_ASSERT_EQUAL(SetIpForwardEntry2(&row), NO_ERROR);
	fixture_pass(9);
	CU_ASSERT_EQUAL(got_r().Age, 9);
	fixture_pass(1);
	CU_ASSERT_EQUAL(fixture_count(), 0);
}

static void
a_lifetime_of_months_is_not_cut_short(void)
{
	enum { DAY = 86400 };
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.ValidLifetime = row.PreferredLifetime = 120 * DAY;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	for (int day = 0; day < 119; day++) {
		fixture_pass(DAY);
		CU_ASSERT_EQUAL_FATAL(fixture_count(), 1);
	}
	CU_ASSERT_EQUAL(got_r().Age, 119 * DAY);
	fixture_pass(DAY);
	CU_ASSERT_EQUAL(fixture_count(), 0);
}

static void
a_lifetime_of_zero_is_over_at_once(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.ValidLifetime = row.PreferredLifetime = 0;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	fixture_pass(0);
	CU_ASSERT_EQUAL(fixture_count(), 0);
}

/* ---- rows that drop packets -------------------------------------------------- */

static struct iph_route
reject(const char *prefix)
{
	struct iph_route route = route_of(fixture_r());

	route.kind = IPH_REJECT;
	route.row.DestinationPrefix = fixture_prefix(prefix);
	route.row.NextHop = fixture_ip(strchr(prefix, ':') != NULL ? "::" : "0.0.0.0");
	route.row.InterfaceLuid.Value = 0;
	return route;
}

static void
a_rejecting_row_needs_no_interface(void)
{
	static const char *const prefixes[] = { "198.18.0.0/15", "2001:db8:dead::/48" };

	for (size_t i = 0; i < 2; i++) {
		struct iph_route route = reject(prefixes[i]), back = route;

		CU_ASSERT_EQUAL(change(IPH_CREATE, &route), NO_ERROR);
		CU_ASSERT_EQUAL(change(IPH_CREATE, &route), ERROR_OBJECT_ALREADY_EXISTS);
		CU_ASSERT_EQUAL(iph_route_get(fix.iph, &back), NO_ERROR);
		CU_ASSERT_EQUAL(back.kind, IPH_REJECT);
		CU_ASSERT_EQUAL(back.flags, RTM_ROUTE_FLAGS_DISCARD);
		CU_ASSERT_EQUAL(back.row.InterfaceIndex, 0);
		CU_ASSERT_EQUAL(back.row.InterfaceLuid.Value, 0);
		CU_ASSERT_EQUAL(back.row.Metric, 10);
		route.kind = IPH_BLACKHOLE;
		CU_ASSERT_EQUAL(change(IPH_SET, &route), NO_ERROR);
		back = route;
		CU_ASSERT_EQUAL(iph_route_get(fix.iph, &back), NO_ERROR);
		CU_ASSERT_EQUAL(back.kind, IPH_BLACKHOLE);
		CU_ASSERT_EQUAL(change(IPH_DELETE, &route), NO_ERROR);
		CU_ASSERT_EQUAL(fixture_count(), 0);
	}
}

static void
a_rejecting_row_takes_neither_gateway_nor_interface(void)
{
	struct iph_route with_hop = reject("198.18.0.0/15"), with_luid = with_hop,
			 with_index = with_hop;
	struct iph_fault fault;

	with_hop.row.NextHop = fixture_ip("192.0.2.1");
	with_luid.row.InterfaceLuid.Value = LUID_A;
	with_index.row.InterfaceIndex = 2;
	CU_ASSERT_EQUAL(change(IPH_CREATE, &with_hop), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(change(IPH_CREATE, &with_luid), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(iph_route_check(fix.iph, IPH_CREATE, &with_index, &fault),
	                ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(fault.field, IPH_FIELD_TYPE);
	CU_ASSERT_EQUAL(fixture_count(), 0);
}

/* ---- other clients ----------------------------------------------------------- */

static void
a_key_of_another_client_is_taken_but_not_ours_to_change(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();
	MIB_IPFORWARDROW v = fixture_v();

	fixture_other_route("203.0.113.0/24", "192.0.2.7@2 192.0.2.1@2", 7,
	                    RTM_ROUTE_FLAGS_REMOTE, RTM_VIEW_MASK_UCAST);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), ERROR_OBJECT_ALREADY_EXISTS);
	CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), ERROR_OBJECT_ALREADY_EXISTS);
	CU_ASSERT_EQUAL(SetIpForwardEntry2(&row), ERROR_ACCESS_DENIED);
	CU_ASSERT_EQUAL(SetIpForwardEntry(&v), ERROR_ACCESS_DENIED);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry2(&row), ERROR_ACCESS_DENIED);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry(&v), ERROR_ACCESS_DENIED);
	row.NextHop = fixture_ip("192.0.2.9");
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(fixture_count(), 3);
}

static void
a_route_outside_the_unicast_view_is_no_row(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	fixture_other_route("203.0.113.0/24", "192.0.2.1@2", 7, RTM_ROUTE_FLAGS_REMOTE,
	                    RTM_VIEW_MASK_MCAST);
	CU_ASSERT_EQUAL(fixture_count(), 0);
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(fixture_count(), 1);
}

/* ---- version 1 and 2 on one table -------------------------------------------- */

static void
either_generation_deletes_what_the_other_made(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();
	MIB_IPFORWARDROW v = fixture_v();

	row.Protocol = MIB_IPPROTO_OSPF;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(fixture_count(), 0);
}

static void
an_unused_metric_keeps_or_defaults(void)
{
	MIB_IPFORWARDROW v = fixture_v();

	v.dwForwardMetric1 = MIB_IPROUTE_METRIC_UNUSED;
	CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(got_r().Metric, 256);
	v.dwForwardMetric1 = 50;
	CU_ASSERT_EQUAL(SetIpForwardEntry(&v), NO_ERROR);
	v.dwForwardMetric1 = MIB_IPROUTE_METRIC_UNUSED;
	CU_ASSERT_EQUAL(SetIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(got_r().Metric, 25);
	v.dwForwardMetric1 = 0x7FFFFFFFu + 26;
	CU_ASSERT_EQUAL(SetIpForwardEntry(&v), ERROR_INVALID_PARAMETER);
	v.dwForwardMetric1 = 0x7FFFFFFFu + 25;
	CU_ASSERT_EQUAL(SetIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(got_r().Metric, 0x7FFFFFFFu);
}

static void
unspecified_members_of_a_set_stay(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.SitePrefixLength = 20;
	row.Protocol = MIB_IPPROTO_BGP;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	row.SitePrefixLength = 255;
	row.Metric = 0xFFFFFFFFu;
	row.Protocol = (NL_ROUTE_PROTOCOL)-1;
	row.Publish = 0;
	row.Loopback = 77;
	CU_ASSERT_EQUAL(SetIpForwardEntry2(&row), NO_ERROR);
	row = got_r();
	CU_ASSERT_EQUAL(row.SitePrefixLength, 20);
	CU_ASSERT_EQUAL(row.Metric, 10);
	CU_ASSERT_EQUAL(row.Protocol, MIB_IPPROTO_BGP);
	CU_ASSERT_EQUAL(row.Publish, 0);
	CU_ASSERT_EQUAL(row.Loopback, 1);
}

static void
a_row_without_a_world_is_not_supported(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();
	MIB_IPFORWARDROW v = fixture_v();

	iph_default = NULL;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), ERROR_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), ERROR_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry(&v), ERROR_NOT_SUPPORTED);
	iph_default = fix.iph;
	InitializeIpForwardEntry(NULL);
}

static void
a_version_1_row_translates_without_a_change(void)
{
	MIB_IPFORWARDROW v = fixture_v();
	MIB_IPFORWARD_ROW2 row;
	struct iph_fault fault;

	fix.privileged = false;
	CU_ASSERT_EQUAL(iph_row1_to_row2(fix.iph, IPH_CREATE, &v, &row, &fault), NO_ERROR);
	CU_ASSERT_EQUAL(row.InterfaceLuid.Value, LUID_A);
	CU_ASSERT_EQUAL(row.DestinationPrefix.PrefixLength, 24);
	CU_ASSERT_EQUAL(row.Metric, 10);
	v.dwForwardMetric1 = 3;
	CU_ASSERT_EQUAL(iph_row1_to_row2(fix.iph, IPH_CREATE, &v, &row, &fault),
	                ERROR_BAD_ARGUMENTS);
	CU_ASSERT_EQUAL(fault.field, IPH_FIELD_METRIC);
	CU_ASSERT_EQUAL(iph_row1_to_row2(fix.iph, IPH_DELETE, &v, &row, &fault), NO_ERROR);
}

/* ---- memory
 * ---------------------------------------------------------------------------------------------
 */

static void
sweep(enum iph_verb verb, bool refuse)
{
	bool done = false;

	for (uint64_t nth = 1; !done; nth++) {
		struct iph_route route = route_of(fixture_r());
		struct snapshot before, after;
		DWORD err;

		fixture_close();
		fixture_open();
		if (verb != IPH_CREATE)
			CU_ASSERT_EQUAL(change(IPH_CREATE, &route), NO_ERROR);
		fix.commit_answer = refuse ? REFUSED : NO_ERROR;
		before = snapshot_take();
		route.row.Metric = 99;
		mem_fail_nth(nth);
		err = change(verb, &route);
		done = !mem_failed();
		mem_fail_nth(0);
		after = snapshot_take();
		if (done)
			CU_ASSERT_EQUAL(err, refuse ? REFUSED : NO_ERROR);
		if (!done && !refuse)
			CU_ASSERT_EQUAL(err, ERROR_NOT_ENOUGH_MEMORY);
		if (err != NO_ERROR && !(refuse && verb == IPH_DELETE))
			CU_ASSERT(snapshot_same(&before, &after));
		snapshot_free(&before);
		snapshot_free(&after);
		CU_ASSERT_FATAL(nth < 200);
	}
}

static void
any_failed_allocation_leaves_the_world_as_it_was(void)
{
	for (enum iph_verb verb = IPH_CREATE; verb <= IPH_DELETE; verb++) {
		sweep(verb, false);
		sweep(verb, true);
	}
}

/* ---- dry run and real call --------------------------------------------------- */

static unsigned
pick(unsigned n)
{
	return (unsigned)rand() % n;
}

static struct iph_route
random_route(void)
{
	static const char *const prefixes[] = { "203.0.113.0/24",    "203.0.113.0/25",
		                                "203.0.113.9/24",    "0.0.0.0/0",
		                                "224.0.0.0/4",       "2001:db8:99::/48",
		                                "2001:db8:99::1/48", "::/0" };
	static const char *const hops[] = { "192.0.2.1", "192.0.2.10", "0.0.0.0",
		                            "127.0.0.1", "::",         "2001:db8:1::1",
		                            "ff02::1",   "fe80::1" };
	static const ULONG64 luids[] = { 0, LUID_A, LUID_B, LUID_T, 77 };
	static const ULONG metrics[] = { 0, 10, 0x7FFFFFFF, 0x80000000u, 0xFFFFFFFFu };
	struct iph_route route = route_of(fixture_r());

	if (pick(3) == 0) { /* nothing wrong with it */
		route.row.Metric = pick(100);
		return route;
	}
	route.kind = pick(6) == 0 ? IPH_REJECT : IPH_UNICAST;
	route.row.DestinationPrefix = fixture_prefix(prefixes[pick(8)]);
	if (pick(10) == 0)
		route.row.DestinationPrefix.PrefixLength = (UINT8)pick(256);
	if (pick(20) == 0)
		route.row.DestinationPrefix.Prefix.si_family = (ADDRESS_FAMILY)pick(3);
	route.row.NextHop = fixture_ip(hops[pick(8)]);
	route.row.InterfaceLuid.Value = luids[pick(5)];
	route.row.InterfaceIndex = pick(7);
	route.row.Metric = metrics[pick(5)];
	route.row.SitePrefixLength = (UCHAR)(pick(3) == 0 ? pick(256) : 255);
	if (pick(5) == 0)
		route.row.PreferredLifetime = pick(100);
	if (pick(5) == 0)
		route.row.ValidLifetime = pick(100);
	if (pick(5) == 0)
		route.row.Protocol = (NL_ROUTE_PROTOCOL)pick(22);
	return route;
}

static MIB_IPFORWARDROW
random_row1(void)
{
	static const char *const dests[] = { "203.0.113.0", "203.0.113.128", "0.0.0.0",
		                             "224.0.0.0" };
	static const char *const masks[] = { "255.255.255.0", "255.255.255.128", "0.0.0.0",
		                             "255.0.255.0" };
	static const char *const hops[] = { "192.0.2.1", "192.0.2.10", "0.0.0.0", "127.1.1.1",
		                            "240.0.0.1" };
	static const DWORD metrics[] = { 0, 5, 25, 35, 0x7FFFFFFF, 0x90000000u, 0xFFFFFFFFu };
	MIB_IPFORWARDROW row = fixture_v();

	row.dwForwardDest = fixture_ip4(dests[pick(4)]);
	row.dwForwardMask = fixture_ip4(masks[pick(4)]);
	row.dwForwardNextHop = fixture_ip4(hops[pick(5)]);
	row.dwForwardIfIndex = pick(7);
	row.dwForwardMetric1 = metrics[pick(7)];
	if (pick(4) == 0)
		row.dwForwardProto = pick(5);
	return row;
}

static void
the_dry_run_foretells_the_real_call(void)
{
	unsigned done[2] = { 0, 0 };

	srand(20190527);
	fixture_other_route("203.0.113.0/25", "192.0.2.1@2 0.0.0.0@3", 7,
	                    RTM_ROUTE_FLAGS_REMOTE, RTM_VIEW_MASK_UCAST);
	for (int i = 0; i < 20000; i++) {
		enum iph_verb verb = (enum iph_verb)pick(3);
		struct iph_fault told, real;

		fix.privileged = pick(20) != 0;
		fix.stack4 = pick(20) != 0;
		if (pick(2) == 0) {
			struct iph_route route = random_route();

			iph_route_check(fix.iph, verb, &route, &told);
			iph_route_change(fix.iph, verb, &route, &real);
		} else {
			MIB_IPFORWARDROW row = random_row1();

			iph_row1_check(fix.iph, verb, &row, &told);
			iph_row1_change(fix.iph, verb, &row, &real);
		}
		CU_ASSERT(memcmp(&told, &real, sizeof told) == 0);
		CU_ASSERT((told.code == NO_ERROR) ==
		          (told.field == IPH_FIELD_NONE && told.reason == IPH_REASON_NONE));
		done[told.code == NO_ERROR]++;
	}
	CU_ASSERT(done[0] > 1000);
	CU_ASSERT(done[1] > 1000);
}

int
main(void)
{
	CU_TestInfo tests[] = {
		{ "a refused change changes nothing", a_refused_change_changes_nothing },
		{ "the forwarder may read but not change",
		  the_forwarder_may_read_but_not_change },
		{ "a row leaves when its lifetime is over",
		  a_row_leaves_when_its_lifetime_is_over },
		{ "a Set restarts the lifetime", a_set_restarts_the_lifetime },
		{ "a lifetime of months is not cut short",
		  a_lifetime_of_months_is_not_cut_short },
		{ "a lifetime of zero is over at once", a_lifetime_of_zero_is_over_at_once },
		{ "a rejecting row needs no interface", a_rejecting_row_needs_no_interface },
		{ "a rejecting row takes neither gateway nor interface",
		  a_rejecting_row_takes_neither_gateway_nor_interface },
		{ "a key of another client is taken but not ours to change",
		  a_key_of_another_client_is_taken_but_not_ours_to_change },
		{ "a route outside the unicast view is no row",
		  a_route_outside_the_unicast_view_is_no_row },
		{ "either generation deletes what the other made",
		  either_generation_deletes_what_the_other_made },
		{ "an unused metric keeps or defaults", an_unused_metric_keeps_or_defaults },
		{ "unspecified members of a Set stay", unspecified_members_of_a_set_stay },
		{ "a row without a world is not supported",
		  a_row_without_a_world_is_not_supported },
		{ "a version 1 row translates without a change",
		  a_version_1_row_translates_without_a_change },
		{ "any failed allocation leaves the world as it was",
		  any_failed_allocation_leaves_the_world_as_it_was },
		{ "the dry run foretells the real call", the_dry_run_foretells_the_real_call },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "changes", NULL, NULL, fixture_open, fixture_close, tests },
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
