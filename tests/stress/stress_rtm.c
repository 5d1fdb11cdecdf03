/*
 * One chapter: eight threads at one table.
 *
 * Two publishers add, update and delete; two lockers change their routes in place under
 * lock; two enumerators walk and ask; one subscriber tells the time, runs rtm_turn() and
 * follows the changes; one registers, adds and deregisters. Each changes only routes of
 * its own entity, so each knows what its routes are, and at the end the table must be
 * the sum: that is the model. The subscriber's copy, made from notifications alone, must
 * agree with the table as well.
 *
 * The number of operations is bounded (RTM_STRESS_OPS for each thread); a watchdog ends
 * the program if the threads do not end: that would be a deadlock. Data races are the
 * business of a build with --enable-sanitize=thread.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../unit/setting.h"
#include "base/alloc.h"
#include "rtmhost.h"

enum { DESTS = 48, THREADS = 8, WRITERS = 4, MAX_BATCH = 80 };

#define UC RTM_VIEW_MASK_UCAST

struct writer {
	HANDLE e, hop, route[DESTS];
	ULONG metric[DESTS]; /* 0: no route */
};

static struct writer writers[WRITERS];
static atomic_uint wrong;
static atomic_int running;
static unsigned ops;
static HANDLE watcher, watch;
static ULONG followed[DESTS]; /* the best metric, by notification; 0: none */
static RTM_REGN_PROFILE profile;

