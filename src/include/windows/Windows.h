/* Another spelling of windows.h, which some sources have. */
#include "windows.h"
