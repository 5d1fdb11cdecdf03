/*
 * One chapter: a row of the store and a JSON object, by one table of members.
 *
 * Numbers are described once, with where they lie and what may be in them; both directions
 * walk the table. Reading is strict: a member that is not known, is of another type or is
 * out of its range is told by name, since a typing mistake in a file of routes must not
 * become a route.
 */
#include "rtmctl_json.h"

#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/number.h"

enum form { NUMBER, TRUTH, PREFIX, HOP, OID, METRICS, KIND, STATUS, NAME };

struct member {
	const char *name;
	enum form form;
	size_t at, width;
	int64_t min, max;
};

#define AT(name, what, least, most)                                                            \
	{                                                                                      \
		name, NUMBER, offsetof(struct store_row, what),                                \
		    sizeof(((struct store_row *)0)->what), least, most                         \
	}
#define BOOL_AT(name, what)                                                                    \
	{                                                                                      \
		name, TRUTH, offsetof(struct store_row, what), 1, 0, 1                         \
	}
#define AS(name, form, what)                                                                   \
	{                                                                                      \
		name, form, offsetof(struct store_row, what), 0, 0, 0                          \
	}

static const struct member members[] = {
	AT("instance", instance, 0, UINT16_MAX),
	AS("prefix", PREFIX, row),
	AS("next_hop", HOP, row),
	AT("interface", row.InterfaceIndex, 0, UINT32_MAX),
	AS("interface_name", NAME, if_name),
	AS("policy", OID, policy),
	AS("kind", KIND, kind),
	AS("status", STATUS, status),
	AT("metric", row.Metric, 0, UINT32_MAX),
	AS("metrics", METRICS, metric),
	AT("next_hop_as", next_hop_as, 0, UINT32_MAX),
	AS("info", OID, info),
	AT("protocol", row.Protocol, 0, UINT32_MAX),
	AT("site_prefix_length", row.SitePrefixLength, 0, UINT8_MAX),
	AT("valid_lifetime", row.ValidLifetime, 0, UINT32_MAX),
	AT("preferred_lifetime", row.PreferredLifetime, 0, UINT32_MAX),
	BOOL_AT("loopback", row.Loopback),
	BOOL_AT("autoconfigure_address", row.AutoconfigureAddress),
	BOOL_AT("publish", row.Publish),
	BOOL_AT("immortal", row.Immortal),
	AT("type", type, 0, UINT16_MAX),
	AT("columns", columns_set, 0, STORE_COLUMNS_ALL),
	AT("prefix_zone", prefix_zone, 0, UINT32_MAX),
	AT("next_hop_zone", next_hop_zone, 0, UINT32_MAX),
	AT("changed", created_s, 0, INT64_MAX),
};
#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const char *const kinds[] = { "unicast", "reject", "blackhole" };
static const char *const statuses[] = { NULL, "active", "notInService" };

/* ---- out ----------------------------------------------------------------------------- */

static int64_t
number_get(const struct member *m, const struct store_row *row)
{
	return (int64_t)number_load((const char *)row + m->at, m->width);
}

static json_t *
oid_of(const struct store_oid *oid)
{
	json_t *array = json_array();

	for (size_t i = 0; i < oid->len; i++)
		json_array_append_new(array, json_integer(oid->sub[i]));
	return array;
}

static json_t *
hop_of(const struct store_row *row)
{
	char text[ADDR_TEXT_SIZE];
	struct addr addr;

	if (!addr_from_sockaddr(&addr, &row->row.NextHop) || addr_is_unspecified(&addr))
		return json_null();
	return json_string(addr_format(&addr, text, sizeof(text)));
}

static json_t *
value_of(const struct member *m, const struct store_row *row)
{
	char text[PREFIX_TEXT_SIZE];
	struct prefix prefix;
	json_t *array;

	switch (m->form) {
	case NUMBER:
		return json_integer(number_get(m, row));
	case TRUTH:
		return json_boolean(number_get(m, row) != 0);
	case PREFIX:
		prefix_from_ip_prefix(&prefix, &row->row.DestinationPrefix);
		return json_string(prefix_format(&prefix, text, sizeof(text)));
	case HOP:
		return hop_of(row);
	case OID:
		return oid_of(
		    (const struct store_oid *)(const void *)((const char *)row + m->at));
	case METRICS:
		array = json_array();
		for (size_t i = 0; i < 4; i++)
			json_array_append_new(array, json_integer(row->metric[i]));
		return array;
	case KIND:
		return json_string(kinds[row->kind]);
	case STATUS:
		return json_string(statuses[row->status]);
	case NAME:
		return json_string(row->if_name);
	}
	return NULL;
}

json_t *
json_of_row(const struct store_row *row)
{
	json_t *object = json_object();

	for (size_t i = 0; object != NULL && i < COUNT(members); i++)
		if (json_object_set_new(object, members[i].name, value_of(&members[i], row)) !=
		    0) {
			json_decref(object);
			return NULL;
		}
	return object;
}

