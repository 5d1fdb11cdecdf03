/*
 * One chapter: looking at a state file without having it.
 *
 * The file may be in use by rtmd: SQLite lets others read beside one writer, and one read
 * transaction sees one state, however long it takes. Nothing is written, no lock is
 * taken that rtmd would meet, and an older layout is told, not moved up.
 */
#include "store/store_int.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static DWORD
failed(sqlite3 *db, const char *path, char *why)
{
	int rc = db != NULL ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;

	snprintf(why, STORE_WHY_MAX, "%s: %s", path,
	         db != NULL ? sqlite3_errmsg(db) : "out of memory");
	return (rc & 0xff) == SQLITE_CANTOPEN ? ERROR_ACCESS_DENIED : store_code(rc);
}

static DWORD
walk(sqlite3 *db, const char *path, DWORD (*each)(void *arg, const struct store_row *row),
     void *arg, uint64_t *rows, char *why)
{
	static const char sql[] =
	    "SELECT " STORE_COLUMNS " FROM route ORDER BY " STORE_KEY_COLUMNS;
	sqlite3_stmt *stmt = NULL;
	DWORD err = NO_ERROR;
	struct store_row row;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	while (err == NO_ERROR && rc == SQLITE_OK) {
		int step = sqlite3_step(stmt);

		if (step == SQLITE_DONE)
			break;
		if (step != SQLITE_ROW) {
			rc = step;
		} else if (!row_read(stmt, &row)) {
			snprintf(why, STORE_WHY_MAX,
			         "%s: is damaged: row %llu holds what "
			         "cannot be",
			         path, (unsigned long long)*rows + 1);
			err = ERROR_FILE_CORRUPT;
		} else {
			++*rows;
			err = each != NULL ? each(arg, &row) : NO_ERROR;
		}
	}
	if (err == NO_ERROR && rc != SQLITE_OK)
		err = failed(db, path, why);
	sqlite3_finalize(stmt);
	return err;
}

DWORD
store_look(const char *path, DWORD (*each)(void *arg, const struct store_row *row), void *arg,
           uint64_t *rows, char *why)
{
	sqlite3 *db = NULL;
	bool empty = false;
	DWORD err = NO_ERROR;

	*rows = 0;
	why[0] = '\0';
	if (access(path, R_OK) != 0) {
		snprintf(why, STORE_WHY_MAX, "%s: %s", path, strerror(errno));
		return errno == ENOENT ? ERROR_FILE_NOT_FOUND : ERROR_ACCESS_DENIED;
	}
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		err = failed(db, path, why);
	if (err == NO_ERROR) {
		sqlite3_extended_result_codes(db, 1);
		sqlite3_busy_timeout(db, STORE_WAIT_MS);
		if (sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
			err = failed(db, path, why);
	}
	if (err == NO_ERROR)
		err = schema_look(db, path, &empty, why);
	if (err == NO_ERROR && !empty)
		err = walk(db, path, each, arg, rows, why);
	sqlite3_close(db);
	return err;
}
