/*
 * The records of the routing table manager and the engine's functions on them.
 * Private to src/rtm.
 *
 * A table is one address family of one instance; it owns everything in it. All
 * functions below want the table's lock held, unless they say otherwise; they speak
 * slots and pointers, never handles. What may be refused returns a documented code.
 */
#ifndef RTM_INT_H
#define RTM_INT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/chain.h"
#include "base/handle.h"
#include "base/hints.h"
#include "base/index.h"
#include "base/list.h"
#include "base/lock.h"
#include "base/slab.h"
#include "base/tree.h"
#include "rtmhost.h"
#include "rtmv2.h"

/* Never leaves the room: the call waited for a lock and has to be begun anew. */
#define RTM_AGAIN 0xFFFFFFFFu

enum rtm_kind {
	RTM_KIND_ENTITY = 1,
	RTM_KIND_DEST,
	RTM_KIND_ROUTE,
	RTM_KIND_NEXTHOP,
	RTM_KIND_ENUM,
	RTM_KIND_LIST,
	RTM_KIND_NOTIFY,
	RTM_KINDS
};

struct rtm_table;

/* ---- records ---------------------------------------------------------------
 * head.refs counts what clients hold; `pins` what the manager itself holds. A
 * record goes when both are 0 and it is not in the table. */

enum {
	DEST_IN_TABLE = 1, /* in the index */
	DEST_LIMBO = 2,    /* out of it, but still known to somebody */
	DEST_EXTRA = 4,    /* there is a struct rtm_dest_extra */
	DEST_LOCKED = 8,   /* somebody holds a lock */
	DEST_HELD = 16     /* some view has a held route */
};

struct rtm_dest { /* 32 bytes for IPv4, 48 for IPv6 */
	struct slot_head head;
	uint32_t pins;
	uint32_t routes;  /* first in order of cost; next in the chain while in limbo */
	uint64_t changed; /* FILETIME of the last change */
	uint8_t len;
	uint8_t flags;
	uint16_t count; /* routes; stands still at its maximum while there is no crowd */
	uint8_t addr[];
};

enum {
	ROUTE_IN_TABLE = 1,
	ROUTE_HELD = 2,
	ROUTE_EXTRA = 4 /* there is a struct rtm_route_extra */
};

struct rtm_route { /* 40 bytes */
	struct slot_head head;
	uint32_t dest;
	uint32_t next, prev; /* on the destination, in order of cost */
	uint32_t path;
	uint32_t metric;
	uint32_t pins : 24;
	uint32_t flags : 8;
	void *info; /* the owner's private pointer */
};

/* What many routes have in common; equal ones share one record. Counted by routes. */
enum { PATH_INLINE = 2 };

struct rtm_path {              /* 48 bytes */
	struct slot_head head; /* refs: routes */
	uint32_t chain_next;
	uint32_t hash;
	uint32_t owner;     /* entity */
	uint32_t neighbour; /* next hop, or 0 */
	uint32_t preference;
	uint32_t views;
	uint16_t flags;
	uint8_t flags1;
	uint8_t hops;
	union {
		uint32_t here[PATH_INLINE];
		uint32_t *away; /* more than PATH_INLINE */
	} hop;
};

struct rtm_timer {
	struct tree_node node;
	uint64_t deadline_ms;
	bool on;
	bool is_hold; /* inside a struct rtm_dest_extra; else a struct rtm_route_extra */
};

/* A route's RTM_ROUTE_INFO for direct pointers. */
struct rtm_shadow {
	struct tree_node node; /* by address, in rtm_table.shadows */
	RTM_ROUTE_INFO info;   /* with room for max_nexthops_in_route */
};

/* What only some routes have: age, a place in a list, a direct pointer. */
struct rtm_route_extra {
	struct slot_head head;
	uint32_t route;
	uint32_t chain_next;
	struct rtm_timer timer;
	struct list expired; /* rtm_entity.expired */
	struct list link;    /* rtm_list.routes */
	struct rtm_list *list;
	struct rtm_shadow *shadow;
};

/* What only some destinations have: hold-down and locks. */
struct rtm_dest_extra {
	struct slot_head head;
	uint32_t dest;
	uint32_t chain_next;
	struct rtm_timer timer;
	struct list expired;     /* rtm_table.ended */
	struct list holders;     /* struct rtm_holder */
	struct rtm_crowd *crowd; /* of many routes, or NULL (order.c) */
	uint64_t hold_start_ms;
	uint32_t hold_ms;     /* longest asked for since the last hold ended */
	uint32_t hold_marked; /* views */
	uint32_t hold_views;  /* views with a held route */
	uint32_t held[];      /* route per view id */
};

struct rtm_key {
	uint8_t addr[RTM_MAX_ADDRESS_SIZE];
	unsigned len;
};

struct rtm_nexthop {
	struct slot_head head;
	uint32_t slot;
	uint32_t pins;
	struct rtm_entity *owner; /* pinned */
	struct tree_node node;    /* rtm_entity.nexthops; only while State is CREATED */
	struct rtm_key key;       /* identity ... */
	ULONG interface;
	uint32_t remote; /* destination, pinned, or 0 */
	bool deleted;
	bool fresh;     /* made by the call under way */
	uint16_t flags; /* committed, as are the next two */
	void *private_info;
	struct list holders;   /* struct rtm_holder */
	RTM_NEXTHOP_INFO info; /* what direct pointers point to */
};

