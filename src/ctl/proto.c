/*
 * One chapter: a message is a list of fields, read the same way in both directions.
 *
 * Each struct has one table saying which member comes when and in which form, and two
 * loops walk it: one writes, one reads. So the two ends cannot disagree, and a field
 * is added in one place (and CTL_VERSION raised). All numbers are big-endian, though both
 * ends are on one machine: a dump can be read, and nothing depends on how a compiler
 * lays out a struct.
 *
 * An address passes as it is, unknown families too: whether a row is good is for the rules
 * of the documented functions to say, not for the wire. Only what a field cannot hold is
 * refused here: a text without room, a count beyond its array, trailing octets.
 */
#include "ctl/proto.h"

#include <string.h>

#include "base/number.h"

enum form { U8, U16, U32, U64, ADDRESS, TEXT, COUNT };

struct field {
	enum form form;
	size_t at;
	size_t size; /* of the member; of TEXT with its NUL */
	const struct ctl_layout *each;
	size_t array, most, stride; /* COUNT: what follows, as many as the number says */
};

struct ctl_layout {
	size_t n;
	const struct field *field;
	size_t size;
};

#define F(form, type, member)                                                                  \
	{                                                                                      \
		form, offsetof(type, member), sizeof(((type *)0)->member), NULL, 0, 0, 0       \
	}
#define LAYOUT(name, type)                                                                     \
	const struct ctl_layout name##_layout = {                                              \
		sizeof(name##_fields) / sizeof(name##_fields[0]), name##_fields, sizeof(type)  \
	}

static const struct field ctl_hello_fields[] = {
	F(U32, struct ctl_hello, magic),
	F(U32, struct ctl_hello, version),
	F(U32, struct ctl_hello, pid),
};
LAYOUT(ctl_hello, struct ctl_hello);

static const struct field ctl_reply_fields[] = {
	F(U32, struct ctl_reply, code),
	F(U32, struct ctl_reply, field),
	F(U32, struct ctl_reply, reason),
};
LAYOUT(ctl_reply, struct ctl_reply);

#define ROW_FIELDS(type)                                                                       \
	F(U64, type, row.InterfaceLuid), F(U32, type, row.InterfaceIndex),                     \
	    F(ADDRESS, type, row.DestinationPrefix.Prefix),                                    \
	    F(U8, type, row.DestinationPrefix.PrefixLength), F(ADDRESS, type, row.NextHop),    \
	    F(U8, type, row.SitePrefixLength), F(U32, type, row.ValidLifetime),                \
	    F(U32, type, row.PreferredLifetime), F(U32, type, row.Metric),                     \
	    F(U32, type, row.Protocol), F(U8, type, row.Loopback),                             \
	    F(U8, type, row.AutoconfigureAddress), F(U8, type, row.Publish),                   \
	    F(U8, type, row.Immortal), F(U32, type, row.Age), F(U32, type, row.Origin)

static const struct field ctl_route_fields[] = {
	ROW_FIELDS(struct ctl_route),          F(U32, struct ctl_route, kind),
	F(U32, struct ctl_route, own),         F(U32, struct ctl_route, best),
	F(U32, struct ctl_route, hidden),      F(U32, struct ctl_route, flags),
	F(U32, struct ctl_route, protocol_id), F(U32, struct ctl_route, views),
	F(U32, struct ctl_route, preference),  F(U32, struct ctl_route, total),
};
LAYOUT(ctl_route, struct ctl_route);

static const struct field ctl_row1_fields[] = {
	F(U32, MIB_IPFORWARDROW, dwForwardDest),
	F(U32, MIB_IPFORWARDROW, dwForwardMask),
	F(U32, MIB_IPFORWARDROW, dwForwardPolicy),
	F(U32, MIB_IPFORWARDROW, dwForwardNextHop),
	F(U32, MIB_IPFORWARDROW, dwForwardIfIndex),
	F(U32, MIB_IPFORWARDROW, dwForwardType),
	F(U32, MIB_IPFORWARDROW, dwForwardProto),
	F(U32, MIB_IPFORWARDROW, dwForwardAge),
	F(U32, MIB_IPFORWARDROW, dwForwardNextHopAS),
	F(U32, MIB_IPFORWARDROW, dwForwardMetric1),
	F(U32, MIB_IPFORWARDROW, dwForwardMetric2),
	F(U32, MIB_IPFORWARDROW, dwForwardMetric3),
	F(U32, MIB_IPFORWARDROW, dwForwardMetric4),
	F(U32, MIB_IPFORWARDROW, dwForwardMetric5),
};
LAYOUT(ctl_row1, MIB_IPFORWARDROW);

