#!/bin/bash
# RTM-MIB as a manager sees it: by names, through Net-SNMP's own tools. Counts of SETs, the
# last refused ones and why.
. "$(dirname "$0")/lib.sh"
world
use_rtm_mib

t R1 'the names of the module are numbers below netSnmpPlaypen'
is() { # NAME NUMBERS
	local got
	got=$(snmptranslate $NAMES -On "$1" 2>&1)
	[ "$got" = ".1.3.6.1.4.1.8072.9999.9999.4292$2" ] || fail "$1 is $got"
}
is RTM-MIB::rtmMIB ''
is RTM-MIB::rtmAgentVersion.0 .1.1.1.0
is RTM-MIB::rtmSetLastRefused.0 .1.2.11.0
is RTM-MIB::rtmRefusedReason.7 .1.6.1.12.7
# beside the modules that a manager has anyway; those it lacks here are complained of
got=$(snmptranslate ${NAMES/-m /-m +} -On RTM-MIB::rtmSets 2>/dev/null)
[ "$got" = $M.1.2 ] || fail "with -m +RTM-MIB rtmSets is $got"

t R2 'a walk of the module ascends, and every name and value is known to the module'
walk_is_good() {
	local out
	out=$(snmpwalk $NAMES $RO -r1 -t 5 "$HOST" RTM-MIB::rtmMIB 2>&1)
	[ "$(printf '%s\n' "$out" | grep -c '^RTM-MIB::rtm')" = "$(printf '%s\n' "$out" | wc -l)" ] ||
		fail "not of the module: $(printf '%s\n' "$out" | grep -v '^RTM-MIB::rtm' | head -n 3)"
	! printf '%s\n' "$out" | grep -E 'Wrong Type|No Such|Unknown|Expected|increasing' ||
		fail 'values that the module does not allow'
	ascending $M
}
walk_is_good

t R3 'the agent about itself'
rtm_is "$("$RTMD" -V | sed 's/^rtmd //')" rtmAgentVersion.0
rtm_is memory rtmAgentForwarder.0
is_direct && sessions=0 || sessions=1
rtm_is $sessions rtmAgentSessions.0
rtm_is 0 rtmAgentReconnects.0
a=$(value $M.1.1.3.0)
later() { [ "$(value $M.1.1.3.0 | tr -d -c 0-9)" -gt "$(echo "$a" | tr -d -c 0-9)" ]; }
within 10 later || fail "the time does not pass: $a"

t R4 'a SET that is done, one that is refused: counted by how they ended'
mk $X
rtm_is 1 rtmSetRequests.0
rtm_is 1 rtmSetCommitted.0
rtm_is 0 rtmSetRefused.0
rtm_is 0 rtmSetLastRefused.0
rtm_is 1 'rtmResultSets.noError'
rtm_is 1 rtmRowsManaged.0
set_is 12/1 $I.7.$Y i 99 $I.8.$Y i 4 $I.17.$Y i 4
rtm_is 2 rtmSetRequests.0
rtm_is 1 rtmSetCommitted.0
rtm_is 1 rtmSetRefused.0
rtm_is 1 rtmSetLastRefused.0
rtm_is 1 'rtmResultSets.inconsistentValue'
rtm_is 1 'rtmResultSets.noError'

t R5 'and the refused one says why'
refusal_is() { # NUMBER COLUMN=VALUE...
	local n=$1 pair
	shift
	for pair in "$@"; do
		rtm_is "${pair#*=}" "rtmRefused${pair%%=*}.$n"
	done
}
refusal_is 1 In=inetCidrRouteTable 'Row=10.2.0.0/16 via 192.0.2.1 if 99' \
	Object=inetCidrRouteIfIndex Varbind=1 Error=inconsistentValue Code=1168 \
	CodeName=ERROR_NOT_FOUND Member=interface Reason=noSuch Phase=test Policy=
[ "$(value $M.1.6.1.6.1)" = "$I.7.$Y" ] || fail "the varbind is $(value $M.1.6.1.6.1)"
year=$(rtm_value rtmRefusedTime.1)
case $year in "$(date -u +%Y-%-m-%-d),"*:*:*.*,+0:0) ;; *) fail "the time is $year" ;; esac

