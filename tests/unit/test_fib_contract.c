/*
 * What every forwarder promises, one story for each of fib_backends[]: apply() has
 * happened or was refused when it returns, replay() tells everything once, close()
 * gives all back. A backend joins with a line in `fixtures': how to open it, and how to
 * look inside.
 */
#include "fib_fix.h"

#include <string.h>

#include "base/alloc.h"

struct fixture {
	const char *name;
	const void *config;
	bool (*find)(const struct fib *fib, const RTM_NET_ADDRESS *dest, struct fib_route *out);
	size_t (*count)(const struct fib *fib);
};

static const struct fib_memory_refusal refusals[] = {
	{ { AF_INET, 16, { 10, 66 } }, FIB_REPLACE, ERROR_NO_SYSTEM_RESOURCES },
	{ { AF_INET, 16, { 10, 77 } }, FIB_REMOVE, ERROR_BUSY },
};

static const struct fib_memory_config memory_config = {
	.interfaces = fix_interfaces,
	.ninterfaces = 3,
	.refusals = refusals,
	.nrefusals = 2,
};

static const struct fixture fixtures[] = {
	{ "memory", &memory_config, fib_memory_find, fib_memory_count },
};
#define NFIXTURES (sizeof fixtures / sizeof fixtures[0])

static struct {
	unsigned interfaces, routes, done;
} told;

static void
tell_interface(void *arg, const struct iftab_if *desc, bool gone)
{
	(void)arg;
	(void)desc;
	told.interfaces += !gone;
}

static void
tell_route(void *arg, const struct fib_route *route, bool gone)
{
	(void)arg;
	(void)route;
	told.routes += !gone;
}

static void
tell_gone(void *arg, const RTM_NET_ADDRESS *dest)
{
	(void)arg;
	(void)dest;
	CU_FAIL("nobody removed anything of ours");
}

static void
tell_done(void *arg)
{
	(void)arg;
	told.done++;
}

static const struct fib_events events = { tell_interface, tell_route, tell_gone, tell_done };

/* The backend under test. */
static const struct fixture *fix;
static const struct fib_ops *ops;
static struct fib *fib;

static DWORD
put(const struct fib_route *route)
{
	return ops->apply(fib, FIB_REPLACE, route);
}

static DWORD
take(const char *prefix)
{
	return ops->apply(fib, FIB_REMOVE, fix_route(prefix, 0, ""));
}

/* What the forwarder has for a prefix, as text; "none". */
static const char *
has(const char *prefix)
{
	RTM_NET_ADDRESS dest = fix_net(prefix);
	struct fib_route route;

	return fix->find(fib, &dest, &route) ? fix_hops(&route) : "none";
}

/* Run a story on every backend. */
static void
each(void (*story)(void))
{
	for (size_t i = 0; i < fib_backends_count; i++) {
		ops = fib_backends[i];
		fix = NULL;
		for (size_t f = 0; f < NFIXTURES; f++)
			if (strcmp(fixtures[f].name, ops->name) == 0)
				fix = &fixtures[f];
		CHECK_CASE(fix != NULL, "backend %s has no fixture here", ops->name);
		if (fix == NULL)
			continue;
		memset(&told, 0, sizeof told);
		CU_ASSERT_EQUAL_FATAL(ops->open(&events, NULL, fix->config, &fib), NO_ERROR);
		story();
		ops->close(fib);
	}
}

static void
every_backend_is_found_by_its_name(void)
{
	CU_ASSERT(fib_backends_count > 0);
	for (size_t i = 0; i < fib_backends_count; i++)
		CU_ASSERT_PTR_EQUAL(fib_backend(fib_backends[i]->name), fib_backends[i]);
	CU_ASSERT_PTR_NULL(fib_backend("plutonium"));
	CU_ASSERT_PTR_NULL(fib_backend(""));
}

