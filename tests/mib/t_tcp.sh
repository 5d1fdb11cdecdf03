#!/bin/bash
# AgentX over TCP, where a dead master does not show by itself: the session is pinged.
. "$(dirname "$0")/lib.sh"
needs_snmpd
dir=$(mktemp -d "${TMPDIR:-/tmp}/rtm-mib.XXXXXX") || exit 99
mkdir "$dir/persist" "$dir/persist-rtmd"
write_snmpd_conf
write_rtmd_conf
any_port
while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do any_port; done # somebody has it
sed -i "s,^agentXSocket.*,agentXSocket tcp:127.0.0.1:$port," "$dir/snmpd.conf" "$dir/rtmd.conf"
port=''
start_snmpd
start_rtmd
world_up=yes
base_rows=$(rows | wc -l)
base_number=$(value $Z.6.0)

t 80g 'over TCP: SETs, and snmpd killed and started again'
mk $X
value_is 1 $I.17.$X # behind the CleanupSet
kill_snmpd
start_snmpd
within 10 row_is_there $X || fail 'not back after a restart'
mk $Y
value_is 1 $I.17.$Y

t 80h 'over TCP: pings that are answered change nothing, one that is not ends the session'
connects=$(rtmd_count 'agx: connect')
sleep 3 # some pings
[ "$(rtmd_count 'agx: connect')" = "$connects" ] || fail 'a session ended that was well'
kill -STOP "$snmpd_pid"
within 20 rtmd_logged 'failed to respond to ping' || fail 'the ping does not find it'
kill -CONT "$snmpd_pid"
within 20 row_is_there $X || fail 'not back after a freeze'
has_row $Y
empty
rtmd_ends_clean

finish
