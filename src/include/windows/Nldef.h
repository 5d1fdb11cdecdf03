/* Another spelling of nldef.h, which some sources have. */
#include "nldef.h"
