/*
 * Preload files: what a line may say, what neighbouring lines become, and that every
 * wrong line is named.
 */
#include "fib_fix.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/addr.h"
#include "fib/preload.h"

static const struct fib_memory_config config = { .interfaces = fix_interfaces,
	                                         .ninterfaces = 3 };
static char file[] = "/tmp/rtm-preload-XXXXXX";
static char got[4096]; /* the routes delivered, "prefix metric hops;" */
static unsigned count;

static void
take(void *arg, const struct fib_route *route)
{
	struct prefix prefix;
	char text[PREFIX_TEXT_SIZE];
	size_t used = strlen(got);

	CU_ASSERT_PTR_EQUAL(arg, &config);
	CU_ASSERT_EQUAL(route->protocol, PROTO_IP_NT_STATIC);
	CU_ASSERT_EQUAL(route->kind, FIB_UNICAST);
	count++;
	prefix_from_net(&prefix, &route->dest);
	snprintf(got + used, sizeof got - used, "%s %u %s;",
	         prefix_format(&prefix, text, sizeof text), route->metric, fix_hops(route));
}

/* Read a file with this content. */
static DWORD
read_text(const char *text)
{
	FILE *out = fopen(file, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fputs(text, out);
	fclose(out);
	got[0] = '\0';
	count = 0;
	fix_logged = 0;
	return preload_read(file, &config, take, (void *)(uintptr_t)&config);
}

static void
good_lines_are_delivered_as_they_stand(void)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "", "" },
		{ "\n\n", "" },
		{ "# only a comment\n", "" },
		{ "10.1.0.0/16 192.0.2.1 eth0 5\n", "10.1.0.0/16 5 192.0.2.1@2;" },
		{ "10.1.0.0/16 192.0.2.1 eth0 5", "10.1.0.0/16 5 192.0.2.1@2;" },
		{ "10.1.0.0/16 192.0.2.1 eth0 5\r\n", "10.1.0.0/16 5 192.0.2.1@2;" },
		{ "\t10.1.0.0/16   192.0.2.1\teth0 5 # why\n", "10.1.0.0/16 5 192.0.2.1@2;" },
		{ "10.1.0.0/16 - eth1 0\n", "10.1.0.0/16 0 -4@3;" },
		{ "0.0.0.0/0 192.0.2.1 eth0 2147483647\n",
		  "0.0.0.0/0 2147483647 192.0.2.1@2;" },
		{ "2001:db8:1::/48 2001:db8::1 eth0 5\n", "2001:db8:1::/48 5 2001:db8::1@2;" },
		{ "::/0 - lo 1\n", "::/0 1 -6@1;" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		CHECK_CASE(read_text(cases[i].text) == NO_ERROR, "%s", cases[i].text);
		CHECK_CASE(strcmp(got, cases[i].expected) == 0, "%s: %s", cases[i].text, got);
		CHECK_CASE(fix_logged == 0, "%s: %s", cases[i].text, fix_line);
	}
}

static void
neighbours_with_one_prefix_and_metric_are_one_route(void)
{
	CU_ASSERT_EQUAL(read_text("10.1.0.0/16 192.0.2.1 eth0 5\n"
	                          "# between\n"
	                          "10.1.0.0/16 198.51.100.1 eth1 5\n"
	                          "10.1.0.0/16 192.0.2.1 eth0 6\n"
	                          "10.1.0.0/17 192.0.2.1 eth0 6\n"
	                          "10.1.0.0/16 192.0.2.1 eth0 6\n"),
	                NO_ERROR);
	CU_ASSERT_EQUAL(count, 4);
	CU_ASSERT_STRING_EQUAL(got, "10.1.0.0/16 5 192.0.2.1@2 198.51.100.1@3;"
	                            "10.1.0.0/16 6 192.0.2.1@2;"
	                            "10.1.0.0/17 6 192.0.2.1@2;"
	                            "10.1.0.0/16 6 192.0.2.1@2;");
}

static void
sixteen_next_hops_fit_and_seventeen_do_not(void)
{
	char text[2048] = "";

	for (unsigned i = 1; i <= 16; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text),
		         "10.1.0.0/16 192.0.2.%u eth0 5\n", i);
	CU_ASSERT_EQUAL(read_text(text), NO_ERROR);
	CU_ASSERT_EQUAL(count, 1);
	strcat(text, "10.1.0.0/16 192.0.2.17 eth0 5\n");
	CU_ASSERT_EQUAL(read_text(text), ERROR_INVALID_DATA);
	CU_ASSERT_PTR_NOT_NULL(strstr(fix_line, "line 17:"));
}

static void
a_wrong_line_is_named_and_ends_the_reading(void)
{
	static const char *const wrong[] = {
		"garbage",
		"10.1.0.0 192.0.2.1 eth0 5",
		"10.1.0.0/33 192.0.2.1 eth0 5",
		"10.1.0.0/016 192.0.2.1 eth0 5",
		"10.1.0.1/16 192.0.2.1 eth0 5",
		"10.1.0/16 192.0.2.1 eth0 5",
		"2001:db8::1/64 - eth0 5",
		"10.1.0.0/16 192.0.2 eth0 5",
		"10.1.0.0/16 2001:db8::1 eth0 5",
		"2001:db8::/32 192.0.2.1 eth0 5",
		"2001:db8::/32 fe80::1%2 eth0 5",
		"10.1.0.0/16 192.0.2.1 eth9 5",
		"10.1.0.0/16 192.0.2.1 eth 5",
		"10.1.0.0/16 192.0.2.1 eth0 -5",
		"10.1.0.0/16 192.0.2.1 eth0 +5",
		"10.1.0.0/16 192.0.2.1 eth0 5x",
		"10.1.0.0/16 192.0.2.1 eth0 2147483648",
		"10.1.0.0/16 192.0.2.1 eth0 99999999999999999999",
		"10.1.0.0/16 192.0.2.1 eth0",
		"10.1.0.0/16",
		"10.1.0.0/16 192.0.2.1 eth0 5 6",
	};
	char text[256];

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		snprintf(text, sizeof text,
		         "10.9.0.0/16 192.0.2.1 eth0 5\n%s\n10.8.0.0/16 - eth0 5\n", wrong[i]);
		CHECK_CASE(read_text(text) == ERROR_INVALID_DATA, "%s", wrong[i]);
		CHECK_CASE(strstr(fix_line, file) != NULL &&
		               strstr(fix_line, "line 2:") != NULL,
		           "%s: %s", wrong[i], fix_line);
		CHECK_CASE(strstr(got, "10.8") == NULL, "%s", wrong[i]);
	}
}

static void
a_file_that_is_not_there_is_named(void)
{
	CU_ASSERT_EQUAL(preload_read("/nonexistent/routes", &config, take, NULL),
	                ERROR_FILE_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(fix_line, "/nonexistent/routes"));
}

#define TEST(f)                                                                                \
	{                                                                                      \
#f, f                                                                          \
	}

int
main(void)
{
	CU_TestInfo tests[] = {
		TEST(good_lines_are_delivered_as_they_stand),
		TEST(neighbours_with_one_prefix_and_metric_are_one_route),
		TEST(sixteen_next_hops_fit_and_seventeen_do_not),
		TEST(a_wrong_line_is_named_and_ends_the_reading),
		TEST(a_file_that_is_not_there_is_named),
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "preload", NULL, NULL, fix_setup, fix_teardown, tests },
		CU_SUITE_INFO_NULL,
	};
	int fd = mkstemp(file), status;

	if (fd == -1)
		return 2;
	close(fd);
	status = fix_main(suites);
	unlink(file);
	return status;
}
