/*
 * The world in which the tests of the routing table manager live: a fresh manager
 * per test, two entities A and B, a clock that only moves when told, a log of the
 * call-backs, and short words for what every test does.
 *
 * A handle that a helper returns is kept in the fixture and given back at the end;
 * a test that consumes one says fx_forget(). Teardown asserts that every reference
 * was given back, that no object outlives the last entity and that no memory is left.
 *
 * Every test runs for IPv4 and for IPv6: addresses are written as IPv4 and moved
 * under 2001:db8::/96 for the other family, except the default route.
 */
#ifndef TESTS_RTM_FIX_H
#define TESTS_RTM_FIX_H

#include <CUnit/CUnit.h>
#include <stdbool.h>

#include "base/alloc.h"
#include "rtmhost.h"
#include "rtmv2.h"

#define UC RTM_VIEW_MASK_UCAST
#define MC RTM_VIEW_MASK_MCAST
#define ANY RTM_VIEW_MASK_ANY

#define PROTO_A 8u  /* RIP */
#define PROTO_B 13u /* OSPF */
#define PROTO_C 14u /* BGP */

/* A handle that no manager ever gave out. */
#define GARBAGE ((HANDLE)(uintptr_t)0x5eed0bad)

enum { FX_MAX_HOPS = 64, FX_MAX_VIEWS = 32, FX_MAX_EVENTS = 256, FX_MAX_SEEN = 512 };

/* Information structures with room for the largest profile. */
union route_buf {
	RTM_ROUTE_INFO i;
	UCHAR room[sizeof(RTM_ROUTE_INFO) + FX_MAX_HOPS * sizeof(HANDLE)];
};
union dest_buf {
	RTM_DEST_INFO i;
	UCHAR room[sizeof(RTM_DEST_INFO) * FX_MAX_VIEWS];
};
/* Arrays of records as RtmGetEnumDests packs them. */
union dests_buf {
	RTM_DEST_INFO i;
	UCHAR room[sizeof(RTM_DEST_INFO) * 2 * 80];
};

struct fx_event {
	RTM_ENTITY_HANDLE me;
	RTM_EVENT_TYPE type;
	PVOID context1, context2;
	RTM_ENTITY_INFO info; /* copied from context2 where that is one */
};

struct fix {
	USHORT family;
	UINT bits;       /* of an address */
	uint64_t now_ms; /* the fake clock */
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE a, b;
	RTM_ROUTE_CHANGE_FLAGS change; /* what the last route call said */
	struct fx_event events[FX_MAX_EVENTS];
	UINT num_events;
	DWORD answer;                                /* of the call-back */
	DWORD (*hook)(const struct fx_event *event); /* runs inside the call-back */
	bool dirty;                                  /* the test leaves references on purpose */
};
extern struct fix fx;

enum fx_kind { FX_ENTITY, FX_DEST, FX_ROUTE, FX_HOP };

/* What a route is made of; members left out are 0, and no view means unicast. */
struct rt {
	const char *dst;
	UINT len;
	ULONG metric, pref; /* pref 0 is sent as 1, PREF_DEFAULT as 0 */
	RTM_VIEW_SET views; /* 0 is sent as UC, NO_VIEW as 0 */
	HANDLE neighbour;
	HANDLE hop, hop2;
	USHORT flags;
	RTM_ROUTE_CHANGE_FLAGS in;
	ULONG ttl; /* 0 is sent as INFINITE, TTL_ZERO as 0 */
	HANDLE list;
	PVOID info;
};
#define RT(dst_, len_, ...) ((struct rt){ .dst = (dst_), .len = (len_), ##__VA_ARGS__ })
#define PREF_DEFAULT 0xFFFFFFFFu
#define NO_VIEW 0x80000000u
#define TTL_ZERO 0xFFFFFFFEu

