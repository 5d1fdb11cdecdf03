/* Index sub-identifiers to keys and back, and any sequence as a lower bound. */
#include "agent/mib_index.h"

#include "mib_unit.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- text to numbers -------------------------------------------------------- */

static size_t
parse(const char *text, mib_subid *out)
{
	size_t n = 0;
	char *end;

	while (*text != '\0') {
		out[n++] = (mib_subid)strtoul(text, &end, 10);
		text = *end == '.' ? end + 1 : end;
	}
	return n;
}

/* ---- names that are good ------------------------------------------------------ */

static const char *const good[] = {
	/* [MIB 1.8], in the order of the MIB */
	"1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1",
	"1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1",
	"1.4.10.1.0.0.16.3.0.0.7.1.4.192.0.2.1",
	"1.4.192.0.2.0.24.2.0.0.0.0",
	"1.4.192.0.2.0.24.2.0.0.1.4.192.0.2.1",
	"1.4.192.0.2.0.24.3.0.0.3.0.0",
	"1.4.203.0.113.7.32.2.0.0.1.4.192.0.2.254",
	"2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1."
	"0.0.0.3",
	"2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.0.64.2.0.0.0.0",
	"2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0."
	"0.0.1",
	"3.8.169.254.0.0.0.0.0.3.16.2.0.0.0.0",
	"4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.64.2.0.0.0.0",
	"4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.127.255.255.255.64.2.0.0.0.0",
};
#define NGOOD (sizeof good / sizeof good[0])

static void
canonical_names_survive_the_way_there_and_back(void)
{
	for (size_t i = 0; i < NGOOD; i++) {
		mib_subid sub[MIB_OID_MAX], again[MIB_OID_MAX];
		size_t n = parse(good[i], sub), m;
		struct mib_key key;

		CU_ASSERT_EQUAL_FATAL(mib_inet_decode(sub, n, false, &key), MIB_NAME_OK);
		m = mib_inet_encode(&key, false, again);
		CU_ASSERT_EQUAL_FATAL(mib_oid_compare(sub, n, again, m), 0);
	}
}

static void
keys_sort_as_their_indexes_do(void)
{
	struct mib_key before, key;
	mib_subid sub[MIB_OID_MAX];

	CU_ASSERT_EQUAL(mib_inet_decode(sub, parse(good[0], sub), false, &before), MIB_NAME_OK);
	for (size_t i = 1; i < NGOOD; i++) {
		CU_ASSERT_EQUAL(mib_inet_decode(sub, parse(good[i], sub), false, &key),
		                MIB_NAME_OK);
		CU_ASSERT(mib_key_compare(&before, &key) < 0);
		before = key;
	}
}

static void
a_row_and_its_name_are_one_to_one(void)
{
	for (size_t i = 0; i < NGOOD; i++) {
		mib_subid sub[MIB_OID_MAX];
		struct mib_key key, again;
		MIB_IPFORWARD_ROW2 row = { .InterfaceIndex = 7 };
		NET_IFINDEX named;

		CU_ASSERT_EQUAL(mib_inet_decode(sub, parse(good[i], sub), false, &key),
		                MIB_NAME_OK);
		mib_inet_prefix(&key, &row.DestinationPrefix);
		mib_inet_next_hop(&key, &row.NextHop);
		named = mib_inet_if(&key);
		if (named != 0)
			row.InterfaceIndex = named;
		mib_inet_key(&row, mib_get32(key.b + MIB_KEY_POLICY), &again);
		CU_ASSERT_EQUAL(mib_key_compare(&key, &again), 0);
	}
}

/* ---- names that are not ---------------------------------------------------------- */

