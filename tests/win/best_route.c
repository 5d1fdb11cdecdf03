/* Where does a packet go, and from which address? */
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <iphlpapi.h>
#include <netioapi.h>
#include <stdio.h>
#include <stdlib.h>

static DWORD add(PCSTR prefix, UINT8 length, PCSTR via, NET_IFINDEX index, ULONG metric)
{
    MIB_IPFORWARD_ROW2 row;

    InitializeIpForwardEntry(&row);
    row.DestinationPrefix.PrefixLength = length;
    row.DestinationPrefix.Prefix.si_family = row.NextHop.si_family = AF_INET;
    row.DestinationPrefix.Prefix.Ipv4.sin_addr.S_un.S_addr = inet_addr(prefix);
    row.NextHop.Ipv4.sin_addr.s_addr = inet_addr(via);
    row.InterfaceIndex = index;
    row.Metric = metric;
    row.Protocol = RouteProtocolNetMgmt;
    return CreateIpForwardEntry2(&row);
}

static void look(PCSTR to)
{
    SOCKADDR_INET dest, source;
    MIB_IPFORWARD_ROW2 best;
    char hop[INET6_ADDRSTRLEN], from[INET6_ADDRSTRLEN];
    DWORD index = 0, dwErr;
    SOCKADDR_IN sin;

    ZeroMemory(&dest, sizeof dest);
    dest.si_family = AF_INET;
    dest.Ipv4.sin_addr.s_addr = inet_addr(to);
    dwErr = GetBestRoute2(NULL, 0, NULL, &dest, 0, &best, &source);
    if (dwErr != NO_ERROR) {
        printf("%s: GetBestRoute2 failed: %lu\n", to, dwErr);
        return;
    }
    InetNtop(AF_INET, &best.NextHop.Ipv4.sin_addr, hop, sizeof hop);
    inet_ntop(source.si_family, &source.Ipv4.sin_addr, from, sizeof from);
    sin = dest.Ipv4;
    dwErr = GetBestInterfaceEx((struct sockaddr *)&sin, &index);
    printf("%s: via %s if %lu metric %lu from %s; %lu, %lu\n", to, hop, best.InterfaceIndex,
           best.Metric, from, dwErr, index);
}

int __cdecl main(int argc, char *argv[])
{
    WSADATA wsaData;

    (void)argc;
    (void)argv;
    if (WSAStartup(MAKEWORD(2, 2), &wsaData) != 0) {
        fprintf(stderr, "WSAStartup failed: %d\n", WSAGetLastError());
        return EXIT_FAILURE;
    }
    look("203.0.113.9");
    printf("%lu %lu %lu\n", add("203.0.113.0", 24, "192.0.2.1", 2, 1),
           add("0.0.0.0", 0, "192.0.2.254", 2, 0), add("203.0.113.128", 25, "198.51.100.1", 3, 500));
    look("203.0.113.9");
    look("203.0.113.200");
    look("8.8.8.8");
    WSACleanup();
    return EXIT_SUCCESS;
}
