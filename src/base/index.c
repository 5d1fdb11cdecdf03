/*
 * One chapter: the plainest index that is right, a sorted array.
 *
 * Keys are 128-bit numbers (IPv4 in the upper 32), so both families are one code;
 * entries stand in MIB order. Lookups are binary searches; an insert moves the rest.
 */
#include "base/index.h"

#include <string.h>

#include "base/alloc.h"
#include "winerr.h"

struct entry {
	uint64_t hi, lo;
	uint32_t len;
	uint32_t value;
};

struct index {
	unsigned bits;
	uint64_t generation;
	size_t count, room;
	struct entry *entries;
};

static struct entry
key_of(const struct index *ix, const uint8_t *addr, unsigned len)
{
	struct entry k = { .len = len };

	for (unsigned i = 0; i < 8; i++)
		k.hi = k.hi << 8 | (i < ix->bits / 8 ? addr[i] : 0);
	for (unsigned i = 8; i < ix->bits / 8; i++)
		k.lo = k.lo << 8 | addr[i];
	return k;
}

static void
key_out(const struct index *ix, const struct entry *k, uint8_t *addr, unsigned *len)
{
	for (unsigned i = 0; addr != NULL && i < ix->bits / 8; i++)
		addr[i] = (uint8_t)(i < 8 ? k->hi >> (56 - 8 * i) : k->lo >> (120 - 8 * i));
	if (len != NULL)
		*len = k->len;
}

/* Keep the first `len` bits. */
static void
key_cut(struct entry *k, unsigned len)
{
	k->len = len;
	if (len < 64)
		k->hi = len == 0 ? 0 : k->hi & ~UINT64_C(0) << (64 - len);
	if (len < 128)
		k->lo = len <= 64 ? 0 : k->lo & ~UINT64_C(0) << (128 - len);
}

static unsigned
key_common(const struct entry *a, const struct entry *b)
{
	if (a->hi != b->hi)
		return (unsigned)__builtin_clzll(a->hi ^ b->hi);
	if (a->lo != b->lo)
		return 64 + (unsigned)__builtin_clzll(a->lo ^ b->lo);
	return 128;
}

static bool
key_less(const struct entry *a, const struct entry *b)
{
	if (a->hi != b->hi)
		return a->hi < b->hi;
	if (a->lo != b->lo)
		return a->lo < b->lo;
	return a->len < b->len;
}

static bool
key_same(const struct entry *a, const struct entry *b)
{
	return a->hi == b->hi && a->lo == b->lo && a->len == b->len;
}

