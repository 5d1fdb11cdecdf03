/*
 * One chapter: one SET PDU, one transaction, and the truth about it.
 *
 * SQLite does the work: a transaction appends its pages to the log, and COMMIT flushes
 * it (WAL, synchronous FULL). What is left to us:
 *
 * Compensation. UNDO comes after COMMIT, when another subagent refused. Every write notes
 * the row it replaces; store_undo() writes the notes back, newest first. If that fails,
 * the notes are `owed': the next transaction starts with them, so the store comes
 * right by itself when the disk does.
 *
 * A commit that fails must not come true later. When the flush is what failed, the
 * transaction's frames may lie in the log all the same, and after a power cut SQLite would
 * find them there, whole. The next transaction writes over them, so one is made at once
 * (`touch'); if that fails too, `unsure' says that the next success has to do it.
 *
 * Invariants: outside a transaction `tx_code' and `tx_rows' are 0; `log' belongs to the
 * open transaction, or else to the last one that was committed; `owed' is empty whenever
 * a transaction has been committed.
 */
#include "store/store_int.h"

#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

#define ROOM_PIECE (1 << 20)  /* octets of a log with room for some more */
#define ROOM_OCTETS (5 << 20) /* a multiple, at least */

#define KEY_MATCH                                                                              \
	" WHERE instance = ?1 AND family = ?2 AND prefix = ?3 AND length = ?4"                 \
	" AND next_hop = ?5 AND if_index = ?6"
#define VALUES                                                                                 \
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"      \
	" ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30)"
#define NAME_MATCH " AND policy = ?7 AND prefix_zone = ?8 AND next_hop_zone = ?9"

static const char *const statements[STMT_COUNT] = {
	[STMT_BEGIN] = "BEGIN IMMEDIATE",
	[STMT_COMMIT] = "COMMIT",
	[STMT_ROLLBACK] = "ROLLBACK",
	[STMT_ADD] = "INSERT OR IGNORE INTO route (" STORE_COLUMNS ")" VALUES,
	[STMT_PUT] = "INSERT OR REPLACE INTO route (" STORE_COLUMNS ")" VALUES,
	[STMT_DROP] = "DELETE FROM route" KEY_MATCH NAME_MATCH,
	[STMT_GET] = "SELECT " STORE_COLUMNS " FROM route" KEY_MATCH NAME_MATCH,
	[STMT_FIND] = "SELECT " STORE_COLUMNS " FROM route" KEY_MATCH " AND status = 1 LIMIT 1",
	[STMT_EACH] = "SELECT " STORE_COLUMNS " FROM route ORDER BY " STORE_KEY_COLUMNS,
	[STMT_WALK] = "SELECT " STORE_COLUMNS " FROM route ORDER BY " STORE_KEY_COLUMNS,
	[STMT_CLEAR] = "DELETE FROM route",
	[STMT_TOUCH] = "UPDATE touch SET count = (count + 1) % 1000000",
};

static const struct {
	int rc; /* extended where it matters, primary otherwise */
	DWORD code;
} codes[] = {
	{ SQLITE_IOERR_NOMEM, ERROR_NOT_ENOUGH_MEMORY },
	{ SQLITE_IOERR_READ, ERROR_READ_FAULT },
	{ SQLITE_IOERR_SHORT_READ, ERROR_READ_FAULT },
	{ SQLITE_IOERR_FSTAT, ERROR_READ_FAULT },
	{ SQLITE_IOERR_CORRUPTFS, ERROR_FILE_CORRUPT },
	{ SQLITE_IOERR, ERROR_WRITE_FAULT },
	{ SQLITE_FULL, ERROR_DISK_FULL },
	{ SQLITE_NOMEM, ERROR_NOT_ENOUGH_MEMORY },
	{ SQLITE_BUSY, ERROR_LOCK_VIOLATION },
	{ SQLITE_LOCKED, ERROR_LOCK_VIOLATION },
	{ SQLITE_PROTOCOL, ERROR_LOCK_VIOLATION },
	{ SQLITE_READONLY, ERROR_WRITE_PROTECT },
	{ SQLITE_PERM, ERROR_ACCESS_DENIED },
	{ SQLITE_AUTH, ERROR_ACCESS_DENIED },
	{ SQLITE_CANTOPEN, ERROR_READ_FAULT },
	{ SQLITE_CORRUPT, ERROR_FILE_CORRUPT },
	{ SQLITE_NOTADB, ERROR_BAD_FORMAT },
	{ SQLITE_CONSTRAINT, ERROR_INVALID_PARAMETER },
	{ SQLITE_TOOBIG, ERROR_INVALID_PARAMETER },
};

