/*
 * The start: rows of the store become rows of the table.
 *
 * Every active row goes through the same validated call as a new one, under the name it
 * had. One that is refused is parked: shown as notInService and kept (mib_park.c). Rows out
 * of service come back with their columns, and the time after which the reaper takes them
 * begins anew. A row whose lifetime has ended meanwhile is dropped.
 *
 * Routes of others are named before ours are back. Where one of them got the name of a
 * row of ours, it steps aside: nobody has seen it yet.
 *
 * What cannot be a row of this table at all, a policy of another shape for instance, stays in
 * the file and is told in the log.
 */
#include "mib_store.h"

#include "base/addr.h"
#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"
#include "mib_ipv4.h"

struct restore {
	struct mib *mib;
	struct mib_restored *counts;
};

/* ---- names ------------------------------------------------------------------- */

static bool
policy_of(const struct store_row *row, uint32_t *out)
{
	const struct store_oid *p = &row->policy;

	*out = p->len == 3 ? p->sub[2] : 0;
	return (p->len == 2 || (p->len == 3 && *out != 0)) && p->sub[0] == 0 && p->sub[1] == 0;
}

static void
cidr_name(const struct store_row *row, struct mib_key *out)
{
	const IP_ADDRESS_PREFIX *dest = &row->row.DestinationPrefix;
	IPMask mask = mask_from_len(dest->PrefixLength);

	memset(out, 0, sizeof *out);
	out->b[MIB_KEY_TABLE] = MIB_TABLE_CIDR;
	memcpy(out->b + MIB_V4_DEST, mib_addr_bytes(&dest->Prefix), 4);
	memcpy(out->b + MIB_CIDR_MASK, &mask, 4);
	memcpy(out->b + MIB_CIDR_NH, mib_addr_bytes(&row->row.NextHop), 4);
}

bool
mib_store_name(const struct store_row *row, struct mib_key *out)
{
	bool active = row->status == STORE_ACTIVE;
	mib_subid index[MIB_OID_MAX];
	struct mib_key again;
	uint32_t policy;
	size_t n;

	if (row->policy.len == 0 && !active &&
	    row->row.DestinationPrefix.Prefix.si_family == AF_INET) {
		cidr_name(row, out);
		return true;
	}
	if (!policy_of(row, &policy))
		return false;
	mib_inet_key(&row->row, policy, out);
	if (!active && mib_inet_zoned(out))
		mib_put32(out->b + MIB_KEY_ZONE, row->prefix_zone);
	if (!active && out->b[MIB_KEY_NH_TYPE] == MIB_ADDR_V6Z)
		mib_put32(out->b + MIB_KEY_NH_ZONE, row->next_hop_zone);
	n = mib_inet_encode(out, false, index);
	return mib_inet_decode(index, n, false, &again) == MIB_NAME_OK;
}

/* Another client's row has the name: give it its other spelling, or say that it cannot. */
static bool
step_aside(struct mib *mib, const struct mib_key *name)
{
	const MIB_IPFORWARD_ROW2 *row;
	struct mib_side *side;
	struct mib_ref ref, other;
	uint32_t policy;

	if (name->b[MIB_KEY_TABLE] != MIB_TABLE_INET ||
	    mib_inet_find(mib, name, &ref) != MIB_FOUND)
		return true;
	if (ref.route == NULL || ref.route->own || ref.side != NULL)
		return false;
	row = &ref.route->row;
	policy = mib_get32(name->b + MIB_KEY_POLICY) == 0 ? row->InterfaceIndex : 0;
	side = mem_calloc(1, sizeof *side);
	if (side == NULL)
		return false;
	mib_inet_key(row, policy, &side->by_key.key);
	mib_core_of_row(row, &side->by_core.core);
	mib_row_no_extras(&side->row);
	if (mib_key_compare(&side->by_key.key, name) != 0 &&
	    mib_inet_find(mib, &side->by_key.key, &other) == MIB_NO_SUCH_INSTANCE &&
	    mib_side_insert(mib, side))
		return true;
	mem_free(side);
	return false;
}

/* ---- rows -------------------------------------------------------------------- */

static void
extras_of(const struct store_row *row, struct mib_side *side)
{
	side->row.next_hop_as = row->next_hop_as;
	for (size_t i = 0; i < 4; i++)
		side->row.metric[i + 1] = row->metric[i];
	if (row->info.len == 2 && row->info.sub[0] == 0 && row->info.sub[1] == 0)
		return;
	side->info.len = (uint8_t)row->info.len;
	memcpy(side->info.sub, row->info.sub, row->info.len * sizeof row->info.sub[0]);
}

/* A row out of service that was a route before has what no manager's column gives. */
static bool
was_a_route(const MIB_IPFORWARD_ROW2 *row)
{
	MIB_IPFORWARD_ROW2 fresh;

	InitializeIpForwardEntry(&fresh);
	return row->SitePrefixLength != fresh.SitePrefixLength ||
	       row->ValidLifetime != fresh.ValidLifetime ||
	       row->PreferredLifetime != fresh.PreferredLifetime ||
	       row->Protocol != RouteProtocolNetMgmt || row->Loopback != fresh.Loopback ||
	       row->AutoconfigureAddress != fresh.AutoconfigureAddress ||
	       row->Publish != fresh.Publish || row->Immortal != fresh.Immortal;
}

