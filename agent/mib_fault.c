/*
 * Why a SET was refused, in three languages: the code of the documented function, the
 * SNMP error and its varbind, and a line for people.
 *
 * A Windows function answers with one code, and one code stands for several
 * situations; SNMP wants to know which value was wrong. So the checks below answer with
 * code, member and reason, and the table here turns reason, code and the place where
 * the member was supplied (the index, a column of this PDU, or neither) into an error
 * [MIB 5.2]. The first line that matches decides. Which varbind to point at is decided
 * by the place alone [MIB 5.1].
 */
#include "mib_tx.h"

#include "base/addr.h"

#include <stdio.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

enum {
	AT_INDEX = 1 << MIB_IN_INDEX,
	AT_COLUMN = 1 << MIB_IN_COLUMN,
	AT_NONE = 1 << MIB_ELSEWHERE
};
#define AT_ANY (AT_INDEX | AT_COLUMN | AT_NONE)
#define ANY_CODE 0u
#define ANY_REASON IPH_REASON_NONE

struct fault_line {
	enum iph_reason reason;
	DWORD code;
	unsigned where;
	enum mib_error error;
};

/* clang-format off */
static const struct fault_line lines[] = {
	/* what an index can never say, and what it cannot say now */
	{ IPH_REASON_HOST_BITS,  ANY_CODE, AT_INDEX,  MIB_INCONSISTENTNAME },
	{ IPH_REASON_NO_SUCH,    ANY_CODE, AT_INDEX,  MIB_INCONSISTENTNAME },
	{ IPH_REASON_NOT_BOUND,  ANY_CODE, AT_INDEX,  MIB_INCONSISTENTNAME },
	{ IPH_REASON_NO_ROUTES,  ANY_CODE, AT_INDEX,  MIB_INCONSISTENTNAME },
	{ IPH_REASON_UNUSABLE,   ANY_CODE, AT_INDEX,  MIB_NOCREATION },
	{ IPH_REASON_FAMILY,     ANY_CODE, AT_INDEX,  MIB_NOCREATION },
	{ IPH_REASON_RANGE,      ANY_CODE, AT_INDEX,  MIB_NOCREATION },
	{ IPH_REASON_STACK,      ANY_CODE, AT_ANY,    MIB_NOCREATION },
	/* what a column can never hold, and what it cannot hold now */
	{ IPH_REASON_UNUSABLE,   ANY_CODE, AT_COLUMN, MIB_WRONGVALUE },
	{ IPH_REASON_FAMILY,     ANY_CODE, AT_COLUMN, MIB_WRONGVALUE },
	{ IPH_REASON_RANGE,      ANY_CODE, AT_COLUMN, MIB_WRONGVALUE },
	{ IPH_REASON_HOST_BITS,  ANY_CODE, AT_ANY,    MIB_INCONSISTENTVALUE },
	{ IPH_REASON_FOREIGN,    ANY_CODE, AT_COLUMN, MIB_NOTWRITABLE },
	{ IPH_REASON_FOREIGN,    ANY_CODE, AT_ANY,    MIB_INCONSISTENTVALUE },
	{ IPH_REASON_MISSING,    ANY_CODE, AT_ANY,    MIB_INCONSISTENTVALUE },
	{ IPH_REASON_NO_SUCH,    ANY_CODE, AT_ANY,    MIB_INCONSISTENTVALUE },
	{ IPH_REASON_NOT_BOUND,  ANY_CODE, AT_ANY,    MIB_INCONSISTENTVALUE },
	{ IPH_REASON_NO_ROUTES,  ANY_CODE, AT_ANY,    MIB_INCONSISTENTVALUE },
	{ IPH_REASON_BELOW_IF,   ANY_CODE, AT_ANY,    MIB_INCONSISTENTVALUE },
	{ IPH_REASON_EXISTS,     ANY_CODE, AT_ANY,    MIB_INCONSISTENTVALUE },
	/* what this machine has not got */
	{ IPH_REASON_PRIVILEGE,  ANY_CODE, AT_ANY,    MIB_RESOURCEUNAVAILABLE },
	{ IPH_REASON_MEMORY,     ANY_CODE, AT_ANY,    MIB_RESOURCEUNAVAILABLE },
	{ IPH_REASON_FORWARDER,  ANY_CODE, AT_ANY,    MIB_RESOURCEUNAVAILABLE },
	{ IPH_REASON_STORE,      ANY_CODE, AT_ANY,    MIB_RESOURCEUNAVAILABLE },
	/* a bare code */
	{ ANY_REASON, ERROR_NOT_ENOUGH_MEMORY,     AT_ANY, MIB_RESOURCEUNAVAILABLE },
	{ ANY_REASON, ERROR_OUTOFMEMORY,           AT_ANY, MIB_RESOURCEUNAVAILABLE },
	{ ANY_REASON, ERROR_NO_SYSTEM_RESOURCES,   AT_ANY, MIB_RESOURCEUNAVAILABLE },
	{ ANY_REASON, ERROR_DISK_FULL,             AT_ANY, MIB_RESOURCEUNAVAILABLE },
	{ ANY_REASON, ERROR_WRITE_FAULT,           AT_ANY, MIB_RESOURCEUNAVAILABLE },
	{ ANY_REASON, ERROR_BUSY,                  AT_ANY, MIB_RESOURCEUNAVAILABLE },
	{ ANY_REASON, ERROR_NOT_READY,             AT_ANY, MIB_RESOURCEUNAVAILABLE },
	{ ANY_REASON, ERROR_POSSIBLE_DEADLOCK,     AT_ANY, MIB_RESOURCEUNAVAILABLE },
	{ ANY_REASON, ERROR_ACCESS_DENIED,         AT_ANY, MIB_RESOURCEUNAVAILABLE },
	{ ANY_REASON, ERROR_NETWORK_UNREACHABLE,   AT_ANY, MIB_INCONSISTENTVALUE },
	{ ANY_REASON, ERROR_HOST_UNREACHABLE,      AT_ANY, MIB_INCONSISTENTVALUE },
	{ ANY_REASON, ERROR_OBJECT_ALREADY_EXISTS, AT_ANY, MIB_INCONSISTENTVALUE },
	{ ANY_REASON, ERROR_ALREADY_EXISTS,        AT_ANY, MIB_INCONSISTENTVALUE },
	{ ANY_REASON, ERROR_NOT_FOUND,             AT_ANY, MIB_INCONSISTENTNAME },
	{ ANY_REASON, ERROR_FILE_NOT_FOUND,        AT_ANY, MIB_INCONSISTENTNAME },
	{ ANY_REASON, ERROR_INVALID_PARAMETER,     AT_INDEX,  MIB_NOCREATION },
	{ ANY_REASON, ERROR_INVALID_PARAMETER,     AT_COLUMN, MIB_INCONSISTENTVALUE },
	{ ANY_REASON, ERROR_BAD_ARGUMENTS,         AT_COLUMN, MIB_INCONSISTENTVALUE },
	{ ANY_REASON, ERROR_NOT_SUPPORTED,         AT_INDEX,  MIB_NOCREATION },
	{ ANY_REASON, ERROR_NOT_SUPPORTED,         AT_COLUMN, MIB_WRONGVALUE },
};
/* clang-format on */

