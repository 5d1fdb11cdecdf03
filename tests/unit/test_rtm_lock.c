/*
 * One chapter: hands off while I change it. Statements 62 to 75: in-place updates,
 * who may lock what and who waits for whom, and the private slot in a destination.
 */
#include "rtm_fix.h"
#include "rtm_thread.h"

#include <string.h>

static RTM_ROUTE_CHANGE_FLAGS change;

static DWORD
lock(HANDLE e, HANDLE r, RTM_ROUTE_INFO **p)
{
	return RtmLockRoute(e, r, TRUE, TRUE, p);
}

static DWORD
unlock(HANDLE e, HANDLE r)
{
	return RtmLockRoute(e, r, TRUE, FALSE, NULL);
}

static DWORD
commit(HANDLE e, HANDLE r)
{
	change = 0xee;
	return RtmUpdateAndUnlockRoute(e, r, INFINITE, NULL, 0, NULL, &change);
}

static void
t062_an_in_place_update_counts_and_unlocks(void)
{
	HANDLE a = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 5));
	HANDLE b = fx_route(fx.b, RT("10.0.0.0", 8, .metric = 7));
	RTM_ROUTE_INFO *p = NULL;

	OK(lock(fx.a, a, &p));
	EQ(5, p->PrefInfo.Metric);
	p->PrefInfo.Metric = 6;
	OK(commit(fx.a, a));
	EQ(RTM_ROUTE_CHANGE_BEST, change & RTM_ROUTE_CHANGE_BEST); /* it is best and changed */
	EQ(6, fx_metric(a));
	OK(lock(fx.a, a, &p));
	p->PrefInfo.Metric = 8;
	OK(commit(fx.a, a));
	EQ(RTM_ROUTE_CHANGE_BEST, change);
	EQ(UC, fx_best(b));
	OK(lock(fx.a, a, &p));
	p->PrefInfo.Metric = 9;
	OK(commit(fx.a, a));
	EQ(0, change); /* another loser */
	EQ(9, fx_metric(a));
	OK(lock(fx.a, a, &p));
	OK(unlock(fx.a, a));
}

static void
t062_every_owner_member_can_change_in_place_and_no_other(void)
{
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1);
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 5));
	HANDLE dest = fx_dest("10.0.0.0", 8, UC);
	RTM_ROUTE_INFO *p = NULL;
	union route_buf buf;
	int mark;

	OK(lock(fx.a, r, &p));
	OK(RtmReferenceHandles(fx.a, 1, &hop)); /* as neighbour */
	p->Neighbour = hop;
	p->Flags = RTM_ROUTE_FLAGS_REMOTE;
	p->Flags1 = 9;
	p->BelongsToViews = MC;
	p->PrefInfo = (RTM_PREF_INFO){ .Metric = 3, .Preference = 4 };
	p->EntitySpecificInfo = &mark;
	p->DestHandle = GARBAGE;
	p->RouteOwner = GARBAGE;
	p->State = RTM_ROUTE_STATE_DELETED;
	OK(commit(fx.a, r));
	OK(RtmGetRouteInfo(fx.a, r, &buf.i, NULL));
	SAME(hop, buf.i.Neighbour);
	EQ(RTM_ROUTE_FLAGS_REMOTE, buf.i.Flags);
	EQ(9, buf.i.Flags1);
	EQ(MC, buf.i.BelongsToViews);
	EQ(3, buf.i.PrefInfo.Metric);
	EQ(4, buf.i.PrefInfo.Preference);
	SAME(&mark, buf.i.EntitySpecificInfo);
	SAME(dest, buf.i.DestHandle);
	SAME(fx.a, buf.i.RouteOwner);
	EQ(RTM_ROUTE_STATE_CREATED, buf.i.State);
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
	EQ(MC, fx_best(r));
	fx_delete(fx.a, r); /* the client's reference on the neighbour went with the route */
}

