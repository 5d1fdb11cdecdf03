/* What there is a notification of, and what not: on the MIB floor, with a clock that stands. */
#include "mib_cases.h"

#include "base/addr.h"
#include "base/alloc.h"
#include "rtmhost.h"

#include <stdio.h>
#include <string.h>

#define MK(x) x ":7=i2 " x ":8=i4 " x ":17=i4"
#define ALL                                                                                    \
	(1u << MIB_NOTICE_ADDED | 1u << MIB_NOTICE_REMOVED | 1u << MIB_NOTICE_CHANGED |        \
	 1u << MIB_NOTICE_REFUSED)

static unsigned rings;
static bool refuse;      /* the master is not there */
static char sent[65536]; /* what went out: "+10.1.0.0/16 via 192.0.2.1 if 2 m256 s0;" */
static size_t at;

static void
ring(void *arg)
{
	CU_ASSERT_PTR_EQUAL(arg, &rings);
	rings++;
}

static void
say(const char *format, const char *text, unsigned long number)
{
	int n = snprintf(sent + at, sizeof sent - at, format, text, number);

	at += (size_t)n;
	CU_ASSERT_FATAL(at < sizeof sent);
}

static void
say_octets(const struct mib_value *value)
{
	char text[256];

	snprintf(text, sizeof text, "%.*s", (int)value->len, (const char *)value->u.octets);
	say("%s", text, 0);
}

/* The number of a scalar below rtmNotify, or of a column of inetCidrRouteTable; else 0. */
static mib_subid
which(const struct mib_notice_var *var)
{
	static const mib_subid notify[] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 4292, 1, 4 };
	static const mib_subid entry[] = { 1, 3, 6, 1, 2, 1, 4, 24, 7, 1 };

	if (var->len == 14 && memcmp(var->name, notify, sizeof notify) == 0)
		return 100 + var->name[12];
	return var->len > 10 && memcmp(var->name, entry, sizeof entry) == 0 ? var->name[10] : 0;
}

static bool
send_it(void *arg, const struct mib_notice *notice)
{
	CU_ASSERT_PTR_EQUAL(arg, sent);
	CU_ASSERT_EQUAL(notice->oid_len, 12);
	CU_ASSERT_EQUAL(notice->oid[10], 0);
	if (refuse)
		return false;
	say("%s%c", "", (unsigned long)"?+-*!"[notice->oid[11]]);
	for (size_t i = 0; i < notice->nvars; i++) {
		const struct mib_notice_var *var = &notice->vars[i];

		if (which(var) == 105 || (which(var) == 0 && i == 0))
			say_octets(&var->value);
		else if (which(var) == 12)
			say("%s m%lu", "", (unsigned long)var->value.u.integer);
		else if (which(var) == 104 && var->value.u.gauge != 0)
			say("%s s%lu", "", var->value.u.gauge);
	}
	say("%s;", "", 0);
	return true;
}

static void
drain(void)
{
	at = 0;
	sent[0] = '\0';
	mib_notices_send(world.mib, send_it, sent);
}

/* What was sent since the last time. */
static bool
sent_is(const char *want)
{
	bool same;

	drain();
	same = strcmp(sent, want) == 0;
	if (!same)
		fprintf(stderr, "  sent [%s], not [%s]\n", sent, want);
	return same;
}

static unsigned
scalar(mib_subid sub)
{
	const mib_subid name[] = { 1, 4, sub, 0 };
	struct mib_value value;

	for (size_t i = 0; i < mib_objects_count; i++)
		if (strcmp(mib_objects[i]->name, "rtmMIB") == 0)
			CU_ASSERT_EQUAL(mib_objects[i]->get(world.mib, name, 4, &value),
			                MIB_FOUND);
	return value.u.gauge;
}

static void
open_with(unsigned kinds, unsigned rate)
{
	world_config = (struct mib_config){ .row_timeout_s = 300,
		                            .notify = { .kinds = kinds, .rate = rate } };
	rings = 0;
	refuse = false;
	world_open();
	CU_ASSERT_EQUAL_FATAL(mib_watch(world.mib, ring, &rings), NO_ERROR);
}

static void
set_up(void)
{
	open_with(ALL, 1000);
}

static void
tear_down(void)
{
	world_close();
	world_config = (struct mib_config){ .row_timeout_s = 300 };
}

