/*
 * One chapter: the moves of a history that change the table, and the dice that choose
 * among all moves. Each move decides what must be answered before it calls.
 *
 * Moves for which the specification leaves the result open are not made: an update
 * that would make two routes of one owner equal, an insertion into the list in which a
 * route already is, a second hold while one lasts.
 */
#include "rtm_history.h"

#include <stdio.h>
#include <string.h>

bool
hist_code(DWORD want, DWORD got, const char *call, int line)
{
	char text[300];

	if (want == got)
		return true;
	snprintf(text, sizeof text, "answered %u, wanted %u: %.200s", got, want, call);
	hist_fail(line, text);
	return false;
}

/* Something of ours, chosen at random among those that fit; M_NONE where none does. */
static int
some_route(bool held_too)
{
	int r = (int)hist_random(M_ROUTES);

	for (int k = 0; k < M_ROUTES; k++, r = (r + 1) % M_ROUTES)
		if (m.route[r].live && m.route[r].refs > 0 &&
		    (held_too || m.route[r].state == RTM_ROUTE_STATE_CREATED))
			return r;
	return M_NONE;
}

static int
some_hop(int owner)
{
	int i = (int)hist_random(M_HOPS);

	for (int k = 0; k < M_HOPS; k++, i = (i + 1) % M_HOPS)
		if (m.hop[i].live && m.hop[i].refs > 0 && m.hop[i].listed &&
		    (owner == M_NONE || m.hop[i].owner == owner))
			return i;
	return M_NONE;
}

static int
some_list(int owner)
{
	int l = (int)hist_random(M_LISTS);

	for (int k = 0; k < M_LISTS; k++, l = (l + 1) % M_LISTS)
		if (m.list[l].used && m.list[l].owner == owner)
			return l;
	return M_NONE;
}

static int
some_notify(void)
{
	int n = (int)hist_random(M_NOTIFIES);

	for (int k = 0; k < M_NOTIFIES; k++, n = (n + 1) % M_NOTIFIES)
		if (m.notify[n].used)
			return n;
	return M_NONE;
}

/* A destination whose handle we hold. */
static int
some_dest(void)
{
	int d = (int)hist_random(M_DESTS);

	for (int k = 0; k < M_DESTS; k++, d = (d + 1) % M_DESTS)
		if (m.dest[d].refs > 0)
			return d;
	return M_NONE;
}

/* ---- routes ---- */

static void
some_contents(struct m_route *r, int owner)
{
	static const USHORT flags[] = { 0, RTM_ROUTE_FLAGS_LOCAL, RTM_ROUTE_FLAGS_INACTIVE,
		                        RTM_ROUTE_FLAGS_LOCAL | RTM_ROUTE_FLAGS_BLACKHOLE };

	r->owner = owner;
	r->flags = flags[hist_random(4)];
	r->pref = (ULONG)hist_random(4);
	r->metric = (ULONG)hist_random(4);
	r->views = (RTM_VIEW_SET)hist_random(4);
	r->info = hist_chance(50) ? NULL : &m.entity[hist_random(2)];
	r->neighbour = hist_chance(60) ? M_NONE : some_hop(owner);
	r->num_hops = 0;
	for (UINT i = (UINT)hist_random(M_MAX_HOPS + 1); i > 0; i--) {
		int h = some_hop(owner);
		bool twice = h == M_NONE;

		for (UINT k = 0; k < r->num_hops; k++)
			twice = twice || r->hops[k] == h;
		if (!twice)
			r->hops[r->num_hops++] = h;
	}
	r->until = m.now + 4 * (1 + hist_random(150)) + 1;
	if (hist_chance(60))
		r->until = M_NEVER;
	r->list = hist_chance(20) ? some_list(owner) : M_NONE;
}

static void
write_info(const struct m_route *r, RTM_ROUTE_INFO *i)
{
	HANDLE *hops = &i->NextHopsList.NextHops[0];

	i->Neighbour = r->neighbour == M_NONE ? NULL : m.hop[r->neighbour].h;
	i->Flags = r->flags;
	i->PrefInfo = (RTM_PREF_INFO){ .Metric = r->metric, .Preference = r->pref };
	i->BelongsToViews = r->views;
	i->EntitySpecificInfo = r->info;
	i->NextHopsList.NumNextHops = (USHORT)r->num_hops;
	for (UINT k = 0; k < r->num_hops; k++)
		hops[k] = m.hop[r->hops[k]].h;
}

