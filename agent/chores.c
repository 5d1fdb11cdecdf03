/*
 * One chapter: long work between SETs.
 *
 * A SET is tested, done and ended by three messages of the master, and in between the table
 * must be as it was tested, or what is undone would come back in another place. So whatever
 * changes many rows at once without being a SET stands in a queue here and gets its turn
 * while no SET is under way: from the timer, when a SET has ended, and just before one
 * begins, as otherwise managers who take turns without a pause would keep it waiting for
 * ever. A turn is a slice of SLICE_MS; then the loop looks at its descriptors, so that
 * readers are answered however much there is to do. The timer is due at once and still
 * fires after the descriptors that are ready, which a bell would not: one that is rung by what
 * it calls goes on for ever.
 *
 * One after the other, in the order they came. What must not see half of a chore, a SET for
 * instance, has to ask its owner.
 */
#include "chores.h"

#include "base/alloc.h"

#define SLICE_MS 10

struct chores {
	struct chore *first;
	struct loop_timer *timer;
	bool (*busy)(void *arg);
	void *arg;
	bool running;
};

static void
on_timer(void *arg)
{
	chores_run(arg);
}

struct chores *
chores_open(struct loop *loop, bool (*busy)(void *arg), void *arg)
{
	struct chores *chores = mem_calloc(1, sizeof *chores);

	if (chores == NULL)
		return NULL;
	*chores = (struct chores){ .busy = busy, .arg = arg };
	chores->timer = loop_timer_new(loop, on_timer, chores);
	if (chores->timer != NULL)
		return chores;
	mem_free(chores);
	return NULL;
}

void
chores_close(struct chores *chores)
{
	if (chores == NULL)
		return;
	loop_timer_free(chores->timer);
	mem_free(chores);
}

bool
chores_add(struct chores *chores, struct chore *chore)
{
	struct chore **at = &chores->first;

	while (*at != NULL)
		at = &(*at)->next;
	chore->next = NULL;
	chore->queued = true;
	*at = chore;
	loop_timer_in(chores->timer, 0);
	return chores->first == chore && !chores->busy(chores->arg);
}

void
chores_remove(struct chores *chores, struct chore *chore)
{
	struct chore **at = &chores->first;

	while (*at != NULL && *at != chore)
		at = &(*at)->next;
	if (*at == chore)
		*at = chore->next;
	chore->queued = false;
}

void
chores_wake(struct chores *chores)
{
	if (chores->first != NULL && !chores->busy(chores->arg))
		loop_timer_in(chores->timer, 0);
}

/* A step may call for another slice, by way of what it changes: once is enough. */
void
chores_run(struct chores *chores)
{
	uint64_t end = loop_now_ms() + SLICE_MS;

	if (chores->running)
		return;
	chores->running = true;
	while (chores->first != NULL && !chores->busy(chores->arg)) {
		struct chore *chore = chores->first;

		if (chore->step(chore->arg))
			chores_remove(chores, chore);
		if (loop_now_ms() >= end)
			break;
	}
	chores->running = false;
	chores_wake(chores);
}
