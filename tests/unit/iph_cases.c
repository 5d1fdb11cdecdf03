/*
 * Tables 4.2 to 4.8, one line a row. Each line is expanded twice: into the function that
 * edits the model row, and into the entry of the table.
 *
 * R is the version 2 model row, R6 its IPv6 twin, V the version 1 one.
 */
#include "iph_cases.h"

#include "iph_fixture.h"

/* clang-format off */
#define F(x) IPH_FIELD_##x
#define W(x) IPH_REASON_##x
#define BAD 87
#define GONE 1168
#define MASK(text) r->dwForwardMask = fixture_ip4(text)
#define NET(text) r->DestinationPrefix = fixture_prefix(text)
#define HOP(text) r->NextHop = fixture_ip(text)
#define NO_IF r->InterfaceLuid.Value = 0; r->InterfaceIndex = 0

/*    id     call     model  before  code  field  reason  words  edit */
#define CASES2(X, NUL) \
NUL(C2_01, CREATE2, 0, BAD, NONE, MISSING, "Row = NULL") \
X(C2_02, CREATE2, R, 0, BAD, PREFIX, MISSING, "row all zero bytes", \
	memset(r, 0, sizeof *r)) \
X(C2_03, CREATE2, R, 0, BAD, PREFIX, MISSING, "R straight from InitializeIpForwardEntry, only LUID set", \
	InitializeIpForwardEntry(r); r->InterfaceLuid.Value = LUID_A) \
X(C2_04, CREATE2, R, 0, BAD, PREFIX, MISSING, "prefix family AF_UNSPEC", \
	r->DestinationPrefix.Prefix.si_family = AF_UNSPEC) \
X(C2_05, CREATE2, R, 0, BAD, PREFIX, FAMILY, "prefix family 99", \
	r->DestinationPrefix.Prefix.si_family = 99) \
X(C2_06, CREATE2, R, 0, BAD, LENGTH, RANGE, "PrefixLength = 33", \
	r->DestinationPrefix.PrefixLength = 33) \
X(C2_07, CREATE2, R6, 0, BAD, LENGTH, RANGE, "R6 with PrefixLength = 129", \
	r->DestinationPrefix.PrefixLength = 129) \
X(C2_08, CREATE2, R, 0, BAD, LENGTH, RANGE, "PrefixLength = 255", \
	r->DestinationPrefix.PrefixLength = 255) \
X(C2_09, CREATE2, R, 0, BAD, PREFIX, HOST_BITS, "203.0.113.7/24", NET("203.0.113.7/24")) \
X(C2_10, CREATE2, R6, 0, BAD, PREFIX, HOST_BITS, "2001:db8:99::1/48", NET("2001:db8:99::1/48")) \
X(C2_11, CREATE2, R, 0, BAD, NEXTHOP, MISSING, "NextHop family AF_UNSPEC", \
	memset(&r->NextHop, 0, sizeof r->NextHop)) \
X(C2_12, CREATE2, R, 0, BAD, NEXTHOP, FAMILY, "IPv4 prefix, IPv6 next hop", HOP("2001:db8:1::1")) \
X(C2_13, CREATE2, R6, 0, BAD, NEXTHOP, FAMILY, "IPv6 prefix, IPv4 next hop", HOP("192.0.2.1")) \
X(C2_14, CREATE2, R, 0, BAD, NEXTHOP, UNUSABLE, "NextHop 127.0.0.1", HOP("127.0.0.1")) \
X(C2_15, CREATE2, R, 0, BAD, NEXTHOP, UNUSABLE, "NextHop 224.0.0.5", HOP("224.0.0.5")) \
X(C2_16, CREATE2, R6, 0, BAD, NEXTHOP, UNUSABLE, "NextHop ff02::1", HOP("ff02::1")) \
X(C2_17, CREATE2, R6, 0, BAD, NEXTHOP, UNUSABLE, "NextHop ::1", HOP("::1")) \
X(C2_18, CREATE2, R, 0, BAD, INTERFACE, MISSING, "no LUID and no index", NO_IF) \
X(C2_19, CREATE2, R, 0, BAD, LIFETIME, RANGE, "Valid 100, Preferred 101", \
	r->ValidLifetime = 100; r->PreferredLifetime = 101) \
X(C2_20, CREATE2, R, 0, BAD, LIFETIME, RANGE, "Valid 3600, Preferred INFINITE", \
	r->ValidLifetime = 3600) \
