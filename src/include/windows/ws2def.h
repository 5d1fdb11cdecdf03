/*
 * Socket address names of Windows over libc's types.
 */
#ifndef RTM_WINDOWS_WS2DEF_H
#define RTM_WINDOWS_WS2DEF_H

#include "windef.h"

typedef struct in_addr IN_ADDR, *PIN_ADDR, *LPIN_ADDR;
typedef struct sockaddr SOCKADDR, *PSOCKADDR, *LPSOCKADDR;
typedef struct sockaddr_in SOCKADDR_IN, *PSOCKADDR_IN, *LPSOCKADDR_IN;
typedef struct sockaddr_storage SOCKADDR_STORAGE, *PSOCKADDR_STORAGE;
typedef struct addrinfo ADDRINFOA, *PADDRINFOA;

#endif
