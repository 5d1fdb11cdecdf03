/*
 * One chapter: rows are looked at, never copied.
 *
 * There is no table here. A row is made when somebody asks: the core is searched, and
 * what it says about a route is put together with the record behind it. Rows of other
 * RTM clients have no record (their EntitySpecificInfo is theirs); they get the values
 * that [NETIO] gives to what is unknown. Only the unicast view is looked at: a route in
 * no view or only in the multicast one forwards nothing that this interface knows of.
 *
 * Walking is by key. RTM enumerates from an address on, and `strictly after' is made by
 * going to the next key that could exist: one bit longer, or, at full length, the next
 * address with the least length that keeps all of its bits.
 *
 * A held or deleted route can still be read through its handle while its record is gone:
 * its State says so, and then the record is not touched.
 */
#include "iphlp/iph_int.h"

#include "base/alloc.h"

#define TICKS_PER_SECOND 10000000u /* of a FILETIME */

/* ---- one row ------------------------------------------------------------------------ */

void
iph_row_from_side(const struct side *side, uint64_t now_ms, MIB_IPFORWARD_ROW2 *row)
{
	row->SitePrefixLength = side->site_length;
	row->ValidLifetime = side->valid_s;
	row->PreferredLifetime = side->preferred_s;
	row->Metric = side->offset;
	row->Protocol = (NL_ROUTE_PROTOCOL)side->protocol;
	row->Loopback = (side->flags & SIDE_LOOPBACK) != 0;
	row->AutoconfigureAddress = (side->flags & SIDE_AUTOCONFIGURE) != 0;
	row->Publish = (side->flags & SIDE_PUBLISH) != 0;
	row->Immortal = (side->flags & SIDE_IMMORTAL) != 0;
	row->Age = (ULONG)(iph_elapsed_ms(side, now_ms) / 1000);
	row->Origin = NlroManual;
}

