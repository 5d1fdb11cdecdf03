/* A row of the store and the same row on the control socket; both ends use this. */
#ifndef AGENT_STORED_H
#define AGENT_STORED_H

#include "ctl/proto.h"
#include "store/store.h"

void stored_to_ctl(const struct store_row *row, struct ctl_stored *out);
/** false: no row can have these values. */
bool stored_from_ctl(const struct ctl_stored *row, struct store_row *out);

#endif
