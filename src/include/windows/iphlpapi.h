/*
 * Version 1 functions, and as on Windows everything of netioapi.h.
 */
#ifndef RTM_WINDOWS_IPHLPAPI_H
#define RTM_WINDOWS_IPHLPAPI_H

#include "ipmib.h"
#include "netioapi.h"

#include "../iphlpapi.h"

#endif