static void
install_story(void)
{
	static const struct {
		const char *prefix, *hops;
	} cases[] = {
		{ "10.1.0.0/16", "192.0.2.1@2" },
		{ "0.0.0.0/0", "192.0.2.1@2" },
		{ "203.0.113.9/32", "-4@3" },
		{ "2001:db8:1::/48", "2001:db8::1@2" },
		{ "::/0", "fe80::1@2" },
		{ "2001:db8::9/128", "-6@3" },
		{ "10.2.0.0/16", "192.0.2.1@2 192.0.2.9@2 198.51.100.1@3" },
	};
	size_t n = sizeof cases / sizeof cases[0];

	for (size_t i = 0; i < n; i++) {
		CHECK_CASE(put(fix_route(cases[i].prefix, 5, cases[i].hops)) == NO_ERROR, "%s",
		           cases[i].prefix);
		CHECK_CASE(fix->count(fib) == i + 1, "%s", cases[i].prefix);
	}
	for (size_t i = 0; i < n; i++) {
		CHECK_CASE(strcmp(has(cases[i].prefix), cases[i].hops) == 0, "%s: %s",
		           cases[i].prefix, has(cases[i].prefix));
		CU_ASSERT_EQUAL(take(cases[i].prefix), NO_ERROR);
		CU_ASSERT_STRING_EQUAL(has(cases[i].prefix), "none");
	}
	CU_ASSERT_EQUAL(fix->count(fib), 0);
}

static void
what_is_installed_is_there_until_removed(void)
{
	each(install_story);
}

static void
replace_story(void)
{
	CU_ASSERT_EQUAL(put(fix_route("10.1.0.0/16", 5, "192.0.2.1@2")), NO_ERROR);
	CU_ASSERT_EQUAL(put(fix_route("10.1.0.0/16", 6, "198.51.100.1@3 192.0.2.9@2")),
	                NO_ERROR);
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "198.51.100.1@3 192.0.2.9@2");
	CU_ASSERT_EQUAL(fix->count(fib), 1);
	CU_ASSERT_EQUAL(put(fix_route("10.1.0.0/16", 6, "-4@3")), NO_ERROR);
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "-4@3");
	CU_ASSERT_EQUAL(fix->count(fib), 1);
}

static void
replacing_leaves_nothing_of_the_old_route(void)
{
	each(replace_story);
}

static void
neighbours_story(void)
{
	CU_ASSERT_EQUAL(put(fix_route("10.0.0.0/8", 1, "192.0.2.1@2")), NO_ERROR);
	CU_ASSERT_EQUAL(put(fix_route("10.0.0.0/16", 1, "192.0.2.2@2")), NO_ERROR);
	CU_ASSERT_EQUAL(put(fix_route("10.0.0.0/24", 1, "192.0.2.3@2")), NO_ERROR);
	CU_ASSERT_EQUAL(take("10.0.0.0/16"), NO_ERROR);
	CU_ASSERT_STRING_EQUAL(has("10.0.0.0/8"), "192.0.2.1@2");
	CU_ASSERT_STRING_EQUAL(has("10.0.0.0/16"), "none");
	CU_ASSERT_STRING_EQUAL(has("10.0.0.0/24"), "192.0.2.3@2");
}

static void
prefixes_of_one_address_are_different_destinations(void)
{
	each(neighbours_story);
}

static void
absent_story(void)
{
	CU_ASSERT_EQUAL(take("10.1.0.0/16"), NO_ERROR);
	CU_ASSERT_EQUAL(put(fix_route("10.1.0.0/16", 5, "192.0.2.1@2")), NO_ERROR);
	CU_ASSERT_EQUAL(take("10.1.0.0/16"), NO_ERROR);
	CU_ASSERT_EQUAL(take("10.1.0.0/16"), NO_ERROR);
	CU_ASSERT_EQUAL(fix->count(fib), 0);
}

static void
removing_what_is_not_there_is_a_success(void)
{
	each(absent_story);
}

static void
kinds_story(void)
{
	static const enum fib_kind kinds[] = { FIB_REJECT, FIB_BLACKHOLE };
	RTM_NET_ADDRESS dest = fix_net("10.1.0.0/16");
	struct fib_route route, seen;

	for (size_t i = 0; i < 2; i++) {
		route = *fix_route("10.1.0.0/16", 5, "");
		route.kind = kinds[i];
		CU_ASSERT_EQUAL(put(&route), NO_ERROR);
		CU_ASSERT_FATAL(fix->find(fib, &dest, &seen));
		CU_ASSERT_EQUAL(seen.kind, kinds[i]);
	}
	CU_ASSERT_EQUAL(put(fix_route("10.1.0.0/16", 5, "192.0.2.1@2")), NO_ERROR);
	CU_ASSERT_FATAL(fix->find(fib, &dest, &seen));
	CU_ASSERT_EQUAL(seen.kind, FIB_UNICAST);
}

