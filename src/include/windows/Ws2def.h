/* Another spelling of ws2def.h, which some sources have. */
#include "ws2def.h"
