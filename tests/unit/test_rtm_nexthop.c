/*
 * One chapter: the neighbours of an entity. Statements 18 to 37: every entity has a
 * list of its own, a next hop is named by address and interface for ever, and the
 * rest of it belongs to the owner.
 */
#include "rtm_fix.h"

#include <string.h>

static RTM_NEXTHOP_CHANGE_FLAGS change;

static DWORD
add(HANDLE e, RTM_NEXTHOP_INFO *i, HANDLE *h)
{
	change = 0xee;
	return RtmAddNextHop(e, i, h, &change);
}

static RTM_NEXTHOP_INFO
info_of(HANDLE reader, HANDLE hop)
{
	RTM_NEXTHOP_INFO i;

	memset(&i, 0, sizeof i);
	if (OK(RtmGetNextHopInfo(reader, hop, &i)) == NO_ERROR)
		OK(RtmReleaseNextHopInfo(reader, &i));
	return i;
}

static void
t018_a_new_next_hop_is_new(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3);
	HANDLE h = NULL;

	OK(add(fx.a, &i, &h));
	EQ(RTM_NEXTHOP_CHANGE_NEW, change);
	TRUTH(h != NULL);
	EQ(1, fx_refs());
	fx_keep(FX_HOP, h);
}

static void
t019_the_same_key_gives_the_same_handle_and_a_reference(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3);
	HANDLE h = fx_hop(fx.a, "192.0.2.1", 3), again = NULL;

	OK(add(fx.a, &i, &again));
	EQ(0, change);
	SAME(h, again);
	EQ(2, fx_refs());
	EQ(1, fx_counts().nexthops);
	fx_keep(FX_HOP, again);
}

static void
t020_another_interface_is_another_next_hop(void)
{
	HANDLE h = fx_hop(fx.a, "192.0.2.1", 3), other = fx_hop(fx.a, "192.0.2.1", 4);

	TRUTH(h != other);
	EQ(2, fx_counts().nexthops);
}

static void
t021_without_a_handle_variable_the_next_hop_is_there_all_the_same(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3);
	HANDLE h = NULL;

	OK(add(fx.a, &i, NULL));
	EQ(RTM_NEXTHOP_CHANGE_NEW, change);
	EQ(0, fx_refs());
	OK(RtmFindNextHop(fx.a, &i, &h, NULL));
	TRUTH(fx_keep(FX_HOP, h) != NULL);
}

static void
t022_an_update_by_handle_takes_no_reference(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3), got;
	HANDLE h = fx_forget(fx_hop(fx.a, "192.0.2.1", 3)), same = h;
	int mark;

	i.EntitySpecificInfo = &mark;
	i.Flags = RTM_NEXTHOP_FLAGS_DOWN;
	OK(add(fx.a, &i, &same));
	EQ(0, change);
	SAME(h, same);
	EQ(1, fx_refs());
	got = info_of(fx.a, h);
	SAME(&mark, got.EntitySpecificInfo);
	EQ(RTM_NEXTHOP_FLAGS_DOWN, got.Flags);
	OK(RtmDeleteNextHop(fx.a, NULL, &i));
	OK(RtmReleaseNextHops(fx.a, 1, &h)); /* one release frees it */
	CODE(ERROR_INVALID_HANDLE, RtmReleaseNextHops(fx.a, 1, &h));
	EQ(0, fx_counts().nexthops);
}

static void
t022_an_update_by_handle_cannot_rename(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.2", 3);
	HANDLE h = fx_hop(fx.a, "192.0.2.1", 3);

	CODE(ERROR_INVALID_PARAMETER, add(fx.a, &i, &h));
	i = fx_hop_info("192.0.2.1", 4);
	CODE(ERROR_INVALID_PARAMETER, add(fx.a, &i, &h));
	EQ(1, fx_counts().nexthops);
	EQ(3, info_of(fx.a, h).InterfaceIndex);
}

static void
t023_owner_and_state_from_the_caller_are_ignored(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3), got;
	HANDLE h = NULL;

	i.NextHopOwner = GARBAGE;
	i.State = RTM_NEXTHOP_STATE_DELETED;
	OK(add(fx.a, &i, &h));
	OK(RtmGetNextHopInfo(fx.a, h, &got));
	SAME(fx.a, got.NextHopOwner);
	EQ(RTM_NEXTHOP_STATE_CREATED, got.State);
	EQ(2, fx_refs()); /* the handle and the owner inside the structure */
	OK(RtmReleaseNextHopInfo(fx.a, &got));
	fx_keep(FX_HOP, h);
}