/* ---- in --------------------------------------------------------------------------------- */

static bool
number_put(const struct member *m, const json_t *value, struct store_row *row)
{
	int64_t v = m->form == TRUTH ? json_is_true(value) : json_integer_value(value);

	if ((m->form == TRUTH ? !json_is_boolean(value) : !json_is_integer(value)) ||
	    v < m->min || v > m->max)
		return false;
	number_store((char *)row + m->at, m->width, (uint64_t)v);
	return true;
}

static bool
oid_put(const json_t *value, struct store_oid *out)
{
	size_t n = json_array_size(value);

	if (!json_is_array(value) || n > STORE_OID_MAX)
		return false;
	out->len = (uint16_t)n;
	for (size_t i = 0; i < n; i++) {
		const json_t *sub = json_array_get(value, i);

		if (!json_is_integer(sub) || json_integer_value(sub) < 0 ||
		    json_integer_value(sub) > UINT32_MAX)
			return false;
		out->sub[i] = (uint32_t)json_integer_value(sub);
	}
	return true;
}

static bool
metrics_put(const json_t *value, struct store_row *row)
{
	if (!json_is_array(value) || json_array_size(value) != 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		const json_t *m = json_array_get(value, i);

		if (!json_is_integer(m) || json_integer_value(m) < INT32_MIN ||
		    json_integer_value(m) > INT32_MAX)
			return false;
		row->metric[i] = (LONG)json_integer_value(m);
	}
	return true;
}

/* The number of a word in a list; -1: it is not there. */
static int
word_of(const json_t *value, const char *const *words, size_t n)
{
	for (size_t i = 0; json_is_string(value) && i < n; i++)
		if (words[i] != NULL && strcmp(json_string_value(value), words[i]) == 0)
			return (int)i;
	return -1;
}

static bool
prefix_put(const json_t *value, struct store_row *row)
{
	struct prefix prefix;

	if (!json_is_string(value) || !prefix_parse(json_string_value(value), &prefix))
		return false;
	prefix_to_ip_prefix(&prefix, &row->row.DestinationPrefix);
	return true;
}

static bool
hop_put(const json_t *value, struct store_row *row)
{
	struct addr addr;

	if (json_is_null(value))
		return true;
	if (!json_is_string(value) || !addr_parse(json_string_value(value), &addr))
		return false;
	addr_to_sockaddr(&addr, &row->row.NextHop);
	return true;
}

static bool
name_put(const json_t *value, struct store_row *row)
{
	if (!json_is_string(value) || json_string_length(value) > STORE_NAME_MAX ||
	    strlen(json_string_value(value)) != json_string_length(value))
		return false;
	strcpy(row->if_name, json_string_value(value));
	return true;
}

static bool
member_put(const struct member *m, const json_t *value, struct store_row *row)
{
	int word;

	switch (m->form) {
	case NUMBER:
	case TRUTH:
		return number_put(m, value, row);
	case PREFIX:
		return prefix_put(value, row);
	case HOP:
		return hop_put(value, row);
	case OID:
		return oid_put(value, (struct store_oid *)(void *)((char *)row + m->at));
	case METRICS:
		return metrics_put(value, row);
	case KIND:
		word = word_of(value, kinds, COUNT(kinds));
		row->kind = word < 0 ? STORE_UNICAST : (enum store_kind)word;
		return word >= 0;
	case STATUS:
		word = word_of(value, statuses, COUNT(statuses));
		row->status = word < 0 ? STORE_ACTIVE : (enum store_status)word;
		return word >= 0;
	case NAME:
		return name_put(value, row);
	}
	return false;
}

static const struct member *
member_named(const char *name)
{
	for (size_t i = 0; i < COUNT(members); i++)
		if (strcmp(members[i].name, name) == 0)
			return &members[i];
	return NULL;
}

bool
json_to_row(const json_t *object, struct store_row *out, char *why, size_t size)
{
	const char *name;
	json_t *value;

	store_row_init(out);
	if (!json_is_object(object)) {
		snprintf(why, size, "is not an object");
		return false;
	}
	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		const struct member *m = member_named(name);

		if (m != NULL && member_put(m, value, out))
			continue;
		snprintf(why, size,
		         m == NULL ? "\"%.60s\" is not a member of a row"
		                   : "\"%.60s\" cannot have that value",
		         name);
		return false;
	}
	if (out->row.DestinationPrefix.Prefix.si_family == AF_UNSPEC) {
		snprintf(why, size, "\"prefix\" is missing");
		return false;
	}
	if (out->row.NextHop.si_family == AF_UNSPEC)
		out->row.NextHop.si_family = out->row.DestinationPrefix.Prefix.si_family;
	if (out->row.NextHop.si_family != out->row.DestinationPrefix.Prefix.si_family) {
		snprintf(why, size, "\"next_hop\" is of another family than \"prefix\"");
		return false;
	}
	return true;
}
