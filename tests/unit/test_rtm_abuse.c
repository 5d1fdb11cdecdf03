/*
 * One chapter: every wrong input has an answer. Each handle of each call replaced by
 * others: of another kind, of another entity, stale, with one bit changed. Limits at
 * their extremes, structures whose counts lie, handles from before a shutdown.
 */
#include "rtm_fix.h"
#include "rtm_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct world w;

/* Where the world keeps its handles. */
static HANDLE *const places[] = {
	&w.other,    &w.entity_ref, &w.hop,       &w.spare,       &w.foreign_hop, &w.wide,
	&w.narrow,   &w.foreign,    &w.wide_dest, &w.narrow_dest, &w.dest_enum,   &w.route_enum,
	&w.hop_enum, &w.list_enum,  &w.list,      &w.list2,       &w.notify,      &w.marked,
};
enum { PLACES = sizeof places / sizeof places[0], BITS = 64, STRANGE = PLACES + BITS + 2 };

static HANDLE
strange(UINT at, HANDLE good)
{
	if (at < PLACES)
		return *places[at];
	if (at < PLACES + BITS)
		return (HANDLE)((uintptr_t)good ^ (uintptr_t)1 << (at - PLACES));
	return at == PLACES + BITS ? NULL : GARBAGE;
}

static bool
is_answer(DWORD err)
{
	static const DWORD answers[] = { ERROR_ACCESS_DENIED,     ERROR_INVALID_HANDLE,
		                         ERROR_INVALID_PARAMETER, ERROR_NOT_FOUND,
		                         ERROR_NO_MORE_ITEMS,     ERROR_NOT_SUPPORTED };

	for (UINT i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (err == answers[i])
			return true;
	return false;
}

/* A wrong handle in one place: an answer, and if it is a refusal nothing has changed. */
static void
misuse(const struct rtm_call *call, UINT place, UINT what, char **before)
{
	HANDLE good = *places[place], bad = strange(what, good);
	char *after;
	DWORD err;

	if (bad == good)
		return;
	*places[place] = bad;
	err = call->run(w.e, &w);
	*places[place] = good;
	if (err != NO_ERROR)
		fx_expect(is_answer(err), __LINE__, __FILE__, __func__,
		          "%s, handle %u replaced by %u: answered %u", call->name, place, what,
		          err);
	after = err != NO_ERROR ? world_dump(&w) : NULL;
	if (after != NULL)
		fx_expect(
		    strcmp(*before, after) == 0, __LINE__, __FILE__, __func__,
		    "%s, handle %u replaced by %u: refused with %u, yet the world changed",
		    call->name, place, what, err);
	free(after);
	if (err != NO_ERROR)
		return;
	free(*before);
	world_build(&w); /* it did something: begin anew */
	*before = world_dump(&w);
}

/* Whether the call looks at this handle at all: one that is none is refused. */
static bool
uses(const struct rtm_call *call, UINT place)
{
	HANDLE good = *places[place];
	DWORD err;

	*places[place] = GARBAGE;
	err = call->run(w.e, &w);
	*places[place] = good;
	world_build(&w);
	return err != NO_ERROR;
}

static void
any_handle_in_any_place_gets_an_answer(void)
{
	UINT used = 0;

	for (size_t c = 0; c < rtm_num_calls; c++) {
		const struct rtm_call *call = &rtm_calls[c];
		char *before;

		if (call->before != NULL)
			continue; /* a world with a lock cannot be dumped; see test_rtm_lock */
		world_build(&w);
		before = NULL;
		for (UINT place = 0; place < PLACES; place++) {
			if (!uses(call, place))
				continue;
			used++;
			free(before);
			before = world_dump(&w);
			for (UINT what = 0; what < STRANGE; what++)
				misuse(call, place, what, &before);
		}
		free(before);
	}
	TRUTH(used >= 45); /* the calls do look at their handles */
	fx_setup();
}

static void
counts_that_lie_release_nothing(void)
{
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1);
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .hop = hop));
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	union route_buf ri;
	union dest_buf di;
	size_t refs;

	OK(RtmGetRouteInfo(fx.a, r, &ri.i, NULL));
	OK(RtmGetExactMatchDestination(fx.a, &n, 0, UC, &di.i));
	refs = fx_refs();
	ri.i.NextHopsList.NumNextHops = 0xFFFF;
	CODE(ERROR_INVALID_HANDLE, RtmReleaseRouteInfo(fx.a, &ri.i));
	di.i.NumberOfViews = 0xFFFFFFFF;
	CODE(ERROR_INVALID_HANDLE, RtmReleaseDestInfo(fx.a, &di.i));
	EQ(refs, fx_refs());
	ri.i.NextHopsList.NumNextHops = 1;
	di.i.NumberOfViews = 1;
	OK(RtmReleaseRouteInfo(fx.a, &ri.i));
	OK(RtmReleaseDestInfo(fx.a, &di.i));
}