static const struct field ctl_if_row_fields[] = {
	F(U16, MIB_IPINTERFACE_ROW, Family),
	F(U64, MIB_IPINTERFACE_ROW, InterfaceLuid),
	F(U32, MIB_IPINTERFACE_ROW, InterfaceIndex),
	F(U32, MIB_IPINTERFACE_ROW, MaxReassemblySize),
	F(U64, MIB_IPINTERFACE_ROW, InterfaceIdentifier),
	F(U32, MIB_IPINTERFACE_ROW, MinRouterAdvertisementInterval),
	F(U32, MIB_IPINTERFACE_ROW, MaxRouterAdvertisementInterval),
	F(U8, MIB_IPINTERFACE_ROW, AdvertisingEnabled),
	F(U8, MIB_IPINTERFACE_ROW, ForwardingEnabled),
	F(U8, MIB_IPINTERFACE_ROW, WeakHostSend),
	F(U8, MIB_IPINTERFACE_ROW, WeakHostReceive),
	F(U8, MIB_IPINTERFACE_ROW, UseAutomaticMetric),
	F(U8, MIB_IPINTERFACE_ROW, UseNeighborUnreachabilityDetection),
	F(U8, MIB_IPINTERFACE_ROW, ManagedAddressConfigurationSupported),
	F(U8, MIB_IPINTERFACE_ROW, OtherStatefulConfigurationSupported),
	F(U8, MIB_IPINTERFACE_ROW, AdvertiseDefaultRoute),
	F(U32, MIB_IPINTERFACE_ROW, RouterDiscoveryBehavior),
	F(U32, MIB_IPINTERFACE_ROW, DadTransmits),
	F(U32, MIB_IPINTERFACE_ROW, BaseReachableTime),
	F(U32, MIB_IPINTERFACE_ROW, RetransmitTime),
	F(U32, MIB_IPINTERFACE_ROW, PathMtuDiscoveryTimeout),
	F(U32, MIB_IPINTERFACE_ROW, LinkLocalAddressBehavior),
	F(U32, MIB_IPINTERFACE_ROW, LinkLocalAddressTimeout),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[0]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[1]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[2]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[3]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[4]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[5]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[6]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[7]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[8]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[9]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[10]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[11]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[12]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[13]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[14]),
	F(U32, MIB_IPINTERFACE_ROW, ZoneIndices[15]),
	F(U32, MIB_IPINTERFACE_ROW, SitePrefixLength),
	F(U32, MIB_IPINTERFACE_ROW, Metric),
	F(U32, MIB_IPINTERFACE_ROW, NlMtu),
	F(U8, MIB_IPINTERFACE_ROW, Connected),
	F(U8, MIB_IPINTERFACE_ROW, SupportsWakeUpPatterns),
	F(U8, MIB_IPINTERFACE_ROW, SupportsNeighborDiscovery),
	F(U8, MIB_IPINTERFACE_ROW, SupportsRouterDiscovery),
	F(U32, MIB_IPINTERFACE_ROW, ReachableTime),
	F(U8, MIB_IPINTERFACE_ROW, TransmitOffload),
	F(U8, MIB_IPINTERFACE_ROW, ReceiveOffload),
	F(U8, MIB_IPINTERFACE_ROW, DisableDefaultRoutes),
};
LAYOUT(ctl_if_row, MIB_IPINTERFACE_ROW);

static const struct field ctl_page_fields[] = {
	F(ADDRESS, struct ctl_page, from.Prefix),
	F(U8, struct ctl_page, from.PrefixLength),
	F(U32, struct ctl_page, inclusive),
	F(U32, struct ctl_page, index),
	F(U32, struct ctl_page, most),
};
LAYOUT(ctl_page, struct ctl_page);

static const struct field ctl_best_fields[] = {
	F(U64, struct ctl_best, luid),       F(U32, struct ctl_best, has_luid),
	F(U32, struct ctl_best, index),      F(U32, struct ctl_best, has_source),
	F(ADDRESS, struct ctl_best, source), F(ADDRESS, struct ctl_best, dest),
};
LAYOUT(ctl_best, struct ctl_best);

static const struct field ctl_address_fields[] = {
	F(ADDRESS, struct ctl_address, address),
	F(U32, struct ctl_address, length),
};
LAYOUT(ctl_address, struct ctl_address);

