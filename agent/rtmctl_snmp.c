/*
 * One chapter: the names that SNMP gives to routes, for people.
 *
 * An index of inetCidrRouteTable is sixteen numbers and more; writing one by hand is where
 * most SETs go wrong. Both directions use the codec that the daemon itself uses, so what
 * is printed here is what the table understands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "iphlp/iph.h"
#include "mib_index.h"
#include "rtmctl.h"

#define INET_ENTRY "1.3.6.1.2.1.4.24.7.1"
#define CIDR_ENTRY "1.3.6.1.2.1.4.24.4.1"

/* InetCidrRouteTable's type [MIB 6.4] */
static int
mib_type(const struct ctl_route *route)
{
	struct addr hop;

	if (route->kind != IPH_UNICAST)
		return route->kind == IPH_REJECT ? 2 : 5;
	return addr_from_sockaddr(&hop, &route->row.NextHop) && !addr_is_unspecified(&hop) ? 4
	                                                                                   : 3;
}

static void
print_name(int column, const mib_subid *sub, size_t n)
{
	printf("." INET_ENTRY ".%d", column);
	for (size_t i = 0; i < n; i++)
		printf(".%u", sub[i]);
}

int
do_snmpset(struct tool *tool, char **words)
{
	struct route_words said;
	struct ctl_route route;
	struct mib_key key;
	struct prefix prefix;
	mib_subid sub[MIB_OID_MAX];
	size_t n;
	int status;

	if (!route_words_read(words, &said))
		return STATUS_USAGE;
	status = route_row(tool, &said, &route);
	if (status != STATUS_OK)
		return status;
	if (said.dev == NULL && route.kind == IPH_UNICAST) {
		fprintf(stderr, "rtmctl: which interface? add: dev IF\n");
		return STATUS_USAGE;
	}
	prefix_from_ip_prefix(&prefix, &route.row.DestinationPrefix);
	if (!prefix_is_canonical(&prefix)) {
		fprintf(stderr, "rtmctl: \"%s\" has bits beyond its length\n", said.prefix);
		return STATUS_REFUSED;
	}
	if (route.row.NextHop.si_family != route.row.DestinationPrefix.Prefix.si_family) {
		fprintf(stderr, "rtmctl: prefix and gateway are of different families\n");
		return STATUS_REFUSED;
	}
	mib_inet_key(&route.row, 0, &key);
	n = mib_inet_encode(&key, tool->zero, sub);
	printf("snmpset -v2c -c COMMUNITY HOST \\\n  ");
	print_name(7, sub, n);
	printf(" i %u \\\n  ", route.row.InterfaceIndex);
	print_name(8, sub, n);
	printf(" i %d \\\n  ", mib_type(&route));
	if (said.metric != NULL) {
		print_name(12, sub, n);
		printf(" i %u \\\n  ", route.row.Metric);
	}
	print_name(17, sub, n);
	printf(" i 4\n");
	return STATUS_OK;
}

/* ---- decoding ---------------------------------------------------------------- */

/* Dotted numbers; false: something else. */
static bool
read_oid(const char *text, mib_subid *sub, size_t *n)
{
	*n = 0;
	if (*text == '.')
		text++;
	while (*text != '\0') {
		char *end;
		unsigned long long value = strtoull(text, &end, 10);

		if (text[0] < '0' || text[0] > '9' || value > UINT32_MAX || *n == MIB_OID_MAX ||
		    (*end != '.' && *end != '\0') || (*end == '.' && end[1] == '\0'))
			return false;
		sub[(*n)++] = (mib_subid)value;
		text = *end == '.' ? end + 1 : end;
	}
	return *n > 0;
}

/* Take the entry and a column away, where the OID begins with them. */
static bool
strip(const char *entry, mib_subid *sub, size_t *n, mib_subid *column)
{
	mib_subid head[16];
	size_t len;

	if (!read_oid(entry, head, &len) || *n <= len + 1 ||
	    memcmp(sub, head, len * sizeof(*sub)) != 0)
		return false;
	*column = sub[len];
	*n -= len + 1;
	memmove(sub, sub + len + 1, *n * sizeof(*sub));
	return true;
}

