#!/bin/bash
# rtmd without snmpd, in its direct role: who may ask, what a view hides, what is answered at
# all. Cases M1 to M23. What the tables do is in the other scripts, which t_direct_suite.sh
# runs in this role.
export RTM_DIRECT=yes
. "$(dirname "$0")/lib.sh"

SNMPD_CONF_MORE='
view columns included .1.3.6.1.2.1.4.24.7.1.8
view columns included .1.3.6.1.2.1.4.24.7.1.12
rocommunity somecolumns 127.0.0.1 -V columns
view rows included .1.3.6.1.2.1.4.24.7.1.0.1.4.10.50 ff:df
rocommunity somerows 127.0.0.1 -V rows
view most included .1
view most excluded .1.3.6.1.2.1.4.24.7.1.12.1.4.10.50
view most excluded .1.3.6.1.2.1.4.24.7.1.17
rocommunity most 127.0.0.1 -V most
view tables included .1.3.6.1.2.1.4.24
view cidronly included .1.3.6.1.2.1.4.24.4
rwcommunity cidr 127.0.0.1 -V cidronly
rocommunity elsewhere 192.0.2.77
createUser auth SHA "authentic-auth"
rwuser auth auth -V tables
createUser weak SHA "authentic-weak" AES "private-weak"
rouser weak noauth'
RTMD_CONF_MORE='sysName a-router
sysLocation  behind the door
engineID direct-test
instance 7 red
com2sec -Cn red redsec 127.0.0.1 redcommunity
group redgroup v2c redsec
view all included .1
access redgroup red any noauth exact all all none'
world

silent() { # CREDENTIALS...: a GET gets no answer
	local out
	# shellcheck disable=SC2086
	out=$(snmpget "$@" -On -r0 -t 1 "$HOST" $Z.8.0 2>&1)
	case $out in Timeout*) ;; *) fail "$*: $out" ;; esac
}
get_as() { # CREDENTIALS OID
	# shellcheck disable=SC2086
	snmpget $1 -On -Oqv -r0 -t 5 "$HOST" "$2" 2>&1
}
walk_as() { # CREDENTIALS OID [OPTIONS]: names of a GETBULK walk
	local cred=$1 oid=$2
	shift 2
	# shellcheck disable=SC2086
	snmpbulkwalk $cred -On -Oq -r0 -t 5 "$@" "$HOST" "$oid" 2>&1 | grep -v 'No more variables' | sed 's/ .*//'
}
user3() { echo "-v3 -u $1 -l ${3:-authPriv} -a SHA -A authentic-$2 -x AES -X private-$2"; }

t M1 'the system group: who it is, since when, and the names of the configuration'
value_is a-router .1.3.6.1.2.1.1.5.0
value_is 'behind the door' .1.3.6.1.2.1.1.6.0
value_is nobody .1.3.6.1.2.1.1.4.0
value_is $M.3.1 .1.3.6.1.2.1.1.2.0
value_is 4 .1.3.6.1.2.1.1.7.0
case $(value .1.3.6.1.2.1.1.1.0) in rtmd\ *Linux*) ;; *) fail "sysDescr is $(value .1.3.6.1.2.1.1.1.0)" ;; esac
a=$(snmpget $RO -Oqvt "$HOST" .1.3.6.1.2.1.1.3.0)
later() { [ "$(snmpget $RO -Oqvt "$HOST" .1.3.6.1.2.1.1.3.0)" -gt "$a" ]; }
within 5 later || fail 'sysUpTime stands still'
got=$(snmpwalk $RO -On -Oq "$HOST" .1.3.6.1.2.1.1 | sed 's/ .*//' | tr '\n' ' ')
want=$(for i in 1 2 3 4 5 6 7; do echo ".1.3.6.1.2.1.1.$i.0"; done | tr '\n' ' ')
[ "$got" = "$want" ] || fail "system group: $got"
refused 17/1 .1.3.6.1.2.1.1.5.0 s other
refused 17/4 $(mk_args $X) .1.3.6.1.2.1.1.6.0 s other
value_is noSuchObject .1.3.6.1.2.1.1.5.1

