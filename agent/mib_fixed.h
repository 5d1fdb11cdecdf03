/*
 * Indexes of fixed shape, as the IPv4-only tables have them: octets and whole numbers,
 * no lengths. Keys are values.
 */
#ifndef AGENT_MIB_FIXED_H
#define AGENT_MIB_FIXED_H

#include "mib_index.h"

/* A shape is one letter a sub-identifier: o an octet, n a number of 32 bits. */
struct mib_shape {
	enum mib_table_id table;
	const char *fields;
};

/** Take a complete index apart, field by field; false where it does not fit the shape. */
bool mib_fixed_decode(const struct mib_shape *shape, const mib_subid *sub, size_t n,
                      struct mib_key *out);
size_t mib_fixed_encode(const struct mib_shape *shape, const struct mib_key *key,
                        mib_subid *out);
/** Any sequence as a bound: the rows that follow have keys above it, or, inclusive, at it. */
void mib_fixed_bound(const struct mib_shape *shape, const mib_subid *sub, size_t n,
                     struct mib_key *out, bool *inclusive);

#endif
