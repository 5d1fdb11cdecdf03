/* Replace the default gateway: find it, make the new one from a copy, delete the old one. */
#include <windows.h>
#include <winsock2.h>
#include <iphlpapi.h>
#include <stdio.h>
#include <stdlib.h>

#pragma comment(lib, "IPHLPAPI.lib")

int main(void)
{
    PMIB_IPFORWARDTABLE pIpForwardTable = NULL;
    PMIB_IPFORWARDROW pRow = NULL;
    DWORD dwSize = 0;
    BOOL bOrder = FALSE;
    DWORD dwStatus = 0;
    DWORD NewGateway = 0xDDBBCCAA; /* 170.204.187.221 on a little-endian machine */
    unsigned int i;

    dwStatus = GetIpForwardTable(pIpForwardTable, &dwSize, bOrder);
    printf("an empty table: %d, size %d\n", dwStatus, dwSize);

    pRow = (PMIB_IPFORWARDROW) malloc(sizeof (MIB_IPFORWARDROW));
    if (!pRow) {
        printf("Malloc failed. Out of memory.\n");
        exit(1);
    }
    memset(pRow, 0, sizeof(MIB_IPFORWARDROW));
    pRow->dwForwardNextHop = inet_addr("192.0.2.254");
    pRow->dwForwardIfIndex = 2;
    pRow->dwForwardProto = MIB_IPPROTO_NETMGMT;
    pRow->dwForwardMetric1 = (DWORD) -1;
    dwStatus = CreateIpForwardEntry(pRow);
    printf("create: %d, again: %d\n", dwStatus, CreateIpForwardEntry(pRow));
    free(pRow);
    pRow = NULL;

    dwStatus = GetIpForwardTable(pIpForwardTable, &dwSize, bOrder);
    if (dwStatus == ERROR_INSUFFICIENT_BUFFER) {
        if (!(pIpForwardTable = (PMIB_IPFORWARDTABLE) malloc(dwSize))) {
            printf("Malloc failed. Out of memory.\n");
            exit(1);
        }
        dwStatus = GetIpForwardTable(pIpForwardTable, &dwSize, bOrder);
    }
    if (dwStatus != ERROR_SUCCESS) {
        printf("getIpForwardTable failed.\n");
        if (pIpForwardTable)
            free(pIpForwardTable);
        exit(1);
    }
    for (i = 0; i < pIpForwardTable->dwNumEntries; i++) {
        if (pIpForwardTable->table[i].dwForwardDest == 0) {
            if (!pRow) {
                pRow = (PMIB_IPFORWARDROW) malloc(sizeof (MIB_IPFORWARDROW));
                if (!pRow) {
                    printf("Malloc failed. Out of memory.\n");
                    exit(1);
                }
                memcpy(pRow, &(pIpForwardTable->table[i]), sizeof (MIB_IPFORWARDROW));
            }
            dwStatus = DeleteIpForwardEntry(&(pIpForwardTable->table[i]));
            if (dwStatus != ERROR_SUCCESS) {
                printf("Could not delete old gateway\n");
                exit(1);
            }
        }
    }
    pRow->dwForwardNextHop = NewGateway;
    dwStatus = SetIpForwardEntry(pRow);
    if (dwStatus == NO_ERROR)
        printf("Gateway changed successfully\n");
    else if (dwStatus == ERROR_INVALID_PARAMETER)
        printf("Invalid parameter.\n");
    else
        printf("Error: %d\n", dwStatus);
    if (dwStatus == ERROR_NOT_FOUND)
        printf("creating instead: %d\n", CreateIpForwardEntry(pRow));
    {
        MIB_IPFORWARDROW best;
        IN_ADDR hop;

        dwStatus = GetBestRoute(inet_addr("8.8.8.8"), 0, &best);
        hop.S_un.S_addr = best.dwForwardNextHop;
        printf("best: %d via %s metric %d\n", dwStatus, inet_ntoa(hop), best.dwForwardMetric1);
    }
    if (pIpForwardTable)
        free(pIpForwardTable);
    if (pRow)
        free(pRow);
    exit(0);
}
