/*
 * What `rtmctl show status' tells about the daemon: lines of key=value.
 */
#ifndef AGENT_STATUS_H
#define AGENT_STATUS_H

#include <stddef.h>
#include <stdint.h>

struct status {
	const char *version, *fib;
	const char *role;    /* "agent" or "subagent" */
	size_t instances;    /* of the routing table manager */
	uint64_t started_ms; /* on the loop's clock */
};

/** Write the lines; the argument is a struct status. @return their length. */
size_t status_write(void *arg, char *buf, size_t size);

#endif
