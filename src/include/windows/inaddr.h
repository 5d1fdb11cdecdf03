/*
 * IPv4 addresses under the name that Windows sources include.
 */
#ifndef RTM_WINDOWS_INADDR_H
#define RTM_WINDOWS_INADDR_H

#include "ws2def.h"

#endif
