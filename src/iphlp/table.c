/*
 * One chapter: one row is one route.
 *
 * A row (prefix, length, next hop, interface) becomes an RTM route whose neighbour and
 * only next hop is that next hop. RTM tells routes apart by destination, owner and
 * neighbour, so rows of different gateways or interfaces are different routes there and
 * none needs a table here: the key of a row is found through the core. An on-link row
 * has an all-zero next hop on its interface; one that rejects has it on interface 0.
 *
 * RTM keeps our next hops until we delete them, and does not say whether a route still
 * uses one. EntitySpecificInfo of a next hop is ours: it counts the rows, and the last
 * row takes its next hop along.
 *
 * RTM orders routes by PrefInfo.Metric, the IP Helper interface by offset plus interface
 * metric [NETIO 1.5]. So the sum goes into PrefInfo and the offset into the record.
 *
 * Everything here runs under the world lock.
 */
#include "iphlp/iph_int.h"

#include "base/alloc.h"

void
iph_plain(SOCKADDR_INET *sa)
{
	SOCKADDR_INET plain;

	inet_make(&plain, sa->si_family, inet_bytes(sa));
	*sa = plain;
}

void
iph_net_address(RTM_NET_ADDRESS *out, const SOCKADDR_INET *sa, unsigned length)
{
	memset(out, 0, sizeof *out);
	out->AddressFamily = sa->si_family;
	out->NumBits = (USHORT)length;
	memcpy(out->AddrBits, inet_bytes(sa), inet_size(sa->si_family));
}

void
iph_key(struct iph *iph, const struct iph_route *route, struct key *out)
{
	const MIB_IPFORWARD_ROW2 *row = &route->row;
	ADDRESS_FAMILY family = row->DestinationPrefix.Prefix.si_family;

	out->family = iph_family(iph, family);
	iph_net_address(&out->dest, &row->DestinationPrefix.Prefix,
	                row->DestinationPrefix.PrefixLength);
	iph_net_address(&out->hop, &row->NextHop, inet_bits(family));
	out->if_index = route->kind == IPH_UNICAST ? row->InterfaceIndex : 0;
}

enum iph_kind
iph_kind_of(USHORT flags)
{
	if ((flags & RTM_ROUTE_FLAGS_DISCARD) != 0)
		return IPH_REJECT;
	return (flags & RTM_ROUTE_FLAGS_BLACKHOLE) != 0 ? IPH_BLACKHOLE : IPH_UNICAST;
}

/* ---- finding ----------------------------------------------------------------- */

static void
hop_info(const struct key *key, RTM_NEXTHOP_INFO *info)
{
	memset(info, 0, sizeof *info);
	info->NextHopAddress = key->hop;
	info->InterfaceIndex = key->if_index;
}

/* Our next hop, referenced, and how many rows use it. */
static DWORD
hop_find(const struct key *key, RTM_NEXTHOP_HANDLE *hop, uintptr_t *users)
{
	RTM_NEXTHOP_INFO info, *there = NULL;
	DWORD err;

	hop_info(key, &info);
	err = RtmFindNextHop(key->family->entity, &info, hop, &there);
	if (err == NO_ERROR && users != NULL)
		*users = (uintptr_t)there->EntitySpecificInfo;
	return err;
}

static DWORD
find_own(const struct key *key, struct found *out)
{
	struct family *family = key->family;
	RTM_NET_ADDRESS dest = key->dest;
	RTM_NEXTHOP_HANDLE hop = NULL;
	DWORD err;

	err = hop_find(key, &hop, NULL);
	if (err != NO_ERROR)
		return err;
	memset(family->route, 0, RTM_BASIC_ROUTE_INFO_SIZE);
	family->route->RouteOwner = family->entity;
	family->route->Neighbour = hop;
	err =
	    RtmGetExactMatchRoute(family->entity, &dest, RTM_MATCH_OWNER | RTM_MATCH_NEIGHBOUR,
	                          family->route, 0, RTM_VIEW_MASK_UCAST, &out->route);
	if (err == NO_ERROR) {
		out->exists = out->own = true;
		out->side = family->route->EntitySpecificInfo;
		out->flags = family->route->Flags;
		RtmReleaseRouteInfo(family->entity, family->route);
	}
	RtmReleaseNextHops(family->entity, 1, &hop);
	return err;
}