static ULONG
ttl_of(const struct m_route *r)
{
	return r->until == M_NEVER ? INFINITE : (ULONG)(r->until - m.now);
}

static ULONG
policy(int owner)
{
	ULONG protocol = m.entity[owner].protocol;

	return protocol == PROTO_A ? 2 : protocol == PROTO_B ? 1 : 3;
}

static bool
same_contents(const struct m_route *x, const struct m_route *y)
{
	return x->neighbour == y->neighbour && x->flags == y->flags && x->pref == y->pref &&
	       x->metric == y->metric && x->info == y->info && x->num_hops == y->num_hops &&
	       memcmp(x->hops, y->hops, x->num_hops * sizeof x->hops[0]) == 0;
}

/* Put contents into an existing route. @return the BEST flag as an addition tells it */
static RTM_ROUTE_CHANGE_FLAGS
apply_update(int at, const struct m_route *new, bool *best_moved)
{
	struct m_route *r = &m.route[at], old = *r;
	RTM_VIEW_SET any, unsure = 0;
	struct m_snap before;

	m_snap(r->dest, &before);
	r->neighbour = new->neighbour;
	r->flags = new->flags;
	r->pref = new->pref;
	r->metric = new->metric;
	r->views = new->views;
	r->info = new->info;
	r->num_hops = new->num_hops;
	memcpy(r->hops, new->hops, sizeof r->hops);
	r->until = new->until;
	if (new->list != M_NONE &&new->list != r->list) {
		r->list = new->list;
		r->list_seq = m.next_seq++;
	}
	if (old.pref != r->pref || old.metric != r->metric)
		r->seq = m.next_seq++; /* behind those that already cost the same */
	any = old.views | r->views;
	if (same_contents(&old, r)) { /* at most it came into a view or left one */
		any = old.views ^ r->views;
		unsure = any != 0 ? old.views & r->views : 0;
	}
	m_changed(r->dest, &before, any, unsure);
	*best_moved = false;
	for (int v = 0; v < M_VIEWS; v++)
		*best_moved = *best_moved || m_best(r->dest, v) != before.best[v];
	return *best_moved || m_best_in(at) != 0 ? RTM_ROUTE_CHANGE_BEST : 0;
}

static void
learn_dest(int d)
{
	HANDLE e = m.entity[hist_entity()].h;
	RTM_NET_ADDRESS n = m.dest[d].net;
	union dest_buf i;

	if (m.dest[d].h != NULL)
		return; /* hist_check_info() compares it from now on */
	WANT_CODE(NO_ERROR, RtmGetExactMatchDestination(e, &n, 0, ANY, &i.i));
	m.dest[d].h = i.i.DestHandle;
	WANT_CODE(NO_ERROR, RtmReleaseDestInfo(e, &i.i));
}

static int
apply_new(const struct m_route *new, HANDLE h)
{
	struct m_snap before;
	int at = 0;

	while (at < M_ROUTES && m.route[at].live)
		at++;
	if (at == M_ROUTES) {
		hist_fail(__LINE__, "the model is too small");
		return M_NONE;
	}
	m_snap(new->dest, &before);
	m.route[at] = *new;
	m.route[at].live = true;
	m.route[at].state = RTM_ROUTE_STATE_CREATED;
	m.route[at].seq = m.next_seq++;
	m.route[at].list_seq = m.next_seq++;
	m.route[at].refs = 0;
	m.route[at].h = h;
	learn_dest(new->dest);
	m_changed(new->dest, &before, new->views, 0);
	return at;
}

static UINT
num_routes(void)
{
	UINT n = 0;

	for (int r = 0; r < M_ROUTES; r++)
		n += m.route[r].live;
	return n;
}

