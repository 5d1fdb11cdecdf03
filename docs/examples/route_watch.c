/*
 * Print a line for every change of a route.
 *
 *     route_watch [-6|-4] [SECONDS]
 *     route_watch -d INTERFACE
 *
 * Without a time it waits for ever. A call-back gets the key of the row only and may ask
 * for the rest; it runs on a thread of the library. -d makes some changes itself, for a
 * table in memory that nobody else could change, and ends.
 *
 *     cc route_watch.c $(pkg-config --cflags --libs rtm-windows)
 */
#include <winsock2.h>
#include <ws2tcpip.h>

#include <windows.h>

#include <iphlpapi.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile LONG events;

static const char *
text_of(const SOCKADDR_INET *address, char *text, socklen_t size)
{
	return inet_ntop(address->si_family,
	                 address->si_family == AF_INET ? (const void *)&address->Ipv4.sin_addr
	                                               : (const void *)&address->Ipv6.sin6_addr,
	                 text, size);
}

static VOID WINAPI
changed(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	static const char *const words[] = { "changed", "added", "deleted" };
	char prefix[INET6_ADDRSTRLEN], hop[INET6_ADDRSTRLEN];
	MIB_IPFORWARD_ROW2 whole;

	(void)context;
	if (row == NULL) {
		printf("watching\n");
		return;
	}
	whole = *row;
	printf("%s %s/%u via %s if %u", words[type],
	       text_of(&row->DestinationPrefix.Prefix, prefix, sizeof prefix),
	       row->DestinationPrefix.PrefixLength, text_of(&row->NextHop, hop, sizeof hop),
	       row->InterfaceIndex);
	if (GetIpForwardEntry2(&whole) == NO_ERROR)
		printf(" metric %u", whole.Metric);
	printf("\n");
	fflush(stdout);
	__atomic_add_fetch(&events, 1, __ATOMIC_SEQ_CST);
}

/* Each step waits until it has been told of, so that what is printed is what was. */
static BOOL
told(LONG n)
{
	for (int i = 0; i < 1000; i++) {
		if (__atomic_load_n(&events, __ATOMIC_SEQ_CST) >= n)
			return TRUE;
		Sleep(10);
	}
	printf("no notification came\n");
	return FALSE;
}

static int
demonstrate(NET_IFINDEX interface)
{
	MIB_IPFORWARD_ROW2 row;
	DWORD status;

	InitializeIpForwardEntry(&row);
	row.InterfaceIndex = interface;
	row.DestinationPrefix.Prefix.si_family = AF_INET;
	row.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr = inet_addr("203.0.113.0");
	row.DestinationPrefix.PrefixLength = 24;
	row.NextHop.si_family = AF_INET;
	row.NextHop.Ipv4.sin_addr.s_addr = inet_addr("192.0.2.1");
	status = CreateIpForwardEntry2(&row);
	if (status == NO_ERROR && told(1)) {
		row.Metric = 7;
		status = SetIpForwardEntry2(&row);
	}
	if (status == NO_ERROR && told(2))
		status = DeleteIpForwardEntry2(&row);
	if (status != NO_ERROR)
		printf("Error: %d\n", status);
	return status != NO_ERROR || !told(3);
}

int
main(int argc, char **argv)
{
	ADDRESS_FAMILY family = AF_UNSPEC;
	HANDLE handle;
	DWORD status;
	int result = 0, at = 1;

	if (at < argc && (strcmp(argv[at], "-4") == 0 || strcmp(argv[at], "-6") == 0))
		family = argv[at++][1] == '4' ? AF_INET : AF_INET6;
	status = NotifyRouteChange2(family, changed, NULL, TRUE, &handle);
	if (status != NO_ERROR) {
		printf("NotifyRouteChange2: %d\n", status);
		return 1;
	}
	if (at + 1 < argc && strcmp(argv[at], "-d") == 0)
		result = demonstrate((NET_IFINDEX)atoi(argv[at + 1]));
	else
		Sleep(at < argc ? (DWORD)atoi(argv[at]) * 1000 : INFINITE);
	CancelMibChangeNotify2(handle);
	return result;
}
