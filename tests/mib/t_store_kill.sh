#!/bin/bash
# kill -9 at random moments of a stream of SETs: whatever was answered noError is there after
# the restart, no PDU is there in part, nothing that was refused is there.
#   RTM_SEED=N repeats a run, RTM_KILLS=N is how many.
. "$(dirname "$0")/lib.sh"
RTM_STORE=yes
world
stop_rtmd

t 83k 'after kill -9 every answered SET is there, no half of one, nothing refused'
seed=${RTM_SEED:-$((RANDOM * 32768 + RANDOM))}
SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/persist-rtmd \
	perl "$top_src/tests/tools/kill_load.pl" "$seed" "${RTM_KILLS:-200}" \
	"$PDU -H 127.0.0.1:$port -c private" "$dir/rtmd.log" \
	${RTM_WRAP:-} "$RTMD" -f -c "$dir/rtmd.conf" -L warn >"$dir/kills" 2>&1 &
load=$!
extra_pids=$load
wait $load
status=$?
extra_pids=''
sed 's/^/# /' "$dir/kills"
[ $status = 0 ] || fail "RTM_SEED=$seed: $(grep -m 3 -v '^seed' "$dir/kills")"
grep -q "^kills ${RTM_KILLS:-200} " "$dir/kills" || fail 'not all rounds were run'
# A kill that never meets a SET in the middle proves little.
[ "$(sed -n 's/.*under-way-and-there \([0-9]*\).*/\1/p' "$dir/kills")" -gt 0 ] ||
	fail 'no SET under way has come true: the kills come too early'

finish
