#!/usr/bin/perl
# agentx_master SOCKET < SCRIPT: plays an AgentX master for one subagent.
#
# snmpd cannot be made to die at a chosen moment of a SET, to repeat a TestSet, or to
# send what no master should. This can: it listens on SOCKET, takes what the subagent
# opens and registers, and then does what the script on standard input says, a command
# a line. What comes back is printed, a line each. Nothing here is shared with rtmd: the
# encoding is written down once more, from RFC 2741.
#
#   accept                      wait for a subagent: its Open and Registers are answered
#                               "ok" until RTM-MIB has been registered; prints "session",
#                               and "registered OID/PRIORITY" for each
#   test TID OID TYPE VALUE..   TestSet in transaction TID; prints "ERROR/INDEX"
#   commit TID | undo TID       prints "ERROR/INDEX"
#   cleanup TID                 no answer is waited for
#   get OID.. | next OID..      prints "OID type value" for each
#   bulk NONREP MAXREP OID..    agentx-GetBulk, which snmpd never sends
#   raw HEX                     these bytes as they are
#   hold                        from here on nothing is sent and no answer is waited for ..
#   release [N]                 .. until all of that leaves in one write, or its first N bytes
#   pieces                      .. or leaves byte by byte
#   behind                      .. or in one write with the next answer to the subagent
#   answers N                   prints "ERROR/INDEX" of so many responses
#   open [N]                    as accept, but only the Open and N of the Registers are
#                               answered; prints "session" and "registering"
#   flood N OID                 N agentx-Gets, without reading a single answer
#   chatter SECONDS             Pings faster than they are read, and no answer to anything; prints
#                               "closed" where that ends it
#   garble SEED N               N requests of all kinds, each spoilt in some way
#   close                       close the connection, as a killed master does
#   reason N                    an agentx-Close with that reason, then close
#   gone                        answer until the subagent closes; prints "gone", and "close
#                               REASON" before it if it said so, or "still there" after 20 s
#                               in which it said nothing
#   mute                        the same, and answer nothing
#   pause SECONDS               be silent, reading nothing
use strict;
use warnings;
use IO::Socket::UNIX;
use IO::Select;

my $path = shift or die "usage: agentx_master SOCKET < SCRIPT\n";
my ($OPEN, $CLOSE, $REGISTER, $UNREGISTER, $GET, $GETNEXT, $GETBULK) = (1 .. 7);
my ($TESTSET, $COMMIT, $UNDO, $CLEANUP, $NOTIFY, $PING, $RESPONSE) = (8, 9, 10, 11, 12, 13, 18);
my %TYPE = (i => 2, s => 4, n => 5, o => 6, a => 64, c => 65, u => 66, t => 67);
my %LETTER = (reverse(%TYPE), 128 => 'noSuchObject', 129 => 'noSuchInstance', 130 => 'endOfMibView');

my ($conn, $big, $session, $packet, $next_session) = (undef, 1, 0, 1, 7);
my $deadline = 20;
my ($held, $behind) = (undef, '');
my $silent;    # why the last read brought nothing: the peer is there, and says nothing
$| = 1;
$SIG{PIPE} = 'IGNORE';

unlink $path;
my $listen = IO::Socket::UNIX->new(Local => $path, Listen => 5) or die "$path: $!\n";

sub u32 { pack($big ? 'N' : 'V', $_[0] & 0xffffffff) }
sub u16 { pack($big ? 'n' : 'v', $_[0]) }

sub oid_out {
	my ($text, $include) = @_;
	my @id = grep { length } split /\./, $text;
	my $prefix = 0;
	if (@id > 5 && join('.', @id[0 .. 3]) eq '1.3.6.1' && $id[4] < 256) {
		$prefix = $id[4];
		splice @id, 0, 5;
	}
	return pack('CCCC', scalar @id, $prefix, $include ? 1 : 0, 0) . join('', map { u32($_) } @id);
}

sub octets_out { my ($s) = @_; return u32(length $s) . $s . "\0" x (-length($s) % 4) }

