#!/usr/bin/perl
# known_rows [-c COLUMN,...] CONF inet|cidr|forward|route: what a table must hold when
# nothing but CONF, an rtmd.conf, has made routes: its `preload' files through its
# `interface' lines. One object a line, "OID VALUE", in the order of a walk; the age, which
# nobody knows beforehand, is left out.
#
# Written from RFC 4292, 2096, 1354 and 1213 and the rules of README, not from rtmd: what
# a client read is compared with what was put in. Names with a zone are not known here, so
# a link-local address is refused.
use strict;
use warnings;
use Socket qw(inet_pton AF_INET AF_INET6);

my %only;
if (@ARGV && $ARGV[0] eq '-c') {
	(undef, my $columns) = splice @ARGV, 0, 2;
	%only = map { $_ => 1 } split /,/, $columns;
}
my ($conf, $table) = @ARGV;
defined $table or die "usage: known_rows [-c COLUMN,...] CONF inet|cidr|forward|route\n";

my (%interface, @preloads);
open my $in, '<', $conf or die "$conf: $!\n";
while (<$in>) {
	if (/^\s*interface\s+(\d+)\s+(\S+)\s+(\S+)(?:.*\bmetric\s+(\d+))?/) {
		my ($index, $name, $addresses, $metric) = ($1, $2, $3, $4);
		my ($own) = map { m{^([\d.]+)/} ? $1 : () } split /,/, $addresses;
		$interface{$name} = { index => $index, metric => $metric // 0, own => $own // '0.0.0.0' };
	} elsif (/^\s*preload\s+(\S+)/) {
		push @preloads, $1;
	}
}

# ---- the routes ---------------------------------------------------------------------

my @routes;
for my $file (@preloads) {
	open my $list, '<', $file or die "$file: $!\n";
	while (<$list>) {
		s/#.*//;
		my ($prefix, $hop, $name, $metric) = split;
		next if !defined $metric;
		my ($address, $len) = split m{/}, $prefix;
		my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
		my $bytes = inet_pton($family, $address) // die "$address?\n";
		my $gateway = $hop eq '-' ? '' : inet_pton($family, $hop) // die "$hop?\n";
		my $if = $interface{$name} // die "$name?\n";
		die "$prefix: no zones here\n" if ($bytes . $gateway) =~ /^(\xfe[\x80-\xbf]|\xa9\xfe)/;
		push @routes, { v6 => $family == AF_INET6, dest => $bytes, len => $len, hop => $gateway,
			if => $if, metric => $metric, at => scalar @routes };
	}
}

sub dots { return join '.', unpack 'C*', $_[0] }
sub mask { return pack 'B32', '1' x $_[0] . '0' x (32 - $_[0]) }

# inetCidrRoutePolicy: what has no gateway is told apart by its interface, and so are
# routes that differ in nothing else; of these the first one keeps {0 0}.
my %named;
sub policy {
	my ($r) = @_;
	my $name = join ' ', $r->{dest}, $r->{len}, $r->{hop};
	return "3.0.0.$r->{if}{index}" if $r->{hop} eq '' || $named{$name}++;
	return '2.0.0';
}

sub inet_index {
	my ($r) = @_;
	my $type = $r->{v6} ? 2 : 1;
	my $size = $r->{v6} ? 16 : 4;
	return join '.', $type, $size, dots($r->{dest}), $r->{len}, policy($r),
		$r->{hop} eq '' ? '0.0' : ($type, $size, dots($r->{hop}));
}

sub gateway { return dots($_[0]{hop} eq '' ? "\0\0\0\0" : $_[0]{hop}) }
sub total { return $_[0]{metric} + $_[0]{if}{metric} }
sub type { return $_[0]{hop} eq '' ? 3 : 4 }

# ---- the tables: index and columns of a route ---------------------------------------

my $netmgmt = 3;
my %tables = (
	inet => {
		entry => '.1.3.6.1.2.1.4.24.7.1',
		index => \&inet_index,
		row => sub {
			my ($r) = @_;
			return (7 => $r->{if}{index}, 8 => type($r), 9 => $netmgmt, 11 => 0, 12 => $r->{metric},
				13 => -1, 14 => -1, 15 => -1, 16 => -1, 17 => 1);
		},
	},
	cidr => {
		entry => '.1.3.6.1.2.1.4.24.4.1',
		index => sub { my ($r) = @_; join '.', dots($r->{dest}), dots(mask($r->{len})), 0, gateway($r) },
		row => sub {
			my ($r) = @_;
			return (1 => dots($r->{dest}), 2 => dots(mask($r->{len})), 3 => 0, 4 => gateway($r),
				5 => $r->{if}{index}, 6 => type($r), 7 => $netmgmt, 9 => '.0.0', 10 => 0, 11 => total($r),
				12 => -1, 13 => -1, 14 => -1, 15 => -1, 16 => 1);
		},
	},
	forward => {
		entry => '.1.3.6.1.2.1.4.24.2.1',
		index => sub { my ($r) = @_; join '.', dots($r->{dest}), $netmgmt, 0, gateway($r) },
		row => sub {
			my ($r) = @_;
			return (1 => dots($r->{dest}), 2 => dots(mask($r->{len})), 3 => 0, 4 => gateway($r),
				5 => $r->{if}{index}, 6 => type($r), 7 => $netmgmt, 9 => '.0.0', 10 => 0, 11 => total($r),
				12 => -1, 13 => -1, 14 => -1, 15 => -1);
		},
	},
	route => {
		entry => '.1.3.6.1.2.1.4.21.1',
		index => sub { dots($_[0]{dest}) },
		row => sub {
			my ($r) = @_;
			return (1 => dots($r->{dest}), 2 => $r->{if}{index}, 3 => total($r), 4 => -1, 5 => -1, 6 => -1,
				7 => $r->{hop} eq '' ? $r->{if}{own} : gateway($r), 8 => type($r), 9 => $netmgmt,
				11 => dots(mask($r->{len})), 12 => -1, 13 => '.0.0');
		},
	},
);
my $t = $tables{$table} // die "$table: inet, cidr, forward or route\n";

# Where a name stands for several routes: the longest mask, then the cheapest.
my %rows;
for my $r (sort { $b->{len} <=> $a->{len} || $a->{metric} <=> $b->{metric} || $a->{at} <=> $b->{at} } @routes) {
	next if $r->{v6} && $table ne 'inet';
	my $index = $t->{index}($r);
	$rows{$index} //= $r;
}

# The order of names is that of numbers, sub-identifier by sub-identifier.
my %key = map { $_ => pack 'N*', split /\./ } keys %rows;
my @order = sort { $key{$a} cmp $key{$b} } keys %key;
my %lines;
for my $index (@order) {
	my %row = $t->{row}($rows{$index});
	for my $column (keys %row) {
		push @{ $lines{$column} }, "$t->{entry}.$column.$index $row{$column}\n" if !%only || $only{$column};
	}
}
print @{ $lines{$_} } for sort { $a <=> $b } keys %lines;
