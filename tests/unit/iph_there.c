/*
 * One chapter: the fixture's world, reached through a control socket.
 *
 * Linked into a test of the decision table, this puts rtmd's control server in front of
 * the fixture's world, on a loop in a thread of its own, and a far world behind its
 * socket. The documented functions then act on the far one, while the fixture looks at
 * the world itself. The server delivers events before it answers the change they are of.
 */
#include <CUnit/CUnit.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ctl_server.h"
#include "host/remote.h"
#include "iph_fixture.h"
#include "loop.h"
#include "rtmhost.h"

static struct {
	char dir[64], path[80];
	struct loop *loop;
	struct loop_watch *stop_watch;
	struct ctl_server *server;
	struct remote *remote;
	struct iph *far;
	pthread_t thread;
	int stop[2];
} there;

static void
on_stop(void *arg)
{
	(void)arg;
	loop_stop(there.loop, 0);
}

static void
after_change(void *arg)
{
	(void)arg;
	while (rtm_turn() || iph_turn(fix.iph))
		;
	ctl_server_flush(there.server);
}

static void
before_request(void *arg)
{
	(void)arg;
}

static void *
serve(void *arg)
{
	loop_run(there.loop);
	return arg;
}

static void
server_open(void)
{
	struct ctl_config config = {
		.iph = fix.iph, .path = there.path, .tick = before_request, .poke = after_change
	};

	there.loop = loop_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(there.loop);
	config.loop = there.loop;
	CU_ASSERT_FATAL(ctl_listen(there.path, 0600, &config.fd));
	there.server = ctl_server_open(&config);
	CU_ASSERT_PTR_NOT_NULL_FATAL(there.server);
	CU_ASSERT_EQUAL_FATAL(pipe(there.stop), 0);
	there.stop_watch = loop_watch_new(there.loop, there.stop[0], on_stop, NULL);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&there.thread, NULL, serve, NULL), 0);
}

void
place_open(void)
{
	static const struct iph_ports ports;
	MIB_IPFORWARD_ROW2 row = fixture_r();

	snprintf(there.dir, sizeof there.dir, "/tmp/iph-there-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(there.dir));
	snprintf(there.path, sizeof there.path, "%s/socket", there.dir);
	server_open();
	CU_ASSERT_EQUAL_FATAL(remote_open(there.path, &there.remote), NO_ERROR);
	CU_ASSERT_EQUAL_FATAL(iph_open_far(remote_far(there.remote), &ports, &there.far),
	                      NO_ERROR);
	remote_world(there.remote, there.far);
	iph_default = there.far;
	/* connected from here on: what a test does next is about the call alone */
	CU_ASSERT_EQUAL(GetIpForwardEntry2(&row), ERROR_NOT_FOUND);
}

void
place_close(void)
{
	iph_default = NULL;
	remote_stop(there.remote);
	iph_close(there.far);
	remote_free(there.remote);
	CU_ASSERT_EQUAL(write(there.stop[1], "", 1), 1);
	pthread_join(there.thread, NULL);
	loop_watch_free(there.stop_watch);
	ctl_server_close(there.server);
	loop_free(there.loop);
	close(there.stop[0]);
	close(there.stop[1]);
	rmdir(there.dir);
}

/* Events cross a socket and a thread: ten seconds at most. */
void
place_deliver(const unsigned *heard, unsigned n)
{
	struct timespec nap = { 0, 1000000 };

	for (int i = 0; i < 10000; i++) {
		while (iph_turn(there.far))
			;
		if (*heard >= n)
			return;
		nanosleep(&nap, NULL);
	}
}
