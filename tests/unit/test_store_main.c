/*
 * Runs the suites of the store. SQLite is told to allocate through base/alloc.h, so that
 * its allocations can be failed and counted like ours; every test must leave as many
 * blocks alive as it found.
 */
#include "store_kit.h"

#include <CUnit/Basic.h>
#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"

#define HEADER 16 /* keeps the size of a block, and its alignment */

static void *
lite_malloc(int size)
{
	char *p = mem_realloc(NULL, 1, (size_t)size + HEADER);

	if (p == NULL)
		return NULL;
	memcpy(p, &size, sizeof(size));
	return p + HEADER;
}

static void
lite_free(void *p)
{
	mem_free(p != NULL ? (char *)p - HEADER : NULL);
}

static int
lite_size(void *p)
{
	int size = 0;

	if (p != NULL)
		memcpy(&size, (char *)p - HEADER, sizeof(size));
	return size;
}

static void *
lite_realloc(void *old, int size)
{
	char *p = mem_realloc((char *)old - HEADER, 1, (size_t)size + HEADER);

	if (p == NULL)
		return NULL;
	memcpy(p, &size, sizeof(size));
	return p + HEADER;
}

static int
lite_roundup(int size)
{
	return (size + 7) & ~7;
}

static int
lite_init(void *arg)
{
	(void)arg;
	return SQLITE_OK;
}

static void
lite_shutdown(void *arg)
{
	(void)arg;
}

static size_t alive_before;

static void
set_up(void)
{
	mem_fail_nth(0);
	sqlite3_shutdown(); /* what SQLite keeps between databases is not a leak */
	alive_before = mem_alive();
}

static void
tear_down(void)
{
	mem_fail_nth(0);
	kit_dir_free();
	sqlite3_shutdown();
	CU_ASSERT_EQUAL(mem_alive(), alive_before);
}

int
main(void)
{
	static const sqlite3_mem_methods methods = { lite_malloc,   lite_free,    lite_realloc,
		                                     lite_size,     lite_roundup, lite_init,
		                                     lite_shutdown, NULL };
	CU_SuiteInfo suites[] = {
		{ "rows", NULL, NULL, set_up, tear_down, test_store_rows },
		{ "trouble", NULL, NULL, set_up, tear_down, test_store_trouble },
		{ "disk", NULL, NULL, set_up, tear_down, test_store_disk },
		{ "kill", NULL, NULL, set_up, tear_down, test_store_kill },
		CU_SUITE_INFO_NULL,
	};
	unsigned failures;

	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK ||
	    CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 2;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	if (CU_basic_run_tests() != CUE_SUCCESS || CU_get_number_of_tests_run() == 0)
		return 2;
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failures == 0 ? 0 : 1;
}
