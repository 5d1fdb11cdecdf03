/*
 * One chapter: is this file ours, how old is it, is it whole?
 *
 * SQLite keeps two numbers for its users in the file's header. `application_id' says that
 * the file is ours, `user_version' says which layout it has. Looking changes nothing, so
 * a file of somebody else, or of a newer rtmd, is left as it was found. Only then is the
 * file switched to WAL, and an older layout moved up, one version at a time and all of
 * it in one transaction: a migration that fails, or loses its power, leaves the old file.
 *
 * To change the layout: write the SQL that brings the present version up as the last line
 * of `steps', raise SCHEMA_VERSION, change TABLE, and leave a sample of the present file
 * in tests/data.
 *
 * There is one table. Its declared types are enforced (STRICT) and its values checked by
 * SQLite, so PRAGMA integrity_check finds rows that we could not have written, too. The
 * second, of one row, is rewritten after a commit that failed: see store_sqlite.c.
 */
#include "store/store_int.h"

#include <stdio.h>
#include <string.h>

#define APPLICATION_ID 1381256531 /* the bytes "RTMS" */
#define SCHEMA_VERSION 1
#define NUMBER_(n) #n
#define NUMBER(n) NUMBER_(n) /* a pragma takes no parameter */

#define ROUTE_TABLE                                                                            \
	"CREATE TABLE route ("                                                                 \
	" instance INTEGER NOT NULL CHECK (instance BETWEEN 0 AND 65535),"                     \
	" family INTEGER NOT NULL CHECK (family IN (4, 6)),"                                   \
	" prefix BLOB NOT NULL CHECK (length(prefix) = iif(family = 4, 4, 16)),"               \
	" length INTEGER NOT NULL CHECK (length BETWEEN 0 AND iif(family = 4, 32, 128)),"      \
	" next_hop BLOB NOT NULL CHECK (length(next_hop) = length(prefix)),"                   \
	" if_index INTEGER NOT NULL CHECK (if_index BETWEEN 0 AND 4294967295),"                \
	" policy BLOB NOT NULL CHECK (length(policy) % 4 = 0 AND length(policy) <= 512),"      \
	" prefix_zone INTEGER NOT NULL CHECK (prefix_zone BETWEEN 0 AND 4294967295),"          \
	" next_hop_zone INTEGER NOT NULL CHECK (next_hop_zone BETWEEN 0 AND 4294967295),"      \
	" if_name TEXT NOT NULL CHECK (length(CAST(if_name AS BLOB)) <= 256),"                 \
	" kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),"                                 \
	" type INTEGER NOT NULL CHECK (type BETWEEN 0 AND 65535),"                             \
	" metric INTEGER NOT NULL CHECK (metric BETWEEN 0 AND 4294967295),"                    \
	" metric2 INTEGER NOT NULL, metric3 INTEGER NOT NULL,"                                 \
	" metric4 INTEGER NOT NULL, metric5 INTEGER NOT NULL,"                                 \
	" next_hop_as INTEGER NOT NULL CHECK (next_hop_as BETWEEN 0 AND 4294967295),"          \
	" info BLOB NOT NULL CHECK (length(info) % 4 = 0 AND length(info) <= 512),"            \
	" protocol INTEGER NOT NULL CHECK (protocol BETWEEN 0 AND 4294967295),"                \
	" site_prefix INTEGER NOT NULL CHECK (site_prefix BETWEEN 0 AND 255),"                 \
	" valid_s INTEGER NOT NULL CHECK (valid_s BETWEEN 0 AND 4294967295),"                  \
	" preferred_s INTEGER NOT NULL CHECK (preferred_s BETWEEN 0 AND 4294967295),"          \
	" loopback INTEGER NOT NULL CHECK (loopback BETWEEN 0 AND 255),"                       \
	" autoconfigure INTEGER NOT NULL CHECK (autoconfigure BETWEEN 0 AND 255),"             \
	" publish INTEGER NOT NULL CHECK (publish BETWEEN 0 AND 255),"                         \
	" immortal INTEGER NOT NULL CHECK (immortal BETWEEN 0 AND 255),"                       \
	" status INTEGER NOT NULL CHECK (status BETWEEN 1 AND 2),"                             \
	" columns_set INTEGER NOT NULL CHECK (columns_set BETWEEN 0 AND 511),"                 \
	" created_s INTEGER NOT NULL CHECK (created_s >= 0),"                                  \
	" PRIMARY KEY (" STORE_KEY_COLUMNS ")) STRICT, WITHOUT ROWID;"