static bool
is_on_link(const struct key *key)
{
	static const uint8_t zero[RTM_MAX_ADDRESS_SIZE];

	return memcmp(key->hop.AddrBits, zero, sizeof zero) == 0;
}

/* What a route without next hops is shown as. */
static bool
is_nowhere(const struct key *key)
{
	return key->if_index == 0 && is_on_link(key);
}

struct foreign_search {
	const struct key *key;
	struct found *out;
};

static DWORD
look_for_hop(void *arg, RTM_ROUTE_HANDLE route, const RTM_ROUTE_INFO *info, bool best)
{
	struct foreign_search *search = arg;
	struct family *family = search->key->family;

	(void)route;
	(void)best;
	if (info->RouteOwner == family->entity)
		return NO_ERROR;
	if (info->NextHopsList.NumNextHops == 0 && is_nowhere(search->key)) {
		search->out->exists = true;
		search->out->flags = info->Flags;
	}
	for (UINT i = 0; i < info->NextHopsList.NumNextHops; i++) {
		RTM_NEXTHOP_INFO hop;
		DWORD err =
		    RtmGetNextHopInfo(family->entity, info->NextHopsList.NextHops[i], &hop);

		if (err != NO_ERROR)
			return err;
		if (hop.InterfaceIndex == search->key->if_index &&
		    memcmp(hop.NextHopAddress.AddrBits, search->key->hop.AddrBits,
		           RTM_MAX_ADDRESS_SIZE) == 0) {
			search->out->exists = true;
			search->out->flags = info->Flags;
		}
		RtmReleaseNextHopInfo(family->entity, &hop);
	}
	return NO_ERROR;
}

DWORD
iph_find(struct iph *iph, const struct key *key, struct found *out)
{
	struct foreign_search search = { key, out };
	RTM_NET_ADDRESS dest = key->dest;
	DWORD err;

	(void)iph;
	memset(out, 0, sizeof *out);
	err = find_own(key, out);
	if (err != ERROR_NOT_FOUND)
		return err;
	err = iph_visit(key->family, &dest, look_for_hop, &search);
	return err == ERROR_NOT_FOUND ? NO_ERROR : err;
}

void
iph_found_release(const struct key *key, struct found *found)
{
	if (found->route != NULL)
		RtmReleaseRoutes(key->family->entity, 1, &found->route);
	found->route = NULL;
}

bool
iph_key_of_route(struct family *family, RTM_ROUTE_HANDLE route, struct key *key,
                 struct found *found)
{
	RTM_NEXTHOP_INFO hop;
	bool ok = false;

	if (RtmGetRouteInfo(family->entity, route, family->route, &key->dest) != NO_ERROR)
		return false;
	if (family->route->State == RTM_ROUTE_STATE_CREATED &&
	    family->route->RouteOwner == family->entity &&
	    RtmGetNextHopInfo(family->entity, family->route->Neighbour, &hop) == NO_ERROR) {
		key->family = family;
		key->hop = hop.NextHopAddress;
		key->if_index = hop.InterfaceIndex;
		RtmReleaseNextHopInfo(family->entity, &hop);
		found->exists = found->own = true;
		found->route = route;
		found->side = family->route->EntitySpecificInfo;
		found->flags = family->route->Flags;
		ok = true;
	}
	RtmReleaseRouteInfo(family->entity, family->route);
	return ok;
}

/* ---- changing ------------------------------------------------------------------ */

static DWORD
hop_put(const struct key *key, uintptr_t users)
{
	RTM_NEXTHOP_CHANGE_FLAGS change = 0;
	RTM_NEXTHOP_INFO info;

	hop_info(key, &info);
	info.EntitySpecificInfo = (PVOID)users;
	return RtmAddNextHop(key->family->entity, &info, NULL, &change);
}

