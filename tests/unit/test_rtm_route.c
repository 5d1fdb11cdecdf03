/*
 * One chapter: routes come, change and go. Statements 38 to 61: when an addition is
 * an update, which route is best in which view, who may touch what, and what happens
 * when a route's time is up.
 */
#include "rtm_fix.h"

#include <string.h>

#define NEW_BEST (RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST)

static void
t038_first_route_of_a_destination_is_new_and_best(void)
{
	RTM_ROUTE_HANDLE h = NULL;

	OK(fx_add(fx.a, &h, RT("10.0.0.0", 8, .metric = 5)));
	EQ(NEW_BEST, fx.change);
	TRUTH(fx_keep(FX_ROUTE, h) != NULL);
	EQ(1, fx_refs());
	EQ(1, fx_counts().routes);
	EQ(1, fx_counts().dests);
}

static void
t039_an_equal_route_is_an_update(void)
{
	RTM_ROUTE_HANDLE h = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 5));
	RTM_ROUTE_HANDLE again = NULL;

	OK(fx_add(fx.a, &again, RT("10.0.0.0", 8, .metric = 6)));
	EQ(0, fx.change & RTM_ROUTE_CHANGE_NEW);
	SAME(h, fx_keep(FX_ROUTE, again));
	EQ(6, fx_metric(h));
	EQ(1, fx_counts().routes);
}

static void
t040_another_neighbour_is_another_route_unless_the_first_is_meant(void)
{
	HANDLE n1 = fx_hop(fx.a, "192.0.2.1", 1), n2 = fx_hop(fx.a, "192.0.2.2", 1);
	HANDLE n3 = fx_hop(fx.a, "192.0.2.3", 1), same = NULL;
	RTM_ROUTE_HANDLE r1 = fx_route(fx.a, RT("10.0.0.0", 8, .neighbour = n1, .metric = 1));
	RTM_ROUTE_HANDLE r2 = fx_route(fx.a, RT("10.0.0.0", 8, .neighbour = n2, .metric = 2));
	union route_buf buf;

	EQ(RTM_ROUTE_CHANGE_NEW, fx.change);
	TRUTH(r1 != r2);
	OK(fx_add(
	    fx.a, &same,
	    RT("10.0.0.0", 8, .neighbour = n3, .metric = 1, .in = RTM_ROUTE_CHANGE_FIRST)));
	EQ(0, fx.change & RTM_ROUTE_CHANGE_NEW);
	SAME(r1, fx_keep(FX_ROUTE, same));
	OK(RtmGetRouteInfo(fx.a, r1, &buf.i, NULL));
	SAME(n3, buf.i.Neighbour);
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
	EQ(2, fx_counts().routes);
}

static void
t041_first_without_a_route_of_the_caller_is_new(void)
{
	RTM_ROUTE_HANDLE other = fx_route(fx.b, RT("10.0.0.0", 8));
	RTM_ROUTE_HANDLE h =
	    fx_route(fx.a, RT("10.0.0.0", 8, .metric = 7, .in = RTM_ROUTE_CHANGE_FIRST));

	TRUTH(h != other);
	EQ(RTM_ROUTE_CHANGE_NEW, fx.change);
}

static void
t042_new_adds_a_twin_of_an_equal_route(void)
{
	RTM_ROUTE_HANDLE h = fx_route(fx.a, RT("10.0.0.0", 8));
	RTM_ROUTE_HANDLE twin = fx_route(fx.a, RT("10.0.0.0", 8, .in = RTM_ROUTE_CHANGE_NEW));

	TRUTH(h != twin);
	EQ(RTM_ROUTE_CHANGE_NEW, fx.change); /* the incumbent stays best [RTM K51] */
	EQ(2, fx_slot("10.0.0.0", 8, 0).num_routes);
	SAME(h, fx_slot("10.0.0.0", 8, 0).route);
}

static void
t043_two_entities_share_a_destination(void)
{
	RTM_ROUTE_HANDLE a = fx_route(fx.a, RT("10.0.0.0", 8));
	RTM_ROUTE_HANDLE b = fx_route(fx.b, RT("10.0.0.0", 8));

	TRUTH(a != b);
	EQ(1, fx_counts().dests);
	EQ(2, fx_counts().routes);
	EQ(2, fx_slot("10.0.0.0", 8, 0).num_routes);
}

