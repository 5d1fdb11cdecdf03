/*
 * The commit phase of a SET, and the way back.
 *
 * Rows are done in three rounds, deletes, changes, creates, each through the IP Helper
 * function it stands for, so that "destroy A, create B" replaces a route whatever the
 * order of the varbinds. The forwarder is not asked until all of them are in the core, and
 * then once for each destination: it goes from the old gateway to the new without a moment
 * of both or none. What a change displaces in the side table is kept with the
 * change; nothing here needs memory of its own. The disk comes last (mib_store.c): one
 * transaction, so that nothing is on it that anybody refused. Whoever listens to the core hears
 * of a destination once, after the whole PDU, since call-backs run in the loop's next turn.
 *
 * A failure unwinds at once, newest first, and answers commitFailed, or resourceUnavailable
 * where it is the disk that has no room: the manager hears
 * of UNDO only if the unwinding itself failed. The core may have moved between test and
 * commit; a route to be destroyed that is gone is success, a staged row that has given
 * way to a route is failure.
 */
#include "mib_notice.h"
#include "mib_store.h"

#include "base/alloc.h"

#define ROUNDS 3

static unsigned
round_of(const struct mib_op *op)
{
	if (op->core)
		return op->verb == IPH_DELETE ? 0 : op->verb == IPH_SET ? 1 : 2;
	return op->put == NULL ? 0 : 1;
}

static const struct mib_core *
core_of(const struct iph_route *route, struct mib_core *buf)
{
	mib_core_of_row(&route->row, buf);
	return buf;
}

/* The entry that belongs to the row now. */
static struct mib_side *
present_side(struct mib *mib, const struct mib_rowreq *req)
{
	struct mib_core core;

	if (!req->active)
		return mib_staged_find(mib, &req->key);
	return mib_side_by_core(mib, core_of(&req->present, &core));
}

/* Put an entry in, in the place of whatever settled there meanwhile. */
static void
settle_in(struct mib *mib, struct mib_side *side)
{
	struct mib_side *squatter = side->staged ? mib_staged_find(mib, &side->by_key.key)
	                                         : mib_side_by_core(mib, &side->by_core.core);

	if (squatter != NULL)
		mib_side_drop(mib, squatter);
	(void)mib_side_insert(mib, side);
}

static void
do_side(struct mib *mib, struct mib_op *op)
{
	const struct mib_rowreq *req = op->req;

	/* Of a row that moves the first change took it; the key may be another row's by now. */
	op->dropped = op == &req->ops[1] ? NULL : present_side(mib, req);
	if (op->dropped != NULL)
		mib_side_detach(mib, op->dropped);
	if (op->put != NULL)
		settle_in(mib, op->put);
	op->side_done = true;
	mib->generation++;
}

static DWORD
do_core(struct mib *mib, struct mib_op *op, struct iph_fault *fault)
{
	DWORD err;

	if (op->v1)
		err = iph_row1_apply(mib->config.iph, op->verb, &op->row1, fault);
	else
		err = iph_route_apply(mib->config.iph, op->verb, &op->route, fault);
	op->core_done = err == NO_ERROR;
	return op->verb == IPH_DELETE && err == ERROR_NOT_FOUND ? NO_ERROR : err;
}

/* Its destination is read anyway, so what the store wants of it is taken on the way. */
static void
sync_made(struct mib *mib, struct mib_op *op)
{
	const IP_ADDRESS_PREFIX dest = op->route.row.DestinationPrefix;
	struct mib_made made = { .core = &op->req->made.core, .route = &op->route };

	mib_sync_dest(mib, &dest, &made);
	op->read = made.read;
}

static bool
do_op(struct mib_tx *tx, struct mib_op *op, struct iph_fault *fault)
{
	struct mib *mib = tx->mib;
	struct mib_rowreq *req = op->req;

	*fault = (struct iph_fault){ .code = NO_ERROR };
	op->read = false;
	if (req->old != NULL && mib_staged_find(mib, &req->key) != req->old) {
		*fault =
		    (struct iph_fault){ ERROR_NOT_FOUND, IPH_FIELD_ROW, IPH_REASON_NO_SUCH };
		return false;
	}
	if (op->core && do_core(mib, op, fault) != NO_ERROR)
		return false;
	do_side(mib, op);
	if (op->core_done && op->verb == IPH_CREATE && op->put == NULL)
		sync_made(mib, op);
	return true;
}

