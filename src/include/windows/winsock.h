/*
 * The older name of winsock2.h.
 */
#ifndef RTM_WINDOWS_WINSOCK_H
#define RTM_WINDOWS_WINSOCK_H

#include "winsock2.h"

#endif
