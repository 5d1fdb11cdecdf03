/*
 * snmp_pdu - sends exactly the PDUs it is told to, and prints exactly what came back.
 *
 * snmpset names the object at fault, not the error-index, sends at most 128 varbinds,
 * and costs a process for each request. The tests want the numbers, PDUs up to the
 * limit of AgentX, and thousands of requests in a row. So: one line of standard input
 * is one PDU, one session serves them all.
 *
 *   set  OID TYPE VALUE ...        prints  error-status/error-index
 *   get  OID ...                   prints  the same, then a line for each varbind
 *   next OID ...
 *   bulk NONREPEATERS REPETITIONS OID ...
 *   walk OID [REPETITIONS]         prints the varbinds below OID, then "end COUNT"
 *   to FILE COMMAND                that command's lines go to the file; prints "done", or
 *                                  "trouble" for a walk that was not
 *
 * A varbind is printed as OID, type letter and value, numeric, with a space between:
 * i INTEGER, u Unsigned32/Gauge32, c Counter32, t TimeTicks, a IpAddress, o OBJECT
 * IDENTIFIER, s OCTET STRING in hexadecimal, n NULL, x Counter64 (in a SET, as for
 * snmpset, s is a string and x a hexadecimal one); or one of
 * noSuchObject, noSuchInstance, endOfMibView in place of both. TYPE is one of the same
 * letters; a value of the wrong form is our own mistake and ends the program. `timeout'
 * is printed where nothing came back. A walk whose OIDs do not increase says so and the
 * exit status is 1.
 */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *session; /* the one session, as the single-session API wants it */
static int status;    /* exit status */

static void
die(const char *what, const char *detail)
{
	fprintf(stderr, "snmp_pdu: %s: %s\n", what, detail);
	exit(2);
}

static size_t
oid_of(const char *text, oid *out)
{
	size_t n = 0;

	while (*text == '.')
		text++;
	while (*text != '\0') {
		char *end;

		if (n == MAX_OID_LEN)
			die("too many sub-identifiers", text);
		out[n++] = strtoul(text, &end, 10);
		if (end == text || (*end != '.' && *end != '\0'))
			die("not a numeric OID", text);
		text = *end == '.' ? end + 1 : end;
	}
	return n;
}

static void
print_oid(const oid *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		printf(".%lu", (unsigned long)name[i]);
}

static void
print_octets(const netsnmp_variable_list *vb)
{
	printf(" s ");
	for (size_t i = 0; i < vb->val_len; i++)
		printf("%02x", vb->val.string[i]);
}

static void
print_varbind(const netsnmp_variable_list *vb)
{
	print_oid(vb->name, vb->name_length);
	switch (vb->type) {
	case ASN_INTEGER:
		printf(" i %ld", *vb->val.integer);
		break;
	case ASN_GAUGE:
		printf(" u %lu", (unsigned long)(uint32_t)*vb->val.integer);
		break;
	case ASN_COUNTER:
		printf(" c %lu", (unsigned long)(uint32_t)*vb->val.integer);
		break;
	case ASN_TIMETICKS:
		printf(" t %lu", (unsigned long)(uint32_t)*vb->val.integer);
		break;
	case ASN_IPADDRESS:
		printf(" a %u.%u.%u.%u", vb->val.string[0], vb->val.string[1],
		       vb->val.string[2], vb->val.string[3]);
		break;
	case ASN_OBJECT_ID:
		printf(" o ");
		print_oid(vb->val.objid, vb->val_len / sizeof(oid));
		break;
	case ASN_COUNTER64:
		printf(" x %" PRIu64, ((uint64_t)vb->val.counter64->high << 32) |
		                          (uint64_t)(uint32_t)vb->val.counter64->low);
		break;
	case ASN_NULL:
		printf(" n -");
		break;
	case SNMP_NOSUCHOBJECT:
		printf(" noSuchObject");
		break;
	case SNMP_NOSUCHINSTANCE:
		printf(" noSuchInstance");
		break;
	case SNMP_ENDOFMIBVIEW:
		printf(" endOfMibView");
		break;
	default:
		print_octets(vb);
	}
	putchar('\n');
}

