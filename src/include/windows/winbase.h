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

/*
 * Events, and what becomes of a call that goes on after it has returned. An event without
 * name belongs to the process; a name is refused with ERROR_NOT_SUPPORTED.
 */
#define WAIT_OBJECT_0 0u
#define WAIT_TIMEOUT 258u
#define WAIT_FAILED 0xFFFFFFFFu
#define MAXIMUM_WAIT_OBJECTS 64
#define INVALID_HANDLE_VALUE ((HANDLE)(intptr_t)-1)
#define STATUS_SUCCESS ((NTSTATUS)0)
#define STATUS_PENDING ((NTSTATUS)0x103)
#define STATUS_CANCELLED ((NTSTATUS)0xC0000120)

typedef struct _OVERLAPPED {
	ULONG_PTR Internal; /* STATUS_PENDING until it is over */
	ULONG_PTR InternalHigh;
	__extension__ union {
		__extension__ struct {
			DWORD Offset;
			DWORD OffsetHigh;
		};
		PVOID Pointer;
	};
	HANDLE hEvent; /* signalled when it is over */
} OVERLAPPED, *LPOVERLAPPED;

/** NULL and the last error: 50 for a name, 1450 for one more than there can be. */
HANDLE rtm_win_CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
                            BOOL bInitialState, LPCSTR lpName);
HANDLE rtm_win_CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
                            BOOL bInitialState, LPCWSTR lpName);
/* FALSE and 6 for what is no event. */
BOOL rtm_win_SetEvent(HANDLE hEvent);
BOOL rtm_win_ResetEvent(HANDLE hEvent);
BOOL rtm_win_CloseHandle(HANDLE hObject);
/** WAIT_OBJECT_0 and the place of the first that is signalled; an event that is not manual
 * is reset by it. WAIT_TIMEOUT; WAIT_FAILED and 6 or 87. */
DWORD rtm_win_WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll,
                                     DWORD dwMilliseconds);
DWORD rtm_win_WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds);
/** TRUE: it has happened. FALSE and the last error: 996 not yet, 995 it was cancelled. */
BOOL rtm_win_GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped,
                                 LPDWORD lpNumberOfBytesTransferred, BOOL bWait);

#define CreateEventA rtm_win_CreateEventA
#define CreateEventW rtm_win_CreateEventW
#if defined(UNICODE)
#define CreateEvent rtm_win_CreateEventW
#else
#define CreateEvent rtm_win_CreateEventA
#endif
#define SetEvent rtm_win_SetEvent
#define ResetEvent rtm_win_ResetEvent
#define CloseHandle rtm_win_CloseHandle
#define WaitForSingleObject rtm_win_WaitForSingleObject
#define WaitForMultipleObjects rtm_win_WaitForMultipleObjects
#define GetOverlappedResult rtm_win_GetOverlappedResult

/*
 * Functions by name: the one library that can be loaded is iphlpapi, and it is there
 * already. NULL and the last error: 126 for another library, 127 for an unknown function.
 */
#ifdef __cplusplus
typedef intptr_t (*FARPROC)(...);
#else
typedef void (*FARPROC)(void); /* what any function can be cast to without a warning */
#endif
HMODULE rtm_win_LoadLibraryA(LPCSTR lpLibFileName);
HMODULE rtm_win_LoadLibraryW(LPCWSTR lpLibFileName);
FARPROC rtm_win_GetProcAddress(HMODULE hModule, LPCSTR lpProcName);
BOOL rtm_win_FreeLibrary(HMODULE hLibModule);

#define LoadLibraryA rtm_win_LoadLibraryA
#define LoadLibraryW rtm_win_LoadLibraryW
#define GetModuleHandleA rtm_win_LoadLibraryA
#define GetModuleHandleW rtm_win_LoadLibraryW
#define GetProcAddress rtm_win_GetProcAddress
#define FreeLibrary rtm_win_FreeLibrary
#if defined(UNICODE)
#define LoadLibrary rtm_win_LoadLibraryW
#define GetModuleHandle rtm_win_LoadLibraryW
#else
#define LoadLibrary rtm_win_LoadLibraryA
#define GetModuleHandle rtm_win_LoadLibraryA
#endif

