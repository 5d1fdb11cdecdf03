/*
 * One chapter: a client of the control socket that misbehaves on purpose, and one that is
 * fast. Each subcommand is one story; it says what went wrong and ends with status 1.
 *
 *   ctl_probe SOCKET churn N      create and delete N routes over one connection
 *   ctl_probe SOCKET fill N       create N routes; `empty N' deletes them
 *   ctl_probe SOCKET slow         subscribe and do not read while the table changes
 *   ctl_probe SOCKET garbage      what is no frame, no greeting, no message
 *   ctl_probe SOCKET pipeline N   N requests for pages at once, answers read afterwards
 *   ctl_probe SOCKET random N     N requests of any type with random bodies
 *   ctl_probe SOCKET crowd N      how many of N connections are answered
 *   ctl_probe SOCKET version      greet with another version
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/code.h"
#include "ctl/client.h"

static const char *path;

static int
wrong(const char *what)
{
	printf("ctl_probe: %s\n", what);
	return 1;
}

static struct ctl_client *
open_client(void)
{
	struct ctl_client *client = NULL;
	DWORD err = ctl_connect(path, &client);

	if (err != NO_ERROR) {
		printf("ctl_probe: %s: %s\n", path, code_name(err));
		exit(1);
	}
	return client;
}

static int
still_answers(void)
{
	struct ctl_client *client = open_client();
	DWORD err = ctl_ask(client, CTL_STATUS, NULL, NULL, NULL, NULL);

	ctl_disconnect(client);
	return err == NO_ERROR ? 0 : wrong("no answer afterwards");
}

/* A bare connection, with or without a greeting. */
static int
open_raw(bool greet)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct ctl_hello hello = { CTL_MAGIC, CTL_VERSION, 0 };
	uint8_t frame[64];
	struct ctl_out out;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		exit(wrong("cannot connect"));
	ctl_begin(&out, frame, sizeof(frame), CTL_HELLO, 0);
	ctl_put(&out, &ctl_hello_layout, &hello);
	if (greet && send(fd, frame, ctl_end(&out), MSG_NOSIGNAL) < 0)
		exit(wrong("cannot send"));
	return fd;
}

static void
make_route(uint32_t n, struct ctl_route *out)
{
	MIB_IPFORWARD_ROW2 *row = &out->row;

	memset(out, 0, sizeof(*out));
	row->DestinationPrefix.Prefix.si_family = row->NextHop.si_family = AF_INET;
	row->DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr = htonl(0x0a000000u + (n << 8));
	row->DestinationPrefix.PrefixLength = 24;
	row->NextHop.Ipv4.sin_addr.s_addr = htonl(0xc0000201u); /* 192.0.2.1 */
	row->InterfaceIndex = 2;
	row->SitePrefixLength = 255;
	row->ValidLifetime = row->PreferredLifetime = INFINITE;
	row->Metric = row->Protocol = UINT32_MAX;
}

static DWORD
ask(struct ctl_client *c, enum ctl_type type, uint32_t n)
{
	struct ctl_route route;

	make_route(n, &route);
	return ctl_ask(c, type, &ctl_route_layout, &route, NULL, NULL);
}

static int
churn(uint32_t n)
{
	struct ctl_client *c = open_client();

	for (uint32_t i = 0; i < n; i++) {
		if (ask(c, CTL_CREATE, i % 5000) != NO_ERROR)
			return wrong("a create was refused");
		if (ask(c, CTL_DELETE, i % 5000) != NO_ERROR)
			return wrong("a delete was refused");
	}
	ctl_disconnect(c);
	return 0;
}

static int
each(enum ctl_type type, uint32_t n)
{
	struct ctl_client *c = open_client();

	for (uint32_t i = 0; i < n; i++) {
		if (ask(c, type, i) != NO_ERROR)
			return wrong("a change was refused");
	}
	ctl_disconnect(c);
	return 0;
}

static void
subscribe(struct ctl_client *c)
{
	struct ctl_family family = { AF_UNSPEC, 0 };

	if (ctl_ask(c, CTL_SUBSCRIBE, &ctl_family_layout, &family, NULL, NULL) != NO_ERROR)
		exit(wrong("subscribing was refused"));
}

/* Read all events that are there; how many, or -1: cut off. */
static int
drain(struct ctl_client *c, int timeout_ms)
{
	struct ctl_event event;
	uint32_t number;
	int n = 0;
	DWORD err;

	while ((err = ctl_event_wait(c, timeout_ms, &number, &event)) == NO_ERROR)
		n++;
	return err == ERROR_NO_DATA ? n : -1;
}

