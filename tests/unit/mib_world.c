#include "mib_world.h"

#include "base/addr.h"
#include "base/alloc.h"
#include "rtmhost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world world;
struct mib_config world_config = { .row_timeout_s = 300 };

/* ---- ports ---------------------------------------------------------------------- */

static uint64_t
now_ms(void *arg)
{
	(void)arg;
	return world.now_ms;
}

static DWORD
commit(void *arg, USHORT instance, const RTM_NET_ADDRESS *dest)
{
	(void)arg, (void)instance, (void)dest;
	world.commits++;
	if (world.refuse_from != 0 && world.commits >= world.refuse_from &&
	    world.commits <= world.refuse_until)
		return ERROR_NETWORK_UNREACHABLE;
	return NO_ERROR;
}

/* A change past the view; nothing where the view has no store. */
static DWORD
store(void *arg, USHORT instance, enum iph_verb verb, const struct iph_route *route)
{
	(void)arg, (void)instance;
	return world.mib != NULL ? mib_store_change(world.mib, verb, route) : NO_ERROR;
}

static void
refused(void *arg, const struct mib_refusal *refusal)
{
	(void)arg;
	world.refusals++;
	world.refusal = *refusal;
	snprintf(world.refused_row, sizeof world.refused_row, "%s", refusal->row);
	snprintf(world.refused_column, sizeof world.refused_column, "%s", refusal->column);
}

/* ---- open and close ----------------------------------------------------------------- */

static void
sockaddr(const char *text, SOCKADDR_INET *out)
{
	struct addr addr;

	CU_ASSERT_FATAL(addr_parse(text, &addr));
	addr_to_sockaddr(&addr, out);
}

static void
add_interface(NET_IFINDEX index, const char *alias, USHORT type, ULONG metric,
              const char *const *addrs)
{
	struct iftab_addr list[4] = { 0 };
	struct iftab_if desc = { .index = index,
		                 .if_type = type,
		                 .bound = { true, true },
		                 .metric = { metric, metric },
		                 .connected = true,
		                 .routes = true,
		                 .addrs = list };

	snprintf(desc.alias, sizeof desc.alias, "%s", alias);
	for (; addrs[desc.naddrs] != NULL; desc.naddrs++) {
		char text[64], *slash;

		snprintf(text, sizeof text, "%s", addrs[desc.naddrs]);
		slash = strchr(text, '/');
		*slash = '\0';
		sockaddr(text, &list[desc.naddrs].address);
		list[desc.naddrs].prefix_length = (UINT8)atoi(slash + 1);
	}
	CU_ASSERT_EQUAL_FATAL(iftab_put(world.ifs, &desc), NO_ERROR);
}

static RTM_ENTITY_HANDLE
register_other(USHORT family)
{
	RTM_ENTITY_INFO who = { .AddressFamily = family };
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE entity = NULL;

	who.EntityId.EntityProtocolId = PROTO_IP_RIP;
	CU_ASSERT_EQUAL_FATAL(RtmRegisterEntity(&who, NULL, NULL, FALSE, &profile, &entity),
	                      NO_ERROR);
	return entity;
}

void
world_reopen(const struct mib_config *with)
{
	struct mib_config config = *with;

	config.iph = world.iph;
	config.now_ms = now_ms;
	config.refused = refused;
	CU_ASSERT_EQUAL_FATAL(mib_open(&config, &world.mib), NO_ERROR);
}

void
world_open(void)
{
	static const char *const lo[] = { NULL };
	static const char *const two[] = { "192.0.2.2/24", "2001:db8::2/64", "fe80::2/64",
		                           NULL };
	static const char *const three[] = { "198.51.100.2/24", NULL };
	struct iph_ports ports = { .commit = commit, .store = store, .now_ms = now_ms };

	memset(&world, 0, sizeof world);
	world.now_ms = 1000000;
	world.ifs = iftab_new();
	CU_ASSERT_FATAL(world.ifs != NULL);
	add_interface(1, "lo", 24, 0, lo);
	add_interface(2, "eth2", 6, 10, two);
	add_interface(3, "eth3", 6, 20, three);
	CU_ASSERT_EQUAL_FATAL(iph_open(world.ifs, 0, &ports, &world.iph), NO_ERROR);
	world.other[0] = register_other(AF_INET);
	world.other[1] = register_other(AF_INET6);
	world_reopen(&world_config);
}

