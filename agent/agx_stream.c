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
 * PDUs come in pieces where the master's buffer is full; `have' and `left' say how far we
 * are, and the library puts the pieces together.
 *
 * A header of another version, or with a length that no master has reason for, is not a
 * PDU that can be skipped, since what follows it cannot be found. The library would take
 * lengths from 2^31 on for negative, read octets as headers until one fits, and collect
 * up to 2 GiB [OURS 126].
 */
#include "agx_stream.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define VERSION 1
#define FLAGS_AT 2
#define LENGTH_AT 16
#define NETWORK_BYTE_ORDER 0x10

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
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

/* With a complete header: what follows it. @return whether it is a header at all. */
static bool
begin_payload(struct agx_stream *stream)
{
	stream->left = payload_length(stream->header);
	return stream->header[0] == VERSION && stream->left <= AGX_STREAM_LONGEST;
}

static ssize_t
read_header(struct agx_stream *stream, int fd, unsigned char *buf, size_t size)
{
	ssize_t n = take(fd, buf, least(AGX_STREAM_HEADER - stream->have, size));

	if (n <= 0)
		return n;
	memcpy(stream->header + stream->have, buf, (size_t)n);
	stream->have += (size_t)n;
	if (stream->have == AGX_STREAM_HEADER && !begin_payload(stream))
		return AGX_STREAM_FOREIGN;
	return n;
}

static ssize_t
read_payload(struct agx_stream *stream, int fd, unsigned char *buf, size_t size)
{
	ssize_t n = take(fd, buf, least(stream->left, size));

	if (n > 0)
		stream->left -= (size_t)n;
	return n;
}

ssize_t
agx_stream_read(struct agx_stream *stream, int fd, void *buf, size_t size)
{
	ssize_t n = 0, more = 0;

	if (stream->have < AGX_STREAM_HEADER) {
		n = read_header(stream, fd, buf, size);
		if (n <= 0 || stream->have < AGX_STREAM_HEADER)
			return n;
	}
	if (stream->left > 0 && (size_t)n < size) {
		more = read_payload(stream, fd, (unsigned char *)buf + n, size - (size_t)n);
		if (more <= 0 && n == 0)
			return more;
	}
	if (stream->left == 0)
		stream->have = 0;
	return more > 0 ? n + more : n; /* an end behind the header is met again */
}