static void
t062_an_in_place_update_notifies_and_restarts_the_timer(void)
{
	RTM_NOTIFY_HANDLE watch = fx_notify(fx.b, UC, RTM_CHANGE_TYPE_ALL, NULL);
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .ttl = 50)), list = NULL;
	RTM_ROUTE_INFO *p = NULL;

	EQ(1, fx_drain(fx.b, watch));
	OK(RtmCreateRouteList(fx.a, &list));
	fx_advance(40);
	OK(lock(fx.a, r, &p));
	p->PrefInfo.Metric = 1;
	OK(RtmUpdateAndUnlockRoute(fx.a, r, 500, list, 0, NULL, &change));
	EQ(1, fx_drain(fx.b, watch));
	EQ(fx.now_ms + 500, rtm_deadline_ms());
	fx_enum_list(fx.a, list);
	TRUTH(fx_saw_handles(&r, 1));
	OK(RtmDeleteRouteList(fx.a, list));
	OK(RtmDeregisterFromChangeNotification(fx.b, watch));
}

static void
t063_only_the_owner_locks(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));
	RTM_ROUTE_INFO *p = GARBAGE;

	CODE(ERROR_ACCESS_DENIED, lock(fx.b, r, &p));
	SAME(GARBAGE, p);
	CODE(ERROR_ACCESS_DENIED, RtmLockRoute(fx.b, r, FALSE, TRUE, &p));
	OK(lock(fx.a, r, NULL)); /* B left no lock */
	OK(unlock(fx.a, r));
}

static void
t064_locking_a_bad_or_deleted_route_is_refused(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));
	RTM_ROUTE_INFO *p = GARBAGE;

	CODE(ERROR_INVALID_HANDLE, lock(fx.a, GARBAGE, &p));
	OK(lock(fx.a, r, NULL)); /* no pointer wanted */
	OK(unlock(fx.a, r));
	OK(RtmReferenceHandles(fx.a, 1, &r));
	OK(RtmDeleteRouteToDest(fx.a, r, &change));
	CODE(ERROR_INVALID_HANDLE, lock(fx.a, r, &p));
	SAME(GARBAGE, p);
}

static void
t065_a_failed_update_leaves_the_lock(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 5));
	RTM_ROUTE_INFO *p = NULL;

	OK(lock(fx.a, r, &p));
	CODE(ERROR_ACCESS_DENIED, commit(fx.b, r));
	CODE(ERROR_INVALID_HANDLE, commit(fx.a, GARBAGE));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmUpdateAndUnlockRoute(fx.a, r, INFINITE, NULL, 1, NULL, &change));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmUpdateAndUnlockRoute(fx.a, r, INFINITE, NULL, 0, GARBAGE, &change));
	CODE(ERROR_INVALID_PARAMETER,
	     RtmUpdateAndUnlockRoute(fx.a, r, INFINITE, NULL, 0, NULL, NULL));
	CODE(ERROR_INVALID_HANDLE,
	     RtmUpdateAndUnlockRoute(fx.a, r, INFINITE, GARBAGE, 0, NULL, &change));
	p->BelongsToViews = fx.profile.ViewsSupported + 1;
	CODE(ERROR_INVALID_PARAMETER, commit(fx.a, r));
	CODE(ERROR_POSSIBLE_DEADLOCK, lock(fx.a, r, NULL)); /* still locked */
	OK(unlock(fx.a, r));
	OK(lock(fx.a, r, NULL));
	OK(unlock(fx.a, r));
	EQ(UC, fx_best(r));
}

static void
t066_replacing_a_next_hop_in_place_keeps_the_books(void)
{
	HANDLE old = fx_hop(fx.a, "192.0.2.1", 1), new = fx_hop(fx.a, "192.0.2.2", 1);
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .hop = old));
	RTM_ROUTE_INFO *p = NULL;
	union route_buf buf;

	OK(lock(fx.a, r, &p));
	OK(RtmReferenceHandles(fx.a, 1, &new));
	p->NextHopsList.NextHops[0] = new;
	OK(RtmReleaseNextHops(fx.a, 1, &old));
	OK(commit(fx.a, r));
	OK(RtmGetRouteInfo(fx.a, r, &buf.i, NULL));
	SAME(new, buf.i.NextHopsList.NextHops[0]);
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
	fx_delete(fx.a, r);
	OK(RtmDeleteNextHop(fx.a, fx_forget(old), NULL));
	OK(RtmDeleteNextHop(fx.a, fx_forget(new), NULL));
	EQ(0, fx_counts().routes);
	EQ(0, fx_counts().nexthops);
	EQ(0, fx_refs());
}