static void
print_words(const IP_ADDRESS_PREFIX *dest, const SOCKADDR_INET *next_hop)
{
	char text[PREFIX_TEXT_SIZE];
	struct prefix prefix;
	struct addr hop;

	if (prefix_from_ip_prefix(&prefix, dest))
		printf("%s", prefix_format(&prefix, text, sizeof(text)));
	if (addr_from_sockaddr(&hop, next_hop) && !addr_is_unspecified(&hop))
		printf(" via %s", addr_format(&hop, text, sizeof(text)));
	else
		printf(" on-link");
}

static int
decode_inet(const char *label, const mib_subid *sub, size_t n)
{
	IP_ADDRESS_PREFIX dest;
	SOCKADDR_INET hop;
	struct mib_key key;
	uint32_t policy;

	enum mib_name_fault fault = mib_inet_decode(sub, n, false, &key);

	if (fault == MIB_NAME_NEVER) /* the other spelling of no next hop, perhaps */
		fault = mib_inet_decode(sub, n, true, &key);
	switch (fault) {
	case MIB_NAME_OK:
		break;
	case MIB_NAME_HOST_BITS:
		fprintf(stderr, "rtmctl: no row: the destination has bits beyond its length\n");
		return STATUS_REFUSED;
	default:
		fprintf(stderr,
		        "rtmctl: no row: not TYPE.LEN.DEST.PFXLEN.POLICYLEN.POLICY.TYPE.LEN."
		        "NEXTHOP of one family\n");
		return STATUS_REFUSED;
	}
	mib_inet_prefix(&key, &dest);
	mib_inet_next_hop(&key, &hop);
	policy = mib_get32(key.b + MIB_KEY_POLICY);
	fputs(label, stdout);
	print_words(&dest, &hop);
	if (mib_inet_zoned(&key))
		printf(" zone %u", mib_get32(key.b + MIB_KEY_ZONE));
	if (policy != 0)
		printf(" policy 0.0.%u (interface %u)\n", policy, policy);
	else
		printf(" policy 0.0\n");
	return STATUS_OK;
}

/* d.d.d.d.m.m.m.m.tos.n.n.n.n [MIB 1.8] */
static int
decode_cidr(const char *label, const mib_subid *sub, size_t n)
{
	MIB_IPFORWARD_ROW2 row = { .InterfaceIndex = 0 };
	uint8_t bytes[13];
	unsigned len;
	IPMask mask;

	for (size_t i = 0; i < n && i < sizeof(bytes); i++) {
		if (i != 8 && sub[i] > 255)
			n = 0;
		bytes[i] = (uint8_t)sub[i];
	}
	memcpy(&mask, bytes + 4, 4);
	if (n != sizeof(bytes) || !mask_to_len(mask, &len)) {
		fprintf(stderr, "rtmctl: no row: not DEST.MASK.TOS.NEXTHOP, 13 numbers\n");
		return STATUS_REFUSED;
	}
	row.DestinationPrefix.Prefix.si_family = row.NextHop.si_family = AF_INET;
	memcpy(&row.DestinationPrefix.Prefix.Ipv4.sin_addr, bytes, 4);
	row.DestinationPrefix.PrefixLength = (UINT8)len;
	memcpy(&row.NextHop.Ipv4.sin_addr, bytes + 9, 4);
	fputs(label, stdout);
	print_words(&row.DestinationPrefix, &row.NextHop);
	printf(" tos %u\n", sub[8]);
	return STATUS_OK;
}

int
do_decode(struct tool *tool, char **words)
{
	mib_subid sub[MIB_OID_MAX], column = 0;
	char label[64] = "";
	size_t n;

	(void)tool;
	if (words[0] == NULL || words[1] != NULL || !read_oid(words[0], sub, &n)) {
		fprintf(stderr, "rtmctl: decode OID, in numbers\n");
		return STATUS_USAGE;
	}
	if (strip(CIDR_ENTRY, sub, &n, &column)) {
		snprintf(label, sizeof(label), "ipCidrRouteTable column %u: ", column);
		return decode_cidr(label, sub, n);
	}
	if (strip(INET_ENTRY, sub, &n, &column))
		snprintf(label, sizeof(label), "inetCidrRouteTable column %u: ", column);
	return decode_inet(label, sub, n);
}
