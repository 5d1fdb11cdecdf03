/*
 * One chapter: files without a rule are not read for each message.
 *
 * In the direct role the library asks libwrap about each message [hosts_access(5)], and
 * libwrap then opens and reads hosts.allow and hosts.deny: ten system calls, more than the
 * rest of a GET, to find on nearly every host that nothing but comments is in there. Which
 * files they are is in two variables of libwrap. So we look ourselves, once a second at
 * most and only when a message came: a file without rules is taken out of libwrap's sight by
 * naming none in its place, and is back when a rule is in it. Files with rules
 * are libwrap's affair as ever.
 *
 * A mistake here must never let anybody in. So whatever is not certain counts as a rule:
 * a line that is neither a comment nor blank, be it the rest of a long comment, and a
 * file that cannot be read. That a file is as it was is told by its status; one that has
 * just been changed may be changed again in the same tick of the clock, and is read again.
 */
#include "agx_hosts.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static struct table {
	const char *variable;
	char **named;   /* libwrap's: the file it reads; NULL: there is no libwrap */
	char *path;     /* what it had there */
	bool known;     /* whether there are rules in it, as long as it is ... */
	struct stat as; /* ... like this */
} tables[] = { { .variable = "hosts_allow_table" }, { .variable = "hosts_deny_table" } };

#define N_TABLES (sizeof tables / sizeof tables[0])

static uint64_t look_at_ms;
static char no_file[] = ""; /* there is none of this name: to libwrap, an empty one */

static bool
is_rule(const char *line)
{
	return line[0] != '#' && line[strspn(line, " \t\r\n")] != '\0';
}

static bool
has_rules(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[1024];
	bool found = false;

	if (file == NULL)
		return errno != ENOENT;
	while (!found && fgets(line, sizeof line, file) != NULL)
		found = is_rule(line);
	found = found || ferror(file) != 0;
	fclose(file);
	return found;
}

static bool
is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool
is_as_it_was(const struct table *table, const struct stat *now)
{
	return table->known && now->st_dev == table->as.st_dev &&
	       now->st_ino == table->as.st_ino && now->st_size == table->as.st_size &&
	       is_same_time(&now->st_mtim, &table->as.st_mtim) &&
	       is_same_time(&now->st_ctim, &table->as.st_ctim);
}

/* The status comes first: what changes after it is read next time. */
static void
look_at(struct table *table)
{
	struct stat now;

	if (stat(table->path, &now) != 0) {
		table->known = false;
		*table->named = errno == ENOENT ? no_file : table->path;
		return;
	}
	if (is_as_it_was(table, &now))
		return;
	table->as = now;
	table->known = time(NULL) - now.st_ctim.tv_sec > AGX_HOSTS_SETTLED_S;
	*table->named = has_rules(table->path) ? table->path : no_file;
}

void
agx_hosts_open(void)
{
	for (size_t i = 0; i < N_TABLES; i++) {
		struct table *table = &tables[i];

		table->named = dlsym(RTLD_DEFAULT, table->variable);
		if (table->named == NULL)
			continue;
		if (table->path == NULL)
			table->path = *table->named;
		look_at(table);
	}
}

void
agx_hosts_look(uint64_t now_ms)
{
	if (now_ms < look_at_ms)
		return;
	look_at_ms = now_ms + AGX_HOSTS_MS;
	for (size_t i = 0; i < N_TABLES; i++)
		if (tables[i].named != NULL)
			look_at(&tables[i]);
}
