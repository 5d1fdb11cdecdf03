/*
 * One chapter: one of everything.
 *
 * The dump names objects by what they are (prefix, owner, metric), never by handle,
 * since a handle of a world built anew may differ. It reads through the public
 * interface and gives back what it took, so it may be taken at any moment at which
 * no allocation is to fail and the calling thread holds no lock.
 */
#include "rtm_world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 20000 };

#define P(x) (w->live ? (x) : NULL)
#define COUNT(x) (w->live ? (x) : 0)

static VOID WINAPI
method(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *in,
       RTM_ENTITY_METHOD_OUTPUT *out)
{
	(void)caller;
	(void)callee;
	(void)in;
	out->OutputSize = 0;
}

static DWORD WINAPI
deaf(RTM_ENTITY_HANDLE me, RTM_EVENT_TYPE type, PVOID c1, PVOID c2)
{
	(void)me;
	(void)type;
	(void)c1;
	(void)c2;
	return ERROR_NOT_SUPPORTED;
}

static RTM_ENTITY_HANDLE
join(ULONG protocol)
{
	struct {
		RTM_ENTITY_EXPORT_METHODS m;
		RTM_ENTITY_EXPORT_METHOD more;
	} methods = { { 2, { method } }, method };
	RTM_ENTITY_INFO id = fx_id(fx.family, protocol, 9);
	RTM_ENTITY_HANDLE e = NULL;

	OK(RtmRegisterEntity(&id, &methods.m, deaf, TRUE, &fx.profile, &e));
	return e;
}

static HANDLE
add_hop(HANDLE e, const char *v4)
{
	RTM_NEXTHOP_INFO i = fx_hop_info(v4, 7);
	RTM_NEXTHOP_CHANGE_FLAGS change;
	HANDLE h = NULL;

	OK(RtmAddNextHop(e, &i, &h, &change));
	return h;
}

static HANDLE
add_route(HANDLE e, struct rt spec)
{
	HANDLE h = NULL;

	OK(fx_add(e, &h, spec));
	return h;
}

static HANDLE
dest_of(struct world *w, const char *v4, UINT len)
{
	RTM_NET_ADDRESS n = fx_net(v4, len);
	union dest_buf d;

	memset(&d, 0, sizeof d);
	OK(RtmGetExactMatchDestination(w->e, &n, RTM_BEST_PROTOCOL, ANY, &d.i));
	return d.i.DestHandle; /* without slots this is the only reference */
}

static void
open_enums(struct world *w)
{
	OK(RtmCreateDestEnum(w->e, UC, RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL, &w->dest_enum));
	OK(RtmCreateRouteEnum(w->e, NULL, ANY, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0,
	                      &w->route_enum));
	OK(RtmCreateNextHopEnum(w->e, RTM_ENUM_START, NULL, &w->hop_enum));
	OK(RtmCreateRouteListEnum(w->e, w->list, &w->list_enum));
}

static void
take_infos(struct world *w)
{
	UINT one = 1;
	RTM_ENUM_HANDLE en = NULL;

	OK(RtmGetDestInfo(w->e, w->wide_dest, RTM_BEST_PROTOCOL, UC | MC, &w->dest_info.i));
	OK(RtmGetRouteInfo(w->e, w->wide, &w->route_info.i, NULL));
	OK(RtmGetNextHopInfo(w->e, w->hop, &w->hop_info));
	OK(RtmCreateDestEnum(w->e, UC, RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL, &en));
	OK(RtmGetEnumDests(w->e, en, &one, &w->dests.i));
	OK(RtmDeleteEnumHandle(w->e, en));
	one = 1;
	OK(RtmGetChangedDests(w->e, w->notify, &one, &w->changed.i));
}

void
world_build(struct world *w)
{
	memset(w, 0, sizeof *w);
	w->live = true;
	rtm_shutdown();
	fx.now_ms = 1000000;
	fx_advance(0);
	w->e = join(PROTO_A);
	w->other = join(PROTO_B);
	fx_turn();
	w->entity_ref = w->other;
	OK(RtmReferenceHandles(w->e, 1, &w->entity_ref));
	w->hop = add_hop(w->e, "192.0.2.1");
	w->spare = add_hop(w->e, "192.0.2.2");
	w->foreign_hop = add_hop(w->other, "192.0.2.3");
	OK(RtmCreateRouteList(w->e, &w->list));
	OK(RtmCreateRouteList(w->e, &w->list2));
	w->notify = fx_notify(w->e, UC | MC, RTM_CHANGE_TYPE_ALL, NULL);
	w->marked =
	    fx_notify(w->e, UC, RTM_CHANGE_TYPE_BEST | RTM_NOTIFY_ONLY_MARKED_DESTS, NULL);
	w->wide = add_route(w->e, RT("10.0.0.0", 8, .hop = w->hop, .metric = 5, .list = w->list,
	                             .views = UC | MC));
	w->narrow = add_route(w->e, RT("10.1.0.0", 16, .hop = w->hop, .metric = 5,
	                               .list = w->list, .ttl = 60000));
	w->foreign = add_route(w->other, RT("10.0.0.0", 8, .hop = w->foreign_hop, .metric = 9));
	w->wide_dest = dest_of(w, "10.0.0.0", 8);
	w->narrow_dest = dest_of(w, "10.1.0.0", 16);
	take_infos(w); /* leaves 10.1/16 pending */
	open_enums(w);
	w->newcomer = fx_id(fx.family, PROTO_C, 9);
	fx_turn();
}

