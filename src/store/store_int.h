/* What the files of the store share: the open store, and who owns which part. */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include <sqlite3.h>

#include "store/store.h"

enum store_stmt {
	STMT_BEGIN,
	STMT_COMMIT,
	STMT_ROLLBACK,
	STMT_ADD,
	STMT_PUT,
	STMT_DROP,
	STMT_GET,
	STMT_FIND,
	STMT_EACH,
	STMT_WALK,
	STMT_TOUCH,
	STMT_CLEAR,
	STMT_COUNT
};

/* Rows as they were before a transaction wrote them, oldest first (log.c). */
struct store_log {
	char *notes;
	size_t used, size; /* octets */
	size_t *at;        /* where in `notes' each begins */
	size_t n, cap;
};
DWORD log_add(struct store_log *log, bool existed, const struct store_row *row);
bool log_get(const struct store_log *log, size_t i, struct store_row *out);
void log_clear(struct store_log *log);
void log_free(struct store_log *log);

/* The row that a statement's parameters are bound to (row.c). */
struct row_bound {
	struct store_row row;
	bool known;
};

struct store_place; /* place.c: the lock file */
struct keeper;      /* keeper.c: the checkpoint thread */

struct store {
	sqlite3 *db;
	sqlite3_stmt *stmt[STMT_COUNT];
	struct row_bound bound[STMT_COUNT]; /* what their parameters are now */
	struct store_place *place;
	struct keeper *keeper; /* NULL with no_keeper */
	uint64_t begun;        /* transactions so far */
	bool in_tx;
	DWORD tx_code;         /* the failure that dooms the open transaction */
	int64_t tx_rows;       /* how many rows it adds, less those it removes */
	struct store_log log;  /* of the open transaction, or of the last committed one */
	struct store_log owed; /* a compensation that failed: goes first in the next one */
	bool unsure;           /* a commit failed: its frames may still lie in the log */
	struct store_stats stats;
	char why[STORE_WHY_MAX];
};

/* store_sqlite.c */
DWORD store_code(int rc);

/* row.c: a row as the parameters and the columns of the statements */
#define STORE_KEY_COLUMNS                                                                      \
	"instance, family, prefix, length, next_hop, if_index, policy, prefix_zone, "          \
	"next_hop_zone"
#define STORE_COLUMNS                                                                          \
	STORE_KEY_COLUMNS ", if_name, kind, type, metric, "                                    \
			  "metric2, metric3, metric4, metric5, next_hop_as, info, protocol, "  \
			  "site_prefix, valid_s, preferred_s, loopback, autoconfigure, "       \
			  "publish, immortal, status, columns_set, created_s"
#define STORE_KEY_COUNT 9
#define STORE_ROUTE_COUNT 6 /* of these, the ones that name the route */
#define STORE_COLUMN_COUNT 30
/** `like' is what a statement holds that only takes rows that fit, or NULL. */
bool row_fits(const struct store_row *row, const struct row_bound *like, bool key_only);
int row_bind(sqlite3_stmt *stmt, struct row_bound *bound, const struct store_row *row,
             int wanted);
bool row_read(sqlite3_stmt *stmt, struct store_row *out);

/* schema.c: is the file ours, how old, is it whole */
DWORD schema_open(sqlite3 *db, const char *path, char *why);
/** The same for who only reads: the present layout or nothing (`empty'), and it is whole. */
DWORD schema_look(sqlite3 *db, const char *path, bool *empty, char *why);

/* place.c: everything about the path that SQLite would answer with one vague code */
DWORD place_take(const char *path, struct store_place **out, char *why);
void place_release(struct store_place *place);

/* keeper.c */
DWORD keeper_start(const struct store_config *config, struct keeper **out);
void keeper_stop(struct keeper *keeper);
/** A commit has left so many pages in the log. @return whether the rest is to be moved now. */
bool keeper_committed(struct keeper *keeper, uint64_t pages);
void keeper_stats(struct keeper *keeper, struct store_stats *out);
uint64_t store_clock_us(void);

#endif
