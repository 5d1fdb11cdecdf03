/*
 * One chapter: what the routing table manager costs through its public door.
 *
 * One round builds a table of the prefixes of bench/routes.c and asks everything a client
 * asks, in random order: add, exact and longest match with release, enumerate, seek a key
 * and read a route, change a metric, drain the changes, delete; then two entities with the
 * same destinations, of which the better one leaves. Every answer is checked. All of it
 * goes through rtmv2.h, locks and handles included, but for one line: "engine" walks index
 * and records as an enumeration does before it makes handles.
 *
 * Time is this thread's CPU time, so that other work on the machine costs cache lines but
 * not turns. Figures are medians of rounds in one process; bytes are the growth
 * of resident memory.
 *
 *   bench_rtm [-6] [-n ROUTES] [-e ENTITIES] [-h NEXTHOPS] [-r ROUNDS] [-c]
 *
 * -c: status 1 where a target is missed that holds for one entity with one next hop.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/addr.h"
#include "bench/routes.h"
#include "bench/timing.h"
#include "rtm/rtm_int.h"
#include "rtmhost.h"
#include "rtmv2.h"
#include "winerr.h"

#define MAX_ENTITIES 8
#define MAX_ROUNDS 99
#define HOPS 64
#define BATCH 25 /* the default of max_handles_in_enum */

enum figure {
	ADD,
	BYTES,
	EXACT,
	MATCH,
	ENGINE,
	ENUM_DESTS,
	ENUM_ROUTES,
	SEEK,
	UPDATE,
	DRAIN,
	DELETE,
	LEAVE,
	FIGURES
};

static const struct {
	const char *name, *unit;
	double must, aim;
	bool less; /* is better */
} figures[FIGURES] = {
	[ADD] = { "add a route", "M/s", 1.0, 2.0, false },
	[BYTES] = { "memory, everything", "bytes a route", 160, 100, true },
	[EXACT] = { "exact match and release", "M/s", 3.0, 8.0, false },
	[MATCH] = { "longest match and release", "M/s", 2.5, 8.0, false },
	[ENGINE] = { "enumerate in order, engine", "M rows/s", 10, 50, false },
	[ENUM_DESTS] = { "enumerate destinations, API", "M rows/s", 2.0, 5.0, false },
	[ENUM_ROUTES] = { "enumerate routes, API", "M rows/s", 2.0, 5.0, false },
	[SEEK] = { "seek a key, read a route, release", "us", 1.0, 0.5, true },
	[UPDATE] = { "change a metric", "M/s", 0, 0, false },
	[DRAIN] = { "drain changed destinations", "M/s", 0, 0, false },
	[DELETE] = { "delete a route", "M/s", 1.0, 2.0, false },
	[LEAVE] = { "best of two entities leaves", "M routes/s", 0, 0, false },
};

static struct {
	unsigned bits, entities, hops, rounds;
	size_t n;
	struct bench_prefix *prefixes;
	RTM_NET_ADDRESS *dests;        /* in the order they are added */
	RTM_NET_ADDRESS *asks, *hosts; /* in another, so that records do not lie in a row */
	uint32_t *order;               /* asks[i] is dests[order[i]] */
	RTM_ROUTE_HANDLE *added;       /* of the first entity, as `dests' */
	RTM_ROUTE_HANDLE *routes;      /* of the first entity, as `asks' */
} b = { .bits = 32, .entities = 1, .hops = 1, .rounds = 3 };

static void
must(bool truth, const char *what)
{
	if (truth)
		return;
	fprintf(stderr, "bench_rtm: %s\n", what);
	exit(2);
}

static void
check(DWORD err, const char *what)
{
	if (err == NO_ERROR)
		return;
	fprintf(stderr, "bench_rtm: %s: error %u\n", what, err);
	exit(2);
}

static double
millions(size_t n, double start)
{
	return (double)n / (now_s() - start) / 1e6;
}

/* Entities and next hops ------------------------------------------------------------- */

struct client {
	RTM_ENTITY_HANDLE entity;
	RTM_NEXTHOP_HANDLE hops[HOPS];
};

static USHORT
family(void)
{
	return b.bits == 32 ? AF_INET : AF_INET6;
}

static DWORD
no_event(RTM_ENTITY_HANDLE entity, RTM_EVENT_TYPE event, PVOID context1, PVOID context2)
{
	(void)entity;
	(void)event;
	(void)context1;
	(void)context2;
	return NO_ERROR;
}