static const struct field ctl_interface_fields[] = {
	F(U64, struct ctl_interface, luid),
	F(U32, struct ctl_interface, index),
	F(TEXT, struct ctl_interface, alias),
	F(U32, struct ctl_interface, if_type),
	F(U32, struct ctl_interface, bound[0]),
	F(U32, struct ctl_interface, bound[1]),
	F(U32, struct ctl_interface, metric[0]),
	F(U32, struct ctl_interface, metric[1]),
	F(U32, struct ctl_interface, connected),
	F(U32, struct ctl_interface, routes),
	{ COUNT, offsetof(struct ctl_interface, naddrs), sizeof(ULONG), &ctl_address_layout,
	  offsetof(struct ctl_interface, addrs), CTL_IF_ADDRS, sizeof(struct ctl_address) },
};
LAYOUT(ctl_interface, struct ctl_interface);

static const struct field ctl_family_fields[] = {
	F(U32, struct ctl_family, family),
	F(U32, struct ctl_family, index),
};
LAYOUT(ctl_family, struct ctl_family);

static const struct field ctl_event_fields[] = {
	ROW_FIELDS(struct ctl_event),
	F(U32, struct ctl_event, type),
};
LAYOUT(ctl_event, struct ctl_event);

static const struct field ctl_number_fields[] = {
	{ U32, 0, sizeof(ULONG), NULL, 0, 0, 0 },
};
static const struct ctl_layout ctl_number_layout = { 1, ctl_number_fields, sizeof(ULONG) };

#define OID_FIELD(member)                                                                      \
	{                                                                                      \
		COUNT, offsetof(struct ctl_stored, member.n), sizeof(ULONG),                   \
		    &ctl_number_layout, offsetof(struct ctl_stored, member.sub), CTL_OID_MAX,  \
		    sizeof(ULONG)                                                              \
	}

static const struct field ctl_stored_fields[] = {
	ROW_FIELDS(struct ctl_stored),
	F(U32, struct ctl_stored, instance),
	F(U32, struct ctl_stored, prefix_zone),
	F(U32, struct ctl_stored, next_hop_zone),
	F(TEXT, struct ctl_stored, if_name),
	F(U32, struct ctl_stored, kind),
	F(U32, struct ctl_stored, type),
	F(U32, struct ctl_stored, metric[0]),
	F(U32, struct ctl_stored, metric[1]),
	F(U32, struct ctl_stored, metric[2]),
	F(U32, struct ctl_stored, metric[3]),
	F(U32, struct ctl_stored, next_hop_as),
	F(U32, struct ctl_stored, status),
	F(U32, struct ctl_stored, columns_set),
	F(U64, struct ctl_stored, created_s),
	OID_FIELD(policy),
	OID_FIELD(info),
};
LAYOUT(ctl_stored, struct ctl_stored);

static const struct field ctl_imported_fields[] = {
	F(U32, struct ctl_imported, code),   F(U32, struct ctl_imported, field),
	F(U32, struct ctl_imported, reason), F(U32, struct ctl_imported, row),
	F(U32, struct ctl_imported, rows),
};
LAYOUT(ctl_imported, struct ctl_imported);

static const struct field ctl_text_fields[] = {
	F(TEXT, struct ctl_text, text),
};
LAYOUT(ctl_text, struct ctl_text);

/* ---- writing ------------------------------------------------------------------------ */

static void
put_bytes(struct ctl_out *out, const void *p, size_t n)
{
	if (n > out->size - out->n)
		out->full = true;
	if (out->full)
		return;
	memcpy(out->p + out->n, p, n);
	out->n += n;
}

static void
put_big(struct ctl_out *out, uint64_t value, size_t n)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(value >> 8 * (n - 1 - i));
	put_bytes(out, bytes, n);
}

/* The family, sixteen octets of address, the scope. */
static void
put_address(struct ctl_out *out, const SOCKADDR_INET *a)
{
	uint8_t bytes[16] = { 0 };
	bool six = a->si_family == AF_INET6;

	memcpy(bytes, six ? (const void *)&a->Ipv6.sin6_addr : (const void *)&a->Ipv4.sin_addr,
	       six ? 16 : 4);
	put_big(out, a->si_family, 2);
	put_bytes(out, bytes, sizeof(bytes));
	put_big(out, six ? a->Ipv6.sin6_scope_id : 0, 4);
}

static const size_t widths[] = { [U8] = 1, [U16] = 2, [U32] = 4, [U64] = 8, [COUNT] = 4 };

static void
put_field(struct ctl_out *out, const struct field *f, const char *message)
{
	const char *p = message + f->at;

	if (f->form == ADDRESS) {
		put_address(out, (const SOCKADDR_INET *)(const void *)p);
	} else if (f->form == TEXT) {
		size_t n = strnlen(p, f->size - 1);

		put_big(out, n, 2);
		put_bytes(out, p, n);
	} else {
		put_big(out, number_load(p, f->size), widths[f->form]);
	}
	for (size_t i = 0; f->form == COUNT && i < number_load(p, f->size); i++)
		ctl_put(out, f->each, message + f->array + i * f->stride);
}

