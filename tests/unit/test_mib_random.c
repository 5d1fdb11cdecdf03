/*
 * Thousands of random SET PDUs against a small model of the rules: RowStatus, required
 * columns, interfaces and types, core keys, names of routes of others, all or nothing.
 * After each PDU the walk, the scalar, the core and the model agree.
 *
 * MIB_RANDOM_SEED replays one run, MIB_RANDOM_PDUS makes it longer.
 */
#include "mib_world.h"
#include "setting.h"

#include "agent/mib_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- chance ------------------------------------------------------------------ */

static uint32_t seed, state;

static uint32_t
draw(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(state >> 4) * below >> 28);
}

static bool
chance(uint32_t percent)
{
	return draw(100) < percent;
}

/* ---- names --------------------------------------------------------------------- */

struct dest {
	const char *text;  /* for the other client */
	const char *index; /* type and octets, up to the zone */
	const char *len;
	bool v6, zoned;
};

static const struct dest dests[] = {
	{ "0.0.0.0/0", "1.4.0.0.0.0", "0", false, false },
	{ "10.0.0.0/8", "1.4.10.0.0.0", "8", false, false },
	{ "10.0.0.0/9", "1.4.10.0.0.0", "9", false, false },
	{ "10.0.0.0/24", "1.4.10.0.0.0", "24", false, false },
	{ "10.1.0.0/16", "1.4.10.1.0.0", "16", false, false },
	{ "10.128.0.0/9", "1.4.10.128.0.0", "9", false, false },
	{ "169.0.0.0/8", "1.4.169.0.0.0", "8", false, false },
	{ "169.255.0.0/16", "1.4.169.255.0.0", "16", false, false },
	{ "203.0.113.7/32", "1.4.203.0.113.7", "32", false, false },
	{ "223.255.255.255/32", "1.4.223.255.255.255", "32", false, false },
	{ "::/0", "2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", "0", true, false },
	{ "2001:db8::/32", "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.0", "32", true, false },
	{ "2001:db8::/64", "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.0", "64", true, false },
	{ "fe00::/8", "2.16.254.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", "8", true, false },
	{ "fec0::/10", "2.16.254.192.0.0.0.0.0.0.0.0.0.0.0.0.0.0", "10", true, false },
	{ "169.254.0.0/16", "3.8.169.254.0.0.0.0.0", "16", false, true },
	{ "169.254.7.0/24", "3.8.169.254.7.0.0.0.0", "24", false, true },
	{ "fe80::/10", "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", "10", true, true },
	{ "fe80::/64", "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", "64", true, true },
};

struct hop {
	const char *text, *index;
	bool v6;
	unsigned zone;   /* of a link-local one */
	unsigned subnet; /* the interface it is found on; 0: none */
};

static const struct hop hops[] = {
	{ NULL, "0.0", false, 0, 0 },
	{ "192.0.2.1", "1.4.192.0.2.1", false, 0, 2 },
	{ "198.51.100.1", "1.4.198.51.100.1", false, 0, 3 },
	{ "10.99.0.1", "1.4.10.99.0.1", false, 0, 0 },
	{ NULL, "0.0", true, 0, 0 },
	{ "2001:db8::1", "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1", true, 0, 2 },
	{ "fe80::1", "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.2", true, 2, 2 },
	{ "fe80::1", "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.3", true, 3, 3 },
};

enum row_state { ABSENT, NOT_READY, NOT_IN_SERVICE, OWN, FOREIGN };
#define UNSET INT64_MIN

/* The columns the model knows, and where they are. */
enum { C_IF, C_TYPE, C_AS, C_METRIC1, C_METRIC2, C_COUNT };
static const unsigned column_of[C_COUNT] = { 7, 8, 11, 12, 13 };

struct row {
	const struct dest *dest;
	const struct hop *hop;
	unsigned zone, policy;
	char index[256];
	mib_subid sub[MIB_OID_MAX];
	size_t nsub;
	enum row_state is;
	int64_t value[C_COUNT];
	unsigned core_if; /* of an active row */
	RTM_ROUTE_HANDLE handle;
};

static struct row rows[1024];
static size_t nrows;

static int
row_order(const void *a, const void *b)
{
	const struct row *ra = a, *rb = b;

	return mib_oid_compare(ra->sub, ra->nsub, rb->sub, rb->nsub);
}

