/*
 * One chapter: going through all of it. Statements 86 to 96: every item once and in
 * order, where an enumeration starts and ends, what it selects, and that it survives
 * whatever happens to the table meanwhile.
 */
#include "rtm_fix.h"

#include <stdio.h>
#include <string.h>

static const char *
nth(UINT i)
{
	static char text[32];

	snprintf(text, sizeof text, "10.%u.%u.0", i / 256, i % 256);
	return text;
}

static void
fill(UINT num)
{
	for (UINT i = 0; i < num; i++) /* in an order that is not the one of the table */
		OK(fx_add(fx.a, NULL, RT(nth((i * 37) % num), 24, .metric = i)));
}

static void
ascending_and_once(UINT num)
{
	EQ(num, fx_seen.num);
	for (UINT i = 1; i < fx_seen.num; i++)
		TRUTH(fx_net_cmp(&fx_seen.net[i - 1], &fx_seen.net[i]) < 0);
}

static void
t086_every_destination_once_in_order(void)
{
	UINT num = 3 * fx.profile.MaxHandlesInEnum + 1, n;
	RTM_ENUM_HANDLE en = NULL;
	RTM_NET_ADDRESS first = fx_net(nth(0), 24);
	union dests_buf d;

	fill(num); /* 37 and 76 have no common divisor */
	fx_enum_dests(fx.b, UC, RTM_ENUM_START, NULL);
	ascending_and_once(num);
	OK(RtmCreateDestEnum(fx.a, UC, RTM_ENUM_START, NULL, 0, &en));
	n = fx.profile.MaxHandlesInEnum + 1;
	CODE(ERROR_INVALID_PARAMETER, RtmGetEnumDests(fx.a, en, &n, &d.i));
	EQ(fx.profile.MaxHandlesInEnum + 1, n);
	n = 0;
	CODE(ERROR_INVALID_PARAMETER, RtmGetEnumDests(fx.a, en, &n, &d.i));
	CODE(ERROR_INVALID_PARAMETER, RtmGetEnumDests(fx.a, en, NULL, &d.i));
	n = 1;
	CODE(ERROR_INVALID_PARAMETER, RtmGetEnumDests(fx.a, en, &n, NULL));
	OK(RtmGetEnumDests(fx.a, en, &n, &d.i)); /* nothing was skipped */
	EQ(1, n);
	TRUTH(fx_net_same(&first, &d.i.DestAddress));
	OK(RtmReleaseDests(fx.a, n, &d.i));
	OK(RtmDeleteEnumHandle(fx.a, en));
}

static void
t086_order_is_address_then_length(void)
{
	static const struct {
		const char *v4;
		UINT len;
	} want[] = {
		{ "0.0.0.0", 0 },   { "10.0.0.0", 8 },         { "10.0.0.0", 16 },
		{ "10.0.1.0", 24 }, { "10.1.0.0", 16 },        { "10.1.0.0", 32 },
		{ "128.0.0.0", 1 }, { "255.255.255.255", 32 },
	};
	UINT num = sizeof want / sizeof want[0];

	for (UINT i = num; i-- > 0;)
		OK(fx_add(fx.a, NULL, RT(want[i].v4, want[i].len)));
	fx_enum_dests(fx.a, UC, RTM_ENUM_START, NULL);
	EQ(num, fx_seen.num);
	for (UINT i = 0; i < num; i++) {
		RTM_NET_ADDRESS n = fx_net(want[i].v4, want[i].len);

		TRUTH(fx_net_same(&n, &fx_seen.net[i]));
	}
}

