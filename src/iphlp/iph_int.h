/*
 * Inside of the IP Helper room: the world, the record behind a row of its own, and the
 * steps that the documented functions are made of. Nothing here leaves src/iphlp.
 */
#ifndef IPHLP_IPH_INT_H
#define IPHLP_IPH_INT_H

#include "base/tree.h"
#include "iftab/inet.h"
#include "iphlp/gate.h"
#include "iphlp/iph.h"

#define DEFAULT_OFFSET 256u /* what Metric -1 becomes [NETIO K3] */
#define METRIC_UNUSED 0xFFFFFFFFu
#define SITE_UNSPECIFIED 255
#define PROTOCOL_UNSPECIFIED 0xFFFFFFFFu

/* The four booleans of a row, in one byte. */
enum side_flag {
	SIDE_LOOPBACK = 1,
	SIDE_AUTOCONFIGURE = 2,
	SIDE_PUBLISH = 4,
	SIDE_IMMORTAL = 8
};

/*
 * What a row has and an RTM route has no room for. EntitySpecificInfo of a route of
 * ours points at one; there may be a million, hence the packing. Owned by the pool of
 * the world, lives as long as its route, read and written under the world lock.
 */
struct side {
	ULONG valid_s, preferred_s;
	ULONG offset;    /* Metric of the row; PrefInfo.Metric has the interface's added */
	USHORT protocol; /* the values of [NETIO 1.7] fit */
	UCHAR site_length;
	UCHAR flags;         /* enum side_flag */
	uint64_t changed_ms; /* Age counts from here */
};

/* Records of one size, handed out from blocks; all of it goes with the world. */
struct side_pool {
	struct side_block *blocks;
	union side_slot *free;
	size_t used;
};

struct side *side_new(struct side_pool *pool);
void side_free(struct side_pool *pool, struct side *side);
void side_pool_clear(struct side_pool *pool);

/* One address family of a world: an RTM registration and buffers for its answers. */
#define KNOWN_HOPS 32 /* a power of two */

struct known_hop {
	RTM_NEXTHOP_HANDLE handle;
	ULONG if_index;
	UCHAR addr[RTM_MAX_ADDRESS_SIZE];
};

struct family {
	RTM_ENTITY_HANDLE entity;
	ADDRESS_FAMILY family;
	UINT batch;              /* handles an enumeration gives at once */
	RTM_DEST_INFO *dest;     /* room for one view */
	RTM_ROUTE_INFO *route;   /* room for the most next hops a route may have */
	RTM_ROUTE_HANDLE *found; /* room for a batch */
	RTM_DEST_INFO *ahead;    /* room for a batch with one view each */
	/* What the core said lately. A handle is never used twice, and neither the key of a
	 * next hop nor the identity of an entity ever changes, so this cannot go stale. */
	RTM_ENTITY_HANDLE owner;
	ULONG owner_protocol;
	struct known_hop known[KNOWN_HOPS];
	/* watch.c, while somebody is subscribed */
	RTM_NOTIFY_HANDLE notify;
	RTM_DEST_INFO *changed; /* room for a batch */
	struct tree seen;
};

/* notify.c */
struct notifier {
	struct subscriber *subscribers;
	struct event *head, **tail;
	uint64_t next_event, last_subscriber;
	bool watching; /* one who leaves and waits for his call-back is in the list no more */
	bool dispatching;
};

struct iph {
	const struct iph_far *far; /* NULL: the table is here */
	struct iftab *ifs;
	USHORT instance;
	struct iph_ports ports;
	struct gate gate;
	struct family families[IFTAB_FAMILIES];
	struct side_pool sides;
	struct notifier notifier;
	struct if_setting *settings; /* sorted by index and family */
	size_t nsettings, settings_cap;
	struct iph *next; /* of all worlds, for the call-back that only names an entity */
	unsigned pins;    /* call-backs at work in it */
};

/* What SetIpInterfaceEntry left behind. */
struct if_setting {
	MIB_IPINTERFACE_ROW row;
	ULONG system_metric; /* before the first Set: what `automatic' means */
};

/* The key of a row, in RTM's terms. */
struct key {
	struct family *family;
	RTM_NET_ADDRESS dest;
	RTM_NET_ADDRESS hop;
	ULONG if_index;
};

/* A row that a key names. */
struct found {
	bool exists;
	bool own;
	RTM_ROUTE_HANDLE route; /* referenced; own rows only */
	struct side *side;      /* own rows only */
	USHORT flags;           /* RTM_ROUTE_FLAGS_* */
};

/* ---- world.c -------------------------------------------------------------- */

