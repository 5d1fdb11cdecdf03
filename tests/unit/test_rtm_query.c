/*
 * One chapter: asking. Statements 76 to 85: exact, longest and next shorter match,
 * what a view mask and a protocol select, the criteria of a route, and that every
 * answer can be given back.
 */
#include "rtm_fix.h"

#include <string.h>

static DWORD
exact(const char *v4, UINT len, RTM_VIEW_SET views, union dest_buf *d)
{
	RTM_NET_ADDRESS n = fx_net(v4, len);

	return RtmGetExactMatchDestination(fx.a, &n, RTM_BEST_PROTOCOL, views, &d->i);
}

static DWORD
longest(const char *v4, RTM_VIEW_SET views, union dest_buf *d)
{
	RTM_NET_ADDRESS n = fx_net(v4, 32);

	return RtmGetMostSpecificDestination(fx.a, &n, RTM_BEST_PROTOCOL, views, &d->i);
}

static void
is(union dest_buf *d, const char *v4, UINT len)
{
	RTM_NET_ADDRESS want = fx_net(v4, len);

	fx_expect(fx_net_same(&want, &d->i.DestAddress), __LINE__, __FILE__, __func__,
	          "the answer is not %s/%u", v4, len);
	OK(RtmReleaseDestInfo(fx.a, &d->i));
}

static void
two_nested(void)
{
	fx_route(fx.a, RT("10.0.0.0", 8, .metric = 1));
	fx_route(fx.a, RT("10.1.0.0", 16, .metric = 2));
}

static void
t076_exact_match_is_exact(void)
{
	union dest_buf d;

	two_nested();
	OK(exact("10.0.0.0", 8, UC, &d));
	is(&d, "10.0.0.0", 8);
	memset(&d, 0x5a, sizeof d);
	CODE(ERROR_NOT_FOUND, exact("10.2.0.0", 16, UC, &d));
	CODE(ERROR_NOT_FOUND, exact("10.0.0.0", 9, UC, &d));
	CODE(ERROR_NOT_FOUND, exact("10.0.0.0", 7, UC, &d));
	SAME((HANDLE)(uintptr_t)0x5a5a5a5a5a5a5a5a, d.i.DestHandle); /* untouched */
}

static void
t077_most_specific_match_falls_back(void)
{
	union dest_buf d;

	two_nested();
	OK(longest("10.1.2.3", UC, &d));
	is(&d, "10.1.0.0", 16);
	OK(longest("10.9.9.9", UC, &d));
	is(&d, "10.0.0.0", 8);
	CODE(ERROR_NOT_FOUND, longest("11.0.0.1", UC, &d));
	fx_route(fx.a, RT("0.0.0.0", 0));
	OK(longest("11.0.0.1", UC, &d));
	is(&d, "0.0.0.0", 0);
	fx_route(fx.a, RT("10.1.2.3", 32));
	OK(longest("10.1.2.3", UC, &d));
	is(&d, "10.1.2.3", 32);
}

static void
t077_a_prefix_is_covered_by_itself_and_by_shorter_ones_only(void)
{
	RTM_NET_ADDRESS n = fx_net("10.1.0.0", 16);
	union dest_buf d;

	two_nested();
	OK(RtmGetMostSpecificDestination(fx.a, &n, 0, UC, &d.i));
	is(&d, "10.1.0.0", 16);
	n = fx_net("10.1.0.0", 15);
	OK(RtmGetMostSpecificDestination(fx.a, &n, 0, UC, &d.i));
	is(&d, "10.0.0.0", 8);
}

