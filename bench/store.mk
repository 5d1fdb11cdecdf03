if STORE_ENABLED
check_PROGRAMS += bench/bench_store
bench_bench_store_SOURCES = bench/bench_store.c bench/bare.c bench/bare.h
bench_bench_store_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
bench_bench_store_LDADD = src/store/libstore.la src/base/libbase.la $(SQLITE_LIBS)
# With -s the null subagent commits bare SQLite's transactions.
bench_null_subagent_SOURCES += bench/bare.c bench/bare.h
bench_null_subagent_CPPFLAGS = $(AM_CPPFLAGS) -DWITH_BARE
bench_null_subagent_CFLAGS += $(SQLITE_CFLAGS)
bench_null_subagent_LDADD += $(SQLITE_LIBS)
endif
