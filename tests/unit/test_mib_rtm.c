/* RTM-MIB on the MIB floor: how SETs are counted, what is kept of refused ones. */
#include "mib_cases.h"

#include "base/addr.h"
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MK(x) x ":7=i2 " x ":8=i4 " x ":17=i4"
#define KEPT 32 /* refused SETs */

static FILETIME today;

static FILETIME
calendar(void *arg)
{
	(void)arg;
	return today;
}

static void
set_up(void)
{
	world_config = (struct mib_config){ .row_timeout_s = 300,
		                            .version = "1.2.3",
		                            .forwarder = "memory",
		                            .calendar = calendar };
	today = (FILETIME){ 0 };
	world_open();
}

static void
tear_down(void)
{
	world_close();
	world_config = (struct mib_config){ .row_timeout_s = 300 };
}

/* ---- reading by numbers below the module ------------------------------------------ */

static const struct mib_object *
module(void)
{
	for (size_t i = 0; i < mib_objects_count; i++)
		if (strcmp(mib_objects[i]->name, "rtmMIB") == 0)
			return mib_objects[i];
	CU_FAIL_FATAL("no RTM-MIB");
	return NULL;
}

static size_t
numbers(const char *text, mib_subid *out)
{
	size_t n = 0;

	for (char *end; *text != '\0'; text = *end == '.' ? end + 1 : end)
		out[n++] = (mib_subid)strtoul(text, &end, 10);
	return n;
}

static void
say(const struct mib_value *value, char *out, size_t size)
{
	size_t at = 0;

	switch (value->type) {
	case MIB_OCTETS:
		snprintf(out, size, "%.*s", (int)value->len, (const char *)value->u.octets);
		break;
	case MIB_OBJID:
		out[0] = '\0';
		for (size_t i = 0; i < value->len && at < size; i++)
			at += (size_t)snprintf(out + at, size - at, i == 0 ? "%u" : ".%u",
			                       value->u.objid[i]);
		break;
	case MIB_INTEGER:
		snprintf(out, size, "%lld", (long long)value->u.integer);
		break;
	default:
		snprintf(out, size, "%u", value->u.gauge);
	}
}

static enum mib_found
read_value(const char *name, struct mib_value *out)
{
	mib_subid sub[MIB_OID_MAX];

	mib_sync(world.mib);
	return module()->get(world.mib, sub, numbers(name, sub), out);
}

/* Whether the object is `want'; "-" no such instance, "!" no such object. */
static bool
is(const char *name, const char *want)
{
	struct mib_value value;
	char got[600];
	enum mib_found found = read_value(name, &value);

	if (found == MIB_FOUND)
		say(&value, got, sizeof got);
	else
		strcpy(got, found == MIB_NO_SUCH_INSTANCE ? "-" : "!");
	if (strcmp(got, want) != 0)
		fprintf(stderr, "  %s is [%s], not [%s]\n", name, got, want);
	return strcmp(got, want) == 0;
}

/* A walk of the module ascends, and each name reads as the walk said. @return how many. */
static size_t
walk(void)
{
	mib_subid name[MIB_OID_MAX + 4] = { 0 }, next[MIB_OID_MAX + 4];
	size_t len = 0, next_len = 0, n = 0;
	struct mib_value value, again;
	char a[600], b[600];

	mib_sync(world.mib);
	for (; module()->next(world.mib, name, len, next, &next_len, &value) == MIB_FOUND;
	     n++) {
		size_t same = len < next_len ? len : next_len;
		int order = 0;

		for (size_t i = 0; i < same && order == 0; i++)
			order = (name[i] > next[i]) - (name[i] < next[i]);
		CU_ASSERT_FATAL(order < 0 || (order == 0 && len < next_len));
		CU_ASSERT_EQUAL(module()->get(world.mib, next, next_len, &again), MIB_FOUND);
		say(&value, a, sizeof a);
		say(&again, b, sizeof b);
		CU_ASSERT_STRING_EQUAL(a, b);
		memcpy(name, next, next_len * sizeof *next);
		len = next_len;
	}
	return n;
}

static enum mib_error
set(const char *pdu)
{
	return world_set(pdu).error;
}

