/*
 * One chapter: rtmctl, the operator's tool.
 *
 * A command is a line of a table. Most ask the daemon over its control socket and print
 * what it says; `snmpset' and `decode' need no daemon unless an interface is given by
 * name. What the daemon refuses is said in its own words: the documented code, its
 * meaning, and which member of the row was wrong.
 */
#include "rtmctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/alloc.h"
#include "base/code.h"
#include "iphlp/iph.h"

#define DEFAULT_SOCKET "/run/rtmd/control"

static struct ctl_interface *interfaces;
static size_t ninterfaces;
static bool interfaces_loaded;

/* ---- asking ------------------------------------------------------------------ */

int
tool_status(DWORD code)
{
	return code == NO_ERROR                                          ? STATUS_OK
	       : code == ERROR_NOT_READY || code == ERROR_FILE_NOT_FOUND ? STATUS_NO_DAEMON
	                                                                 : STATUS_REFUSED;
}

int
tool_connect(struct tool *tool)
{
	DWORD err;

	if (tool->client != NULL)
		return STATUS_OK;
	err = ctl_connect(tool->socket, &tool->client);
	if (err == NO_ERROR)
		return STATUS_OK;
	fprintf(stderr, "rtmctl: %s: no rtmd to ask: %s (%s)\n", tool->socket, code_text(err),
	        code_name(err));
	return STATUS_NO_DAEMON;
}

const char *
tool_field(ULONG field)
{
	static const char *const names[] = {
		[IPH_FIELD_ROW] = "the route",           [IPH_FIELD_PREFIX] = "the prefix",
		[IPH_FIELD_LENGTH] = "the length",       [IPH_FIELD_NEXTHOP] = "the next hop",
		[IPH_FIELD_INTERFACE] = "the interface", [IPH_FIELD_SITE] = "the site prefix",
		[IPH_FIELD_LIFETIME] = "the lifetime",   [IPH_FIELD_METRIC] = "the metric",
		[IPH_FIELD_PROTOCOL] = "the protocol",   [IPH_FIELD_TYPE] = "the type",
	};

	return field < sizeof(names) / sizeof(names[0]) ? names[field] : NULL;
}

DWORD
tool_ask(struct tool *tool, const char *what, enum ctl_type type,
         const struct ctl_layout *layout, const void *request, struct ctl_in *body)
{
	struct ctl_reply reply = { 0, 0, 0 };
	DWORD err = ctl_ask(tool->client, type, layout, request, &reply, body);
	const char *field = tool_field(reply.field);

	if (err == ERROR_NOT_READY)
		fprintf(stderr, "rtmctl: %s: rtmd has closed the connection\n", what);
	else if (err != NO_ERROR)
		fprintf(stderr, "rtmctl: %s: %s (%s %u)%s%s\n", what, code_text(err),
		        code_name(err), err, field != NULL ? ", because of " : "",
		        field != NULL ? field : "");
	return err;
}

/* ---- interfaces -------------------------------------------------------------- */

static bool
add_interface(const struct ctl_interface *one)
{
	struct ctl_interface *grown =
	    mem_realloc(interfaces, ninterfaces + 1, sizeof(*interfaces));

	if (grown == NULL)
		return false;
	interfaces = grown;
	interfaces[ninterfaces++] = *one;
	return true;
}

int
load_interfaces(struct tool *tool, const struct ctl_interface **list, size_t *n)
{
	struct ctl_page page = { .most = CTL_PAGE };
	int status = tool_connect(tool);
	ULONG count = 1;

	page.from.Prefix.si_family = AF_INET;
	while (status == STATUS_OK && !interfaces_loaded && count > 0) {
		struct ctl_interface one;
		struct ctl_in in;

		status = tool_status(
		    tool_ask(tool, "interfaces", CTL_INTERFACES, &ctl_page_layout, &page, &in));
		if (status == STATUS_OK && !ctl_get_number(&in, &count))
			status = STATUS_REFUSED;
		for (ULONG i = 0; status == STATUS_OK && i < count; i++) {
			if (!ctl_get(&in, &ctl_interface_layout, &one) || !add_interface(&one))
				status = STATUS_REFUSED;
			page.index = one.index;
		}
	}
	interfaces_loaded = interfaces_loaded || status == STATUS_OK;
	*list = interfaces;
	*n = ninterfaces;
	return status;
}

void
free_interfaces(void)
{
	mem_free(interfaces);
	interfaces = NULL;
	ninterfaces = 0;
}

