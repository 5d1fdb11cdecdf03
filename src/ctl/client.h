/*
 * A connection to rtmd's control socket: one request, one reply, and events of a
 * subscription between them. The connection is its opener's; one thread.
 */
#ifndef CTL_CLIENT_H
#define CTL_CLIENT_H

#include "ctl/proto.h"

struct ctl_client;

/**
 * Connect and greet.
 *
 * @return  NO_ERROR; ERROR_FILE_NOT_FOUND (no such socket), ERROR_ACCESS_DENIED,
 *          ERROR_NOT_READY (nobody listens), ERROR_REVISION_MISMATCH (a server of another
 *          version), ERROR_INVALID_DATA (not rtmd), ERROR_INVALID_NAME (path too long),
 *          ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD ctl_connect(const char *path, struct ctl_client **out);
void ctl_disconnect(struct ctl_client *client);

/**
 * Ask, and wait for the answer.
 *
 * @param request  may be NULL with its layout: an empty body.
 * @param body     set to the rest of the reply, valid until the next call; may be NULL.
 * @return         the code of the server; ERROR_NOT_READY where the connection is gone,
 *                 ERROR_INVALID_DATA for a reply that is none.
 */
DWORD ctl_ask(struct ctl_client *client, enum ctl_type type, const struct ctl_layout *layout,
              const void *request, struct ctl_reply *reply, struct ctl_in *body);

/**
 * Wait for the next event of a subscription.
 *
 * @param timeout_ms  -1: as long as it takes.
 * @return            NO_ERROR; ERROR_NO_DATA after the time; ERROR_NOT_READY: cut off.
 */
DWORD ctl_event_wait(struct ctl_client *client, int timeout_ms, uint32_t *number,
                     struct ctl_event *out);

/** The number of the last request: names a subscription. */
uint32_t ctl_last_number(const struct ctl_client *client);
int ctl_fd(const struct ctl_client *client);
const struct ctl_hello *ctl_server_hello(const struct ctl_client *client);

#endif
