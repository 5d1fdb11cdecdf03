/*
 * The durable memory of rows made by a manager: rows and bytes, nothing of routing.
 * One file, one transaction per SET PDU, on disk when store_commit() returns.
 *
 * The store is its opener's; rows are copied both ways. One thread: that of the loop.
 * No call waits for another process or for a checkpoint longer than STORE_WAIT_MS; a
 * commit takes as long as the disk needs to flush, which is measured.
 *
 * Floors above see only `struct store_port' and the row; a build without SQLite has both.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netioapi.h"

#define STORE_OID_MAX 128
#define STORE_NAME_MAX 256 /* of an interface, without the closing zero */
#define STORE_WAIT_MS 50
#define STORE_WHY_MAX 512 /* room for any message, with the closing zero */

struct store_oid {
	uint16_t len; /* sub-identifiers */
	uint32_t sub[STORE_OID_MAX];
};

/* Numbers are those in the file; never renumber. */
enum store_kind { STORE_UNICAST = 0, STORE_REJECT = 1, STORE_BLACKHOLE = 2 };
enum store_status { STORE_ACTIVE = 1, STORE_NOT_IN_SERVICE = 2 };

/* `columns_set': which columns of a row that is not in service a manager has given. */
enum store_column {
	STORE_COL_INTERFACE = 1u << 0,
	STORE_COL_TYPE = 1u << 1,
	STORE_COL_INFO = 1u << 2,
	STORE_COL_NEXT_HOP_AS = 1u << 3,
	STORE_COL_METRIC1 = 1u << 4, /* metrics 2 to 5 in the four bits that follow */
	STORE_COLUMNS_ALL = (1u << 9) - 1
};

/*
 * What is kept of a row. Its key: instance, prefix, next hop, interface index, policy, zones;
 * the same route may be named twice, once active and once out of service.
 */
struct store_row {
	/* InterfaceLuid, Age, Origin and scope ids are not kept: they come back as 0. Values
	 * are kept as given, so that a row out of service may hold what no function would
	 * accept. */
	MIB_IPFORWARD_ROW2 row;
	USHORT instance;
	ULONG prefix_zone, next_hop_zone; /* that its name has and no interface column gives */
	char if_name[STORE_NAME_MAX + 1]; /* empty: not known */
	enum store_kind kind;
	USHORT type;    /* the MIB's route type as written; 0: follows from the rest */
	LONG metric[4]; /* metrics 2 to 5; -1: not used */
	ULONG next_hop_as;
	enum store_status status;
	ULONG columns_set; /* enum store_column */
	int64_t created_s; /* Unix time */
	struct store_oid policy;
	struct store_oid info;
};

enum store_op {
	STORE_PUT,  /* add the row, or replace the one with the same key */
	STORE_DROP, /* remove the row with this key; there being none is a success */
	STORE_TAKE  /* the same, by one who knows the whole row: it is not read before */
};

/** A row of defaults: empty OIDs 0.0, metrics -1, infinite lifetimes, active. */
void store_row_init(struct store_row *row);

/* What there is to tell of a store. */
#define STORE_BUCKETS 14
/** Upper bounds of the latency histogram in microseconds; the last has none (UINT32_MAX). */
extern const uint32_t store_bucket_us[STORE_BUCKETS];

struct store_stats {
	uint64_t rows;
	uint64_t commits;  /* acknowledged transactions, compensations included */
	uint64_t failures; /* transactions that ended with a code */
	uint64_t undone;
	uint64_t commit_us[STORE_BUCKETS]; /* how many commits fell into each bucket */
	uint64_t commit_us_max;
	uint64_t checkpoints;
	uint64_t checkpoint_us_max;
	uint64_t wal_pages; /* committed, not yet in their place */
	bool undo_pending;  /* a compensation waits for the disk */
	DWORD last_code;    /* of the last failure */
};

/*
 * What the floors above need: declared here, filled in by store_port_of() or by a test.
 * begin, write..., then commit or rollback; each answers NO_ERROR or a code as below.
 */
struct store_port {
	void *arg;
	DWORD (*begin)(void *arg);
	DWORD (*write)(void *arg, enum store_op op, const struct store_row *row);
	DWORD (*clear)(void *arg);
	DWORD (*commit)(void *arg);
	void (*rollback)(void *arg);
	DWORD (*undo)(void *arg);
	/* Of the transaction begun last, which is the one that undo would compensate. */
	uint64_t (*stamp)(void *arg);
	DWORD (*each)(void *arg, DWORD (*one)(void *to, const struct store_row *row), void *to);
	DWORD (*next)(void *arg, bool first, struct store_row *out);
	DWORD (*get)(void *arg, const struct store_row *key, struct store_row *out);
	DWORD (*find_active)(void *arg, const struct store_row *key, struct store_row *out);
	const char *(*why)(void *arg);
	void (*stats)(void *arg, struct store_stats *out);
};

struct store;

