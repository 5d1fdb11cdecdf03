#!/bin/bash
# Interfaces that come and go: rows on one that is away are notInService, kept, and active
# again when it is back; SIGHUP reads the interface lines.
. "$(dirname "$0")/lib.sh"
RTM_STORE=yes KEEPS_ROWS=yes
world

P=1.4.10.1.0.0.16.3.0.0.3.1.4.192.0.2.1
L=1.4.203.0.113.0.24.3.0.0.3.0.0
G=2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.2
hangups=0
reload() { # and wait until it is done
	hangups=$((hangups + 1))
	kill -HUP "$rtmd_pid"
	done_reloading() { [ "$(grep -Ec 'main: reload( interfaces|:)' "$dir/rtmd.log")" = $hangups ]; }
	within 20 done_reloading || fail 'no reload'
}
without() { write_rtmd_conf; sed -i "/^interface $1 /d" "$dir/rtmd.conf"; }
columns_but_status() { snapshot | grep -v "^$I\.17\.\|$Z\.[36]\.0"; }
is_parked() { for r; do value_is 2 $I.17.$r; done; }
is_active() { for r; do value_is 1 $I.17.$r; done; }

t R1 'an interface goes: its rows are notInService, with every column, and out of the forwarder'
mk $X
set_is 0/0 $I.7.$P i 3 $I.8.$P i 4 $I.17.$P i 4 $I.12.$P i 7 $I.13.$P i 8 $I.11.$P u 65001
set_is 0/0 $I.7.$L i 3 $I.8.$L i 3 $I.17.$L i 4
mk $G
before=$(columns_but_status)
number=$(value $Z.6.0)
without 3
reload
is_parked $P $L
is_active $X $G
[ "$before" = "$(columns_but_status)" ] || fail "columns changed: $(changed "$before" "$(columns_but_status)")"
value_is "$number" $Z.6.0
logs 'fib: remove prefix=203.0.113.0/24'
snmpbulkwalk $RO -On "$HOST" $C.16 | grep -q '\.203\.0\.113\.0\.' && fail 'still in ipCidrRouteTable'

t R2 'a restart without the interface: kept, and told in the log'
stop_rtmd
start_rtmd
is_parked $P $L
is_active $X $G
logs 'park: waits for its interface prefix=203.0.113.0/24 via=0.0.0.0 if=3 name=eth1 code=ERROR_NOT_FOUND'
value_is "$number" $Z.6.0

t R3 'the interface comes: they are active, as they were'
write_rtmd_conf
reload
is_active $P $L $X $G
[ "$before" = "$(columns_but_status)" ] || fail "columns changed: $(changed "$before" "$(columns_but_status)")"
value_is 65001 $I.11.$P
value_is 8 $I.13.$P
kill -KILL "$rtmd_pid"
await_rtmd
start_rtmd
is_active $P $L $X $G

t R4 'the reaper leaves them alone; a manager may destroy them'
restart_rtmd_with 'rowTimeout 1'
hangups=$(grep -c 'main: reload' "$dir/rtmd.log")
without 3
echo 'rowTimeout 1' >>"$dir/rtmd.conf"
reload
set_is 0/0 $I.17.$Y i 5 $I.7.$Y i 2 $I.8.$Y i 4
gone() { ! row_is_there $Y; }
within 30 gone || fail 'the reaper does not come at all'
is_parked $P $L
destroy $L
write_rtmd_conf
reload
lacks_row $L
is_active $P
destroy $P
kill -KILL "$rtmd_pid"
await_rtmd
start_rtmd
lacks_row $L
lacks_row $P

t R5 'a manager who writes to one has a row out of service like others'
RTMD_CONF_MORE=
restart_rtmd_with ''
hangups=$(grep -c 'main: reload' "$dir/rtmd.log")
set_is 0/0 $I.7.$L i 3 $I.8.$L i 3 $I.17.$L i 4
without 3
reload
set_is 18/1 $I.17.$L i 1
is_parked $L
set_is 0/0 $I.12.$L i 99
write_rtmd_conf
reload
value_is 2 $I.17.$L
set_is 0/0 $I.17.$L i 1
value_is 99 $I.12.$L
destroy $L

t R6 'another name under the old number is another interface'
set_is 0/0 $I.7.$L i 3 $I.8.$L i 3 $I.17.$L i 4
sed -i 's/^interface 3 eth1/interface 3 wan0/' "$dir/rtmd.conf"
reload
is_parked $L
stop_rtmd
start_rtmd
is_parked $L
write_rtmd_conf
reload
is_active $L

t R7 'two interfaces change names; one gets another metric and keeps its rows'
sed -i -e 's/^interface 2 eth0/interface 2 ethX/' -e 's/^interface 3 eth1/interface 3 eth0/' -e 's/ethX/eth1/' "$dir/rtmd.conf"
reload
is_parked $X $L $G
write_rtmd_conf
sed -i 's/metric 10$/metric 11/' "$dir/rtmd.conf"
reload
is_active $X $L $G
sed -i 's/metric 11$/metric 12/' "$dir/rtmd.conf"
reload
is_active $X $L $G
value_is 268 $C.11.10.1.0.0.255.255.0.0.0.192.0.2.1

t R8 'a mistake in the lines changes nothing'
before=$(snapshot)
without 3
echo 'interface nonsense' >>"$dir/rtmd.conf"
reload
logs 'reload: interface lines are wrong, nothing was changed'
[ "$before" = "$(snapshot)" ] || fail 'it did'
write_rtmd_conf
reload
empty

t R9 'a row that breaks a rule of today is kept, shown as notInService, and told with its code'
mk $X
stop_rtmd
echo '10.1.0.0/16 192.0.2.1 eth0 5' >"$dir/routes"
RTMD_CONF_MORE="preload $dir/routes"
write_rtmd_conf
start_rtmd
value_is 2 $I.17.$X
logs 'warn: park: kept out of service prefix=10.1.0.0/16 via=192.0.2.1 if=2 name=eth0 code=ERROR_OBJECT_ALREADY_EXISTS'
restart_rtmd_with ''
value_is 1 $I.17.$X
empty

rtmd_ends_clean
finish
