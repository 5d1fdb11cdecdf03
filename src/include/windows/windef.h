/*
 * Windows' basic names on top of wintypes.h. DWORD and LONG are 32 bits, pointers
 * may have 64: print a DWORD with %u or %d. Names only.
 */
#ifndef RTM_WINDOWS_WINDEF_H
#define RTM_WINDOWS_WINDEF_H

#include "win_libc.h"

#include "sal.h"

/* `#pragma comment(lib, ...)' names libraries that pkg-config names here. */
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#endif

#if defined(_UNICODE) && !defined(UNICODE)
#define UNICODE
#endif
#if defined(UNICODE)
typedef wchar_t TCHAR, *LPTSTR, *PTSTR;
typedef const wchar_t *LPCTSTR, *PCTSTR;
#define TEXT(Text) RTM_WIN_WIDE(Text)
#else
typedef char TCHAR, *LPTSTR, *PTSTR;
typedef const char *LPCTSTR, *PCTSTR;
#define TEXT(Text) Text
#endif
#define RTM_WIN_WIDE(Text) L##Text
typedef char *LPSTR, *PCHAR, *LPCH;
typedef const char *LPCSTR;
typedef wchar_t *LPWSTR, *PWCHAR;
typedef const wchar_t *LPCWSTR;
typedef void *LPVOID;
typedef const void *LPCVOID;
typedef DWORD *LPDWORD;
typedef WORD *LPWORD, *PWORD;
typedef BYTE *LPBYTE, *PBYTE;
typedef BOOL *LPBOOL, *PBOOL;
typedef LONG *LPLONG, *PLONG;
typedef UINT *PUINT, *LPUINT;
typedef int *LPINT, *PINT;
typedef UCHAR *PUCHAR;
typedef USHORT *PUSHORT;
typedef BOOLEAN *PBOOLEAN;
typedef HANDLE *LPHANDLE;
typedef HANDLE HMODULE, HINSTANCE, HLOCAL, HGLOBAL, HWND;
typedef float FLOAT;
typedef short SHORT;
typedef int64_t LONGLONG, LONG64, INT64;
typedef uint64_t DWORD64, DWORDLONG, UINT64;
typedef int32_t INT32, LONG32, HRESULT, NTSTATUS;
typedef uint32_t UINT32, DWORD32, ULONG32;
typedef uint16_t UINT16;
typedef uintptr_t ULONG_PTR, DWORD_PTR, UINT_PTR;
typedef intptr_t LONG_PTR, INT_PTR;
typedef ULONG_PTR *PULONG_PTR;
typedef ULONGLONG *PULONGLONG;
typedef ULONG64 *PULONG64;
typedef SIZE_T *PSIZE_T;
typedef void *LPSECURITY_ATTRIBUTES; /* NULL: there is nothing to say about access */
#if !defined(__USE_MISC)
typedef unsigned char u_char; /* a strict libc has them not, and Windows always */
typedef unsigned short u_short;
typedef unsigned int u_int;
#endif
typedef uint32_t rtm_win_u_long; /* 32 bits there, and its address is passed around */
#define u_long rtm_win_u_long
typedef int errno_t;

#ifndef CONST
#define CONST const
#endif
#define CALLBACK
#define APIENTRY
#define NTAPI
#define WSAAPI
#define PASCAL
#define FAR
#define __cdecl
#define _cdecl
#define __stdcall
#define _stdcall
#define __fastcall
#define __declspec(Attribute)
#define __forceinline static inline
#define FORCEINLINE static inline
#define __int64 long long
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif
#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif
#define UNREFERENCED_PARAMETER(Parameter) ((void)(Parameter))
#define MAKEWORD(Low, High) ((WORD)(((Low)&0xff) | (((High)&0xff) << 8)))
#define LOBYTE(Word) ((BYTE)((Word)&0xff))
#define HIBYTE(Word) ((BYTE)(((Word) >> 8) & 0xff))
#define LOWORD(Dword) ((WORD)((Dword)&0xffff))
#define HIWORD(Dword) ((WORD)(((Dword) >> 16) & 0xffff))
#define MAX_PATH 260
#define MAXDWORD 0xFFFFFFFFu
#define MAXULONG 0xFFFFFFFFu
#define ARRAYSIZE(Array) (sizeof(Array) / sizeof((Array)[0]))
#define _countof ARRAYSIZE
#if !defined(__cplusplus) && !defined(NOMINMAX)
#ifndef min
#define min(A, B) ((A) < (B) ? (A) : (B))
#endif
#ifndef max
#define max(A, B) ((A) > (B) ? (A) : (B))
#endif
#endif

#endif