static void
t067_an_update_needs_an_exclusive_lock(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));

	CODE(ERROR_NOT_LOCKED, commit(fx.a, r));
	OK(RtmLockRoute(fx.a, r, FALSE, TRUE, NULL));
	CODE(ERROR_NOT_LOCKED, commit(fx.a, r));
	OK(RtmLockRoute(fx.a, r, FALSE, FALSE, NULL));
}

static void
t068_an_unlock_must_name_what_was_locked(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));
	HANDLE dest = fx_dest("10.0.0.0", 8, UC);

	CODE(ERROR_NOT_LOCKED, unlock(fx.a, r));
	CODE(ERROR_NOT_LOCKED, RtmLockRoute(fx.a, r, FALSE, FALSE, NULL));
	CODE(ERROR_NOT_LOCKED, RtmLockDestination(fx.a, dest, TRUE, FALSE));
	OK(lock(fx.a, r, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmLockRoute(fx.a, r, FALSE, FALSE, NULL));
	CODE(ERROR_POSSIBLE_DEADLOCK, lock(fx.a, r, NULL));
	OK(unlock(fx.a, r));
	OK(RtmLockDestination(fx.a, dest, FALSE, TRUE));
	CODE(ERROR_INVALID_PARAMETER, RtmLockDestination(fx.a, dest, TRUE, FALSE));
	OK(RtmLockDestination(fx.a, dest, FALSE, FALSE));
	CODE(ERROR_NOT_LOCKED, RtmLockDestination(fx.a, dest, FALSE, FALSE));
}

static DWORD
lock_dest(void *dest, HANDLE e, BOOL exclusive)
{
	DWORD err = RtmLockDestination(e, dest, exclusive, TRUE);

	return err != NO_ERROR ? err : RtmLockDestination(e, dest, exclusive, FALSE);
}

static DWORD
exclusive_by_b(void *dest)
{
	return lock_dest(dest, fx.b, TRUE);
}

static DWORD
shared_by_b(void *dest)
{
	return lock_dest(dest, fx.b, FALSE);
}

static void
t069_readers_share_and_a_writer_waits_for_all_of_them(void)
{
	static struct other writer;
	HANDLE dest;

	fx_route(fx.a, RT("10.0.0.0", 8));
	dest = fx_dest("10.0.0.0", 8, UC);
	OK(RtmLockDestination(fx.a, dest, FALSE, TRUE));
	CODE(NO_ERROR, other_run(shared_by_b, dest));    /* while this thread reads */
	OK(RtmLockDestination(fx.a, dest, FALSE, TRUE)); /* once more, same thread */
	other_start(&writer, exclusive_by_b, dest);
	TRUTH(other_waits(&writer));
	OK(RtmLockDestination(fx.a, dest, FALSE, FALSE));
	TRUTH(other_waits(&writer)); /* one of two is left */
	OK(RtmLockDestination(fx.a, dest, FALSE, FALSE));
	TRUTH(other_done(&writer));
	EQ(NO_ERROR, writer.answer);
	other_end(&writer);
}

