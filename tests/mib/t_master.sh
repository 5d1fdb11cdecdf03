#!/bin/bash
# The master dies, hangs, comes back; a SET in flight is undone, and rtmd answers again
# by itself. Cases 79 and 80, and what happens around them.
. "$(dirname "$0")/lib.sh"
world

shows() { rtmd_answers && { [ -z "$1" ] || row_is_there "$1"; }; }
# A SET is answered before rtmd hears of its CleanupSet; a snmpd that dies in between has
# it rolled back (case 79). A GET that came back has passed behind it.
mk() {
	set_is 0/0 $(mk_args "$@")
	value_is 1 $I.17.$1
}

answers_within() { # SECONDS WHAT [INDEX]
	local t0=$SECONDS
	within "$1" shows "${3:-}" || fail "no answer within $1 s after $2"
	echo "# answered again after about $((SECONDS - t0)) s: $2"
}

t 80a 'snmpd killed and started again between two SETs'
mk $X
kill_snmpd
start_snmpd
answers_within 5 'a restart' $X
value_is 1 $I.17.$X
mk $Y
has_row $X
has_row $Y
empty

t 80b 'snmpd restarted several times in a row'
mk $X
for i in 1 2 3; do
	kill_snmpd
	start_snmpd
done
answers_within 5 'the third restart' $X
empty

t 80c 'snmpd killed during a walk; the next walk is complete'
for i in $(seq 1 200); do
	echo "set $(mk_args 1.4.10.$i.0.0.16.2.0.0.1.4.192.0.2.1)"
done | pdu | grep -v '^0/0$' && fail 'a creation failed'
(for i in 1 2 3 4 5 6 7 8 9 10; do echo "walk $I 1"; done | pdu -t 1 >"$dir/walk" 2>&1) &
extra_pids=$!
within 5 grep -q "$I.7" "$dir/walk" || fail 'the walk did not start'
kill_snmpd
start_snmpd
answers_within 5 'being killed during a walk'
wait $extra_pids
extra_pids=''
[ "$(rows | wc -l)" = $((base_rows + 200)) ] || fail "$(rows | wc -l) rows"
empty

t 80 'snmpd frozen for 15 s and thawed'
mk $X
kill -STOP "$snmpd_pid"
sleep 15 # the length of the freeze is the case, not a wait for something
kill -CONT "$snmpd_pid"
answers_within 5 'a freeze of 15 s' $X
value_is 1 $I.17.$X
mk $Y
empty

t 80d 'snmpd frozen, killed while frozen, and started again'
mk $X
kill -STOP "$snmpd_pid"
sleep 3
kill_snmpd
start_snmpd
answers_within 5 'a freeze and a kill' $X
empty

t 80e 'rtmd ends at once while snmpd is frozen'
kill -STOP "$snmpd_pid"
sleep 1
t0=$SECONDS
stop_rtmd 10
kill -CONT "$snmpd_pid"
[ "$rtmd_status" = 0 ] || fail "status $rtmd_status"
[ $((SECONDS - t0)) -le 5 ] || fail "it took $((SECONDS - t0)) s"

t 80f 'rtmd started before snmpd finds it'
kill_snmpd
rm -f "$dir/agentx"
spawn_rtmd
sleep 1
is_gone "$rtmd_pid" && fail 'rtmd did not wait for snmpd'
start_snmpd
answers_within 5 'starting later than rtmd'
mk $X
empty

t 79a 'rtmd itself killed in the middle: snmpd and the next rtmd are well'
mk $X
kill -KILL "$rtmd_pid"
wait "$rtmd_pid" 2>/dev/null
# Nobody serves it now; where snmpd's own tables are on, they are better left alone.
[ "$OWN_TABLES" = yes ] || set_is 17/1 $I.17.$Y i 6
snmpd_answers >/dev/null || fail 'snmpd does not answer'
start_rtmd
mk $Y
empty

finish
