/*
 * One chapter: an agent without snmpd.
 *
 * The library can be an agent by itself: it listens, takes messages of all versions
 * apart, knows communities, users and views, and calls the same handlers. What snmpd
 * does around it is little, and is here.
 *
 * The order in which configuration is read matters to it: who we are (engineID) before
 * the users, whose keys are made from that, and the clock of the engine after both. Its
 * own init_snmp() keeps that order, so it is given the files; as a subagent it would
 * connect in the same breath, which is why config.c reads them itself then.
 *
 * A manager trusts a message of SNMPv3 by engine, boots and time. Boots must grow with
 * each start of an engine that keeps its name, or the manager takes our messages for old
 * ones and is deaf to us. The library keeps that number in a file of its own; ours
 * is the clock, in seconds since 2020, which grows by itself and cannot be lost.
 * Without `engineID' the name is a new one with each start, and managers ask for it.
 *
 * Nobody may do anything until the configuration says so: the library answers only whom
 * a community or a user lets in.
 */
#include "agx_int.h"

#include <net-snmp/library/lcd_time.h>
#include <net-snmp/library/snmpv3.h>

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"

#define EPOCH_S 1577836800 /* 2020-01-01 */

/* Whether managers connect: then what the library waits for changes with each of them. */
static bool has_streams;

/* The paths as one string with commas, as the library wants them. */
static char *
join(const char *const *files, size_t n)
{
	size_t size = 1, used = 0;
	char *list;

	for (size_t i = 0; i < n; i++)
		size += strlen(files[i]) + 1;
	list = malloc(size);
	if (list == NULL)
		return NULL;
	list[0] = '\0';
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(list + used, size - used, "%s%s", i == 0 ? "" : ",",
		                         files[i]);
	return list;
}

static void
set_boots(void)
{
	char line[64];
	size_t len;
	u_char *engine;

	snprintf(line, sizeof line, "[" AGX_NAME "] engineBoots %ld",
	         (long)(time(NULL) - EPOCH_S));
	netsnmp_config(line);
	engine = snmpv3_generate_engineID(&len);
	if (engine != NULL)
		set_enginetime(engine, (u_int)len, (u_int)snmpv3_local_snmpEngineBoots(),
		               (u_int)snmpv3_local_snmpEngineTime(), TRUE);
	free(engine);
}

void
agx_direct_read(const char *const *files, size_t n)
{
	char *list = join(files, n);

	if (list != NULL)
		netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_OPTIONALCONFIG,
		                      list);
	free(list);
	init_snmp(AGX_NAME);
	set_boots();
}

static bool
listen_at(const char *address)
{
	netsnmp_transport *transport;

	errno = 0;
	transport = netsnmp_transport_open_server("snmp", address);
	if (transport == NULL) {
		log_err("agx", "listen address=%s: %s", address,
		        errno != 0 ? strerror(errno) : "not an address to listen at");
		return false;
	}
	has_streams = has_streams || (transport->flags & NETSNMP_TRANSPORT_FLAG_STREAM) != 0;
	if (netsnmp_register_agent_nsap(transport) != 0)
		return true;
	log_err("agx", "listen address=%s: no memory", address);
	netsnmp_transport_free(transport);
	return false;
}

bool
agx_direct_listen(const char *const *addresses, size_t n)
{
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_PORTS, "none");
	if (init_master_agent() != 0) {
		log_err("agx", "listen: the library cannot be an agent");
		return false;
	}
	for (size_t i = 0; i < n; i++)
		if (!listen_at(addresses[i]))
			return false;
	return true;
}

void
agx_direct_start(struct agx *agx)
{
	agx->started = true;
	agx->rounds = has_streams ? 2 : 1;
	log_info("agx", "ready objects=%zu contexts=%zu role=agent", agx->nhandlers,
	         agx->config.ncontexts);
}