static void
t078_less_specific_walks_up_to_the_default_route(void)
{
	HANDLE dest;
	union dest_buf d;

	two_nested();
	fx_route(fx.a, RT("0.0.0.0", 0));
	dest = fx_dest("10.1.0.0", 16, UC);
	OK(RtmGetLessSpecificDestination(fx.a, dest, 0, UC, &d.i));
	is(&d, "10.0.0.0", 8);
	dest = fx_dest("10.0.0.0", 8, UC);
	OK(RtmGetLessSpecificDestination(fx.a, dest, 0, UC, &d.i));
	is(&d, "0.0.0.0", 0);
	dest = fx_dest("0.0.0.0", 0, UC);
	CODE(ERROR_NOT_FOUND, RtmGetLessSpecificDestination(fx.a, dest, 0, UC, &d.i));
	CODE(ERROR_INVALID_PARAMETER, RtmGetLessSpecificDestination(fx.a, NULL, 0, UC, &d.i));
	CODE(ERROR_INVALID_HANDLE, RtmGetLessSpecificDestination(fx.a, GARBAGE, 0, UC, &d.i));
	CODE(ERROR_INVALID_PARAMETER, RtmGetLessSpecificDestination(fx.a, dest, 0, UC, NULL));
}

static void
t078_a_destination_that_left_still_knows_the_way_up(void)
{
	RTM_ROUTE_HANDLE low = fx_route(fx.a, RT("10.1.0.0", 16));
	HANDLE dest = fx_dest("10.1.0.0", 16, UC);
	union dest_buf d;

	fx_route(fx.a, RT("10.0.0.0", 8));
	fx_delete(fx.a, low);
	OK(RtmGetLessSpecificDestination(fx.a, dest, 0, UC, &d.i));
	is(&d, "10.0.0.0", 8);
}

static void
t079_a_view_hides_what_is_not_in_it(void)
{
	union dest_buf d;

	fx_route(fx.a, RT("10.0.0.0", 8, .views = UC));
	fx_route(fx.a, RT("10.1.0.0", 16, .views = MC));
	CODE(ERROR_NOT_FOUND, exact("10.1.0.0", 16, UC, &d));
	OK(exact("10.1.0.0", 16, MC, &d));
	is(&d, "10.1.0.0", 16);
	OK(exact("10.1.0.0", 16, ANY, &d));
	is(&d, "10.1.0.0", 16);
	OK(exact("10.1.0.0", 16, UC | MC, &d));
	is(&d, "10.1.0.0", 16);
	OK(longest("10.1.2.3", UC, &d)); /* looks through the hidden one */
	is(&d, "10.0.0.0", 8);
	OK(longest("10.1.2.3", MC, &d));
	is(&d, "10.1.0.0", 16);
	OK(RtmGetLessSpecificDestination(fx.a, fx_dest("10.1.0.0", 16, MC), 0, UC, &d.i));
	is(&d, "10.0.0.0", 8);
	CODE(ERROR_NOT_FOUND,
	     RtmGetLessSpecificDestination(fx.a, fx_dest("10.1.0.0", 16, MC), 0, MC, &d.i));
	fx_route(fx.a, RT("10.2.0.0", 16, .views = NO_VIEW));
	CODE(ERROR_NOT_FOUND, exact("10.2.0.0", 16, UC | MC, &d));
	OK(exact("10.2.0.0", 16, ANY, &d));
	EQ(0, d.i.BelongsToViews);
	is(&d, "10.2.0.0", 16);
}

static void
t080_one_slot_per_requested_view_in_order(void)
{
	union dest_buf d;
	RTM_ROUTE_HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .views = MC));

	OK(exact("10.0.0.0", 8, ANY, &d));
	EQ(0, d.i.NumberOfViews);
	EQ(MC, d.i.BelongsToViews);
	is(&d, "10.0.0.0", 8);
	OK(exact("10.0.0.0", 8, UC | MC, &d));
	EQ(2, d.i.NumberOfViews);
	EQ(0, d.i.ViewInfo[0].ViewId);
	EQ(0, d.i.ViewInfo[0].NumRoutes);
	SAME(NULL, d.i.ViewInfo[0].Route);
	SAME(NULL, d.i.ViewInfo[0].Owner);
	EQ(1, (&d.i.ViewInfo[0])[1].ViewId);
	EQ(1, (&d.i.ViewInfo[0])[1].NumRoutes);
	SAME(r, (&d.i.ViewInfo[0])[1].Route);
	SAME(fx.a, (&d.i.ViewInfo[0])[1].Owner);
	is(&d, "10.0.0.0", 8);
	OK(exact("10.0.0.0", 8, MC, &d));
	EQ(1, d.i.NumberOfViews);
	EQ(1, d.i.ViewInfo[0].ViewId);
	SAME(r, d.i.ViewInfo[0].Route);
	is(&d, "10.0.0.0", 8);
}

