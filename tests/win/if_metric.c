/* Make an interface the cheaper one. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <stdio.h>

static BOOL WINAPI SetMetric(_In_ NET_IFINDEX Index, _In_ ADDRESS_FAMILY Family, _In_ ULONG Metric,
                             _Out_ PULONG OldMetric)
{
    MIB_IPINTERFACE_ROW row;
    DWORD err;

    InitializeIpInterfaceEntry(&row);
    row.Family = Family;
    row.InterfaceIndex = Index;
    *OldMetric = 0;
    err = GetIpInterfaceEntry(&row);
    if (err != NO_ERROR) {
        printf("GetIpInterfaceEntry: %lu\n", err);
        return FALSE;
    }
    *OldMetric = row.Metric;
    row.UseAutomaticMetric = FALSE;
    row.Metric = Metric;
    err = SetIpInterfaceEntry(&row);
    printf("as it was read: %lu\n", err);
    if (row.Family == AF_INET)
        row.SitePrefixLength = 0;
    err = SetIpInterfaceEntry(&row);
    if (err != NO_ERROR)
        printf("SetIpInterfaceEntry: %lu\n", err);
    return err == NO_ERROR;
}

int main(void)
{
    PMIB_IPINTERFACE_TABLE table;
    MIB_IPFORWARDROW row, best;
    ULONG old, i;

    if (!SetMetric(2, AF_INET, 3, &old))
        return 1;
    printf("metric was %lu\n", old);
    SetMetric(77, AF_INET, 3, &old);
    memset(&row, 0, sizeof row);
    row.dwForwardIfIndex = 2;
    row.dwForwardNextHop = inet_addr("192.0.2.1");
    row.dwForwardProto = MIB_IPPROTO_NETMGMT;
    row.dwForwardMetric1 = 3;
    printf("at the new metric: %lu\n", CreateIpForwardEntry(&row));
    if (GetBestRoute(inet_addr("8.8.8.8"), 0, &best) == NO_ERROR)
        printf("metric %lu\n", best.dwForwardMetric1);
    if (GetIpInterfaceTable(AF_INET, &table) == NO_ERROR) {
        for (i = 0; i < table->NumEntries; i++)
            printf("%lu: %lu%s\n", table->Table[i].InterfaceIndex, table->Table[i].Metric,
                   table->Table[i].Connected ? "" : " disconnected");
        FreeMibTable(table);
    }
    return 0;
}
