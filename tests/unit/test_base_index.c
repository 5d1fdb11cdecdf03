/*
 * The prefix index against the simplest thing that does the same: a sorted array that is
 * searched from end to end. Tables name the cases a person would think of; seeded random
 * histories find the others, and after each of their blocks the whole of both is compared
 * and the index's own invariants are checked.
 */
#include "test_base_suites.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/alloc.h"
#include "base/index.h"
#include "base/index_int.h"
#include "winerr.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MODEL_ROOM 4096

/* The model --------------------------------------------------------------------------- */

struct entry {
	uint8_t addr[16];
	unsigned len;
	uint32_t value;
};

struct model {
	unsigned bits;
	size_t count;
	struct entry entries[MODEL_ROOM];
};

static int
order(const struct model *m, const uint8_t *a, unsigned a_len, const uint8_t *b, unsigned b_len)
{
	int c = memcmp(a, b, m->bits / 8);

	return c != 0 ? c : (a_len > b_len) - (a_len < b_len);
}

/* Position of the first entry at or after the key. */
static size_t
model_at(const struct model *m, const uint8_t *addr, unsigned len)
{
	size_t from = 0, to = m->count;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (order(m, m->entries[mid].addr, m->entries[mid].len, addr, len) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static struct entry *
model_find(struct model *m, const uint8_t *addr, unsigned len)
{
	size_t at = model_at(m, addr, len);

	if (at == m->count || order(m, m->entries[at].addr, m->entries[at].len, addr, len) != 0)
		return NULL;
	return &m->entries[at];
}

static void
model_insert(struct model *m, const uint8_t *addr, unsigned len, uint32_t value)
{
	size_t at = model_at(m, addr, len);
	struct entry *e = &m->entries[at];

	memmove(e + 1, e, (m->count++ - at) * sizeof(*e));
	memset(e, 0, sizeof(*e));
	memcpy(e->addr, addr, m->bits / 8);
	e->len = len;
	e->value = value;
}

static void
model_remove(struct model *m, struct entry *e)
{
	memmove(e, e + 1, (size_t)(m->entries + --m->count - e) * sizeof(*e));
}

static const struct entry *
model_match(struct model *m, const uint8_t *addr, unsigned len)
{
	uint8_t cut[16];

	memcpy(cut, addr, m->bits / 8);
	for (unsigned l = len < m->bits ? len : m->bits;; l--) {
		const struct entry *e;

		bits_cut(cut, m->bits / 8, l);
		e = model_find(m, cut, l);
		if (e != NULL || l == 0)
			return e;
	}
}

/* Random prefixes --------------------------------------------------------------------- */

static uint64_t dice;

static uint32_t
roll(uint32_t sides)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (uint32_t)(dice >> 32) % sides;
}

static void
roll_bits(uint8_t *addr, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		addr[i] = (uint8_t)roll(256);
}

/* A mix is a way to draw keys: address bits (perhaps beyond the length), and a length. */
typedef unsigned mix_fn(uint8_t *addr, unsigned bits);

static unsigned
sparse(uint8_t *addr, unsigned bits)
{
	roll_bits(addr, bits / 8);
	return roll(bits + 1);
}

/* Everything within one byte's worth of addresses, at the end of the address. */
static unsigned
dense_hosts(uint8_t *addr, unsigned bits)
{
	memset(addr, 0xc6, bits / 8);
	addr[bits / 8 - 1] = (uint8_t)roll(256);
	return bits - 8 + roll(9);
}

/* The same at the front. */
static unsigned
dense_top(uint8_t *addr, unsigned bits)
{
	memset(addr, 0, bits / 8);
	addr[0] = (uint8_t)roll(256);
	return roll(9);
}

/* All prefixes of a few addresses. */
static unsigned
nested(uint8_t *addr, unsigned bits)
{
	static const uint8_t ends[4] = { 0x00, 0xff, 0xaa, 0x01 };

	memset(addr, ends[roll(4)], bits / 8);
	if (roll(2) == 0)
		addr[bits / 8 - 1] ^= 1;
	return roll(bits + 1);
}

/* Few branches at each of a few places, so that nodes fork and fold all the time. */
static unsigned
branching(uint8_t *addr, unsigned bits)
{
	memset(addr, 0, bits / 8);
	for (unsigned i = 0; i < 3; i++) {
		unsigned at = roll(bits);

		if (roll(2) == 0)
			addr[at / 8] = (uint8_t)(addr[at / 8] | 0x80u >> at % 8);
	}
	return roll(bits + 1);
}

/* As in a routing table: mostly one length, neighbours of each other. */
static unsigned
routing(uint8_t *addr, unsigned bits)
{
	unsigned len = bits == 32 ? 24 : 48;

	memset(addr, 0, bits / 8);
	addr[0] = (uint8_t)(bits == 32 ? 10 + roll(2) : 0x20);
	addr[len / 8 - 2] = (uint8_t)roll(16);
	addr[len / 8 - 1] = (uint8_t)roll(256);
	addr[bits / 8 - 1] = (uint8_t)roll(256);
	return roll(3) != 0 ? len : len - roll(9) + roll(9);
}

static const struct {
	const char *name;
	mix_fn *draw;
} mixes[] = {
	{ "sparse", sparse }, { "dense hosts", dense_hosts }, { "dense top", dense_top },
	{ "nested", nested }, { "branching", branching },     { "routing", routing },
};

/* Comparing ----------------------------------------------------------------------------- */

static bool
same_contents(const struct index *ix, const struct model *m)
{
	struct index_cursor cur;
	uint8_t addr[16];
	unsigned len;

	if (index_count(ix) != m->count || !index_is_sound(ix))
		return false;
	index_seek_first(&cur, ix);
	for (size_t i = 0; i < m->count; i++) {
		const struct entry *e = &m->entries[i];

		if (index_step(&cur, addr, &len) != e->value ||
		    order(m, addr, len, e->addr, e->len) != 0 ||
		    index_find(ix, e->addr, e->len) != e->value)
			return false;
	}
	return index_step(&cur, addr, &len) == 0 && index_step(&cur, addr, &len) == 0;
}

static bool
same_next(const struct index *ix, const struct model *m, const uint8_t *addr, unsigned len,
          bool inclusive)
{
	uint8_t out[16];
	unsigned out_len = 4711;
	size_t at = model_at(m, addr, len);
	uint32_t value = index_next(ix, addr, len, inclusive, out, &out_len);

	if (!inclusive && at < m->count &&
	    order(m, m->entries[at].addr, m->entries[at].len, addr, len) == 0)
		at++;
	if (at == m->count)
		return value == 0 && out_len == 4711;
	return value == m->entries[at].value &&
	       order(m, out, out_len, m->entries[at].addr, m->entries[at].len) == 0;
}

static bool
same_match(const struct index *ix, struct model *m, const uint8_t *addr, unsigned len)
{
	const struct entry *e = model_match(m, addr, len);
	unsigned found = 4711;
	uint32_t value = index_match_len(ix, addr, len, &found);

	if (value != index_match(ix, addr, len))
		return false;
	if (e == NULL)
		return value == 0 && found == 4711;
	return value == e->value && found == e->len;
}

/* One history: what is drawn is put in, taken out or asked for. */
static void
live(unsigned bits, mix_fn *draw, const char *name, unsigned steps)
{
	struct model *m = calloc(1, sizeof(*m));
	struct index *ix = index_new(bits);
	unsigned bytes = bits / 8, bad = 0, peak = MODEL_ROOM;

	CU_ASSERT_FATAL(m != NULL && ix != NULL);
	m->bits = bits;
	for (unsigned i = 0; i < steps && bad == 0; i++) {
		uint8_t raw[16] = { 0 }, addr[16];
		unsigned len = draw(raw, bits);
		struct entry *e;
		bool filling = i / 3000 % 2 == 0; /* breathe: grow, then shrink */

		memcpy(addr, raw, sizeof(addr));
		bits_cut(addr, bytes, len);
		e = model_find(m, addr, len);
		if (roll(8) < (filling ? 5u : 1u) && m->count < peak) {
			DWORD code = index_insert(ix, addr, len, i + 1);

			bad += code != (e == NULL ? NO_ERROR : ERROR_ALREADY_EXISTS);
			if (e == NULL)
				model_insert(m, addr, len, i + 1);
		} else {
			if (!filling && e == NULL && m->count > 0) {
				e = &m->entries[roll((uint32_t)m->count)];
				memcpy(addr, e->addr, sizeof(addr));
				len = e->len;
			}
			bad += index_remove(ix, addr, len) != (e != NULL ? e->value : 0);
			if (e != NULL)
				model_remove(m, e);
		}
		len = draw(raw, bits);
		bad += !same_match(ix, m, raw, len);
		bad += !same_match(ix, m, raw, bits);
		bad += !same_next(ix, m, raw, len, true);
		bad += !same_next(ix, m, raw, len, false);
		bad += !same_next(ix, m, raw, bits + 1, false);
		if (m->count > 0) {
			e = &m->entries[roll((uint32_t)m->count)];
			bad += !same_next(ix, m, e->addr, e->len, true);
			bad += !same_next(ix, m, e->addr, e->len, false);
			bad += !same_match(ix, m, e->addr, e->len);
		}
		if (i % 512 == 0)
			bad += !same_contents(ix, m);
		CHECK_CASE(bad == 0, "%s, %u bits, step %u", name, bits, i);
	}
	while (m->count > 0 && bad == 0) {
		struct entry *e = &m->entries[roll((uint32_t)m->count)];

		bad += index_remove(ix, e->addr, e->len) != e->value;
		model_remove(m, e);
	}
	CHECK_CASE(bad == 0 && same_contents(ix, m), "%s, %u bits, emptied", name, bits);
	index_free(ix);
	free(m);
}

static void
random_histories_end_as_in_a_sorted_array(void)
{
	for (size_t i = 0; i < COUNT(mixes); i++) {
		for (unsigned bits = 32; bits <= 128; bits += 96) {
			dice = 0x9e3779b97f4a7c15u + i;
			live(bits, mixes[i].draw, mixes[i].name, 10000);
		}
	}
}

/* Named cases --------------------------------------------------------------------------- */

static struct prefix
prefix(const char *text)
{
	struct prefix p;

	if (!prefix_parse(text, &p)) {
		CU_FAIL_FATAL("the test itself has a bad prefix");
		memset(&p, 0, sizeof(p));
	}
	return p;
}

static struct index *
index_of(unsigned bits, const char *const *texts, size_t count)
{
	struct index *ix = index_new(bits);

	CU_ASSERT_PTR_NOT_NULL_FATAL(ix);
	for (size_t i = 0; i < count; i++) {
		struct prefix p = prefix(texts[i]);

		CHECK_CASE(index_insert(ix, p.addr.bytes, p.len, (uint32_t)i + 1) == NO_ERROR,
		           "%s", texts[i]);
	}
	return ix;
}

static const char *const table4[] = {
	"0.0.0.0/0",     "10.0.0.0/8",   "10.0.0.0/9",   "10.0.0.0/24",    "10.0.0.0/32",
	"10.0.0.255/32", "10.128.0.0/9", "192.0.2.0/24", "192.0.2.128/25", "255.255.255.255/32",
};

static void
longest_match_takes_the_most_specific_cover(void)
{
	static const struct {
		const char *ask;
		int expected; /* place in table4 */
	} cases[] = {
		{ "10.0.0.0/32", 4 },        { "10.0.0.0/31", 3 },
		{ "10.0.0.0/24", 3 },        { "10.0.0.0/23", 2 },
		{ "10.0.0.0/8", 1 },         { "10.0.0.0/7", 0 },
		{ "10.0.0.1/32", 3 },        { "10.0.0.255/32", 5 },
		{ "10.127.255.255/32", 2 },  { "10.128.0.1/32", 6 },
		{ "10.255.255.255/32", 6 },  { "11.0.0.0/32", 0 },
		{ "9.255.255.255/32", 0 },   { "192.0.2.127/32", 7 },
		{ "192.0.2.128/32", 8 },     { "192.0.2.128/25", 8 },
		{ "192.0.2.128/24", 7 },     { "255.255.255.255/32", 9 },
		{ "255.255.255.254/32", 0 }, { "0.0.0.0/0", 0 },
		{ "255.255.255.255/0", 0 },
	};
	struct index *ix = index_of(32, table4, COUNT(table4));

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct prefix p = prefix(cases[i].ask);
		uint32_t got = index_match(ix, p.addr.bytes, p.len);

		CHECK_CASE(got == (uint32_t)cases[i].expected + 1, "%s: %s", cases[i].ask,
		           got > 0 ? table4[got - 1] : "none");
	}
	index_free(ix);
}