/* ---- to the brim ---- */

static DWORD
fill_list(struct world *w, UINT i)
{
	HANDLE l;

	(void)i;
	return RtmCreateRouteList(w->filler, &l);
}

static DWORD
fill_enum(struct world *w, UINT i)
{
	HANDLE en;

	(void)i;
	return RtmCreateNextHopEnum(w->filler, RTM_ENUM_START, NULL, &en);
}

static DWORD
fill_entity(struct world *w, UINT i)
{
	RTM_ENTITY_INFO id = fx_id(fx.family, 4242, i);
	RTM_REGN_PROFILE profile;
	HANDLE e;

	(void)w;
	return RtmRegisterEntity(&id, NULL, NULL, FALSE, &profile, &e);
}

static DWORD
fill_hop(struct world *w, UINT i)
{
	RTM_NEXTHOP_INFO info = fx_hop_info("192.0.2.200", i + 1);
	RTM_NEXTHOP_CHANGE_FLAGS change;

	return RtmAddNextHop(w->filler, &info, NULL, &change);
}

/* Routes are spread over so many destinations that none has a crowd of them: a crowd's
 * own records would run out first. */
enum { SPREAD = 256 };

static const char *
filler_dest(UINT i)
{
	static char dst[32];

	snprintf(dst, sizeof dst, "200.%u.0.0", i % SPREAD);
	return dst;
}

static void
spread(struct world *w)
{
	for (UINT i = 0; i < SPREAD; i++)
		OK(fx_add(w->filler, NULL,
		          RT(filler_dest(i), 16, .metric = 3 * MANY, .views = UC | MC)));
}

/* Each newcomer is the cheapest, so that finding its place takes no time. */
static DWORD
fill_path(struct world *w, UINT i)
{
	if (i == 0)
		spread(w);
	return fx_add(w->filler, NULL,
	              RT(filler_dest(i), 16, .pref = 2 * MANY - i, .views = UC | MC,
	                 .in = RTM_ROUTE_CHANGE_NEW));
}

static DWORD
fill_timer(struct world *w, UINT i)
{
	return fx_add(w->filler, NULL,
	              RT(filler_dest(i), 16, .metric = 2 * MANY - i, .views = UC | MC,
	                 .in = RTM_ROUTE_CHANGE_NEW, .ttl = 0x7fffffff));
}

static DWORD
fill_route(struct world *w, UINT i)
{
	return fx_add(w->filler, NULL,
	              RT(filler_dest(i), 16, .metric = MANY - i, .views = UC | MC,
	                 .in = RTM_ROUTE_CHANGE_NEW));
}

static HANDLE filled[MANY];

/* A destination that is held by its handle alone. */
static DWORD
fill_dest(struct world *w, UINT i)
{
	RTM_ROUTE_CHANGE_FLAGS change;
	union dest_buf d;
	char dst[32];
	HANDLE r = NULL;
	RTM_NET_ADDRESS n;
	DWORD err;

	snprintf(dst, sizeof dst, "201.%u.%u.0", i / 256, i % 256);
	n = fx_net(dst, 24);
	err = fx_add(w->filler, &r, RT(dst, 24, .views = NO_VIEW));
	if (err != NO_ERROR)
		return err;
	OK(RtmGetExactMatchDestination(w->filler, &n, 0, ANY, &d.i));
	filled[i] = d.i.DestHandle;
	OK(RtmDeleteRouteToDest(w->filler, r, &change));
	return NO_ERROR;
}

static DWORD
fill_hold(struct world *w, UINT i)
{
	if (filled[i] == NULL)
		return ERROR_NOT_ENOUGH_MEMORY; /* as many as there are */
	return RtmHoldDestination(w->filler, filled[i], UC, 5);
}

void
world_brim(struct world *w)
{
	static DWORD (*const fill[])(struct world *, UINT) = {
		fill_list,  fill_enum, fill_entity, fill_hop,   fill_path,
		fill_timer, fill_dest, fill_hold,   fill_route,
	};

	memset(filled, 0, sizeof filled);
	w->filler = join(99);
	fx_turn();
	for (UINT k = 0; k < sizeof fill / sizeof fill[0]; k++)
		OK(fill[k](w, 0)); /* what they share is there */
	for (UINT k = 0; k < sizeof fill / sizeof fill[0]; k++) {
		DWORD err = NO_ERROR;

		for (UINT i = 1; i < MANY && err == NO_ERROR; i++) {
			mem_fail_nth(1);
			err = fill[k](w, i);
			mem_fail_nth(0);
		}
		CODE(ERROR_NOT_ENOUGH_MEMORY, err);
	}
}

/* ---- the 57 functions with good arguments ---- */

static DWORD
register_entity(HANDLE reg, struct world *w)
{
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE e;

	(void)reg;
	return RtmRegisterEntity(P(&w->newcomer), NULL, deaf, TRUE, P(&profile), P(&e));
}