void
world_close(void)
{
	struct rtm_counts counts;

	mib_close(world.mib);
	world.mib = NULL;
	CU_ASSERT_EQUAL(RtmDeregisterEntity(world.other[0]), NO_ERROR);
	CU_ASSERT_EQUAL(RtmDeregisterEntity(world.other[1]), NO_ERROR);
	iph_close(world.iph);
	rtm_counts_get(&counts);
	CU_ASSERT_EQUAL(counts.entities, 0);
	CU_ASSERT_EQUAL(counts.dests, 0);
	CU_ASSERT_EQUAL(counts.routes, 0);
	CU_ASSERT_EQUAL(counts.enums, 0);
	CU_ASSERT_EQUAL(counts.client_refs, 0);
	rtm_shutdown();
	iftab_free(world.ifs);
	CU_ASSERT_EQUAL(mem_alive(), 0);
}

/* ---- short names ------------------------------------------------------------------------ */

static const struct {
	char table;
	const char *name, *index;
} names[] = {
	{ 'i', "X", "1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1" },
	{ 'i', "X3", "1.4.10.1.0.0.16.3.0.0.3.1.4.192.0.2.1" },
	{ 'i', "X2", "1.4.10.1.0.0.16.3.0.0.2.1.4.192.0.2.1" },
	{ 'i', "X9", "1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.9" },
	{ 'i', "Y", "1.4.10.2.0.0.16.2.0.0.1.4.192.0.2.1" },
	{ 'i', "D", "1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1" },
	{ 'i', "L", "1.4.203.0.113.0.24.2.0.0.0.0" },
	{ 'i', "L2", "1.4.203.0.113.0.24.3.0.0.2.0.0" },
	{ 'i', "L3", "1.4.203.0.113.0.24.3.0.0.3.0.0" },
	{ 'i', "V",
	  "2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0"
	  ".0.0.0.1" },
	{ 'i', "G2",
	  "2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0."
	  "0.1.0.0.0.2" },
	{ 'i', "G0",
	  "2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0."
	  "0.1.0.0.0.0" },
	{ 'i', "G9",
	  "2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0."
	  "0.1.0.0.0.9" },
	{ 'i', "Z0", "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.64.2.0.0.0.0" },
	{ 'i', "Z2", "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.64.2.0.0.0.0" },
	{ 'i', "Z3", "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.64.2.0.0.0.0" },
	{ 'i', "A0", "3.8.169.254.0.0.0.0.0.0.16.2.0.0.0.0" },
	{ 'i', "A3", "3.8.169.254.0.0.0.0.0.3.16.2.0.0.0.0" },
	{ 'c', "X", "10.1.0.0.255.255.0.0.0.192.0.2.1" },
	{ 'c', "X9", "10.1.0.0.255.255.0.0.0.192.0.2.9" },
	{ 'c', "X4", "10.1.0.0.255.255.240.0.0.192.0.2.1" },
	{ 'c', "Y", "10.2.0.0.255.255.0.0.0.192.0.2.1" },
	{ 'c', "D", "0.0.0.0.0.0.0.0.0.192.0.2.1" },
	{ 'c', "L", "203.0.113.0.255.255.255.0.0.0.0.0.0" },
	{ 'c', "A", "169.254.0.0.255.255.0.0.0.0.0.0.0" },
	{ 'f', "X", "10.1.0.0.3.0.192.0.2.1" },
	{ 'f', "Xr", "10.1.0.0.8.0.192.0.2.1" },
	{ 'f', "X9", "10.1.0.0.3.0.192.0.2.9" },
	{ 'f', "Y", "10.2.0.0.3.0.192.0.2.1" },
	{ 'f', "D", "0.0.0.0.3.0.192.0.2.1" },
	{ 'f', "L", "203.0.113.0.3.0.0.0.0.0" },
	{ 'f', "A", "169.254.0.0.3.0.0.0.0.0" },
	{ 'r', "X", "10.1.0.0" },
	{ 'r', "Y", "10.2.0.0" },
	{ 'r', "D", "0.0.0.0" },
	{ 'r', "L", "203.0.113.0" },
	{ 'r', "A", "169.254.0.0" },
};
#define NNAMES (sizeof names / sizeof names[0])

static size_t
numbers(const char *text, mib_subid *out)
{
	size_t n = 0;

	while (*text != '\0' && n < MIB_OID_MAX) {
		char *end;

		out[n++] = (mib_subid)strtoul(text, &end, 10);
		CU_ASSERT_FATAL(end != text);
		text = *end == '.' ? end + 1 : end;
	}
	return n;
}

