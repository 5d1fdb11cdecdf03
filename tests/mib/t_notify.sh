#!/bin/bash
# Notifications, from rtmd through snmpd to a snmptrapd of our own on a free port of the
# loopback: each kind, the filters, the rate, the count of what was not sent.
. "$(dirname "$0")/lib.sh"
use_rtm_mib
command -v snmptrapd >/dev/null || { echo "Bail out! no snmptrapd"; exit 99; }

# ---- who receives them -------------------------------------------------------------------

# snmptrapd writes one line each: the names and values, with `|' between.
trap_dir=$(mktemp -d "${TMPDIR:-/tmp}/rtm-trap.XXXXXX") || exit 99
traps=$trap_dir/traps
cat >"$trap_dir/snmptrapd.conf" <<-END
	disableAuthorization yes
	format2 %V|%v|\n
END
trapd_is_up() { # it shows that it has its port by taking a notification
	: >"$traps"
	snmptrap $NAMES -v2c -c public -r0 "127.0.0.1:$trap_port" '' RTM-MIB::rtmRouteAdded >/dev/null 2>&1
	within 1 grep -q rtmRouteAdded "$traps"
}
start_trapd() {
	local try
	for try in 1 2 3 4 5 6 7 8 9 10; do
		trap_port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
		SNMPCONFPATH=$trap_dir SNMP_PERSISTENT_DIR=$trap_dir \
			snmptrapd -f -C -c "$trap_dir/snmptrapd.conf" $NAMES -Lf "$traps" -p "$trap_dir/pid" \
			"udp:127.0.0.1:$trap_port" >"$trap_dir/out.log" 2>&1 &
		trapd_pid=$!
		local end=$((SECONDS + 20))
		while [ $SECONDS -lt $end ] && ! is_gone $trapd_pid; do
			trapd_is_up && ! is_gone $trapd_pid && extra_pids=$trapd_pid && return
		done
		is_gone $trapd_pid || kill -KILL $trapd_pid 2>/dev/null
		wait $trapd_pid 2>/dev/null
	done
	echo "Bail out! snmptrapd does not start: $(cat "$trap_dir/out.log")"
	exit 99
}
start_trapd
forget_traps() { # before what every script does at its end
	local status=$?
	rm -rf "$trap_dir"
	return $status
}
trap 'forget_traps; on_exit' EXIT
SNMPD_CONF_MORE="trap2sink 127.0.0.1:$trap_port public"
RTMD_CONF_MORE='notify added removed changed refused
notifyRate 1000'
world

# What was written since the last `silence'.
seen=0
silence() { seen=$(wc -l <"$traps"); }
news() { tail -n "+$((seen + 1))" "$traps"; }
heard() { news | grep -F -- "$1" | grep -Fq -- "${2:-}"; }
hears() { within 10 heard "$@" || fail "not heard: $*; but: $(news | tail -n 3)"; }
deaf() { ! heard "$@" || fail "heard: $(news | grep -F -- "$1" | grep -F -- "${2:-}" | head -n 1)"; }
# How many notifications have come, of a kind.
count_is() { # N [KIND]
	local n
	n=$(news | grep -c "OID: RTM-MIB::rtmRoute${2:-}")
	[ "$n" = "$1" ] || fail "$n notifications${2:+ of $2}, expected $1: $(news)"
}
# All that was sent before has been written: this one, of a SET that is refused now, has.
settled() {
	local a=$((RANDOM % 256)) b=$((RANDOM % 256))
	set_is 12/1 "$I.17.1.4.10.$a.$b.0.24.2.0.0.0.0" i 2
	hears rtmRouteRefused "STRING: 10.$a.$b.0/24|"
}
tells() { # KIND TEXT...: the line of this kind says all of these
	local kind=$1 line want
	shift
	hears "OID: RTM-MIB::rtmRoute$kind"
	line=$(news | grep "OID: RTM-MIB::rtmRoute$kind" | tail -n 1)
	for want in "$@"; do
		case $line in *"$want"*) ;; *) fail "$kind does not say $want: $line" ;; esac
	done
}
XROW='rtmNotifyRow.0 = STRING: 10.1.0.0/16 via 192.0.2.1 if 2|'
XNAME='ipv4."10.1.0.0".16.2.0.0.ipv4."192.0.2.1"'