static void
t087_both_styles_of_loop_see_everything(void)
{
	UINT max = fx.profile.MaxHandlesInEnum,
	     sizes[] = { 0, 1, max - 1, max, max + 1, 2 * max };
	UINT added = 0, n, seen;
	RTM_ENUM_HANDLE en;
	union dests_buf d;

	for (UINT k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
		for (; added < sizes[k]; added++)
			OK(fx_add(fx.a, NULL, RT(nth(added), 24)));
		OK(RtmCreateDestEnum(fx.a, UC, 0, NULL, 0, &en));
		seen = 0;
		do { /* goes on until the count is 0, whatever the code */
			n = max;
			RtmGetEnumDests(fx.a, en, &n, &d.i);
			seen += n;
			OK(RtmReleaseDests(fx.a, n, &d.i));
		} while (n > 0);
		EQ(sizes[k], seen);
		OK(RtmDeleteEnumHandle(fx.a, en));
		fx_enum_dests(fx.a, UC, 0, NULL); /* stops at the first code that is not 0 */
		EQ(sizes[k], fx_seen.num);
	}
}

static void
a_small_tree(void)
{
	OK(fx_add(fx.a, NULL, RT("9.0.0.0", 8)));
	OK(fx_add(fx.a, NULL, RT("10.0.0.0", 8)));
	OK(fx_add(fx.b, NULL, RT("10.0.0.0", 16)));
	OK(fx_add(fx.a, NULL, RT("10.255.255.255", 32)));
	OK(fx_add(fx.a, NULL, RT("11.0.0.0", 8)));
	OK(fx_add(fx.a, NULL, RT("0.0.0.0", 0)));
}

static void
t088_range_next_and_start_begin_where_they_should(void)
{
	RTM_NET_ADDRESS ten = fx_net("10.0.0.0", 8), gap = fx_net("10.0.0.1", 32);
	RTM_NET_ADDRESS none = fx_net("12.0.0.0", 8);

	a_small_tree();
	fx_enum_dests(fx.a, UC, RTM_ENUM_RANGE, &ten);
	EQ(3, fx_seen.num);
	TRUTH(fx_saw("10.0.0.0", 8) && fx_saw("10.0.0.0", 16) && fx_saw("10.255.255.255", 32));
	fx_enum_dests(fx.a, UC, RTM_ENUM_NEXT, &ten);
	EQ(4, fx_seen.num);
	TRUTH(fx_saw("10.0.0.0", 8) && fx_saw("11.0.0.0", 8));
	fx_enum_dests(fx.a, UC, RTM_ENUM_NEXT, &gap); /* the next larger one */
	EQ(2, fx_seen.num);
	TRUTH(fx_saw("10.255.255.255", 32) && fx_saw("11.0.0.0", 8));
	fx_enum_dests(fx.a, UC, RTM_ENUM_START, &ten);
	EQ(6, fx_seen.num);
	fx_enum_dests(fx.a, UC, RTM_ENUM_RANGE, &none);
	EQ(0, fx_seen.num);
	ten.AddrBits[fx.family == AF_INET ? 3 : 15] = 77; /* bits beyond the length */
	fx_enum_dests(fx.a, UC, RTM_ENUM_RANGE, &ten);
	EQ(3, fx_seen.num);
	fx_enum_routes(fx.a, NULL, UC, RTM_ENUM_RANGE, &ten, 0, NULL, 0);
	EQ(3, fx_seen.num);
	fx_enum_routes(fx.a, NULL, UC, RTM_ENUM_NEXT, &gap, 0, NULL, 0);
	EQ(2, fx_seen.num);
}

