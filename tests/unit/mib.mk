# Tests of the MIB floor: no SNMP library, only the floors below.
check_PROGRAMS += tests/unit/test_mib_index
TESTS += tests/unit/test_mib_index
tests_unit_test_mib_index_SOURCES = tests/unit/test_mib_index.c tests/unit/mib_unit.h
tests_unit_test_mib_index_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir) -I$(srcdir)/agent $(CUNIT_CFLAGS)
tests_unit_test_mib_index_LDADD = agent/libmib.la src/base/libbase.la $(CUNIT_LIBS)

check_PROGRAMS += tests/unit/test_mib_set
TESTS += tests/unit/test_mib_set
tests_unit_test_mib_set_SOURCES = tests/unit/test_mib_set.c $(MIB_TEST_WORLD)
MIB_TEST_WORLD = tests/unit/mib_cases.c tests/unit/mib_cases.h tests/unit/mib_world.c \
	tests/unit/mib_world.h tests/unit/mib_unit.h tests/unit/setting.h
tests_unit_test_mib_set_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir) -I$(srcdir)/agent $(CUNIT_CFLAGS)
tests_unit_test_mib_set_LDADD = $(MIB_TEST_LIBS)
MIB_TEST_LIBS = agent/libmib.la src/iphlp/libiphlp.la src/iftab/libiftab.la \
	src/rtm/librtmv2.la src/base/libbase.la $(CUNIT_LIBS)

check_PROGRAMS += tests/unit/test_mib_random
TESTS += tests/unit/test_mib_random
tests_unit_test_mib_random_SOURCES = tests/unit/test_mib_random.c $(MIB_TEST_WORLD)
tests_unit_test_mib_random_CPPFLAGS = $(tests_unit_test_mib_set_CPPFLAGS)
tests_unit_test_mib_random_LDADD = $(MIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_mib_older
TESTS += tests/unit/test_mib_older
tests_unit_test_mib_older_SOURCES = tests/unit/test_mib_older.c $(MIB_TEST_WORLD)
tests_unit_test_mib_older_CPPFLAGS = $(tests_unit_test_mib_set_CPPFLAGS)
tests_unit_test_mib_older_LDADD = $(MIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_mib_policy
TESTS += tests/unit/test_mib_policy
tests_unit_test_mib_policy_SOURCES = tests/unit/test_mib_policy.c $(MIB_TEST_WORLD)
tests_unit_test_mib_policy_CPPFLAGS = $(tests_unit_test_mib_set_CPPFLAGS)
tests_unit_test_mib_policy_LDADD = $(MIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_mib_rtm
TESTS += tests/unit/test_mib_rtm
tests_unit_test_mib_rtm_SOURCES = tests/unit/test_mib_rtm.c $(MIB_TEST_WORLD)
tests_unit_test_mib_rtm_CPPFLAGS = $(tests_unit_test_mib_set_CPPFLAGS)
tests_unit_test_mib_rtm_LDADD = $(MIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_mib_model
TESTS += tests/unit/test_mib_model
ROUTE_MODEL = tests/unit/route_model.c tests/unit/route_model.h tests/unit/route_pdu.c
tests_unit_test_mib_model_SOURCES = tests/unit/test_mib_model.c $(ROUTE_MODEL) $(MIB_TEST_WORLD)
tests_unit_test_mib_model_CPPFLAGS = $(tests_unit_test_mib_set_CPPFLAGS)
tests_unit_test_mib_model_LDADD = $(MIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_mib_notice
TESTS += tests/unit/test_mib_notice
tests_unit_test_mib_notice_SOURCES = tests/unit/test_mib_notice.c $(MIB_TEST_WORLD)
tests_unit_test_mib_notice_CPPFLAGS = $(tests_unit_test_mib_set_CPPFLAGS)
tests_unit_test_mib_notice_LDADD = $(MIB_TEST_LIBS)
check_PROGRAMS += tests/unit/test_mib_store
TESTS += tests/unit/test_mib_store
tests_unit_test_mib_store_SOURCES = tests/unit/test_mib_store.c $(MIB_TEST_WORLD)
tests_unit_test_mib_store_CPPFLAGS = $(tests_unit_test_mib_set_CPPFLAGS)
tests_unit_test_mib_store_LDADD = $(MIB_TEST_LIBS)
