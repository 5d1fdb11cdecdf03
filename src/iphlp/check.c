/*
 * One chapter: every rule of the version 2 functions, in their documented order.
 *
 * A rule is a line: on which functions it applies, the condition that breaks it, the
 * code, and for SNMP the member at fault. Walking the lines in order and stopping at
 * the first broken one is the whole validation; the real call and the dry run walk the
 * same lines, so they cannot disagree. The order across groups is that of [NETIO 3.0]:
 * arguments, stack, privilege, interface, what the interface can do, state of the
 * table. Arguments are looked at without the world lock; ports are asked there too, as
 * they may call back.
 *
 * A row that rejects or blackholes [OURS 2] has no next hop and no interface, and then
 * no rule on interfaces applies to it.
 */
#include "iphlp/iph_int.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

DWORD
iph_rules(const struct rule *rules, size_t n, struct request *req, struct iph_fault *fault)
{
	req->error = NO_ERROR;
	for (size_t i = 0; i < n; i++) {
		if ((rules[i].verbs & ON(req->verb)) == 0)
			continue;
		if (rules[i].broken(req)) {
			fault->code = rules[i].code;
			fault->field = rules[i].field;
			fault->reason = rules[i].reason;
			return fault->code;
		}
		if (req->error != NO_ERROR)
			return iph_fault_from(req->error, fault);
	}
	memset(fault, 0, sizeof *fault);
	return NO_ERROR;
}

DWORD
iph_fault_from(DWORD code, struct iph_fault *fault)
{
	fault->code = code;
	fault->field = IPH_FIELD_NONE;
	fault->reason = code == ERROR_NOT_ENOUGH_MEMORY ? IPH_REASON_MEMORY : IPH_REASON_NONE;
	return code;
}

/* ---- arguments: KEY2, RW2, the caller -------------------------------------- */

static const MIB_IPFORWARD_ROW2 *
row_of(const struct request *req)
{
	return &req->route->row;
}

static bool
row_missing(struct request *req)
{
	return req->route == NULL;
}

static bool
prefix_unspecified(struct request *req)
{
	return row_of(req)->DestinationPrefix.Prefix.si_family == AF_UNSPEC;
}

static bool
prefix_family_unknown(struct request *req)
{
	return inet_size(row_of(req)->DestinationPrefix.Prefix.si_family) == 0;
}

static bool
hop_unspecified(struct request *req)
{
	return row_of(req)->NextHop.si_family == AF_UNSPEC;
}

static bool
hop_of_other_family(struct request *req)
{
	return row_of(req)->NextHop.si_family !=
	       row_of(req)->DestinationPrefix.Prefix.si_family;
}

static bool
length_too_long(struct request *req)
{
	const IP_ADDRESS_PREFIX *prefix = &row_of(req)->DestinationPrefix;

	return prefix->PrefixLength > inet_bits(prefix->Prefix.si_family);
}

static bool
host_bits_set(struct request *req)
{
	const IP_ADDRESS_PREFIX *prefix = &row_of(req)->DestinationPrefix;

	return !inet_is_network(&prefix->Prefix, prefix->PrefixLength);
}

bool
iph_is_hop_unusable(const SOCKADDR_INET *hop)
{
	static const uint8_t loopback[16] = { [15] = 1 };
	const uint8_t *bytes = inet_bytes(hop);

	if (hop->si_family == AF_INET)
		return bytes[0] == 127 || bytes[0] >= 224;
	return bytes[0] == 0xFF || memcmp(bytes, loopback, sizeof loopback) == 0;
}

static bool
hop_unusable(struct request *req)
{
	return iph_is_hop_unusable(&row_of(req)->NextHop);
}

static bool
hop_beside_reject(struct request *req)
{
	return req->route->kind != IPH_UNICAST && !inet_is_zero(&row_of(req)->NextHop);
}

static bool
lifetimes_crossed(struct request *req)
{
	return row_of(req)->PreferredLifetime > row_of(req)->ValidLifetime;
}

static bool
site_too_long(struct request *req)
{
	return row_of(req)->SitePrefixLength != SITE_UNSPECIFIED &&
	       row_of(req)->SitePrefixLength > row_of(req)->DestinationPrefix.PrefixLength;
}

static bool
metric_too_big(struct request *req)
{
	return row_of(req)->Metric != METRIC_UNUSED &&
	       row_of(req)->Metric > NL_MAX_METRIC_COMPONENT;
}

