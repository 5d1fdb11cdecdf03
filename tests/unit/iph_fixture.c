/*
 * One chapter: five interfaces, an empty table, and a clock that stands still until a
 * test moves it. The ports answer what `fix' says. The other client registers as OSPF
 * and is told of every change, so that a test can see that nothing was notified.
 */
#include "iph_fixture.h"

#include <CUnit/CUnit.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "iftab/inet.h"
#include "rtmhost.h"

static struct iph_rows next_rows; /* of fixture_next() */

#define CALENDAR_START 132000000000000000u /* some day, in 100 ns since 1601 */
#define CLOCK_START_MS 1000000u

struct fixture fix;

static const char *const families[] = { "192.0.2.0", "2001:db8::" };

/* ---- ports -------------------------------------------------------------------------- */

static bool
port_privileged(void *arg)
{
	(void)arg;
	return fix.privileged;
}

static bool
port_stack(void *arg, ADDRESS_FAMILY family)
{
	(void)arg;
	return family == AF_INET ? fix.stack4 : fix.stack6;
}

static DWORD
port_commit(void *arg, USHORT instance, const RTM_NET_ADDRESS *dest)
{
	(void)arg;
	CU_ASSERT_EQUAL(instance, 0);
	fix.commits++;
	fix.committed = *dest;
	if (fix.during_commit != NULL)
		fix.during_commit();
	return fix.commit_answer;
}

static uint64_t
port_now_ms(void *arg)
{
	(void)arg;
	return fix.now_ms;
}

static FILETIME
port_calendar(void *arg)
{
	uint64_t ticks = CALENDAR_START + fix.now_ms * 10000;
	FILETIME time = { (DWORD)ticks, (DWORD)(ticks >> 32) };

	(void)arg;
	return time;
}

/* ---- interfaces ----------------------------------------------------------------------- */

struct line {
	NET_IFINDEX index;
	ULONG64 luid;
	const char *alias;
	USHORT type;
	const char *addr4, *addr6; /* NULL: bound without address; "": not bound */
	ULONG metric;
	bool routes, sub_interfaces;
};

static const struct line interfaces[] = {
	{ 1, 0x0018000000000000, "lo", 24, "127.0.0.1/8", "::1/128", 75, true, false },
	{ 2, LUID_A, "eth0", 6, "192.0.2.10/24", "2001:db8:1::10/64", 25, true, false },
	{ 3, LUID_B, "eth1", 6, "198.51.100.10/24", "", 5, true, false },
	{ 4, LUID_T, "tun0", 131, NULL, NULL, 10, false, false },
	{ 5, 0x0006000003000000, "bond0", 6, NULL, NULL, 10, true, true },
};

static void
add_address(struct iftab_if *desc, struct iftab_addr *addrs, enum iftab_family family,
            const char *text)
{
	IP_ADDRESS_PREFIX prefix;

	desc->bound[family] = text == NULL || text[0] != '\0';
	if (text == NULL || text[0] == '\0')
		return;
	prefix = fixture_prefix(text);
	addrs[desc->naddrs].address = prefix.Prefix;
	addrs[desc->naddrs].prefix_length = prefix.PrefixLength;
	desc->naddrs++;
}

static void
add_interface(const struct line *line)
{
	struct iftab_addr addrs[IFTAB_FAMILIES];
	struct iftab_if desc = { .index = line->index,
		                 .luid.Value = line->luid,
		                 .if_type = line->type,
		                 .metric = { line->metric, line->metric },
		                 .connected = true,
		                 .routes = line->routes,
		                 .sub_interfaces = line->sub_interfaces,
		                 .addrs = addrs };

	snprintf(desc.alias, sizeof desc.alias, "%s", line->alias);
	add_address(&desc, addrs, IFTAB_V4, line->addr4);
	add_address(&desc, addrs, IFTAB_V6, line->addr6);
	CU_ASSERT_EQUAL_FATAL(iftab_put(fix.ifs, &desc), NO_ERROR);
}

/* ---- the other client -------------------------------------------------------- */

static DWORD WINAPI
heard(RTM_ENTITY_HANDLE entity, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)entity;
	(void)context1;
	(void)context2;
	if (type == RTM_CHANGE_NOTIFICATION)
		fix.notified++;
	return NO_ERROR;
}

