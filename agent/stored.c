/* One chapter: a row of the store as a message, and back. What its values mean is not asked. */
#include "stored.h"

#include <string.h>

#include "base/addr.h"

static void
oid_to_ctl(const struct store_oid *from, struct ctl_oid *to)
{
	to->n = from->len;
	memcpy(to->sub, from->sub, from->len * sizeof(to->sub[0]));
}

static void
oid_from_ctl(const struct ctl_oid *from, struct store_oid *to)
{
	to->len = (uint16_t)from->n;
	memcpy(to->sub, from->sub, from->n * sizeof(to->sub[0]));
}

void
stored_to_ctl(const struct store_row *row, struct ctl_stored *out)
{
	memset(out, 0, sizeof(*out));
	out->row = row->row;
	out->instance = row->instance;
	out->prefix_zone = row->prefix_zone;
	out->next_hop_zone = row->next_hop_zone;
	memcpy(out->if_name, row->if_name, sizeof(out->if_name));
	out->kind = row->kind;
	out->type = row->type;
	for (size_t i = 0; i < 4; i++)
		out->metric[i] = (ULONG)row->metric[i];
	out->next_hop_as = row->next_hop_as;
	out->status = row->status;
	out->columns_set = row->columns_set;
	out->created_s = (uint64_t)row->created_s;
	oid_to_ctl(&row->policy, &out->policy);
	oid_to_ctl(&row->info, &out->info);
}

static bool
fits(const struct ctl_stored *row)
{
	ADDRESS_FAMILY family = row->row.DestinationPrefix.Prefix.si_family;
	unsigned bits = addr_bits_of(family);

	return bits != 0 && row->row.NextHop.si_family == family &&
	       row->row.DestinationPrefix.PrefixLength <= bits && row->instance <= UINT16_MAX &&
	       row->kind <= STORE_BLACKHOLE && row->type <= UINT16_MAX &&
	       (row->status == STORE_ACTIVE || row->status == STORE_NOT_IN_SERVICE) &&
	       row->columns_set <= STORE_COLUMNS_ALL && row->created_s <= INT64_MAX &&
	       row->policy.n <= STORE_OID_MAX && row->info.n <= STORE_OID_MAX;
}

bool
stored_from_ctl(const struct ctl_stored *row, struct store_row *out)
{
	if (!fits(row))
		return false;
	store_row_init(out);
	out->row = row->row;
	out->row.InterfaceLuid.Value = 0;
	out->row.Age = 0;
	out->instance = (USHORT)row->instance;
	out->prefix_zone = row->prefix_zone;
	out->next_hop_zone = row->next_hop_zone;
	memcpy(out->if_name, row->if_name, sizeof(out->if_name));
	out->kind = (enum store_kind)row->kind;
	out->type = (USHORT)row->type;
	for (size_t i = 0; i < 4; i++)
		out->metric[i] = (LONG)row->metric[i];
	out->next_hop_as = row->next_hop_as;
	out->status = (enum store_status)row->status;
	out->columns_set = row->columns_set;
	out->created_s = (int64_t)row->created_s;
	oid_from_ctl(&row->policy, &out->policy);
	oid_from_ctl(&row->info, &out->info);
	return true;
}
