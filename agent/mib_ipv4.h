/*
 * What the IPv4-only tables share: finding rows, and the columns of MIB_IPFORWARDROW.
 * The view owns the groups; rows found are valid until the next search or change.
 */
#ifndef AGENT_MIB_IPV4_H
#define AGENT_MIB_IPV4_H

#include "mib_fixed.h"
#include "mib_tx.h"

/* Where the members of the keys lie. */
enum {
	MIB_V4_DEST = 1,
	MIB_CIDR_MASK = 5,
	MIB_CIDR_TOS = 9,
	MIB_CIDR_NH = 13,
	MIB_FORWARD_PROTO = 5,
	MIB_FORWARD_POLICY = 9,
	MIB_FORWARD_NH = 13
};

extern const struct mib_shape mib_cidr_shape, mib_forward_shape, mib_route_shape;

enum mib_found mib_ipv4_find(struct mib *mib, const struct mib_shape *shape,
                             const struct mib_key *key, struct mib_ref *out);
enum mib_found mib_ipv4_next(struct mib *mib, const struct mib_shape *shape,
                             const mib_subid *sub, size_t n, struct mib_ref *out);
void mib_ipv4_close(struct mib *mib);

/** The highest protocol number of ipForwardProto. */
#define MIB_HIGHEST_FORWARD 15

/** How many rows of ipForwardTable each destination of an address stands for. */
bool mib_ipv4_forward_counts(struct mib *mib, const IP_ADDRESS_PREFIX *dest,
                             void (*count)(void *arg, const IP_ADDRESS_PREFIX *dest,
                                           uint32_t rows),
                             void *arg);

/** The protocol as a table with this highest number shows it. */
int64_t mib_protocol_shown(ULONG protocol, int64_t highest);
/** The columns of an active row, Metric1 with the interface's added [MIB 6.2]. */
void mib_ipv4_row_from_route(struct mib *mib, const struct mib_ref *ref, int64_t highest,
                             struct mib_row *out);
/** The change that a row's columns stand for, through the version 1 functions. */
void mib_ipv4_compose(struct mib *mib, const struct mib_rowreq *req, const uint8_t *next_hop,
                      struct mib_op *op, struct iph_fault *fault);

#endif
