#!/bin/sh
# The headers for source written for Windows: each compiles alone, and before and after
# each libc header that such programs also include, as C11 and as C++17, without a
# warning. One compiler run each, two at a time; a failing one prints its pair.
set -eu
srcdir=${srcdir:-.}
include=$srcdir/src/include/windows
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM

warn="-Wall -Wextra -Wshadow -Wconversion -pedantic -Werror -fsyntax-only"
: >"$tmp/jobs"
for path in "$include"/*.h; do
    h=$(basename "$path")
    printf '%s -\n' "$h" >>"$tmp/jobs"
    for libc in sys/socket.h net/if.h netinet/in.h arpa/inet.h; do
        printf '%s %s\n%s %s\n' "$h" "$libc" "$libc" "$h" >>"$tmp/jobs"
    done
done

cat >"$tmp/one" <<'EOF'
#!/bin/sh
first=$1 second=$2 include=$3 warn=$4
source="#include <$first>"
[ "$second" = - ] || source="$source
#include <$second>"
for c in "${CC:-gcc} -std=c11 -xc" "${CXX:-g++} -std=c++17 -xc++"; do
    printf '%s\nint here;\n' "$source" | $c $warn -I"$include" - ||
        { echo "FAIL $first then $second: $c"; exit 1; }
done
EOF
chmod +x "$tmp/one"
xargs -P 2 -L 1 sh -c '"$0" "$3" "$4" "$1" "$2"' "$tmp/one" "$include" "$warn" <"$tmp/jobs"
echo "$(wc -l <"$tmp/jobs") headers and pairs, C11 and C++17"
