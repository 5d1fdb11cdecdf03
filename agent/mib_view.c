/*
 * Rows of inetCidrRouteTable in the order of the MIB, found by search.
 *
 * Within ipv4 and ipv6 the MIB's order of destinations is the core's, so the successor
 * of any name is one search for a destination there, one among the staged rows, and a
 * look at the rows of the nearer one. Those rows are put together in a view: read from
 * the core, named, joined by staged rows of the same destination, sorted. Zoned types
 * come from the tree that mib_sync.c keeps, merged with staged rows likewise.
 *
 * Two views are kept, because a walk alternates between the destination of the name
 * it was given and the one after it, and one of a zoned destination, whose rows, one for
 * each interface, lie far apart in the order of the MIB. They are good as long as nothing has
 * changed (the generation stands still) and for a second, so that Age moves on.
 *
 * A view never shows two rows under one name: should memory have run out while names
 * were settled, the later one stays away until they are [OURS 80].
 */
#include "mib_int.h"

#include "base/alloc.h"

#include <stdlib.h>

#define FEW 2 /* the destination of a name, and the one after it */

bool
mib_grow(void **array, size_t *cap, size_t n, size_t size)
{
	size_t want = *cap == 0 ? 16 : *cap;
	void *grown;

	if (n <= *cap)
		return true;
	while (want < n)
		want *= 2;
	grown = mem_realloc(*array, want, size);
	if (grown == NULL)
		return false;
	*array = grown;
	*cap = want;
	return true;
}

void
mib_view_close(struct mib *mib)
{
	mib_ahead_close(mib);
	for (size_t i = 0; i < PLAIN_VIEWS + 1; i++) {
		mem_free(mib->views[i].routes);
		mem_free(mib->views[i].refs);
	}
}

/* ---- the rows of one destination -------------------------------------------- */

int
mib_prefix_compare(const IP_ADDRESS_PREFIX *a, const IP_ADDRESS_PREFIX *b)
{
	ADDRESS_FAMILY family = a->Prefix.si_family;
	int order;

	if (family != b->Prefix.si_family)
		return family == AF_INET ? -1 : 1;
	if (family == AF_INET) /* no call: a walk comes here several times for each row */
		order = memcmp(&a->Prefix.Ipv4.sin_addr, &b->Prefix.Ipv4.sin_addr, 4);
	else
		order = memcmp(&a->Prefix.Ipv6.sin6_addr, &b->Prefix.Ipv6.sin6_addr, 16);
	return order != 0 ? order : (int)a->PrefixLength - (int)b->PrefixLength;
}

static int
ref_compare(const void *a, const void *b)
{
	return mib_key_compare(&((const struct mib_ref *)a)->key,
	                       &((const struct mib_ref *)b)->key);
}

/* The name of an active row, and what lies beside it. */
static void
ref_active(struct mib *mib, const struct iph_route *route, bool any_side, struct mib_ref *out)
{
	struct mib_core core;

	*out = (struct mib_ref){ .route = route };
	if (any_side) {
		mib_core_of_row(&route->row, &core);
		out->side = mib_side_by_core(mib, &core);
	}
	if (out->side != NULL)
		out->key = out->side->by_key.key;
	else
		mib_inet_key(&route->row, mib_inet_policy(&route->row), &out->key);
}

static bool
view_add(struct mib_view *view, const struct mib_ref *ref)
{
	if (!mib_grow((void **)&view->refs, &view->refs_cap, view->nrefs + 1,
	              sizeof *view->refs))
		return false;
	view->refs[view->nrefs++] = *ref;
	return true;
}

/* The first key that a row of this destination can have. */
static void
first_key(const IP_ADDRESS_PREFIX *prefix, struct mib_key *out)
{
	MIB_IPFORWARD_ROW2 row = { .DestinationPrefix = *prefix };

	row.NextHop.si_family = prefix->Prefix.si_family;
	mib_inet_key(&row, 0, out);
}

static bool
add_active(struct mib *mib, struct mib_view *view)
{
	bool any_side = false;
	struct mib_ref ref;

	if (mib->active.root != NULL && view->nroutes > 0) {
		struct mib_core core;

		mib_core_of_row(&view->routes[0].row, &core);
		any_side = mib_side_of_dest(mib, &core) != NULL;
	}
	for (size_t i = 0; i < view->nroutes; i++) {
		if (view->routes[i].hidden)
			continue;
		ref_active(mib, &view->routes[i], any_side, &ref);
		if (!view_add(view, &ref))
			return false;
	}
	return true;
}

static bool
add_staged(struct mib *mib, struct mib_view *view)
{
	struct mib_key first;

	if (mib->nstaged == 0 || mib_prefix_zoned(&view->prefix))
		return true;
	first_key(&view->prefix, &first);
	for (struct mib_side *side = mib_staged_from(mib, &first, true);
	     side != NULL && memcmp(side->by_key.key.b, first.b, MIB_KEY_POLICY) == 0;
	     side = mib_staged_next(side)) {
		struct mib_ref ref = { .key = side->by_key.key, .side = side };

		if (!view_add(view, &ref))
			return false;
	}
	return true;
}

