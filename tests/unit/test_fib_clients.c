/*
 * The two RTM clients around a forwarder: what the importer makes of the forwarder's
 * own routes, and what the follower makes of the core's. A spy stands in front of the
 * memory backend and counts, so that "nothing was done" can be seen, too.
 */
#include "fib_fix.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/alloc.h"
#include "fib/follow.h"
#include "fib/import.h"
#include "rtmhost.h"

#define ROUTE_ROOM RTM_SIZE_OF_ROUTE_INFO(16)

static struct iftab *ifs;
static struct import *import;
static struct fib *fib;
static struct follow *follow;
static RTM_ENTITY_HANDLE owner; /* of the routes that the tests add, IPv4 */
static RTM_ENTITY_HANDLE owner6;

static const struct fib_memory_refusal refusals[] = {
	{ { AF_INET, 16, { 10, 66 } }, FIB_REPLACE, ERROR_NO_SYSTEM_RESOURCES },
	{ { AF_INET, 16, { 10, 77 } }, FIB_REMOVE, ERROR_BUSY },
};
static const struct fib_memory_config config = {
	.interfaces = fix_interfaces, .ninterfaces = 3, .refusals = refusals, .nrefusals = 2
};

/* ---- the spy ------------------------------------------------------------------- */

static unsigned applied;

static DWORD
spy_apply(struct fib *f, enum fib_verb verb, const struct fib_route *route)
{
	applied++;
	return fib_memory.apply(f, verb, route);
}

static struct fib_ops spy;

/* ---- the world ----------------------------------------------------------------- */

static RTM_ENTITY_HANDLE
entity(USHORT family, ULONG protocol)
{
	RTM_ENTITY_INFO info = { .AddressFamily = family };
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE handle = NULL;

	info.EntityId.EntityProtocolId = protocol;
	CU_ASSERT_EQUAL_FATAL(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &handle),
	                      NO_ERROR);
	return handle;
}

static void
open_follow(void)
{
	CU_ASSERT_EQUAL_FATAL(follow_open(0, &spy, fib, import, &follow), NO_ERROR);
}

static void
set_up(void)
{
	fix_setup();
	spy = fib_memory;
	spy.apply = spy_apply;
	applied = 0;
	follow = NULL;
	rtm_advance(1000, (FILETIME){ 1, 0 });
	ifs = iftab_new();
	CU_ASSERT_EQUAL_FATAL(import_open(ifs, 0, &import), NO_ERROR);
	CU_ASSERT_EQUAL_FATAL(fib_memory.open(&import_events, import, &config, &fib), NO_ERROR);
	CU_ASSERT_EQUAL_FATAL(fib_memory.replay(fib), NO_ERROR);
	owner = entity(AF_INET, PROTO_IP_NETMGMT);
	owner6 = entity(AF_INET6, PROTO_IP_NETMGMT);
}

static void
tear_down(void)
{
	RtmDeregisterEntity(owner);
	RtmDeregisterEntity(owner6);
	follow_close(follow);
	import_close(import);
	fib_memory.close(fib);
	iftab_free(ifs);
	rtm_turn();
	rtm_shutdown();
	fix_teardown();
}

/* ---- routes in the core --------------------------------------------------------- */

struct add {
	RTM_ENTITY_HANDLE owner; /* NULL: the one of the family */
	const char *prefix, *hops;
	ULONG metric, preference;
	USHORT flags;
	RTM_VIEW_SET views; /* 0: unicast */
	DWORD change;
};

static RTM_NEXTHOP_HANDLE
add_hop(RTM_ENTITY_HANDLE who, const char *text, USHORT flags)
{
	struct fib_hop hop = fix_hop(text);
	RTM_NEXTHOP_INFO info = { .InterfaceIndex = hop.if_index, .Flags = flags };
	RTM_NEXTHOP_CHANGE_FLAGS change;
	RTM_NEXTHOP_HANDLE handle = NULL;
	struct addr addr;

	addr_from_sockaddr(&addr, &hop.gateway);
	addr_to_net(&addr, &info.NextHopAddress);
	CU_ASSERT_EQUAL(RtmAddNextHop(who, &info, &handle, &change), NO_ERROR);
	return handle;
}

