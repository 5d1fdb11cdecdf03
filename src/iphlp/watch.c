/*
 * One chapter: rows of other clients change too, and RTM only says where.
 *
 * RTM's change notification names a destination, not what happened there. What happened
 * is the difference between the rows it has and the rows it had, so while anybody is
 * subscribed - and only then - the rows of other clients are remembered: per destination
 * the key of each and the little of it that can change. Rows made here are not: their
 * events come from the change itself.
 *
 * The memory is per row of another client, about 60 bytes, and is given back with the
 * last subscriber. A destination that could not be compared for want of memory keeps its
 * old picture, so that the next change there shows the difference as well.
 */
#include "iphlp/iph_int.h"

#include "base/alloc.h"
#include "base/tree.h"

/* What is remembered of one row. */
struct seen_row {
	uint8_t hop[16];
	ULONG if_index, metric, protocol;
	USHORT flags;
};

struct seen {
	struct tree_node node;
	RTM_NET_ADDRESS dest;
	size_t n;
	struct seen_row rows[];
};

static int
cmp_seen(const struct tree_node *a, const struct tree_node *b)
{
	const struct seen *x = (const struct seen *)(const void *)a;
	const struct seen *y = (const struct seen *)(const void *)b;

	return memcmp(&x->dest, &y->dest, sizeof x->dest);
}

static struct seen *
seen_find(struct family *family, const RTM_NET_ADDRESS *dest)
{
	struct seen probe = { .dest = *dest };
	struct tree_node *node = tree_lower(&family->seen, &probe.node, cmp_seen);

	if (node == NULL || cmp_seen(node, &probe.node) != 0)
		return NULL;
	return TREE_OF(node, struct seen, node);
}

static void
seen_drop(struct family *family, struct seen *seen)
{
	if (seen == NULL)
		return;
	tree_remove(&family->seen, &seen->node);
	mem_free(seen);
}

static void
picture_row(const struct iph_route *route, struct seen_row *out)
{
	ADDRESS_FAMILY family = route->row.NextHop.si_family;

	memset(out, 0, sizeof *out);
	memcpy(out->hop, inet_bytes(&route->row.NextHop), inet_size(family));
	out->if_index = route->row.InterfaceIndex;
	out->metric = route->row.Metric;
	out->protocol = route->protocol_id;
	out->flags = route->flags;
}

