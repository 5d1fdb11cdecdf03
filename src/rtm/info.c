/*
 * One chapter: the information structures, filled in and given back.
 *
 * Every handle in a structure is a reference of the client's. Releasing looks at all
 * of them before it lets go of one [RTM G7]; NULL members are skipped [RTM G8].
 */
#include "dest_info.h"

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

static ULONG
protocol_of(const struct rtm_entity *ent, ULONG asked)
{
	return asked == RTM_THIS_PROTOCOL ? ent->info.EntityId.EntityProtocolId : asked;
}

static bool
is_of_protocol(const struct rtm_table *t, const struct rtm_path *path, ULONG protocol)
{
	return protocol == RTM_BEST_PROTOCOL ||
	       rtm_entity_at(t, path->owner)->info.EntityId.EntityProtocolId == protocol;
}

/* Routes from `slot' on, in one view. */
static struct view_seen
look_from(const struct rtm_table *t, uint32_t slot, unsigned view, ULONG protocol)
{
	struct view_seen seen = { .view = view };

	for (; slot != 0; slot = rtm_route_at(t, slot)->next) {
		struct rtm_route *route = rtm_route_at(t, slot);
		const struct rtm_path *path = rtm_path_of(t, route);

		if ((path->views >> view & 1) == 0)
			continue;
		seen.routes++;
		if (seen.best == 0 && is_of_protocol(t, path, protocol)) {
			seen.best = slot;
			seen.route = route;
			seen.path = path;
		}
	}
	return seen;
}

/* The views of a destination with one route, as most are: no need to look at it for each. */
static void
show_lone(struct rtm_table *t, struct rtm_route *route, uint32_t slot, ULONG protocol,
          uint32_t shown, RTM_DEST_INFO *out)
{
	const struct rtm_path *path = rtm_path_of(t, route);
	uint32_t views = path->views;
	uint32_t fitting = is_of_protocol(t, path, protocol) ? views : 0;
	unsigned at = 0;

	out->BelongsToViews = views;
	for (; shown != 0; shown &= shown - 1) {
		unsigned view = (unsigned)__builtin_ctz(shown);
		struct view_seen seen = { .view = view,
			                  .routes = views >> view & 1,
			                  .best = (fitting >> view & 1) != 0 ? slot : 0,
			                  .route = route,
			                  .path = path };

		show_view(t, &seen, out, at++);
	}
	out->NumberOfViews = at;
}

/* A destination with any number of routes. */
static void
show_routes(struct rtm_table *t, uint32_t first, ULONG protocol, uint32_t shown,
            RTM_DEST_INFO *out)
{
	unsigned at = 0;

	out->BelongsToViews = rtm_dest_views_from(t, first);
	for (; shown != 0; shown &= shown - 1) {
		struct view_seen seen =
		    look_from(t, first, (unsigned)__builtin_ctz(shown), protocol);

		show_view(t, &seen, out, at++);
	}
	out->NumberOfViews = at;
}

static void
show_held(struct rtm_table *t, uint32_t slot, RTM_DEST_INFO *out)
{
	const uint32_t *held = rtm_dest_extra_of(t, slot)->held;

	for (UINT v = 0; v < out->NumberOfViews; v++)
		out->ViewInfo[v].HoldRoute =
		    rtm_give(t, RTM_KIND_ROUTE, held[out->ViewInfo[v].ViewId]);
}

void
rtm_dest_info(struct rtm_table *t, const struct rtm_entity *ent, uint32_t slot, ULONG protocol,
              uint32_t shown, RTM_DEST_INFO *out)
{
	struct rtm_dest *dest = rtm_dest_at(t, slot);
	uint32_t first = rtm_dest_first(dest);
	struct rtm_route *route = first != 0 ? rtm_route_at(t, first) : NULL;

	protocol = protocol_of(ent, protocol);
	out->DestHandle = rtm_give_head(t, RTM_KIND_DEST, slot, &dest->head);
	show_record(t, dest, out);
	if (route != NULL && route->next == 0)
		show_lone(t, route, first, protocol, shown, out);
	else
		show_routes(t, first, protocol, shown, out);
	if ((dest->flags & DEST_HELD) != 0)
		show_held(t, slot, out);
}

DWORD
rtm_dest_answer(struct rtm_entity *ent, uint32_t slot, ULONG protocol, uint32_t views,
                RTM_DEST_INFO *out)
{
	struct rtm_table *t = ent->table;
	DWORD err;

	if (!rtm_dest_visible(t, rtm_dest_at(t, slot), views))
		return ERROR_NOT_FOUND;
	err = rtm_gate_dest(t, slot, false);
	if (err == NO_ERROR)
		rtm_dest_info(t, ent, slot, protocol, views, out);
	return err;
}

/* ---- routes ------------------------------------------------------------------------ */

void
rtm_route_show(const struct rtm_table *t, uint32_t slot, RTM_ROUTE_INFO *out)
{
	const struct rtm_route *route = rtm_route_at(t, slot);
	const struct rtm_path *path = rtm_path_of(t, route);
	const uint32_t *hop = rtm_path_hops(path);

	out->DestHandle = rtm_name(t, RTM_KIND_DEST, route->dest);
	out->RouteOwner = rtm_name(t, RTM_KIND_ENTITY, path->owner);
	out->Neighbour = rtm_name(t, RTM_KIND_NEXTHOP, path->neighbour);
	out->State = rtm_route_state(route);
	out->Flags1 = path->flags1;
	out->Flags = path->flags;
	out->PrefInfo.Metric = route->metric;
	out->PrefInfo.Preference = path->preference;
	out->BelongsToViews = path->views;
	out->EntitySpecificInfo = route->info;
	out->NextHopsList.NumNextHops = path->hops;
	for (unsigned i = 0; i < path->hops; i++)
		out->NextHopsList.NextHops[i] = rtm_name(t, RTM_KIND_NEXTHOP, hop[i]);
}

