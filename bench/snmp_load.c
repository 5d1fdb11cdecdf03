/*
 * snmp_load - an SNMP client that costs next to nothing, for measuring agents.
 *
 * All parties run on one CPU, so whatever the client burns dilutes the difference
 * between two agents. A manager's library decodes every value into a list of
 * allocations; this only follows the lengths of BER, looks at what must be right
 * (error-status, the column of each name, the number of varbinds) and copies the last
 * names into the next request as they are. The varbinds of SETs are written before
 * the clock runs. One request is in flight at a time.
 *
 *   snmp_load [-t TABLE] PORT COMMUNITY SECONDS TEST
 *     column        GETBULK walk of one column, 50 repetitions
 *     all           GETBULK walk of all columns at once, 10 repetitions
 *     get LIST      GET of that column of random rows of LIST (lines of a `preload')
 *     getnext LIST  GETNEXT from that column of random rows of LIST
 *     set [ROWS [OCTET]]
 *                   creates 10.0.0.0/24, 10.0.1.0/24 ... singly, then destroys them; of
 *                   inetCidrRouteTable only. ROWS of them in a PDU; OCTET in place of 10
 *
 * TABLE is inet (the default), cidr, forward or route. The column is the status where there
 * is one, else the interface.
 *
 * Runs for about SECONDS (a walk starts again at its end; the rows of `set' are always
 * destroyed) and prints: operations, seconds, its own CPU seconds, p50 and p99 of a
 * request in microseconds. An operation is a varbind of a walk, a GET, or a SET.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { GET = 0xa0, GETNEXT = 0xa1, RESPONSE = 0xa2, SET = 0xa3, GETBULK = 0xa5 };
enum { END_OF_VIEW = 0x82 };

#define NAME_MAX_LEN 96
#define MAX_COLUMNS 16
#define SAMPLES 2000000

struct name {
	size_t len;
	uint8_t ber[NAME_MAX_LEN]; /* the contents of the OBJECT IDENTIFIER */
};

static int sock;
static const char *community;
static double limit_s;
static uint32_t request_id = 1;
static uint8_t in[65536];
static double *took; /* of each request, in seconds */
static size_t requests;
static uint64_t operations;

struct shape {
	const char *name;
	size_t entry_len;
	uint8_t entry[9]; /* 1.3.6.1.2.1.4.24.7.1 and its kin, as BER has it */
	uint8_t one;      /* the column for tests of one column */
	uint8_t first, last;
};

static const struct shape shapes[] = {
	{ "inet", 9, { 0x2b, 6, 1, 2, 1, 4, 24, 7, 1 }, 17, 7, 17 },
	{ "cidr", 9, { 0x2b, 6, 1, 2, 1, 4, 24, 4, 1 }, 16, 1, 16 },
	{ "forward", 9, { 0x2b, 6, 1, 2, 1, 4, 24, 2, 1 }, 5, 1, 15 },
	{ "route", 8, { 0x2b, 6, 1, 2, 1, 4, 21, 1 }, 2, 1, 13 },
};

static const struct shape *table = &shapes[0];

static void
die(const char *what)
{
	fprintf(stderr, "snmp_load: %s\n", what);
	exit(1);
}

