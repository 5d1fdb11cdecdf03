/*
 * A second routing table manager that nobody would ever use: arrays, linear search
 * and no thought of speed, written from the specification alone. The random histories
 * compare every answer of the real one with it.
 *
 * All objects are named by index. The model owns nothing of the real manager; it
 * remembers the handles it was given, to compare them.
 */
#ifndef TESTS_RTM_MODEL_H
#define TESTS_RTM_MODEL_H

#include "rtm_fix.h"

enum {
	M_ENTITIES = 4,
	M_DESTS = 28,
	M_ROUTES = 320,
	M_HOPS = 160,
	M_KEYS = 6, /* next-hop keys: address and interface */
	M_NOTIFIES = 6,
	M_LISTS = 6,
	M_MAX_HOPS = 3,
	M_VIEWS = 2,
	M_NONE = -1,
};
#define M_NEVER UINT64_MAX

struct m_entity {
	bool in;
	HANDLE h;
	ULONG protocol, instance;
};

struct m_hop {
	bool live, listed;
	int owner, key;
	USHORT flags;
	PVOID info;
	UINT refs;
	HANDLE h;
};

struct m_route {
	bool live;
	int state, owner, dest, neighbour;
	USHORT flags;
	ULONG pref, metric;
	RTM_VIEW_SET views;
	PVOID info;
	UINT num_hops;
	int hops[M_MAX_HOPS];
	uint64_t seq, until, list_seq;
	int list;
	UINT refs;
	HANDLE h;
};

struct m_dest {
	RTM_NET_ADDRESS net;
	HANDLE h; /* NULL: no object */
	UINT refs;
	RTM_VIEW_SET hold_mark;
	ULONG hold_ms;
	uint64_t hold_until;
	int held[M_VIEWS];
	PVOID slot; /* of entity 0, the only one with a slot */
};

struct m_notify {
	bool used;
	int owner;
	RTM_VIEW_SET views; /* 0 was asked as ANY */
	RTM_NOTIFY_FLAGS flags;
	HANDLE h;
	int queue[M_DESTS];
	uint64_t group[M_DESTS];
	UINT num;
	bool mark[M_DESTS];
	bool announced;  /* the call-back for what is queued has come */
	bool went_empty; /* emptied without announcement: a call-back may still come */
};

struct m_list {
	bool used;
	int owner;
	HANDLE h;
};

struct model {
	uint64_t now, op, next_seq;
	struct m_entity entity[M_ENTITIES];
	struct m_hop hop[M_HOPS];
	struct m_route route[M_ROUTES];
	struct m_dest dest[M_DESTS];
	struct m_notify notify[M_NOTIFIES];
	struct m_list list[M_LISTS];
	UINT enums; /* open */
};
extern struct model m;

/* What a change is measured against. */
struct m_snap {
	int best[M_VIEWS];
	struct m_route copy[M_VIEWS];
};

void m_reset(void);
void m_snap(int dest, struct m_snap *s);
/**
 * Queue `dest` wherever a registration asks for what happened since the snapshot.
 * @param any     views in which some route changed
 * @param unsure  views for which the specification leaves it open: asked and adopted
 */
void m_changed(int dest, const struct m_snap *s, RTM_VIEW_SET any, RTM_VIEW_SET unsure);
/** The end of a hold in these views: ALL and BEST are told, FORWARDING is not. */
void m_hold_ended(int dest, RTM_VIEW_SET views);

int m_best(int dest, int view);
int m_best_of(int dest, int view, ULONG protocol, int asker);
bool m_before(const struct m_route *x, const struct m_route *y);
UINT m_count(int dest, RTM_VIEW_SET views); /* routes in any of them; ANY: all */
RTM_VIEW_SET m_views(int dest);
RTM_VIEW_SET m_best_in(int route);
bool m_held(int route);
bool m_visible(int dest, RTM_VIEW_SET views);
bool m_covers(int outer, const RTM_NET_ADDRESS *n);

int m_find_dest(const RTM_NET_ADDRESS *n);
int m_find_route(HANDLE h);
int m_find_hop(HANDLE h);
int m_hop_of(int owner, int key);
/** The route that an addition without handle would update, or M_NONE. */
int m_equal(int owner, int dest, int neighbour, bool first);

/** Take a route out of the table; may start a hold. @return the BEST flag */
RTM_ROUTE_CHANGE_FLAGS m_delete(int route, bool may_hold);
void m_expire_holds(void);
uint64_t m_deadline(void);
/** Let go of what nothing refers to any more. */
void m_collect(void);
struct rtm_counts m_counts(void);

/** Routes of a destination, best first. @return how many */
UINT m_sorted(int dest, RTM_VIEW_SET views, int *out);

#endif
