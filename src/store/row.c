/*
 * One chapter: a row, its parameters and its columns are one table.
 *
 * Numbers are described once, by where they lie in the struct, how wide they are and what
 * may be in them; binding and reading walk the same description, so they cannot differ.
 * The three things that are not numbers (addresses, OIDs, the interface's name) take
 * their turn at fixed places. Addresses are BLOBs in network order, because SQLite
 * compares BLOBs as bytes and the key then sorts as the MIB does; OIDs are BLOBs of
 * big-endian sub-identifiers.
 *
 * Reading is strict: whatever the file holds, a row comes out that could have been
 * written, or none. What the values mean is not judged here.
 *
 * A statement keeps its parameters from one execution to the next, and most members of a row
 * are as in the row before. So what a statement holds is remembered, and only what differs is
 * bound.
 */
#include "store/store_int.h"

#include <limits.h>
#include <string.h>

#include "base/number.h"

enum form { NUMBER, FAMILY, PREFIX, NEXT_HOP, POLICY, INFO, NAME };

struct column {
	enum form form;
	size_t at;
	uint8_t width; /* of the member in bytes */
	int64_t min, max;
};

#define AT(member, least, most)                                                                \
	{                                                                                      \
		NUMBER, offsetof(struct store_row, member),                                    \
		    sizeof(((struct store_row *)0)->member), least, most                       \
	}
#define AS(form)                                                                               \
	{                                                                                      \
		form, 0, 0, 0, 0                                                               \
	}

/* In the order of STORE_COLUMNS; the first STORE_KEY_COUNT are the key. */
static const struct column columns[STORE_COLUMN_COUNT] = {
	AT(instance, 0, UINT16_MAX),
	AS(FAMILY),
	AS(PREFIX),
	AT(row.DestinationPrefix.PrefixLength, 0, 128),
	AS(NEXT_HOP),
	AT(row.InterfaceIndex, 0, UINT32_MAX),
	AS(POLICY),
	AT(prefix_zone, 0, UINT32_MAX),
	AT(next_hop_zone, 0, UINT32_MAX),
	AS(NAME),
	AT(kind, STORE_UNICAST, STORE_BLACKHOLE),
	AT(type, 0, UINT16_MAX),
	AT(row.Metric, 0, UINT32_MAX),
	AT(metric[0], INT32_MIN, INT32_MAX),
	AT(metric[1], INT32_MIN, INT32_MAX),
	AT(metric[2], INT32_MIN, INT32_MAX),
	AT(metric[3], INT32_MIN, INT32_MAX),
	AT(next_hop_as, 0, UINT32_MAX),
	AS(INFO),
	AT(row.Protocol, 0, UINT32_MAX),
	AT(row.SitePrefixLength, 0, UINT8_MAX),
	AT(row.ValidLifetime, 0, UINT32_MAX),
	AT(row.PreferredLifetime, 0, UINT32_MAX),
	AT(row.Loopback, 0, UINT8_MAX),
	AT(row.AutoconfigureAddress, 0, UINT8_MAX),
	AT(row.Publish, 0, UINT8_MAX),
	AT(row.Immortal, 0, UINT8_MAX),
	AT(status, STORE_ACTIVE, STORE_NOT_IN_SERVICE),
	AT(columns_set, 0, STORE_COLUMNS_ALL),
	AT(created_s, 0, INT64_MAX),
};

static int64_t
number_get(const struct column *c, const struct store_row *row)
{
	uint64_t value = number_load((const char *)row + c->at, c->width);

	return c->width == 4 && c->min < 0 ? (int32_t)value : (int64_t)value;
}

static void
number_put(const struct column *c, struct store_row *row, int64_t value)
{
	number_store((char *)row + c->at, c->width, (uint64_t)value);
}

