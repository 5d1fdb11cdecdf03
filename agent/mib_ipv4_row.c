/*
 * Columns of the IPv4-only tables and MIB_IPFORWARDROW, both ways [MIB 6.2].
 *
 * Metric1 is the total here, route and interface together, as the version 1 functions
 * have it; inetCidrRouteTable shows the route's own part. A row becomes a change in one
 * of three ways: a new route through CreateIpForwardEntry's rules, a route whose key
 * stays through SetIpForwardEntry's, and one whose key changes (another interface or
 * mask) as delete and create in one. Routes that reject have no place in version 1 and
 * go through version 2.
 */
#include "mib_ipv4.h"

#include "base/addr.h"

/* ---- reading ------------------------------------------------------------------- */

static int64_t
number_of(const SOCKADDR_INET *addr)
{
	return mib_get32(mib_addr_bytes(addr));
}

static int64_t
total_metric(const struct mib *mib, const MIB_IPFORWARD_ROW2 *row)
{
	const struct iftab_if *iface =
	    iftab_by_index(iph_iftab(mib->config.iph), row->InterfaceIndex);
	int64_t total = row->Metric;

	if (iface != NULL)
		total += iface->metric[IFTAB_V4];
	return total > INT32_MAX ? INT32_MAX : total;
}

void
mib_ipv4_row_from_route(struct mib *mib, const struct mib_ref *ref, int64_t highest,
                        struct mib_row *out)
{
	const MIB_IPFORWARD_ROW2 *row = &ref->route->row;
	IPMask mask = mask_from_len(row->DestinationPrefix.PrefixLength);

	if (ref->side != NULL)
		*out = ref->side->row;
	else
		mib_row_no_extras(out);
	out->dest = number_of(&row->DestinationPrefix.Prefix);
	out->mask = mib_get32((const uint8_t *)&mask);
	out->policy = 0;
	out->next_hop = number_of(&row->NextHop);
	out->if_index = row->InterfaceIndex;
	out->type = mib_type_shown(ref->route);
	out->proto = mib_protocol_shown((ULONG)row->Protocol, highest);
	out->age = row->Age > INT32_MAX ? INT32_MAX : (int64_t)row->Age;
	out->metric[0] = total_metric(mib, row);
	out->status = MIB_ACTIVE;
}

/* ---- writing --------------------------------------------------------------------- */

static void
blame(struct iph_fault *fault, enum iph_field field, enum iph_reason reason)
{
	*fault = (struct iph_fault){ ERROR_INVALID_PARAMETER, field, reason };
}

/* What the type column says, if it is given, else what the route does now. */
static enum iph_kind
kind_of(const struct mib_rowreq *req)
{
	const struct mib_set_cell *type = mib_cell_blamed(req, IPH_FIELD_TYPE);

	if (req->active && (type == NULL || type->varbind == 0))
		return req->present.kind;
	return req->row.type == MIB_TYPE_REJECT ? IPH_REJECT : IPH_UNICAST;
}

/* A route that rejects: no gateway, no interface, and version 2. */
static void
compose_reject(const struct mib_rowreq *req, struct iph_route *route, struct iph_fault *fault)
{
	const struct mib_set_cell *cell = mib_cell_blamed(req, IPH_FIELD_INTERFACE);

	if (cell != NULL && cell->varbind != 0 && cell->value != 0)
		blame(fault, IPH_FIELD_INTERFACE, IPH_REASON_MISSING);
	route->row.InterfaceLuid.Value = 0;
	route->row.InterfaceIndex = 0;
	route->row.Metric = req->row.metric[0] < 0 ? (ULONG)-1 : (ULONG)req->row.metric[0];
}

static NET_IFINDEX
resolve_interface(struct mib *mib, int64_t column, const uint8_t *next_hop, bool gateway)
{
	const struct iftab_if *iface;
	SOCKADDR_INET hop;

	if (column != 0 || !gateway)
		return (NET_IFINDEX)column;
	mib_addr_make(&hop, AF_INET, next_hop);
	iface = iftab_by_subnet(iph_iftab(mib->config.iph), &hop);
	return iface == NULL ? 0 : iface->index;
}