static void
join(struct client *c, ULONG protocol)
{
	RTM_ENTITY_INFO info = { .AddressFamily = family() };
	RTM_REGN_PROFILE profile;

	info.EntityId.EntityProtocolId = protocol;
	check(RtmRegisterEntity(&info, NULL, no_event, FALSE, &profile, &c->entity),
	      "register");
	for (unsigned i = 0; i < HOPS; i++) {
		RTM_NEXTHOP_INFO hop = { .InterfaceIndex = 1 + i % 8 };
		RTM_NEXTHOP_CHANGE_FLAGS flags;

		hop.NextHopAddress.AddressFamily = family();
		hop.NextHopAddress.NumBits = (USHORT)b.bits;
		hop.NextHopAddress.AddrBits[0] = b.bits == 32 ? 10 : 0xfd;
		hop.NextHopAddress.AddrBits[b.bits / 8 - 1] = (UCHAR)(1 + i);
		c->hops[i] = NULL;
		check(RtmAddNextHop(c->entity, &hop, &c->hops[i], &flags), "next hop");
	}
}

static RTM_ROUTE_INFO *
route_info(const struct client *c, size_t i, ULONG metric)
{
	static union {
		RTM_ROUTE_INFO info;
		char room[RTM_SIZE_OF_ROUTE_INFO(16)];
	} u;

	memset(&u, 0, sizeof(u));
	u.info.PrefInfo.Metric = metric;
	u.info.PrefInfo.Preference = 10;
	u.info.BelongsToViews = RTM_VIEW_MASK_UCAST;
	u.info.NextHopsList.NumNextHops = (USHORT)b.hops;
	for (unsigned h = 0; h < b.hops; h++)
		u.info.NextHopsList.NextHops[h] = c->hops[(i * 7 + h) % HOPS];
	return &u.info;
}

static void
add_all(const struct client *c, ULONG metric, bool keep)
{
	for (size_t i = 0; i < b.n; i++) {
		RTM_ROUTE_CHANGE_FLAGS flags = 0;
		RTM_ROUTE_HANDLE *handle = keep ? &b.added[i] : NULL;

		if (keep)
			*handle = NULL;
		check(RtmAddRouteToDest(c->entity, handle, &b.dests[i],
		                        route_info(c, i, metric), INFINITE, NULL, 0, NULL,
		                        &flags),
		      "add");
		must((flags & RTM_ROUTE_CHANGE_NEW) != 0, "a route was there already");
	}
}

/* Questions -------------------------------------------------------------------------- */

static double
ask_exact(RTM_ENTITY_HANDLE entity)
{
	double start = now_s();

	for (size_t i = 0; i < b.n; i++) {
		RTM_DEST_INFO info;

		check(RtmGetExactMatchDestination(entity, &b.asks[i], RTM_BEST_PROTOCOL,
		                                  RTM_VIEW_MASK_UCAST, &info),
		      "exact match");
		must(info.DestAddress.NumBits == b.asks[i].NumBits, "wrong match");
		check(RtmReleaseDestInfo(entity, &info), "release");
	}
	return millions(b.n, start);
}

static double
ask_longest(RTM_ENTITY_HANDLE entity)
{
	double start = now_s();

	for (size_t i = 0; i < b.n; i++) {
		RTM_DEST_INFO info;

		check(RtmGetMostSpecificDestination(entity, &b.hosts[i], RTM_BEST_PROTOCOL,
		                                    RTM_VIEW_MASK_UCAST, &info),
		      "longest match");
		check(RtmReleaseDestInfo(entity, &info), "release");
	}
	return millions(b.n, start);
}

/* As an enumeration goes: a batch of destinations, so that their memory comes together. */
static double
walk_engine(RTM_ENTITY_HANDLE entity)
{
	const struct rtm_table *t = rtm_table_at(handle_table(entity));
	struct index_cursor cur;
	uint32_t batch[32], got;
	size_t rows = 0;
	uint64_t sum = 0;
	double start = now_s();

	index_seek_first(&cur, t->index);
	do {
		for (got = 0; got < 32; got++) {
			batch[got] = index_step(&cur, NULL, NULL);
			if (batch[got] == 0)
				break;
			__builtin_prefetch(rtm_dest_at(t, batch[got]));
		}
		for (uint32_t i = 0; i < got; i++)
			__builtin_prefetch(
			    rtm_route_at(t, rtm_dest_first(rtm_dest_at(t, batch[i]))));
		for (uint32_t i = 0; i < got; i++) {
			for (uint32_t r = rtm_dest_first(rtm_dest_at(t, batch[i])); r != 0;) {
				const struct rtm_route *route = rtm_route_at(t, r);

				sum += route->metric;
				r = route->next;
				rows++;
			}
		}
	} while (got == 32);
	must(rows == b.n * b.entities && sum != 0, "the engine lost rows");
	return millions(rows, start);
}

