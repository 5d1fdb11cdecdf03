# What the SNMP tests have in common: a private snmpd and a private rtmd in a
# directory of their own, on a free port of the loopback, and ways to ask them.
#
# The problem is to be exact (error-status and error-index, not "it failed"), to
# leave nothing behind on any way out, and to run many scripts at once. So each
# script has its own directory, socket and port; nothing waits for a fixed time, it
# polls with a deadline; every process is ended by its id; and the real snmpset,
# snmpget and snmpwalk do the asking. Where their output does not tell enough (an
# OID twice in a PDU, more than 128 varbinds), tests/tools/snmp_pdu asks instead. What the
# functions here read to see the state of things - single values, rows, all of it before
# and after a refusal - one snmp_pdu reads that stays (the reader, below): these are most
# requests of all, and starting a program costs ten times the answer.
#
# A script is:   . "$(dirname "$0")/lib.sh"; world; t 1 'sentence'; ...; finish
# Each `t' begins a reported case. What fails inside says so with `fail', or through
# one of the *_is functions, and goes on; `ok N - sentence' is printed for a case in
# which nothing failed.
#
# From outside: RTM_BUILDDIR (default: the current directory, as under make check),
# RTMD (default $RTM_BUILDDIR/agent/rtmd), RTM_WRAP (a command in front of rtmd, such
# as valgrind), RTM_KEEP=1 (leave the directory), RTM_TEST_LIMIT (seconds, 240), RTM_DIRECT=yes
# (no snmpd: rtmd in its direct role, for scripts that do not need the other).

set -u
export LC_ALL=C MIBS= MIBDIRS=/nonexistent

if [ -z "${RTM_TEST_TIMED:-}" ]; then
	RTM_TEST_TIMED=1 exec timeout -k 10 "${RTM_TEST_LIMIT:-240}" "$BASH" "$0" "$@"
fi

mib_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top_src=$(cd "$mib_dir/../.." && pwd)
build=${RTM_BUILDDIR:-$PWD}
RTMD=${RTMD:-$build/agent/rtmd}
PDU=$build/tests/tools/snmp_pdu
MASTER="perl $top_src/tests/tools/agentx_master.pl"
data=$top_src/tests/data

# rtmd counts its own blocks of memory (`leak:' in its log fails a script); what the
# libraries under it lose is theirs.
export LSAN_OPTIONS=suppressions=$mib_dir/lsan.supp:print_suppressions=0

[ -x "$RTMD" ] || { echo "Bail out! no $RTMD: run from the build directory"; exit 99; }
[ -x "$PDU" ] || { echo "Bail out! no $PDU: make check builds it"; exit 99; }
PATH=$PATH:/usr/sbin:/sbin
for tool in snmpd snmpset snmpget snmpgetnext snmpwalk snmpbulkget snmpbulkwalk perl; do
	command -v $tool >/dev/null || { echo "Bail out! no $tool"; exit 99; }
done

# The names of the specification.
I=.1.3.6.1.2.1.4.24.7.1
C=.1.3.6.1.2.1.4.24.4.1
F=.1.3.6.1.2.1.4.24.2.1
Z=.1.3.6.1.2.1.4.24
X=1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1
Y=1.4.10.2.0.0.16.2.0.0.1.4.192.0.2.1

# snmpd's own route tables off, as README recommends; OWN_TABLES=yes leaves them on.
NO_OWN="-I -smux,mteTrigger,mteTriggerConf,inetCidrRouteTable,ipCidrRouteTable"
WITH_OWN="-I -smux,mteTrigger,mteTriggerConf"
OWN_TABLES=${OWN_TABLES:-no}

# ---- reporting -------------------------------------------------------------------

cases_run=0 cases_failed=0 case_no='' case_text='' case_ok=yes case_open=''

close_case() {
	[ -n "$case_text" ] || return 0
	if [ -n "$case_open" ] && [ $case_ok = no ]; then
		echo "open $case_no - $case_text: $case_open"
		case_text=''
		return 0
	fi
	[ -z "$case_open" ] || fail 'it holds now: make it an ordinary case'
	cases_run=$((cases_run + 1))
	if [ $case_ok = yes ]; then
		echo "ok $case_no - $case_text"
	else
		cases_failed=$((cases_failed + 1))
		echo "not ok $case_no - $case_text"
	fi
	case_text=''
}

