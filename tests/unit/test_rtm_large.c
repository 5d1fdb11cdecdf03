/*
 * One chapter: a table large enough for its short cuts.
 *
 * From some thousand destinations on the manager guesses where one is before it searches.
 * What a client sees must be what searching shows: destinations come, go and come again in
 * random order, and after each tenth of that every prefix of the model is asked for exactly,
 * and random hosts for their longest match, which the model finds by trying every length.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rtm_fix.h"

enum { PREFIXES = 12000, HOSTS = 4000, STRANGERS = 300000, SHORTEST = 9, LONGEST = 30 };

struct entry {
	uint32_t addr; /* below 10.0.0.0/8 */
	UINT len;
	bool present;
};

static struct entry model[PREFIXES];
static unsigned num;
static uint32_t seed;
static RTM_NEXTHOP_HANDLE hop;

static uint32_t
draw(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)seed * below >> 32);
}

static uint32_t
cut(uint32_t addr, UINT len)
{
	return len == 0 ? 0 : addr & ~(uint32_t)0 << (32 - len);
}

static int
compare(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;

	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	return (a->len > b->len) - (a->len < b->len);
}

static struct entry *
model_find(uint32_t addr, UINT len)
{
	struct entry key = { cut(addr, len), len, false };

	return bsearch(&key, model, num, sizeof *model, compare);
}

/* Different prefixes, a half of them of one length. */
static void
draw_model(void)
{
	num = 0;
	while (num < PREFIXES) {
		UINT len = draw(2) != 0 ? 24 : SHORTEST + draw(LONGEST - SHORTEST + 1);

		model[num++] =
		    (struct entry){ cut(0x0a000000u | draw(1u << 24), len), len, false };
		if (num < PREFIXES)
			continue;
		qsort(model, num, sizeof *model, compare);
		num = 1;
		for (unsigned i = 1; i < PREFIXES; i++)
			if (compare(&model[i], &model[num - 1]) != 0)
				model[num++] = model[i];
	}
}

static RTM_NET_ADDRESS
net(uint32_t addr, UINT len)
{
	char text[16];

	snprintf(text, sizeof text, "%u.%u.%u.%u", addr >> 24, addr >> 16 & 255,
	         addr >> 8 & 255, addr & 255);
	return fx_net(text, len);
}

static void
come(struct entry *e)
{
	RTM_NET_ADDRESS dst = net(e->addr, e->len);
	RTM_ROUTE_CHANGE_FLAGS change = RTM_ROUTE_CHANGE_NEW;
	RTM_ROUTE_INFO info = { .PrefInfo = { 1, 1 }, .BelongsToViews = UC };

	info.NextHopsList.NumNextHops = 1;
	info.NextHopsList.NextHops[0] = hop;
	OK(RtmAddRouteToDest(fx.a, NULL, &dst, &info, INFINITE, NULL, 0, NULL, &change));
	e->present = true;
}

/* A reference that is held keeps the record after it has left the table. */
static void
go(struct entry *e, bool held)
{
	RTM_NET_ADDRESS dst = net(e->addr, e->len);
	RTM_ROUTE_CHANGE_FLAGS change;
	union dest_buf was, now;

	OK(RtmGetExactMatchDestination(fx.a, &dst, RTM_BEST_PROTOCOL, UC, &was.i));
	OK(RtmDeleteRouteToDest(fx.a, was.i.ViewInfo[0].Route, &change));
	if (held)
		CODE(ERROR_NOT_FOUND,
		     RtmGetExactMatchDestination(fx.a, &dst, RTM_BEST_PROTOCOL, UC, &now.i));
	was.i.NumberOfViews = 0; /* the route's reference went with it; the entity's: */
	OK(RtmReleaseEntities(fx.a, 1, &was.i.ViewInfo[0].Owner));
	OK(RtmReleaseDestInfo(fx.a, &was.i));
	e->present = false;
}

