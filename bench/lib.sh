# What the SNMP benchmarks have in common: a list of routes, a private snmpd on the
# loopback, rtmd or the null subagent behind it or by themselves, the CPU time that each
# has used, and the end of all of them. Sourced by bash, with $build, $top_src and $cpu
# set; $wrap, such as valgrind, stands before agents and $wrap_master before snmpd; $more is
# lines for every rtmd.conf.

export LC_ALL=C MIBS='' MIBDIRS=/nonexistent
PATH=$PATH:/usr/sbin:/sbin
RTMD=${RTMD:-$build/agent/rtmd}

die() {
	echo "$*" >&2
	exit 2
}

needs_tools() { # PROGRAM...
	local p
	for p in "$RTMD" "$@"; do
		[ -x "$p" ] || die "no $p: make check builds it"
	done
	! ldd "$RTMD" 2>/dev/null | grep -q asan || die 'this rtmd is built with sanitizers: measure another one'
}

work=$(mktemp -d "${TMPDIR:-/tmp}/rtm-bench.XXXXXX") || exit 2
masters='' agents=''
stop_all() { # agents first, so that they say goodbye to a master that lives
	local p
	for p in $agents $masters; do kill "$p" 2>/dev/null || true; done
	for p in $agents $masters; do wait "$p" 2>/dev/null || true; done
	masters='' agents=''
}
cleanup() {
	trap - EXIT TERM INT
	stop_all
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 143' TERM INT

make_list() { # N > the lines of a `preload': the tests' generator with a gateway
	[ "$1" = 0 ] || perl "$top_src/tests/tools/gen_prefixes.pl" -4 "$1" | sed 's/$/ 192.0.2.1 eth0 10/'
}

# After each long answer snmpd gives the end of its heap back to the kernel, or does not: that
# depends on what happens to lie last there, and costs a fifth of its time. So all keep it.
keep_heap=1073741824

declare -A port master agent
a_port() { echo $((20000 + (RANDOM * 32768 + RANDOM) % 40000)); }

# Its port and process id; its socket is $work/NAME/agentx. MODULE: a table of its own that
# it keeps.
start_master() { # NAME [MODULE]
	local name=$1 d=$work/$1 off=-smux,mteTrigger,mteTriggerConf try pid m
	for m in inetCidrRouteTable ipCidrRouteTable; do
		[ "${2:-}" = $m ] || off=$off,$m
	done
	mkdir -p "$d/persist"
	printf '%s\n' 'master agentx' "agentXSocket $d/agentx" 'agentXTimeout 10' 'agentXRetries 0' \
		'rocommunity public 127.0.0.1' 'rwcommunity private 127.0.0.1' \
		'maxGetbulkResponses 2000' >"$d/snmpd.conf"
	for try in 1 2 3 4 5 6 7 8; do
		port[$name]=$(a_port)
		# shellcheck disable=SC2086
		SNMPCONFPATH=$d SNMP_PERSISTENT_DIR=$d/persist MALLOC_TRIM_THRESHOLD_=$keep_heap taskset -c "$cpu" \
			${wrap_master:-} snmpd -f -C -c "$d/snmpd.conf" -Lf "$d/snmpd.log" -p "$d/pid" \
			-I "$off" \
			"udp:127.0.0.1:${port[$name]}" >"$d/snmpd.out" 2>&1 &
		pid=$!
		for _ in $(seq 1 100); do
			kill -0 $pid 2>/dev/null || break
			if snmpget -v2c -c public -r0 -t1 "udp:127.0.0.1:${port[$name]}" \
				.1.3.6.1.2.1.1.3.0 >/dev/null 2>&1 && kill -0 $pid 2>/dev/null; then
				masters="$masters $pid" master[$name]=$pid
				return
			fi
			sleep 0.1
		done
		kill $pid 2>/dev/null || true
	done
	cat "$d/snmpd.log" >&2
	die 'snmpd does not start'
}

entry_of() { # TABLE
	case $1 in
	inet) echo .1.3.6.1.2.1.4.24.7.1 ;;
	cidr) echo .1.3.6.1.2.1.4.24.4.1 ;;
	forward) echo .1.3.6.1.2.1.4.24.2.1 ;;
	route) echo .1.3.6.1.2.1.4.21.1 ;;
	*) die "no such table: $1" ;;
	esac
}
# A column near the end that snmpd's own table, where it has one, does not.
late_column_of() { case $1 in inet) echo 17 ;; cidr) echo 16 ;; forward) echo 15 ;; route) echo 12 ;; esac; }

start_null() { # NAME LIST TABLE
	local d=$work/$1
	# shellcheck disable=SC2086
	taskset -c "$cpu" ${wrap:-} "$build/bench/null_subagent" "unix:$d/agentx" "$2" "$3" >"$d/agent.log" 2>&1 &
	agent[$1]=$!
	agents="$agents $!"
}

