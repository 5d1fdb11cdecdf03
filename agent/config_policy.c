/*
 * What the administrator decides about the tables: which are served, how they spell a
 * row without a next hop, and what managers may write beside SNMP's own views.
 *
 * The prefixes are kept as written, in the two arrays that struct mib_policy borrows. A
 * prefix with host bits is an error and not cut to length: it may as well be the length
 * that is wrong, and then a cut one would protect too much or too little in silence.
 * The same prefix twice is an error too, as one of the two lines was meant to say
 * something else.
 */
#include "config_int.h"

#include <string.h>
#include <strings.h>

#include "base/addr.h"
#include "base/alloc.h"

/* A line that is one of two words; -1: it is not, and that was said. */
static int
one_of_two(const char *token, const char *line, const char *no, const char *yes)
{
	if (strcasecmp(line, yes) == 0)
		return 1;
	if (strcasecmp(line, no) == 0)
		return 0;
	config_wrong("%s: \"%s\" is neither %s nor %s", token, line, no, yes);
	return -1;
}

static void
set_choice(bool *out, const char *token, const char *line, const char *no, const char *yes)
{
	int choice = one_of_two(token, line, no, yes);

	if (choice != -1)
		*out = choice == 1;
}

static void
on_ip_route_table(const char *token, char *line)
{
	set_choice(&config_reading->ip_route_table, token, line, "no", "yes");
}

static void
on_on_link_next_hop(const char *token, char *line)
{
	set_choice(&config_reading->zero_next_hop, token, line, "unknown", "zero");
}

static void
on_read_only(const char *token, char *line)
{
	set_choice(&config_reading->policy.read_only, token, line, "no", "yes");
}

static void
on_max_rows(const char *token, char *line)
{
	unsigned long number;

	if (config_number(token, line, 1, UINT32_MAX, &number))
		config_reading->policy.max_rows = number;
}

static bool
parse_prefix(const char *token, const char *line, struct prefix *out)
{
	struct prefix network;
	char text[64];

	if (!prefix_parse(line, out)) {
		config_wrong("%s: \"%s\" is not one ADDRESS/LENGTH", token, line);
		return false;
	}
	if (prefix_is_canonical(out))
		return true;
	network = *out;
	prefix_cut(&network, network.len);
	config_wrong("%s: \"%s\" has bits behind its length; its network is %s", token, line,
	             prefix_format(&network, text, sizeof text));
	return false;
}

void
config_add_prefix(const char *token, const char *line, struct prefix **list, size_t *n)
{
	struct prefix prefix, *grown;

	if (!parse_prefix(token, line, &prefix))
		return;
	for (size_t i = 0; i < *n; i++)
		if (prefix_equal(&(*list)[i], &prefix)) {
			config_wrong("%s: \"%s\" is there already", token, line);
			return;
		}
	grown = config_one_more(*list, *n, sizeof *grown);
	if (grown == NULL)
		return;
	*list = grown;
	grown[(*n)++] = prefix;
}

static void
on_protect(const char *token, char *line)
{
	config_add_prefix(token, line, &config_reading->protect,
	                  &config_reading->policy.nprotect);
}

static void
on_allow_write(const char *token, char *line)
{
	config_add_prefix(token, line, &config_reading->allow, &config_reading->policy.nallow);
}

const struct config_token config_policy_tokens[] = {
	{ "ipRouteTable", on_ip_route_table, "yes | no" },
	{ "onLinkNextHop", on_on_link_next_hop, "unknown | zero" },
	{ "readOnly", on_read_only, "yes | no" },
	{ "protect", on_protect, "PREFIX/LEN" },
	{ "allowWrite", on_allow_write, "PREFIX/LEN" },
	{ "maxRows", on_max_rows, "N" },
};
const size_t config_policy_ntokens =
    sizeof config_policy_tokens / sizeof config_policy_tokens[0];

void
config_policy_free(struct config *config)
{
	mem_free(config->protect);
	mem_free(config->allow);
}