struct store_config {
	const char *path;
	bool no_keeper;  /* no checkpoint thread: the caller calls store_checkpoint() */
	const char *vfs; /* SQLite's file layer; NULL: the system's. For tests */
};

/**
 * Open, creating what is missing, bringing an older layout up to date, checking it all.
 *
 * @param why  STORE_WHY_MAX bytes; on failure a sentence for the administrator.
 * @return     ERROR_PATH_NOT_FOUND       the directory is missing, or is not one
 *             ERROR_ACCESS_DENIED        no permission
 *             ERROR_WRITE_PROTECT        read-only file system
 *             ERROR_BAD_FILE_TYPE        not a regular file
 *             ERROR_INVALID_OWNER        owned or writable by somebody else
 *             ERROR_SHARING_VIOLATION    open in another process
 *             ERROR_LOCK_VIOLATION       another program holds a lock inside the file
 *             ERROR_BAD_FORMAT           the file is something else; it is left untouched
 *             ERROR_REVISION_MISMATCH    written by a newer version; left untouched
 *             ERROR_FILE_CORRUPT         damaged; left untouched
 *             ERROR_DISK_FULL, ERROR_READ_FAULT, ERROR_WRITE_FAULT,
 *             ERROR_NOT_ENOUGH_MEMORY    and the file is as it was
 */
DWORD store_open(const struct store_config *config, struct store **out, char *why);
/** Roll back what is open, write everything home, close. NULL is fine. */
void store_close(struct store *st);
void store_port_of(struct store *st, struct store_port *out);

/*
 * One transaction. Any failure leaves the stored rows as they were before begin, and
 * the next transaction starts afresh:
 *   ERROR_DISK_FULL, ERROR_WRITE_FAULT, ERROR_READ_FAULT, ERROR_WRITE_PROTECT,
 *   ERROR_LOCK_VIOLATION (another program writes to the file), ERROR_FILE_CORRUPT,
 *   ERROR_NOT_ENOUGH_MEMORY; ERROR_INVALID_PARAMETER for a row that cannot be stored
 *   or calls out of order.
 */
DWORD store_begin(struct store *st);
/**
 * @param op  STORE_DROP looks at the key only. With STORE_TAKE the row is given as it is
 *            stored, and as store_undo() puts it back.
 * @note      Durable after store_commit(). After a failure only rollback is left; commit
 *            then rolls back and repeats the code.
 */
DWORD store_write(struct store *st, enum store_op op, const struct store_row *row);
/** Drop every row, as the first step of a transaction, which store_undo() cannot take back. */
DWORD store_clear(struct store *st);
/** Flush. On failure the transaction is rolled back already. */
DWORD store_commit(struct store *st);
/** Nothing happened. Fine without a transaction. */
void store_rollback(struct store *st);

/**
 * Compensate the last committed transaction, durably: UNDO after a finished ACTION.
 *
 * Nothing to compensate, or done already, is a success.
 * @return  a code as above; then the compensation is not lost but goes first in the next
 *          transaction.
 */
DWORD store_undo(struct store *st);
/** How many transactions were begun: has another come since the one to compensate? */
uint64_t store_stamp(const struct store *st);

/**
 * The active row with the key of `key', whatever its policy.
 * @return  NO_ERROR, ERROR_NOT_FOUND, or a code as above; *out untouched on failure.
 */
DWORD store_find_active(struct store *st, const struct store_row *key, struct store_row *out);

/**
 * Every row in the order of the key, from one consistent state. `each' must not call
 * back into the store; another answer than NO_ERROR ends the walk and is passed on.
 */
DWORD store_each(struct store *st, DWORD (*each)(void *arg, const struct store_row *row),
                 void *arg);

/**
 * The same for who cannot take all of them at once: a row with each call, `first' begins anew.
 * To be read to its end or to a failure before rows are written, unless by another connection.
 * @return  ERROR_NO_MORE_ITEMS at the end.
 */
DWORD store_next(struct store *st, bool first, struct store_row *out);

/** The row with exactly this key. @return NO_ERROR, ERROR_NOT_FOUND, or a code as above. */
DWORD store_get(struct store *st, const struct store_row *key, struct store_row *out);

/**
 * Look at a file that may be open in a running rtmd: check it, and give every row, in the order
 * of the key and from one consistent state. Nothing is written.
 *
 * @param each  may be NULL: only check.   @param rows  how many there are.
 * @return      what `each' said; ERROR_FILE_NOT_FOUND; the codes of store_open() that are
 *              about what is in the file; ERROR_REVISION_MISMATCH for an older layout, too.
 */
DWORD store_look(const char *path, DWORD (*each)(void *arg, const struct store_row *row),
                 void *arg, uint64_t *rows, char *why);

/** Move committed pages to their place now; only needed with no_keeper. */
DWORD store_checkpoint(struct store *st);

void store_stats_get(const struct store *st, struct store_stats *out);
/** What the last failure was, in words for the log; empty where there was none. */
const char *store_why(const struct store *st);

#endif
