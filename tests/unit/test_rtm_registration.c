/*
 * One chapter: who may come in. Statements 1 to 17 of the specification: identities,
 * limits, who hears of whom, and that every function refuses a handle that is none.
 */
#include "rtm_fix.h"
#include "rtm_world.h"

#include <stdlib.h>
#include <string.h>

static DWORD
try_entity(RTM_ENTITY_INFO id, RTM_ENTITY_HANDLE *h)
{
	RTM_REGN_PROFILE p;

	return RtmRegisterEntity(&id, NULL, NULL, FALSE, &p, h);
}

static void
t001_a_plain_registration_tells_its_limits(void)
{
	RTM_ENTITY_INFO id = fx_id(fx.family, PROTO_C, 1);
	RTM_REGN_PROFILE p;
	RTM_ENTITY_HANDLE h = NULL;

	memset(&p, 0, sizeof p);
	OK(RtmRegisterEntity(&id, NULL, NULL, FALSE, &p, &h));
	TRUTH(h != NULL);
	EQ(__builtin_popcount(p.ViewsSupported), p.NumberOfViews);
	TRUTH((p.ViewsSupported & (UC | MC)) == (UC | MC));
	TRUTH(p.MaxHandlesInEnum >= 1);
	TRUTH(p.MaxNextHopsInRoute >= 1);
	OK(RtmDeregisterEntity(h));
}

static void
t002_the_same_identity_twice_is_refused_and_the_first_lives_on(void)
{
	RTM_ENTITY_HANDLE h = GARBAGE;
	UINT n = 0;

	CODE(ERROR_ALREADY_EXISTS, try_entity(fx_id(fx.family, PROTO_A, 1), &h));
	SAME(GARBAGE, h);
	CODE(ERROR_INSUFFICIENT_BUFFER, RtmGetRegisteredEntities(fx.a, &n, NULL, NULL));
	EQ(2, n);
}

static void
t003_another_instance_id_or_family_is_another_entity(void)
{
	USHORT other = fx.family == AF_INET ? AF_INET6 : AF_INET;
	RTM_ENTITY_HANDLE x = NULL, y = NULL;

	OK(try_entity(fx_id(fx.family, PROTO_A, 2), &x));
	OK(try_entity(fx_id(other, PROTO_A, 1), &y));
	TRUTH(x != y && x != fx.a && y != fx.a);
	OK(RtmDeregisterEntity(x));
	OK(RtmDeregisterEntity(y));
}

static void
t004_an_identity_is_free_again_after_deregistration(void)
{
	RTM_ENTITY_HANDLE h = NULL, again = NULL;

	OK(try_entity(fx_id(fx.family, PROTO_C, 1), &h));
	OK(RtmDeregisterEntity(h));
	OK(try_entity(fx_id(fx.family, PROTO_C, 1), &again));
	CODE(ERROR_INVALID_HANDLE, RtmDeregisterEntity(h)); /* not the same handle come back */
	OK(RtmDeregisterEntity(again));
}

static void
t005_a_missing_pointer_is_refused_and_outputs_stay(void)
{
	RTM_ENTITY_INFO id = fx_id(fx.family, PROTO_C, 1);
	RTM_REGN_PROFILE p, before;
	RTM_ENTITY_HANDLE h = GARBAGE;

	memset(&p, 0x5a, sizeof p);
	before = p;
	CODE(ERROR_INVALID_PARAMETER, RtmRegisterEntity(NULL, NULL, NULL, FALSE, &p, &h));
	CODE(ERROR_INVALID_PARAMETER, RtmRegisterEntity(&id, NULL, NULL, FALSE, NULL, &h));
	CODE(ERROR_INVALID_PARAMETER, RtmRegisterEntity(&id, NULL, NULL, FALSE, &p, NULL));
	SAME(GARBAGE, h);
	EQ(0, memcmp(&p, &before, sizeof p));
	EQ(2, fx_counts().entities);
}

static void
t006_an_unknown_instance_or_family_is_not_found(void)
{
	RTM_ENTITY_INFO id = fx_id(fx.family, PROTO_C, 1);
	struct rtm_limits limits;
	RTM_ENTITY_HANDLE h = GARBAGE;

	id.RtmInstanceId = 1;
	CODE(ERROR_FILE_NOT_FOUND, try_entity(id, &h));
	CODE(ERROR_FILE_NOT_FOUND, try_entity(fx_id(AF_UNIX, PROTO_C, 1), &h));
	CODE(ERROR_FILE_NOT_FOUND, try_entity(fx_id(0, PROTO_C, 1), &h));
	SAME(GARBAGE, h);
	rtm_limits_default(&limits); /* a configured instance exists */
	OK(rtm_instance_configure(1, fx.family, &limits));
	OK(try_entity(id, &h));
	OK(RtmDeregisterEntity(h));
}

