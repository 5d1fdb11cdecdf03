#!/usr/bin/perl
# slow_subagent DIRECTORY: another subagent beside rtmd, at 1.3.6.1.4.1.8072.9999.9999.78.1.0
# (an INTEGER), which does in a SET what the test tells it.
#
# In each phase it makes DIRECTORY/at.PHASE (test, commit, undo, cleanup). In the test and
# the commit phase it then waits for DIRECTORY/go.PHASE, with a word in it: `good', or
# `refuse'. So a test can look at rtmd, stop or end it between any two phases, and see
# rtmd undone because somebody else failed. Nobody waits longer than 30 s.
use strict;
use warnings;
use NetSNMP::agent ':all';
use NetSNMP::ASN ':all';
use NetSNMP::OID;

my ($dir) = @ARGV;
my $name = '.1.3.6.1.4.1.8072.9999.9999.78';

sub say_at {
	my ($phase) = @_;
	open my $out, '>', "$dir/at.$phase" or die "$dir/at.$phase: $!\n";
	close $out;
}

sub told {    # 1: go on, 0: refuse
	my ($phase) = @_;
	for (1 .. 3000) {
		if (-s "$dir/go.$phase") {
			open my $in, '<', "$dir/go.$phase" or die;
			my $word = <$in>;
			close $in;
			return $word !~ /refuse/;
		}
		select undef, undef, undef, 0.01;
	}
	return 1;
}

sub handler {
	my ($handler, $registration, $info, $requests) = @_;
	my $mode = $info->getMode;
	for (my $r = $requests; $r; $r = $r->next) {
		if ($mode == MODE_GET) {
			$r->setValue(ASN_INTEGER, 78);
		} elsif ($mode == MODE_SET_RESERVE2) {
			say_at('test');
			$r->setError($info, SNMP_ERR_INCONSISTENTVALUE) unless told('test');
		} elsif ($mode == MODE_SET_ACTION) {
			say_at('commit');
			$r->setError($info, SNMP_ERR_COMMITFAILED) unless told('commit');
		} elsif ($mode == MODE_SET_UNDO) {
			say_at('undo');
		} elsif ($mode == MODE_SET_COMMIT || $mode == MODE_SET_FREE) {
			say_at('cleanup');
		}
	}
}

my $agent = NetSNMP::agent->new(Name => 'slowsub', AgentX => 1);
$agent->register('slowsub', $name, \&handler) or die "cannot register\n";
say_at('work');
my $run = 1;
$SIG{TERM} = sub { $run = 0 };
$agent->agent_check_and_process(1) while $run;
$agent->shutdown;
