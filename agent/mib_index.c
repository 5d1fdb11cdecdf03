/*
 * An index of inetCidrRouteTable is a sequence of 12 to 59 numbers in which lengths
 * precede octets; a manager may send anything. Three questions are asked of it.
 *
 * Exact (GET, SET): is this the one canonical name of a row? The decoder takes the
 * sequence apart with a cursor and refuses at the first deviation: octets above 255,
 * lengths that do not fit the type, left-over numbers, host bits, a next hop that is
 * spelled as zeros, a plain type for a link-local address [MIB 1.8].
 *
 * Successor (GETNEXT): the sequence need not mean anything. mib_inet_bound() turns
 * it into a key at or below everything that follows it, looking only as far as the
 * destination; the few rows of that destination are then compared number by number
 * with what was asked. So no malformed name can be misread: a bound that is too low
 * costs a comparison, and one that is too high cannot arise, because each rule below
 * only skips rows that differ from the sequence at the number looked at.
 *
 * Name of a row: the key is a packed copy of the parts, big-endian, IPv4 addresses
 * padded with zeros behind, so that memcmp() orders keys as the MIB orders rows.
 * Lengths of octets follow from the type and are left out. A policy is {0 0} or
 * {0 0 i}, thus one number, and 0 sorts first as the shorter policy does.
 */
#include "mib_index.h"

#define POLICY_MAX 0x7FFFFFFFu

static const uint8_t type_octets[] = { 0, 4, 16, 8, 20 };

int
mib_oid_compare(const mib_subid *a, size_t an, const mib_subid *b, size_t bn)
{
	size_t n = an < bn ? an : bn;

	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return an < bn ? -1 : an > bn;
}

const uint8_t *
mib_addr_bytes(const SOCKADDR_INET *addr)
{
	if (addr->si_family == AF_INET)
		return (const uint8_t *)&addr->Ipv4.sin_addr;
	return (const uint8_t *)&addr->Ipv6.sin6_addr;
}

void
mib_addr_make(SOCKADDR_INET *addr, ADDRESS_FAMILY family, const uint8_t *bytes)
{
	memset(addr, 0, sizeof *addr);
	addr->si_family = family;
	if (family == AF_INET)
		memcpy(&addr->Ipv4.sin_addr, bytes, 4);
	else
		memcpy(&addr->Ipv6.sin6_addr, bytes, 16);
}

static bool
link_local(ADDRESS_FAMILY family, const uint8_t *bytes)
{
	if (family == AF_INET)
		return bytes[0] == 169 && bytes[1] == 254;
	return bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80;
}

bool
mib_prefix_zoned(const IP_ADDRESS_PREFIX *prefix)
{
	ADDRESS_FAMILY family = prefix->Prefix.si_family;

	return prefix->PrefixLength >= (family == AF_INET ? 16 : 10) &&
	       link_local(family, mib_addr_bytes(&prefix->Prefix));
}

void
mib_zoned_end(ADDRESS_FAMILY family, IP_ADDRESS_PREFIX *out)
{
	uint8_t last[16];

	memset(last, 0xFF, sizeof last);
	last[0] = family == AF_INET ? 169 : 0xFE;
	last[1] = family == AF_INET ? 254 : 0xBF;
	mib_addr_make(&out->Prefix, family, last);
	out->PrefixLength = family == AF_INET ? 32 : 128;
}

void
mib_core_of_row(const MIB_IPFORWARD_ROW2 *row, struct mib_core *out)
{
	ADDRESS_FAMILY family = row->DestinationPrefix.Prefix.si_family;

	memset(out, 0, sizeof *out);
	out->b[MIB_CORE_FAMILY] = family != AF_INET;
	memcpy(out->b + MIB_CORE_ADDR, mib_addr_bytes(&row->DestinationPrefix.Prefix),
	       mib_addr_size(family));
	out->b[MIB_CORE_LEN] = row->DestinationPrefix.PrefixLength;
	memcpy(out->b + MIB_CORE_NH, mib_addr_bytes(&row->NextHop), mib_addr_size(family));
	mib_put32(out->b + MIB_CORE_IF, row->InterfaceIndex);
}

