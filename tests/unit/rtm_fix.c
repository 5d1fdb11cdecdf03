/*
 * One chapter: what a test of the manager may rely on.
 *
 * fx_setup() starts from nothing, fx_teardown() proves that nothing is left, in
 * three steps that fail separately: (1) every reference the test took was given
 * back (client_refs is 0 while the entities still live); (2) deregistering the
 * entities takes every object with it; (3) rtm_shutdown() returns the memory.
 * Expectations come from the specification of the interface; nothing here looks
 * into the manager other than through its two public headers.
 */
#include "rtm_fix.h"

#include <CUnit/Basic.h>
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fix fx;
struct fx_seen fx_seen;

enum { MAX_KEPT = 1024, MAX_ENTITIES = 80 };

static struct {
	enum fx_kind kind;
	HANDLE h;
} kept[MAX_KEPT];
static UINT num_kept;
static RTM_ENTITY_HANDLE entities[MAX_ENTITIES];
static UINT num_entities;
static size_t alive_before;

/* ---- assertions ---- */

void
fx_expect(bool ok, int line, const char *file, const char *func, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	CU_assertImplementation(ok, (unsigned)line, text, file, func, CU_FALSE);
}

void
fx_eq(unsigned long long want, unsigned long long got, const char *what, int line,
      const char *file, const char *func)
{
	fx_expect(want == got, line, file, func, "%s is %llu (0x%llx), wanted %llu (0x%llx)",
	          what, got, got, want, want);
}

void
fx_same(const void *want, const void *got, const char *what, int line, const char *file,
        const char *func)
{
	fx_expect(want == got, line, file, func, "%s is %p, wanted %p", what, got, want);
}

DWORD
fx_code(DWORD want, DWORD got, const char *what, int line, const char *file, const char *func)
{
	fx_expect(want == got, line, file, func, "%s answered %u, wanted %u", what, got, want);
	return got;
}

/* ---- entities ---- */

bool
fx_id_same(const RTM_ENTITY_INFO *x, const RTM_ENTITY_INFO *y)
{
	return x->RtmInstanceId == y->RtmInstanceId && x->AddressFamily == y->AddressFamily &&
	       x->EntityId.EntityId == y->EntityId.EntityId;
}

RTM_ENTITY_INFO
fx_id(USHORT family, ULONG protocol, ULONG instance)
{
	RTM_ENTITY_INFO id;

	memset(&id, 0, sizeof id);
	id.AddressFamily = family;
	id.EntityId.EntityProtocolId = protocol;
	id.EntityId.EntityInstanceId = instance;
	return id;
}

DWORD WINAPI
fx_callback(RTM_ENTITY_HANDLE me, RTM_EVENT_TYPE type, PVOID c1, PVOID c2)
{
	struct fx_event *e;

	if (fx.num_events == FX_MAX_EVENTS)
		fx.num_events--; /* the count assertions of the test will see it */
	e = &fx.events[fx.num_events++];
	*e = (struct fx_event){ .me = me, .type = type, .context1 = c1, .context2 = c2 };
	if (type == RTM_ENTITY_REGISTERED || type == RTM_ENTITY_DEREGISTERED)
		e->info = *(RTM_ENTITY_INFO *)c2;
	return fx.hook != NULL ? fx.hook(e) : fx.answer;
}

UINT
fx_count(RTM_ENTITY_HANDLE me, RTM_EVENT_TYPE type)
{
	UINT n = 0;

	for (UINT i = 0; i < fx.num_events; i++)
		n += fx.events[i].me == me && fx.events[i].type == type;
	return n;
}

const struct fx_event *
fx_last(RTM_ENTITY_HANDLE me, RTM_EVENT_TYPE type)
{
	static const struct fx_event none;

	for (UINT i = fx.num_events; i-- > 0;)
		if (fx.events[i].me == me && fx.events[i].type == type)
			return &fx.events[i];
	return &none;
}

RTM_ENTITY_HANDLE
fx_entity(ULONG protocol, ULONG instance, BOOL opaque)
{
	RTM_ENTITY_INFO id = fx_id(fx.family, protocol, instance);
	RTM_ENTITY_HANDLE e = NULL;

	OK(RtmRegisterEntity(&id, NULL, fx_callback, opaque, &fx.profile, &e));
	if (e != NULL && num_entities < MAX_ENTITIES)
		entities[num_entities++] = e;
	return e;
}

