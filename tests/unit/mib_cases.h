/* Cases of SETs as lines of a table, each in a world of its own. */
#ifndef TESTS_MIB_CASES_H
#define TESTS_MIB_CASES_H

#include "mib_world.h"

struct set_case {
	const char *number;
	const char *before; /* PDUs, separated by '|' */
	const char *pdu;
	enum mib_error error;
	size_t varbind;
	const char *status; /* the whole status column afterwards */
	const char *reads;  /* "X:7=2 X:8=-", may be NULL */
};

/** Run them: answer, rows and columns afterwards, one refusal reported. */
void cases_answer(const struct set_case *cases, size_t n);
/** Apply the good ones and undo them: nothing may be left of them. */
void cases_undo(const struct set_case *cases, size_t n);

/* The steps of a case, for tests that do something between them. */
void prepare(const char *number, const char *before);
bool expect_result(const char *number, struct mib_result got, enum mib_error error,
                   size_t varbind);
/** Rows of inetCidrRouteTable, scalars and core agree. */
void check_rows(const char *number, const char *status);
void check_reads(const char *number, const char *reads);

#endif
