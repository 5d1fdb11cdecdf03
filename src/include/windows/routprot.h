/*
 * Protocol numbers of routes.
 */
#ifndef RTM_WINDOWS_ROUTPROT_H
#define RTM_WINDOWS_ROUTPROT_H

#include "nldef.h"

#include "../rtmv2.h"

#endif
