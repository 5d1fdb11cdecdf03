/*
 * The IP Helper route functions on a world of one's own: an interface table, an RTM
 * instance, and the ports through which a change reaches the forwarder and the disk.
 * CreateIpForwardEntry2 and its siblings are one-line shells over these, acting on
 * iph_default. The world owns its RTM registrations; rows are copied both ways.
 * Any thread may call.
 *
 * SNMP wants to know which value was wrong, so a check answers with a fault: the
 * documented code and the member that caused it.
 */
#ifndef IPHLP_IPH_H
#define IPHLP_IPH_H

#include <stdbool.h>

#include "iftab/iftab.h"
#include "iphlpapi.h"
#include "netioapi.h"
#include "rtmv2.h"

enum iph_field {
	IPH_FIELD_NONE,   /* no single member: memory, privilege, stack */
	IPH_FIELD_ROW,    /* the key as a whole: exists already, does not exist */
	IPH_FIELD_PREFIX, /* DestinationPrefix: family, host bits, class D */
	IPH_FIELD_LENGTH, /* PrefixLength, dwForwardMask */
	IPH_FIELD_NEXTHOP,
	IPH_FIELD_INTERFACE,
	IPH_FIELD_SITE,
	IPH_FIELD_LIFETIME,
	IPH_FIELD_METRIC,
	IPH_FIELD_PROTOCOL,
	IPH_FIELD_TYPE /* remote without gateway, local with one, unicast or not */
};

/* Why, beside the code: one code stands for several situations [MIB 5.2]. */
enum iph_reason {
	IPH_REASON_NONE,
	IPH_REASON_MISSING,   /* not given */
	IPH_REASON_RANGE,     /* outside what the member can ever hold */
	IPH_REASON_HOST_BITS, /* prefix has bits beyond its length */
	IPH_REASON_FAMILY,    /* families differ, or unknown */
	IPH_REASON_UNUSABLE,  /* loopback, multicast or reserved address */
	IPH_REASON_NO_SUCH,   /* interface or route is not there */
	IPH_REASON_NOT_BOUND, /* interface without that family */
	IPH_REASON_NO_ROUTES, /* interface takes no routes, or has sub-interfaces */
	IPH_REASON_BELOW_IF,  /* total metric below the interface's */
	IPH_REASON_EXISTS,
	IPH_REASON_FOREIGN, /* the route belongs to another RTM client */
	IPH_REASON_PRIVILEGE,
	IPH_REASON_STACK, /* family absent on this system */
	IPH_REASON_MEMORY,
	IPH_REASON_FORWARDER, /* the commit port refused */
	IPH_REASON_STORE      /* the store port refused */
};

struct iph_fault {
	DWORD code; /* NO_ERROR: no fault */
	enum iph_field field;
	enum iph_reason reason;
};

/* How a route treats packets; MIB_IPFORWARD_ROW2 has no member for it. */
enum iph_kind {
	IPH_UNICAST,  /* to the next hop, or on-link where that is all zero */
	IPH_REJECT,   /* dropped, sender told: RTM_ROUTE_FLAGS_DISCARD */
	IPH_BLACKHOLE /* dropped silently: RTM_ROUTE_FLAGS_BLACKHOLE */
};

/* A row with what surrounds it. Filled by reads; `kind' is also input of changes. */
struct iph_route {
	MIB_IPFORWARD_ROW2 row;
	enum iph_kind kind;
	bool own;          /* made through this interface: Set and Delete may act on it */
	bool best;         /* its RTM route is best in the unicast view */
	bool hidden;       /* martian, inactive or not unicast: no MIB shows it */
	USHORT flags;      /* RTM_ROUTE_FLAGS_* */
	ULONG protocol_id; /* EntityProtocolId of the owner */
	RTM_VIEW_SET views;
	ULONG preference;
};

enum iph_verb { IPH_CREATE, IPH_SET, IPH_DELETE };