static DWORD
deregister_entity(HANDLE reg, struct world *w)
{
	(void)w;
	return RtmDeregisterEntity(reg);
}

static DWORD
get_registered_entities(HANDLE reg, struct world *w)
{
	static RTM_ENTITY_HANDLE h[MANY];
	static RTM_ENTITY_INFO i[MANY];
	UINT n = MANY;

	return RtmGetRegisteredEntities(reg, P(&n), P(h), P(i));
}

static DWORD
release_entities(HANDLE reg, struct world *w)
{
	return RtmReleaseEntities(reg, COUNT(1), P(&w->entity_ref));
}

static DWORD
lock_destination(HANDLE reg, struct world *w)
{
	return RtmLockDestination(reg, w->wide_dest, TRUE, TRUE);
}

static DWORD
get_opaque(HANDLE reg, struct world *w)
{
	PVOID slot;

	return RtmGetOpaqueInformationPointer(reg, w->wide_dest, P(&slot));
}

static DWORD
get_entity_methods(HANDLE reg, struct world *w)
{
	RTM_ENTITY_EXPORT_METHOD m[4];
	UINT n = 4;

	return RtmGetEntityMethods(reg, w->other, P(&n), P(m));
}

static DWORD
invoke_method(HANDLE reg, struct world *w)
{
	RTM_ENTITY_METHOD_INPUT in = { METHOD_TYPE_ALL_METHODS, 0, { 0 } };
	RTM_ENTITY_METHOD_OUTPUT out[4];
	UINT size = sizeof out;

	return RtmInvokeMethod(reg, w->other, P(&in), P(&size), P(out));
}

static DWORD
block_methods(HANDLE reg, struct world *w)
{
	(void)w;
	return RtmBlockMethods(reg, NULL, 0, RTM_BLOCK_METHODS);
}

static DWORD
get_entity_info(HANDLE reg, struct world *w)
{
	RTM_ENTITY_INFO i;

	return RtmGetEntityInfo(reg, w->other, P(&i));
}

static DWORD
release_entity_info(HANDLE reg, struct world *w)
{
	return RtmReleaseEntityInfo(reg, P(&w->newcomer));
}

static DWORD
get_dest_info(HANDLE reg, struct world *w)
{
	union dest_buf d;

	return RtmGetDestInfo(reg, w->wide_dest, RTM_BEST_PROTOCOL, UC, P(&d.i));
}

static DWORD
release_dest_info(HANDLE reg, struct world *w)
{
	return RtmReleaseDestInfo(reg, P(&w->dest_info.i));
}

static DWORD
get_route_info(HANDLE reg, struct world *w)
{
	union route_buf r;
	RTM_NET_ADDRESS n;

	return RtmGetRouteInfo(reg, w->wide, P(&r.i), P(&n));
}

static DWORD
release_route_info(HANDLE reg, struct world *w)
{
	return RtmReleaseRouteInfo(reg, P(&w->route_info.i));
}

static DWORD
get_next_hop_info(HANDLE reg, struct world *w)
{
	RTM_NEXTHOP_INFO i;

	return RtmGetNextHopInfo(reg, w->hop, P(&i));
}

static DWORD
release_next_hop_info(HANDLE reg, struct world *w)
{
	return RtmReleaseNextHopInfo(reg, P(&w->hop_info));
}

static DWORD
add_route_to_dest(HANDLE reg, struct world *w)
{
	RTM_NET_ADDRESS n = fx_net("10.2.0.0", 16);
	union route_buf r;
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	RTM_ROUTE_HANDLE h = NULL;

	memset(&r, 0, sizeof r);
	r.i.PrefInfo.Preference = 3;
	r.i.BelongsToViews = UC;
	r.i.NextHopsList.NumNextHops = 1;
	r.i.NextHopsList.NextHops[0] = w->hop;
	return RtmAddRouteToDest(reg, P(&h), P(&n), P(&r.i), 5000, w->list, 0, NULL,
	                         P(&change));
}

static DWORD
delete_route_to_dest(HANDLE reg, struct world *w)
{
	RTM_ROUTE_CHANGE_FLAGS change;

	return RtmDeleteRouteToDest(reg, w->wide, P(&change));
}

static DWORD
hold_destination(HANDLE reg, struct world *w)
{
	return RtmHoldDestination(reg, w->narrow_dest, UC, 1000);
}

static DWORD
get_route_pointer(HANDLE reg, struct world *w)
{
	RTM_ROUTE_INFO *p;

	return RtmGetRoutePointer(reg, w->wide, P(&p));
}

static DWORD
lock_route(HANDLE reg, struct world *w)
{
	RTM_ROUTE_INFO *p;

	return RtmLockRoute(reg, w->wide, TRUE, TRUE, P(&p));
}

static void
lock_and_change(struct world *w)
{
	RTM_ROUTE_INFO *p = NULL;

	if (OK(RtmLockRoute(w->e, w->wide, TRUE, TRUE, &p)) == NO_ERROR)
		p->PrefInfo.Metric = 77;
}

static void
unlock(struct world *w)
{
	OK(RtmLockRoute(w->e, w->wide, TRUE, FALSE, NULL));
}

