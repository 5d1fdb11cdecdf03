/* What can be routed to: adapters, addresses, interfaces. */
#include <winsock2.h>
#include <iphlpapi.h>
#include <stdio.h>
#include <stdlib.h>

#define WORKING_BUFFER_SIZE 15000

static void print_adapters(void)
{
    PIP_ADAPTER_INFO pAdapterInfo, pAdapter = NULL;
    ULONG ulOutBufLen = sizeof (IP_ADAPTER_INFO);
    DWORD dwRetVal;

    pAdapterInfo = (IP_ADAPTER_INFO *) malloc(sizeof (IP_ADAPTER_INFO));
    if (GetAdaptersInfo(pAdapterInfo, &ulOutBufLen) == ERROR_BUFFER_OVERFLOW) {
        free(pAdapterInfo);
        pAdapterInfo = (IP_ADAPTER_INFO *) malloc(ulOutBufLen);
    }
    if ((dwRetVal = GetAdaptersInfo(pAdapterInfo, &ulOutBufLen)) == NO_ERROR) {
        for (pAdapter = pAdapterInfo; pAdapter; pAdapter = pAdapter->Next) {
            printf("%d %s (%s) %s/%s gw %s type %s\n", (int) pAdapter->Index, pAdapter->AdapterName,
                   pAdapter->Description, pAdapter->IpAddressList.IpAddress.String,
                   pAdapter->IpAddressList.IpMask.String, pAdapter->GatewayList.IpAddress.String,
                   pAdapter->Type == MIB_IF_TYPE_ETHERNET ? "Ethernet" : "other");
        }
    } else {
        printf("GetAdaptersInfo failed with error: %d\n", dwRetVal);
    }
    if (pAdapterInfo)
        free(pAdapterInfo);
}

int main()
{
    PMIB_IPADDRTABLE pIPAddrTable = (MIB_IPADDRTABLE *) HeapAlloc(GetProcessHeap(), 0, sizeof (MIB_IPADDRTABLE));
    PMIB_IFTABLE pIfTable = (MIB_IFTABLE *) malloc(WORKING_BUFFER_SIZE);
    DWORD dwSize = 0, i;
    IN_ADDR IPAddr;
    MIB_IPFORWARDROW row;

    memset(&row, 0, sizeof row);
    row.dwForwardNextHop = inet_addr("198.51.100.1");
    row.dwForwardIfIndex = 3;
    row.dwForwardProto = 3;
    row.dwForwardMetric1 = 10;
    CreateIpForwardEntry(&row);
    print_adapters();

    if (GetIpAddrTable(pIPAddrTable, &dwSize, 0) == ERROR_INSUFFICIENT_BUFFER) {
        HeapFree(GetProcessHeap(), 0, pIPAddrTable);
        pIPAddrTable = (MIB_IPADDRTABLE *) HeapAlloc(GetProcessHeap(), 0, dwSize);
    }
    if (GetIpAddrTable(pIPAddrTable, &dwSize, 0) == NO_ERROR) {
        for (i = 0; i < pIPAddrTable->dwNumEntries; i++) {
            IPAddr.S_un.S_addr = (u_long) pIPAddrTable->table[i].dwAddr;
            printf("Interface Index[%d]: %ld %s", (int) i, pIPAddrTable->table[i].dwIndex, inet_ntoa(IPAddr));
            IPAddr.S_un.S_addr = (u_long) pIPAddrTable->table[i].dwMask;
            printf(" mask %s%s\n", inet_ntoa(IPAddr),
                   pIPAddrTable->table[i].wType & MIB_IPADDR_PRIMARY ? " primary" : "");
        }
    }
    dwSize = WORKING_BUFFER_SIZE;
    if (GetIfTable(pIfTable, &dwSize, FALSE) == NO_ERROR)
        for (i = 0; i < pIfTable->dwNumEntries; i++)
            printf("%ld %ls %s %s\n", pIfTable->table[i].dwIndex, pIfTable->table[i].wszName,
                   (char *) pIfTable->table[i].bDescr,
                   pIfTable->table[i].dwOperStatus == IF_OPER_STATUS_OPERATIONAL ? "up" : "down");
    HeapFree(GetProcessHeap(), 0, pIPAddrTable);
    free(pIfTable);
    return 0;
}
