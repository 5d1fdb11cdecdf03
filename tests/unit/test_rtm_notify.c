/*
 * One chapter: being told. Statements 97 to 108: which change concerns whom, one
 * entry per destination and registration, and what a call-back may do.
 */
#include "rtm_fix.h"

#include <string.h>

#define ALL RTM_CHANGE_TYPE_ALL
#define BEST RTM_CHANGE_TYPE_BEST
#define FORW RTM_CHANGE_TYPE_FORWARDING

static void
end(HANDLE e, HANDLE n)
{
	OK(RtmDeregisterFromChangeNotification(e, n));
}

static void
t097_a_registration_needs_a_type_a_place_and_a_free_slot(void)
{
	RTM_NOTIFY_HANDLE n[64], more = GARBAGE;
	struct rtm_limits limits;

	rtm_limits_default(&limits);
	CODE(ERROR_INVALID_PARAMETER,
	     RtmRegisterForChangeNotification(fx.a, UC, 0, NULL, &more));
	CODE(ERROR_INVALID_PARAMETER, RtmRegisterForChangeNotification(
					  fx.a, UC, RTM_NOTIFY_ONLY_MARKED_DESTS, NULL, &more));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmRegisterForChangeNotification(fx.a, UC, ALL | 0x8, NULL, &more));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmRegisterForChangeNotification(fx.a, UC, ALL, NULL, NULL));
	for (UINT i = 0; i < limits.change_notifications; i++)
		n[i] = fx_notify(i % 2 ? fx.b : fx.a, UC, ALL,
		                 NULL); /* per table, not per entity */
	CODE(ERROR_NO_SYSTEM_RESOURCES,
	     RtmRegisterForChangeNotification(fx.a, UC, ALL, NULL, &more));
	SAME(GARBAGE, more);
	end(fx.a, n[0]);
	n[0] = fx_notify(fx.a, UC, ALL, NULL);
	for (UINT i = 0; i < limits.change_notifications; i++)
		end(i % 2 ? fx.b : fx.a, n[i]);
}

/* What is done to a destination that has a best route (A's) and a loser (B's). */
enum act {
	LOSER_METRIC,
	LOSER_GONE,
	NEW_LOSER,
	NEW_BEST,
	BEST_PREF,
	BEST_METRIC,
	BEST_HOP,
	BEST_LOCAL_FLAG,
	BEST_INACTIVE_FLAG,
	BEST_NEIGHBOUR,
	BEST_INFO,
	BEST_SAME,
	BEST_GONE,
};

static HANDLE winner, loser, hop1, hop2;

static void
act(enum act what)
{
	struct rt best = { "10.0.0.0", 8, .pref = 2, .metric = 10, .hop = hop1 };
	struct rt other = { "10.0.0.0", 8, .pref = 3, .metric = 10 };

	switch (what) {
	case LOSER_METRIC:
		other.metric = 20;
		break;
	case LOSER_GONE:
		fx_delete(fx.b, loser);
		return;
	case NEW_LOSER:
		other.metric = 50;
		other.in = RTM_ROUTE_CHANGE_NEW;
		OK(fx_add(fx.b, NULL, other));
		return;
	case NEW_BEST:
		other.pref = 1;
		break;
	case BEST_PREF:
		best.pref = 1;
		break;
	case BEST_METRIC:
		best.metric = 11;
		break;
	case BEST_HOP:
		best.hop = hop2;
		break;
	case BEST_LOCAL_FLAG:
		best.flags = RTM_ROUTE_FLAGS_LOCAL;
		break;
	case BEST_INACTIVE_FLAG:
		best.flags = RTM_ROUTE_FLAGS_INACTIVE;
		break;
	case BEST_NEIGHBOUR:
		best.neighbour = hop2;
		break;
	case BEST_INFO:
		best.info = &winner;
		break;
	case BEST_SAME:
		break;
	case BEST_GONE:
		fx_delete(fx.a, winner);
		return;
	}
	if (what == LOSER_METRIC || what == NEW_BEST)
		OK(fx_add(fx.b, &loser, other));
	else
		OK(fx_add(fx.a, &winner, best));
}

