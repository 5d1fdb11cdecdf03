/*
 * The view as a whole: what is served, opening, closing. Reading is in mib_table.c,
 * keeping up with the core in mib_sync.c, SETs begin in mib_rowreq.c.
 */
#include "mib_ipv4.h"
#include "mib_notice.h"
#include "mib_store.h"
#include "mib_tx.h"

#include "base/alloc.h"

const struct mib_object *const mib_objects[] = {
	&mib_route_object,       &mib_forward_number_object, &mib_forward_object,
	&mib_cidr_number_object, &mib_cidr_object,           &mib_inet_number_object,
	&mib_inet_object,        &mib_discards_object,       &mib_rtm_object,
};
const size_t mib_objects_count = sizeof mib_objects / sizeof mib_objects[0];

static const struct mib_table *const tables[] = { &mib_inet_table, &mib_cidr_table,
	                                          &mib_forward_table, &mib_route_table };

const struct mib_table *
mib_table_of(const struct mib_object *object)
{
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		if (tables[i]->object == object)
			return tables[i];
	return NULL;
}

bool
mib_serves(const struct mib *mib, const struct mib_object *object)
{
	return object != &mib_route_object || !mib->config.no_ip_route_table;
}

bool
mib_in_set(const struct mib *mib)
{
	return mib->open_tx > 0;
}

DWORD
mib_open(const struct mib_config *config, struct mib **out)
{
	struct mib *mib = mem_calloc(1, sizeof *mib);
	DWORD err;

	if (mib == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	mib->config = *config;
	mib->now_ms = mib_now(mib);
	mib_ledger_open(mib);
	err = mib_sync_open(mib);
	if (err != NO_ERROR) {
		mib_close(mib);
		return err;
	}
	*out = mib;
	return NO_ERROR;
}

void
mib_close(struct mib *mib)
{
	if (mib == NULL)
		return;
	mib_store_close(mib);
	mib_sync_close(mib);
	mib_side_close(mib);
	mib_view_close(mib);
	mib_hop_close(mib);
	mib_notice_close(mib);
	mib_rtm_close(mib);
	mib_ipv4_close(mib);
	mib_rowreqs_close(mib);
	mem_free(mib);
}
