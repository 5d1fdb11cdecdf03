/*
 * One chapter: a change happens altogether or not at all.
 *
 * Whatever the verb and the generation of the row, the steps are the same: take the
 * turn, look at the state of the world, apply to RTM, ask the forwarder and the disk, and
 * then either finish or undo. What differs is what the three steps mean for Create, Set and
 * Delete, and that is the table `verbs'.
 *
 * The forwarder is asked with the lock given up and the turn kept: readers see the new
 * state while it decides, other changes wait, and everything needed to go back is held
 * until then - a deleted row keeps its record and its next hop, a changed one a copy of
 * what it was. Ages come back too, since the record has the time of the last change.
 */
#include "iphlp/iph_int.h"

/* What is needed to go back, or to finish. */
struct change {
	struct request *req;
	struct side *side;
	struct side old;
	enum iph_kind old_kind;
};

static UCHAR
flags_of_row(const MIB_IPFORWARD_ROW2 *row)
{
	return (UCHAR)((row->Loopback ? SIDE_LOOPBACK : 0) |
	               (row->AutoconfigureAddress ? SIDE_AUTOCONFIGURE : 0) |
	               (row->Publish ? SIDE_PUBLISH : 0) | (row->Immortal ? SIDE_IMMORTAL : 0));
}

/* Over what is there: members that are not specified stay as they are. */
static void
fill(struct side *side, const struct request *req)
{
	const MIB_IPFORWARD_ROW2 *row = &req->want.row;

	side->valid_s = row->ValidLifetime;
	side->preferred_s = row->PreferredLifetime;
	if (row->SitePrefixLength != SITE_UNSPECIFIED)
		side->site_length = row->SitePrefixLength;
	if (row->Metric != METRIC_UNUSED)
		side->offset = row->Metric;
	if ((ULONG)row->Protocol != PROTOCOL_UNSPECIFIED)
		side->protocol = (USHORT)row->Protocol;
	if (!req->keep_booleans)
		side->flags = flags_of_row(row);
	side->changed_ms =
	    iph_now_ms(req->iph) - req->age_ms; /* modulo: see iph_elapsed_ms() */
}

/* ---- the three verbs ------------------------------------------------------------ */

