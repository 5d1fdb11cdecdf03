/*
 * Where AgentX PDUs end on a connection: what a master writes at once, and in pieces, over a
 * pair of sockets. The expectation is always the same: no read goes beyond a PDU, and all
 * octets arrive as they were sent.
 */
#include "agx_stream.h"

#include <CUnit/Basic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BIG 0x10 /* network byte order */
#define LITTLE 0
#define GARBAGE_SIZE 64

static int master = -1, ours = -1;
static struct agx_stream stream;
static unsigned char sent[200000], got[200000];
static size_t nsent, ngot;

static void
setup(void)
{
	int pair[2];

	CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	master = pair[0];
	ours = pair[1];
	stream = (struct agx_stream){ .have = 0 };
	nsent = ngot = 0;
}

static void
hang_up(void)
{
	if (master >= 0)
		close(master);
	master = -1;
}

static void
teardown(void)
{
	hang_up();
	close(ours);
}

/* A PDU at the end of `sent'; its payload is what no header is. @return its size. */
static size_t
compose(int flags, uint32_t payload)
{
	unsigned char *p = sent + nsent;

	memset(p, 0, AGX_STREAM_HEADER);
	p[0] = 1;
	p[1] = 8;
	p[2] = (unsigned char)flags;
	for (int i = 0; i < 4; i++)
		p[16 + i] =
		    (unsigned char)(payload >> ((flags & BIG) != 0 ? 24 - 8 * i : 8 * i));
	if (payload < sizeof sent - nsent - AGX_STREAM_HEADER)
		memset(p + AGX_STREAM_HEADER, 0xee, payload);
	nsent += AGX_STREAM_HEADER + payload;
	return AGX_STREAM_HEADER + payload;
}

static void
write_all(size_t from, size_t to)
{
	while (from < to) {
		ssize_t n = send(master, sent + from, to - from, MSG_NOSIGNAL);

		CU_ASSERT_FATAL(n > 0);
		from += (size_t)n;
	}
}

static ssize_t
read_some(size_t room)
{
	ssize_t n = agx_stream_read(&stream, ours, got + ngot, room);

	if (n > 0)
		ngot += (size_t)n;
	return n;
}

static ssize_t
read_on(void)
{
	return read_some(sizeof got - ngot);
}

static void
nothing_is_left(void)
{
	CU_ASSERT_EQUAL(read_on(), AGX_STREAM_LATER);
	CU_ASSERT_EQUAL_FATAL(ngot, nsent);
	CU_ASSERT_EQUAL(memcmp(got, sent, nsent), 0);
	hang_up();
	CU_ASSERT_EQUAL(read_on(), AGX_STREAM_END);
}

static void
one_pdu_is_one_read(void)
{
	static const int orders[] = { BIG, LITTLE };
	static const uint32_t payloads[] = { 0, 4, 256, 65536 };

	for (size_t o = 0; o < 2; o++)
		for (size_t i = 0; i < 4; i++) {
			size_t from = nsent, size = compose(orders[o], payloads[i]);

			write_all(from, nsent);
			CU_ASSERT_EQUAL(read_on(), (ssize_t)size);
		}
	nothing_is_left();
}

static void
pdus_that_come_together_are_read_singly(void)
{
	size_t sizes[4];

	sizes[0] = compose(BIG, 100);
	sizes[1] = compose(LITTLE, 0);
	sizes[2] = compose(LITTLE, 260);
	sizes[3] = compose(BIG, 0);
	write_all(0, nsent);
	for (size_t i = 0; i < 4; i++)
		CU_ASSERT_EQUAL(read_on(), (ssize_t)sizes[i]);
	nothing_is_left();
}

/* Read what there is; no read goes across the border. @return how many reads it took. */
static int
read_all(size_t border)
{
	int reads = 0;

	for (;;) {
		size_t before = ngot;
		ssize_t n = read_on();

		if (n == AGX_STREAM_LATER)
			return reads;
		CU_ASSERT_FATAL(n > 0);
		CU_ASSERT(before >= border || ngot <= border);
		reads++;
	}
}

/* Two PDUs, cut once at every octet. */
static void
a_cut_anywhere_changes_nothing(void)
{
	size_t first = compose(LITTLE, 24);

	compose(BIG, 12);
	for (size_t cut = 1; cut < nsent; cut++) {
		ngot = 0;
		write_all(0, cut);
		CU_ASSERT_EQUAL(read_all(first), cut <= first ? 1 : 2);
		CU_ASSERT_EQUAL(ngot, cut);
		write_all(cut, nsent);
		CU_ASSERT_EQUAL(read_all(first), cut < first ? 2 : 1);
		CU_ASSERT_EQUAL_FATAL(ngot, nsent);
		CU_ASSERT_EQUAL(memcmp(got, sent, nsent), 0);
	}
	nothing_is_left();
}

static void
octet_by_octet(void)
{
	compose(BIG, 40);
	compose(LITTLE, 3);
	compose(BIG, 0);
	for (size_t i = 0; i < nsent; i++) {
		write_all(i, i + 1);
		CU_ASSERT_EQUAL(read_on(), 1);
		CU_ASSERT_EQUAL(read_on(), AGX_STREAM_LATER);
	}
	nothing_is_left();
}

static void
little_room_is_no_harm(void)
{
	for (size_t room = 1; room < 60; room++) {
		size_t from = nsent;

		ngot = nsent;
		compose(LITTLE, 31);
		compose(BIG, 9);
		write_all(from, nsent);
		while (ngot < nsent) {
			ssize_t n = read_some(room);

			CU_ASSERT_FATAL(n > 0 && (size_t)n <= room);
		}
	}
	CU_ASSERT_EQUAL(read_on(), AGX_STREAM_LATER);
	CU_ASSERT_EQUAL(memcmp(got, sent, nsent), 0);
}

