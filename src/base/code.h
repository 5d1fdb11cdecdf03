/*
 * Names and plain words for the status codes of winerr.h. Constant data, owned by
 * the module.
 */
#ifndef BASE_CODE_H
#define BASE_CODE_H

#include <stdbool.h>
#include <stddef.h>

#include "wintypes.h"

/** "ERROR_NOT_FOUND"; "UNKNOWN" for a number that winerr.h does not have. Never NULL. */
const char *code_name(DWORD code);

/** What it means, a short lower-case phrase. Never NULL. */
const char *code_text(DWORD code);

/** The code of that name; false: there is none, and `out` is untouched. */
bool code_parse(const char *name, DWORD *out);

struct code_info {
	DWORD code;
	const char *name, *text;
};

/** The whole table in ascending order of number, for documentation and tests. */
const struct code_info *code_table(size_t *count);

#endif
