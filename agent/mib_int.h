/*
 * Inside the MIB floor: rows, columns, the side table, what a table is made of.
 * Everything hangs below one struct mib, which owns it.
 */
#ifndef AGENT_MIB_INT_H
#define AGENT_MIB_INT_H

#include "base/tree.h"
#include "mib.h"
#include "mib_index.h"

/* ---- rows and columns ----------------------------------------------------- */

#define MIB_UNSET INT64_MIN /* the column has no value: never supplied */

/* RowStatus [RFC2579] */
enum mib_row_status {
	MIB_ACTIVE = 1,
	MIB_NOT_IN_SERVICE = 2,
	MIB_NOT_READY = 3,
	MIB_CREATE_AND_GO = 4,
	MIB_CREATE_AND_WAIT = 5,
	MIB_DESTROY = 6
};

/* The route types of inetCidrRouteType [MIB 6.4]; other tables translate. */
enum mib_route_type {
	MIB_TYPE_OTHER = 1,
	MIB_TYPE_REJECT = 2,
	MIB_TYPE_LOCAL = 3,
	MIB_TYPE_REMOTE = 4,
	MIB_TYPE_BLACKHOLE = 5
};

/* An OCTET STRING column of a read-only table: where its octets are. */
struct mib_octets {
	size_t len;
	const void *at;
};

struct mib_info { /* an OBJECT IDENTIFIER column; len 0 stands for {0 0} */
	uint8_t len;
	mib_subid sub[MIB_OID_MAX];
};

/* The columns of a row as numbers, whatever the table. */
struct mib_row {
	int64_t dest, mask, policy, next_hop; /* IpAddress columns: the number they spell */
	int64_t if_index, type, proto, age, next_hop_as;
	int64_t metric[5];
	int64_t status;
	int64_t info; /* 0; the value itself is struct mib_info beside the row */
};

enum mib_access { MIB_READ, MIB_CREATE };

/* A column of a table [style 9]: all that is to know about it. */
struct mib_column {
	mib_subid sub;
	const char *name;
	enum mib_type syntax;
	enum mib_access access;
	int64_t min, max; /* of a value that a SET may carry */
	size_t member;    /* offset in struct mib_row, of an int64_t */
	enum iph_field blame;
	int64_t initial; /* DEFVAL; MIB_UNSET: required */
};

#define MIB_AT(m) offsetof(struct mib_row, m)
#define MIB_COLUMNS_MAX 16

static inline int64_t *
mib_cell(struct mib_row *row, const struct mib_column *column)
{
	return (int64_t *)(void *)((char *)row + column->member);
}

static inline int64_t
mib_cell_value(const void *row, const struct mib_column *column)
{
	return *(const int64_t *)(const void *)((const char *)row + column->member);
}

/* Nodes of the two orders there are. */
struct mib_keyed {
	struct tree_node node;
	struct mib_key key;
};

struct mib_cored {
	struct tree_node node;
	struct mib_core core;
};

/** The first node at (inclusive) or after a key; NULL: none. */
struct mib_keyed *mib_keyed_from(const struct tree *tree, const struct mib_key *key,
                                 bool inclusive);
struct mib_keyed *mib_keyed_find(const struct tree *tree, const struct mib_key *key);
struct mib_keyed *mib_keyed_next(const struct mib_keyed *keyed);
void mib_keyed_insert(struct tree *tree, struct mib_keyed *keyed);
struct mib_cored *mib_cored_from(const struct tree *tree, const struct mib_core *core);
struct mib_cored *mib_cored_find(const struct tree *tree, const struct mib_core *core);
struct mib_cored *mib_cored_next(const struct mib_cored *cored);
void mib_cored_insert(struct tree *tree, struct mib_cored *cored);

/* ---- the side table --------------------------------------------------------- */

/*
 * What the core has no room for: the whole of a staged row, or the name and the
 * further columns of an active one. Entries are never changed once they are in: a SET
 * puts a new one in the place of the old, and its undo puts the old one back.
 */
struct mib_side {
	struct mib_keyed by_key;        /* in the tree: staged rows */
	struct mib_cored by_core;       /* in the tree: active rows; of others not filled in */
	struct mib_side *older, *newer; /* staged rows by the time of their last SET */
	bool staged;
	bool suspended; /* staged, and was a route before: `route' holds all of it */
	bool hides;     /* staged in ipCidrRouteTable, and a route has the name, too */
	bool parked; /* staged, suspended, and to be a route as soon as it can (mib_park.c) */
	uint64_t touched_ms;
	uint32_t mark;
	struct mib_row row; /* staged: all columns; active: side data only */
	struct iph_route route;
	struct mib_info info;
	char if_name[]; /* of a parked row: what its interface is called; others have no room */
};

