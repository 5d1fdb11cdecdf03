/*
 * Where AgentX PDUs end on a connection: what a master writes at once, and in pieces, over a
 * pair of sockets. The expectation is always the same: a read is one PDU as it was sent, or
 * nothing.
 */
#include "agx_stream.h"

#include "base/log.h"

#include <CUnit/Basic.h>
#include <poll.h>
#include <stdbool.h>
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
	agx_stream_begin(&stream);
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
read_on(void)
{
	ssize_t n;

	CU_ASSERT_FATAL(sizeof got - ngot >= AGX_STREAM_MOST);
	n = agx_stream_read(&stream, ours, got + ngot);
	if (n > 0)
		ngot += (size_t)n;
	return n;
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
	static const uint32_t payloads[] = { 0, 4, 256, 20000 };

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

static bool
is_readable(void)
{
	struct pollfd in = { .fd = ours, .events = POLLIN };

	return poll(&in, 1, 0) == 1;
}

/* As the loop does: as long as there is something. @return how many PDUs it was. */
static int
read_all(void)
{
	int pdus = 0;

	while (is_readable()) {
		ssize_t n = read_on();

		CU_ASSERT_FATAL(n > 0 || n == AGX_STREAM_LATER);
		pdus += n > 0 ? 1 : 0;
	}
	return pdus;
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
		CU_ASSERT_EQUAL(read_all(), cut < first ? 0 : 1);
		CU_ASSERT_EQUAL(ngot, cut < first ? 0 : first);
		write_all(cut, nsent);
		CU_ASSERT_EQUAL(read_all(), cut < first ? 2 : 1);
		CU_ASSERT_EQUAL_FATAL(ngot, nsent);
		CU_ASSERT_EQUAL(memcmp(got, sent, nsent), 0);
	}
	nothing_is_left();
}

static void
octet_by_octet(void)
{
	size_t ends[3];

	ends[0] = compose(BIG, 40);
	ends[1] = ends[0] + compose(LITTLE, 3);
	ends[2] = ends[1] + compose(BIG, 0);
	for (size_t i = 0; i < nsent; i++) {
		bool is_end = i + 1 == ends[0] || i + 1 == ends[1] || i + 1 == ends[2];

		write_all(i, i + 1);
		CU_ASSERT_EQUAL(read_all(), is_end ? 1 : 0);
	}
	nothing_is_left();
}

static void
the_longest_is_read(void)
{
	CU_ASSERT_EQUAL(compose(LITTLE, AGX_STREAM_MOST - AGX_STREAM_HEADER), AGX_STREAM_MOST);
	write_all(0, nsent);
	CU_ASSERT_EQUAL(read_on(), AGX_STREAM_MOST);
	nothing_is_left();
}

/* What libnetsnmp would drop when it has all of it. */
static void
a_longer_one_is_passed_over(void)
{
	static const uint32_t payloads[] = { AGX_STREAM_MOST - AGX_STREAM_HEADER + 1, 65536,
		                             100000 };

	for (size_t i = 0; i < 3; i++) {
		size_t good;

		ngot = nsent = 0;
		compose(BIG, payloads[i]);
		write_all(0, 1000);
		CU_ASSERT_EQUAL(read_all(), 0);
		write_all(1000, nsent);
		CU_ASSERT_EQUAL(read_all(), 0);
		nsent = 0;
		good = compose(LITTLE, 8);
		write_all(0, nsent);
		CU_ASSERT_EQUAL(read_on(), (ssize_t)good);
		CU_ASSERT_EQUAL(memcmp(got, sent, good), 0);
	}
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
	CU_ASSERT_EQUAL(read_on(), AGX_STREAM_LATER);
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
	                AGX_STREAM_LATER);
}

/* Whatever comes: it is PDUs with a right header, and then it ends. */
static void
garbage_ends_or_is_read(void)
{
	unsigned seed = 1;

	for (int run = 0; run < 5000; run++) {
		ssize_t n;
		int reads = 0;

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
			n = read_on();
		while ((n > 0 || n == AGX_STREAM_LATER) && ++reads < GARBAGE_SIZE);
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
		{ "the longest is read", the_longest_is_read },
		{ "a longer one is passed over", a_longer_one_is_passed_over },
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
	log_set_level(LOG_LEVEL_ERR);
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failures != 0;
}
