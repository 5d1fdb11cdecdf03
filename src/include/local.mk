pkginclude_HEADERS = \
	src/include/iphlpapi.h \
	src/include/ipmib.h \
	src/include/netioapi.h \
	src/include/nldef.h \
	src/include/rtmhost.h \
	src/include/rtmv2.h \
	src/include/winerr.h \
	src/include/wintypes.h
