/*
 * One chapter: one kind of address for everybody.
 *
 * What arrives is text from a person, a SOCKADDR_INET from a Windows-style caller, an
 * RTM_NET_ADDRESS from a protocol, bytes from an OID or the kernel. All of it becomes
 * `struct addr`: family, bytes in network order, zone; and IPv4 and IPv6 then share
 * every line, since a bit string has no family. What differs between the two stands in
 * one table: sizes, the three numbers, and the well-known ranges.
 *
 * Parsing is stricter than inet_aton(): "10.1" and "010.0.0.1" are typing errors, not
 * addresses. inet_pton() has that strictness, so only the zone and the length are ours.
 * Formatting is ours: inet_ntop() prints ::a00:1 as ::10.0.0.1, which RFC 5952 keeps for
 * ranges known to hold IPv4 addresses.
 */
#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct addr_family families[] = {
	/* af        windows  type  zoned  bytes  bits  name */
	{ AF_INET,   2,       1,    3,     4,     32,   "ipv4" },
	{ AF_INET6,  23,      2,    4,     16,    128,  "ipv6" },
};
/* clang-format on */

#define FAMILIES (sizeof(families) / sizeof(families[0]))

const struct addr_family *
addr_family_by_af(unsigned af)
{
	for (size_t i = 0; i < FAMILIES; i++) {
		if (families[i].af == af)
			return &families[i];
	}
	return NULL;
}

const struct addr_family *
addr_family_by_windows(unsigned windows)
{
	for (size_t i = 0; i < FAMILIES; i++) {
		if (families[i].windows == windows)
			return &families[i];
	}
	return NULL;
}

const struct addr_family *
addr_family_by_inet_type(unsigned inet_type, bool *zoned)
{
	for (size_t i = 0; i < FAMILIES; i++) {
		if (families[i].inet_type != inet_type && families[i].inet_type_z != inet_type)
			continue;
		if (zoned != NULL)
			*zoned = families[i].inet_type_z == inet_type;
		return &families[i];
	}
	return NULL;
}

unsigned
addr_bytes_of(unsigned af)
{
	const struct addr_family *f = addr_family_by_af(af);

	return f != NULL ? f->bytes : 0;
}

unsigned
addr_bits_of(unsigned af)
{
	const struct addr_family *f = addr_family_by_af(af);

	return f != NULL ? f->bits : 0;
}

/* Text ------------------------------------------------------------------------------ */

/* A decimal number without sign and leading zeros, up to the end of the text. */
static bool
parse_number(const char *text, uint32_t max, uint32_t *out)
{
	uint64_t n = 0;

	if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = n * 10 + (uint64_t)(*text - '0');
		if (n > max)
			return false;
	}
	*out = (uint32_t)n;
	return true;
}

/* The text before `end`, which is at its NUL or at the mark that follows the address. */
static bool
parse_plain(const char *text, const char *end, struct addr *out)
{
	char copy[INET6_ADDRSTRLEN];
	size_t n = (size_t)(end - text);

	if (n >= sizeof(copy))
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	memset(out, 0, sizeof(*out));
	out->family = strchr(copy, ':') != NULL ? AF_INET6 : AF_INET;
	return inet_pton(out->family, copy, out->bytes) == 1;
}

bool
addr_parse(const char *text, struct addr *out)
{
	const char *mark = strchr(text, '%');
	struct addr a;

	if (!parse_plain(text, mark != NULL ? mark : text + strlen(text), &a))
		return false;
	if (mark != NULL &&
	    (a.family != AF_INET6 || !parse_number(mark + 1, UINT32_MAX, &a.zone)))
		return false;
	*out = a;
	return true;
}

bool
prefix_parse(const char *text, struct prefix *out)
{
	const char *slash = strchr(text, '/');
	struct prefix p;
	uint32_t len;

	if (slash == NULL || !parse_plain(text, slash, &p.addr) ||
	    !parse_number(slash + 1, addr_bits_of(p.addr.family), &len))
		return false;
	p.len = (uint8_t)len;
	*out = p;
	return true;
}