/* The library takes what snmpset takes; only its `n' needs help. */
static void
add_value(netsnmp_pdu *pdu, const char *name, const char *type, const char *value)
{
	oid id[MAX_OID_LEN];
	size_t len = oid_of(name, id);

	if (type[0] == '\0' || type[1] != '\0' || strchr("iucatosnx", type[0]) == NULL)
		die("not a type letter", type);
	if (*type == 'n')
		snmp_add_null_var(pdu, id, len);
	else if (snmp_add_var(pdu, id, len, *type, value) != 0)
		die("not a value of that type", value);
}

static netsnmp_pdu *
ask(netsnmp_pdu *pdu)
{
	netsnmp_pdu *answer = NULL;

	if (snmp_sess_synch_response(session, pdu, &answer) != STAT_SUCCESS) {
		snmp_free_pdu(answer);
		return NULL;
	}
	return answer;
}

/* Prints the outcome; the varbinds too where they are the answer. */
static void
report(netsnmp_pdu *pdu, bool varbinds)
{
	netsnmp_pdu *answer = ask(pdu);

	if (answer == NULL) {
		puts("timeout");
		return;
	}
	printf("%ld/%ld\n", answer->errstat, answer->errindex);
	if (varbinds && answer->errstat == SNMP_ERR_NOERROR)
		for (netsnmp_variable_list *vb = answer->variables; vb != NULL;
		     vb = vb->next_variable)
			print_varbind(vb);
	snmp_free_pdu(answer);
}

static void
set(char *rest)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_SET);
	char *name;

	while ((name = strsep(&rest, " ")) != NULL) {
		char *type = strsep(&rest, " "), *value = strsep(&rest, " ");

		if (value == NULL)
			die("a varbind of a SET is OID TYPE VALUE", name);
		add_value(pdu, name, type, value);
	}
	report(pdu, false);
}

static void
read_names(int command, long nonrep, long reps, char *rest)
{
	netsnmp_pdu *pdu = snmp_pdu_create(command);
	char *name;
	oid id[MAX_OID_LEN];

	if (command == SNMP_MSG_GETBULK) {
		pdu->non_repeaters = nonrep;
		pdu->max_repetitions = reps;
	}
	while ((name = strsep(&rest, " ")) != NULL) {
		size_t len = oid_of(name, id);

		snmp_add_null_var(pdu, id, len);
	}
	report(pdu, true);
}

struct walk {
	oid root[MAX_OID_LEN], last[MAX_OID_LEN];
	size_t root_len, last_len;
	unsigned long count;
};

/* False at the end of the subtree, and when the agent does not get ahead. */
static bool
walk_on(struct walk *w, const netsnmp_pdu *answer)
{
	for (const netsnmp_variable_list *vb = answer->variables; vb != NULL;
	     vb = vb->next_variable) {
		if (vb->type == SNMP_ENDOFMIBVIEW ||
		    snmp_oidtree_compare(vb->name, vb->name_length, w->root, w->root_len) != 0)
			return false;
		if (snmp_oid_compare(vb->name, vb->name_length, w->last, w->last_len) <= 0) {
			printf("not increasing: ");
			print_varbind(vb);
			status = 1;
			return false;
		}
		memcpy(w->last, vb->name, vb->name_length * sizeof(oid));
		w->last_len = vb->name_length;
		w->count++;
		print_varbind(vb);
	}
	return answer->variables != NULL;
}

