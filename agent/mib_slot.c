/*
 * What the view remembers of a destination: eight bytes beside it in the core.
 *
 * Of one row, as nearly all destinations have, the slot holds everything: the number of its
 * next hop (mib_hop.c), its protocol, a fingerprint of the rest. For more rows it points to a
 * record. What is remembered is counted: next hops and protocols have as many uses as the
 * slots say. When a slot gets something else to remember, the difference is what there may
 * be notifications of (mib_notice.c).
 */
#include "mib_slot.h"

#include "base/alloc.h"
#include "mib_ipv4.h"
#include "mib_notice.h"

/* One row as the view last saw it. */
struct seen_row {
	struct mib_hop *hop;
	struct mib_seen of;
};

/* What a slot points to where one row does not say it all. */
struct seen {
	struct seen *older, *newer;
	uint32_t count[MIB_COUNTS];
	uint32_t n;
	struct seen_row rows[];
};

/*
 * The slot is one row, from below: a tag, what it counts for, protocol, next hop, fingerprint,
 * and whether it has the other of its two names. What has no room in a pointer of this machine
 * goes into a record.
 */
#define SINGLE 1u
#define SINGLE_FORWARD 2u
#define SINGLE_OWN 4u
#define PROTOCOL_SHIFT 3
#define PROTOCOL_MASK 31u
#define HOP_SHIFT 8
#define PRINT_SHIFT 40
#define PRINT_MASK 0x7FFFFFu
#define OTHER_SHIFT 63

static bool
slot_single(uintptr_t slot)
{
	return (slot & 1) == SINGLE;
}

static uint64_t
single_pack(const struct seen_row *row, const uint32_t *counts)
{
	return (uint64_t)row->of.other_name << OTHER_SHIFT |
	       (uint64_t)row->of.print << PRINT_SHIFT | (uint64_t)row->hop->id << HOP_SHIFT |
	       (uint64_t)row->of.protocol << PROTOCOL_SHIFT | (row->of.own ? SINGLE_OWN : 0u) |
	       (counts[MIB_COUNT_FORWARD] != 0 ? SINGLE_FORWARD : 0u) | SINGLE;
}

static void
single_unpack(const struct mib *mib, uint64_t slot, struct seen_row *out)
{
	out->hop = mib_hop_by_id(mib, (uint32_t)(slot >> HOP_SHIFT));
	out->of.print = (uint32_t)(slot >> PRINT_SHIFT) & PRINT_MASK;
	out->of.protocol = (uint8_t)(slot >> PROTOCOL_SHIFT & PROTOCOL_MASK);
	out->of.own = (slot & SINGLE_OWN) != 0;
	out->of.other_name = slot >> OTHER_SHIFT != 0;
}

static const struct seen *
slot_record(uintptr_t slot)
{
	return slot == 0 || slot_single(slot) ? NULL : (const struct seen *)slot;
}

void
mib_slot_counts(uintptr_t slot, ADDRESS_FAMILY family, uint32_t *counts)
{
	const struct seen *seen = slot_record(slot);

	memset(counts, 0, MIB_COUNTS * sizeof *counts);
	if (seen != NULL) {
		memcpy(counts, seen->count, sizeof seen->count);
	} else if (slot != 0) {
		counts[MIB_COUNT_INET] = 1;
		counts[MIB_COUNT_CIDR] = family == AF_INET;
		counts[MIB_COUNT_FORWARD] = (slot & SINGLE_FORWARD) != 0;
		counts[MIB_COUNT_OWN] = (slot & SINGLE_OWN) != 0;
	}
}

/* The rows that a slot remembers: in its record, or unpacked into `room'. */
static const struct seen_row *
slot_rows(const struct mib *mib, uintptr_t slot, struct seen_row *room, size_t *n)
{
	const struct seen *seen = slot_record(slot);

	*n = seen != NULL ? seen->n : slot != 0;
	if (seen != NULL)
		return seen->rows;
	if (slot != 0)
		single_unpack(mib, slot, room);
	return room;
}

bool
mib_slot_has(const struct mib *mib, uintptr_t slot, const MIB_IPFORWARD_ROW2 *row)
{
	struct seen_row room;
	size_t n;
	const struct seen_row *rows = slot_rows(mib, slot, &room, &n);

	for (size_t i = 0; i < n; i++)
		if (mib_hop_is(rows[i].hop, row))
			return true;
	return false;
}