static void
add_name(const struct dest *dest, const struct hop *hop, unsigned zone, unsigned policy)
{
	struct row *row = &rows[nrows];
	unsigned derived[] = { zone, policy, hop->zone }, one = 0;
	char zone_text[16] = "", policy_text[24] = "2.0.0";

	for (size_t i = 0; i < 3; i++) {
		if (derived[i] != 0 && one != 0 && derived[i] != one)
			return; /* says two interfaces: no name */
		one = derived[i] != 0 ? derived[i] : one;
	}
	if (dest->zoned)
		snprintf(zone_text, sizeof zone_text, ".%u", zone);
	if (policy != 0)
		snprintf(policy_text, sizeof policy_text, "3.0.0.%u", policy);
	*row = (struct row){ .dest = dest, .hop = hop, .zone = zone, .policy = policy };
	snprintf(row->index, sizeof row->index, "%s%s.%s.%s.%s", dest->index, zone_text,
	         dest->len, policy_text, hop->index);
	row->nsub = world_index('i', row->index, row->sub);
	nrows++;
}

static void
make_names(void)
{
	nrows = 0;
	for (size_t d = 0; d < sizeof dests / sizeof dests[0]; d++)
		for (size_t h = 0; h < sizeof hops / sizeof hops[0]; h++)
			for (unsigned policy = 0; policy <= 3; policy += policy == 0 ? 2 : 1) {
				if (hops[h].v6 != dests[d].v6)
					continue;
				if (!dests[d].zoned)
					add_name(&dests[d], &hops[h], 0, policy);
				for (unsigned zone = 2; dests[d].zoned && zone <= 3; zone++)
					add_name(&dests[d], &hops[h], zone, policy);
			}
	qsort(rows, nrows, sizeof rows[0], row_order);
}

static unsigned
derived_if(const struct row *row)
{
	return row->zone != 0 ? row->zone : row->policy != 0 ? row->policy : row->hop->zone;
}

/* ---- the model ------------------------------------------------------------------- */

static bool
active(const struct row *row)
{
	return row->is == OWN || row->is == FOREIGN;
}

/* Is it the same route, whatever the name? */
static bool
same_core(const struct row *a, unsigned a_if, const struct row *b, unsigned b_if)
{
	return a->dest == b->dest && a->hop->text == b->hop->text && a_if == b_if;
}

static bool
complete(const struct row *row)
{
	return row->value[C_IF] != UNSET && row->value[C_TYPE] != UNSET;
}

/* The interface the route gets; false: it cannot be. */
static bool
resolve(const struct row *row, unsigned *out)
{
	int64_t column = row->value[C_IF], type = row->value[C_TYPE];
	bool gateway = row->hop->text != NULL;

	*out = derived_if(row);
	if (type == 2 || type == 5)
		return !gateway && column == 0 && *out == 0;
	if ((type == 4) != gateway)
		return false;
	if (column != 0 && *out != 0 && column != *out)
		return false;
	if (*out == 0)
		*out = column != 0 ? (unsigned)column : row->hop->subnet;
	return *out >= 1 && *out <= 3;
}

struct ask {
	bool used;
	bool conflict;
	int64_t status; /* 0: none */
	int64_t value[C_COUNT];
	bool given[C_COUNT];
};

static struct ask asks[1024];
static struct row after[1024];
static size_t touched[64], ntouched, commits; /* commits: destinations that change */

static bool
any_column(const struct ask *ask)
{
	for (size_t c = 0; c < C_COUNT; c++)
		if (ask->given[c])
			return true;
	return false;
}

/* What becomes of one row, without the keys of others; false: refused. */
static bool
transition(const struct row *row, const struct ask *ask, struct row *out)
{
	bool columns = any_column(ask);

	*out = *row;
	if (row->is == FOREIGN)
		return !columns && (ask->status == 1 || ask->status == 0);
	if (row->is == ABSENT) {
		static const int64_t initial[C_COUNT] = { UNSET, UNSET, 0, -1, -1 };

		memcpy(out->value, initial, sizeof initial);
		if (ask->status == 6)
			return true;
		if (ask->status != 4 && ask->status != 5)
			return false;
	} else if (ask->status == 4 || ask->status == 5) {
		return false;
	}
	if (ask->status == 6) {
		out->is = ABSENT;
		return true;
	}
	if (row->is == OWN && ask->status != 2)
		return !columns;
	for (size_t c = 0; c < C_COUNT; c++)
		if (ask->given[c])
			out->value[c] = ask->value[c];
	if (ask->status == 1 || ask->status == 4) {
		out->is = OWN;
		return complete(out) && resolve(out, &out->core_if);
	}
	if (ask->status == 2 && !complete(out))
		return false;
	out->is = complete(out) ? NOT_IN_SERVICE : NOT_READY;
	return true;
}

