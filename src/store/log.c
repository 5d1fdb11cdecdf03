/*
 * One chapter: how it was before.
 *
 * UNDO may come after the transaction is committed, so each write first notes the row it
 * replaces. A row in full is large, nearly all of it room for OIDs that are two
 * sub-identifiers long; notes are packed, as an import notes every row it brings.
 */
#include "store/store_int.h"

#include "base/alloc.h"

#include <string.h>

#define FIXED offsetof(struct store_row, policy)

_Static_assert(offsetof(struct store_row, info) > FIXED, "the OIDs come last in a row");

struct store_before {
	bool existed;
	uint16_t policy_len, info_len;
	unsigned char fixed[FIXED];
	uint32_t sub[];
};

DWORD
log_add(struct store_log *log, bool existed, const struct store_row *row)
{
	size_t policy = row->policy.len;
	size_t info = existed ? row->info.len : 0; /* otherwise only the key counts */
	struct store_before *b;

	if (log->n == log->cap) {
		size_t cap = log->cap != 0 ? 2 * log->cap : 16;
		void *grown = mem_realloc(log->item, cap, sizeof(*log->item));

		if (grown == NULL)
			return ERROR_NOT_ENOUGH_MEMORY;
		log->item = grown;
		log->cap = cap;
	}
	b = mem_calloc(1, sizeof(*b) + (policy + info) * sizeof(b->sub[0]));
	if (b == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	b->existed = existed;
	b->policy_len = (uint16_t)policy;
	b->info_len = (uint16_t)info;
	memcpy(b->fixed, row, FIXED);
	memcpy(b->sub, row->policy.sub, policy * sizeof(b->sub[0]));
	memcpy(b->sub + policy, row->info.sub, info * sizeof(b->sub[0]));
	log->item[log->n++] = b;
	return NO_ERROR;
}

/* Whether the row existed. */
bool
log_get(const struct store_log *log, size_t i, struct store_row *out)
{
	const struct store_before *b = log->item[i];

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
	while (log->n > 0)
		mem_free(log->item[--log->n]);
}

void
log_free(struct store_log *log)
{
	log_clear(log);
	mem_free(log->item);
	log->item = NULL;
	log->cap = 0;
}
