/*
 * null_subagent - a route table with nothing behind it, on libnetsnmp.
 *
 * What does it cost anybody to serve a table through snmpd with this library? This: the
 * rows are a sorted array, a GETNEXT is one binary search (or none, where it goes on from
 * the row answered last), the values are constants or octets of the row's name, and a SET
 * of anything is agreed to and does nothing. rtmd registers the same objects with the same
 * flags, so what it needs beyond this is its own.
 *
 *   null_subagent [-s FILE] SOCKET LIST [TABLE]
 *   null_subagent [-s FILE] -m ADDRESS LIST [TABLE]
 *   null_subagent [-s FILE] -M ADDRESS LIST [TABLE]
 *
 * The first is a subagent. With -m it is an agent by itself, in the library's role of a
 * master, at an address such as udp:127.0.0.1:1161: the bar for rtmd without snmpd. There
 * the library takes a GETBULK apart and calls once for each repetition, as it does for
 * every handler that says no more than it must. With -M the handler fills all repetitions
 * in one call, as rtmd does: the ceiling. A subagent of snmpd never sees a GETBULK.
 * Anybody on 127.0.0.1 may read with the community `public', and write with `private'.
 *
 * With -s each SET of inetCidrRouteTable is on disk before it is agreed to: for each row that
 * the status creates or destroys bare SQLite makes or removes one (bare.c), in one transaction.
 * FILE is a state file of rtmd's. Nobody who keeps rows so can be faster.
 *
 * LIST has the lines of rtmd's `preload'; TABLE is inet (the default, IPv4 and IPv6), cidr,
 * forward or route, which are IPv4. Where several lines have one name, there is one row.
 *
 * A row is kept as its index, a byte for a sub-identifier: none is above 255 here, so
 * the order of the bytes is the order of the names.
 */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef WITH_BARE
#include "bare.h"
#endif

#define KEY_MAX 40

struct row {
	unsigned char len;
	unsigned char key[KEY_MAX];
};

/*
 * How a table looks. `values' has a letter for each column from the first: I an INTEGER, G
 * a Gauge32, O an OBJECT IDENTIFIER, D, M and H an IpAddress: destination, mask, next hop.
 */
struct shape {
	const char *name;
	size_t root_len;
	oid root[9];
	oid first_column;
	const char *values;
	bool by_column; /* registered so, because snmpd registers its own so */
};

static const struct shape shapes[] = {
	{ "inet", 9, { 1, 3, 6, 1, 2, 1, 4, 24, 7 }, 7, "IIIGGIIIIII", false },
	{ "cidr", 9, { 1, 3, 6, 1, 2, 1, 4, 24, 4 }, 1, "DMIHIIIIOIIIIIII", false },
	{ "forward", 9, { 1, 3, 6, 1, 2, 1, 4, 24, 2 }, 1, "DMIHIIIIOIIIIII", false },
	{ "route", 8, { 1, 3, 6, 1, 2, 1, 4, 21 }, 1, "DIIIIIHIIIMIO", true },
};

static const struct shape *table;
static oid last_column;
static struct row *rows;
static size_t nrows, cursor;
static bool bulk_whole; /* -M */
static volatile sig_atomic_t stop;

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

static size_t
put_address(unsigned char *out, const char *text)
{
	int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	size_t len = family == AF_INET ? 4 : 16;

	out[0] = family == AF_INET ? 1 : 2;
	out[1] = (unsigned char)len;
	if (inet_pton(family, text, out + 2) != 1) {
		fprintf(stderr, "null_subagent: not an address: %s\n", text);
		exit(2);
	}
	return len + 2;
}

static void
put_inet_row(struct row *row, const char *prefix, unsigned char len, const char *gateway)
{
	size_t n = put_address(row->key, prefix);

	row->key[n++] = len;
	row->key[n++] = 2; /* the policy 0.0 */
	row->key[n++] = 0;
	row->key[n++] = 0;
	row->len = (unsigned char)(n + put_address(row->key + n, gateway));
}

