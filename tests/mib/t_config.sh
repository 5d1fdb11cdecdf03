#!/bin/bash
# rtmd -t: what is wrong in a configuration is said with file and line, status 1, before
# anything starts; and the options that only print.
. "$(dirname "$0")/lib.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/rtm-mib.XXXXXX") || exit 99
conf=$dir/rtmd.conf
good='interface 2 eth0 192.0.2.2/24,2001:db8::2/64 metric 10'

try() { # the file is written; leaves $status and $said
	said=$(SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir timeout 20 ${RTM_WRAP:-} "$RTMD" -t -c "$conf" 2>&1)
	status=$?
}
accepts() {
	printf '%s\n' "$@" >"$conf"
	try
	[ $status = 0 ] || fail "refused ($status): $*: $said"
}
refuses() { # LINE-NUMBER LINES...
	local at=$1
	shift
	printf '%s\n' "$@" >"$conf"
	try
	[ $status = 1 ] || fail "status $status, expected 1: $*"
	case $said in *"$conf"*) ;; *) fail "does not name the file: $*: $said" ;; esac
	printf '%s\n' "$said" | grep -Eq "(line |:) *$at([^0-9]|$)" || fail "does not name line $at: $*: $said"
}

t F1 'good configurations'
accepts 'fib memory'
accepts "$good"
accepts '# nothing but a comment'
accepts 'fib memory' 'interface 1 lo 127.0.0.1/8,::1/128 type loopback' "$good" \
	'interface 3 eth1 198.51.100.2/24 metric 20' 'rowTimeout 60' 'agentxPriority 90' \
	'metricDefault 5' 'stateFile none' 'controlSocket none' 'agentXSocket /tmp/x'

t F2 'an unknown token'
refuses 1 'nonsense 1'
refuses 2 'fib memory' 'interfaces 2 eth0 192.0.2.2/24'
refuses 3 'fib memory' '' 'Preloads x'

t F3 'values that cannot be'
refuses 1 'fib plutonium'
refuses 1 'fib'
refuses 1 'rowTimeout soon'
refuses 1 'rowTimeout -1'
refuses 1 'rowTimeout'
refuses 1 'agentxPriority 0'
refuses 1 'agentxPriority 256'
refuses 1 'agentxPriority high'
refuses 1 'metricDefault -1'
refuses 1 'metricDefault x'

t F3a 'what managers may do, and how the tables look'
accepts 'ipRouteTable no' 'onLinkNextHop zero' 'readOnly yes' 'maxRows 4294967295' \
	'protect 10.0.0.0/8' 'protect 10.1.0.0/16' 'protect 2001:db8::/32' 'protect 0.0.0.0/0' \
	'allowWrite 203.0.113.7/32' 'allowWrite ::/0' 'maxRows 1'
accepts 'iprouteTABLE YES' 'onlinknexthop Unknown' 'READONLY No'
for token in ipRouteTable readOnly; do
	refuses 1 $token
	refuses 1 "$token maybe"
	refuses 2 'fib memory' "$token 1"
	refuses 1 "$token yes no"
	refuses 2 "$token yes" "$token nein"
done
refuses 1 'onLinkNextHop'
refuses 1 'onLinkNextHop yes'
refuses 1 'onLinkNextHop zeros'
refuses 1 'onLinkNextHop zero unknown'
for token in protect allowWrite; do
	refuses 1 $token
	for value in all 10.0.0.0 10.0.0.0/33 10.0.0.0/ 10.0.0.0/-1 10.0.0.0/08 10.0.0/8 \
		'10.0.0.0/8 10.1.0.0/16' 10.0.0.0/8,10.1.0.0/16 10.0.0.1/8 2001:db8::/129 \
		2001:db8::1/32 fe80::%2/64 10.0.0.0/255.0.0.0; do
		refuses 1 "$token $value"
		refuses 3 "$token 203.0.113.0/24" '' "$token $value" 'fib memory'
	done
	refuses 2 "$token 10.0.0.0/8" "$token 10.0.0.0/8"
done
case $said in *'there already'*) ;; *) fail "does not say why: $said" ;; esac
refuses 1 'protect 10.1.2.3/16'
case $said in *10.1.0.0/16*) ;; *) fail "does not name the network: $said" ;; esac
for value in '' 0 -1 many 4294967296 18446744073709551617 '5 6' 5x; do
	refuses 1 "maxRows $value"