start_rtmd() { # NAME LIST: behind the master of that name
	run_rtmd "$1" "$2" "agentXSocket unix:$work/$1/agentx"
}

run_rtmd() { # NAME LIST LINES: the lines of rtmd.conf that say how managers come to it
	local d=$work/$1
	cat >"$d/rtmd.conf" <<-END
		$3
		fib memory
		interface 2 eth0 192.0.2.2/24 metric 10
		preload $2
		stateFile none
		controlSocket none
		${more:-}
	END
	# shellcheck disable=SC2086
	SNMPCONFPATH=$d SNMP_PERSISTENT_DIR=$d taskset -c "$cpu" \
		${wrap:-} "$RTMD" -f -c "$d/rtmd.conf" -L warn >"$d/agent.log" 2>&1 &
	agent[$1]=$!
	agents="$agents $!"
}

# Without snmpd, at a port that nobody has: rtmd, null (a null master) or whole (one that
# answers a GETBULK in one call, like rtmd).
start_direct() { # NAME KIND LIST TABLE
	local try
	mkdir -p "$work/$1"
	for try in 1 2 3 4 5 6 7 8; do
		port[$1]=$(a_port)
		run_direct "$1" "$2" "$3" "$4" "udp:127.0.0.1:${port[$1]}"
		answers "$1" "$4" && return
		kill "${agent[$1]}" 2>/dev/null || true
	done
	cat "$work/$1/agent.log" >&2
	die "$1 does not answer"
}

run_direct() { # NAME KIND LIST TABLE ADDRESS
	local switch=-m
	case $2 in
	rtmd)
		run_rtmd "$1" "$3" "snmpListen $5
rocommunity public 127.0.0.1
maxGetbulkResponses 2000"
		return
		;;
	whole) switch=-M ;;
	esac
	# shellcheck disable=SC2086
	taskset -c "$cpu" ${wrap:-} "$build/bench/null_subagent" $switch "$5" "$3" "$4" >"$work/$1/agent.log" 2>&1 &
	agent[$1]=$!
	agents="$agents $!"
}

await_table() { # NAME TABLE: up when the whole list is there
	local late
	late=$(entry_of "$2").$(late_column_of "$2")
	await_agent "$1" "$late" "$late."
}

# A GETNEXT from the first OID answers with a name that begins with the second.
await_agent() { # NAME FROM BELOW
	if ! finds "$@"; then
		cat "$work/$1/agent.log" >&2
		die "$1 does not answer"
	fi
}

answers() { finds "$1" "$(entry_of "$2")" "$(entry_of "$2")."; } # NAME TABLE

finds() { # NAME FROM BELOW: or its agent has ended
	for _ in $(seq 1 1200); do
		kill -0 "${agent[$1]}" 2>/dev/null || return 1
		snmpgetnext -v2c -c public -r0 -t1 -On "udp:127.0.0.1:${port[$1]}" "$2" 2>/dev/null |
			grep -qF "$3" && return
		sleep 0.1
	done
	return 1
}

# What a process has used of CPUs so far; 0 where there is none.
cpu_ns() {
	[ -n "$1" ] || { echo 0 && return; }
	awk '{ n += $1 } END { printf "%.0f\n", n }' /proc/"$1"/task/*/schedstat
}

median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# One slice of work: adds "rate rate-by-cpu agent-us p50 p99" to $work/AGENT.TABLE.TEST. The
# CPU time is that of client, snmpd and agent together.
measure() { # AGENT TABLE TEST [LIST]
	local role=public list='' a0 m0 a1 m1 line
	case $3 in
	get | getnext) list=$4 ;;
	set) role=private ;;
	esac
	a0=$(cpu_ns "${agent[$1]:-}") m0=$(cpu_ns "${master[$1]:-}")
	# shellcheck disable=SC2086
	line=$(taskset -c "$cpu" "$build/bench/snmp_load" -t "$2" "${port[$1]}" $role "$seconds" "$3" $list)
	a1=$(cpu_ns "${agent[$1]:-}") m1=$(cpu_ns "${master[$1]:-}")
	echo "$line" | awk -v a=$((a1 - a0)) -v m=$((m1 - m0)) \
		'{ print $1 / $2, $1 / ($3 + (a + m) / 1e9), (a > 0 ? a : m) / 1000 / $1, $4, $5 }' >>"$work/$1.$2.$3"
}

# The median of a field of those lines.
cell() { cut -d' ' -f"$4" "$work/$1.$2.$3" | median; } # AGENT TABLE TEST FIELD

this_machine() { sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1; }
