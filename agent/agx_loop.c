/*
 * One chapter: libnetsnmp inside our loop.
 *
 * The library has its own idea of a loop: a set of descriptors, to be asked for anew
 * each time, and a timeout. A request crosses three of its descriptors, the socket and
 * two internal pipes, and its pipes are read with a blocking read(). So an event of
 * ours must never be taken as "this descriptor is readable": by the time it is
 * delivered, an alarm may have eaten what was there, and the read would hang. Events
 * only wake. What the library waits for is then polled there and then, and it reads what
 * is readable now; round after round until nothing is, with a bound so that others get
 * their turn.
 *
 * Three rounds take a read through, and five a TestSet, which the library hands to itself
 * twice (RESERVE1, RESERVE2). Then the loop has its turn; a further round would find
 * nothing, and at a dozen system calls a request each one shows. (Waiting a moment in
 * select() for the next request of a walk was tried and is worse: arming a short timer
 * costs more than going back to the loop.)
 *
 * How many pipes the request that came in still has to cross, at most, is counted (`hops'),
 * and set right by each poll that finds them empty. Where the count is 0, they are
 * empty: an event is then the socket's, and needs no poll, since reading a socket of ours that
 * has nothing is harmless (agx_link.c). A PDU that comes in while the library reads by
 * itself leaves the count unknown until the next poll.
 *
 * So the loop need not watch the pipes, which would cost in each write to one and in the
 * wait after it: where a wake ends and they are not known to be empty, there is another
 * one as soon as the rest of the program had its turn (`again').
 *
 * When a session came or went, when an alarm ran, or when the library waits for something
 * else than before, which it is asked once a wake (`dirty'), the loop is told what the
 * library watches now (resync). A socket that was closed and opened again has its old
 * number, and a loop that waits in epoll_wait() has forgotten it: so a descriptor is (number,
 * device, inode).
 *
 * In the direct role the library's descriptors are sockets of managers. A request is read,
 * done and answered in one round; after it the loop has its turn. Where there is but one
 * socket, and it is UDP's, that one is read without a poll: the library reads it with
 * MSG_DONTWAIT.
 *
 * The timer runs the library's alarms. While there is no session the one alarm that
 * matters is "connect again", and it is let through when agx_link_knock() has a connection
 * for it.
 */
#include "agx_hosts.h"
#include "agx_int.h"

#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/log.h"

#define HOPS 2      /* pipes that a read crosses */
#define HOPS_MOST 4 /* and a TestSet */
#define HOPS_UNKNOWN INT_MAX
#define ROUNDS (1 + HOPS_MOST)
#define ROUNDS_DIRECT 1
#define RETRY_MS 500              /* between two knocks at a master that is not there */
#define DIRECT_FDS_MAX 256        /* sockets of the direct role */
#define LONGEST_US 86400000000ull /* a timeout beyond a day is a day */

/* What the library waits for now. */
struct wanted {
	netsnmp_large_fd_set set;
	int max;   /* one more than the highest descriptor */
	int block; /* 1: no timeout */
	struct timeval timeout;
};

static void
wanted_get(struct wanted *w)
{
	*w = (struct wanted){ .block = 1 };
	netsnmp_large_fd_set_init(&w->set, FD_SETSIZE);
	NETSNMP_LARGE_FD_ZERO(&w->set);
	snmp_select_info2(&w->max, &w->set, &w->timeout, &w->block);
}

static void
wanted_free(struct wanted *w)
{
	netsnmp_large_fd_set_cleanup(&w->set);
}

/* Whether the loop still watches what the library waits for. */
static bool
is_as_known(const struct agx *agx, struct wanted *w)
{
	for (size_t i = 0; i < agx->nfds; i++)
		if (agx->fds[i].fd >= w->max ||
		    !NETSNMP_LARGE_FD_ISSET(agx->fds[i].fd, &w->set))
			return false;
	return true;
}