/* ---- rows of a destination ---------------------------------------------------- */

/* A row as it was found; what it points to is valid until the next change or search. */
struct mib_ref {
	struct mib_key key;
	const struct iph_route *route; /* NULL: staged */
	const struct mib_side *side;   /* NULL: nothing beside the core */
};

#define PLAIN_VIEWS 2
#define ZONED_VIEW PLAIN_VIEWS

struct mib_view {
	bool valid;
	IP_ADDRESS_PREFIX prefix;
	uint64_t generation, loaded_ms, used;
	struct iph_route *routes; /* what the refs point to */
	size_t routes_cap, nroutes;
	struct mib_ref *refs; /* in the order of the MIB */
	size_t refs_cap, nrefs;
};

/* A run of destinations read ahead, see mib_ahead.c. */
#define MIB_AHEADS 4

struct mib_ahead {
	uint64_t used; /* 0: holds nothing */
	uint64_t generation, loaded_ms;
	IP_ADDRESS_PREFIX from; /* what was asked for */
	bool inclusive;
	size_t want;
	size_t at; /* the span that was the last answer */
	struct iph_rows rows;
};

/* All routes of one IPv4 address, for the tables whose order knows no lengths. */
struct mib_group {
	bool valid;
	IP_ADDRESS_PREFIX address; /* its first destination */
	IP_ADDRESS_PREFIX next;    /* the destination behind it, if there are `more' */
	bool more;
	uint64_t generation, loaded_ms, used;
	struct iph_route *routes;
	size_t routes_cap, nroutes;
	unsigned sorted;                  /* bits 1 << enum mib_table_id */
	struct mib_ref *refs[MIB_TABLES]; /* by table, in its order */
	size_t refs_cap[MIB_TABLES], nrefs[MIB_TABLES];
};
#define MIB_GROUPS 2 /* for walks; two more for counting and for exact names */
enum { MIB_GROUP_COUNTING = MIB_GROUPS, MIB_GROUP_ASKED, MIB_GROUPS_ALL };

/* ---- tables --------------------------------------------------------------------- */

struct mib_rowreq;
struct mib_op;
struct mib_memo;

/* How a table is read and how SETs act on it. */
struct mib_table {
	enum mib_table_id id;
	const struct mib_object *object;
	const struct mib_column *columns;
	size_t ncolumns;
	size_t status;       /* which column asks for creation and removal */
	bool row_status;     /* that column is a RowStatus */
	bool active_changes; /* an active row may change in place */
	/* Exact search. */
	enum mib_found (*find)(struct mib *mib, const struct mib_key *key, struct mib_ref *out);
	/* The first row whose index is greater than the sequence. */
	enum mib_found (*next)(struct mib *mib, const mib_subid *sub, size_t n,
	                       struct mib_ref *out);
	/* How an index looks that is nothing but numbers and octets; then the next two may be
	 * NULL: any such index can be a row's, and is its key field by field. */
	const struct mib_shape *shape;
	enum mib_name_fault (*decode)(const struct mib *mib, const mib_subid *sub, size_t n,
	                              struct mib_key *out);
	size_t (*encode)(const struct mib *mib, const struct mib_key *key, mib_subid *out);
	/* Prefix, next hop and interface, as far as the name tells. */
	void (*describe)(const struct mib_key *key, MIB_IPFORWARD_ROW2 *out);
	/* Whether a new row may have this name at all; NULL: any. */
	bool (*creatable)(const struct mib_key *key);
	/* The change that a complete row stands for; fault->code says what is wrong. */
	void (*compose)(struct mib *mib, const struct mib_rowreq *req, struct mib_op *op,
	                struct iph_fault *fault);
	/* The columns of a row, active or staged. */
	void (*project)(struct mib *mib, const struct mib_ref *ref, struct mib_row *out);
	/* Instead of that, where the row is one of RTM-MIB: fill memo->u and memo->info. */
	void (*facts)(struct mib *mib, const struct mib_ref *ref, struct mib_memo *memo);
};

extern const struct mib_table mib_inet_table, mib_cidr_table, mib_forward_table,
    mib_route_table;

/* Rows of RTM-MIB, as far as they are not found where they lie. */
struct mib_result_facts {
	int64_t sets;
};

struct mib_refused_facts {
	int64_t varbind, error, code, member, reason, phase;
	struct mib_octets time, table, row, object, code_name, policy;
	uint8_t time_octets[11];
};

enum { MIB_TRUE = 1, MIB_FALSE = 2 }; /* TruthValue */

