/*
 * One chapter: interfaces as version 1 lists them, for programs that show a user what he can
 * route to.
 *
 * All is read from the interface table under one lock, first to count and then to fill, so
 * a listing is one moment. The variable one is GetAdaptersInfo: adapters lie at the front
 * of the caller's buffer, and behind them the second and further addresses and gateways,
 * linked from the adapters. Gateways are those of the default routes in the table, asked
 * for before the lock is taken. What routes do not need - counters, speed, physical
 * addresses, leases - is not known, and 0 [OURS 16].
 */
#include "iphlp/iph_int.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/addr.h"
#include "base/alloc.h"

#define IF_TYPE_LOOPBACK 24

#define FOR_EACH_INTERFACE(iface, iph)                                                         \
	for (const struct iftab_if *(iface) = iftab_next((iph)->ifs, 0); (iface) != NULL;      \
	     (iface) = iftab_next((iph)->ifs, (iface)->index))

/* With the lock on success; the interfaces are those of now. */
static DWORD
begin(struct iph **out)
{
	struct iph *iph = iph_world();
	DWORD err;

	if (iph == NULL)
		return ERROR_NOT_SUPPORTED;
	err = iph_refresh(iph);
	if (err != NO_ERROR)
		return err;
	gate_lock(&iph->gate);
	*out = iph;
	return NO_ERROR;
}

/* Gives the lock up. */
static DWORD
end(struct iph *iph, DWORD err)
{
	gate_unlock(&iph->gate);
	return err;
}

/* The size idiom. */
static DWORD
fits(const void *buffer, PULONG size, size_t need, DWORD refusal)
{
	if (need > UINT32_MAX)
		return ERROR_NOT_ENOUGH_MEMORY; /* no size the caller could pass */
	if (buffer != NULL && *size >= need)
		return NO_ERROR;
	*size = (ULONG)need;
	return refusal;
}

/* The rows of 0.0.0.0/0. */
struct gateways {
	struct iph_rows found;
	const struct iph_route *rows;
	size_t n;
};

static DWORD
find_gateways(struct iph *iph, struct gateways *out)
{
	IP_ADDRESS_PREFIX any;
	DWORD err;

	memset(out, 0, sizeof *out);
	memset(&any, 0, sizeof any);
	any.Prefix.si_family = AF_INET;
	err = iph->far != NULL ? iph->far->rows(iph->far->arg, &any, true, &out->found)
	                       : iph_rows_next(iph, &any, true, 1, &out->found);
	if (err == NO_ERROR && out->found.spans[0].dest.PrefixLength == 0) {
		out->rows = out->found.rows + out->found.spans[0].first;
		out->n = out->found.spans[0].n;
	}
	return err == ERROR_NOT_FOUND ? NO_ERROR : err;
}

/* With the lock on success. A far world says by its answer whether there is IPv4. */
static DWORD
begin_v4(struct iph **out)
{
	struct gateways any = { .n = 0 };
	struct iph *iph = iph_world();
	DWORD err = NO_ERROR;

	if (iph == NULL || !iph_stack(iph, AF_INET))
		return ERROR_NOT_SUPPORTED;
	if (iph->far != NULL)
		err = find_gateways(iph, &any);
	iph_rows_free(&any.found);
	return err == NO_ERROR ? begin(out) : err;
}

/* ---- addresses --------------------------------------------------------------- */

static DWORD
address_of(const struct iftab_addr *addr)
{
	return addr->address.Ipv4.sin_addr.s_addr;
}

static bool
is_v4(const struct iftab_addr *addr)
{
	return addr->address.si_family == AF_INET;
}

static size_t
count_addresses(const struct iftab_if *iface)
{
	size_t n = 0;

	for (size_t i = 0; i < iface->naddrs; i++)
		n += is_v4(&iface->addrs[i]);
	return n;
}

static void
add_addresses(const struct iftab_if *iface, PMIB_IPADDRTABLE table)
{
	USHORT type = MIB_IPADDR_PRIMARY;

	for (size_t i = 0; i < iface->naddrs; i++) {
		const struct iftab_addr *addr = &iface->addrs[i];

		if (!is_v4(addr))
			continue;
		if (!iface->connected)
			type |= MIB_IPADDR_DISCONNECTED;
		table->table[table->dwNumEntries++] =
		    (MIB_IPADDRROW){ .dwAddr = address_of(addr),
			             .dwIndex = iface->index,
			             .dwMask = mask_from_len(addr->prefix_length),
			             .dwBCastAddr = 1,
			             .dwReasmSize = 65535,
			             .wType = type };
		type = 0; /* only the first is primary */
	}
}

static int
cmp_address(const void *a, const void *b)
{
	DWORD x = ntohl(((const MIB_IPADDRROW *)a)->dwAddr);
	DWORD y = ntohl(((const MIB_IPADDRROW *)b)->dwAddr);

	return x < y ? -1 : x > y;
}

