/*
 * How the view keeps up with the core without a copy of it.
 *
 * The view is a client of the routing table manager like any other: an entity of its
 * own per family, subscribed to every change, with one opaque slot (8 bytes) in each
 * destination. The slot holds what the view last knew of the destination: how many
 * rows it contributed to each Number scalar, and which rows those were (mib_slot.c). So a
 * change costs work for its destination alone: read its rows, subtract what was counted, add
 * what there is.
 *
 * The same pass settles names [MIB 6.3]. A row goes by {0 0} or {0 0 ifIndex}; which of
 * them depends on what else was there when the row first appeared, so it is settled
 * once and remembered, in the side table when it is not the rule's default. What the
 * slot remembers tells the rows that were there from those that have just come.
 *
 * Rows of link-local destinations sort by zone before prefix length, unlike in the core,
 * and one destination has a row for each interface; their names are kept in a tree.
 *
 * When the work is done: the subscription's call-back takes in everything, in the turn
 * of the loop that follows the change, so that the cost of a change falls to whoever
 * made it and not to the next manager. A request that comes in between takes a bounded
 * number of destinations, and if some are left, the destination it reads is settled
 * by itself (mib_sync_dest), as is one for which a SET has just made a route; only what
 * depends on the whole table, the scalars and the blocks of zoned rows, waits for all of it.
 *
 * Invariant: the scalars are the sums of what the slots say, plus the staged rows; next hops
 * and protocols are counted by the slots alone.
 */
#include "mib_ipv4.h"
#include "mib_slot.h"
#include "mib_store.h"

#include "base/alloc.h"

#include <stdlib.h>

#define REQUEST_BUDGET 1024 /* destinations taken in before a request */

/* ---- names ------------------------------------------------------------------ */

static int
hop_compare(const struct mib_rank *a, const struct mib_rank *b)
{
	const SOCKADDR_INET *ha = &a->route->row.NextHop, *hb = &b->route->row.NextHop;

	return memcmp(mib_addr_bytes(ha), mib_addr_bytes(hb), mib_addr_size(ha->si_family));
}

static int
rank_compare(const void *va, const void *vb)
{
	const struct mib_rank *a = va, *b = vb;
	int order = hop_compare(a, b);

	if (order != 0)
		return order;
	return (a->route->row.InterfaceIndex > b->route->row.InterfaceIndex) -
	       (a->route->row.InterfaceIndex < b->route->row.InterfaceIndex);
}

/* Give an active row a name that is not its default one. */
static bool
name_row(struct mib *mib, struct mib_rank *rank, uint32_t policy)
{
	struct mib_side *side = mem_calloc(1, sizeof *side);

	if (side == NULL)
		return false;
	mib_inet_key(&rank->route->row, policy, &side->by_key.key);
	mib_core_of_row(&rank->route->row, &side->by_core.core);
	mib_row_no_extras(&side->row);
	side->mark = mib->mark;
	if (mib_side_insert(mib, side))
		rank->side = side;
	else
		mem_free(side);
	return true;
}

/* A staged row could not become active beside the route that has its name now [OURS 87]. */
static void
give_way(struct mib *mib, const struct mib_key *key)
{
	struct mib_side *staged = mib_staged_find(mib, key);

	if (staged == NULL)
		return;
	mib_side_detach(mib, staged);
	mib_store_forget(mib, staged);
}

static bool
name_taken(const struct mib *mib, const struct mib_key *key, size_t n)
{
	if (mib_staged_find(mib, key) != NULL)
		return true;
	for (size_t i = 0; i < n; i++) {
		const MIB_IPFORWARD_ROW2 *row = &mib->ranks[i].route->row;
		struct mib_key by_rule;

		mib_inet_key(row, mib_inet_policy(row), &by_rule);
		if (mib_key_compare(mib->ranks[i].side != NULL ? &mib->ranks[i].side->by_key.key
		                                               : &by_rule,
		                    key) == 0)
			return true;
	}
	return false;
}

/*
 * A staged row has the name that a new row ought to have: the new one takes the other
 * spelling, or the staged one gives way, as it could not become active beside it.
 */