enum mib_error
mib_fault_error(const struct iph_fault *fault, enum mib_where where)
{
	for (size_t i = 0; i < COUNT(lines); i++)
		if ((lines[i].reason == ANY_REASON || lines[i].reason == fault->reason) &&
		    (lines[i].code == ANY_CODE || lines[i].code == fault->code) &&
		    (lines[i].where & 1u << where) != 0)
			return lines[i].error;
	return MIB_GENERR; /* our own bug, or news */
}

/* ---- which varbind ------------------------------------------------------------- */

size_t
mib_blame_index(const struct mib_rowreq *req)
{
	const struct mib_set_cell *status = mib_status_cell(req);
	bool creates =
	    req->table->row_status && status->varbind != 0 &&
	    (status->value == MIB_CREATE_AND_GO || status->value == MIB_CREATE_AND_WAIT);

	return creates ? status->varbind : req->first;
}

size_t
mib_blame_status(const struct mib_rowreq *req)
{
	const struct mib_set_cell *status = mib_status_cell(req);

	return status->varbind != 0 ? status->varbind : req->first;
}

static const struct mib_column *
column_blamed(const struct mib_table *table, enum iph_field field)
{
	for (size_t i = 0; field != IPH_FIELD_NONE && i < table->ncolumns; i++)
		if (table->columns[i].blame == field && table->columns[i].access != MIB_READ)
			return &table->columns[i];
	return NULL;
}

