/**
 * The routing table manager, version 2: the documented Windows interface (RTMv2),
 * with its spelling, numbers and results. The only door into the core.
 *
 * A client registers as an entity of one instance and address family, publishes
 * next hops and routes, and hears of changes. The manager owns every object; a
 * handle given out, also one inside an information structure, is one reference
 * that the client gives back with the release function of its kind. The client
 * owns every buffer. Every function may be called from any thread.
 *
 * How a program drives time and call-backs is in rtmhost.h. Where a function is said to answer
 * ERROR_INVALID_HANDLE, a bad registration handle is always among the reasons.
 *
 * @file rtmv2.h
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

/**
 * Come in: register as an entity of one instance and address family.
 *
 * @param RtmEntityInfo  who: instance, family, protocol and instance identifier; copied.
 * @param ExportMethods  functions that other entities may invoke, at most 32; NULL: none.
 * @param EventCallback  told of entities, expired routes and changes, from rtm_turn(); may
 *   be NULL.
 * @param ReserveOpaquePointer  TRUE: one private slot in every destination.
 * @param RtmRegProfile  receives the limits that the client has to respect.
 * @param RtmRegHandle  receives the handle that all other functions want first.
 * @return  NO_ERROR; ERROR_ALREADY_EXISTS for an identity that is in use;
 *   ERROR_FILE_NOT_FOUND for an instance or family that is not configured;
 *   ERROR_INVALID_PARAMETER; ERROR_NO_SYSTEM_RESOURCES when no slot is left;
 *   ERROR_POSSIBLE_DEADLOCK inside a call-back about entities; ERROR_NOT_ENOUGH_MEMORY.
 * @note  Ends with RtmDeregisterEntity().
 */
DWORD RtmRegisterEntity(RTM_ENTITY_INFO *RtmEntityInfo,
                        RTM_ENTITY_EXPORT_METHODS *ExportMethods,
                        RTM_EVENT_CALLBACK EventCallback, BOOL ReserveOpaquePointer,
                        RTM_REGN_PROFILE *RtmRegProfile, RTM_ENTITY_HANDLE *RtmRegHandle);

/**
 * Leave: the registration and all that is still there of it end.
 *
 * @param RtmRegHandle  no longer valid afterwards.
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_POSSIBLE_DEADLOCK inside a call-back about
 *   entities.
 * @note  Locks are dropped, routes deleted with notification and without hold-down, next
 *   hops, lists, enumerations and notifications end. [RTM K36]
 */
DWORD RtmDeregisterEntity(RTM_ENTITY_HANDLE RtmRegHandle);

/**
 * List all entities of the caller's instance and family, the caller included.
 *
 * @param NumEntities  in: room in the arrays; out: entities returned, or how many there are
 *   where the room was 0.
 * @param EntityHandles  receives a reference to each, in order of registration; may be
 *   NULL.
 * @param EntityInfos  receives who they are; may be NULL.
 * @return  NO_ERROR; ERROR_INSUFFICIENT_BUFFER where there are more, what fits is returned;
 *   ERROR_INVALID_PARAMETER; ERROR_POSSIBLE_DEADLOCK inside a call-back about entities.
 * @note  Give the handles back with RtmReleaseEntities(), also after
 *   ERROR_INSUFFICIENT_BUFFER.
 */
DWORD RtmGetRegisteredEntities(RTM_ENTITY_HANDLE RtmRegHandle, UINT *NumEntities,
                               RTM_ENTITY_HANDLE *EntityHandles, RTM_ENTITY_INFO *EntityInfos);

/**
 * Give entity handles back. All or none.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE where one of them is none;
 *   ERROR_INVALID_PARAMETER.
 */
DWORD RtmReleaseEntities(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumEntities,
                         RTM_ENTITY_HANDLE *EntityHandles);

/* ---- opaque pointers -------------------------------------------------------- */

/**
 * Lock a destination and its routes, or unlock it.
 *
 * @param Exclusive  TRUE to write, FALSE to read; an unlock names the mode of the lock.
 * @param LockDest  TRUE locks, FALSE unlocks.
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_POSSIBLE_DEADLOCK where this thread would
 *   wait for itself; ERROR_NOT_LOCKED; ERROR_INVALID_PARAMETER for the wrong mode.
 * @note  Waits while another thread holds a lock that conflicts. Keep it short; call
 *   nothing that needs the destination meanwhile.
 */
DWORD RtmLockDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                         BOOL Exclusive, BOOL LockDest);

