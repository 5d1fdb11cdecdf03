/* What the administrator lets managers write, and how on-link rows are spelled. */
#include "mib_cases.h"

#include "base/addr.h"

#include <stdio.h>
#include <string.h>

#define MK(x) x ":7=i2 " x ":8=i4 " x ":17=i4"
#define MKF(x) "f/" x ":2=a255.255.0.0 f/" x ":5=i2 f/" x ":6=i4"
#define NE MIB_NOERROR
#define NC MIB_NOCREATION
#define IV MIB_INCONSISTENTVALUE
#define NW MIB_NOTWRITABLE
#define RU MIB_RESOURCEUNAVAILABLE

static struct prefix ten, ten_one;

static void
set_up(void)
{
	CU_ASSERT_FATAL(prefix_parse("10.0.0.0/8", &ten));
	CU_ASSERT_FATAL(prefix_parse("10.1.0.0/16", &ten_one));
	world_config = (struct mib_config){ .row_timeout_s = 300 };
	world_open();
}

static void
tear_down(void)
{
	world_close();
}

/* The same world, from here on under a policy. */
static void
obey(const struct mib_policy *policy)
{
	struct mib_config config = world_config;

	mib_close(world.mib);
	config.policy = *policy;
	world_reopen(&config);
}

static void
expect(const char *pdu, enum mib_error error, size_t varbind, const char *word)
{
	world.refusals = 0;
	CU_ASSERT(expect_result(pdu, world_set(pdu), error, varbind));
	CU_ASSERT_EQUAL(world.refusals, error != NE);
	if (error == NE)
		return;
	CU_ASSERT_FATAL(world.refusal.policy != NULL);
	CU_ASSERT_STRING_EQUAL(world.refusal.policy, word);
}

static void
nothing_is_written_when_all_is_read_only(void)
{
	prepare("before", MK("X"));
	obey(&(struct mib_policy){ .read_only = true });
	expect("X:17=i6", NW, 1, "readOnly");
	expect(MK("Y"), NW, 1, "readOnly");
	expect("X:17=i1", NW, 1, "readOnly");
	check_rows("read-only", "X=1");
}

static void
protected_prefixes_are_left_alone(void)
{
	struct mib_policy policy = { .protect = &ten_one, .nprotect = 1 };

	prepare("before", MK("X"));
	obey(&policy);
	expect("X:17=i6", IV, 1, "protect");
	expect("X:17=i2", IV, 1, "protect");
	expect("X:12=i5", NW, 1, "protect");
	expect("c/X:11=i50", NW, 1, "protect");
	expect("f/X:6=i2", IV, 1, "protect");
	expect(MK("X9"), NC, 3, "protect");
	expect("X9:17=i5", NC, 1, "protect");
	expect(MKF("X9"), NC, 1, "protect");
	expect(MK("Y") " c/X4:5=i2 c/X4:6=i4 c/X4:16=i4", NC, 6, "protect");
	expect("X:17=i1", NE, 0, NULL);
	expect(MK("Y"), NE, 0, NULL);
	expect(MK("D"), NE, 0, NULL); /* a less specific one is not inside */
	check_rows("protect", "D=1 X=1 Y=1");
}

static void
a_mask_does_not_lead_into_a_protected_prefix(void)
{
	struct mib_policy policy = { .protect = &ten_one, .nprotect = 1 };

	obey(&policy);
	expect("f/10.0.0.0.3.0.192.0.2.1:2=a255.0.0.0 f/10.0.0.0.3.0.192.0.2.1:6=i4", NE, 0,
	       NULL);
	expect("f/10.1.0.0.3.0.192.0.2.1:2=a255.255.255.0 f/10.1.0.0.3.0.192.0.2.1:6=i4", NC, 1,
	       "protect");
}

static void
only_what_is_listed_may_be_written(void)
{
	struct mib_policy policy = { .allow = &ten, .nallow = 1 };

	prepare("before", MK("D"));
	obey(&policy);
	expect(MK("X"), NE, 0, NULL);
	expect("D:17=i6", IV, 1, "allowWrite");
	expect("L:7=i2 L:8=i3 L:17=i4", NC, 3, "allowWrite");
	expect(MK("V"), NC, 3, "allowWrite");
	expect("X:17=i6", NE, 0, NULL);
	check_rows("allowWrite", "D=1");
}

static void
rows_of_managers_are_counted_against_the_limit(void)
{
	struct mib_policy policy = { .max_rows = 2 };
	RTM_ROUTE_HANDLE route;

	route = world_foreign_add("10.3.0.0/16", "192.0.2.1", 2, 1); /* does not count */
	prepare("before", MK("X"));
	obey(&policy);
	expect(MK("Y") " " MK("D"), RU, 6, "maxRows");
	expect("Y:17=i5", NE, 0, NULL);
	expect(MK("D"), RU, 3, "maxRows");
	CU_ASSERT_EQUAL(world_scalar("inetCidrRouteDiscards"), 2);
	expect("Y:17=i6 " MK("D"), NE, 0, NULL); /* one goes, one comes */
	expect("X:17=i2", NE, 0, NULL);
	expect("X:17=i1", NE, 0, NULL);
	expect("X:17=i6 " MK("X9"), NE, 0, NULL);
	expect(MK("Y"), RU, 3, "maxRows");
	expect("D:17=i6", NE, 0, NULL);
	expect(MK("Y"), NE, 0, NULL);
	world_foreign_delete(route, "10.3.0.0/16");
	check_rows("maxRows", "X9=1 Y=1");
}

static void
on_link_rows_are_spelled_as_told(void)
{
	struct mib_config config = world_config;
	static const char zeros[] = "1.4.203.0.113.0.24.2.0.0.1.4.0.0.0.0";
	char pdu[512], got[512];

	prepare("before", "L3:7=i3 L3:8=i3 L3:17=i4|" MK("X"));
	mib_close(world.mib);
	config.zero_next_hop = true;
	world_reopen(&config);
	world_walk('i', 17, got, sizeof got);
	CU_ASSERT_STRING_EQUAL(got, "X=1 1.4.203.0.113.0.24.3.0.0.3.1.4.0.0.0.0=1");
	CU_ASSERT(expect_result("other spelling", world_set("L:7=i2 L:8=i3 L:17=i4"), NC, 3));
	snprintf(pdu, sizeof pdu, "%s:7=i2 %s:8=i3 %s:17=i4", zeros, zeros, zeros);
	CU_ASSERT(expect_result("this spelling", world_set(pdu), NE, 0));
	snprintf(pdu, sizeof pdu, "%s:7", zeros);
	world_read(pdu, got, sizeof got);
	CU_ASSERT_STRING_EQUAL(got, "2");
	world_check_tables();
}

int
main(void)
{
	static const struct test tests[] = {
		TEST(nothing_is_written_when_all_is_read_only),
		TEST(protected_prefixes_are_left_alone),
		TEST(a_mask_does_not_lead_into_a_protected_prefix),
		TEST(only_what_is_listed_may_be_written),
		TEST(rows_of_managers_are_counted_against_the_limit),
		TEST(on_link_rows_are_spelled_as_told),
	};

	return run_tests_with("mib_policy", tests, sizeof tests / sizeof tests[0], set_up,
	                      tear_down);
}
