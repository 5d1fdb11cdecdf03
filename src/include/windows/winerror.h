/*
 * The status codes, under the name that Windows sources include, and how they are
 * wrapped as HRESULT.
 */
#ifndef RTM_WINDOWS_WINERROR_H
#define RTM_WINDOWS_WINERROR_H

#include "windef.h"

#include "../winerr.h"

#define S_OK ((HRESULT)0)
#define S_FALSE ((HRESULT)1)
#define E_FAIL ((HRESULT)0x80004005)
#define E_OUTOFMEMORY ((HRESULT)0x8007000E)
#define E_INVALIDARG ((HRESULT)0x80070057)
#define SUCCEEDED(Result) ((HRESULT)(Result) >= 0)
#define FAILED(Result) ((HRESULT)(Result) < 0)
#define HRESULT_FROM_WIN32(Code)                                                               \
	((HRESULT)((Code) == 0 ? 0u : ((DWORD)(Code)&0xFFFFu) | 0x80070000u))

#endif
