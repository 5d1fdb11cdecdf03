/*
 * Who may come in by hosts.allow and hosts.deny: libwrap is asked with files of ours, as the
 * library asks it, after we looked at them, and has to say what it says of the same files
 * when nobody looked.
 */
#include "agx_hosts.h"

#include <CUnit/Basic.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE 64
#define LONG 2000 /* more than is read of a line at once */

static int (*hosts_ctl)(char *daemon, char *client, char *address, char *user);
static char **named[2]; /* libwrap's variables, for hosts.allow and hosts.deny */
static char dir[] = "/tmp/agx_hosts.XXXXXX";
static char paths[2][PATH_SIZE];
static uint64_t now_ms;

enum { ALLOW, DENY };

static bool
may_come_in(void)
{
	char daemon[] = "rtmd", client[] = "unknown", address[] = "127.0.0.1",
	     user[] = "unknown";

	return hosts_ctl(daemon, client, address, user) != 0;
}

/* NULL: there is no file. */
static void
write_file(int which, const char *text)
{
	FILE *file;

	if (text == NULL) {
		unlink(paths[which]);
		return;
	}
	file = fopen(paths[which], "w");
	CU_ASSERT_FATAL(file != NULL);
	fputs(text, file);
	fclose(file);
}

static void
look(void)
{
	agx_hosts_look(now_ms += AGX_HOSTS_MS);
}

/* What libwrap says when it reads the files itself. */
static bool
may_by_files(void)
{
	char *as_named[2] = { *named[ALLOW], *named[DENY] };
	bool may;

	*named[ALLOW] = paths[ALLOW];
	*named[DENY] = paths[DENY];
	may = may_come_in();
	*named[ALLOW] = as_named[ALLOW];
	*named[DENY] = as_named[DENY];
	return may;
}

static char long_comment[LONG + 64], long_blank[LONG + 64];

static const struct contents {
	const char *allow, *deny;
	bool may, read; /* whether one of the two has to be read for it */
} cases[] = {
	{ NULL, NULL, true, false },
	{ "", "", true, false },
	{ "# a comment\n\n", " \t\n#\n", true, false },
	{ "# no end", NULL, true, false },
	{ NULL, "rtmd: 127.0.0.1\n", false, true },
	{ "", "# first\n\nALL: ALL\n", false, true },
	{ "", "rtmd: 192.0.2.1\n", true, true },
	{ "", "snmpd: ALL\n", true, true },
	{ "rtmd: 127.\n", "ALL: ALL\n", true, true },
	{ "snmpd: 127.\n", "ALL: ALL\n", false, true },
	{ "", "rtmd: \\\n127.0.0.1\n", false, true },
	{ "", "\trtmd: 127.0.0.1\n", false, true },
	{ "", long_comment, false, true },
	{ "", long_blank, false, true },
	{ "", "ALL: ALL", false, true }, /* of which libwrap warns */
};

static void
the_files_count_as_they_are(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct contents *c = &cases[i];
		bool may;

		write_file(ALLOW, c->allow);
		write_file(DENY, c->deny);
		look();
		may = may_come_in();
		if (may != may_by_files() || may != c->may)
			printf("case %zu: ", i);
		CU_ASSERT_EQUAL(may, may_by_files());
		CU_ASSERT_EQUAL(may, c->may);
		CU_ASSERT_EQUAL(*named[ALLOW] == paths[ALLOW] || *named[DENY] == paths[DENY],
		                c->read);
	}
}

/* Its contents are as old as can be, and of the same age each time. */
static void
set_back(int which)
{
	const struct timeval then[2] = { { .tv_sec = 1700000000 }, { .tv_sec = 1700000000 } };

	CU_ASSERT_EQUAL(utimes(paths[which], then), 0);
}

/* The same length, and the time of its contents set back: its status says it all the same. */
static void
a_change_is_seen_whatever_it_pretends(void)
{
	write_file(ALLOW, NULL);
	write_file(DENY, "# nobody is here\n");
	set_back(DENY);
	look();
	CU_ASSERT(may_come_in());
	write_file(DENY, "rtmd: 127.0.0.1 \n");
	set_back(DENY);
	look();
	CU_ASSERT_FALSE(may_come_in());
	write_file(DENY, "# nobody is here\n");
	set_back(DENY);
	look();
	CU_ASSERT(may_come_in());
}

/* Old enough for its status to be relied on; nobody can set the time of its last change. */
static void
let_it_settle(int which)
{
	struct stat st;

	CU_ASSERT_FATAL(stat(paths[which], &st) == 0);
	while (time(NULL) - st.st_ctim.tv_sec <= AGX_HOSTS_SETTLED_S)
		usleep(50000);
}

/* Whether it is opened while we look. */
static bool
is_read_again(int which)
{
	char event[512];
	int watch = inotify_init1(IN_NONBLOCK);
	bool was;

	CU_ASSERT_FATAL(watch >= 0 && inotify_add_watch(watch, paths[which], IN_OPEN) >= 0);
	look();
	was = read(watch, event, sizeof event) > 0;
	close(watch);
	return was;
}

