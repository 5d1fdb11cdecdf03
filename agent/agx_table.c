/*
 * One chapter: registrations, and reads.
 *
 * Every object of mib_objects[] is registered by itself, disjoint from the others, as
 * a raw handler: the MIB floor finds rows in the core in O(log n), and any table
 * helper of the library would put a copy or a scan in front of it [MIB 4.7]. The
 * priority is below snmpd's 127, so that we win where snmpd serves the same table; the
 * name must be the same as snmpd's there, since a longer one would leave pieces of
 * snmpd's table around ours [MIB 7.5].
 *
 * Where snmpd registers a table column by column (ipRouteTable), so do we, each column by
 * itself: its longer names would win against ours of the whole table. AgentX could say
 * all columns in one range, but the library then copies the registration without our
 * object in it, and after a reconnect registers each copy as a range again, which the
 * master refuses [docs/agentx.md]. In contexts with a name snmpd has nothing, and the table
 * is registered whole. The library finds a registration by walking the list of all of
 * them from its beginning; its small cache of where it came out last, which it leaves off
 * in subagents, makes their number cost nothing.
 *
 * All registrations of a context share one global cache id. Then the library calls the
 * one handler below once per phase for a whole PDU, over all tables, in PDU order: what
 * SET needs, and also what saves calls in reads. The `reginfo' it is called with is that
 * of the first varbind, so nobody looks at it. Which context it is says the handler's own
 * argument, the door: a PDU has one context, so that of the first varbind is everyone's.
 *
 * In the direct role there is no snmpd beside us, and the system group, which a manager
 * asks for first, is ours too (agx_system.c).
 *
 * A varbind's object is that of its own registration: the library has searched already,
 * and a GETNEXT may start before the object's name. Where nothing follows, the varbind
 * stays untouched: the library makes endOfMibView of it and the master goes on behind us.
 */
#include "agx_int.h"

#include "base/alloc.h"
#include "base/log.h"

/* Where `name' lies, seen from the root of an object. */
enum place { PLACE_BEFORE, PLACE_INSIDE, PLACE_BEHIND };

static enum place
place_of(const struct mib_object *object, const oid *name, size_t len)
{
	for (size_t i = 0; i < object->root_len; i++) {
		if (i == len || name[i] < object->root[i])
			return PLACE_BEFORE;
		if (name[i] > object->root[i])
			return PLACE_BEHIND;
	}
	return PLACE_INSIDE;
}

const struct mib_object *
agx_table_find(const oid *name, size_t len)
{
	for (size_t i = 0; i < mib_objects_count; i++)
		if (place_of(mib_objects[i], name, len) == PLACE_INSIDE)
			return mib_objects[i];
	return NULL;
}

/* The part of the request's name behind the root; empty where it starts before it. */
static bool
relative_name(const struct mib_object *object, const netsnmp_variable_list *vb,
              enum place place, mib_subid *out, size_t *len)
{
	*len = 0;
	return place == PLACE_BEFORE ||
	       agx_name_in(vb->name + object->root_len, vb->name_length - object->root_len, out,
	                   len);
}

static enum mib_found
get_one(struct mib *mib, const struct mib_object *object, const netsnmp_variable_list *vb,
        struct mib_value *value)
{
	mib_subid name[MIB_OID_MAX];
	size_t len;

	if (!relative_name(object, vb, place_of(object, vb->name, vb->name_length), name, &len))
		return MIB_NO_SUCH_INSTANCE;
	return object->get(mib, name, len, value);
}

/* A scalar has one instance, its root: the successor of every name before it. */
static enum mib_found
next_scalar(struct mib *mib, const struct mib_object *object, enum place place,
            struct mib_value *value)
{
	enum mib_found found;

	if (place != PLACE_BEFORE)
		return MIB_END;
	found = object->get(mib, NULL, 0, value);
	return found == MIB_FOUND || found == MIB_READ_FAILED ? found : MIB_END;
}

static bool
rename_varbind(netsnmp_variable_list *vb, const struct mib_object *object,
               const mib_subid *name, size_t len)
{
	oid full[MAX_OID_LEN];

	if (object->root_len + len > MAX_OID_LEN)
		return false;
	for (size_t i = 0; i < object->root_len; i++)
		full[i] = object->root[i];
	for (size_t i = 0; i < len; i++)
		full[object->root_len + i] = name[i];
	return snmp_set_var_objid(vb, full, object->root_len + len) == 0;
}

enum mib_found
agx_table_next(struct mib *mib, const struct mib_object *object, netsnmp_variable_list *vb,
               struct mib_value *value)
{
	enum place place = place_of(object, vb->name, vb->name_length);
	mib_subid from[MIB_OID_MAX], to[MIB_OID_MAX];
	size_t from_len, to_len = 0;
	enum mib_found found;

	if (place == PLACE_BEHIND || !relative_name(object, vb, place, from, &from_len))
		return MIB_END;
	if (object->scalar)
		found = next_scalar(mib, object, place, value);
	else
		found = object->next(mib, from, from_len, to, &to_len, value);
	if (found == MIB_FOUND && !rename_varbind(vb, object, to, to_len))
		return MIB_READ_FAILED;
	return found;
}

bool
agx_table_answer(netsnmp_agent_request_info *reqinfo, netsnmp_request_info *request,
                 enum mib_found found, const struct mib_value *value)
{
	switch (found) {
	case MIB_FOUND:
		if (agx_value_out(request->requestvb, value))
			return true;
		break;
	case MIB_NO_SUCH_OBJECT:
		netsnmp_set_request_error(reqinfo, request, SNMP_NOSUCHOBJECT);
		return true;
	case MIB_NO_SUCH_INSTANCE:
		netsnmp_set_request_error(reqinfo, request, SNMP_NOSUCHINSTANCE);
		return true;
	case MIB_END:
		return true;
	case MIB_READ_FAILED:
		break;
	}
	netsnmp_set_request_error(reqinfo, request, SNMP_ERR_GENERR);
	return false;
}