/* @return the route's handle, one reference. */
static RTM_ROUTE_HANDLE
add_with(const struct add *a, USHORT hop_flags)
{
	RTM_NET_ADDRESS net = fix_net(a->prefix);
	RTM_ENTITY_HANDLE who = a->owner != NULL               ? a->owner
	                        : net.AddressFamily == AF_INET ? owner
	                                                       : owner6;
	RTM_ROUTE_INFO *info = calloc(1, ROUTE_ROOM);
	RTM_ROUTE_CHANGE_FLAGS change = a->change;
	RTM_ROUTE_HANDLE route = NULL;
	char words[512], *rest, *word;

	info->PrefInfo.Metric = a->metric;
	info->PrefInfo.Preference = a->preference;
	info->Flags = a->flags != 0 ? a->flags : RTM_ROUTE_FLAGS_REMOTE;
	info->BelongsToViews = a->views != 0 ? a->views : RTM_VIEW_MASK_UCAST;
	snprintf(words, sizeof words, "%s", a->hops);
	for (word = strtok_r(words, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		info->NextHopsList.NextHops[info->NextHopsList.NumNextHops++] =
		    add_hop(who, word, hop_flags);
	CU_ASSERT_EQUAL(
	    RtmAddRouteToDest(who, &route, &net, info, INFINITE, NULL, 0, NULL, &change),
	    NO_ERROR);
	RtmReleaseNextHops(who, info->NextHopsList.NumNextHops, info->NextHopsList.NextHops);
	free(info);
	return route;
}

static RTM_ENTITY_HANDLE
owner_of(const struct add *a)
{
	return a->owner != NULL ? a->owner : strchr(a->prefix, ':') != NULL ? owner6 : owner;
}

static void
add(const struct add a)
{
	RTM_ROUTE_HANDLE route = add_with(&a, 0);

	RtmReleaseRoutes(owner_of(&a), 1, &route);
}

static void delete (RTM_ENTITY_HANDLE who, RTM_ROUTE_HANDLE route)
{
	RTM_ROUTE_CHANGE_FLAGS change;

	CU_ASSERT_EQUAL(RtmDeleteRouteToDest(who, route, &change), NO_ERROR);
}

static void
turn(void)
{
	while (rtm_turn())
		;
}

/* What the forwarder has of ours, as text. */
static const char *
has(const char *prefix)
{
	RTM_NET_ADDRESS dest = fix_net(prefix);
	struct fib_route route;

	return fib_memory_find(fib, &dest, &route) ? fix_hops(&route) : "none";
}

/* The forwarder tells a route of its own. */
static void
tell(const char *prefix, ULONG metric, const char *hops, bool gone)
{
	struct fib_route route = *fix_route(prefix, metric, hops);

	route.protocol = PROTO_IP_NT_STATIC;
	import_events.route(import, &route, gone);
}

/* How many routes the core has at a prefix, in the unicast view. */
static UINT
routes_at(const char *prefix)
{
	RTM_NET_ADDRESS net = fix_net(prefix);
	RTM_DEST_INFO info;
	RTM_ENTITY_HANDLE who = net.AddressFamily == AF_INET ? owner : owner6;
	UINT n;

	if (RtmGetExactMatchDestination(who, &net, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST,
	                                &info) != NO_ERROR)
		return 0;
	n = info.ViewInfo[0].NumRoutes;
	RtmReleaseDestInfo(who, &info);
	return n;
}

/* ---- the follower ---------------------------------------------------------------- */

static void
a_best_route_is_installed_and_its_end_removes_it(void)
{
	struct add a = { .prefix = "10.1.0.0/16", .hops = "192.0.2.1@2", .metric = 5 };
	struct add b = { .prefix = "2001:db8:1::/48", .hops = "fe80::1@2", .metric = 5 };
	RTM_ROUTE_HANDLE route, route6;

	open_follow();
	route = add_with(&a, 0);
	route6 = add_with(&b, 0);
	CU_ASSERT_STRING_EQUAL(has(a.prefix), "none"); /* not inside the call */
	turn();
	CU_ASSERT_STRING_EQUAL(has(a.prefix), "192.0.2.1@2");
	CU_ASSERT_STRING_EQUAL(has(b.prefix), "fe80::1@2");
	delete (owner, route);
	delete (owner6, route6);
	turn();
	CU_ASSERT_EQUAL(fib_memory_count(fib), 0);
	CU_ASSERT_EQUAL(fix_logged, 0);
}

static void
the_better_route_wins_and_the_other_takes_over(void)
{
	RTM_ENTITY_HANDLE rip = entity(AF_INET, PROTO_IP_RIP);
	struct add worse = { .owner = rip,
		             .prefix = "10.1.0.0/16",
		             .hops = "198.51.100.1@3",
		             .preference = 120 };
	struct add better = { .prefix = "10.1.0.0/16",
		              .hops = "192.0.2.1@2",
		              .preference = 10 };
	RTM_ROUTE_HANDLE route;

	open_follow();
	add(worse);
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "198.51.100.1@3");
	route = add_with(&better, 0);
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "192.0.2.1@2");
	delete (owner, route);
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "198.51.100.1@3");
	RtmDeregisterEntity(rip);
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "none");
}