static double
seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
now(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

/* ---- writing: backwards, so that every length is known when it is written -------- */

static uint8_t out[65536];
static size_t at; /* the first byte written so far */

static void
put(const void *bytes, size_t len)
{
	at -= len;
	memcpy(out + at, bytes, len);
}

static void
put_header(uint8_t tag, size_t end)
{
	size_t len = end - at;
	uint8_t header[4] = { tag };
	size_t n = 1;

	if (len < 128) {
		header[n++] = (uint8_t)len;
	} else {
		header[n++] = 0x82;
		header[n++] = (uint8_t)(len >> 8);
		header[n++] = (uint8_t)len;
	}
	put(header, n);
}

static void
put_integer(int32_t value)
{
	size_t end = at;
	uint8_t four[4] = { (uint8_t)((uint32_t)value >> 24), (uint8_t)((uint32_t)value >> 16),
		            (uint8_t)((uint32_t)value >> 8), (uint8_t)value };
	size_t skip = 0;

	while (skip < 3 && four[skip] == 0 && (four[skip + 1] & 0x80) == 0)
		skip++;
	put(four + skip, 4 - skip);
	put_header(0x02, end);
}

/* `value' NULL: a NULL, as in requests that read. */
static void
put_varbind(const struct name *name, const int32_t *value)
{
	size_t end = at, name_end;

	if (value == NULL)
		put("\x05\x00", 2);
	else
		put_integer(*value);
	name_end = at;
	put(name->ber, name->len);
	put_header(0x06, name_end);
	put_header(0x30, end);
}

static void
begin(void)
{
	at = sizeof(out);
}

/* For GETBULK the two numbers are non-repeaters and max-repetitions, else 0 and 0. */
static void
finish(uint8_t type, int32_t first, int32_t second)
{
	put_header(0x30, sizeof(out));
	put_integer(second);
	put_integer(first);
	put_integer((int32_t)++request_id);
	put_header(type, sizeof(out));
	{
		size_t end = at;

		put(community, strlen(community));
		put_header(0x04, end);
	}
	put_integer(1); /* SNMPv2c */
	put_header(0x30, sizeof(out));
}

/* ---- reading --------------------------------------------------------------------- */

struct view {
	const uint8_t *p, *end;
};

static struct view
take(struct view *from, uint8_t *tag)
{
	struct view inner;
	size_t len;

	if (from->end - from->p < 2)
		die("a truncated answer");
	*tag = *from->p++;
	len = *from->p++;
	if (len & 0x80) {
		size_t n = len & 0x7f;

		len = 0;
		while (n-- > 0 && from->p < from->end)
			len = len << 8 | *from->p++;
	}
	if (len > (size_t)(from->end - from->p))
		die("a truncated answer");
	inner.p = from->p;
	inner.end = from->p += len;
	return inner;
}

static int32_t
take_integer(struct view *from)
{
	uint8_t tag;
	struct view v = take(from, &tag);
	uint32_t n = v.p < v.end && *v.p & 0x80 ? UINT32_MAX : 0;

	while (v.p < v.end)
		n = n << 8 | *v.p++;
	return (int32_t)n;
}

/* Sends what was built and returns the list of varbinds of its answer. */
static struct view
exchange(void)
{
	struct view all, message, pdu;
	uint8_t tag;
	int32_t id, error;
	double start = now();

	if (send(sock, out + at, sizeof(out) - at, 0) < 0)
		die("cannot send");
	do {
		ssize_t n = recv(sock, in, sizeof(in), 0);

		if (n < 0)
			die(errno == EAGAIN ? "no answer within 20 s" : "nobody listens");
		all = (struct view){ in, in + n };
		message = take(&all, &tag);
		take_integer(&message);
		take(&message, &tag);
		pdu = take(&message, &tag);
		id = take_integer(&pdu);
	} while (tag != RESPONSE || id != (int32_t)request_id);
	if (requests < SAMPLES)
		took[requests++] = now() - start;
	error = take_integer(&pdu);
	if (error != 0) {
		fprintf(stderr, "snmp_load: error-status %d\n", error);
		die("the agent refuses");
	}
	take_integer(&pdu);
	return take(&pdu, &tag);
}

static bool
in_column(struct view name, uint8_t column)
{
	return (size_t)(name.end - name.p) > table->entry_len + 1 &&
	       memcmp(name.p, table->entry, table->entry_len) == 0 &&
	       name.p[table->entry_len] == column;
}

/* ---- the tests ------------------------------------------------------------------- */

static struct name
column_name(uint8_t column)
{
	struct name name = { .len = table->entry_len + 1 };

	memcpy(name.ber, table->entry, table->entry_len);
	name.ber[table->entry_len] = column;
	return name;
}

/* One walk, or what there is time for. */
static uint64_t
walk(const uint8_t *columns, size_t ncolumns, int repetitions, double until)
{
	struct name names[MAX_COLUMNS];
	uint64_t count = 0;
	bool more = true;

	for (size_t i = 0; i < ncolumns; i++)
		names[i] = column_name(columns[i]);
	while (more && now() < until) {
		struct view list;
		size_t got = 0;

		begin();
		for (size_t i = ncolumns; i-- > 0;)
			put_varbind(&names[i], NULL);
		finish(GETBULK, 0, repetitions);
		list = exchange();
		while (more && list.p < list.end) {
			uint8_t tag;
			struct view vb = take(&list, &tag), name = take(&vb, &tag);
			struct name *mine = &names[got % ncolumns];

			take(&vb, &tag);
			if (tag == END_OF_VIEW || !in_column(name, columns[got % ncolumns])) {
				more = false;
				break;
			}
			mine->len = (size_t)(name.end - name.p);
			if (mine->len > NAME_MAX_LEN)
				die("a name that is too long");
			memcpy(mine->ber, name.p, mine->len);
			got++;
		}
		if (got == 0)
			more = false;
		count += got;
	}
	return count;
}

static void
walks(const uint8_t *columns, size_t ncolumns, int repetitions)
{
	double until = now() + limit_s;

	while (now() < until) {
		uint64_t count = walk(columns, ncolumns, repetitions, until);

		if (count == 0)
			die("the table is empty");
		operations += count;
	}
}

static void
put_subid(struct name *name, unsigned subid)
{
	if (subid >= 128)
		name->ber[name->len++] = 0x81;
	name->ber[name->len++] = subid & 0x7f;
}

static void
put_address(struct name *name, const char *text)
{
	int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	uint8_t bytes[16], len = family == AF_INET ? 4 : 16;

	if (inet_pton(family, text, bytes) != 1)
		die("not an address");
	put_subid(name, family == AF_INET ? 1 : 2);
	put_subid(name, len);
	for (size_t i = 0; i < len; i++)
		put_subid(name, bytes[i]);
}

static void
put_ipv4(struct name *name, const char *text)
{
	uint8_t bytes[4];

	if (inet_pton(AF_INET, text, bytes) != 1)
		die("not an IPv4 address");
	for (size_t i = 0; i < 4; i++)
		put_subid(name, bytes[i]);
}

static void
put_inet_index(struct name *name, const char *prefix, unsigned len, const char *gateway)
{
	put_address(name, prefix);
	put_subid(name, (uint8_t)len);
	put_subid(name, 2);
	put_subid(name, 0);
	put_subid(name, 0);
	put_address(name, gateway);
}

static void
put_older_index(struct name *name, const char *prefix, unsigned len, const char *gateway)
{
	put_ipv4(name, prefix);
	if (strcmp(table->name, "route") == 0)
		return;
	if (strcmp(table->name, "cidr") == 0) {
		for (unsigned bit = 0; bit < 32; bit += 8)
			put_subid(name, len >= bit + 8 ? 255
			                : len <= bit   ? 0
			                               : (0xff00u >> (len - bit)) & 255);
		put_subid(name, 0); /* type of service */
	} else {
		put_subid(name, 3); /* netmgmt */
		put_subid(name, 0); /* policy */
	}
	put_ipv4(name, gateway);
}

static struct name
row_name(uint8_t column, char *prefix, const char *gateway)
{
	struct name name = column_name(column);
	char *slash = strchr(prefix, '/');
	unsigned len;

	if (slash == NULL)
		die("not a prefix");
	*slash = '\0';
	len = (unsigned)atoi(slash + 1);
	if (table == &shapes[0])
		put_inet_index(&name, prefix, len, gateway);
	else
		put_older_index(&name, prefix, len, gateway);
	*slash = '/';
	return name;
}

static struct name *
load(const char *path, size_t *count)
{
	FILE *file = fopen(path, "r");
	char line[256], prefix[64], gateway[64];
	struct name *names = NULL;
	size_t n = 0, room = 0;

	if (file == NULL)
		die("cannot read the list");
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "%63s %63s", prefix, gateway) != 2)
			continue;
		if (n == room) {
			room = room == 0 ? 1024 : 2 * room;
			names = realloc(names, room * sizeof(*names));
			if (names == NULL)
				die("no memory");
		}
		names[n++] = row_name(table->one, prefix, gateway);
	}
	fclose(file);
	if (n == 0)
		die("the list is empty");
	*count = n;
	return names;
}

