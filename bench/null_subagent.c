/*
 * null_subagent - inetCidrRouteTable with nothing behind it, on libnetsnmp.
 *
 * What does it cost anybody to serve a table through snmpd with this library? This: the
 * rows are a sorted array, a GETNEXT is one binary search (or none, where it goes on from
 * the row answered last), the values are constants, and a SET of anything is agreed to
 * and does nothing. rtmd registers the same objects with the same flags, so what it
 * needs beyond this is its own.
 *
 *   null_subagent SOCKET LIST      LIST: the lines of rtmd's `preload', IPv4 and IPv6
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

#define KEY_MAX 40
#define FIRST_COLUMN 7
#define LAST_COLUMN 17

struct row {
	unsigned char len;
	unsigned char key[KEY_MAX];
};

static struct row *rows;
static size_t nrows, cursor;
static volatile sig_atomic_t stop;

static const oid table[] = { 1, 3, 6, 1, 2, 1, 4, 24, 7 };
#define TABLE_LEN (sizeof(table) / sizeof(*table))

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
put_row(struct row *row, char *prefix, const char *gateway)
{
	char *slash = strchr(prefix, '/');
	size_t n;

	if (slash == NULL) {
		fprintf(stderr, "null_subagent: not a prefix: %s\n", prefix);
		exit(2);
	}
	*slash = '\0';
	n = put_address(row->key, prefix);
	row->key[n++] = (unsigned char)atoi(slash + 1);
	row->key[n++] = 2; /* the policy 0.0 */
	row->key[n++] = 0;
	row->key[n++] = 0;
	row->len = (unsigned char)(n + put_address(row->key + n, gateway));
}

static int
compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return memcmp(x->key, y->key, x->len < y->len ? x->len : y->len);
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
give_value(netsnmp_variable_list *vb, oid column)
{
	static const int values[] = { 2, 4, 3, 60, 0, 10, -1, -1, -1, -1, 1 };
	u_char type = column == 10 || column == 11 ? ASN_GAUGE : ASN_INTEGER;

	snmp_set_var_typed_integer(vb, type, values[column - FIRST_COLUMN]);
}

static void
get(netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	netsnmp_variable_list *vb = request->requestvb;
	const oid *rest = vb->name + TABLE_LEN;
	size_t len = vb->name_length - TABLE_LEN;

	if (len > 2 && rest[0] == 1 && rest[1] >= FIRST_COLUMN && rest[1] <= LAST_COLUMN) {
		size_t at = search(rest + 2, len - 2, false);

		if (at < nrows && compare(&rows[at], rest + 2, len - 2) == 0) {
			give_value(vb, rest[1]);
			return;
		}
	}
	netsnmp_set_request_error(info, request, SNMP_NOSUCHINSTANCE);
}

static void
get_next(netsnmp_request_info *request)
{
	netsnmp_variable_list *vb = request->requestvb;
	const oid *rest = vb->name + TABLE_LEN;
	size_t len = 0, at;
	oid name[TABLE_LEN + 2 + KEY_MAX], column = FIRST_COLUMN;

	if (vb->name_length > TABLE_LEN &&
	    snmp_oid_compare(vb->name, TABLE_LEN, table, TABLE_LEN) == 0)
		len = vb->name_length - TABLE_LEN;
	if (len > 0 && rest[0] > 1)
		return;
	if (len > 1 && rest[0] == 1 && rest[1] >= FIRST_COLUMN)
		column = rest[1];
	at = len > 2 && rest[1] == column ? search(rest + 2, len - 2, true) : 0;
	if (at == nrows) {
		column++;
		at = 0;
	}
	if (column > LAST_COLUMN || nrows == 0)
		return;
	cursor = at;
	memcpy(name, table, sizeof(table));
	name[TABLE_LEN] = 1;
	name[TABLE_LEN + 1] = column;
	for (size_t i = 0; i < rows[at].len; i++)
		name[TABLE_LEN + 2 + i] = rows[at].key[i];
	snmp_set_var_objid(vb, name, TABLE_LEN + 2 + rows[at].len);
	give_value(vb, column);
}

static int
serve(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
      netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	(void)handler;
	(void)registration;
	if (MODE_IS_SET(info->mode))
		return SNMP_ERR_NOERROR;
	for (; requests != NULL; requests = requests->next) {
		if (info->mode == MODE_GET)
			get(info, requests);
		else if (info->mode == MODE_GETNEXT)
			get_next(requests);
	}
	return SNMP_ERR_NOERROR;
}

int
main(int argc, char **argv)
{
	netsnmp_handler_registration *registration;

	if (argc != 3) {
		fprintf(stderr, "usage: null_subagent SOCKET LIST\n");
		return 2;
	}
	load(argv[2]);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, on_signal);
	snmp_enable_stderrlog();
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_enable_subagent();
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET, argv[1]);
	init_agent("null_subagent");
	registration = netsnmp_create_handler_registration(
	    "nullTable", serve, table, TABLE_LEN, HANDLER_CAN_RWRITE | HANDLER_CAN_GETBULK);
	if (registration == NULL)
		return 2;
	registration->priority = 100;
	registration->global_cacheid = netsnmp_allocate_globalcacheid();
	netsnmp_register_handler(registration);
	init_snmp("null_subagent");
	while (!stop)
		agent_check_and_process(1);
	snmp_shutdown("null_subagent");
	free(rows);
	return 0;
}
