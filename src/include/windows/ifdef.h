/*
 * Interface numbers, LUIDs and types.
 */
#ifndef RTM_WINDOWS_IFDEF_H
#define RTM_WINDOWS_IFDEF_H

#include "ipifcons.h"
#include "ws2ipdef.h"

#endif
