/*
 * Telling that routes came, went and changed, and that SETs were refused.
 *
 * mib_sync.c compares what it last knew of a destination with what there is, and says here
 * what differs. That may be in the middle of a SET, so nothing is sent then: a note is
 * made, of a stock that is allocated once, and the bell is rung. Who sends asks for the notes
 * when the loop comes by, and not while a SET is between its phases: one that is undone
 * must not be heard of. For that reason, too, notes about one row are added up: a
 * row that came and went again is none [OURS 97].
 *
 * What nobody asked for is not noted (kinds, prefixes, owners). What goes beyond the rate,
 * finds no note left or no master to take it is counted, and the count is part of each that is
 * sent. Nothing is sent late: a notification tells of now.
 */
#include "mib_notice.h"

#include "base/addr.h"
#include "base/alloc.h"

#define NOTES 256 /* at once; more than anybody reads */

struct mib_note {
	struct mib_keyed by_key; /* in the tree: routes, unless cancelled */
	struct mib_note *next;
	enum mib_notice_kind kind;
	bool cancelled;
	MIB_IPFORWARD_ROW2 row; /* prefix, next hop, interface */
	struct mib_seen seen;
	int64_t metric;
	uint32_t number; /* of rtmRefusedTable */
};

/* ---- the stock ---------------------------------------------------------------------- */

static bool
stock_up(struct mib_notes *notes)
{
	notes->stock = mem_calloc(NOTES, sizeof *notes->stock);
	if (notes->stock == NULL)
		return false;
	for (size_t i = 0; i < NOTES; i++) {
		notes->stock[i].next = notes->free;
		notes->free = &notes->stock[i];
	}
	notes->last = &notes->first;
	return true;
}

DWORD
mib_watch(struct mib *mib, void (*ring)(void *arg), void *arg)
{
	struct mib_notes *notes = &mib->notes;

	notes->ring = NULL;
	if (mib->config.notify.kinds == 0 || ring == NULL)
		return NO_ERROR;
	mib_sync_all(mib); /* what is there already is no news */
	if (notes->stock == NULL && !stock_up(notes))
		return ERROR_NOT_ENOUGH_MEMORY;
	notes->ring = ring;
	notes->arg = arg;
	notes->tokens = (uint64_t)mib->config.notify.rate * 1000;
	notes->filled_ms = mib_now(mib);
	return NO_ERROR;
}

void
mib_notice_close(struct mib *mib)
{
	mem_free(mib->notes.stock);
}

void
mib_notice_ring(struct mib *mib)
{
	if (mib->notes.first != NULL && mib->notes.ring != NULL)
		mib->notes.ring(mib->notes.arg);
}

/* A note at the end of the queue; NULL: none is left. */
static struct mib_note *
note_new(struct mib *mib, enum mib_notice_kind kind)
{
	struct mib_notes *notes = &mib->notes;
	struct mib_note *note = notes->free;

	if (note == NULL) {
		notes->suppressed++;
		return NULL;
	}
	notes->free = note->next;
	*note = (struct mib_note){ .kind = kind };
	*notes->last = note;
	notes->last = &note->next;
	if (notes->first == note)
		notes->ring(notes->arg);
	return note;
}

static void
cancel(struct mib_notes *notes, struct mib_note *note)
{
	if (note->kind != MIB_NOTICE_REFUSED && !note->cancelled)
		tree_remove(&notes->tree, &note->by_key.node);
	note->cancelled = true;
}

/* The first note of the queue, out of it. */
static void
note_drop(struct mib_notes *notes)
{
	struct mib_note *note = notes->first;

	cancel(notes, note);
	notes->first = note->next;
	if (notes->first == NULL)
		notes->last = &notes->first;
	note->next = notes->free;
	notes->free = note;
}

/* ---- what is wanted -------------------------------------------------------------------- */

static bool
is_asked(const struct mib *mib, enum mib_notice_kind kind)
{
	return mib->notes.ring != NULL && (mib->config.notify.kinds & 1u << kind) != 0;
}

bool
mib_notice_wanted(const struct mib *mib)
{
	return is_asked(mib, MIB_NOTICE_ADDED) || is_asked(mib, MIB_NOTICE_REMOVED) ||
	       is_asked(mib, MIB_NOTICE_CHANGED);
}

static bool
prefix_wanted(const struct mib_notify *notify, const IP_ADDRESS_PREFIX *dest)
{
	struct prefix prefix;

	if (notify->nprefixes == 0)
		return true;
	if (!prefix_from_ip_prefix(&prefix, dest))
		return false;
	for (size_t i = 0; i < notify->nprefixes; i++)
		if (prefix_covers_prefix(&notify->prefixes[i], &prefix))
			return true;
	return false;
}