static void
t098_each_type_of_change_tells_whom_it_should(void)
{
	static const struct {
		enum act what;
		bool all, best, forwarding;
		const char *name;
	} t[] = {
		{ LOSER_METRIC, true, false, false, "metric of a loser" },
		{ LOSER_GONE, true, false, false, "a loser goes" },
		{ NEW_LOSER, true, false, false, "a loser comes" },
		{ NEW_BEST, true, true, true, "a loser wins" },
		{ BEST_PREF, true, true, true, "preference of the best" },
		{ BEST_METRIC, true, true, true, "metric of the best" },
		{ BEST_HOP, true, true, true, "next hop of the best" },
		{ BEST_LOCAL_FLAG, true, true, false, "a flag for people" },
		{ BEST_INACTIVE_FLAG, true, true, true, "a flag for the forwarder" },
		{ BEST_NEIGHBOUR, true, false, false, "neighbour of the best" },
		{ BEST_INFO, true, false, false, "private pointer of the best" },
		{ BEST_SAME, false, false, false, "an update that changes nothing" },
		{ BEST_GONE, true, true, true, "the best goes" },
	};
	RTM_NOTIFY_HANDLE all = fx_notify(fx.a, UC, ALL, NULL);
	RTM_NOTIFY_HANDLE best = fx_notify(fx.a, UC, BEST, NULL);
	RTM_NOTIFY_HANDLE forw = fx_notify(fx.b, UC, FORW, NULL);
	RTM_NOTIFY_HANDLE both = fx_notify(fx.b, UC, BEST | FORW, NULL);

	hop1 = fx_hop(fx.a, "192.0.2.1", 1);
	hop2 = fx_hop(fx.a, "192.0.2.2", 1);
	for (UINT i = 0; i < sizeof t / sizeof t[0]; i++) {
		UINT saw_all, saw_best, saw_forw, saw_both;

		winner =
		    fx_route(fx.a, RT("10.0.0.0", 8, .pref = 2, .metric = 10, .hop = hop1));
		loser = fx_route(fx.b, RT("10.0.0.0", 8, .pref = 3, .metric = 10));
		EQ(1, fx_drain(fx.a, all));
		EQ(1, fx_drain(fx.a, best));
		EQ(1, fx_drain(fx.b, forw));
		EQ(1, fx_drain(fx.b, both));
		act(t[i].what);
		saw_all = fx_drain(fx.a, all);
		saw_best = fx_drain(fx.a, best);
		saw_forw = fx_drain(fx.b, forw);
		saw_both = fx_drain(fx.b, both);
		fx_expect(saw_all == t[i].all && saw_best == t[i].best &&
		              saw_forw == t[i].forwarding && saw_both == t[i].best,
		          __LINE__, __FILE__, __func__,
		          "%s: all %u, best %u, forwarding %u, both %u", t[i].name, saw_all,
		          saw_best, saw_forw, saw_both);
		if (t[i].what != BEST_GONE)
			fx_delete(fx.a, winner);
		if (t[i].what != LOSER_GONE)
			fx_delete(fx.b, loser);
		if (t[i].what == NEW_LOSER) { /* the twin */
			loser = NULL;
			OK(fx_add(fx.b, &loser, RT("10.0.0.0", 8, .pref = 3)));
			fx_delete(fx.b, fx_keep(FX_ROUTE, loser));
		}
		EQ(0, fx_counts().routes);
		fx_drain(fx.a, all);
		fx_drain(fx.a, best);
		fx_drain(fx.b, forw);
		fx_drain(fx.b, both);
	}
	end(fx.a, all);
	end(fx.a, best);
	end(fx.b, forw);
	end(fx.b, both);
}