static void
a_structure_is_released_once(void)
{
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1);
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .hop = hop));
	union route_buf ri;
	size_t refs = fx_refs();

	OK(RtmGetRouteInfo(fx.a, r, &ri.i, NULL));
	OK(RtmReleaseRouteInfo(fx.a, &ri.i));
	CODE(ERROR_INVALID_HANDLE, RtmReleaseRouteInfo(fx.a, &ri.i)); /* all or nothing */
	EQ(refs, fx_refs());
}

static HANDLE
register_in(USHORT instance, RTM_REGN_PROFILE *profile)
{
	RTM_ENTITY_INFO id = fx_id(fx.family, PROTO_C, 1);
	HANDLE e = NULL;

	id.RtmInstanceId = instance;
	OK(RtmRegisterEntity(&id, NULL, NULL, FALSE, profile, &e));
	return e;
}

static void
thirty_two_views_are_told_apart(void)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	struct rtm_limits limits;
	RTM_REGN_PROFILE p;
	union route_buf r;
	union dest_buf d;
	RTM_VIEW_SET best = 0;
	HANDLE e, h = NULL;

	rtm_limits_default(&limits);
	limits.views = RTM_VIEW_MASK_ALL;
	OK(rtm_instance_configure(3, fx.family, &limits));
	e = register_in(3, &p);
	EQ(32, p.NumberOfViews);
	memset(&r, 0, sizeof r);
	r.i.PrefInfo.Preference = 1;
	r.i.BelongsToViews = 0x80000001;
	OK(RtmAddRouteToDest(e, &h, &n, &r.i, INFINITE, NULL, 0, NULL, &change));
	OK(RtmGetExactMatchDestination(e, &n, 0, RTM_VIEW_MASK_ALL, &d.i));
	EQ(32, d.i.NumberOfViews);
	for (UINT v = 0; v < 32; v++) {
		EQ(v, (&d.i.ViewInfo[0])[v].ViewId);
		SAME(v == 0 || v == 31 ? h : NULL, (&d.i.ViewInfo[0])[v].Route);
	}
	OK(RtmIsBestRoute(e, h, &best));
	EQ(0x80000001, best);
	OK(RtmHoldDestination(e, d.i.DestHandle, 0x80000000, 10));
	OK(RtmReleaseDestInfo(e, &d.i));
	OK(RtmDeleteRouteToDest(e, h, &change));
	OK(RtmGetExactMatchDestination(e, &n, 0, ANY, &d.i));
	OK(RtmReleaseDestInfo(e, &d.i));
	fx_pass(10);
	CODE(ERROR_NOT_FOUND, RtmGetExactMatchDestination(e, &n, 0, ANY, &d.i));
	OK(RtmDeregisterEntity(e));
}

