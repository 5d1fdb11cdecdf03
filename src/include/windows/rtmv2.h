/*
 * The routing table manager.
 */
#ifndef RTM_WINDOWS_RTMV2_H
#define RTM_WINDOWS_RTMV2_H

#include "windows.h"

#include "../rtmv2.h"

#endif