struct mib_origin_facts {
	int64_t rows;
};

struct mib_entity_facts {
	int64_t methods;
	struct mib_octets name;
	char name_octets[40];
};

struct mib_hop_facts {
	int64_t rows, connected;
	struct mib_octets name;
	char name_octets[256];
};

struct mib_route_facts {
	int64_t forwarding, best, writable, owner, origin, preference;
	int64_t site_length, valid_s, preferred_s;
	struct mib_octets attributes, flags, views;
	uint8_t attribute_bits[1], flag_bits[2], view_bits[4];
};

struct mib_bucket_facts {
	int64_t commits;
};

#define MIB_FRESH_MS 1000 /* how long something read may be shown again: Age moves on */

/* The last row found by a search, for the other columns of the same row. */
struct mib_memo {
	const struct mib_table *table; /* NULL: nothing remembered */
	uint64_t generation, loaded_ms;
	bool have_from;
	size_t nfrom, nindex;
	mib_subid from[MIB_OID_MAX];
	mib_subid index[MIB_OID_MAX];
	union {
		struct mib_row row;
		struct mib_result_facts result;
		struct mib_refused_facts refused;
		struct mib_origin_facts origin;
		struct mib_entity_facts entity;
		struct mib_hop_facts hop;
		struct mib_route_facts route;
		struct mib_bucket_facts bucket;
	} u;
	struct mib_info info;
};

/* ---- what is remembered of SETs, for RTM-MIB ------------------------------------ */

#define MIB_REFUSED_KEPT 32
#define MIB_ERRORS 19 /* error-status of RFC 3416: 0 to 18 */

/* One refused SET. Names are literals of ours. */
struct mib_refused {
	FILETIME time;
	const char *table, *object, *code_name, *policy;
	char row[256];
	struct mib_info variable;
	size_t varbind;
	enum mib_error error;
	struct iph_fault fault;
	uint8_t phase; /* as in rtmRefusedPhase */
};

/* How a transaction can end. */
enum mib_end { MIB_END_COMMITTED, MIB_END_REFUSED, MIB_END_UNDONE, MIB_END_RELEASED, MIB_ENDS };

/* The words of the configuration that forbid something, in the order of the scalars. */
enum mib_word {
	MIB_WORD_READ_ONLY,
	MIB_WORD_PROTECT,
	MIB_WORD_ALLOW_WRITE,
	MIB_WORD_MAX_ROWS,
	MIB_WORDS
};

struct mib_ledger {
	uint64_t opened_ms;
	uint32_t sessions, requests, undo_failures;
	uint32_t ends[MIB_ENDS];
	uint32_t words[MIB_WORDS];
	uint32_t results[MIB_ERRORS];
	uint32_t refused_last; /* number of the newest; 0: none yet */
	struct mib_refused refused[MIB_REFUSED_KEPT];
};

/* ---- the whole -------------------------------------------------------------------- */

/* ---- next hops, and rows by protocol ------------------------------------------------ */

struct mib_hop {
	struct mib_keyed by_key;
	struct mib_hop *next_free; /* of those that are gone */
	uint32_t id, rows;
};

struct mib_hops {
	struct tree tree; /* those in use */
	struct mib_hop **by_id, *free;
	size_t n, cap, used;
};

/* A row as the view last saw it, but for where it leads. */
struct mib_seen {
	uint32_t print;   /* of what there is about it */
	uint8_t protocol; /* as inetCidrRouteProto */
	bool own;         /* managers may change it */
	bool other_name;  /* it has not the name of the rule but the other one [MIB 6.3] */
};

/* Whether it shows the same, whatever its name is. */
static inline bool
mib_seen_alike(const struct mib_seen *a, const struct mib_seen *b)
{
	return a->print == b->print && a->protocol == b->protocol && a->own == b->own;
}

struct mib_notes {
	struct mib_note *stock, *free, *first, **last;
	struct tree tree; /* of those about routes, by name */
	void (*ring)(void *arg);
	void *arg;
	uint64_t tokens, filled_ms; /* thousandths of a notification */
	uint32_t sent, suppressed;
	struct mib_notice notice; /* scratch */
};

#define MIB_PROTOCOLS 20 /* IANAipRouteProtocol, as far as rows show it: 1 to 19 */

/* The first three by table, as enum mib_table_id; then rows of managers in the core. */
enum mib_count { MIB_COUNT_INET, MIB_COUNT_CIDR, MIB_COUNT_FORWARD, MIB_COUNT_OWN, MIB_COUNTS };

