/*
 * The text macros of sources that can be built with or without wide characters; ours
 * are narrow.
 */
#ifndef RTM_WINDOWS_TCHAR_H
#define RTM_WINDOWS_TCHAR_H

#include "windef.h"

typedef char _TCHAR;
#define _T(Text) Text
#define _TEXT(Text) Text
#define _tmain main
#define _tprintf printf
#define _ftprintf fprintf
#define _stprintf_s rtm_win_sprintf_s
#define _tcslen strlen
#define _tcscmp strcmp
#define _tcsicmp strcasecmp
#define _tcstoul strtoul
#define _ttoi atoi

#endif