static void
record_unlink(struct mib *mib, struct seen *seen)
{
	*(seen->older == NULL ? &mib->seen_first : &seen->older->newer) = seen->newer;
	if (seen->newer != NULL)
		seen->newer->older = seen->older;
}

static void
record_link(struct mib *mib, struct seen *seen)
{
	seen->newer = mib->seen_first;
	if (seen->newer != NULL)
		seen->newer->older = seen;
	mib->seen_first = seen;
}

/* The rows of a slot no longer count for next hops and protocols. */
static void
forget_rows(struct mib *mib, const struct seen_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		mib->origins[rows[i].of.protocol]--;
		mib_hop_put(mib, rows[i].hop);
	}
}

static void
mib_slot_clear(struct mib *mib, uintptr_t *slot)
{
	struct seen_row room;
	size_t n;
	const struct seen_row *rows = slot_rows(mib, *slot, &room, &n);

	forget_rows(mib, rows, n);
	if (slot_record(*slot) != NULL) {
		record_unlink(mib, (struct seen *)*slot);
		mem_free((void *)*slot);
	}
	*slot = 0;
}

/* A number that changes with whatever a row shows besides its name. */
static uint32_t
fingerprint(const struct iph_route *route)
{
	const MIB_IPFORWARD_ROW2 *row = &route->row;
	const uint32_t words[] = { (uint32_t)route->kind, route->flags,
		                   route->views,          route->preference,
		                   row->Metric,           (uint32_t)row->Protocol,
		                   row->ValidLifetime,    row->PreferredLifetime,
		                   row->SitePrefixLength, (uint32_t)row->Origin,
		                   row->Loopback != 0,    row->AutoconfigureAddress != 0,
		                   row->Publish != 0,     row->Immortal != 0 };
	uint32_t print = 2166136261u;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		print = (print ^ words[i]) * 2654435761u;
		print ^= print >> 15;
	}
	return print & PRINT_MASK;
}

static void
see(const struct mib_rank *rank, struct mib_seen *out)
{
	const MIB_IPFORWARD_ROW2 *row = &rank->route->row;
	struct mib_key by_rule;

	out->print = fingerprint(rank->route);
	out->protocol = (uint8_t)mib_protocol_shown((ULONG)row->Protocol, MIB_IPPROTO_DHCP);
	out->own = rank->route->own;
	out->other_name = false;
	if (rank->side != NULL) {
		mib_inet_key(row, mib_inet_policy(row), &by_rule);
		out->other_name = mib_key_compare(&rank->side->by_key.key, &by_rule) != 0;
	}
}

/* Count the rows at hand for next hops and protocols. @return false: no memory. */
static bool
note_rows(struct mib *mib, struct seen_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct iph_route *route = mib->ranks[i].route;

		rows[i].hop = mib_hop_get(mib, &route->row);
		if (rows[i].hop == NULL) {
			forget_rows(mib, rows, i);
			return false;
		}
		see(&mib->ranks[i], &rows[i].of);
		mib->origins[rows[i].of.protocol]++;
	}
	return true;
}

/* What a record would be for more than one row; NULL: no memory. */
static struct seen *
record_new(struct mib *mib, const uint32_t *counts, size_t n)
{
	struct seen *seen = mem_calloc(1, sizeof *seen + n * sizeof seen->rows[0]);

	if (seen == NULL || !note_rows(mib, seen->rows, n)) {
		mem_free(seen);
		return NULL;
	}
	memcpy(seen->count, counts, sizeof seen->count);
	seen->n = (uint32_t)n;
	return seen;
}

/* ---- what is new, for notifications ------------------------------------------ */

static void
tell_row(struct mib *mib, enum mib_notice_kind kind, const IP_ADDRESS_PREFIX *prefix,
         const struct seen_row *row, int64_t metric)
{
	MIB_IPFORWARD_ROW2 at = { .DestinationPrefix = *prefix };
	struct mib_key name;
	uint32_t policy;

	mib_hop_row(row->hop, &at);
	policy = mib_inet_policy(&at);
	if (row->of.other_name)
		policy = policy == 0 ? at.InterfaceIndex : 0;
	mib_inet_key(&at, policy, &name);
	mib_notice_route(mib, kind, &at, &name, &row->of, metric);
}