static const struct {
	const char *what, *index;
	enum mib_name_fault fault;
} bad[] = {
	{ "nothing", "", MIB_NAME_NEVER },
	{ "a type alone", "1", MIB_NAME_NEVER },
	{ "cut behind the address", "1.4.10.1.0.0", MIB_NAME_NEVER },
	{ "cut behind the policy", "1.4.10.1.0.0.16.2.0.0", MIB_NAME_NEVER },
	{ "next hop cut short", "1.4.10.1.0.0.16.2.0.0.1.4.192.0.2", MIB_NAME_NEVER },
	{ "one too many", "1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1.0", MIB_NAME_NEVER },
	{ "length 33", "1.4.10.1.0.0.33.2.0.0.1.4.192.0.2.1", MIB_NAME_NEVER },
	{ "length 4294967295", "1.4.10.1.0.0.4294967295.2.0.0.1.4.192.0.2.1", MIB_NAME_NEVER },
	{ "octet 300", "1.4.10.1.0.300.16.2.0.0.1.4.192.0.2.1", MIB_NAME_NEVER },
	{ "octet 256", "1.4.256.1.0.0.16.2.0.0.1.4.192.0.2.1", MIB_NAME_NEVER },
	{ "next hop octet 257", "1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.257", MIB_NAME_NEVER },
	{ "five octets of IPv4", "1.5.10.1.0.0.0.16.2.0.0.1.4.192.0.2.1", MIB_NAME_NEVER },
	{ "type unknown", "0.0.16.2.0.0.1.4.192.0.2.1", MIB_NAME_NEVER },
	{ "type dns", "16.4.97.46.98.99.0.2.0.0.0.0", MIB_NAME_NEVER },
	{ "IPv4 by an IPv6 gateway",
	  "1.4.10.1.0.0.16.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1", MIB_NAME_NEVER },
	{ "next hop written as zeros", "1.4.10.1.0.0.16.2.0.0.1.4.0.0.0.0", MIB_NAME_NEVER },
	{ "next hop type 1 of length 0", "1.4.10.1.0.0.16.2.0.0.1.0", MIB_NAME_NEVER },
	{ "policy of one", "1.4.10.1.0.0.16.1.0.1.4.192.0.2.1", MIB_NAME_NEVER },
	{ "no policy", "1.4.10.1.0.0.16.0.1.4.192.0.2.1", MIB_NAME_NEVER },
	{ "policy {0 0 0}", "1.4.10.1.0.0.16.3.0.0.0.1.4.192.0.2.1", MIB_NAME_NEVER },
	{ "policy {0 1}", "1.4.10.1.0.0.16.2.0.1.1.4.192.0.2.1", MIB_NAME_NEVER },
	{ "policy of somebody", "1.4.10.1.0.0.16.8.1.3.6.1.4.1.99999.16.1.4.192.0.2.1",
	  MIB_NAME_NEVER },
	{ "policy beyond ifIndex", "1.4.10.1.0.0.16.3.0.0.2147483648.1.4.192.0.2.1",
	  MIB_NAME_NEVER },
	{ "host bits", "1.4.10.1.0.1.16.2.0.0.1.4.192.0.2.1", MIB_NAME_HOST_BITS },
	{ "host bits under /0", "1.4.128.0.0.0.0.2.0.0.1.4.192.0.2.1", MIB_NAME_HOST_BITS },
	{ "host bits in the octet", "1.4.10.1.96.0.18.2.0.0.0.0", MIB_NAME_HOST_BITS },
	{ "IPv6 host bits", "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1.64.2.0.0.0.0",
	  MIB_NAME_HOST_BITS },
	{ "length 33 and host bits", "1.4.10.1.0.1.33.2.0.0.0.0", MIB_NAME_NEVER },
	{ "link-local without zone", "2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.64.2.0.0.0.0",
	  MIB_NAME_NEVER },
	{ "IPv4 link-local without zone", "1.4.169.254.0.0.16.2.0.0.0.0", MIB_NAME_NEVER },
	{ "zone for a global IPv4 address", "3.8.10.0.0.0.0.0.0.3.8.2.0.0.0.0",
	  MIB_NAME_NEVER },
	{ "zone for fe80::/9", "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.9.2.0.0.0.0",
	  MIB_NAME_NEVER },
	{ "link-local gateway without zone",
	  "2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0."
	  "1",
	  MIB_NAME_NEVER },
	{ "global gateway with zone",
	  "2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.4.20.32.1.0.0.0.0.0.0.0.0.0.0.0.0.0.1."
	  "0.0.0.3",
	  MIB_NAME_NEVER },
	{ "zone and policy disagree", "3.8.169.254.0.0.0.0.0.3.16.3.0.0.2.0.0",
	  MIB_NAME_NEVER },
};