#define WANT(cond)                                                                             \
	do {                                                                                   \
		if (!(cond)) {                                                                 \
			fprintf(stderr, "%s:%d: %s\n", __func__, __LINE__, #cond);             \
			atomic_fetch_add(&wrong, 1);                                           \
		}                                                                              \
	} while (0)

static unsigned
dice(unsigned *state, unsigned below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % below;
}

static RTM_NET_ADDRESS
net(unsigned d)
{
	RTM_NET_ADDRESS n;

	RTM_IPV4_SET_ADDR_AND_LEN(&n, htonl(0x0a000000u + (d << 16)), 16);
	return n;
}

static unsigned
number(const RTM_NET_ADDRESS *n)
{
	return n->AddrBits[1];
}

static DWORD
put(struct writer *w, unsigned d, ULONG metric, ULONG ttl)
{
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	RTM_NET_ADDRESS n = net(d);
	RTM_ROUTE_INFO r;

	memset(&r, 0, sizeof r);
	r.PrefInfo = (RTM_PREF_INFO){ .Metric = metric, .Preference = 1 };
	r.BelongsToViews = UC;
	r.NextHopsList.NumNextHops = 1;
	r.NextHopsList.NextHops[0] = w->hop;
	return RtmAddRouteToDest(w->e, &w->route[d], &n, &r, ttl, NULL, 0, NULL, &change);
}

/* Costs differ between writers, so that there is always one best. */
static ULONG
some_metric(const struct writer *w, unsigned *seed)
{
	return 1 + WRITERS * dice(seed, 100) + (ULONG)(w - writers);
}

static void *
publisher(void *arg)
{
	struct writer *w = arg;
	unsigned seed = (unsigned)(w - writers) + 7;

	for (unsigned i = 0; i < ops; i++) {
		unsigned d = dice(&seed, DESTS);
		RTM_ROUTE_CHANGE_FLAGS change;
		ULONG metric = some_metric(w, &seed);

		if (w->metric[d] != 0 && dice(&seed, 3) == 0) {
			WANT(RtmDeleteRouteToDest(w->e, w->route[d], &change) == NO_ERROR);
			w->route[d] = NULL;
			w->metric[d] = 0;
			continue;
		}
		WANT(put(w, d, metric, INFINITE) == NO_ERROR);
		w->metric[d] = metric;
	}
	return NULL;
}

static void
in_place(struct writer *w, unsigned d, unsigned *seed)
{
	RTM_ROUTE_CHANGE_FLAGS change;
	RTM_ROUTE_INFO *p = NULL;
	ULONG metric = some_metric(w, seed);

	WANT(RtmLockRoute(w->e, w->route[d], TRUE, TRUE, &p) == NO_ERROR);
	if (p == NULL)
		return;
	WANT(p->PrefInfo.Metric == w->metric[d]);
	p->PrefInfo.Metric = metric;
	if (dice(seed, 4) == 0) { /* think again */
		WANT(RtmLockRoute(w->e, w->route[d], TRUE, FALSE, NULL) == NO_ERROR);
		return;
	}
	WANT(RtmUpdateAndUnlockRoute(w->e, w->route[d], INFINITE, NULL, 0, NULL, &change) ==
	     NO_ERROR);
	w->metric[d] = metric;
}

static void
lock_dest(HANDLE e, unsigned d, BOOL exclusive)
{
	RTM_NET_ADDRESS n = net(d);
	RTM_DEST_INFO i;
	PVOID slot;

	if (RtmGetExactMatchDestination(e, &n, 0, UC, &i) != NO_ERROR)
		return;
	WANT(RtmLockDestination(e, i.DestHandle, exclusive, TRUE) == NO_ERROR);
	WANT(RtmGetOpaqueInformationPointer(e, i.DestHandle, &slot) == ERROR_NOT_FOUND);
	WANT(RtmLockDestination(e, i.DestHandle, exclusive, FALSE) == NO_ERROR);
	WANT(RtmReleaseDestInfo(e, &i) == NO_ERROR);
}

/* A locker's routes are there before any thread is: who walks first finds them, too. */
static void
fill(struct writer *w)
{
	unsigned seed = (unsigned)(w - writers) + 1;

	for (unsigned d = 0; d < DESTS; d++) {
		w->metric[d] = some_metric(w, &seed);
		WANT(put(w, d, w->metric[d], INFINITE) == NO_ERROR);
	}
}

static void *
locker(void *arg)
{
	struct writer *w = arg;
	unsigned seed = (unsigned)(w - writers) + 7;

	for (unsigned i = 0; i < ops; i++) {
		unsigned d = dice(&seed, DESTS);

		if (dice(&seed, 4) == 0)
			lock_dest(w->e, d, dice(&seed, 2) != 0);
		else
			in_place(w, d, &seed);
	}
	return NULL;
}

static unsigned
walk_dests(HANDLE e)
{
	union {
		RTM_DEST_INFO i;
		UCHAR room[sizeof(RTM_DEST_INFO) * MAX_BATCH];
	} buf;
	RTM_ENUM_HANDLE en = NULL;
	int last = -1;
	unsigned seen = 0;
	UINT n;

	WANT(RtmCreateDestEnum(e, UC, 0, NULL, 0, &en) == NO_ERROR);
	do {
		PRTM_DEST_INFO d = &buf.i;

		n = profile.MaxHandlesInEnum;
		RtmGetEnumDests(e, en, &n, d);
		for (UINT i = 0; i < n; i++, d = RTM_NEXT_DEST_INFO(d)) {
			WANT((int)number(&d->DestAddress) > last);
			last = (int)number(&d->DestAddress);
			WANT(d->ViewInfo[0].NumRoutes >= 1 && d->ViewInfo[0].Route != NULL);
		}
		seen += n;
		WANT(RtmReleaseDests(e, n, &buf.i) == NO_ERROR);
	} while (n > 0);
	WANT(RtmDeleteEnumHandle(e, en) == NO_ERROR);
	return seen;
}

static unsigned
walk_routes(HANDLE e)
{
	RTM_ENUM_HANDLE en = NULL;
	HANDLE h[MAX_BATCH];
	RTM_ROUTE_INFO i;
	unsigned seen = 0;
	UINT n;

	WANT(RtmCreateRouteEnum(e, NULL, UC, 0, NULL, 0, NULL, 0, &en) == NO_ERROR);
	do {
		n = 7;
		RtmGetEnumRoutes(e, en, &n, h);
		for (UINT k = 0; k < n; k++) {
			WANT(RtmGetRouteInfo(e, h[k], &i, NULL) == NO_ERROR);
			WANT(i.PrefInfo.Preference == 1 && i.NextHopsList.NumNextHops == 1);
			WANT(RtmReleaseRouteInfo(e, &i) == NO_ERROR);
		}
		seen += n;
		WANT(RtmReleaseRoutes(e, n, h) == NO_ERROR);
	} while (n > 0);
	WANT(RtmDeleteEnumHandle(e, en) == NO_ERROR);
	return seen;
}

static void *
enumerator(void *arg)
{
	HANDLE e = arg;
	unsigned seed = (unsigned)(uintptr_t)e, seen = 0;

	for (unsigned i = 0; i < ops / 16 + 1; i++) {
		RTM_NET_ADDRESS n = net(dice(&seed, DESTS));
		RTM_DEST_INFO d;

		seen += walk_dests(e) + walk_routes(e);
		n.NumBits = 32;
		if (RtmGetMostSpecificDestination(e, &n, 0, UC, &d) == NO_ERROR)
			WANT(RtmReleaseDestInfo(e, &d) == NO_ERROR);
	}
	WANT(seen > 0);
	return NULL;
}

static void
follow(void)
{
	union {
		RTM_DEST_INFO i;
		UCHAR room[sizeof(RTM_DEST_INFO) * MAX_BATCH];
	} buf;
	UINT n;

	do {
		PRTM_DEST_INFO d = &buf.i;

		n = 5;
		RtmGetChangedDests(watcher, watch, &n, d);
		for (UINT i = 0; i < n; i++, d = RTM_NEXT_DEST_INFO(d)) {
			RTM_ROUTE_INFO r;
			ULONG metric = 0;

			if (d->ViewInfo[0].Route != NULL &&
			    RtmGetRouteInfo(watcher, d->ViewInfo[0].Route, &r, NULL) ==
			        NO_ERROR) {
				metric = r.PrefInfo.Metric;
				WANT(RtmReleaseRouteInfo(watcher, &r) == NO_ERROR);
			}
			followed[number(&d->DestAddress)] = metric;
		}
		WANT(RtmReleaseChangedDests(watcher, watch, n, &buf.i) == NO_ERROR);
	} while (n > 0);
}

static DWORD WINAPI
on_change(HANDLE me, RTM_EVENT_TYPE type, PVOID c1, PVOID c2)
{
	(void)c2;
	if (type == RTM_CHANGE_NOTIFICATION) {
		WANT(me == watcher && c1 == watch);
		follow();
	}
	return ERROR_NOT_SUPPORTED; /* what a visitor left to expire may go */
}

static void *
subscriber(void *arg)
{
	struct timespec pause = { 0, 100000 };
	uint64_t now_ms = 1;

	(void)arg;
	while (atomic_load(&running) > 1) { /* all the others */
		rtm_advance(now_ms++, (FILETIME){ (DWORD)now_ms, 1 });
		if (!rtm_turn())
			nanosleep(&pause, NULL);
	}
	return NULL;
}

static void *
visitor(void *arg)
{
	RTM_ENTITY_INFO id;

	memset(&id, 0, sizeof id);
	id.AddressFamily = AF_INET;
	id.EntityId.EntityProtocolId = 99;
	(void)arg;
	for (unsigned i = 0; i < ops / 8 + 1; i++) {
		RTM_NEXTHOP_INFO hop;
		RTM_NEXTHOP_CHANGE_FLAGS new;
		RTM_REGN_PROFILE p;
		struct writer w;

		memset(&w, 0, sizeof w);
		memset(&hop, 0, sizeof hop);
		id.EntityId.EntityInstanceId = i;
		WANT(RtmRegisterEntity(&id, NULL, i % 2 ? on_change : NULL, i % 3 == 0, &p,
		                       &w.e) == NO_ERROR);
		hop.NextHopAddress = net(200);
		hop.NextHopAddress.NumBits = 32;
		WANT(RtmAddNextHop(w.e, &hop, &w.hop, &new) == NO_ERROR);
		for (unsigned d = 0; d < DESTS; d += 5)
			WANT(put(&w, d, 5000, d % 2 ? 1 : INFINITE) == NO_ERROR);
		for (unsigned d = 0; d < DESTS; d += 5)
			WANT(RtmReleaseRoutes(w.e, 1, &w.route[d]) == NO_ERROR);
		WANT(RtmReleaseNextHops(w.e, 1, &w.hop) == NO_ERROR);
		WANT(RtmDeregisterEntity(w.e) == NO_ERROR);
		WANT(RtmDeregisterEntity(w.e) == ERROR_INVALID_HANDLE);
	}
	return NULL;
}

static HANDLE
join(ULONG protocol, RTM_EVENT_CALLBACK call_back)
{
	RTM_ENTITY_INFO id;
	HANDLE e = NULL;

	memset(&id, 0, sizeof id);
	id.AddressFamily = AF_INET;
	id.EntityId.EntityProtocolId = protocol;
	WANT(RtmRegisterEntity(&id, NULL, call_back, FALSE, &profile, &e) == NO_ERROR);
	return e;
}

struct job {
	void *(*run)(void *);
	void *arg;
};

static void *
work(void *arg)
{
	struct job *j = arg;

	j->run(j->arg);
	atomic_fetch_sub(&running, 1);
	return NULL;
}

static ULONG
metric_in_table(HANDLE e, unsigned d, HANDLE owner)
{
	RTM_NET_ADDRESS n = net(d);
	RTM_ROUTE_INFO r;

	memset(&r, 0, sizeof r);
	r.RouteOwner = owner;
	if (RtmGetExactMatchRoute(e, &n, owner != NULL ? RTM_MATCH_OWNER : RTM_MATCH_NONE, &r,
	                          0, UC, NULL) != NO_ERROR)
		return 0;
	WANT(RtmReleaseRouteInfo(e, &r) == NO_ERROR);
	return r.PrefInfo.Metric;
}

/* The table is the sum of what each writer knows of itself. */
static void
compare_with_the_model(void)
{
	while (rtm_turn())
		;
	follow();
	for (unsigned d = 0; d < DESTS; d++) {
		ULONG best = 0;

		for (unsigned i = 0; i < WRITERS; i++) {
			ULONG metric = writers[i].metric[d];

			WANT(metric_in_table(watcher, d, writers[i].e) == metric);
			if (metric != 0 && (best == 0 || metric < best))
				best = metric;
		}
		WANT(metric_in_table(watcher, d, NULL) == best);
		WANT(followed[d] == best);
	}
}

static void
take_down(HANDLE *readers)
{
	struct rtm_counts c;

	for (unsigned i = 0; i < WRITERS; i++) {
		for (unsigned d = 0; d < DESTS; d++)
			if (writers[i].route[d] != NULL)
				RtmReleaseRoutes(watcher, 1, &writers[i].route[d]);
		WANT(RtmReleaseNextHops(watcher, 1, &writers[i].hop) == NO_ERROR);
	}
	for (unsigned i = 0; i < WRITERS; i++)
		WANT(RtmDeregisterEntity(writers[i].e) == NO_ERROR);
	WANT(RtmDeregisterEntity(readers[0]) == NO_ERROR);
	WANT(RtmDeregisterEntity(readers[1]) == NO_ERROR);
	WANT(RtmDeregisterEntity(watcher) == NO_ERROR);
	rtm_counts_get(&c);
	WANT(c.routes + c.dests + c.nexthops + c.enums + c.notifies + c.entities == 0);
	rtm_shutdown();
	WANT(mem_alive() == 0);
}

static bool
wait_for_all(void)
{
	struct timespec tick = { 0, 10000000 };

	for (int i = 0; i < 30000 && atomic_load(&running) > 0; i++) /* at most 5 minutes */
		nanosleep(&tick, NULL);
	return atomic_load(&running) == 0;
}

int
main(void)
{
	HANDLE readers[2];
	pthread_t t[THREADS];
	struct job jobs[THREADS];

	ops = (unsigned)setting("RTM_STRESS_OPS", 20000);
	rtm_advance(0, (FILETIME){ 0, 1 });
	for (unsigned i = 0; i < WRITERS; i++) {
		RTM_NEXTHOP_INFO hop;
		RTM_NEXTHOP_CHANGE_FLAGS new;

		memset(&hop, 0, sizeof hop);
		hop.NextHopAddress = net(100 + i);
		hop.NextHopAddress.NumBits = 32;
		writers[i].e = join(10 + i, NULL);
		WANT(RtmAddNextHop(writers[i].e, &hop, &writers[i].hop, &new) == NO_ERROR);
	}
	readers[0] = join(20, NULL);
	readers[1] = join(21, NULL);
	watcher = join(30, on_change);
	WANT(RtmRegisterForChangeNotification(watcher, UC, RTM_CHANGE_TYPE_BEST, NULL,
	                                      &watch) == NO_ERROR);
	fill(&writers[2]);
	fill(&writers[3]);
	jobs[0] = (struct job){ publisher, &writers[0] };
	jobs[1] = (struct job){ publisher, &writers[1] };
	jobs[2] = (struct job){ locker, &writers[2] };
	jobs[3] = (struct job){ locker, &writers[3] };
	jobs[4] = (struct job){ enumerator, readers[0] };
	jobs[5] = (struct job){ enumerator, readers[1] };
	jobs[6] = (struct job){ visitor, NULL };
	jobs[7] = (struct job){ subscriber, NULL };
	atomic_store(&running, THREADS);
	for (unsigned i = 0; i < THREADS; i++)
		if (pthread_create(&t[i], NULL, work, &jobs[i]) != 0)
			return 1;
	if (!wait_for_all()) {
		fprintf(stderr, "stress: the threads do not end: a deadlock\n");
		_exit(1);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	compare_with_the_model();
	take_down(readers);
	printf("stress: 8 threads, %u operations each, %u wrong\n", ops, atomic_load(&wrong));
	return atomic_load(&wrong) != 0;
}
