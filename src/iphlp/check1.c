/*
 * One chapter: the rules of the version 1 functions, and the version 2 row behind a
 * version 1 row.
 *
 * A version 1 row names the same route in older words: a mask instead of a length, the
 * interface by index only, and a total metric where version 2 has the offset. Its rules
 * come in the order KEY1, HOP1, MET1, table [IPHLP 3.4]; those on the table are the
 * ones of version 2 on the translated row. An own address of the interface as next hop
 * means on-link, so that the translation needs the interface first.
 */
#include "iphlp/iph_int.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- arguments: KEY1.1 to KEY1.8 -------------------------------------------- */

static bool
row_missing(struct request *req)
{
	return req->row1 == NULL;
}

static bool
protocol_not_netmgmt(struct request *req)
{
	return req->row1->dwForwardProto != MIB_IPPROTO_NETMGMT;
}

/* Clients leave it 0 in a Delete [IPHLP K10]. */
static bool
protocol_not_netmgmt_or_0(struct request *req)
{
	return req->row1->dwForwardProto != 0 && protocol_not_netmgmt(req);
}

static bool
mask_has_holes(struct request *req)
{
	unsigned length;

	return !mask_to_len(req->row1->dwForwardMask, &length);
}

static bool
host_bits_set(struct request *req)
{
	return (req->row1->dwForwardDest & ~req->row1->dwForwardMask) != 0;
}

static bool
class_d(struct request *req)
{
	return ntohl(req->row1->dwForwardDest) >> 28 == 0xE;
}

static bool
index_missing(struct request *req)
{
	return req->row1->dwForwardIfIndex == NET_IFINDEX_UNSPECIFIED;
}

static bool
stack_absent(struct request *req)
{
	return !iph_stack(req->iph, AF_INET);
}

static const struct rule key_rules[] = {
	{ ON_CHANGE, row_missing, ERROR_INVALID_PARAMETER, IPH_FIELD_NONE, IPH_REASON_MISSING,
	  "KEY1.1" },
	{ ON_WRITE, protocol_not_netmgmt, ERROR_INVALID_PARAMETER, IPH_FIELD_PROTOCOL,
	  IPH_REASON_RANGE, "KEY1.2" },
	{ ON(IPH_DELETE), protocol_not_netmgmt_or_0, ERROR_INVALID_PARAMETER,
	  IPH_FIELD_PROTOCOL, IPH_REASON_RANGE, "KEY1.2" },
	{ ON_CHANGE, mask_has_holes, ERROR_INVALID_PARAMETER, IPH_FIELD_LENGTH,
	  IPH_REASON_RANGE, "KEY1.3" },
	{ ON_CHANGE, host_bits_set, ERROR_INVALID_PARAMETER, IPH_FIELD_PREFIX,
	  IPH_REASON_HOST_BITS, "KEY1.4" },
	{ ON_CHANGE, class_d, ERROR_INVALID_PARAMETER, IPH_FIELD_PREFIX, IPH_REASON_UNUSABLE,
	  "KEY1.5" },
	{ ON_CHANGE, index_missing, ERROR_INVALID_PARAMETER, IPH_FIELD_INTERFACE,
	  IPH_REASON_MISSING, "KEY1.6" },
};

static const struct rule caller_rules[] = {
	{ ON_CHANGE, stack_absent, ERROR_NOT_SUPPORTED, IPH_FIELD_PREFIX, IPH_REASON_STACK,
	  "KEY1.7" },
	{ ON_CHANGE, iph_is_privilege_missing, ERROR_ACCESS_DENIED, IPH_FIELD_NONE,
	  IPH_REASON_PRIVILEGE, "KEY1.8" },
};

DWORD
iph_check1_key(struct request *req, struct iph_fault *fault)
{
	return iph_rules(key_rules, COUNT(key_rules), req, fault);
}

DWORD
iph_check1_arguments(struct request *req, struct iph_fault *fault)
{
	if (iph_check1_key(req, fault) != NO_ERROR)
		return fault->code;
	return iph_rules(caller_rules, COUNT(caller_rules), req, fault);
}

/* ---- interface, next hop, metric: KEY1.9 to MET1 ------------------------------ */