static void
ask_for(const struct entry *e)
{
	RTM_NET_ADDRESS dst = net(e->addr, e->len);
	union dest_buf buf;
	DWORD want = e->present ? NO_ERROR : ERROR_NOT_FOUND;

	CODE(want, RtmGetExactMatchDestination(fx.a, &dst, RTM_BEST_PROTOCOL, UC, &buf.i));
	if (!e->present)
		return;
	TRUTH(fx_net_same(&dst, &buf.i.DestAddress));
	OK(RtmReleaseDestInfo(fx.a, &buf.i));
}

static void
match(uint32_t host)
{
	const struct entry *want = NULL;
	RTM_NET_ADDRESS dst = net(host, 32), found;
	union dest_buf buf;

	for (UINT len = LONGEST; want == NULL && len >= SHORTEST; len--) {
		want = model_find(host, len);
		if (want != NULL && !want->present)
			want = NULL;
	}
	CODE(want != NULL ? NO_ERROR : ERROR_NOT_FOUND,
	     RtmGetMostSpecificDestination(fx.a, &dst, RTM_BEST_PROTOCOL, UC, &buf.i));
	if (want == NULL)
		return;
	found = net(want->addr, want->len);
	TRUTH(fx_net_same(&found, &buf.i.DestAddress));
	OK(RtmReleaseDestInfo(fx.a, &buf.i));
}

static void
look_at_all(void)
{
	for (unsigned i = 0; i < num; i++)
		ask_for(&model[i]);
	for (unsigned i = 0; i < HOSTS; i++)
		match(0x0a000000u | draw(1u << 24));
}

/* So many that some have a hash like that of somebody who is there, as far as it is kept. */
static void
ask_for_strangers(void)
{
	for (unsigned i = 0; i < STRANGERS; i++) {
		struct entry nobody = { 0x0b000000u + (i << 5), 27, false };

		ask_for(&nobody);
	}
}

/* Everything comes or goes with this chance in ten. */
static void
move(unsigned chance, bool in)
{
	for (unsigned i = 0; i < num; i++) {
		struct entry *e = &model[draw(num)];

		if (draw(10) >= chance || e->present == in)
			continue;
		if (in)
			come(e);
		else
			go(e, draw(2) != 0);
	}
}

static void
short_cuts_lead_where_searching_does(void)
{
	static const struct {
		unsigned chance;
		bool in;
	} steps[] = {
		{ 1, true }, { 4, true },  { 10, true },  { 10, true },  { 3, false },
		{ 5, true }, { 9, false }, { 10, false }, { 10, false }, { 10, true },
	};

	seed = 20261121;
	hop = fx_hop(fx.a, "192.0.2.1", 2);
	draw_model();
	for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
		move(steps[i].chance, steps[i].in);
		look_at_all();
	}
	ask_for_strangers();
	for (unsigned i = 0; i < num; i++)
		if (model[i].present)
			go(&model[i], false);
	look_at_all();
}

/* The length that most destinations have changes under way. */
static void
the_guess_follows_the_lengths(void)
{
	hop = fx_hop(fx.a, "192.0.2.1", 2);
	for (UINT len = 20; len <= 24; len += 2) {
		num = 0;
		for (unsigned i = 0; i < 2000u * (len - 18); i++)
			model[num++] =
			    (struct entry){ 0x0a000000u + (i << (32 - len)), len, false };
		for (unsigned i = 0; i < num; i++)
			come(&model[i]);
		for (unsigned i = 0; i < num; i += 7)
			match(model[i].addr | 1);
		for (unsigned i = 0; i < num; i++)
			ask_for(&model[i]);
		for (unsigned i = 0; i < num; i++)
			go(&model[i], false);
	}
}

static const CU_TestInfo cases[] = {
	{ "short cuts lead where searching does", short_cuts_lead_where_searching_does },
	{ "the guess follows the lengths", the_guess_follows_the_lengths },
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("rtm large", cases, FX_BOTH);
}