/* After the whole PDU no two active rows are one route. */
static bool
keys_distinct(void)
{
	for (size_t i = 0; i < ntouched; i++) {
		const struct row *a = &after[touched[i]];

		if (!active(a) || active(&rows[touched[i]]))
			continue;
		for (size_t k = 0; k < nrows; k++)
			if (k != touched[i] && active(&after[k]) &&
			    same_core(a, a->core_if, &after[k], after[k].core_if))
				return false;
	}
	return true;
}

/* The forwarder is asked once for each of these. */
static size_t
dests_changed(void)
{
	bool changed[sizeof dests / sizeof dests[0]] = { false };
	size_t n = 0;

	for (size_t i = 0; i < ntouched; i++) {
		const struct row *row = &after[touched[i]];

		if (active(row) == active(&rows[touched[i]]) || changed[row->dest - dests])
			continue;
		changed[row->dest - dests] = true;
		n++;
	}
	return n;
}

static bool
predict(void)
{
	bool good = true;

	memcpy(after, rows, nrows * sizeof rows[0]);
	commits = 0;
	for (size_t i = 0; i < ntouched; i++) {
		size_t r = touched[i];

		if (asks[r].conflict || !transition(&rows[r], &asks[r], &after[r]))
			good = false;
	}
	commits = dests_changed();
	if (!good || !keys_distinct())
		return false;
	for (size_t i = 0; i < ntouched; i++) {
		struct row *row = &after[touched[i]];

		if (!active(row) || active(&rows[touched[i]]))
			continue;
		row->value[C_IF] = row->core_if;
		if (row->value[C_METRIC1] == -1)
			row->value[C_METRIC1] = 256;
	}
	return true;
}

/* ---- random PDUs --------------------------------------------------------------------- */

struct vb {
	size_t row;
	unsigned column;
	char type;
	int64_t value;
};

static struct vb vbs[64];
static size_t nvbs;
static struct mib_result syntax; /* the first varbind that no row can mend */

static void
put(size_t row, unsigned column, char type, int64_t value)
{
	if (nvbs < 40)
		vbs[nvbs++] = (struct vb){ row, column, type, value };
}

static int64_t
good_type(const struct row *row)
{
	return row->hop->text != NULL ? 4 : derived_if(row) == 0 && chance(30) ? 2 : 3;
}

static int64_t
good_if(const struct row *row, int64_t type)
{
	if (type == 2 || type == 5)
		return 0;
	if (derived_if(row) != 0)
		return chance(50) ? derived_if(row) : 0;
	return row->hop->subnet != 0 && chance(40) ? 0 : 2 + draw(2);
}

static void
ask_sensibly(size_t r)
{
	const struct row *row = &rows[r];
	int64_t type = good_type(row);

	switch (row->is) {
	case ABSENT:
		put(r, 7, 'i', good_if(row, type));
		put(r, 8, 'i', type);
		if (chance(30))
			put(r, 12, 'i', draw(1000));
		if (chance(20))
			put(r, 11, 'u', draw(70000));
		if (chance(20))
			put(r, 13, 'i', draw(1000));
		put(r, 17, 'i', chance(70) ? 4 : 5);
		break;
	case NOT_READY:
	case NOT_IN_SERVICE:
		if (row->is == NOT_READY || chance(40)) {
			put(r, 7, 'i', good_if(row, type));
			put(r, 8, 'i', type);
		}
		put(r, 17, 'i', chance(60) ? 1 : chance(50) ? 2 : 6);
		break;
	case OWN:
		if (chance(30))
			put(r, 12, 'i', draw(1000));
		put(r, 17, 'i', chance(60) ? 6 : 2);
		break;
	case FOREIGN:
		put(r, 17, 'i', 1);
		break;
	}
}

