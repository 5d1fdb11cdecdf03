/*
 * The second half of the test phase: every row of the PDU against the table as it is
 * and as the PDU will make it [MIB 3, 4.3].
 *
 * RowStatus is a matrix: what the status column asks, against the state the row is in,
 * gives one of nine actions. The matrix below is that of RFC 2579, the table's own rules
 * are in the actions.
 *
 * Assignments of a PDU count as simultaneous, so nothing may depend on the order of
 * varbinds. Two passes see to it: the first settles what every row is and what becomes
 * of it, and notes the core keys that will be given up; the second looks at routes
 * that come into being, for which a key that is given up is free and one that
 * another row of the PDU takes is not. The core's own rules are asked by its dry run.
 *
 * All memory that the commit phase needs is taken here. No pass stops at the first
 * error: the one with the lowest varbind counts, whichever row it is in.
 */
#include "mib_tx.h"

#include "base/alloc.h"

enum state { ABSENT, NOT_READY, NOT_IN_SERVICE, ACTIVE, STATES };

enum action {
	REFUSE,   /* inconsistentValue on the status */
	NO_ROW,   /* inconsistentName */
	NOTHING,  /* success without effect */
	CREATE,   /* a row, at once a route */
	STAGE,    /* a row that is none yet */
	KEEP,     /* a staged row gets columns */
	ACTIVATE, /* a staged row becomes a route */
	SUSPEND,  /* a route becomes a staged row */
	CHANGE,   /* columns of a route */
	REMOVE
};

/* [RFC2579 RowStatus]; the first line is "no status in this PDU" */
static const uint8_t matrix[][STATES] = {
	[0] = { NO_ROW, KEEP, KEEP, CHANGE },
	[MIB_ACTIVE] = { REFUSE, ACTIVATE, ACTIVATE, CHANGE },
	[MIB_NOT_IN_SERVICE] = { REFUSE, KEEP, KEEP, SUSPEND },
	[MIB_NOT_READY] = { REFUSE, REFUSE, REFUSE, REFUSE },
	[MIB_CREATE_AND_GO] = { CREATE, REFUSE, REFUSE, REFUSE },
	[MIB_CREATE_AND_WAIT] = { STAGE, REFUSE, REFUSE, REFUSE },
	[MIB_DESTROY] = { NOTHING, REMOVE, REMOVE, REMOVE },
};

static int64_t
status_asked(const struct mib_rowreq *req)
{
	const struct mib_set_cell *status = mib_status_cell(req);

	return status == NULL || status->varbind == 0 ? 0 : status->value;
}

static bool
is_status(const struct mib_column *column)
{
	return column->blame == IPH_FIELD_ROW;
}

static void
refuse_status(struct mib_tx *tx, const struct mib_rowreq *req)
{
	mib_refuse(tx, req, MIB_INCONSISTENTVALUE, mib_blame_status(req), NULL);
}

/* The first varbind among the row's columns proper; 0: there is none. */
static size_t
first_column_varbind(const struct mib_rowreq *req)
{
	size_t lowest = 0;

	for (size_t i = 0; i < req->table->ncolumns; i++)
		if (!is_status(&req->table->columns[i]) && req->cells[i].varbind != 0 &&
		    (lowest == 0 || req->cells[i].varbind < lowest))
			lowest = req->cells[i].varbind;
	return lowest;
}

/* ---- the name ------------------------------------------------------------------ */

static bool
interface_exists(const struct mib_tx *tx, uint32_t index)
{
	return index == 0 || iftab_by_index(iph_iftab(tx->mib->config.iph), index) != NULL;
}

/* A zone of 0 in the name of a new row means the interface that the PDU gives. */
static void
fill_zone(struct mib_rowreq *req)
{
	const struct mib_column *column = req->table->columns; /* IfIndex comes first */
	uint32_t index = (uint32_t)req->cells[0].value;

	if (req->table->id != MIB_TABLE_INET || column->blame != IPH_FIELD_INTERFACE ||
	    req->cells[0].varbind == 0 || index == 0)
		return;
	if (mib_inet_zoned(&req->key) && mib_get32(req->key.b + MIB_KEY_ZONE) == 0)
		mib_put32(req->key.b + MIB_KEY_ZONE, index);
	if (req->key.b[MIB_KEY_NH_TYPE] == MIB_ADDR_V6Z &&
	    mib_get32(req->key.b + MIB_KEY_NH_ZONE) == 0)
		mib_put32(req->key.b + MIB_KEY_NH_ZONE, index);
}

