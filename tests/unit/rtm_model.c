/*
 * One chapter: what the specification says, in the plainest words of C.
 *
 * Where the specification leaves something open (the order of entries that one event
 * queues, whether a route that merely enters another view has changed in the view it
 * stays in) the model does not guess: m_changed() asks the real manager and adopts.
 * Everything else is computed anew for every question.
 */
#include "rtm_model.h"

#include <string.h>

struct model m;

void
m_reset(void)
{
	memset(&m, 0, sizeof m);
	m.next_seq = 1;
	for (int d = 0; d < M_DESTS; d++) {
		m.dest[d].hold_until = M_NEVER;
		for (int v = 0; v < M_VIEWS; v++)
			m.dest[d].held[v] = M_NONE;
	}
}

/* ---- looking ---- */

bool
m_before(const struct m_route *x, const struct m_route *y)
{
	if (x->pref != y->pref)
		return x->pref < y->pref;
	if (x->metric != y->metric)
		return x->metric < y->metric;
	return x->seq < y->seq;
}

static bool
in_table(int r, int dest)
{
	return m.route[r].live && m.route[r].state == RTM_ROUTE_STATE_CREATED &&
	       m.route[r].dest == dest;
}

int
m_best_of(int dest, int view, ULONG protocol, int asker)
{
	int best = M_NONE;

	if (protocol == RTM_THIS_PROTOCOL)
		protocol = m.entity[asker].protocol;
	for (int r = 0; r < M_ROUTES; r++) {
		if (!in_table(r, dest) || (m.route[r].views & 1u << view) == 0)
			continue;
		if (protocol != RTM_BEST_PROTOCOL &&
		    m.entity[m.route[r].owner].protocol != protocol)
			continue;
		if (best == M_NONE || m_before(&m.route[r], &m.route[best]))
			best = r;
	}
	return best;
}

int
m_best(int dest, int view)
{
	return m_best_of(dest, view, RTM_BEST_PROTOCOL, 0);
}

UINT
m_sorted(int dest, RTM_VIEW_SET views, int *out)
{
	UINT num = 0;

	for (int r = 0; r < M_ROUTES; r++) {
		UINT at = num;

		if (!in_table(r, dest) || (views != ANY && (m.route[r].views & views) == 0))
			continue;
		while (at > 0 && m_before(&m.route[r], &m.route[out[at - 1]])) {
			out[at] = out[at - 1];
			at--;
		}
		out[at] = r;
		num++;
	}
	return num;
}

UINT
m_count(int dest, RTM_VIEW_SET views)
{
	UINT n = 0;

	for (int r = 0; r < M_ROUTES; r++)
		n += in_table(r, dest) && (views == ANY || (m.route[r].views & views) != 0);
	return n;
}

RTM_VIEW_SET
m_views(int dest)
{
	RTM_VIEW_SET v = 0;

	for (int r = 0; r < M_ROUTES; r++)
		if (in_table(r, dest))
			v |= m.route[r].views;
	return v;
}

RTM_VIEW_SET
m_best_in(int route)
{
	RTM_VIEW_SET v = 0;

	if (m.route[route].state != RTM_ROUTE_STATE_CREATED)
		return 0;
	for (int view = 0; view < M_VIEWS; view++)
		if (m_best(m.route[route].dest, view) == route)
			v |= 1u << view;
	return v;
}

bool
m_held(int route)
{
	for (int v = 0; v < M_VIEWS; v++)
		if (m.dest[m.route[route].dest].held[v] == route)
			return true;
	return false;
}

static bool
has_held(int dest)
{
	for (int v = 0; v < M_VIEWS; v++)
		if (m.dest[dest].held[v] != M_NONE)
			return true;
	return false;
}

bool
m_visible(int dest, RTM_VIEW_SET views)
{
	return m_count(dest, views) > 0 || (views == ANY && has_held(dest));
}

bool
m_covers(int outer, const RTM_NET_ADDRESS *n)
{
	const RTM_NET_ADDRESS *o = &m.dest[outer].net;

	if (o->NumBits > n->NumBits)
		return false;
	for (UINT bit = 0; bit < o->NumBits; bit++)
		if (((o->AddrBits[bit / 8] ^ n->AddrBits[bit / 8]) >> (7 - bit % 8) & 1) != 0)
			return false;
	return true;
}

int
m_find_dest(const RTM_NET_ADDRESS *n)
{
	for (int d = 0; d < M_DESTS; d++)
		if (fx_net_same(&m.dest[d].net, n))
			return d;
	return M_NONE;
}

int
m_find_route(HANDLE h)
{
	for (int r = 0; r < M_ROUTES; r++)
		if (m.route[r].live && m.route[r].h == h)
			return r;
	return M_NONE;
}

int
m_find_hop(HANDLE h)
{
	for (int i = 0; i < M_HOPS; i++)
		if (m.hop[i].live && m.hop[i].h == h)
			return i;
	return M_NONE;
}

