/*
 * RTM-MIB as one object: what the standard tables have no column for.
 *
 * The whole module is one registration, as the SNMP library and the master search theirs one
 * by one; which of its objects a name belongs to is found here, in two arrays, each in the
 * order of names: groups of scalars, and tables. A scalar is a line of an array and a member
 * of a struct that is filled in when one is read; a table is described like those of the
 * routes (mib_table.c), only that nothing of it can be written.
 */
#include "mib_int.h"

#include "base/code.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define OBJECTS 1 /* rtmObjects, below the module */

/* ---- scalars -------------------------------------------------------------------- */

struct scalars {
	struct mib_octets version, forwarder, kinds;
	int64_t up_time, sessions, reconnects;
	int64_t requests, committed, refused, undone, released, undo_failures;
	int64_t words[MIB_WORDS];
	int64_t last_refused, managed, staged, most, next_hops;
	int64_t rate, sent, suppressed;
	int64_t stored, rows, transactions, failures, compensated, owed, slowest_us, last_code;
	struct mib_octets last_code_name;
	uint8_t kind_bits[1];
};

/* rtmObjects.GROUP.SUB.0 */
struct scalar {
	mib_subid group, sub;
	const char *name;
	enum mib_type syntax;
	size_t member;
};

#define AT(m) offsetof(struct scalars, m)
/* clang-format off */
static const struct scalar scalars[] = {
	{ 1,  1, "rtmAgentVersion",     MIB_OCTETS,    AT(version) },
	{ 1,  2, "rtmAgentForwarder",   MIB_OCTETS,    AT(forwarder) },
	{ 1,  3, "rtmAgentUpTime",      MIB_TIMETICKS, AT(up_time) },
	{ 1,  4, "rtmAgentSessions",    MIB_COUNTER,   AT(sessions) },
	{ 1,  5, "rtmAgentReconnects",  MIB_COUNTER,   AT(reconnects) },
	{ 2,  1, "rtmSetRequests",      MIB_COUNTER,   AT(requests) },
	{ 2,  2, "rtmSetCommitted",     MIB_COUNTER,   AT(committed) },
	{ 2,  3, "rtmSetRefused",       MIB_COUNTER,   AT(refused) },
	{ 2,  4, "rtmSetUndone",        MIB_COUNTER,   AT(undone) },
	{ 2,  5, "rtmSetReleased",      MIB_COUNTER,   AT(released) },
	{ 2,  6, "rtmSetUndoFailures",  MIB_COUNTER,   AT(undo_failures) },
	{ 2,  7, "rtmSetReadOnly",      MIB_COUNTER,   AT(words[MIB_WORD_READ_ONLY]) },
	{ 2,  8, "rtmSetProtected",     MIB_COUNTER,   AT(words[MIB_WORD_PROTECT]) },
	{ 2,  9, "rtmSetNotAllowed",    MIB_COUNTER,   AT(words[MIB_WORD_ALLOW_WRITE]) },
	{ 2, 10, "rtmSetTooManyRows",   MIB_COUNTER,   AT(words[MIB_WORD_MAX_ROWS]) },
	{ 2, 11, "rtmSetLastRefused",   MIB_GAUGE,     AT(last_refused) },
	{ 3,  1, "rtmRowsManaged",      MIB_GAUGE,     AT(managed) },
	{ 3,  2, "rtmRowsStaged",       MIB_GAUGE,     AT(staged) },
	{ 3,  3, "rtmRowsMost",         MIB_GAUGE,     AT(most) },
	{ 3,  4, "rtmRowsNextHops",     MIB_GAUGE,     AT(next_hops) },
	{ 4,  1, "rtmNotifyKinds",      MIB_OCTETS,    AT(kinds) },
	{ 4,  2, "rtmNotifyRate",       MIB_GAUGE,     AT(rate) },
	{ 4,  3, "rtmNotifySent",       MIB_COUNTER,   AT(sent) },
	{ 4,  4, "rtmNotifySuppressed", MIB_COUNTER,   AT(suppressed) },
	{ 11, 1, "rtmStoreInUse",        MIB_INTEGER,   AT(stored) },
	{ 11, 2, "rtmStoreRows",         MIB_GAUGE,     AT(rows) },
	{ 11, 3, "rtmStoreTransactions", MIB_COUNTER64, AT(transactions) },
	{ 11, 4, "rtmStoreFailures",     MIB_COUNTER64, AT(failures) },
	{ 11, 5, "rtmStoreUndone",       MIB_COUNTER64, AT(compensated) },
	{ 11, 6, "rtmStoreUndoPending",  MIB_INTEGER,   AT(owed) },
	{ 11, 7, "rtmStoreSlowest",      MIB_GAUGE,     AT(slowest_us) },
	{ 11, 8, "rtmStoreLastCode",     MIB_GAUGE,     AT(last_code) },
	{ 11, 9, "rtmStoreLastCodeName", MIB_OCTETS,    AT(last_code_name) },
};
/* clang-format on */

