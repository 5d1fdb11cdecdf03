/*
 * One chapter: notifications on their way to the master, which sends them to whom its
 * own configuration says.
 *
 * The MIB floor rings when it has something to tell, from within whatever changed; this
 * comes by from the loop, with nothing of ours on the stack. Which are sent, and how many
 * a second, is decided there.
 *
 * What is written to the master is waited for, a second at most (agx_link.c). A master that is
 * itself busy writing to us would wait for us as we for it, and lose the session. So nothing is
 * written unless the socket takes it at once; a notification is a few hundred bytes, and a
 * socket that is writable at all has room for more than that. What cannot be sent now is not
 * sent: the MIB floor counts it. In the direct role there is no master, and the library sends
 * datagrams to the sinks of our own configuration.
 */
#include "agx_int.h"

#include <poll.h>

#include "base/log.h"

static const oid trap_oid[] = { 1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0 }; /* snmpTrapOID.0 */

/* Whether the master takes what is written now. */
static bool
takes_it(netsnmp_session *session)
{
	struct pollfd out = { .fd = agx_session_socket(session), .events = POLLOUT };

	return out.fd >= 0 && poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) != 0;
}

/* Add a varbind with its name; its value follows. NULL: no memory. */
static netsnmp_variable_list *
add_name(netsnmp_variable_list **list, const mib_subid *name, size_t len)
{
	oid full[MAX_OID_LEN];

	if (len > MAX_OID_LEN)
		return NULL;
	for (size_t i = 0; i < len; i++)
		full[i] = name[i];
	return snmp_varlist_add_variable(list, full, len, ASN_NULL, NULL, 0);
}

/* The list that the library wants; false: no memory, and what there is must be freed. */
static bool
make_list(const struct mib_notice *notice, netsnmp_variable_list **list)
{
	oid which[sizeof notice->oid / sizeof notice->oid[0]];
	netsnmp_variable_list *vb;

	for (size_t i = 0; i < notice->oid_len; i++)
		which[i] = notice->oid[i];
	if (snmp_varlist_add_variable(list, trap_oid, OID_LENGTH(trap_oid), ASN_OBJECT_ID,
	                              which, notice->oid_len * sizeof which[0]) == NULL)
		return false;
	for (size_t i = 0; i < notice->nvars; i++) {
		const struct mib_notice_var *var = &notice->vars[i];

		vb = add_name(list, var->name, var->len);
		if (vb == NULL || !agx_value_out(vb, &var->value))
			return false;
	}
	return true;
}

static bool
send_one(void *arg, const struct mib_notice *notice)
{
	struct agx *agx = arg;
	netsnmp_variable_list *list = NULL;
	bool made;

	if (!agx->config.direct && !takes_it(agx->session))
		return false;
	made = make_list(notice, &list);
	if (made)
		send_v2trap(list);
	snmp_free_varbind(list);
	return made;
}

/* The bell: somebody has something to tell. */
static void
on_notice(void *arg)
{
	struct agx *agx = arg;

	for (size_t i = 0; i < agx->config.ncontexts; i++)
		mib_notices_send(agx->config.contexts[i].mib, send_one, agx);
	agx->dirty = true; /* the library waits for answers now */
	agx_loop_resync(agx);
}

bool
agx_trap_open(struct agx *agx)
{
	agx->notice_bell = loop_bell_new(agx->config.loop, on_notice, agx);
	if (agx->notice_bell == NULL)
		return false;
	for (size_t i = 0; i < agx->config.ncontexts; i++)
		if (mib_watch(agx->config.contexts[i].mib, loop_bell_ring, agx->notice_bell) !=
		    NO_ERROR)
			return false;
	return true;
}

void
agx_trap_close(struct agx *agx)
{
	for (size_t i = 0; i < agx->config.ncontexts; i++)
		(void)mib_watch(agx->config.contexts[i].mib, NULL, NULL);
	loop_bell_free(agx->notice_bell);
}
