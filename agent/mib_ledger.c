/*
 * What is remembered of SETs: how many there were and how they ended, and the last ones
 * that were refused, with what SNMP has no word for.
 *
 * SNMP tells a manager an error and a varbind. The documented function behind it had said
 * more: a code, a member of the row, a reason; the configuration may have forbidden it. All
 * of that is kept for the last 32 refused SETs, under numbers that only grow, so that a
 * manager who reads the table twice knows what is new. A slot is its number modulo 32.
 *
 * Counters live as long as the daemon does, whatever becomes of the session with the
 * master. Nothing here needs memory or can fail.
 */
#include "mib_fixed.h"
#include "mib_notice.h"
#include "mib_tx.h"

#include "base/calendar.h"
#include "base/code.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define ENTRY_OF(n) ((n) % MIB_REFUSED_KEPT)

/* ---- counting ------------------------------------------------------------------ */

void
mib_ledger_open(struct mib *mib)
{
	mib->ledger.opened_ms = mib->now_ms;
}

void
mib_session_began(struct mib *mib)
{
	mib->ledger.sessions++;
}

void
mib_ledger_request(struct mib *mib)
{
	mib->ledger.requests++;
}

void
mib_ledger_end(struct mib *mib, enum mib_end end)
{
	mib->ledger.ends[end]++;
	if (end == MIB_END_COMMITTED)
		mib->ledger.results[MIB_NOERROR]++;
}

static void
count_word(struct mib_ledger *ledger, const char *word)
{
	static const char *const words[MIB_WORDS] = {
		[MIB_WORD_READ_ONLY] = "readOnly",
		[MIB_WORD_PROTECT] = "protect",
		[MIB_WORD_ALLOW_WRITE] = "allowWrite",
		[MIB_WORD_MAX_ROWS] = "maxRows",
	};

	for (size_t i = 0; word != NULL && i < MIB_WORDS; i++)
		ledger->words[i] += strcmp(word, words[i]) == 0;
}

static uint8_t
phase_number(const char *phase)
{
	static const char *const phases[] = { "", "test", "commit", "undo" };

	for (size_t i = 1; i < COUNT(phases); i++)
		if (strcmp(phase, phases[i]) == 0)
			return (uint8_t)i;
	return 0;
}

void
mib_ledger_refused(struct mib *mib, const struct mib_refusal *refusal,
                   const struct mib_info *variable)
{
	struct mib_ledger *ledger = &mib->ledger;
	struct mib_refused *at;

	ledger->ends[MIB_END_REFUSED]++;
	ledger->undo_failures += refusal->error == MIB_UNDOFAILED;
	ledger->results[refusal->error < MIB_ERRORS ? refusal->error : MIB_GENERR]++;
	count_word(ledger, refusal->policy);
	if (++ledger->refused_last == 0)
		ledger->refused_last = 1;
	at = &ledger->refused[ENTRY_OF(ledger->refused_last)];
	*at = (struct mib_refused){ .table = refusal->table,
		                    .object = refusal->column,
		                    .code_name = "",
		                    .policy = refusal->policy == NULL ? "" : refusal->policy,
		                    .varbind = refusal->varbind,
		                    .error = refusal->error,
		                    .fault = refusal->fault,
		                    .phase = phase_number(refusal->phase),
		                    .variable = *variable };
	if (mib->config.calendar != NULL)
		at->time = mib->config.calendar(mib->config.arg);
	if (refusal->fault.code != NO_ERROR)
		at->code_name = code_name(refusal->fault.code);
	strncpy(at->row, refusal->row, sizeof at->row - 1);
	mib_notice_refused(mib, ledger->refused_last);
	mib->generation++; /* a row that was read a moment ago may be another now */
}

/* ---- rows named by one number ------------------------------------------------------ */

static const struct mib_shape result_shape = { MIB_TABLE_RTM_RESULT, "n" };
static const struct mib_shape refused_shape = { MIB_TABLE_RTM_REFUSED, "n" };

