/*
 * The decision table of everything around changing routes: tables 4.9 to 4.15, the
 * success examples OK16 to OK25, and the four sequences of real programs. A row is a
 * line: its number, its input in words, and a function that makes the call and gives
 * back the code; what else must hold after it is asserted in there.
 */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "base/alloc.h"
#include "base/lock.h"
#include "iftab/inet.h"
#include "iph_fixture.h"
#include "rtmhost.h"

struct line {
	const char *id;
	DWORD code;
	const char *words;
	DWORD (*call)(void);
};

/* ---- model rows --------------------------------------------------------------------- */

static void
r_exists(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	CU_ASSERT_EQUAL_FATAL(CreateIpForwardEntry2(&row), NO_ERROR);
}

static void
r6_exists(void)
{
	MIB_IPFORWARD_ROW2 row = fixture_r6();

	CU_ASSERT_EQUAL_FATAL(CreateIpForwardEntry2(&row), NO_ERROR);
}

static void
create(const char *prefix, const char *hop, NET_IFINDEX index, ULONG metric)
{
	MIB_IPFORWARD_ROW2 row = fixture_r();

	row.DestinationPrefix = fixture_prefix(prefix);
	row.NextHop = fixture_ip(hop);
	row.InterfaceLuid.Value = 0;
	row.InterfaceIndex = index;
	row.Metric = metric;
	CU_ASSERT_EQUAL_FATAL(CreateIpForwardEntry2(&row), NO_ERROR);
}

/* ---- 4.9 GetIpForwardTable -------------------------------------------------------------- */

static DWORD
t1_01(void)
{
	MIB_IPFORWARDTABLE table;

	return GetIpForwardTable(&table, NULL, FALSE);
}

static DWORD
t1_02(void)
{
	ULONG size = 0;
	DWORD err;

	r_exists();
	err = GetIpForwardTable(NULL, &size, FALSE);
	CU_ASSERT_EQUAL(size, 60);
	return err;
}

static DWORD
t1_03(void)
{
	MIB_IPFORWARDTABLE table, given;
	ULONG size = 59;
	DWORD err;

	r_exists();
	memset(&table, 0xEE, sizeof table);
	given = table;
	err = GetIpForwardTable(&table, &size, FALSE);
	CU_ASSERT_EQUAL(size, 60);
	CU_ASSERT_EQUAL(memcmp(&table, &given, sizeof table), 0);
	return err;
}

static DWORD
t1_04(void)
{
	ULONG size = 7;
	DWORD err;

	r6_exists();
	err = GetIpForwardTable(NULL, &size, FALSE);
	CU_ASSERT_EQUAL(size, 7);
	return err;
}

static DWORD
t1_05(void)
{
	ULONG size = 0;

	r_exists();
	fix.stack4 = false;
	return GetIpForwardTable(NULL, &size, FALSE);
}

/* ---- 4.10 GetIpForwardTable2 ------------------------------------------------- */

static DWORD
table2(ADDRESS_FAMILY family)
{
	PMIB_IPFORWARD_TABLE2 table = (PMIB_IPFORWARD_TABLE2)&table;
	DWORD err = GetIpForwardTable2(family, &table);

	CU_ASSERT_PTR_NULL(table);
	return err;
}

static DWORD
t2_01(void)
{
	return GetIpForwardTable2(AF_INET, NULL);
}

static DWORD
t2_02(void)
{
	return table2(7);
}

static DWORD
t2_03(void)
{
	r_exists();
	return table2(AF_INET6);
}

static DWORD
t2_04(void)
{
	r6_exists();
	fix.stack6 = false;
	return table2(AF_INET6);
}

static DWORD
t2_05(void)
{
	DWORD err;

	r_exists();
	mem_fail_nth(1);
	err = table2(AF_INET);
	mem_fail_nth(0);
	return err;
}

/* ---- 4.11 GetBestRoute2 ------------------------------------------------------ */

static MIB_IPFORWARD_ROW2 best;
static SOCKADDR_INET best_source;

static bool
outputs_are_zero(void)
{
	static const MIB_IPFORWARD_ROW2 no_row;
	static const SOCKADDR_INET no_address;

	return memcmp(&best, &no_row, sizeof best) == 0 &&
	       memcmp(&best_source, &no_address, sizeof best_source) == 0;
}

static DWORD
best_route(NET_LUID *luid, NET_IFINDEX index, const char *source, const char *dest)
{
	SOCKADDR_INET from = { .si_family = 0 }, to = fixture_ip(dest);
	DWORD err;

	if (source != NULL)
		from = fixture_ip(source);
	memset(&best, 0xEE, sizeof best);
	memset(&best_source, 0xEE, sizeof best_source);
	err = GetBestRoute2(luid, index, source != NULL ? &from : NULL, &to, 0, &best,
	                    &best_source);
	if (err != NO_ERROR)
		CU_ASSERT(outputs_are_zero());
	return err;
}

static DWORD
b2_01(void)
{
	return GetBestRoute2(NULL, 0, NULL, NULL, 0, &best, &best_source);
}

static DWORD
b2_02(void)
{
	SOCKADDR_INET to = fixture_ip("203.0.113.5");

	return GetBestRoute2(NULL, 0, NULL, &to, 0, NULL, &best_source);
}

