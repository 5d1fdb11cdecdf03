/*
 * One chapter: a forwarder without a kernel.
 *
 * What apply() installs is kept here, one record per destination, found through the
 * ordered index of the ground floor (one per address family, its value the number of
 * the record). The forwarder's own content, interfaces and preloaded routes, is not
 * kept at all: replay() tells it to whoever listens, straight from the configuration
 * and the files, so that a million preloaded routes exist once, in the core.
 *
 * A refusal leaves everything as it was. That is what "has happened, or was refused"
 * means, and why a record is complete before it replaces another.
 */
#include "fib/memory.h"

#include <string.h>

#include "base/addr.h"
#include "base/alloc.h"
#include "base/index.h"
#include "fib/preload.h"
#include "iftab/iftab.h"

struct record {
	RTM_NET_ADDRESS dest; /* AddressFamily 0: free */
	enum fib_kind kind;
	ULONG metric, protocol;
	USHORT nhops;
	struct fib_hop *hops;
	uint32_t next_free;
};

struct fib {
	const struct fib_memory_config *config;
	const struct fib_events *up;
	void *up_arg;
	struct index *v4, *v6; /* values are record numbers plus 1 */
	struct record *records;
	uint32_t nrecords, cap;
	uint32_t first_free; /* plus 1; 0: none */
};

static const struct fib_memory_config nothing;

static struct index *
index_of(const struct fib *fib, const RTM_NET_ADDRESS *dest)
{
	return dest->AddressFamily == AF_INET ? fib->v4 : fib->v6;
}

static DWORD
dest_check(const RTM_NET_ADDRESS *dest)
{
	unsigned bits = addr_bits_of(dest->AddressFamily);

	if (bits == 0 || dest->NumBits > bits ||
	    !bits_are_cut(dest->AddrBits, bits / 8, dest->NumBits))
		return ERROR_INVALID_PARAMETER;
	return NO_ERROR;
}

static DWORD
refusal_of(const struct fib *fib, enum fib_verb verb, const RTM_NET_ADDRESS *dest)
{
	for (size_t i = 0; i < fib->config->nrefusals; i++) {
		const struct fib_memory_refusal *r = &fib->config->refusals[i];

		if (r->verb == verb && memcmp(&r->dest, dest, sizeof *dest) == 0)
			return r->code;
	}
	return NO_ERROR;
}

static uint32_t
record_find(const struct fib *fib, const RTM_NET_ADDRESS *dest)
{
	return index_find(index_of(fib, dest), dest->AddrBits, dest->NumBits);
}

static bool
grow(struct fib *fib)
{
	uint32_t cap = fib->cap == 0 ? 16 : fib->cap * 2;
	struct record *grown = mem_realloc(fib->records, cap, sizeof *grown);

	if (grown == NULL)
		return false;
	fib->records = grown;
	fib->cap = cap;
	return true;
}

/* A free record, as its number plus 1; 0: no memory. It is not taken until used. */
static uint32_t
record_reserve(struct fib *fib)
{
	if (fib->first_free != 0)
		return fib->first_free;
	if (fib->nrecords == fib->cap && !grow(fib))
		return 0;
	fib->records[fib->nrecords] = (struct record){ 0 };
	fib->first_free = ++fib->nrecords;
	return fib->first_free;
}

static struct fib_hop *
hops_copy(const struct fib_route *route)
{
	struct fib_hop *hops = mem_calloc((size_t)route->nhops + 1, sizeof *hops);

	if (hops != NULL && route->nhops > 0)
		memcpy(hops, route->hops, route->nhops * sizeof *hops);
	return hops;
}

