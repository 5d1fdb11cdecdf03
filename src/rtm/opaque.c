/*
 * One chapter: one pointer per destination and entity that asked for it.
 *
 * A reserved slot is a column: chunks of pointers beside the chunks of destinations,
 * made when the first slot in them is asked for. So a slot costs eight bytes per
 * destination where it is used and nothing elsewhere, its address never changes, and
 * the destination's record knows nothing of it. A pointer that is not NULL keeps the
 * destination's record alive [RTM K55].
 */
#include "rtm_int.h"

#include <string.h>

#include "base/alloc.h"

int
rtm_opaque_reserve(struct rtm_table *t)
{
	for (UINT i = 0; i < t->limits.opaque_slots; i++) {
		if (t->opaques[i].used)
			continue;
		t->opaques[i].used = true;
		return (int)i;
	}
	return -1;
}

static void
free_column(struct rtm_opaque *column)
{
	for (uint32_t i = 0; i < column->chunks; i++)
		mem_free(column->chunk[i]);
	mem_free(column->chunk);
	memset(column, 0, sizeof *column);
}

/* Destinations that only this column kept alive go with it. */
static void
collect_dests(struct rtm_table *t, const struct rtm_opaque *old)
{
	const struct slab *slab = &t->slab[RTM_KIND_DEST];

	for (uint32_t slot = 1; slot < slab->fresh; slot++) {
		uint32_t chunk = slot >> RTM_WINDOW_BITS;

		if (chunk >= old->chunks || old->chunk[chunk] == NULL) {
			slot |= RTM_WINDOW_MASK;
			continue;
		}
		if (old->chunk[chunk][slot & RTM_WINDOW_MASK] != NULL &&
		    (rtm_dest_at(t, slot)->head.gen & SLOT_LIVE) != 0)
			rtm_dest_collect(t, slot);
	}
}

void
rtm_opaque_release(struct rtm_table *t, int column)
{
	struct rtm_opaque old;

	if (column < 0)
		return;
	old = t->opaques[column];
	memset(&t->opaques[column], 0, sizeof old);
	collect_dests(t, &old);
	free_column(&old);
}

static bool
reach(struct rtm_opaque *column, uint32_t chunk)
{
	void ***grown;

	if (chunk < column->chunks)
		return true;
	grown = mem_realloc(column->chunk, chunk + 1, sizeof *grown);
	if (grown == NULL)
		return false;
	memset(grown + column->chunks, 0, (chunk + 1 - column->chunks) * sizeof *grown);
	column->chunk = grown;
	column->chunks = chunk + 1;
	return true;
}

void **
rtm_opaque_slot(struct rtm_table *t, int column, uint32_t dest)
{
	struct rtm_opaque *at = &t->opaques[column];
	uint32_t chunk = dest >> RTM_WINDOW_BITS;

	if (!reach(at, chunk))
		return NULL;
	if (at->chunk[chunk] == NULL)
		at->chunk[chunk] = mem_calloc(RTM_WINDOW, sizeof(void *));
	return at->chunk[chunk] != NULL ? &at->chunk[chunk][dest & RTM_WINDOW_MASK] : NULL;
}

bool
rtm_opaque_any(const struct rtm_table *t, uint32_t dest)
{
	uint32_t chunk = dest >> RTM_WINDOW_BITS;

	for (UINT i = 0; i < t->limits.opaque_slots; i++) {
		const struct rtm_opaque *column = &t->opaques[i];

		if (column->used && chunk < column->chunks && column->chunk[chunk] != NULL &&
		    column->chunk[chunk][dest & RTM_WINDOW_MASK] != NULL)
			return true;
	}
	return false;
}

void
rtm_opaque_free(struct rtm_table *t)
{
	for (UINT i = 0; i < t->limits.opaque_slots; i++)
		free_column(&t->opaques[i]);
}