t() { # t NUMBER SENTENCE
	close_case
	case_no=$1 case_text=$2 case_ok=yes case_open=''
}

# The case is known not to hold, for this reason. It is printed as `open' and not counted;
# once it holds, the script fails until this line is taken out.
known_open() { case_open=$1; }

# The present case is about snmpd: in the direct role it is named and not run.
behind_snmpd() {
	is_direct || return 0
	echo "# not in the direct role: $case_no - $case_text"
	case_text=''
	return 1
}

fail() {
	case_ok=no
	echo "# case $case_no: $*"
	[ ! -s "$dir/rtmd.log" ] || tail -n 4 "$dir/rtmd.log" | sed 's/^/#     rtmd then: /'
}

finish() {
	close_case
	echo "1..$cases_run"
	check_rtmd_log || cases_failed=$((cases_failed + 1))
	[ $cases_failed = 0 ] && [ $cases_run -gt 0 ] && exit 0
	exit 1
}

# ---- the world -------------------------------------------------------------------

dir='' port='' snmpd_pid='' rtmd_pid='' reader_pid='' extra_pids='' world_up=no

on_exit() {
	local status=$?
	trap - EXIT TERM INT HUP
	for p in $extra_pids $reader_pid $rtmd_pid $snmpd_pid; do
		kill -CONT "$p" 2>/dev/null
		kill -TERM "$p" 2>/dev/null
	done
	for p in $extra_pids $reader_pid $rtmd_pid $snmpd_pid; do
		gone_within 5 "$p" || kill -KILL "$p" 2>/dev/null
		wait "$p" 2>/dev/null
	done
	if [ $status != 0 ] && [ -n "$dir" ]; then
		for log in "$dir"/*.log; do
			[ -s "$log" ] && { echo "# ---- the end of ${log##*/}"; tail -n 40 "$log" | sed 's/^/# /'; }
		done
	fi
	if [ -n "${RTM_KEEP:-}" ]; then
		echo "# kept: $dir"
	elif [ -n "$dir" ]; then
		rm -rf "$dir"
	fi
	exit $status
}
trap on_exit EXIT
trap 'exit 143' TERM INT HUP