static void
t099_a_unicast_registration_is_deaf_to_multicast(void)
{
	RTM_NOTIFY_HANDLE uni = fx_notify(fx.a, UC, ALL, NULL);
	RTM_NOTIFY_HANDLE multi = fx_notify(fx.a, MC, BEST, NULL);
	RTM_NOTIFY_HANDLE any = fx_notify(fx.a, ANY, ALL, NULL); /* 0: every supported view */
	HANDLE r = fx_route(fx.b, RT("10.0.0.0", 8, .views = MC));

	EQ(0, fx_drain(fx.a, uni));
	EQ(1, fx_drain(fx.a, multi));
	EQ(1, fx_drain(fx.a, any));
	OK(fx_add(fx.b, &r, RT("10.0.0.0", 8, .views = UC | MC)));
	EQ(1, fx_drain(fx.a, uni)); /* it enters the view */
	EQ(1, fx_seen.num_routes[0]);
	OK(fx_add(fx.b, &r, RT("10.0.0.0", 8, .views = MC)));
	EQ(1, fx_drain(fx.a, uni)); /* and leaves it */
	EQ(0, fx_seen.num_routes[0]);
	end(fx.a, uni);
	end(fx.a, multi);
	end(fx.a, any);
}

static void
t100_one_call_back_for_a_burst(void)
{
	int mark;
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL, &mark);
	const struct fx_event *e;
	HANDLE r;

	r = fx_route(fx.b, RT("10.0.0.0", 8));
	fx_route(fx.b, RT("11.0.0.0", 8));
	OK(fx_add(fx.b, &r, RT("10.0.0.0", 8, .metric = 2)));
	EQ(0, fx.num_events); /* not from inside the call */
	fx_turn();
	EQ(1, fx_count(fx.a, RTM_CHANGE_NOTIFICATION));
	EQ(0, fx_count(fx.b, RTM_CHANGE_NOTIFICATION));
	e = fx_last(fx.a, RTM_CHANGE_NOTIFICATION);
	SAME(n, e->context1);
	SAME(&mark, e->context2);
	fx_route(fx.b, RT("12.0.0.0", 8));
	fx_turn();
	EQ(1, fx_count(fx.a, RTM_CHANGE_NOTIFICATION)); /* the queue was not drained yet */
	EQ(3, fx_drain(fx.a, n));
	OK(fx_add(fx.b, &r, RT("10.0.0.0", 8, .metric = 3)));
	fx_turn();
	EQ(2, fx_count(fx.a, RTM_CHANGE_NOTIFICATION));
	end(fx.a, n);
}

static int wakes;

static void
wake(void *arg)
{
	wakes++;
	SAME(&wakes, arg);
}

static void
t100_the_host_is_woken_for_it(void)
{
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL, NULL);

	TRUTH(!rtm_turn()); /* nothing to do */
	wakes = 0;
	rtm_wake_set(wake, &wakes);
	OK(fx_add(fx.b, NULL, RT("10.0.0.0", 8)));
	TRUTH(wakes > 0);
	TRUTH(rtm_turn());
	rtm_wake_set(NULL, NULL);
	wakes = 0;
	fx_drain(fx.a, n);
	OK(fx_add(fx.b, NULL, RT("11.0.0.0", 8)));
	EQ(0, wakes);
	end(fx.a, n);
}

static void
t101_many_changes_are_one_with_the_latest_state(void)
{
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL, NULL);
	HANDLE r = fx_route(fx.b, RT("10.0.0.0", 8, .metric = 1)), best;
	HANDLE gone = fx_route(fx.b, RT("11.0.0.0", 8));

	OK(fx_add(fx.b, &r, RT("10.0.0.0", 8, .metric = 2)));
	best = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 1));
	fx_delete(fx.b, gone);
	EQ(2, fx_drain(fx.a, n));
	TRUTH(fx_saw("10.0.0.0", 8) && fx_saw("11.0.0.0", 8));
	TRUTH(fx_seen.net[0].AddrBits[fx.family == AF_INET ? 0 : 12] == 10); /* first come */
	EQ(2, fx_seen.num_routes[0]);
	SAME(best, fx_seen.route[0]);
	EQ(0, fx_seen.num_routes[1]);
	SAME(NULL, fx_seen.route[1]);
	EQ(1, fx_counts().dests); /* the reported one is free again */
	end(fx.a, n);
}

