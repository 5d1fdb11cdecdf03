/*
 * The rows, what a PDU does to them, and what every table then shows.
 *
 * A PDU is predicted in the order of RFC 3416 4.2.5: each varbind by itself; then each row
 * against what it is, by RowStatus; then routes that come into being against the state
 * that the PDU leads to. Where it must be refused, the model says which varbinds may be
 * blamed for what, and not which of them: that the lowest wins is RFC 3416's, where in a
 * row the fault lies is the business of tests with one fault.
 *
 * One thing is left out on purpose and reported as `skip': a row of an older table that
 * stands for several routes, when a PDU would write it, since which of them it is hangs
 * on the core's order.
 */
#include "route_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned m_foreign_proto = 8;
int64_t m_own_address[4] = { 0, 0, 0xc0000202, 0xc6336402 };

static const unsigned if_metric[4] = { 0, 0, 10, 20 };

/* ---- names --------------------------------------------------------------------- */

bool
m_zoned(const struct m_dest *dest)
{
	return dest->v6 ? dest->a[0] == 0xfe && dest->a[1] >> 6 == 2 && dest->len >= 10
	                : dest->a[0] == 169 && dest->a[1] == 254 && dest->len >= 16;
}

static bool
same_dest(const struct m_dest *a, const struct m_dest *b)
{
	return a->v6 == b->v6 && a->len == b->len && memcmp(a->a, b->a, 16) == 0;
}

static bool
same_address(const struct m_dest *a, const struct m_dest *b)
{
	return a->v6 == b->v6 && memcmp(a->a, b->a, 16) == 0;
}

static bool
same_hop(const struct m_hop *a, const struct m_hop *b)
{
	return a->v6 == b->v6 && a->none == b->none && a->zone == b->zone &&
	       memcmp(a->a, b->a, 16) == 0;
}

static uint32_t
mask_of(unsigned len)
{
	return len == 0 ? 0 : 0xffffffffu << (32 - len);
}

/* 33: not contiguous. */
static unsigned
len_of(uint32_t mask)
{
	unsigned len = 0;

	while (len < 32 && mask_of(len) != mask)
		len++;
	return mask_of(len) == mask ? len : 33;
}

static uint32_t
number_of(const uint8_t *a)
{
	return (uint32_t)a[0] << 24 | (uint32_t)a[1] << 16 | (uint32_t)a[2] << 8 | a[3];
}

static size_t
put_bytes(uint32_t *out, const uint8_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = from[i];
	return n;
}

static size_t
put_number(uint32_t *out, uint32_t number)
{
	for (size_t i = 0; i < 4; i++)
		out[i] = number >> (24 - 8 * i) & 255;
	return 4;
}

static size_t
inet_index(const struct m_name *name, uint32_t *out)
{
	size_t bytes = name->dest.v6 ? 16 : 4, n = 0;
	bool zoned = m_zoned(&name->dest);

	out[n++] = (name->dest.v6 ? 2u : 1u) + (zoned ? 2u : 0u);
	out[n++] = (uint32_t)bytes + (zoned ? 4 : 0);
	n += put_bytes(out + n, name->dest.a, bytes);
	if (zoned)
		n += put_number(out + n, name->zone);
	out[n++] = name->dest.len;
	out[n++] = name->policy == 0 ? 2 : 3;
	out[n++] = 0;
	out[n++] = 0;
	if (name->policy != 0)
		out[n++] = name->policy;
	if (name->hop.none) {
		out[n++] = 0;
		out[n++] = 0;
		return n;
	}
	out[n++] = name->hop.zone != 0 ? 4 : name->hop.v6 ? 2 : 1;
	out[n++] = (uint32_t)bytes + (name->hop.zone != 0 ? 4 : 0);
	n += put_bytes(out + n, name->hop.a, bytes);
	if (name->hop.zone != 0)
		n += put_number(out + n, name->hop.zone);
	return n;
}

/* How a name can be none: where it is spoilt. */
enum { HOST_BITS = 1, TOO_SHORT, NO_OCTET, NO_LENGTH, OTHER_PROTO };

size_t
m_index(const struct m_name *name, uint32_t *out)
{
	size_t n = 0, at = name->table == 'i' ? 2 : 0;

	switch (name->table) {
	case 'i':
		n = inet_index(name, out);
		break;
	case 'c':
		n += put_bytes(out, name->dest.a, 4);
		n += put_number(out + n, mask_of(name->dest.len));
		out[n++] = 0;
		n += put_bytes(out + n, name->hop.a, 4);
		break;
	case 'f':
		n += put_bytes(out, name->dest.a, 4);
		out[n++] = name->broken == OTHER_PROTO ? 13 : 3;
		out[n++] = 0;
		n += put_bytes(out + n, name->hop.a, 4);
		break;
	default:
		n += put_bytes(out, name->dest.a, 4);
	}
	if (name->broken == HOST_BITS)
		out[at + (name->dest.v6 ? 15 : 3)] |= 1;
	else if (name->broken == TOO_SHORT)
		n--;
	else if (name->broken == NO_OCTET)
		out[at + 1] += 256;
	else if (name->broken == NO_LENGTH && name->table == 'c')
		out[5] = out[5] == 0 ? 255 : 0, out[6] = 255, out[7] = 1;
	else if (name->broken == NO_LENGTH)
		out[at + out[1]] = name->dest.v6 ? 129 : 33;
	return n;
}

