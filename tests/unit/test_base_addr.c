/*
 * Addresses: text both ways, conversions there and back, classes and order, as tables.
 */
#include "test_base_suites.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct addr
address(const char *text)
{
	struct addr a;

	if (!addr_parse(text, &a)) {
		CU_FAIL_FATAL("the test itself has a bad address");
		memset(&a, 0, sizeof(a));
	}
	return a;
}

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

static void
text_becomes_an_address_and_canonical_text_again(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "10.1.203.9", "10.1.203.9" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "1::", "1::" },
		{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
		{ "2001:0db8::0001", "2001:db8::1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" }, /* one group stays */
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },          /* the longer run */
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },    /* the first of two equal */
		{ "0:0:1:2:3:4:0:0", "::1:2:3:4:0:0" },
		{ "1:2:3:4:5:6:0:0", "1:2:3:4:5:6::" },
		{ "0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "::ffff:c000:201", "::ffff:192.0.2.1" },
		{ "::192.0.2.1", "::c000:201" }, /* not a range known to hold IPv4 */
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "fe80::1%3", "fe80::1%3" },
		{ "fe80::1%4294967295", "fe80::1%4294967295" },
		{ "fe80::1%0", "fe80::1" },
	};
	char text[ADDR_TEXT_SIZE];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = { 0 };

		CHECK_CASE(addr_parse(cases[i].in, &a), "%s", cases[i].in);
		CHECK_CASE(strcmp(addr_format(&a, text, sizeof(text)), cases[i].out) == 0,
		           "%s gives %s", cases[i].in, text);
	}
}

static void
text_that_is_no_address_is_refused(void)
{
	static const char *const cases[] = {
		"",
		" ",
		"10",
		"10.1",
		"10.1.2",
		"10.1.2.3.4",
		"10.1.2.256",
		"010.1.2.3",
		"10.1.2.03",
		"10.1.2.-3",
		"10.1.2.3 ",
		" 10.1.2.3",
		"0x0a.1.2.3",
		"10..2.3",
		"10.1.2.3%1",
		"10.1.2.3/8",
		"a.b.c.d",
		":",
		":::",
		"1::2::3",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		"12345::",
		"g::",
		"::1.2.3",
		"::1.2.3.4.5",
		"::1 ",
		"fe80::1%",
		"fe80::1%eth0",
		"fe80::1%01",
		"fe80::1%4294967296",
		"fe80::1%-1",
		"fe80::1%1%2",
		"[::1]",
		"2001:0db8:0000:0000:0000:0000:0000:0001:2001:0db8:0000:0000:0000:0000",
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = { .family = 77 };

		CHECK_CASE(!addr_parse(cases[i], &a), "%s", cases[i]);
		CHECK_CASE(a.family == 77, "%s", cases[i]);
	}
}

static void
a_prefix_is_an_address_and_a_length_of_its_family(void)
{
	static const struct {
		const char *in, *out; /* NULL: refused */
		bool canonical;
	} cases[] = {
		{ "0.0.0.0/0", "0.0.0.0/0", true },
		{ "10.0.0.0/8", "10.0.0.0/8", true },
		{ "10.0.0.1/8", "10.0.0.1/8", false },
		{ "10.0.0.1/32", "10.0.0.1/32", true },
		{ "128.0.0.0/1", "128.0.0.0/1", true },
		{ "128.0.0.0/0", "128.0.0.0/0", false },
		{ "10.0.2.0/22", "10.0.2.0/22", false },
		{ "10.0.4.0/22", "10.0.4.0/22", true },
		{ "::/0", "::/0", true },
		{ "2001:DB8::/32", "2001:db8::/32", true },
		{ "2001:db8::/28", "2001:db8::/28", false },
		{ "::1/128", "::1/128", true },
		{ "::1/127", "::1/127", false },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", true },
		{ "10.0.0.0", NULL, false },
		{ "10.0.0.0/", NULL, false },
		{ "10.0.0.0/33", NULL, false },
		{ "10.0.0.0/08", NULL, false },
		{ "10.0.0.0/+8", NULL, false },
		{ "10.0.0.0/-8", NULL, false },
		{ "10.0.0.0/8 ", NULL, false },
		{ "10.0.0.0/8/8", NULL, false },
		{ "10.0.0.0/255.0.0.0", NULL, false },
		{ "10.0.0/8", NULL, false },
		{ "/8", NULL, false },
		{ "", NULL, false },
		{ "::/129", NULL, false },
		{ "::/4294967296", NULL, false },
		{ "::/18446744073709551616", NULL, false },
		{ "fe80::%1/64", NULL, false },
		{ "::", NULL, false },
	};
	char text[PREFIX_TEXT_SIZE];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct prefix p = { .len = 99 };
		bool ok = prefix_parse(cases[i].in, &p);

		CHECK_CASE(ok == (cases[i].out != NULL), "%s", cases[i].in);
		if (!ok) {
			CHECK_CASE(p.len == 99, "%s", cases[i].in);
			continue;
		}
		prefix_format(&p, text, sizeof(text));
		CHECK_CASE(strcmp(text, cases[i].out) == 0, "%s gives %s", cases[i].in, text);
		CHECK_CASE(prefix_is_canonical(&p) == cases[i].canonical, "%s", cases[i].in);
	}
}

