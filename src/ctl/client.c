/*
 * One chapter: ask and wait.
 *
 * The socket blocks; a request is written whole and frames are read until the reply with
 * its number comes. Events that come first are queued, and ctl_event_wait() looks into
 * the queue before the socket. The server cuts off who does not read, so a client that
 * subscribes should not be busy elsewhere for long. Nothing here locks: threads that
 * share a connection take turns.
 */
#include "ctl/client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"

struct queued {
	struct queued *next;
	uint32_t number;
	struct ctl_event event;
};

struct ctl_client {
	int fd;
	uint32_t number;
	struct ctl_hello hello;
	size_t n, used; /* octets in `buf', and of those in the frame handed out */
	struct queued *head, **tail;
	uint8_t buf[CTL_FRAME_MAX];
	uint8_t out[CTL_REQUEST_MAX];
};

static DWORD
write_all(struct ctl_client *c, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t done = send(c->fd, c->out + at, n - at, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return ERROR_NOT_READY;
		at += (size_t)done;
	}
	return NO_ERROR;
}

static DWORD
wait_readable(int fd, int timeout_ms)
{
	struct pollfd p = { fd, POLLIN, 0 };
	int n;

	do {
		n = poll(&p, 1, timeout_ms);
	} while (n < 0 && errno == EINTR);
	return n > 0 ? NO_ERROR : n == 0 ? ERROR_NO_DATA : ERROR_NOT_READY;
}

/* The next whole frame; the former one is given up. */
static DWORD
next_frame(struct ctl_client *c, int timeout_ms, struct ctl_in *in)
{
	memmove(c->buf, c->buf + c->used, c->n - c->used);
	c->n -= c->used;
	c->used = 0;
	for (;;) {
		enum ctl_look look = ctl_look(c->buf, c->n, in, &c->used);
		ssize_t got;
		DWORD err;

		if (look == CTL_COMPLETE)
			return NO_ERROR;
		if (look == CTL_BROKEN)
			return ERROR_INVALID_DATA;
		err = wait_readable(c->fd, timeout_ms);
		if (err != NO_ERROR)
			return err;
		got = recv(c->fd, c->buf + c->n, sizeof(c->buf) - c->n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ERROR_NOT_READY;
		c->n += (size_t)got;
	}
}

static DWORD
keep_event(struct ctl_client *c, struct ctl_in *in)
{
	struct queued *q = mem_calloc(1, sizeof(*q));

	if (q == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	q->number = in->number;
	if (!ctl_get(in, &ctl_event_layout, &q->event) || !ctl_done(in)) {
		mem_free(q);
		return ERROR_INVALID_DATA;
	}
	*c->tail = q;
	c->tail = &q->next;
	return NO_ERROR;
}

static DWORD
wait_reply(struct ctl_client *c, struct ctl_reply *reply, struct ctl_in *body)
{
	for (;;) {
		struct ctl_in in;
		DWORD err = next_frame(c, -1, &in);

		if (err == NO_ERROR && in.type == CTL_EVENT) {
			err = keep_event(c, &in);
			if (err == NO_ERROR)
				continue;
		}
		if (err != NO_ERROR)
			return err;
		if (in.type != CTL_REPLY || in.number != c->number ||
		    !ctl_get(&in, &ctl_reply_layout, reply))
			return ERROR_INVALID_DATA;
		if (body != NULL)
			*body = in;
		return reply->code;
	}
}

DWORD
ctl_ask(struct ctl_client *c, enum ctl_type type, const struct ctl_layout *layout,
        const void *request, struct ctl_reply *reply, struct ctl_in *body)
{
	struct ctl_reply unwanted;
	struct ctl_out out;
	size_t n;
	DWORD err;

	ctl_begin(&out, c->out, sizeof(c->out), type, ++c->number);
	if (request != NULL)
		ctl_put(&out, layout, request);
	n = ctl_end(&out);
	if (n == 0)
		return ERROR_INVALID_PARAMETER;
	err = write_all(c, n);
	if (err != NO_ERROR)
		return err;
	return wait_reply(c, reply != NULL ? reply : &unwanted, body);
}

DWORD
ctl_event_wait(struct ctl_client *c, int timeout_ms, uint32_t *number, struct ctl_event *out)
{
	struct queued *q;

	if (c->head == NULL) {
		struct ctl_in in;
		DWORD err = next_frame(c, timeout_ms, &in);

		if (err == NO_ERROR)
			err = in.type == CTL_EVENT ? keep_event(c, &in) : ERROR_INVALID_DATA;
		if (err != NO_ERROR)
			return err;
	}
	q = c->head;
	c->head = q->next;
	if (c->head == NULL)
		c->tail = &c->head;
	*number = q->number;
	*out = q->event;
	mem_free(q);
	return NO_ERROR;
}

static DWORD
greet(struct ctl_client *c)
{
	struct ctl_hello mine = { CTL_MAGIC, CTL_VERSION, 0 };
	struct ctl_out out;
	struct ctl_in in;
	DWORD err;

	ctl_begin(&out, c->out, sizeof(c->out), CTL_HELLO, 0);
	ctl_put(&out, &ctl_hello_layout, &mine);
	err = write_all(c, ctl_end(&out));
	if (err == NO_ERROR)
		err = next_frame(c, -1, &in);
	if (err != NO_ERROR)
		return err;
	if (in.type != CTL_HELLO || !ctl_get(&in, &ctl_hello_layout, &c->hello) ||
	    c->hello.magic != CTL_MAGIC)
		return ERROR_INVALID_DATA;
	return c->hello.version == CTL_VERSION ? NO_ERROR : ERROR_REVISION_MISMATCH;
}

static DWORD
open_socket(const char *path, int *out)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd, error;

	if (strlen(path) >= sizeof(to.sun_path))
		return ERROR_INVALID_NAME;
	strcpy(to.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return ERROR_NO_SYSTEM_RESOURCES;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0) {
		*out = fd;
		return NO_ERROR;
	}
	error = errno;
	close(fd);
	return error == ENOENT   ? ERROR_FILE_NOT_FOUND
	       : error == EACCES ? ERROR_ACCESS_DENIED
	                         : ERROR_NOT_READY;
}

DWORD
ctl_connect(const char *path, struct ctl_client **out)
{
	struct ctl_client *c = mem_calloc(1, sizeof(*c));
	DWORD err;

	if (c == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	c->fd = -1;
	c->tail = &c->head;
	err = open_socket(path, &c->fd);
	if (err == NO_ERROR)
		err = greet(c);
	if (err == NO_ERROR)
		*out = c;
	else
		ctl_disconnect(c);
	return err;
}

void
ctl_disconnect(struct ctl_client *c)
{
	if (c == NULL)
		return;
	while (c->head != NULL) {
		struct queued *q = c->head;

		c->head = q->next;
		mem_free(q);
	}
	if (c->fd >= 0)
		close(c->fd);
	mem_free(c);
}

uint32_t
ctl_last_number(const struct ctl_client *c)
{
	return c->number;
}

int
ctl_fd(const struct ctl_client *c)
{
	return c->fd;
}

const struct ctl_hello *
ctl_server_hello(const struct ctl_client *c)
{
	return &c->hello;
}
