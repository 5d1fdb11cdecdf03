if STORE_ENABLED
check_PROGRAMS += bench/bench_store
bench_bench_store_SOURCES = bench/bench_store.c
bench_bench_store_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
bench_bench_store_LDADD = src/store/libstore.la src/base/libbase.la $(SQLITE_LIBS)
endif
