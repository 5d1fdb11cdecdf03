/*
 * The decision table of the route functions, tables 4.2 to 4.8, and the success examples
 * that need no other function. Every failing row is asked as a dry run first, then for
 * real; after each the table is as before, nobody was notified and the forwarder was not
 * asked. A row that fails prints its number.
 */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "iph_cases.h"
#include "iph_fixture.h"
#include "rtmhost.h"

static const struct row_case *now; /* the row that is looked at */

static void
row_name(char *name, size_t size)
{
	snprintf(name, size, "%s", now->id);
	for (char *at = name; *at != '\0'; at++)
		if (*at == '_')
			*at = '-';
}

static void
expect(bool holds, const char *what, unsigned expected, unsigned got)
{
	char name[16];

	CU_ASSERT(holds);
	if (holds)
		return;
	row_name(name, sizeof name);
	fprintf(stderr, "%s (%s): %s: expected %u, got %u\n", name, now->words, what, expected,
	        got);
}

/* ---- the state before ---------------------------------------------------------------- */

static void
arrange(unsigned before)
{
	MIB_IPFORWARD_ROW2 r = fixture_r();
	MIB_IPFORWARDROW v = fixture_v();

	if ((before & BEFORE_R) != 0)
		CU_ASSERT_EQUAL(CreateIpForwardEntry2(&r), NO_ERROR);
	if ((before & BEFORE_V) != 0)
		CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), NO_ERROR);
	if ((before & BEFORE_GONE) != 0)
		CU_ASSERT_EQUAL((before & BEFORE_R) != 0 ? DeleteIpForwardEntry2(&r)
		                                         : DeleteIpForwardEntry(&v),
		                NO_ERROR);
	if ((before & BEFORE_FOREIGN) != 0)
		CU_ASSERT_EQUAL(fixture_other_route("203.0.113.0/24", "192.0.2.1@2", 7,
		                                    RTM_ROUTE_FLAGS_REMOTE,
		                                    RTM_VIEW_MASK_UCAST),
		                NO_ERROR);
	fixture_settle();
	fix.stack4 = (before & BEFORE_NO_V4) == 0;
	fix.stack6 = (before & BEFORE_NO_V6) == 0;
	fix.privileged = (before & BEFORE_UNPRIVILEGED) == 0;
}

/* ---- the call --------------------------------------------------------------------------- */

struct input {
	MIB_IPFORWARD_ROW2 r;
	MIB_IPFORWARDROW v;
};

static struct input
input_of(const struct row_case *c)
{
	struct input in;

	in.r = c->six ? fixture_r6() : fixture_r();
	in.v = fixture_v();
	if (c->edit2 != NULL)
		c->edit2(&in.r);
	if (c->edit1 != NULL)
		c->edit1(&in.v);
	return in;
}

static DWORD
call(const struct row_case *c, struct input *in)
{
	PMIB_IPFORWARD_ROW2 r = c->null ? NULL : &in->r;
	PMIB_IPFORWARDROW v = c->null ? NULL : &in->v;

	switch (c->call) {
	case CALL_CREATE2:
		return CreateIpForwardEntry2(r);
	case CALL_SET2:
		return SetIpForwardEntry2(r);
	case CALL_DELETE2:
		return DeleteIpForwardEntry2(r);
	case CALL_GET2:
		return GetIpForwardEntry2(r);
	case CALL_CREATE1:
		return CreateIpForwardEntry(v);
	case CALL_SET1:
		return SetIpForwardEntry(v);
	case CALL_DELETE1:
		return DeleteIpForwardEntry(v);
	}
	return ERROR_CAN_NOT_COMPLETE;
}

static const enum iph_verb verb_of[] = {
	[CALL_CREATE2] = IPH_CREATE, [CALL_SET2] = IPH_SET, [CALL_DELETE2] = IPH_DELETE,
	[CALL_CREATE1] = IPH_CREATE, [CALL_SET1] = IPH_SET, [CALL_DELETE1] = IPH_DELETE
};