t N1 'a route that is made, one that goes: names and values are those of the module'
silence
set_is 0/0 $(mk_args $X) $I.12.$X i 5
tells Added "$XROW" "IP-FORWARD-MIB::inetCidrRouteIfIndex.$XNAME = INTEGER: 2|" \
	"IP-FORWARD-MIB::inetCidrRouteProto.$XNAME = INTEGER: netmgmt(3)|" \
	"IP-FORWARD-MIB::inetCidrRouteMetric1.$XNAME = INTEGER: 5|" \
	'RTM-MIB::rtmNotifyContext.0 = STRING: |' 'RTM-MIB::rtmNotifySuppressed.0 = Counter32: 0|'
destroy $X
tells Removed "$XROW" "inetCidrRouteIfIndex.$XNAME = INTEGER: 2|" \
	"inetCidrRouteProto.$XNAME = INTEGER: netmgmt(3)|" 'rtmNotifySuppressed.0 = Counter32: 0|'
settled
count_is 1 Added
count_is 1 Removed
count_is 0 Changed
value_is 3 $M.1.4.3.0
value_is 0 $M.1.4.4.0
value_is 1000 $M.1.4.2.0

t N2 'a metric that changes; a row that leaves service and comes back'
set_is 0/0 $(mk_args $X) $I.12.$X i 5
settled
silence
set_is 0/0 $C.11.10.1.0.0.255.255.0.0.0.192.0.2.1 i 17
tells Changed "$XROW" "inetCidrRouteMetric1.$XNAME = INTEGER: 7|"
settled
count_is 0 Added
count_is 0 Removed
silence
set_is 0/0 $I.17.$X i 2
tells Removed "$XROW"
set_is 0/0 $I.17.$X i 1
tells Added "$XROW"
settled
count_is 3
silence
set_is 0/0 $I.17.$X i 1
settled
count_is 1
empty

t N3 'a SET that is refused, with what SNMP does not say'
silence
set_is 12/1 $I.7.$Y i 99 $I.8.$Y i 4 $I.17.$Y i 4
tells Refused 'STRING: 10.2.0.0/16 via 192.0.2.1 if 99|' 'STRING: inetCidrRouteIfIndex|' \
	'INTEGER: inconsistentValue(12)|' 'STRING: ERROR_NOT_FOUND|' 'INTEGER: noSuch(7)|' \
	"rtmRefusedRow.$(rtm_value rtmSetLastRefused.0) ="
count_is 1

t N4 'a route replaced by another, in one PDU'
X9=1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.9
mk $X
settled
silence
set_is 0/0 $I.17.$X i 6 $(mk_args $X9)
tells Removed "$XROW"
tells Added '10.1.0.0/16 via 192.0.2.9 if 2|'
settled
count_is 3
empty

t N5 'two rows that differ in their interfaces only are told by their names'
X3=1.4.10.1.0.0.16.3.0.0.3.1.4.192.0.2.1
mk $X
mk $X3 3
settled
silence
destroy $X3
tells Removed '10.1.0.0/16 via 192.0.2.1 if 3|' 'inetCidrRouteIfIndex.ipv4."10.1.0.0".16.3.0.0.3.ipv4."192.0.2.1" = INTEGER: 3|'
settled
count_is 1 Removed
empty

t N6 'snmpd restarted: the next change is told'
kill_snmpd
start_snmpd
within 10 rtmd_answers || fail 'rtmd does not come back'
silence
mk $X
tells Added "$XROW"
empty