done

t F4 'interfaces that cannot be'
refuses 1 'interface'
refuses 1 'interface 2'
refuses 1 'interface two eth0 192.0.2.2/24'
refuses 1 'interface 0 eth0 192.0.2.2/24'
refuses 1 'interface -1 eth0 192.0.2.2/24'
refuses 1 'interface 4294967297 eth0 192.0.2.2/24'
refuses 1 'interface 2 eth0 192.0.2.2/33'
refuses 1 'interface 2 eth0 192.0.2/24'
refuses 1 'interface 2 eth0 192.0.2.2'
refuses 1 'interface 2 eth0 192.0.2.256/24'
refuses 1 'interface 2 eth0 2001:db8::2/129'
refuses 1 'interface 2 eth0 2001:db8::2::/64'
refuses 1 'interface 2 eth0 192.0.2.2/24 metric'
refuses 1 'interface 2 eth0 192.0.2.2/24 metric -1'
refuses 1 'interface 2 eth0 192.0.2.2/24 metric much'
refuses 1 'interface 2 eth0 192.0.2.2/24 type imaginary'
refuses 1 'interface 2 eth0 192.0.2.2/24 colour blue'
refuses 2 "$good" 'interface 2 eth1 198.51.100.2/24'
refuses 2 "$good" 'interface 3 eth0 198.51.100.2/24'

t F10 'instances that cannot be'
accepts 'instance 7 red' 'instance 65535 vrf-blue'
accepts "$good" "instance 7 red preload /dev/null preload /dev/null"
refuses 1 'instance'
refuses 1 'instance 7'
refuses 1 'instance 0 red'
refuses 1 'instance -1 red'
refuses 1 'instance 65536 red'
refuses 1 'instance seven red'
refuses 1 'instance 7 ""'
refuses 1 'instance 7 abcdefghijklmnopqrstuvwxyz0123456'
refuses 1 'instance 7 red green'
refuses 1 'instance 7 red preload'
refuses 1 "instance 7 red preload $dir/nowhere"
refuses 2 'instance 7 red' 'instance 7 blue'
refuses 2 'instance 7 red' 'instance 8 red'
mapfile -t many < <(seq 127 | sed 's/.*/instance & c&/')
accepts "${many[@]:0:126}"
refuses 127 "${many[@]}"
echo garbage >"$dir/bad.routes"
printf '%s\n' "$good" "instance 7 red preload $dir/bad.routes" >"$conf"
try
[ $status = 1 ] || fail "a wrong preload file of an instance: status $status"
case $said in *"$dir/bad.routes: line 1"*) ;; *) fail "does not name file and line: $said" ;; esac

t F11 'the direct role: addresses, names, and who has which token'
accepts 'snmpListen udp:127.0.0.1:1161' 'rocommunity public 127.0.0.1'
accepts 'snmpListen udp:1161' 'snmpListen tcp:127.0.0.1:1161' 'snmpListen udp6:[::1]:1161' 'snmpListen unix:/tmp/x'
accepts 'sysName a' 'sysContact b' 'sysLocation c' 'createUser u SHA "long enough" AES "also long"' 'rwuser u priv' \
	'engineID x' 'snmpListen udp:localhost:1161'
for address in 127.0.0.1:1161 udp: udp:127.0.0.1 udp:127.0.0.1:0 udp:127.0.0.1:65536 udp:127.0.0.1:-1 udp:127.0.0.256:1161 \
	udp:127.0.0.1:snmp udp6:127.0.0.1:1161 ipx:1161 unix:here 'udp:127.0.0.1:1161 x' \
	"unix:/$(printf 'x%.0s' $(seq 120))"; do
	refuses 2 'fib memory' "snmpListen $address"
