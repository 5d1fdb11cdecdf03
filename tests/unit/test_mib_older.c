/*
 * The IPv4-only tables, and PDUs over several tables: cases 52 and 61 to 70 of [MIB 8]
 * and what lies between them. The row column of each line is inetCidrRouteTable's.
 */
#include "mib_cases.h"

#include <stdio.h>
#include <string.h>

#define MK(x) x ":7=i2 " x ":8=i4 " x ":17=i4"
#define MKC(x) "c/" x ":5=i2 c/" x ":6=i4 c/" x ":16=i4"
#define MKF(x) "f/" x ":2=a255.255.0.0 f/" x ":5=i2 f/" x ":6=i4"
#define NE MIB_NOERROR
#define WT MIB_WRONGTYPE
#define WL MIB_WRONGLENGTH
#define WV MIB_WRONGVALUE
#define NC MIB_NOCREATION
#define IV MIB_INCONSISTENTVALUE
#define NW MIB_NOTWRITABLE
#define IN MIB_INCONSISTENTNAME

/* clang-format off */
static const struct set_case cases[] = {
	/* ipCidrRouteTable */
	{ "61", "", "c/X:6=i4 c/X:5=i2 c/X:16=i4", NE, 0, "X=1",
	  "c/X:1=10.1.0.0 c/X:2=255.255.0.0 c/X:3=0 c/X:4=192.0.2.1 c/X:5=2 c/X:6=4 c/X:7=3 c/X:8=0 c/X:9=0.0 c/X:10=0 c/X:11=266 c/X:12=-1 c/X:16=1 "
	  "f/X:1=10.1.0.0 f/X:2=255.255.0.0 f/X:6=4 f/X:7=3 f/X:11=266 X:12=256 r/X:7=192.0.2.1 r/X:8=4 r/X:11=255.255.0.0" },
	{ "61b", "", "c/X:6=i4 c/X:16=i4", NE, 0, "X=1", "c/X:5=2" },
	{ "62", MKC("X"), "c/X:11=i30", NE, 0, "X=1", "c/X:11=30 X:12=20 f/X:11=30" },
	{ "62b", MKC("X") "|c/X:11=i30", "c/X:11=i-1", NE, 0, "X=1", "c/X:11=30" },
	{ "63", MKC("X"), "c/X:11=i5", IV, 1, "X=1", "c/X:11=266" },
	{ "63b", "", MKC("X") " c/X:11=i5", IV, 4, "", NULL },
	{ "64a", "", MKC("10.1.0.0.255.0.255.0.0.192.0.2.1"), NC, 3, "", NULL },
	{ "64b", "", MKC("10.1.0.1.255.255.0.0.0.192.0.2.1"), IN, 3, "", NULL },
	{ "64c", "", MKC("224.1.0.0.255.255.0.0.0.192.0.2.1"), NC, 3, "", NULL },
	{ "64d", "", MKC("10.1.0.0.255.255.0.0.0.192.0.2"), NC, 3, "", NULL },
	{ "64e", "", MKC("10.1.0.0.255.255.0.0.0.192.0.2.256"), NC, 3, "", NULL },
	{ "64f", "", MKC("10.1.0.0.255.255.0.0.0.127.0.0.1"), NC, 3, "", NULL },
	{ "64g", "", MKC("10.1.0.0.255.255.0.0.0.192.0.2.2"), NC, 3, "", NULL }, /* our own address */
	{ "65", "", MKC("10.1.0.0.255.255.0.0.4.192.0.2.1"), NC, 3, "", NULL },
	{ "cidr without type", "", "c/X:5=i2 c/X:16=i4", IV, 2, "", NULL },
	{ "cidr of type other", "", "c/X:6=i1 c/X:16=i4", WV, 1, "", NULL },
	{ "cidr of type blackhole", "", "c/X:6=i5 c/X:16=i4", WV, 1, "", NULL },
	{ "cidr local with a gateway", "", "c/X:6=i3 c/X:16=i4", IV, 1, "", NULL },
	{ "cidr on-link", "", "c/L:5=i3 c/L:6=i3 c/L:16=i4", NE, 0, "L3=1", "c/L:5=3 f/L:6=3 r/L:7=198.51.100.2 r/L:8=3" },
	{ "cidr on-link without interface", "", "c/L:6=i3 c/L:16=i4", IV, 2, "", NULL },
	{ "cidr reject", "", "c/L:6=i2 c/L:16=i4", NE, 0, "L=1", "c/L:6=2 c/L:5=0 L:8=2 f/L:6=1 r/L:8=1" },
	{ "cidr reject with an interface", "", "c/L:5=i2 c/L:6=i2 c/L:16=i4", IV, 2, "", NULL },
	{ "cidr no such interface", "", "c/X:5=i99 c/X:6=i4 c/X:16=i4", IV, 1, "", NULL },
	{ "cidr read-only columns", MKC("X"), "c/X:7=i3", NW, 1, "X=1", "c/X:17=! c/X:0=!" },
	{ "cidr index column", MKC("X"), "c/X:1=a10.1.0.0", NW, 1, "X=1", NULL },
	{ "cidr AS below zero", "", MKC("X") " c/X:10=i-1", WV, 4, "", NULL },
	{ "cidr side columns", "", MKC("X") " c/X:9=o1.3.6.1 c/X:10=i65001 c/X:12=i7", NE, 0, "X=1", "c/X:9=1.3.6.1 c/X:10=65001 c/X:12=7 X:11=65001 X:13=7 f/X:9=1.3.6.1" },
	{ "cidr side columns in place", MKC("X") " c/X:10=i7", "c/X:9=o1.3 c/X:12=i9", NE, 0, "X=1", "c/X:9=1.3 c/X:10=7 c/X:12=9" },
	{ "cidr AS that is too large for it is kept", MK("X") " X:11=u4294967295", "c/X:11=i30 f/X:12=i5", IV, 2, "X=1", "c/X:10=23456 f/X:10=23456" },
	{ "cidr AS kept by a change", MK("X") " X:11=u4294967295", "c/X:11=i30", NE, 0, "X=1", "c/X:10=23456 X:11=4294967295" },
	{ "cidr AS kept out of service", MK("X") " X:11=u4294967295|c/X:16=i2", "c/X:16=i1", NE, 0, "X=1", "X:11=4294967295" },
	{ "forward AS kept by a change", MK("X") " X:11=u4294967295", "f/X:2=a255.255.255.0", NE, 0, "1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.1=1", "f/X:10=23456 1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.1:11=4294967295" },
	{ "cidr staged, and made through another table", "c/X:16=i5", MK("X"), NE, 0, "X=1", "c/X:16=3 f/X:6=4" },
	{ "cidr staged before a route is one row", "c/X:16=i5|" MK("X"), "c/X:16=i6", NE, 0, "X=1", "c/X:16=1" },
	{ "cidr staged before a route that goes", "c/X:16=i5|" MK("X"), "X:17=i6", NE, 0, "", "c/X:16=3" },
	{ "cidr made while both its names are staged", "X:17=i5|X2:17=i5", MKC("X"), IV, 3, "X=3 X2=3", "c/X:16=-" },
	{ "cidr made while one of its names is staged", "X:17=i5", MKC("X"), NE, 0, "X=3 X2=1", "c/X:16=1" },
	{ "cidr reject made while its name is staged", "L:17=i5", "c/L:6=i2 c/L:16=i4", IV, 2, "L=3", "c/L:16=-" },
	{ "forward moved to names that are staged", "1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.1:17=i5|1.4.10.1.0.0.24.3.0.0.2.1.4.192.0.2.1:17=i5|" MKF("X"), "f/X:2=a255.255.255.0", IV, 1,
	  "X=1 1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.1=3 1.4.10.1.0.0.24.3.0.0.2.1.4.192.0.2.1=3", "f/X:2=255.255.0.0" },
	{ "cidr info taken away", MKC("X") " c/X:9=o1.3", "c/X:9=o0.0", NE, 0, "X=1", "c/X:9=0.0" },
	{ "cidr moved to another interface", MKC("X") " c/X:10=i7", "c/X:5=i3", NE, 0, "X=1", "c/X:5=3 X:7=3 c/X:10=7 c/X:11=266 X:12=246" },
	{ "cidr moved to no interface", MKC("X"), "c/X:5=i99", IV, 1, "X=1", "c/X:5=2" },
	{ "cidr on-link becomes reject", "c/L:5=i2 c/L:6=i3 c/L:16=i4", "c/L:6=i2", NE, 0, "L=1", "c/L:6=2 c/L:5=0" },
	{ "cidr reject becomes on-link", "c/L:6=i2 c/L:16=i4", "c/L:6=i3 c/L:5=i2", NE, 0, "L2=1", "c/L:6=3 c/L:5=2" },
	{ "cidr changes with active again", MKC("X"), "c/X:16=i1 c/X:11=i50", NE, 0, "X=1", "c/X:11=50" },
	{ "cidr wait", "", "c/X:16=i5", NE, 0, "", "c/X:16=3 c/X:5=0 c/X:6=- f/X:6=- c/X:1=10.1.0.0 c/X:4=192.0.2.1" },
	{ "cidr wait, then complete", "c/X:16=i5", "c/X:6=i4", NE, 0, "", "c/X:16=2 c/X:6=4" },
	{ "cidr wait, activate", "c/X:16=i5|c/X:6=i4 c/X:11=i99", "c/X:16=i1", NE, 0, "X=1", "c/X:16=1 c/X:11=99 X:12=89" },
	{ "cidr suspend and resume", MKC("X") " c/X:12=i4|c/X:16=i2", "c/X:16=i1", NE, 0, "X=1", "c/X:11=266 c/X:12=4" },
	{ "cidr suspended", MKC("X"), "c/X:16=i2", NE, 0, "", "c/X:16=2 c/X:11=266" },
	{ "cidr destroy", MK("X"), "c/X:16=i6", NE, 0, "", NULL },
	{ "cidr mask is part of the name", MKC("X"), MKC("X4"), NE, 0, "X=1 1.4.10.1.0.0.20.2.0.0.1.4.192.0.2.1=1", "f/X:2=255.255.240.0 r/X:11=255.255.240.0" },
	{ "link-local through the old table", "", "c/A:5=i3 c/A:6=i3 c/A:16=i4", NE, 0, "A3=1", "c/A:5=3 f/A:6=3" },
	{ "IPv6 is not in the old tables", MK("V"), "X:17=i6", NE, 0, "V=1", NULL },

	/* ipForwardTable */
	{ "66", "", "f/X:2=a255.255.0.0 f/X:5=i2 f/X:6=i4", NE, 0, "X=1", "c/X:16=1 f/X:2=255.255.0.0 f/X:6=4" },
	{ "67", "", MKF("10.1.0.0.13.0.192.0.2.1"), NC, 1, "", NULL },
	{ "68", "", "f/X:6=i4", IV, 1, "", NULL },
	{ "69", MKF("X"), "f/X:6=i2", NE, 0, "", "c/X:16=- f/X:6=-" },
	{ "70", MKF("X"), "f/X:2=a255.255.255.0", NE, 0, "1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.1=1", "f/X:2=255.255.255.0 c/X:16=-" },
	{ "forward default route needs no mask", "", "f/D:6=i4", NE, 0, "D=1", "f/D:2=0.0.0.0 f/D:5=2" },
	{ "forward invalid of nothing", "", "f/X:6=i2", NE, 0, "", NULL },
	{ "forward without type", "", "f/X:2=a255.255.0.0 f/X:5=i2", IN, 1, "", NULL },
	{ "forward mask with a hole", "", "f/X:5=i2 f/X:2=a255.0.255.0 f/X:6=i4", WV, 2, "", NULL },
	{ "forward mask too short for it", "", "f/X:5=i2 f/X:2=a255.0.0.0 f/X:6=i4", IV, 2, "", NULL },
	{ "forward mask as an INTEGER", "", "f/X:2=i24 f/X:6=i4", WT, 1, "", NULL },
	{ "forward other", "", "f/X:2=a255.255.0.0 f/X:6=i1", WV, 2, "", NULL },
	{ "forward invalid with columns", MKF("X"), "f/X:11=i50 f/X:6=i2", NE, 0, "", NULL },
	{ "forward metric", MKF("X"), "f/X:11=i50", NE, 0, "X=1", "f/X:11=50 X:12=40" },
	{ "forward metric below the interface's", MKF("X"), "f/X:11=i9", IV, 1, "X=1", "f/X:11=266" },
	{ "forward interface", MKF("X"), "f/X:5=i3", NE, 0, "X=1", "f/X:5=3" },
	{ "forward mask to what is there", MKF("X") "|" MKC("X4"), "c/X:16=i6", NE, 0, "1.4.10.1.0.0.20.2.0.0.1.4.192.0.2.1=1", NULL },
	{ "forward mask that collides", MKC("X") "|" MKC("X4"), "f/X:2=a255.255.0.0", IV, 1, "X=1 1.4.10.1.0.0.20.2.0.0.1.4.192.0.2.1=1", NULL },
	{ "forward type remote again", MKF("X"), "f/X:6=i4", NE, 0, "X=1", NULL },
	{ "forward type local with a gateway", MKF("X"), "f/X:6=i3", IV, 1, "X=1", NULL },
	{ "forward multicast", "", MKF("224.1.0.0.3.0.192.0.2.1"), NC, 1, "", NULL },
	{ "forward policy", "", MKF("10.1.0.0.3.2.192.0.2.1"), NC, 1, "", NULL },

	/* ipRouteTable */
	{ "ipRouteTable is read-only", MK("X"), "r/X:8=i2", NW, 1, "X=1", "r/X:1=10.1.0.0 r/X:2=2 r/X:3=266 r/X:4=-1 r/X:9=3 r/X:10=0 r/X:12=-1 r/X:13=0.0" },

	/* one PDU over tables */
	{ "52", "", MK("X") " " MKC("X"), IV, 6, "", NULL },
	{ "52b", "", MKC("X") " " MKF("X"), IV, 6, "", NULL },
	{ "52c", "", "c/X:6=i4 X:7=i2 X:8=i4 X:17=i4 c/X:16=i4", IV, 5, "", NULL },
	{ "three tables, three rows", "", MK("X") " " MKC("Y") " f/D:6=i4", NE, 0, "D=1 X=1 Y=1", NULL },
	{ "replaced across tables", MK("X"), "c/X:16=i6 " MK("X9"), NE, 0, "X9=1", NULL },
	{ "replaced across tables, the other way", MKF("X"), MKC("X9") " X:17=i6", NE, 0, "X9=1", NULL },
	{ "destroyed by two names", MK("X"), "X:17=i6 c/X:16=i6 f/X:6=i2", NE, 0, "", NULL },
	{ "changed and destroyed", MK("X"), "c/X:11=i50 X:17=i6", IV, 2, "X=1", "c/X:11=266" },
	{ "destroyed and changed", MK("X"), "f/X:6=i2 c/X:11=i50", IV, 2, "X=1", "c/X:11=266" },
	{ "changed by two names", MK("X"), "c/X:11=i50 f/X:11=i60", IV, 2, "X=1", "c/X:11=266" },
	{ "destroyed here, created there", MK("X"), "X:17=i6 " MKC("X"), IV, 4, "X=1", NULL },
	{ "all or nothing over tables", MK("X"), "c/X:16=i6 f/Y:2=a255.255.0.0 f/Y:5=i99 f/Y:6=i4", IV, 3, "X=1", NULL },
	{ "taken and moved away", MKC("X"), MK("X2") " X2:13=i7 c/X:5=i3", NE, 0, "X=1 X2=1", "X:7=3 X2:7=2 X2:13=7 X:13=-1" },
	{ "taken and moved to another mask", MKF("X"), MK("X2") " X2:13=i7 f/X:2=a255.255.255.0", NE, 0, "X2=1 1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.1=1", "X2:13=7" },
	{ "moved away and taken", MKC("X"), "c/X:5=i3 " MK("X2"), NE, 0, "X=1 X2=1", "X:7=3 X2:7=2" },
};
/* clang-format on */