static void
dry_run(const struct row_case *c, const struct input *in)
{
	DWORD code = c->before == BEFORE_NO_MEMORY ? NO_ERROR : c->code;
	struct iph_route route = { .row = in->r };
	struct iph_fault fault;
	DWORD err;

	if (c->call >= CALL_CREATE1)
		err =
		    iph_row1_check(fix.iph, verb_of[c->call], c->null ? NULL : &in->v, &fault);
	else
		err =
		    iph_route_check(fix.iph, verb_of[c->call], c->null ? NULL : &route, &fault);
	expect(err == code, "code of the dry run", code, err);
	expect(fault.code == err, "code in the fault", err, fault.code);
	if (code == NO_ERROR)
		return;
	expect(fault.field == c->field, "field", c->field, fault.field);
	expect(fault.reason == c->reason, "reason", c->reason, fault.reason);
}

static void
one_row(const struct row_case *c)
{
	struct snapshot before, after;
	struct input in, given;
	unsigned commits;
	DWORD err;

	now = c;
	fixture_open();
	in = given = input_of(c);
	arrange(c->before);
	before = snapshot_take();
	commits = fix.commits;
	if (c->call != CALL_GET2)
		dry_run(c, &in);
	if ((c->before & BEFORE_NO_MEMORY) != 0)
		mem_fail_nth(1);
	err = call(c, &in);
	mem_fail_nth(0);
	expect(err == c->code, "code", c->code, err);
	expect(memcmp(&in, &given, sizeof in) == 0, "row given is untouched", 1, 0);
	expect(fix.commits == commits, "forwarder asked", commits, fix.commits);
	while (rtm_turn())
		;
	expect(fix.notified == 0, "notifications", 0, fix.notified);
	after = snapshot_take();
	expect(snapshot_same(&before, &after), "table unchanged", 1, 0);
	snapshot_free(&before);
	snapshot_free(&after);
	fixture_close();
}

static void
table(enum case_call which, const char *number, unsigned rows)
{
	unsigned seen = 0;

	for (size_t i = 0; i < row_cases_count; i++) {
		if (row_cases[i].call != which)
			continue;
		one_row(&row_cases[i]);
		seen++;
	}
	printf("table %s: %u rows ... ", number, seen);
	CU_ASSERT_EQUAL(seen, rows);
}

static void
table_4_2(void)
{
	table(CALL_CREATE2, "4.2", 39);
}

static void
table_4_3(void)
{
	table(CALL_SET2, "4.3", 14);
}

static void
table_4_4(void)
{
	table(CALL_DELETE2, "4.4", 11);
}

static void
table_4_5(void)
{
	table(CALL_GET2, "4.5", 8);
}

static void
table_4_6(void)
{
	table(CALL_CREATE1, "4.6", 20);
}

static void
table_4_7(void)
{
	table(CALL_SET1, "4.7", 19);
}

static void
table_4_8(void)
{
	table(CALL_DELETE1, "4.8", 8);
}

/* ---- 4.16: success and the resulting row ------------------------------------- */

static MIB_IPFORWARD_ROW2
got(const char *prefix, const char *hop, NET_IFINDEX index)
{
	MIB_IPFORWARD_ROW2 row;

	memset(&row, 0xEE, sizeof row);
	row.InterfaceLuid.Value = 0;
	row.InterfaceIndex = index;
	row.DestinationPrefix = fixture_prefix(prefix);
	row.NextHop = fixture_ip(hop);
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), NO_ERROR);
	return row;
}

static MIB_IPFORWARD_ROW2
got_r(void)
{
	return got("203.0.113.0/24", "192.0.2.1", 2);
}

static void
booleans_are(const MIB_IPFORWARD_ROW2 *row, BOOLEAN three, BOOLEAN immortal)
{
	CU_ASSERT_EQUAL(row->Loopback, three);
	CU_ASSERT_EQUAL(row->AutoconfigureAddress, three);
	CU_ASSERT_EQUAL(row->Publish, three);
	CU_ASSERT_EQUAL(row->Immortal, immortal);
}