/* The world anew, with other wishes. */
static void
wish(const struct mib_notify *notify)
{
	world_close();
	open_with(0, 0);
	mib_close(world.mib);
	world_config.notify = *notify;
	world_reopen(&world_config);
	CU_ASSERT_EQUAL_FATAL(mib_watch(world.mib, ring, &rings), NO_ERROR);
	rings = 0;
}

static enum mib_error
set(const char *pdu)
{
	return world_set(pdu).error;
}

/* ---- kinds ------------------------------------------------------------------------------ */

static void
each_kind_is_told_once(void)
{
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT(rings > 0);
	CU_ASSERT(sent_is("+10.1.0.0/16 via 192.0.2.1 if 2 m256;"));
	CU_ASSERT(sent_is(""));
	CU_ASSERT_EQUAL(set("c/X:11=i50"), MIB_NOERROR);
	CU_ASSERT(sent_is("*10.1.0.0/16 via 192.0.2.1 if 2 m40;"));
	CU_ASSERT_EQUAL(set("c/X:11=i50"), MIB_NOERROR); /* the same again */
	CU_ASSERT(sent_is(""));
	CU_ASSERT_EQUAL(set(MK("X")), MIB_INCONSISTENTVALUE);
	CU_ASSERT(sent_is("!10.1.0.0/16 via 192.0.2.1 if 2;"));
	CU_ASSERT_EQUAL(set("X:17=i2"), MIB_NOERROR);
	CU_ASSERT(sent_is("-10.1.0.0/16 via 192.0.2.1 if 2;"));
	CU_ASSERT_EQUAL(set("X:12=i9"), MIB_NOERROR); /* a staged row is none */
	CU_ASSERT(sent_is(""));
	CU_ASSERT_EQUAL(set("X:17=i1"), MIB_NOERROR);
	CU_ASSERT(sent_is("+10.1.0.0/16 via 192.0.2.1 if 2 m9;"));
	CU_ASSERT_EQUAL(scalar(3), 5);
	CU_ASSERT_EQUAL(scalar(4), 0);
}

static void
rows_of_others_are_told_too(void)
{
	RTM_ROUTE_HANDLE route = world_foreign_add("2001:db8:1::/48", "2001:db8::1", 2, 7);

	CU_ASSERT(sent_is("+2001:db8:1::/48 via 2001:db8::1 if 2 m7;"));
	world_foreign_delete(route, "2001:db8:1::/48");
	CU_ASSERT(sent_is("-2001:db8:1::/48 via 2001:db8::1 if 2;"));
}

static void
only_the_row_that_differs_is_told(void)
{
	CU_ASSERT_EQUAL(set(MK("X") " " MK("X9")), MIB_NOERROR);
	CU_ASSERT(sent_is("+10.1.0.0/16 via 192.0.2.1 if 2 m256;"
	                  "+10.1.0.0/16 via 192.0.2.9 if 2 m256;"));
	CU_ASSERT_EQUAL(set("c/X9:11=i30"), MIB_NOERROR);
	CU_ASSERT(sent_is("*10.1.0.0/16 via 192.0.2.9 if 2 m20;"));
	CU_ASSERT_EQUAL(set("X:17=i6"), MIB_NOERROR);
	CU_ASSERT(sent_is("-10.1.0.0/16 via 192.0.2.1 if 2;"));
	CU_ASSERT_EQUAL(set("X9:17=i6 " MK("X") " " MK("Y")), MIB_NOERROR);
	CU_ASSERT(sent_is("+10.1.0.0/16 via 192.0.2.1 if 2 m256;"
	                  "-10.1.0.0/16 via 192.0.2.9 if 2;"
	                  "+10.2.0.0/16 via 192.0.2.1 if 2 m256;"));
}

static void
what_was_there_before_is_no_news(void)
{
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	mib_close(world.mib);
	world_reopen(&world_config);
	CU_ASSERT_EQUAL(set(MK("Y")), MIB_NOERROR); /* nobody watches yet */
	CU_ASSERT_EQUAL_FATAL(mib_watch(world.mib, ring, &rings), NO_ERROR);
	CU_ASSERT(sent_is(""));
	CU_ASSERT_EQUAL(set("Y:17=i6"), MIB_NOERROR);
	CU_ASSERT(sent_is("-10.2.0.0/16 via 192.0.2.1 if 2;"));
	CU_ASSERT_EQUAL(set("X:17=i6"), MIB_NOERROR);
	CU_ASSERT_EQUAL(mib_watch(world.mib, NULL, NULL), NO_ERROR); /* and not any more */
	rings = 0;
	CU_ASSERT_EQUAL(set(MK("Y")), MIB_NOERROR);
	CU_ASSERT_EQUAL(rings, 0);
	CU_ASSERT(sent_is(""));
}