void
mib_bits(uint32_t set, size_t octets, uint8_t *out)
{
	memset(out, 0, octets);
	for (size_t i = 0; i < octets * 8; i++)
		if ((set >> i & 1) != 0)
			out[i / 8] |= (uint8_t)(0x80u >> (i % 8));
}

static struct mib_octets
text(const char *from)
{
	return (struct mib_octets){ from == NULL ? 0 : strlen(from), from };
}

static void
gather_store(const struct mib *mib, struct scalars *out)
{
	struct store_stats stats;

	out->stored = mib_store_stats(mib, &stats) ? MIB_TRUE : MIB_FALSE;
	out->rows = (int64_t)stats.rows;
	out->transactions = (int64_t)stats.commits;
	out->failures = (int64_t)stats.failures;
	out->compensated = (int64_t)stats.undone;
	out->owed = stats.undo_pending ? MIB_TRUE : MIB_FALSE;
	out->slowest_us =
	    stats.commit_us_max < UINT32_MAX ? (int64_t)stats.commit_us_max : UINT32_MAX;
	out->last_code = stats.last_code;
	out->last_code_name =
	    text(stats.last_code == NO_ERROR ? NULL : code_name(stats.last_code));
}

static void
gather(struct mib *mib, struct scalars *out)
{
	const struct mib_ledger *ledger = &mib->ledger;

	mib_sync_all(mib);
	*out = (struct scalars){ .version = text(mib->config.version),
		                 .forwarder = text(mib->config.forwarder),
		                 .up_time = (int64_t)((mib->now_ms - ledger->opened_ms) / 10),
		                 .sessions = ledger->sessions,
		                 .requests = ledger->requests,
		                 .committed = ledger->ends[MIB_END_COMMITTED],
		                 .refused = ledger->ends[MIB_END_REFUSED],
		                 .undone = ledger->ends[MIB_END_UNDONE],
		                 .released = ledger->ends[MIB_END_RELEASED],
		                 .undo_failures = ledger->undo_failures,
		                 .last_refused = ledger->refused_last,
		                 .managed = mib->count[MIB_COUNT_OWN],
		                 .staged = (int64_t)mib->nstaged,
		                 .most = (int64_t)mib->config.policy.max_rows,
		                 .next_hops = (int64_t)mib->hops.used,
		                 .rate = mib->config.notify.rate,
		                 .sent = mib->notes.sent,
		                 .suppressed = mib->notes.suppressed };
	mib_bits(mib->config.notify.kinds, sizeof out->kind_bits, out->kind_bits);
	out->kinds = (struct mib_octets){ sizeof out->kind_bits, out->kind_bits };
	out->reconnects = ledger->sessions > 0 ? ledger->sessions - 1 : 0;
	for (size_t i = 0; i < MIB_WORDS; i++)
		out->words[i] = ledger->words[i];
	gather_store(mib, out);
}

static void
put_number(int64_t number, struct mib_value *out)
{
	switch (out->type) {
	case MIB_INTEGER:
		out->u.integer = number;
		break;
	case MIB_COUNTER64:
		out->u.counter = (uint64_t)number;
		break;
	default:
		out->u.gauge = (uint32_t)number;
	}
}

static void
read_scalar(struct mib *mib, const struct scalar *scalar, struct mib_value *out)
{
	const void *at;
	struct scalars all;

	gather(mib, &all);
	at = (const char *)&all + scalar->member;
	out->type = scalar->syntax;
	out->len = 0;
	if (scalar->syntax == MIB_OCTETS) {
		const struct mib_octets *octets = at;

		out->len =
		    octets->len < sizeof out->u.octets ? octets->len : sizeof out->u.octets;
		if (out->len > 0)
			memcpy(out->u.octets, octets->at, out->len);
	} else {
		put_number(*(const int64_t *)at, out);
	}
}

