/*
 * The interface table: five ways to find one interface, all of them true after any
 * change, and no change half done.
 */
#include <CUnit/Basic.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "iftab/iftab.h"
#include "iftab/inet.h"

static struct iftab *tab;

static SOCKADDR_INET
ip(const char *text)
{
	uint8_t bytes[16];
	SOCKADDR_INET sa;
	ADDRESS_FAMILY family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;

	if (inet_pton(family, text, bytes) != 1)
		CU_FAIL_FATAL("address in a test");
	inet_make(&sa, family, bytes);
	return sa;
}

static struct iftab_if
iface(NET_IFINDEX index, const char *alias)
{
	struct iftab_if desc = { .index = index, .if_type = 6, .routes = true };

	snprintf(desc.alias, sizeof desc.alias, "%s", alias);
	return desc;
}

static DWORD
put(NET_IFINDEX index, const char *alias, const char *address, UINT8 length)
{
	struct iftab_if desc = iface(index, alias);
	struct iftab_addr addr = { .prefix_length = length };

	if (address != NULL) {
		addr.address = ip(address);
		desc.addrs = &addr;
		desc.naddrs = 1;
	}
	return iftab_put(tab, &desc);
}

static NET_IFINDEX
owner_of(const char *address)
{
	SOCKADDR_INET sa = ip(address);
	const struct iftab_if *entry = iftab_by_address(tab, &sa);

	return entry != NULL ? entry->index : 0;
}

static NET_IFINDEX
subnet_of(const char *address)
{
	SOCKADDR_INET sa = ip(address);
	const struct iftab_if *entry = iftab_by_subnet(tab, &sa);

	return entry != NULL ? entry->index : 0;
}

static void
an_interface_is_found_in_all_ways(void)
{
	NET_LUID luid = { .Value = 0x0006000003000000 };

	CU_ASSERT_EQUAL(put(3, "eth1", "192.0.2.10", 24), NO_ERROR);
	CU_ASSERT_PTR_NOT_NULL_FATAL(iftab_by_index(tab, 3));
	CU_ASSERT_EQUAL(iftab_by_index(tab, 3)->luid.Value, luid.Value);
	CU_ASSERT_PTR_EQUAL(iftab_by_luid(tab, luid), iftab_by_index(tab, 3));
	CU_ASSERT_PTR_EQUAL(iftab_by_alias(tab, "eth1"), iftab_by_index(tab, 3));
	CU_ASSERT_EQUAL(owner_of("192.0.2.10"), 3);
	CU_ASSERT_EQUAL(subnet_of("192.0.2.77"), 3);
}

static void
what_is_not_there_is_not_found(void)
{
	NET_LUID luid = { .Value = 7 };

	put(3, "eth1", "192.0.2.10", 24);
	CU_ASSERT_PTR_NULL(iftab_by_index(tab, 2));
	CU_ASSERT_PTR_NULL(iftab_by_index(tab, 0));
	CU_ASSERT_PTR_NULL(iftab_by_luid(tab, luid));
	CU_ASSERT_PTR_NULL(iftab_by_alias(tab, "eth"));
	CU_ASSERT_PTR_NULL(iftab_by_alias(tab, ""));
	CU_ASSERT_EQUAL(owner_of("192.0.2.11"), 0);
	CU_ASSERT_EQUAL(subnet_of("192.0.3.1"), 0);
	CU_ASSERT_EQUAL(subnet_of("2001:db8::1"), 0);
	CU_ASSERT_EQUAL(iftab_remove(tab, 2), ERROR_NOT_FOUND);
}

static void
walking_ascends_and_ends(void)
{
	static const NET_IFINDEX indices[] = { 9, 2, UINT32_MAX, 5 };
	static const NET_IFINDEX expected[] = { 2, 5, 9, UINT32_MAX };
	const struct iftab_if *entry = iftab_next(tab, 0);

	CU_ASSERT_PTR_NULL(entry);
	for (size_t i = 0; i < 4; i++) {
		char alias[16];
		struct iftab_if desc;

		snprintf(alias, sizeof alias, "if%zu", i);
		desc = iface(indices[i], alias);
		desc.luid.Value = i + 1;
		CU_ASSERT_EQUAL(iftab_put(tab, &desc), NO_ERROR);
	}
	entry = iftab_next(tab, 0);
	for (size_t i = 0; i < 4; i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
		CU_ASSERT_EQUAL(entry->index, expected[i]);
		entry = iftab_next(tab, entry->index);
	}
	CU_ASSERT_PTR_NULL(entry);
}

static void
the_longest_subnet_wins_then_the_lowest_index(void)
{
	put(7, "a", "10.0.0.1", 8);
	put(6, "b", "10.1.0.1", 16);
	put(5, "c", "10.1.0.2", 16);
	put(4, "d", "fe80::1", 64);
	put(3, "e", "2001:db8::1", 64);
	CU_ASSERT_EQUAL(subnet_of("10.1.2.3"), 5);
	CU_ASSERT_EQUAL(subnet_of("10.2.2.3"), 7);
	CU_ASSERT_EQUAL(subnet_of("2001:db8::99"), 3);
	CU_ASSERT_EQUAL(subnet_of("fe80::99"), 0);
	CU_ASSERT_EQUAL(owner_of("fe80::1"), 4);
}

