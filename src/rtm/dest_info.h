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
has_key(const struct rtm_table *t, const struct rtm_dest *dest, const struct rtm_key *key)
{
	if (dest->len != key->len)
		return false;
	return t->addr_size == 4 ? memcmp(dest->addr, key->addr, 4) == 0
	                         : memcmp(dest->addr, key->addr, 16) == 0;
}

static inline bool
is_dest_of(const struct rtm_table *t, uint32_t slot, const struct rtm_key *key)
{
	const struct rtm_dest *dest = rtm_dest_at(t, slot);

	return (dest->flags & DEST_IN_TABLE) != 0 && has_key(t, dest, key);
}

/* ---- show ------------------------------------------------------------------------ */

/* All but the views and the handle. */
static inline void
show_record(const struct rtm_table *t, const struct rtm_dest *dest, RTM_DEST_INFO *out)
{
	rtm_key_show(t, dest->addr, dest->len, &out->DestAddress);
	out->LastChanged.dwLowDateTime = (DWORD)dest->changed;
	out->LastChanged.dwHighDateTime = (DWORD)(dest->changed >> 32);
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

/* Whether the question is a simple one: of one view that there is, and any protocol. */
static inline bool
is_simple(const struct rtm_table *t, ULONG protocol, RTM_VIEW_SET view)
{
	return protocol == RTM_BEST_PROTOCOL && (view & (view - 1)) == 0 &&
	       (view & ~t->limits.views) == 0;
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

/* The answer to a simple question, if the view sees that route; else RTM_AGAIN. */
static inline __attribute__((always_inline)) DWORD
show_at_once(struct rtm_table *t, uint32_t slot, struct rtm_dest *dest, struct rtm_route *route,
             RTM_VIEW_SET view, RTM_DEST_INFO *out)
{
	const struct rtm_path *path = rtm_path_of(t, route);
	struct rtm_entity *owner = t->last_entity;
	HANDLE owner_handle = t->last_handle;

	if ((path->views & view) == 0)
		return RTM_AGAIN;
	if (path->owner != owner->slot) { /* not who asks, which would be at hand */
		owner = rtm_entity_at(t, path->owner);
		owner_handle = handle_make(t->seal[RTM_KIND_ENTITY], &owner->head, path->owner);
	}
	show_record(t, dest, out);
	out->BelongsToViews = path->views;
	out->NumberOfViews = 1;
	out->ViewInfo[0].ViewId = (RTM_VIEW_ID)__builtin_ctz(view);
	out->ViewInfo[0].NumRoutes = 1;
	out->ViewInfo[0].DestFlags = path->flags;
	out->ViewInfo[0].HoldRoute = NULL;
	out->ViewInfo[0].Owner = owner_handle;
	out->ViewInfo[0].Route =
	    handle_make(t->seal[RTM_KIND_ROUTE], &route->head, dest->routes);
	out->DestHandle = handle_make(t->seal[RTM_KIND_DEST], &dest->head, slot);
	owner->head.refs++;
	route->head.refs++;
	dest->head.refs++;
	t->client_refs += 3;
	return NO_ERROR;
}

/* What the record is not needed for comes before it is touched. */
static inline __attribute__((always_inline)) DWORD
exact_in(struct rtm_table *t, const RTM_NET_ADDRESS *addr, ULONG protocol, RTM_VIEW_SET view,
         RTM_DEST_INFO *out)
{
	struct rtm_route *route;
	struct rtm_dest *dest;
	struct rtm_key key;
	uint32_t slot;

	if (!rtm_key_of(t, addr, &key))
		return RTM_AGAIN;
	slot = hints_find(&t->hints, hint_hash(t, key.addr, key.len));
	if (!slab_knows(&t->slab[RTM_KIND_DEST], slot))
		return RTM_AGAIN;
	rtm_dest_prefetch(t, slot);
	if (out == NULL || !is_simple(t, protocol, view))
		return RTM_AGAIN;
	dest = rtm_dest_at(t, slot);
	route = lone_route(t, dest);
	if (route == NULL || !has_key(t, dest, &key))
		return RTM_AGAIN;
	return show_at_once(t, slot, dest, route, view, out);
}

/*
 * An exact match without a call. RTM_AGAIN: it is not that simple, nothing has been done,
 * and the long way will tell. Written out for both families, so that neither asks which.
 */
static inline __attribute__((always_inline)) DWORD
exact_at_once(RTM_ENTITY_HANDLE handle, const RTM_NET_ADDRESS *addr, ULONG protocol,
              RTM_VIEW_SET view, RTM_DEST_INFO *out)
{
	struct rtm_table *t = enter_at_once(handle);

	if (t == NULL || addr == NULL)
		return RTM_AGAIN;
	if (t->addr_size == 4)
		return exact_in(t, addr, protocol, view, out);
	return exact_in(t, addr, protocol, view, out);
}

/* The same for the longest match, which also knows at once that there is none. */
static inline DWORD
longest_at_once(RTM_ENTITY_HANDLE handle, const RTM_NET_ADDRESS *addr, ULONG protocol,
                RTM_VIEW_SET view, RTM_DEST_INFO *out)
{
	struct rtm_table *t = enter_at_once(handle);
	struct rtm_route *route;
	struct rtm_dest *dest;
	struct rtm_key key;
	uint32_t slot;

	if (t == NULL || addr == NULL || out == NULL || !is_simple(t, protocol, view) ||
	    !rtm_key_of(t, addr, &key))
		return RTM_AGAIN;
	slot = rtm_dest_match(t, key.addr, key.len, 0); /* the view is asked for below */
	if (slot == 0)
		return ERROR_NOT_FOUND;
	dest = rtm_dest_at(t, slot);
	route = lone_route(t, dest);
	return route != NULL ? show_at_once(t, slot, dest, route, view, out) : RTM_AGAIN;
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
	if (dest == NULL || route == NULL || !rtm_is_kept(RTM_KIND_DEST, dest) ||
	    !rtm_is_kept(RTM_KIND_ROUTE, route))
		return RTM_AGAIN;
	owner = &t->last_entity->head;
	if (info->ViewInfo[0].Owner != handle || owner->refs == 0) {
		owner = rtm_find(t, RTM_KIND_ENTITY, info->ViewInfo[0].Owner);
		if (owner == NULL || !rtm_is_kept(RTM_KIND_ENTITY, owner))
			return RTM_AGAIN;
	}
	dest->refs--;
	route->refs--;
	owner->refs--;
	t->client_refs -= 3;
	return NO_ERROR;
}

#endif
