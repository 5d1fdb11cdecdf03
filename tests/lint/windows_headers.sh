#!/bin/sh
# The headers for source written for Windows: each compiles alone, and before and after
# each libc header that such programs also include, as C11 and as C++17, without a
# warning; so do those that programs include themselves, in every order of two, and with
# UNICODE. Other spellings of a name are the header of that name. One compiler run each,
# two at a time; a failing one prints its pair.
set -eu
srcdir=${srcdir:-.}
include=$srcdir/src/include/windows
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM

warn="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror -fsyntax-only"
: >"$tmp/jobs"
spellings=0
for path in "$include"/*.[hH]; do
    h=$(basename "$path")
    same=$(echo "$h" | tr '[:upper:]' '[:lower:]')
    if [ "$h" != "$same" ]; then
        grep -qx "#include \"$same\"" "$path" || {
            echo "FAIL $h is not $same"
            exit 1
        }
        spellings=$((spellings + 1))
        continue
    fi
    printf '%s -\n' "$h" >>"$tmp/jobs"
    for libc in sys/socket.h net/if.h netinet/in.h arpa/inet.h; do
        printf '%s %s\n%s %s\n' "$h" "$libc" "$libc" "$h" >>"$tmp/jobs"
    done
done
heads='windows.h winsock2.h ws2tcpip.h iphlpapi.h netioapi.h ipmib.h nldef.h ifdef.h ws2ipdef.h
rtmv2.h tchar.h strsafe.h winerror.h rtmopen.h'
for h in $heads; do
    for other in $heads; do
        [ "$h" = "$other" ] || printf '%s %s\n' "$h" "$other" >>"$tmp/jobs"
    done
    printf '%s UNICODE\n' "$h" >>"$tmp/jobs"
done

cat >"$tmp/one" <<'EOF'
#!/bin/sh
first=$1 second=$2 include=$3 warn=$4
source="#include <$first>"
case $second in
-) ;;
UNICODE) source="#define UNICODE
$source" ;;
*) source="$source
#include <$second>" ;;
esac
for c in "${CC:-gcc} -std=c11 -xc" "${CXX:-g++} -std=c++17 -xc++"; do
    printf '%s\nint here;\n' "$source" | $c $warn -I"$include" -I"$include/.." - ||
        { echo "FAIL $first then $second: $c"; exit 1; }
done
EOF
chmod +x "$tmp/one"
xargs -P 2 -L 1 sh -c '"$0" "$3" "$4" "$1" "$2"' "$tmp/one" "$include" "$warn" <"$tmp/jobs"
echo "$(wc -l <"$tmp/jobs") headers and pairs, C11 and C++17; $spellings other spellings"
