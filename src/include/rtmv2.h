/*
 * The routing table manager, version 2: the documented Windows interface (RTMv2),
 * with its spelling, numbers and results. The only door into the core.
 *
 * A client registers as an entity of one instance and address family, publishes
 * next hops and routes, and hears of changes. The manager owns every object; a
 * handle given out, also one inside an information structure, is one reference
 * that the client gives back with the release function of its kind. The client
 * owns every buffer. Every function may be called from any thread.
 *
 * How a program drives time and call-backs is in rtmhost.h.
 */
#ifndef RTM_RTMV2_H
#define RTM_RTMV2_H

#include <string.h>

#include "winerr.h"
#include "wintypes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- numbers ------------------------------------------------------------ */

#define RTM_MAX_ADDRESS_SIZE 16
#define RTM_MAX_VIEWS 32
#define RTM_VIEW_MASK_SIZE 0x20
#define RTM_VIEW_ID_UCAST 0
#define RTM_VIEW_ID_MCAST 1
#define RTM_VIEW_MASK_NONE 0x00000000u
#define RTM_VIEW_MASK_ANY 0x00000000u
#define RTM_VIEW_MASK_UCAST 0x00000001u
#define RTM_VIEW_MASK_MCAST 0x00000002u
#define RTM_VIEW_MASK_ALL 0xFFFFFFFFu

#define RTM_DEST_FLAG_NATURAL_NET 0x01
#define RTM_DEST_FLAG_FWD_ENGIN_ADD 0x02
#define RTM_DEST_FLAG_DONT_FORWARD 0x04

#define RTM_ROUTE_STATE_CREATED 0
#define RTM_ROUTE_STATE_DELETING 1
#define RTM_ROUTE_STATE_DELETED 2

#define RTM_ROUTE_FLAGS_MARTIAN 0x0001
#define RTM_ROUTE_FLAGS_BLACKHOLE 0x0002
#define RTM_ROUTE_FLAGS_DISCARD 0x0004
#define RTM_ROUTE_FLAGS_INACTIVE 0x0008
#define RTM_ROUTE_FLAGS_LOCAL 0x0010
#define RTM_ROUTE_FLAGS_REMOTE 0x0020
#define RTM_ROUTE_FLAGS_MYSELF 0x0040
#define RTM_ROUTE_FLAGS_LOOPBACK 0x0080
#define RTM_ROUTE_FLAGS_MCAST 0x0100
#define RTM_ROUTE_FLAGS_LOCAL_MCAST 0x0200
#define RTM_ROUTE_FLAGS_LIMITED_BC 0x0400
#define RTM_ROUTE_FLAGS_ZEROS_NETBC 0x1000
#define RTM_ROUTE_FLAGS_ZEROS_SUBNETBC 0x2000
#define RTM_ROUTE_FLAGS_ONES_NETBC 0x4000
#define RTM_ROUTE_FLAGS_ONES_SUBNETBC 0x8000
#define RTM_ROUTE_FLAGS_FORWARDING                                                             \
	(RTM_ROUTE_FLAGS_MARTIAN | RTM_ROUTE_FLAGS_BLACKHOLE | RTM_ROUTE_FLAGS_DISCARD |       \
	 RTM_ROUTE_FLAGS_INACTIVE)
#define RTM_ROUTE_FLAGS_ANY_UNICAST                                                            \
	(RTM_ROUTE_FLAGS_LOCAL | RTM_ROUTE_FLAGS_REMOTE | RTM_ROUTE_FLAGS_MYSELF)
#define RTM_ROUTE_FLAGS_ANY_MCAST (RTM_ROUTE_FLAGS_MCAST | RTM_ROUTE_FLAGS_LOCAL_MCAST)
#define RTM_ROUTE_FLAGS_SUBNET_BCAST                                                           \
	(RTM_ROUTE_FLAGS_ONES_SUBNETBC | RTM_ROUTE_FLAGS_ZEROS_SUBNETBC)