static void
add_route(void)
{
	static const RTM_ROUTE_CHANGE_FLAGS modes[] = {
		0, 0, 0, 0, RTM_ROUTE_CHANGE_FIRST, RTM_ROUTE_CHANGE_NEW
	};
	RTM_ROUTE_CHANGE_FLAGS change = modes[hist_random(6)], mode = change, want;
	bool wants_handle = hist_chance(85), moved;
	struct m_route new;
	union route_buf buf;
	HANDLE h = NULL;
	int at;

	memset(&new, 0, sizeof new);
	memset(&buf, 0, sizeof buf);
	some_contents(&new, hist_entity());
	new.dest = (int)hist_random(M_DESTS);
	at = mode == RTM_ROUTE_CHANGE_NEW
	         ? M_NONE
	         : m_equal(new.owner, new.dest, new.neighbour, mode == RTM_ROUTE_CHANGE_FIRST);
	if (at == M_NONE && num_routes() > 180)
		return;
	if (at != M_NONE && mode == RTM_ROUTE_CHANGE_FIRST &&
	    m.route[at].neighbour !=
	        new.neighbour &&m_equal(new.owner, new.dest, new.neighbour, false) != M_NONE)
		return;
	if (at != M_NONE && m.route[at].list == new.list)
		new.list = M_NONE;
	write_info(&new, &buf.i);
	if (new.pref == 0)
		new.pref = policy(new.owner);
	WANT_CODE(NO_ERROR, RtmAddRouteToDest(m.entity[new.owner].h, wants_handle ? &h : NULL,
	                                      &m.dest[new.dest].net, &buf.i, ttl_of(&new),
	                                      new.list == M_NONE ? NULL : m.list[new.list].h, 0,
	                                      NULL, &change));
	if (at == M_NONE && !wants_handle) { /* the handle is learnt from a query */
		RTM_ENUM_HANDLE en = NULL;
		HANDLE e = m.entity[new.owner].h, one;
		UINT n = 1;

		WANT_CODE(NO_ERROR, RtmCreateRouteEnum(e, NULL, ANY, 0, NULL, 0, NULL, 0, &en));
		while (RtmGetEnumRoutes(e, en, &n, &one) == NO_ERROR) {
			if (m_find_route(one) == M_NONE)
				h = one;
			WANT_CODE(NO_ERROR, RtmReleaseRoutes(e, 1, &one));
		}
		WANT_CODE(NO_ERROR, RtmDeleteEnumHandle(e, en));
	}
	if (at == M_NONE) {
		WANT_VOID(h != NULL && m_find_route(h) == M_NONE);
		at = apply_new(&new, h);
		want = RTM_ROUTE_CHANGE_NEW |
		       (at != M_NONE && m_best_in(at) != 0 ? RTM_ROUTE_CHANGE_BEST : 0);
	} else {
		WANT_VOID(!wants_handle || h == m.route[at].h);
		want = apply_update(at, &new, &moved);
	}
	WANT_VOID(change == want);
	if (wants_handle && at != M_NONE)
		m.route[at].refs++;
}

static void
update_by_handle(void)
{
	RTM_ROUTE_CHANGE_FLAGS change = 0, want;
	int at = some_route(false), caller = hist_entity(), twin;
	struct m_route new;
	union route_buf buf;
	HANDLE h;
	bool moved;

	if (at == M_NONE)
		return;
	if (hist_chance(80))
		caller = m.route[at].owner;
	memset(&new, 0, sizeof new);
	memset(&buf, 0, sizeof buf);
	some_contents(&new, caller);
	twin = m_equal(m.route[at].owner, m.route[at].dest, new.neighbour, false);
	if (twin != M_NONE && twin != at)
		return;
	if (m.route[at].list == new.list)
		new.list = M_NONE;
	write_info(&new, &buf.i);
	if (new.pref == 0)
		new.pref = policy(caller);
	h = m.route[at].h;
	if (caller != m.route[at].owner) {
		WANT_CODE(ERROR_ACCESS_DENIED,
		          RtmAddRouteToDest(m.entity[caller].h, &h,
		                            &m.dest[m.route[at].dest].net, &buf.i, INFINITE,
		                            NULL, 0, NULL, &change));
		return;
	}
	WANT_CODE(NO_ERROR, RtmAddRouteToDest(
				m.entity[caller].h, &h, &m.dest[m.route[at].dest].net, &buf.i,
				ttl_of(&new), new.list == M_NONE ? NULL : m.list[new.list].h, 0,
				NULL, &change));
	WANT_VOID(h == m.route[at].h);
	want = apply_update(at, &new, &moved);
	WANT_VOID(change == want);
}

