/*
 * From varbinds to rows: the first half of the test phase of a SET.
 *
 * RFC 3416 4.2.5 examines each varbind by itself first: is the object writable at all,
 * do type, length and value fit it? Those answers need the column's line only and are
 * given at once, before anybody asks whether the row exists. What passes is put into
 * the row request of its index, wherever in the PDU the row's other varbinds are; a
 * tree finds it, so six hundred varbinds of three hundred rows cost no more than
 * their sum. Every phase returns the error of the lowest varbind.
 */
#include "mib_tx.h"

#include "base/addr.h"
#include "base/alloc.h"

/* A row's request is large, and the C library is slow to give and take such blocks. */
#ifdef __SANITIZE_ADDRESS__
#define IDLE_MOST 0 /* who uses one that is over must be caught */
#else
#define IDLE_MOST 64
#endif

static struct mib_rowreq *
rowreq_new(struct mib *mib)
{
	struct mib_rowreq *req = mib->idle;

	if (req == NULL)
		return mem_calloc(1, sizeof *req);
	mib->idle = req->next;
	mib->nidle--;
	memset(req, 0, sizeof *req);
	return req;
}

static void
rowreq_free(struct mib *mib, struct mib_rowreq *req)
{
	if (req == NULL || mib->nidle + 1 > IDLE_MOST) {
		mem_free(req);
		return;
	}
	req->next = mib->idle;
	mib->idle = req;
	mib->nidle++;
}

void
mib_rowreqs_close(struct mib *mib)
{
	struct mib_rowreq *next;

	for (struct mib_rowreq *req = mib->idle; req != NULL; req = next) {
		next = req->next;
		mem_free(req);
	}
}

static int
rowreq_compare(const struct tree_node *na, const struct tree_node *nb)
{
	const struct mib_rowreq *a = TREE_OF(na, const struct mib_rowreq, node);
	const struct mib_rowreq *b = TREE_OF(nb, const struct mib_rowreq, node);

	if (a->table != b->table)
		return a->table->id < b->table->id ? -1 : 1;
	return mib_oid_compare(a->index, a->nindex, b->index, b->nindex);
}

struct mib_tx *
mib_tx_new(struct mib *mib)
{
	struct mib_tx *tx = mem_calloc(1, sizeof *tx);

	if (tx == NULL)
		return NULL;
	tx->mib = mib;
	tx->last = &tx->first;
	mib_ledger_request(mib);
	return tx;
}

void
mib_tx_free(struct mib_tx *tx)
{
	struct mib_rowreq *next;

	if (tx == NULL)
		return;
	if (tx->state == MIB_TX_APPLIED)
		(void)mib_tx_undo(tx);
	if (tx->verdict.error == MIB_NOERROR && tx->state < MIB_TX_APPLIED)
		mib_ledger_end(tx->mib, MIB_END_RELEASED);
	mib_tx_release(tx);
	for (struct mib_rowreq *req = tx->first; req != NULL; req = next) {
		next = req->next;
		for (size_t i = 0; i < 2; i++) {
			if (!req->ops[i].side_done)
				mem_free(req->ops[i].put);
			mem_free(req->ops[i].dropped);
		}
		rowreq_free(tx->mib, req);
	}
	rowreq_free(tx->mib, tx->spare);
	mem_free(tx->done);
	mem_free(tx);
}

/* The request of a row; a new one where the PDU has not named it yet. */
static struct mib_rowreq *
request_of(struct mib_tx *tx, const struct mib_table *table, const struct mib_varbind *vb)
{
	struct mib_rowreq *probe = tx->spare, *req;
	struct tree_node *at;

	if (probe == NULL)
		probe = tx->spare = rowreq_new(tx->mib);
	if (probe == NULL)
		return NULL;
	probe->table = table;
	probe->nindex = vb->name_len - 2;
	memcpy(probe->index, vb->name + 2, probe->nindex * sizeof probe->index[0]);
	at = tree_lower(&tx->rows, &probe->node, rowreq_compare);
	req = at == NULL ? NULL : TREE_OF(at, struct mib_rowreq, node);
	if (req != NULL && rowreq_compare(&req->node, &probe->node) == 0)
		return req;
	probe->first = vb->number;
	tree_insert(&tx->rows, &probe->node, rowreq_compare);
	*tx->last = probe;
	tx->last = &probe->next;
	tx->nrows++;
	tx->spare = NULL;
	return probe;
}

static bool
is_mask(const uint8_t *octets)
{
	unsigned len;
	IPMask mask;

	memcpy(&mask, octets, 4);
	return mask_to_len(mask, &len);
}

