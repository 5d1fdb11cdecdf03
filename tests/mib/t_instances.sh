#!/bin/bash
# Beside others: a second rtmd, and snmpd with its own route tables. Cases 81 and 82.
. "$(dirname "$0")/lib.sh"
OWN_TABLES=yes
world

t 81 'a second rtmd says that somebody else serves the tables, and ends with status 1'
mk $X
sed 's/^stateFile .*/stateFile none/' "$dir/rtmd.conf" >"$dir/second.conf"
SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/persist-rtmd \
	${RTM_WRAP:-} "$RTMD" -f -c "$dir/second.conf" >"$dir/second.log" 2>&1 &
second=$!
extra_pids=$second
gone_within 30 $second || fail 'the second one keeps running'
wait $second
status=$?
extra_pids=''
[ $status = 1 ] || fail "status $status"
grep -Eiq 'regist|already|another|263' "$dir/second.log" || fail "it says: $(tail -n 1 "$dir/second.log")"
is_gone "$rtmd_pid" && fail 'the first one ended too'
value_is 1 $I.17.$X
mk $Y
empty

t 82 "an empty table shows none of snmpd's kernel routes"
ip route show table all 2>/dev/null | head -n 3 | sed 's/^/# the kernel has: /'
out=$(snmpwalk $RO -On -r0 -t 5 "$HOST" $Z.7 2>&1 | grep "^$I")
[ -z "$out" ] || fail "24.7 shows $(printf '%s\n' "$out" | head -n 1)"
value_is "$base_number" $Z.6.0
[ "$base_number" = 0 ] || fail "the table starts with $base_number rows"
out=$(snmpbulkwalk $RO -On -r0 -t 5 "$HOST" $Z.7 2>&1 | grep "^$I")
[ -z "$out" ] || fail "bulk: 24.7 shows $(printf '%s\n' "$out" | head -n 1)"

t 82a "a row of ours is shown and none of snmpd's beside it"
mk $X
[ "$(rows)" = $X ] || fail "$(rows | head -n 3)"
out=$(snmpwalk $RO -On -Oq -r0 -t 5 "$HOST" $I.17 2>&1)
[ "$out" = "$I.17.$X 1" ] || fail "$out"
empty

t 82b "while rtmd is down snmpd's tables show through, and vanish when it is back"
stop_rtmd
[ "$rtmd_status" = 0 ] || fail "status $rtmd_status"
value_is noSuchObject $Z.8.0
start_rtmd
out=$(snmpwalk $RO -On -r0 -t 5 "$HOST" $Z.7 2>&1 | grep "^$I")
[ -z "$out" ] || fail "24.7 shows $(printf '%s\n' "$out" | head -n 1)"

# ipRouteTable comes with snmpd's `ip' module, column by column, and cannot be left out.
R=.1.3.6.1.2.1.4.21.1
route_columns() { # the columns of 4.21 and whose they are, by nsModuleTable
	snmpbulkwalk $RO -On -r1 -t 5 "$HOST" .1.3.6.1.4.1.8072.1.2.1.1.4.0.10 2>/dev/null |
		sed -n 's/^.*\.1\.3\.6\.1\.2\.1\.4\.21\.1\.\([0-9]*\)\.\([0-9]*\) = STRING: "*\([A-Za-z]*\).*/\1 \2 \3/p'
}
ours=$(for c in 1 2 3 4 5 6 7 8 9 10 11 12 13; do echo "$c 100 AgentX"; done)

t 82d "all thirteen columns of ipRouteTable are ours, and hold our rows alone"
mk $X
[ "$(route_columns)" = "$ours" ] || fail "$(route_columns | tr '\n' ';')"
out=$(snmpwalk $RO -On -Oq -r0 -t 5 "$HOST" .1.3.6.1.2.1.4.21 2>&1 | sed "s/^$R\.10\.10\.1\.0\.0 .*/age/")
want="$R.1.10.1.0.0 10.1.0.0
$R.2.10.1.0.0 2
$R.3.10.1.0.0 266
$R.4.10.1.0.0 -1
$R.5.10.1.0.0 -1
$R.6.10.1.0.0 -1
$R.7.10.1.0.0 192.0.2.1
$R.8.10.1.0.0 4
$R.9.10.1.0.0 3
age
$R.11.10.1.0.0 255.255.0.0
$R.12.10.1.0.0 -1
$R.13.10.1.0.0 .0.0"
[ "$out" = "$want" ] || fail "$(changed "$want" "$out")"
for name in .1.3.6.1.2.1.4.21 .1.3.6.1.2.1.4.21.1 $R.0 $R.14 $R.14.10.1.0.0; do
	case $(value $name) in noSuch*) ;; *) fail "GET of $name: $(value $name)" ;; esac
done
for c in 1 7 13; do value_is noSuchInstance $R.$c; done
empty
out=$(snmpwalk $RO -On -r0 -t 5 "$HOST" .1.3.6.1.2.1.4.21 2>&1 | grep "^$R")
[ -z "$out" ] || fail "without a row of ours: $(printf '%s\n' "$out" | head -n 1)"

t 82e 'and are so again when snmpd has been started anew'
mk $X
value_is 1 $I.17.$X # a GET that came back has passed behind the CleanupSet (case 79)
kill_snmpd
start_snmpd
within 20 rtmd_answers || fail 'rtmd does not come back'
[ "$(route_columns)" = "$ours" ] || fail "$(route_columns | tr '\n' ';')"
value_is 192.0.2.1 $R.7.10.1.0.0
refused 17/1 $R.8.10.1.0.0 i 2
empty

t 82f 'with ipRouteTable no they are left to snmpd'
restart_rtmd_with 'ipRouteTable no'
mk $X
[ "$(route_columns | grep -c ' 127 ')" = 13 ] || fail "$(route_columns | tr '\n' ';')"
case $(value $R.7.10.1.0.0) in noSuch*) ;; *) fail "our row is shown: $(value $R.7.10.1.0.0)" ;; esac
value_is 192.0.2.1 $C.4.10.1.0.0.255.255.0.0.0.192.0.2.1
empty

finish