/* How many entries are less than `k`. */
static size_t
rank(const struct index *ix, const struct entry *k)
{
	size_t from = 0, to = ix->count;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (key_less(&ix->entries[mid], k))
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

struct index *
index_new(unsigned addr_bits)
{
	struct index *ix;

	if (addr_bits != 32 && addr_bits != 128)
		return NULL;
	ix = mem_calloc(1, sizeof(*ix));
	if (ix != NULL)
		ix->bits = addr_bits;
	return ix;
}

void
index_free(struct index *ix)
{
	if (ix != NULL)
		mem_free(ix->entries);
	mem_free(ix);
}

DWORD
index_insert(struct index *ix, const uint8_t *addr, unsigned len, uint32_t value)
{
	struct entry k = key_of(ix, addr, len), cut = k;
	size_t at;

	key_cut(&cut, len);
	if (len > ix->bits || value == 0 || !key_same(&k, &cut))
		return ERROR_INVALID_PARAMETER;
	at = rank(ix, &k);
	if (at < ix->count && key_same(&ix->entries[at], &k))
		return ERROR_ALREADY_EXISTS;
	if (ix->count == ix->room) {
		size_t room = ix->room * 2 + 8;
		struct entry *more = mem_realloc(ix->entries, room, sizeof(*more));

		if (more == NULL)
			return ERROR_NOT_ENOUGH_MEMORY;
		ix->entries = more;
		ix->room = room;
	}
	memmove(&ix->entries[at + 1], &ix->entries[at], (ix->count - at) * sizeof(k));
	k.value = value;
	ix->entries[at] = k;
	ix->count++;
	ix->generation++;
	return NO_ERROR;
}

uint32_t
index_remove(struct index *ix, const uint8_t *addr, unsigned len)
{
	struct entry k = key_of(ix, addr, len);
	size_t at = rank(ix, &k);
	uint32_t value;

	if (at == ix->count || !key_same(&ix->entries[at], &k))
		return 0;
	value = ix->entries[at].value;
	ix->count--;
	memmove(&ix->entries[at], &ix->entries[at + 1], (ix->count - at) * sizeof(k));
	ix->generation++;
	return value;
}

uint32_t
index_find(const struct index *ix, const uint8_t *addr, unsigned len)
{
	struct entry k = key_of(ix, addr, len);
	size_t at = rank(ix, &k);

	return at < ix->count && key_same(&ix->entries[at], &k) ? ix->entries[at].value : 0;
}

uint32_t
index_match_len(const struct index *ix, const uint8_t *addr, unsigned len, unsigned *len_out)
{
	struct entry k = key_of(ix, addr, len);

	if (len > ix->bits)
		len = ix->bits;
	for (;;) {
		const struct entry *e;
		size_t at;

		key_cut(&k, len);
		k.len++; /* the greatest entry at or before the key itself */
		at = rank(ix, &k);
		if (at == 0)
			return 0;
		e = &ix->entries[at - 1];
		if (key_common(e, &k) >= e->len && e->len <= len) {
			if (len_out != NULL)
				*len_out = e->len;
			return e->value;
		}
		if (len == 0)
			return 0;
		len = key_common(e, &k) < len ? key_common(e, &k) : len - 1;
	}
}

uint32_t
index_match(const struct index *ix, const uint8_t *addr, unsigned len)
{
	return index_match_len(ix, addr, len, NULL);
}

size_t
index_count(const struct index *ix)
{
	return ix->count;
}

size_t
index_bytes(const struct index *ix)
{
	return sizeof(*ix) + ix->room * sizeof(struct entry);
}

void
index_seek(struct index_cursor *cur, const struct index *ix, const uint8_t *addr, unsigned len,
           bool inclusive)
{
	struct entry k = key_of(ix, addr, len);

	*cur = (struct index_cursor){ .ix = ix,
		                      .hi = k.hi,
		                      .lo = k.lo,
		                      .len = len,
		                      .inclusive = inclusive,
		                      .generation = ix->generation - 1 };
}

void
index_seek_first(struct index_cursor *cur, const struct index *ix)
{
	static const uint8_t zero[16];

	index_seek(cur, ix, zero, 0, true);
}

uint32_t
index_step(struct index_cursor *cur, uint8_t *addr_out, unsigned *len_out)
{
	const struct index *ix = cur->ix;
	const struct entry *e;

	if (cur->generation != ix->generation) {
		struct entry k = { cur->hi, cur->lo, cur->len, 0 };

		cur->at = (uint32_t)rank(ix, &k);
		if (!cur->inclusive && cur->at < ix->count &&
		    key_same(&ix->entries[cur->at], &k))
			cur->at++;
		cur->generation = ix->generation;
	}
	if (cur->at >= ix->count)
		return 0;
	e = &ix->entries[cur->at++];
	cur->hi = e->hi;
	cur->lo = e->lo;
	cur->len = e->len;
	cur->inclusive = false;
	key_out(ix, e, addr_out, len_out);
	return e->value;
}

uint32_t
index_next(const struct index *ix, const uint8_t *addr, unsigned len, bool inclusive,
           uint8_t *addr_out, unsigned *len_out)
{
	struct index_cursor cur;

	index_seek(&cur, ix, addr, len, inclusive);
	return index_step(&cur, addr_out, len_out);
}
