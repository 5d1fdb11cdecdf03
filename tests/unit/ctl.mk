# The control socket: its messages by themselves, then a live rtmd.
check_PROGRAMS += tests/unit/test_ctl tests/tools/ctl_probe
TESTS += tests/unit/test_ctl tests/ctl/t_control.sh
dist_check_SCRIPTS += tests/ctl/t_control.sh
tests_unit_test_ctl_SOURCES = tests/unit/test_ctl.c
tests_unit_test_ctl_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_unit_test_ctl_LDADD = src/ctl/libctl.la src/base/libbase.la $(CUNIT_LIBS)
tests_tools_ctl_probe_SOURCES = tests/tools/ctl_probe.c
tests_tools_ctl_probe_LDADD = src/ctl/libctl.la src/base/libbase.la