static DWORD
update_and_unlock_route(HANDLE reg, struct world *w)
{
	RTM_ROUTE_CHANGE_FLAGS change;

	return RtmUpdateAndUnlockRoute(reg, w->wide, 9000, w->list2, 0, NULL, P(&change));
}

static DWORD
get_exact_match_destination(HANDLE reg, struct world *w)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	union dest_buf d;

	return RtmGetExactMatchDestination(reg, P(&n), RTM_BEST_PROTOCOL, UC, P(&d.i));
}

static DWORD
get_most_specific_destination(HANDLE reg, struct world *w)
{
	RTM_NET_ADDRESS n = fx_net("10.1.2.3", 32);
	union dest_buf d;

	return RtmGetMostSpecificDestination(reg, P(&n), RTM_BEST_PROTOCOL, UC, P(&d.i));
}

static DWORD
get_less_specific_destination(HANDLE reg, struct world *w)
{
	union dest_buf d;

	return RtmGetLessSpecificDestination(reg, w->narrow_dest, RTM_BEST_PROTOCOL, UC,
	                                     P(&d.i));
}

static DWORD
get_exact_match_route(HANDLE reg, struct world *w)
{
	RTM_NET_ADDRESS n = fx_net("10.0.0.0", 8);
	union route_buf r;
	RTM_ROUTE_HANDLE h;

	memset(&r, 0, sizeof r);
	return RtmGetExactMatchRoute(reg, P(&n), RTM_MATCH_NONE, P(&r.i), 0, UC, P(&h));
}

static DWORD
is_best_route(HANDLE reg, struct world *w)
{
	RTM_VIEW_SET v;

	return RtmIsBestRoute(reg, w->wide, P(&v));
}

static DWORD
add_next_hop(HANDLE reg, struct world *w)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.99", 7);
	RTM_NEXTHOP_CHANGE_FLAGS change;
	RTM_NEXTHOP_HANDLE h = NULL;

	return RtmAddNextHop(reg, P(&i), P(&h), P(&change));
}

static DWORD
find_next_hop(HANDLE reg, struct world *w)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 7);
	RTM_NEXTHOP_HANDLE h;

	return RtmFindNextHop(reg, P(&i), P(&h), NULL);
}

static DWORD
delete_next_hop(HANDLE reg, struct world *w)
{
	return RtmDeleteNextHop(reg, w->spare, NULL);
}

static DWORD
get_next_hop_pointer(HANDLE reg, struct world *w)
{
	RTM_NEXTHOP_INFO *p;

	return RtmGetNextHopPointer(reg, w->hop, P(&p));
}

static DWORD
lock_next_hop(HANDLE reg, struct world *w)
{
	RTM_NEXTHOP_INFO *p;

	return RtmLockNextHop(reg, w->hop, TRUE, TRUE, P(&p));
}

static DWORD
release_next_hops(HANDLE reg, struct world *w)
{
	return RtmReleaseNextHops(reg, COUNT(1), P(&w->spare));
}

static DWORD
create_dest_enum(HANDLE reg, struct world *w)
{
	RTM_ENUM_HANDLE en;

	return RtmCreateDestEnum(reg, UC, RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL, P(&en));
}

static DWORD
get_enum_dests(HANDLE reg, struct world *w)
{
	union dests_buf d;
	UINT n = 2;

	return RtmGetEnumDests(reg, w->dest_enum, P(&n), P(&d.i));
}

static DWORD
release_dests(HANDLE reg, struct world *w)
{
	return RtmReleaseDests(reg, COUNT(1), P(&w->dests.i));
}

static DWORD
create_route_enum(HANDLE reg, struct world *w)
{
	RTM_ENUM_HANDLE en;

	return RtmCreateRouteEnum(reg, w->wide_dest, UC, RTM_ENUM_START, NULL,
	                          RTM_MATCH_OWNER | RTM_MATCH_NEXTHOP, P(&w->route_info.i), 0,
	                          P(&en));
}

static DWORD
get_enum_routes(HANDLE reg, struct world *w)
{
	RTM_ROUTE_HANDLE h[3];
	UINT n = 3;

	return RtmGetEnumRoutes(reg, w->route_enum, P(&n), P(h));
}

static DWORD
release_routes(HANDLE reg, struct world *w)
{
	return RtmReleaseRoutes(reg, COUNT(1), P(&w->wide));
}

static DWORD
create_next_hop_enum(HANDLE reg, struct world *w)
{
	RTM_ENUM_HANDLE en;

	return RtmCreateNextHopEnum(reg, RTM_ENUM_START, NULL, P(&en));
}

static DWORD
get_enum_next_hops(HANDLE reg, struct world *w)
{
	RTM_NEXTHOP_HANDLE h[2];
	UINT n = 2;

	return RtmGetEnumNextHops(reg, w->hop_enum, P(&n), P(h));
}

static DWORD
delete_enum_handle(HANDLE reg, struct world *w)
{
	return RtmDeleteEnumHandle(reg, w->route_enum);
}

static DWORD
register_for_change_notification(HANDLE reg, struct world *w)
{
	RTM_NOTIFY_HANDLE n;

	return RtmRegisterForChangeNotification(reg, UC, RTM_CHANGE_TYPE_BEST, NULL, P(&n));
}