/* ---- what is counted ----------------------------------------------------------------- */

static void
each_transaction_ends_in_one_way(void)
{
	struct mib_tx *tx;

	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT_EQUAL(set(MK("X")), MIB_INCONSISTENTVALUE);
	CU_ASSERT_EQUAL(world_set_undone(MK("Y")).error, MIB_NOERROR);
	tx = mib_tx_new(world.mib);
	(void)mib_tx_check(tx);
	mib_tx_free(tx);
	CU_ASSERT(is("1.2.1.0", "4")); /* requests */
	CU_ASSERT(is("1.2.2.0", "1")); /* committed */
	CU_ASSERT(is("1.2.3.0", "1")); /* refused */
	CU_ASSERT(is("1.2.4.0", "1")); /* undone */
	CU_ASSERT(is("1.2.5.0", "1")); /* released */
	CU_ASSERT(is("1.5.1.2.0", "1"));
	CU_ASSERT(is("1.5.1.2.12", "1"));
	CU_ASSERT(is("1.5.1.2.10", "0"));
}

static void
a_session_that_breaks_takes_its_transaction_back(void)
{
	struct mib_tx *tx = mib_tx_new(world.mib);

	CU_ASSERT_EQUAL(mib_tx_check(tx).error, MIB_NOERROR);
	CU_ASSERT_EQUAL(mib_tx_apply(tx).error, MIB_NOERROR);
	mib_tx_free(tx);
	CU_ASSERT(is("1.2.4.0", "1"));
	CU_ASSERT(is("1.2.5.0", "0"));
}

static void
a_forwarder_that_refuses_the_way_back_too(void)
{
	world.refuse_from = 2;
	world.refuse_until = 100;
	CU_ASSERT_EQUAL(set(MK("X") " Y:7=i2 Y:8=i4 Y:17=i4"), MIB_UNDOFAILED);
	CU_ASSERT(is("1.2.3.0", "1"));
	CU_ASSERT(is("1.2.4.0", "0"));
	CU_ASSERT(is("1.2.6.0", "1")); /* failed to undo */
	CU_ASSERT(is("1.5.1.2.15", "1"));
	CU_ASSERT(is("1.6.1.8.1", "15"));
	CU_ASSERT(is("1.6.1.13.1", "3"));
	CU_ASSERT(is("1.6.1.10.1", "ERROR_NETWORK_UNREACHABLE"));
	world.refuse_from = 0;
}

static void
what_the_forwarder_says_is_kept(void)
{
	world.refuse_from = world.refuse_until = 1;
	CU_ASSERT_EQUAL(set(MK("X")), MIB_COMMITFAILED);
	CU_ASSERT(is("1.6.1.8.1", "14"));
	CU_ASSERT(is("1.6.1.9.1", "1231"));
	CU_ASSERT(is("1.6.1.10.1", "ERROR_NETWORK_UNREACHABLE"));
	CU_ASSERT(is("1.6.1.12.1", "16")); /* the forwarder */
	CU_ASSERT(is("1.6.1.13.1", "2"));  /* commit */
}

static void
each_word_of_the_configuration_has_its_count(void)
{
	static const struct {
		bool read_only, protect, allow;
		size_t most;
		const char *counter, *word;
	} cases[] = {
		{ true, false, false, 0, "1.2.7.0", "readOnly" },
		{ false, true, false, 0, "1.2.8.0", "protect" },
		{ false, false, true, 0, "1.2.9.0", "allowWrite" },
		{ false, false, false, 1, "1.2.10.0", "maxRows" },
	};
	struct prefix ten_one, eleven;

	CU_ASSERT_FATAL(prefix_parse("10.1.0.0/16", &ten_one));
	CU_ASSERT_FATAL(prefix_parse("11.0.0.0/8", &eleven));
	CU_ASSERT_EQUAL(set(MK("Y")), MIB_NOERROR);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mib_config config = world_config;

		mib_close(world.mib);
		config.policy.read_only = cases[i].read_only;
		config.policy.protect = &ten_one;
		config.policy.nprotect = cases[i].protect;
		config.policy.allow = &eleven;
		config.policy.nallow = cases[i].allow;
		config.policy.max_rows = cases[i].most;
		world_reopen(&config);
		CU_ASSERT_NOT_EQUAL(set(MK("X")), MIB_NOERROR);
		CU_ASSERT(is("1.2.3.0", "1"));
		CU_ASSERT(is("1.6.1.14.1", cases[i].word));
		for (size_t j = 0; j < sizeof cases / sizeof cases[0]; j++)
			CU_ASSERT(is(cases[j].counter, i == j ? "1" : "0"));
		CU_ASSERT(is("1.3.3.0", cases[i].most == 1 ? "1" : "0"));
		CU_ASSERT_EQUAL(world_scalar("inetCidrRouteDiscards"), cases[i].most);
	}
}

