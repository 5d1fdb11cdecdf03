/*
 * Random SET PDUs of 1 to 40 varbinds over all tables, against the model of
 * route_model.c: first about 500 rows of all kinds through tables drawn by lot, then 2,000
 * PDUs. Each answer is what the model says; after each PDU every column of every row of
 * the four tables, the three counts and the core agree with it. Between the PDUs routes of
 * another client come and go; now and then the forwarder refuses, or all of it is undone
 * after it was done.
 *
 * MIB_RANDOM_SEED replays one run, MIB_RANDOM_PDUS makes it longer or shorter;
 * MIB_RANDOM_RUNS is the most runs of each kind, which are three and six.
 */
#include "mib_world.h"
#include "route_model.h"
#include "setting.h"

#include "agent/mib_index.h"
#include "base/addr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct m_state now;
static struct m_verdict verdict;
static struct m_row room[2 * M_MAX_ROWS];
static uint32_t seed;

/* ---- asking ----------------------------------------------------------------------- */

static void
varbind_text(const struct m_varbind *vb, char *out, size_t size)
{
	char index[512];
	uint32_t v = (uint32_t)vb->value;

	m_index_text(&vb->name, index, sizeof index);
	if (vb->type == 'a')
		snprintf(out, size, "%c/%s:%u=a%u.%u.%u.%u", vb->name.table, index, vb->column,
		         v >> 24, v >> 16 & 255, v >> 8 & 255, v & 255);
	else if (vb->type == 'o' && vb->value == 0)
		snprintf(out, size, "%c/%s:%u=o0.0", vb->name.table, index, vb->column);
	else if (vb->type == 'o')
		snprintf(out, size, "%c/%s:%u=o1.3.%lld", vb->name.table, index, vb->column,
		         (long long)vb->value);
	else
		snprintf(out, size, "%c/%s:%u=%c%lld", vb->name.table, index, vb->column,
		         vb->type, (long long)vb->value);
}

/* `undo': commit, and then take it back, as when another agent in the PDU fails. */
static struct mib_result
set(const struct m_pdu *pdu, bool undo)
{
	static char text[M_MAX_VBS * 256];
	size_t at = 0;

	for (size_t i = 0; i < pdu->n; i++) {
		if (i > 0)
			text[at++] = ' ';
		varbind_text(&pdu->vb[i], text + at, sizeof text - at);
		at += strlen(text + at);
	}
	text[at] = '\0';
	return undo ? world_set_undone(text) : world_set(text);
}

static void
print(const struct m_pdu *pdu)
{
	char text[512];

	for (size_t i = 0; i < pdu->n; i++) {
		varbind_text(&pdu->vb[i], text, sizeof text);
		fprintf(stderr, "    %zu %s\n", i + 1, text);
	}
}

/* ---- agreement ------------------------------------------------------------------------ */

static const struct mib_object *
object_of(char letter)
{
	static const char *const names[] = { ['i'] = "inetCidrRouteTable",
		                             ['c'] = "ipCidrRouteTable",
		                             ['f'] = "ipForwardTable",
		                             ['r'] = "ipRouteTable" };

	for (size_t i = 0; i < mib_objects_count; i++)
		if (strcmp(mib_objects[i]->name, names[(unsigned char)letter]) == 0)
			return mib_objects[i];
	return NULL;
}

/* The number that a value comes down to in the model. */
static int64_t
number_in(const struct mib_value *value)
{
	switch (value->type) {
	case MIB_INTEGER:
		return value->u.integer;
	case MIB_IPADDRESS:
		return mib_get32(value->u.octets);
	case MIB_OBJID:
		return value->len == 2 ? (int64_t)value->u.objid[0] + value->u.objid[1]
		                       : (int64_t)value->u.objid[2];
	default:
		return value->u.gauge;
	}
}

static bool
type_agrees(char table, unsigned column, enum mib_type type)
{
	switch (m_column_type(table, column)) {
	case 'i':
		return type == MIB_INTEGER;
	case 'u':
		return type == MIB_GAUGE;
	case 'a':
		return type == MIB_IPADDRESS;
	default:
		return type == MIB_OBJID;
	}
}

