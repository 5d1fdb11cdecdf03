/*
 * Every trouble that an administrator can meet has a code of its own and a sentence that
 * names the file; what is refused is left byte for byte as it was.
 */
#include "store_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"

struct bytes {
	unsigned char *p;
	size_t n;
};

static struct bytes
file_read(const char *path)
{
	struct bytes b = { NULL, 0 };
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st) != 0)
		CU_FAIL_FATAL("a file of the test is missing");
	b.n = (size_t)st.st_size;
	b.p = mem_calloc(b.n + 1, 1);
	if (read(fd, b.p, b.n) != (ssize_t)b.n)
		CU_FAIL("short read");
	close(fd);
	return b;
}

static void
file_write(const char *path, const void *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, p, n) != (ssize_t)n)
		CU_FAIL_FATAL("a file of the test cannot be written");
	close(fd);
}

/* Open `path' and expect a refusal that says `words'. */
static void
refused(const char *path, DWORD code, const char *words)
{
	struct store_config config = { path, false, NULL };
	struct store *st = NULL;
	char why[STORE_WHY_MAX] = "";
	DWORD err = store_open(&config, &st, why);

	CHECK_CASE(err == code, "wanted %u, got %u: %s", code, err, why);
	CHECK_CASE(strstr(why, words) != NULL, "\"%s\" does not say \"%s\"", why, words);
	CHECK_CASE(strstr(why, path) != NULL, "\"%s\" does not name the file", why);
	CU_ASSERT_PTR_NULL(st);
	if (st != NULL)
		store_close(st);
}

static void
refused_and_untouched(DWORD code, const char *words)
{
	struct bytes before = file_read(kit_path()), after;

	refused(kit_path(), code, words);
	after = file_read(kit_path());
	CU_ASSERT(before.n == after.n && memcmp(before.p, after.p, before.n) == 0);
	mem_free(before.p);
	mem_free(after.p);
}

static void
fill(int rows)
{
	struct store *st = kit_open(NULL, false);
	struct store_row row;

	CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
	for (int i = 0; i < rows; i++) {
		kit_row(i % KIT_PLACES, i + 1, &row);
		row.row.InterfaceIndex = (NET_IFINDEX)i;
		CU_ASSERT_EQUAL(store_write(st, STORE_PUT, &row), NO_ERROR);
	}
	CU_ASSERT_EQUAL(store_commit(st), NO_ERROR);
	store_close(st);
}