void
ctl_put(struct ctl_out *out, const struct ctl_layout *layout, const void *message)
{
	for (size_t i = 0; i < layout->n; i++)
		put_field(out, &layout->field[i], message);
}

void
ctl_put_number(struct ctl_out *out, ULONG value)
{
	put_big(out, value, 4);
}

void
ctl_patch(struct ctl_out *out, size_t at, ULONG value)
{
	size_t n = out->n;

	out->n = at;
	put_big(out, value, 4);
	out->n = n;
}

void
ctl_begin(struct ctl_out *out, uint8_t *buf, size_t size, enum ctl_type type, uint32_t number)
{
	*out = (struct ctl_out){ buf, 0, size, false };
	put_big(out, 0, 4);
	put_big(out, type, 2);
	put_big(out, number, 4);
}

size_t
ctl_end(struct ctl_out *out)
{
	if (out->full)
		return 0;
	ctl_patch(out, 0, (ULONG)(out->n - 4));
	return out->n;
}

/* ---- reading ------------------------------------------------------------------------ */

static bool
get_bytes(struct ctl_in *in, void *p, size_t n)
{
	if (in->bad || (size_t)(in->end - in->p) < n) {
		in->bad = true;
		return false;
	}
	memcpy(p, in->p, n);
	in->p += n;
	return true;
}

static uint64_t
get_big(struct ctl_in *in, size_t n)
{
	uint8_t bytes[8] = { 0 };
	uint64_t value = 0;

	get_bytes(in, bytes, n);
	for (size_t i = 0; i < n; i++)
		value = value << 8 | bytes[i];
	return value;
}

static void
get_address(struct ctl_in *in, SOCKADDR_INET *a)
{
	uint8_t bytes[16] = { 0 };
	uint32_t scope;

	memset(a, 0, sizeof(*a));
	a->si_family = (ADDRESS_FAMILY)get_big(in, 2);
	get_bytes(in, bytes, sizeof(bytes));
	scope = (uint32_t)get_big(in, 4);
	if (a->si_family == AF_INET6) {
		memcpy(&a->Ipv6.sin6_addr, bytes, 16);
		a->Ipv6.sin6_scope_id = scope;
	} else {
		memcpy(&a->Ipv4.sin_addr, bytes, 4);
	}
}

static void
get_text(struct ctl_in *in, char *p, size_t size)
{
	size_t n = (size_t)get_big(in, 2);

	if (n >= size || !get_bytes(in, p, n) || memchr(p, 0, n) != NULL)
		in->bad = true;
	else
		p[n] = '\0';
}

static void
get_field(struct ctl_in *in, const struct field *f, char *message)
{
	char *p = message + f->at;
	uint64_t value;

	if (f->form == ADDRESS) {
		get_address(in, (SOCKADDR_INET *)(void *)p);
		return;
	}
	if (f->form == TEXT) {
		get_text(in, p, f->size);
		return;
	}
	value = get_big(in, widths[f->form]);
	if (f->form == COUNT && value > f->most)
		in->bad = true;
	else
		number_store(p, f->size, value);
	for (size_t i = 0; f->form == COUNT && !in->bad && i < value; i++)
		ctl_get(in, f->each, message + f->array + i * f->stride);
}

bool
ctl_get(struct ctl_in *in, const struct ctl_layout *layout, void *out)
{
	memset(out, 0, layout->size);
	for (size_t i = 0; i < layout->n && !in->bad; i++)
		get_field(in, &layout->field[i], out);
	return !in->bad;
}

bool
ctl_get_number(struct ctl_in *in, ULONG *out)
{
	*out = (ULONG)get_big(in, 4);
	return !in->bad;
}

bool
ctl_done(const struct ctl_in *in)
{
	return !in->bad && in->p == in->end;
}

enum ctl_look
ctl_look(const uint8_t *p, size_t n, struct ctl_in *in, size_t *used)
{
	uint64_t length;

	*in = (struct ctl_in){ p, p + n, false, 0, 0 };
	if (n < 4)
		return CTL_MORE;
	length = get_big(in, 4);
	if (length < CTL_HEAD - 4 || length > CTL_FRAME_MAX - 4)
		return CTL_BROKEN;
	if (n - 4 < length)
		return CTL_MORE;
	*used = (size_t)length + 4;
	in->end = p + *used;
	in->type = (uint32_t)get_big(in, 2);
	in->number = (uint32_t)get_big(in, 4);
	return CTL_COMPLETE;
}
