/*
 * One chapter: running out of memory is an answer, so it has to be tested.
 *
 * Every allocation of the project passes here. Two counters are all there is:
 * how many blocks are alive, and how many calls are left until one is refused.
 * Both are atomic, since any thread may allocate; a relaxed order is enough, as
 * nothing else is published through them.
 */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static atomic_size_t alive;
static atomic_uint_least64_t countdown; /* 0: nobody asked for a failure */
static atomic_bool failed;

static bool
must_fail(void)
{
	uint_least64_t left = atomic_load_explicit(&countdown, memory_order_relaxed);

	if (left == 0)
		return false;
	if (atomic_fetch_sub_explicit(&countdown, 1, memory_order_relaxed) != 1)
		return false;
	atomic_store_explicit(&failed, true, memory_order_relaxed);
	return true;
}

void *
mem_calloc(size_t count, size_t size)
{
	void *p;

	if (must_fail())
		return NULL;
	p = calloc(count, size);
	if (p != NULL)
		atomic_fetch_add_explicit(&alive, 1, memory_order_relaxed);
	return p;
}

void *
mem_realloc(void *old, size_t count, size_t size)
{
	void *p;

	if (must_fail() || (size != 0 && count > SIZE_MAX / size))
		return NULL;
	p = realloc(old, count * size != 0 ? count * size : 1);
	if (p != NULL && old == NULL)
		atomic_fetch_add_explicit(&alive, 1, memory_order_relaxed);
	return p;
}

char *
mem_text(const char *text)
{
	char *copy = mem_calloc(strlen(text) + 1, 1);

	return copy == NULL ? NULL : strcpy(copy, text);
}

void
mem_prefer_huge(void *p, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	size_t huge = (size_t)2 << 20;
	uintptr_t from = ((uintptr_t)p + huge - 1) & ~(huge - 1);
	uintptr_t to = ((uintptr_t)p + bytes) & ~(huge - 1);

	if (from < to)
		(void)madvise((void *)from, to - from, MADV_HUGEPAGE);
#else
	(void)p;
	(void)bytes;
#endif
}

void
mem_free(void *p)
{
	if (p != NULL)
		atomic_fetch_sub_explicit(&alive, 1, memory_order_relaxed);
	free(p);
}

size_t
mem_alive(void)
{
	return atomic_load_explicit(&alive, memory_order_relaxed);
}

void
mem_fail_nth(uint64_t nth)
{
	atomic_store_explicit(&failed, false, memory_order_relaxed);
	atomic_store_explicit(&countdown, nth, memory_order_relaxed);
}

bool
mem_failed(void)
{
	return atomic_load_explicit(&failed, memory_order_relaxed);
}