#define RTM_ROUTE_FLAGS_NET_BCAST (RTM_ROUTE_FLAGS_ONES_NETBC | RTM_ROUTE_FLAGS_ZEROS_NETBC)
#define RTM_ROUTE_FLAGS_ANY_BCAST                                                              \
	(RTM_ROUTE_FLAGS_LIMITED_BC | RTM_ROUTE_FLAGS_SUBNET_BCAST | RTM_ROUTE_FLAGS_NET_BCAST)

#define RTM_NEXTHOP_STATE_CREATED 0
#define RTM_NEXTHOP_STATE_DELETED 1
#define RTM_NEXTHOP_FLAGS_REMOTE 0x0001
#define RTM_NEXTHOP_FLAGS_DOWN 0x0002
#define RTM_NEXTHOP_CHANGE_NEW 0x01u

#define RTM_ROUTE_CHANGE_FIRST 0x00000001u
#define RTM_ROUTE_CHANGE_NEW 0x00000002u
#define RTM_ROUTE_CHANGE_BEST 0x00010000u

#define RTM_MATCH_NONE 0x00000000u
#define RTM_MATCH_OWNER 0x00000001u
#define RTM_MATCH_NEIGHBOUR 0x00000002u
#define RTM_MATCH_PREF 0x00000004u
#define RTM_MATCH_NEXTHOP 0x00000008u
#define RTM_MATCH_INTERFACE 0x00000010u
#define RTM_MATCH_FULL 0x0000FFFFu
#define RTM_BEST_PROTOCOL ((ULONG)0)
#define RTM_THIS_PROTOCOL ((ULONG) ~(ULONG)0)

#define RTM_ENUM_START 0x00000000u
#define RTM_ENUM_NEXT 0x00000001u
#define RTM_ENUM_RANGE 0x00000002u
#define RTM_ENUM_ALL_DESTS 0x00000000u
#define RTM_ENUM_OWN_DESTS 0x01000000u
#define RTM_ENUM_ALL_ROUTES 0x00000000u
#define RTM_ENUM_OWN_ROUTES 0x00010000u

#define RTM_NUM_CHANGE_TYPES 3
#define RTM_CHANGE_TYPE_ALL 0x0001u
#define RTM_CHANGE_TYPE_BEST 0x0002u
#define RTM_CHANGE_TYPE_FORWARDING 0x0004u
#define RTM_NOTIFY_ONLY_MARKED_DESTS 0x00010000u

#define RTM_RESUME_METHODS 0u
#define RTM_BLOCK_METHODS 1u
#define METHOD_TYPE_ALL_METHODS 0xFFFFFFFFu
#define DEST_TYPE 1 /* the three target types have no public number [RTM K35] */
#define ROUTE_TYPE 2
#define NEXTHOP_TYPE 3
#define METHOD_RIP2_NEIGHBOUR_ADDR 0x00000001u
#define METHOD_RIP2_OUTBOUND_INTF 0x00000002u
#define METHOD_RIP2_ROUTE_TAG 0x00000004u
#define METHOD_RIP2_ROUTE_TIMESTAMP 0x00000008u
#define METHOD_OSPF_ROUTE_TYPE 0x00000001u
#define METHOD_OSPF_ROUTE_METRIC 0x00000002u
#define METHOD_OSPF_LSDB_TYPE 0x00000004u
#define METHOD_OSPF_ROUTE_TAG 0x00000008u
#define METHOD_OSPF_ROUTE_AREA 0x00000010u
#define METHOD_OSPF_FWD_ADDRESS 0x00000020u
#define METHOD_BGP4_AS_PATH 0x00000001u
#define METHOD_BGP4_PEER_ID 0x00000002u
#define METHOD_BGP4_PA_ORIGIN 0x00000004u
#define METHOD_BGP4_NEXTHOP_ATTR 0x00000008u