static void
protocol_case(ULONG protocol, HANDLE route, HANDLE owner, UINT flags)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	union dest_buf d;

	OK(RtmGetExactMatchDestination(fx.b, &n, protocol, UC, &d.i));
	SAME(route, d.i.ViewInfo[0].Route);
	SAME(owner, d.i.ViewInfo[0].Owner);
	EQ(flags, d.i.ViewInfo[0].DestFlags);
	EQ(2, d.i.ViewInfo[0].NumRoutes); /* unfiltered [RTM K43] */
	is(&d, "10.0.0.0", 8);
}

static void
t081_a_protocol_selects_the_route_that_is_told(void)
{
	RTM_ROUTE_HANDLE a =
	    fx_route(fx.a, RT("10.0.0.0", 8, .metric = 1, .flags = RTM_ROUTE_FLAGS_LOCAL));
	RTM_ROUTE_HANDLE b =
	    fx_route(fx.b, RT("10.0.0.0", 8, .metric = 2, .flags = RTM_ROUTE_FLAGS_REMOTE));

	protocol_case(RTM_BEST_PROTOCOL, a, fx.a, RTM_ROUTE_FLAGS_LOCAL);
	protocol_case(PROTO_A, a, fx.a, RTM_ROUTE_FLAGS_LOCAL);
	protocol_case(PROTO_B, b, fx.b, RTM_ROUTE_FLAGS_REMOTE);
	protocol_case(RTM_THIS_PROTOCOL, b, fx.b, RTM_ROUTE_FLAGS_REMOTE); /* B asks */
	protocol_case(PROTO_C, NULL, NULL, 0);
	protocol_case(PROTOCOL_ID(1, 2, PROTO_A), NULL, NULL, 0); /* all 32 bits count */
}

static void
t082_all_views_means_all_supported_ones(void)
{
	RTM_VIEW_SET beyond = fx.profile.ViewsSupported + 1;
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_ROUTE_HANDLE h;
	union route_buf r;
	union dest_buf d;
	HANDLE dest;

	two_nested();
	dest = fx_dest("10.1.0.0", 16, UC);
	memset(&r, 0, sizeof r);
	OK(exact("10.0.0.0", 8, RTM_VIEW_MASK_ALL, &d));
	EQ(fx.profile.NumberOfViews, d.i.NumberOfViews);
	is(&d, "10.0.0.0", 8);
	CODE(ERROR_NOT_SUPPORTED, exact("10.0.0.0", 8, UC | beyond, &d));
	CODE(ERROR_NOT_SUPPORTED, exact("10.0.0.0", 8, RTM_VIEW_MASK_ALL - 1, &d));
	CODE(ERROR_NOT_SUPPORTED, longest("10.0.0.1", beyond, &d));
	CODE(ERROR_NOT_SUPPORTED, RtmGetLessSpecificDestination(fx.a, dest, 0, beyond, &d.i));
	CODE(ERROR_NOT_SUPPORTED, RtmGetDestInfo(fx.a, dest, 0, beyond, &d.i));
	CODE(ERROR_NOT_SUPPORTED, RtmGetExactMatchRoute(fx.a, &n, 0, &r.i, 0, beyond, &h));
	OK(RtmGetDestInfo(fx.a, dest, 0, RTM_VIEW_MASK_ALL, &d.i));
	EQ(fx.profile.NumberOfViews, d.i.NumberOfViews);
	is(&d, "10.1.0.0", 16);
}

