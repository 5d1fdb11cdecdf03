/*
 * One chapter: what follows, for as many varbinds and repetitions as a PDU asks for.
 *
 * A GETBULK comes as one request for each of its columns, and each has a chain of
 * varbinds to fill, one per repetition. The library would call once per repetition, look
 * at everything it has so far after each call, and so spend on a response what grows
 * with the square of its size. Here all repetitions are filled in one call, row by row
 * over all columns, since the columns of one row are near each other below. A snmpd
 * never passes a GETBULK on; managers of the direct role and other masters send it.
 *
 * Views (snmpd.conf's, or in the direct role our own) are the library's affair, but for
 * two things that it leaves undone for handlers like this one. After the call it looks
 * whether results are in the manager's view, but only at as many varbinds of a chain as
 * are still to be filled, so that it would let the rest of a response out unseen. And a
 * result that is hidden it has searched again from there, one row at a time, through a
 * million rows if need be. So each result is held to the view here, before it is
 * anybody's; and from a hidden one the search goes on behind the whole of the hidden
 * part: the shortest beginning of the name that the view hides altogether. Where a view
 * shows an object as a whole, which is asked once, there is nothing to hold to.
 *
 * A session with snmpd has no views, the library answers at once that all is shown.
 */
#include "agx_int.h"

#include <net-snmp/library/vacm.h>

/* How much of an object a manager may see. */
enum sight { SIGHT_ALL, SIGHT_SOME, SIGHT_NOTHING };

static enum sight
sight_of(netsnmp_pdu *pdu, const oid *name, size_t len)
{
	switch (netsnmp_acm_check_subtree(pdu, (oid *)(uintptr_t)name, len)) {
	case VACM_SUCCESS:
		return SIGHT_ALL;
	case VACM_SUBTREE_UNKNOWN:
		return SIGHT_SOME;
	default:
		return SIGHT_NOTHING;
	}
}

static enum sight
sight_of_object(netsnmp_pdu *pdu, const struct mib_object *object)
{
	oid root[sizeof object->root / sizeof object->root[0]];

	for (size_t i = 0; i < object->root_len; i++)
		root[i] = object->root[i];
	return sight_of(pdu, root, object->root_len);
}

/* Rename a hidden varbind to the end of what is hidden with it. @return false: no memory. */
static bool
to_end_of_hidden(netsnmp_pdu *pdu, const struct mib_object *object, netsnmp_variable_list *vb)
{
	oid name[MAX_OID_LEN];
	size_t len = object->root_len;

	while (len < vb->name_length && sight_of(pdu, vb->name, len) != SIGHT_NOTHING)
		len++;
	if (len == vb->name_length) /* this row alone, and the search goes on behind it */
		return true;
	memcpy(name, vb->name, len * sizeof name[0]);
	name[len++] = UINT32_MAX;
	return snmp_set_var_objid(vb, name, len) == 0;
}

/* The next one that is in the view. A varbind that has none keeps its name. */
static enum mib_found
next_in_sight(struct mib *mib, netsnmp_pdu *pdu, const struct mib_object *object,
              netsnmp_variable_list *vb, struct mib_value *value)
{
	oid name[MAX_OID_LEN];
	size_t len = vb->name_length;
	enum mib_found found;

	if (sight_of_object(pdu, object) == SIGHT_NOTHING)
		return MIB_END;
	memcpy(name, vb->name, len * sizeof name[0]);
	while ((found = agx_table_next(mib, object, vb, value)) == MIB_FOUND &&
	       in_a_view(vb->name, &vb->name_length, pdu, vb->type) != VACM_SUCCESS)
		if (!to_end_of_hidden(pdu, object, vb))
			return MIB_READ_FAILED;
	if (found == MIB_END && snmp_set_var_objid(vb, name, len) != 0)
		return MIB_READ_FAILED;
	return found;
}

/* Whether every object that the requests are for is shown as a whole. */
static bool
all_in_sight(netsnmp_pdu *pdu, const netsnmp_request_info *requests)
{
	const struct mib_object *seen = NULL;

	for (const netsnmp_request_info *r = requests; r != NULL; r = r->next) {
		if (agx_table_object(r) == seen)
			continue;
		seen = agx_table_object(r);
		if (sight_of_object(pdu, seen) != SIGHT_ALL)
			return false;
	}
	return true;
}

/* One varbind of one request. @return false: an error, which has been set. */
static bool
next_one(struct mib *mib, netsnmp_agent_request_info *reqinfo, netsnmp_request_info *request,
         bool in_sight)
{
	const struct mib_object *object = agx_table_object(request);
	struct mib_value value;
	enum mib_found found =
	    in_sight
		? agx_table_next(mib, object, request->requestvb, &value)
		: next_in_sight(mib, reqinfo->asp->pdu, object, request->requestvb, &value);

	return agx_table_answer(reqinfo, request, found, &value);
}

/* Have each request that was answered stand at its next repetition, if it has one. */
static bool
to_next_repetition(netsnmp_request_info *requests)
{
	netsnmp_bulk_to_next_fix_requests(requests);
	for (netsnmp_request_info *r = requests; r != NULL; r = r->next)
		if (r->requestvb->type == ASN_PRIV_RETRY)
			return true;
	return false;
}

void
agx_next_all(struct mib *mib, netsnmp_agent_request_info *reqinfo,
             netsnmp_request_info *requests)
{
	bool in_sight = all_in_sight(reqinfo->asp->pdu, requests), first = true;

	do {
		for (netsnmp_request_info *r = requests; r != NULL; r = r->next) {
			if (r->processed != 0 ||
			    (!first && r->requestvb->type != ASN_PRIV_RETRY))
				continue;
			r->requestvb->type = ASN_NULL;
			if (!next_one(mib, reqinfo, r, in_sight))
				return;
		}
		first = false;
	} while (reqinfo->mode == MODE_GETBULK && to_next_repetition(requests));
}
