/*
 * One chapter: names and values at the border.
 *
 * The library's sub-identifier is an unsigned long of 8 bytes, ours has the 32 bits
 * that the protocol gives it. It decodes AgentX names through a signed int, so that one
 * from 2147483648 on arrives with its upper half full of ones: only the lower half
 * means anything [docs/agentx.md]. Its values hang behind a pointer whose meaning depends
 * on the type on the wire, and snmpd passes through whatever type a manager sent: so
 * the type is looked at before any value, and the length before any octet. A value of
 * a type that no object of ours has travels on as its type alone, and is refused for
 * it (wrongType) on the floor below.
 */
#include "agx_int.h"

bool
agx_name_in(const oid *from, size_t n, mib_subid *to, size_t *to_len)
{
	if (n > MIB_OID_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		to[i] = (mib_subid)from[i]; /* upper half: a sign, see the chapter */
	*to_len = n;
	return true;
}

static bool
objid_out(netsnmp_variable_list *vb, const struct mib_value *value)
{
	oid name[MIB_OID_MAX];

	for (size_t i = 0; i < value->len; i++)
		name[i] = value->u.objid[i];
	return snmp_set_var_typed_value(vb, ASN_OBJECT_ID, name, value->len * sizeof(oid)) == 0;
}

bool
agx_value_out(netsnmp_variable_list *vb, const struct mib_value *value)
{
	u_char type = (u_char)value->type;
	struct counter64 wide;
	long number;

	switch (value->type) {
	case MIB_INTEGER:
		number = (long)value->u.integer;
		return snmp_set_var_typed_value(vb, type, &number, sizeof number) == 0;
	case MIB_COUNTER:
	case MIB_GAUGE:
	case MIB_TIMETICKS:
		number = (long)value->u.gauge;
		return snmp_set_var_typed_value(vb, type, &number, sizeof number) == 0;
	case MIB_COUNTER64:
		wide = (struct counter64){ .high = value->u.counter >> 32,
			                   .low = value->u.counter & UINT32_MAX };
		return snmp_set_var_typed_value(vb, type, &wide, sizeof wide) == 0;
	case MIB_OCTETS:
	case MIB_IPADDRESS:
		return snmp_set_var_typed_value(vb, type, value->u.octets, value->len) == 0;
	case MIB_OBJID:
		return objid_out(vb, value);
	case MIB_NULL:
		break;
	}
	return false; /* no object has such a value: answered with genErr */
}

static bool
objid_in(const netsnmp_variable_list *vb, struct mib_value *value)
{
	return vb->val_len % sizeof(oid) == 0 &&
	       agx_name_in(vb->val.objid, vb->val_len / sizeof(oid), value->u.objid,
	                   &value->len);
}

static bool
octets_in(const netsnmp_variable_list *vb, struct mib_value *value)
{
	if (vb->val_len > sizeof value->u.octets)
		return false;
	memcpy(value->u.octets, vb->val.string, vb->val_len);
	value->len = vb->val_len;
	return true;
}

bool
agx_value_in(const netsnmp_variable_list *vb, struct mib_value *value)
{
	value->type = (enum mib_type)vb->type;
	value->len = 0;
	switch (vb->type) {
	case ASN_INTEGER:
		if (vb->val_len != sizeof(long))
			return false;
		value->u.integer = *vb->val.integer;
		return true;
	case ASN_COUNTER:
	case ASN_GAUGE:
	case ASN_TIMETICKS:
		if (vb->val_len != sizeof(long))
			return false;
		value->u.gauge = (uint32_t)*vb->val.integer;
		return true;
	case ASN_OCTET_STR:
	case ASN_IPADDRESS:
		return octets_in(vb, value);
	case ASN_OBJECT_ID:
		return objid_in(vb, value);
	default:
		return false;
	}
}
