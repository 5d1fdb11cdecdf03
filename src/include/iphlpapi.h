/*
 * The version 1 route functions of the IP Helper interface [IPHLP]: IPv4 rows with
 * total metrics. A row is the caller's and only read. Any thread may call.
 */
#ifndef RTM_IPHLPAPI_H
#define RTM_IPHLPAPI_H

#include "ipmib.h"
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

#ifdef __cplusplus
}
#endif

#endif
