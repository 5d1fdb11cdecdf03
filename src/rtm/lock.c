/*
 * One chapter: the locks that clients take.
 *
 * RtmLockRoute and RtmLockDestination lock a destination with its routes,
 * RtmLockNextHop a next hop: shared by many or exclusive to one [RTM 1.16]. They are
 * not locks of the thread library: a client keeps them between calls. Each is a list
 * of holders, (thread, entity, by which route, mode), hanging on what is locked, and
 * waiting is waiting for the table's condition and beginning the call anew, since
 * anything may have happened meanwhile: RTM_AGAIN.
 *
 * Every call that needs a destination passes its gate first. Whoever holds a lock
 * there in this same thread would wait for himself: ERROR_POSSIBLE_DEADLOCK.
 *
 * While an owner has a route locked exclusively, the references of the route are
 * lent to him: each handle in the structure counts once more as a client's, so his
 * own RtmReferenceHandles and RtmReleaseNextHops on what he puts in and takes out
 * come out even [RTM K18]. At the end of the lock whatever the structure then holds
 * is taken back.
 */
#include "rtm_int.h"

#include "base/alloc.h"

/* ---- gates ------------------------------------------------------------------------- */

static bool
is_held_by(const struct list *holders, uintptr_t thread)
{
	LIST_EACH(it, holders)
		if (LIST_OF(it, struct rtm_holder, link)->thread == thread)
			return true;
	return false;
}

static bool
is_exclusive(const struct list *holders)
{
	return LIST_OF(holders->next, struct rtm_holder, link)->exclusive;
}

/* RTM_AGAIN: another thread has to finish first. */
DWORD
rtm_gate_peek(const struct list *holders, bool write)
{
	if (is_held_by(holders, lock_thread()))
		return ERROR_POSSIBLE_DEADLOCK;
	return write || is_exclusive(holders) ? RTM_AGAIN : NO_ERROR;
}

DWORD
rtm_gate_peek_dest(const struct rtm_table *t, uint32_t dest, bool write)
{
	if ((rtm_dest_at(t, dest)->flags & DEST_LOCKED) == 0)
		return NO_ERROR;
	return rtm_gate_peek(&rtm_dest_extra_of(t, dest)->holders, write);
}

DWORD
rtm_gate_wait(struct rtm_table *t, DWORD verdict)
{
	if (verdict == RTM_AGAIN)
		lock_wait(&t->lock);
	return verdict;
}

/* ---- lending ------------------------------------------------------------------------- */

static void
lend(struct rtm_table *t, uint32_t route)
{
	const struct rtm_path *path = rtm_path_of(t, rtm_route_at(t, route));
	const uint32_t *hop = rtm_path_hops(path);

	rtm_give(t, RTM_KIND_NEXTHOP, path->neighbour);
	for (unsigned i = 0; i < path->hops; i++)
		rtm_give(t, RTM_KIND_NEXTHOP, hop[i]);
}

static void
take_back_one(struct rtm_table *t, HANDLE handle)
{
	if (rtm_take(t, RTM_KIND_NEXTHOP, handle))
		rtm_collect(t, RTM_KIND_NEXTHOP, handle);
}

static void
take_back(struct rtm_table *t, uint32_t route)
{
	struct rtm_route_extra *extra = rtm_route_extra_of(t, route);
	RTM_ROUTE_INFO *info = &extra->shadow->info;
	unsigned hops = info->NextHopsList.NumNextHops;

	if (hops > t->limits.max_nexthops_in_route)
		hops = t->limits.max_nexthops_in_route;
	take_back_one(t, info->Neighbour);
	for (unsigned i = 0; i < hops; i++)
		take_back_one(t, info->NextHopsList.NextHops[i]);
}

/* ---- locking ------------------------------------------------------------------------- */

/* Whether a request has to be refused or has to wait. */
static DWORD
admit(struct rtm_table *t, const struct list *holders, bool exclusive)
{
	if (list_empty(holders))
		return NO_ERROR;
	if (!exclusive && !is_exclusive(holders))
		return NO_ERROR;
	if (is_held_by(holders, lock_thread()))
		return ERROR_POSSIBLE_DEADLOCK;
	lock_wait(&t->lock);
	return RTM_AGAIN;
}

static struct rtm_holder *
hold(struct rtm_entity *ent, struct list *holders, bool exclusive)
{
	struct rtm_holder *holder = mem_calloc(1, sizeof *holder);

	if (holder == NULL)
		return NULL;
	holder->thread = lock_thread();
	holder->entity = ent;
	holder->exclusive = exclusive;
	holder->depth = 1;
	list_insert(holders, &holder->link);
	list_insert(&ent->locks, &holder->entity_link);
	return holder;
}