static void
update_in_place(void)
{
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	int at = some_route(false);
	struct m_route new;
	RTM_ROUTE_INFO *p = NULL;
	HANDLE e;
	bool moved;

	if (at == M_NONE)
		return;
	e = m.entity[m.route[at].owner].h;
	some_contents(&new, m.route[at].owner);
	new.pref = 1 + new.pref % 3;           /* 0 is for additions */
	new.neighbour = m.route[at].neighbour; /* handles: the client would have to count */
	new.num_hops = m.route[at].num_hops;
	memcpy(new.hops, m.route[at].hops, sizeof new.hops);
	if (m.route[at].list == new.list)
		new.list = M_NONE;
	WANT_CODE(NO_ERROR, RtmLockRoute(e, m.route[at].h, TRUE, TRUE, &p));
	WANT_VOID(p->PrefInfo.Metric == m.route[at].metric);
	WANT_VOID(p->BelongsToViews == m.route[at].views);
	p->PrefInfo = (RTM_PREF_INFO){ .Metric = new.metric, .Preference = new.pref };
	p->BelongsToViews = new.views;
	p->Flags = new.flags;
	p->EntitySpecificInfo = new.info;
	if (hist_chance(30)) {
		WANT_CODE(NO_ERROR, RtmLockRoute(e, m.route[at].h, TRUE, FALSE, NULL));
		return; /* restored */
	}
	WANT_CODE(NO_ERROR,
	          RtmUpdateAndUnlockRoute(e, m.route[at].h, ttl_of(&new),
	                                  new.list == M_NONE ? NULL : m.list[new.list].h, 0,
	                                  NULL, &change));
	apply_update(at, &new, &moved);
	if (moved)
		WANT_VOID(change == RTM_ROUTE_CHANGE_BEST);
	if (m_best_in(at) == 0 && !moved)
		WANT_VOID(change == 0);
}

static void
delete_route(void)
{
	int at = some_route(hist_chance(20)), caller = hist_entity();
	RTM_ROUTE_CHANGE_FLAGS change = 0xee;

	if (at == M_NONE)
		return;
	if (hist_chance(90))
		caller = m.route[at].owner;
	if (!m.entity[caller].in)
		return;
	if (m.route[at].state == RTM_ROUTE_STATE_CREATED) {
		DWORD want = caller == m.route[at].owner ? NO_ERROR : ERROR_ACCESS_DENIED;

		WANT_CODE(want,
		          RtmDeleteRouteToDest(m.entity[caller].h, m.route[at].h, &change));
		if (want != NO_ERROR)
			return;
		m.route[at].refs--;
		WANT_VOID(change == m_delete(at, true));
	}
}

static void
release_or_reference(void)
{
	int at = some_route(true);
	HANDLE e = m.entity[hist_entity()].h;

	if (at == M_NONE)
		return;
	if (m.route[at].state == RTM_ROUTE_STATE_CREATED && hist_chance(30) &&
	    m.route[at].refs < 5) {
		WANT_CODE(NO_ERROR, RtmReferenceHandles(e, 1, &m.route[at].h));
		m.route[at].refs++;
		return;
	}
	if (m.route[at].refs == 1 && m.route[at].state == RTM_ROUTE_STATE_CREATED &&
	    hist_chance(70))
		return; /* else hardly a route would remain that can be named */
	WANT_CODE(NO_ERROR, RtmReleaseRoutes(e, 1, &m.route[at].h));
	m.route[at].refs--;
}

/* ---- next hops ---- */

static RTM_NEXTHOP_INFO
key_info(int key)
{
	static const char *addr[] = { "192.0.2.1", "192.0.2.2", "192.0.2.3" };

	return fx_hop_info(addr[key / 2], (ULONG)(key % 2 + 1)); /* in the order of keys */
}