static void
t089_a_start_without_an_address_is_refused(void)
{
	static const RTM_ENUM_FLAGS bad[] = { RTM_ENUM_NEXT, RTM_ENUM_RANGE };
	RTM_NET_ADDRESS ten = fx_net("10.0.0.0", 8), odd = ten;
	RTM_ENUM_HANDLE en = GARBAGE;

	for (UINT i = 0; i < 2; i++) {
		CODE(ERROR_INVALID_PARAMETER,
		     RtmCreateDestEnum(fx.a, UC, bad[i], NULL, 0, &en));
		CODE(ERROR_INVALID_PARAMETER,
		     RtmCreateRouteEnum(fx.a, NULL, UC, bad[i], NULL, 0, NULL, 0, &en));
		CODE(ERROR_INVALID_PARAMETER, RtmCreateNextHopEnum(fx.a, bad[i], NULL, &en));
	}
	CODE(ERROR_INVALID_PARAMETER,
	     RtmCreateDestEnum(fx.a, UC, RTM_ENUM_NEXT | RTM_ENUM_RANGE, &ten, 0, &en));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmCreateRouteEnum(fx.a, NULL, UC, RTM_ENUM_NEXT | RTM_ENUM_RANGE, &ten, 0, NULL,
	                        0, &en));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmCreateNextHopEnum(fx.a, RTM_ENUM_NEXT | RTM_ENUM_RANGE, &ten, &en));
	CODE(ERROR_INVALID_PARAMETER, RtmCreateDestEnum(fx.a, UC, 0x80, &ten, 0, &en));
	CODE(ERROR_INVALID_PARAMETER, RtmCreateDestEnum(fx.a, UC, 0, NULL, 0, NULL));
	odd.AddressFamily = AF_UNIX;
	CODE(ERROR_INVALID_PARAMETER, RtmCreateDestEnum(fx.a, UC, RTM_ENUM_NEXT, &odd, 0, &en));
	SAME(GARBAGE, en);
	EQ(0, fx_counts().enums);
}

static void
t090_unsupported_views_are_not_supported(void)
{
	RTM_VIEW_SET beyond = UC | (fx.profile.ViewsSupported + 1);
	HANDLE h = GARBAGE;

	CODE(ERROR_NOT_SUPPORTED, RtmCreateDestEnum(fx.a, beyond, 0, NULL, 0, &h));
	CODE(ERROR_NOT_SUPPORTED,
	     RtmCreateRouteEnum(fx.a, NULL, beyond, 0, NULL, 0, NULL, 0, &h));
	CODE(ERROR_NOT_SUPPORTED,
	     RtmRegisterForChangeNotification(fx.a, beyond, RTM_CHANGE_TYPE_ALL, NULL, &h));
	SAME(GARBAGE, h);
	OK(RtmCreateDestEnum(fx.a, RTM_VIEW_MASK_ALL, 0, NULL, 0, &h));
	OK(RtmDeleteEnumHandle(fx.a, h));
}

static void
t091_own_means_the_best_route_or_the_route_itself(void)
{
	HANDLE mine = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 1));
	HANDLE loser = fx_route(fx.a, RT("11.0.0.0", 8, .metric = 9));
	HANDLE other_view = fx_route(fx.a, RT("12.0.0.0", 8, .metric = 1, .views = MC));
	HANDLE own[3] = { mine, loser, other_view };

	OK(fx_add(fx.b, NULL, RT("10.0.0.0", 8, .metric = 2)));
	OK(fx_add(fx.b, NULL, RT("11.0.0.0", 8, .metric = 2)));
	OK(fx_add(fx.b, NULL, RT("12.0.0.0", 8, .metric = 9, .views = UC | MC)));
	fx_enum_dests(fx.a, UC, RTM_ENUM_OWN_DESTS, NULL);
	EQ(1, fx_seen.num);
	TRUTH(fx_saw("10.0.0.0", 8));
	fx_enum_dests(fx.a, UC | MC, RTM_ENUM_OWN_DESTS, NULL);
	EQ(2, fx_seen.num);
	TRUTH(fx_saw("12.0.0.0", 8));
	fx_enum_dests(fx.a, ANY, RTM_ENUM_OWN_DESTS, NULL); /* any supported view */
	EQ(2, fx_seen.num);
	fx_enum_routes(fx.a, NULL, ANY, RTM_ENUM_OWN_ROUTES, NULL, 0, NULL, 0);
	TRUTH(fx_saw_handles(own, 3));
	fx_enum_routes(fx.a, NULL, UC, RTM_ENUM_OWN_ROUTES, NULL, 0, NULL, 0);
	TRUTH(fx_saw_handles(own, 2));
	fx_enum_routes(fx.b, NULL, ANY, RTM_ENUM_OWN_ROUTES, NULL, 0, NULL, 0);
	EQ(3, fx_seen.num);
}

