/*
 * One chapter: the moves of a history that only look. Every answer is computed again
 * from the model; the order of an enumeration is the order of addresses, then lengths,
 * then (preference, metric, age).
 */
#include "rtm_history.h"

#include <string.h>

int
hist_entity(void)
{
	int e = (int)hist_random(M_ENTITIES);

	while (!m.entity[e].in)
		e = (e + 1) % M_ENTITIES;
	return e;
}

static ULONG
some_protocol(void)
{
	static const ULONG p[] = { RTM_BEST_PROTOCOL, RTM_BEST_PROTOCOL, RTM_THIS_PROTOCOL,
		                   PROTO_A,           PROTO_B,           99 };

	return p[hist_random(sizeof p / sizeof p[0])];
}

/* ---- destinations ---- */

static void
check_slot(const RTM_DEST_INFO *info, UINT at, int dest, int view, ULONG protocol, int asker)
{
	int best = m_best_of(dest, view, protocol, asker), held = m.dest[dest].held[view];

	WANT_VOID(info->ViewInfo[at].ViewId == view);
	WANT_VOID(info->ViewInfo[at].NumRoutes == m_count(dest, 1u << view));
	WANT_VOID(info->ViewInfo[at].Route == (best == M_NONE ? NULL : m.route[best].h));
	WANT_VOID(info->ViewInfo[at].Owner ==
	          (best == M_NONE ? NULL : m.entity[m.route[best].owner].h));
	WANT_VOID(info->ViewInfo[at].DestFlags == (best == M_NONE ? 0u : m.route[best].flags));
	WANT_VOID(info->ViewInfo[at].HoldRoute == (held == M_NONE ? NULL : m.route[held].h));
}

void
hist_check_info(const RTM_DEST_INFO *info, int dest, RTM_VIEW_SET views, ULONG protocol,
                int asker)
{
	UINT at = 0;

	WANT_VOID(fx_net_same(&info->DestAddress, &m.dest[dest].net));
	WANT_VOID(info->DestHandle == m.dest[dest].h);
	WANT_VOID(info->BelongsToViews == m_views(dest));
	WANT_VOID(info->NumberOfViews == (UINT)__builtin_popcount(views));
	for (int v = 0; v < M_VIEWS; v++)
		if ((views & 1u << v) != 0)
			check_slot(info, at++, dest, v, protocol, asker);
}

void
hist_check_dest(int dest, RTM_VIEW_SET views, ULONG protocol, int asker)
{
	HANDLE e = m.entity[asker].h;
	RTM_NET_ADDRESS n = m.dest[dest].net;
	union dest_buf d;

	if (!m_visible(dest, views)) {
		WANT_CODE(ERROR_NOT_FOUND,
		          RtmGetExactMatchDestination(e, &n, protocol, views, &d.i));
		return;
	}
	WANT_CODE(NO_ERROR, RtmGetExactMatchDestination(e, &n, protocol, views, &d.i));
	hist_check_info(&d.i, dest, views, protocol, asker);
	WANT_CODE(NO_ERROR, RtmReleaseDestInfo(e, &d.i));
}

void
hist_look_exact(void)
{
	hist_check_dest((int)hist_random(M_DESTS), (RTM_VIEW_SET)hist_random(4),
	                some_protocol(), hist_entity());
}

/* The longest prefix that covers `n`, shorter than `below` bits. */
static int
longest(const RTM_NET_ADDRESS *n, RTM_VIEW_SET views, UINT below)
{
	int best = M_NONE;

	for (int d = 0; d < M_DESTS; d++) {
		if (m.dest[d].net.NumBits >= below || !m_visible(d, views) || !m_covers(d, n))
			continue;
		if (best == M_NONE || m.dest[d].net.NumBits > m.dest[best].net.NumBits)
			best = d;
	}
	return best;
}