static void
ok_1(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	row = got_r();
	CU_ASSERT_EQUAL(row.InterfaceIndex, 2);
	CU_ASSERT_EQUAL(row.InterfaceLuid.Value, LUID_A);
	CU_ASSERT_EQUAL(row.SitePrefixLength, 0);
	CU_ASSERT_EQUAL(row.ValidLifetime, INFINITE);
	CU_ASSERT_EQUAL(row.PreferredLifetime, INFINITE);
	CU_ASSERT_EQUAL(row.Metric, 10);
	CU_ASSERT_EQUAL(row.Protocol, MIB_IPPROTO_NETMGMT);
	booleans_are(&row, TRUE, TRUE);
	CU_ASSERT_EQUAL(row.Age, 0);
	CU_ASSERT_EQUAL(row.Origin, NlroManual);
	CU_ASSERT_EQUAL(fix.commits, 1);
	CU_ASSERT_EQUAL(fix.committed.NumBits, 24);
}

static void
ok_2(void)
{
	MIB_IPFORWARD_ROW2 row;

	memset(&row, 0, sizeof row);
	row.ValidLifetime = row.PreferredLifetime = INFINITE;
	row.Protocol = MIB_IPPROTO_NETMGMT;
	row.Metric = 0xFFFFFFFFu;
	row.DestinationPrefix = fixture_prefix("2001:db8:99::/48");
	row.NextHop = fixture_ip("fe80::8");
	row.InterfaceIndex = 2;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	row = got("2001:db8:99::/48", "fe80::8", 2);
	CU_ASSERT_EQUAL(row.Metric, 256);
	CU_ASSERT_EQUAL(row.SitePrefixLength, 0);
	CU_ASSERT_EQUAL(row.Immortal, 0);
	CU_ASSERT_EQUAL(row.InterfaceLuid.Value, LUID_A);
}

static void
ok_3(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.InterfaceIndex = 77;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(row.InterfaceIndex, 77); /* the row is only read */
	CU_ASSERT_EQUAL(got_r().InterfaceIndex, 2);
}

static void
ok_4(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.Age = 500;
	row.Origin = NlroRouterAdvertisement;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(got_r().Age, 0);
	CU_ASSERT_EQUAL(got_r().Origin, NlroManual);
}

static void
ok_5(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.NextHop = fixture_ip("0.0.0.0");
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	row = got("203.0.113.0/24", "0.0.0.0", 2);
	CU_ASSERT_EQUAL(row.Metric, 10);
	CU_ASSERT_EQUAL(row.ValidLifetime, INFINITE);
}

static void
ok_6(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	row.NextHop = fixture_ip("192.0.2.2");
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	row.InterfaceLuid.Value = LUID_B;
	row.NextHop = fixture_ip("198.51.100.1");
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	row.NextHop = fixture_ip("192.0.2.1");
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(fixture_count(), 4);
}

static void
ok_7(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.SitePrefixLength = 24;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(got_r().SitePrefixLength, 24);
}

static void
ok_8(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.ValidLifetime = row.PreferredLifetime = 100;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(got_r().ValidLifetime, 100);
	CU_ASSERT_EQUAL(got_r().PreferredLifetime, 100);
}

static void
ok_9(void)
{
	MIB_IPFORWARDROW v = fixture_v();
	MIB_IPFORWARD_ROW2 row;

	CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), NO_ERROR);
	row = got_r();
	CU_ASSERT_EQUAL(row.Metric, 10);
	CU_ASSERT_EQUAL(row.Protocol, MIB_IPPROTO_NETMGMT);
	CU_ASSERT_EQUAL(row.ValidLifetime, INFINITE);
	CU_ASSERT_EQUAL(row.PreferredLifetime, INFINITE);
	CU_ASSERT_EQUAL(row.SitePrefixLength, 0);
	booleans_are(&row, FALSE, TRUE);
}

static void
ok_10(void)
{
	MIB_IPFORWARDROW v = fixture_v();

	v.dwForwardMetric1 = 25;
	CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(got_r().Metric, 0);
}

static void
ok_11(void)
{
	MIB_IPFORWARDROW v = fixture_v();

	v.dwForwardType = 99;
	v.dwForwardPolicy = 5;
	v.dwForwardAge = 77;
	v.dwForwardNextHopAS = 65000;
	v.dwForwardMetric2 = 1;
	CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(got_r().Age, 0);
	CU_ASSERT_EQUAL(got_r().Metric, 10);
}

static void
ok_12(void)
{
	MIB_IPFORWARDROW v = fixture_v();

	CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), NO_ERROR);
	v.dwForwardMetric1 = 125;
	CU_ASSERT_EQUAL(SetIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(got_r().Metric, 100);
}

