/*
 * The store step of SETs and of other changes, against a store in memory that fails on
 * demand. The one property: a fresh world with what is stored restored into it looks, in
 * every table and column, like the world that stored it, rows that are notReady apart;
 * whatever was created, changed, suspended, destroyed, refused, undone, reaped or made past
 * SNMP before. And a refused or undone PDU leaves the store as it was.
 *
 * MIB_RANDOM_SEED replays a run.
 */
#include "mib_world.h"
#include "setting.h"

#include "agent/mib_index.h"

#include "base/addr.h"
#include "base/alloc.h"
#include "base/log.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a store in memory ---------------------------------------------------------------- */

#define ROOM 256

struct content {
	struct store_row row[ROOM];
	size_t n;
};

static struct content now, before, draft;
static bool open_tx, can_undo;
static uint64_t begun;
static unsigned calls, fail_at; /* fail this call, counted from 1; 0: none */

static DWORD
call(void)
{
	return fail_at != 0 && ++calls == fail_at ? ERROR_DISK_FULL : NO_ERROR;
}

static bool
same_key(const struct store_row *a, const struct store_row *b)
{
	return a->instance == b->instance &&
	       memcmp(&a->row.DestinationPrefix, &b->row.DestinationPrefix,
	              sizeof a->row.DestinationPrefix) == 0 &&
	       memcmp(&a->row.NextHop, &b->row.NextHop, sizeof a->row.NextHop) == 0 &&
	       a->row.InterfaceIndex == b->row.InterfaceIndex &&
	       a->policy.len == b->policy.len &&
	       memcmp(a->policy.sub, b->policy.sub, a->policy.len * sizeof a->policy.sub[0]) ==
	           0 &&
	       a->prefix_zone == b->prefix_zone && a->next_hop_zone == b->next_hop_zone;
}

static bool
mib_zoned(const struct store_row *row)
{
	const uint8_t *hop = (const uint8_t *)&row->row.NextHop.Ipv6.sin6_addr;

	return mib_prefix_zoned(&row->row.DestinationPrefix) ||
	       (row->row.NextHop.si_family == AF_INET6 && hop[0] == 0xFE);
}

static size_t
find(const struct content *c, const struct store_row *key)
{
	size_t i = 0;

	while (i < c->n && !same_key(&c->row[i], key))
		i++;
	return i;
}

static DWORD
fake_begin(void *arg)
{
	DWORD err = call();

	(void)arg;
	CU_ASSERT_FALSE_FATAL(open_tx);
	begun++;
	can_undo = false;
	draft = now;
	open_tx = err == NO_ERROR;
	return err;
}

static DWORD
fake_write(void *arg, enum store_op op, const struct store_row *row)
{
	size_t at = find(&draft, row);
	DWORD err = call();

	(void)arg;
	CU_ASSERT_FATAL(open_tx && draft.n < ROOM);
	if (err != NO_ERROR)
		return err;
	if (op == STORE_PUT) {
		draft.n += at == draft.n;
		draft.row[at] = *row;
	} else if (at < draft.n) {
		memmove(&draft.row[at], &draft.row[at + 1],
		        (--draft.n - at) * sizeof draft.row[0]);
	}
	return NO_ERROR;
}

static DWORD
fake_clear(void *arg)
{
	(void)arg;
	draft.n = 0;
	return NO_ERROR;
}

static DWORD
fake_commit(void *arg)
{
	DWORD err = call();

	(void)arg;
	CU_ASSERT_FATAL(open_tx);
	open_tx = false;
	if (err != NO_ERROR)
		return err;
	before = now;
	now = draft;
	can_undo = true;
	return NO_ERROR;
}

static void
fake_rollback(void *arg)
{
	(void)arg;
	open_tx = false;
}

static DWORD
fake_undo(void *arg)
{
	(void)arg;
	CU_ASSERT_FALSE_FATAL(open_tx);
	if (can_undo)
		now = before;
	can_undo = false;
	begun++;
	return NO_ERROR;
}

static uint64_t
fake_stamp(void *arg)
{
	(void)arg;
	return begun;
}

static DWORD
fake_each(void *arg, DWORD (*one)(void *to, const struct store_row *row), void *to)
{
	DWORD err = NO_ERROR;

	(void)arg;
	for (size_t i = 0; i < now.n && err == NO_ERROR; i++)
		err = one(to, &now.row[i]);
	return err;
}

static DWORD
fake_find(void *arg, const struct store_row *key, struct store_row *out)
{
	(void)arg, (void)key, (void)out;
	return ERROR_NOT_FOUND;
}

