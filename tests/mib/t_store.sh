#!/bin/bash
# Rows that survive a restart: case 83, and what belongs to a row.
. "$(dirname "$0")/lib.sh"
RTM_STORE=yes KEEPS_ROWS=yes
SNMPD_CONF_MORE='
view all included .1
com2sec -Cn red redsec 127.0.0.1 redcommunity
group redgroup v2c redsec
access redgroup red any noauth exact all all none'
world
ctl() { "$build/agent/rtmctl" -s "$dir/ctl" "$@"; }

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

t 83f 'rows made with rtmctl come back, with the names they got'
restart_rtmd_with "controlSocket $dir/ctl"
ctl add 10.1.0.0/16 via 198.51.100.9 dev eth1 metric 5 || fail 'add'
ctl add 10.1.0.0/16 via 198.51.100.9 dev eth0 || fail 'add'
ctl add 10.3.0.0/16 via 198.51.100.9 dev eth0 || fail 'add'
ctl add 10.3.0.0/16 via 198.51.100.9 dev eth1 || fail 'add'
ctl add 203.0.113.0/24 dev eth1 || fail 'add'
ctl add 10.9.0.0/16 type reject || fail 'add'
ctl change 10.1.0.0/16 via 198.51.100.9 dev eth1 metric 77 || fail 'change'
value_is 3 $I.7.1.4.10.1.0.0.16.2.0.0.1.4.198.51.100.9
value_is 2 $I.7.1.4.10.1.0.0.16.3.0.0.2.1.4.198.51.100.9
value_is 77 $I.12.1.4.10.1.0.0.16.2.0.0.1.4.198.51.100.9
KEPT="controlSocket $dir/ctl"
again() {
	local before after
	before=$(snapshot)
	restart_rtmd_with "$KEPT"
	after=$(snapshot)
	[ "$before" = "$after" ] || fail "not the same after the restart: $(changed "$before" "$after")"
}
again
killed
ctl delete 10.9.0.0/16 type reject || fail 'delete'
ctl delete 10.3.0.0/16 via 198.51.100.9 dev eth0 || fail 'delete'
again
empty

t 83g 'a lifetime goes on while rtmd does not run'
json() { # PREFIX LIFETIME
	printf '{"format": "rtm rows", "version": 1, "rows": [{"prefix": "%s", "next_hop": "192.0.2.1",
"interface": 2, "valid_lifetime": %s, "preferred_lifetime": 1, "changed": %s}]}' "$1" "$2" "$(date +%s)" |
		ctl store import - >"$dir/said" 2>&1 || fail "import: $(cat "$dir/said")"
}
json 10.1.0.0/16 3600
json 10.2.0.0/16 3
json 10.3.0.0/16 2
gone() { ! row_is_there 1.4.10.3.0.0.16.2.0.0.1.4.192.0.2.1; }
within 30 gone || fail 'the short one stays'
json 10.4.0.0/16 2
kill -KILL "$rtmd_pid"
await_rtmd
sleep 4 # longer than the lifetimes
start_rtmd
has_row $X
lacks_row 1.4.10.2.0.0.16.2.0.0.1.4.192.0.2.1
lacks_row 1.4.10.3.0.0.16.2.0.0.1.4.192.0.2.1
lacks_row 1.4.10.4.0.0.16.2.0.0.1.4.192.0.2.1
[ "$(value $I.10.$X)" -ge 4 ] || fail "the age of a row began anew: $(value $I.10.$X)"
[ "$(ctl store export | grep -c prefix)" = 1 ] || fail "stored: $(ctl store export)"
empty

t 83h 'each instance gets its own rows back; those of one that is not configured stay'
KEPT="controlSocket $dir/ctl
instance 7 red"
restart_rtmd_with "$KEPT"
mk $X
# shellcheck disable=SC2046
got=$(snmpset_ei '-v2c -c redcommunity' $(mk_args $Y))
[ "$got" = 0/0 ] || fail "set in the context: $got"
red() { snmpbulkwalk -v2c -c redcommunity -On -Cr50 "$HOST" $I.17 2>/dev/null | sed -n "s/^\\$I\\.17\\.\\([0-9.]*\\) = .*/\\1/p"; }
[ "$(red)" = $Y ] || fail "red shows $(red)"
again
[ "$(red)" = $Y ] || fail "red shows $(red) after a restart"
lacks_row $Y
restart_rtmd_with "controlSocket $dir/ctl"
has_row $X
lacks_row $Y
restart_rtmd_with "$KEPT"
[ "$(red)" = $Y ] || fail "red shows $(red) when it is configured again"
got=$(snmpset_ei '-v2c -c redcommunity' $I.17.$Y i 6)
[ "$got" = 0/0 ] || fail "destroy in the context: $got"
empty

t 83i 'a file of the first layout is moved up and its rows are there'
stop_rtmd
rm -f "$dir"/state.db*
cp "$data/store-v0.db" "$dir/state.db"
chmod 600 "$dir/state.db"
start_rtmd
value_is 1 $I.17.$X
value_is 5 $I.8.1.4.10.2.0.0.16.2.0.0.0.0
value_is 7 $I.13.1.4.10.2.0.0.16.2.0.0.0.0
# the third goes through eth1, which has no IPv6 here
value_is 2 $I.17.2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.3.0.0.3.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1
logs 'park: waits for its interface prefix=2001:db8:1::/48 .*code=ERROR_NOT_FOUND'
again
empty

t 83j 'in the background, the command comes back when the file is open'
stop_rtmd
SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/persist-rtmd timeout 30 "$RTMD" -c "$dir/rtmd.conf" >"$dir/said" 2>&1
status=$?
[ $status = 0 ] || fail "status $status: $(cat "$dir/said")"
rtmd_pid=$(cat "$dir/state.db-lock")
kill -0 "$rtmd_pid" || fail 'nobody has the file'
within 30 rtmd_answers || fail 'it does not serve'
mk $X
kill -TERM "$rtmd_pid"
gone_within 20 "$rtmd_pid" || fail 'it does not end'
rtmd_pid=''
start_rtmd
has_row $X
empty

rtmd_ends_clean
finish
