noinst_LTLIBRARIES += src/base/libbase.la
src_base_libbase_la_SOURCES =
src_base_libbase_la_SOURCES += src/base/alloc.c src/base/alloc.h
src_base_libbase_la_SOURCES += src/base/index.c src/base/index.h
src_base_libbase_la_SOURCES += src/base/addr.c src/base/addr.h
src_base_libbase_la_SOURCES += src/base/code.c src/base/code.h
src_base_libbase_la_SOURCES += src/base/log.c src/base/log.h