void
mib_core_prefix(const struct mib_core *core, IP_ADDRESS_PREFIX *out)
{
	mib_addr_make(&out->Prefix, core->b[MIB_CORE_FAMILY] == 0 ? AF_INET : AF_INET6,
	              core->b + MIB_CORE_ADDR);
	out->PrefixLength = core->b[MIB_CORE_LEN];
}

/* ---- decoding ----------------------------------------------------------- */

struct cursor {
	const mib_subid *sub;
	size_t left;
};

/* The next number, if there is one and it is at most `max'. */
static bool
take(struct cursor *c, mib_subid max, mib_subid *out)
{
	if (c->left == 0 || *c->sub > max)
		return false;
	*out = *c->sub++;
	c->left--;
	return true;
}

/* A type with its length and octets: address to `addr', zone to `zone'. */
static bool
take_address(struct cursor *c, uint8_t *type, uint8_t *addr, uint8_t *zone)
{
	uint8_t octets[20];
	mib_subid kind, len, octet;
	size_t size;

	if (!take(c, MIB_ADDR_V6Z, &kind) || !take(c, sizeof octets, &len) ||
	    len != type_octets[kind])
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!take(c, 255, &octet))
			return false;
		octets[i] = (uint8_t)octet;
	}
	*type = (uint8_t)kind;
	size = kind == MIB_ADDR_V4Z || kind == MIB_ADDR_V6Z ? len - 4 : len;
	memcpy(addr, octets, size);
	memcpy(zone, octets + size, len - size);
	return true;
}

/* {0 0} or {0 0 i} [MIB 6.3] */
static bool
take_policy(struct cursor *c, uint8_t *policy)
{
	mib_subid n, sub;

	if (!take(c, 3, &n) || n < 2 || !take(c, 0, &sub) || !take(c, 0, &sub))
		return false;
	if (n == 2)
		return true;
	if (!take(c, POLICY_MAX, &sub) || sub == 0)
		return false;
	mib_put32(policy, sub);
	return true;
}

static bool
all_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

static bool
has_host_bits(const uint8_t *addr, size_t size, unsigned len)
{
	unsigned at = len / 8;

	if (len % 8 != 0 && (addr[at++] & (0xFF >> len % 8)) != 0)
		return true;
	return !all_zero(addr + at, size - at);
}

static ADDRESS_FAMILY
family_of(const struct mib_key *key)
{
	return key->b[MIB_KEY_TYPE] % 2 == 1 ? AF_INET : AF_INET6;
}

/* Link-local IPv6 gateways have a zone, nothing else does; absent is type 0. */
static bool
next_hop_fits(const struct mib_key *key)
{
	ADDRESS_FAMILY family = family_of(key);
	unsigned type = key->b[MIB_KEY_NH_TYPE];
	const uint8_t *nh = key->b + MIB_KEY_NH;

	if (type == MIB_ADDR_UNKNOWN)
		return true;
	if (all_zero(nh, 16))
		return false;
	if (family == AF_INET)
		return type == MIB_ADDR_V4;
	return type == (link_local(AF_INET6, nh) ? MIB_ADDR_V6Z : MIB_ADDR_V6);
}

/* The other spelling of a missing next hop: zeros of the right type, and type 0 never. */
static bool
take_zeros(struct mib_key *key)
{
	uint8_t *type = &key->b[MIB_KEY_NH_TYPE];

	if (*type == MIB_ADDR_UNKNOWN)
		return false;
	if (*type == (family_of(key) == AF_INET ? MIB_ADDR_V4 : MIB_ADDR_V6) &&
	    all_zero(key->b + MIB_KEY_NH, 16))
		*type = MIB_ADDR_UNKNOWN;
	return true;
}

/* All interfaces that the name mentions are one. */
static bool
interfaces_agree(const struct mib_key *key)
{
	static const uint8_t at[] = { MIB_KEY_ZONE, MIB_KEY_POLICY, MIB_KEY_NH_ZONE };
	uint32_t seen = 0;

	for (size_t i = 0; i < sizeof at; i++) {
		uint32_t index = mib_get32(key->b + at[i]);

		if (index != 0 && seen != 0 && index != seen)
			return false;
		seen = index != 0 ? index : seen;
	}
	return true;
}