/**
 * Find the caller's private slot in a destination.
 *
 * @param OpaqueInfoPointer  receives the address of the slot, in which a PVOID is, NULL at
 *   first.
 * @return  NO_ERROR; ERROR_NOT_FOUND where no slot was reserved at registration;
 *   ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 * @note  Read and write the slot under RtmLockDestination() only. What it points to stays
 *   the client's.
 */
DWORD RtmGetOpaqueInformationPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                                     PVOID *OpaqueInfoPointer);

/* ---- exported methods ------------------------------------------------------- */

/**
 * Ask which methods an entity exports.
 *
 * @param NumMethods  in: room in the array, 0 asks for the number; out: methods, or how
 *   many fitted.
 * @param ExptMethods  receives the functions; index i is bit i. Never call them directly.
 * @return  NO_ERROR; ERROR_INSUFFICIENT_BUFFER; ERROR_INVALID_HANDLE;
 *   ERROR_INVALID_PARAMETER.
 */
DWORD RtmGetEntityMethods(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                          UINT *NumMethods, RTM_ENTITY_EXPORT_METHOD *ExptMethods);

/**
 * Call methods of an entity, in the order of their bits.
 *
 * @param Input  the bits of the methods to call, and data for all of them.
 * @param OutputSize  in: bytes in Output; out: bytes used.
 * @param Output  receives a record for each method: which, status, size, data; each begins
 *   at a multiple of 4 bytes.
 * @return  NO_ERROR; ERROR_NOT_SUPPORTED where none of the bits is exported;
 *   ERROR_INSUFFICIENT_BUFFER where a record has no room; ERROR_INVALID_HANDLE, also for an
 *   entity that has left; ERROR_POSSIBLE_DEADLOCK where this thread blocks them;
 *   ERROR_INVALID_PARAMETER.
 * @note  Waits while the methods are blocked. No lock is held while a method runs.
 */
DWORD RtmInvokeMethod(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                      RTM_ENTITY_METHOD_INPUT *Input, UINT *OutputSize,
                      RTM_ENTITY_METHOD_OUTPUT *Output);

/**
 * Let nobody in: block the caller's own methods, or resume them.
 *
 * @param TargetHandle  must be NULL.
 * @param TargetType  must be 0.
 * @param BlockingFlag  RTM_BLOCK_METHODS or RTM_RESUME_METHODS; a flag, not a counter.
 * @return  NO_ERROR; ERROR_NOT_SUPPORTED for a target; ERROR_INVALID_PARAMETER for another
 *   flag; ERROR_INVALID_HANDLE.
 */
DWORD RtmBlockMethods(RTM_ENTITY_HANDLE RtmRegHandle, HANDLE TargetHandle, UCHAR TargetType,
                      DWORD BlockingFlag);

/* ---- handle to information -------------------------------------------------- */

/**
 * Ask who an entity is.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 * @note  Works after the entity has left, as long as the handle is held.
 */
DWORD RtmGetEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                       RTM_ENTITY_INFO *EntityInfo);

/**
 * Counterpart of RtmGetEntityInfo(); there is nothing in it to give back. [RTM K14]
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE.
 */
DWORD RtmReleaseEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_INFO *EntityInfo);

/**
 * Describe a destination.
 *
 * @param ProtocolId  whose best route is told: RTM_BEST_PROTOCOL, RTM_THIS_PROTOCOL or a
 *   protocol.
 * @param TargetViews  views to describe; RTM_VIEW_MASK_ANY: none of them.
 * @param DestInfo  room for RTM_SIZE_OF_DEST_INFO() of as many views.
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_NOT_SUPPORTED for a view that is not
 *   there; ERROR_INVALID_PARAMETER.
 * @note  Give it back with RtmReleaseDestInfo(). Works on a destination that has left the
 *   table.
 */
DWORD RtmGetDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                     ULONG ProtocolId, RTM_VIEW_SET TargetViews, RTM_DEST_INFO *DestInfo);

/**
 * Give back what a destination's description refers to.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE, and then nothing was given back.
 * @note  With NumberOfViews 0 it releases just DestHandle. [RTM K46]
 */
DWORD RtmReleaseDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_INFO *DestInfo);

/**
 * Describe a route, of whatever entity.
 *
 * @param RouteInfo  room for RTM_SIZE_OF_ROUTE_INFO() of MaxNextHopsInRoute; may be NULL.
 * @param DestAddress  receives the network; may be NULL.
 * @return  NO_ERROR; ERROR_INVALID_HANDLE.
 * @note  Give it back with RtmReleaseRouteInfo(). Works on a deleted route; State tells.
 */