#define PROTO_IP_OTHER 1
#define PROTO_IP_LOCAL 2
#define PROTO_IP_NETMGMT 3
#define PROTO_IP_ICMP 4
#define PROTO_IP_EGP 5
#define PROTO_IP_GGP 6
#define PROTO_IP_HELLO 7
#define PROTO_IP_RIP 8
#define PROTO_IP_IS_IS 9
#define PROTO_IP_ES_IS 10
#define PROTO_IP_CISCO 11
#define PROTO_IP_BBN 12
#define PROTO_IP_OSPF 13
#define PROTO_IP_BGP 14
#define PROTO_IP_BOOTP 9999
#define PROTO_IP_NT_AUTOSTATIC 10002
#define PROTO_IP_NT_STATIC 10006
#define PROTO_IP_NT_STATIC_NON_DOD 10007
#define PROTO_TYPE_UCAST 0
#define PROTO_TYPE_MCAST 1
#define PROTO_TYPE_MS0 2
#define PROTO_TYPE_MS1 3
#define PROTO_VENDOR_MS0 0x0000
#define PROTO_VENDOR_MS1 0x137
#define PROTO_VENDOR_MS2 0x3FFF
#define PROTOCOL_ID(Type, Vendor, Proto)                                                       \
	((((ULONG)(Type)&3u) << 30) | (((ULONG)(Vendor)&0x3FFFu) << 16) |                      \
	 ((ULONG)(Proto)&0xFFFFu))

/* ---- types -------------------------------------------------------------- */

typedef HANDLE RTM_ENTITY_HANDLE, RTM_DEST_HANDLE, RTM_ROUTE_HANDLE, RTM_NEXTHOP_HANDLE,
    RTM_ENUM_HANDLE, RTM_ROUTE_LIST_HANDLE, RTM_NOTIFY_HANDLE;
typedef HANDLE *PRTM_ENTITY_HANDLE, *PRTM_DEST_HANDLE, *PRTM_ROUTE_HANDLE, *PRTM_NEXTHOP_HANDLE,
    *PRTM_ENUM_HANDLE, *PRTM_ROUTE_LIST_HANDLE, *PRTM_NOTIFY_HANDLE;
typedef INT RTM_VIEW_ID, *PRTM_VIEW_ID;
typedef DWORD RTM_VIEW_SET, *PRTM_VIEW_SET;
typedef DWORD RTM_ENTITY_METHOD_TYPE, *PRTM_ENTITY_METHOD_TYPE;
typedef DWORD RTM_ROUTE_CHANGE_FLAGS, *PRTM_ROUTE_CHANGE_FLAGS;
typedef DWORD RTM_NEXTHOP_CHANGE_FLAGS, *PRTM_NEXTHOP_CHANGE_FLAGS;
typedef DWORD RTM_MATCH_FLAGS, *PRTM_MATCH_FLAGS;
typedef DWORD RTM_ENUM_FLAGS, *PRTM_ENUM_FLAGS;
typedef DWORD RTM_NOTIFY_FLAGS, *PRTM_NOTIFY_FLAGS;

typedef struct _RTM_REGN_PROFILE {
	UINT MaxNextHopsInRoute;
	UINT MaxHandlesInEnum;
	RTM_VIEW_SET ViewsSupported;
	UINT NumberOfViews;
} RTM_REGN_PROFILE, *PRTM_REGN_PROFILE;

typedef struct _RTM_NET_ADDRESS {
	USHORT AddressFamily;
	USHORT NumBits;
	UCHAR AddrBits[RTM_MAX_ADDRESS_SIZE]; /* network order; unused bytes are zero */
} RTM_NET_ADDRESS, *PRTM_NET_ADDRESS;

typedef struct _RTM_PREF_INFO {
	ULONG Metric;
	ULONG Preference; /* compared first; lower is better; 0 on input: the policy's */
} RTM_PREF_INFO, *PRTM_PREF_INFO;

typedef struct _RTM_NEXTHOP_LIST {
	USHORT NumNextHops;
	RTM_NEXTHOP_HANDLE NextHops[1];
} RTM_NEXTHOP_LIST, *PRTM_NEXTHOP_LIST;

