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

/** @param kind  from 1 to 7. */
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

/*
 * Making and checking handles of one kind and table is one exclusive-or with their seal:
 * what is left of a good one is slot_head.gen, SLOT_LIVE included, above the slot number.
 * A handle of another table may be left with the generation of a record that is not live;
 * so whoever checks this way also wants references, which such a record has none of.
 */

/** What all handles of a kind and table have in common. */
static inline uint64_t
handle_seal(unsigned kind, unsigned table)
{
	return (uint64_t)handle_where(kind, table) << (HANDLE_SLOT_BITS + HANDLE_GEN_BITS) ^
	       (uint64_t)SLOT_LIVE << HANDLE_SLOT_BITS;
}

/** The handle of a live record. */
static inline void *
handle_make(uint64_t seal, const struct slot_head *head, uint32_t slot)
{
	return (void *)(uintptr_t)(seal ^ ((uint64_t)head->gen << HANDLE_SLOT_BITS | slot));
}

/** The slot_head.gen that the record of a handle must have; more than 32 bits: another seal's.
 */
static inline uint64_t
handle_gen_sealed(uint64_t seal, const void *handle)
{
	return ((uint64_t)(uintptr_t)handle ^ seal) >> HANDLE_SLOT_BITS;
}

/** The record in `slab` that the handle names, or NULL; kind and table are the caller's to
 * check. */
static inline void *
handle_find(const struct slab *slab, const void *handle)
{
	return slab_find(slab, handle_slot(handle), handle_gen(handle));
}

#endif
