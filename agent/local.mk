include agent/mib.mk
include agent/agx.mk