static void
number_key(enum mib_table_id table, uint32_t number, struct mib_key *out)
{
	memset(out, 0, sizeof *out);
	out->b[MIB_KEY_TABLE] = (uint8_t)table;
	mib_put32(out->b + 1, number);
}

static uint32_t
number_of(const struct mib_key *key)
{
	return mib_get32(key->b + 1);
}

/* The least number that a row behind the sequence can have; false: there is none. */
static bool
number_bound(const struct mib_shape *shape, const mib_subid *sub, size_t n, uint32_t *out)
{
	struct mib_key bound;
	bool inclusive;

	mib_fixed_bound(shape, sub, n, &bound, &inclusive);
	*out = number_of(&bound);
	return inclusive || (*out)++ != UINT32_MAX;
}

/* ---- SETs by result -------------------------------------------------------------------- */

/* What a SET can end with. */
static const uint8_t results[] = { MIB_NOERROR,           MIB_GENERR,
	                           MIB_NOACCESS,          MIB_WRONGTYPE,
	                           MIB_WRONGLENGTH,       MIB_WRONGENCODING,
	                           MIB_WRONGVALUE,        MIB_NOCREATION,
	                           MIB_INCONSISTENTVALUE, MIB_RESOURCEUNAVAILABLE,
	                           MIB_COMMITFAILED,      MIB_UNDOFAILED,
	                           MIB_NOTWRITABLE,       MIB_INCONSISTENTNAME };

static enum mib_found
result_find(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	(void)mib;
	*out = (struct mib_ref){ .key = *key };
	for (size_t i = 0; i < COUNT(results); i++)
		if (results[i] == number_of(key))
			return MIB_FOUND;
	return MIB_NO_SUCH_INSTANCE;
}

static enum mib_found
result_next(struct mib *mib, const mib_subid *sub, size_t n, struct mib_ref *out)
{
	uint32_t least;

	(void)mib;
	*out = (struct mib_ref){ .side = NULL };
	if (!number_bound(&result_shape, sub, n, &least))
		return MIB_END;
	for (size_t i = 0; i < COUNT(results); i++)
		if (results[i] >= least) {
			number_key(MIB_TABLE_RTM_RESULT, results[i], &out->key);
			return MIB_FOUND;
		}
	return MIB_END;
}

static void
result_facts(struct mib *mib, const struct mib_ref *ref, struct mib_memo *memo)
{
	memo->u.result.sets = mib->ledger.results[number_of(&ref->key)];
}

/* clang-format off */
static const struct mib_column result_columns[] = {
	{ 2, "rtmResultSets", MIB_COUNTER, MIB_READ, 0, 0, offsetof(struct mib_result_facts, sets), IPH_FIELD_NONE, 0 },
};
/* clang-format on */

const struct mib_table mib_rtm_result_table = {
	.id = MIB_TABLE_RTM_RESULT,
	.columns = result_columns,
	.ncolumns = COUNT(result_columns),
	.find = result_find,
	.next = result_next,
	.shape = &result_shape,
	.facts = result_facts,
};

/* ---- the last refused ones --------------------------------------------------- */

/* The oldest number that is still kept; numbers from there to the last one are rows. */
static uint32_t
oldest(const struct mib_ledger *ledger)
{
	uint32_t last = ledger->refused_last;

	return last < MIB_REFUSED_KEPT ? 1 : last - MIB_REFUSED_KEPT + 1;
}

static enum mib_found
refused_find(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	uint32_t number = number_of(key);

	*out = (struct mib_ref){ .key = *key };
	return number >= oldest(&mib->ledger) && number <= mib->ledger.refused_last
	           ? MIB_FOUND
	           : MIB_NO_SUCH_INSTANCE;
}