static bool
name_beside_staged(struct mib *mib, struct mib_rank *rank, size_t n)
{
	uint32_t policy = mib_inet_policy(&rank->route->row);
	uint32_t other = policy == 0 ? rank->route->row.InterfaceIndex : 0;
	struct mib_key key;

	mib_inet_key(&rank->route->row, policy, &key);
	if (mib_staged_find(mib, &key) == NULL)
		return true;
	mib_inet_key(&rank->route->row, other, &key);
	if (other != policy && !name_taken(mib, &key, n))
		return name_row(mib, rank, other);
	mib_inet_key(&rank->route->row, policy, &key);
	give_way(mib, &key);
	return true;
}

/* Rows via one gateway on several interfaces: which of them goes by {0 0}? */
static bool
name_group(struct mib *mib, struct mib_rank *group, size_t n)
{
	size_t holder = n, named = 0;

	for (size_t i = 0; i < n; i++)
		if (group[i].side == NULL && group[i].old && holder == n)
			holder = i;
		else if (group[i].side != NULL)
			named++;
	if (holder == n && named == 0)
		holder = 0; /* all have come at once */
	for (size_t i = 0; i < n; i++) {
		const MIB_IPFORWARD_ROW2 *row = &group[i].route->row;
		struct mib_key key;

		if (group[i].side != NULL || i == holder)
			continue;
		mib_inet_key(row, row->InterfaceIndex, &key);
		give_way(mib, &key);
		if (!name_row(mib, &group[i], row->InterfaceIndex))
			return false;
	}
	return true;
}

static bool
shares_names(const struct iph_route *route)
{
	struct mib_key key;

	if (mib_inet_policy(&route->row) != 0 ||
	    mib_prefix_zoned(&route->row.DestinationPrefix))
		return false;
	mib_inet_key(&route->row, 0, &key);
	return key.b[MIB_KEY_NH_TYPE] == MIB_ADDR_V4 || key.b[MIB_KEY_NH_TYPE] == MIB_ADDR_V6;
}

static bool
name_all(struct mib *mib, size_t n)
{
	struct mib_rank *ranks = mib->ranks;

	for (size_t i = 0; mib->nstaged > 0 && i < n; i++)
		if (ranks[i].side == NULL && !name_beside_staged(mib, &ranks[i], n))
			return false;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && hop_compare(&ranks[i], &ranks[end]) == 0;)
			end++;
		if (end > i + 1 && shares_names(ranks[i].route) &&
		    !name_group(mib, &ranks[i], end - i))
			return false;
	}
	return true;
}

/* ---- one destination --------------------------------------------------------- */

/* Entries of routes that are gone go; those of hidden ones stay with their route. */
static void
sweep_side(struct mib *mib, const struct mib_core *dest)
{
	struct mib_side *next;

	for (struct mib_side *side = mib_side_of_dest(mib, dest); side != NULL; side = next) {
		next = mib_side_of_dest_next(side);
		if (side->mark != mib->mark)
			mib_side_drop(mib, side);
	}
}

static bool
in_zoned_dest(const struct mib_key *key, const struct mib_key *dest)
{
	return memcmp(key->b, dest->b, MIB_KEY_ZONE) == 0;
}

static void
sweep_zoned(struct mib *mib, const IP_ADDRESS_PREFIX *prefix)
{
	MIB_IPFORWARD_ROW2 probe = { .DestinationPrefix = *prefix };
	struct mib_key first;
	struct mib_keyed *at, *next;

	probe.NextHop.si_family = prefix->Prefix.si_family;
	mib_inet_key(&probe, 0, &first);
	first.b[MIB_KEY_LEN] = 0;
	for (at = mib_keyed_from(&mib->zoned, &first, true);
	     at != NULL && in_zoned_dest(&at->key, &first); at = next) {
		struct mib_zoned *zoned = TREE_OF(at, struct mib_zoned, by_key);

		next = mib_keyed_next(at);
		if (at->key.b[MIB_KEY_LEN] == prefix->PrefixLength &&
		    zoned->mark != mib->mark) {
			tree_remove(&mib->zoned, &at->node);
			mem_free(zoned);
		}
	}
}

static bool
note_zoned(struct mib *mib, const struct mib_rank *rank)
{
	struct mib_key key;
	struct mib_keyed *at;
	struct mib_zoned *zoned;

	if (rank->side != NULL)
		key = rank->side->by_key.key;
	else
		mib_inet_key(&rank->route->row, mib_inet_policy(&rank->route->row), &key);
	at = mib_keyed_find(&mib->zoned, &key);
	if (at == NULL) {
		zoned = mem_calloc(1, sizeof *zoned);
		if (zoned == NULL)
			return false;
		zoned->by_key.key = key;
		mib_keyed_insert(&mib->zoned, &zoned->by_key);
		at = &zoned->by_key;
	}
	TREE_OF(at, struct mib_zoned, by_key)->mark = mib->mark;
	return true;
}

