/*
 * Bare SQLite, the bar for the store: the same columns into the same table, prepared
 * statements, WAL, synchronous FULL, and nothing else. All but the prefix are constants of the
 * statement, which is as cheap as it gets.
 */
#include "bare.h"

#include <stdio.h>
#include <stdlib.h>

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "bare SQLite: %s: %s\n", what, why);
	exit(1);
}

static void
step(struct bare *b, sqlite3_stmt *stmt)
{
	if (sqlite3_step(stmt) != SQLITE_DONE)
		die("step", sqlite3_errmsg(b->db));
	sqlite3_reset(stmt);
}

static void
prepare(struct bare *b, const char *sql, sqlite3_stmt **out)
{
	if (sqlite3_prepare_v2(b->db, sql, -1, out, NULL) != SQLITE_OK)
		die(sql, sqlite3_errmsg(b->db));
}

void
bare_open(struct bare *b, const char *path)
{
	if (sqlite3_open(path, &b->db) != SQLITE_OK ||
	    sqlite3_exec(b->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL,
	                 NULL, NULL) != SQLITE_OK)
		die(path, sqlite3_errmsg(b->db));
	prepare(b, "BEGIN IMMEDIATE", &b->begin);
	prepare(b, "COMMIT", &b->commit);
	prepare(b,
	        "INSERT OR REPLACE INTO route VALUES (0, 4, ?1, 24, x'c0000201', 2,"
	        " zeroblob(8), 0, 0, 'eth1', 0, 0, 256, -1, -1, -1, -1, 0, zeroblob(8), 3, 255,"
	        " 4294967295, 4294967295, 1, 1, 1, 1, 1, 0, ?2)",
	        &b->put);
	prepare(b,
	        "DELETE FROM route WHERE instance = 0 AND family = 4 AND prefix = ?1 AND"
	        " length = 24 AND next_hop = x'c0000201' AND if_index = 2 AND policy ="
	        " zeroblob(8) AND prefix_zone = 0 AND next_hop_zone = 0",
	        &b->drop);
}

void
bare_close(struct bare *b)
{
	sqlite3_finalize(b->begin);
	sqlite3_finalize(b->put);
	sqlite3_finalize(b->drop);
	sqlite3_finalize(b->commit);
	sqlite3_close(b->db);
}

void
bare_begin(struct bare *b)
{
	step(b, b->begin);
}

void
bare_put(struct bare *b, const void *prefix, int64_t created_s)
{
	sqlite3_bind_blob(b->put, 1, prefix, 4, SQLITE_TRANSIENT);
	sqlite3_bind_int64(b->put, 2, created_s);
	step(b, b->put);
}

void
bare_drop(struct bare *b, const void *prefix)
{
	sqlite3_bind_blob(b->drop, 1, prefix, 4, SQLITE_TRANSIENT);
	step(b, b->drop);
}

void
bare_commit(struct bare *b)
{
	step(b, b->commit);
}
