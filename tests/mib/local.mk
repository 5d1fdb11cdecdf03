# Tests through a real snmpd.
