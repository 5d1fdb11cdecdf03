/*
 * One chapter: addresses as they come in.
 *
 * A network address is checked for the family and length of its table, and its host
 * bits are cleared in our own copy, so 10.1.2.3/8 and 10.0.0.0/8 are one destination
 * [RTM K8]. Behind this file there are only canonical keys: IPv4 and IPv6 differ in
 * the number of bytes, nowhere else.
 */
#include "rtm_int.h"

#include <string.h>

/* The first `bits' of the eight bytes at `from', the others zero. */
static uint64_t
leading(const uint8_t *from, unsigned bits)
{
	uint64_t word;

	if (bits == 0)
		return 0;
	memcpy(&word, from, sizeof word);
	return RTM_SWAP64(RTM_SWAP64(word) & ~(uint64_t)0 << (64 - bits));
}

void
rtm_key_cut_wide(const uint8_t *addr, unsigned len, struct rtm_key *key)
{
	uint64_t high = leading(addr, len < 64 ? len : 64);
	uint64_t low = len <= 64 ? 0 : leading(addr + 8, len - 64);

	memcpy(key->addr, &high, sizeof high);
	memcpy(key->addr + 8, &low, sizeof low);
}

bool
rtm_covers(const uint8_t *outer, unsigned outer_len, const uint8_t *inner, unsigned inner_len)
{
	unsigned full = outer_len / 8, rest = outer_len % 8;

	if (outer_len > inner_len || memcmp(outer, inner, full) != 0)
		return false;
	return rest == 0 || ((outer[full] ^ inner[full]) >> (8 - rest)) == 0;
}
