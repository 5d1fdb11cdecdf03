# Interface table and IP Helper floor: each test links its floor and those below.
check_PROGRAMS += tests/unit/test_iftab
TESTS += tests/unit/test_iftab
tests_unit_test_iftab_SOURCES = tests/unit/test_iftab.c
tests_unit_test_iftab_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_iftab_LDADD = src/iftab/libiftab.la src/base/libbase.la $(CUNIT_LIBS)

iph_test_sources = tests/unit/iph_fixture.c tests/unit/iph_fixture.h
iph_test_libs = src/iphlp/libiphlp.la src/iftab/libiftab.la src/rtm/librtmv2.la \
	src/base/libbase.la $(CUNIT_LIBS)

check_PROGRAMS += tests/unit/test_iph_rows tests/unit/test_iph_change tests/unit/test_iph_read
TESTS += tests/unit/test_iph_rows tests/unit/test_iph_change tests/unit/test_iph_read
tests_unit_test_iph_rows_SOURCES = tests/unit/test_iph_rows.c tests/unit/iph_cases.c \
	tests/unit/iph_cases.h $(iph_test_sources)
tests_unit_test_iph_rows_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_iph_rows_LDADD = $(iph_test_libs)
tests_unit_test_iph_change_SOURCES = tests/unit/test_iph_change.c $(iph_test_sources)
tests_unit_test_iph_change_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_iph_change_LDADD = $(iph_test_libs)
tests_unit_test_iph_read_SOURCES = tests/unit/test_iph_read.c $(iph_test_sources)
tests_unit_test_iph_read_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_iph_read_LDADD = $(iph_test_libs)

check_PROGRAMS += tests/unit/test_iph_more
TESTS += tests/unit/test_iph_more
tests_unit_test_iph_more_SOURCES = tests/unit/test_iph_more.c $(iph_test_sources)
tests_unit_test_iph_more_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_iph_more_LDADD = $(iph_test_libs)

check_PROGRAMS += tests/unit/test_iph_notify
TESTS += tests/unit/test_iph_notify
tests_unit_test_iph_notify_SOURCES = tests/unit/test_iph_notify.c $(iph_test_sources)
tests_unit_test_iph_notify_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_iph_notify_LDADD = $(iph_test_libs)

check_PROGRAMS += tests/unit/test_host
TESTS += tests/unit/test_host
tests_unit_test_host_SOURCES = tests/unit/test_host.c
tests_unit_test_host_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_host_LDADD = librtm.la $(CUNIT_LIBS)

# The decision table once more, through rtmd's control socket.
iph_there_sources = tests/unit/iph_there.c $(iph_test_sources) \
	agent/ctl_import.c agent/ctl_int.h agent/ctl_request.c agent/ctl_server.c agent/ctl_server.h \
	agent/stored.c agent/stored.h \
	agent/loop.c agent/loop.h
iph_there_libs = src/host/libhost.la src/ctl/libctl.la src/store/libstorerow.la $(iph_test_libs) $(EVENT_LIBS)
iph_there_cppflags = -D_GNU_SOURCE $(AM_CPPFLAGS) -I$(srcdir)/agent $(CUNIT_CFLAGS) $(EVENT_CFLAGS)
check_PROGRAMS += tests/unit/test_far_rows tests/unit/test_far_more
TESTS += tests/unit/test_far_rows tests/unit/test_far_more
tests_unit_test_far_rows_SOURCES = tests/unit/test_iph_rows.c tests/unit/iph_cases.c \
	tests/unit/iph_cases.h $(iph_there_sources)
tests_unit_test_far_rows_CPPFLAGS = $(iph_there_cppflags)
tests_unit_test_far_rows_LDADD = $(iph_there_libs)
tests_unit_test_far_more_SOURCES = tests/unit/test_iph_more.c $(iph_there_sources)
tests_unit_test_far_more_CPPFLAGS = $(iph_there_cppflags)
tests_unit_test_far_more_LDADD = $(iph_there_libs)

# The documented functions under many threads, in process and through the socket.
check_PROGRAMS += tests/unit/stress_iph
TESTS += tests/unit/stress_iph
tests_unit_stress_iph_SOURCES = tests/stress/stress_iph.c tests/stress/stress_iph.h tests/unit/setting.h \
	tests/stress/stress_iph_place.c agent/ctl_import.c agent/ctl_int.h agent/ctl_request.c \
	agent/stored.c agent/stored.h \
	agent/ctl_server.c agent/ctl_server.h agent/loop.c agent/loop.h
tests_unit_stress_iph_CPPFLAGS = -D_GNU_SOURCE $(AM_CPPFLAGS) -I$(srcdir)/agent $(EVENT_CFLAGS)
tests_unit_stress_iph_LDADD = src/host/libhost.la src/ctl/libctl.la src/store/libstorerow.la src/iphlp/libiphlp.la \
	src/iftab/libiftab.la src/rtm/librtmv2.la src/win/libwin.la src/base/libbase.la $(EVENT_LIBS)

# Interfaces as version 1 lists them, both ways.
check_PROGRAMS += tests/unit/test_iph_list tests/unit/test_far_list
TESTS += tests/unit/test_iph_list tests/unit/test_far_list
tests_unit_test_iph_list_SOURCES = tests/unit/test_iph_list.c $(iph_test_sources)
tests_unit_test_iph_list_CPPFLAGS = $(AM_CPPFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_iph_list_LDADD = $(iph_test_libs)
tests_unit_test_far_list_SOURCES = tests/unit/test_iph_list.c $(iph_there_sources)
tests_unit_test_far_list_CPPFLAGS = $(iph_there_cppflags)
tests_unit_test_far_list_LDADD = $(iph_there_libs)