static unsigned
bits_in(uint32_t word)
{
	unsigned n = 0;

	for (; word != 0; word &= word - 1)
		n++;
	return n;
}

/*
 * What the rows come to in each table. Of the routes with one gateway ipCidrRouteTable
 * shows one, ipForwardTable one for each protocol; the latter's number holds if no other
 * destination has this address.
 */
static void
count_rows(const struct mib *mib, ADDRESS_FAMILY family, size_t n, uint32_t *counts)
{
	uint32_t protocols = 0;

	memset(counts, 0, MIB_COUNTS * sizeof *counts);
	counts[MIB_COUNT_INET] = (uint32_t)n;
	for (size_t i = 0; i < n; i++)
		counts[MIB_COUNT_OWN] += mib->ranks[i].route->own;
	for (size_t i = 0; family == AF_INET && i < n; i++) {
		if (i == 0 || hop_compare(&mib->ranks[i - 1], &mib->ranks[i]) != 0) {
			counts[MIB_COUNT_CIDR]++;
			counts[MIB_COUNT_FORWARD] += bits_in(protocols);
			protocols = 0;
		}
		protocols |= 1u << mib_protocol_shown((ULONG)mib->ranks[i].route->row.Protocol,
		                                      MIB_HIGHEST_FORWARD);
	}
	counts[MIB_COUNT_FORWARD] += bits_in(protocols);
}

/*
 * Read the rows of a destination into mib->rows, and make room to rank them.
 * @param alone  whether no other IPv4 destination has its address.
 */
static bool
read_rows(struct mib *mib, const IP_ADDRESS_PREFIX *prefix, size_t *n, bool *alone)
{
	bool is_v4 = prefix->Prefix.si_family == AF_INET;
	struct iph *iph = mib->config.iph;
	DWORD err = NO_ERROR;

	*alone = true;
	if (is_v4)
		err = iph_dest_rows_alone(iph, prefix, &mib->rows, &mib->rows_cap, n, alone);
	if (!is_v4 || !*alone)
		err = iph_dest_rows(iph, prefix, &mib->rows, &mib->rows_cap, n);
	if (err != NO_ERROR && err != ERROR_NOT_FOUND)
		return false;
	if (err != NO_ERROR)
		*n = 0;
	return mib_grow((void **)&mib->ranks, &mib->ranks_cap, *n, sizeof *mib->ranks);
}

/* Whether this is it; and what was read of it. */
static bool
is_made(struct mib_made *made, const struct mib_core *core, const struct iph_route *route)
{
	if (made == NULL || memcmp(core, made->core, sizeof *core) != 0)
		return false;
	if (made->route != NULL && !made->read)
		*made->route = *route;
	made->read = made->route != NULL;
	return true;
}

/* Put the rows that are shown into mib->ranks, by gateway and interface. */
static size_t
rank_rows(struct mib *mib, size_t nrows, uintptr_t slot, struct mib_made *made)
{
	size_t n = 0;

	for (size_t i = 0; i < nrows; i++) {
		struct mib_rank rank = { .route = &mib->rows[i] };
		struct mib_core core;

		if (mib->active.root != NULL || made != NULL) {
			mib_core_of_row(&rank.route->row, &core);
			rank.side = mib_side_by_core(mib, &core);
			rank.old = is_made(made, &core, rank.route);
		}
		if (rank.side != NULL)
			rank.side->mark = mib->mark;
		rank.old = rank.old || (nrows > 1 && mib_slot_has(mib, slot, &rank.route->row));
		if (!rank.route->hidden)
			mib->ranks[n++] = rank;
	}
	if (n > 1)
		qsort(mib->ranks, n, sizeof *mib->ranks, rank_compare);
	return n;
}

static bool
settle_zoned(struct mib *mib, const IP_ADDRESS_PREFIX *prefix, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!note_zoned(mib, &mib->ranks[i]))
			return false;
	sweep_zoned(mib, prefix);
	return true;
}