static bool
is_number(const char *text, ULONG *out)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*out = (ULONG)value;
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && value <= UINT32_MAX;
}

int
find_interface(struct tool *tool, const char *name, NET_IFINDEX *out)
{
	const struct ctl_interface *list;
	size_t n;
	int status;

	if (is_number(name, out))
		return STATUS_OK;
	status = load_interfaces(tool, &list, &n);
	for (size_t i = 0; status == STATUS_OK && i < n; i++) {
		if (strcmp(list[i].alias, name) == 0) {
			*out = list[i].index;
			return STATUS_OK;
		}
	}
	if (status == STATUS_OK)
		fprintf(stderr, "rtmctl: %s: there is no such interface\n", name);
	return status == STATUS_OK ? STATUS_REFUSED : status;
}

const char *
interface_name(struct tool *tool, NET_IFINDEX index)
{
	static char number[16];
	const struct ctl_interface *list;
	size_t n;

	if (load_interfaces(tool, &list, &n) == STATUS_OK) {
		for (size_t i = 0; i < n; i++) {
			if (list[i].index == index && list[i].alias[0] != '\0')
				return list[i].alias;
		}
	}
	snprintf(number, sizeof(number), "%u", index);
	return number;
}

/* ---- words ------------------------------------------------------------------- */

bool
route_words_read(char **words, struct route_words *out)
{
	const struct {
		const char *name;
		const char **to;
	} options[] = {
		{ "via", &out->via },
		{ "dev", &out->dev },
		{ "metric", &out->metric },
		{ "type", &out->type },
	};

	*out = (struct route_words){ .prefix = *words };
	if (*words == NULL) {
		fprintf(stderr, "rtmctl: a PREFIX/LENGTH is missing\n");
		return false;
	}
	while (*++words != NULL) {
		const char **to = NULL;

		for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
			if (strcmp(*words, options[i].name) == 0)
				to = options[i].to;
		}
		if (to == NULL || *to != NULL || words[1] == NULL) {
			fprintf(stderr, "rtmctl: \"%s\": %s\n", *words,
			        to == NULL    ? "is none of via, dev, metric, type"
			        : *to != NULL ? "is said twice"
			                      : "needs a value");
			return false;
		}
		*to = *++words;
	}
	return true;
}

static bool
read_kind(const char *word, ULONG *out)
{
	static const char *const names[] = { [IPH_UNICAST] = "unicast",
		                             [IPH_REJECT] = "reject",
		                             [IPH_BLACKHOLE] = "blackhole" };

	for (ULONG i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(word, names[i]) == 0) {
			*out = i;
			return true;
		}
	}
	fprintf(stderr, "rtmctl: type \"%s\" is not unicast, reject or blackhole\n", word);
	return false;
}

/* The daemon judges the values; here they only have to be readable. */
int
route_row(struct tool *tool, const struct route_words *words, struct ctl_route *out)
{
	MIB_IPFORWARD_ROW2 *row = &out->row;
	struct prefix prefix;
	struct addr hop = { .family = AF_UNSPEC };

	memset(out, 0, sizeof(*out));
	row->SitePrefixLength = UINT8_MAX;
	row->ValidLifetime = row->PreferredLifetime = INFINITE;
	row->Metric = row->Protocol = UINT32_MAX;
	row->Loopback = row->AutoconfigureAddress = row->Publish = row->Immortal = TRUE;
	if (!prefix_parse(words->prefix, &prefix)) {
		fprintf(stderr, "rtmctl: \"%s\" is not ADDRESS/LENGTH\n", words->prefix);
		return STATUS_USAGE;
	}
	if (words->via != NULL && !addr_parse(words->via, &hop)) {
		fprintf(stderr, "rtmctl: \"%s\" is not an address\n", words->via);
		return STATUS_USAGE;
	}
	if (words->metric != NULL && !is_number(words->metric, &row->Metric)) {
		fprintf(stderr, "rtmctl: metric \"%s\" is not a number\n", words->metric);
		return STATUS_USAGE;
	}
	if (words->type != NULL && !read_kind(words->type, &out->kind))
		return STATUS_USAGE;
	prefix_to_ip_prefix(&prefix, &row->DestinationPrefix);
	row->NextHop.si_family = prefix.addr.family;
	if (words->via != NULL)
		addr_to_sockaddr(&hop, &row->NextHop);
	return words->dev == NULL ? STATUS_OK
	                          : find_interface(tool, words->dev, &row->InterfaceIndex);
}

