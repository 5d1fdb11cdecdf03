noinst_LTLIBRARIES += src/iphlp/libiphlp.la
src_iphlp_libiphlp_la_SOURCES = \
	src/iphlp/best.c \
	src/iphlp/change.c \
	src/iphlp/check.c \
	src/iphlp/check1.c \
	src/iphlp/expire.c \
	src/iphlp/gate.h \
	src/iphlp/iflist.c \
	src/iphlp/ifname.c \
	src/iphlp/ifrow.c \
	src/iphlp/iph.h \
	src/iphlp/iph_int.h \
	src/iphlp/list.c \
	src/iphlp/notify.c \
	src/iphlp/read.c \
	src/iphlp/route1.c \
	src/iphlp/route2.c \
	src/iphlp/side.c \
	src/iphlp/table.c \
	src/iphlp/watch.c \
	src/iphlp/world.c