static const char *
fake_why(void *arg)
{
	(void)arg;
	return "told to";
}

static const struct store_port port = { .begin = fake_begin,
	                                .write = fake_write,
	                                .clear = fake_clear,
	                                .commit = fake_commit,
	                                .rollback = fake_rollback,
	                                .undo = fake_undo,
	                                .stamp = fake_stamp,
	                                .each = fake_each,
	                                .find_active = fake_find,
	                                .why = fake_why };

/* No two rows have one name, whatever interface they name. */
static bool
names_are_unique(const struct content *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < i; k++) {
			struct store_row x = c->row[i];

			x.row.InterfaceIndex = c->row[k].row.InterfaceIndex;
			if (x.prefix_zone == 0 && mib_zoned(&x))
				continue; /* the interface is a part of the name then */
			if (same_key(&x, &c->row[k]))
				return false;
		}
	return true;
}

static bool
same_content(const struct content *a, const struct content *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		struct store_row x = a->row[i], y;
		size_t at = find(b, &x);

		if (at == b->n)
			return false;
		y = b->row[at];
		x.created_s = y.created_s = 0;
		if (memcmp(&x, &y, offsetof(struct store_row, policy)) != 0 ||
		    x.info.len != y.info.len ||
		    memcmp(x.info.sub, y.info.sub, x.info.len * sizeof x.info.sub[0]) != 0)
			return false;
	}
	return true;
}

/* ---- the world --------------------------------------------------------------- */

static void
open_world(void)
{
	struct mib_restored n;

	world_config.store = &port;
	world_open();
	CU_ASSERT_EQUAL_FATAL(mib_restore(world.mib, &n), NO_ERROR);
	CU_ASSERT_EQUAL(n.unshown, 0);
	CU_ASSERT_EQUAL(n.parked, 0);
}

static void
close_world(void)
{
	world_close();
	world_config.store = NULL;
}

static void
empty_store(void)
{
	now.n = before.n = 0;
	fail_at = calls = 0;
	open_tx = can_undo = false;
}

/* Routes through one gateway on several interfaces are one row in the older tables. */
static bool
older_tables_tell_all(void)
{
	char list[8192], *save = NULL;
	unsigned inet = 0, cidr = 0;

	world_walk('i', 17, list, sizeof list);
	for (char *word = strtok_r(list, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save))
		inet += strchr("VGZ2", word[0]) == NULL && strcmp(strchr(word, '='), "=1") == 0;
	world_walk('c', 16, list, sizeof list);
	for (char *word = strtok_r(list, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save))
		cidr += strcmp(strchr(word, '='), "=1") == 0;
	return inet == cidr;
}

#define INET_COLUMNS 10

static char walks[2][40][8192];

/* Every column of the tables with staged rows, but the ages. */
static void
snapshot(char (*to)[8192])
{
	size_t k = 0;

	for (unsigned c = 7; c <= 17; c++)
		if (c != 10)
			world_walk('i', c, to[k++], sizeof to[0]);
	for (unsigned c = 5; c <= 16; c++)
		if (c != 8)
			world_walk('c', c, to[k++], sizeof to[0]);
	for (unsigned c = 5; c <= 15; c++)
		if (c != 8)
			world_walk('f', c, to[k++], sizeof to[0]);
}

/* What a restart takes away. */
static void
destroy_unready(char letter, unsigned column)
{
	char list[8192], pdu[600], *save = NULL;

	world_walk(letter, column, list, sizeof list);
	for (char *word = strtok_r(list, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save)) {
		char *equal = strchr(word, '=');

		if (strcmp(equal, "=3") != 0)
			continue;
		*equal = '\0';
		snprintf(pdu, sizeof pdu, "%c/%s:%u=i6", letter, word, column);
		CU_ASSERT_EQUAL(world_set(pdu).error, MIB_NOERROR);
	}
}

/* The one property. */
static bool
comes_back(void)
{
	bool same = true;
	size_t compared;

	fail_at = 0;
	destroy_unready('i', 17);
	destroy_unready('c', 16);
	snapshot(walks[0]);
	world_close();
	open_world();
	snapshot(walks[1]);
	compared = older_tables_tell_all() ? 40 : INET_COLUMNS;
	for (size_t k = 0; k < compared; k++)
		if (strcmp(walks[0][k], walks[1][k]) != 0) {
			fprintf(stderr, "  walk %zu\n    was [%s]\n    is  [%s]\n", k,
			        walks[0][k], walks[1][k]);
			same = false;
		}
	CU_ASSERT(same);
	world_check_tables();
	return same;
}

/* ---- chance ------------------------------------------------------------------ */

static uint32_t state;