static void
put_ipv4(struct row *row, const char *text)
{
	unsigned char typed[18];

	if (put_address(typed, text) != 6) {
		fprintf(stderr, "null_subagent: not IPv4: %s\n", text);
		exit(2);
	}
	memcpy(row->key + row->len, typed + 2, 4);
	row->len += 4;
}

static void
put_older_row(struct row *row, const char *prefix, unsigned char len, const char *gateway)
{
	row->len = 0;
	put_ipv4(row, prefix);
	if (strcmp(table->name, "cidr") == 0) {
		uint32_t mask = len == 0 ? 0 : htonl(UINT32_MAX << (32 - len));

		memcpy(row->key + row->len, &mask, 4);
		row->len += 4;
		row->key[row->len++] = 0; /* type of service */
	} else if (strcmp(table->name, "forward") == 0) {
		row->key[row->len++] = 3; /* netmgmt */
		row->key[row->len++] = 0; /* policy */
	} else {
		return;
	}
	put_ipv4(row, gateway);
}

static void
put_row(struct row *row, char *prefix, const char *gateway)
{
	char *slash = strchr(prefix, '/');

	if (slash == NULL) {
		fprintf(stderr, "null_subagent: not a prefix: %s\n", prefix);
		exit(2);
	}
	*slash = '\0';
	if (table == &shapes[0])
		put_inet_row(row, prefix, (unsigned char)atoi(slash + 1), gateway);
	else
		put_older_row(row, prefix, (unsigned char)atoi(slash + 1), gateway);
}

static int
compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return memcmp(x->key, y->key, x->len < y->len ? x->len : y->len);
}

static void
drop_doubles(void)
{
	size_t n = 0;

	for (size_t i = 0; i < nrows; i++)
		if (n == 0 || compare_rows(&rows[n - 1], &rows[i]) != 0)
			rows[n++] = rows[i];
	nrows = n;
}

static void
load(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[256], prefix[64], gateway[64];
	size_t room = 0;

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "%63s %63s", prefix, gateway) != 2)
			continue;
		if (nrows == room) {
			room = room == 0 ? 1024 : 2 * room;
			rows = realloc(rows, room * sizeof(*rows));
			if (rows == NULL)
				exit(2);
		}
		put_row(&rows[nrows++], prefix, gateway);
	}
	fclose(file);
	qsort(rows, nrows, sizeof(*rows), compare_rows);
	drop_doubles();
}

/* The row against an index of sub-identifiers: <0, 0, >0. */
static int
compare(const struct row *row, const oid *index, size_t len)
{
	for (size_t i = 0; i < row->len && i < len; i++)
		if (row->key[i] != index[i])
			return row->key[i] < index[i] ? -1 : 1;
	return row->len < len ? -1 : row->len > len;
}

