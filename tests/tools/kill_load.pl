#!/usr/bin/perl
# kill_load SEED KILLS PDU-COMMAND LOG RTMD ARGUMENTS...: start rtmd, give it SETs, kill it with SIGKILL
# at a random moment of a random one, start it again, and compare every row with a model;
# KILLS times. The last rtmd is ended in the ordinary way.
#
# What must hold each time: a PDU that was answered noError is there, whole; one that was
# refused is not; the one that was under way is there whole or not at all; rows that were
# notReady are gone; nothing else is there.
#
# Prints `seed N', then a line for each thing that was wrong, then a summary; status 1 if
# anything was. The same seed gives the same PDUs and the same delays.
use strict;
use warnings;
use IPC::Open2;
use Time::HiRes qw(usleep time);

my ($seed, $kills, $pdu, $log, @rtmd) = @ARGV;
my $state = $seed;
my $I = '.1.3.6.1.2.1.4.24.7.1';
my $C = '.1.3.6.1.2.1.4.24.4.1';
my ($wrong, $sets, $refused, $flying, $came_true) = (0, 0, 0, 0, 0);
my $child;

$| = 1;
print "seed $seed\n";
$SIG{PIPE} = 'IGNORE';
$SIG{$_} = sub { exit 1 } for qw(TERM INT HUP);
END { kill 'KILL', $child if $child; }

sub pick {
	my ($n) = @_;
	$state = ($state * 1103515245 + 12345) & 0x7fffffff;
	return ($state >> 8) % $n;
}

# ---- talking -----------------------------------------------------------------------

open2(my $from, my $to, $pdu) or die "no $pdu";

sub send_pdu { print $to "$_[0]\n"; $to->flush; }

sub ask_set {
	send_pdu($_[0]);
	my $answer = <$from>;
	die "the client is gone\n" unless defined $answer;
	chomp $answer;
	return $answer;
}

sub start {
	$child = fork;
	die "fork: $!" unless defined $child;
	if ($child == 0) {
		open STDOUT, '>>', $log;
		open STDERR, '>>', $log;
		exec @rtmd or die "exec: $!";
	}
	my $end = time + 60;
	while (1) {
		send_pdu('get .1.3.6.1.2.1.4.24.8.0');
		my $first = <$from>;
		my $value = $first =~ /^0\/0/ ? <$from> : '';
		return if $value =~ / c \d/;
		die "rtmd does not start again: $first$value\n" if time > $end || waitpid($child, 1) == $child;
		usleep(5000);
	}
}

# ---- the model: INDEX => [status, metric1, metric2, as] --------------------------------

my @names = map {
	my $p = $_;
	map { "1.4.10.77.$p.0.24.2.0.0.1.4.192.0.2.$_" } 1, 9;
} 0 .. 15;
my %model;

sub cidr_of {
	my @o = split /\./, $_[0];
	return join '.', @o[2 .. 5], 255, 255, 255, 0, 0, @o[12 .. 15];
}

sub copy_of { my %c = map { $_ => [ @{ $_[0]{$_} } ] } keys %{ $_[0] }; return \%c; }

sub those {    # up to N names whose row has this status, 0: is not there
	my ($n, $status) = @_;
	my @all = grep { ($model{$_} ? $model{$_}[0] : 0) == $status } @names;
	my @some;
	push @some, splice @all, pick(scalar @all), 1 while @all && @some < $n;
	return @some;
}

sub creation {
	my ($name, $next) = @_;
	my ($m1, $m2, $as) = (pick(1000), pick(1000), pick(100000));
	$next->{$name} = [ 1, $m1, $m2, $as ];
	return "$I.7.$name i 2 $I.12.$name i $m1 $I.8.$name i 4 $I.11.$name u $as $I.17.$name i 4 $I.13.$name i $m2";
}

sub removal { my ($name, $next) = @_; delete $next->{$name}; return "$I.17.$name i 6"; }

