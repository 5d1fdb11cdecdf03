/*
 * One chapter: an Internet-like table without the Internet.
 *
 * The shares of the lengths are rounded from what default-free tables hold; a little more
 * than half of the prefixes lie under or beside an earlier, shorter one, which gives the
 * nesting that a table drawn at random would lack. Twins are found with a hash set, so
 * that a million is drawn in less than a second.
 */
#include "bench/routes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"

struct share {
	uint8_t len;
	double share;
};

static const struct share mix4[] = {
	{ 8, 0.0002 }, { 9, 0.0002 }, { 10, 0.0004 }, { 11, 0.001 }, { 12, 0.003 },
	{ 13, 0.006 }, { 14, 0.012 }, { 15, 0.02 },   { 16, 0.14 },  { 17, 0.08 },
	{ 18, 0.14 },  { 19, 0.25 },  { 20, 0.45 },   { 21, 0.52 },  { 22, 1.1 },
	{ 23, 1.0 },   { 24, 5.95 },  { 25, 0.04 },   { 26, 0.04 },  { 27, 0.04 },
	{ 28, 0.05 },  { 29, 0.06 },  { 30, 0.05 },   { 31, 0.02 },  { 32, 0.06 },
};

static const struct share mix6[] = {
	{ 20, 0.001 }, { 24, 0.004 }, { 28, 0.02 }, { 29, 0.35 },  { 30, 0.05 },
	{ 31, 0.03 },  { 32, 1.3 },   { 33, 0.15 }, { 34, 0.15 },  { 35, 0.1 },
	{ 36, 0.4 },   { 38, 0.1 },   { 40, 0.9 },  { 42, 0.2 },   { 44, 1.0 },
	{ 45, 0.1 },   { 46, 0.4 },   { 47, 0.2 },  { 48, 4.5 },   { 52, 0.02 },
	{ 56, 0.1 },   { 60, 0.02 },  { 64, 0.1 },  { 127, 0.03 }, { 128, 0.07 },
};

static uint64_t state = 0x2545f4914f6cdd1du;

uint64_t
bench_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * 0x9e3779b97f4a7c15u >> 16;
}

void
bench_random_bytes(uint8_t *to, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		to[i] = (uint8_t)bench_random();
}

void
bench_shuffle(struct bench_prefix *p, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = bench_random() % i;
		struct bench_prefix t = p[i - 1];

		p[i - 1] = p[j];
		p[j] = t;
	}
}

/* A hash set of positions in the array, plus one. */
struct seen {
	const struct bench_prefix *of;
	uint32_t *slots;
	size_t mask;
};

static bool
add_if_new(struct seen *seen, size_t at)
{
	const struct bench_prefix *p = &seen->of[at];
	uint64_t h = p->len;

	for (unsigned i = 0; i < 16; i++)
		h = (h ^ p->addr[i]) * 0x100000001b3u;
	for (size_t i = (h ^ h >> 29) & seen->mask;; i = (i + 1) & seen->mask) {
		if (seen->slots[i] == 0) {
			seen->slots[i] = (uint32_t)at + 1;
			return true;
		}
		if (memcmp(&seen->of[seen->slots[i] - 1], p, sizeof(*p)) == 0)
			return false;
	}
}

static uint8_t
draw_len(const struct share *mix, size_t count)
{
	double sum = 0, at;

	for (size_t i = 0; i < count; i++)
		sum += mix[i].share;
	at = (double)(bench_random() % 1000000007) / 1000000007.0 * sum;
	for (size_t i = 0; i + 1 < count; i++) {
		at -= mix[i].share;
		if (at < 0)
			return mix[i].len;
	}
	return mix[count - 1].len;
}

#define PARENTS 20000

/* Shorter prefixes that later ones may lie under. */
static struct {
	struct bench_prefix p[PARENTS];
	size_t count;
} parents;