size_t
world_index(char table, const char *text, mib_subid *out)
{
	for (size_t i = 0; i < NNAMES; i++)
		if (names[i].table == table && strcmp(text, names[i].name) == 0)
			return numbers(names[i].index, out);
	return numbers(text, out);
}

void
world_index_name(char table, const mib_subid *index, size_t n, char *out, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < n && at < size; i++)
		at += (size_t)snprintf(out + at, size - at, i == 0 ? "%u" : ".%u", index[i]);
	for (size_t i = 0; i < NNAMES; i++)
		if (names[i].table == table && strcmp(out, names[i].index) == 0)
			snprintf(out, size, "%s", names[i].name);
}

/* ---- SET --------------------------------------------------------------------- */

static const struct mib_object *
object_named(const char *name)
{
	for (size_t i = 0; i < mib_objects_count; i++)
		if (strcmp(mib_objects[i]->name, name) == 0)
			return mib_objects[i];
	CU_FAIL_FATAL("no such object");
	return NULL;
}

static const struct {
	char letter;
	const char *name, *scalar;
	unsigned first, last;
} tables[] = {
	{ 'i', "inetCidrRouteTable", "inetCidrRouteNumber", 7, 17 },
	{ 'c', "ipCidrRouteTable", "ipCidrRouteNumber", 1, 16 },
	{ 'f', "ipForwardTable", "ipForwardNumber", 1, 15 },
	{ 'r', "ipRouteTable", NULL, 1, 13 },
};
#define NTABLES (sizeof tables / sizeof tables[0])

static const struct mib_object *
object_of(char letter)
{
	for (size_t i = 0; i < NTABLES; i++)
		if (tables[i].letter == letter)
			return object_named(tables[i].name);
	CU_FAIL_FATAL("no such table");
	return NULL;
}

/* Take "c/" off a text. */
static char
table_letter(char **text)
{
	char letter = 'i';

	if ((*text)[0] != '\0' && (*text)[1] == '/') {
		letter = (*text)[0];
		*text += 2;
	}
	return letter;
}

static void
put_value(char type, const char *text, struct mib_value *out)
{
	struct addr addr;

	memset(out, 0, sizeof *out);
	switch (type) {
	case 'i':
		out->type = MIB_INTEGER;
		out->u.integer = strtoll(text, NULL, 10);
		break;
	case 'u':
		out->type = MIB_GAUGE;
		out->u.gauge = (uint32_t)strtoul(text, NULL, 10);
		break;
	case 'a':
		out->type = MIB_IPADDRESS;
		out->len = 4;
		CU_ASSERT_FATAL(addr_parse(text, &addr));
		memcpy(out->u.octets, addr.bytes, 4);
		break;
	case 'o':
		out->type = MIB_OBJID;
		out->len = numbers(text, out->u.objid);
		break;
	case 's':
		out->type = MIB_OCTETS;
		out->len = strlen(text);
		memcpy(out->u.octets, text, out->len);
		break;
	default:
		out->type = MIB_NULL;
	}
}

/* One "INDEX:COLUMN=tVALUE" of a PDU. */
static void
parse_varbind(char *text, size_t number, mib_subid *name, struct mib_varbind *out)
{
	char letter = table_letter(&text);
	char *colon = strchr(text, ':'), *equal = strchr(text, '=');

	CU_ASSERT_FATAL(colon != NULL && equal != NULL);
	*colon = *equal = '\0';
	memset(out, 0, sizeof *out);
	out->object = object_of(letter);
	out->name = name;
	out->number = number;
	name[0] = 1;
	name[1] = (mib_subid)strtoul(colon + 1, NULL, 10);
	out->name_len = 2 + world_index(letter, text, name + 2);
	put_value(equal[1], equal + 2, &out->value);
}

static struct mib_result
add_all(struct mib_tx *tx, const char *pdu)
{
	struct mib_result first = { MIB_NOERROR, 0 };
	char *copy = strdup(pdu), *save = NULL;
	size_t number = 0;

	for (char *word = strtok_r(copy, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save)) {
		mib_subid name[MIB_OID_MAX + 2];
		struct mib_varbind vb;
		enum mib_error error;

		parse_varbind(word, ++number, name, &vb);
		error = mib_tx_add(tx, &vb);
		if (error != MIB_NOERROR && first.error == MIB_NOERROR)
			first = (struct mib_result){ error, number };
	}
	free(copy);
	return first;
}

