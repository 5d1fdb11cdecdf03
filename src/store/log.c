/*
 * One chapter: how it was before.
 *
 * UNDO may come after the transaction is committed, so each write first notes the row it
 * replaces. A row in full is large, nearly all of it room for OIDs that are two
 * sub-identifiers long; notes are packed, one behind the other in one block, as an import
 * notes every row it brings. What a PDU needs of the block is kept for the next one.
 */
#include "store/store_int.h"

#include "base/alloc.h"

#include <string.h>

#define FIXED offsetof(struct store_row, policy)
#define KEEP (64u << 10) /* octets that an empty log may hold */

_Static_assert(offsetof(struct store_row, info) > FIXED, "the OIDs come last in a row");

struct before {
	bool existed;
	uint16_t policy_len, info_len;
	unsigned char fixed[FIXED];
	uint32_t sub[];
};

/* Room for one note more, of so many octets. */
static struct before *
make_room(struct store_log *log, size_t octets)
{
	if (log->n == log->cap) {
		size_t cap = log->cap != 0 ? 2 * log->cap : 16;
		size_t *grown = mem_realloc(log->at, cap, sizeof(*log->at));

		if (grown == NULL)
			return NULL;
		log->at = grown;
		log->cap = cap;
	}
	if (log->size - log->used < octets) {
		size_t size = 2 * log->size + octets;
		char *grown = mem_realloc(log->notes, size, 1);

		if (grown == NULL)
			return NULL;
		log->notes = grown;
		log->size = size;
	}
	return (struct before *)(void *)(log->notes + log->used);
}

static size_t
aligned(size_t octets)
{
	const size_t unit = _Alignof(struct before);

	return (octets + unit - 1) / unit * unit;
}

DWORD
log_add(struct store_log *log, bool existed, const struct store_row *row)
{
	size_t policy = row->policy.len;
	size_t info = existed ? row->info.len : 0; /* otherwise only the key counts */
	size_t octets = aligned(sizeof(struct before) + (policy + info) * sizeof(uint32_t));
	struct before *b = make_room(log, octets);

	if (b == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	b->existed = existed;
	b->policy_len = (uint16_t)policy;
	b->info_len = (uint16_t)info;
	memcpy(b->fixed, row, FIXED);
	memcpy(b->sub, row->policy.sub, policy * sizeof(b->sub[0]));
	memcpy(b->sub + policy, row->info.sub, info * sizeof(b->sub[0]));
	log->at[log->n++] = log->used;
	log->used += octets;
	return NO_ERROR;
}

/* Whether the row existed. */
bool
log_get(const struct store_log *log, size_t i, struct store_row *out)
{
	const struct before *b = (const void *)(log->notes + log->at[i]);

	memcpy(out, b->fixed, FIXED);
	out->policy.len = b->policy_len;
	memcpy(out->policy.sub, b->sub, b->policy_len * sizeof(b->sub[0]));
	out->info.len = b->info_len;
	memcpy(out->info.sub, b->sub + b->policy_len, b->info_len * sizeof(b->sub[0]));
	return b->existed;
}

void
log_clear(struct store_log *log)
{
	if (log->size > KEEP)
		log_free(log);
	log->n = log->used = 0;
}

void
log_free(struct store_log *log)
{
	mem_free(log->at);
	mem_free(log->notes);
	*log = (struct store_log){ NULL };
}