enum mib_name_fault
mib_inet_decode(const mib_subid *sub, size_t n, bool zero, struct mib_key *out)
{
	struct cursor c = { sub, n };
	struct mib_key key = { { MIB_TABLE_INET } };
	IP_ADDRESS_PREFIX prefix;
	mib_subid len;

	if (!take_address(&c, &key.b[MIB_KEY_TYPE], key.b + MIB_KEY_ADDR,
	                  key.b + MIB_KEY_ZONE) ||
	    key.b[MIB_KEY_TYPE] == MIB_ADDR_UNKNOWN ||
	    !take(&c, family_of(&key) == AF_INET ? 32 : 128, &len) ||
	    !take_policy(&c, key.b + MIB_KEY_POLICY) ||
	    !take_address(&c, &key.b[MIB_KEY_NH_TYPE], key.b + MIB_KEY_NH,
	                  key.b + MIB_KEY_NH_ZONE) ||
	    c.left != 0)
		return MIB_NAME_NEVER;
	if (zero && !take_zeros(&key))
		return MIB_NAME_NEVER;
	key.b[MIB_KEY_LEN] = (uint8_t)len;
	mib_inet_prefix(&key, &prefix);
	if (!next_hop_fits(&key) || !interfaces_agree(&key) ||
	    mib_inet_zoned(&key) != mib_prefix_zoned(&prefix))
		return MIB_NAME_NEVER;
	if (has_host_bits(key.b + MIB_KEY_ADDR, mib_addr_size(family_of(&key)), len))
		return MIB_NAME_HOST_BITS;
	*out = key;
	return MIB_NAME_OK;
}

/* ---- encoding ----------------------------------------------------------- */

static size_t
put_address(mib_subid *out, unsigned type, const uint8_t *addr, const uint8_t *zone)
{
	size_t n = 0, size = type_octets[type];

	if (type == MIB_ADDR_V4Z || type == MIB_ADDR_V6Z)
		size -= 4;
	out[n++] = type;
	out[n++] = type_octets[type];
	for (size_t i = 0; i < size; i++)
		out[n++] = addr[i];
	for (size_t i = 0; i < type_octets[type] - size; i++)
		out[n++] = zone[i];
	return n;
}

size_t
mib_inet_encode(const struct mib_key *key, bool zero, mib_subid *out)
{
	uint32_t policy = mib_get32(key->b + MIB_KEY_POLICY);
	unsigned hop_type = key->b[MIB_KEY_NH_TYPE];
	size_t n = put_address(out, key->b[MIB_KEY_TYPE], key->b + MIB_KEY_ADDR,
	                       key->b + MIB_KEY_ZONE);

	out[n++] = key->b[MIB_KEY_LEN];
	out[n++] = policy == 0 ? 2 : 3;
	out[n++] = 0;
	out[n++] = 0;
	if (policy != 0)
		out[n++] = policy;
	if (zero && hop_type == MIB_ADDR_UNKNOWN)
		hop_type = family_of(key) == AF_INET ? MIB_ADDR_V4 : MIB_ADDR_V6;
	return n +
	       put_address(out + n, hop_type, key->b + MIB_KEY_NH, key->b + MIB_KEY_NH_ZONE);
}

/* ---- any sequence as a lower bound --------------------------------------- */

/* The beginning of the block after `type'; false where there is none. */
static bool
next_block(struct mib_key *out, unsigned type)
{
	if (type >= MIB_ADDR_V6Z)
		return false;
	memset(out, 0, sizeof *out);
	out->b[MIB_KEY_TABLE] = MIB_TABLE_INET;
	out->b[MIB_KEY_TYPE] = (uint8_t)(type + 1);
	return true;
}

static void
store_octets(struct mib_key *key, const uint8_t *octets, size_t n)
{
	size_t size = mib_inet_zoned(key) ? n - 4 : n;

	memcpy(key->b + MIB_KEY_ADDR, octets, size);
	memcpy(key->b + MIB_KEY_ZONE, octets + size, n - size);
}

