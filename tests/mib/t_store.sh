#!/bin/bash
# Rows that survive a restart: case 83, and what belongs to a row.
. "$(dirname "$0")/lib.sh"
RTM_STORE=yes KEEPS_ROWS=yes
world

D=1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1
V=2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1
c=10.9.0.0.255.255.0.0.0.192.0.2.1

again() { # restart; every column of every row is as before
	local before after
	before=$(snapshot)
	restart_rtmd_with ''
	after=$(snapshot)
	[ "$before" = "$after" ] || fail "not the same after the restart: $(changed "$before" "$after")"
}
killed() { # the same without a farewell
	local before after
	before=$(snapshot)
	kill -KILL "$rtmd_pid"
	await_rtmd
	start_rtmd
	after=$(snapshot)
	[ "$before" = "$after" ] || fail "not the same after kill -9: $(changed "$before" "$after")"
}

t 83 'rows of 1, 40 and 43 are back after a restart; notReady rows are not'
mk $X
mk $D
mk $V
set_is 0/0 $I.17.$Y i 5
value_is 3 $I.17.$Y
restart_rtmd_with ''
for r in $X $D $V; do
	has_row $r
	value_is 1 $I.17.$r
	value_is 256 $I.12.$r
done
lacks_row $Y
value_is 3 $Z.6.0
again
empty
restart_rtmd_with ''
[ "$(rows | wc -l)" = "$base_rows" ] || fail 'what was destroyed is back'

t 83a 'a row comes back with metrics 2 to 5, the AS, its policy, its type'
P=1.4.10.1.0.0.16.3.0.0.3.1.4.192.0.2.1
B=1.4.10.3.0.0.16.2.0.0.0.0
mk $X
set_is 0/0 $I.7.$P i 3 $I.8.$P i 4 $I.17.$P i 4 $I.12.$P i 7 $I.13.$P i 8 $I.14.$P i 9 \
	$I.15.$P i 10 $I.16.$P i 11 $I.11.$P u 65001
set_is 0/0 $I.7.$B i 0 $I.8.$B i 5 $I.17.$B i 4
again
value_is 11 $I.16.$P
value_is 65001 $I.11.$P
value_is 3 $I.7.$P
value_is 5 $I.8.$B
killed
empty

t 83b 'a row out of service comes back as such, with every column, and can be activated'
mk $X
set_is 0/0 $I.17.$X i 2 $I.12.$X i 5 $I.14.$X i 6
set_is 0/0 $I.17.$Y i 5 $I.7.$Y i 99 $I.8.$Y i 4
again
value_is 2 $I.17.$X
value_is 5 $I.12.$X
value_is 6 $I.14.$X
value_is 99 $I.7.$Y
set_is 0/0 $I.17.$X i 1
set_is 12/1 $I.17.$Y i 1
killed
value_is 1 $I.17.$X
value_is 5 $I.12.$X
value_is 2 $I.17.$Y
empty

t 83c 'rows of the older tables, staged and active, with their information'
set_is 0/0 $C.6.$c i 4 $C.5.$c i 2 $C.9.$c o 1.3.6.1.4.1.5 $C.16.$c i 4
set_is 0/0 $C.6.10.8.0.0.255.255.0.0.0.192.0.2.1 i 4 $C.11.10.8.0.0.255.255.0.0.0.192.0.2.1 i 77 \
	$C.16.10.8.0.0.255.255.0.0.0.192.0.2.1 i 5
both() { snmpbulkwalk $RO -On -Cr50 "$HOST" $C | grep -v "^$C\.8\."; }
before=$(both)
again
after=$(both)
[ "$before" = "$after" ] || fail "ipCidrRouteTable: $(changed "$before" "$after")"
value_is .1.3.6.1.4.1.5 $C.9.$c
value_is 2 $C.16.10.8.0.0.255.255.0.0.0.192.0.2.1
value_is 77 $C.11.10.8.0.0.255.255.0.0.0.192.0.2.1
set_is 0/0 $C.11.$c i 30
again
value_is 30 $C.11.$c
set_is 0/0 $C.16.10.8.0.0.255.255.0.0.0.192.0.2.1 i 6
empty

t 83d 'link-local rows keep their zones, staged ones with interface 0, too'
G=2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.2
Z2=4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.64.2.0.0.0.0
Z3=4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.64.2.0.0.0.0
A3=3.8.169.254.0.0.0.0.0.3.16.2.0.0.0.0
mk $G
set_is 0/0 $I.7.$Z2 i 0 $I.8.$Z2 i 3 $I.17.$Z2 i 5
set_is 0/0 $I.7.$Z3 i 0 $I.8.$Z3 i 3 $I.17.$Z3 i 5
set_is 0/0 $I.7.$A3 i 3 $I.8.$A3 i 3 $I.17.$A3 i 4
again
set_is 0/0 $I.17.$Z2 i 1
again
value_is 2 $I.7.$Z2
value_is 0 $I.7.$Z3
empty

t 83e 'what the reaper took does not come back'
restart_rtmd_with 'rowTimeout 1'
set_is 0/0 $I.17.$X i 5 $I.7.$X i 2 $I.8.$X i 4
gone() { ! row_is_there $X; }
within 20 gone || fail 'the reaper did not come'
restart_rtmd_with ''
lacks_row $X

rtmd_ends_clean
finish
