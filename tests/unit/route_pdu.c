/*
 * Random PDUs for the model: most of them ask for what can be, through a table drawn by
 * lot; some for what cannot; some are spoilt in a varbind, a name or a repetition. One
 * number decides everything, so a run that fails can be run again.
 */
#include "route_model.h"

#include <string.h>

static uint32_t state, places = 60;

void
m_seed(uint32_t seed)
{
	state = seed * 2654435761u + 1;
}

void
m_places(uint32_t n)
{
	places = n;
}

uint32_t
m_draw(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(state >> 4) * below >> 28);
}

bool
m_chance(uint32_t percent)
{
	return m_draw(100) < percent;
}

/* ---- destinations and next hops --------------------------------------------------- */

#define V4(a, b, c, d, len)                                                                    \
	{                                                                                      \
		false, { a, b, c, d }, len                                                     \
	}

struct m_dest
m_some_dest(void)
{
	static const struct m_dest special[] = {
		V4(0, 0, 0, 0, 0),
		V4(10, 0, 0, 0, 8),
		V4(10, 0, 0, 0, 9),
		V4(10, 128, 0, 0, 9),
		V4(169, 0, 0, 0, 8),
		V4(169, 255, 0, 0, 16),
		V4(203, 0, 113, 7, 32),
		V4(223, 255, 255, 255, 32),
		V4(169, 254, 0, 0, 16),
		V4(169, 254, 7, 0, 24),
		{ true, { 0 }, 0 },
		{ true, { 0x20, 1, 0x0d, 0xb8 }, 32 },
		{ true, { 0xfe }, 8 },
		{ true, { 0xfe, 0xc0 }, 10 },
		{ true, { 0xfe, 0x80 }, 10 },
		{ true, { 0xfe, 0x80 }, 64 },
	};
	static const uint8_t lens[] = { 16, 16, 20, 24, 32 };
	struct m_dest dest;

	if (m_chance(20))
		return special[m_draw(sizeof special / sizeof special[0])];
	if (m_chance(places < 10 ? 5 : 25)) {
		dest = (struct m_dest){ true,
			                { 0x20, 1, 0x0d, 0xb8, 0, (uint8_t)m_draw(40) },
			                48 };
		return dest;
	}
	dest = (struct m_dest){ false, { 10, (uint8_t)m_draw(places) }, lens[m_draw(5)] };
	return dest;
}

struct m_hop
m_some_hop(bool v6)
{
	static const struct m_hop hops4[] = {
		{ false, true, { 0 }, 0, 0 },
		{ false, false, { 192, 0, 2, 1 }, 0, 2 },
		{ false, false, { 192, 0, 2, 9 }, 0, 2 },
		{ false, false, { 198, 51, 100, 1 }, 0, 3 },
		{ false, false, { 10, 99, 0, 1 }, 0, 0 },
	}, hops6[] = {
		{ true, true, { 0 }, 0, 0 },
		{ true, false, { 0x20, 1, 0x0d, 0xb8, [15] = 1 }, 0, 2 },
		{ true, false, { 0xfe, 0x80, [15] = 1 }, 2, 2 },
		{ true, false, { 0xfe, 0x80, [15] = 1 }, 3, 3 },
	};

	return v6 ? hops6[m_draw(4)] : hops4[m_draw(5)];
}

/* ---- columns ------------------------------------------------------------------------ */

static void
put(struct m_pdu *pdu, const struct m_name *name, unsigned column, char type, int64_t value)
{
	if (pdu->n < M_MAX_VBS)
		pdu->vb[pdu->n++] = (struct m_varbind){ *name, column, type, value };
}

static int64_t
some_as(char table)
{
	static const int64_t as[] = { 0, 1, 65001, INT32_MAX, 4200000000, UINT32_MAX };

	return as[m_draw(table == 'i' ? 6 : 4)];
}

