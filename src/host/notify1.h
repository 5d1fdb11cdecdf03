/*
 * NotifyRouteChange and CancelIPChangeNotify: requests that are over with the first change.
 * A request belongs to this module until then; its OVERLAPPED is the program's.
 */
#ifndef HOST_NOTIFY1_H
#define HOST_NOTIFY1_H

#include <stdbool.h>

/** The table is gone: every request that waits is over, as cancelled. */
void notify1_close(void);

/** Whether the caller runs in a call-back, which must not wait for another; in open.c. */
bool host_is_delivering(void);

#endif
