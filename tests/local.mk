# Each floor's tests list themselves, and link that floor and the ones below only.
if TESTS_ENABLED
# Those that take longest first: what begins last should not be what is waited for.
include tests/mib/local.mk
include tests/unit/base.mk
include tests/unit/rtm.mk
include tests/unit/iph.mk
include tests/unit/fib.mk
include tests/unit/mib.mk
include tests/unit/agx.mk
include tests/unit/win.mk
include tests/unit/store.mk
include tests/unit/ctl.mk
include tests/lint/local.mk
include docs/examples/local.mk
endif