static DWORD
hold_dest(struct rtm_entity *ent, struct rtm_dest_extra *extra, uint32_t dest, uint32_t route,
          bool exclusive)
{
	struct rtm_table *t = ent->table;
	struct rtm_holder *holder;

	if (route != 0 && rtm_shadow_get(t, route) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	holder = hold(ent, &extra->holders, exclusive);
	if (holder == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	holder->dest = dest;
	holder->route = route;
	rtm_dest_at(t, dest)->flags |= DEST_LOCKED;
	rtm_dest_at(t, dest)->pins++;
	holder->lent = route != 0 && exclusive;
	if (holder->lent)
		lend(t, route);
	return NO_ERROR;
}

DWORD
rtm_lock_dest(struct rtm_entity *ent, uint32_t dest, uint32_t route, bool exclusive)
{
	struct rtm_table *t = ent->table;
	struct rtm_dest_extra *extra = rtm_dest_extra_get(t, dest);
	struct rtm_holder *mine;
	DWORD err;

	if (extra == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	err = admit(t, &extra->holders, exclusive);
	if (err == RTM_AGAIN)
		return err; /* the destination may be gone by now */
	if (err == NO_ERROR) {
		mine = rtm_lock_of_dest(ent, dest, route);
		if (mine != NULL)
			mine->depth++;
		else
			err = hold_dest(ent, extra, dest, route, exclusive);
	}
	rtm_dest_extra_tidy(t, dest);
	return err;
}

DWORD
rtm_lock_nexthop(struct rtm_entity *ent, struct rtm_nexthop *nh, bool exclusive)
{
	struct rtm_holder *holder;
	DWORD err = admit(ent->table, &nh->holders, exclusive);

	if (err != NO_ERROR)
		return err;
	holder = rtm_lock_of_nexthop(ent, nh);
	if (holder != NULL) {
		holder->depth++;
		return NO_ERROR;
	}
	holder = hold(ent, &nh->holders, exclusive);
	if (holder == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	holder->nexthop = nh;
	nh->pins++;
	return NO_ERROR;
}

/* ---- finding and ending ---------------------------------------------------------------- */

struct rtm_holder *
rtm_lock_of_dest(const struct rtm_entity *ent, uint32_t dest, uint32_t route)
{
	uintptr_t me = lock_thread();

	LIST_EACH(it, &ent->locks) {
		struct rtm_holder *holder = LIST_OF(it, struct rtm_holder, entity_link);

		if (holder->nexthop == NULL && holder->thread == me && holder->dest == dest &&
		    holder->route == route)
			return holder;
	}
	return NULL;
}

struct rtm_holder *
rtm_lock_of_nexthop(const struct rtm_entity *ent, const struct rtm_nexthop *nh)
{
	uintptr_t me = lock_thread();

	LIST_EACH(it, &ent->locks) {
		struct rtm_holder *holder = LIST_OF(it, struct rtm_holder, entity_link);

		if (holder->nexthop == nh && holder->thread == me)
			return holder;
	}
	return NULL;
}

bool
rtm_route_is_locked(const struct rtm_table *t, uint32_t slot)
{
	const struct rtm_dest_extra *extra = rtm_dest_extra_of(t, rtm_route_at(t, slot)->dest);

	if (extra == NULL)
		return false;
	LIST_EACH(it, &extra->holders)
		if (LIST_OF(it, struct rtm_holder, link)->route == slot)
			return true;
	return false;
}

DWORD
rtm_unlock_check(const struct rtm_holder *holder, bool exclusive)
{
	if (holder == NULL)
		return ERROR_NOT_LOCKED;
	return holder->exclusive == exclusive ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

static void
leave_dest(struct rtm_table *t, uint32_t dest)
{
	struct rtm_dest_extra *extra = rtm_dest_extra_of(t, dest);

	if (list_empty(&extra->holders)) {
		rtm_dest_at(t, dest)->flags &= (uint8_t)~DEST_LOCKED;
		rtm_turn_retry(t);
	}
	rtm_dest_extra_tidy(t, dest);
	rtm_dest_unpin(t, dest);
}

void
rtm_lock_take_back(struct rtm_table *t, struct rtm_holder *holder)
{
	if (holder->lent)
		take_back(t, holder->route);
	holder->lent = false;
	rtm_shadow_refresh(t, holder->route);
}

void
rtm_unlock(struct rtm_table *t, struct rtm_holder *holder)
{
	if (--holder->depth != 0)
		return;
	list_remove(&holder->link);
	list_remove(&holder->entity_link);
	if (holder->route != 0) {
		rtm_lock_take_back(t, holder);
		rtm_route_collect(t, holder->route);
	}
	if (holder->nexthop != NULL) {
		rtm_nexthop_refresh(t, holder->nexthop);
		rtm_nexthop_unpin(t, holder->nexthop->slot);
	} else {
		leave_dest(t, holder->dest);
	}
	mem_free(holder);
	lock_wake(&t->lock);
}

void
rtm_unlock_all(struct rtm_entity *ent)
{
	LIST_EACH_SAFE(it, &ent->locks) {
		struct rtm_holder *holder = LIST_OF(it, struct rtm_holder, entity_link);

		holder->depth = 1;
		rtm_unlock(ent->table, holder);
	}
}
