#!/usr/bin/perl
# older_rows: rows of inetCidrRouteTable, one INDEX IFINDEX TYPE a line, become the names
# that the same routes have in the older tables, in the order of their OIDs: `c NAME' of
# ipCidrRouteTable, `f NAME' of ipForwardTable, `r NAME' of ipRouteTable. The routes are
# those of managers, so the protocol in a name is netmgmt(3).
use strict;
use warnings;

my (%c, %f, %r);

while (my $line = <STDIN>) {
	my ($index) = split / /, $line;
	my @i = split /\./, $index;
	next unless $i[0] == 1 || $i[0] == 3;    # ipv4 and ipv4z, their zone left out
	my @dest = @i[2 .. 5];
	my $at = 2 + $i[1];                      # the prefix length, behind the zone
	my $len = $i[$at];
	my @nh = splice @i, $at + 2 + $i[ $at + 1 ] + 2;
	@nh = (0, 0, 0, 0) unless @nh;
	my $mask = $len == 0 ? 0 : (0xffffffff << (32 - $len)) & 0xffffffff;
	my @mask = map { ($mask >> $_) & 255 } 24, 16, 8, 0;
	$c{ join '.', @dest, @mask, 0, @nh[ 0 .. 3 ] } = 1;
	$f{ join '.', @dest, 3, 0, @nh[ 0 .. 3 ] } = 1;
	$r{ join '.', @dest } = 1;
}

sub in_order {    # sub-identifier by sub-identifier; all names of a table are equally long
	my @x = split /\./, $a;
	my @y = split /\./, $b;
	for my $i (0 .. $#x) {
		return $x[$i] <=> $y[$i] if $x[$i] != $y[$i];
	}
	return 0;
}

print "c $_\n" for sort in_order keys %c;
print "f $_\n" for sort in_order keys %f;
print "r $_\n" for sort in_order keys %r;