X(C2_21, CREATE2, R, 0, BAD, SITE, RANGE, "SitePrefixLength 25", r->SitePrefixLength = 25) \
X(C2_22, CREATE2, R, 0, BAD, SITE, RANGE, "default route with SitePrefixLength 1", \
	NET("0.0.0.0/0"); r->SitePrefixLength = 1) \
X(C2_23, CREATE2, R, 0, BAD, SITE, RANGE, "SitePrefixLength 254", r->SitePrefixLength = 254) \
X(C2_24, CREATE2, R, 0, BAD, METRIC, RANGE, "Metric 0x80000000", r->Metric = 0x80000000u) \
X(C2_25, CREATE2, R, 0, BAD, PROTOCOL, RANGE, "Protocol 12345", \
	r->Protocol = (NL_ROUTE_PROTOCOL)12345) \
X(C2_26, CREATE2, R, 0, GONE, INTERFACE, NO_SUCH, "unknown LUID, index 0", \
	r->InterfaceLuid.Value = 0x0006000099000000u) \
X(C2_27, CREATE2, R, 0, GONE, INTERFACE, NO_SUCH, "unknown LUID, index 2", \
	r->InterfaceLuid.Value = 0x0006000099000000u; r->InterfaceIndex = 2) \
X(C2_28, CREATE2, R, 0, GONE, INTERFACE, NO_SUCH, "LUID 0, index 77", \
	r->InterfaceLuid.Value = 0; r->InterfaceIndex = 77) \
X(C2_29, CREATE2, R6, 0, GONE, INTERFACE, NOT_BOUND, "R6 on LUID_B", \
	r->InterfaceLuid.Value = LUID_B) \
X(C2_30, CREATE2, R, 0, 50, INTERFACE, NO_ROUTES, "R on LUID_T", \
	r->InterfaceLuid.Value = LUID_T) \
X(C2_31, CREATE2, R, BEFORE_NO_V4, 50, PREFIX, STACK, "IPv4 stack absent", (void)r) \
X(C2_32, CREATE2, R6, BEFORE_NO_V6, 50, PREFIX, STACK, "IPv6 stack absent", (void)r) \
X(C2_33, CREATE2, R, BEFORE_UNPRIVILEGED, 5, NONE, PRIVILEGE, "not privileged", (void)r) \
X(C2_34, CREATE2, R, BEFORE_UNPRIVILEGED, BAD, SITE, RANGE, "SitePrefixLength 25, not privileged", \
	r->SitePrefixLength = 25) \
X(C2_35, CREATE2, R, BEFORE_UNPRIVILEGED, 5, NONE, PRIVILEGE, "index 77, not privileged", \
	r->InterfaceLuid.Value = 0; r->InterfaceIndex = 77) \
X(C2_36, CREATE2, R, BEFORE_R, 5010, ROW, EXISTS, "R twice", (void)r) \
X(C2_37, CREATE2, R, BEFORE_R, 5010, ROW, EXISTS, "R, then with other metric and protocol", \
	r->Metric = 99; r->Protocol = MIB_IPPROTO_OSPF) \
X(C2_38, CREATE2, R, BEFORE_R, 5010, ROW, EXISTS, "R by LUID, then by index", \
	r->InterfaceLuid.Value = 0; r->InterfaceIndex = 2) \
X(C2_39, CREATE2, R, BEFORE_NO_MEMORY, 8, NONE, MEMORY, "no memory", (void)r) \
NUL(S2_01, SET2, BEFORE_EMPTY, BAD, NONE, MISSING, "Route = NULL") \
X(S2_02, SET2, R, BEFORE_R, BAD, PREFIX, MISSING, "prefix family AF_UNSPEC", \
	r->DestinationPrefix.Prefix.si_family = AF_UNSPEC) \
X(S2_03, SET2, R, BEFORE_R, BAD, NEXTHOP, MISSING, "NextHop family AF_UNSPEC", \
	r->NextHop.si_family = AF_UNSPEC) \
X(S2_04, SET2, R, BEFORE_R, BAD, INTERFACE, MISSING, "no interface", NO_IF) \
X(S2_05, SET2, R, BEFORE_R, BAD, LIFETIME, RANGE, "Preferred 20 > Valid 10", \
	r->ValidLifetime = 10; r->PreferredLifetime = 20) \
