/* Another spelling of tchar.h, which some sources have. */
#include "tchar.h"
