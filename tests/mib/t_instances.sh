#!/bin/bash
# Beside others: a second rtmd, and snmpd with its own route tables. Cases 81 and 82.
. "$(dirname "$0")/lib.sh"
OWN_TABLES=yes
world

t 81 'a second rtmd says that somebody else serves the tables, and ends with status 1'
mk $X
SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/persist-rtmd \
	${RTM_WRAP:-} "$RTMD" -f -c "$dir/rtmd.conf" >"$dir/second.log" 2>&1 &
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

finish