bool
iph_is_protocol(ULONG protocol)
{
	return (protocol >= MIB_IPPROTO_OTHER && protocol <= MIB_IPPROTO_DHCP) ||
	       protocol == MIB_IPPROTO_NT_AUTOSTATIC || protocol == MIB_IPPROTO_NT_STATIC ||
	       protocol == MIB_IPPROTO_NT_STATIC_NON_DOD;
}

static bool
protocol_unknown(struct request *req)
{
	ULONG protocol = (ULONG)row_of(req)->Protocol;

	return protocol != PROTOCOL_UNSPECIFIED && !iph_is_protocol(protocol);
}

static bool
interface_given(const struct request *req)
{
	return row_of(req)->InterfaceLuid.Value != 0 ||
	       row_of(req)->InterfaceIndex != NET_IFINDEX_UNSPECIFIED;
}

static bool
interface_unspecified(struct request *req)
{
	return req->route->kind == IPH_UNICAST && !interface_given(req);
}

static bool
interface_beside_reject(struct request *req)
{
	return req->route->kind != IPH_UNICAST && interface_given(req);
}

static bool
stack_absent(struct request *req)
{
	return !iph_stack(req->iph, row_of(req)->DestinationPrefix.Prefix.si_family);
}

bool
iph_is_privilege_missing(struct request *req)
{
	return !iph_privileged(req->iph);
}

static const struct rule argument_rules[] = {
	{ ON_ALL, row_missing, ERROR_INVALID_PARAMETER, IPH_FIELD_NONE, IPH_REASON_MISSING,
	  "KEY2.1" },
	{ ON_ALL, prefix_unspecified, ERROR_INVALID_PARAMETER, IPH_FIELD_PREFIX,
	  IPH_REASON_MISSING, "KEY2.2" },
	{ ON_ALL, prefix_family_unknown, ERROR_INVALID_PARAMETER, IPH_FIELD_PREFIX,
	  IPH_REASON_FAMILY, "KEY2.2" },
	{ ON_ALL, hop_unspecified, ERROR_INVALID_PARAMETER, IPH_FIELD_NEXTHOP,
	  IPH_REASON_MISSING, "KEY2.3" },
	{ ON_ALL, hop_of_other_family, ERROR_INVALID_PARAMETER, IPH_FIELD_NEXTHOP,
	  IPH_REASON_FAMILY, "KEY2.3" },
	{ ON_ALL, length_too_long, ERROR_INVALID_PARAMETER, IPH_FIELD_LENGTH, IPH_REASON_RANGE,
	  "KEY2.4" },
	{ ON_ALL, host_bits_set, ERROR_INVALID_PARAMETER, IPH_FIELD_PREFIX,
	  IPH_REASON_HOST_BITS, "KEY2.5" },
	{ ON_ALL, hop_unusable, ERROR_INVALID_PARAMETER, IPH_FIELD_NEXTHOP, IPH_REASON_UNUSABLE,
	  "KEY2.6" },
	{ ON_ALL, hop_beside_reject, ERROR_INVALID_PARAMETER, IPH_FIELD_TYPE, IPH_REASON_RANGE,
	  "OURS 2" },
	{ ON_WRITE, lifetimes_crossed, ERROR_INVALID_PARAMETER, IPH_FIELD_LIFETIME,
	  IPH_REASON_RANGE, "RW2.1" },
	{ ON_WRITE, site_too_long, ERROR_INVALID_PARAMETER, IPH_FIELD_SITE, IPH_REASON_RANGE,
	  "RW2.2" },
	{ ON_WRITE, metric_too_big, ERROR_INVALID_PARAMETER, IPH_FIELD_METRIC, IPH_REASON_RANGE,
	  "RW2.3" },
	{ ON_WRITE, protocol_unknown, ERROR_INVALID_PARAMETER, IPH_FIELD_PROTOCOL,
	  IPH_REASON_RANGE, "RW2.4" },
	{ ON_ALL, interface_unspecified, ERROR_INVALID_PARAMETER, IPH_FIELD_INTERFACE,
	  IPH_REASON_MISSING, "IF2.1" },
	{ ON_ALL, interface_beside_reject, ERROR_INVALID_PARAMETER, IPH_FIELD_TYPE,
	  IPH_REASON_RANGE, "OURS 2" },
	{ ON_ALL, stack_absent, ERROR_NOT_SUPPORTED, IPH_FIELD_PREFIX, IPH_REASON_STACK,
	  "STACK" },
	{ ON_CHANGE, iph_is_privilege_missing, ERROR_ACCESS_DENIED, IPH_FIELD_NONE,
	  IPH_REASON_PRIVILEGE, "PRIV" },
};

