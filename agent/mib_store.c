/*
 * The store step of a change: what is on disk when a manager hears noError.
 *
 * A row is stored under its name: instance, prefix, next hop, policy and the interface
 * column; a row out of service that belongs to ipCidrRouteTable has an empty policy. Which
 * row an operation of a PDU puts in the place of which is known from the operation itself
 * (`images' below), so that the same description serves both directions: forwards, drop what
 * was and put what is; backwards the reverse. The store compensates the last transaction by
 * itself, and does not forget to when the disk fails it; only if another transaction has
 * come in between, a change through the control socket for instance, the reverse is
 * written from here.
 *
 * Active rows are read back from the core, so what is stored is what a restart must show:
 * the metric that -1 has become, the protocol, the lifetimes.
 *
 * A row out of service may also go without a transaction of its own: the reaper takes it,
 * or a route takes its name. It waits in `forgotten' and leaves the disk with the next
 * transaction, or with the next turn of the reaper. Nothing here needs memory.
 *
 * A row that is parked (mib_park.c) is shown as notInService and stored as active: that is
 * what was acknowledged.
 */
#include "mib_store.h"

#include "base/alloc.h"
#include "base/calendar.h"
#include "base/code.h"
#include "base/log.h"

/* ---- rows as the store has them ------------------------------------------------------- */

static const struct mib_table *
table_of(const struct mib_key *name)
{
	return name->b[MIB_KEY_TABLE] == MIB_TABLE_CIDR ? &mib_cidr_table : &mib_inet_table;
}

/* The name, as the key of a row that is active or out of service. */
void
mib_store_key(const struct mib *mib, const struct mib_key *name, int64_t if_index, bool active,
              struct store_row *out)
{
	uint32_t policy = mib_get32(name->b + MIB_KEY_POLICY);

	store_row_init(out);
	table_of(name)->describe(name, &out->row);
	out->instance = iph_instance(mib->config.iph);
	out->row.InterfaceIndex = if_index > 0 ? (NET_IFINDEX)if_index : 0;
	if (name->b[MIB_KEY_TABLE] == MIB_TABLE_CIDR) {
		out->policy.len = 0;
		return;
	}
	if (policy != 0)
		out->policy = (struct store_oid){ .len = 3, .sub = { 0, 0, policy } };
	if (active)
		return;
	out->prefix_zone = mib_get32(name->b + MIB_KEY_ZONE);
	out->next_hop_zone = mib_get32(name->b + MIB_KEY_NH_ZONE);
}

static void
fill_extras(const struct mib_row *row, const struct mib_info *info, struct store_row *out)
{
	for (size_t i = 0; i < 4; i++)
		out->metric[i] = (LONG)row->metric[i + 1];
	out->next_hop_as = (ULONG)row->next_hop_as;
	if (info->len == 0)
		return; /* {0 0}, as it is */
	out->info.len = info->len;
	memcpy(out->info.sub, info->sub, info->len * sizeof info->sub[0]);
}

static void
fill_members(const MIB_IPFORWARD_ROW2 *row, struct store_row *out)
{
	out->row.SitePrefixLength = row->SitePrefixLength;
	out->row.ValidLifetime = row->ValidLifetime;
	out->row.PreferredLifetime = row->PreferredLifetime;
	out->row.Metric = row->Metric;
	out->row.Protocol = row->Protocol;
	out->row.Loopback = row->Loopback;
	out->row.AutoconfigureAddress = row->AutoconfigureAddress;
	out->row.Publish = row->Publish;
	out->row.Immortal = row->Immortal;
}

static void
fill_if_name(const struct mib *mib, struct store_row *out)
{
	const struct iftab_if *iface =
	    iftab_by_index(iph_iftab(mib->config.iph), out->row.InterfaceIndex);

	if (iface != NULL)
		memcpy(out->if_name, iface->alias, strlen(iface->alias) + 1);
}

int64_t
mib_unix_s(const struct mib *mib)
{
	if (mib->config.calendar == NULL)
		return 0;
	return calendar_unix_s(mib->config.calendar(mib->config.arg));
}

