/*
 * rtmd.conf as one struct. The configuration owns everything it points at; main.c
 * lends pieces of it to the rooms.
 */
#ifndef AGENT_CONFIG_H
#define AGENT_CONFIG_H

#include <stdbool.h>

#include "fib/memory.h"
#include "iftab/iftab.h"
#include "mib.h"

#define CONFIG_INSTANCES_MAX                                                                   \
	126                   /* beside instance 0: each has two of the core's 255 tables      \
	                       */
#define CONFIG_CONTEXT_MAX 32 /* octets of a context's name [RFC3411 SnmpAdminString] */
#define CONFIG_TEXT 256       /* of the system group, with the closing NUL [RFC3418] */
#define CONFIG_NOTIFY_RATE_MAX 1000

/* A routing table beside the first one, and the SNMP context that it is seen in. */
struct config_instance {
	USHORT number;
	char name[CONFIG_CONTEXT_MAX + 1];
	struct fib_memory_config memory; /* interfaces and refusals are those of all */
	char **preloads;
};

struct config {
	const struct fib_ops *fib;
	struct fib_memory_config memory;   /* the memory backend's part */
	struct config_instance *instances; /* other than 0, in the order of the file */
	size_t ninstances;
	bool direct;    /* an SNMP agent of its own, not snmpd's subagent */
	char **listens; /* its addresses */
	size_t nlistens;
	char sys_contact[CONFIG_TEXT], sys_name[CONFIG_TEXT], sys_location[CONFIG_TEXT];
	unsigned agentx_priority;
	unsigned row_timeout_s;
	uint64_t test_fail_allocation; /* 0: none */
	char *control_socket;          /* NULL: none */
	char *state_file;              /* NULL: none */
	bool state_file_said;          /* by a line; else the default decides */
	bool private_file;             /* not the host's own configuration: -c, SNMPCONFPATH */
	unsigned control_mode;         /* of the socket */
	bool has_control_group;        /* whose members may change through it */
	unsigned control_group;
	bool ip_route_table;      /* whether it is served */
	bool zero_next_hop;       /* how a row without one spells it */
	struct mib_policy policy; /* what managers may write */
	struct mib_notify notify; /* what is told without being asked */

	/* what `policy' points at */
	struct prefix *protect, *allow;
	/* what `notify' points at */
	struct prefix *notify_prefixes;

	/* what `memory' points at */
	struct iftab_if *interfaces;
	bool *metric_given; /* one per interface: the line said so itself */
	char **preloads;
	struct fib_memory_refusal *refusals;
	ULONG metric_default;
};

/**
 * Read the configuration with the library's reader: `file', or without one every
 * rtmd.conf on its search path. agx_library_open() comes first; this decides about the
 * library's role.
 *
 * @return  false: something is wrong, and each error was logged with file and line.
 *          In both cases config_free() gives back what `out' got.
 */
bool config_read(const char *file, struct config *out);
/** The same for the interface lines alone, once more: what they depend on is obeyed, too. */
bool config_read_interfaces(const char *file, struct config *out);
void config_free(struct config *config);

#endif
