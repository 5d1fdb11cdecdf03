/* A version 2 row that was zeroed instead of initialised. */
#include <WinSock2.h>
#include <WS2tcpip.h>
#include <Iphlpapi.h>
#include <stdio.h>

int main()
{
    MIB_IPFORWARD_ROW2 route = { 0 };
    DWORD err;

    route.InterfaceIndex = 2;
    route.DestinationPrefix.Prefix.Ipv4.sin_family = AF_INET;
    inet_pton(AF_INET, "203.0.113.0", &route.DestinationPrefix.Prefix.Ipv4.sin_addr);
    route.DestinationPrefix.PrefixLength = 24;
    route.NextHop.Ipv4.sin_family = AF_INET;
    InetPtonA(AF_INET, "192.0.2.1", &route.NextHop.Ipv4.sin_addr);
    err = CreateIpForwardEntry2(&route);
    printf("protocol 0: %u\n", err);
    route.Protocol = MIB_IPPROTO_NETMGMT;
    route.ValidLifetime = 0xffffffff;
    route.PreferredLifetime = 0xffffffff;
    err = CreateIpForwardEntry2(&route);
    printf("with lifetimes and a protocol: %u\n", err);
    if (err == NO_ERROR && GetIpForwardEntry2(&route) == NO_ERROR)
        printf("metric %u immortal %d luid %s\n", route.Metric, route.Immortal,
               route.InterfaceLuid.Value != 0 ? "filled in" : "missing");
    return 0;
}
