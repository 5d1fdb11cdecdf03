#!/bin/bash
# What a change did to the routing table manager: bench_rtm of several commits, in turns, so
# that what the machine does besides meets all of them.
#
#   bench/commits.sh [-r ROUNDS] [-t TURNS] [-q LOAD] [COMMIT...] [-- ARGUMENTS OF bench_rtm]
#
# Run anywhere in a clone of the repository. Each commit (HEAD) is taken out into a temporary
# directory and configured and built there with -O2; then all take TURNS turns (3) of their own
# `bench_rtm -r ROUNDS' (3), in another order each time. Printed are medians of the turns, a
# commit a column, and above them what a read of memory waits at the beginning and at the end
# (bench_latency of the last commit that has it). -q: no turn begins before the load of the
# machine is below that; it waits half an hour for all turns together, then
# shows what it has, and ends with status 75.
set -eu
export LC_ALL=C
rounds=3 turns=3 quiet=''
usage() {
	sed -n 's/^#   bench/bench/p' "$0"
	exit 2
}
while getopts r:t:q: o; do
	case $o in
	r) rounds=$OPTARG ;;
	t) turns=$OPTARG ;;
	q) quiet=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
commits=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	commits+=("$(git rev-parse --verify --short "$1^{commit}")")
	shift
done
[ $# -eq 0 ] || shift
[ ${#commits[@]} -gt 0 ] || commits=("$(git rev-parse --short HEAD)")
n=${#commits[@]}

work=$(mktemp -d "${TMPDIR:-/tmp}/rtm-commits.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT

build() { # COMMIT
	local dir=$work/$1
	mkdir -p "$dir/build"
	git archive "$1" | tar -x -C "$dir"
	(
		cd "$dir"
		autoreconf -fi
		cd build
		../configure -q CFLAGS='-O2 -g'
		make -s bench/bench_rtm
		make -s bench/bench_latency || true # since later
	) >"$dir/log" 2>&1 || {
		tail -n 20 "$dir/log" >&2
		echo "commit $1 does not build" >&2
		exit 2
	}
}

waited=0
wait_for_quiet() {
	[ -n "$quiet" ] || return 0
	until awk -v most="$quiet" '{ exit !($1 < most) }' /proc/loadavg; do
		sleep 10
		waited=$((waited + 10))
		[ $waited -ge 1800 ] || continue
		echo "the load of the machine does not go below $quiet" >&2
		return 1
	done
}

latency() {
	local i
	for ((i = n - 1; i >= 0; i--)); do
		[ -x "$work/${commits[i]}/build/bench/bench_latency" ] || continue
		"$work/${commits[i]}/build/bench/bench_latency"
		echo
		return
	done
}

median() { sort -g | awk '{ v[NR] = $1 } END { if (NR == 0) print "-"; else print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

take_turns() {
	local turn i c
	for ((turn = 0; turn < turns; turn++)); do
		for ((i = 0; i < n; i++)); do
			c=${commits[(turn + i) % n]}
			wait_for_quiet || return 1
			# a line a figure: its name, two blanks or more, its value, its unit
			"$work/$c/build/bench/bench_rtm" -r "$rounds" "$@" |
				sed -n 's/^  \(.*[^ ]\)  *\([0-9.][0-9.]*\) \([^(]*[^ (]\)  *(.*/\1, \3\t\2/p' >>"$work/$c.figures"
			ran=$((ran + 1))
		done
	done
}

for c in "${commits[@]}"; do
	build "$c"
	: >"$work/$c.figures"
done
ran=0 status=0
if wait_for_quiet; then
	latency
	take_turns "$@" || status=75
	latency
else
	status=75
fi

line='|' dashes='| --- |'
for c in "${commits[@]}"; do line="$line | $c" dashes="$dashes --- |"; done
echo "$line |"
echo "$dashes"
cat "$work"/*.figures | cut -f1 | awk '!seen[$0]++' | while IFS= read -r figure; do
	line="| $figure"
	for c in "${commits[@]}"; do
		line="$line | $(awk -F'\t' -v f="$figure" '$1 == f { print $2 }' "$work/$c.figures" | median)"
	done
	echo "$line |"
done
echo
echo "$ran of $((turns * n)) turns of $rounds rounds, medians; load $(cut -d' ' -f1-3 /proc/loadavg) at the end; $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
exit $status