void
mib_store_normal(const struct mib *mib, struct store_row *row)
{
	if (row->status != STORE_ACTIVE)
		return;
	row->prefix_zone = row->next_hop_zone = 0;
	if (row->if_name[0] == '\0')
		fill_if_name(mib, row);
}

/* @param extras  its entry in the side table, or NULL. */
static void
row_of_active(const struct mib *mib, const struct iph_route *route, const struct mib_key *name,
              const struct mib_side *extras, struct store_row *out)
{
	int64_t now = mib_unix_s(mib);

	mib_store_key(mib, name, route->row.InterfaceIndex, true, out);
	fill_members(&route->row, out);
	if (extras != NULL)
		fill_extras(&extras->row, &extras->info, out);
	out->kind = (enum store_kind)route->kind;
	out->created_s = now > route->row.Age ? now - route->row.Age : 0;
	fill_if_name(mib, out);
}

/* Which columns a manager has given: those that differ from what an absent row has. */
static ULONG
columns_given(const struct mib_side *side)
{
	static const enum store_column metrics = STORE_COL_METRIC1;
	ULONG given = STORE_COL_INTERFACE | STORE_COL_TYPE; /* complete rows only */

	if (side->info.len != 0)
		given |= STORE_COL_INFO;
	if (side->row.next_hop_as != 0)
		given |= STORE_COL_NEXT_HOP_AS;
	for (unsigned i = 0; i < 5; i++)
		if (side->row.metric[i] != -1)
			given |= (ULONG)metrics << i;
	return given;
}

static void
row_of_staged(const struct mib *mib, const struct mib_side *side, struct store_row *out)
{
	if (side->parked) {
		row_of_active(mib, &side->route, &side->by_key.key, side, out);
		memcpy(out->if_name, side->if_name, strlen(side->if_name) + 1);
		return;
	}
	mib_store_key(mib, &side->by_key.key, side->row.if_index, false, out);
	if (side->suspended)
		fill_members(&side->route.row, out);
	fill_extras(&side->row, &side->info, out);
	out->kind = (enum store_kind)side->route.kind;
	out->row.Metric = (ULONG)side->row.metric[0];
	out->type = (USHORT)side->row.type;
	out->status = STORE_NOT_IN_SERVICE;
	out->columns_set = columns_given(side);
	out->created_s = mib_unix_s(mib);
	fill_if_name(mib, out);
}

static void
key_of_side(const struct mib *mib, const struct mib_side *side, struct store_row *out)
{
	bool wanted = !side->staged || side->parked;
	int64_t if_index = side->staged ? side->row.if_index : side->route.row.InterfaceIndex;

	mib_store_key(mib, &side->by_key.key, if_index, wanted, out);
}

/* notReady rows do not survive, and so never come here. */
static bool
is_stored(const struct mib_side *side)
{
	return side != NULL && side->staged && side->row.status == MIB_NOT_IN_SERVICE;
}

static void
name_of_active(const struct mib_side *side, const MIB_IPFORWARD_ROW2 *row, struct mib_key *out)
{
	if (side != NULL && !side->staged)
		*out = side->by_key.key;
	else
		mib_inet_key(row, mib_inet_policy(row), out);
}

/* ---- one transaction --------------------------------------------------------- */

struct writer {
	struct mib *mib;
	const struct store_port *port;
	bool open;
	bool undoable; /* the store may be told to compensate it */
	DWORD err;
};

static struct writer
writer_of(struct mib *mib)
{
	return (struct writer){ .mib = mib, .port = mib->config.store };
}

static void
failed(struct writer *w, DWORD err)
{
	if (w->err == NO_ERROR)
		log_warn("store", "refused code=%s: %s", code_name(err),
		         w->port->why(w->port->arg));
	w->err = err;
}

/* What waits to be forgotten goes along; where that could come back, it goes before. */
static void
begin(struct writer *w)
{
	struct store_row row;
	DWORD err = NO_ERROR;

	if (w->undoable)
		w->err = mib_store_flush(w->mib);
	if (w->err != NO_ERROR)
		return;
	err = w->port->begin(w->port->arg);
	if (err != NO_ERROR) {
		failed(w, err);
		return;
	}
	w->open = true;
	for (const struct mib_side *side = w->mib->forgotten; side != NULL && err == NO_ERROR;
	     side = side->older) {
		key_of_side(w->mib, side, &row);
		err = w->port->write(w->port->arg, STORE_DROP, &row);
	}
	if (err != NO_ERROR)
		failed(w, err);
}