DWORD WINAPI
GetIpAddrTable(PMIB_IPADDRTABLE pIpAddrTable, PULONG pdwSize, BOOL bOrder)
{
	struct iph *iph;
	size_t n = 0;
	DWORD err;

	if (pdwSize == NULL)
		return ERROR_INVALID_PARAMETER;
	err = begin_v4(&iph);
	if (err != NO_ERROR)
		return err;
	FOR_EACH_INTERFACE(iface, iph)
		n += count_addresses(iface);
	err = fits(pIpAddrTable, pdwSize, SIZEOF_IPADDRTABLE(n), ERROR_INSUFFICIENT_BUFFER);
	if (err != NO_ERROR)
		return end(iph, err);
	pIpAddrTable->dwNumEntries = 0;
	FOR_EACH_INTERFACE(iface, iph)
		add_addresses(iface, pIpAddrTable);
	if (bOrder)
		qsort(pIpAddrTable->table, n, sizeof pIpAddrTable->table[0], cmp_address);
	return end(iph, NO_ERROR);
}

/* ---- interfaces -------------------------------------------------------------- */

static void
make_ifrow(const struct iftab_if *iface, PMIB_IFROW row)
{
	bool loopback = iface->if_type == IF_TYPE_LOOPBACK;
	char name[IF_MAX_STRING_SIZE + 1];

	memset(row, 0, sizeof *row);
	/* an alias may be as long as the member, which then has no room for the NUL */
	for (size_t i = 0; i < MAX_INTERFACE_NAME_LEN - 1 && iface->alias[i] != '\0'; i++)
		row->wszName[i] = (WCHAR)(unsigned char)iface->alias[i];
	row->dwIndex = iface->index;
	row->dwType = iface->if_type;
	row->dwMtu = loopback ? 0xFFFFFFFFu : iface->mtu != 0 ? iface->mtu : 1500;
	row->dwAdminStatus = MIB_IF_ADMIN_STATUS_UP;
	row->dwOperStatus =
	    iface->connected ? IF_OPER_STATUS_OPERATIONAL : IF_OPER_STATUS_DISCONNECTED;
	iph_if_name(iface->luid, name);
	row->dwDescrLen = (DWORD)strlen(name) + 1;
	if (row->dwDescrLen > MAXLEN_IFDESCR)
		row->dwDescrLen = MAXLEN_IFDESCR;
	memcpy(row->bDescr, name, row->dwDescrLen - 1);
}

static DWORD
count_interfaces(const struct iph *iph)
{
	DWORD n = 0;

	FOR_EACH_INTERFACE(iface, iph)
		n++;
	return n;
}

DWORD WINAPI
GetIfTable(PMIB_IFTABLE pIfTable, PULONG pdwSize, BOOL bOrder)
{
	struct iph *iph;
	DWORD err;

	(void)bOrder; /* they are in order */
	if (pdwSize == NULL)
		return ERROR_INVALID_PARAMETER;
	err = begin(&iph);
	if (err != NO_ERROR)
		return err;
	err = fits(pIfTable, pdwSize, SIZEOF_IFTABLE(count_interfaces(iph)),
	           ERROR_INSUFFICIENT_BUFFER);
	if (err != NO_ERROR)
		return end(iph, err);
	pIfTable->dwNumEntries = 0;
	FOR_EACH_INTERFACE(iface, iph)
		make_ifrow(iface, &pIfTable->table[pIfTable->dwNumEntries++]);
	return end(iph, NO_ERROR);
}

DWORD WINAPI
GetIfEntry(PMIB_IFROW pIfRow)
{
	const struct iftab_if *iface;
	struct iph *iph;
	DWORD err;

	if (pIfRow == NULL)
		return ERROR_INVALID_PARAMETER;
	err = begin(&iph);
	if (err != NO_ERROR)
		return err;
	iface = iftab_by_index(iph->ifs, pIfRow->dwIndex);
	if (iface != NULL)
		make_ifrow(iface, pIfRow);
	return end(iph, iface != NULL ? NO_ERROR : ERROR_INVALID_DATA);
}

DWORD WINAPI
GetNumberOfInterfaces(PDWORD pdwNumIf)
{
	struct iph *iph;
	DWORD err;

	if (pdwNumIf == NULL)
		return ERROR_INVALID_PARAMETER;
	err = begin(&iph);
	if (err != NO_ERROR)
		return err;
	*pdwNumIf = count_interfaces(iph);
	return end(iph, NO_ERROR);
}

/* ---- adapters ---------------------------------------------------------------- */

static bool
is_gateway(const struct iph_route *route, const struct iftab_if *iface)
{
	return !route->hidden && route->row.InterfaceIndex == iface->index &&
	       route->row.NextHop.Ipv4.sin_addr.s_addr != 0;
}

static bool
is_adapter(const struct iftab_if *iface)
{
	return iface->bound[IFTAB_V4] && iface->if_type != IF_TYPE_LOOPBACK;
}

/* How many strings do not fit into the adapter itself. */
static size_t
count_further(const struct iftab_if *iface, const struct gateways *gateways)
{
	size_t addresses = count_addresses(iface), n = 0;

	for (size_t i = 0; i < gateways->n; i++)
		n += is_gateway(&gateways->rows[i], iface);
	return (addresses > 1 ? addresses - 1 : 0) + (n > 1 ? n - 1 : 0);
}

