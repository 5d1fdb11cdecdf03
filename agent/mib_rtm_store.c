/*
 * How long the disk takes: the store's histogram as a table.
 *
 * The store counts each acknowledged transaction in a bucket by the time that its COMMIT
 * took. A bucket is a row, named by its upper bound in microseconds; the last has none and
 * is named by the greatest number there is. Without a store there is nothing to measure and
 * the table is empty. The store is one for all instances, so each context shows the same.
 */
#include "mib_fixed.h"
#include "mib_int.h"

#include <string.h>

static const struct mib_shape shape = { MIB_TABLE_RTM_STORE, "n" };

bool
mib_store_stats(const struct mib *mib, struct store_stats *out)
{
	const struct store_port *port = mib->config.store;

	memset(out, 0, sizeof *out);
	if (port == NULL)
		return false;
	if (port->stats != NULL)
		port->stats(port->arg, out);
	return true;
}

static void
bucket_key(size_t bucket, struct mib_key *out)
{
	const mib_subid name = store_bucket_us[bucket];

	(void)mib_fixed_decode(&shape, &name, 1, out);
}

/* @return STORE_BUCKETS: the name of none. */
static size_t
bucket_of(const struct mib_key *key)
{
	size_t i = 0;

	while (i < STORE_BUCKETS && store_bucket_us[i] != mib_get32(key->b + 1))
		i++;
	return i;
}

static enum mib_found
find(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	*out = (struct mib_ref){ .key = *key };
	return mib->config.store != NULL && bucket_of(key) < STORE_BUCKETS
	           ? MIB_FOUND
	           : MIB_NO_SUCH_INSTANCE;
}

static enum mib_found
next(struct mib *mib, const mib_subid *sub, size_t n, struct mib_ref *out)
{
	struct mib_key bound;
	bool inclusive;

	*out = (struct mib_ref){ .side = NULL };
	mib_fixed_bound(&shape, sub, n, &bound, &inclusive);
	for (size_t i = 0; mib->config.store != NULL && i < STORE_BUCKETS; i++) {
		int order;

		bucket_key(i, &out->key);
		order = mib_key_compare(&out->key, &bound);
		if (order > 0 || (inclusive && order == 0))
			return MIB_FOUND;
	}
	return MIB_END;
}

static void
facts(struct mib *mib, const struct mib_ref *ref, struct mib_memo *memo)
{
	struct store_stats stats;

	(void)mib_store_stats(mib, &stats);
	memo->u.bucket.commits = (int64_t)stats.commit_us[bucket_of(&ref->key)];
}

/* clang-format off */
static const struct mib_column columns[] = {
	{ 2, "rtmStoreCommits", MIB_COUNTER64, MIB_READ, 0, 0, offsetof(struct mib_bucket_facts, commits), IPH_FIELD_NONE, 0 },
};
/* clang-format on */

const struct mib_table mib_rtm_store_table = {
	.id = MIB_TABLE_RTM_STORE,
	.columns = columns,
	.ncolumns = sizeof columns / sizeof columns[0],
	.find = find,
	.next = next,
	.shape = &shape,
	.facts = facts,
};