static void
t007_opaque_slots_run_out_and_come_back(void)
{
	RTM_ENTITY_INFO id;
	RTM_ENTITY_HANDLE h = NULL, *slot;
	RTM_REGN_PROFILE p;
	struct rtm_limits limits;

	rtm_limits_default(&limits);
	slot = mem_calloc(limits.opaque_slots, sizeof *slot);
	for (UINT i = 0; i < limits.opaque_slots; i++)
		slot[i] = fx_entity(PROTO_C, i + 1, TRUE);
	id = fx_id(fx.family, PROTO_C, 99);
	CODE(ERROR_NO_SYSTEM_RESOURCES, RtmRegisterEntity(&id, NULL, NULL, TRUE, &p, &h));
	fx_entity_gone(slot[0]);
	OK(RtmRegisterEntity(&id, NULL, NULL, TRUE, &p, &h));
	OK(RtmDeregisterEntity(h));
	mem_free(slot);
}

static VOID WINAPI
no_method(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *in,
          RTM_ENTITY_METHOD_OUTPUT *out)
{
	(void)caller;
	(void)callee;
	(void)in;
	(void)out;
}

static void
t008_thirty_two_methods_are_the_most(void)
{
	union {
		RTM_ENTITY_EXPORT_METHODS m;
		UCHAR room[sizeof(RTM_ENTITY_EXPORT_METHODS) + 33 * sizeof(void (*)(void))];
	} u;
	RTM_ENTITY_EXPORT_METHOD *method = &u.m.Methods[0];
	RTM_ENTITY_INFO id = fx_id(fx.family, PROTO_C, 1);
	RTM_REGN_PROFILE p;
	RTM_ENTITY_HANDLE h = NULL;

	memset(&u, 0, sizeof u);
	for (UINT i = 0; i < 33; i++)
		method[i] = no_method;
	u.m.NumMethods = 33;
	CODE(ERROR_INVALID_PARAMETER, RtmRegisterEntity(&id, &u.m, NULL, FALSE, &p, &h));
	u.m.NumMethods = 32;
	method[31] = NULL; /* a hole is none of the 32 */
	CODE(ERROR_INVALID_PARAMETER, RtmRegisterEntity(&id, &u.m, NULL, FALSE, &p, &h));
	method[31] = no_method;
	OK(RtmRegisterEntity(&id, &u.m, NULL, FALSE, &p, &h));
	OK(RtmDeregisterEntity(h));
}

static void
t009_deregistering_what_is_not_registered_is_an_invalid_handle(void)
{
	RTM_ENTITY_HANDLE h = NULL;

	CODE(ERROR_INVALID_HANDLE, RtmDeregisterEntity(NULL));
	CODE(ERROR_INVALID_HANDLE, RtmDeregisterEntity(GARBAGE));
	OK(try_entity(fx_id(fx.family, PROTO_C, 1), &h));
	OK(RtmDeregisterEntity(h));
	CODE(ERROR_INVALID_HANDLE, RtmDeregisterEntity(h));
}

/* One function, in a new world, with one bad registration handle. */
static void
refuse(const struct rtm_call *call, struct world *w, HANDLE bad, const char *kind)
{
	DWORD got = call->run(bad, w);

	fx_expect(got == ERROR_INVALID_HANDLE, __LINE__, __FILE__, __func__,
	          "%s with %s registration handle and %s arguments answered %u", call->name,
	          kind, w->live ? "good" : "NULL", got);
}

static void
t010_every_function_refuses_a_bad_registration_handle_first(void)
{
	struct world *w = mem_calloc(1, sizeof *w), *dead = mem_calloc(1, sizeof *dead);
	UINT with_handle = 0;
	char *before, *after;

	fx.dirty = true;
	for (size_t i = 0; i < rtm_num_calls; i++) {
		const struct rtm_call *call = &rtm_calls[i];
		HANDLE gone = NULL;

		if (call->no_reg)
			continue;
		with_handle++;
		world_build(w);
		OK(try_entity(fx_id(fx.family, PROTO_C, 5), &gone));
		OK(RtmDeregisterEntity(gone));
		before = world_dump(w);
		refuse(call, dead, NULL, "a NULL");
		refuse(call, w, NULL, "a NULL");
		refuse(call, w, GARBAGE, "a garbage");
		refuse(call, w, gone, "a deregistered");
		refuse(call, w, w->wide, "a route for a");
		after = world_dump(w);
		fx_expect(strcmp(before, after) == 0, __LINE__, __FILE__, __func__,
		          "%s changed the world while refusing", call->name);
		/* ... and the same call with the good handle is not an invalid one */
		if (call->before != NULL)
			call->before(w);
		fx_code(NO_ERROR, call->run(w->e, w), call->name, __LINE__, __FILE__, __func__);
		free(before);
		free(after);
	}
	EQ(56, with_handle);
	EQ(57, rtm_num_calls);
	mem_free(w);
	mem_free(dead);
	fx_setup(); /* the worlds took A and B with them */
}

