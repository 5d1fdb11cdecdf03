/*
 * One chapter: a SET PDU, phase by phase.
 *
 * The master sends one TestSet with all varbinds that are ours, which the library
 * turns into RESERVE1 and, without an error, RESERVE2; then CommitSet (ACTION) and
 * CleanupSet (COMMIT), or UndoSet (UNDO), or CleanupSet alone (FREE). What a PDU wants
 * is collected in RESERVE1, checked as a whole in RESERVE2 and done in ACTION; COMMIT
 * has no answer, so nothing can fail there [MIB 4.4].
 *
 * A PDU has one context, so a transaction belongs to the MIB of that context and never
 * spans two.
 *
 * The transaction lives in a list of our own, keyed by the library's session and the
 * master's transaction id. The library carries the transaction's serial number with the
 * PDU, as a pointer that is never followed, and tells us when it drops it; a block of
 * memory there would be lost with each session that breaks, since the library forgets
 * its half. Both ends can be lost:
 *
 *   - a master that got no answer in time sends the TestSet again; the library then has
 *     two states with one id and forgets one of them. The older transaction goes when
 *     the newer with its key arrives.
 *   - a session that breaks between two phases is never cleaned up by the library.
 *     agx_set_abort_all() rolls back, and a number that comes home later finds nothing.
 *
 * A phase runs once, and its result is kept: should the library split a PDU over
 * several calls, each call finds the result for its own varbinds.
 */
#include "agx_int.h"

#include "base/alloc.h"
#include "base/log.h"

#define TOKEN "rtmd-set"

struct agx_tx {
	struct agx_tx *next;
	netsnmp_session *session; /* compared, never followed */
	long transid;
	uintptr_t serial;
	int mode;                 /* the phase that has been run */
	struct mib_result result; /* and what came of it */
	struct mib_tx *mib;
};

static struct agx_tx **
find_serial(struct agx *agx, uintptr_t serial)
{
	struct agx_tx **at = &agx->transactions;

	while (*at != NULL && (*at)->serial != serial)
		at = &(*at)->next;
	return at;
}

static void
drop(struct agx *agx, struct agx_tx **at)
{
	struct agx_tx *tx = *at;

	if (tx == NULL)
		return;
	*at = tx->next;
	mib_tx_free(tx->mib); /* undoes what was applied and not committed */
	mem_free(tx);
	agx->config.poke(agx->config.arg);
}

static void
drop_key(struct agx *agx, const netsnmp_agent_session *asp)
{
	struct agx_tx **at = &agx->transactions;

	while (*at != NULL)
		if ((*at)->session == asp->session && (*at)->transid == asp->pdu->transid) {
			log_info("agx",
			         "set repeated transaction=%ld: the older one is dropped",
			         (*at)->transid);
			drop(agx, at);
		} else {
			at = &(*at)->next;
		}
}

void
agx_set_abort_all(struct agx *agx)
{
	while (agx->transactions != NULL) {
		log_warn("agx", "set aborted transaction=%ld: the session is gone",
		         agx->transactions->transid);
		drop(agx, &agx->transactions);
	}
}

static void
token_free(void *token)
{
	struct agx *agx = agx_current();

	if (agx != NULL)
		drop(agx, find_serial(agx, (uintptr_t)token));
}

static struct agx_tx *
tx_of(struct agx *agx, netsnmp_agent_request_info *reqinfo)
{
	void *token = netsnmp_agent_get_list_data(reqinfo, TOKEN);

	return token != NULL ? *find_serial(agx, (uintptr_t)token) : NULL;
}

/* Hang a token on the PDU. The library takes ownership, so that goes last. */
static bool
token_add(netsnmp_agent_request_info *reqinfo, uintptr_t serial)
{
	netsnmp_data_list *node = netsnmp_create_data_list(TOKEN, (void *)serial, token_free);

	if (node == NULL)
		return false;
	netsnmp_agent_add_list_data(reqinfo, node);
	return true;
}

static struct agx_tx *
tx_begin(const struct agx_door *door, netsnmp_agent_request_info *reqinfo)
{
	struct agx *agx = door->agx;
	struct agx_tx *tx;

	drop_key(agx, reqinfo->asp);
	tx = mem_calloc(1, sizeof *tx);
	if (tx == NULL)
		return NULL;
	*tx = (struct agx_tx){ .session = reqinfo->asp->session,
		               .transid = reqinfo->asp->pdu->transid,
		               .serial = ++agx->tx_serial,
		               .mode = MODE_SET_RESERVE1,
		               .mib = mib_tx_new(door->context->mib) };
	if (tx->mib == NULL || !token_add(reqinfo, tx->serial)) {
		mib_tx_free(tx->mib);
		mem_free(tx);
		return NULL;
	}
	tx->next = agx->transactions;
	agx->transactions = tx;
	return tx;
}

