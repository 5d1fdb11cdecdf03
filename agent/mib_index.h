/*
 * Names of rows: index sub-identifiers on one side, fixed-size keys whose bytes sort
 * as the MIB does on the other. Keys are values; nothing here owns anything.
 */
#ifndef AGENT_MIB_INDEX_H
#define AGENT_MIB_INDEX_H

#include <string.h>

#include "mib.h"

enum mib_table_id {
	MIB_TABLE_INET,
	MIB_TABLE_CIDR,
	MIB_TABLE_FORWARD,
	MIB_TABLE_ROUTE,
	MIB_TABLES, /* of routes, with groups of their own; those of RTM-MIB follow */
	MIB_TABLE_RTM_RESULT = MIB_TABLES,
	MIB_TABLE_RTM_REFUSED,
	MIB_TABLE_RTM_ORIGIN,
	MIB_TABLE_RTM_ENTITY,
	MIB_TABLE_RTM_HOP,
	MIB_TABLE_RTM_STORE
};

/* InetAddressType */
enum { MIB_ADDR_UNKNOWN, MIB_ADDR_V4, MIB_ADDR_V6, MIB_ADDR_V4Z, MIB_ADDR_V6Z };

/* The name of a row of one table, packed so that memcmp() is the order of the MIB. */
struct mib_key {
	uint8_t b[MIB_KEY_OCTETS];
};

/* Where the members of a key of inetCidrRouteTable lie. */
enum {
	MIB_KEY_TABLE = 0,
	MIB_KEY_TYPE = 1,
	MIB_KEY_ADDR = 2,
	MIB_KEY_ZONE = 18,
	MIB_KEY_LEN = 22,
	MIB_KEY_POLICY = 23,
	MIB_KEY_NH_TYPE = 27,
	MIB_KEY_NH = 28,
	MIB_KEY_NH_ZONE = 44
};

/* What names a route in the core: prefix, next hop, interface. Sorts by destination. */
struct mib_core {
	uint8_t b[38];
};

enum {
	MIB_CORE_FAMILY = 0,
	MIB_CORE_ADDR = 1,
	MIB_CORE_LEN = 17,
	MIB_CORE_NH = 18,
	MIB_CORE_IF = 34
};
#define MIB_CORE_DEST_SIZE MIB_CORE_NH /* the part that names the destination */

/* Why an index names no row that could be made. */
enum mib_name_fault {
	MIB_NAME_OK,
	MIB_NAME_NEVER,    /* no such instance can exist */
	MIB_NAME_HOST_BITS /* bits beyond the prefix length */
};

static inline uint32_t
mib_get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void
mib_put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static inline int
mib_key_compare(const struct mib_key *a, const struct mib_key *b)
{
	return memcmp(a->b, b->b, sizeof a->b);
}

/** Sub-identifier by sub-identifier, a proper prefix first. */
int mib_oid_compare(const mib_subid *a, size_t an, const mib_subid *b, size_t bn);

/** Octets of an address: 4 or 16. */
static inline size_t
mib_addr_size(ADDRESS_FAMILY family)
{
	return family == AF_INET ? 4 : 16;
}

/** The bytes of an address in network order. */
const uint8_t *mib_addr_bytes(const SOCKADDR_INET *addr);
/** An address of a family from its bytes; everything else zero. */
void mib_addr_make(SOCKADDR_INET *addr, ADDRESS_FAMILY family, const uint8_t *bytes);
/** Whether a destination lies inside fe80::/10 or 169.254/16, where a zone is part of the name.
 */
bool mib_prefix_zoned(const IP_ADDRESS_PREFIX *prefix);
/** The last address of that range, from which a walk of the unzoned goes on. */
void mib_zoned_end(ADDRESS_FAMILY family, IP_ADDRESS_PREFIX *out);

void mib_core_of_row(const MIB_IPFORWARD_ROW2 *row, struct mib_core *out);
void mib_core_prefix(const struct mib_core *core, IP_ADDRESS_PREFIX *out);
static inline NET_IFINDEX
mib_core_if(const struct mib_core *core)
{
	return mib_get32(core->b + MIB_CORE_IF);
}

/* ---- inetCidrRouteTable [MIB 1.8, 2] */

/**
 * Decode a complete index; strict, and only canonical names pass.
 *
 * @param zero  how a missing next hop is spelled: as an address of zeros, or as type 0.
 *              Keys are the same in both spellings, and so is their order.
 */
enum mib_name_fault mib_inet_decode(const mib_subid *sub, size_t n, bool zero,
                                    struct mib_key *out);
/** @return how many sub-identifiers were written; out has room for MIB_OID_MAX. */
size_t mib_inet_encode(const struct mib_key *key, bool zero, mib_subid *out);
/**
 * Any number sequence as a lower bound: every row whose index is greater has a key at
 * or above the result. A length octet above the maximum means "after the longest".
 *
 * @return false where no row can be greater.
 */
bool mib_inet_bound(const mib_subid *sub, size_t n, struct mib_key *out);
/** The name of a route whose policy is {0 0} (0) or {0 0 policy}. */
void mib_inet_key(const MIB_IPFORWARD_ROW2 *row, uint32_t policy, struct mib_key *out);
/** The policy that a route has by rule, neighbours apart [MIB 6.3]. */
uint32_t mib_inet_policy(const MIB_IPFORWARD_ROW2 *row);
void mib_inet_prefix(const struct mib_key *key, IP_ADDRESS_PREFIX *out);
void mib_inet_next_hop(const struct mib_key *key, SOCKADDR_INET *out);
/** The interface that the name itself tells (zone, next hop's zone, policy); 0: none. */
NET_IFINDEX mib_inet_if(const struct mib_key *key);
static inline bool
mib_inet_zoned(const struct mib_key *key)
{
	return key->b[MIB_KEY_TYPE] >= MIB_ADDR_V4Z;
}

#endif