DWORD RtmGetRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                      RTM_ROUTE_INFO *RouteInfo, RTM_NET_ADDRESS *DestAddress);

/**
 * Give back what a route's description refers to. Not for direct pointers.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER for a direct pointer.
 */
DWORD RtmReleaseRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_INFO *RouteInfo);

/**
 * Describe a next hop, of whatever entity.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 * @note  Give it back with RtmReleaseNextHopInfo().
 */
DWORD RtmGetNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                        RTM_NEXTHOP_INFO *NextHopInfo);

/**
 * Give back what a next hop's description refers to. Not for direct pointers.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER for a direct pointer.
 */
DWORD RtmReleaseNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_INFO *NextHopInfo);

/* ---- route insertion, deletion, in-place update ----------------------------- */

/**
 * Add a route, or update one.
 *
 * @param RouteHandle  points to a handle: update that route. Points to NULL: find an equal
 *   one or add, and receive a reference. NULL: the same without a handle.
 * @param DestAddress  the network; bits beyond its length are ignored.
 * @param RouteInfo  Neighbour, Flags, PrefInfo, BelongsToViews, EntitySpecificInfo,
 *   NextHopsList; the rest is ignored. Preference 0: the policy of the protocol.
 * @param TimeToLive  milliseconds until RTM_ROUTE_EXPIRED, or INFINITE.
 * @param RouteListHandle  list to move the route to; NULL: leave it.
 * @param NotifyType  0.
 * @param NotifyHandle  NULL.
 * @param ChangeFlags  in: 0 updates an equal route (destination, owner, neighbour),
 *   RTM_ROUTE_CHANGE_FIRST the caller's first one, RTM_ROUTE_CHANGE_NEW none; out:
 *   RTM_ROUTE_CHANGE_NEW, RTM_ROUTE_CHANGE_BEST.
 * @return  NO_ERROR; ERROR_ACCESS_DENIED for a route or next hop of another entity;
 *   ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER; ERROR_POSSIBLE_DEADLOCK while this
 *   thread has locked the destination; ERROR_NOT_ENOUGH_MEMORY.
 * @note  Give the handle back with RtmReleaseRoutes().
 */
DWORD RtmAddRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE *RouteHandle,
                        RTM_NET_ADDRESS *DestAddress, RTM_ROUTE_INFO *RouteInfo,
                        ULONG TimeToLive, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                        RTM_NOTIFY_FLAGS NotifyType, RTM_NOTIFY_HANDLE NotifyHandle,
                        RTM_ROUTE_CHANGE_FLAGS *ChangeFlags);

/**
 * Delete a route of the caller's.
 *
 * @param RouteHandle  consumed on success.
 * @param ChangeFlags  out: RTM_ROUTE_CHANGE_BEST where another route became best, or none
 *   is.
 * @return  NO_ERROR; ERROR_ACCESS_DENIED; ERROR_NOT_FOUND for a route that is no longer in
 *   the table; ERROR_INVALID_HANDLE; ERROR_POSSIBLE_DEADLOCK.
 */
DWORD RtmDeleteRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                           RTM_ROUTE_CHANGE_FLAGS *ChangeFlags);

/**
 * Ask that the last route of a destination be held for a while when it goes.
 *
 * @param TargetViews  views in which; 0: all.
 * @param HoldTime  milliseconds; the longest of all that are asked for counts.
 * @return  NO_ERROR; ERROR_INVALID_PARAMETER for a time of 0 or a view that is not there;
 *   ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD RtmHoldDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                         RTM_VIEW_SET TargetViews, ULONG HoldTime);

/**
 * Get a pointer into a route of the caller's, to read.
 *
 * @return  NO_ERROR; ERROR_ACCESS_DENIED; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER;
 *   ERROR_NOT_ENOUGH_MEMORY.
 * @note  No reference: valid while the client holds RouteHandle.
 */
DWORD RtmGetRoutePointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                         RTM_ROUTE_INFO **RoutePointer);

