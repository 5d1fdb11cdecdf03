noinst_LTLIBRARIES += src/base/libbase.la
src_base_libbase_la_SOURCES =
src_base_libbase_la_SOURCES += src/base/alloc.c src/base/alloc.h
src_base_libbase_la_SOURCES += src/base/arena.c src/base/arena.h
src_base_libbase_la_SOURCES += src/base/addr.c src/base/addr.h
src_base_libbase_la_SOURCES += src/base/calendar.c src/base/calendar.h
src_base_libbase_la_SOURCES += src/base/hints.c src/base/hints.h
src_base_libbase_la_SOURCES += src/base/code.c src/base/code.h
src_base_libbase_la_SOURCES += src/base/log.c src/base/log.h
src_base_libbase_la_SOURCES += src/base/index.c src/base/index.h src/base/index_int.h
src_base_libbase_la_SOURCES += src/base/index_check.c
src_base_libbase_la_SOURCES += src/base/index_pool.c
src_base_libbase_la_SOURCES += src/base/index_walk.c
src_base_libbase_la_SOURCES += \
	src/base/chain.c src/base/chain.h \
	src/base/handle.h \
	src/base/list.h \
	src/base/number.h \
	src/base/lock.c src/base/lock.h \
	src/base/slab.c src/base/slab.h \
	src/base/tree.c src/base/tree.h
