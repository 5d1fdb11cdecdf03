/*
 * One chapter: the two places where stress_iph lets its threads loose.
 *
 * Here: the table that the library opens, with its thread that keeps time. There: a world
 * with rtmd's control server in front of it, on a loop in a thread of its own; the
 * documented functions go through RTM_SOCKET as a program beside a daemon would, so all
 * threads share one connection. Guests come with connections of their own, subscribe,
 * change a row, hear of it, and leave; again and again.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ctl_server.h"
#include "host/interfaces.h"
#include "host/remote.h"
#include "loop.h"
#include "rtmhost.h"
#include "rtmopen.h"
#include "stress_iph.h"

#define MORTALS 40
#define INTERFACES                                                                             \
	"1 lo 127.0.0.1/8,::1/128 type loopback metric 75;"                                    \
	"2 eth0 192.0.2.10/24,2001:db8:1::10/64 metric 25;"                                    \
	"3 eth1 198.51.100.10/24 metric 5;"                                                    \
	"4 eth2 203.0.113.10/24 metric 5"

/* ---- here ------------------------------------------------------------------------------- */

static void
here_open(void)
{
	unsetenv("RTM_SOCKET");
	setenv("RTM_INTERFACES", INTERFACES, 1);
	WANT_CODE(rtm_open_memory(), NO_ERROR);
}

static void
here_close(void)
{
	rtm_close();
	rtm_shutdown();
}

/* Rows that live for a second: the library's own thread takes them away. */
static void *
mortal(void *arg)
{
	struct timespec nap = { 0, 5000000 };
	unsigned left = MORTALS;

	for (unsigned i = 0; i < stress_ops() / 4 + MORTALS; i++) {
		MIB_IPFORWARD_ROW2 row = stress_row(60, i % MORTALS, i % 2 != 0);
		DWORD err;

		row.ValidLifetime = row.PreferredLifetime = 1;
		err = CreateIpForwardEntry2(&row);
		WANT(err == NO_ERROR || err == ERROR_OBJECT_ALREADY_EXISTS);
	}
	for (int i = 0; i < 6000 && left > 0; i++) { /* thirty seconds at most */
		MIB_IPFORWARD_ROW2 row = stress_row(60, left - 1, (left - 1) % 2 != 0);

		if (GetIpForwardEntry2(&row) == ERROR_NOT_FOUND)
			left--;
		else
			nanosleep(&nap, NULL);
	}
	WANT(left == 0);
	return arg;
}

const struct stress_place stress_here = { "in process", here_open, here_close, mortal, 1 };

/* ---- there ------------------------------------------------------------------- */

