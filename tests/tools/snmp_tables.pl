#!/usr/bin/perl
# The tables of docs/snmp.md that come from the sources: every column, and which SNMP error a
# refusal becomes.
#
#   snmp_tables.pl SOURCE-DIRECTORY             print them
#   snmp_tables.pl SOURCE-DIRECTORY DOCUMENT    put them into the document, between its marks
#
# Read are the arrays `columns[]' and the table objects of agent/mib_*.c, the lines of
# mib_fault.c, and the comments of enum iph_reason. What cannot be read is an error, so that
# a table is never shorter than the truth.
use strict;
use warnings;

my ($source, $document) = @ARGV;
sub slurp { local $/; open my $f, '<', $_[0] or die "$_[0]: $!\n"; return <$f> }

my %syntax = (INTEGER => 'Integer32', GAUGE => 'Unsigned32', OBJID => 'OBJECT IDENTIFIER', IPADDRESS => 'IpAddress');
my %limit = (INT32_MAX => 2147483647, UINT32_MAX => 4294967295);
sub number { my ($n) = @_; return $limit{$n} // $n }

# ---- columns ----

my $out = "### Columns\n\nWhat may be written has a range; a column that a new row needs has no default. A value outside is wrongValue,\nanother type wrongType, a column that is only read notWritable.\n";
for my $file (qw(inet_cidr ip_cidr ip_forward ip_route)) {
	my $text = slurp("$source/agent/mib_$file.c");
	my ($table) = $text =~ /const struct mib_object mib_\w+_object = \{\s*\.name = "(\w+)"/ or die "$file: no object\n";
	my ($root) = $text =~ /\.root = \{ ([\d, ]+) \}/ or die "$file: no root\n";
	my ($columns) = $text =~ /mib_column columns\[\] = \{(.*?)\n\};/s or die "$file: no columns\n";
	$root =~ s/, /./g;
	$out .= "\n| $table | $root.1 | | written | default |\n| --- | --- | --- | --- | --- |\n";
	my $lines = () = $columns =~ /^\s*\{/mg;
	my $read = 0;
	while ($columns =~ /\{\s*(\d+), "(\w+)",\s*MIB_(\w+),\s*MIB_(\w+),\s*(-?\w+),\s*(-?\w+),\s*MIB_AT\([^)]*\),\s*IPH_FIELD_(\w+),\s*(-?\w+)\s*\}/g) {
		my ($sub, $name, $type, $access, $min, $max, $field, $initial) = ($1, $2, $3, $4, $5, $6, $7, $8);
		my $range = $access eq 'READ' ? 'no' : $type eq 'INTEGER' || $type eq 'GAUGE' ? number($min) . ' to ' . number($max) :
			$type eq 'IPADDRESS' && $field eq 'LENGTH' ? 'a mask' : 'yes';
		my $default = $access eq 'READ' ? '' : $initial eq 'MIB_UNSET' ? '' : $type eq 'OBJID' ? '0.0' : number($initial);
		$default = '' if $type eq 'IPADDRESS';
		$out .= "| $name | .$sub | $syntax{$type} | $range | $default |\n";
		$read++;
	}
	die "$file: read $read of $lines columns\n" unless $read == $lines && $read > 0;
}

# ---- refusals ----

my %errors; # what => where => error
my @order;
my ($lines) = slurp("$source/agent/mib_fault.c") =~ /fault_line lines\[\] = \{(.*?)\n\};/s or die "no lines\n";
my $there = () = $lines =~ /^\s*\{/mg;
my $read = 0;
while ($lines =~ /\{\s*(\w+),\s*(\w+),\s*AT_(\w+),\s*MIB_(\w+)\s*\}/g) {
	my ($reason, $code, $where, $error) = ($1, $2, $3, $4);
	my $what = $reason eq 'ANY_REASON' ? $code : $reason;
	die "$reason with $code: the table has no room for both\n" if $reason ne 'ANY_REASON' && $code ne 'ANY_CODE';
	push @order, $what unless $errors{$what};
	for my $w ($where eq 'ANY' ? qw(INDEX COLUMN NONE) : $where) { $errors{$what}{$w} //= $error }
	$read++;
}
die "read $read of $there lines of mib_fault.c\n" unless $read == $there && $read > 0;

my %name = map { uc($_) => $_ } qw(noAccess wrongType wrongLength wrongEncoding wrongValue noCreation inconsistentValue
	resourceUnavailable commitFailed undoFailed notWritable inconsistentName);
sub error { my ($e) = @_; return defined $e ? $name{$e} // die "no error $e\n" : 'genErr' }
my ($enum) = slurp("$source/src/iphlp/iph.h") =~ /enum iph_reason \{(.*?)\n\};/s or die "no reasons\n";
my ($shown) = slurp("$source/mibs/RTM-MIB.txt") =~ /RtmReason ::= TEXTUAL-CONVENTION(.*?)\n\s*\}\n/s or die "no RtmReason\n";
my (%shown, %means);
my ($syntax) = $shown =~ /INTEGER \{(.*)/s;
my @reasons = $enum =~ /(IPH_REASON_\w+)/g;
my @names = $syntax =~ /(\w+)\(\d+\)/g;
@shown{@reasons} = @names;
while ($shown =~ /^ +(\w+)\(\d+\) +(.+(?:\n {14,}[^\s].*)*)/mg) { $means{$1} //= $2 }
sub meaning { my $m = $means{ $_[0] } // die "$_[0] is not described in RTM-MIB\n"; $m =~ s/\s+/ /g; $m =~ s/"$//; return $m }

$out .= "\n### Which error a refusal becomes\n\nBy rtmRefusedReason, and by where the value at fault was given: in the index, in a column of this SET, or in neither (a default,\nor what a row had before). genErr stands where that cannot be. The first group is found by the rules of the documented functions; the second are codes without\na reason. What the forwarder or the disk refuses when the SET is done is commitFailed, whatever is said here.\n";
$out .= "\n| reason | | in the index | in a column | in neither |\n| --- | --- | --- | --- | --- |\n";
for my $what (grep { /^IPH_/ } @order) {
	$out .= "| $shown{$what} | " . meaning($shown{$what}) . " | " . join(' | ', map { error($errors{$what}{$_}) } qw(INDEX COLUMN NONE)) . " |\n";
}
$out .= "\n| code | in the index | in a column | in neither |\n| --- | --- | --- | --- |\n";
for my $what (grep { /^ERROR_/ } @order) {
	$out .= "| $what | " . join(' | ', map { error($errors{$what}{$_}) } qw(INDEX COLUMN NONE)) . " |\n";
}

if (!defined $document) { print $out; exit 0 }
my $text = slurp($document);
$text =~ s/(<!-- from the sources: [^\n]*-->\n).*?(<!-- end -->)/$1\n$out\n$2/s or die "$document has no marks\n";
open my $f, '>', $document or die "$document: $!\n";
print $f $text;
close $f or die "$document: $!\n";