static void
t044_preference_beats_metric_beats_age(void)
{
	static const struct {
		ULONG pref_a, metric_a, pref_b, metric_b;
		bool a_wins;
	} t[] = {
		{ 1, 500, 2, 1, true },           { 2, 1, 1, 500, false },
		{ 3, 10, 3, 11, true },           { 3, 11, 3, 10, false },
		{ 3, 10, 3, 10, true }, /* the older one */
		{ 255, 0, 1, 0xFFFFFFFF, false },
	};
	RTM_ROUTE_HANDLE a, b;
	struct fx_slot s;

	for (UINT i = 0; i < sizeof t / sizeof t[0]; i++) {
		a = fx_route(fx.a, RT("10.0.0.0", 8, .pref = t[i].pref_a,
		                      .metric = t[i].metric_a, .views = UC | MC));
		b = fx_route(fx.b, RT("10.0.0.0", 8, .pref = t[i].pref_b,
		                      .metric = t[i].metric_b, .views = UC | MC));
		EQ(t[i].a_wins ? UC | MC : 0, fx_best(a));
		EQ(t[i].a_wins ? 0 : UC | MC, fx_best(b));
		for (RTM_VIEW_ID v = 0; v < 2; v++) {
			s = fx_slot("10.0.0.0", 8, v);
			SAME(t[i].a_wins ? a : b, s.route);
			SAME(t[i].a_wins ? fx.a : fx.b, s.owner);
			EQ(2, s.num_routes);
		}
		fx_delete(fx.a, a);
		fx_delete(fx.b, b);
	}
}

static void
t045_worsening_the_best_hands_over_and_says_so(void)
{
	RTM_ROUTE_HANDLE a = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 5));
	RTM_ROUTE_HANDLE b = fx_route(fx.b, RT("10.0.0.0", 8, .metric = 6));

	EQ(0, fx.change & RTM_ROUTE_CHANGE_BEST);
	OK(fx_add(fx.b, &b, RT("10.0.0.0", 8, .metric = 8)));
	EQ(0, fx.change); /* a loser that goes on losing */
	OK(fx_add(fx.a, &a, RT("10.0.0.0", 8, .metric = 9)));
	EQ(RTM_ROUTE_CHANGE_BEST, fx.change);
	EQ(UC, fx_best(b));
	EQ(0, fx_best(a));
}

static void
t046_best_is_told_per_view(void)
{
	RTM_ROUTE_HANDLE h = fx_route(fx.a, RT("10.0.0.0", 8, .views = UC));

	EQ(UC, fx_best(h));
	SAME(NULL, fx_slot("10.0.0.0", 8, 1).route);
	OK(fx_add(fx.a, &h, RT("10.0.0.0", 8, .views = MC)));
	EQ(MC, fx_best(h));
	SAME(NULL, fx_slot("10.0.0.0", 8, 0).route);
	EQ(0, fx_slot("10.0.0.0", 8, 0).num_routes);
	SAME(h, fx_slot("10.0.0.0", 8, 1).route);
	OK(fx_add(fx.a, &h, RT("10.0.0.0", 8, .views = NO_VIEW)));
	EQ(0, fx_best(h)); /* in no view, yet in the table */
	TRUTH(fx_slot("10.0.0.0", 8, 0).found);
}

static void
t047_only_the_owner_changes_or_deletes(void)
{
	RTM_ROUTE_HANDLE h = fx_route(fx.b, RT("10.0.0.0", 8, .metric = 5));
	RTM_ROUTE_CHANGE_FLAGS change = 0;

	CODE(ERROR_ACCESS_DENIED, fx_add(fx.a, &h, RT("10.0.0.0", 8, .metric = 6)));
	CODE(ERROR_ACCESS_DENIED, RtmDeleteRouteToDest(fx.a, h, &change));
	EQ(5, fx_metric(h));
	EQ(UC, fx_best(h));
}