static unsigned
group_at(const struct addr *a, unsigned i)
{
	return (unsigned)a->bytes[2 * i] << 8 | a->bytes[2 * i + 1];
}

/* The first of the longest runs of zero groups; a single one is not shortened [RFC5952 4.2]. */
static void
longest_zeros(const struct addr *a, unsigned groups, unsigned *from, unsigned *count)
{
	*from = groups;
	*count = 1;
	for (unsigned i = 0, n; i < groups; i += n + 1) {
		for (n = 0; i + n < groups && group_at(a, i + n) == 0; n++)
			;
		if (n > *count) {
			*from = i;
			*count = n;
		}
	}
}

static char *
put_group(char *to, unsigned group)
{
	static const char hex[] = "0123456789abcdef";

	for (int shift = group > 0xfff  ? 12
	                 : group > 0xff ? 8
	                 : group > 0xf  ? 4
	                                : 0;
	     shift >= 0; shift -= 4)
		*to++ = hex[group >> shift & 0xf];
	return to;
}

static char *
put_decimal(char *to, unsigned n)
{
	if (n >= 100)
		*to++ = (char)('0' + n / 100);
	if (n >= 10)
		*to++ = (char)('0' + n / 10 % 10);
	*to++ = (char)('0' + n % 10);
	return to;
}

static char *
put_ipv4(char *to, const uint8_t *bytes)
{
	for (unsigned i = 0; i < 4; i++) {
		to = put_decimal(to, bytes[i]);
		*to++ = '.';
	}
	return to - 1;
}

static char *
put_ipv6(char *to, const struct addr *a)
{
	bool mapped = addr_is_v4_mapped(a);
	unsigned groups = mapped ? 6 : 8, zeros, count;

	longest_zeros(a, groups, &zeros, &count);
	for (unsigned i = 0; i < groups;) {
		if (i == zeros) {
			*to++ = ':';
			if (i == 0)
				*to++ = ':';
			i += count;
			continue;
		}
		to = put_group(to, group_at(a, i++));
		if (i < groups || mapped)
			*to++ = ':';
	}
	return mapped ? put_ipv4(to, a->bytes + 12) : to;
}

static const char *
copy_out(const char *text, char *buf, size_t size)
{
	if (size != 0)
		snprintf(buf, size, "%s", text);
	return buf;
}

/* The address alone; `full` has room for ADDR_TEXT_SIZE. Returns its end. */
static char *
put_addr(const struct addr *a, char *full)
{
	char *end = full;

	if (a->family == AF_INET)
		end = put_ipv4(end, a->bytes);
	else if (a->family == AF_INET6)
		end = put_ipv6(end, a);
	else
		*end++ = '-';
	*end = '\0';
	if (a->family == AF_INET6 && a->zone != 0)
		end += snprintf(end, sizeof("%4294967295"), "%%%u", a->zone);
	return end;
}

const char *
addr_format(const struct addr *a, char *buf, size_t size)
{
	char full[ADDR_TEXT_SIZE];

	put_addr(a, full);
	return copy_out(full, buf, size);
}

const char *
prefix_format(const struct prefix *p, char *buf, size_t size)
{
	char full[PREFIX_TEXT_SIZE];
	char *end = put_addr(&p->addr, full);

	if (addr_family_by_af(p->addr.family) != NULL) {
		*end++ = '/';
		*put_decimal(end, p->len) = '\0';
	}
	return copy_out(full, buf, size);
}

/* Other forms ------------------------------------------------------------------------- */

bool
addr_from_bytes(struct addr *out, unsigned af, const uint8_t *bytes)
{
	const struct addr_family *f = addr_family_by_af(af);

	if (f == NULL)
		return false;
	memset(out, 0, sizeof(*out));
	out->family = f->af;
	memcpy(out->bytes, bytes, f->bytes);
	return true;
}