struct family *iph_family(struct iph *iph, ADDRESS_FAMILY family);
uint64_t iph_now_ms(const struct iph *iph);
/** Whether the caller may change: the port's answer. */
bool iph_privileged(const struct iph *iph);
/** Have the interfaces of a far world as they are now; nothing to do for one that is here. */
DWORD iph_refresh(struct iph *iph);
/** The name form of a LUID. */
void iph_if_name(NET_LUID luid, char name[IF_MAX_STRING_SIZE + 1]);
/** The world that the documented functions act on; NULL: there is none. */
struct iph *iph_world(void);
/** The world that an RTM registration belongs to, kept open until iph_unpin(); or NULL. */
struct iph *iph_pin(RTM_ENTITY_HANDLE entity);
void iph_unpin(struct iph *iph);

/** iph_interface_put() for who has the turn and the lock already. */
DWORD iph_interface_change(struct iph *iph, const struct iftab_if *desc);

/* ---- check.c, check1.c ---------------------------------------------------- */

/* One call of a change or read function while its rules are looked at. */
struct request {
	struct iph *iph;
	enum iph_verb verb;
	const struct iph_route *route; /* version 2: as the caller gave it, or NULL */
	const MIB_IPFORWARDROW *row1;  /* version 1: likewise */
	bool commit_later;             /* iph_commit() will ask the forwarder */
	uint64_t age_ms;               /* how long ago the change was made */
	struct iph_route want;         /* the row meant, completed as rules pass */
	bool keep_booleans;            /* a version 1 Set has none to give */
	const struct iftab_if *iface;  /* under the world lock only */
	struct key key;
	struct found found;
	DWORD error; /* a rule could not be looked at: what the core answered */
};

#define IPH_GET (IPH_DELETE + 1) /* reading has rules too, most of them the same */

struct rule {
	unsigned verbs; /* bits 1 << enum iph_verb */
	bool (*broken)(struct request *req);
	DWORD code;
	enum iph_field field;
	enum iph_reason reason;
	const char *source;
};

#define ON(verb) (1u << (verb))
#define ON_ALL (ON(IPH_CREATE) | ON(IPH_SET) | ON(IPH_DELETE) | ON(IPH_GET))
#define ON_CHANGE (ON(IPH_CREATE) | ON(IPH_SET) | ON(IPH_DELETE))
#define ON_WRITE (ON(IPH_CREATE) | ON(IPH_SET))

/** The first rule broken decides; the code is also in fault. */
DWORD iph_rules(const struct rule *rules, size_t n, struct request *req,
                struct iph_fault *fault);
/** Fill in a fault for what came from the core, not from a rule. */
DWORD iph_fault_from(DWORD code, struct iph_fault *fault);

/* Rules on the arguments and the caller: outside the world lock. */
DWORD iph_check_arguments(struct request *req, struct iph_fault *fault);
/* Rules on interfaces and the table: under it. Leaves a reference in req->found. */
DWORD iph_check_state(struct request *req, struct iph_fault *fault);
/* The last part of those, on req->want, which is complete. */
DWORD iph_check_table(struct request *req, struct iph_fault *fault);
/* The same for version 1, which makes req->want out of the row on its way. */
DWORD iph_check1_key(struct request *req, struct iph_fault *fault);
DWORD iph_check1_arguments(struct request *req, struct iph_fault *fault);
DWORD iph_check1_translate(struct request *req, struct iph_fault *fault);
DWORD iph_check1_state(struct request *req, struct iph_fault *fault);

/* Conditions that both generations have. */
bool iph_is_privilege_missing(struct request *req);
bool iph_is_row_there(struct request *req);
bool iph_is_row_missing(struct request *req);
bool iph_is_row_foreign(struct request *req);
bool iph_is_hop_unusable(const SOCKADDR_INET *hop);
bool iph_is_protocol(ULONG protocol);

/* ---- table.c: rows in RTM, under the world lock --------------------------- */

/** Clear what no row keeps of an address: port, flow, scope. */
void iph_plain(SOCKADDR_INET *sa);
void iph_net_address(RTM_NET_ADDRESS *out, const SOCKADDR_INET *sa, unsigned length);
void iph_key(struct iph *iph, const struct iph_route *route, struct key *out);
/** The row with this key: one of ours before one of another client. */
DWORD iph_find(struct iph *iph, const struct key *key, struct found *out);
void iph_found_release(const struct key *key, struct found *found);

/** The key of a route of ours; false where the core no longer knows it. */
bool iph_key_of_route(struct family *family, RTM_ROUTE_HANDLE route, struct key *key,
                      struct found *found);
/** Publish our rows on an interface again, after its metric changed. */
void iph_publish_interface(struct iph *iph, struct family *family, NET_IFINDEX index);