/* One of the rows that could stand there does; `why' is left at the last that does not. */
static bool
row_agrees(const struct mib_object *object, const struct m_table *table,
           const struct m_row *rows, unsigned *why, int64_t *got)
{
	mib_subid name[M_MAX_SUBS + 2] = { 1 };
	struct mib_value value;

	memcpy(name + 2, rows->sub, rows->nsub * sizeof name[0]);
	for (size_t k = 0; k < rows->alike; k++) {
		unsigned column = table->first;

		for (; column <= table->last; column++) {
			int64_t want = rows[k].cell[column];
			enum mib_found found;

			name[1] = column;
			found = object->get(world.mib, name, rows->nsub + 2, &value);
			*got = found == MIB_FOUND ? number_in(&value) : M_UNSET;
			if (found == MIB_FOUND &&
			    !type_agrees(table->letter, column, value.type))
				break;
			if (column == table->age ? found != MIB_FOUND : *got != want)
				break;
		}
		if (column > table->last)
			return true;
		*why = column;
	}
	return false;
}

static bool
table_agrees(struct m_table *table)
{
	const struct mib_object *object = object_of(table->letter);
	/* a column that every row has */
	unsigned column = table->letter == 'i' ? 17 : table->letter == 'c' ? 16 : 1, why = 0;
	mib_subid name[MIB_OID_MAX] = { 1, column }, next[MIB_OID_MAX];
	size_t len = 2, next_len;
	struct mib_value value;
	int64_t got = 0;

	m_show(&now, table);
	for (size_t i = 0; i < table->n; i += table->row[i].alike) {
		const struct m_row *row = &table->row[i];
		char text[512];

		if (object->next(world.mib, name, len, next, &next_len, &value) != MIB_FOUND ||
		    next[1] != column ||
		    mib_oid_compare(next + 2, next_len - 2, row->sub, row->nsub) != 0) {
			world_index_name('-', row->sub, row->nsub, text, sizeof text);
			fprintf(stderr, "  table %c: the walk misses %s", table->letter, text);
			world_index_name('-', next + 2, next_len - 2, text, sizeof text);
			fprintf(stderr, " and has %s\n", text);
			return false;
		}
		if (!row_agrees(object, table, row, &why, &got)) {
			world_index_name('-', row->sub, row->nsub, text, sizeof text);
			fprintf(stderr, "  table %c, row %s, column %u: want %lld, got %lld\n",
			        table->letter, text, why, (long long)row->cell[why],
			        (long long)got);
			return false;
		}
		memcpy(name, next, next_len * sizeof next[0]);
		len = next_len;
	}
	if (object->next(world.mib, name, len, next, &next_len, &value) == MIB_FOUND &&
	    next[1] == column) {
		fprintf(stderr, "  table %c has a row too many\n", table->letter);
		return false;
	}
	return true;
}

static bool
number_agrees(const char *scalar, size_t want)
{
	unsigned got = world_scalar(scalar);

	if (got != want)
		fprintf(stderr, "  %s is %u, the model has %zu\n", scalar, got, want);
	return got == want;
}

static size_t shown_rows;

static bool
all_agree(void)
{
	static const struct {
		char letter;
		const char *number;
	} tables[] = { { 'i', "inetCidrRouteNumber" },
		       { 'c', "ipCidrRouteNumber" },
		       { 'f', "ipForwardNumber" },
		       { 'r', NULL } };

	mib_sync(world.mib);
	for (size_t i = 0; i < 4; i++) {
		struct m_table table = { .letter = tables[i].letter, .row = room };

		if (!table_agrees(&table) ||
		    (tables[i].number != NULL && !number_agrees(tables[i].number, table.shown)))
			return false;
		if (i == 0)
			shown_rows = table.shown;
	}
	if (world_core_rows() == now.nroutes)
		return true;
	fprintf(stderr, "  the core has %zu routes, the model %zu\n", world_core_rows(),
	        now.nroutes);
	return false;
}

/* ---- routes of another client ------------------------------------------------ */