/* Whether one of the destination's rows has this gateway; they are sorted by it. */
static bool
has_gateway(const struct mib *mib, size_t n, const uint8_t *gateway)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (memcmp(mib_addr_bytes(&mib->ranks[mid].route->row.NextHop), gateway, 4) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n &&
	       memcmp(mib_addr_bytes(&mib->ranks[low].route->row.NextHop), gateway, 4) == 0;
}

/* A staged row of ipCidrRouteTable stands before a route of its name: one row, not two. */
static void
note_hidden(struct mib *mib, const IP_ADDRESS_PREFIX *prefix, size_t n)
{
	IPMask mask = mask_from_len(prefix->PrefixLength);
	struct mib_key first = { .b = { [MIB_KEY_TABLE] = MIB_TABLE_CIDR } };
	struct mib_side *side;

	memcpy(first.b + MIB_V4_DEST, mib_addr_bytes(&prefix->Prefix), 4);
	memcpy(first.b + MIB_CIDR_MASK, &mask, 4);
	for (side = mib_staged_from(mib, &first, true);
	     side != NULL && memcmp(side->by_key.key.b, first.b, MIB_CIDR_TOS) == 0;
	     side = mib_staged_next(side))
		mib_side_hides(mib, side,
		               has_gateway(mib, n, side->by_key.key.b + MIB_CIDR_NH));
}

/* Everything about one destination, against what its slot remembers. */
static bool
settle(struct mib *mib, uintptr_t *slot, const IP_ADDRESS_PREFIX *prefix, size_t nrows,
       bool alone, struct mib_made *made)
{
	ADDRESS_FAMILY family = prefix->Prefix.si_family;
	MIB_IPFORWARD_ROW2 probe = { .DestinationPrefix = *prefix };
	uint32_t before[MIB_COUNTS], after[MIB_COUNTS];
	struct mib_core dest;
	size_t n;

	mib->mark++;
	mib->generation++;
	n = rank_rows(mib, nrows, *slot, made);
	probe.NextHop.si_family = family;
	mib_core_of_row(&probe, &dest);
	if (mib->active.root != NULL)
		sweep_side(mib, &dest);
	if ((n > 1 || mib->nstaged > 0) && !name_all(mib, n))
		return false;
	if (mib_prefix_zoned(prefix) && !settle_zoned(mib, prefix, n))
		return false;
	if (family == AF_INET && mib->nstaged > 0)
		note_hidden(mib, prefix, n);
	count_rows(mib, family, n, after);
	mib_slot_counts(*slot, family, before);
	if (!alone)
		after[MIB_COUNT_FORWARD] = 0; /* recount() follows */
	if (!mib_slot_store(mib, slot, prefix, after, n))
		return false;
	for (size_t i = 0; i < MIB_COUNTS; i++)
		mib->count[i] += after[i] - before[i];
	return true;
}

/* The slot of a destination, locked; NULL: no memory, or gone. */
static uintptr_t *
slot_lock(struct mib_family *fam, RTM_DEST_HANDLE dest)
{
	PVOID at = NULL;

	if (RtmLockDestination(fam->entity, dest, TRUE, TRUE) != NO_ERROR)
		return NULL;
	if (RtmGetOpaqueInformationPointer(fam->entity, dest, &at) == NO_ERROR && at != NULL)
		return at;
	(void)RtmLockDestination(fam->entity, dest, TRUE, FALSE);
	return NULL;
}

static void
slot_unlock(struct mib_family *fam, RTM_DEST_HANDLE dest)
{
	(void)RtmLockDestination(fam->entity, dest, TRUE, FALSE);
}

/* A destination by its key; to be released. */
static bool
dest_get(struct mib_family *fam, const IP_ADDRESS_PREFIX *prefix, RTM_DEST_INFO *out)
{
	RTM_NET_ADDRESS net = { .AddressFamily = prefix->Prefix.si_family,
		                .NumBits = prefix->PrefixLength };

	memcpy(net.AddrBits, mib_addr_bytes(&prefix->Prefix),
	       mib_addr_size(prefix->Prefix.si_family));
	return RtmGetExactMatchDestination(fam->entity, &net, RTM_BEST_PROTOCOL,
	                                   RTM_VIEW_MASK_ANY, out) == NO_ERROR;
}

