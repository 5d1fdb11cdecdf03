/*
 * A model of the four route tables: what RFC 2579, 3416, 4292, 2096, 1354 and 1213 make of
 * SETs, with no word of the program it is a model of. Routes and staged rows stand in
 * plain arrays and everything is found by looking at all of them, so it is slow and easy
 * to believe.
 *
 *   route_model.c   the rows, what a PDU does to them, what every table then shows
 *   route_pdu.c     random PDUs, from one number
 *
 * test_mib_model.c holds the MIB floor to it, tests/tools/random_sets.c a whole rtmd.
 */
#ifndef TESTS_ROUTE_MODEL_H
#define TESTS_ROUTE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define M_UNSET INT64_MIN
#define M_MAX_ROWS 2048
#define M_MAX_VBS 40
#define M_MAX_SUBS 64

/* error-status as far as the model says it; also a bit in a set of them */
enum {
	M_WRONGTYPE = 7,
	M_WRONGVALUE = 10,
	M_NOCREATION = 11,
	M_INCONSISTENTVALUE = 12,
	M_COMMITFAILED = 14,
	M_NOTWRITABLE = 17,
	M_INCONSISTENTNAME = 18
};

enum m_kind { M_UNICAST, M_REJECT, M_BLACKHOLE };

struct m_dest {
	bool v6;
	uint8_t a[16], len;
};

struct m_hop {
	bool v6, none;
	uint8_t a[16];
	unsigned zone;   /* of a link-local one: an interface */
	unsigned subnet; /* the interface it is found on; 0: none */
};

/* What a row has beside its name. Metric1 is the route's own part in a route and in rows of
 * inetCidrRouteTable, the total in staged rows of ipCidrRouteTable, as written. */
enum m_value { M_IF, M_TYPE, M_AS, M_M1, M_M2, M_M3, M_M4, M_M5, M_INFO, M_VALUES };

struct m_route {
	struct m_dest dest;
	struct m_hop hop;
	unsigned ifx; /* 0 where nothing is forwarded */
	enum m_kind kind;
	bool own;
	unsigned policy;         /* in its name in inetCidrRouteTable: 0 or ifx */
	int64_t value[M_VALUES]; /* but IF and TYPE */
	unsigned tag;            /* the caller's: which foreign route this is */
};

struct m_staged {
	char table; /* 'i' or 'c': the one it is shown in */
	struct m_dest dest;
	struct m_hop hop;
	unsigned zone, policy;
	bool suspended;
	int64_t value[M_VALUES];
};

struct m_state {
	struct m_route route[M_MAX_ROWS];
	size_t nroutes;
	struct m_staged staged[M_MAX_ROWS];
	size_t nstaged;
};

/* A name in a table. ipForwardTable's has no length; `dest.len' is not looked at there. */
struct m_name {
	char table; /* i c f r */
	struct m_dest dest;
	struct m_hop hop;
	unsigned zone, policy; /* i: of a link-local destination; in the policy */
	int broken;            /* 0, or how it is no name; see m_index() */
};

struct m_varbind {
	struct m_name name;
	unsigned column;
	char type; /* i u a o n: as it goes over the wire */
	int64_t value;
};

struct m_pdu {
	struct m_varbind vb[M_MAX_VBS];
	size_t n;
};

/* What becomes of a PDU. */
struct m_verdict {
	bool good;
	bool skip; /* it hangs on an order that is none of the model's business */
	int error; /* of a varbind by itself, then `at' is exact; 0: see below */
	size_t at;
	uint32_t allowed[M_MAX_VBS]; /* for each varbind: errors it may be blamed for */
	size_t commits;              /* destinations that the forwarder hears of */
	struct m_state after;
};

/** How routes of others show: their protocol's number. */
extern unsigned m_foreign_proto;
/** The IPv4 addresses of the interfaces, which ipRouteTable shows; 0: none. */
extern int64_t m_own_address[4];

/** The sub-identifiers of a name. */
size_t m_index(const struct m_name *name, uint32_t *out);
size_t m_index_text(const struct m_name *name, char *out, size_t size);
void m_predict(const struct m_state *now, const struct m_pdu *pdu, struct m_verdict *out);
/** A route of another client comes; false: not now, it would be an order's business. */
bool m_foreign_add(struct m_state *state, const struct m_dest *dest, const struct m_hop *hop,
                   unsigned ifx, unsigned metric, unsigned tag);
/** Whether two rows have one name in an older table, which then shows one of them. */
bool m_is_ambiguous(const struct m_state *state, const struct m_route *route);

/* ---- what the tables show ---- */

#define M_MAX_COLUMN 17

struct m_row {
	uint32_t sub[M_MAX_SUBS];
	size_t nsub;
	/* By column. M_UNSET: no value. An OBJECT IDENTIFIER is 1.3.<value>, or 0.0 for 0. */
	int64_t cell[M_MAX_COLUMN + 1];
	size_t alike; /* how many rows in a row have this name: one of them is shown */
};

struct m_table {
	char letter;
	unsigned first, last; /* columns that can be read */
	unsigned age;         /* the one that is not compared */
	struct m_row *row;
	size_t n;     /* in order, alikes one behind the other */
	size_t shown; /* without the alikes */
};

/** The letter of a column's type: i u a o. */
char m_column_type(char table, unsigned column);
/** Fill in what a table shows, in the order of its names; rows for M_MAX_ROWS are there. */
void m_show(const struct m_state *state, struct m_table *table);

bool m_zoned(const struct m_dest *dest);

/* ---- route_pdu.c ---- */

void m_seed(uint32_t seed);
/** How many IPv4 addresses there are beside the special ones; few: everybody meets. */
void m_places(uint32_t n);
uint32_t m_draw(uint32_t below);
bool m_chance(uint32_t percent);
struct m_dest m_some_dest(void);
struct m_hop m_some_hop(bool v6);
/** A PDU of 1 to 40 varbinds; with `grow' mostly creations, in both cases of all kinds. */
void m_make_pdu(const struct m_state *now, bool grow, struct m_pdu *out);

#endif
