/*
 * One chapter: bundles of routes and the books of references. Statements 114 to 120.
 */
#include "rtm_fix.h"

#include <stdio.h>
#include <string.h>

static HANDLE
list_of(HANDLE e)
{
	HANDLE l = NULL;

	OK(RtmCreateRouteList(e, &l));
	return l;
}

static UINT
length(HANDLE list)
{
	fx_enum_list(fx.a, list);
	return fx_seen.num;
}

static HANDLE
nth_route(UINT i, HANDLE list)
{
	char dst[32];

	snprintf(dst, sizeof dst, "10.%u.0.0", i);
	return fx_route(fx.a, RT(dst, 16, .list = list));
}

static void
t114_a_route_is_in_one_list_at_most(void)
{
	HANDLE one = list_of(fx.a), two = list_of(fx.a);
	HANDLE r = nth_route(0, NULL), s = nth_route(1, one), both[2] = { r, s };

	CODE(ERROR_INVALID_PARAMETER, RtmCreateRouteList(fx.a, NULL));
	fx_enum_list(fx.a, one);
	TRUTH(fx_saw_handles(&s, 1));
	OK(RtmInsertInRouteList(fx.a, one, 1, &r));
	both[0] = s;
	both[1] = r;
	fx_enum_list(fx.a, one);
	TRUTH(fx_saw_handles(both, 2)); /* appended */
	OK(RtmInsertInRouteList(fx.a, two, 1, &r));
	EQ(1, length(one));
	EQ(1, length(two));
	OK(RtmInsertInRouteList(fx.a, two, 2, both));
	EQ(0, length(one));
	EQ(2, length(two));
	OK(RtmInsertInRouteList(fx.a, NULL, 1, &r));
	fx_enum_list(fx.a, two);
	TRUTH(fx_saw_handles(&s, 1));
	TRUTH(fx_slot("10.0.0.0", 16, 0).found);
	OK(fx_add(fx.a, &r, RT("10.0.0.0", 16, .list = one)));
	EQ(1, length(one));
	OK(fx_add(fx.a, &r, RT("10.0.0.0", 16))); /* no list: stays where it is */
	EQ(1, length(one));
	OK(fx_add(fx.a, &r, RT("10.0.0.0", 16, .list = two)));
	EQ(0, length(one));
	EQ(2, length(two));
	EQ(2, fx_refs());
	OK(RtmDeleteRouteList(fx.a, one));
	OK(RtmDeleteRouteList(fx.a, two));
}

static void
t115_a_list_enumeration_ends_with_a_short_count(void)
{
	UINT max = fx.profile.MaxHandlesInEnum, num = 2 * max + 3, seen = 0, n;
	HANDLE from = list_of(fx.a), to = list_of(fx.a), en = NULL, h[80];

	for (UINT i = 0; i < num; i++)
		nth_route(i, from);
	OK(RtmCreateRouteListEnum(fx.a, from, &en));
	n = max + 1;
	CODE(ERROR_INVALID_PARAMETER, RtmGetListEnumRoutes(fx.a, en, &n, h));
	n = 0;
	CODE(ERROR_INVALID_PARAMETER, RtmGetListEnumRoutes(fx.a, en, &n, h));
	CODE(ERROR_INVALID_PARAMETER, RtmGetListEnumRoutes(fx.a, en, NULL, h));
	do { /* what came out moves elsewhere before the next call */
		n = max;
		OK(RtmGetListEnumRoutes(fx.a, en, &n, h));
		OK(RtmInsertInRouteList(fx.a, to, n, h));
		OK(RtmReleaseRoutes(fx.a, n, h));
		seen += n;
	} while (n == max);
	EQ(num, seen);
	EQ(3, n);
	n = max;
	OK(RtmGetListEnumRoutes(fx.a, en, &n, h));
	EQ(0, n);
	EQ(0, length(from));
	EQ(num, length(to));
	for (UINT i = 1; i < fx_seen.num; i++) /* each once, in the order they came */
		TRUTH(fx_net_cmp(&fx_seen.net[i - 1], &fx_seen.net[i]) < 0);
	OK(RtmDeleteEnumHandle(fx.a, en));
	OK(RtmDeleteRouteList(fx.a, from));
	OK(RtmDeleteRouteList(fx.a, to));
}

