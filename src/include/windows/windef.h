/*
 * Windows' basic names on top of wintypes.h. DWORD and LONG are 32 bits, pointers
 * may have 64: print a DWORD with %u or %d. Names only.
 */
#ifndef RTM_WINDOWS_WINDEF_H
#define RTM_WINDOWS_WINDEF_H

#include "win_libc.h"

typedef char TCHAR, *LPTSTR, *PTSTR;
typedef const char *LPCTSTR, *PCTSTR;
typedef char *LPSTR, *PCHAR;
typedef const char *LPCSTR;
typedef wchar_t *LPWSTR;
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
typedef HANDLE HMODULE, HINSTANCE, HLOCAL, HGLOBAL;
typedef float FLOAT;
typedef short SHORT;
typedef int64_t LONGLONG, LONG64, INT64;
typedef uint64_t DWORD64, DWORDLONG, UINT64;
typedef int32_t INT32, LONG32, HRESULT;
typedef uint32_t UINT32, DWORD32, ULONG32;
typedef uint16_t UINT16;
typedef uintptr_t ULONG_PTR, DWORD_PTR, UINT_PTR;
typedef intptr_t LONG_PTR, INT_PTR;
typedef ULONG_PTR *PULONG_PTR;
typedef ULONGLONG *PULONGLONG;
typedef ULONG64 *PULONG64;
typedef SIZE_T *PSIZE_T;

#ifndef CONST
#define CONST const
#endif
#define CALLBACK
#define APIENTRY
#define NTAPI
#define WSAAPI
#define __cdecl
#define __stdcall
#define __int64 long long
#define _In_
#define _In_opt_
#define _Out_
#define _Out_opt_
#define _Inout_
#define _Inout_opt_
#define UNREFERENCED_PARAMETER(Parameter) ((void)(Parameter))
#define MAKEWORD(Low, High) ((WORD)(((Low)&0xff) | (((High)&0xff) << 8)))
#define LOBYTE(Word) ((BYTE)((Word)&0xff))
#define HIBYTE(Word) ((BYTE)(((Word) >> 8) & 0xff))
#define LOWORD(Dword) ((WORD)((Dword)&0xffff))
#define HIWORD(Dword) ((WORD)(((Dword) >> 16) & 0xffff))
#define MAX_PATH 260
#define MAXDWORD 0xFFFFFFFFu
#define MAXULONG 0xFFFFFFFFu
#define TEXT(Text) Text

#endif