void
hist_look_longest(void)
{
	int asker = hist_entity();
	RTM_VIEW_SET views = (RTM_VIEW_SET)hist_random(4);
	RTM_NET_ADDRESS n = m.dest[hist_random(M_DESTS)].net;
	HANDLE e = m.entity[asker].h;
	ULONG protocol = some_protocol();
	union dest_buf d;
	int want;

	if (hist_chance(50)) { /* an address somewhere inside */
		n.NumBits = (USHORT)fx.bits;
		n.AddrBits[fx.bits / 8 - 1] |= (UCHAR)hist_random(2);
	}
	want = longest(&n, views, fx.bits + 1);
	if (want == M_NONE) {
		WANT_CODE(ERROR_NOT_FOUND,
		          RtmGetMostSpecificDestination(e, &n, protocol, views, &d.i));
		return;
	}
	WANT_CODE(NO_ERROR, RtmGetMostSpecificDestination(e, &n, protocol, views, &d.i));
	hist_check_info(&d.i, want, views, protocol, asker);
	WANT_CODE(NO_ERROR, RtmReleaseDestInfo(e, &d.i));
}

void
hist_look_less(void)
{
	int dest = (int)hist_random(M_DESTS), asker = hist_entity(), want;
	RTM_VIEW_SET views = (RTM_VIEW_SET)hist_random(4);
	HANDLE e = m.entity[asker].h;
	union dest_buf d;

	if (m.dest[dest].refs == 0)
		return; /* no handle of it is ours */
	want = longest(&m.dest[dest].net, views, m.dest[dest].net.NumBits);
	if (want == M_NONE) {
		WANT_CODE(ERROR_NOT_FOUND,
		          RtmGetLessSpecificDestination(e, m.dest[dest].h, 0, views, &d.i));
		return;
	}
	WANT_CODE(NO_ERROR, RtmGetLessSpecificDestination(e, m.dest[dest].h, 0, views, &d.i));
	hist_check_info(&d.i, want, views, 0, asker);
	WANT_CODE(NO_ERROR, RtmReleaseDestInfo(e, &d.i));
}

/* ---- routes ---- */

static void
check_route_info(const RTM_ROUTE_INFO *i, int r)
{
	const struct m_route *w = &m.route[r];
	const HANDLE *hops = &i->NextHopsList.NextHops[0];

	WANT_VOID(i->DestHandle == m.dest[w->dest].h);
	WANT_VOID(i->State == w->state);
	if (w->state == RTM_ROUTE_STATE_CREATED) /* else its owner may have come back anew */
		WANT_VOID(i->RouteOwner == m.entity[w->owner].h);
	WANT_VOID(i->Neighbour == (w->neighbour == M_NONE ? NULL : m.hop[w->neighbour].h));
	WANT_VOID(i->Flags == w->flags);
	WANT_VOID(i->PrefInfo.Preference == w->pref);
	WANT_VOID(i->PrefInfo.Metric == w->metric);
	WANT_VOID(i->BelongsToViews == w->views);
	WANT_VOID(i->EntitySpecificInfo == w->info);
	WANT_VOID(i->NextHopsList.NumNextHops == w->num_hops);
	for (UINT k = 0; k < w->num_hops; k++)
		WANT_VOID(hops[k] == m.hop[w->hops[k]].h);
}

void
hist_look_route(void)
{
	int r = (int)hist_random(M_ROUTES);
	HANDLE e = m.entity[hist_entity()].h;
	RTM_VIEW_SET best = 0;
	RTM_NET_ADDRESS n;
	union route_buf i;

	for (int k = 0; k < M_ROUTES && (!m.route[r].live || m.route[r].refs == 0); k++)
		r = (r + 1) % M_ROUTES;
	if (!m.route[r].live || m.route[r].refs == 0)
		return;
	WANT_CODE(NO_ERROR, RtmIsBestRoute(e, m.route[r].h, &best));
	WANT_VOID(best == m_best_in(r));
	WANT_CODE(NO_ERROR, RtmGetRouteInfo(e, m.route[r].h, &i.i, &n));
	WANT_VOID(fx_net_same(&n, &m.dest[m.route[r].dest].net));
	check_route_info(&i.i, r);
	WANT_CODE(NO_ERROR, RtmReleaseRouteInfo(e, &i.i));
}

