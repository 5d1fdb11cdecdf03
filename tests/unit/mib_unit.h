/* A suite of sentences; the program fails when one of them does. */
#ifndef TESTS_MIB_UNIT_H
#define TESTS_MIB_UNIT_H

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>

struct test {
	const char *name;
	CU_TestFunc run;
};
#define TEST(sentence)                                                                         \
	{                                                                                      \
#sentence, sentence                                                            \
	}

static inline int
run_tests_with(const char *suite, const struct test *tests, size_t n, CU_SetUpFunc setup,
               CU_TearDownFunc teardown)
{
	unsigned failed = 1;
	CU_pSuite s;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	s = CU_add_suite_with_setup_and_teardown(suite, NULL, NULL, setup, teardown);
	for (size_t i = 0; s != NULL && i < n; i++)
		if (CU_add_test(s, tests[i].name, tests[i].run) == NULL)
			s = NULL;
	if (s != NULL) {
		CU_basic_set_mode(CU_BRM_VERBOSE);
		(void)CU_basic_run_tests();
		failed = CU_get_number_of_failures() + CU_get_number_of_tests_failed();
	}
	CU_cleanup_registry();
	return failed != 0;
}

static inline int
run_tests(const char *suite, const struct test *tests, size_t n)
{
	return run_tests_with(suite, tests, n, NULL, NULL);
}

#endif