/* The first row that is not below the index; `after': that is above it. */
static size_t
search(const oid *index, size_t len, bool after)
{
	size_t lo = 0, hi = nrows;

	if (after && cursor < nrows && compare(&rows[cursor], index, len) == 0)
		return cursor + 1;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int order = compare(&rows[mid], index, len);

		if (order < 0 || (order == 0 && after))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
give_address(netsnmp_variable_list *vb, const unsigned char *octets)
{
	snmp_set_var_typed_value(vb, ASN_IPADDRESS, octets, 4);
}

static void
give_value(netsnmp_variable_list *vb, oid column, const struct row *row)
{
	static const unsigned char mask[] = { 255, 255, 255, 0 };
	static const oid nothing[] = { 0, 0 };

	switch (table->values[column - table->first_column]) {
	case 'D':
		give_address(vb, row->key);
		break;
	case 'M':
		give_address(vb, row->len == 13 ? row->key + 4 : mask);
		break;
	case 'H':
		give_address(vb, row->key + row->len - 4);
		break;
	case 'O':
		snmp_set_var_typed_value(vb, ASN_OBJECT_ID, nothing, sizeof(nothing));
		break;
	case 'G':
		snmp_set_var_typed_integer(vb, ASN_GAUGE, 60);
		break;
	default:
		snmp_set_var_typed_integer(vb, ASN_INTEGER, 1);
	}
}

static bool
is_column(oid column)
{
	return column >= table->first_column && column <= last_column;
}

static void
get(netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	netsnmp_variable_list *vb = request->requestvb;
	const oid *rest = vb->name + table->root_len;
	size_t len = vb->name_length - table->root_len;

	if (len > 2 && rest[0] == 1 && is_column(rest[1])) {
		size_t at = search(rest + 2, len - 2, false);

		if (at < nrows && compare(&rows[at], rest + 2, len - 2) == 0) {
			give_value(vb, rest[1], &rows[at]);
			return;
		}
	}
	netsnmp_set_request_error(info, request, SNMP_NOSUCHINSTANCE);
}

static void
get_next(netsnmp_request_info *request)
{
	netsnmp_variable_list *vb = request->requestvb;
	size_t root_len = table->root_len, len = 0, at;
	const oid *rest = vb->name + root_len;
	oid name[MAX_OID_LEN], column = table->first_column;

	if (vb->name_length > root_len &&
	    snmp_oid_compare(vb->name, root_len, table->root, root_len) == 0)
		len = vb->name_length - root_len;
	if (len > 0 && rest[0] > 1)
		return;
	if (len > 1 && rest[0] == 1 && rest[1] >= column)
		column = rest[1];
	at = len > 2 && rest[1] == column ? search(rest + 2, len - 2, true) : 0;
	if (at == nrows) {
		column++;
		at = 0;
	}
	if (column > last_column || nrows == 0)
		return;
	cursor = at;
	memcpy(name, table->root, root_len * sizeof(*name));
	name[root_len] = 1;
	name[root_len + 1] = column;
	for (size_t i = 0; i < rows[at].len; i++)
		name[root_len + 2 + i] = rows[at].key[i];
	snmp_set_var_objid(vb, name, root_len + 2 + rows[at].len);
	give_value(vb, column, &rows[at]);
}

/* All repetitions, each of them over all columns. */
static void
get_bulk(netsnmp_request_info *requests)
{
	bool more = true, first = true;

	while (more) {
		for (netsnmp_request_info *r = requests; r != NULL; r = r->next) {
			if (!first && r->requestvb->type != ASN_PRIV_RETRY)
				continue;
			r->requestvb->type = ASN_NULL;
			get_next(r);
		}
		netsnmp_bulk_to_next_fix_requests(requests);
		first = more = false;
		for (netsnmp_request_info *r = requests; r != NULL; r = r->next)
			more = more || r->requestvb->type == ASN_PRIV_RETRY;
	}
}

#ifdef WITH_BARE
#define STATUS 17 /* inetCidrRouteStatus */
#define DEST 13   /* where the octets of an IPv4 destination are in a name: ...7.1.17.1.4 */

static struct bare bare;
static bool is_stored;

static void
store_row(const netsnmp_variable_list *vb)
{
	unsigned char prefix[4];

	if (vb->name_length < DEST + sizeof(prefix) || vb->name[DEST - 3] != STATUS)
		return;
	for (size_t i = 0; i < sizeof(prefix); i++)
		prefix[i] = (unsigned char)vb->name[DEST + i];
	if (*vb->val.integer == SNMP_ROW_CREATEANDGO)
		bare_put(&bare, prefix, 0);
	else if (*vb->val.integer == SNMP_ROW_DESTROY)
		bare_drop(&bare, prefix);
}

static void
store_all(const netsnmp_request_info *requests)
{
	bare_begin(&bare);
	for (; requests != NULL; requests = requests->next)
		store_row(requests->requestvb);
	bare_commit(&bare);
}

static void
set(int mode, const netsnmp_request_info *requests)
{
	if (is_stored && mode == MODE_SET_ACTION)
		store_all(requests);
}

static void
store_open(const char *path)
{
	bare_open(&bare, path);
	is_stored = true;
}

static void
store_close(void)
{
	if (is_stored)
		bare_close(&bare);
}
#else
static void
set(int mode, const netsnmp_request_info *requests)
{
	(void)mode;
	(void)requests;
}

static void
store_open(const char *path)
{
	fprintf(stderr, "null_subagent: -s %s: built without SQLite\n", path);
	exit(2);
}

static void
store_close(void)
{
}
#endif

static int
serve(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
      netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	(void)handler;
	(void)registration;
	if (MODE_IS_SET(info->mode)) {
		set(info->mode, requests);
		return SNMP_ERR_NOERROR;
	}
	if (info->mode == MODE_GETBULK) {
		get_bulk(requests);
		return SNMP_ERR_NOERROR;
	}
	for (; requests != NULL; requests = requests->next) {
		if (info->mode == MODE_GET)
			get(info, requests);
		else if (info->mode == MODE_GETNEXT)
			get_next(requests);
	}
	return SNMP_ERR_NOERROR;
}

static void
register_root(const oid *root, size_t len, int cacheid)
{
	netsnmp_handler_registration *registration = netsnmp_create_handler_registration(
	    "nullTable", serve, root, len,
	    HANDLER_CAN_RWRITE | (bulk_whole ? HANDLER_CAN_GETBULK : 0));

	if (registration == NULL)
		exit(2);
	registration->priority = 100;
	registration->global_cacheid = cacheid;
	netsnmp_register_handler(registration);
}

static void
register_table(void)
{
	int cacheid = netsnmp_allocate_globalcacheid();
	oid name[11];

	if (!table->by_column) {
		register_root(table->root, table->root_len, cacheid);
		return;
	}
	memcpy(name, table->root, table->root_len * sizeof(*name));
	name[table->root_len] = 1;
	for (oid column = table->first_column; column <= last_column; column++) {
		name[table->root_len + 1] = column;
		register_root(name, table->root_len + 2, cacheid);
	}
}

static void
choose(const char *name)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		if (strcmp(shapes[i].name, name) == 0)
			table = &shapes[i];
	if (table == NULL) {
		fprintf(stderr, "null_subagent: no such table: %s\n", name);
		exit(2);
	}
	last_column = table->first_column + strlen(table->values) - 1;
}

