/*
 * The SNMP floor as the program sees it: the AgentX subagent. It speaks to snmpd over
 * one session, hands each read to the MIB floor and each SET PDU to a transaction
 * there, and keeps the session alive across restarts and hangs of snmpd. In the direct
 * role it has no snmpd and no session, and is asked by managers.
 *
 * The library underneath is a process-wide thing, so there is one of these at a time.
 * It borrows the loop and the MIBs; they must outlive it. One thread.
 */
#ifndef AGENT_AGX_H
#define AGENT_AGX_H

#include <stdint.h>

#include "loop.h"
#include "mib.h"

#define AGX_NAME "rtmd" /* of our configuration file, for the library's own reader */

/**
 * Wake the library: its settings, its log into ours. Before the configuration is read,
 * and once. agx_close() closes it, too.
 */
void agx_library_open(void);
/** Be a subagent of snmpd, or an agent of its own; now the role's configuration tokens are
 * known. */
void agx_library_role(bool direct);
void agx_library_close(void);

/**
 * Direct role: read these configuration files, as far as the library orders it, and begin
 * to be an SNMP engine. Complaints are in the log.
 */
void agx_direct_read(const char *const *files, size_t n);
/**
 * Direct role, before the program leaves the terminal: take requests at these addresses.
 * @return  false: one of them cannot be used, and why is in the log.
 */
bool agx_direct_listen(const char *const *addresses, size_t n);

/**
 * Give every line that the library logs to `watch` first, as long as it is set.
 * @param priority  of syslog.   @param line  without its newline.
 */
void agx_log_watch(void (*watch)(void *arg, int priority, const char *line), void *arg);

/* What managers see in one SNMP context. */
struct agx_context {
	const char *name; /* "" is the default one */
	struct mib *mib;
};

/* The system group, where nobody else serves it. */
struct agx_system {
	const char *descr, *contact, *name, *location;
};

struct agx_config {
	struct loop *loop;
	bool direct; /* no snmpd: managers speak to us */
	struct agx_system system;
	const struct agx_context *contexts; /* borrowed */
	size_t ncontexts;
	unsigned priority;       /* of our registrations: 1..255, smaller wins, snmpd has 127 */
	uint64_t fail_nth;       /* tests: fail this allocation of each test phase; 0: none */
	void (*tick)(void *arg); /* before each SET: tell the core the time */
	void (*poke)(void *arg); /* after each SET: deadlines may have moved */
	void *arg;
	/* A SET is about to begin: last chance for what must not meet it. */
	void (*before)(void *arg);
	void *before_arg;
};

struct agx;

/**
 * Register every object of mib_objects[] in every context and begin to look for the master;
 * from here on all happens from the loop, which is stopped with status 1 when the master
 * refuses us an object.
 * @return  NULL: no memory, or the library refused; it has been logged.
 */
struct agx *agx_open(const struct agx_config *config);

/** Undo what is unfinished, say goodbye to the master, and free. NULL is fine. */
void agx_close(struct agx *agx);

#endif
