# Tests of the forwarder room: the contract of every backend and the preload reader
# need no core; follower and importer are RTM clients and link it.
fib_fixture = tests/unit/fib_fix.c tests/unit/fib_fix.h

check_PROGRAMS += tests/unit/test_fib_contract tests/unit/test_fib_preload
TESTS += tests/unit/test_fib_contract tests/unit/test_fib_preload
tests_unit_test_fib_contract_SOURCES = tests/unit/test_fib_contract.c $(fib_fixture)
tests_unit_test_fib_contract_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_fib_contract_LDADD = src/fib/libfib.la src/base/libbase.la $(CUNIT_LIBS)
tests_unit_test_fib_preload_SOURCES = tests/unit/test_fib_preload.c $(fib_fixture)
tests_unit_test_fib_preload_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_fib_preload_LDADD = src/fib/libfib.la src/base/libbase.la $(CUNIT_LIBS)

check_PROGRAMS += tests/unit/test_fib_clients
TESTS += tests/unit/test_fib_clients
tests_unit_test_fib_clients_SOURCES = tests/unit/test_fib_clients.c $(fib_fixture)
tests_unit_test_fib_clients_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_fib_clients_LDADD = \
	src/fib/libfib.la src/iftab/libiftab.la src/rtm/librtmv2.la src/base/libbase.la $(CUNIT_LIBS)