/* One holder of a lock on a destination or next hop. */
struct rtm_holder {
	struct list link;        /* of the thing locked */
	struct list entity_link; /* rtm_entity.locks */
	uintptr_t thread;
	struct rtm_entity *entity;
	uint32_t dest;               /* what is locked: a destination, pinned ... */
	uint32_t route;              /* ... by this route, or 0: as itself ... */
	struct rtm_nexthop *nexthop; /* ... or a next hop, pinned */
	bool exclusive;
	bool lent;      /* the route's references count as the client's */
	unsigned depth; /* how often taken shared */
};

/* An entity came or went; in rtm_table.news until every listener has been told. */
struct rtm_news {
	struct list link;
	struct rtm_entity *who; /* pinned while in the list */
	RTM_EVENT_TYPE what;
	unsigned listeners; /* still to be told */
};

/* A method call under way. On the caller's stack. */
struct rtm_running {
	struct list link; /* rtm_entity.running */
	uintptr_t thread;
};

struct rtm_entity {
	struct slot_head head;
	uint32_t slot;
	uint32_t pins;
	struct rtm_table *table;
	bool registered;
	bool blocked; /* its methods are */
	bool in_callback;
	uintptr_t blocker; /* thread */
	RTM_ENTITY_INFO info;
	RTM_EVENT_CALLBACK callback;
	RTM_ENTITY_EXPORT_METHOD *methods;
	unsigned num_methods;
	int opaque;        /* index of its slot array, -1: none */
	ULONG preference;  /* the policy's for its protocol */
	uint32_t recent;   /* path it used last; a hint */
	size_t num_routes; /* in the table */
	struct list link;  /* rtm_table.entities, in order of registration */
	struct tree nexthops;
	struct list enums, lists, notifies, locks, running;
	struct list ready;   /* rtm_table.ready, while there is something to call back for */
	struct list expired; /* struct rtm_route_extra whose time has come */
	struct list signals; /* struct rtm_notify with a call-back due */
	struct rtm_news *unread; /* first it has not been told, or NULL */
	struct rtm_news came, went;
};

struct rtm_list {
	struct slot_head head;
	uint32_t slot;
	struct rtm_entity *entity;
	struct list link;   /* rtm_entity.lists */
	struct list routes; /* struct rtm_route_extra */
	struct list enums;  /* struct rtm_enum */
};

/* A change queue: doubly linked through one entry per destination slot. */
struct rtm_pending {
	uint32_t next, prev; /* 0, 0: not queued */
};

struct rtm_notify {
	struct slot_head head;
	uint32_t slot;
	struct rtm_entity *entity;
	struct list link;   /* rtm_entity.notifies */
	struct list signal; /* rtm_entity.signals */
	uint32_t views;     /* of changes that count */
	uint32_t shown;     /* view slots in the records; 0: none */
	uint32_t flags;
	void *context;
	bool told; /* a call-back is due or was made since the queue was last empty */
	uint32_t first, last, count;
	struct rtm_pending **pending; /* per chunk of destinations; all of them exist */
	uint64_t **marks;             /* bitmaps per chunk; only some exist */
	uint32_t chunks, mark_chunks;
};

/* A set of criteria on routes. */
struct rtm_match {
	uint32_t flags; /* RTM_MATCH_* */
	uint32_t interface;
	void *owner, *neighbour; /* handles, compared only: no references */
	RTM_PREF_INFO pref;
	unsigned hops;
	void **hop;
};

enum rtm_enum_kind {
	RTM_ENUM_KIND_DEST,
	RTM_ENUM_KIND_ROUTE,
	RTM_ENUM_KIND_NEXTHOP,
	RTM_ENUM_KIND_LIST
};

struct rtm_enum {
	struct slot_head head;
	uint32_t slot;
	enum rtm_enum_kind kind;
	struct rtm_entity *entity;
	struct list link; /* rtm_entity.enums */
	uint32_t views;   /* filter; 0: any */
	uint32_t flags;
	ULONG protocol;
	bool ranged; /* only what is inside `range` */
	bool over;
	struct rtm_key range;
	struct rtm_key place; /* next hops: stands at this key and interface ... */
	uint32_t place_if;
	bool behind; /* ... which has been returned */
	struct index_cursor cursor;
	uint32_t dest; /* the only destination, pinned, or 0 */
	struct rtm_match match;
	uint32_t *snapshot; /* routes still to come of the destination entered, pinned */
	uint32_t snapshot_len, snapshot_at;
	struct rtm_list *list;
	struct list list_link; /* rtm_list.enums */
	struct list *at;       /* next one of the list; its head: at the end */
};

/* One entity's opaque pointers, in chunks like the destinations. */
struct rtm_opaque {
	bool used;
	void ***chunk;
	uint32_t chunks;
};

/* What a change did, as masks of views. */
struct rtm_change {
	uint32_t all, best, forwarding;
};

/* The best route of each view. */
struct rtm_best {
	uint32_t route[RTM_MAX_VIEWS];
};

