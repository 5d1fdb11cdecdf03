/*
 * ipForwardTable [RFC1354]: IPv4 routes by destination, protocol, policy and gateway,
 * the mask being a column. There is no RowStatus: columns set on an absent row make it,
 * if a type is among them, and the type invalid(2) takes a row away [MIB 3.4]. Another
 * mask or interface is another route, so such a change is delete and create in one.
 *
 * The protocol in the index is what the route shows; only netmgmt(3) can be created.
 * Routes that differ only in their masks share a name; the longest mask is shown.
 */
#include "mib_ipv4.h"

/* clang-format off */
static const struct mib_column columns[] = {
	/* sub  name                    syntax         access      min max        member               blame                initial */
	{  1, "ipForwardDest",        MIB_IPADDRESS, MIB_READ,    0, 0,          MIB_AT(dest),        IPH_FIELD_NONE,      0 },
	{  2, "ipForwardMask",        MIB_IPADDRESS, MIB_CREATE,  0, 0,          MIB_AT(mask),        IPH_FIELD_LENGTH,    0 },
	{  3, "ipForwardPolicy",      MIB_INTEGER,   MIB_READ,    0, 0,          MIB_AT(policy),      IPH_FIELD_NONE,      0 },
	{  4, "ipForwardNextHop",     MIB_IPADDRESS, MIB_READ,    0, 0,          MIB_AT(next_hop),    IPH_FIELD_NONE,      0 },
	{  5, "ipForwardIfIndex",     MIB_INTEGER,   MIB_CREATE,  0, INT32_MAX,  MIB_AT(if_index),    IPH_FIELD_INTERFACE, 0 },
	{  6, "ipForwardType",        MIB_INTEGER,   MIB_CREATE,  2, 4,          MIB_AT(type),        IPH_FIELD_TYPE,      MIB_UNSET },
	{  7, "ipForwardProto",       MIB_INTEGER,   MIB_READ,    0, 0,          MIB_AT(proto),       IPH_FIELD_NONE,      3 },
	{  8, "ipForwardAge",         MIB_INTEGER,   MIB_READ,    0, 0,          MIB_AT(age),         IPH_FIELD_NONE,      0 },
	{  9, "ipForwardInfo",        MIB_OBJID,     MIB_CREATE,  0, 0,          MIB_AT(info),        IPH_FIELD_NONE,      0 },
	{ 10, "ipForwardNextHopAS",   MIB_INTEGER,   MIB_CREATE,  0, INT32_MAX,  MIB_AT(next_hop_as), IPH_FIELD_NONE,      0 },
	{ 11, "ipForwardMetric1",     MIB_INTEGER,   MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[0]),   IPH_FIELD_METRIC,    -1 },
	{ 12, "ipForwardMetric2",     MIB_INTEGER,   MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[1]),   IPH_FIELD_NONE,      -1 },
	{ 13, "ipForwardMetric3",     MIB_INTEGER,   MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[2]),   IPH_FIELD_NONE,      -1 },
	{ 14, "ipForwardMetric4",     MIB_INTEGER,   MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[3]),   IPH_FIELD_NONE,      -1 },
	{ 15, "ipForwardMetric5",     MIB_INTEGER,   MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[4]),   IPH_FIELD_NONE,      -1 },
};
/* clang-format on */

#define TYPE_COLUMN 5

/* ---- names ------------------------------------------------------------------------ */

static enum mib_name_fault
decode(const struct mib *mib, const mib_subid *sub, size_t n, struct mib_key *out)
{
	struct mib_key key;

	(void)mib;
	if (!mib_fixed_decode(&mib_forward_shape, sub, n, &key) ||
	    mib_get32(key.b + MIB_FORWARD_PROTO) - 1 >= MIB_HIGHEST_FORWARD ||
	    mib_get32(key.b + MIB_FORWARD_POLICY) != 0)
		return MIB_NAME_NEVER;
	*out = key;
	return MIB_NAME_OK;
}

static void
describe(const struct mib_key *key, MIB_IPFORWARD_ROW2 *out)
{
	mib_addr_make(&out->DestinationPrefix.Prefix, AF_INET, key->b + MIB_V4_DEST);
	out->DestinationPrefix.PrefixLength = 0;
	mib_addr_make(&out->NextHop, AF_INET, key->b + MIB_FORWARD_NH);
	out->InterfaceIndex = 0;
}

static bool
creatable(const struct mib_key *key)
{
	return mib_get32(key->b + MIB_FORWARD_PROTO) == MIB_IPPROTO_NETMGMT;
}

/* ---- rows --------------------------------------------------------------------------- */

static enum mib_found
find(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	return mib_ipv4_find(mib, &mib_forward_shape, key, out);
}

static enum mib_found
next_row(struct mib *mib, const mib_subid *sub, size_t n, struct mib_ref *out)
{
	return mib_ipv4_next(mib, &mib_forward_shape, sub, n, out);
}

static void
project(struct mib *mib, const struct mib_ref *ref, struct mib_row *out)
{
	mib_ipv4_row_from_route(mib, ref, MIB_HIGHEST_FORWARD, out);
	if (out->type != MIB_TYPE_LOCAL && out->type != MIB_TYPE_REMOTE)
		out->type = MIB_TYPE_OTHER; /* 2 would be invalid(2) here */
}

static void
compose(struct mib *mib, const struct mib_rowreq *req, struct mib_op *op,
        struct iph_fault *fault)
{
	mib_ipv4_compose(mib, req, req->key.b + MIB_FORWARD_NH, op, fault);
}

/* ---- the table ------------------------------------------------------------------------ */

static enum mib_found
get(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	return mib_table_get(&mib_forward_table, mib, name, len, out);
}

static enum mib_found
next(struct mib *mib, const mib_subid *name, size_t len, mib_subid *out_name, size_t *out_len,
     struct mib_value *out)
{
	return mib_table_next(&mib_forward_table, mib, name, len, out_name, out_len, out);
}

const struct mib_object mib_forward_object = {
	.name = "ipForwardTable",
	.root = { 1, 3, 6, 1, 2, 1, 4, 24, 2 },
	.root_len = 9,
	.writable = true,
	.get = get,
	.next = next,
};

const struct mib_table mib_forward_table = {
	.id = MIB_TABLE_FORWARD,
	.object = &mib_forward_object,
	.columns = columns,
	.ncolumns = sizeof columns / sizeof columns[0],
	.status = TYPE_COLUMN,
	.active_changes = true,
	.find = find,
	.next = next_row,
	.shape = &mib_forward_shape,
	.decode = decode,
	.describe = describe,
	.creatable = creatable,
	.project = project,
	.compose = compose,
};