static RTM_ROUTE_HANDLE handles[64];

static void
dest_text(const struct m_dest *dest, char *out, size_t size)
{
	struct prefix prefix = { .len = dest->len };

	addr_from_bytes(&prefix.addr, dest->v6 ? AF_INET6 : AF_INET, dest->a);
	prefix_format(&prefix, out, size);
}

static void
foreign_comes(void)
{
	struct m_dest dest = m_some_dest();
	struct m_hop hop = m_some_hop(dest.v6);
	unsigned ifx = hop.zone != 0 ? hop.zone : 2 + m_draw(2), metric = m_draw(300), tag = 1;
	char prefix[64], gateway[64];
	struct addr addr;

	while (tag < 64 && handles[tag] != NULL)
		tag++;
	if (tag == 64 || !m_foreign_add(&now, &dest, &hop, ifx, metric, tag))
		return;
	dest_text(&dest, prefix, sizeof prefix);
	addr_from_bytes(&addr, hop.v6 ? AF_INET6 : AF_INET, hop.a);
	addr_format(&addr, gateway, sizeof gateway);
	handles[tag] = world_foreign_add(prefix, hop.none ? NULL : gateway, ifx, metric);
	mib_sync(world.mib); /* names are settled by when a row was first seen */
}

static void
foreign_goes(void)
{
	char prefix[64];

	for (size_t i = 0; i < now.nroutes; i++) {
		unsigned tag = now.route[i].tag;

		if (now.route[i].own || !m_chance(30))
			continue;
		dest_text(&now.route[i].dest, prefix, sizeof prefix);
		world_foreign_delete(handles[tag], prefix);
		handles[tag] = NULL;
		now.route[i] = now.route[--now.nroutes];
		mib_sync(world.mib);
		return;
	}
}

/* ---- a run ------------------------------------------------------------------- */

static unsigned long sent, accepted, uncommitted, undone, refused[19];
static size_t most_rows, most_varbinds, staged_most;

static bool
answer_agrees(const struct m_pdu *pdu, struct mib_result got, bool refusing)
{
	if (verdict.error != 0)
		return (int)got.error == verdict.error && got.varbind == verdict.at + 1;
	if (verdict.good)
		return (int)got.error == (refusing ? M_COMMITFAILED : 0) &&
		       (!refusing || (got.varbind >= 1 && got.varbind <= pdu->n));
	return got.error < 32 && got.varbind >= 1 && got.varbind <= pdu->n &&
	       (verdict.allowed[got.varbind - 1] & 1u << got.error) != 0;
}

static void
count(const struct m_pdu *pdu, struct mib_result got, bool undo)
{
	sent++;
	accepted += got.error == MIB_NOERROR;
	uncommitted += got.error == MIB_COMMITFAILED;
	undone += undo && got.error == MIB_NOERROR;
	if (got.error < 19)
		refused[got.error]++;
	most_varbinds = pdu->n > most_varbinds ? pdu->n : most_varbinds;
	most_rows = shown_rows > most_rows ? shown_rows : most_rows;
	staged_most = now.nstaged > staged_most ? now.nstaged : staged_most;
}

static bool
one_pdu(bool grow)
{
	static struct m_pdu pdu;
	struct mib_result got;
	bool refuse = m_chance(5), undo = !refuse && m_chance(8), refusing;
	unsigned at = 1 + m_draw(4);

	if (m_chance(15))
		foreign_comes();
	if (m_chance(10))
		foreign_goes();
	do {
		m_make_pdu(&now, grow, &pdu);
		m_predict(&now, &pdu, &verdict);
	} while (verdict.skip);
	refusing = refuse && verdict.good && verdict.commits >= at;
	world.commits = 0;
	world.refuse_from = world.refuse_until = refuse ? at : 0;
	got = set(&pdu, undo);
	world.refuse_from = 0;
	if (verdict.good && !refusing && !undo)
		now = verdict.after;
	if (answer_agrees(&pdu, got, refusing) && all_agree()) {
		count(&pdu, got, undo);
		return true;
	}
	fprintf(stderr,
	        "  answered %d/%zu, the model says %s %d/%zu, commits %zu refused %d%s:\n",
	        got.error, got.varbind, verdict.good ? "good" : "bad", verdict.error,
	        verdict.at + 1, verdict.commits, refuse ? (int)at : 0, undo ? ", undone" : "");
	print(&pdu);
	for (size_t i = 0; !verdict.good && i < pdu.n; i++)
		if (verdict.allowed[i] != 0)
			fprintf(stderr, "    %zu may be refused: %#x\n", i + 1,
			        verdict.allowed[i]);
	return false;
}