# A PDU, what it makes of the model, and whether it must be refused.
sub draw {
	my $next = copy_of(\%model);
	my $kind = pick(10);
	my @words;
	my $refuse = 0;

	if ($kind <= 1) {
		push @words, creation($_, $next) for those(1, 0);
	} elsif ($kind <= 3) {
		push @words, creation($_, $next) for those(2 + pick(7), 0);
	} elsif ($kind == 4) {
		push @words, removal($_, $next) for those(1 + pick(5), 1 + pick(2));
	} elsif ($kind == 5) {    # the same destination through the other gateway, in one step
		for my $name (those(1 + pick(3), 1)) {
			my $other = $name =~ /\.9$/ ? $name =~ s/9$/1/r : $name =~ s/1$/9/r;
			next if $model{$other};
			push @words, removal($name, $next), creation($other, $next);
		}
	} elsif ($kind == 6) {
		for my $name (those(1 + pick(3), 1)) {
			$next->{$name}[0] = 2;
			$next->{$name}[1] = pick(1000);
			push @words, "$I.17.$name i 2 $I.12.$name i $next->{$name}[1]";
		}
	} elsif ($kind == 7) {
		for my $name (those(1 + pick(3), 2)) {
			$next->{$name}[0] = 1;
			push @words, "$I.17.$name i 1";
		}
	} elsif ($kind == 8) {    # an active row changes in place, by its other name; or half a row
		if (my ($name) = those(1, 1)) {
			$next->{$name}[1] = pick(1000);
			push @words, "$C.11." . cidr_of($name) . ' i ' . (10 + $next->{$name}[1]);
		} elsif (($name) = those(1, 0)) {
			$next->{$name} = [ 3, -1, -1, 0 ];
			push @words, "$I.17.$name i 5";
		}
	} else {                  # good rows, and one that cannot be
		push @words, creation($_, $next) for those(2, 0);
		push @words, removal($_, $next) for those(1, 1);
		push @words, "$I.7.1.4.10.78.0.0.16.2.0.0.1.4.192.0.2.1 i 99 $I.8.1.4.10.78.0.0.16.2.0.0.1.4.192.0.2.1 i 4 "
			. "$I.17.1.4.10.78.0.0.16.2.0.0.1.4.192.0.2.1 i 4";
		$refuse = 1;
	}
	return @words ? ('set ' . join(' ', @words), $next, $refuse) : draw();
}

# ---- what is there ------------------------------------------------------------------------

sub text_of {
	my ($m) = @_;
	return join "\n", map { "$_ " . join(' ', @{ $m->{$_} }) } sort keys %$m;
}

sub survivors {
	my ($m) = @_;
	return text_of({ map { $_ => $m->{$_} } grep { $m->{$_}[0] != 3 } keys %$m });
}

sub look {
	my %is;
	my @columns = (17, 12, 13, 11, 7, 8);

	send_pdu("bulk 0 " . (@names + 2) . " " . join ' ', map { "$I.$_" } @columns);
	my $first = <$from>;
	chomp $first;
	return ($first) unless $first eq '0/0';
	send_pdu('get .1.3.6.1.2.1.4.24.8.0');    # its answer ends ours
	while (defined(my $line = <$from>)) {
		last if $line =~ m{^0/0$};
		next unless $line =~ /^\Q$I\E\.(\d+)\.([\d.]+) \w (-?\d+)/;
		for my $at (0 .. $#columns) {
			$is{$2}[$at] = $3 if $columns[$at] == $1;
		}
	}
	<$from>;
	for my $name (keys %is) {
		my ($status, $m1, $m2, $as, $if, $type) = @{ $is{$name} };
		return ("$name: a column is missing") if grep { !defined } @{ $is{$name} };
		return ("$name: interface $if, type $type") unless $if == 2 && $type == 4;
		$is{$name} = [ $status, $m1, $m2, $as ];
	}
	return ('', \%is);
}

sub complain { $wrong++; print "wrong: $_[0]\n"; }

sub difference {
	my ($want, $got) = @_;
	my %w = map { $_ => 1 } split /\n/, $want;
	my %g = map { $_ => 1 } split /\n/, $got;
	return 'missing [' . join('; ', grep { !$g{$_} } sort keys %w) . '] too much ['
		. join('; ', grep { !$w{$_} } sort keys %g) . ']';
}

# ---- rounds ------------------------------------------------------------------------------------

my $usual_us = 2000;    # a SET, from sending to the answer

sub one_set {
	my ($text, $next, $refuse) = draw();
	my $begun = time;
	my $answer = ask_set($text);

	$usual_us += (1e6 * (time - $begun) - $usual_us) / 8;
	$sets++;
	if ($refuse) {
		$refused++;
		complain("should be refused, answered $answer: $text") if $answer eq '0/0';
	} elsif ($answer ne '0/0') {
		complain("answered $answer: $text");
	} else {
		%model = %$next;
	}
}

sub one_kill {
	my ($text, $next, $refuse) = draw();
	my $delay = pick(int(1.5 * $usual_us) + 1);

	send_pdu($text);
	usleep($delay);
	kill 'KILL', $child;
	waitpid $child, 0;
	my $answer = <$from>;
	chomp $answer;
	$flying++;
	start();
	my ($trouble, $is) = look();
	return complain("after the kill: $trouble") if $trouble;
	my $got = text_of($is);
	my ($old, $new) = (survivors(\%model), survivors($next));
	if ($answer eq '0/0' && !$refuse) {
		complain('answered noError: ' . difference($new, $got)) if $got ne $new;
	} elsif ($got ne $old && ($refuse || $got ne $new)) {
		complain("answered $answer: neither as before nor as after: before " . difference($old, $got)
			. ' after ' . difference($new, $got));
	}
	$came_true++ if !$refuse && $got eq $new && $new ne $old;
	%model = %$is;
}

start();
for my $round (1 .. $kills) {
	one_set() for 1 .. 1 + pick(12);
	one_kill();
	last if $wrong > 5;
}
kill 'TERM', $child;
waitpid $child, 0;
complain("ended with status $?") if $?;
undef $child;
print "kills $flying sets $sets refused $refused under-way-and-there $came_true\n";
exit($wrong ? 1 : 0);