static void
every_case_answers_as_specified(void)
{
	cases_answer(cases, sizeof cases / sizeof cases[0]);
}

static void
every_case_can_be_undone(void)
{
	cases_undo(cases, sizeof cases / sizeof cases[0]);
}

static void
a_move_that_fails_half_way_is_taken_back(void)
{
	world_open();
	prepare("move", MKC("X") " c/X:10=i7");
	world.commits = 0;
	world.refuse_from = world.refuse_until = 1; /* asked once for the destination */
	CU_ASSERT(expect_result("move", world_set("c/X:5=i3"), MIB_COMMITFAILED, 1));
	check_rows("move", "X=1");
	check_reads("move", "c/X:5=2 c/X:10=7 c/X:11=266");
	world_close();
}

static void
a_change_that_is_refused_leaves_the_metric(void)
{
	world_open();
	prepare("metric", MKC("X"));
	world.commits = 0;
	world.refuse_from = world.refuse_until = 2; /* the new row, after the change */
	CU_ASSERT(
	    expect_result("metric", world_set("c/X:11=i50 " MKC("Y")), MIB_COMMITFAILED, 4));
	check_rows("metric", "X=1");
	check_reads("metric", "c/X:11=266");
	world_close();
}

static const struct set_case foreign_cases[] = {
	{ "71 cidr destroy", "", "c/X:16=i6", IV, 1, "X=1", NULL },
	{ "71 cidr metric", "", "c/X:11=i50", NW, 1, "X=1", NULL },
	{ "71 cidr active", "", "c/X:16=i1", NE, 0, "X=1", NULL },
	{ "71 cidr create", "", MKC("X"), IV, 3, "X=1", NULL },
	{ "71 forward invalid", "", "f/Xr:6=i2", IV, 1, "X=1", NULL },
	{ "71 forward metric", "", "f/Xr:11=i50", NW, 1, "X=1",
	  "f/Xr:7=8 f/Xr:11=40 c/X:7=8 r/X:9=8" },
	{ "71 forward mask", "", "f/Xr:2=a255.255.255.0", NW, 1, "X=1", NULL },
	{ "71 forward create beside", "", MKF("X"), IV, 2, "X=1", NULL },
};

