#!/bin/bash
# Random SETs over all tables through snmpd, and every value of every row after each of them,
# against the model of tests/unit/route_model.c. RTM_SEED=N replays one run, RTM_SEEDS="N ..." are
# the runs to make, RTM_PDUS=N makes each longer or shorter.
. "$(dirname "$0")/lib.sh"
MODEL=$build/tests/tools/random_sets
[ -x "$MODEL" ] || { echo "Bail out! no $MODEL: make check builds it"; exit 99; }

# As in the fixture, but IPv6 on both networks.
write_rtmd_conf() {
	cat >"$dir/rtmd.conf" <<-END
		agentXSocket unix:$dir/agentx
		fib memory
		interface 1 lo 127.0.0.1/8,::1/128 type loopback
		interface 2 eth0 192.0.2.2/24,2001:db8::2/64,fe80::2/64 metric 10
		interface 3 eth1 198.51.100.2/24,2001:db8:ffff::2/64,fe80::3/64 metric 20
		stateFile none
		controlSocket none
	END
	[ -z "${RTMD_CONF_MORE:-}" ] || printf '%s\n' "$RTMD_CONF_MORE" >>"$dir/rtmd.conf"
}
world

model() { # SEED PDUS ROWS
	"$MODEL" "$1" "$2" "$3" "$dir/preload" >"$dir/script"
	restart_rtmd_with "preload $dir/preload"
	sed -n 's/^> //p' "$dir/script" | pdu >"$dir/answers" 2>"$dir/pdu.err" ||
		fail "seed $1: $(head -n 3 "$dir/pdu.err")"
	perl "$top_src/tests/tools/model_check.pl" "$dir/script" "$dir/answers" >"$dir/said" ||
		fail "RTM_SEED=$1: $(cut -c1-2000 "$dir/said")"
	grep '^# ' "$dir/said"
}

for seed in ${RTM_SEED:-${RTM_SEEDS:-1 2 3}}; do
	t "M$seed" "${RTM_PDUS:-50} random SETs over all tables, everything read after each, seed $seed"
	model "$seed" "${RTM_PDUS:-50}" 60
done

finish
