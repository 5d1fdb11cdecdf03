/*
 * One chapter: the state file of a running rtmd.
 *
 * Opened after the fork, because the store has a thread and locks that a child would not
 * inherit; closed when nobody can write any more. What is wrong with the file is said
 * in the store's own words, with the path first and the documented code behind.
 */
#include "durable.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"

const bool durable_built = true;

struct durable {
	struct store *store;
	struct store_port port;
	char *path;
};

/* The default directory may be missing on a host where nothing was installed. */
static void
make_directory(const char *path)
{
	char dir[4096];
	char *slash;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash == NULL || slash == dir)
		return;
	*slash = '\0';
	if (mkdir(dir, 0700) == 0)
		log_info("store", "made directory=%s", dir);
}

struct durable *
durable_open(const char *path, bool make)
{
	struct store_config config = { .path = path };
	struct durable *d = mem_calloc(1, sizeof(*d));
	char why[STORE_WHY_MAX] = "out of memory";
	DWORD err = ERROR_NOT_ENOUGH_MEMORY;

	if (make)
		make_directory(path);
	if (d != NULL && (d->path = mem_text(path)) != NULL)
		err = store_open(&config, &d->store, why);
	if (err != NO_ERROR) {
		log_err("store", "%s (%s); \"stateFile none\" starts without it", why,
		        code_name(err));
		durable_close(d);
		return NULL;
	}
	store_port_of(d->store, &d->port);
	return d;
}

void
durable_close(struct durable *d)
{
	if (d == NULL)
		return;
	store_close(d->store);
	mem_free(d->path);
	mem_free(d);
}

const struct store_port *
durable_port(const struct durable *d)
{
	return d == NULL ? NULL : &d->port;
}

/* ---- for people -------------------------------------------------------------------------- */

struct text {
	char *buf;
	size_t size, n;
};

static void __attribute__((format(printf, 2, 3))) add(struct text *t, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(t->buf + t->n, t->size - t->n, format, ap);
	va_end(ap);
	if (n > 0)
		t->n += (size_t)n < t->size - t->n ? (size_t)n : t->size - t->n - 1;
}

size_t
durable_status(void *arg, char *buf, size_t size)
{
	const struct durable *d = arg;
	struct text t = { buf, size, 0 };
	struct store_stats s;

	store_stats_get(d->store, &s);
	add(&t, "path=%s\nrows=%llu\ncommits=%llu\nfailures=%llu\nundone=%llu\n", d->path,
	    (unsigned long long)s.rows, (unsigned long long)s.commits,
	    (unsigned long long)s.failures, (unsigned long long)s.undone);
	add(&t, "undo_pending=%d\nlast_code=%s\n", s.undo_pending,
	    s.last_code != NO_ERROR ? code_name(s.last_code) : "-");
	add(&t, "last_trouble=%s\n", s.last_code != NO_ERROR ? store_why(d->store) : "-");
	add(&t,
	    "wal_pages=%llu\ncheckpoints=%llu\ncheckpoint_us_max=%llu\ncommit_us_max=%llu\n",
	    (unsigned long long)s.wal_pages, (unsigned long long)s.checkpoints,
	    (unsigned long long)s.checkpoint_us_max, (unsigned long long)s.commit_us_max);
	for (int i = 0; i < STORE_BUCKETS - 1; i++)
		add(&t, "commit_us_to_%u=%llu\n", store_bucket_us[i],
		    (unsigned long long)s.commit_us[i]);
	add(&t, "commit_us_more=%llu\n", (unsigned long long)s.commit_us[STORE_BUCKETS - 1]);
	return t.n;
}