/* Columns that nobody needs. */
static void
put_extras(struct m_pdu *pdu, const struct m_name *name, uint32_t percent)
{
	unsigned as = name->table == 'i' ? 11 : 10, metric = name->table == 'i' ? 12 : 11;

	if (m_chance(percent))
		put(pdu, name, as, name->table == 'i' ? 'u' : 'i', some_as(name->table));
	if (name->table != 'i' && m_chance(percent))
		put(pdu, name, 9, 'o', m_draw(4));
	if (m_chance(percent))
		put(pdu, name, metric, 'i',
		    m_chance(10) ? -1 : (name->table == 'i' ? 0 : 20) + (int64_t)m_draw(1000));
	for (unsigned i = 1; i <= 4; i++)
		if (m_chance(percent / 2))
			put(pdu, name, metric + i, 'i', (int64_t)m_draw(500) - 1);
}

static uint32_t
mask_of(unsigned len)
{
	return len == 0 ? 0 : 0xffffffffu << (32 - len);
}

static int64_t
some_if(unsigned ifx, const struct m_hop *hop)
{
	return !hop->none && hop->subnet == ifx && m_chance(40) ? 0 : ifx;
}

/* ---- what is asked of rows ------------------------------------------------------------ */

static void
ask_creation(struct m_pdu *pdu)
{
	struct m_name name = { .table = 'i', .dest = m_some_dest() };
	unsigned ifx, lot = m_draw(100);
	int64_t type, column;

	name.hop = m_some_hop(name.dest.v6);
	ifx = name.hop.zone != 0                     ? name.hop.zone
	      : name.hop.subnet != 0 && m_chance(80) ? name.hop.subnet
	                                             : 2 + m_draw(2);
	type = name.hop.none ? 3 : 4;
	if (name.hop.none && !m_zoned(&name.dest) && m_chance(15))
		type = m_chance(50) ? 2 : 5, ifx = 0;
	if (!name.dest.v6 && lot >= 40 && type != 5)
		name.table = lot < 75 ? 'c' : 'f';
	column = type == 2 || type == 5 ? 0 : some_if(ifx, &name.hop);
	if (name.table == 'i') {
		name.zone = m_zoned(&name.dest) ? ifx : 0;
		if (ifx != 0 && m_chance(name.hop.none && name.zone == 0 ? 80 : 20))
			name.policy = ifx;
		put(pdu, &name, 7, 'i', column);
		put(pdu, &name, 8, 'i', type);
		put_extras(pdu, &name, 15);
		put(pdu, &name, 17, 'i', m_chance(80) ? 4 : 5);
	} else if (name.table == 'c') {
		if (column != 0 || m_chance(50))
			put(pdu, &name, 5, 'i', column);
		put(pdu, &name, 6, 'i', type);
		put_extras(pdu, &name, 15);
		put(pdu, &name, 16, 'i', m_chance(80) ? 4 : 5);
	} else if (type != 2) { /* that would be invalid(2) there */
		put(pdu, &name, 2, 'a', mask_of(name.dest.len));
		if (column != 0 || m_chance(50))
			put(pdu, &name, 5, 'i', column);
		put(pdu, &name, 6, 'i', type);
		put_extras(pdu, &name, 15);
	}
}

static void
ask_inet(struct m_pdu *pdu, const struct m_name *name)
{
	uint32_t lot = m_draw(100);

	if (lot < 30)
		put_extras(pdu, name, 30);
	put(pdu, name, 17, 'i', lot < 35 ? 2 : lot < 95 ? 6 : 1);
}

static void
ask_cidr(struct m_pdu *pdu, const struct m_name *name)
{
	uint32_t lot = m_draw(100);

	if (lot < 55) {
		put_extras(pdu, name, 40);
		if (m_chance(15))
			put(pdu, name, 5, 'i', some_if(2 + m_draw(2), &name->hop));
		if (m_chance(15))
			put(pdu, name, 6, 'i', name->hop.none ? 3 : 4);
		if (m_chance(50))
			put(pdu, name, 16, 'i', 1);
	} else {
		put(pdu, name, 16, 'i', lot < 65 ? 2 : lot < 98 ? 6 : 1);
	}
}

