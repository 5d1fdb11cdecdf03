/*
 * One chapter: the routes of a destination in order.
 *
 * They are a doubly linked list in order of (preference, metric); a newcomer goes behind
 * its equals, so the incumbent stays first [RTM K51]. Everybody who reads walks that
 * list. For the usual handful of routes nothing is faster than to walk it for an insertion
 * too, and to look for the owner's route with this neighbour.
 *
 * A destination with more than a few dozen routes is a crowd: beside the list, each of
 * its routes has a member record in two trees, one in the order of the list, one by
 * (owner, neighbour, cost). Then both questions take a number of steps that grows with
 * the logarithm. Where there is no memory for a crowd the list goes on alone; where
 * there is one, adding a route may fail for want of a member. Leaving needs nothing.
 *
 * Among routes that are equal in all of that the order in the second tree need not be
 * that of the list (an update may change the neighbour and keep the place); then the
 * list decides.
 */
#include "rtm_int.h"

#include "base/alloc.h"

enum { CROWD_FROM = 32, CROWD_UNTIL = 8 };

struct cost {
	uint32_t preference, metric;
};

struct rtm_member {
	struct slot_head head;
	uint32_t route;
	uint32_t chain_next;
	struct tree_node order, kin;
	struct cost cost;
	uint32_t owner, neighbour;
};

struct rtm_crowd {
	struct tree order, kin;
	uint32_t count;
};

const size_t rtm_member_size = sizeof(struct rtm_member);

static int
compare_cost(struct cost a, struct cost b)
{
	if (a.preference != b.preference)
		return a.preference < b.preference ? -1 : 1;
	return (a.metric > b.metric) - (a.metric < b.metric);
}

static struct cost
cost_of(const struct rtm_table *t, const struct rtm_route *route)
{
	return (struct cost){ rtm_path_of(t, route)->preference, route->metric };
}

/* ---- members ------------------------------------------------------------------------- */

static struct rtm_member *
member_at(const struct rtm_table *t, uint32_t slot)
{
	return slab_at(&t->members, slot);
}

static uint32_t
member_hash(const void *world, uint32_t slot)
{
	return chain_mix(member_at(world, slot)->route);
}

static uint32_t *
member_next(const void *world, uint32_t slot)
{
	return &member_at(world, slot)->chain_next;
}

static const struct chain_ops member_ops = { member_hash, member_next };

static uint32_t
member_of(const struct rtm_table *t, uint32_t route)
{
	uint32_t slot = chain_first(&t->member_chains, chain_mix(route));

	while (member_at(t, slot)->route != route)
		slot = member_at(t, slot)->chain_next;
	return slot;
}

static int
by_order(const struct tree_node *a, const struct tree_node *b)
{
	return compare_cost(TREE_OF(a, struct rtm_member, order)->cost,
	                    TREE_OF(b, struct rtm_member, order)->cost);
}

static int
by_kin(const struct tree_node *a, const struct tree_node *b)
{
	const struct rtm_member *x = TREE_OF(a, struct rtm_member, kin);
	const struct rtm_member *y = TREE_OF(b, struct rtm_member, kin);

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	if (x->neighbour != y->neighbour)
		return x->neighbour < y->neighbour ? -1 : 1;
	return compare_cost(x->cost, y->cost);
}

static struct rtm_crowd *
crowd_of(const struct rtm_table *t, uint32_t dest)
{
	const struct rtm_dest_extra *extra = rtm_dest_extra_of(t, dest);

	return extra != NULL ? extra->crowd : NULL;
}

static void
learn(const struct rtm_table *t, struct rtm_member *member)
{
	const struct rtm_route *route = rtm_route_at(t, member->route);

	member->cost = cost_of(t, route);
	member->owner = rtm_path_of(t, route)->owner;
	member->neighbour = rtm_path_of(t, route)->neighbour;
}