struct mib_family {
	struct mib *mib;
	ADDRESS_FAMILY family;
	RTM_ENTITY_HANDLE entity;
	RTM_NOTIFY_HANDLE notify;
	UINT batch;                   /* destinations taken at a time */
	UINT held;                    /* records taken and not yet settled */
	RTM_DEST_INFO *records;       /* room for a batch */
	RTM_DEST_INFO *exact, *other; /* room for one each */
};

/* How the view is registered with the routing table manager. */
#define MIB_ENTITY_PROTOCOL 4292

struct mib {
	struct mib_config config;
	struct mib_family families[2];
	uint64_t now_ms;     /* when the present request began */
	uint64_t generation; /* grows whenever what was read may have changed */
	bool behind;         /* changes are still queued in the core */
	uint32_t count[MIB_COUNTS];
	uint32_t discards;

	struct tree staged, active; /* struct mib_side by name, by core key */
	struct mib_side *oldest, *newest;
	size_t nstaged;
	struct mib_side *forgotten; /* gone from here, not yet from the store; by `older' */
	uint32_t mark;

	struct tree zoned; /* struct mib_zoned: rows of link-local destinations */
	struct mib_view views[PLAIN_VIEWS + 1];
	struct mib_ahead aheads[MIB_AHEADS];
	struct mib_ahead *ahead_last; /* gave the last answer, or NULL */
	uint64_t view_use;
	struct mib_group groups[MIB_GROUPS_ALL];
	struct iph_rows some; /* scratch for counting */
	struct mib_memo memo;

	struct iph_route *rows; /* scratch for iph_dest_rows() */
	size_t rows_cap;
	struct mib_rank *ranks; /* scratch for naming */
	size_t ranks_cap;
	struct seen *seen_first; /* records that slots point to, see mib_slot.c */
	struct mib_rowreq *idle; /* for the rows of the next PDU */
	size_t nidle;
	size_t open_tx; /* transactions between test and their end */
	bool importing; /* and the disk is one import's: nobody else may change rows */
	struct mib_ledger ledger;
	struct mib_hops hops;
	struct mib_notes notes;
	uint32_t origins[MIB_PROTOCOLS]; /* rows of each protocol */
	struct mib_entity *entities;     /* scratch for reading them */
	size_t entities_cap, nentities;
};

struct mib_zoned {
	struct mib_keyed by_key;
	uint32_t mark;
};

static inline uint64_t
mib_now(const struct mib *mib)
{
	return mib->config.now_ms == NULL ? 0 : mib->config.now_ms(mib->config.arg);
}

/** The columns of a row that nobody has written to. */
void mib_initial_row(const struct mib_table *table, struct mib_row *row);
/** Side data of a row that has none: AS 0, metrics 2 to 5 unused. */
void mib_row_no_extras(struct mib_row *row);

/** Grow a scratch array to at least n elements. @return false: no memory. */
bool mib_grow(void **array, size_t *cap, size_t n, size_t size);

/* mib_side.c */
void mib_side_close(struct mib *mib);
struct mib_side *mib_staged_find(const struct mib *mib, const struct mib_key *key);
/** The first staged row at or after a name, and the next in that order. */
struct mib_side *mib_staged_from(const struct mib *mib, const struct mib_key *key,
                                 bool inclusive);
struct mib_side *mib_staged_next(const struct mib_side *side);
struct mib_side *mib_side_by_core(const struct mib *mib, const struct mib_core *core);
/** The first entry about active rows of a destination, and the next about the same. */
struct mib_side *mib_side_of_dest(const struct mib *mib, const struct mib_core *dest);
struct mib_side *mib_side_of_dest_next(const struct mib_side *side);
/** Put an entry in; false where its name or its core key is taken. */
bool mib_side_insert(struct mib *mib, struct mib_side *side);
/** A staged row of ipCidrRouteTable hides a route of its name, or no longer: count one row. */
void mib_side_hides(struct mib *mib, struct mib_side *side, bool hides);
/** Take an entry out; the caller owns it then. */
void mib_side_detach(struct mib *mib, struct mib_side *side);
/** Take an entry out and free it. */
void mib_side_drop(struct mib *mib, struct mib_side *side);

/* mib_park.c */
/** Whether there is more to a row than the core has room for, its name apart. */
bool mib_has_extras(const struct mib_row *row, const struct mib_info *info);
/** Tell the administrator why the row is not active. */
void mib_park_say(const struct mib_side *side, const struct iph_fault *fault);

