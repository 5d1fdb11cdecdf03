#!/bin/bash
# A SET over two subagents, the other one slow and obstinate: it says when it is asked, and
# waits for a word, so that rtmd can be looked at, stopped and ended between the phases of
# a SET that a real snmpd conducts. Case 78.
. "$(dirname "$0")/lib.sh"
SNMPD_CONF_MORE='agentXTimeout 3
agentXRetries 0'
world
control="controlSocket $dir/control 600"
restart_rtmd_with "$control"

other=.1.3.6.1.4.1.8072.9999.9999.78.1.0
echo "agentXSocket unix:$dir/agentx" >"$dir/slowsub.conf"
mkdir "$dir/slow"
SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/persist-slow \
	perl "$top_src/tests/tools/slow_subagent.pl" "$dir/slow" >"$dir/slow.log" 2>&1 &
slow=$!
extra_pids=$slow
other_answers() { [ "$(value $other)" = 78 ]; }
within 20 other_answers || { echo "Bail out! the other subagent does not start"; exit 99; }

at() { within 20 test -e "$dir/slow/at.$1" || fail "the other subagent did not come to its $1 phase"; }
go() { echo "$2" >"$dir/slow/go.$1.new" && mv "$dir/slow/go.$1.new" "$dir/slow/go.$1"; }
again() { rm -f "$dir/slow"/*; }

# begin OID TYPE VALUE...: a SET of these and the other's object, in the background.
begin() {
	snmpset_ei "$RW" "$@" $other i 1 >"$dir/answer" &
	setting=$!
}
answered() {
	wait $setting
	# shellcheck disable=SC2254
	case $(cat "$dir/answer") in $1) ;; *) fail "the SET answered $(cat "$dir/answer"), expected $1" ;; esac
}
# What came in before this question has been worked off when it is answered.
rtmd_is_idle() { "$build/agent/rtmctl" -s "$dir/control" show status >/dev/null || fail 'rtmd does not answer rtmctl'; }
installed() { grep -c '^info: fib: install prefix=10\.[12]\.0\.0/16' "$dir/rtmd.log"; }

t 78b 'the other subagent agrees: both rows are there, and not before its word in the test phase'
begin $(mk_args $X) $(mk_args $Y)
at test
rtmd_is_idle
[ "$(installed)" = 0 ] || fail 'the forwarder was told in the test phase'
go test good
go commit good
answered 0/0
value_is 1 $I.17.$X
value_is 1 $I.17.$Y
empty

t 78c 'the other refuses in the test phase: nothing of ours was done'
again
before=$(installed)
begin $(mk_args $X)
at test
go test refuse
answered 12/4
at cleanup
[ "$(installed)" = "$before" ] || fail 'the forwarder was told'
lacks_row $X

t 78d 'the other refuses in the commit phase: what we did is undone'
again
mk $Y
set_is 0/0 $I.17.$Y i 2 $I.12.$Y i 77 $I.13.$Y i 5
set_is 0/0 $I.17.$Y i 1
snap=$(snapshot)
before=$(installed)
begin $(mk_args $X) $I.17.$Y i 6
at test
go test good
at commit
rtmd_is_idle
[ "$(installed)" = $((before + 1)) ] || fail 'ours was not done yet: nothing is tested'
go commit refuse
answered 14/5
[ "$snap" = "$(snapshot)" ] || fail "$(changed "$snap" "$(snapshot)")"
again
go test good
go commit refuse
begin $(echo $C.11.10.2.0.0.255.255.0.0.0.192.0.2.1 i 60 $C.12.10.2.0.0.255.255.0.0.0.192.0.2.1 i 9)
answered 14/3
[ "$snap" = "$(snapshot)" ] || fail "changes: $(changed "$snap" "$(snapshot)")"
empty

t 78 'rtmd ended between TestSet and CommitSet: genErr, and the next rtmd has nothing of it'
again
mk $Y
before=$(installed)
begin $(mk_args $X)
at test
rtmd_is_idle
kill -KILL "$rtmd_pid"
await_rtmd
go test good
go commit good
answered '5/[1-4]'
[ "$(installed)" = "$before" ] || fail 'the forwarder was told'
start_rtmd
lacks_row $X
mk $X
empty

t 78a 'rtmd stopped between TestSet and CommitSet, and gone on later: genErr, nothing applied'
again
snap=$(snapshot)
begin $(mk_args $X)
at test
rtmd_is_idle
kill -STOP "$rtmd_pid"
go test good
go commit good
answered '5/[1-4]' # after agentXTimeout
kill -CONT "$rtmd_pid"
within 20 rtmd_answers || fail 'rtmd does not come back'
[ "$snap" = "$(snapshot)" ] || fail "$(changed "$snap" "$(snapshot)")"
again
go test good
go commit good
begin $(mk_args $X)
answered 0/0
has_row $X
empty

finish