/* Steps 3 to 6: the value against its column, nothing else. */
static enum mib_error
value_fits(const struct mib_column *column, const struct mib_varbind *vb)
{
	if (vb->value.type != column->syntax)
		return MIB_WRONGTYPE;
	if (vb->value_too_long || (column->syntax == MIB_IPADDRESS && vb->value.len != 4) ||
	    (column->syntax == MIB_OBJID && vb->value.len > MIB_OID_MAX))
		return MIB_WRONGLENGTH;
	if (column->syntax == MIB_IPADDRESS && column->blame == IPH_FIELD_LENGTH)
		return is_mask(vb->value.u.octets) ? MIB_NOERROR : MIB_WRONGVALUE;
	if (column->syntax != MIB_INTEGER)
		return MIB_NOERROR;
	if (vb->value.u.integer < column->min || vb->value.u.integer > column->max)
		return MIB_WRONGVALUE;
	if (column->blame == IPH_FIELD_ROW && vb->value.u.integer == MIB_NOT_READY)
		return MIB_WRONGVALUE; /* only ever read */
	return MIB_NOERROR;
}

static int64_t
value_of(const struct mib_varbind *vb)
{
	switch (vb->value.type) {
	case MIB_INTEGER:
		return vb->value.u.integer;
	case MIB_IPADDRESS:
		return mib_get32(vb->value.u.octets);
	case MIB_OBJID:
		return 0;
	default:
		return vb->value.u.gauge;
	}
}

/* {0 0} means none, and is kept as such. */
static void
info_of(const struct mib_value *value, struct mib_info *out)
{
	out->len = (uint8_t)value->len;
	memcpy(out->sub, value->u.objid, value->len * sizeof out->sub[0]);
	if (out->len == 2 && out->sub[0] == 0 && out->sub[1] == 0)
		out->len = 0;
}

static bool
same_info(const struct mib_info *info, const struct mib_value *value)
{
	struct mib_info other;

	info_of(value, &other);
	return info->len == other.len &&
	       memcmp(info->sub, other.sub, other.len * sizeof other.sub[0]) == 0;
}

/* The same instance twice: equal values count once, others contradict [MIB 4.3]. */
static void
put_cell(struct mib_rowreq *req, const struct mib_column *column, const struct mib_varbind *vb)
{
	struct mib_set_cell *cell = mib_set_cell_of(req, column);
	int64_t value = value_of(vb);
	bool differs = cell->value != value ||
	               (column->syntax == MIB_OBJID && !same_info(&req->info, &vb->value));

	if (cell->varbind != 0) {
		if (differs && req->conflict == 0)
			req->conflict = vb->number;
		return;
	}
	cell->varbind = vb->number;
	cell->value = value;
	if (column->syntax == MIB_OBJID) {
		info_of(&vb->value, &req->info);
		req->info_given = true;
	}
}

static enum mib_error
add(struct mib_tx *tx, const struct mib_table *table, const struct mib_column *column,
    const struct mib_varbind *vb)
{
	enum mib_error error;
	struct mib_rowreq *req;

	if (column == NULL || column->access == MIB_READ)
		return MIB_NOTWRITABLE;
	error = value_fits(column, vb);
	if (error != MIB_NOERROR)
		return error;
	if (vb->name_len - 2 > MIB_OID_MAX)
		return MIB_NOCREATION;
	req = request_of(tx, table, vb);
	if (req == NULL)
		return MIB_RESOURCEUNAVAILABLE;
	put_cell(req, column, vb);
	return MIB_NOERROR;
}

/* The whole name of a varbind, as far as there is room. */
static void
name_of(const struct mib_varbind *vb, struct mib_info *out)
{
	size_t n = vb->object->root_len, more = vb->name_len;

	if (more > MIB_OID_MAX - n)
		more = MIB_OID_MAX - n;
	memcpy(out->sub, vb->object->root, n * sizeof out->sub[0]);
	if (more > 0)
		memcpy(out->sub + n, vb->name, more * sizeof out->sub[0]);
	out->len = (uint8_t)(n + more);
}

enum mib_error
mib_tx_add(struct mib_tx *tx, const struct mib_varbind *vb)
{
	const struct mib_table *table = mib_table_of(vb->object);
	const struct mib_column *column = NULL;
	enum mib_error error;

	if (table != NULL && vb->name_len >= 2 && vb->name[0] == 1)
		column = mib_table_column(table, vb->name[1]);
	if (tx->state != MIB_TX_OPEN)
		error = MIB_GENERR;
	else if (tx->mib->config.policy.read_only)
		error = MIB_NOTWRITABLE;
	else
		error = add(tx, table, column, vb);
	if (error != MIB_NOERROR && tx->verdict.error == MIB_NOERROR) {
		tx->verdict = (struct mib_verdict){ .error = error,
			                            .varbind = vb->number,
			                            .table = table,
			                            .column = column,
			                            .policy = tx->mib->config.policy.read_only
			                                          ? "readOnly"
			                                          : NULL };
		name_of(vb, &tx->verdict.variable);
		mib_tell(tx, "test");
	}
	return error;
}
