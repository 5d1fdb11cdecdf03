/*
 * Reading the whole table in order, through the core's own search, and the rows of one
 * destination: whose they are, in which order, and what is shown of other clients'.
 */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "iftab/inet.h"
#include "iph_fixture.h"
#include "rtmhost.h"

static void
own(const char *prefix, const char *hop, NET_IFINDEX index, ULONG metric)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.DestinationPrefix = fixture_prefix(prefix);
	row.NextHop = fixture_ip(hop);
	row.InterfaceLuid.Value = 0;
	row.InterfaceIndex = index;
	row.Metric = metric;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
}

/* ---- order ------------------------------------------------------------------------- */

static void
next_is(const char *from, bool inclusive, const char *expected)
{
	IP_ADDRESS_PREFIX at = fixture_prefix(from), want;
	DWORD err = fixture_next(&at, inclusive, &at);

	CU_ASSERT_EQUAL(err, expected != NULL ? NO_ERROR : ERROR_NOT_FOUND);
	if (expected == NULL || err != NO_ERROR)
		return;
	want = fixture_prefix(expected);
	CU_ASSERT_EQUAL(inet_cmp(&at.Prefix, &want.Prefix), 0);
	CU_ASSERT_EQUAL(at.PrefixLength, want.PrefixLength);
}

static void
destinations_come_by_address_then_length(void)
{
	own("0.0.0.0/0", "192.0.2.1", 2, 1);
	own("10.0.0.0/8", "192.0.2.1", 2, 1);
	own("10.0.0.0/16", "192.0.2.1", 2, 1);
	own("10.0.1.0/24", "192.0.2.1", 2, 1);
	own("10.1.0.0/16", "192.0.2.1", 2, 1);
	own("255.255.255.255/32", "192.0.2.1", 2, 1);
	next_is("0.0.0.0/0", true, "0.0.0.0/0");
	next_is("0.0.0.0/0", false, "10.0.0.0/8");
	next_is("10.0.0.0/8", false, "10.0.0.0/16");
	next_is("10.0.0.0/16", false, "10.0.1.0/24");
	next_is("10.0.1.0/24", false, "10.1.0.0/16");
	next_is("10.1.0.0/16", false, "255.255.255.255/32");
	next_is("255.255.255.255/32", true, "255.255.255.255/32");
	next_is("255.255.255.255/32", false, NULL);
	next_is("::/0", true, NULL);
}

static void
a_start_need_not_be_a_destination(void)
{
	own("10.0.0.0/8", "192.0.2.1", 2, 1);
	own("10.1.0.0/16", "192.0.2.1", 2, 1);
	next_is("10.0.0.0/7", false, "10.0.0.0/8");
	next_is("10.0.0.1/8", true, "10.1.0.0/16"); /* host bits: after 10.0.0.0 */
	next_is("10.1.0.0/99", true, NULL);         /* longer than any: after all of it */
	next_is("10.0.0.0/33", false, "10.1.0.0/16");
	next_is("255.255.255.255/200", true, NULL);
	next_is("10.0.255.255/32", false, "10.1.0.0/16");
}