static int
address_size(ADDRESS_FAMILY family)
{
	return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

static const void *
address_bytes(const SOCKADDR_INET *a)
{
	return a->si_family == AF_INET6 ? (const void *)&a->Ipv6.sin6_addr
	                                : (const void *)&a->Ipv4.sin_addr;
}

static bool
oid_fits(const struct store_oid *oid)
{
	return oid->len <= STORE_OID_MAX;
}

static bool
oid_same(const struct store_oid *a, const struct store_oid *b)
{
	return a->len == b->len && memcmp(a->sub, b->sub, a->len * sizeof(a->sub[0])) == 0;
}

/*
 * Whether two rows differ in the destination alone, as the rows of a PDU do. They are looked at
 * octet by octet, so of two that are the same this may say no, which costs time.
 */
static bool
is_alike(const struct store_row *a, const struct store_row *b)
{
	const size_t dest = offsetof(struct store_row, row.DestinationPrefix);
	const size_t rest = dest + sizeof(a->row.DestinationPrefix);
	const char *at = (const char *)a, *bt = (const char *)b;

	return memcmp(at, bt, dest) == 0 &&
	       memcmp(at + rest, bt + rest, offsetof(struct store_row, policy) - rest) == 0 &&
	       oid_same(&a->policy, &b->policy) && oid_same(&a->info, &b->info);
}

static bool
is_of_dest(const struct column *c)
{
	return c->form == FAMILY || c->form == PREFIX ||
	       c->at == offsetof(struct store_row, row.DestinationPrefix.PrefixLength);
}

bool
row_fits(const struct store_row *row, const struct row_bound *like, bool key_only)
{
	const IP_ADDRESS_PREFIX *dest = &row->row.DestinationPrefix;
	ADDRESS_FAMILY family = dest->Prefix.si_family;
	int n = key_only ? STORE_KEY_COUNT : STORE_COLUMN_COUNT;

	if (address_size(family) == 0 || row->row.NextHop.si_family != family ||
	    dest->PrefixLength > 8 * address_size(family) || !oid_fits(&row->policy))
		return false;
	if (like != NULL && like->known && is_alike(row, &like->row))
		return true;
	for (int i = 0; i < n; i++) {
		int64_t v = columns[i].form == NUMBER ? number_get(&columns[i], row) : 0;

		if (columns[i].form == NUMBER && (v < columns[i].min || v > columns[i].max))
			return false;
	}
	return key_only ||
	       (oid_fits(&row->info) && memchr(row->if_name, 0, sizeof(row->if_name)) != NULL);
}

/* Nearly every OID is 0.0, and SQLite need not copy what does not go away. */
static int
oid_bind(sqlite3_stmt *stmt, int at, const struct store_oid *oid)
{
	static const uint8_t none[8] = { 0 };
	uint8_t bytes[4 * STORE_OID_MAX];

	if (oid->len == 2 && oid->sub[0] == 0 && oid->sub[1] == 0)
		return sqlite3_bind_blob(stmt, at, none, sizeof(none), SQLITE_STATIC);
	for (size_t i = 0; i < oid->len; i++) {
		bytes[4 * i] = (uint8_t)(oid->sub[i] >> 24);
		bytes[4 * i + 1] = (uint8_t)(oid->sub[i] >> 16);
		bytes[4 * i + 2] = (uint8_t)(oid->sub[i] >> 8);
		bytes[4 * i + 3] = (uint8_t)oid->sub[i];
	}
	return sqlite3_bind_blob(stmt, at, bytes, 4 * oid->len, SQLITE_TRANSIENT);
}

static int
column_bind(sqlite3_stmt *stmt, int at, const struct column *c, const struct store_row *row)
{
	const SOCKADDR_INET *prefix = &row->row.DestinationPrefix.Prefix;
	const SOCKADDR_INET *hop = &row->row.NextHop;
	int size = address_size(prefix->si_family);

	switch (c->form) {
	case FAMILY:
		return sqlite3_bind_int(stmt, at, size == 4 ? 4 : 6);
	case PREFIX:
		return sqlite3_bind_blob(stmt, at, address_bytes(prefix), size, SQLITE_STATIC);
	case NEXT_HOP:
		return sqlite3_bind_blob(stmt, at, address_bytes(hop), size, SQLITE_STATIC);
	case POLICY:
		return oid_bind(stmt, at, &row->policy);
	case INFO:
		return oid_bind(stmt, at, &row->info);
	case NAME:
		return sqlite3_bind_text(stmt, at, row->if_name, -1, SQLITE_STATIC);
	default:
		return sqlite3_bind_int64(stmt, at, number_get(c, row));
	}
}

/* Of two rows of one address family. */
static bool
column_same(const struct column *c, const struct store_row *a, const struct store_row *b)
{
	const SOCKADDR_INET *prefix = &a->row.DestinationPrefix.Prefix;
	size_t size = (size_t)address_size(prefix->si_family);

	switch (c->form) {
	case FAMILY:
		return true;
	case PREFIX:
		return memcmp(address_bytes(prefix),
		              address_bytes(&b->row.DestinationPrefix.Prefix), size) == 0;
	case NEXT_HOP:
		return memcmp(address_bytes(&a->row.NextHop), address_bytes(&b->row.NextHop),
		              size) == 0;
	case POLICY:
		return oid_same(&a->policy, &b->policy);
	case INFO:
		return oid_same(&a->info, &b->info);
	case NAME:
		return strcmp(a->if_name, b->if_name) == 0;
	default:
		return number_get(c, a) == number_get(c, b);
	}
}

/*
 * The first `wanted' columns as parameters 1, 2, ... of a statement that holds those in
 * `bound', always the same number of them. SQLite reads addresses and names from there.
 */
int
row_bind(sqlite3_stmt *stmt, struct row_bound *bound, const struct store_row *row, int wanted)
{
	bool known =
	    bound->known && bound->row.row.NextHop.si_family == row->row.NextHop.si_family;
	bool alike = known && is_alike(row, &bound->row);
	bool stays[STORE_COLUMN_COUNT] = { false };
	int rc = SQLITE_OK;

	for (int i = 0; known && i < wanted; i++)
		stays[i] = (alike && !is_of_dest(&columns[i])) ||
		           column_same(&columns[i], &bound->row, row);
	bound->row = *row;
	for (int i = 0; rc == SQLITE_OK && i < wanted; i++)
		if (!stays[i])
			rc = column_bind(stmt, i + 1, &columns[i], &bound->row);
	bound->known = rc == SQLITE_OK;
	return rc;
}

static bool
oid_read(sqlite3_stmt *stmt, int at, struct store_oid *out)
{
	int size = sqlite3_column_bytes(stmt, at);
	const uint8_t *p = sqlite3_column_blob(stmt, at);

	if (sqlite3_column_type(stmt, at) != SQLITE_BLOB || size % 4 != 0 ||
	    size > 4 * STORE_OID_MAX || (size != 0 && p == NULL))
		return false;
	out->len = (uint16_t)(size / 4);
	for (size_t i = 0; i < out->len; i++, p += 4)
		out->sub[i] =
		    (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	return true;
}

static bool
address_read(sqlite3_stmt *stmt, int at, SOCKADDR_INET *out)
{
	int size = address_size(out->si_family);
	const void *p = sqlite3_column_blob(stmt, at);

	if (sqlite3_column_type(stmt, at) != SQLITE_BLOB || p == NULL || size == 0 ||
	    sqlite3_column_bytes(stmt, at) != size)
		return false;
	memcpy(size == 4 ? (void *)&out->Ipv4.sin_addr : (void *)&out->Ipv6.sin6_addr, p,
	       (size_t)size);
	return true;
}

static bool
name_read(sqlite3_stmt *stmt, int at, char *out)
{
	const unsigned char *p = sqlite3_column_text(stmt, at);
	int size = sqlite3_column_bytes(stmt, at);

	if (sqlite3_column_type(stmt, at) != SQLITE_TEXT || p == NULL ||
	    size > STORE_NAME_MAX || memchr(p, 0, (size_t)size) != NULL)
		return false;
	memcpy(out, p, (size_t)size + 1);
	return true;
}

static bool
column_read(sqlite3_stmt *stmt, int at, const struct column *c, struct store_row *row)
{
	SOCKADDR_INET *prefix = &row->row.DestinationPrefix.Prefix;
	SOCKADDR_INET *hop = &row->row.NextHop;
	int64_t v;

	switch (c->form) {
	case PREFIX:
		return address_read(stmt, at, prefix);
	case NEXT_HOP:
		return address_read(stmt, at, hop);
	case POLICY:
		return oid_read(stmt, at, &row->policy);
	case INFO:
		return oid_read(stmt, at, &row->info);
	case NAME:
		return name_read(stmt, at, row->if_name);
	default:
		break;
	}
	if (sqlite3_column_type(stmt, at) != SQLITE_INTEGER)
		return false;
	v = sqlite3_column_int64(stmt, at);
	if (c->form == FAMILY) {
		prefix->si_family = hop->si_family = v == 4 ? AF_INET : AF_INET6;
		return v == 4 || v == 6;
	}
	number_put(c, row, v);
	return v >= c->min && v <= c->max;
}

/* false: the file holds what was never written. */
bool
row_read(sqlite3_stmt *stmt, struct store_row *out)
{
	memset(out, 0, offsetof(struct store_row, policy));
	for (int i = 0; i < STORE_COLUMN_COUNT; i++) {
		if (!column_read(stmt, i, &columns[i], out))
			return false;
	}
	return row_fits(out, NULL, false);
}