/* A zone that is missing, or names no interface: not now [MIB 5.2]. */
static bool
zones_known(const struct mib_tx *tx, const struct mib_rowreq *req)
{
	uint32_t zone = mib_get32(req->key.b + MIB_KEY_ZONE);
	uint32_t hop_zone = mib_get32(req->key.b + MIB_KEY_NH_ZONE);
	int64_t type = req->row.type;

	if (req->table->id != MIB_TABLE_INET)
		return true;
	if (mib_inet_zoned(&req->key) && zone == 0 && type != MIB_TYPE_REJECT &&
	    type != MIB_TYPE_BLACKHOLE)
		return false;
	if (req->key.b[MIB_KEY_NH_TYPE] == MIB_ADDR_V6Z && hop_zone == 0)
		return false;
	return interface_exists(tx, zone) && interface_exists(tx, hop_zone);
}

/* Multicast and what lies above it is no destination of unicast routes. */
static bool
destination_usable(const struct mib_rowreq *req)
{
	const SOCKADDR_INET *dest = &req->shown.DestinationPrefix.Prefix;
	const uint8_t *bytes = mib_addr_bytes(dest);

	return dest->si_family == AF_INET ? bytes[0] < 224 : bytes[0] != 0xFF;
}

static bool
decode(struct mib_tx *tx, struct mib_rowreq *req)
{
	enum mib_name_fault fault = req->table->decode(req->index, req->nindex, &req->key);

	if (fault != MIB_NAME_OK) {
		mib_refuse(tx, req,
		           fault == MIB_NAME_HOST_BITS ? MIB_INCONSISTENTNAME : MIB_NOCREATION,
		           mib_blame_index(req), NULL);
		return false;
	}
	req->decoded = true;
	req->table->describe(&req->key, &req->shown);
	return true;
}

/* ---- the row as it is ------------------------------------------------------------- */

static void
initial_row(const struct mib_table *table, struct mib_row *row)
{
	mib_row_no_extras(row);
	for (size_t i = 0; i < table->ncolumns; i++)
		*mib_cell(row, &table->columns[i]) = table->columns[i].initial;
}

static void
merge_cells(struct mib_rowreq *req)
{
	for (size_t i = 0; i < req->table->ncolumns; i++)
		if (req->cells[i].varbind != 0 && !is_status(&req->table->columns[i]))
			*mib_cell(&req->row, &req->table->columns[i]) = req->cells[i].value;
}

static bool
complete(const struct mib_rowreq *req)
{
	for (size_t i = 0; i < req->table->ncolumns; i++) {
		const struct mib_column *column = &req->table->columns[i];

		if (!is_status(column) && mib_cell_value(&req->row, column) == MIB_UNSET)
			return false;
	}
	return true;
}

/* Find the row, keep what is needed of it, and put this PDU's columns on top. */
static bool
locate(struct mib_tx *tx, struct mib_rowreq *req, enum state *state)
{
	struct mib_ref ref;
	enum mib_found found = req->table->find(tx->mib, &req->key, &ref);
	struct iph_fault fault = { .code = ERROR_NOT_ENOUGH_MEMORY };

	if (found == MIB_READ_FAILED) {
		mib_refuse(tx, req, MIB_RESOURCEUNAVAILABLE, req->first, &fault);
		return false;
	}
	*state = ABSENT;
	initial_row(req->table, &req->row);
	if (found == MIB_FOUND) {
		req->table->project(tx->mib, &ref, &req->row);
		*state = ref.route != NULL                       ? ACTIVE
		         : req->row.status == MIB_NOT_IN_SERVICE ? NOT_IN_SERVICE
		                                                 : NOT_READY;
		if (ref.side != NULL && req->info.len == 0)
			req->info = ref.side->info;
		if (ref.route != NULL) {
			req->present = *ref.route;
			req->shown = ref.route->row;
			req->own = ref.route->own;
			req->active = true;
		} else {
			req->old = ref.side;
			req->present = ref.side->route;
		}
	}
	merge_cells(req);
	return true;
}

