#!/bin/bash
# The session of the README, literally, but for port and directory.
. "$(dirname "$0")/lib.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/rtm-mib.XXXXXX") || exit 99

t D1 'what the README shows is what comes out'
for try in 1 2 3 4 5; do
	port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
	perl "$top_src/tests/tools/console.pl" "build/agent/rtmd=$RTMD" "/tmp/rtm-demo=$dir/demo" \
		"127.0.0.1:1161=127.0.0.1:$port" "$top_src/README.md" >"$dir/console.log" 2>&1
	status=$?
	# Somebody else had the port: that is not the README's fault.
	grep -q 'Error opening specified endpoint' "$dir/demo/snmpd.log" 2>/dev/null || break
	rm -rf "$dir/demo"
done
[ $status = 0 ] || fail "$(head -n 12 "$dir/console.log")"
cp "$dir"/demo/*.log "$dir" 2>/dev/null

t D2 'files, functions and structs that the documents name are in the tree'
perl "$top_src/tests/tools/doc_names.pl" "$top_src" "$top_src"/README.md "$top_src"/docs/architecture.md \
	"$top_src"/docs/testing.md "$top_src"/bench/README.md >"$dir/names.log" || fail "$(tr '\n' ';' <"$dir/names.log")"

finish