bool
addr_from_sockaddr(struct addr *out, const SOCKADDR_INET *sa)
{
	bool v6 = sa->si_family == AF_INET6;

	if (!addr_from_bytes(out, sa->si_family,
	                     v6 ? (const uint8_t *)&sa->Ipv6.sin6_addr
	                        : (const uint8_t *)&sa->Ipv4.sin_addr))
		return false;
	if (v6)
		out->zone = sa->Ipv6.sin6_scope_id;
	return true;
}

void
addr_to_sockaddr(const struct addr *a, SOCKADDR_INET *sa)
{
	memset(sa, 0, sizeof(*sa));
	sa->si_family = a->family;
	if (a->family == AF_INET)
		memcpy(&sa->Ipv4.sin_addr, a->bytes, 4);
	if (a->family == AF_INET6) {
		memcpy(&sa->Ipv6.sin6_addr, a->bytes, 16);
		sa->Ipv6.sin6_scope_id = a->zone;
	}
}

void
addr_from_ipv4(struct addr *out, IPAddr ip)
{
	addr_from_bytes(out, AF_INET, (const uint8_t *)&ip);
}

IPAddr
addr_to_ipv4(const struct addr *a)
{
	IPAddr ip = 0;

	if (a->family == AF_INET)
		memcpy(&ip, a->bytes, sizeof(ip));
	return ip;
}

bool
prefix_from_net(struct prefix *out, const RTM_NET_ADDRESS *net)
{
	if (net->NumBits > addr_bits_of(net->AddressFamily) ||
	    !addr_from_bytes(&out->addr, net->AddressFamily, net->AddrBits))
		return false;
	out->len = (uint8_t)net->NumBits;
	return true;
}

void
prefix_to_net(const struct prefix *p, RTM_NET_ADDRESS *net)
{
	memset(net, 0, sizeof(*net));
	net->AddressFamily = p->addr.family;
	net->NumBits = p->len;
	memcpy(net->AddrBits, p->addr.bytes, sizeof(net->AddrBits));
}

void
addr_to_net(const struct addr *a, RTM_NET_ADDRESS *net)
{
	struct prefix p = { *a, (uint8_t)addr_bits_of(a->family) };

	prefix_to_net(&p, net);
}

bool
prefix_from_ip_prefix(struct prefix *out, const IP_ADDRESS_PREFIX *ip)
{
	if (ip->PrefixLength > addr_bits_of(ip->Prefix.si_family) ||
	    !addr_from_sockaddr(&out->addr, &ip->Prefix))
		return false;
	out->len = ip->PrefixLength;
	return true;
}

void
prefix_to_ip_prefix(const struct prefix *p, IP_ADDRESS_PREFIX *ip)
{
	memset(ip, 0, sizeof(*ip));
	addr_to_sockaddr(&p->addr, &ip->Prefix);
	ip->PrefixLength = p->len;
}

IPMask
mask_from_len(unsigned len)
{
	return htonl(len == 0 ? 0 : len >= 32 ? UINT32_MAX : UINT32_MAX << (32 - len));
}

bool
mask_to_len(IPMask mask, unsigned *len)
{
	unsigned n = (unsigned)__builtin_popcount(mask);

	if (mask_from_len(n) != mask)
		return false;
	*len = n;
	return true;
}

/* Bits -------------------------------------------------------------------------------- */

void
bits_cut(uint8_t *addr, unsigned bytes, unsigned len)
{
	unsigned whole = len / 8;

	if (whole >= bytes)
		return;
	addr[whole] = (uint8_t)(addr[whole] & 0xff00u >> len % 8);
	memset(addr + whole + 1, 0, bytes - whole - 1);
}

bool
bits_are_cut(const uint8_t *addr, unsigned bytes, unsigned len)
{
	unsigned whole = len / 8;

	if (whole < bytes && (addr[whole] & 0xffu >> len % 8) != 0)
		return false;
	for (unsigned i = whole + 1; i < bytes; i++) {
		if (addr[i] != 0)
			return false;
	}
	return true;
}