/* One destination's share in ipForwardTable, where several have its address. */
static void
recount(void *arg, const IP_ADDRESS_PREFIX *prefix, uint32_t rows)
{
	struct mib_family *fam = arg;
	uint32_t before[MIB_COUNTS];
	uintptr_t *slot;

	if (!dest_get(fam, prefix, fam->other))
		return;
	slot = slot_lock(fam, fam->other->DestHandle);
	if (slot != NULL) {
		mib_slot_counts(*slot, fam->family, before);
		if (mib_slot_forward(slot, rows))
			fam->mib->count[MIB_COUNT_FORWARD] += rows - before[MIB_COUNT_FORWARD];
		slot_unlock(fam, fam->other->DestHandle);
	}
	(void)RtmReleaseDestInfo(fam->entity, fam->other);
}

/*
 * The lock is for the slot; while it is held nothing is asked of the core.
 * @return false: no memory, and the destination has to be looked at again.
 */
static bool
settle_dest(struct mib_family *fam, RTM_DEST_HANDLE dest, const IP_ADDRESS_PREFIX *prefix,
            struct mib_made *made)
{
	bool alone, settled;
	uintptr_t *slot;
	size_t nrows;

	if (!read_rows(fam->mib, prefix, &nrows, &alone))
		return false;
	slot = slot_lock(fam, dest);
	if (slot == NULL)
		return false;
	settled = settle(fam->mib, slot, prefix, nrows, alone, made);
	slot_unlock(fam, dest);
	return settled && (alone || mib_ipv4_forward_counts(fam->mib, prefix, recount, fam));
}

static struct mib_family *
family_of(struct mib *mib, ADDRESS_FAMILY family)
{
	return &mib->families[family == AF_INET ? 0 : 1];
}

static void
prefix_of(const RTM_NET_ADDRESS *net, IP_ADDRESS_PREFIX *out)
{
	mib_addr_make(&out->Prefix, net->AddressFamily, net->AddrBits);
	out->PrefixLength = (UINT8)net->NumBits;
}

void
mib_sync_dest(struct mib *mib, const IP_ADDRESS_PREFIX *prefix, struct mib_made *made)
{
	struct mib_family *fam = family_of(mib, prefix->Prefix.si_family);

	/* One that is gone will be reported with the slot it had. */
	if (!dest_get(fam, prefix, fam->exact))
		return;
	/* There is one thread, so what is queued is what has been looked at just now. */
	if (settle_dest(fam, fam->exact->DestHandle, prefix, made))
		(void)RtmIgnoreChangedDests(fam->entity, fam->notify, 1,
		                            &fam->exact->DestHandle);
	(void)RtmReleaseDestInfo(fam->entity, fam->exact);
}

/* ---- changes ------------------------------------------------------------------- */

static RTM_DEST_INFO *
next_record(RTM_DEST_INFO *info)
{
	return RTM_NEXT_DEST_INFO(info);
}

static bool
settle_records(struct mib_family *fam, UINT n)
{
	RTM_DEST_INFO *info = fam->records;
	IP_ADDRESS_PREFIX prefix;
	bool settled = true;

	for (UINT i = 0; i < n; i++, info = next_record(info)) {
		prefix_of(&info->DestAddress, &prefix);
		if (!settle_dest(fam, info->DestHandle, &prefix, NULL))
			settled = false;
	}
	return settled;
}

/*
 * A batch that could not be settled for want of memory is kept, with its references,
 * and tried again next time; the others wait in the core. Settling twice does no harm.
 */
static bool
settle_held(struct mib_family *fam)
{
	if (fam->held == 0)
		return true;
	if (!settle_records(fam, fam->held))
		return false;
	(void)RtmReleaseChangedDests(fam->entity, fam->notify, fam->held, fam->records);
	fam->held = 0;
	return true;
}

/* Take in up to `budget' destinations. @return whether more may be queued. */
static bool
drain(struct mib_family *fam, size_t budget)
{
	for (size_t done = 0; done < budget; done += fam->batch) {
		UINT n = fam->batch;

		if (!settle_held(fam))
			return true;
		if (RtmGetChangedDests(fam->entity, fam->notify, &n, fam->records) !=
		        NO_ERROR ||
		    n == 0)
			return false;
		fam->held = n;
	}
	(void)settle_held(fam);
	return true;
}

