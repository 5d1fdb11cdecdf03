/*
 * The follower: keeps a forwarder equal to the best routes of the core's unicast view,
 * except where the best route came from the forwarder itself. An ordinary RTM client.
 * Backend and importer are borrowed. One thread, the loop's.
 */
#ifndef FIB_FOLLOW_H
#define FIB_FOLLOW_H

#include "fib/fib.h"

struct import;
struct follow;

/**
 * Begin to follow. What the core has already and the importer does not own is installed.
 * @param imp  may be NULL.   @return NO_ERROR, or a code of RtmRegisterEntity.
 */
DWORD follow_open(USHORT instance, const struct fib_ops *ops, struct fib *fib,
                  const struct import *imp, struct follow **out);
/** Stop following; the forwarder keeps what it has. NULL is fine. */
void follow_close(struct follow *follow);

/**
 * Make the forwarder agree with one destination now, not at the next turn.
 * @return  NO_ERROR; what the forwarder refused with, and then it is as before.
 */
DWORD follow_commit(struct follow *follow, const RTM_NET_ADDRESS *dest);

/**
 * Whether the forwarder has, for a destination, this next hop (its gateway and interface), or
 * drops packets in this way, as the table says; false also after it refused that.
 */
bool follow_forwards(struct follow *follow, const RTM_NET_ADDRESS *dest, enum fib_kind kind,
                     const struct fib_hop *hop);

#endif
