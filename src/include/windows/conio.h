/*
 * The console, as far as programs hold their window open with it: a key is a line here.
 */
#ifndef RTM_WINDOWS_CONIO_H
#define RTM_WINDOWS_CONIO_H

#include "winbase.h"

#define _getch getchar
#define getch getchar

#endif