static void
a_family_without_number_has_no_destinations(void)
{
	IP_ADDRESS_PREFIX at = { .Prefix.si_family = 99 };
	struct iph_route *rows = NULL;
	size_t cap = 0, n = 7;

	CU_ASSERT_EQUAL(fixture_next(&at, true, &at), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(iph_dest_rows(fix.iph, &at, &rows, &cap, &n), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(n, 0);
	own("10.0.0.0/8", "192.0.2.1", 2, 1);
	at = fixture_prefix("10.0.0.1/8");
	CU_ASSERT_EQUAL(iph_dest_rows(fix.iph, &at, &rows, &cap, &n), ERROR_NOT_FOUND);
	at = fixture_prefix("10.0.0.0/33");
	CU_ASSERT_EQUAL(iph_dest_rows(fix.iph, &at, &rows, &cap, &n), ERROR_NOT_FOUND);
	CU_ASSERT_PTR_NULL(rows);
}

/* ---- order, against a list that is simply sorted --------------------------------------- */

enum { PREFIXES = 300, PROBES = 3000 };

static int
cmp_prefix(const void *a, const void *b)
{
	const IP_ADDRESS_PREFIX *x = a, *y = b;
	int by_address = inet_cmp(&x->Prefix, &y->Prefix);

	return by_address != 0 ? by_address : x->PrefixLength - y->PrefixLength;
}

static IP_ADDRESS_PREFIX
random_prefix(bool canonical)
{
	IP_ADDRESS_PREFIX prefix;
	uint8_t bytes[16] = { 0 };
	bool six = rand() % 2 == 0;

	memset(&prefix, 0, sizeof prefix);
	/* few bytes differ, so that prefixes lie inside each other */
	for (size_t i = 0; i < (six ? 16 : 4); i++)
		bytes[i] = (uint8_t)(rand() % 4 == 0 ? 0xFF : rand() % 4 == 0 ? rand() : 0);
	inet_make(&prefix.Prefix, six ? AF_INET6 : AF_INET, bytes);
	prefix.PrefixLength = (UINT8)(rand() % (six ? 129 : 33));
	if (canonical)
		inet_mask(&prefix.Prefix, prefix.PrefixLength);
	else if (rand() % 8 == 0)
		prefix.PrefixLength = (UINT8)rand();
	return prefix;
}

static const IP_ADDRESS_PREFIX *
expected_next(const IP_ADDRESS_PREFIX *all, const IP_ADDRESS_PREFIX *from, bool inclusive)
{
	for (size_t i = 0; i < PREFIXES; i++) {
		int cmp = cmp_prefix(&all[i], from);

		if (all[i].Prefix.si_family == from->Prefix.si_family &&
		    (cmp > 0 || (inclusive && cmp == 0)))
			return &all[i];
	}
	return NULL;
}

static void
walking_agrees_with_a_sorted_list(void)
{
	static IP_ADDRESS_PREFIX all[PREFIXES];

	srand(161);
	for (size_t i = 0; i < PREFIXES; i++) {
		MIB_IPFORWARD_ROW2 row = fixture_r();
		DWORD err;

		do {
			row.DestinationPrefix = all[i] = random_prefix(true);
			row.NextHop = fixture_ip(
			    all[i].Prefix.si_family == AF_INET ? "192.0.2.1" : "fe80::1");
			err = CreateIpForwardEntry2(&row);
			CU_ASSERT_FATAL(err == NO_ERROR || err == ERROR_OBJECT_ALREADY_EXISTS);
		} while (err != NO_ERROR);
	}
	qsort(all, PREFIXES, sizeof all[0], cmp_prefix);
	for (int i = 0; i < PROBES; i++) {
		IP_ADDRESS_PREFIX from =
		    i % 2 == 0 ? all[rand() % PREFIXES] : random_prefix(false);
		bool inclusive = rand() % 2 == 0;
		const IP_ADDRESS_PREFIX *want = expected_next(all, &from, inclusive);
		IP_ADDRESS_PREFIX at;
		DWORD err = fixture_next(&from, inclusive, &at);

		CU_ASSERT_EQUAL_FATAL(err, want != NULL ? NO_ERROR : ERROR_NOT_FOUND);
		if (want != NULL)
			CU_ASSERT_EQUAL_FATAL(cmp_prefix(&at, want), 0);
	}
}

static void
several_destinations_at_once_are_those_one_by_one(void)
{
	static const char *const prefixes[] = { "10.0.0.0/8", "10.0.0.0/16", "10.0.1.0/24",
		                                "172.16.0.0/12", "203.0.113.0/24" };
	IP_ADDRESS_PREFIX from = fixture_prefix("10.0.0.0/9");
	struct iph_rows some = { 0 };

	for (size_t i = 0; i < 5; i++)
		own(prefixes[i], "192.0.2.1", 2, (ULONG)i);
	own("10.0.1.0/24", "192.0.2.9", 2, 77);
	CU_ASSERT_EQUAL_FATAL(iph_rows_next(fix.iph, &from, true, 3, &some), NO_ERROR);
	CU_ASSERT_EQUAL_FATAL(some.nspans, 3);
	for (size_t i = 0, first = 0; i < 3; first += some.spans[i++].n) {
		IP_ADDRESS_PREFIX want = fixture_prefix(prefixes[i + 1]);

		CU_ASSERT_EQUAL(cmp_prefix(&some.spans[i].dest, &want), 0);
		CU_ASSERT_EQUAL(some.spans[i].first, first);
		CU_ASSERT_EQUAL(some.spans[i].n, i == 1 ? 2 : 1);
		CU_ASSERT_EQUAL(some.rows[first].row.Metric, i + 1);
		CU_ASSERT_EQUAL(cmp_prefix(&some.rows[first].row.DestinationPrefix, &want), 0);
	}
	CU_ASSERT_EQUAL(iph_rows_next(fix.iph, &some.spans[2].dest, false, 25, &some),
	                NO_ERROR);
	CU_ASSERT_EQUAL(some.nspans, 1);
	CU_ASSERT_EQUAL(iph_rows_next(fix.iph, &some.spans[0].dest, false, 25, &some),
	                ERROR_NOT_FOUND);
	iph_rows_free(&some);
}

/* What iph_address_rows() says, as the lengths of its rows in order. */
static void
lengths_are(const char *address, const char *want)
{
	IP_ADDRESS_PREFIX at = fixture_prefix(address);
	struct iph_route *rows = NULL;
	size_t cap = 0, n = 7;
	char got[256] = "";
	DWORD err = iph_address_rows(fix.iph, &at.Prefix, &rows, &cap, &n);

	for (size_t i = 0; i < n; i++)
		snprintf(got + strlen(got), sizeof got - strlen(got), " %u",
		         rows[i].row.DestinationPrefix.PrefixLength);
	CU_ASSERT_STRING_EQUAL(got, want);
	CU_ASSERT_EQUAL(err, *want == '\0' ? ERROR_NOT_FOUND : NO_ERROR);
	mem_free(rows);
}

static void
an_address_has_the_rows_of_all_its_lengths(void)
{
	char all[256] = "", prefix[32];

	lengths_are("10.0.0.0/0", "");
	own("10.0.0.0/16", "192.0.2.1", 2, 1);
	own("10.0.0.0/8", "192.0.2.1", 2, 1);
	own("10.0.0.0/8", "192.0.2.9", 2, 2);
	own("10.0.0.0/32", "192.0.2.1", 2, 1);
	own("10.0.1.0/24", "192.0.2.1", 2, 1);
	own("11.0.0.0/8", "192.0.2.1", 2, 1);
	own("2001:db8:1::/48", "2001:db8::1", 2, 1);
	lengths_are("10.0.0.0/0", " 8 8 16 32");
	lengths_are("10.0.1.0/0", " 24");
	lengths_are("11.0.0.0/0", " 8"); /* the last of its family */
	lengths_are("10.0.0.1/0", "");
	lengths_are("10.0.2.0/0", "");
	lengths_are("0.0.0.0/0", "");
	lengths_are("255.255.255.255/0", "");
	lengths_are("2001:db8:1::/0", " 48");
	lengths_are("::/0", "");
	for (unsigned len = 1; len <= 32; len++) { /* more than one batch has */
		snprintf(prefix, sizeof prefix, "0.0.0.0/%u", len);
		own(prefix, "192.0.2.1", 2, 1);
		snprintf(all + strlen(all), sizeof all - strlen(all), " %u", len);
	}
	lengths_are("0.0.0.0/0", all);
}

/* What iph_dest_rows_alone() says of one, `want' rows and alone or not. */
static void
alone_is(const char *prefix, size_t want, bool want_alone)
{
	IP_ADDRESS_PREFIX dest = fixture_prefix(prefix);
	struct iph_route *rows = NULL;
	size_t cap = 0, n = 7;
	bool alone = !want_alone;
	DWORD err = iph_dest_rows_alone(fix.iph, &dest, &rows, &cap, &n, &alone);

	CU_ASSERT_EQUAL(alone, want_alone);
	CU_ASSERT_EQUAL(n, want);
	CU_ASSERT_EQUAL(err, want == 0 ? ERROR_NOT_FOUND : NO_ERROR);
	for (size_t i = 0; i < n; i++)
		CU_ASSERT_EQUAL(cmp_prefix(&rows[i].row.DestinationPrefix, &dest), 0);
	mem_free(rows);
}

static void
a_destination_may_be_alone_at_its_address(void)
{
	alone_is("10.0.0.0/8", 0, true); /* an empty table */
	own("10.0.0.0/8", "192.0.2.1", 2, 1);
	own("10.0.0.0/8", "192.0.2.9", 2, 2);
	alone_is("10.0.0.0/8", 2, true); /* the last one of all */
	own("10.0.1.0/24", "192.0.2.1", 2, 1);
	alone_is("10.0.0.0/8", 2, true);
	alone_is("10.0.1.0/24", 1, true);
	own("10.0.0.0/16", "192.0.2.1", 2, 1);
	alone_is("10.0.0.0/8", 2, false);  /* a longer one */
	alone_is("10.0.0.0/16", 1, false); /* a shorter one */
	alone_is("10.0.0.0/24", 0, false); /* it is not there, others are */
	own("10.0.0.0/24", "192.0.2.1", 2, 1);
	alone_is("10.0.0.0/24", 0, false); /* behind two others: said, not read */
	alone_is("9.0.0.0/8", 0, true);
	alone_is("10.0.0.1/24", 0, true); /* no destination */
	own("2001:db8:1::/48", "2001:db8::1", 2, 1);
	alone_is("2001:db8:1::/48", 1, true);
	own("2001:db8:1::/64", "2001:db8::1", 2, 1);
	alone_is("2001:db8:1::/48", 1, false);
}

/* ---- rows of a destination --------------------------------------------------- */

static struct iph_route *rows;
static size_t cap, n;

static void
read_rows(const char *prefix)
{
	IP_ADDRESS_PREFIX dest = fixture_prefix(prefix);

	CU_ASSERT_EQUAL(iph_dest_rows(fix.iph, &dest, &rows, &cap, &n), NO_ERROR);
}

static void
row_is(size_t i, const char *hop, NET_IFINDEX index, bool is_own)
{
	SOCKADDR_INET want = fixture_ip(hop);

	CU_ASSERT_FATAL(i < n);
	CU_ASSERT_EQUAL(inet_cmp(&rows[i].row.NextHop, &want), 0);
	CU_ASSERT_EQUAL(rows[i].row.InterfaceIndex, index);
	CU_ASSERT_EQUAL(rows[i].own, is_own);
}

static void
rows_free(void)
{
	mem_free(rows);
	rows = NULL;
	cap = n = 0;
}

static void
the_best_row_comes_first(void)
{
	/* by the sum: interface 2 has 25, interface 3 has 5 */
	own("203.0.113.0/24", "192.0.2.1", 2, 10);
	own("203.0.113.0/24", "198.51.100.1", 3, 20);
	own("203.0.113.0/24", "192.0.2.2", 2, 30);
	read_rows("203.0.113.0/24");
	CU_ASSERT_EQUAL(n, 3);
	row_is(0, "198.51.100.1", 3, true);
	row_is(1, "192.0.2.1", 2, true);
	row_is(2, "192.0.2.2", 2, true);
	CU_ASSERT(rows[0].best && !rows[1].best && !rows[2].best);
	CU_ASSERT_EQUAL(rows[0].row.Metric, 20);
	CU_ASSERT_EQUAL(rows[0].row.InterfaceLuid.Value, LUID_B);
	CU_ASSERT_EQUAL(rows[0].flags, RTM_ROUTE_FLAGS_REMOTE);
	CU_ASSERT_EQUAL(rows[0].protocol_id, PROTO_IP_NETMGMT);
	CU_ASSERT_EQUAL(rows[0].views, RTM_VIEW_MASK_UCAST);
	rows_free();
}

static void
every_next_hop_of_another_client_is_a_row(void)
{
	fixture_other_route("203.0.113.0/24", "192.0.2.3@2 198.51.100.3@3 0.0.0.0@3", 42,
	                    RTM_ROUTE_FLAGS_REMOTE, RTM_VIEW_MASK_UCAST);
	fixture_other_route("198.18.0.0/15", "", 0xFFFFFFFFu, RTM_ROUTE_FLAGS_BLACKHOLE,
	                    RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST);
	fixture_other_route("198.19.0.0/16", "192.0.2.3@77", 1, RTM_ROUTE_FLAGS_MARTIAN,
	                    RTM_VIEW_MASK_UCAST);
	read_rows("203.0.113.0/24");
	CU_ASSERT_EQUAL(n, 3);
	row_is(0, "192.0.2.3", 2, false);
	row_is(1, "198.51.100.3", 3, false);
	row_is(2, "0.0.0.0", 3, false);
	for (size_t i = 0; i < n; i++) {
		CU_ASSERT_EQUAL(rows[i].row.Protocol, MIB_IPPROTO_OSPF);
		CU_ASSERT_EQUAL(rows[i].row.Metric, 42);
		CU_ASSERT_EQUAL(rows[i].row.ValidLifetime, INFINITE);
		CU_ASSERT_EQUAL(rows[i].protocol_id, PROTO_IP_OSPF);
		CU_ASSERT(!rows[i].hidden && rows[i].best);
	}
	read_rows("198.18.0.0/15");
	CU_ASSERT_EQUAL(n, 1);
	row_is(0, "0.0.0.0", 0, false);
	CU_ASSERT_EQUAL(rows[0].kind, IPH_BLACKHOLE);
	CU_ASSERT_EQUAL(rows[0].row.Metric, 0x7FFFFFFFu);
	CU_ASSERT_EQUAL(rows[0].row.InterfaceLuid.Value, 0);
	read_rows("198.19.0.0/16");
	CU_ASSERT(rows[0].hidden);
	row_is(0, "192.0.2.3", 77, false);
	rows_free();
}

static void
of_two_rows_with_one_key_ours_is_shown(void)
{
	own("203.0.113.0/24", "192.0.2.1", 2, 10);
	own("203.0.113.0/24", "192.0.2.4", 2, 10);
	fixture_other_route("203.0.113.0/24", "192.0.2.3@2 192.0.2.1@2", 1,
	                    RTM_ROUTE_FLAGS_REMOTE, RTM_VIEW_MASK_UCAST);
	read_rows("203.0.113.0/24");
	CU_ASSERT_EQUAL(n, 3);
	for (size_t i = 0; i < n; i++) {
		SOCKADDR_INET shared = fixture_ip("192.0.2.1");

		if (inet_cmp(&rows[i].row.NextHop, &shared) == 0) {
			CU_ASSERT(rows[i].own);
			CU_ASSERT_EQUAL(rows[i].row.Metric, 10);
		}
	}
	rows_free();
}

static void
the_age_of_another_clients_row_counts_from_its_change(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	fixture_other_route("203.0.113.0/24", "192.0.2.1@2", 42, RTM_ROUTE_FLAGS_REMOTE,
	                    RTM_VIEW_MASK_UCAST);
	fixture_pass(77);
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(row.Age, 77);
	CU_ASSERT_EQUAL(row.Metric, 42);
	CU_ASSERT_EQUAL(row.Protocol, MIB_IPPROTO_OSPF);
}

static void
a_destination_may_have_many_rows(void)
{
	enum { MANY = 120 }; /* several batches of the core's enumeration */
	bool seen[MANY] = { false };
	size_t alive;

	for (unsigned i = 0; i < MANY; i++) {
		char hop[32];

		snprintf(hop, sizeof hop, "192.0.2.%u", 100 + i);
		own("203.0.113.0/24", hop, 2, MANY - i);
	}
	read_rows("203.0.113.0/24");
	CU_ASSERT_EQUAL(n, MANY);
	for (size_t i = 0; i < n; i++) {
		CU_ASSERT_EQUAL(rows[i].row.Metric, i + 1);
		CU_ASSERT_EQUAL(rows[i].best, i == 0);
		seen[rows[i].row.Metric - 1] = true;
	}
	for (size_t i = 0; i < MANY; i++)
		CU_ASSERT(seen[i]);
	alive = mem_alive();
	read_rows("203.0.113.0/24");
	CU_ASSERT_EQUAL(mem_alive(), alive);
	rows_free();
}

static void
reading_without_memory_says_so(void)
{
	IP_ADDRESS_PREFIX dest = fixture_prefix("203.0.113.0/24");
	bool done = false;

	own("203.0.113.0/24", "192.0.2.1", 2, 10);
	own("203.0.113.0/24", "192.0.2.2", 2, 10);
	for (uint64_t nth = 1; !done; nth++) {
		DWORD err;

		mem_fail_nth(nth);
		err = iph_dest_rows(fix.iph, &dest, &rows, &cap, &n);
		done = !mem_failed();
		mem_fail_nth(0);
		CU_ASSERT_EQUAL(err, done ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY);
		CU_ASSERT_EQUAL(n, done ? 2 : 0);
		rows_free();
		CU_ASSERT_FATAL(nth < 50);
	}
}

static void
reading_a_row_again_takes_no_memory(void)
{
	IP_ADDRESS_PREFIX at = fixture_prefix("0.0.0.0/0");

	own("203.0.113.0/24", "192.0.2.1", 2, 10);
	read_rows("203.0.113.0/24");
	CU_ASSERT_EQUAL(fixture_next(&at, true, &at), NO_ERROR);
	mem_fail_nth(1);
	read_rows("203.0.113.0/24");
	CU_ASSERT_EQUAL(fixture_next(&at, true, &at), NO_ERROR);
	CU_ASSERT(!mem_failed());
	mem_fail_nth(0);
	rows_free();
}

static void
the_world_names_its_parts(void)
{
	CU_ASSERT_PTR_NOT_NULL(iph_entity(fix.iph, AF_INET));
	CU_ASSERT_PTR_NOT_NULL(iph_entity(fix.iph, AF_INET6));
	CU_ASSERT_PTR_NOT_EQUAL(iph_entity(fix.iph, AF_INET), iph_entity(fix.iph, AF_INET6));
	CU_ASSERT_PTR_NULL(iph_entity(fix.iph, AF_UNSPEC));
	CU_ASSERT_PTR_EQUAL(iph_iftab(fix.iph), fix.ifs);
	CU_ASSERT_EQUAL(iph_instance(fix.iph), 0);
	iph_close(NULL);
}

int
main(void)
{
	CU_TestInfo tests[] = {
		{ "destinations come by address, then length",
		  destinations_come_by_address_then_length },
		{ "a start need not be a destination", a_start_need_not_be_a_destination },
		{ "a family without number has no destinations",
		  a_family_without_number_has_no_destinations },
		{ "walking agrees with a sorted list", walking_agrees_with_a_sorted_list },
		{ "several destinations at once are those one by one",
		  several_destinations_at_once_are_those_one_by_one },
		{ "an address has the rows of all its lengths",
		  an_address_has_the_rows_of_all_its_lengths },
		{ "a destination may be alone at its address",
		  a_destination_may_be_alone_at_its_address },
		{ "the best row comes first", the_best_row_comes_first },
		{ "every next hop of another client is a row",
		  every_next_hop_of_another_client_is_a_row },
		{ "of two rows with one key ours is shown",
		  of_two_rows_with_one_key_ours_is_shown },
		{ "the age of another client's row counts from its change",
		  the_age_of_another_clients_row_counts_from_its_change },
		{ "a destination may have many rows", a_destination_may_have_many_rows },
		{ "reading without memory says so", reading_without_memory_says_so },
		{ "reading a row again takes no memory", reading_a_row_again_takes_no_memory },
		{ "the world names its parts", the_world_names_its_parts },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "reading", NULL, NULL, fixture_open, fixture_close, tests },
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
