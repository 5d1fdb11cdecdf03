# Tests of what the SNMP floor has that needs no SNMP library.
check_PROGRAMS += tests/unit/test_agx_stream
TESTS += tests/unit/test_agx_stream
tests_unit_test_agx_stream_SOURCES = tests/unit/test_agx_stream.c agent/agx_stream.c agent/agx_stream.h
tests_unit_test_agx_stream_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/agent $(CUNIT_CFLAGS)
tests_unit_test_agx_stream_LDADD = src/base/libbase.la $(CUNIT_LIBS)

check_PROGRAMS += tests/unit/test_agx_hosts
TESTS += tests/unit/test_agx_hosts
tests_unit_test_agx_hosts_SOURCES = tests/unit/test_agx_hosts.c agent/agx_hosts.c agent/agx_hosts.h
tests_unit_test_agx_hosts_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/agent $(CUNIT_CFLAGS)
tests_unit_test_agx_hosts_LDADD = $(CUNIT_LIBS)
