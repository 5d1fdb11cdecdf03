/*
 * One chapter: many clients, one loop, nobody waits.
 *
 * Nothing here blocks. A client's octets are collected until a frame is whole; the answer
 * goes into the client's buffer and from there to the socket as far as that takes it. A
 * client that does not read what it asked for is not asked for more: above OUT_ENOUGH its
 * requests stay in its socket. Only events come unasked; above OUT_MAX a subscriber has
 * lost the race, and is cut off rather than told half of the story.
 *
 * Who is on the other end is asked of the kernel at accept: user, groups, process. That is
 * fixed for the life of the connection, whatever the process becomes later.
 *
 * What cannot be a frame, or greets with something else, is answered with
 * ERROR_INVALID_DATA and closed. A request that is well-formed and unknown is refused,
 * and the connection stays.
 *
 * A client may die in the middle of anything (a write fails, a subscriber is too slow), so
 * it is only marked, and freed by sweep() when nobody has a pointer to it.
 */
#include "ctl_server.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "ctl_int.h"

static void on_readable(void *arg);
static void on_writable(void *arg);

/* ---- the socket file --------------------------------------------------------- */

/* Whether somebody answers at this address; false also where nothing is there. */
static bool
is_alive(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool alive = fd >= 0 && (connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0 ||
	                         errno == EAGAIN); /* its queue is full */

	if (fd >= 0)
		close(fd);
	return alive;
}

/* Make way, if what lies there is a socket that nobody listens to. */
static bool
clear_path(const struct sockaddr_un *at)
{
	struct stat st;

	if (lstat(at->sun_path, &st) != 0) {
		if (errno == ENOENT)
			return true;
		log_err("ctl", "%s: %s", at->sun_path, strerror(errno));
		return false;
	}
	if (!S_ISSOCK(st.st_mode)) {
		log_err("ctl", "%s: is there and is not a socket", at->sun_path);
		return false;
	}
	if (is_alive(at)) {
		log_err("ctl", "%s: in use by another process", at->sun_path);
		return false;
	}
	if (unlink(at->sun_path) == 0)
		return true;
	log_err("ctl", "%s: %s", at->sun_path, strerror(errno));
	return false;
}

/* Nobody can connect before the mode is as wanted: there is no listen() yet. */
static bool
bind_private(int fd, const struct sockaddr_un *at, mode_t mode)
{
	mode_t before = umask(0177);
	bool bound = bind(fd, (const struct sockaddr *)at, sizeof(*at)) == 0;

	umask(before);
	return bound && chmod(at->sun_path, mode) == 0 && listen(fd, 32) == 0;
}

bool
ctl_listen(const char *path, mode_t mode, int *out)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(at.sun_path)) {
		log_err("ctl", "%s: too long for a socket", path);
		return false;
	}
	strcpy(at.sun_path, path);
	if (!clear_path(&at))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || !bind_private(fd, &at, mode)) {
		log_err("ctl", "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	*out = fd;
	return true;
}

/* ---- who is it --------------------------------------------------------------- */

static bool
in_group(int fd, gid_t own, gid_t wanted)
{
	gid_t groups[1024];
	socklen_t size = sizeof(groups);

	if (own == wanted)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0)
		return false; /* more groups than that: not known, so not a member */
	for (size_t i = 0; i < size / sizeof(groups[0]); i++) {
		if (groups[i] == wanted)
			return true;
	}
	return false;
}