static void
t024_another_entity_cannot_update_it(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3);
	HANDLE h = fx_hop(fx.a, "192.0.2.1", 3);

	i.EntitySpecificInfo = &i;
	CODE(ERROR_ACCESS_DENIED, add(fx.b, &i, &h));
	SAME(NULL, info_of(fx.a, h).EntitySpecificInfo);
}

static void
t025_each_entity_has_its_own(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3);
	HANDLE a = fx_hop(fx.a, "192.0.2.1", 3), b = fx_hop(fx.b, "192.0.2.1", 3);
	HANDLE found = NULL;

	TRUTH(a != b);
	OK(RtmFindNextHop(fx.a, &i, &found, NULL));
	SAME(a, fx_keep(FX_HOP, found));
	found = NULL;
	OK(RtmFindNextHop(fx.b, &i, &found, NULL));
	SAME(b, fx_keep(FX_HOP, found));
}

static void
t026_finding_gives_handle_and_pointer(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3), *p = NULL, *q = NULL;
	HANDLE h = fx_hop(fx.a, "192.0.2.1", 3), found = GARBAGE;
	RTM_NEXTHOP_INFO unknown = fx_hop_info("192.0.2.9", 3);

	CODE(ERROR_NOT_FOUND, RtmFindNextHop(fx.a, &unknown, &found, &p));
	SAME(GARBAGE, found);
	SAME(NULL, p);
	OK(RtmFindNextHop(fx.a, &i, &found, &p));
	SAME(h, fx_keep(FX_HOP, found));
	OK(RtmGetNextHopPointer(fx.a, h, &q));
	SAME(q, p);
	TRUTH(fx_net_same(&i.NextHopAddress, &p->NextHopAddress));
	EQ(3, p->InterfaceIndex);
	OK(RtmFindNextHop(fx.a, &i, NULL, NULL));
	EQ(2, fx_refs());
	CODE(ERROR_INVALID_PARAMETER, RtmFindNextHop(fx.a, NULL, &found, NULL));
}

static void
t027_only_the_owner_gets_a_pointer_everybody_may_read(void)
{
	HANDLE h = fx_hop(fx.a, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO *p = GARBAGE;

	CODE(ERROR_ACCESS_DENIED, RtmGetNextHopPointer(fx.b, h, &p));
	SAME(GARBAGE, p);
	CODE(ERROR_INVALID_HANDLE, RtmGetNextHopPointer(fx.a, GARBAGE, &p));
	CODE(ERROR_INVALID_PARAMETER, RtmGetNextHopPointer(fx.a, h, NULL));
	SAME(fx.a, info_of(fx.b, h).NextHopOwner);
	CODE(ERROR_INVALID_PARAMETER, RtmGetNextHopInfo(fx.a, h, NULL));
}

static void
t028_deleting_by_handle_consumes_it(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3);
	HANDLE h = fx_forget(fx_hop(fx.a, "192.0.2.1", 3)), found;

	OK(RtmDeleteNextHop(fx.a, h, NULL));
	CODE(ERROR_NOT_FOUND, RtmFindNextHop(fx.a, &i, &found, NULL));
	CODE(ERROR_INVALID_HANDLE, RtmReleaseNextHops(fx.a, 1, &h));
	EQ(0, fx_counts().nexthops);
}

static void
t029_deleting_by_key_works_once(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3), got;
	HANDLE h = fx_hop(fx.a, "192.0.2.1", 3);

	OK(RtmDeleteNextHop(fx.a, NULL, &i));
	CODE(ERROR_NOT_FOUND, RtmDeleteNextHop(fx.a, NULL, &i));
	OK(RtmGetNextHopInfo(fx.a, h, &got)); /* the handle was not consumed */
	EQ(RTM_NEXTHOP_STATE_DELETED, got.State);
	OK(RtmReleaseNextHopInfo(fx.a, &got));
	CODE(ERROR_NOT_FOUND, RtmDeleteNextHop(fx.a, h, NULL));
	i = fx_hop_info("192.0.2.1", 3);
	CODE(ERROR_INVALID_HANDLE, add(fx.a, &i, &h)); /* a deleted one takes no update */
}

