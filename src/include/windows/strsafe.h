/*
 * Bounded text under the names of another header: nothing is written past the end, and
 * what does not fit is cut and reported. Sizes are characters (Cch) or bytes (Cb).
 */
#ifndef RTM_WINDOWS_STRSAFE_H
#define RTM_WINDOWS_STRSAFE_H

#include "winbase.h"
#include "winerror.h"

#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER ((HRESULT)0x80070057)

#ifdef __cplusplus
extern "C" {
#endif

HRESULT rtm_win_StringCchPrintfA(char *dest, size_t size, const char *format, ...);
HRESULT rtm_win_StringCchCopyA(char *dest, size_t size, const char *src);
HRESULT rtm_win_StringCchCatA(char *dest, size_t size, const char *src);

#ifdef __cplusplus
}
#endif

#define StringCchPrintfA rtm_win_StringCchPrintfA
#define StringCbPrintfA rtm_win_StringCchPrintfA
#define StringCchCopyA rtm_win_StringCchCopyA
#define StringCbCopyA rtm_win_StringCchCopyA
#define StringCchCatA rtm_win_StringCchCatA
#define StringCbCatA rtm_win_StringCchCatA
#if !defined(UNICODE)
#define StringCchPrintf StringCchPrintfA
#define StringCbPrintf StringCbPrintfA
#define StringCchCopy StringCchCopyA
#define StringCbCopy StringCbCopyA
#define StringCchCat StringCchCatA
#define StringCbCat StringCbCatA
#endif

#endif
