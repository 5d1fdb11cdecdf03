#!/bin/sh
# The layer police, for what a linker cannot see: which room may include what, and what
# the core may ask of its surroundings.
#
#   1  the #include lines of every room name only the rooms below it
#   2  system headers of the core, the IP Helper floor and the MIB floor are ISO C, the
#      AF_ names and byte order: no Net-SNMP, libevent, Linux, errno, clock, thread
#   3  nothing is undefined in the core archive but the ground floor, libc and pthread,
#      and nothing of those that reads a clock, opens a file or prints
set -eu
srcdir=${srcdir:-.}
cd "$srcdir"
top=$(pwd)
cd "$OLDPWD"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
failed=0

complain() {
	echo "not ok: $*"
	failed=$((failed + 1))
}

# ---- 1: rooms ----

public=" $(cd "$top/src/include" && echo ./*.h | sed 's,\./,,g') "

room_of() { # FILE INCLUDED: the room that the included file is in
	case $2 in
	*/*) echo "${2%%/*}" ;;
	*)
		if [ -f "$(dirname "$top/$1")/$2" ]; then
			echo own
		else
			case $public in
			*" $2 "*) echo public ;;
			*) echo unknown ;;
			esac
		fi
		;;
	esac
}

check_room() { # FILES... -- ROOMS...: our own headers
	files= rooms=' own '
	while [ "$1" != -- ]; do
		files="$files $1"
		shift
	done
	shift
	for r in "$@"; do rooms="$rooms$r "; done
	for f in $files; do
		[ -f "$top/$f" ] || continue
		checked=$((checked + 1))
		for h in $(sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$top/$f"); do
			r=$(room_of "$f" "$h")
			case $rooms in
			*" $r "*) ;;
			*) complain "$f includes \"$h\" ($r), which is not below it" ;;
			esac
		done
	done
}

files() { # PATTERN...: relative to the source
	(cd "$top" && for p in "$@"; do
		for f in $p; do [ ! -f "$f" ] || echo "$f"; done
	done)
}

checked=0
check_room $(files 'src/include/*.h') -- public
check_room $(files 'src/base/*.[ch]') -- base public
check_room $(files 'src/rtm/*.[ch]') -- base rtm public
check_room $(files 'src/iftab/*.[ch]') -- base iftab public
check_room $(files 'src/iphlp/*.[ch]') -- base iftab iphlp public
check_room $(files 'src/fib/*.[ch]') -- base iftab fib public config.h
check_room $(files 'src/store/*.[ch]') -- base store public
check_room $(files 'agent/mib*.[ch]') -- base iftab iphlp store public
[ "$checked" -gt 30 ] || complain "only $checked files were looked at"

# ---- 2: system headers ----

allowed=' assert.h ctype.h inttypes.h limits.h stdalign.h stdarg.h stdatomic.h stdbool.h
 stddef.h stdint.h stdio.h stdlib.h string.h sys/socket.h netinet/in.h arpa/inet.h '
allowed=$(echo "$allowed" | tr '\n' ' ')
for f in $(files 'src/rtm/*.[ch]' 'src/iphlp/*.[ch]' 'agent/mib*.[ch]'); do
	for h in $(sed -n 's/^[ \t]*#[ \t]*include[ \t]*<\([^>]*\)>.*/\1/p' "$top/$f"); do
		case "$allowed$public" in
		*" $h "*) ;;
		*) complain "$f includes <$h>" ;;
		esac
	done
done
for f in $(files 'src/*/*.[ch]' 'agent/mib*.[ch]'); do
	if grep -n '^[ \t]*#[ \t]*include[ \t]*<\(net-snmp\|event\)' "$top/$f"; then
		complain "$f speaks SNMP or libevent, which only the top floor may"
	fi
done
(cd "$top" && grep -ln 'pthread' $(files 'src/base/*.[ch]' 'src/rtm/*.[ch]' 'src/iftab/*.[ch]' \
	'src/iphlp/*.[ch]' 'agent/mib*.[ch]')) | grep -v 'base/lock\.' >"$tmp/threads" || true
while read -r f; do
	complain "$f knows pthreads; only base/lock.[ch] may"
done <"$tmp/threads"

# ---- 3: symbols ----

core=src/rtm/.libs/librtmv2.a ground=src/base/.libs/libbase.a
if [ ! -f "$core" ] || [ ! -f "$ground" ]; then
	complain "no $core or $ground in $(pwd)"
else
	nm -P "$core" "$ground" 2>/dev/null | awk 'NF > 1 && $2 != "U" && $2 != "w" { print $1 }' |
		sort -u >"$tmp/defined"
	nm -P "$core" 2>/dev/null | awk '$2 == "U" { print $1 }' | sort -u |
		comm -23 - "$tmp/defined" >"$tmp/undefined"
	libc=$(${CC:-gcc} -print-file-name=libc.so.6)
	nm -D --defined-only "$libc" | awk '{ sub(/@.*/, "", $3); print $3 }' | sort -u >"$tmp/libc"
	comm -23 "$tmp/undefined" "$tmp/libc" |
		grep -Ev '^(_GLOBAL_OFFSET_TABLE_|__(asan|tsan|ubsan|sanitizer|lsan)_.*|__cyg.*)$' \
			>"$tmp/foreign" || true
	while read -r s; do complain "the core needs $s, which nobody below it has"; done \
		<"$tmp/foreign"
	grep -Ex '(v?f?printf|f?open(64)?|fwrite|puts|perror|time|clock.*|gettimeofday|nanosleep|sleep|poll|select|socket|bind|sendto?|recv.*|ioctl|read|write|getenv|signal|fork|pthread_create|__errno_location|(m|c|re)alloc|free|exit)' \
		"$tmp/undefined" >"$tmp/forbidden" || true
	while read -r s; do complain "the core calls $s by itself"; done <"$tmp/forbidden"
	[ -s "$tmp/defined" ] || complain 'nm found nothing'
	echo "the core asks libc for: $(tr '\n' ' ' <"$tmp/undefined")"
fi
echo "$checked files, $failed complaints"
[ "$failed" = 0 ]