bool
mib_inet_bound(const mib_subid *sub, size_t n, struct mib_key *out)
{
	uint8_t octets[20] = { 0 };
	unsigned type = n > 0 ? (sub[0] > MIB_ADDR_V6Z ? MIB_ADDR_V6Z : sub[0]) : 0;
	size_t size = type_octets[type];

	if (n == 0 || type == MIB_ADDR_UNKNOWN)
		return next_block(out, 0);
	if (sub[0] > MIB_ADDR_V6Z)
		return false;
	if (n > 1 && sub[1] > size)
		return next_block(out, type);
	(void)next_block(out, type - 1);
	if (n == 1 || sub[1] < size)
		return true;
	for (size_t i = 0; i < size && i + 2 < n; i++) {
		if (sub[i + 2] > 255) { /* after every address that begins like this */
			memset(octets + i, 0xFF, size - i);
			store_octets(out, octets, size);
			out->b[MIB_KEY_LEN] = 255;
			return true;
		}
		octets[i] = (uint8_t)sub[i + 2];
	}
	store_octets(out, octets, size);
	if (n > size + 2)
		out->b[MIB_KEY_LEN] = sub[size + 2] > 255 ? 255 : (uint8_t)sub[size + 2];
	return true;
}

/* ---- rows ------------------------------------------------------------------ */

uint32_t
mib_inet_policy(const MIB_IPFORWARD_ROW2 *row)
{
	const uint8_t *nh = mib_addr_bytes(&row->NextHop);

	if (mib_prefix_zoned(&row->DestinationPrefix) ||
	    !all_zero(nh, mib_addr_size(row->DestinationPrefix.Prefix.si_family)))
		return 0;
	return row->InterfaceIndex;
}

void
mib_inet_key(const MIB_IPFORWARD_ROW2 *row, uint32_t policy, struct mib_key *out)
{
	ADDRESS_FAMILY family = row->DestinationPrefix.Prefix.si_family;
	const uint8_t *nh = mib_addr_bytes(&row->NextHop);
	size_t size = mib_addr_size(family);
	bool zoned = mib_prefix_zoned(&row->DestinationPrefix);
	unsigned type = family == AF_INET ? MIB_ADDR_V4 : MIB_ADDR_V6;

	memset(out, 0, sizeof *out);
	out->b[MIB_KEY_TABLE] = MIB_TABLE_INET;
	out->b[MIB_KEY_TYPE] = (uint8_t)(zoned ? type + 2 : type);
	memcpy(out->b + MIB_KEY_ADDR, mib_addr_bytes(&row->DestinationPrefix.Prefix), size);
	if (zoned)
		mib_put32(out->b + MIB_KEY_ZONE, row->InterfaceIndex);
	out->b[MIB_KEY_LEN] = row->DestinationPrefix.PrefixLength;
	mib_put32(out->b + MIB_KEY_POLICY, policy);
	if (all_zero(nh, size))
		return;
	memcpy(out->b + MIB_KEY_NH, nh, size);
	out->b[MIB_KEY_NH_TYPE] = (uint8_t)type;
	if (family == AF_INET6 && link_local(family, nh)) {
		out->b[MIB_KEY_NH_TYPE] = MIB_ADDR_V6Z;
		mib_put32(out->b + MIB_KEY_NH_ZONE, row->InterfaceIndex);
	}
}

void
mib_inet_prefix(const struct mib_key *key, IP_ADDRESS_PREFIX *out)
{
	mib_addr_make(&out->Prefix, family_of(key), key->b + MIB_KEY_ADDR);
	out->PrefixLength = key->b[MIB_KEY_LEN];
}

void
mib_inet_next_hop(const struct mib_key *key, SOCKADDR_INET *out)
{
	mib_addr_make(out, family_of(key), key->b + MIB_KEY_NH);
}

NET_IFINDEX
mib_inet_if(const struct mib_key *key)
{
	uint32_t index = mib_get32(key->b + MIB_KEY_ZONE);

	if (index == 0)
		index = mib_get32(key->b + MIB_KEY_POLICY);
	return index != 0 ? index : mib_get32(key->b + MIB_KEY_NH_ZONE);
}