/* ---- the way back ------------------------------------------------------------------ */

static void
undo_side(struct mib *mib, struct mib_op *op)
{
	if (!op->side_done)
		return;
	op->side_done = false;
	if (op->put != NULL) {
		struct mib_side *at = op->put->staged
		                          ? mib_staged_find(mib, &op->put->by_key.key)
		                          : mib_side_by_core(mib, &op->put->by_core.core);

		if (at == op->put)
			mib_side_detach(mib, op->put);
		else
			op->put = NULL; /* gone with its route meanwhile, and freed */
	}
	if (op->dropped != NULL)
		settle_in(mib, op->dropped);
	op->dropped = NULL;
	mib->generation++;
}

static bool
undo_core(struct mib *mib, struct mib_op *op)
{
	static const enum iph_verb inverse[] = {
		[IPH_CREATE] = IPH_DELETE, [IPH_SET] = IPH_SET, [IPH_DELETE] = IPH_CREATE
	};
	struct mib_core core;
	struct iph_fault fault;
	DWORD err;

	if (!op->core_done)
		return true;
	op->core_done = false;
	err = iph_route_apply(mib->config.iph, inverse[op->verb],
	                      op->verb == IPH_CREATE ? &op->route : &op->before, &fault);
	if (err == NO_ERROR && op->verb == IPH_DELETE)
		mib_sync_dest(mib, &op->before.row.DestinationPrefix,
		              &(struct mib_made){ .core = core_of(&op->before, &core) });
	return err == NO_ERROR || (op->verb == IPH_CREATE && err == ERROR_NOT_FOUND);
}

static const IP_ADDRESS_PREFIX *
dest_of(const struct mib_op *op)
{
	return &op->route.row.DestinationPrefix;
}

bool
mib_unwind(struct mib_tx *tx)
{
	struct iph_fault fault;
	bool good = true;

	for (size_t i = tx->ndone; i-- > 0;) {
		undo_side(tx->mib, tx->done[i]);
		if (!undo_core(tx->mib, tx->done[i]))
			good = false;
	}
	for (size_t i = tx->ndone; i-- > 0;)
		if (tx->done[i]->asked &&
		    iph_commit(tx->mib->config.iph, dest_of(tx->done[i]), &fault) != NO_ERROR)
			good = false;
	tx->ndone = 0;
	/* Where a route could not be brought back, what is shown is what the core has. */
	if (!good)
		mib_sync_all(tx->mib);
	return good;
}

/* ---- the forwarder -------------------------------------------------------------------- */

/* Which change is the last of its destination? */
static void
find_last(struct mib_tx *tx)
{
	struct tree dests = { NULL };

	for (size_t i = tx->ndone; i-- > 0;) {
		struct mib_op *op = tx->done[i];

		if (!op->core_done)
			continue;
		mib_core_of_row(&op->route.row, &op->dest.core);
		memset(op->dest.core.b + MIB_CORE_DEST_SIZE, 0,
		       sizeof op->dest.core.b - MIB_CORE_DEST_SIZE);
		op->last = mib_cored_find(&dests, &op->dest.core) == NULL;
		if (op->last)
			mib_cored_insert(&dests, &op->dest);
	}
}

/* Ask for each destination once. @return the change that was refused, or NULL. */
static struct mib_op *
ask_forwarder(struct mib_tx *tx, struct iph_fault *fault)
{
	find_last(tx);
	for (size_t i = 0; i < tx->ndone; i++) {
		struct mib_op *op = tx->done[i];

		if (!op->last)
			continue;
		op->asked = true;
		if (iph_commit(tx->mib->config.iph, dest_of(op), fault) != NO_ERROR)
			return op;
	}
	return NULL;
}

/* ---- phases --------------------------------------------------------------------------- */

