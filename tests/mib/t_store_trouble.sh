#!/bin/bash
# A state file that cannot be used: what rtmd says, its status, and what managers are
# answered; and a disk that fails while rtmd runs.
. "$(dirname "$0")/lib.sh"
RTM_STORE=yes KEEPS_ROWS=yes
db=
world
db=$dir/state.db
python3 -c 'import sqlite3' || { echo 'Bail out! python3 has no sqlite3'; exit 99; }
sql() { python3 -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
for s in sys.argv[2:]: print(*c.execute(s).fetchall())' "$@"; }

# refuses_to_start CODE WORDS: in the foreground and in the background status 1 and a message
# with path, code and the way out; managers find nobody; the file is not touched.
refuses_to_start() {
	local code=$1 words=$2 how before
	before=$(cksum "$db" 2>&1)
	for how in -f ''; do
		# shellcheck disable=SC2086
		SNMPCONFPATH=$dir SNMP_PERSISTENT_DIR=$dir/persist-rtmd \
			timeout 30 ${AS:-} "$RTMD" $how -c "$dir/rtmd.conf" >"$dir/said" 2>&1
		status=$?
		[ $status = 1 ] || fail "rtmd $how ended with status $status"
		grep -Eq "err: store: .*state.db[^ ]*: $words.*\($code\)" "$dir/said" ||
			fail "rtmd $how: not \"$words\" ($code): $(grep store: "$dir/said")"
		grep -q 'stateFile none' "$dir/said" || fail 'does not tell the way out'
	done
	[ "$before" = "$(cksum "$db" 2>&1)" ] || fail 'the file was touched'
	snmpd_answers >/dev/null || fail 'snmpd does not answer'
	value_is noSuchObject $Z.6.0
	value_is noSuchObject $I.17.$X
	# shellcheck disable=SC2046
	set_is 17/1 $(mk_args $Y)
}
good_file() { # a file with one row in it, and no rtmd
	rm -f "$db" "$db"-*
	start_rtmd
	mk $X
	stop_rtmd
}
starts_again() {
	start_rtmd
	has_row $X
	value_is 1 $I.17.$X
	stop_rtmd
}

t S1 'written by a newer rtmd: told, left alone; stateFile none starts'
destroy $X 2>/dev/null
stop_rtmd
good_file
sql "$db" 'pragma user_version = 99' >/dev/null
refuses_to_start ERROR_REVISION_MISMATCH 'was written by a newer rtmd \(layout 99'
RTM_STORE=no write_rtmd_conf
start_rtmd
logs 'store: none: what managers make does not survive'
lacks_row $X
mk $Y
stop_rtmd
write_rtmd_conf
sql "$db" 'pragma user_version = 1' >/dev/null
starts_again

t S2 'a file of somebody else'
rm -f "$db" "$db"-*
sql "$db" 'create table t (x)' >/dev/null
refuses_to_start ERROR_BAD_FORMAT 'is a database of another program'
rm -f "$db" "$db"-*
head -c 5000 /dev/zero | tr '\0' 'x' >"$db"
chmod 600 "$db"
refuses_to_start ERROR_BAD_FORMAT 'is not a state file of rtmd'
echo hello >"$db"
refuses_to_start ERROR_BAD_FORMAT 'is not a state file of rtmd'

t S3 'damage'
good_file
dd if=/dev/urandom of="$db" bs=1 seek=4096 count=3000 conv=notrunc 2>/dev/null
refuses_to_start ERROR_FILE_CORRUPT 'is damaged|.*malformed'

t S4 'in use by a second rtmd, which is named; the first one is not disturbed'
good_file
start_rtmd
first=$rtmd_pid
cp "$dir/rtmd.conf" "$dir/second.conf"
timeout 30 "$RTMD" -f -c "$dir/second.conf" >"$dir/said" 2>&1
status=$?
[ $status = 1 ] || fail "the second rtmd ended with status $status"
grep -q "state.db: in use by process $first (ERROR_SHARING_VIOLATION)" "$dir/said" || fail "$(cat "$dir/said")"
has_row $X
mk $Y
destroy $Y
stop_rtmd

t S5 'another program holds a lock inside the file'
good_file
rm -f "$dir/held"
python3 -c 'import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("pragma locking_mode = exclusive"); c.execute("begin exclusive"); c.execute("update touch set count = count")
print("held", flush=True); time.sleep(600)' "$db" >"$dir/held" &
holder=$!
extra_pids=$holder
within 20 grep -q held "$dir/held"
refuses_to_start ERROR_LOCK_VIOLATION '.*locked'
kill $holder
wait $holder 2>/dev/null
extra_pids=''
starts_again

t S6 'owned by somebody else, or writable by others'
good_file
chmod 666 "$db"
refuses_to_start ERROR_INVALID_OWNER 'others may write to it \(mode 0666\)'
chmod 600 "$db"
if [ "$(id -u)" = 0 ]; then
	chown 65534 "$db"
	refuses_to_start ERROR_INVALID_OWNER 'belongs to user 65534, but this is user 0'
	chown 0 "$db"
else
	echo '# not root: a file of another user is not tried here'
fi
starts_again

t S7 'not a regular file'
rm -f "$db" "$db"-*
mkdir "$db"
refuses_to_start ERROR_BAD_FILE_TYPE 'is not a regular file'
rmdir "$db"

t S8 'no such directory: found with the configuration, by file and line'
sed -i "s,^stateFile .*,stateFile $dir/nowhere/state.db," "$dir/rtmd.conf"
timeout 30 "$RTMD" -f -c "$dir/rtmd.conf" >"$dir/said" 2>&1
status=$?
[ $status = 1 ] || fail "status $status"
grep -q "rtmd.conf.*line [0-9]*.*$dir/nowhere/: there is no such directory" "$dir/said" || fail "$(cat "$dir/said")"
value_is noSuchObject $Z.6.0
write_rtmd_conf

t S9 'a read-only file system, and no permission'
good_file
if unshare -rm true 2>/dev/null; then
	cat >"$dir/ro" <<-'END'
		#!/bin/sh
		mount --bind "$RO_DIR" "$RO_DIR" && mount -o remount,bind,ro "$RO_DIR" || exit 99
		exec "$@"
	END
	chmod +x "$dir/ro"
	mkdir "$dir/ro.d"
	cp "$db" "$dir/ro.d/state.db"
	chmod 600 "$dir/ro.d/state.db"
	sed -i "s,^stateFile .*,stateFile $dir/ro.d/state.db," "$dir/rtmd.conf"
	export RO_DIR=$dir/ro.d
	AS="unshare -rm $dir/ro" refuses_to_start ERROR_WRITE_PROTECT 'the file system is read-only'
	write_rtmd_conf
else
	echo '# no mount namespaces here: a read-only file system is not tried'
fi
if [ "$(id -u)" != 0 ]; then
	chmod 400 "$db"
	refuses_to_start ERROR_ACCESS_DENIED 'permission denied|may be read but not written'
	chmod 600 "$db"
else
	echo '# root: permissions stop nobody'
fi
starts_again

# ---- at run time ---------------------------------------------------------------------

disk() { echo "$*" >"$dir/disk"; }
bad_disk=$build/tests/tools/.libs/bad_disk.so
[ -f "$bad_disk" ] || bad_disk=$build/tests/tools/bad_disk.so
[ -f "$bad_disk" ] || { echo "Bail out! no $bad_disk: make check builds it"; exit 99; }
disk good
good_file
export RTM_BAD_DISK=$dir/disk
RTM_WRAP="env LD_PRELOAD=$bad_disk ASAN_OPTIONS=verify_asan_link_order=0 ${RTM_WRAP:-}"
RTMD_CONF_MORE="controlSocket $dir/ctl"
write_rtmd_conf
start_rtmd
ctl() { "$build/agent/rtmctl" -s "$dir/ctl" "$@"; }
N=1.4.10.3.0.0.16.2.0.0.1.4.192.0.2.1

# trouble MOOD CODE: one row, several, a removal, a change through the socket; all refused
# with nothing changed; then the disk is good, and the same requests succeed.
trouble() {
	local before
	before=$(snapshot)
	disk "$1"
	refused 13/1 $(mk_args $Y)
	refused 13/1 $(mk_args $Y) $(mk_args $N)
	refused 13/1 $I.17.$X i 6
	refused 13/1 $I.17.$X i 2
	refused 13/1 $I.17.$Y i 5 $I.7.$Y i 2 $I.8.$Y i 4
	logs "resourceUnavailable code=$2"
	logs "warn: store: refused code=$2: ."
	ctl add 10.8.0.0/16 via 192.0.2.1 dev eth0 2>"$dir/said" && fail 'rtmctl add succeeds'
	grep -q "$2" "$dir/said" || fail "rtmctl does not say $2: $(cat "$dir/said")"
	ctl delete 10.1.0.0/16 via 192.0.2.1 dev eth0 2>"$dir/said" && fail 'rtmctl delete succeeds'
	set_is 0/0 $I.17.$N i 5
	destroy $N
	ctl show store | grep -q "last_code=$2" || fail "show store: $(ctl show store | grep last)"
	[ "$before" = "$(snapshot)" ] || fail 'the table is not as before'
	disk good
	mk $Y
	destroy $Y
	ctl add 10.8.0.0/16 via 192.0.2.1 dev eth0 || fail 'rtmctl add does not recover'
	kill -KILL "$rtmd_pid"
	await_rtmd
	start_rtmd
	lacks_row $Y
	lacks_row $N
	has_row $X
	has_row 1.4.10.8.0.0.16.2.0.0.1.4.192.0.2.1
	ctl delete 10.8.0.0/16 via 192.0.2.1 dev eth0 || fail 'rtmctl delete'
}

COUNTS_DISCARDS=yes
t S10 'disk full: resourceUnavailable, nothing half done, over when there is room again'
trouble full ERROR_DISK_FULL

t S11 'input/output error, likewise'
trouble eio ERROR_WRITE_FAULT

t S12 'another program locks the file for a while, likewise'
mkfifo "$dir/go"
rm -f "$dir/held" # that of S5 would be taken for the new one
python3 -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("begin immediate"); print("held", flush=True)
open(sys.argv[2]).read(); c.execute("rollback")' "$db" "$dir/go" >"$dir/held" &
holder=$!
extra_pids=$holder
within 20 grep -q held "$dir/held"
refused 13/1 $(mk_args $Y)
logs 'resourceUnavailable code=ERROR_LOCK_VIOLATION'
echo >"$dir/go"
wait $holder
extra_pids=''
mk $Y
destroy $Y

t S13 'a slow disk is told in the histogram'
disk slow 30
mk $Y
disk good
ctl show store >"$dir/said"
grep -q '^rows=2$' "$dir/said" || fail "$(cat "$dir/said")"
[ "$(sed -n 's/^commit_us_max=//p' "$dir/said")" -ge 30000 ] || fail "$(cat "$dir/said")"
awk -F= '/^commit_us_(to_50000|to_100000|to_250000|to_1000000|more)=/ { n += $2 } END { exit !(n >= 1) }' \
	"$dir/said" || fail "the histogram does not show it: $(cat "$dir/said")"
destroy $Y

rtmd_ends_clean
finish
