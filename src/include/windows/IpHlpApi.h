/* Another spelling of iphlpapi.h, which some sources have. */
#include "iphlpapi.h"
