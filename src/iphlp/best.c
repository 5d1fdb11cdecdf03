/*
 * One chapter: which row takes a packet.
 *
 * The core's longest match gives the most specific destination; when none of its rows
 * may be used - interface down, restricted to another one, a default route where those
 * are off - the next shorter one is looked at, down to the default route. Within a
 * destination RTM's own order comes first, because that is what the forwarder follows:
 * preference, then the sum of the metrics; interface and next hop break ties [OURS 11].
 *
 * A restriction to one interface comes from the caller's LUID or index, from a source
 * address, which overrides both (strong host model), or from an IPv6 scope id.
 */
#include "iphlp/iph_int.h"

#include "base/alloc.h"

/* One lookup. */
struct query {
	struct iph *iph;
	ADDRESS_FAMILY family;
	const SOCKADDR_INET *dest;
	const SOCKADDR_INET *source; /* NULL: no usable one */
	NET_IFINDEX only;            /* 0: any interface */
};

static enum iftab_family
family_of(const struct query *query)
{
	return query->family == AF_INET ? IFTAB_V4 : IFTAB_V6;
}

/* ---- the restriction ----------------------------------------------------------------- */

static DWORD
restrict_to_luid(struct query *query, NET_LUID luid)
{
	const struct iftab_if *iface = iftab_by_luid(query->iph->ifs, luid);

	if (query->source != NULL)
		return NO_ERROR; /* it will override */
	if (iface == NULL || !iface->bound[family_of(query)])
		return ERROR_NOT_FOUND;
	query->only = iface->index;
	return NO_ERROR;
}

static DWORD
restrict_to_index(struct query *query, NET_IFINDEX index)
{
	const struct iftab_if *iface = iftab_by_index(query->iph->ifs, index);

	if (iface == NULL)
		return ERROR_FILE_NOT_FOUND;
	if (query->source != NULL)
		return NO_ERROR;
	if (!iface->bound[family_of(query)])
		return ERROR_NOT_FOUND;
	query->only = index;
	return NO_ERROR;
}

static bool
has_address(const struct iftab_if *iface, const SOCKADDR_INET *address)
{
	for (size_t i = 0; iface != NULL && i < iface->naddrs; i++)
		if (inet_cmp(&iface->addrs[i].address, address) == 0)
			return true;
	return false;
}

/* A link-local source may be on several interfaces; its scope says which. */
static DWORD
restrict_to_source(struct query *query)
{
	const struct iftab_if *iface = NULL;

	if (query->source->si_family == AF_INET6 && query->source->Ipv6.sin6_scope_id != 0)
		iface = iftab_by_index(query->iph->ifs, query->source->Ipv6.sin6_scope_id);
	if (!has_address(iface, query->source))
		iface = iftab_by_address(query->iph->ifs, query->source);
	if (iface == NULL)
		return ERROR_NOT_FOUND;
	query->only = iface->index;
	return NO_ERROR;
}

static DWORD
restrict_to_scope(struct query *query)
{
	ULONG scope;

	if (query->family != AF_INET6 || query->dest->Ipv6.sin6_scope_id == 0)
		return NO_ERROR;
	scope = query->dest->Ipv6.sin6_scope_id;
	if (!inet_is_link_local6(query->dest) || (query->only != 0 && query->only != scope) ||
	    iftab_by_index(query->iph->ifs, scope) == NULL)
		return ERROR_INVALID_PARAMETER;
	query->only = scope;
	return NO_ERROR;
}

static bool
is_loopback(const SOCKADDR_INET *address)
{
	static const uint8_t loopback[16] = { [15] = 1 };
	const uint8_t *bytes = inet_bytes(address);

	if (address->si_family == AF_INET)
		return bytes[0] == 127;
	return memcmp(bytes, loopback, sizeof loopback) == 0;
}

#define IF_TYPE_LOOPBACK 24

static DWORD
check_loopback(const struct query *query)
{
	const struct iftab_if *iface;

	if (!is_loopback(query->dest) || query->only == 0 || query->source != NULL)
		return NO_ERROR;
	iface = iftab_by_index(query->iph->ifs, query->only);
	if (iface != NULL && iface->if_type == IF_TYPE_LOOPBACK)
		return NO_ERROR;
	return ERROR_INVALID_PARAMETER;
}

static DWORD
restrict_query(struct query *query, const NET_LUID *luid, NET_IFINDEX index)
{
	DWORD err = NO_ERROR;

	if (luid != NULL && luid->Value != 0)
		err = restrict_to_luid(query, *luid);
	else if (index != 0)
		err = restrict_to_index(query, index);
	if (err == NO_ERROR && query->source != NULL)
		err = restrict_to_source(query);
	if (err == NO_ERROR)
		err = restrict_to_scope(query);
	if (err == NO_ERROR)
		err = check_loopback(query);
	return err;
}

/* ---- the selection -------------------------------------------------------------------- */