static void
t070_a_thread_cannot_wait_for_itself(void)
{
	HANDLE a = fx_route(fx.a, RT("10.0.0.0", 8, .metric = 1));
	HANDLE b = fx_route(fx.b, RT("10.0.0.0", 8, .metric = 2));
	HANDLE dest = fx_dest("10.0.0.0", 8, UC);
	RTM_ROUTE_INFO *p = GARBAGE;

	OK(lock(fx.a, a, NULL));
	CODE(ERROR_POSSIBLE_DEADLOCK, lock(fx.a, a, &p));
	CODE(ERROR_POSSIBLE_DEADLOCK, RtmLockRoute(fx.a, a, FALSE, TRUE, &p));
	CODE(ERROR_POSSIBLE_DEADLOCK, lock(fx.b, b, &p));
	CODE(ERROR_POSSIBLE_DEADLOCK, RtmLockDestination(fx.b, dest, FALSE, TRUE));
	SAME(GARBAGE, p);
	OK(unlock(fx.a, a));
	OK(RtmLockRoute(fx.a, a, FALSE, TRUE, NULL));
	CODE(ERROR_POSSIBLE_DEADLOCK, lock(fx.a, a, NULL)); /* no upgrade */
	OK(RtmLockRoute(fx.a, a, FALSE, FALSE, NULL));
}

static void
t070_calls_that_need_the_locked_destination_are_refused(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));
	HANDLE dest = fx_dest("10.0.0.0", 8, UC), hop = fx_hop(fx.a, "192.0.2.1", 1);
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	RTM_ROUTE_INFO *p = NULL;
	RTM_NEXTHOP_INFO *hp = NULL;
	HANDLE both[2] = { r, dest };
	union dest_buf d;
	union route_buf buf;

	OK(lock(fx.a, r, &p));
	CODE(ERROR_POSSIBLE_DEADLOCK, fx_add(fx.a, &r, RT("10.0.0.0", 8)));
	CODE(ERROR_POSSIBLE_DEADLOCK, fx_add(fx.b, NULL, RT("10.0.0.0", 8)));
	CODE(ERROR_POSSIBLE_DEADLOCK, RtmDeleteRouteToDest(fx.a, r, &change));
	CODE(ERROR_POSSIBLE_DEADLOCK, RtmGetExactMatchDestination(fx.a, &n, 0, UC, &d.i));
	CODE(ERROR_POSSIBLE_DEADLOCK, RtmGetDestInfo(fx.a, dest, 0, UC, &d.i));
	CODE(ERROR_POSSIBLE_DEADLOCK, RtmGetRouteInfo(fx.a, r, &buf.i, NULL));
	OK(RtmReferenceHandles(fx.a, 2, both)); /* the ones that are allowed */
	OK(RtmReleaseRoutes(fx.a, 1, &r));
	memset(&d, 0, sizeof d);
	d.i.DestHandle = dest;
	OK(RtmReleaseDestInfo(fx.a, &d.i));
	OK(RtmGetRoutePointer(fx.a, r, &p));
	OK(RtmGetNextHopPointer(fx.a, hop, &hp));
	OK(fx_add(fx.a, NULL, RT("11.0.0.0", 8))); /* other places are free */
	OK(unlock(fx.a, r));
	EQ(1, fx_slot("10.0.0.0", 8, 0).num_routes);
}

struct lock_target {
	HANDLE e, route;
};

static DWORD
lock_target(void *arg)
{
	struct lock_target *t = arg;
	DWORD err = lock(t->e, t->route, NULL);

	return err != NO_ERROR ? err : unlock(t->e, t->route);
}

static void
t071_a_route_lock_covers_the_whole_destination(void)
{
	static struct other waiter;
	HANDLE a = fx_route(fx.a, RT("10.0.0.0", 8));
	HANDLE b = fx_route(fx.b, RT("10.0.0.0", 8));
	HANDLE far = fx_route(fx.b, RT("11.0.0.0", 8));
	struct lock_target same_dest = { fx.b, b }, other_dest = { fx.b, far };

	OK(lock(fx.a, a, NULL));
	other_start(&waiter, lock_target, &same_dest);
	TRUTH(other_waits(&waiter));
	EQ(NO_ERROR, other_run(lock_target, &other_dest));
	OK(unlock(fx.a, a));
	TRUTH(other_done(&waiter));
	EQ(NO_ERROR, waiter.answer);
	other_end(&waiter);
}

static DWORD
read_dest(void *dest)
{
	union dest_buf d;
	DWORD err = RtmGetDestInfo(fx.b, dest, 0, UC, &d.i);

	return err != NO_ERROR ? err : RtmReleaseDestInfo(fx.b, &d.i);
}

