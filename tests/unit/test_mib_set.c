/*
 * SETs of inetCidrRouteTable: the cases of [MIB 8] by their numbers, and what lies
 * between them. Each line is a fresh world: PDUs that must succeed, the one looked at,
 * its error and varbind, the rows afterwards, and some columns.
 */
#include "mib_cases.h"

#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

#define MK(x) x ":7=i2 " x ":8=i4 " x ":17=i4"
#define NE MIB_NOERROR
#define WT MIB_WRONGTYPE
#define WV MIB_WRONGVALUE
#define NC MIB_NOCREATION
#define IV MIB_INCONSISTENTVALUE
#define NW MIB_NOTWRITABLE
#define IN MIB_INCONSISTENTNAME

/* clang-format off */
static const struct set_case cases[] = {
	{ "1", "", MK("X"), NE, 0, "X=1", "X:7=2 X:8=4 X:9=3 X:10=0 X:11=0 X:12=256 X:13=-1 X:14=-1 X:15=-1 X:16=-1" },
	{ "2", "", "X:17=i4 X:8=i4 X:7=i2", NE, 0, "X=1", NULL },
	{ "3", "", "X:17=i4", IV, 1, "", "X:17=-" },
	{ "4", "", "X:7=i2 X:17=i4", IV, 2, "", NULL },
	{ "5", MK("X"), MK("X"), IV, 3, "X=1", NULL },
	{ "6", MK("X"), "X:17=i6", NE, 0, "", "X:17=- X:7=-" },
	{ "7", "", "X:17=i6", NE, 0, "", NULL },
	{ "8", "", "X:17=i1", IV, 1, "", NULL },
	{ "9", "", "X:17=i2", IV, 1, "", NULL },
	{ "10", "", "X:17=i3", WV, 1, "", NULL },
	{ "11a", "", "X:17=i7", WV, 1, "", NULL },
	{ "11b", "", "X:17=i0", WV, 1, "", NULL },
	{ "11c", "", "X:17=i-1", WV, 1, "", NULL },
	{ "12", "", "X:17=u4", WT, 1, "", NULL },
	{ "13", "", "X:12=i5", IN, 1, "", NULL },
	{ "14", "", "X:17=i5", NE, 0, "X=3", "X:8=- X:7=- X:17=3 X:9=3 X:11=0 X:12=-1 X:10=0" },
	{ "15", "X:17=i5", "X:7=i2 X:8=i4", NE, 0, "X=2", "X:7=2 X:8=4" },
	{ "16", "X:17=i5|X:7=i2 X:8=i4", "X:17=i1", NE, 0, "X=1", "X:12=256" },
	{ "17", "X:17=i5", "X:17=i1", IV, 1, "X=3", NULL },
	{ "18", "X:17=i5", "X:17=i1 X:7=i2 X:8=i4", NE, 0, "X=1", NULL },
	{ "20", MK("X"), "X:12=i5", IV, 1, "X=1", "X:12=256" },
	{ "21", MK("X"), "X:12=i5 X:17=i2", NE, 0, "X=2", "X:12=5 X:7=2 X:8=4" },
	{ "21r", MK("X"), "X:17=i2 X:12=i5", NE, 0, "X=2", "X:12=5" },
	{ "22", MK("X") "|X:12=i5 X:17=i2", "X:17=i1", NE, 0, "X=1", "X:12=5" },
	{ "23", MK("X"), "X:17=i1", NE, 0, "X=1", NULL },
	{ "23b", MK("X"), "X:17=i1 X:12=i5", IV, 2, "X=1", "X:12=256" },
	{ "24", MK("X"), "X:17=i4", IV, 1, "X=1", NULL },
	{ "24b", MK("X"), "X:17=i5", IV, 1, "X=1", NULL },
	{ "25a", MK("X"), "X:9=i3", NW, 1, "X=1", NULL },
	{ "25b", MK("X"), "X:10=u1", NW, 1, "X=1", NULL },
	{ "26a", MK("X"), "X:1=i1", NW, 1, "X=1", "X:1=! X:18=! X:6=! X:0=!" },
	{ "26b", MK("X"), "X:18=i1", NW, 1, "X=1", NULL },
	{ "27", "", "X:7=i2 X:8=i9 X:17=i4", WV, 2, "", NULL },
	{ "27b", "", "X:7=i2 X:8=i1 X:17=i4", WV, 2, "", NULL },
	{ "28", "", "X:7=i2 X:8=i3 X:17=i4", IV, 2, "", NULL },
	{ "28b", "", "L:7=i2 L:8=i4 L:17=i4", IV, 2, "", NULL },
	{ "29", "", "X:7=i99 X:8=i4 X:17=i4", IV, 1, "", NULL },
	{ "30", "", "X:7=i-1 X:8=i4 X:17=i4", WV, 1, "", NULL },
	{ "30b", "", "X:7=i2147483648 X:8=i4 X:17=i4", WV, 1, "", NULL },
	{ "31", "", "X:7=i0 X:8=i4 X:17=i4", NE, 0, "X=1", "X:7=2" },
	{ "31b", "", "L:7=i0 L:8=i3 L:17=i4", IV, 1, "", NULL },
	{ "32", "", MK("1.4.10.1.0.1.16.2.0.0.1.4.192.0.2.1"), IN, 3, "", NULL },
	{ "33", "", MK("1.4.10.1.0.0.33.2.0.0.1.4.192.0.2.1"), NC, 3, "", NULL },
	{ "33b", "", MK("1.4.10.1.0.0.99.2.0.0.1.4.192.0.2.1"), NC, 3, "", NULL },
	{ "34", "", MK("1.4.10.1.0.300.16.2.0.0.1.4.192.0.2.1"), NC, 3, "", "1.4.10.1.0.44.16.2.0.0.1.4.192.0.2.1:17=-" },
	{ "35", "", MK("1.5.10.1.0.0.0.16.2.0.0.1.4.192.0.2.1"), NC, 3, "", NULL },
	{ "36a", "", MK("1.4.10.1.0.0.16.2.0.0.1.4.192.0.2"), NC, 3, "", NULL },
	{ "36b", "", MK("1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1.0"), NC, 3, "", NULL },
	{ "37", "", MK("1.4.10.1.0.0.16.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1"), NC, 3, "", NULL },
	{ "38", "", MK("16.4.97.46.98.99.0.2.0.0.0.0"), NC, 3, "", NULL },
	{ "39", "", MK("1.4.224.1.0.0.16.2.0.0.1.4.192.0.2.1"), NC, 3, "", NULL },
	{ "39b", "", MK("1.4.10.1.0.0.16.2.0.0.1.4.127.0.0.1"), NC, 3, "", NULL },
	{ "39c", "", "1.4.224.1.0.0.16.2.0.0.1.4.192.0.2.1:12=i5", NC, 1, "", NULL },
	{ "40", MK("X"), MK("D"), NE, 0, "D=1 X=1", NULL },
	{ "41", "", "L3:7=i3 L3:8=i3 L3:17=i4", NE, 0, "L3=1", "L3:7=3 L3:8=3" },
	{ "42", "", "L2:7=i3 L2:8=i3 L2:17=i4", IV, 1, "", NULL },
	{ "42b", "", "L2:7=i0 L2:8=i3 L2:17=i4", NE, 0, "L2=1", "L2:7=2" },
	{ "43", MK("X"), MK("V"), NE, 0, "X=1 V=1", "V:8=4" },
	{ "44a", "", MK("G2"), NE, 0, "G2=1", NULL },
	{ "44b", "", "G2:7=i3 G2:8=i4 G2:17=i4", IV, 1, "", NULL },
	{ "44c", "", "G2:7=i0 G2:8=i4 G2:17=i4", NE, 0, "G2=1", "G2:7=2" },
	{ "44d", "", MK("G0"), NE, 0, "G2=1", "G0:17=- G2:17=1" },
	{ "44e", "", "G0:7=i0 G0:8=i4 G0:17=i4", IN, 3, "", NULL },
	{ "45", "", MK("G9"), IN, 3, "", NULL },
	{ "46", "", MK("X") " Y:7=i2 Y:8=i9 Y:17=i4", WV, 5, "", NULL },
	{ "47", "", "X:7=i2 Y:7=i2 X:8=i4 Y:8=i4 X:17=i4 Y:17=i4", NE, 0, "X=1 Y=1", NULL },
	{ "48", MK("X"), "X:17=i6 " MK("Y"), NE, 0, "Y=1", NULL },
	{ "49", MK("X"), "X:17=i6 " MK("X9"), NE, 0, "X9=1", NULL },
	{ "49b", MK("X"), MK("X9") " X:17=i6", NE, 0, "X9=1", NULL },
	{ "50", "", "X:17=i4 X:17=i6 X:7=i2 X:8=i4", IV, 2, "", NULL },
	{ "50b", "", "X:7=i2 X:7=i3 X:8=i4 X:17=i4", IV, 2, "", NULL },
	{ "50c", "", "X:7=i2 X:7=i3 X:8=i9 X:17=i4", WV, 3, "", NULL },
	{ "51", "", "X:7=i2 X:7=i2 X:8=i4 X:17=i4", NE, 0, "X=1", NULL },

	/* RowStatus: the rest of the matrix */
	{ "wait, complete at once", "", "X:7=i2 X:8=i4 X:17=i5", NE, 0, "X=2", NULL },
	{ "wait, half", "", "X:7=i2 X:17=i5", NE, 0, "X=3", "X:7=2 X:8=-" },
	{ "notReady to notInService", "X:17=i5", "X:17=i2 X:7=i2 X:8=i4", NE, 0, "X=2", NULL },
	{ "notReady stays when incomplete", "X:17=i5", "X:17=i2 X:7=i2", IV, 1, "X=3", "X:7=-" },
	{ "notInService again", "X:17=i5|X:7=i2 X:8=i4", "X:17=i2", NE, 0, "X=2", NULL },
	{ "createAndGo on notReady", "X:17=i5", MK("X"), IV, 3, "X=3", NULL },
	{ "createAndWait on notReady", "X:17=i5", "X:17=i5", IV, 1, "X=3", NULL },
	{ "createAndWait on notInService", "X:17=i5 X:7=i2 X:8=i4", "X:17=i5", IV, 1, "X=2", NULL },
	{ "destroy a staged row", "X:17=i5", "X:17=i6", NE, 0, "", NULL },
	{ "destroy a suspended row", MK("X") "|X:17=i2", "X:17=i6", NE, 0, "", NULL },
	{ "destroy with a column", MK("X"), "X:17=i6 X:12=i5", NE, 0, "", NULL },
	{ "destroy with a wrong column", MK("X"), "X:17=i6 X:12=i-2", WV, 2, "X=1", NULL },
	{ "destroy with a wrong type", MK("X"), "X:12=u5 X:17=i6", WT, 1, "X=1", NULL },
	{ "a staged row says nothing about consistency", "", "X:7=i99 X:8=i3 X:17=i5", NE, 0, "X=2", "X:7=99" },
	{ "until it is activated", "X:7=i99 X:8=i4 X:17=i5", "X:17=i1", IV, 1, "X=2", NULL },
	{ "activated and mended in one", "X:7=i99 X:8=i4 X:17=i5", "X:17=i1 X:7=i2", NE, 0, "X=1", NULL },
	{ "mended wrongly", "X:7=i2 X:8=i4 X:17=i5", "X:17=i1 X:7=i98", IV, 2, "X=2", "X:7=2" },
	{ "suspended keeps all columns", MK("X") " X:11=u65001 X:12=i7 X:13=i8 X:14=i9 X:15=i10 X:16=i11", "X:17=i2", NE, 0, "X=2",
	  "X:7=2 X:8=4 X:11=65001 X:12=7 X:13=8 X:14=9 X:15=10 X:16=11" },
	{ "and brings them back", MK("X") " X:11=u65001 X:12=i7 X:13=i8|X:17=i2", "X:17=i1", NE, 0, "X=1",
	  "X:7=2 X:8=4 X:11=65001 X:12=7 X:13=8 X:14=-1 X:16=-1" },
	{ "status on an absent row with columns", "", "X:12=i5 X:17=i1", IV, 2, "", NULL },

	/* columns */
	{ "side data", "", MK("X") " X:11=u4294967295 X:12=i0 X:13=i1 X:16=i2147483647", NE, 0, "X=1",
	  "X:11=4294967295 X:12=0 X:13=1 X:14=-1 X:16=2147483647" },
	{ "metric unused is the default", "", MK("X") " X:12=i-1", NE, 0, "X=1", "X:12=256" },
	{ "metric below unused", "", MK("X") " X:12=i-2", WV, 4, "", NULL },
	{ "metric of another type", "", MK("X") " X:12=u7", WT, 4, "", NULL },
	{ "AS as an INTEGER", "", MK("X") " X:11=i7", WT, 4, "", NULL },
	{ "type as a string", "", "X:7=i2 X:8=s4 X:17=i4", WT, 2, "", NULL },
	{ "type as NULL", "", "X:7=i2 X:8=n X:17=i4", WT, 2, "", NULL },
	{ "an entry that is not 1", "", "X:17=i4 X:17=i4 X:9=i4", NW, 3, "", NULL },

	/* reject and blackhole */
	{ "reject", "", "L:7=i0 L:8=i2 L:17=i4", NE, 0, "L=1", "L:8=2 L:7=0" },
	{ "blackhole", "", "L:7=i0 L:8=i5 L:17=i4", NE, 0, "L=1", "L:8=5" },
	{ "reject with a gateway", "", "X:7=i0 X:8=i2 X:17=i4", IV, 2, "", NULL },
	{ "reject with an interface", "", "L:7=i2 L:8=i2 L:17=i4", IV, 2, "", NULL },
	{ "reject with an interface, other order", "", "L:8=i2 L:7=i2 L:17=i4", IV, 2, "", NULL },
	{ "reject named after an interface", "", "L2:7=i0 L2:8=i2 L2:17=i4", IV, 2, "", NULL },

	/* policies [MIB 6.3] */
	{ "on-link by the default policy", "", "L:7=i2 L:8=i3 L:17=i4", NE, 0, "L=1", "L:7=2 L2:17=-" },
	{ "on-link on two interfaces", "L:7=i2 L:8=i3 L:17=i4", "L3:7=i3 L3:8=i3 L3:17=i4", NE, 0, "L=1 L3=1", "L:7=2 L3:7=3" },
	{ "on-link, the same route twice", "L:7=i2 L:8=i3 L:17=i4", "L2:7=i2 L2:8=i3 L2:17=i4", IV, 1, "L=1", NULL },
	{ "gateway on two interfaces", MK("X"), "X3:7=i3 X3:8=i4 X3:17=i4", NE, 0, "X=1 X3=1", "X:7=2 X3:7=3" },
	{ "gateway on two interfaces at once", "", MK("X") " X3:7=i3 X3:8=i4 X3:17=i4", NE, 0, "X=1 X3=1", "X:7=2 X3:7=3" },
	{ "one route under two names at once", "", MK("X") " " MK("X2"), IV, 6, "", NULL },
	{ "the same, interleaved", "", "X2:7=i2 X:7=i2 X:8=i4 X:17=i4 X2:8=i4 X2:17=i4", IV, 6, "", NULL },
	{ "gateway by its interface's policy", "", MK("X2"), NE, 0, "X2=1", "X:17=-" },
	{ "a new name for one route", MK("X"), "X:17=i6 " MK("X2"), NE, 0, "X2=1", NULL },
	{ "a policy of no interface", "", "1.4.10.1.0.0.16.3.0.0.9.1.4.192.0.2.1:7=i9 1.4.10.1.0.0.16.3.0.0.9.1.4.192.0.2.1:8=i4 1.4.10.1.0.0.16.3.0.0.9.1.4.192.0.2.1:17=i4", IV, 1, "", NULL },

	/* zones */
	{ "zoned IPv6", "", "Z2:7=i2 Z2:8=i3 Z2:17=i4", NE, 0, "Z2=1", "Z2:7=2" },
	{ "zoned IPv4", "", "A3:7=i3 A3:8=i3 A3:17=i4", NE, 0, "A3=1", NULL },
	{ "types in blocks", MK("X") "|" MK("V") "|A3:7=i3 A3:8=i3 A3:17=i4", "Z2:7=i2 Z2:8=i3 Z2:17=i4", NE, 0, "X=1 V=1 A3=1 Z2=1", NULL },
	{ "zone 0 becomes the interface", "", "Z0:7=i3 Z0:8=i3 Z0:17=i4", NE, 0, "Z3=1", "Z0:17=-" },
	{ "zone 0 without interface", "", "Z0:8=i3 Z0:7=i0 Z0:17=i4", IN, 3, "", NULL },
	{ "zone 0 and the zone itself", "", "Z0:7=i3 Z0:8=i3 Z0:17=i4 Z3:7=i3 Z3:8=i3 Z3:17=i4", IV, 6, "", NULL },
	{ "zone 0 of a row that is there", "Z3:7=i3 Z3:8=i3 Z3:17=i4", "Z0:7=i3 Z0:8=i3 Z0:17=i4", IV, 3, "Z3=1", NULL },
	{ "zone against interface", "", "Z2:7=i3 Z2:8=i3 Z2:17=i4", IV, 1, "", NULL },
	{ "reject in no zone", "", "A0:7=i0 A0:8=i2 A0:17=i4", NE, 0, "A0=1", "A0:8=2" },
	{ "a staged zoned row among others", "Z2:7=i2 Z2:8=i3 Z2:17=i4", "Z3:17=i5", NE, 0, "Z2=1 Z3=3", NULL },
	{ "plain type for a link-local", "", "2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.64.2.0.0.0.0:17=i5", NC, 1, "", NULL },

	/* several rows */
	{ "all or nothing", MK("X"), "X:17=i6 Y:7=i99 Y:8=i4 Y:17=i4", IV, 2, "X=1", NULL },
	{ "destroy and create what is there", MK("X") "|" MK("Y"), "X:17=i6 " MK("Y"), IV, 4, "X=1 Y=1", NULL },
	{ "the lowest of two errors", "", "X:7=i98 X:8=i4 X:17=i4 Y:7=i99 Y:8=i4 Y:17=i4", IV, 1, "", NULL },
	{ "the lowest of two errors, interleaved", "", "X:8=i4 Y:7=i99 X:7=i98 Y:8=i4 Y:17=i4 X:17=i4", IV, 2, "", NULL },
	{ "suspend one, activate another", MK("X") "|Y:7=i2 Y:8=i4 Y:17=i5", "X:17=i2 Y:17=i1", NE, 0, "X=2 Y=1", NULL },
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

/* ---- the commit phase ------------------------------------------------------------ */

static void
a_refusal_of_the_forwarder_undoes_the_pdu(void) /* case 53 */
{
	world_open();
	world.refuse_from = world.refuse_until = 2;
	CU_ASSERT(expect_result("53", world_set(MK("X") " " MK("Y")), MIB_COMMITFAILED, 6));
	CU_ASSERT_EQUAL(world.refusals, 1);
	CU_ASSERT_STRING_EQUAL(world.refusal.phase, "commit");
	CU_ASSERT_EQUAL(world.refusal.fault.code, ERROR_NETWORK_UNREACHABLE);
	CU_ASSERT_STRING_EQUAL(world.refused_row, "10.2.0.0/16 via 192.0.2.1 if 2");
	CU_ASSERT_STRING_EQUAL(world.refused_column, "inetCidrRouteStatus");
	check_rows("53", "");
	world_close();
}

static void
a_replacement_that_fails_brings_the_old_row_back(void)
{
	world_open();
	prepare("53r", MK("X") " X:11=u7 X:13=i8");
	world.commits = 0;
	world.refuse_from = world.refuse_until = 1; /* asked once for the destination */
	CU_ASSERT(expect_result("53r", world_set(MK("X9") " X:17=i6"), MIB_COMMITFAILED, 3));
	check_rows("53r", "X=1");
	check_reads("53r", "X:11=7 X:13=8 X:12=256");
	world_close();
}

static void
the_forwarder_is_asked_once_for_each_destination(void) /* case 49 */
{
	world_open();
	prepare("49", MK("X") "|" MK("Y"));
	world.commits = 0;
	CU_ASSERT(expect_result("49", world_set("X:17=i6 " MK("X9")), NE, 0));
	CU_ASSERT_EQUAL(world.commits, 1);
	CU_ASSERT(expect_result("49", world_set("X9:17=i6 Y:17=i6 " MK("X")), NE, 0));
	CU_ASSERT_EQUAL(world.commits, 3);
	world_close();
}

static void
a_refusal_of_commit_and_undo_is_undofailed(void) /* case 54 */
{
	world_open();
	prepare("54", MK("X"));
	world.commits = 0;
	world.refuse_from = 2;
	world.refuse_until = 100;
	CU_ASSERT(expect_result("54", world_set("X:17=i6 " MK("Y")), MIB_UNDOFAILED, 4));
	CU_ASSERT_EQUAL(world.refusals, 1);
	CU_ASSERT_STRING_EQUAL(world.refusal.phase, "undo");
	check_rows("54", "X=1"); /* what is shown is what the core has */
	world_close();
}

/* Fail each allocation of a SET once: refused for want of memory, or done. */
static void
no_failing_allocation_leaves_half_a_set(void) /* case 55 */
{
	static const char pdu[] = MK("X") " X:11=u7 " MK("Y") " Z2:17=i5 L:17=i6 D:17=i2";
	unsigned refused = 0;

	for (uint64_t nth = 1; nth < 400; nth++) {
		struct mib_result result;
		bool failed;

		world_open();
		prepare("55", MK("D") "|L:7=i2 L:8=i3 L:17=i4");
		mem_fail_nth(nth);
		result = world_set(pdu);
		failed = mem_failed();
		mem_fail_nth(0);
		world.now_ms += 2000; /* time for a second look at the core */
		if (result.error == MIB_NOERROR) {
			check_rows("55", "D=2 X=1 Y=1 Z2=3");
		} else {
			refused++;
			CU_ASSERT(result.error == MIB_RESOURCEUNAVAILABLE ||
			          result.error == MIB_COMMITFAILED);
			if (result.error != MIB_RESOURCEUNAVAILABLE || result.varbind > 0)
				CU_ASSERT(result.varbind >= 1 && result.varbind <= 10);
			check_rows("55", "D=1 L=1");
		}
		world_close();
		if (!failed)
			break;
	}
	CU_ASSERT(refused > 10);
}

/* ---- rows of others ------------------------------------------------------------------ */

static const struct set_case foreign_cases[] = {
	{ "71a", "", "X:17=i6", IV, 1, "X=1", NULL },
	{ "71b", "", "X:12=i5", NW, 1, "X=1", "X:12=30" },
	{ "71c", "", "X:17=i1", NE, 0, "X=1", NULL },
	{ "71d", "", "X:17=i2", IV, 1, "X=1", NULL },
	{ "71e", "", MK("X"), IV, 3, "X=1", NULL },
	{ "71f", "", "X:12=i5 X:17=i1", NW, 1, "X=1", NULL },
	{ "71g", "", "X:17=i6 X:12=i5", IV, 1, "X=1", NULL },
	{ "71h", "", MK("X2"), IV, 1, "X=1", NULL },
	{ "71i", "", "X3:7=i3 X3:8=i4 X3:17=i4", NE, 0, "X=1 X3=1", "X:9=8 X3:9=3 X:12=30" },
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

static void
names_of_other_rows_stick(void)
{
	RTM_ROUTE_HANDLE two, three;

	world_open();
	two = world_foreign_add("10.1.0.0/16", "192.0.2.1", 2, 30);
	check_rows("alone", "X=1");
	three = world_foreign_add("10.1.0.0/16", "192.0.2.1", 3, 5); /* better, but later */
	check_rows("second", "X=1 X3=1");
	check_reads("second", "X:7=2 X3:7=3");
	world_foreign_delete(two, "10.1.0.0/16");
	check_rows("first gone", "X3=1");
	two = world_foreign_add("10.1.0.0/16", "192.0.2.1", 2, 1);
	check_rows("first again", "X2=1 X3=1");
	world_foreign_delete(three, "10.1.0.0/16");
	world_foreign_delete(two, "10.1.0.0/16");
	check_rows("none", "");
	two = world_foreign_add("203.0.113.0/24", NULL, 2, 1);
	three = world_foreign_add("203.0.113.0/24", NULL, 3, 1);
	check_rows("on-link", "L2=1 L3=1");
	world_foreign_delete(three, "203.0.113.0/24");
	world_foreign_delete(two, "203.0.113.0/24");
	world_close();
}

static void
two_rows_that_come_together_are_named_by_interface(void)
{
	RTM_ROUTE_HANDLE two, three;

	world_open();
	three = world_foreign_add("10.1.0.0/16", "192.0.2.1", 3, 5);
	two = world_foreign_add("10.1.0.0/16", "192.0.2.1", 2, 30);
	check_rows("together", "X=1 X3=1");
	check_reads("together", "X:7=2 X3:7=3");
	world_foreign_delete(two, "10.1.0.0/16");
	world_foreign_delete(three, "10.1.0.0/16");
	world_close();
}

static void
a_route_that_takes_a_suspended_name_gets_another(void)
{
	RTM_ROUTE_HANDLE route;

	world_open();
	prepare("suspended", MK("X") "|X:17=i2");
	route = world_foreign_add("10.1.0.0/16", "192.0.2.1", 2, 5);
	check_rows("beside", "X=2 X2=1");
	CU_ASSERT(expect_result("beside", world_set("X:17=i1"), IV, 1));
	world_foreign_delete(route, "10.1.0.0/16");
	CU_ASSERT(expect_result("alone", world_set("X:17=i1"), NE, 0));
	check_rows("alone", "X=1");
	world_close();
}

static void
zoned_rows_sort_by_zone_before_length(void)
{
	RTM_ROUTE_HANDLE a, b, c, d;

	world_open();
	a = world_foreign_add("fe80::/64", NULL, 3, 1);
	b = world_foreign_add("fe80::/64", NULL, 2, 1);
	c = world_foreign_add("fe80::/10", NULL, 3, 1);
	d = world_foreign_add("2001:db8::/64", NULL, 2, 1);
	check_rows("zoned",
	           "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.0.64.3.0.0.2.0.0=1 Z2=1 "
	           "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.10.2.0.0.0.0=1 Z3=1");
	world_foreign_delete(a, "fe80::/64");
	check_rows("zoned, one less",
	           "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.0.64.3.0.0.2.0.0=1 Z2=1 "
	           "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.10.2.0.0.0.0=1");
	world_foreign_delete(b, "fe80::/64");
	world_foreign_delete(c, "fe80::/10");
	world_foreign_delete(d, "2001:db8::/64");
	check_rows("none", "");
	world_close();
}

/* ---- time -------------------------------------------------------------------- */

static void
unfinished_rows_are_reaped(void) /* case 19 */
{
	world_open();
	CU_ASSERT_EQUAL(mib_reap(world.mib), UINT64_MAX);
	prepare("19", "X:17=i5|" MK("Y") "|Y:17=i2");
	CU_ASSERT_EQUAL(mib_reap(world.mib), world.now_ms + 300000);
	world.now_ms += 299000;
	prepare("19", "Y:12=i9"); /* a SET on the row starts its time again */
	CU_ASSERT_EQUAL(mib_reap(world.mib), world.now_ms + 1000);
	world.now_ms += 1000;
	CU_ASSERT_EQUAL(mib_reap(world.mib), world.now_ms + 299000);
	check_rows("19", "Y=2");
	world.now_ms += 299000;
	CU_ASSERT_EQUAL(mib_reap(world.mib), UINT64_MAX);
	check_rows("19", "");
	world_close();
}

static void
age_moves_on(void)
{
	world_open();
	prepare("age", MK("X"));
	check_reads("age", "X:10=0");
	world.now_ms += 5000;
	check_reads("age", "X:10=5");
	prepare("age", "X:17=i2");
	world.now_ms += 3000;
	check_reads("age", "X:10=3");
	world_close();
}

/* ---- odd orders of phases ---------------------------------------------------- */

static void
any_order_of_phases_is_survived(void)
{
	struct mib_tx *tx;
	struct mib_result result;

	world_open();
	tx = mib_tx_new(world.mib);
	result = mib_tx_apply(tx);
	CU_ASSERT_EQUAL(result.error, MIB_GENERR);
	mib_tx_commit(tx);
	result = mib_tx_undo(tx);
	CU_ASSERT_EQUAL(result.error, MIB_NOERROR);
	result = mib_tx_check(tx);
	CU_ASSERT_EQUAL(result.error, MIB_NOERROR);
	result = mib_tx_check(tx);
	CU_ASSERT_EQUAL(result.error, MIB_NOERROR);
	result = mib_tx_apply(tx);
	CU_ASSERT_EQUAL(result.error, MIB_NOERROR);
	mib_tx_commit(tx);
	mib_tx_commit(tx);
	result = mib_tx_undo(tx);
	CU_ASSERT_EQUAL(result.error, MIB_NOERROR);
	mib_tx_free(tx);
	mib_tx_free(mib_tx_new(world.mib));
	mib_tx_free(NULL);
	world_close();
}

int
main(void)
{
	static const struct test tests[] = {
		TEST(every_case_answers_as_specified),
		TEST(every_case_can_be_undone),
		TEST(a_refusal_of_the_forwarder_undoes_the_pdu),
		TEST(a_replacement_that_fails_brings_the_old_row_back),
		TEST(the_forwarder_is_asked_once_for_each_destination),
		TEST(a_refusal_of_commit_and_undo_is_undofailed),
		TEST(no_failing_allocation_leaves_half_a_set),
		TEST(routes_of_others_are_shown_and_not_changed),
		TEST(names_of_other_rows_stick),
		TEST(two_rows_that_come_together_are_named_by_interface),
		TEST(a_route_that_takes_a_suspended_name_gets_another),
		TEST(zoned_rows_sort_by_zone_before_length),
		TEST(unfinished_rows_are_reaped),
		TEST(age_moves_on),
		TEST(any_order_of_phases_is_survived),
	};

	return run_tests("mib_set", tests, sizeof tests / sizeof tests[0]);
}