typedef struct _RTM_DEST_INFO {
	RTM_DEST_HANDLE DestHandle;
	RTM_NET_ADDRESS DestAddress;
	FILETIME LastChanged;
	RTM_VIEW_SET BelongsToViews;
	UINT NumberOfViews;
	struct {
		RTM_VIEW_ID ViewId;
		UINT NumRoutes;
		RTM_ROUTE_HANDLE Route;
		RTM_ENTITY_HANDLE Owner;
		DWORD DestFlags;
		RTM_ROUTE_HANDLE HoldRoute;
	} ViewInfo[1];
} RTM_DEST_INFO, *PRTM_DEST_INFO;

typedef struct _RTM_ROUTE_INFO {
	RTM_DEST_HANDLE DestHandle;
	RTM_ENTITY_HANDLE RouteOwner;
	RTM_NEXTHOP_HANDLE Neighbour;
	UCHAR State;
	UCHAR Flags1;
	USHORT Flags;
	RTM_PREF_INFO PrefInfo;
	RTM_VIEW_SET BelongsToViews;
	PVOID EntitySpecificInfo;
	RTM_NEXTHOP_LIST NextHopsList;
} RTM_ROUTE_INFO, *PRTM_ROUTE_INFO;

typedef struct _RTM_NEXTHOP_INFO {
	RTM_NET_ADDRESS NextHopAddress;
	RTM_ENTITY_HANDLE NextHopOwner;
	ULONG InterfaceIndex;
	USHORT State;
	USHORT Flags;
	PVOID EntitySpecificInfo;
	RTM_DEST_HANDLE RemoteNextHop;
} RTM_NEXTHOP_INFO, *PRTM_NEXTHOP_INFO;

/* The members of the union share names with Windows; C11 and C++ both take them. */
#if defined(__GNUC__) && defined(__cplusplus)
__extension__
#endif
    typedef struct _RTM_ENTITY_ID {
	union {
		struct {
			ULONG EntityProtocolId;
			ULONG EntityInstanceId;
		};
		ULONGLONG EntityId;
	};
} RTM_ENTITY_ID, *PRTM_ENTITY_ID;

typedef struct _RTM_ENTITY_INFO {
	USHORT RtmInstanceId;
	USHORT AddressFamily;
	RTM_ENTITY_ID EntityId;
} RTM_ENTITY_INFO, *PRTM_ENTITY_INFO;

typedef struct _RTM_ENTITY_METHOD_INPUT {
	RTM_ENTITY_METHOD_TYPE MethodType;
	UINT InputSize;
	UCHAR InputData[1];
} RTM_ENTITY_METHOD_INPUT, *PRTM_ENTITY_METHOD_INPUT;

typedef struct _RTM_ENTITY_METHOD_OUTPUT {
	RTM_ENTITY_METHOD_TYPE MethodType;
	DWORD MethodStatus;
	UINT OutputSize;
	UCHAR OutputData[1];
} RTM_ENTITY_METHOD_OUTPUT, *PRTM_ENTITY_METHOD_OUTPUT;

typedef VOID(WINAPI *RTM_ENTITY_EXPORT_METHOD)(RTM_ENTITY_HANDLE CallerHandle,
                                               RTM_ENTITY_HANDLE CalleeHandle,
                                               RTM_ENTITY_METHOD_INPUT *Input,
                                               RTM_ENTITY_METHOD_OUTPUT *Output);
typedef RTM_ENTITY_EXPORT_METHOD *PRTM_ENTITY_EXPORT_METHOD;

typedef struct _RTM_ENTITY_EXPORT_METHODS {
	UINT NumMethods;
	RTM_ENTITY_EXPORT_METHOD Methods[1];
} RTM_ENTITY_EXPORT_METHODS, *PRTM_ENTITY_EXPORT_METHODS;

