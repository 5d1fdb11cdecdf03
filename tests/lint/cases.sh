#!/bin/sh
# The 84 SNMP cases that the project started from: docs/testing.md has a line for each, and
# that line names the scripts that print `ok N'. A script without the case, a case in a
# script that is not named, a number missing or twice: each is a complaint.
set -eu
srcdir=${srcdir:-.}
table=$(sed -n '/^## The 84 cases/,/^## Adding/{/^| [0-9]/p;}' "$srcdir/docs/testing.md")
scripts=$srcdir/tests/mib
failed=0

complain() {
	echo "not ok: $*"
	failed=$((failed + 1))
}

# SCRIPT:NUMBER of every line that begins a case, each between line ends.
nl='
'
all="$nl$(cd "$scripts" && grep -oE "^t [^ ]+ ['\"]" t_*.sh | sed "s/:t \(.*\) .\$/:\1/")$nl"

has_case() { # SCRIPT NUMBER: this case, not one with a letter more
	case $all in *"$nl$1:$2$nl"*) ;; *) return 1 ;; esac
}

n=1
while [ $n -le 84 ]; do
	lines=$(echo "$table" | grep -cE "^\| $n \| " || true)
	[ "$lines" = 1 ] || complain "case $n has $lines lines in docs/testing.md"
	named=$(echo "$table" | sed -n "s/^| $n | [^|]* | \([^|]*\) |.*/\1/p" | tr -d '\`,')
	[ -n "$named" ] || complain "case $n names no script"
	for script in $named; do
		if [ ! -f "$scripts/$script" ]; then
			complain "case $n: there is no $script"
		elif ! has_case "$script" $n; then
			complain "case $n: $script does not have it"
		fi
	done
	for script in $(cd "$scripts" && echo t_*.sh); do
		has_case "$script" $n || continue
		case " $named " in
		*" $script "*) ;;
		*) complain "case $n: $script has it and is not named" ;;
		esac
	done
	for again in $(echo "$table" | sed -n "s/^| $n |.*| \([^|]*\) |\$/\1/p" | tr -d ','); do
		case $all in *":$again$nl"*) ;; *) complain "$again is in no script" ;; esac
	done
	n=$((n + 1))
done
for script in "$scripts"/t_*.sh; do
	grep -q "mib/${script##*/} " "$scripts/local.mk" || grep -q "mib/${script##*/}\$" "$scripts/local.mk" ||
		complain "${script##*/} is run by nobody"
done
echo "84 cases, $failed complaints"
[ $failed = 0 ]
