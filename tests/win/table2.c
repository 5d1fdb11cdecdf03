/* Both families in one table. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <stdio.h>

static void print_address(const SOCKADDR_INET *addr, int length)
{
    char buf[INET6_ADDRSTRLEN] = "";

    switch (addr->si_family) {
    case AF_INET:
        inet_ntop(AF_INET, &addr->Ipv4.sin_addr, buf, sizeof(buf));
        break;
    case AF_INET6:
        inet_ntop(AF_INET6, &addr->Ipv6.sin6_addr, buf, sizeof(buf));
        break;
    }
    if (length >= 0)
        printf("%s/%d", buf, length);
    else
        printf("%s", buf);
}

static void add(int family, const char *dst, int plen, const char *gw, ULONG metric)
{
    MIB_IPFORWARD_ROW2 r;

    InitializeIpForwardEntry(&r);
    r.InterfaceIndex = 2;
    r.Metric = metric;
    r.DestinationPrefix.PrefixLength = (UINT8)plen;
    r.DestinationPrefix.Prefix.si_family = (ADDRESS_FAMILY)family;
    r.NextHop.si_family = (ADDRESS_FAMILY)family;
    if (family == AF_INET) {
        inet_pton(family, dst, &r.DestinationPrefix.Prefix.Ipv4.sin_addr);
        inet_pton(family, gw, &r.NextHop.Ipv4.sin_addr);
    } else {
        inet_pton(family, dst, &r.DestinationPrefix.Prefix.Ipv6.sin6_addr);
        inet_pton(family, gw, &r.NextHop.Ipv6.sin6_addr);
    }
    if (CreateIpForwardEntry2(&r) != NO_ERROR)
        printf("cannot add %s\n", dst);
}

int main(void)
{
    PMIB_IPFORWARD_TABLE2 table = NULL;
    ULONG i;
    DWORD ret;

    ret = GetIpForwardTable2(AF_UNSPEC, &table);
    printf("empty: %u %s\n", ret, table == NULL ? "NULL" : "?");
    add(AF_INET6, "2001:db8:2::", 48, "fe80::1", 5);
    add(AF_INET, "203.0.113.0", 24, "192.0.2.1", 10);
    add(AF_INET6, "::", 0, "2001:db8:1::1", 0);
    add(AF_INET, "203.0.113.0", 24, "192.0.2.9", 2);
    ret = GetIpForwardTable2(AF_UNSPEC, &table);
    if (ret != NO_ERROR) {
        printf("GetIpForwardTable2 returned error: %u\n", ret);
        return 1;
    }
    for (i = 0; i < table->NumEntries; i++) {
        PMIB_IPFORWARD_ROW2 row = &table->Table[i];

        print_address(&row->DestinationPrefix.Prefix, row->DestinationPrefix.PrefixLength);
        printf(" via ");
        print_address(&row->NextHop, -1);
        printf(" metric %lu age %lu%s\n", row->Metric, row->Age < 5 ? 0 : row->Age,
               row->Protocol == MIB_IPPROTO_NETMGMT ? " static" : "");
    }
    FreeMibTable(table);
    return 0;
}