typedef enum _RTM_EVENT_TYPE {
	RTM_ENTITY_REGISTERED = 0,
	RTM_ENTITY_DEREGISTERED = 1,
	RTM_ROUTE_EXPIRED = 2,
	RTM_CHANGE_NOTIFICATION = 3
} RTM_EVENT_TYPE,
    *PRTM_EVENT_TYPE;

typedef DWORD(WINAPI *RTM_EVENT_CALLBACK)(RTM_ENTITY_HANDLE RtmRegHandle,
                                          RTM_EVENT_TYPE EventType, PVOID Context1,
                                          PVOID Context2);

/* ---- sizes [RTM 2.4, K1, K2] -------------------------------------------- */

#define RTM_BASIC_DEST_INFO_SIZE offsetof(RTM_DEST_INFO, ViewInfo)
#define RTM_DEST_VIEW_INFO_SIZE (sizeof(RTM_DEST_INFO) - RTM_BASIC_DEST_INFO_SIZE)
#define RTM_SIZE_OF_DEST_INFO(NumViews)                                                        \
	(RTM_BASIC_DEST_INFO_SIZE + (size_t)(NumViews)*RTM_DEST_VIEW_INFO_SIZE)
#define RTM_BASIC_ROUTE_INFO_SIZE offsetof(RTM_ROUTE_INFO, NextHopsList.NextHops)
#define RTM_SIZE_OF_ROUTE_INFO(NumHops)                                                        \
	(RTM_BASIC_ROUTE_INFO_SIZE + (size_t)(NumHops) * sizeof(RTM_NEXTHOP_HANDLE))
/* The record after this one in an array of packed records [RTM K4]. */
#define RTM_NEXT_DEST_INFO(DestInfo)                                                           \
	((PRTM_DEST_INFO)(void *)((UCHAR *)(DestInfo) +                                        \
	                          RTM_SIZE_OF_DEST_INFO((DestInfo)->NumberOfViews)))

/* ---- registration ----------------------------------------------------------- */

DWORD RtmRegisterEntity(RTM_ENTITY_INFO *RtmEntityInfo,
                        RTM_ENTITY_EXPORT_METHODS *ExportMethods,
                        RTM_EVENT_CALLBACK EventCallback, BOOL ReserveOpaquePointer,
                        RTM_REGN_PROFILE *RtmRegProfile, RTM_ENTITY_HANDLE *RtmRegHandle);

DWORD RtmDeregisterEntity(RTM_ENTITY_HANDLE RtmRegHandle);

DWORD RtmGetRegisteredEntities(RTM_ENTITY_HANDLE RtmRegHandle, UINT *NumEntities,
                               RTM_ENTITY_HANDLE *EntityHandles, RTM_ENTITY_INFO *EntityInfos);

DWORD RtmReleaseEntities(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumEntities,
                         RTM_ENTITY_HANDLE *EntityHandles);

/* ---- opaque pointers -------------------------------------------------------- */

DWORD RtmLockDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                         BOOL Exclusive, BOOL LockDest);

DWORD RtmGetOpaqueInformationPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                                     PVOID *OpaqueInfoPointer);

/* ---- exported methods ------------------------------------------------------- */

DWORD RtmGetEntityMethods(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                          UINT *NumMethods, RTM_ENTITY_EXPORT_METHOD *ExptMethods);

DWORD RtmInvokeMethod(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                      RTM_ENTITY_METHOD_INPUT *Input, UINT *OutputSize,
                      RTM_ENTITY_METHOD_OUTPUT *Output);

DWORD RtmBlockMethods(RTM_ENTITY_HANDLE RtmRegHandle, HANDLE TargetHandle, UCHAR TargetType,
                      DWORD BlockingFlag);

/* ---- handle to information -------------------------------------------------- */

DWORD RtmGetEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                       RTM_ENTITY_INFO *EntityInfo);

DWORD RtmReleaseEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_INFO *EntityInfo);

DWORD RtmGetDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                     ULONG ProtocolId, RTM_VIEW_SET TargetViews, RTM_DEST_INFO *DestInfo);

