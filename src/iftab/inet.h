/*
 * Addresses as the IP Helper interface writes them, SOCKADDR_INET, reduced to bytes:
 * IPv4 and IPv6 are then one case. Unlike struct addr this copies nothing, as rows are
 * looked at where they are. Plain functions on borrowed values, no state.
 */
#ifndef IFTAB_INET_H
#define IFTAB_INET_H

#include <stdbool.h>
#include <string.h>

#include "base/addr.h"
#include "netioapi.h"

/** Bytes in an address of this family; 0 for a family we do not know. */
static inline size_t
inet_size(ADDRESS_FAMILY family)
{
	return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

static inline unsigned
inet_bits(ADDRESS_FAMILY family)
{
	return (unsigned)inet_size(family) * 8;
}

/** The address bytes, network order; only for AF_INET and AF_INET6. */
static inline const uint8_t *
inet_bytes(const SOCKADDR_INET *sa)
{
	if (sa->si_family == AF_INET)
		return (const uint8_t *)&sa->Ipv4.sin_addr;
	return (const uint8_t *)&sa->Ipv6.sin6_addr;
}

/** Make an address from bytes; port, flow and scope are 0. */
static inline void
inet_make(SOCKADDR_INET *sa, ADDRESS_FAMILY family, const void *bytes)
{
	memset(sa, 0, sizeof *sa);
	sa->si_family = family;
	if (family == AF_INET)
		memcpy(&sa->Ipv4.sin_addr, bytes, 4);
	else
		memcpy(&sa->Ipv6.sin6_addr, bytes, 16);
}

static inline bool
inet_is_zero(const SOCKADDR_INET *sa)
{
	static const uint8_t zero[16];

	return memcmp(inet_bytes(sa), zero, inet_size(sa->si_family)) == 0;
}

/** Whether no bit beyond `length' is set. */
static inline bool
inet_is_network(const SOCKADDR_INET *sa, unsigned length)
{
	return bits_are_cut(inet_bytes(sa), (unsigned)inet_size(sa->si_family), length);
}

/** Clear the bits beyond `length'. */
static inline void
inet_mask(SOCKADDR_INET *sa, unsigned length)
{
	uint8_t bytes[16];
	ADDRESS_FAMILY family = sa->si_family;

	memcpy(bytes, inet_bytes(sa), inet_size(family));
	bits_cut(bytes, (unsigned)inet_size(family), length);
	inet_make(sa, family, bytes);
}

/** Order by family, then numerically; nothing but family and address is compared. */
static inline int
inet_cmp(const SOCKADDR_INET *a, const SOCKADDR_INET *b)
{
	if (a->si_family != b->si_family)
		return a->si_family < b->si_family ? -1 : 1;
	return memcmp(inet_bytes(a), inet_bytes(b), inet_size(a->si_family));
}

/** fe80::/10 */
static inline bool
inet_is_link_local6(const SOCKADDR_INET *sa)
{
	const uint8_t *bytes = inet_bytes(sa);

	return sa->si_family == AF_INET6 && bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80;
}

#endif