static DWORD
b2_03(void)
{
	SOCKADDR_INET to = fixture_ip("203.0.113.5");

	return GetBestRoute2(NULL, 0, NULL, &to, 0, &best, NULL);
}

static DWORD
b2_04(void)
{
	SOCKADDR_INET to = { .si_family = AF_UNSPEC };
	DWORD err;

	memset(&best, 0xEE, sizeof best);
	err = GetBestRoute2(NULL, 0, NULL, &to, 0, &best, &best_source);
	CU_ASSERT(outputs_are_zero());
	return err;
}

static DWORD
b2_05(void)
{
	r_exists();
	return best_route(NULL, 0xdeadbeef, NULL, "203.0.113.5");
}

static DWORD
b2_06(void)
{
	NET_LUID luid = { .Value = 0xdeadbeef };

	r_exists();
	return best_route(&luid, 0, NULL, "203.0.113.5");
}

static DWORD
b2_07(void)
{
	r_exists();
	fix.stack4 = false;
	return best_route(NULL, 0, NULL, "203.0.113.5");
}

static DWORD
b2_08(void)
{
	r_exists();
	return best_route(NULL, 0, NULL, "8.8.8.8");
}

static DWORD
b2_09(void)
{
	r_exists();
	return best_route(NULL, 3, NULL, "203.0.113.5");
}

static DWORD
b2_10(void)
{
	r_exists();
	return best_route(NULL, 0, "203.0.113.200", "203.0.113.5");
}

static DWORD
b2_11(void)
{
	SOCKADDR_INET to = fixture_ip("2001:db8:99::5");

	r6_exists();
	to.Ipv6.sin6_scope_id = 2;
	return GetBestRoute2(NULL, 0, NULL, &to, 0, &best, &best_source);
}

static DWORD
b2_12(void)
{
	create("127.0.0.0/8", "0.0.0.0", 1, 0);
	CU_ASSERT_EQUAL(best_route(NULL, 1, NULL, "127.0.0.1"), NO_ERROR);
	return best_route(NULL, 2, NULL, "127.0.0.1");
}

/* ---- 4.12 GetBestInterface, GetBestInterfaceEx, GetBestRoute ----------------- */

static DWORD
b1_01(void)
{
	r_exists();
	return GetBestInterface(fixture_ip4("203.0.113.5"), NULL);
}

static DWORD
b1_02(void)
{
	DWORD index = 77, err = GetBestInterface(fixture_ip4("203.0.113.5"), &index);

	CU_ASSERT_EQUAL(index, 77);
	return err;
}

static DWORD
b1_03(void)
{
	DWORD index;

	r_exists();
	fix.stack4 = false;
	return GetBestInterface(fixture_ip4("203.0.113.5"), &index);
}

static DWORD
b1_04(void)
{
	DWORD index;

	return GetBestInterfaceEx(NULL, &index);
}

static DWORD
b1_05(void)
{
	struct sockaddr to = { .sa_family = 0 };
	DWORD index;

	return GetBestInterfaceEx(&to, &index);
}

static DWORD
b1_06(void)
{
	r_exists();
	return GetBestRoute(fixture_ip4("203.0.113.5"), 0, NULL);
}

/* ---- 4.13 notification ------------------------------------------------------- */

struct heard {
	unsigned n;
	MIB_NOTIFICATION_TYPE types[32];
	bool row_null[32];
	MIB_IPFORWARD_ROW2 rows[32];
	HANDLE handle;
	DWORD cancel_code;
};

static struct heard heard;

static VOID WINAPI
take_note(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	struct heard *to = context;

	CU_ASSERT_FATAL(to->n < 32);
	to->types[to->n] = type;
	to->row_null[to->n] = row == NULL;
	if (row != NULL)
		to->rows[to->n] = *row;
	to->n++;
}

static VOID WINAPI
cancel_myself(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	struct heard *to = context;

	take_note(context, row, type);
	to->cancel_code = CancelMibChangeNotify2(to->handle);
}

/* Until so many calls were heard of; the last of the events is there then. */
static void
deliver(unsigned n)
{
	if (place_deliver != NULL)
		place_deliver(&heard.n, n);
	while (rtm_turn() || iph_turn(fix.iph))
		;
}

static DWORD
subscribe(ADDRESS_FAMILY family, PIPFORWARD_CHANGE_CALLBACK callback, BOOLEAN initial)
{
	memset(&heard, 0, sizeof heard);
	return NotifyRouteChange2(family, callback, &heard, initial, &heard.handle);
}

static DWORD
n_01(void)
{
	HANDLE handle = &handle;
	DWORD err = NotifyRouteChange2(7, take_note, NULL, FALSE, &handle);

	CU_ASSERT_PTR_NULL(handle);
	return err;
}

static DWORD
n_02(void)
{
	HANDLE handle = &handle;
	DWORD err = NotifyRouteChange2(AF_INET, NULL, NULL, FALSE, &handle);

	CU_ASSERT_PTR_NULL(handle);
	return err;
}

static DWORD
n_03(void)
{
	return NotifyRouteChange2(AF_INET, take_note, NULL, FALSE, NULL);
}

