/*
 * One chapter: the wiring of rtmd.
 *
 * The building from the bottom up: interface table, forwarder, core, IP Helper, MIB,
 * SNMP. What a floor needs from outside goes in as a struct of function pointers
 * filled in here; no floor knows another that is not below it.
 *
 * Whatever can be wrong with the configuration, preloaded files included, is found
 * before the program leaves the terminal and before it speaks to anybody: status 1.
 * `-t' stops exactly there. Then, unless -f says otherwise, it goes into the background,
 * and only then makes its loop, since an epoll descriptor does not survive a fork well.
 *
 * The end is the beginning read backwards. What is alive after that is a leak, and is
 * said in the log.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "agx.h"
#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"
#include "config.h"
#include "ctl_server.h"
#include "drive.h"
#include "fib/follow.h"
#include "fib/import.h"
#include "iftab/iftab.h"
#include "iphlp/iph.h"
#include "loop.h"
#include "mib.h"
#include "refusal.h"
#include "rtmhost.h"
#include "status.h"

#define INSTANCE 0 /* of the routing table manager */

/* Exit statuses [man/rtmd.8]. */
enum { STATUS_OK = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

struct options {
	const char *file;
	enum log_level level;
	bool foreground, test;
};

struct daemon {
	struct config config;
	struct iftab *ifs;
	struct import *import;
	struct fib *fib;
	struct follow *follow;
	struct iph *iph;
	struct loop *loop;
	struct drive *drive;
	struct loop_watch *fib_watch;
	struct mib *mib;
	struct agx *agx;
	struct loop_bell *turn_bell; /* the world has something to tell its subscribers */
	int control_fd;
	struct ctl_server *control;
	struct status status;
	struct loop_signal *signals[3];
};

/* ---- command line ------------------------------------------------------------- */

static void
usage(FILE *to)
{
	fprintf(to, "usage: rtmd [-f] [-c FILE] [-L LEVEL] [-t] [-V] [-h]\n"
	            "  -f        stay in the foreground, log on standard error\n"
	            "  -c FILE   read FILE instead of the rtmd.conf on the search path\n"
	            "  -L LEVEL  say err, warn, info (default) or debug and worse\n"
	            "  -t        check the configuration and leave\n"
	            "  -V        say the version and leave\n"
	            "  -h        say this and leave\n");
}

/* @return -1: go on; else the status to leave with. */
static int
options_parse(int argc, char **argv, struct options *options)
{
	int c;

	*options = (struct options){ .level = LOG_LEVEL_INFO };
	while ((c = getopt(argc, argv, "fc:L:tVh")) != -1)
		switch (c) {
		case 'f':
			options->foreground = true;
			break;
		case 'c':
			options->file = optarg;
			break;
		case 'L':
			if (!log_level_parse(optarg, &options->level)) {
				fprintf(stderr, "rtmd: %s is not err, warn, info or debug\n",
				        optarg);
				return STATUS_USAGE;
			}
			break;
		case 't':
			options->test = true;
			break;
		case 'V':
			puts("rtmd " RTMD_VERSION);
			return STATUS_OK;
		case 'h':
			usage(stdout);
			return STATUS_OK;
		default:
			usage(stderr);
			return STATUS_USAGE;
		}
	if (optind == argc)
		return -1;
	fprintf(stderr, "rtmd: %s: no operand is taken\n", argv[optind]);
	usage(stderr);
	return STATUS_USAGE;
}

/* ---- into the background --------------------------------------------------------- */

static void
to_syslog(void *arg, enum log_level level, const char *module, const char *line)
{
	static const int priorities[] = { LOG_ERR, LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

	(void)arg;
	syslog(priorities[level], "%s: %s", module, line);
}

static void
close_terminal(void)
{
	int null = open("/dev/null", O_RDWR);

	if (null == -1)
		return;
	for (int fd = 0; fd <= 2; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
}

/* The child goes on; the parent leaves from in here. */
static bool
go_into_background(void)
{
	pid_t child = fork();

	if (child == -1) {
		log_err("main", "fork: %s", strerror(errno));
		return false;
	}
	if (child != 0)
		_exit(STATUS_OK);
	setsid();
	if (chdir("/") != 0)
		log_warn("main", "chdir /: %s", strerror(errno));
	close_terminal();
	openlog("rtmd", LOG_PID, LOG_DAEMON);
	log_set_sink(to_syslog, NULL);
	return true;
}

/* ---- the ports ----------------------------------------------------------------------- */

/* Of a SET snmpd has decided before it reaches us; of a request from the socket it is asked. */
static bool
is_privileged(void *arg)
{
	return ctl_server_privileged(((const struct daemon *)arg)->control);
}

static void
wake(void *arg)
{
	const struct daemon *d = arg;

	if (d->turn_bell != NULL)
		loop_bell_ring(d->turn_bell);
}

static void
on_turn(void *arg)
{
	const struct daemon *d = arg;

	iph_turn(d->iph);
	ctl_server_flush(d->control);
}

static bool
has_stack(void *arg, ADDRESS_FAMILY family)
{
	(void)arg;
	return family == AF_INET || family == AF_INET6;
}

static DWORD
commit(void *arg, USHORT instance, const RTM_NET_ADDRESS *dest)
{
	const struct daemon *d = arg;

	return instance == INSTANCE ? follow_commit(d->follow, dest) : NO_ERROR;
}

static void
on_fib_readable(void *arg)
{
	const struct daemon *d = arg;

	d->config.fib->readable(d->fib);
}

static void
on_stop_signal(void *arg)
{
	const struct daemon *d = arg;

	log_info("main", "stop");
	loop_stop(d->loop, STATUS_OK);
}

static void
on_hangup(void *arg)
{
	(void)arg;
	log_info("main", "hangup: nothing to do, the configuration is read at start only");
}

/* ---- building ----------------------------------------------------------------------- */

static bool
good(const char *what, DWORD err)
{
	if (err == NO_ERROR)
		return true;
	log_err("main", "%s: %s, %s", what, code_name(err), code_text(err));
	return false;
}

/* Everything that the configuration can be wrong about. */
static bool
build_world(struct daemon *d)
{
	const struct fib_ops *ops = d->config.fib;
	struct import_counts counts;

	d->ifs = iftab_new();
	if (!good("interface table", d->ifs == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR) ||
	    !good("importer", import_open(d->ifs, INSTANCE, &d->import)) ||
	    !good("forwarder",
	          ops->open(&import_events, d->import, &d->config.memory, &d->fib)) ||
	    !good("forwarder's routes", ops->replay(d->fib)))
		return false;
	import_counts_get(d->import, &counts);
	if (counts.failures == 0)
		return true;
	log_err("main", "forwarder: %zu of its interfaces and routes were not taken in",
	        counts.failures);
	return false;
}

static bool
build_core(struct daemon *d)
{
	struct iph_ports ports = { .arg = d,
		                   .privileged = is_privileged,
		                   .stack = has_stack,
		                   .commit = commit,
		                   .wake = wake,
		                   .now_ms = drive_now_ms,
		                   .calendar = drive_calendar };
	int fd = d->config.fib->fd(d->fib);

	d->loop = loop_new();
	d->drive = d->loop != NULL ? drive_open(d->loop) : NULL;
	if (!good("loop", d->drive == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR) ||
	    !good("follower",
	          follow_open(INSTANCE, d->config.fib, d->fib, d->import, &d->follow)) ||
	    !good("IP Helper", iph_open(d->ifs, INSTANCE, &ports, &d->iph)))
		return false;
	iph_default = d->iph;
	d->turn_bell = loop_bell_new(d->loop, on_turn, d);
	if (!good("loop", d->turn_bell == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR))
		return false;
	if (fd != -1)
		d->fib_watch = loop_watch_new(d->loop, fd, on_fib_readable, d);
	return fd == -1 || d->fib_watch != NULL;
}

static bool
build_agent(struct daemon *d)
{
	struct mib_config mib = { .iph = d->iph,
		                  .row_timeout_s = d->config.row_timeout_s,
		                  .zero_next_hop = d->config.zero_next_hop,
		                  .no_ip_route_table = !d->config.ip_route_table,
		                  .policy = d->config.policy,
		                  .now_ms = drive_now_ms,
		                  .refused = refusal_log,
		                  .arg = d->drive };
	struct agx_config agx = { .loop = d->loop,
		                  .priority = d->config.agentx_priority,
		                  .fail_nth = d->config.test_fail_allocation,
		                  .tick = drive_tick,
		                  .poke = drive_poke,
		                  .arg = d->drive };

	if (!good("MIB", mib_open(&mib, &d->mib)))
		return false;
	drive_mib(d->drive, d->mib);
	agx.mib = d->mib;
	d->agx = agx_open(&agx);
	return d->agx != NULL;
}

static bool
build_control(struct daemon *d)
{
	struct ctl_config control = { .loop = d->loop,
		                      .iph = d->iph,
		                      .path = d->config.control_socket,
		                      .fd = d->control_fd,
		                      .has_group = d->config.has_control_group,
		                      .group = d->config.control_group,
		                      .tick = drive_tick,
		                      .poke = drive_poke,
		                      .status = status_write,
		                      .arg = d->drive };

	if (d->control_fd < 0)
		return true;
	control.status_arg = &d->status;
	d->status = (struct status){ RTMD_VERSION, d->config.fib->name, loop_now_ms() };
	d->control = ctl_server_open(&control);
	d->control_fd = -1;
	return good("control socket", d->control == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR);
}

static bool
build_signals(struct daemon *d)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	static loop_fn *const functions[] = { on_stop_signal, on_stop_signal, on_hangup };

	for (int i = 0; i < 3; i++) {
		d->signals[i] = loop_signal_new(d->loop, numbers[i], functions[i], d);
		if (d->signals[i] == NULL)
			return good("signals", ERROR_NOT_ENOUGH_MEMORY);
	}
	return true;
}

/* Every client has left the core; what it still has, somebody forgot. */
static void
say_what_is_left(void)
{
	struct rtm_counts n;
	bool clean;

	rtm_counts_get(&n);
	clean = n.entities + n.dests + n.routes + n.nexthops + n.client_refs == 0;
	log_write(clean ? LOG_LEVEL_INFO : LOG_LEVEL_WARN, "rtm",
	          "left entities=%zu dests=%zu routes=%zu nexthops=%zu references=%zu",
	          n.entities, n.dests, n.routes, n.nexthops, n.client_refs);
}

/* From here to the end a second signal changes nothing: the first is being obeyed. */
static void
hold_signals(void)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGHUP);
	sigprocmask(SIG_BLOCK, &stop, NULL);
}