static void
rows_of_managers_and_staged_ones(void)
{
	RTM_ROUTE_HANDLE route = world_foreign_add("10.9.0.0/16", "192.0.2.1", 2, 1);

	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT_EQUAL(set("Y:17=i5"), MIB_NOERROR);
	CU_ASSERT(is("1.3.1.0", "1"));
	CU_ASSERT(is("1.3.2.0", "1"));
	world_foreign_delete(route, "10.9.0.0/16");
}

static void
the_agent_about_itself(void)
{
	CU_ASSERT(is("1.1.1.0", "1.2.3"));
	CU_ASSERT(is("1.1.2.0", "memory"));
	CU_ASSERT(is("1.1.3.0", "0"));
	world.now_ms += 12345;
	CU_ASSERT(is("1.1.3.0", "1234"));
	CU_ASSERT(is("1.1.4.0", "0"));
	CU_ASSERT(is("1.1.5.0", "0"));
	mib_session_began(world.mib);
	CU_ASSERT(is("1.1.4.0", "1"));
	CU_ASSERT(is("1.1.5.0", "0"));
	mib_session_began(world.mib);
	CU_ASSERT(is("1.1.4.0", "2"));
	CU_ASSERT(is("1.1.5.0", "1"));
}

/* ---- what is kept of refused ones ------------------------------------------------------- */

static void
a_refused_row_is_told_whole(void)
{
	CU_ASSERT_EQUAL(set("X:7=i99 X:8=i4 X:17=i4"), MIB_INCONSISTENTVALUE);
	CU_ASSERT(is("1.2.11.0", "1"));
	CU_ASSERT(is("1.6.1.3.1", "inetCidrRouteTable"));
	CU_ASSERT(is("1.6.1.4.1", "10.1.0.0/16 via 192.0.2.1 if 99"));
	CU_ASSERT(is("1.6.1.5.1", "inetCidrRouteIfIndex"));
	CU_ASSERT(
	    is("1.6.1.6.1", "1.3.6.1.2.1.4.24.7.1.7.1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1"));
	CU_ASSERT(is("1.6.1.7.1", "1"));
	CU_ASSERT(is("1.6.1.8.1", "12"));
	CU_ASSERT(is("1.6.1.9.1", "1168"));
	CU_ASSERT(is("1.6.1.10.1", "ERROR_NOT_FOUND"));
	CU_ASSERT(is("1.6.1.11.1", "6")); /* the interface */
	CU_ASSERT(is("1.6.1.12.1", "7")); /* is not there */
	CU_ASSERT(is("1.6.1.13.1", "1"));
	CU_ASSERT(is("1.6.1.14.1", ""));
}

static void
the_varbind_alone_has_a_name_too(void)
{
	CU_ASSERT_EQUAL(set("X:7=s2"), MIB_WRONGTYPE);
	CU_ASSERT(
	    is("1.6.1.6.1", "1.3.6.1.2.1.4.24.7.1.7.1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1"));
	CU_ASSERT(is("1.6.1.4.1", ""));
	CU_ASSERT_EQUAL(set("f/X:8=i1"), MIB_NOTWRITABLE);
	CU_ASSERT(is("1.6.1.3.2", "ipForwardTable"));
}