static void
other_open(enum iftab_family family)
{
	RTM_ENTITY_INFO info = { .AddressFamily = fixture_ip(families[family]).si_family };
	RTM_REGN_PROFILE profile;

	info.EntityId.EntityProtocolId = PROTO_IP_OSPF;
	CU_ASSERT_EQUAL_FATAL(
	    RtmRegisterEntity(&info, NULL, heard, FALSE, &profile, &fix.other[family]),
	    NO_ERROR);
	CU_ASSERT_EQUAL_FATAL(
	    RtmRegisterForChangeNotification(fix.other[family], RTM_VIEW_MASK_UCAST,
	                                     RTM_CHANGE_TYPE_ALL, NULL, &fix.notify[family]),
	    NO_ERROR);
}

static RTM_NEXTHOP_HANDLE
other_hop(RTM_ENTITY_HANDLE entity, const char *text)
{
	RTM_NEXTHOP_INFO info = { .InterfaceIndex = 0 };
	RTM_NEXTHOP_CHANGE_FLAGS change;
	RTM_NEXTHOP_HANDLE hop = NULL;
	char gateway[64];
	unsigned index;
	SOCKADDR_INET sa;

	CU_ASSERT_EQUAL_FATAL(sscanf(text, "%63[^@]@%u", gateway, &index), 2);
	sa = fixture_ip(gateway);
	info.NextHopAddress.AddressFamily = sa.si_family;
	info.NextHopAddress.NumBits = (USHORT)inet_bits(sa.si_family);
	memcpy(info.NextHopAddress.AddrBits, inet_bytes(&sa), inet_size(sa.si_family));
	info.InterfaceIndex = index;
	CU_ASSERT_EQUAL_FATAL(RtmAddNextHop(entity, &info, &hop, &change), NO_ERROR);
	return hop;
}

DWORD
fixture_other_route(const char *prefix, const char *hops, ULONG metric, USHORT flags,
                    RTM_VIEW_SET views)
{
	IP_ADDRESS_PREFIX to = fixture_prefix(prefix);
	RTM_ENTITY_HANDLE entity =
	    fix.other[to.Prefix.si_family == AF_INET ? IFTAB_V4 : IFTAB_V6];
	union {
		RTM_ROUTE_INFO info;
		char room[RTM_SIZE_OF_ROUTE_INFO(16)];
	} route;
	RTM_ROUTE_CHANGE_FLAGS change = RTM_ROUTE_CHANGE_NEW;
	RTM_NET_ADDRESS dest = { .AddressFamily = to.Prefix.si_family,
		                 .NumBits = to.PrefixLength };
	RTM_NEXTHOP_HANDLE *hops_out = route.info.NextHopsList.NextHops;
	char copy[256], *at = NULL;
	UINT n = 0;
	DWORD err;

	memset(&route, 0, sizeof route);
	memcpy(dest.AddrBits, inet_bytes(&to.Prefix), inet_size(to.Prefix.si_family));
	snprintf(copy, sizeof copy, "%s", hops);
	for (char *word = strtok_r(copy, " ", &at); word != NULL;
	     word = strtok_r(NULL, " ", &at))
		hops_out[n++] = other_hop(entity, word);
	route.info.NextHopsList.NumNextHops = (USHORT)n;
	route.info.PrefInfo.Metric = metric;
	route.info.Flags = flags;
	route.info.BelongsToViews = views;
	/* not a record of ours: whoever dereferences it learns at once */
	route.info.EntitySpecificInfo = (PVOID)(uintptr_t)1;
	err = RtmAddRouteToDest(entity, NULL, &dest, &route.info, INFINITE, NULL, 0, NULL,
	                        &change);
	RtmReleaseNextHops(entity, n, route.info.NextHopsList.NextHops);
	return err;
}

/* ---- opening, closing, time -------------------------------------------------- */

static void
tell_time(void)
{
	rtm_advance(fix.now_ms, port_calendar(NULL));
}

