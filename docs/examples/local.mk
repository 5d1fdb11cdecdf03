# The example is compiled by its test, against an installed library.
EXTRA_DIST += docs/examples/static_protocol.c
dist_check_SCRIPTS += docs/examples/t_static_protocol.sh
TESTS += docs/examples/t_static_protocol.sh
# The same for programs written as for Windows.
EXTRA_DIST += docs/examples/gateway_change.c docs/examples/route.c docs/examples/route_watch.c
dist_check_SCRIPTS += docs/examples/t_iphelper.sh
TESTS += docs/examples/t_iphelper.sh
# For prometheus-snmp-exporter; tests/mib/t_clients_more.sh reads the tables with it.
EXTRA_DIST += docs/examples/prometheus-snmp.yml