t R6 'host bits, a row that is there, a value that no column takes, a name that is none'
B=1.4.10.1.0.1.16.2.0.0.1.4.192.0.2.1
set_is 18/3 $(mk_args $B)
refusal_is 2 'Row=index 1.4.10.1.0.1.16.2.0.0.1.4.192.0.2.1' Object=inetCidrRouteStatus Varbind=3 \
	Error=inconsistentName
set_is 12/3 $(mk_args $X)
refusal_is 3 'Row=10.1.0.0/16 via 192.0.2.1 if 2' Object=inetCidrRouteStatus Code=0 CodeName=
set_is 10/1 $I.7.$Y i -1
refusal_is 4 In=inetCidrRouteTable Row= Object=inetCidrRouteIfIndex Error=wrongValue
[ "$(value $M.1.6.1.6.4)" = "$I.7.$Y" ] || fail "the varbind is $(value $M.1.6.1.6.4)"
set_is 17/1 $I.3.$Y i 1
refusal_is 5 In=inetCidrRouteTable Object= Error=notWritable
set_is 17/1 $M.1.1.1.0 s other
refusal_is 6 In= Object= Error=notWritable
[ "$(value $M.1.6.1.6.6)" = "$M.1.1.1.0" ] || fail "the varbind is $(value $M.1.6.1.6.6)"

t R7 'a staged row is counted; a SET that another agent refuses is released'
set_is 0/0 $I.17.$Y i 5
rtm_is 1 rtmRowsStaged.0
set_is 0/0 $I.17.$Y i 6
rtm_is 0 rtmRowsStaged.0
n=$(rtm_value rtmSetReleased.0)
set_is 17/4 $(mk_args $Y) .1.3.6.1.2.1.1.3.0 t 1
rtm_is $((n + 1)) rtmSetReleased.0
lacks_row $Y

t R8 'the last 32 stay, in the order of their numbers'
last=$(rtm_value rtmSetLastRefused.0)
for i in $(seq 1 40); do echo "set $I.17.1.4.10.$i.0.0.16.2.0.0.0.0 i 2"; done | pdu | grep -v '^12/1$' |
	sed 's/^/# answered /'
rtm_is $((last + 40)) rtmSetLastRefused.0
got=$(snmpwalk $RO -On -Oq -r1 -t 5 "$HOST" $M.1.6.1.4 | sed 's/ .*//; s/.*\.//' | tr '\n' ' ')
[ "$got" = "$(seq $((last + 9)) $((last + 40)) | tr '\n' ' ')" ] || fail "kept are $got"
rtm_is '10.40.0.0/16' "rtmRefusedRow.$((last + 40))"
rtm_is '10.9.0.0/16' "rtmRefusedRow.$((last + 9))"
value_is noSuchInstance $M.1.6.1.4.$((last + 8))
value_is noSuchInstance $M.1.6.1.4.$((last + 41))
value_is noSuchInstance $M.1.6.1.4.0
snmptable $NAMES $RO -r1 -t 5 -Cf ';' "$HOST" RTM-MIB::rtmRefusedTable 2>&1 |
	grep -q '^rtmRefusedTime;rtmRefusedIn;rtmRefusedRow;' || fail 'snmptable shows other columns'
[ "$(snmptable $NAMES $RO -r1 -t 5 -CH -Cf ';' "$HOST" RTM-MIB::rtmRefusedTable 2>&1 |
	grep -c ';inetCidrRouteTable;10\.')" = 32 ] || fail 'snmptable does not show 32 rows'
walk_is_good

