/*
 * One chapter: narrow text is UTF-8, a wide character one code point.
 *
 * The conversions are strict for those who ask through the documented calls: an overlong
 * form, a surrogate or a cut sequence is refused. The program's own arguments are not
 * refused: an octet that cannot be read stands for itself.
 */
#include "win/text.h"

#include "windows/strsafe.h"
#include "windows/ws2tcpip.h"

#include "base/alloc.h"

/* ---- one character ---------------------------------------------------------------------- */

/* Returns octets read, 0 for a sequence that is not well formed. */
static size_t
decode(const unsigned char *at, size_t left, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = at[0] < 0x80   ? 1
	           : at[0] < 0xC2 ? 0
	           : at[0] < 0xE0 ? 2
	           : at[0] < 0xF0 ? 3
	                          : 4;

	if (n == 0 || n > left || at[0] > 0xF4)
		return 0;
	*out = n == 1 ? at[0] : at[0] & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((at[i] & 0xC0) != 0x80)
			return 0;
		*out = *out << 6 | (at[i] & 0x3Fu);
	}
	return *out < least[n] || *out > 0x10FFFF || (*out >= 0xD800 && *out < 0xE000) ? 0 : n;
}

/* Returns octets written, 0 for what is no character. */
static size_t
encode(uint32_t c, unsigned char out[4])
{
	static const unsigned char marks[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		return 0;
	for (size_t i = n; i > 1; i--, c >>= 6)
		out[i - 1] = (unsigned char)(0x80 | (c & 0x3F));
	out[0] = (unsigned char)(marks[n] | c);
	return n;
}

/* ---- whole texts ------------------------------------------------------------- */

WCHAR *
text_widen(const char *text)
{
	size_t left = strlen(text), n = 0;
	WCHAR *out = mem_calloc(left + 1, sizeof *out);

	while (out != NULL && left > 0) {
		uint32_t c;
		size_t used = decode((const unsigned char *)text, left, &c);

		if (used == 0) {
			c = (unsigned char)*text;
			used = 1;
		}
		out[n++] = (WCHAR)c;
		text += used;
		left -= used;
	}
	return out;
}

char *
text_narrow(const WCHAR *text)
{
	size_t n = 0;
	char *out = mem_calloc(wcslen(text) * 4 + 1, 1);

	for (; out != NULL && *text != L'\0'; text++)
		n += encode((uint32_t)*text, (unsigned char *)out + n);
	return out;
}

/* ---- the documented calls ---------------------------------------------------- */

static int
failed(DWORD code)
{
	rtm_win_SetLastError(code);
	return 0;
}

static bool
usable(const void *text, int length, const void *out, int size)
{
	return text != NULL && length != 0 && length >= -1 && size >= 0 &&
	       (size == 0 || (out != NULL && out != text));
}

int
rtm_win_MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCSTR text, int length, LPWSTR out,
                            int size)
{
	size_t left;
	int n = 0;

	(void)CodePage, (void)dwFlags;
	if (!usable(text, length, out, size))
		return failed(ERROR_INVALID_PARAMETER);
	left = length < 0 ? strlen(text) + 1 : (size_t)length;
	while (left > 0) {
		uint32_t c;
		size_t used = decode((const unsigned char *)text, left, &c);

		if (used == 0)
			return failed(ERROR_NO_UNICODE_TRANSLATION);
		if (size != 0 && n == size)
			return failed(ERROR_INSUFFICIENT_BUFFER);
		if (size != 0)
			out[n] = (WCHAR)c;
		n++;
		text += used;
		left -= used;
	}
	return n;
}

int
rtm_win_WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWSTR text, int length, LPSTR out,
                            int size, LPCSTR lpDefaultChar, LPBOOL lpUsedDefaultChar)
{
	size_t count;
	int n = 0;

	(void)CodePage, (void)dwFlags, (void)lpDefaultChar;
	if (!usable(text, length, out, size))
		return failed(ERROR_INVALID_PARAMETER);
	if (lpUsedDefaultChar != NULL)
		*lpUsedDefaultChar = FALSE;
	count = length < 0 ? wcslen(text) + 1 : (size_t)length;
	for (; count > 0; count--, text++) {
		unsigned char octets[4];
		int used = (int)encode((uint32_t)*text, octets);

		if (used == 0)
			return failed(ERROR_NO_UNICODE_TRANSLATION);
		if (size != 0 && n + used > size)
			return failed(ERROR_INSUFFICIENT_BUFFER);
		if (size != 0)
			memcpy(out + n, octets, (size_t)used);
		n += used;
	}
	return n;
}