static DWORD
get_changed_dests(HANDLE reg, struct world *w)
{
	union dests_buf d;
	UINT n = 1;

	return RtmGetChangedDests(reg, w->notify, P(&n), P(&d.i));
}

static DWORD
release_changed_dests(HANDLE reg, struct world *w)
{
	return RtmReleaseChangedDests(reg, w->notify, COUNT(1), P(&w->changed.i));
}

static DWORD
ignore_changed_dests(HANDLE reg, struct world *w)
{
	return RtmIgnoreChangedDests(reg, w->notify, COUNT(1), P(&w->narrow_dest));
}

static DWORD
get_change_status(HANDLE reg, struct world *w)
{
	BOOL b;

	return RtmGetChangeStatus(reg, w->notify, w->wide_dest, P(&b));
}

static DWORD
mark_dest(HANDLE reg, struct world *w)
{
	return RtmMarkDestForChangeNotification(reg, w->marked, w->wide_dest, TRUE);
}

static DWORD
is_marked(HANDLE reg, struct world *w)
{
	BOOL b;

	return RtmIsMarkedForChangeNotification(reg, w->marked, w->wide_dest, P(&b));
}

static DWORD
deregister_from_change_notification(HANDLE reg, struct world *w)
{
	return RtmDeregisterFromChangeNotification(reg, w->notify);
}

static DWORD
create_route_list(HANDLE reg, struct world *w)
{
	RTM_ROUTE_LIST_HANDLE l;

	return RtmCreateRouteList(reg, P(&l));
}

static DWORD
insert_in_route_list(HANDLE reg, struct world *w)
{
	RTM_ROUTE_HANDLE h[2] = { w->narrow, w->wide };

	return RtmInsertInRouteList(reg, w->list2, COUNT(2), P(h));
}

static DWORD
create_route_list_enum(HANDLE reg, struct world *w)
{
	RTM_ENUM_HANDLE en;

	return RtmCreateRouteListEnum(reg, w->list, P(&en));
}

static DWORD
get_list_enum_routes(HANDLE reg, struct world *w)
{
	RTM_ROUTE_HANDLE h[2];
	UINT n = 2;

	return RtmGetListEnumRoutes(reg, w->list_enum, P(&n), P(h));
}

static DWORD
delete_route_list(HANDLE reg, struct world *w)
{
	return RtmDeleteRouteList(reg, w->list);
}

static DWORD
reference_handles(HANDLE reg, struct world *w)
{
	HANDLE h[4] = { w->other, w->wide, w->wide_dest, w->hop };

	return RtmReferenceHandles(reg, COUNT(4), P(h));
}

/* Left alone by clang-format: a table. */
/* clang-format off */
const struct rtm_call rtm_calls[] = {
	{ "RtmRegisterEntity", register_entity, NULL, NULL, true },
	{ "RtmDeregisterEntity", deregister_entity, NULL, NULL, false },
	{ "RtmGetRegisteredEntities", get_registered_entities, NULL, NULL, false },
	{ "RtmReleaseEntities", release_entities, NULL, NULL, false },
	{ "RtmLockDestination", lock_destination, NULL, NULL, false },
	{ "RtmGetOpaqueInformationPointer", get_opaque, NULL, NULL, false },
	{ "RtmGetEntityMethods", get_entity_methods, NULL, NULL, false },
	{ "RtmInvokeMethod", invoke_method, NULL, NULL, false },
	{ "RtmBlockMethods", block_methods, NULL, NULL, false },
	{ "RtmGetEntityInfo", get_entity_info, NULL, NULL, false },
	{ "RtmReleaseEntityInfo", release_entity_info, NULL, NULL, false },
	{ "RtmGetDestInfo", get_dest_info, NULL, NULL, false },
	{ "RtmReleaseDestInfo", release_dest_info, NULL, NULL, false },
	{ "RtmGetRouteInfo", get_route_info, NULL, NULL, false },
	{ "RtmReleaseRouteInfo", release_route_info, NULL, NULL, false },
	{ "RtmGetNextHopInfo", get_next_hop_info, NULL, NULL, false },
	{ "RtmReleaseNextHopInfo", release_next_hop_info, NULL, NULL, false },
	{ "RtmAddRouteToDest", add_route_to_dest, NULL, NULL, false },
	{ "RtmDeleteRouteToDest", delete_route_to_dest, NULL, NULL, false },
	{ "RtmHoldDestination", hold_destination, NULL, NULL, false },
	{ "RtmGetRoutePointer", get_route_pointer, NULL, NULL, false },
	{ "RtmLockRoute", lock_route, NULL, NULL, false },
	{ "RtmUpdateAndUnlockRoute", update_and_unlock_route, lock_and_change, unlock, false },
	{ "RtmGetExactMatchDestination", get_exact_match_destination, NULL, NULL, false },
	{ "RtmGetMostSpecificDestination", get_most_specific_destination, NULL, NULL, false },
	{ "RtmGetLessSpecificDestination", get_less_specific_destination, NULL, NULL, false },
	{ "RtmGetExactMatchRoute", get_exact_match_route, NULL, NULL, false },
	{ "RtmIsBestRoute", is_best_route, NULL, NULL, false },
	{ "RtmAddNextHop", add_next_hop, NULL, NULL, false },
	{ "RtmFindNextHop", find_next_hop, NULL, NULL, false },
	{ "RtmDeleteNextHop", delete_next_hop, NULL, NULL, false },
	{ "RtmGetNextHopPointer", get_next_hop_pointer, NULL, NULL, false },
	{ "RtmLockNextHop", lock_next_hop, NULL, NULL, false },
	{ "RtmReleaseNextHops", release_next_hops, NULL, NULL, false },
	{ "RtmCreateDestEnum", create_dest_enum, NULL, NULL, false },
	{ "RtmGetEnumDests", get_enum_dests, NULL, NULL, false },
	{ "RtmReleaseDests", release_dests, NULL, NULL, false },
	{ "RtmCreateRouteEnum", create_route_enum, NULL, NULL, false },
	{ "RtmGetEnumRoutes", get_enum_routes, NULL, NULL, false },
	{ "RtmReleaseRoutes", release_routes, NULL, NULL, false },
	{ "RtmCreateNextHopEnum", create_next_hop_enum, NULL, NULL, false },
	{ "RtmGetEnumNextHops", get_enum_next_hops, NULL, NULL, false },
	{ "RtmDeleteEnumHandle", delete_enum_handle, NULL, NULL, false },
	{ "RtmRegisterForChangeNotification", register_for_change_notification, NULL, NULL, false },
	{ "RtmGetChangedDests", get_changed_dests, NULL, NULL, false },
	{ "RtmReleaseChangedDests", release_changed_dests, NULL, NULL, false },
	{ "RtmIgnoreChangedDests", ignore_changed_dests, NULL, NULL, false },
	{ "RtmGetChangeStatus", get_change_status, NULL, NULL, false },
	{ "RtmMarkDestForChangeNotification", mark_dest, NULL, NULL, false },
	{ "RtmIsMarkedForChangeNotification", is_marked, NULL, NULL, false },
	{ "RtmDeregisterFromChangeNotification", deregister_from_change_notification, NULL, NULL, false },
	{ "RtmCreateRouteList", create_route_list, NULL, NULL, false },
	{ "RtmInsertInRouteList", insert_in_route_list, NULL, NULL, false },
	{ "RtmCreateRouteListEnum", create_route_list_enum, NULL, NULL, false },
	{ "RtmGetListEnumRoutes", get_list_enum_routes, NULL, NULL, false },
	{ "RtmDeleteRouteList", delete_route_list, NULL, NULL, false },
	{ "RtmReferenceHandles", reference_handles, NULL, NULL, false },
};
/* clang-format on */
const size_t rtm_num_calls = sizeof rtm_calls / sizeof rtm_calls[0];