/* An SQLite result as a documented code: the exact one first, then its class. */
DWORD
store_code(int rc)
{
	const size_t n = sizeof(codes) / sizeof(codes[0]);

	if (rc == SQLITE_OK)
		return NO_ERROR;
	for (size_t i = 0; i < n; i++) {
		if (codes[i].rc == rc)
			return codes[i].code;
	}
	for (size_t i = 0; i < n; i++) {
		if (codes[i].rc == (rc & 0xff))
			return codes[i].code;
	}
	return ERROR_WRITE_FAULT;
}

static DWORD
note(struct store *st, DWORD code, const char *doing, const char *what)
{
	st->stats.last_code = code;
	snprintf(st->why, sizeof(st->why), "%s: %s", doing, what);
	return code;
}

/* Step a bound statement that gives no rows, and make it ready for the next time. */
static DWORD
run(struct store *st, enum store_stmt which)
{
	int rc = sqlite3_step(st->stmt[which]);
	DWORD err = NO_ERROR;

	if (rc != SQLITE_DONE && rc != SQLITE_ROW) {
		rc = sqlite3_extended_errcode(st->db);
		err = note(st, store_code(rc), statements[which], sqlite3_errmsg(st->db));
	}
	sqlite3_reset(st->stmt[which]);
	return err;
}

static DWORD
bind_row(struct store *st, enum store_stmt which, const struct store_row *row, int columns)
{
	int rc = row_bind(st->stmt[which], &st->bound[which], row, columns);

	return rc == SQLITE_OK ? NO_ERROR
	                       : note(st, store_code(rc), "bind", sqlite3_errstr(rc));
}

/* One row by key; ERROR_NOT_FOUND where there is none. `columns' of the key are bound. */
static DWORD
fetch(struct store *st, enum store_stmt which, const struct store_row *key, int columns,
      struct store_row *out)
{
	sqlite3_stmt *stmt = st->stmt[which];
	DWORD err = bind_row(st, which, key, columns);
	int rc;

	if (err != NO_ERROR)
		return err;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		err = row_read(stmt, out)
		          ? NO_ERROR
		          : note(st, ERROR_FILE_CORRUPT, "read", "a row holds what cannot be");
	else if (rc == SQLITE_DONE)
		err = ERROR_NOT_FOUND;
	else
		err = note(st, store_code(sqlite3_extended_errcode(st->db)), "read",
		           sqlite3_errmsg(st->db));
	sqlite3_reset(stmt);
	return err;
}

static DWORD
put(struct store *st, enum store_stmt which, const struct store_row *row)
{
	DWORD err = bind_row(st, which, row, STORE_COLUMN_COUNT);

	return err == NO_ERROR ? run(st, which) : err;
}

static DWORD
remember(struct store_log *log, bool existed, const struct store_row *row)
{
	return log != NULL ? log_add(log, existed, row) : NO_ERROR;
}

/*
 * Most rows are new, so it is tried without looking. What else keeps the row out than one
 * that is there, a value for instance, the second try will tell.
 */
static DWORD
put_row(struct store *st, const struct store_row *row, struct store_log *log)
{
	struct store_row old;
	DWORD err = put(st, STMT_ADD, row);

	if (err == NO_ERROR && sqlite3_changes(st->db) == 1) {
		st->tx_rows++;
		return remember(log, false, row);
	}
	if (err == NO_ERROR)
		err = fetch(st, STMT_GET, row, STORE_KEY_COUNT, &old);
	if (err == NO_ERROR)
		err = remember(log, true, &old);
	else if (err == ERROR_NOT_FOUND)
		err = NO_ERROR;
	return err == NO_ERROR ? put(st, STMT_PUT, row) : err;
}