done
refuses 1 'snmpListen'
refuses 2 'snmpListen udp:1161' "sysName $(printf 'x%.0s' $(seq 256))"
refuses 2 'snmpListen udp:1161' 'agentAddress udp:1162'
refuses 2 'snmpListen udp:1161' 'rwcommunity'
refuses 2 'snmpListen udp:1161' 'createUser u SHA "short"'
refuses 3 'snmpListen udp:1161' '' 'nonsense 1'
# Without snmpListen these are snmpd's affair.
refuses 1 'rocommunity public 127.0.0.1'
refuses 1 'createUser u SHA "long enough"'
refuses 1 'sysName a'
printf '%s\n' 'snmpListen udp:1161' 'agentXSocket /tmp/x' >"$conf"
try
[ $status = 1 ] || fail "agentXSocket beside snmpListen: status $status"

t F5 'paths that cannot be used'
refuses 2 "$good" "preload $dir/nowhere"
refuses 1 'preload'
refuses 1 "stateFile $dir/no/such/directory/state"
refuses 1 'stateFile rows.db'
refuses 1 "stateFile $dir/"
refuses 1 'stateFile'

t F6 'a preload file with a wrong line is refused by name and line'
preload=$dir/routes
for line in '10.1.0.0/33 192.0.2.1 eth0 5' '10.1.0.1/16 192.0.2.1 eth0 5' '10.1.0.0/16 192.0.2.1 eth9 5' \
	'10.1.0.0/16 192.0.2.1 eth0 -5' '10.1.0.0/16 192.0.2.1 eth0' '10.1.0.0/16 2001:db8::1 eth0 5' 'garbage'; do
	printf '10.9.0.0/16 192.0.2.1 eth0 5\n%s\n' "$line" >"$preload"
	printf '%s\n' 'fib memory' "$good" "preload $preload" >"$conf"
	try
	[ $status = 1 ] || fail "status $status: $line"
	case $said in *"$preload"*) ;; *) fail "does not name the file: $line: $said" ;; esac
	printf '%s\n' "$said" | grep -Eq "(line |:) *2([^0-9]|$)" || fail "does not name line 2: $line: $said"
done

t F7 'a configuration that is not there'
rm -f "$conf"
try
[ $status = 1 ] || fail "status $status"
case $said in *"$conf"*) ;; *) fail "does not name the file: $said" ;; esac

t F8 'a wrong configuration keeps rtmd from starting'
printf 'fib plutonium\n' >"$conf"
said=$(SNMPCONFPATH=$dir timeout 20 "$RTMD" -f -c "$conf" 2>&1)
status=$?
[ $status = 1 ] || fail "status $status"
case $said in *"$conf"*) ;; *) fail "does not name the file: $said" ;; esac

t F9 '-V and -h print and succeed; an unknown option does not'
out=$("$RTMD" -V 2>&1) || fail '-V fails'
case $out in *rtm*[0-9].[0-9]*) ;; *) fail "-V: $out" ;; esac
out=$("$RTMD" -h 2>&1) || fail '-h fails'
for o in -f -c -L -V -h -t; do case $out in *"$o"*) ;; *) fail "-h does not tell of $o" ;; esac; done
timeout 20 "$RTMD" --nonsense >"$dir/out" 2>&1 && fail 'an unknown option succeeds'
timeout 20 "$RTMD" -L shouting -t -c /dev/null >"$dir/out" 2>&1 && fail 'an unknown log level succeeds'
timeout 20 "$RTMD" -t -c "$conf" stray >"$dir/out" 2>&1 && fail 'a stray argument succeeds'

t F11 'notifications: kinds, prefixes, owners, rate'
accepts 'notify added removed changed refused' 'notifyPrefix 10.0.0.0/8' 'notifyPrefix 2001:db8::/32' \
	'notifyOwner snmp kernel' 'notifyOwner ospf isIs' 'notifyRate 1000'
accepts 'notify ADDED' 'notify removed' 'notifyRate 1'
refuses 1 'notify everything'
refuses 1 'notify'
refuses 2 'notify added' 'notify added remove'
refuses 1 'notifyPrefix 10.0.0.0'
refuses 1 'notifyPrefix 10.1.0.0/8'
refuses 1 'notifyPrefix 10.0.0.0/33'
refuses 2 'notifyPrefix 10.0.0.0/8' 'notifyPrefix 10.0.0.0/8'
refuses 1 'notifyOwner root'
refuses 1 'notifyOwner'
refuses 1 'notifyRate 0'
refuses 1 'notifyRate 1001'
refuses 1 'notifyRate often'

finish
