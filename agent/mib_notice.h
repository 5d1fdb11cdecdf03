/*
 * Inside the MIB floor: how mib_sync.c and mib_ledger.c say what may be worth a
 * notification.
 */
#ifndef AGENT_MIB_NOTICE_H
#define AGENT_MIB_NOTICE_H

#include "mib_int.h"

/* Numbers below rtmObjects that are used here and in mib_rtm.c. */
enum { MIB_RTM_NOTIFY = 4, MIB_RTM_REFUSED = 6 };
enum { MIB_RTM_NOTIFY_SUPPRESSED = 4, MIB_RTM_NOTIFY_ROW = 5, MIB_RTM_NOTIFY_CONTEXT = 6 };

/** Whether anybody wants to hear of routes at all. */
bool mib_notice_wanted(const struct mib *mib);
/** A row came, went or changed; `row' needs its key only, one that went has no metric. */
void mib_notice_route(struct mib *mib, enum mib_notice_kind kind, const MIB_IPFORWARD_ROW2 *row,
                      const struct mib_key *name, const struct mib_seen *seen, int64_t metric);
/** A SET was refused, and is this row of rtmRefusedTable. */
void mib_notice_refused(struct mib *mib, uint32_t number);
/** A SET is over: what was held back may go. */
void mib_notice_ring(struct mib *mib);
void mib_notice_close(struct mib *mib);

#endif