static void
t092_routes_come_by_preference_and_metric(void)
{
	HANDLE n = fx_hop(fx.a, "192.0.2.1", 1);
	HANDLE third = fx_route(fx.a, RT("10.0.0.0", 8, .pref = 2, .metric = 1));
	HANDLE second = fx_route(fx.b, RT("10.0.0.0", 8, .pref = 1, .metric = 9));
	HANDLE first =
	    fx_route(fx.a, RT("10.0.0.0", 8, .pref = 1, .metric = 3, .neighbour = n));
	HANDLE low = fx_route(fx.a, RT("9.0.0.0", 8, .pref = 200));
	HANDLE one[3] = { first, second, third }, all[4] = { low, first, second, third };
	HANDLE dest = fx_dest("10.0.0.0", 8, UC);
	RTM_NET_ADDRESS ignored = fx_net("10.200.0.0", 16);

	fx_enum_routes(fx.a, dest, UC, 0, NULL, 0, NULL, 0);
	TRUTH(fx_saw_handles(one, 3));
	fx_enum_routes(fx.a, dest, UC, RTM_ENUM_RANGE, &ignored, 0, NULL, 0); /* [RTM K28] */
	TRUTH(fx_saw_handles(one, 3));
	fx_enum_routes(fx.a, NULL, UC, 0, NULL, 0, NULL, 0);
	TRUTH(fx_saw_handles(all, 4));
	OK(fx_add(fx.a, &third, RT("10.0.0.0", 8, .pref = 1, .metric = 1)));
	fx_enum_routes(fx.a, dest, UC, 0, NULL, 0, NULL, 0);
	one[0] = third;
	one[1] = first;
	one[2] = second;
	TRUTH(fx_saw_handles(one, 3));
}

static void
t092_a_batch_may_end_inside_a_destination(void)
{
	HANDLE want[5], got[5], en = NULL;
	UINT n;

	for (UINT i = 0; i < 5; i++) {
		HANDLE hop = fx_hop(fx.a, "192.0.2.1", i);

		want[i] = fx_route(fx.a, RT("10.0.0.0", 8, .metric = i, .neighbour = hop));
	}
	OK(RtmCreateRouteEnum(fx.a, NULL, UC, 0, NULL, 0, NULL, 0, &en));
	for (UINT i = 0; i < 5; i += n) {
		n = i + 2 <= 5 ? 2 : 1;
		OK(RtmGetEnumRoutes(fx.a, en, &n, &got[i]));
	}
	EQ(0, memcmp(want, got, sizeof want));
	n = 2;
	CODE(ERROR_NO_MORE_ITEMS, RtmGetEnumRoutes(fx.a, en, &n, &got[0]));
	EQ(0, n);
	n = fx.profile.MaxHandlesInEnum + 1;
	CODE(ERROR_INVALID_PARAMETER, RtmGetEnumRoutes(fx.a, en, &n, &got[0]));
	n = 0;
	CODE(ERROR_INVALID_PARAMETER, RtmGetEnumRoutes(fx.a, en, &n, &got[0]));
	OK(RtmReleaseRoutes(fx.a, 5, got));
	OK(RtmDeleteEnumHandle(fx.a, en));
}

