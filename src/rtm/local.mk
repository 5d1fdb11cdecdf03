# The routing table manager: engine below, api_*.c the door.
noinst_LTLIBRARIES += src/rtm/librtmv2.la
src_rtm_librtmv2_la_SOURCES = \
	src/rtm/rtm_int.h \
	src/rtm/dest_info.h \
	src/rtm/age.c \
	src/rtm/api_dest.c \
	src/rtm/api_entity.c \
	src/rtm/api_enum.c \
	src/rtm/api_ipv6.c \
	src/rtm/api_method.c \
	src/rtm/api_nexthop.c \
	src/rtm/api_notify.c \
	src/rtm/api_route.c \
	src/rtm/dest.c \
	src/rtm/entity.c \
	src/rtm/enum.c \
	src/rtm/handle.c \
	src/rtm/hold.c \
	src/rtm/info.c \
	src/rtm/lock.c \
	src/rtm/netaddr.c \
	src/rtm/nexthop.c \
	src/rtm/notify.c \
	src/rtm/opaque.c \
	src/rtm/order.c \
	src/rtm/path.c \
	src/rtm/registry.c \
	src/rtm/route.c \
	src/rtm/routelist.c \
	src/rtm/shadow.c \
	src/rtm/spec.c \
	src/rtm/turn.c \
	src/rtm/view.c