VOID rtm_win_Sleep(DWORD dwMilliseconds);
DWORD rtm_win_GetTickCount(void);
ULONGLONG rtm_win_GetTickCount64(void);

#define GetLastError rtm_win_GetLastError
#define SetLastError rtm_win_SetLastError
#define FormatMessageA rtm_win_FormatMessageA
#define FormatMessageW rtm_win_FormatMessageW
#if defined(UNICODE)
#define FormatMessage rtm_win_FormatMessageW
#else
#define FormatMessage rtm_win_FormatMessageA
#endif
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
/** At most `count' characters of src; _TRUNCATE: as many as fit, and 80 where some did not. */
int rtm_win_strncpy_s(char *dest, size_t size, const char *src, size_t count);
int rtm_win_wcscpy_s(WCHAR *dest, size_t size, const WCHAR *src);
int rtm_win_wcscat_s(WCHAR *dest, size_t size, const WCHAR *src);
int rtm_win_memcpy_s(void *dest, size_t size, const void *src, size_t count);
int rtm_win_sprintf_s(char *dest, size_t size, const char *format, ...);
int rtm_win_swprintf_s(WCHAR *dest, size_t size, const WCHAR *format, ...);

#define _TRUNCATE ((size_t)-1)
#define strcpy_s rtm_win_strcpy_s
#define strcat_s rtm_win_strcat_s
#define strncpy_s rtm_win_strncpy_s
#define wcscpy_s rtm_win_wcscpy_s
#define wcscat_s rtm_win_wcscat_s
#define memcpy_s rtm_win_memcpy_s
#define strtok_s strtok_r
#define sprintf_s rtm_win_sprintf_s
#define swprintf_s rtm_win_swprintf_s
#define _stricmp strcasecmp
#define _strnicmp strncasecmp
#define stricmp strcasecmp
#define strnicmp strncasecmp
#define _strdup strdup
#define _wcsicmp wcscasecmp
#define _wtoi(Text) ((int)wcstol((Text), NULL, 10))
#define lstrlenA(Text) ((int)strlen(Text))
#define lstrlenW(Text) ((int)wcslen(Text))
#define lstrcpyA strcpy
#define lstrcpyW wcscpy
#define lstrcmpiA strcasecmp
#define lstrcmpiW wcscasecmp
#if defined(UNICODE)
#define lstrlen lstrlenW
#define lstrcpy lstrcpyW
#define lstrcmpi lstrcmpiW
#else
#define lstrlen lstrlenA
#define lstrcpy lstrcpyA
#define lstrcmpi lstrcmpiA
#endif

/*
 * Formats as Windows reads them: `l' before an integer is 32 bits, so that `%lu' prints a
 * DWORD; I64, I32 and I; `%S', `%ws', `%hs'; and in a wide format `%s' is wide. Output
 * stays narrow, so that wide and narrow calls may take turns on one stream. A source that
 * wants libc's formats defines RTM_WINDOWS_LIBC_PRINTF before the first of these headers.
 */
int rtm_win_printf(const char *format, ...);
int rtm_win_fprintf(FILE *stream, const char *format, ...);
int rtm_win_sprintf(char *dest, const char *format, ...);
int rtm_win_snprintf(char *dest, size_t size, const char *format, ...);
int rtm_win_vprintf(const char *format, va_list args);
int rtm_win_vfprintf(FILE *stream, const char *format, va_list args);
int rtm_win_vsnprintf(char *dest, size_t size, const char *format, va_list args);
int rtm_win_wprintf(const WCHAR *format, ...);
int rtm_win_fwprintf(FILE *stream, const WCHAR *format, ...);
int rtm_win_vwprintf(const WCHAR *format, va_list args);
int rtm_win_vfwprintf(FILE *stream, const WCHAR *format, va_list args);
/** -1, and the target empty, where it does not fit. */
int rtm_win_swprintf(WCHAR *dest, size_t size, const WCHAR *format, ...);

