/*
 * One chapter: where the interfaces of a table in memory come from.
 *
 * Text is taken apart word by word and refused as a whole on the first thing that is not
 * understood. The system's interfaces come from getifaddrs(), one record per address;
 * an interface is put into the table when its records have been collected.
 */
#include "host/interfaces.h"

#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/addr.h"
#include "base/alloc.h"
#include "iftab/inet.h"

#define ADDRESSES_MAX 64
#define SEPARATORS " \t"

/* An interface while it is put together. */
struct draft {
	struct iftab_if desc;
	struct iftab_addr addrs[ADDRESSES_MAX];
};

static void
draft_begin(struct draft *draft, NET_IFINDEX index, const char *name, USHORT type)
{
	memset(draft, 0, sizeof *draft);
	draft->desc.index = index;
	draft->desc.if_type = type;
	draft->desc.bound[IFTAB_V4] = draft->desc.bound[IFTAB_V6] = true;
	draft->desc.connected = draft->desc.routes = true;
	draft->desc.addrs = draft->addrs;
	snprintf(draft->desc.alias, sizeof draft->desc.alias, "%s", name);
}

static bool
draft_address(struct draft *draft, const SOCKADDR_INET *address, unsigned length)
{
	if (draft->desc.naddrs == ADDRESSES_MAX)
		return false;
	draft->addrs[draft->desc.naddrs].address = *address;
	draft->addrs[draft->desc.naddrs].prefix_length = (UINT8)length;
	draft->desc.naddrs++;
	return true;
}

/* ---- from text ---------------------------------------------------------------------- */

static bool
parse_number(const char *word, unsigned long most, unsigned long *out)
{
	char *end;

	if (word == NULL || word[0] < '0' || word[0] > '9')
		return false;
	*out = strtoul(word, &end, 10);
	return *end == '\0' && *out <= most;
}

static bool
parse_addresses(struct draft *draft, char *word)
{
	char *at = NULL;

	if (word == NULL)
		return false;
	if (strcmp(word, "-") == 0)
		return true;
	for (char *one = strtok_r(word, ",", &at); one != NULL;
	     one = strtok_r(NULL, ",", &at)) {
		SOCKADDR_INET address;
		struct prefix prefix;

		if (!prefix_parse(one, &prefix))
			return false;
		addr_to_sockaddr(&prefix.addr, &address);
		if (!draft_address(draft, &address, prefix.len))
			return false;
	}
	return true;
}

static bool
parse_type(struct draft *draft, const char *word)
{
	static const struct {
		const char *word;
		USHORT type;
	} types[] = { { "ethernet", 6 }, { "loopback", 24 }, { "ppp", 23 }, { "tunnel", 131 } };

	for (size_t i = 0; word != NULL && i < sizeof types / sizeof types[0]; i++)
		if (strcmp(word, types[i].word) == 0) {
			draft->desc.if_type = types[i].type;
			return true;
		}
	return false;
}

static bool
parse_option(struct draft *draft, const char *name, char **at)
{
	unsigned long metric;
	const char *value = strtok_r(NULL, SEPARATORS, at);

	if (strcmp(name, "type") == 0)
		return parse_type(draft, value);
	if (strcmp(name, "metric") != 0 ||
	    !parse_number(value, NL_MAX_METRIC_COMPONENT, &metric))
		return false;
	draft->desc.metric[IFTAB_V4] = draft->desc.metric[IFTAB_V6] = (ULONG)metric;
	return true;
}

static DWORD
parse_line(struct iftab *ifs, struct draft *draft, char *line)
{
	unsigned long index;
	char *at = NULL, *word = strtok_r(line, SEPARATORS, &at), *name;

	if (word == NULL)
		return NO_ERROR;
	name = strtok_r(NULL, SEPARATORS, &at);
	if (!parse_number(word, INT32_MAX, &index) || index == 0 || name == NULL ||
	    strlen(name) > IF_MAX_STRING_SIZE)
		return ERROR_INVALID_DATA;
	draft_begin(draft, (NET_IFINDEX)index, name, 6);
	if (!parse_addresses(draft, strtok_r(NULL, SEPARATORS, &at)))
		return ERROR_INVALID_DATA;
	while ((word = strtok_r(NULL, SEPARATORS, &at)) != NULL)
		if (!parse_option(draft, word, &at))
			return ERROR_INVALID_DATA;
	if (iftab_by_index(ifs, draft->desc.index) != NULL)
		return ERROR_INVALID_DATA;
	return iftab_put(ifs, &draft->desc);
}