struct criteria {
	RTM_MATCH_FLAGS flags;
	int owner, neighbour, hop;
	ULONG pref, metric, interface;
};

static void
some_criteria(struct criteria *c, union route_buf *buf)
{
	static const RTM_MATCH_FLAGS bits[] = { RTM_MATCH_OWNER, RTM_MATCH_NEIGHBOUR,
		                                RTM_MATCH_PREF, RTM_MATCH_NEXTHOP,
		                                RTM_MATCH_INTERFACE };

	memset(c, 0, sizeof *c);
	memset(buf, 0, sizeof *buf);
	c->hop = c->neighbour = M_NONE;
	for (UINT i = 0; i < 5; i++)
		if (hist_chance(20))
			c->flags |= bits[i];
	c->owner = hist_entity();
	c->pref = 1 + (ULONG)hist_random(3);
	c->metric = (ULONG)hist_random(4);
	c->interface = 1 + (ULONG)hist_random(2);
	for (int i = (int)hist_random(M_HOPS), k = 0; k < M_HOPS; k++, i = (i + 1) % M_HOPS) {
		if (!m.hop[i].live || m.hop[i].refs == 0 || !m.hop[i].listed)
			continue;
		c->hop = i;
		c->neighbour = hist_chance(50) ? i : M_NONE;
		break;
	}
	buf->i.RouteOwner = m.entity[c->owner].h;
	buf->i.Neighbour = c->neighbour == M_NONE ? NULL : m.hop[c->neighbour].h;
	buf->i.PrefInfo = (RTM_PREF_INFO){ .Metric = c->metric, .Preference = c->pref };
	buf->i.NextHopsList.NumNextHops = c->hop != M_NONE;
	buf->i.NextHopsList.NextHops[0] = c->hop == M_NONE ? NULL : m.hop[c->hop].h;
}

static bool
has_hop(const struct m_route *r, int hop, ULONG interface)
{
	for (UINT i = 0; i < r->num_hops; i++)
		if (r->hops[i] == hop ||
		    (interface != 0 && (ULONG)(m.hop[r->hops[i]].key % 2 + 1) == interface))
			return true;
	return false;
}

static bool
meets(const struct m_route *r, const struct criteria *c)
{
	if ((c->flags & RTM_MATCH_OWNER) != 0 && r->owner != c->owner)
		return false;
	if ((c->flags & RTM_MATCH_NEIGHBOUR) != 0 && r->neighbour != c->neighbour)
		return false;
	if ((c->flags & RTM_MATCH_PREF) != 0 && (r->pref != c->pref || r->metric != c->metric))
		return false;
	if ((c->flags & RTM_MATCH_NEXTHOP) != 0 && (c->hop == M_NONE || !has_hop(r, c->hop, 0)))
		return false;
	return (c->flags & RTM_MATCH_INTERFACE) == 0 || has_hop(r, M_NONE - 1, c->interface);
}

void
hist_look_match(void)
{
	int asker = hist_entity(), dest = (int)hist_random(M_DESTS), sorted[M_ROUTES],
	    want = M_NONE;
	RTM_VIEW_SET views = (RTM_VIEW_SET)hist_random(4);
	HANDLE e = m.entity[asker].h, h = NULL;
	RTM_NET_ADDRESS n = m.dest[dest].net;
	struct criteria c;
	union route_buf buf;
	UINT num = m_sorted(dest, views, sorted);

	some_criteria(&c, &buf);
	for (UINT i = 0; i < num && want == M_NONE; i++)
		if (meets(&m.route[sorted[i]], &c))
			want = sorted[i];
	if (want == M_NONE) {
		if (views == ANY && m_visible(dest, ANY) && m_count(dest, ANY) < 1)
			return; /* whether a held route answers here is left open */
		for (int v = 0; v < M_VIEWS; v++)
			if (views == ANY && m.dest[dest].held[v] != M_NONE)
				return;
		WANT_CODE(ERROR_NOT_FOUND, RtmGetExactMatchRoute(e, &n, c.flags, &buf.i,
		                                                 c.interface, views, &h));
		return;
	}
	WANT_CODE(NO_ERROR,
	          RtmGetExactMatchRoute(e, &n, c.flags, &buf.i, c.interface, views, &h));
	WANT_VOID(h == m.route[want].h);
	check_route_info(&buf.i, want);
	WANT_CODE(NO_ERROR, RtmReleaseRouteInfo(e, &buf.i));
	WANT_CODE(NO_ERROR, RtmReleaseRoutes(e, 1, &h));
}