X(S2_06, SET2, R, BEFORE_R, BAD, SITE, RANGE, "SitePrefixLength 30 > 24", r->SitePrefixLength = 30) \
X(S2_07, SET2, R, BEFORE_R, GONE, INTERFACE, NO_SUCH, "LUID 0, index 77", \
	r->InterfaceLuid.Value = 0; r->InterfaceIndex = 77) \
X(S2_08, SET2, R, BEFORE_R, GONE, INTERFACE, NO_SUCH, "unknown LUID, index 2", \
	r->InterfaceLuid.Value = 0x0006000099000000u; r->InterfaceIndex = 2) \
X(S2_09, SET2, R, 0, GONE, ROW, NO_SUCH, "empty table", (void)r) \
X(S2_10, SET2, R, BEFORE_R, GONE, ROW, NO_SUCH, "other next hop", HOP("192.0.2.2")) \
X(S2_11, SET2, R, BEFORE_R, GONE, ROW, NO_SUCH, "prefix 203.0.113.0/25", NET("203.0.113.0/25")) \
X(S2_12, SET2, R, BEFORE_R, GONE, ROW, NO_SUCH, "same prefix and next hop on LUID_B", \
	r->InterfaceLuid.Value = LUID_B) \
X(S2_13, SET2, R, BEFORE_R | BEFORE_GONE, GONE, ROW, NO_SUCH, "created, deleted, set", (void)r) \
X(S2_14, SET2, R, BEFORE_R | BEFORE_UNPRIVILEGED, 5, NONE, PRIVILEGE, "not privileged", (void)r) \
NUL(D2_01, DELETE2, BEFORE_EMPTY, BAD, NONE, MISSING, "Row = NULL") \
X(D2_02, DELETE2, R, 0, BAD, NEXTHOP, MISSING, "NextHop family AF_UNSPEC", \
	r->NextHop.si_family = AF_UNSPEC) \
X(D2_03, DELETE2, R, 0, BAD, PREFIX, MISSING, "prefix family AF_UNSPEC", \
	r->DestinationPrefix.Prefix.si_family = AF_UNSPEC) \
X(D2_04, DELETE2, R, 0, BAD, INTERFACE, MISSING, "no interface", NO_IF) \
X(D2_05, DELETE2, R, 0, GONE, INTERFACE, NO_SUCH, "LUID 0, index 77", \
	r->InterfaceLuid.Value = 0; r->InterfaceIndex = 77) \
X(D2_06, DELETE2, R, 0, GONE, ROW, NO_SUCH, "empty table", (void)r) \
X(D2_07, DELETE2, R, BEFORE_R, GONE, ROW, NO_SUCH, "other next hop", HOP("192.0.2.2")) \
X(D2_08, DELETE2, R, BEFORE_R | BEFORE_GONE, GONE, ROW, NO_SUCH, "deleted again", (void)r) \
X(D2_09, DELETE2, R6, BEFORE_NO_V6, 50, PREFIX, STACK, "IPv6 stack absent", (void)r) \
X(D2_10, DELETE2, R, BEFORE_R | BEFORE_UNPRIVILEGED, 5, NONE, PRIVILEGE, "not privileged", (void)r) \
X(D2_11, DELETE2, R, BEFORE_FOREIGN, 5, ROW, FOREIGN, "owned by another client", (void)r) \
NUL(G2_01, GET2, BEFORE_EMPTY, BAD, NONE, MISSING, "Row = NULL") \
X(G2_02, GET2, R, 0, BAD, PREFIX, MISSING, "prefix family AF_UNSPEC", \
	r->DestinationPrefix.Prefix.si_family = AF_UNSPEC) \
X(G2_03, GET2, R, 0, BAD, NEXTHOP, MISSING, "NextHop family AF_UNSPEC", \
	r->NextHop.si_family = AF_UNSPEC) \
X(G2_04, GET2, R, 0, BAD, INTERFACE, MISSING, "no interface", NO_IF) \
X(G2_05, GET2, R, 0, GONE, ROW, NO_SUCH, "empty table", (void)r) \
X(G2_06, GET2, R, BEFORE_R, GONE, ROW, NO_SUCH, "asked on LUID_B", r->InterfaceLuid.Value = LUID_B) \
X(G2_07, GET2, R, 0, GONE, INTERFACE, NO_SUCH, "LUID 0, index 77", \
	r->InterfaceLuid.Value = 0; r->InterfaceIndex = 77) \
X(G2_08, GET2, R, BEFORE_NO_V4, 50, PREFIX, STACK, "IPv4 stack absent", (void)r)