static double
enum_dests(RTM_ENTITY_HANDLE entity)
{
	RTM_DEST_INFO infos[BATCH];
	RTM_ENUM_HANDLE en;
	size_t rows = 0;
	UINT got = BATCH;
	double start = now_s();
	DWORD err;

	check(RtmCreateDestEnum(entity, RTM_VIEW_MASK_UCAST, RTM_ENUM_START, NULL,
	                        RTM_BEST_PROTOCOL, &en),
	      "enumeration");
	do {
		got = BATCH;
		err = RtmGetEnumDests(entity, en, &got, infos);
		must(err == NO_ERROR || err == ERROR_NO_MORE_ITEMS, "enumeration");
		check(RtmReleaseDests(entity, got, infos), "release");
		rows += got;
	} while (err == NO_ERROR);
	check(RtmDeleteEnumHandle(entity, en), "end");
	must(rows == b.n, "the enumeration lost rows");
	return millions(rows, start);
}

static double
enum_routes(RTM_ENTITY_HANDLE entity)
{
	RTM_ROUTE_HANDLE routes[BATCH];
	RTM_ENUM_HANDLE en;
	size_t rows = 0;
	UINT got;
	double start = now_s();
	DWORD err;

	check(RtmCreateRouteEnum(entity, NULL, RTM_VIEW_MASK_UCAST, RTM_ENUM_START, NULL,
	                         RTM_MATCH_NONE, NULL, 0, &en),
	      "enumeration");
	do {
		got = BATCH;
		err = RtmGetEnumRoutes(entity, en, &got, routes);
		must(err == NO_ERROR || err == ERROR_NO_MORE_ITEMS, "enumeration");
		check(RtmReleaseRoutes(entity, got, routes), "release");
		rows += got;
	} while (err == NO_ERROR);
	check(RtmDeleteEnumHandle(entity, en), "end");
	must(rows == b.n * b.entities, "the enumeration lost rows");
	return millions(rows, start);
}

/* What a GETNEXT does: from a key to the next route and what it says. */
static double
seek_and_read(RTM_ENTITY_HANDLE entity)
{
	size_t n = b.n < 200000 ? b.n : 200000;
	double start = now_s();

	for (size_t i = 0; i < n; i++) {
		union {
			RTM_ROUTE_INFO info;
			char room[RTM_SIZE_OF_ROUTE_INFO(16)];
		} u;
		RTM_ROUTE_HANDLE route;
		RTM_NET_ADDRESS dest;
		RTM_ENUM_HANDLE en;
		UINT one = 1;

		check(RtmCreateRouteEnum(entity, NULL, RTM_VIEW_MASK_UCAST, RTM_ENUM_NEXT,
		                         &b.asks[i], RTM_MATCH_NONE, NULL, 0, &en),
		      "enumeration");
		(void)RtmGetEnumRoutes(entity, en, &one, &route);
		must(one == 1, "nothing at a key that is there");
		check(RtmGetRouteInfo(entity, route, &u.info, &dest), "read");
		must(dest.NumBits == b.asks[i].NumBits, "wrong route");
		check(RtmReleaseRouteInfo(entity, &u.info), "release");
		check(RtmReleaseRoutes(entity, 1, &route), "release");
		check(RtmDeleteEnumHandle(entity, en), "end");
	}
	return (now_s() - start) / (double)n * 1e6;
}

/* Changes ---------------------------------------------------------------------------- */

static double
update_all(const struct client *c)
{
	double start = now_s();

	for (size_t i = 0; i < b.n; i++) {
		RTM_ROUTE_CHANGE_FLAGS flags = 0;

		check(RtmAddRouteToDest(c->entity, &b.routes[i], &b.asks[i],
		                        route_info(c, b.order[i], 5), INFINITE, NULL, 0, NULL,
		                        &flags),
		      "update");
		must((flags & RTM_ROUTE_CHANGE_NEW) == 0, "an update added");
	}
	return millions(b.n, start);
}

