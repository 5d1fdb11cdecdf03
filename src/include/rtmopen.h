/*
 * Which routing table the IP Helper functions of this process act on.
 *
 * A program that was written for Windows opens nothing: its first call opens what the
 * environment names. RTM_SOCKET=PATH is the table of a running rtmd, by way of its control
 * socket. Without that, RTM_FIB=memory, the default, is a table of the process's own, and
 * RTM_FIB=kernel is the system's. A program that wants to choose calls one of these
 * first. There is one table at a time; the library owns it, and a thread that keeps its
 * time and delivers notifications.
 */
#ifndef RTM_RTMOPEN_H
#define RTM_RTMOPEN_H

#include "winerr.h"
#include "wintypes.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Open an empty table in memory. Its interfaces are the system's, with metric 0, or what
 * RTM_INTERFACES says: lines `INDEX NAME ADDR/LEN[,ADDR/LEN...] [metric N] [type T]',
 * separated by `;' or line ends, `-' for no address, T one of ethernet, loopback, ppp
 * and tunnel.
 *
 * @return  NO_ERROR; ERROR_ALREADY_EXISTS where a table is open; ERROR_INVALID_DATA for a
 *          line in RTM_INTERFACES that is not one; ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD rtm_open_memory(void);

/** Open the system's table. ERROR_NOT_SUPPORTED in a build that cannot. */
DWORD rtm_open_kernel(void);

/**
 * Close the table and forget its routes. Nothing happens without one, or from within a
 * notification call-back. No other thread may be inside a call.
 */
VOID rtm_close(void);

/** A short English text for any code of these interfaces; never NULL, not to be freed. */
PCSTR rtm_strerror(DWORD code);

#ifdef __cplusplus
}
#endif

#endif
