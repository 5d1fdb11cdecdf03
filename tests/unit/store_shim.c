/*
 * One chapter: the disk and the page cache.
 *
 * The real files always hold what the program wrote: they are the page cache. Beside each
 * stands its `durable' image and a list of the changes since the last sync. A sync applies
 * the list to the image. At a power cut every further call fails; shim_restore() then
 * throws a coin for every change of the list, since a disk may write them in any order:
 * done, not done, or torn, which is a coin for every sector, and a sector caught in the
 * middle may hold garbage. What results is written to the real files.
 *
 * A file that was never synced may be missing altogether. Locks and shared memory are the
 * real ones: they do not survive anyway.
 */
#include "store_shim.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store_kit.h"

#define SECTOR 512
#define NODES 8

enum change_kind { WRITE, TRUNCATE, DELETE };

struct change {
	enum change_kind kind;
	size_t at, len;
	unsigned char *bytes;
};

struct image {
	unsigned char *p;
	size_t n;
	bool exists;
};

struct node {
	char path[512];
	struct image durable;
	struct change *change;
	size_t n, cap;
};

struct shim_file {
	sqlite3_file base;
	struct node *node; /* NULL: a temporary file, nothing to remember */
	sqlite3_file *real;
};

static sqlite3_vfs *under;
static struct node nodes[NODES];
static uint64_t cut_at, fail_at, fail_count, changes, calls, syncs;
static enum shim_failure fail_how;
static bool cut, has_failed;

/* --- images --- */

static void
image_write(struct image *im, size_t at, const unsigned char *p, size_t n)
{
	if (at + n > im->n) {
		im->p = mem_realloc(im->p, at + n, 1);
		memset(im->p + im->n, 0, at + n - im->n);
		im->n = at + n;
	}
	memcpy(im->p + at, p, n);
	im->exists = true;
}

static void
image_apply(struct image *im, const struct change *c)
{
	if (c->kind == WRITE) {
		image_write(im, c->at, c->bytes, c->len);
	} else if (c->kind == TRUNCATE) {
		im->n = c->len < im->n ? c->len : im->n;
		im->exists = true;
	} else {
		im->n = 0;
		im->exists = false;
	}
}

static void
image_tear(struct image *im, const struct change *c, uint64_t *seed)
{
	unsigned char sector[SECTOR];

	for (size_t at = 0; at < c->len; at += SECTOR) {
		size_t n = c->len - at < SECTOR ? c->len - at : SECTOR;
		uint32_t coin = kit_random(seed) % 8;

		memcpy(sector, c->bytes + at, n);
		for (size_t i = 0; coin == 0 && i < n; i++)
			sector[i] = (unsigned char)kit_random(seed);
		if (coin < 4)
			image_write(im, c->at + at, sector, n);
	}
}

static void
node_clear(struct node *node)
{
	while (node->n > 0)
		mem_free(node->change[--node->n].bytes);
}

static void
node_sync(struct node *node)
{
	for (size_t i = 0; i < node->n; i++)
		image_apply(&node->durable, &node->change[i]);
	node->durable.exists = true;
	node_clear(node);
}

/*
 * The first sync of a new log syncs its directory as well, as SQLite's own file layer
 * does: names that came or went before are then durable, whatever their contents.
 */
static void
sync_names(void)
{
	for (int i = 0; i < NODES; i++) {
		size_t last = 0;

		for (size_t k = 0; k < nodes[i].n; k++) {
			if (nodes[i].change[k].kind == DELETE)
				last = k + 1;
		}
		for (size_t k = 0; k < last; k++) {
			image_apply(&nodes[i].durable, &nodes[i].change[k]);
			mem_free(nodes[i].change[k].bytes);
		}
		nodes[i].n -= last;
		if (last > 0)
			memmove(nodes[i].change, nodes[i].change + last,
			        nodes[i].n * sizeof(nodes[i].change[0]));
	}
}

static void
node_add(struct node *node, enum change_kind kind, size_t at, const void *p, size_t n)
{
	struct change *c;

	if (node->n == node->cap) {
		node->cap = node->cap != 0 ? 2 * node->cap : 32;
		node->change = mem_realloc(node->change, node->cap, sizeof(*node->change));
	}
	c = &node->change[node->n++];
	c->kind = kind;
	c->at = at;
	c->len = n;
	c->bytes = NULL;
	if (p != NULL) {
		c->bytes = mem_realloc(NULL, n, 1);
		memcpy(c->bytes, p, n);
	}
}

static void
node_load(struct node *node)
{
	unsigned char block[4096];
	int fd = open(node->path, O_RDONLY);
	ssize_t got;

	while (fd >= 0 && (got = read(fd, block, sizeof(block))) > 0)
		image_write(&node->durable, node->durable.n, block, (size_t)got);
	node->durable.exists = fd >= 0;
	if (fd >= 0)
		close(fd);
}