static bool
may_be_used(const struct query *query, const struct iph_route *route)
{
	const struct iftab_if *iface;

	if (route->hidden)
		return false;
	if (route->kind != IPH_UNICAST)
		return true; /* it takes the packet, and drops it */
	if (query->only != 0 && route->row.InterfaceIndex != query->only)
		return false;
	iface = iftab_by_index(query->iph->ifs, route->row.InterfaceIndex);
	if (iface == NULL || !iface->connected)
		return false;
	return route->row.DestinationPrefix.PrefixLength != 0 ||
	       !iface->no_default_routes[family_of(query)];
}

static bool
is_better(const struct query *query, const struct iph_route *a, const struct iph_route *b)
{
	uint64_t sum_a = iph_sum(query->iph, &a->row), sum_b = iph_sum(query->iph, &b->row);

	if (a->preference != b->preference)
		return a->preference < b->preference;
	if (sum_a != sum_b)
		return sum_a < sum_b;
	if (a->row.InterfaceIndex != b->row.InterfaceIndex)
		return a->row.InterfaceIndex < b->row.InterfaceIndex;
	return inet_cmp(&a->row.NextHop, &b->row.NextHop) < 0;
}

static const struct iph_route *
pick(const struct query *query, const struct gather *gather)
{
	const struct iph_route *best = NULL;

	for (size_t i = 0; i < gather->n; i++)
		if (may_be_used(query, &gather->rows[i]) &&
		    (best == NULL || is_better(query, &gather->rows[i], best)))
			best = &gather->rows[i];
	return best;
}

/* From the longest match downwards until a row may be used. */
static DWORD
descend(const struct query *query, struct gather *gather, const struct iph_route **out)
{
	RTM_ENTITY_HANDLE entity = gather->family->entity;
	RTM_DEST_INFO *info = gather->family->dest, longer;
	RTM_NET_ADDRESS key;
	DWORD err;

	iph_net_address(&key, query->dest, inet_bits(query->family));
	err = RtmGetMostSpecificDestination(entity, &key, RTM_BEST_PROTOCOL,
	                                    RTM_VIEW_MASK_UCAST, info);
	while (err == NO_ERROR) {
		err = iph_gather_dest(gather, info);
		*out = err == NO_ERROR ? pick(query, gather) : NULL;
		if (*out != NULL || (err != NO_ERROR && err != ERROR_NOT_FOUND)) {
			RtmReleaseDestInfo(entity, info);
			break;
		}
		longer = *info; /* one view: the record has its declared size */
		err = RtmGetLessSpecificDestination(
		    entity, longer.DestHandle, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST, info);
		RtmReleaseDestInfo(entity, &longer);
	}
	return err == ERROR_NOT_FOUND ? ERROR_NETWORK_UNREACHABLE : err;
}

/* ---- the source address ------------------------------------------------------------------ */

static bool
is_link_local(const SOCKADDR_INET *address)
{
	return inet_is_link_local6(address);
}

static bool
covers(const struct iftab_addr *addr, const SOCKADDR_INET *address)
{
	SOCKADDR_INET a = addr->address, b = *address;

	inet_mask(&a, addr->prefix_length);
	inet_mask(&b, addr->prefix_length);
	return inet_cmp(&a, &b) == 0;
}

/* Greater is better; 0: another family. */
static unsigned
rank_source(const struct query *query, const struct iftab_addr *addr, const SOCKADDR_INET *next)
{
	if (addr->address.si_family != query->family)
		return 0;
	if (is_link_local(&addr->address) && !is_link_local(query->dest))
		return 1; /* would not reach further than the link */
	return covers(addr, next) ? 3 : 2;
}

static void
source_for(const struct query *query, const MIB_IPFORWARD_ROW2 *row, SOCKADDR_INET *out)
{
	const struct iftab_if *iface = iftab_by_index(query->iph->ifs, row->InterfaceIndex);
	const SOCKADDR_INET *next = inet_is_zero(&row->NextHop) ? query->dest : &row->NextHop;
	static const uint8_t none[16];
	unsigned best = 0;

	inet_make(out, query->family, none);
	if (query->source != NULL) {
		*out = *query->source;
		return;
	}
	for (size_t i = 0; iface != NULL && i < iface->naddrs; i++) {
		unsigned rank = rank_source(query, &iface->addrs[i], next);

		if (rank > best) {
			best = rank;
			inet_make(out, query->family, inet_bytes(&iface->addrs[i].address));
		}
	}
	if (is_link_local(out))
		out->Ipv6.sin6_scope_id = row->InterfaceIndex;
}

/* ---- the call ---------------------------------------------------------------------------- */

static DWORD
lookup(struct query *query, const NET_LUID *luid, NET_IFINDEX index, struct iph_route *route,
       SOCKADDR_INET *source)
{
	struct gather gather = { .iph = query->iph,
		                 .family = iph_family(query->iph, query->family),
		                 .now_ms = iph_now_ms(query->iph) };
	const struct iph_route *best = NULL;
	DWORD err;

	gate_lock(&query->iph->gate);
	err = restrict_query(query, luid, index);
	if (err == NO_ERROR)
		err = descend(query, &gather, &best);
	if (err == NO_ERROR && best->kind != IPH_UNICAST)
		err = ERROR_NETWORK_UNREACHABLE; /* dropped on purpose [OURS 11] */
	if (err == NO_ERROR) {
		*route = *best;
		source_for(query, &best->row, source);
	}
	gate_unlock(&query->iph->gate);
	mem_free(gather.rows);
	return err;
}

