# The SNMP side of the benchmark: bench/walk.sh, direct.sh, memory.sh, instructions.sh.
check_PROGRAMS += bench/null_subagent bench/snmp_load
bench_null_subagent_SOURCES = bench/null_subagent.c
bench_null_subagent_CFLAGS = $(AM_CFLAGS) $(SNMP_CFLAGS)
bench_null_subagent_LDADD = $(SNMP_LIBS)
bench_snmp_load_SOURCES = bench/snmp_load.c
EXTRA_DIST += bench/store.sh bench/walk.sh bench/direct.sh bench/memory.sh bench/instructions.sh bench/lib.sh \
	bench/README.md
