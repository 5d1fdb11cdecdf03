/*
 * One chapter: the session with the master, from first knock to farewell.
 *
 * The library connects, registers and reconnects by itself, from an alarm that runs
 * each `agentXPingInterval' seconds. Left alone it has four habits that we cannot have:
 *
 *   - it pings a connected master and waits for the answer in a loop of its own, up to
 *     18 s with a hung one. On a local socket a dead master shows as end of file at
 *     once, so the ping only ever costs: its alarm is taken away. The library keeps
 *     the alarm's number in the session's securityModel [docs/agentx.md].
 *   - it repeats each request of its own 5 times: retries are set to 0, after
 *     init_agent(), which sets them.
 *   - a refused registration shows in one log line and nowhere else. The log is
 *     watched for it, and a call-back of ours ahead of the library's remembers which
 *     name is being registered.
 *   - a registration that got no answer is forgotten. A call-back of ours behind the
 *     library's looks at the session's error; then the session is ended from below, by
 *     shutting its socket down, and the library begins anew.
 *
 * And when a session ends between two phases of a SET, the library lets the
 * transaction lie; INDEX_STOP is where we roll back.
 *
 * The library's call-back arguments are freed by it at shutdown, hence NULL for all of
 * them and `the_agx' for us. There is one library per process, and one of these.
 */
#include "agx_int.h"

#include <signal.h>
#include <stdlib.h>
#include <syslog.h>

#include "base/alloc.h"
#include "base/log.h"

#define RECONNECT_S 1 /* agentXPingInterval where the configuration does not say */

static struct agx *the_agx;
static bool library_open;

struct agx *
agx_current(void)
{
	return the_agx;
}

void
agx_library_open(void)
{
	signal(SIGPIPE, SIG_IGN); /* the library sends without MSG_NOSIGNAL */
	setenv("MIBS", "", 1);    /* numbers are all we need */
	snmp_disable_log();
	snmp_enable_calllog();
	snmp_register_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, agx_log_receive,
	                       NULL);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID,
	                       NETSNMP_DS_AGENT_NO_CONNECTION_WARNINGS, 1);
}

void
agx_library_role(bool direct)
{
	if (!direct)
		netsnmp_enable_subagent();
	init_agent(AGX_NAME); /* its result is about /dev/kmem, which nobody here reads */
	netsnmp_ds_set_int(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_RETRIES, 0);
	netsnmp_ds_set_int(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_AGENTX_PING_INTERVAL,
	                   RECONNECT_S);
	library_open = true;
}

/* Saying goodbye, the library may complain of the master's; nobody needs to hear it. */
static void
hush(void *arg, int priority, const char *line)
{
	(void)arg;
	(void)priority;
	log_debug("snmp", "%s", line);
}

void
agx_library_close(void)
{
	if (!library_open)
		return;
	library_open = false;
	agx_log_watch(hush, NULL);
	shutdown_master_agent(); /* stop listening; nothing where we never did */
	snmp_shutdown(AGX_NAME); /* sends Close, if there is a session */
	shutdown_agent();
}

static int
on_start(int major, int minor, void *session, void *arg)
{
	(void)major;
	(void)minor;
	(void)arg;
	if (the_agx == NULL)
		return SNMP_ERR_NOERROR;
	the_agx->session = session;
	the_agx->dirty = true;
	the_agx->incomplete = false;
	the_agx->said_ready = false;
	for (size_t i = 0; i < the_agx->config.ncontexts; i++)
		mib_session_began(the_agx->config.contexts[i].mib);
	log_info("agx", "connect master=%s", agx_master_name());
	return SNMP_ERR_NOERROR;
}

static int
on_stop(int major, int minor, void *session, void *arg)
{
	(void)major;
	(void)minor;
	(void)session;
	(void)arg;
	if (the_agx == NULL)
		return SNMP_ERR_NOERROR;
	the_agx->session = NULL;
	the_agx->dirty = true;
	log_warn("agx", "disconnect master=%s: connecting again", agx_master_name());
	agx_set_abort_all(the_agx);
	return SNMP_ERR_NOERROR;
}

/* Ahead of the library's own call-back: which name is it about to register? */
static int
on_register(int major, int minor, void *parameters, void *arg)
{
	const struct register_parameters *p = parameters;

	(void)major;
	(void)minor;
	(void)arg;
	if (the_agx == NULL)
		return SNMP_ERR_NOERROR;
	memcpy(the_agx->registering, p->name, p->namelen * sizeof(oid));
	the_agx->registering_len = p->namelen;
	the_agx->registering_in = p->contextName != NULL ? p->contextName : "";
	return SNMP_ERR_NOERROR;
}