int
rtm_win_run_wmain(int argc, char **argv, rtm_win_wmain_fn *entry)
{
	WCHAR **wide = mem_calloc((size_t)argc + 1, sizeof *wide);
	bool complete = wide != NULL;
	int status = EXIT_FAILURE;

	for (int i = 0; complete && i < argc; i++) {
		wide[i] = text_widen(argv[i]);
		complete = wide[i] != NULL;
	}
	if (complete)
		status = entry(argc, wide);
	for (int i = 0; wide != NULL && i < argc; i++)
		mem_free(wide[i]);
	mem_free(wide);
	return status;
}

/* ---- bounded
 * -------------------------------------------------------------------------------------
 */

/* A target that cannot hold the text is left empty, never cut. */
static int
bounded(char *dest, size_t size, size_t at, const char *src)
{
	size_t len = src != NULL ? strlen(src) : 0;

	if (dest == NULL || size == 0)
		return EINVAL;
	if (src == NULL || at + len >= size) {
		dest[0] = '\0';
		return src == NULL ? EINVAL : ERANGE;
	}
	memmove(dest + at, src, len + 1);
	return 0;
}

int
rtm_win_strcpy_s(char *dest, size_t size, const char *src)
{
	return bounded(dest, size, 0, src);
}

int
rtm_win_strcat_s(char *dest, size_t size, const char *src)
{
	return bounded(dest, size, dest != NULL ? strnlen(dest, size) : 0, src);
}

int
rtm_win_strncpy_s(char *dest, size_t size, const char *src, size_t count)
{
	size_t len = src != NULL ? strnlen(src, count) : 0;

	if (dest == NULL || size == 0)
		return EINVAL;
	if (src != NULL && len >= size && count == _TRUNCATE) {
		memmove(dest, src, size - 1);
		dest[size - 1] = '\0';
		return 80; /* STRUNCATE */
	}
	if (src == NULL || len >= size) {
		dest[0] = '\0';
		return src == NULL ? EINVAL : ERANGE;
	}
	memmove(dest, src, len);
	dest[len] = '\0';
	return 0;
}

static int
bounded_wide(WCHAR *dest, size_t size, size_t at, const WCHAR *src)
{
	size_t len = src != NULL ? wcslen(src) : 0;

	if (dest == NULL || size == 0)
		return EINVAL;
	if (src == NULL || at + len >= size) {
		dest[0] = L'\0';
		return src == NULL ? EINVAL : ERANGE;
	}
	wmemmove(dest + at, src, len + 1);
	return 0;
}

int
rtm_win_wcscpy_s(WCHAR *dest, size_t size, const WCHAR *src)
{
	return bounded_wide(dest, size, 0, src);
}

int
rtm_win_wcscat_s(WCHAR *dest, size_t size, const WCHAR *src)
{
	return bounded_wide(dest, size, dest != NULL ? wcsnlen(dest, size) : 0, src);
}

int
rtm_win_memcpy_s(void *dest, size_t size, const void *src, size_t count)
{
	if (count == 0)
		return 0;
	if (dest == NULL || src == NULL)
		return EINVAL;
	if (count > size) {
		memset(dest, 0, size);
		return ERANGE;
	}
	memcpy(dest, src, count);
	return 0;
}

/* ---- bounded, cut
 * ----------------------------------------------------------------------------------
 */

static HRESULT
cut(char *dest, size_t size, size_t at, const char *src)
{
	size_t len = strlen(src), n = len < size - at ? len : size - at - 1;

	memmove(dest + at, src, n);
	dest[at + n] = '\0';
	return n == len ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}

HRESULT
rtm_win_StringCchCopyA(char *dest, size_t size, const char *src)
{
	if (dest == NULL || size == 0 || src == NULL)
		return STRSAFE_E_INVALID_PARAMETER;
	return cut(dest, size, 0, src);
}

HRESULT
rtm_win_StringCchCatA(char *dest, size_t size, const char *src)
{
	if (dest == NULL || size == 0 || src == NULL || strnlen(dest, size) == size)
		return STRSAFE_E_INVALID_PARAMETER;
	return cut(dest, size, strlen(dest), src);
}

/* ---- addresses --------------------------------------------------------------- */

int
rtm_win_InetPtonW(int family, LPCWSTR text, void *address)
{
	char narrow[INET6_ADDRSTRLEN + 1];

	if (text == NULL || address == NULL ||
	    rtm_win_WideCharToMultiByte(CP_UTF8, 0, text, -1, narrow, sizeof narrow, NULL,
	                                NULL) == 0)
		return 0; /* longer than an address can be, or no text: not an address */
	return inet_pton(family, narrow, address);
}

LPCWSTR
rtm_win_InetNtopW(int family, const void *address, LPWSTR text, size_t size)
{
	char narrow[INET6_ADDRSTRLEN];

	if (inet_ntop(family, address, narrow, sizeof narrow) == NULL)
		return NULL;
	if (text == NULL || strlen(narrow) >= size) {
		errno = ENOSPC;
		return NULL;
	}
	for (size_t i = 0; i <= strlen(narrow); i++)
		text[i] = (WCHAR)(unsigned char)narrow[i];
	return text;
}