static DWORD
n_04(void)
{
	HANDLE handle = &handle;
	DWORD err;

	mem_fail_nth(1);
	err = NotifyRouteChange2(AF_INET, take_note, NULL, TRUE, &handle);
	mem_fail_nth(0);
	CU_ASSERT_PTR_NULL(handle);
	return err;
}

static DWORD
n_05(void)
{
	return CancelMibChangeNotify2(NULL);
}

static DWORD
n_06(void)
{
	CU_ASSERT_EQUAL(subscribe(AF_INET, take_note, FALSE), NO_ERROR);
	CU_ASSERT_EQUAL(CancelMibChangeNotify2(heard.handle), NO_ERROR);
	return CancelMibChangeNotify2(heard.handle);
}

static DWORD
n_07(void)
{
	CU_ASSERT_EQUAL(subscribe(AF_INET, cancel_myself, FALSE), NO_ERROR);
	r_exists();
	deliver(1);
	CU_ASSERT_EQUAL(heard.n, 1);
	create("10.0.0.0/8", "192.0.2.1", 2, 1);
	deliver(2); /* the registration is still there */
	CU_ASSERT_EQUAL(heard.n, 2);
	CU_ASSERT_EQUAL(CancelMibChangeNotify2(heard.handle), NO_ERROR);
	return heard.cancel_code;
}

/* ---- 4.14 interface rows ----------------------------------------------------- */

static MIB_IPINTERFACE_ROW
interface_row(ADDRESS_FAMILY family, ULONG64 luid, NET_IFINDEX index)
{
	MIB_IPINTERFACE_ROW row;

	InitializeIpInterfaceEntry(&row);
	row.Family = family;
	row.InterfaceLuid.Value = luid;
	row.InterfaceIndex = index;
	return row;
}

static DWORD
get_interface(ADDRESS_FAMILY family, ULONG64 luid, NET_IFINDEX index)
{
	MIB_IPINTERFACE_ROW row = interface_row(family, luid, index), given = row;
	DWORD err = GetIpInterfaceEntry(&row);

	if (err != NO_ERROR)
		CU_ASSERT_EQUAL(memcmp(&row, &given, sizeof row), 0);
	return err;
}

static DWORD
i_01(void)
{
	return GetIpInterfaceEntry(NULL);
}

static DWORD
i_02(void)
{
	return get_interface(AF_UNSPEC, LUID_A, 0);
}

static DWORD
i_03(void)
{
	return get_interface(AF_INET, 0, 0);
}

static DWORD
i_04(void)
{
	return get_interface(AF_INET, 0, 77);
}

static DWORD
i_05(void)
{
	return get_interface(AF_INET, 77, 2);
}

static DWORD
i_06(void)
{
	return get_interface(AF_INET6, LUID_B, 0);
}

static DWORD
i_07(void)
{
	return SetIpInterfaceEntry(NULL);
}

static DWORD
i_08(void)
{
	MIB_IPINTERFACE_ROW row = interface_row(AF_INET, LUID_A, 0);

	CU_ASSERT_EQUAL(GetIpInterfaceEntry(&row), NO_ERROR);
	CU_ASSERT_EQUAL(row.SitePrefixLength, 64);
	return SetIpInterfaceEntry(&row);
}

static DWORD
i_09(void)
{
	MIB_IPINTERFACE_ROW row = interface_row(AF_INET, LUID_A, 0);

	fix.privileged = false;
	return SetIpInterfaceEntry(&row);
}

static DWORD
i_10(void)
{
	MIB_IPINTERFACE_ROW row = interface_row(AF_INET, 0, 77);

	return SetIpInterfaceEntry(&row);
}

static DWORD
i_11(void)
{
	return GetIpInterfaceTable(AF_INET, NULL);
}

static DWORD
i_12(void)
{
	PMIB_IPINTERFACE_TABLE table = (PMIB_IPINTERFACE_TABLE)&table;
	DWORD err = GetIpInterfaceTable(7, &table);

	CU_ASSERT_PTR_NULL(table);
	return err;
}

/* ---- 4.15 names
 * -----------------------------------------------------------------------------------------------
 */

static const NET_LUID luid_a = { .Value = LUID_A };

static DWORD
x_01(void)
{
	return ConvertInterfaceIndexToLuid(2, NULL);
}

static DWORD
index_to_luid(NET_IFINDEX index)
{
	NET_LUID luid = { .Value = 99 };
	DWORD err = ConvertInterfaceIndexToLuid(index, &luid);

	CU_ASSERT_EQUAL(luid.Value, 0);
	return err;
}

static DWORD
x_02(void)
{
	return index_to_luid(0);
}

static DWORD
x_03(void)
{
	return index_to_luid(77);
}

static DWORD
x_04(void)
{
	NET_LUID luid = { .Value = 0xFFFFFFFFFFFFFFFFu };
	NET_IFINDEX index = 5;
	DWORD err = ConvertInterfaceLuidToIndex(&luid, &index);

	CU_ASSERT_EQUAL(index, 0);
	return err;
}

static DWORD
x_05(void)
{
	NET_IFINDEX index;

	return ConvertInterfaceLuidToIndex(NULL, &index);
}

static DWORD
x_06(void)
{
	char name[3];

	return ConvertInterfaceLuidToNameA(&luid_a, name, sizeof name);
}

