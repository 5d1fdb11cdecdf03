/*
 * Runs the suites of the ground floor. Every test starts with no failure pending in the
 * allocator and must leave as many blocks alive as it found.
 */
#include "test_base_suites.h"

#include <CUnit/Basic.h>

#include "base/alloc.h"
#include "base/log.h"

static size_t alive_before;

static void
set_up(void)
{
	mem_fail_nth(0);
	alive_before = mem_alive();
}

static void
tear_down(void)
{
	mem_fail_nth(0);
	log_set_sink(NULL, NULL);
	log_set_level(LOG_LEVEL_WARN);
	CU_ASSERT_EQUAL(mem_alive(), alive_before);
}

int
main(void)
{
	CU_SuiteInfo suites[] = {
		{ "addr", NULL, NULL, set_up, tear_down, test_base_addr },
		{ "arena", NULL, NULL, set_up, tear_down, test_base_arena },
		{ "calendar", NULL, NULL, set_up, tear_down, test_base_calendar },
		{ "code", NULL, NULL, set_up, tear_down, test_base_code },
		{ "hints", NULL, NULL, set_up, tear_down, test_base_hints },
		{ "index", NULL, NULL, set_up, tear_down, test_base_index },
		{ "lock", NULL, NULL, set_up, tear_down, test_base_lock },
		{ "log", NULL, NULL, set_up, tear_down, test_base_log },
		CU_SUITE_INFO_NULL,
	};
	unsigned failures;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 2;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	if (CU_basic_run_tests() != CUE_SUCCESS || CU_get_number_of_tests_run() == 0)
		return 2;
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failures == 0 ? 0 : 1;
}
