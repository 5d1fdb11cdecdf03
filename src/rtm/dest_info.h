/*
 * The way of a search that finds something, and of its release, inline: a record of memory
 * takes so long to come that the processor could be at the next search meanwhile, if only
 * the instructions between two searches were few. It looks ahead some three hundred of
 * them (docs/index.md). What seldom happens is a call.
 *
 * Private to src/rtm, and to the files that are on that way: api_dest.c, dest.c, info.c.
 */
#ifndef DEST_INFO_H
#define DEST_INFO_H

#include "rtm_int.h"

/* ---- find ------------------------------------------------------------------------ */

static inline uint64_t
hint_hash(const struct rtm_table *t, const uint8_t *addr, unsigned len)
{
	const uint64_t mix = 0x9e3779b97f4a7c15u;
	uint64_t high = 0, low = 0;
	uint32_t word;

	if (t->addr_size == 4) {
		memcpy(&word, addr, sizeof word);
		return ((uint64_t)word << 6 | len) * mix;
	}
	memcpy(&high, addr, sizeof high);
	memcpy(&low, addr + 8, sizeof low);
	high = (high ^ len) * mix;
	return ((high ^ high >> 32) + low) * mix;
}

static inline bool
is_dest_of(const struct rtm_table *t, uint32_t slot, const struct rtm_key *key)
{
	const struct rtm_dest *dest = rtm_dest_at(t, slot);

	if ((dest->flags & DEST_IN_TABLE) == 0 || dest->len != key->len)
		return false;
	return t->addr_size == 4 ? memcmp(dest->addr, key->addr, 4) == 0
	                         : memcmp(dest->addr, key->addr, 16) == 0;
}

/* The same as rtm_dest_find(). */
static inline uint32_t
find_dest(struct rtm_table *t, const struct rtm_key *key)
{
	uint64_t hash = hint_hash(t, key->addr, key->len);
	uint32_t slot = hints_find(&t->hints, hash);

	if (slab_knows(&t->slab[RTM_KIND_DEST], slot)) {
		rtm_dest_prefetch(t, slot);
		if (is_dest_of(t, slot, key))
			return slot;
	}
	return rtm_dest_find_sure(t, key, hash);
}

/* ---- show ------------------------------------------------------------------------ */

static inline ULONG
rtm_protocol_of(const struct rtm_entity *ent, ULONG asked)
{
	return asked == RTM_THIS_PROTOCOL ? ent->info.EntityId.EntityProtocolId : asked;
}

static inline bool
rtm_is_of_protocol(const struct rtm_table *t, const struct rtm_path *path, ULONG protocol)
{
	return protocol == RTM_BEST_PROTOCOL ||
	       rtm_entity_at(t, path->owner)->info.EntityId.EntityProtocolId == protocol;
}

/* All but the views. */
static inline void
show_record(struct rtm_table *t, uint32_t slot, struct rtm_dest *dest, RTM_DEST_INFO *out)
{
	out->DestHandle = rtm_give_head(t, RTM_KIND_DEST, slot, &dest->head);
	rtm_key_show(t, dest->addr, dest->len, &out->DestAddress);
	out->LastChanged.dwLowDateTime = (DWORD)dest->changed;
	out->LastChanged.dwHighDateTime = (DWORD)(dest->changed >> 32);
}

/* The views of a destination with one route, as most are: all that see it see the same. */
static inline void
show_lone(struct rtm_table *t, struct rtm_route *route, uint32_t slot,
          const struct rtm_path *path, ULONG protocol, uint32_t shown, RTM_DEST_INFO *out)
{
	struct slot_head *owner = &rtm_entity_at(t, path->owner)->head;
	HANDLE route_handle = handle_make(t->seal[RTM_KIND_ROUTE], &route->head, slot);
	HANDLE owner_handle = handle_make(t->seal[RTM_KIND_ENTITY], owner, path->owner);
	uint32_t views = path->views, flags = path->flags;
	uint32_t fitting = rtm_is_of_protocol(t, path, protocol) ? views : 0;
	unsigned at = 0, given = 0;

	out->BelongsToViews = views;
	for (; shown != 0; shown &= shown - 1) {
		unsigned view = (unsigned)__builtin_ctz(shown);
		bool best = (fitting >> view & 1) != 0;

		out->ViewInfo[at].ViewId = (RTM_VIEW_ID)view;
		out->ViewInfo[at].NumRoutes = views >> view & 1;
		out->ViewInfo[at].Route = best ? route_handle : NULL;
		out->ViewInfo[at].Owner = best ? owner_handle : NULL;
		out->ViewInfo[at].DestFlags = best ? flags : 0;
		out->ViewInfo[at].HoldRoute = NULL;
		given += best;
		at++;
	}
	out->NumberOfViews = at;
	route->head.refs += given;
	owner->refs += given;
	t->client_refs += 2 * given;
}

/* What a search found, if some of `views' (0: any) sees it and this thread may read it now. */
static inline __attribute__((always_inline)) DWORD
show_found(struct rtm_entity *ent, struct rtm_table *t, uint32_t slot, ULONG protocol,
           uint32_t views, RTM_DEST_INFO *out)
{
	struct rtm_dest *dest = rtm_dest_at(t, slot);
	struct rtm_route *route;
	const struct rtm_path *path;

	if ((dest->flags & (DEST_LOCKED | DEST_HELD | DEST_IN_TABLE)) != DEST_IN_TABLE ||
	    dest->routes == 0)
		return rtm_dest_answer(ent, slot, protocol, views, out);
	route = rtm_route_at(t, dest->routes);
	path = rtm_path_of(t, route);
	if (route->next != 0 || (path->views & views) == 0)
		return rtm_dest_answer(ent, slot, protocol, views, out);
	show_record(t, slot, dest, out);
	show_lone(t, route, dest->routes, path, rtm_protocol_of(ent, protocol), views, out);
	return NO_ERROR;
}

/* ---- release --------------------------------------------------------------------- */

static inline __attribute__((always_inline)) bool
take_view(struct rtm_table *t, const RTM_DEST_INFO *info, UINT v)
{
	if (!rtm_take(t, RTM_KIND_ROUTE, info->ViewInfo[v].Route))
		return false;
	if (rtm_take(t, RTM_KIND_ENTITY, info->ViewInfo[v].Owner)) {
		if (rtm_take(t, RTM_KIND_ROUTE, info->ViewInfo[v].HoldRoute))
			return true;
		rtm_untake(t, RTM_KIND_ENTITY, info->ViewInfo[v].Owner);
	}
	rtm_untake(t, RTM_KIND_ROUTE, info->ViewInfo[v].Route);
	return false;
}

/* Take what the structure holds, or nothing of it; false: it holds none, or some is invalid. */
static inline __attribute__((always_inline)) bool
take_dest_info(struct rtm_table *t, const RTM_DEST_INFO *info)
{
	UINT v = 0;

	if (info->NumberOfViews > RTM_MAX_VIEWS || info->DestHandle == NULL)
		return false;
	while (v < info->NumberOfViews && take_view(t, info, v))
		v++;
	if (v == info->NumberOfViews && rtm_take(t, RTM_KIND_DEST, info->DestHandle))
		return true;
	rtm_dest_info_untake_views(t, info, v);
	return false;
}

/* The same as rtm_dest_info_release() of one. */
static inline DWORD
release_dest(struct rtm_table *t, const RTM_DEST_INFO *info)
{
	t->loose = false;
	if (!take_dest_info(t, info))
		return ERROR_INVALID_HANDLE;
	if (t->loose)
		rtm_dest_info_collect(t, info);
	return NO_ERROR;
}

#endif