static void
add_hop(void)
{
	int owner = hist_entity(), key = (int)hist_random(M_KEYS), at = m_hop_of(owner, key);
	int room = 0;
	RTM_NEXTHOP_INFO i = key_info(key);
	RTM_NEXTHOP_CHANGE_FLAGS change = 0xee;
	HANDLE h = NULL;

	while (room < M_HOPS && m.hop[room].live)
		room++;
	if (room == M_HOPS)
		return; /* too many that were deleted and are still held: give some back first
		         */
	i.Flags = (USHORT)(hist_random(2) * RTM_NEXTHOP_FLAGS_DOWN);
	i.EntitySpecificInfo = hist_chance(50) ? &m.hop[0] : NULL;
	WANT_CODE(NO_ERROR, RtmAddNextHop(m.entity[owner].h, &i, &h, &change));
	WANT_VOID(change == (at == M_NONE ? RTM_NEXTHOP_CHANGE_NEW : 0));
	if (at == M_NONE) {
		at = room;
		WANT_VOID(m_find_hop(h) == M_NONE);
		m.hop[at] = (struct m_hop){
			.live = true, .listed = true, .owner = owner, .key = key, .h = h
		};
	}
	WANT_VOID(h == m.hop[at].h);
	m.hop[at].refs++;
	m.hop[at].flags = i.Flags;
	m.hop[at].info = i.EntitySpecificInfo;
}

static void
look_hop(int at)
{
	RTM_NEXTHOP_INFO i, key = key_info(m.hop[at].key);
	HANDLE e = m.entity[hist_entity()].h;

	WANT_CODE(NO_ERROR, RtmGetNextHopInfo(e, m.hop[at].h, &i));
	WANT_VOID(fx_net_same(&i.NextHopAddress, &key.NextHopAddress));
	WANT_VOID(i.InterfaceIndex == key.InterfaceIndex);
	WANT_VOID(i.State ==
	          (m.hop[at].listed ? RTM_NEXTHOP_STATE_CREATED : RTM_NEXTHOP_STATE_DELETED));
	WANT_VOID(i.Flags == m.hop[at].flags);
	WANT_VOID(i.EntitySpecificInfo == m.hop[at].info);
	WANT_CODE(NO_ERROR, RtmReleaseNextHopInfo(e, &i));
}

static void
touch_hop(void)
{
	int at = (int)hist_random(M_HOPS), caller = hist_entity();
	RTM_NEXTHOP_INFO i;
	HANDLE e, found = NULL;

	for (int k = 0; k < M_HOPS && !(m.hop[at].live && m.hop[at].refs > 0); k++)
		at = (at + 1) % M_HOPS;
	if (!m.hop[at].live || m.hop[at].refs == 0)
		return;
	look_hop(at);
	e = m.entity[caller].h;
	if (!m.hop[at].listed || hist_chance(50)) { /* so that they do not pile up */
		if (m.hop[at].refs > 1 || !m.hop[at].listed) {
			WANT_CODE(NO_ERROR, RtmReleaseNextHops(e, 1, &m.hop[at].h));
			m.hop[at].refs--;
		}
	} else if (hist_chance(40)) {
		i = key_info(m.hop[at].key);
		if (m_hop_of(caller, m.hop[at].key) == M_NONE) {
			WANT_CODE(ERROR_NOT_FOUND, RtmFindNextHop(e, &i, &found, NULL));
		} else {
			WANT_CODE(NO_ERROR, RtmFindNextHop(e, &i, &found, NULL));
			at = m_hop_of(caller, m.hop[at].key);
			WANT_VOID(found == m.hop[at].h);
			m.hop[at].refs++;
		}
	} else if (hist_chance(30)) {
		DWORD want = m.hop[at].owner != caller ? ERROR_ACCESS_DENIED
		             : m.hop[at].listed        ? NO_ERROR
		                                       : ERROR_NOT_FOUND;

		if (!m.hop[at].listed && want != ERROR_NOT_FOUND)
			return; /* its owner may be another entity by now */
		if (!m.hop[at].listed)
			return;
		WANT_CODE(want, RtmDeleteNextHop(e, m.hop[at].h, NULL));
		if (want == NO_ERROR) {
			m.hop[at].listed = false;
			m.hop[at].refs--;
		}
	}
}

/* ---- destinations ---- */

