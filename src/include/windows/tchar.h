/*
 * The text macros of sources that can be built with or without wide characters: wide where
 * UNICODE or _UNICODE is defined before the first of these headers.
 */
#ifndef RTM_WINDOWS_TCHAR_H
#define RTM_WINDOWS_TCHAR_H

#include "winbase.h"

typedef TCHAR _TCHAR;
#define _T(Text) TEXT(Text)
#define _TEXT(Text) TEXT(Text)
#define __T(Text) TEXT(Text)

#if defined(UNICODE)
#define _tmain wmain
#define _tprintf wprintf
#define _ftprintf fwprintf
#define _vtprintf vwprintf
#define _vftprintf vfwprintf
#define _stprintf_s swprintf_s
#define _sntprintf rtm_win_swprintf
#define _tcslen wcslen
#define _tcscmp wcscmp
#define _tcsncmp wcsncmp
#define _tcsicmp wcscasecmp
#define _tcsnicmp wcsncasecmp
#define _tcschr wcschr
#define _tcsstr wcsstr
#define _tcscpy wcscpy
#define _tcscat wcscat
#define _tcscpy_s wcscpy_s
#define _tcscat_s wcscat_s
#define _tcstoul wcstoul
#define _tcstol wcstol
#define _ttoi(Text) ((int)wcstol((Text), NULL, 10))
#define _ttol(Text) ((LONG)wcstol((Text), NULL, 10))
#else
#define _tmain main
#define _tprintf printf
#define _ftprintf fprintf
#define _vtprintf vprintf
#define _vftprintf vfprintf
#define _stprintf sprintf
#define _stprintf_s sprintf_s
#define _sntprintf snprintf
#define _tcslen strlen
#define _tcscmp strcmp
#define _tcsncmp strncmp
#define _tcsicmp strcasecmp
#define _tcsnicmp strncasecmp
#define _tcschr strchr
#define _tcsstr strstr
#define _tcscpy strcpy
#define _tcscat strcat
#define _tcscpy_s strcpy_s
#define _tcscat_s strcat_s
#define _tcstoul strtoul
#define _tcstol strtol
#define _ttoi atoi
#define _ttol atol
#endif

#endif