/** The total metric of a row, which RTM orders by. */
ULONG iph_total(const struct iph *iph, const struct key *key, ULONG offset);
/** Put a row in, or change the one that is there; side becomes the route's. */
DWORD iph_publish(struct iph *iph, const struct key *key, enum iph_kind kind,
                  struct side *side);
/** Take a row out; consumes found->route on success. The side stays the caller's. */
DWORD iph_withdraw(const struct key *key, struct found *found);
/* A next hop is in our RTM list as long as rows use it; see table.c. */
DWORD iph_hop_use(const struct key *key);
void iph_hop_drop(const struct key *key);

enum iph_kind iph_kind_of(USHORT flags);

/* ---- change.c --------------------------------------------------------------- */

/* Looks at the state of the world; iph_check_state() or iph_check1_state(). */
typedef DWORD iph_state_check(struct request *req, struct iph_fault *fault);
/** Only look. */
DWORD iph_dry_run(struct request *req, iph_state_check *check, struct iph_fault *fault);
/** Look, change, ask the forwarder, and take everything back if it refuses. */
DWORD iph_perform(struct request *req, iph_state_check *check, struct iph_fault *fault);

/* ---- read.c --------------------------------------------------------------- */

/** A row's own members out of its record. */
void iph_row_from_side(const struct side *side, uint64_t now_ms, MIB_IPFORWARD_ROW2 *row);

/* Sees one route of a destination; info is borrowed for the call. */
typedef DWORD iph_visitor(void *arg, RTM_ROUTE_HANDLE route, const RTM_ROUTE_INFO *info,
                          bool best);
/** Every route of a destination in the unicast view, best first. Under the lock. */
DWORD iph_visit(struct family *family, RTM_NET_ADDRESS *dest, iph_visitor *visitor, void *arg);
DWORD iph_visit_dest(struct family *family, const RTM_DEST_INFO *info, iph_visitor *visitor,
                     void *arg);

/* Rows of one destination while they are collected; `rows' is kept for the next one. */
struct gather {
	struct iph *iph;
	struct family *family;
	IP_ADDRESS_PREFIX prefix;
	struct iph_route *rows;
	size_t cap, n;
	size_t base;    /* where the rows of this destination begin; those before it stay */
	size_t foreign; /* of the rows behind base */
	uint64_t now_ms;
	FILETIME changed;
};

/** All rows of a destination, given by prefix or as the core described it. Under the lock. */
DWORD iph_gather(struct gather *gather, const IP_ADDRESS_PREFIX *prefix);
DWORD iph_gather_dest(struct gather *gather, const RTM_DEST_INFO *info);
/** Next hop and interface are equal. */
bool iph_same_hop(const MIB_IPFORWARD_ROW2 *a, const MIB_IPFORWARD_ROW2 *b);

/* ---- list.c, best.c ---------------------------------------------------------- */

/** Metric of the row plus that of its interface. Under the lock. */
uint64_t iph_sum(const struct iph *iph, const MIB_IPFORWARD_ROW2 *row);
/** A version 2 row in version 1 words; IPv4 only. Under the lock. */
void iph_row2_to_row1(const struct iph *iph, const MIB_IPFORWARD_ROW2 *row,
                      MIB_IPFORWARDROW *out);
bool iph_any_stack(const struct iph *iph, ADDRESS_FAMILY family);

/* ---- notify.c, watch.c; all under the lock ------------------------------------- */

struct event;

/** Memory for an event, before the change; *out is NULL where nobody would hear of it. */
DWORD iph_event_new(struct iph *iph, struct event **out);
void iph_event_free(struct event *event);
/** Queue it; NULL is fine. The key members of the row are copied. */
void iph_event_post(struct iph *iph, struct event *event, MIB_NOTIFICATION_TYPE type,
                    const MIB_IPFORWARD_ROW2 *row);
void iph_notifier_init(struct notifier *notifier);
void iph_notifier_close(struct iph *iph);
/** Begin to remember rows of other clients, for the first subscriber. */
DWORD iph_watch_begin(struct iph *iph);
void iph_watch_end(struct iph *iph);
void iph_watch_changed(struct iph *iph, struct family *family);

/* ---- expire.c ------------------------------------------------------------- */

DWORD WINAPI iph_event(RTM_ENTITY_HANDLE entity, RTM_EVENT_TYPE type, PVOID context1,
                       PVOID context2);
/** How old the row is. */
uint64_t iph_elapsed_ms(const struct side *side, uint64_t now_ms);
/** How long RTM should let the row live from now on. */
ULONG iph_time_to_live(const struct side *side, uint64_t now_ms);

#endif