/* To read a row costs as much as to delete it, so who knows it need not have it read. */
static DWORD
take_row(struct store *st, const struct store_row *row, struct store_log *log)
{
	DWORD err = bind_row(st, STMT_DROP, row, STORE_KEY_COUNT);

	if (err == NO_ERROR)
		err = run(st, STMT_DROP);
	if (err != NO_ERROR || sqlite3_changes(st->db) == 0)
		return err;
	st->tx_rows--;
	return remember(log, true, row);
}

static DWORD
drop_row(struct store *st, const struct store_row *key, struct store_log *log)
{
	struct store_row old;
	DWORD err = fetch(st, STMT_GET, key, STORE_KEY_COUNT, &old);

	if (err == NO_ERROR)
		err = take_row(st, &old, log);
	return err == ERROR_NOT_FOUND ? NO_ERROR : err;
}

/* How it is done, and the statement that holds the last whole row for which it was. */
static const struct {
	DWORD (*write)(struct store *, const struct store_row *, struct store_log *);
	int holds; /* -1: none */
} ways[] = {
	[STORE_PUT] = { put_row, STMT_ADD },
	[STORE_DROP] = { drop_row, -1 },
	[STORE_TAKE] = { take_row, STMT_DROP },
};

/* Write a row; what was there before goes into `log' unless that is NULL. */
static DWORD
write_row(struct store *st, enum store_op op, const struct store_row *row,
          struct store_log *log)
{
	return ways[op].write(st, row, log);
}

/* Write back what `log' says, newest first. */
static DWORD
write_back(struct store *st, const struct store_log *log)
{
	struct store_row row;
	DWORD err = NO_ERROR;

	for (size_t i = log->n; err == NO_ERROR && i > 0; i--) {
		bool existed = log_get(log, i - 1, &row);

		err = write_row(st, existed ? STORE_PUT : STORE_TAKE, &row, NULL);
	}
	return err;
}

static void
end_tx(struct store *st)
{
	st->in_tx = false;
	st->tx_code = NO_ERROR;
	st->tx_rows = 0;
}

/* SQLite may have rolled back by itself already: after a full disk, for instance. */
static void
roll_back(struct store *st)
{
	struct store_stats before = st->stats;
	char why[STORE_WHY_MAX];

	memcpy(why, st->why, sizeof(why));
	sqlite3_reset(st->stmt[STMT_WALK]);
	if (!sqlite3_get_autocommit(st->db))
		run(st, STMT_ROLLBACK);
	st->stats = before; /* the first failure is the one to tell */
	memcpy(st->why, why, sizeof(why));
	end_tx(st);
}

static DWORD
fail(struct store *st, DWORD code)
{
	roll_back(st);
	st->stats.failures++;
	return code;
}

static void
count_commit(struct store *st, uint64_t took_us)
{
	size_t i = 0;

	while (took_us > store_bucket_us[i] && i < STORE_BUCKETS - 1)
		i++;
	st->stats.commit_us[i]++;
	if (took_us > st->stats.commit_us_max)
		st->stats.commit_us_max = took_us;
	st->stats.commits++;
}

/* Write over the frames of a commit that failed, so that they cannot come true. */
static void
settle(struct store *st)
{
	DWORD code = st->stats.last_code;
	char why[STORE_WHY_MAX];

	memcpy(why, st->why, sizeof(why));
	st->unsure = true;
	if (run(st, STMT_BEGIN) == NO_ERROR && run(st, STMT_TOUCH) == NO_ERROR &&
	    run(st, STMT_COMMIT) == NO_ERROR)
		st->unsure = false;
	else
		roll_back(st);
	st->stats.last_code = code;
	memcpy(st->why, why, sizeof(why));
}

