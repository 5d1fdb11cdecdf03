/*
 * Interfaces as version 1 lists them, on the fixture's world and, linked with iph_there.c,
 * through a control socket.
 */
#include <CUnit/Automated.h>
#include <CUnit/Basic.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <wchar.h>

#include "base/alloc.h"
#include "iph_fixture.h"

/* ---- addresses -------------------------------------------------------------------------- */

static PMIB_IPADDRTABLE
address_table(BOOL order)
{
	ULONG size = 0, again;
	PMIB_IPADDRTABLE table;

	CU_ASSERT_EQUAL(GetIpAddrTable(NULL, &size, order), ERROR_INSUFFICIENT_BUFFER);
	table = malloc(size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	again = size - 1;
	CU_ASSERT_EQUAL(GetIpAddrTable(table, &again, order), ERROR_INSUFFICIENT_BUFFER);
	CU_ASSERT_EQUAL(again, size);
	CU_ASSERT_EQUAL(GetIpAddrTable(table, &again, order), NO_ERROR);
	CU_ASSERT_EQUAL(size, SIZEOF_IPADDRTABLE(table->dwNumEntries));
	return table;
}

static void
addresses_of_every_interface(void)
{
	static const struct {
		const char *address, *mask;
		DWORD index;
	} want[] = { { "127.0.0.1", "255.0.0.0", 1 },
		     { "192.0.2.10", "255.255.255.0", 2 },
		     { "198.51.100.10", "255.255.255.0", 3 } };
	PMIB_IPADDRTABLE table = address_table(TRUE);

	CU_ASSERT_EQUAL_FATAL(table->dwNumEntries, 3);
	for (size_t i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(table->table[i].dwAddr, fixture_ip4(want[i].address));
		CU_ASSERT_EQUAL(table->table[i].dwMask, fixture_ip4(want[i].mask));
		CU_ASSERT_EQUAL(table->table[i].dwIndex, want[i].index);
		CU_ASSERT_EQUAL(table->table[i].dwBCastAddr, 1);
		CU_ASSERT_EQUAL(table->table[i].wType, MIB_IPADDR_PRIMARY);
	}
	free(table);
}

/* Two more addresses on interface 2, the first lower than all, and no cable. */
static void
more_addresses(void)
{
	struct iftab_if desc = *iftab_by_index(fix.ifs, 2);
	struct iftab_addr addrs[4];

	CU_ASSERT_EQUAL_FATAL(desc.naddrs, 2);
	memcpy(addrs, desc.addrs, 2 * sizeof addrs[0]);
	addrs[2] = (struct iftab_addr){ fixture_ip("10.9.8.7"), 30 };
	addrs[3] = (struct iftab_addr){ fixture_ip("203.0.113.5"), 32 };
	desc.addrs = addrs;
	desc.naddrs = 4;
	desc.connected = false;
	CU_ASSERT_EQUAL(iph_interface_put(fix.iph, &desc), NO_ERROR);
}

static void
one_interface_may_have_several_and_no_cable(void)
{
	static const char *const want[] = { "10.9.8.7", "127.0.0.1", "192.0.2.10",
		                            "198.51.100.10", "203.0.113.5" };
	PMIB_IPADDRTABLE table;

	more_addresses();
	table = address_table(TRUE);
	CU_ASSERT_EQUAL_FATAL(table->dwNumEntries, 5);
	for (size_t i = 0; i < 5; i++)
		CU_ASSERT_EQUAL(table->table[i].dwAddr, fixture_ip4(want[i]));
	CU_ASSERT_EQUAL(table->table[0].wType, MIB_IPADDR_DISCONNECTED);
	CU_ASSERT_EQUAL(table->table[2].wType, MIB_IPADDR_PRIMARY | MIB_IPADDR_DISCONNECTED);
	CU_ASSERT_EQUAL(table->table[0].dwMask, fixture_ip4("255.255.255.252"));
	free(table);
	table = address_table(FALSE); /* by interface then */
	CU_ASSERT_EQUAL(table->table[1].dwAddr, fixture_ip4("192.0.2.10"));
	CU_ASSERT_EQUAL(table->table[2].dwAddr, fixture_ip4("10.9.8.7"));
	free(table);
}

/* ---- interfaces -------------------------------------------------------------------------- */

static void
every_interface_has_a_row(void)
{
	static const struct {
		const WCHAR *name;
		const char *descr;
		DWORD type;
	} want[] = { { L"lo", "loopback_0", 24 },
		     { L"eth0", "ethernet_1", 6 },
		     { L"eth1", "ethernet_2", 6 },
		     { L"tun0", "tunnel_1", 131 },
		     { L"bond0", "ethernet_3", 6 } };
	PMIB_IFTABLE table;
	ULONG size = 0;
	MIB_IFROW row;
	DWORD n = 0;

	CU_ASSERT_EQUAL(GetNumberOfInterfaces(&n), NO_ERROR);
	CU_ASSERT_EQUAL(n, 5);
	CU_ASSERT_EQUAL(GetIfTable(NULL, &size, TRUE), ERROR_INSUFFICIENT_BUFFER);
	CU_ASSERT_EQUAL(size, SIZEOF_IFTABLE(5));
	table = malloc(size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	CU_ASSERT_EQUAL(GetIfTable(table, &size, TRUE), NO_ERROR);
	CU_ASSERT_EQUAL_FATAL(table->dwNumEntries, 5);
	for (DWORD i = 0; i < 5; i++) {
		const MIB_IFROW *at = &table->table[i];

		CU_ASSERT_EQUAL(at->dwIndex, i + 1);
		CU_ASSERT_EQUAL(wcscmp(at->wszName, want[i].name), 0);
		CU_ASSERT_EQUAL(at->dwType, want[i].type);
		CU_ASSERT_STRING_EQUAL((const char *)at->bDescr, want[i].descr);
		CU_ASSERT_EQUAL(at->dwDescrLen, strlen(want[i].descr) + 1);
		CU_ASSERT_EQUAL(at->dwAdminStatus, MIB_IF_ADMIN_STATUS_UP);
		CU_ASSERT_EQUAL(at->dwOperStatus, IF_OPER_STATUS_OPERATIONAL);
		row.dwIndex = i + 1;
		CU_ASSERT_EQUAL(GetIfEntry(&row), NO_ERROR);
		CU_ASSERT_EQUAL(memcmp(&row, at, sizeof row), 0);
	}
	free(table);
	more_addresses();
	row.dwIndex = 2;
	CU_ASSERT_EQUAL(GetIfEntry(&row), NO_ERROR);
	CU_ASSERT_EQUAL(row.dwOperStatus, IF_OPER_STATUS_DISCONNECTED);
	row.dwIndex = 77;
	CU_ASSERT_EQUAL(GetIfEntry(&row), ERROR_INVALID_DATA);
	CU_ASSERT_EQUAL(row.dwIndex, 77);
}

/* ---- adapters ---------------------------------------------------------------- */

static PIP_ADAPTER_INFO
adapters(void)
{
	PIP_ADAPTER_INFO list;
	ULONG size = 0;

	CU_ASSERT_EQUAL(GetAdaptersInfo(NULL, &size), ERROR_BUFFER_OVERFLOW);
	list = malloc(size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(list);
	CU_ASSERT_EQUAL(GetAdaptersInfo(list, &size), NO_ERROR);
	return list;
}

static void
default_route(const char *gateway, NET_IFINDEX index, ULONG metric)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.DestinationPrefix = fixture_prefix("0.0.0.0/0");
	row.NextHop = fixture_ip(gateway);
	row.InterfaceLuid.Value = 0;
	row.InterfaceIndex = index;
	row.Metric = metric;
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
}

static void
adapters_are_all_but_loopback(void)
{
	static const char *const names[] = { "eth0", "eth1", "tun0", "bond0" };
	PIP_ADAPTER_INFO list = adapters(), at = list;

	for (size_t i = 0; i < 4; i++, at = at->Next) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(at);
		CU_ASSERT_STRING_EQUAL(at->AdapterName, names[i]);
		CU_ASSERT_EQUAL(at->Index, i + 2);
		CU_ASSERT_STRING_EQUAL(at->GatewayList.IpAddress.String, "0.0.0.0");
		CU_ASSERT_PTR_NULL(at->IpAddressList.Next);
	}
	CU_ASSERT_PTR_NULL(at);
	CU_ASSERT_STRING_EQUAL(list->Description, "ethernet_1");
	CU_ASSERT_STRING_EQUAL(list->IpAddressList.IpAddress.String, "192.0.2.10");
	CU_ASSERT_STRING_EQUAL(list->IpAddressList.IpMask.String, "255.255.255.0");
	CU_ASSERT_STRING_EQUAL(list->Next->Next->IpAddressList.IpAddress.String, "0.0.0.0");
	free(list);
}

static void
gateways_are_those_of_the_table(void)
{
	PIP_ADAPTER_INFO list;
	PIP_ADDR_STRING at;
	ULONG size = 0;

	more_addresses();
	default_route("192.0.2.254", 2, 20);
	default_route("192.0.2.253", 2, 10);
	default_route("198.51.100.1", 3, 10);
	default_route("0.0.0.0", 5, 10); /* on-link: no gateway */
	list = adapters();
	at = &list->IpAddressList;
	CU_ASSERT_STRING_EQUAL(at->IpAddress.String, "192.0.2.10");
	at = at->Next;
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	CU_ASSERT_STRING_EQUAL(at->IpAddress.String, "10.9.8.7");
	CU_ASSERT_STRING_EQUAL(at->IpMask.String, "255.255.255.252");
	at = at->Next;
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	CU_ASSERT_STRING_EQUAL(at->IpAddress.String, "203.0.113.5");
	CU_ASSERT_PTR_NULL(at->Next);
	/* the better one first */
	CU_ASSERT_STRING_EQUAL(list->GatewayList.IpAddress.String, "192.0.2.253");
	CU_ASSERT_PTR_NOT_NULL_FATAL(list->GatewayList.Next);
	CU_ASSERT_STRING_EQUAL(list->GatewayList.Next->IpAddress.String, "192.0.2.254");
	CU_ASSERT_PTR_NULL(list->GatewayList.Next->Next);
	CU_ASSERT_STRING_EQUAL(list->Next->GatewayList.IpAddress.String, "198.51.100.1");
	CU_ASSERT_STRING_EQUAL(list->Next->Next->Next->GatewayList.IpAddress.String, "0.0.0.0");
	/* one octet less does not do */
	CU_ASSERT_EQUAL(GetAdaptersInfo(NULL, &size), ERROR_BUFFER_OVERFLOW);
	CU_ASSERT_EQUAL(size, 4 * sizeof *list + 3 * sizeof *at);
	size--;
	CU_ASSERT_EQUAL(GetAdaptersInfo(list, &size), ERROR_BUFFER_OVERFLOW);
	free(list);
}

/* ---- what is refused --------------------------------------------------------------------- */

static void
null_is_refused(void)
{
	ULONG mask;
	UINT8 length;

	CU_ASSERT_EQUAL(GetIpAddrTable(NULL, NULL, FALSE), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(GetIfTable(NULL, NULL, FALSE), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(GetIfEntry(NULL), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(GetNumberOfInterfaces(NULL), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(GetAdaptersInfo(NULL, NULL), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(ConvertLengthToIpv4Mask(24, NULL), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(ConvertIpv4MaskToLength(0, NULL), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(ConvertLengthToIpv4Mask(33, &mask), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(mask, 0xFFFFFFFFu);
	CU_ASSERT_EQUAL(ConvertIpv4MaskToLength(htonl(0xFF00FF00u), &length),
	                ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(length, 255);
}

static void
masks_and_lengths_go_both_ways(void)
{
	for (ULONG i = 0; i <= 32; i++) {
		UINT8 length = 99;
		ULONG mask = 1;

		CU_ASSERT_EQUAL(ConvertLengthToIpv4Mask(i, &mask), NO_ERROR);
		CU_ASSERT_EQUAL(ntohl(mask), i == 0 ? 0 : 0xFFFFFFFFu << (32 - i));
		CU_ASSERT_EQUAL(ConvertIpv4MaskToLength(mask, &length), NO_ERROR);
		CU_ASSERT_EQUAL(length, i);
	}
}

static void
without_an_ipv4_stack_there_are_no_addresses(void)
{
	ULONG size = 0;

	fix.stack4 = false;
	CU_ASSERT_EQUAL(GetAdaptersInfo(NULL, &size), ERROR_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(GetIpAddrTable(NULL, &size, FALSE), ERROR_NOT_SUPPORTED);
}

int
main(void)
{
	CU_TestInfo tests[] = {
		{ "addresses of every interface", addresses_of_every_interface },
		{ "one interface may have several, and no cable",
		  one_interface_may_have_several_and_no_cable },
		{ "every interface has a row", every_interface_has_a_row },
		{ "adapters are all but loopback", adapters_are_all_but_loopback },
		{ "gateways are those of the table", gateways_are_those_of_the_table },
		{ "NULL is refused", null_is_refused },
		{ "masks and lengths go both ways", masks_and_lengths_go_both_ways },
		{ "without an IPv4 stack there are no addresses",
		  without_an_ipv4_stack_there_are_no_addresses },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "lists of interfaces", NULL, NULL, fixture_open, fixture_close, tests },
		CU_SUITE_INFO_NULL,
	};
	unsigned failed;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 99;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failed = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failed != 0;
}