static void
t101_nothing_is_told_of_what_was_there_before(void)
{
	RTM_NOTIFY_HANDLE n;

	fx_route(fx.b, RT("10.0.0.0", 8));
	n = fx_notify(fx.a, UC, ALL, NULL);
	EQ(0, fx_drain(fx.a, n));
	end(fx.a, n);
}

static BOOL
pending(HANDLE n, HANDLE dest)
{
	BOOL b = 77;

	OK(RtmGetChangeStatus(fx.a, n, dest, &b));
	return b;
}

static void
t102_the_status_tells_what_is_pending(void)
{
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL, NULL);
	union dests_buf d;
	HANDLE dest;
	UINT num = 1;

	fx_route(fx.b, RT("10.0.0.0", 8));
	dest = fx_dest("10.0.0.0", 8, UC);
	EQ(TRUE, pending(n, dest));
	OK(RtmGetChangedDests(fx.a, n, &num, &d.i));
	EQ(1, num);
	SAME(dest, d.i.DestHandle);
	EQ(1, d.i.NumberOfViews);
	OK(RtmReleaseChangedDests(fx.a, n, num, &d.i));
	EQ(FALSE, pending(n, dest));
	CODE(ERROR_NO_MORE_ITEMS, RtmGetChangedDests(fx.a, n, &num, &d.i));
	EQ(0, num);
	CODE(ERROR_INVALID_HANDLE, RtmGetChangeStatus(fx.a, n, GARBAGE, &(BOOL){ 0 }));
	CODE(ERROR_INVALID_PARAMETER, RtmGetChangeStatus(fx.a, n, dest, NULL));
	end(fx.a, n);
}

static void
t103_ignoring_forgets_this_change_only(void)
{
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL, NULL);
	HANDLE r = fx_route(fx.b, RT("10.0.0.0", 8)), dest, bad[2];

	dest = fx_dest("10.0.0.0", 8, UC);
	bad[0] = dest;
	bad[1] = GARBAGE;
	CODE(ERROR_INVALID_HANDLE, RtmIgnoreChangedDests(fx.a, n, 2, bad));
	EQ(TRUE, pending(n, dest)); /* all or nothing */
	OK(RtmIgnoreChangedDests(fx.a, n, 1, &dest));
	EQ(FALSE, pending(n, dest));
	EQ(0, fx_drain(fx.a, n));
	OK(RtmIgnoreChangedDests(fx.a, n, 1, &dest));
	OK(RtmIgnoreChangedDests(fx.a, n, 0, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmIgnoreChangedDests(fx.a, n, 1, NULL));
	OK(fx_add(fx.b, &r, RT("10.0.0.0", 8, .metric = 2)));
	EQ(1, fx_drain(fx.a, n));
	end(fx.a, n);
}

static BOOL
marked(HANDLE n, HANDLE dest)
{
	BOOL b = 77;

	OK(RtmIsMarkedForChangeNotification(fx.a, n, dest, &b));
	return b;
}

