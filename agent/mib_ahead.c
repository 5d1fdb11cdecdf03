/*
 * Reading ahead, for walks.
 *
 * A manager that walks asks for the row after the last one, again and again, and each
 * question by itself is a search in the core and a look at one destination. Several
 * destinations that follow each other cost little more than one. So what is read is a
 * run of them, kept until something changes or a second has passed, since Age moves on.
 *
 * A run is short at first, as most questions have no successor: just what the answer to
 * one takes, which is the destination of the name asked about, the one after it, and for
 * tables that need to know where the latter's address ends, the one behind that. Whoever
 * goes on where a run ended is walking, and the next is twice as long. Several runs are
 * kept, for managers that walk at the same time. Nothing that changed is shown from here:
 * the generation sees to it, and then the walk begins with short runs again.
 */
#include "mib_int.h"

void
mib_ahead_close(struct mib *mib)
{
	for (size_t i = 0; i < MIB_AHEADS; i++)
		iph_rows_free(&mib->aheads[i].rows);
}

static bool
ahead_good(const struct mib *mib, const struct mib_ahead *ahead)
{
	return ahead->used != 0 && ahead->generation == mib->generation &&
	       mib->now_ms - ahead->loaded_ms < MIB_FRESH_MS;
}

/* Does the run begin at or before what is asked? */
static bool
begins_before(const struct mib_ahead *ahead, const IP_ADDRESS_PREFIX *from, bool inclusive)
{
	int order;

	if (ahead->from.Prefix.si_family != from->Prefix.si_family)
		return false;
	order = mib_prefix_compare(&ahead->from, from);
	return order < 0 || (order == 0 && (ahead->inclusive || !inclusive));
}

static bool
is_past(const struct iph_span *span, const IP_ADDRESS_PREFIX *from, bool inclusive)
{
	int order = mib_prefix_compare(&span->dest, from);

	return order > 0 || (order == 0 && inclusive);
}

/*
 * The first span at (inclusive) or after a prefix; NULL: they are all before it. The one
 * behind the last answer is tried first: a walk wants just that.
 */
static const struct iph_span *
span_from(struct mib_ahead *ahead, const IP_ADDRESS_PREFIX *from, bool inclusive)
{
	const struct iph_span *spans = ahead->rows.spans;
	size_t low = 0, high = ahead->rows.nspans, next = ahead->at + 1;

	if (!is_past(&spans[high - 1], from, inclusive))
		return NULL;
	if (next < high && !is_past(&spans[next - 1], from, inclusive) &&
	    is_past(&spans[next], from, inclusive))
		low = high = next;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (is_past(&spans[mid], from, inclusive))
			high = mid;
		else
			low = mid + 1;
	}
	ahead->at = low;
	return &spans[low];
}

/* The run that ends where the question begins is the one to go on with. */
static struct mib_ahead *
ahead_to_load(struct mib *mib, const IP_ADDRESS_PREFIX *from, size_t few)
{
	struct mib_ahead *oldest = &mib->aheads[0];

	for (size_t i = 0; i < MIB_AHEADS; i++) {
		struct mib_ahead *ahead = &mib->aheads[i];
		size_t n = ahead->rows.nspans;

		if (ahead_good(mib, ahead) && n > 0 &&
		    mib_prefix_compare(&ahead->rows.spans[n - 1].dest, from) == 0) {
			ahead->want = ahead->want * 2 < IPH_SPANS ? ahead->want * 2 : IPH_SPANS;
			return ahead;
		}
		if (ahead->used < oldest->used)
			oldest = ahead;
	}
	oldest->want = few;
	return oldest;
}

static const struct iph_span *
ahead_load(struct mib *mib, const IP_ADDRESS_PREFIX *from, bool inclusive, size_t few)
{
	struct mib_ahead *ahead = ahead_to_load(mib, from, few);

	ahead->used = 0;
	if (iph_rows_next(mib->config.iph, from, inclusive, ahead->want, &ahead->rows) !=
	    NO_ERROR)
		return NULL;
	ahead->used = ++mib->view_use;
	mib->ahead_last = ahead;
	ahead->from = *from;
	ahead->inclusive = inclusive;
	ahead->at = 0;
	ahead->generation = mib->generation;
	ahead->loaded_ms = mib->now_ms;
	return &ahead->rows.spans[0];
}

static const struct iph_span *
ahead_look(struct mib *mib, struct mib_ahead *ahead, const IP_ADDRESS_PREFIX *from,
           bool inclusive)
{
	const struct iph_span *span = NULL;

	if (ahead_good(mib, ahead) && begins_before(ahead, from, inclusive))
		span = span_from(ahead, from, inclusive);
	if (span != NULL) {
		ahead->used = ++mib->view_use;
		mib->ahead_last = ahead;
	}
	return span;
}

bool
mib_ahead_dest(struct mib *mib, const IP_ADDRESS_PREFIX *from, bool inclusive, size_t few,
               IP_ADDRESS_PREFIX *out)
{
	struct mib_ahead *last = mib->ahead_last;
	const struct iph_span *span = NULL;

	if (last != NULL)
		span = ahead_look(mib, last, from, inclusive);
	for (size_t i = 0; i < MIB_AHEADS && span == NULL; i++)
		if (&mib->aheads[i] != last)
			span = ahead_look(mib, &mib->aheads[i], from, inclusive);
	if (span == NULL)
		span = ahead_load(mib, from, inclusive, few);
	if (span == NULL)
		return false;
	*out = span->dest;
	return true;
}

const struct iph_route *
mib_ahead_rows(struct mib *mib, const IP_ADDRESS_PREFIX *dest, size_t *n)
{
	const struct mib_ahead *ahead = mib->ahead_last;
	const struct iph_span *span;

	if (ahead == NULL || !ahead_good(mib, ahead))
		return NULL;
	span = &ahead->rows.spans[ahead->at];
	if (mib_prefix_compare(&span->dest, dest) != 0)
		return NULL;
	*n = span->n;
	return &ahead->rows.rows[span->first];
}
