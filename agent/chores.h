/*
 * Work that takes longer than the loop can wait, and must not meet a SET half done: it goes
 * in slices, one piece of work after the other, and only while no SET is under way.
 *
 * Borrows the loop. A chore is its owner's and stays in the list until it is over. One
 * thread: that of the loop.
 */
#ifndef AGENT_CHORES_H
#define AGENT_CHORES_H

#include <stdbool.h>

#include "loop.h"

struct chores;

struct chore {
	struct chore *next;
	bool (*step)(void *arg); /* a few milliseconds of it. @return whether it is over */
	void *arg;
	bool queued;
};

/** @param busy  whether a SET is under way.   @return NULL: no memory. */
struct chores *chores_open(struct loop *loop, bool (*busy)(void *arg), void *arg);
void chores_close(struct chores *chores);

/** Begin soon. @return false: it waits for a SET or for other chores first. */
bool chores_add(struct chores *chores, struct chore *chore);
/** Take one out, wherever it stands. */
void chores_remove(struct chores *chores, struct chore *chore);
/** A SET is about to begin: a slice now, if there is anything to do. */
void chores_run(struct chores *chores);
/** A SET has ended, perhaps: a slice soon. */
void chores_wake(struct chores *chores);

#endif