static DWORD
x_07(void)
{
	char name[257];

	return ConvertInterfaceLuidToNameA(NULL, name, sizeof name);
}

static DWORD
x_08(void)
{
	return ConvertInterfaceLuidToNameA(&luid_a, NULL, 0);
}

static DWORD
x_09(void)
{
	return ConvertInterfaceLuidToNameW(&luid_a, NULL, 0);
}

static DWORD
x_10(void)
{
	NET_LUID luid;

	return ConvertInterfaceNameToLuidA("nosuch_1", &luid);
}

static DWORD
x_11(void)
{
	char name[301];
	NET_LUID luid;

	memset(name, 'x', 300);
	name[300] = '\0';
	return ConvertInterfaceNameToLuidA(name, &luid);
}

static DWORD
x_12(void)
{
	return ConvertInterfaceNameToLuidA("ethernet_1", NULL);
}

static DWORD
x_13(void)
{
	NET_LUID luid = { .Value = 99 };
	DWORD err = ConvertInterfaceNameToLuidA(NULL, &luid);

	CU_ASSERT_EQUAL(luid.Value, 99);
	return err;
}

static DWORD
x_14(void)
{
	WCHAR name[301];
	NET_LUID luid;

	wmemset(name, L'x', 300);
	name[300] = 0;
	return ConvertInterfaceNameToLuidW(name, &luid);
}

static DWORD
x_15(void)
{
	return ConvertInterfaceNameToLuidW(NULL, NULL);
}

static DWORD
x_16(void)
{
	NET_LUID luid = { .Value = 99 };
	DWORD err = ConvertInterfaceAliasToLuid(L"nosuch", &luid);

	CU_ASSERT_EQUAL(luid.Value, 0);
	return err;
}

static DWORD
x_17(void)
{
	NET_LUID luid;

	return ConvertInterfaceAliasToLuid(NULL, &luid);
}

static DWORD
x_18(void)
{
	WCHAR alias[4];

	return ConvertInterfaceLuidToAlias(&luid_a, alias, 4);
}

/* ---- 4.16 success
 * ------------------------------------------------------------------------------------------------
 */

static DWORD
ok16(void)
{
	create("203.0.113.0/24", "192.0.2.1", 2, 1);
	create("0.0.0.0/0", "192.0.2.254", 2, 10);
	create("203.0.113.128/25", "192.0.2.2", 2, 500);
	CU_ASSERT_EQUAL(best_route(NULL, 0, NULL, "203.0.113.200"), NO_ERROR);
	CU_ASSERT_EQUAL(best.DestinationPrefix.PrefixLength, 25);
	CU_ASSERT_EQUAL(best.Metric, 500);
	CU_ASSERT_EQUAL(best_source.Ipv4.sin_addr.s_addr, fixture_ip4("192.0.2.10"));
	CU_ASSERT_EQUAL(best_route(NULL, 0, NULL, "8.8.8.8"), NO_ERROR);
	CU_ASSERT_EQUAL(best.DestinationPrefix.PrefixLength, 0);
	return NO_ERROR;
}

static void
two_interfaces(void)
{
	create("203.0.113.0/24", "192.0.2.1", 2, 0);
	create("203.0.113.0/24", "198.51.100.1", 3, 10);
}

static DWORD
ok17(void)
{
	two_interfaces();
	CU_ASSERT_EQUAL(best_route(NULL, 0, NULL, "203.0.113.9"), NO_ERROR);
	CU_ASSERT_EQUAL(best.InterfaceIndex, 3);
	CU_ASSERT_EQUAL(best_source.Ipv4.sin_addr.s_addr, fixture_ip4("198.51.100.10"));
	return NO_ERROR;
}

static DWORD
ok18(void)
{
	two_interfaces();
	CU_ASSERT_EQUAL(best_route(NULL, 3, "192.0.2.10", "203.0.113.9"), NO_ERROR);
	CU_ASSERT_EQUAL(best.InterfaceIndex, 2);
	CU_ASSERT_EQUAL(best_source.Ipv4.sin_addr.s_addr, fixture_ip4("192.0.2.10"));
	return NO_ERROR;
}

static DWORD
ok19(void)
{
	static const MIB_NOTIFICATION_TYPE expected[] = { MibInitialNotification,
		                                          MibAddInstance,
		                                          MibParameterNotification,
		                                          MibDeleteInstance };
	MIB_IPFORWARD_ROW2 row = fixture_r();

	CU_ASSERT_EQUAL(subscribe(AF_UNSPEC, take_note, TRUE), NO_ERROR);
	CU_ASSERT_EQUAL(heard.n, 1); /* before the call returned */
	CU_ASSERT_PTR_NOT_NULL(heard.handle);
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row), NO_ERROR);
	row.Metric = 5;
	CU_ASSERT_EQUAL(SetIpForwardEntry2(&row), NO_ERROR);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry2(&row), NO_ERROR);
	deliver(4);
	CU_ASSERT_EQUAL(heard.n, 4);
	for (size_t i = 0; i < 4; i++) {
		CU_ASSERT_EQUAL(heard.types[i], expected[i]);
		CU_ASSERT_EQUAL(heard.row_null[i], i == 0);
	}
	CU_ASSERT_EQUAL(heard.rows[1].InterfaceIndex, 2);
	CU_ASSERT_EQUAL(heard.rows[1].InterfaceLuid.Value, LUID_A);
	CU_ASSERT_EQUAL(heard.rows[1].DestinationPrefix.PrefixLength, 24);
	CU_ASSERT_EQUAL(heard.rows[2].Metric, 0); /* key members only */
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&heard.rows[3]), ERROR_NOT_FOUND);
	return CancelMibChangeNotify2(heard.handle);
}