static void
t093_criteria_need_a_route_unless_only_the_interface_counts(void)
{
	static const RTM_MATCH_FLAGS need[] = { RTM_MATCH_OWNER,
		                                RTM_MATCH_NEIGHBOUR,
		                                RTM_MATCH_PREF,
		                                RTM_MATCH_NEXTHOP,
		                                RTM_MATCH_OWNER | RTM_MATCH_INTERFACE,
		                                RTM_MATCH_FULL };
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 5), en = GARBAGE, r;
	RTM_ROUTE_INFO criteria;

	for (UINT i = 0; i < sizeof need / sizeof need[0]; i++)
		CODE(ERROR_INVALID_PARAMETER,
		     RtmCreateRouteEnum(fx.a, NULL, UC, 0, NULL, need[i], NULL, 5, &en));
	SAME(GARBAGE, en);
	r = fx_route(fx.a, RT("10.0.0.0", 8, .hop = hop));
	OK(fx_add(fx.b, NULL, RT("10.0.0.0", 8)));
	OK(fx_add(fx.a, NULL, RT("11.0.0.0", 8, .metric = 4)));
	fx_enum_routes(fx.a, NULL, UC, 0, NULL, RTM_MATCH_INTERFACE, NULL, 5);
	TRUTH(fx_saw_handles(&r, 1));
	fx_enum_routes(fx.a, NULL, UC, 0, NULL, RTM_MATCH_INTERFACE, NULL, 6);
	EQ(0, fx_seen.num);
	memset(&criteria, 0, sizeof criteria);
	criteria.RouteOwner = fx.b;
	fx_enum_routes(fx.a, NULL, UC, 0, NULL, RTM_MATCH_OWNER, &criteria, 0);
	EQ(1, fx_seen.num);
	criteria.PrefInfo = (RTM_PREF_INFO){ .Metric = 4, .Preference = 1 };
	fx_enum_routes(fx.a, NULL, UC, 0, NULL, RTM_MATCH_PREF, &criteria, 0);
	EQ(1, fx_seen.num);
	TRUTH(fx_saw("11.0.0.0", 8));
	criteria.NextHopsList.NumNextHops = 1;
	criteria.NextHopsList.NextHops[0] = hop;
	fx_enum_routes(fx.a, NULL, UC, 0, NULL, RTM_MATCH_NEXTHOP, &criteria, 0);
	TRUTH(fx_saw_handles(&r, 1));
	CODE(ERROR_INVALID_HANDLE,
	     RtmCreateRouteEnum(fx.a, GARBAGE, UC, 0, NULL, 0, NULL, 0, &en));
}

static void
t094_next_hops_are_the_callers_own_in_order(void)
{
	HANDLE want[4], en = NULL, h[2];
	RTM_NET_ADDRESS range = fx_net("192.0.2.0", 30), from = fx_net("192.0.2.2", 32);
	UINT n;

	want[3] = fx_hop(fx.a, "192.0.2.9", 1);
	want[1] = fx_hop(fx.a, "192.0.2.1", 2);
	want[0] = fx_hop(fx.a, "192.0.2.1", 1);
	want[2] = fx_hop(fx.a, "192.0.2.3", 1);
	fx_hop(fx.b, "192.0.2.2", 1);
	fx_enum_hops(fx.a, RTM_ENUM_START, NULL);
	TRUTH(fx_saw_handles(want, 4));
	fx_enum_hops(fx.a, RTM_ENUM_RANGE, &range);
	TRUTH(fx_saw_handles(want, 3));
	fx_enum_hops(fx.a, RTM_ENUM_NEXT, &from);
	TRUTH(fx_saw_handles(want + 2, 2));
	OK(RtmCreateNextHopEnum(fx.a, 0, NULL, &en));
	n = fx.profile.MaxHandlesInEnum + 1;
	CODE(ERROR_INVALID_PARAMETER, RtmGetEnumNextHops(fx.a, en, &n, h));
	n = 0;
	CODE(ERROR_INVALID_PARAMETER, RtmGetEnumNextHops(fx.a, en, &n, h));
	CODE(ERROR_INVALID_PARAMETER, RtmGetEnumNextHops(fx.a, en, NULL, h));
	OK(RtmDeleteEnumHandle(fx.a, en));
}