static void
nothing_else_is_a_name(void)
{
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		mib_subid sub[MIB_OID_MAX];
		struct mib_key key, untouched;
		enum mib_name_fault got;

		memset(&key, 0x5A, sizeof key);
		untouched = key;
		got = mib_inet_decode(sub, parse(bad[i].index, sub), false, &key);
		if (got != bad[i].fault)
			fprintf(stderr, "  %s: %d\n", bad[i].what, got);
		CU_ASSERT_EQUAL(got, bad[i].fault);
		CU_ASSERT_EQUAL(mib_key_compare(&key, &untouched), 0);
	}
}

static void
every_proper_prefix_of_a_name_is_refused(void)
{
	for (size_t i = 0; i < NGOOD; i++) {
		mib_subid sub[MIB_OID_MAX];
		size_t n = parse(good[i], sub);
		struct mib_key key;

		while (n-- > 0)
			CU_ASSERT_EQUAL(mib_inet_decode(sub, n, false, &key), MIB_NAME_NEVER);
	}
}

/* The other spelling of on-link: zeros, and only they. */
static const struct {
	const char *index;
	enum mib_name_fault fault;
} zeros[] = {
	{ "1.4.192.0.2.0.24.3.0.0.3.1.4.0.0.0.0", MIB_NAME_OK },
	{ "1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1", MIB_NAME_OK },
	{ "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.0.64.2.0.0.2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	  "0.0",
	  MIB_NAME_OK },
	{ "3.8.169.254.0.0.0.0.0.3.16.2.0.0.1.4.0.0.0.0", MIB_NAME_OK },
	{ "1.4.192.0.2.0.24.3.0.0.3.0.0", MIB_NAME_NEVER },
	{ "1.4.192.0.2.0.24.3.0.0.3.2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", MIB_NAME_NEVER },
	{ "3.8.169.254.0.0.0.0.0.3.16.2.0.0.3.8.0.0.0.0.0.0.0.3", MIB_NAME_NEVER },
};

static void
on_link_may_be_spelled_as_zeros_instead(void)
{
	for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) {
		mib_subid sub[MIB_OID_MAX], again[MIB_OID_MAX];
		size_t n = parse(zeros[i].index, sub);
		struct mib_key key;

		CU_ASSERT_EQUAL(mib_inet_decode(sub, n, true, &key), zeros[i].fault);
		if (zeros[i].fault == MIB_NAME_OK)
			CU_ASSERT_EQUAL(
			    mib_oid_compare(again, mib_inet_encode(&key, true, again), sub, n),
			    0);
	}
}

/* ---- lower bounds -------------------------------------------------------------------- */

static uint32_t seed = 12345;

