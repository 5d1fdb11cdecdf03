noinst_LTLIBRARIES += src/win/libwin.la
src_win_libwin_la_SOURCES = \
	src/win/win.c
