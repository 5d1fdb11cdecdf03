/*
 * One chapter: where the master is, and a connection to it.
 *
 * The library connects with a blocking connect(). To a local socket whose owner hangs
 * with a full backlog, that call never returns. To try first without waiting is no help,
 * as the trial may have taken the last place. So we connect in the library's
 * stead, without waiting; EAGAIN says "full", and the loop stays free.
 *
 * The address has the forms that snmpd takes for agentXSocket: a path, or with the
 * transport in front, `unix:PATH', `tcp:HOST:PORT'. Numbers alone or HOST:PORT are TCP.
 */
#include "agx_int.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TCP_WAIT_MS 200 /* a TCP connect that has not come about by then counts as no */

const char *
agx_master_name(void)
{
	const char *name =
	    netsnmp_ds_get_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET);

	return name != NULL ? agx_link_address(name) : NETSNMP_AGENTX_SOCKET;
}

static bool
starts_with(const char *text, const char *start)
{
	return strncasecmp(text, start, strlen(start)) == 0;
}

/* The path of a local socket; NULL: TCP. */
static const char *
local_path(void)
{
	const char *name = agx_master_name();

	if (starts_with(name, "unix:"))
		return name + strlen("unix:");
	return name[0] == '/' ? name : NULL;
}

bool
agx_master_is_local(void)
{
	return local_path() != NULL;
}

/* Wait, but not long, for a connect() that is under way. */
static bool
came_about(int fd)
{
	struct pollfd waiting = { .fd = fd, .events = POLLOUT };
	int error = 0;
	socklen_t size = sizeof error;

	return poll(&waiting, 1, TCP_WAIT_MS) == 1 &&
	       getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

static int
try_one(int family, const struct sockaddr *address, socklen_t len)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool open;

	if (fd == -1)
		return -1;
	open = connect(fd, address, len) == 0;
	if (!open && family != AF_UNIX && errno == EINPROGRESS)
		open = came_about(fd);
	if (open)
		return fd;
	close(fd);
	return -1;
}

static int
connect_local(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof address.sun_path)
		return -1;
	strcpy(address.sun_path, path);
	return try_one(AF_UNIX, (const struct sockaddr *)&address, sizeof address);
}

/* HOST:PORT, [HOST]:PORT or PORT, split in place. */
static bool
split_host(char *text, const char **host, const char **port)
{
	char *colon = strrchr(text, ':');

	if (colon == NULL) {
		*host = "127.0.0.1";
		*port = text;
		return text[0] != '\0';
	}
	*colon = '\0';
	*port = colon + 1;
	*host = text;
	if (text[0] == '[' && colon > text && colon[-1] == ']') {
		colon[-1] = '\0';
		*host = text + 1;
	}
	return true;
}

static int
connect_tcp(const char *name)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found, *at;
	const char *host, *port;
	char text[256];
	int fd = -1;

	if (starts_with(name, "tcp:"))
		name += strlen("tcp:");
	else if (starts_with(name, "tcp6:"))
		name += strlen("tcp6:");
	if ((size_t)snprintf(text, sizeof text, "%s", name) >= sizeof text ||
	    !split_host(text, &host, &port) || getaddrinfo(host, port, &hints, &found) != 0)
		return -1;
	for (at = found; at != NULL && fd == -1; at = at->ai_next)
		fd = try_one(at->ai_family, at->ai_addr, at->ai_addrlen);
	freeaddrinfo(found);
	return fd;
}

int
agx_master_connect(void)
{
	const char *path = local_path();

	return path != NULL ? connect_local(path) : connect_tcp(agx_master_name());
}