/* The contents of a route as given by its owner, checked. */
struct rtm_spec {
	uint32_t owner, neighbour;
	uint32_t preference, metric, views;
	uint16_t flags;
	uint8_t flags1;
	uint8_t hops;
	void *info;
	const uint32_t *hop;
};

struct rtm_table {
	struct lock lock;
	unsigned id;
	unsigned addr_size; /* bytes */
	USHORT instance, family;
	struct rtm_limits limits;
	unsigned num_views;
	uint64_t seal[RTM_KINDS]; /* of the handles */
	struct slab slab[RTM_KINDS];
	struct slab paths, route_extras, dest_extras, members;
	struct index *index; /* of the destinations in the table; `hints' is a short cut */
	struct hints hints;
	uint32_t with_len[129]; /* destinations in the table, by length */
	unsigned common_len;    /* of about as many as any other */
	struct chains limbo, path_chains, route_extra_chains, dest_extra_chains, member_chains;
	struct tree timers, shadows;
	struct list entities, ready, news, ended;
	struct rtm_opaque *opaques; /* limits.opaque_slots */
	struct rtm_notify **notifies;
	unsigned num_notifies, room_notifies;
	unsigned num_entities;
	HANDLE last_handle;             /* of the entity that called last ... */
	struct rtm_entity *last_entity; /* ... a shortcut for rtm_enter() */
	size_t client_refs;
	uint64_t now_ms;
	uint64_t now;            /* FILETIME */
	uint32_t pending_chunks; /* that every registration has */
	bool loose;              /* a record taken from may be nobody's now */
	unsigned guests;         /* calls into clients under way: records must stay */
	bool wake;               /* rtm_turn() has gained work */
};

/* What lies beside the destinations, such as change queues, does so in windows of slots. */
enum {
	RTM_WINDOW_BITS = 12,
	RTM_WINDOW = 1 << RTM_WINDOW_BITS,
	RTM_WINDOW_MASK = RTM_WINDOW - 1
};

/* ---- slots and handles (handle.c, inline) ----------------------------------- */

/* log2 of the records that a slab begins with. A constant here, as are the sizes but for that
 * of destinations, so that finding a record is a shift, a load and a multiplication. */
enum {
	RTM_ENTITY_BITS = 3,
	RTM_DEST_BITS = RTM_WINDOW_BITS,
	RTM_ROUTE_BITS = RTM_WINDOW_BITS,
	RTM_NEXTHOP_BITS = 6,
	RTM_ENUM_BITS = 4,
	RTM_LIST_BITS = 5,
	RTM_NOTIFY_BITS = 4,
	RTM_PATH_BITS = 6
};

static inline __attribute__((always_inline)) void *
rtm_record(const struct rtm_table *t, enum rtm_kind kind, uint32_t slot)
{
	const struct slab *slab = &t->slab[kind];

	switch (kind) {
	case RTM_KIND_DEST:
		return slab_at_known(slab, slot, RTM_DEST_BITS, slab->size);
	case RTM_KIND_ROUTE:
		return slab_at_known(slab, slot, RTM_ROUTE_BITS, sizeof(struct rtm_route));
	case RTM_KIND_ENTITY:
		return slab_at_known(slab, slot, RTM_ENTITY_BITS, sizeof(struct rtm_entity));
	case RTM_KIND_NEXTHOP:
		return slab_at_known(slab, slot, RTM_NEXTHOP_BITS, sizeof(struct rtm_nexthop));
	default:
		return slab_at(slab, slot);
	}
}

static inline struct rtm_dest *
rtm_dest_at(const struct rtm_table *t, uint32_t slot)
{
	return rtm_record(t, RTM_KIND_DEST, slot);
}

static inline struct rtm_route *
rtm_route_at(const struct rtm_table *t, uint32_t slot)
{
	return rtm_record(t, RTM_KIND_ROUTE, slot);
}

static inline struct rtm_path *
rtm_path_at(const struct rtm_table *t, uint32_t slot)
{
	return slab_at_known(&t->paths, slot, RTM_PATH_BITS, sizeof(struct rtm_path));
}

static inline struct rtm_nexthop *
rtm_nexthop_at(const struct rtm_table *t, uint32_t slot)
{
	return rtm_record(t, RTM_KIND_NEXTHOP, slot);
}

static inline struct rtm_entity *
rtm_entity_at(const struct rtm_table *t, uint32_t slot)
{
	return rtm_record(t, RTM_KIND_ENTITY, slot);
}

/* The first route; 0 also where the member is a link of limbo. */
static inline uint32_t
rtm_dest_first(const struct rtm_dest *dest)
{
	return (dest->flags & DEST_IN_TABLE) != 0 ? dest->routes : 0;
}

static inline const struct rtm_path *
rtm_path_of(const struct rtm_table *t, const struct rtm_route *route)
{
	return rtm_path_at(t, route->path);
}

/* The next hops of a path. */
static inline const uint32_t *
rtm_path_hops(const struct rtm_path *path)
{
	return path->hops > PATH_INLINE ? path->hop.away : path->hop.here;
}

/* The handle of a record, without a reference; NULL for slot 0. */
static inline HANDLE
rtm_name(const struct rtm_table *t, enum rtm_kind kind, uint32_t slot)
{
	if (slot == 0)
		return NULL;
	return handle_make(t->seal[kind], rtm_record(t, kind, slot), slot);
}