int
m_hop_of(int owner, int key)
{
	for (int i = 0; i < M_HOPS; i++)
		if (m.hop[i].live && m.hop[i].listed && m.hop[i].owner == owner &&
		    m.hop[i].key == key)
			return i;
	return M_NONE;
}

int
m_equal(int owner, int dest, int neighbour, bool first)
{
	int found = M_NONE;

	for (int r = 0; r < M_ROUTES; r++) {
		if (!in_table(r, dest) || m.route[r].owner != owner)
			continue;
		if (!first && m.route[r].neighbour != neighbour)
			continue;
		if (found == M_NONE || m_before(&m.route[r], &m.route[found]))
			found = r;
	}
	return found;
}

/* ---- telling ---- */

void
m_snap(int dest, struct m_snap *s)
{
	memset(s, 0, sizeof *s);
	for (int v = 0; v < M_VIEWS; v++) {
		s->best[v] = m_best(dest, v);
		if (s->best[v] != M_NONE)
			s->copy[v] = m.route[s->best[v]];
	}
}

static bool
same_hops(const struct m_route *x, const struct m_route *y)
{
	return x->num_hops == y->num_hops &&
	       memcmp(x->hops, y->hops, x->num_hops * sizeof x->hops[0]) == 0;
}

/* Which types of change happened in one view. */
static RTM_NOTIFY_FLAGS
types_in(int dest, const struct m_snap *s, int v, RTM_VIEW_SET any)
{
	RTM_NOTIFY_FLAGS t = (any & 1u << v) != 0 ? RTM_CHANGE_TYPE_ALL : 0;
	int now = m_best(dest, v);
	const struct m_route *old = &s->copy[v], *new = &m.route[now == M_NONE ? 0 : now];

	if (now != s->best[v])
		return t | RTM_CHANGE_TYPE_ALL | RTM_CHANGE_TYPE_BEST |
		       RTM_CHANGE_TYPE_FORWARDING;
	if (now == M_NONE)
		return t;
	if (old->pref != new->pref || old->metric != new->metric || !same_hops(old, new))
		return t | RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING;
	if (old->flags != new->flags)
		t |= RTM_CHANGE_TYPE_BEST;
	if (((old->flags ^ new->flags) & RTM_ROUTE_FLAGS_FORWARDING) != 0)
		t |= RTM_CHANGE_TYPE_FORWARDING;
	return t;
}

static bool
queued(const struct m_notify *n, int dest)
{
	for (UINT i = 0; i < n->num; i++)
		if (n->queue[i] == dest)
			return true;
	return false;
}

static void
enqueue(struct m_notify *n, int dest)
{
	if (queued(n, dest))
		return;
	n->queue[n->num] = dest;
	n->group[n->num++] = m.op;
}

static bool
concerns(const struct m_notify *n, int dest)
{
	return n->used && ((n->flags & RTM_NOTIFY_ONLY_MARKED_DESTS) == 0 || n->mark[dest]);
}

static RTM_VIEW_SET
views_of(const struct m_notify *n)
{
	return n->views == ANY ? UC | MC : n->views;
}

/* What the table says of a destination in it, whether or not we hold a handle of it. */
static bool
says_pending(const struct m_notify *n, int dest)
{
	HANDLE e = m.entity[n->owner].h;
	union dest_buf found;
	BOOL pending = FALSE;

	if (RtmGetExactMatchDestination(e, &m.dest[dest].net, RTM_BEST_PROTOCOL, 0, &found.i) !=
	    NO_ERROR)
		return false;
	if (RtmGetChangeStatus(e, n->h, found.i.DestHandle, &pending) != NO_ERROR)
		pending = FALSE;
	RtmReleaseDestInfo(e, &found.i);
	return pending;
}

void
m_changed(int dest, const struct m_snap *s, RTM_VIEW_SET any, RTM_VIEW_SET unsure)
{
	for (int i = 0; i < M_NOTIFIES; i++) {
		struct m_notify *n = &m.notify[i];
		RTM_NOTIFY_FLAGS happened = 0;

		if (!concerns(n, dest))
			continue;
		for (int v = 0; v < M_VIEWS; v++)
			if ((views_of(n) & 1u << v) != 0)
				happened |= types_in(dest, s, v, any);
		if ((happened & n->flags & 7) != 0)
			enqueue(n, dest);
		else if ((views_of(n) & unsure) != 0 && (n->flags & RTM_CHANGE_TYPE_ALL) != 0 &&
		         says_pending(n, dest))
			enqueue(n, dest);
	}
}

void
m_hold_ended(int dest, RTM_VIEW_SET views)
{
	for (int i = 0; i < M_NOTIFIES; i++)
		if (concerns(&m.notify[i], dest) && (views_of(&m.notify[i]) & views) != 0 &&
		    (m.notify[i].flags & (RTM_CHANGE_TYPE_ALL | RTM_CHANGE_TYPE_BEST)) != 0)
			enqueue(&m.notify[i], dest);
}