t M2 'whom no line lets in gets no answer, and changes nothing'
before=$(snapshot)
silent -v2c -c nobody
silent -v1 -c nobody
silent -v2c -c elsewhere
silent -v2c -c ''
out=$(snmpset -v2c -c nobody -On -r0 -t 1 "$HOST" $(mk_args $X) 2>&1)
case $out in Timeout*) ;; *) fail "a SET of nobody: $out" ;; esac
got=$(snmpset_ei '-v2c -c public' $(mk_args $X))
[ "$got" = 6/1 ] || fail "SET by a community that may only read: $got"
out=$(get_as "$(user3 stranger stranger)" $Z.8.0)
case $out in *'nknown user name'*) ;; *) fail "an unknown user: $out" ;; esac
out=$(get_as "$(user3 rw ro)" $Z.8.0)
case $out in *uthentication*) ;; *) fail "a wrong passphrase: $out" ;; esac
[ "$before" = "$(snapshot)" ] || fail 'the table changed'

t M3 'SNMPv3: each level is enough for whom it is set, and less is not'
RW3=$(user3 rw rw) AUTH3='-v3 -u auth -l authNoPriv -a SHA -A authentic-auth'
# shellcheck disable=SC2046
{
	got=$(snmpset_ei "$RW3" $(mk_args $X))
	[ "$got" = 0/0 ] || fail "authPriv: $got"
	got=$(snmpset_ei "$AUTH3" $(mk_args $Y))
	[ "$got" = 0/0 ] || fail "authNoPriv: $got"
	got=$(snmpset_ei "$AUTH3" $I.17.$X i 6 $I.17.$Y i 6)
	[ "$got" = 0/0 ] || fail "destroy: $got"
	got=$(snmpset_ei "$(user3 rw rw authNoPriv)" $(mk_args $X))
	[ "$got" = 16/0 ] || fail "less than priv: $got"
	got=$(snmpset_ei '-v3 -u auth -l noAuthNoPriv' $(mk_args $X))
	[ "$got" = 16/0 ] || fail "less than auth: $got"
}
[ "$(get_as '-v3 -u weak -l noAuthNoPriv' $Z.6.0)" = 0 ] || fail 'noAuthNoPriv where that is allowed'
case $(get_as "$AUTH3" .1.3.6.1.2.1.1.5.0) in *'No Such'*) ;; *) fail 'the view does not hold' ;; esac
empty

# 120 rows, 100 of them in 10.50.0.0/16, between those of 10.40 and 10.60.
for i in $(seq 1 100); do echo "10.50.$i"; done >"$dir/nets"
for i in 1 2 3 4 5 6 7 8 9 10; do printf '10.40.%s\n10.60.%s\n' $i $i; done >>"$dir/nets"
sed 's/.*/1.4.&.0.24.2.0.0.1.4.192.0.2.1/' "$dir/nets" | sort -t. -k3,3n -k4,4n -k5,5n >"$dir/indexes"
sed "s/.*/set $I.7.& i 2 $I.8.& i 4 $I.17.& i 4/" "$dir/indexes" | pdu | grep -vx 0/0 | sed 's/^/# filling: /'

names() { # COLUMN PATTERN: the names that rows matching the pattern have in the column
	grep -- "$2" "$dir/indexes" | sed "s/^/$I.$1./"
}
same() { # GOT WANT WHAT
	[ "$1" = "$2" ] || fail "$3: $(changed "$2" "$1")"
}

t M4 'GETBULK of any shape gives the rows, in order, each once'
for r in 1 2 3 10 50 119 120 121 500; do
	same "$(walk_as "$RO" $I.12 -Cr$r)" "$(names 12 .)" "-Cr$r"