void
fx_entity_gone(RTM_ENTITY_HANDLE e)
{
	for (UINT i = 0; i < num_entities; i++) {
		if (entities[i] == e) {
			memmove(&entities[i], &entities[i + 1],
			        (num_entities - i - 1) * sizeof entities[0]);
			num_entities--;
			break;
		}
	}
	OK(RtmDeregisterEntity(e));
}

/* ---- handles ---- */

HANDLE
fx_keep(enum fx_kind kind, HANDLE h)
{
	if (h == NULL)
		return NULL;
	if (num_kept == MAX_KEPT)
		abort(); /* a test grew beyond its fixture */
	kept[num_kept].kind = kind;
	kept[num_kept++].h = h;
	return h;
}

HANDLE
fx_forget(HANDLE h)
{
	for (UINT i = num_kept; i-- > 0;) {
		if (kept[i].h == h) {
			kept[i] = kept[--num_kept];
			break;
		}
	}
	return h;
}

DWORD
fx_release(enum fx_kind kind, HANDLE h)
{
	RTM_DEST_INFO dest;

	switch (kind) {
	case FX_ENTITY:
		return RtmReleaseEntities(fx.a, 1, &h);
	case FX_ROUTE:
		return RtmReleaseRoutes(fx.a, 1, &h);
	case FX_HOP:
		return RtmReleaseNextHops(fx.a, 1, &h);
	case FX_DEST:
		break;
	}
	memset(&dest, 0, sizeof dest); /* a single destination goes like this [RTM K46] */
	dest.DestHandle = h;
	return RtmReleaseDestInfo(fx.a, &dest);
}

struct rtm_counts
fx_counts(void)
{
	struct rtm_counts c;

	rtm_counts_get(&c);
	return c;
}

size_t
fx_refs(void)
{
	return fx_counts().client_refs;
}

/* ---- setup and teardown ---- */

void
fx_setup(void)
{
	USHORT family = fx.family;

	rtm_shutdown();
	alive_before = mem_alive();
	memset(&fx, 0, sizeof fx);
	fx.family = family;
	fx.bits = family == AF_INET ? 32 : 128;
	num_kept = num_entities = 0;
	fx.now_ms = 1000000;
	fx_advance(0);
	fx.a = fx_entity(PROTO_A, 1, FALSE);
	fx.b = fx_entity(PROTO_B, 1, FALSE);
	fx_turn(); /* A hears of B: not the business of any test but one */
	fx.num_events = 0;
}

void
fx_teardown(void)
{
	struct rtm_counts c;

	fx.hook = NULL;
	for (UINT i = 0; i < num_kept; i++)
		OK(fx_release(kept[i].kind, kept[i].h));
	fx_turn(); /* what is still to be told keeps those alive of whom it tells */
	c = fx_counts();
	if (!fx.dirty)
		EQ(0, c.client_refs);
	EQ(num_entities, c.entities);
	while (num_entities > 0)
		fx_entity_gone(entities[num_entities - 1]);
	fx_turn();
	c = fx_counts();
	EQ(0, c.entities);
	EQ(0, c.dests);
	EQ(0, c.routes);
	EQ(0, c.nexthops);
	EQ(0, c.enums);
	EQ(0, c.lists);
	EQ(0, c.notifies);
	EQ(0, c.client_refs);
	rtm_shutdown();
	EQ(alive_before, mem_alive());
}

static int
use_ipv4(void)
{
	fx.family = AF_INET;
	return 0;
}

static int
use_ipv6(void)
{
	fx.family = AF_INET6;
	return 0;
}

int
fx_main(const char *suite, const CU_TestInfo *cases, unsigned families)
{
	char v4[64], v6[64];
	CU_TestInfo *tests = (CU_TestInfo *)(uintptr_t)cases; /* CUnit does not write */
	CU_SuiteInfo suites[] = {
		{ v4, use_ipv4, NULL, fx_setup, fx_teardown, tests },
		{ v6, use_ipv6, NULL, fx_setup, fx_teardown, tests },
		CU_SUITE_INFO_NULL,
	};
	bool bad;

	snprintf(v4, sizeof v4, "%s over IPv4", suite);
	snprintf(v6, sizeof v6, "%s over IPv6", suite);
	if (families == FX_ONE)
		memset(&suites[1], 0, sizeof suites[1]);
	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS) {
		fprintf(stderr, "CUnit: %s\n", CU_get_error_msg());
		return 1;
	}
	CU_basic_set_mode(CU_BRM_VERBOSE);
	bad = CU_basic_run_tests() != CUE_SUCCESS || CU_get_number_of_failures() != 0 ||
	      CU_get_number_of_tests_run() == 0;
	CU_cleanup_registry();
	return bad;
}

