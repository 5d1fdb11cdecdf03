/*
 * ipCidrRouteTable [RFC2096]: IPv4 routes by destination, mask, TOS and gateway. Its
 * index columns are readable, its Metric1 is the total, and an active row may change in
 * place: one SET changes a metric or moves a route to another interface.
 *
 * TOS is 0: the core does not tell routes apart by it [MIB 1.7]. Routes of one gateway on
 * several interfaces share a name here, and one of them is shown.
 */
#include "mib_ipv4.h"

#include "base/addr.h"

#define HIGHEST_PROTOCOL 16

/* clang-format off */
static const struct mib_column columns[] = {
	/* sub  name                    syntax         access      min max        member               blame                initial */
	{  1, "ipCidrRouteDest",      MIB_IPADDRESS, MIB_READ,    0, 0,          MIB_AT(dest),        IPH_FIELD_NONE,      0 },
	{  2, "ipCidrRouteMask",      MIB_IPADDRESS, MIB_READ,    0, 0,          MIB_AT(mask),        IPH_FIELD_NONE,      0 },
	{  3, "ipCidrRouteTos",       MIB_INTEGER,   MIB_READ,    0, 0,          MIB_AT(policy),      IPH_FIELD_NONE,      0 },
	{  4, "ipCidrRouteNextHop",   MIB_IPADDRESS, MIB_READ,    0, 0,          MIB_AT(next_hop),    IPH_FIELD_NONE,      0 },
	{  5, "ipCidrRouteIfIndex",   MIB_INTEGER,   MIB_CREATE,  0, INT32_MAX,  MIB_AT(if_index),    IPH_FIELD_INTERFACE, 0 },
	{  6, "ipCidrRouteType",      MIB_INTEGER,   MIB_CREATE,  2, 4,          MIB_AT(type),        IPH_FIELD_TYPE,      MIB_UNSET },
	{  7, "ipCidrRouteProto",     MIB_INTEGER,   MIB_READ,    0, 0,          MIB_AT(proto),       IPH_FIELD_NONE,      3 },
	{  8, "ipCidrRouteAge",       MIB_INTEGER,   MIB_READ,    0, 0,          MIB_AT(age),         IPH_FIELD_NONE,      0 },
	{  9, "ipCidrRouteInfo",      MIB_OBJID,     MIB_CREATE,  0, 0,          MIB_AT(info),        IPH_FIELD_NONE,      0 },
	{ 10, "ipCidrRouteNextHopAS", MIB_INTEGER,   MIB_CREATE,  0, INT32_MAX,  MIB_AT(next_hop_as), IPH_FIELD_NONE,      0 },
	{ 11, "ipCidrRouteMetric1",   MIB_INTEGER,   MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[0]),   IPH_FIELD_METRIC,    -1 },
	{ 12, "ipCidrRouteMetric2",   MIB_INTEGER,   MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[1]),   IPH_FIELD_NONE,      -1 },
	{ 13, "ipCidrRouteMetric3",   MIB_INTEGER,   MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[2]),   IPH_FIELD_NONE,      -1 },
	{ 14, "ipCidrRouteMetric4",   MIB_INTEGER,   MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[3]),   IPH_FIELD_NONE,      -1 },
	{ 15, "ipCidrRouteMetric5",   MIB_INTEGER,   MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[4]),   IPH_FIELD_NONE,      -1 },
	{ 16, "ipCidrRouteStatus",    MIB_INTEGER,   MIB_CREATE,  1, 6,          MIB_AT(status),      IPH_FIELD_ROW,       MIB_UNSET },
};
/* clang-format on */

/* ---- names ------------------------------------------------------------------------ */

static unsigned
length_of(const struct mib_key *key)
{
	unsigned len = 0;
	IPMask mask;

	memcpy(&mask, key->b + MIB_CIDR_MASK, 4);
	(void)mask_to_len(mask, &len);
	return len;
}

