/*
 * Shared pieces of the forwarder tests; see fib_fix.h.
 */
#include "fib_fix.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/alloc.h"
#include "base/log.h"

#define KEPT 8 /* routes that fix_route() keeps */

const struct iftab_if fix_interfaces[3] = {
	{ .index = 1,
	  .alias = "lo",
	  .if_type = 24,
	  .bound = { true, true },
	  .connected = true,
	  .routes = true },
	{ .index = 2,
	  .alias = "eth0",
	  .if_type = 6,
	  .bound = { true, true },
	  .metric = { 10, 10 },
	  .connected = true,
	  .routes = true },
	{ .index = 3,
	  .alias = "eth1",
	  .if_type = 6,
	  .bound = { true, true },
	  .metric = { 20, 20 },
	  .connected = true,
	  .routes = true },
};

unsigned fix_logged;
char fix_line[1024];
static size_t alive_before;

RTM_NET_ADDRESS
fix_net(const char *text)
{
	RTM_NET_ADDRESS net = { 0 };
	struct prefix prefix;

	if (prefix_parse(text, &prefix))
		prefix_to_net(&prefix, &net);
	else
		CU_FAIL("a prefix in a test");
	return net;
}

struct fib_hop
fix_hop(const char *text)
{
	const char *at = strchr(text, '@');
	char address[64] = "";
	struct addr addr = { .family = AF_INET };
	struct fib_hop hop;

	memset(&hop, 0, sizeof hop);
	if (at != NULL)
		snprintf(address, sizeof address, "%.*s", (int)(at - text), text);
	if (strcmp(address, "-6") == 0)
		addr.family = AF_INET6;
	else if (strcmp(address, "-4") != 0 && !addr_parse(address, &addr))
		CU_FAIL("a next hop in a test");
	addr_to_sockaddr(&addr, &hop.gateway);
	hop.if_index = at != NULL ? (ULONG)atoi(at + 1) : 0;
	return hop;
}

const struct fib_route *
fix_route(const char *prefix, ULONG metric, const char *hops)
{
	static struct fib_route routes[KEPT];
	static struct fib_hop lists[KEPT][32];
	static unsigned turn;
	unsigned i = turn++ % KEPT;
	char words[1024], *rest, *word;

	routes[i] = (struct fib_route){ .dest = fix_net(prefix),
		                        .kind = FIB_UNICAST,
		                        .metric = metric,
		                        .protocol = PROTO_IP_NETMGMT,
		                        .hops = lists[i] };
	snprintf(words, sizeof words, "%s", hops);
	for (word = strtok_r(words, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		lists[i][routes[i].nhops++] = fix_hop(word);
	return &routes[i];
}

const char *
fix_hops(const struct fib_route *route)
{
	static char text[2048];
	char address[ADDR_TEXT_SIZE];
	size_t used = 0;

	text[0] = '\0';
	for (USHORT i = 0; i < route->nhops && used < sizeof text; i++) {
		struct addr addr;

		addr_from_sockaddr(&addr, &route->hops[i].gateway);
		addr_format(&addr, address, sizeof address);
		if (addr_is_unspecified(&addr))
			strcpy(address, addr.family == AF_INET ? "-4" : "-6");
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%s@%u",
		                         i == 0 ? "" : " ", address, route->hops[i].if_index);
	}
	return text;
}

static void
catch_line(void *arg, enum log_level level, const char *module, const char *line)
{
	(void)arg;
	if (level > LOG_LEVEL_WARN)
		return;
	fix_logged++;
	snprintf(fix_line, sizeof fix_line, "%s: %s", module, line);
}

void
fix_setup(void)
{
	fix_logged = 0;
	fix_line[0] = '\0';
	log_set_level(LOG_LEVEL_WARN);
	log_set_sink(catch_line, NULL);
	mem_fail_nth(0);
	alive_before = mem_alive();
}

void
fix_teardown(void)
{
	mem_fail_nth(0);
	log_set_sink(NULL, NULL);
	CU_ASSERT_EQUAL(mem_alive(), alive_before);
}

int
fix_main(CU_SuiteInfo *suites)
{
	unsigned failures;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 2;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	if (CU_basic_run_tests() != CUE_SUCCESS || CU_get_number_of_tests_run() == 0)
		return 2;
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failures == 0 ? 0 : 1;
}
