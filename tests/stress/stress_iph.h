/*
 * What the two parts of stress_iph share: where the documented functions act, and how a
 * wrong answer is counted.
 */
#ifndef TESTS_STRESS_IPH_H
#define TESTS_STRESS_IPH_H

#include <stdatomic.h>
#include <stdbool.h>

#define RTM_WINDOWS_LIBC_PRINTF
#include "windows/winsock2.h"

#include "windows/iphlpapi.h"

#define STRESS_METRIC 25    /* of interface 2 */
#define STRESS_INTERFACES 4 /* 1 loopback; 2, 3 and 4 ethernet */

extern atomic_uint stress_wrong;

#define WANT(cond)                                                                             \
	do {                                                                                   \
		if (!(cond)) {                                                                 \
			fprintf(stderr, "%s:%d: %s\n", __func__, __LINE__, #cond);             \
			atomic_fetch_add(&stress_wrong, 1);                                    \
		}                                                                              \
	} while (0)

#define WANT_CODE(call, code)                                                                  \
	do {                                                                                   \
		DWORD got_ = (call), want_ = (code);                                           \
		if (got_ != want_) {                                                           \
			fprintf(stderr, "%s:%d: %s: %u, not %u\n", __func__, __LINE__, #call,  \
			        got_, want_);                                                  \
			atomic_fetch_add(&stress_wrong, 1);                                    \
		}                                                                              \
	} while (0)

/* A world for the documented functions, and threads that only make sense there. */
struct stress_place {
	const char *name;
	void (*open)(void);
	void (*close)(void);
	void *(*guest)(void *arg);
	size_t guests;
};

extern const struct stress_place stress_here;  /* a table of the process's own */
extern const struct stress_place stress_there; /* behind a control server and a socket */

/** Operations of each thread. */
unsigned stress_ops(void);
/** A row by `group' and `slot', with the default metric. Groups from 50 are nobody's. */
MIB_IPFORWARD_ROW2 stress_row(unsigned group, unsigned slot, bool v6);

#endif