static enum mib_name_fault
decode(const struct mib *mib, const mib_subid *sub, size_t n, struct mib_key *out)
{
	struct mib_key key;
	unsigned len;
	IPMask mask;

	(void)mib;
	if (!mib_fixed_decode(&mib_cidr_shape, sub, n, &key))
		return MIB_NAME_NEVER;
	memcpy(&mask, key.b + MIB_CIDR_MASK, 4);
	if (!mask_to_len(mask, &len) || mib_get32(key.b + MIB_CIDR_TOS) != 0)
		return MIB_NAME_NEVER;
	if (!bits_are_cut(key.b + MIB_V4_DEST, 4, len))
		return MIB_NAME_HOST_BITS;
	*out = key;
	return MIB_NAME_OK;
}

static void
describe(const struct mib_key *key, MIB_IPFORWARD_ROW2 *out)
{
	mib_addr_make(&out->DestinationPrefix.Prefix, AF_INET, key->b + MIB_V4_DEST);
	out->DestinationPrefix.PrefixLength = (UINT8)length_of(key);
	mib_addr_make(&out->NextHop, AF_INET, key->b + MIB_CIDR_NH);
	out->InterfaceIndex = 0;
}

/* ---- rows --------------------------------------------------------------------------- */

static enum mib_found
find(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	return mib_ipv4_find(mib, &mib_cidr_shape, key, out);
}

static enum mib_found
next_row(struct mib *mib, const mib_subid *sub, size_t n, struct mib_ref *out)
{
	return mib_ipv4_next(mib, &mib_cidr_shape, sub, n, out);
}

static void
project(struct mib *mib, const struct mib_ref *ref, struct mib_row *out)
{
	if (ref->route != NULL) {
		mib_ipv4_row_from_route(mib, ref, HIGHEST_PROTOCOL, out);
		if (out->type == MIB_TYPE_BLACKHOLE)
			out->type = MIB_TYPE_REJECT; /* there is no other word here */
		return;
	}
	*out = ref->side->row;
	out->dest = mib_get32(ref->key.b + MIB_V4_DEST);
	out->mask = mib_get32(ref->key.b + MIB_CIDR_MASK);
	out->next_hop = mib_get32(ref->key.b + MIB_CIDR_NH);
	out->age = (int64_t)((mib->now_ms - ref->side->touched_ms) / 1000);
}

static void
compose(struct mib *mib, const struct mib_rowreq *req, struct mib_op *op,
        struct iph_fault *fault)
{
	struct mib_rowreq named = *req;

	named.row.mask = mib_get32(req->key.b + MIB_CIDR_MASK);
	mib_ipv4_compose(mib, &named, req->key.b + MIB_CIDR_NH, op, fault);
}

/* ---- the table ------------------------------------------------------------------------ */

static enum mib_found
get(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	return mib_table_get(&mib_cidr_table, mib, name, len, out);
}

static enum mib_found
next(struct mib *mib, const mib_subid *name, size_t len, mib_subid *out_name, size_t *out_len,
     struct mib_value *out)
{
	return mib_table_next(&mib_cidr_table, mib, name, len, out_name, out_len, out);
}

const struct mib_object mib_cidr_object = {
	.name = "ipCidrRouteTable",
	.root = { 1, 3, 6, 1, 2, 1, 4, 24, 4 },
	.root_len = 9,
	.writable = true,
	.get = get,
	.next = next,
};

const struct mib_table mib_cidr_table = {
	.id = MIB_TABLE_CIDR,
	.object = &mib_cidr_object,
	.columns = columns,
	.ncolumns = sizeof columns / sizeof columns[0],
	.status = sizeof columns / sizeof columns[0] - 1,
	.row_status = true,
	.active_changes = true,
	.find = find,
	.next = next_row,
	.shape = &mib_cidr_shape,
	.decode = decode,
	.describe = describe,
	.project = project,
	.compose = compose,
};
