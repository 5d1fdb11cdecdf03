pkginclude_HEADERS = \
	src/include/iphlpapi.h \
	src/include/ipmib.h \
	src/include/netioapi.h \
	src/include/nldef.h \
	src/include/rtmhost.h \
	src/include/rtmv2.h \
	src/include/winerr.h \
	src/include/wintypes.h

# Source written for Windows finds its usual names here; `pkg-config --cflags rtm-windows`.
rtmwindowsdir = $(pkgincludedir)/windows
rtmwindows_HEADERS = \
	src/include/windows/basetsd.h \
	src/include/windows/ifdef.h \
	src/include/windows/in6addr.h \
	src/include/windows/inaddr.h \
	src/include/windows/iphlpapi.h \
	src/include/windows/ipifcons.h \
	src/include/windows/ipmib.h \
	src/include/windows/iprtrmib.h \
	src/include/windows/minwindef.h \
	src/include/windows/netioapi.h \
	src/include/windows/nldef.h \
	src/include/windows/routprot.h \
	src/include/windows/rtmv2.h \
	src/include/windows/tchar.h \
	src/include/windows/win_libc.h \
	src/include/windows/winbase.h \
	src/include/windows/windef.h \
	src/include/windows/windows.h \
	src/include/windows/winerror.h \
	src/include/windows/winnt.h \
	src/include/windows/winsock.h \
	src/include/windows/winsock2.h \
	src/include/windows/ws2def.h \
	src/include/windows/ws2ipdef.h \
	src/include/windows/ws2tcpip.h