static bool
index_unknown(struct request *req)
{
	req->iface = iftab_by_index(req->iph->ifs, req->row1->dwForwardIfIndex);
	return req->iface == NULL;
}

static bool
not_bound(struct request *req)
{
	return !req->iface->bound[IFTAB_V4];
}

static bool
takes_no_routes(struct request *req)
{
	return req->iface->sub_interfaces || !req->iface->routes;
}

static bool
is_own_address(const struct iftab_if *iface, const SOCKADDR_INET *address)
{
	for (size_t i = 0; i < iface->naddrs; i++)
		if (inet_cmp(&iface->addrs[i].address, address) == 0)
			return true;
	return false;
}

/* HOP1; also makes the next hop of the translated row. */
static bool
hop_unusable(struct request *req)
{
	SOCKADDR_INET *hop = &req->want.row.NextHop;
	static const uint8_t on_link[4];

	inet_make(hop, AF_INET, &req->row1->dwForwardNextHop);
	if (is_own_address(req->iface, hop))
		inet_make(hop, AF_INET, on_link);
	return iph_is_hop_unusable(hop);
}

static bool
metric_below_interface(struct request *req)
{
	return req->row1->dwForwardMetric1 < req->iface->metric[IFTAB_V4];
}

static bool
metric_too_big(struct request *req)
{
	DWORD metric = req->row1->dwForwardMetric1;

	return metric != METRIC_UNUSED &&
	       metric - req->iface->metric[IFTAB_V4] > NL_MAX_METRIC_COMPONENT;
}

static const struct rule interface_rules[] = {
	{ ON_CHANGE, index_unknown, ERROR_FILE_NOT_FOUND, IPH_FIELD_INTERFACE,
	  IPH_REASON_NO_SUCH, "KEY1.9" },
	{ ON_CHANGE, not_bound, ERROR_NOT_FOUND, IPH_FIELD_INTERFACE, IPH_REASON_NOT_BOUND,
	  "KEY1.10" },
	{ ON_CHANGE, takes_no_routes, ERROR_NOT_SUPPORTED, IPH_FIELD_INTERFACE,
	  IPH_REASON_NO_ROUTES, "KEY1.11" },
	{ ON_CHANGE, hop_unusable, ERROR_INVALID_PARAMETER, IPH_FIELD_NEXTHOP,
	  IPH_REASON_UNUSABLE, "HOP1" },
	{ ON_WRITE, metric_below_interface, ERROR_BAD_ARGUMENTS, IPH_FIELD_METRIC,
	  IPH_REASON_BELOW_IF, "MET1" },
	{ ON_WRITE, metric_too_big, ERROR_INVALID_PARAMETER, IPH_FIELD_METRIC, IPH_REASON_RANGE,
	  "MET1" },
};

/* What Create stores and Set changes [IPHLP 3.4]; NextHop is there already. */
static void
translate(struct request *req)
{
	MIB_IPFORWARD_ROW2 *row = &req->want.row;
	unsigned length = 0;

	mask_to_len(req->row1->dwForwardMask, &length); /* a rule has seen to it */
	row->InterfaceLuid = req->iface->luid;
	row->InterfaceIndex = req->iface->index;
	inet_make(&row->DestinationPrefix.Prefix, AF_INET, &req->row1->dwForwardDest);
	row->DestinationPrefix.PrefixLength = (UINT8)length;
	row->SitePrefixLength = SITE_UNSPECIFIED;
	row->ValidLifetime = row->PreferredLifetime = INFINITE;
	row->Metric = req->row1->dwForwardMetric1;
	if (row->Metric != METRIC_UNUSED)
		row->Metric -= req->iface->metric[IFTAB_V4];
	row->Protocol = MIB_IPPROTO_NETMGMT;
	row->Immortal = TRUE;
	req->keep_booleans = true;
}

DWORD
iph_check1_translate(struct request *req, struct iph_fault *fault)
{
	if (iph_rules(interface_rules, COUNT(interface_rules), req, fault) != NO_ERROR)
		return fault->code;
	translate(req);
	return NO_ERROR;
}

DWORD
iph_check1_state(struct request *req, struct iph_fault *fault)
{
	if (iph_check1_translate(req, fault) != NO_ERROR)
		return fault->code;
	return iph_check_table(req, fault);
}