static void
sql(const char *text)
{
	sqlite3 *db = NULL;

	CU_ASSERT_EQUAL_FATAL(sqlite3_open(kit_path(), &db), SQLITE_OK);
	CHECK_CASE(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s",
	           sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
a_missing_directory_is_named(void)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/no/state.db", kit_dir());
	refused(path, ERROR_PATH_NOT_FOUND, "no such directory");
	snprintf(path, sizeof(path), "%s/file", kit_dir());
	file_write(path, "x", 1);
	strcat(path, "/state.db");
	refused(path, ERROR_PATH_NOT_FOUND, "not a directory");
}

static void
what_is_no_file_is_refused(void)
{
	kit_dir();
	CU_ASSERT_EQUAL(mkdir(kit_path(), 0700), 0);
	refused(kit_path(), ERROR_BAD_FILE_TYPE, "not a regular file");
	rmdir(kit_path());
	CU_ASSERT_EQUAL(mkfifo(kit_path(), 0600), 0);
	refused(kit_path(), ERROR_BAD_FILE_TYPE, "not a regular file");
}

static void
a_file_of_another_user_is_refused(void)
{
	char lock[400];
	const char *other = "/etc/passwd"; /* root's, where the test is not */

	kit_dir();
	if (geteuid() == 0) {
		file_write(kit_path(), "", 0);
		CU_ASSERT_EQUAL(chown(kit_path(), 12345, (gid_t)-1), 0);
		other = kit_path();
	}
	refused(other, ERROR_INVALID_OWNER, "belongs to user");
	snprintf(lock, sizeof(lock), "%s-lock", other);
	CU_ASSERT_EQUAL(access(lock, F_OK), -1);
}

static void
a_file_that_others_may_write_is_refused(void)
{
	kit_dir();
	fill(1);
	CU_ASSERT_EQUAL(chmod(kit_path(), 0620), 0);
	refused_and_untouched(ERROR_INVALID_OWNER, "others may write");
	CU_ASSERT_EQUAL(chmod(kit_path(), 0602), 0);
	refused_and_untouched(ERROR_INVALID_OWNER, "others may write");
	CU_ASSERT_EQUAL(chmod(kit_path(), 0644), 0);
	store_close(kit_open(NULL, false));
}

static void
a_new_file_is_private(void)
{
	struct stat st;

	kit_dir();
	umask(0);
	store_close(kit_open(NULL, false));
	umask(022);
	CU_ASSERT_EQUAL(stat(kit_path(), &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
}

static void
files_of_others_are_refused_and_left_alone(void)
{
	static const char text[] = "# not a database, but somebody's notes\n"
				   "more than a hundred bytes of them, so that the header is "
				   "long enough to be looked at by anybody who cares\n";

	kit_dir();
	file_write(kit_path(), text, sizeof(text));
	refused_and_untouched(ERROR_BAD_FORMAT, "not a state file");
	file_write(kit_path(), "x", 1);
	refused_and_untouched(ERROR_BAD_FORMAT, "not a state file");
	kit_dir();
	sql("CREATE TABLE bookmark (url TEXT); INSERT INTO bookmark VALUES ('x')");
	refused_and_untouched(ERROR_BAD_FORMAT, "another program");
	kit_dir();
	sql("PRAGMA journal_mode = WAL; CREATE TABLE bookmark (url TEXT)");
	refused_and_untouched(ERROR_BAD_FORMAT, "another program");
	kit_dir();
	sql("PRAGMA application_id = 7; CREATE TABLE route (x)");
	refused_and_untouched(ERROR_BAD_FORMAT, "another program");
	kit_dir();
	sql("PRAGMA user_version = 1; CREATE TABLE route (x)");
	refused_and_untouched(ERROR_BAD_FORMAT, "another program");
}

static void
a_newer_layout_is_refused_and_left_alone(void)
{
	kit_dir();
	fill(3);
	sql("PRAGMA user_version = 2");
	refused_and_untouched(ERROR_REVISION_MISMATCH, "newer");
	sql("PRAGMA user_version = -1");
	refused_and_untouched(ERROR_REVISION_MISMATCH, "newer");
}

static void
damage_anywhere_is_found_or_harmless_and_never_fatal(void)
{
	struct bytes good;
	uint64_t seed = 11;
	int found = 0;

	kit_dir();
	fill(200);
	good = file_read(kit_path());
	for (int i = 0; i < 300; i++) {
		struct store_config config = { kit_path(), true, NULL };
		struct kit_model is;
		struct store *st = NULL;
		char why[STORE_WHY_MAX];
		struct bytes bad = file_read(kit_path());
		size_t at = kit_random(&seed) % good.n;
		size_t n = i % 3 == 0 ? 1 : kit_random(&seed) % 2048 + 1;
		DWORD err;

		memcpy(bad.p, good.p, good.n);
		for (size_t k = at; k < at + n && k < good.n; k++)
			bad.p[k] = (unsigned char)kit_random(&seed);
		file_write(kit_path(), bad.p, good.n);
		err = store_open(&config, &st, why);
		CHECK_CASE(err == NO_ERROR || err == ERROR_FILE_CORRUPT ||
		               err == ERROR_BAD_FORMAT || err == ERROR_REVISION_MISMATCH,
		           "damage %d: code %u: %s", i, err, why);
		CHECK_CASE((err == NO_ERROR) == (st != NULL), "damage %d", i);
		found += err != NO_ERROR;
		(void)is;
		store_close(st);
		file_write(kit_path(), good.p, good.n);
		mem_free(bad.p);
	}
	CHECK_CASE(found > 150, "only %d of 300 were found", found);
	/* cut short */
	for (size_t n = 1; n < good.n; n += 997) {
		file_write(kit_path(), good.p, n);
		struct store_config config = { kit_path(), true, NULL };
		struct store *st = NULL;
		char why[STORE_WHY_MAX];
		DWORD err = store_open(&config, &st, why);

		CHECK_CASE(err == ERROR_FILE_CORRUPT || err == ERROR_BAD_FORMAT,
		           "cut at %zu: code %u: %s", n, err, why);
		store_close(st);
	}
	mem_free(good.p);
}

static void
a_row_that_we_cannot_have_written_is_damage(void)
{
	kit_dir();
	fill(3);
	sql("PRAGMA ignore_check_constraints = ON; UPDATE route SET length = 77");
	refused_and_untouched(ERROR_FILE_CORRUPT, "damaged");
	kit_dir();
	fill(3);
	sql("DROP TABLE route; CREATE TABLE route (instance)");
	refused(kit_path(), ERROR_FILE_CORRUPT, "column");
}

static void
an_empty_file_is_a_new_one(void)
{
	struct kit_model is, empty = { { 0 } };
	struct store *st;

	kit_dir();
	file_write(kit_path(), "", 0);
	st = kit_open(NULL, false);
	CU_ASSERT(kit_dump(st, &is) && kit_equal(&is, &empty));
	store_close(st);
	store_close(kit_open(NULL, false));
}

static void
copy_sample(void)
{
	struct bytes b = file_read(STORE_V0);

	kit_dir();
	file_write(kit_path(), b.p, b.n);
	mem_free(b.p);
}

static DWORD
append_text(void *arg, const struct store_row *row)
{
	char *all = arg;
	size_t at = strlen(all);

	kit_text(row, all + at, 4096 - at);
	strcat(all, "\n");
	return NO_ERROR;
}

static void
version_0_is_brought_up_to_date_row_by_row(void)
{
	static const char want[] =
	    "0 4 0a010000/16 c0000201 if2  zones 0 0 kind 0 type 0 m 256 -1 -1 -1 -1 as 0 "
	    "proto 3 site 0 life 4294967295 4294967295 bool 1111 status 1 set 0 at 1700000000 "
	    "policy 0000000000000000 info 0000000000000000\n"
	    "0 4 0a020000/16 00000000 if0  zones 0 0 kind 2 type 0 m 10 7 -1 -1 -1 as 0 "
	    "proto 3 site 0 life 4294967295 4294967295 bool 1111 status 1 set 0 at 1700000001 "
	    "policy 0000000000000000 info 0000000000000000\n"
	    "0 6 20010db8000100000000000000000000/48 20010db8000000000000000000000001 if3  "
	    "zones 0 0 kind 0 type 0 m 20 -1 -1 -1 5 as 64500 proto 3 site 0 life 4294967295 "
	    "4294967295 bool 1111 status 1 set 0 at 1700000002 policy "
	    "000000000000000003000000 info 0000000000000000\n";
	static char got[4096 + 4];

	copy_sample();
	for (int round = 0; round < 2; round++) { /* the second finds version 1 */
		struct store *st = kit_open(NULL, false);

		got[0] = '\0';
		CU_ASSERT_EQUAL(store_each(st, append_text, got), NO_ERROR);
		CHECK_CASE(strcmp(got, want) == 0, "\n%s", got);
		store_close(st);
	}
}

static void
another_process_is_told_who_has_the_file(void)
{
	char words[64];
	struct store *st;
	pid_t child;
	int status = -1;

	kit_dir();
	st = kit_open(NULL, false);
	snprintf(words, sizeof(words), "in use by process %ld", (long)getpid());
	child = fork();
	if (child == 0) {
		struct store_config config = { kit_path(), false, NULL };
		struct store *mine = NULL;
		char why[STORE_WHY_MAX];
		DWORD err = store_open(&config, &mine, why);

		_exit(err == ERROR_SHARING_VIOLATION && strstr(why, words) != NULL ? 0 : 1);
	}
	CU_ASSERT(waitpid(child, &status, 0) == child);
	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	refused(kit_path(), ERROR_SHARING_VIOLATION, words); /* nor twice in one process */
	store_close(st);
	store_close(kit_open(NULL, false));
}

static uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

static void
a_lock_inside_the_file_delays_little_and_passes(void)
{
	struct kit_model want = { { 0 } }, is;
	sqlite3 *other = NULL;
	struct store_row row;
	struct store *st;
	uint64_t begun, took, least = UINT64_MAX;

	kit_dir();
	st = kit_open(NULL, false);
	CU_ASSERT_EQUAL_FATAL(sqlite3_open(kit_path(), &other), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	for (int i = 0; i < 5; i++) { /* the least of five: the machine may be busy */
		begun = now_ms();
		CU_ASSERT_EQUAL(store_begin(st), ERROR_LOCK_VIOLATION);
		took = now_ms() - begun;
		least = took < least ? took : least;
	}
	CHECK_CASE(least <= 100, "waited %llu ms", (unsigned long long)least);
	CU_ASSERT(strstr(store_why(st), "locked") != NULL);
	CU_ASSERT_EQUAL(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	kit_row(5, 9, &row);
	CU_ASSERT_EQUAL(store_begin(st), NO_ERROR);
	CU_ASSERT_EQUAL(store_write(st, STORE_PUT, &row), NO_ERROR);
	CU_ASSERT_EQUAL(store_commit(st), NO_ERROR);
	want.version[5] = 9;
	CU_ASSERT(kit_dump(st, &is) && kit_equal(&is, &want));
	store_close(st);
}

static void
write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd >= 0) {
		if (write(fd, text, strlen(text)) < 0)
			fd = -1;
		close(fd);
	}
}

/* In a child: a namespace with a small file system at the test's directory. */
static bool
own_mount(const char *dir, unsigned long flags, const char *options)
{
	char map[64];
	unsigned uid = (unsigned)geteuid(), gid = (unsigned)getegid();

	if (unshare(CLONE_NEWNS) != 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
			return false;
		write_text("/proc/self/setgroups", "deny");
		snprintf(map, sizeof(map), "%u %u 1", uid, uid);
		write_text("/proc/self/uid_map", map);
		snprintf(map, sizeof(map), "%u %u 1", gid, gid);
		write_text("/proc/self/gid_map", map);
	}
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("tmpfs", dir, "tmpfs", flags, options) == 0;
}

#define NO_NAMESPACE 77

/* Run in a child; 0: as it should be. */
static int
in_child(int (*run)(void))
{
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		_exit(run());
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	if (WEXITSTATUS(status) == NO_NAMESPACE)
		printf("\n    SKIPPED: this machine allows no mount namespace\n");
	return WEXITSTATUS(status);
}

static int
open_read_only(void)
{
	const char *dir = kit_dir();
	struct store_config config = { kit_path(), false, NULL };
	struct store *st = NULL;
	char why[STORE_WHY_MAX];

	if (!own_mount(dir, 0, "size=1m"))
		return NO_NAMESPACE;
	for (int filled = 0; filled < 2; filled++) {
		if (filled) {
			if (mount(NULL, dir, NULL, MS_REMOUNT, NULL) != 0)
				return 2;
			fill(1);
		}
		if (mount(NULL, dir, NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0)
			return 3;
		if (store_open(&config, &st, why) != ERROR_WRITE_PROTECT ||
		    strstr(why, "read-only") == NULL)
			return 4;
	}
	return 0;
}

static void
a_read_only_file_system_is_named(void)
{
	int status = in_child(open_read_only);

	CHECK_CASE(status == 0 || status == NO_NAMESPACE, "child ended with %d", status);
}

static DWORD
big_transaction(struct store *st, int seed, struct kit_model *next)
{
	DWORD err = store_begin(st);
	uint64_t numbers = (uint64_t)seed;

	for (int i = 0; err == NO_ERROR && i < 8; i++)
		err = kit_writes(st, &numbers, next);
	if (err == NO_ERROR)
		return store_commit(st);
	store_rollback(st);
	return err;
}

/* Fill the file system, see the refusal, make room, see it work. */
static int
run_out_of_space(void)
{
	const char *dir = kit_dir();
	struct kit_model now = { { 0 } }, is;
	char filler[400];
	struct store *st;
	char block[4096] = { 1 };
	DWORD err = NO_ERROR;
	int fd;

	snprintf(filler, sizeof(filler), "%s/filler", dir);
	if (!own_mount(dir, 0, "size=2m"))
		return NO_NAMESPACE;
	st = kit_open(NULL, false);
	fd = open(filler, O_WRONLY | O_CREAT, 0600);
	while (write(fd, block, sizeof(block)) > 0)
		;
	close(fd);
	for (int i = 1; i < 200 && err == NO_ERROR; i++) {
		struct kit_model next = now;

		err = big_transaction(st, i, &next);
		if (err == NO_ERROR)
			now = next;
	}
	if (err != ERROR_DISK_FULL || !kit_dump(st, &is) || !kit_equal(&is, &now))
		return 2;
	if (big_transaction(st, 1000, &is) != ERROR_DISK_FULL)
		return 3;
	unlink(filler);
	if (big_transaction(st, 1001, &now) != NO_ERROR)
		return 4;
	store_close(st);
	st = kit_open(NULL, false);
	if (!kit_dump(st, &is) || !kit_equal(&is, &now))
		return 5;
	store_close(st);
	return 0;
}

static void
a_full_disk_refuses_whole_transactions_until_there_is_room(void)
{
	int status = in_child(run_out_of_space);

	CHECK_CASE(status == 0 || status == NO_NAMESPACE, "child ended with %d", status);
}

CU_TestInfo test_store_trouble[] = {
	TEST(a_missing_directory_is_named),
	TEST(what_is_no_file_is_refused),
	TEST(a_file_of_another_user_is_refused),
	TEST(a_file_that_others_may_write_is_refused),
	TEST(a_new_file_is_private),
	TEST(files_of_others_are_refused_and_left_alone),
	TEST(a_newer_layout_is_refused_and_left_alone),
	TEST(damage_anywhere_is_found_or_harmless_and_never_fatal),
	TEST(a_row_that_we_cannot_have_written_is_damage),
	TEST(an_empty_file_is_a_new_one),
	TEST(version_0_is_brought_up_to_date_row_by_row),
	TEST(another_process_is_told_who_has_the_file),
	TEST(a_lock_inside_the_file_delays_little_and_passes),
	TEST(a_read_only_file_system_is_named),
	TEST(a_full_disk_refuses_whole_transactions_until_there_is_room),
	CU_TEST_INFO_NULL,
};
