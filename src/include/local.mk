pkginclude_HEADERS = \
	src/include/ifmib.h \
	src/include/iphlpapi.h \
	src/include/ipmib.h \
	src/include/iptypes.h \
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
	src/include/windows/conio.h \
	src/include/windows/ifdef.h \
	src/include/windows/ifmib.h \
	src/include/windows/in6addr.h \
	src/include/windows/inaddr.h \
	src/include/windows/iphlpapi.h \
	src/include/windows/ipifcons.h \
	src/include/windows/ipmib.h \
	src/include/windows/iptypes.h \
	src/include/windows/iprtrmib.h \
	src/include/windows/minwindef.h \
	src/include/windows/netioapi.h \
	src/include/windows/nldef.h \
	src/include/windows/routprot.h \
	src/include/windows/rtmv2.h \
	src/include/windows/sal.h \
	src/include/windows/strsafe.h \
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
# Names of files have no case there, so sources spell them as they like; these are usual.
rtmwindows_HEADERS += \
	src/include/windows/IPHLPAPI.H \
	src/include/windows/IPHlpApi.h \
	src/include/windows/IPIfCons.h \
	src/include/windows/IPTypes.h \
	src/include/windows/Ifdef.h \
	src/include/windows/IpHlpApi.h \
	src/include/windows/Iphlpapi.h \
	src/include/windows/Ipmib.h \
	src/include/windows/NetIoApi.h \
	src/include/windows/Netioapi.h \
	src/include/windows/Nldef.h \
	src/include/windows/Rtmv2.h \
	src/include/windows/Strsafe.h \
	src/include/windows/TCHAR.H \
	src/include/windows/Tchar.h \
	src/include/windows/WINDOWS.H \
	src/include/windows/WINSOCK2.H \
	src/include/windows/WS2TCPIP.H \
	src/include/windows/WS2ipdef.h \
	src/include/windows/WS2tcpip.h \
	src/include/windows/WinBase.h \
	src/include/windows/WinDef.h \
	src/include/windows/WinError.h \
	src/include/windows/WinSock.h \
	src/include/windows/WinSock2.h \
	src/include/windows/Windows.h \
	src/include/windows/Winsock.h \
	src/include/windows/Winsock2.h \
	src/include/windows/Ws2TcpIp.h \
	src/include/windows/Ws2def.h \
	src/include/windows/Ws2ipdef.h \
	src/include/windows/Ws2tcpip.h
