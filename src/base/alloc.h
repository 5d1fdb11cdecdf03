/*
 * Memory for every floor: the C allocator behind three names, so that a test can
 * make any single allocation fail and can count what is still alive.
 *
 * Ownership is the caller's throughout. Any thread may call.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Zeroed memory for an array.
 *
 * @param count,size  elements and bytes of each; their product must not wrap, or NULL.
 * @return            released with mem_free(); NULL where memory ran out.
 */
void *mem_calloc(size_t count, size_t size);

/**
 * Grow or shrink what mem_calloc() or mem_realloc() gave; `old` stays valid on failure.
 *
 * @param old         NULL for a first allocation; the new part is not zeroed.
 * @param count,size  elements and bytes of each; their product must not wrap, or NULL.
 */
void *mem_realloc(void *old, size_t count, size_t size);

/** A copy of a text, released with mem_free(); NULL where memory ran out. */
char *mem_text(const char *text);

/**
 * Say that a large block will be read at random, so that it is put in huge pages where
 * the system has them. A hint: nothing changes but the speed.
 */
void mem_prefer_huge(void *p, size_t bytes);

/** Release; NULL is fine. */
void mem_free(void *p);

/** How many allocations are alive; for tests that look for leaks. */
size_t mem_alive(void);

/**
 * Let the nth allocation from now fail, and every later one succeed again.
 *
 * @param nth  1 is the very next; 0 switches it off.
 */
void mem_fail_nth(uint64_t nth);

/** Whether the failure asked for by mem_fail_nth() has been delivered. */
bool mem_failed(void);

#endif
