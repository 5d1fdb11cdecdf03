/*
 * What the tests of the store share: a directory that goes away, a small universe of rows,
 * and a model of what the store must hold. A row of the universe is a function of its
 * place and its version, so a state is one number for each place.
 */
#ifndef TESTS_STORE_KIT_H
#define TESTS_STORE_KIT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <CUnit/CUnit.h>

#include "store/store.h"

#define KIT_PLACES 48

extern CU_TestInfo test_store_rows[];
extern CU_TestInfo test_store_trouble[];
extern CU_TestInfo test_store_disk[];
extern CU_TestInfo test_store_kill[];

#define TEST(function)                                                                         \
	{                                                                                      \
#function, function                                                            \
	}

/* A case of a table or a seed has failed: say which. */
#define CHECK_CASE(condition, ...)                                                             \
	do {                                                                                   \
		bool ok_ = (condition);                                                        \
		CU_ASSERT(ok_);                                                                \
		if (!ok_) {                                                                    \
			printf("\n  %s:%d: %s: ", __FILE__, __LINE__, #condition);             \
			printf(__VA_ARGS__);                                                   \
		}                                                                              \
	} while (0)

struct kit_model {
	int version[KIT_PLACES]; /* 0: the row is not there */
};

/** A number that depends on nothing but the seed. */
uint32_t kit_random(uint64_t *seed);

void kit_row(int place, int version, struct store_row *out);
/** Every kept member in one line. */
const char *kit_text(const struct store_row *row, char *buf, size_t size);

/** What the store holds; false: a row that is not of the universe, or cannot be read. */
bool kit_dump(struct store *st, struct kit_model *out);
bool kit_equal(const struct kit_model *a, const struct kit_model *b);

/** One to eight random writes into the open transaction; `next' follows. */
DWORD kit_writes(struct store *st, uint64_t *seed, struct kit_model *next);

/** A new empty directory; removed with all in it by kit_dir_free() or the next call. */
const char *kit_dir(void);
const char *kit_path(void); /* "<dir>/state.db" */
void kit_dir_free(void);

struct store *kit_open(const char *vfs, bool no_keeper);

#endif