/* ---- enumerations ---- */

static bool
selected(int d, const struct cursor *c)
{
	RTM_VIEW_SET views = c->views == ANY ? UC | MC : c->views;

	if (!m_visible(d, c->views))
		return false;
	if ((c->flags & RTM_ENUM_RANGE) != 0) {
		RTM_NET_ADDRESS whole = c->start;
		int outer = m_find_dest(&whole);

		if (outer == M_NONE || !m_covers(outer, &m.dest[d].net))
			return false;
	} else if ((c->flags & RTM_ENUM_NEXT) != 0 &&
	           fx_net_cmp(&m.dest[d].net, &c->start) < 0) {
		return false;
	}
	if (c->begun && fx_net_cmp(&m.dest[d].net, &c->last) <= 0)
		return false;
	if ((c->flags & RTM_ENUM_OWN_DESTS) == 0)
		return true;
	for (int v = 0; v < M_VIEWS; v++) {
		int best = (views & 1u << v) != 0 ? m_best(d, v) : M_NONE;

		if (best != M_NONE && m.route[best].owner == c->owner)
			return true;
	}
	return false;
}

static int
next_dest(const struct cursor *c)
{
	int best = M_NONE;

	for (int d = 0; d < M_DESTS; d++)
		if (selected(d, c) &&
		    (best == M_NONE || fx_net_cmp(&m.dest[d].net, &m.dest[best].net) < 0))
			best = d;
	return best;
}

static void
open_cursor(struct cursor *c)
{
	static const RTM_ENUM_FLAGS starts[] = { RTM_ENUM_START, RTM_ENUM_NEXT,
		                                 RTM_ENUM_RANGE };

	memset(c, 0, sizeof *c);
	c->owner = hist_entity();
	c->views = (RTM_VIEW_SET)hist_random(4);
	c->flags = starts[hist_random(3)] | (hist_chance(30) ? RTM_ENUM_OWN_DESTS : 0);
	c->start = m.dest[hist_random(M_DESTS)].net;
	WANT_CODE(NO_ERROR, RtmCreateDestEnum(m.entity[c->owner].h, c->views, c->flags,
	                                      &c->start, RTM_BEST_PROTOCOL, &c->h));
	c->used = true;
	m.enums++;
}

static void
close_cursor(struct cursor *c)
{
	c->used = false;
	m.enums--;
	WANT_CODE(NO_ERROR, RtmDeleteEnumHandle(m.entity[c->owner].h, c->h));
}