DWORD RtmReleaseDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_INFO *DestInfo);

DWORD RtmGetRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                      RTM_ROUTE_INFO *RouteInfo, RTM_NET_ADDRESS *DestAddress);

DWORD RtmReleaseRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_INFO *RouteInfo);

DWORD RtmGetNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                        RTM_NEXTHOP_INFO *NextHopInfo);

DWORD RtmReleaseNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_INFO *NextHopInfo);

/* ---- route insertion, deletion, in-place update ----------------------------- */

DWORD RtmAddRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE *RouteHandle,
                        RTM_NET_ADDRESS *DestAddress, RTM_ROUTE_INFO *RouteInfo,
                        ULONG TimeToLive, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                        RTM_NOTIFY_FLAGS NotifyType, RTM_NOTIFY_HANDLE NotifyHandle,
                        RTM_ROUTE_CHANGE_FLAGS *ChangeFlags);

DWORD RtmDeleteRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                           RTM_ROUTE_CHANGE_FLAGS *ChangeFlags);

DWORD RtmHoldDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                         RTM_VIEW_SET TargetViews, ULONG HoldTime);

DWORD RtmGetRoutePointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                         RTM_ROUTE_INFO **RoutePointer);

DWORD RtmLockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, BOOL Exclusive,
                   BOOL LockRoute, RTM_ROUTE_INFO **RoutePointer);

DWORD RtmUpdateAndUnlockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                              ULONG TimeToLive, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                              RTM_NOTIFY_FLAGS NotifyType, RTM_NOTIFY_HANDLE NotifyHandle,
                              RTM_ROUTE_CHANGE_FLAGS *ChangeFlags);

/* ---- queries ---------------------------------------------------------------- */

DWORD RtmGetExactMatchDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NET_ADDRESS *DestAddress,
                                  ULONG ProtocolId, RTM_VIEW_SET TargetViews,
                                  RTM_DEST_INFO *DestInfo);

DWORD RtmGetMostSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle,
                                    RTM_NET_ADDRESS *DestAddress, ULONG ProtocolId,
                                    RTM_VIEW_SET TargetViews, RTM_DEST_INFO *DestInfo);

DWORD RtmGetLessSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                                    ULONG ProtocolId, RTM_VIEW_SET TargetViews,
                                    RTM_DEST_INFO *DestInfo);

DWORD RtmGetExactMatchRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NET_ADDRESS *DestAddress,
                            RTM_MATCH_FLAGS MatchingFlags, RTM_ROUTE_INFO *RouteInfo,
                            ULONG InterfaceIndex, RTM_VIEW_SET TargetViews,
                            RTM_ROUTE_HANDLE *RouteHandle);

DWORD RtmIsBestRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                     RTM_VIEW_SET *BestInViews);

/* ---- next hops -------------------------------------------------------------- */

DWORD RtmAddNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_INFO *NextHopInfo,
                    RTM_NEXTHOP_HANDLE *NextHopHandle, RTM_NEXTHOP_CHANGE_FLAGS *ChangeFlags);

DWORD RtmFindNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_INFO *NextHopInfo,
                     RTM_NEXTHOP_HANDLE *NextHopHandle, RTM_NEXTHOP_INFO **NextHopPointer);

DWORD RtmDeleteNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                       RTM_NEXTHOP_INFO *NextHopInfo);

DWORD RtmGetNextHopPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                           RTM_NEXTHOP_INFO **NextHopPointer);

DWORD RtmLockNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                     BOOL Exclusive, BOOL LockNextHop, RTM_NEXTHOP_INFO **NextHopPointer);

DWORD RtmReleaseNextHops(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumNextHops,
                         RTM_NEXTHOP_HANDLE *NextHopHandles);

/* ---- enumeration ------------------------------------------------------------ */

DWORD RtmCreateDestEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews,
                        RTM_ENUM_FLAGS EnumFlags, RTM_NET_ADDRESS *NetAddress, ULONG ProtocolId,
                        RTM_ENUM_HANDLE *RtmEnumHandle);