done
same "$(walk_as "-v3 -u weak -l noAuthNoPriv" $I.12 -Cr60)" "$(names 12 .)" 'SNMPv3'
same "$(walk_as "$RO" $I -Cr40)" "$(for c in 7 8 9 10 11 12 13 14 15 16 17; do names $c .; done)" 'all columns'
got=$(echo "bulk 1 3 $Z.6 $I.7 $I.12 $I.17" | pdu | sed 's/^[^ ]*$//; s/ .*//' | grep .)
want=$(echo $Z.6.0 && head -n 3 "$dir/indexes" | while read -r x; do printf '%s\n' $I.7.$x $I.12.$x $I.17.$x; done)
same "$got" "$want" 'three columns and a non-repeater'

t M5 'a walk of everything ascends from the system group to the end'
snmpbulkwalk $RO -On -Oq -Cr30 "$HOST" .1 >"$dir/all" 2>&1 || fail "$(tail -n 1 "$dir/all")"
snmpwalk $RO -On -Oq -CE .2 "$HOST" .1 >"$dir/all1" 2>&1
sed 's/ .*//' "$dir/all" | grep -c . | grep -qx "$(sed 's/ .*//' "$dir/all1" | grep -c .)" ||
	fail "GETBULK: $(wc -l <"$dir/all") lines, GETNEXT: $(wc -l <"$dir/all1")"
grep -q "^$M" "$dir/all" || fail 'RTM-MIB is not there'

t M6 'a view of some columns shows these, in every repetition of a GETBULK'
for r in 1 7 50 300; do
	same "$(walk_as '-v2c -c somecolumns' .1 -Cr$r)" "$(names 8 . && names 12 .)" "-Cr$r"
done
same "$(snmpwalk -v2c -c somecolumns -On -Oq "$HOST" .1 2>&1 | grep -v 'No more' | sed 's/ .*//')" \
	"$(names 8 . && names 12 .)" GETNEXT
same "$(snmpwalk -v1 -c somecolumns -On -Oq "$HOST" $I.8 2>&1 | grep -v 'End of' | sed 's/ .*//')" "$(names 8 .)" v1
case $(get_as '-v2c -c somecolumns' $I.7.$(head -n 1 "$dir/indexes")) in *'No Such'*) ;; *) fail 'GET shows a hidden column' ;; esac

t M7 'a view of some rows shows these in every column, and no neighbour'
want=$(for c in 7 8 9 10 11 12 13 14 15 16 17; do names $c '^1.4.10.50.'; done)
for r in 1 9 100 300; do
	same "$(walk_as '-v2c -c somerows' .1 -Cr$r)" "$want" "-Cr$r"
done
got=$(echo "bulk 0 60 $I.7 $I.17" | "$PDU" -H "127.0.0.1:$port" -c somerows | sed 's/ .*//' | grep "^$I" | grep -vc '\.1\.4\.10\.50\.')
[ "$got" = 0 ] || fail "$got names outside the view in one GETBULK"

t M8 'a view that leaves out some rows of a column and a whole column'
want=$(for c in 7 8 9 10 11; do names $c .; done; names 12 '^1.4.10.40.'; names 12 '^1.4.10.60.'
	for c in 13 14 15 16; do names $c .; done)
for r in 1 25 200; do
	same "$(walk_as '-v2c -c most' $I -Cr$r)" "$want" "-Cr$r"
done
out=$(snmpbulkget -v2c -c most -On -Oq -Cr3 "$HOST" $I.16.$(tail -n 1 "$dir/indexes") 2>&1 | head -n 1)
case $out in "$Z.8.0 "*) ;; *) fail "behind the last visible column comes: $out" ;; esac

