/*
 * One chapter: the system group [RFC3418], in the direct role.
 *
 * Behind snmpd the group is snmpd's. An agent of its own needs it, since managers ask for
 * sysObjectID and sysUpTime before anything else and call an agent dead that does not
 * answer. It is read-only: names come from the configuration. sysORTable is left out.
 *
 * The values are the program's, not a view's, so the first argument of the handlers,
 * which is a MIB, is not looked at, and what they answer is kept here: there is one
 * SNMP agent in a process.
 */
#include "agx_int.h"

static const struct agx_system *the_system;

/* Below the root of RTM-MIB, beside its objects: rtmd as a kind of agent. */
static const mib_subid rtmd_id[] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 4292, 3, 1 };
#define RTMD_ID_LEN (sizeof rtmd_id / sizeof rtmd_id[0])

#define SERVICES_INTERNET 4 /* layer 3, as RFC 3418 counts: 2 to the power of layer - 1 */

static enum mib_found
text(const char *from, size_t len, struct mib_value *out)
{
	if (len != 0)
		return MIB_NO_SUCH_INSTANCE;
	out->type = MIB_OCTETS;
	out->len = strlen(from);
	memcpy(out->u.octets, from, out->len);
	return MIB_FOUND;
}

#define GET_TEXT(member)                                                                       \
	static enum mib_found get_##member(struct mib *mib, const mib_subid *name, size_t len, \
	                                   struct mib_value *out)                              \
	{                                                                                      \
		(void)mib;                                                                     \
		(void)name;                                                                    \
		return text(the_system->member, len, out);                                     \
	}

GET_TEXT(descr)
GET_TEXT(contact)
GET_TEXT(name)
GET_TEXT(location)

static enum mib_found
get_object_id(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	(void)mib;
	(void)name;
	if (len != 0)
		return MIB_NO_SUCH_INSTANCE;
	out->type = MIB_OBJID;
	out->len = RTMD_ID_LEN;
	memcpy(out->u.objid, rtmd_id, sizeof rtmd_id);
	return MIB_FOUND;
}

static enum mib_found
get_up_time(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	(void)mib;
	(void)name;
	if (len != 0)
		return MIB_NO_SUCH_INSTANCE;
	out->type = MIB_TIMETICKS;
	out->len = 0;
	out->u.gauge = (uint32_t)netsnmp_get_agent_uptime();
	return MIB_FOUND;
}

static enum mib_found
get_services(struct mib *mib, const mib_subid *name, size_t len, struct mib_value *out)
{
	(void)mib;
	(void)name;
	if (len != 0)
		return MIB_NO_SUCH_INSTANCE;
	out->type = MIB_INTEGER;
	out->len = 0;
	out->u.integer = SERVICES_INTERNET;
	return MIB_FOUND;
}

#define SYSTEM(n, text, handler)                                                               \
	{                                                                                      \
		.name = text, .root = { 1, 3, 6, 1, 2, 1, 1, n, 0 }, .root_len = 9,            \
		.scalar = true, .get = handler                                                 \
	}

static const struct mib_object objects[] = {
	SYSTEM(1, "sysDescr", get_descr),       SYSTEM(2, "sysObjectID", get_object_id),
	SYSTEM(3, "sysUpTime", get_up_time),    SYSTEM(4, "sysContact", get_contact),
	SYSTEM(5, "sysName", get_name),         SYSTEM(6, "sysLocation", get_location),
	SYSTEM(7, "sysServices", get_services),
};

const struct mib_object *const agx_system_objects[] = {
	&objects[0], &objects[1], &objects[2], &objects[3],
	&objects[4], &objects[5], &objects[6],
};
const size_t agx_system_objects_count = sizeof objects / sizeof objects[0];

bool
agx_system_has(const struct mib_object *object)
{
	for (size_t i = 0; i < agx_system_objects_count; i++)
		if (object == agx_system_objects[i])
			return true;
	return false;
}

void
agx_system_set(const struct agx_system *system)
{
	the_system = system;
}