static void
t030_another_entity_cannot_delete_it(void)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 3);
	HANDLE h = fx_hop(fx.a, "192.0.2.1", 3);

	CODE(ERROR_ACCESS_DENIED, RtmDeleteNextHop(fx.b, h, NULL));
	CODE(ERROR_NOT_FOUND, RtmDeleteNextHop(fx.b, NULL, &i));
	OK(RtmFindNextHop(fx.a, &i, NULL, NULL));
}

static void
t031_deleting_nothing_in_particular_is_refused(void)
{
	CODE(ERROR_INVALID_PARAMETER, RtmDeleteNextHop(fx.a, NULL, NULL));
	CODE(ERROR_INVALID_HANDLE, RtmDeleteNextHop(fx.a, GARBAGE, NULL));
}

static void
t032_a_deleted_next_hop_lives_on_in_its_routes(void)
{
	RTM_NOTIFY_HANDLE watch = fx_notify(fx.a, UC, RTM_CHANGE_TYPE_ALL, NULL);
	RTM_NEXTHOP_INFO key = fx_hop_info("192.0.2.1", 3);
	HANDLE h = fx_forget(fx_hop(fx.a, "192.0.2.1", 3)), fresh = NULL;
	RTM_ROUTE_HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .hop = h));
	union route_buf buf;

	fx_drain(fx.a, watch);
	OK(RtmDeleteNextHop(fx.a, h, NULL));
	EQ(0, fx_drain(fx.a, watch)); /* nobody is told */
	OK(RtmGetRouteInfo(fx.a, r, &buf.i, NULL));
	EQ(1, buf.i.NextHopsList.NumNextHops);
	SAME(h, buf.i.NextHopsList.NextHops[0]);
	EQ(RTM_NEXTHOP_STATE_DELETED, info_of(fx.a, h).State);
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
	OK(add(fx.a, &key, &fresh));
	EQ(RTM_NEXTHOP_CHANGE_NEW, change);
	TRUTH(fx_keep(FX_HOP, fresh) != h);
	EQ(2, fx_counts().nexthops);
	fx_delete(fx.a, r);
	EQ(1, fx_counts().nexthops);
	OK(RtmDeregisterFromChangeNotification(fx.a, watch));
}