static void
take_down(struct daemon *d)
{
	hold_signals();
	agx_close(d->agx);
	agx_library_close();
	if (d->drive != NULL)
		drive_mib(d->drive, NULL);
	mib_close(d->mib);
	ctl_server_close(d->control);
	if (d->control_fd >= 0)
		close(d->control_fd);
	iph_default = NULL;
	iph_close(d->iph);
	loop_bell_free(d->turn_bell);
	loop_watch_free(d->fib_watch);
	follow_close(d->follow);
	import_close(d->import);
	d->config.fib->close(d->fib);
	drive_close(d->drive);
	for (int i = 0; i < 3; i++)
		loop_signal_free(d->signals[i]);
	loop_free(d->loop);
	iftab_free(d->ifs);
	if (d->import != NULL)
		say_what_is_left();
	rtm_shutdown();
	config_free(&d->config);
	if (mem_alive() != 0)
		log_warn("main", "leak: %zu blocks of memory were not given back", mem_alive());
}

static int
run(struct daemon *d, const struct options *options)
{
	if (!build_world(d))
		return STATUS_FAILED;
	if (options->test) {
		log_info("main", "configuration is good");
		return STATUS_OK;
	}
	if (d->config.control_socket != NULL &&
	    !ctl_listen(d->config.control_socket, (mode_t)d->config.control_mode,
	                &d->control_fd))
		return STATUS_FAILED;
	if (!options->foreground && !go_into_background())
		return STATUS_FAILED;
	if (!build_core(d) || !build_signals(d) || !build_agent(d) || !build_control(d))
		return STATUS_FAILED;
	log_info("main", "start version=%s pid=%ld fib=%s", RTMD_VERSION, (long)getpid(),
	         d->config.fib->name);
	return loop_run(d->loop);
}

int
main(int argc, char **argv)
{
	struct daemon daemon = { .agx = NULL, .control_fd = -1 };
	struct options options;
	int status = options_parse(argc, argv, &options);

	if (status != -1)
		return status;
	log_set_level(options.level);
	agx_library_open();
	status =
	    config_read(options.file, &daemon.config) ? run(&daemon, &options) : STATUS_FAILED;
	take_down(&daemon);
	return status;
}
