/* Another spelling of ipifcons.h, which some sources have. */
#include "ipifcons.h"