static void
ok_13(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();
	MIB_IPFORWARDROW v = fixture_v();

	row.ValidLifetime = 100;
	row.PreferredLifetime = 50;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	fixture_pass(30);
	CU_ASSERT_EQUAL(got_r().Age, 30);
	CU_ASSERT_EQUAL(SetIpForwardEntry(&v), NO_ERROR);
	row = got_r();
	CU_ASSERT_EQUAL(row.ValidLifetime, INFINITE);
	CU_ASSERT_EQUAL(row.PreferredLifetime, INFINITE);
	CU_ASSERT_EQUAL(row.Age, 0);
	booleans_are(&row, TRUE, TRUE);
	fixture_pass(1000);
	CU_ASSERT_EQUAL(fixture_count(), 1);
}

static void
ok_14(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.Protocol = MIB_IPPROTO_OSPF;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	row.Metric = 77;
	row.Protocol = MIB_IPPROTO_NETMGMT;
	row.Age = 9;
	row.Origin = NlroDHCP;
	CU_ASSERT_EQUAL(SetIpForwardEntry2(&row), NO_ERROR);
	row = got_r();
	CU_ASSERT_EQUAL(row.Metric, 77);
	CU_ASSERT_EQUAL(row.Protocol, MIB_IPPROTO_NETMGMT);
	CU_ASSERT_EQUAL(row.Age, 0);
	CU_ASSERT_EQUAL(row.Origin, NlroManual);
}

static void
ok_15(void)
{
	MIB_IPFORWARDROW v = fixture_v();

	CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), NO_ERROR);
	v.dwForwardProto = v.dwForwardMetric1 = v.dwForwardType = 0;
	CU_ASSERT_EQUAL(DeleteIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(fixture_count(), 0);
}

static void
ok_24(void)
{
	MIB_IPFORWARDROW v = fixture_v();

	v.dwForwardNextHop = fixture_ip4("192.0.2.10");
	CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(got("203.0.113.0/24", "0.0.0.0", 2).Metric, 10);
	/* and deleted by the same name */
	CU_ASSERT_EQUAL(DeleteIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(fixture_count(), 0);
}

int
main(void)
{
	CU_TestInfo tables[] = {
		{ "4.2 CreateIpForwardEntry2", table_4_2 },
		{ "4.3 SetIpForwardEntry2", table_4_3 },
		{ "4.4 DeleteIpForwardEntry2", table_4_4 },
		{ "4.5 GetIpForwardEntry2", table_4_5 },
		{ "4.6 CreateIpForwardEntry", table_4_6 },
		{ "4.7 SetIpForwardEntry", table_4_7 },
		{ "4.8 DeleteIpForwardEntry", table_4_8 },
		CU_TEST_INFO_NULL,
	};
	CU_TestInfo examples[] = {
		{ "OK1: a created row has the documented members", ok_1 },
		{ "OK2: a zeroed row with Metric -1 gets offset 256", ok_2 },
		{ "OK3: a wrong index beside a good LUID is corrected", ok_3 },
		{ "OK4: Age and Origin of the caller are ignored", ok_4 },
		{ "OK5: an all-zero next hop is on-link", ok_5 },
		{ "OK6: gateway and interface are part of the key", ok_6 },
		{ "OK7: a site prefix length that fits is kept", ok_7 },
		{ "OK8: equal lifetimes are accepted", ok_8 },
		{ "OK9: a version 1 row in version 2 words", ok_9 },
		{ "OK10: the interface metric is offset 0", ok_10 },
		{ "OK11: unused members of version 1 are ignored", ok_11 },
		{ "OK12: a version 1 Set changes the metric", ok_12 },
		{ "OK13: a version 1 Set makes a row live for ever", ok_13 },
		{ "OK14: a version 2 Set changes what is settable", ok_14 },
		{ "OK15: a version 1 Delete needs no protocol", ok_15 },
		{ "OK24: the interface's own address means on-link", ok_24 },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "decision table", NULL, NULL, NULL, NULL, tables },
		{ "success examples", NULL, NULL, fixture_open, fixture_close, examples },
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