/**
 * Lock a route of the caller's, in fact its whole destination, or unlock it.
 *
 * @param Exclusive  TRUE to change, FALSE to read; an unlock names the mode of the lock.
 * @param LockRoute  TRUE locks, FALSE unlocks; what was written since is taken back then.
 * @param RoutePointer  receives a pointer to the route; may be NULL.
 * @return  NO_ERROR; ERROR_ACCESS_DENIED; ERROR_INVALID_HANDLE; ERROR_POSSIBLE_DEADLOCK;
 *   ERROR_NOT_LOCKED; ERROR_INVALID_PARAMETER for the wrong mode.
 * @note  Writable: Neighbour, PrefInfo, BelongsToViews, EntitySpecificInfo, NextHopsList,
 *   Flags, Flags1. The client counts: RtmReferenceHandles() for a next hop put in,
 *   RtmReleaseNextHops() for one taken out. RtmUpdateAndUnlockRoute() makes the changes
 *   count.
 */
DWORD RtmLockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, BOOL Exclusive,
                   BOOL LockRoute, RTM_ROUTE_INFO **RoutePointer);

/**
 * Commit what was changed under an exclusive RtmLockRoute(), and unlock.
 *
 * @param TimeToLive  milliseconds, or INFINITE.
 * @param RouteListHandle  list to move the route to; NULL: leave it.
 * @param NotifyType  0.
 * @param NotifyHandle  NULL.
 * @param ChangeFlags  out: RTM_ROUTE_CHANGE_BEST where the best route changed.
 * @return  NO_ERROR; ERROR_ACCESS_DENIED; ERROR_NOT_LOCKED; ERROR_INVALID_HANDLE;
 *   ERROR_INVALID_PARAMETER; ERROR_NOT_ENOUGH_MEMORY.
 * @note  After a failure the route is still locked.
 */
DWORD RtmUpdateAndUnlockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                              ULONG TimeToLive, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                              RTM_NOTIFY_FLAGS NotifyType, RTM_NOTIFY_HANDLE NotifyHandle,
                              RTM_ROUTE_CHANGE_FLAGS *ChangeFlags);

/* ---- queries ---------------------------------------------------------------- */

/**
 * Find the destination with exactly this address and length.
 *
 * @param DestAddress  the network.
 * @param ProtocolId  whose best route is told, see RtmGetDestInfo().
 * @param TargetViews  the destination has to be in one of these; RTM_VIEW_MASK_ANY: just in
 *   the table.
 * @param DestInfo  room for RTM_SIZE_OF_DEST_INFO() of as many views.
 * @return  NO_ERROR; ERROR_NOT_FOUND; ERROR_NOT_SUPPORTED for a view that is not there;
 *   ERROR_INVALID_PARAMETER; ERROR_INVALID_HANDLE.
 * @note  Give it back with RtmReleaseDestInfo().
 */
DWORD RtmGetExactMatchDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NET_ADDRESS *DestAddress,
                                  ULONG ProtocolId, RTM_VIEW_SET TargetViews,
                                  RTM_DEST_INFO *DestInfo);

/**
 * Find the longest prefix that covers this one, itself included.
 *
 * @param DestAddress  the network.
 * @param ProtocolId  whose best route is told, see RtmGetDestInfo().
 * @param TargetViews  the destination has to be in one of these; RTM_VIEW_MASK_ANY: just in
 *   the table.
 * @param DestInfo  room for RTM_SIZE_OF_DEST_INFO() of as many views.
 * @return  NO_ERROR; ERROR_NOT_FOUND; ERROR_NOT_SUPPORTED for a view that is not there;
 *   ERROR_INVALID_PARAMETER; ERROR_INVALID_HANDLE.
 * @note  Give it back with RtmReleaseDestInfo().
 */
DWORD RtmGetMostSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle,
                                    RTM_NET_ADDRESS *DestAddress, ULONG ProtocolId,
                                    RTM_VIEW_SET TargetViews, RTM_DEST_INFO *DestInfo);

/**
 * Find the next shorter prefix that covers a destination.
 *
 * @param DestHandle  where to go up from; not consumed.
 * @param ProtocolId  whose best route is told, see RtmGetDestInfo().
 * @param TargetViews  the destination has to be in one of these; RTM_VIEW_MASK_ANY: just in
 *   the table.
 * @param DestInfo  room for RTM_SIZE_OF_DEST_INFO() of as many views.
 * @return  NO_ERROR; ERROR_NOT_FOUND; ERROR_NOT_SUPPORTED for a view that is not there;
 *   ERROR_INVALID_PARAMETER; ERROR_INVALID_HANDLE.
 * @note  Give it back with RtmReleaseDestInfo(). Repeat it to walk up to the default route.
 */