static void
routes_of_equal_cost_share_their_next_hops(void)
{
	struct add a = { .prefix = "10.1.0.0/16",
		         .hops = "192.0.2.1@2",
		         .metric = 5,
		         .change = RTM_ROUTE_CHANGE_NEW };
	struct add b = a, c = a;
	RTM_ROUTE_HANDLE second;

	b.hops = "192.0.2.9@2";
	c.hops = "198.51.100.1@3";
	c.metric = 6;
	open_follow();
	add(a);
	second = add_with(&b, 0);
	add(c);
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "192.0.2.1@2 192.0.2.9@2");
	delete (owner, second); /* the best one stays the same */
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "192.0.2.1@2");
}

static void
equal_cost_of_another_owner_does_not_join(void)
{
	RTM_ENTITY_HANDLE rip = entity(AF_INET, PROTO_IP_RIP);
	struct add ours = {
		.prefix = "10.1.0.0/16", .hops = "192.0.2.1@2", .metric = 5, .preference = 7
	};
	struct add theirs = ours;

	theirs.owner = rip;
	theirs.hops = "198.51.100.1@3";
	open_follow();
	add(ours);
	add(theirs);
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "192.0.2.1@2");
	RtmDeregisterEntity(rip);
}

static void
one_route_with_several_next_hops_is_installed_whole(void)
{
	open_follow();
	add((struct add){ .prefix = "10.1.0.0/16", .hops = "192.0.2.1@2 192.0.2.9@2 -4@3" });
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "192.0.2.1@2 192.0.2.9@2 -4@3");
}

static void
what_is_not_for_forwarding_is_not_installed(void)
{
	static const struct {
		const char *why;
		USHORT flags, hop_flags;
		RTM_VIEW_SET views;
	} cases[] = {
		{ "martian", RTM_ROUTE_FLAGS_MARTIAN, 0, 0 },
		{ "inactive", RTM_ROUTE_FLAGS_INACTIVE, 0, 0 },
		{ "multicast view only", 0, 0, RTM_VIEW_MASK_MCAST },
		{ "next hop needs another lookup", 0, RTM_NEXTHOP_FLAGS_REMOTE, 0 },
	};

	open_follow();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct add a = { .prefix = "10.1.0.0/16",
			         .hops = "192.0.2.1@2",
			         .flags = cases[i].flags,
			         .views = cases[i].views };
		RTM_ROUTE_HANDLE route = add_with(&a, cases[i].hop_flags);

		turn();
		CHECK_CASE(strcmp(has("10.1.0.0/16"), "none") == 0, "%s", cases[i].why);
		delete (owner, route);
		turn();
	}
}