static void
t033_the_owner_changes_it_under_lock(void)
{
	HANDLE h = fx_hop(fx.a, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO *p = NULL, *stranger = GARBAGE, got;
	int mark;

	OK(RtmLockNextHop(fx.a, h, TRUE, TRUE, &p));
	p->EntitySpecificInfo = &mark;
	p->InterfaceIndex = 99; /* not his to change: put right at unlock */
	p->State = RTM_NEXTHOP_STATE_DELETED;
	OK(RtmLockNextHop(fx.a, h, TRUE, FALSE, NULL));
	got = info_of(fx.a, h);
	SAME(&mark, got.EntitySpecificInfo);
	EQ(3, got.InterfaceIndex);
	EQ(RTM_NEXTHOP_STATE_CREATED, got.State);
	CODE(ERROR_ACCESS_DENIED, RtmLockNextHop(fx.b, h, TRUE, TRUE, &stranger));
	SAME(GARBAGE, stranger);
	OK(RtmLockNextHop(fx.a, h, TRUE, TRUE, NULL)); /* B's attempt left no lock */
	CODE(ERROR_POSSIBLE_DEADLOCK, RtmLockNextHop(fx.a, h, TRUE, TRUE, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmLockNextHop(fx.a, h, FALSE, FALSE, NULL));
	OK(RtmLockNextHop(fx.a, h, TRUE, FALSE, NULL));
	CODE(ERROR_NOT_LOCKED, RtmLockNextHop(fx.a, h, TRUE, FALSE, NULL));
	CODE(ERROR_INVALID_HANDLE, RtmLockNextHop(fx.a, GARBAGE, TRUE, TRUE, NULL));
}

static void
t034_a_deleted_next_hop_is_not_found_to_lock(void)
{
	HANDLE h = fx_hop(fx.a, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO key = fx_hop_info("192.0.2.1", 3), *p = GARBAGE;

	OK(RtmDeleteNextHop(fx.a, NULL, &key));
	CODE(ERROR_NOT_FOUND, RtmLockNextHop(fx.a, h, TRUE, TRUE, &p));
	SAME(GARBAGE, p);
}

static void
t035_a_remote_next_hop_keeps_its_destination(void)
{
	RTM_ROUTE_HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));
	HANDLE dest = fx_dest("10.0.0.0", 8, UC), h = NULL, bad = NULL;
	RTM_NEXTHOP_INFO i = fx_hop_info("10.9.9.9", 0), got;
	size_t refs;

	i.Flags = RTM_NEXTHOP_FLAGS_REMOTE;
	i.RemoteNextHop = GARBAGE;
	CODE(ERROR_INVALID_HANDLE, add(fx.a, &i, &bad));
	SAME(NULL, bad);
	i.RemoteNextHop = dest;
	OK(add(fx.a, &i, &h));
	fx_keep(FX_HOP, h);
	refs = fx_refs();
	OK(RtmGetNextHopInfo(fx.a, h, &got));
	SAME(dest, got.RemoteNextHop);
	EQ(refs + 2, fx_refs()); /* owner and destination */
	OK(RtmReleaseNextHopInfo(fx.a, &got));
	EQ(refs, fx_refs());
	fx_delete(fx.a, r);
	OK(fx_release(FX_DEST, fx_forget(dest)));
	EQ(1, fx_counts().dests); /* kept readable by the next hop alone */
	i.RemoteNextHop = NULL;
	OK(add(fx.a, &i, &h)); /* an update lets go of it */
	EQ(0, fx_counts().dests);
}

static void
t036_a_destination_without_the_remote_flag_is_dropped(void)
{
	HANDLE h = NULL, dest;
	RTM_NEXTHOP_INFO i = fx_hop_info("10.9.9.9", 0);

	fx_route(fx.a, RT("10.0.0.0", 8));
	dest = fx_dest("10.0.0.0", 8, UC);
	i.RemoteNextHop = dest;
	OK(add(fx.a, &i, &h));
	SAME(NULL, info_of(fx.a, fx_keep(FX_HOP, h)).RemoteNextHop);
	i.Flags = 0x0004;
	CODE(ERROR_INVALID_PARAMETER, add(fx.a, &i, NULL));
	EQ(0, info_of(fx.a, h).Flags);
}

static void
t037_an_address_that_is_none_is_refused(void)
{
	RTM_NEXTHOP_INFO good = fx_hop_info("192.0.2.1", 3), i = good;
	HANDLE h = NULL;

	i.NextHopAddress.AddressFamily = fx.family == AF_INET ? AF_INET6 : AF_INET;
	CODE(ERROR_INVALID_PARAMETER, add(fx.a, &i, &h));
	i = good;
	i.NextHopAddress.NumBits = (USHORT)(fx.bits + 1);
	CODE(ERROR_INVALID_PARAMETER, add(fx.a, &i, &h));
	CODE(ERROR_INVALID_PARAMETER, add(fx.a, NULL, &h));
	CODE(ERROR_INVALID_PARAMETER, RtmAddNextHop(fx.a, &good, &h, NULL));
	SAME(NULL, h);
	EQ(0, fx_counts().nexthops);
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t018_a_new_next_hop_is_new),
	T(t019_the_same_key_gives_the_same_handle_and_a_reference),
	T(t020_another_interface_is_another_next_hop),
	T(t021_without_a_handle_variable_the_next_hop_is_there_all_the_same),
	T(t022_an_update_by_handle_takes_no_reference),
	T(t022_an_update_by_handle_cannot_rename),
	T(t023_owner_and_state_from_the_caller_are_ignored),
	T(t024_another_entity_cannot_update_it),
	T(t025_each_entity_has_its_own),
	T(t026_finding_gives_handle_and_pointer),
	T(t027_only_the_owner_gets_a_pointer_everybody_may_read),
	T(t028_deleting_by_handle_consumes_it),
	T(t029_deleting_by_key_works_once),
	T(t030_another_entity_cannot_delete_it),
	T(t031_deleting_nothing_in_particular_is_refused),
	T(t032_a_deleted_next_hop_lives_on_in_its_routes),
	T(t033_the_owner_changes_it_under_lock),
	T(t034_a_deleted_next_hop_is_not_found_to_lock),
	T(t035_a_remote_next_hop_keeps_its_destination),
	T(t036_a_destination_without_the_remote_flag_is_dropped),
	T(t037_an_address_that_is_none_is_refused),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("next hops", cases, FX_BOTH);
}