static double
drain(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify)
{
	RTM_DEST_INFO infos[BATCH];
	size_t rows = 0;
	double start = now_s();
	DWORD err;

	do {
		UINT got = BATCH;

		err = RtmGetChangedDests(entity, notify, &got, infos);
		must(err == NO_ERROR || err == ERROR_NO_MORE_ITEMS, "changes");
		if (got > 0)
			check(RtmReleaseChangedDests(entity, notify, got, infos), "release");
		rows += got;
	} while (err == NO_ERROR);
	must(rows == b.n, "a change was lost");
	return millions(rows, start);
}

static double
delete_all(RTM_ENTITY_HANDLE entity)
{
	double start = now_s();

	for (size_t i = 0; i < b.n; i++) {
		RTM_ROUTE_CHANGE_FLAGS flags;

		check(RtmDeleteRouteToDest(entity, b.routes[i], &flags), "delete");
	}
	return millions(b.n, start);
}

/* Two entities with the same destinations; the one with the better routes goes away. */
static double
leave(void)
{
	struct client better, worse;
	RTM_DEST_INFO info;
	double start, rate;

	join(&better, 1001);
	join(&worse, 1002);
	add_all(&better, 1, false);
	add_all(&worse, 2, false);
	start = now_s();
	check(RtmDeregisterEntity(better.entity), "deregister");
	rate = millions(b.n, start);
	check(RtmGetExactMatchDestination(worse.entity, &b.dests[0], RTM_BEST_PROTOCOL,
	                                  RTM_VIEW_MASK_UCAST, &info),
	      "the other one's route");
	must(info.ViewInfo[0].NumRoutes == 1, "routes were left behind");
	check(RtmReleaseDestInfo(worse.entity, &info), "release");
	rtm_shutdown();
	return rate;
}

/* Resident memory: what the table takes, whoever gives it out. */
static size_t
resident_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	unsigned long all = 0, resident = 0;

	must(f != NULL && fscanf(f, "%lu %lu", &all, &resident) == 2, "no /proc/self/statm");
	fclose(f);
	return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static void
run_round(double *out)
{
	struct client clients[MAX_ENTITIES];
	RTM_ENTITY_HANDLE first;
	RTM_NOTIFY_HANDLE notify;
	size_t before = resident_bytes();
	double start;

	for (unsigned e = 0; e < b.entities; e++)
		join(&clients[e], 1001 + e);
	first = clients[0].entity;
	start = now_s();
	for (unsigned e = 0; e < b.entities; e++)
		add_all(&clients[e], 10 + e, e == 0);
	out[ADD] = millions(b.n * b.entities, start);
	out[BYTES] = (double)(resident_bytes() - before) / (double)(b.n * b.entities);
	for (size_t i = 0; i < b.n; i++)
		b.routes[i] = b.added[b.order[i]];
	out[EXACT] = ask_exact(first);
	out[MATCH] = ask_longest(first);
	out[ENGINE] = walk_engine(first);
	out[ENUM_DESTS] = enum_dests(first);
	out[ENUM_ROUTES] = enum_routes(first);
	out[SEEK] = seek_and_read(first);
	check(RtmRegisterForChangeNotification(first, RTM_VIEW_MASK_UCAST, RTM_CHANGE_TYPE_ALL,
	                                       NULL, &notify),
	      "notification");
	out[UPDATE] = update_all(&clients[0]);
	out[DRAIN] = drain(first, notify);
	check(RtmDeregisterFromChangeNotification(first, notify), "notification");
	out[DELETE] = delete_all(first);
	rtm_shutdown();
	out[LEAVE] = leave();
}

/* Preparing and reporting ------------------------------------------------------------- */

static RTM_NET_ADDRESS
net_address(const uint8_t *addr, unsigned len)
{
	RTM_NET_ADDRESS net = { .AddressFamily = family(), .NumBits = (USHORT)len };

	memcpy(net.AddrBits, addr, b.bits / 8);
	return net;
}