t R9 'names that are none, and what follows them'
value_is noSuchObject $M
value_is noSuchObject $M.1
value_is noSuchObject $M.1.1.6.0
value_is noSuchObject $M.1.7777.1.1.1
value_is noSuchObject $M.1.6.1.1.1
value_is noSuchObject $M.0.0.1
value_is noSuchInstance $M.1.1.1
value_is noSuchInstance $M.1.1.1.1
value_is noSuchInstance $M.1.1.1.0.0
value_is noSuchInstance $M.1.5.1.2.1
value_is noSuchInstance $M.1.5.1.2.5.0
after() { # EXPECTED NAME
	local got
	got=$(snmpgetnext $RO -On -Oq -r0 -t 5 "$HOST" "$2" 2>&1 | sed 's/ .*//')
	[ "$got" = "$1" ] || fail "next of $2 is $got, expected $1"
}
after $M.1.1.1.0 $M
after $M.1.1.1.0 $M.0.9
after $M.1.1.2.0 $M.1.1.1.0
after $M.1.1.2.0 $M.1.1.1.4294967295
after $M.1.2.1.0 $M.1.1.4294967295
after $M.1.5.1.2.0 $M.1.5
after $M.1.5.1.2.5 $M.1.5.1.2.0
after $M.1.5.1.2.5 $M.1.5.1.2.4.7
after $M.1.6.1.2.$((last + 9)) $M.1.5.1.2.18
after $M.1.6.1.2.$((last + 9)) $M.1.6.1.1.4294967295
after $M.1.6.1.3.$((last + 9)) $M.1.6.1.2.$((last + 40))
after $M.1.6.1.3.$((last + 9)) $M.1.6.1.2.4294967295
after $M.1.6.1.3.$((last + 10)) $M.1.6.1.3.$((last + 9)).1
got=$(snmpgetnext $RO -On -Oq -r0 -t 5 "$HOST" $M.4294967295 2>&1 | grep -v 'No more variables')
case $got in $M.*) fail "behind the module comes $got" ;; esac

t R10 'counts outlive a session with snmpd'
if behind_snmpd; then
	before=$(rtm_value rtmSetRequests.0)
	kill_snmpd
	start_snmpd
	within 10 rtmd_answers || fail 'rtmd does not come back'
	rtm_is "$before" rtmSetRequests.0
	rtm_is 2 rtmAgentSessions.0
	rtm_is 1 rtmAgentReconnects.0
	rtm_is $((last + 40)) rtmSetLastRefused.0
	mk $Y
	rtm_is $((before + 1)) rtmSetRequests.0
	walk_is_good
fi
empty

# A row of rtmRouteTable by the index of inetCidrRouteTable; a number.
fact_is() { # VALUE COLUMN INDEX
	value_is "$1" "$M.1.10.1.$2.$3"
}
X9=1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.9

t R11 'of routes to one destination those with the least metric are forwarded'
set_is 0/0 $(mk_args $X) $I.12.$X i 5
fact_is 1 1 $X
fact_is 1 2 $X
set_is 0/0 $(mk_args $X9) $I.12.$X9 i 6
fact_is 1 1 $X
fact_is 2 1 $X9
fact_is 1 3 $X9
fact_is 3 4 $X9
fact_is 4294967295 8 $X9
set_is 0/0 $I.17.$X9 i 2 $I.12.$X9 i 5
fact_is 2 1 $X9
set_is 0/0 $I.17.$X9 i 1
fact_is 1 1 $X
fact_is 1 1 $X9
set_is 0/0 $I.17.$X i 6
fact_is noSuchInstance 1 $X
fact_is 1 1 $X9
empty

t R12 'a route that drops is forwarded as such; next hops come and go with rows'
D0=1.4.203.0.113.0.24.2.0.0.0.0
set_is 0/0 $I.7.$D0 i 0 $I.8.$D0 i 5 $I.17.$D0 i 4
fact_is 1 1 $D0
got=$(snmpget $NAMES $RO -Ov -r1 -t 5 "$HOST" $M.1.10.1.11.$D0 2>&1)
case $got in *'blackhole(1)'*) ;; *) fail "the flags are $got" ;; esac
got=$(snmpget $NAMES $RO -Ov -r1 -t 5 "$HOST" $M.1.10.1.12.$D0 2>&1)
case $got in *'unicast(0)'*) ;; *) fail "the views are $got" ;; esac
mk $X
mk $Y
value_is 2 $M.1.9.1.4.1.4.192.0.2.1.2
value_is eth0 $M.1.9.1.5.1.4.192.0.2.1.2
value_is 1 $M.1.9.1.6.1.4.192.0.2.1.2
value_is 1 $M.1.9.1.4.1.4.0.0.0.0.0
rtm_is 2 rtmRowsNextHops.0
destroy $Y
value_is 1 $M.1.9.1.4.1.4.192.0.2.1.2
walk_is_good
empty
rtm_is 0 rtmRowsNextHops.0
value_is noSuchInstance $M.1.9.1.4.1.4.192.0.2.1.2

