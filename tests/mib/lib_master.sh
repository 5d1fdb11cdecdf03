# For scripts whose master is tests/tools/agentx_master.pl and no snmpd: what a real one cannot
# be made to do at a chosen moment. Sourced behind lib.sh.
#
#   own_master [LINES]  begins: the master listens, rtmd looks for it; LINES are for rtmd.conf,
#                   @ in them is the directory
#   say COMMAND     one line of its script
#   hears LINE WHAT its next line of output is this
#   accepted        it takes rtmd in; rtmd says that it is ready

own_master() {
	dir=$(mktemp -d "${TMPDIR:-/tmp}/rtm-mib.XXXXXX") || exit 99
	mkdir "$dir/persist-rtmd"
	[ $# = 0 ] || RTMD_CONF_MORE=${1//@/$dir}
	write_rtmd_conf
	mkfifo "$dir/to-master"
	: >"$dir/said"
	$MASTER "$dir/agentx" <"$dir/to-master" >>"$dir/said" 2>"$dir/master.log" &
	master_pid=$!
	extra_pids=$master_pid
	exec 8>"$dir/to-master" 7<"$dir/said"
	spawn_rtmd
}

say() { printf '%s\n' "$*" >&8; }
hear() { # into $heard, or `silence'
	local end=$((SECONDS + 25))
	heard=''
	until IFS= read -r heard <&7; do
		if [ $SECONDS -ge $end ] || is_gone "$master_pid"; then
			heard=silence
			return
		fi
		sleep 0.02
	done
}
hears() { # EXPECTED WHAT
	hear
	[ "$heard" = "$1" ] || fail "$2: $heard, expected $1"
}
# accept, and forget what was registered; the list is kept in $registered. How many there
# are rtmd says when it is ready.
is_ready() { tail -n +$((ready_mark + 1)) "$dir/rtmd.log" | grep -q 'agx: ready registrations='; }
accepted() {
	local count
	ready_mark=$(wc -l <"$dir/rtmd.log")
	say accept
	registered=''
	hears session 'a session is opened'
	within 25 is_ready || fail 'rtmd does not become ready'
	count=$(tail -n +$((ready_mark + 1)) "$dir/rtmd.log" |
		sed -n 's/.*agx: ready registrations=\([0-9]*\) .*/\1/p' | head -n 1)
	while [ "${count:-0}" -gt 0 ]; do
		hear
		registered="$registered $heard"
		case $heard in
		registered*) ;;
		*)
			fail "while registering: $heard"
			break
			;;
		esac
		count=$((count - 1))
	done
}
# rtmd asks the master for an object of its own before it says that it is ready; our
# master is not that clever, so nothing waits for it here.