static DWORD
ok20(void)
{
	MIB_IPFORWARD_ROW2 row6 = fixture_r6();

	CU_ASSERT_EQUAL(subscribe(AF_INET6, take_note, FALSE), NO_ERROR);
	r_exists();
	CU_ASSERT_EQUAL(CreateIpForwardEntry2(&row6), NO_ERROR);
	deliver(1);
	CU_ASSERT_EQUAL(CancelMibChangeNotify2(heard.handle), NO_ERROR);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry2(&row6), NO_ERROR);
	deliver(1);
	CU_ASSERT_EQUAL(heard.n, 1);
	CU_ASSERT_EQUAL(heard.types[0], MibAddInstance);
	CU_ASSERT_EQUAL(heard.rows[0].DestinationPrefix.PrefixLength, 48);
	return NO_ERROR;
}

static union {
	MIB_IPFORWARDTABLE table;
	UCHAR room[4096];
} v1;

static DWORD
list_v1(BOOL order)
{
	ULONG size = sizeof v1;
	DWORD err = GetIpForwardTable(&v1.table, &size, order);

	CU_ASSERT_EQUAL(size, sizeof v1);
	return err;
}

static DWORD
ok21(void)
{
	PMIB_IPFORWARDROW row = v1.table.table;

	create("198.18.0.0/15", "192.0.2.1", 2, 1);
	create("9.0.0.0/8", "192.0.2.1", 2, 1);
	create("100.64.0.0/10", "192.0.2.1", 2, 1);
	CU_ASSERT_EQUAL(list_v1(TRUE), NO_ERROR);
	CU_ASSERT_EQUAL(v1.table.dwNumEntries, 3);
	CU_ASSERT_EQUAL(row[0].dwForwardDest, fixture_ip4("9.0.0.0"));
	CU_ASSERT_EQUAL(row[1].dwForwardDest, fixture_ip4("100.64.0.0"));
	CU_ASSERT_EQUAL(row[2].dwForwardDest, fixture_ip4("198.18.0.0"));
	CU_ASSERT_EQUAL(row[2].dwForwardMask, fixture_ip4("255.254.0.0"));
	return NO_ERROR;
}

static DWORD
ok22(void)
{
	NET_LUID luid = { .Value = 0x0018000000000000 };
	char name[IF_MAX_STRING_SIZE + 1];

	CU_ASSERT_EQUAL(ConvertInterfaceLuidToNameA(&luid, name, sizeof name), NO_ERROR);
	CU_ASSERT_STRING_EQUAL(name, "loopback_0");
	CU_ASSERT_EQUAL(rtm_if_nametoindex("ethernet_2"), 3);
	return NO_ERROR;
}

static DWORD
ok23(void)
{
	MIB_IPINTERFACE_ROW row = interface_row(AF_INET, 0, 2);

	CU_ASSERT_EQUAL(GetIpInterfaceEntry(&row), NO_ERROR);
	row.SitePrefixLength = 0;
	row.Metric = 3;
	CU_ASSERT_EQUAL(SetIpInterfaceEntry(&row), NO_ERROR);
	r_exists();
	CU_ASSERT_EQUAL(list_v1(FALSE), NO_ERROR);
	CU_ASSERT_EQUAL(v1.table.table[0].dwForwardMetric1, 13);
	return NO_ERROR;
}

static DWORD
ok25(void)
{
	MIB_IPINTERFACE_ROW row = interface_row(AF_INET, LUID_A, 0);

	CU_ASSERT_EQUAL(GetIpInterfaceEntry(&row), NO_ERROR);
	row.SitePrefixLength = 0;
	row.DisableDefaultRoutes = 1;
	CU_ASSERT_EQUAL(SetIpInterfaceEntry(&row), NO_ERROR);
	create("0.0.0.0/0", "192.0.2.1", 2, 1);
	CU_ASSERT_EQUAL(best_route(NULL, 0, NULL, "8.8.8.8"), ERROR_NETWORK_UNREACHABLE);
	row.DisableDefaultRoutes = 0;
	CU_ASSERT_EQUAL(SetIpInterfaceEntry(&row), NO_ERROR);
	CU_ASSERT_EQUAL(best_route(NULL, 0, NULL, "8.8.8.8"), NO_ERROR);
	return NO_ERROR;
}