void
fixture_open(void)
{
	static const struct iph_ports ports = { .privileged = port_privileged,
		                                .stack = port_stack,
		                                .commit = port_commit,
		                                .now_ms = port_now_ms,
		                                .calendar = port_calendar };

	memset(&fix, 0, sizeof fix);
	fix.privileged = fix.stack4 = fix.stack6 = true;
	fix.now_ms = CLOCK_START_MS;
	tell_time();
	fix.ifs = iftab_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(fix.ifs);
	for (size_t i = 0; i < sizeof interfaces / sizeof interfaces[0]; i++)
		add_interface(&interfaces[i]);
	CU_ASSERT_EQUAL_FATAL(iph_open(fix.ifs, 0, &ports, &fix.iph), NO_ERROR);
	iph_default = fix.iph;
	for (size_t i = 0; i < IFTAB_FAMILIES; i++)
		other_open(i);
	if (place_open != NULL)
		place_open();
	fixture_settle();
}

static void
empty_table(void)
{
	struct snapshot all = snapshot_take();
	struct iph_fault fault;

	fix.privileged = fix.stack4 = fix.stack6 = true;
	fix.commit_answer = NO_ERROR;
	fix.during_commit = NULL;
	for (size_t i = 0; i < all.n; i++)
		if (all.rows[i].own)
			CU_ASSERT_EQUAL(
			    iph_route_change(fix.iph, IPH_DELETE, &all.rows[i], &fault),
			    NO_ERROR);
	snapshot_free(&all);
}

static void
nothing_is_left(void)
{
	struct rtm_counts counts;

	rtm_counts_get(&counts);
	CU_ASSERT_EQUAL(counts.entities, 0);
	CU_ASSERT_EQUAL(counts.dests, 0);
	CU_ASSERT_EQUAL(counts.routes, 0);
	CU_ASSERT_EQUAL(counts.nexthops, 0);
	CU_ASSERT_EQUAL(counts.enums, 0);
	CU_ASSERT_EQUAL(counts.notifies, 0);
	CU_ASSERT_EQUAL(counts.client_refs, 0);
}

void
fixture_close(void)
{
	struct rtm_counts counts;

	mem_fail_nth(0);
	if (place_close != NULL)
		place_close();
	for (size_t i = 0; i < IFTAB_FAMILIES; i++)
		if (fix.other[i] != NULL)
			RtmDeregisterEntity(fix.other[i]);
	empty_table();
	iph_rows_free(&next_rows);
	while (rtm_turn())
		;
	/* next hops go with the last row that uses them */
	rtm_counts_get(&counts);
	CU_ASSERT_EQUAL(counts.routes, 0);
	CU_ASSERT_EQUAL(counts.nexthops, 0);
	iph_default = NULL;
	iph_close(fix.iph);
	iftab_free(fix.ifs);
	while (rtm_turn())
		;
	nothing_is_left();
	rtm_shutdown();
	CU_ASSERT_EQUAL(mem_alive(), 0);
}

void
fixture_settle(void)
{
	union {
		RTM_DEST_INFO info;
		char room[RTM_SIZE_OF_DEST_INFO(1) * 8];
	} dests;

	while (rtm_turn())
		;
	for (size_t i = 0; i < IFTAB_FAMILIES; i++) {
		UINT n = 8;

		while (RtmGetChangedDests(fix.other[i], fix.notify[i], &n, &dests.info) ==
		       NO_ERROR) {
			RtmReleaseChangedDests(fix.other[i], fix.notify[i], n, &dests.info);
			n = 8;
		}
	}
	fix.notified = 0;
}

void
fixture_pass(uint64_t seconds)
{
	fix.now_ms += seconds * 1000;
	tell_time();
	while (rtm_turn())
		;
}

/* ---- values ------------------------------------------------------------------ */

SOCKADDR_INET
fixture_ip(const char *text)
{
	ADDRESS_FAMILY family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	uint8_t bytes[16];
	SOCKADDR_INET sa;

	CU_ASSERT_EQUAL_FATAL(inet_pton(family, text, bytes), 1);
	inet_make(&sa, family, bytes);
	return sa;
}

IPAddr
fixture_ip4(const char *text)
{
	return fixture_ip(text).Ipv4.sin_addr.s_addr;
}