/* ---- sums ------------------------------------------------------------------------------- */

static void
what_is_undone_is_not_heard_of(void)
{
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT(sent_is("+10.1.0.0/16 via 192.0.2.1 if 2 m256;"));
	CU_ASSERT_EQUAL(world_set_undone("X:17=i6 " MK("Y")).error, MIB_NOERROR);
	CU_ASSERT(sent_is(""));
	world.refuse_from = world.refuse_until = world.commits + 1;
	CU_ASSERT_EQUAL(set(MK("Y")), MIB_COMMITFAILED);
	CU_ASSERT(sent_is("!10.2.0.0/16 via 192.0.2.1 if 2;"));
	CU_ASSERT_EQUAL(scalar(4), 0);
}

/* A SET that is done and waits: nothing is told before it is known to stay. */
static void
while_a_set_is_under_way_nothing_is_sent(void)
{
	struct mib_tx *tx = mib_tx_new(world.mib);
	struct mib_varbind vb = { .number = 1 };
	mib_subid name[MIB_OID_MAX + 2] = { 1, 17 };

	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT(sent_is("+10.1.0.0/16 via 192.0.2.1 if 2 m256;"));
	for (size_t i = 0; i < mib_objects_count; i++)
		if (strcmp(mib_objects[i]->name, "inetCidrRouteTable") == 0)
			vb.object = mib_objects[i];
	vb.name = name;
	vb.name_len = 2 + world_index('i', "X", name + 2);
	vb.value = (struct mib_value){ .type = MIB_INTEGER, .u.integer = 6 };
	CU_ASSERT_EQUAL(mib_tx_add(tx, &vb), MIB_NOERROR);
	CU_ASSERT_EQUAL(mib_tx_check(tx).error, MIB_NOERROR);
	CU_ASSERT_EQUAL(mib_tx_apply(tx).error, MIB_NOERROR);
	mib_sync(world.mib);
	CU_ASSERT(sent_is(""));
	rings = 0;
	mib_tx_commit(tx);
	CU_ASSERT(rings > 0);
	CU_ASSERT(sent_is("-10.1.0.0/16 via 192.0.2.1 if 2;"));
	mib_tx_free(tx);
}

