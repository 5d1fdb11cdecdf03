# The ordered index and the RTM core, without SNMP.
check_PROGRAMS += bench/bench_index
bench_bench_index_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
bench_bench_index_SOURCES = bench/bench_index.c bench/routes.c bench/routes.h
bench_bench_index_LDADD = src/base/libbase.la -lm
