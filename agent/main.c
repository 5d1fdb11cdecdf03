/*
 * One chapter: the wiring of rtmd.
 *
 * The building from the bottom up: interface table, forwarder, core, IP Helper, MIB,
 * SNMP; the part up to the MIB stands once for each instance (world.c), the first one
 * being instance 0, which everybody means who does not say otherwise. What a floor needs
 * from outside goes in as a struct of function pointers filled in here; no floor knows
 * another that is not below it.
 *
 * Whatever can be wrong with the configuration, preloaded files included, is found
 * before the program leaves the terminal and before it speaks to anybody: status 1.
 * `-t' stops exactly there. Then, unless -f says otherwise, it goes into the background,
 * and only then makes its loop, which does not survive a fork well, and
 * opens its state file, whose locks do not survive it at all. The parent waits for that, so
 * that trouble with the file is still told at the terminal, with status 1.
 *
 * The end is the beginning read backwards. What is alive after that is a leak, and is
 * said in the log.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "agx.h"
#include "base/alloc.h"
#include "base/code.h"
#include "base/lock.h"
#include "base/log.h"
#include "chores.h"
#include "config.h"
#include "ctl_server.h"
#include "drive.h"
#include "durable.h"
#include "intake.h"
#include "iphlp/iph.h"
#include "loop.h"
#include "refusal.h"
#include "reload.h"
#include "rtmhost.h"
#include "status.h"
#include "world.h"

/* Exit statuses [man/rtmd.8]. */
enum { STATUS_OK = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

struct options {
	const char *file;
	enum log_level level;
	bool foreground, test;
};

struct daemon {
	struct config config;
	struct world *worlds; /* the first is instance 0 */
	size_t nworlds;
	struct agx_context *contexts; /* one per world */
	struct loop *loop;
	struct drive *drive;
	struct chores *chores; /* what must not meet a SET */
	struct chore hangup;
	struct reload *reload; /* under way, or NULL */
	bool again;            /* and the lines are to be read once more */
	struct agx *agx;
	char descr[256], hostname[256]; /* of the system group, where it is ours */
	struct loop_bell *turn_bell;    /* the world has something to tell its subscribers */
	int control_fd;
	struct ctl_server *control;
	struct intake *intake;   /* of imports through it; NULL: no state file */
	struct durable *durable; /* NULL: no state file */
	int verdict_fd;          /* where the parent waits to hear that we stand; -1: nobody */
	const char *file;        /* of the configuration; NULL: the search path */
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

/* Wait for the child to say that it stands, or to end; its status is ours. */
static void
leave_to(pid_t child, int verdict)
{
	char good = 'n'; /* a child that died wrote nothing */
	int status;

	while (read(verdict, &good, 1) < 0 && errno == EINTR)
		;
	if (good == 'y')
		_exit(STATUS_OK);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	_exit(WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status)
	                                                    : STATUS_FAILED);
}

/*
 * The child goes on, with the terminal still there for what may go wrong with the state
 * file; the parent stays until it knows.
 */
static bool
go_into_background(int *verdict)
{
	int ends[2];
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) == -1) {
		log_err("main", "fork: %s", strerror(errno));
		return false;
	}
	if (child != 0) {
		close(ends[1]);
		leave_to(child, ends[0]);
	}
	close(ends[0]);
	*verdict = ends[1];
	setsid();
	if (chdir("/") != 0)
		log_warn("main", "chdir /: %s", strerror(errno));
	return true;
}

static void
leave_terminal(int *verdict)
{
	if (*verdict < 0)
		return;
	openlog("rtmd", LOG_PID, LOG_DAEMON);
	log_set_sink(to_syslog, NULL);
	close_terminal();
	if (write(*verdict, "y", 1) != 1)
		log_warn("main", "nobody waits for us: %s", strerror(errno));
	close(*verdict);
	*verdict = -1;
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

	for (size_t i = 0; i < d->nworlds; i++)
		iph_turn(d->worlds[i].iph);
	ctl_server_flush(d->control);
}

static bool
has_stack(void *arg, ADDRESS_FAMILY family)
{
	(void)arg;
	return family == AF_INET || family == AF_INET6;
}

/* Rows left unfinished go; the earliest that any view wants to be called again. */
static uint64_t
reap(void *arg)
{
	const struct daemon *d = arg;
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < d->nworlds; i++) {
		uint64_t at = mib_reap(d->worlds[i].mib);

		next = at < next ? at : next;
	}
	return next;
}

static bool
in_set(void *arg)
{
	const struct daemon *d = arg;

	for (size_t i = 0; i < d->nworlds; i++)
		if (mib_in_set(d->worlds[i].mib))
			return true;
	return false;
}

/* A turn is over, and with it perhaps a SET. */
static uint64_t
after_turn(void *arg)
{
	struct daemon *d = arg;

	chores_wake(d->chores);
	return reap(d);
}