static void
become_subagent(const char *socket_name)
{
	netsnmp_enable_subagent();
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET,
	                      socket_name);
}

/* What init_master_agent() does and rtmd, too; without the port for SMUX. */
static void
let_managers_in(const char *address)
{
	netsnmp_transport *transport = netsnmp_transport_open_server("snmp", address);

	if (transport == NULL || netsnmp_register_agent_nsap(transport) == 0) {
		fprintf(stderr, "null_subagent: cannot listen at %s\n", address);
		exit(1);
	}
	netsnmp_set_lookup_cache_size(-1);
}

static void
configure(const char *text)
{
	char line[128];

	snprintf(line, sizeof line, "%s", text);
	netsnmp_config(line);
}

static void
run(const char *address, bool is_master)
{
	if (!is_master)
		become_subagent(address);
	init_agent("null_subagent");
	register_table();
	if (is_master) {
		configure("rocommunity public 127.0.0.1");
		configure("rwcommunity private 127.0.0.1");
		configure("maxGetbulkResponses 2000");
		netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID,
		                       NETSNMP_DS_AGENT_DONT_LOG_TCPWRAPPERS_CONNECTS, 1);
	}
	init_snmp("null_subagent");
	if (is_master)
		let_managers_in(address);
	while (!stop)
		agent_check_and_process(1);
	snmp_shutdown("null_subagent");
}

int
main(int argc, char **argv)
{
	bool is_master = false;
	int option;

	bulk_whole = true; /* of a subagent the flag only: as rtmd */
	while ((option = getopt(argc, argv, "mMs:")) != -1) {
		if (option == 's') {
			store_open(optarg);
		} else if (option == 'm' || option == 'M') {
			is_master = true;
			bulk_whole = option == 'M';
		} else {
			argc = 0; /* says how it is used */
			break;
		}
	}
	argv += optind - 1;
	argc -= optind - 1;
	if (argc != 3 && argc != 4) {
		fprintf(stderr,
		        "usage: null_subagent [-s FILE] SOCKET | -m ADDRESS | -M ADDRESS"
		        "  LIST [inet|cidr|forward|route]\n");
		return 2;
	}
	choose(argc == 4 ? argv[3] : "inet");
	load(argv[2]);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, on_signal);
	snmp_enable_stderrlog();
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	run(argv[1], is_master);
	store_close();
	free(rows);
	return 0;
}
