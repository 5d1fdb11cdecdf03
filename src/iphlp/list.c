/*
 * One chapter: the whole table at once, for callers who want it so.
 *
 * A table of a million rows takes seconds to put together, so it is not made under one
 * lock: the core's enumeration goes on from a key, and the world is locked for one batch
 * of destinations at a time. Rows that come or go meanwhile may or may not be in it, as
 * they could with any reader; no row that stays is missing or twice.
 *
 * Destinations come in order; the rows of one are put in the documented order (total
 * metric, interface, next hop) when they are added [NETIO GetIpForwardTable2].
 */
#include "iphlp/iph_int.h"

#include <stdlib.h>

#include "base/alloc.h"

/* A table that grows, in the shape that callers get: a count, then rows. */
struct table2 {
	PMIB_IPFORWARD_TABLE2 table;
	size_t cap;
	const struct iph *iph;
};

static size_t
bytes_of(size_t rows)
{
	return offsetof(MIB_IPFORWARD_TABLE2, Table) + rows * sizeof(MIB_IPFORWARD_ROW2);
}

static DWORD
table_reserve(struct table2 *out, size_t n)
{
	size_t need = (out->table != NULL ? out->table->NumEntries : 0) + n;
	size_t cap = need + need / 2;
	PMIB_IPFORWARD_TABLE2 table;

	if (out->table != NULL && need <= out->cap)
		return NO_ERROR;
	table = mem_realloc(out->table, 1, bytes_of(cap));
	if (table == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (out->table == NULL)
		memset(table, 0, bytes_of(0));
	out->table = table;
	out->cap = cap;
	return NO_ERROR;
}

/* ---- order within a destination ---------------------------------------------------- */

uint64_t
iph_sum(const struct iph *iph, const MIB_IPFORWARD_ROW2 *row)
{
	const struct iftab_if *iface = iftab_by_index(iph->ifs, row->InterfaceIndex);
	bool four = row->DestinationPrefix.Prefix.si_family == AF_INET;
	uint64_t metric = iface != NULL ? iface->metric[four ? IFTAB_V4 : IFTAB_V6] : 0;

	return metric + row->Metric;
}

struct ranked {
	uint64_t sum;
	size_t at;
	const struct iph_route *row;
};

static int
cmp_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->sum != y->sum)
		return x->sum < y->sum ? -1 : 1;
	if (x->row->row.InterfaceIndex != y->row->row.InterfaceIndex)
		return x->row->row.InterfaceIndex < y->row->row.InterfaceIndex ? -1 : 1;
	return inet_cmp(&x->row->row.NextHop, &y->row->row.NextHop);
}