static void
t104_only_marked_destinations_are_told(void)
{
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL | RTM_NOTIFY_ONLY_MARKED_DESTS, NULL);
	HANDLE r = fx_route(fx.b, RT("10.0.0.0", 8)), dest;
	ULONG metric = 1;

	dest = fx_dest("10.0.0.0", 8, UC);
	EQ(FALSE, marked(n, dest));
	EQ(0, fx_drain(fx.a, n));
	OK(RtmMarkDestForChangeNotification(fx.a, n, dest, TRUE));
	OK(RtmMarkDestForChangeNotification(fx.a, n, dest, TRUE)); /* twice is once */
	EQ(TRUE, marked(n, dest));
	EQ(0, fx_drain(fx.a, n)); /* of changes to come only */
	OK(fx_add(fx.b, &r, RT("10.0.0.0", 8, .metric = ++metric)));
	OK(fx_add(fx.b, NULL, RT("11.0.0.0", 8)));
	EQ(1, fx_drain(fx.a, n));
	TRUTH(fx_saw("10.0.0.0", 8));
	OK(fx_add(fx.b, &r, RT("10.0.0.0", 8, .metric = ++metric)));
	OK(RtmMarkDestForChangeNotification(fx.a, n, dest, FALSE));
	EQ(FALSE, marked(n, dest));
	EQ(1, fx_drain(fx.a, n)); /* what was pending stays */
	OK(fx_add(fx.b, &r, RT("10.0.0.0", 8, .metric = ++metric)));
	EQ(0, fx_drain(fx.a, n));
	OK(RtmMarkDestForChangeNotification(fx.a, n, dest, FALSE));
	CODE(ERROR_INVALID_HANDLE, RtmMarkDestForChangeNotification(fx.a, n, GARBAGE, TRUE));
	CODE(ERROR_INVALID_PARAMETER, RtmIsMarkedForChangeNotification(fx.a, n, dest, NULL));
	end(fx.a, n);
}

static void
t104_a_mark_survives_the_destination(void)
{
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL | RTM_NOTIFY_ONLY_MARKED_DESTS, NULL);
	HANDLE r = fx_route(fx.b, RT("10.0.0.0", 8)), dest;

	dest = fx_forget(fx_dest("10.0.0.0", 8, UC));
	OK(RtmMarkDestForChangeNotification(fx.a, n, dest, TRUE));
	OK(fx_release(FX_DEST, dest));
	fx_delete(fx.b, r);
	EQ(1, fx_drain(fx.a, n));
	fx_route(fx.b, RT("10.0.0.0", 8)); /* the same object comes back */
	EQ(1, fx_drain(fx.a, n));
	end(fx.a, n);
}

static void
t105_asking_for_too_many_loses_nothing(void)
{
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL, NULL);
	UINT num = fx.profile.MaxHandlesInEnum + 1;
	union dests_buf d;

	fx_route(fx.b, RT("10.0.0.0", 8));
	CODE(ERROR_INVALID_PARAMETER, RtmGetChangedDests(fx.a, n, &num, &d.i));
	num = 0;
	CODE(ERROR_INVALID_PARAMETER, RtmGetChangedDests(fx.a, n, &num, &d.i));
	CODE(ERROR_INVALID_PARAMETER, RtmGetChangedDests(fx.a, n, NULL, &d.i));
	num = 1;
	CODE(ERROR_INVALID_PARAMETER, RtmGetChangedDests(fx.a, n, &num, NULL));
	EQ(1, fx_drain(fx.a, n));
	end(fx.a, n);
}

static void
t106_an_ended_registration_is_no_handle(void)
{
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL, NULL);
	union dests_buf d;
	BOOL b = 0;
	HANDLE dest;
	UINT num = 1;

	fx_route(fx.b, RT("10.0.0.0", 8));
	dest = fx_dest("10.0.0.0", 8, UC);
	CODE(ERROR_INVALID_HANDLE, RtmDeregisterFromChangeNotification(fx.b, n)); /* not his */
	CODE(ERROR_INVALID_HANDLE, RtmGetChangedDests(fx.b, n, &num, &d.i));
	OK(RtmMarkDestForChangeNotification(fx.a, n, dest, TRUE));
	end(fx.a, n);
	CODE(ERROR_INVALID_HANDLE, RtmDeregisterFromChangeNotification(fx.a, n));
	CODE(ERROR_INVALID_HANDLE, RtmGetChangedDests(fx.a, n, &num, &d.i));
	CODE(ERROR_INVALID_HANDLE, RtmReleaseChangedDests(fx.a, n, 0, NULL));
	CODE(ERROR_INVALID_HANDLE, RtmIgnoreChangedDests(fx.a, n, 1, &dest));
	CODE(ERROR_INVALID_HANDLE, RtmGetChangeStatus(fx.a, n, dest, &b));
	CODE(ERROR_INVALID_HANDLE, RtmMarkDestForChangeNotification(fx.a, n, dest, TRUE));
	CODE(ERROR_INVALID_HANDLE, RtmIsMarkedForChangeNotification(fx.a, n, dest, &b));
	fx_turn();
	EQ(0, fx_count(fx.a, RTM_CHANGE_NOTIFICATION)); /* though one was due */
	EQ(0, fx_counts().notifies);
}

