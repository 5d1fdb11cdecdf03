/*
 * An older home of the version 1 rows.
 */
#ifndef RTM_WINDOWS_IPRTRMIB_H
#define RTM_WINDOWS_IPRTRMIB_H

#include "ipmib.h"

#endif
