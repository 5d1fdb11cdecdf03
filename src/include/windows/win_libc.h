/*
 * The libc headers that source written for Windows meets, taken in first, and then the
 * names that the two worlds spell differently.
 *
 * Windows sources write `addr.S_un.S_addr' as well as `addr.s_addr'. libc's struct
 * in_addr has only the second, so `struct in_addr' and `struct sockaddr_in' mean, in a
 * source that includes these headers, types of our own with the same layout and both
 * spellings. libc's headers are included before the names change, so that the order
 * in which a program includes them does not matter.
 */
#ifndef RTM_WINDOWS_WIN_LIBC_H
#define RTM_WINDOWS_WIN_LIBC_H

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wchar.h>
#ifdef __cplusplus
#include <cstdio> /* takes macros of the same names away again */
#include <cstdlib>
#include <cstring>
#include <cwchar>
#endif

#include "../winerr.h"
#include "../wintypes.h"

struct rtm_win_in_bytes {
	UCHAR s_b1, s_b2, s_b3, s_b4;
};

struct rtm_win_in_words {
	USHORT s_w1, s_w2;
};

union rtm_win_in_un {
	struct rtm_win_in_bytes S_un_b;
	struct rtm_win_in_words S_un_w;
	ULONG S_addr;
};

struct rtm_win_in_addr {
	union {
		in_addr_t s_addr;
		union rtm_win_in_un S_un;
	};
};

struct rtm_win_sockaddr_in {
	sa_family_t sin_family;
	in_port_t sin_port;
	struct rtm_win_in_addr sin_addr;
	unsigned char sin_zero[8];
};

static inline char *
rtm_win_inet_ntoa(struct rtm_win_in_addr address)
{
	struct in_addr libc_address;

	libc_address.s_addr = address.s_addr;
	return inet_ntoa(libc_address);
}

#define in_addr rtm_win_in_addr
#define sockaddr_in rtm_win_sockaddr_in
#define inet_ntoa(Address) rtm_win_inet_ntoa(Address)

#endif
