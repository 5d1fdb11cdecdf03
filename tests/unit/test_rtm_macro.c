/*
 * One chapter: what the headers alone promise. Statements 125 and 126, the numbers of
 * section 3, the layout of the structures and the two IPv6 helpers.
 */
#include "rtm_fix.h"

#include <arpa/inet.h>
#include <string.h>

static void
t125_sizes_are_those_of_the_interface(void)
{
	EQ(48, RTM_SIZE_OF_DEST_INFO(0));
	EQ(88, RTM_SIZE_OF_DEST_INFO(1));
	EQ(128, RTM_SIZE_OF_DEST_INFO(2));
	EQ(64, RTM_SIZE_OF_ROUTE_INFO(1));
	EQ(80, RTM_SIZE_OF_ROUTE_INFO(3));
	EQ(184, RTM_SIZE_OF_ROUTE_INFO(16));
	EQ(48, RTM_BASIC_DEST_INFO_SIZE);
	EQ(40, RTM_DEST_VIEW_INFO_SIZE);
	EQ(56, RTM_BASIC_ROUTE_INFO_SIZE);
}

static void
t125_structures_have_the_documented_layout(void)
{
	EQ(16, sizeof(RTM_REGN_PROFILE));
	EQ(20, sizeof(RTM_NET_ADDRESS));
	EQ(8, sizeof(RTM_PREF_INFO));
	EQ(16, sizeof(RTM_NEXTHOP_LIST));
	EQ(88, sizeof(RTM_DEST_INFO));
	EQ(64, sizeof(RTM_ROUTE_INFO));
	EQ(56, sizeof(RTM_NEXTHOP_INFO));
	EQ(8, sizeof(RTM_ENTITY_ID));
	EQ(16, sizeof(RTM_ENTITY_INFO));
	EQ(8, offsetof(RTM_ENTITY_INFO, EntityId));
	EQ(8, offsetof(RTM_ROUTE_INFO, RouteOwner));
	EQ(16, offsetof(RTM_ROUTE_INFO, Neighbour));
	EQ(24, offsetof(RTM_ROUTE_INFO, State));
	EQ(25, offsetof(RTM_ROUTE_INFO, Flags1));
	EQ(26, offsetof(RTM_ROUTE_INFO, Flags));
	EQ(28, offsetof(RTM_ROUTE_INFO, PrefInfo));
	EQ(36, offsetof(RTM_ROUTE_INFO, BelongsToViews));
	EQ(40, offsetof(RTM_ROUTE_INFO, EntitySpecificInfo));
	EQ(48, offsetof(RTM_ROUTE_INFO, NextHopsList));
	EQ(24, offsetof(RTM_NEXTHOP_INFO, NextHopOwner));
	EQ(32, offsetof(RTM_NEXTHOP_INFO, InterfaceIndex));
	EQ(36, offsetof(RTM_NEXTHOP_INFO, State));
	EQ(38, offsetof(RTM_NEXTHOP_INFO, Flags));
	EQ(40, offsetof(RTM_NEXTHOP_INFO, EntitySpecificInfo));
	EQ(48, offsetof(RTM_NEXTHOP_INFO, RemoteNextHop));
	EQ(8, offsetof(RTM_ENTITY_METHOD_INPUT, InputData));
	EQ(12, offsetof(RTM_ENTITY_METHOD_OUTPUT, OutputData));
	EQ(4, sizeof(ULONG));
	EQ(4, sizeof(DWORD));
}

static void
t125_route_info_stays_inside_its_room(void)
{
	UINT max = fx.profile.MaxNextHopsInRoute;
	size_t room = RTM_SIZE_OF_ROUTE_INFO(max), guard = 64;
	UCHAR *bytes = mem_calloc(1, room + guard);
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	RTM_ROUTE_INFO *r = (void *)bytes;
	RTM_ROUTE_HANDLE h = NULL;
	union route_buf in;

	memset(&in, 0, sizeof in);
	in.i.PrefInfo.Preference = 1;
	in.i.BelongsToViews = UC;
	in.i.NextHopsList.NumNextHops = (USHORT)max;
	for (UINT i = 0; i < max; i++)
		(&in.i.NextHopsList.NextHops[0])[i] = fx_hop(fx.a, "192.0.2.1", i + 1);
	OK(RtmAddRouteToDest(fx.a, &h, &n, &in.i, INFINITE, NULL, 0, NULL, &change));
	memset(bytes, 0xa5, room + guard);
	OK(RtmGetRouteInfo(fx.a, fx_keep(FX_ROUTE, h), r, NULL));
	EQ(max, r->NextHopsList.NumNextHops);
	EQ(0, memcmp(&in.i.NextHopsList.NextHops[0], &r->NextHopsList.NextHops[0],
	             max * sizeof(HANDLE)));
	for (size_t i = 0; i < guard; i++)
		EQ(0xa5, bytes[room + i]);
	OK(RtmReleaseRouteInfo(fx.a, r));
	mem_free(bytes);
}