static void
forget_foreign(void)
{
	char prefix[64];

	for (size_t i = 0; i < now.nroutes; i++)
		if (!now.route[i].own) {
			dest_text(&now.route[i].dest, prefix, sizeof prefix);
			world_foreign_delete(handles[now.route[i].tag], prefix);
			handles[now.route[i].tag] = NULL;
		}
}

/* `rows' are aimed at; with few places for them the same names come up again and again. */
static void
one_run(unsigned long pdus, size_t rows, uint32_t places)
{
	bool good = true;

	m_seed(seed);
	m_places(places);
	world_open();
	now.nroutes = now.nstaged = 0;
	sent = accepted = uncommitted = undone = most_rows = most_varbinds = staged_most =
	    shown_rows = 0;
	while (good && shown_rows < rows)
		good = one_pdu(true);
	for (unsigned long i = 0; good && i < pdus; i++)
		good = one_pdu(shown_rows < rows);
	fprintf(stderr,
	        " seed %u: %lu of %lu accepted, %lu refused by the forwarder, %lu undone, up "
	        "to %zu rows, %zu staged, %zu varbinds\n",
	        seed, accepted, sent, uncommitted, undone, most_rows, staged_most,
	        most_varbinds);
	CU_ASSERT(good);
	if (!good)
		fprintf(stderr, "  PDU %lu; replay with MIB_RANDOM_SEED=%u\n", sent, seed);
	else if (pdus >= 1000)
		CU_ASSERT(accepted > sent / 4 && accepted < sent * 7 / 8 && uncommitted > 0 &&
		          undone > 0 && most_rows >= rows && most_varbinds == 40 &&
		          staged_most > 5);
	forget_foreign();
	world_close();
}

static void
runs(unsigned seeds, size_t rows, uint32_t places)
{
	unsigned long pdus = setting("MIB_RANDOM_PDUS", 2000), most;

	rows = pdus < 1000 ? rows / 5 : rows;
	if (getenv("MIB_RANDOM_SEED") != NULL) {
		seed = (uint32_t)setting("MIB_RANDOM_SEED", 1);
		one_run(pdus, rows, places);
		return;
	}
	most = setting("MIB_RANDOM_RUNS", seeds);
	CU_ASSERT(most > 0);
	for (seed = 1; seed <= seeds && seed <= most; seed++)
		one_run(pdus, rows, places);
}

static void
random_sets_over_all_tables_do_what_the_model_says(void)
{
	runs(3, 500, 60);
}

static void
so_they_do_where_there_is_little_room(void)
{
	runs(6, 60, 4);
}

/* Each error that the model knows came up at least once: the runs above were no idle ones. */
static void
every_refusal_came_up(void)
{
	static const int errors[] = { M_WRONGTYPE,         M_WRONGVALUE,   M_NOCREATION,
		                      M_INCONSISTENTVALUE, M_COMMITFAILED, M_NOTWRITABLE,
		                      M_INCONSISTENTNAME };

	if (getenv("MIB_RANDOM_SEED") != NULL)
		return;
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		fprintf(stderr, " error %d: %lu times\n", errors[i], refused[errors[i]]);
		CU_ASSERT(refused[errors[i]] > 0);
	}
}

int
main(void)
{
	static const struct test tests[] = {
		TEST(random_sets_over_all_tables_do_what_the_model_says),
		TEST(so_they_do_where_there_is_little_room),
		TEST(every_refusal_came_up),
	};

	return run_tests("mib_model", tests, sizeof tests / sizeof tests[0]);
}
