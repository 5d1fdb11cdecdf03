/*
 * Version 2 route and interface functions. if_nametoindex and if_indextoname mean, in a
 * source that includes this, the documented functions on our interface names, not
 * libc's; IF_NAMESIZE is Windows' 256.
 */
#ifndef RTM_WINDOWS_NETIOAPI_H
#define RTM_WINDOWS_NETIOAPI_H

#include "ifdef.h"
#include "nldef.h"
#include "ws2ipdef.h"

#include "../netioapi.h"

#undef IF_NAMESIZE
#define IF_NAMESIZE 256
#define if_nametoindex rtm_if_nametoindex
#define if_indextoname rtm_if_indextoname

#endif