static void
t116_a_list_goes_and_its_routes_stay(void)
{
	HANDLE l = list_of(fx.a), r = nth_route(0, l), gone = nth_route(1, l), en = NULL, h[2];
	UINT n = 2;

	fx_delete(fx.a, gone);
	fx_enum_list(fx.a, l);
	TRUTH(fx_saw_handles(&r, 1));
	OK(RtmCreateRouteListEnum(fx.a, l, &en));
	CODE(ERROR_INVALID_HANDLE, RtmDeleteRouteList(fx.b, l)); /* private */
	OK(RtmDeleteRouteList(fx.a, l));
	TRUTH(fx_slot("10.0.0.0", 16, 0).found);
	CODE(ERROR_INVALID_HANDLE, RtmDeleteRouteList(fx.a, l));
	CODE(ERROR_INVALID_HANDLE, RtmInsertInRouteList(fx.a, l, 1, &r));
	CODE(ERROR_INVALID_HANDLE, RtmCreateRouteListEnum(fx.a, l, &h[0]));
	CODE(ERROR_INVALID_HANDLE,
	     fx_add(fx.a, &r, RT("10.0.0.0", 16, .list = l, .metric = 9)));
	EQ(0, fx_metric(r));
	OK(RtmGetListEnumRoutes(fx.a, en, &n, h)); /* open before, empty now */
	EQ(0, n);
	OK(RtmDeleteEnumHandle(fx.a, en));
	l = list_of(fx.a);
	CODE(ERROR_INVALID_PARAMETER, RtmCreateRouteListEnum(fx.a, l, NULL));
	OK(RtmInsertInRouteList(fx.a, l, 1, &r)); /* it is in none and can go anywhere */
	OK(RtmDeleteRouteList(fx.a, l));
}

static void
t117_a_foreign_route_moves_nothing(void)
{
	HANDLE l = list_of(fx.a), mine = nth_route(0, NULL), both[2];

	both[0] = mine;
	both[1] = fx_route(fx.b, RT("10.9.0.0", 16));
	CODE(ERROR_ACCESS_DENIED, RtmInsertInRouteList(fx.a, l, 2, both));
	EQ(0, length(l));
	CODE(ERROR_INVALID_HANDLE, RtmInsertInRouteList(fx.b, l, 1, &both[1])); /* A's list */
	both[1] = GARBAGE;
	CODE(ERROR_INVALID_HANDLE, RtmInsertInRouteList(fx.a, l, 2, both));
	EQ(0, length(l));
	CODE(ERROR_INVALID_PARAMETER, RtmInsertInRouteList(fx.a, l, 1, NULL));
	OK(RtmInsertInRouteList(fx.a, l, 0, NULL));
	OK(RtmDeleteRouteList(fx.a, l));
}

static void
t118_a_referenced_handle_outlives_its_structure(void)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	HANDLE r = fx_route(fx.b, RT("10.0.0.0", 8)), route, dest;
	union route_buf buf;
	union dest_buf d;

	OK(RtmGetExactMatchDestination(fx.a, &n, 0, UC, &d.i));
	route = d.i.ViewInfo[0].Route;
	dest = d.i.DestHandle;
	OK(RtmReferenceHandles(fx.a, 1, &route));
	OK(RtmReferenceHandles(fx.a, 1, &dest));
	OK(RtmReleaseDestInfo(fx.a, &d.i));
	fx_delete(fx.b, r);
	OK(RtmGetRouteInfo(fx.a, route, &buf.i, NULL));
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
	OK(RtmReleaseRoutes(fx.a, 1, &route));
	EQ(0, fx_counts().routes);
	CODE(ERROR_INVALID_HANDLE, RtmGetRouteInfo(fx.a, route, &buf.i, NULL));
	OK(RtmGetDestInfo(fx.a, dest, 0, UC, &d.i));
	OK(RtmReleaseDestInfo(fx.a, &d.i));
	OK(fx_release(FX_DEST, dest));
	EQ(0, fx_counts().dests);
	CODE(ERROR_INVALID_HANDLE, RtmGetDestInfo(fx.a, dest, 0, UC, &d.i));
}

