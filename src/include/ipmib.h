/*
 * The version 1 route row of the IP Helper interface [IPHLP MIB_IPFORWARDROW]:
 * IPv4 only, interface by index, Metric1 is the total of route and interface.
 * Addresses are in network byte order, everything else in host order.
 */
#ifndef RTM_IPMIB_H
#define RTM_IPMIB_H

#include "nldef.h"
#include "wintypes.h"

#define MIB_IPROUTE_METRIC_UNUSED ((DWORD)-1)

typedef enum {
	MIB_IPROUTE_TYPE_OTHER = 1,
	MIB_IPROUTE_TYPE_INVALID = 2,
	MIB_IPROUTE_TYPE_DIRECT = 3,
	MIB_IPROUTE_TYPE_INDIRECT = 4
} MIB_IPFORWARD_TYPE;

typedef NL_ROUTE_PROTOCOL MIB_IPFORWARD_PROTO;

typedef struct _MIB_IPFORWARDROW {
	DWORD dwForwardDest;
	DWORD dwForwardMask;
	DWORD dwForwardPolicy;
	DWORD dwForwardNextHop;
	DWORD dwForwardIfIndex;
	union {
		DWORD dwForwardType;
		MIB_IPFORWARD_TYPE ForwardType;
	};
	union {
		DWORD dwForwardProto;
		MIB_IPFORWARD_PROTO ForwardProto;
	};
	DWORD dwForwardAge;
	DWORD dwForwardNextHopAS;
	DWORD dwForwardMetric1;
	DWORD dwForwardMetric2;
	DWORD dwForwardMetric3;
	DWORD dwForwardMetric4;
	DWORD dwForwardMetric5;
} MIB_IPFORWARDROW, *PMIB_IPFORWARDROW;

typedef struct _MIB_IPFORWARDTABLE {
	DWORD dwNumEntries;
	MIB_IPFORWARDROW table[1];
} MIB_IPFORWARDTABLE, *PMIB_IPFORWARDTABLE;

#define SIZEOF_IPFORWARDTABLE(Rows)                                                            \
	(offsetof(MIB_IPFORWARDTABLE, table) + (size_t)(Rows) * sizeof(MIB_IPFORWARDROW))

#define MIB_IPADDR_PRIMARY 0x0001
#define MIB_IPADDR_DYNAMIC 0x0004
#define MIB_IPADDR_DISCONNECTED 0x0008
#define MIB_IPADDR_DELETED 0x0040
#define MIB_IPADDR_TRANSIENT 0x0080

/* An IPv4 address of an interface. */
typedef struct _MIB_IPADDRROW {
	DWORD dwAddr;
	IF_INDEX dwIndex;
	DWORD dwMask;
	DWORD dwBCastAddr; /* 1: broadcasts have all ones */
	DWORD dwReasmSize;
	USHORT unused1;
	USHORT wType; /* MIB_IPADDR_PRIMARY and _DISCONNECTED are known here */
} MIB_IPADDRROW, *PMIB_IPADDRROW, MIB_IPADDRROW_XP, *PMIB_IPADDRROW_XP;

typedef struct _MIB_IPADDRTABLE {
	DWORD dwNumEntries;
	MIB_IPADDRROW table[1];
} MIB_IPADDRTABLE, *PMIB_IPADDRTABLE;

#define SIZEOF_IPADDRTABLE(Rows)                                                               \
	(offsetof(MIB_IPADDRTABLE, table) + (size_t)(Rows) * sizeof(MIB_IPADDRROW))

#endif