static struct mib_result
run(const char *pdu, bool commit_it)
{
	struct mib_tx *tx = mib_tx_new(world.mib);
	struct mib_result result = { MIB_RESOURCEUNAVAILABLE, 0 };

	if (tx == NULL)
		return result;
	result = add_all(tx, pdu);
	if (result.error == MIB_NOERROR)
		result = mib_tx_check(tx);
	if (result.error == MIB_NOERROR) {
		result = mib_tx_apply(tx);
		if (result.error == MIB_NOERROR && commit_it) {
			mib_tx_commit(tx);
		} else {
			struct mib_result undo = mib_tx_undo(tx);

			if (undo.error != MIB_NOERROR)
				result = undo;
		}
	}
	mib_tx_free(tx);
	mib_sync(world.mib);
	return result;
}

struct mib_result
world_set(const char *pdu)
{
	return run(pdu, true);
}

struct mib_result
world_set_undone(const char *pdu)
{
	return run(pdu, false);
}

/* ---- reading ----------------------------------------------------------------- */

static void
value_text(const struct mib_value *value, char *out, size_t size)
{
	size_t at = 0;

	switch (value->type) {
	case MIB_INTEGER:
		snprintf(out, size, "%lld", (long long)value->u.integer);
		break;
	case MIB_IPADDRESS:
		snprintf(out, size, "%u.%u.%u.%u", value->u.octets[0], value->u.octets[1],
		         value->u.octets[2], value->u.octets[3]);
		break;
	case MIB_OBJID:
		for (size_t i = 0; i < value->len && at < size; i++)
			at += (size_t)snprintf(out + at, size - at, i == 0 ? "%u" : ".%u",
			                       value->u.objid[i]);
		break;
	default:
		snprintf(out, size, "%u", value->u.gauge);
	}
}

void
world_walk(char table, unsigned column, char *out, size_t size)
{
	const struct mib_object *object = object_of(table);
	mib_subid name[MIB_OID_MAX] = { 1, column }, next[MIB_OID_MAX];
	size_t len = 2, next_len, at = 0;
	struct mib_value value;

	out[0] = '\0';
	mib_sync(world.mib);
	while (object->next(world.mib, name, len, next, &next_len, &value) == MIB_FOUND &&
	       next[1] == column) {
		char index[512], text[512];

		memcpy(name, next, next_len * sizeof next[0]);
		len = next_len;
		world_index_name(table, name + 2, len - 2, index, sizeof index);
		value_text(&value, text, sizeof text);
		at += (size_t)snprintf(out + at, size - at, at == 0 ? "%s=%s" : " %s=%s", index,
		                       text);
		CU_ASSERT_FATAL(at < size);
	}
}

void
world_read(const char *what, char *out, size_t size)
{
	const struct mib_object *object;
	mib_subid name[MIB_OID_MAX + 2] = { 1 };
	char copy[512], *text = copy, *colon, letter;
	struct mib_value value;
	enum mib_found found;

	snprintf(copy, sizeof copy, "%s", what);
	letter = table_letter(&text);
	object = object_of(letter);
	colon = strchr(text, ':');
	CU_ASSERT_FATAL(colon != NULL);
	*colon = '\0';
	name[1] = (mib_subid)strtoul(colon + 1, NULL, 10);
	mib_sync(world.mib);
	found = object->get(world.mib, name, 2 + world_index(letter, text, name + 2), &value);
	if (found == MIB_FOUND)
		value_text(&value, out, size);
	else
		snprintf(out, size, "%s", found == MIB_NO_SUCH_INSTANCE ? "-" : "!");
}

unsigned
world_scalar(const char *name)
{
	struct mib_value value = { .type = MIB_NULL };

	mib_sync(world.mib);
	CU_ASSERT_EQUAL(object_named(name)->get(world.mib, NULL, 0, &value), MIB_FOUND);
	return value.u.gauge;
}

/* One walk over a whole table: ascending, and how many rows each column has. */
static void
walk_whole(const struct mib_object *object, unsigned *rows)
{
	mib_subid name[MIB_OID_MAX], next[MIB_OID_MAX];
	size_t len = 0, next_len;
	struct mib_value value, again;

	while (object->next(world.mib, name, len, next, &next_len, &value) == MIB_FOUND) {
		size_t same = len < next_len ? len : next_len;
		int order = 0;

		for (size_t i = 0; i < same && order == 0; i++)
			order = (name[i] > next[i]) - (name[i] < next[i]);
		CU_ASSERT_FATAL(order < 0 || (order == 0 && len < next_len));
		CU_ASSERT_FATAL(next[0] == 1 && next[1] < 20);
		rows[next[1]]++;
		CU_ASSERT_EQUAL(object->get(world.mib, next, next_len, &again), MIB_FOUND);
		CU_ASSERT_EQUAL(value.type, again.type);
		memcpy(name, next, next_len * sizeof next[0]);
		len = next_len;
	}
}