/* ---- further moves, for the sweep over failing allocations ---- */

static DWORD
update_best_route(HANDLE reg, struct world *w)
{
	HANDLE h = w->wide;

	return fx_add(reg, &h,
	              RT("10.0.0.0", 8, .hop = w->spare, .metric = 50, .neighbour = w->hop,
	                 .views = UC, .list = w->list2));
}

static DWORD
add_second_route(HANDLE reg, struct world *w)
{
	return fx_add(reg, NULL,
	              RT("10.1.0.0", 16, .hop = w->hop, .hop2 = w->spare, .neighbour = w->spare,
	                 .metric = 1, .in = RTM_ROUTE_CHANGE_NEW, .ttl = 100));
}

static void
arm_hold(struct world *w)
{
	OK(RtmHoldDestination(w->e, w->narrow_dest, UC, 1000));
}

static DWORD
delete_into_hold(HANDLE reg, struct world *w)
{
	RTM_ROUTE_CHANGE_FLAGS change;

	return RtmDeleteRouteToDest(reg, w->narrow, &change);
}

static DWORD
update_remote_hop(HANDLE reg, struct world *w)
{
	RTM_NEXTHOP_INFO i = fx_hop_info("192.0.2.1", 7);
	RTM_NEXTHOP_CHANGE_FLAGS change;

	i.Flags = RTM_NEXTHOP_FLAGS_REMOTE;
	i.RemoteNextHop = w->wide_dest;
	return RtmAddNextHop(reg, &i, NULL, &change);
}

static DWORD
configure_instance(HANDLE reg, struct world *w)
{
	struct rtm_limits limits;

	(void)reg;
	(void)w;
	rtm_limits_default(&limits);
	return rtm_instance_configure(5, fx.family, &limits);
}

static DWORD
set_preference(HANDLE reg, struct world *w)
{
	(void)reg;
	(void)w;
	return rtm_preference_set(4711, 33);
}

static DWORD
register_with_methods(HANDLE reg, struct world *w)
{
	RTM_ENTITY_EXPORT_METHODS one = { 1, { method } };
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE e;

	(void)reg;
	return RtmRegisterEntity(&w->newcomer, &one, deaf, TRUE, &profile, &e);
}