/*
 * What a change needs from outside; every member may be NULL (always yes). The clocks
 * are asked under the world's lock and must not call back; the others may read the
 * world, and get ERROR_POSSIBLE_DEADLOCK when they try to change it.
 */
struct iph_ports {
	void *arg;
	/* May the present caller change routes? */
	bool (*privileged)(void *arg);
	/* Is there a stack for this family on this system? */
	bool (*stack)(void *arg, ADDRESS_FAMILY family);
	/* Make the forwarder agree with the destination now; a code when it refuses. */
	DWORD (*commit)(void *arg, USHORT instance, const RTM_NET_ADDRESS *dest);
	/*
	 * A row was changed in the table and the forwarder has agreed: remember it for good; a
	 * code when that cannot be, and the change is taken back everywhere. Of `route' the
	 * key and the kind count. Not asked by the changes that leave the forwarder out
	 * (iph_route_apply), nor obeyed when a row expires, which it hears of as IPH_DELETE.
	 */
	DWORD(*store)
	(void *arg, USHORT instance, enum iph_verb verb, const struct iph_route *route);
	/* Make the system agree with a changed interface row; a code when it refuses. */
	DWORD (*interface)(void *arg, const MIB_IPINTERFACE_ROW *row);
	/* iph_turn() has gained work, or rtm_deadline_ms() may have come nearer. From any
	 * thread, under the lock: must not call back. */
	void (*wake)(void *arg);
	/* Milliseconds of a clock that never goes back. NULL: Age stays 0. */
	uint64_t (*now_ms)(void *arg);
	/* The calendar time that rtm_advance() is told. NULL: Age of others' rows is 0. */
	FILETIME (*calendar)(void *arg);
};

struct iph;

/**
 * Open a world on an RTM instance; it registers as MIB_IPPROTO_NETMGMT for both families.
 * @param ifs  borrowed; must outlive the world.   @return a code of RtmRegisterEntity.
 */
DWORD iph_open(struct iftab *ifs, USHORT instance, const struct iph_ports *ports,
               struct iph **out);

#define IPH_SPANS 25

/* The rows of one destination among those of several. */
struct iph_span {
	IP_ADDRESS_PREFIX dest;
	size_t first, n;
};

/* Rows of destinations that follow each other. All zero is empty; the caller owns it. */
struct iph_rows {
	struct iph_route *rows;
	size_t cap;
	struct iph_span spans[IPH_SPANS];
	size_t nspans;
};

/*
 * A world that is elsewhere: its table is in another process, and these ask there. The
 * rest - whole tables, names, notification, arguments that are NULL - is the same code
 * for both. Codes are those of the functions on a world that have these names.
 */
struct iph_far {
	void *arg;
	DWORD(*change)
	(void *arg, enum iph_verb verb, const struct iph_route *route, struct iph_fault *fault);
	DWORD(*change1)
	(void *arg, enum iph_verb verb, const MIB_IPFORWARDROW *row, struct iph_fault *fault);
	DWORD (*get)(void *arg, struct iph_route *route);
	DWORD(*rows)
	(void *arg, const IP_ADDRESS_PREFIX *from, bool inclusive, struct iph_rows *out);
	DWORD(*best)
	(void *arg, const NET_LUID *luid, NET_IFINDEX index, const SOCKADDR_INET *source,
	 const SOCKADDR_INET *dest, struct iph_route *route, SOCKADDR_INET *best_source);
	/* Fill an empty interface table. */
	DWORD (*interfaces)(void *arg, struct iftab *out);
	/* The two calls on an interface row; the row is filled in on success. */
	DWORD (*interface_get)(void *arg, MIB_IPINTERFACE_ROW *row);
	DWORD (*interface_set)(void *arg, MIB_IPINTERFACE_ROW *row);
	/* From now on tell iph_far_event() of every change, or no longer. */
	DWORD (*watch)(void *arg, bool on);
};