void
mib_tx_release(struct mib_tx *tx)
{
	if (!tx->holds)
		return;
	tx->mib->open_tx--;
	tx->holds = false;
	mib_notice_ring(tx->mib);
}

/* A full disk is told as such: the manager may try again, or call the administrator. */
static enum mib_error
error_of(const struct iph_fault *fault)
{
	return fault->reason == IPH_REASON_STORE ? MIB_RESOURCEUNAVAILABLE : MIB_COMMITFAILED;
}

static void
fail(struct mib_tx *tx, struct mib_op *op, const struct iph_fault *fault)
{
	const struct mib_rowreq *req = op->req;
	enum mib_where where;
	size_t varbind = mib_blame_fault(req, fault, &where);

	tx->undo_failed = !mib_unwind(tx);
	tx->state = MIB_TX_OVER;
	mib_refuse(tx, req, tx->undo_failed ? MIB_UNDOFAILED : error_of(fault), varbind, fault);
	mib_count_discard(tx);
	mib_tell(tx, tx->undo_failed ? "undo" : "commit");
}

static bool
do_round(struct mib_tx *tx, unsigned round)
{
	struct iph_fault fault;

	for (struct mib_rowreq *req = tx->first; req != NULL; req = req->next)
		for (size_t i = 0; i < 2; i++) {
			struct mib_op *op = &req->ops[i];

			if (!op->used || round_of(op) != round)
				continue;
			op->req = req;
			tx->done[tx->ndone++] = op; /* before, as it may be half done */
			if (!do_op(tx, op, &fault)) {
				fail(tx, op, &fault);
				return false;
			}
		}
	return true;
}

struct mib_result
mib_tx_apply(struct mib_tx *tx)
{
	struct mib_op *refused;
	struct iph_fault fault;

	if (tx->state != MIB_TX_CHECKED)
		return (struct mib_result){ tx->verdict.error != 0 ? tx->verdict.error
			                                           : MIB_GENERR,
			                    tx->verdict.varbind };
	tx->state = MIB_TX_APPLIED;
	/* Anything that fails in here has been taken back when we answer. */
	for (unsigned round = 0; round < ROUNDS; round++)
		if (!do_round(tx, round))
			return (struct mib_result){ MIB_COMMITFAILED, tx->verdict.varbind };
	refused = ask_forwarder(tx, &fault);
	if (refused != NULL) {
		fail(tx, refused, &fault);
		return (struct mib_result){ MIB_COMMITFAILED, tx->verdict.varbind };
	}
	fault.code = mib_store_tx(tx, &refused);
	if (fault.code != NO_ERROR) {
		fault.field = IPH_FIELD_NONE;
		fault.reason = IPH_REASON_STORE;
		fail(tx, refused, &fault);
		return (struct mib_result){ MIB_RESOURCEUNAVAILABLE, tx->verdict.varbind };
	}
	return (struct mib_result){ MIB_NOERROR, 0 };
}

struct mib_result
mib_tx_undo(struct mib_tx *tx)
{
	bool undone;

	mib_tx_release(tx);
	if (tx->state == MIB_TX_APPLIED) {
		tx->state = MIB_TX_OVER;
		undone = mib_store_undo(tx) == NO_ERROR;
		if (mib_unwind(tx) && undone) {
			mib_ledger_end(tx->mib, MIB_END_UNDONE);
		} else {
			tx->undo_failed = true;
			tx->verdict = (struct mib_verdict){ .error = MIB_UNDOFAILED,
				                            .varbind = tx->first->first,
				                            .req = tx->first,
				                            .table = tx->first->table };
			mib_tell(tx, "undo");
		}
	}
	if (!tx->undo_failed)
		return (struct mib_result){ MIB_NOERROR, 0 };
	return (struct mib_result){ MIB_UNDOFAILED, tx->verdict.varbind };
}

void
mib_tx_commit(struct mib_tx *tx)
{
	mib_tx_release(tx);
	if (tx->state != MIB_TX_APPLIED)
		return;
	tx->state = MIB_TX_OVER; /* what was displaced goes with the transaction */
	mib_ledger_end(tx->mib, MIB_END_COMMITTED);
}