static struct node *
node_of(const char *path)
{
	for (int i = 0; i < NODES; i++) {
		if (strcmp(nodes[i].path, path) == 0)
			return &nodes[i];
		if (nodes[i].path[0] == '\0') {
			snprintf(nodes[i].path, sizeof(nodes[i].path), "%s", path);
			node_load(&nodes[i]);
			return &nodes[i];
		}
	}
	abort(); /* the test opened more files than it said it would */
}

/* --- when to fail --- */

static bool
must_fail(bool is_sync)
{
	uint64_t now;

	if (cut)
		return true;
	if (fail_count == 0 || (fail_how == SHIM_BAD_SYNC && !is_sync))
		return false;
	now = fail_how == SHIM_BAD_SYNC ? ++syncs : ++calls;
	if (now < fail_at || now - fail_at >= fail_count)
		return false;
	has_failed = true;
	return true;
}

/* A change is about to be made. The one that meets the cut is remembered, then refused. */
static void
count_change(void)
{
	if (cut_at != 0 && ++changes >= cut_at)
		cut = true;
}

/* --- the file --- */

#define REAL(f) (((struct shim_file *)(f))->real)
#define NODE(f) (((struct shim_file *)(f))->node)

static int
shim_close(sqlite3_file *f)
{
	int rc = REAL(f)->pMethods->xClose(REAL(f));

	mem_free(REAL(f));
	return rc;
}

static int
shim_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return must_fail(false) ? SQLITE_IOERR_READ
	                        : REAL(f)->pMethods->xRead(REAL(f), p, n, at);
}

static int
shim_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	bool fails = must_fail(false);
	int done = fails ? n / 2 : n;

	if (cut)
		return SQLITE_IOERR_WRITE;
	if (NODE(f) != NULL) {
		count_change();
		if (done > 0)
			node_add(NODE(f), WRITE, (size_t)at, p, (size_t)done);
	}
	if (done > 0 && REAL(f)->pMethods->xWrite(REAL(f), p, done, at) != SQLITE_OK)
		return SQLITE_IOERR_WRITE;
	if (fails)
		return fail_how == SHIM_DISK_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	return cut ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

static int
shim_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	if (must_fail(false))
		return SQLITE_IOERR_TRUNCATE;
	if (NODE(f) != NULL) {
		count_change();
		node_add(NODE(f), TRUNCATE, 0, NULL, (size_t)size);
	}
	return cut ? SQLITE_IOERR_TRUNCATE : REAL(f)->pMethods->xTruncate(REAL(f), size);
}

static int
shim_sync(sqlite3_file *f, int flags)
{
	(void)flags;
	if (must_fail(true))
		return SQLITE_IOERR_FSYNC;
	if (NODE(f) == NULL)
		return SQLITE_OK;
	count_change();
	if (cut)
		return SQLITE_IOERR_FSYNC;
	if (!NODE(f)->durable.exists)
		sync_names();
	node_sync(NODE(f));
	return SQLITE_OK;
}

static int
shim_size(sqlite3_file *f, sqlite3_int64 *out)
{
	return must_fail(false) ? SQLITE_IOERR_FSTAT
	                        : REAL(f)->pMethods->xFileSize(REAL(f), out);
}

static int
shim_lock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xLock(REAL(f), level);
}

static int
shim_unlock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xUnlock(REAL(f), level);
}

static int
shim_reserved(sqlite3_file *f, int *out)
{
	return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}

static int
shim_control(sqlite3_file *f, int op, void *arg)
{
	return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}

static int
shim_sector(sqlite3_file *f)
{
	return REAL(f)->pMethods->xSectorSize(REAL(f));
}

static int
shim_character(sqlite3_file *f)
{
	return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}

static int
shim_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	if (must_fail(false))
		return SQLITE_IOERR_SHMMAP;
	return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}

static int
shim_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags);
}

static void
shim_shm_barrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int
shim_shm_unmap(sqlite3_file *f, int remove)
{
	return REAL(f)->pMethods->xShmUnmap(REAL(f), remove);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = shim_close,
	.xRead = shim_read,
	.xWrite = shim_write,
	.xTruncate = shim_truncate,
	.xSync = shim_sync,
	.xFileSize = shim_size,
	.xLock = shim_lock,
	.xUnlock = shim_unlock,
	.xCheckReservedLock = shim_reserved,
	.xFileControl = shim_control,
	.xSectorSize = shim_sector,
	.xDeviceCharacteristics = shim_character,
	.xShmMap = shim_shm_map,
	.xShmLock = shim_shm_lock,
	.xShmBarrier = shim_shm_barrier,
	.xShmUnmap = shim_shm_unmap,
};