static bool
write_row(struct writer *w, enum store_op op, const struct store_row *row)
{
	DWORD err;

	if (!w->open && w->err == NO_ERROR)
		begin(w);
	if (w->err != NO_ERROR)
		return false;
	err = w->port->write(w->port->arg, op, row);
	if (err != NO_ERROR)
		failed(w, err);
	return err == NO_ERROR;
}

static void
free_forgotten(struct mib *mib)
{
	struct mib_side *next;

	for (struct mib_side *side = mib->forgotten; side != NULL; side = next) {
		next = side->older;
		mem_free(side);
	}
	mib->forgotten = NULL;
}

/* @return NO_ERROR where there was nothing to write. */
static DWORD
finish(struct writer *w)
{
	DWORD err;

	if (!w->open)
		return w->err;
	if (w->err != NO_ERROR) {
		w->port->rollback(w->port->arg);
		return w->err;
	}
	err = w->port->commit(w->port->arg);
	if (err != NO_ERROR)
		failed(w, err);
	else
		free_forgotten(w->mib);
	return w->err;
}

/* ---- a PDU ------------------------------------------------------------------- */

static bool
was_active(const struct mib_op *op)
{
	return op->verb == IPH_SET || (op->verb == IPH_DELETE && op->core);
}

static bool
is_active(const struct mib_op *op)
{
	return op->verb == IPH_SET || (op->verb == IPH_CREATE && op->core);
}

/* The active row that there was. */
static void
row_before(const struct mib *mib, const struct mib_op *op, struct store_row *out)
{
	struct mib_key name;

	name_of_active(op->dropped, &op->before.row, &name);
	row_of_active(mib, &op->before, &name,
	              op->dropped != NULL && !op->dropped->staged ? op->dropped : NULL, out);
}

/* What the change has taken away. */
static bool
drop_before(struct writer *w, const struct mib_op *op)
{
	struct store_row row;

	if (is_stored(op->dropped)) {
		key_of_side(w->mib, op->dropped, &row);
		if (!write_row(w, STORE_DROP, &row))
			return false;
	}
	if (!was_active(op) || op->verb == IPH_SET)
		return true; /* a set keeps the name: it will be written over */
	row_before(w->mib, op, &row);
	return write_row(w, STORE_TAKE, &row);
}

/* What it has brought. */
static bool
put_after(struct writer *w, const struct mib_op *op)
{
	struct iph_route route = op->route;
	struct store_row row;
	struct mib_key name;

	if (is_stored(op->put)) {
		row_of_staged(w->mib, op->put, &row);
		if (!write_row(w, STORE_PUT, &row))
			return false;
	}
	if (!is_active(op))
		return true;
	if (!op->read && iph_route_get(w->mib->config.iph, &route) != NO_ERROR)
		return true; /* gone by itself already: its lifetime is over */
	name_of_active(op->put, &route.row, &name);
	row_of_active(w->mib, &route, &name, op->put, &row);
	return write_row(w, STORE_PUT, &row);
}

static bool
drop_after(struct writer *w, const struct mib_op *op)
{
	struct store_row row;
	struct mib_key name;

	if (is_stored(op->put)) {
		key_of_side(w->mib, op->put, &row);
		if (!write_row(w, STORE_DROP, &row))
			return false;
	}
	if (!is_active(op) || op->verb == IPH_SET)
		return true;
	name_of_active(op->put, &op->route.row, &name);
	mib_store_key(w->mib, &name, op->route.row.InterfaceIndex, true, &row);
	return write_row(w, STORE_DROP, &row);
}

static bool
put_before(struct writer *w, const struct mib_op *op)
{
	struct store_row row;

	if (is_stored(op->dropped)) {
		row_of_staged(w->mib, op->dropped, &row);
		if (!write_row(w, STORE_PUT, &row))
			return false;
	}
	if (!was_active(op) || (op->core && !op->core_done))
		return true;
	row_before(w->mib, op, &row);
	return write_row(w, STORE_PUT, &row);
}