IP_ADDRESS_PREFIX
fixture_prefix(const char *text)
{
	IP_ADDRESS_PREFIX prefix;
	char address[64];
	unsigned length;

	memset(&prefix, 0, sizeof prefix);
	CU_ASSERT_EQUAL_FATAL(sscanf(text, "%63[^/]/%u", address, &length), 2);
	prefix.Prefix = fixture_ip(address);
	prefix.PrefixLength = (UINT8)length;
	return prefix;
}

static MIB_IPFORWARD_ROW2
row2(const char *prefix, const char *hop)
{
	MIB_IPFORWARD_ROW2 row;

	InitializeIpForwardEntry(&row);
	row.DestinationPrefix = fixture_prefix(prefix);
	row.NextHop = fixture_ip(hop);
	row.InterfaceLuid.Value = LUID_A;
	row.Metric = 10;
	row.Protocol = MIB_IPPROTO_NETMGMT;
	return row;
}

MIB_IPFORWARD_ROW2
fixture_r(void)
{
	return row2("203.0.113.0/24", "192.0.2.1");
}

MIB_IPFORWARD_ROW2
fixture_r6(void)
{
	return row2("2001:db8:99::/48", "2001:db8:1::1");
}

MIB_IPFORWARDROW
fixture_v(void)
{
	MIB_IPFORWARDROW row = { .dwForwardDest = fixture_ip4("203.0.113.0"),
		                 .dwForwardMask = fixture_ip4("255.255.255.0"),
		                 .dwForwardNextHop = fixture_ip4("192.0.2.1"),
		                 .dwForwardIfIndex = 2,
		                 .dwForwardType = MIB_IPROUTE_TYPE_INDIRECT,
		                 .dwForwardProto = MIB_IPPROTO_NETMGMT,
		                 .dwForwardMetric1 = 35,
		                 .dwForwardMetric2 = MIB_IPROUTE_METRIC_UNUSED,
		                 .dwForwardMetric3 = MIB_IPROUTE_METRIC_UNUSED,
		                 .dwForwardMetric4 = MIB_IPROUTE_METRIC_UNUSED,
		                 .dwForwardMetric5 = MIB_IPROUTE_METRIC_UNUSED };

	return row;
}

/* ---- the whole table --------------------------------------------------------- */

static void
snapshot_add(struct snapshot *all, const struct iph_route *rows, size_t n)
{
	if (all->n + n > all->cap) {
		all->cap = (all->n + n) * 2;
		all->rows = realloc(all->rows, all->cap * sizeof *all->rows);
		CU_ASSERT_PTR_NOT_NULL_FATAL(all->rows);
	}
	memcpy(&all->rows[all->n], rows, n * sizeof *rows);
	all->n += n;
}

DWORD
fixture_next(const IP_ADDRESS_PREFIX *from, bool inclusive, IP_ADDRESS_PREFIX *out)
{
	DWORD err = iph_rows_next(fix.iph, from, inclusive, 1, &next_rows);

	if (err == NO_ERROR)
		*out = next_rows.spans[0].dest;
	return err;
}

struct snapshot
snapshot_take(void)
{
	struct snapshot all = { NULL, 0, 0 };
	struct iph_route *rows = NULL;
	size_t cap = 0, n;

	for (size_t i = 0; i < IFTAB_FAMILIES; i++) {
		IP_ADDRESS_PREFIX at = { .PrefixLength = 0 };
		bool inclusive = true;

		inet_make(&at.Prefix, fixture_ip(families[i]).si_family, &(uint8_t[16]){ 0 });
		for (; fixture_next(&at, inclusive, &at) == NO_ERROR; inclusive = false)
			if (iph_dest_rows(fix.iph, &at, &rows, &cap, &n) == NO_ERROR)
				snapshot_add(&all, rows, n);
	}
	mem_free(rows);
	return all;
}

bool
snapshot_same(const struct snapshot *a, const struct snapshot *b)
{
	return a->n == b->n &&
	       (a->n == 0 || memcmp(a->rows, b->rows, a->n * sizeof *a->rows) == 0);
}

void
snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->rows);
	memset(snapshot, 0, sizeof *snapshot);
}

size_t
fixture_count(void)
{
	struct snapshot all = snapshot_take();
	size_t n = all.n;

	snapshot_free(&all);
	return n;
}
