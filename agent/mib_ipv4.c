/*
 * Rows of ipCidrRouteTable, ipForwardTable and ipRouteTable, found by address.
 *
 * Their indexes begin with the destination's address, as the core's order does, but
 * what follows differs: mask and gateway, protocol and gateway, nothing. So the unit of
 * search is a group: all routes of one address, whatever the prefix length (at most 33
 * destinations, nearly always one). A group is read once and sorted for each table when
 * that table is asked for.
 *
 * Where several routes have one name, one of them represents the others [MIB 2]: the
 * longest mask, and among equal ones the route that the core lists first.
 *
 * Two groups are kept, the one of the name asked for and the next one. Reading a group
 * finds out where the next begins, so a walk costs one search per destination. An exact
 * name wants no next one: its group is read by itself, and ipCidrRouteTable, whose names
 * have the mask, needs no group but one destination.
 */
#include "mib_ipv4.h"

#include "base/addr.h"
#include "base/alloc.h"

#include <stdlib.h>

/* The destination of a name, the one after it, and one behind that, to see its address end. */
#define FEW 3

const struct mib_shape mib_cidr_shape = { MIB_TABLE_CIDR, "oooooooonoooo" };
const struct mib_shape mib_forward_shape = { MIB_TABLE_FORWARD, "oooonnoooo" };
const struct mib_shape mib_route_shape = { MIB_TABLE_ROUTE, "oooo" };

/* ---- names ---------------------------------------------------------------------- */

int64_t
mib_protocol_shown(ULONG protocol, int64_t highest)
{
	if (protocol == PROTO_IP_NT_AUTOSTATIC || protocol == PROTO_IP_NT_STATIC ||
	    protocol == PROTO_IP_NT_STATIC_NON_DOD)
		return MIB_IPPROTO_NETMGMT;
	if (protocol == PROTO_IP_BOOTP && highest >= MIB_IPPROTO_DHCP)
		return MIB_IPPROTO_DHCP;
	return protocol >= MIB_IPPROTO_OTHER && protocol <= highest ? (int64_t)protocol
	                                                            : MIB_IPPROTO_OTHER;
}

static void
key_of(enum mib_table_id table, const MIB_IPFORWARD_ROW2 *row, struct mib_key *out)
{
	IPMask mask = mask_from_len(row->DestinationPrefix.PrefixLength);
	const uint8_t *hop = mib_addr_bytes(&row->NextHop);

	memset(out, 0, sizeof *out);
	out->b[MIB_KEY_TABLE] = (uint8_t)table;
	memcpy(out->b + MIB_V4_DEST, mib_addr_bytes(&row->DestinationPrefix.Prefix), 4);
	if (table == MIB_TABLE_CIDR) {
		memcpy(out->b + MIB_CIDR_MASK, &mask, 4);
		memcpy(out->b + MIB_CIDR_NH, hop, 4);
	} else if (table == MIB_TABLE_FORWARD) {
		mib_put32(
		    out->b + MIB_FORWARD_PROTO,
		    (uint32_t)mib_protocol_shown((ULONG)row->Protocol, MIB_HIGHEST_FORWARD));
		memcpy(out->b + MIB_FORWARD_NH, hop, 4);
	}
}

/* ---- groups ------------------------------------------------------------------------ */

static bool
same_address(const IP_ADDRESS_PREFIX *a, const IP_ADDRESS_PREFIX *b)
{
	return memcmp(mib_addr_bytes(&a->Prefix), mib_addr_bytes(&b->Prefix), 4) == 0;
}

/* A destination and its rows, good till the next read. */
struct found_dest {
	IP_ADDRESS_PREFIX dest;
	const struct iph_route *rows;
	size_t n;
};

/*
 * The first destination at or after `from'; ERROR_NOT_FOUND at the end. Counting asks the
 * core itself: it is at work while what was read ahead has become old.
 */
static DWORD
dest_from(struct mib *mib, bool counting, const IP_ADDRESS_PREFIX *from, bool inclusive,
          struct found_dest *out)
{
	struct iph_rows *some = &mib->some;
	DWORD err;

