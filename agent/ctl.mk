# The control socket: rtmd's end of it, and the operator's tool.
agent_rtmd_SOURCES += \
	agent/ctl_int.h \
	agent/ctl_request.c \
	agent/ctl_server.c agent/ctl_server.h
agent_rtmd_LDADD += src/ctl/libctl.la

bin_PROGRAMS += agent/rtmctl
agent_rtmctl_SOURCES = \
	agent/rtmctl.c agent/rtmctl.h \
	agent/rtmctl_show.c \
	agent/rtmctl_snmp.c
agent_rtmctl_CPPFLAGS = $(AM_CPPFLAGS) -DRTMD_VERSION=\"$(VERSION)\"
agent_rtmctl_LDADD = agent/libmib.la src/ctl/libctl.la src/base/libbase.la
dist_man_MANS += man/rtmctl.1