static struct {
	char dir[64], path[80];
	struct iftab *ifs;
	struct iph *iph;
	struct loop *loop;
	struct loop_watch *stop_watch;
	struct ctl_server *server;
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
before_request(void *arg)
{
	(void)arg;
}

static void
after_change(void *arg)
{
	(void)arg;
	while (rtm_turn() || iph_turn(there.iph))
		;
	ctl_server_flush(there.server);
}

static void *
serve(void *arg)
{
	loop_run(there.loop);
	return arg;
}

static void
there_open(void)
{
	struct ctl_config config = { .tick = before_request, .poke = after_change };
	static const struct iph_ports ports;

	snprintf(there.dir, sizeof there.dir, "/tmp/stress-iph-XXXXXX");
	if (mkdtemp(there.dir) == NULL || pipe(there.stop) != 0)
		abort();
	snprintf(there.path, sizeof there.path, "%s/socket", there.dir);
	there.ifs = iftab_new();
	WANT_CODE(interfaces_parse(there.ifs, INTERFACES), NO_ERROR);
	WANT_CODE(iph_open(there.ifs, 0, &ports, &there.iph), NO_ERROR);
	there.loop = config.loop = loop_new();
	config.iph = there.iph;
	config.path = there.path;
	WANT(ctl_listen(there.path, 0600, &config.fd));
	there.server = ctl_server_open(&config);
	there.stop_watch = loop_watch_new(there.loop, there.stop[0], on_stop, NULL);
	if (there.server == NULL || pthread_create(&there.thread, NULL, serve, NULL) != 0)
		abort();
	setenv("RTM_SOCKET", there.path, 1);
}

static void
there_close(void)
{
	rtm_close();
	unsetenv("RTM_SOCKET");
	WANT(write(there.stop[1], "", 1) == 1);
	pthread_join(there.thread, NULL);
	loop_watch_free(there.stop_watch);
	ctl_server_close(there.server);
	loop_free(there.loop);
	iph_close(there.iph);
	iftab_free(there.ifs);
	rtm_shutdown();
	close(there.stop[0]);
	close(there.stop[1]);
	rmdir(there.dir);
}

/* ---- guests ------------------------------------------------------------------ */

struct guest {
	struct remote *remote;
	struct iph *iph;
	struct iph_route route;
	unsigned added, deleted; /* events of the own row; only iph_turn() here calls back */
};

static VOID WINAPI
on_guest_event(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	struct guest *guest = context;

	if (memcmp(&row->DestinationPrefix, &guest->route.row.DestinationPrefix,
	           sizeof row->DestinationPrefix) != 0)
		return;
	guest->added += type == MibAddInstance;
	guest->deleted += type == MibDeleteInstance;
}

/* Events cross a socket and a thread: thirty seconds at most. */
static void
hear_both(struct guest *guest)
{
	struct timespec nap = { 0, 1000000 };

	for (int i = 0; i < 30000 && guest->deleted == 0; i++) {
		nanosleep(&nap, NULL);
		iph_turn(guest->iph);
	}
	WANT(guest->added == 1 && guest->deleted == 1);
}

static void
visit(unsigned number, unsigned round)
{
	static const struct iph_ports ports;
	struct guest guest = { .route.kind = IPH_UNICAST };
	PMIB_IPFORWARD_TABLE2 table;
	struct iph_fault fault;
	HANDLE handle = NULL;

	guest.route.row = stress_row(50 + number, round % 200, round % 2 != 0);
	WANT_CODE(remote_open(there.path, &guest.remote), NO_ERROR);
	WANT_CODE(iph_open_far(remote_far(guest.remote), &ports, &guest.iph), NO_ERROR);
	remote_world(guest.remote, guest.iph);
	if (round % 3 != 0)
		WANT_CODE(
		    iph_subscribe(guest.iph, AF_UNSPEC, on_guest_event, &guest, false, &handle),
		    NO_ERROR);
	WANT_CODE(iph_route_change(guest.iph, IPH_CREATE, &guest.route, &fault), NO_ERROR);
	WANT_CODE(iph_route_change(guest.iph, IPH_CREATE, &guest.route, &fault),
	          ERROR_OBJECT_ALREADY_EXISTS);
	WANT(fault.reason == IPH_REASON_EXISTS);
	WANT_CODE(iph_table(guest.iph, AF_UNSPEC, &table), NO_ERROR);
	FreeMibTable(table);
	WANT_CODE(iph_route_change(guest.iph, IPH_DELETE, &guest.route, &fault), NO_ERROR);
	if (handle != NULL)
		hear_both(&guest);
	if (handle != NULL && round % 2 != 0)
		WANT_CODE(iph_unsubscribe(guest.iph, handle), NO_ERROR);
	remote_stop(guest.remote);
	iph_close(guest.iph);
	remote_free(guest.remote);
}

static void *
guest(void *arg)
{
	for (unsigned i = 0; i < stress_ops() / 10 + 6; i++)
		visit((unsigned)(uintptr_t)arg, i);
	return NULL;
}

const struct stress_place stress_there = { "through the socket", there_open, there_close, guest,
	                                   3 };
