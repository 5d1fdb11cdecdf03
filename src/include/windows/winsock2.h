/*
 * Sockets as far as route programs go: start-up calls that have nothing to do here, and
 * the names of descriptors and errors.
 */
#ifndef RTM_WINDOWS_WINSOCK2_H
#define RTM_WINDOWS_WINSOCK2_H

#include "winbase.h"
#include "ws2def.h"

typedef int SOCKET;
#define INVALID_SOCKET (-1)
#define SOCKET_ERROR (-1)
#define WSADESCRIPTION_LEN 256
#define WSASYS_STATUS_LEN 128

typedef struct WSAData {
	WORD wVersion;
	WORD wHighVersion;
	char szDescription[WSADESCRIPTION_LEN + 1];
	char szSystemStatus[WSASYS_STATUS_LEN + 1];
} WSADATA, *LPWSADATA;

/** Always there: fills in the version asked for. */
static inline int
WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData)
{
	memset(lpWSAData, 0, sizeof *lpWSAData);
	lpWSAData->wVersion = wVersionRequested;
	lpWSAData->wHighVersion = wVersionRequested;
	return 0;
}

static inline int
WSACleanup(void)
{
	return 0;
}

/** errno: socket calls are libc's. */
static inline int
WSAGetLastError(void)
{
	return errno;
}

#define closesocket(Socket) close(Socket)

#endif
