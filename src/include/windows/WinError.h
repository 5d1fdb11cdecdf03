/* Another spelling of winerror.h, which some sources have. */
#include "winerror.h"