/* The members that OK5 and OK11 look for in the version 1 table. */
static DWORD
ok5_11(void)
{
	PMIB_IPFORWARDROW row = v1.table.table;
	MIB_IPFORWARDROW v = fixture_v();

	create("203.0.113.0/24", "0.0.0.0", 2, 10);
	CU_ASSERT_EQUAL(list_v1(FALSE), NO_ERROR);
	CU_ASSERT_EQUAL(row->dwForwardType, MIB_IPROUTE_TYPE_DIRECT);
	CU_ASSERT_EQUAL(row->dwForwardNextHop, 0);
	CU_ASSERT_EQUAL(row->dwForwardMetric1, 35);
	CU_ASSERT_EQUAL(row->dwForwardAge, INFINITE);
	v.dwForwardType = 99;
	v.dwForwardPolicy = 5;
	v.dwForwardAge = 77;
	v.dwForwardNextHopAS = 65000;
	v.dwForwardMetric2 = 1;
	CU_ASSERT_EQUAL(CreateIpForwardEntry(&v), NO_ERROR);
	CU_ASSERT_EQUAL(list_v1(TRUE), NO_ERROR);
	row = &v1.table.table[1];
	CU_ASSERT_EQUAL(row->dwForwardType, MIB_IPROUTE_TYPE_INDIRECT);
	CU_ASSERT_EQUAL(row->dwForwardPolicy, 0);
	CU_ASSERT_EQUAL(row->dwForwardAge, INFINITE);
	CU_ASSERT_EQUAL(row->dwForwardNextHopAS, 0);
	CU_ASSERT_EQUAL(row->dwForwardMetric2, 0);
	return NO_ERROR;
}

/* ---- contradictions of the sources that no row above shows ------------------------- */

/* A LUID pointer that holds 0: the index counts. */
static DWORD
k15(void)
{
	NET_LUID none = { .Value = 0 };

	two_interfaces();
	CU_ASSERT_EQUAL(best_route(&none, 2, NULL, "203.0.113.9"), NO_ERROR);
	CU_ASSERT_EQUAL(best.InterfaceIndex, 2);
	return best_route(&none, 77, NULL, "203.0.113.9");
}

/* Class D in version 2, and seen by version 1. */
static DWORD
k25(void)
{
	create("224.0.0.0/4", "0.0.0.0", 2, 1);
	CU_ASSERT_EQUAL(list_v1(TRUE), NO_ERROR);
	CU_ASSERT_EQUAL(v1.table.table[0].dwForwardDest, fixture_ip4("224.0.0.0"));
	return NO_ERROR;
}

/* A gateway out of reach, an interface without a link: stored, and not used. */
static DWORD
k38(void)
{
	struct iftab_if down = *iftab_by_index(fix.ifs, 3);
	struct iftab_addr addr = down.addrs[0];

	down.connected = false;
	down.addrs = &addr;
	CU_ASSERT_EQUAL(iph_interface_put(fix.iph, &down), NO_ERROR);
	create("203.0.113.0/24", "8.8.8.8", 3, 1);
	CU_ASSERT_EQUAL(best_route(NULL, 0, NULL, "203.0.113.9"), ERROR_NETWORK_UNREACHABLE);
	create("203.0.113.0/24", "192.0.2.1", 2, 500);
	CU_ASSERT_EQUAL(best_route(NULL, 0, NULL, "203.0.113.9"), NO_ERROR);
	CU_ASSERT_EQUAL(best.InterfaceIndex, 2);
	return NO_ERROR;
}

/* A packet that a rejecting row takes goes nowhere else [OURS 11]. */
static DWORD
rejected(void)
{
	struct iph_route reject = { .row = fixture_r(), .kind = IPH_REJECT };
	struct iph_fault fault;

	create("0.0.0.0/0", "192.0.2.1", 2, 1);
	reject.row.NextHop = fixture_ip("0.0.0.0");
	reject.row.InterfaceLuid.Value = 0;
	CU_ASSERT_EQUAL(iph_route_change(fix.iph, IPH_CREATE, &reject, &fault), NO_ERROR);
	CU_ASSERT_EQUAL(best_route(NULL, 0, NULL, "203.0.114.9"), NO_ERROR);
	return best_route(NULL, 0, NULL, "203.0.113.9");
}

/* ---- sequences of real programs ---------------------------------------------- */

static MIB_IPFORWARDROW
default_via(const char *gateway)
{
	MIB_IPFORWARDROW row = fixture_v();

	row.dwForwardDest = row.dwForwardMask = 0;
	row.dwForwardNextHop = fixture_ip4(gateway);
	return row;
}

/* (a) Create the new default, then delete the old one. */
static DWORD
gateway_change_with_create(void)
{
	MIB_IPFORWARDROW old = default_via("192.0.2.1"), new;

	CU_ASSERT_EQUAL(CreateIpForwardEntry(&old), NO_ERROR);
	CU_ASSERT_EQUAL(list_v1(TRUE), NO_ERROR);
	new = v1.table.table[0];
	new.dwForwardNextHop = fixture_ip4("192.0.2.254");
	CU_ASSERT_EQUAL(CreateIpForwardEntry(&new), NO_ERROR);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry(&old), NO_ERROR);
	CU_ASSERT_EQUAL(list_v1(TRUE), NO_ERROR);
	CU_ASSERT_EQUAL(v1.table.dwNumEntries, 1);
	CU_ASSERT_EQUAL(v1.table.table[0].dwForwardNextHop, fixture_ip4("192.0.2.254"));
	return NO_ERROR;
}