DWORD
interfaces_parse(struct iftab *ifs, const char *text)
{
	struct draft *draft = mem_calloc(1, sizeof *draft);
	char *copy = mem_text(text), *at = NULL;
	DWORD err = ERROR_NOT_ENOUGH_MEMORY;

	if (draft == NULL || copy == NULL)
		goto out;
	err = NO_ERROR;
	for (char *line = strtok_r(copy, ";\n", &at); line != NULL && err == NO_ERROR;
	     line = strtok_r(NULL, ";\n", &at))
		err = parse_line(ifs, draft, line);
	if (err != NO_ERROR && err != ERROR_NOT_ENOUGH_MEMORY)
		err = ERROR_INVALID_DATA;
out:
	mem_free(copy);
	mem_free(draft);
	return err;
}

/* ---- from the system --------------------------------------------------------- */

static unsigned
length_of(const struct sockaddr *mask, ADDRESS_FAMILY family)
{
	SOCKADDR_INET sa = { .si_family = family };
	const uint8_t *bytes = inet_bytes(&sa);
	unsigned length = 0;

	if (mask == NULL)
		return inet_bits(family);
	memcpy(&sa, mask, family == AF_INET ? sizeof sa.Ipv4 : sizeof sa.Ipv6);
	sa.si_family = family;
	while (length < inet_bits(family) && (bytes[length / 8] & (0x80u >> (length % 8))) != 0)
		length++;
	return length;
}

static void
add_record(struct draft *draft, const struct ifaddrs *record)
{
	ADDRESS_FAMILY family = record->ifa_addr != NULL ? record->ifa_addr->sa_family : 0;
	SOCKADDR_INET address = { .si_family = 0 };
	SOCKADDR_INET plain;

	draft->desc.connected = (record->ifa_flags & IFF_RUNNING) != 0;
	if (inet_size(family) == 0)
		return;
	memcpy(&address, record->ifa_addr,
	       family == AF_INET ? sizeof address.Ipv4 : sizeof address.Ipv6);
	inet_make(&plain, family, inet_bytes(&address));
	(void)draft_address(draft, &plain, length_of(record->ifa_netmask, family));
}

static USHORT
type_of(unsigned flags)
{
	if ((flags & IFF_LOOPBACK) != 0)
		return 24;
	return (flags & IFF_POINTOPOINT) != 0 ? 23 : 6;
}

static DWORD
put_interface(struct iftab *ifs, struct draft *draft, const struct ifaddrs *all,
              const struct if_nameindex *name)
{
	bool begun = false;

	for (const struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
		if (strcmp(at->ifa_name, name->if_name) != 0)
			continue;
		if (!begun)
			draft_begin(draft, name->if_index, name->if_name,
			            type_of(at->ifa_flags));
		begun = true;
		add_record(draft, at);
	}
	return begun ? iftab_put(ifs, &draft->desc) : NO_ERROR;
}

DWORD
interfaces_of_system(struct iftab *ifs)
{
	struct draft *draft = mem_calloc(1, sizeof *draft);
	struct if_nameindex *names = if_nameindex();
	struct ifaddrs *all = NULL;
	DWORD err = ERROR_NOT_ENOUGH_MEMORY;

	if (draft == NULL || names == NULL || getifaddrs(&all) != 0)
		goto out;
	err = NO_ERROR;
	for (struct if_nameindex *at = names; at->if_index != 0 && err == NO_ERROR; at++)
		err = put_interface(ifs, draft, all, at);
out:
	if (all != NULL)
		freeifaddrs(all);
	if (names != NULL)
		if_freenameindex(names);
	mem_free(draft);
	return err;
}
