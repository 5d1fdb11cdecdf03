/* One chapter: what rtmctl prints. A line is words and values, for people and for awk. */
#include "rtmctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/code.h"
#include "iphlp/iph.h"

const char *
kind_name(ULONG kind)
{
	return kind == IPH_REJECT ? "reject" : kind == IPH_BLACKHOLE ? "blackhole" : "unicast";
}

static const char *
protocol_name(ULONG protocol)
{
	static const char *const names[] = {
		"",      "other", "local", "netmgmt", "icmp", "egp",  "ggp",
		"hello", "rip",   "isis",  "esis",    "igrp", "bbn",  "ospf",
		"bgp",   "idpr",  "eigrp", "dvmrp",   "rpl",  "dhcp",
	};
	static char number[16];

	if (protocol > 0 && protocol < sizeof(names) / sizeof(names[0]))
		return names[protocol];
	snprintf(number, sizeof(number), "%u", protocol);
	return number;
}

static void
print_key(struct tool *tool, const MIB_IPFORWARD_ROW2 *row)
{
	char text[PREFIX_TEXT_SIZE];
	struct prefix prefix;
	struct addr hop;

	if (prefix_from_ip_prefix(&prefix, &row->DestinationPrefix))
		printf("%s", prefix_format(&prefix, text, sizeof(text)));
	if (addr_from_sockaddr(&hop, &row->NextHop) && !addr_is_unspecified(&hop))
		printf(" via %s", addr_format(&hop, text, sizeof(text)));
	if (row->InterfaceIndex != 0)
		printf(" dev %s", interface_name(tool, row->InterfaceIndex));
}

static void
print_route(struct tool *tool, const struct ctl_route *route)
{
	print_key(tool, &route->row);
	printf(" metric %u total %u proto %s age %u", route->row.Metric, route->total,
	       protocol_name(route->row.Protocol), route->row.Age);
	if (route->kind != IPH_UNICAST)
		printf(" %s", kind_name(route->kind));
	printf("%s%s%s\n", route->own ? " own" : "", route->best ? " best" : "",
	       route->hidden ? " hidden" : "");
}

/* A page of routes. *count 0: the end. page->from moves on. */
static int
next_page(struct tool *tool, struct ctl_page *page, const struct prefix *inside, ULONG *count)
{
	struct ctl_route route;
	struct prefix prefix;
	struct ctl_in in;
	int status =
	    tool_status(tool_ask(tool, "show routes", CTL_ROUTES, &ctl_page_layout, page, &in));

	if (status == STATUS_OK && !ctl_get_number(&in, count))
		status = STATUS_REFUSED;
	for (ULONG i = 0; status == STATUS_OK && i < *count; i++) {
		if (!ctl_get(&in, &ctl_route_layout, &route))
			return STATUS_REFUSED;
		page->from = route.row.DestinationPrefix;
		page->inclusive = 0;
		prefix_from_ip_prefix(&prefix, &route.row.DestinationPrefix);
		if (inside == NULL || prefix_covers_prefix(inside, &prefix)) {
			print_route(tool, &route);
		} else if (addr_compare(&prefix.addr, &inside->addr) > 0) {
			*count = 0; /* beyond it: nothing more can be inside */
			return STATUS_OK;
		}
	}
	return status;
}

static int
show_family(struct tool *tool, ADDRESS_FAMILY family, const struct prefix *inside)
{
	struct ctl_page page = { .inclusive = 1, .most = CTL_PAGE };
	int status = STATUS_OK;
	ULONG count = 1;

	page.from.Prefix.si_family = family;
	if (inside != NULL)
		prefix_to_ip_prefix(inside, &page.from);
	while (status == STATUS_OK && count > 0)
		status = next_page(tool, &page, inside, &count);
	return status;
}

static int
show_routes(struct tool *tool, char **words)
{
	struct prefix inside;
	int status;

	interface_name(tool, 0); /* ask for the names now, not in the middle of an answer */
	if (words[0] != NULL) {
		if (!prefix_parse(words[0], &inside)) {
			fprintf(stderr, "rtmctl: \"%s\" is not ADDRESS/LENGTH\n", words[0]);
			return STATUS_USAGE;
		}
		prefix_cut(&inside, inside.len);
		return show_family(tool, inside.addr.family, &inside);
	}
	status = show_family(tool, AF_INET, NULL);
	return status == STATUS_OK ? show_family(tool, AF_INET6, NULL) : status;
}