static void
routes_of_others_are_shown_and_not_changed(void)
{
	for (size_t i = 0; i < sizeof foreign_cases / sizeof foreign_cases[0]; i++) {
		const struct set_case *c = &foreign_cases[i];
		RTM_ROUTE_HANDLE route;

		world_open();
		route = world_foreign_add("10.1.0.0/16", "192.0.2.1", 2, 30);
		CU_ASSERT(expect_result(c->number, world_set(c->pdu), c->error, c->varbind));
		check_rows(c->number, c->status);
		check_reads(c->number, c->reads);
		world_foreign_delete(route, "10.1.0.0/16");
		world_close();
	}
}

/* Masks of one address: ipForwardTable and ipRouteTable show the longest. */
static void
the_longest_mask_stands_for_the_others(void)
{
	RTM_ROUTE_HANDLE r[3];
	char got[512];

	world_open();
	r[0] = world_foreign_add("10.0.0.0/8", "192.0.2.1", 2, 1);
	r[1] = world_foreign_add("10.0.0.0/24", "192.0.2.1", 2, 1);
	r[2] = world_foreign_add("10.0.0.0/16", "192.0.2.9", 2, 1);
	world_walk('f', 2, got, sizeof got);
	CU_ASSERT_STRING_EQUAL(got, "10.0.0.0.8.0.192.0.2.1=255.255.255.0 "
	                            "10.0.0.0.8.0.192.0.2.9=255.255.0.0");
	world_walk('r', 11, got, sizeof got);
	CU_ASSERT_STRING_EQUAL(got, "10.0.0.0=255.255.255.0");
	CU_ASSERT_EQUAL(world_scalar("ipForwardNumber"), 2);
	CU_ASSERT_EQUAL(world_scalar("ipCidrRouteNumber"), 3);
	world_foreign_delete(r[1], "10.0.0.0/24");
	world_walk('f', 2, got, sizeof got);
	CU_ASSERT_STRING_EQUAL(got, "10.0.0.0.8.0.192.0.2.1=255.0.0.0 "
	                            "10.0.0.0.8.0.192.0.2.9=255.255.0.0");
	CU_ASSERT_EQUAL(world_scalar("ipForwardNumber"), 2);
	world_foreign_delete(r[0], "10.0.0.0/8");
	CU_ASSERT_EQUAL(world_scalar("ipForwardNumber"), 1);
	world_foreign_delete(r[2], "10.0.0.0/16");
	CU_ASSERT_EQUAL(world_scalar("ipForwardNumber"), 0);
	world_close();
}