	if (!counting) {
		if (!mib_ahead_dest(mib, from, inclusive, FEW, &out->dest))
			return ERROR_NOT_FOUND;
		out->rows = mib_ahead_rows(mib, &out->dest, &out->n);
		return out->rows != NULL ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
	}
	err = iph_rows_next(mib->config.iph, from, inclusive, 1, some);
	if (err != NO_ERROR)
		return err;
	out->dest = some->spans[0].dest;
	out->rows = some->rows + some->spans[0].first;
	out->n = some->spans[0].n;
	return NO_ERROR;
}

static bool
group_add(struct mib_group *group, const struct found_dest *found)
{
	if (!mib_grow((void **)&group->routes, &group->routes_cap, group->nroutes + found->n,
	              sizeof *group->routes))
		return false;
	for (size_t i = 0; i < found->n; i++)
		if (!found->rows[i].hidden)
			group->routes[group->nroutes++] = found->rows[i];
	return true;
}

/* Read all destinations of the address that `from' or the one behind it has. */
static bool
group_load(struct mib *mib, struct mib_group *group, bool counting,
           const IP_ADDRESS_PREFIX *from)
{
	struct found_dest found;
	DWORD err = dest_from(mib, counting, from, true, &found);

	group->valid = false;
	group->nroutes = 0;
	group->sorted = 0;
	if (err != NO_ERROR)
		return false;
	group->address = found.dest;
	do {
		if (!group_add(group, &found))
			return false;
		err = dest_from(mib, counting, &found.dest, false, &found);
	} while (err == NO_ERROR && same_address(&found.dest, &group->address));
	if (err != NO_ERROR && err != ERROR_NOT_FOUND)
		return false;
	group->more = err == NO_ERROR;
	group->next = found.dest;
	group->valid = true;
	group->generation = mib->generation;
	group->loaded_ms = mib->now_ms;
	return true;
}

static bool
group_good(const struct mib *mib, const struct mib_group *group)
{
	return group->valid && group->generation == mib->generation &&
	       mib->now_ms - group->loaded_ms < MIB_FRESH_MS;
}

/* The group that begins with this destination; NULL: the core could not be read. */
static struct mib_group *
group_of(struct mib *mib, const IP_ADDRESS_PREFIX *first)
{
	struct mib_group *group = &mib->groups[0];

	for (size_t i = 0; i < MIB_GROUPS; i++) {
		if (mib->groups[i].valid && same_address(&mib->groups[i].address, first)) {
			group = &mib->groups[i];
			break;
		}
		if (mib->groups[i].used < group->used)
			group = &mib->groups[i];
	}
	group->used = ++mib->view_use;
	if (group_good(mib, group) && same_address(&group->address, first))
		return group;
	return group_load(mib, group, false, first) ? group : NULL;
}

void
mib_ipv4_close(struct mib *mib)
{
	iph_rows_free(&mib->some);
	for (size_t i = 0; i < MIB_GROUPS_ALL; i++) {
		mem_free(mib->groups[i].routes);
		for (size_t t = 0; t < MIB_TABLES; t++)
			mem_free(mib->groups[i].refs[t]);
	}
}

/* By name, then longest mask first, then as the core has them. */
static int
ref_compare(const void *va, const void *vb)
{
	const struct mib_ref *a = va, *b = vb;
	int order = mib_key_compare(&a->key, &b->key);

	if (order != 0)
		return order;
	order = (int)b->route->row.DestinationPrefix.PrefixLength -
	        (int)a->route->row.DestinationPrefix.PrefixLength;
	return order != 0 ? order : (a->route > b->route) - (a->route < b->route);
}

/* The rows of a group as a table has them. */
static bool
group_sort(struct mib_group *group, enum mib_table_id table)
{
	struct mib_ref *refs;
	size_t n = 0;

	if ((group->sorted & 1u << table) != 0)
		return true;
	if (!mib_grow((void **)&group->refs[table], &group->refs_cap[table], group->nroutes + 1,
	              sizeof *refs))
		return false;
	refs = group->refs[table];
	for (size_t i = 0; i < group->nroutes; i++) {
		refs[i] = (struct mib_ref){ .route = &group->routes[i] };
		key_of(table, &group->routes[i].row, &refs[i].key);
	}
	if (group->nroutes > 1)
		qsort(refs, group->nroutes, sizeof *refs, ref_compare);
	for (size_t i = 0; i < group->nroutes; i++)
		if (n == 0 || mib_key_compare(&refs[n - 1].key, &refs[i].key) != 0)
			refs[n++] = refs[i];
	group->nrefs[table] = n;
	group->sorted |= 1u << table;
	return true;
}