static bool
identify(struct client *client)
{
	const struct ctl_config *config = &client->server->config;
	struct ucred who;
	socklen_t size = sizeof(who);

	if (getsockopt(client->fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
		return false;
	client->pid = who.pid;
	client->uid = who.uid;
	client->may_change =
	    who.uid == 0 || who.uid == geteuid() ||
	    (config->has_group && in_group(client->fd, who.gid, config->group));
	return true;
}

bool
ctl_server_privileged(const struct ctl_server *server)
{
	return server == NULL || server->caller == NULL || server->caller->may_change;
}

/* ---- clients ----------------------------------------------------------------- */

static void
client_free(struct client *client)
{
	loop_watch_free(client->in_watch);
	loop_watch_free(client->out_watch);
	if (client->fd >= 0)
		close(client->fd);
	ctl_import_free(client);
	mem_free(client->out);
	mem_free(client);
}

/* Free who died. Nobody else's pointer to a client may be alive. */
static void
sweep(struct ctl_server *server)
{
	for (struct client **at = &server->clients; *at != NULL;) {
		struct client *client = *at;

		if (!client->dead) {
			at = &client->next;
			continue;
		}
		*at = client->next;
		server->nclients--;
		ctl_unsubscribe_all(client);
		log_debug("ctl", "gone pid=%ld", (long)client->pid);
		client_free(client);
	}
}

/* Room for `n' more octets. */
static bool
make_room(struct client *client, size_t n)
{
	size_t cap = client->out_cap != 0 ? client->out_cap : 4096;
	uint8_t *grown;

	if (client->out_at != 0) {
		memmove(client->out, client->out + client->out_at,
		        client->out_n - client->out_at);
		client->out_n -= client->out_at;
		client->out_at = 0;
	}
	while (cap < client->out_n + n)
		cap *= 2;
	if (cap == client->out_cap)
		return true;
	grown = mem_realloc(client->out, cap, 1);
	if (grown == NULL)
		return false;
	client->out = grown;
	client->out_cap = cap;
	return true;
}

void
ctl_client_queue(struct client *client, const uint8_t *p, size_t n)
{
	if (client->dead)
		return;
	if (client->out_n - client->out_at + n > OUT_MAX) {
		log_warn("ctl", "cut off pid=%ld uid=%u: reads too slowly, %zu octets wait",
		         (long)client->pid, (unsigned)client->uid,
		         client->out_n - client->out_at);
		client->dead = true;
		return;
	}
	if (client->out_cap - client->out_n < n && !make_room(client, n)) {
		log_warn("ctl", "cut off pid=%ld: out of memory", (long)client->pid);
		client->dead = true;
		return;
	}
	memcpy(client->out + client->out_n, p, n);
	client->out_n += n;
}

static size_t
unsent(const struct client *client)
{
	return client->out_n - client->out_at;
}

/* Give the socket what it takes; the rest when it can be written again. */
static void
send_out(struct client *client)
{
	while (!client->dead && unsent(client) > 0) {
		ssize_t n = send(client->fd, client->out + client->out_at, unsent(client),
		                 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (n < 0)
			client->dead = true;
		else
			client->out_at += (size_t)n;
	}
	if (unsent(client) == 0) {
		client->out_at = client->out_n = 0;
		client->dead = client->dead || client->closing;
	}
}

/* Watch for what the state asks for. */
static void
rewatch(struct client *client)
{
	struct loop *loop = client->server->config.loop;
	bool read = !client->closing && unsent(client) < OUT_ENOUGH;
	bool write = unsent(client) > 0;

	if (client->dead)
		return;
	if (read && client->in_watch == NULL)
		client->in_watch = loop_watch_new(loop, client->fd, on_readable, client);
	if (write && client->out_watch == NULL)
		client->out_watch = loop_watch_out_new(loop, client->fd, on_writable, client);
	if (!read) {
		loop_watch_free(client->in_watch);
		client->in_watch = NULL;
	}
	if (!write) {
		loop_watch_free(client->out_watch);
		client->out_watch = NULL;
	}
	if ((read && client->in_watch == NULL) || (write && client->out_watch == NULL))
		client->dead = true; /* no memory for a watch: it would hang for ever */
}

static void
greet(struct client *client, struct ctl_in *in)
{
	struct ctl_hello hello;
	struct ctl_out out;

	if (in->type != CTL_HELLO || !ctl_get(in, &ctl_hello_layout, &hello) || !ctl_done(in) ||
	    hello.magic != CTL_MAGIC) {
		ctl_refuse(client, in->number, ERROR_INVALID_DATA);
		client->closing = true;
		return;
	}
	/* Another version hears ours, and that is all. */
	client->greeted = true;
	client->closing = hello.version != CTL_VERSION;
	hello = (struct ctl_hello){ CTL_MAGIC, CTL_VERSION, (ULONG)getpid() };
	ctl_begin(&out, client->server->frame, sizeof(client->server->frame), CTL_HELLO, 0);
	ctl_put(&out, &ctl_hello_layout, &hello);
	ctl_client_queue(client, client->server->frame, ctl_end(&out));
}

/* One frame at the beginning of the buffer. false: none to answer now. */
static bool
serve_one(struct client *client)
{
	struct ctl_in in;
	size_t used;
	enum ctl_look look = ctl_look(client->in, client->in_n, &in, &used);

	if (look == CTL_MORE && client->in_n < sizeof(client->in))
		return false;
	if (look != CTL_COMPLETE) { /* or a frame that is longer than any request */
		ctl_refuse(client, 0, ERROR_INVALID_DATA);
		client->closing = true;
		return false;
	}
	if (client->greeted)
		ctl_request(client, &in);
	else
		greet(client, &in);
	memmove(client->in, client->in + used, client->in_n - used);
	client->in_n -= used;
	return true;
}

static void
serve(struct client *client)
{
	do {
		while (!client->dead && !client->closing && unsent(client) < OUT_ENOUGH &&
		       serve_one(client))
			;
		send_out(client);
	} while (!client->dead && !client->closing && unsent(client) == 0 && serve_one(client));
	send_out(client);
	rewatch(client);
}

void
ctl_client_send(struct client *client)
{
	struct ctl_server *server = client->server;

	send_out(client);
	rewatch(client);
	sweep(server);
}

static void
on_readable(void *arg)
{
	struct client *client = arg;
	struct ctl_server *server = client->server;
	ssize_t n = recv(client->fd, client->in + client->in_n,
	                 sizeof(client->in) - client->in_n, MSG_DONTWAIT);

	if (n > 0) {
		client->in_n += (size_t)n;
		serve(client);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		client->dead = true;
	}
	sweep(server);
}

static void
on_writable(void *arg)
{
	struct client *client = arg;
	struct ctl_server *server = client->server;

	send_out(client);
	serve(client);
	sweep(server);
}

void
ctl_server_flush(struct ctl_server *server)
{
	if (server == NULL)
		return;
	for (struct client *client = server->clients; client != NULL; client = client->next) {
		send_out(client);
		rewatch(client);
	}
	sweep(server);
}

/* ---- the server -------------------------------------------------------------- */

/* Nobody who may only read can keep those out who may change. */
static bool
has_room(const struct ctl_server *server, const struct client *client)
{
	size_t same = 0, others = 0;

	for (const struct client *c = server->clients; c != NULL; c = c->next) {
		same += c->uid == client->uid;
		others += !c->may_change;
	}
	if (client->may_change ? same < CHANGERS_MAX
	                       : same < PER_USER_MAX && others < READERS_MAX)
		return true;
	log_warn("ctl",
	         "turned away pid=%ld uid=%u: %zu clients are connected, %zu of this user",
	         (long)client->pid, (unsigned)client->uid, server->nclients, same);
	return false;
}

static void
on_connect(void *arg)
{
	struct ctl_server *server = arg;
	int fd = accept4(server->config.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *client;

	if (fd < 0)
		return;
	client = mem_calloc(1, sizeof(*client));
	if (client == NULL) {
		log_warn("ctl", "turned away: out of memory");
		close(fd);
		return;
	}
	client->server = server;
	client->fd = fd;
	client->dead = !identify(client) || !has_room(server, client);
	client->next = server->clients;
	server->clients = client;
	server->nclients++;
	log_debug("ctl", "come pid=%ld uid=%u changes=%d", (long)client->pid,
	          (unsigned)client->uid, client->may_change);
	rewatch(client);
	sweep(server);
}

struct ctl_server *
ctl_server_open(const struct ctl_config *config)
{
	struct ctl_server *server = mem_calloc(1, sizeof(*server));

	if (server == NULL) {
		close(config->fd);
		return NULL;
	}
	server->config = *config;
	server->path = mem_text(config->path);
	server->accept_watch = loop_watch_new(config->loop, config->fd, on_connect, server);
	if (server->path != NULL && server->accept_watch != NULL)
		return server;
	ctl_server_close(server);
	return NULL;
}

void
ctl_server_close(struct ctl_server *server)
{
	if (server == NULL)
		return;
	for (struct client *client = server->clients; client != NULL; client = client->next)
		client->dead = true;
	sweep(server);
	loop_watch_free(server->accept_watch);
	if (server->path != NULL)
		unlink(server->path);
	close(server->config.fd);
	mem_free(server->path);
	iph_rows_free(&server->rows);
	mem_free(server);
}