/* Behind it: did the master answer? */
static int
on_registered(int major, int minor, void *parameters, void *arg)
{
	(void)major;
	(void)minor;
	(void)parameters;
	(void)arg;
	if (the_agx == NULL)
		return SNMP_ERR_NOERROR;
	the_agx->registering_len = 0;
	the_agx->registering_in = "";
	if (the_agx->session != NULL && the_agx->session->s_snmp_errno != SNMPERR_SUCCESS)
		the_agx->incomplete = true;
	return SNMP_ERR_NOERROR;
}

static void
format_oid(char *buf, size_t size, const oid *name, size_t len)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < len && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, ".%lu", name[i]);
}

static void
refused(struct agx *agx, long code)
{
	const struct mib_object *object =
	    agx_table_find(agx->registering, agx->registering_len);
	char name[256];

	agx->refused = true;
	format_oid(name, sizeof name, agx->registering, agx->registering_len);
	log_err("agx",
	        "register oid=%s object=%s context=\"%s\" priority=%u code=%ld: %s; end the "
	        "other program, or "
	        "set agentxPriority to a smaller number",
	        name, object != NULL ? object->name : "-", agx->registering_in,
	        agx->config.priority, code,
	        code == 263
	            ? "another subagent has this object at our priority (a second rtmd?)"
	            : "the master refuses this object");
}

/* The only sign of a refused registration is a line in the library's log. */
static void
watch_log(void *arg, int priority, const char *line)
{
	struct agx *agx = arg;
	long code;

	if (sscanf(line, "registering pdu failed: %ld!", &code) == 1) {
		if (code == AGX_NOT_OPEN)
			agx->incomplete = true;
		else
			refused(agx, code);
		return;
	}
	if (priority <= LOG_WARNING)
		log_warn("snmp", "%s", line);
	else
		log_debug("snmp", "%s", line);
}

void
agx_session_start(struct agx *agx)
{
	agx->started = true;
	agx->dirty = true;
	agx_link_use();
	init_snmp(AGX_NAME);
}

/* Take the ping away; see the chapter. On TCP it stays: nothing else finds a dead peer. */
static void
stop_pings(netsnmp_session *session)
{
	if (session->securityModel == SNMP_DEFAULT_SECMODEL || !agx_master_is_local())
		return;
	snmp_alarm_unregister((unsigned)session->securityModel);
	session->securityModel = SNMP_DEFAULT_SECMODEL;
}

int
agx_session_socket(netsnmp_session *session)
{
	netsnmp_transport *transport =
	    session == NULL ? NULL : snmp_sess_transport(snmp_sess_pointer(session));

	return transport == NULL ? -1 : transport->sock;
}

/* Have the session end as if the master had ended it. */
static void
break_session(netsnmp_session *session)
{
	int fd = agx_session_socket(session);

	log_warn("agx", "register: no answer from the master, beginning anew");
	if (fd >= 0)
		shutdown(fd, SHUT_RDWR);
}

void
agx_session_settle(struct agx *agx)
{
	if (agx->refused)
		loop_stop(agx->config.loop, 1);
	if (agx->session == NULL)
		return;
	stop_pings(agx->session);
	if (agx->incomplete)
		break_session(agx->session);
	else if (!agx->said_ready && !agx->refused)
		log_info("agx", "ready registrations=%zu contexts=%zu priority=%u",
		         agx->nhandlers, agx->config.ncontexts, agx->config.priority);
	agx->said_ready = true;
	agx->incomplete = false;
}

static void
watch_library(struct agx *agx)
{
	agx_log_watch(watch_log, agx);
	snmp_register_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_START, on_start,
	                       NULL);
	snmp_register_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP, on_stop,
	                       NULL);
	netsnmp_register_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_REGISTER_OID,
	                          on_register, NULL, NETSNMP_CALLBACK_HIGHEST_PRIORITY);
	netsnmp_register_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_REGISTER_OID,
	                          on_registered, NULL, NETSNMP_CALLBACK_LOWEST_PRIORITY);
}

struct agx *
agx_open(const struct agx_config *config)
{
	struct agx *agx = mem_calloc(1, sizeof *agx);

	if (agx == NULL)
		return NULL;
	agx->config = *config;
	agx->dirty = true;
	agx->registering_in = "";
	the_agx = agx;
	agx_system_set(&agx->config.system);
	watch_library(agx);
	if (!agx_loop_open(agx) || !agx_table_register(agx) || !agx_trap_open(agx) ||
	    (!config->direct && !agx_link_open())) {
		agx_close(agx);
		return NULL;
	}
	if (config->direct)
		agx_direct_start(agx);
	else if (!agx_link_knock())
		log_warn("agx", "wait master=%s: it does not answer yet", agx_master_name());
	agx_loop_resync(agx);
	return agx;
}

void
agx_close(struct agx *agx)
{
	if (agx == NULL)
		return;
	agx_set_abort_all(agx);
	agx_trap_close(agx);
	the_agx = NULL; /* call-backs from here on mean nothing */
	agx_library_close();
	agx_link_drop();
	agx_loop_close(agx);
	mem_free(agx->handlers);
	mem_free(agx->doors);
	mem_free(agx);
}
