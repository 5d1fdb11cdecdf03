/*
 * The status codes, under the name that Windows sources include.
 */
#ifndef RTM_WINDOWS_WINERROR_H
#define RTM_WINDOWS_WINERROR_H

#include "../winerr.h"

#endif
