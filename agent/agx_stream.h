/*
 * Where one AgentX PDU ends and the next begins, on a connection that knows only octets.
 * Plain C: it reads a socket and looks at the headers that go by.
 *
 * The struct belongs to whoever reads the connection; all zero is a connection on which
 * nothing has been read.
 */
#ifndef AGENT_AGX_STREAM_H
#define AGENT_AGX_STREAM_H

#include <stddef.h>
#include <sys/types.h>

#define AGX_STREAM_HEADER 20             /* octets [RFC2741 6.1] */
#define AGX_STREAM_LONGEST (1024 * 1024) /* a payload that a master may have reason for */

struct agx_stream {
	unsigned char header[AGX_STREAM_HEADER]; /* of the PDU that is being read */
	size_t have;                             /* octets of it that were read */
	size_t left;                             /* octets of its payload that were not */
};

enum {
	AGX_STREAM_END = 0,     /* the peer has closed, or the connection is broken */
	AGX_STREAM_LATER = -1,  /* there is nothing to read now */
	AGX_STREAM_FOREIGN = -2 /* what came is no AgentX, and where it ends nobody can know */
};

/**
 * Read without waiting, and never beyond the end of the PDU that is under way.
 * @param size  room in buf, at least 1.
 * @return      octets, or one of the above. After END or FOREIGN there is no more.
 */
ssize_t agx_stream_read(struct agx_stream *stream, int fd, void *buf, size_t size);

#endif