static DWORD
add_many_hops(HANDLE reg, struct world *w)
{
	RTM_NET_ADDRESS n = fx_net("10.3.0.0", 16);
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	union route_buf r;
	HANDLE *hops = &r.i.NextHopsList.NextHops[0];

	memset(&r, 0, sizeof r);
	r.i.PrefInfo.Preference = 3;
	r.i.BelongsToViews = UC;
	r.i.NextHopsList.NumNextHops = (USHORT)fx.profile.MaxNextHopsInRoute;
	for (UINT i = 0; i < fx.profile.MaxNextHopsInRoute; i++)
		hops[i] = i % 2 != 0 ? w->hop : w->spare;
	return RtmAddRouteToDest(reg, NULL, &n, &r.i, INFINITE, NULL, 0, NULL, &change);
}

static DWORD
stop_inside_a_destination(HANDLE reg, struct world *w)
{
	RTM_ROUTE_HANDLE h;
	UINT n = 1;

	return RtmGetEnumRoutes(reg, w->route_enum, &n, &h);
}

static void
configure_before(struct world *w)
{
	OK(configure_instance(NULL, w));
}

static DWORD
configure_again(HANDLE reg, struct world *w)
{
	struct rtm_limits limits;

	(void)reg;
	(void)w;
	rtm_limits_default(&limits);
	limits.opaque_slots = 9;
	return rtm_instance_configure(5, fx.family, &limits);
}

const struct rtm_call rtm_host_calls[] = {
	{ "registering with methods", register_with_methods, NULL, NULL, true },
	{ "a route of many next hops", add_many_hops, NULL, NULL, false },
	{ "stopping inside a destination", stop_inside_a_destination, NULL, NULL, false },
	{ "configuring once more", configure_again, configure_before, NULL, true },
	{ "update of the best route", update_best_route, NULL, NULL, false },
	{ "a second route of one owner", add_second_route, NULL, NULL, false },
	{ "deleting into a hold", delete_into_hold, arm_hold, NULL, false },
	{ "making a next hop remote", update_remote_hop, NULL, NULL, false },
	{ "rtm_instance_configure", configure_instance, NULL, NULL, true },
	{ "rtm_preference_set", set_preference, NULL, NULL, true },
};
const size_t rtm_num_host_calls = sizeof rtm_host_calls / sizeof rtm_host_calls[0];

/* ---- the dump ---- */

struct text {
	char *at;
	size_t len, room;
};

static void __attribute__((format(printf, 2, 3))) say(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (t->room - t->len < 512) {
		t->room = t->room * 2 + 4096;
		t->at = realloc(t->at, t->room);
		if (t->at == NULL)
			abort();
	}
	va_start(ap, fmt);
	n = vsnprintf(t->at + t->len, t->room - t->len, fmt, ap);
	va_end(ap);
	t->len += (size_t)n;
}

static void
say_net(struct text *t, const RTM_NET_ADDRESS *n)
{
	for (UINT i = 0; i < 16; i++)
		say(t, "%02x", n->AddrBits[i]);
	say(t, "/%u", n->NumBits);
}

static void
say_owner(struct text *t, HANDLE reg, HANDLE entity)
{
	RTM_ENTITY_INFO i;

	memset(&i, 0, sizeof i);
	if (entity == NULL || RtmGetEntityInfo(reg, entity, &i) != NO_ERROR)
		say(t, " owner=-");
	else
		say(t, " owner=%u.%u", i.EntityId.EntityProtocolId,
		    i.EntityId.EntityInstanceId);
}

static void
say_hop(struct text *t, HANDLE reg, HANDLE hop)
{
	RTM_NEXTHOP_INFO i;

	if (hop == NULL || RtmGetNextHopInfo(reg, hop, &i) != NO_ERROR) {
		say(t, " hop=-");
		return;
	}
	say(t, " hop=");
	say_net(t, &i.NextHopAddress);
	say(t, "@%u state=%u flags=%u remote=%d", i.InterfaceIndex, i.State, i.Flags,
	    i.RemoteNextHop != NULL);
	say_owner(t, reg, i.NextHopOwner);
	OK(RtmReleaseNextHopInfo(reg, &i));
}

static void
say_route(struct text *t, HANDLE reg, HANDLE route)
{
	union route_buf r;
	RTM_NET_ADDRESS n;
	RTM_VIEW_SET best = 0;

	if (RtmGetRouteInfo(reg, route, &r.i, &n) != NO_ERROR) {
		say(t, " route=-\n");
		return;
	}
	OK(RtmIsBestRoute(reg, route, &best));
	say(t, " route=");
	say_net(t, &n);
	say(t, " state=%u flags=%x pref=%u metric=%u views=%x best=%x neighbour:", r.i.State,
	    r.i.Flags, r.i.PrefInfo.Preference, r.i.PrefInfo.Metric, r.i.BelongsToViews, best);
	say_owner(t, reg, r.i.RouteOwner);
	say_hop(t, reg, r.i.Neighbour);
	say(t, " via:");
	for (UINT i = 0; i < r.i.NextHopsList.NumNextHops; i++)
		say_hop(t, reg, (&r.i.NextHopsList.NextHops[0])[i]);
	say(t, "\n");
	OK(RtmReleaseRouteInfo(reg, &r.i));
}

