/*
 * What route programs call of the base system: last error and its text, the process
 * heap, memory macros, sleep. The functions live in librtm under rtm_win_ names.
 * The last error is the calling thread's; memory is the caller's to free.
 */
#ifndef RTM_WINDOWS_WINBASE_H
#define RTM_WINDOWS_WINBASE_H

#include "windef.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FORMAT_MESSAGE_ALLOCATE_BUFFER 0x00000100u
#define FORMAT_MESSAGE_IGNORE_INSERTS 0x00000200u
#define FORMAT_MESSAGE_FROM_STRING 0x00000400u
#define FORMAT_MESSAGE_FROM_HMODULE 0x00000800u
#define FORMAT_MESSAGE_FROM_SYSTEM 0x00001000u
#define FORMAT_MESSAGE_ARGUMENT_ARRAY 0x00002000u
#define FORMAT_MESSAGE_MAX_WIDTH_MASK 0x000000FFu
#define LANG_NEUTRAL 0x00
#define SUBLANG_NEUTRAL 0x00
#define SUBLANG_DEFAULT 0x01
#define MAKELANGID(Primary, Sub) ((((WORD)(Sub)) << 10) | (WORD)(Primary))
#define HEAP_NO_SERIALIZE 0x00000001u
#define HEAP_ZERO_MEMORY 0x00000008u
#define LMEM_FIXED 0x0000u
#define LMEM_ZEROINIT 0x0040u
#define LPTR (LMEM_FIXED | LMEM_ZEROINIT)
#define GMEM_FIXED LMEM_FIXED
#define GMEM_ZEROINIT LMEM_ZEROINIT
#define GPTR LPTR

/** The calling thread's last error; NO_ERROR until something set it. */
DWORD rtm_win_GetLastError(void);
/** Set it. */
VOID rtm_win_SetLastError(DWORD dwErrCode);

/**
 * The text of a system code, with a line end as Windows has it.
 *
 * @param dwFlags  FROM_SYSTEM is required; ALLOCATE_BUFFER: lpBuffer is the address of a
 *                 pointer, released with LocalFree(). lpSource, languages and inserts
 *                 are not looked at.
 * @return         characters without the final NUL; 0 and the last error: 87 without
 *                 FROM_SYSTEM or buffer, 122 where it does not fit, 8 without memory.
 */
DWORD rtm_win_FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                             DWORD dwLanguageId, LPSTR lpBuffer, DWORD nSize,
                             va_list *Arguments);
DWORD rtm_win_FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                             DWORD dwLanguageId, LPWSTR lpBuffer, DWORD nSize,
                             va_list *Arguments);

/** One heap for the process; any non-NULL handle is that heap. */
HANDLE rtm_win_GetProcessHeap(void);
LPVOID rtm_win_HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes);
LPVOID rtm_win_HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem, SIZE_T dwBytes);
BOOL rtm_win_HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem);
HLOCAL rtm_win_LocalAlloc(UINT uFlags, SIZE_T uBytes);
/** NULL on success, as Windows has it. */
HLOCAL rtm_win_LocalFree(HLOCAL hMem);

VOID rtm_win_Sleep(DWORD dwMilliseconds);
DWORD rtm_win_GetTickCount(void);
ULONGLONG rtm_win_GetTickCount64(void);

#define GetLastError rtm_win_GetLastError
#define SetLastError rtm_win_SetLastError
#define FormatMessageA rtm_win_FormatMessageA
#define FormatMessageW rtm_win_FormatMessageW
#define FormatMessage rtm_win_FormatMessageA
#define GetProcessHeap rtm_win_GetProcessHeap
#define HeapAlloc rtm_win_HeapAlloc
#define HeapReAlloc rtm_win_HeapReAlloc
#define HeapFree rtm_win_HeapFree
#define LocalAlloc rtm_win_LocalAlloc
#define LocalFree rtm_win_LocalFree
#define GlobalAlloc rtm_win_LocalAlloc
#define GlobalFree rtm_win_LocalFree
#define Sleep rtm_win_Sleep
#define GetTickCount rtm_win_GetTickCount
#define GetTickCount64 rtm_win_GetTickCount64
#define ExitProcess(Code) exit((int)(Code))

#define ZeroMemory(Destination, Length) ((void)memset((Destination), 0, (Length)))
#define FillMemory(Destination, Length, Fill) ((void)memset((Destination), (Fill), (Length)))
#define CopyMemory(Destination, Source, Length)                                                \
	((void)memcpy((Destination), (Source), (Length)))
#define MoveMemory(Destination, Source, Length)                                                \
	((void)memmove((Destination), (Source), (Length)))
#define RtlZeroMemory ZeroMemory
#define RtlFillMemory FillMemory
#define RtlCopyMemory CopyMemory
#define RtlMoveMemory MoveMemory
#define SecureZeroMemory ZeroMemory

/* The bounded string calls. On overflow the target becomes empty and ERANGE comes back;
 * Windows would call its invalid-parameter handler and end the program. */
int rtm_win_strcpy_s(char *dest, size_t size, const char *src);
int rtm_win_strcat_s(char *dest, size_t size, const char *src);
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
int
rtm_win_sprintf_s(char *dest, size_t size, const char *format, ...);

#define strcpy_s rtm_win_strcpy_s
#define strcat_s rtm_win_strcat_s
#define sprintf_s rtm_win_sprintf_s
#define printf_s printf
#define fprintf_s fprintf
#define _stricmp strcasecmp
#define _strnicmp strncasecmp
#define _snprintf snprintf

#ifdef __cplusplus
}
#endif

#endif