static void
touch_dest(void)
{
	int d = (int)hist_random(M_DESTS);
	HANDLE e = m.entity[hist_entity()].h;
	RTM_DEST_INFO one;
	PVOID slot = NULL;

	if (m.dest[d].refs > 2 || (m.dest[d].refs > 0 && hist_chance(40))) {
		memset(&one, 0, sizeof one);
		one.DestHandle = m.dest[d].h;
		WANT_CODE(NO_ERROR, RtmReleaseDestInfo(e, &one));
		m.dest[d].refs--;
	} else if (m_visible(d, ANY)) {
		union dest_buf i;

		WANT_CODE(NO_ERROR,
		          RtmGetExactMatchDestination(e, &m.dest[d].net, 0, ANY, &i.i));
		WANT_VOID(i.i.DestHandle == m.dest[d].h);
		m.dest[d].refs++; /* kept: without slots there is nothing else in it */
	}
	if (m.dest[d].refs > 0 && hist_chance(20)) {
		WANT_CODE(NO_ERROR,
		          RtmGetOpaqueInformationPointer(m.entity[0].h, m.dest[d].h, &slot));
		WANT_VOID(*(PVOID *)slot == m.dest[d].slot);
		WANT_CODE(NO_ERROR, RtmLockDestination(m.entity[0].h, m.dest[d].h, TRUE, TRUE));
		m.dest[d].slot = hist_chance(30) ? &m.dest[d] : NULL;
		*(PVOID *)slot = m.dest[d].slot;
		WANT_CODE(NO_ERROR,
		          RtmLockDestination(m.entity[0].h, m.dest[d].h, TRUE, FALSE));
	}
}

static void
hold(void)
{
	int d = some_dest();
	RTM_VIEW_SET views = (RTM_VIEW_SET)hist_random(4);
	ULONG ms = (ULONG)(4 * hist_random(100) + 2);

	if (d == M_NONE || m.dest[d].hold_until != M_NEVER)
		return;
	WANT_CODE(NO_ERROR,
	          RtmHoldDestination(m.entity[hist_entity()].h, m.dest[d].h, views, ms));
	m.dest[d].hold_mark |= views == ANY ? UC | MC : views;
	if (ms > m.dest[d].hold_ms)
		m.dest[d].hold_ms = ms;
}

/* ---- notification ---- */

static void
open_notify(void)
{
	static const RTM_NOTIFY_FLAGS types[] = { 1, 2, 4, 3, 7 };
	int at = (int)hist_random(M_NOTIFIES);
	struct m_notify *n = &m.notify[at];

	if (n->used)
		return;
	memset(n, 0, sizeof *n);
	n->owner = hist_entity();
	n->views = (RTM_VIEW_SET)hist_random(4);
	n->flags = types[hist_random(5)] | (hist_chance(30) ? RTM_NOTIFY_ONLY_MARKED_DESTS : 0);
	WANT_CODE(NO_ERROR, RtmRegisterForChangeNotification(m.entity[n->owner].h, n->views,
	                                                     n->flags, n, &n->h));
	n->used = true;
	hist.announced[at] = 0;
}

static void
unqueue(struct m_notify *n, UINT at)
{
	n->num--;
	memmove(&n->queue[at], &n->queue[at + 1], (n->num - at) * sizeof n->queue[0]);
	memmove(&n->group[at], &n->group[at + 1], (n->num - at) * sizeof n->group[0]);
	if (n->num == 0) {
		n->went_empty = n->went_empty || !n->announced;
		n->announced = false;
	}
}

/* The destination is next, or among those that one event queued together. */
static void
take_from_queue(struct m_notify *n, const RTM_DEST_INFO *d)
{
	int dest = m_find_dest(&d->DestAddress);
	UINT at = 0;

	while (at < n->num && n->queue[at] != dest)
		at++;
	WANT_VOID(at < n->num);
	WANT_VOID(n->group[at] == n->group[0]);
	hist_check_info(d, dest, n->views, RTM_BEST_PROTOCOL, n->owner);
	unqueue(n, at);
}