static void
say_routes(struct text *t, HANDLE reg)
{
	RTM_NET_ADDRESS range = fx_net("10.0.0.0", 8);
	RTM_ENUM_HANDLE en = NULL;
	HANDLE h;
	UINT n = 1;

	if (RtmCreateRouteEnum(reg, NULL, ANY, RTM_ENUM_RANGE, &range, 0, NULL, 0, &en) !=
	    NO_ERROR)
		return;
	while (RtmGetEnumRoutes(reg, en, &n, &h) == NO_ERROR) {
		say_route(t, reg, h);
		OK(RtmReleaseRoutes(reg, 1, &h));
	}
	OK(RtmDeleteEnumHandle(reg, en));
}

static void
say_pending(struct text *t, struct world *w, HANDLE dest)
{
	BOOL all = FALSE, only = FALSE, mark = FALSE;
	DWORD err = RtmGetChangeStatus(w->e, w->notify, dest, &all);

	say(t, " pending=%u:%d", err, all);
	err = RtmGetChangeStatus(w->e, w->marked, dest, &only);
	say(t, " %u:%d", err, only);
	err = RtmIsMarkedForChangeNotification(w->e, w->marked, dest, &mark);
	say(t, " marked=%u:%d\n", err, mark);
}

static void
say_slot(struct text *t, PRTM_DEST_INFO d, UINT v)
{
	say(t, " [%d n=%u route=%d flags=%x hold=%d]", d->ViewInfo[v].ViewId,
	    d->ViewInfo[v].NumRoutes, d->ViewInfo[v].Route != NULL, d->ViewInfo[v].DestFlags,
	    d->ViewInfo[v].HoldRoute != NULL);
}

static void
say_dests(struct text *t, struct world *w, HANDLE reg)
{
	RTM_ENUM_HANDLE en = NULL;
	RTM_NET_ADDRESS range = fx_net("10.0.0.0", 8);
	union dest_buf d, full;
	UINT n = 1;

	if (RtmCreateDestEnum(reg, ANY, RTM_ENUM_RANGE, &range, RTM_BEST_PROTOCOL, &en) !=
	    NO_ERROR)
		return;
	while (RtmGetEnumDests(reg, en, &n, &d.i) == NO_ERROR) {
		OK(RtmGetDestInfo(reg, d.i.DestHandle, RTM_BEST_PROTOCOL, UC | MC, &full.i));
		say_net(t, &full.i.DestAddress);
		say(t, " views=%x", full.i.BelongsToViews);
		for (UINT v = 0; v < full.i.NumberOfViews; v++)
			say_slot(t, &full.i, v);
		say_pending(t, w, d.i.DestHandle);
		OK(RtmReleaseDestInfo(reg, &full.i));
		OK(RtmReleaseDests(reg, 1, &d.i));
	}
	OK(RtmDeleteEnumHandle(reg, en));
}

static void
say_hops(struct text *t, HANDLE reg)
{
	RTM_ENUM_HANDLE en = NULL;
	HANDLE h;
	UINT n = 1;

	if (RtmCreateNextHopEnum(reg, 0, NULL, &en) != NO_ERROR)
		return;
	while (RtmGetEnumNextHops(reg, en, &n, &h) == NO_ERROR) {
		say_hop(t, reg, h);
		OK(RtmReleaseNextHops(reg, 1, &h));
	}
	say(t, "\n");
	OK(RtmDeleteEnumHandle(reg, en));
}

static void
say_list(struct text *t, HANDLE reg, HANDLE list)
{
	RTM_ENUM_HANDLE en = NULL;
	HANDLE h;
	UINT n = 1;

	if (RtmCreateRouteListEnum(reg, list, &en) != NO_ERROR) {
		say(t, "no list\n");
		return;
	}
	while (RtmGetListEnumRoutes(reg, en, &n, &h) == NO_ERROR && n == 1) {
		say(t, "in list:");
		say_route(t, reg, h);
		OK(RtmReleaseRoutes(reg, 1, &h));
	}
	OK(RtmDeleteEnumHandle(reg, en));
}

static void
say_entities(struct text *t, HANDLE reg)
{
	RTM_ENTITY_HANDLE h[3];
	UINT n = 3, all = 0;

	RtmGetRegisteredEntities(reg, &all, NULL, NULL);
	say(t, "%u entities:", all);
	if (RtmGetRegisteredEntities(reg, &n, h, NULL) == ERROR_INVALID_HANDLE)
		n = 0;
	for (UINT i = 0; i < n; i++)
		say_owner(t, reg, h[i]);
	say(t, "\n");
	OK(RtmReleaseEntities(reg, n, h));
}

char *
world_dump(struct world *w)
{
	struct text t = { NULL, 0, 0 };
	struct rtm_counts c;
	HANDLE reg = w->other; /* lives on when the call deregisters `e` */

	rtm_counts_get(&c);
	say(&t,
	    "entities=%zu dests=%zu routes=%zu hops=%zu enums=%zu lists=%zu notifies=%zu "
	    "refs=%zu\n",
	    c.entities, c.dests, c.routes, c.nexthops, c.enums, c.lists, c.notifies,
	    c.client_refs);
	say(&t, "deadline=%llu\n", (unsigned long long)rtm_deadline_ms());
	say_entities(&t, reg);
	say_dests(&t, w, reg);
	say_routes(&t, reg);
	say_hops(&t, w->e);
	say_hops(&t, reg);
	say_list(&t, w->e, w->list);
	say_list(&t, w->e, w->list2);
	return t.at;
}
