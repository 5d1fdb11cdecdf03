/*
 * Text and addresses.
 */
#ifndef RTM_WINDOWS_WS2TCPIP_H
#define RTM_WINDOWS_WS2TCPIP_H

#include "winsock2.h"
#include "ws2ipdef.h"

#define InetPtonA(Family, Text, Address) inet_pton((Family), (Text), (Address))
#define InetNtopA(Family, Address, Text, Size) inet_ntop((Family), (Address), (Text), (Size))
#define InetPton InetPtonA
#define InetNtop InetNtopA

#endif