static void
t048_bad_handles_and_missing_pointers_are_told_apart(void)
{
	RTM_ROUTE_HANDLE bad = GARBAGE, h = NULL;
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_ROUTE_CHANGE_FLAGS c = 0;
	union route_buf r;
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1);

	memset(&r, 0, sizeof r);
	r.i.PrefInfo.Preference = 1;
	r.i.BelongsToViews = UC;
	CODE(ERROR_INVALID_HANDLE, fx_add(fx.a, &bad, RT("10.0.0.0", 8)));
	SAME(GARBAGE, bad);
	CODE(ERROR_INVALID_HANDLE, fx_add(fx.a, &hop, RT("10.0.0.0", 8)));
	CODE(ERROR_INVALID_HANDLE, fx_add(fx.a, &h, RT("10.0.0.0", 8, .list = hop)));
	CODE(ERROR_INVALID_HANDLE, fx_add(fx.a, &h, RT("10.0.0.0", 8, .neighbour = GARBAGE)));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmAddRouteToDest(fx.a, &h, NULL, &r.i, INFINITE, NULL, 0, NULL, &c));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmAddRouteToDest(fx.a, &h, &n, NULL, INFINITE, NULL, 0, NULL, &c));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmAddRouteToDest(fx.a, &h, &n, &r.i, INFINITE, NULL, 0, NULL, NULL));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmAddRouteToDest(fx.a, &h, &n, &r.i, INFINITE, NULL, 1, NULL, &c));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmAddRouteToDest(fx.a, &h, &n, &r.i, INFINITE, NULL, 0, GARBAGE, &c));
	for (UINT bit = 0; bit < 32; bit++) { /* FIRST, NEW are inputs, BEST is ignored */
		if (((1u << bit) & (RTM_ROUTE_CHANGE_FIRST | NEW_BEST)) != 0)
			continue;
		CODE(ERROR_INVALID_PARAMETER,
		     fx_add(fx.a, &h, RT("10.0.0.0", 8, .in = 1u << bit)));
	}
	CODE(ERROR_INVALID_PARAMETER,
	     fx_add(fx.a, &h,
	            RT("10.0.0.0", 8, .in = RTM_ROUTE_CHANGE_FIRST | RTM_ROUTE_CHANGE_NEW)));
	n.NumBits = (USHORT)(fx.bits + 1);
	CODE(ERROR_INVALID_PARAMETER,
	     RtmAddRouteToDest(fx.a, &h, &n, &r.i, INFINITE, NULL, 0, NULL, &c));
	n = fx_net("10.0.0.0", 8);
	n.AddressFamily = AF_UNIX;
	CODE(ERROR_INVALID_PARAMETER,
	     RtmAddRouteToDest(fx.a, &h, &n, &r.i, INFINITE, NULL, 0, NULL, &c));
	SAME(NULL, h);
	EQ(0, fx_counts().routes);
	EQ(0, fx_counts().dests);
	OK(fx_add(fx.a, NULL, RT("10.0.0.0", 8, .in = RTM_ROUTE_CHANGE_BEST)));
}

static void
t048_an_update_by_handle_must_name_its_own_destination(void)
{
	RTM_ROUTE_HANDLE h = fx_route(fx.a, RT("10.0.0.0", 8));

	CODE(ERROR_INVALID_PARAMETER, fx_add(fx.a, &h, RT("10.0.0.0", 9)));
	CODE(ERROR_INVALID_PARAMETER, fx_add(fx.a, &h, RT("11.0.0.0", 8)));
	EQ(1, fx_counts().routes);
}

static DWORD
add_with_hops(UINT num, HANDLE hop)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_ROUTE_CHANGE_FLAGS c = 0;
	union route_buf r;
	HANDLE *list = &r.i.NextHopsList.NextHops[0];

	memset(&r, 0, sizeof r);
	r.i.PrefInfo.Preference = 1;
	r.i.BelongsToViews = UC;
	r.i.NextHopsList.NumNextHops = (USHORT)num;
	for (UINT i = 0; i < num; i++)
		list[i] = hop;
	return RtmAddRouteToDest(fx.a, NULL, &n, &r.i, INFINITE, NULL, 0, NULL, &c);
}