sub varbind_out {
	my ($oid, $type, $value) = @_;
	my $v = '';
	if ($type =~ /[iuct]/) { $v = u32($value) }
	elsif ($type eq 's') { $v = octets_out($value) }
	elsif ($type eq 'a') { $v = octets_out(pack 'C4', split /\./, $value) }
	elsif ($type eq 'o') { $v = oid_out($value, 0) }
	return u16($TYPE{$type} // die "type $type\n") . u16(0) . oid_out($oid, 0) . $v;
}

sub send_pdu {
	my ($type, $tid, $payload) = @_;
	my $header = pack('CCCC', 1, $type, $big ? 0x10 : 0, 0) . u32($session) . u32($tid) . u32($packet++)
		. u32(length $payload);
	write_all($header . $payload);
}

sub write_all {
	my ($data) = @_;
	if (defined $held) {
		$held .= $data;
		return;
	}
	while (length $data) {
		my $n = defined $conn ? syswrite($conn, $data) : undef;
		if (!defined $n) {
			print "write failed\n";
			return;
		}
		substr $data, 0, $n, '';
	}
}

sub read_exactly {
	my ($n) = @_;
	my ($data, $end) = ('', time + $deadline);
	$silent = 0;
	while (length($data) < $n) {
		my $left = $end - time;
		if ($left <= 0 || !IO::Select->new($conn)->can_read($left)) {
			$silent = 1;
			return undef;
		}
		sysread($conn, my $piece, $n - length $data) or return undef;
		$data .= $piece;
	}
	return $data;
}

sub read_pdu {    # a hash, or undef when the peer is gone or silent
	my $h = read_exactly(20) // return undef;
	my ($version, $type, $flags) = unpack 'CCC', $h;
	$big = $flags & 0x10 ? 1 : 0;
	my ($sid, $tid, $pid, $len) = unpack(($big ? 'N4' : 'V4'), substr $h, 4);
	my $body = $len ? read_exactly($len) // return undef : '';
	return { type => $type, flags => $flags, sid => $sid, tid => $tid, pid => $pid, body => $body };
}

sub take32 { my ($p) = @_; return unpack($big ? 'N' : 'V', substr $p->{body}, 0, 4, '') }
sub take16 { my ($p) = @_; return unpack($big ? 'n' : 'v', substr $p->{body}, 0, 2, '') }

sub take_oid {
	my ($p) = @_;
	my ($n, $prefix) = unpack 'CC', substr $p->{body}, 0, 4, '';
	return join '', map { ".$_" } ($prefix ? (1, 3, 6, 1, $prefix) : ()), map { take32($p) } 1 .. $n;
}

sub take_octets {
	my ($p) = @_;
	my $n = take32($p);
	my $s = substr $p->{body}, 0, $n, '';
	substr $p->{body}, 0, -$n % 4, '';
	return $s;
}

sub take_value {
	my ($p, $type) = @_;
	return unpack 'l', pack 'L', take32($p) if $type == 2;
	return take32($p) if $type == 65 || $type == 66 || $type == 67;
	return take_oid($p) if $type == 6;
	return join '.', unpack 'C4', take_octets($p) if $type == 64;
	return unpack 'H*', take_octets($p) if $type == 4;
	return undef;
}

sub respond {    # to a PDU of the subagent's
	my ($p, $error) = @_;
	my $payload = u32(12345) . u16($error) . u16(0);
	my $header = pack('CCCC', 1, $RESPONSE, $big ? 0x10 : 0, 0) . u32($session) . u32($p->{tid})
		. u32($p->{pid}) . u32(length $payload);
	syswrite $conn, $header . $payload . $behind;
	$behind = '';
}

# What the subagent says of its own accord; true if it was such a thing.
my $saw_last;

sub answer_subagent {
	my ($p) = @_;
	if ($p->{type} == $OPEN) {
		$session = $next_session++;
		respond($p, 0);
		print "session\n";
	} elsif ($p->{type} == $REGISTER) {
		my ($timeout, $priority, $range) = unpack 'CCC', substr $p->{body}, 0, 4, '';
		my $oid = take_oid($p);
		my $upper = $range ? '-' . take32($p) : '';
		respond($p, 0);
		print "registered $oid$upper/$priority\n";
		$saw_last = 1 if $oid eq '.1.3.6.1.4.1.8072.9999.9999.4292';
	} elsif ($p->{type} == $CLOSE) {
		print 'close ', unpack('C', $p->{body}), "\n";
	} elsif ($p->{type} == $PING || $p->{type} == $UNREGISTER || $p->{type} == $NOTIFY) {
		respond($p, 0);
	} else {
		return 0;
	}
	return 1;
}

sub accept_one {
	my $end = time + $deadline;
	$saw_last = 0;
	while (!$saw_last) {
		if (!defined $conn) {
			my $left = $end - time;
			if ($left <= 0 || !IO::Select->new($listen)->can_read($left)) {
				print "nobody came\n";
				return;
			}
			$conn = $listen->accept;
		}
		my $p = read_pdu();
		if (!defined $p) {    # a probe, which only connects and closes
			close $conn;
			undef $conn;
			next;
		}
		answer_subagent($p);
	}
}

# A connection that says something, which is its Open, and $n Registers after it.
sub open_one {
	my ($n) = @_;
	my $end = time + $deadline;
	my $p;
	while (!defined $p) {
		my $left = $end - time;
		if ($left <= 0 || !IO::Select->new($listen)->can_read($left)) {
			print "nobody came\n";
			return;
		}
		close $conn if defined $conn;
		$conn = $listen->accept;
		$p = read_pdu();
	}
	$session = $next_session++;
	respond($p, 0);
	print "session\n";
	while ($n-- > 0 && defined($p = read_pdu())) { respond($p, 0) }
	print "registering\n";
}

sub read_response {
	return undef if defined $held;
	while (1) {
		my $p = read_pdu();
		if (!defined $p) {
			print "no answer\n";
			return undef;
		}
		next if answer_subagent($p);
		return $p if $p->{type} == $RESPONSE;
		print "unexpected PDU $p->{type}\n";
	}
}

sub print_error {
	my $p = read_response() // return;
	take32($p);
	print take16($p), '/', take16($p), "\n";
}

sub print_varbinds {
	my $p = read_response() // return;
	take32($p);
	my ($error, $index) = (take16($p), take16($p));
	print "$error/$index\n" if $error;
	while (length $p->{body}) {
		my $type = take16($p);
		take16($p);
		my $oid = take_oid($p);
		my $value = take_value($p, $type);
		print "$oid ", $LETTER{$type} // "type$type", defined $value ? " $value" : '', "\n";
	}
}

# One request of any kind, of which something is wrong: a byte changed, the end missing, too
# much behind it; the length in the header is right, mostly. What may end the session comes
# seldom.
my $seed;

sub draw { $seed = ($seed * 1103515245 + 12345) & 0x7fffffff; return ($seed >> 8) % $_[0] }

sub garbled {
	my $name = '.1.3.6.1.2.1.4.24.7.1.' . (7, 8, 12, 17)[draw(4)] . '.1.4.10.' . draw(4) . '.0.0.16.2.0.0.1.4.192.0.2.1';
	my $range = oid_out($name, draw(2)) . oid_out('.1.3.6.1.2.1.4.24.9', 0);
	my $type = ($GET, $GETNEXT, $GETBULK, $TESTSET, $COMMIT, $UNDO, $CLEANUP, $RESPONSE, $PING, $CLOSE, $OPEN)[draw(11)];
	my $body = '';
	if ($type == $GET || $type == $GETNEXT) { $body = $range x (1 + draw(3)) }
	elsif ($type == $GETBULK) { $body = u16(draw(3)) . u16(draw(9)) . $range }
	elsif ($type == $TESTSET) { $body = varbind_out($name, 'i', (4, 4, 6, 2)[draw(4)]) . varbind_out($name, 's', 'text') }
	elsif ($type == $RESPONSE) { $body = u32(1) . u16(draw(20)) . u16(draw(3)) . varbind_out($name, 'i', 1) }
	elsif ($type == $CLOSE) { $body = pack 'CCCC', 1 + draw(6), 0, 0, 0 }
	elsif ($type == $OPEN) { $body = pack('CCCC', 5, 0, 0, 0) . oid_out('.1.3.6.1.4.1.1', 0) . octets_out('x' x draw(20)) }
	my $how = draw(5);
	if ($how == 0 && length $body) { substr $body, draw(length $body), 1, chr draw(256) }
	elsif ($how == 1 && length $body) { substr $body, draw(length $body), length $body, '' }
	elsif ($how == 2) { $body .= chr(draw(256)) x draw(40) }
	elsif ($how == 3 && length $body) { substr $body, draw(length $body), 1, chr draw(256) for 1 .. 8 }
	my $header = pack('CCCC', 1, $how == 4 ? draw(256) : $type, $big ? 0x10 : 0, 0) . u32(draw(3) ? $session : draw(9))
		. u32(1 + draw(4)) . u32($packet++) . u32(length $body);
	substr $header, draw(20), 1, chr draw(256) if !draw(60);
	return $header . $body;
}

# Reads what comes meanwhile, so that nobody waits for the other. False: the subagent closed.
sub garble {
	my ($n) = @_;
	while ($n-- > 0 && defined $conn) {
		my $data = garbled();
		$data .= garbled() if !draw(3);
		defined syswrite($conn, $data) or last;
		while (IO::Select->new($conn)->can_read(draw(8) ? 0 : 0.01)) {
			my $p = read_pdu();
			return 0 if !defined $p;
			answer_subagent($p);
		}
	}
	return $n < 0;
}

sub chatter {
	my ($seconds) = @_;
	my $end = time + $seconds;
	my $pings = (pack('CCCC', 1, $PING, 0x10, 0) . pack 'N4', $session, 1, 0, 0) x 500;
	while (time < $end) {
		if (!defined syswrite $conn, $pings) {
			close $conn;
			undef $conn;
			print "closed\n";
			return;
		}
	}
	print "over\n";
}

my $tid = 1000;
my $end_of_view = '.1.3.6.1.2.1.4.24.9';    # the upper bound of our search ranges

while (defined(my $line = <STDIN>)) {
	my ($verb, @a) = split ' ', $line;
	next if !defined $verb;
	if ($verb eq 'accept') { accept_one() }
	elsif ($verb eq 'test') {
		my $t = shift @a;
		my $payload = '';
		$payload .= varbind_out(splice @a, 0, 3) while @a;
		send_pdu($TESTSET, $t, $payload);
		print_error();
	} elsif ($verb eq 'commit') { send_pdu($COMMIT, $a[0], ''); print_error() }
	elsif ($verb eq 'undo') { send_pdu($UNDO, $a[0], ''); print_error() }
	elsif ($verb eq 'cleanup') {
		# Net-SNMP's library answers this one, though it should not; if it does,
		# the answer is not to be taken for that of the next request.
		send_pdu($CLEANUP, $a[0], '');
		read_pdu() if !defined $held && IO::Select->new($conn)->can_read(1);
	} elsif ($verb eq 'get') {
		send_pdu($GET, $tid++, join '', map { oid_out($_, 0) . oid_out('', 0) } @a);
		print_varbinds();
	} elsif ($verb eq 'next') {
		send_pdu($GETNEXT, $tid++, join '', map { oid_out($_, 0) . oid_out($end_of_view, 0) } @a);
		print_varbinds();
	} elsif ($verb eq 'bulk') {
		my ($nr, $mr, @oid) = @a;
		send_pdu($GETBULK, $tid++,
			u16($nr) . u16($mr) . join('', map { oid_out($_, 0) . oid_out($end_of_view, 0) } @oid));
		print_varbinds();
	} elsif ($verb eq 'raw') { write_all(pack 'H*', join '', @a) }
	elsif ($verb eq 'hold') { $held = '' }
	elsif ($verb eq 'release' || $verb eq 'pieces' || $verb eq 'behind') {
		my $data = substr $held, 0, $a[0] // length $held;
		$held = undef;
		if ($verb eq 'behind') { $behind = $data }
		else { write_all($_) for $verb eq 'pieces' ? split //, $data : $data }
	} elsif ($verb eq 'answers') { print_error() for 1 .. $a[0] }
	elsif ($verb eq 'chatter') { chatter($a[0]) }
	elsif ($verb eq 'flood') {
		$held = '';
		send_pdu($GET, $tid++, oid_out($a[1], 0) . oid_out('', 0)) for 1 .. $a[0];
		my $data = $held;
		$held = undef;
		write_all($data);
	} elsif ($verb eq 'open') { open_one($a[0] // 0) }
	elsif ($verb eq 'garble') {
		$seed = $a[0];
		print garble($a[1]) ? "garbled\n" : "closed\n";
	}
	elsif ($verb eq 'close') { close $conn if defined $conn; undef $conn }
	elsif ($verb eq 'reason') {
		send_pdu($CLOSE, $tid++, pack 'CCCC', $a[0], 0, 0, 0);
		close $conn;
		undef $conn;
	} elsif ($verb eq 'gone' || $verb eq 'mute') {
		$silent = 0;
		while (defined $conn && defined(my $p = read_pdu())) {
			answer_subagent($p) if $verb eq 'gone';
		}
		print $silent ? "still there\n" : "gone\n";
		close $conn if defined $conn;
		undef $conn;
	} elsif ($verb eq 'pause') { select undef, undef, undef, $a[0] }
	else { die "agentx_master: what is `$verb'?\n" }
}