/* More than libnetsnmp takes at once: it drops such a PDU, and the one behind it is seen. */
static void
a_long_pdu_ends_where_it_says(void)
{
	size_t first = compose(BIG, 80000), second;

	write_all(0, nsent);
	CU_ASSERT_EQUAL(read_some(65536), 65536);
	second = compose(BIG, 8);
	write_all(first, nsent);
	CU_ASSERT_EQUAL(read_on(), (ssize_t)first - 65536);
	CU_ASSERT_EQUAL(read_on(), (ssize_t)second);
	nothing_is_left();
}

static void
the_end_is_told_after_what_came_before_it(void)
{
	size_t whole = compose(BIG, 4);

	compose(BIG, 100);
	write_all(0, whole + 30);
	hang_up();
	CU_ASSERT_EQUAL(read_on(), (ssize_t)whole);
	CU_ASSERT_EQUAL(read_on(), 30);
	CU_ASSERT_EQUAL(read_on(), AGX_STREAM_END);
	CU_ASSERT_EQUAL(read_on(), AGX_STREAM_END);
}

static void
a_connection_that_breaks_is_an_end(void)
{
	int other = ours;

	ours = -1; /* as after a close */
	CU_ASSERT_EQUAL(read_on(), AGX_STREAM_END);
	ours = other;
}

/* A header of which one thing is wrong, behind a good PDU. */
static ssize_t
read_behind_a_good_one(size_t at, unsigned char octet, int flags, uint32_t payload)
{
	size_t good = compose(BIG, 4);

	compose(flags, 0);
	for (int i = 0; i < 4; i++)
		sent[good + 16 + (size_t)i] =
		    (unsigned char)(payload >> ((flags & BIG) != 0 ? 24 - 8 * i : 8 * i));
	if (at < AGX_STREAM_HEADER)
		sent[good + at] = octet;
	write_all(0, nsent);
	CU_ASSERT_EQUAL(read_on(), (ssize_t)good);
	return read_on();
}

static void
another_version_is_foreign(void)
{
	CU_ASSERT_EQUAL(read_behind_a_good_one(0, 2, BIG, 0), AGX_STREAM_FOREIGN);
	teardown();
	setup();
	CU_ASSERT_EQUAL(read_behind_a_good_one(0, 0, LITTLE, 0), AGX_STREAM_FOREIGN);
}

static void
lengths_that_no_master_has_reason_for_are_foreign(void)
{
	static const uint32_t lengths[] = { AGX_STREAM_LONGEST + 1,
		                            0x10000000,
		                            0x7fffffff,
		                            0x80000000,
		                            0xffffffec,
		                            0xffffffff };

	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
		for (int flags = 0; flags <= BIG; flags += BIG) {
			teardown();
			setup();
			CU_ASSERT_EQUAL(
			    read_behind_a_good_one(AGX_STREAM_HEADER, 0, flags, lengths[i]),
			    AGX_STREAM_FOREIGN);
		}
	teardown();
	setup();
	CU_ASSERT_EQUAL(read_behind_a_good_one(AGX_STREAM_HEADER, 0, BIG, AGX_STREAM_LONGEST),
	                AGX_STREAM_HEADER);
}

/* Whatever comes: reads end, and never bring what was not sent. */
static void
garbage_ends_or_is_read(void)
{
	unsigned seed = 1;

	for (int run = 0; run < 5000; run++) {
		ssize_t n;

		teardown();
		setup();
		nsent = GARBAGE_SIZE;
		for (size_t i = 0; i < nsent; i++)
			sent[i] = (unsigned char)(rand_r(&seed) >> 7);
		if (run % 2 == 0) { /* some way into it */
			sent[0] = 1;
			memset(sent + 16, 0, 4);
			sent[run % 4 == 0 ? 16 : 19] = (unsigned char)(run % 80);
		}
		write_all(0, nsent);
		hang_up();
		do
			n = read_some(1 + (size_t)(rand_r(&seed) % 100));
		while (n > 0);
		CU_ASSERT_FATAL(n == AGX_STREAM_END || n == AGX_STREAM_FOREIGN);
		CU_ASSERT_FATAL(ngot <= nsent && memcmp(got, sent, ngot) == 0);
	}
}

int
main(void)
{
	CU_TestInfo tests[] = {
		{ "one PDU is one read", one_pdu_is_one_read },
		{ "PDUs that come together are read singly",
		  pdus_that_come_together_are_read_singly },
		{ "a cut anywhere changes nothing", a_cut_anywhere_changes_nothing },
		{ "octet by octet", octet_by_octet },
		{ "little room is no harm", little_room_is_no_harm },
		{ "a long PDU ends where it says", a_long_pdu_ends_where_it_says },
		{ "the end is told after what came before it",
		  the_end_is_told_after_what_came_before_it },
		{ "a connection that breaks is an end", a_connection_that_breaks_is_an_end },
		{ "another version is foreign", another_version_is_foreign },
		{ "lengths that no master has reason for are foreign",
		  lengths_that_no_master_has_reason_for_are_foreign },
		{ "garbage ends or is read", garbage_ends_or_is_read },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "AgentX PDUs on a connection", NULL, NULL, setup, teardown, tests },
		CU_SUITE_INFO_NULL,
	};
	unsigned failures;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 1;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failures != 0;
}