/* ---- the table ---- */

RTM_NET_ADDRESS
fx_net(const char *v4, UINT len)
{
	static const UCHAR doc[] = { 0x20, 0x01, 0x0d, 0xb8 };
	RTM_NET_ADDRESS n;
	size_t at = fx.family == AF_INET ? 0 : 12;

	memset(&n, 0, sizeof n);
	n.AddressFamily = fx.family;
	n.NumBits = (USHORT)len;
	if (fx.family == AF_INET6 && len == 0)
		return n; /* ::/0 */
	if (fx.family == AF_INET6) {
		n.NumBits = (USHORT)(len + 96);
		memcpy(n.AddrBits, doc, sizeof doc);
	}
	if (inet_pton(AF_INET, v4, n.AddrBits + at) != 1)
		abort();
	return n;
}

bool
fx_net_same(const RTM_NET_ADDRESS *x, const RTM_NET_ADDRESS *y)
{
	return fx_net_cmp(x, y) == 0 && x->AddressFamily == y->AddressFamily;
}

int
fx_net_cmp(const RTM_NET_ADDRESS *x, const RTM_NET_ADDRESS *y)
{
	int c = memcmp(x->AddrBits, y->AddrBits, sizeof x->AddrBits);

	return c != 0 ? c : (int)x->NumBits - (int)y->NumBits;
}

RTM_NEXTHOP_INFO
fx_hop_info(const char *v4, ULONG interface)
{
	RTM_NEXTHOP_INFO i;

	memset(&i, 0, sizeof i);
	i.NextHopAddress = fx_net(v4, 32);
	i.InterfaceIndex = interface;
	return i;
}

RTM_NEXTHOP_HANDLE
fx_hop(RTM_ENTITY_HANDLE e, const char *v4, ULONG interface)
{
	RTM_NEXTHOP_INFO i = fx_hop_info(v4, interface);
	RTM_NEXTHOP_HANDLE h = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS change;

	OK(RtmAddNextHop(e, &i, &h, &change));
	return fx_keep(FX_HOP, h);
}

DWORD
fx_add(RTM_ENTITY_HANDLE e, RTM_ROUTE_HANDLE *h, struct rt s)
{
	RTM_NET_ADDRESS dst = fx_net(s.dst, s.len);
	union route_buf r;

	memset(&r, 0, sizeof r);
	r.i.Neighbour = s.neighbour;
	r.i.Flags = s.flags;
	r.i.PrefInfo.Metric = s.metric;
	r.i.PrefInfo.Preference = s.pref == 0 ? 1 : s.pref == PREF_DEFAULT ? 0 : s.pref;
	r.i.BelongsToViews = s.views == 0 ? UC : s.views == NO_VIEW ? 0 : s.views;
	r.i.EntitySpecificInfo = s.info;
	if (s.hop != NULL)
		r.i.NextHopsList.NextHops[r.i.NextHopsList.NumNextHops++] = s.hop;
	if (s.hop2 != NULL)
		(&r.i.NextHopsList.NextHops[0])[r.i.NextHopsList.NumNextHops++] = s.hop2;
	fx.change = s.in;
	return RtmAddRouteToDest(e, h, &dst, &r.i,
	                         s.ttl == 0          ? INFINITE
	                         : s.ttl == TTL_ZERO ? 0
	                                             : s.ttl,
	                         s.list, 0, NULL, &fx.change);
}

RTM_ROUTE_HANDLE
fx_route(RTM_ENTITY_HANDLE e, struct rt spec)
{
	RTM_ROUTE_HANDLE h = NULL;

	OK(fx_add(e, &h, spec));
	TRUTH(h != NULL);
	return fx_keep(FX_ROUTE, h);
}

void
fx_delete(RTM_ENTITY_HANDLE e, RTM_ROUTE_HANDLE h)
{
	fx.change = 0;
	OK(RtmDeleteRouteToDest(e, fx_forget(h), &fx.change));
}

RTM_DEST_HANDLE
fx_dest(const char *v4, UINT len, RTM_VIEW_SET views)
{
	RTM_NET_ADDRESS n = fx_net(v4, len);
	union dest_buf d;
	HANDLE h;

	if (RtmGetExactMatchDestination(fx.a, &n, RTM_BEST_PROTOCOL, views, &d.i) != NO_ERROR)
		return NULL;
	h = d.i.DestHandle;
	OK(RtmReferenceHandles(fx.a, 1, &h));
	OK(RtmReleaseDestInfo(fx.a, &d.i));
	return fx_keep(FX_DEST, h);
}