# within SECONDS COMMAND...: poll until the command succeeds or the time is over.
within() {
	local end=$((SECONDS + $1 + 1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

# Ended, or a zombie that only waits for us.
is_gone() {
	local s=''
	{ read -r s <"/proc/$1/stat"; } 2>/dev/null
	s=${s##*) } # behind the name, which may hold anything
	case $s in '' | [ZX]*) ;; *) return 1 ;; esac
}
gone_within() { within "$1" is_gone "$2"; }

# RTM_DIRECT=yes, from outside: managers speak to rtmd, and the lines that let them in, which
# are the same, stand in its file.
is_direct() { [ "${RTM_DIRECT:-no}" = yes ]; }

# For what only snmpd can show: a case with objects of its own, a script about its session.
needs_snmpd() {
	is_direct || return 0
	echo 'Bail out! this script is about snmpd'
	exit 99
}

who_may() {
	cat <<-END
		maxGetbulkResponses 2000
		rocommunity public 127.0.0.1
		rwcommunity private 127.0.0.1
		createUser rw SHA "authentic-rw" AES "private-rw"
		createUser ro SHA "authentic-ro" AES "private-ro"
		rwuser rw priv
		rouser ro priv
		sysContact nobody
	END
	[ -z "${SNMPD_CONF_MORE:-}" ] || printf '%s\n' "$SNMPD_CONF_MORE"
}

write_snmpd_conf() {
	is_direct && return 0
	cat >"$dir/snmpd.conf" <<-END
		master agentx
		agentXSocket $dir/agentx
		agentXTimeout 2
		agentXRetries 0
		dontLogTCPWrappersConnects yes
	END
	who_may >>"$dir/snmpd.conf"
	# sysContact in the file is read-only; case 56 wants one that can be written.
	[ -z "${SYSCONTACT_WRITABLE:-}" ] || sed -i '/^sysContact/d' "$dir/snmpd.conf"
}

# Who begins to listen after a question never heard it. So the first ones after a start wait for a
# short time, and the later ones for as long as a slow machine may need: patience N, in seconds.
patience() {
	local waits=(0.05 0.05 0.1 0.1 0.2 0.4)
	seconds=${waits[$1]:-1}
}
snmpd_answers() { # [SECONDS]
	snmpget -v2c -c public -r0 -t "${1:-1}" "$HOST" .1.3.6.1.2.1.1.3.0
}

any_port() {
	port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
	HOST=udp:127.0.0.1:$port
}

start_snmpd() { # on $port if there is one already, else on a free one
	local try own=$NO_OWN tame=''
	is_direct && return 0
	if [ "$OWN_TABLES" = yes ]; then
		own=$WITH_OWN
		# What reaches its own tables is not to change the machine's routes.
		[ "$(id -u)" != 0 ] || tame='setpriv --bounding-set -net_admin --inh-caps -net_admin'
	fi
	for try in 1 2 3 4 5 6 7 8 9 10; do
		[ -n "$port" ] || any_port
		# shellcheck disable=SC2086
		SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/persist \
			$tame snmpd -f -C -c "$dir/snmpd.conf" -Lf "$dir/snmpd.log" -p "$dir/snmpd.pid" \
			$own "$HOST" >>"$dir/snmpd.out.log" 2>&1 &
		snmpd_pid=$!
		local end=$((SECONDS + 20)) asked=0 seconds
		while [ $SECONDS -lt $end ] && ! is_gone $snmpd_pid; do
			patience $((asked++))
			snmpd_answers $seconds >/dev/null 2>&1 && ! is_gone $snmpd_pid && return 0
			sleep 0.05
		done
		is_gone $snmpd_pid || kill -KILL $snmpd_pid 2>/dev/null
		wait $snmpd_pid 2>/dev/null
		[ "$world_up" = yes ] || port='' # somebody else has it; a restart must keep its own
	done
	echo "Bail out! snmpd does not start"
	exit 99
}

# RTM_STORE=yes, from outside too: rtmd remembers its rows in a file of this world. Scripts
# that are about that say KEEPS_ROWS=yes; others count on an empty table after a restart.
state_file() {
	if [ "${RTM_STORE:-no}" = yes ]; then echo "$dir/state.db"; else echo none; fi
}

# The fixture: loopback, a network on 2, another with a larger metric on 3.
write_rtmd_conf() {
	if is_direct; then
		[ -n "$port" ] || any_port
		echo "snmpListen $HOST" >"$dir/rtmd.conf"
		who_may >>"$dir/rtmd.conf"
	else
		echo "agentXSocket unix:$dir/agentx" >"$dir/rtmd.conf"
	fi
	cat >>"$dir/rtmd.conf" <<-END
		fib memory
		interface 1 lo 127.0.0.1/8,::1/128 type loopback
		interface 2 eth0 192.0.2.2/24,2001:db8::2/64,fe80::2/64 metric 10
		interface 3 eth1 198.51.100.2/24 metric 20
		stateFile $(state_file)
		controlSocket none
	END
	[ -z "${RTMD_CONF_MORE:-}" ] || printf '%s\n' "$RTMD_CONF_MORE" >>"$dir/rtmd.conf"
}

# inetCidrRouteDiscards: nobody but rtmd serves it.
rtmd_answers() { # [SECONDS]
	snmpget -v2c -c public -r0 -t "${1:-1}" -Oqv "$HOST" $Z.8.0 2>/dev/null | grep -q '^[0-9]'
}

spawn_rtmd() { # leaves rtmd_pid
	# shellcheck disable=SC2086
	SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/persist-rtmd \
		${RTM_WRAP:-} "$RTMD" -f -c "$dir/rtmd.conf" -L "${RTMD_LOG:-info}" >>"$dir/rtmd.log" 2>&1 &
	rtmd_pid=$!
}

# In the direct role, at the start of the world: somebody else has the port.
has_no_port() {
	is_direct && [ "$world_up" = no ] && is_gone $rtmd_pid &&
		tail -n 5 "$dir/rtmd.log" | grep -q 'listen address=.*in use'
}

start_rtmd() {
	spawn_rtmd
	local end=$((SECONDS + ${RTMD_START_LIMIT:-60})) asked=0 seconds
	until patience $((asked++)); rtmd_answers $seconds; do
		if has_no_port; then
			any_port
			write_rtmd_conf
			spawn_rtmd
		fi
		if is_gone $rtmd_pid || [ $SECONDS -ge $end ]; then
			echo "Bail out! rtmd does not start"
			exit 99
		fi
		sleep 0.05
	done
}

stop_rtmd() { # the exit status goes to $rtmd_status
	kill -TERM "$rtmd_pid" 2>/dev/null
	await_rtmd "$@"
}

await_rtmd() { # [SECONDS]
	gone_within "${1:-20}" "$rtmd_pid" || kill -KILL "$rtmd_pid"
	wait "$rtmd_pid" 2>/dev/null
	rtmd_status=$?
	rtmd_pid=''
}

# Start rtmd anew with these lines more in its configuration.
restart_rtmd_with() {
	stop_rtmd
	[ "$rtmd_status" = 0 ] || fail "rtmd ended with status $rtmd_status"
	RTMD_CONF_MORE=$1
	[ "${KEEPS_ROWS:-no}" = yes ] || rm -f "$dir"/state.db*
	write_rtmd_conf
	start_rtmd
}

kill_snmpd() {
	is_direct && needs_snmpd
	kill -KILL $snmpd_pid
	wait $snmpd_pid 2>/dev/null
}

world() {
	dir=$(mktemp -d "${TMPDIR:-/tmp}/rtm-mib.XXXXXX") || exit 99
	mkdir "$dir/persist" "$dir/persist-rtmd"
	write_snmpd_conf
	write_rtmd_conf
	start_snmpd
	start_rtmd
	start_reader
	world_up=yes
	base_rows=$(rows | wc -l)
	base_number=$(value $Z.6.0)
}

# A finding of a sanitizer or of valgrind in rtmd's log fails the script.
check_rtmd_log() {
	[ -n "$dir" ] && [ -f "$dir/rtmd.log" ] || return 0
	if grep -E 'ERROR: (Address|Leak)Sanitizer|runtime error:|definitely lost: [1-9]|Invalid (read|write)|uninitialised|warn: main: leak:|warn: rtm: left' \
		"$dir/rtmd.log"; then
		echo "not ok - rtmd's log is free of memory errors and leaks"
		return 1
	fi
}

# Ends rtmd in the ordinary way and looks at what it says of itself.
rtmd_ends_clean() {
	stop_rtmd
	[ "$rtmd_status" = 0 ] || fail "rtmd ended with status $rtmd_status"
	check_rtmd_log || fail 'memory errors'
}

# ---- asking ----------------------------------------------------------------------

RW="-v2c -c private" RO="-v2c -c public"

error_number() {
	case $1 in
	noError) echo 0 ;; tooBig) echo 1 ;; noSuchName) echo 2 ;; badValue) echo 3 ;;
	readOnly) echo 4 ;; genErr | genError) echo 5 ;; noAccess) echo 6 ;; wrongType) echo 7 ;;
	wrongLength) echo 8 ;; wrongEncoding) echo 9 ;; wrongValue) echo 10 ;; noCreation) echo 11 ;;
	inconsistentValue) echo 12 ;; resourceUnavailable) echo 13 ;; commitFailed) echo 14 ;;
	undoFailed) echo 15 ;; authorizationError) echo 16 ;; notWritable) echo 17 ;;
	inconsistentName) echo 18 ;; *) echo "?$1" ;;
	esac
}