t M9 'a view that allows writing through one table does so through no other'
K=10.9.0.0.255.255.0.0.0.192.0.2.1
# shellcheck disable=SC2046
got=$(snmpset_ei '-v2c -c cidr' $(mk_args $X))
[ "$got" = 6/1 ] || fail "inetCidrRouteTable: $got"
got=$(snmpset_ei '-v2c -c cidr' $C.5.$K i 2 $C.6.$K i 4 $C.16.$K i 4)
[ "$got" = 0/0 ] || fail "ipCidrRouteTable: $got"
got=$(snmpset_ei '-v2c -c cidr' $C.16.$K i 6 $I.17.$X i 6)
[ "$got" = 6/2 ] || fail "both in a PDU: $got"
has_row 1.4.10.9.0.0.16.2.0.0.1.4.192.0.2.1
got=$(snmpset_ei '-v2c -c cidr' $C.16.$K i 6)
[ "$got" = 0/0 ] || fail "destroy: $got"

t M10 'a response is cut to what the manager can take'
got=$(snmpbulkget -v2c -c public -On -Oq -r0 -Cr1500 "$HOST" $I.7 2>&1 | sed 's/ .*//' | grep -c "^$I")
[ "$got" -gt 300 ] || fail "one GETBULK of 1500 repetitions: $got names"
same "$(snmpbulkwalk -v3 -u weak -l noAuthNoPriv -On -Oq -r0 -Cr1500 "$HOST" $I.7 2>&1 | sed 's/ .*//')" "$(names 7 .)" 'SNMPv3'

t M11 'a context is asked for as behind snmpd'
RED='-v2c -c redcommunity'
# shellcheck disable=SC2046
got=$(snmpset_ei "$RED" $(mk_args $X))
[ "$got" = 0/0 ] || fail "SET in red: $got"
[ "$(walk_as "$RED" .1.3.6.1.2.1.4.24.7.1.17)" = $I.17.$X ] || fail "red shows $(walk_as "$RED" $I.17)"
lacks_row $X
case $(get_as "$RED" .1.3.6.1.2.1.1.5.0) in *'No Such'*) ;; *) fail 'the system group is in every context' ;; esac
[ "$(get_as "$RW3 -n red" $I.17.$X)" = 1 ] || fail 'SNMPv3 in red'

t M12 'an engine that keeps its name is trusted after a restart'
# What a manager notes down of the engine in discovery: its name, and boots.
engine() {
	snmpget -v3 -u weak -l noAuthNoPriv -Dlcd_set_enginetime "$HOST" .1.3.6.1.2.1.1.3.0 2>&1 |
		sed -n 's/.*engineID \(.*\): boots=\([0-9]*\), time.*/\1 \2/p' | tail -n 1
}
one=$(engine)
stop_rtmd
[ "$rtmd_status" = 0 ] || fail "status $rtmd_status"
sleep 1.1 # boots is in seconds, and this is what must pass between two starts
start_rtmd
two=$(engine)
[ "${one% *}" = "${two% *}" ] || fail "the engine was ${one% *} and is ${two% *}"
[ "${one##* }" -gt 100000000 ] || fail "boots: $one"
[ "${two##* }" -gt "${one##* }" ] || fail "boots: $one, then $two"
case $(get_as "$RW3" $Z.6.0) in # with a state file the rows are there again
'' | *[!0-9]*) fail 'no answer after the restart' ;;
esac

t M13 'over TCP and over a local socket, many managers, coming and going'
restart_rtmd_with "snmpListen tcp:127.0.0.1:$port
snmpListen unix:$dir/snmp.sock
view all included .1
com2secunix localsec default local
group localgroup v2c localsec
access localgroup \"\" any noauth exact all none none"
for i in 1 2 3 4 5; do
	[ "$(snmpget $RO -Oqv -t 5 "tcp:127.0.0.1:$port" $Z.6.0 2>&1)" = 0 ] || fail "TCP: $i"
done
got=$(snmpset -v2c -c private -On -t 5 "tcp:127.0.0.1:$port" $(mk_args $X) 2>&1 | tail -n 1)
[ "$got" = "$I.17.$X = INTEGER: 4" ] || fail "SET over TCP: $got"
pids=''
for i in $(seq 1 8); do
	snmpbulkwalk $RO -On -Oq -t 5 "tcp:127.0.0.1:$port" $I >"$dir/tcp.$i" 2>&1 &
	pids="$pids $!"
