# MIB floor: plain C, an archive of its own so that tests link it without SNMP.
noinst_LTLIBRARIES += agent/libmib.la
agent_libmib_la_SOURCES = \
	agent/mib.h agent/mib_int.h agent/mib_tx.h \
	agent/mib.c \
	agent/mib_index.c agent/mib_index.h \
	agent/mib_side.c \
	agent/mib_slot.c agent/mib_slot.h \
	agent/mib_sync.c \
	agent/mib_view.c \
	agent/mib_table.c \
	agent/mib_scalar.c \
	agent/mib_inet_cidr.c \
	agent/mib_fixed.c agent/mib_fixed.h \
	agent/mib_ipv4.c agent/mib_ipv4.h \
	agent/mib_ipv4_row.c \
	agent/mib_ip_cidr.c \
	agent/mib_ip_forward.c \
	agent/mib_ip_route.c \
	agent/mib_rowreq.c \
	agent/mib_check.c \
	agent/mib_ahead.c \
	agent/mib_plan.c \
	agent/mib_policy.c \
	agent/mib_apply.c \
	agent/mib_import.c \
	agent/mib_park.c \
	agent/mib_restore.c \
	agent/mib_store.c agent/mib_store.h \
	agent/mib_fault.c \
	agent/mib_ledger.c \
	agent/mib_notice.c agent/mib_notice.h \
	agent/mib_hop.c \
	agent/mib_rtm.c \
	agent/mib_rtm_core.c \
	agent/mib_rtm_route.c \
	agent/mib_rtm_store.c
agent_libmib_la_LIBADD = src/store/libstorerow.la
