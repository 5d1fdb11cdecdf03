/*
 * The lines of the direct role, where rtmd is an SNMP agent of its own: where it listens,
 * and what its system group says. Who may ask is said in the library's own tokens, those of
 * snmpd.conf, which the library knows in this role only.
 *
 * An address is taken apart here as far as a wrong one can be told from a right one
 * without using it, so that `rtmd -t' finds it and the error has its line; whether it
 * can be listened at shows when that is tried.
 */
#include "config_int.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/alloc.h"

static const struct transport {
	const char *prefix;
	int family, type;
} transports[] = {
	{ "udp:", AF_INET, SOCK_DGRAM },   { "udp6:", AF_INET6, SOCK_DGRAM },
	{ "tcp:", AF_INET, SOCK_STREAM },  { "tcp6:", AF_INET6, SOCK_STREAM },
	{ "unix:", AF_UNIX, SOCK_STREAM },
};

/* The transport an address begins with, which is cut off. */
static const struct transport *
take_transport(const char **address)
{
	for (size_t i = 0; i < sizeof transports / sizeof transports[0]; i++) {
		size_t len = strlen(transports[i].prefix);

		if (strncasecmp(*address, transports[i].prefix, len) == 0) {
			*address += len;
			return &transports[i];
		}
	}
	return NULL;
}

/* HOST:PORT or PORT, a host of IPv6 in brackets; split in place. */
static bool
split(char *text, const char **host, const char **port)
{
	char *colon = strrchr(text, ':');

	*host = NULL;
	*port = text;
	if (colon == NULL)
		return text[0] != '\0';
	*colon = '\0';
	*port = colon + 1;
	if (text[0] == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		text++;
	}
	*host = text[0] != '\0' ? text : NULL;
	return (*port)[0] != '\0';
}

static bool
names_a_host(const struct transport *transport, const char *address)
{
	struct addrinfo hints = { .ai_family = transport->family,
		                  .ai_socktype = transport->type,
		                  .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found;
	const char *host, *port;
	char text[CONFIG_WORD], *end;

	if ((size_t)snprintf(text, sizeof text, "%s", address) >= sizeof text ||
	    !split(text, &host, &port) || strtoul(port, &end, 10) - 1 >= 65535 ||
	    *end != '\0' || getaddrinfo(host, port, &hints, &found) != 0)
		return false;
	freeaddrinfo(found);
	return true;
}

static bool
is_address(const char *address)
{
	const struct transport *transport = take_transport(&address);

	if (transport == NULL)
		return false;
	if (transport->family == AF_UNIX)
		return address[0] == '/' &&
		       strlen(address) < sizeof((struct sockaddr_un *)0)->sun_path;
	return names_a_host(transport, address);
}

static void
on_listen(const char *token, char *line)
{
	size_t n = config_reading->nlistens;
	char **grown;

	if (!is_address(line)) {
		config_wrong("%s: \"%s\" is not udp:HOST:PORT, udp6:[HOST]:PORT, the same with "
		             "tcp, or unix:PATH",
		             token, line);
		return;
	}
	grown = config_one_more(config_reading->listens, n, sizeof *grown);
	if (grown == NULL)
		return;
	config_reading->listens = grown;
	grown[n] = config_copy(line);
	if (grown[n] != NULL)
		config_reading->nlistens++;
}

/* On the first pass: only whether there is one. */
static void
on_listen_at_all(const char *token, char *line)
{
	(void)token;
	(void)line;
	config_reading->direct = true;
}

static void
set_text(char out[CONFIG_TEXT], const char *token, const char *line)
{
	if ((size_t)snprintf(out, CONFIG_TEXT, "%s", line) >= CONFIG_TEXT)
		config_wrong("%s: longer than %d octets", token, CONFIG_TEXT - 1);
}

static void
on_contact(const char *token, char *line)
{
	set_text(config_reading->sys_contact, token, line);
}

static void
on_name(const char *token, char *line)
{
	set_text(config_reading->sys_name, token, line);
}

static void
on_location(const char *token, char *line)
{
	set_text(config_reading->sys_location, token, line);
}

/* What the library has a token for, in this spelling, and nobody here would obey. */
static void
on_not_here(const char *token, char *line)
{
	(void)line;
	config_wrong("%s: not a token of rtmd; it listens where snmpListen says", token);
}

const struct config_token config_direct_first = { "snmpListen", on_listen_at_all, "ADDRESS" };

const struct config_token config_direct_tokens[] = {
	{ "snmpListen", on_listen, "ADDRESS" }, { "sysContact", on_contact, "TEXT" },
	{ "sysName", on_name, "TEXT" },         { "sysLocation", on_location, "TEXT" },
	{ "agentaddress", on_not_here, "" },    { "agentuser", on_not_here, "" },
	{ "agentgroup", on_not_here, "" },
};
const size_t config_direct_ntokens =
    sizeof config_direct_tokens / sizeof config_direct_tokens[0];

void
config_direct_free(struct config *config)
{
	config_free_paths(config->listens, config->nlistens);
}