done
# shellcheck disable=SC2086
wait $pids
for i in $(seq 1 8); do [ "$(wc -l <"$dir/tcp.$i")" = 11 ] || fail "$i: $(head -n 1 "$dir/tcp.$i")"; done
[ "$(snmpget -v2c -c local -Oqv -t 5 "unix:$dir/snmp.sock" $Z.6.0 2>&1)" = 1 ] || fail "unix: $(snmpget -v2c -c local -Oqv -t 5 "unix:$dir/snmp.sock" $Z.6.0 2>&1)"
forty=$(for i in $(seq 40); do mk_args 1.4.10.7.$i.0.24.2.0.0.1.4.192.0.2.1; done)
# shellcheck disable=SC2086
snmpset -v2c -c private -On -t 20 "tcp:127.0.0.1:$port" $forty >"$dir/forty" 2>&1 || fail "120 varbinds over TCP: $(head -n 2 "$dir/forty")"
value_is 41 $Z.6.0
seq 40 | sed "s/.*/set $I.17.1.4.10.7.&.0.24.2.0.0.1.4.192.0.2.1 i 6/" | pdu | grep -vx 0/0 | sed 's/^/# left: /'
mk $Y
destroy $Y

t M17 'a manager that does not read its answers is cut off, and holds up nobody'
for where in "tcp:127.0.0.1:$port private" "unix:$dir/snmp.sock local"; do
	perl "$top_src/tests/tools/deaf_manager.pl" $where 100 >"$dir/deaf" 2>&1 &
	deaf=$!
	extra_pids=$deaf
	slow=0
	for i in 1 2 3 4 5 6; do
		[ "$(snmpget $RO -Oqv -r0 -t 15 "$HOST" $Z.3.0 2>&1)" = 1 ] || slow=$((slow + 1))
	done
	[ $slow = 0 ] || fail "$where: $slow of 6 requests of others were not answered"
	gone_within 100 $deaf || fail "$where: it goes on"
	wait $deaf
	extra_pids=''
	grep -q '^cut off' "$dir/deaf" || fail "$where: $(tail -n 1 "$dir/deaf")"
done
[ "$(rtmd_count 'does not read its answers')" = 2 ] || fail "the log has $(rtmd_count 'does not read its answers') lines of it"

t M18 'more connections than there is room for: the others go on, and it is over when they are'
perl "$top_src/tests/tools/deaf_manager.pl" "tcp:127.0.0.1:$port" -idle 400 >"$dir/idle" 2>&1 &
idle=$!
extra_pids=$idle
within 20 grep -q '^connected' "$dir/idle" || fail "$(tail -n 1 "$dir/idle")"
value_is 1 $Z.3.0
[ "$(find "/proc/$rtmd_pid/fd" | wc -l)" -lt 300 ] || fail "$(find "/proc/$rtmd_pid/fd" | wc -l) descriptors"
kill $idle
wait $idle 2>/dev/null
extra_pids=''
tcp_answers() { [ "$(snmpget $RO -Oqv -r0 -t 2 "tcp:127.0.0.1:$port" $Z.3.0 2>&1)" = 1 ]; }
within 20 tcp_answers || fail 'TCP is not served any more'

t M19 'messages that are none, and it goes on'
perl -e 'srand 7; use IO::Socket::INET;
	my $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => "127.0.0.1:$ARGV[0]") or die;
	my $good = pack "H*", "302602010104067075626c6963a019020104020100020100300e300c06082b060102010103000500";
	for (1 .. 3000) {
		my $m = $good;
		if ($_ % 3 == 0) { $m = join "", map { chr int rand 256 } 1 .. int rand 300 }
		else { substr($m, int rand length $m, 1) = chr int rand 256 for 0 .. int rand 4;
			$m = substr $m, 0, int rand length $m if $_ % 7 == 0 }
		send $s, $m, 0;
		select undef, undef, undef, 0.001 if $_ % 50 == 0;
	}' "$port"
