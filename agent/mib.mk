# MIB floor: plain C, an archive of its own so that tests link it without SNMP.
noinst_LTLIBRARIES += agent/libmib.la
agent_libmib_la_SOURCES = \
	agent/mib.h \
	agent/mib_index.c agent/mib_index.h
