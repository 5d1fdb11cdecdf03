#!/bin/bash
# rtmctl store check, export, import; show store.
. "$(dirname "$0")/lib.sh"
RTM_STORE=yes KEEPS_ROWS=yes
world
db=$dir/state.db
RTMD_CONF_MORE="controlSocket $dir/ctl"
write_rtmd_conf
stop_rtmd
start_rtmd
ctl() { "$build/agent/rtmctl" -s "$dir/ctl" "$@"; }
json() { python3 -c 'import json, sys
d = json.load(open(sys.argv[1])); rows = d["rows"]
exec(sys.argv[2])
json.dump(d, open(sys.argv[3], "w"))' "$@"; }
# import_refused FILE WORDS: status 1, the words, and the table is as before.
import_refused() {
	local file=$1 words=$2 before after
	shift 2
	before=$(snapshot)
	ctl store import "$@" "$file" >"$dir/said" 2>&1 && fail 'import succeeds'
	grep -q -- "$words" "$dir/said" || fail "does not say \"$words\": $(cat "$dir/said")"
	grep -q 'nothing was imported' "$dir/said" || fail "does not say that nothing was: $(cat "$dir/said")"
	after=$(snapshot)
	[ "$before" = "$after" ] || fail "the table changed: $(changed "$before" "$after")"
}

P=1.4.10.1.0.0.16.3.0.0.3.1.4.192.0.2.1
G=2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.2
Z2=4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.64.2.0.0.0.0
B=1.4.10.3.0.0.16.2.0.0.0.0
cidr=10.8.0.0.255.255.0.0.0.192.0.2.1
fill() {
	mk $X
	set_is 0/0 $I.7.$P i 3 $I.8.$P i 4 $I.17.$P i 4 $I.12.$P i 7 $I.13.$P i 8 $I.11.$P u 65001
	mk $G
	set_is 0/0 $I.7.$Z2 i 0 $I.8.$Z2 i 3 $I.17.$Z2 i 5
	set_is 0/0 $I.7.$B i 0 $I.8.$B i 5 $I.17.$B i 4
	set_is 0/0 $I.17.$Y i 5 $I.7.$Y i 99 $I.8.$Y i 4 $I.14.$Y i 3
	set_is 0/0 $C.6.$cidr i 4 $C.11.$cidr i 77 $C.9.$cidr o 1.3.6.1.4.1.5 $C.16.$cidr i 5
	ctl add 10.9.0.0/16 via 192.0.2.1 dev eth0 metric 33 || fail 'rtmctl add'
}

t J1 'check says that the file is whole, while rtmd uses it'
fill
ctl store check >"$dir/said" 2>&1 || fail "$(cat "$dir/said")"
grep -q "^$db: good, 8 rows$" "$dir/said" || fail "$(cat "$dir/said")"

t J2 'export, an empty table, import: every row is as it was'
ctl store export >"$dir/all.json" || fail 'export fails'
[ "$(json "$dir/all.json" 'print(len(rows))' /dev/null)" = 8 ] || fail 'not eight rows'
before=$(snapshot)
rows | sed "s/.*/set $I.17.& i 6/" | pdu >/dev/null
set_is 0/0 $C.16.$cidr i 6
[ -z "$(rows)" ] || fail 'the table is not empty'
ctl store import "$dir/all.json" >"$dir/said" 2>&1 || fail "$(cat "$dir/said")"
grep -q '^imported 8 rows$' "$dir/said" || fail "$(cat "$dir/said")"
[ "$before" = "$(snapshot)" ] || fail "not the same: $(changed "$before" "$(snapshot)")"
value_is 77 $C.11.$cidr
value_is .1.3.6.1.4.1.5 $C.9.$cidr
logs 'ctl: import replace=0 rows=8 row=0 uid=[0-9]* pid=[0-9]* done'
logs 'fib: install prefix=10.9.0.0/16'
kill -KILL "$rtmd_pid"
await_rtmd
start_rtmd
[ "$before" = "$(snapshot)" ] || fail "not the same after a restart: $(changed "$before" "$(snapshot)")"
ctl store export >"$dir/again.json"
cmp -s "$dir/all.json" "$dir/again.json" || fail 'a second export differs'

t J3 'what is there already is refused with its row, and nothing is imported'
json "$dir/all.json" 'rows.insert(0, {"prefix": "10.77.0.0/16", "next_hop": "192.0.2.1", "interface": 2})' "$dir/more.json"
import_refused "$dir/more.json" 'row 2 (.*ALREADY_EXISTS'
lacks_row 1.4.10.77.0.0.16.2.0.0.1.4.192.0.2.1

t J4 'replace: exactly the rows of the file are there afterwards'
mk 1.4.10.66.0.0.16.2.0.0.1.4.192.0.2.1
ctl store import replace "$dir/more.json" >"$dir/said" 2>&1 || fail "$(cat "$dir/said")"
lacks_row 1.4.10.66.0.0.16.2.0.0.1.4.192.0.2.1
has_row 1.4.10.77.0.0.16.2.0.0.1.4.192.0.2.1
value_is 256 $I.12.1.4.10.77.0.0.16.2.0.0.1.4.192.0.2.1
[ "$(rows | wc -l)" = 8 ] || fail "$(rows | wc -l) rows"
ctl store import replace "$dir/all.json" >/dev/null || fail 'import replace'
[ "$before" = "$(snapshot)" ] || fail "not the same: $(changed "$before" "$(snapshot)")"
json "$dir/more.json" 'rows[7]["interface"] = 99; rows[7]["interface_name"] = ""; rows[7]["policy"] = [0, 0]' "$dir/bad.json"
import_refused "$dir/bad.json" 'row 8 (.*because of the interface' replace
kill -KILL "$rtmd_pid"
await_rtmd
start_rtmd
[ "$before" = "$(snapshot)" ] || fail "after a restart: $(changed "$before" "$(snapshot)")"

t J5 'each rule of the documented functions holds: its code, its row, its member'
try() { # CHANGE-OF-A-ROW WORDS
	json "$dir/all.json" "rows[:] = [{'prefix': '10.70.0.0/16', 'next_hop': '192.0.2.1', 'interface': 2},
 {'prefix': '10.71.0.0/16', 'next_hop': '192.0.2.1', 'interface': 2}]; r = rows[1]; $1" "$dir/bad.json"
	import_refused "$dir/bad.json" "$2"
	lacks_row 1.4.10.70.0.0.16.2.0.0.1.4.192.0.2.1
}
try "r['prefix'] = '10.71.0.1/16'" 'row 2 (10.71.0.1/16 via 192.0.2.1)'
try "r['next_hop'] = '127.0.0.1'" 'row 2 .*ERROR_INVALID_PARAMETER.*because of the next hop'
try "r['interface'] = 99" 'row 2 .*ERROR_NOT_FOUND.*because of the interface'
try "r['interface'] = 0" 'row 2 .*because of the interface'
try "r['interface_name'] = 'eth7'" 'row 2 .*ERROR_NOT_FOUND.*because of the interface'
try "r['metric'] = 4294967294" 'row 2 .*because of the metric'
try "r['protocol'] = 77" 'row 2 .*because of the protocol'
try "r['valid_lifetime'] = 5" 'row 2 .*because of the lifetime'
try "r['policy'] = [1, 2, 3]" 'row 2 .*ERROR_INVALID_NAME'
try "r['instance'] = 5" 'row 2 .*ERROR_FILE_NOT_FOUND'
try "r['kind'] = 'blackhole'" 'row 2 .*because of the type'
try "r.update(rows[0])" 'row 2 .*ALREADY_EXISTS'