/** Open a far world. `ports' needs wake only. @return NO_ERROR or ERROR_NOT_ENOUGH_MEMORY. */
DWORD iph_open_far(const struct iph_far *far, const struct iph_ports *ports, struct iph **out);
/** A row of a far world has changed; queued for iph_turn(). From any thread. */
void iph_far_event(struct iph *iph, MIB_NOTIFICATION_TYPE type, const MIB_IPFORWARD_ROW2 *row);

/** Deregister, which takes this world's routes away, and free. NULL is fine. */
void iph_close(struct iph *iph);

/** The world that the documented functions act on; NULL: they answer ERROR_NOT_SUPPORTED. */
extern struct iph *iph_default;
/** Asked for a world when iph_default is NULL; sets it. NULL: nobody has one to offer. */
extern void (*iph_default_open)(void);

/**
 * Dry run: every rule of the documented function in its order, and nothing changed.
 * @return  fault->code.
 */
DWORD iph_route_check(struct iph *iph, enum iph_verb verb, const struct iph_route *route,
                      struct iph_fault *fault);
/** Do it; on any failure the table and the forwarder are as before. @return fault->code. */
DWORD iph_route_change(struct iph *iph, enum iph_verb verb, const struct iph_route *route,
                       struct iph_fault *fault);
/** The same two for version 1 rows. */
DWORD iph_row1_check(struct iph *iph, enum iph_verb verb, const MIB_IPFORWARDROW *row,
                     struct iph_fault *fault);
DWORD iph_row1_change(struct iph *iph, enum iph_verb verb, const MIB_IPFORWARDROW *row,
                      struct iph_fault *fault);

/*
 * The same changes with the forwarder not asked, for several that belong together, so
 * that it goes from the old state to the new without what lies between. iph_commit() then
 * asks it for each destination; what it refuses, the caller takes back the same way.
 */
DWORD iph_route_apply(struct iph *iph, enum iph_verb verb, const struct iph_route *route,
                      struct iph_fault *fault);
DWORD iph_row1_apply(struct iph *iph, enum iph_verb verb, const MIB_IPFORWARDROW *row,
                     struct iph_fault *fault);
DWORD iph_commit(struct iph *iph, const IP_ADDRESS_PREFIX *dest, struct iph_fault *fault);
/** iph_route_apply(IPH_CREATE) of a row that was last changed so long ago. */
DWORD iph_route_restore(struct iph *iph, const struct iph_route *route, uint64_t age_ms,
                        struct iph_fault *fault);

/**
 * The rows made through this interface on one interface, in no order, some with each call. The
 * table may change in between; what comes behind the place that was reached is seen.
 * @param list  NULL begins; NULL again when there are no more, or after a failure.
 * @param rows, cap  as for iph_dest_rows().
 */
DWORD iph_interface_rows(struct iph *iph, ADDRESS_FAMILY family, NET_IFINDEX index,
                         RTM_ENUM_HANDLE *list, struct iph_route **rows, size_t *cap,
                         size_t *n);
/** Break it off. */
void iph_interface_rows_end(struct iph *iph, ADDRESS_FAMILY family, RTM_ENUM_HANDLE *list);

/** The key (prefix, next hop, interface) of a version 1 row, and its offset metric. */
DWORD iph_row1_to_row2(struct iph *iph, enum iph_verb verb, const MIB_IPFORWARDROW *row,
                       MIB_IPFORWARD_ROW2 *out, struct iph_fault *fault);

/** Fill in the route with the key of out->row. @return NO_ERROR or a code of Get2. */
DWORD iph_route_get(struct iph *iph, struct iph_route *out);

/*
 * Ordered reading, for views of the whole table. Destinations come in ascending
 * order of address, then prefix length; within one, rows come best first. Each call
 * is one search in the core; nothing is remembered between calls.
 */

/**
 * The rows of the first destination at or after `from', and of some that follow it.
 *
 * @param from       family decides the table; not necessarily canonical, nor present.
 * @param inclusive  false: strictly after.
 * @param most       destinations wanted, 1 to IPH_SPANS; fewer may come, though not none.
 * @param out        its memory is used again and grown; release with iph_rows_free().
 * @return           NO_ERROR; ERROR_NOT_FOUND at the end; ERROR_NOT_ENOUGH_MEMORY. Without
 *                   success out->nspans means nothing.
 */