/* Into both trees; false: no memory. */
static struct rtm_member *
join(struct rtm_table *t, struct rtm_crowd *crowd, uint32_t route)
{
	uint32_t slot = slab_alloc(&t->members);
	struct rtm_member *member;

	if (slot == 0)
		return NULL;
	member = member_at(t, slot);
	member->route = route;
	learn(t, member);
	chain_add(&t->member_chains, &member_ops, t, slot);
	tree_insert(&crowd->order, &member->order, by_order);
	tree_insert(&crowd->kin, &member->kin, by_kin);
	crowd->count++;
	return member;
}

static void
part(struct rtm_table *t, struct rtm_crowd *crowd, uint32_t route)
{
	uint32_t slot = member_of(t, route);

	tree_remove(&crowd->order, &member_at(t, slot)->order);
	tree_remove(&crowd->kin, &member_at(t, slot)->kin);
	chain_remove(&t->member_chains, &member_ops, t, slot);
	slab_free(&t->members, slot);
	crowd->count--;
}

/* ---- crowds -------------------------------------------------------------------------- */

static void
count_crowd(struct rtm_dest *dest, const struct rtm_crowd *crowd)
{
	dest->count = (uint16_t)(crowd->count < UINT16_MAX ? crowd->count : UINT16_MAX);
}

static void
dissolve(struct rtm_table *t, uint32_t dest)
{
	struct rtm_dest_extra *extra = rtm_dest_extra_of(t, dest);
	struct tree_node *node;

	while ((node = extra->crowd->order.root) != NULL)
		part(t, extra->crowd, TREE_OF(node, struct rtm_member, order)->route);
	mem_free(extra->crowd);
	extra->crowd = NULL;
	rtm_dest_extra_tidy(t, dest);
}

/* Make a crowd of what there is; if that fails everything is as before. */
static void
gather(struct rtm_table *t, uint32_t dest)
{
	struct rtm_dest_extra *extra = rtm_dest_extra_get(t, dest);
	uint32_t r = rtm_dest_at(t, dest)->routes;

	if (extra == NULL)
		return;
	extra->crowd = mem_calloc(1, sizeof *extra->crowd);
	if (extra->crowd == NULL) {
		rtm_dest_extra_tidy(t, dest);
		return;
	}
	for (; r != 0; r = rtm_route_at(t, r)->next) {
		if (join(t, extra->crowd, r) == NULL) {
			dissolve(t, dest);
			return;
		}
	}
	count_crowd(rtm_dest_at(t, dest), extra->crowd);
}

bool
rtm_order_reserve(struct rtm_table *t, uint32_t dest)
{
	if (rtm_dest_at(t, dest)->count < CROWD_FROM)
		return true;
	if (crowd_of(t, dest) == NULL)
		gather(t, dest);
	return crowd_of(t, dest) == NULL || slab_reserve(&t->members);
}

/* ---- joining, leaving, looking ------------------------------------------------------- */

/* The last route that is not dearer than this cost, or 0. */
static uint32_t
walk_to(const struct rtm_table *t, const struct rtm_dest *dest, struct cost cost)
{
	uint32_t before = 0, next = dest->routes;

	while (next != 0 && compare_cost(cost_of(t, rtm_route_at(t, next)), cost) <= 0) {
		before = next;
		next = rtm_route_at(t, next)->next;
	}
	return before;
}

static uint32_t
place(struct rtm_table *t, struct rtm_crowd *crowd, uint32_t slot)
{
	const struct tree_node *before = tree_prev(&join(t, crowd, slot)->order);

	return before != NULL ? TREE_OF(before, struct rtm_member, order)->route : 0;
}

void
rtm_order_link(struct rtm_table *t, uint32_t slot)
{
	struct rtm_route *route = rtm_route_at(t, slot);
	struct rtm_dest *dest = rtm_dest_at(t, route->dest);
	struct rtm_crowd *crowd = dest->count >= CROWD_UNTIL ? crowd_of(t, route->dest) : NULL;
	uint32_t before =
	    crowd != NULL ? place(t, crowd, slot) : walk_to(t, dest, cost_of(t, route));
	uint32_t *link = before != 0 ? &rtm_route_at(t, before)->next : &dest->routes;

	route->prev = before;
	route->next = *link;
	*link = slot;
	if (route->next != 0)
		rtm_route_at(t, route->next)->prev = slot;
	if (crowd != NULL)
		count_crowd(dest, crowd);
	else if (dest->count < UINT16_MAX)
		dest->count++;
}

