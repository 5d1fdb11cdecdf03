# The table that a program has without asking: wiring for librtm, nothing for rtmd.
noinst_LTLIBRARIES += src/host/libhost.la
src_host_libhost_la_SOURCES = \
	src/host/interfaces.c \
	src/host/interfaces.h \
	src/host/module.c \
	src/host/notify1.c \
	src/host/notify1.h \
	src/host/open.c \
	src/host/remote.c \
	src/host/remote.h \
	src/host/thread.c \
	src/host/thread.h
pkginclude_HEADERS += src/include/rtmopen.h
