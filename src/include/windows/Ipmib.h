/* Another spelling of ipmib.h, which some sources have. */
#include "ipmib.h"
