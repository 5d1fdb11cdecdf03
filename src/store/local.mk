# The disk. SQLite stays inside: the floors above see store.h only.
noinst_LTLIBRARIES += src/store/libstorerow.la
src_store_libstorerow_la_SOURCES = src/store/blank.c src/store/store.h
if STORE_ENABLED
noinst_LTLIBRARIES += src/store/libstore.la
src_store_libstore_la_SOURCES = \
	src/store/keeper.c \
	src/store/log.c \
	src/store/place.c \
	src/store/port.c \
	src/store/reader.c \
	src/store/row.c \
	src/store/schema.c \
	src/store/store.h \
	src/store/store_int.h \
	src/store/store_sqlite.c
src_store_libstore_la_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
src_store_libstore_la_LIBADD = src/store/libstorerow.la src/base/libbase.la $(SQLITE_LIBS)
endif