/* --- the file layer --- */

static int
shim_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *out, int flags, int *out_flags)
{
	struct shim_file *f = (struct shim_file *)out;
	int rc;

	(void)vfs;
	memset(f, 0, sizeof(*f));
	if (must_fail(false))
		return SQLITE_CANTOPEN;
	f->real = mem_calloc(1, (size_t)under->szOsFile);
	if (f->real == NULL)
		return SQLITE_NOMEM;
	if (path != NULL &&
	    (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0)
		f->node = node_of(path); /* before it comes into being */
	rc = under->xOpen(under, path, f->real, flags, out_flags);
	if (rc != SQLITE_OK) {
		mem_free(f->real);
		return rc;
	}
	f->base.pMethods = &methods;
	return SQLITE_OK;
}

static int
shim_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
	struct node *node = node_of(path);

	(void)vfs;
	if (must_fail(false))
		return SQLITE_IOERR_DELETE;
	count_change();
	node_add(node, DELETE, 0, NULL, 0);
	if (cut)
		return SQLITE_IOERR_DELETE;
	if (sync) {
		node_sync(node);
		node->durable.exists = false;
	}
	return under->xDelete(under, path, 0);
}

static int
shim_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
	(void)vfs;
	return cut ? SQLITE_IOERR_ACCESS : under->xAccess(under, path, flags, out);
}

static int
shim_full(sqlite3_vfs *vfs, const char *path, int n, char *out)
{
	(void)vfs;
	return under->xFullPathname(under, path, n, out);
}

static int
shim_randomness(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	return under->xRandomness(under, n, out);
}

static int
shim_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return under->xSleep(under, us);
}

static int
shim_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
	(void)vfs;
	return under->xCurrentTimeInt64(under, out);
}

static int
shim_time_old(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	return under->xCurrentTime(under, out);
}

static int
shim_last_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	return under->xGetLastError(under, n, out);
}

void
shim_start(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 2,
		.zName = SHIM_VFS,
		.mxPathname = 512,
		.xOpen = shim_open,
		.xDelete = shim_delete,
		.xAccess = shim_access,
		.xFullPathname = shim_full,
		.xRandomness = shim_randomness,
		.xSleep = shim_sleep,
		.xCurrentTime = shim_time_old,
		.xGetLastError = shim_last_error,
		.xCurrentTimeInt64 = shim_time,
	};

	shim_stop();
	under = sqlite3_vfs_find(NULL);
	if (under->zName == vfs.zName)
		under = under->pNext;
	vfs.szOsFile = (int)sizeof(struct shim_file);
	sqlite3_vfs_register(&vfs, 0);
	cut_at = changes = 0;
	cut = false;
	shim_heal();
}

void
shim_stop(void)
{
	for (int i = 0; i < NODES; i++) {
		node_clear(&nodes[i]);
		mem_free(nodes[i].change);
		mem_free(nodes[i].durable.p);
		memset(&nodes[i], 0, sizeof(nodes[i]));
	}
}

void
shim_cut_at(uint64_t nth)
{
	cut_at = nth;
	changes = 0;
}

bool
shim_is_cut(void)
{
	return cut;
}

void
shim_fail(uint64_t nth, uint64_t count, enum shim_failure how)
{
	fail_at = nth;
	fail_count = count;
	fail_how = how;
	calls = syncs = 0;
	has_failed = false;
}

bool
shim_has_failed(void)
{
	return has_failed;
}

void
shim_heal(void)
{
	fail_count = 0;
}

static void
settle_node(struct node *node, uint64_t *seed)
{
	bool was_there = node->durable.exists;

	for (size_t i = 0; i < node->n; i++) {
		struct change *c = &node->change[i];
		uint32_t coin = kit_random(seed) % 3;

		if (coin == 0)
			image_apply(&node->durable, c);
		else if (coin == 1 && c->kind == WRITE)
			image_tear(&node->durable, c, seed);
	}
	if (!was_there && node->durable.exists)
		node->durable.exists = kit_random(seed) % 2 == 0;
}

void
shim_restore(uint64_t *seed)
{
	for (int i = 0; i < NODES && nodes[i].path[0] != '\0'; i++) {
		struct image *im = &nodes[i].durable;
		int fd;

		settle_node(&nodes[i], seed);
		unlink(nodes[i].path);
		if (!im->exists)
			continue;
		fd = open(nodes[i].path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (fd < 0 || write(fd, im->p, im->n) != (ssize_t)im->n)
			abort();
		close(fd);
	}
}
