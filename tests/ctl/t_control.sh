#!/bin/bash
# The control socket of a live rtmd: who may do what, what is said when something is
# refused, and that no client can disturb the others. No snmpd is needed: rtmd waits for
# one in the background.
set -u
export LC_ALL=C
build=${RTM_BUILDDIR:-$PWD}
rtmd=$build/agent/rtmd ctl=$build/agent/rtmctl probe=$build/tests/tools/ctl_probe
for program in "$rtmd" "$ctl" "$probe"; do
	[ -x "$program" ] || { echo "Bail out! no $program: run from the build directory"; exit 99; }
done
if [ -z "${RTM_TEST_TIMED:-}" ]; then
	RTM_TEST_TIMED=1 exec timeout -k 10 "${RTM_TEST_LIMIT:-240}" "$BASH" "$0" "$@"
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/rtm-ctl-XXXXXX") || exit 99
pids=''
cleanup() {
	status=$?
	for p in $pids; do kill "$p" 2>/dev/null; done
	for p in $pids; do wait "$p" 2>/dev/null; done
	[ $status = 0 ] || tail -n 40 "$dir"/*.log | sed 's/^/# /'
	rm -rf "$dir"
	exit $status
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

cases=0 failed=0 ok=yes text=''
t() { done_case; text=$1 ok=yes; }
fail() { ok=no; echo "# $text: $*"; }
done_case() {
	[ -n "$text" ] || return 0
	cases=$((cases + 1))
	if [ $ok = yes ]; then echo "ok $cases - $text"; else echo "not ok $cases - $text"; failed=$((failed + 1)); fi
	text=''
}
# is STATUS WORDS COMMAND...: the command ends with this status and says these words.
is() {
	local want=$1 words=$2 status
	shift 2
	"$@" >"$dir/said" 2>&1
	status=$?
	[ $status = "$want" ] || fail "$*: status $status, not $want: $(cat "$dir/said")"
	[ -z "$words" ] || grep -qF -- "$words" "$dir/said" || fail "$*: does not say \"$words\": $(cat "$dir/said")"
}
within() {
	local end=$((SECONDS + $1 + 1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}
gone() { ! kill -0 "$1" 2>/dev/null; }

conf() { # conf NAME LINES...
	{
		cat <<-END
			fib memory
			interface 1 lo 127.0.0.1/8,::1/128 type loopback
			interface 2 eth0 192.0.2.2/24,2001:db8::2/64,fe80::2/64 metric 10
			interface 3 eth1 198.51.100.2/24 metric 20
			agentXSocket $dir/agentx
			stateFile none
		END
		printf '%s\n' "${@:2}"
	} >"$dir/$1.conf"
}
start() { # start NAME: rtmd with NAME.conf; its pid in $pid
	"$rtmd" -f -L debug -c "$dir/$1.conf" >"$dir/$1.log" 2>&1 &
	pid=$!
	pids="$pids $pid"
}
end() { kill "$1" && within 10 gone "$1" && wait "$1"; }

export RTM_SOCKET=$dir/ctl
chmod 755 "$dir"
cp "$ctl" "$dir/rtmctl" 2>/dev/null # where another user can run it
other() { # as another user, with the group $group if one is set
	setpriv --reuid 65534 --regid "${group:-65533}" --clear-groups "$@"
}
if [ "$(id -u)" = 0 ] && setpriv --reuid 65534 --regid 65533 --clear-groups true 2>/dev/null &&
	other "$dir/rtmctl" -V >/dev/null 2>&1; then
	can_be_other=yes
else
	can_be_other=no
	# libtool's wrapper cannot be copied; a program built against shared libraries
	[ "$(id -u)" = 0 ] && other "$ctl" -V >/dev/null 2>&1 && can_be_other=yes && cp "$ctl" "$dir/rtmctl"
fi

conf main "controlSocket $dir/ctl"
start main
main=$pid
within 10 "$ctl" show status || { echo "Bail out! rtmd does not answer"; cat "$dir/main.log"; exit 1; }

t 'the daemon tells about itself'
is 0 "pid=$main" "$ctl" show status
is 0 'fib=memory' "$ctl" show status
is 0 'role=subagent' "$ctl" show status
is 0 'instances=1' "$ctl" show status
is 1 'ERROR_NOT_SUPPORTED' "$ctl" show store
is 0 '2 eth0 type 6' "$ctl" show interfaces
is 0 '2001:db8::2/64' "$ctl" show interfaces

t 'routes are created, changed, found and removed'
is 0 '' "$ctl" add 10.1.0.0/16 via 192.0.2.1 dev eth0 metric 20
is 0 '' "$ctl" add 2001:db8:1::/48 via fe80::1 dev 2
is 0 '' "$ctl" add 10.9.0.0/16 type blackhole
is 0 '10.1.0.0/16 via 192.0.2.1 dev eth0 metric 20 total 30 proto netmgmt' "$ctl" show routes
is 0 '2001:db8:1::/48 via fe80::1' "$ctl" show routes
is 0 'blackhole' "$ctl" show routes 10.9.0.0/16
is 0 '10.1.0.0/16 via 192.0.2.1 dev eth0 from 192.0.2.2' "$ctl" best 10.1.2.3
is 0 '' "$ctl" change 10.1.0.0/16 via 192.0.2.1 dev eth0 metric 7
is 0 'metric 7 total 17' "$ctl" show routes 10.0.0.0/8
[ "$("$ctl" show routes 10.0.0.0/8 | wc -l)" = 2 ] || fail "$("$ctl" show routes 10.0.0.0/8)"
is 0 '' "$ctl" delete 10.1.0.0/16 via 192.0.2.1 dev eth0
is 0 '' "$ctl" delete 10.9.0.0/16 type blackhole
is 0 '' "$ctl" delete 2001:db8:1::/48 via fe80::1 dev eth0
[ -z "$("$ctl" show routes)" ] || fail "left: $("$ctl" show routes)"

t 'a refusal names the documented code and the member'
is 0 '' "$ctl" add 10.1.0.0/16 via 192.0.2.1 dev eth0
is 1 'ERROR_OBJECT_ALREADY_EXISTS 5010), because of the route' "$ctl" add 10.1.0.0/16 via 192.0.2.1 dev eth0
is 1 'ERROR_INVALID_PARAMETER 87), because of the prefix' "$ctl" add 10.1.0.1/16 via 192.0.2.1 dev eth0
is 1 'ERROR_NOT_FOUND 1168), because of the interface' "$ctl" add 10.2.0.0/16 via 192.0.2.1 dev 99
is 1 'because of the next hop' "$ctl" add 10.2.0.0/16 via 127.0.0.1 dev eth0
is 1 'because of the metric' "$ctl" add 10.2.0.0/16 via 192.0.2.1 dev eth0 metric 4294967294
is 1 'ERROR_NOT_FOUND' "$ctl" delete 10.7.0.0/16 via 192.0.2.1 dev eth0
is 1 'no such interface' "$ctl" add 10.2.0.0/16 dev nowhere
is 0 '' "$ctl" delete 10.1.0.0/16 via 192.0.2.1 dev eth0

t 'a wrong command line is status 2 and asks nobody'
is 2 'no such command' "$ctl" frobnicate
is 2 'not ADDRESS/LENGTH' "$ctl" add 10.1.0.0/33 dev eth0
is 2 'not an address' "$ctl" add 10.1.0.0/16 via x dev eth0
is 2 'not a number' "$ctl" add 10.1.0.0/16 dev eth0 metric -1
is 2 'is none of' "$ctl" add 10.1.0.0/16 through eth0
is 2 'said twice' "$ctl" add 10.1.0.0/16 dev eth0 dev eth1
is 2 'needs a value' "$ctl" add 10.1.0.0/16 dev
is 2 'too much' "$ctl" show status now
is 3 'no rtmd to ask' "$ctl" -s "$dir/nothing" show status

t 'changes are heard of'
"$ctl" monitor 4 >"$dir/heard.log" 2>&1 &
monitor=$!
pids="$pids $monitor"
heard_enough() { # what was changed before it subscribed is not heard: go on changing
	"$ctl" add 203.0.113.0/24 dev eth1 && "$ctl" delete 203.0.113.0/24 dev eth1 && gone $monitor
}
within 20 heard_enough || fail 'not enough was heard'
wait $monitor || fail 'the monitor failed'
grep -q '^added 203.0.113.0/24 dev eth1$' "$dir/heard.log" || fail "$(cat "$dir/heard.log")"
grep -q '^removed 203.0.113.0/24 dev eth1$' "$dir/heard.log" || fail "$(cat "$dir/heard.log")"

t 'names of rows are made and read, and the daemon agrees with them'
is 0 '.1.3.6.1.2.1.4.24.7.1.17.1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1 i 4' "$ctl" snmpset 10.1.0.0/16 via 192.0.2.1 dev eth0
is 0 '.7.1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1 i 2' "$ctl" snmpset 10.1.0.0/16 via 192.0.2.1 dev eth0
is 0 '.12.1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1 i 9' "$ctl" snmpset 10.1.0.0/16 via 192.0.2.1 dev 2 metric 9
is 0 'i 5' "$ctl" snmpset 10.1.0.0/16 type blackhole
is 0 '.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.3 i 3' "$ctl" snmpset ::/0 via fe80::1 dev 3
is 2 'which interface' "$ctl" snmpset 10.1.0.0/16 via 192.0.2.1
is 1 'bits beyond' "$ctl" snmpset 10.1.0.1/16 via 192.0.2.1 dev 2
is 1 'different families' "$ctl" snmpset 10.1.0.0/16 via fe80::1 dev 2
is 0 '10.1.0.0/16 via 192.0.2.1 policy 0.0' "$ctl" decode 1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1
is 0 'inetCidrRouteTable column 7: 10.1.0.0/16 via 192.0.2.1' "$ctl" decode .1.3.6.1.2.1.4.24.7.1.7.1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1
is 0 'policy 0.0.3 (interface 3)' "$ctl" decode 1.4.192.0.2.0.24.3.0.0.3.0.0
is 0 'ipCidrRouteTable column 1: 10.1.0.0/16 via 192.0.2.1 tos 0' "$ctl" decode 1.3.6.1.2.1.4.24.4.1.1.10.1.0.0.255.255.0.0.0.192.0.2.1
is 0 '.17.1.4.203.0.113.0.24.2.0.0.1.4.0.0.0.0 i 4' "$ctl" -z snmpset 203.0.113.0/24 dev 3
is 0 '.17.1.4.203.0.113.0.24.2.0.0.0.0 i 4' "$ctl" snmpset 203.0.113.0/24 dev 3
is 0 '.17.2.16.32.1.13.184.0.7.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 i 4' "$ctl" -z snmpset 2001:db8:7::/48 dev 2
is 0 '203.0.113.0/24 on-link policy 0.0.3' "$ctl" decode 1.4.203.0.113.0.24.3.0.0.3.1.4.0.0.0.0
is 1 'beyond its length' "$ctl" decode 1.4.10.1.0.1.16.2.0.0.0.0
is 1 'no row' "$ctl" decode 1.4.10.1
is 2 'in numbers' "$ctl" decode 1..2
for route in '10.1.0.0/16 via 192.0.2.1 dev 2' '0.0.0.0/0 via 192.0.2.1 dev 2' \
	'198.51.100.0/24 dev 3' '2001:db8:7::/48 via fe80::9 dev 2' '2001:db8:7::/64 dev 2'; do
	# shellcheck disable=SC2086
	oid=$("$ctl" snmpset $route | sed -n 's/.*\(\.1\.3[.0-9]*\) i 4$/\1/p' | tail -n 1)
	"$ctl" decode "$oid" | grep -qF "${route%% dev*}" || fail "$route: $oid: $("$ctl" decode "$oid" 2>&1)"
done

t 'what is no request is answered and closed'
is 0 '' "$probe" "$dir/ctl" garbage
is 0 '' "$probe" "$dir/ctl" version

t 'random requests of every type disturb nobody'
is 0 '' "$probe" "$dir/ctl" random 20000
kill -0 "$main" || fail 'rtmd is gone'
"$ctl" show routes >"$dir/said" || fail 'the table cannot be read'
while read -r prefix rest; do # what a random create made
	fail "a random request made $prefix $rest"
done <"$dir/said"

t 'a slow reader is cut off, and nobody waits for it'
is 0 '' "$probe" "$dir/ctl" slow
grep -q 'cut off.*reads too slowly' "$dir/main.log" || fail 'the log does not say so'

t 'a client may ask for much at once'
is 0 '' "$probe" "$dir/ctl" churn 500
is 0 '' "$probe" "$dir/ctl" fill 1000
[ "$("$ctl" show routes | wc -l)" = 1000 ] || fail "$("$ctl" show routes | wc -l) of 1000 routes are shown"
[ "$("$ctl" show routes 10.0.4.0/22 | wc -l)" = 4 ] || fail "$("$ctl" show routes 10.0.4.0/22)"
"$ctl" show routes | sort -t. -k1,1n -k2,2n -k3,3n -c || fail 'they are out of order'
is 0 '' "$probe" "$dir/ctl" pipeline 500
is 0 '' "$probe" "$dir/ctl" empty 1000
[ -z "$("$ctl" show routes)" ] || fail 'the table is not empty'

t 'another user may read, and is refused changes'
if [ $can_be_other = yes ]; then
	is 0 '' "$ctl" add 10.1.0.0/16 via 192.0.2.1 dev eth0
	is 0 '10.1.0.0/16' other "$dir/rtmctl" show routes
	is 1 'ERROR_ACCESS_DENIED 5' other "$dir/rtmctl" delete 10.1.0.0/16 via 192.0.2.1 dev eth0
	is 1 'ERROR_ACCESS_DENIED 5' other "$dir/rtmctl" add 10.2.0.0/16 via 192.0.2.1 dev eth0
	# an error of arguments is told before: it does not depend on who asks
	is 1 'ERROR_INVALID_PARAMETER' other "$dir/rtmctl" add 10.2.0.1/16 via 192.0.2.1 dev eth0
	grep -q 'refused=ERROR_ACCESS_DENIED' "$dir/main.log" || fail 'the log does not say so'
	[ "$("$ctl" show routes | wc -l)" = 1 ] || fail 'the table has changed'
	is 0 '' "$ctl" delete 10.1.0.0/16 via 192.0.2.1 dev eth0
else
	echo '#   SKIPPED: only root can become another user'
fi

t 'the crowd of one user does not lock out who may change'
if [ $can_be_other = yes ]; then
	cp "$probe" "$dir/ctl_probe"
	is 0 16 other "$dir/ctl_probe" "$dir/ctl" crowd 40
fi
is 0 "pid=$main" "$ctl" show status

t 'the socket goes with the daemon, and nothing is left alive in it'
end "$main" || fail 'rtmd does not end'
[ ! -e "$dir/ctl" ] || fail 'the socket is still there'
grep -q 'leak' "$dir/main.log" && fail "$(grep leak "$dir/main.log")"

t 'members of controlGroup may change'
if [ $can_be_other = yes ]; then
	conf group "controlSocket $dir/ctl" 'controlGroup 65530'
	start group
	within 10 "$ctl" show status || fail 'rtmd does not answer'
	is 1 'ERROR_ACCESS_DENIED' other "$dir/rtmctl" add 10.2.0.0/16 via 192.0.2.1 dev eth0
	group=65530
	is 0 '' other "$dir/rtmctl" add 10.2.0.0/16 via 192.0.2.1 dev eth0
	group=''
	is 0 '' setpriv --reuid 65534 --regid 65533 --groups 7,65530 "$dir/rtmctl" delete 10.2.0.0/16 via 192.0.2.1 dev eth0
	end "$pid" || fail 'rtmd does not end'
else
	echo '#   SKIPPED: only root can become another user'
fi

t 'a dead socket is replaced, a living one and another file are not'
conf main "controlSocket $dir/ctl 600"
start main
main=$pid
within 10 "$ctl" show status || fail 'rtmd does not answer'
[ "$(stat -c %a "$dir/ctl")" = 600 ] || fail "mode $(stat -c %a "$dir/ctl")"
conf second "controlSocket $dir/ctl"
"$rtmd" -f -c "$dir/second.conf" >"$dir/second.log" 2>&1
[ $? = 1 ] || fail 'the second starts'
grep -q 'in use by another process' "$dir/second.log" || fail "$(cat "$dir/second.log")"
is 0 "pid=$main" "$ctl" show status
kill -9 "$main"
wait "$main" 2>/dev/null
[ -S "$dir/ctl" ] || fail 'kill -9 leaves no socket: the case means nothing'
start main
main=$pid
within 10 "$ctl" show status || fail 'the dead socket is not replaced'
end "$main"
echo mine >"$dir/ctl"
"$rtmd" -f -c "$dir/second.conf" >"$dir/second.log" 2>&1
[ $? = 1 ] && grep -q 'is not a socket' "$dir/second.log" || fail "$(cat "$dir/second.log")"
[ "$(cat "$dir/ctl")" = mine ] || fail 'somebody else'\''s file is gone'

t 'a wrong line is an error with its number'
for line in 'controlSocket ctl' 'controlSocket /x 999' 'controlSocket /x 666 y' 'controlGroup no-such-group' \
	"controlSocket /$(printf 'x%.0s' {1..150})"; do
	conf wrong "$line"
	"$rtmd" -t -c "$dir/wrong.conf" >"$dir/wrong.log" 2>&1
	[ $? = 1 ] && grep -q 'wrong.conf: line 7' "$dir/wrong.log" || fail "$line: $(cat "$dir/wrong.log")"
done

done_case
echo "1..$cases"
[ $failed = 0 ]
