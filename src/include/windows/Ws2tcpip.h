/* Another spelling of ws2tcpip.h, which some sources have. */
#include "ws2tcpip.h"
