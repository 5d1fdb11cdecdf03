/*
 * One chapter: where the master is, and whether one may knock.
 *
 * The library connects with a blocking connect(). To a local socket whose owner hangs
 * with a full backlog, that call never returns. So before the library is allowed to
 * try, a socket of our own tries the same without waiting; EAGAIN says "full", and
 * the loop stays free. A connection that succeeds is closed at once: the master sees
 * a client that came and went.
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

static bool
knock(int family, const struct sockaddr *address, socklen_t len)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool open;

	if (fd == -1)
		return false;
	open = connect(fd, address, len) == 0;
	if (!open && family != AF_UNIX && errno == EINPROGRESS)
		open = came_about(fd);
	close(fd);
	return open;
}

static bool
knock_local(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof address.sun_path)
		return false;
	strcpy(address.sun_path, path);
	return knock(AF_UNIX, (const struct sockaddr *)&address, sizeof address);
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

static bool
knock_tcp(const char *name)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found, *at;
	const char *host, *port;
	char text[256];
	bool open = false;

	if (starts_with(name, "tcp:"))
		name += strlen("tcp:");
	else if (starts_with(name, "tcp6:"))
		name += strlen("tcp6:");
	if ((size_t)snprintf(text, sizeof text, "%s", name) >= sizeof text ||
	    !split_host(text, &host, &port) || getaddrinfo(host, port, &hints, &found) != 0)
		return false;
	for (at = found; at != NULL && !open; at = at->ai_next)
		open = knock(at->ai_family, at->ai_addr, at->ai_addrlen);
	freeaddrinfo(found);
	return open;
}

bool
agx_master_reachable(void)
{
	const char *path = local_path();

	return path != NULL ? knock_local(path) : knock_tcp(agx_master_name());
}
