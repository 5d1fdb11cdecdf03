/*
 * One chapter: the path, before SQLite sees it.
 *
 * SQLite answers most trouble with a path by "unable to open database file". An
 * administrator deserves better, and two questions it does not ask at all: may somebody
 * else write to this file (and so plant routes), and does another rtmd use it? SQLite
 * would let two processes write in turns, each believing that the table is its own.
 *
 * The second is answered by an flock on PATH-lock, held while the store is open. It is a
 * file of its own because closing any descriptor of the database would drop the POSIX
 * locks that SQLite has on it in this process. It holds the owner's process id for the
 * message, and is never removed: two processes could then lock two files of one name.
 */
#include "store/store_int.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A page of SQLite; it would take less for an empty file, and write over it. */
#define SMALLEST 512

struct store_place {
	int lock_fd;
};

static const struct {
	int error;
	DWORD code;
	const char *text;
} troubles[] = {
	{ ENOENT, ERROR_PATH_NOT_FOUND, "there is no such directory" },
	{ ENOTDIR, ERROR_PATH_NOT_FOUND, "a part of the path is not a directory" },
	{ EACCES, ERROR_ACCESS_DENIED, "permission denied" },
	{ EPERM, ERROR_ACCESS_DENIED, "not permitted" },
	{ EROFS, ERROR_WRITE_PROTECT, "the file system is read-only" },
	{ ENOSPC, ERROR_DISK_FULL, "no space left" },
	{ EDQUOT, ERROR_DISK_FULL, "the quota is used up" },
	{ ENAMETOOLONG, ERROR_INVALID_NAME, "the name is too long" },
	{ ELOOP, ERROR_INVALID_NAME, "too many symbolic links" },
	{ EISDIR, ERROR_BAD_FILE_TYPE, "is a directory" },
	{ ENOMEM, ERROR_NOT_ENOUGH_MEMORY, "out of memory" },
	{ EIO, ERROR_READ_FAULT, "input/output error" },
};

static DWORD
say(int error, const char *path, char *why)
{
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++) {
		if (troubles[i].error == error) {
			snprintf(why, STORE_WHY_MAX, "%s: %s", path, troubles[i].text);
			return troubles[i].code;
		}
	}
	snprintf(why, STORE_WHY_MAX, "%s: %s", path, strerror(error));
	return ERROR_READ_FAULT;
}

static DWORD
check_owner(const char *path, const struct stat *st, char *why)
{
	if (!S_ISREG(st->st_mode)) {
		snprintf(why, STORE_WHY_MAX, "%s: is not a regular file", path);
		return ERROR_BAD_FILE_TYPE;
	}
	if (st->st_size > 0 && st->st_size < SMALLEST) {
		snprintf(why, STORE_WHY_MAX, "%s: is not a state file of rtmd (too small)",
		         path);
		return ERROR_BAD_FORMAT;
	}
	if (st->st_uid != geteuid()) {
		snprintf(why, STORE_WHY_MAX, "%s: belongs to user %u, but this is user %u",
		         path, (unsigned)st->st_uid, (unsigned)geteuid());
		return ERROR_INVALID_OWNER;
	}
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		snprintf(why, STORE_WHY_MAX,
		         "%s: others may write to it (mode %04o), and so plant routes", path,
		         (unsigned)(st->st_mode & 07777));
		return ERROR_INVALID_OWNER;
	}
	return NO_ERROR;
}

/* NO_ERROR also where the file is not there yet; it is made, empty and private. */
static DWORD
check_file(const char *path, char *why)
{
	struct stat st;
	int fd;

	if (stat(path, &st) == 0)
		return check_owner(path, &st, why);
	if (errno != ENOENT)
		return say(errno, path, why);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return say(errno, path, why);
	close(fd);
	return NO_ERROR;
}

static void
tell_holder(int fd, const char *path, char *why)
{
	char pid[24] = "";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);
	long number = n > 0 ? strtol(pid, NULL, 10) : 0;

	if (number > 0)
		snprintf(why, STORE_WHY_MAX, "%s: in use by process %ld", path, number);
	else
		snprintf(why, STORE_WHY_MAX, "%s: in use by another process", path);
}

static DWORD
lock(const char *path, int *out, char *why)
{
	char name[4096];
	char pid[24];
	int fd, n;

	if (strlen(path) > sizeof(name) - sizeof("-lock"))
		return say(ENAMETOOLONG, path, why);
	snprintf(name, sizeof(name), "%s-lock", path);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return say(errno, name, why);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		DWORD err = ERROR_SHARING_VIOLATION;

		if (errno == EWOULDBLOCK)
			tell_holder(fd, path, why);
		else
			err = say(errno, name, why);
		close(fd);
		return err;
	}
	/* Only for the message: a full disk may spoil it and nothing else. */
	n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n)
		(void)ftruncate(fd, 0);
	*out = fd;
	return NO_ERROR;
}

/* Make the directory's entries durable; SQLite does that for its logs only. */
static void
sync_directory(const char *path)
{
	char name[4096];
	const char *slash = strrchr(path, '/');
	int fd;

	if (slash == NULL)
		snprintf(name, sizeof(name), ".");
	else
		snprintf(name, sizeof(name), "%.*s", (int)(slash - path + 1), path);
	fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

DWORD
place_take(const char *path, struct store_place **out, char *why)
{
	struct store_place *place = NULL;
	struct stat st;
	int fd = -1;
	DWORD err = NO_ERROR;

	/* A file of somebody else gets no lock file at its side. */
	if (stat(path, &st) == 0)
		err = check_owner(path, &st, why);
	if (err == NO_ERROR)
		err = lock(path, &fd, why);
	if (err == NO_ERROR)
		err = check_file(path, why);
	if (err == NO_ERROR && (place = mem_calloc(1, sizeof(*place))) == NULL)
		err = say(ENOMEM, path, why);
	if (err != NO_ERROR) {
		if (fd >= 0)
			close(fd);
		return err;
	}
	sync_directory(path);
	place->lock_fd = fd;
	*out = place;
	return NO_ERROR;
}

void
place_release(struct store_place *place)
{
	if (place == NULL)
		return;
	(void)ftruncate(place->lock_fd, 0);
	close(place->lock_fd);
	mem_free(place);
}