DWORD
iph_best(struct iph *iph, const NET_LUID *luid, NET_IFINDEX index, const SOCKADDR_INET *source,
         const SOCKADDR_INET *dest, struct iph_route *route, SOCKADDR_INET *best_source)
{
	struct query query = { .iph = iph, .family = dest->si_family, .dest = dest };

	if (inet_size(dest->si_family) == 0)
		return ERROR_INVALID_PARAMETER;
	if (iph->far != NULL)
		return iph->far->best(iph->far->arg, luid, index, source, dest, route,
		                      best_source);
	if (!iph_stack(iph, dest->si_family))
		return ERROR_NOT_SUPPORTED;
	if (source != NULL && source->si_family == dest->si_family && !inet_is_zero(source))
		query.source = source;
	return lookup(&query, luid, index, route, best_source);
}

NETIOAPI_API
GetBestRoute2(NET_LUID *InterfaceLuid, NET_IFINDEX InterfaceIndex,
              const SOCKADDR_INET *SourceAddress, const SOCKADDR_INET *DestinationAddress,
              ULONG AddressSortOptions, PMIB_IPFORWARD_ROW2 BestRoute,
              SOCKADDR_INET *BestSourceAddress)
{
	struct iph *iph = iph_world();
	struct iph_route route;
	SOCKADDR_INET dest, source;
	DWORD err;

	(void)AddressSortOptions;
	if (DestinationAddress == NULL || BestRoute == NULL || BestSourceAddress == NULL)
		return ERROR_INVALID_PARAMETER;
	dest = *DestinationAddress; /* an output may be the same variable */
	if (SourceAddress != NULL)
		source = *SourceAddress;
	memset(BestRoute, 0, sizeof *BestRoute);
	memset(BestSourceAddress, 0, sizeof *BestSourceAddress);
	if (iph == NULL)
		return ERROR_NOT_SUPPORTED;
	err =
	    iph_best(iph, InterfaceLuid, InterfaceIndex, SourceAddress != NULL ? &source : NULL,
	             &dest, &route, BestSourceAddress);
	if (err == NO_ERROR)
		*BestRoute = route.row;
	return err;
}

/* ---- version 1 --------------------------------------------------------------- */

static DWORD
best_interface(const SOCKADDR_INET *dest, PDWORD index)
{
	struct iph *iph = iph_world();
	struct iph_route route;
	SOCKADDR_INET source;
	DWORD err;

	if (iph == NULL)
		return ERROR_NOT_SUPPORTED;
	err = iph_best(iph, NULL, 0, NULL, dest, &route, &source);
	if (err == NO_ERROR)
		*index = route.row.InterfaceIndex;
	return err;
}

DWORD WINAPI
GetBestInterface(IPAddr dwDestAddr, PDWORD pdwBestIfIndex)
{
	SOCKADDR_INET dest;

	if (pdwBestIfIndex == NULL)
		return ERROR_INVALID_PARAMETER;
	inet_make(&dest, AF_INET, &dwDestAddr);
	return best_interface(&dest, pdwBestIfIndex);
}

DWORD WINAPI
GetBestInterfaceEx(struct sockaddr *pDestAddr, PDWORD pdwBestIfIndex)
{
	SOCKADDR_INET dest;

	if (pDestAddr == NULL || pdwBestIfIndex == NULL)
		return ERROR_INVALID_PARAMETER;
	memset(&dest, 0, sizeof dest);
	if (pDestAddr->sa_family == AF_INET)
		memcpy(&dest.Ipv4, pDestAddr, sizeof dest.Ipv4);
	else if (pDestAddr->sa_family == AF_INET6)
		memcpy(&dest.Ipv6, pDestAddr, sizeof dest.Ipv6);
	else
		return ERROR_INVALID_PARAMETER;
	return best_interface(&dest, pdwBestIfIndex);
}

DWORD WINAPI
GetBestRoute(DWORD dwDestAddr, DWORD dwSourceAddr, PMIB_IPFORWARDROW pBestRoute)
{
	struct iph *iph = iph_world();
	SOCKADDR_INET dest, from, source;
	struct iph_route route;
	DWORD err;

	if (pBestRoute == NULL)
		return ERROR_INVALID_PARAMETER;
	if (iph == NULL)
		return ERROR_NOT_SUPPORTED;
	inet_make(&dest, AF_INET, &dwDestAddr);
	inet_make(&from, AF_INET, &dwSourceAddr);
	err = iph_best(iph, NULL, 0, &from, &dest, &route, &source);
	if (err == NO_ERROR)
		err = iph_refresh(iph);
	if (err == NO_ERROR) {
		gate_lock(&iph->gate);
		iph_row2_to_row1(iph, &route.row, pBestRoute);
		gate_unlock(&iph->gate);
	}
	return err;
}