# One snmpset; prints error-status/error-index. snmpset names the object at fault,
# which gives the index as long as no OID stands there twice.
snmpset_ei() { # VERSION-AND-CREDENTIALS OID TYPE VALUE...
	local cred=$1 out reason object i=0
	shift
	# shellcheck disable=SC2086
	if out=$(snmpset $cred -On -r0 -t 20 "$HOST" "$@" 2>&1); then
		echo 0/0
		return
	fi
	printf '%s\n' "$out" >>"$dir/snmpset.log"
	reason=$(printf '%s\n' "$out" | sed -n 's/^Reason: *(*\([A-Za-z]*\).*/\1/p')
	if [ -z "$reason" ]; then
		printf '%s\n' "$out" | head -n 1
		return
	fi
	object=$(printf '%s\n' "$out" | sed -n 's/^Failed object: //p')
	if [ -n "$object" ]; then
		i=1
		while [ $# -gt 0 ] && [ ".${1#.}" != "$object" ]; do
			shift 3
			i=$((i + 1))
		done
		[ $# -gt 0 ] || i="?$object"
	fi
	echo "$(error_number "$reason")/$i"
}

pdu() { "$PDU" -H "127.0.0.1:$port" -c private "$@"; }

# set_is E/I OID TYPE VALUE...: the answer is exactly this. E/I may be a pattern of the
# shell where the rules leave a choice among the varbinds of a row: 14/[456].
set_is() {
	local want=$1 got
	shift
	got=$(snmpset_ei "$RW" "$@")
	# shellcheck disable=SC2254
	case $got in $want) ;; *) fail "set $*: $got, expected $want" ;; esac
}

