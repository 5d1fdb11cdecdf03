/*
 * Many rows at once, past SNMP: an import is one transaction over the table, the forwarder and
 * the disk, for all instances together; and it goes row by row, as a hundred thousand of them
 * take seconds, in which managers want to read.
 *
 * Rows go through the calls that a start restores them with, but strictly: one that could
 * only be parked is refused, and with it the whole. The disk is written as rows are
 * taken in and flushed last, when the forwarder has agreed to all of them; so what has to be
 * taken back is in the core only.
 *
 * Where the import replaces everything, the rows of before are listed first, by name and by
 * route. One gives way when a row of the import needs its place, in the same breath, so that
 * a route which is in both is never missing from the forwarder; those that nobody needed go
 * last. What gave way comes back from the disk, where it is until the flush.
 *
 * `done' is what has been done, in order; taking back reads it backwards. While an import is
 * under way readers see what is in so far. Who would change anything is refused with
 * ERROR_BUSY, since the disk has one transaction at a time: SETs in their test, other changes
 * at their store step; the reaper and notifications wait. An import begins when no SET is
 * under way, which is up to the caller.
 */
#include "mib_notice.h"
#include "mib_store.h"

#include "base/alloc.h"
#include "base/log.h"

#define AT_ONCE 32 /* rows; a millisecond or two */

/* A stored row of before. */
struct old {
	struct mib_keyed by_key;
	struct mib_cored by_core; /* in the tree: if it is meant to be active */
	struct old *next;
	NET_IFINDEX if_index;
	uint16_t mib;
	bool active, gone;
};

/* A row that was taken in, and which of those before gave way to it. */
struct done {
	bool in, active;
	uint16_t mib;
	struct mib_key name;
	struct mib_core core;
	struct old *way[2];
};

enum stage { BEGIN, LIST, TAKE, SWEEP, FLUSH, BACK, OVER };

struct mib_import {
	struct mib **mibs;
	size_t nmibs;
	const struct store_port *port;
	bool replace;
	bool (*next)(void *arg, struct store_row *out);
	void *arg;
	enum stage stage;
	bool listing;       /* the walk over the stored rows has begun */
	struct tree *names; /* struct old, one for each of mibs */
	struct tree *cores;
	struct old *olds, *sweep;
	struct done *done;
	size_t n, cap;
	struct mib_imported result;
};

static enum stage
refuse(struct mib_import *im, size_t row, const struct iph_fault *fault)
{
	im->result.fault = *fault;
	im->result.row = row;
	im->port->rollback(im->port->arg);
	return BACK;
}

static enum stage
refuse_code(struct mib_import *im, size_t row, DWORD code, enum iph_field field)
{
	struct iph_fault fault = { .code = code, .field = field };

	return refuse(im, row, &fault);
}

/* @return nmibs: none. */
static size_t
mib_of(const struct mib_import *im, USHORT instance)
{
	size_t i = 0;

	while (i < im->nmibs && iph_instance(im->mibs[i]->config.iph) != instance)
		i++;
	return i;
}

static struct done *
note(struct mib_import *im)
{
	size_t cap = im->cap == 0 ? 1024 : 2 * im->cap;
	struct done *grown;

	if (im->n == im->cap) {
		grown = mem_realloc(im->done, cap, sizeof *grown);
		if (grown == NULL)
			return NULL;
		im->done = grown;
		im->cap = cap;
	}
	im->done[im->n] = (struct done){ .in = false };
	return &im->done[im->n++];
}

/* ---- the rows of before ------------------------------------------------------------------ */

static bool
list_one(struct mib_import *im, const struct store_row *row)
{
	size_t i = mib_of(im, row->instance);
	struct mib_key name;
	struct old *old;

	if (i == im->nmibs || !mib_store_name(row, &name))
		return true; /* nobody sees it */
	old = mem_calloc(1, sizeof *old);
	if (old == NULL)
		return false;
	*old = (struct old){ .next = im->olds,
		             .if_index = row->row.InterfaceIndex,
		             .mib = (uint16_t)i,
		             .active = row->status == STORE_ACTIVE };
	im->olds = old;
	old->by_key.key = name;
	mib_core_of_row(&row->row, &old->by_core.core);
	mib_keyed_insert(&im->names[i], &old->by_key);
	if (old->active)
		mib_cored_insert(&im->cores[i], &old->by_core);
	return true;
}

