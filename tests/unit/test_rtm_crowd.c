/*
 * One chapter: many routes on one destination.
 *
 * From some dozens on the manager keeps them in trees; what a client sees must be what a
 * list would show. The model is an array in order; a fixed seed draws what happens, and the
 * number of routes wanders up and down across the sizes at which trees begin and end.
 */
#include <stdio.h>
#include <string.h>

#include "rtm_fix.h"

enum { MOST = 160, HOPS = 24, OPERATIONS = 2500 };

struct entry {
	HANDLE h;
	unsigned hop;
	ULONG pref, metric;
};

static struct entry model[MOST];
static unsigned num;
static HANDLE hop[HOPS];
static uint32_t seed;

static unsigned
draw(unsigned below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 10) % below;
}

static void
put(struct entry e)
{
	unsigned at = num;

	while (at > 0 && (model[at - 1].pref > e.pref ||
	                  (model[at - 1].pref == e.pref && model[at - 1].metric > e.metric))) {
		model[at] = model[at - 1];
		at--;
	}
	model[at] = e;
	num++;
}

static struct entry
take(unsigned at)
{
	struct entry e = model[at];

	memmove(&model[at], &model[at + 1], (--num - at) * sizeof *model);
	return e;
}

static unsigned
first_by(unsigned by)
{
	unsigned at = 0;

	while (at < num && model[at].hop != by)
		at++;
	return at;
}

static struct entry
some_contents(void)
{
	return (struct entry){ .hop = draw(HOPS), .pref = 1 + draw(2), .metric = draw(12) };
}

static struct rt
spec_of(const struct entry *e, RTM_ROUTE_CHANGE_FLAGS in)
{
	return RT("10.0.0.0", 8, .pref = e->pref, .metric = e->metric, .neighbour = hop[e->hop],
	          .hop = hop[0], .in = in);
}

/* The model's part of an update. */
static void
change(unsigned at, const struct entry *to)
{
	struct entry e = model[at];
	bool moves = e.pref != to->pref || e.metric != to->metric;

	e.hop = to->hop;
	e.pref = to->pref;
	e.metric = to->metric;
	if (moves) {
		take(at);
		put(e);
	} else {
		model[at] = e;
	}
}

static void
add(bool twin)
{
	struct entry e = some_contents();
	unsigned same = first_by(e.hop);

	if (num == MOST)
		return;
	OK(fx_add(fx.a, &e.h, spec_of(&e, twin ? RTM_ROUTE_CHANGE_NEW : 0)));
	if (twin || same == num) {
		TRUTH((fx.change & RTM_ROUTE_CHANGE_NEW) != 0);
		put(e);
		return;
	}
	SAME(model[same].h, e.h);
	OK(RtmReleaseRoutes(fx.a, 1, &e.h));
	change(same, &e);
}

static void
update(void)
{
	struct entry to = some_contents();
	unsigned at = num != 0 ? draw(num) : 0;

	if (num == 0)
		return;
	if (draw(2) == 0) /* only the neighbour: the place is kept */
		to.pref = model[at].pref, to.metric = model[at].metric;
	OK(fx_add(fx.a, &model[at].h, spec_of(&to, 0)));
	change(at, &to);
}

static void
drop(void)
{
	RTM_ROUTE_CHANGE_FLAGS flags;

	if (num != 0)
		OK(RtmDeleteRouteToDest(fx.a, take(draw(num)).h, &flags));
}

static void
compare(void)
{
	HANDLE want[MOST];
	RTM_NET_ADDRESS net = fx_net("10.0.0.0", 8);

	for (unsigned i = 0; i < num; i++)
		want[i] = model[i].h;
	fx_enum_routes(fx.a, NULL, UC, RTM_ENUM_RANGE, &net, RTM_MATCH_NONE, NULL, 0);
	TRUTH(fx_saw_handles(want, num));
	if (num != 0) {
		SAME(model[0].h, fx_slot("10.0.0.0", 8, 0).route);
		EQ(num, fx_slot("10.0.0.0", 8, 0).num_routes);
	}
}

static void
begin(void)
{
	num = 0;
	seed = 7;
	for (unsigned i = 0; i < HOPS; i++)
		hop[i] = fx_hop(fx.a, "192.0.2.1", i + 1);
}

static void
end(void)
{
	while (num != 0)
		drop();
	TRUTH(!fx_slot("10.0.0.0", 8, 0).found);
}

static void
a_crowd_looks_like_a_list(void)
{
	begin();
	for (unsigned i = 0; i < OPERATIONS; i++) {
		unsigned dice = draw(100), growing = i / 250 % 2 == 0;

		if (dice < (growing ? 50u : 10u))
			add(true);
		else if (dice < 65)
			add(false);
		else if (dice < 80)
			update();
		else
			drop();
		if (i % 10 == 0)
			compare();
	}
	compare();
	end();
}

static void
an_entity_takes_its_part_of_a_crowd_with_it(void)
{
	HANDLE b = fx_entity(PROTO_C, 3, FALSE), theirs = fx_hop(b, "192.0.2.9", 1);

	begin();
	for (unsigned i = 0; i < 60; i++) {
		add(true);
		OK(fx_add(b, NULL,
		          RT("10.0.0.0", 8, .pref = 1 + i % 2, .metric = i, .hop = theirs,
		             .in = RTM_ROUTE_CHANGE_NEW)));
	}
	EQ(120, fx_slot("10.0.0.0", 8, 0).num_routes);
	OK(RtmReleaseNextHops(b, 1, &theirs));
	fx_forget(theirs);
	fx_entity_gone(b);
	compare();
	end();
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(a_crowd_looks_like_a_list),
	T(an_entity_takes_its_part_of_a_crowd_with_it),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("crowds", cases, FX_BOTH);
}
