/*
 * One chapter: the connection to the master, from its first octet.
 *
 * The library opens it, from within an alarm, and has the master's answer to its Open
 * before anybody is called back. To read it our way from the beginning (agx_stream.c), we
 * are a transport domain ourselves: the library's address of the master gets our prefix,
 * the library finds us by it, and we have the library open the real address and put our
 * reading in place of its own. So a connection after a restart of snmpd is like the first.
 *
 * While the library waits for the answer to a request of its own, such as a Register, it
 * reads by itself, and its socket before its pipes. agx_loop.c, which keeps the socket
 * back while a request is half way, is not asked then, hence the question here: "nothing
 * there now" is an answer that the library takes from a transport.
 *
 * There is one connection at a time.
 */
#include "agx_int.h"

#include "base/log.h"

#include "agx_stream.h"

#define PREFIX "rtmd-agentx"
#define ADDRESS_MAX 512

/* Below netSnmpPlaypen; the library tells domains apart by it, and nobody sees it. */
static const oid link_name[] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 4292, 127 };

static struct agx_stream stream;

static int
say_nothing(netsnmp_transport *transport)
{
	transport->flags |= NETSNMP_TRANSPORT_FLAG_EMPTY_PKT;
	return 0;
}

static int
receive(netsnmp_transport *transport, void *buf, int size, void **opaque, int *opaque_len)
{
	const struct agx *agx = agx_current();
	ssize_t n = AGX_STREAM_LATER;

	*opaque = NULL;
	*opaque_len = 0;
	if (transport->sock < 0)
		return -1;
	if (agx == NULL || !agx_loop_is_half_way(agx, transport->sock))
		n = agx_stream_read(&stream, transport->sock, buf, (size_t)size);
	switch (n) {
	case AGX_STREAM_LATER:
		return say_nothing(transport);
	case AGX_STREAM_FOREIGN:
		log_warn("agx", "master=%s sends what is no AgentX PDU: the end of the session",
		         agx_master_name());
		return -1;
	default:
		return (int)n;
	}
}

static netsnmp_transport *
open_link(const char *address, int local, const char *default_target)
{
	netsnmp_transport *transport = netsnmp_transport_open_client("agentx", address);

	(void)local;
	(void)default_target;
	if (transport != NULL) {
		stream = (struct agx_stream){ .have = 0 };
		transport->f_recv = receive;
	}
	return transport;
}

static netsnmp_tdomain domain = { .name = link_name,
	                          .name_length = OID_LENGTH(link_name),
	                          .f_create_from_tstring_new = open_link };

bool
agx_link_open(void)
{
	const char **prefixes = calloc(2, sizeof *prefixes); /* the library frees it */

	if (prefixes == NULL)
		return false;
	prefixes[0] = PREFIX;
	domain.prefix = prefixes;
	return netsnmp_tdomain_register(&domain) == 1;
}

const char *
agx_link_address(const char *name)
{
	size_t len = strlen(PREFIX ":");

	return strncmp(name, PREFIX ":", len) == 0 ? name + len : name;
}

void
agx_link_use(void)
{
	const char *now =
	    netsnmp_ds_get_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET);
	char ours[ADDRESS_MAX];

	if (now != NULL && agx_link_address(now) != now)
		return;
	snprintf(ours, sizeof ours, PREFIX ":%s", agx_master_name());
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET, ours);
}