static uint32_t
draw(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(state >> 4) * below >> 28);
}

static const struct name {
	const char *name;
	unsigned if_index, type;
} names[] = {
	{ "X", 2, 4 },  { "X3", 3, 4 }, { "X2", 2, 4 }, { "X9", 2, 4 }, { "Y", 2, 4 },
	{ "D", 2, 4 },  { "L", 2, 3 },  { "L2", 2, 3 }, { "L3", 3, 3 }, { "V", 2, 4 },
	{ "G2", 2, 4 }, { "Z2", 2, 3 }, { "Z3", 3, 3 }, { "A3", 3, 3 },
};
static const char *const older[] = { "X", "X9", "X4", "Y", "D", "L" };

static size_t
add(char *pdu, size_t at, const char *format, const char *name, unsigned value)
{
	return at + (size_t)snprintf(pdu + at, 2048 - at, format, name, value);
}

/* One row's varbinds in inetCidrRouteTable. */
static size_t
row_words(char *pdu, size_t at)
{
	const struct name *n = &names[draw(sizeof names / sizeof names[0])];
	unsigned kind = draw(8);

	if (kind <= 3) {
		at = add(pdu, at, "%s:7=i%u ", n->name, draw(4) == 0 ? 0 : n->if_index);
		if (draw(8) != 0)
			at = add(pdu, at, "%s:8=i%u ", n->name, draw(10) == 0 ? 5 : n->type);
		if (draw(2) == 0)
			at = add(pdu, at, "%s:12=i%u ", n->name, draw(900));
		if (draw(2) == 0)
			at = add(pdu, at, "%s:14=i%u ", n->name, draw(900));
		if (draw(3) == 0)
			at = add(pdu, at, "%s:11=u%u ", n->name, draw(90000));
		return add(pdu, at, "%s:17=i%u ", n->name, kind == 3 ? 5 : 4);
	}
	if (kind == 4)
		return add(pdu, at, "%s:17=i%u ", n->name, 6);
	if (kind == 5)
		at = add(pdu, at, "%s:12=i%u ", n->name, draw(900));
	return add(pdu, at, "%s:17=i%u ", n->name, kind == 7 ? 1 : 2);
}

/* The same in an older table. */
static size_t
older_words(char *pdu, size_t at)
{
	const char *name = older[draw(sizeof older / sizeof older[0])];
	bool local = strcmp(name, "L") == 0;

	switch (draw(7)) {
	case 0:
		at = add(pdu, at, "c/%s:6=i%u ", name, local ? 3 : 4);
		at = add(pdu, at, "c/%s:5=i%u ", name, 2 + draw(2));
		at = add(pdu, at, "c/%s:9=o1.3.6.%u ", name, draw(50));
		return add(pdu, at, "c/%s:16=i%u ", name, 4 + draw(2));
	case 1:
		return add(pdu, at, "c/%s:16=i%u ", name, 6);
	case 2:
		return add(pdu, at, "c/%s:11=i%u ", name, 30 + draw(500));
	case 3:
		return add(pdu, at, "c/%s:5=i%u ", name, 2 + draw(2));
	case 4:
		return add(pdu, at, "c/%s:12=i%u ", name, draw(500));
	case 5:
		return add(pdu, at, "c/%s:16=i%u ", name, 1 + draw(2));
	default:
		return add(pdu, at, "f/%s:6=i%u ", strcmp(name, "X4") == 0 ? "X" : name, 2);
	}
}

static void
random_pdu(char *pdu)
{
	size_t at = 0;

	pdu[0] = '\0';
	for (unsigned n = 1 + draw(3); n > 0; n--)
		at = draw(4) == 0 ? older_words(pdu, at) : row_words(pdu, at);
}

/* A change past SNMP, as the control socket makes it. */
static DWORD
other_change(void)
{
	static const char *const hops[] = { "192.0.2.1", "192.0.2.9", "198.51.100.1",
		                            "0.0.0.0" };
	struct iph_route route = { .kind = IPH_UNICAST };
	struct iph_fault fault;
	struct prefix prefix;
	struct addr hop;

	InitializeIpForwardEntry(&route.row);
	(void)prefix_parse(draw(2) == 0 ? "10.1.0.0/16" : "203.0.113.0/24", &prefix);
	(void)addr_parse(hops[draw(4)], &hop);
	prefix_to_ip_prefix(&prefix, &route.row.DestinationPrefix);
	addr_to_sockaddr(&hop, &route.row.NextHop);
	route.row.InterfaceIndex = 2 + draw(2);
	route.row.Metric = draw(500);
	return iph_route_change(world.iph, (enum iph_verb)draw(3), &route, &fault);
}