static void
t082_addresses_that_are_none_are_refused(void)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8), bad = n;
	union route_buf r;
	union dest_buf d;

	memset(&r, 0, sizeof r);
	bad.NumBits = (USHORT)(fx.bits + 1);
	CODE(ERROR_INVALID_PARAMETER, RtmGetExactMatchDestination(fx.a, &bad, 0, UC, &d.i));
	CODE(ERROR_INVALID_PARAMETER, RtmGetMostSpecificDestination(fx.a, &bad, 0, UC, &d.i));
	CODE(ERROR_INVALID_PARAMETER, RtmGetExactMatchRoute(fx.a, &bad, 0, &r.i, 0, UC, NULL));
	bad = n;
	bad.AddressFamily = fx.family == AF_INET ? AF_INET6 : AF_INET;
	CODE(ERROR_INVALID_PARAMETER, RtmGetExactMatchDestination(fx.a, &bad, 0, UC, &d.i));
	CODE(ERROR_INVALID_PARAMETER, RtmGetMostSpecificDestination(fx.a, &bad, 0, UC, &d.i));
	CODE(ERROR_INVALID_PARAMETER, RtmGetExactMatchDestination(fx.a, NULL, 0, UC, &d.i));
	CODE(ERROR_INVALID_PARAMETER, RtmGetMostSpecificDestination(fx.a, NULL, 0, UC, &d.i));
	CODE(ERROR_INVALID_PARAMETER, RtmGetExactMatchDestination(fx.a, &n, 0, UC, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmGetMostSpecificDestination(fx.a, &n, 0, UC, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmGetExactMatchRoute(fx.a, NULL, 0, &r.i, 0, UC, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmGetExactMatchRoute(fx.a, &n, 0, NULL, 0, UC, NULL));
}

/* Look for a route with one criterion; NULL wanted: none. */
static void
match_case(RTM_MATCH_FLAGS flags, RTM_ROUTE_INFO criteria, HANDLE hop, ULONG interface,
           HANDLE want, const char *what)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_ROUTE_HANDLE h = NULL;
	union route_buf r;
	DWORD err;

	memset(&r, 0, sizeof r);
	memcpy(&r, &criteria, sizeof criteria);
	r.i.NextHopsList.NumNextHops = hop != NULL;
	r.i.NextHopsList.NextHops[0] = hop;
	err = RtmGetExactMatchRoute(fx.a, &n, flags, &r.i, interface, UC, &h);
	fx_expect(err == (want != NULL ? NO_ERROR : ERROR_NOT_FOUND) && h == want, __LINE__,
	          __FILE__, __func__, "%s: answered %u with %p, wanted %p", what, err, h, want);
	if (err != NO_ERROR)
		return;
	OK(RtmReleaseRouteInfo(fx.a, &r.i));
	OK(RtmReleaseRoutes(fx.a, 1, &h));
}

static void
t083_each_criterion_alone_finds_the_right_route(void)
{
	HANDLE h1 = fx_hop(fx.a, "192.0.2.1", 11), h2 = fx_hop(fx.b, "192.0.2.2", 22);
	HANDLE idle = fx_hop(fx.a, "192.0.2.3", 33);
	HANDLE a = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 1, .hop = h1));
	HANDLE b = fx_route(fx.b, RT("10.0.0.0", 8, .metric = 2, .hop = h2, .neighbour = h2));
	RTM_ROUTE_INFO none, c;

	memset(&none, 0, sizeof none);
	match_case(RTM_MATCH_NONE, none, NULL, 0, a, "no criterion");
	c = none;
	c.RouteOwner = fx.b;
	match_case(RTM_MATCH_OWNER, c, NULL, 0, b, "owner B");
	c.RouteOwner = fx.a;
	match_case(RTM_MATCH_OWNER, c, NULL, 0, a, "owner A");
	c = none;
	c.Neighbour = h2;
	match_case(RTM_MATCH_NEIGHBOUR, c, NULL, 0, b, "neighbour");
	c.Neighbour = idle;
	match_case(RTM_MATCH_NEIGHBOUR, c, NULL, 0, NULL, "idle neighbour");
	match_case(RTM_MATCH_NEIGHBOUR, none, NULL, 0, a, "no neighbour");
	c = none;
	c.PrefInfo = (RTM_PREF_INFO){ .Metric = 2, .Preference = 1 };
	match_case(RTM_MATCH_PREF, c, NULL, 0, b, "preference and metric");
	c.PrefInfo.Preference = 2;
	match_case(RTM_MATCH_PREF, c, NULL, 0, NULL, "another preference");
	match_case(RTM_MATCH_NEXTHOP, none, h1, 0, a, "next hop of A");
	match_case(RTM_MATCH_NEXTHOP, none, h2, 0, b, "next hop of B");
	match_case(RTM_MATCH_NEXTHOP, none, idle, 0, NULL, "idle next hop");
	match_case(RTM_MATCH_INTERFACE, none, NULL, 22, b, "interface of B");
	match_case(RTM_MATCH_INTERFACE, none, NULL, 11, a, "interface of A");
	match_case(RTM_MATCH_INTERFACE, none, NULL, 33, NULL, "idle interface");
	c = none;
	c.RouteOwner = fx.b;
	match_case(RTM_MATCH_OWNER | RTM_MATCH_INTERFACE, c, NULL, 22, b, "two that agree");
	match_case(RTM_MATCH_OWNER | RTM_MATCH_INTERFACE, c, NULL, 11, NULL, "two that do not");
	c.Neighbour = h2;
	c.PrefInfo = (RTM_PREF_INFO){ .Metric = 2, .Preference = 1 };
	match_case(RTM_MATCH_FULL, c, h2, 22, b, "all of them");
}

