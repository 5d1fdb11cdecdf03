/*
 * The ordered index of prefixes: one address family, each prefix with a 32-bit
 * value (a handle or slot number of the caller's), in MIB order: address bits
 * first, then prefix length. It answers exact, longest-match and "what comes
 * next" questions.
 *
 * Ownership: the index owns its memory, the values mean nothing to it. Addresses
 * are 4 or 16 bytes in network order. No locks: a reader may run beside other
 * readers, a writer runs alone.
 */
#ifndef BASE_INDEX_H
#define BASE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wintypes.h"

struct index;

/**
 * An empty index.
 *
 * @param addr_bits  32 or 128.
 * @return           freed with index_free(); NULL: no memory, or another number of bits.
 */
struct index *index_new(unsigned addr_bits);

/** Release; NULL is fine. Values are not looked at. */
void index_free(struct index *ix);

/**
 * Add a prefix.
 *
 * @param addr,len  canonical: host bits are zero.
 * @param value     not 0.
 * @return          NO_ERROR; or, and then nothing has changed: ERROR_ALREADY_EXISTS,
 *                  ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_PARAMETER (length beyond the
 *                  family's, host bits set, value 0).
 */
DWORD index_insert(struct index *ix, const uint8_t *addr, unsigned len, uint32_t value);

/** Take a prefix out and return its value; 0: it was not there. Never needs memory. */
uint32_t index_remove(struct index *ix, const uint8_t *addr, unsigned len);

/** The value of exactly this prefix; 0: not there. */
uint32_t index_find(const struct index *ix, const uint8_t *addr, unsigned len);

/**
 * Longest match: the longest prefix, no longer than `len`, that covers the first `len`
 * bits of `addr`; itself included.
 *
 * @param len_out  length of the prefix found, untouched when there is none.
 * @return         its value; 0: nothing covers it.
 * @note           To go on to the next shorter cover ask again with *len_out - 1
 *                 (as long as *len_out > 0). Host bits of `addr` do not matter.
 */
uint32_t index_match_len(const struct index *ix, const uint8_t *addr, unsigned len,
                         unsigned *len_out);

/**
 * The same for who may know the value already: where it is, until the next change, which
 * need not be in the cache yet; NULL: nothing covers it.
 */
const uint32_t *index_match_at(const struct index *ix, const uint8_t *addr, unsigned len,
                               unsigned *len_out);

/** index_match_len() for a caller that keeps the prefix with the value. */
uint32_t index_match(const struct index *ix, const uint8_t *addr, unsigned len);

/**
 * The first prefix at (`inclusive`) or after the key (addr, len) in MIB order.
 *
 * @param addr,len  any key: it need not be canonical, present, or of a possible length.
 * @param addr_out  4 or 16 bytes; may be `addr`. Untouched at the end.
 * @param len_out   its length. Untouched at the end.
 * @return          its value; 0: there is none.
 */
uint32_t index_next(const struct index *ix, const uint8_t *addr, unsigned len, bool inclusive,
                    uint8_t *addr_out, unsigned *len_out);

/** How many prefixes, and how many bytes of memory they take here. */
size_t index_count(const struct index *ix);
size_t index_bytes(const struct index *ix);

/**
 * A place in the order, for fast iteration. The caller's memory, nothing to release. It
 * may be kept while the index changes: the next step then looks its place up anew by key.
 * Must not be used after index_free().
 */
struct index_cursor {
	const struct index *ix;
	uint64_t generation; /* of the index, when `trail` was made */
	uint64_t hi, lo;     /* key last delivered, or sought */
	unsigned len;
	bool inclusive; /* the key itself is still to be delivered */
	/* Private to index_walk.c: the open nodes, what is left of the innermost one, and
	 * what is left of the closed node that is being read. */
	uint8_t depth, tip_depth;
	uint32_t trail[23];
	uint64_t inner_left, kids_left;
	uint64_t tip_left, tip_hi, tip_lo;
	const uint32_t *tip_val;
};

/** Stand before the first prefix at (`inclusive`) or after the key; as index_next(). */
void index_seek(struct index_cursor *cur, const struct index *ix, const uint8_t *addr,
                unsigned len, bool inclusive);

/** Stand before the first prefix of all. */
void index_seek_first(struct index_cursor *cur, const struct index *ix);

/**
 * Deliver the prefix under the cursor and move on.
 *
 * @param addr_out,len_out  its key; each may be NULL. Untouched at the end.
 * @return                  its value; 0: the end, and so it stays unless a prefix is added
 *                          behind the last one delivered.
 */
uint32_t index_step(struct index_cursor *cur, uint8_t *addr_out, unsigned *len_out);

#endif