t N7 'only the kinds and the prefixes that were asked for'
restart_rtmd_with 'notify added refused
notifyPrefix 10.1.0.0/16
notifyPrefix 2001:db8::/32
notifyRate 1000'
silence
mk $Y
mk $X
tells Added "$XROW"
destroy $Y
destroy $X
mk 1.4.10.1.7.0.24.2.0.0.1.4.192.0.2.1
tells Added '10.1.7.0/24 via'
mk 1.4.10.0.0.0.8.2.0.0.1.4.192.0.2.1
mk 2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1
tells Added '2001:db8:1::/48 via 2001:db8::1 if 2|'
settled
count_is 3 Added
count_is 0 Removed
count_is 1 Refused
got=$(snmpget $NAMES $RO -Ov -r1 -t 5 "$HOST" RTM-MIB::rtmNotifyKinds.0)
case $got in *'added(0)'*'refused(3)'*) ;; *) fail "the kinds are $got" ;; esac
empty

t N8 'only the owners that were asked for'
printf '10.77.0.0/16 192.0.2.1 eth0 5\n' >"$dir/others"
restart_rtmd_with "preload $dir/others
notify added removed changed refused
notifyOwner snmp"
silence
mk $X
tells Added "$XROW"
destroy $X
restart_rtmd_with "notify added removed changed refused
notifyOwner kernel ospf"
silence
mk $X
destroy $X
settled
count_is 1
restart_rtmd_with "notify added removed changed refused
notifyOwner netmgmt"
silence
mk $X
tells Added "$XROW"
destroy $X

t N9 'no more than so many a second, and the count of the others comes with the next'
restart_rtmd_with 'notify added removed
notifyRate 5'
silence
# shellcheck disable=SC2046
pdu_set_is 0/0 $(for i in $(seq 1 40); do mk_args 1.4.10.$i.0.0.16.2.0.0.1.4.192.0.2.1; done)
total() { [ $(($(value $M.1.4.3.0) + $(value $M.1.4.4.0))) = "$1" ]; }
within 10 total 40 || fail "sent $(value $M.1.4.3.0), suppressed $(value $M.1.4.4.0), of 40"
sent=$(value $M.1.4.3.0) lost=$(value $M.1.4.4.0)
[ "$sent" -ge 5 ] && [ "$lost" -ge 1 ] || fail "sent $sent, suppressed $lost"
arrived() { [ "$(news | grep -c 'OID: RTM-MIB::rtmRoute')" = "$1" ]; }
within 10 arrived "$sent" || fail "$(news | grep -c 'OID: RTM-MIB::rtmRoute') came of $sent"
more() { # another change, until one is sent
	set_is 0/0 $I.17.$X i 2
	set_is 0/0 $I.17.$X i 1
	[ "$(value $M.1.4.3.0)" -gt "$sent" ]
}
within 10 more || fail 'nothing is sent any more'
news | tail -n 1 | grep -Eq "rtmNotifySuppressed.0 = Counter32: [1-9]" || fail "no count: $(news | tail -n 1)"

t N10 'the table that is there at the start is no news; off unless asked for'
awk 'BEGIN { for (i = 0; i < 2000; i++) printf "10.%d.%d.0/24 192.0.2.1 eth0 5\n", i / 250, i % 250 }' >"$dir/others"
silence
restart_rtmd_with "preload $dir/others
notify added removed changed refused"
settled
count_is 1
rtm_is 1 rtmNotifySent.0
restart_rtmd_with ''
silence
mk $X
destroy $X
set_is 12/1 $I.17.$Y i 2
value_is 0 $M.1.4.3.0
snmptrap $NAMES -v2c -c public "127.0.0.1:$trap_port" '' RTM-MIB::rtmRouteRefused RTM-MIB::rtmNotifyRow.0 s mark
hears mark
count_is 1

t N11 'another context says which it is'
cat >>"$dir/snmpd.conf" <<-END
	view all included .1
	com2sec -Cn red redsec 127.0.0.1 redcommunity
	group redgroup v2c redsec
	access redgroup red any noauth exact all all none
END
kill_snmpd
start_snmpd
restart_rtmd_with 'instance 7 red
notify added removed'
silence
RW_BEFORE=$RW RW='-v2c -c redcommunity'
mk $X
tells Added "$XROW" 'RTM-MIB::rtmNotifyContext.0 = STRING: red|'
destroy $X
tells Removed 'RTM-MIB::rtmNotifyContext.0 = STRING: red|'
RW=$RW_BEFORE

