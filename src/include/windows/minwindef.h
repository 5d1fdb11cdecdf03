/*
 * Same names as windef.h, under the header that newer sources name.
 */
#ifndef RTM_WINDOWS_MINWINDEF_H
#define RTM_WINDOWS_MINWINDEF_H

#include "windef.h"

#endif
