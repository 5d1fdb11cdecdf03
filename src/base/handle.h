/*
 * Handles: what a client holds instead of a pointer.
 *
 * A handle is a number, (kind, table, generation, slot), packed into the 64 bits of
 * a pointer and never dereferenced. Whoever is handed one, also a stale or invented
 * one, can tell in constant time. Nothing is owned here.
 */
#ifndef BASE_HANDLE_H
#define BASE_HANDLE_H

#include <stdint.h>

#include "base/slab.h"

#define HANDLE_SLOT_BITS 28
#define HANDLE_GEN_BITS 25
#define HANDLE_TABLE_BITS 8
#define HANDLE_TABLES (1u << HANDLE_TABLE_BITS)

_Static_assert(sizeof(void *) == sizeof(uint64_t), "a handle needs the 64 bits of a pointer");

/** @param where  kind << 8 | table, kind from 1 to 7: handle_where(). */
static inline void *
handle_pack(uint32_t where, uint32_t gen, uint32_t slot)
{
	return (void *)(uintptr_t)((uint64_t)where << (HANDLE_SLOT_BITS + HANDLE_GEN_BITS) |
	                           (uint64_t)(gen & SLOT_GEN_MASK) << HANDLE_SLOT_BITS | slot);
}

static inline uint32_t
handle_where(unsigned kind, unsigned table)
{
	return kind << HANDLE_TABLE_BITS | table;
}

/** Kind and table in one comparison. */
static inline uint32_t
handle_where_of(const void *handle)
{
	return (uint32_t)((uint64_t)(uintptr_t)handle >> (HANDLE_SLOT_BITS + HANDLE_GEN_BITS));
}

static inline unsigned
handle_kind(const void *handle)
{
	return handle_where_of(handle) >> HANDLE_TABLE_BITS;
}

static inline unsigned
handle_table(const void *handle)
{
	return handle_where_of(handle) & (HANDLE_TABLES - 1);
}

static inline uint32_t
handle_gen(const void *handle)
{
	return (uint32_t)((uint64_t)(uintptr_t)handle >> HANDLE_SLOT_BITS) & SLOT_GEN_MASK;
}

static inline uint32_t
handle_slot(const void *handle)
{
	return (uint32_t)((uint64_t)(uintptr_t)handle & ((1u << HANDLE_SLOT_BITS) - 1));
}

/** The record in `slab` that the handle names, or NULL; kind and table are the caller's to
 * check. */
static inline void *
handle_find(const struct slab *slab, const void *handle)
{
	return slab_find(slab, handle_slot(handle), handle_gen(handle));
}

#endif