#define TOUCH_TABLE                                                                            \
	"CREATE TABLE touch (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL)"   \
	" STRICT;"                                                                             \
	"INSERT INTO touch VALUES (1, 0);"

#define TABLES ROUTE_TABLE TOUCH_TABLE

/* steps[v] turns version v into v + 1. */
static const char *const steps[SCHEMA_VERSION] = {
	/* 0 knew one instance and active rows only: no interface name, zones, type, info,
	 * protocol, lifetimes or booleans. They get what such rows had in effect. */
	"ALTER TABLE route RENAME TO route_0;" TABLES "INSERT INTO route"
	" SELECT 0, family, prefix, length, next_hop, if_index, policy, 0, 0, '', kind, 0,"
	" metric, metric2, metric3, metric4, metric5, next_hop_as, zeroblob(8), 3, 0,"
	" 4294967295, 4294967295, 1, 1, 1, 1, 1, 0, created_s FROM route_0;"
	"DROP TABLE route_0;",
};

/* What every connection is told; none of it writes. */
static const char settings[] = "PRAGMA trusted_schema = OFF;"
			       "PRAGMA cell_size_check = ON;"
			       "PRAGMA foreign_keys = ON;";

struct header {
	int application, version;
	bool empty; /* no table in it: new, or cut off while it was made */
};

static int
ask(sqlite3 *db, const char *sql, int *out)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW) {
			*out = sqlite3_column_int(stmt, 0);
			rc = SQLITE_OK;
		}
	}
	sqlite3_finalize(stmt);
	return rc;
}

static int
header_read(sqlite3 *db, struct header *out)
{
	int tables = 0;
	int rc = ask(db, "PRAGMA application_id", &out->application);

	if (rc == SQLITE_OK)
		rc = ask(db, "PRAGMA user_version", &out->version);
	if (rc == SQLITE_OK)
		rc = ask(db, "SELECT count(*) FROM sqlite_schema", &tables);
	out->empty = tables == 0 && out->application == 0 && out->version == 0;
	return rc;
}

static DWORD
refuse(sqlite3 *db, DWORD code, char *why, const char *path, const char *what)
{
	/* Somebody else's log stays where it is, too. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	snprintf(why, STORE_WHY_MAX, "%s: %s", path, what);
	return code;
}

/* The code for a failed step, told with SQLite's own words. */
static DWORD
failed(sqlite3 *db, const char *path, const char *doing, char *why)
{
	int rc = sqlite3_extended_errcode(db);
	char what[STORE_WHY_MAX / 2];

	if ((rc & 0xff) == SQLITE_NOTADB)
		return refuse(db, ERROR_BAD_FORMAT, why, path,
		              "is not a state file of rtmd (or its beginning is destroyed)");
	snprintf(what, sizeof(what), "%s: %s", doing, sqlite3_errmsg(db));
	return refuse(db, store_code(rc), why, path, what);
}

static DWORD
identify(sqlite3 *db, const char *path, struct header *out, char *why)
{
	char what[128];

	if (header_read(db, out) != SQLITE_OK)
		return failed(db, path, "cannot be read", why);
	if (out->empty)
		return NO_ERROR;
	if (out->application != APPLICATION_ID)
		return refuse(db, ERROR_BAD_FORMAT, why, path,
		              "is a database of another program");
	if (out->version > SCHEMA_VERSION || out->version < 0) {
		snprintf(what, sizeof(what),
		         "was written by a newer rtmd (layout %d, this one knows up to %d)",
		         out->version, SCHEMA_VERSION);
		return refuse(db, ERROR_REVISION_MISMATCH, why, path, what);
	}
	return NO_ERROR;
}

/* Both checks answer with rows; the first one that is not "ok" is the finding. */
static DWORD
check(sqlite3 *db, const char *path, const char *sql, char *why)
{
	sqlite3_stmt *stmt = NULL;
	DWORD err = NO_ERROR;
	char what[STORE_WHY_MAX / 2];
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(stmt, 0);

		if (text == NULL || strcmp(text, "ok") != 0) {
			snprintf(what, sizeof(what), "is damaged: %.180s",
			         text != NULL ? text : "no reason given");
			err = refuse(db, ERROR_FILE_CORRUPT, why, path, what);
		}
	} else if (rc != SQLITE_DONE) {
		err = failed(db, path, "cannot be checked", why);
	}
	sqlite3_finalize(stmt);
	return err;
}