static void
a_name_as_long_as_names_can_be(void)
{
	char pdu[1200] = "1.4", index[MIB_OID_MAX * 2];
	size_t at = 3;

	for (size_t i = 2; i < 117; i++)
		at += (size_t)snprintf(pdu + at, sizeof pdu - at, ".1");
	memcpy(index, pdu, at + 1);
	snprintf(pdu + at, sizeof pdu - at, ":17=i4");
	CU_ASSERT_EQUAL(set(pdu), MIB_NOCREATION);
	snprintf(pdu, sizeof pdu, "1.3.6.1.2.1.4.24.7.1.17.%s", index);
	CU_ASSERT(is("1.6.1.6.1", pdu));
	CU_ASSERT(walk() > 0);
}

static void
only_the_last_ones_are_kept(void)
{
	char name[32];
	size_t before = walk(); /* no refused row yet */

	for (unsigned i = 1; i <= KEPT + 8; i++) {
		CU_ASSERT_EQUAL(set("X:17=i2"), MIB_INCONSISTENTVALUE);
		CU_ASSERT_EQUAL(walk(), before + 13 * (i < KEPT ? i : KEPT));
	}
	CU_ASSERT(is("1.2.11.0", "40"));
	for (unsigned i = 0; i <= 41; i++) {
		snprintf(name, sizeof name, "1.6.1.8.%u", i);
		CU_ASSERT(is(name, i >= 9 && i <= 40 ? "12" : "-"));
	}
}

static void
days_are_counted_right(void)
{
	static const struct {
		uint64_t seconds; /* since 1601-01-01 */
		uint8_t octets[8];
	} days[] = {
		{ 11644473600ull, { 1970 >> 8, 1970 & 255, 1, 1, 0, 0, 0, 0 } },
		{ 12470041261ull, { 1996 >> 8, 1996 & 255, 2, 29, 4, 21, 1, 0 } },
		{ 12596228399ull, { 2000 >> 8, 2000 & 255, 2, 28, 16, 19, 59, 0 } },
		{ 12596314800ull, { 2000 >> 8, 2000 & 255, 2, 29, 16, 20, 0, 0 } },
		{ 12622780799ull, { 2000 >> 8, 2000 & 255, 12, 31, 23, 59, 59, 0 } },
		{ 12622780800ull, { 2001 >> 8, 2001 & 255, 1, 1, 0, 0, 0, 0 } },
		{ 3129238800ull, { 1700 >> 8, 1700 & 255, 3, 1, 1, 0, 0, 0 } },
		{ 15752016000ull, { 2100 >> 8, 2100 & 255, 3, 1, 0, 0, 0, 0 } },
		{ 15778454399ull, { 2100 >> 8, 2100 & 255, 12, 31, 23, 59, 59, 0 } },
		{ 13439747221ull, { 2026 >> 8, 2026 & 255, 11, 21, 15, 7, 1, 0 } },
	};
	struct mib_value value;
	char name[32];

	CU_ASSERT_EQUAL(set("X:17=i2"), MIB_INCONSISTENTVALUE);
	CU_ASSERT_EQUAL(read_value("1.6.1.2.1", &value), MIB_FOUND);
	CU_ASSERT_EQUAL(value.len, 8); /* nobody knows */
	for (unsigned i = 0; i < sizeof days / sizeof days[0]; i++) {
		uint64_t ticks = days[i].seconds * 10000000;

		today = (FILETIME){ (DWORD)ticks, (DWORD)(ticks >> 32) };
		CU_ASSERT_EQUAL(set("X:17=i2"), MIB_INCONSISTENTVALUE);
		snprintf(name, sizeof name, "1.6.1.2.%u", i + 2);
		CU_ASSERT_EQUAL(read_value(name, &value), MIB_FOUND);
		CU_ASSERT_EQUAL(value.len, 11);
		if (memcmp(value.u.octets, days[i].octets, 8) != 0)
			fprintf(stderr, "  day %u: %u-%u-%u %u:%u:%u\n", i,
			        value.u.octets[0] << 8 | value.u.octets[1], value.u.octets[2],
			        value.u.octets[3], value.u.octets[4], value.u.octets[5],
			        value.u.octets[6]);
		CU_ASSERT(memcmp(value.u.octets, days[i].octets, 8) == 0);
		CU_ASSERT(memcmp(value.u.octets + 8, "+\0\0", 3) == 0);
	}
}