/* One batch; whatever happened to the table since the last one. */
static void
advance_cursor(struct cursor *c, UINT ask)
{
	HANDLE e = m.entity[c->owner].h;
	union dests_buf buf;
	PRTM_DEST_INFO d = &buf.i;
	UINT num = ask;
	DWORD err = RtmGetEnumDests(e, c->h, &num, d);

	if (next_dest(c) == M_NONE) {
		WANT_VOID(err == ERROR_NO_MORE_ITEMS && num == 0);
		close_cursor(c);
		return;
	}
	WANT_CODE(NO_ERROR, err);
	WANT_VOID(num >= 1 && num <= ask);
	for (UINT i = 0; i < num && !hist.bad; i++, d = RTM_NEXT_DEST_INFO(d)) {
		int want = next_dest(c);

		WANT_VOID(want != M_NONE);
		hist_check_info(d, want, c->views, RTM_BEST_PROTOCOL, c->owner);
		c->last = m.dest[want].net;
		c->begun = true;
	}
	WANT_VOID(num == ask || next_dest(c) == M_NONE);
	WANT_CODE(NO_ERROR, RtmReleaseDests(e, num, &buf.i));
	if (num == ask)
		return;
	/* It stood at the end: what is added behind its last item later is not promised. */
	num = 1;
	WANT_CODE(ERROR_NO_MORE_ITEMS, RtmGetEnumDests(e, c->h, &num, &buf.i));
	close_cursor(c);
}

void
hist_cursor(void)
{
	struct cursor *c = &hist.cursor[hist_random(H_CURSORS)];

	if (!c->used)
		open_cursor(c);
	else if (hist_chance(5))
		close_cursor(c);
	else
		advance_cursor(c, 1 + (UINT)hist_random(5));
}

void
hist_cursors_end(int owner)
{
	for (UINT i = 0; i < H_CURSORS; i++) {
		if (!hist.cursor[i].used || hist.cursor[i].owner != owner)
			continue;
		hist.cursor[i].used = false; /* the manager ended it */
		m.enums--;
	}
}

void
hist_look_dests(void)
{
	struct cursor c;

	open_cursor(&c);
	while (c.used && !hist.bad)
		advance_cursor(&c, 1 + (UINT)hist_random(fx.profile.MaxHandlesInEnum));
}

/* All routes that an enumeration owes, in order; held ones counted apart. */
static UINT
owed_routes(const struct cursor *c, int only, const struct criteria *cr, int *out, UINT *held)
{
	struct cursor at = *c;
	UINT num = 0;

	*held = 0;
	at.begun = false;
	for (;;) {
		int sorted[M_ROUTES], d = next_dest(&at);
		UINT n;

		if (d == M_NONE)
			return num;
		at.last = m.dest[d].net;
		at.begun = true;
		if (only != M_NONE && d != only)
			continue;
		n = m_sorted(d, c->views, sorted);
		for (UINT i = 0; i < n; i++)
			if (meets(&m.route[sorted[i]], cr))
				out[num++] = sorted[i];
		for (int r = 0; c->views == ANY && r < M_ROUTES; r++)
			*held += m.route[r].live && m.route[r].dest == d && m_held(r) &&
			         m.route[r].state == RTM_ROUTE_STATE_DELETING &&
			         meets(&m.route[r], cr);
	}
}

static void
walk_routes(HANDLE e, HANDLE en, const int *want, UINT num, UINT held)
{
	UINT seen = 0, ask = 1 + (UINT)hist_random(fx.profile.MaxHandlesInEnum), n;
	HANDLE h[80];
	DWORD err;

	do {
		n = ask;
		err = RtmGetEnumRoutes(e, en, &n, h);
		WANT_VOID(err == NO_ERROR || (err == ERROR_NO_MORE_ITEMS && n == 0));
		for (UINT i = 0; i < n; i++) {
			int r = m_find_route(h[i]);

			WANT_VOID(r != M_NONE);
			if (m.route[r].state == RTM_ROUTE_STATE_DELETING) {
				WANT_VOID(held-- > 0);
				continue;
			}
			WANT_VOID(seen < num && r == want[seen]);
			seen++;
		}
		WANT_CODE(NO_ERROR, RtmReleaseRoutes(e, n, h));
	} while (err == NO_ERROR);
	WANT_VOID(seen == num);
	WANT_VOID(held == 0);
}

