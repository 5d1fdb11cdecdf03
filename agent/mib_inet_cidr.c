/*
 * inetCidrRouteTable [RFC4292]: its columns, and the two projections between a row of
 * it and MIB_IPFORWARD_ROW2 [MIB 1.2, 6.1].
 *
 * Metric1 is the route's own metric, without the interface's. NextHopAS and Metric2 to
 * Metric5 have no place in the core; they are kept beside rows made by SNMP and read
 * as 0 and -1 elsewhere. An active row does not change; it is taken out of service,
 * changed and activated again, or replaced.
 */
#include "mib_ipv4.h"

/* clang-format off */
static const struct mib_column columns[] = {
	/* sub  name                      syntax       access      min max        member              blame                initial */
	{  7, "inetCidrRouteIfIndex",   MIB_INTEGER, MIB_CREATE,  0, INT32_MAX,  MIB_AT(if_index),   IPH_FIELD_INTERFACE, MIB_UNSET },
	{  8, "inetCidrRouteType",      MIB_INTEGER, MIB_CREATE,  2, 5,          MIB_AT(type),       IPH_FIELD_TYPE,      MIB_UNSET },
	{  9, "inetCidrRouteProto",     MIB_INTEGER, MIB_READ,    0, 0,          MIB_AT(proto),      IPH_FIELD_PROTOCOL,  3 },
	{ 10, "inetCidrRouteAge",       MIB_GAUGE,   MIB_READ,    0, 0,          MIB_AT(age),        IPH_FIELD_NONE,      0 },
	{ 11, "inetCidrRouteNextHopAS", MIB_GAUGE,   MIB_CREATE,  0, UINT32_MAX, MIB_AT(next_hop_as), IPH_FIELD_NONE,     0 },
	{ 12, "inetCidrRouteMetric1",   MIB_INTEGER, MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[0]),  IPH_FIELD_METRIC,    -1 },
	{ 13, "inetCidrRouteMetric2",   MIB_INTEGER, MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[1]),  IPH_FIELD_NONE,      -1 },
	{ 14, "inetCidrRouteMetric3",   MIB_INTEGER, MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[2]),  IPH_FIELD_NONE,      -1 },
	{ 15, "inetCidrRouteMetric4",   MIB_INTEGER, MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[3]),  IPH_FIELD_NONE,      -1 },
	{ 16, "inetCidrRouteMetric5",   MIB_INTEGER, MIB_CREATE, -1, INT32_MAX,  MIB_AT(metric[4]),  IPH_FIELD_NONE,      -1 },
	{ 17, "inetCidrRouteStatus",    MIB_INTEGER, MIB_CREATE,  1, 6,          MIB_AT(status),     IPH_FIELD_ROW,       MIB_UNSET },
};
/* clang-format on */

/* ---- reading ----------------------------------------------------------------- */

int64_t
mib_type_shown(const struct iph_route *route)
{
	static const uint8_t zero[16];
	const SOCKADDR_INET *hop = &route->row.NextHop;

	if (route->kind == IPH_REJECT)
		return MIB_TYPE_REJECT;
	if (route->kind == IPH_BLACKHOLE)
		return MIB_TYPE_BLACKHOLE;
	return memcmp(mib_addr_bytes(hop), zero, mib_addr_size(hop->si_family)) == 0
	           ? MIB_TYPE_LOCAL
	           : MIB_TYPE_REMOTE;
}

void
mib_row_no_extras(struct mib_row *row)
{
	memset(row, 0, sizeof *row);
	for (size_t i = 1; i < 5; i++)
		row->metric[i] = -1;
}

static void
row_from_route(const struct iph_route *route, const struct mib_side *side, struct mib_row *out)
{
	const MIB_IPFORWARD_ROW2 *row = &route->row;

	if (side != NULL)
		*out = side->row;
	else
		mib_row_no_extras(out);
	out->if_index = row->InterfaceIndex;
	out->type = mib_type_shown(route);
	out->proto = mib_protocol_shown((ULONG)row->Protocol, MIB_IPPROTO_DHCP);
	out->age = row->Age;
	out->metric[0] = row->Metric > INT32_MAX ? INT32_MAX : (int64_t)row->Metric;
	out->status = MIB_ACTIVE;
}

static void
project(struct mib *mib, const struct mib_ref *ref, struct mib_row *out)
{
	if (ref->route != NULL) {
		row_from_route(ref->route, ref->side, out);
		return;
	}
	*out = ref->side->row;
	out->age = (int64_t)((mib->now_ms - ref->side->touched_ms) / 1000);
}

/* ---- writing ------------------------------------------------------------------- */

static void
blame(struct iph_fault *fault, DWORD code, enum iph_field field, enum iph_reason reason)
{
	*fault = (struct iph_fault){ .code = code, .field = field, .reason = reason };
}