#define CASES1(X, NUL) \
NUL(C1_01, CREATE1, 0, BAD, NONE, MISSING, "pRoute = NULL") \
X(C1_02, CREATE1, V, 0, BAD, PROTOCOL, RANGE, "Proto 0", r->dwForwardProto = 0) \
X(C1_03, CREATE1, V, 0, BAD, PROTOCOL, RANGE, "Proto OTHER", r->dwForwardProto = 1) \
X(C1_04, CREATE1, V, 0, BAD, PROTOCOL, RANGE, "Proto LOCAL", r->dwForwardProto = 2) \
X(C1_05, CREATE1, V, 0, BAD, PROTOCOL, RANGE, "Proto RIP", r->dwForwardProto = 8) \
X(C1_06, CREATE1, V, 0, BAD, PROTOCOL, RANGE, "Proto NT_STATIC", r->dwForwardProto = 10006) \
X(C1_07, CREATE1, V, 0, BAD, LENGTH, RANGE, "mask 255.0.255.0", MASK("255.0.255.0")) \
X(C1_08, CREATE1, V, 0, BAD, LENGTH, RANGE, "mask 0.255.255.255", MASK("0.255.255.255")) \
X(C1_09, CREATE1, V, 0, BAD, PREFIX, HOST_BITS, "108.177.0.0 mask 255.254.0.0", \
	r->dwForwardDest = fixture_ip4("108.177.0.0"); MASK("255.254.0.0")) \
X(C1_10, CREATE1, V, 0, BAD, PREFIX, UNUSABLE, "dest 224.1.0.0", \
	r->dwForwardDest = fixture_ip4("224.1.0.0")) \
X(C1_11, CREATE1, V, 0, BAD, NEXTHOP, UNUSABLE, "next hop 224.0.0.9", \
	r->dwForwardNextHop = fixture_ip4("224.0.0.9")) \
X(C1_12, CREATE1, V, 0, BAD, INTERFACE, MISSING, "index 0", r->dwForwardIfIndex = 0) \
X(C1_13, CREATE1, V, 0, 2, INTERFACE, NO_SUCH, "index 77", r->dwForwardIfIndex = 77) \
X(C1_14, CREATE1, V, 0, 160, METRIC, BELOW_IF, "Metric1 24", r->dwForwardMetric1 = 24) \
X(C1_15, CREATE1, V, 0, 160, METRIC, BELOW_IF, "Metric1 0", r->dwForwardMetric1 = 0) \
X(C1_16, CREATE1, V, 0, 50, INTERFACE, NO_ROUTES, "index 5, several sub-interfaces", \
	r->dwForwardIfIndex = 5) \
X(C1_17, CREATE1, V, BEFORE_NO_V4, 50, PREFIX, STACK, "IPv4 stack absent", (void)r) \
X(C1_18, CREATE1, V, BEFORE_UNPRIVILEGED, 5, NONE, PRIVILEGE, "not privileged", (void)r) \
X(C1_19, CREATE1, V, BEFORE_V, 5010, ROW, EXISTS, "V twice", (void)r) \
X(C1_20, CREATE1, V, BEFORE_R, 5010, ROW, EXISTS, "R by version 2, then V with another metric", \
	r->dwForwardMetric1 = 99) \
NUL(S1_01, SET1, BEFORE_EMPTY, BAD, NONE, MISSING, "pRoute = NULL") \
X(S1_02, SET1, V, BEFORE_V, BAD, PROTOCOL, RANGE, "Proto 0", r->dwForwardProto = 0) \
X(S1_03, SET1, V, BEFORE_V, BAD, PROTOCOL, RANGE, "Proto OTHER", r->dwForwardProto = 1) \
X(S1_04, SET1, V, BEFORE_V, BAD, PROTOCOL, RANGE, "Proto ICMP", r->dwForwardProto = 4) \
X(S1_05, SET1, V, BEFORE_V, BAD, PROTOCOL, RANGE, "Proto OSPF", r->dwForwardProto = 13) \
X(S1_06, SET1, V, BEFORE_V, BAD, PROTOCOL, RANGE, "Proto NT_AUTOSTATIC", r->dwForwardProto = 10002) \
X(S1_07, SET1, V, BEFORE_V, BAD, LENGTH, RANGE, "mask 255.255.0.255", MASK("255.255.0.255")) \
X(S1_08, SET1, V, BEFORE_V, BAD, PREFIX, HOST_BITS, "dest 203.0.113.9/24", \
	r->dwForwardDest = fixture_ip4("203.0.113.9")) \