static uint64_t
ticks(FILETIME time)
{
	return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

/* The host may not have told the core, or us, what day it is: then there is no age. */
static ULONG
age_since(const struct iph *iph, FILETIME changed)
{
	uint64_t now = 0;

	if (iph->ports.calendar != NULL)
		now = ticks(iph->ports.calendar(iph->ports.arg));
	if (ticks(changed) == 0 || now <= ticks(changed))
		return 0;
	return (ULONG)((now - ticks(changed)) / TICKS_PER_SECOND);
}

static void
row_of_foreigner(const struct iph *iph, const RTM_ROUTE_INFO *info, FILETIME changed,
                 struct iph_route *out)
{
	MIB_IPFORWARD_ROW2 *row = &out->row;

	row->ValidLifetime = row->PreferredLifetime = INFINITE;
	row->Metric = info->PrefInfo.Metric;
	if (row->Metric > NL_MAX_METRIC_COMPONENT)
		row->Metric = NL_MAX_METRIC_COMPONENT;
	row->Protocol = MIB_IPPROTO_OTHER;
	if (iph_is_protocol(out->protocol_id))
		row->Protocol = (NL_ROUTE_PROTOCOL)out->protocol_id;
	row->Loopback =
	    (info->Flags & (RTM_ROUTE_FLAGS_LOOPBACK | RTM_ROUTE_FLAGS_MYSELF)) != 0;
	row->Immortal = TRUE;
	row->Age = age_since(iph, changed);
	row->Origin = row->Protocol == MIB_IPPROTO_LOCAL ? NlroWellKnown : NlroManual;
}

static ULONG
protocol_of(struct family *family, const RTM_ROUTE_INFO *info)
{
	RTM_ENTITY_INFO owner;
	ULONG protocol = 0;

	if (info->RouteOwner == family->entity)
		return PROTO_IP_NETMGMT;
	if (info->RouteOwner == family->owner)
		return family->owner_protocol;
	if (RtmGetEntityInfo(family->entity, info->RouteOwner, &owner) == NO_ERROR) {
		protocol = owner.EntityId.EntityProtocolId;
		RtmReleaseEntityInfo(family->entity, &owner);
		family->owner = info->RouteOwner;
		family->owner_protocol = protocol;
	}
	return protocol;
}

/* The key of a next hop; few are used by many routes. NULL and a code: no such handle. */
static const struct known_hop *
hop_of(struct family *family, RTM_NEXTHOP_HANDLE handle, DWORD *err)
{
	struct known_hop *known = &family->known[(uintptr_t)handle & (KNOWN_HOPS - 1)];
	RTM_NEXTHOP_INFO hop;

	*err = NO_ERROR;
	if (known->handle == handle)
		return known;
	*err = RtmGetNextHopInfo(family->entity, handle, &hop);
	if (*err != NO_ERROR)
		return NULL;
	known->handle = handle;
	known->if_index = hop.InterfaceIndex;
	memcpy(known->addr, hop.NextHopAddress.AddrBits, sizeof known->addr);
	RtmReleaseNextHopInfo(family->entity, &hop);
	return known;
}

static void
set_hop(const struct iph *iph, const struct known_hop *hop, MIB_IPFORWARD_ROW2 *row)
{
	const struct iftab_if *iface = iftab_by_index(iph->ifs, hop->if_index);

	inet_make(&row->NextHop, row->DestinationPrefix.Prefix.si_family, hop->addr);
	row->InterfaceIndex = hop->if_index;
	row->InterfaceLuid.Value = iface != NULL ? iface->luid.Value : 0;
}

/* ---- every route of a destination ------------------------------------------------------ */

static DWORD
visit_one(struct family *family, RTM_ROUTE_HANDLE route, bool best, iph_visitor *visitor,
          void *arg)
{
	DWORD err = RtmGetRouteInfo(family->entity, route, family->route, NULL);

	if (err != NO_ERROR)
		return err;
	if (family->route->State == RTM_ROUTE_STATE_CREATED)
		err = visitor(arg, route, family->route, best);
	RtmReleaseRouteInfo(family->entity, family->route);
	return err;
}

static DWORD
visit_batches(struct family *family, RTM_ENUM_HANDLE list, iph_visitor *visitor, void *arg)
{
	bool best = true;
	DWORD err;

	do {
		UINT n = family->batch;
		DWORD failure = NO_ERROR;

		err = RtmGetEnumRoutes(family->entity, list, &n, family->found);
		if (err != NO_ERROR)
			break;
		for (UINT i = 0; i < n && failure == NO_ERROR; i++) {
			failure = visit_one(family, family->found[i], best, visitor, arg);
			best = false;
		}
		RtmReleaseRoutes(family->entity, n, family->found);
		err = failure;
	} while (err == NO_ERROR);
	return err == ERROR_NO_MORE_ITEMS ? NO_ERROR : err;
}

static DWORD
visit_many(struct family *family, RTM_DEST_HANDLE dest, iph_visitor *visitor, void *arg)
{
	RTM_ENUM_HANDLE list;
	DWORD err;

	err = RtmCreateRouteEnum(family->entity, dest, RTM_VIEW_MASK_UCAST, RTM_ENUM_ALL_ROUTES,
	                         NULL, RTM_MATCH_NONE, NULL, 0, &list);
	if (err != NO_ERROR)
		return err;
	err = visit_batches(family, list, visitor, arg);
	RtmDeleteEnumHandle(family->entity, list);
	return err;
}

DWORD
iph_visit_dest(struct family *family, const RTM_DEST_INFO *info, iph_visitor *visitor,
               void *arg)
{
	if (info->ViewInfo[0].Route == NULL)
		return ERROR_NOT_FOUND;
	if (info->ViewInfo[0].NumRoutes == 1)
		return visit_one(family, info->ViewInfo[0].Route, true, visitor, arg);
	return visit_many(family, info->DestHandle, visitor, arg);
}

DWORD
iph_visit(struct family *family, RTM_NET_ADDRESS *dest, iph_visitor *visitor, void *arg)
{
	DWORD err;

	err = RtmGetExactMatchDestination(family->entity, dest, RTM_BEST_PROTOCOL,
	                                  RTM_VIEW_MASK_UCAST, family->dest);
	if (err != NO_ERROR)
		return err;
	err = iph_visit_dest(family, family->dest, visitor, arg);
	RtmReleaseDestInfo(family->entity, family->dest);
	return err;
}

/* ---- rows of a destination --------------------------------------------------- */

bool
iph_same_hop(const MIB_IPFORWARD_ROW2 *a, const MIB_IPFORWARD_ROW2 *b)
{
	return a->InterfaceIndex == b->InterfaceIndex &&
	       inet_cmp(&a->NextHop, &b->NextHop) == 0;
}

/*
 * Of two rows with one key the own one is shown. Own rows among themselves need no
 * comparison, the core has told them apart. @return whether `row' is to be added.
 */
static bool
make_way(struct gather *gather, const struct iph_route *row)
{
	if (row->own && gather->foreign == 0)
		return true;
	for (size_t i = gather->base; i < gather->n; i++) {
		if (!iph_same_hop(&gather->rows[i].row, &row->row))
			continue;
		if (!row->own)
			return false;
		gather->n--;
		gather->foreign--;
		memmove(&gather->rows[i], &gather->rows[i + 1],
		        (gather->n - i) * sizeof *gather->rows);
		return true;
	}
	return true;
}

static DWORD
append(struct gather *gather, const struct iph_route *row)
{
	if (gather->n == gather->cap) {
		size_t cap = gather->cap * 2 + 4;
		struct iph_route *rows = mem_realloc(gather->rows, cap, sizeof *rows);

		if (rows == NULL)
			return ERROR_NOT_ENOUGH_MEMORY;
		gather->rows = rows;
		gather->cap = cap;
	}
	gather->rows[gather->n++] = *row;
	gather->foreign += !row->own;
	return NO_ERROR;
}

static void
row_of_route(const struct gather *gather, const RTM_ROUTE_INFO *info, bool best,
             struct iph_route *out)
{
	memset(out, 0, sizeof *out);
	out->row.DestinationPrefix = gather->prefix;
	inet_make(&out->row.NextHop, gather->family->family, &(const uint8_t[16]){ 0 });
	out->kind = iph_kind_of(info->Flags);
	out->own = info->RouteOwner == gather->family->entity;
	out->best = best;
	out->hidden = (info->Flags & (RTM_ROUTE_FLAGS_MARTIAN | RTM_ROUTE_FLAGS_INACTIVE)) != 0;
	out->flags = info->Flags;
	out->protocol_id = protocol_of(gather->family, info);
	out->views = info->BelongsToViews;
	out->preference = info->PrefInfo.Preference;
	if (out->own)
		iph_row_from_side(info->EntitySpecificInfo, gather->now_ms, &out->row);
	else
		row_of_foreigner(gather->iph, info, gather->changed, out);
}

static DWORD
gather_route(void *arg, RTM_ROUTE_HANDLE route, const RTM_ROUTE_INFO *info, bool best)
{
	struct gather *gather = arg;
	struct iph_route row;
	DWORD err = NO_ERROR;

	(void)route;
	row_of_route(gather, info, best, &row);
	if (info->NextHopsList.NumNextHops == 0 && make_way(gather, &row))
		return append(gather, &row);
	for (UINT i = 0; i < info->NextHopsList.NumNextHops && err == NO_ERROR; i++) {
		const struct known_hop *hop =
		    hop_of(gather->family, info->NextHopsList.NextHops[i], &err);

		if (hop == NULL)
			return err;
		set_hop(gather->iph, hop, &row.row);
		if (make_way(gather, &row))
			err = append(gather, &row);
	}
	return err;
}

DWORD
iph_gather_dest(struct gather *gather, const RTM_DEST_INFO *info)
{
	DWORD err;

	gather->n = gather->base;
	gather->foreign = 0;
	gather->changed = info->LastChanged;
	memset(&gather->prefix, 0, sizeof gather->prefix);
	inet_make(&gather->prefix.Prefix, gather->family->family, info->DestAddress.AddrBits);
	gather->prefix.PrefixLength = (UINT8)info->DestAddress.NumBits;
	err = iph_visit_dest(gather->family, info, gather_route, gather);
	return err == NO_ERROR && gather->n == gather->base ? ERROR_NOT_FOUND : err;
}

DWORD
iph_gather(struct gather *gather, const IP_ADDRESS_PREFIX *prefix)
{
	RTM_NET_ADDRESS dest;
	DWORD err;

	gather->family = iph_family(gather->iph, prefix->Prefix.si_family);
	iph_net_address(&dest, &prefix->Prefix, prefix->PrefixLength);
	err = RtmGetExactMatchDestination(gather->family->entity, &dest, RTM_BEST_PROTOCOL,
	                                  RTM_VIEW_MASK_UCAST, gather->family->dest);
	if (err != NO_ERROR)
		return err;
	err = iph_gather_dest(gather, gather->family->dest);
	RtmReleaseDestInfo(gather->family->entity, gather->family->dest);
	return err;
}

static bool
is_destination(const IP_ADDRESS_PREFIX *prefix)
{
	return inet_size(prefix->Prefix.si_family) != 0 &&
	       prefix->PrefixLength <= inet_bits(prefix->Prefix.si_family) &&
	       inet_is_network(&prefix->Prefix, prefix->PrefixLength);
}

DWORD
iph_dest_rows(struct iph *iph, const IP_ADDRESS_PREFIX *dest, struct iph_route **rows,
              size_t *cap, size_t *n)
{
	struct gather gather = { .iph = iph, .rows = *rows, .cap = *cap };
	DWORD err;

	*n = 0;
	if (!is_destination(dest))
		return ERROR_NOT_FOUND;
	gather.now_ms = iph_now_ms(iph);
	gate_lock(&iph->gate);
	err = iph_gather(&gather, dest);
	gate_unlock(&iph->gate);
	*rows = gather.rows;
	*cap = gather.cap;
	if (err == NO_ERROR)
		*n = gather.n;
	return err;
}

/* ---- one row by its key ------------------------------------------------------------------ */

static DWORD
get_row(struct request *req, struct iph_fault *fault)
{
	struct gather gather = { .iph = req->iph, .now_ms = iph_now_ms(req->iph) };
	DWORD err;

	err = iph_check_state(req, fault);
	if (err != NO_ERROR)
		return err;
	err = iph_gather(&gather, &req->want.row.DestinationPrefix);
	if (err == NO_ERROR)
		err = ERROR_NOT_FOUND;
	for (size_t i = 0; i < gather.n && err == ERROR_NOT_FOUND; i++) {
		if (!iph_same_hop(&gather.rows[i].row, &req->want.row))
			continue;
		req->want = gather.rows[i];
		err = NO_ERROR;
	}
	mem_free(gather.rows);
	return err == NO_ERROR ? NO_ERROR : iph_fault_from(err, fault);
}

DWORD
iph_route_get(struct iph *iph, struct iph_route *out)
{
	struct request req = { .iph = iph, .verb = IPH_GET, .route = out };
	struct iph_fault fault;

	if (iph->far != NULL)
		return iph->far->get(iph->far->arg, out);
	if (iph_check_arguments(&req, &fault) != NO_ERROR)
		return fault.code;
	if (iph_dry_run(&req, get_row, &fault) == NO_ERROR)
		*out = req.want;
	return fault.code;
}

/* ---- the next destinations
 * -------------------------------------------------------------------
 */

/* Trailing zero bits of an address: it cannot be shorter than what they leave. */
static unsigned
least_length(const RTM_NET_ADDRESS *address, unsigned bits)
{
	while (bits > 0 &&
	       (address->AddrBits[(bits - 1) / 8] & (0x80u >> ((bits - 1) % 8))) == 0)
		bits--;
	return bits;
}

/* @return false where the address was the last one. */
static bool
increment(RTM_NET_ADDRESS *address, unsigned bits)
{
	for (unsigned i = bits / 8; i-- > 0;)
		if (++address->AddrBits[i] != 0)
			return true;
	return false;
}

/* The least key that can exist at or after (address, length). */
static bool
first_key(RTM_NET_ADDRESS *key, unsigned length, unsigned bits)
{
	unsigned least = least_length(key, bits);

	if (length > bits) {
		if (!increment(key, bits))
			return false;
		length = least = least_length(key, bits);
	}
	key->NumBits = (USHORT)(length > least ? length : least);
	return true;
}

static DWORD
search_from(struct family *family, RTM_NET_ADDRESS *key, RTM_ENUM_HANDLE *list)
{
	return RtmCreateDestEnum(family->entity, RTM_VIEW_MASK_UCAST,
	                         RTM_ENUM_ALL_DESTS | RTM_ENUM_NEXT, key, RTM_BEST_PROTOCOL,
	                         list);
}

/*
 * One search, and then destination after destination. Some may show no row after all,
 * when a route went between two calls; there must be one, or it is the end.
 */
static DWORD
read_on(struct gather *gather, RTM_ENUM_HANDLE list, UINT most, struct iph_rows *out)
{
	struct family *family = gather->family;
	DWORD err;

	do {
		RTM_DEST_INFO *info = family->ahead;
		UINT n = most;

		err = RtmGetEnumDests(family->entity, list, &n, info);
		if (err != NO_ERROR)
			return err;
		for (UINT i = 0; i < n && (err == NO_ERROR || err == ERROR_NOT_FOUND); i++) {
			gather->base = gather->n;
			err = iph_gather_dest(gather, info);
			if (err == NO_ERROR)
				out->spans[out->nspans++] =
				    (struct iph_span){ gather->prefix, gather->base,
					               gather->n - gather->base };
			info = RTM_NEXT_DEST_INFO(info);
		}
		RtmReleaseDests(family->entity, n, family->ahead);
	} while (err == ERROR_NOT_FOUND && out->nspans == 0);
	return err == ERROR_NOT_FOUND ? NO_ERROR : err;
}

static DWORD
read_from(struct gather *gather, RTM_NET_ADDRESS *from, UINT most, struct iph_rows *out)
{
	RTM_ENUM_HANDLE list;
	DWORD err;

	err = search_from(gather->family, from, &list);
	if (err != NO_ERROR)
		return err;
	err = read_on(gather, list, most, out);
	RtmDeleteEnumHandle(gather->family->entity, list);
	return err == ERROR_NO_MORE_ITEMS ? ERROR_NOT_FOUND : err;
}

DWORD
iph_rows_next(struct iph *iph, const IP_ADDRESS_PREFIX *from, bool inclusive, size_t most,
              struct iph_rows *out)
{
	struct gather gather = { .iph = iph, .rows = out->rows, .cap = out->cap };
	unsigned bits = inet_bits(from->Prefix.si_family);
	RTM_NET_ADDRESS key;
	DWORD err;

	out->nspans = 0;
	if (bits == 0)
		return ERROR_NOT_FOUND;
	iph_net_address(&key, &from->Prefix, 0);
	if (!first_key(&key, from->PrefixLength + (inclusive ? 0u : 1u), bits))
		return ERROR_NOT_FOUND;
	gather.family = iph_family(iph, from->Prefix.si_family);
	gather.now_ms = iph_now_ms(iph);
	if (most > gather.family->batch)
		most = gather.family->batch;
	if (most > IPH_SPANS)
		most = IPH_SPANS;
	gate_lock(&iph->gate);
	err = read_from(&gather, &key, (UINT)most, out);
	gate_unlock(&iph->gate);
	out->rows = gather.rows;
	out->cap = gather.cap;
	return err;
}

/*
 * Of the first two destinations with the address of one: the rows of that one, and whether
 * they are two. Where it is behind both they certainly are.
 */
static DWORD
look_around(struct gather *gather, RTM_ENUM_HANDLE list, const RTM_NET_ADDRESS *dest,
            bool *alone)
{
	struct family *family = gather->family;
	size_t octets = inet_size(family->family);
	RTM_DEST_INFO *info = family->ahead;
	UINT n = family->batch < 2 ? family->batch : 2;
	DWORD err = RtmGetEnumDests(family->entity, list, &n, info);

	if (err != NO_ERROR)
		return err;
	for (UINT i = 0; i < n && (err == NO_ERROR || err == ERROR_NOT_FOUND); i++) {
		if (memcmp(info->DestAddress.AddrBits, dest->AddrBits, octets) != 0)
			break;
		if (info->DestAddress.NumBits == dest->NumBits)
			err = iph_gather_dest(gather, info);
		else
			*alone = false;
		info = RTM_NEXT_DEST_INFO(info);
	}
	RtmReleaseDests(family->entity, n, family->ahead);
	return err;
}

static DWORD
gather_alone(struct gather *gather, const IP_ADDRESS_PREFIX *dest, bool *alone)
{
	unsigned bits = inet_bits(dest->Prefix.si_family);
	RTM_NET_ADDRESS net, from;
	RTM_ENUM_HANDLE list;
	DWORD err;

	iph_net_address(&net, &dest->Prefix, dest->PrefixLength);
	from = net;
	first_key(&from, 0, bits);
	err = search_from(gather->family, &from, &list);
	if (err != NO_ERROR)
		return err;
	err = look_around(gather, list, &net, alone);
	RtmDeleteEnumHandle(gather->family->entity, list);
	return err;
}

DWORD
iph_dest_rows_alone(struct iph *iph, const IP_ADDRESS_PREFIX *dest, struct iph_route **rows,
                    size_t *cap, size_t *n, bool *alone)
{
	struct gather gather = { .iph = iph, .rows = *rows, .cap = *cap };
	DWORD err;

	*n = 0;
	*alone = true;
	if (!is_destination(dest))
		return ERROR_NOT_FOUND;
	gather.family = iph_family(iph, dest->Prefix.si_family);
	gather.now_ms = iph_now_ms(iph);
	gate_lock(&iph->gate);
	err = gather_alone(&gather, dest, alone);
	gate_unlock(&iph->gate);
	*rows = gather.rows;
	*cap = gather.cap;
	*n = gather.n;
	if (err == ERROR_NO_MORE_ITEMS || (err == NO_ERROR && gather.n == 0))
		err = ERROR_NOT_FOUND;
	return err;
}

/* Destination after destination, as long as they have the address. */
static DWORD
read_address(struct gather *gather, RTM_ENUM_HANDLE list, const RTM_NET_ADDRESS *address,
             unsigned bits)
{
	struct family *family = gather->family;
	bool same = true;
	DWORD err;

	do {
		RTM_DEST_INFO *info = family->ahead;
		UINT n = family->batch < 2 ? family->batch : 2;

		err = RtmGetEnumDests(family->entity, list, &n, info);
		if (err != NO_ERROR)
			return err == ERROR_NO_MORE_ITEMS ? NO_ERROR : err;
		for (UINT i = 0; i < n && same; i++) {
			same = memcmp(info->DestAddress.AddrBits, address->AddrBits,
			              bits / 8) == 0;
			gather->base = gather->n;
			err = same ? iph_gather_dest(gather, info) : NO_ERROR;
			if (err != NO_ERROR && err != ERROR_NOT_FOUND)
				same = false;
			info = RTM_NEXT_DEST_INFO(info);
		}
		RtmReleaseDests(family->entity, n, family->ahead);
	} while (same);
	return err == ERROR_NOT_FOUND ? NO_ERROR : err;
}

static DWORD
gather_address(struct gather *gather, const SOCKADDR_INET *address, unsigned bits)
{
	RTM_NET_ADDRESS key;
	RTM_ENUM_HANDLE list;
	DWORD err;

	iph_net_address(&key, address, 0);
	first_key(&key, 0, bits);
	err = search_from(gather->family, &key, &list);
	if (err != NO_ERROR)
		return err == ERROR_NO_MORE_ITEMS ? NO_ERROR : err;
	err = read_address(gather, list, &key, bits);
	RtmDeleteEnumHandle(gather->family->entity, list);
	return err;
}

DWORD
iph_address_rows(struct iph *iph, const SOCKADDR_INET *address, struct iph_route **rows,
                 size_t *cap, size_t *n)
{
	struct gather gather = { .iph = iph, .rows = *rows, .cap = *cap };
	unsigned bits = inet_bits(address->si_family);
	DWORD err;

	*n = 0;
	if (bits == 0)
		return ERROR_NOT_FOUND;
	gather.family = iph_family(iph, address->si_family);
	gather.now_ms = iph_now_ms(iph);
	gate_lock(&iph->gate);
	err = gather_address(&gather, address, bits);
	gate_unlock(&iph->gate);
	*rows = gather.rows;
	*cap = gather.cap;
	if (err == NO_ERROR && gather.n == 0)
		err = ERROR_NOT_FOUND;
	if (err == NO_ERROR)
		*n = gather.n;
	return err;
}

void
iph_rows_free(struct iph_rows *rows)
{
	mem_free(rows->rows);
	memset(rows, 0, sizeof *rows);
}
