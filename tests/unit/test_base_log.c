/*
 * The log: what reaches the sink, in which shape, and what never gets built.
 */
#include "test_base_suites.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

static struct {
	unsigned lines;
	enum log_level level;
	char module[20], line[2000];
} seen;

static void
remember(void *arg, enum log_level level, const char *module, const char *line)
{
	CU_ASSERT_PTR_EQUAL(arg, &seen);
	seen.lines++;
	seen.level = level;
	snprintf(seen.module, sizeof(seen.module), "%s", module);
	snprintf(seen.line, sizeof(seen.line), "%s", line);
}

static void
listen_at(enum log_level level)
{
	memset(&seen, 0, sizeof(seen));
	log_set_sink(remember, &seen);
	log_set_level(level);
}

static unsigned evaluated;

static unsigned
expensive(void)
{
	return ++evaluated;
}

static void
a_line_reaches_the_sink_with_level_and_module(void)
{
	listen_at(LOG_LEVEL_INFO);
	log_info("fib", "install prefix=%s if=%u", "10.0.0.0/8", 3u);
	CU_ASSERT_EQUAL(seen.lines, 1);
	CU_ASSERT_EQUAL(seen.level, LOG_LEVEL_INFO);
	CU_ASSERT_STRING_EQUAL(seen.module, "fib");
	CU_ASSERT_STRING_EQUAL(seen.line, "install prefix=10.0.0.0/8 if=3");
}

static void
each_threshold_lets_pass_what_is_at_least_as_grave(void)
{
	for (int level = LOG_LEVEL_NONE; level <= LOG_LEVEL_DEBUG; level++) {
		listen_at((enum log_level)level);
		log_err("m", "e");
		log_warn("m", "w");
		log_info("m", "i");
		log_debug("m", "d");
		CHECK_CASE(seen.lines == (unsigned)level, "%s", log_level_name(seen.level));
	}
}

static void
an_unwanted_line_does_not_evaluate_its_arguments(void)
{
	listen_at(LOG_LEVEL_INFO);
	evaluated = 0;
	log_debug("m", "n=%u", expensive());
	CU_ASSERT_EQUAL(evaluated, 0);
	log_info("m", "n=%u", expensive());
	CU_ASSERT_EQUAL(evaluated, 1);
}

static void
an_event_cannot_forge_a_second_line(void)
{
	listen_at(LOG_LEVEL_ERR);
	log_err("m", "name=%s", "eth0\nerr: m: all is well\r\x1b[2J\x7f");
	CU_ASSERT_STRING_EQUAL(seen.line, "name=eth0?err: m: all is well??[2J?");
}

static void
a_line_that_is_too_long_is_cut_and_says_so(void)
{
	char text[3000];

	listen_at(LOG_LEVEL_ERR);
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	log_err("m", "%s", text);
	CU_ASSERT_EQUAL(strlen(seen.line), 1023);
	CU_ASSERT_STRING_EQUAL(seen.line + 1018, "xx...");
	text[1023] = '\0'; /* exactly fits */
	log_err("m", "%s", text);
	CU_ASSERT_STRING_EQUAL(seen.line, text);
}

static void
levels_have_names_both_ways(void)
{
	enum log_level level = LOG_LEVEL_INFO;

	for (int l = LOG_LEVEL_NONE; l <= LOG_LEVEL_DEBUG; l++) {
		CU_ASSERT_TRUE(log_level_parse(log_level_name((enum log_level)l), &level));
		CU_ASSERT_EQUAL((int)level, l);
	}
	level = LOG_LEVEL_WARN;
	CU_ASSERT_FALSE(log_level_parse("loud", &level));
	CU_ASSERT_FALSE(log_level_parse("", &level));
	CU_ASSERT_EQUAL(level, LOG_LEVEL_WARN);
	CU_ASSERT_STRING_EQUAL(log_level_name((enum log_level)77), "unknown");
}

CU_TestInfo test_base_log[] = {
	TEST(a_line_reaches_the_sink_with_level_and_module),
	TEST(each_threshold_lets_pass_what_is_at_least_as_grave),
	TEST(an_unwanted_line_does_not_evaluate_its_arguments),
	TEST(an_event_cannot_forge_a_second_line),
	TEST(a_line_that_is_too_long_is_cut_and_says_so),
	TEST(levels_have_names_both_ways),
	CU_TEST_INFO_NULL,
};
