#!/usr/bin/perl
# prefix_index FILE...: the inetCidrRouteTable index of each prefix of the files, by a
# gateway on the fixture's interface 2 (policy 0.0). Prefixes as gen_prefixes writes them.
use strict;
use warnings;

while (<>) {
	m{^([0-9a-f.:]+)/(\d+)$} or die "$ARGV: not a prefix: $_";
	my ($text, $len) = ($1, $2);
	if ($text !~ /:/) {
		print "1.4.$text.$len.2.0.0.1.4.192.0.2.1\n";
		next;
	}
	my ($head, $tail) = split /::/, $text, 2;
	my @h = split /:/, $head // '';
	my @t = defined $tail ? split(/:/, $tail) : ();
	my @w = (@h, (0) x (8 - @h - @t), @t);
	my @o = map { my $v = hex $_; ($v >> 8, $v & 255) } @w;
	print join('.', 2, 16, @o, $len, '2.0.0.2.16.32.1.13.184', (0) x 11, 1), "\n";
}
