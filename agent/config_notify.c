/*
 * Which notifications are sent, of whose routes, and how many of them. None unless the
 * configuration asks for it: a table that is filled by a routing protocol changes more
 * often than anybody reads.
 */
#include "config_int.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"

/* A word of a list, and the bit it stands for. */
struct word {
	const char *name;
	uint32_t bit;
};

static const struct word kind_words[] = {
	{ "added", 1u << MIB_NOTICE_ADDED },
	{ "removed", 1u << MIB_NOTICE_REMOVED },
	{ "changed", 1u << MIB_NOTICE_CHANGED },
	{ "refused", 1u << MIB_NOTICE_REFUSED },
	{ NULL, 0 },
};

/* Protocols as inetCidrRouteProto names them. */
static const struct word owner_words[] = {
	{ "snmp", MIB_OWNER_SNMP },
	{ "kernel", MIB_OWNER_OTHERS },
	{ "other", 1u << MIB_IPPROTO_OTHER },
	{ "local", 1u << MIB_IPPROTO_LOCAL },
	{ "netmgmt", 1u << MIB_IPPROTO_NETMGMT },
	{ "icmp", 1u << MIB_IPPROTO_ICMP },
	{ "egp", 1u << MIB_IPPROTO_EGP },
	{ "ggp", 1u << MIB_IPPROTO_GGP },
	{ "hello", 1u << MIB_IPPROTO_HELLO },
	{ "rip", 1u << MIB_IPPROTO_RIP },
	{ "isIs", 1u << MIB_IPPROTO_IS_IS },
	{ "esIs", 1u << MIB_IPPROTO_ES_IS },
	{ "ciscoIgrp", 1u << MIB_IPPROTO_CISCO },
	{ "bbnSpfIgp", 1u << MIB_IPPROTO_BBN },
	{ "ospf", 1u << MIB_IPPROTO_OSPF },
	{ "bgp", 1u << MIB_IPPROTO_BGP },
	{ "idpr", 1u << MIB_IPPROTO_IDPR },
	{ "ciscoEigrp", 1u << MIB_IPPROTO_EIGRP },
	{ "dvmrp", 1u << MIB_IPPROTO_DVMRP },
	{ "rpl", 1u << MIB_IPPROTO_RPL },
	{ "dhcp", 1u << MIB_IPPROTO_DHCP },
	{ NULL, 0 },
};

/* The words of a line as bits, beside those of the lines before it. */
static void
add_words(const char *token, const char *line, const struct word *words, uint32_t *out)
{
	char word[CONFIG_WORD];
	uint32_t bits = 0;

	while (config_word(&line, word)) {
		const struct word *at = words;

		while (at->name != NULL && strcasecmp(at->name, word) != 0)
			at++;
		if (at->name == NULL) {
			config_wrong("%s: \"%s\" is none of the words for it", token, word);
			return;
		}
		bits |= at->bit;
	}
	if (bits == 0)
		config_wrong("%s: a word is missing", token);
	*out |= bits;
}

static void
on_notify(const char *token, char *line)
{
	uint32_t kinds = config_reading->notify.kinds;

	add_words(token, line, kind_words, &kinds);
	config_reading->notify.kinds = kinds;
}

static void
on_owner(const char *token, char *line)
{
	add_words(token, line, owner_words, &config_reading->notify.owners);
}

static void
on_prefix(const char *token, char *line)
{
	config_add_prefix(token, line, &config_reading->notify_prefixes,
	                  &config_reading->notify.nprefixes);
}

static void
on_rate(const char *token, char *line)
{
	unsigned long number;

	if (config_number(token, line, 1, CONFIG_NOTIFY_RATE_MAX, &number))
		config_reading->notify.rate = (unsigned)number;
}

const struct config_token config_notify_tokens[] = {
	{ "notify", on_notify, "added | removed | changed | refused ..." },
	{ "notifyPrefix", on_prefix, "PREFIX/LEN" },
	{ "notifyOwner", on_owner, "snmp | kernel | PROTOCOL ..." },
	{ "notifyRate", on_rate, "1..1000" },
};
const size_t config_notify_ntokens =
    sizeof config_notify_tokens / sizeof config_notify_tokens[0];

void
config_notify_free(struct config *config)
{
	mem_free(config->notify_prefixes);
}