static DWORD
replace(struct fib *fib, const struct fib_route *route)
{
	uint32_t at = record_find(fib, &route->dest);
	struct fib_hop *hops = hops_copy(route);
	struct record *record;
	DWORD err;

	if (hops == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (at == 0) {
		at = record_reserve(fib);
		err = at == 0 ? ERROR_NOT_ENOUGH_MEMORY
		              : index_insert(index_of(fib, &route->dest), route->dest.AddrBits,
		                             route->dest.NumBits, at);
		if (err != NO_ERROR) {
			mem_free(hops);
			return err;
		}
		fib->first_free = fib->records[at - 1].next_free;
	}
	record = &fib->records[at - 1];
	mem_free(record->hops);
	*record = (struct record){ .dest = route->dest,
		                   .kind = route->kind,
		                   .metric = route->metric,
		                   .protocol = route->protocol,
		                   .nhops = route->nhops,
		                   .hops = hops };
	return NO_ERROR;
}

static DWORD
take_away(struct fib *fib, const RTM_NET_ADDRESS *dest)
{
	uint32_t at = index_remove(index_of(fib, dest), dest->AddrBits, dest->NumBits);

	if (at == 0)
		return NO_ERROR;
	mem_free(fib->records[at - 1].hops);
	fib->records[at - 1] = (struct record){ .next_free = fib->first_free };
	fib->first_free = at;
	return NO_ERROR;
}

/* A unicast route needs somewhere to send to, on an interface that is there. */
static DWORD
hops_check(const struct fib *fib, const struct fib_route *route)
{
	if (route->nhops > FIB_HOPS_MAX || (route->kind == FIB_UNICAST && route->nhops == 0))
		return ERROR_INVALID_PARAMETER;
	for (USHORT h = 0; h < route->nhops; h++) {
		size_t i = 0;

		while (i < fib->config->ninterfaces &&
		       fib->config->interfaces[i].index != route->hops[h].if_index)
			i++;
		if (i == fib->config->ninterfaces)
			return ERROR_NETWORK_UNREACHABLE;
	}
	return NO_ERROR;
}

static DWORD
memory_apply(struct fib *fib, enum fib_verb verb, const struct fib_route *route)
{
	DWORD err = dest_check(&route->dest);

	if (err == NO_ERROR && verb == FIB_REPLACE)
		err = hops_check(fib, route);
	if (err == NO_ERROR)
		err = refusal_of(fib, verb, &route->dest);
	if (err != NO_ERROR)
		return err;
	return verb == FIB_REPLACE ? replace(fib, route) : take_away(fib, &route->dest);
}

static void
memory_close(struct fib *fib)
{
	if (fib == NULL)
		return;
	for (uint32_t i = 0; i < fib->nrecords; i++)
		mem_free(fib->records[i].hops);
	mem_free(fib->records);
	index_free(fib->v4);
	index_free(fib->v6);
	mem_free(fib);
}

static DWORD
memory_open(const struct fib_events *up, void *up_arg, const void *config, struct fib **out)
{
	struct fib *fib = mem_calloc(1, sizeof *fib);

	if (fib == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	fib->config = config != NULL ? config : &nothing;
	fib->up = up;
	fib->up_arg = up_arg;
	fib->v4 = index_new(32);
	fib->v6 = index_new(128);
	if (fib->v4 == NULL || fib->v6 == NULL) {
		memory_close(fib);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	*out = fib;
	return NO_ERROR;
}

static void
tell_route(void *arg, const struct fib_route *route)
{
	struct fib *fib = arg;

	fib->up->route(fib->up_arg, route, false);
}

static DWORD
memory_replay(struct fib *fib)
{
	for (size_t i = 0; i < fib->config->ninterfaces; i++)
		fib->up->interface(fib->up_arg, &fib->config->interfaces[i], false);
	for (size_t i = 0; i < fib->config->npreloads; i++) {
		DWORD err =
		    preload_read(fib->config->preloads[i], fib->config, tell_route, fib);

		if (err != NO_ERROR)
			return err;
	}
	fib->up->replay_done(fib->up_arg);
	return NO_ERROR;
}

static int
memory_fd(const struct fib *fib)
{
	(void)fib;
	return -1;
}

static void
memory_readable(struct fib *fib)
{
	(void)fib;
}

bool
fib_memory_find(const struct fib *fib, const RTM_NET_ADDRESS *dest, struct fib_route *out)
{
	uint32_t at = dest_check(dest) == NO_ERROR ? record_find(fib, dest) : 0;
	const struct record *record;

	if (at == 0)
		return false;
	record = &fib->records[at - 1];
	*out = (struct fib_route){ .dest = record->dest,
		                   .kind = record->kind,
		                   .metric = record->metric,
		                   .protocol = record->protocol,
		                   .nhops = record->nhops,
		                   .hops = record->hops };
	return true;
}

size_t
fib_memory_count(const struct fib *fib)
{
	return index_count(fib->v4) + index_count(fib->v6);
}

const struct fib_ops fib_memory = {
	.name = "memory",
	.open = memory_open,
	.apply = memory_apply,
	.replay = memory_replay,
	.fd = memory_fd,
	.readable = memory_readable,
	.close = memory_close,
};
