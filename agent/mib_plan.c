/*
 * From rows to routes: which change of the core a row of a PDU stands for, and whether
 * the core would take it.
 *
 * The row's table composes the route it asks for; the rules of the IP Helper function are
 * asked by dry run. What the dry run cannot know is the rest of the PDU: keys that it
 * frees, keys that it takes twice. Those are kept in trees of the transaction, and an
 * answer "exists already" counts only if the key is not among the freed ones.
 *
 * A change of columns that moves the key, another interface or mask, is a delete and a
 * create; one that does not is a set.
 *
 * A new route also gets its name in inetCidrRouteTable here, if it was made through
 * another table, so that a side entry with its further columns can be reserved.
 */
#include "mib_tx.h"

#include "base/alloc.h"

struct mib_side *
mib_plan_side(struct mib_tx *tx, struct mib_rowreq *req, const struct mib_key *key)
{
	struct mib_side *side = mem_calloc(1, sizeof *side);
	struct iph_fault fault = { .code = ERROR_NOT_ENOUGH_MEMORY,
		                   .reason = IPH_REASON_MEMORY };

	if (side == NULL) {
		mib_refuse(tx, req, MIB_RESOURCEUNAVAILABLE, req->first, &fault);
		return NULL;
	}
	side->by_key.key = *key;
	side->row = req->row;
	side->info = req->info;
	side->touched_ms = tx->mib->now_ms;
	return side;
}

/* An entry for an active row, if its name or its columns need one. */
static void
plan_side_of_active(struct mib_tx *tx, struct mib_rowreq *req, struct mib_op *op,
                    const struct mib_key *name)
{
	struct mib_key by_rule;

	mib_inet_key(&op->route.row, mib_inet_policy(&op->route.row), &by_rule);
	if (mib_key_compare(&by_rule, name) == 0 && !mib_has_extras(&req->row, &req->info))
		return;
	op->put = mib_plan_side(tx, req, name);
	if (op->put == NULL)
		return;
	mib_core_of_row(&op->route.row, &op->put->by_core.core);
	mib_row_no_extras(&op->put->row);
	op->put->row.next_hop_as = req->row.next_hop_as;
	memcpy(&op->put->row.metric[1], &req->row.metric[1], 4 * sizeof req->row.metric[1]);
}

/* ---- what the row asks for -------------------------------------------------------- */

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
compose(struct mib_tx *tx, struct mib_rowreq *req, struct mib_op *op)
{
	struct iph_fault fault = { .code = NO_ERROR };

	op->req = req;
	req->table->compose(tx->mib, req, op, &fault);
	if (fault.code == NO_ERROR)
		return true;
	if (fault.field == IPH_FIELD_INTERFACE && drops(req))
		refuse_pair(tx, req, &fault);
	else
		mib_refuse_fault(tx, req, &fault);
	return false;
}

static DWORD
dry_run(struct mib_tx *tx, const struct mib_op *op, struct iph_fault *fault)
{
	if (op->v1)
		return iph_row1_check(tx->mib->config.iph, op->verb, &op->row1, fault);
	return iph_route_check(tx->mib->config.iph, op->verb, &op->route, fault);
}

/* ---- routes that go ---------------------------------------------------------------- */

void
mib_plan_delete(struct mib_tx *tx, struct mib_rowreq *req)
{
	struct mib_op *op = &req->ops[0];
	struct iph_fault fault;

	op->used = true;
	op->req = req;
	op->verb = IPH_DELETE;
	op->route = op->before = req->present;
	if (dry_run(tx, op, &fault) == ERROR_NOT_FOUND && fault.field != IPH_FIELD_INTERFACE)
		return; /* gone by itself, which is what was asked for */
	if (fault.code != NO_ERROR) {
		mib_refuse_fault(tx, req, &fault);
		return;
	}
	op->core = true;
	mib_core_of_row(&req->present.row, &req->gone.core);
	mib_cored_insert(&tx->gone, &req->gone);
}

/* ---- routes that change --------------------------------------------------------------- */

static bool
same_core(const struct iph_route *a, const struct iph_route *b)
{
	struct mib_core ka, kb;

	mib_core_of_row(&a->row, &ka);
	mib_core_of_row(&b->row, &kb);
	return a->kind == b->kind && memcmp(&ka, &kb, sizeof ka) == 0;
}

static bool
gives(const struct mib_rowreq *req, enum iph_field field)
{
	const struct mib_set_cell *cell = mib_cell_blamed(req, field);

	return cell != NULL && cell->varbind != 0;
}

static void
plan_set(struct mib_tx *tx, struct mib_rowreq *req)
{
	struct mib_op *op = &req->ops[0];
	struct mib_core core;
	struct mib_side *side;
	struct mib_key name;
	struct iph_fault fault;

	op->used = true;
	op->verb = IPH_SET;
	op->before = req->present;
	op->core = gives(req, IPH_FIELD_METRIC) || gives(req, IPH_FIELD_INTERFACE) ||
	           gives(req, IPH_FIELD_LENGTH) || gives(req, IPH_FIELD_TYPE);
	if (op->core && dry_run(tx, op, &fault) != NO_ERROR) {
		mib_refuse_fault(tx, req, &fault);
		return;
	}
	mib_core_of_row(&req->present.row, &core);
	side = mib_side_by_core(tx->mib, &core);
	if (side != NULL)
		name = side->by_key.key;
	else
		mib_inet_key(&req->present.row, mib_inet_policy(&req->present.row), &name);
	plan_side_of_active(tx, req, op, &name);
}

