/*
 * The table of a running rtmd, reached through its control socket: the doors of a far
 * world. Owned by whoever opened it; any thread may use the world.
 */
#ifndef HOST_REMOTE_H
#define HOST_REMOTE_H

#include "iphlp/iph.h"

struct remote;

/**
 * Nothing is connected yet: that happens with the first call, and again after the daemon
 * was restarted. A call that finds nobody to ask answers ERROR_NOT_READY.
 *
 * @param path  copied.   @return NO_ERROR or ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD remote_open(const char *path, struct remote **out);

/** For iph_open_far(); lives as long as the remote. */
const struct iph_far *remote_far(struct remote *remote);

/** Whom to tell of changes; before the first use of the world. */
void remote_world(struct remote *remote, struct iph *iph);

/** Stop telling; the world may be closed after this, and then the remote freed. */
void remote_stop(struct remote *remote);
void remote_free(struct remote *remote);

#endif