static void
t119_one_bad_handle_among_several_changes_no_count(void)
{
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1);
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8)), mixed[3] = { r, hop, GARBAGE };
	HANDLE routes[2] = { r, GARBAGE }, hops[2] = { hop, GARBAGE };
	HANDLE entities[2] = { fx.b, GARBAGE };
	size_t refs = fx_refs();

	CODE(ERROR_INVALID_HANDLE, RtmReferenceHandles(fx.a, 3, mixed));
	CODE(ERROR_INVALID_HANDLE, RtmReleaseRoutes(fx.a, 2, routes));
	CODE(ERROR_INVALID_HANDLE, RtmReleaseNextHops(fx.a, 2, hops));
	OK(RtmReferenceHandles(fx.a, 1, &fx.b));
	CODE(ERROR_INVALID_HANDLE, RtmReleaseEntities(fx.a, 2, entities));
	EQ(refs + 1, fx_refs());
	OK(RtmReleaseEntities(fx.a, 1, &fx.b));
	routes[1] = r; /* twice in one call with one reference: not one of them goes */
	CODE(ERROR_INVALID_HANDLE, RtmReleaseRoutes(fx.a, 2, routes));
	EQ(refs, fx_refs());
	OK(RtmReferenceHandles(fx.a, 0, NULL));
	OK(RtmReleaseRoutes(fx.a, 0, NULL));
	OK(RtmReleaseNextHops(fx.a, 0, NULL));
	OK(RtmReleaseEntities(fx.a, 0, NULL));
	OK(RtmReleaseDests(fx.a, 0, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmReferenceHandles(fx.a, 1, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmReleaseRoutes(fx.a, 1, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmReleaseNextHops(fx.a, 1, NULL));
	EQ(refs, fx_refs());
}

static void
t120_a_handle_of_the_wrong_kind_is_none(void)
{
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1), list = list_of(fx.a), dest;
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));
	HANDLE notify = fx_notify(fx.a, UC, RTM_CHANGE_TYPE_ALL, NULL);
	RTM_ENTITY_INFO ei;
	RTM_NEXTHOP_INFO hi;
	union route_buf ri;
	union dest_buf di;

	dest = fx_dest("10.0.0.0", 8, UC);
	for (UINT i = 0; i < 6; i++) {
		HANDLE kinds[6] = { fx.b, dest, r, hop, list, notify }, h = kinds[i];
		DWORD bad = ERROR_INVALID_HANDLE;

		CODE(i == 0 ? NO_ERROR : bad, RtmGetEntityInfo(fx.a, h, &ei));
		if (CODE(i == 1 ? NO_ERROR : bad, RtmGetDestInfo(fx.a, h, 0, UC, &di.i)) == 0)
			OK(RtmReleaseDestInfo(fx.a, &di.i));
		if (CODE(i == 2 ? NO_ERROR : bad, RtmGetRouteInfo(fx.a, h, &ri.i, NULL)) == 0)
			OK(RtmReleaseRouteInfo(fx.a, &ri.i));
		if (CODE(i == 3 ? NO_ERROR : bad, RtmGetNextHopInfo(fx.a, h, &hi)) == 0)
			OK(RtmReleaseNextHopInfo(fx.a, &hi));
		if (i != 2)
			CODE(bad, RtmReleaseRoutes(fx.a, 1, &h));
		if (i != 3)
			CODE(bad, RtmReleaseNextHops(fx.a, 1, &h));
		if (i != 1)
			CODE(bad, fx_release(FX_DEST, h));
		if (i > 3) { /* lists and registrations are not counted */
			CODE(bad, RtmReferenceHandles(fx.a, 1, &h));
			CODE(bad, RtmDeleteEnumHandle(fx.a, h));
		}
		if (i != 4)
			CODE(bad, RtmDeleteRouteList(fx.a, h));
		if (i != 5)
			CODE(bad, RtmDeregisterFromChangeNotification(fx.a, h));
	}
	OK(RtmDeleteRouteList(fx.a, list));
	OK(RtmDeregisterFromChangeNotification(fx.a, notify));
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t114_a_route_is_in_one_list_at_most),
	T(t115_a_list_enumeration_ends_with_a_short_count),
	T(t116_a_list_goes_and_its_routes_stay),
	T(t117_a_foreign_route_moves_nothing),
	T(t118_a_referenced_handle_outlives_its_structure),
	T(t119_one_bad_handle_among_several_changes_no_count),
	T(t120_a_handle_of_the_wrong_kind_is_none),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("lists and references", cases, FX_BOTH);
}