void
rtm_order_unlink(struct rtm_table *t, uint32_t slot)
{
	struct rtm_route *route = rtm_route_at(t, slot);
	struct rtm_dest *dest = rtm_dest_at(t, route->dest);
	struct rtm_crowd *crowd = dest->count >= CROWD_UNTIL ? crowd_of(t, route->dest) : NULL;

	if (route->prev != 0)
		rtm_route_at(t, route->prev)->next = route->next;
	else
		dest->routes = route->next;
	if (route->next != 0)
		rtm_route_at(t, route->next)->prev = route->prev;
	route->prev = route->next = 0;
	if (crowd == NULL) {
		dest->count--;
		return;
	}
	part(t, crowd, slot);
	count_crowd(dest, crowd);
	if (crowd->count < CROWD_UNTIL)
		dissolve(t, route->dest);
}

void
rtm_order_rekey(struct rtm_table *t, uint32_t slot)
{
	const struct rtm_route *route = rtm_route_at(t, slot);
	struct rtm_crowd *crowd = NULL;
	struct rtm_member *member;

	if (rtm_dest_at(t, route->dest)->count >= CROWD_UNTIL)
		crowd = crowd_of(t, route->dest);
	if (crowd == NULL)
		return;
	member = member_at(t, member_of(t, slot));
	tree_remove(&crowd->kin, &member->kin);
	learn(t, member);
	tree_insert(&crowd->kin, &member->kin, by_kin);
}

static bool
is_kin(const struct rtm_member *member, uint32_t owner, uint32_t neighbour)
{
	return member->owner == owner && member->neighbour == neighbour;
}

static uint32_t
equal_in_crowd(const struct rtm_crowd *crowd, uint32_t owner, uint32_t neighbour)
{
	struct rtm_member wanted = { .owner = owner, .neighbour = neighbour };
	struct tree_node *node = tree_lower(&crowd->kin, &wanted.kin, by_kin), *twin;
	struct rtm_member *member;

	if (node == NULL)
		return 0;
	member = TREE_OF(node, struct rtm_member, kin);
	if (!is_kin(member, owner, neighbour))
		return 0;
	twin = tree_next(node);
	if (twin == NULL || by_kin(node, twin) != 0)
		return member->route;
	/* Several at this cost: the first of them in the list. */
	node = tree_lower(&crowd->order, &member->order, by_order);
	while (!is_kin(TREE_OF(node, struct rtm_member, order), owner, neighbour))
		node = tree_next(node);
	return TREE_OF(node, struct rtm_member, order)->route;
}

static uint32_t
equal_in_list(const struct rtm_table *t, const struct rtm_dest *dest, uint32_t owner,
              uint32_t neighbour, bool any_neighbour)
{
	for (uint32_t r = rtm_dest_first(dest); r != 0;) {
		const struct rtm_route *route = rtm_route_at(t, r);
		const struct rtm_path *path = rtm_path_of(t, route);

		if (path->owner == owner && (any_neighbour || path->neighbour == neighbour))
			return r;
		r = route->next;
	}
	return 0;
}

uint32_t
rtm_route_equal(const struct rtm_table *t, uint32_t slot, uint32_t owner, uint32_t neighbour,
                bool any_neighbour)
{
	const struct rtm_dest *dest = rtm_dest_at(t, slot);
	const struct rtm_crowd *crowd = NULL;

	if (dest->count >= CROWD_UNTIL && !any_neighbour)
		crowd = crowd_of(t, slot);
	return crowd != NULL ? equal_in_crowd(crowd, owner, neighbour)
	                     : equal_in_list(t, dest, owner, neighbour, any_neighbour);
}
