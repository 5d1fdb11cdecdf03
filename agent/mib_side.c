/*
 * The side table: what the core has no room for. A staged row lives here whole; an
 * active row has an entry only if its name is not the one its rule gives, or if
 * columns beyond those of the core were written. Of a million routes of other clients
 * none is here.
 *
 * Entries hang in one of two ordered trees: staged ones by name, since a walk merges
 * them with the rows of the core, active ones by core key, since the core says "this
 * route" and the view must know its name. Both orders keep a destination together, so
 * "anything about this destination?" is one search, and none while the tree is empty.
 *
 * Entries are never written to once they are in. A SET builds a new one in its test
 * phase, where memory may still run out, and exchanges it for the old one in its
 * commit phase, where nothing may; undo exchanges them again.
 *
 * Staged rows also hang in a list by the time of their last SET. The time-out is the
 * same for all, so the oldest is the first to go and the reaper looks at one entry. Parked
 * rows (mib_park.c) are not in it: nobody may take them.
 */
#include "mib_store.h"

#include "base/alloc.h"

#define REAP_AT_ONCE 256
#define STORE_RETRY_MS 5000

/* ---- the two orders ------------------------------------------------------- */

static int
keyed_compare(const struct tree_node *a, const struct tree_node *b)
{
	return mib_key_compare(&TREE_OF(a, const struct mib_keyed, node)->key,
	                       &TREE_OF(b, const struct mib_keyed, node)->key);
}

static int
cored_compare(const struct tree_node *a, const struct tree_node *b)
{
	return memcmp(TREE_OF(a, const struct mib_cored, node)->core.b,
	              TREE_OF(b, const struct mib_cored, node)->core.b,
	              sizeof(struct mib_core));
}

static struct mib_keyed *
keyed_of(struct tree_node *node)
{
	return node == NULL ? NULL : TREE_OF(node, struct mib_keyed, node);
}

static struct mib_cored *
cored_of(struct tree_node *node)
{
	return node == NULL ? NULL : TREE_OF(node, struct mib_cored, node);
}

struct mib_keyed *
mib_keyed_from(const struct tree *tree, const struct mib_key *key, bool inclusive)
{
	struct mib_keyed probe = { .key = *key }, *at;

	if (tree->root == NULL)
		return NULL;
	at = keyed_of(tree_lower(tree, &probe.node, keyed_compare));
	if (at != NULL && !inclusive && mib_key_compare(&at->key, key) == 0)
		return mib_keyed_next(at);
	return at;
}

struct mib_keyed *
mib_keyed_find(const struct tree *tree, const struct mib_key *key)
{
	struct mib_keyed *at = mib_keyed_from(tree, key, true);

	return at != NULL && mib_key_compare(&at->key, key) == 0 ? at : NULL;
}

struct mib_keyed *
mib_keyed_next(const struct mib_keyed *keyed)
{
	return keyed_of(tree_next(&keyed->node));
}

void
mib_keyed_insert(struct tree *tree, struct mib_keyed *keyed)
{
	tree_insert(tree, &keyed->node, keyed_compare);
}

struct mib_cored *
mib_cored_from(const struct tree *tree, const struct mib_core *core)
{
	struct mib_cored probe = { .core = *core };

	if (tree->root == NULL)
		return NULL;
	return cored_of(tree_lower(tree, &probe.node, cored_compare));
}

struct mib_cored *
mib_cored_find(const struct tree *tree, const struct mib_core *core)
{
	struct mib_cored *at = mib_cored_from(tree, core);

	return at != NULL && memcmp(&at->core, core, sizeof *core) == 0 ? at : NULL;
}

struct mib_cored *
mib_cored_next(const struct mib_cored *cored)
{
	return cored_of(tree_next(&cored->node));
}

void
mib_cored_insert(struct tree *tree, struct mib_cored *cored)
{
	tree_insert(tree, &cored->node, cored_compare);
}

/* ---- entries ---------------------------------------------------------------- */

static struct mib_side *
side_of_key(struct mib_keyed *keyed)
{
	return keyed == NULL ? NULL : TREE_OF(keyed, struct mib_side, by_key);
}

static struct mib_side *
side_of_core(struct mib_cored *cored)
{
	return cored == NULL ? NULL : TREE_OF(cored, struct mib_side, by_core);
}

struct mib_side *
mib_staged_find(const struct mib *mib, const struct mib_key *key)
{
	return side_of_key(mib_keyed_find(&mib->staged, key));
}

struct mib_side *
mib_staged_from(const struct mib *mib, const struct mib_key *key, bool inclusive)
{
	return side_of_key(mib_keyed_from(&mib->staged, key, inclusive));
}

struct mib_side *
mib_staged_next(const struct mib_side *side)
{
	return side_of_key(mib_keyed_next(&side->by_key));
}

struct mib_side *
mib_side_by_core(const struct mib *mib, const struct mib_core *core)
{
	return side_of_core(mib_cored_find(&mib->active, core));
}