/* The first row of the group at or after a key. */
static const struct mib_ref *
group_from(const struct mib_group *group, enum mib_table_id table, const struct mib_key *key,
           bool inclusive)
{
	size_t low = 0, high = group->nrefs[table];

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = mib_key_compare(&group->refs[table][mid].key, key);

		if (order > 0 || (order == 0 && inclusive))
			high = mid;
		else
			low = mid + 1;
	}
	return low < group->nrefs[table] ? &group->refs[table][low] : NULL;
}

/* ---- searches -------------------------------------------------------------------------- */

static bool
first_of_address(struct mib *mib, const struct mib_key *key, IP_ADDRESS_PREFIX *out)
{
	IP_ADDRESS_PREFIX from = { .PrefixLength = 0 };

	mib_addr_make(&from.Prefix, AF_INET, key->b + MIB_V4_DEST);
	return mib_ahead_dest(mib, &from, true, FEW, out);
}

static void
fill_side(struct mib *mib, struct mib_ref *ref)
{
	struct mib_core core;

	if (mib->active.root == NULL || ref->route == NULL)
		return;
	mib_core_of_row(&ref->route->row, &core);
	ref->side = mib_side_by_core(mib, &core);
}

/* The destination that a name of ipCidrRouteTable has, and of its routes the first one. */
static enum mib_found
cidr_find(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	IP_ADDRESS_PREFIX dest = { .PrefixLength = 0 };
	const struct mib_view *view;
	struct mib_key its;
	IPMask mask;
	unsigned len;

	memcpy(&mask, key->b + MIB_CIDR_MASK, 4);
	if (!mask_to_len(mask, &len))
		return MIB_NO_SUCH_INSTANCE;
	mib_addr_make(&dest.Prefix, AF_INET, key->b + MIB_V4_DEST);
	dest.PrefixLength = (UINT8)len;
	view = mib_view_of(mib, &dest);
	if (view == NULL)
		return MIB_READ_FAILED;
	for (size_t i = 0; i < view->nroutes; i++) {
		if (view->routes[i].hidden)
			continue;
		key_of(MIB_TABLE_CIDR, &view->routes[i].row, &its);
		if (mib_key_compare(&its, key) != 0)
			continue;
		out->route = &view->routes[i];
		fill_side(mib, out);
		return MIB_FOUND;
	}
	return MIB_NO_SUCH_INSTANCE;
}

/* All routes of an address by themselves; none is a group without rows. */
static bool
asked_load(struct mib *mib, struct mib_group *group, const IP_ADDRESS_PREFIX *address)
{
	size_t n, shown = 0;
	DWORD err = iph_address_rows(mib->config.iph, &address->Prefix, &group->routes,
	                             &group->routes_cap, &n);

	group->valid = err == NO_ERROR || err == ERROR_NOT_FOUND;
	for (size_t i = 0; i < n; i++)
		if (!group->routes[i].hidden)
			group->routes[shown++] = group->routes[i];
	group->address = *address;
	group->more = false;
	group->nroutes = shown;
	group->sorted = 0;
	group->generation = mib->generation;
	group->loaded_ms = mib->now_ms;
	return group->valid;
}

/* The group of an address, for an exact name; NULL: the core could not be read. */
static struct mib_group *
group_asked(struct mib *mib, const struct mib_key *key)
{
	struct mib_group *group = &mib->groups[MIB_GROUP_ASKED];
	IP_ADDRESS_PREFIX address = { .PrefixLength = 0 };

	mib_addr_make(&address.Prefix, AF_INET, key->b + MIB_V4_DEST);
	if (group_good(mib, group) && same_address(&group->address, &address))
		return group;
	return asked_load(mib, group, &address) ? group : NULL;
}