static void
drain(void)
{
	int at = some_notify();
	UINT ask = 1 + (UINT)hist_random(6), num = ask, owed;
	struct m_notify *n;
	union dests_buf buf;
	PRTM_DEST_INFO d = &buf.i;
	HANDLE e;

	if (at == M_NONE)
		return;
	n = &m.notify[at];
	e = m.entity[n->owner].h;
	owed = n->num < ask ? n->num : ask;
	if (owed == 0) {
		WANT_CODE(ERROR_NO_MORE_ITEMS, RtmGetChangedDests(e, n->h, &num, d));
		WANT_VOID(num == 0);
		return;
	}
	WANT_CODE(NO_ERROR, RtmGetChangedDests(e, n->h, &num, d));
	WANT_VOID(num == owed);
	for (UINT i = 0; i < num && !hist.bad; i++, d = RTM_NEXT_DEST_INFO(d))
		take_from_queue(n, d);
	if (!hist.bad)
		WANT_CODE(NO_ERROR, RtmReleaseChangedDests(e, n->h, num, &buf.i));
}

static void
touch_notify(void)
{
	int at = some_notify(), d = some_dest();
	struct m_notify *n;
	BOOL b = 77;
	bool pending = false;
	HANDLE e;

	if (at == M_NONE || d == M_NONE)
		return;
	n = &m.notify[at];
	e = m.entity[n->owner].h;
	for (UINT i = 0; i < n->num; i++)
		pending = pending || n->queue[i] == d;
	WANT_CODE(NO_ERROR, RtmGetChangeStatus(e, n->h, m.dest[d].h, &b));
	WANT_VOID(b == pending);
	WANT_CODE(NO_ERROR, RtmIsMarkedForChangeNotification(e, n->h, m.dest[d].h, &b));
	WANT_VOID(b == n->mark[d]);
	if (hist_chance(20)) {
		WANT_CODE(NO_ERROR, RtmIgnoreChangedDests(e, n->h, 1, &m.dest[d].h));
		for (UINT i = 0; i < n->num; i++)
			if (n->queue[i] == d)
				unqueue(n, i);
	} else if (hist_chance(40)) {
		n->mark[d] = hist_chance(50);
		WANT_CODE(NO_ERROR,
		          RtmMarkDestForChangeNotification(e, n->h, m.dest[d].h, n->mark[d]));
	} else if (hist_chance(3)) {
		n->used = false;
		WANT_CODE(NO_ERROR, RtmDeregisterFromChangeNotification(e, n->h));
		CODE(ERROR_INVALID_HANDLE, RtmGetChangeStatus(e, n->h, m.dest[d].h, &b));
	}
}

/* ---- lists ---- */

static void
touch_list(void)
{
	int at = (int)hist_random(M_LISTS), r;
	struct m_list *l = &m.list[at];

	if (!l->used) {
		l->owner = hist_entity();
		WANT_CODE(NO_ERROR, RtmCreateRouteList(m.entity[l->owner].h, &l->h));
		l->used = true;
		return;
	}
	if (hist_chance(10)) {
		WANT_CODE(NO_ERROR, RtmDeleteRouteList(m.entity[l->owner].h, l->h));
		l->used = false;
		for (r = 0; r < M_ROUTES; r++)
			if (m.route[r].list == at)
				m.route[r].list = M_NONE;
		return;
	}
	r = some_route(false);
	if (r == M_NONE || m.route[r].list == at)
		return;
	if (m.route[r].owner != l->owner) {
		WANT_CODE(ERROR_ACCESS_DENIED,
		          RtmInsertInRouteList(m.entity[l->owner].h, l->h, 1, &m.route[r].h));
		return;
	}
	if (hist_chance(20)) {
		WANT_CODE(NO_ERROR,
		          RtmInsertInRouteList(m.entity[l->owner].h, NULL, 1, &m.route[r].h));
		m.route[r].list = M_NONE;
		return;
	}
	WANT_CODE(NO_ERROR, RtmInsertInRouteList(m.entity[l->owner].h, l->h, 1, &m.route[r].h));
	m.route[r].list = at;
	m.route[r].list_seq = m.next_seq++;
}

/* ---- entities ---- */

