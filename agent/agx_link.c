/*
 * One chapter: the connection to the master, from its first octet.
 *
 * The library would make it itself, from within an alarm, and wait where the master does
 * not accept; read it as agx_stream.c tells is not good; and write to it waiting for a
 * master that does not read. So we are a transport domain: the library's address
 * of the master gets our prefix, the library finds us by it, and gets a transport
 * that reads, writes and closes through the functions here. A connection after
 * a restart of snmpd is like the first.
 *
 * The loop knocks before it lets the library connect, so that an attempt that is in vain
 * costs nothing. What a knock brings is the connection: a second one might find the
 * master's queue full.
 *
 * While the library waits for the answer to a request of its own, such as a Register, it
 * reads by itself, and three things are different then.
 *
 *   - It reads its socket before its pipes. agx_loop.c, which keeps the socket back while a
 *     request is half way, is not asked, hence the question here: "nothing there now" is
 *     an answer that the library takes from a transport.
 *   - It cannot bear the end of the session: it would free the call-back it is in, take
 *     what it was about to register for registered, also in the next session, and leave
 *     two alarms behind, each of which connects again. So the end is told by answering
 *     its request in the master's stead, with notOpen; further requests cannot be
 *     sent; and when the loop reads, it hears of the end.
 *   - It waits as long as anything comes, and where nothing comes, a second for each of the
 *     names it registers. A master that says all kinds of things but no answer is given up
 *     here, and so is one that has left a request unanswered when the next one is due.
 *
 * What cannot be written is waited for as long as the library waits for an answer, a
 * second; then the session ends, since half a PDU would garble all that follow. A master
 * that lives reads in that time.
 *
 * There is one connection at a time.
 */
#include "agx_int.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

#include "agx_stream.h"

#define PREFIX "rtmd-agentx"
#define ADDRESS_MAX 512
#define SEND_MS 1000
#define ANSWER_MS 5000

/* RFC 2741 6.1, 6.2.16 */
#define TYPE_AT 1
#define FLAGS_AT 2
#define LENGTH_AT 16
#define ERROR_AT 24
#define RESPONSE_SIZE 28
#define TYPE_GET 5
#define TYPE_GET_BULK 7 /* GetNext between them */
#define TYPE_NOTIFY 12
#define TYPE_RESPONSE 18
#define NETWORK_BYTE_ORDER 0x10

/* Below netSnmpPlaypen; the library tells domains apart by it, and nobody sees it. */
static const oid link_name[] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 4292, 127 };

static struct agx_stream stream;
static bool ended;                             /* nothing is to be read or written any more */
static int knocked = -1;                       /* a connection that is not the library's yet */
static unsigned char asked[AGX_STREAM_HEADER]; /* the library's last request */
static uint64_t asked_at_ms;
static bool waiting; /* for the answer to it */

static int
say_nothing(netsnmp_transport *transport)
{
	transport->flags |= NETSNMP_TRANSPORT_FLAG_EMPTY_PKT;
	return 0;
}

/* All that comes from here on is the end. */
static void
end_link(const netsnmp_transport *transport, const char *why)
{
	if (!ended && why != NULL)
		log_warn("agx", "master=%s %s: the end of the session", agx_master_name(), why);
	ended = true;
	shutdown(transport->sock, SHUT_RDWR);
}

/* An agentx-Response to the library's request, in the octet order that it has: notOpen. */
static int
answer_ourselves(unsigned char *pdu)
{
	size_t low = (asked[FLAGS_AT] & NETWORK_BYTE_ORDER) != 0 ? 1 : 0;

	memset(pdu, 0, RESPONSE_SIZE);
	memcpy(pdu, asked, LENGTH_AT);
	pdu[TYPE_AT] = TYPE_RESPONSE;
	pdu[FLAGS_AT] &= NETWORK_BYTE_ORDER;
	pdu[LENGTH_AT + 3 * low] = RESPONSE_SIZE - AGX_STREAM_HEADER;
	pdu[ERROR_AT + low] = AGX_NOT_OPEN & 0xff;
	pdu[ERROR_AT + 1 - low] = AGX_NOT_OPEN >> 8;
	return RESPONSE_SIZE;
}

/* What the stream has for the library; 0: nothing now; -1: the end. */
static int
read_link(const netsnmp_transport *transport, void *buf)
{
	ssize_t n = ended ? AGX_STREAM_END : agx_stream_read(&stream, transport->sock, buf);

	if (n == AGX_STREAM_LATER)
		return 0;
	if (n > 0) {
		if (((unsigned char *)buf)[TYPE_AT] == TYPE_RESPONSE)
			waiting = false;
		return (int)n;
	}
	end_link(transport, n == AGX_STREAM_FOREIGN ? "sends what is no AgentX PDU" : NULL);
	return -1;
}