enum mib_found
mib_ipv4_find(struct mib *mib, const struct mib_shape *shape, const struct mib_key *key,
              struct mib_ref *out)
{
	struct mib_group *group;
	const struct mib_ref *ref;

	*out = (struct mib_ref){ .key = *key, .side = mib_staged_find(mib, key) };
	if (out->side != NULL)
		return MIB_FOUND;
	if (shape->table == MIB_TABLE_CIDR)
		return cidr_find(mib, key, out);
	group = group_asked(mib, key);
	if (group == NULL || !group_sort(group, shape->table))
		return MIB_READ_FAILED;
	ref = group_from(group, shape->table, key, true);
	if (ref == NULL || mib_key_compare(&ref->key, key) != 0)
		return MIB_NO_SUCH_INSTANCE;
	*out = *ref;
	fill_side(mib, out);
	return MIB_FOUND;
}

/* The nearest row of the core at or after a key. */
static bool
core_from(struct mib *mib, const struct mib_shape *shape, const struct mib_key *key,
          bool inclusive, struct mib_ref *out)
{
	IP_ADDRESS_PREFIX at;
	bool more = first_of_address(mib, key, &at);

	while (more) {
		struct mib_group *group = group_of(mib, &at);
		const struct mib_ref *ref = NULL;

		if (group == NULL) { /* not readable now: on to the next [MIB 5.4] */
			at.PrefixLength = 32;
			more = mib_ahead_dest(mib, &at, false, FEW, &at);
			continue;
		}
		if (group_sort(group, shape->table))
			ref = group_from(group, shape->table, key, inclusive);
		if (ref != NULL) {
			*out = *ref;
			fill_side(mib, out);
			return true;
		}
		more = group->more;
		at = group->next;
	}
	return false;
}

enum mib_found
mib_ipv4_next(struct mib *mib, const struct mib_shape *shape, const mib_subid *sub, size_t n,
              struct mib_ref *out)
{
	struct mib_side *staged = NULL;
	struct mib_key bound;
	bool inclusive, found;

	mib_fixed_bound(shape, sub, n, &bound, &inclusive);
	found = core_from(mib, shape, &bound, inclusive, out);
	if (mib->nstaged > 0)
		staged = mib_staged_from(mib, &bound, inclusive);
	if (staged != NULL && staged->by_key.key.b[MIB_KEY_TABLE] == shape->table &&
	    (!found || mib_key_compare(&staged->by_key.key, &out->key) <= 0)) {
		*out = (struct mib_ref){ .key = staged->by_key.key, .side = staged };
		found = true;
	}
	return found ? MIB_FOUND : MIB_END;
}

/* ---- counting ipForwardTable ------------------------------------------------- */

/*
 * A row of ipForwardTable may stand for routes of several masks; it is counted with the
 * destination of its representative. So when one destination changes, all of its
 * address are counted anew.
 */
bool
mib_ipv4_forward_counts(struct mib *mib, const IP_ADDRESS_PREFIX *dest,
                        void (*count)(void *, const IP_ADDRESS_PREFIX *, uint32_t), void *arg)
{
	IP_ADDRESS_PREFIX first = *dest;
	struct mib_group *group = &mib->groups[MIB_GROUP_COUNTING];
	uint32_t rows[33] = { 0 };
	bool present[33] = { false };

	first.PrefixLength = 0;
	if (!group_load(mib, group, true, &first))
		return false;
	if (!same_address(&group->address, dest))
		return true;
	if (!group_sort(group, MIB_TABLE_FORWARD))
		return false;
	for (size_t i = 0; i < group->nroutes; i++)
		present[group->routes[i].row.DestinationPrefix.PrefixLength] = true;
	for (size_t i = 0; i < group->nrefs[MIB_TABLE_FORWARD]; i++)
		rows[group->refs[MIB_TABLE_FORWARD][i]
		         .route->row.DestinationPrefix.PrefixLength]++;
	for (unsigned len = 0; len <= 32; len++) {
		first.PrefixLength = (UINT8)len;
		if (present[len])
			count(arg, &first, rows[len]);
	}
	return true;
}
