/*
 * The Windows type names that the public headers speak, with the widths they have
 * on Windows: DWORD and ULONG are 32 bits here too, also where `long` has 64.
 * Types only, nobody owns anything.
 */
#ifndef RTM_WINTYPES_H
#define RTM_WINTYPES_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

typedef uint32_t DWORD, ULONG, UINT;
typedef int32_t LONG, INT;
typedef uint16_t USHORT, WORD, ADDRESS_FAMILY;
typedef uint8_t UCHAR, BYTE, UINT8, BOOLEAN;
typedef uint64_t ULONG64, ULONGLONG;
typedef int BOOL;
typedef char CHAR;
typedef wchar_t WCHAR;
typedef size_t SIZE_T;
typedef void VOID, *PVOID, *HANDLE;
typedef HANDLE *PHANDLE;
typedef DWORD *PDWORD;
typedef ULONG *PULONG;
typedef CHAR *PSTR;
typedef const CHAR *PCSTR;
typedef WCHAR *PWSTR;
typedef const WCHAR *PCWSTR;
typedef ULONG IPAddr, IPMask; /* network byte order */
typedef ULONG NET_IFINDEX, IF_INDEX, *PNET_IFINDEX;

/* 100 ns ticks since 1601-01-01 UTC, in two halves. */
typedef struct _FILETIME {
	DWORD dwLowDateTime;
	DWORD dwHighDateTime;
} FILETIME, *PFILETIME;

#ifndef TRUE
#define TRUE 1
#define FALSE 0
#endif
#ifndef INFINITE
#define INFINITE 0xFFFFFFFFu
#endif
#ifndef WINAPI
#define WINAPI
#endif

#endif