static void
names_that_are_none(void)
{
	CU_ASSERT(is("1", "!"));
	CU_ASSERT(is("2.1.1.0", "!"));
	CU_ASSERT(is("1.1", "!"));
	CU_ASSERT(is("1.1.1", "-"));
	CU_ASSERT(is("1.1.6.0", "!"));
	CU_ASSERT(is("1.1.0.0", "!"));
	CU_ASSERT(is("1.1.1.1", "-"));
	CU_ASSERT(is("1.1.1.0.0", "-"));
	CU_ASSERT(is("1.5", "!"));
	CU_ASSERT(is("1.5.1.1.0", "!"));
	CU_ASSERT(is("1.5.1.2", "-"));
	CU_ASSERT(is("1.5.1.2.1", "-"));
	CU_ASSERT(is("1.5.1.2.0.0", "-"));
	CU_ASSERT(is("1.5.2.2.0", "!"));
	CU_ASSERT(is("1.4294967295.1", "!"));
}

static void
nothing_of_it_can_be_written(void)
{
	mib_subid name[] = { 1, 2, 1, 0 };
	struct mib_varbind vb = {
		.object = module(), .name = name, .name_len = 4, .number = 1
	};
	struct mib_tx *tx = mib_tx_new(world.mib);

	vb.value.type = MIB_COUNTER;
	CU_ASSERT_EQUAL(mib_tx_add(tx, &vb), MIB_NOTWRITABLE);
	mib_tx_free(tx);
	CU_ASSERT(is("1.6.1.6.1", "1.3.6.1.4.1.8072.9999.9999.4292.1.2.1.0"));
	CU_ASSERT(is("1.6.1.3.1", ""));
	CU_ASSERT(is("1.2.5.0", "0"));
}

/* ---- routes ----------------------------------------------------------------------------- */

static const struct iph_route *forwarded; /* the last one that was asked about */
static struct iph_route forwarded_copy;
static bool forwards_now;

static bool
forwards(void *arg, const struct iph_route *route)
{
	CU_ASSERT_PTR_EQUAL(arg, &forwards_now);
	forwarded_copy = *route;
	forwarded = &forwarded_copy;
	return forwards_now;
}

/* A column of rtmRouteTable for a row by its short name. */
static bool
route_is(unsigned column, const char *row, const char *want)
{
	mib_subid index[MIB_OID_MAX];
	size_t n = world_index('i', row, index), at;
	char name[600];

	at = (size_t)snprintf(name, sizeof name, "1.10.1.%u", column);
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(name + at, sizeof name - at, ".%u", index[i]);
	return is(name, want);
}

static bool
route_bits_are(unsigned column, const char *row, size_t len, const uint8_t *want)
{
	mib_subid name[MIB_OID_MAX + 4] = { 1, 10, 1, column };
	size_t n = 4 + world_index('i', row, name + 4);
	struct mib_value value;

	mib_sync(world.mib);
	return module()->get(world.mib, name, n, &value) == MIB_FOUND && value.len == len &&
	       memcmp(value.u.octets, want, len) == 0;
}

static void
an_own_row_has_facts_of_its_own(void)
{
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT(route_is(1, "X", "2"));          /* nobody forwards */
	CU_ASSERT(route_is(2, "X", "1"));          /* best */
	CU_ASSERT(route_is(3, "X", "1"));          /* may be changed */
	CU_ASSERT(route_is(4, "X", "3"));          /* netmgmt */
	CU_ASSERT(route_is(5, "X", "1"));          /* manual */
	CU_ASSERT(route_is(8, "X", "4294967295")); /* for ever */
	CU_ASSERT(route_is(9, "X", "4294967295"));
	CU_ASSERT(route_bits_are(12, "X", 4, (const uint8_t[]){ 0x80, 0, 0, 0 }));
	CU_ASSERT(route_is(1, "Y", "-"));
	CU_ASSERT(route_is(0, "X", "!"));
	CU_ASSERT(route_is(13, "X", "!"));
}

