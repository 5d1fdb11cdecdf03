/*
 * The version 2 route functions of the IP Helper interface [NETIO]: IPv4 and IPv6,
 * interface by LUID or index, Metric is the offset on top of the interface's.
 *
 * A row is the caller's; functions copy what they need. Any thread may call. The
 * codes of each function, and the order of its checks, are in docs/iphelper.md.
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

/* NumEntries rows; never compute offsets, there is padding before the first. */
typedef struct _MIB_IPFORWARD_TABLE2 {
	ULONG NumEntries;
	MIB_IPFORWARD_ROW2 Table[1];
} MIB_IPFORWARD_TABLE2, *PMIB_IPFORWARD_TABLE2;

typedef enum _MIB_NOTIFICATION_TYPE {
	MibParameterNotification = 0,
	MibAddInstance = 1,
	MibDeleteInstance = 2,
	MibInitialNotification = 3
} MIB_NOTIFICATION_TYPE,
    *PMIB_NOTIFICATION_TYPE;

/* Which offloads an interface can do; none of them here. */
typedef struct _NL_INTERFACE_OFFLOAD_ROD {
	BOOLEAN NlChecksumSupported : 1;
	BOOLEAN NlOptionsSupported : 1;
	BOOLEAN TlDatagramChecksumSupported : 1;
	BOOLEAN TlStreamChecksumSupported : 1;
	BOOLEAN TlStreamOptionsSupported : 1;
	BOOLEAN FastPathCompatible : 1;
	BOOLEAN TlLargeSendOffloadSupported : 1;
	BOOLEAN TlGiantSendOffloadSupported : 1;
} NL_INTERFACE_OFFLOAD_ROD, *PNL_INTERFACE_OFFLOAD_ROD;

/* One interface in one family; Family and LUID, or index, name it. */
typedef struct _MIB_IPINTERFACE_ROW {
	ADDRESS_FAMILY Family;
	NET_LUID InterfaceLuid;
	NET_IFINDEX InterfaceIndex;
	ULONG MaxReassemblySize;
	ULONG64 InterfaceIdentifier;
	ULONG MinRouterAdvertisementInterval;
	ULONG MaxRouterAdvertisementInterval;
	BOOLEAN AdvertisingEnabled;
	BOOLEAN ForwardingEnabled;
	BOOLEAN WeakHostSend;
	BOOLEAN WeakHostReceive;
	BOOLEAN UseAutomaticMetric;
	BOOLEAN UseNeighborUnreachabilityDetection;
	BOOLEAN ManagedAddressConfigurationSupported;
	BOOLEAN OtherStatefulConfigurationSupported;
	BOOLEAN AdvertiseDefaultRoute;
	NL_ROUTER_DISCOVERY_BEHAVIOR RouterDiscoveryBehavior;
	ULONG DadTransmits;
	ULONG BaseReachableTime;
	ULONG RetransmitTime;
	ULONG PathMtuDiscoveryTimeout;
	NL_LINK_LOCAL_ADDRESS_BEHAVIOR LinkLocalAddressBehavior;
	ULONG LinkLocalAddressTimeout;
	ULONG ZoneIndices[ScopeLevelCount];
	ULONG SitePrefixLength;
	ULONG Metric;
	ULONG NlMtu;
	BOOLEAN Connected;
	BOOLEAN SupportsWakeUpPatterns;
	BOOLEAN SupportsNeighborDiscovery;
	BOOLEAN SupportsRouterDiscovery;
	ULONG ReachableTime;
	NL_INTERFACE_OFFLOAD_ROD TransmitOffload;
	NL_INTERFACE_OFFLOAD_ROD ReceiveOffload;
	BOOLEAN DisableDefaultRoutes;
} MIB_IPINTERFACE_ROW, *PMIB_IPINTERFACE_ROW;

typedef struct _MIB_IPINTERFACE_TABLE {
	ULONG NumEntries;
	MIB_IPINTERFACE_ROW Table[1];
} MIB_IPINTERFACE_TABLE, *PMIB_IPINTERFACE_TABLE;

/*
 * A route was added, changed or removed. Row has its key members only and belongs to the
 * sender; it is NULL in the initial notification. One call at a time, in order.
 */
typedef VOID(WINAPI *PIPFORWARD_CHANGE_CALLBACK)(PVOID CallerContext, PMIB_IPFORWARD_ROW2 Row,
                                                 MIB_NOTIFICATION_TYPE NotificationType);

/* Longest interface name or alias, in characters without the final NUL. */
#define IF_MAX_STRING_SIZE 256
#define NDIS_IF_MAX_STRING_SIZE IF_MAX_STRING_SIZE

