/*
 * The next hops that rows lead to, each once, with the number of rows that use it; and how
 * many rows there are of each protocol. Both are kept by mib_sync.c, which knows of every row
 * that comes and goes, so reading them counts nothing.
 *
 * The routing table manager has next hops by owner, and shows each client its own only. What
 * people ask is another question: what depends on this gateway? So a next hop here is an
 * address and an interface, whoever owns the routes, and it is there as long as a row leads to
 * it [OURS 95]. A next hop on the link is all zeros.
 *
 * A next hop has a number besides its name, small enough for the 8 bytes that the view has
 * in a destination; numbers of next hops that are gone are given out again.
 */
#include "mib_int.h"

#include "base/alloc.h"

#include <stdio.h>

#define NONE UINT32_MAX

/* Where the members of a key lie. */
enum { KEY_TYPE = 1, KEY_ADDR = 2, KEY_IF = 18 };

static void
key_of(const MIB_IPFORWARD_ROW2 *row, struct mib_key *out)
{
	ADDRESS_FAMILY family = row->NextHop.si_family;

	memset(out, 0, sizeof *out);
	out->b[MIB_KEY_TABLE] = MIB_TABLE_RTM_HOP;
	out->b[KEY_TYPE] = family == AF_INET ? MIB_ADDR_V4 : MIB_ADDR_V6;
	memcpy(out->b + KEY_ADDR, mib_addr_bytes(&row->NextHop), mib_addr_size(family));
	mib_put32(out->b + KEY_IF, row->InterfaceIndex);
}

/* ---- coming and going -------------------------------------------------------------- */

/* Room for one more number; false: no memory. */
static bool
make_room(struct mib_hops *hops)
{
	void *grown = hops->by_id;
	size_t cap = hops->cap;

	if (hops->free != NULL || hops->n < cap)
		return true;
	if (hops->n == NONE || !mib_grow(&grown, &cap, hops->n + 1, sizeof *hops->by_id))
		return false;
	hops->by_id = grown;
	hops->cap = cap;
	return true;
}

static struct mib_hop *
hop_new(struct mib *mib, const struct mib_key *key)
{
	struct mib_hops *hops = &mib->hops;
	struct mib_hop *hop = hops->free;

	if (!make_room(hops))
		return NULL;
	if (hop != NULL) {
		hops->free = hop->next_free;
	} else {
		hop = mem_calloc(1, sizeof *hop);
		if (hop == NULL)
			return NULL;
		hop->id = (uint32_t)hops->n;
		hops->by_id[hops->n++] = hop;
	}
	hop->by_key.key = *key;
	hop->rows = 0;
	mib_keyed_insert(&hops->tree, &hop->by_key);
	hops->used++;
	return hop;
}

struct mib_hop *
mib_hop_get(struct mib *mib, const MIB_IPFORWARD_ROW2 *row)
{
	struct mib_keyed *at;
	struct mib_hop *hop;
	struct mib_key key;

	key_of(row, &key);
	at = mib_keyed_find(&mib->hops.tree, &key);
	hop = at != NULL ? TREE_OF(at, struct mib_hop, by_key) : hop_new(mib, &key);
	if (hop != NULL)
		hop->rows++;
	return hop;
}

void
mib_hop_put(struct mib *mib, struct mib_hop *hop)
{
	struct mib_hops *hops = &mib->hops;

	if (--hop->rows > 0)
		return;
	tree_remove(&hops->tree, &hop->by_key.node);
	hop->next_free = hops->free;
	hops->free = hop;
	hops->used--;
}

struct mib_hop *
mib_hop_by_id(const struct mib *mib, uint32_t id)
{
	return mib->hops.by_id[id];
}

void
mib_hop_row(const struct mib_hop *hop, MIB_IPFORWARD_ROW2 *row)
{
	const uint8_t *b = hop->by_key.key.b;

	mib_addr_make(&row->NextHop, b[KEY_TYPE] == MIB_ADDR_V4 ? AF_INET : AF_INET6,
	              b + KEY_ADDR);
	row->InterfaceIndex = mib_get32(b + KEY_IF);
}

bool
mib_hop_is(const struct mib_hop *hop, const MIB_IPFORWARD_ROW2 *row)
{
	return hop->by_key.key.b[KEY_TYPE] ==
	           (row->NextHop.si_family == AF_INET ? MIB_ADDR_V4 : MIB_ADDR_V6) &&
	       mib_get32(hop->by_key.key.b + KEY_IF) == row->InterfaceIndex &&
	       memcmp(hop->by_key.key.b + KEY_ADDR, mib_addr_bytes(&row->NextHop),
	              mib_addr_size(row->NextHop.si_family)) == 0;
}

void
mib_hop_close(struct mib *mib)
{
	for (size_t i = 0; i < mib->hops.n; i++)
		mem_free(mib->hops.by_id[i]);
	mem_free(mib->hops.by_id);
}

/* ---- names ---------------------------------------------------------------------------- */

static size_t
octets_of(uint32_t type)
{
	return type == MIB_ADDR_V4 ? 4 : 16;
}

