# SNMP floor and the daemon. The only objects that see the SNMP library and libevent.
sbin_PROGRAMS += agent/rtmd
agent_rtmd_SOURCES = \
	agent/agx.h agent/agx_int.h \
	agent/agx_direct.c \
	agent/agx_hosts.c agent/agx_hosts.h \
	agent/agx_link.c \
	agent/agx_log.c \
	agent/agx_loop.c \
	agent/agx_master.c \
	agent/agx_next.c \
	agent/agx_session.c \
	agent/agx_set.c \
	agent/agx_stream.c agent/agx_stream.h \
	agent/agx_system.c \
	agent/agx_table.c \
	agent/agx_trap.c \
	agent/agx_value.c \
	agent/chores.c agent/chores.h \
	agent/config.c agent/config.h agent/config_int.h \
	agent/config_direct.c \
	agent/config_instance.c \
	agent/config_notify.c \
	agent/config_policy.c \
	agent/drive.c agent/drive.h \
	agent/intake.c agent/intake.h \
	agent/loop.c agent/loop.h \
	agent/main.c \
	agent/mib.h \
	agent/refusal.c agent/refusal.h \
	agent/reload.c agent/reload.h \
	agent/status.c agent/status.h \
	agent/world.c agent/world.h
agent_rtmd_CPPFLAGS = $(AM_CPPFLAGS) -DRTMD_VERSION=\"$(VERSION)\"
agent_rtmd_CFLAGS = $(AM_CFLAGS) $(SNMP_CFLAGS) $(EVENT_CFLAGS)
agent_rtmd_LDADD = \
	agent/libmib.la src/iphlp/libiphlp.la src/fib/libfib.la src/iftab/libiftab.la \
	src/rtm/librtmv2.la src/base/libbase.la $(SNMP_LIBS) $(EVENT_LIBS)
# The state file, where the store is built in.
agent_rtmd_SOURCES += agent/durable.h
if STORE_ENABLED
agent_rtmd_SOURCES += agent/durable.c
agent_rtmd_LDADD += src/store/libstore.la $(SQLITE_LIBS)
else
agent_rtmd_SOURCES += agent/durable_none.c
endif
agent_rtmd_CPPFLAGS += -DRTM_STATEDIR=\"$(localstatedir)/lib/rtm\"
