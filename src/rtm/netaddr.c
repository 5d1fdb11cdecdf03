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

bool
rtm_key_of(const struct rtm_table *t, const RTM_NET_ADDRESS *addr, struct rtm_key *key)
{
	unsigned full, rest;

	if (addr->AddressFamily != t->family || addr->NumBits > t->addr_size * 8)
		return false;
	full = addr->NumBits / 8;
	rest = addr->NumBits % 8;
	memset(key->addr, 0, sizeof key->addr);
	memcpy(key->addr, addr->AddrBits, full + (rest != 0));
	if (rest != 0)
		key->addr[full] = (uint8_t)(key->addr[full] & (0xFFu << (8 - rest)));
	key->len = addr->NumBits;
	return true;
}

void
rtm_key_show(const struct rtm_table *t, const uint8_t *addr, unsigned len, RTM_NET_ADDRESS *out)
{
	out->AddressFamily = t->family;
	out->NumBits = (USHORT)len;
	memset(out->AddrBits, 0, sizeof out->AddrBits);
	memcpy(out->AddrBits, addr, t->addr_size);
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
