# The base-system calls of source written for Windows.
check_PROGRAMS += tests/unit/test_win
TESTS += tests/unit/test_win
tests_unit_test_win_CPPFLAGS = -I$(srcdir)/src/include/windows $(AM_CPPFLAGS)
tests_unit_test_win_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_win_LDADD = src/win/libwin.la src/base/libbase.la $(CUNIT_LIBS)
tests_unit_test_win_SOURCES = tests/unit/test_win.c