static void
discard_and_blackhole_become_their_kinds(void)
{
	static const struct {
		USHORT flags;
		enum fib_kind kind;
	} cases[] = {
		{ RTM_ROUTE_FLAGS_DISCARD, FIB_REJECT },
		{ RTM_ROUTE_FLAGS_BLACKHOLE, FIB_BLACKHOLE },
		{ RTM_ROUTE_FLAGS_REMOTE, FIB_UNICAST },
	};
	RTM_NET_ADDRESS dest = fix_net("10.1.0.0/16");
	struct fib_route route;

	open_follow();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		add((struct add){
		    .prefix = "10.1.0.0/16", .hops = "192.0.2.1@2", .flags = cases[i].flags });
		turn();
		CU_ASSERT_FATAL(fib_memory_find(fib, &dest, &route));
		CHECK_CASE(route.kind == cases[i].kind, "flags %x", cases[i].flags);
	}
}

static void
a_follower_that_comes_late_catches_up(void)
{
	char prefix[32];

	for (unsigned i = 0; i < 200; i++) {
		snprintf(prefix, sizeof prefix, "10.%u.0.0/16", i);
		if (i != 66)
			add((struct add){ .prefix = prefix, .hops = "192.0.2.1@2" });
	}
	tell("172.16.0.0/12", 5, "192.0.2.1@2", false);
	open_follow();
	CU_ASSERT_EQUAL(fib_memory_count(fib), 199);
	CU_ASSERT_EQUAL(applied, 199); /* the forwarder's own was left alone */
}

static void
thousands_of_changes_arrive_in_batches(void)
{
	char prefix[32];

	open_follow();
	for (unsigned i = 0; i < 3000; i++) {
		snprintf(prefix, sizeof prefix, "172.%u.%u.0/24", 16 + i / 256, i % 256);
		add((struct add){ .prefix = prefix, .hops = "192.0.2.1@2" });
	}
	turn();
	CU_ASSERT_EQUAL(fib_memory_count(fib), 3000);
	RtmDeregisterEntity(owner);
	turn();
	CU_ASSERT_EQUAL(fib_memory_count(fib), 0);
	owner = entity(AF_INET, PROTO_IP_NETMGMT);
}

static void
a_refusal_at_a_turn_is_logged(void)
{
	open_follow();
	add((struct add){ .prefix = "10.66.0.0/16", .hops = "192.0.2.1@2" });
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.66.0.0/16"), "none");
	CU_ASSERT_EQUAL(fix_logged, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(fix_line, "10.66.0.0/16"));
	CU_ASSERT_PTR_NOT_NULL(strstr(fix_line, "ERROR_NO_SYSTEM_RESOURCES"));
}

/* ---- commit ---------------------------------------------------------------------- */

static void
a_commit_acts_at_once_and_only_once(void)
{
	RTM_NET_ADDRESS dest = fix_net("10.1.0.0/16");
	struct add a = { .prefix = "10.1.0.0/16", .hops = "192.0.2.1@2" };
	RTM_ROUTE_HANDLE route;

	open_follow();
	route = add_with(&a, 0);
	CU_ASSERT_EQUAL(follow_commit(follow, &dest), NO_ERROR);
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "192.0.2.1@2");
	turn();
	CU_ASSERT_EQUAL(applied, 1);
	delete (owner, route);
	CU_ASSERT_EQUAL(follow_commit(follow, &dest), NO_ERROR);
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "none");
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "none");
}