/* The handle of a record at hand, with one reference more. */
static inline HANDLE
rtm_give_head(struct rtm_table *t, enum rtm_kind kind, uint32_t slot, struct slot_head *head)
{
	head->refs++;
	t->client_refs++;
	return handle_make(t->seal[kind], head, slot);
}

/* The handle of a record, with one reference more; NULL for slot 0. */
static inline HANDLE
rtm_give(struct rtm_table *t, enum rtm_kind kind, uint32_t slot)
{
	if (slot == 0)
		return NULL;
	return rtm_give_head(t, kind, slot, rtm_record(t, kind, slot));
}

/* The record a client's handle names, or NULL: wrong table or kind, stale, or not his any more.
 */
static inline __attribute__((always_inline)) void *
rtm_find(const struct rtm_table *t, enum rtm_kind kind, HANDLE handle)
{
	struct slot_head *head;

	if (!slab_knows(&t->slab[kind], handle_slot(handle)))
		return NULL;
	head = rtm_record(t, kind, handle_slot(handle));
	return head->gen == handle_gen_sealed(t->seal[kind], handle) && head->refs != 0 ? head
	                                                                                : NULL;
}

/* An entity counts as held by everybody while it is registered. */
static inline struct rtm_entity *
rtm_find_entity(const struct rtm_table *t, HANDLE handle)
{
	struct rtm_entity *ent;

	if (handle_where_of(handle) != handle_where(RTM_KIND_ENTITY, t->id))
		return NULL;
	ent = handle_find(&t->slab[RTM_KIND_ENTITY], handle);
	return ent != NULL && (ent->registered || ent->head.refs != 0) ? ent : NULL;
}

/* Whether the table itself keeps a record, whatever clients do. */
static inline bool
rtm_is_kept(enum rtm_kind kind, const struct slot_head *head)
{
	switch (kind) {
	case RTM_KIND_ENTITY:
		return ((const struct rtm_entity *)head)->registered;
	case RTM_KIND_DEST:
		return (((const struct rtm_dest *)head)->flags & DEST_IN_TABLE) != 0;
	case RTM_KIND_ROUTE:
		return (((const struct rtm_route *)head)->flags &
		        (ROUTE_IN_TABLE | ROUTE_EXTRA)) == ROUTE_IN_TABLE;
	default:
		return false;
	}
}

/* Take one client reference away; false: there is none, or no such record. NULL is fine.
 * The record stays until rtm_collect(), so that a whole array can be checked first; where
 * that is needed at all rtm_table.loose becomes true. */
static inline __attribute__((always_inline)) bool
rtm_take(struct rtm_table *t, enum rtm_kind kind, HANDLE handle)
{
	struct slot_head *head;

	if (handle == NULL)
		return true;
	head = rtm_find(t, kind, handle);
	if (head == NULL)
		return false;
	t->client_refs--;
	if (--head->refs == 0 && !rtm_is_kept(kind, head))
		t->loose = true;
	return true;
}

/* Undo rtm_take(). */
void rtm_untake(struct rtm_table *t, enum rtm_kind kind, HANDLE handle);

/* Free the record if nothing holds it any more; also after it has gone. */
void rtm_collect(struct rtm_table *t, enum rtm_kind kind, HANDLE handle);

/* Add a client reference to a handle of any counted kind; false: not valid. */
bool rtm_reference(struct rtm_table *t, HANDLE handle);

/* ---- registry.c -------------------------------------------------------------- */

/* The table of an instance and family; ERROR_FILE_NOT_FOUND, ERROR_NOT_ENOUGH_MEMORY. */
DWORD rtm_table_get(USHORT instance, USHORT family, struct rtm_table **out);
/* By number; NULL: there is none. Any thread, no lock. */
extern struct rtm_table *_Atomic rtm_tables[HANDLE_TABLES];
static inline struct rtm_table *
rtm_table_at(unsigned id)
{
	return atomic_load_explicit(&rtm_tables[id], memory_order_acquire);
}
/* Free all records, unless an entity is registered or a call into one is under way. */
void rtm_table_empty(struct rtm_table *t);
/* Free what hangs on the records; part of the above. */
void rtm_records_free(struct rtm_table *t);
ULONG rtm_preference_of(ULONG protocol);
/* The entity of a handle in a table that is locked; unlocks it if there is none: NULL. */
struct rtm_entity *rtm_recognise(struct rtm_table *t, RTM_ENTITY_HANDLE handle);
/* Unlock and wake the host. */
void rtm_leave_waking(struct rtm_table *t);

static inline void
rtm_enter_table(struct rtm_table *t)
{
	lock_enter(&t->lock);
}

/* Lock the table of a registration; NULL: the handle is not a registered entity's. Whoever
 * calls once calls again: the last one known needs no second look. */
static inline struct rtm_entity *
rtm_enter(RTM_ENTITY_HANDLE handle)
{
	struct rtm_table *t = rtm_table_at(handle_table(handle));

	if (t == NULL)
		return NULL;
	lock_enter(&t->lock);
	return handle == t->last_handle ? t->last_entity : rtm_recognise(t, handle);
}

