# The floors, lowest first. Each is a convenience archive of its own, so that a
# test can link a floor with nothing above it and the linker proves the order.
include src/include/local.mk
include src/base/local.mk
include src/rtm/local.mk
include src/iftab/local.mk
include src/iphlp/local.mk
include src/fib/local.mk
include src/win/local.mk
include src/store/local.mk
include src/host/local.mk
include src/ctl/local.mk
include src/product.mk