static void
forget_entity(int e)
{
	for (int r = 0; r < M_ROUTES; r++)
		if (m.route[r].live && m.route[r].owner == e &&
		    m.route[r].state == RTM_ROUTE_STATE_CREATED)
			m_delete(r, false);
	for (int i = 0; i < M_HOPS; i++)
		if (m.hop[i].live && m.hop[i].owner == e)
			m.hop[i].listed = false;
	for (int i = 0; i < M_LISTS; i++)
		if (m.list[i].owner == e)
			m.list[i].used = false;
	for (int i = 0; i < M_NOTIFIES; i++)
		if (m.notify[i].owner == e)
			m.notify[i].used = false;
	hist_cursors_end(e);
	m.entity[e].in = false;
}

static void
leave_or_come_back(void)
{
	int e = 1 + (int)hist_random(M_ENTITIES - 1);
	UINT in = 0;

	for (int i = 0; i < M_ENTITIES; i++)
		in += m.entity[i].in;
	if (!m.entity[e].in) {
		hist_join(e);
		return;
	}
	if (in < M_ENTITIES || hist_chance(70))
		return;
	for (int r = 0; r < M_ROUTES; r++)
		if (m.route[r].live && m.route[r].owner == e && m_held(r))
			return;
	for (int i = 0; i < M_NOTIFIES; i++) /* his own hear nothing of it any more */
		if (m.notify[i].owner == e)
			m.notify[i].used = false;
	WANT_CODE(NO_ERROR, RtmDeregisterEntity(m.entity[e].h));
	forget_entity(e);
}

/* ---- the dice ---- */

static void
some_cursor(void)
{
	hist_cursor();
}

void
hist_step(void)
{
	static const struct {
		UINT weight;
		void (*run)(void);
		const char *name;
	} moves[] = {
		{ 200, add_route, "adding a route" },
		{ 60, update_by_handle, "updating by handle" },
		{ 50, update_in_place, "updating in place" },
		{ 90, delete_route, "deleting a route" },
		{ 40, release_or_reference, "counting references" },
		{ 40, add_hop, "adding a next hop" },
		{ 40, touch_hop, "touching a next hop" },
		{ 60, touch_dest, "touching a destination" },
		{ 30, hold, "asking for a hold" },
		{ 20, open_notify, "registering for changes" },
		{ 60, drain, "fetching changes" },
		{ 50, touch_notify, "touching a registration" },
		{ 30, touch_list, "touching a list" },
		{ 3, leave_or_come_back, "leaving and coming back" },
		{ 40, hist_pass_time, "passing time" },
		{ 40, hist_look_exact, "exact match" },
		{ 40, hist_look_longest, "longest match" },
		{ 20, hist_look_less, "less specific" },
		{ 40, hist_look_route, "route information" },
		{ 40, hist_look_match, "matching route" },
		{ 40, some_cursor, "an open enumeration" },
		{ 8, hist_look_dests, "all destinations" },
		{ 12, hist_look_routes, "all routes" },
		{ 8, hist_look_hops, "all next hops" },
		{ 8, hist_look_list, "all of a list" },
	};
	UINT total = 0, pick;

	for (UINT i = 0; i < sizeof moves / sizeof moves[0]; i++)
		total += moves[i].weight;
	pick = (UINT)hist_random(total);
	for (UINT i = 0;; i++) {
		if (pick < moves[i].weight) {
			hist.op_name = moves[i].name;
			moves[i].run();
			return;
		}
		pick -= moves[i].weight;
	}
}

void
hist_release_everything(void)
{
	HANDLE e = m.entity[0].h;
	RTM_DEST_INFO one;

	for (int r = 0; r < M_ROUTES; r++)
		for (; m.route[r].live && m.route[r].refs > 0; m.route[r].refs--)
			WANT_CODE(NO_ERROR, RtmReleaseRoutes(e, 1, &m.route[r].h));
	for (int i = 0; i < M_HOPS; i++)
		for (; m.hop[i].live && m.hop[i].refs > 0; m.hop[i].refs--)
			WANT_CODE(NO_ERROR, RtmReleaseNextHops(e, 1, &m.hop[i].h));
	memset(&one, 0, sizeof one);
	for (int d = 0; d < M_DESTS; d++) {
		one.DestHandle = m.dest[d].h;
		for (; m.dest[d].refs > 0; m.dest[d].refs--)
			WANT_CODE(NO_ERROR, RtmReleaseDestInfo(e, &one));
	}
}