/* (b) Delete, then Set: the documentation's sample, which ends without a default route. */
static DWORD
gateway_change_with_set(void)
{
	MIB_IPFORWARDROW row = default_via("192.0.2.1");
	DWORD err;

	CU_ASSERT_EQUAL(CreateIpForwardEntry(&row), NO_ERROR);
	CU_ASSERT_EQUAL(DeleteIpForwardEntry(&row), NO_ERROR);
	row.dwForwardNextHop = fixture_ip4("192.0.2.254");
	err = SetIpForwardEntry(&row);
	CU_ASSERT_EQUAL(fixture_count(), 0);
	return err;
}

/* (c) Count the metric up while the answer is 160. */
static DWORD
metric_probe(void)
{
	MIB_IPFORWARDROW row = fixture_v();
	DWORD err;

	row.dwForwardMetric1 = 1;
	while ((err = CreateIpForwardEntry(&row)) == ERROR_BAD_ARGUMENTS)
		row.dwForwardMetric1++;
	CU_ASSERT_EQUAL(row.dwForwardMetric1, 25);
	return err;
}

/* (d) Set, and Create where that finds nothing. */
static DWORD
set_or_create(void)
{
	MIB_IPFORWARDROW row = fixture_v();

	for (int i = 0; i < 2; i++) {
		DWORD err = SetIpForwardEntry(&row);

		if (err == ERROR_NOT_FOUND)
			err = CreateIpForwardEntry(&row);
		CU_ASSERT_EQUAL(err, NO_ERROR);
	}
	CU_ASSERT_EQUAL(fixture_count(), 1);
	return NO_ERROR;
}

/* ---- the table
 * -------------------------------------------------------------------------------------------------------
 */

/* clang-format off */
static const struct line t_4_9[] = {
	{ "T1-01", 87, "pdwSize = NULL", t1_01 },
	{ "T1-02", 122, "one route, NULL buffer, size 0", t1_02 },
	{ "T1-03", 122, "one route, size 59", t1_03 },
	{ "T1-04", 232, "no IPv4 routes", t1_04 },
	{ "T1-05", 50, "IPv4 stack absent", t1_05 },
};
static const struct line t_4_10[] = {
	{ "T2-01", 87, "Table = NULL", t2_01 },
	{ "T2-02", 87, "Family = 7", t2_02 },
	{ "T2-03", 1168, "AF_INET6 with only IPv4 routes", t2_03 },
	{ "T2-04", 50, "AF_INET6 while the IPv6 stack is absent", t2_04 },
	{ "T2-05", 8, "allocation fails", t2_05 },
};
static const struct line t_4_11[] = {
	{ "B2-01", 87, "DestinationAddress = NULL", b2_01 },
	{ "B2-02", 87, "BestRoute = NULL", b2_02 },
	{ "B2-03", 87, "BestSourceAddress = NULL", b2_03 },
	{ "B2-04", 87, "destination family AF_UNSPEC", b2_04 },
	{ "B2-05", 2, "index 0xdeadbeef", b2_05 },
	{ "B2-06", 1168, "LUID 0xdeadbeef, no source", b2_06 },
	{ "B2-07", 50, "IPv4 stack absent", b2_07 },
	{ "B2-08", 1231, "no matching route", b2_08 },
	{ "B2-09", 1231, "route on eth0, asked for index 3", b2_09 },
	{ "B2-10", 1168, "source is not local", b2_10 },
	{ "B2-11", 87, "global IPv6 destination with a scope id", b2_11 },
	{ "B2-12", 87, "127.0.0.1 with index 2", b2_12 },
};
static const struct line t_4_12[] = {
	{ "B1-01", 87, "pdwBestIfIndex = NULL", b1_01 },
	{ "B1-02", 1231, "empty table", b1_02 },
	{ "B1-03", 50, "IPv4 stack absent", b1_03 },
	{ "B1-04", 87, "pDestAddr = NULL", b1_04 },
	{ "B1-05", 87, "sockaddr family 0", b1_05 },
	{ "B1-06", 87, "pBestRoute = NULL", b1_06 },
};
static const struct line t_4_13[] = {
	{ "N-01", 87, "Family = 7", n_01 },
	{ "N-02", 87, "Callback = NULL", n_02 },
	{ "N-03", 87, "NotificationHandle = NULL", n_03 },
	{ "N-04", 8, "no memory", n_04 },
	{ "N-05", 87, "handle NULL", n_05 },
	{ "N-06", 6, "handle already cancelled", n_06 },
	{ "N-07", 1131, "cancelled inside its own call-back", n_07 },
};
static const struct line t_4_14[] = {
	{ "I-01", 87, "Get: Row = NULL", i_01 },
	{ "I-02", 87, "Get: AF_UNSPEC, LUID_A", i_02 },
	{ "I-03", 87, "Get: AF_INET, no interface", i_03 },
	{ "I-04", 2, "Get: LUID 0, index 77", i_04 },
	{ "I-05", 1168, "Get: LUID unknown, index 2", i_05 },
	{ "I-06", 1168, "Get: AF_INET6 on LUID_B", i_06 },
	{ "I-07", 87, "Set: Row = NULL", i_07 },
	{ "I-08", 87, "Set: AF_INET row as Get returns it", i_08 },
	{ "I-09", 5, "Set: not privileged", i_09 },
	{ "I-10", 2, "Set: LUID 0, index 77", i_10 },
	{ "I-11", 87, "Table = NULL", i_11 },
	{ "I-12", 87, "Table: Family = 7", i_12 },
};
static const struct line t_4_15[] = {
	{ "X-01", 87, "IndexToLuid: LUID NULL", x_01 },
	{ "X-02", 2, "IndexToLuid: index 0", x_02 },
	{ "X-03", 2, "IndexToLuid: index 77", x_03 },
	{ "X-04", 2, "LuidToIndex: unknown LUID", x_04 },
	{ "X-05", 87, "LuidToIndex: LUID NULL", x_05 },
	{ "X-06", 8, "LuidToNameA: buffer of 3", x_06 },
	{ "X-07", 87, "LuidToNameA: LUID NULL", x_07 },
	{ "X-08", 8, "LuidToNameA: NULL buffer, length 0", x_08 },
	{ "X-09", 87, "LuidToNameW: NULL buffer, length 0", x_09 },
	{ "X-10", 123, "NameToLuidA: nosuch_1", x_10 },
	{ "X-11", 111, "NameToLuidA: 300 characters", x_11 },
	{ "X-12", 87, "NameToLuidA: LUID NULL", x_12 },
	{ "X-13", 123, "NameToLuidA: name NULL", x_13 },
	{ "X-14", 123, "NameToLuidW: 300 characters", x_14 },
	{ "X-15", 87, "NameToLuidW: both NULL", x_15 },
	{ "X-16", 87, "AliasToLuid: nosuch", x_16 },
	{ "X-17", 87, "AliasToLuid: alias NULL", x_17 },
	{ "X-18", 8, "LuidToAlias: length 4", x_18 },
};
static const struct line t_4_16[] = {
	{ "OK5, OK11", 0, "what GetIpForwardTable shows of them", ok5_11 },
	{ "OK16", 0, "length before metric", ok16 },
	{ "OK17", 0, "the sum of the metrics decides", ok17 },
	{ "OK18", 0, "the source overrides the index", ok18 },
	{ "OK19", 0, "events of Create, Set, Delete", ok19 },
	{ "OK20", 0, "a subscriber of one family", ok20 },
	{ "OK21", 0, "ordered version 1 table", ok21 },
	{ "OK22", 0, "name forms", ok22 },
	{ "OK23", 0, "a new interface metric", ok23 },
	{ "OK25", 0, "default routes disabled", ok25 },
};
static const struct line sequences[] = {
	{ "(a)", 0, "gateway change with Create", gateway_change_with_create },
	{ "(b)", 1168, "gateway change with Set", gateway_change_with_set },
	{ "(c)", 0, "metric probing", metric_probe },
	{ "(d)", 0, "Set, else Create", set_or_create },
};
static const struct line contradictions[] = {
	{ "K15", 2, "LUID pointer holding 0, index 77", k15 },
	{ "K25", 0, "class D in version 2", k25 },
	{ "K38", 0, "gateway out of reach, interface down", k38 },
	{ "OURS 11", 1231, "a rejecting row is the best", rejected },
};
/* clang-format on */