static void
what_has_settled_is_not_read_until_it_changes(void)
{
	write_file(ALLOW, NULL);
	write_file(DENY, "# nobody is here\n");
	set_back(DENY);
	CU_ASSERT(is_read_again(DENY)); /* it may change within the same tick */
	let_it_settle(DENY);
	CU_ASSERT(is_read_again(DENY)); /* once, since it was too new before */
	CU_ASSERT_FALSE(is_read_again(DENY));
	CU_ASSERT(may_come_in());
	write_file(DENY, "rtmd: 127.0.0.1 \n"); /* as long, and as old by its date */
	set_back(DENY);
	CU_ASSERT(is_read_again(DENY));
	CU_ASSERT_FALSE(may_come_in());
	let_it_settle(DENY);
	look();
	CU_ASSERT_FALSE(is_read_again(DENY));
	CU_ASSERT_FALSE(may_come_in());
	write_file(DENY, NULL);
	look();
	CU_ASSERT(may_come_in());
}

/* Editors and tools put a new file in the place of the old one. */
static void
another_file_in_its_place_is_seen(void)
{
	char other[PATH_SIZE + 8];

	snprintf(other, sizeof other, "%s.new", paths[DENY]);
	write_file(DENY, "# nobody is here\n");
	look();
	CU_ASSERT(may_come_in());
	CU_ASSERT_FATAL(rename(paths[DENY], other) == 0);
	write_file(DENY, "ALL: ALL\n");
	look();
	CU_ASSERT_FALSE(may_come_in());
	CU_ASSERT_FATAL(rename(other, paths[DENY]) == 0);
	look();
	CU_ASSERT(may_come_in());
}

static void
what_cannot_be_read_is_left_to_libwrap(void)
{
	write_file(DENY, NULL);
	CU_ASSERT_FATAL(mkdir(paths[DENY], 0700) == 0); /* opens, and cannot be read */
	look();
	CU_ASSERT_PTR_EQUAL(*named[DENY], paths[DENY]);
	CU_ASSERT_FATAL(rmdir(paths[DENY]) == 0);
	CU_ASSERT_FATAL(symlink(paths[DENY], paths[DENY]) == 0); /* does not open */
	look();
	CU_ASSERT_PTR_EQUAL(*named[DENY], paths[DENY]);
	unlink(paths[DENY]);
	look();
	CU_ASSERT_PTR_NOT_EQUAL(*named[DENY], paths[DENY]);
}

static void
it_is_looked_at_once_a_second(void)
{
	write_file(DENY, NULL);
	look();
	write_file(DENY, "ALL: ALL\n");
	agx_hosts_look(now_ms + AGX_HOSTS_MS - 1);
	CU_ASSERT(may_come_in());
	agx_hosts_look(now_ms + AGX_HOSTS_MS);
	CU_ASSERT_FALSE(may_come_in());
}

static void
fill(char *text, char with)
{
	memset(text, with, LONG);
	text[0] = with == '#' ? '#' : ' ';
	strcpy(text + LONG, "\nrtmd: 127.0.0.1\n");
}

static bool
has_libwrap(void)
{
	void *wrap = dlopen("libwrap.so.0", RTLD_NOW | RTLD_GLOBAL);

	if (wrap == NULL)
		return false;
	*(void **)&hosts_ctl = dlsym(wrap, "hosts_ctl");
	named[ALLOW] = dlsym(wrap, "hosts_allow_table");
	named[DENY] = dlsym(wrap, "hosts_deny_table");
	return hosts_ctl != NULL && named[ALLOW] != NULL && named[DENY] != NULL;
}

static void
clean(void)
{
	unlink(paths[ALLOW]);
	unlink(paths[DENY]);
	rmdir(dir);
}

int
main(void)
{
	CU_TestInfo tests[] = {
		{ "the files count as they are", the_files_count_as_they_are },
		{ "a change is seen whatever it pretends",
		  a_change_is_seen_whatever_it_pretends },
		{ "what has settled is not read until it changes",
		  what_has_settled_is_not_read_until_it_changes },
		{ "another file in its place is seen", another_file_in_its_place_is_seen },
		{ "what cannot be read is left to libwrap",
		  what_cannot_be_read_is_left_to_libwrap },
		{ "it is looked at once a second", it_is_looked_at_once_a_second },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "hosts.allow and hosts.deny", NULL, NULL, NULL, NULL, tests },
		CU_SUITE_INFO_NULL,
	};
	unsigned failures;

	if (!has_libwrap()) {
		puts("no libwrap here: nothing of it is to be looked at");
		return 77;
	}
	fill(long_comment, '#');
	fill(long_blank, ' ');
	if (mkdtemp(dir) == NULL)
		return 99;
	snprintf(paths[ALLOW], PATH_SIZE, "%s/allow", dir);
	snprintf(paths[DENY], PATH_SIZE, "%s/deny", dir);
	*named[ALLOW] = paths[ALLOW];
	*named[DENY] = paths[DENY];
	agx_hosts_open();
	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 1;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	clean();
	return failures != 0;
}