/* Drops before puts: a name that one row gives up may be another's. */
static DWORD
write_all(struct mib_tx *tx, bool (*drop)(struct writer *, const struct mib_op *),
          bool (*put)(struct writer *, const struct mib_op *), struct mib_op **at)
{
	struct writer w = writer_of(tx->mib);
	bool good = true;

	w.undoable = true;
	for (size_t i = 0; good && i < tx->ndone; i++) {
		*at = tx->done[i];
		good = drop(&w, *at);
	}
	for (size_t i = 0; good && i < tx->ndone; i++) {
		*at = tx->done[i];
		good = put(&w, *at);
	}
	if (good && tx->ndone > 0)
		*at = tx->done[0];
	tx->stored = w.open;
	return finish(&w);
}

DWORD
mib_store_tx(struct mib_tx *tx, struct mib_op **at)
{
	const struct store_port *port = tx->mib->config.store;
	DWORD err;

	if (port == NULL)
		return NO_ERROR;
	err = write_all(tx, drop_before, put_after, at);
	tx->stored = tx->stored && err == NO_ERROR;
	tx->stamp = port->stamp(port->arg);
	return err;
}

DWORD
mib_store_undo(struct mib_tx *tx)
{
	const struct store_port *port = tx->mib->config.store;
	struct mib_op *at;
	DWORD err;

	if (!tx->stored)
		return NO_ERROR;
	tx->stored = false;
	if (port->stamp(port->arg) != tx->stamp)
		err = write_all(tx, drop_after, put_before, &at);
	else
		err = port->undo(port->arg);
	tx->stored = false;
	if (err != NO_ERROR)
		log_err("store", "not undone code=%s: %s", code_name(err),
		        port->why(port->arg));
	return err;
}

/* Rows that gave way to one that is refused now are there again. */
static void
stay(struct mib *mib, const struct mib_side *until)
{
	while (mib->forgotten != until) {
		struct mib_side *side = mib->forgotten;

		mib->forgotten = side->older;
		side->older = NULL;
		if (!mib_side_insert(mib, side))
			mem_free(side);
	}
}

/* ---- changes that are no PDU ------------------------------------------------- */

DWORD
mib_store_change(struct mib *mib, enum iph_verb verb, const struct iph_route *key)
{
	struct writer w = writer_of(mib);
	struct mib_side *forgotten = mib->forgotten;
	struct iph_route route = *key;
	const struct mib_side *side;
	struct store_row row;
	struct mib_core core;
	struct mib_key name;

	if (mib->config.store == NULL)
		return NO_ERROR;
	if (mib->importing)
		return ERROR_BUSY;
	if (verb == IPH_CREATE) /* now it gets its name, beside what else is there */
		mib_sync_dest(mib, &key->row.DestinationPrefix, NULL);
	mib_core_of_row(&key->row, &core);
	side = mib_side_by_core(mib, &core);
	name_of_active(side, &key->row, &name);
	if (verb == IPH_DELETE) {
		mib_store_key(mib, &name, key->row.InterfaceIndex, true, &row);
		(void)write_row(&w, STORE_DROP, &row);
	} else if (iph_route_get(mib->config.iph, &route) == NO_ERROR) {
		row_of_active(mib, &route, &name, side, &row);
		(void)write_row(&w, STORE_PUT, &row);
	}
	if (finish(&w) != NO_ERROR)
		stay(mib, forgotten);
	return w.err;
}

void
mib_store_forget(struct mib *mib, struct mib_side *side)
{
	if (mib->config.store == NULL || (side->staged && !is_stored(side))) {
		mem_free(side);
		return;
	}
	side->older = mib->forgotten;
	mib->forgotten = side;
}

DWORD
mib_store_flush(struct mib *mib)
{
	struct writer w = writer_of(mib);

	if (mib->forgotten == NULL)
		return NO_ERROR;
	if (mib->importing)
		return ERROR_BUSY;
	begin(&w);
	return finish(&w);
}

void
mib_store_close(struct mib *mib)
{
	(void)mib_store_flush(mib);
	free_forgotten(mib);
}
