/* Another spelling of netioapi.h, which some sources have. */
#include "netioapi.h"