static DWORD
stage(struct mib *mib, const struct store_row *row, const struct mib_key *name)
{
	const struct mib_table *table =
	    name->b[MIB_KEY_TABLE] == MIB_TABLE_CIDR ? &mib_cidr_table : &mib_inet_table;
	struct mib_side *side = mem_calloc(1, sizeof *side);

	if (side == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	side->by_key.key = *name;
	side->staged = true;
	side->suspended = was_a_route(&row->row);
	side->touched_ms = mib_now(mib);
	side->route.row = row->row;
	side->route.kind = (enum iph_kind)row->kind;
	mib_initial_row(table, &side->row);
	side->row.if_index = row->row.InterfaceIndex;
	side->row.type = row->type;
	side->row.metric[0] = (LONG)row->row.Metric;
	side->row.status = MIB_NOT_IN_SERVICE;
	extras_of(row, side);
	if (mib_side_insert(mib, side))
		return NO_ERROR;
	mem_free(side);
	return ERROR_ALREADY_EXISTS;
}

static uint64_t
age_s(const struct mib *mib, const struct store_row *row)
{
	int64_t now = mib_unix_s(mib);
	int64_t age = now > row->created_s ? now - row->created_s : 0;

	return age < UINT32_MAX ? (uint64_t)age : UINT32_MAX;
}

/* The row as one that is out of service until it can be active. */
static struct mib_side *
parked_of(struct mib *mib, const struct store_row *row, const struct mib_key *name)
{
	struct iph_route route = { .row = row->row,
		                   .kind = (enum iph_kind)row->kind,
		                   .own = true };
	struct mib_side *side;

	route.row.Age = (ULONG)age_s(mib, row);
	side = mib_parked_new(mib, name, &route, row->if_name);
	if (side != NULL)
		extras_of(row, side);
	return side;
}

static DWORD
activate(struct restore *r, const struct store_row *row, const struct mib_key *name)
{
	struct mib_side *side = parked_of(r->mib, row, name);
	struct iph_fault fault;

	if (side == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (row->row.ValidLifetime != INFINITE &&
	    side->route.row.Age >= row->row.ValidLifetime) {
		mib_store_forget(r->mib, side);
		r->counts->over++;
		return NO_ERROR;
	}
	if (mib_unpark(r->mib, side, &fault) == NO_ERROR) {
		r->counts->active++;
		return NO_ERROR;
	}
	if (fault.code == ERROR_NOT_ENOUGH_MEMORY || !mib_side_insert(r->mib, side)) {
		mem_free(side);
		return fault.code == ERROR_NOT_ENOUGH_MEMORY ? fault.code
		                                             : ERROR_ALREADY_EXISTS;
	}
	r->counts->parked++;
	mib_park_say(side, &fault);
	return NO_ERROR;
}

static DWORD
restore_staged(struct restore *r, const struct store_row *row, const struct mib_key *name)
{
	DWORD err = stage(r->mib, row, name);

	r->counts->staged += err == NO_ERROR;
	return err;
}

DWORD
mib_row_add(struct mib *mib, const struct store_row *row, const struct mib_key *name,
            struct iph_fault *fault)
{
	struct mib_side *side;
	struct mib_ref ref;

	*fault = (struct iph_fault){ ERROR_ALREADY_EXISTS, IPH_FIELD_ROW, IPH_REASON_EXISTS };
	if (name->b[MIB_KEY_TABLE] == MIB_TABLE_CIDR
	        ? mib_staged_find(mib, name) != NULL
	        : mib_inet_find(mib, name, &ref) == MIB_FOUND)
		return fault->code;
	if (row->status != STORE_ACTIVE) {
		fault->code = stage(mib, row, name);
		return fault->code;
	}
	side = parked_of(mib, row, name);
	if (side == NULL)
		fault->code = ERROR_NOT_ENOUGH_MEMORY;
	else if (mib_unpark(mib, side, fault) != NO_ERROR)
		mem_free(side);
	return fault->code;
}

static DWORD
restore_row(void *arg, const struct store_row *row)
{
	struct restore *r = arg;
	struct mib_key name;
	DWORD err = ERROR_INVALID_NAME;

	if (row->instance != iph_instance(r->mib->config.iph))
		return NO_ERROR;
	if (mib_store_name(row, &name)) {
		err = ERROR_ALREADY_EXISTS;
		if (step_aside(r->mib, &name))
			err = row->status == STORE_ACTIVE ? activate(r, row, &name)
			                                  : restore_staged(r, row, &name);
	}
	if (err == NO_ERROR || err == ERROR_NOT_ENOUGH_MEMORY)
		return err;
	r->counts->unshown++;
	log_warn("store", "a row is kept in the file and not shown code=%s: %s", code_name(err),
	         err == ERROR_INVALID_NAME ? "it has no name that a row here could have"
	                                   : "another row has its name");
	return NO_ERROR;
}

DWORD
mib_restore_row(struct mib *mib, const struct store_row *row, struct mib_restored *counts)
{
	struct restore r = { mib, counts };

	return restore_row(&r, row);
}

DWORD
mib_restore(struct mib *mib, struct mib_restored *out)
{
	const struct store_port *port = mib->config.store;
	struct restore r = { mib, out };
	DWORD err;

	*out = (struct mib_restored){ .active = 0 };
	if (port == NULL)
		return NO_ERROR;
	mib->now_ms = mib_now(mib);
	err = port->each(port->arg, restore_row, &r);
	if (err == NO_ERROR)
		(void)mib_store_flush(mib);
	return err;
}
