/*
 * Where one AgentX PDU ends and the next begins, on a connection that knows only octets.
 * Plain C: it reads a socket and looks at the headers that go by.
 *
 * The struct belongs to whoever reads the connection; agx_stream_begin() makes it one on
 * which nothing has been read.
 */
#ifndef AGENT_AGX_STREAM_H
#define AGENT_AGX_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define AGX_STREAM_HEADER 20             /* octets [RFC2741 6.1] */
#define AGX_STREAM_MOST 65536            /* of a PDU that libnetsnmp takes */
#define AGX_STREAM_LONGEST (1024 * 1024) /* a payload that a master may have reason for */

struct agx_stream {
	size_t have;                        /* octets of the PDU that is being read */
	size_t left;                        /* octets of its payload that are to come */
	bool passing;                       /* it is too long, and is passed over */
	unsigned char pdu[AGX_STREAM_MOST]; /* the former */
};

enum {
	AGX_STREAM_END = 0,     /* the peer has closed, or the connection is broken */
	AGX_STREAM_LATER = -1,  /* nothing complete has come yet */
	AGX_STREAM_FOREIGN = -2 /* what came is no AgentX, and where it ends nobody can know */
};

void agx_stream_begin(struct agx_stream *stream);

/**
 * Read without waiting: one PDU if all of it is there, and never beyond its end.
 * @param buf  room for AGX_STREAM_MOST octets.
 * @return     octets, or one of the above. After END or FOREIGN there is no more.
 */
ssize_t agx_stream_read(struct agx_stream *stream, int fd, void *buf);

#endif
