/* Another spelling of ws2ipdef.h, which some sources have. */
#include "ws2ipdef.h"
