/*
 * IPv6 addresses: libc's struct in6_addr; its bytes are s6_addr.
 */
#ifndef RTM_WINDOWS_IN6ADDR_H
#define RTM_WINDOWS_IN6ADDR_H

#include "ws2def.h"

typedef struct in6_addr IN6_ADDR, *PIN6_ADDR, *LPIN6_ADDR;

#endif
