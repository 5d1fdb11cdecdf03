/*
 * The scalars of ipForward: counters that mib_sync.c and mib_side.c keep, so a read
 * counts nothing. It is exact: what is still queued in the core is taken in first.
 */
#include "mib_int.h"

static enum mib_found
number(struct mib *mib, size_t len, enum mib_count which, struct mib_value *out)
{
	if (len != 0)
		return MIB_NO_SUCH_INSTANCE;
	mib_sync_all(mib);
	*out = (struct mib_value){ .type = MIB_GAUGE };
	out->u.gauge = mib->count[which];
	return MIB_FOUND;
}

static enum mib_found
get_forward_number(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	(void)name;
	return number(mib, len, MIB_COUNT_FORWARD, out);
}

static enum mib_found
get_cidr_number(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	(void)name;
	return number(mib, len, MIB_COUNT_CIDR, out);
}

static enum mib_found
get_inet_number(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	(void)name;
	return number(mib, len, MIB_COUNT_INET, out);
}

static enum mib_found
get_discards(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	(void)name;
	if (len != 0)
		return MIB_NO_SUCH_INSTANCE;
	*out = (struct mib_value){ .type = MIB_COUNTER };
	out->u.gauge = mib->discards;
	return MIB_FOUND;
}

/* Nothing follows the one instance. */
static enum mib_found
next(struct mib *mib, const mib_subid *name, size_t len, mib_subid *out_name, size_t *out_len,
     struct mib_value *out)
{
	(void)mib, (void)name, (void)len, (void)out_name, (void)out_len, (void)out;
	return MIB_END;
}

const struct mib_object mib_forward_number_object = {
	.name = "ipForwardNumber",
	.root = { 1, 3, 6, 1, 2, 1, 4, 24, 1, 0 },
	.root_len = 10,
	.scalar = true,
	.get = get_forward_number,
	.next = next,
};

const struct mib_object mib_cidr_number_object = {
	.name = "ipCidrRouteNumber",
	.root = { 1, 3, 6, 1, 2, 1, 4, 24, 3, 0 },
	.root_len = 10,
	.scalar = true,
	.get = get_cidr_number,
	.next = next,
};

const struct mib_object mib_inet_number_object = {
	.name = "inetCidrRouteNumber",
	.root = { 1, 3, 6, 1, 2, 1, 4, 24, 6, 0 },
	.root_len = 10,
	.scalar = true,
	.get = get_inet_number,
	.next = next,
};

const struct mib_object mib_discards_object = {
	.name = "inetCidrRouteDiscards",
	.root = { 1, 3, 6, 1, 2, 1, 4, 24, 8, 0 },
	.root_len = 10,
	.scalar = true,
	.get = get_discards,
	.next = next,
};