/* ---- changing ---- */

RTM_ROUTE_CHANGE_FLAGS
m_delete(int route, bool may_hold)
{
	struct m_route *r = &m.route[route];
	struct m_dest *d = &m.dest[r->dest];
	RTM_ROUTE_CHANGE_FLAGS change = 0;
	struct m_snap before;

	m_snap(r->dest, &before);
	if (m_best_in(route) != 0)
		change = RTM_ROUTE_CHANGE_BEST;
	r->state = RTM_ROUTE_STATE_DELETED;
	r->list = M_NONE;
	r->until = M_NEVER;
	for (int v = 0; may_hold && v < M_VIEWS; v++) {
		if ((r->views & d->hold_mark & 1u << v) == 0 || m_best(r->dest, v) != M_NONE ||
		    d->held[v] != M_NONE) /* the first one stays until its time is over */
			continue;
		d->held[v] = route;
		r->state = RTM_ROUTE_STATE_DELETING;
		if (d->hold_until == M_NEVER)
			d->hold_until = m.now + d->hold_ms;
	}
	m_changed(r->dest, &before, r->views, 0);
	return change;
}

void
m_expire_holds(void)
{
	for (int i = 0; i < M_DESTS; i++) {
		struct m_dest *d = &m.dest[i];
		RTM_VIEW_SET ended = 0;

		if (d->hold_until > m.now)
			continue;
		for (int v = 0; v < M_VIEWS; v++) {
			if (d->held[v] == M_NONE)
				continue;
			ended |= 1u << v;
			m.route[d->held[v]].state = RTM_ROUTE_STATE_DELETED;
			d->held[v] = M_NONE;
		}
		d->hold_until = M_NEVER;
		d->hold_mark = 0;
		d->hold_ms = 0;
		m_hold_ended(i, ended);
	}
}

uint64_t
m_deadline(void)
{
	uint64_t t = M_NEVER;

	for (int r = 0; r < M_ROUTES; r++)
		if (m.route[r].live && m.route[r].state == RTM_ROUTE_STATE_CREATED &&
		    m.route[r].until < t)
			t = m.route[r].until;
	for (int d = 0; d < M_DESTS; d++)
		if (m.dest[d].hold_until < t)
			t = m.dest[d].hold_until;
	return t;
}

static bool
hop_in_use(int hop)
{
	for (int r = 0; r < M_ROUTES; r++) {
		if (!m.route[r].live)
			continue;
		if (m.route[r].neighbour == hop)
			return true;
		for (UINT i = 0; i < m.route[r].num_hops; i++)
			if (m.route[r].hops[i] == hop)
				return true;
	}
	return false;
}

static bool
dest_in_use(int dest)
{
	if (m.dest[dest].refs > 0 || m.dest[dest].slot != NULL)
		return true;
	for (int r = 0; r < M_ROUTES; r++)
		if (m.route[r].live && m.route[r].dest == dest)
			return true;
	for (int i = 0; i < M_NOTIFIES; i++)
		if (m.notify[i].used && (m.notify[i].mark[dest] || queued(&m.notify[i], dest)))
			return true;
	return false;
}

void
m_collect(void)
{
	for (int r = 0; r < M_ROUTES; r++)
		if (m.route[r].live && m.route[r].state != RTM_ROUTE_STATE_CREATED &&
		    m.route[r].refs == 0 && !m_held(r))
			m.route[r].live = false;
	for (int i = 0; i < M_HOPS; i++)
		if (m.hop[i].live && !m.hop[i].listed && m.hop[i].refs == 0 && !hop_in_use(i))
			m.hop[i].live = false;
	for (int d = 0; d < M_DESTS; d++) {
		if (m.dest[d].h == NULL || dest_in_use(d))
			continue;
		m.dest[d].h = NULL;
		m.dest[d].hold_mark = 0;
		m.dest[d].hold_ms = 0;
	}
}

struct rtm_counts
m_counts(void)
{
	struct rtm_counts c;

	memset(&c, 0, sizeof c);
	for (int i = 0; i < M_ROUTES; i++) {
		c.routes += m.route[i].live;
		c.client_refs += m.route[i].live ? m.route[i].refs : 0;
	}
	for (int i = 0; i < M_HOPS; i++) {
		c.nexthops += m.hop[i].live;
		c.client_refs += m.hop[i].live ? m.hop[i].refs : 0;
	}
	for (int i = 0; i < M_DESTS; i++) {
		c.dests += m.dest[i].h != NULL;
		c.client_refs += m.dest[i].refs;
	}
	for (int i = 0; i < M_LISTS; i++)
		c.lists += m.list[i].used;
	for (int i = 0; i < M_NOTIFIES; i++)
		c.notifies += m.notify[i].used;
	c.enums = m.enums;
	return c;
}