static void
t011_others_hear_of_a_registration_and_its_end(void)
{
	RTM_ENTITY_INFO id = fx_id(fx.family, PROTO_C, 77);
	RTM_ENTITY_HANDLE c = fx_entity(PROTO_C, 77, FALSE);
	const struct fx_event *e;

	EQ(0, fx.num_events); /* not from inside the call */
	fx_turn();
	EQ(1, fx_count(fx.a, RTM_ENTITY_REGISTERED));
	EQ(1, fx_count(fx.b, RTM_ENTITY_REGISTERED));
	EQ(0, fx_count(c, RTM_ENTITY_REGISTERED));
	e = fx_last(fx.a, RTM_ENTITY_REGISTERED);
	SAME(c, e->context1);
	TRUTH(fx_id_same(&id, &e->info));
	fx_entity_gone(c);
	fx_turn();
	EQ(1, fx_count(fx.a, RTM_ENTITY_DEREGISTERED));
	EQ(0, fx_count(c, RTM_ENTITY_DEREGISTERED));
	e = fx_last(fx.a, RTM_ENTITY_DEREGISTERED);
	SAME(c, e->context1);
	TRUTH(fx_id_same(&id, &e->info));
}

static DWORD inside[3];

static DWORD
register_inside(const struct fx_event *e)
{
	RTM_ENTITY_HANDLE h = GARBAGE;
	UINT n = 0;

	if (e->type != RTM_ENTITY_REGISTERED && e->type != RTM_ENTITY_DEREGISTERED)
		return NO_ERROR;
	inside[0] = try_entity(fx_id(fx.family, PROTO_C, 88), &h);
	inside[1] = RtmDeregisterEntity(e->me);
	inside[2] = RtmGetRegisteredEntities(e->me, &n, NULL, NULL);
	return NO_ERROR;
}

static void
t012_registration_calls_inside_that_call_back_are_refused(void)
{
	RTM_ENTITY_HANDLE c;

	for (int round = 0; round < 2; round++) {
		memset(inside, 0, sizeof inside);
		fx.hook = register_inside;
		c = fx_entity(PROTO_C, 1, FALSE);
		if (round == 1) {
			fx_turn();
			memset(inside, 0, sizeof inside);
			fx_entity_gone(c); /* the same when hearing of an end */
		}
		fx_turn();
		fx.hook = NULL;
		for (UINT i = 0; i < 3; i++)
			EQ(ERROR_POSSIBLE_DEADLOCK, inside[i]);
		if (round == 0)
			fx_entity_gone(c);
		fx_turn();
	}
	EQ(2, fx_counts().entities);
}

static void
t013_the_list_of_entities_tells_its_size_and_then_fills(void)
{
	RTM_ENTITY_HANDLE c = fx_entity(PROTO_C, 1, FALSE), h[3];
	RTM_ENTITY_INFO info[3], one;
	UINT n = 0;

	CODE(ERROR_INSUFFICIENT_BUFFER, RtmGetRegisteredEntities(fx.a, &n, h, info));
	EQ(3, n);
	OK(RtmGetRegisteredEntities(fx.a, &n, h, info));
	EQ(3, n);
	SAME(fx.a, h[0]); /* the order of registration, the caller included */
	SAME(fx.b, h[1]);
	SAME(c, h[2]);
	for (UINT i = 0; i < n; i++) {
		OK(RtmGetEntityInfo(fx.a, h[i], &one));
		TRUTH(fx_id_same(&one, &info[i]));
	}
	EQ(3, fx_refs());
	OK(RtmReleaseEntities(fx.a, n, h));
}

static void
t014_a_list_that_is_too_small_is_filled_as_far_as_it_goes(void)
{
	RTM_ENTITY_HANDLE h[2] = { GARBAGE, GARBAGE };
	RTM_ENTITY_INFO info[2];
	UINT n = 1;

	CODE(ERROR_INSUFFICIENT_BUFFER, RtmGetRegisteredEntities(fx.a, &n, h, info));
	EQ(1, n);
	SAME(fx.a, h[0]);
	SAME(GARBAGE, h[1]);
	OK(RtmReleaseEntities(fx.a, 1, h));
}

