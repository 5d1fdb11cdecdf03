#!/usr/bin/perl
# gen_prefixes -4|-6 COUNT: real-looking prefixes, one a line, the same on every machine.
#
# The lengths are drawn from the shares they have in a default-free Internet table of
# these days (rounded), the addresses from the blocks that are given out; a part is
# nested, as more specific announcements are. No multicast, no loopback, no private or
# link-local space, no prefix twice, no host bits.
use strict;
use warnings;

my ($family, $count) = @ARGV;
defined $count && $family =~ /^-[46]$/ or die "usage: gen_prefixes -4|-6 COUNT\n";
my $bits = $family eq '-4' ? 32 : 128;

# length => share in a table, per ten thousand
my %mix = $family eq '-4'
	? (8 => 1, 9 => 1, 10 => 1, 11 => 1, 12 => 3, 13 => 6, 14 => 12, 15 => 20, 16 => 140, 17 => 85,
		18 => 145, 19 => 255, 20 => 450, 21 => 520, 22 => 1120, 23 => 1010, 24 => 6200, 25 => 5,
		28 => 8, 30 => 7, 32 => 10)
	: (20 => 1, 24 => 2, 28 => 8, 29 => 380, 30 => 50, 32 => 1300, 33 => 150, 34 => 160, 35 => 90,
		36 => 420, 38 => 110, 40 => 930, 42 => 210, 44 => 1080, 45 => 110, 46 => 420, 47 => 210,
		48 => 4700, 52 => 20, 56 => 100, 60 => 20, 64 => 90, 127 => 9, 128 => 30);

my $state = 20260401 + $bits;    # the fixed seed

sub pick {    # 0 .. n-1, from the high bits of a multiplicative generator modulo 2^31 - 1
	my ($n) = @_;
	$state = ($state * 48271) % 2147483647;
	return int($state / 2147483647 * $n);
}

my @lengths = map { ($_) x $mix{$_} } sort { $a <=> $b } keys %mix;

sub fits {    # space that a table of the Internet may hold
	my @o = @_;
	return ($o[0] >= 0x24 && $o[0] <= 0x2a && ($o[0] & 1) == 0 || $o[0] == 0x20 && $o[1] == 1)
		&& !($o[0] == 0x20 && $o[1] == 1 && $o[2] == 0x0d && $o[3] == 0xb8)
		if $bits == 128;
	return 0 if $o[0] == 0 || $o[0] == 10 || $o[0] == 127 || $o[0] >= 224;
	return 0 if $o[0] == 169 && $o[1] == 254 || $o[0] == 172 && $o[1] >= 16 && $o[1] < 32;
	return 0 if $o[0] == 192 && ($o[1] == 168 || $o[1] == 0) || $o[0] == 198 && $o[1] >= 18 && $o[1] < 20;
	return 0 if $o[0] == 198 && $o[1] == 51 || $o[0] == 203 && $o[1] == 0;
	return 1;
}

sub cut_to {
	my ($len, @o) = @_;
	for my $i (0 .. $#o) {
		my $keep = $len - 8 * $i;
		$keep = $keep < 0 ? 0 : $keep > 8 ? 8 : $keep;
		$o[$i] &= (0xff << (8 - $keep)) & 0xff;
	}
	return @o;
}

sub text {
	my ($len, @o) = @_;
	return join('.', @o) . "/$len" if $bits == 32;
	my @w = map { sprintf '%x', $o[ 2 * $_ ] * 256 + $o[ 2 * $_ + 1 ] } 0 .. 7;
	my $s = join ':', @w;
	$s =~ s/(?:^|:)0(?::0)+$/::/;    # the tail of zeros is what prefixes have
	return "$s/$len";
}

my (%seen, @made);
while (@made < $count) {
	my $len = $lengths[ pick(scalar @lengths) ];
	my @o = map { pick(256) } 1 .. $bits / 8;
	if (@made > 20 && pick(3) == 0) {    # a more specific of one that is there
		my ($l, @p) = @{ $made[ pick(scalar @made) ] };
		next if $l >= $len;
		for my $i (0 .. $#p) {           # its bits, then the random ones
			my $keep = $l - 8 * $i;
			$keep = $keep < 0 ? 0 : $keep > 8 ? 8 : $keep;
			my $mask = (0xff << (8 - $keep)) & 0xff;
			$o[$i] = ($p[$i] & $mask) | ($o[$i] & ~$mask & 0xff);
		}
	}
	@o = cut_to($len, @o);
	next if !fits(@o);
	my $t = text($len, @o);
	next if $seen{$t}++;
	push @made, [ $len, @o ];
	print "$t\n";
}
