/*
 * A row of defaults, and the bounds of the histogram. Apart from the rest, since floors that
 * do not know SQLite need them.
 */
#include "store/store.h"

#include <string.h>

const uint32_t store_bucket_us[STORE_BUCKETS] = {
	50,    100,   250,   500,    1000,   2500,    5000,
	10000, 25000, 50000, 100000, 250000, 1000000, UINT32_MAX,
};

void
store_row_init(struct store_row *row)
{
	memset(row, 0, sizeof(*row));
	row->row.SitePrefixLength = UINT8_MAX;
	row->row.ValidLifetime = INFINITE;
	row->row.PreferredLifetime = INFINITE;
	row->row.Metric = UINT32_MAX;
	row->row.Protocol = MIB_IPPROTO_NETMGMT;
	row->row.Loopback = row->row.AutoconfigureAddress = TRUE;
	row->row.Publish = row->row.Immortal = TRUE;
	row->policy.len = row->info.len = 2;
	for (size_t i = 0; i < 4; i++)
		row->metric[i] = -1;
	row->status = STORE_ACTIVE;
}
