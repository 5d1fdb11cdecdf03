/*
 * One chapter: formats as source for Windows writes them, on a libc that reads some of
 * them otherwise.
 *
 * There `l' makes an integer 32 bits wide, here 64; a DWORD printed with `%lu' would drag
 * along whatever lies beside it. So a format is rewritten conversion by conversion before
 * libc sees it: flags, width, precision and the rest of the text stay as they are. A wide
 * format is narrowed on the way and its output is narrow as well, because a stream of this
 * libc that was once written wide refuses narrow output from then on.
 */
#define RTM_WINDOWS_LIBC_PRINTF /* this is where they are used */
#include "windows/strsafe.h"
#include "windows/windows.h"

#include <limits.h>

#include "base/alloc.h"
#include "win/text.h"

#define ROOM 1024 /* longer formats take memory from the heap */

/* ---- one conversion ---------------------------------------------------------------------- */

/* What stood between precision and letter. */
enum length { LENGTH_NONE, LENGTH_WIDE, LENGTH_NARROW, LENGTH_64, LENGTH_POINTER, LENGTH_LIBC };

static const struct {
	const char *text;
	enum length length;
} lengths[] = {
	{ "I64", LENGTH_64 },  { "I32", LENGTH_NONE }, { "I", LENGTH_POINTER },
	{ "ll", LENGTH_64 },   { "l", LENGTH_WIDE },   { "w", LENGTH_WIDE },
	{ "hh", LENGTH_LIBC }, { "h", LENGTH_NARROW }, { "z", LENGTH_POINTER },
	{ "t", LENGTH_LIBC },  { "j", LENGTH_LIBC },   { "L", LENGTH_LIBC },
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* How many characters the length takes. */
static size_t
length_at(const char *text, enum length *out)
{
	for (size_t i = 0; i < COUNT(lengths); i++) {
		size_t n = strlen(lengths[i].text);

		if (strncmp(text, lengths[i].text, n) == 0) {
			*out = lengths[i].length;
			return n;
		}
	}
	*out = LENGTH_NONE;
	return 0;
}

/* The length that libc wants, for text and for numbers. */
static const char *
text_length(enum length length, bool swapped)
{
	bool wide = length == LENGTH_WIDE || (length != LENGTH_NARROW && swapped);

	return wide ? "l" : "";
}

static const char *
number_length(enum length length)
{
	switch (length) {
	case LENGTH_64:
		return "ll";
	case LENGTH_POINTER:
		return "z";
	case LENGTH_NARROW:
		return "h";
	default:
		return "";
	}
}

/* Rewrite the conversion at `from', behind its `%'. Returns what was read. */
static size_t
rewrite_one(const char *from, bool wide, char **out)
{
	size_t n = strspn(from, "-+ #0123456789.*"), length_n;
	enum length length;
	const char *put;
	char letter;

	memcpy(*out, from, n);
	*out += n;
	length_n = length_at(from + n, &length);
	letter = from[n + length_n];
	if (letter == 's' || letter == 'c') {
		put = text_length(length, wide);
	} else if (letter == 'S' || letter == 'C') {
		put = text_length(length, !wide);
		letter = letter == 'S' ? 's' : 'c';
	} else if (length == LENGTH_LIBC || letter == '\0' ||
	           strchr("diouxX", letter) == NULL) {
		memcpy(*out, from + n, length_n);
		*out += length_n;
		put = "";
	} else {
		put = number_length(length);
	}
	*out += sprintf(*out, "%s", put);
	if (letter == '\0')
		return n + length_n;
	*(*out)++ = letter;
	return n + length_n + 1;
}

/* `out' has room for twice the format. */
static void
rewrite(const char *format, bool wide, char *out)
{
	while (*format != '\0') {
		*out = *format++;
		if (*out++ != '%')
			continue;
		if (*format == '%')
			*out++ = *format++;
		else
			format += rewrite_one(format, wide, &out);
	}
	*out = '\0';
}

/* ---- printing ---------------------------------------------------------------- */

struct target {
	FILE *stream; /* NULL: `dest' */
	char *dest;
	size_t size;
};

static int
print_rewritten(const struct target *to, const char *format, va_list args)
{
	if (to->stream != NULL)
		return vfprintf(to->stream, format, args);
	return vsnprintf(to->dest, to->size, format, args);
}

static int
print_narrow(const struct target *to, const char *format, bool wide, va_list args)
{
	char room[ROOM], *text = room;
	size_t need = strlen(format) * 2 + 1;
	int n = -1;

	if (need > sizeof room)
		text = mem_calloc(need, 1);
	if (text != NULL) {
		rewrite(format, wide, text);
		n = print_rewritten(to, text, args);
	}
	if (text != room)
		mem_free(text);
	return n;
}

static int
print_wide(const struct target *to, const WCHAR *format, va_list args)
{
	char *narrow = text_narrow(format);
	int n = narrow != NULL ? print_narrow(to, narrow, true, args) : -1;

	mem_free(narrow);
	return n;
}

int
rtm_win_vfprintf(FILE *stream, const char *format, va_list args)
{
	return print_narrow(&(struct target){ .stream = stream }, format, false, args);
}

int
rtm_win_vprintf(const char *format, va_list args)
{
	return rtm_win_vfprintf(stdout, format, args);
}

int
rtm_win_vsnprintf(char *dest, size_t size, const char *format, va_list args)
{
	return print_narrow(&(struct target){ .dest = dest, .size = size }, format, false,
	                    args);
}

int
rtm_win_vfwprintf(FILE *stream, const WCHAR *format, va_list args)
{
	return print_wide(&(struct target){ .stream = stream }, format, args);
}

int
rtm_win_vwprintf(const WCHAR *format, va_list args)
{
	return rtm_win_vfwprintf(stdout, format, args);
}

#define CALL_WITH_ARGS(Result, Call)                                                           \
	do {                                                                                   \
		va_list args;                                                                  \
		va_start(args, format);                                                        \
		(Result) = (Call);                                                             \
		va_end(args);                                                                  \
	} while (0)

int
rtm_win_printf(const char *format, ...)
{
	int n;

	CALL_WITH_ARGS(n, rtm_win_vfprintf(stdout, format, args));
	return n;
}

int
rtm_win_fprintf(FILE *stream, const char *format, ...)
{
	int n;

	CALL_WITH_ARGS(n, rtm_win_vfprintf(stream, format, args));
	return n;
}

int
rtm_win_sprintf(char *dest, const char *format, ...)
{
	int n;

	CALL_WITH_ARGS(n, rtm_win_vsnprintf(dest, INT_MAX, format, args));
	return n;
}

int
rtm_win_snprintf(char *dest, size_t size, const char *format, ...)
{
	int n;

	CALL_WITH_ARGS(n, rtm_win_vsnprintf(dest, size, format, args));
	return n;
}

int
rtm_win_wprintf(const WCHAR *format, ...)
{
	int n;

	CALL_WITH_ARGS(n, rtm_win_vfwprintf(stdout, format, args));
	return n;
}

int
rtm_win_fwprintf(FILE *stream, const WCHAR *format, ...)
{
	int n;

	CALL_WITH_ARGS(n, rtm_win_vfwprintf(stream, format, args));
	return n;
}

/* ---- printing into wide text ------------------------------------------------- */

/* All of it, in memory that is released with mem_free(). */
static char *
print_all(const WCHAR *format, va_list args)
{
	struct target to = { .dest = NULL };
	va_list again;
	int n;

	va_copy(again, args);
	n = print_wide(&to, format, again);
	va_end(again);
	if (n < 0)
		return NULL;
	to.size = (size_t)n + 1;
	to.dest = mem_calloc(to.size, 1);
	if (to.dest != NULL)
		print_wide(&to, format, args);
	return to.dest;
}

static int
print_into(WCHAR *dest, size_t size, const WCHAR *format, va_list args)
{
	char *text;
	int n;

	if (dest == NULL || size == 0 || format == NULL)
		return -1;
	text = print_all(format, args);
	n = text != NULL ? rtm_win_MultiByteToWideChar(CP_UTF8, 0, text, -1, dest,
	                                               size < INT_MAX ? (int)size : INT_MAX)
	                 : 0;
	mem_free(text);
	if (n == 0)
		dest[0] = L'\0';
	return n - 1;
}

int
rtm_win_swprintf(WCHAR *dest, size_t size, const WCHAR *format, ...)
{
	int n;

	CALL_WITH_ARGS(n, print_into(dest, size, format, args));
	return n;
}

int
rtm_win_swprintf_s(WCHAR *dest, size_t size, const WCHAR *format, ...)
{
	int n;

	CALL_WITH_ARGS(n, print_into(dest, size, format, args));
	return n;
}

/* ---- printing that reports what does not fit
 * -------------------------------------------------
 */

int
rtm_win_sprintf_s(char *dest, size_t size, const char *format, ...)
{
	int n;

	if (dest == NULL || size == 0 || format == NULL)
		return -1;
	CALL_WITH_ARGS(n, rtm_win_vsnprintf(dest, size, format, args));
	if (n >= 0 && (size_t)n < size)
		return n;
	dest[0] = '\0';
	return -1;
}

HRESULT
rtm_win_StringCchPrintfA(char *dest, size_t size, const char *format, ...)
{
	int n;

	if (dest == NULL || size == 0 || format == NULL)
		return STRSAFE_E_INVALID_PARAMETER;
	CALL_WITH_ARGS(n, rtm_win_vsnprintf(dest, size, format, args));
	return n >= 0 && (size_t)n < size ? S_OK : STRSAFE_E_INSUFFICIENT_BUFFER;
}
