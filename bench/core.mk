# The ordered index and the RTM core, without SNMP.
check_PROGRAMS += bench/bench_index
bench_bench_index_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
bench_bench_index_SOURCES = bench/bench_index.c bench/routes.c bench/routes.h bench/timing.h
bench_bench_index_LDADD = src/base/libbase.la -lm

check_PROGRAMS += bench/bench_rtm
bench_bench_rtm_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
bench_bench_rtm_SOURCES = bench/bench_rtm.c bench/routes.c bench/routes.h bench/timing.h
bench_bench_rtm_LDADD = src/rtm/librtmv2.la src/base/libbase.la

# What both wait for.
check_PROGRAMS += bench/bench_latency
bench_bench_latency_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
bench_bench_latency_SOURCES = bench/bench_latency.c bench/routes.c bench/routes.h bench/timing.h
bench_bench_latency_LDADD = src/base/libbase.la

# bench_rtm of several commits, in turns.
EXTRA_DIST += bench/commits.sh