static enum mib_error
add_request(struct agx_tx *tx, const netsnmp_request_info *request)
{
	const netsnmp_variable_list *vb = request->requestvb;
	mib_subid name[MIB_OID_MAX];
	struct mib_varbind add = { .object = agx_table_object(request),
		                   .name = name,
		                   .number = (size_t)request->index };

	if (agx_system_has(add.object))
		return MIB_NOTWRITABLE; /* not the MIB's to refuse and to count */
	if (!agx_name_in(vb->name + add.object->root_len,
	                 vb->name_length - add.object->root_len, name, &add.name_len))
		return MIB_NOCREATION;
	add.value_too_long = !agx_value_in(vb, &add.value);
	return mib_tx_add(tx->mib, &add);
}

static void
reserve1(const struct agx_door *door, netsnmp_agent_request_info *reqinfo,
         netsnmp_request_info *requests)
{
	struct agx *agx = door->agx;
	struct agx_tx *tx;

	if (agx->config.fail_nth != 0)
		mem_fail_nth(agx->config.fail_nth);
	agx->config.tick(agx->config.arg);
	tx = tx_of(agx, reqinfo);
	if (tx == NULL)
		agx->config.before(agx->config.before_arg);
	mib_sync(door->context->mib);
	if (tx == NULL)
		tx = tx_begin(door, reqinfo);
	for (netsnmp_request_info *r = requests; r != NULL; r = r->next) {
		enum mib_error error =
		    tx != NULL ? add_request(tx, r) : MIB_RESOURCEUNAVAILABLE;

		if (error != MIB_NOERROR)
			netsnmp_set_request_error(reqinfo, r, (int)error);
	}
}

/* Run what a later phase stands for. */
static struct mib_result
run(struct agx_tx *tx, int mode)
{
	switch (mode) {
	case MODE_SET_RESERVE2:
		return mib_tx_check(tx->mib);
	case MODE_SET_ACTION:
		return mib_tx_apply(tx->mib);
	case MODE_SET_UNDO:
		return mib_tx_undo(tx->mib);
	case MODE_SET_COMMIT:
		mib_tx_commit(tx->mib);
		break;
	}
	return (struct mib_result){ .error = MIB_NOERROR };
}

/* Put the error on the varbind it points at; on the first where it points at none. */
static void
report(netsnmp_agent_request_info *reqinfo, netsnmp_request_info *requests,
       struct mib_result result)
{
	netsnmp_request_info *at = requests;

	if (result.error == MIB_NOERROR)
		return;
	while (at != NULL && (size_t)at->index != result.varbind)
		at = at->next;
	netsnmp_set_request_error(reqinfo, at != NULL ? at : requests, (int)result.error);
}

/* A phase of a transaction that we rolled back already, or never had. */
static struct mib_result
without_transaction(int mode)
{
	bool must_answer = mode == MODE_SET_RESERVE2 || mode == MODE_SET_ACTION;

	return (struct mib_result){ .error = must_answer ? MIB_GENERR : MIB_NOERROR };
}

static void
later_phase(struct agx *agx, netsnmp_agent_request_info *reqinfo,
            netsnmp_request_info *requests)
{
	struct agx_tx *tx = tx_of(agx, reqinfo);

	if (tx == NULL) {
		report(reqinfo, requests, without_transaction(reqinfo->mode));
		return;
	}
	if (tx->mode != reqinfo->mode) {
		tx->mode = reqinfo->mode;
		tx->result = run(tx, reqinfo->mode);
	}
	report(reqinfo, requests, tx->result);
}

void
agx_set_phase(const struct agx_door *door, netsnmp_agent_request_info *reqinfo,
              netsnmp_request_info *requests)
{
	struct agx *agx = door->agx;

	if (reqinfo->mode == MODE_SET_RESERVE1)
		reserve1(door, reqinfo, requests);
	else
		later_phase(agx, reqinfo, requests);
	if (agx->config.fail_nth != 0 && reqinfo->mode != MODE_SET_RESERVE1)
		mem_fail_nth(0);
	agx->config.poke(agx->config.arg);
}