DWORD
iph_hop_use(const struct key *key)
{
	RTM_NEXTHOP_HANDLE hop;
	uintptr_t users = 0;
	DWORD err;

	err = hop_find(key, &hop, &users);
	if (err == NO_ERROR)
		RtmReleaseNextHops(key->family->entity, 1, &hop);
	else if (err != ERROR_NOT_FOUND)
		return err;
	return hop_put(key, users + 1);
}

void
iph_hop_drop(const struct key *key)
{
	RTM_NEXTHOP_HANDLE hop;
	uintptr_t users;

	if (hop_find(key, &hop, &users) != NO_ERROR)
		return;
	if (users > 1)
		hop_put(key, users - 1); /* an update, which takes no memory */
	if (users > 1 || RtmDeleteNextHop(key->family->entity, hop, NULL) != NO_ERROR)
		RtmReleaseNextHops(key->family->entity, 1, &hop);
}

ULONG
iph_total(const struct iph *iph, const struct key *key, ULONG offset)
{
	const struct iftab_if *iface = iftab_by_index(iph->ifs, key->if_index);
	enum iftab_family family = key->dest.AddressFamily == AF_INET ? IFTAB_V4 : IFTAB_V6;

	/* both at most NL_MAX_METRIC_COMPONENT: the sum fits */
	return offset + (iface != NULL ? iface->metric[family] : 0);
}

static USHORT
flags_of(const struct key *key, enum iph_kind kind)
{
	if (kind != IPH_UNICAST)
		return kind == IPH_REJECT ? RTM_ROUTE_FLAGS_DISCARD : RTM_ROUTE_FLAGS_BLACKHOLE;
	return is_on_link(key) ? RTM_ROUTE_FLAGS_LOCAL : RTM_ROUTE_FLAGS_REMOTE;
}

DWORD
iph_publish(struct iph *iph, const struct key *key, enum iph_kind kind, struct side *side)
{
	struct family *family = key->family;
	RTM_ROUTE_INFO *info = family->route;
	RTM_NET_ADDRESS dest = key->dest;
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	RTM_NEXTHOP_HANDLE hop;
	DWORD err;

	err = hop_find(key, &hop, NULL);
	if (err != NO_ERROR)
		return err;
	memset(info, 0, RTM_SIZE_OF_ROUTE_INFO(1));
	info->Neighbour = hop;
	info->Flags = flags_of(key, kind);
	info->PrefInfo.Metric = iph_total(iph, key, side->offset);
	info->BelongsToViews = RTM_VIEW_MASK_UCAST;
	info->EntitySpecificInfo = side;
	info->NextHopsList.NumNextHops = 1;
	info->NextHopsList.NextHops[0] = hop;
	err =
	    RtmAddRouteToDest(family->entity, NULL, &dest, info,
	                      iph_time_to_live(side, iph_now_ms(iph)), NULL, 0, NULL, &change);
	RtmReleaseNextHops(family->entity, 1, &hop);
	if (err == NO_ERROR && side->valid_s != INFINITE && iph->ports.wake != NULL)
		iph->ports.wake(iph->ports.arg); /* its end may be the nearest deadline */
	return err;
}

DWORD
iph_withdraw(const struct key *key, struct found *found)
{
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	DWORD err = RtmDeleteRouteToDest(key->family->entity, found->route, &change);

	if (err == NO_ERROR)
		found->route = NULL;
	return err;
}

/* ---- our rows on an interface ------------------------------------------------------- */

static bool
grown(struct iph_route **rows, size_t *cap, size_t n)
{
	size_t want = *cap == 0 ? 64 : 2 * *cap;
	struct iph_route *more;

	if (n < *cap)
		return true;
	more = mem_realloc(*rows, want, sizeof *more);
	if (more == NULL)
		return false;
	*rows = more;
	*cap = want;
	return true;
}

static void
row_of(const struct iph *iph, const struct key *key, const struct found *found,
       struct iph_route *out)
{
	const struct iftab_if *iface = iftab_by_index(iph->ifs, key->if_index);
	MIB_IPFORWARD_ROW2 *row = &out->row;

