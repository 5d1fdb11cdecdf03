/*
 * bad_disk - a disk that can be told to fail, in front of the C library (LD_PRELOAD).
 *
 * The file named by RTM_BAD_DISK says how, now: `full', `eio', `readonly', `slow N' (each
 * flush takes N ms more), or anything else for a good one. Only files whose name has
 * "state.db" in it are concerned. Real disks that are full or read-only are part of the
 * store's own tests; here a running rtmd meets each trouble when the test wants it to.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char mood[32];

/* Whether the file is one of those; reads what the test wants. */
static int
concerned(int fd)
{
	const char *name = getenv("RTM_BAD_DISK");
	char link[64], path[4096];
	ssize_t n;
	int control;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (name == NULL || n < 0)
		return 0;
	path[n] = '\0';
	if (strstr(path, "state.db") == NULL)
		return 0;
	control = open(name, O_RDONLY | O_CLOEXEC);
	n = control < 0 ? -1 : read(control, mood, sizeof(mood) - 1);
	mood[n < 0 ? 0 : n] = '\0';
	if (control >= 0)
		close(control);
	return 1;
}

static int
failing(int fd)
{
	static const struct {
		const char *word;
		int error;
	} moods[] = { { "full", ENOSPC }, { "eio", EIO }, { "readonly", EROFS } };

	if (!concerned(fd))
		return 0;
	for (size_t i = 0; i < sizeof(moods) / sizeof(moods[0]); i++)
		if (strncmp(mood, moods[i].word, strlen(moods[i].word)) == 0) {
			errno = moods[i].error;
			return 1;
		}
	return 0;
}

static void
slowly(int fd)
{
	struct timespec pause = { 0, 0 };
	long ms;

	if (!concerned(fd) || sscanf(mood, "slow %ld", &ms) != 1)
		return;
	pause.tv_sec = ms / 1000;
	pause.tv_nsec = ms % 1000 * 1000000;
	nanosleep(&pause, NULL);
}

ssize_t
pwrite64(int fd, const void *buf, size_t n, off64_t at)
{
	static ssize_t (*real)(int, const void *, size_t, off64_t);

	if (real == NULL)
		real = (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT,
		                                                             "pwrite64");
	return failing(fd) ? -1 : real(fd, buf, n, at);
}

ssize_t
write(int fd, const void *buf, size_t n)
{
	static ssize_t (*real)(int, const void *, size_t);

	if (real == NULL)
		real = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
	return failing(fd) ? -1 : real(fd, buf, n);
}

int
fdatasync(int fd)
{
	static int (*real)(int);

	if (real == NULL)
		real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
	slowly(fd);
	return failing(fd) ? -1 : real(fd);
}

int
fsync(int fd)
{
	static int (*real)(int);

	if (real == NULL)
		real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
	slowly(fd);
	return failing(fd) ? -1 : real(fd);
}
