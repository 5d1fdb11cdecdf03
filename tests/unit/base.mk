# Tests of the ground floor: one program, a suite for each module.
check_PROGRAMS += tests/unit/test_base
TESTS += tests/unit/test_base
tests_unit_test_base_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_base_LDADD = src/base/libbase.la $(CUNIT_LIBS)
tests_unit_test_base_SOURCES = tests/unit/test_base_main.c tests/unit/test_base_suites.h
tests_unit_test_base_SOURCES += tests/unit/test_base_addr.c
tests_unit_test_base_SOURCES += tests/unit/test_base_arena.c
tests_unit_test_base_SOURCES += tests/unit/test_base_calendar.c
tests_unit_test_base_SOURCES += tests/unit/test_base_code.c
tests_unit_test_base_SOURCES += tests/unit/test_base_hints.c
tests_unit_test_base_SOURCES += tests/unit/test_base_index.c
tests_unit_test_base_SOURCES += tests/unit/test_base_lock.c
tests_unit_test_base_SOURCES += tests/unit/test_base_log.c
# test_base_code reads the header itself, to see that no code lacks a name.
tests_unit_test_base_CPPFLAGS = $(AM_CPPFLAGS) -DWINERR_H=\"$(abs_srcdir)/src/include/winerr.h\"
