noinst_LTLIBRARIES += src/fib/libfib.la
src_fib_libfib_la_SOURCES = \
	src/fib/backends.c src/fib/fib.h \
	src/fib/fib_memory.c src/fib/memory.h \
	src/fib/follow.c src/fib/follow.h \
	src/fib/import.c src/fib/import.h \
	src/fib/preload.c src/fib/preload.h