static void
t049_next_hops_from_none_to_the_most(void)
{
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1);

	CODE(ERROR_INVALID_PARAMETER, add_with_hops(fx.profile.MaxNextHopsInRoute + 1, hop));
	EQ(0, fx_counts().routes);
	OK(add_with_hops(fx.profile.MaxNextHopsInRoute, hop));
	OK(add_with_hops(0, hop));
	OK(add_with_hops(1, hop));
	EQ(1, fx_counts().routes);
}

static void
t050_a_foreign_or_stale_next_hop_adds_nothing(void)
{
	HANDLE mine = fx_hop(fx.a, "192.0.2.1", 1), theirs = fx_hop(fx.b, "192.0.2.1", 1);
	HANDLE stale = fx_forget(fx_hop(fx.a, "192.0.2.2", 1));

	OK(RtmDeleteNextHop(fx.a, stale, NULL));
	CODE(ERROR_ACCESS_DENIED,
	     fx_add(fx.a, NULL, RT("10.0.0.0", 8, .hop = mine, .hop2 = theirs)));
	CODE(ERROR_INVALID_HANDLE,
	     fx_add(fx.a, NULL, RT("10.0.0.0", 8, .hop = mine, .hop2 = stale)));
	CODE(ERROR_ACCESS_DENIED, fx_add(fx.a, NULL, RT("10.0.0.0", 8, .neighbour = theirs)));
	EQ(0, fx_counts().routes);
	EQ(0, fx_counts().dests);
	EQ(2, fx_refs());
}

static void
t051_an_unsupported_view_is_refused(void)
{
	RTM_VIEW_SET beyond = fx.profile.ViewsSupported + 1;

	CODE(ERROR_INVALID_PARAMETER,
	     fx_add(fx.a, NULL, RT("10.0.0.0", 8, .views = UC | beyond)));
	EQ(0, fx_counts().routes);
}

static void
t052_host_bits_do_not_count(void)
{
	RTM_ROUTE_HANDLE h = fx_route(fx.a, RT("10.1.2.3", 8, .metric = 1));
	RTM_NET_ADDRESS want = fx_net("10.0.0.0", 8), got;
	RTM_ROUTE_HANDLE same = NULL;

	OK(fx_add(fx.a, &same, RT("10.0.0.0", 8, .metric = 2)));
	SAME(h, fx_keep(FX_ROUTE, same));
	EQ(1, fx_counts().dests);
	OK(RtmGetRouteInfo(fx.a, h, NULL, &got));
	TRUTH(fx_net_same(&want, &got));
	TRUTH(fx_slot("10.200.0.1", 8, 0).found);
}

static void
t053_a_handle_only_where_one_is_wanted(void)
{
	RTM_ROUTE_HANDLE h = NULL;

	OK(fx_add(fx.a, NULL, RT("10.0.0.0", 8)));
	EQ(0, fx_refs());
	TRUTH(fx_slot("10.0.0.0", 8, 0).found);
	OK(fx_add(fx.a, &h, RT("10.0.0.0", 8)));
	TRUTH(h != NULL);
	EQ(1, fx_refs());
	OK(RtmReleaseRoutes(fx.a, 1, &h));
	CODE(ERROR_INVALID_HANDLE, RtmReleaseRoutes(fx.a, 1, &h));
	TRUTH(fx_slot("10.0.0.0", 8, 0).found); /* the table's own reference is not mine */
}

static void
t054_deleting_consumes_the_handle_and_tells_of_best(void)
{
	RTM_ROUTE_HANDLE a = fx_forget(fx_route(fx.a, RT("10.0.0.0", 8, .metric = 1)));
	RTM_ROUTE_HANDLE b = fx_forget(fx_route(fx.b, RT("10.0.0.0", 8, .metric = 2)));
	RTM_ROUTE_CHANGE_FLAGS c = 0xee;

	OK(RtmDeleteRouteToDest(fx.b, b, &c));
	EQ(0, c);
	CODE(ERROR_INVALID_HANDLE, RtmReleaseRoutes(fx.b, 1, &b));
	OK(RtmDeleteRouteToDest(fx.a, a, &c));
	EQ(RTM_ROUTE_CHANGE_BEST, c);
	CODE(ERROR_INVALID_HANDLE, RtmReleaseRoutes(fx.a, 1, &a));
	CODE(ERROR_INVALID_HANDLE, RtmDeleteRouteToDest(fx.a, a, &c));
	a = fx_route(fx.a, RT("10.0.0.0", 8, .views = NO_VIEW));
	fx_delete(fx.a, a);
	EQ(0, fx.change); /* best nowhere */
}