DWORD RtmGetLessSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                                    ULONG ProtocolId, RTM_VIEW_SET TargetViews,
                                    RTM_DEST_INFO *DestInfo);

/**
 * Find the first route of exactly this destination that meets the criteria.
 *
 * @param DestAddress  the network.
 * @param MatchingFlags  which of the criteria count: RTM_MATCH_*.
 * @param RouteInfo  in: RouteOwner, Neighbour, PrefInfo, NextHopsList; out: the route, with
 *   room for MaxNextHopsInRoute.
 * @param InterfaceIndex  with RTM_MATCH_INTERFACE.
 * @param TargetViews  the route has to be in one of these; RTM_VIEW_MASK_ANY: all do.
 * @param RouteHandle  receives a reference; may be NULL.
 * @return  NO_ERROR; ERROR_NOT_FOUND; ERROR_NOT_SUPPORTED for a view that is not there;
 *   ERROR_INVALID_PARAMETER; ERROR_INVALID_HANDLE.
 * @note  Give back RouteInfo with RtmReleaseRouteInfo() and the handle with
 *   RtmReleaseRoutes(). Handles in RouteInfo are overwritten: keep copies.
 */
DWORD RtmGetExactMatchRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NET_ADDRESS *DestAddress,
                            RTM_MATCH_FLAGS MatchingFlags, RTM_ROUTE_INFO *RouteInfo,
                            ULONG InterfaceIndex, RTM_VIEW_SET TargetViews,
                            RTM_ROUTE_HANDLE *RouteHandle);

/**
 * Ask in which views a route is best.
 *
 * @param BestInViews  receives the views; 0: in none.
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 */
DWORD RtmIsBestRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                     RTM_VIEW_SET *BestInViews);

/* ---- next hops -------------------------------------------------------------- */

/**
 * Add a next hop to the caller's list, or update one.
 *
 * @param NextHopInfo  NextHopAddress and InterfaceIndex name it for ever; Flags,
 *   EntitySpecificInfo and, with RTM_NEXTHOP_FLAGS_REMOTE, RemoteNextHop can change.
 * @param NextHopHandle  points to a handle: update that one. Points to NULL: find or add,
 *   and receive a reference. NULL: the same without a handle.
 * @param ChangeFlags  out: RTM_NEXTHOP_CHANGE_NEW, or 0 for an update.
 * @return  NO_ERROR; ERROR_ACCESS_DENIED for a next hop of another entity;
 *   ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER; ERROR_NOT_ENOUGH_MEMORY.
 * @note  Give the handle back with RtmReleaseNextHops().
 */
DWORD RtmAddNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_INFO *NextHopInfo,
                    RTM_NEXTHOP_HANDLE *NextHopHandle, RTM_NEXTHOP_CHANGE_FLAGS *ChangeFlags);

/**
 * Find a next hop in the caller's list by address and interface.
 *
 * @param NextHopHandle  receives a reference; may be NULL.
 * @param NextHopPointer  receives a direct pointer, valid while a handle is held; may be
 *   NULL.
 * @return  NO_ERROR; ERROR_NOT_FOUND; ERROR_INVALID_PARAMETER; ERROR_INVALID_HANDLE.
 */
DWORD RtmFindNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_INFO *NextHopInfo,
                     RTM_NEXTHOP_HANDLE *NextHopHandle, RTM_NEXTHOP_INFO **NextHopPointer);

/**
 * Delete a next hop of the caller's, also while routes use it. [RTM K38]
 *
 * @param NextHopHandle  which; consumed on success. NULL: the one that NextHopInfo names.
 * @param NextHopInfo  address and interface; used without a handle.
 * @return  NO_ERROR; ERROR_NOT_FOUND; ERROR_ACCESS_DENIED; ERROR_INVALID_HANDLE;
 *   ERROR_INVALID_PARAMETER.
 */
DWORD RtmDeleteNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                       RTM_NEXTHOP_INFO *NextHopInfo);

/**
 * Get a pointer to a next hop of the caller's, to read.
 *
 * @return  NO_ERROR; ERROR_ACCESS_DENIED; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 * @note  No reference: valid while the client holds NextHopHandle.
 */
DWORD RtmGetNextHopPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                           RTM_NEXTHOP_INFO **NextHopPointer);

