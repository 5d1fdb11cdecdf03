# Tests of the source itself.
dist_check_SCRIPTS += tests/lint/windows_headers.sh
TESTS += tests/lint/windows_headers.sh
rtm_lint = tests/lint/headers.sh tests/lint/layers.sh tests/lint/route_door.sh \
	tests/lint/iphelper_table.sh \
	tests/lint/rtmv2_table.sh tests/lint/cases.sh tests/lint/library_names.sh \
	tests/lint/rtm_mib.sh tests/lint/snmp_tables.sh
dist_check_SCRIPTS += $(rtm_lint)
TESTS += $(rtm_lint)