struct fx_slot
fx_slot(const char *v4, UINT len, RTM_VIEW_ID view)
{
	RTM_NET_ADDRESS n = fx_net(v4, len);
	union dest_buf found, d;
	struct fx_slot s;

	memset(&s, 0, sizeof s);
	/* by way of ANY, so that destinations with nothing but held routes answer too */
	if (RtmGetExactMatchDestination(fx.a, &n, RTM_BEST_PROTOCOL, ANY, &found.i) != NO_ERROR)
		return s;
	OK(RtmGetDestInfo(fx.a, found.i.DestHandle, RTM_BEST_PROTOCOL, (RTM_VIEW_SET)1 << view,
	                  &d.i));
	s.found = true;
	s.num_routes = d.i.ViewInfo[0].NumRoutes;
	s.route = d.i.ViewInfo[0].Route;
	s.owner = d.i.ViewInfo[0].Owner;
	s.hold = d.i.ViewInfo[0].HoldRoute;
	s.flags = d.i.ViewInfo[0].DestFlags;
	OK(RtmReleaseDestInfo(fx.a, &d.i));
	OK(RtmReleaseDestInfo(fx.a, &found.i));
	return s;
}

ULONG
fx_metric(RTM_ROUTE_HANDLE h)
{
	union route_buf r;

	memset(&r, 0, sizeof r);
	if (OK(RtmGetRouteInfo(fx.a, h, &r.i, NULL)) != NO_ERROR)
		return 0xdeadbeef;
	OK(RtmReleaseRouteInfo(fx.a, &r.i));
	return r.i.PrefInfo.Metric;
}

RTM_VIEW_SET
fx_best(RTM_ROUTE_HANDLE h)
{
	RTM_VIEW_SET v = 0xdeadbeef;

	OK(RtmIsBestRoute(fx.a, h, &v));
	return v;
}

/* ---- time ---- */

void
fx_advance(uint64_t ms)
{
	uint64_t ticks;

	fx.now_ms += ms;
	ticks = 0x01d0000000000000u + fx.now_ms * 10000;
	rtm_advance(fx.now_ms, (FILETIME){ (DWORD)ticks, (DWORD)(ticks >> 32) });
}

void
fx_turn(void)
{
	UINT rounds = 0;

	while (rtm_turn() && rounds < 1000)
		rounds++;
	TRUTH(rounds < 1000); /* a turn that never ends */
}

void
fx_pass(uint64_t ms)
{
	fx_advance(ms);
	fx_turn();
}

/* ---- many things at once ---- */

static void
see_dest(const RTM_DEST_INFO *d)
{
	UINT i = fx_seen.num;

	if (i == FX_MAX_SEEN)
		return;
	fx_seen.net[i] = d->DestAddress;
	fx_seen.handle[i] = d->DestHandle;
	fx_seen.num_routes[i] = d->NumberOfViews > 0 ? d->ViewInfo[0].NumRoutes : 0;
	fx_seen.route[i] = d->NumberOfViews > 0 ? d->ViewInfo[0].Route : NULL;
	fx_seen.num++;
}

static void
see_dests(PRTM_DEST_INFO d, UINT n)
{
	for (UINT i = 0; i < n; i++, d = RTM_NEXT_DEST_INFO(d))
		see_dest(d);
}

static void
see_route(RTM_ROUTE_HANDLE h)
{
	UINT i = fx_seen.num;

	if (i == FX_MAX_SEEN)
		return;
	OK(RtmGetRouteInfo(fx.a, h, NULL, &fx_seen.net[i]));
	fx_seen.handle[i] = h;
	fx_seen.num++;
}

void
fx_enum_dests(RTM_ENTITY_HANDLE e, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags,
              RTM_NET_ADDRESS *start)
{
	RTM_ENUM_HANDLE en = NULL;
	union dests_buf d;

	fx_seen.num = 0;
	fx_seen.end = OK(RtmCreateDestEnum(e, views, flags, start, RTM_BEST_PROTOCOL, &en));
	while (fx_seen.end == NO_ERROR) {
		UINT n = fx.profile.MaxHandlesInEnum;

		fx_seen.end = RtmGetEnumDests(e, en, &n, &d.i);
		see_dests(&d.i, n);
		if (n > 0)
			OK(RtmReleaseDests(e, n, &d.i));
	}
	CODE(ERROR_NO_MORE_ITEMS, fx_seen.end);
	OK(RtmDeleteEnumHandle(e, en));
}

