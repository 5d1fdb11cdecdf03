# Tests of the MIB floor: no SNMP library, only the floors below.
check_PROGRAMS += tests/unit/test_mib_index
TESTS += tests/unit/test_mib_index
tests_unit_test_mib_index_SOURCES = tests/unit/test_mib_index.c tests/unit/mib_unit.h
tests_unit_test_mib_index_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir) -I$(srcdir)/agent $(CUNIT_CFLAGS)
tests_unit_test_mib_index_LDADD = agent/libmib.la src/base/libbase.la $(CUNIT_LIBS)
