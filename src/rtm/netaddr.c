/*
 * One chapter: addresses and view masks as they come in.
 *
 * A network address is checked for the family and length of its table, and its host
 * bits are cleared in our own copy, so 10.1.2.3/8 and 10.0.0.0/8 are one destination
 * [RTM K8]. Behind this file there are only canonical keys: IPv4 and IPv6 differ in
 * the number of bytes, nowhere else.
 */
#include "rtm_int.h"

#include <string.h>

/* Eight bytes of an address as a number, first byte highest; works both ways. */
static uint64_t
swap(uint64_t bytes)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return __builtin_bswap64(bytes);
#else
	return bytes;
#endif
}

/* The first `bits' of the eight bytes at `from', the others zero. */
static uint64_t
leading(const uint8_t *from, unsigned bits)
{
	uint64_t word;

	if (bits == 0)
		return 0;
	memcpy(&word, from, sizeof word);
	return swap(swap(word) & ~(uint64_t)0 << (64 - bits));
}

bool
rtm_key_of(const struct rtm_table *t, const RTM_NET_ADDRESS *addr, struct rtm_key *key)
{
	unsigned len = addr->NumBits;
	uint64_t high, low;

	if (addr->AddressFamily != t->family || len > t->addr_size * 8)
		return false;
	high = leading(addr->AddrBits, len < 64 ? len : 64);
	low = leading(addr->AddrBits + 8, len < 64 ? 0 : len - 64);
	memcpy(key->addr, &high, sizeof high);
	memcpy(key->addr + 8, &low, sizeof low);
	key->len = len;
	return true;
}

void
rtm_key_show(const struct rtm_table *t, const uint8_t *addr, unsigned len, RTM_NET_ADDRESS *out)
{
	out->AddressFamily = t->family;
	out->NumBits = (USHORT)len;
	if (t->addr_size == 16) {
		memcpy(out->AddrBits, addr, 16);
		return;
	}
	memcpy(out->AddrBits, addr, 4);
	memset(out->AddrBits + 4, 0, 12);
}

bool
rtm_covers(const uint8_t *outer, unsigned outer_len, const uint8_t *inner, unsigned inner_len)
{
	unsigned full = outer_len / 8, rest = outer_len % 8;

	if (outer_len > inner_len || memcmp(outer, inner, full) != 0)
		return false;
	return rest == 0 || ((outer[full] ^ inner[full]) >> (8 - rest)) == 0;
}

DWORD
rtm_views_of(const struct rtm_table *t, RTM_VIEW_SET asked, uint32_t *views)
{
	if (asked == RTM_VIEW_MASK_ALL)
		asked = t->limits.views;
	if ((asked & ~t->limits.views) != 0)
		return ERROR_NOT_SUPPORTED;
	*views = asked;
	return NO_ERROR;
}
