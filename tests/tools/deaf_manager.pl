#!/usr/bin/perl
# A manager over a connection that asks and does not read, or that only holds connections.
#
#   deaf_manager.pl tcp:HOST:PORT|unix:PATH COMMUNITY SECONDS
#       asks for much, again and again; prints "cut off" when the agent ends the connection,
#       "still there" when it does not within that time
#   deaf_manager.pl tcp:HOST:PORT -idle N
#       opens N connections, prints "connected", and keeps them until it is ended
#
# Its encoder is of its own, and knows the one message that it sends.
use strict;
use warnings;
use Errno qw(EAGAIN EWOULDBLOCK);
use IO::Socket::INET;
use IO::Socket::UNIX;
use Time::HiRes qw(time sleep);

$| = 1;
$SIG{PIPE} = 'IGNORE';

sub tlv {
	my ($tag, $content) = @_;
	my $n = length $content;
	return pack($n < 128 ? 'CC' : 'CCn', $tag, $n < 128 ? $n : (0x82, $n)) . $content;
}

# GETBULK of 100 repetitions from the beginning of the tree.
sub message {
	my $varbind = tlv(0x30, tlv(6, pack 'C*', 0x2b, 6, 1) . tlv(5, ''));
	my $pdu = tlv(0xa5, tlv(2, "\x07") . tlv(2, "\0") . tlv(2, "\x64") . tlv(0x30, $varbind));
	return tlv(0x30, tlv(2, "\1") . tlv(4, $_[0]) . $pdu);
}

sub connection {
	my ($where) = @_;
	my $socket = $where =~ /^unix:(.*)/ ? IO::Socket::UNIX->new(Peer => $1)
		: IO::Socket::INET->new(Proto => 'tcp', PeerAddr => $where =~ s/^tcp://r);
	die "$where: $!\n" unless $socket;
	return $socket;
}

my ($where, $what, $number) = @ARGV;
if ($what eq '-idle') {
	my @all = map { connection($where) } 1 .. $number;
	print "connected\n";
	sleep 60;
	exit 0;
}
my $socket = connection($where);
$socket->blocking(0);
my $end = time + $number;
while (time < $end) {
	my $sent = send $socket, message($what) x 10, 0;
	next if defined $sent;
	if ($! != EAGAIN && $! != EWOULDBLOCK) {
		print "cut off: $!\n";
		exit 0;
	}
	sleep 0.01;
}
print "still there\n";