const struct mib_set_cell *
mib_cell_blamed(const struct mib_rowreq *req, enum iph_field field)
{
	const struct mib_column *column = column_blamed(req->table, field);

	return column == NULL ? NULL : &req->cells[column - req->table->columns];
}

size_t
mib_blame_fault(const struct mib_rowreq *req, const struct iph_fault *fault,
                enum mib_where *where)
{
	const struct mib_column *column = column_blamed(req->table, fault->field);
	const struct mib_set_cell *cell =
	    column == NULL ? NULL : &req->cells[column - req->table->columns];

	if (cell != NULL && cell->varbind != 0) {
		*where = fault->field == IPH_FIELD_ROW ? MIB_ELSEWHERE : MIB_IN_COLUMN;
		return cell->varbind;
	}
	if ((column == NULL &&
	     (fault->field == IPH_FIELD_PREFIX || fault->field == IPH_FIELD_LENGTH ||
	      fault->field == IPH_FIELD_NEXTHOP || fault->field == IPH_FIELD_PROTOCOL)) ||
	    (fault->field == IPH_FIELD_INTERFACE && req->table->id == MIB_TABLE_INET &&
	     mib_inet_if(&req->key) != 0)) {
		*where = MIB_IN_INDEX;
		return mib_blame_index(req);
	}
	*where = MIB_ELSEWHERE;
	return fault->field == IPH_FIELD_NONE ? req->first : mib_blame_status(req);
}

/* ---- recording ------------------------------------------------------------------- */

static const struct mib_column *
column_at(const struct mib_rowreq *req, size_t varbind)
{
	for (size_t i = 0; i < req->table->ncolumns; i++)
		if (req->cells[i].varbind == varbind)
			return &req->table->columns[i];
	return NULL;
}

void
mib_refuse(struct mib_tx *tx, const struct mib_rowreq *req, enum mib_error error,
           size_t varbind, const struct iph_fault *fault)
{
	if (tx->verdict.error != MIB_NOERROR && tx->verdict.varbind <= varbind)
		return;
	tx->verdict = (struct mib_verdict){ .error = error,
		                            .varbind = varbind,
		                            .req = req,
		                            .table = req->table,
		                            .column = column_at(req, varbind) };
	if (fault != NULL)
		tx->verdict.fault = *fault;
}

void
mib_refuse_policy(struct mib_tx *tx, const struct mib_rowreq *req, enum mib_error error,
                  size_t varbind, const struct iph_fault *fault, const char *word)
{
	mib_refuse(tx, req, error, varbind, fault);
	if (tx->verdict.req == req && tx->verdict.varbind == varbind)
		tx->verdict.policy = word;
}

void
mib_refuse_fault(struct mib_tx *tx, const struct mib_rowreq *req, const struct iph_fault *fault)
{
	enum mib_where where;
	size_t varbind = mib_blame_fault(req, fault, &where);

	mib_refuse(tx, req, mib_fault_error(fault, where), varbind, fault);
}

