/*
 * Text and addresses.
 */
#ifndef RTM_WINDOWS_WS2TCPIP_H
#define RTM_WINDOWS_WS2TCPIP_H

#include "winsock2.h"
#include "ws2ipdef.h"

#define InetPtonA(Family, Text, Address) inet_pton((Family), (Text), (Address))
#define InetNtopA(Family, Address, Text, Size) inet_ntop((Family), (Address), (Text), (Size))
#if defined(UNICODE)
#define InetPton InetPtonW
#define InetNtop InetNtopW
#else
#define InetPton InetPtonA
#define InetNtop InetNtopA
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The same on wide text. */
int rtm_win_InetPtonW(int family, LPCWSTR text, void *address);
LPCWSTR rtm_win_InetNtopW(int family, const void *address, LPWSTR text, size_t size);

#ifdef __cplusplus
}
#endif

#define InetPtonW rtm_win_InetPtonW
#define InetNtopW rtm_win_InetNtopW

#endif
