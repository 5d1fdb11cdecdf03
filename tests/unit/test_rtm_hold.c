/*
 * One chapter: unreachable for a while. Statements 109 to 113: the last route of a
 * marked destination stays visible as held, beside what may come, until time is up.
 */
#include "rtm_fix.h"

static void
hold(HANDLE dest, RTM_VIEW_SET views, ULONG ms)
{
	OK(RtmHoldDestination(fx.a, dest, views, ms));
}

static void
t109_a_hold_needs_a_time_and_a_destination(void)
{
	RTM_VIEW_SET beyond = fx.profile.ViewsSupported + 1;
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8)), dest;

	dest = fx_dest("10.0.0.0", 8, UC);
	CODE(ERROR_INVALID_PARAMETER, RtmHoldDestination(fx.a, dest, UC, 0));
	CODE(ERROR_INVALID_PARAMETER, RtmHoldDestination(fx.a, dest, UC | beyond, 100));
	CODE(ERROR_INVALID_HANDLE, RtmHoldDestination(fx.a, GARBAGE, UC, 100));
	CODE(ERROR_INVALID_HANDLE, RtmHoldDestination(fx.a, NULL, UC, 100));
	fx_delete(fx.a, r); /* none of these marked it */
	TRUTH(!fx_slot("10.0.0.0", 8, 0).found);
}

static void
t110_the_last_route_is_held_and_then_gone(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8)), dest;
	union route_buf buf;
	struct fx_slot s;

	dest = fx_dest("10.0.0.0", 8, UC);
	hold(dest, UC, 100);
	EQ(r, fx_slot("10.0.0.0", 8, 0).route); /* only a mark so far */
	OK(RtmReferenceHandles(fx.a, 1, &r));
	OK(RtmDeleteRouteToDest(fx.a, r, &fx.change));
	EQ(RTM_ROUTE_CHANGE_BEST, fx.change);
	s = fx_slot("10.0.0.0", 8, 0);
	TRUTH(s.found);
	SAME(NULL, s.route);
	SAME(r, s.hold);
	EQ(0, s.num_routes);
	OK(RtmGetRouteInfo(fx.a, r, &buf.i, NULL));
	EQ(RTM_ROUTE_STATE_DELETING, buf.i.State);
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
	CODE(ERROR_NOT_FOUND, RtmDeleteRouteToDest(fx.a, r, &fx.change)); /* held, not there */
	fx_enum_dests(fx.b, ANY, 0, NULL);
	EQ(1, fx_seen.num);
	fx_enum_dests(fx.b, UC, 0, NULL);
	EQ(0, fx_seen.num);
	fx_enum_routes(fx.b, NULL, ANY, 0, NULL, 0, NULL, 0);
	TRUTH(fx_saw_handles(&r, 1));
	fx_enum_routes(fx.b, NULL, UC, 0, NULL, 0, NULL, 0);
	EQ(0, fx_seen.num);
	EQ(fx.now_ms + 100, rtm_deadline_ms());
	fx_pass(99);
	SAME(r, fx_slot("10.0.0.0", 8, 0).hold);
	fx_pass(1);
	TRUTH(!fx_slot("10.0.0.0", 8, 0).found);
	OK(RtmGetRouteInfo(fx.a, r, &buf.i, NULL));
	EQ(RTM_ROUTE_STATE_DELETED, buf.i.State);
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
}

static void
t110_other_views_go_on_undisturbed(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .views = UC | MC));
	HANDLE other = fx_route(fx.b, RT("10.0.0.0", 8, .views = MC, .metric = 9));

	hold(fx_dest("10.0.0.0", 8, UC), UC | MC, 100);
	fx_delete(fx.a, r);
	SAME(r, fx_slot("10.0.0.0", 8, 0).hold); /* unicast is empty now */
	SAME(NULL, fx_slot("10.0.0.0", 8, 1).hold);
	SAME(other, fx_slot("10.0.0.0", 8, 1).route);
	fx_pass(100);
	SAME(NULL, fx_slot("10.0.0.0", 8, 0).hold);
	TRUTH(fx_slot("10.0.0.0", 8, 1).found);
}

static void
t111_a_new_route_comes_beside_the_held_one(void)
{
	HANDLE old = fx_route(fx.a, RT("10.0.0.0", 8)), new;

	hold(fx_dest("10.0.0.0", 8, UC), UC, 100);
	fx_delete(fx.a, old);
	new = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 3));
	TRUTH(new != old);
	EQ(RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST, fx.change);
	SAME(new, fx_slot("10.0.0.0", 8, 0).route);
	SAME(old, fx_slot("10.0.0.0", 8, 0).hold);
	EQ(1, fx_slot("10.0.0.0", 8, 0).num_routes);
	EQ(UC, fx_best(new));
	fx_pass(100);
	SAME(new, fx_slot("10.0.0.0", 8, 0).route);
	SAME(NULL, fx_slot("10.0.0.0", 8, 0).hold);
	fx_delete(fx.a, new); /* the mark was used up */
	TRUTH(!fx_slot("10.0.0.0", 8, 0).found);
}