static void
gets(uint8_t type, const struct name *names, size_t count)
{
	uint64_t state = 4292;
	double until = now() + limit_s;

	while (now() < until) {
		struct view list, vb;
		uint8_t tag;

		size_t row;

		state = state * 6364136223846793005u + 1442695040888963407u;
		row = (state >> 33) % count;
		begin();
		put_varbind(&names[row], NULL);
		finish(type, 0, 0);
		list = exchange();
		vb = take(&list, &tag);
		take(&vb, &tag);
		take(&vb, &tag);
		if (type == GET && tag != 0x02) {
			fprintf(stderr, "snmp_load: line %zu of the list: tag %02x\n", row + 1,
			        tag);
			die("a row of the list is not there");
		}
		operations++;
	}
}

static unsigned rows = 1, octet = 10; /* of a SET: how many in a PDU, and below what */

static void
put_row(unsigned number, bool create)
{
	static const int32_t two = 2, four = 4, six = 6;
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "%u.%u.%u.0/24", octet, number / 256, number % 256);
	struct name status = row_name(17, prefix, "192.0.2.1");

	if (create) {
		struct name type = row_name(8, prefix, "192.0.2.1");
		struct name interface = row_name(7, prefix, "192.0.2.1");

		put_varbind(&status, &four);
		put_varbind(&type, &four);
		put_varbind(&interface, &two);
	} else {
		put_varbind(&status, &six);
	}
}

