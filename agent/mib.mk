# MIB floor: plain C, an archive of its own so that tests link it without SNMP.