/* A list that begins in an adapter and goes on behind all of them. */
struct strings {
	PIP_ADDR_STRING last; /* NULL: nothing in it yet */
	PIP_ADDR_STRING first;
	PIP_ADDR_STRING *spare;
};

static void
add_string(struct strings *strings, DWORD address, DWORD mask)
{
	PIP_ADDR_STRING at = strings->last == NULL ? strings->first : (*strings->spare)++;

	memset(at, 0, sizeof *at);
	inet_ntop(AF_INET, &address, at->IpAddress.String, sizeof at->IpAddress.String);
	inet_ntop(AF_INET, &mask, at->IpMask.String, sizeof at->IpMask.String);
	at->Context = ntohl(address); /* a number of its own, for the list of addresses */
	if (strings->last != NULL)
		strings->last->Next = at;
	strings->last = at;
}

static void
make_adapter(const struct iftab_if *iface, const struct gateways *gateways,
             PIP_ADAPTER_INFO out, PIP_ADDR_STRING *spare)
{
	struct strings addresses = { .first = &out->IpAddressList, .spare = spare };
	struct strings routers = { .first = &out->GatewayList, .spare = spare };
	char name[IF_MAX_STRING_SIZE + 1];

	memset(out, 0, sizeof *out);
	iph_if_name(iface->luid, name);
	snprintf(out->AdapterName, sizeof out->AdapterName, "%s", iface->alias);
	snprintf(out->Description, sizeof out->Description, "%.*s",
	         (int)sizeof out->Description - 1, name);
	out->ComboIndex = out->Index = iface->index;
	out->Type = iface->if_type;
	for (size_t i = 0; i < iface->naddrs; i++)
		if (is_v4(&iface->addrs[i]))
			add_string(&addresses, address_of(&iface->addrs[i]),
			           mask_from_len(iface->addrs[i].prefix_length));
	for (size_t i = 0; i < gateways->n; i++)
		if (is_gateway(&gateways->rows[i], iface))
			add_string(&routers, gateways->rows[i].row.NextHop.Ipv4.sin_addr.s_addr,
			           INADDR_BROADCAST);
	if (addresses.last == NULL)
		add_string(&addresses, 0, 0);
	if (routers.last == NULL)
		add_string(&routers, 0, 0);
}

static DWORD
adapters(const struct iph *iph, const struct gateways *gateways, PIP_ADAPTER_INFO out,
         PULONG size)
{
	PIP_ADAPTER_INFO at = out;
	PIP_ADDR_STRING spare;
	size_t n = 0, further = 0;
	DWORD err;

	FOR_EACH_INTERFACE(iface, iph)
		if (is_adapter(iface)) {
			n++;
			further += count_further(iface, gateways);
		}
	if (n == 0)
		return ERROR_NO_DATA;
	err = fits(out, size, n * sizeof *out + further * sizeof *spare, ERROR_BUFFER_OVERFLOW);
	if (err != NO_ERROR)
		return err;
	spare = (PIP_ADDR_STRING)(void *)(out + n);
	FOR_EACH_INTERFACE(iface, iph)
		if (is_adapter(iface)) {
			make_adapter(iface, gateways, at, &spare);
			at->Next = at + 1;
			at++;
		}
	at[-1].Next = NULL;
	return NO_ERROR;
}

DWORD WINAPI
GetAdaptersInfo(PIP_ADAPTER_INFO AdapterInfo, PULONG SizePointer)
{
	struct gateways gateways;
	struct iph *iph = iph_world();
	DWORD err;

	if (SizePointer == NULL)
		return ERROR_INVALID_PARAMETER;
	if (iph == NULL || !iph_stack(iph, AF_INET))
		return ERROR_NOT_SUPPORTED;
	err = find_gateways(iph, &gateways);
	if (err == NO_ERROR)
		err = begin(&iph);
	if (err == NO_ERROR)
		err = end(iph, adapters(iph, &gateways, AdapterInfo, SizePointer));
	iph_rows_free(&gateways.found);
	return err;
}

/* ---- masks ------------------------------------------------------------------- */

NETIOAPI_API
ConvertLengthToIpv4Mask(ULONG MaskLength, PULONG Mask)
{
	if (Mask == NULL)
		return ERROR_INVALID_PARAMETER;
	*Mask = MaskLength <= 32 ? mask_from_len(MaskLength) : INADDR_BROADCAST;
	return MaskLength <= 32 ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

NETIOAPI_API
ConvertIpv4MaskToLength(ULONG Mask, UINT8 *MaskLength)
{
	unsigned length;

	if (MaskLength == NULL)
		return ERROR_INVALID_PARAMETER;
	if (!mask_to_len(Mask, &length)) {
		*MaskLength = 255;
		return ERROR_INVALID_PARAMETER;
	}
	*MaskLength = (UINT8)length;
	return NO_ERROR;
}
