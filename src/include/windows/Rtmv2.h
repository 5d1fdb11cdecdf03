/* Another spelling of rtmv2.h, which some sources have. */
#include "rtmv2.h"