static void
view_sort(struct mib_view *view)
{
	size_t n = 0;

	if (view->nrefs < 2)
		return;
	qsort(view->refs, view->nrefs, sizeof *view->refs, ref_compare);
	for (size_t i = 1; i < view->nrefs; i++)
		if (ref_compare(&view->refs[n], &view->refs[i]) != 0)
			view->refs[++n] = view->refs[i];
	view->nrefs = n + 1;
}

/* The routes of a destination: those read ahead, or the core's. */
static bool
load_routes(struct mib *mib, struct mib_view *view, const IP_ADDRESS_PREFIX *prefix)
{
	size_t n;
	const struct iph_route *ahead = mib_ahead_rows(mib, prefix, &n);
	DWORD err;

	if (ahead != NULL) {
		if (!mib_grow((void **)&view->routes, &view->routes_cap, n,
		              sizeof *view->routes))
			return false;
		memcpy(view->routes, ahead, n * sizeof *ahead);
		view->nroutes = n;
		return true;
	}
	err = iph_dest_rows(mib->config.iph, prefix, &view->routes, &view->routes_cap,
	                    &view->nroutes);
	if (err != NO_ERROR)
		view->nroutes = 0;
	return err == NO_ERROR || err == ERROR_NOT_FOUND;
}

static bool
view_load(struct mib *mib, struct mib_view *view, const IP_ADDRESS_PREFIX *prefix)
{
	view->valid = false;
	view->prefix = *prefix;
	view->nrefs = view->nroutes = 0;
	if (mib->behind)
		mib_sync_dest(mib, prefix, NULL);
	if (!load_routes(mib, view, prefix))
		return false;
	if (!add_active(mib, view) || !add_staged(mib, view))
		return false;
	view_sort(view);
	view->valid = true;
	view->generation = mib->generation;
	view->loaded_ms = mib->now_ms;
	return true;
}

static bool
view_good(const struct mib *mib, const struct mib_view *view)
{
	return view->valid && view->generation == mib->generation &&
	       mib->now_ms - view->loaded_ms < MIB_FRESH_MS;
}

/* The view to use for a destination: the one that has it, else the longest unused. */
static struct mib_view *
view_slot(struct mib *mib, const IP_ADDRESS_PREFIX *prefix)
{
	struct mib_view *view = &mib->views[0];

	if (mib_prefix_zoned(prefix))
		return &mib->views[ZONED_VIEW];
	for (size_t i = 0; i < PLAIN_VIEWS; i++) {
		if (mib->views[i].valid &&
		    mib_prefix_compare(&mib->views[i].prefix, prefix) == 0)
			return &mib->views[i];
		if (mib->views[i].used < view->used)
			view = &mib->views[i];
	}
	return view;
}

const struct mib_view *
mib_view_of(struct mib *mib, const IP_ADDRESS_PREFIX *prefix)
{
	struct mib_view *view = view_slot(mib, prefix);

	view->used = ++mib->view_use;
	if (view_good(mib, view) && mib_prefix_compare(&view->prefix, prefix) == 0)
		return view;
	return view_load(mib, view, prefix) ? view : NULL;
}

static const struct mib_ref *
view_find(const struct mib_view *view, const struct mib_key *key)
{
	struct mib_ref probe = { .key = *key };

	if (view->nrefs == 0)
		return NULL;
	return bsearch(&probe, view->refs, view->nrefs, sizeof probe, ref_compare);
}

/* ---- exact search -------------------------------------------------------------- */

enum mib_found
mib_inet_find(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	const struct mib_side *staged = mib_staged_find(mib, key);
	const struct mib_view *view;
	IP_ADDRESS_PREFIX prefix;
	const struct mib_ref *ref;

	if (staged != NULL) {
		*out = (struct mib_ref){ .key = *key, .side = staged };
		return MIB_FOUND;
	}
	mib_inet_prefix(key, &prefix);
	view = mib_view_of(mib, &prefix);
	if (view == NULL)
		return MIB_READ_FAILED;
	ref = view_find(view, key);
	if (ref == NULL)
		return MIB_NO_SUCH_INSTANCE;
	*out = *ref;
	return MIB_FOUND;
}

/* ---- the next row ---------------------------------------------------------------- */

struct seek {
	const mib_subid *sub;
	size_t n;
	bool zero; /* how a missing next hop is spelled */
};

static bool
key_is_after(const struct mib_key *key, const struct seek *seek)
{
	mib_subid index[MIB_OID_MAX];
	size_t n = mib_inet_encode(key, seek->zero, index);

	return mib_oid_compare(index, n, seek->sub, seek->n) > 0;
}

/* The first row of a view behind the sequence; they ascend, so it is a binary search. */
static const struct mib_ref *
view_after(const struct mib_view *view, const struct seek *seek)
{
	size_t low = 0, high = view->nrefs;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (key_is_after(&view->refs[mid].key, seek))
			high = mid;
		else
			low = mid + 1;
	}
	return low < view->nrefs ? &view->refs[low] : NULL;
}