static void
replacing_leaves_nothing_of_the_old_one(void)
{
	NET_LUID luid = { .Value = 0x0006000003000000 };

	put(3, "old", "192.0.2.10", 24);
	CU_ASSERT_EQUAL(put(3, "new", "198.51.100.10", 25), NO_ERROR);
	CU_ASSERT_PTR_NULL(iftab_by_alias(tab, "old"));
	CU_ASSERT_EQUAL(owner_of("192.0.2.10"), 0);
	CU_ASSERT_EQUAL(subnet_of("192.0.2.10"), 0);
	CU_ASSERT_EQUAL(owner_of("198.51.100.10"), 3);
	CU_ASSERT_PTR_NOT_NULL(iftab_by_luid(tab, luid));
	CU_ASSERT_EQUAL(iftab_remove(tab, 3), NO_ERROR);
	CU_ASSERT_EQUAL(subnet_of("198.51.100.10"), 0);
	CU_ASSERT_PTR_NULL(iftab_next(tab, 0));
}

static void
a_wrong_description_is_refused(void)
{
	static struct iftab_addr bad_length = { .prefix_length = 33 };
	static struct iftab_addr no_family = { .prefix_length = 8 };
	struct iftab_if desc[5];

	bad_length.address = ip("10.0.0.1");
	for (size_t i = 0; i < 5; i++)
		desc[i] = iface(4, "x");
	desc[0].index = 0;
	desc[1].metric[IFTAB_V6] = 0x80000000u;
	memset(desc[2].alias, 'x', sizeof desc[2].alias);
	desc[3].addrs = &bad_length;
	desc[3].naddrs = 1;
	desc[4].addrs = &no_family;
	desc[4].naddrs = 1;
	for (size_t i = 0; i < 5; i++)
		CU_ASSERT_EQUAL(iftab_put(tab, &desc[i]), ERROR_INVALID_PARAMETER);
	CU_ASSERT_PTR_NULL(iftab_next(tab, 0));
}

static void
names_of_another_interface_are_refused(void)
{
	struct iftab_if desc = iface(4, "other");

	put(3, "eth1", NULL, 0);
	desc.luid.Value = 0x0006000003000000;
	CU_ASSERT_EQUAL(iftab_put(tab, &desc), ERROR_ALREADY_EXISTS);
	CU_ASSERT_EQUAL(put(4, "eth1", NULL, 0), ERROR_ALREADY_EXISTS);
	CU_ASSERT_PTR_NULL(iftab_by_index(tab, 4));
	CU_ASSERT_EQUAL(put(4, "", NULL, 0), NO_ERROR);
	CU_ASSERT_EQUAL(put(5, "", NULL, 0), NO_ERROR);
}

/* Against a plain list, over many random changes. */
static void
the_orders_agree_with_a_plain_list(void)
{
	enum { N = 40, STEPS = 4000 };
	bool there[N + 1] = { false };
	unsigned net[N + 1] = { 0 };

	srand(4292);
	for (int step = 0; step < STEPS; step++) {
		NET_IFINDEX index = 1 + (NET_IFINDEX)rand() % N;
		unsigned want = (unsigned)rand() % 8, lowest = 0;
		char text[32], alias[16];

		snprintf(alias, sizeof alias, "if%u", index);
		snprintf(text, sizeof text, "10.%u.0.%u", want, index);
		if (rand() % 3 != 0) {
			CU_ASSERT_EQUAL(put(index, alias, text, 16), NO_ERROR);
			there[index] = true;
			net[index] = want;
		} else {
			CU_ASSERT_EQUAL(iftab_remove(tab, index),
			                there[index] ? NO_ERROR : ERROR_NOT_FOUND);
			there[index] = false;
		}
		for (unsigned i = N; i > 0; i--)
			if (there[i] && net[i] == want)
				lowest = i;
		snprintf(text, sizeof text, "10.%u.7.7", want);
		CU_ASSERT_EQUAL(subnet_of(text), lowest);
		CU_ASSERT_EQUAL(iftab_by_alias(tab, alias) != NULL, there[index]);
	}
}

static void
a_change_without_memory_changes_nothing(void)
{
	bool done = false;

	put(3, "eth1", "192.0.2.10", 24);
	for (uint64_t nth = 1; !done; nth++) {
		DWORD err;

		mem_fail_nth(nth);
		err = put(3, "eth9", "198.51.100.10", 24);
		done = !mem_failed();
		mem_fail_nth(0);
		CU_ASSERT_EQUAL(err, done ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY);
		CU_ASSERT_EQUAL(owner_of("192.0.2.10"), done ? 0 : 3);
		CU_ASSERT_EQUAL(iftab_by_alias(tab, "eth1") != NULL, !done);
		CU_ASSERT_FATAL(nth < 100);
	}
}

static void
setup(void)
{
	tab = iftab_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(tab);
}

static void
teardown(void)
{
	iftab_free(tab);
	CU_ASSERT_EQUAL(mem_alive(), 0);
}

int
main(void)
{
	CU_TestInfo tests[] = {
		{ "an interface is found in all ways", an_interface_is_found_in_all_ways },
		{ "what is not there is not found", what_is_not_there_is_not_found },
		{ "walking ascends and ends", walking_ascends_and_ends },
		{ "the longest subnet wins, then the lowest index",
		  the_longest_subnet_wins_then_the_lowest_index },
		{ "replacing leaves nothing of the old one",
		  replacing_leaves_nothing_of_the_old_one },
		{ "a wrong description is refused", a_wrong_description_is_refused },
		{ "names of another interface are refused",
		  names_of_another_interface_are_refused },
		{ "the orders agree with a plain list", the_orders_agree_with_a_plain_list },
		{ "a change without memory changes nothing",
		  a_change_without_memory_changes_nothing },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "interface table", NULL, NULL, setup, teardown, tests },
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
