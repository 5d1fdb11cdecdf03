/*
 * Replace the default gateway, the way that works.
 *
 *     gateway_change NEW [OLD INTERFACE]
 *
 * The next hop is part of what identifies a route, so no Set changes it: the new default
 * route is created first and the old one deleted then, and at no moment the machine is
 * without. Deleting first and then calling SetIpForwardEntry, as an old sample did, ends
 * with ERROR_NOT_FOUND and no default route at all.
 *
 * A table in memory begins empty: OLD and INTERFACE then make the route that is replaced.
 *
 *     cc gateway_change.c $(pkg-config --cflags --libs rtm-windows)
 */
#include <winsock2.h>
#include <ws2tcpip.h>

#include <windows.h>

#include <iphlpapi.h>

#include <stdio.h>
#include <stdlib.h>

/* The whole table, by the two calls that its size takes; NULL and a message otherwise. */
static PMIB_IPFORWARDTABLE
read_table(void)
{
	PMIB_IPFORWARDTABLE table = NULL;
	DWORD size = 0, status;

	while ((status = GetIpForwardTable(table, &size, FALSE)) == ERROR_INSUFFICIENT_BUFFER) {
		if (table != NULL)
			HeapFree(GetProcessHeap(), 0, table);
		table = HeapAlloc(GetProcessHeap(), 0, size);
		if (table == NULL) {
			printf("no memory\n");
			return NULL;
		}
	}
	if (status == NO_ERROR)
		return table;
	printf("GetIpForwardTable: %d\n", status);
	HeapFree(GetProcessHeap(), 0, table);
	return NULL;
}

/* The default route with the lowest metric. */
static PMIB_IPFORWARDROW
default_route(PMIB_IPFORWARDTABLE table)
{
	PMIB_IPFORWARDROW best = NULL;

	for (DWORD i = 0; i < table->dwNumEntries; i++) {
		PMIB_IPFORWARDROW row = &table->table[i];

		if (row->dwForwardDest == 0 && row->dwForwardMask == 0 &&
		    (best == NULL || row->dwForwardMetric1 < best->dwForwardMetric1))
			best = row;
	}
	return best;
}

static DWORD
replace_gateway(const MIB_IPFORWARDROW *old, DWORD gateway)
{
	MIB_IPFORWARDROW row = *old;
	DWORD status;

	row.dwForwardNextHop = gateway;
	row.dwForwardProto = MIB_IPPROTO_NETMGMT;
	status = CreateIpForwardEntry(&row);
	if (status != NO_ERROR)
		return status;
	row = *old;
	row.dwForwardProto = MIB_IPPROTO_NETMGMT;
	return DeleteIpForwardEntry(&row);
}

static DWORD
make_first(const char *gateway, const char *interface)
{
	MIB_IPFORWARDROW row;
	DWORD status;

	ZeroMemory(&row, sizeof row);
	row.dwForwardNextHop = inet_addr(gateway);
	row.dwForwardIfIndex = (DWORD)atoi(interface);
	row.dwForwardProto = MIB_IPPROTO_NETMGMT;
	/* the least metric that the interface allows */
	do
		status = CreateIpForwardEntry(&row);
	while (status == ERROR_BAD_ARGUMENTS && row.dwForwardMetric1++ < 10000);
	return status;
}

static void
print_defaults(PMIB_IPFORWARDTABLE table)
{
	for (DWORD i = 0; i < table->dwNumEntries; i++) {
		struct in_addr gateway;

		if (table->table[i].dwForwardDest != 0)
			continue;
		gateway.S_un.S_addr = table->table[i].dwForwardNextHop;
		printf("default via %s if %d metric %d\n", inet_ntoa(gateway),
		       table->table[i].dwForwardIfIndex, table->table[i].dwForwardMetric1);
	}
}

int
main(int argc, char **argv)
{
	PMIB_IPFORWARDTABLE table;
	PMIB_IPFORWARDROW old;
	DWORD status = NO_ERROR;

	if (argc != 2 && argc != 4) {
		printf("gateway_change NEW [OLD INTERFACE]\n");
		return 2;
	}
	if (argc == 4 && (status = make_first(argv[2], argv[3])) != NO_ERROR) {
		printf("CreateIpForwardEntry: %d\n", status);
		return 1;
	}
	table = read_table();
	if (table == NULL)
		return 1;
	print_defaults(table);
	old = default_route(table);
	status = old != NULL ? replace_gateway(old, inet_addr(argv[1])) : ERROR_NOT_FOUND;
	HeapFree(GetProcessHeap(), 0, table);
	if (status != NO_ERROR) {
		printf("Error: %d\n", status);
		return 1;
	}
	table = read_table();
	if (table == NULL)
		return 1;
	print_defaults(table);
	HeapFree(GetProcessHeap(), 0, table);
	return 0;
}
