/*
 * One chapter: direct pointers into a table that has no such structures.
 *
 * A client may ask for a pointer to a route's RTM_ROUTE_INFO. Ours is a copy kept
 * beside the record from the first such request until the last handle of the route
 * is released, and rewritten whenever the route changes. What the owner writes
 * into it under an exclusive lock is a proposal: RtmUpdateAndUnlockRoute commits it,
 * any other end of the lock overwrites it [RTM K18].
 *
 * All of them are in a tree by address, so that one passed by mistake to a release
 * function is recognized [RTM K23].
 */
#include "rtm_int.h"

#include "base/alloc.h"

static int
by_address(const struct tree_node *a, const struct tree_node *b)
{
	return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

RTM_ROUTE_INFO *
rtm_shadow_get(struct rtm_table *t, uint32_t slot)
{
	struct rtm_route_extra *extra = rtm_route_extra_get(t, slot);

	if (extra == NULL)
		return NULL;
	if (extra->shadow == NULL) {
		extra->shadow =
		    mem_calloc(1, offsetof(struct rtm_shadow, info) +
		                      RTM_SIZE_OF_ROUTE_INFO(t->limits.max_nexthops_in_route));
		if (extra->shadow == NULL) {
			rtm_route_extra_tidy(t, slot);
			return NULL;
		}
		tree_insert(&t->shadows, &extra->shadow->node, by_address);
		rtm_shadow_refresh(t, slot);
	}
	return &extra->shadow->info;
}

void
rtm_shadow_refresh(struct rtm_table *t, uint32_t slot)
{
	struct rtm_route_extra *extra = rtm_route_extra_of(t, slot);

	if (extra != NULL && extra->shadow != NULL)
		rtm_route_show(t, slot, &extra->shadow->info);
}

void
rtm_shadow_drop(struct rtm_table *t, struct rtm_route_extra *extra)
{
	if (extra->shadow == NULL)
		return;
	tree_remove(&t->shadows, &extra->shadow->node);
	mem_free(extra->shadow);
	extra->shadow = NULL;
}

bool
rtm_shadow_is(const struct rtm_table *t, const RTM_ROUTE_INFO *info)
{
	const struct tree_node *key =
	    (const struct tree_node *)((uintptr_t)info - offsetof(struct rtm_shadow, info));

	return t->shadows.root != NULL && tree_lower(&t->shadows, key, by_address) == key;
}
