/* The version 1 table with memory from the process heap, printed member by member. */
#ifndef UNICODE
#define UNICODE
#endif

#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <stdio.h>
#include <stdlib.h>

#pragma comment(lib, "iphlpapi.lib")
#pragma comment(lib, "ws2_32.lib")

#define MALLOC(x) HeapAlloc(GetProcessHeap(), 0, (x))
#define FREE(x) HeapFree(GetProcessHeap(), 0, (x))

static void add(const char *dest, const char *mask, const char *hop, DWORD ifIndex, DWORD metric)
{
    MIB_IPFORWARDROW row;
    DWORD dwRet;

    ZeroMemory(&row, sizeof(row));
    row.dwForwardDest = inet_addr(dest);
    row.dwForwardMask = inet_addr(mask);
    row.dwForwardNextHop = inet_addr(hop);
    row.dwForwardIfIndex = ifIndex;
    row.dwForwardType = MIB_IPROUTE_TYPE_INDIRECT;
    row.dwForwardProto = MIB_IPPROTO_NETMGMT;
    row.dwForwardMetric1 = metric;
    if ((dwRet = CreateIpForwardEntry(&row)) != NO_ERROR)
        printf("CreateIpForwardEntry failed with %d\n", dwRet);
}

int main()
{
    PMIB_IPFORWARDTABLE pTable;
    DWORD dwSize = 0;
    DWORD dwRetVal = 0;
    char szDest[128];
    char szMask[128];
    char szHop[128];
    struct in_addr IpAddr;
    int i;

    add("10.0.0.0", "255.0.0.0", "192.0.2.1", 2, 30);
    add("0.0.0.0", "0.0.0.0", "198.51.100.1", 3, 5);
    add("203.0.113.0", "255.255.255.0", "0.0.0.0", 3, 9);

    pTable = (MIB_IPFORWARDTABLE *) MALLOC(sizeof (MIB_IPFORWARDTABLE));
    if (pTable == NULL) {
        printf("Error allocating memory\n");
        return 1;
    }
    if (GetIpForwardTable(pTable, &dwSize, 0) == ERROR_INSUFFICIENT_BUFFER) {
        FREE(pTable);
        pTable = (MIB_IPFORWARDTABLE *) MALLOC(dwSize);
        if (pTable == NULL) {
            printf("Error allocating memory\n");
            return 1;
        }
    }
    if ((dwRetVal = GetIpForwardTable(pTable, &dwSize, 0)) != NO_ERROR) {
        printf("\tGetIpForwardTable failed with %d.\n", dwRetVal);
        FREE(pTable);
        return 1;
    }
    printf("\tNumber of entries: %d\n", (int) pTable->dwNumEntries);
    for (i = 0; i < (int) pTable->dwNumEntries; i++) {
        IpAddr.S_un.S_addr = (u_long) pTable->table[i].dwForwardDest;
        strcpy_s(szDest, sizeof (szDest), inet_ntoa(IpAddr));
        IpAddr.S_un.S_addr = (u_long) pTable->table[i].dwForwardMask;
        strcpy_s(szMask, sizeof (szMask), inet_ntoa(IpAddr));
        IpAddr.S_un.S_addr = (u_long) pTable->table[i].dwForwardNextHop;
        strcpy_s(szHop, sizeof (szHop), inet_ntoa(IpAddr));
        printf("\tRoute[%d] %s mask %s via %s if %ld\n", i, szDest, szMask, szHop,
               pTable->table[i].dwForwardIfIndex);
        printf("\tRoute[%d] Type: %ld - ", i, pTable->table[i].dwForwardType);
        switch (pTable->table[i].dwForwardType) {
        case MIB_IPROUTE_TYPE_OTHER:
            printf("other\n");
            break;
        case MIB_IPROUTE_TYPE_INVALID:
            printf("invalid\n");
            break;
        case MIB_IPROUTE_TYPE_DIRECT:
            printf("direct\n");
            break;
        case MIB_IPROUTE_TYPE_INDIRECT:
            printf("indirect\n");
            break;
        default:
            printf("UNKNOWN\n");
        }
        printf("\tRoute[%d] Proto: %ld - ", i, pTable->table[i].dwForwardProto);
        switch (pTable->table[i].dwForwardProto) {
        case MIB_IPPROTO_LOCAL:
            printf("local\n");
            break;
        case MIB_IPPROTO_NETMGMT:
            printf("static\n");
            break;
        case MIB_IPPROTO_NT_AUTOSTATIC:
        case MIB_IPPROTO_NT_STATIC:
        case MIB_IPPROTO_NT_STATIC_NON_DOD:
            printf("from a routing service\n");
            break;
        default:
            printf("UNKNOWN\n");
        }
        printf("\tRoute[%d] Age: %ld Metric1: %ld Metric2: %lu\n", i,
               pTable->table[i].dwForwardAge, pTable->table[i].dwForwardMetric1,
               pTable->table[i].dwForwardMetric2);
    }
    FREE(pTable);
    return 0;
}
