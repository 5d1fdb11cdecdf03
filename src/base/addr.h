/*
 * Addresses and prefixes of both families: text, socket addresses, the RTM form, and
 * the questions everybody asks about them. Plain values, nobody owns anything.
 *
 * Addresses are in network order everywhere. `AF_INET6`, InetAddressType and the
 * Windows number are three numbers for one thing: the table here is the only one.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netioapi.h"
#include "rtmv2.h"
#include "wintypes.h"

struct addr_family {
	uint16_t af;         /* AF_INET, AF_INET6 of this system */
	uint16_t windows;    /* the same on Windows: 2, 23 */
	uint8_t inet_type;   /* InetAddressType [RFC4001]: ipv4(1), ipv6(2) */
	uint8_t inet_type_z; /* with a zone: ipv4z(3), ipv6z(4) */
	uint8_t bytes, bits; /* 4, 32; 16, 128 */
	const char *name;    /* "ipv4", "ipv6" */
};

/** The row of a family; NULL: another family than these two. */
const struct addr_family *addr_family_by_af(unsigned af);
const struct addr_family *addr_family_by_windows(unsigned windows);
/** Also by the zoned numbers, for which `*zoned` (may be NULL) becomes true. */
const struct addr_family *addr_family_by_inet_type(unsigned inet_type, bool *zoned);

/* Bytes and bits of an address of this family; 0: another family. */
unsigned addr_bytes_of(unsigned af);
unsigned addr_bits_of(unsigned af);

struct addr {
	uint16_t family;   /* AF_INET, AF_INET6; AF_UNSPEC: no address */
	uint32_t zone;     /* IPv6 scope zone, an interface index; 0: none */
	uint8_t bytes[16]; /* unused bytes are zero */
};

struct prefix {
	struct addr addr;
	uint8_t len;
};

#define ADDR_TEXT_SIZE 58   /* longest address with zone, and the final NUL */
#define PREFIX_TEXT_SIZE 62 /* with "/128" */

/**
 * Text to address. Strict: four decimal parts without leading zeros, or RFC 4291 text,
 * for IPv6 with a numeric zone ("fe80::1%3") if one likes; nothing before or after.
 *
 * @return  false: not an address, and `out` is untouched.
 */
bool addr_parse(const char *text, struct addr *out);

/**
 * Text "ADDRESS/LENGTH" to prefix. The length is decimal without sign or leading zeros
 * and fits the family; there is no zone. Host bits are kept: ask prefix_is_canonical().
 *
 * @return  false: not a prefix, and `out` is untouched.
 */
bool prefix_parse(const char *text, struct prefix *out);

/**
 * Address to text [RFC5952]; "-" for AF_UNSPEC, and for a family we do not have.
 *
 * @param size  ADDR_TEXT_SIZE (PREFIX_TEXT_SIZE) is always enough; shorter cuts the text.
 * @return      `buf`, always terminated if size is not 0.
 */
const char *addr_format(const struct addr *a, char *buf, size_t size);
const char *prefix_format(const struct prefix *p, char *buf, size_t size);

/** From raw bytes, 4 or 16 by the family. False: another family. */
bool addr_from_bytes(struct addr *out, unsigned af, const uint8_t *bytes);

/** SOCKADDR_INET, both ways; the port is not looked at and becomes 0. False: another family. */
bool addr_from_sockaddr(struct addr *out, const SOCKADDR_INET *sa);
void addr_to_sockaddr(const struct addr *a, SOCKADDR_INET *sa);

/** IPAddr of the old functions: network order in a DWORD. */
void addr_from_ipv4(struct addr *out, IPAddr ip);
IPAddr addr_to_ipv4(const struct addr *a); /* 0 for another family */

/** RTM_NET_ADDRESS, both ways. False: another family, or a length beyond it. */
bool prefix_from_net(struct prefix *out, const RTM_NET_ADDRESS *net);
void prefix_to_net(const struct prefix *p, RTM_NET_ADDRESS *net);
/** With the full length, as next hops are written. */
void addr_to_net(const struct addr *a, RTM_NET_ADDRESS *net);

/** IP_ADDRESS_PREFIX, both ways. False: another family, or a length beyond it. */
bool prefix_from_ip_prefix(struct prefix *out, const IP_ADDRESS_PREFIX *ip);
void prefix_to_ip_prefix(const struct prefix *p, IP_ADDRESS_PREFIX *ip);

/** IPv4 masks in network order. False: the ones are not contiguous, `len` untouched. */
IPMask mask_from_len(unsigned len); /* beyond 32: as 32 */
bool mask_to_len(IPMask mask, unsigned *len);

/** Clear all bits behind the first `len`; of raw bytes, `bytes` many. */
void bits_cut(uint8_t *addr, unsigned bytes, unsigned len);
/** Whether all bits behind the first `len` are zero. */
bool bits_are_cut(const uint8_t *addr, unsigned bytes, unsigned len);
/** How many leading bits agree, at most 8 * bytes. */
unsigned bits_common(const uint8_t *a, const uint8_t *b, unsigned bytes);

void prefix_cut(struct prefix *p, unsigned len); /* beyond the family's: nothing happens */
bool prefix_is_canonical(const struct prefix *p);
bool prefix_covers(const struct prefix *p, const struct addr *a);
bool prefix_covers_prefix(const struct prefix *p, const struct prefix *q);

bool addr_is_unspecified(const struct addr *a); /* all zero, or no address at all */
bool addr_is_multicast(const struct addr *a);   /* 224/4, ff00::/8 */
bool addr_is_loopback(const struct addr *a);    /* 127/8, ::1 */
bool addr_is_link_local(const struct addr *a);  /* 169.254/16, fe80::/10 */
bool addr_is_broadcast(const struct addr *a);   /* 255.255.255.255 */
bool addr_is_v4_mapped(const struct addr *a);   /* ::ffff:0:0/96 */

/** MIB order: InetAddressType, address, zone; then, for prefixes, length. <0, 0, >0. */
int addr_compare(const struct addr *a, const struct addr *b);
int prefix_compare(const struct prefix *a, const struct prefix *b);
bool addr_equal(const struct addr *a, const struct addr *b);
bool prefix_equal(const struct prefix *a, const struct prefix *b);

#endif
