/*
 * What is known of a row of inetCidrRouteTable and has no column there.
 *
 * The table augments inetCidrRouteTable: its rows have the same names and are found by the
 * same searches, one for each row, so a walk of a million costs here what it costs there. A
 * staged row has no route yet, or not now; it shows what it will have, and is in no forwarder.
 *
 * Whether the forwarder uses a row nobody on this floor can know; the port `forwards' is
 * asked.
 */
#include "mib_int.h"

static uint32_t
attributes_of(const MIB_IPFORWARD_ROW2 *row)
{
	return (row->Loopback ? 1u : 0) | (row->AutoconfigureAddress ? 2u : 0) |
	       (row->Publish ? 4u : 0) | (row->Immortal ? 8u : 0);
}

/* What a staged row that was never a route is going to be. */
static void
route_to_be(struct iph_route *out)
{
	memset(out, 0, sizeof *out);
	InitializeIpForwardEntry(&out->row);
	out->row.Protocol = (NL_ROUTE_PROTOCOL)MIB_IPPROTO_NETMGMT;
	out->own = true;
	out->protocol_id = PROTO_IP_NETMGMT;
}

static int64_t
truth(bool value)
{
	return value ? MIB_TRUE : MIB_FALSE;
}

static bool
is_forwarded(const struct mib *mib, const struct mib_ref *ref)
{
	return ref->route != NULL && mib->config.forwards != NULL &&
	       mib->config.forwards(mib->config.forwards_arg, ref->route);
}

static void
facts(struct mib *mib, const struct mib_ref *ref, struct mib_memo *memo)
{
	struct mib_route_facts *out = &memo->u.route;
	const struct iph_route *route = ref->route;
	struct iph_route to_be;

	if (route == NULL && ref->side->suspended) {
		route = &ref->side->route;
	} else if (route == NULL) {
		route_to_be(&to_be);
		route = &to_be;
	}
	out->forwarding = truth(is_forwarded(mib, ref));
	out->best = truth(ref->route != NULL && route->best);
	out->writable = truth(route->own);
	out->owner = route->protocol_id;
	out->origin = (int64_t)route->row.Origin + 1; /* enumerations of the MIB begin with 1 */
	out->preference = route->preference;
	out->site_length = route->row.SitePrefixLength;
	out->valid_s = route->row.ValidLifetime;
	out->preferred_s = route->row.PreferredLifetime;
	mib_bits(attributes_of(&route->row), sizeof out->attribute_bits, out->attribute_bits);
	mib_bits(route->flags, sizeof out->flag_bits, out->flag_bits);
	mib_bits(ref->route == NULL ? 0 : route->views, sizeof out->view_bits, out->view_bits);
	out->attributes =
	    (struct mib_octets){ sizeof out->attribute_bits, out->attribute_bits };
	out->flags = (struct mib_octets){ sizeof out->flag_bits, out->flag_bits };
	out->views = (struct mib_octets){ sizeof out->view_bits, out->view_bits };
}

/* ---- the names of inetCidrRouteTable ------------------------------------------------- */

static enum mib_name_fault
decode(const struct mib *mib, const mib_subid *sub, size_t n, struct mib_key *out)
{
	return mib_inet_table.decode(mib, sub, n, out);
}

static size_t
encode(const struct mib *mib, const struct mib_key *key, mib_subid *out)
{
	return mib_inet_table.encode(mib, key, out);
}

#define READ(syntax, m)                                                                        \
	syntax, MIB_READ, 0, 0, offsetof(struct mib_route_facts, m), IPH_FIELD_NONE, 0
/* clang-format off */
static const struct mib_column columns[] = {
	{  1, "rtmRouteForwarding",        READ(MIB_INTEGER, forwarding) },
	{  2, "rtmRouteBest",              READ(MIB_INTEGER, best) },
	{  3, "rtmRouteWritable",          READ(MIB_INTEGER, writable) },
	{  4, "rtmRouteOwner",             READ(MIB_GAUGE,   owner) },
	{  5, "rtmRouteOrigin",            READ(MIB_INTEGER, origin) },
	{  6, "rtmRoutePreference",        READ(MIB_GAUGE,   preference) },
	{  7, "rtmRouteSitePrefixLength",  READ(MIB_GAUGE,   site_length) },
	{  8, "rtmRouteValidLifetime",     READ(MIB_GAUGE,   valid_s) },
	{  9, "rtmRoutePreferredLifetime", READ(MIB_GAUGE,   preferred_s) },
	{ 10, "rtmRouteAttributes",        READ(MIB_OCTETS,  attributes) },
	{ 11, "rtmRouteFlags",             READ(MIB_OCTETS,  flags) },
	{ 12, "rtmRouteViews",             READ(MIB_OCTETS,  views) },
};
/* clang-format on */

const struct mib_table mib_rtm_route_table = {
	.id = MIB_TABLE_INET, /* of its names */
	.columns = columns,
	.ncolumns = sizeof columns / sizeof columns[0],
	.find = mib_inet_find,
	.next = mib_inet_next,
	.decode = decode,
	.encode = encode,
	.facts = facts,
};
