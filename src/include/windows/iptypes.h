/*
 * Adapters as version 1 lists them.
 */
#ifndef RTM_WINDOWS_IPTYPES_H
#define RTM_WINDOWS_IPTYPES_H

#include "winsock2.h"

#include "ipifcons.h"

#include "../iptypes.h"

#endif
