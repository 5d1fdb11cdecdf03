/*
 * One chapter: hold-down.
 *
 * A mark says in which views the last route of a destination is to be held, and for
 * how long. When such a route goes it stays visible as HoldRoute until one timer for
 * the whole destination runs out: the longest time asked for since the last hold
 * ended, from the moment the first view went into hold [RTM 1.7, K30]. Each view
 * keeps its own last route [RTM K31]. The record was made when the mark was set, so
 * going into hold needs no memory.
 */
#include "rtm_int.h"

DWORD
rtm_hold_mark(struct rtm_table *t, uint32_t dest, uint32_t views, ULONG ms)
{
	struct rtm_dest_extra *extra = rtm_dest_extra_get(t, dest);

	if (extra == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	extra->hold_marked |= views;
	if (ms > extra->hold_ms)
		extra->hold_ms = ms;
	if (extra->timer.on)
		rtm_timer_set(t, &extra->timer, extra->hold_start_ms + extra->hold_ms);
	return NO_ERROR;
}

/* Those of the views in which the destination has no route left. */
static uint32_t
empty_views(const struct rtm_table *t, uint32_t dest, uint32_t views)
{
	for (uint32_t r = rtm_dest_first(rtm_dest_at(t, dest)); r != 0 && views != 0;) {
		const struct rtm_route *route = rtm_route_at(t, r);

		views &= ~rtm_path_of(t, route)->views;
		r = route->next;
	}
	return views;
}

void
rtm_hold_begin(struct rtm_table *t, uint32_t dest, uint32_t route, uint32_t views)
{
	struct rtm_dest_extra *extra = rtm_dest_extra_of(t, dest);
	struct rtm_route *held = rtm_route_at(t, route);

	views = empty_views(t, dest, views & extra->hold_marked & ~extra->hold_views);
	if (views == 0)
		return;
	if (extra->hold_views == 0) {
		extra->hold_start_ms = t->now_ms;
		rtm_timer_set(t, &extra->timer, t->now_ms + extra->hold_ms);
	}
	extra->hold_views |= views;
	held->flags |= ROUTE_HELD;
	rtm_dest_at(t, dest)->flags |= DEST_HELD;
	for (; views != 0; views &= views - 1) {
		extra->held[__builtin_ctz(views)] = route;
		held->pins++;
	}
}

static void
let_go(struct rtm_table *t, uint32_t *held)
{
	uint32_t route = *held;

	*held = 0;
	rtm_route_at(t, route)->flags &= (uint8_t)~ROUTE_HELD;
	rtm_shadow_refresh(t, route);
	rtm_route_unpin(t, route);
}

void
rtm_hold_end(struct rtm_table *t, uint32_t dest)
{
	struct rtm_dest_extra *extra = rtm_dest_extra_of(t, dest);
	struct rtm_dest *at = rtm_dest_at(t, dest);
	struct rtm_change change = { .all = extra->hold_views, .best = extra->hold_views };

	at->pins++;
	rtm_timer_clear(t, &extra->timer);
	for (uint32_t views = extra->hold_views; views != 0; views &= views - 1)
		let_go(t, &extra->held[__builtin_ctz(views)]);
	extra->hold_views = extra->hold_marked = extra->hold_ms = 0;
	at->flags &= (uint8_t)~DEST_HELD;
	rtm_dest_extra_tidy(t, dest);
	rtm_notify_change(t, dest, &change);
	rtm_dest_settle(t, dest);
	rtm_dest_unpin(t, dest);
}
