/* InitializeIpForwardEntry, and only what must be set is set: 255 and -1 stay. */
#include <winsock2.h>
#include <ws2ipdef.h>
#include <iphlpapi.h>
#include <netioapi.h>
#include <stdio.h>

#pragma comment(lib, "iphlpapi")

int main(int argc, char **argv)
{
    MIB_IPFORWARD_ROW2 row;
    NETIO_STATUS status;

    UNREFERENCED_PARAMETER(argc);
    UNREFERENCED_PARAMETER(argv);
    InitializeIpForwardEntry(&row);
    printf("%u %lu %d %lu\n", row.SitePrefixLength, row.Metric, row.Protocol, row.ValidLifetime);
    row.InterfaceIndex = 2;
    row.DestinationPrefix.Prefix.si_family = AF_INET6;
    row.DestinationPrefix.Prefix.Ipv6.sin6_addr.s6_addr[0] = 0x20;
    row.DestinationPrefix.Prefix.Ipv6.sin6_addr.s6_addr[1] = 0x01;
    row.DestinationPrefix.PrefixLength = 16;
    row.NextHop.si_family = AF_INET6;
    status = CreateIpForwardEntry2(&row);
    printf("create %lu\n", status);
    if (status != NO_ERROR && status != ERROR_OBJECT_ALREADY_EXISTS)
        return 1;
    if ((status = GetIpForwardEntry2(&row)) != NO_ERROR)
        return 1;
    printf("%u %lu %d %s %s\n", row.SitePrefixLength, row.Metric, row.Protocol,
           row.Immortal ? "immortal" : "mortal", row.Origin == NlroManual ? "manual" : "?");
    row.Metric = 7;
    printf("set %lu\n", SetIpForwardEntry2(&row));
    printf("get %lu\n", GetIpForwardEntry2(&row));
    printf("metric %lu\n", row.Metric);
    printf("delete %lu\n", DeleteIpForwardEntry2(&row));
    printf("again %lu\n", DeleteIpForwardEntry2(&row));
    return 0;
}
