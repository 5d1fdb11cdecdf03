# The base-system calls of source written for Windows.
check_PROGRAMS += tests/unit/test_win
TESTS += tests/unit/test_win
tests_unit_test_win_CPPFLAGS = -I$(srcdir)/src/include/windows $(AM_CPPFLAGS)
tests_unit_test_win_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_win_LDADD = src/win/libwin.la src/base/libbase.la $(CUNIT_LIBS)
tests_unit_test_win_SOURCES = tests/unit/test_win.c
# Version 1 of change notification, which needs events.
check_PROGRAMS += tests/unit/test_route_event
TESTS += tests/unit/test_route_event
tests_unit_test_route_event_SOURCES = tests/unit/test_route_event.c
tests_unit_test_route_event_CPPFLAGS = -D_GNU_SOURCE -I$(srcdir)/src/include/windows $(AM_CPPFLAGS)
tests_unit_test_route_event_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_route_event_LDADD = src/host/libhost.la src/ctl/libctl.la src/iphlp/libiphlp.la \
	src/iftab/libiftab.la src/rtm/librtmv2.la src/win/libwin.la src/base/libbase.la $(CUNIT_LIBS)
