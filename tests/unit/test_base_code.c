/*
 * The table of codes against winerr.h itself: the header is read as text, so a code
 * added there without a name here fails.
 */
#include "test_base_suites.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "winerr.h"

static void
every_code_of_the_header_has_its_name_and_words(void)
{
	FILE *f = fopen(WINERR_H, "r");
	char line[200], name[100];
	unsigned number, seen = 0;
	size_t count;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		DWORD code = 4711;

		if (sscanf(line, "#define %99s %uu", name, &number) != 2)
			continue;
		seen++;
		CHECK_CASE(code_parse(name, &code) && code == number, "%s", name);
		CHECK_CASE(strcmp(code_name(number), number == 0 ? "NO_ERROR" : name) == 0,
		           "%s", name);
		CHECK_CASE(strlen(code_text(number)) >= 4, "%s", name);
	}
	fclose(f);
	code_table(&count);
	CU_ASSERT_EQUAL(seen, count + 2); /* success has three names */
}

static void
the_table_is_in_order_without_twins(void)
{
	size_t count;
	const struct code_info *t = code_table(&count);

	CU_ASSERT(count > 30);
	for (size_t i = 1; i < count; i++) {
		CHECK_CASE(t[i - 1].code < t[i].code, "%s", t[i].name);
		for (size_t j = 0; j < i; j++)
			CHECK_CASE(strcmp(t[i].text, t[j].text) != 0, "%s, %s", t[i].name,
			           t[j].name);
	}
}

static void
an_unknown_number_or_name_is_said_to_be_unknown(void)
{
	DWORD code = 4711;

	CU_ASSERT_STRING_EQUAL(code_name(7), "UNKNOWN");
	CU_ASSERT_STRING_EQUAL(code_name(0xffffffff), "UNKNOWN");
	CU_ASSERT(strlen(code_text(7)) > 0);
	CU_ASSERT_FALSE(code_parse("ERROR_WEATHER", &code));
	CU_ASSERT_FALSE(code_parse("", &code));
	CU_ASSERT_EQUAL(code, 4711);
}

CU_TestInfo test_base_code[] = {
	TEST(every_code_of_the_header_has_its_name_and_words),
	TEST(the_table_is_in_order_without_twins),
	TEST(an_unknown_number_or_name_is_said_to_be_unknown),
	CU_TEST_INFO_NULL,
};