static void
shorter_covers_are_found_one_after_the_other(void)
{
	static const unsigned expected[] = { 32, 24, 9, 8, 0 };
	struct index *ix = index_of(32, table4, COUNT(table4));
	struct prefix p = prefix("10.0.0.0/32");
	unsigned len = 32, found;

	for (size_t i = 0; i < COUNT(expected); i++) {
		CU_ASSERT_NOT_EQUAL(index_match_len(ix, p.addr.bytes, len, &found), 0);
		CU_ASSERT_EQUAL(found, expected[i]);
		len = found - 1;
	}
	index_free(ix);
}

static void
next_takes_any_key_even_an_impossible_one(void)
{
	static const struct {
		const char *ask;
		unsigned len;
		bool inclusive;
		int expected; /* place in table4; -1: the end */
	} cases[] = {
		{ "0.0.0.0/0", 0, true, 0 },
		{ "0.0.0.0/0", 0, false, 1 },
		{ "0.0.0.1/32", 0, true, 1 },
		{ "10.0.0.0/0", 0, true, 1 },
		{ "10.0.0.0/8", 8, false, 2 },
		{ "10.0.0.0/8", 10, true, 3 },
		{ "10.0.0.0/8", 32, false, 5 },
		{ "10.0.0.0/8", 33, true, 5 },
		{ "10.0.0.0/8", UINT32_MAX, true, 5 },
		{ "10.0.0.1/8", 8, true, 5 },
		{ "10.0.0.255/32", 31, true, 5 },
		{ "10.0.1.0/32", 0, true, 6 },
		{ "255.255.255.255/32", 31, true, 9 },
		{ "255.255.255.255/32", 32, true, 9 },
		{ "255.255.255.255/32", 32, false, -1 },
		{ "255.255.255.255/32", 33, true, -1 },
	};
	struct index *ix = index_of(32, table4, COUNT(table4));

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct prefix p = prefix(cases[i].ask);
		uint8_t addr[16];
		unsigned len;
		uint32_t got =
		    index_next(ix, p.addr.bytes, cases[i].len, cases[i].inclusive, addr, &len);

		CHECK_CASE((int)got - 1 == cases[i].expected, "case %zu: %s %u", i,
		           cases[i].ask, cases[i].len);
	}
	index_free(ix);
}