static void
fill_row1(const struct mib_rowreq *req, NET_IFINDEX index, const uint8_t *next_hop,
          MIB_IPFORWARDROW *out)
{
	uint8_t mask[4];

	memset(out, 0, sizeof *out);
	mib_put32(mask, (uint32_t)req->row.mask);
	memcpy(&out->dwForwardDest, req->key.b + MIB_V4_DEST, 4);
	memcpy(&out->dwForwardMask, mask, 4);
	memcpy(&out->dwForwardNextHop, next_hop, 4);
	out->dwForwardIfIndex = index;
	out->dwForwardType = (DWORD)req->row.type;
	out->dwForwardProto = MIB_IPPROTO_NETMGMT;
	out->dwForwardMetric1 =
	    req->row.metric[0] < 0 ? MIB_IPROUTE_METRIC_UNUSED : (DWORD)req->row.metric[0];
	out->dwForwardMetric2 = out->dwForwardMetric3 = out->dwForwardMetric4 =
	    out->dwForwardMetric5 = MIB_IPROUTE_METRIC_UNUSED;
}

/* Translate by the documented rules; the key must come out as it was named. */
static void
compose_row1(struct mib *mib, const uint8_t *next_hop, struct mib_op *op,
             struct iph_fault *fault)
{
	MIB_IPFORWARD_ROW2 row;

	if (iph_row1_to_row2(mib->config.iph, IPH_CREATE, &op->row1, &row, fault) != NO_ERROR)
		return;
	if (memcmp(mib_addr_bytes(&row.NextHop), next_hop, 4) != 0) {
		/* an address of our own: that would be another row's name [OURS 81] */
		blame(fault, IPH_FIELD_NEXTHOP, IPH_REASON_UNUSABLE);
		return;
	}
	op->v1 = true;
	op->route.kind = IPH_UNICAST;
	op->route.row.DestinationPrefix = row.DestinationPrefix;
	op->route.row.NextHop = row.NextHop;
	op->route.row.InterfaceLuid = row.InterfaceLuid;
	op->route.row.InterfaceIndex = row.InterfaceIndex;
	op->route.row.Metric = row.Metric;
}

static bool
mask_fits(const struct mib_rowreq *req)
{
	return (mib_get32(req->key.b + MIB_V4_DEST) & ~(uint32_t)req->row.mask) == 0;
}

void
mib_ipv4_compose(struct mib *mib, const struct mib_rowreq *req, const uint8_t *next_hop,
                 struct mib_op *op, struct iph_fault *fault)
{
	bool gateway = mib_get32(next_hop) != 0;
	NET_IFINDEX index;
	unsigned len = 0;
	uint8_t mask[4];
	IPMask bits;

	*fault = (struct iph_fault){ .code = NO_ERROR };
	op->v1 = false;
	if (!mask_fits(req)) {
		blame(fault, IPH_FIELD_LENGTH, IPH_REASON_HOST_BITS);
		return;
	}
	if (gateway != (req->row.type == MIB_TYPE_REMOTE)) {
		blame(fault, IPH_FIELD_TYPE, IPH_REASON_MISSING);
		return;
	}
	mib_put32(mask, (uint32_t)req->row.mask);
	memcpy(&bits, mask, 4);
	(void)mask_to_len(bits, &len);
	mib_addr_make(&op->route.row.DestinationPrefix.Prefix, AF_INET,
	              req->key.b + MIB_V4_DEST);
	op->route.row.DestinationPrefix.PrefixLength = (UINT8)len;
	mib_addr_make(&op->route.row.NextHop, AF_INET, next_hop);
	op->route.kind = kind_of(req);
	if (op->route.kind != IPH_UNICAST) {
		compose_reject(req, &op->route, fault);
		return;
	}
	index = resolve_interface(mib, req->row.if_index, next_hop, gateway);
	if (index == 0) {
		blame(fault, IPH_FIELD_INTERFACE, IPH_REASON_MISSING);
		return;
	}
	fill_row1(req, index, next_hop, &op->row1);
	compose_row1(mib, next_hop, op, fault);
}
