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
 * The second pass is in mib_plan.c. All memory that the commit phase needs is taken here. No
 * pass stops at the first error: the one with the lowest varbind counts, whichever row it is
 * in.
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

#define FORWARD_INVALID 2 /* ipForwardType, where there is no RowStatus [MIB 3.4] */

/* What the PDU asks in terms of RowStatus; 0: nothing. */
static int64_t
status_asked(const struct mib_rowreq *req, enum state state)
{
	const struct mib_set_cell *status = mib_status_cell(req);

	if (status->varbind == 0 || req->table->row_status)
		return status->varbind == 0 ? 0 : status->value;
	if (status->value == FORWARD_INVALID)
		return MIB_DESTROY;
	return state == ABSENT ? MIB_CREATE_AND_GO : 0;
}

/* Whether a column given is about the row's existence only. */
static bool
is_status(const struct mib_rowreq *req, size_t i)
{
	return i == req->table->status &&
	       (req->table->row_status || req->cells[i].value == FORWARD_INVALID);
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
		if (!is_status(req, i) && req->cells[i].varbind != 0 &&
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
	enum mib_name_fault fault =
	    mib_table_decode(req->table, tx->mib, req->index, req->nindex, &req->key);

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

void
mib_initial_row(const struct mib_table *table, struct mib_row *row)
{
	mib_row_no_extras(row);
	for (size_t i = 0; i < table->ncolumns; i++)
		*mib_cell(row, &table->columns[i]) = table->columns[i].initial;
}

static void
merge_cells(struct mib_rowreq *req)
{
	for (size_t i = 0; i < req->table->ncolumns; i++)
		if (req->cells[i].varbind != 0 && !is_status(req, i))
			*mib_cell(&req->row, &req->table->columns[i]) = req->cells[i].value;
}

static bool
complete(const struct mib_rowreq *req)
{
	for (size_t i = 0; i < req->table->ncolumns; i++)
		if (!(req->table->row_status && i == req->table->status) &&
		    mib_cell_value(&req->row, &req->table->columns[i]) == MIB_UNSET)
			return false;
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
	mib_initial_row(req->table, &req->row);
	req->existed = found == MIB_FOUND;
	if (found == MIB_FOUND) {
		req->table->project(tx->mib, &ref, &req->row);
		*state = ref.route != NULL                       ? ACTIVE
		         : req->row.status == MIB_NOT_IN_SERVICE ? NOT_IN_SERVICE
		                                                 : NOT_READY;
		if (ref.side != NULL && !req->info_given)
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
	side = mib_plan_side(tx, req, &req->key);
	if (side == NULL)
		return;
	side->staged = true;
	side->suspended = req->active || (req->old != NULL && req->old->suspended);
	side->route = req->present;
	req->ops[0].used = true;
	req->ops[0].put = side;
}

static void
remove_row(struct mib_tx *tx, struct mib_rowreq *req)
{
	req->ops[0].used = true;
	req->removes = true;
	if (req->active)
		mib_plan_delete(tx, req);
}

static void
suspend(struct mib_tx *tx, struct mib_rowreq *req)
{
	stage(tx, req, true);
	mib_plan_delete(tx, req);
}

/*
 * Rows that are shown and not changed: routes of other clients [MIB 3.2], and what the
 * configuration forbids.
 */
static void
untouchable(struct mib_tx *tx, struct mib_rowreq *req, enum action action, const char *word)
{
	struct iph_fault fault = { .code = ERROR_ACCESS_DENIED,
		                   .field = IPH_FIELD_ROW,
		                   .reason =
		                       word == NULL ? IPH_REASON_FOREIGN : IPH_REASON_NONE };
	size_t column = first_column_varbind(req);

	if (column != 0)
		mib_refuse_policy(tx, req, MIB_NOTWRITABLE, column, &fault, word);
	if (action == SUSPEND || action == REMOVE || action == ACTIVATE)
		mib_refuse_policy(tx, req, MIB_INCONSISTENTVALUE, mib_blame_status(req), &fault,
		                  word);
}

/* Columns of an active row that stays active: only where the table lets them. */
static void
change(struct mib_tx *tx, struct mib_rowreq *req)
{
	size_t column = first_column_varbind(req);

	if (column == 0)
		return;
	if (req->table->active_changes)
		mib_plan_change(tx, req);
	else
		mib_refuse(tx, req, MIB_INCONSISTENTVALUE, column, NULL);
}

static void
want_route(struct mib_tx *tx, struct mib_rowreq *req)
{
	req->create = complete(req);
	if (!req->create)
		refuse_status(tx, req);
}

/*
 * One route under names of two tables: both may remove it, anything else contradicts.
 * @return false: there is nothing left to do for the later one.
 */
static bool
claim_route(struct mib_tx *tx, struct mib_rowreq *req, enum action action)
{
	struct mib_cored *at;
	struct mib_rowreq *other;

	req->removes = action == REMOVE;
	mib_core_of_row(&req->present.row, &req->touch.core);
	at = mib_cored_find(&tx->touched, &req->touch.core);
	if (at == NULL) {
		mib_cored_insert(&tx->touched, &req->touch);
		return true;
	}
	other = TREE_OF(at, struct mib_rowreq, touch);
	if (!other->removes || !req->removes)
		refuse_status(tx, req);
	return false;
}

static bool
touches(const struct mib_rowreq *req, enum action action)
{
	return req->active && (action == REMOVE || action == SUSPEND ||
	                       (action == CHANGE && first_column_varbind(req) != 0));
}

static void
act(struct mib_tx *tx, struct mib_rowreq *req, enum action action)
{
	const char *word = mib_policy_forbids(tx->mib, &req->shown.DestinationPrefix);

	if (action != REFUSE &&
	    ((req->active && !req->own) || (req->existed && word != NULL))) {
		untouchable(tx, req, action, req->own || !req->active ? word : NULL);
		return;
	}
	if (touches(req, action) && !claim_route(tx, req, action))
		return;
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
		stage(tx, req, status_asked(req, NOT_READY) == MIB_NOT_IN_SERVICE);
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
	const char *word = mib_policy_forbids(tx->mib, &req->shown.DestinationPrefix);
	enum mib_error error = MIB_NOERROR;

	if (word != NULL && req->table->id != MIB_TABLE_FORWARD) {
		mib_refuse_policy(tx, req, MIB_NOCREATION, mib_blame_index(req), NULL, word);
		return false;
	}
	if (!destination_usable(req) ||
	    (req->table->creatable != NULL && !req->table->creatable(&req->key)))
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
	action = matrix[status_asked(req, state)][state];
	if (state == ABSENT && (action == CREATE || action == STAGE)) {
		struct mib_key asked = req->key;

		fill_zone(req);
		req->table->describe(&req->key, &req->shown);
		if (mib_key_compare(&asked, &req->key) != 0 && !locate(tx, req, &state))
			return;
		action = matrix[status_asked(req, state)][state];
	}
	if (state == ABSENT && action != NOTHING && !may_exist(tx, req))
		return;
	if (claim_name(tx, req))
		act(tx, req, action);
}

/* ---- the phase --------------------------------------------------------------- */

/* The disk has one transaction at a time, and an import has it. */
static void
refuse_busy(struct mib_tx *tx)
{
	static const struct iph_fault busy = { ERROR_BUSY, IPH_FIELD_NONE, IPH_REASON_STORE };

	mib_refuse(tx, tx->first, MIB_RESOURCEUNAVAILABLE, tx->first->first, &busy);
}

struct mib_result
mib_tx_check(struct mib_tx *tx)
{
	if (tx->state == MIB_TX_OPEN && tx->mib->importing && tx->first != NULL &&
	    tx->verdict.error == MIB_NOERROR)
		refuse_busy(tx);
	if (tx->state == MIB_TX_OPEN && tx->verdict.error == MIB_NOERROR) {
		mib_sync(tx->mib);
		for (struct mib_rowreq *req = tx->first; req != NULL; req = req->next)
			first_pass(tx, req);
		for (struct mib_rowreq *req = tx->first; req != NULL; req = req->next)
			mib_plan_create(tx, req);
		mib_policy_limit(tx);
		tx->done = mem_calloc(2 * tx->nrows + 1, sizeof(struct mib_op *));
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
