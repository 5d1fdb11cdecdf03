/*
 * Many rows at once, past SNMP: an import is one transaction over the table, the forwarder and
 * the disk, for all instances together.
 *
 * Rows go through the calls that a start restores them with, but strictly: one that could
 * only be parked is refused, and with it the whole. The disk is written as rows are
 * taken in and flushed last, when the forwarder has agreed to all of them; so what has to be
 * taken back is in the core only. Where the import replaces everything, the rows of before
 * are still on disk until then, and come back from there.
 */
#include "mib_store.h"

#include "base/alloc.h"

struct added {
	struct mib *mib;
	struct mib_key name;
	struct mib_core core;
	bool staged;
};

struct import {
	struct mib *const *mibs;
	size_t nmibs;
	const struct store_port *port;
	struct added *added;
	size_t n, cap;
	struct mib_imported *result;
};

static bool
refuse(struct import *im, size_t row, const struct iph_fault *fault)
{
	im->result->fault = *fault;
	im->result->row = row;
	return false;
}

static bool
refuse_code(struct import *im, size_t row, DWORD code, enum iph_field field)
{
	struct iph_fault fault = { .code = code, .field = field };

	return refuse(im, row, &fault);
}

static struct mib *
mib_of(const struct import *im, USHORT instance)
{
	for (size_t i = 0; i < im->nmibs; i++)
		if (iph_instance(im->mibs[i]->config.iph) == instance)
			return im->mibs[i];
	return NULL;
}

/* ---- out ----------------------------------------------------------------------------- */

static void
take_out(struct mib *mib, const struct mib_key *name, const struct mib_core *core)
{
	struct mib_side *side = mib_staged_find(mib, name);
	struct iph_route route = { .kind = IPH_UNICAST };
	struct iph_fault fault;

	if (side != NULL) {
		mib_side_drop(mib, side);
		return;
	}
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

static DWORD
take_out_stored(void *arg, const struct store_row *row)
{
	const struct import *im = arg;
	struct mib *mib = mib_of(im, row->instance);
	struct mib_core core;
	struct mib_key name;

	if (mib == NULL || !mib_store_name(row, &name))
		return NO_ERROR;
	mib_core_of_row(&row->row, &core);
	take_out(mib, &name, &core);
	return NO_ERROR;
}

static void
take_back(struct import *im, bool replace)
{
	struct mib_restored n;

	im->port->rollback(im->port->arg);
	while (im->n > 0) {
		const struct added *last = &im->added[--im->n];

		take_out(last->mib, &last->name, &last->core);
	}
	for (size_t i = 0; replace && i < im->nmibs; i++)
		(void)mib_restore(im->mibs[i], &n);
	im->result->rows = 0;
}

/* ---- in ------------------------------------------------------------------------------ */

static bool
note(struct import *im, struct mib *mib, const struct store_row *row,
     const struct mib_key *name)
{
	size_t cap = im->cap == 0 ? 64 : 2 * im->cap;
	struct added *grown = im->added;

	if (im->n == im->cap) {
		grown = mem_realloc(im->added, cap, sizeof *grown);
		if (grown == NULL)
			return false;
		im->added = grown;
		im->cap = cap;
	}
	grown += im->n++;
	*grown =
	    (struct added){ .mib = mib, .name = *name, .staged = row->status != STORE_ACTIVE };
	mib_core_of_row(&row->row, &grown->core);
	return true;
}

/* The forwarder's word on one destination of a row that is in the core. */
static bool
ask_forwarder(struct import *im, struct mib *mib, const struct store_row *row)
{
	struct iph_fault fault;

	return row->status != STORE_ACTIVE ||
	       iph_commit(mib->config.iph, &row->row.DestinationPrefix, &fault) == NO_ERROR ||
	       refuse(im, im->result->rows, &fault);
}

static bool
take_in(struct import *im, const struct store_row *row)
{
	size_t number = ++im->result->rows;
	struct mib *mib = mib_of(im, row->instance);
	struct store_row plain = *row;
	struct iph_fault fault;
	struct mib_key name;
	DWORD err;

	if (mib == NULL)
		return refuse_code(im, number, ERROR_FILE_NOT_FOUND, IPH_FIELD_NONE);
	if (!mib_store_name(row, &name))
		return refuse_code(im, number, ERROR_INVALID_NAME, IPH_FIELD_ROW);
	if (mib_row_add(mib, row, &name, &fault) != NO_ERROR)
		return refuse(im, number, &fault);
	if (!note(im, mib, row, &name))
		return refuse_code(im, number, ERROR_NOT_ENOUGH_MEMORY, IPH_FIELD_NONE);
	if (!ask_forwarder(im, mib, row))
		return false;
	mib_store_normal(mib, &plain);
	err = im->port->write(im->port->arg, STORE_PUT, &plain);
	return err == NO_ERROR || refuse_code(im, number, err, IPH_FIELD_NONE);
}

DWORD
mib_import(struct mib *const *mibs, size_t n, bool replace,
           bool (*next)(void *arg, struct store_row *out), void *arg,
           struct mib_imported *result)
{
	struct import im = {
		.mibs = mibs, .nmibs = n, .port = mibs[0]->config.store, .result = result
	};
	struct store_row row;
	bool good = true;
	DWORD err;

	*result = (struct mib_imported){ .rows = 0 };
	if (im.port == NULL)
		return result->fault.code = ERROR_NOT_SUPPORTED;
	for (size_t i = 0; i < n; i++)
		mib_sync_all(mibs[i]);
	err = im.port->begin(im.port->arg);
	if (err == NO_ERROR && replace)
		err = im.port->each(im.port->arg, take_out_stored, &im);
	if (err == NO_ERROR && replace)
		err = im.port->clear(im.port->arg);
	if (err != NO_ERROR)
		good = refuse_code(&im, 0, err, IPH_FIELD_NONE);
	while (good && next(arg, &row))
		good = take_in(&im, &row);
	if (good) {
		err = im.port->commit(im.port->arg);
		if (err != NO_ERROR)
			good = refuse_code(&im, 0, err, IPH_FIELD_NONE);
	}
	if (!good)
		take_back(&im, replace);
	mem_free(im.added);
	return result->fault.code;
}