size_t
m_index_text(const struct m_name *name, char *out, size_t size)
{
	uint32_t sub[M_MAX_SUBS];
	size_t n = m_index(name, sub), at = 0;

	for (size_t i = 0; i < n && at < size; i++)
		at += (size_t)snprintf(out + at, size - at, i == 0 ? "%u" : ".%u", sub[i]);
	return at;
}

static int
compare_subs(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	for (size_t i = 0; i < na && i < nb; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return (na > nb) - (na < nb);
}

/* The interface that a name of inetCidrRouteTable tells. */
static unsigned
if_of_name(const struct m_name *name)
{
	if (m_zoned(&name->dest))
		return name->zone;
	return name->policy != 0 ? name->policy : name->hop.zone;
}

/* ---- finding --------------------------------------------------------------------- */

static bool
has_name(const struct m_route *route, const struct m_name *name)
{
	switch (name->table) {
	case 'i':
		return same_dest(&route->dest, &name->dest) &&
		       same_hop(&route->hop, &name->hop) && route->policy == name->policy &&
		       (!m_zoned(&route->dest) || route->ifx == name->zone);
	case 'c':
		return same_dest(&route->dest, &name->dest) &&
		       same_hop(&route->hop, &name->hop);
	case 'f':
		return same_address(&route->dest, &name->dest) &&
		       same_hop(&route->hop, &name->hop) &&
		       (route->own || m_foreign_proto == 3);
	default:
		return same_address(&route->dest, &name->dest);
	}
}

/* The route of a name, the longest mask among several; *ties: how many of those. */
static struct m_route *
find_route(struct m_state *state, const struct m_name *name, size_t *ties)
{
	struct m_route *best = NULL;

	*ties = 0;
	for (size_t i = 0; i < state->nroutes; i++) {
		struct m_route *route = &state->route[i];

		if (!has_name(route, name))
			continue;
		if (best == NULL || route->dest.len > best->dest.len) {
			best = route;
			*ties = 0;
		}
		*ties += route->dest.len == best->dest.len;
	}
	return best;
}

static struct m_staged *
find_staged(struct m_state *state, const struct m_name *name)
{
	for (size_t i = 0; i < state->nstaged; i++) {
		struct m_staged *row = &state->staged[i];

		if (row->table == name->table && same_dest(&row->dest, &name->dest) &&
		    same_hop(&row->hop, &name->hop) && row->zone == name->zone &&
		    row->policy == name->policy)
			return row;
	}
	return NULL;
}

static bool
same_core(const struct m_route *a, const struct m_route *b)
{
	return same_dest(&a->dest, &b->dest) && same_hop(&a->hop, &b->hop) && a->ifx == b->ifx;
}

static void
drop_route(struct m_state *state, struct m_route *route)
{
	*route = state->route[--state->nroutes];
}

static void
drop_staged(struct m_state *state, struct m_staged *row)
{
	*row = state->staged[--state->nstaged];
}

static struct m_name
name_of(const struct m_route *route, char table)
{
	return (struct m_name){ .table = table,
		                .dest = route->dest,
		                .hop = route->hop,
		                .zone = table == 'i' && m_zoned(&route->dest) ? route->ifx : 0,
		                .policy = table == 'i' ? route->policy : 0 };
}

bool
m_is_ambiguous(const struct m_state *state, const struct m_route *route)
{
	struct m_state *s = (struct m_state *)(uintptr_t)state;
	struct m_name name = name_of(route, 'c');
	size_t ties;

	if (route->dest.v6)
		return false;
	find_route(s, &name, &ties);
	if (ties > 1)
		return true;
	name.table = 'f';
	find_route(s, &name, &ties);
	return ties > 1;
}

/* ---- varbinds by themselves --------------------------------------------------------- */

/* By table and column: type letter, what it sets; lower case: read-only. */
enum { NO = -1, RO = -2, ST = -3, MASK = -4 };

static const struct column {
	char type;
	int what;
	int64_t min, max;
} inet_columns[] = {
	[7] = { 'i', M_IF, 0, INT32_MAX },   [8] = { 'i', M_TYPE, 2, 5 },
	[9] = { 'i', RO, 0, 0 },             [10] = { 'u', RO, 0, 0 },
	[11] = { 'u', M_AS, 0, UINT32_MAX }, [12] = { 'i', M_M1, -1, INT32_MAX },
	[13] = { 'i', M_M2, -1, INT32_MAX }, [14] = { 'i', M_M3, -1, INT32_MAX },
	[15] = { 'i', M_M4, -1, INT32_MAX }, [16] = { 'i', M_M5, -1, INT32_MAX },
	[17] = { 'i', ST, 1, 6 },
}, cidr_columns[] = {
	[1] = { 'a', RO, 0, 0 },             [2] = { 'a', RO, 0, 0 },
	[3] = { 'i', RO, 0, 0 },             [4] = { 'a', RO, 0, 0 },
	[5] = { 'i', M_IF, 0, INT32_MAX },   [6] = { 'i', M_TYPE, 2, 4 },
	[7] = { 'i', RO, 0, 0 },             [8] = { 'i', RO, 0, 0 },
	[9] = { 'o', M_INFO, 0, INT32_MAX }, [10] = { 'i', M_AS, 0, INT32_MAX },
	[11] = { 'i', M_M1, -1, INT32_MAX }, [12] = { 'i', M_M2, -1, INT32_MAX },
	[13] = { 'i', M_M3, -1, INT32_MAX }, [14] = { 'i', M_M4, -1, INT32_MAX },
	[15] = { 'i', M_M5, -1, INT32_MAX }, [16] = { 'i', ST, 1, 6 },
}, forward_columns[] = {
	[1] = { 'a', RO, 0, 0 },             [2] = { 'a', MASK, 0, 0 },
	[3] = { 'i', RO, 0, 0 },             [4] = { 'a', RO, 0, 0 },
	[5] = { 'i', M_IF, 0, INT32_MAX },   [6] = { 'i', M_TYPE, 2, 4 },
	[7] = { 'i', RO, 0, 0 },             [8] = { 'i', RO, 0, 0 },
	[9] = { 'o', M_INFO, 0, INT32_MAX }, [10] = { 'i', M_AS, 0, INT32_MAX },
	[11] = { 'i', M_M1, -1, INT32_MAX }, [12] = { 'i', M_M2, -1, INT32_MAX },
	[13] = { 'i', M_M3, -1, INT32_MAX }, [14] = { 'i', M_M4, -1, INT32_MAX },
	[15] = { 'i', M_M5, -1, INT32_MAX },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct column *
column_of(char table, unsigned column)
{
	static const struct column none = { 0, NO, 0, 0 };
	const struct column *list = table == 'i'   ? inet_columns
	                            : table == 'c' ? cidr_columns
	                            : table == 'f' ? forward_columns
	                                           : &none;
	size_t n = table == 'i'   ? COUNT(inet_columns)
	           : table == 'c' ? COUNT(cidr_columns)
	           : table == 'f' ? COUNT(forward_columns)
	                          : 0;

	return column < n && list[column].type != 0 ? &list[column] : &none;
}

static int
error_of(const struct m_varbind *vb)
{
	const struct column *column = column_of(vb->name.table, vb->column);

	if (column->what == NO || column->what == RO)
		return M_NOTWRITABLE;
	if (vb->type != column->type)
		return M_WRONGTYPE;
	if (column->what == MASK)
		return len_of((uint32_t)vb->value) > 32 ? M_WRONGVALUE : 0;
	if (vb->value < column->min || vb->value > column->max ||
	    (column->what == ST && vb->value == 3))
		return M_WRONGVALUE;
	return 0;
}

/* ---- what is asked of a row ------------------------------------------------------------ */

struct ask {
	const struct m_name *name;
	size_t vb[M_MAX_VBS], nvb;
	bool conflict;
	int64_t status; /* 0: none */
	int64_t mask;   /* M_UNSET: not given */
	int64_t value[M_VALUES];
	bool given[M_VALUES];
	bool columns; /* any but the status */
	/* the row as it is, in the state before the PDU */
	struct m_staged *staged;
	struct m_route *route;
	/* what comes of it */
	bool refused;
	bool takes;   /* `route' goes, or changes its key */
	bool removes; /* nothing but takes */
	bool touches; /* it is the business of this row alone */
	bool makes;
	bool keeps; /* `route' stays and changes */
	bool asks_forwarder;
	struct m_route made;
};

struct work {
	struct m_state *now; /* a copy */
	const struct m_pdu *pdu;
	struct m_verdict *out;
	struct ask ask[M_MAX_VBS];
	size_t nasks;
};

static void
allow(struct work *work, const struct ask *ask, int error)
{
	for (size_t i = 0; i < ask->nvb; i++)
		work->out->allowed[ask->vb[i]] |= 1u << error;
}

static void
refuse(struct work *work, struct ask *ask, int error)
{
	ask->refused = true;
	allow(work, ask, error);
}

static struct ask *
ask_of(struct work *work, const struct m_name *name)
{
	uint32_t a[M_MAX_SUBS], b[M_MAX_SUBS];
	size_t na = m_index(name, a);
	struct ask *ask;

	for (size_t i = 0; i < work->nasks; i++) {
		size_t nb = m_index(work->ask[i].name, b);

		if (work->ask[i].name->table == name->table && compare_subs(a, na, b, nb) == 0)
			return &work->ask[i];
	}
	ask = &work->ask[work->nasks++];
	*ask = (struct ask){ .name = name, .mask = M_UNSET };
	return ask;
}

static void
put_cell(int64_t *cell, bool given, int64_t value, bool *conflict)
{
	*conflict |= given && *cell != value;
	if (!given)
		*cell = value;
}

static void
collect(struct work *work, size_t i)
{
	const struct m_varbind *vb = &work->pdu->vb[i];
	struct ask *ask = ask_of(work, &vb->name);
	int what = column_of(vb->name.table, vb->column)->what;

	ask->vb[ask->nvb++] = i;
	if (what == ST) {
		put_cell(&ask->status, ask->status != 0, vb->value, &ask->conflict);
		return;
	}
	if (what == MASK) {
		put_cell(&ask->mask, ask->mask != M_UNSET, vb->value, &ask->conflict);
		ask->columns = true;
		return;
	}
	put_cell(&ask->value[what], ask->given[what], vb->value, &ask->conflict);
	ask->given[what] = true;
	if (ask->name->table != 'f' || what != M_TYPE || vb->value != 2)
		ask->columns = true;
}

/* ---- routes from rows -------------------------------------------------------- */

/* ipCidrRouteTable and ipForwardTable spell an AS that is too large for them 23456. */
static int64_t
small_as(int64_t as)
{
	return as > INT32_MAX ? 23456 : as;
}

static int64_t
type_of(const struct m_route *route)
{
	return route->kind == M_REJECT      ? 2
	       : route->kind == M_BLACKHOLE ? 5
	       : route->hop.none            ? 3
	                                    : 4;
}

static int64_t
total_of(const struct m_route *route)
{
	return route->value[M_M1] + if_metric[route->ifx];
}

/* inetCidrRouteTable: the interface by name, column or next hop. @return 0 or an error. */
static int
compose_inet(const struct m_name *name, const int64_t *value, struct m_route *out)
{
	unsigned said = if_of_name(name);
	int64_t column = value[M_IF], type = value[M_TYPE];

	out->dest = name->dest;
	out->hop = name->hop;
	out->policy = name->policy;
	out->kind = type == 2 ? M_REJECT : type == 5 ? M_BLACKHOLE : M_UNICAST;
	if ((type == 4) == name->hop.none || (column != 0 && said != 0 && column != said))
		return M_INCONSISTENTVALUE;
	if (out->kind != M_UNICAST) {
		out->ifx = 0;
		return column != 0 || said != 0 ? M_INCONSISTENTVALUE : 0;
	}
	out->ifx = said;
	if (said == 0)
		out->ifx = column > 3 ? 99 : column != 0 ? (unsigned)column : name->hop.subnet;
	if (out->ifx < 1 || out->ifx > 3)
		return M_INCONSISTENTVALUE;
	return 0;
}

/* The older tables. `metric' is the total, -1: as it is, or the default of a new one. */
static int
compose_older(const struct ask *ask, const int64_t *value, struct m_route *out, bool is_new)
{
	const struct m_name *name = ask->name;
	int64_t type = value[M_TYPE], column = value[M_IF], total = value[M_M1];

	out->hop = name->hop;
	if ((number_of(out->dest.a) & ~mask_of(out->dest.len)) != 0 ||
	    (type == 4) == name->hop.none)
		return M_INCONSISTENTVALUE;
	if (ask->given[M_TYPE] || ask->route == NULL)
		out->kind = type == 2 ? M_REJECT : M_UNICAST;
	if (out->kind != M_UNICAST) {
		if (ask->given[M_IF] && ask->value[M_IF] != 0)
			return M_INCONSISTENTVALUE;
		out->ifx = 0;
	} else {
		out->ifx = column > 3       ? 99
		           : column != 0    ? (unsigned)column
		           : name->hop.none ? 0
		                            : name->hop.subnet;
		if (out->ifx < 1 || out->ifx > 3)
			return M_INCONSISTENTVALUE;
		if (total >= 0 && total < if_metric[out->ifx])
			return M_INCONSISTENTVALUE;
	}
	if (total >= 0)
		out->value[M_M1] = total - if_metric[out->ifx];
	else if (is_new)
		out->value[M_M1] = 256;
	return 0;
}

static void
merge(const struct ask *ask, int64_t *value)
{
	for (size_t i = 0; i < M_VALUES; i++)
		if (ask->given[i])
			value[i] = ask->value[i];
}

static void
take_extras(struct m_route *out, const int64_t *value)
{
	for (int i = M_AS; i < M_VALUES; i++)
		if (i != M_M1)
			out->value[i] = value[i];
}

/* A row becomes a route. */
static int
compose(const struct ask *ask, const int64_t *value, struct m_route *out)
{
	int error;

	*out = (struct m_route){ .own = true };
	if (ask->name->table == 'i') {
		error = compose_inet(ask->name, value, out);
		out->value[M_M1] = value[M_M1] < 0 ? 256 : value[M_M1];
	} else {
		out->dest = ask->name->dest;
		if (ask->name->table == 'f')
			out->dest.len =
			    (uint8_t)len_of(ask->mask == M_UNSET ? 0 : (uint32_t)ask->mask);
		error = compose_older(ask, value, out, true);
	}
	take_extras(out, value);
	return error;
}

static bool
complete(char table, const int64_t *value)
{
	return value[M_TYPE] != M_UNSET && (table != 'i' || value[M_IF] != M_UNSET);
}

static void
initial(char table, int64_t *value)
{
	static const int64_t from[M_VALUES] = { M_UNSET, M_UNSET, 0, -1, -1, -1, -1, -1, 0 };

	memcpy(value, from, sizeof from);
	if (table != 'i')
		value[M_IF] = 0;
}

/* The columns of a route as a table spells them. */
static void
project(char table, const struct m_route *route, int64_t *value)
{
	memcpy(value, route->value, sizeof route->value);
	value[M_IF] = route->ifx;
	value[M_TYPE] = type_of(route);
	if (table == 'i')
		return;
	value[M_M1] = total_of(route);
	if (table == 'c' && value[M_TYPE] == 5)
		value[M_TYPE] = 2;
}

/* ---- one row ----------------------------------------------------------------- */

static void
wants_route(struct work *work, struct ask *ask, const int64_t *value)
{
	int error = complete(ask->name->table, value) ? compose(ask, value, &ask->made)
	                                              : M_INCONSISTENTVALUE;

	if (error != 0)
		refuse(work, ask, error);
	ask->makes = error == 0;
	ask->asks_forwarder = true;
}

static void
stage(struct work *work, struct ask *ask, const int64_t *value)
{
	struct m_state *after = &work->out->after;
	struct m_staged *row = find_staged(after, ask->name);

	if (ask->status == 2 && !complete(ask->name->table, value)) {
		refuse(work, ask, M_INCONSISTENTVALUE);
		return;
	}
	if (row == NULL) {
		row = &after->staged[after->nstaged++];
		*row = (struct m_staged){ .table = ask->name->table,
			                  .dest = ask->name->dest,
			                  .hop = ask->name->hop,
			                  .zone = ask->name->zone,
			                  .policy = ask->name->policy };
	}
	memcpy(row->value, value, sizeof row->value);
}

/* Active, and of us: columns of the older tables change it in place, or move it. */
static void
change(struct work *work, struct ask *ask)
{
	int64_t value[M_VALUES];
	int error;

	if (!ask->columns)
		return;
	if (ask->name->table == 'i') {
		refuse(work, ask, M_INCONSISTENTVALUE);
		return;
	}
	ask->touches = true;
	project(ask->name->table, ask->route, value);
	merge(ask, value);
	ask->made = *ask->route;
	if (ask->mask != M_UNSET)
		ask->made.dest.len = (uint8_t)len_of((uint32_t)ask->mask);
	if (ask->name->table == 'f' && ask->route->kind != M_UNICAST && !ask->given[M_TYPE])
		value[M_TYPE] = 1;
	error = compose_older(ask, value, &ask->made, false);
	if (error != 0) {
		refuse(work, ask, error);
		return;
	}
	take_extras(&ask->made, value);
	if (same_core(&ask->made, ask->route) && ask->made.kind == ask->route->kind) {
		ask->keeps = true;
		ask->asks_forwarder = ask->given[M_M1] || ask->given[M_IF] ||
		                      ask->given[M_TYPE] || ask->mask != M_UNSET;
		return;
	}
	if (ask->given[M_M1] && ask->value[M_M1] < 0)
		ask->made.value[M_M1] = 256; /* it is a new one */
	ask->takes = ask->makes = ask->asks_forwarder = true;
}

static void
act_on_active(struct work *work, struct ask *ask, int64_t status)
{
	int64_t value[M_VALUES];

	if (status == 4 || status == 5) {
		refuse(work, ask, M_INCONSISTENTVALUE);
	} else if (!ask->route->own) {
		if (ask->columns)
			refuse(work, ask, M_NOTWRITABLE);
		if (status == 2 || status == 6)
			refuse(work, ask, M_INCONSISTENTVALUE);
	} else if (status == 6) {
		ask->takes = ask->removes = ask->touches = ask->asks_forwarder = true;
	} else if (status == 2) {
		ask->takes = ask->touches = ask->asks_forwarder = true;
		project(ask->name->table, ask->route, value);
		merge(ask, value);
		stage(work, ask, value);
		find_staged(&work->out->after, ask->name)->suspended = true;
	} else {
		change(work, ask);
	}
}

static void
act_on_staged(struct work *work, struct ask *ask, int64_t status)
{
	int64_t value[M_VALUES];

	memcpy(value, ask->staged->value, sizeof value);
	merge(ask, value);
	if (status == 4 || status == 5)
		refuse(work, ask, M_INCONSISTENTVALUE);
	else if (status == 6)
		drop_staged(&work->out->after, find_staged(&work->out->after, ask->name));
	else if (status == 1)
		wants_route(work, ask, value);
	else
		stage(work, ask, value);
}

static void
act_on_absent(struct work *work, struct ask *ask, int64_t status)
{
	int64_t value[M_VALUES];

	initial(ask->name->table, value);
	merge(ask, value);
	if (status == 6)
		return;
	if (ask->name->broken == OTHER_PROTO)
		refuse(work, ask, M_NOCREATION);
	else if (status == 0)
		refuse(work, ask, M_INCONSISTENTNAME);
	else if (status == 4)
		wants_route(work, ask, value);
	else if (status == 5)
		stage(work, ask, value);
	else
		refuse(work, ask, M_INCONSISTENTVALUE);
}

/* ipForwardTable has no status: its type is half of one. */
static int64_t
status_of(const struct ask *ask)
{
	if (ask->name->table != 'f')
		return ask->status;
	if (!ask->given[M_TYPE])
		return 0;
	if (ask->value[M_TYPE] == 2)
		return 6;
	return ask->route == NULL ? 4 : 0;
}

static void
act(struct work *work, struct ask *ask)
{
	size_t ties = 0;

	if (ask->conflict) {
		refuse(work, ask, M_INCONSISTENTVALUE);
		return;
	}
	if (ask->name->broken != 0 && ask->name->broken != OTHER_PROTO) {
		refuse(work, ask,
		       ask->name->broken == HOST_BITS && ask->name->table != 'f'
		           ? M_INCONSISTENTNAME
		           : M_NOCREATION);
		return;
	}
	if (ask->name->broken == 0) {
		ask->staged = find_staged(work->now, ask->name);
		ask->route =
		    ask->staged != NULL ? NULL : find_route(work->now, ask->name, &ties);
	}
	if (ties > 1)
		work->out->skip = true;
	else if (ask->staged != NULL)
		act_on_staged(work, ask, status_of(ask));
	else if (ask->route != NULL)
		act_on_active(work, ask, status_of(ask));
	else
		act_on_absent(work, ask, status_of(ask));
}

/* ---- rows among each other --------------------------------------------------- */

/* One route under two names of the PDU: only two removals go together. */
static void
settle_touches(struct work *work)
{
	for (size_t i = 0; i < work->nasks; i++)
		for (size_t k = 0; k < i; k++) {
			struct ask *a = &work->ask[i], *b = &work->ask[k];

			if (!a->touches || !b->touches || a->route != b->route ||
			    (a->removes && b->removes))
				continue;
			refuse(work, a, M_INCONSISTENTVALUE);
			refuse(work, b, M_INCONSISTENTVALUE);
		}
}

static bool
is_taken(const struct work *work, const struct m_route *route)
{
	for (size_t i = 0; i < work->nasks; i++)
		if (work->ask[i].takes && work->ask[i].route == route)
			return true;
	return false;
}

/* No two routes with one key, after everything that goes has gone. */
static void
settle_keys(struct work *work)
{
	for (size_t i = 0; i < work->nasks; i++) {
		struct ask *a = &work->ask[i];

		if (!a->makes)
			continue;
		for (size_t k = 0; k < work->now->nroutes; k++)
			if (same_core(&work->now->route[k], &a->made) &&
			    !is_taken(work, &work->now->route[k]))
				refuse(work, a, M_INCONSISTENTVALUE);
		for (size_t k = 0; k < i; k++)
			if (work->ask[k].makes && same_core(&work->ask[k].made, &a->made)) {
				refuse(work, a, M_INCONSISTENTVALUE);
				refuse(work, &work->ask[k], M_INCONSISTENTVALUE);
			}
	}
}

static bool
in_pdu(const struct work *work, const struct m_name *name)
{
	uint32_t a[M_MAX_SUBS], b[M_MAX_SUBS];
	size_t na = m_index(name, a);

	for (size_t i = 0; i < work->nasks; i++) {
		size_t nb = m_index(work->ask[i].name, b);

		if (work->ask[i].name->table == 'i' && compare_subs(a, na, b, nb) == 0)
			return true;
	}
	return false;
}

static bool
name_is_free(const struct work *work, const struct m_name *name)
{
	size_t ties;
	struct m_route *route;

	if (in_pdu(work, name) || find_staged(work->now, name) != NULL)
		return false;
	for (size_t i = 0; i < work->nasks; i++) /* those named before this one */
		if (work->ask[i].makes && work->ask[i].name->table != 'i' &&
		    work->ask[i].made.tag == 1 && has_name(&work->ask[i].made, name))
			return false;
	route = find_route(work->now, name, &ties);
	return route == NULL || is_taken(work, route);
}

/* A route made through an older table gets its name in inetCidrRouteTable by rule. */
static void
name_it(struct work *work, struct ask *ask)
{
	struct m_route *made = &ask->made;
	struct m_name name;

	made->policy =
	    made->hop.none && made->kind == M_UNICAST && !m_zoned(&made->dest) ? made->ifx : 0;
	for (size_t i = 0; made->policy == 0 && !m_zoned(&made->dest) && !made->hop.none &&
	                   i < work->now->nroutes;
	     i++) {
		const struct m_route *other = &work->now->route[i];

		if (same_dest(&other->dest, &made->dest) && same_hop(&other->hop, &made->hop) &&
		    other->ifx != made->ifx && !is_taken(work, other))
			made->policy = made->ifx;
	}
	name = name_of(made, 'i');
	if (!name_is_free(work, &name)) {
		made->policy = name.policy = made->policy == 0 ? made->ifx : 0;
		if (!name_is_free(work, &name))
			refuse(work, ask, M_INCONSISTENTVALUE);
	}
	made->tag = 1;
}

static void
apply(struct work *work)
{
	struct m_state *after = &work->out->after;

	for (size_t i = 0; i < work->nasks; i++) {
		struct ask *ask = &work->ask[i];

		if (ask->keeps || ask->takes)
			for (size_t k = 0; k < after->nroutes; k++)
				if (same_core(&after->route[k], ask->route)) {
					if (ask->keeps) {
						ask->made.policy = after->route[k].policy;
						after->route[k] = ask->made;
					} else {
						drop_route(after, &after->route[k]);
					}
					break;
				}
	}
	for (size_t i = 0; i < work->nasks; i++) {
		struct ask *ask = &work->ask[i];

		if (!ask->makes)
			continue;
		if (ask->staged != NULL)
			drop_staged(after, find_staged(after, ask->name));
		ask->made.tag = 0;
		after->route[after->nroutes++] = ask->made;
	}
}

/* A row that was to take the place of a refused one falls with it, and may be blamed. */
static void
settle_followers(struct work *work)
{
	for (size_t i = 0; i < work->nasks; i++)
		for (size_t k = 0; k < work->nasks; k++) {
			const struct ask *a = &work->ask[i], *b = &work->ask[k];

			if (a->makes && b->refused && b->route != NULL &&
			    same_dest(&a->made.dest, &b->route->dest))
				allow(work, a, M_INCONSISTENTVALUE);
		}
}

static void
count_commits(struct work *work)
{
	struct m_dest seen[2 * M_MAX_VBS];
	size_t n = 0;

	for (size_t i = 0; i < work->nasks; i++) {
		const struct ask *ask = &work->ask[i];
		const struct m_dest *dests[2] = { ask->takes || ask->keeps ? &ask->route->dest
			                                                   : NULL,
			                          ask->makes ? &ask->made.dest : NULL };

		for (size_t d = 0; d < 2 && ask->asks_forwarder; d++) {
			size_t k = 0;

			if (dests[d] == NULL)
				continue;
			while (k < n && !same_dest(&seen[k], dests[d]))
				k++;
			if (k == n)
				seen[n++] = *dests[d];
		}
	}
	work->out->commits = n;
}

void
m_predict(const struct m_state *now, const struct m_pdu *pdu, struct m_verdict *out)
{
	static struct work work;
	static struct m_state before;

	memset(&work, 0, sizeof work);
	before = *now;
	work.now = &before;
	work.pdu = pdu;
	work.out = out;
	memset(out, 0, offsetof(struct m_verdict, after));
	out->after = *now;
	for (size_t i = 0; i < pdu->n && out->error == 0; i++) {
		out->error = error_of(&pdu->vb[i]);
		out->at = i;
	}
	if (out->error != 0)
		return;
	for (size_t i = 0; i < pdu->n; i++)
		collect(&work, i);
	for (size_t i = 0; i < work.nasks; i++)
		act(&work, &work.ask[i]);
	settle_touches(&work);
	settle_keys(&work);
	for (size_t i = 0; i < work.nasks; i++)
		if (work.ask[i].makes && work.ask[i].name->table != 'i')
			name_it(&work, &work.ask[i]);
	out->good = true;
	for (size_t i = 0; i < work.nasks; i++)
		out->good = out->good && !work.ask[i].refused;
	if (!out->good)
		settle_followers(&work);
	if (!out->good || out->skip)
		return;
	count_commits(&work);
	apply(&work);
}

bool
m_foreign_add(struct m_state *state, const struct m_dest *dest, const struct m_hop *hop,
              unsigned ifx, unsigned metric, unsigned tag)
{
	struct m_route *route = &state->route[state->nroutes];

	*route = (struct m_route){ .dest = *dest,
		                   .hop = *hop,
		                   .ifx = ifx,
		                   .tag = tag,
		                   .value = { 0, 0, 0, metric, -1, -1, -1, -1, 0 } };
	for (size_t i = 0; i < state->nstaged; i++)
		if (same_dest(&state->staged[i].dest, dest))
			return false; /* its name might be taken */
	if (hop->none && !m_zoned(dest))
		route->policy = ifx;
	for (size_t i = 0; i < state->nroutes; i++) {
		const struct m_route *other = &state->route[i];

		if (!same_dest(&other->dest, dest) || !same_hop(&other->hop, hop))
			continue;
		if (other->ifx == ifx)
			return false;
		if (!hop->none && !m_zoned(dest) && hop->zone == 0)
			route->policy = ifx;
	}
	state->nroutes++;
	return true;
}

/* ---- what the tables show ---------------------------------------------------- */

char
m_column_type(char table, unsigned column)
{
	static const char route_types[] = "-aiiiiiaiiiaio";

	return table == 'r' ? route_types[column] : column_of(table, column)->type;
}

static void
common_cells(char table, const struct m_dest *dest, const struct m_hop *hop, int64_t *cell)
{
	if (table == 'i' || table == 'r')
		return;
	cell[1] = number_of(dest->a);
	cell[2] = mask_of(dest->len);
	cell[3] = 0;
	cell[4] = number_of(hop->a);
}

/* Where a table has what. */
static void
put_cells(char table, const int64_t *value, int64_t proto, int64_t status, int64_t *cell)
{
	static const struct {
		char table;
		uint8_t at[M_VALUES], proto, status;
	} places[] = {
		{ 'i', { 7, 8, 11, 12, 13, 14, 15, 16, 0 }, 9, 17 },
		{ 'c', { 5, 6, 10, 11, 12, 13, 14, 15, 9 }, 7, 16 },
		{ 'f', { 5, 6, 10, 11, 12, 13, 14, 15, 9 }, 7, 0 },
		{ 'r', { 2, 8, 0, 3, 4, 5, 6, 12, 13 }, 9, 0 },
	};

	for (size_t p = 0; p < COUNT(places); p++) {
		if (places[p].table != table)
			continue;
		for (size_t i = 0; i < M_VALUES; i++)
			cell[places[p].at[i]] = value[i];
		cell[places[p].proto] = proto;
		cell[places[p].status] = status;
	}
}

static void
show_route(char table, const struct m_route *route, struct m_row *out)
{
	struct m_name name = name_of(route, table);
	int64_t value[M_VALUES], proto = route->own ? 3 : m_foreign_proto;

	out->nsub = m_index(&name, out->sub);
	if (table == 'f')
		out->sub[4] = (uint32_t)proto;
	common_cells(table, &route->dest, &route->hop, out->cell);
	project(table, route, value);
	if (table != 'i')
		value[M_AS] = small_as(value[M_AS]);
	if ((table == 'f' || table == 'r') && value[M_TYPE] != 3 && value[M_TYPE] != 4)
		value[M_TYPE] = 1;
	put_cells(table, value, proto, 1, out->cell);
	if (table != 'r')
		return;
	out->cell[1] = number_of(route->dest.a);
	out->cell[11] = mask_of(route->dest.len);
	out->cell[7] = value[M_TYPE] == 3 ? m_own_address[route->ifx] : number_of(route->hop.a);
}

static void
show_staged(const struct m_staged *row, struct m_row *out)
{
	struct m_name name = { .table = row->table,
		               .dest = row->dest,
		               .hop = row->hop,
		               .zone = row->zone,
		               .policy = row->policy };
	int64_t value[M_VALUES];

	memcpy(value, row->value, sizeof value);
	if (row->table == 'c')
		value[M_AS] = small_as(value[M_AS]);
	out->nsub = m_index(&name, out->sub);
	common_cells(row->table, &row->dest, &row->hop, out->cell);
	put_cells(row->table, value, 3, complete(row->table, row->value) ? 2 : 3, out->cell);
}

/* By name; staged ones before the routes that they hide, then the longest mask. */
static int
row_order(const void *va, const void *vb)
{
	const struct m_row *a = va, *b = vb;
	int order = compare_subs(a->sub, a->nsub, b->sub, b->nsub);

	if (order != 0)
		return order;
	if (a->alike != b->alike)
		return a->alike < b->alike ? -1 : 1;
	return 0;
}

static struct m_row *
one_more(struct m_table *table, size_t rank)
{
	struct m_row *row = &table->row[table->n++];

	for (size_t i = 0; i <= M_MAX_COLUMN; i++)
		row->cell[i] = M_UNSET;
	row->alike = rank;
	return row;
}

/* Of rows with one name only those of the lowest rank can be the one that is shown. */
static void
count_alikes(struct m_table *table)
{
	size_t kept = 0;

	table->shown = 0;
	for (size_t i = 0; i < table->n;) {
		size_t first = kept, k = i;

		for (; k < table->n && compare_subs(table->row[i].sub, table->row[i].nsub,
		                                    table->row[k].sub, table->row[k].nsub) == 0;
		     k++)
			if (table->row[k].alike == table->row[i].alike && k != i)
				table->row[kept++] = table->row[k];
			else if (k == i)
				table->row[kept++] = table->row[i];
		i = k;
		for (size_t j = first; j < kept; j++)
			table->row[j].alike = kept - first;
		table->shown++;
	}
	table->n = kept;
}

void
m_show(const struct m_state *state, struct m_table *table)
{
	static const struct {
		char letter;
		unsigned first, last, age;
	} shapes[] = {
		{ 'i', 7, 17, 10 }, { 'c', 1, 16, 8 }, { 'f', 1, 15, 8 }, { 'r', 1, 13, 10 }
	};

	for (size_t i = 0; i < COUNT(shapes); i++)
		if (shapes[i].letter == table->letter) {
			table->first = shapes[i].first;
			table->last = shapes[i].last;
			table->age = shapes[i].age;
		}
	table->n = 0;
	for (size_t i = 0; i < state->nroutes; i++)
		if (table->letter == 'i' || !state->route[i].dest.v6)
			show_route(table->letter, &state->route[i],
			           one_more(table, 33u + 32u -
			                               (state->route[i].dest.v6
			                                    ? 32u
			                                    : state->route[i].dest.len)));
	for (size_t i = 0; i < state->nstaged; i++)
		if (state->staged[i].table == table->letter)
			show_staged(&state->staged[i], one_more(table, 0));
	qsort(table->row, table->n, sizeof table->row[0], row_order);
	count_alikes(table);
}
