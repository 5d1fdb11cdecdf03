/*
 * One chapter: what nobody thought of. A seeded random history of calls, each answer
 * compared with the model of rtm_model.c: codes, flags, handles, best routes per view,
 * the order of enumerations, queues of changes, holds, expiry, and after every call the
 * number of objects and references alive (invariants I1 to I4 and I6 of the
 * specification; I5 because a lock left behind would refuse the next call).
 *
 * A failing history prints its seed and the number of the operation. It is played
 * again, alone, by
 *     RTM_SEED=<seed> RTM_OPS=<operations> [RTM_FAMILY=4|6] tests/unit/test_rtm_history
 *
 * Time: user calls happen at multiples of 4 ms, routes expire at 1 modulo 4, holds end
 * at 2 or 3, so that no two kinds of event fall together: their order is not specified.
 */
#include "rtm_fix.h"
#include "rtm_history.h"
#include "rtm_model.h"
#include "setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct history hist;

void
hist_fail(int line, const char *what)
{
	if (!hist.bad)
		fprintf(stderr,
		        "\n  history: seed %llu, operation %llu (%s), line %d: %s\n"
		        "  replay: RTM_SEED=%llu RTM_OPS=%llu RTM_FAMILY=%d\n",
		        (unsigned long long)hist.seed, (unsigned long long)hist.num_ops,
		        hist.op_name, line, what, (unsigned long long)hist.seed,
		        (unsigned long long)hist.num_ops + 1, fx.family == AF_INET ? 4 : 6);
	hist.bad = true;
}

uint64_t
hist_random(uint64_t below)
{
	uint64_t x = hist.state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	hist.state = x;
	return (x * 0x2545F4914F6CDD1Du >> 33) % below;
}

bool
hist_chance(UINT percent)
{
	return hist_random(100) < percent;
}

/* ---- the call-back ---- */

static void
expired(HANDLE me, HANDLE h, const RTM_ROUTE_INFO *info, DWORD answer)
{
	int r = m_find_route(h);

	if (r == M_NONE || m.entity[m.route[r].owner].h != me || m.route[r].until > m.now ||
	    m.route[r].state != RTM_ROUTE_STATE_CREATED) {
		hist_fail(__LINE__, "a route expired that should not");
		return;
	}
	WANT_VOID(info->PrefInfo.Metric == m.route[r].metric);
	m.route[r].until = M_NEVER;
	if (answer == ERROR_NOT_SUPPORTED)
		m_delete(r, true);
	else
		m.route[r].refs++;
}

static DWORD WINAPI
called(HANDLE me, RTM_EVENT_TYPE type, PVOID c1, PVOID c2)
{
	DWORD answer = hist_chance(50) ? ERROR_NOT_SUPPORTED : NO_ERROR;

	if (type == RTM_ROUTE_EXPIRED)
		expired(me, c1, c2, answer);
	for (int i = 0; type == RTM_CHANGE_NOTIFICATION && i < M_NOTIFIES; i++) {
		if (!m.notify[i].used || m.notify[i].h != c1)
			continue;
		hist.announced[i]++;
		if (m.entity[m.notify[i].owner].h != me || c2 != &m.notify[i])
			hist_fail(__LINE__, "a change was announced to the wrong one");
	}
	return answer;
}

/* What the turn announced, against what it should have. */
static void
check_announcements(void)
{
	for (int i = 0; i < M_NOTIFIES; i++) {
		struct m_notify *n = &m.notify[i];
		UINT got = hist.announced[i];

		hist.announced[i] = 0;
		if (!n->used)
			continue;
		if (n->num > 0)
			WANT_VOID(got == (n->announced ? 0 : 1));
		else
			WANT_VOID(got <= (n->went_empty ? 1 : 0));
		n->announced = n->num > 0;
		n->went_empty = false;
	}
}

static void
turn(void)
{
	UINT rounds = 0;

	while (rtm_turn() && rounds < 1000)
		rounds++;
	WANT_VOID(rounds < 1000);
	m_expire_holds();
	check_announcements();
}

static void
set_time(uint64_t t)
{
	fx.now_ms = t;
	m.now = t;
	fx_advance(0);
	turn();
}

void
hist_pass_time(void)
{
	uint64_t target = m.now + 4 * (1 + hist_random(100));

	while (!hist.bad && m_deadline() <= target) {
		WANT_VOID(rtm_deadline_ms() == m_deadline());
		m.op++; /* entries queued by different events have an order */
		set_time(m_deadline());
		m_collect();
	}
	m.op++;
	set_time(target);
}

/* ---- after every operation ---- */

static void
check_counts(void)
{
	struct rtm_counts want = m_counts(), got;

	rtm_counts_get(&got);
	WANT_VOID(want.routes == got.routes);
	WANT_VOID(want.dests == got.dests);
	WANT_VOID(want.nexthops == got.nexthops);
	WANT_VOID(want.client_refs == got.client_refs);
	WANT_VOID(want.enums == got.enums);
	WANT_VOID(want.lists == got.lists);
	WANT_VOID(want.notifies == got.notifies);
	WANT_VOID(rtm_deadline_ms() == m_deadline());
}

