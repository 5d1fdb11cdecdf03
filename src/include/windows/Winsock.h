/* Another spelling of winsock.h, which some sources have. */
#include "winsock.h"