/**
 * Lock a next hop of the caller's, or unlock it, which ends the update.
 *
 * @param Exclusive  TRUE to change, FALSE to read; an unlock names the mode of the lock.
 * @param LockNextHop  TRUE locks, FALSE unlocks.
 * @param NextHopPointer  receives a pointer through which Flags, EntitySpecificInfo and
 *   RemoteNextHop can change; may be NULL.
 * @return  NO_ERROR; ERROR_ACCESS_DENIED; ERROR_NOT_FOUND for a deleted next hop;
 *   ERROR_INVALID_HANDLE; ERROR_POSSIBLE_DEADLOCK; ERROR_NOT_LOCKED;
 *   ERROR_INVALID_PARAMETER.
 */
DWORD RtmLockNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                     BOOL Exclusive, BOOL LockNextHop, RTM_NEXTHOP_INFO **NextHopPointer);

/**
 * Give next-hop handles back. All or none.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 */
DWORD RtmReleaseNextHops(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumNextHops,
                         RTM_NEXTHOP_HANDLE *NextHopHandles);

/* ---- enumeration ------------------------------------------------------------ */

/**
 * Start to enumerate destinations, by address, then length.
 *
 * @param TargetViews  destinations of these views; RTM_VIEW_MASK_ANY: all, those with
 *   nothing but held routes included.
 * @param EnumFlags  RTM_ENUM_START, _NEXT or _RANGE; RTM_ENUM_ALL_DESTS or _OWN_DESTS.
 * @param NetAddress  where to start, or the subtree; not used with RTM_ENUM_START.
 * @param ProtocolId  whose best route is told, see RtmGetDestInfo().
 * @return  NO_ERROR; ERROR_INVALID_PARAMETER; ERROR_NOT_SUPPORTED for a view that is not
 *   there; ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY.
 * @note  Ends with RtmDeleteEnumHandle(). The table may change meanwhile: what is added
 *   ahead appears, what is removed does not. [RTM K54]
 */
DWORD RtmCreateDestEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews,
                        RTM_ENUM_FLAGS EnumFlags, RTM_NET_ADDRESS *NetAddress, ULONG ProtocolId,
                        RTM_ENUM_HANDLE *RtmEnumHandle);

/**
 * Fetch the next destinations of an enumeration.
 *
 * @param NumDests  in: how many at most, 1 to MaxHandlesInEnum; out: how many came.
 * @param DestInfos  receives packed records; step with RTM_NEXT_DEST_INFO().
 * @return  NO_ERROR where at least one came; ERROR_NO_MORE_ITEMS; ERROR_INVALID_PARAMETER;
 *   ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY.
 * @note  Give them back with RtmReleaseDests().
 */
DWORD RtmGetEnumDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                      UINT *NumDests, RTM_DEST_INFO *DestInfos);

/**
 * Give back the records of RtmGetEnumDests().
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 */
DWORD RtmReleaseDests(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumDests, RTM_DEST_INFO *DestInfos);

/**
 * Start to enumerate routes, by destination, then preference and metric.
 *
 * @param DestHandle  the routes of this one only; NULL: of all, or as EnumFlags say.
 * @param TargetViews  routes of these views; RTM_VIEW_MASK_ANY: all, held ones included.
 * @param EnumFlags  RTM_ENUM_START, _NEXT or _RANGE; RTM_ENUM_ALL_ROUTES or _OWN_ROUTES.
 * @param StartDest  where to start, or the subtree.
 * @param MatchingFlags  which criteria count: RTM_MATCH_*.
 * @param CriteriaRoute  the criteria; NULL with RTM_MATCH_NONE and RTM_MATCH_INTERFACE
 *   alone.
 * @param CriteriaInterface  with RTM_MATCH_INTERFACE.
 * @return  NO_ERROR; ERROR_INVALID_PARAMETER; ERROR_NOT_SUPPORTED for a view that is not
 *   there; ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY.
 * @note  Ends with RtmDeleteEnumHandle().
 */
DWORD RtmCreateRouteEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                         RTM_VIEW_SET TargetViews, RTM_ENUM_FLAGS EnumFlags,
                         RTM_NET_ADDRESS *StartDest, RTM_MATCH_FLAGS MatchingFlags,
                         RTM_ROUTE_INFO *CriteriaRoute, ULONG CriteriaInterface,
                         RTM_ENUM_HANDLE *RtmEnumHandle);