DWORD iph_rows_next(struct iph *iph, const IP_ADDRESS_PREFIX *from, bool inclusive, size_t most,
                    struct iph_rows *out);
void iph_rows_free(struct iph_rows *rows);

/**
 * Every row of one destination: one per next hop of each route; two with an equal
 * key are shown once, the own one before a foreign one.
 *
 * @param rows  grown with mem_realloc() as needed and kept for the next call; release
 *              with mem_free(). @param cap  its capacity in rows, in and out.
 * @return      NO_ERROR; ERROR_NOT_FOUND (then *n is 0); ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD iph_dest_rows(struct iph *iph, const IP_ADDRESS_PREFIX *dest, struct iph_route **rows,
                    size_t *cap, size_t *n);

/**
 * The same, and whether no other destination has its address: in one search, which reads
 * nothing of its neighbours.
 *
 * @param alone  out. Where it is false the rows are only complete if no shorter
 *               destination has the address: ask iph_dest_rows().
 */
DWORD iph_dest_rows_alone(struct iph *iph, const IP_ADDRESS_PREFIX *dest,
                          struct iph_route **rows, size_t *cap, size_t *n, bool *alone);

/**
 * The same of all destinations that have this address, from the shortest to the longest;
 * of what lies behind them nothing is read.
 */
DWORD iph_address_rows(struct iph *iph, const SOCKADDR_INET *address, struct iph_route **rows,
                       size_t *cap, size_t *n);

/*
 * GetIpForwardTable2 and GetBestRoute2 on this world, after their checks of pointers.
 */

/** All rows of a family or (AF_UNSPEC) of both; freed with FreeMibTable(). */
DWORD iph_table(struct iph *iph, ADDRESS_FAMILY family, PMIB_IPFORWARD_TABLE2 *out);
/** `luid' and `source' may be NULL; outputs are untouched on failure. */
DWORD iph_best(struct iph *iph, const NET_LUID *luid, NET_IFINDEX index,
               const SOCKADDR_INET *source, const SOCKADDR_INET *dest, struct iph_route *route,
               SOCKADDR_INET *best_source);

/** GetIpInterfaceEntry and SetIpInterfaceEntry on this world. */
DWORD iph_interface_get(struct iph *iph, MIB_IPINTERFACE_ROW *row);
DWORD iph_interface_set(struct iph *iph, MIB_IPINTERFACE_ROW *row);

/** Whether the family has a stack: the port's answer. */
bool iph_stack(const struct iph *iph, ADDRESS_FAMILY family);

/*
 * Hearing of changes: NotifyRouteChange2 and CancelMibChangeNotify2 on this world.
 */

/** Call the subscribers of what happened, on this thread. @return whether there was any. */
bool iph_turn(struct iph *iph);
DWORD iph_subscribe(struct iph *iph, ADDRESS_FAMILY family, PIPFORWARD_CHANGE_CALLBACK callback,
                    PVOID context, bool initial, HANDLE *out);
DWORD iph_unsubscribe(struct iph *iph, HANDLE handle);

/*
 * Change the interface table of an open world: its readers are kept out meanwhile, and
 * rows on an interface with another metric are published again. Codes of iftab_put() and
 * iftab_remove(); ERROR_POSSIBLE_DEADLOCK from within a port of a change. Rows on an
 * interface that is gone stay, without LUID, until they are deleted.
 */
DWORD iph_interface_put(struct iph *iph, const struct iftab_if *desc);
DWORD iph_interface_remove(struct iph *iph, NET_IFINDEX index);

/** The RTM registration of this world for a family, for clients that subscribe. */
RTM_ENTITY_HANDLE iph_entity(struct iph *iph, ADDRESS_FAMILY family);
/** The interface table of this world. */
struct iftab *iph_iftab(struct iph *iph);
USHORT iph_instance(const struct iph *iph);

#endif
