/*
 * Private to agent/agx_*.c: the session and its parts. The library's headers are
 * included from here and nowhere outside these files.
 */
#ifndef AGENT_AGX_INT_H
#define AGENT_AGX_INT_H

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>
#include <net-snmp/agent/agent_callbacks.h>
#include <net-snmp/library/large_fd_set.h>

#include <stdbool.h>
#include <sys/types.h>

#include "agx.h"

/* One descriptor of the library, and which file it was. */
struct agx_fd {
	int fd;
	dev_t dev;
	ino_t ino;
	bool datagrams;           /* a UDP socket, which the library never waits for */
	struct loop_watch *watch; /* NULL: a pipe, see agx_loop.c */
};

struct agx_tx;

/* agx_direct.c */
struct agx;
void agx_direct_start(struct agx *agx);

/* agx_system.c: the objects of the system group, as mib_objects[] */
extern const struct mib_object *const agx_system_objects[];
extern const size_t agx_system_objects_count;
bool agx_system_has(const struct mib_object *object);
/** What they answer; borrowed. */
void agx_system_set(const struct agx_system *system);

/* What the one handler needs to know of the registrations in one context. */
struct agx_door {
	struct agx *agx;
	const struct agx_context *context;
};

struct agx {
	struct agx_config config;

	/* agx_session.c */
	bool started;             /* init_snmp() has been called: the library connects */
	netsnmp_session *session; /* while there is one */
	bool refused;             /* the master refused a registration */
	bool incomplete;          /* a registration got no answer */
	bool said_ready;          /* that everything is registered in this session */
	oid registering[MAX_OID_LEN];
	size_t registering_len;
	const char *registering_in; /* the context */
	struct agx_door *doors;     /* one per context */
	netsnmp_handler_registration **handlers;
	size_t nhandlers;

	/* agx_loop.c */
	struct loop_timer *timer, *again;
	struct agx_fd *fds;
	size_t nfds, fds_cap;
	struct pollfd *asked;          /* one for each, scratch */
	netsnmp_large_fd_set readable; /* scratch */
	int rounds;                    /* of reading, in one wake */
	int hops;          /* how many pipes a request still has to cross, at most */
	uint64_t armed_ms; /* what the timer is set to; UINT64_MAX: off */
	bool dirty;     /* what the loop watches may no longer be what the library waits for */
	bool under_way; /* the last wake ended with a request half way, perhaps */
	bool in_round;  /* the library reads what was found to be readable in the same breath */
	uint64_t retry_at_ms;

	/* agx_trap.c */
	struct loop_bell *notice_bell;

	/* agx_set.c */
	struct agx_tx *transactions;
	uintptr_t tx_serial;
};

/* agx_session.c */

/** The one there is, for the library's call-backs; NULL before it opens and once it closes. */
struct agx *agx_current(void);
/** Call init_snmp(): from now on the library connects, and reconnects, by its alarms. */
void agx_session_start(struct agx *agx);
/** The descriptor of a session with the master; -1: it has none, or is NULL. */
int agx_session_socket(netsnmp_session *session);
/** After each entry into the library: refusals, half registrations, pings. */
void agx_session_settle(struct agx *agx);

/* agx_log.c: the library's call-back for its log lines */
int agx_log_receive(int major, int minor, void *message, void *arg);

/* agx_master.c: where the master is, and a connection to it */

/** The address in use, for messages. */
const char *agx_master_name(void);
/** Whether it is a local socket, whose death shows as end of file at once. */
bool agx_master_is_local(void);
/** A connection, made without waiting and not to be waited on; -1: it takes none now. */
int agx_master_connect(void);

#define AGX_NOT_OPEN 257 /* res.error: there is no such session [RFC2741 6.2.16] */

/* agx_link.c: the connection to the master, one PDU at a time, without waiting for it */

/** Make it known to the library; false: no memory. */
bool agx_link_open(void);
/** Before the library may connect: have it do so through us. */
void agx_link_use(void);
/** Whether the master takes us now. The connection is kept for the library, .. */
bool agx_link_knock(void);
/** .. or is dropped, if it has not taken it. */
void agx_link_drop(void);
/** The master's address in what the library has for it. */
const char *agx_link_address(const char *name);

/* agx_loop.c */
bool agx_loop_open(struct agx *agx);
void agx_loop_close(struct agx *agx);
/** Have the loop watch what the library watches now. */
void agx_loop_resync(struct agx *agx);
/** Whether a request is between its arrival on this socket and its answer. */
bool agx_loop_is_half_way(const struct agx *agx, int socket);
/** A PDU has been read: a Get, GetNext or GetBulk, or another. */
void agx_loop_came_in(struct agx *agx, bool is_read);

/* agx_table.c */

/** Register every object; handlers end up in agx->handlers. */
bool agx_table_register(struct agx *agx);
/** The object whose subtree holds the name; NULL: none of ours. */
const struct mib_object *agx_table_find(const oid *name, size_t len);

/** The name and value that follow a varbind's own within an object. */
enum mib_found agx_table_next(struct mib *mib, const struct mib_object *object,
                              netsnmp_variable_list *vb, struct mib_value *value);
/** What was found into the request; an error where it cannot be. @return whether it was. */
bool agx_table_answer(netsnmp_agent_request_info *reqinfo, netsnmp_request_info *request,
                      enum mib_found found, const struct mib_value *value);
/** The object that a request was registered for. */
static inline const struct mib_object *
agx_table_object(const netsnmp_request_info *request)
{
	return request->subtree->reginfo->my_reg_void;
}

/* agx_next.c */

/** GETNEXT and GETBULK, for all requests of the list. */
void agx_next_all(struct mib *mib, netsnmp_agent_request_info *reqinfo,
                  netsnmp_request_info *requests);

/* agx_trap.c */

/** Begin to send what the views note; false: no memory. */
bool agx_trap_open(struct agx *agx);
void agx_trap_close(struct agx *agx);

/* agx_value.c: between the library's names and values and ours */

/** Sub-identifiers to ours; false: too many. */
bool agx_name_in(const oid *from, size_t n, mib_subid *to, size_t *to_len);
/** Fill a varbind; false: no memory. */
bool agx_value_out(netsnmp_variable_list *vb, const struct mib_value *value);
/** Read a varbind; false: the value does not fit, only the type is set. */
bool agx_value_in(const netsnmp_variable_list *vb, struct mib_value *value);

/* agx_set.c */

/** One phase of one SET PDU, for all requests of the list. */
void agx_set_phase(const struct agx_door *door, netsnmp_agent_request_info *reqinfo,
                   netsnmp_request_info *requests);
/** The session has gone: roll back everything unfinished. */
void agx_set_abort_all(struct agx *agx);

#endif
