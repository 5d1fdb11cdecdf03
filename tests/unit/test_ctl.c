/*
 * The messages of the control socket: what is written is read back, and nothing that
 * anybody can send does more than be refused.
 */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "ctl/proto.h"

#define CHECK_CASE(condition, ...)                                                             \
	do {                                                                                   \
		bool ok_ = (condition);                                                        \
		CU_ASSERT(ok_);                                                                \
		if (!ok_) {                                                                    \
			printf("\n  %s:%d: %s: ", __FILE__, __LINE__, #condition);             \
			printf(__VA_ARGS__);                                                   \
		}                                                                              \
	} while (0)

static const struct {
	const char *name;
	const struct ctl_layout *layout;
	size_t size;
} messages[] = {
	{ "hello", &ctl_hello_layout, sizeof(struct ctl_hello) },
	{ "reply", &ctl_reply_layout, sizeof(struct ctl_reply) },
	{ "route", &ctl_route_layout, sizeof(struct ctl_route) },
	{ "row1", &ctl_row1_layout, sizeof(MIB_IPFORWARDROW) },
	{ "page", &ctl_page_layout, sizeof(struct ctl_page) },
	{ "best", &ctl_best_layout, sizeof(struct ctl_best) },
	{ "address", &ctl_address_layout, sizeof(struct ctl_address) },
	{ "interface", &ctl_interface_layout, sizeof(struct ctl_interface) },
	{ "family", &ctl_family_layout, sizeof(struct ctl_family) },
	{ "event", &ctl_event_layout, sizeof(struct ctl_event) },
	{ "text", &ctl_text_layout, sizeof(struct ctl_text) },
};
#define MESSAGES (sizeof(messages) / sizeof(messages[0]))

static union {
	struct ctl_interface interface;
	struct ctl_text text;
	struct ctl_route route;
} one, two;
static uint8_t frame[CTL_FRAME_MAX], again[CTL_FRAME_MAX];

static uint32_t
random_number(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static size_t
encode(const struct ctl_layout *layout, const void *message, uint8_t *to)
{
	struct ctl_out out;

	ctl_begin(&out, to, CTL_FRAME_MAX, CTL_EVENT, 77);
	ctl_put(&out, layout, message);
	return ctl_end(&out);
}

static bool
decode(const uint8_t *p, size_t n, const struct ctl_layout *layout, void *message)
{
	struct ctl_in in;
	size_t used;

	return ctl_look(p, n, &in, &used) == CTL_COMPLETE && used == n &&
	       ctl_get(&in, layout, message) && ctl_done(&in);
}

/* Random octets, decoded, are a message; encoded and decoded again they must be the same. */
static void
every_message_comes_back_as_it_was(void)
{
	uint64_t seed = 1;

	for (size_t m = 0; m < MESSAGES; m++) {
		int good = 0;

		for (int i = 0; i < 3000; i++) {
			size_t n = encode(messages[m].layout, &one, frame), k;
			bool ok;

			memset(&one, 0, sizeof(one));
			n = encode(messages[m].layout, &one, frame);
			for (k = CTL_HEAD; k < n; k++)
				frame[k] = random_number(&seed) % 3 == 0
				               ? (uint8_t)random_number(&seed)
				               : 0;
			ok = decode(frame, n, messages[m].layout, &one);
			if (!ok)
				continue; /* a count without what it counts, for instance */
			good++;
			k = encode(messages[m].layout, &one, again);
			memset(&two, 0xa5, sizeof(two));
			CHECK_CASE(k == n, "%s: %zu octets of %zu", messages[m].name, k, n);
			CHECK_CASE(decode(again, k, messages[m].layout, &two) &&
			               memcmp(&one, &two, messages[m].size) == 0,
			           "%s", messages[m].name);
		}
		CHECK_CASE(good > 0, "%s: never decoded", messages[m].name);
	}
}

static void
text_and_lists_come_back(void)
{
	struct ctl_interface *a = &one.interface, *b = &two.interface;

	memset(a, 0, sizeof(*a));
	a->index = 7;
	strcpy(a->alias, "eth0.100");
	a->naddrs = CTL_IF_ADDRS;
	for (unsigned i = 0; i < CTL_IF_ADDRS; i++) {
		a->addrs[i].address.si_family = i % 2 ? AF_INET : AF_INET6;
		a->addrs[i].address.Ipv4.sin_addr.s_addr = i % 2 ? i : 0;
		a->addrs[i].length = i;
	}
	CU_ASSERT(
	    decode(frame, encode(&ctl_interface_layout, a, frame), &ctl_interface_layout, b));
	CU_ASSERT_EQUAL(memcmp(a, b, sizeof(*a)), 0);
	memset(one.text.text, 'x', CTL_TEXT_MAX);
	one.text.text[CTL_TEXT_MAX] = '\0';
	CU_ASSERT(decode(frame, encode(&ctl_text_layout, &one, frame), &ctl_text_layout, &two));
	CU_ASSERT_STRING_EQUAL(one.text.text, two.text.text);
}

static void
a_message_that_is_too_short_or_too_long_is_refused(void)
{
	memset(&one, 0, sizeof(one));
	for (size_t m = 0; m < MESSAGES; m++) {
		size_t n = encode(messages[m].layout, &one, frame);

		CU_ASSERT(decode(frame, n, messages[m].layout, &two));
		for (size_t k = CTL_HEAD; k < n; k++) {
			frame[3] = (uint8_t)(k - 4);
			frame[2] = (uint8_t)((k - 4) >> 8);
			CHECK_CASE(!decode(frame, k, messages[m].layout, &two), "%s at %zu",
			           messages[m].name, k);
		}
		n++;
		frame[n - 1] = 0;
		frame[3] = (uint8_t)(n - 4);
		frame[2] = (uint8_t)((n - 4) >> 8);
		CHECK_CASE(!decode(frame, n, messages[m].layout, &two), "%s", messages[m].name);
	}
}

static void
what_a_field_cannot_hold_is_refused(void)
{
	size_t n;

	memset(&one, 0, sizeof(one));
	n = encode(&ctl_interface_layout, &one, frame);
	frame[n - 1] = CTL_IF_ADDRS + 1; /* the count, which comes last */
	CU_ASSERT(!decode(frame, n, &ctl_interface_layout, &two));
	strcpy(one.text.text, "abc");
	n = encode(&ctl_text_layout, &one, frame);
	frame[n - 2] = '\0'; /* a NUL inside would cut what people read */
	CU_ASSERT(!decode(frame, n, &ctl_text_layout, &two));
}

static void
a_frame_is_looked_at_octet_by_octet(void)
{
	struct ctl_in in;
	size_t used = 0, n;

	memset(&one, 0, sizeof(one));
	n = encode(&ctl_route_layout, &one, frame);
	for (size_t k = 0; k < n; k++)
		CHECK_CASE(ctl_look(frame, k, &in, &used) == CTL_MORE, "at %zu", k);
	CU_ASSERT_EQUAL(ctl_look(frame, n + 5, &in, &used), CTL_COMPLETE);
	CU_ASSERT_EQUAL(used, n);
	CU_ASSERT_EQUAL(in.type, CTL_EVENT);
	CU_ASSERT_EQUAL(in.number, 77);
	for (uint32_t length = 0; length < 6; length++) {
		frame[0] = frame[1] = frame[2] = 0;
		frame[3] = (uint8_t)length;
		CU_ASSERT_EQUAL(ctl_look(frame, n, &in, &used), CTL_BROKEN);
	}
	memset(frame, 0xff, 4);
	CU_ASSERT_EQUAL(ctl_look(frame, n, &in, &used), CTL_BROKEN);
	memcpy(frame, "GET ", 4);
	CU_ASSERT_EQUAL(ctl_look(frame, n, &in, &used), CTL_BROKEN);
}

static void
random_octets_never_do_more_than_be_refused(void)
{
	uint64_t seed = 42;
	unsigned complete = 0, read = 0;

	for (int i = 0; i < 200000; i++) {
		size_t n = random_number(&seed) % 400, used;
		uint8_t *exact; /* so that a sanitizer sees one octet too many */
		struct ctl_in in;

		for (size_t k = 0; k < n; k++)
			frame[k] = (uint8_t)random_number(&seed);
		if (n >= 4 && i % 2 == 0) { /* give it a chance to be a frame */
			frame[0] = frame[1] = 0;
			frame[2] = (uint8_t)((n - 4) >> 8);
			frame[3] = (uint8_t)(n - 4);
		}
		exact = mem_realloc(NULL, n, 1);
		memcpy(exact, frame, n);
		if (ctl_look(exact, n, &in, &used) == CTL_COMPLETE) {
			complete++;
			read += ctl_get(&in, messages[random_number(&seed) % MESSAGES].layout,
			                &two);
		}
		mem_free(exact);
	}
	printf("\n    %u frames, %u messages\n", complete, read);
	CU_ASSERT(complete > 1000 && read > 100);
}

static void
what_does_not_fit_a_frame_is_said(void)
{
	struct ctl_out out;
	uint8_t small[40];

	memset(&one, 0, sizeof(one));
	ctl_begin(&out, small, sizeof(small), CTL_EVENT, 1);
	ctl_put(&out, &ctl_route_layout, &one);
	CU_ASSERT(out.full);
	CU_ASSERT_EQUAL(ctl_end(&out), 0);
}

int
main(void)
{
	CU_pSuite suite;
	unsigned failures;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    (suite = CU_add_suite("ctl", NULL, NULL)) == NULL)
		return 2;
#define TEST(function) CU_add_test(suite, #function, function)
	TEST(every_message_comes_back_as_it_was);
	TEST(text_and_lists_come_back);
	TEST(a_message_that_is_too_short_or_too_long_is_refused);
	TEST(what_a_field_cannot_hold_is_refused);
	TEST(a_frame_is_looked_at_octet_by_octet);
	TEST(random_octets_never_do_more_than_be_refused);
	TEST(what_does_not_fit_a_frame_is_said);
	CU_basic_set_mode(CU_BRM_VERBOSE);
	if (CU_basic_run_tests() != CUE_SUCCESS || CU_get_number_of_tests_run() != 7)
		return 2;
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	if (mem_alive() != 0)
		printf("leak: %zu blocks\n", mem_alive());
	return failures == 0 && mem_alive() == 0 ? 0 : 1;
}
