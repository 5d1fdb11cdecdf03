# The library that others link: the floors that have a public header, as one, static and
# shared. What the map does not name stays inside. Headers go below rtm/ of the include
# directory, and `pkg-config --cflags --libs rtm' finds both.
lib_LTLIBRARIES += librtm.la
librtm_la_SOURCES =
librtm_la_LIBADD = src/host/libhost.la src/ctl/libctl.la src/iphlp/libiphlp.la src/iftab/libiftab.la \
	src/rtm/librtmv2.la src/win/libwin.la src/base/libbase.la
librtm_la_LDFLAGS = $(AM_LDFLAGS) -version-info 1:0:0 -no-undefined \
	-Wl,--version-script=$(srcdir)/src/librtm.map
EXTRA_librtm_la_DEPENDENCIES = src/librtm.map
EXTRA_DIST += src/librtm.map
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = rtm.pc rtm-windows.pc