static void
t071_other_threads_wait_with_reading_too(void)
{
	static struct other reader;
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));
	HANDLE dest = fx_dest("10.0.0.0", 8, UC);

	OK(lock(fx.a, r, NULL));
	other_start(&reader, read_dest, dest);
	TRUTH(other_waits(&reader));
	OK(unlock(fx.a, r));
	TRUTH(other_done(&reader));
	EQ(NO_ERROR, reader.answer);
	other_end(&reader);
}

static void
deregistration_sets_those_free_who_wait(void)
{
	static struct other waiter;
	HANDLE c = fx_entity(PROTO_C, 1, FALSE), r, dest;

	r = fx_route(c, RT("10.0.0.0", 8));
	fx_route(fx.b, RT("10.0.0.0", 8));
	dest = fx_dest("10.0.0.0", 8, UC);
	OK(lock(c, r, NULL));
	other_start(&waiter, exclusive_by_b, dest);
	TRUTH(other_waits(&waiter));
	fx_entity_gone(c);
	TRUTH(other_done(&waiter));
	EQ(NO_ERROR, waiter.answer);
	other_end(&waiter);
}

static void
t072_a_destination_of_others_can_be_locked(void)
{
	HANDLE dest;

	fx_route(fx.b, RT("10.0.0.0", 8));
	dest = fx_dest("10.0.0.0", 8, UC);
	OK(RtmLockDestination(fx.a, dest, TRUE, TRUE));
	OK(RtmLockDestination(fx.a, dest, TRUE, FALSE));
	OK(RtmLockDestination(fx.a, dest, FALSE, TRUE));
	OK(RtmLockDestination(fx.a, dest, FALSE, FALSE));
	CODE(ERROR_INVALID_HANDLE, RtmLockDestination(fx.a, GARBAGE, TRUE, TRUE));
	CODE(ERROR_INVALID_HANDLE, RtmLockDestination(fx.a, NULL, TRUE, TRUE));
}

static PVOID *
slot_of(HANDLE e, HANDLE dest)
{
	PVOID p = NULL;

	OK(RtmGetOpaqueInformationPointer(e, dest, &p));
	return (PVOID *)p;
}

static void
t073_an_opaque_slot_is_private_and_stays(void)
{
	HANDLE x = fx_entity(PROTO_C, 1, TRUE), y = fx_entity(PROTO_C, 2, TRUE), d1, d2;
	HANDLE r1 = fx_route(fx.b, RT("10.0.0.0", 8));
	PVOID p = GARBAGE;
	int mark;

	fx_route(fx.b, RT("11.0.0.0", 8));
	d1 = fx_dest("10.0.0.0", 8, UC);
	d2 = fx_dest("11.0.0.0", 8, UC);
	CODE(ERROR_NOT_FOUND, RtmGetOpaqueInformationPointer(fx.a, d1, &p));
	SAME(GARBAGE, p);
	CODE(ERROR_INVALID_HANDLE, RtmGetOpaqueInformationPointer(x, GARBAGE, &p));
	CODE(ERROR_INVALID_PARAMETER, RtmGetOpaqueInformationPointer(x, d1, NULL));
	OK(RtmLockDestination(x, d1, TRUE, TRUE));
	SAME(NULL, *slot_of(x, d1));
	*slot_of(x, d1) = &mark;
	OK(RtmLockDestination(x, d1, TRUE, FALSE));
	SAME(&mark, *slot_of(x, d1));
	SAME(NULL, *slot_of(y, d1));
	SAME(NULL, *slot_of(x, d2));
	fx_delete(fx.b, r1); /* a filled slot keeps the object, not its visibility */
	OK(fx_release(FX_DEST, fx_forget(d1)));
	EQ(2, fx_counts().dests);
	TRUTH(!fx_slot("10.0.0.0", 8, 0).found);
	fx_route(fx.a, RT("10.0.0.0", 8));
	d1 = fx_dest("10.0.0.0", 8, UC);
	SAME(&mark, *slot_of(x, d1));
	fx_entity_gone(x); /* the slot goes with its owner */
	x = fx_entity(PROTO_C, 3, TRUE);
	SAME(NULL, *slot_of(x, d1));
}