t N12 'without snmpd, to the sinks of its own configuration'
direct_answers() { snmpget -v2c -c private -r0 -t 1 -Oqv "127.0.0.1:$direct_port" $Z.8.0 2>/dev/null | grep -q '^[0-9]'; }
start_direct() {
	local try
	for try in 1 2 3 4 5 6 7 8 9 10; do
		direct_port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
		sed -e '/^agentXSocket/d' -e '/^instance/d' -e 's/^stateFile .*/stateFile none/' "$dir/rtmd.conf" >"$dir/direct.conf"
		cat >>"$dir/direct.conf" <<-END
			snmpListen udp:127.0.0.1:$direct_port
			rwcommunity private 127.0.0.1
			trap2sink 127.0.0.1:$trap_port public
			notifyRate 1000
		END
		SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/persist-rtmd \
			${RTM_WRAP:-} "$RTMD" -f -c "$dir/direct.conf" >>"$dir/rtmd.log" 2>&1 &
		direct_pid=$!
		local end=$((SECONDS + 30))
		while [ $SECONDS -lt $end ] && ! is_gone $direct_pid; do
			direct_answers && return 0
			sleep 0.05
		done
		kill -TERM $direct_pid 2>/dev/null
		wait $direct_pid 2>/dev/null
	done
	fail 'rtmd does not listen'
}
silence
start_direct
extra_pids="$extra_pids $direct_pid"
# shellcheck disable=SC2046
snmpset -v2c -c private -On -r0 -t 5 "127.0.0.1:$direct_port" $(mk_args $X) >/dev/null || fail 'the SET'
tells Added "$XROW" 'RTM-MIB::rtmNotifySuppressed.0 = Counter32: 0|'
kill -TERM $direct_pid
gone_within 20 $direct_pid || fail 'it does not end'
wait $direct_pid
[ $? = 0 ] || fail 'it did not end well'
extra_pids=$trapd_pid

t N13 'snmpd frozen: rtmd goes on, counts what it cannot send, and tells again afterwards'
churn=$build/tests/tools/route_churn
[ -x "$churn" ] || { echo "Bail out! no $churn: make check builds it"; exit 99; }
for i in $(seq 1 200); do echo "10.200.$i.0/24 192.0.2.1 2 192.0.2.9 2"; done >"$dir/churned"
restart_rtmd_with "controlSocket $dir/ctl
notify added removed changed
notifyRate 1000"
kill -STOP "$snmpd_pid"
RTM_SOCKET=$dir/ctl "$churn" "$dir/churned" 4000 >"$dir/churn.out" 2>"$dir/churn.err" &
churn_pid=$!
extra_pids="$trapd_pid $churn_pid"
churned() { [ "$(grep -Eo '^[0-9]+' "$dir/churn.out" | tail -n 1)" -ge 12000 ]; }
within 60 churned || fail "not enough changes: $(tail -n 1 "$dir/churn.out") $(cat "$dir/churn.err")"
RTM_SOCKET=$dir/ctl timeout 10 "$build/agent/rtmctl" -s "$dir/ctl" show status >"$dir/status" 2>&1 ||
	fail "rtmd does not answer: $(cat "$dir/status")"
kill -TERM $churn_pid
gone_within 20 $churn_pid || fail 'the client does not end'
wait $churn_pid
[ $? = 0 ] || fail "the client: $(cat "$dir/churn.err")"
extra_pids=$trapd_pid
kill -CONT "$snmpd_pid"
within 20 rtmd_answers || fail 'rtmd does not answer snmpd'
[ "$(value $M.1.4.4.0)" -gt 0 ] || fail 'nothing was counted'
news_of_x() {
	silence
	set_is 0/0 $(mk_args $X)
	destroy $X
	within 1 heard Added "$XROW"
}
within 20 news_of_x || fail 'no more news after the thaw'

finish