static DWORD
flush(struct store *st)
{
	uint64_t start = store_clock_us();
	DWORD err = run(st, STMT_COMMIT);

	if (err != NO_ERROR) {
		err = fail(st, err);
		settle(st);
		return err;
	}
	count_commit(st, store_clock_us() - start);
	st->stats.rows = (uint64_t)((int64_t)st->stats.rows + st->tx_rows);
	st->unsure = false;
	log_clear(&st->owed);
	end_tx(st);
	return NO_ERROR;
}

static DWORD
start(struct store *st)
{
	DWORD err = run(st, STMT_BEGIN);

	if (err == NO_ERROR)
		err = write_back(st, &st->owed);
	if (err != NO_ERROR)
		return fail(st, err);
	st->in_tx = true;
	return NO_ERROR;
}

DWORD
store_begin(struct store *st)
{
	if (st->in_tx)
		return note(st, ERROR_INVALID_PARAMETER, "begin", "one is open already");
	st->begun++; /* what was committed before is forgotten, whatever becomes of this */
	log_clear(&st->log);
	return start(st);
}

DWORD
store_write(struct store *st, enum store_op op, const struct store_row *row)
{
	const struct row_bound *like = ways[op].holds < 0 ? NULL : &st->bound[ways[op].holds];
	DWORD err;

	if (!st->in_tx)
		return note(st, ERROR_INVALID_PARAMETER, "write", "no transaction is open");
	if (st->tx_code != NO_ERROR)
		return st->tx_code;
	if (!row_fits(row, like, op == STORE_DROP))
		err = note(st, ERROR_INVALID_PARAMETER, "write", "this row cannot be stored");
	else
		err = write_row(st, op, row, &st->log);
	st->tx_code = err;
	return err;
}

DWORD
store_clear(struct store *st)
{
	if (!st->in_tx)
		return note(st, ERROR_INVALID_PARAMETER, "clear", "no transaction is open");
	if (st->tx_code != NO_ERROR || st->log.n != 0)
		return st->tx_code != NO_ERROR
		           ? st->tx_code
		           : note(st, ERROR_INVALID_PARAMETER, "clear", "it has begun");
	st->tx_code = run(st, STMT_CLEAR);
	if (st->tx_code == NO_ERROR)
		st->tx_rows = -(int64_t)st->stats.rows;
	return st->tx_code;
}

DWORD
store_commit(struct store *st)
{
	DWORD err;

	if (!st->in_tx)
		return note(st, ERROR_INVALID_PARAMETER, "commit", "no transaction is open");
	err = st->tx_code != NO_ERROR ? fail(st, st->tx_code) : flush(st);
	if (err != NO_ERROR)
		log_clear(&st->log);
	return err;
}

void
store_rollback(struct store *st)
{
	if (!st->in_tx)
		return;
	roll_back(st);
	log_clear(&st->log);
}

DWORD
store_undo(struct store *st)
{
	DWORD err;

	if (st->in_tx)
		return note(st, ERROR_INVALID_PARAMETER, "undo", "a transaction is open");
	if (st->owed.n != 0 || st->log.n != 0) {
		if (st->owed.n == 0) {
			struct store_log notes = st->log;

			st->log = st->owed; /* empty, and keeps its room */
			st->owed = notes;
		}
		err = start(st);
		if (err == NO_ERROR)
			err = flush(st);
		if (err != NO_ERROR)
			return err;
		st->stats.undone++;
	}
	return NO_ERROR;
}

uint64_t
store_stamp(const struct store *st)
{
	return st->begun;
}

DWORD
store_find_active(struct store *st, const struct store_row *key, struct store_row *out)
{
	struct store_row found;
	DWORD err;

	if (!row_fits(key, NULL, true))
		return note(st, ERROR_INVALID_PARAMETER, "find", "this is no key");
	err = fetch(st, STMT_FIND, key, STORE_ROUTE_COUNT, &found);
	if (err == NO_ERROR)
		*out = found;
	return err;
}