static uint32_t
draw(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static int
key_order(const void *a, const void *b)
{
	return mib_key_compare(a, b);
}

/* A few addresses only, so that prefixes nest and names nearly agree. */
static void
random_key(struct mib_key *out)
{
	static const char *const tails[] = { "0.0", "1.4.192.0.2.1", "1.4.192.0.2.255" };
	char text[256];
	mib_subid sub[MIB_OID_MAX];
	unsigned shape = draw(6), number;

	number = shape == 0 ? 8 + draw(25) : shape == 3 ? 32 + draw(16) : draw(256);
	if (shape == 1) {
		snprintf(text, sizeof text, "1.4.10.%u.0.0.16.3.0.0.%u.%s", number,
		         1 + draw(300), tails[draw(3)]);
	} else if (shape == 2) {
		snprintf(text, sizeof text, "1.4.255.255.255.255.32.2.0.0.%s", tails[draw(3)]);
	} else if (shape == 0) {
		snprintf(text, sizeof text, "1.4.10.0.0.0.%u.2.0.0.%s", number, tails[draw(3)]);
	} else if (shape == 3) {
		snprintf(text, sizeof text, "2.16.%u.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.2.0.0.0.0",
		         number);
	} else if (shape == 4) {
		snprintf(text, sizeof text, "3.8.169.254.0.0.0.0.%u.255.16.2.0.0.0.0", number);
	} else {
		snprintf(text, sizeof text,
		         "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.%u.3.64.2.0.0.0.0",
		         number);
	}
	CU_ASSERT_EQUAL_FATAL(mib_inet_decode(sub, parse(text, sub), false, out), MIB_NAME_OK);
}

/* A name, damaged: cut, lengthened, one number replaced. */
static size_t
random_sequence(const struct mib_key *key, mib_subid *out)
{
	static const mib_subid odd[] = { 0,  1,   2,   3,   4,   5,     16,         20,
		                         33, 129, 255, 256, 300, 65536, 4294967295u };
	size_t n = mib_inet_encode(key, false, out);

	if (draw(3) == 0)
		n = draw((uint32_t)n + 1);
	if (draw(3) == 0 && n < MIB_OID_MAX)
		out[n++] = odd[draw(15)];
	if (n > 0 && draw(2) == 0)
		out[draw((uint32_t)n)] = odd[draw(15)];
	return n;
}

static void
a_bound_misses_no_row_that_follows(void)
{
	enum { KEYS = 400, PROBES = 40000 };
	static struct mib_key keys[KEYS];

	for (size_t i = 0; i < KEYS; i++)
		random_key(&keys[i]);
	qsort(keys, KEYS, sizeof keys[0], key_order);
	for (size_t probe = 0; probe < PROBES; probe++) {
		mib_subid sub[MIB_OID_MAX], index[MIB_OID_MAX];
		size_t n = random_sequence(&keys[draw(KEYS)], sub), expect = 0, from;
		struct mib_key bound;
		bool any = mib_inet_bound(sub, n, &bound);

		while (expect < KEYS &&
		       mib_oid_compare(index, mib_inet_encode(&keys[expect], false, index), sub,
		                       n) <= 0)
			expect++;
		for (from = any ? 0 : KEYS; from < KEYS; from++)
			if (mib_key_compare(&keys[from], &bound) >= 0)
				break;
		/* the bound is not above the answer, and within its destination's reach */
		CU_ASSERT_FATAL(from <= expect);
		if (from < expect)
			CU_ASSERT_FATAL(
			    memcmp(keys[from].b, keys[expect - 1].b, MIB_KEY_POLICY) == 0);
	}
}

static const struct {
	const char *sequence;
	int next; /* in the list of good names; -1: none */
} successors[] = {
	{ "", 0 },
	{ "0", 0 },
	{ "0.4294967295", 0 },
	{ "1", 0 },
	{ "1.3.255.255.255", 0 },
	{ "1.4.999", 7 },
	{ "1.4294967295", 7 },
	{ "1.4.10.1", 1 },
	{ "1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1", 2 },
	{ "1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1.0", 2 },
	{ "1.4.10.1.0.0.300", 3 },
	{ "1.4.192.0.2.0.24.2.0.0.0.0", 4 },
	{ "1.4.192.0.2.0.24.4294967295", 6 },
	{ "2.16.256", 10 },
	{ "3.8.169.254.0.0.0.0.0.3.17", 11 },
	{ "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.256", 12 },
	{ "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.64.2.0.0.0.0", 12 },
	{ "4.21", -1 },
	{ "5", -1 },
	{ "4294967295", -1 },
};

static void
successors_of_odd_sequences_are_the_right_ones(void)
{
	for (size_t i = 0; i < sizeof successors / sizeof successors[0]; i++) {
		mib_subid sub[MIB_OID_MAX], index[MIB_OID_MAX];
		size_t n = parse(successors[i].sequence, sub);
		struct mib_key bound, key;
		bool any = mib_inet_bound(sub, n, &bound);
		int found = -1;

		for (size_t k = 0; any && found < 0 && k < NGOOD; k++) {
			size_t m = parse(good[k], index);

			CU_ASSERT_EQUAL(mib_inet_decode(index, m, false, &key), MIB_NAME_OK);
			if (mib_key_compare(&key, &bound) >= 0 &&
			    mib_oid_compare(index, m, sub, n) > 0)
				found = (int)k;
		}
		if (found != successors[i].next)
			fprintf(stderr, "  %s: %d\n", successors[i].sequence, found);
		CU_ASSERT_EQUAL(found, successors[i].next);
	}
}

int
main(void)
{
	static const struct test tests[] = {
		TEST(canonical_names_survive_the_way_there_and_back),
		TEST(keys_sort_as_their_indexes_do),
		TEST(a_row_and_its_name_are_one_to_one),
		TEST(nothing_else_is_a_name),
		TEST(every_proper_prefix_of_a_name_is_refused),
		TEST(on_link_may_be_spelled_as_zeros_instead),
		TEST(a_bound_misses_no_row_that_follows),
		TEST(successors_of_odd_sequences_are_the_right_ones),
	};

	return run_tests("mib_index", tests, sizeof tests / sizeof tests[0]);
}