static bool
owner_wanted(const struct mib_notify *notify, const struct mib_seen *seen)
{
	uint32_t is = 1u << seen->protocol | (seen->own ? MIB_OWNER_SNMP : MIB_OWNER_OTHERS);

	return notify->owners == 0 || (notify->owners & is) != 0;
}

/* ---- noting ----------------------------------------------------------------------------- */

/* Two things about one row are one. @return false: they come to nothing. */
static bool
add_up(struct mib_note *note, enum mib_notice_kind kind, const struct mib_seen *seen)
{
	bool same = mib_seen_alike(&note->seen, seen);

	if (note->kind == MIB_NOTICE_ADDED && kind == MIB_NOTICE_REMOVED)
		return false;
	if (note->kind == MIB_NOTICE_REMOVED && kind == MIB_NOTICE_ADDED && same)
		return false;
	if (note->kind == MIB_NOTICE_REMOVED)
		note->kind = MIB_NOTICE_CHANGED;
	else if (kind == MIB_NOTICE_REMOVED)
		note->kind = MIB_NOTICE_REMOVED;
	note->seen = *seen;
	return true;
}

static struct mib_note *
noted(const struct mib *mib, const struct mib_key *key)
{
	struct mib_keyed *at = mib_keyed_find(&mib->notes.tree, key);

	return at == NULL ? NULL : TREE_OF(at, struct mib_note, by_key);
}

void
mib_notice_route(struct mib *mib, enum mib_notice_kind kind, const MIB_IPFORWARD_ROW2 *row,
                 const struct mib_key *name, const struct mib_seen *seen, int64_t metric)
{
	struct mib_note *note;

	if (!prefix_wanted(&mib->config.notify, &row->DestinationPrefix) ||
	    !owner_wanted(&mib->config.notify, seen))
		return;
	note = noted(mib, name);
	if (note != NULL) {
		if (!add_up(note, kind, seen))
			cancel(&mib->notes, note);
		note->metric = metric;
		return;
	}
	note = note_new(mib, kind);
	if (note == NULL)
		return;
	note->row = *row;
	note->seen = *seen;
	note->metric = metric;
	note->by_key.key = *name;
	mib_keyed_insert(&mib->notes.tree, &note->by_key);
}

void
mib_notice_refused(struct mib *mib, uint32_t number)
{
	struct mib_note *note;

	if (!is_asked(mib, MIB_NOTICE_REFUSED))
		return;
	note = note_new(mib, MIB_NOTICE_REFUSED);
	if (note != NULL)
		note->number = number;
}

/* ---- what is sent ------------------------------------------------------------ */

/* Where a varbind's value comes from. */
enum source {
	END,
	ROW_WORDS,
	CONTEXT,
	SUPPRESSED,
	ROW_INTERFACE,
	ROW_PROTOCOL,
	ROW_METRIC,
	REFUSED_COLUMN /* and the columns of rtmRefusedTable behind it */
};
#define REFUSED(column) (REFUSED_COLUMN + (column))

/* By kind: the number of the notification, and its varbinds as the module lists them. */
static const struct {
	mib_subid number;
	uint8_t vars[MIB_NOTICE_VARS + 1];
} kinds[] = {
	[MIB_NOTICE_ADDED] = { 1,
	                       { ROW_WORDS, ROW_INTERFACE, ROW_PROTOCOL, ROW_METRIC, CONTEXT,
	                         SUPPRESSED } },
	[MIB_NOTICE_REMOVED] = { 2,
	                         { ROW_WORDS, ROW_INTERFACE, ROW_PROTOCOL, CONTEXT,
	                           SUPPRESSED } },
	[MIB_NOTICE_CHANGED] = { 3,
	                         { ROW_WORDS, ROW_INTERFACE, ROW_PROTOCOL, ROW_METRIC, CONTEXT,
	                           SUPPRESSED } },
	[MIB_NOTICE_REFUSED] = { 4,
	                         { REFUSED(4), REFUSED(5), REFUSED(8), REFUSED(10), REFUSED(12),
	                           REFUSED(14), CONTEXT, SUPPRESSED } },
};

static const mib_subid inet_entry[] = { 1, 3, 6, 1, 2, 1, 4, 24, 7, 1 };

static struct mib_notice_var *
new_var(struct mib_notice *out, const mib_subid *root, size_t n)
{
	struct mib_notice_var *var = &out->vars[out->nvars++];

	memcpy(var->name, root, n * sizeof *root);
	var->len = n;
	return var;
}

/* A scalar of rtmNotify. */
static struct mib_notice_var *
scalar_var(struct mib_notice *out, mib_subid sub, enum mib_type type)
{
	struct mib_notice_var *var = new_var(out, mib_rtm_object.root, mib_rtm_object.root_len);
	const mib_subid rest[] = { 1, MIB_RTM_NOTIFY, sub, 0 };

	memcpy(var->name + var->len, rest, sizeof rest);
	var->len += sizeof rest / sizeof rest[0];
	var->value.type = type;
	return var;
}

