/*
 * IPv4-or-IPv6 socket addresses.
 */
#ifndef RTM_WINDOWS_WS2IPDEF_H
#define RTM_WINDOWS_WS2IPDEF_H

#include "in6addr.h"
#include "ws2def.h"

#include "../netioapi.h"

typedef struct sockaddr_in6 SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6, SOCKADDR_IN6_LH,
    *PSOCKADDR_IN6_LH;

#endif