# The same through snmp_pdu: any number of varbinds, the same OID as often as one likes.
pdu_set_is() {
	local want=$1 got
	shift
	got=$(echo "set $*" | pdu)
	[ "$got" = "$want" ] || fail "set $*: $got, expected $want"
}

# set_is, and a walk before and after is the same.
refused() {
	local before after
	before=$(snapshot)
	set_is "$@"
	after=$(snapshot)
	[ "$before" = "$after" ] || fail "refused, yet the table changed: $(changed "$before" "$after")"
}

changed() { diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") | grep '^[<>]' | head -n 5 | tr '\n' ';'; }

# The reader: one snmp_pdu for the whole script, which asks this HOST in the ordinary way.
# For one who asks at a time, so not for what runs in the background.
reader_host=''
start_reader() {
	mkfifo "$dir/to-reader" "$dir/from-reader" || exit 99
	"$PDU" -H "127.0.0.1:$port" -c public -t 3 <"$dir/to-reader" >"$dir/from-reader" 2>>"$dir/reader.log" &
	reader_pid=$!
	exec {to_reader}>"$dir/to-reader" {from_reader}<"$dir/from-reader"
	reader_host=$HOST
}
# Leaves the first line of the answer in $answer; status 1: to be asked in another way.
ask_reader() { # COMMAND OF snmp_pdu
	answer=''
	[ "$HOST $RO" = "$reader_host -v2c -c public" ] || return
	echo "$1" >&"$to_reader"
	IFS= read -r -t 60 answer <&"$from_reader"
}

# Everything below an OID, as snmp_pdu prints it.
walked() {
	local lines
	if ask_reader "to $dir/walked walk $1 50" && [ "$answer" = done ]; then
		mapfile lines <"$dir/walked"
		unset 'lines[-1]' # `end COUNT'
		printf '%s' "${lines[@]}"
	else
		echo "walk $1 50" | "$PDU" -H "127.0.0.1:$port" -c public 2>&1 | sed '/^end /d'
	fi
}

# The value of one object: a number, an OID, or noSuchObject, noSuchInstance.
value() {
	get_value "$1"
	echo "$got_value"
}
get_value() { # leaves it in $got_value
	local said
	if [ ${#1} -lt 300 ] && [[ $1 =~ ^\.?[0-9]+(\.[0-9]+)+$ ]] && ask_reader "get $1" && [ "$answer" = 0/0 ]; then
		IFS= read -r -t 60 answer <&"$from_reader"
		said=${answer#* }
		case $said in
		[iucao]' '*) got_value=${said#* } && return ;;
		noSuchObject | noSuchInstance) got_value=$said && return ;;
		esac
	fi
	got_value=$(snmpget_value "$1")
}
snmpget_value() {
	snmpget $RO -On -Oq -Ov -r1 -t 5 "$HOST" "$1" 2>&1 |
		sed -e 's/^No Such Instance.*/noSuchInstance/' -e 's/^No Such Object.*/noSuchObject/' -e 's/"//g'
}

value_is() { # VALUE OID
	get_value "$2"
	[ "$got_value" = "$1" ] || fail "$2 is $got_value, expected $1"
}

# Everything of the table but the ages, and the scalars (the discards only where
# refusals do not count among them).
snapshot() {
	local o scalars="$Z.3.0 $Z.6.0"
	[ "${COUNTS_DISCARDS:-no}" = yes ] || scalars="$scalars $Z.8.0"
	walked $I | grep -v "^$I\.10\."
	for o in $scalars; do
		get_value "$o"
		echo "$o $got_value"
	done
}

# The indexes of all rows, in the order of the walk of a column (default: the status).
rows() {
	local col=${1:-17}
	walked $I.$col | sed -n "s/^\\$I\\.$col\\.\\([0-9.]*\\) .*/\\1/p"
}

row_is_there() { rows | grep -qx "$1"; }
has_row() { row_is_there "$1" || fail "row $1 is missing"; }
lacks_row() { ! row_is_there "$1" || fail "row $1 is there"; }

# mk INDEX [IFINDEX [TYPE]]: test 1's three varbinds.
mk_args() { echo "$I.7.$1 i ${2:-2} $I.8.$1 i ${3:-4} $I.17.$1 i 4"; }
# shellcheck disable=SC2046
mk() { set_is 0/0 $(mk_args "$@"); }
# shellcheck disable=SC2046
mk_refused() { local want=$1; shift; refused "$want" $(mk_args "$@"); }
destroy() { set_is 0/0 $I.17.$1 i 6; }

# Destroy every row there is, so that the next case starts from an empty table.
empty() {
	local r
	rows | sed "s/.*/set $I.17.& i 6/" | pdu | grep -v '^0/0$' | sed 's/^/# left over, destroy answered /'
	r=$(rows | wc -l)
	[ "$r" = "$base_rows" ] || fail "$r rows are left over, $base_rows were there at the start"
	value_is "$base_number" $Z.6.0
}

# What the memory forwarder was told, as rtmd logs it.
rtmd_count() { grep -Ec -- "$1" "$dir/rtmd.log"; }
rtmd_logged() { grep -Eq -- "$1" "$dir/rtmd.log"; }
logs() { within "${2:-5}" rtmd_logged "$1" || fail "rtmd did not log: $1"; }

# ---- RTM-MIB ---------------------------------------------------------------------

# The module by its names. The standard modules it imports are not ours to ship; what the tests
# lend it instead is in tests/data/mibs. Net-SNMP brings its own module.
M=.1.3.6.1.4.1.8072.9999.9999.4292
NAMES=''
use_rtm_mib() {
	local theirs=/usr/share/snmp/mibs tool
	for tool in snmptranslate snmptable; do
		command -v $tool >/dev/null || { echo "Bail out! no $tool"; exit 99; }
	done
	[ -f $theirs/NET-SNMP-MIB.txt ] || { echo "Bail out! no NET-SNMP-MIB in $theirs"; exit 99; }
	NAMES="-m RTM-MIB -M $top_src/mibs:$data/mibs:$theirs"
}
rtm_value() { # NAME.INDEX
	snmpget $NAMES $RO -Oq -Ov -OU -Oe -r1 -t 5 "$HOST" "RTM-MIB::$1" 2>&1 | sed 's/"//g'
}
rtm_is() { # VALUE NAME.INDEX; enumerations by name
	local got
	got=$(snmpget $NAMES $RO -Oq -Ov -OU -r1 -t 5 "$HOST" "RTM-MIB::$2" 2>&1 | sed 's/"//g')
	[ "$got" = "$1" ] || fail "$2 is $got, expected $1"
}

# A walk of everything below a name ascends strictly, by Net-SNMP's check and by our own.
ascending() { # NAME
	snmpbulkwalk $RO -On -Oq -r1 -t 10 -Cr25 "$HOST" "$1" 2>&1 |
		sed '/No more variables left/d; s/ .*//; s/^\.//' |
		perl -ne 'BEGIN { @a = () } chomp; my @b = split /\./;
			my ($i, $o) = (0, 0);
			while ($i < @a && $i < @b && !$o) { $o = $a[$i] <=> $b[$i]; $i++ }
			if ($o > 0 || (!$o && @a >= @b)) { print "after @a comes @b\n"; exit 1 } @a = @b;
			END { exit 1 if @a < 2 }' >"$dir/ascending" ||
		fail "a walk of $1 does not ascend: $(cat "$dir/ascending")"
}