static void
t083_the_view_filters_routes_too(void)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8), elsewhere = fx_net("10.0.0.0", 9);
	HANDLE uni = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 9));
	HANDLE multi = fx_route(fx.b, RT("10.0.0.0", 8, .metric = 1, .views = MC));
	union route_buf r;
	HANDLE h = NULL;

	memset(&r, 0, sizeof r);
	OK(RtmGetExactMatchRoute(fx.a, &n, 0, &r.i, 0, UC, &h));
	SAME(uni, fx_keep(FX_ROUTE, h));
	OK(RtmReleaseRouteInfo(fx.a, &r.i));
	OK(RtmGetExactMatchRoute(fx.a, &n, 0, &r.i, 0, ANY, &h));
	SAME(multi, fx_keep(FX_ROUTE, h));
	SAME(fx.b, r.i.RouteOwner);
	OK(RtmReleaseRouteInfo(fx.a, &r.i));
	OK(RtmGetExactMatchRoute(fx.a, &n, 0, &r.i, 0, UC, NULL)); /* no handle wanted */
	OK(RtmReleaseRouteInfo(fx.a, &r.i));
	CODE(ERROR_NOT_FOUND, RtmGetExactMatchRoute(fx.a, &elsewhere, 0, &r.i, 0, UC, &h));
}