static enum mib_name_fault
decode(const struct mib *mib, const mib_subid *sub, size_t n, struct mib_key *out)
{
	size_t size;

	(void)mib;
	if (n < 2 || (sub[0] != MIB_ADDR_V4 && sub[0] != MIB_ADDR_V6))
		return MIB_NAME_NEVER;
	size = octets_of(sub[0]);
	if (sub[1] != size || n != size + 3)
		return MIB_NAME_NEVER;
	memset(out, 0, sizeof *out);
	out->b[MIB_KEY_TABLE] = MIB_TABLE_RTM_HOP;
	out->b[KEY_TYPE] = (uint8_t)sub[0];
	for (size_t i = 0; i < size; i++) {
		if (sub[2 + i] > 255)
			return MIB_NAME_NEVER;
		out->b[KEY_ADDR + i] = (uint8_t)sub[2 + i];
	}
	mib_put32(out->b + KEY_IF, sub[n - 1]);
	return MIB_NAME_OK;
}

static size_t
encode(const struct mib *mib, const struct mib_key *key, mib_subid *out)
{
	size_t size = octets_of(key->b[KEY_TYPE]);

	(void)mib;
	out[0] = key->b[KEY_TYPE];
	out[1] = (mib_subid)size;
	for (size_t i = 0; i < size; i++)
		out[2 + i] = key->b[KEY_ADDR + i];
	out[2 + size] = mib_get32(key->b + KEY_IF);
	return size + 3;
}

/* The octets and the interface of a sequence as a bound. @return inclusive. */
static bool
bound_address(const mib_subid *sub, size_t n, size_t size, uint8_t *key)
{
	for (size_t i = 0; i < size && i < n; i++) {
		if (sub[i] > 255) { /* behind all that agree up to here */
			memset(key + KEY_ADDR + i, 0xFF, KEY_IF + 4 - KEY_ADDR - i);
			return false;
		}
		key[KEY_ADDR + i] = (uint8_t)sub[i];
	}
	if (n <= size)
		return true;
	mib_put32(key + KEY_IF, sub[size]);
	return false;
}

/* Any sequence as a bound: what follows has keys above it, or, inclusive, at it. */
static bool
bound_of(const mib_subid *sub, size_t n, struct mib_key *out)
{
	uint32_t type = n == 0 ? 0 : sub[0];
	bool known = type == MIB_ADDR_V4 || type == MIB_ADDR_V6;
	size_t size = octets_of(type);

	memset(out, 0, sizeof *out);
	out->b[MIB_KEY_TABLE] = MIB_TABLE_RTM_HOP;
	out->b[KEY_TYPE] = (uint8_t)(type > MIB_ADDR_V6 ? MIB_ADDR_V6 + 1 : type);
	if (!known || n < 2 || sub[1] < size)
		return true;
	if (sub[1] > size) {
		out->b[KEY_TYPE]++;
		return true;
	}
	return bound_address(sub + 2, n - 2, size, out->b);
}

/* ---- the table ------------------------------------------------------------------------- */

static enum mib_found
find(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	mib_sync_all(mib);
	*out = (struct mib_ref){ .key = *key };
	return mib_keyed_find(&mib->hops.tree, key) != NULL ? MIB_FOUND : MIB_NO_SUCH_INSTANCE;
}

static enum mib_found
next(struct mib *mib, const mib_subid *sub, size_t n, struct mib_ref *out)
{
	struct mib_keyed *at;
	struct mib_key bound;
	bool inclusive = bound_of(sub, n, &bound);

	mib_sync_all(mib);
	at = mib_keyed_from(&mib->hops.tree, &bound, inclusive);
	if (at == NULL)
		return MIB_END;
	*out = (struct mib_ref){ .key = at->key };
	return MIB_FOUND;
}

static void
facts(struct mib *mib, const struct mib_ref *ref, struct mib_memo *memo)
{
	const struct mib_keyed *at = mib_keyed_find(&mib->hops.tree, &ref->key);
	const struct iftab_if *iface =
	    iftab_by_index(iph_iftab(mib->config.iph), mib_get32(ref->key.b + KEY_IF));
	struct mib_hop_facts *out = &memo->u.hop;

	out->rows = at == NULL ? 0 : TREE_OF(at, const struct mib_hop, by_key)->rows;
	out->connected = iface != NULL && iface->connected ? MIB_TRUE : MIB_FALSE;
	out->name = (struct mib_octets){ 0, out->name_octets };
	if (iface != NULL)
		out->name.len = (size_t)snprintf(out->name_octets, sizeof out->name_octets,
		                                 "%s", iface->alias);
	if (out->name.len >= sizeof out->name_octets)
		out->name.len = sizeof out->name_octets - 1;
}

#define READ(syntax, m)                                                                        \
	syntax, MIB_READ, 0, 0, offsetof(struct mib_hop_facts, m), IPH_FIELD_NONE, 0
/* clang-format off */
static const struct mib_column columns[] = {
	{ 4, "rtmNextHopRows",      READ(MIB_GAUGE, rows) },
	{ 5, "rtmNextHopInterface", READ(MIB_OCTETS, name) },
	{ 6, "rtmNextHopConnected", READ(MIB_INTEGER, connected) },
};
/* clang-format on */

const struct mib_table mib_rtm_hop_table = {
	.id = MIB_TABLE_RTM_HOP,
	.columns = columns,
	.ncolumns = sizeof columns / sizeof columns[0],
	.find = find,
	.next = next,
	.decode = decode,
	.encode = encode,
	.facts = facts,
};