/* Unlock, and wake the host if there is new work for rtm_turn(). */
static inline void
rtm_leave(struct rtm_table *t)
{
	if (t->wake)
		rtm_leave_waking(t);
	else
		lock_leave(&t->lock);
}

/* Run `call` with the table of `reg` locked and `ent` set, as often as it has to wait. */
#define RTM_CALL(reg, call)                                                                    \
	for (;;) {                                                                             \
		struct rtm_entity *ent = rtm_enter(reg);                                       \
		struct rtm_table *t_;                                                          \
		DWORD err_;                                                                    \
                                                                                               \
		if (ent == NULL)                                                               \
			return ERROR_INVALID_HANDLE;                                           \
		t_ = ent->table;                                                               \
		err_ = (call);                                                                 \
		rtm_leave(t_);                                                                 \
		if (err_ != RTM_AGAIN)                                                         \
			return err_;                                                           \
	}

/* The same for what never waits. */
#define RTM_CALL_ONCE(reg, call)                                                               \
	do {                                                                                   \
		struct rtm_entity *ent = rtm_enter(reg);                                       \
		DWORD err_ = ERROR_INVALID_HANDLE;                                             \
                                                                                               \
		if (ent != NULL) {                                                             \
			struct rtm_table *t_ = ent->table;                                     \
                                                                                               \
			err_ = (call);                                                         \
			rtm_leave(t_);                                                         \
		}                                                                              \
		return err_;                                                                   \
	} while (0)

/* ---- netaddr.c ---------------------------------------------------------------- */

/* Bytes of an address as a number, first byte highest; works both ways. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define RTM_SWAP32(bytes) __builtin_bswap32(bytes)
#define RTM_SWAP64(bytes) __builtin_bswap64(bytes)
#else
#define RTM_SWAP32(bytes) (bytes)
#define RTM_SWAP64(bytes) (bytes)
#endif

void rtm_key_cut_wide(const uint8_t *addr, unsigned len, struct rtm_key *key);

/* The key of the first `len` bits of an address of the table's family. */
static inline void
rtm_key_cut(const struct rtm_table *t, const uint8_t *addr, unsigned len, struct rtm_key *key)
{
	key->len = len;
	if (t->addr_size == 4) {
		uint32_t word;

		memcpy(&word, addr, sizeof word);
		word = RTM_SWAP32((uint32_t)(RTM_SWAP32(word) & ~(uint64_t)0 << (32 - len)));
		memcpy(key->addr, &word, sizeof word);
		memset(key->addr + sizeof word, 0, sizeof key->addr - sizeof word);
		return;
	}
	rtm_key_cut_wide(addr, len, key);
}

/* The canonical key of an address; false: wrong family or length. */
static inline bool
rtm_key_of(const struct rtm_table *t, const RTM_NET_ADDRESS *addr, struct rtm_key *key)
{
	if (addr->AddressFamily != t->family || addr->NumBits > t->addr_size * 8)
		return false;
	rtm_key_cut(t, addr->AddrBits, addr->NumBits, key);
	return true;
}

static inline void
rtm_key_show(const struct rtm_table *t, const uint8_t *addr, unsigned len, RTM_NET_ADDRESS *out)
{
	out->AddressFamily = t->family;
	out->NumBits = (USHORT)len;
	if (t->addr_size == 16) {
		memcpy(out->AddrBits, addr, 16);
		return;
	}
	memcpy(out->AddrBits, addr, 4);
	memset(out->AddrBits + 4, 0, 12);
}
/* Whether the first prefix covers the second. */
bool rtm_covers(const uint8_t *outer, unsigned outer_len, const uint8_t *inner,
                unsigned inner_len);
/* Resolve TargetViews: RTM_VIEW_MASK_ALL is all supported ones [RTM K6]. */
static inline DWORD
rtm_views_of(const struct rtm_table *t, RTM_VIEW_SET asked, uint32_t *views)
{
	if (asked == RTM_VIEW_MASK_ALL)
		asked = t->limits.views;
	*views = asked;
	return (asked & ~t->limits.views) == 0 ? NO_ERROR : ERROR_NOT_SUPPORTED;
}

/* ---- entity.c ----------------------------------------------------------------- */

DWORD rtm_entity_register(struct rtm_table *t, const RTM_ENTITY_INFO *info,
                          const RTM_ENTITY_EXPORT_METHODS *methods, RTM_EVENT_CALLBACK callback,
                          bool opaque, struct rtm_entity **out);
void rtm_entity_deregister(struct rtm_entity *ent);
void rtm_entity_collect(struct rtm_table *t, struct rtm_entity *ent);
void rtm_entity_unpin(struct rtm_table *t, struct rtm_entity *ent);

/* ---- dest.c ------------------------------------------------------------------- */

/* The destination in the table with this key, or 0. */
uint32_t rtm_dest_find(struct rtm_table *t, const struct rtm_key *key);
/* Have its memory fetched. A destination and its first route came into being together, so
 * as a rule their slots have the same number: ask for both, without waiting for one to name
 * the other. (Not a function of its own: the compiler would find that it does nothing.) */
