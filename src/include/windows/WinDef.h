/* Another spelling of windef.h, which some sources have. */
#include "windef.h"
