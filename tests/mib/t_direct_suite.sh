#!/bin/bash
# The other scripts once more, against rtmd in its direct role: the same requests, answered
# without snmpd. Each one's cases are printed with its name; one that fails shows its log.
export RTM_DIRECT=yes
here=$(cd "$(dirname "$0")" && pwd)
scripts='create_go rowstatus index pdu fault versions walk columns policy clients clients_more limits contexts rtm_mib
	store store_reload'
run=0 failed=0

for s in $scripts; do
	[ -f "$here/t_$s.sh" ] || { echo "Bail out! no t_$s.sh"; exit 99; }
	log=$(mktemp "${TMPDIR:-/tmp}/rtm-direct.XXXXXX") || exit 99
	bash "$here/t_$s.sh" >"$log" 2>&1
	status=$?
	run=$((run + 1))
	grep -E '^(not )?ok |^open |^# not in the direct role' "$log" | sed "s/^/$s: /"
	if [ $status = 0 ]; then
		echo "ok D-$s - t_$s.sh in the direct role"
	else
		failed=$((failed + 1))
		echo "not ok D-$s - t_$s.sh in the direct role: status $status"
		sed 's/^/# /' "$log"
	fi
	rm -f "$log"
done
echo "1..$run"
[ $failed = 0 ]