static void
what_the_route_functions_know_is_shown(void)
{
	struct iph_route route = { .kind = IPH_UNICAST };
	struct iph_fault fault;
	struct prefix prefix;

	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT_FATAL(prefix_parse("10.1.0.0/16", &prefix));
	addr_to_sockaddr(&prefix.addr, &route.row.DestinationPrefix.Prefix);
	route.row.DestinationPrefix.PrefixLength = 16;
	CU_ASSERT_FATAL(addr_parse("192.0.2.1", &prefix.addr));
	addr_to_sockaddr(&prefix.addr, &route.row.NextHop);
	route.row.InterfaceIndex = 2;
	CU_ASSERT_EQUAL_FATAL(iph_route_get(world.iph, &route), NO_ERROR);
	route.row.SitePrefixLength = 8;
	route.row.ValidLifetime = 7200;
	route.row.PreferredLifetime = 3600;
	route.row.Publish = TRUE;
	route.row.AutoconfigureAddress = TRUE;
	route.row.Loopback = FALSE;
	route.row.Immortal = FALSE;
	CU_ASSERT_EQUAL_FATAL(iph_route_change(world.iph, IPH_SET, &route, &fault), NO_ERROR);
	CU_ASSERT(route_is(7, "X", "8"));
	CU_ASSERT(route_is(8, "X", "7200"));
	CU_ASSERT(route_is(9, "X", "3600"));
	CU_ASSERT(route_bits_are(10, "X", 1, (const uint8_t[]){ 0x60 }));
}

static void
rows_of_others_and_those_that_drop(void)
{
	RTM_ROUTE_HANDLE route = world_foreign_add("10.1.0.0/16", "192.0.2.1", 2, 7);

	CU_ASSERT(route_is(2, "X", "1"));
	CU_ASSERT(route_is(3, "X", "2"));
	CU_ASSERT(route_is(4, "X", "8"));   /* rip */
	CU_ASSERT(route_is(6, "X", "100")); /* the preference it came with */
	CU_ASSERT_EQUAL(set("X9:7=i2 X9:8=i4 X9:17=i4"), MIB_NOERROR);
	CU_ASSERT_EQUAL(set("L:7=i0 L:8=i5 L:17=i4"), MIB_NOERROR);
	CU_ASSERT(route_bits_are(11, "L", 2, (const uint8_t[]){ 0x40, 0 }));
	CU_ASSERT(is("1.7.1.2.8", "1"));
	CU_ASSERT(is("1.7.1.2.3", "2"));
	world_foreign_delete(route, "10.1.0.0/16");
	CU_ASSERT(is("1.7.1.2.8", "-"));
}

static void
staged_rows_are_nowhere_yet(void)
{
	CU_ASSERT_EQUAL(set("X:17=i5"), MIB_NOERROR);
	for (unsigned column = 1; column <= 3; column++)
		CU_ASSERT(route_is(column, "X", column == 3 ? "1" : "2"));
	CU_ASSERT(route_is(4, "X", "3"));
	CU_ASSERT(route_is(8, "X", "4294967295"));
	CU_ASSERT(route_bits_are(12, "X", 4, (const uint8_t[]){ 0, 0, 0, 0 }));
	CU_ASSERT(is("1.3.4.0", "0"));
	CU_ASSERT_EQUAL(set(MK("Y")), MIB_NOERROR);
	CU_ASSERT_EQUAL(set("Y:17=i2"), MIB_NOERROR);
	CU_ASSERT(route_is(2, "Y", "2"));
	CU_ASSERT(route_is(3, "Y", "1"));
	CU_ASSERT(route_bits_are(12, "Y", 4, (const uint8_t[]){ 0, 0, 0, 0 }));
	CU_ASSERT(walk() > 0);
}

static void
the_port_says_what_is_forwarded(void)
{
	struct mib_config config = world_config;

	mib_close(world.mib);
	config.forwards = forwards;
	config.forwards_arg = &forwards_now;
	world_reopen(&config);
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	forwards_now = true;
	CU_ASSERT(route_is(1, "X", "1"));
	CU_ASSERT_FATAL(forwarded != NULL);
	CU_ASSERT_EQUAL(forwarded->row.DestinationPrefix.PrefixLength, 16);
	CU_ASSERT_EQUAL(forwarded->row.InterfaceIndex, 2);
	forwards_now = false;
	CU_ASSERT_EQUAL(set("Y:17=i5"), MIB_NOERROR); /* what was read is read again */
	CU_ASSERT(route_is(1, "X", "2"));
	forwards_now = true;
	CU_ASSERT(route_is(1, "Y", "2")); /* staged: not even asked */
}