static void
ask_wildly(size_t r)
{
	static const int64_t ifs[] = { 0, 0, 1, 2, 3, 99 },
			     statuses[] = { 1, 2, 4, 4, 5, 6, 6 };

	if (chance(50))
		put(r, 7, 'i', ifs[draw(6)]);
	if (chance(50))
		put(r, 8, 'i', 2 + draw(4));
	if (chance(30))
		put(r, 12, 'i', (int64_t)draw(300) - 1);
	if (chance(20))
		put(r, 13, 'i', (int64_t)draw(300) - 1);
	if (chance(10))
		put(r, 11, 'u', draw(300));
	if (chance(80))
		put(r, 17, 'i', statuses[draw(7)]);
	if (chance(3))
		put(r, chance(50) ? 9 : 18, 'i', 1);
	if (chance(3))
		put(r, 8, 'i', chance(50) ? 1 : 9);
	if (chance(3))
		put(r, 17, chance(50) ? 'i' : 'u', 3);
}

static enum mib_error
syntax_of(const struct vb *vb)
{
	if (vb->column == 9 || vb->column == 18)
		return MIB_NOTWRITABLE;
	if (vb->type != (vb->column == 11 ? 'u' : 'i'))
		return MIB_WRONGTYPE;
	if ((vb->column == 8 && (vb->value < 2 || vb->value > 5)) ||
	    (vb->column == 17 && vb->value == 3))
		return MIB_WRONGVALUE;
	return MIB_NOERROR;
}

static void
put_ask(const struct vb *vb)
{
	struct ask *ask = &asks[vb->row];

	if (!ask->used)
		touched[ntouched++] = vb->row;
	ask->used = true;
	if (vb->column == 17) {
		ask->conflict |= ask->status != 0 && ask->status != vb->value;
		ask->status = ask->status != 0 ? ask->status : vb->value;
	}
	for (size_t c = 0; c < C_COUNT; c++) {
		if (column_of[c] != vb->column)
			continue;
		ask->conflict |= ask->given[c] && ask->value[c] != vb->value;
		if (!ask->given[c])
			ask->value[c] = vb->value;
		ask->given[c] = true;
	}
}

/* A row that differs from one named already, or not, or is related to it. */
static size_t
pick_row(void)
{
	static size_t last;

	if (chance(30))
		last = (last + draw(6)) % nrows;
	else if (chance(70))
		last = draw((uint32_t)nrows);
	for (size_t i = 0; i < 20 && rows[last].is == ABSENT && chance(50); i++)
		last = (last + 1) % nrows;
	return last;
}

static void
make_pdu(char *out, size_t size)
{
	size_t want = chance(40) ? 1 : 1 + draw(8), at = 0;

	memset(asks, 0, sizeof asks);
	nvbs = ntouched = 0;
	syntax = (struct mib_result){ MIB_NOERROR, 0 };
	while (want-- > 0) {
		size_t r = pick_row();

		if (chance(80))
			ask_sensibly(r);
		else
			ask_wildly(r);
	}
	for (size_t i = nvbs; i > 1 && seed % 3 != 0; i--) { /* in any order */
		size_t k = draw((uint32_t)i);
		struct vb swap = vbs[k];

		vbs[k] = vbs[i - 1];
		vbs[i - 1] = swap;
	}
	out[0] = '\0';
	for (size_t i = 0; i < nvbs; i++) {
		enum mib_error error = syntax_of(&vbs[i]);

		at += (size_t)snprintf(out + at, size - at, "%s%s:%u=%c%lld", i == 0 ? "" : " ",
		                       rows[vbs[i].row].index, vbs[i].column, vbs[i].type,
		                       (long long)vbs[i].value);
		if (error != MIB_NOERROR && syntax.error == MIB_NOERROR)
			syntax = (struct mib_result){ error, i + 1 };
		if (error == MIB_NOERROR)
			put_ask(&vbs[i]);
	}
}

/* ---- the other client -------------------------------------------------------------------- */

static struct row *
row_named(const struct dest *dest, const struct hop *hop, unsigned zone, unsigned policy)
{
	for (size_t i = 0; i < nrows; i++)
		if (rows[i].dest == dest && rows[i].hop == hop && rows[i].zone == zone &&
		    rows[i].policy == policy)
			return &rows[i];
	return NULL;
}

/* By [MIB 6.3]: is a row with this prefix and gateway there on another interface? */
static bool
gateway_taken(const struct dest *dest, const struct hop *hop)
{
	for (size_t i = 0; i < nrows; i++)
		if (rows[i].dest == dest && rows[i].hop == hop && active(&rows[i]))
			return true;
	return false;
}

