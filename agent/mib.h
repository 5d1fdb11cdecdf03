/*
 * The MIB floor as the SNMP floor above it sees it: tables and scalars that can be
 * read by name, and one transaction per SET PDU. Plain C; no SNMP library type passes.
 *
 * The view owns its side table and its transactions; the IP Helper world underneath
 * is borrowed. One thread: that of the loop.
 */
#ifndef AGENT_MIB_H
#define AGENT_MIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "iphlp/iph.h"
#include "store/store.h"

typedef uint32_t mib_subid;
#define MIB_OID_MAX 128
#define MIB_KEY_OCTETS 48 /* of a packed name of a row */

/* ASN.1 types as far as our objects use them; numbers are their BER tags. */
enum mib_type {
	MIB_INTEGER = 0x02,
	MIB_OCTETS = 0x04,
	MIB_NULL = 0x05,
	MIB_OBJID = 0x06,
	MIB_IPADDRESS = 0x40,
	MIB_COUNTER = 0x41,
	MIB_GAUGE = 0x42, /* Unsigned32 has the same tag */
	MIB_TIMETICKS = 0x43,
	MIB_COUNTER64 = 0x46
};

/* error-status of RFC 3416 */
enum mib_error {
	MIB_NOERROR = 0,
	MIB_GENERR = 5,
	MIB_NOACCESS = 6,
	MIB_WRONGTYPE = 7,
	MIB_WRONGLENGTH = 8,
	MIB_WRONGENCODING = 9,
	MIB_WRONGVALUE = 10,
	MIB_NOCREATION = 11,
	MIB_INCONSISTENTVALUE = 12,
	MIB_RESOURCEUNAVAILABLE = 13,
	MIB_COMMITFAILED = 14,
	MIB_UNDOFAILED = 15,
	MIB_NOTWRITABLE = 17,
	MIB_INCONSISTENTNAME = 18
};

struct mib_value {
	enum mib_type type;
	size_t len; /* of octets, in bytes; of objid, in sub-identifiers */
	union {
		int64_t integer;     /* INTEGER */
		uint32_t gauge;      /* GAUGE, COUNTER, TIMETICKS */
		uint64_t counter;    /* COUNTER64 */
		uint8_t octets[256]; /* OCTETS, IPADDRESS (4, network order) */
		mib_subid objid[MIB_OID_MAX];
	} u;
};

/* What a read found. */
enum mib_found {
	MIB_FOUND,
	MIB_NO_SUCH_OBJECT,   /* no such column or scalar */
	MIB_NO_SUCH_INSTANCE, /* no such row now */
	MIB_END,              /* GETNEXT: nothing after that in this registration */
	MIB_READ_FAILED       /* the core failed: genErr */
};

struct mib;

/*
 * What the SNMP floor registers: one root per object, disjoint. A name is given and
 * returned *relative to the root*: for a table `1.<column>.<index>', for a scalar `0'
 * is part of the root and the relative name is empty.
 */
struct mib_object {
	const char *name; /* "inetCidrRouteTable" */
	mib_subid root[16];
	size_t root_len;
	bool scalar;
	bool writable;
	/* Where snmpd registers the columns one by one: 1.1 to 1.last_column; else 0. */
	mib_subid last_column;
	/* The tables' handlers; `next' writes the name that follows `name'. */
	enum mib_found (*get)(struct mib *mib, const mib_subid *name, size_t len,
	                      struct mib_value *out);
	enum mib_found (*next)(struct mib *mib, const mib_subid *name, size_t len,
	                       mib_subid *out_name, size_t *out_len, struct mib_value *out);
};

/** Every object there is, in OID order. */
extern const struct mib_object *const mib_objects[];
extern const size_t mib_objects_count;
/** Whether the configuration has it served: those that are not are not to be registered. */
bool mib_serves(const struct mib *mib, const struct mib_object *object);

/* ---- what it is told --------------------------------------------------------- */

/* What a refused SET leaves behind: the log line, and a row of rtmRefusedTable. */
struct mib_refusal {
	const char *table;
	const char *column; /* the object of the varbind at fault */
	const char *row;    /* the row in words: "10.1.0.0/16 via 192.0.2.1 if 2" */
	enum mib_error error;
	size_t varbind;         /* position in the PDU, from 1 */
	struct iph_fault fault; /* code 0 where the MIB itself refused */
	const char *phase;      /* "test", "commit", "undo" */
	const char *policy;     /* the word of the configuration that forbids it, or NULL */
};