t R13 'who is registered'
got=$(snmpwalk $NAMES $RO -Oq -r1 -t 5 "$HOST" RTM-MIB::rtmEntityName 2>&1)
printf '%s\n' "$got" | grep -q '^RTM-MIB::rtmEntityName.ipv4.3.0 netmgmt$' || fail "no route functions: $got"
printf '%s\n' "$got" | grep -q '^RTM-MIB::rtmEntityName.ipv6.3.0 netmgmt$' || fail "no route functions: $got"
printf '%s\n' "$got" | grep -q '^RTM-MIB::rtmEntityName.ipv4.1073680580.0 0.16383.4292$' || fail "not the view: $got"

t R14 'a table of others: facts for each row, counts by protocol, walks that ascend'
awk 'BEGIN { for (i = 0; i < 2000; i++) printf "10.%d.%d.0/24 192.0.2.%d eth0 5\n", i / 250, i % 250, 1 + i % 7
	print "203.0.113.0/24 - eth1 5" }' >"$dir/others"
restart_rtmd_with "preload $dir/others"
n=$(rows | wc -l)
[ "$n" = 2001 ] || fail "$n rows"
rtm_is 2001 rtmOriginRows.netmgmt
rtm_is 0 rtmRowsManaged.0
rtm_is 8 rtmRowsNextHops.0
value_is 286 $M.1.9.1.4.1.4.192.0.2.1.2
value_is 1 $M.1.9.1.4.1.4.0.0.0.0.3
for c in 1 5 11; do
	got=$(snmpbulkwalk $RO -On -r1 -t 5 -Cr50 "$HOST" $M.1.10.1.$c | sed -n "s/^\\$M\\.1\\.10\\.1\\.$c\\.\\([0-9.]*\\) = .*/\\1/p")
	[ "$got" = "$(rows)" ] || fail "column $c has other names than inetCidrRouteTable"
done
got=$(snmpbulkwalk $RO -Oqv -r1 -t 5 -Cr50 "$HOST" $M.1.10.1.1 | sort | uniq -c | tr -s ' ')
[ "$got" = ' 2001 1' ] || fail "forwarded: $got"
O=1.4.10.0.1.0.24.2.0.0.1.4.192.0.2.2
fact_is 2 3 $O
set_is 12/1 $I.17.$O i 6
rtm_is foreign rtmRefusedReason.1
rtm_is ERROR_ACCESS_DENIED rtmRefusedCodeName.1
ascending $M
walk_is_good

t R15 'what the configuration forbids is counted by its word'
forbidden() { # WORD COUNTER ERROR/INDEX INDEX-OF-A-ROW...
	local word=$1 counter=$2 want=$3
	shift 3
	# shellcheck disable=SC2046
	set_is "$want" $(mk_args "$@")
	rtm_is 1 "$counter.0"
	rtm_is "$word" "rtmRefusedPolicy.$(rtm_value rtmSetLastRefused.0)"
	rtm_is 1 rtmSetRefused.0
}
restart_rtmd_with 'readOnly yes'
forbidden readOnly rtmSetReadOnly 17/1 $X
restart_rtmd_with 'protect 10.0.0.0/8'
forbidden protect rtmSetProtected 11/3 $X
restart_rtmd_with 'allowWrite 11.0.0.0/8'
forbidden allowWrite rtmSetNotAllowed 11/3 $X
restart_rtmd_with 'maxRows 1'
mk $X
forbidden maxRows rtmSetTooManyRows 13/3 $Y
value_is 1 $Z.8.0
rtm_is 1 rtmRowsMost.0
rtm_is resourceUnavailable rtmRefusedError.1
rtm_is 1 rtmResultSets.resourceUnavailable
for c in rtmSetReadOnly rtmSetProtected rtmSetNotAllowed; do rtm_is 0 $c.0; done

# The store's part of the module, from the histogram's rows: "BOUND COUNT" each.
histogram() {
	snmpwalk $RO -On -Oq -r1 -t 5 "$HOST" $M.1.12 2>&1 | sed -n "/No more variables/d; s/^\\$M\\.1\\.12\\.1\\.2\\.//p"
}
sum() { histogram | awk '{ n += $2 } END { print n + 0 }'; }
ctl_says() { sed -n "s/^$1=//p" "$dir/said"; }