static void
octets_var(struct mib_notice *out, mib_subid sub, const char *text)
{
	struct mib_notice_var *var = scalar_var(out, sub, MIB_OCTETS);

	var->value.len = strlen(text);
	if (var->value.len > 255)
		var->value.len = 255;
	memcpy(var->value.u.octets, text, var->value.len);
}

/* A column of the row in inetCidrRouteTable. */
static void
column_var(const struct mib *mib, const struct mib_note *note, mib_subid column, int64_t value,
           struct mib_notice *out)
{
	struct mib_notice_var *var =
	    new_var(out, inet_entry, sizeof inet_entry / sizeof inet_entry[0]);

	var->name[var->len++] = column;
	var->len += mib_inet_table.encode(mib, &note->by_key.key, var->name + var->len);
	var->value.type = MIB_INTEGER;
	var->value.u.integer = value;
}

/* A column of the row in rtmRefusedTable. @return false: it is no longer kept. */
static bool
refused_var(struct mib *mib, const struct mib_note *note, mib_subid column,
            struct mib_notice *out)
{
	const mib_subid name[] = { 1, MIB_RTM_REFUSED, 1, column, note->number };
	const size_t n = sizeof name / sizeof name[0];
	struct mib_notice_var *var = new_var(out, mib_rtm_object.root, mib_rtm_object.root_len);

	memcpy(var->name + var->len, name, sizeof name);
	var->len += n;
	return mib_rtm_object.get(mib, name, n, &var->value) == MIB_FOUND;
}

static bool
put_var(struct mib *mib, const struct mib_note *note, uint8_t source, struct mib_notice *out)
{
	char words[256];

	switch (source) {
	case ROW_WORDS:
		mib_row_words(&note->row, words, sizeof words);
		octets_var(out, MIB_RTM_NOTIFY_ROW, words);
		return true;
	case CONTEXT:
		octets_var(out, MIB_RTM_NOTIFY_CONTEXT,
		           mib->config.context == NULL ? "" : mib->config.context);
		return true;
	case SUPPRESSED:
		scalar_var(out, MIB_RTM_NOTIFY_SUPPRESSED, MIB_COUNTER)->value.u.gauge =
		    mib->notes.suppressed;
		return true;
	case ROW_INTERFACE:
		column_var(mib, note, 7, note->row.InterfaceIndex, out);
		return true;
	case ROW_PROTOCOL:
		column_var(mib, note, 9, note->seen.protocol, out);
		return true;
	case ROW_METRIC:
		column_var(mib, note, 12, note->metric, out);
		return true;
	default:
		return refused_var(mib, note, source - REFUSED_COLUMN, out);
	}
}

/* @return false: there is nothing to tell any more. */
static bool
compose(struct mib *mib, const struct mib_note *note, struct mib_notice *out)
{
	const uint8_t *source = kinds[note->kind].vars;

	memset(out, 0, sizeof *out);
	memcpy(out->oid, mib_rtm_object.root, mib_rtm_object.root_len * sizeof out->oid[0]);
	out->oid_len = mib_rtm_object.root_len;
	out->oid[out->oid_len++] = 0;
	out->oid[out->oid_len++] = kinds[note->kind].number;
	for (; *source != END; source++)
		if (!put_var(mib, note, *source, out))
			return false;
	return true;
}

/* One of so many a second. Time that passed is counted in thousandths of one. */
static bool
take_token(struct mib *mib)
{
	struct mib_notes *notes = &mib->notes;
	uint64_t now = mib_now(mib), rate = mib->config.notify.rate, most = rate * 1000;
	uint64_t passed = now - notes->filled_ms;

	notes->filled_ms = now;
	notes->tokens = passed >= 1000 ? most : notes->tokens + passed * rate;
	if (notes->tokens > most)
		notes->tokens = most;
	if (notes->tokens < 1000)
		return false;
	notes->tokens -= 1000;
	return true;
}

static void
send_first(struct mib *mib, bool (*send)(void *arg, const struct mib_notice *notice), void *arg)
{
	struct mib_notes *notes = &mib->notes;
	const struct mib_note *note = notes->first;

	if (note->cancelled || !is_asked(mib, note->kind))
		return;
	if (take_token(mib) && compose(mib, note, &notes->notice) && send(arg, &notes->notice))
		notes->sent++;
	else
		notes->suppressed++;
}

void
mib_notices_send(struct mib *mib, bool (*send)(void *arg, const struct mib_notice *notice),
                 void *arg)
{
	if (mib->notes.ring == NULL || mib->open_tx > 0 || mib->importing)
		return; /* at its end the bell rings again */
	mib->now_ms = mib_now(mib);
	mib_sync_all(mib); /* that which takes back what is noted may be on its way */
	while (mib->notes.first != NULL) {
		send_first(mib, send, arg);
		note_drop(&mib->notes);
	}
}