/* What managers may not write whatever SNMP's views say; all zero forbids nothing. */
struct mib_policy {
	bool read_only;
	const struct prefix *protect; /* nothing equal to these or inside; borrowed */
	size_t nprotect;
	const struct prefix *allow; /* only these and what is inside; none: everything */
	size_t nallow;
	size_t max_rows; /* rows of managers, staged ones included; 0: no limit */
};

/* What there can be a notification of [RTM-MIB]. */
enum mib_notice_kind {
	MIB_NOTICE_ADDED,
	MIB_NOTICE_REMOVED,
	MIB_NOTICE_CHANGED,
	MIB_NOTICE_REFUSED,
	MIB_NOTICE_KINDS
};

/* Whose rows: bits 1 to 19 are protocols as inetCidrRouteProto shows them. */
#define MIB_OWNER_SNMP 0x1u          /* made by managers or the route functions */
#define MIB_OWNER_OTHERS 0x80000000u /* all others */

/* Which of them are sent; all zero: none. */
struct mib_notify {
	unsigned kinds;                /* bits 1 << enum mib_notice_kind */
	const struct prefix *prefixes; /* routes equal to these or inside; none: all */
	size_t nprefixes;
	uint32_t owners; /* 0: all */
	unsigned rate;   /* in a second */
};

struct mib_config {
	struct iph *iph;
	unsigned row_timeout_s; /* reaper, 300 */
	bool zero_next_hop;     /* on-link rows are spelled 0.0.0.0 or ::, not as unknown(0) */
	bool no_ip_route_table; /* leave it to somebody else */
	uint64_t (*now_ms)(void *arg);
	struct mib_policy policy;
	/* What RTM-MIB tells of the agent itself; may be NULL. */
	const char *version, *forwarder;
	const char *context; /* the SNMP context that this view is seen in */
	struct mib_notify notify;
	FILETIME (*calendar)(void *arg); /* what day it is, for people and for what is stored */
	/* Whether the forwarder sends packets this way; NULL: it sends none. */
	bool (*forwards)(void *arg, const struct iph_route *route);
	void *forwards_arg;
	void (*refused)(void *arg, const struct mib_refusal *refusal); /* may be NULL */
	const struct store_port *store; /* borrowed; NULL: nothing is remembered */
	void *arg;
};

/* ---- life, and rows that survive it ------------------------------------------ */

/** @return NO_ERROR or the code of what failed underneath. */
DWORD mib_open(const struct mib_config *config, struct mib **out);
void mib_close(struct mib *mib);

/** A session with the master has begun; RTM-MIB counts them. */
void mib_session_began(struct mib *mib);

/* What became of the rows of the store. */
struct mib_restored {
	size_t active, staged;
	size_t parked;  /* cannot be active now: shown as notInService, and kept */
	size_t over;    /* their lifetime has ended meanwhile: dropped */
	size_t unshown; /* no row of this table could look like that: left in the file */
};

/** Bring the stored rows of this instance back; after mib_open(), before the first request. */
DWORD mib_restore(struct mib *mib, struct mib_restored *out);

/* What became of an import. */
struct mib_imported {
	struct iph_fault fault; /* code NO_ERROR: all of it is in */
	size_t row;             /* the row at fault, from 1; 0: no single one */
	size_t rows;            /* that are in */
};

/**
 * Take rows in, all of them or none, as one transaction of table, forwarder and store: a few
 * with each step, from the loop, the first step while no SET is under way. Until it is over
 * reading goes on, and every other change is refused.
 *
 * @param mibs     every instance there is; a row of another one is refused. All have a store.
 * @param replace  the stored rows of before go.
 * @param next     gives the rows one by one; false: there are no more.
 * @return         NULL: no memory.
 */
struct mib_import;
struct mib_import *mib_import_new(struct mib *const *mibs, size_t n, bool replace,
                                  bool (*next)(void *arg, struct store_row *out), void *arg);
/** @return true: it is over. */
bool mib_import_step(struct mib_import *im);
/** From here on `next' is not called; the steps that follow take back what is in. */
void mib_import_cancel(struct mib_import *im);
/** What became of it, when it is over; ERROR_OPERATION_ABORTED: it was cancelled. */
const struct mib_imported *mib_import_result(const struct mib_import *im);
/** What is not over is taken back at once. */
void mib_import_free(struct mib_import *im);

