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
# Programs as they are written for Windows, compiled by their test against an installed library.
EXTRA_DIST += \
	tests/win/adapters.c \
	tests/win/adapters.out \
	tests/win/best_route.c \
	tests/win/best_route.out \
	tests/win/change_default.c \
	tests/win/change_default.out \
	tests/win/dynamic.c \
	tests/win/dynamic.out \
	tests/win/heap_table.c \
	tests/win/heap_table.out \
	tests/win/if_metric.c \
	tests/win/if_metric.out \
	tests/win/initialized_row.c \
	tests/win/initialized_row.out \
	tests/win/messages.c \
	tests/win/messages.out \
	tests/win/names.c \
	tests/win/names.out \
	tests/win/notify1.c \
	tests/win/notify1.out \
	tests/win/notify2.c \
	tests/win/notify2.out \
	tests/win/old_style.cpp \
	tests/win/old_style.out \
	tests/win/probe_metric.c \
	tests/win/probe_metric.out \
	tests/win/table2.c \
	tests/win/table2.out \
	tests/win/wide_main.c \
	tests/win/wide_main.out \
	tests/win/zeroed_row.c \
	tests/win/zeroed_row.out
dist_check_SCRIPTS += tests/win/t_programs.sh
TESTS += tests/win/t_programs.sh