void
mib_count_discard(struct mib_tx *tx)
{
	if (tx->verdict.error != MIB_NOERROR && tx->verdict.req != NULL &&
	    tx->verdict.req->create &&
	    mib_fault_error(&tx->verdict.fault, MIB_ELSEWHERE) == MIB_RESOURCEUNAVAILABLE)
		tx->mib->discards++;
}

/* ---- in words --------------------------------------------------------------------- */

struct text {
	char buf[512];
	size_t n;
};

static void
say(struct text *text, const char *format, const char *a, unsigned long b)
{
	int n = snprintf(text->buf + text->n, sizeof text->buf - text->n, format, a, b);

	if (n > 0)
		text->n += (size_t)n < sizeof text->buf - text->n ? (size_t)n : 0;
}

static void
say_index(struct text *text, const struct mib_rowreq *req)
{
	say(text, "%sindex %lu", "", req->nindex > 0 ? req->index[0] : 0);
	for (size_t i = 1; i < req->nindex && text->n + 12 < sizeof text->buf; i++)
		say(text, "%s%lu", ".", req->index[i]);
}

static void
say_address(struct text *text, const char *format, const SOCKADDR_INET *sa)
{
	char buf[ADDR_TEXT_SIZE];
	struct addr addr;

	if (addr_from_sockaddr(&addr, sa))
		say(text, format, addr_format(&addr, buf, sizeof buf), 0);
}

static void
say_route(struct text *text, const MIB_IPFORWARD_ROW2 *row)
{
	struct addr hop;

	say_address(text, "%s", &row->DestinationPrefix.Prefix);
	say(text, "%s%lu", "/", row->DestinationPrefix.PrefixLength);
	if (addr_from_sockaddr(&hop, &row->NextHop) && !addr_is_unspecified(&hop))
		say_address(text, " via %s", &row->NextHop);
	if (row->InterfaceIndex != 0)
		say(text, " %s %lu", "if", row->InterfaceIndex);
}

void
mib_row_words(const MIB_IPFORWARD_ROW2 *row, char *out, size_t size)
{
	struct text text = { .n = 0 };

	say_route(&text, row);
	snprintf(out, size, "%s", text.buf);
}

/* The name of the varbind at fault: as it came, or put together from its row. */
static void
say_variable(struct mib_verdict *verdict)
{
	const struct mib_rowreq *req = verdict->req;
	struct mib_info *out = &verdict->variable;
	size_t n, more;

	if (req == NULL || verdict->column == NULL)
		return;
	n = req->table->object->root_len;
	more = req->nindex < MIB_OID_MAX - n - 2 ? req->nindex : MIB_OID_MAX - n - 2;
	memcpy(out->sub, req->table->object->root, n * sizeof out->sub[0]);
	out->sub[n] = 1;
	out->sub[n + 1] = verdict->column->sub;
	memcpy(out->sub + n + 2, req->index, more * sizeof out->sub[0]);
	out->len = (uint8_t)(n + 2 + more);
}

void
mib_tell(struct mib_tx *tx, const char *phase)
{
	struct mib_verdict *verdict = &tx->verdict;
	const struct mib_config *config = &tx->mib->config;
	struct text row = { .n = 0 };
	struct mib_refusal refusal = { .error = verdict->error,
		                       .varbind = verdict->varbind,
		                       .fault = verdict->fault,
		                       .phase = phase,
		                       .policy = verdict->policy };

	if (tx->told)
		return;
	tx->told = true;
	if (verdict->req != NULL && verdict->req->decoded)
		say_route(&row, &verdict->req->shown);
	else if (verdict->req != NULL)
		say_index(&row, verdict->req);
	refusal.row = row.buf;
	refusal.table = verdict->table == NULL ? "" : verdict->table->object->name;
	refusal.column = verdict->column == NULL ? "" : verdict->column->name;
	say_variable(verdict);
	mib_ledger_refused(tx->mib, &refusal, &verdict->variable);
	if (config->refused != NULL)
		config->refused(config->arg, &refusal);
}
