# Interface table and IP Helper floor: each test links its floor and those below.
check_PROGRAMS += tests/unit/test_iftab
TESTS += tests/unit/test_iftab
tests_unit_test_iftab_SOURCES = tests/unit/test_iftab.c
tests_unit_test_iftab_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_iftab_LDADD = src/iftab/libiftab.la src/base/libbase.la $(CUNIT_LIBS)