DWORD
store_get(struct store *st, const struct store_row *key, struct store_row *out)
{
	struct store_row found;
	DWORD err;

	if (!row_fits(key, NULL, true))
		return note(st, ERROR_INVALID_PARAMETER, "get", "this is no key");
	err = fetch(st, STMT_GET, key, STORE_KEY_COUNT, &found);
	if (err == NO_ERROR)
		*out = found;
	return err;
}

/* The next row of a statement that gives rows; it is ready for the next time after the last. */
static DWORD
step_row(struct store *st, sqlite3_stmt *stmt, struct store_row *out)
{
	int rc = sqlite3_step(stmt);
	DWORD err = NO_ERROR;

	if (rc == SQLITE_DONE)
		err = ERROR_NO_MORE_ITEMS;
	else if (rc != SQLITE_ROW)
		err = note(st, store_code(sqlite3_extended_errcode(st->db)), "read",
		           sqlite3_errmsg(st->db));
	else if (!row_read(stmt, out))
		err = note(st, ERROR_FILE_CORRUPT, "read", "a row holds what cannot be");
	if (err != NO_ERROR)
		sqlite3_reset(stmt);
	return err;
}

DWORD
store_next(struct store *st, bool first, struct store_row *out)
{
	if (first)
		sqlite3_reset(st->stmt[STMT_WALK]);
	return step_row(st, st->stmt[STMT_WALK], out);
}

DWORD
store_each(struct store *st, DWORD (*each)(void *arg, const struct store_row *row), void *arg)
{
	sqlite3_stmt *stmt = st->stmt[STMT_EACH];
	struct store_row row;
	DWORD err;

	while ((err = step_row(st, stmt, &row)) == NO_ERROR) {
		err = each(arg, &row);
		if (err != NO_ERROR)
			break;
	}
	sqlite3_reset(stmt);
	return err == ERROR_NO_MORE_ITEMS ? NO_ERROR : err;
}