/* ---- RTM-MIB against the core ---------------------------------------------------- */

/* What leads to one next hop. */
struct led {
	mib_subid index[20]; /* of rtmNextHopTable */
	size_t n;
	uint32_t rows;
};

struct tally {
	struct led *hops;
	size_t nhops;
	uint32_t active, protocols[20];
};

static void
tally_row(struct tally *tally, const struct iph_route *route)
{
	const SOCKADDR_INET *hop = &route->row.NextHop;
	struct led led = { .index = { hop->si_family == AF_INET ? 1 : 2 }, .n = 2 };
	struct addr addr;
	size_t i = 0;

	CU_ASSERT_FATAL(addr_from_sockaddr(&addr, hop));
	led.index[1] = hop->si_family == AF_INET ? 4 : 16;
	for (size_t k = 0; k < led.index[1]; k++)
		led.index[led.n++] = addr.bytes[k];
	led.index[led.n++] = route->row.InterfaceIndex;
	while (i < tally->nhops &&
	       (tally->hops[i].n != led.n ||
	        memcmp(tally->hops[i].index, led.index, led.n * sizeof led.index[0]) != 0))
		i++;
	if (i == tally->nhops) {
		tally->hops = realloc(tally->hops, (i + 1) * sizeof led);
		CU_ASSERT_FATAL(tally->hops != NULL);
		tally->hops[tally->nhops++] = led;
	}
	tally->hops[i].rows++;
	tally->active++;
	tally->protocols[route->row.Protocol < 20 ? route->row.Protocol : 1]++;
}

static void
tally_family(struct tally *tally, ADDRESS_FAMILY family)
{
	IP_ADDRESS_PREFIX at = { .Prefix.si_family = family };
	struct iph_rows some = { 0 };
	bool inclusive = true;

	for (; iph_rows_next(world.iph, &at, inclusive, 7, &some) == NO_ERROR;
	     inclusive = false) {
		const struct iph_span *last = &some.spans[some.nspans - 1];

		for (size_t i = 0; i < last->first + last->n; i++)
			if (!some.rows[i].hidden)
				tally_row(tally, &some.rows[i]);
		at = last->dest;
	}
	iph_rows_free(&some);
}

/* How often the column appears in a walk; each of its values is one of the tally. */
static uint32_t
walk_rtm(const struct tally *tally, mib_subid table, mib_subid column)
{
	const struct mib_object *object = object_named("rtmMIB");
	mib_subid name[MIB_OID_MAX] = { 1, table, 1, column }, next[MIB_OID_MAX];
	size_t len = 4, next_len;
	struct mib_value value;
	uint32_t n = 0;

	for (; object->next(world.mib, name, len, next, &next_len, &value) == MIB_FOUND &&
	       memcmp(next, (mib_subid[]){ 1, table, 1, column }, 4 * sizeof *next) == 0;
	     n++) {
		size_t i = 0;

		memcpy(name, next, next_len * sizeof *next);
		len = next_len;
		if (table == 7)
			CU_ASSERT_EQUAL(value.u.gauge, tally->protocols[name[4]]);
		if (table != 9)
			continue;
		while (i < tally->nhops &&
		       (tally->hops[i].n != len - 4 ||
		        memcmp(tally->hops[i].index, name + 4, (len - 4) * sizeof *name) != 0))
			i++;
		CU_ASSERT_FATAL(i < tally->nhops);
		CU_ASSERT_EQUAL(value.u.gauge, tally->hops[i].rows);
	}
	return n;
}

/* Next hops and protocols are those of the rows; every row has more facts. */
static void
check_rtm(void)
{
	struct tally tally = { .hops = NULL };
	uint32_t protocols = 0;

	tally_family(&tally, AF_INET);
	tally_family(&tally, AF_INET6);
	for (size_t i = 0; i < 20; i++)
		protocols += tally.protocols[i] != 0;
	CU_ASSERT_EQUAL(walk_rtm(&tally, 9, 4), tally.nhops);
	CU_ASSERT_EQUAL(walk_rtm(&tally, 7, 2), protocols);
	CU_ASSERT_EQUAL(walk_rtm(&tally, 10, 1), world_scalar("inetCidrRouteNumber"));
	free(tally.hops);
}