/* ---- next hops --------------------------------------------------------------------------- */

static void
next_hops_are_there_as_long_as_rows_lead_there(void)
{
	CU_ASSERT(is("1.3.4.0", "0"));
	CU_ASSERT_EQUAL(set(MK("X") " " MK("Y")), MIB_NOERROR);
	CU_ASSERT(is("1.9.1.4.1.4.192.0.2.1.2", "2"));
	CU_ASSERT(is("1.9.1.5.1.4.192.0.2.1.2", "eth2"));
	CU_ASSERT(is("1.9.1.6.1.4.192.0.2.1.2", "1"));
	CU_ASSERT_EQUAL(set(MK("V")), MIB_NOERROR);
	CU_ASSERT(is("1.3.4.0", "2"));
	CU_ASSERT_EQUAL(set("L:7=i0 L:8=i2 L:17=i4"), MIB_NOERROR);
	CU_ASSERT(is("1.9.1.4.1.4.0.0.0.0.0", "1"));
	CU_ASSERT(is("1.9.1.5.1.4.0.0.0.0.0", ""));
	CU_ASSERT(is("1.9.1.6.1.4.0.0.0.0.0", "2"));
	CU_ASSERT_EQUAL(set("X:17=i6"), MIB_NOERROR);
	CU_ASSERT(is("1.9.1.4.1.4.192.0.2.1.2", "1"));
	CU_ASSERT_EQUAL(set("Y:17=i6 X9:7=i2 X9:8=i4 X9:17=i4"), MIB_NOERROR);
	CU_ASSERT(is("1.9.1.4.1.4.192.0.2.1.2", "-"));
	CU_ASSERT(is("1.9.1.4.1.4.192.0.2.9.2", "1"));
	world_check_tables();
}

static void
names_of_next_hops(void)
{
	static const struct {
		const char *from, *next;
	} steps[] = {
		{ "1.9", "1.9.1.4.1.4.192.0.2.1.2" },
		{ "1.9.1.4.0", "1.9.1.4.1.4.192.0.2.1.2" },
		{ "1.9.1.4.1.3.9.9.9", "1.9.1.4.1.4.192.0.2.1.2" },
		{ "1.9.1.4.1.4", "1.9.1.4.1.4.192.0.2.1.2" },
		{ "1.9.1.4.1.4.192.0.2.1", "1.9.1.4.1.4.192.0.2.1.2" },
		{ "1.9.1.4.1.4.192.0.2.1.1", "1.9.1.4.1.4.192.0.2.1.2" },
		{ "1.9.1.4.1.4.192.0.2.1.1.9", "1.9.1.4.1.4.192.0.2.1.2" },
		{ "1.9.1.4.1.4.192.0.2.1.2", "1.9.1.4.1.4.192.0.2.9.2" },
		{ "1.9.1.4.1.4.192.0.2.1.2.0", "1.9.1.4.1.4.192.0.2.9.2" },
		{ "1.9.1.4.1.4.192.0.2.256",
		  "1.9.1.4.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1.2" },
		{ "1.9.1.4.1.4.192.0.2.9.2",
		  "1.9.1.4.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1.2" },
		{ "1.9.1.4.1.5", "1.9.1.4.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1.2" },
		{ "1.9.1.4.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1.2",
		  "1.9.1.5.1.4.192.0.2.1.2" },
		{ "1.9.1.4.2.17", "1.9.1.5.1.4.192.0.2.1.2" },
		{ "1.9.1.4.3", "1.9.1.5.1.4.192.0.2.1.2" },
		{ "1.9.1.4.4294967295", "1.9.1.5.1.4.192.0.2.1.2" },
	};

	CU_ASSERT_EQUAL(set(MK("X") " X9:7=i2 X9:8=i4 X9:17=i4 " MK("V")), MIB_NOERROR);
	mib_sync(world.mib);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		mib_subid from[MIB_OID_MAX], want[MIB_OID_MAX], got[MIB_OID_MAX + 4];
		size_t n = numbers(steps[i].from, from), len = 0;
		struct mib_value value;

		CU_ASSERT_EQUAL(module()->next(world.mib, from, n, got, &len, &value),
		                MIB_FOUND);
		n = numbers(steps[i].next, want);
		if (n != len || memcmp(got, want, n * sizeof *got) != 0)
			fprintf(stderr, "  after %s\n", steps[i].from);
		CU_ASSERT(n == len && memcmp(got, want, n * sizeof *got) == 0);
	}
	CU_ASSERT(is("1.9.1.4.1.4.192.0.2.1", "-"));
	CU_ASSERT(is("1.9.1.4.1.4.192.0.2.257.2", "-"));
	CU_ASSERT(is("1.9.1.4.2.4.192.0.2.1.2", "-"));
	CU_ASSERT(is("1.9.1.4.3.4.192.0.2.1.2", "-"));
	CU_ASSERT(is("1.9.1.4", "-"));
}