/* A bound may have a length beyond the family's: then it means after the longest. */
static bool
clamp_length(IP_ADDRESS_PREFIX *prefix)
{
	UINT8 most = prefix->Prefix.si_family == AF_INET ? 32 : 128;

	if (prefix->PrefixLength <= most)
		return true;
	prefix->PrefixLength = most;
	return false;
}

/* The core's next destination that is not zoned. */
static bool
core_dest_from(struct mib *mib, const IP_ADDRESS_PREFIX *from, bool inclusive,
               IP_ADDRESS_PREFIX *out)
{
	IP_ADDRESS_PREFIX end;

	if (!mib_ahead_dest(mib, from, inclusive, FEW, out))
		return false;
	while (mib_prefix_zoned(out)) {
		mib_zoned_end(out->Prefix.si_family, &end);
		if (!mib_ahead_dest(mib, &end, false, FEW, out))
			return false;
	}
	return true;
}

/* The nearest destination at or after a bound, of the core or of a staged row. */
static bool
dest_from(struct mib *mib, const struct mib_key *bound, bool inclusive, IP_ADDRESS_PREFIX *out)
{
	IP_ADDRESS_PREFIX from, staged;
	struct mib_key key = *bound;
	struct mib_side *side;
	bool found;

	mib_inet_prefix(bound, &from);
	inclusive = clamp_length(&from) && inclusive;
	found = core_dest_from(mib, &from, inclusive, out);
	if (mib->nstaged == 0)
		return found;
	if (!inclusive)
		memset(key.b + MIB_KEY_POLICY, 0xFF, sizeof key.b - MIB_KEY_POLICY);
	side = mib_staged_from(mib, &key, true);
	if (side == NULL ||
	    memcmp(side->by_key.key.b, bound->b, MIB_KEY_ADDR) != 0) /* table and type */
		return found;
	mib_inet_prefix(&side->by_key.key, &staged);
	if (!found || mib_prefix_compare(&staged, out) < 0)
		*out = staged;
	return true;
}

/* A walk comes back to the destination it was given a row of a moment ago. */
static const struct mib_view *
view_at_hand(struct mib *mib, const struct mib_key *bound)
{
	IP_ADDRESS_PREFIX prefix;

	mib_inet_prefix(bound, &prefix);
	for (size_t i = 0; i < PLAIN_VIEWS; i++) {
		struct mib_view *view = &mib->views[i];

		if (view_good(mib, view) && mib_prefix_compare(&view->prefix, &prefix) == 0) {
			view->used = ++mib->view_use;
			return view;
		}
	}
	return NULL;
}

static enum mib_found
next_plain(struct mib *mib, struct mib_key *bound, const struct seek *seek, struct mib_ref *out)
{
	const struct mib_view *present = view_at_hand(mib, bound);
	IP_ADDRESS_PREFIX prefix;
	bool inclusive = present == NULL;

	if (present != NULL) {
		const struct mib_ref *ref = view_after(present, seek);

		if (ref != NULL) {
			*out = *ref;
			return MIB_FOUND;
		}
	}
	while (dest_from(mib, bound, inclusive, &prefix)) {
		const struct mib_view *view = mib_view_of(mib, &prefix);
		const struct mib_ref *ref = view == NULL ? NULL : view_after(view, seek);

		if (ref != NULL) {
			*out = *ref;
			return MIB_FOUND;
		}
		first_key(&prefix, bound);
		inclusive = false;
	}
	return MIB_END;
}

static enum mib_found
next_zoned(struct mib *mib, const struct mib_key *bound, const struct seek *seek,
           struct mib_ref *out)
{
	struct mib_key key = *bound;
	bool inclusive = true;

	for (;;) {
		struct mib_keyed *core = mib_keyed_from(&mib->zoned, &key, inclusive);
		struct mib_side *side = mib_staged_from(mib, &key, inclusive);

		if (side != NULL && side->by_key.key.b[MIB_KEY_TABLE] != MIB_TABLE_INET)
			side = NULL;
		if (core == NULL && side == NULL)
			return MIB_END;
		key = core == NULL || (side != NULL &&
		                       mib_key_compare(&side->by_key.key, &core->key) < 0)
		          ? side->by_key.key
		          : core->key;
		inclusive = false;
		if (key_is_after(&key, seek) && mib_inet_find(mib, &key, out) == MIB_FOUND)
			return MIB_FOUND;
	}
}

enum mib_found
mib_inet_next(struct mib *mib, const mib_subid *sub, size_t n, struct mib_ref *out)
{
	struct seek seek = { sub, n, mib->config.zero_next_hop };
	struct mib_key bound;

	if (!mib_inet_bound(sub, n, &bound))
		return MIB_END;
	while (!mib_inet_zoned(&bound)) {
		unsigned type = bound.b[MIB_KEY_TYPE];

		if (next_plain(mib, &bound, &seek, out) == MIB_FOUND)
			return MIB_FOUND;
		memset(&bound, 0, sizeof bound);
		bound.b[MIB_KEY_TABLE] = MIB_TABLE_INET;
		bound.b[MIB_KEY_TYPE] = (uint8_t)(type + 1);
	}
	mib_sync_all(mib);
	return next_zoned(mib, &bound, &seek, out);
}