static void
limits_of_one_are_enough_to_live(void)
{
	struct rtm_limits limits = { 1, 1, UC, 0, 1 };
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_NEXTHOP_CHANGE_FLAGS hop_change;
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	RTM_NEXTHOP_INFO hop_info = fx_hop_info("192.0.2.1", 1);
	RTM_ROUTE_INFO r; /* a plain structure has room for one */
	HANDLE e, hop = NULL, watch = NULL, second = NULL;
	RTM_REGN_PROFILE p;
	RTM_DEST_INFO d;
	UINT num = 2;

	OK(rtm_instance_configure(4, fx.family, &limits));
	e = register_in(4, &p);
	EQ(1, p.MaxNextHopsInRoute);
	OK(RtmRegisterForChangeNotification(e, UC, RTM_CHANGE_TYPE_ALL, NULL, &watch));
	CODE(ERROR_NO_SYSTEM_RESOURCES,
	     RtmRegisterForChangeNotification(e, UC, RTM_CHANGE_TYPE_ALL, NULL, &second));
	OK(RtmAddNextHop(e, &hop_info, &hop, &hop_change));
	memset(&r, 0, sizeof r);
	r.PrefInfo.Preference = 1;
	r.BelongsToViews = UC;
	r.NextHopsList.NumNextHops = 1;
	r.NextHopsList.NextHops[0] = hop;
	OK(RtmAddRouteToDest(e, NULL, &n, &r, INFINITE, NULL, 0, NULL, &change));
	r.NextHopsList.NumNextHops = 2;
	CODE(ERROR_INVALID_PARAMETER,
	     RtmAddRouteToDest(e, NULL, &n, &r, INFINITE, NULL, 0, NULL, &change));
	CODE(ERROR_INVALID_PARAMETER, RtmGetChangedDests(e, watch, &num, &d));
	num = 1;
	OK(RtmGetChangedDests(e, watch, &num, &d));
	OK(RtmReleaseChangedDests(e, watch, 1, &d));
	r.BelongsToViews = MC; /* not in this table */
	CODE(ERROR_INVALID_PARAMETER,
	     RtmAddRouteToDest(e, NULL, &n, &r, INFINITE, NULL, 0, NULL, &change));
	OK(RtmReleaseNextHops(e, 1, &hop));
	OK(RtmDeregisterEntity(e));
}

static void
handles_from_before_a_shutdown_are_none(void)
{
	HANDLE a = fx.a, r = fx_forget(fx_route(fx.a, RT("10.0.0.0", 8)));
	union route_buf buf;

	fx_setup(); /* shuts down, and registers the same two again */
	OK(fx_add(fx.a, NULL, RT("10.0.0.0", 8)));
	if (a != fx.a)
		CODE(ERROR_INVALID_HANDLE, RtmDeregisterEntity(a));
	CODE(ERROR_INVALID_HANDLE, RtmGetRouteInfo(fx.a, r, &buf.i, NULL));
}

static void
freed_handles_do_not_come_back(void)
{
	HANDLE first = NULL, h = NULL;
	union route_buf buf;
	UINT same = 0;

	OK(fx_add(fx.a, &first, RT("10.0.0.0", 8)));
	OK(RtmDeleteRouteToDest(fx.a, first, &fx.change));
	for (UINT i = 0; i < 2000; i++) { /* the slot is used again and again */
		h = NULL;
		OK(fx_add(fx.a, &h, RT("10.0.0.0", 8)));
		same += h == first;
		OK(RtmDeleteRouteToDest(fx.a, h, &fx.change));
	}
	EQ(0, same);
	CODE(ERROR_INVALID_HANDLE, RtmGetRouteInfo(fx.a, first, &buf.i, NULL));
	for (UINT bit = 0; bit < BITS; bit++) /* nor does the last one, looked at askew */
		CODE(ERROR_INVALID_HANDLE,
		     RtmGetRouteInfo(fx.a, (HANDLE)((uintptr_t)h ^ (uintptr_t)1 << bit), &buf.i,
		                     NULL));
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(any_handle_in_any_place_gets_an_answer), T(counts_that_lie_release_nothing),
	T(a_structure_is_released_once),           T(thirty_two_views_are_told_apart),
	T(limits_of_one_are_enough_to_live),       T(handles_from_before_a_shutdown_are_none),
	T(freed_handles_do_not_come_back),         CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("abuse", cases, FX_BOTH);
}