/**
 * Fetch the next routes of an enumeration.
 *
 * @param NumRoutes  in: how many at most, 1 to MaxHandlesInEnum; out: how many came.
 * @param RouteHandles  receives a reference to each.
 * @return  NO_ERROR where at least one came; ERROR_NO_MORE_ITEMS; ERROR_INVALID_PARAMETER;
 *   ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY.
 * @note  Give them back with RtmReleaseRoutes().
 */
DWORD RtmGetEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                       UINT *NumRoutes, RTM_ROUTE_HANDLE *RouteHandles);

/**
 * Give route handles back. All or none.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 */
DWORD RtmReleaseRoutes(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumRoutes,
                       RTM_ROUTE_HANDLE *RouteHandles);

/**
 * Start to enumerate the caller's next hops, by address, length, interface.
 *
 * @param EnumFlags  RTM_ENUM_START, _NEXT or _RANGE.
 * @param NetAddress  where to start, or a prefix that their addresses are in.
 * @return  NO_ERROR; ERROR_INVALID_PARAMETER; ERROR_INVALID_HANDLE;
 *   ERROR_NOT_ENOUGH_MEMORY.
 * @note  Ends with RtmDeleteEnumHandle().
 */
DWORD RtmCreateNextHopEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_FLAGS EnumFlags,
                           RTM_NET_ADDRESS *NetAddress, RTM_ENUM_HANDLE *RtmEnumHandle);

/**
 * Fetch the next next hops of an enumeration.
 *
 * @param NumNextHops  in: how many at most, 1 to MaxHandlesInEnum; out: how many came.
 * @param NextHopHandles  receives a reference to each.
 * @return  NO_ERROR where at least one came; ERROR_NO_MORE_ITEMS; ERROR_INVALID_PARAMETER;
 *   ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY.
 * @note  Give them back with RtmReleaseNextHops().
 */
DWORD RtmGetEnumNextHops(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                         UINT *NumNextHops, RTM_NEXTHOP_HANDLE *NextHopHandles);

/**
 * End an enumeration of any kind; what it returned stays referenced.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE.
 */
DWORD RtmDeleteEnumHandle(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle);

/* ---- change notification ---------------------------------------------------- */

/**
 * Ask to be told of changed destinations.
 *
 * @param TargetViews  changes in these views; 0: in all, and records without view slots.
 * @param NotifyFlags  RTM_CHANGE_TYPE_*, and perhaps RTM_NOTIFY_ONLY_MARKED_DESTS.
 * @param NotifyContext  given to the call-back as Context2.
 * @param NotifyHandle  receives the registration.
 * @return  NO_ERROR; ERROR_INVALID_PARAMETER; ERROR_NOT_SUPPORTED for a view that is not
 *   there; ERROR_NO_SYSTEM_RESOURCES where the table has no more; ERROR_POSSIBLE_DEADLOCK
 *   inside RTM_CHANGE_NOTIFICATION; ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY.
 * @note  The call-back comes once when something is pending; fetch until
 *   ERROR_NO_MORE_ITEMS. Ends with RtmDeregisterFromChangeNotification().
 */
DWORD RtmRegisterForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews,
                                       RTM_NOTIFY_FLAGS NotifyFlags, PVOID NotifyContext,
                                       RTM_NOTIFY_HANDLE *NotifyHandle);

/**
 * Fetch changed destinations, each once, as it is now.
 *
 * @param NumDests  in: how many at most, 1 to MaxHandlesInEnum; out: how many came.
 * @param ChangedDests  receives packed records; step with RTM_NEXT_DEST_INFO().
 * @return  NO_ERROR where at least one came; ERROR_NO_MORE_ITEMS; ERROR_INVALID_PARAMETER;
 *   ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY.
 * @note  Give them back with RtmReleaseChangedDests().
 */
DWORD RtmGetChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                         UINT *NumDests, RTM_DEST_INFO *ChangedDests);

/**
 * Give back the records of RtmGetChangedDests().
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 */
DWORD RtmReleaseChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                             UINT NumDests, RTM_DEST_INFO *ChangedDests);

/**
 * Forget what is pending of these destinations; later changes are told again.
 *
 * @param ChangedDests  handles, not consumed.
 * @return  NO_ERROR; ERROR_INVALID_HANDLE, and then nothing was forgotten;
 *   ERROR_INVALID_PARAMETER.
 */
DWORD RtmIgnoreChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                            UINT NumDests, RTM_DEST_HANDLE *ChangedDests);

/**
 * Ask whether a change of a destination is pending.
 *
 * @param ChangeStatus  receives TRUE or FALSE.
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 */
DWORD RtmGetChangeStatus(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                         RTM_DEST_HANDLE DestHandle, BOOL *ChangeStatus);