/* The slow one is cut off, the attentive one hears everything, changes go on. */
static int
slow(void)
{
	struct ctl_client *lazy = open_client(), *busy = open_client(), *writer = open_client();
	int heard = 0, made = 0;

	subscribe(lazy);
	subscribe(busy);
	for (uint32_t i = 0; i < 20000; i++) {
		if (ask(writer, i % 2 ? CTL_DELETE : CTL_CREATE, 1) != NO_ERROR)
			return wrong("a change was refused beside a slow reader");
		made++;
		if (i % 100 == 99)
			heard += drain(busy, 0);
	}
	for (int tries = 0; heard < made && tries < 100; tries++)
		heard += drain(busy, 100);
	if (heard != made)
		return wrong("an attentive subscriber missed events");
	if (drain(lazy, 5000) != -1)
		return wrong("the slow reader was not cut off");
	if (ctl_ask(writer, CTL_STATUS, NULL, NULL, NULL, NULL) != NO_ERROR)
		return wrong("no answer afterwards");
	ctl_disconnect(lazy);
	ctl_disconnect(busy);
	ctl_disconnect(writer);
	return 0;
}

/* Everything that comes until the other end closes; the code of the last reply. */
static bool
ends_with(int fd, DWORD code)
{
	static uint8_t buf[65536];
	struct ctl_reply reply = { 0, 0, 0 };
	struct pollfd p = { fd, POLLIN, 0 };
	size_t n = 0, used;
	struct ctl_in in;
	ssize_t got = -1;

	while (n < sizeof(buf) && poll(&p, 1, 5000) == 1 &&
	       (got = recv(fd, buf + n, sizeof(buf) - n, 0)) > 0)
		n += (size_t)got;
	close(fd);
	for (uint8_t *at = buf; ctl_look(at, n, &in, &used) == CTL_COMPLETE; at += used) {
		if (in.type == CTL_REPLY)
			ctl_get(&in, &ctl_reply_layout, &reply);
		n -= used;
	}
	return got == 0 && reply.code == code;
}

static int
garbage(void)
{
	static const struct {
		const char *what;
		bool greet;
		uint8_t bytes[40];
		size_t n;
	} cases[] = {
		{ "text of another protocol", false, "GET / HTTP/1.0\r\n\r\n", 18 },
		{ "a frame too short to be one", false, { 0, 0, 0, 2, 0, 1 }, 6 },
		{ "a request before the greeting",
		  false,
		  { 0, 0, 0, 6, 0, 40, 0, 0, 0, 1 },
		  10 },
		{ "a greeting without our word",
		  false,
		  { 0, 0, 0, 18, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 1, 0, 0, 0, 0 },
		  22 },
		{ "a length beyond all", true, { 0xff, 0xff, 0xff, 0xff, 0, 1 }, 6 },
		{ "a message cut short", true, { 0, 0, 0, 7, 0, 10, 0, 0, 0, 1, 9 }, 11 },
		{ "a message with a tail", true, { 0, 0, 0, 7, 0, 40, 0, 0, 0, 1, 9 }, 11 },
	};
	static uint8_t flood[8192] = { 0, 1, 0, 0, 0, 10, 0, 0, 0, 1 };
	int fd;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fd = open_raw(cases[i].greet);
		if (send(fd, cases[i].bytes, cases[i].n, MSG_NOSIGNAL) < 0 ||
		    !ends_with(fd, ERROR_INVALID_DATA))
			return wrong(cases[i].what);
	}
	fd = open_raw(true); /* longer than any request, but not than any frame */
	send(fd, flood, sizeof(flood), MSG_NOSIGNAL);
	/* the unread rest may reset the connection: that it ends is what counts */
	ends_with(fd, ERROR_INVALID_DATA);
	return still_answers();
}

static int
pipeline(uint32_t n)
{
	struct ctl_page page = { .inclusive = 1, .most = CTL_PAGE };
	static uint8_t frame[128], buf[CTL_FRAME_MAX];
	int fd = open_raw(true);
	size_t have = 0, used;
	uint32_t answers = 0;

	page.from.Prefix.si_family = AF_INET;
	/* Another process sends: who sends all and then reads would wait for itself. */
	if (fork() == 0) {
		for (uint32_t i = 0; i < n; i++) {
			struct ctl_out out;

			ctl_begin(&out, frame, sizeof(frame), CTL_ROUTES, i + 1);
			ctl_put(&out, &ctl_page_layout, &page);
			if (send(fd, frame, ctl_end(&out), MSG_NOSIGNAL) < 0)
				_exit(1);
		}
		_exit(0);
	}
	while (answers < n + 1) { /* one greeting */
		struct pollfd p = { fd, POLLIN, 0 };
		struct ctl_in in;
		ssize_t got;

		if (poll(&p, 1, 10000) != 1 ||
		    (got = recv(fd, buf + have, sizeof(buf) - have, 0)) <= 0)
			return wrong("answers are missing");
		have += (size_t)got;
		while (ctl_look(buf, have, &in, &used) == CTL_COMPLETE) {
			if (in.number != answers++)
				return wrong("answers are out of order");
			memmove(buf, buf + used, have - used);
			have -= used;
		}
	}
	close(fd);
	return 0;
}

