/*
 * The version 2 route functions of the IP Helper interface [NETIO]: IPv4 and IPv6,
 * interface by LUID or index, Metric is the offset on top of the interface's.
 *
 * A row is the caller's; functions copy what they need. Any thread may call. The
 * codes of each function, and the order of its checks, are in docs/errors.md.
 */
#ifndef RTM_NETIOAPI_H
#define RTM_NETIOAPI_H

#include "nldef.h"
#include "winerr.h"
#include "wintypes.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NETIO_STATUS DWORD
#define NETIOAPI_API NETIO_STATUS WINAPI
#define NETIOAPI_API_ WINAPI
#define NET_IFINDEX_UNSPECIFIED ((NET_IFINDEX)0)
#define IFI_UNSPECIFIED NET_IFINDEX_UNSPECIFIED

typedef union _SOCKADDR_INET {
	struct sockaddr_in Ipv4;
	struct sockaddr_in6 Ipv6;
	ADDRESS_FAMILY si_family;
} SOCKADDR_INET, *PSOCKADDR_INET;

typedef union _NET_LUID_LH {
	ULONG64 Value;
	struct {
		ULONG64 Reserved : 24;
		ULONG64 NetLuidIndex : 24;
		ULONG64 IfType : 16;
	} Info;
} NET_LUID_LH, *PNET_LUID_LH, NET_LUID, *PNET_LUID, IF_LUID, *PIF_LUID;

typedef struct _IP_ADDRESS_PREFIX {
	SOCKADDR_INET Prefix;
	UINT8 PrefixLength;
} IP_ADDRESS_PREFIX, *PIP_ADDRESS_PREFIX;

typedef struct _MIB_IPFORWARD_ROW2 {
	NET_LUID InterfaceLuid;
	NET_IFINDEX InterfaceIndex;
	IP_ADDRESS_PREFIX DestinationPrefix;
	SOCKADDR_INET NextHop;
	UCHAR SitePrefixLength;
	ULONG ValidLifetime;
	ULONG PreferredLifetime;
	ULONG Metric;
	NL_ROUTE_PROTOCOL Protocol;
	BOOLEAN Loopback;
	BOOLEAN AutoconfigureAddress;
	BOOLEAN Publish;
	BOOLEAN Immortal;
	ULONG Age;
	NL_ROUTE_ORIGIN Origin;
} MIB_IPFORWARD_ROW2, *PMIB_IPFORWARD_ROW2;

/** Defaults: infinite lifetimes, the four booleans TRUE, the rest unspecified. NULL: nothing.
 */
VOID WINAPI InitializeIpForwardEntry(PMIB_IPFORWARD_ROW2 Row);
/** Add a route; its key is prefix, next hop and interface. The row is only read. */
NETIOAPI_API CreateIpForwardEntry2(const MIB_IPFORWARD_ROW2 *Row);
/** Change the settable members of the route that has the row's key; never creates. */
NETIOAPI_API SetIpForwardEntry2(const MIB_IPFORWARD_ROW2 *Route);
/** Remove the route that has the row's key; other members are not looked at. */
NETIOAPI_API DeleteIpForwardEntry2(const MIB_IPFORWARD_ROW2 *Row);
/** Fill in the row whose key is given; untouched on failure. */
NETIOAPI_API GetIpForwardEntry2(PMIB_IPFORWARD_ROW2 Row);

#ifdef __cplusplus
}
#endif

#endif