static void
t055_a_second_reference_still_reads_the_deleted_route(void)
{
	RTM_ROUTE_HANDLE h = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 5));
	RTM_ROUTE_CHANGE_FLAGS c = 0;
	RTM_NET_ADDRESS n, want = fx_net("10.0.0.0", 8);
	union route_buf r;

	OK(RtmReferenceHandles(fx.a, 1, &h));
	OK(RtmDeleteRouteToDest(fx.a, h, &c));
	CODE(ERROR_NOT_FOUND, RtmDeleteRouteToDest(fx.a, h, &c));
	OK(RtmGetRouteInfo(fx.a, h, &r.i, &n));
	EQ(RTM_ROUTE_STATE_DELETED, r.i.State);
	EQ(5, r.i.PrefInfo.Metric);
	TRUTH(fx_net_same(&want, &n));
	OK(RtmReleaseRouteInfo(fx.a, &r.i));
	EQ(0, fx_best(h));
	CODE(ERROR_INVALID_HANDLE, fx_add(fx.a, &h, RT("10.0.0.0", 8)));
	EQ(1, fx_refs());
}

static void
t056_the_last_route_takes_the_destination_along(void)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	union dest_buf d;

	fx_delete(fx.a, fx_route(fx.a, RT("10.0.0.0", 8)));
	CODE(ERROR_NOT_FOUND, RtmGetExactMatchDestination(fx.a, &n, 0, UC, &d.i));
	CODE(ERROR_NOT_FOUND, RtmGetExactMatchDestination(fx.a, &n, 0, ANY, &d.i));
	EQ(0, fx_counts().dests);
}

static void
t056_a_referenced_destination_comes_back_as_itself(void)
{
	HANDLE dest, again;
	union dest_buf d;
	RTM_ROUTE_HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));

	dest = fx_dest("10.0.0.0", 8, UC);
	fx_delete(fx.a, r);
	SAME(NULL, fx_dest("10.0.0.0", 8, ANY));
	OK(RtmGetDestInfo(fx.a, dest, 0, UC, &d.i)); /* readable, and empty */
	EQ(0, d.i.ViewInfo[0].NumRoutes);
	EQ(0, d.i.BelongsToViews);
	OK(RtmReleaseDestInfo(fx.a, &d.i));
	fx_route(fx.b, RT("10.0.0.0", 8));
	again = fx_dest("10.0.0.0", 8, UC);
	SAME(dest, again);
	EQ(1, fx_counts().dests);
}

static void
t057_dest_owner_and_state_from_the_caller_are_ignored(void)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_ROUTE_CHANGE_FLAGS c = 0;
	RTM_ROUTE_HANDLE h = NULL;
	union route_buf r;
	int mark;

	memset(&r, 0, sizeof r);
	r.i.DestHandle = GARBAGE;
	r.i.RouteOwner = GARBAGE;
	r.i.State = RTM_ROUTE_STATE_DELETED;
	r.i.Flags1 = 0x5a;
	r.i.Flags = RTM_ROUTE_FLAGS_REMOTE;
	r.i.PrefInfo.Preference = 4;
	r.i.PrefInfo.Metric = 44;
	r.i.BelongsToViews = MC;
	r.i.EntitySpecificInfo = &mark;
	OK(RtmAddRouteToDest(fx.a, &h, &n, &r.i, INFINITE, NULL, 0, NULL, &c));
	fx_keep(FX_ROUTE, h);
	memset(&r, 0, sizeof r);
	OK(RtmGetRouteInfo(fx.b, h, &r.i, NULL));
	SAME(fx_dest("10.0.0.0", 8, ANY), r.i.DestHandle);
	SAME(fx.a, r.i.RouteOwner);
	EQ(RTM_ROUTE_STATE_CREATED, r.i.State);
	EQ(0x5a, r.i.Flags1);
	EQ(RTM_ROUTE_FLAGS_REMOTE, r.i.Flags);
	EQ(4, r.i.PrefInfo.Preference);
	EQ(44, r.i.PrefInfo.Metric);
	EQ(MC, r.i.BelongsToViews);
	SAME(&mark, r.i.EntitySpecificInfo);
	EQ(0, r.i.NextHopsList.NumNextHops);
	SAME(NULL, r.i.Neighbour);
	OK(RtmReleaseRouteInfo(fx.b, &r.i));
}

