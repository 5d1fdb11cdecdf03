# What source written for Windows calls of the base system.
noinst_LTLIBRARIES += src/win/libwin.la
src_win_libwin_la_SOURCES = \
	src/win/event.c \
	src/win/print.c \
	src/win/text.c \
	src/win/text.h \
	src/win/win.c
