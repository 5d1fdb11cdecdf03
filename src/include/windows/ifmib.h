/*
 * Interfaces as version 1 lists them.
 */
#ifndef RTM_WINDOWS_IFMIB_H
#define RTM_WINDOWS_IFMIB_H

#include "winsock2.h"

#include "ipifcons.h"

#include "../ifmib.h"

#endif