/* ---- routes ---------------------------------------------------------------- */

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
/** All rows of a family, or of both: IPv4 first. *Table is NULL on failure. */
NETIOAPI_API GetIpForwardTable2(ADDRESS_FAMILY Family, PMIB_IPFORWARD_TABLE2 *Table);
/** Free what GetIpForwardTable2 or GetIpInterfaceTable gave. NULL is fine. */
VOID WINAPI FreeMibTable(PVOID Memory);
/**
 * Which route takes packets to a destination, and from which address they leave.
 *
 * @param InterfaceLuid   may be NULL, or hold 0: then the index counts, 0 being any.
 * @param SourceAddress   may be NULL; a local address restricts to its interface.
 * @return  1231 where no route is left; both outputs are zero then.
 */
NETIOAPI_API GetBestRoute2(NET_LUID *InterfaceLuid, NET_IFINDEX InterfaceIndex,
                           const SOCKADDR_INET *SourceAddress,
                           const SOCKADDR_INET *DestinationAddress, ULONG AddressSortOptions,
                           PMIB_IPFORWARD_ROW2 BestRoute, SOCKADDR_INET *BestSourceAddress);
/**
 * Hear of every change of a family's routes, or of both families' (AF_UNSPEC).
 *
 * @param Callback  runs on a thread of the library, with no lock held.
 * @param InitialNotification  TRUE: called once, with Row NULL, before this returns.
 */
NETIOAPI_API NotifyRouteChange2(ADDRESS_FAMILY AddressFamily,
                                PIPFORWARD_CHANGE_CALLBACK Callback, PVOID CallerContext,
                                BOOLEAN InitialNotification, HANDLE *NotificationHandle);
/** No call-back runs after this; waits for one that does. 1131 from within the call-back. */
NETIOAPI_API CancelMibChangeNotify2(HANDLE NotificationHandle);

/* ---- interfaces ------------------------------------------------------------ */

/** All zero. NULL: nothing. */
VOID WINAPI InitializeIpInterfaceEntry(PMIB_IPINTERFACE_ROW Row);
/** Fill in the row of (Family, LUID or index); untouched on failure. */
NETIOAPI_API GetIpInterfaceEntry(PMIB_IPINTERFACE_ROW Row);
/** Change it; SitePrefixLength must be 0 for IPv4. A new Metric counts at once. */
NETIOAPI_API SetIpInterfaceEntry(PMIB_IPINTERFACE_ROW Row);
/** All interfaces of a family, or of both. *Table is NULL on failure. */
NETIOAPI_API GetIpInterfaceTable(ADDRESS_FAMILY Family, PMIB_IPINTERFACE_TABLE *Table);

/*
 * Names: an interface has an index, a LUID, a name made from the LUID (ethernet_2) and
 * an alias, the system's own name (eth1). Lengths are characters with the final NUL.
 */
NETIOAPI_API ConvertInterfaceIndexToLuid(NET_IFINDEX InterfaceIndex, PNET_LUID InterfaceLuid);
NETIOAPI_API ConvertInterfaceLuidToIndex(const NET_LUID *InterfaceLuid,
                                         PNET_IFINDEX InterfaceIndex);
NETIOAPI_API ConvertInterfaceLuidToNameA(const NET_LUID *InterfaceLuid, PSTR InterfaceName,
                                         SIZE_T Length);
NETIOAPI_API ConvertInterfaceLuidToNameW(const NET_LUID *InterfaceLuid, PWSTR InterfaceName,
                                         SIZE_T Length);
NETIOAPI_API ConvertInterfaceNameToLuidA(const CHAR *InterfaceName, NET_LUID *InterfaceLuid);
NETIOAPI_API ConvertInterfaceNameToLuidW(const WCHAR *InterfaceName, NET_LUID *InterfaceLuid);
NETIOAPI_API ConvertInterfaceAliasToLuid(const WCHAR *InterfaceAlias, PNET_LUID InterfaceLuid);
NETIOAPI_API ConvertInterfaceLuidToAlias(const NET_LUID *InterfaceLuid, PWSTR InterfaceAlias,
                                         SIZE_T Length);
/** Length to mask, in network byte order; 87 and a mask of all ones for more than 32. */
NETIOAPI_API ConvertLengthToIpv4Mask(ULONG MaskLength, PULONG Mask);
/** And back; 87 for a mask with a hole, and a length of 255. */
NETIOAPI_API ConvertIpv4MaskToLength(ULONG Mask, UINT8 *MaskLength);
/** Name form to index, 0: unknown. libc has the plain name for something else. */
NET_IFINDEX WINAPI rtm_if_nametoindex(PCSTR InterfaceName);
/** Index to name form; the buffer has room for IF_MAX_STRING_SIZE + 1. NULL: unknown. */
PSTR WINAPI rtm_if_indextoname(NET_IFINDEX InterfaceIndex, PSTR InterfaceName);

#ifdef __cplusplus
}
#endif

#endif