t J6 'a document that is none, and members that cannot be'
try "r['metricks'] = 5" 'row 2 .*"metricks" is not a member of a row'
try "r['metric'] = 'much'" 'row 2 .*"metric" cannot have that value'
try "r['metric'] = -1" 'row 2 .*"metric" cannot have that value'
try "r['metrics'] = [1, 2, 3]" 'row 2 .*"metrics" cannot have that value'
try "r['prefix'] = '10.71.0.0/33'" 'row 2 .*"prefix" cannot have that value'
try "del r['prefix']" 'row 2 .*"prefix" is missing'
try "r['next_hop'] = '2001:db8::1'" 'row 2 .*"next_hop" is of another family'
try "r['info'] = [0] * 129" 'row 2 .*"info" cannot have that value'
try "r['loopback'] = 1" 'row 2 .*"loopback" cannot have that value'
try "rows[1] = 5" 'row 2 .*is not an object'
for text in '' 'nonsense' '[]' '{"format": "rtm rows", "version": 2, "rows": []}' '{"format": "x"}' \
	'{"format": "rtm rows", "version": 1, "rows": {}}'; do
	printf '%s\n' "$text" >"$dir/none.json"
	ctl store import "$dir/none.json" >"$dir/said" 2>&1 && fail "imports: $text"
	[ -s "$dir/said" ] || fail "says nothing to: $text"