static int
show_interfaces(struct tool *tool, char **words)
{
	const struct ctl_interface *list;
	size_t n;
	int status = load_interfaces(tool, &list, &n);

	(void)words;
	for (size_t i = 0; status == STATUS_OK && i < n; i++) {
		const struct ctl_interface *one = &list[i];
		char text[PREFIX_TEXT_SIZE];

		printf("%u %s type %u luid %016llx metric %u,%u %s%s", one->index, one->alias,
		       one->if_type, (unsigned long long)one->luid.Value, one->metric[0],
		       one->metric[1], one->connected ? "up" : "down",
		       one->routes ? "" : " no-routes");
		for (ULONG k = 0; k < one->naddrs; k++) {
			struct prefix prefix = { .len = (uint8_t)one->addrs[k].length };

			addr_from_sockaddr(&prefix.addr, &one->addrs[k].address);
			printf(" %s", prefix_format(&prefix, text, sizeof(text)));
		}
		printf("\n");
	}
	return status;
}

static int
show_text(struct tool *tool, enum ctl_type type, const char *what)
{
	static struct ctl_text text;
	struct ctl_in in;
	DWORD err = tool_ask(tool, what, type, NULL, NULL, &in);

	if (err != NO_ERROR)
		return tool_status(err);
	if (!ctl_get(&in, &ctl_text_layout, &text))
		return STATUS_REFUSED;
	fputs(text.text, stdout);
	return STATUS_OK;
}

static int
show_status(struct tool *tool, char **words)
{
	(void)words;
	return show_text(tool, CTL_STATUS, "show status");
}

static int
show_store(struct tool *tool, char **words)
{
	(void)words;
	return show_text(tool, CTL_STORE, "show store");
}

int
do_show(struct tool *tool, char **words)
{
	static const struct {
		const char *name;
		int most; /* words that may follow */
		int (*run)(struct tool *tool, char **words);
	} topics[] = {
		{ "routes", 1, show_routes },
		{ "interfaces", 0, show_interfaces },
		{ "status", 0, show_status },
		{ "store", 0, show_store },
	};

	for (size_t i = 0; words[0] != NULL && i < sizeof(topics) / sizeof(topics[0]); i++) {
		int status;

		if (strcmp(words[0], topics[i].name) != 0)
			continue;
		for (int k = 1; k <= topics[i].most + 1; k++) {
			if (words[k] == NULL)
				break;
			if (k > topics[i].most) {
				fprintf(stderr, "rtmctl: \"%s\" is too much\n", words[k]);
				return STATUS_USAGE;
			}
		}
		status = tool_connect(tool);
		return status == STATUS_OK ? topics[i].run(tool, words + 1) : status;
	}
	fprintf(stderr, "rtmctl: show routes, interfaces, status or store\n");
	return STATUS_USAGE;
}

int
do_best(struct tool *tool, char **words)
{
	struct ctl_best best = { .has_luid = 0 };
	struct ctl_address source;
	struct ctl_route route;
	struct ctl_in in;
	struct addr to;
	char text[ADDR_TEXT_SIZE];
	int status;

	if (words[0] == NULL || words[1] != NULL || !addr_parse(words[0], &to)) {
		fprintf(stderr, "rtmctl: best ADDRESS\n");
		return STATUS_USAGE;
	}
	addr_to_sockaddr(&to, &best.dest);
	interface_name(tool, 0);
	status = tool_connect(tool);
	if (status == STATUS_OK)
		status = tool_status(
		    tool_ask(tool, words[0], CTL_BEST, &ctl_best_layout, &best, &in));
	if (status != STATUS_OK)
		return status;
	if (!ctl_get(&in, &ctl_route_layout, &route) ||
	    !ctl_get(&in, &ctl_address_layout, &source))
		return STATUS_REFUSED;
	print_key(tool, &route.row);
	if (addr_from_sockaddr(&to, &source.address))
		printf(" from %s", addr_format(&to, text, sizeof(text)));
	printf("\n");
	return STATUS_OK;
}

int
do_monitor(struct tool *tool, char **words)
{
	static const char *const names[] = { "changed", "added", "removed" };
	struct ctl_family family = { .family = AF_UNSPEC };
	unsigned long left = words[0] != NULL ? strtoul(words[0], NULL, 10) : 0;
	bool bounded = words[0] != NULL;
	struct ctl_event event;
	uint32_t number;
	DWORD err;
	int status = tool_connect(tool);

	if (bounded && left == 0) {
		fprintf(stderr, "rtmctl: \"%s\" is not a count\n", words[0]);
		return STATUS_USAGE;
	}
	if (status != STATUS_OK)
		return status;
	interface_name(tool, 0);
	err = tool_ask(tool, "monitor", CTL_SUBSCRIBE, &ctl_family_layout, &family, NULL);
	while (err == NO_ERROR && (!bounded || left-- > 0)) {
		err = ctl_event_wait(tool->client, -1, &number, &event);
		if (err != NO_ERROR) {
			fprintf(stderr, "rtmctl: the connection is gone: %s\n", code_text(err));
			break;
		}
		printf("%s ", event.type < 3 ? names[event.type] : "?");
		print_key(tool, &event.row);
		printf("\n");
		fflush(stdout);
	}
	return tool_status(err);
}