/* ---- changes ----------------------------------------------------------------- */

static int
change(struct tool *tool, char **words, enum ctl_type type, const char *what)
{
	struct route_words said;
	struct ctl_route route;
	int status;

	if (!route_words_read(words, &said))
		return STATUS_USAGE;
	status = tool_connect(tool);
	if (status == STATUS_OK)
		status = route_row(tool, &said, &route);
	if (status == STATUS_OK)
		status =
		    tool_status(tool_ask(tool, what, type, &ctl_route_layout, &route, NULL));
	return status;
}

static int
do_add(struct tool *tool, char **words)
{
	return change(tool, words, CTL_CREATE, "add");
}

static int
do_change(struct tool *tool, char **words)
{
	return change(tool, words, CTL_SET, "change");
}

static int
do_delete(struct tool *tool, char **words)
{
	return change(tool, words, CTL_DELETE, "delete");
}

/* ---- the command line -------------------------------------------------------- */

static const struct command {
	const char *name;
	int (*run)(struct tool *tool, char **words);
	const char *arguments, *help;
} commands[] = {
	{ "show", do_show, "routes [PREFIX]", "all routes, or those inside of PREFIX" },
	{ "show", do_show, "interfaces", "interfaces with their addresses and metrics" },
	{ "show", do_show, "status", "the daemon: version, uptime, counts" },
	{ "show", do_show, "store", "the store of rows: size, commits, times" },
	{ "best", do_best, "ADDRESS", "the route that packets to ADDRESS take" },
	{ "add", do_add, "PREFIX [via GATEWAY] dev IF [metric N] [type T]", "create a route" },
	{ "change", do_change, "PREFIX [via GATEWAY] dev IF [metric N]", "change its metric" },
	{ "delete", do_delete, "PREFIX [via GATEWAY] dev IF [type T]", "remove it" },
	{ "store", do_store, "check [FILE]", "whether a state file is whole; default: rtmd's" },
	{ "store", do_store, "export [FILE]", "its rows as JSON" },
	{ "store", do_store, "import [replace] FILE",
	  "take in rows of such JSON, all or none" },
	{ "monitor", do_monitor, "[COUNT]", "print changes as they happen" },
	{ "snmpset", do_snmpset, "PREFIX [via GATEWAY] dev IF [metric N] [type T]",
	  "print the snmpset command that creates this route" },
	{ "decode", do_decode, "OID", "say what an index of a route table means" },
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
usage(FILE *to)
{
	fprintf(to, "usage: rtmctl [-s SOCKET] [-z] COMMAND\n");
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  %s %s\n      %s\n", commands[i].name, commands[i].arguments,
		        commands[i].help);
	fprintf(to,
	        "  -s SOCKET  default: $RTM_SOCKET, or " DEFAULT_SOCKET "\n"
	        "  -z         snmpset: no next hop is spelled with zeros (onLinkNextHop zero)\n"
	        "  -V         say the version and leave\n"
	        "  -h         say this and leave\n"
	        "type T is unicast, reject or blackhole; the last two take no gateway and no "
	        "interface\n");
}

static int
run(struct tool *tool, char **words)
{
	for (size_t i = 0; *words != NULL && i < COMMANDS; i++) {
		if (strcmp(*words, commands[i].name) == 0)
			return commands[i].run(tool, words + 1);
	}
	if (*words != NULL)
		fprintf(stderr, "rtmctl: %s: there is no such command\n", *words);
	usage(stderr);
	return STATUS_USAGE;
}

int
main(int argc, char **argv)
{
	struct tool tool = { .socket = getenv("RTM_SOCKET") };
	int c, status;

	while ((c = getopt(argc, argv, "+s:zVh")) != -1) {
		if (c == 's') {
			tool.socket = optarg;
		} else if (c == 'z') {
			tool.zero = true;
		} else if (c == 'V') {
			puts("rtmctl " RTMD_VERSION);
			return STATUS_OK;
		} else {
			usage(c == 'h' ? stdout : stderr);
			return c == 'h' ? STATUS_OK : STATUS_USAGE;
		}
	}
	if (tool.socket == NULL || tool.socket[0] == '\0')
		tool.socket = DEFAULT_SOCKET;
	status = run(&tool, argv + optind);
	ctl_disconnect(tool.client);
	free_interfaces();
	if (fflush(stdout) != 0 && status == STATUS_OK)
		status = STATUS_REFUSED;
	return status;
}
