/*
 * Text between the narrow and the wide world, for the calls of this room. Narrow is
 * UTF-8, a wide character is a code point.
 */
#ifndef WIN_TEXT_H
#define WIN_TEXT_H

#include "windows/windows.h"

/** Narrow copy of wide text; NULL: no memory. Released with mem_free(). */
char *text_narrow(const WCHAR *text);
/** And back; octets that are no UTF-8 become a character each, so nothing is lost. */
WCHAR *text_widen(const char *text);

#endif