static void
t107_two_registrations_know_nothing_of_each_other(void)
{
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL | RTM_NOTIFY_ONLY_MARKED_DESTS, NULL);
	RTM_NOTIFY_HANDLE m = fx_notify(fx.a, UC, ALL, NULL);
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8)), dest;

	dest = fx_dest("10.0.0.0", 8, UC);
	OK(RtmMarkDestForChangeNotification(fx.a, n, dest, TRUE));
	EQ(FALSE, marked(m, dest));
	EQ(FALSE, pending(n, dest));
	EQ(TRUE, pending(m, dest)); /* A made the change, and is told */
	EQ(1, fx_drain(fx.a, m));
	OK(fx_add(fx.a, &r, RT("10.0.0.0", 8, .metric = 2)));
	EQ(1, fx_drain(fx.a, n));
	EQ(TRUE, pending(m, dest));
	OK(RtmIgnoreChangedDests(fx.a, m, 1, &dest));
	EQ(0, fx_drain(fx.a, n));
	end(fx.a, n);
	end(fx.a, m);
}

static struct {
	DWORD registering, getting;
	UINT num;
} from_inside;

static DWORD
register_and_get(const struct fx_event *e)
{
	RTM_NOTIFY_HANDLE other = GARBAGE;
	union dests_buf d;
	UINT num = 2;

	if (e->type != RTM_CHANGE_NOTIFICATION)
		return NO_ERROR;
	from_inside.registering =
	    RtmRegisterForChangeNotification(e->me, UC, ALL, NULL, &other);
	from_inside.getting = RtmGetChangedDests(e->me, e->context1, &num, &d.i);
	from_inside.num = num;
	OK(RtmReleaseChangedDests(e->me, e->context1, num, &d.i));
	return NO_ERROR;
}

static void
t108_a_call_back_may_fetch_but_not_register(void)
{
	RTM_NOTIFY_HANDLE n = fx_notify(fx.a, UC, ALL, NULL);

	fx_route(fx.b, RT("10.0.0.0", 8));
	fx.hook = register_and_get;
	fx_turn();
	fx.hook = NULL;
	EQ(ERROR_POSSIBLE_DEADLOCK, from_inside.registering);
	EQ(NO_ERROR, from_inside.getting);
	EQ(1, from_inside.num);
	EQ(1, fx_counts().notifies);
	end(fx.a, n);
	n = fx_notify(fx.a, UC, ALL, NULL); /* outside it works */
	end(fx.a, n);
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t097_a_registration_needs_a_type_a_place_and_a_free_slot),
	T(t098_each_type_of_change_tells_whom_it_should),
	T(t099_a_unicast_registration_is_deaf_to_multicast),
	T(t100_one_call_back_for_a_burst),
	T(t100_the_host_is_woken_for_it),
	T(t101_many_changes_are_one_with_the_latest_state),
	T(t101_nothing_is_told_of_what_was_there_before),
	T(t102_the_status_tells_what_is_pending),
	T(t103_ignoring_forgets_this_change_only),
	T(t104_only_marked_destinations_are_told),
	T(t104_a_mark_survives_the_destination),
	T(t105_asking_for_too_many_loses_nothing),
	T(t106_an_ended_registration_is_no_handle),
	T(t107_two_registrations_know_nothing_of_each_other),
	T(t108_a_call_back_may_fetch_but_not_register),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("change notification", cases, FX_BOTH);
}
