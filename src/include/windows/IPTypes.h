/* Another spelling of iptypes.h, which some sources have. */
#include "iptypes.h"