static void
before_set(void *arg)
{
	struct daemon *d = arg;

	chores_run(d->chores);
}

static void
on_stop_signal(void *arg)
{
	const struct daemon *d = arg;

	log_info("main", "stop");
	loop_stop(d->loop, STATUS_OK);
}

static bool
reload(void *arg)
{
	struct daemon *d = arg;
	bool over;

	drive_tick(d->drive);
	if (d->reload == NULL) {
		d->again = false;
		d->reload = reload_new(d->file, &d->config, d->worlds, d->nworlds);
	}
	over = d->reload == NULL || reload_step(d->reload);
	drive_poke(d->drive);
	if (!over)
		return false;
	reload_free(d->reload);
	d->reload = NULL;
	return !d->again;
}

/* Between the phases of a SET interfaces stay what they are: it was tested with them. */
static void
on_hangup(void *arg)
{
	struct daemon *d = arg;

	log_info("main", "hangup: interface lines are read again, and nothing else");
	d->again = true;
	if (!d->hangup.queued && !chores_add(d->chores, &d->hangup))
		log_info("main", "reload waits for the end of a SET");
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
build_worlds(struct daemon *d)
{
	const struct config *config = &d->config;
	size_t n = 1 + config->ninstances;

	d->worlds = mem_calloc(n, sizeof *d->worlds);
	d->contexts = mem_calloc(n, sizeof *d->contexts);
	if (!good("worlds", d->worlds == NULL || d->contexts == NULL ? ERROR_NOT_ENOUGH_MEMORY
	                                                             : NO_ERROR))
		return false;
	d->nworlds = n;
	for (size_t i = 0; i < n; i++) {
		const struct config_instance *own = i == 0 ? NULL : &config->instances[i - 1];
		struct world_plan plan = { .context = "",
			                   .fib = config->fib,
			                   .fib_config = &config->memory };

		if (own != NULL)
			plan = (struct world_plan){ own->number, own->name, config->fib,
				                    &own->memory };
		if (!world_load(&d->worlds[i], &plan))
			return false;
	}
	return true;
}

static bool
build_core(struct daemon *d)
{
	struct iph_ports ports = { .arg = d,
		                   .privileged = is_privileged,
		                   .stack = has_stack,
		                   .wake = wake,
		                   .now_ms = drive_now_ms,
		                   .calendar = drive_calendar };

	d->loop = loop_new();
	d->drive = d->loop != NULL ? drive_open(d->loop) : NULL;
	if (!good("loop", d->drive == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR))
		return false;
	d->turn_bell = loop_bell_new(d->loop, on_turn, d);
	d->chores = chores_open(d->loop, in_set, d);
	d->hangup = (struct chore){ .step = reload, .arg = d };
	if (!good("loop", d->turn_bell == NULL || d->chores == NULL ? ERROR_NOT_ENOUGH_MEMORY
	                                                            : NO_ERROR))
		return false;
	for (size_t i = 0; i < d->nworlds; i++)
		if (!world_open(&d->worlds[i], d->loop, &ports))
			return false;
	iph_default = d->worlds[0].iph;
	return true;
}

static bool
build_views(struct daemon *d)
{
	struct mib_config mib = { .row_timeout_s = d->config.row_timeout_s,
		                  .zero_next_hop = d->config.zero_next_hop,
		                  .no_ip_route_table = !d->config.ip_route_table,
		                  .policy = d->config.policy,
		                  .notify = d->config.notify,
		                  .now_ms = drive_now_ms,
		                  .version = RTMD_VERSION,
		                  .calendar = drive_calendar,
		                  .store = durable_port(d->durable),
		                  .refused = refusal_log };

	if (d->durable == NULL)
		log_info("store", "none: what managers make does not survive this process");
	for (size_t i = 0; i < d->nworlds; i++) {
		struct world *world = &d->worlds[i];

		mib.forwarder = world->plan.fib->name;
		mib.context = world->plan.context;
		mib.arg = (void *)(uintptr_t)world->plan.context;
		if (!world_serve(world, &mib))
			return false;
		d->contexts[i] = (struct agx_context){ world->plan.context, world->mib };
	}
	drive_reaper(d->drive, after_turn, d);
	return true;
}

/* What the system group says where the configuration does not. */
static void
describe(struct daemon *d)
{
	struct utsname host;

	if (uname(&host) != 0)
		host = (struct utsname){ .sysname = "?" };
	snprintf(d->descr, sizeof d->descr, "rtmd %s, %s %s %s", RTMD_VERSION, host.sysname,
	         host.release, host.machine);
	snprintf(d->hostname, sizeof d->hostname, "%s", host.nodename);
}

static bool
build_agent(struct daemon *d)
{
	const struct config *config = &d->config;
	struct agx_config agx = { .loop = d->loop,
		                  .direct = config->direct,
		                  .system = { .descr = d->descr,
		                              .contact = config->sys_contact,
		                              .name = config->sys_name[0] != '\0'
		                                          ? config->sys_name
		                                          : d->hostname,
		                              .location = config->sys_location },
		                  .contexts = d->contexts,
		                  .ncontexts = d->nworlds,
		                  .priority = d->config.agentx_priority,
		                  .fail_nth = d->config.test_fail_allocation,
		                  .tick = drive_tick,
		                  .poke = drive_poke,
		                  .arg = d->drive,
		                  .before = before_set,
		                  .before_arg = d };

	if (!build_views(d))
		return false;
	describe(d);
	d->agx = agx_open(&agx);
	return d->agx != NULL;
}

static bool
build_intake(struct daemon *d)
{
	struct mib *mibs[CONFIG_INSTANCES_MAX + 1];
	struct intake_config config = { .chores = d->chores,
		                        .mibs = mibs,
		                        .nmibs = d->nworlds,
		                        .tick = drive_tick,
		                        .poke = drive_poke,
		                        .arg = d->drive };

	for (size_t i = 0; i < d->nworlds; i++)
		mibs[i] = d->worlds[i].mib;
	d->intake = intake_open(&config);
	return good("import", d->intake == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR);
}

static bool
build_control(struct daemon *d)
{
	struct ctl_config control = { .loop = d->loop,
		                      .iph = d->worlds[0].iph,
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
	if (d->durable != NULL && !build_intake(d))
		return false;
	if (d->durable != NULL) {
		control.store = durable_status;
		control.store_arg = d->durable;
		control.import = intake_begin;
		control.import_cancel = intake_cancel;
		control.import_arg = d->intake;
	}
	d->status = (struct status){ .version = RTMD_VERSION,
		                     .fib = d->config.fib->name,
		                     .role = d->config.direct ? "agent" : "subagent",
		                     .instances = d->nworlds,
		                     .started_ms = loop_now_ms() };
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
		drive_reaper(d->drive, NULL, NULL);
	ctl_server_close(d->control);
	d->control = NULL; /* what is taken back now is nobody's request */
	intake_close(d->intake);
	reload_free(d->reload);
	for (size_t i = 0; i < d->nworlds; i++)
		world_serve_end(&d->worlds[i]);
	durable_close(d->durable);
	if (d->control_fd >= 0)
		close(d->control_fd);
	iph_default = NULL;
	loop_bell_free(d->turn_bell);
	for (size_t i = 0; i < d->nworlds; i++)
		world_close(&d->worlds[i]);
	if (d->nworlds > 0)
		say_what_is_left();
	mem_free(d->worlds);
	mem_free(d->contexts);
	drive_close(d->drive);
	chores_close(d->chores);
	for (int i = 0; i < 3; i++)
		loop_signal_free(d->signals[i]);
	loop_free(d->loop);
	rtm_shutdown();
	config_free(&d->config);
	if (mem_alive() != 0)
		log_warn("main", "leak: %zu blocks of memory were not given back", mem_alive());
}

static int
run(struct daemon *d, const struct options *options)
{
	if (!build_worlds(d))
		return STATUS_FAILED;
	if (options->test) {
		log_info("main", "configuration is good");
		return STATUS_OK;
	}
	if (d->config.control_socket != NULL &&
	    !ctl_listen(d->config.control_socket, (mode_t)d->config.control_mode,
	                &d->control_fd))
		return STATUS_FAILED;
	if (d->config.direct &&
	    !agx_direct_listen((const char *const *)d->config.listens, d->config.nlistens))
		return STATUS_FAILED;
	if (!options->foreground && !go_into_background(&d->verdict_fd))
		return STATUS_FAILED;
	if (d->config.state_file != NULL) {
		d->durable = durable_open(d->config.state_file, !d->config.state_file_said);
		if (d->durable == NULL)
			return STATUS_FAILED;
	}
	leave_terminal(&d->verdict_fd);
	if (!build_core(d) || !build_signals(d) || !build_agent(d) || !build_control(d))
		return STATUS_FAILED;
	log_info("main", "start version=%s pid=%ld fib=%s", RTMD_VERSION, (long)getpid(),
	         d->config.fib->name);
	return loop_run(d->loop);
}

/* The working directory will be another one when the file is read again. */
static const char *
absolute(const char *file, char *buf)
{
	return file != NULL && realpath(file, buf) != NULL ? buf : file;
}

int
main(int argc, char **argv)
{
	struct daemon daemon = { .agx = NULL, .control_fd = -1, .verdict_fd = -1 };
	struct options options;
	char path[PATH_MAX];
	int status = options_parse(argc, argv, &options);

	if (status != -1)
		return status;
	lock_promise(); /* the store's thread knows SQLite and nothing of ours */
	log_set_level(options.level);
	daemon.file = absolute(options.file, path);
	agx_library_open();
	status =
	    config_read(options.file, &daemon.config) ? run(&daemon, &options) : STATUS_FAILED;
	take_down(&daemon);
	return status;
}
