/*
 * Route protocols and origins [IPHLP nldef.h]: one number, up to three names; and the
 * few settings of interfaces.
 * Constants only.
 */
#ifndef RTM_NLDEF_H
#define RTM_NLDEF_H

#include "wintypes.h"

#define NL_MAX_METRIC_COMPONENT 0x7FFFFFFFu
#define IPRTRMGR_PID 10000

typedef enum {
	RouteProtocolOther = 1,
	RouteProtocolLocal = 2,
	RouteProtocolNetMgmt = 3,
	RouteProtocolIcmp = 4,
	RouteProtocolEgp = 5,
	RouteProtocolGgp = 6,
	RouteProtocolHello = 7,
	RouteProtocolRip = 8,
	RouteProtocolIsIs = 9,
	RouteProtocolEsIs = 10,
	RouteProtocolCisco = 11,
	RouteProtocolBbn = 12,
	RouteProtocolOspf = 13,
	RouteProtocolBgp = 14,
	RouteProtocolIdpr = 15,
	RouteProtocolEigrp = 16,
	RouteProtocolDvmrp = 17,
	RouteProtocolRpl = 18,
	RouteProtocolDhcp = 19,

	MIB_IPPROTO_OTHER = 1,
	MIB_IPPROTO_LOCAL = 2,
	MIB_IPPROTO_NETMGMT = 3,
	MIB_IPPROTO_ICMP = 4,
	MIB_IPPROTO_EGP = 5,
	MIB_IPPROTO_GGP = 6,
	MIB_IPPROTO_HELLO = 7,
	MIB_IPPROTO_RIP = 8,
	MIB_IPPROTO_IS_IS = 9,
	MIB_IPPROTO_ES_IS = 10,
	MIB_IPPROTO_CISCO = 11,
	MIB_IPPROTO_BBN = 12,
	MIB_IPPROTO_OSPF = 13,
	MIB_IPPROTO_BGP = 14,
	MIB_IPPROTO_IDPR = 15,
	MIB_IPPROTO_EIGRP = 16,
	MIB_IPPROTO_DVMRP = 17,
	MIB_IPPROTO_RPL = 18,
	MIB_IPPROTO_DHCP = 19,
	MIB_IPPROTO_NT_AUTOSTATIC = 10002,
	MIB_IPPROTO_NT_STATIC = 10006,
	MIB_IPPROTO_NT_STATIC_NON_DOD = 10007
} NL_ROUTE_PROTOCOL,
    *PNL_ROUTE_PROTOCOL;

/* The third names; with the numbers that rtmv2.h has. */
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
#define PROTO_IP_NT_AUTOSTATIC 10002
#define PROTO_IP_NT_STATIC 10006
#define PROTO_IP_NT_STATIC_NON_DOD 10007

typedef enum {
	NlroManual = 0,
	NlroWellKnown = 1,
	NlroDHCP = 2,
	NlroRouterAdvertisement = 3,
	Nlro6to4 = 4
} NL_ROUTE_ORIGIN,
    *PNL_ROUTE_ORIGIN;

typedef enum {
	RouterDiscoveryDisabled = 0,
	RouterDiscoveryEnabled = 1,
	RouterDiscoveryDhcp = 2,
	RouterDiscoveryUnchanged = -1
} NL_ROUTER_DISCOVERY_BEHAVIOR;

typedef enum {
	LinkLocalAlwaysOff = 0,
	LinkLocalDelayed = 1,
	LinkLocalAlwaysOn = 2,
	LinkLocalUnchanged = -1
} NL_LINK_LOCAL_ADDRESS_BEHAVIOR;

typedef enum {
	ScopeLevelInterface = 1,
	ScopeLevelLink = 2,
	ScopeLevelSubnet = 3,
	ScopeLevelAdmin = 4,
	ScopeLevelSite = 5,
	ScopeLevelOrganization = 8,
	ScopeLevelGlobal = 14,
	ScopeLevelCount = 16
} SCOPE_LEVEL;

#endif
