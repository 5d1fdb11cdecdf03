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

/** errno: socket calls are libc's, and what else sets a socket error sets that. */
static inline int
WSAGetLastError(void)
{
	return errno;
}

static inline void
WSASetLastError(int iError)
{
	errno = iError;
}

/* Events of the socket library are events. */
typedef HANDLE WSAEVENT, *LPWSAEVENT;
typedef OVERLAPPED WSAOVERLAPPED, *LPWSAOVERLAPPED;
#define WSA_INVALID_EVENT ((WSAEVENT)NULL)
#define WSA_INVALID_HANDLE ERROR_INVALID_HANDLE
#define WSA_INVALID_PARAMETER ERROR_INVALID_PARAMETER
#define WSA_IO_INCOMPLETE ERROR_IO_INCOMPLETE
#define WSA_IO_PENDING ERROR_IO_PENDING
#define WSA_NOT_ENOUGH_MEMORY ERROR_NOT_ENOUGH_MEMORY
#define WSA_OPERATION_ABORTED ERROR_OPERATION_ABORTED
#define WSA_WAIT_EVENT_0 WAIT_OBJECT_0
#define WSA_WAIT_FAILED WAIT_FAILED
#define WSA_WAIT_TIMEOUT WAIT_TIMEOUT
#define WSA_INFINITE INFINITE
#define WSACreateEvent() rtm_win_CreateEventA(NULL, TRUE, FALSE, NULL)
#define WSACloseEvent rtm_win_CloseHandle
#define WSASetEvent rtm_win_SetEvent
#define WSAResetEvent rtm_win_ResetEvent
#define WSAWaitForMultipleEvents(Count, Events, All, Milliseconds, Alertable)                  \
	((void)(Alertable),                                                                    \
	 rtm_win_WaitForMultipleObjects((Count), (Events), (All), (Milliseconds)))

#define closesocket(Socket) close(Socket)

#endif