/* ---- actions ------------------------------------------------------------------------- */

static struct mib_side *
new_side(struct mib_tx *tx, struct mib_rowreq *req)
{
	struct mib_side *side = mem_calloc(1, sizeof *side);
	struct iph_fault fault = { .code = ERROR_NOT_ENOUGH_MEMORY,
		                   .reason = IPH_REASON_MEMORY };

	if (side == NULL) {
		mib_refuse(tx, req, MIB_RESOURCEUNAVAILABLE, req->first, &fault);
		return NULL;
	}
	side->by_key.key = req->key;
	side->row = req->row;
	side->info = req->info;
	side->touched_ms = tx->mib->now_ms;
	return side;
}

/* A staged row, new or changed; it is incomplete until all required columns are there. */
static void
stage(struct mib_tx *tx, struct mib_rowreq *req, bool must_be_complete)
{
	struct mib_side *side;

	if (must_be_complete && !complete(req)) {
		refuse_status(tx, req);
		return;
	}
	req->row.status = complete(req) ? MIB_NOT_IN_SERVICE : MIB_NOT_READY;
	side = new_side(tx, req);
	if (side == NULL)
		return;
	side->staged = true;
	side->suspended = req->active || (req->old != NULL && req->old->suspended);
	side->route = req->present;
	req->op.used = true;
	req->op.put = side;
}

/* The route will be gone: its key is free for others. */
static void
give_up(struct mib_tx *tx, struct mib_rowreq *req)
{
	struct iph_fault fault;
	DWORD err = iph_route_check(tx->mib->config.iph, IPH_DELETE, &req->present, &fault);

	if (err == ERROR_NOT_FOUND && fault.field != IPH_FIELD_INTERFACE)
		return; /* gone by itself, which is what was asked for */
	if (err != NO_ERROR) {
		mib_refuse_fault(tx, req, &fault);
		return;
	}
	req->op.core = true;
	req->op.verb = IPH_DELETE;
	req->op.route = req->op.before = req->present;
	mib_core_of_row(&req->present.row, &req->gone.core);
	mib_cored_insert(&tx->gone, &req->gone);
}

static void
remove_row(struct mib_tx *tx, struct mib_rowreq *req)
{
	req->op.used = true;
	if (req->active)
		give_up(tx, req);
}

static void
suspend(struct mib_tx *tx, struct mib_rowreq *req)
{
	stage(tx, req, true);
	give_up(tx, req);
}

/* Routes of other clients are shown, not changed [MIB 3.2]. */
static void
foreign(struct mib_tx *tx, struct mib_rowreq *req, enum action action)
{
	struct iph_fault fault = { .code = ERROR_ACCESS_DENIED,
		                   .field = IPH_FIELD_ROW,
		                   .reason = IPH_REASON_FOREIGN };
	size_t column = first_column_varbind(req);

	if (column != 0)
		mib_refuse(tx, req, MIB_NOTWRITABLE, column, &fault);
	if (action == SUSPEND || action == REMOVE)
		mib_refuse(tx, req, MIB_INCONSISTENTVALUE, mib_blame_status(req), &fault);
}

/* Columns of an active row that stays active: only where the table lets them. */
static void
change(struct mib_tx *tx, struct mib_rowreq *req)
{
	size_t column = first_column_varbind(req);

	if (column != 0)
		mib_refuse(tx, req, MIB_INCONSISTENTVALUE, column, NULL);
}

static void
want_route(struct mib_tx *tx, struct mib_rowreq *req)
{
	req->create = complete(req);
	if (!req->create)
		refuse_status(tx, req);
}

static void
act(struct mib_tx *tx, struct mib_rowreq *req, enum action action)
{
	if (req->active && !req->own && action != REFUSE) {
		foreign(tx, req, action);
		return;
	}
	switch (action) {
	case REFUSE:
		refuse_status(tx, req);
		break;
	case NO_ROW:
		mib_refuse(tx, req, MIB_INCONSISTENTNAME, req->first, NULL);
		break;
	case NOTHING:
		break;
	case CREATE:
	case ACTIVATE:
		want_route(tx, req);
		break;
	case STAGE:
		stage(tx, req, false);
		break;
	case KEEP:
		stage(tx, req, status_asked(req) == MIB_NOT_IN_SERVICE);
		break;
	case SUSPEND:
		suspend(tx, req);
		break;
	case CHANGE:
		change(tx, req);
		break;
	case REMOVE:
		remove_row(tx, req);
		break;
	}
}