/* The interface: what the name says, else the column, else the next hop's subnet. */
static NET_IFINDEX
resolve_interface(struct mib *mib, const struct mib_key *key, int64_t column)
{
	const struct iftab_if *iface;
	SOCKADDR_INET hop;

	if (mib_inet_if(key) != 0)
		return mib_inet_if(key);
	if (column != 0 || key->b[MIB_KEY_NH_TYPE] == MIB_ADDR_UNKNOWN)
		return (NET_IFINDEX)column;
	mib_inet_next_hop(key, &hop);
	iface = iftab_by_subnet(iph_iftab(mib->config.iph), &hop);
	return iface == NULL ? 0 : iface->index;
}

/* Type against next hop and interface [MIB 6.4]. */
static bool
type_fits(const struct mib_key *key, int64_t type, int64_t if_index, struct iph_fault *fault)
{
	bool gateway = key->b[MIB_KEY_NH_TYPE] != MIB_ADDR_UNKNOWN;

	if (gateway != (type == MIB_TYPE_REMOTE)) {
		blame(fault, ERROR_INVALID_PARAMETER, IPH_FIELD_TYPE, IPH_REASON_MISSING);
		return false;
	}
	if ((type == MIB_TYPE_REJECT || type == MIB_TYPE_BLACKHOLE) &&
	    (if_index != 0 || mib_inet_if(key) != 0)) {
		blame(fault, ERROR_INVALID_PARAMETER, IPH_FIELD_INTERFACE, IPH_REASON_MISSING);
		return false;
	}
	return true;
}

/* The column says one interface and the name another [MIB 6.1]. */
static bool
interface_contradicts(const struct mib_rowreq *req)
{
	return req->row.if_index != 0 && mib_inet_if(&req->key) != 0 &&
	       req->row.if_index != mib_inet_if(&req->key);
}

static void
compose(struct mib *mib, const struct mib_rowreq *req, struct mib_op *op,
        struct iph_fault *fault)
{
	const struct mib_row *row = &req->row;
	struct iph_route *out = &op->route;

	mib_inet_prefix(&req->key, &out->row.DestinationPrefix);
	mib_inet_next_hop(&req->key, &out->row.NextHop);
	if (interface_contradicts(req)) {
		blame(fault, ERROR_INVALID_PARAMETER, IPH_FIELD_INTERFACE, IPH_REASON_MISSING);
		return;
	}
	if (!type_fits(&req->key, row->type, row->if_index, fault))
		return;
	out->kind = row->type == MIB_TYPE_REJECT      ? IPH_REJECT
	            : row->type == MIB_TYPE_BLACKHOLE ? IPH_BLACKHOLE
	                                              : IPH_UNICAST;
	out->row.InterfaceLuid.Value = 0;
	out->row.InterfaceIndex = 0;
	if (out->kind == IPH_UNICAST)
		out->row.InterfaceIndex = resolve_interface(mib, &req->key, row->if_index);
	if (out->kind == IPH_UNICAST && out->row.InterfaceIndex == 0)
		blame(fault, ERROR_INVALID_PARAMETER, IPH_FIELD_INTERFACE, IPH_REASON_MISSING);
	out->row.Metric = row->metric[0] < 0 ? (ULONG)-1 : (ULONG)row->metric[0];
}

/* ---- the table ------------------------------------------------------------------- */

static enum mib_found
get(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	return mib_table_get(&mib_inet_table, mib, name, len, out);
}

static enum mib_found
next(struct mib *mib, const mib_subid *name, size_t len, mib_subid *out_name, size_t *out_len,
     struct mib_value *out)
{
	return mib_table_next(&mib_inet_table, mib, name, len, out_name, out_len, out);
}

static enum mib_name_fault
decode(const struct mib *mib, const mib_subid *sub, size_t n, struct mib_key *out)
{
	return mib_inet_decode(sub, n, mib->config.zero_next_hop, out);
}

static size_t
encode(const struct mib *mib, const struct mib_key *key, mib_subid *out)
{
	return mib_inet_encode(key, mib->config.zero_next_hop, out);
}

static void
describe(const struct mib_key *key, MIB_IPFORWARD_ROW2 *out)
{
	mib_inet_prefix(key, &out->DestinationPrefix);
	mib_inet_next_hop(key, &out->NextHop);
	out->InterfaceIndex = mib_inet_if(key);
}

const struct mib_object mib_inet_object = {
	.name = "inetCidrRouteTable",
	.root = { 1, 3, 6, 1, 2, 1, 4, 24, 7 },
	.root_len = 9,
	.writable = true,
	.get = get,
	.next = next,
};

const struct mib_table mib_inet_table = {
	.id = MIB_TABLE_INET,
	.object = &mib_inet_object,
	.columns = columns,
	.ncolumns = sizeof columns / sizeof columns[0],
	.find = mib_inet_find,
	.next = mib_inet_next,
	.decode = decode,
	.encode = encode,
	.describe = describe,
	.compose = compose,
	.status = sizeof columns / sizeof columns[0] - 1,
	.row_status = true,
	.project = project,
};
