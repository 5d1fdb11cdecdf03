/*
 * One chapter: an agent without snmpd.
 *
 * The library can be an agent by itself: it listens, takes messages of all versions
 * apart, knows communities, users and views, and calls the same handlers. What snmpd
 * does around it is little, and is here.
 *
 * The order in which configuration is read matters to it: who we are (engineID) before
 * the users, whose keys are made from that, and the clock of the engine after both. Its
 * own init_snmp() keeps that order, so it is given the files; as a subagent it would
 * connect in the same breath, which is why config.c reads them itself then.
 *
 * A manager trusts a message of SNMPv3 by engine, boots and time. Boots must grow with
 * each start of an engine that keeps its name, or the manager takes our messages for old
 * ones and is deaf to us. The library keeps that number in a file of its own; ours
 * is the clock, in seconds since 2020, which grows by itself and cannot be lost.
 * Without `engineID' the name is a new one with each start, and managers ask for it.
 *
 * The library's own start of an agent, init_master_agent(), would listen for SMUX peers on
 * port 199 as well, with no word in the configuration; so sockets are opened one by one.
 *
 * A manager that is connected and does not read its answers must not hold up the others. The
 * library would wait in send() for it, for ever. So answers go out without waiting, into a
 * buffer with room for several of the largest; for whom that is full, the connection ends.
 *
 * Nobody may do anything until the configuration says so: the library answers only whom
 * a community or a user lets in, and of these whom hosts.allow and hosts.deny do (agx_hosts.c).
 */
#include "agx_hosts.h"
#include "agx_int.h"

#include <net-snmp/library/lcd_time.h>
#include <net-snmp/library/snmpv3.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/log.h"

#define EPOCH_S 1577836800     /* 2020-01-01 */
#define RECEIVE_MOST 1024      /* octets of requests that are done in one go */
#define SEND_ROOM (256 * 1024) /* for each connection; a message has 64 KiB at most */

/* How the library itself reads, for each kind of connection: tcp, tcp6, unix. */
struct stream {
	const oid *domain;
	int (*recv)(netsnmp_transport *transport, void *buf, int size, void **opaque,
	            int *opaque_len);
};
#define N_STREAMS 3
static struct stream streams[N_STREAMS];

/* The paths as one string with commas, as the library wants them. */
static char *
join(const char *const *files, size_t n)
{
	size_t size = 1, used = 0;
	char *list;

	for (size_t i = 0; i < n; i++)
		size += strlen(files[i]) + 1;
	list = malloc(size);
	if (list == NULL)
		return NULL;
	list[0] = '\0';
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(list + used, size - used, "%s%s", i == 0 ? "" : ",",
		                         files[i]);
	return list;
}

static void
set_boots(void)
{
	char line[64];
	size_t len;
	u_char *engine;

	snprintf(line, sizeof line, "[" AGX_NAME "] engineBoots %ld",
	         (long)(time(NULL) - EPOCH_S));
	netsnmp_config(line);
	engine = snmpv3_generate_engineID(&len);
	if (engine != NULL)
		set_enginetime(engine, (u_int)len, (u_int)snmpv3_local_snmpEngineBoots(),
		               (u_int)snmpv3_local_snmpEngineTime(), TRUE);
	free(engine);
}

void
agx_direct_read(const char *const *files, size_t n)
{
	char *list = join(files, n);

	if (list != NULL)
		netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_OPTIONALCONFIG,
		                      list);
	free(list);
	/* a line for each request that comes is of no use to anybody, and costs */
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID,
	                       NETSNMP_DS_AGENT_DONT_LOG_TCPWRAPPERS_CONNECTS, 1);
	init_snmp(AGX_NAME);
	set_boots();
}

/* What is read from a connection that has ended here: that it has, whatever is still queued. */
static int
receive_end(netsnmp_transport *transport, void *buf, int size, void **opaque, int *opaque_len)
{
	(void)transport;
	(void)buf;
	(void)size;
	*opaque = NULL;
	*opaque_len = 0;
	return 0;
}

/*
 * All of it now, or an end: half a message would garble all that follow. The library,
 * which would only complain at length, hears of the end when it reads.
 */
static int
send_at_once(netsnmp_transport *transport, const void *buf, int size, void **opaque,
             int *opaque_len)
{
	ssize_t sent;

	(void)opaque;
	(void)opaque_len;
	if (transport->f_recv == receive_end)
		return size;
	do
		sent = send(transport->sock, buf, (size_t)size, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (sent == -1 && errno == EINTR);
	if (sent == size)
		return size;
	log_info("agx", "manager fd=%d is gone or does not read its answers: the end",
	         transport->sock);
	transport->f_recv = receive_end;
	shutdown(transport->sock, SHUT_RDWR);
	return size;
}

/*
 * The library does all requests that one read brings before it looks at anybody else; so a
 * read brings few. A message in several pieces it puts together itself.
 */
static int
receive_little(netsnmp_transport *transport, void *buf, int size, void **opaque,
               int *opaque_len)
{
	size_t i = 0;

	while (i + 1 < N_STREAMS && streams[i].domain != transport->domain)
		i++;
	return streams[i].recv(transport, buf, size < RECEIVE_MOST ? size : RECEIVE_MOST,
	                       opaque, opaque_len);
}

static void
receive_less(netsnmp_transport *transport)
{
	size_t i = 0;

	while (i < N_STREAMS && streams[i].domain != NULL &&
	       streams[i].domain != transport->domain)
		i++;
	if (i == N_STREAMS || transport->f_recv == receive_little)
		return;
	streams[i] = (struct stream){ transport->domain, transport->f_recv };
	transport->f_recv = receive_little;
}

/* Accepted connections take over both from the one that listens. */
static void
never_wait(netsnmp_transport *transport)
{
	int room = SEND_ROOM;

	if ((transport->flags & NETSNMP_TRANSPORT_FLAG_STREAM) == 0)
		return;
	transport->f_send = send_at_once;
	receive_less(transport);
	if (setsockopt(transport->sock, SOL_SOCKET, SO_SNDBUF, &room, sizeof room) != 0)
		log_warn("agx", "listen: room for answers: %s", strerror(errno));
	if (listen(transport->sock, SOMAXCONN) != 0) /* the library lets five wait */
		log_warn("agx", "listen: room for managers: %s", strerror(errno));
}

static bool
listen_at(const char *address)
{
	netsnmp_transport *transport;

	errno = 0;
	transport = netsnmp_transport_open_server("snmp", address);
	if (transport == NULL) {
		log_err("agx", "listen address=%s: %s", address,
		        errno != 0 ? strerror(errno) : "not an address to listen at");
		return false;
	}
	never_wait(transport);
	if (netsnmp_register_agent_nsap(transport) != 0)
		return true;
	log_err("agx", "listen address=%s: no memory", address);
	netsnmp_transport_free(transport);
	return false;
}

bool
agx_direct_listen(const char *const *addresses, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!listen_at(addresses[i]))
			return false;
	return true;
}

void
agx_direct_start(struct agx *agx)
{
	agx->started = true;
	agx_hosts_open();
	log_info("agx", "ready objects=%zu contexts=%zu role=agent", agx->nhandlers,
	         agx->config.ncontexts);
}