static void
an_empty_index_has_nothing(void)
{
	for (unsigned bits = 32; bits <= 128; bits += 96) {
		struct index *ix = index_new(bits);
		uint8_t zero[16] = { 0 };
		unsigned len;

		CU_ASSERT_PTR_NOT_NULL_FATAL(ix);
		CU_ASSERT_EQUAL(index_count(ix), 0);
		CU_ASSERT_EQUAL(index_find(ix, zero, 0), 0);
		CU_ASSERT_EQUAL(index_find(ix, zero, bits), 0);
		CU_ASSERT_EQUAL(index_match(ix, zero, bits), 0);
		CU_ASSERT_EQUAL(index_remove(ix, zero, 0), 0);
		CU_ASSERT_EQUAL(index_next(ix, zero, 0, true, zero, &len), 0);
		index_free(ix);
	}
	index_free(NULL);
}

static void
wrong_arguments_are_answers(void)
{
	struct index *ix = index_new(32), *wide = index_new(128);
	uint8_t one[16] = { [3] = 1, [15] = 1 };

	CU_ASSERT_FATAL(ix != NULL && wide != NULL);
	CU_ASSERT_PTR_NULL(index_new(0));
	CU_ASSERT_PTR_NULL(index_new(64));
	CU_ASSERT_EQUAL(index_insert(ix, one, 31, 1), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(index_insert(ix, one, 0, 1), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(index_insert(ix, one, 33, 1), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(index_insert(ix, one, UINT32_MAX, 1), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(index_insert(ix, one, 32, 0), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(index_insert(wide, one, 127, 1), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(index_insert(wide, one, 129, 1), ERROR_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(index_count(ix) + index_count(wide), 0);
	CU_ASSERT_EQUAL(index_insert(ix, one, 32, 7), NO_ERROR);
	CU_ASSERT_EQUAL(index_insert(ix, one, 32, 8), ERROR_ALREADY_EXISTS);
	CU_ASSERT_EQUAL(index_find(ix, one, 31), 0);
	CU_ASSERT_EQUAL(index_find(ix, one, 33), 0);
	CU_ASSERT_EQUAL(index_find(ix, one, UINT32_MAX), 0);
	CU_ASSERT_EQUAL(index_remove(ix, one, 31), 0);
	CU_ASSERT_EQUAL(index_remove(ix, one, 33), 0);
	CU_ASSERT_EQUAL(index_match(ix, one, UINT32_MAX), 7);
	CU_ASSERT_EQUAL(index_remove(ix, one, 32), 7);
	index_free(ix);
	index_free(wide);
}

static void
the_numbers_of_a_node_are_what_their_tables_say(void)
{
	for (unsigned path = 0; path < 64; path++) {
		uint64_t covers = 0;

		for (unsigned len = 0; len < STRIDE; len++) {
			unsigned place = place_of(path, len);

			covers |= UINT64_C(1) << place;
			CU_ASSERT_EQUAL(index_places[place].len, len);
			CU_ASSERT_EQUAL(index_places[place].path, path & ~(63u >> len));
		}
		CU_ASSERT_EQUAL(index_covers[path], covers);
	}
	for (unsigned i = 1; i < 63; i++) { /* and that is MIB order */
		struct index_place a = index_places[i - 1], b = index_places[i];

		CU_ASSERT(a.path < b.path || (a.path == b.path && a.len < b.len));
	}
	for (unsigned n = 1; n <= 64; n++) {
		CU_ASSERT(index_class_size[index_class_of[n]] >= n);
		CU_ASSERT(index_class_of[n] == 0 ||
		          index_class_size[index_class_of[n] - 1] < n);
	}
}

static void
a_cursor_survives_every_change_around_it(void)
{
	for (size_t mix = 0; mix < COUNT(mixes); mix++) {
		for (unsigned bits = 32; bits <= 128; bits += 96) {
			struct model *m = calloc(1, sizeof(*m));
			struct index *ix = index_new(bits);
			struct index_cursor cur;
			struct entry last = { 0 };
			unsigned bad = 0, walked = 0;
			bool first = true;

			CU_ASSERT_FATAL(m != NULL && ix != NULL);
			m->bits = bits;
			dice = 77 + mix;
			index_seek_first(&cur, ix);
			for (unsigned i = 1; i < 6000 && bad == 0; i++) {
				uint8_t addr[16] = { 0 };
				unsigned len = mixes[mix].draw(addr, bits);
				struct entry *e;

				bits_cut(addr, bits / 8, len);
				e = model_find(m, addr, len);
				if (e == NULL && roll(3) != 0 && m->count < MODEL_ROOM - 1) {
					bad += index_insert(ix, addr, len, i) != NO_ERROR;
					model_insert(m, addr, len, i);
				} else if (e != NULL && roll(2) == 0) {
					bad += index_remove(ix, addr, len) != e->value;
					model_remove(m, e);
				}
				for (unsigned steps = roll(3); steps > 0; steps--) {
					size_t at =
					    first ? 0 : model_at(m, last.addr, last.len + 1);
					uint32_t value = index_step(&cur, addr, &len);

					if (at == m->count) {
						bad += value != 0;
						index_seek_first(&cur, ix);
						first = true;
						continue;
					}
					bad += value != m->entries[at].value ||
					       len != m->entries[at].len;
					last = m->entries[at];
					first = false;
					walked++;
				}
			}
			CHECK_CASE(bad == 0 && walked > 100, "%s, %u bits", mixes[mix].name,
			           bits);
			index_free(ix);
			free(m);
		}
	}
}

static void
a_seek_starts_where_next_would(void)
{
	struct index *ix = index_of(32, table4, COUNT(table4));
	struct prefix p = prefix("10.0.0.0/24");
	struct index_cursor cur;
	uint8_t addr[4];
	unsigned len;

	index_seek(&cur, ix, p.addr.bytes, p.len, false);
	for (uint32_t expected = 5; expected <= COUNT(table4); expected++)
		CU_ASSERT_EQUAL(index_step(&cur, addr, &len), expected);
	CU_ASSERT_EQUAL(index_step(&cur, NULL, NULL), 0);
	CU_ASSERT_EQUAL(index_step(&cur, NULL, NULL), 0);
	/* a prefix behind the last one delivered is still seen */
	CU_ASSERT_EQUAL(index_remove(ix, addr, 32), COUNT(table4));
	index_seek(&cur, ix, addr, 31, true);
	CU_ASSERT_EQUAL(index_step(&cur, NULL, NULL), 0);
	CU_ASSERT_EQUAL(index_insert(ix, addr, 32, 99), NO_ERROR);
	CU_ASSERT_EQUAL(index_step(&cur, NULL, NULL), 99);
	index_free(ix);
}

static void
extreme_shapes_keep_their_order(void)
{
	enum { N = 3000 };

	/* ascending, descending, bit-reversed hosts; all nested; for both families */
	for (unsigned shape = 0; shape < 4; shape++) {
		for (unsigned bits = 32; bits <= 128; bits += 96) {
			struct model *m = calloc(1, sizeof(*m));
			struct index *ix = index_new(bits);
			bool ok = true;

			CU_ASSERT_FATAL(m != NULL && ix != NULL);
			m->bits = bits;
			for (uint32_t i = 0; i < N; i++) {
				uint8_t addr[16] = { 0 };
				uint32_t host = shape == 1 ? N - i : i;
				unsigned len = bits;

				for (unsigned b = 0; b < 32; b++) {
					unsigned at = shape == 2 ? b : bits - 1 - b;

					if (host >> b & 1)
						addr[at / 8] =
						    (uint8_t)(addr[at / 8] | 0x80u >> at % 8);
				}
				if (shape == 3) {
					if (i > bits)
						break;
					memset(addr, 0xff, sizeof(addr));
					len = i * 7 % (bits + 1);
					bits_cut(addr, bits / 8, len);
					if (model_find(m, addr, len) != NULL)
						continue;
				}
				ok = ok && index_insert(ix, addr, len, i + 1) == NO_ERROR;
				model_insert(m, addr, len, i + 1);
			}
			CHECK_CASE(ok && same_contents(ix, m), "shape %u, %u bits", shape,
			           bits);
			index_free(ix);
			free(m);
		}
	}
}

static void
running_out_of_memory_changes_nothing(void)
{
	for (size_t mix = 0; mix < COUNT(mixes); mix++) {
		for (unsigned bits = 32; bits <= 128; bits += 96) {
			struct model *m = calloc(1, sizeof(*m));
			struct index *ix = NULL;
			unsigned bad = 0, refused = 0;

			CU_ASSERT_PTR_NOT_NULL_FATAL(m);
			m->bits = bits;
			dice = 4242 + mix;
			for (uint64_t nth = 1; ix == NULL; nth++) {
				mem_fail_nth(nth);
				ix = index_new(bits);
				refused += ix == NULL;
			}
			mem_fail_nth(0);
			CU_ASSERT_EQUAL(refused,
			                5); /* the index, two lists, a chunk, its region */
			refused = 0;
			for (uint32_t i = 1; i < 4000 && bad == 0; i++) {
				uint8_t addr[16] = { 0 };
				unsigned len = mixes[mix].draw(addr, bits);
				DWORD code = ERROR_NOT_ENOUGH_MEMORY;
				struct entry *e;

				bits_cut(addr, bits / 8, len);
				e = model_find(m, addr, len);
				for (uint64_t nth = 1; code == ERROR_NOT_ENOUGH_MEMORY; nth++) {
					mem_fail_nth(nth);
					code = index_insert(ix, addr, len, i);
					if (code != ERROR_NOT_ENOUGH_MEMORY)
						break;
					mem_fail_nth(0);
					refused++;
					bad += !same_contents(ix, m);
				}
				bad += code != (e == NULL ? NO_ERROR : ERROR_ALREADY_EXISTS);
				if (e == NULL)
					model_insert(m, addr, len, i);
				if (i % 5 == 0) { /* taking out works without memory */
					e = &m->entries[roll((uint32_t)m->count)];
					mem_fail_nth(1);
					bad += index_remove(ix, e->addr, e->len) != e->value;
					model_remove(m, e);
				}
				mem_fail_nth(0);
			}
			CHECK_CASE(bad == 0 && refused > 0 && same_contents(ix, m),
			           "%s, %u bits, %u refused", mixes[mix].name, bits, refused);
			index_free(ix);
			free(m);
		}
	}
}

static void
memory_goes_back_while_the_index_shrinks(void)
{
	enum { N = 60000 };
	struct index *ix = index_new(32);
	size_t empty, full, before;
	unsigned given_back = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(ix);
	empty = index_bytes(ix);
	for (unsigned round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < N; i++) {
			uint8_t addr[4] = { (uint8_t)(i * 13), (uint8_t)(i >> 8), (uint8_t)i,
				            0 };

			CU_ASSERT_EQUAL(index_insert(ix, addr, 32, i + 1), NO_ERROR);
		}
		full = before = index_bytes(ix);
		for (uint32_t i = 0; i < N; i++) {
			uint8_t addr[4] = { (uint8_t)(i * 13), (uint8_t)(i >> 8), (uint8_t)i,
				            0 };

			CU_ASSERT_EQUAL(index_remove(ix, addr, 32), i + 1);
			given_back += index_bytes(ix) < before;
			before = index_bytes(ix);
		}
		CU_ASSERT(index_is_sound(ix));
		CU_ASSERT_EQUAL(index_count(ix), 0);
		/* the roots, at most one idle chunk of each kind, and the lists of chunks */
		CU_ASSERT(index_bytes(ix) <= empty + full / 4);
		CU_ASSERT(full > 4 * empty);
	}
	CU_ASSERT(given_back > 30); /* in many small pieces */
	index_free(ix);
}

CU_TestInfo test_base_index[] = {
	TEST(an_empty_index_has_nothing),
	TEST(wrong_arguments_are_answers),
	TEST(longest_match_takes_the_most_specific_cover),
	TEST(shorter_covers_are_found_one_after_the_other),
	TEST(next_takes_any_key_even_an_impossible_one),
	TEST(a_seek_starts_where_next_would),
	TEST(a_cursor_survives_every_change_around_it),
	TEST(the_numbers_of_a_node_are_what_their_tables_say),
	TEST(extreme_shapes_keep_their_order),
	TEST(random_histories_end_as_in_a_sorted_array),
	TEST(running_out_of_memory_changes_nothing),
	TEST(memory_goes_back_while_the_index_shrinks),
	CU_TEST_INFO_NULL,
};