static void
t095_an_enumeration_ends_once_and_is_private(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8)), h = NULL;
	RTM_ENUM_HANDLE en = NULL, de = NULL;
	union route_buf buf;
	union dests_buf d;
	UINT n = 1;

	OK(RtmCreateRouteEnum(fx.a, NULL, UC, 0, NULL, 0, NULL, 0, &en));
	OK(RtmCreateDestEnum(fx.a, UC, 0, NULL, 0, &de));
	CODE(ERROR_INVALID_HANDLE, RtmGetEnumDests(fx.a, en, &n, &d.i));
	CODE(ERROR_INVALID_HANDLE, RtmGetEnumRoutes(fx.a, de, &n, &h));
	CODE(ERROR_INVALID_HANDLE, RtmGetEnumNextHops(fx.a, en, &n, &h));
	CODE(ERROR_INVALID_HANDLE, RtmGetListEnumRoutes(fx.a, en, &n, &h));
	CODE(ERROR_INVALID_HANDLE, RtmGetEnumRoutes(fx.b, en, &n, &h));
	CODE(ERROR_INVALID_HANDLE, RtmDeleteEnumHandle(fx.b, en));
	CODE(ERROR_INVALID_HANDLE, RtmDeleteEnumHandle(fx.a, r));
	OK(RtmGetEnumRoutes(fx.a, en, &n, &h));
	SAME(r, fx_keep(FX_ROUTE, h));
	OK(RtmDeleteEnumHandle(fx.a, en));
	CODE(ERROR_INVALID_HANDLE, RtmDeleteEnumHandle(fx.a, en));
	CODE(ERROR_INVALID_HANDLE, RtmGetEnumRoutes(fx.a, en, &n, &h));
	OK(RtmGetRouteInfo(fx.a, h, &buf.i, NULL)); /* what came out stays valid */
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
	OK(RtmDeleteEnumHandle(fx.a, de));
}

/* Walk one by one; after `at` items do `what`; no item twice, and an end. */
static void
walk_while(UINT num, UINT at, void (*what)(void))
{
	RTM_NET_ADDRESS last;
	RTM_ENUM_HANDLE en = NULL;
	union dests_buf d;
	UINT n = 1, seen = 0;

	memset(&last, 0, sizeof last);
	OK(RtmCreateDestEnum(fx.a, UC, 0, NULL, 0, &en));
	for (UINT i = 0; i < 4 * num; i++) {
		if (i == at)
			what();
		n = 1;
		if (RtmGetEnumDests(fx.a, en, &n, &d.i) != NO_ERROR)
			break;
		TRUTH(seen == 0 || fx_net_cmp(&last, &d.i.DestAddress) < 0);
		last = d.i.DestAddress;
		fx_seen.net[seen++] = last;
		OK(RtmReleaseDests(fx.a, 1, &d.i));
	}
	EQ(0, n); /* it came to its end */
	fx_seen.num = seen;
	OK(RtmDeleteEnumHandle(fx.a, en));
}

static HANDLE movable[8];

static void
delete_around_the_cursor(void)
{
	fx_delete(fx.a, movable[1]); /* returned before */
	fx_delete(fx.a, movable[3]); /* returned just now */
	fx_delete(fx.a, movable[4]); /* the very next */
	fx_delete(fx.a, movable[6]);
}

static void
insert_around_the_cursor(void)
{
	OK(fx_add(fx.a, NULL, RT("10.0.1.128", 25))); /* behind */
	OK(fx_add(fx.a, NULL, RT("10.0.3.0", 25)));   /* right ahead */
	OK(fx_add(fx.a, NULL, RT("10.0.6.128", 25)));
}

static void
delete_everything(void)
{
	for (UINT i = 0; i < 8; i++)
		fx_delete(fx.a, movable[i]);
}

