/*
 * One chapter: calling back.
 *
 * Call-backs happen here and nowhere else: on the thread that calls rtm_turn(), one at
 * a time, with no lock held [RTM 1.11, K58]. An entity with something to hear is in its
 * table's `ready' list; what it hears is, in this order, who came and went, which of
 * its routes have expired, which of its change queues have stopped being empty.
 *
 * Comings and goings are in one list per table, each until the last listener has read
 * it; a listener only remembers the first it has not read. So nothing has to be
 * allocated when an entity leaves.
 *
 * While the lock is given up for a call-back anything may happen: the entity is pinned,
 * its table keeps its records (`guests'), and afterwards everything is looked at anew.
 * A deregistration from another thread waits for the call-back to end.
 *
 * An expired route or hold whose destination is locked stays in its queue until the
 * lock goes.
 */
#include "rtm_int.h"

#include <stdatomic.h>

/* A turn goes on with what its call-backs cause, but not for ever. */
enum { MAX_ROUNDS = 16, NOTHING = -1 };

static atomic_flag busy = ATOMIC_FLAG_INIT;
static _Atomic uintptr_t turn_thread;
static _Atomic int turn_event = NOTHING;

bool
rtm_turn_inside(RTM_EVENT_TYPE what)
{
	return atomic_load(&turn_event) == (int)what && rtm_turn_is_mine();
}

bool
rtm_turn_is_mine(void)
{
	return atomic_load(&turn_thread) == lock_thread();
}

void
rtm_ready(struct rtm_entity *ent)
{
	if (list_empty(&ent->ready))
		list_insert(&ent->table->ready, &ent->ready);
	ent->table->wake = true;
}

void
rtm_turn_retry(struct rtm_table *t)
{
	if (!list_empty(&t->ended))
		t->wake = true;
	LIST_EACH(it, &t->entities) {
		struct rtm_entity *ent = LIST_OF(it, struct rtm_entity, link);

		if (!list_empty(&ent->expired))
			rtm_ready(ent);
	}
}

/* ---- news ------------------------------------------------------------------------------ */

static void
forget(struct rtm_table *t, struct rtm_news *news)
{
	if (news->listeners != 0)
		return;
	list_remove(&news->link);
	rtm_entity_unpin(t, news->who);
}

static struct rtm_news *
news_after(const struct rtm_table *t, const struct rtm_news *news)
{
	return news->link.next != &t->news ? LIST_OF(news->link.next, struct rtm_news, link)
	                                   : NULL;
}

void
rtm_news_post(struct rtm_table *t, struct rtm_news *news)
{
	list_insert(&t->news, &news->link);
	news->who->pins++;
	LIST_EACH(it, &t->entities) {
		struct rtm_entity *ent = LIST_OF(it, struct rtm_entity, link);

		if (ent == news->who || ent->callback == NULL)
			continue;
		news->listeners++;
		if (ent->unread == NULL)
			ent->unread = news;
		rtm_ready(ent);
	}
	forget(t, news);
}

void
rtm_news_forget(struct rtm_entity *ent)
{
	struct rtm_news *news = ent->unread, *next;

	for (ent->unread = NULL; news != NULL; news = next) {
		next = news_after(ent->table, news);
		news->listeners--;
		forget(ent->table, news);
	}
}

/* ---- calling --------------------------------------------------------------------------- */

static DWORD
call(struct rtm_table *t, struct rtm_entity *ent, RTM_EVENT_TYPE what, PVOID one, PVOID two)
{
	RTM_ENTITY_HANDLE handle = rtm_name(t, RTM_KIND_ENTITY, ent->slot);
	RTM_EVENT_CALLBACK callback = ent->callback;
	DWORD status;

	ent->in_callback = true;
	atomic_store(&turn_event, (int)what);
	rtm_leave(t);
	status = callback(handle, what, one, two);
	rtm_enter_table(t);
	atomic_store(&turn_event, NOTHING);
	ent->in_callback = false;
	lock_wake(&t->lock);
	return status;
}

static void
drop_reference(struct rtm_table *t, enum rtm_kind kind, HANDLE handle)
{
	if (rtm_take(t, kind, handle))
		rtm_collect(t, kind, handle);
}

static void
tell_news(struct rtm_table *t, struct rtm_entity *ent)
{
	struct rtm_news *news = ent->unread;
	RTM_ENTITY_INFO info = news->who->info;
	HANDLE who = rtm_give(t, RTM_KIND_ENTITY, news->who->slot);
	RTM_EVENT_TYPE what = news->what;

	ent->unread = news_after(t, news);
	news->listeners--;
	forget(t, news);
	call(t, ent, what, who, &info);
	drop_reference(t, RTM_KIND_ENTITY, who);
}

/* ---- age ------------------------------------------------------------------------------- */