static inline __attribute__((always_inline)) void
rtm_dest_prefetch(const struct rtm_table *t, uint32_t slot)
{
	const struct slab *routes = &t->slab[RTM_KIND_ROUTE];

	__builtin_prefetch(rtm_dest_at(t, slot));
	if (slot < routes->fresh) {
		const char *route = (const char *)rtm_route_at(t, slot);

		__builtin_prefetch(route);
		__builtin_prefetch(route + sizeof(struct rtm_route) - 1);
	}
}
/* Longest match among those in `views` (0: any), no longer than `len`; or 0. */
uint32_t rtm_dest_match(struct rtm_table *t, const uint8_t *addr, unsigned len, uint32_t views);
/* See to it that rtm_dest_enter() can only fail in the index. */
bool rtm_dest_reserve(struct rtm_table *t);
/* Bring a destination into the table: the one in limbo, or a new one. */
DWORD rtm_dest_enter(struct rtm_table *t, const struct rtm_key *key, uint32_t *out);
/* Take it out of the table if it has neither routes nor held routes. */
void rtm_dest_settle(struct rtm_table *t, uint32_t slot);
void rtm_dest_collect(struct rtm_table *t, uint32_t slot);
void rtm_dest_unpin(struct rtm_table *t, uint32_t slot);
struct rtm_dest_extra *rtm_dest_extra_of(const struct rtm_table *t, uint32_t slot);
struct rtm_dest_extra *rtm_dest_extra_get(struct rtm_table *t, uint32_t slot);
/* Drop the extra record if it says nothing any more. */
void rtm_dest_extra_tidy(struct rtm_table *t, uint32_t slot);
/* Views of a route and those behind it. */
uint32_t rtm_dest_views_from(const struct rtm_table *t, uint32_t route);

/* Whether some route is in `views`, the first of all being looked at already. */
bool rtm_dest_visible_further(const struct rtm_table *t, const struct rtm_dest *dest,
                              uint32_t views);

/* Whether it is visible in `views` (0: any). */
static inline bool
rtm_dest_visible(const struct rtm_table *t, const struct rtm_dest *dest, uint32_t views)
{
	uint32_t first = rtm_dest_first(dest);

	if (views == 0)
		return true;
	return first != 0 && ((rtm_path_of(t, rtm_route_at(t, first))->views & views) != 0 ||
	                      rtm_dest_visible_further(t, dest, views));
}

/* ---- path.c ------------------------------------------------------------------- */

/* The path with these contents, with one route counted; 0: no memory. */
uint32_t rtm_path_get(struct rtm_table *t, const struct rtm_spec *spec);
void rtm_path_put(struct rtm_table *t, uint32_t slot);

/* ---- order.c ------------------------------------------------------------------- */

/* See to it that one more route can be linked on the destination. */
bool rtm_order_reserve(struct rtm_table *t, uint32_t dest);
/* Put a route where its cost says, behind its equals; take it out. */
void rtm_order_link(struct rtm_table *t, uint32_t route);
void rtm_order_unlink(struct rtm_table *t, uint32_t route);
/* A route kept its cost and place, but not its neighbour. */
void rtm_order_rekey(struct rtm_table *t, uint32_t route);
/* The owner's route an addition means to update: the first in order, or 0. */
uint32_t rtm_route_equal(const struct rtm_table *t, uint32_t dest, uint32_t owner,
                         uint32_t neighbour, bool any_neighbour);
extern const size_t rtm_member_size;

/* ---- route.c ------------------------------------------------------------------ */

/* @param dest  where it goes, or 0: into a destination that enters the table with it. */
DWORD rtm_route_add(struct rtm_table *t, uint32_t dest, const struct rtm_key *key,
                    const struct rtm_spec *spec, uint32_t *out, bool *best);
DWORD rtm_route_update(struct rtm_table *t, uint32_t slot, const struct rtm_spec *spec,
                       bool *best);
/* @param hold  whether hold-down may begin. */
void rtm_route_delete(struct rtm_table *t, uint32_t slot, bool hold, bool *best);
void rtm_route_collect(struct rtm_table *t, uint32_t slot);
void rtm_route_unpin(struct rtm_table *t, uint32_t slot);
/* Whether somebody has locked this route for a change. */
bool rtm_route_is_locked(const struct rtm_table *t, uint32_t slot);
struct rtm_route_extra *rtm_route_extra_of(const struct rtm_table *t, uint32_t slot);
struct rtm_route_extra *rtm_route_extra_get(struct rtm_table *t, uint32_t slot);
/* Drop the extra record if it says nothing any more. */
void rtm_route_extra_tidy(struct rtm_table *t, uint32_t slot);
UCHAR rtm_route_state(const struct rtm_route *route);

/* ---- shadow.c: direct pointers -------------------------------------------------- */

/* The direct pointer of a route, made when first asked for; NULL: no memory. */
RTM_ROUTE_INFO *rtm_shadow_get(struct rtm_table *t, uint32_t slot);
/* Write the committed contents into it, if there is one. */
void rtm_shadow_refresh(struct rtm_table *t, uint32_t slot);
void rtm_shadow_drop(struct rtm_table *t, struct rtm_route_extra *extra);
bool rtm_shadow_is(const struct rtm_table *t, const RTM_ROUTE_INFO *info);

/* ---- view.c ------------------------------------------------------------------- */

/* The best route of each of these views, 0 where there is none. */
void rtm_best_of(const struct rtm_table *t, uint32_t dest, uint32_t views,
                 struct rtm_best *best);