static void
walk(char *rest)
{
	struct walk w = { .count = 0 };
	char *name = strsep(&rest, " "), *reps = strsep(&rest, " ");
	bool more = true;

	w.root_len = w.last_len = oid_of(name, w.root);
	memcpy(w.last, w.root, sizeof(w.root));
	while (more) {
		netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GETBULK), *answer;

		pdu->non_repeaters = 0;
		pdu->max_repetitions = reps != NULL ? atol(reps) : 50;
		snmp_add_null_var(pdu, w.last, w.last_len);
		answer = ask(pdu);
		if (answer == NULL || answer->errstat != SNMP_ERR_NOERROR) {
			if (answer == NULL)
				puts("timeout");
			else
				printf("%ld/%ld\n", answer->errstat, answer->errindex);
			status = 1;
			snmp_free_pdu(answer);
			break;
		}
		more = walk_on(&w, answer);
		snmp_free_pdu(answer);
	}
	printf("end %lu\n", w.count);
}

static void command(char *line);

/* For who asks one thing after the other and wants to read an answer as a whole. */
static void
to_file(char *rest)
{
	const char *path = strsep(&rest, " ");
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600), before = dup(STDOUT_FILENO);
	int status_before = status;

	if (rest == NULL || file < 0 || before < 0 || dup2(file, STDOUT_FILENO) < 0)
		die("to FILE COMMAND", path);
	status = 0;
	command(rest);
	if (dup2(before, STDOUT_FILENO) < 0)
		die("no way back from", path);
	close(before);
	close(file);
	puts(status == 0 ? "done" : "trouble");
	status |= status_before;
}

static void
command(char *line)
{
	char *rest = line, *verb = strsep(&rest, " ");

	if (rest == NULL)
		die("nothing to ask", line);
	if (strcmp(verb, "set") == 0) {
		set(rest);
	} else if (strcmp(verb, "get") == 0) {
		read_names(SNMP_MSG_GET, 0, 0, rest);
	} else if (strcmp(verb, "next") == 0) {
		read_names(SNMP_MSG_GETNEXT, 0, 0, rest);
	} else if (strcmp(verb, "bulk") == 0) {
		char *nonrep = strsep(&rest, " "), *reps = strsep(&rest, " ");

		if (rest == NULL)
			die("bulk NONREPEATERS REPETITIONS OID ...", line);
		read_names(SNMP_MSG_GETBULK, atol(nonrep), atol(reps), rest);
	} else if (strcmp(verb, "walk") == 0) {
		walk(rest);
	} else if (strcmp(verb, "to") == 0) {
		to_file(rest);
	} else {
		die("unknown command", verb);
	}
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	netsnmp_session template;
	char *host = NULL, *community = NULL;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	double timeout_s = 10;
	int c;

	snmp_sess_init(&template);
	template.version = SNMP_VERSION_2c;
	while ((c = getopt(argc, argv, "H:c:t:1")) != -1) {
		if (c == 'H')
			host = optarg;
		else if (c == 'c')
			community = optarg;
		else if (c == 't')
			timeout_s = atof(optarg);
		else if (c == '1')
			template.version = SNMP_VERSION_1;
		else
			die("usage",
			    "snmp_pdu -H HOST:PORT -c COMMUNITY [-t SECONDS] [-1] < COMMANDS");
	}
	if (host == NULL || community == NULL)
		die("usage", "snmp_pdu -H HOST:PORT -c COMMUNITY [-t SECONDS] [-1] < COMMANDS");
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	init_snmp("snmp_pdu");
	template.peername = host;
	template.community = (u_char *)community;
	template.community_len = strlen(community);
	template.retries = 0;
	template.timeout = (long)(timeout_s * 1e6);
	session = snmp_sess_open(&template);
	if (session == NULL)
		die("cannot open a session", host);
	while ((len = getline(&line, &room, stdin)) != -1) {
		while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == ' '))
			line[--len] = '\0';
		if (len > 0)
			command(line);
	}
	free(line);
	snmp_sess_close(session);
	snmp_shutdown("snmp_pdu");
	return status;
}