static int
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static int
upgrade_steps(sqlite3 *db, const struct header *found)
{
	int rc = run(db, "BEGIN IMMEDIATE");

	if (found->empty) {
		if (rc == SQLITE_OK)
			rc = run(db, TABLES);
	} else {
		for (int v = found->version; rc == SQLITE_OK && v < SCHEMA_VERSION; v++)
			rc = run(db, steps[v]);
	}
	if (rc == SQLITE_OK)
		rc = run(db,
		         "PRAGMA application_id = " NUMBER(
			     APPLICATION_ID) ";PRAGMA user_version = " NUMBER(SCHEMA_VERSION));
	if (rc == SQLITE_OK)
		rc = run(db, "COMMIT");
	return rc;
}

static DWORD
upgrade(sqlite3 *db, const char *path, const struct header *found, char *why)
{
	DWORD err;

	if (!found->empty && found->version == SCHEMA_VERSION)
		return NO_ERROR;
	if (upgrade_steps(db, found) == SQLITE_OK)
		return NO_ERROR;
	err = failed(db, path, "the tables cannot be made", why);
	run(db, "ROLLBACK");
	return err;
}

static DWORD
use_wal(sqlite3 *db, const char *path, char *why)
{
	sqlite3_stmt *stmt = NULL;
	DWORD err = NO_ERROR;
	int rc = sqlite3_prepare_v2(db, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc != SQLITE_ROW)
		err = failed(db, path, "cannot be written", why);
	else if (strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") != 0)
		err = refuse(db, ERROR_NOT_SUPPORTED, why, path,
		             "the file system cannot share memory (WAL refused)");
	sqlite3_finalize(stmt);
	if (err == NO_ERROR && run(db, "PRAGMA synchronous = FULL;"
	                               "PRAGMA wal_autocheckpoint = 0;"
	                               "PRAGMA journal_size_limit = 16777216") != SQLITE_OK)
		err = failed(db, path, "cannot be set up", why);
	return err;
}

DWORD
schema_look(sqlite3 *db, const char *path, bool *empty, char *why)
{
	struct header found = { 0, 0, false };
	DWORD err = NO_ERROR;

	if (run(db, settings) != SQLITE_OK)
		err = failed(db, path, "cannot be read", why);
	if (err == NO_ERROR)
		err = identify(db, path, &found, why);
	*empty = found.empty;
	if (err == NO_ERROR && !found.empty && found.version < SCHEMA_VERSION)
		err = refuse(db, ERROR_REVISION_MISMATCH, why, path,
		             "has an older layout; rtmd moves it up when it starts");
	if (err == NO_ERROR)
		err = check(db, path, "PRAGMA integrity_check(1)", why);
	if (err == NO_ERROR)
		err = check(db, path, "PRAGMA foreign_key_check", why);
	return err;
}

DWORD
schema_open(sqlite3 *db, const char *path, char *why)
{
	struct header found = { 0, 0, false };
	DWORD err = NO_ERROR;

	if (run(db, settings) != SQLITE_OK)
		err = failed(db, path, "cannot be read", why);
	if (err == NO_ERROR)
		err = identify(db, path, &found, why);
	if (err == NO_ERROR)
		err = check(db, path, "PRAGMA integrity_check(1)", why);
	if (err == NO_ERROR)
		err = check(db, path, "PRAGMA foreign_key_check", why);
	if (err == NO_ERROR)
		err = use_wal(db, path, why);
	if (err == NO_ERROR)
		err = upgrade(db, path, &found, why);
	return err;
}