static void
a_refused_commit_says_why(void)
{
	RTM_NET_ADDRESS install = fix_net("10.66.0.0/16"), take_out = fix_net("10.77.0.0/16");
	struct add a = { .prefix = "10.77.0.0/16", .hops = "192.0.2.1@2" };
	RTM_ROUTE_HANDLE route;

	open_follow();
	add((struct add){ .prefix = "10.66.0.0/16", .hops = "192.0.2.1@2" });
	CU_ASSERT_EQUAL(follow_commit(follow, &install), ERROR_NO_SYSTEM_RESOURCES);
	route = add_with(&a, 0);
	CU_ASSERT_EQUAL(follow_commit(follow, &take_out), NO_ERROR);
	delete (owner, route);
	CU_ASSERT_EQUAL(follow_commit(follow, &take_out), ERROR_BUSY);
	CU_ASSERT_STRING_EQUAL(has("10.77.0.0/16"), "192.0.2.1@2");
}

static bool
forwards(const char *prefix, const char *hop)
{
	RTM_NET_ADDRESS dest = fix_net(prefix);
	struct fib_hop probe = fix_hop(hop);

	return follow_forwards(follow, &dest, FIB_UNICAST, &probe);
}

static void
what_is_said_to_be_forwarded_is(void)
{
	struct add a = { .prefix = "10.1.0.0/16", .hops = "192.0.2.1@2 -4@3", .metric = 5 };
	struct add worse = { .prefix = "10.1.0.0/16",
		             .hops = "192.0.2.9@2",
		             .metric = 6,
		             .change = RTM_ROUTE_CHANGE_NEW };
	struct add hole = { .prefix = "10.2.0.0/16",
		            .hops = "192.0.2.1@2",
		            .flags = RTM_ROUTE_FLAGS_BLACKHOLE };
	struct add martian = { .prefix = "10.3.0.0/16",
		               .hops = "192.0.2.1@2",
		               .flags = RTM_ROUTE_FLAGS_MARTIAN };
	struct fib_hop any = fix_hop("192.0.2.1@2");
	RTM_NET_ADDRESS net = fix_net("10.2.0.0/16"), none = { 0 };
	RTM_ROUTE_HANDLE best;

	open_follow();
	best = add_with(&a, 0);
	add(worse);
	add(hole);
	add(martian);
	turn();
	CU_ASSERT(forwards("10.1.0.0/16", "192.0.2.1@2"));
	CU_ASSERT(forwards("10.1.0.0/16", "-4@3"));
	CU_ASSERT(!forwards("10.1.0.0/16", "192.0.2.1@3"));
	CU_ASSERT(!forwards("10.1.0.0/16", "192.0.2.9@2"));
	CU_ASSERT(!forwards("10.1.0.0/17", "192.0.2.1@2"));
	CU_ASSERT(!forwards("10.2.0.0/16", "192.0.2.1@2"));
	CU_ASSERT(follow_forwards(follow, &net, FIB_BLACKHOLE, &any));
	CU_ASSERT(!follow_forwards(follow, &net, FIB_REJECT, &any));
	CU_ASSERT(!follow_forwards(follow, &none, FIB_UNICAST, &any));
	CU_ASSERT(!forwards("10.3.0.0/16", "192.0.2.1@2"));
	delete (owner, best);
	turn();
	CU_ASSERT(!forwards("10.1.0.0/16", "192.0.2.1@2"));
	CU_ASSERT(forwards("10.1.0.0/16", "192.0.2.9@2"));
}

static void
what_was_refused_is_not_forwarded(void)
{
	struct add a = { .prefix = "10.66.0.0/16", .hops = "192.0.2.1@2" };
	RTM_ROUTE_HANDLE route;

	open_follow();
	for (int i = 0; i < 2; i++) {
		route = add_with(&a, 0);
		turn();
		CU_ASSERT(fix_logged > 0);
		CU_ASSERT_STRING_EQUAL(has("10.66.0.0/16"), "none");
		CU_ASSERT(!forwards("10.66.0.0/16", "192.0.2.1@2"));
		delete (owner, route);
		turn();
		CU_ASSERT(!forwards("10.66.0.0/16", "192.0.2.1@2"));
	}
	add(a); /* and is forgotten with the follower */
	turn();
}