within 10 rtmd_answers || fail 'no answer any more'
value_is 1 $Z.3.0

t M20 'it listens where it was told, and nowhere else'
listening() {
	ls -l "/proc/$rtmd_pid/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\].*/\1/p' >"$dir/inodes"
	cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 2>/dev/null |
		awk -v f="$dir/inodes" 'BEGIN { while ((getline i < f) > 0) mine[i] = 1 }
			mine[$10] && ($4 == "0A" || $4 == "07") { print $2 }'
}
want=$(printf '0100007F:%04X\n0100007F:%04X' "$port" "$port")
[ -n "${RTM_WRAP:-}" ] || [ "$(listening)" = "$want" ] || fail "it listens at $(echo $(listening))"

t M14 'snmpd passes requests on with its proxy line'
HOST_DIRECT=$HOST port_direct=$port
cat >"$dir/snmpd.conf" <<END
rwcommunity private 127.0.0.1
rocommunity public 127.0.0.1
proxy -v 2c -c private 127.0.0.1:$port_direct .1.3.6.1.2.1.4.24
END
RTM_DIRECT=no
world_up=no port=''
start_snmpd
[ "$(snmpget -v2c -c private -Oqv -t 5 "$HOST" $I.17.$X 2>&1)" = 1 ] || fail 'GET through snmpd'
got=$(snmpset_ei "-v2c -c private" $(mk_args $Y))
[ "$got" = 0/0 ] || fail "SET through snmpd: $got"
got=$(snmpset_ei "-v2c -c private" $I.17.$Y i 4)
[ "$got" = 12/1 ] || fail "a refusal through snmpd: $got"
HOST=$HOST_DIRECT port=$port_direct RTM_DIRECT=yes
has_row $Y

t M21 'over IPv6, with a community of its own'
if [ -e /proc/net/if_inet6 ] && grep -q ' lo$' /proc/net/if_inet6; then
	restart_rtmd_with "snmpListen udp6:[::1]:$port
snmpListen tcp6:[::1]:$port
rocommunity6 six ::1"
	for proto in udp6 tcp6; do
		got=$(snmpget -v2c -c six -Oqv -r0 -t 5 "$proto:[::1]:$port" $Z.3.0 2>&1)
		[ "$got" = 0 ] || fail "$proto: $got"
	done
	silent -v2c -c six
	out=$(snmpget -v2c -c public -Oqv -r0 -t 1 "udp6:[::1]:$port" $Z.3.0 2>&1)
	case $out in Timeout*) ;; *) fail "a community of IPv4 over IPv6: $out" ;; esac
else
	echo "# not run: $case_no - the loopback has no IPv6 here"
	case_text=''
fi

t M22 'in the background: listening before the terminal is left, or status 1'
stop_rtmd
RTMD_CONF_MORE=''
write_rtmd_conf
sed -i "s,^controlSocket.*,controlSocket $dir/control," "$dir/rtmd.conf"
SNMPCONFPATH=$dir timeout 20 "$RTMD" -c "$dir/rtmd.conf" >"$dir/background.log" 2>&1
status=$?
[ $status = 0 ] || fail "status $status: $(tail -n 1 "$dir/background.log")"
said=$("$build/agent/rtmctl" -s "$dir/control" show status 2>&1)
rtmd_pid=$(printf '%s\n' "$said" | sed -n 's/^pid=//p')
printf '%s\n' "$said" | grep -qx 'role=agent' || fail "its status lacks the role: $(echo $said)"
if [ -z "$rtmd_pid" ]; then
	fail 'there is no daemon'