/* The order that the rows of a slot have, as ranks do. */
static int
seen_compare(const struct seen_row *a, const struct seen_row *b)
{
	return a->hop == b->hop ? 0 : mib_key_compare(&a->hop->by_key.key, &b->hop->by_key.key);
}

/* Row by row: what a slot remembered against what is at hand. */
static void
tell_difference(struct mib *mib, const IP_ADDRESS_PREFIX *prefix, const struct seen_row *old,
                size_t nold, const struct seen_row *new, size_t nnew)
{
	size_t i = 0, j = 0;

	while (i < nold || j < nnew) {
		int order = i == nold ? 1 : j == nnew ? -1 : seen_compare(&old[i], &new[j]);
		int64_t metric = order < 0 ? 0 : (int64_t)mib->ranks[j].route->row.Metric;

		if (metric > INT32_MAX)
			metric = INT32_MAX;
		if (order < 0)
			tell_row(mib, MIB_NOTICE_REMOVED, prefix, &old[i], 0);
		else if (order > 0)
			tell_row(mib, MIB_NOTICE_ADDED, prefix, &new[j], metric);
		else if (!mib_seen_alike(&old[i].of, &new[j].of))
			tell_row(mib, MIB_NOTICE_CHANGED, prefix, &new[j], metric);
		i += order <= 0;
		j += order >= 0;
	}
}

/* The slot remembers rows and has something else to remember now. */
static void
slot_replace(struct mib *mib, uintptr_t *slot, const IP_ADDRESS_PREFIX *prefix,
             const struct seen_row *new, size_t n)
{
	if (mib_notice_wanted(mib)) {
		struct seen_row room;
		size_t nold;
		const struct seen_row *old = slot_rows(mib, *slot, &room, &nold);

		tell_difference(mib, prefix, old, nold, new, n);
	}
	mib_slot_clear(mib, slot);
}

enum stored { STORED, NO_ROOM, NO_MEMORY };

/* One row, in the slot itself. */
static enum stored
slot_store_single(struct mib *mib, uintptr_t *slot, const IP_ADDRESS_PREFIX *prefix,
                  const uint32_t *counts)
{
	struct seen_row row;
	uint64_t packed;

	if (!note_rows(mib, &row, 1))
		return NO_MEMORY;
	packed = single_pack(&row, counts);
	if ((uintptr_t)packed != packed) {
		forget_rows(mib, &row, 1);
		return NO_ROOM;
	}
	slot_replace(mib, slot, prefix, &row, 1);
	*slot = (uintptr_t)packed;
	return STORED;
}

/* Remember the rows at hand. @return false: no memory, and the slot is as before. */
bool
mib_slot_store(struct mib *mib, uintptr_t *slot, const IP_ADDRESS_PREFIX *prefix,
               const uint32_t *counts, size_t n)
{
	enum stored single = n == 1 ? slot_store_single(mib, slot, prefix, counts) : NO_ROOM;
	struct seen *seen = NULL;

	if (single != NO_ROOM)
		return single == STORED;
	if (n > 0) {
		seen = record_new(mib, counts, n);
		if (seen == NULL)
			return false;
	}
	slot_replace(mib, slot, prefix, seen == NULL ? NULL : seen->rows, n);
	if (seen != NULL)
		record_link(mib, seen);
	*slot = (uintptr_t)seen;
	return true;
}

/* Write down a share in ipForwardTable; false: the slot has no room for it now. */
bool
mib_slot_forward(uintptr_t *slot, uint32_t rows)
{
	if (slot_record(*slot) != NULL)
		((struct seen *)*slot)->count[MIB_COUNT_FORWARD] = rows;
	else if (slot_single(*slot) && rows <= 1)
		*slot =
		    (*slot & ~(uintptr_t)SINGLE_FORWARD) | (rows != 0 ? SINGLE_FORWARD : 0u);
	else
		return false;
	return true;
}

void
mib_slots_close(struct mib *mib)
{
	while (mib->seen_first != NULL) {
		struct seen *seen = mib->seen_first;

		mib->seen_first = seen->newer;
		mem_free(seen);
	}
}
