/*
 * The decision table of the IP Helper route functions as data: for each row its number,
 * the state before, the edit of the model row, and the code that must come back.
 */
#ifndef TESTS_IPH_CASES_H
#define TESTS_IPH_CASES_H

#include "iphlp/iph.h"

enum case_call {
	CALL_CREATE2,
	CALL_SET2,
	CALL_DELETE2,
	CALL_GET2,
	CALL_CREATE1,
	CALL_SET1,
	CALL_DELETE1
};

/* The state before the call. */
enum case_before {
	BEFORE_EMPTY = 0,
	BEFORE_R = 1,       /* CreateIpForwardEntry2(R) has succeeded */
	BEFORE_V = 2,       /* CreateIpForwardEntry(V) has */
	BEFORE_GONE = 4,    /* and it was deleted again */
	BEFORE_FOREIGN = 8, /* the key of R belongs to another client */
	BEFORE_NO_V4 = 16,
	BEFORE_NO_V6 = 32,
	BEFORE_UNPRIVILEGED = 64,
	BEFORE_NO_MEMORY = 128
};

struct row_case {
	const char *id;
	enum case_call call;
	const char *words; /* the input, as the table has it */
	unsigned before;
	bool null; /* the pointer is NULL */
	bool six;  /* the model row is R6 */
	void (*edit2)(MIB_IPFORWARD_ROW2 *r);
	void (*edit1)(MIB_IPFORWARDROW *v);
	DWORD code;
	enum iph_field field;
	enum iph_reason reason;
};

extern const struct row_case row_cases[];
extern const size_t row_cases_count;

#endif
