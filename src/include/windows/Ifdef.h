/* Another spelling of ifdef.h, which some sources have. */
#include "ifdef.h"
