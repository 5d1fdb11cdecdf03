/*
 * Bare SQLite: what a program would do that only wanted a manager's rows on disk, as fast as
 * SQLite does it; see bare.c.
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <sqlite3.h>
#include <stdint.h>

struct bare {
	sqlite3 *db;
	sqlite3_stmt *begin, *put, *drop, *commit;
};

/** Open a file that the store made; whatever fails ends the program. */
void bare_open(struct bare *b, const char *path);
void bare_close(struct bare *b);

void bare_begin(struct bare *b);
/** Make or remove the row of an IPv4 prefix of 24 bits; octets in the order of the network. */
void bare_put(struct bare *b, const void *prefix, int64_t created_s);
void bare_drop(struct bare *b, const void *prefix);
/** On disk when it returns. */
void bare_commit(struct bare *b);

#endif