static void
t084_every_release_restores_the_counts(void)
{
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1), dest;
	HANDLE r =
	    fx_route(fx.a, RT("10.0.0.0", 8, .hop = hop, .neighbour = hop, .views = UC | MC));
	RTM_NEXTHOP_INFO hi;
	union route_buf ri;
	union dest_buf di;
	size_t refs;

	dest = fx_dest("10.0.0.0", 8, UC);
	refs = fx_refs();
	OK(RtmGetDestInfo(fx.a, dest, 0, UC | MC, &di.i));
	EQ(refs + 1 + 2 * 2, fx_refs()); /* the destination; a route and its owner, twice */
	OK(RtmReleaseDestInfo(fx.a, &di.i));
	EQ(refs, fx_refs());
	OK(RtmGetRouteInfo(fx.a, r, &ri.i, NULL));
	EQ(refs + 4, fx_refs()); /* destination, owner, neighbour, next hop */
	OK(RtmReleaseRouteInfo(fx.a, &ri.i));
	EQ(refs, fx_refs());
	OK(RtmGetNextHopInfo(fx.a, hop, &hi));
	EQ(refs + 1, fx_refs());
	OK(RtmReleaseNextHopInfo(fx.a, &hi));
	EQ(refs, fx_refs());
	CODE(ERROR_INVALID_HANDLE, RtmGetDestInfo(fx.a, GARBAGE, 0, UC, &di.i));
	CODE(ERROR_INVALID_HANDLE, RtmGetRouteInfo(fx.a, GARBAGE, &ri.i, NULL));
	CODE(ERROR_INVALID_HANDLE, RtmGetNextHopInfo(fx.a, GARBAGE, &hi));
	CODE(ERROR_INVALID_PARAMETER, RtmGetDestInfo(fx.a, dest, 0, UC, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmIsBestRoute(fx.a, r, NULL));
	OK(RtmGetRouteInfo(fx.a, r, NULL, NULL));
	EQ(refs, fx_refs());
}

static void
t084_a_direct_pointer_is_not_a_structure_to_release(void)
{
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1);
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .hop = hop));
	RTM_ROUTE_INFO *rp;
	RTM_NEXTHOP_INFO *hp;

	OK(RtmGetRoutePointer(fx.a, r, &rp));
	OK(RtmGetNextHopPointer(fx.a, hop, &hp));
	CODE(ERROR_INVALID_PARAMETER, RtmReleaseRouteInfo(fx.a, rp));
	CODE(ERROR_INVALID_PARAMETER, RtmReleaseNextHopInfo(fx.a, hp));
	EQ(2, fx_refs());
}

static void
t085_a_structure_without_slots_releases_just_the_destination(void)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	union dest_buf d, one;
	size_t refs;

	fx_route(fx.a, RT("10.0.0.0", 8));
	refs = fx_refs();
	OK(RtmGetExactMatchDestination(fx.a, &n, 0, UC, &d.i));
	OK(RtmReferenceHandles(fx.a, 1, &d.i.DestHandle));
	memset(&one, 0, sizeof one);
	one.i.DestHandle = d.i.DestHandle;
	EQ(refs + 4, fx_refs());
	OK(RtmReleaseDestInfo(fx.a, &one.i));
	EQ(refs + 3, fx_refs());
	OK(RtmReleaseDestInfo(fx.a, &d.i));
	EQ(refs, fx_refs());
	CODE(ERROR_INVALID_HANDLE, RtmReleaseDestInfo(fx.a, &one.i));
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t076_exact_match_is_exact),
	T(t077_most_specific_match_falls_back),
	T(t077_a_prefix_is_covered_by_itself_and_by_shorter_ones_only),
	T(t078_less_specific_walks_up_to_the_default_route),
	T(t078_a_destination_that_left_still_knows_the_way_up),
	T(t079_a_view_hides_what_is_not_in_it),
	T(t080_one_slot_per_requested_view_in_order),
	T(t081_a_protocol_selects_the_route_that_is_told),
	T(t082_all_views_means_all_supported_ones),
	T(t082_addresses_that_are_none_are_refused),
	T(t083_each_criterion_alone_finds_the_right_route),
	T(t083_the_view_filters_routes_too),
	T(t084_every_release_restores_the_counts),
	T(t084_a_direct_pointer_is_not_a_structure_to_release),
	T(t085_a_structure_without_slots_releases_just_the_destination),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("queries", cases, FX_BOTH);
}