static void
a_commit_of_nothing_is_a_success(void)
{
	RTM_NET_ADDRESS dest = fix_net("10.1.0.0/16"), none = { 0 };

	open_follow();
	CU_ASSERT_EQUAL(follow_commit(follow, &dest), NO_ERROR);
	CU_ASSERT_EQUAL(follow_commit(follow, &none), ERROR_INVALID_PARAMETER);
}

/* ---- the importer ------------------------------------------------------------------ */

static void
interfaces_of_the_forwarder_come_into_the_table(void)
{
	const struct iftab_if *found = iftab_by_alias(ifs, "eth0");
	struct iftab_if gone = fix_interfaces[1];

	CU_ASSERT_PTR_NOT_NULL_FATAL(found);
	CU_ASSERT_EQUAL(found->index, 2);
	CU_ASSERT_EQUAL(found->metric[IFTAB_V4], 10);
	import_events.interface(import, &gone, true);
	CU_ASSERT_PTR_NULL(iftab_by_index(ifs, 2));
}

static void
a_route_of_the_forwarder_is_owned_by_its_protocol(void)
{
	RTM_NET_ADDRESS net = fix_net("10.1.0.0/16");
	RTM_ENTITY_INFO entity_info;
	RTM_DEST_INFO info;

	tell("10.1.0.0/16", 5, "192.0.2.1@2", false);
	CU_ASSERT_EQUAL_FATAL(RtmGetExactMatchDestination(owner, &net, RTM_BEST_PROTOCOL,
	                                                  RTM_VIEW_MASK_UCAST, &info),
	                      NO_ERROR);
	CU_ASSERT(import_owns(import, info.ViewInfo[0].Owner));
	CU_ASSERT_FALSE(import_owns(import, owner));
	CU_ASSERT_EQUAL(RtmGetEntityInfo(owner, info.ViewInfo[0].Owner, &entity_info),
	                NO_ERROR);
	CU_ASSERT_EQUAL(entity_info.EntityId.EntityProtocolId, PROTO_IP_NT_STATIC);
	RtmReleaseEntityInfo(owner, &entity_info);
	RtmReleaseDestInfo(owner, &info);
}

static void
told_again_it_is_updated_and_metrics_tell_apart(void)
{
	tell("10.1.0.0/16", 5, "192.0.2.1@2", false);
	tell("10.1.0.0/16", 5, "192.0.2.9@2", false);
	CU_ASSERT_EQUAL(routes_at("10.1.0.0/16"), 1);
	tell("10.1.0.0/16", 6, "192.0.2.1@2", false);
	tell("10.1.0.0/16", 7, "192.0.2.1@2", false);
	CU_ASSERT_EQUAL(routes_at("10.1.0.0/16"), 3);
	tell("10.1.0.0/16", 7, "192.0.2.1@2 192.0.2.9@2", false);
	CU_ASSERT_EQUAL(routes_at("10.1.0.0/16"), 3);
	tell("10.1.0.0/16", 6, "", true);
	CU_ASSERT_EQUAL(routes_at("10.1.0.0/16"), 2);
	tell("10.1.0.0/16", 6, "", true); /* gone already */
	CU_ASSERT_EQUAL(routes_at("10.1.0.0/16"), 2);
	tell("10.1.0.0/16", 5, "", true);
	tell("10.1.0.0/16", 7, "", true);
	CU_ASSERT_EQUAL(routes_at("10.1.0.0/16"), 0);
	CU_ASSERT_EQUAL(fix_logged, 0);
}

static void
the_forwarders_own_route_is_not_installed_back(void)
{
	open_follow();
	tell("10.1.0.0/16", 5, "192.0.2.1@2", false);
	tell("2001:db8:1::/48", 5, "2001:db8::1@2", false);
	turn();
	CU_ASSERT_EQUAL(fib_memory_count(fib), 0);
}