/** A row was changed past this floor: remember it; what the port of struct iph_ports needs. */
DWORD mib_store_change(struct mib *mib, enum iph_verb verb, const struct iph_route *route);

/*
 * How far a view is with the rows of an interface that goes or comes: all zero but for the
 * index to begin with. Between two steps anything may happen that is not a SET half done.
 */
struct mib_moving {
	NET_IFINDEX index;
	size_t moved; /* rows so far */
	size_t family, before;
	RTM_ENUM_HANDLE list;
	uint8_t at[MIB_KEY_OCTETS]; /* the name reached */
	bool begun;
};

/**
 * An interface is about to go: some of its rows become notInService, for as long as it is away.
 * It may go when no row is left. Or it has come, or changed: some of the rows that waited for
 * it become active.
 * @return  false: there are no more.
 */
bool mib_interface_goes(struct mib *mib, struct mib_moving *moving);
bool mib_interface_came(struct mib *mib, struct mib_moving *moving);
/** Break it off. */
void mib_moving_end(struct mib *mib, struct mib_moving *moving);

/** Whether a SET is under way: tested, and neither done nor given up. */
bool mib_in_set(const struct mib *mib);

/** Take in what changed in the core since last time; cheap when nothing did. */
void mib_sync(struct mib *mib);

/** Drop rows left unfinished for too long. @return when to call again, UINT64_MAX: never. */
uint64_t mib_reap(struct mib *mib);

/* ---- notifications ----------------------------------------------------------- */

/* A notification, ready to be sent but for what every one has. */
#define MIB_NOTICE_VARS 8

struct mib_notice_var {
	mib_subid name[MIB_OID_MAX];
	size_t len;
	struct mib_value value;
};

struct mib_notice {
	mib_subid oid[16]; /* which one it is: snmpTrapOID */
	size_t oid_len;
	struct mib_notice_var vars[MIB_NOTICE_VARS];
	size_t nvars;
};

/**
 * From now on note what changes, if config.notify asks for any, and ring when something is
 * noted, from within whatever changes it. NULL: no longer.
 * @return NO_ERROR or ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD mib_watch(struct mib *mib, void (*ring)(void *arg), void *arg);
/** Hand out what is noted, from the loop; `send' says whether it could. */
void mib_notices_send(struct mib *mib, bool (*send)(void *arg, const struct mib_notice *notice),
                      void *arg);

/* ---- changing rows ----------------------------------------------------------- */

/*
 * One SET PDU. The SNMP floor adds the varbinds in PDU order, then runs the phases;
 * each answers with an error and the varbind it points at (numbers as given to
 * mib_tx_add), MIB_NOERROR otherwise. Any order of phases is survived, so is a
 * transaction that is freed in any state: what was applied and not committed is
 * undone by mib_tx_free().
 */
struct mib_tx;

struct mib_varbind {
	const struct mib_object *object;
	const mib_subid *name; /* relative to the root, copied */
	size_t name_len;
	struct mib_value value; /* copied; type is the type on the wire */
	bool value_too_long;    /* the wire value did not fit mib_value: only its type counts */
	size_t number;          /* 1.. in the PDU */
};

struct mib_result {
	enum mib_error error;
	size_t varbind; /* number of the varbind at fault, 0 where there is none */
};

struct mib_tx *mib_tx_new(struct mib *mib); /* NULL: no memory */
/** Steps 2 to 6 of RFC 3416 4.2.5 for this varbind alone, and its place in the row. */
enum mib_error mib_tx_add(struct mib_tx *tx, const struct mib_varbind *vb);
/** Rows and PDU as a whole: transitions, completeness, the core's dry run, memory. */
struct mib_result mib_tx_check(struct mib_tx *tx);
/** Do it all: deletes, changes, creates. On failure everything done is undone. */
struct mib_result mib_tx_apply(struct mib_tx *tx);
/** Undo an applied transaction, or report the failure of the undo that apply did. */
struct mib_result mib_tx_undo(struct mib_tx *tx);
/** Cannot fail. */
void mib_tx_commit(struct mib_tx *tx);
void mib_tx_free(struct mib_tx *tx);

#endif