/* Invariants I1 and I2 over the whole table. */
static void
check_all(void)
{
	for (int d = 0; d < M_DESTS && !hist.bad; d++)
		for (RTM_VIEW_SET v = 0; v < 4; v++)
			hist_check_dest(d, v, RTM_BEST_PROTOCOL, 0);
}

static void
join(int e)
{
	RTM_ENTITY_INFO id = fx_id(fx.family, m.entity[e].protocol, m.entity[e].instance);

	WANT_CODE(NO_ERROR,
	          RtmRegisterEntity(&id, NULL, called, e == 0, &fx.profile, &m.entity[e].h));
	m.entity[e].in = true;
}

void
hist_join(int e)
{
	join(e);
}

static void
begin(uint64_t seed)
{
	static const struct {
		const char *v4;
		UINT len;
	} nets[M_DESTS] = {
		{ "0.0.0.0", 0 },     { "0.0.0.0", 1 },          { "0.0.0.0", 32 },
		{ "10.0.0.0", 8 },    { "10.0.0.0", 9 },         { "10.0.0.0", 16 },
		{ "10.0.0.0", 24 },   { "10.0.0.0", 31 },        { "10.0.0.0", 32 },
		{ "10.0.0.1", 32 },   { "10.0.0.128", 25 },      { "10.0.1.0", 24 },
		{ "10.1.0.0", 16 },   { "10.1.128.0", 17 },      { "10.1.128.0", 18 },
		{ "10.128.0.0", 9 },  { "10.255.255.255", 32 },  { "11.0.0.0", 8 },
		{ "11.0.0.0", 10 },   { "128.0.0.0", 1 },        { "128.0.0.0", 2 },
		{ "192.0.2.0", 24 },  { "192.0.2.1", 32 },       { "192.0.2.64", 26 },
		{ "192.0.3.0", 24 },  { "255.255.255.255", 32 }, { "255.255.255.254", 31 },
		{ "172.16.0.0", 12 },
	};
	static const ULONG protocols[M_ENTITIES] = { PROTO_A, PROTO_B, PROTO_A, PROTO_C };

	rtm_shutdown();
	m_reset();
	memset(&hist, 0, sizeof hist);
	hist.seed = seed;
	hist.state = seed * 0x9E3779B97F4A7C15u + 1;
	hist.op_name = "begin";
	for (int d = 0; d < M_DESTS; d++)
		m.dest[d].net = fx_net(nets[d].v4, nets[d].len);
	OK(rtm_preference_set(PROTO_A, 2));
	OK(rtm_preference_set(PROTO_B, 1));
	OK(rtm_preference_set(PROTO_C, 3));
	set_time(1000000);
	for (int e = 0; e < M_ENTITIES; e++) {
		m.entity[e].protocol = protocols[e];
		m.entity[e].instance = (ULONG)e + 1;
		join(e);
	}
	turn();
}

/* I3: all references given back and all entities gone, nothing is alive. */
static void
finish(void)
{
	struct rtm_counts c;

	hist.op_name = "finish";
	hist_release_everything();
	for (int e = 0; e < M_ENTITIES; e++)
		if (m.entity[e].in)
			WANT_CODE(NO_ERROR, RtmDeregisterEntity(m.entity[e].h));
	rtm_counts_get(&c);
	WANT_VOID(c.routes == 0 && c.dests == 0 && c.nexthops == 0 && c.client_refs == 0);
	WANT_VOID(c.enums == 0 && c.lists == 0 && c.notifies == 0 && c.entities == 0);
}

static void
play(uint64_t seed, uint64_t ops)
{
	begin(seed);
	for (m.op = 1; hist.num_ops < ops && !hist.bad; m.op++, hist.num_ops++) {
		hist_step();
		m_collect();
		check_counts();
		if (hist.num_ops % 64 == 0) {
			hist.op_name = "looking at everything";
			check_all();
		}
	}
	if (!hist.bad)
		finish();
	fx_expect(!hist.bad, __LINE__, __FILE__, __func__, "seed %llu, see above",
	          (unsigned long long)seed);
}

static void
twenty_histories_agree_with_the_model(void)
{
	uint64_t only = setting("RTM_SEED", 0);
	uint64_t ops = setting("RTM_OPS", 2500);
	uint64_t family = setting("RTM_FAMILY", 0);

	fx.dirty = true;
	if (family != 0 && family != (fx.family == AF_INET ? 4 : 6))
		only = UINT64_MAX; /* the other family is asked for */
	for (uint64_t seed = 1; seed <= 20; seed++) {
		if (only == 0)
			play(seed, ops);
	}
	if (only != 0 && only != UINT64_MAX)
		play(only, ops);
	fx_setup(); /* the histories took A and B with them */
}

static const CU_TestInfo cases[] = {
	{ "twenty_histories_agree_with_the_model", twenty_histories_agree_with_the_model },
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("histories", cases, FX_BOTH);
}
