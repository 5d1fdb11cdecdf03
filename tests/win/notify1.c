/* Hear of one change through an overlapped request. */
#include <winsock2.h>
#include <windows.h>
#include <iphlpapi.h>
#include <stdio.h>

#pragma comment(lib, "ws2_32.lib")
#pragma comment(lib, "iphlpapi.lib")

static void change(void)
{
    MIB_IPFORWARDROW row;

    memset(&row, 0, sizeof(row));
    row.dwForwardNextHop = inet_addr("192.0.2.254");
    row.dwForwardIfIndex = 2;
    row.ForwardProto = MIB_IPPROTO_NETMGMT;
    row.dwForwardMetric1 = MIB_IPROUTE_METRIC_UNUSED;
    if (CreateIpForwardEntry(&row) != NO_ERROR)
        printf("no change\n");
}

int main()
{
    OVERLAPPED overlap;
    DWORD ret, bytes;
    HANDLE hand = NULL;

    ZeroMemory(&overlap, sizeof(overlap));
    overlap.hEvent = WSACreateEvent();
    ret = NotifyRouteChange(&hand, &overlap);
    if (ret != NO_ERROR) {
        if (WSAGetLastError() != WSA_IO_PENDING) {
            printf("NotifyRouteChange error...%d\n", WSAGetLastError());
            return 1;
        }
    }
    printf("waiting: %s\n", WaitForSingleObject(overlap.hEvent, 0) == WAIT_TIMEOUT ? "nothing yet" : "?");
    change();
    if (WaitForSingleObject(overlap.hEvent, INFINITE) == WAIT_OBJECT_0)
        printf("Routing table changed..\n");
    if (GetOverlappedResult(hand, &overlap, &bytes, FALSE))
        printf("result: %lu bytes\n", bytes);
    ret = NotifyRouteChange(&hand, &overlap);
    printf("%lu, cancelled: %d\n", ret, CancelIPChangeNotify(&overlap));
    WSACloseEvent(overlap.hEvent);
    return 0;
}
