/*
 * One chapter: the best route.
 *
 * Routes of a destination lie in order of cost, so the best one of a view is the
 * first that belongs to it; nothing is cached. Nearly all destinations have one
 * route, and then that is no search at all.
 *
 * What a change did is found by comparing the best routes before and after.
 */
#include "rtm_int.h"

void
rtm_best_of(const struct rtm_table *t, uint32_t dest, uint32_t views, struct rtm_best *best)
{
	uint32_t missing = views;

	for (; views != 0; views &= views - 1)
		best->route[__builtin_ctz(views)] = 0;
	for (uint32_t r = rtm_dest_first(rtm_dest_at(t, dest)); r != 0 && missing != 0;) {
		const struct rtm_route *route = rtm_route_at(t, r);
		uint32_t hit = rtm_path_of(t, route)->views & missing;

		missing &= ~hit;
		for (; hit != 0; hit &= hit - 1)
			best->route[__builtin_ctz(hit)] = r;
		r = route->next;
	}
}

uint32_t
rtm_best_views(const struct rtm_table *t, uint32_t route)
{
	const struct rtm_route *mine = rtm_route_at(t, route), *other;
	uint32_t views = rtm_path_of(t, mine)->views;

	if ((mine->flags & ROUTE_IN_TABLE) == 0)
		return 0;
	for (uint32_t r = mine->prev; r != 0 && views != 0; r = other->prev) {
		other = rtm_route_at(t, r);
		views &= ~rtm_path_of(t, other)->views;
	}
	return views;
}
