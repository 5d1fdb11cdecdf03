/*
 * Route protocols and origins, under the name that Windows sources include.
 */
#ifndef RTM_WINDOWS_NLDEF_H
#define RTM_WINDOWS_NLDEF_H

#include "../nldef.h"

#endif