X(S1_09, SET1, V, BEFORE_V, BAD, INTERFACE, MISSING, "index 0", r->dwForwardIfIndex = 0) \
X(S1_10, SET1, V, BEFORE_V, 2, INTERFACE, NO_SUCH, "index 77", r->dwForwardIfIndex = 77) \
X(S1_11, SET1, V, 0, GONE, ROW, NO_SUCH, "empty table", (void)r) \
X(S1_12, SET1, V, BEFORE_V | BEFORE_GONE, GONE, ROW, NO_SUCH, "created, deleted, set", (void)r) \
X(S1_13, SET1, V, BEFORE_V, GONE, ROW, NO_SUCH, "other next hop", \
	r->dwForwardNextHop = fixture_ip4("192.0.2.2")) \
X(S1_14, SET1, V, BEFORE_V, GONE, ROW, NO_SUCH, "mask 255.255.255.128", MASK("255.255.255.128")) \
X(S1_15, SET1, V, BEFORE_V, GONE, ROW, NO_SUCH, "set on index 3", r->dwForwardIfIndex = 3) \
X(S1_16, SET1, V, BEFORE_V, 160, METRIC, BELOW_IF, "Metric1 24", r->dwForwardMetric1 = 24) \
X(S1_17, SET1, V, 0, 50, INTERFACE, NO_ROUTES, "index 5, several sub-interfaces", \
	r->dwForwardIfIndex = 5) \
X(S1_18, SET1, V, BEFORE_NO_V4, 50, PREFIX, STACK, "IPv4 stack absent", (void)r) \
X(S1_19, SET1, V, BEFORE_V | BEFORE_UNPRIVILEGED, 5, NONE, PRIVILEGE, "not privileged", (void)r) \
NUL(D1_01, DELETE1, BEFORE_EMPTY, BAD, NONE, MISSING, "pRoute = NULL") \
X(D1_02, DELETE1, V, 0, BAD, LENGTH, RANGE, "mask 255.0.255.0", MASK("255.0.255.0")) \
X(D1_03, DELETE1, V, 0, BAD, INTERFACE, MISSING, "index 0", r->dwForwardIfIndex = 0) \
X(D1_04, DELETE1, V, BEFORE_V, BAD, PROTOCOL, RANGE, "Proto RIP", r->dwForwardProto = 8) \
X(D1_05, DELETE1, V, 0, GONE, ROW, NO_SUCH, "empty table", (void)r) \
X(D1_06, DELETE1, V, 0, 2, INTERFACE, NO_SUCH, "index 77", r->dwForwardIfIndex = 77) \
X(D1_07, DELETE1, V, BEFORE_NO_V4, 50, PREFIX, STACK, "IPv4 stack absent", (void)r) \
X(D1_08, DELETE1, V, BEFORE_V | BEFORE_UNPRIVILEGED, 5, NONE, PRIVILEGE, "not privileged", (void)r)

#define SIX_R false
#define SIX_R6 true
#define EDIT2(id, call, model, before, code, field, reason, words, ...) \
	static void edit_##id(MIB_IPFORWARD_ROW2 *r) { __VA_ARGS__; }
#define EDIT1(id, call, model, before, code, field, reason, words, ...) \
	static void edit_##id(MIB_IPFORWARDROW *r) { __VA_ARGS__; }
#define NO_EDIT(id, call, before, code, field, reason, words)
#define ENTRY2(id, call, model, before, code, field, reason, words, ...) \
	{ #id, CALL_##call, words, before, false, SIX_##model, edit_##id, NULL, code, F(field), W(reason) },
#define ENTRY1(id, call, model, before, code, field, reason, words, ...) \
	{ #id, CALL_##call, words, before, false, false, NULL, edit_##id, code, F(field), W(reason) },
#define ENTRY_NULL(id, call, before, code, field, reason, words) \
	{ #id, CALL_##call, words, before, true, false, NULL, NULL, code, F(field), W(reason) },

CASES2(EDIT2, NO_EDIT)
CASES1(EDIT1, NO_EDIT)

const struct row_case row_cases[] = {
	CASES2(ENTRY2, ENTRY_NULL)
	CASES1(ENTRY1, ENTRY_NULL)
};
/* clang-format on */

const size_t row_cases_count = sizeof row_cases / sizeof row_cases[0];