static DWORD
add_sorted(struct table2 *out, const struct iph_route *rows, size_t n)
{
	struct ranked *ranked = mem_calloc(n, sizeof *ranked);

	if (ranked == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	for (size_t i = 0; i < n; i++)
		ranked[i] = (struct ranked){ iph_sum(out->iph, &rows[i].row), i, &rows[i] };
	qsort(ranked, n, sizeof *ranked, cmp_ranked);
	for (size_t i = 0; i < n; i++)
		out->table->Table[out->table->NumEntries++] = ranked[i].row->row;
	mem_free(ranked);
	return NO_ERROR;
}

static DWORD
add_rows(struct table2 *out, const struct iph_route *rows, size_t n)
{
	DWORD err = table_reserve(out, n);

	if (err != NO_ERROR)
		return err;
	if (n > 1)
		return add_sorted(out, rows, n);
	out->table->Table[out->table->NumEntries++] = rows[0].row;
	return NO_ERROR;
}

static DWORD
add_destination(struct table2 *out, struct gather *gather, const RTM_DEST_INFO *info)
{
	DWORD err = iph_gather_dest(gather, info);

	if (err != NO_ERROR)
		return err == ERROR_NOT_FOUND ? NO_ERROR : err;
	return add_rows(out, gather->rows, gather->n);
}

/* ---- one family ---------------------------------------------------------------------- */

static DWORD
add_batch(struct table2 *out, struct gather *gather, RTM_ENUM_HANDLE list, RTM_DEST_INFO *dests)
{
	RTM_ENTITY_HANDLE entity = gather->family->entity;
	RTM_DEST_INFO *info = dests;
	UINT n = gather->family->batch;
	DWORD err = RtmGetEnumDests(entity, list, &n, dests);

	if (err != NO_ERROR)
		return err;
	for (UINT i = 0; i < n && err == NO_ERROR; i++) {
		err = add_destination(out, gather, info);
		info = RTM_NEXT_DEST_INFO(info);
	}
	RtmReleaseDests(entity, n, dests);
	return err;
}

static DWORD
add_family(struct table2 *out, struct iph *iph, ADDRESS_FAMILY family)
{
	struct gather gather = { .iph = iph, .family = iph_family(iph, family) };
	RTM_ENTITY_HANDLE entity = gather.family->entity;
	RTM_DEST_INFO *dests = mem_calloc(gather.family->batch, RTM_SIZE_OF_DEST_INFO(1));
	RTM_ENUM_HANDLE list;
	DWORD err = ERROR_NOT_ENOUGH_MEMORY;

	if (dests == NULL)
		return err;
	gather.now_ms = iph_now_ms(iph);
	err =
	    RtmCreateDestEnum(entity, RTM_VIEW_MASK_UCAST, RTM_ENUM_ALL_DESTS | RTM_ENUM_START,
	                      NULL, RTM_BEST_PROTOCOL, &list);
	if (err == NO_ERROR) {
		do {
			gate_lock(&iph->gate);
			err = add_batch(out, &gather, list, dests);
			gate_unlock(&iph->gate);
		} while (err == NO_ERROR);
		RtmDeleteEnumHandle(entity, list);
	}
	mem_free(gather.rows);
	mem_free(dests);
	return err == ERROR_NO_MORE_ITEMS ? NO_ERROR : err;
}

/* ---- one family of a far table ------------------------------------------------------ */

static DWORD
add_far_family(struct table2 *out, struct iph *iph, ADDRESS_FAMILY family)
{
	static const uint8_t zero[16];
	IP_ADDRESS_PREFIX at = { .PrefixLength = 0 };
	struct iph_rows rows = { .nspans = 0 };
	bool inclusive = true;
	DWORD err;

	inet_make(&at.Prefix, family, zero);
	while ((err = iph->far->rows(iph->far->arg, &at, inclusive, &rows)) == NO_ERROR) {
		for (size_t i = 0; i < rows.nspans && err == NO_ERROR; i++)
			err = add_rows(out, &rows.rows[rows.spans[i].first], rows.spans[i].n);
		if (err != NO_ERROR || rows.nspans == 0)
			break;
		at = rows.spans[rows.nspans - 1].dest;
		inclusive = false;
	}
	iph_rows_free(&rows);
	return err == ERROR_NOT_FOUND ? NO_ERROR : err;
}

DWORD
iph_table(struct iph *iph, ADDRESS_FAMILY family, PMIB_IPFORWARD_TABLE2 *out)
{
	DWORD(*add)
	(struct table2 *, struct iph *, ADDRESS_FAMILY) =
	    iph->far != NULL ? add_far_family : add_family;
	struct table2 table = { .iph = iph };
	DWORD err;

	err = table_reserve(&table, 16);
	if (err == NO_ERROR)
		err = iph_refresh(iph);
	if (err == NO_ERROR && family != AF_INET6 && iph_stack(iph, AF_INET))
		err = add(&table, iph, AF_INET);
	if (err == ERROR_NOT_SUPPORTED && family == AF_UNSPEC)
		err = NO_ERROR; /* a far one without that stack has the other family's */
	if (err == NO_ERROR && family != AF_INET && iph_stack(iph, AF_INET6))
		err = add(&table, iph, AF_INET6);
	if (err == ERROR_NOT_SUPPORTED && family == AF_UNSPEC && table.table->NumEntries != 0)
		err = NO_ERROR;
	if (err == NO_ERROR && table.table->NumEntries == 0)
		err = ERROR_NOT_FOUND;
	if (err == NO_ERROR)
		*out = table.table;
	else
		mem_free(table.table);
	return err;
}

/** Whether any family that is asked for has a stack. */
bool
iph_any_stack(const struct iph *iph, ADDRESS_FAMILY family)
{
	return (family != AF_INET6 && iph_stack(iph, AF_INET)) ||
	       (family != AF_INET && iph_stack(iph, AF_INET6));
}

NETIOAPI_API
GetIpForwardTable2(ADDRESS_FAMILY Family, PMIB_IPFORWARD_TABLE2 *Table)
{
	struct iph *iph = iph_world();

	if (Table == NULL)
		return ERROR_INVALID_PARAMETER;
	*Table = NULL;
	if (Family != AF_UNSPEC && inet_size(Family) == 0)
		return ERROR_INVALID_PARAMETER;
	if (iph == NULL || !iph_any_stack(iph, Family))
		return ERROR_NOT_SUPPORTED;
	return iph_table(iph, Family, Table);
}

VOID WINAPI
FreeMibTable(PVOID Memory)
{
	mem_free(Memory);
}

/* ---- version 1 ------------------------------------------------------------------------ */

static int
cmp_order(const void *a, const void *b)
{
	const MIB_IPFORWARDROW *x = a, *y = b;
	const DWORD left[] = { ntohl(x->dwForwardDest), x->dwForwardProto, x->dwForwardPolicy,
		               ntohl(x->dwForwardNextHop) };
	const DWORD right[] = { ntohl(y->dwForwardDest), y->dwForwardProto, y->dwForwardPolicy,
		                ntohl(y->dwForwardNextHop) };

	for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

void
iph_row2_to_row1(const struct iph *iph, const MIB_IPFORWARD_ROW2 *row, MIB_IPFORWARDROW *out)
{
	uint64_t sum = iph_sum(iph, row);

	memset(out, 0, sizeof *out);
	memcpy(&out->dwForwardDest, inet_bytes(&row->DestinationPrefix.Prefix), 4);
	out->dwForwardMask = mask_from_len(row->DestinationPrefix.PrefixLength);
	memcpy(&out->dwForwardNextHop, inet_bytes(&row->NextHop), 4);
	out->dwForwardIfIndex = row->InterfaceIndex;
	out->dwForwardType =
	    out->dwForwardNextHop == 0 ? MIB_IPROUTE_TYPE_DIRECT : MIB_IPROUTE_TYPE_INDIRECT;
	out->dwForwardProto = row->Protocol;
	out->dwForwardAge = row->ValidLifetime == INFINITE ? INFINITE : row->Age;
	out->dwForwardMetric1 = (DWORD)sum; /* two components of 31 bits */
}

static void
fill_table1(struct iph *iph, const MIB_IPFORWARD_TABLE2 *from, PMIB_IPFORWARDTABLE to,
            bool order)
{
	gate_lock(&iph->gate);
	for (ULONG i = 0; i < from->NumEntries; i++)
		iph_row2_to_row1(iph, &from->Table[i], &to->table[i]);
	gate_unlock(&iph->gate);
	to->dwNumEntries = from->NumEntries;
	if (order)
		qsort(to->table, to->dwNumEntries, sizeof to->table[0], cmp_order);
}

DWORD WINAPI
GetIpForwardTable(PMIB_IPFORWARDTABLE pIpForwardTable, PULONG pdwSize, BOOL bOrder)
{
	struct iph *iph = iph_world();
	PMIB_IPFORWARD_TABLE2 rows = NULL;
	size_t size;
	DWORD err;

	if (pdwSize == NULL)
		return ERROR_INVALID_PARAMETER;
	if (iph == NULL || !iph_stack(iph, AF_INET))
		return ERROR_NOT_SUPPORTED;
	err = iph_table(iph, AF_INET, &rows);
	if (err != NO_ERROR)
		return err == ERROR_NOT_FOUND ? ERROR_NO_DATA : err;
	size = SIZEOF_IPFORWARDTABLE(rows->NumEntries);
	if (size > UINT32_MAX) {
		err = ERROR_NOT_ENOUGH_MEMORY; /* no size the caller could pass */
	} else if (pIpForwardTable == NULL || *pdwSize < size) {
		*pdwSize = (ULONG)size;
		err = ERROR_INSUFFICIENT_BUFFER;
	} else {
		fill_table1(iph, rows, pIpForwardTable, bOrder != FALSE);
	}
	FreeMibTable(rows);
	return err;
}