static void
foreign_comes(void)
{
	const struct dest *dest = &dests[draw(sizeof dests / sizeof dests[0])];
	const struct hop *hop = &hops[draw(sizeof hops / sizeof hops[0])];
	unsigned index = hop->zone != 0 ? hop->zone : 2 + draw(2), zone, policy = 0;
	struct row *row;

	if (hop->v6 != dest->v6)
		return;
	zone = dest->zoned ? index : 0;
	for (size_t i = 0; i < nrows; i++)
		if (rows[i].dest == dest && rows[i].hop->text == hop->text &&
		    ((active(&rows[i]) && rows[i].core_if == index) ||
		     rows[i].is == NOT_READY || rows[i].is == NOT_IN_SERVICE))
			return; /* there already, or its name might be taken */
	if (!dest->zoned && hop->text == NULL)
		policy = index;
	else if (!dest->zoned && hop->zone == 0 && gateway_taken(dest, hop))
		policy = index;
	row = row_named(dest, hop, zone, policy);
	CU_ASSERT_FATAL(row != NULL && row->is == ABSENT);
	row->is = FOREIGN;
	row->core_if = index;
	row->value[C_IF] = index;
	row->value[C_TYPE] = hop->text != NULL ? 4 : 3;
	row->value[C_AS] = 0;
	row->value[C_METRIC1] = draw(300);
	row->value[C_METRIC2] = -1;
	row->handle =
	    world_foreign_add(dest->text, hop->text, index, (unsigned)row->value[C_METRIC1]);
	mib_sync(world.mib); /* names are settled by when a row was first seen */
}

static void
foreign_goes(void)
{
	struct row *row = &rows[draw((uint32_t)nrows)];

	for (size_t i = 0; i < nrows && row->is != FOREIGN; i++)
		row = row + 1 == rows + nrows ? rows : row + 1;
	if (row->is != FOREIGN)
		return;
	world_foreign_delete(row->handle, row->dest->text);
	row->is = ABSENT;
	row->handle = NULL;
	mib_sync(world.mib);
}

/* ---- agreement --------------------------------------------------------------- */

static int64_t
model_value(const struct row *row, unsigned column)
{
	static const int64_t status[] = { UNSET, 3, 2, 1, 1 };

	if (row->is == ABSENT)
		return UNSET;
	if (column == 17)
		return status[row->is];
	for (size_t c = 0; c < C_COUNT; c++)
		if (column_of[c] == column)
			return row->value[c];
	return UNSET;
}

static bool
column_agrees(const struct mib_object *object, unsigned column)
{
	mib_subid name[MIB_OID_MAX] = { 1, column }, next[MIB_OID_MAX];
	size_t len = 2, next_len;
	struct mib_value value;

	for (size_t i = 0; i < nrows; i++) {
		int64_t want = model_value(&rows[i], column);

		if (want == UNSET)
			continue;
		if (object->next(world.mib, name, len, next, &next_len, &value) != MIB_FOUND ||
		    next[1] != column ||
		    mib_oid_compare(next + 2, next_len - 2, rows[i].sub, rows[i].nsub) != 0 ||
		    (value.type == MIB_GAUGE ? (int64_t)value.u.gauge : value.u.integer) !=
		        want) {
			fprintf(stderr, "  column %u, row %s: want %lld, got %lld\n", column,
			        rows[i].index, (long long)want, (long long)value.u.integer);
			return false;
		}
		memcpy(name, next, next_len * sizeof next[0]);
		len = next_len;
	}
	return object->next(world.mib, name, len, next, &next_len, &value) == MIB_END ||
	       next[1] != column;
}

static bool
core_agrees(void)
{
	size_t actives = 0;

	for (size_t i = 0; i < nrows; i++)
		actives += active(&rows[i]);
	return world_core_rows() == actives;
}

/* How many rows the older tables make of the model's. */
static void
older_counts(unsigned *cidr, unsigned *forward)
{
	*cidr = *forward = 0;
	for (size_t i = 0; i < nrows; i++) {
		bool first_cidr = true, first_forward = true;

		if (!active(&rows[i]) || rows[i].dest->v6)
			continue;
		for (size_t k = 0; k < i; k++) {
			if (!active(&rows[k]) || rows[k].hop != rows[i].hop)
				continue;
			if (rows[k].dest == rows[i].dest)
				first_cidr = false;
			if (strcmp(rows[k].dest->index, rows[i].dest->index) == 0 &&
			    rows[k].is == rows[i].is)
				first_forward = false;
		}
		*cidr += first_cidr;
		*forward += first_forward;
	}
}