static void
formatting_never_writes_past_the_buffer(void)
{
	struct prefix p = prefix("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
	struct addr none = { 0 }, odd = { .family = 12345 };
	char text[PREFIX_TEXT_SIZE];

	for (size_t size = 0; size < sizeof(text); size++) {
		memset(text, '#', sizeof(text));
		prefix_format(&p, text, size);
		CHECK_CASE(text[size] == '#', "size %zu", size);
		CHECK_CASE(size == 0 || memchr(text, '\0', size) != NULL, "size %zu", size);
	}
	p.addr.zone = UINT32_MAX;
	CU_ASSERT_EQUAL(strlen(prefix_format(&p, text, sizeof(text))), 39 + 11 + 4);
	CU_ASSERT_STRING_EQUAL(addr_format(&none, text, sizeof(text)), "-");
	CU_ASSERT_STRING_EQUAL(addr_format(&odd, text, sizeof(text)), "-");
}

static void
every_other_form_gives_the_same_address_back(void)
{
	static const char *const cases[] = {
		"0.0.0.0", "10.1.2.3", "255.255.255.255", "::", "fe80::1%3", "2001:db8::ff",
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = address(cases[i]), b = { 0 };
		unsigned bits = addr_bits_of(a.family);
		SOCKADDR_INET sa;
		RTM_NET_ADDRESS net;
		struct prefix p;

		addr_to_sockaddr(&a, &sa);
		CHECK_CASE(sa.si_family == a.family, "%s", cases[i]);
		CHECK_CASE(addr_from_sockaddr(&b, &sa) && addr_equal(&a, &b), "%s", cases[i]);
		addr_to_net(&a, &net);
		CHECK_CASE(net.NumBits == bits && net.AddressFamily == a.family, "%s",
		           cases[i]);
		a.zone = 0; /* the RTM form has no room for it */
		CHECK_CASE(prefix_from_net(&p, &net) && addr_equal(&p.addr, &a) &&
		               p.len == bits,
		           "%s", cases[i]);
		CHECK_CASE(addr_from_bytes(&b, a.family, a.bytes) && addr_equal(&a, &b), "%s",
		           cases[i]);
	}
}

static void
old_style_addresses_are_network_order_in_a_number(void)
{
	struct addr a = address("10.1.2.3"), b, v6 = address("::1");

	CU_ASSERT_EQUAL(addr_to_ipv4(&a), htonl(0x0a010203));
	addr_from_ipv4(&b, htonl(0x0a010203));
	CU_ASSERT(addr_equal(&a, &b));
	CU_ASSERT_EQUAL(addr_to_ipv4(&v6), 0);
}

static void
forms_of_other_families_or_lengths_are_refused(void)
{
	RTM_NET_ADDRESS net = { .AddressFamily = AF_INET, .NumBits = 33 };
	IP_ADDRESS_PREFIX ip = { .PrefixLength = 33 };
	SOCKADDR_INET sa = { .si_family = AF_UNIX };
	struct prefix p;
	struct addr a;

	CU_ASSERT_FALSE(prefix_from_net(&p, &net));
	net.NumBits = 32;
	CU_ASSERT_TRUE(prefix_from_net(&p, &net));
	net.AddressFamily = AF_INET6;
	net.NumBits = 129;
	CU_ASSERT_FALSE(prefix_from_net(&p, &net));
	net.AddressFamily = AF_UNIX;
	net.NumBits = 0;
	CU_ASSERT_FALSE(prefix_from_net(&p, &net));
	CU_ASSERT_FALSE(addr_from_sockaddr(&a, &sa));
	CU_ASSERT_FALSE(addr_from_bytes(&a, AF_UNIX, (const uint8_t *)"0123456789abcdef"));
	CU_ASSERT_FALSE(prefix_from_ip_prefix(&p, &ip));
	ip.Prefix.si_family = AF_INET;
	CU_ASSERT_FALSE(prefix_from_ip_prefix(&p, &ip));
	ip.PrefixLength = 32;
	CU_ASSERT_TRUE(prefix_from_ip_prefix(&p, &ip));
	p = prefix("2001:db8::/32");
	prefix_to_ip_prefix(&p, &ip);
	CU_ASSERT_EQUAL(ip.PrefixLength, 32);
	CU_ASSERT_EQUAL(ip.Prefix.Ipv6.sin6_addr.s6_addr[1], 1);
}

static void
masks_and_lengths_turn_into_each_other(void)
{
	unsigned len;

	for (unsigned n = 0; n <= 32; n++) {
		len = 99;
		CHECK_CASE(mask_to_len(mask_from_len(n), &len) && len == n, "%u", n);
	}
	CU_ASSERT_EQUAL(mask_from_len(9), htonl(0xff800000));
	CU_ASSERT_EQUAL(mask_from_len(40), UINT32_MAX);
	len = 99;
	CU_ASSERT_FALSE(mask_to_len(htonl(0xff00ff00), &len));
	CU_ASSERT_FALSE(mask_to_len(htonl(0x00ffffff), &len));
	CU_ASSERT_FALSE(mask_to_len(htonl(1), &len));
	CU_ASSERT_EQUAL(len, 99);
}

static void
the_three_numbers_of_a_family_name_one_row(void)
{
	bool zoned = true;

	CU_ASSERT_PTR_EQUAL(addr_family_by_af(AF_INET), addr_family_by_inet_type(1, &zoned));
	CU_ASSERT_FALSE(zoned);
	CU_ASSERT_PTR_EQUAL(addr_family_by_af(AF_INET6), addr_family_by_inet_type(4, &zoned));
	CU_ASSERT_TRUE(zoned);
	CU_ASSERT_PTR_EQUAL(addr_family_by_af(AF_INET6), addr_family_by_windows(23));
	CU_ASSERT_PTR_EQUAL(addr_family_by_af(AF_INET), addr_family_by_inet_type(3, NULL));
	CU_ASSERT_EQUAL(addr_bits_of(AF_INET), 32);
	CU_ASSERT_EQUAL(addr_bytes_of(AF_INET6), 16);
	CU_ASSERT_EQUAL(addr_bits_of(AF_UNSPEC), 0);
	CU_ASSERT_PTR_NULL(addr_family_by_af(AF_UNSPEC));
	CU_ASSERT_PTR_NULL(addr_family_by_windows(10));
	CU_ASSERT_PTR_NULL(addr_family_by_inet_type(0, NULL));
	CU_ASSERT_PTR_NULL(addr_family_by_inet_type(16, NULL));
}

static void
classes_hold_to_their_last_bit(void)
{
	static const struct {
		const char *text;
		bool (*is)(const struct addr *);
		bool expected;
	} cases[] = {
		{ "0.0.0.0", addr_is_unspecified, true },
		{ "0.0.0.1", addr_is_unspecified, false },
		{ "::", addr_is_unspecified, true },
		{ "::1", addr_is_unspecified, false },
		{ "223.255.255.255", addr_is_multicast, false },
		{ "224.0.0.0", addr_is_multicast, true },
		{ "239.255.255.255", addr_is_multicast, true },
		{ "240.0.0.0", addr_is_multicast, false },
		{ "ff02::1", addr_is_multicast, true },
		{ "feff::1", addr_is_multicast, false },
		{ "126.255.255.255", addr_is_loopback, false },
		{ "127.0.0.0", addr_is_loopback, true },
		{ "127.255.255.255", addr_is_loopback, true },
		{ "128.0.0.0", addr_is_loopback, false },
		{ "::1", addr_is_loopback, true },
		{ "::2", addr_is_loopback, false },
		{ "169.253.255.255", addr_is_link_local, false },
		{ "169.254.0.0", addr_is_link_local, true },
		{ "169.255.0.0", addr_is_link_local, false },
		{ "fe7f:ffff::", addr_is_link_local, false },
		{ "fe80::", addr_is_link_local, true },
		{ "febf::1", addr_is_link_local, true },
		{ "fec0::", addr_is_link_local, false },
		{ "255.255.255.255", addr_is_broadcast, true },
		{ "255.255.255.254", addr_is_broadcast, false },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", addr_is_broadcast, false },
		{ "::ffff:1.2.3.4", addr_is_v4_mapped, true },
		{ "::fffe:1.2.3.4", addr_is_v4_mapped, false },
		{ "::1:ffff:1.2.3.4", addr_is_v4_mapped, false },
	};
	struct addr none = { 0 };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct addr a = address(cases[i].text);

		CHECK_CASE(cases[i].is(&a) == cases[i].expected, "%zu: %s", i, cases[i].text);
		CHECK_CASE(cases[i].is(&none) == (cases[i].is == addr_is_unspecified), "%zu",
		           i);
	}
}