	memset(out, 0, sizeof *out);
	inet_make(&row->DestinationPrefix.Prefix, key->family->family, key->dest.AddrBits);
	row->DestinationPrefix.PrefixLength = (UINT8)key->dest.NumBits;
	inet_make(&row->NextHop, key->family->family, key->hop.AddrBits);
	row->InterfaceIndex = key->if_index;
	row->InterfaceLuid.Value = iface != NULL ? iface->luid.Value : 0;
	iph_row_from_side(found->side, iph_now_ms(iph), row);
	out->kind = iph_kind_of(found->flags);
	out->own = true;
	out->flags = found->flags;
}

#define SOME_ROWS 32u

static DWORD
take_rows(struct iph *iph, struct family *family, UINT got, struct iph_route **rows,
          size_t *cap, size_t *n)
{
	DWORD err = NO_ERROR;

	for (UINT i = 0; i < got; i++) {
		struct found found = { .exists = false };
		struct key key;

		if (!iph_key_of_route(family, family->found[i], &key, &found))
			continue;
		if (grown(rows, cap, *n))
			row_of(iph, &key, &found, &(*rows)[(*n)++]);
		else
			err = ERROR_NOT_ENOUGH_MEMORY;
	}
	RtmReleaseRoutes(family->entity, got, family->found);
	return err;
}

DWORD
iph_interface_rows(struct iph *iph, ADDRESS_FAMILY which, NET_IFINDEX index,
                   RTM_ENUM_HANDLE *list, struct iph_route **rows, size_t *cap, size_t *n)
{
	struct family *family = iph_family(iph, which);
	UINT got = family->batch < SOME_ROWS ? family->batch : SOME_ROWS;
	DWORD err = NO_ERROR;
	bool more = false;

	*n = 0;
	gate_lock(&iph->gate);
	if (*list == NULL)
		err = RtmCreateRouteEnum(family->entity, NULL, RTM_VIEW_MASK_UCAST,
		                         RTM_ENUM_OWN_ROUTES | RTM_ENUM_START, NULL,
		                         RTM_MATCH_INTERFACE, NULL, index, list);
	if (err == NO_ERROR)
		more = RtmGetEnumRoutes(family->entity, *list, &got, family->found) == NO_ERROR;
	if (more)
		err = take_rows(iph, family, got, rows, cap, n);
	gate_unlock(&iph->gate);
	if (!more || err != NO_ERROR)
		iph_interface_rows_end(iph, which, list);
	return err;
}

void
iph_interface_rows_end(struct iph *iph, ADDRESS_FAMILY which, RTM_ENUM_HANDLE *list)
{
	if (*list != NULL)
		RtmDeleteEnumHandle(iph_family(iph, which)->entity, *list);
	*list = NULL;
}

/* ---- when an interface changes ----------------------------------------------------- */

/* The sum of the metrics is in RTM: put it there anew; offset, age and timer stay. */
static void
publish_again(struct iph *iph, struct family *family, RTM_ROUTE_HANDLE route)
{
	struct found found = { .exists = false };
	struct key key;

	if (iph_key_of_route(family, route, &key, &found))
		iph_publish(iph, &key, iph_kind_of(found.flags), found.side);
}

void
iph_publish_interface(struct iph *iph, struct family *family, NET_IFINDEX index)
{
	RTM_ENUM_HANDLE list;
	UINT n = family->batch;

	if (RtmCreateRouteEnum(family->entity, NULL, RTM_VIEW_MASK_UCAST,
	                       RTM_ENUM_OWN_ROUTES | RTM_ENUM_START, NULL, RTM_MATCH_INTERFACE,
	                       NULL, index, &list) != NO_ERROR)
		return;
	while (RtmGetEnumRoutes(family->entity, list, &n, family->found) == NO_ERROR) {
		for (UINT i = 0; i < n; i++)
			publish_again(iph, family, family->found[i]);
		RtmReleaseRoutes(family->entity, n, family->found);
		n = family->batch;
	}
	RtmDeleteEnumHandle(family->entity, list);
}