/* ---- the first pass ------------------------------------------------------------------ */

/* Another row of this PDU has the same name, by way of zone 0. */
static bool
claim_name(struct mib_tx *tx, struct mib_rowreq *req)
{
	if (mib_keyed_find(&tx->names, &req->key) != NULL) {
		refuse_status(tx, req);
		return false;
	}
	req->by_key.key = req->key;
	mib_keyed_insert(&tx->names, &req->by_key);
	return true;
}

/* May a row of this name come into being? */
static bool
may_exist(struct mib_tx *tx, struct mib_rowreq *req)
{
	enum mib_error error = MIB_NOERROR;

	if (!destination_usable(req))
		error = MIB_NOCREATION;
	else if (!zones_known(tx, req))
		error = MIB_INCONSISTENTNAME;
	if (error != MIB_NOERROR)
		mib_refuse(tx, req, error, mib_blame_index(req), NULL);
	return error == MIB_NOERROR;
}

static void
first_pass(struct mib_tx *tx, struct mib_rowreq *req)
{
	enum action action;
	enum state state;

	if (req->conflict != 0) {
		mib_refuse(tx, req, MIB_INCONSISTENTVALUE, req->conflict, NULL);
		return;
	}
	if (!decode(tx, req) || !locate(tx, req, &state))
		return;
	action = matrix[status_asked(req)][state];
	if (state == ABSENT && (action == CREATE || action == STAGE)) {
		struct mib_key asked = req->key;

		fill_zone(req);
		req->table->describe(&req->key, &req->shown);
		if (mib_key_compare(&asked, &req->key) != 0 && !locate(tx, req, &state))
			return;
		action = matrix[status_asked(req)][state];
	}
	if (state == ABSENT && action != NOTHING && !may_exist(tx, req))
		return;
	if (claim_name(tx, req))
		act(tx, req, action);
}

/* ---- the second pass: routes that come into being --------------------------------------- */

/* The column says one interface and the name another [MIB 6.1]. */
static bool
interface_contradicts(const struct mib_rowreq *req)
{
	return req->table->id == MIB_TABLE_INET && req->row.if_index != 0 &&
	       mib_inet_if(&req->key) != 0 && req->row.if_index != mib_inet_if(&req->key);
}

/* Two columns that do not go together: the later of them [MIB 5.1]. */
static void
refuse_pair(struct mib_tx *tx, struct mib_rowreq *req, const struct iph_fault *fault)
{
	struct iph_fault other = *fault;
	enum mib_where where;
	size_t a = mib_blame_fault(req, fault, &where), b;

	other.field = IPH_FIELD_TYPE;
	b = mib_blame_fault(req, &other, &where);
	mib_refuse(tx, req, MIB_INCONSISTENTVALUE, a > b ? a : b, fault);
}

static bool
drops(const struct mib_rowreq *req)
{
	return req->row.type == MIB_TYPE_REJECT || req->row.type == MIB_TYPE_BLACKHOLE;
}

static bool
compose(struct mib_tx *tx, struct mib_rowreq *req, struct iph_route *out)
{
	struct iph_fault fault = { .code = ERROR_INVALID_PARAMETER,
		                   .field = IPH_FIELD_INTERFACE,
		                   .reason = IPH_REASON_MISSING };

	if (interface_contradicts(req)) {
		mib_refuse_fault(tx, req, &fault);
		return false;
	}
	if (req->old != NULL && req->old->suspended) {
		*out = req->present;
	} else {
		memset(out, 0, sizeof *out);
		InitializeIpForwardEntry(&out->row);
		out->row.Protocol = RouteProtocolNetMgmt;
	}
	mib_inet_row_to_route(tx->mib, &req->key, &req->row, out, &fault);
	if (fault.code == NO_ERROR)
		return true;
	if (fault.field == IPH_FIELD_INTERFACE && drops(req))
		refuse_pair(tx, req, &fault);
	else
		mib_refuse_fault(tx, req, &fault);
	return false;
}