/* Look at every destination there is, before the first request. */
static bool
settle_everything(struct mib_family *fam)
{
	RTM_ENUM_HANDLE list;
	bool settled = true;

	if (RtmCreateDestEnum(fam->entity, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL,
	                      RTM_BEST_PROTOCOL, &list) != NO_ERROR)
		return false;
	while (settled) {
		UINT n = fam->batch;

		if (RtmGetEnumDests(fam->entity, list, &n, fam->records) != NO_ERROR || n == 0)
			break;
		settled = settle_records(fam, n);
		(void)RtmReleaseDests(fam->entity, n, fam->records);
	}
	(void)RtmDeleteEnumHandle(fam->entity, list);
	return settled;
}

void
mib_sync(struct mib *mib)
{
	mib->now_ms = mib_now(mib);
	mib->behind = false;
	for (size_t i = 0; i < 2; i++)
		if (drain(&mib->families[i], REQUEST_BUDGET))
			mib->behind = true;
	/* What was read a moment ago may rest on a destination that is still queued. */
	if (mib->behind)
		mib->generation++;
}

void
mib_sync_all(struct mib *mib)
{
	mib->behind = false;
	for (size_t i = 0; i < 2; i++)
		if (drain(&mib->families[i], SIZE_MAX))
			mib->behind = true;
}

static DWORD WINAPI
changed(RTM_ENTITY_HANDLE entity, RTM_EVENT_TYPE type, PVOID notify, PVOID context)
{
	(void)entity;
	(void)notify;
	if (type == RTM_CHANGE_NOTIFICATION)
		(void)drain(context, SIZE_MAX);
	return NO_ERROR;
}

/* ---- registration ---------------------------------------------------------------- */

static DWORD
family_open(struct mib *mib, struct mib_family *fam, ADDRESS_FAMILY family)
{
	RTM_ENTITY_INFO who = { .RtmInstanceId = iph_instance(mib->config.iph),
		                .AddressFamily = family };
	RTM_REGN_PROFILE profile;
	DWORD err;

	fam->mib = mib;
	fam->family = family;
	who.EntityId.EntityProtocolId =
	    PROTOCOL_ID(PROTO_TYPE_UCAST, PROTO_VENDOR_MS2, MIB_ENTITY_PROTOCOL);
	err = RtmRegisterEntity(&who, NULL, changed, TRUE, &profile, &fam->entity);
	if (err != NO_ERROR)
		return err;
	fam->batch = profile.MaxHandlesInEnum;
	fam->records = mem_calloc(fam->batch, RTM_SIZE_OF_DEST_INFO(profile.NumberOfViews));
	fam->exact = mem_calloc(1, RTM_SIZE_OF_DEST_INFO(profile.NumberOfViews));
	fam->other = mem_calloc(1, RTM_SIZE_OF_DEST_INFO(profile.NumberOfViews));
	if (fam->records == NULL || fam->exact == NULL || fam->other == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	err = RtmRegisterForChangeNotification(fam->entity, RTM_VIEW_MASK_ANY,
	                                       RTM_CHANGE_TYPE_ALL, fam, &fam->notify);
	if (err != NO_ERROR)
		return err;
	return settle_everything(fam) ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD
mib_sync_open(struct mib *mib)
{
	DWORD err = family_open(mib, &mib->families[0], AF_INET);

	return err != NO_ERROR ? err : family_open(mib, &mib->families[1], AF_INET6);
}

void
mib_sync_close(struct mib *mib)
{
	for (size_t i = 0; i < 2; i++) {
		struct mib_family *fam = &mib->families[i];

		if (fam->held > 0)
			(void)RtmReleaseChangedDests(fam->entity, fam->notify, fam->held,
			                             fam->records);
		if (fam->notify != NULL)
			(void)RtmDeregisterFromChangeNotification(fam->entity, fam->notify);
		if (fam->entity != NULL)
			(void)RtmDeregisterEntity(fam->entity);
		mem_free(fam->records);
		mem_free(fam->exact);
		mem_free(fam->other);
	}
	mib_slots_close(mib);
	while (mib->zoned.root != NULL) {
		struct mib_keyed *at = TREE_OF(mib->zoned.root, struct mib_keyed, node);

		tree_remove(&mib->zoned, &at->node);
		mem_free(TREE_OF(at, struct mib_zoned, by_key));
	}
	mem_free(mib->rows);
	mem_free(mib->ranks);
}