void
fx_enum_routes(RTM_ENTITY_HANDLE e, RTM_DEST_HANDLE dest, RTM_VIEW_SET views,
               RTM_ENUM_FLAGS flags, RTM_NET_ADDRESS *start, RTM_MATCH_FLAGS match,
               RTM_ROUTE_INFO *criteria, ULONG interface)
{
	RTM_ENUM_HANDLE en = NULL;
	HANDLE h[80];

	fx_seen.num = 0;
	fx_seen.end = OK(
	    RtmCreateRouteEnum(e, dest, views, flags, start, match, criteria, interface, &en));
	while (fx_seen.end == NO_ERROR) {
		UINT n = fx.profile.MaxHandlesInEnum;

		fx_seen.end = RtmGetEnumRoutes(e, en, &n, h);
		for (UINT i = 0; i < n; i++)
			see_route(h[i]);
		OK(RtmReleaseRoutes(e, n, h));
	}
	CODE(ERROR_NO_MORE_ITEMS, fx_seen.end);
	OK(RtmDeleteEnumHandle(e, en));
}

void
fx_enum_hops(RTM_ENTITY_HANDLE e, RTM_ENUM_FLAGS flags, RTM_NET_ADDRESS *start)
{
	RTM_ENUM_HANDLE en = NULL;
	HANDLE h[80];

	fx_seen.num = 0;
	fx_seen.end = OK(RtmCreateNextHopEnum(e, flags, start, &en));
	while (fx_seen.end == NO_ERROR) {
		UINT n = fx.profile.MaxHandlesInEnum;

		fx_seen.end = RtmGetEnumNextHops(e, en, &n, h);
		for (UINT i = 0; i < n && fx_seen.num < FX_MAX_SEEN; i++)
			fx_seen.handle[fx_seen.num++] = h[i];
		OK(RtmReleaseNextHops(e, n, h));
	}
	CODE(ERROR_NO_MORE_ITEMS, fx_seen.end);
	OK(RtmDeleteEnumHandle(e, en));
}

void
fx_enum_list(RTM_ENTITY_HANDLE e, RTM_ROUTE_LIST_HANDLE list)
{
	RTM_ENUM_HANDLE en = NULL;
	HANDLE h[80];
	UINT n = 1;

	fx_seen.num = 0;
	fx_seen.end = OK(RtmCreateRouteListEnum(e, list, &en));
	while (fx_seen.end == NO_ERROR && n > 0 && fx_seen.num < FX_MAX_SEEN) {
		n = fx.profile.MaxHandlesInEnum;
		fx_seen.end = OK(RtmGetListEnumRoutes(e, en, &n, h));
		for (UINT i = 0; i < n; i++)
			see_route(h[i]);
		OK(RtmReleaseRoutes(e, n, h));
	}
	OK(RtmDeleteEnumHandle(e, en));
}

UINT
fx_drain(RTM_ENTITY_HANDLE e, RTM_NOTIFY_HANDLE notify)
{
	union dests_buf d;

	fx_seen.num = 0;
	fx_seen.end = NO_ERROR;
	while (fx_seen.end == NO_ERROR && fx_seen.num < FX_MAX_SEEN) {
		UINT n = fx.profile.MaxHandlesInEnum;

		fx_seen.end = RtmGetChangedDests(e, notify, &n, &d.i);
		see_dests(&d.i, n);
		if (n > 0)
			OK(RtmReleaseChangedDests(e, notify, n, &d.i));
	}
	CODE(ERROR_NO_MORE_ITEMS, fx_seen.end);
	return fx_seen.num;
}

bool
fx_saw(const char *v4, UINT len)
{
	RTM_NET_ADDRESS n = fx_net(v4, len);
	UINT hits = 0;

	for (UINT i = 0; i < fx_seen.num; i++)
		hits += fx_net_same(&fx_seen.net[i], &n);
	return hits == 1;
}

bool
fx_saw_handles(const HANDLE *want, UINT num)
{
	return fx_seen.num == num && memcmp(fx_seen.handle, want, num * sizeof want[0]) == 0;
}

RTM_NOTIFY_HANDLE
fx_notify(RTM_ENTITY_HANDLE e, RTM_VIEW_SET views, RTM_NOTIFY_FLAGS flags, PVOID context)
{
	RTM_NOTIFY_HANDLE n = NULL;

	OK(RtmRegisterForChangeNotification(e, views, flags, context, &n));
	return n;
}
