/*
 * One chapter: who is told of which change.
 *
 * A registration has a queue of destinations, each in it at most once, in the order
 * of their first untold change. It is a list through an array with one entry, eight
 * bytes, per destination slot, so putting in, taking out of the middle and asking
 * whether something is in are all one access, and draining a million is a walk.
 *
 * The array's chunks are made together with the chunks of the destinations (and all
 * of them at registration), because a change must not fail for want of memory:
 * rtm_notify_reserve() is called before a destination slot is taken into use.
 *
 * A queued or marked destination is pinned. The call-back is due when a queue stops
 * being empty, and again only after it was drained.
 */
#include "rtm_int.h"

#include <string.h>

#include "base/alloc.h"

#define END UINT32_MAX

/* Windows that hold every destination there is, and the next one to come. */
static uint32_t
windows(const struct rtm_table *t)
{
	return (t->slab[RTM_KIND_DEST].fresh >> RTM_WINDOW_BITS) + 1;
}

static struct rtm_pending *
entry(const struct rtm_notify *reg, uint32_t dest)
{
	return &reg->pending[dest >> RTM_WINDOW_BITS][dest & RTM_WINDOW_MASK];
}

/* ---- memory -------------------------------------------------------------------------- */

static bool
reserve_one(struct rtm_notify *reg, const struct rtm_table *t)
{
	uint32_t want = windows(t);
	struct rtm_pending **grown;

	if (reg->chunks >= want)
		return true;
	grown = mem_realloc(reg->pending, want, sizeof *grown);
	if (grown == NULL)
		return false;
	reg->pending = grown;
	for (; reg->chunks < want; reg->chunks++) {
		grown[reg->chunks] = mem_calloc(RTM_WINDOW, sizeof **grown);
		if (grown[reg->chunks] == NULL)
			return false;
	}
	return true;
}

bool
rtm_notify_reserve(struct rtm_table *t)
{
	if (t->pending_chunks == windows(t))
		return true;
	for (unsigned i = 0; i < t->num_notifies; i++)
		if (!reserve_one(t->notifies[i], t))
			return false;
	t->pending_chunks = windows(t);
	return true;
}

static uint64_t *
mark_word(const struct rtm_notify *reg, uint32_t dest)
{
	uint32_t chunk = dest >> RTM_WINDOW_BITS;

	if (chunk >= reg->mark_chunks || reg->marks[chunk] == NULL)
		return NULL;
	return &reg->marks[chunk][(dest & RTM_WINDOW_MASK) / 64];
}

static bool
make_marks(struct rtm_notify *reg, uint32_t dest)
{
	uint32_t chunk = dest >> RTM_WINDOW_BITS;
	uint64_t **grown;

	if (chunk >= reg->mark_chunks) {
		grown = mem_realloc(reg->marks, chunk + 1, sizeof *grown);
		if (grown == NULL)
			return false;
		memset(grown + reg->mark_chunks, 0,
		       (chunk + 1 - reg->mark_chunks) * sizeof *grown);
		reg->marks = grown;
		reg->mark_chunks = chunk + 1;
	}
	if (reg->marks[chunk] == NULL)
		reg->marks[chunk] = mem_calloc(RTM_WINDOW / 64, sizeof(uint64_t));
	return reg->marks[chunk] != NULL;
}

/* ---- registration --------------------------------------------------------------------- */

static bool
make_room(struct rtm_table *t)
{
	struct rtm_notify **grown;

	if (t->num_notifies < t->room_notifies)
		return true;
	grown = mem_realloc(t->notifies, t->room_notifies + 8u, sizeof *grown);
	if (grown == NULL)
		return false;
	t->notifies = grown;
	t->room_notifies += 8;
	return true;
}

static void
free_memory(struct rtm_table *t, struct rtm_notify *reg)
{
	for (uint32_t i = 0; i < reg->chunks; i++)
		mem_free(reg->pending[i]);
	for (uint32_t i = 0; i < reg->mark_chunks; i++)
		mem_free(reg->marks[i]);
	mem_free(reg->pending);
	mem_free(reg->marks);
	slab_free(&t->slab[RTM_KIND_NOTIFY], reg->slot);
}

