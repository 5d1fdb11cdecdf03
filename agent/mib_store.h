/*
 * What the MIB floor has the store remember, and how it comes back. The store is a port of
 * the view's configuration; without one nothing is remembered and everything succeeds.
 */
#ifndef AGENT_MIB_STORE_H
#define AGENT_MIB_STORE_H

#include "mib_tx.h"
#include "store/store.h"

/** Seconds since 1970; 0 where nobody knows. */
int64_t mib_unix_s(const struct mib *mib);

/**
 * The applied changes of a PDU as one durable transaction.
 * @param at  of a failure: the change at fault.   @return NO_ERROR or a code of store.h.
 */
DWORD mib_store_tx(struct mib_tx *tx, struct mib_op **at);
/** Compensate it; to be called before the changes are taken back. */
DWORD mib_store_undo(struct mib_tx *tx);

/** An entry that has been taken out of the view goes from the disk, too, soon; freed then. */
void mib_store_forget(struct mib *mib, struct mib_side *side);
/** Let what waits to be forgotten go now. @return the store's code; try later. */
DWORD mib_store_flush(struct mib *mib);
void mib_store_close(struct mib *mib);

/** The key on disk of the row with this name; `active': it is meant to be. */
void mib_store_key(const struct mib *mib, const struct mib_key *name, int64_t if_index,
                   bool active, struct store_row *out);
/** A row from outside as one that was written here: what its name or its interface tells. */
void mib_store_normal(const struct mib *mib, struct store_row *row);

/* mib_restore.c */
/** The name of a stored row; false: no row of ours can have it. */
bool mib_store_name(const struct store_row *row, struct mib_key *out);
/** Take a row in as at the start: what cannot be active is parked. @return a code of the store.
 */
DWORD mib_restore_row(struct mib *mib, const struct store_row *row,
                      struct mib_restored *counts);
/** Take a row in strictly: what cannot be as it was stored is refused. @return fault->code. */
DWORD mib_row_add(struct mib *mib, const struct store_row *row, const struct mib_key *name,
                  struct iph_fault *fault);

/* mib_park.c */
/** An entry for a row that is out of service until it can be active; NULL: no memory. */
struct mib_side *mib_parked_new(struct mib *mib, const struct mib_key *name,
                                const struct iph_route *route, const char *if_name);
/** Give its route to the core; the entry is freed then, and left as it was otherwise. */
DWORD mib_unpark(struct mib *mib, struct mib_side *side, struct iph_fault *fault);

#endif