static bool
older_tables_agree(void)
{
	unsigned cidr, forward;

	older_counts(&cidr, &forward);
	world_check_tables();
	return world_scalar("ipCidrRouteNumber") == cidr &&
	       world_scalar("ipForwardNumber") == forward;
}

static bool
all_agree(bool every_column)
{
	const struct mib_object *object = NULL;
	size_t present = 0;

	for (size_t i = 0; i < mib_objects_count; i++)
		if (strcmp(mib_objects[i]->name, "inetCidrRouteTable") == 0)
			object = mib_objects[i];
	for (size_t i = 0; i < nrows; i++)
		present += rows[i].is != ABSENT;
	mib_sync(world.mib);
	for (size_t c = 0; every_column && c < C_COUNT; c++)
		if (!column_agrees(object, column_of[c]))
			return false;
	return column_agrees(object, 17) && core_agrees() &&
	       (!every_column || older_tables_agree()) &&
	       world_scalar("inetCidrRouteNumber") == present;
}

/* That the run was not idle. */
static unsigned long accepted, failed_commits, most_rows;

static void
count_rows(void)
{
	unsigned long n = 0;

	for (size_t i = 0; i < nrows; i++)
		n += rows[i].is != ABSENT;
	most_rows = n > most_rows ? n : most_rows;
}

static bool
one_pdu(void)
{
	static char pdu[16384];
	struct mib_result got;
	bool good, refuse = chance(5);
	size_t at = 1 + draw(6);

	if (chance(15))
		foreign_comes();
	if (chance(10))
		foreign_goes();
	make_pdu(pdu, sizeof pdu);
	good = syntax.error == MIB_NOERROR && predict();
	world.commits = 0;
	world.refuse_from = world.refuse_until = refuse ? (unsigned)at : 0;
	got = world_set(pdu);
	world.refuse_from = 0;
	if (syntax.error != MIB_NOERROR
	        ? got.error != syntax.error || got.varbind != syntax.varbind
	    : good && refuse && commits >= at ? got.error != MIB_COMMITFAILED
	                                      : good != (got.error == MIB_NOERROR)) {
		fprintf(stderr, "  PDU [%s]: %d/%zu, the model says %s\n", pdu, got.error,
		        got.varbind, good ? "good" : "bad");
		return false;
	}
	accepted += got.error == MIB_NOERROR;
	failed_commits += got.error == MIB_COMMITFAILED;
	if (got.error == MIB_NOERROR)
		memcpy(rows, after, nrows * sizeof rows[0]);
	return all_agree(chance(10));
}

static void
one_run(unsigned long pdus)
{
	state = seed * 2654435761u + 1;
	world_open();
	make_names();
	CU_ASSERT(nrows > 200);
	accepted = failed_commits = most_rows = 0;
	for (unsigned long i = 0; i < pdus; i++) {
		if (!one_pdu()) {
			fprintf(stderr, "  PDU %lu; replay with MIB_RANDOM_SEED=%u\n", i, seed);
			CU_FAIL("the model disagrees");
			break;
		}
		count_rows();
	}
	fprintf(stderr, " seed %u: %lu of %lu accepted, %lu undone, up to %lu rows\n", seed,
	        accepted, pdus, failed_commits, most_rows);
	if (pdus >= 1000) {
		CU_ASSERT(accepted > pdus / 4 && accepted < pdus * 3 / 4);
		CU_ASSERT(failed_commits > 0);
		CU_ASSERT(most_rows > 60);
	}
	for (size_t i = 0; i < nrows; i++)
		if (rows[i].is == FOREIGN)
			world_foreign_delete(rows[i].handle, rows[i].dest->text);
	world_close();
}

static void
random_sets_do_what_the_model_says(void)
{
	unsigned long pdus = setting("MIB_RANDOM_PDUS", 1000);

	if (getenv("MIB_RANDOM_SEED") != NULL) {
		seed = (uint32_t)setting("MIB_RANDOM_SEED", 1);
		one_run(pdus);
		return;
	}
	for (seed = 1; seed <= 6; seed++)
		one_run(pdus);
}

int
main(void)
{
	static const struct test tests[] = { TEST(random_sets_do_what_the_model_says) };

	return run_tests("mib_random", tests, 1);
}
