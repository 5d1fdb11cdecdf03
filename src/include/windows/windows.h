/*
 * The umbrella that sources written for Windows include first, cut down to what programs
 * about routes use: names, codes, last error, heap, text.
 */
#ifndef RTM_WINDOWS_WINDOWS_H
#define RTM_WINDOWS_WINDOWS_H

#include "windef.h"
#include "winbase.h"
#include "winerror.h"

#endif
