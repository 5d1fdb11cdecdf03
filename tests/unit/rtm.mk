# Tests of the routing table manager: the core, the ground, and nothing above. Each
# program is a chapter of the specification, or a story of its own.
rtm_test_cflags = $(AM_CFLAGS) $(CUNIT_CFLAGS)
rtm_test_ldadd = tests/unit/librtmtest.la src/rtm/librtmv2.la src/base/libbase.la $(CUNIT_LIBS)

check_LTLIBRARIES += tests/unit/librtmtest.la
tests_unit_librtmtest_la_CFLAGS = $(rtm_test_cflags)
tests_unit_librtmtest_la_SOURCES = \
	tests/unit/rtm_fix.c tests/unit/rtm_fix.h \
	tests/unit/rtm_thread.c tests/unit/rtm_thread.h \
	tests/unit/rtm_world.c tests/unit/rtm_world.h

check_PROGRAMS += tests/unit/test_rtm_registration
TESTS += tests/unit/test_rtm_registration
tests_unit_test_rtm_registration_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_registration_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_registration_SOURCES = tests/unit/test_rtm_registration.c

check_PROGRAMS += tests/unit/test_rtm_nexthop
TESTS += tests/unit/test_rtm_nexthop
tests_unit_test_rtm_nexthop_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_nexthop_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_nexthop_SOURCES = tests/unit/test_rtm_nexthop.c

check_PROGRAMS += tests/unit/test_rtm_route
TESTS += tests/unit/test_rtm_route
tests_unit_test_rtm_route_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_route_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_route_SOURCES = tests/unit/test_rtm_route.c

check_PROGRAMS += tests/unit/test_rtm_lock
TESTS += tests/unit/test_rtm_lock
tests_unit_test_rtm_lock_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_lock_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_lock_SOURCES = tests/unit/test_rtm_lock.c

check_PROGRAMS += tests/unit/test_rtm_query
TESTS += tests/unit/test_rtm_query
tests_unit_test_rtm_query_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_query_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_query_SOURCES = tests/unit/test_rtm_query.c

check_PROGRAMS += tests/unit/test_rtm_large
TESTS += tests/unit/test_rtm_large
tests_unit_test_rtm_large_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_large_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_large_SOURCES = tests/unit/test_rtm_large.c

check_PROGRAMS += tests/unit/test_rtm_enum
TESTS += tests/unit/test_rtm_enum
tests_unit_test_rtm_enum_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_enum_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_enum_SOURCES = tests/unit/test_rtm_enum.c

check_PROGRAMS += tests/unit/test_rtm_notify
TESTS += tests/unit/test_rtm_notify
tests_unit_test_rtm_notify_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_notify_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_notify_SOURCES = tests/unit/test_rtm_notify.c

check_PROGRAMS += tests/unit/test_rtm_hold
TESTS += tests/unit/test_rtm_hold
tests_unit_test_rtm_hold_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_hold_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_hold_SOURCES = tests/unit/test_rtm_hold.c

check_PROGRAMS += tests/unit/test_rtm_list
TESTS += tests/unit/test_rtm_list
tests_unit_test_rtm_list_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_list_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_list_SOURCES = tests/unit/test_rtm_list.c

check_PROGRAMS += tests/unit/test_rtm_method
TESTS += tests/unit/test_rtm_method
tests_unit_test_rtm_method_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_method_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_method_SOURCES = tests/unit/test_rtm_method.c

check_PROGRAMS += tests/unit/test_rtm_macro
TESTS += tests/unit/test_rtm_macro
tests_unit_test_rtm_macro_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_macro_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_macro_SOURCES = tests/unit/test_rtm_macro.c

check_PROGRAMS += tests/unit/test_rtm_nomem
TESTS += tests/unit/test_rtm_nomem
tests_unit_test_rtm_nomem_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_nomem_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_nomem_SOURCES = tests/unit/test_rtm_nomem.c

check_PROGRAMS += tests/unit/test_rtm_history
TESTS += tests/unit/test_rtm_history
tests_unit_test_rtm_history_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_history_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_history_SOURCES = tests/unit/test_rtm_history.c \
	tests/unit/rtm_history.h tests/unit/setting.h tests/unit/rtm_history_look.c tests/unit/rtm_history_move.c \
	tests/unit/rtm_model.c tests/unit/rtm_model.h

check_PROGRAMS += tests/unit/test_rtm_abuse
TESTS += tests/unit/test_rtm_abuse
tests_unit_test_rtm_abuse_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_abuse_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_abuse_SOURCES = tests/unit/test_rtm_abuse.c

check_PROGRAMS += tests/unit/test_rtm_crowd
TESTS += tests/unit/test_rtm_crowd
tests_unit_test_rtm_crowd_CFLAGS = $(rtm_test_cflags)
tests_unit_test_rtm_crowd_LDADD = $(rtm_test_ldadd)
tests_unit_test_rtm_crowd_SOURCES = tests/unit/test_rtm_crowd.c

# Eight threads; short here, longer with RTM_STRESS_OPS.
check_PROGRAMS += tests/unit/stress_rtm
TESTS += tests/unit/stress_rtm
tests_unit_stress_rtm_LDADD = src/rtm/librtmv2.la src/base/libbase.la
tests_unit_stress_rtm_SOURCES = tests/stress/stress_rtm.c tests/unit/setting.h
dist_check_SCRIPTS += tests/stress/histories.sh