/* Of a round of rows, PDU by PDU: the varbinds that create them, and that destroy them. */
#define ROUND 2000
static struct list {
	uint8_t *ber;
	size_t len;
} lists[ROUND][2];

static void
write_lists(void)
{
	for (unsigned i = 0; i * rows < ROUND; i++)
		for (unsigned create = 0; create < 2; create++) {
			struct list *list = &lists[i][create];

			begin();
			for (unsigned row = 0; row < rows; row++)
				put_row(i * rows + row, create);
			list->len = sizeof(out) - at;
			list->ber = malloc(list->len);
			if (list->ber == NULL)
				die("no memory");
			memcpy(list->ber, out + at, list->len);
		}
}

static void
free_lists(void)
{
	for (unsigned i = 0; i < ROUND; i++)
		for (unsigned create = 0; create < 2; create++)
			free(lists[i][create].ber);
}

static void
set_some(unsigned first, bool create)
{
	const struct list *list = &lists[first / rows][create];

	begin();
	put(list->ber, list->len);
	finish(SET, 0, 0);
	exchange();
	operations++;
}

static void
sets(void)
{
	double start = now();

	while (now() < start + limit_s) {
		unsigned made = 0;

		for (; made < ROUND && now() < start + limit_s; made += rows)
			set_some(made, true);
		for (; made > 0; made -= rows)
			set_some(made - rows, false);
	}
}

/* What follows the test's name: a list of rows to ask for, or how SETs are to be. */
static struct name *
take_operands(int n, char **words, size_t *count)
{
	if (n == 0)
		return NULL;
	if (strcmp(words[-1], "set") != 0)
		return load(words[0], count);
	rows = (unsigned)atoi(words[0]);
	octet = n > 1 ? (unsigned)atoi(words[1]) : octet;
	if (rows < 1 || rows > 100 || octet < 1 || octet > 223)
		die("1 to 100 rows, below 1 to 223");
	return NULL;
}

static void
walk_all(void)
{
	uint8_t columns[MAX_COLUMNS];
	size_t n = 0;

	for (uint8_t column = table->first; column <= table->last; column++)
		columns[n++] = column;
	walks(columns, n, 10);
}

static void
choose(const char *name)
{
	table = NULL;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		if (strcmp(shapes[i].name, name) == 0)
			table = &shapes[i];
	if (table == NULL)
		die("no such table");
}

static int
compare_doubles(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in peer = { .sin_family = AF_INET };
	double start, start_cpu, seconds, cpu;
	struct timeval patience = { .tv_sec = 20 };
	struct name *names = NULL;
	size_t count = 0;
	const char *test;

	if (argc > 3 && strcmp(argv[1], "-t") == 0) {
		choose(argv[2]);
		argv += 2;
		argc -= 2;
	}
	if (argc < 5)
		die("usage: snmp_load [-t TABLE] PORT COMMUNITY SECONDS column|all|get LIST|"
		    "getnext LIST|set [ROWS [OCTET]]");
	peer.sin_port = htons((uint16_t)atoi(argv[1]));
	peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	community = argv[2];
	limit_s = atof(argv[3]);
	test = argv[4];
	took = malloc(SAMPLES * sizeof(*took));
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (took == NULL || sock < 0 ||
	    setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0 ||
	    connect(sock, (struct sockaddr *)&peer, sizeof(peer)) != 0)
		die("cannot open a socket");
	names = take_operands(argc - 5, argv + 5, &count);
	if (strcmp(test, "set") == 0)
		write_lists();
	start = now();
	start_cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
	if (strcmp(test, "column") == 0)
		walks(&table->one, 1, 50);
	else if (strcmp(test, "all") == 0)
		walk_all();
	else if (strcmp(test, "get") == 0 && names != NULL)
		gets(GET, names, count);
	else if (strcmp(test, "getnext") == 0 && names != NULL)
		gets(GETNEXT, names, count);
	else if (strcmp(test, "set") == 0 && table == &shapes[0])
		sets();
	else
		die("which test?");
	seconds = now() - start;
	cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - start_cpu;
	qsort(took, requests, sizeof(*took), compare_doubles);
	printf("%llu %.6f %.6f %.1f %.1f\n", (unsigned long long)operations, seconds, cpu,
	       took[requests / 2] * 1e6, took[requests - 1 - requests / 100] * 1e6);
	close(sock);
	free_lists();
	free(names);
	free(took);
	return 0;
}