t R16 'a store: its counts, and a histogram of what the disk took, as rtmctl tells them'
RTM_STORE=yes restart_rtmd_with "controlSocket $dir/ctl"
rtm_is true rtmStoreInUse.0
rtm_is 0 rtmStoreTransactions.0
rtm_is 0 rtmStoreSlowest.0
[ "$(sum)" = 0 ] || fail "the histogram begins with $(histogram)"
for i in $(seq 1 30); do echo "set $(mk_args 1.4.10.$i.0.0.16.2.0.0.1.4.192.0.2.1)"; done | pdu >"$dir/answers"
[ "$(grep -c '^0/0$' "$dir/answers")" = 30 ] || fail "answers: $(cat "$dir/answers")"
set_is 0/0 $I.17.$X i 6 $I.17.$Y i 6
rtm_is 28 rtmStoreRows.0
rtm_is 31 rtmStoreTransactions.0
[ "$(sum)" = 31 ] || fail "the histogram has $(sum): $(histogram)"
"$build/agent/rtmctl" -s "$dir/ctl" show store >"$dir/said" || fail "rtmctl: $(cat "$dir/said")"
for pair in Rows=rows Transactions=commits Failures=failures Undone=undone Slowest=commit_us_max; do
	rtm_is "$(ctl_says ${pair#*=})" rtmStore${pair%%=*}.0
done
[ "$(rtm_value rtmStoreSlowest.0)" -gt 0 ] || fail 'the disk takes no time'
[ "$(histogram)" = "$(sed -n 's/^commit_us_to_\([0-9]*\)=/\1 /p; s/^commit_us_more=/4294967295 /p' "$dir/said")" ] ||
	fail "rtmctl and the table differ: $(histogram | tr '\n' ';') $(cat "$dir/said")"
got=$(snmpgetnext $NAMES $RO -r1 -t 5 "$HOST" RTM-MIB::rtmStoreCommits.100 2>&1)
case $got in 'RTM-MIB::rtmStoreCommits.250 = Counter64: '*) ;; *) fail "behind 100 comes $got" ;; esac
value_is noSuchInstance $M.1.12.1.2.99
value_is noSuchObject $M.1.12.1.1.100
value_is noSuchInstance $M.1.11.1.1
value_is noSuchObject $M.1.11.10.0
after $M.1.12.1.2.50 $M.1.11.9.0
after $M.1.12.1.2.50 $M.1.12
after $M.1.12.1.2.4294967295 $M.1.12.1.2.1000000.7
after $M.1.11.1.0 $M.1.10.1.12.99
rtm_is false rtmStoreUndoPending.0
rtm_is '' rtmStoreLastCodeName.0
walk_is_good

t R16b 'SNMPv1 has no such counters and passes over them'
got=$(snmpwalk -v1 -c public -On -Oq -r1 -t 5 "$HOST" $M.1.11 2>&1 | sed "/^End of MIB/d; s/ .*//; s/^\\$M\\.1\\.11\\.//" | tr '\n' ' ')
[ "$got" = '1.0 2.0 6.0 7.0 8.0 9.0 ' ] || fail "a walk with SNMPv1 shows $got"
got=$(snmpget -v1 -c public -On -r1 -t 5 "$HOST" $M.1.11.3.0 2>&1)
case $got in *'(noSuchName)'*) ;; *) fail "a GET with SNMPv1 shows $got" ;; esac
empty

t R17 'without a store there is nothing to tell, and that is the answer'
RTM_STORE=no restart_rtmd_with "controlSocket $dir/ctl"
mk $X
rtm_is false rtmStoreInUse.0
for o in Rows Transactions Failures Undone Slowest LastCode; do rtm_is 0 rtmStore$o.0; done
rtm_is false rtmStoreUndoPending.0
rtm_is '' rtmStoreLastCodeName.0
value_is noSuchInstance $M.1.12.1.2.50
[ -z "$(histogram)" ] || fail "a histogram of nothing: $(histogram)"
case $(snmpgetnext $RO -On -r1 -t 5 "$HOST" $M.1.11.9.0 2>&1 | grep -v 'No more variables') in $M.*) fail 'something comes behind the group' ;; esac
"$build/agent/rtmctl" -s "$dir/ctl" show store >"$dir/said" 2>&1 && fail "rtmctl: $(cat "$dir/said")"
walk_is_good

finish