void
world_check_tables(void)
{
	mib_sync(world.mib);
	check_rtm();
	for (size_t i = 0; i < NTABLES; i++) {
		unsigned rows[20] = { 0 };

		walk_whole(object_named(tables[i].name), rows);
		/* a staged row lacks columns, so none has more rows than the last */
		for (unsigned c = tables[i].first; c < tables[i].last; c++)
			CU_ASSERT(tables[i].letter == 'r' ? rows[c] == rows[tables[i].last]
			                                  : rows[c] <= rows[tables[i].last]);
		if (tables[i].scalar != NULL)
			CU_ASSERT_EQUAL(rows[tables[i].last], world_scalar(tables[i].scalar));
	}
}

static size_t
core_rows(ADDRESS_FAMILY family)
{
	IP_ADDRESS_PREFIX at = { .Prefix.si_family = family };
	struct iph_rows some = { 0 };
	size_t total = 0;
	bool inclusive = true;

	for (; iph_rows_next(world.iph, &at, inclusive, 7, &some) == NO_ERROR;
	     inclusive = false) {
		const struct iph_span *last = &some.spans[some.nspans - 1];

		for (size_t i = 0; i < last->first + last->n; i++)
			total += !some.rows[i].hidden;
		at = last->dest;
	}
	iph_rows_free(&some);
	return total;
}

size_t
world_core_rows(void)
{
	return core_rows(AF_INET) + core_rows(AF_INET6);
}

/* ---- another client ---------------------------------------------------------- */

RTM_ROUTE_HANDLE
world_foreign_add(const char *prefix, const char *nh, unsigned if_index, unsigned metric)
{
	return world_foreign_flagged(prefix, nh, if_index, metric, 0);
}

RTM_ROUTE_HANDLE
world_foreign_flagged(const char *prefix, const char *nh, unsigned if_index, unsigned metric,
                      USHORT route_flags)
{
	RTM_NEXTHOP_INFO hop = { .InterfaceIndex = if_index };
	RTM_ROUTE_INFO info = { .PrefInfo = { .Metric = metric, .Preference = 100 },
		                .BelongsToViews = RTM_VIEW_MASK_UCAST,
		                .Flags = route_flags };
	RTM_ROUTE_CHANGE_FLAGS flags = RTM_ROUTE_CHANGE_NEW;
	RTM_NEXTHOP_CHANGE_FLAGS hop_flags;
	RTM_NEXTHOP_HANDLE hop_handle = NULL;
	RTM_ROUTE_HANDLE route = NULL;
	RTM_ENTITY_HANDLE entity;
	RTM_NET_ADDRESS dest;
	struct prefix p;
	struct addr a = { .family = AF_UNSPEC };

	CU_ASSERT_FATAL(prefix_parse(prefix, &p));
	prefix_to_net(&p, &dest);
	entity = world.other[p.addr.family == AF_INET ? 0 : 1];
	if (nh == NULL)
		(void)addr_from_bytes(&a, p.addr.family, (const uint8_t[16]){ 0 });
	else if (!addr_parse(nh, &a))
		CU_FAIL_FATAL("no address");
	addr_to_net(&a, &hop.NextHopAddress);
	CU_ASSERT_EQUAL_FATAL(RtmAddNextHop(entity, &hop, &hop_handle, &hop_flags), NO_ERROR);
	info.NextHopsList.NumNextHops = 1;
	info.NextHopsList.NextHops[0] = hop_handle;
	info.Neighbour = hop_handle;
	CU_ASSERT_EQUAL_FATAL(
	    RtmAddRouteToDest(entity, &route, &dest, &info, INFINITE, NULL, 0, NULL, &flags),
	    NO_ERROR);
	(void)RtmReleaseNextHops(entity, 1, &hop_handle);
	return route;
}

void
world_foreign_delete(RTM_ROUTE_HANDLE route, const char *prefix)
{
	RTM_ROUTE_CHANGE_FLAGS flags;
	RTM_ENTITY_HANDLE entity = world.other[strchr(prefix, ':') == NULL ? 0 : 1];

	CU_ASSERT_EQUAL(RtmDeleteRouteToDest(entity, route, &flags), NO_ERROR);
	(void)RtmReleaseRoutes(entity, 1, &route);
}