#define SCALAR_NAME 4

static void
scalar_name(const struct scalar *scalar, mib_subid *out)
{
	out[0] = OBJECTS;
	out[1] = scalar->group;
	out[2] = scalar->sub;
	out[3] = 0;
}

/* The first scalar behind a name, or at it; NULL: none. */
static const struct scalar *
scalar_from(const mib_subid *name, size_t len, bool inclusive)
{
	size_t low = 0, high = COUNT(scalars);

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		mib_subid at[SCALAR_NAME];
		int order;

		scalar_name(&scalars[mid], at);
		order = mib_oid_compare(at, SCALAR_NAME, name, len);
		if (order > 0 || (inclusive && order == 0))
			high = mid;
		else
			low = mid + 1;
	}
	return low < COUNT(scalars) ? &scalars[low] : NULL;
}

/* ---- tables ----------------------------------------------------------------------- */

/* rtmObjects.SUB */
static const struct {
	mib_subid sub;
	const struct mib_table *table;
} tables[] = {
	{ 5, &mib_rtm_result_table }, { 6, &mib_rtm_refused_table },
	{ 7, &mib_rtm_origin_table }, { 8, &mib_rtm_entity_table },
	{ 9, &mib_rtm_hop_table },    { 10, &mib_rtm_route_table },
	{ 12, &mib_rtm_store_table },
};

static enum mib_found
get_scalar(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	const struct scalar *scalar = scalar_from(name, len < 3 ? len : 3, true);
	mib_subid at[SCALAR_NAME];

	if (len < 3 || scalar == NULL)
		return MIB_NO_SUCH_OBJECT;
	scalar_name(scalar, at);
	if (mib_oid_compare(at, 3, name, 3) != 0)
		return MIB_NO_SUCH_OBJECT;
	if (len != SCALAR_NAME || name[3] != 0)
		return MIB_NO_SUCH_INSTANCE;
	read_scalar(mib, scalar, out);
	return MIB_FOUND;
}

static enum mib_found
get(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	if (len < 2 || name[0] != OBJECTS)
		return MIB_NO_SUCH_OBJECT;
	for (size_t i = 0; i < COUNT(tables); i++)
		if (tables[i].sub == name[1])
			return mib_table_get(tables[i].table, mib, name + 2, len - 2, out);
	return get_scalar(mib, name, len, out);
}

/* What follows in one table; a name before it means from its beginning. */
static enum mib_found
next_in_table(struct mib *mib, size_t i, const mib_subid *name, size_t len, mib_subid *out_name,
              size_t *out_len, struct mib_value *out)
{
	const mib_subid root[2] = { OBJECTS, tables[i].sub };
	size_t same = len < 2 ? len : 2;
	int order = mib_oid_compare(name, same, root, same);
	enum mib_found found;

	if (order > 0)
		return MIB_END;
	if (order < 0 || len < 2)
		len = 2;
	found =
	    mib_table_next(tables[i].table, mib, name + 2, len - 2, out_name + 2, out_len, out);
	memcpy(out_name, root, sizeof root);
	*out_len += 2;
	return found;
}

/* The groups of scalars and the tables stand among each other. */
static enum mib_found
next(struct mib *mib, const mib_subid *name, size_t len, mib_subid *out_name, size_t *out_len,
     struct mib_value *out)
{
	const struct scalar *scalar = scalar_from(name, len, false);
	mib_subid group = scalar != NULL ? scalar->group : UINT32_MAX;
	enum mib_found found = MIB_END;

	for (size_t i = 0; i < COUNT(tables) && found == MIB_END && tables[i].sub < group; i++)
		found = next_in_table(mib, i, name, len, out_name, out_len, out);
	if (found != MIB_END || scalar == NULL)
		return found;
	scalar_name(scalar, out_name);
	*out_len = SCALAR_NAME;
	read_scalar(mib, scalar, out);
	return MIB_FOUND;
}

const struct mib_object mib_rtm_object = {
	.name = "rtmMIB",
	.root = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 4292 },
	.root_len = 10,
	.get = get,
	.next = next,
};