/* Views in which a route is best. */
uint32_t rtm_best_views(const struct rtm_table *t, uint32_t route);

/* ---- info.c ------------------------------------------------------------------- */

/* Fill in a record and count its references. @param shown views with a slot. */
void rtm_dest_info(struct rtm_table *t, const struct rtm_entity *ent, uint32_t dest,
                   ULONG protocol, uint32_t shown, RTM_DEST_INFO *out);
/* The answer to a search: the same if some of `views` (0: any) sees it, ERROR_NOT_FOUND, or
 * what rtm_gate_dest() says. */
DWORD rtm_dest_answer(struct rtm_entity *ent, uint32_t dest, ULONG protocol, uint32_t views,
                      RTM_DEST_INFO *out);
void rtm_route_info(struct rtm_table *t, uint32_t route, RTM_ROUTE_INFO *out);
/* The same without references, for direct pointers. */
void rtm_route_show(const struct rtm_table *t, uint32_t route, RTM_ROUTE_INFO *out);
DWORD rtm_dest_info_release(struct rtm_table *t, UINT count, RTM_DEST_INFO *infos);
DWORD rtm_route_info_release(struct rtm_table *t, const RTM_ROUTE_INFO *info);
/* Release an array, all or nothing. */
DWORD rtm_release_array(struct rtm_entity *ent, enum rtm_kind kind, UINT count,
                        HANDLE *handles);

/* ---- nexthop.c ----------------------------------------------------------------- */

struct rtm_nexthop *rtm_nexthop_find(const struct rtm_entity *ent, const struct rtm_key *key,
                                     ULONG interface);
/* The first at or behind (key, interface). */
struct rtm_nexthop *rtm_nexthop_lower(const struct rtm_entity *ent, const struct rtm_key *key,
                                      ULONG interface);
struct rtm_nexthop *rtm_nexthop_next(const struct rtm_nexthop *nh);
DWORD rtm_nexthop_add(struct rtm_entity *ent, const struct rtm_key *key,
                      const RTM_NEXTHOP_INFO *info, uint32_t remote, struct rtm_nexthop **out);
void rtm_nexthop_set(struct rtm_table *t, struct rtm_nexthop *nh, USHORT flags, void *info,
                     uint32_t remote);
/* Show the committed contents to direct pointers. */
void rtm_nexthop_refresh(struct rtm_table *t, struct rtm_nexthop *nh);
void rtm_nexthop_delete(struct rtm_table *t, struct rtm_nexthop *nh);
void rtm_nexthop_collect(struct rtm_table *t, struct rtm_nexthop *nh);
void rtm_nexthop_unpin(struct rtm_table *t, uint32_t slot);

/* ---- lock.c ------------------------------------------------------------------- */

/* Slow paths of the gates below. */
DWORD rtm_gate_peek(const struct list *holders, bool write);
DWORD rtm_gate_peek_dest(const struct rtm_table *t, uint32_t dest, bool write);
DWORD rtm_gate_wait(struct rtm_table *t, DWORD verdict);

/* May this thread read or change a destination now? RTM_AGAIN: it waited, look anew. */
static inline DWORD
rtm_gate_dest(struct rtm_table *t, uint32_t dest, bool write)
{
	if (dest == 0 || (rtm_dest_at(t, dest)->flags & DEST_LOCKED) == 0)
		return NO_ERROR;
	return rtm_gate_wait(t, rtm_gate_peek_dest(t, dest, write));
}

static inline DWORD
rtm_gate_nexthop(struct rtm_table *t, const struct rtm_nexthop *nh, bool write)
{
	if (list_empty(&nh->holders))
		return NO_ERROR;
	return rtm_gate_wait(t, rtm_gate_peek(&nh->holders, write));
}

DWORD rtm_lock_dest(struct rtm_entity *ent, uint32_t dest, uint32_t route, bool exclusive);
DWORD rtm_lock_nexthop(struct rtm_entity *ent, struct rtm_nexthop *nh, bool exclusive);
/* The caller's lock on it, or NULL. @param route as when it was taken. */
struct rtm_holder *rtm_lock_of_dest(const struct rtm_entity *ent, uint32_t dest,
                                    uint32_t route);
struct rtm_holder *rtm_lock_of_nexthop(const struct rtm_entity *ent,
                                       const struct rtm_nexthop *nh);
/* Whether an unlock in this mode is right: NO_ERROR, ERROR_NOT_LOCKED, ERROR_INVALID_PARAMETER.
 */
DWORD rtm_unlock_check(const struct rtm_holder *holder, bool exclusive);
void rtm_unlock(struct rtm_table *t, struct rtm_holder *holder);
/* Take back what was lent with the lock; the structure shows the committed contents again. */
void rtm_lock_take_back(struct rtm_table *t, struct rtm_holder *holder);
/* All of an entity. */
void rtm_unlock_all(struct rtm_entity *ent);

/* ---- hold.c ------------------------------------------------------------------- */

DWORD rtm_hold_mark(struct rtm_table *t, uint32_t dest, uint32_t views, ULONG ms);
/* A route has just left a destination: begin the hold where it was the last of a marked view.
 */