static void
who_is_registered(void)
{
	RTM_ENTITY_INFO who = { .AddressFamily = AF_INET };
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE entity;
	size_t before = walk();

	CU_ASSERT(is("1.8.1.4.1.8.0", "rip"));
	CU_ASSERT(is("1.8.1.4.2.8.0", "rip"));
	CU_ASSERT(is("1.8.1.4.1.1073680580.0", "0.16383.4292")); /* the view itself */
	CU_ASSERT(is("1.8.1.5.1.8.0", "0"));
	CU_ASSERT(is("1.8.1.4.1.13.4294967295", "-"));
	who.EntityId.EntityProtocolId = PROTO_IP_OSPF;
	who.EntityId.EntityInstanceId = 0xFFFFFFFF;
	CU_ASSERT_EQUAL_FATAL(RtmRegisterEntity(&who, NULL, NULL, FALSE, &profile, &entity),
	                      NO_ERROR);
	world.now_ms += 1000;
	CU_ASSERT(is("1.8.1.4.1.13.4294967295", "ospf"));
	CU_ASSERT_EQUAL(walk(), before + 2);
	CU_ASSERT_EQUAL(RtmDeregisterEntity(entity), NO_ERROR);
	world.now_ms += 1000;
	CU_ASSERT(is("1.8.1.4.1.13.4294967295", "-"));
	CU_ASSERT_EQUAL(walk(), before);
}

static void
memory_that_runs_out_leaves_the_counts_right(void)
{
	for (uint64_t n = 1; n < 40; n++) {
		mem_fail_nth(n);
		(void)set(MK("X") " X9:7=i2 X9:8=i4 X9:17=i4");
		(void)walk();
		mem_fail_nth(0);
		(void)set("X:17=i6 X9:17=i6");
		world_check_tables();
		CU_ASSERT(is("1.3.4.0", "0"));
	}
}

int
main(void)
{
	static const struct test tests[] = {
		TEST(each_transaction_ends_in_one_way),
		TEST(a_session_that_breaks_takes_its_transaction_back),
		TEST(a_forwarder_that_refuses_the_way_back_too),
		TEST(what_the_forwarder_says_is_kept),
		TEST(each_word_of_the_configuration_has_its_count),
		TEST(rows_of_managers_and_staged_ones),
		TEST(the_agent_about_itself),
		TEST(a_refused_row_is_told_whole),
		TEST(the_varbind_alone_has_a_name_too),
		TEST(a_name_as_long_as_names_can_be),
		TEST(only_the_last_ones_are_kept),
		TEST(days_are_counted_right),
		TEST(names_that_are_none),
		TEST(nothing_of_it_can_be_written),
		TEST(an_own_row_has_facts_of_its_own),
		TEST(what_the_route_functions_know_is_shown),
		TEST(rows_of_others_and_those_that_drop),
		TEST(staged_rows_are_nowhere_yet),
		TEST(the_port_says_what_is_forwarded),
		TEST(next_hops_are_there_as_long_as_rows_lead_there),
		TEST(names_of_next_hops),
		TEST(who_is_registered),
		TEST(memory_that_runs_out_leaves_the_counts_right),
	};

	return run_tests_with("mib_rtm", tests, sizeof tests / sizeof tests[0], set_up,
	                      tear_down);
}