static void
t058_the_owner_gets_a_pointer(void)
{
	RTM_ROUTE_HANDLE h =
	    fx_route(fx.a, RT("10.0.0.0", 8, .metric = 12, .pref = 3, .flags = 0x10));
	RTM_ROUTE_INFO *p = NULL, *none = GARBAGE;
	union route_buf r;

	OK(RtmGetRoutePointer(fx.a, h, &p));
	EQ(1, fx_refs());
	OK(RtmGetRouteInfo(fx.a, h, &r.i, NULL));
	EQ(0, memcmp(p, &r.i, offsetof(RTM_ROUTE_INFO, NextHopsList)));
	EQ(r.i.NextHopsList.NumNextHops, p->NextHopsList.NumNextHops);
	OK(RtmReleaseRouteInfo(fx.a, &r.i));
	CODE(ERROR_ACCESS_DENIED, RtmGetRoutePointer(fx.b, h, &none));
	CODE(ERROR_INVALID_HANDLE, RtmGetRoutePointer(fx.a, GARBAGE, &none));
	CODE(ERROR_INVALID_PARAMETER, RtmGetRoutePointer(fx.a, h, NULL));
	SAME(GARBAGE, none);
}

static void
t059_preference_zero_takes_the_policy_of_the_protocol(void)
{
	RTM_ROUTE_HANDLE a, b;
	union route_buf r;

	OK(rtm_preference_set(PROTO_A, 70));
	a = fx_route(fx.a, RT("10.0.0.0", 8, .pref = PREF_DEFAULT));
	OK(RtmGetRouteInfo(fx.a, a, &r.i, NULL));
	EQ(70, r.i.PrefInfo.Preference);
	OK(RtmReleaseRouteInfo(fx.a, &r.i));
	b = fx_route(fx.b, RT("10.0.0.0", 8, .pref = 1, .metric = 1000));
	EQ(UC, fx_best(b));
	OK(RtmGetRouteInfo(fx.a, b, &r.i, NULL));
	EQ(1, r.i.PrefInfo.Preference);
	OK(RtmReleaseRouteInfo(fx.a, &r.i));
	OK(fx_add(fx.b, &b, RT("10.0.0.0", 8, .pref = PREF_DEFAULT)));
	OK(RtmGetRouteInfo(fx.a, b, &r.i, NULL));
	TRUTH(r.i.PrefInfo.Preference != 0); /* every protocol has some default */
	OK(RtmReleaseRouteInfo(fx.a, &r.i));
}

static void
t060_an_expired_route_goes_if_its_owner_lets_it(void)
{
	RTM_ROUTE_HANDLE h = fx_forget(fx_route(fx.a, RT("10.0.0.0", 8, .ttl = 50)));

	OK(RtmReleaseRoutes(fx.a, 1, &h));
	fx.answer = ERROR_NOT_SUPPORTED;
	EQ(fx.now_ms + 50, rtm_deadline_ms());
	fx_pass(49);
	EQ(0, fx_count(fx.a, RTM_ROUTE_EXPIRED));
	fx_advance(1);
	EQ(0, fx_count(fx.a, RTM_ROUTE_EXPIRED)); /* never from rtm_advance() */
	fx_turn();
	EQ(1, fx_count(fx.a, RTM_ROUTE_EXPIRED));
	EQ(0, fx_count(fx.b, RTM_ROUTE_EXPIRED));
	SAME(h, fx_last(fx.a, RTM_ROUTE_EXPIRED)->context1);
	EQ(0, fx_refs());
	EQ(0, fx_counts().routes);
	TRUTH(!fx_slot("10.0.0.0", 8, 0).found);
}