static void
t074_too_many_next_hops_in_place_are_refused(void)
{
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));
	HANDLE hop = fx_hop(fx.a, "192.0.2.1", 1);
	UINT max = fx.profile.MaxNextHopsInRoute;
	RTM_ROUTE_INFO *p = NULL;
	union route_buf buf;
	HANDLE *list;

	OK(lock(fx.a, r, &p));
	list = &p->NextHopsList.NextHops[0];
	for (UINT i = 0; i < max; i++) { /* there is room for all */
		OK(RtmReferenceHandles(fx.a, 1, &hop));
		list[i] = hop;
	}
	p->NextHopsList.NumNextHops = (USHORT)max;
	OK(commit(fx.a, r));
	OK(lock(fx.a, r, &p));
	p->NextHopsList.NumNextHops = (USHORT)(max + 1);
	CODE(ERROR_INVALID_PARAMETER, commit(fx.a, r));
	OK(unlock(fx.a, r));
	OK(RtmGetRouteInfo(fx.a, r, &buf.i, NULL));
	EQ(max, buf.i.NextHopsList.NumNextHops);
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
}

static void
t075_a_plain_unlock_takes_changes_back(void)
{
	HANDLE old = fx_hop(fx.a, "192.0.2.1", 1), other = fx_hop(fx.a, "192.0.2.2", 1);
	RTM_NOTIFY_HANDLE watch = fx_notify(fx.b, UC, RTM_CHANGE_TYPE_ALL, NULL);
	HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8, .hop = old, .metric = 5));
	RTM_ROUTE_INFO *p = NULL;
	union route_buf buf;

	fx_drain(fx.b, watch);
	OK(lock(fx.a, r, &p));
	p->PrefInfo.Metric = 77;
	p->BelongsToViews = MC;
	OK(RtmReferenceHandles(fx.a, 1, &other)); /* the client counts, in good faith */
	p->NextHopsList.NextHops[0] = other;
	OK(RtmReleaseNextHops(fx.a, 1, &old));
	OK(unlock(fx.a, r));
	EQ(3, fx_refs()); /* and its books are right */
	OK(RtmGetRouteInfo(fx.a, r, &buf.i, NULL));
	EQ(5, buf.i.PrefInfo.Metric);
	EQ(UC, buf.i.BelongsToViews);
	EQ(1, buf.i.NextHopsList.NumNextHops);
	SAME(old, buf.i.NextHopsList.NextHops[0]);
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
	EQ(0, fx_drain(fx.b, watch));
	OK(RtmDeregisterFromChangeNotification(fx.b, watch));
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t062_an_in_place_update_counts_and_unlocks),
	T(t062_every_owner_member_can_change_in_place_and_no_other),
	T(t062_an_in_place_update_notifies_and_restarts_the_timer),
	T(t063_only_the_owner_locks),
	T(t064_locking_a_bad_or_deleted_route_is_refused),
	T(t065_a_failed_update_leaves_the_lock),
	T(t066_replacing_a_next_hop_in_place_keeps_the_books),
	T(t067_an_update_needs_an_exclusive_lock),
	T(t068_an_unlock_must_name_what_was_locked),
	T(t069_readers_share_and_a_writer_waits_for_all_of_them),
	T(t070_a_thread_cannot_wait_for_itself),
	T(t070_calls_that_need_the_locked_destination_are_refused),
	T(t071_a_route_lock_covers_the_whole_destination),
	T(t071_other_threads_wait_with_reading_too),
	T(deregistration_sets_those_free_who_wait),
	T(t072_a_destination_of_others_can_be_locked),
	T(t073_an_opaque_slot_is_private_and_stays),
	T(t074_too_many_next_hops_in_place_are_refused),
	T(t075_a_plain_unlock_takes_changes_back),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("locks", cases, FX_BOTH);
}
