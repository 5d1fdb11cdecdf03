/* Hear of changes by call-back, and wait for them with an event. */
#include <winsock2.h>
#include <ws2ipdef.h>
#include <windows.h>
#include <iphlpapi.h>
#include <stdio.h>

typedef struct {
    HANDLE hDone;
    LONG count;
} CONTEXT_DATA, *PCONTEXT_DATA;

VOID CALLBACK OnRouteChange(_In_ PVOID CallerContext, _In_opt_ PMIB_IPFORWARD_ROW2 Row,
                            _In_ MIB_NOTIFICATION_TYPE NotificationType)
{
    PCONTEXT_DATA data = (PCONTEXT_DATA)CallerContext;
    char text[64];

    if (Row == NULL) {
        printf("initial notification, type %d\n", NotificationType);
        return;
    }
    inet_ntop(AF_INET, &Row->DestinationPrefix.Prefix.Ipv4.sin_addr, text, sizeof(text));
    switch (NotificationType) {
    case MibAddInstance:
        printf("added %s/%d\n", text, Row->DestinationPrefix.PrefixLength);
        break;
    case MibParameterNotification:
        printf("changed %s/%d\n", text, Row->DestinationPrefix.PrefixLength);
        break;
    case MibDeleteInstance:
        printf("deleted %s/%d\n", text, Row->DestinationPrefix.PrefixLength);
        break;
    default:
        break;
    }
    if (InterlockedIncrement(&data->count) == 3)
        SetEvent(data->hDone);
}

int main(void)
{
    CONTEXT_DATA data = { NULL, 0 };
    HANDLE hNotify = NULL;
    MIB_IPFORWARD_ROW2 row;
    DWORD ret;

    data.hDone = CreateEvent(NULL, TRUE, FALSE, NULL);
    if (data.hDone == NULL)
        return 1;
    ret = NotifyRouteChange2(AF_INET, (PIPFORWARD_CHANGE_CALLBACK)OnRouteChange, &data, TRUE, &hNotify);
    printf("NotifyRouteChange2: %lu\n", ret);

    InitializeIpForwardEntry(&row);
    row.InterfaceIndex = 2;
    row.DestinationPrefix.PrefixLength = 24;
    row.DestinationPrefix.Prefix.Ipv4.sin_family = AF_INET;
    row.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr = htonl(0xCB007100);
    row.NextHop.Ipv4.sin_family = AF_INET;
    row.NextHop.Ipv4.sin_addr.s_addr = htonl(0xC0000201);
    CreateIpForwardEntry2(&row);
    row.Metric = 5;
    SetIpForwardEntry2(&row);
    /* a change that is told after the row has gone is told all the same */
    if (WaitForSingleObject(data.hDone, 0) == WAIT_TIMEOUT)
        DeleteIpForwardEntry2(&row);
    ret = WaitForSingleObject(data.hDone, 30000);
    printf("%s, %ld events\n", ret == WAIT_OBJECT_0 ? "done" : "time is over", data.count);
    printf("CancelMibChangeNotify2: %lu\n", CancelMibChangeNotify2(hNotify));
    CloseHandle(data.hDone);
    return 0;
}