static void
ask_forward(struct m_pdu *pdu, const struct m_name *name)
{
	static const uint8_t lens[] = { 16, 20, 24, 32, 8 };
	uint32_t lot = m_draw(100);

	if (lot < 45) {
		put(pdu, name, 6, 'i', 2);
		return;
	}
	put_extras(pdu, name, 40);
	if (m_chance(25))
		put(pdu, name, 2, 'a', mask_of(lens[m_draw(5)]));
	if (m_chance(15))
		put(pdu, name, 5, 'i', some_if(2 + m_draw(2), &name->hop));
	if (m_chance(15))
		put(pdu, name, 6, 'i', name->hop.none ? 3 : 4);
}

static void
ask_route(struct m_pdu *pdu, const struct m_route *route)
{
	struct m_name name = { .table = 'i', .dest = route->dest, .hop = route->hop };
	uint32_t lot = m_draw(100);

	if (!route->dest.v6 && lot >= 40)
		name.table = lot < 75 ? 'c' : 'f';
	if (!route->own && m_chance(90)) { /* of another client: as good as always refused */
		if (name.table != 'f')
			put(pdu, &name, name.table == 'i' ? 17 : 16, 'i', 1);
		if (name.table == 'i') {
			pdu->vb[pdu->n - 1].name.policy = route->policy;
			pdu->vb[pdu->n - 1].name.zone = m_zoned(&route->dest) ? route->ifx : 0;
		}
		return;
	}
	if (name.table == 'i') {
		name.policy = route->policy;
		name.zone = m_zoned(&route->dest) ? route->ifx : 0;
		ask_inet(pdu, &name);
	} else if (name.table == 'c') {
		ask_cidr(pdu, &name);
	} else {
		ask_forward(pdu, &name);
	}
}

static void
ask_staged(struct m_pdu *pdu, const struct m_staged *row)
{
	struct m_name name = { row->table, row->dest, row->hop, row->zone, row->policy, 0 };
	unsigned status = row->table == 'i' ? 17 : 16, ifc = row->table == 'i' ? 7 : 5;
	unsigned ifx = row->zone != 0         ? row->zone
	               : row->policy != 0     ? row->policy
	               : row->hop.zone != 0   ? row->hop.zone
	               : row->hop.subnet != 0 ? row->hop.subnet
	                                      : 2 + m_draw(2);

	if (row->value[M_TYPE] == M_UNSET || row->value[M_IF] == M_UNSET || m_chance(30)) {
		put(pdu, &name, ifc, 'i', some_if(ifx, &row->hop));
		put(pdu, &name, ifc + 1, 'i', row->hop.none ? 3 : 4);
	}
	if (m_chance(30))
		put_extras(pdu, &name, 30);
	put(pdu, &name, status, 'i', m_chance(70) ? 1 : m_chance(30) ? 2 : 6);
}

/* Anything, of a name that may be anybody's. */
static void
ask_wildly(struct m_pdu *pdu, const struct m_state *now)
{
	static const char tables[] = "iicccffr";
	static const int64_t ifs[] = { 0, 0, 1, 2, 3, 99 };
	struct m_name name = { .table = tables[m_draw(8)] };
	unsigned first, status;

	if (now->nroutes > 0 && m_chance(60)) {
		const struct m_route *route = &now->route[m_draw((uint32_t)now->nroutes)];

		name.dest = route->dest;
		name.hop = route->hop;
		name.policy = m_chance(50) ? route->policy : 0;
		name.zone = m_zoned(&route->dest) ? 2 + m_draw(2) : 0;
		if (name.zone != 0 && name.policy != 0)
			name.policy = name.zone;
	} else {
		name.dest = m_some_dest();
		name.hop = m_some_hop(name.dest.v6);
		name.zone = m_zoned(&name.dest) ? 2 + m_draw(2) : 0;
	}
	if (name.hop.zone != 0 && name.zone != 0)
		name.zone = name.hop.zone; /* another would be no name at all */
	if (name.hop.zone != 0 && name.policy != 0)
		name.policy = name.hop.zone;
	if (name.dest.v6)
		name.table = 'i';
	if (name.table != 'i')
		name.zone = name.policy = 0;
	first = name.table == 'i' ? 7 : 5;
	status = name.table == 'i' ? 17 : 16;
	if (name.table == 'r') {
		put(pdu, &name, 1 + m_draw(13), 'i', 2);
		return;
	}
	if (m_chance(50))
		put(pdu, &name, first, 'i', ifs[m_draw(6)]);
	if (m_chance(50))
		put(pdu, &name, first + 1, 'i', 2 + m_draw(name.table == 'i' ? 4 : 3));
	put_extras(pdu, &name, 15);
	if (name.table == 'f' && m_chance(40))
		put(pdu, &name, 2, 'a', mask_of(name.dest.len));
	if (name.table != 'f' && m_chance(80)) {
		static const int64_t statuses[] = { 1, 2, 4, 4, 5, 6, 6 };

		put(pdu, &name, status, 'i', statuses[m_draw(7)]);
	}
}

