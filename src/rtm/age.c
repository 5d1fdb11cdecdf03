/*
 * One chapter: timers.
 *
 * Only routes with a finite TimeToLive and destinations in hold have one; all of a
 * table's are in a tree by deadline. rtm_advance() moves what is due to the queues of
 * rtm_turn(): a route to its owner's, the end of a hold to the table's.
 */
#include "rtm_int.h"

static int
by_deadline(const struct tree_node *a, const struct tree_node *b)
{
	uint64_t x = TREE_OF(a, struct rtm_timer, node)->deadline_ms;
	uint64_t y = TREE_OF(b, struct rtm_timer, node)->deadline_ms;

	return (x > y) - (x < y);
}

void
rtm_timer_clear(struct rtm_table *t, struct rtm_timer *timer)
{
	if (!timer->on)
		return;
	tree_remove(&t->timers, &timer->node);
	timer->on = false;
}

void
rtm_timer_set(struct rtm_table *t, struct rtm_timer *timer, uint64_t deadline_ms)
{
	rtm_timer_clear(t, timer);
	timer->deadline_ms = deadline_ms;
	timer->on = true;
	tree_insert(&t->timers, &timer->node, by_deadline);
}

void
rtm_age_set(struct rtm_table *t, uint32_t route, ULONG ttl_ms)
{
	struct rtm_route_extra *extra = rtm_route_extra_of(t, route);

	if (extra == NULL)
		return;
	list_remove(&extra->expired);
	if (ttl_ms != INFINITE) {
		rtm_timer_set(t, &extra->timer, t->now_ms + ttl_ms);
		return;
	}
	rtm_timer_clear(t, &extra->timer);
	rtm_route_extra_tidy(t, route);
}

static void
expire(struct rtm_table *t, struct rtm_timer *timer)
{
	struct rtm_route_extra *extra;
	struct rtm_entity *owner;
	struct rtm_route *route;

	rtm_timer_clear(t, timer);
	if (timer->is_hold) {
		list_insert(&t->ended, &LIST_OF(timer, struct rtm_dest_extra, timer)->expired);
		t->wake = true;
		return;
	}
	extra = LIST_OF(timer, struct rtm_route_extra, timer);
	route = rtm_route_at(t, extra->route);
	owner = rtm_entity_at(t, rtm_path_of(t, route)->owner);
	list_insert(&owner->expired, &extra->expired);
	rtm_ready(owner);
}

void
rtm_timers_run(struct rtm_table *t)
{
	struct tree_node *node;

	while ((node = tree_first(&t->timers)) != NULL) {
		struct rtm_timer *timer = TREE_OF(node, struct rtm_timer, node);

		if (timer->deadline_ms > t->now_ms)
			break;
		expire(t, timer);
	}
}

uint64_t
rtm_timers_next(const struct rtm_table *t)
{
	struct tree_node *node = tree_first(&t->timers);

	return node != NULL ? TREE_OF(node, struct rtm_timer, node)->deadline_ms : UINT64_MAX;
}