static void
t125_dest_info_stays_inside_its_room(void)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_VIEW_SET masks[] = { ANY, UC, MC, UC | MC };

	fx_route(fx.a, RT("10.0.0.0", 8, .views = UC | MC));
	for (UINT i = 0; i < 4; i++) {
		size_t room = RTM_SIZE_OF_DEST_INFO(__builtin_popcount(masks[i]));
		UCHAR *bytes = mem_calloc(1, room + 64);

		memset(bytes, 0xa5, room + 64);
		OK(RtmGetExactMatchDestination(fx.a, &n, 0, masks[i], (void *)bytes));
		for (UINT k = 0; k < 64; k++)
			EQ(0xa5, bytes[room + k]);
		OK(RtmReleaseDestInfo(fx.a, (void *)bytes));
		mem_free(bytes);
	}
}

static void
t126_mask_and_length_are_inverse(void)
{
	for (ULONG len = 0; len <= 32; len++) {
		ULONG mask = RTM_IPV4_MASK_FROM_LEN(len), back = 99;

		RTM_IPV4_LEN_FROM_MASK(back, mask);
		EQ(len, back);
	}
	EQ(htonl(0xFFFFFF00), RTM_IPV4_MASK_FROM_LEN(24));
	EQ(0, RTM_IPV4_MASK_FROM_LEN(0));
	EQ(0xFFFFFFFF, RTM_IPV4_MASK_FROM_LEN(32));
}

static void
t126_set_and_get_go_round(void)
{
	RTM_NET_ADDRESS n, made;
	ULONG addr = 0, len = 0, mask = 0;

	memset(&n, 0xff, sizeof n);
	RTM_IPV4_SET_ADDR_AND_LEN(&n, htonl(0x0a010200), 24);
	EQ(AF_INET, n.AddressFamily);
	EQ(24, n.NumBits);
	EQ(10, n.AddrBits[0]);
	EQ(2, n.AddrBits[2]);
	for (UINT i = 4; i < 16; i++)
		EQ(0, n.AddrBits[i]);
	RTM_IPV4_GET_ADDR_AND_LEN(addr, len, &n);
	EQ(htonl(0x0a010200), addr);
	EQ(24, len);
	RTM_IPV4_MAKE_NET_ADDRESS(&made, htonl(0x0a010200), 24);
	EQ(0, memcmp(&n, &made, sizeof n));
	RTM_IPV4_SET_ADDR_AND_MASK(&made, htonl(0x0a010200), htonl(0xffffff00));
	EQ(0, memcmp(&n, &made, sizeof n));
	RTM_IPV4_GET_ADDR_AND_MASK(addr, mask, &made);
	EQ(htonl(0xffffff00), mask);
}

static void
t126_each_macro_is_one_statement_and_evaluates_once(void)
{
	RTM_NET_ADDRESS n[3], *p = n;
	ULONG addr = htonl(0x0a000000), lens[3] = { 8, 16, 24 }, *len = lens, out = 0, got = 0;

	if (fx.now_ms == 0)
		RTM_IPV4_SET_ADDR_AND_LEN(p, 0, 0);
	else
		RTM_IPV4_SET_ADDR_AND_LEN(p++, addr++, *len++);
	EQ(1, p - n);
	EQ(1, len - lens);
	EQ(8, n[0].NumBits);
	EQ(htonl(0x0a000000) + 1, addr);
	p = n;
	if (fx.now_ms == 0)
		RTM_IPV4_GET_ADDR_AND_LEN(out, got, p);
	else
		RTM_IPV4_GET_ADDR_AND_LEN(out, got, p++);
	EQ(1, p - n);
	EQ(8, got);
	EQ(htonl(0x0a000000), out);
	len = lens;
	EQ(htonl(0xff000000), RTM_IPV4_MASK_FROM_LEN(*len++));
	EQ(1, len - lens);
	addr = htonl(0xff000000);
	if (fx.now_ms == 0)
		RTM_IPV4_LEN_FROM_MASK(out, 0);
	else
		RTM_IPV4_LEN_FROM_MASK(out, addr++);
	EQ(8, out);
	EQ(htonl(0xff000000) + 1, addr);
	p = n;
	if (fx.now_ms == 0)
		RTM_IPV4_GET_ADDR_AND_MASK(out, got, p);
	else
		RTM_IPV4_GET_ADDR_AND_MASK(out, got, p++);
	EQ(1, p - n);
	EQ(htonl(0xff000000), got);
}