DWORD RtmGetEnumDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                      UINT *NumDests, RTM_DEST_INFO *DestInfos);

DWORD RtmReleaseDests(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumDests, RTM_DEST_INFO *DestInfos);

DWORD RtmCreateRouteEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                         RTM_VIEW_SET TargetViews, RTM_ENUM_FLAGS EnumFlags,
                         RTM_NET_ADDRESS *StartDest, RTM_MATCH_FLAGS MatchingFlags,
                         RTM_ROUTE_INFO *CriteriaRoute, ULONG CriteriaInterface,
                         RTM_ENUM_HANDLE *RtmEnumHandle);

DWORD RtmGetEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                       UINT *NumRoutes, RTM_ROUTE_HANDLE *RouteHandles);

DWORD RtmReleaseRoutes(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumRoutes,
                       RTM_ROUTE_HANDLE *RouteHandles);

DWORD RtmCreateNextHopEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_FLAGS EnumFlags,
                           RTM_NET_ADDRESS *NetAddress, RTM_ENUM_HANDLE *RtmEnumHandle);

DWORD RtmGetEnumNextHops(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                         UINT *NumNextHops, RTM_NEXTHOP_HANDLE *NextHopHandles);

DWORD RtmDeleteEnumHandle(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle);

/* ---- change notification ---------------------------------------------------- */

DWORD RtmRegisterForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews,
                                       RTM_NOTIFY_FLAGS NotifyFlags, PVOID NotifyContext,
                                       RTM_NOTIFY_HANDLE *NotifyHandle);

DWORD RtmGetChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                         UINT *NumDests, RTM_DEST_INFO *ChangedDests);

DWORD RtmReleaseChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                             UINT NumDests, RTM_DEST_INFO *ChangedDests);

DWORD RtmIgnoreChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                            UINT NumDests, RTM_DEST_HANDLE *ChangedDests);

DWORD RtmGetChangeStatus(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                         RTM_DEST_HANDLE DestHandle, BOOL *ChangeStatus);

DWORD RtmMarkDestForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                       RTM_NOTIFY_HANDLE NotifyHandle,
                                       RTM_DEST_HANDLE DestHandle, BOOL MarkDest);

DWORD RtmIsMarkedForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                       RTM_NOTIFY_HANDLE NotifyHandle,
                                       RTM_DEST_HANDLE DestHandle, BOOL *DestMarked);

DWORD RtmDeregisterFromChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                          RTM_NOTIFY_HANDLE NotifyHandle);

/* ---- route lists and handle management -------------------------------------- */

DWORD RtmCreateRouteList(RTM_ENTITY_HANDLE RtmRegHandle,
                         RTM_ROUTE_LIST_HANDLE *RouteListHandle);

DWORD RtmInsertInRouteList(RTM_ENTITY_HANDLE RtmRegHandle,
                           RTM_ROUTE_LIST_HANDLE RouteListHandle, UINT NumRoutes,
                           RTM_ROUTE_HANDLE *RouteHandles);

DWORD RtmCreateRouteListEnum(RTM_ENTITY_HANDLE RtmRegHandle,
                             RTM_ROUTE_LIST_HANDLE RouteListHandle,
                             RTM_ENUM_HANDLE *RtmEnumHandle);

DWORD RtmGetListEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                           UINT *NumRoutes, RTM_ROUTE_HANDLE *RouteHandles);

DWORD RtmDeleteRouteList(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle);

DWORD RtmReferenceHandles(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumHandles, HANDLE *RtmHandles);

/* ---- iPv6 address helpers (no documentation page) --------------------------- */

DWORD RtmConvertIpv6AddressAndLengthToNetAddress(RTM_NET_ADDRESS *pNetAddress,
                                                 struct in6_addr Address, DWORD dwLength,
                                                 DWORD dwAddressSize);