static struct {
	ULONG metric;
	DWORD pointer;
} at_expiry;

static DWORD
read_at_expiry(const struct fx_event *e)
{
	if (e->type == RTM_ROUTE_EXPIRED) {
		at_expiry.metric = ((RTM_ROUTE_INFO *)e->context2)->PrefInfo.Metric;
		at_expiry.pointer = e->context1 != NULL;
	}
	return NO_ERROR;
}

static void
t060_an_expired_route_stays_if_its_owner_wants_it(void)
{
	RTM_ROUTE_HANDLE h;

	OK(fx_add(fx.a, NULL, RT("10.0.0.0", 8, .ttl = 50, .metric = 31)));
	fx.hook = read_at_expiry;
	fx_pass(50);
	EQ(31, at_expiry.metric);
	h = fx_last(fx.a, RTM_ROUTE_EXPIRED)->context1;
	TRUTH(fx_slot("10.0.0.0", 8, 0).found);
	EQ(1, fx_refs());
	OK(RtmReleaseRoutes(fx.a, 1, &h));
	CODE(ERROR_INVALID_HANDLE, RtmReleaseRoutes(fx.a, 1, &h));
	fx_pass(1000000); /* one shot: no timer until the next update */
	EQ(1, fx_count(fx.a, RTM_ROUTE_EXPIRED));
	TRUTH(fx_slot("10.0.0.0", 8, 0).found);
	OK(fx_add(fx.a, NULL, RT("10.0.0.0", 8, .ttl = 10)));
	fx.hook = NULL;
	fx.answer = ERROR_NOT_SUPPORTED;
	fx_pass(10);
	EQ(2, fx_count(fx.a, RTM_ROUTE_EXPIRED));
	TRUTH(!fx_slot("10.0.0.0", 8, 0).found);
}

static DWORD
refresh_at_expiry(const struct fx_event *e)
{
	RTM_ROUTE_HANDLE h = e->context1;

	if (e->type != RTM_ROUTE_EXPIRED)
		return NO_ERROR;
	OK(fx_add(e->me, &h, RT("10.0.0.0", 8, .ttl = 100)));
	OK(RtmReleaseRoutes(e->me, 1, &h));
	return NO_ERROR;
}

static void
t060_the_owner_may_refresh_from_inside_the_call_back(void)
{
	OK(fx_add(fx.a, NULL, RT("10.0.0.0", 8, .ttl = 50)));
	fx.hook = refresh_at_expiry;
	fx_pass(50);
	EQ(1, fx_count(fx.a, RTM_ROUTE_EXPIRED));
	EQ(fx.now_ms + 100, rtm_deadline_ms());
	fx_pass(100);
	EQ(2, fx_count(fx.a, RTM_ROUTE_EXPIRED));
	EQ(0, fx_refs());
}

static void
t061_infinite_never_ends_and_an_update_starts_anew(void)
{
	RTM_ROUTE_HANDLE h;

	fx.answer = ERROR_NOT_SUPPORTED;
	OK(fx_add(fx.a, NULL, RT("10.0.0.0", 8)));
	EQ(UINT64_MAX, rtm_deadline_ms());
	fx_pass((uint64_t)INFINITE + 10);
	TRUTH(fx_slot("10.0.0.0", 8, 0).found);
	h = fx_route(fx.a, RT("11.0.0.0", 8, .ttl = 50));
	fx_pass(49);
	OK(fx_add(fx.a, &h, RT("11.0.0.0", 8, .ttl = 50)));
	fx_pass(49);
	TRUTH(fx_slot("11.0.0.0", 8, 0).found);
	OK(fx_add(fx.a, &h, RT("11.0.0.0", 8))); /* an update may also end it */
	fx_pass(1000);
	EQ(0, fx_count(fx.a, RTM_ROUTE_EXPIRED));
	OK(fx_add(fx.a, &h, RT("11.0.0.0", 8, .ttl = TTL_ZERO)));
	fx_pass(0); /* 0 ends at the next run */
	EQ(1, fx_count(fx.a, RTM_ROUTE_EXPIRED));
	TRUTH(!fx_slot("11.0.0.0", 8, 0).found);
}

