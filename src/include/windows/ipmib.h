/*
 * Version 1 route rows.
 */
#ifndef RTM_WINDOWS_IPMIB_H
#define RTM_WINDOWS_IPMIB_H

#include "winsock2.h"

#include "../ipmib.h"

#endif
