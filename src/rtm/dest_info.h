/*
 * A search that finds something, and its release, without a call.
 *
 * A record takes so long to come from memory that the processor could be at the next search
 * meanwhile, if only the instructions between two searches were few: it looks ahead some
 * three hundred of them (docs/index.md). So what is simple is done at once, inline: one
 * thread, one view, one route, nobody has locked or holds anything. All else goes the long
 * way, which every call knows, from the beginning.
 *
 * Private to src/rtm, and to the files on that way: api_dest.c, dest.c, info.c.
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

/* ---- show ------------------------------------------------------------------------ */

/* All but the views. */
static inline void
show_record(struct rtm_table *t, uint32_t slot, struct rtm_dest *dest, RTM_DEST_INFO *out)
{
	out->DestHandle = rtm_give_head(t, RTM_KIND_DEST, slot, &dest->head);
	rtm_key_show(t, dest->addr, dest->len, &out->DestAddress);
	out->LastChanged.dwLowDateTime = (DWORD)dest->changed;
	out->LastChanged.dwHighDateTime = (DWORD)(dest->changed >> 32);
}

/* What one view sees of a destination. */
struct view_seen {
	unsigned view, routes;
	uint32_t best; /* the first that fits the protocol, or 0 */
	struct rtm_route *route;
	const struct rtm_path *path;
};

/* One slot of the record. */
static inline void
show_view(struct rtm_table *t, const struct view_seen *seen, RTM_DEST_INFO *out, unsigned at)
{
	out->ViewInfo[at].ViewId = (RTM_VIEW_ID)seen->view;
	out->ViewInfo[at].NumRoutes = seen->routes;
	out->ViewInfo[at].HoldRoute = NULL;
	if (seen->best == 0) {
		out->ViewInfo[at].Route = NULL;
		out->ViewInfo[at].Owner = NULL;
		out->ViewInfo[at].DestFlags = 0;
		return;
	}
	out->ViewInfo[at].DestFlags = seen->path->flags;
	out->ViewInfo[at].Owner = rtm_give(t, RTM_KIND_ENTITY, seen->path->owner);
	out->ViewInfo[at].Route =
	    rtm_give_head(t, RTM_KIND_ROUTE, seen->best, &seen->route->head);
}

/* ---- at once ---------------------------------------------------------------------- */

/*
 * The table of a registration where there is nothing to wait for: one thread, and the entity
 * is the one that called last. NULL: it is not that simple.
 */
static inline struct rtm_table *
enter_at_once(RTM_ENTITY_HANDLE handle)
{
	struct rtm_table *t = rtm_table_at(handle_table(handle));

	return t != NULL && lock_is_alone() && handle == t->last_handle ? t : NULL;
}

/* The only route of a destination that is neither locked nor held; NULL: it is not that simple.
 */
static inline struct rtm_route *
lone_route(const struct rtm_table *t, const struct rtm_dest *dest)
{
	struct rtm_route *route;

	if ((dest->flags & (DEST_LOCKED | DEST_HELD | DEST_IN_TABLE)) != DEST_IN_TABLE ||
	    dest->routes == 0)
		return NULL;
	route = rtm_route_at(t, dest->routes);
	return route->next == 0 ? route : NULL;
}

/* What a search in one view found, if that sees the only route there is; else RTM_AGAIN. */
static inline __attribute__((always_inline)) DWORD
show_at_once(struct rtm_table *t, uint32_t slot, ULONG protocol, RTM_VIEW_SET view,
             RTM_DEST_INFO *out)
{
	struct rtm_dest *dest = rtm_dest_at(t, slot);
	struct rtm_route *route = lone_route(t, dest);
	struct view_seen seen = { .routes = 1, .route = route };

	if (route == NULL || (view & (view - 1)) != 0 || protocol != RTM_BEST_PROTOCOL)
		return RTM_AGAIN;
	seen.path = rtm_path_of(t, route);
	if ((seen.path->views & view) == 0)
		return RTM_AGAIN;
	seen.view = (unsigned)__builtin_ctz(view);
	seen.best = dest->routes;
	show_record(t, slot, dest, out);
	out->BelongsToViews = seen.path->views;
	out->NumberOfViews = 1;
	show_view(t, &seen, out, 0);
	return NO_ERROR;
}

/*
 * An exact match without a call. RTM_AGAIN: it is not that simple, nothing has been done,
 * and the long way will tell.
 */
static inline DWORD
exact_at_once(RTM_ENTITY_HANDLE handle, const RTM_NET_ADDRESS *addr, ULONG protocol,
              RTM_VIEW_SET view, RTM_DEST_INFO *out)
{
	struct rtm_table *t = enter_at_once(handle);
	struct rtm_key key;
	uint32_t slot;

	if (t == NULL || addr == NULL || !rtm_key_of(t, addr, &key))
		return RTM_AGAIN;
	slot = hints_find(&t->hints, hint_hash(t, key.addr, key.len));
	if (!slab_knows(&t->slab[RTM_KIND_DEST], slot))
		return RTM_AGAIN;
	rtm_dest_prefetch(t, slot);
	if (out == NULL || (view & ~t->limits.views) != 0 || !is_dest_of(t, slot, &key))
		return RTM_AGAIN;
	return show_at_once(t, slot, protocol, view, out);
}

/* The same for the longest match, which also knows at once that there is none. */
static inline DWORD
longest_at_once(RTM_ENTITY_HANDLE handle, const RTM_NET_ADDRESS *addr, ULONG protocol,
                RTM_VIEW_SET view, RTM_DEST_INFO *out)
{
	struct rtm_table *t = enter_at_once(handle);
	struct rtm_key key;
	uint32_t slot;

	if (t == NULL || addr == NULL || out == NULL || (view & ~t->limits.views) != 0 ||
	    !rtm_key_of(t, addr, &key))
		return RTM_AGAIN;
	slot = rtm_dest_match(t, key.addr, key.len, view);
	return slot != 0 ? show_at_once(t, slot, protocol, view, out) : ERROR_NOT_FOUND;
}

/* A release of one view, of records that stay. */
static inline DWORD
release_at_once(RTM_ENTITY_HANDLE handle, const RTM_DEST_INFO *info)
{
	struct rtm_table *t = enter_at_once(handle);
	struct slot_head *dest, *route, *owner;

	if (t == NULL || info == NULL || info->NumberOfViews != 1 ||
	    info->ViewInfo[0].HoldRoute != NULL)
		return RTM_AGAIN;
	dest = rtm_find(t, RTM_KIND_DEST, info->DestHandle);
	route = rtm_find(t, RTM_KIND_ROUTE, info->ViewInfo[0].Route);
	owner = rtm_find(t, RTM_KIND_ENTITY, info->ViewInfo[0].Owner);
	if (dest == NULL || route == NULL || owner == NULL ||
	    !rtm_is_kept(RTM_KIND_DEST, dest) || !rtm_is_kept(RTM_KIND_ROUTE, route) ||
	    !rtm_is_kept(RTM_KIND_ENTITY, owner))
		return RTM_AGAIN;
	dest->refs--;
	route->refs--;
	owner->refs--;
	t->client_refs -= 3;
	return NO_ERROR;
}

#endif