DWORD
iph_check_arguments(struct request *req, struct iph_fault *fault)
{
	return iph_rules(argument_rules, COUNT(argument_rules), req, fault);
}

/* ---- state: interface, capability, table ----------------------------------- */

/* LUID first, and then the index is not even looked at [NETIO IF2.2]. */
static bool
interface_not_found(struct request *req)
{
	const MIB_IPFORWARD_ROW2 *row = row_of(req);

	if (req->route->kind != IPH_UNICAST)
		return false;
	if (row->InterfaceLuid.Value != 0)
		req->iface = iftab_by_luid(req->iph->ifs, row->InterfaceLuid);
	else
		req->iface = iftab_by_index(req->iph->ifs, row->InterfaceIndex);
	return req->iface == NULL;
}

static bool
family_not_bound(struct request *req)
{
	ADDRESS_FAMILY family = row_of(req)->DestinationPrefix.Prefix.si_family;

	return req->iface != NULL &&
	       !req->iface->bound[family == AF_INET ? IFTAB_V4 : IFTAB_V6];
}

static bool
interface_takes_no_routes(struct request *req)
{
	return req->iface != NULL && !req->iface->routes;
}

/* From here the row is complete; the rules below need its key. */
static void
complete(struct request *req)
{
	req->want = *req->route;
	req->want.row.InterfaceLuid.Value = req->iface != NULL ? req->iface->luid.Value : 0;
	req->want.row.InterfaceIndex = req->iface != NULL ? req->iface->index : 0;
	iph_plain(&req->want.row.DestinationPrefix.Prefix);
	iph_plain(&req->want.row.NextHop);
}

bool
iph_is_row_there(struct request *req)
{
	iph_key(req->iph, &req->want, &req->key);
	req->error = iph_find(req->iph, &req->key, &req->found);
	return req->error == NO_ERROR && req->found.exists;
}

bool
iph_is_row_missing(struct request *req)
{
	return !iph_is_row_there(req) && req->error == NO_ERROR;
}

bool
iph_is_row_foreign(struct request *req)
{
	return !req->found.own;
}

static const struct rule interface_rules[] = {
	{ ON_ALL, interface_not_found, ERROR_NOT_FOUND, IPH_FIELD_INTERFACE, IPH_REASON_NO_SUCH,
	  "IF2.2, IF2.3" },
	{ ON_ALL, family_not_bound, ERROR_NOT_FOUND, IPH_FIELD_INTERFACE, IPH_REASON_NOT_BOUND,
	  "IF2.4" },
	{ ON(IPH_CREATE), interface_takes_no_routes, ERROR_NOT_SUPPORTED, IPH_FIELD_INTERFACE,
	  IPH_REASON_NO_ROUTES, "CreateIpForwardEntry2 7" },
};

static const struct rule table_rules[] = {
	{ ON(IPH_CREATE), iph_is_row_there, ERROR_OBJECT_ALREADY_EXISTS, IPH_FIELD_ROW,
	  IPH_REASON_EXISTS, "CreateIpForwardEntry2 8" },
	{ ON(IPH_SET) | ON(IPH_DELETE) | ON(IPH_GET), iph_is_row_missing, ERROR_NOT_FOUND,
	  IPH_FIELD_ROW, IPH_REASON_NO_SUCH, "SetIpForwardEntry2 7" },
	{ ON(IPH_SET) | ON(IPH_DELETE), iph_is_row_foreign, ERROR_ACCESS_DENIED, IPH_FIELD_ROW,
	  IPH_REASON_FOREIGN, "OWN" },
};

DWORD
iph_check_table(struct request *req, struct iph_fault *fault)
{
	DWORD err = iph_rules(table_rules, COUNT(table_rules), req, fault);

	if (err != NO_ERROR)
		iph_found_release(&req->key, &req->found);
	return err;
}

DWORD
iph_check_state(struct request *req, struct iph_fault *fault)
{
	if (iph_rules(interface_rules, COUNT(interface_rules), req, fault) != NO_ERROR)
		return fault->code;
	complete(req);
	return iph_check_table(req, fault);
}
