#!/bin/bash
# t_older.sh with snmpd's own route tables switched on beside ours.
OWN_TABLES=yes
. "$(dirname "$0")/t_older.sh"