static void
the_ipv6_helpers_convert_both_ways_and_check(void)
{
	struct in6_addr a, back;
	RTM_NET_ADDRESS n, made;
	DWORD len = 0, bad[] = { 0, 4, 15, 17 };

	EQ(1, inet_pton(AF_INET6, "2001:db8::1", &a));
	OK(RtmConvertIpv6AddressAndLengthToNetAddress(&n, a, 64, 16));
	EQ(AF_INET6, n.AddressFamily);
	EQ(64, n.NumBits);
	EQ(0, memcmp(n.AddrBits, &a, 16));
	OK(RtmConvertNetAddressToIpv6AddressAndLength(&n, &back, &len, 16));
	EQ(64, len);
	EQ(0, memcmp(&back, &a, 16));
	for (UINT i = 0; i < 4; i++) {
		CODE(ERROR_INVALID_PARAMETER,
		     RtmConvertIpv6AddressAndLengthToNetAddress(&n, a, 64, bad[i]));
		CODE(ERROR_INVALID_PARAMETER,
		     RtmConvertNetAddressToIpv6AddressAndLength(&n, &back, &len, bad[i]));
	}
	CODE(ERROR_INVALID_PARAMETER,
	     RtmConvertIpv6AddressAndLengthToNetAddress(&n, a, 129, 16));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmConvertIpv6AddressAndLengthToNetAddress(NULL, a, 64, 16));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmConvertNetAddressToIpv6AddressAndLength(NULL, &back, &len, 16));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmConvertNetAddressToIpv6AddressAndLength(&n, NULL, &len, 16));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmConvertNetAddressToIpv6AddressAndLength(&n, &back, NULL, 16));
	RTM_IPV6_MAKE_NET_ADDRESS(&made, a, 64);
	EQ(0, memcmp(&n, &made, sizeof n));
	len = 0;
	RTM_IPV6_GET_ADDR_AND_LEN(back, len, &made);
	EQ(64, len);
	n.AddressFamily = AF_INET;
	CODE(ERROR_INVALID_PARAMETER,
	     RtmConvertNetAddressToIpv6AddressAndLength(&n, &back, &len, 16));
}