static void
t015_either_array_may_be_left_out_and_each_handle_is_released_once(void)
{
	RTM_ENTITY_HANDLE h[2];
	RTM_ENTITY_INFO info[2];
	UINT n = 2;

	OK(RtmGetRegisteredEntities(fx.a, &n, NULL, info));
	EQ(2, n);
	EQ(PROTO_B, info[1].EntityId.EntityProtocolId);
	EQ(0, fx_refs());
	OK(RtmGetRegisteredEntities(fx.a, &n, h, NULL));
	EQ(2, fx_refs());
	OK(RtmReleaseEntities(fx.a, n, h));
	/* the registration itself is no reference that could be dropped */
	CODE(ERROR_INVALID_HANDLE, RtmReleaseEntities(fx.a, n, h));
	CODE(ERROR_INVALID_PARAMETER, RtmGetRegisteredEntities(fx.a, NULL, h, NULL));
	CODE(ERROR_INVALID_PARAMETER, RtmReleaseEntities(fx.a, 1, NULL));
}

static void
t016_entity_info_is_what_was_registered_and_holds_nothing(void)
{
	RTM_ENTITY_INFO want = fx_id(fx.family, PROTO_B, 1), got;

	memset(&got, 0, sizeof got);
	OK(RtmGetEntityInfo(fx.a, fx.b, &got));
	TRUTH(fx_id_same(&want, &got));
	OK(RtmReleaseEntityInfo(fx.a, &got));
	OK(RtmGetEntityInfo(fx.a, fx.b, &got));
	OK(RtmReleaseEntityInfo(fx.a, &got));
	CODE(ERROR_INVALID_PARAMETER, RtmGetEntityInfo(fx.a, fx.b, NULL));
}

static void
t017_a_held_handle_outlives_the_registration_for_reading_only(void)
{
	RTM_ENTITY_HANDLE c = fx_entity(PROTO_C, 1, FALSE);
	RTM_ENTITY_METHOD_INPUT in = { 1, 0, { 0 } };
	RTM_ENTITY_METHOD_OUTPUT out;
	RTM_ENTITY_INFO info;
	UINT size = sizeof out;

	fx_turn();
	OK(RtmReferenceHandles(fx.a, 1, &c));
	fx_entity_gone(c);
	OK(RtmGetEntityInfo(fx.a, c, &info));
	EQ(PROTO_C, info.EntityId.EntityProtocolId);
	CODE(ERROR_INVALID_HANDLE, RtmInvokeMethod(fx.a, c, &in, &size, &out));
	fx_turn();
	OK(RtmReleaseEntities(fx.a, 1, &c));
	CODE(ERROR_INVALID_HANDLE, RtmGetEntityInfo(fx.a, c, &info));
}

static void
limits_are_configured_before_the_first_registration_only(void)
{
	struct rtm_limits good, bad;
	RTM_REGN_PROFILE p;
	RTM_ENTITY_INFO id = fx_id(fx.family, PROTO_C, 1);
	RTM_ENTITY_HANDLE h = NULL;

	rtm_limits_default(&good);
	EQ(16, good.max_nexthops_in_route);
	EQ(25, good.max_handles_in_enum);
	EQ(UC | MC, good.views);
	EQ(5, good.opaque_slots);
	EQ(16, good.change_notifications);
	CODE(ERROR_BUSY, rtm_instance_configure(0, fx.family, &good));
	CODE(ERROR_INVALID_PARAMETER, rtm_instance_configure(2, AF_UNIX, &good));
	CODE(ERROR_INVALID_PARAMETER, rtm_instance_configure(2, fx.family, NULL));
	bad = good;
	bad.max_handles_in_enum = 0;
	CODE(ERROR_INVALID_DATA, rtm_instance_configure(2, fx.family, &bad));
	bad = good;
	bad.max_nexthops_in_route = 0;
	CODE(ERROR_INVALID_DATA, rtm_instance_configure(2, fx.family, &bad));
	bad = good;
	bad.views = 0;
	CODE(ERROR_INVALID_DATA, rtm_instance_configure(2, fx.family, &bad));
	good.max_nexthops_in_route = 3;
	good.max_handles_in_enum = 7;
	good.views = UC;
	OK(rtm_instance_configure(2, fx.family, &good));
	id.RtmInstanceId = 2;
	OK(RtmRegisterEntity(&id, NULL, NULL, FALSE, &p, &h));
	EQ(3, p.MaxNextHopsInRoute);
	EQ(7, p.MaxHandlesInEnum);
	EQ(UC, p.ViewsSupported);
	EQ(1, p.NumberOfViews);
	CODE(ERROR_BUSY, rtm_instance_configure(2, fx.family, &good));
	OK(RtmDeregisterEntity(h));
}

