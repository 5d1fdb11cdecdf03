/* Another spelling of winbase.h, which some sources have. */
#include "winbase.h"
