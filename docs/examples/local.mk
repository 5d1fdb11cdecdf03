# The example is compiled by its test, against an installed library.
EXTRA_DIST += docs/examples/static_protocol.c
dist_check_SCRIPTS += docs/examples/t_static_protocol.sh
TESTS += docs/examples/t_static_protocol.sh
