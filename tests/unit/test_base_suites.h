/*
 * The suites of test_base, one for each module of the ground floor. A suite is an array
 * of named tests; its owner is its file.
 */
#ifndef TEST_BASE_SUITES_H
#define TEST_BASE_SUITES_H

#include <CUnit/CUnit.h>

extern CU_TestInfo test_base_addr[];
extern CU_TestInfo test_base_arena[];
extern CU_TestInfo test_base_calendar[];
extern CU_TestInfo test_base_code[];
extern CU_TestInfo test_base_hints[];
extern CU_TestInfo test_base_index[];
extern CU_TestInfo test_base_lock[];
extern CU_TestInfo test_base_log[];

#define TEST(function)                                                                         \
	{                                                                                      \
#function, function                                                            \
	}

/* A case of a table has failed: say which. */
#define CHECK_CASE(condition, ...)                                                             \
	do {                                                                                   \
		bool ok_ = (condition);                                                        \
		CU_ASSERT(ok_);                                                                \
		if (!ok_) {                                                                    \
			printf("\n  %s:%d: %s: ", __FILE__, __LINE__, #condition);             \
			printf(__VA_ARGS__);                                                   \
		}                                                                              \
	} while (0)

#endif
