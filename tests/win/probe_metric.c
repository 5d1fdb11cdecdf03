/* A client that counts the metric up until the interface's is reached. */
#define WIN32_LEAN_AND_MEAN
#define _WINSOCK2API_
#include <Windows.h>
#include <WinSock2.h>
#include <IPHlpApi.h>
#include <stdio.h>

static BOOL add_route(DWORD dest, DWORD mask, DWORD gateway)
{
    MIB_IPFORWARDROW fr;
    DWORD status;
    DWORD if_index;

    if ((status = GetBestInterface(gateway, &if_index)) != NO_ERROR) {
        printf("GetBestInterface: %lu\n", status);
        if_index = 2;
    }
    memset(&fr, 0, sizeof(fr));
    fr.dwForwardDest = dest;
    fr.dwForwardMask = mask;
    fr.dwForwardPolicy = 0;
    fr.dwForwardNextHop = gateway;
    fr.dwForwardIfIndex = if_index;
    fr.dwForwardType = 4; /* the next hop is not the final dest */
    fr.dwForwardProto = 3; /* PROTO_IP_NETMGMT */
    fr.dwForwardAge = 0;
    fr.dwForwardNextHopAS = 0;
    fr.dwForwardMetric1 = 1;
    fr.dwForwardMetric2 = (DWORD)~0;
    fr.dwForwardMetric3 = (DWORD)~0;
    fr.dwForwardMetric4 = (DWORD)~0;
    fr.dwForwardMetric5 = (DWORD)~0;

    if ((dest & mask) != dest)
        printf("warning: the network has bits outside the mask\n");
    status = CreateIpForwardEntry(&fr);
    if (status == NO_ERROR)
        return TRUE;
    while (status == ERROR_BAD_ARGUMENTS && fr.dwForwardMetric1 < 2048) {
        ++fr.dwForwardMetric1;
        status = CreateIpForwardEntry(&fr);
    }
    if (status == NO_ERROR) {
        printf("it took a metric of %lu\n", fr.dwForwardMetric1);
        return TRUE;
    }
    printf("CreateIpForwardEntry: %lu\n", status);
    return FALSE;
}

int main(void)
{
    BOOL first = add_route(inet_addr("203.0.113.0"), inet_addr("255.255.255.0"), inet_addr("192.0.2.1"));
    BOOL second = add_route(inet_addr("203.0.113.7"), inet_addr("255.255.255.0"), inet_addr("192.0.2.1"));
    MIB_IPFORWARDROW fr;

    printf("%s, %s\n", first ? "added" : "failed", second ? "added" : "failed");
    /* delete without a protocol, as such clients do */
    memset(&fr, 0, sizeof(fr));
    fr.dwForwardDest = inet_addr("203.0.113.0");
    fr.dwForwardMask = inet_addr("255.255.255.0");
    fr.dwForwardNextHop = inet_addr("192.0.2.1");
    fr.dwForwardIfIndex = 2;
    printf("delete: %lu\n", DeleteIpForwardEntry(&fr));
    return 0;
}