DWORD RtmConvertNetAddressToIpv6AddressAndLength(RTM_NET_ADDRESS *pNetAddress,
                                                 struct in6_addr *pAddress, DWORD *pLength,
                                                 DWORD dwAddressSize);

/* ---- address macros [RTM 2.5, K9]: inline, one evaluation, no misaligned store */

static inline void
rtm_ipv4_set(PRTM_NET_ADDRESS NetAddress, ULONG Addr, ULONG Len)
{
	memset(NetAddress, 0, sizeof *NetAddress);
	NetAddress->AddressFamily = AF_INET;
	NetAddress->NumBits = (USHORT)Len;
	memcpy(NetAddress->AddrBits, &Addr, sizeof Addr);
}

static inline ULONG
rtm_ipv4_addr(const RTM_NET_ADDRESS *NetAddress)
{
	ULONG addr;

	memcpy(&addr, NetAddress->AddrBits, sizeof addr);
	return addr;
}

static inline ULONG
rtm_ipv4_mask_from_len(ULONG Len)
{
	return Len == 0 ? 0 : htonl(0xFFFFFFFFu << (Len >= 32 ? 0 : 32 - Len));
}

static inline ULONG
rtm_ipv4_len_from_mask(ULONG Mask)
{
	ULONG len = 0;

	for (ULONG m = ntohl(Mask); (m & 0x80000000u) != 0; m <<= 1)
		len++;
	return len;
}

#define RTM_IPV4_SET_ADDR_AND_LEN(NetAddress, Addr, Len) rtm_ipv4_set(NetAddress, Addr, Len)
#define RTM_IPV4_MAKE_NET_ADDRESS(NetAddress, Addr, Len) rtm_ipv4_set(NetAddress, Addr, Len)
#define RTM_IPV4_GET_ADDR_AND_LEN(Addr, Len, NetAddress)                                       \
	do {                                                                                   \
		const RTM_NET_ADDRESS *rtm_na_ = (NetAddress);                                 \
		(Len) = rtm_na_->NumBits;                                                      \
		(Addr) = rtm_ipv4_addr(rtm_na_);                                               \
	} while (0)
#define RTM_IPV4_SET_ADDR_AND_MASK(NetAddress, Addr, Mask)                                     \
	rtm_ipv4_set(NetAddress, Addr, rtm_ipv4_len_from_mask(Mask))
#define RTM_IPV4_GET_ADDR_AND_MASK(Addr, Mask, NetAddress)                                     \
	do {                                                                                   \
		const RTM_NET_ADDRESS *rtm_na_ = (NetAddress);                                 \
		(Addr) = rtm_ipv4_addr(rtm_na_);                                               \
		(Mask) = rtm_ipv4_mask_from_len(rtm_na_->NumBits);                             \
	} while (0)
#define RTM_IPV4_LEN_FROM_MASK(Len, Mask)                                                      \
	do {                                                                                   \
		(Len) = rtm_ipv4_len_from_mask(Mask);                                          \
	} while (0)
#define RTM_IPV4_MASK_FROM_LEN(Len) rtm_ipv4_mask_from_len(Len)

#define IPV6_ADDRESS_LEN_IN_BYTES 16
#define RTM_IPV6_MAKE_NET_ADDRESS(NetAddress, Addr, Len)                                       \
	((void)RtmConvertIpv6AddressAndLengthToNetAddress(NetAddress, Addr, Len,               \
	                                                  IPV6_ADDRESS_LEN_IN_BYTES))
#define RTM_IPV6_SET_ADDR_AND_LEN(NetAddress, Addr, Len)                                       \
	RTM_IPV6_MAKE_NET_ADDRESS(NetAddress, Addr, Len)
#define RTM_IPV6_GET_ADDR_AND_LEN(Addr, Len, NetAddress)                                       \
	((void)RtmConvertNetAddressToIpv6AddressAndLength(NetAddress, &(Addr), &(Len),         \
	                                                  IPV6_ADDRESS_LEN_IN_BYTES))

#ifdef __cplusplus
}
#endif

#endif
