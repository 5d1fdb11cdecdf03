/*
 * Who may do what to a world, and when: a short lock around its data, and a turn that
 * makes changes come one after the other. The world embeds it.
 *
 * A change has to ask the forwarder with no lock held, since that may call back, and
 * must still be able to take everything back. So it keeps the turn for its whole length
 * and the lock only while it touches data; readers need the lock alone.
 */
#ifndef IPHLP_GATE_H
#define IPHLP_GATE_H

#include "base/lock.h"
#include "winerr.h"
#include "wintypes.h"

struct gate {
	struct lock lock;
	uintptr_t turn; /* thread that has it; 0: nobody */
};

static inline void
gate_init(struct gate *gate)
{
	lock_init(&gate->lock);
	gate->turn = 0;
}

static inline void
gate_destroy(struct gate *gate)
{
	lock_destroy(&gate->lock);
}

static inline void
gate_lock(struct gate *gate)
{
	lock_enter(&gate->lock);
}

static inline void
gate_unlock(struct gate *gate)
{
	lock_leave(&gate->lock);
}

/**
 * Wait for the turn. On success the lock is held too.
 * @return  NO_ERROR; ERROR_POSSIBLE_DEADLOCK for a port that tries to change the world
 *          whose change it was called for [OURS 5].
 */
static inline DWORD
gate_enter(struct gate *gate)
{
	uintptr_t self = lock_thread();

	lock_enter(&gate->lock);
	if (gate->turn == self) {
		lock_leave(&gate->lock);
		return ERROR_POSSIBLE_DEADLOCK;
	}
	while (gate->turn != 0)
		lock_wait(&gate->lock);
	gate->turn = self;
	return NO_ERROR;
}

/** Pass the turn on; the lock must be held and is given up. */
static inline void
gate_leave(struct gate *gate)
{
	gate->turn = 0;
	lock_wake(&gate->lock);
	lock_leave(&gate->lock);
}

#endif