unsigned
bits_common(const uint8_t *a, const uint8_t *b, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++) {
		if (a[i] != b[i])
			return 8 * i + (unsigned)__builtin_clz((unsigned)(a[i] ^ b[i])) - 24;
	}
	return 8 * bytes;
}

void
prefix_cut(struct prefix *p, unsigned len)
{
	unsigned bytes = addr_bytes_of(p->addr.family);

	if (len > 8 * bytes)
		return;
	bits_cut(p->addr.bytes, bytes, len);
	p->len = (uint8_t)len;
}

bool
prefix_is_canonical(const struct prefix *p)
{
	unsigned bytes = addr_bytes_of(p->addr.family);

	return bytes != 0 && p->len <= 8 * bytes && bits_are_cut(p->addr.bytes, bytes, p->len);
}

bool
prefix_covers(const struct prefix *p, const struct addr *a)
{
	return p->addr.family == a->family &&
	       bits_common(p->addr.bytes, a->bytes, addr_bytes_of(a->family)) >= p->len;
}

bool
prefix_covers_prefix(const struct prefix *p, const struct prefix *q)
{
	return p->len <= q->len && prefix_covers(p, &q->addr);
}

/* Classes ----------------------------------------------------------------------------- */

/* clang-format off */
static const struct prefix
	multicast4  = { { AF_INET,  0, { 224 } },           4 },
	multicast6  = { { AF_INET6, 0, { 0xff } },          8 },
	loopback4   = { { AF_INET,  0, { 127 } },           8 },
	loopback6   = { { AF_INET6, 0, { [15] = 1 } },    128 },
	link_local4 = { { AF_INET,  0, { 169, 254 } },     16 },
	link_local6 = { { AF_INET6, 0, { 0xfe, 0x80 } },   10 },
	broadcast4  = { { AF_INET,  0, { 255, 255, 255, 255 } }, 32 },
	mapped6     = { { AF_INET6, 0, { [10] = 0xff, [11] = 0xff } }, 96 };
/* clang-format on */

bool
addr_is_unspecified(const struct addr *a)
{
	return bits_are_cut(a->bytes, addr_bytes_of(a->family), 0);
}

bool
addr_is_multicast(const struct addr *a)
{
	return prefix_covers(&multicast4, a) || prefix_covers(&multicast6, a);
}

bool
addr_is_loopback(const struct addr *a)
{
	return prefix_covers(&loopback4, a) || prefix_covers(&loopback6, a);
}

bool
addr_is_link_local(const struct addr *a)
{
	return prefix_covers(&link_local4, a) || prefix_covers(&link_local6, a);
}

bool
addr_is_broadcast(const struct addr *a)
{
	return prefix_covers(&broadcast4, a);
}

bool
addr_is_v4_mapped(const struct addr *a)
{
	return prefix_covers(&mapped6, a);
}

/* Order ------------------------------------------------------------------------------- */

int
addr_compare(const struct addr *a, const struct addr *b)
{
	const struct addr_family *fa = addr_family_by_af(a->family);
	const struct addr_family *fb = addr_family_by_af(b->family);
	unsigned ta = fa != NULL ? fa->inet_type : 0, tb = fb != NULL ? fb->inet_type : 0;
	int order;

	if (ta != tb)
		return ta < tb ? -1 : 1;
	order = memcmp(a->bytes, b->bytes, fa != NULL ? fa->bytes : 0);
	if (order != 0)
		return order;
	return (a->zone > b->zone) - (a->zone < b->zone);
}

int
prefix_compare(const struct prefix *a, const struct prefix *b)
{
	int order = addr_compare(&a->addr, &b->addr);

	return order != 0 ? order : (int)a->len - (int)b->len;
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_compare(a, b) == 0;
}

bool
prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return prefix_compare(a, b) == 0;
}
