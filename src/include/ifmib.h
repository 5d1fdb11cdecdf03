/*
 * Interfaces as version 1 lists them. What routes do not need is not known here: physical
 * address, speed and counters are 0.
 */
#ifndef RTM_IFMIB_H
#define RTM_IFMIB_H

#include "wintypes.h"

#define MAX_INTERFACE_NAME_LEN 256
#define MAXLEN_IFDESCR 256
#define MAXLEN_PHYSADDR 8

#define MIB_IF_ADMIN_STATUS_UP 1
#define MIB_IF_ADMIN_STATUS_DOWN 2
#define MIB_IF_ADMIN_STATUS_TESTING 3

typedef enum _INTERNAL_IF_OPER_STATUS {
	IF_OPER_STATUS_NON_OPERATIONAL = 0,
	IF_OPER_STATUS_UNREACHABLE = 1,
	IF_OPER_STATUS_DISCONNECTED = 2,
	IF_OPER_STATUS_CONNECTING = 3,
	IF_OPER_STATUS_CONNECTED = 4,
	IF_OPER_STATUS_OPERATIONAL = 5,

	MIB_IF_OPER_STATUS_NON_OPERATIONAL = 0,
	MIB_IF_OPER_STATUS_UNREACHABLE = 1,
	MIB_IF_OPER_STATUS_DISCONNECTED = 2,
	MIB_IF_OPER_STATUS_CONNECTING = 3,
	MIB_IF_OPER_STATUS_CONNECTED = 4,
	MIB_IF_OPER_STATUS_OPERATIONAL = 5
} INTERNAL_IF_OPER_STATUS;

typedef DWORD IFTYPE;

typedef struct _MIB_IFROW {
	WCHAR wszName[MAX_INTERFACE_NAME_LEN]; /* the system's name */
	IF_INDEX dwIndex;
	IFTYPE dwType;
	DWORD dwMtu;
	DWORD dwSpeed;
	DWORD dwPhysAddrLen;
	UCHAR bPhysAddr[MAXLEN_PHYSADDR];
	DWORD dwAdminStatus;
	INTERNAL_IF_OPER_STATUS dwOperStatus;
	DWORD dwLastChange;
	DWORD dwInOctets;
	DWORD dwInUcastPkts;
	DWORD dwInNUcastPkts;
	DWORD dwInDiscards;
	DWORD dwInErrors;
	DWORD dwInUnknownProtos;
	DWORD dwOutOctets;
	DWORD dwOutUcastPkts;
	DWORD dwOutNUcastPkts;
	DWORD dwOutDiscards;
	DWORD dwOutErrors;
	DWORD dwOutQLen;
	DWORD dwDescrLen;             /* with the final NUL */
	UCHAR bDescr[MAXLEN_IFDESCR]; /* the name form, ethernet_2 */
} MIB_IFROW, *PMIB_IFROW;

typedef struct _MIB_IFTABLE {
	DWORD dwNumEntries;
	MIB_IFROW table[1];
} MIB_IFTABLE, *PMIB_IFTABLE;

#define SIZEOF_IFTABLE(Rows) (offsetof(MIB_IFTABLE, table) + (size_t)(Rows) * sizeof(MIB_IFROW))

#endif
