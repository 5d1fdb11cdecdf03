/*
 * hosts.allow and hosts.deny in the direct role; see agx_hosts.c.
 */
#ifndef AGENT_AGX_HOSTS_H
#define AGENT_AGX_HOSTS_H

#include <stdint.h>

/** A change of the two files counts after so many milliseconds, at the latest. */
#define AGX_HOSTS_MS 1000
/** So long after its last change no tick of a file system's clock is the present one. */
#define AGX_HOSTS_SETTLED_S 2

/**
 * Find what the library asks about who may come in, and look at it; once, before the first
 * message. Where the library was built without libwrap nothing is found, and nothing done.
 *
 * @note The loop's thread only, both.
 */
void agx_hosts_open(void);

/** Before messages are read; does nothing within AGX_HOSTS_MS of the last time. */
void agx_hosts_look(uint64_t now_ms);

#endif