static void
t096_changes_under_way_give_neither_twins_nor_loops(void)
{
	for (UINT i = 0; i < 8; i++)
		movable[i] = fx_route(fx.a, RT(nth(i), 24));
	walk_while(8, 4, insert_around_the_cursor);
	EQ(10, fx_seen.num);
	TRUTH(fx_saw("10.0.3.0", 25) && fx_saw("10.0.6.128", 25) && !fx_saw("10.0.1.128", 25));
	walk_while(11, 11, insert_around_the_cursor); /* an update disturbs nobody */
	EQ(11, fx_seen.num);
	walk_while(8, 5, delete_around_the_cursor); /* 3 and 4 behind it, 6 ahead */
	TRUTH(!fx_saw("10.0.6.0", 24) && fx_saw("10.0.7.0", 24));
	for (UINT i = 0; i < 8; i++)
		if (!fx_slot(nth(i), 24, 0).found)
			movable[i] = fx_route(fx.a, RT(nth(i), 24));
	walk_while(11, 3, delete_everything);
	TRUTH(fx_saw("10.0.6.128", 25));
}

static void
t096_routes_of_a_destination_are_those_at_its_entry(void)
{
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1), en = NULL, h = NULL, again = NULL;
	HANDLE first = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 1));
	HANDLE second = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 2, .neighbour = hop));
	UINT n = 1, rounds = 0;

	OK(RtmCreateRouteEnum(fx.a, NULL, UC, 0, NULL, 0, NULL, 0, &en));
	OK(RtmGetEnumRoutes(fx.a, en, &n, &h));
	SAME(first, h);
	OK(RtmReleaseRoutes(fx.a, 1, &h));
	OK(fx_add(fx.a, &first, RT("10.0.0.0", 8, .metric = 3))); /* now behind */
	while (rounds++ < 10 && RtmGetEnumRoutes(fx.a, en, &n, &again) == NO_ERROR) {
		SAME(second, again);
		OK(RtmReleaseRoutes(fx.a, 1, &again));
	}
	EQ(2, rounds);
	OK(RtmDeleteEnumHandle(fx.a, en));
}

static void
t096_a_deleted_route_is_not_returned(void)
{
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1), en = NULL, h = NULL;
	HANDLE second;
	UINT n = 1;

	fx_route(fx.a, RT("10.0.0.0", 8, .metric = 1));
	second = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 2, .neighbour = hop));
	OK(RtmCreateRouteEnum(fx.a, NULL, UC, 0, NULL, 0, NULL, 0, &en));
	OK(RtmGetEnumRoutes(fx.a, en, &n, &h));
	OK(RtmReleaseRoutes(fx.a, 1, &h));
	fx_delete(fx.a, second);
	n = 1;
	CODE(ERROR_NO_MORE_ITEMS, RtmGetEnumRoutes(fx.a, en, &n, &h));
	EQ(0, n);
	OK(RtmDeleteEnumHandle(fx.a, en));
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t086_every_destination_once_in_order),
	T(t086_order_is_address_then_length),
	T(t087_both_styles_of_loop_see_everything),
	T(t088_range_next_and_start_begin_where_they_should),
	T(t089_a_start_without_an_address_is_refused),
	T(t090_unsupported_views_are_not_supported),
	T(t091_own_means_the_best_route_or_the_route_itself),
	T(t092_routes_come_by_preference_and_metric),
	T(t092_a_batch_may_end_inside_a_destination),
	T(t093_criteria_need_a_route_unless_only_the_interface_counts),
	T(t094_next_hops_are_the_callers_own_in_order),
	T(t095_an_enumeration_ends_once_and_is_private),
	T(t096_changes_under_way_give_neither_twins_nor_loops),
	T(t096_routes_of_a_destination_are_those_at_its_entry),
	T(t096_a_deleted_route_is_not_returned),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("enumerations", cases, FX_BOTH);
}