/* ---- spoiling ---------------------------------------------------------------- */

static void
spoil_varbind(struct m_varbind *vb)
{
	static const char types[] = "iuaon";

	switch (m_draw(4)) {
	case 0:
		vb->type = types[m_draw(5)];
		break;
	case 1:
		vb->column = m_draw(19);
		break;
	case 2:
		vb->value = m_chance(50) ? -2 : 3;
		break;
	default:
		if (vb->name.table == 'f' && vb->column == 2)
			vb->value = 0xff00ff00;
		else
			vb->column = vb->name.table == 'i' ? 9 : 7;
	}
	if (vb->type == 'u' && vb->value < 0)
		vb->value = 7;
	if (vb->type == 'o' && (vb->value < 0 || vb->value > INT32_MAX))
		vb->value = 1;
	if (vb->type == 'a' && (vb->value < 0 || vb->value > UINT32_MAX))
		vb->value = 0;
	if (vb->type == 'i' && vb->value > INT32_MAX)
		vb->value = 4;
}

/* All varbinds of a row, or they would be two rows. */
static void
spoil_name(struct m_pdu *pdu)
{
	const struct m_name old = pdu->vb[m_draw((uint32_t)pdu->n)].name;
	int broken = 1 + (int)m_draw(5);
	bool full = old.dest.len == (old.dest.v6 ? 128 : 32);

	if (old.table == 'r' || (broken == 1 && (full || old.table == 'f')) ||
	    (broken == 4 && old.table == 'f') || (broken == 5 && old.table != 'f'))
		return;
	for (size_t i = 0; i < pdu->n; i++) {
		struct m_name *name = &pdu->vb[i].name;

		if (name->table == old.table &&
		    memcmp(&name->dest, &old.dest, sizeof old.dest) == 0)
			name->broken = broken;
	}
}

static void
repeat(struct m_pdu *pdu)
{
	struct m_varbind vb = pdu->vb[m_draw((uint32_t)pdu->n)];

	if (m_chance(40) && vb.type == 'i')
		vb.value += vb.value < INT32_MAX ? 1 : -1;
	put(pdu, &vb.name, vb.column, vb.type, vb.value);
}

static void
shuffle(struct m_pdu *pdu)
{
	for (size_t i = pdu->n; i > 1; i--) {
		size_t k = m_draw((uint32_t)i);
		struct m_varbind swap = pdu->vb[k];

		pdu->vb[k] = pdu->vb[i - 1];
		pdu->vb[i - 1] = swap;
	}
}

void
m_make_pdu(const struct m_state *now, bool grow, struct m_pdu *out)
{
	size_t want = m_chance(35) ? 1 : 1 + m_draw(M_MAX_VBS);

	memset(out, 0, sizeof *out);
	while (out->n < want || out->n == 0) {
		uint32_t lot = m_draw(100);

		if (m_chance(3))
			ask_wildly(out, now);
		else if (lot < (grow ? 75u : 25u) || now->nroutes == 0)
			ask_creation(out);
		else if (m_draw((uint32_t)(now->nroutes + now->nstaged)) >= now->nroutes)
			ask_staged(out, &now->staged[m_draw((uint32_t)now->nstaged)]);
		else
			ask_route(out, &now->route[m_draw((uint32_t)now->nroutes)]);
	}
	if (m_chance(4))
		spoil_varbind(&out->vb[m_draw((uint32_t)out->n)]);
	if (m_chance(3))
		spoil_name(out);
	if (m_chance(4))
		repeat(out);
	if (m_chance(60))
		shuffle(out);
}