static void
ours_is_installed_over_the_forwarders_and_gives_way_again(void)
{
	struct add a = { .prefix = "10.1.0.0/16", .hops = "198.51.100.1@3", .preference = 1 };
	RTM_ROUTE_HANDLE route;

	open_follow();
	tell("10.1.0.0/16", 5, "192.0.2.1@2", false);
	route = add_with(&a, 0);
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "198.51.100.1@3");
	delete (owner, route);
	turn();
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "none");
	CU_ASSERT_EQUAL(routes_at("10.1.0.0/16"), 1);
}

static void
what_the_core_will_not_take_is_logged_and_counted(void)
{
	struct fib_route route = *fix_route("10.1.0.0/16", 5, "2001:db8::1@2");
	struct import_counts counts;

	route.protocol = PROTO_IP_NT_STATIC;
	import_events.route(import, &route, false);
	import_counts_get(import, &counts);
	CU_ASSERT_EQUAL(counts.failures, 1);
	CU_ASSERT_EQUAL(counts.routes, 0);
	CU_ASSERT_EQUAL(counts.interfaces, 3);
	CU_ASSERT_EQUAL(fix_logged, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(fix_line, "10.1.0.0/16"));
	CU_ASSERT_EQUAL(routes_at("10.1.0.0/16"), 0);
}

static void
opening_without_memory_leaves_nothing(void)
{
	unsigned failed = 0;

	add((struct add){ .prefix = "10.1.0.0/16", .hops = "192.0.2.1@2" });
	for (uint64_t nth = 1; nth < 500; nth++) {
		DWORD err;

		follow = NULL;
		mem_fail_nth(nth);
		err = follow_open(0, &spy, fib, import, &follow);
		if (!mem_failed())
			break;
		failed++;
		if (err == NO_ERROR) /* refused to the forwarder alone, which is logged */
			follow_close(follow);
		else
			CU_ASSERT_PTR_NULL(follow);
		follow = NULL;
	}
	mem_fail_nth(0);
	CU_ASSERT(failed > 0);
	CU_ASSERT_PTR_NOT_NULL(follow);
	CU_ASSERT_STRING_EQUAL(has("10.1.0.0/16"), "192.0.2.1@2");
}

#define TEST(f)                                                                                \
	{                                                                                      \
#f, f                                                                          \
	}

int
main(void)
{
	CU_TestInfo follower[] = {
		TEST(a_best_route_is_installed_and_its_end_removes_it),
		TEST(the_better_route_wins_and_the_other_takes_over),
		TEST(routes_of_equal_cost_share_their_next_hops),
		TEST(equal_cost_of_another_owner_does_not_join),
		TEST(one_route_with_several_next_hops_is_installed_whole),
		TEST(what_is_not_for_forwarding_is_not_installed),
		TEST(discard_and_blackhole_become_their_kinds),
		TEST(a_follower_that_comes_late_catches_up),
		TEST(thousands_of_changes_arrive_in_batches),
		TEST(a_refusal_at_a_turn_is_logged),
		TEST(opening_without_memory_leaves_nothing),
		CU_TEST_INFO_NULL,
	};
	CU_TestInfo commit[] = {
		TEST(a_commit_acts_at_once_and_only_once),
		TEST(a_refused_commit_says_why),
		TEST(a_commit_of_nothing_is_a_success),
		TEST(what_is_said_to_be_forwarded_is),
		TEST(what_was_refused_is_not_forwarded),
		CU_TEST_INFO_NULL,
	};
	CU_TestInfo importer[] = {
		TEST(interfaces_of_the_forwarder_come_into_the_table),
		TEST(a_route_of_the_forwarder_is_owned_by_its_protocol),
		TEST(told_again_it_is_updated_and_metrics_tell_apart),
		TEST(the_forwarders_own_route_is_not_installed_back),
		TEST(ours_is_installed_over_the_forwarders_and_gives_way_again),
		TEST(what_the_core_will_not_take_is_logged_and_counted),
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "follower", NULL, NULL, set_up, tear_down, follower },
		{ "commit", NULL, NULL, set_up, tear_down, commit },
		{ "importer", NULL, NULL, set_up, tear_down, importer },
		CU_SUITE_INFO_NULL,
	};

	return fix_main(suites);
}