static void
draw_mix(struct bench_prefix *p, size_t i, unsigned bits)
{
	bool v4 = bits == 32;
	unsigned from = v4 ? 12 : 28, to = v4 ? 20 : 40, keep = 0;

	(void)i;
	p->len = v4 ? draw_len(mix4, sizeof(mix4) / sizeof(mix4[0]))
	            : draw_len(mix6, sizeof(mix6) / sizeof(mix6[0]));
	bench_random_bytes(p->addr, bits / 8);
	if (v4) { /* 1 to 223, without 10 and 127 */
		do
			p->addr[0] = (uint8_t)(1 + bench_random() % 223);
		while (p->addr[0] == 10 || p->addr[0] == 127);
	} else {
		p->addr[0] = (uint8_t)(0x20 | (p->addr[0] & 0x0f));
		p->addr[1] &= 0x1f;
	}
	if (parents.count > 0 && bench_random() % 100 < 55) {
		const struct bench_prefix *up = &parents.p[bench_random() % parents.count];

		keep = up->len < p->len ? up->len : p->len > 14 ? p->len - 6u : 8;
		for (unsigned b = 0; b < keep; b++)
			p->addr[b / 8] = (uint8_t)((p->addr[b / 8] & ~(0x80u >> b % 8)) |
			                           (up->addr[b / 8] & 0x80u >> b % 8));
	}
	bits_cut(p->addr, bits / 8, p->len);
	if (p->len >= from && p->len <= to)
		parents
		    .p[parents.count < PARENTS ? parents.count++ : bench_random() % PARENTS] =
		    *p;
}

static void
put_number(struct bench_prefix *p, uint64_t n, unsigned bits)
{
	p->addr[0] = bits == 32 ? 10 : 0x20;
	for (unsigned b = 0; b < 3; b++)
		p->addr[bits / 8 - 1 - b] = (uint8_t)(n >> 8 * b);
	p->len = (uint8_t)bits;
}

static void
draw_hosts(struct bench_prefix *p, size_t i, unsigned bits)
{
	(void)i;
	bench_random_bytes(p->addr, bits / 8);
	p->len = (uint8_t)bits;
}

static void
draw_sequential(struct bench_prefix *p, size_t i, unsigned bits)
{
	put_number(p, i, bits);
}

static void
draw_reverse(struct bench_prefix *p, size_t i, unsigned bits)
{
	put_number(p, 0xffffff - i, bits);
}

static void
draw_nested(struct bench_prefix *p, size_t i, unsigned bits)
{
	static uint8_t host[16];

	if (i % (bits - 7) == 0 || bench_random() % bits == 0)
		bench_random_bytes(host, bits / 8);
	memcpy(p->addr, host, sizeof(host));
	p->len = (uint8_t)(8 + i % (bits - 7));
	bits_cut(p->addr, bits / 8, p->len);
}

static const struct {
	const char *name;
	void (*draw)(struct bench_prefix *, size_t, unsigned);
	bool ordered;
} shapes[] = {
	{ "mix", draw_mix, false },
	{ "hosts", draw_hosts, false },
	{ "sequential", draw_sequential, true },
	{ "reverse", draw_reverse, true },
	{ "nested", draw_nested, false },
};

size_t
bench_draw(struct bench_prefix *out, size_t n, unsigned bits, const char *shape)
{
	struct seen seen = { .of = out, .mask = 1 };
	size_t s = 0;

	while (s < sizeof(shapes) / sizeof(shapes[0]) && strcmp(shapes[s].name, shape) != 0)
		s++;
	if (s == sizeof(shapes) / sizeof(shapes[0]) || n >= 0xffffff)
		return 0;
	while (seen.mask < 2 * n)
		seen.mask = seen.mask * 2 + 1;
	seen.slots = calloc(seen.mask + 1, sizeof(*seen.slots));
	if (seen.slots == NULL)
		return 0;
	for (size_t i = 0, tries = 0; i < n; tries++) {
		memset(&out[i], 0, sizeof(out[i]));
		shapes[s].draw(&out[i], shapes[s].ordered ? i : tries, bits);
		i += add_if_new(&seen, i);
	}
	free(seen.slots);
	if (!shapes[s].ordered)
		bench_shuffle(out, n);
	return n;
}