static void
reject_and_blackhole_need_no_next_hop(void)
{
	each(kinds_story);
}

static void
wrong_story(void)
{
	struct fib_route route;
	static const struct {
		const char *why;
		RTM_NET_ADDRESS dest;
		const char *hops;
		DWORD code;
	} cases[] = {
		{ "no family", { 0, 8, { 10 } }, "192.0.2.1@2", ERROR_INVALID_PARAMETER },
		{ "length 33",
		  { AF_INET, 33, { 10 } },
		  "192.0.2.1@2",
		  ERROR_INVALID_PARAMETER },
		{ "length 129", { AF_INET6, 129, { 32 } }, "-6@2", ERROR_INVALID_PARAMETER },
		{ "host bits",
		  { AF_INET, 8, { 10, 1 } },
		  "192.0.2.1@2",
		  ERROR_INVALID_PARAMETER },
		{ "no next hop", { AF_INET, 8, { 10 } }, "", ERROR_INVALID_PARAMETER },
		{ "interface 99", { AF_INET, 8, { 10 } }, "-4@99", ERROR_NETWORK_UNREACHABLE },
		{ "17 next hops",
		  { AF_INET, 8, { 10 } },
		  "-4@1 -4@1 -4@1 -4@1 -4@1 -4@1 -4@1 -4@1 -4@1 -4@1 -4@1 -4@1 -4@1 -4@1 -4@1 "
		  "-4@1 -4@1",
		  ERROR_INVALID_PARAMETER },
	};

	CU_ASSERT_EQUAL(put(fix_route("10.0.0.0/8", 5, "192.0.2.9@2")), NO_ERROR);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		route = *fix_route("10.0.0.0/8", 5, cases[i].hops);
		route.dest = cases[i].dest;
		CHECK_CASE(put(&route) == cases[i].code, "%s", cases[i].why);
		CHECK_CASE(fix->count(fib) == 1, "%s", cases[i].why);
	}
	CU_ASSERT_STRING_EQUAL(has("10.0.0.0/8"), "192.0.2.9@2");
}

static void
what_is_wrong_is_refused_and_changes_nothing(void)
{
	each(wrong_story);
}

static void
many_story(void)
{
	char prefix[32];
	unsigned n = 0;

	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 2000; i++) {
			snprintf(prefix, sizeof prefix, "10.%u.%u.0/24", i / 256, i % 256);
			n += put(fix_route(prefix, i, "192.0.2.1@2")) == NO_ERROR;
		}
		CU_ASSERT_EQUAL(n, (round + 1) * 2000);
		CU_ASSERT_EQUAL(fix->count(fib), 2000);
		for (unsigned i = 0; i < 2000; i++) {
			snprintf(prefix, sizeof prefix, "10.%u.%u.0/24", i / 256, i % 256);
			CU_ASSERT_EQUAL(take(prefix), NO_ERROR);
		}
		CU_ASSERT_EQUAL(fix->count(fib), 0);
	}
}

static void
thousands_come_and_go(void)
{
	each(many_story);
}

static void
replay_story(void)
{
	unsigned interfaces;

	CU_ASSERT_EQUAL(put(fix_route("10.1.0.0/16", 5, "192.0.2.1@2")), NO_ERROR);
	CU_ASSERT_EQUAL(ops->replay(fib), NO_ERROR);
	CU_ASSERT(told.interfaces > 0);
	CU_ASSERT_EQUAL(told.routes, 0); /* ours is not told */
	CU_ASSERT_EQUAL(told.done, 1);
	interfaces = told.interfaces;
	CU_ASSERT_EQUAL(ops->replay(fib), NO_ERROR);
	CU_ASSERT_EQUAL(told.interfaces, 2 * interfaces);
	CU_ASSERT_EQUAL(told.done, 2);
}

static void
replay_tells_everything_but_ours_and_then_that_it_is_done(void)
{
	each(replay_story);
}

/* ---- the memory backend alone ------------------------------------------------- */

static void
memory_open(void)
{
	fix = &fixtures[0];
	ops = &fib_memory;
	CU_ASSERT_EQUAL_FATAL(ops->open(&events, NULL, &memory_config, &fib), NO_ERROR);
}

