#!/usr/bin/perl
# Read RTM-MIB by itself, without any module that it imports, and hold it against the sources.
#
#   rtm_mib.pl MODULE SOURCE-DIRECTORY
#
# The module: every name and number once; tables, rows, SEQUENCE and index fit together; every
# object is read-only and in exactly one group; what is imported is used and what is used is
# there. The sources: the arrays of scalars and columns have the same names, numbers and types
# as the module, none more and none less; enumerations have the numbers of the enums that they
# show. Prints a line for each complaint; status 1 if there was one.
use strict;
use warnings;

my ($module, $source) = @ARGV;
my $complaints = 0;
sub complain { print "not ok: @_\n"; $complaints++ }
sub slurp { local $/; open my $f, '<', $_[0] or die "$_[0]: $!\n"; return <$f> }

# ---- words ----

my $text = slurp($module);
my @tok;
while ($text =~ /\G(?:\s+|--[^\n]*)*(?:"([^"]*)"|(::=|\.\.|[{}();,|])|(-?[A-Za-z0-9][A-Za-z0-9-]*))/gc) {
	push @tok, defined $1 ? "\"$1" : $2 // $3;
}
$text =~ /\G(?:\s+|--[^\n]*)*\z/gc or complain 'cannot be read at: ' . substr($text, pos $text // 0, 40);
my $at = 0;
sub look { $tok[$at] // '' }
sub take { $tok[$at++] // '' }
sub until_tok { my @got; push @got, take() while look() ne $_[0] && $at < @tok; take(); return @got }

# ---- definitions ----

my (%import, %node, %type, %order, @objects);
my @groups;
until_tok('IMPORTS');
my @names;
while ($at < @tok && look() ne ';') {
	my $word = take();
	next if $word eq ',';
	if ($word eq 'FROM') { my $from = take(); $import{$_} = $from for @names; @names = (); next }
	push @names, $word;
}
take();

sub braces { take() eq '{' or complain 'a brace is missing'; return grep { $_ ne ',' } until_tok('}') }
sub value_of { until_tok('::='); return [ braces() ] }
sub clauses { # up to `::=', or for a textual convention up to the end of its SYNTAX
	my ($tc, %got, $key) = @_;
	while ($at < @tok && look() ne '::=') {
		my $word = look();
		if ($word =~ /^(SYNTAX|MAX-ACCESS|STATUS|DESCRIPTION|INDEX|AUGMENTS|DISPLAY-HINT|OBJECTS|NOTIFICATIONS|REVISION|LAST-UPDATED|UNITS|REFERENCE|MODULE|MANDATORY-GROUPS|ORGANIZATION|CONTACT-INFO)$/) {
			$key = take();
			push @{ $got{order} }, $key;
			next;
		}
		push @{ $got{$key} }, take();
		if ($tc && $key eq 'SYNTAX') { # a type, and its range or its enumeration
			push @{ $got{$key} }, take() if $got{$key}[0] =~ /^(OCTET|OBJECT)$/;
			if (look() eq '{' || look() eq '(') {
				my $depth = 0;
				do {
					$depth++ if look() =~ /^[{(]$/;
					$depth-- if look() =~ /^[})]$/;
					push @{ $got{$key} }, take();
				} while ($depth > 0);
			}
			return \%got;
		}
	}
	return \%got;
}

while ($at < @tok && look() ne 'END') {
	my $name = take();
	my $kind = take();
	if ($kind eq 'OBJECT' && look() eq 'IDENTIFIER') {
		take(), take();
		$kind = 'OBJECT IDENTIFIER';
		$node{$name} = { kind => $kind, oid => [ braces() ] };
		push @objects, $name;
	} elsif ($kind eq '::=' && look() eq 'SEQUENCE') {
		take();
		my @words = braces();
		complain "$name is defined twice" if $type{$name}++;
		while (@words) {
			my $column = shift @words;
			my $syntax = shift @words;
			$syntax .= ' ' . shift @words if $syntax =~ /^(OBJECT|OCTET)$/;
			push @{ $order{$name} }, [ $column, $syntax ];
		}
	} elsif ($kind eq '::=' && look() eq 'TEXTUAL-CONVENTION') {
		take();
		complain "$name is defined twice" if exists $type{$name};
		$type{$name} = clauses(1);
		complain "$name has no description" unless $type{$name}{DESCRIPTION};
	} elsif ($kind =~ /^[A-Z]+(-[A-Z]+)+$/) {
		my $c = clauses(0);
		complain "$name is defined twice" if exists $node{$name};
		$node{$name} = { kind => $kind, c => $c, oid => value_of() };
		push @objects, $name;
		complain "$name has no description" unless $c->{DESCRIPTION};
		complain "$kind is not imported" unless $import{$kind};
	} else {
		complain "cannot read at $name $kind";
		last;
	}
}
complain 'the module has no END' unless look() eq 'END';

# ---- numbers ----

my %by_oid;
sub numbers {
	my ($name) = @_;
	return $name if $import{$name};
	my $n = $node{$name} or return complain("$name is used and not defined"), '?';
	my ($parent, @rest) = @{ $n->{oid} };
	return join '.', numbers($parent), @rest;
}
for my $name (@objects) {
	complain "$name does not begin with rtm" unless $name =~ /^rtm[A-Z]/;
	my $oid = numbers($name);
	complain "$name and $by_oid{$oid} have one number" if $by_oid{$oid};
	$by_oid{$oid} = $name;
}
my ($identity) = grep { $node{$_}{kind} eq 'MODULE-IDENTITY' } @objects;
my $root = numbers($identity);
complain "the module is $root" unless $root eq 'netSnmpPlaypen.4292';
my $ic = $node{$identity}{c};
complain 'LAST-UPDATED is not the newest REVISION' unless $ic->{'LAST-UPDATED'}[0] eq ($ic->{REVISION}[0] // '');

# ---- types ----

my %base = map { $_ => 1 } 'INTEGER', 'OCTET STRING', 'OBJECT IDENTIFIER', 'BITS';
my %used;
sub syntax { # the name of a type, without its range
	my @s = @_;
	return join ' ', @s[0, 1] if $s[0] =~ /^(OCTET|OBJECT|SEQUENCE)$/;
	return $s[0];
}
sub enumeration {
	my ($where, @s) = @_;
	my (%label, %number);
	my $list = join ' ', @s;
	while ($list =~ /([a-zA-Z][\w-]*) \( (-?\d+) \)/g) {
		complain "$where: $1 stands there twice" if exists $label{$1};
		complain "$where: $2 stands there twice" if $number{$2}++;
		complain "$where: $1 has a hyphen" if $1 =~ /-/;
		$label{$1} = $2;
	}
	return \%label;
}
sub known { my ($t, $where) = @_; $used{$t} = 1; complain "$where: $t is not defined" unless $base{$t} || $type{$t} || $import{$t} }
for my $t (sort keys %type) {
	next unless ref $type{$t};
	known(syntax(@{ $type{$t}{SYNTAX} }), $t);
	enumeration($t, @{ $type{$t}{SYNTAX} });
}

# ---- objects ----

my %seq_of;
for my $name (@objects) {
	my $n = $node{$name};
	next unless $n->{kind} eq 'OBJECT-TYPE';
	my $c = $n->{c};
	for my $need ('SYNTAX', 'MAX-ACCESS', 'STATUS') { complain "$name has no $need" unless $c->{$need} }
	my $access = $c->{'MAX-ACCESS'}[0];
	complain "$name is $access" unless $access =~ /^(not-accessible|read-only|accessible-for-notify)$/;
	complain "$name is not current" unless $c->{STATUS}[0] eq 'current';
	my @s = @{ $c->{SYNTAX} };
	if ($s[0] eq 'SEQUENCE') {
		my ($row) = grep { $node{$_}{oid}[0] eq $name } @objects;
		complain "$name: its row is not of $s[2]" unless $row && $node{$row}{c}{SYNTAX}[0] eq $s[2];
		complain "$name: its row is not number 1" unless $row && $node{$row}{oid}[1] eq '1';
		complain "$row has neither INDEX nor AUGMENTS" unless $node{$row}{c}{INDEX} || $node{$row}{c}{AUGMENTS};
		my @columns = sort { $node{$a}{oid}[1] <=> $node{$b}{oid}[1] } grep { $node{$_}{oid}[0] eq $row } @objects;
		my @listed = @{ $order{ $s[2] } // [] };
		complain "$s[2] lists other columns than there are" unless "@columns" eq join ' ', map { $_->[0] } @listed;
		for my $l (@listed) {
			my $is = $node{ $l->[0] } ? syntax(@{ $node{ $l->[0] }{c}{SYNTAX} }) : '';
			complain "$s[2]: $l->[0] is $l->[1] there and $is itself" unless $is eq $l->[1];
		}
		for my $i (grep { $_ !~ /^[{},]$|^IMPLIED$/ } @{ $node{$row}{c}{INDEX} // [] }) {
			$used{$i} = 1;
			next if $import{$i};
			complain "$row: there is no $i" unless $node{$i};
			complain "$i is an index and can be read" unless $node{$i}{c}{'MAX-ACCESS'}[0] eq 'not-accessible';
		}
		$used{$_} = 1 for @{ $node{$row}{c}{AUGMENTS} // [] };
		complain "$s[2] is used twice" if $seq_of{ $s[2] }++;
		next;
	}
	my $t = syntax(@s);
	known($t, $name) unless $order{$t};
	enumeration($name, @s) if $s[1] // '' eq '{';
}
for my $s (keys %order) { complain "$s is no table's" unless $seq_of{$s} }

# ---- groups ----

my %in;
for my $g (grep { $node{$_}{kind} =~ /-GROUP$/ } @objects) {
	for my $o (grep { $_ !~ /^[{},]$/ } @{ $node{$g}{c}{OBJECTS} // $node{$g}{c}{NOTIFICATIONS} }) {
		complain "$g: there is no $o" unless $node{$o};
		complain "$o is in $g and in $in{$o}" if $in{$o};
		$in{$o} = $g;
	}
	my ($compliance) = grep { $node{$_}{kind} eq 'MODULE-COMPLIANCE' } @objects;
	complain "$g is not mandatory" unless grep { $_ eq $g } @{ $node{$compliance}{c}{'MANDATORY-GROUPS'} };
}
my %served;
for my $name (@objects) {
	my $n = $node{$name};
	if ($n->{kind} eq 'NOTIFICATION-TYPE') {
		complain "$name is in no group" unless $in{$name};
		for my $o (grep { $_ !~ /^[{},]$/ } @{ $n->{c}{OBJECTS} // [] }) {
			$used{$o} = 1;
			complain "$name: there is no $o" unless $node{$o} || $import{$o};
		}
	}
	next unless $n->{kind} eq 'OBJECT-TYPE' && $n->{c}{'MAX-ACCESS'}[0] ne 'not-accessible';
	complain "$name is in no group" unless $in{$name};
	$served{$name} = 1 if $n->{c}{'MAX-ACCESS'}[0] eq 'read-only';
}
for my $i (sort keys %import) {
	next if $i =~ /^(MODULE-IDENTITY|TEXTUAL-CONVENTION|netSnmpPlaypen)$/ || $used{$i};
	complain "$i is imported and not used" unless grep { $node{$_}{kind} eq $i } @objects;
}

# ---- the sources ----

my %wire = (Counter32 => 'COUNTER', Counter64 => 'COUNTER64',
	Gauge32 => 'GAUGE', Unsigned32 => 'GAUGE', TimeTicks => 'TIMETICKS',
	'OBJECT IDENTIFIER' => 'OBJID', 'OCTET STRING' => 'OCTETS', BITS => 'OCTETS', INTEGER => 'INTEGER',
	DisplayString => 'OCTETS', DateAndTime => 'OCTETS', TruthValue => 'INTEGER', InetAddressType => 'INTEGER',
	InetAddress => 'OCTETS', InetAddressPrefixLength => 'GAUGE', InterfaceIndexOrZero => 'INTEGER',
	ObjectIdentifier => 'OBJID');
sub wire {
	my ($t) = @_;
	$t = syntax(@{ $type{$t}{SYNTAX} }) if ref $type{$t};
	return $wire{$t} // "? ($t)";
}
my $code = join "\n", map { slurp($_) } glob "$source/agent/mib_ledger.c $source/agent/mib_hop.c $source/agent/mib_rtm*.c";
my %coded;
while ($code =~ /\{\s*((?:\d+,\s*)+)"(rtm\w+)",\s*(?:READ\()?MIB_(\w+)/g) {
	my ($where, $name, $syntax) = ($1, $2, $3);
	my @sub = $where =~ /\d+/g;
	complain "$name stands in the sources twice" if $coded{$name}++;
	if (!$served{$name}) { complain "$name is served and not in the module"; next }
	my $oid = join '.', (split /\./, numbers($name))[-@sub .. -1];
	complain "$name is " . join('.', @sub) . " in the sources, $oid in the module" unless $oid eq join '.', @sub;
	my $want = wire(syntax(@{ $node{$name}{c}{SYNTAX} }));
	complain "$name is $syntax in the sources, $want in the module" unless $want eq $syntax;
}
for my $name (sort keys %served) { complain "$name is in the module and not served" unless $coded{$name} }

sub enum_of { # FILE ENUM: names in their order, and numbers
	my ($file, $enum) = @_;
	my ($body) = slurp("$source/$file") =~ /enum \Q$enum\E \{(.*?)\}/s or die "no enum $enum in $file\n";
	$body =~ s,/\*.*?\*/,,gs;
	my ($n, @got) = (0);
	for my $item (split /,/, $body) {
		next unless $item =~ /(\w+)\s*(?:=\s*(\d+))?/;
		$n = $2 if defined $2;
		push @got, $n++;
	}
	return join ' ', @got;
}
sub shown { my ($t, $less) = @_; return join ' ', sort { $a <=> $b } map { $_ - $less } values %{ enumeration($t, @{ $type{$t}{SYNTAX} }) } }
for ([ 'RtmMember', 1, 'src/iphlp/iph.h', 'iph_field' ], [ 'RtmReason', 1, 'src/iphlp/iph.h', 'iph_reason' ],
	[ 'RtmErrorStatus', 0, 'agent/mib.h', 'mib_error' ]) {
	my ($t, $less, $file, $enum) = @$_;
	complain "$t has other numbers than enum $enum" unless shown($t, $less) eq enum_of($file, $enum);
}

print scalar(keys %served), ' objects, ', scalar(grep { ref } values %type), " conventions, $complaints complaints\n";
exit($complaints > 0);