/* The rows of other clients at a destination; *out NULL where there are none. */
static DWORD
picture(const struct gather *gather, const RTM_NET_ADDRESS *dest, struct seen **out)
{
	struct seen *seen;

	*out = NULL;
	if (gather->foreign == 0)
		return NO_ERROR;
	seen = mem_calloc(1, sizeof *seen + gather->foreign * sizeof seen->rows[0]);
	if (seen == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	seen->dest = *dest;
	for (size_t i = 0; i < gather->n; i++)
		if (!gather->rows[i].own)
			picture_row(&gather->rows[i], &seen->rows[seen->n++]);
	*out = seen;
	return NO_ERROR;
}

/* ---- the difference ------------------------------------------------------------------ */

static struct seen_row *
row_with_key(struct seen *seen, const struct seen_row *key)
{
	for (size_t i = 0; seen != NULL && i < seen->n; i++)
		if (seen->rows[i].if_index == key->if_index &&
		    memcmp(seen->rows[i].hop, key->hop, sizeof key->hop) == 0)
			return &seen->rows[i];
	return NULL;
}

static bool
same_contents(const struct seen_row *a, const struct seen_row *b)
{
	return a->metric == b->metric && a->protocol == b->protocol && a->flags == b->flags;
}

static void
tell(struct iph *iph, const RTM_NET_ADDRESS *dest, const struct seen_row *row,
     MIB_NOTIFICATION_TYPE type)
{
	const struct iftab_if *iface = iftab_by_index(iph->ifs, row->if_index);
	MIB_IPFORWARD_ROW2 out;
	struct event *event;

	memset(&out, 0, sizeof out);
	inet_make(&out.DestinationPrefix.Prefix, dest->AddressFamily, dest->AddrBits);
	out.DestinationPrefix.PrefixLength = (UINT8)dest->NumBits;
	inet_make(&out.NextHop, dest->AddressFamily, row->hop);
	out.InterfaceIndex = row->if_index;
	out.InterfaceLuid.Value = iface != NULL ? iface->luid.Value : 0;
	if (iph_event_new(iph, &event) == NO_ERROR)
		iph_event_post(iph, event, type, &out);
}

static void
tell_difference(struct iph *iph, const RTM_NET_ADDRESS *dest, struct seen *old,
                struct seen *new)
{
	for (size_t i = 0; old != NULL && i < old->n; i++)
		if (row_with_key(new, &old->rows[i]) == NULL)
			tell(iph, dest, &old->rows[i], MibDeleteInstance);
	for (size_t i = 0; new != NULL &&i < new->n; i++) {
		struct seen_row *was = row_with_key(old, &new->rows[i]);

		if (was == NULL)
			tell(iph, dest, &new->rows[i], MibAddInstance);
		else if (!same_contents(was, &new->rows[i]))
			tell(iph, dest, &new->rows[i], MibParameterNotification);
	}
}

static DWORD
look_at(struct iph *iph, struct gather *gather, const RTM_DEST_INFO *info, bool quietly)
{
	struct family *family = gather->family;
	struct seen *old = seen_find(family, &info->DestAddress), *new;
	DWORD err = iph_gather_dest(gather, info);

	if (err == ERROR_NOT_FOUND)
		gather->n = gather->foreign = 0;
	else if (err != NO_ERROR)
		return err;
	err = picture(gather, &info->DestAddress, &new);
	if (err != NO_ERROR)
		return err;
	if (!quietly)
		tell_difference(iph, &info->DestAddress, old, new);
	seen_drop(family, old);
	if (new != NULL)
		tree_insert(&family->seen, &new->node, cmp_seen);
	return NO_ERROR;
}

/* ---- from RTM ------------------------------------------------------------------------ */

/* Under the lock; the call-back of RTM comes here. */
void
iph_watch_changed(struct iph *iph, struct family *family)
{
	struct gather gather = { .iph = iph, .family = family };
	UINT n = family->batch;

	if (family->notify == NULL)
		return;
	while (RtmGetChangedDests(family->entity, family->notify, &n, family->changed) ==
	       NO_ERROR) {
		const RTM_DEST_INFO *info = family->changed;

		for (UINT i = 0; i < n; i++, info = RTM_NEXT_DEST_INFO(info))
			look_at(iph, &gather, info, false);
		RtmReleaseChangedDests(family->entity, family->notify, n, family->changed);
		n = family->batch;
	}
	mem_free(gather.rows);
}

/* The picture to begin with. */
static DWORD
look_around(struct iph *iph, struct family *family)
{
	struct gather gather = { .iph = iph, .family = family };
	DWORD err, failure = NO_ERROR;
	UINT n = family->batch;
	RTM_ENUM_HANDLE list;

	err = RtmCreateDestEnum(family->entity, RTM_VIEW_MASK_UCAST,
	                        RTM_ENUM_ALL_DESTS | RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL,
	                        &list);
	if (err != NO_ERROR)
		return err;
	while (failure == NO_ERROR &&
	       (err = RtmGetEnumDests(family->entity, list, &n, family->changed)) == NO_ERROR) {
		const RTM_DEST_INFO *info = family->changed;

		for (UINT i = 0; i < n; i++, info = RTM_NEXT_DEST_INFO(info))
			if (failure == NO_ERROR)
				failure = look_at(iph, &gather, info, true);
		RtmReleaseDests(family->entity, n, family->changed);
		n = family->batch;
	}
	RtmDeleteEnumHandle(family->entity, list);
	mem_free(gather.rows);
	if (failure != NO_ERROR)
		return failure;
	return err == ERROR_NO_MORE_ITEMS ? NO_ERROR : err;
}

static void
family_end(struct family *family)
{
	struct tree_node *node;

	if (family->notify != NULL)
		RtmDeregisterFromChangeNotification(family->entity, family->notify);
	family->notify = NULL;
	while ((node = tree_first(&family->seen)) != NULL)
		seen_drop(family, TREE_OF(node, struct seen, node));
	mem_free(family->changed);
	family->changed = NULL;
}

static DWORD
family_begin(struct iph *iph, struct family *family)
{
	DWORD err;

	family->changed = mem_calloc(family->batch, RTM_SIZE_OF_DEST_INFO(1));
	if (family->changed == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	err = RtmRegisterForChangeNotification(family->entity, RTM_VIEW_MASK_UCAST,
	                                       RTM_CHANGE_TYPE_ALL, NULL, &family->notify);
	return err == NO_ERROR ? look_around(iph, family) : err;
}

DWORD
iph_watch_begin(struct iph *iph)
{
	DWORD err = NO_ERROR;

	if (iph->notifier.watching)
		return NO_ERROR;
	if (iph->far != NULL) {
		err = iph->far->watch(iph->far->arg, true);
		iph->notifier.watching = err == NO_ERROR;
		return err;
	}
	iph->notifier.watching = true;
	for (size_t i = 0; i < IFTAB_FAMILIES && err == NO_ERROR; i++)
		err = family_begin(iph, &iph->families[i]);
	if (err != NO_ERROR)
		iph_watch_end(iph);
	return err;
}

void
iph_watch_end(struct iph *iph)
{
	if (!iph->notifier.watching)
		return;
	iph->notifier.watching = false;
	if (iph->far != NULL) {
		iph->far->watch(iph->far->arg, false);
		return;
	}
	for (size_t i = 0; i < IFTAB_FAMILIES; i++)
		family_end(&iph->families[i]);
}
