/*
 * ipRouteTable [RFC1213], read-only: one row for each IPv4 address that is a
 * destination, whatever the mask: the route that would be used, that is the longest mask
 * and of its routes the one the core lists first. Its index cannot name the others, so
 * it cannot be written.
 *
 * The next hop of a directly connected network is the address of our own interface on
 * it, as RFC 1213 has it, not zeros.
 */
#include "mib_ipv4.h"

#include "base/addr.h"

#define HIGHEST_PROTOCOL 14

/* clang-format off */
static const struct mib_column columns[] = {
	/* sub  name              syntax         access    min max member             blame           initial */
	{  1, "ipRouteDest",    MIB_IPADDRESS, MIB_READ, 0, 0,   MIB_AT(dest),      IPH_FIELD_NONE, 0 },
	{  2, "ipRouteIfIndex", MIB_INTEGER,   MIB_READ, 0, 0,   MIB_AT(if_index),  IPH_FIELD_NONE, 0 },
	{  3, "ipRouteMetric1", MIB_INTEGER,   MIB_READ, 0, 0,   MIB_AT(metric[0]), IPH_FIELD_NONE, 0 },
	{  4, "ipRouteMetric2", MIB_INTEGER,   MIB_READ, 0, 0,   MIB_AT(metric[1]), IPH_FIELD_NONE, 0 },
	{  5, "ipRouteMetric3", MIB_INTEGER,   MIB_READ, 0, 0,   MIB_AT(metric[2]), IPH_FIELD_NONE, 0 },
	{  6, "ipRouteMetric4", MIB_INTEGER,   MIB_READ, 0, 0,   MIB_AT(metric[3]), IPH_FIELD_NONE, 0 },
	{  7, "ipRouteNextHop", MIB_IPADDRESS, MIB_READ, 0, 0,   MIB_AT(next_hop),  IPH_FIELD_NONE, 0 },
	{  8, "ipRouteType",    MIB_INTEGER,   MIB_READ, 0, 0,   MIB_AT(type),      IPH_FIELD_NONE, 0 },
	{  9, "ipRouteProto",   MIB_INTEGER,   MIB_READ, 0, 0,   MIB_AT(proto),     IPH_FIELD_NONE, 0 },
	{ 10, "ipRouteAge",     MIB_INTEGER,   MIB_READ, 0, 0,   MIB_AT(age),       IPH_FIELD_NONE, 0 },
	{ 11, "ipRouteMask",    MIB_IPADDRESS, MIB_READ, 0, 0,   MIB_AT(mask),      IPH_FIELD_NONE, 0 },
	{ 12, "ipRouteMetric5", MIB_INTEGER,   MIB_READ, 0, 0,   MIB_AT(metric[4]), IPH_FIELD_NONE, 0 },
	{ 13, "ipRouteInfo",    MIB_OBJID,     MIB_READ, 0, 0,   MIB_AT(info),      IPH_FIELD_NONE, 0 },
};
/* clang-format on */

static enum mib_found
find(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	return mib_ipv4_find(mib, &mib_route_shape, key, out);
}

static enum mib_found
next_row(struct mib *mib, const mib_subid *sub, size_t n, struct mib_ref *out)
{
	return mib_ipv4_next(mib, &mib_route_shape, sub, n, out);
}

/* Our own address on the network, else any IPv4 address of the interface, else 0. */
static int64_t
own_address(const struct mib *mib, const MIB_IPFORWARD_ROW2 *row)
{
	const struct iftab_if *iface =
	    iftab_by_index(iph_iftab(mib->config.iph), row->InterfaceIndex);
	const uint8_t *dest = mib_addr_bytes(&row->DestinationPrefix.Prefix);
	int64_t any = 0;

	for (size_t i = 0; iface != NULL && i < iface->naddrs; i++) {
		const SOCKADDR_INET *own = &iface->addrs[i].address;

		if (own->si_family != AF_INET)
			continue;
		if (bits_common(mib_addr_bytes(own), dest, 4) >=
		    row->DestinationPrefix.PrefixLength)
			return mib_get32(mib_addr_bytes(own));
		if (any == 0)
			any = mib_get32(mib_addr_bytes(own));
	}
	return any;
}

static void
project(struct mib *mib, const struct mib_ref *ref, struct mib_row *out)
{
	mib_ipv4_row_from_route(mib, ref, HIGHEST_PROTOCOL, out);
	if (out->type == MIB_TYPE_LOCAL)
		out->next_hop = own_address(mib, &ref->route->row);
	else if (out->type != MIB_TYPE_REMOTE)
		out->type = MIB_TYPE_OTHER;
}

static enum mib_found
get(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	return mib_table_get(&mib_route_table, mib, name, len, out);
}

static enum mib_found
next(struct mib *mib, const mib_subid *name, size_t len, mib_subid *out_name, size_t *out_len,
     struct mib_value *out)
{
	return mib_table_next(&mib_route_table, mib, name, len, out_name, out_len, out);
}

const struct mib_object mib_route_object = {
	.name = "ipRouteTable",
	.root = { 1, 3, 6, 1, 2, 1, 4, 21 },
	.root_len = 8,
	.last_column = sizeof columns / sizeof columns[0],
	.get = get,
	.next = next,
};

const struct mib_table mib_route_table = {
	.id = MIB_TABLE_ROUTE,
	.object = &mib_route_object,
	.columns = columns,
	.ncolumns = sizeof columns / sizeof columns[0],
	.find = find,
	.next = next_row,
	.shape = &mib_route_shape,
	.project = project,
};