static void
a_refusal_on_demand_leaves_all_as_it_was(void)
{
	memory_open();
	CU_ASSERT_EQUAL(put(fix_route("10.66.0.0/16", 5, "192.0.2.1@2")),
	                ERROR_NO_SYSTEM_RESOURCES);
	CU_ASSERT_STRING_EQUAL(has("10.66.0.0/16"), "none");
	CU_ASSERT_EQUAL(put(fix_route("10.66.0.0/17", 5, "192.0.2.1@2")), NO_ERROR);
	CU_ASSERT_EQUAL(take("10.66.0.0/16"), NO_ERROR);
	CU_ASSERT_EQUAL(put(fix_route("10.77.0.0/16", 5, "192.0.2.1@2")), NO_ERROR);
	CU_ASSERT_EQUAL(take("10.77.0.0/16"), ERROR_BUSY);
	CU_ASSERT_STRING_EQUAL(has("10.77.0.0/16"), "192.0.2.1@2");
	ops->close(fib);
}

static void
an_install_without_memory_changes_nothing(void)
{
	unsigned failed = 0;
	uint64_t nth = 0;
	DWORD err;

	memory_open();
	CU_ASSERT_EQUAL(put(fix_route("10.0.0.0/8", 5, "192.0.2.9@2")), NO_ERROR);
	do {
		mem_fail_nth(++nth);
		err = put(fix_route("10.1.0.0/16", 5, "192.0.2.1@2"));
		if (!mem_failed())
			break;
		failed++;
		CU_ASSERT_EQUAL(err, ERROR_NOT_ENOUGH_MEMORY);
		CU_ASSERT_EQUAL(fix->count(fib), 1);
		CU_ASSERT_STRING_EQUAL(has("10.0.0.0/8"), "192.0.2.9@2");
	} while (nth < 100);
	mem_fail_nth(0);
	CU_ASSERT(failed > 0);
	CU_ASSERT_EQUAL(err, NO_ERROR);
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "192.0.2.1@2");
	mem_fail_nth(1);
	CU_ASSERT_EQUAL(put(fix_route("10.0.0.0/8", 5, "192.0.2.1@2")),
	                ERROR_NOT_ENOUGH_MEMORY);
	mem_fail_nth(0);
	CU_ASSERT_STRING_EQUAL(has("10.0.0.0/8"), "192.0.2.9@2");
	mem_fail_nth(1);
	CU_ASSERT_EQUAL(take("10.0.0.0/8"), NO_ERROR); /* needs none */
	mem_fail_nth(0);
	ops->close(fib);
}

static void
opening_without_memory_leaves_nothing(void)
{
	for (uint64_t nth = 1; nth < 100; nth++) {
		size_t alive = mem_alive();
		DWORD err;

		mem_fail_nth(nth);
		err = fib_memory.open(&events, NULL, &memory_config, &fib);
		if (!mem_failed()) {
			CU_ASSERT_EQUAL(err, NO_ERROR);
			fib_memory.close(fib);
			break;
		}
		CU_ASSERT_EQUAL(err, ERROR_NOT_ENOUGH_MEMORY);
		CU_ASSERT_EQUAL(mem_alive(), alive);
	}
	mem_fail_nth(0);
	fib_memory.close(NULL);
}

#define TEST(f)                                                                                \
	{                                                                                      \
#f, f                                                                          \
	}

int
main(void)
{
	CU_TestInfo contract[] = {
		TEST(every_backend_is_found_by_its_name),
		TEST(what_is_installed_is_there_until_removed),
		TEST(replacing_leaves_nothing_of_the_old_route),
		TEST(prefixes_of_one_address_are_different_destinations),
		TEST(removing_what_is_not_there_is_a_success),
		TEST(reject_and_blackhole_need_no_next_hop),
		TEST(what_is_wrong_is_refused_and_changes_nothing),
		TEST(thousands_come_and_go),
		TEST(replay_tells_everything_but_ours_and_then_that_it_is_done),
		CU_TEST_INFO_NULL,
	};
	CU_TestInfo memory[] = {
		TEST(a_refusal_on_demand_leaves_all_as_it_was),
		TEST(an_install_without_memory_changes_nothing),
		TEST(opening_without_memory_leaves_nothing),
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "every backend", NULL, NULL, fix_setup, fix_teardown, contract },
		{ "memory", NULL, NULL, fix_setup, fix_teardown, memory },
		CU_SUITE_INFO_NULL,
	};

	return fix_main(suites);
}