/* Each row of a walk, "NAME=VALUE NAME=VALUE", asked for by its name. @return how many. */
static size_t
names_agree(char table, unsigned column)
{
	char walk[2048], what[256], got[128], *rest, *pair;
	size_t n = 0;

	world_walk(table, column, walk, sizeof walk);
	for (pair = strtok_r(walk, " ", &rest); pair != NULL;
	     pair = strtok_r(NULL, " ", &rest), n++) {
		char *value = strchr(pair, '=');

		CU_ASSERT_PTR_NOT_NULL_FATAL(value);
		*value++ = '\0';
		snprintf(what, sizeof what, "%c/%s:%u", table, pair, column);
		world_read(what, got, sizeof got);
		CU_ASSERT_STRING_EQUAL(got, value);
	}
	return n;
}

static void
names_of_every_table_agree(size_t cidr, size_t forward, size_t route)
{
	for (unsigned column = 1; column <= 13; column++) {
		CU_ASSERT_EQUAL(names_agree('c', column), cidr);
		CU_ASSERT_EQUAL(names_agree('f', column), forward);
		CU_ASSERT_EQUAL(names_agree('r', column), route);
	}
}

static void
is_absent(const char *what)
{
	char got[128];

	world_read(what, got, sizeof got);
	CU_ASSERT_STRING_EQUAL(got, "-");
}

