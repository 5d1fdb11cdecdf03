/*
 * Same names as windef.h, under the header that newer sources name.
 */
#ifndef RTM_WINDOWS_BASETSD_H
#define RTM_WINDOWS_BASETSD_H

#include "windef.h"

#endif