/* Delete an expired route, if it still is there, when nobody else has it locked. */
static void
delete_expired(struct rtm_table *t, HANDLE handle)
{
	for (;;) {
		const struct rtm_route *route = handle_find(&t->slab[RTM_KIND_ROUTE], handle);
		bool best;

		if (route == NULL || (route->flags & ROUTE_IN_TABLE) == 0)
			return;
		if (rtm_gate_dest(t, route->dest, true) == RTM_AGAIN)
			continue;
		rtm_route_delete(t, handle_slot(handle), true, &best);
		return;
	}
}

/* False: it has to wait. */
static bool
tell_expired(struct rtm_table *t, struct rtm_entity *ent, struct rtm_route_extra *extra)
{
	uint32_t slot = extra->route;
	RTM_ROUTE_INFO *info;
	HANDLE handle;

	if (rtm_gate_peek_dest(t, rtm_route_at(t, slot)->dest, true) != NO_ERROR)
		return false;
	if (ent->callback == NULL) {
		delete_expired(t, rtm_name(t, RTM_KIND_ROUTE, slot));
		return true;
	}
	info = rtm_shadow_get(t, slot);
	if (info == NULL) {
		rtm_ready(ent); /* no memory now: at the next turn */
		return false;
	}
	list_remove(&extra->expired);
	handle = rtm_give(t, RTM_KIND_ROUTE, slot);
	if (call(t, ent, RTM_ROUTE_EXPIRED, handle, info) == ERROR_NOT_SUPPORTED) {
		delete_expired(t, handle);
		drop_reference(t, RTM_KIND_ROUTE, handle);
	}
	return true;
}

static bool
tell_all_expired(struct rtm_table *t, struct rtm_entity *ent)
{
	struct list todo, *it;
	bool any = false;

	/* What comes meanwhile, and what has to wait, is for the next turn. */
	list_init(&todo);
	while (!list_empty(&ent->expired)) {
		it = ent->expired.next;
		list_remove(it);
		list_insert(&todo, it);
	}
	while (!list_empty(&todo)) {
		it = todo.next;
		if (ent->registered &&
		    tell_expired(t, ent, LIST_OF(it, struct rtm_route_extra, expired))) {
			any = true;
			continue;
		}
		list_remove(it);
		list_insert(&ent->expired, it);
	}
	return any;
}

/* ---- turns ----------------------------------------------------------------------------- */

static bool
turn_entity(struct rtm_table *t, struct rtm_entity *ent)
{
	bool any = false;

	ent->pins++;
	while (ent->registered && ent->unread != NULL) {
		tell_news(t, ent);
		any = true;
	}
	if (ent->registered)
		any |= tell_all_expired(t, ent);
	while (ent->registered && !list_empty(&ent->signals)) {
		struct rtm_notify *reg = LIST_OF(ent->signals.next, struct rtm_notify, signal);

		list_remove(&reg->signal);
		call(t, ent, RTM_CHANGE_NOTIFICATION, rtm_name(t, RTM_KIND_NOTIFY, reg->slot),
		     reg->context);
		any = true;
	}
	rtm_entity_unpin(t, ent);
	return any;
}

static bool
end_holds(struct rtm_table *t)
{
	bool any = false;

	LIST_EACH_SAFE(it, &t->ended) {
		struct rtm_dest_extra *extra = LIST_OF(it, struct rtm_dest_extra, expired);

		if (rtm_gate_peek_dest(t, extra->dest, true) != NO_ERROR)
			continue;
		list_remove(it);
		rtm_hold_end(t, extra->dest);
		any = true;
	}
	return any;
}

static unsigned
ready_now(struct rtm_table *t)
{
	unsigned count = 0;

	LIST_EACH(it, &t->ready)
		count++;
	return count;
}

static bool
turn_table(struct rtm_table *t)
{
	bool any;

	rtm_enter_table(t);
	t->guests++;
	any = end_holds(t);
	for (unsigned left = ready_now(t); left != 0 && !list_empty(&t->ready); left--) {
		struct list *it = t->ready.next;

		list_remove(it);
		any |= turn_entity(t, LIST_OF(it, struct rtm_entity, ready));
	}
	t->guests--;
	rtm_table_empty(t);
	rtm_leave(t);
	return any;
}

static bool
turn_all(void)
{
	struct rtm_table *t;
	bool any = false;

	for (unsigned id = 0; id < HANDLE_TABLES && (t = rtm_table_at(id)) != NULL; id++)
		any |= turn_table(t);
	return any;
}

bool
rtm_turn(void)
{
	bool any = false;

	if (atomic_flag_test_and_set(&busy))
		return false;
	atomic_store(&turn_thread, lock_thread());
	for (unsigned round = 0; round < MAX_ROUNDS && turn_all(); round++)
		any = true;
	atomic_store(&turn_thread, 0);
	atomic_flag_clear(&busy);
	return any;
}
