noinst_LTLIBRARIES += src/iftab/libiftab.la
src_iftab_libiftab_la_SOURCES = \
	src/iftab/iftab.c \
	src/iftab/iftab.h \
	src/iftab/inet.h
