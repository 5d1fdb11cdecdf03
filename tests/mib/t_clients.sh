#!/bin/bash
# Clients that are not net-snmp's own command line tools: snmpnetstat and Perl's
# Net::SNMP, which has its own encoder and decoder.
. "$(dirname "$0")/lib.sh"
world

D=1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1
S=2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1

t C1 'snmpnetstat -Cr shows the routes'
command -v snmpnetstat >/dev/null || fail 'there is no snmpnetstat'
mk $D
mk $X
mk $S
out=$(snmpnetstat $RO -r0 -t 5 -Cr -Cn "$HOST" 2>&1)
printf '%s\n' "$out" | sed 's/^/# /'
printf '%s\n' "$out" | grep -Eq '^(default|0\.0\.0\.0).*192\.0\.2\.1' || fail 'no default route'
printf '%s\n' "$out" | grep -Eq '^10\.1(\.0\.0)?(/16)? .*192\.0\.2\.1' || fail 'no 10.1.0.0/16'
printf '%s\n' "$out" | grep -Eiq '^2001:d?b8:1::?.*2001:db8::1' || fail 'no 2001:db8:1::/48'
empty

t C2 "Perl's Net::SNMP creates, reads, walks and destroys; refusals are exact"
perl -MNet::SNMP -e 1 2>/dev/null || fail 'there is no Net::SNMP'
perl "$top_src/tests/tools/net_snmp_client.pl" "$port" >"$dir/perl.out" 2>&1 ||
	fail "$(tr '\n' ';' <"$dir/perl.out")"
sed 's/^/# /' "$dir/perl.out"
value_is "$base_number" $Z.6.0

t C3 'snmptable-like reading: several columns in one GETBULK by Net::SNMP agree with snmpwalk'
mk $D
mk $X
mk $S
perl "$top_src/tests/tools/net_snmp_client.pl" "$port" table >"$dir/perl.out" 2>&1 ||
	fail "$(head -n 3 "$dir/perl.out" | tr '\n' ';')"
sort "$dir/perl.out" >"$dir/got"
snmpwalk $RO -On -Oq -r0 -t 5 "$HOST" $I | grep -v "^$I\.10\." | sort >"$dir/want"
cmp -s "$dir/want" "$dir/got" || fail "$(diff "$dir/want" "$dir/got" | head -n 4 | tr '\n' ';')"
empty

finish