void rtm_hold_begin(struct rtm_table *t, uint32_t dest, uint32_t route, uint32_t views);
void rtm_hold_end(struct rtm_table *t, uint32_t dest);

/* ---- opaque.c ------------------------------------------------------------------ */

/* Reserve a column; -1: none is left. */
int rtm_opaque_reserve(struct rtm_table *t);
void rtm_opaque_release(struct rtm_table *t, int column);
/* The address of a slot, made when first asked for; NULL: no memory. */
void **rtm_opaque_slot(struct rtm_table *t, int column, uint32_t dest);
bool rtm_opaque_any(const struct rtm_table *t, uint32_t dest);
void rtm_opaque_free(struct rtm_table *t);

/* ---- notify.c ------------------------------------------------------------------ */

DWORD rtm_notify_register(struct rtm_entity *ent, uint32_t views, uint32_t shown,
                          uint32_t flags, void *context, struct rtm_notify **out);
void rtm_notify_deregister(struct rtm_table *t, struct rtm_notify *reg);
/* See to it that rtm_notify_change() needs no memory for any destination slot. */
bool rtm_notify_reserve(struct rtm_table *t);
void rtm_notify_change(struct rtm_table *t, uint32_t dest, const struct rtm_change *change);
bool rtm_notify_pending(const struct rtm_notify *reg, uint32_t dest);
/* Take a destination out of the queue, if it is in. Its pin is the caller's to drop. */
bool rtm_notify_remove(struct rtm_notify *reg, uint32_t dest);
bool rtm_notify_marked(const struct rtm_notify *reg, uint32_t dest);
DWORD rtm_notify_mark(struct rtm_table *t, struct rtm_notify *reg, uint32_t dest, bool mark);

/* ---- enum.c -------------------------------------------------------------------- */

struct rtm_enum *rtm_enum_new(struct rtm_entity *ent, enum rtm_enum_kind kind);
void rtm_enum_free(struct rtm_table *t, struct rtm_enum *en);
/* Stand at the first, or at `key`. */
void rtm_enum_start(struct rtm_table *t, struct rtm_enum *en, const struct rtm_key *key);
DWORD rtm_enum_dests(struct rtm_table *t, struct rtm_enum *en, UINT *count, RTM_DEST_INFO *out);
DWORD rtm_enum_routes(struct rtm_table *t, struct rtm_enum *en, UINT *count, HANDLE *out);
DWORD rtm_enum_nexthops(struct rtm_table *t, struct rtm_enum *en, UINT *count, HANDLE *out);
void rtm_enum_list(struct rtm_table *t, struct rtm_enum *en, UINT *count, HANDLE *out);
bool rtm_matches(const struct rtm_table *t, const struct rtm_match *match, uint32_t route);

/* ---- routelist.c ---------------------------------------------------------------- */

struct rtm_list *rtm_list_new(struct rtm_entity *ent);
void rtm_list_free(struct rtm_table *t, struct rtm_list *list);
/* Move a route whose extra record exists; NULL: out of any list. */
void rtm_list_move(struct rtm_table *t, uint32_t route, struct rtm_list *list);

/* ---- age.c, turn.c ---------------------------------------------------------------- */

void rtm_timer_set(struct rtm_table *t, struct rtm_timer *timer, uint64_t deadline_ms);
/* Queue what is due; when the next is. */
void rtm_timers_run(struct rtm_table *t);
uint64_t rtm_timers_next(const struct rtm_table *t);
void rtm_timer_clear(struct rtm_table *t, struct rtm_timer *timer);
/* Restart the age of a route whose extra record exists unless `ttl_ms` is INFINITE. */
void rtm_age_set(struct rtm_table *t, uint32_t route, ULONG ttl_ms);
/* The entity has something to be called back for. */
void rtm_ready(struct rtm_entity *ent);
/* Tell the others that an entity came or went. */
void rtm_news_post(struct rtm_table *t, struct rtm_news *news);
/* A listener goes: what it has not read does not wait for it. */
void rtm_news_forget(struct rtm_entity *ent);
/* A lock went: what rtm_turn() had to leave may be possible now. */
void rtm_turn_retry(struct rtm_table *t);
/* Whether this thread is inside a call-back of that kind. */
bool rtm_turn_inside(RTM_EVENT_TYPE what);
/* Whether this thread is the one that runs call-backs now. */
bool rtm_turn_is_mine(void);

/* ---- api_method.c ---------------------------------------------------------------------- */

/* Wait until no other thread runs a method of the entity. */
DWORD rtm_methods_finish(struct rtm_entity *ent);

/* ---- spec.c ------------------------------------------------------------------------ */

enum { RTM_MAX_HOPS = 255 };

/* Check the contents of a route as its owner gives them. @param hop room for RTM_MAX_HOPS.
 * @param present  the route's path, whose deleted next hops it may keep; or NULL. */
DWORD rtm_spec_of(const struct rtm_entity *ent, const RTM_ROUTE_INFO *info,
                  const struct rtm_path *present, uint32_t *hop, struct rtm_spec *spec);
/* Check criteria; `hop' of the result points into `route'. */
DWORD rtm_match_of(const struct rtm_table *t, RTM_MATCH_FLAGS flags,
                   const RTM_ROUTE_INFO *route, ULONG interface, struct rtm_match *match);

#endif