void
hist_look_routes(void)
{
	static const RTM_ENUM_FLAGS starts[] = { RTM_ENUM_START, RTM_ENUM_NEXT,
		                                 RTM_ENUM_RANGE };
	static int want[M_ROUTES];
	struct cursor c;
	struct criteria cr;
	union route_buf buf;
	int only = M_NONE;
	UINT num, held;
	RTM_ENUM_FLAGS own;

	memset(&c, 0, sizeof c);
	c.owner = hist_entity();
	c.views = (RTM_VIEW_SET)hist_random(4);
	c.flags = starts[hist_random(3)];
	c.start = m.dest[hist_random(M_DESTS)].net;
	own = hist_chance(30) ? RTM_ENUM_OWN_ROUTES : 0;
	some_criteria(&cr, &buf);
	if (hist_chance(20)) {
		only = (int)hist_random(M_DESTS);
		if (m.dest[only].refs == 0)
			only = M_NONE;
		else
			c.flags = RTM_ENUM_START;
	}
	WANT_CODE(NO_ERROR, RtmCreateRouteEnum(m.entity[c.owner].h,
	                                       only == M_NONE ? NULL : m.dest[only].h, c.views,
	                                       c.flags | own, &c.start, cr.flags, &buf.i,
	                                       cr.interface, &c.h));
	if (own != 0) {
		if ((cr.flags & RTM_MATCH_OWNER) != 0 && cr.owner != c.owner)
			cr.owner = M_NONE; /* two owners: nobody is both */
		else
			cr.owner = c.owner;
		cr.flags |= RTM_MATCH_OWNER;
	}
	num = owed_routes(&c, only, &cr, want, &held);
	walk_routes(m.entity[c.owner].h, c.h, want, num, held);
	WANT_CODE(NO_ERROR, RtmDeleteEnumHandle(m.entity[c.owner].h, c.h));
}

void
hist_look_hops(void)
{
	int owner = hist_entity(), key = 0;
	HANDLE e = m.entity[owner].h, en = NULL, h = NULL;
	UINT n = 1;

	WANT_CODE(NO_ERROR, RtmCreateNextHopEnum(e, RTM_ENUM_START, NULL, &en));
	while (RtmGetEnumNextHops(e, en, &n, &h) == NO_ERROR) {
		while (key < M_KEYS && m_hop_of(owner, key) == M_NONE)
			key++;
		WANT_VOID(key < M_KEYS && h == m.hop[m_hop_of(owner, key)].h);
		key++;
		WANT_CODE(NO_ERROR, RtmReleaseNextHops(e, 1, &h));
	}
	while (key < M_KEYS && m_hop_of(owner, key) == M_NONE)
		key++;
	WANT_VOID(key == M_KEYS);
	WANT_CODE(NO_ERROR, RtmDeleteEnumHandle(e, en));
}

/* The route of a list that comes after `seq`. */
static int
next_in_list(int list, uint64_t seq)
{
	int next = M_NONE;

	for (int r = 0; r < M_ROUTES; r++)
		if (m.route[r].live && m.route[r].list == list && m.route[r].list_seq > seq &&
		    (next == M_NONE || m.route[r].list_seq < m.route[next].list_seq))
			next = r;
	return next;
}

void
hist_look_list(void)
{
	int list = (int)hist_random(M_LISTS);
	uint64_t seq = 0;
	HANDLE e, en = NULL, h[2];
	UINT n = 2;

	if (!m.list[list].used)
		return;
	e = m.entity[m.list[list].owner].h;
	WANT_CODE(NO_ERROR, RtmCreateRouteListEnum(e, m.list[list].h, &en));
	do {
		n = 2;
		WANT_CODE(NO_ERROR, RtmGetListEnumRoutes(e, en, &n, h));
		for (UINT i = 0; i < n; i++) {
			int want = next_in_list(list, seq);

			WANT_VOID(want != M_NONE && m.route[want].h == h[i]);
			seq = m.route[want].list_seq;
		}
		WANT_CODE(NO_ERROR, RtmReleaseRoutes(e, n, h));
	} while (n > 0);
	WANT_VOID(next_in_list(list, seq) == M_NONE);
	WANT_CODE(NO_ERROR, RtmDeleteEnumHandle(e, en));
}