/* ---- assertions that show what came ---- */
void fx_expect(bool ok, int line, const char *file, const char *func, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
DWORD fx_code(DWORD want, DWORD got, const char *what, int line, const char *file,
              const char *func);
/* The call answers exactly this code. */
#define CODE(want, call) fx_code((want), (call), #call, __LINE__, __FILE__, __func__)
#define OK(call) CODE(NO_ERROR, call)
void fx_eq(unsigned long long want, unsigned long long got, const char *what, int line,
           const char *file, const char *func);
void fx_same(const void *want, const void *got, const char *what, int line, const char *file,
             const char *func);
#define EQ(want, got)                                                                          \
	fx_eq((unsigned long long)(want), (unsigned long long)(got), #got, __LINE__, __FILE__, \
	      __func__)
#define SAME(want, got) fx_same((want), (got), #got, __LINE__, __FILE__, __func__)
#define TRUTH(cond) fx_expect((cond), __LINE__, __FILE__, __func__, "%s", #cond)

/* ---- running ---- */
#define FX_BOTH 3u
#define FX_ONE 1u
/** Run the cases, once per family where `families` is FX_BOTH; the exit status. */
int fx_main(const char *suite, const CU_TestInfo *cases, unsigned families);
void fx_setup(void);
void fx_teardown(void);

/* ---- entities ---- */
bool fx_id_same(const RTM_ENTITY_INFO *x, const RTM_ENTITY_INFO *y);
RTM_ENTITY_INFO fx_id(USHORT family, ULONG protocol, ULONG instance);
/** Register and keep for teardown; asserts. */
RTM_ENTITY_HANDLE fx_entity(ULONG protocol, ULONG instance, BOOL opaque);
/** Deregister what fx_entity() gave. */
void fx_entity_gone(RTM_ENTITY_HANDLE e);
DWORD WINAPI fx_callback(RTM_ENTITY_HANDLE me, RTM_EVENT_TYPE type, PVOID c1, PVOID c2);
UINT fx_count(RTM_ENTITY_HANDLE me, RTM_EVENT_TYPE type);
const struct fx_event *fx_last(RTM_ENTITY_HANDLE me, RTM_EVENT_TYPE type);

/* ---- handles ---- */
/** Give this reference back at the end of the test. @return h */
HANDLE fx_keep(enum fx_kind kind, HANDLE h);
/** The reference was consumed: drop it from the list. @return h */
HANDLE fx_forget(HANDLE h);
DWORD fx_release(enum fx_kind kind, HANDLE h);
size_t fx_refs(void);
struct rtm_counts fx_counts(void);

/* ---- the table ---- */
RTM_NET_ADDRESS fx_net(const char *v4, UINT len);
bool fx_net_same(const RTM_NET_ADDRESS *x, const RTM_NET_ADDRESS *y);
int fx_net_cmp(const RTM_NET_ADDRESS *x, const RTM_NET_ADDRESS *y);
RTM_NEXTHOP_INFO fx_hop_info(const char *v4, ULONG interface);
/** Add a next hop and keep its handle. */
RTM_NEXTHOP_HANDLE fx_hop(RTM_ENTITY_HANDLE e, const char *v4, ULONG interface);
/** RtmAddRouteToDest as is; the out flags are in fx.change. */
DWORD fx_add(RTM_ENTITY_HANDLE e, RTM_ROUTE_HANDLE *h, struct rt spec);
/** Add a route, assert success, keep the handle. */
RTM_ROUTE_HANDLE fx_route(RTM_ENTITY_HANDLE e, struct rt spec);
/** Delete a route by its kept handle. */
void fx_delete(RTM_ENTITY_HANDLE e, RTM_ROUTE_HANDLE h);
/** The handle of a destination, kept; NULL where there is none in these views. */
RTM_DEST_HANDLE fx_dest(const char *v4, UINT len, RTM_VIEW_SET views);
/** A copy of one view's slot, without references. */
struct fx_slot {
	UINT num_routes;
	HANDLE route, owner, hold;
	DWORD flags;
	bool found;
};
struct fx_slot fx_slot(const char *v4, UINT len, RTM_VIEW_ID view);
ULONG fx_metric(RTM_ROUTE_HANDLE h);
RTM_VIEW_SET fx_best(RTM_ROUTE_HANDLE h);

/* ---- time ---- */
/** Move the clock without running anything. */
void fx_advance(uint64_t ms);
/** Run call-backs until none is left. */
void fx_turn(void);
/** Both. */
void fx_pass(uint64_t ms);

/* ---- many things at once ---- */
struct fx_seen {
	RTM_NET_ADDRESS net[FX_MAX_SEEN];
	HANDLE handle[FX_MAX_SEEN];
	UINT num_routes[FX_MAX_SEEN]; /* in the first slot */
	HANDLE route[FX_MAX_SEEN];
	UINT num;
	DWORD end; /* the code that ended the loop */
};
extern struct fx_seen fx_seen;
/** Fill fx_seen from an enumeration that is deleted afterwards. */
void fx_enum_dests(RTM_ENTITY_HANDLE e, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags,
                   RTM_NET_ADDRESS *start);
void fx_enum_routes(RTM_ENTITY_HANDLE e, RTM_DEST_HANDLE dest, RTM_VIEW_SET views,
                    RTM_ENUM_FLAGS flags, RTM_NET_ADDRESS *start, RTM_MATCH_FLAGS match,
                    RTM_ROUTE_INFO *criteria, ULONG interface);
void fx_enum_hops(RTM_ENTITY_HANDLE e, RTM_ENUM_FLAGS flags, RTM_NET_ADDRESS *start);
void fx_enum_list(RTM_ENTITY_HANDLE e, RTM_ROUTE_LIST_HANDLE list);
/** Drain a notification queue into fx_seen. @return how many */
UINT fx_drain(RTM_ENTITY_HANDLE e, RTM_NOTIFY_HANDLE n);
/** fx_seen holds exactly this prefix, once. */
bool fx_saw(const char *v4, UINT len);
/** fx_seen holds exactly these handles in this order. */
bool fx_saw_handles(const HANDLE *want, UINT num);

/** A change registration of `e`. */
RTM_NOTIFY_HANDLE fx_notify(RTM_ENTITY_HANDLE e, RTM_VIEW_SET views, RTM_NOTIFY_FLAGS flags,
                            PVOID context);

#endif