static bool
same_dest(const struct mib_core *a, const struct mib_core *b)
{
	return memcmp(a->b, b->b, MIB_CORE_DEST_SIZE) == 0;
}

struct mib_side *
mib_side_of_dest(const struct mib *mib, const struct mib_core *dest)
{
	struct mib_core first = *dest;
	struct mib_cored *at;

	memset(first.b + MIB_CORE_DEST_SIZE, 0, sizeof first.b - MIB_CORE_DEST_SIZE);
	at = mib_cored_from(&mib->active, &first);
	return at != NULL && same_dest(&at->core, dest) ? side_of_core(at) : NULL;
}

struct mib_side *
mib_side_of_dest_next(const struct mib_side *side)
{
	struct mib_cored *at = mib_cored_next(&side->by_core);

	return at != NULL && same_dest(&at->core, &side->by_core.core) ? side_of_core(at)
	                                                               : NULL;
}

/* Keep the list in the order of touched_ms; an undo may bring back an old one. */
static void
list_insert(struct mib *mib, struct mib_side *side)
{
	struct mib_side *after = mib->newest;

	mib->nstaged++;
	if (side->parked)
		return;
	while (after != NULL && after->touched_ms > side->touched_ms)
		after = after->older;
	side->older = after;
	side->newer = after == NULL ? mib->oldest : after->newer;
	*(after == NULL ? &mib->oldest : &after->newer) = side;
	*(side->newer == NULL ? &mib->newest : &side->newer->older) = side;
}

static void
list_remove(struct mib *mib, struct mib_side *side)
{
	mib->nstaged--;
	if (side->parked)
		return;
	*(side->older == NULL ? &mib->oldest : &side->older->newer) = side->newer;
	*(side->newer == NULL ? &mib->newest : &side->newer->older) = side->older;
	side->older = side->newer = NULL;
}

/* Which Number scalar a staged row of a table belongs to. */
static uint32_t *
counter_of(struct mib *mib, const struct mib_side *side)
{
	return &mib->count[side->by_key.key.b[MIB_KEY_TABLE]];
}

void
mib_side_hides(struct mib *mib, struct mib_side *side, bool hides)
{
	if (hides != side->hides)
		*counter_of(mib, side) += hides ? UINT32_MAX : 1;
	side->hides = hides;
}

/* A name of ipCidrRouteTable may be that of a route that another table's name stands for. */
static void
look_for_hidden(struct mib *mib, const struct mib_side *side)
{
	MIB_IPFORWARD_ROW2 row = { .InterfaceIndex = 0 };

	if (side->by_key.key.b[MIB_KEY_TABLE] != MIB_TABLE_CIDR)
		return;
	mib_cidr_table.describe(&side->by_key.key, &row);
	mib_sync_dest(mib, &row.DestinationPrefix, NULL);
}

bool
mib_side_insert(struct mib *mib, struct mib_side *side)
{
	if (side->staged ? mib_staged_find(mib, &side->by_key.key) != NULL
	                 : mib_side_by_core(mib, &side->by_core.core) != NULL)
		return false;
	if (side->staged) {
		mib_keyed_insert(&mib->staged, &side->by_key);
		list_insert(mib, side);
		side->hides = false;
		++*counter_of(mib, side);
		look_for_hidden(mib, side);
	} else {
		mib_cored_insert(&mib->active, &side->by_core);
	}
	mib->generation++;
	return true;
}

void
mib_side_detach(struct mib *mib, struct mib_side *side)
{
	if (side->staged) {
		tree_remove(&mib->staged, &side->by_key.node);
		list_remove(mib, side);
		mib_side_hides(mib, side, false);
		--*counter_of(mib, side);
	} else {
		tree_remove(&mib->active, &side->by_core.node);
	}
	mib->generation++;
}

void
mib_side_drop(struct mib *mib, struct mib_side *side)
{
	mib_side_detach(mib, side);
	mem_free(side);
}

void
mib_side_close(struct mib *mib)
{
	while (mib->staged.root != NULL)
		mib_side_drop(mib, side_of_key(keyed_of(mib->staged.root)));
	while (mib->active.root != NULL)
		mib_side_drop(mib, side_of_core(cored_of(mib->active.root)));
}

uint64_t
mib_reap(struct mib *mib)
{
	uint64_t now = mib_now(mib), timeout = (uint64_t)mib->config.row_timeout_s * 1000;

	/* A transaction under way may rest on a staged row; its phases are milliseconds. */
	if ((mib->open_tx > 0 || mib->importing) && mib->oldest != NULL)
		return now + 1000;
	for (size_t n = 0; n < REAP_AT_ONCE && mib->oldest != NULL &&
	                   now - mib->oldest->touched_ms >= timeout;
	     n++) {
		struct mib_side *side = mib->oldest;

		mib_side_detach(mib, side);
		mib_store_forget(mib, side);
	}
	if (mib_store_flush(mib) != NO_ERROR)
		return now + STORE_RETRY_MS;
	return mib->oldest == NULL ? UINT64_MAX : mib->oldest->touched_ms + timeout;
}
