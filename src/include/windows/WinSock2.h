/* Another spelling of winsock2.h, which some sources have. */
#include "winsock2.h"