/* Within an exchange of the library's own. */
static int
read_for_exchange(const struct agx *agx, netsnmp_transport *transport, void *buf)
{
	int n = 0;

	if (loop_now_ms() > asked_at_ms + ANSWER_MS)
		end_link(transport, "says much, and nothing to what it was asked");
	if (agx == NULL || !agx_loop_is_half_way(agx, transport->sock))
		n = read_link(transport, buf);
	return n < 0 ? answer_ourselves(buf) : n;
}

static bool
is_read(const unsigned char *pdu)
{
	return pdu[TYPE_AT] >= TYPE_GET && pdu[TYPE_AT] <= TYPE_GET_BULK;
}

static int
receive(netsnmp_transport *transport, void *buf, int size, void **opaque, int *opaque_len)
{
	struct agx *agx = agx_current();
	int n;

	*opaque = NULL;
	*opaque_len = 0;
	if (transport->sock < 0 || size < AGX_STREAM_MOST)
		return -1;
	if (agx != NULL && agx->in_round)
		n = read_link(transport, buf);
	else
		n = read_for_exchange(agx, transport, buf);
	if (agx != NULL && n > 0)
		agx_loop_came_in(agx, is_read(buf));
	return n == 0 ? say_nothing(transport) : n;
}

static bool
takes_more(int fd, uint64_t until_ms)
{
	struct pollfd out = { .fd = fd, .events = POLLOUT };
	uint64_t now = loop_now_ms();

	return now < until_ms && poll(&out, 1, (int)(until_ms - now)) != 0;
}

/* @return how much could be written; less than all of it: the connection is of no more use. */
static int
write_out(int fd, const char *buf, int size)
{
	uint64_t until_ms = loop_now_ms() + SEND_MS;
	int done = 0;

	while (done < size) {
		ssize_t n =
		    send(fd, buf + done, (size_t)(size - done), MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n >= 0)
			done += (int)n;
		else if (errno != EINTR && (errno != EAGAIN || !takes_more(fd, until_ms)))
			break;
	}
	return done;
}

/*
 * The library waits for an answer to what it sends, but for answers and notifications. It asks
 * again only when it has one, or has given up.
 */
static void
remember_request(const netsnmp_transport *transport, const unsigned char *pdu, int size)
{
	if (size < AGX_STREAM_HEADER || pdu[TYPE_AT] == TYPE_RESPONSE ||
	    pdu[TYPE_AT] == TYPE_NOTIFY)
		return;
	if (waiting)
		end_link(transport, "does not answer");
	memcpy(asked, pdu, sizeof asked);
	asked_at_ms = loop_now_ms();
	waiting = true;
}

static int
transmit(netsnmp_transport *transport, const void *buf, int size, void **opaque,
         int *opaque_len)
{
	(void)opaque;
	(void)opaque_len;
	if (transport->sock < 0)
		return -1;
	remember_request(transport, buf, size);
	if (ended)
		return -1;
	if (write_out(transport->sock, buf, size) == size)
		return size;
	if (errno == EAGAIN) /* else it has hung up, behind what may still be to read */
		end_link(transport, "does not read");
	return -1;
}

static int
hang_up(netsnmp_transport *transport)
{
	int fd = transport->sock;

	transport->sock = -1;
	return fd < 0 ? -1 : close(fd);
}

static netsnmp_transport *
make_transport(int fd)
{
	netsnmp_transport *transport = calloc(1, sizeof *transport); /* the library's to free */

	if (transport == NULL)
		return NULL;
	transport->domain = link_name;
	transport->domain_length = OID_LENGTH(link_name);
	transport->sock = fd;
	transport->flags = NETSNMP_TRANSPORT_FLAG_STREAM;
	transport->msgMaxSize = SNMP_MAX_PACKET_LEN;
	transport->f_recv = receive;
	transport->f_send = transmit;
	transport->f_close = hang_up;
	return transport;
}

static netsnmp_transport *
open_link(const char *address, int local, const char *default_target)
{
	netsnmp_transport *transport = NULL;

	(void)address; /* it is agx_master_name() */
	(void)local;
	(void)default_target;
	if (agx_link_knock())
		transport = make_transport(knocked);
	if (transport == NULL)
		return NULL;
	knocked = -1;
	agx_stream_begin(&stream);
	ended = waiting = false;
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

bool
agx_link_knock(void)
{
	if (knocked == -1)
		knocked = agx_master_connect();
	return knocked != -1;
}

void
agx_link_drop(void)
{
	if (knocked != -1)
		close(knocked);
	knocked = -1;
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
