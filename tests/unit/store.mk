# Tests of the disk: a suite for rows, one for trouble, one with a disk that fails.
if STORE_ENABLED
check_PROGRAMS += tests/unit/test_store
TESTS += tests/unit/test_store
tests_unit_test_store_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_test_store_LDADD = src/store/libstore.la src/base/libbase.la $(CUNIT_LIBS) $(SQLITE_LIBS)
tests_unit_test_store_CPPFLAGS = $(AM_CPPFLAGS) -D_GNU_SOURCE -DSTORE_V0=\"$(abs_srcdir)/tests/data/store-v0.db\"
tests_unit_test_store_SOURCES = tests/unit/test_store_main.c
tests_unit_test_store_SOURCES += tests/unit/store_kit.c tests/unit/store_kit.h
tests_unit_test_store_SOURCES += tests/unit/store_shim.c tests/unit/store_shim.h
tests_unit_test_store_SOURCES += tests/unit/test_store.c
tests_unit_test_store_SOURCES += tests/unit/test_store_disk.c
tests_unit_test_store_SOURCES += tests/unit/test_store_kill.c
tests_unit_test_store_SOURCES += tests/unit/test_store_trouble.c
endif
EXTRA_DIST += tests/data/store-v0.db tests/data/store-v0.sql