/* mib_sync.c */
DWORD mib_sync_open(struct mib *mib);
void mib_sync_close(struct mib *mib);
/** Take in everything that is queued, however much. */
void mib_sync_all(struct mib *mib);
/* A route that has just been made: it has the name its rule gives it [MIB 6.3]. */
struct mib_made {
	const struct mib_core *core;
	struct iph_route *route; /* where to put what the core says of it now, or NULL */
	bool read;               /* it was put there */
};
/** Look at one destination now. @param made  one of its routes, or NULL. */
void mib_sync_dest(struct mib *mib, const IP_ADDRESS_PREFIX *prefix, struct mib_made *made);

/* mib_ahead.c */
void mib_ahead_close(struct mib *mib);
/**
 * The core's first destination at (inclusive) or after a prefix; false: none.
 *
 * @param few  how many, from there on, one answer is likely to take: read together.
 */
bool mib_ahead_dest(struct mib *mib, const IP_ADDRESS_PREFIX *from, bool inclusive, size_t few,
                    IP_ADDRESS_PREFIX *out);
/** The rows of the destination found last, or NULL for another one; good till the next read. */
const struct iph_route *mib_ahead_rows(struct mib *mib, const IP_ADDRESS_PREFIX *dest,
                                       size_t *n);

/* mib_view.c */
/** By family, address, length. */
int mib_prefix_compare(const IP_ADDRESS_PREFIX *a, const IP_ADDRESS_PREFIX *b);
void mib_view_close(struct mib *mib);
/** The rows of one destination; NULL: the core could not be read. */
const struct mib_view *mib_view_of(struct mib *mib, const IP_ADDRESS_PREFIX *prefix);

enum mib_found mib_inet_find(struct mib *mib, const struct mib_key *key, struct mib_ref *out);
enum mib_found mib_inet_next(struct mib *mib, const mib_subid *sub, size_t n,
                             struct mib_ref *out);

/* mib_inet_cidr.c */
extern const struct mib_object mib_inet_object, mib_cidr_object, mib_forward_object,
    mib_route_object;
/** The type of a route, in the numbers of inetCidrRouteType. */
int64_t mib_type_shown(const struct iph_route *route);
/* mib_scalar.c */
extern const struct mib_object mib_forward_number_object, mib_cidr_number_object,
    mib_inet_number_object, mib_discards_object;

/* mib_table.c: the handlers of a table object, from its description */
enum mib_found mib_table_get(const struct mib_table *table, struct mib *mib,
                             const mib_subid *name, size_t len, struct mib_value *out);
enum mib_found mib_table_next(const struct mib_table *table, struct mib *mib,
                              const mib_subid *name, size_t len, mib_subid *out_name,
                              size_t *out_len, struct mib_value *out);
/** The key of a row with this index, by the table's shape or its own way. */
enum mib_name_fault mib_table_decode(const struct mib_table *table, const struct mib *mib,
                                     const mib_subid *index, size_t n, struct mib_key *out);
const struct mib_column *mib_table_column(const struct mib_table *table, mib_subid sub);
const struct mib_table *mib_table_of(const struct mib_object *object);

/* mib_fault.c */
/** "10.1.0.0/16 via 192.0.2.1 if 2" */
void mib_row_words(const MIB_IPFORWARD_ROW2 *row, char *out, size_t size);

/* mib_rtm.c, and the tables that it is made of */
extern const struct mib_object mib_rtm_object;
/** A set as BITS: bit 0 is the most significant of the first octet. */
void mib_bits(uint32_t set, size_t octets, uint8_t *out);
extern const struct mib_table mib_rtm_result_table, mib_rtm_refused_table, mib_rtm_origin_table,
    mib_rtm_entity_table, mib_rtm_hop_table, mib_rtm_route_table, mib_rtm_store_table;
void mib_rtm_close(struct mib *mib);
/** What there is to tell of the store; all zero where there is none, which is the answer. */
bool mib_store_stats(const struct mib *mib, struct store_stats *out);
/* mib_hop.c */
/** The next hop of a row, used by one row more; NULL: no memory. */
struct mib_hop *mib_hop_get(struct mib *mib, const MIB_IPFORWARD_ROW2 *row);
/** Used by one row less; gone with the last. */
void mib_hop_put(struct mib *mib, struct mib_hop *hop);
struct mib_hop *mib_hop_by_id(const struct mib *mib, uint32_t id);
/** Next hop and interface, as a row has them. */
void mib_hop_row(const struct mib_hop *hop, MIB_IPFORWARD_ROW2 *row);
bool mib_hop_is(const struct mib_hop *hop, const MIB_IPFORWARD_ROW2 *row);
void mib_hop_close(struct mib *mib);
/* mib_ledger.c */
void mib_ledger_open(struct mib *mib);

#endif