static void
t061_without_a_call_back_the_route_is_deleted(void)
{
	RTM_ENTITY_INFO id = fx_id(fx.family, PROTO_C, 1);
	RTM_ENTITY_HANDLE c = NULL;

	OK(RtmRegisterEntity(&id, NULL, NULL, FALSE, &fx.profile, &c));
	OK(fx_add(c, NULL, RT("10.0.0.0", 8, .ttl = 50)));
	fx_pass(50);
	TRUTH(!fx_slot("10.0.0.0", 8, 0).found);
	EQ(0, fx_counts().routes);
	OK(RtmDeregisterEntity(c));
}

static void
last_changed_is_the_calendar_of_the_last_change(void)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_ROUTE_HANDLE r;
	union dest_buf d;
	FILETIME first;

	OK(fx_add(fx.a, NULL, RT("10.0.0.0", 8, .metric = 3)));
	OK(RtmGetExactMatchDestination(fx.a, &n, 0, UC, &d.i));
	first = d.i.LastChanged;
	TRUTH(first.dwHighDateTime >= 0x01d00000);
	OK(RtmReleaseDestInfo(fx.a, &d.i));
	fx_advance(1000);
	r = fx_route(fx.b, RT("10.0.0.0", 8, .metric = 9)); /* any route counts */
	OK(RtmGetExactMatchDestination(fx.a, &n, 0, UC, &d.i));
	EQ(10000000,
	   ((uint64_t)d.i.LastChanged.dwHighDateTime << 32 | d.i.LastChanged.dwLowDateTime) -
	       ((uint64_t)first.dwHighDateTime << 32 | first.dwLowDateTime));
	OK(RtmReleaseDestInfo(fx.a, &d.i));
	fx_delete(fx.b, r);
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t038_first_route_of_a_destination_is_new_and_best),
	T(t039_an_equal_route_is_an_update),
	T(t040_another_neighbour_is_another_route_unless_the_first_is_meant),
	T(t041_first_without_a_route_of_the_caller_is_new),
	T(t042_new_adds_a_twin_of_an_equal_route),
	T(t043_two_entities_share_a_destination),
	T(t044_preference_beats_metric_beats_age),
	T(t045_worsening_the_best_hands_over_and_says_so),
	T(t046_best_is_told_per_view),
	T(t047_only_the_owner_changes_or_deletes),
	T(t048_bad_handles_and_missing_pointers_are_told_apart),
	T(t048_an_update_by_handle_must_name_its_own_destination),
	T(t049_next_hops_from_none_to_the_most),
	T(t050_a_foreign_or_stale_next_hop_adds_nothing),
	T(t051_an_unsupported_view_is_refused),
	T(t052_host_bits_do_not_count),
	T(t053_a_handle_only_where_one_is_wanted),
	T(t054_deleting_consumes_the_handle_and_tells_of_best),
	T(t055_a_second_reference_still_reads_the_deleted_route),
	T(t056_the_last_route_takes_the_destination_along),
	T(t056_a_referenced_destination_comes_back_as_itself),
	T(t057_dest_owner_and_state_from_the_caller_are_ignored),
	T(t058_the_owner_gets_a_pointer),
	T(t059_preference_zero_takes_the_policy_of_the_protocol),
	T(t060_an_expired_route_goes_if_its_owner_lets_it),
	T(t060_an_expired_route_stays_if_its_owner_wants_it),
	T(t060_the_owner_may_refresh_from_inside_the_call_back),
	T(t061_infinite_never_ends_and_an_update_starts_anew),
	T(t061_without_a_call_back_the_route_is_deleted),
	T(last_changed_is_the_calendar_of_the_last_change),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("routes", cases, FX_BOTH);
}