static void
get_all(struct mib *mib, netsnmp_agent_request_info *reqinfo, netsnmp_request_info *requests)
{
	struct mib_value value;

	for (netsnmp_request_info *r = requests; r != NULL; r = r->next)
		if (r->processed == 0)
			agx_table_answer(
			    reqinfo, r, get_one(mib, agx_table_object(r), r->requestvb, &value),
			    &value);
}

static int
handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *reginfo,
       netsnmp_agent_request_info *reqinfo, netsnmp_request_info *requests)
{
	const struct agx_door *door = handler->myvoid;
	struct mib *mib = door->context->mib;

	(void)reginfo;
	switch (reqinfo->mode) {
	case MODE_GET:
		mib_sync(mib);
		get_all(mib, reqinfo, requests);
		break;
	case MODE_GETNEXT:
	case MODE_GETBULK:
		mib_sync(mib);
		agx_next_all(mib, reqinfo, requests);
		break;
	default:
		agx_set_phase(door, reqinfo, requests);
		break;
	}
	return SNMP_ERR_NOERROR; /* errors travel in the requests, with their index */
}

/* One subtree of an object: the whole, or (not 0) one column of its entry. */
static bool
register_subtree(struct agx_door *door, const struct mib_object *object, mib_subid column,
                 int cache_id)
{
	struct agx *agx = door->agx;
	netsnmp_mib_handler *handler = netsnmp_create_handler(object->name, handle);
	netsnmp_handler_registration *reginfo;
	oid root[16 + 2];
	size_t len = 0;

	if (handler == NULL)
		return false;
	handler->myvoid = door;
	if (object->scalar)
		handler->flags |= MIB_HANDLER_INSTANCE;
	while (len < object->root_len) {
		root[len] = object->root[len];
		len++;
	}
	if (column != 0) {
		root[len++] = 1;
		root[len++] = column;
	}
	reginfo = netsnmp_handler_registration_create(object->name, handler, root, len,
	                                              HANDLER_CAN_RWRITE | HANDLER_CAN_GETBULK);
	if (reginfo == NULL) {
		netsnmp_handler_free(handler);
		return false;
	}
	if (door->context->name[0] != '\0' &&
	    (reginfo->contextName = strdup(door->context->name)) == NULL) {
		netsnmp_handler_registration_free(reginfo);
		return false;
	}
	reginfo->priority = (int)agx->config.priority;
	reginfo->global_cacheid = cache_id;
	reginfo->my_reg_void = (void *)(uintptr_t)object;
	agx->handlers[agx->nhandlers] = reginfo;
	if (netsnmp_register_handler(reginfo) != MIB_REGISTERED_OK)
		return false; /* the library has freed it */
	agx->nhandlers++;
	return true;
}

/* How many of an object's columns are registered one by one; 0: it is, as a whole. */
static mib_subid
columns_of(const struct agx_door *door, const struct mib_object *object)
{
	bool beside_snmpd = !door->agx->config.direct && door->context->name[0] == '\0';

	return beside_snmpd ? object->last_column : 0;
}

static size_t
subtrees_of(const struct agx_door *door)
{
	size_t n = 0;

	for (size_t i = 0; i < mib_objects_count; i++)
		n += columns_of(door, mib_objects[i]) == 0 ? 1
		                                           : columns_of(door, mib_objects[i]);
	return n;
}

static bool
register_object(struct agx_door *door, const struct mib_object *object, int cache_id)
{
	mib_subid last = columns_of(door, object), column = last == 0 ? 0 : 1;

	do {
		if (!register_subtree(door, object, column, cache_id)) {
			log_err("agx", "register object=%s context=\"%s\": the library refuses",
			        object->name, door->context->name);
			return false;
		}
	} while (column++ < last);
	return true;
}

static bool
register_context(struct agx_door *door, int cache_id)
{
	for (size_t i = 0; i < mib_objects_count; i++)
		if (mib_serves(door->context->mib, mib_objects[i]) &&
		    !register_object(door, mib_objects[i], cache_id))
			return false;
	if (!door->agx->config.direct || door->context->name[0] != '\0')
		return true;
	for (size_t i = 0; i < agx_system_objects_count; i++)
		if (!register_object(door, agx_system_objects[i], cache_id))
			return false;
	return true;
}

static bool
open_doors(struct agx *agx)
{
	size_t n = agx->config.ncontexts, subtrees = 0;

	agx->doors = mem_calloc(n + 1, sizeof *agx->doors);
	for (size_t i = 0; agx->doors != NULL && i < n; i++) {
		agx->doors[i] = (struct agx_door){ agx, &agx->config.contexts[i] };
		subtrees += subtrees_of(&agx->doors[i]);
	}
	subtrees += agx_system_objects_count;
	agx->handlers = mem_calloc(subtrees + 1, sizeof(*agx->handlers));
	return agx->doors != NULL && agx->handlers != NULL;
}

bool
agx_table_register(struct agx *agx)
{
	if (!open_doors(agx))
		return false;
	for (size_t i = 0; i < agx->config.ncontexts; i++)
		if (!register_context(&agx->doors[i], netsnmp_allocate_globalcacheid()))
			return false;
	netsnmp_set_lookup_cache_size(-1); /* only a master does it by itself */
	return true;
}