#ifndef RTM_WINDOWS_LIBC_PRINTF
#define printf(...) rtm_win_printf(__VA_ARGS__)
#define fprintf(...) rtm_win_fprintf(__VA_ARGS__)
#define sprintf(...) rtm_win_sprintf(__VA_ARGS__)
#define snprintf(...) rtm_win_snprintf(__VA_ARGS__)
#define vprintf(...) rtm_win_vprintf(__VA_ARGS__)
#define vfprintf(...) rtm_win_vfprintf(__VA_ARGS__)
#define vsnprintf(...) rtm_win_vsnprintf(__VA_ARGS__)
#define wprintf(...) rtm_win_wprintf(__VA_ARGS__)
#define fwprintf(...) rtm_win_fwprintf(__VA_ARGS__)
#define vwprintf(...) rtm_win_vwprintf(__VA_ARGS__)
#define vfwprintf(...) rtm_win_vfwprintf(__VA_ARGS__)
#define swprintf(...) rtm_win_swprintf(__VA_ARGS__)
#endif
#define printf_s printf
#define fprintf_s fprintf
#define wprintf_s wprintf
#define _snprintf snprintf
#define _vsnprintf vsnprintf
#define wsprintfA sprintf

/**
 * UTF-8 to wide characters and back; every code page is UTF-8 here.
 *
 * @param length  -1: up to and with the final NUL. @param size 0: only count.
 * @return        characters written or needed; 0 and the last error: 87 for a NULL, 122
 *                where it does not fit, 1113 for text that is not well formed.
 */
int rtm_win_MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCSTR text, int length,
                                LPWSTR out, int size);
int rtm_win_WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWSTR text, int length,
                                LPSTR out, int size, LPCSTR lpDefaultChar,
                                LPBOOL lpUsedDefaultChar);

#define CP_ACP 0u
#define CP_OEMCP 1u
#define CP_UTF8 65001u
#define MB_ERR_INVALID_CHARS 8u
#define MultiByteToWideChar rtm_win_MultiByteToWideChar
#define WideCharToMultiByte rtm_win_WideCharToMultiByte

/* A program that begins with wmain() gets its arguments as wide text. */
typedef int rtm_win_wmain_fn(int argc, WCHAR **argv);
int rtm_win_run_wmain(int argc, char **argv, rtm_win_wmain_fn *entry);

#define wmain(...)                                                                             \
	rtm_win_wmain(__VA_ARGS__);                                                            \
	int main(int argc, char **argv)                                                        \
	{                                                                                      \
		return rtm_win_run_wmain(argc, argv,                                           \
		                         (rtm_win_wmain_fn *)(void (*)(void))rtm_win_wmain);   \
	}                                                                                      \
	int rtm_win_wmain(__VA_ARGS__)

#define InterlockedIncrement(Target) __atomic_add_fetch((Target), 1, __ATOMIC_SEQ_CST)
#define InterlockedDecrement(Target) __atomic_sub_fetch((Target), 1, __ATOMIC_SEQ_CST)
#define InterlockedExchange(Target, Value)                                                     \
	__atomic_exchange_n((Target), (Value), __ATOMIC_SEQ_CST)

#ifdef __cplusplus
}
#endif

#if defined(__cplusplus) && !defined(RTM_WINDOWS_LIBC_PRINTF)
/* So that std::printf() and its like are the same calls. */
namespace std
{
using ::rtm_win_fprintf;
using ::rtm_win_fwprintf;
using ::rtm_win_printf;
using ::rtm_win_snprintf;
using ::rtm_win_sprintf;
using ::rtm_win_swprintf;
using ::rtm_win_vfprintf;
using ::rtm_win_vprintf;
using ::rtm_win_vsnprintf;
using ::rtm_win_wprintf;
} // namespace std
#endif

#endif