static void
run(const struct line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned before = CU_get_number_of_failures();
		DWORD code;

		fixture_open();
		code = lines[i].call();
		CU_ASSERT_EQUAL(code, lines[i].code);
		fixture_close();
		if (CU_get_number_of_failures() != before)
			fprintf(stderr, "%s (%s): expected %u, got %u, or see above\n",
			        lines[i].id, lines[i].words, lines[i].code, code);
	}
	printf("%zu rows ... ", n);
}

#define TABLE(name, lines, rows)                                                               \
	static void name(void)                                                                 \
	{                                                                                      \
		CU_ASSERT_EQUAL(sizeof lines / sizeof lines[0], rows);                         \
		run(lines, sizeof lines / sizeof lines[0]);                                    \
	}

TABLE(table_4_9, t_4_9, 5)
TABLE(table_4_10, t_4_10, 5)
TABLE(table_4_11, t_4_11, 12)
TABLE(table_4_12, t_4_12, 6)
TABLE(table_4_13, t_4_13, 7)
TABLE(table_4_14, t_4_14, 12)
TABLE(table_4_15, t_4_15, 18)

static void
table_4_16(void)
{
	run(t_4_16, sizeof t_4_16 / sizeof t_4_16[0]);
}

static void
other_lines(void)
{
	run(contradictions, sizeof contradictions / sizeof contradictions[0]);
}

static void
end_to_end(void)
{
	run(sequences, sizeof sequences / sizeof sequences[0]);
}

int
main(void)
{
	CU_TestInfo tests[] = {
		{ "4.9 GetIpForwardTable", table_4_9 },
		{ "4.10 GetIpForwardTable2", table_4_10 },
		{ "4.11 GetBestRoute2", table_4_11 },
		{ "4.12 GetBestInterface, GetBestRoute", table_4_12 },
		{ "4.13 notification", table_4_13 },
		{ "4.14 interface rows", table_4_14 },
		{ "4.15 interface names", table_4_15 },
		{ "4.16 success", table_4_16 },
		{ "contradictions resolved", other_lines },
		{ "sequences of real programs", end_to_end },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "decision table", NULL, NULL, NULL, NULL, tests },
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