static void
constants_have_the_numbers_of_the_public_headers(void)
{
	/* clang-format off */
	static const struct { unsigned long long is, want; const char *name; } t[] = {
#define N(name, want) { (unsigned long long)(name), want, #name }
		N(RTM_MAX_ADDRESS_SIZE, 16), N(RTM_MAX_VIEWS, 32), N(RTM_VIEW_MASK_SIZE, 0x20),
		N(RTM_VIEW_ID_UCAST, 0), N(RTM_VIEW_ID_MCAST, 1), N(RTM_VIEW_MASK_NONE, 0),
		N(RTM_VIEW_MASK_ANY, 0), N(RTM_VIEW_MASK_UCAST, 1), N(RTM_VIEW_MASK_MCAST, 2),
		N(RTM_VIEW_MASK_ALL, 0xFFFFFFFF), N(RTM_DEST_FLAG_NATURAL_NET, 1),
		N(RTM_DEST_FLAG_FWD_ENGIN_ADD, 2), N(RTM_DEST_FLAG_DONT_FORWARD, 4),
		N(RTM_ROUTE_STATE_CREATED, 0), N(RTM_ROUTE_STATE_DELETING, 1),
		N(RTM_ROUTE_STATE_DELETED, 2), N(RTM_ROUTE_FLAGS_LOOPBACK, 0x80),
		N(RTM_ROUTE_FLAGS_FORWARDING, 0xF), N(RTM_ROUTE_FLAGS_ANY_UNICAST, 0x70),
		N(RTM_ROUTE_FLAGS_ANY_MCAST, 0x300), N(RTM_ROUTE_FLAGS_SUBNET_BCAST, 0xA000),
		N(RTM_ROUTE_FLAGS_NET_BCAST, 0x5000), N(RTM_ROUTE_FLAGS_ANY_BCAST, 0xF400),
		N(RTM_NEXTHOP_STATE_CREATED, 0), N(RTM_NEXTHOP_STATE_DELETED, 1),
		N(RTM_NEXTHOP_FLAGS_REMOTE, 1), N(RTM_NEXTHOP_FLAGS_DOWN, 2),
		N(RTM_NEXTHOP_CHANGE_NEW, 1), N(RTM_ROUTE_CHANGE_FIRST, 1),
		N(RTM_ROUTE_CHANGE_NEW, 2), N(RTM_ROUTE_CHANGE_BEST, 0x10000),
		N(RTM_MATCH_NONE, 0), N(RTM_MATCH_OWNER, 1), N(RTM_MATCH_NEIGHBOUR, 2),
		N(RTM_MATCH_PREF, 4), N(RTM_MATCH_NEXTHOP, 8), N(RTM_MATCH_INTERFACE, 0x10),
		N(RTM_MATCH_FULL, 0xFFFF), N(RTM_BEST_PROTOCOL, 0),
		N(RTM_THIS_PROTOCOL, 0xFFFFFFFF), N(RTM_ENUM_START, 0), N(RTM_ENUM_NEXT, 1),
		N(RTM_ENUM_RANGE, 2), N(RTM_ENUM_ALL_DESTS, 0), N(RTM_ENUM_OWN_DESTS, 0x1000000),
		N(RTM_ENUM_ALL_ROUTES, 0), N(RTM_ENUM_OWN_ROUTES, 0x10000),
		N(RTM_NUM_CHANGE_TYPES, 3), N(RTM_CHANGE_TYPE_ALL, 1), N(RTM_CHANGE_TYPE_BEST, 2),
		N(RTM_CHANGE_TYPE_FORWARDING, 4), N(RTM_NOTIFY_ONLY_MARKED_DESTS, 0x10000),
		N(RTM_RESUME_METHODS, 0), N(RTM_BLOCK_METHODS, 1),
		N(METHOD_TYPE_ALL_METHODS, 0xFFFFFFFF), N(METHOD_OSPF_FWD_ADDRESS, 0x20),
		N(PROTO_IP_NETMGMT, 3), N(PROTO_IP_RIP, 8), N(PROTO_IP_OSPF, 13),
		N(PROTO_IP_BGP, 14), N(PROTO_IP_BOOTP, 9999), N(PROTO_IP_NT_AUTOSTATIC, 10002),
		N(PROTO_IP_NT_STATIC, 10006), N(PROTO_IP_NT_STATIC_NON_DOD, 10007),
		N(PROTOCOL_ID(3, 0x3FFF, 0xFFFF), 0xFFFFFFFF), N(PROTOCOL_ID(1, 0, 8), 0x40000008),
		N(PROTOCOL_ID(PROTO_TYPE_UCAST, PROTO_VENDOR_MS1, PROTO_IP_RIP), 0x01370008),
		N(PROTO_VENDOR_MS2, 0x3FFF), N(PROTO_TYPE_MS1, 3),
		N(RTM_ENTITY_REGISTERED, 0), N(RTM_ENTITY_DEREGISTERED, 1),
		N(RTM_ROUTE_EXPIRED, 2), N(RTM_CHANGE_NOTIFICATION, 3), N(INFINITE, 0xFFFFFFFF),
		N(ERROR_FILE_NOT_FOUND, 2), N(ERROR_ACCESS_DENIED, 5), N(ERROR_INVALID_HANDLE, 6),
		N(ERROR_NOT_ENOUGH_MEMORY, 8), N(ERROR_INVALID_DATA, 13), N(ERROR_NOT_SUPPORTED, 50),
		N(ERROR_INVALID_PARAMETER, 87), N(ERROR_INSUFFICIENT_BUFFER, 122),
		N(ERROR_NOT_LOCKED, 158), N(ERROR_ALREADY_EXISTS, 183), N(ERROR_NO_MORE_ITEMS, 259),
		N(ERROR_POSSIBLE_DEADLOCK, 1131), N(ERROR_NOT_FOUND, 1168),
		N(ERROR_NO_SYSTEM_RESOURCES, 1450), N(ERROR_BAD_CONFIGURATION, 1610),
	};
	/* clang-format on */
	for (UINT i = 0; i < sizeof t / sizeof t[0]; i++)
		fx_expect(t[i].is == t[i].want, __LINE__, __FILE__, __func__, "%s is %llu",
		          t[i].name, t[i].is);
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t125_sizes_are_those_of_the_interface),
	T(t125_structures_have_the_documented_layout),
	T(t125_route_info_stays_inside_its_room),
	T(t125_dest_info_stays_inside_its_room),
	T(t126_mask_and_length_are_inverse),
	T(t126_set_and_get_go_round),
	T(t126_each_macro_is_one_statement_and_evaluates_once),
	T(the_ipv6_helpers_convert_both_ways_and_check),
	T(constants_have_the_numbers_of_the_public_headers),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("macros and layout", cases, FX_BOTH);
}