static void
one_step(void)
{
	static struct content was;
	char pdu[2048];
	bool undo = draw(6) == 0;
	struct mib_result result;

	calls = 0;
	fail_at = draw(4) == 0 ? 1 + draw(6) : 0;
	if (draw(6) == 0) {
		char l[8192];
		world_walk('i', 17, l, sizeof l);
		bool u = names_are_unique(&now);
		DWORD e = other_change();
		if (u && !names_are_unique(&now)) {
			fprintf(stderr, "other %u fail_at %u calls %u before [%s]\n", e,
			        fail_at, calls, l);
			for (size_t i = 0; i < now.n; i++)
				fprintf(
				    stderr,
				    "   %08x/%u hop %08x if %u pol %u %u status %u kind %u\n",
				    ntohl(
					now.row[i]
					    .row.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr),
				    now.row[i].row.DestinationPrefix.PrefixLength,
				    ntohl(now.row[i].row.NextHop.Ipv4.sin_addr.s_addr),
				    now.row[i].row.InterfaceIndex, now.row[i].policy.len,
				    now.row[i].policy.sub[2], now.row[i].status,
				    now.row[i].kind);
		}
		return;
	}
	was = now;
	random_pdu(pdu);
	result = undo ? world_set_undone(pdu) : world_set(pdu);
	if ((undo || result.error != MIB_NOERROR) && !same_content(&was, &now)) {
		fprintf(stderr, "  the store changed: %s [%s] answer %d/%zu\n",
		        undo ? "undone" : "refused", pdu, result.error, result.varbind);
		CU_FAIL("a refused or undone PDU changed the store");
	}
	if (!names_are_unique(&now)) {
		fprintf(stderr, "  two stored rows have one name after %s [%s] answer %d/%zu\n",
		        undo ? "undone" : "done", pdu, result.error, result.varbind);
		CU_FAIL("two stored rows have one name");
	}
	if (fail_at != 0 && calls >= fail_at && !undo)
		CU_ASSERT_EQUAL(result.error, MIB_RESOURCEUNAVAILABLE);
}

static void
what_is_stored_is_what_is_shown(void)
{
	uint32_t seed = (uint32_t)setting("MIB_RANDOM_SEED", 1);
	bool good = true;

	fprintf(stderr, "  seed %u\n", seed);
	state = seed;
	empty_store();
	open_world();
	for (unsigned round = 0; round < 250 && good; round++) {
		for (unsigned n = 1 + draw(12); n > 0; n--)
			one_step();
		good = comes_back();
	}
	close_world();
}

/* ---- single stories ---------------------------------------------------------- */

#define MK(x) x ":7=i2 " x ":8=i4 " x ":17=i4"

static void
each_call_of_the_store_fails_once(void)
{
	static const char pdu[] = "X:17=i6 " MK("Y") " X9:7=i2 X9:8=i4 X9:17=i5 D:17=i2";
	static struct content was;
	unsigned n = 0;
	struct mib_result result;

	for (bool failed = true; failed;) {
		empty_store();
		open_world();
		CU_ASSERT_EQUAL(world_set(MK("X") " " MK("D")).error, MIB_NOERROR);
		was = now;
		calls = 0;
		fail_at = ++n;
		result = world_set(pdu);
		failed = calls >= fail_at;
		CU_ASSERT_EQUAL(result.error, failed ? MIB_RESOURCEUNAVAILABLE : MIB_NOERROR);
		CU_ASSERT_EQUAL(same_content(&was, &now), failed);
		CU_ASSERT(!failed || result.varbind >= 1);
		comes_back();
		close_world();
	}
	CU_ASSERT(n > 6); /* begin, writes, commit */
}