static DWORD
create(struct change *change)
{
	struct request *req = change->req;
	DWORD err;

	change->side = side_new(&req->iph->sides);
	if (change->side == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	change->side->offset = DEFAULT_OFFSET;
	change->side->protocol = MIB_IPPROTO_NETMGMT;
	req->keep_booleans = false;
	fill(change->side, req);
	err = iph_hop_use(&req->key);
	if (err != NO_ERROR)
		goto no_side;
	err = iph_publish(req->iph, &req->key, req->want.kind, change->side);
	if (err == NO_ERROR)
		return NO_ERROR;
	iph_hop_drop(&req->key);
no_side:
	side_free(&req->iph->sides, change->side);
	return err;
}

static void
uncreate(struct change *change)
{
	struct request *req = change->req;
	struct found found;

	if (iph_find(req->iph, &req->key, &found) != NO_ERROR || !found.own)
		return; /* it expired meanwhile */
	if (iph_withdraw(&req->key, &found) == NO_ERROR) {
		side_free(&req->iph->sides, found.side);
		iph_hop_drop(&req->key);
	}
	iph_found_release(&req->key, &found);
}

static DWORD
set(struct change *change)
{
	struct request *req = change->req;
	DWORD err;

	change->side = req->found.side;
	change->old = *change->side;
	change->old_kind = iph_kind_of(req->found.flags);
	fill(change->side, req);
	err = iph_publish(req->iph, &req->key, req->want.kind, change->side);
	if (err != NO_ERROR)
		*change->side = change->old;
	return err;
}

static void
unset(struct change *change)
{
	*change->side = change->old;
	iph_publish(change->req->iph, &change->req->key, change->old_kind, change->side);
}

static DWORD delete (struct change *change)
{
	struct request *req = change->req;

	change->side = req->found.side;
	change->old_kind = iph_kind_of(req->found.flags);
	return iph_withdraw(&req->key, &req->found);
}

static void
deleted(struct change *change)
{
	side_free(&change->req->iph->sides, change->side);
	iph_hop_drop(&change->req->key);
}

static void
undelete(struct change *change)
{
	struct request *req = change->req;

	if (iph_publish(req->iph, &req->key, change->old_kind, change->side) != NO_ERROR)
		deleted(change); /* no memory for what was there a moment ago [OURS 6] */
}

static void
stays(struct change *change)
{
	(void)change;
}

static const struct {
	DWORD (*apply)(struct change *change);
	void (*undo)(struct change *change);
	void (*finish)(struct change *change);
	MIB_NOTIFICATION_TYPE told;
} verbs[] = {
	[IPH_CREATE] = { create, uncreate, stays, MibAddInstance },
	[IPH_SET] = { set, unset, stays, MibParameterNotification },
	[IPH_DELETE] = { delete, undelete, deleted, MibDeleteInstance },
};

/* ---- the steps -------------------------------------------------------------------- */

static DWORD
ask_forwarder(struct request *req)
{
	const struct iph_ports *ports = &req->iph->ports;
	DWORD err;

	if (ports->commit == NULL || req->commit_later)
		return NO_ERROR;
	gate_unlock(&req->iph->gate);
	err = ports->commit(ports->arg, req->iph->instance, &req->key.dest);
	gate_lock(&req->iph->gate);
	return err;
}

/* The same for the disk, which comes last: nobody is to hear of what it refuses. */
static DWORD
ask_store(struct request *req)
{
	const struct iph_ports *ports = &req->iph->ports;
	DWORD err;

	if (ports->store == NULL || req->commit_later)
		return NO_ERROR;
	gate_unlock(&req->iph->gate);
	err = ports->store(ports->arg, req->iph->instance, req->verb, &req->want);
	gate_lock(&req->iph->gate);
	return err;
}

/* Core, forwarder, store; a refusal undoes what came before it, newest first. */
static DWORD
apply_and_ask(struct request *req, struct iph_fault *fault)
{
	struct change change = { .req = req };
	enum iph_reason reason;
	struct event *event;
	DWORD err;

	err = iph_event_new(req->iph, &event);
	if (err == NO_ERROR)
		err = verbs[req->verb].apply(&change);
	if (err != NO_ERROR) {
		iph_event_free(event);
		return iph_fault_from(err, fault);
	}
	reason = IPH_REASON_FORWARDER;
	err = ask_forwarder(req);
	if (err == NO_ERROR) {
		reason = IPH_REASON_STORE;
		err = ask_store(req);
	}
	if (err != NO_ERROR) {
		iph_event_free(event);
		verbs[req->verb].undo(&change);
		if (reason == IPH_REASON_STORE)
			(void)ask_forwarder(req); /* that it had; else it hears from RTM */
		*fault = (struct iph_fault){ err, IPH_FIELD_ROW, reason };
		return err;
	}
	verbs[req->verb].finish(&change);
	iph_event_post(req->iph, event, verbs[req->verb].told, &req->want.row);
	return NO_ERROR;
}

DWORD
iph_perform(struct request *req, iph_state_check *check, struct iph_fault *fault)
{
	DWORD err = gate_enter(&req->iph->gate);

	if (err != NO_ERROR)
		return iph_fault_from(err, fault);
	err = check(req, fault);
	if (err == NO_ERROR)
		err = apply_and_ask(req, fault);
	iph_found_release(&req->key, &req->found);
	gate_leave(&req->iph->gate);
	return err;
}

DWORD
iph_commit(struct iph *iph, const IP_ADDRESS_PREFIX *dest, struct iph_fault *fault)
{
	struct request req = { .iph = iph };
	DWORD err = gate_enter(&iph->gate);

	if (err != NO_ERROR)
		return iph_fault_from(err, fault);
	iph_net_address(&req.key.dest, &dest->Prefix, dest->PrefixLength);
	err = ask_forwarder(&req);
	gate_leave(&iph->gate);
	*fault = (struct iph_fault){ .code = err };
	if (err != NO_ERROR)
		*fault = (struct iph_fault){ err, IPH_FIELD_ROW, IPH_REASON_FORWARDER };
	return err;
}

DWORD
iph_dry_run(struct request *req, iph_state_check *check, struct iph_fault *fault)
{
	DWORD err;

	gate_lock(&req->iph->gate);
	err = check(req, fault);
	iph_found_release(&req->key, &req->found);
	gate_unlock(&req->iph->gate);
	return err;
}
