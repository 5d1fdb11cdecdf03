# The control socket: rtmd's end of it, and the operator's tool.
agent_rtmd_SOURCES += \
	agent/ctl_import.c \
	agent/ctl_int.h \
	agent/stored.c agent/stored.h \
	agent/ctl_request.c \
	agent/ctl_server.c agent/ctl_server.h
agent_rtmd_LDADD += src/ctl/libctl.la

bin_PROGRAMS += agent/rtmctl
agent_rtmctl_SOURCES = \
	agent/rtmctl.c agent/rtmctl.h \
	agent/rtmctl_show.c \
	agent/rtmctl_snmp.c
if STORE_ENABLED
agent_rtmctl_SOURCES += agent/rtmctl_store.c agent/rtmctl_json.c agent/rtmctl_json.h agent/stored.c agent/stored.h
else
agent_rtmctl_SOURCES += agent/rtmctl_no_store.c
endif
agent_rtmctl_CPPFLAGS = $(AM_CPPFLAGS) -DRTMD_VERSION=\"$(VERSION)\"
agent_rtmctl_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
agent_rtmctl_LDADD = agent/libmib.la src/ctl/libctl.la
if STORE_ENABLED
agent_rtmctl_LDADD += src/store/libstore.la $(SQLITE_LIBS) $(JANSSON_LIBS)
endif
agent_rtmctl_LDADD += src/base/libbase.la
dist_man_MANS += man/rtmctl.1