static enum mib_found
refused_next(struct mib *mib, const mib_subid *sub, size_t n, struct mib_ref *out)
{
	uint32_t least;

	*out = (struct mib_ref){ .side = NULL };
	if (!number_bound(&refused_shape, sub, n, &least))
		return MIB_END;
	if (least < oldest(&mib->ledger))
		least = oldest(&mib->ledger);
	if (least > mib->ledger.refused_last)
		return MIB_END;
	number_key(MIB_TABLE_RTM_REFUSED, least, &out->key);
	return MIB_FOUND;
}

static struct mib_octets
text(const char *from)
{
	return (struct mib_octets){ strlen(from), from };
}

/* DateAndTime [RFC2579], in universal time. @return how many octets. */
static size_t
date_and_time(FILETIME time, uint8_t *out)
{
	unsigned deci;
	struct tm date = calendar_date(time, &deci);
	unsigned year = (unsigned)date.tm_year + 1900;

	memset(out, 0, 11);
	if (time.dwHighDateTime == 0 && time.dwLowDateTime == 0) /* nobody told us */
		return 8;
	out[0] = (uint8_t)(year >> 8);
	out[1] = (uint8_t)year;
	out[2] = (uint8_t)(date.tm_mon + 1);
	out[3] = (uint8_t)date.tm_mday;
	out[4] = (uint8_t)date.tm_hour;
	out[5] = (uint8_t)date.tm_min;
	out[6] = (uint8_t)date.tm_sec;
	out[7] = (uint8_t)deci;
	out[8] = '+';
	return 11;
}

static void
refused_facts(struct mib *mib, const struct mib_ref *ref, struct mib_memo *memo)
{
	const struct mib_refused *at = &mib->ledger.refused[ENTRY_OF(number_of(&ref->key))];
	struct mib_refused_facts *out = &memo->u.refused;

	out->varbind = (int64_t)at->varbind;
	out->error = at->error;
	out->code = at->fault.code;
	out->member = (int64_t)at->fault.field + 1; /* enumerations of the MIB begin with 1 */
	out->reason = (int64_t)at->fault.reason + 1;
	out->phase = at->phase;
	out->time =
	    (struct mib_octets){ date_and_time(at->time, out->time_octets), out->time_octets };
	out->table = text(at->table);
	out->row = text(at->row);
	out->object = text(at->object);
	out->code_name = text(at->code_name);
	out->policy = text(at->policy);
	memo->info = at->variable;
}

#define AT(m) offsetof(struct mib_refused_facts, m)
#define READ(syntax, member) syntax, MIB_READ, 0, 0, AT(member), IPH_FIELD_NONE, 0
/* clang-format off */
static const struct mib_column refused_columns[] = {
	{  2, "rtmRefusedTime",     READ(MIB_OCTETS, time) },
	{  3, "rtmRefusedIn",       READ(MIB_OCTETS, table) },
	{  4, "rtmRefusedRow",      READ(MIB_OCTETS, row) },
	{  5, "rtmRefusedObject",   READ(MIB_OCTETS, object) },
	{  6, "rtmRefusedVariable", READ(MIB_OBJID, varbind) }, /* its value is memo->info */
	{  7, "rtmRefusedVarbind",  READ(MIB_GAUGE, varbind) },
	{  8, "rtmRefusedError",    READ(MIB_INTEGER, error) },
	{  9, "rtmRefusedCode",     READ(MIB_GAUGE, code) },
	{ 10, "rtmRefusedCodeName", READ(MIB_OCTETS, code_name) },
	{ 11, "rtmRefusedMember",   READ(MIB_INTEGER, member) },
	{ 12, "rtmRefusedReason",   READ(MIB_INTEGER, reason) },
	{ 13, "rtmRefusedPhase",    READ(MIB_INTEGER, phase) },
	{ 14, "rtmRefusedPolicy",   READ(MIB_OCTETS, policy) },
};
/* clang-format on */

const struct mib_table mib_rtm_refused_table = {
	.id = MIB_TABLE_RTM_REFUSED,
	.columns = refused_columns,
	.ncolumns = COUNT(refused_columns),
	.find = refused_find,
	.next = refused_next,
	.shape = &refused_shape,
	.facts = refused_facts,
};
