/*
 * One chapter: the daemon about itself, for people and for scripts. One fact a line; keys
 * stay what they are, new ones may come.
 */
#include "status.h"

#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "loop.h"
#include "rtmhost.h"

size_t
status_write(void *arg, char *buf, size_t size)
{
	const struct status *status = arg;
	struct rtm_counts counts;
	int n;

	rtm_counts_get(&counts);
	n = snprintf(buf, size,
	             "version=%s\npid=%ld\nuptime_s=%llu\nfib=%s\nrole=%s\ninstances=%zu\n"
	             "entities=%zu\ndests=%zu\nroutes=%zu\nnexthops=%zu\nhandles=%zu\nmemory_"
	             "blocks=%zu\n",
	             status->version, (long)getpid(),
	             (unsigned long long)((loop_now_ms() - status->started_ms) / 1000),
	             status->fib, status->role, status->instances, counts.entities,
	             counts.dests, counts.routes, counts.nexthops, counts.client_refs,
	             mem_alive());
	return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}