void
mib_plan_change(struct mib_tx *tx, struct mib_rowreq *req)
{
	req->ops[0].route = req->present;
	if (!compose(tx, req, &req->ops[0]))
		return;
	if (same_core(&req->ops[0].route, &req->present)) {
		plan_set(tx, req);
		return;
	}
	req->ops[1] = req->ops[0];
	req->ops[0] = (struct mib_op){ .used = false };
	req->create = true;
	mib_plan_delete(tx, req);
}

/* ---- routes that come -------------------------------------------------------------------- */

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
is_gone(const struct mib_tx *tx, const struct iph_route *route)
{
	struct mib_core core;

	mib_core_of_row(&route->row, &core);
	return mib_cored_find(&tx->gone, &core) != NULL;
}

static bool
name_free(struct mib_tx *tx, const struct mib_key *name)
{
	struct mib_ref ref;

	if (mib_keyed_find(&tx->names, name) != NULL)
		return false;
	return mib_inet_find(tx->mib, name, &ref) != MIB_FOUND ||
	       (ref.route != NULL && is_gone(tx, ref.route));
}

/* Whether a row via this gateway stays on another interface [MIB 6.3]. */
static bool
gateway_elsewhere(struct mib_tx *tx, const MIB_IPFORWARD_ROW2 *row)
{
	const struct mib_view *view = mib_view_of(tx->mib, &row->DestinationPrefix);

	for (size_t i = 0; view != NULL && i < view->nrefs; i++) {
		const struct iph_route *other = view->refs[i].route;

		if (other != NULL && other->row.InterfaceIndex != row->InterfaceIndex &&
		    memcmp(mib_addr_bytes(&other->row.NextHop), mib_addr_bytes(&row->NextHop),
		           4) == 0 &&
		    !is_gone(tx, other))
			return true;
	}
	return false;
}

/*
 * The name in inetCidrRouteTable of a route made through another table; false: all that it
 * could have are those of rows being made there [OURS 87].
 */
static bool
name_by_rule(struct mib_tx *tx, struct mib_rowreq *req, const MIB_IPFORWARD_ROW2 *row)
{
	static const struct iph_fault exists = { ERROR_OBJECT_ALREADY_EXISTS, IPH_FIELD_ROW,
		                                 IPH_REASON_EXISTS };
	uint32_t policy = mib_inet_policy(row);
	struct mib_key *name = &req->by_name.key;

	if (policy == 0 && !mib_prefix_zoned(&row->DestinationPrefix) &&
	    gateway_elsewhere(tx, row))
		policy = row->InterfaceIndex;
	mib_inet_key(row, policy, name);
	if (!name_free(tx, name))
		mib_inet_key(row, policy == 0 ? row->InterfaceIndex : 0, name);
	if (!name_free(tx, name)) {
		mib_refuse(tx, req, MIB_INCONSISTENTVALUE, mib_blame_status(req), &exists);
		return false;
	}
	mib_keyed_insert(&tx->names, &req->by_name);
	return true;
}

void
mib_plan_create(struct mib_tx *tx, struct mib_rowreq *req)
{
	struct mib_op *op = &req->ops[req->active ? 1 : 0];
	bool suspended = req->old != NULL && req->old->suspended;
	struct iph_fault fault;
	const char *word;

	if (!req->create)
		return;
	if (!req->active) {
		op->route = req->present;
		if (!suspended) {
			memset(&op->route, 0, sizeof op->route);
			InitializeIpForwardEntry(&op->route.row);
			op->route.row.Protocol = RouteProtocolNetMgmt;
		}
		if (!compose(tx, req, op))
			return;
		op->v1 = op->v1 && !suspended; /* such a row has more than version 1 knows */
	}
	op->verb = IPH_CREATE;
	word = mib_policy_forbids(tx->mib, &op->route.row.DestinationPrefix);
	if (word != NULL) { /* a mask that is a column has led here */
		mib_refuse_policy(tx, req, req->active ? MIB_INCONSISTENTVALUE : MIB_NOCREATION,
		                  mib_blame_index(req), NULL, word);
		return;
	}
	req->shown.InterfaceIndex = op->route.row.InterfaceIndex;
	if (dry_run(tx, op, &fault) != NO_ERROR && fault.reason != IPH_REASON_EXISTS) {
		mib_refuse_fault(tx, req, &fault);
		return;
	}
	mib_core_of_row(&op->route.row, &req->made.core);
	if (!claim_core(tx, req, &fault))
		return;
	op->used = op->core = true;
	req->by_name.key = req->key;
	if (req->table->id != MIB_TABLE_INET && !name_by_rule(tx, req, &op->route.row))
		return;
	plan_side_of_active(tx, req, op, &req->by_name.key);
}