done
ctl store import "$dir/nowhere.json" >"$dir/said" 2>&1 && fail 'imports a file that is not there'
ctl store import >"$dir/said" 2>&1
[ $? = 2 ] || fail 'import without a file'
ctl store frobnicate >"$dir/said" 2>&1
[ $? = 2 ] || fail 'an unknown verb'

t J7 'what the forwarder refuses is refused, and taken back'
stop_rtmd
RTMD_CONF_MORE="controlSocket $dir/ctl
memoryRefuse 10.71.0.0/16 install ERROR_NO_SYSTEM_RESOURCES"
write_rtmd_conf
start_rtmd
try 'pass' 'row 2 .*ERROR_NO_SYSTEM_RESOURCES'
[ "$before" = "$(snapshot)" ] || fail 'not as before'

t J8 'rows of another user are read, and not imported'
if [ "$(id -u)" = 0 ] && setpriv --reuid 65534 --regid 65534 --clear-groups true 2>/dev/null; then
	chmod 755 "$dir"
	cp "$dir/all.json" "$dir/public.json"
	chmod 644 "$dir/public.json"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$build/agent/rtmctl" -s "$dir/ctl" \
		store import "$dir/public.json" >"$dir/said" 2>&1 && fail 'another user imports'
	grep -q 'ERROR_ACCESS_DENIED' "$dir/said" || echo "# not tried: $(cat "$dir/said")"
else
	echo '# not root: another user is not tried'
fi

t J9 'a thousand rows, and an export in the midst of changes is one state'
python3 -c 'import json
print(json.dumps({"format": "rtm rows", "version": 1, "rows": [{"prefix": "10.%d.%d.0/24" % (100 + i // 250, i % 250),
 "next_hop": "192.0.2.1", "interface": 2, "metric": i} for i in range(1000)]}))' >"$dir/thousand.json"
ctl store import replace "$dir/thousand.json" >"$dir/said" 2>&1 || fail "$(cat "$dir/said")"
value_is 1000 $Z.6.0
# Pairs of rows come and go in one PDU: no export may see one of a pair.
touch "$dir/going"
(
	n=0
	while [ -e "$dir/going" ]; do
		n=$(((n + 1) % 50))
		a=1.4.11.$n.0.0.16.2.0.0.1.4.192.0.2.1 b=1.4.11.$((n + 100)).0.0.16.2.0.0.1.4.192.0.2.1
		echo "set $(mk_args $a) $(mk_args $b)"
		echo "set $I.17.$a i 6 $I.17.$b i 6"
	done | pdu >"$dir/pairs"
) &
pairs=$!
extra_pids=$pairs
some_answers() { [ "$(grep -c '^0/0$' "$dir/pairs")" -gt 20 ]; }
within 60 some_answers || fail 'nothing changes'
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	ctl store export >"$dir/now.json" || fail 'export fails'
	json "$dir/now.json" '
p = {r["prefix"] for r in rows if r["prefix"].startswith("11.")}
n = [int(x.split(".")[1]) for x in p]
assert len(rows) - len(p) == 1000, len(rows)
assert all((x + 100 if x < 100 else x - 100) in n for x in n), sorted(n)' /dev/null 2>"$dir/said" ||
		fail "half a pair: $(tail -n 1 "$dir/said")"
done
rm "$dir/going"
wait $pairs
extra_pids=''

t J10 'check and export of a file without rtmd; damage is told'
stop_rtmd
"$build/agent/rtmctl" store check "$db" >"$dir/said" 2>&1 || fail "$(cat "$dir/said")"
"$build/agent/rtmctl" store export "$db" >"$dir/off.json" || fail 'export of a file'
dd if=/dev/urandom of="$db" bs=1 seek=8192 count=2000 conv=notrunc 2>/dev/null
"$build/agent/rtmctl" store check "$db" >"$dir/said" 2>&1 && fail 'damage is not found'
grep -q 'ERROR_FILE_CORRUPT' "$dir/said" || fail "$(cat "$dir/said")"
"$build/agent/rtmctl" store export "$db" >"$dir/off.json" 2>"$dir/said" && fail 'damage is exported'
[ ! -s "$dir/off.json" ] || fail 'something was printed'
"$build/agent/rtmctl" store check "$dir/nowhere" >"$dir/said" 2>&1 && fail 'a file that is not there'
grep -q 'ERROR_FILE_NOT_FOUND' "$dir/said" || fail "$(cat "$dir/said")"

finish