/**
 * Mark a destination for a registration, or take the mark away.
 *
 * @param MarkDest  TRUE marks.
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_NOT_ENOUGH_MEMORY.
 * @note  Taking the mark away leaves what is pending.
 */
DWORD RtmMarkDestForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                       RTM_NOTIFY_HANDLE NotifyHandle,
                                       RTM_DEST_HANDLE DestHandle, BOOL MarkDest);

/**
 * Ask whether a destination is marked for a registration.
 *
 * @param DestMarked  receives TRUE or FALSE.
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 */
DWORD RtmIsMarkedForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                       RTM_NOTIFY_HANDLE NotifyHandle,
                                       RTM_DEST_HANDLE DestHandle, BOOL *DestMarked);

/**
 * End a registration, its marks and what is pending.
 *
 * @param RtmRegHandle  the entity's. [RTM K40]
 * @return  NO_ERROR; ERROR_INVALID_HANDLE.
 */
DWORD RtmDeregisterFromChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                          RTM_NOTIFY_HANDLE NotifyHandle);

/* ---- route lists and handle management -------------------------------------- */

/**
 * Make an empty list for routes of the caller's.
 *
 * @return  NO_ERROR; ERROR_INVALID_PARAMETER; ERROR_INVALID_HANDLE;
 *   ERROR_NOT_ENOUGH_MEMORY.
 * @note  Ends with RtmDeleteRouteList().
 */
DWORD RtmCreateRouteList(RTM_ENTITY_HANDLE RtmRegHandle,
                         RTM_ROUTE_LIST_HANDLE *RouteListHandle);

/**
 * Move routes to the end of a list, out of any other. All or none.
 *
 * @param RouteListHandle  NULL: just take them out.
 * @param RouteHandles  not consumed.
 * @return  NO_ERROR; ERROR_ACCESS_DENIED for a route of another entity;
 *   ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER; ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD RtmInsertInRouteList(RTM_ENTITY_HANDLE RtmRegHandle,
                           RTM_ROUTE_LIST_HANDLE RouteListHandle, UINT NumRoutes,
                           RTM_ROUTE_HANDLE *RouteHandles);

/**
 * Start to enumerate a list.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER;
 *   ERROR_NOT_ENOUGH_MEMORY.
 * @note  Ends with RtmDeleteEnumHandle().
 */
DWORD RtmCreateRouteListEnum(RTM_ENTITY_HANDLE RtmRegHandle,
                             RTM_ROUTE_LIST_HANDLE RouteListHandle,
                             RTM_ENUM_HANDLE *RtmEnumHandle);

/**
 * Fetch the next routes of a list.
 *
 * @param NumRoutes  in: how many at most, 1 to MaxHandlesInEnum; out: how many came. Fewer
 *   than asked for: that was the end.
 * @param RouteHandles  receives a reference to each.
 * @return  NO_ERROR, also at the end [RTM K27]; ERROR_INVALID_PARAMETER;
 *   ERROR_INVALID_HANDLE.
 * @note  Routes already returned may be moved elsewhere meanwhile. Give them back with
 *   RtmReleaseRoutes().
 */
DWORD RtmGetListEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                           UINT *NumRoutes, RTM_ROUTE_HANDLE *RouteHandles);

/**
 * Delete a list; its routes stay in the table.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE.
 */
DWORD RtmDeleteRouteList(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle);

/**
 * Take one more reference to each of these entities, destinations, routes and next hops.
 * All or none.
 *
 * @return  NO_ERROR; ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER.
 * @note  Give each back with the function of its kind.
 */
DWORD RtmReferenceHandles(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumHandles, HANDLE *RtmHandles);

/* ---- IPv6 address helpers (no documentation page) --------------------------- */

/**
 * Make a network of an IPv6 address and a length.
 *
 * @param dwAddressSize  16.
 * @return  NO_ERROR; ERROR_INVALID_PARAMETER.
 */
DWORD RtmConvertIpv6AddressAndLengthToNetAddress(RTM_NET_ADDRESS *pNetAddress,
                                                 struct in6_addr Address, DWORD dwLength,
                                                 DWORD dwAddressSize);

/**
 * Take an IPv6 network apart.
 *
 * @param dwAddressSize  16.
 * @return  NO_ERROR; ERROR_INVALID_PARAMETER.
 */
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
