# Benchmarks: built by `make check', run by hand. bench/README.md tells how.
include bench/snmp.mk
include bench/core.mk
include bench/store.mk