/* Whether it waits for nothing that the loop does not watch. */
static bool
is_all_known(const struct agx *agx, struct wanted *w)
{
	size_t n = 0;

	for (int fd = 0; fd < w->max; fd++)
		n += NETSNMP_LARGE_FD_ISSET(fd, &w->set) ? 1 : 0;
	return n == agx->nfds;
}

static uint64_t
due_ms(const struct wanted *w)
{
	return w->block != 0 ? UINT64_MAX
	                     : loop_now_ms() + (uint64_t)w->timeout.tv_sec * 1000 +
	                           (uint64_t)w->timeout.tv_usec / 1000;
}

/* Whether the loop must be told anew. Managers come over TCP and go as they like. */
static bool
has_changed(const struct agx *agx, struct wanted *w, bool under_way)
{
	if (agx->config.direct)
		return !is_as_known(agx, w) || !is_all_known(agx, w) ||
		       due_ms(w) < agx->armed_ms;
	return !is_as_known(agx, w) || (!under_way && w->block == 0);
}

/* Have it read this descriptor in the round to come. */
static void
let_read(struct agx *agx, int fd)
{
	NETSNMP_LARGE_FD_SET(fd, &agx->readable);
}

static bool
can_be_read(const struct pollfd *asked)
{
	return (asked->revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

static void
poll_all(struct agx *agx)
{
	for (size_t i = 0; i < agx->nfds; i++)
		agx->asked[i] = (struct pollfd){ .fd = agx->fds[i].fd, .events = POLLIN };
	poll(agx->asked, agx->nfds, 0); /* where it fails, nothing can be read */
}

/* Of what was polled, all but the socket. @return how many can be read. */
static size_t
let_others_be_read(struct agx *agx, int socket)
{
	size_t n = 0;

	for (size_t i = 0; i < agx->nfds; i++)
		if (agx->asked[i].fd != socket && can_be_read(&agx->asked[i])) {
			let_read(agx, agx->asked[i].fd);
			n++;
		}
	return n;
}

static bool
socket_can_be_read(const struct agx *agx, int socket)
{
	for (size_t i = 0; i < agx->nfds; i++)
		if (agx->asked[i].fd == socket)
			return can_be_read(&agx->asked[i]);
	return false;
}

/* After a poll that found so many of the pipes readable, each of which is read now. */
static void
count_hops(struct agx *agx, size_t pipes)
{
	if (pipes == 0)
		agx->hops = 0;
	else if (pipes == 1 && agx->hops > 0 && agx->hops != HOPS_UNKNOWN)
		agx->hops--;
	else
		agx->hops = HOPS_UNKNOWN;
}

/* The socket that is read last, or -1. @param at_once  whether it needs no poll. */
static int
find_socket(const struct agx *agx, bool *at_once)
{
	int session = agx_session_socket(agx->session);

	*at_once = true;
	if (agx->config.direct && agx->nfds == 1 && agx->fds[0].datagrams)
		return agx->fds[0].fd;
	*at_once = session >= 0 && agx->hops == 0;
	return session;
}

/*
 * What can be read now, in agx->readable; false: nothing. The library reads in an order of
 * its own: where snmpd has hung up behind a request, it would free the session first and
 * answer the request, still in the pipes, through it. So the socket waits until the
 * pipes are empty.
 */
static bool
find_readable(struct agx *agx)
{
	bool is_socket;
	int socket = find_socket(agx, &is_socket);
	size_t others = 0;

	NETSNMP_LARGE_FD_ZERO(&agx->readable);
	if (!is_socket) {
		poll_all(agx);
		others = let_others_be_read(agx, socket);
		is_socket = others == 0 && socket_can_be_read(agx, socket);
		count_hops(agx, others);
	}
	if (is_socket)
		let_read(agx, socket);
	return is_socket || others > 0;
}

/* One round. @return whether anything was there to read. */
static bool
read_round(struct agx *agx)
{
	bool found = find_readable(agx);

	agx->in_round = true;
	if (found)
		snmp_read2(&agx->readable);
	agx->in_round = false;
	netsnmp_check_outstanding_agent_requests();
	return found;
}

/*
 * Does the library still wait for what the loop watches? A timeout is an alarm's, for the
 * timer, when nothing is under way; else it belongs to the request between two pipes, and
 * goes when that is answered.
 */
static void
look_for_changes(struct agx *agx)
{
	struct wanted w;

	wanted_get(&w);
	if (has_changed(agx, &w, agx->under_way))
		agx->dirty = true;
	wanted_free(&w);
}

static void
on_wake(void *arg)
{
	struct agx *agx = arg;
	int found = 0;

	if (agx->config.direct)
		agx_hosts_look(loop_now_ms());
	while (found < agx->rounds && read_round(agx)) {
		found++;
		if (agx->hops == 0)
			break;
	}
	agx->under_way = found > HOPS;
	look_for_changes(agx);
	if (agx->dirty)
		agx_loop_resync(agx);
	if (!agx->config.direct && agx->hops != 0)
		loop_timer_in(agx->again, 0);
}

void
agx_loop_came_in(struct agx *agx, bool is_read)
{
	agx->hops = is_read ? HOPS : HOPS_MOST;
	if (agx->in_round)
		return;
	agx->hops = HOPS_UNKNOWN; /* there may be others */
	loop_timer_in(agx->again, 0);
}

/* Without a session: may the library try to get one? */
static bool
may_connect(struct agx *agx)
{
	if (loop_now_ms() < agx->retry_at_ms)
		return false;
	agx->retry_at_ms = loop_now_ms() + RETRY_MS;
	return agx_link_knock();
}

static void
run_alarms_now(struct agx *agx)
{
	if (!agx->config.direct)
		agx_link_use();
	snmp_timeout();
	run_alarms();
	netsnmp_check_outstanding_agent_requests();
	agx->dirty = true;
}

static void
on_timer(void *arg)
{
	struct agx *agx = arg;

	if (agx->session != NULL || agx->config.direct) {
		run_alarms_now(agx);
	} else if (may_connect(agx)) {
		if (agx->started)
			run_alarms_now(agx);
		else
			agx_session_start(agx);
		agx_link_drop();
	}
	agx_loop_resync(agx);
}

static bool
same_file(const struct agx_fd *known)
{
	struct stat st;

	return fstat(known->fd, &st) == 0 && st.st_dev == known->dev && st.st_ino == known->ino;
}

static bool
is_readable(int fd)
{
	struct pollfd in = { .fd = fd, .events = POLLIN };

	return poll(&in, 1, 0) == 1 && (in.revents & POLLIN) != 0;
}

/*
 * Within a round that was seen to, see find_readable(). Else the library reads by itself,
 * in the midst of an exchange of its own, and the pipes are looked at here.
 */
bool
agx_loop_is_half_way(const struct agx *agx, int socket)
{
	for (size_t i = 0; !agx->in_round && i < agx->nfds; i++)
		if (agx->fds[i].fd != socket && same_file(&agx->fds[i]) &&
		    is_readable(agx->fds[i].fd))
			return true;
	return false;
}

static void
forget(struct agx *agx, size_t i)
{
	loop_watch_free(agx->fds[i].watch);
	agx->fds[i] = agx->fds[--agx->nfds];
}

/* Drop what the library no longer watches, and what is another file by now. */
static void
drop_stale(struct agx *agx, struct wanted *w)
{
	for (size_t i = agx->nfds; i-- > 0;)
		if (agx->fds[i].fd >= w->max ||
		    !NETSNMP_LARGE_FD_ISSET(agx->fds[i].fd, &w->set) ||
		    (agx->dirty && !same_file(&agx->fds[i])))
			forget(agx, i);
}

static bool
is_known(const struct agx *agx, int fd)
{
	for (size_t i = 0; i < agx->nfds; i++)
		if (agx->fds[i].fd == fd)
			return true;
	return false;
}

static bool
make_room(struct agx *agx)
{
	size_t cap = agx->fds_cap == 0 ? 8 : agx->fds_cap * 2;
	struct agx_fd *grown;
	struct pollfd *asked;

	if (agx->nfds < agx->fds_cap)
		return true;
	asked = mem_realloc(agx->asked, cap, sizeof *asked);
	if (asked == NULL)
		return false;
	agx->asked = asked;
	grown = mem_realloc(agx->fds, cap, sizeof *grown);
	if (grown == NULL)
		return false;
	agx->fds = grown;
	agx->fds_cap = cap;
	return true;
}

/*
 * One manager too many over TCP: it is let go, so that descriptors last for the others. The
 * library sees the end of the connection and closes it.
 */
static void
limit_managers(const struct agx *agx, int fd)
{
	if (!agx->config.direct || agx->nfds < DIRECT_FDS_MAX)
		return;
	log_info("agx", "manager fd=%d: %zu are connected already", fd, agx->nfds);
	shutdown(fd, SHUT_RDWR);
}

static bool
has_datagrams(int fd)
{
	int type = 0;
	socklen_t size = sizeof type;

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_DGRAM;
}

static bool
remember(struct agx *agx, int fd)
{
	struct agx_fd new = { .fd = fd };
	struct stat st;

	limit_managers(agx, fd);
	if (!make_room(agx) || fstat(fd, &st) != 0)
		return false;
	new.dev = st.st_dev;
	new.ino = st.st_ino;
	new.datagrams = has_datagrams(fd);
	if (agx->config.direct || !S_ISFIFO(st.st_mode)) {
		new.watch = loop_watch_new(agx->config.loop, fd, on_wake, agx);
		if (new.watch == NULL)
			return false;
	}
	agx->fds[agx->nfds++] = new;
	return true;
}

static void
set_timer(struct agx *agx, const struct wanted *w)
{
	uint64_t us = LONGEST_US, now = loop_now_ms();

	if (w->block == 0)
		us = (uint64_t)w->timeout.tv_sec * 1000000 + (uint64_t)w->timeout.tv_usec;
	if (!agx->started)
		us = 0;
	if (agx->session == NULL && agx->retry_at_ms > now &&
	    us < (agx->retry_at_ms - now) * 1000)
		us = (agx->retry_at_ms - now) * 1000;
	if (us < LONGEST_US)
		loop_timer_in(agx->timer, us);
	else
		loop_timer_off(agx->timer);
	agx->armed_ms = us < LONGEST_US ? now + us / 1000 + 1 : UINT64_MAX;
}

void
agx_loop_resync(struct agx *agx)
{
	struct wanted w;
	bool complete = true;

	agx_session_settle(agx);
	wanted_get(&w);
	drop_stale(agx, &w);
	for (int fd = 0; fd < w.max; fd++)
		if (NETSNMP_LARGE_FD_ISSET(fd, &w.set) && !is_known(agx, fd))
			complete = remember(agx, fd) && complete;
	agx->dirty = !complete;
	set_timer(agx, &w);
	if (!complete) /* no memory: once more, soon */
		loop_timer_in(agx->timer, 100000);
	wanted_free(&w);
}

bool
agx_loop_open(struct agx *agx)
{
	agx->rounds = agx->config.direct ? ROUNDS_DIRECT : ROUNDS;
	agx->hops = HOPS_UNKNOWN;
	netsnmp_large_fd_set_init(&agx->readable, FD_SETSIZE);
	agx->timer = loop_timer_new(agx->config.loop, on_timer, agx);
	agx->again = loop_timer_new(agx->config.loop, on_wake, agx);
	return agx->timer != NULL && agx->again != NULL;
}

void
agx_loop_close(struct agx *agx)
{
	while (agx->nfds > 0)
		forget(agx, agx->nfds - 1);
	mem_free(agx->fds);
	mem_free(agx->asked);
	netsnmp_large_fd_set_cleanup(&agx->readable);
	loop_timer_free(agx->again);
	loop_timer_free(agx->timer);
}