static void
order_is_that_of_the_mib(void)
{
	static const char *const sorted[] = {
		"0.0.0.0/0",   "0.0.0.0/8",     "1.0.0.0/8",     "9.255.255.255/32",
		"10.0.0.0/7",  "10.0.0.0/8",    "10.0.0.0/24",   "10.0.0.1/24",
		"128.0.0.0/1", "::/0",          "::/128",        "::1/128",
		"1::/16",      "2001:db8::/32", "2001:db8::/48", "2001:db8::/64",
		"ff00::/8",
	};

	for (size_t i = 0; i < COUNT(sorted); i++) {
		for (size_t j = 0; j < COUNT(sorted); j++) {
			struct prefix p = prefix(sorted[i]), q = prefix(sorted[j]);
			int c = prefix_compare(&p, &q);

			CHECK_CASE((c < 0) == (i < j) && (c > 0) == (i > j), "%s, %s",
			           sorted[i], sorted[j]);
			CHECK_CASE(prefix_equal(&p, &q) == (i == j), "%s, %s", sorted[i],
			           sorted[j]);
		}
	}
}

static void
zones_tell_addresses_apart(void)
{
	struct addr a = address("fe80::1%1"), b = address("fe80::1%2"), none = { 0 };

	CU_ASSERT(addr_compare(&a, &b) < 0);
	CU_ASSERT(addr_compare(&b, &a) > 0);
	CU_ASSERT_FALSE(addr_equal(&a, &b));
	CU_ASSERT(addr_compare(&none, &a) < 0);
	CU_ASSERT(addr_equal(&none, &none));
}

