# SNMP floor and the daemon.
