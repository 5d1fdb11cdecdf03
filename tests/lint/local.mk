# Tests of the source itself.
dist_check_SCRIPTS += tests/lint/windows_headers.sh
TESTS += tests/lint/windows_headers.sh