static enum stage
list(struct mib_import *im)
{
	struct store_row row;
	DWORD err = im->port->next(im->port->arg, !im->listing, &row);

	im->listing = true;
	if (err == NO_ERROR)
		return list_one(im, &row)
		           ? LIST
		           : refuse_code(im, 0, ERROR_NOT_ENOUGH_MEMORY, IPH_FIELD_NONE);
	im->sweep = im->olds;
	if (err == ERROR_NO_MORE_ITEMS)
		err = im->port->clear(im->port->arg);
	return err == NO_ERROR ? TAKE : refuse_code(im, 0, err, IPH_FIELD_NONE);
}

/* ---- out --------------------------------------------------------------------------------- */

/* A row that is meant to be active may be parked. */
static void
take_out(struct mib *mib, const struct mib_key *name, const struct mib_core *core, bool active)
{
	struct mib_side *side = mib_staged_find(mib, name);
	struct iph_route route = { .kind = IPH_UNICAST };
	struct iph_fault fault;

	if (side != NULL)
		mib_side_drop(mib, side);
	if (side != NULL || !active)
		return;
	side = mib_side_by_core(mib, core);
	mib_core_prefix(core, &route.row.DestinationPrefix);
	mib_addr_make(&route.row.NextHop, route.row.DestinationPrefix.Prefix.si_family,
	              core->b + MIB_CORE_NH);
	route.row.InterfaceIndex = mib_core_if(core);
	if (route.row.InterfaceIndex == 0)
		route.kind = IPH_REJECT;
	(void)iph_route_apply(mib->config.iph, IPH_DELETE, &route, &fault);
	if (side != NULL)
		mib_side_drop(mib, side);
	mib->generation++;
}

static void
give_way(struct mib_import *im, struct old *old, struct old **noted)
{
	if (old == NULL || old->gone)
		return;
	take_out(im->mibs[old->mib], &old->by_key.key, &old->by_core.core, old->active);
	old->gone = true;
	*noted = old;
}

/* It is on disk as it was. */
static void
come_back(struct mib_import *im, const struct old *old)
{
	struct mib *mib = im->mibs[old->mib];
	struct mib_restored counts = { .active = 0 };
	struct store_row key, row;
	DWORD err;

	mib_store_key(mib, &old->by_key.key, old->if_index, old->active, &key);
	err = im->port->get(im->port->arg, &key, &row);
	if (err == NO_ERROR)
		err = mib_restore_row(mib, &row, &counts);
	if (err != NO_ERROR)
		log_err("store",
		        "a row of before the import is back after a restart only "
		        "code=%u",
		        err);
}

static enum stage
back(struct mib_import *im)
{
	const struct done *last;

	if (im->n == 0) {
		im->result.rows = 0;
		return OVER;
	}
	last = &im->done[--im->n];
	if (last->in)
		take_out(im->mibs[last->mib], &last->name, &last->core, last->active);
	for (size_t i = 0; i < 2; i++)
		if (last->way[i] != NULL)
			come_back(im, last->way[i]);
	return BACK;
}

/* ---- in ---------------------------------------------------------------------------------- */

static void
make_way(struct mib_import *im, size_t i, struct done *done)
{
	struct mib_keyed *named = mib_keyed_find(&im->names[i], &done->name);
	struct mib_cored *cored =
	    done->active ? mib_cored_find(&im->cores[i], &done->core) : NULL;

	if (named != NULL)
		give_way(im, TREE_OF(named, struct old, by_key), &done->way[0]);
	if (cored != NULL)
		give_way(im, TREE_OF(cored, struct old, by_core), &done->way[1]);
}

static enum stage
take_in(struct mib_import *im, const struct store_row *row)
{
	size_t number = ++im->result.rows, i = mib_of(im, row->instance);
	bool active = row->status == STORE_ACTIVE;
	struct store_row plain = *row;
	struct iph_fault fault;
	struct done *done;
	struct mib_key name;
	DWORD err;

	if (i == im->nmibs)
		return refuse_code(im, number, ERROR_FILE_NOT_FOUND, IPH_FIELD_NONE);
	if (!mib_store_name(row, &name))
		return refuse_code(im, number, ERROR_INVALID_NAME, IPH_FIELD_ROW);
	done = note(im);
	if (done == NULL)
		return refuse_code(im, number, ERROR_NOT_ENOUGH_MEMORY, IPH_FIELD_NONE);
	done->mib = (uint16_t)i;
	done->active = active;
	done->name = name;
	mib_core_of_row(&row->row, &done->core);
	make_way(im, i, done);
	if (mib_row_add(im->mibs[i], row, &name, &fault) != NO_ERROR)
		return refuse(im, number, &fault);
	done->in = true;
	if (active && iph_commit(im->mibs[i]->config.iph, &row->row.DestinationPrefix,
	                         &fault) != NO_ERROR)
		return refuse(im, number, &fault);
	mib_store_normal(im->mibs[i], &plain);
	err = im->port->write(im->port->arg, STORE_PUT, &plain);
	return err == NO_ERROR ? TAKE : refuse_code(im, number, err, IPH_FIELD_NONE);
}

