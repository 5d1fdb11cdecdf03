# The control socket: what both ends say, and the client's end.
noinst_LTLIBRARIES += src/ctl/libctl.la
src_ctl_libctl_la_SOURCES = \
	src/ctl/client.c src/ctl/client.h \
	src/ctl/proto.c src/ctl/proto.h