DWORD
rtm_notify_register(struct rtm_entity *ent, uint32_t views, uint32_t shown, uint32_t flags,
                    void *context, struct rtm_notify **out)
{
	struct rtm_table *t = ent->table;
	struct rtm_notify *reg;
	uint32_t slot;

	if (t->num_notifies >= t->limits.change_notifications)
		return ERROR_NO_SYSTEM_RESOURCES;
	if (!make_room(t) || !rtm_notify_reserve(t) ||
	    (slot = slab_alloc(&t->slab[RTM_KIND_NOTIFY])) == 0)
		return ERROR_NOT_ENOUGH_MEMORY;
	reg = slab_at(&t->slab[RTM_KIND_NOTIFY], slot);
	reg->slot = slot;
	if (!reserve_one(reg, t)) {
		free_memory(t, reg);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	reg->head.refs = 1;
	reg->entity = ent;
	reg->views = views;
	reg->shown = shown;
	reg->flags = flags;
	reg->context = context;
	reg->first = reg->last = END;
	list_insert(&ent->notifies, &reg->link);
	list_init(&reg->signal);
	t->notifies[t->num_notifies++] = reg;
	*out = reg;
	return NO_ERROR;
}

static void
drop_pending(struct rtm_table *t, struct rtm_notify *reg)
{
	while (reg->first != END) {
		uint32_t dest = reg->first;

		rtm_notify_remove(reg, dest);
		rtm_dest_unpin(t, dest);
	}
}

static void
drop_marks(struct rtm_table *t, struct rtm_notify *reg)
{
	uint32_t words = RTM_WINDOW / 64;

	for (uint32_t i = 0; i < reg->mark_chunks * words; i++) {
		uint64_t *chunk = reg->marks[i / words];
		uint64_t bits = chunk != NULL ? chunk[i % words] : 0;

		for (; bits != 0; bits &= bits - 1)
			rtm_dest_unpin(t, i * 64 + (uint32_t)__builtin_ctzll(bits));
	}
}

void
rtm_notify_deregister(struct rtm_table *t, struct rtm_notify *reg)
{
	unsigned i = 0;

	drop_pending(t, reg);
	drop_marks(t, reg);
	while (t->notifies[i] != reg)
		i++;
	t->num_notifies--;
	memmove(&t->notifies[i], &t->notifies[i + 1],
	        (t->num_notifies - i) * sizeof *t->notifies);
	list_remove(&reg->link);
	list_remove(&reg->signal);
	free_memory(t, reg);
}

/* ---- the queue ------------------------------------------------------------------------ */

bool
rtm_notify_pending(const struct rtm_notify *reg, uint32_t dest)
{
	return entry(reg, dest)->next != 0;
}

static void
append(struct rtm_table *t, struct rtm_notify *reg, uint32_t dest)
{
	struct rtm_pending *at = entry(reg, dest);

	if (at->next != 0)
		return;
	at->next = END;
	at->prev = reg->last;
	if (reg->last != END)
		entry(reg, reg->last)->next = dest;
	else
		reg->first = dest;
	reg->last = dest;
	reg->count++;
	rtm_dest_at(t, dest)->pins++;
	if (reg->told || reg->entity->callback == NULL)
		return;
	reg->told = true;
	list_insert(&reg->entity->signals, &reg->signal);
	rtm_ready(reg->entity);
}

bool
rtm_notify_remove(struct rtm_notify *reg, uint32_t dest)
{
	struct rtm_pending *at = entry(reg, dest);

	if (at->next == 0)
		return false;
	if (at->prev != END)
		entry(reg, at->prev)->next = at->next;
	else
		reg->first = at->next;
	if (at->next != END)
		entry(reg, at->next)->prev = at->prev;
	else
		reg->last = at->prev;
	at->next = at->prev = 0;
	if (--reg->count == 0) {
		reg->told = false;
		list_remove(&reg->signal);
	}
	return true;
}

static bool
concerns(const struct rtm_notify *reg, const struct rtm_change *change)
{
	uint32_t views = 0;

	if ((reg->flags & RTM_CHANGE_TYPE_ALL) != 0)
		views |= change->all;
	if ((reg->flags & RTM_CHANGE_TYPE_BEST) != 0)
		views |= change->best;
	if ((reg->flags & RTM_CHANGE_TYPE_FORWARDING) != 0)
		views |= change->forwarding;
	return (views & reg->views) != 0;
}

void
rtm_notify_change(struct rtm_table *t, uint32_t dest, const struct rtm_change *change)
{
	for (unsigned i = 0; i < t->num_notifies; i++) {
		struct rtm_notify *reg = t->notifies[i];

		if (!concerns(reg, change))
			continue;
		if ((reg->flags & RTM_NOTIFY_ONLY_MARKED_DESTS) == 0 ||
		    rtm_notify_marked(reg, dest))
			append(t, reg, dest);
	}
}

/* ---- marks ----------------------------------------------------------------------------- */

bool
rtm_notify_marked(const struct rtm_notify *reg, uint32_t dest)
{
	const uint64_t *word = mark_word(reg, dest);

	return word != NULL && (*word >> dest % 64 & 1) != 0;
}

DWORD
rtm_notify_mark(struct rtm_table *t, struct rtm_notify *reg, uint32_t dest, bool mark)
{
	if (rtm_notify_marked(reg, dest) == mark)
		return NO_ERROR;
	if (mark && !make_marks(reg, dest))
		return ERROR_NOT_ENOUGH_MEMORY;
	*mark_word(reg, dest) ^= (uint64_t)1 << dest % 64;
	if (mark)
		rtm_dest_at(t, dest)->pins++;
	else
		rtm_dest_unpin(t, dest);
	return NO_ERROR;
}