static enum stage
take(struct mib_import *im)
{
	struct store_row row;

	return im->next(im->arg, &row) ? take_in(im, &row) : SWEEP;
}

static enum stage
sweep(struct mib_import *im)
{
	struct old *old = im->sweep;
	IP_ADDRESS_PREFIX dest;
	struct iph_fault fault;
	struct done *done;

	if (old == NULL)
		return FLUSH;
	im->sweep = old->next;
	if (old->gone)
		return SWEEP;
	done = note(im);
	if (done == NULL)
		return refuse_code(im, 0, ERROR_NOT_ENOUGH_MEMORY, IPH_FIELD_NONE);
	give_way(im, old, &done->way[0]);
	mib_core_prefix(&old->by_core.core, &dest);
	if (old->active &&
	    iph_commit(im->mibs[old->mib]->config.iph, &dest, &fault) != NO_ERROR)
		return refuse(im, 0, &fault);
	return SWEEP;
}

/* ---- the whole -----------------------------------------------------------------------------
 */

static enum stage
begin(struct mib_import *im)
{
	DWORD err = NO_ERROR;

	/* What is to leave the disk goes now: later it could take a row of ours along. */
	for (size_t i = 0; err == NO_ERROR && i < im->nmibs; i++)
		err = mib_store_flush(im->mibs[i]);
	for (size_t i = 0; i < im->nmibs; i++) {
		mib_sync_all(im->mibs[i]);
		im->mibs[i]->importing = true;
	}
	if (err == NO_ERROR)
		err = im->port->begin(im->port->arg);
	if (err != NO_ERROR)
		return refuse_code(im, 0, err, IPH_FIELD_NONE);
	return im->replace ? LIST : TAKE;
}

static enum stage
flush(struct mib_import *im)
{
	DWORD err = im->port->commit(im->port->arg);

	return err == NO_ERROR ? OVER : refuse_code(im, 0, err, IPH_FIELD_NONE);
}

static void
over(struct mib_import *im)
{
	for (size_t i = 0; i < im->nmibs; i++) {
		im->mibs[i]->importing = false;
		mib_notice_ring(im->mibs[i]);
	}
}

struct mib_import *
mib_import_new(struct mib *const *mibs, size_t n, bool replace,
               bool (*next)(void *arg, struct store_row *out), void *arg)
{
	struct mib_import *im = mem_calloc(1, sizeof *im);

	if (im == NULL)
		return NULL;
	*im = (struct mib_import){ .nmibs = n,
		                   .port = mibs[0]->config.store,
		                   .replace = replace,
		                   .next = next,
		                   .arg = arg };
	im->mibs = mem_calloc(n, sizeof(struct mib *));
	im->names = mem_calloc(n, sizeof(struct tree));
	im->cores = mem_calloc(n, sizeof(struct tree));
	if (im->mibs == NULL || im->names == NULL || im->cores == NULL) {
		mib_import_free(im);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		im->mibs[i] = mibs[i];
	return im;
}

bool
mib_import_step(struct mib_import *im)
{
	static enum stage (*const stages[])(struct mib_import * im) = {
		[BEGIN] = begin, [LIST] = list,   [TAKE] = take,
		[SWEEP] = sweep, [FLUSH] = flush, [BACK] = back,
	};

	for (size_t i = 0; i < AT_ONCE && im->stage != OVER; i++) {
		im->stage = stages[im->stage](im);
		if (im->stage == OVER)
			over(im);
	}
	return im->stage == OVER;
}

void
mib_import_cancel(struct mib_import *im)
{
	if (im->stage < BACK)
		im->stage = refuse_code(im, 0, ERROR_OPERATION_ABORTED, IPH_FIELD_NONE);
}

const struct mib_imported *
mib_import_result(const struct mib_import *im)
{
	return &im->result;
}

void
mib_import_free(struct mib_import *im)
{
	struct old *next;

	if (im == NULL)
		return;
	if (im->stage != BEGIN && im->stage != OVER) {
		mib_import_cancel(im);
		while (!mib_import_step(im))
			;
	}
	for (struct old *old = im->olds; old != NULL; old = next) {
		next = old->next;
		mem_free(old);
	}
	mem_free(im->done);
	mem_free(im->mibs);
	mem_free(im->names);
	mem_free(im->cores);
	mem_free(im);
}
