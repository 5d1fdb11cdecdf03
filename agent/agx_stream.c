/*
 * One chapter: one AgentX PDU at a time.
 *
 * libnetsnmp takes what a read brings and works off all PDUs in it at once. It keeps one
 * record for each SET, and its second phase uses what the answer to the first one frees.
 * So a read must not bring two. The length of a PDU is in its header: 20 octets are read,
 * then as many as the header says, and what is behind them stays in the socket,
 * where poll() sees it.
 *
 * Two calls of recv() for a PDU with a payload, one for a phase of a SET without; the
 * library's own reading, which this replaces, makes two in any case. To look ahead with
 * MSG_PEEK would be one more, and to read all there is into a buffer of our own one less,
 * but the loop would have to know what poll() does not.
 *
 * PDUs come in pieces where the master's buffer is full. They are put together here, so
 * that between two reads the library has nothing half.
 *
 * The library drops a PDU of more than 64 KiB when it has all of it; so it is passed over
 * here. A header of another version, or with a length that no master has reason for, is
 * not a PDU that can be passed over, since what follows it cannot be found. The library
 * would take lengths from 2^31 on for negative, read octets as headers until one fits, and
 * collect up to 2 GiB [OURS 126].
 */
#include "agx_stream.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"

#define VERSION 1
#define FLAGS_AT 2
#define LENGTH_AT 16
#define NETWORK_BYTE_ORDER 0x10

void
agx_stream_begin(struct agx_stream *stream)
{
	stream->have = 0;
	stream->left = 0;
}

static ssize_t
take(int fd, unsigned char *buf, size_t size)
{
	ssize_t n;

	do
		n = recv(fd, buf, size, MSG_DONTWAIT);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return errno == EAGAIN || errno == EWOULDBLOCK ? AGX_STREAM_LATER
		                                               : AGX_STREAM_END;
	return n;
}

static size_t
payload_length(const unsigned char *header)
{
	const unsigned char *p = header + LENGTH_AT;
	bool big = (header[FLAGS_AT] & NETWORK_BYTE_ORDER) != 0;
	uint32_t length = 0;

	for (int i = 0; i < 4; i++)
		length = length << 8 | p[big ? i : 3 - i];
	return length;
}

/* With a complete header: what follows it. @return 1; FOREIGN: it is none. */
static ssize_t
begin_payload(struct agx_stream *stream)
{
	stream->left = payload_length(stream->pdu);
	if (stream->pdu[0] != VERSION || stream->left > AGX_STREAM_LONGEST)
		return AGX_STREAM_FOREIGN;
	stream->passing = stream->have + stream->left > AGX_STREAM_MOST;
	if (stream->passing)
		log_warn("agx", "a PDU of %zu octets from the master is passed over",
		         stream->have + stream->left);
	return 1;
}

/* @return whether the header is complete: 1, or why not. */
static ssize_t
read_header(struct agx_stream *stream, int fd)
{
	ssize_t n;

	if (stream->have >= AGX_STREAM_HEADER)
		return 1;
	n = take(fd, stream->pdu + stream->have, AGX_STREAM_HEADER - stream->have);
	if (n <= 0)
		return n;
	stream->have += (size_t)n;
	return stream->have < AGX_STREAM_HEADER ? AGX_STREAM_LATER : begin_payload(stream);
}

/* A PDU that is too long stays as long as its header, until all of it has gone by. */
static ssize_t
pass_over(struct agx_stream *stream, int fd)
{
	size_t room = AGX_STREAM_MOST - AGX_STREAM_HEADER;
	ssize_t n = take(fd, stream->pdu + AGX_STREAM_HEADER,
	                 stream->left < room ? stream->left : room);

	if (n <= 0)
		return n;
	stream->left -= (size_t)n;
	if (stream->left == 0)
		stream->have = 0;
	return AGX_STREAM_LATER;
}

static ssize_t
read_payload(struct agx_stream *stream, int fd)
{
	ssize_t n;

	if (stream->left == 0)
		return 1;
	n = take(fd, stream->pdu + stream->have, stream->left);
	if (n <= 0)
		return n;
	stream->have += (size_t)n;
	stream->left -= (size_t)n;
	return stream->left == 0 ? 1 : AGX_STREAM_LATER;
}

ssize_t
agx_stream_read(struct agx_stream *stream, int fd, void *buf)
{
	ssize_t n = read_header(stream, fd);

	if (n <= 0)
		return n;
	n = stream->passing ? pass_over(stream, fd) : read_payload(stream, fd);
	if (n <= 0)
		return n;
	n = (ssize_t)stream->have;
	memcpy(buf, stream->pdu, stream->have);
	stream->have = 0;
	return n;
}
