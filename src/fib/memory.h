/*
 * The memory backend: the specification of a forwarder in code, a laboratory, and the
 * double of every test. It keeps what apply() installed, has the interfaces and routes
 * that its configuration gives it, and refuses on demand.
 */
#ifndef FIB_MEMORY_H
#define FIB_MEMORY_H

#include "fib/fib.h"

/* Refuse a verb on a destination, always, with this code. */
struct fib_memory_refusal {
	RTM_NET_ADDRESS dest;
	enum fib_verb verb;
	DWORD code;
};

/* Borrowed until close(). */
struct fib_memory_config {
	const struct iftab_if *interfaces;
	size_t ninterfaces;
	const char *const *preloads; /* files of the forwarder's own routes */
	size_t npreloads;
	const struct fib_memory_refusal *refusals;
	size_t nrefusals;
};

extern const struct fib_ops fib_memory;

/** What is installed for a destination; borrowed until the next apply(). False: nothing. */
bool fib_memory_find(const struct fib *fib, const RTM_NET_ADDRESS *dest, struct fib_route *out);
size_t fib_memory_count(const struct fib *fib);

#endif
