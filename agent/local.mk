include agent/mib.mk
include agent/agx.mk
include agent/ctl.mk