/* Between ACTION and UNDO somebody else changes a row, and that stays. */
static void
an_undo_leaves_what_others_stored_meanwhile(void)
{
	static const char pdu[] = "X:17=i6 Y:7=i2 Y:8=i4 Y:17=i4";
	struct iph_route route = { .kind = IPH_UNICAST };
	struct iph_fault fault;
	struct prefix prefix;
	struct addr hop;
	struct mib_tx *tx;
	struct mib_varbind vb[4];
	mib_subid name[4][MIB_OID_MAX + 2];
	static const struct {
		const char *index;
		unsigned column;
		int64_t value;
	} words[] = { { "X", 17, 6 }, { "Y", 7, 2 }, { "Y", 8, 4 }, { "Y", 17, 4 } };

	(void)pdu;
	empty_store();
	open_world();
	CU_ASSERT_EQUAL(world_set(MK("X")).error, MIB_NOERROR);
	tx = mib_tx_new(world.mib);
	for (size_t i = 0; i < 4; i++) {
		name[i][0] = 1;
		name[i][1] = words[i].column;
		vb[i] = (struct mib_varbind){
			.name = name[i],
			.name_len = 2 + world_index('i', words[i].index, name[i] + 2),
			.value = { .type = MIB_INTEGER, .u.integer = words[i].value },
			.number = i + 1
		};
		for (size_t k = 0; k < mib_objects_count; k++)
			if (strcmp(mib_objects[k]->name, "inetCidrRouteTable") == 0)
				vb[i].object = mib_objects[k];
		CU_ASSERT_EQUAL(mib_tx_add(tx, &vb[i]), MIB_NOERROR);
	}
	CU_ASSERT_EQUAL(mib_tx_check(tx).error, MIB_NOERROR);
	CU_ASSERT_EQUAL(mib_tx_apply(tx).error, MIB_NOERROR);
	InitializeIpForwardEntry(&route.row);
	(void)prefix_parse("203.0.113.0/24", &prefix);
	(void)addr_parse("192.0.2.7", &hop);
	prefix_to_ip_prefix(&prefix, &route.row.DestinationPrefix);
	addr_to_sockaddr(&hop, &route.row.NextHop);
	route.row.InterfaceIndex = 2;
	CU_ASSERT_EQUAL(iph_route_change(world.iph, IPH_CREATE, &route, &fault), NO_ERROR);
	CU_ASSERT_EQUAL(now.n, 2);
	CU_ASSERT_EQUAL(mib_tx_undo(tx).error, MIB_NOERROR);
	mib_tx_free(tx);
	CU_ASSERT_EQUAL(now.n, 2); /* X and the other's */
	comes_back();
	close_world();
}

static void
a_change_past_snmp_that_the_store_refuses_is_taken_back(void)
{
	empty_store();
	open_world();
	CU_ASSERT_EQUAL(world_set(MK("X")).error, MIB_NOERROR);
	for (unsigned verb = 0; verb < 3; verb++) {
		struct iph_route route = { .kind = IPH_UNICAST };
		struct iph_fault fault;
		struct prefix prefix;
		struct addr hop;

		InitializeIpForwardEntry(&route.row);
		(void)prefix_parse(verb == IPH_CREATE ? "10.9.0.0/16" : "10.1.0.0/16", &prefix);
		(void)addr_parse("192.0.2.1", &hop);
		prefix_to_ip_prefix(&prefix, &route.row.DestinationPrefix);
		addr_to_sockaddr(&hop, &route.row.NextHop);
		route.row.InterfaceIndex = 2;
		route.row.Metric = 77;
		for (unsigned n = 1; n <= 3; n++) {
			calls = 0;
			fail_at = n;
			CU_ASSERT_EQUAL(
			    iph_route_change(world.iph, (enum iph_verb)verb, &route, &fault),
			    ERROR_DISK_FULL);
			CU_ASSERT_EQUAL(fault.reason, IPH_REASON_STORE);
		}
	}
	fail_at = 0;
	CU_ASSERT_EQUAL(world_core_rows(), 1);
	CU_ASSERT_EQUAL(now.n, 1);
	comes_back();
	close_world();
}

static void
the_reaper_takes_rows_from_the_store_when_it_can(void)
{
	empty_store();
	open_world();
	CU_ASSERT_EQUAL(world_set("X:7=i2 X:8=i4 X:17=i5").error, MIB_NOERROR);
	CU_ASSERT_EQUAL(now.n, 1);
	world.now_ms += 301000;
	calls = 0;
	fail_at = 1;
	CU_ASSERT(mib_reap(world.mib) < UINT64_MAX); /* to be tried again */
	CU_ASSERT_EQUAL(now.n, 1);
	fail_at = 0;
	CU_ASSERT_EQUAL(mib_reap(world.mib), UINT64_MAX);
	CU_ASSERT_EQUAL(now.n, 0);
	close_world();
}

int
main(void)
{
	static const struct test tests[] = {
		TEST(what_is_stored_is_what_is_shown),
		TEST(each_call_of_the_store_fails_once),
		TEST(an_undo_leaves_what_others_stored_meanwhile),
		TEST(a_change_past_snmp_that_the_store_refuses_is_taken_back),
		TEST(the_reaper_takes_rows_from_the_store_when_it_can),
	};

	log_set_level(LOG_LEVEL_ERR); /* each refusal is a warning, and there are thousands */
	return run_tests("mib_store", tests, sizeof tests / sizeof tests[0]);
}
