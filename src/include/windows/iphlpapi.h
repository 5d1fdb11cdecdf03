/*
 * Version 1 functions, and as on Windows everything of netioapi.h.
 */
#ifndef RTM_WINDOWS_IPHLPAPI_H
#define RTM_WINDOWS_IPHLPAPI_H

#include "ifmib.h"
#include "ipmib.h"
#include "iptypes.h"
#include "netioapi.h"

#include "winbase.h"

#include "../iphlpapi.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Hear of the next change of an IPv4 route, once [OURS 14].
 *
 * @param Handle      NULL, with overlapped NULL: wait for the change and return NO_ERROR.
 *                    Otherwise it becomes a handle for GetOverlappedResult(), which is not
 *                    to be closed.
 * @param overlapped  its hEvent is signalled at the change; NULL there: *Handle is.
 *                    It must stay where it is until then.
 * @return            ERROR_IO_PENDING for a request that waits now, also as the last error;
 *                    87 for one NULL of the two, or an overlapped that waits already; 6 for
 *                    an hEvent that is no event; 1131 for waiting within a call-back; 8; 50.
 */
DWORD WINAPI NotifyRouteChange(PHANDLE Handle, LPOVERLAPPED overlapped);
/** Give a request up: its event is signalled. FALSE: 87 for NULL, 1168 for none waiting. */
BOOL WINAPI CancelIPChangeNotify(LPOVERLAPPED notifyOverlapped);

#ifdef __cplusplus
}
#endif

#endif
