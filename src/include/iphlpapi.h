/*
 * The version 1 route functions of the IP Helper interface [IPHLP]: IPv4 rows with
 * total metrics. A row is the caller's and only read. Any thread may call.
 */
#ifndef RTM_IPHLPAPI_H
#define RTM_IPHLPAPI_H

#include "ifmib.h"
#include "ipmib.h"
#include "iptypes.h"
#include "winerr.h"
#include "wintypes.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Add an IPv4 route; 5010 where dest, mask, next hop and interface exist already. */
DWORD WINAPI CreateIpForwardEntry(PMIB_IPFORWARDROW pRoute);
/** Change the metric of an IPv4 route; 1168 where it is missing: never creates. */
DWORD WINAPI SetIpForwardEntry(PMIB_IPFORWARDROW pRoute);
/** Remove an IPv4 route; the protocol must be NETMGMT or 0. */
DWORD WINAPI DeleteIpForwardEntry(PMIB_IPFORWARDROW pRoute);
/**
 * All IPv4 routes. Call with *pdwSize 0 to learn the size (122), then again; the table
 * may have grown in between. 232: there are none.
 *
 * @param pdwSize  bytes of the buffer; only changed with 122.
 * @param bOrder   TRUE: by destination, protocol, policy, next hop.
 */
DWORD WINAPI GetIpForwardTable(PMIB_IPFORWARDTABLE pIpForwardTable, PULONG pdwSize,
                               BOOL bOrder);
/** Interface of the best route to an IPv4 address; 1231: no route. */
DWORD WINAPI GetBestInterface(IPAddr dwDestAddr, PDWORD pdwBestIfIndex);
/** The same for an IPv4 or IPv6 socket address. */
DWORD WINAPI GetBestInterfaceEx(struct sockaddr *pDestAddr, PDWORD pdwBestIfIndex);
/** The best route to an IPv4 address; dwSourceAddr 0: from any. */
DWORD WINAPI GetBestRoute(DWORD dwDestAddr, DWORD dwSourceAddr, PMIB_IPFORWARDROW pBestRoute);

/*
 * Interfaces, for programs that list them before they choose one for a route [OURS 16].
 * The size idiom is that of GetIpForwardTable; with GetAdaptersInfo the code is 111.
 */

/** The IPv4 addresses of all interfaces; bOrder TRUE: by address. */
DWORD WINAPI GetIpAddrTable(PMIB_IPADDRTABLE pIpAddrTable, PULONG pdwSize, BOOL bOrder);
/** All interfaces, by index. */
DWORD WINAPI GetIfTable(PMIB_IFTABLE pIfTable, PULONG pdwSize, BOOL bOrder);
/** The interface with the index that the row has; 13 where there is none. */
DWORD WINAPI GetIfEntry(PMIB_IFROW pIfRow);
DWORD WINAPI GetNumberOfInterfaces(PDWORD pdwNumIf);
/** All interfaces but loopback, linked by Next; 232 where there is none. */
DWORD WINAPI GetAdaptersInfo(PIP_ADAPTER_INFO AdapterInfo, PULONG SizePointer);

#ifdef __cplusplus
}
#endif

#endif