DWORD
store_checkpoint(struct store *st)
{
	uint64_t begun = store_clock_us();
	uint64_t took;
	int rc = sqlite3_wal_checkpoint_v2(st->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	if (rc != SQLITE_OK)
		return note(st, store_code(sqlite3_extended_errcode(st->db)), "checkpoint",
		            sqlite3_errmsg(st->db));
	took = store_clock_us() - begun;
	st->stats.checkpoints++;
	if (took > st->stats.checkpoint_us_max)
		st->stats.checkpoint_us_max = took;
	return NO_ERROR;
}

void
store_stats_get(const struct store *st, struct store_stats *out)
{
	*out = st->stats;
	out->undo_pending = st->owed.n != 0;
	if (st->keeper != NULL)
		keeper_stats(st->keeper, out);
}

const char *
store_why(const struct store *st)
{
	return st->why;
}

static int
on_commit(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct store *st = arg;

	(void)db;
	(void)name;
	st->stats.wal_pages = (uint64_t)pages;
	if (st->keeper != NULL && keeper_committed(st->keeper, (uint64_t)pages))
		(void)store_checkpoint(st); /* if not now, then after the next go */
	return SQLITE_OK;
}

static int
prepare_all(struct store *st)
{
	int rc = SQLITE_OK;

	for (int i = 0; rc == SQLITE_OK && i < STMT_COUNT; i++)
		rc = sqlite3_prepare_v3(st->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
		                        &st->stmt[i], NULL);
	return rc;
}

static int
count_rows(struct store *st)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(st->db, "SELECT count(*) FROM route", -1, &stmt, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		st->stats.rows = (uint64_t)sqlite3_column_int64(stmt, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	return rc;
}

static DWORD
connect_database(struct store *st, const struct store_config *config, char *why)
{
	int rc;

	/* Nobody asks how much memory SQLite has; to count it costs each row a tenth. Refused,
	 * and no harm done, once SQLite is in use. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(config->path, &st->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
	                     config->vfs);

	if (rc != SQLITE_OK) {
		snprintf(why, STORE_WHY_MAX, "%s: %s", config->path,
		         st->db != NULL ? sqlite3_errmsg(st->db) : sqlite3_errstr(rc));
		return rc == SQLITE_CANTOPEN ? ERROR_ACCESS_DENIED : store_code(rc);
	}
	sqlite3_extended_result_codes(st->db, 1);
	sqlite3_busy_timeout(st->db, STORE_WAIT_MS);
	if (sqlite3_db_readonly(st->db, "main") == 1) {
		snprintf(why, STORE_WHY_MAX, "%s: may be read but not written", config->path);
		return ERROR_ACCESS_DENIED;
	}
	return NO_ERROR;
}

static bool
write_zeros(sqlite3_file *log, sqlite3_int64 from)
{
	void *zeros = mem_calloc(1, ROOM_PIECE);
	int rc = zeros == NULL ? SQLITE_NOMEM : SQLITE_OK;

	for (sqlite3_int64 at = from; rc == SQLITE_OK && at < ROOM_OCTETS; at += ROOM_PIECE)
		rc = log->pMethods->xWrite(log, zeros, ROOM_PIECE, at);
	if (rc == SQLITE_OK)
		rc = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
	mem_free(zeros);
	return rc == SQLITE_OK;
}

/*
 * Give the log its room at once. A commit that has to lengthen the file waits for the file
 * system's own journal, too; one that writes over what is there for its own octets only. Zeros
 * are no frame, so they mean nothing to whoever reads the log. The write lock keeps
 * others from appending meanwhile. Without the room everything works, slower.
 */
static void
make_room(struct store *st)
{
	struct store_stats before = st->stats;
	sqlite3_file *log = NULL;
	sqlite3_int64 size;

	if (run(st, STMT_BEGIN) == NO_ERROR) {
		if (sqlite3_file_control(st->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) ==
		        SQLITE_OK &&
		    log != NULL && log->pMethods != NULL &&
		    log->pMethods->xFileSize(log, &size) == SQLITE_OK && size < ROOM_OCTETS &&
		    !write_zeros(log, size))
			(void)log->pMethods->xTruncate(log, size);
		roll_back(st);
	}
	st->stats = before;
	st->why[0] = '\0';
}

/* The last part, when the file is known to be good. */
static DWORD
set_up(struct store *st, const struct store_config *config, char *why)
{
	int rc = prepare_all(st);
	DWORD err;

	if (rc == SQLITE_OK)
		rc = count_rows(st);
	if (rc != SQLITE_OK) {
		snprintf(why, STORE_WHY_MAX, "%s: %s", config->path, sqlite3_errmsg(st->db));
		/* SQLITE_ERROR: our statements do not fit its tables. */
		return rc == SQLITE_ERROR ? ERROR_FILE_CORRUPT : store_code(rc);
	}
	make_room(st);
	sqlite3_wal_hook(st->db, on_commit, st);
	err = config->no_keeper ? NO_ERROR : keeper_start(config, &st->keeper);
	if (err != NO_ERROR)
		snprintf(why, STORE_WHY_MAX, "%s: the checkpoint thread does not start",
		         config->path);
	return err;
}

DWORD
store_open(const struct store_config *config, struct store **out, char *why)
{
	struct store *st = mem_calloc(1, sizeof(*st));
	DWORD err;

	why[0] = '\0';
	if (st == NULL) {
		snprintf(why, STORE_WHY_MAX, "%s: out of memory", config->path);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	err = place_take(config->path, &st->place, why);
	if (err == NO_ERROR)
		err = connect_database(st, config, why);
	if (err == NO_ERROR)
		err = schema_open(st->db, config->path, why);
	if (err == NO_ERROR)
		err = set_up(st, config, why);
	if (err == NO_ERROR)
		*out = st;
	else
		store_close(st);
	return err;
}

void
store_close(struct store *st)
{
	if (st == NULL)
		return;
	if (st->db != NULL)
		store_rollback(st);
	keeper_stop(st->keeper);
	for (int i = 0; i < STMT_COUNT; i++)
		sqlite3_finalize(st->stmt[i]);
	sqlite3_close(st->db);
	place_release(st->place);
	log_free(&st->log);
	log_free(&st->owed);
	mem_free(st);
}