static struct mib_rowreq *
maker_of(struct mib_tx *tx, const struct mib_core *core)
{
	struct mib_cored *at = mib_cored_find(&tx->made, core);

	return at == NULL ? NULL : TREE_OF(at, struct mib_rowreq, made);
}

/* Is the key free, in the state that the PDU leads to? */
static bool
claim_core(struct mib_tx *tx, struct mib_rowreq *req, const struct iph_fault *fault)
{
	struct mib_rowreq *other = maker_of(tx, &req->made.core);
	struct iph_fault exists = { ERROR_OBJECT_ALREADY_EXISTS, IPH_FIELD_ROW,
		                    IPH_REASON_EXISTS };

	if (other != NULL) { /* the later of the two is refused */
		if (mib_blame_status(other) > mib_blame_status(req))
			req = other;
		mib_refuse(tx, req, MIB_INCONSISTENTVALUE, mib_blame_status(req), &exists);
		return false;
	}
	mib_cored_insert(&tx->made, &req->made);
	if (fault->reason != IPH_REASON_EXISTS ||
	    mib_cored_find(&tx->gone, &req->made.core) != NULL)
		return true;
	/* Another row has this route: the interface column made them equal. */
	exists.field = IPH_FIELD_INTERFACE;
	mib_refuse_fault(tx, req, &exists);
	return false;
}

static bool
has_extras(const struct mib_rowreq *req)
{
	for (size_t i = 1; i < 5; i++)
		if (req->row.metric[i] != -1)
			return true;
	return req->row.next_hop_as != 0 || req->info.len != 0;
}

/* What a row of the side table keeps of an active one. */
static void
keep_extras(const struct mib_rowreq *req, struct mib_side *side)
{
	mib_row_no_extras(&side->row);
	side->row.next_hop_as = req->row.next_hop_as;
	memcpy(&side->row.metric[1], &req->row.metric[1], 4 * sizeof side->row.metric[1]);
}

static void
second_pass(struct mib_tx *tx, struct mib_rowreq *req)
{
	struct iph_route *route = &req->op.route;
	struct mib_key by_rule;
	struct iph_fault fault;

	if (!req->create || !compose(tx, req, route))
		return;
	req->shown.InterfaceIndex = route->row.InterfaceIndex;
	if (iph_route_check(tx->mib->config.iph, IPH_CREATE, route, &fault) != NO_ERROR &&
	    fault.reason != IPH_REASON_EXISTS) {
		mib_refuse_fault(tx, req, &fault);
		return;
	}
	mib_core_of_row(&route->row, &req->made.core);
	if (!claim_core(tx, req, &fault))
		return;
	req->op.used = req->op.core = true;
	req->op.verb = IPH_CREATE;
	mib_inet_key(&route->row, mib_inet_policy(&route->row), &by_rule);
	if (mib_key_compare(&by_rule, &req->key) == 0 && !has_extras(req))
		return;
	req->op.put = new_side(tx, req);
	if (req->op.put == NULL)
		return;
	req->op.put->by_core.core = req->made.core;
	keep_extras(req, req->op.put);
}

/* ---- the phase ------------------------------------------------------------------------------
 */

struct mib_result
mib_tx_check(struct mib_tx *tx)
{
	if (tx->state == MIB_TX_OPEN && tx->verdict.error == MIB_NOERROR) {
		mib_sync(tx->mib);
		for (struct mib_rowreq *req = tx->first; req != NULL; req = req->next)
			first_pass(tx, req);
		for (struct mib_rowreq *req = tx->first; req != NULL; req = req->next)
			second_pass(tx, req);
		tx->done = mem_calloc(tx->nrows + 1, sizeof(struct mib_rowreq *));
		if (tx->done == NULL && tx->first != NULL)
			mib_refuse(tx, tx->first, MIB_RESOURCEUNAVAILABLE, tx->first->first,
			           NULL);
	}
	if (tx->verdict.error != MIB_NOERROR) {
		tx->state = tx->state == MIB_TX_OPEN ? MIB_TX_OVER : tx->state;
		mib_count_discard(tx);
		mib_tell(tx, "test");
	} else if (tx->state == MIB_TX_OPEN) {
		tx->state = MIB_TX_CHECKED;
		tx->holds = true;
		tx->mib->open_tx++;
	}
	return (struct mib_result){ tx->verdict.error, tx->verdict.varbind };
}
