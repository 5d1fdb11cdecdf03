/*
 * The few calls of the base system that route programs written for Windows make:
 * last error and its text, the heap, time. Everything else that
 * such a program needs is in the headers alone.
 *
 * The names carry a prefix here and get their own in the headers, so that a library
 * linked into somebody's program does not occupy GetLastError or Sleep.
 */
#include "windows/windows.h"

#include "base/alloc.h"
#include "base/code.h"

#include <time.h>

static _Thread_local DWORD last_error;

DWORD
rtm_win_GetLastError(void)
{
	return last_error;
}

VOID
rtm_win_SetLastError(DWORD dwErrCode)
{
	last_error = dwErrCode;
}

/* The message with the line end that callers of FormatMessage expect. */
static size_t
message_of(DWORD code, char *out, size_t size)
{
	int n = strcmp(code_name(code), "UNKNOWN") != 0
	            ? snprintf(out, size, "%s\r\n", code_text(code))
	            : snprintf(out, size, "status code %u\r\n", code);

	return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

static DWORD
message_failed(DWORD code)
{
	last_error = code;
	return 0;
}

/* Where the message goes: the caller's buffer, or a new one of at least nSize. */
static DWORD
message_place(DWORD flags, void *buffer, DWORD size, size_t need, size_t width, void **out)
{
	if ((flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) == 0) {
		*out = buffer;
		return need < size ? NO_ERROR : ERROR_INSUFFICIENT_BUFFER;
	}
	*out = mem_calloc(need + 1 > size ? need + 1 : size, width);
	if (*out == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	memcpy(buffer, out, sizeof *out);
	return NO_ERROR;
}

DWORD
rtm_win_FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                       LPSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
	char text[256];
	size_t len;
	void *place;
	DWORD err;

	(void)lpSource, (void)dwLanguageId, (void)Arguments;
	if (lpBuffer == NULL || (dwFlags & FORMAT_MESSAGE_FROM_SYSTEM) == 0)
		return message_failed(ERROR_INVALID_PARAMETER);
	len = message_of(dwMessageId, text, sizeof text);
	err = message_place(dwFlags, lpBuffer, nSize, len, sizeof(char), &place);
	if (err != NO_ERROR)
		return message_failed(err);
	memcpy(place, text, len + 1);
	return (DWORD)len;
}

DWORD
rtm_win_FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                       LPWSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
	char text[256];
	size_t len;
	void *place;
	DWORD err;

	(void)lpSource, (void)dwLanguageId, (void)Arguments;
	if (lpBuffer == NULL || (dwFlags & FORMAT_MESSAGE_FROM_SYSTEM) == 0)
		return message_failed(ERROR_INVALID_PARAMETER);
	len = message_of(dwMessageId, text, sizeof text);
	err = message_place(dwFlags, lpBuffer, nSize, len, sizeof(WCHAR), &place);
	if (err != NO_ERROR)
		return message_failed(err);
	for (size_t i = 0; i <= len; i++) /* the texts are ASCII */
		((WCHAR *)place)[i] = (WCHAR)(unsigned char)text[i];
	return (DWORD)len;
}

HANDLE
rtm_win_GetProcessHeap(void)
{
	static char heap;

	return &heap;
}

LPVOID
rtm_win_HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes)
{
	(void)dwFlags; /* zeroed either way */
	if (hHeap == NULL)
		return NULL;
	return mem_calloc(1, dwBytes != 0 ? dwBytes : 1);
}

LPVOID
rtm_win_HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem, SIZE_T dwBytes)
{
	/* The old size is not known here, so what is new cannot be zeroed. */
	if (hHeap == NULL || lpMem == NULL || (dwFlags & HEAP_ZERO_MEMORY) != 0) {
		last_error = ERROR_INVALID_PARAMETER;
		return NULL;
	}
	return mem_realloc(lpMem, 1, dwBytes != 0 ? dwBytes : 1);
}

BOOL
rtm_win_HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem)
{
	(void)dwFlags;
	if (hHeap == NULL) {
		last_error = ERROR_INVALID_HANDLE;
		return FALSE;
	}
	mem_free(lpMem);
	return TRUE;
}

HLOCAL
rtm_win_LocalAlloc(UINT uFlags, SIZE_T uBytes)
{
	(void)uFlags;
	return mem_calloc(1, uBytes != 0 ? uBytes : 1);
}

HLOCAL
rtm_win_LocalFree(HLOCAL hMem)
{
	mem_free(hMem);
	return NULL;
}

VOID
rtm_win_Sleep(DWORD dwMilliseconds)
{
	struct timespec left = { .tv_sec = dwMilliseconds / 1000,
		                 .tv_nsec = (long)(dwMilliseconds % 1000) * 1000000L };

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		continue;
}

ULONGLONG
rtm_win_GetTickCount64(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (ULONGLONG)now.tv_sec * 1000 + (ULONGLONG)now.tv_nsec / 1000000;
}

DWORD
rtm_win_GetTickCount(void)
{
	return (DWORD)rtm_win_GetTickCount64();
}