static void
covering_is_by_leading_bits_and_family(void)
{
	static const struct {
		const char *outer, *inner;
		bool covers;
	} cases[] = {
		{ "0.0.0.0/0", "10.0.0.0/8", true },
		{ "10.0.0.0/8", "10.255.0.0/16", true },
		{ "10.0.0.0/8", "11.0.0.0/16", false },
		{ "10.0.0.0/16", "10.0.0.0/8", false },
		{ "10.0.0.0/8", "10.0.0.0/8", true },
		{ "0.0.0.0/0", "::/0", false },
		{ "::/0", "ffff::/16", true },
		{ "2001:db8::/33", "2001:db8:8000::/33", false },
		{ "::/127", "::1/128", true },
		{ "::/127", "::2/128", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct prefix p = prefix(cases[i].outer), q = prefix(cases[i].inner);

		CHECK_CASE(prefix_covers_prefix(&p, &q) == cases[i].covers, "%s, %s",
		           cases[i].outer, cases[i].inner);
	}
}

static void
cutting_clears_exactly_the_host_bits(void)
{
	uint8_t bytes[16];

	for (unsigned len = 0; len <= 128; len++) {
		uint8_t ones[16];

		memset(bytes, 0xff, sizeof(bytes));
		memset(ones, 0xff, sizeof(ones));
		bits_cut(bytes, 16, len);
		CHECK_CASE(bits_common(bytes, ones, 16) == len, "%u", len);
		CHECK_CASE(bits_are_cut(bytes, 16, len), "%u", len);
		CHECK_CASE(len == 0 || !bits_are_cut(bytes, 16, len - 1), "%u", len);
	}
	struct prefix p = prefix("10.255.255.255/32");

	prefix_cut(&p, 33);
	CU_ASSERT_EQUAL(p.len, 32);
	prefix_cut(&p, 9);
	CU_ASSERT(p.len == 9 && p.addr.bytes[1] == 0x80 && p.addr.bytes[2] == 0);
}

CU_TestInfo test_base_addr[] = {
	TEST(text_becomes_an_address_and_canonical_text_again),
	TEST(text_that_is_no_address_is_refused),
	TEST(a_prefix_is_an_address_and_a_length_of_its_family),
	TEST(formatting_never_writes_past_the_buffer),
	TEST(every_other_form_gives_the_same_address_back),
	TEST(old_style_addresses_are_network_order_in_a_number),
	TEST(forms_of_other_families_or_lengths_are_refused),
	TEST(masks_and_lengths_turn_into_each_other),
	TEST(the_three_numbers_of_a_family_name_one_row),
	TEST(classes_hold_to_their_last_bit),
	TEST(order_is_that_of_the_mib),
	TEST(zones_tell_addresses_apart),
	TEST(covering_is_by_leading_bits_and_family),
	TEST(cutting_clears_exactly_the_host_bits),
	CU_TEST_INFO_NULL,
};