else
	within 5 rtmd_answers || fail 'it does not answer'
	SNMPCONFPATH=$dir timeout 20 "$RTMD" -c "$dir/rtmd.conf" >"$dir/second.log" 2>&1
	status=$?
	[ $status = 1 ] || fail "a second one: status $status"
	sed -i "s,^controlSocket.*,controlSocket $dir/control2," "$dir/rtmd.conf"
	SNMPCONFPATH=$dir timeout 20 "$RTMD" -c "$dir/rtmd.conf" >"$dir/second.log" 2>&1
	status=$?
	[ $status = 1 ] || fail "a second one at the same address: status $status"
	grep -q "listen address=$HOST: Address already in use" "$dir/second.log" || fail "it says: $(tail -n 1 "$dir/second.log")"
	kill -TERM "$rtmd_pid"
	gone_within 10 "$rtmd_pid" || fail 'SIGTERM does not end it'
fi
rtmd_pid=''
write_rtmd_conf
start_rtmd

t M23 'hosts.allow and hosts.deny say who may come in, and a change counts at once'
if [ -e /etc/hosts.allow ] && [ -e /etc/hosts.deny ] && unshare -rm true 2>/dev/null; then
	cat >"$dir/own_hosts" <<-'END'
		#!/bin/sh
		for file in hosts.allow hosts.deny; do
			mount --bind "$HOSTS_DIR/$file" "/etc/$file" || exit 99
		done
		exec "$@"
	END
	chmod +x "$dir/own_hosts"
	export HOSTS_DIR=$dir
	: >"$dir/hosts.allow"
	echo '# nobody is kept out' >"$dir/hosts.deny"
	is_silent() { ! rtmd_answers 1; }
	stop_rtmd
	RTM_WRAP="unshare -rm $dir/own_hosts" start_rtmd
	echo 'rtmd: 127.0.0.1' >>"$dir/hosts.deny"
	within 10 is_silent || fail 'a rule in hosts.deny does not count'
	logs 'REFUSED' 10
	echo 'rtmd: 127.0.0.0/255.0.0.0' >"$dir/hosts.allow"
	within 10 rtmd_answers || fail 'a rule in hosts.allow does not count'
	: >"$dir/hosts.allow"
	within 10 is_silent || fail 'a rule that is gone counts still'
	echo '# nobody is kept out' >"$dir/hosts.deny"
	within 10 rtmd_answers || fail 'the last rule is gone, and there is no answer'
	stop_rtmd
	start_rtmd
else
	echo '# no mount namespaces here, or no such files: hosts.allow and hosts.deny are not tried'
fi

t M15 'without a community or user nobody is answered'
stop_rtmd
cat >"$dir/rtmd.conf" <<END
snmpListen $HOST
fib memory
interface 2 eth0 192.0.2.2/24 metric 10
stateFile none
controlSocket none
END
spawn_rtmd
logs 'neither a community nor a user' 20
wakes() { tail -n 3 "$dir/rtmd.log" | grep -q 'ready .*role=agent'; }
within 20 wakes || fail 'it does not start'
for c in public private '' rtmd; do
	silent -v2c -c "$c"
	silent -v1 -c "$c"
done
out=$(get_as "$RW3" $Z.8.0)
case $out in *'nknown user name'*) ;; *) fail "SNMPv3: $out" ;; esac
rtmd_ends_clean

t M16 'an address that cannot be listened at ends the program with status 1'
spawn_rtmd
within 20 wakes || fail 'it does not start'
for a in "$HOST" udp:192.0.2.77:1161 "tcp:192.0.2.77:1161" unix:/nonexistent/sock; do
	sed "s,^snmpListen.*,snmpListen $a," "$dir/rtmd.conf" >"$dir/second.conf"
	SNMPCONFPATH=$dir timeout 20 "$RTMD" -f -c "$dir/second.conf" >"$dir/second.log" 2>&1
	status=$?
	[ $status = 1 ] || fail "$a: status $status"
	grep -q "^err: agx: listen address=$a: " "$dir/second.log" || fail "$a: $(tail -n 1 "$dir/second.log")"
done
rtmd_ends_clean

finish
