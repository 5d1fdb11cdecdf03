# What the tests use and nobody installs.
check_PROGRAMS += tests/tools/snmp_pdu
tests_tools_snmp_pdu_SOURCES = tests/tools/snmp_pdu.c
tests_tools_snmp_pdu_CPPFLAGS = $(AM_CPPFLAGS)
tests_tools_snmp_pdu_CFLAGS = $(AM_CFLAGS) $(SNMP_CFLAGS)
tests_tools_snmp_pdu_LDADD = -lnetsnmp
check_PROGRAMS += tests/tools/random_sets
tests_tools_random_sets_SOURCES = tests/tools/random_sets.c $(ROUTE_MODEL)
check_PROGRAMS += tests/tools/route_churn
tests_tools_route_churn_SOURCES = tests/tools/route_churn.c
tests_tools_route_churn_LDADD = librtm.la
# A disk that fails on demand; preloaded, so the sanitizers' runtime must not be in it.
check_LTLIBRARIES += tests/tools/bad_disk.la
tests_tools_bad_disk_la_SOURCES = tests/tools/bad_disk.c
tests_tools_bad_disk_la_CFLAGS = -std=gnu11 -Wall -Wextra
tests_tools_bad_disk_la_LDFLAGS = -module -avoid-version -shared -rpath $(abs_builddir)
tests_tools_bad_disk_la_LIBADD = -ldl