static void
instances_and_families_share_nothing(void)
{
	USHORT other = fx.family == AF_INET ? AF_INET6 : AF_INET;
	RTM_ENTITY_HANDLE x = NULL;
	RTM_ROUTE_HANDLE r = fx_route(fx.a, RT("10.0.0.0", 8));
	RTM_ENTITY_INFO info;
	union route_buf buf;
	UINT n = 0;

	OK(try_entity(fx_id(other, PROTO_A, 1), &x));
	CODE(ERROR_INVALID_HANDLE, RtmGetRouteInfo(x, r, &buf.i, NULL));
	CODE(ERROR_INVALID_HANDLE, RtmReleaseRoutes(x, 1, &r));
	CODE(ERROR_INVALID_HANDLE, RtmGetEntityInfo(x, fx.a, &info));
	CODE(ERROR_INSUFFICIENT_BUFFER, RtmGetRegisteredEntities(x, &n, NULL, NULL));
	EQ(1, n);
	fx_turn();
	EQ(0, fx_count(fx.a, RTM_ENTITY_REGISTERED));
	OK(RtmDeregisterEntity(x));
}

static void
deregistration_cleans_up_what_was_left(void)
{
	RTM_ENTITY_HANDLE c = fx_entity(PROTO_C, 1, TRUE);
	RTM_NOTIFY_HANDLE watch = fx_notify(fx.a, UC, RTM_CHANGE_TYPE_ALL, NULL);
	RTM_ROUTE_LIST_HANDLE list = NULL;
	RTM_ENUM_HANDLE en = NULL;
	RTM_NEXTHOP_HANDLE hop = fx_hop(c, "192.0.2.1", 1);
	RTM_ROUTE_HANDLE r;
	union route_buf buf;

	OK(RtmCreateRouteList(c, &list));
	r = fx_route(c, RT("10.0.0.0", 8, .hop = hop, .list = list));
	OK(RtmCreateRouteListEnum(c, list, &en));
	fx_notify(c, UC, RTM_CHANGE_TYPE_ALL, NULL);
	OK(RtmHoldDestination(c, fx_dest("10.0.0.0", 8, ANY), UC, 1000));
	fx_drain(fx.a, watch);
	OK(RtmLockRoute(c, r, TRUE, TRUE, NULL));
	fx_entity_gone(c);
	EQ(1, fx_drain(fx.a, watch)); /* the route went with a notification ... */
	EQ(0, fx_seen.num_routes[0]);
	TRUTH(fx_slot("10.0.0.0", 8, 0).hold == NULL); /* ... and without a hold */
	OK(RtmGetRouteInfo(fx.a, r, &buf.i, NULL));    /* what is referenced stays readable */
	EQ(RTM_ROUTE_STATE_DELETED, buf.i.State);
	OK(RtmReleaseRouteInfo(fx.a, &buf.i));
	EQ(0, fx_counts().lists);
	EQ(0, fx_counts().enums);
	EQ(1, fx_counts().notifies);
	OK(RtmDeregisterFromChangeNotification(fx.a, watch));
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t001_a_plain_registration_tells_its_limits),
	T(t002_the_same_identity_twice_is_refused_and_the_first_lives_on),
	T(t003_another_instance_id_or_family_is_another_entity),
	T(t004_an_identity_is_free_again_after_deregistration),
	T(t005_a_missing_pointer_is_refused_and_outputs_stay),
	T(t006_an_unknown_instance_or_family_is_not_found),
	T(t007_opaque_slots_run_out_and_come_back),
	T(t008_thirty_two_methods_are_the_most),
	T(t009_deregistering_what_is_not_registered_is_an_invalid_handle),
	T(t010_every_function_refuses_a_bad_registration_handle_first),
	T(t011_others_hear_of_a_registration_and_its_end),
	T(t012_registration_calls_inside_that_call_back_are_refused),
	T(t013_the_list_of_entities_tells_its_size_and_then_fills),
	T(t014_a_list_that_is_too_small_is_filled_as_far_as_it_goes),
	T(t015_either_array_may_be_left_out_and_each_handle_is_released_once),
	T(t016_entity_info_is_what_was_registered_and_holds_nothing),
	T(t017_a_held_handle_outlives_the_registration_for_reading_only),
	T(limits_are_configured_before_the_first_registration_only),
	T(instances_and_families_share_nothing),
	T(deregistration_cleans_up_what_was_left),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("registration", cases, FX_BOTH);
}
