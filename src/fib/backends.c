/*
 * One chapter: the list of forwarders. A new one is a line here; test_fib_contract puts
 * every line through one story.
 */
#include "fib/fib.h"

#include <string.h>

#include "fib/memory.h"

const struct fib_ops *const fib_backends[] = {
	&fib_memory,
};
const size_t fib_backends_count = sizeof fib_backends / sizeof fib_backends[0];

const struct fib_ops *
fib_backend(const char *name)
{
	for (size_t i = 0; i < fib_backends_count; i++)
		if (strcmp(fib_backends[i]->name, name) == 0)
			return fib_backends[i];
	return NULL;
}