/* GET and GETNEXT search differently; hidden rows are in neither. */
static void
an_exact_name_finds_what_a_walk_shows(void)
{
	RTM_ROUTE_HANDLE r[6];

	world_open();
	names_of_every_table_agree(0, 0, 0);
	is_absent("c/10.0.0.0.255.0.0.0.0.192.0.2.1:1");
	is_absent("f/10.0.0.0.8.0.192.0.2.1:1");
	is_absent("r/10.0.0.0:1");
	r[0] = world_foreign_add("10.0.0.0/8", "192.0.2.1", 2, 1);
	r[1] = world_foreign_add("10.0.0.0/24", "192.0.2.1", 2, 2);
	r[2] = world_foreign_add("10.0.0.0/24", "192.0.2.9", 2, 3);
	r[3] = world_foreign_add("10.0.1.0/24", "192.0.2.9", 2, 4);
	names_of_every_table_agree(4, 3, 2);
	r[4] = world_foreign_flagged("10.0.0.0/28", "192.0.2.1", 2, 5, RTM_ROUTE_FLAGS_MARTIAN);
	r[5] = world_foreign_flagged("10.0.9.0/24", "192.0.2.1", 2, 6, RTM_ROUTE_FLAGS_MARTIAN);
	names_of_every_table_agree(4, 3, 2);
	is_absent("c/10.0.0.0.255.255.255.240.0.192.0.2.1:1");
	is_absent("c/10.0.9.0.255.255.255.0.0.192.0.2.1:1");
	is_absent("f/10.0.9.0.8.0.192.0.2.1:1");
	is_absent("r/10.0.9.0:1");
	is_absent("c/10.0.0.0.255.255.255.0.0.192.0.2.77:1");
	is_absent("c/10.0.0.0.255.255.255.0.2.192.0.2.1:1");
	is_absent("c/10.0.0.0.255.0.255.0.0.192.0.2.1:1");
	is_absent("f/10.0.0.0.8.2.192.0.2.1:1");
	is_absent("f/10.0.0.0.3.0.192.0.2.1:1");
	world_foreign_delete(r[1], "10.0.0.0/24");
	names_of_every_table_agree(3, 3, 2);
	world_foreign_delete(r[0], "10.0.0.0/8");
	names_of_every_table_agree(2, 2, 2);
	is_absent("c/10.0.0.0.255.0.0.0.0.192.0.2.1:1");
	for (size_t i = 2; i < 6; i++)
		world_foreign_delete(r[i], "10.0.0.0");
	names_of_every_table_agree(0, 0, 0);
	world_close();
}

int
main(void)
{
	static const struct test tests[] = {
		TEST(every_case_answers_as_specified),
		TEST(every_case_can_be_undone),
		TEST(a_move_that_fails_half_way_is_taken_back),
		TEST(a_change_that_is_refused_leaves_the_metric),
		TEST(routes_of_others_are_shown_and_not_changed),
		TEST(the_longest_mask_stands_for_the_others),
		TEST(an_exact_name_finds_what_a_walk_shows),
	};

	return run_tests("mib_older", tests, sizeof tests / sizeof tests[0]);
}