void
rtm_route_info(struct rtm_table *t, uint32_t slot, RTM_ROUTE_INFO *out)
{
	const struct rtm_route *route = rtm_route_at(t, slot);
	const struct rtm_path *path = rtm_path_of(t, route);
	const uint32_t *hop = rtm_path_hops(path);

	rtm_route_show(t, slot, out);
	rtm_give(t, RTM_KIND_DEST, route->dest);
	rtm_give(t, RTM_KIND_ENTITY, path->owner);
	rtm_give(t, RTM_KIND_NEXTHOP, path->neighbour);
	for (unsigned i = 0; i < path->hops; i++)
		rtm_give(t, RTM_KIND_NEXTHOP, hop[i]);
}

/* ---- release ----------------------------------------------------------------------- */

/* Letting go has three passes: take what the structure holds, or nothing of it; that done for
 * all, collect what nobody holds any more. */

static void
untake_views(struct rtm_table *t, const RTM_DEST_INFO *info, UINT count)
{
	for (UINT v = 0; v < count; v++) {
		rtm_untake(t, RTM_KIND_ROUTE, info->ViewInfo[v].Route);
		rtm_untake(t, RTM_KIND_ENTITY, info->ViewInfo[v].Owner);
		rtm_untake(t, RTM_KIND_ROUTE, info->ViewInfo[v].HoldRoute);
	}
}

static inline bool
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
static inline bool
take_dest_info(struct rtm_table *t, const RTM_DEST_INFO *info)
{
	UINT v = 0;

	if (info->NumberOfViews > RTM_MAX_VIEWS || info->DestHandle == NULL)
		return false;
	while (v < info->NumberOfViews && take_view(t, info, v))
		v++;
	if (v == info->NumberOfViews && rtm_take(t, RTM_KIND_DEST, info->DestHandle))
		return true;
	untake_views(t, info, v);
	return false;
}

static void
untake_dest_info(struct rtm_table *t, const RTM_DEST_INFO *info)
{
	untake_views(t, info, info->NumberOfViews);
	rtm_untake(t, RTM_KIND_DEST, info->DestHandle);
}

static void
collect_dest_info(struct rtm_table *t, const RTM_DEST_INFO *info)
{
	for (UINT v = 0; v < info->NumberOfViews; v++) {
		rtm_collect(t, RTM_KIND_ROUTE, info->ViewInfo[v].Route);
		rtm_collect(t, RTM_KIND_ENTITY, info->ViewInfo[v].Owner);
		rtm_collect(t, RTM_KIND_ROUTE, info->ViewInfo[v].HoldRoute);
	}
	rtm_collect(t, RTM_KIND_DEST, info->DestHandle);
}

DWORD
rtm_dest_info_release(struct rtm_table *t, UINT count, RTM_DEST_INFO *infos)
{
	RTM_DEST_INFO *info = infos;

	t->loose = false;
	for (UINT i = 0; i < count; i++, info = RTM_NEXT_DEST_INFO(info)) {
		if (take_dest_info(t, info))
			continue;
		for (info = infos; i-- > 0; info = RTM_NEXT_DEST_INFO(info))
			untake_dest_info(t, info);
		return ERROR_INVALID_HANDLE;
	}
	info = infos;
	for (UINT i = 0; t->loose && i < count; i++, info = RTM_NEXT_DEST_INFO(info))
		collect_dest_info(t, info);
	return NO_ERROR;
}

/* The handles of a structure, one after the other, for three passes over them. */
typedef bool rtm_visit(struct rtm_table *t, enum rtm_kind kind, HANDLE handle);

static bool
visit_untake(struct rtm_table *t, enum rtm_kind kind, HANDLE handle)
{
	rtm_untake(t, kind, handle);
	return true;
}

static bool
visit_collect(struct rtm_table *t, enum rtm_kind kind, HANDLE handle)
{
	rtm_collect(t, kind, handle);
	return true;
}

/* Inlined for each kind of visitor, as every read of a route ends here. */
static inline __attribute__((always_inline)) unsigned
visit_route_info(struct rtm_table *t, const RTM_ROUTE_INFO *info, rtm_visit *visit,
                 unsigned limit)
{
	unsigned done = 0;

#define VISIT(kind, handle)                                                                    \
	do {                                                                                   \
		if (done == limit || !visit(t, kind, handle))                                  \
			return done;                                                           \
		done++;                                                                        \
	} while (0)
	VISIT(RTM_KIND_ENTITY, info->RouteOwner);
	VISIT(RTM_KIND_NEXTHOP, info->Neighbour);
	for (unsigned i = 0; i < info->NextHopsList.NumNextHops; i++)
		VISIT(RTM_KIND_NEXTHOP, info->NextHopsList.NextHops[i]);
	VISIT(RTM_KIND_DEST, info->DestHandle);
#undef VISIT
	return done;
}

DWORD
rtm_route_info_release(struct rtm_table *t, const RTM_ROUTE_INFO *info)
{
	unsigned all = info->NextHopsList.NumNextHops + 3u, done;

	if (rtm_shadow_is(t, info))
		return ERROR_INVALID_PARAMETER;
	if (info->NextHopsList.NumNextHops > t->limits.max_nexthops_in_route)
		return ERROR_INVALID_HANDLE;
	t->loose = false;
	done = visit_route_info(t, info, rtm_take, UINT32_MAX);
	if (done != all) {
		visit_route_info(t, info, visit_untake, done);
		return ERROR_INVALID_HANDLE;
	}
	if (t->loose)
		visit_route_info(t, info, visit_collect, UINT32_MAX);
	return NO_ERROR;
}
