/* Another spelling of strsafe.h, which some sources have. */
#include "strsafe.h"