static void
t112_no_hold_without_a_mark_or_while_others_remain(void)
{
	HANDLE a = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 1));
	HANDLE b = fx_route(fx.b, RT("10.0.0.0", 8, .metric = 2));
	HANDLE unmarked = fx_route(fx.a, RT("11.0.0.0", 8));

	hold(fx_dest("10.0.0.0", 8, UC), UC, 100);
	fx_delete(fx.a, a);
	SAME(NULL, fx_slot("10.0.0.0", 8, 0).hold);
	SAME(b, fx_slot("10.0.0.0", 8, 0).route);
	fx_delete(fx.b, b); /* now it is the last */
	SAME(b, fx_slot("10.0.0.0", 8, 0).hold);
	fx_delete(fx.a, unmarked);
	TRUTH(!fx_slot("11.0.0.0", 8, 0).found);
}

static void
t112_a_mark_for_one_view_does_not_hold_another(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .views = UC | MC));

	hold(fx_dest("10.0.0.0", 8, UC), MC, 100);
	fx_delete(fx.a, r);
	SAME(NULL, fx_slot("10.0.0.0", 8, 0).hold);
	SAME(r, fx_slot("10.0.0.0", 8, 1).hold);
}

static void
t113_the_longest_wish_rules_for_all_views(void)
{
	static const ULONG wish[][2] = { { 100, 300 }, { 300, 100 } };

	for (UINT i = 0; i < 2; i++) {
		HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .views = UC | MC)), dest;

		dest = fx_dest("10.0.0.0", 8, UC);
		hold(dest, UC, wish[i][0]);
		OK(RtmHoldDestination(fx.b, dest, MC, wish[i][1])); /* anybody may */
		fx_delete(fx.a, r);
		fx_pass(299);
		SAME(r, fx_slot("10.0.0.0", 8, 0).hold);
		SAME(r, fx_slot("10.0.0.0", 8, 1).hold);
		fx_pass(1);
		TRUTH(!fx_slot("10.0.0.0", 8, 0).found);
		OK(fx_release(FX_DEST, fx_forget(dest)));
	}
	TRUTH(fx_counts().dests == 0);
}

static void
t113_no_views_means_all_supported_views(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .views = UC | MC));

	hold(fx_dest("10.0.0.0", 8, UC), 0, 100);
	fx_delete(fx.a, r);
	SAME(r, fx_slot("10.0.0.0", 8, 0).hold);
	SAME(r, fx_slot("10.0.0.0", 8, 1).hold);
	EQ(1, fx_counts().routes);
}

static void
the_end_of_a_hold_is_told_to_protocols_not_to_the_forwarder(void)
{
	RTM_NOTIFY_HANDLE all = fx_notify(fx.a, UC, RTM_CHANGE_TYPE_ALL, NULL);
	RTM_NOTIFY_HANDLE best = fx_notify(fx.a, UC, RTM_CHANGE_TYPE_BEST, NULL);
	RTM_NOTIFY_HANDLE forw = fx_notify(fx.a, UC, RTM_CHANGE_TYPE_FORWARDING, NULL);
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));

	hold(fx_dest("10.0.0.0", 8, UC), UC, 100);
	EQ(1, fx_drain(fx.a, all));
	EQ(1, fx_drain(fx.a, best));
	EQ(1, fx_drain(fx.a, forw));
	fx_delete(fx.a, r);
	EQ(1, fx_drain(fx.a, all));
	EQ(1, fx_drain(fx.a, best));
	EQ(1, fx_drain(fx.a, forw)); /* forwarding ends now */
	fx_pass(100);
	EQ(1, fx_drain(fx.a, all));
	EQ(1, fx_drain(fx.a, best));
	EQ(0, fx_drain(fx.a, forw));
	OK(RtmDeregisterFromChangeNotification(fx.a, all));
	OK(RtmDeregisterFromChangeNotification(fx.a, best));
	OK(RtmDeregisterFromChangeNotification(fx.a, forw));
}

static void
an_expired_route_is_held_like_a_deleted_one(void)
{
	OK(fx_add(fx.a, NULL, RT("10.0.0.0", 8, .ttl = 50)));
	hold(fx_dest("10.0.0.0", 8, UC), UC, 100);
	fx.answer = ERROR_NOT_SUPPORTED;
	fx_pass(50);
	SAME(NULL, fx_slot("10.0.0.0", 8, 0).route);
	TRUTH(fx_slot("10.0.0.0", 8, 0).hold != NULL);
	fx_pass(100);
	TRUTH(!fx_slot("10.0.0.0", 8, 0).found);
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t109_a_hold_needs_a_time_and_a_destination),
	T(t110_the_last_route_is_held_and_then_gone),
	T(t110_other_views_go_on_undisturbed),
	T(t111_a_new_route_comes_beside_the_held_one),
	T(t112_no_hold_without_a_mark_or_while_others_remain),
	T(t112_a_mark_for_one_view_does_not_hold_another),
	T(t113_the_longest_wish_rules_for_all_views),
	T(t113_no_views_means_all_supported_views),
	T(the_end_of_a_hold_is_told_to_protocols_not_to_the_forwarder),
	T(an_expired_route_is_held_like_a_deleted_one),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("hold-down", cases, FX_BOTH);
}