static void
draw(void)
{
	b.prefixes = calloc(b.n, sizeof(*b.prefixes));
	b.dests = calloc(b.n, sizeof(*b.dests));
	b.hosts = calloc(b.n, sizeof(*b.hosts));
	b.asks = calloc(b.n, sizeof(*b.asks));
	b.order = calloc(b.n, sizeof(*b.order));
	b.added = calloc(b.n, sizeof(RTM_ROUTE_HANDLE));
	b.routes = calloc(b.n, sizeof(RTM_ROUTE_HANDLE));
	must(b.prefixes != NULL && b.dests != NULL && b.hosts != NULL && b.asks != NULL &&
	         b.order != NULL && b.added != NULL && b.routes != NULL,
	     "no memory");
	memset(b.added, 1, b.n * sizeof(RTM_ROUTE_HANDLE)); /* so that it is resident */
	memset(b.routes, 1, b.n * sizeof(RTM_ROUTE_HANDLE));
	must(bench_draw(b.prefixes, b.n, b.bits, "mix") == b.n, "no prefixes");
	for (size_t i = 0; i < b.n; i++) {
		const struct bench_prefix *in = &b.prefixes[bench_random() % b.n];
		uint8_t host[16];

		b.dests[i] = net_address(b.prefixes[i].addr, b.prefixes[i].len);
		bench_random_bytes(host, b.bits / 8);
		for (unsigned bit = 0; bit < in->len; bit++)
			host[bit / 8] = (uint8_t)((host[bit / 8] & ~(0x80u >> bit % 8)) |
			                          (in->addr[bit / 8] & 0x80u >> bit % 8));
		b.hosts[i] = net_address(host, b.bits);
		b.order[i] = (uint32_t)i;
	}
	for (size_t i = b.n; i > 1; i--) {
		size_t j = bench_random() % i;
		uint32_t other = b.order[j];

		b.order[j] = b.order[i - 1];
		b.order[i - 1] = other;
	}
	for (size_t i = 0; i < b.n; i++)
		b.asks[i] = b.dests[b.order[i]];
}

static unsigned
report(double results[FIGURES][MAX_ROUNDS])
{
	unsigned missed = 0;

	printf("%zu IPv%c prefixes, %u entities, %u next hops a route, median of %u rounds\n",
	       b.n, b.bits == 32 ? '4' : '6', b.entities, b.hops, b.rounds);
	for (unsigned f = 0; f < FIGURES; f++) {
		double *r = results[f], mid = timing_median(r, b.rounds);

		printf("  %-34s %8.2f %-14s (%.2f to %.2f)", figures[f].name, mid,
		       figures[f].unit, r[0], r[b.rounds - 1]);
		if (figures[f].must != 0) {
			bool ok =
			    figures[f].less ? mid <= figures[f].must : mid >= figures[f].must;
			bool fine =
			    figures[f].less ? mid <= figures[f].aim : mid >= figures[f].aim;

			printf("  %s", fine ? "aim reached" : ok ? "good" : "MISSED");
			missed += !ok;
		}
		printf("\n");
	}
	return missed;
}

static unsigned
number(const char *text, unsigned most)
{
	unsigned long n = strtoul(text, NULL, 10);

	must(n >= 1 && n <= most, "a number is out of range");
	return (unsigned)n;
}

int
main(int argc, char **argv)
{
	static double results[FIGURES][MAX_ROUNDS];
	bool strict = false;
	unsigned missed;

	for (int opt; (opt = getopt(argc, argv, "6n:e:h:r:c")) != -1;) {
		if (opt == '6')
			b.bits = 128;
		else if (opt == 'n')
			b.n = number(optarg, 10000000);
		else if (opt == 'e')
			b.entities = number(optarg, MAX_ENTITIES);
		else if (opt == 'h')
			b.hops = number(optarg, 16);
		else if (opt == 'r')
			b.rounds = number(optarg, MAX_ROUNDS);
		else if (opt == 'c')
			strict = true;
		else
			return 2;
	}
	if (b.n == 0)
		b.n = b.bits == 32 ? 1000000 : 200000;
	draw();
	for (unsigned r = 0; r < b.rounds; r++) {
		double one[FIGURES];

		run_round(one);
		for (unsigned f = 0; f < FIGURES; f++)
			results[f][r] = one[f];
	}
	missed = report(results);
	free(b.prefixes);
	free(b.dests);
	free(b.hosts);
	free(b.asks);
	free(b.order);
	free(b.added);
	free(b.routes);
	return strict && missed > 0 ? 1 : 0;
}