/* Read whatever is there; false: closed. */
static bool
read_away(int fd)
{
	static uint8_t buf[65536];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		;
	return n != 0;
}

/*
 * Each type in turn, with a body as long as the type wants or one octet longer, of random
 * octets among zeros. Whatever is answered: the daemon must be there at the end.
 */
static int
random_requests(uint32_t n)
{
	static const struct {
		uint8_t type;
		uint8_t body;
	} kinds[] = {
		{ CTL_CREATE, 122 },  { CTL_SET, 122 },       { CTL_DELETE, 122 },
		{ CTL_GET, 122 },     { CTL_CREATE1, 56 },    { CTL_SET1, 56 },
		{ CTL_DELETE1, 56 },  { CTL_ROUTES, 35 },     { CTL_BEST, 64 },
		{ CTL_SUBSCRIBE, 8 }, { CTL_INTERFACES, 35 }, { CTL_UNSUBSCRIBE, 8 },
		{ CTL_STATUS, 0 },    { CTL_STORE, 0 },       { CTL_HELLO, 12 },
		{ CTL_REPLY, 12 },    { CTL_EVENT, 90 },      { 99, 20 },
	};
	uint64_t seed = 1;
	int fd = -1;

	for (uint32_t i = 0; i < n; i++) {
		uint8_t frame[256] = { 0 };
		size_t kind = i % (sizeof(kinds) / sizeof(kinds[0]));
		size_t body = kinds[kind].body, k;

		if (fd < 0 || !read_away(fd)) {
			close(fd);
			fd = open_raw(true);
		}
		for (k = 10; k < 10 + body; k++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			frame[k] = seed >> 62 == 0 ? (uint8_t)(seed >> 40) : 0;
		}
		if (seed >> 60 == 0)
			body += 1; /* and sometimes an octet too many */
		frame[3] = (uint8_t)(6 + body);
		frame[5] = kinds[kind].type;
		frame[9] = (uint8_t)i;
		k = 10 + body;
		if (frame[5] == CTL_ROUTES) {
			frame[10] = 0;
			frame[11] = seed & 256 ? AF_INET : AF_INET6;
			memset(frame + 41, 0, 3);
		}
		send(fd, frame, k, MSG_NOSIGNAL);
	}
	close(fd);
	return still_answers();
}

static int
crowd(uint32_t n)
{
	static struct ctl_client *clients[256];
	uint32_t answered = 0;

	for (uint32_t i = 0; i < n && i < 256; i++)
		answered += ctl_connect(path, &clients[i]) == NO_ERROR;
	printf("%u\n", answered);
	for (uint32_t i = 0; i < 256; i++)
		ctl_disconnect(clients[i]);
	return 0;
}

static int
version(void)
{
	uint8_t frame[] = { 0,   0,   0,   18, 0, 1, 0, 0, 0, 0, 'R',
		            'T', 'M', 'C', 0,  0, 0, 9, 0, 0, 0, 0 };
	int fd = open_raw(false);
	uint8_t answer[64];
	struct ctl_hello hello;
	struct ctl_in in;
	size_t n = 0, used;
	ssize_t got;

	if (send(fd, frame, sizeof(frame), MSG_NOSIGNAL) < 0)
		return wrong("cannot send");
	while (n < sizeof(answer) && (got = recv(fd, answer + n, sizeof(answer) - n, 0)) > 0)
		n += (size_t)got;
	close(fd);
	if (ctl_look(answer, n, &in, &used) != CTL_COMPLETE || in.type != CTL_HELLO ||
	    !ctl_get(&in, &ctl_hello_layout, &hello) || hello.version != CTL_VERSION ||
	    used != n)
		return wrong("another version is not told ours");
	return 0;
}

int
main(int argc, char **argv)
{
	uint32_t n = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 100;

	if (argc < 3)
		return 2;
	path = argv[1];
	if (strcmp(argv[2], "churn") == 0)
		return churn(n);
	if (strcmp(argv[2], "fill") == 0 || strcmp(argv[2], "empty") == 0)
		return each(argv[2][0] == 'f' ? CTL_CREATE : CTL_DELETE, n);
	if (strcmp(argv[2], "slow") == 0)
		return slow();
	if (strcmp(argv[2], "garbage") == 0)
		return garbage();
	if (strcmp(argv[2], "pipeline") == 0)
		return pipeline(n);
	if (strcmp(argv[2], "random") == 0)
		return random_requests(n);
	if (strcmp(argv[2], "crowd") == 0)
		return crowd(n);
	return strcmp(argv[2], "version") == 0 ? version() : 2;
}
