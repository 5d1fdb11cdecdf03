/*
 * Inside the MIB floor: what mib_sync.c last knew of a destination, in a slot of it.
 *
 * The slot is the core's, its contents the view's; 0 remembers nothing.
 */
#ifndef AGENT_MIB_SLOT_H
#define AGENT_MIB_SLOT_H

#include "mib_int.h"

/* A row of the destination at hand, for naming. */
struct mib_rank {
	const struct iph_route *route;
	struct mib_side *side;
	bool old; /* was there before */
};

/** What a slot counts for in each scalar. @param counts  MIB_COUNTS of them. */
void mib_slot_counts(uintptr_t slot, ADDRESS_FAMILY family, uint32_t *counts);
/** Whether a row was there, by its next hop and interface. */
bool mib_slot_has(const struct mib *mib, uintptr_t slot, const MIB_IPFORWARD_ROW2 *row);
/**
 * Remember the first `n` of mib->ranks, and tell how they differ from before.
 * @return  false: no memory, and the slot is as before.
 */
bool mib_slot_store(struct mib *mib, uintptr_t *slot, const IP_ADDRESS_PREFIX *prefix,
                    const uint32_t *counts, size_t n);
/** Correct its rows in ipForwardTable. @return false: they do not fit, remember all anew. */
bool mib_slot_forward(uintptr_t *slot, uint32_t rows);
/** Free what slots point to; the slots go with the core's destinations. */
void mib_slots_close(struct mib *mib);

#endif