static void
changes_of_one_row_are_added_up(void)
{
	static const struct {
		const char *before, *pdus, *want;
	} cases[] = {
		{ "", MK("X") "|X:17=i6", "" },
		{ "", MK("X") "|c/X:11=i50", "+10.1.0.0/16 via 192.0.2.1 if 2 m40;" },
		{ "", MK("X") "|X:17=i6|" MK("X"), "+10.1.0.0/16 via 192.0.2.1 if 2 m256;" },
		{ MK("X"), "X:17=i6|" MK("X"), "" },
		{ MK("X"), "X:17=i6|" MK("X") "|c/X:11=i50",
		  "*10.1.0.0/16 via 192.0.2.1 if 2 m40;" },
		{ MK("X"), "c/X:11=i50|X:17=i6", "-10.1.0.0/16 via 192.0.2.1 if 2;" },
		{ MK("X"), "c/X:11=i50|c/X:11=i60", "*10.1.0.0/16 via 192.0.2.1 if 2 m50;" },
		{ MK("X"), "X:17=i6|X:7=i2 X:8=i4 X:12=i7 X:17=i4",
		  "*10.1.0.0/16 via 192.0.2.1 if 2 m7;" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char number[32];

		tear_down();
		set_up();
		snprintf(number, sizeof number, "sum %zu", i);
		prepare(number, cases[i].before);
		drain();
		prepare(number, cases[i].pdus);
		CU_ASSERT(sent_is(cases[i].want));
	}
}

static void
names_that_are_not_the_rules(void)
{
	/* X by {0 0}, X3 by {0 0 3} although its rule's name is {0 0}, too */
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT_EQUAL(set("X3:7=i3 X3:8=i4 X3:17=i4"), MIB_NOERROR);
	CU_ASSERT(sent_is("+10.1.0.0/16 via 192.0.2.1 if 2 m256;"
	                  "+10.1.0.0/16 via 192.0.2.1 if 3 m256;"));
	CU_ASSERT_EQUAL(set("X:17=i6"), MIB_NOERROR);
	CU_ASSERT(sent_is("-10.1.0.0/16 via 192.0.2.1 if 2;"));
	/* alone it keeps its name, which a record of one row remembers */
	CU_ASSERT_EQUAL(set("X3:17=i6"), MIB_NOERROR);
	CU_ASSERT(sent_is("-10.1.0.0/16 via 192.0.2.1 if 3;"));
}

/* ---- filters ----------------------------------------------------------------------------- */

static void
only_the_kinds_asked_for(void)
{
	wish(&(struct mib_notify){ .kinds = 1u << MIB_NOTICE_REMOVED, .rate = 1000 });
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT_EQUAL(set(MK("X")), MIB_INCONSISTENTVALUE);
	CU_ASSERT(sent_is(""));
	CU_ASSERT_EQUAL(set("X:17=i6"), MIB_NOERROR);
	CU_ASSERT(sent_is("-10.1.0.0/16 via 192.0.2.1 if 2;"));
	CU_ASSERT_EQUAL(scalar(3), 1);
	CU_ASSERT_EQUAL(scalar(4), 0); /* what nobody asked for is not missing */
	wish(&(struct mib_notify){ .kinds = 0, .rate = 1000 });
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT_EQUAL(rings, 0);
	CU_ASSERT(sent_is(""));
}

static void
only_the_prefixes_asked_for(void)
{
	struct prefix ten_one;

	CU_ASSERT_FATAL(prefix_parse("10.1.0.0/16", &ten_one));
	wish(&(struct mib_notify){
	    .kinds = ALL, .rate = 1000, .prefixes = &ten_one, .nprefixes = 1 });
	CU_ASSERT_EQUAL(set(MK("X") " " MK("Y") " " MK("V") " " MK("D")), MIB_NOERROR);
	CU_ASSERT(sent_is("+10.1.0.0/16 via 192.0.2.1 if 2 m256;"));
	CU_ASSERT_EQUAL(set(MK("Y")), MIB_INCONSISTENTVALUE); /* refusals are all told */
	CU_ASSERT(sent_is("!10.2.0.0/16 via 192.0.2.1 if 2;"));
}

static void
only_the_owners_asked_for(void)
{
	static const struct {
		uint32_t owners;
		bool own, others;
	} cases[] = {
		{ 0, true, true },
		{ MIB_OWNER_SNMP, true, false },
		{ MIB_OWNER_OTHERS, false, true },
		{ 1u << MIB_IPPROTO_RIP, false, true },
		{ 1u << MIB_IPPROTO_NETMGMT, true, false },
		{ 1u << MIB_IPPROTO_OSPF, false, false },
		{ 1u << MIB_IPPROTO_OSPF | MIB_OWNER_SNMP, true, false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		RTM_ROUTE_HANDLE route;

		wish(&(struct mib_notify){
		    .kinds = ALL, .rate = 1000, .owners = cases[i].owners });
		CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
		CU_ASSERT(sent_is(cases[i].own ? "+10.1.0.0/16 via 192.0.2.1 if 2 m256;" : ""));
		route = world_foreign_add("10.2.0.0/16", "192.0.2.1", 2, 7);
		CU_ASSERT(
		    sent_is(cases[i].others ? "+10.2.0.0/16 via 192.0.2.1 if 2 m7;" : ""));
		world_foreign_delete(route, "10.2.0.0/16");
		CU_ASSERT(sent_is(cases[i].others ? "-10.2.0.0/16 via 192.0.2.1 if 2;" : ""));
	}
}

/* ---- what is not sent -------------------------------------------------------- */

static void
no_more_than_so_many_a_second(void)
{
	wish(&(struct mib_notify){ .kinds = ALL, .rate = 2 });
	CU_ASSERT_EQUAL(set(MK("X") " " MK("Y") " " MK("V")), MIB_NOERROR);
	drain();
	CU_ASSERT_EQUAL(scalar(3), 2);
	CU_ASSERT_EQUAL(scalar(4), 1);
	world.now_ms += 499;
	CU_ASSERT_EQUAL(set("X:17=i6"), MIB_NOERROR);
	CU_ASSERT(sent_is(""));
	CU_ASSERT_EQUAL(scalar(4), 2);
	world.now_ms += 1;
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT(sent_is("+10.1.0.0/16 via 192.0.2.1 if 2 m256 s2;"));
	world.now_ms += 3600000; /* what was not used does not add up */
	CU_ASSERT_EQUAL(set("X:17=i6 Y:17=i6 V:17=i6"), MIB_NOERROR);
	drain();
	CU_ASSERT_EQUAL(scalar(3), 5);
	CU_ASSERT_EQUAL(scalar(4), 3);
}

static void
without_a_master_it_is_counted(void)
{
	refuse = true;
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT(sent_is(""));
	CU_ASSERT_EQUAL(scalar(3), 0);
	CU_ASSERT_EQUAL(scalar(4), 1);
	refuse = false;
	CU_ASSERT(sent_is("")); /* nothing is sent late */
	CU_ASSERT_EQUAL(set("X:17=i6"), MIB_NOERROR);
	CU_ASSERT(sent_is("-10.1.0.0/16 via 192.0.2.1 if 2 s1;"));
}

static void
more_at_once_than_there_is_room_for(void)
{
	RTM_ROUTE_HANDLE routes[300];
	char prefix[32];

	for (unsigned i = 0; i < 300; i++) {
		snprintf(prefix, sizeof prefix, "10.%u.%u.0/24", 1 + i / 256, i % 256);
		routes[i] = world_foreign_add(prefix, "192.0.2.1", 2, 7);
	}
	drain();
	CU_ASSERT_EQUAL(scalar(3), 256);
	CU_ASSERT_EQUAL(scalar(4), 44);
	for (unsigned i = 0; i < 300; i++) {
		snprintf(prefix, sizeof prefix, "10.%u.%u.0/24", 1 + i / 256, i % 256);
		world_foreign_delete(routes[i], prefix);
	}
	world.now_ms += 1000;
	drain();
	CU_ASSERT_EQUAL(scalar(3) + scalar(4), 600);
}

static void
a_refusal_that_is_no_longer_kept(void)
{
	for (unsigned i = 0; i < 40; i++)
		CU_ASSERT_EQUAL(set("X:17=i2"), MIB_INCONSISTENTVALUE);
	drain();
	CU_ASSERT_EQUAL(scalar(3), 32);
	CU_ASSERT_EQUAL(scalar(4), 8);
}

static void
without_memory_there_are_none(void)
{
	world_close();
	open_with(0, 0);
	mib_close(world.mib);
	world_config.notify = (struct mib_notify){ .kinds = ALL, .rate = 10 };
	world_reopen(&world_config);
	mem_fail_nth(1);
	CU_ASSERT_EQUAL(mib_watch(world.mib, ring, &rings), ERROR_NOT_ENOUGH_MEMORY);
	mem_fail_nth(0);
	CU_ASSERT_EQUAL(set(MK("X")), MIB_NOERROR);
	CU_ASSERT(sent_is(""));
	CU_ASSERT_EQUAL(mib_watch(world.mib, ring, &rings), NO_ERROR);
	CU_ASSERT_EQUAL(set("X:17=i6"), MIB_NOERROR);
	CU_ASSERT(sent_is("-10.1.0.0/16 via 192.0.2.1 if 2;"));
}

int
main(void)
{
	static const struct test tests[] = {
		TEST(each_kind_is_told_once),
		TEST(rows_of_others_are_told_too),
		TEST(only_the_row_that_differs_is_told),
		TEST(what_was_there_before_is_no_news),
		TEST(what_is_undone_is_not_heard_of),
		TEST(while_a_set_is_under_way_nothing_is_sent),
		TEST(changes_of_one_row_are_added_up),
		TEST(names_that_are_not_the_rules),
		TEST(only_the_kinds_asked_for),
		TEST(only_the_prefixes_asked_for),
		TEST(only_the_owners_asked_for),
		TEST(no_more_than_so_many_a_second),
		TEST(without_a_master_it_is_counted),
		TEST(more_at_once_than_there_is_room_for),
		TEST(a_refusal_that_is_no_longer_kept),
		TEST(without_memory_there_are_none),
	};

	return run_tests_with("mib_notice", tests, sizeof tests / sizeof tests[0], set_up,
	                      tear_down);
}
