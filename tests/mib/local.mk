# Tests through a real snmpd: see docs/testing.md. Each script prints its cases as
# `ok N - sentence' and may run beside all others.
include tests/tools/local.mk

# Those that take longest begin first.
mib_scripts = \
	tests/mib/t_direct_suite.sh \
	tests/mib/t_walk_big.sh \
	tests/mib/t_broken_master.sh \
	tests/mib/t_import.sh \
	tests/mib/t_model.sh \
	tests/mib/t_older.sh \
	tests/mib/t_older_own.sh \
	tests/mib/t_create_go.sh \
	tests/mib/t_rowstatus.sh \
	tests/mib/t_index.sh \
	tests/mib/t_pdu.sh \
	tests/mib/t_fault.sh \
	tests/mib/t_versions.sh \
	tests/mib/t_walk.sh \
	tests/mib/t_columns.sh \
	tests/mib/t_random.sh \
	tests/mib/t_real.sh \
	tests/mib/t_limits.sh \
	tests/mib/t_clients.sh \
	tests/mib/t_clients_more.sh \
	tests/mib/t_master.sh \
	tests/mib/t_transaction.sh \
	tests/mib/t_tcp.sh \
	tests/mib/t_two_agents.sh \
	tests/mib/t_instances.sh \
	tests/mib/t_contexts.sh \
	tests/mib/t_direct.sh \
	tests/mib/t_config.sh \
	tests/mib/t_policy.sh \
	tests/mib/t_rtm_mib.sh \
	tests/mib/t_notify.sh \
	tests/mib/t_readme.sh

store_scripts = \
	tests/mib/t_store.sh \
	tests/mib/t_store_json.sh \
	tests/mib/t_store_kill.sh \
	tests/mib/t_store_reload.sh \
	tests/mib/t_store_trouble.sh \
	tests/mib/t_store_undo.sh

TESTS += $(mib_scripts)
if STORE_ENABLED
TESTS += $(store_scripts)
endif
dist_check_SCRIPTS += $(mib_scripts) $(store_scripts)
EXTRA_DIST += \
	tests/mib/lib.sh \
	tests/mib/lib_master.sh \
	tests/mib/lsan.supp \
	tests/mib/columns.tsv \
	tests/data/prefixes4.txt \
	tests/data/prefixes6.txt \
	tests/tools/agentx_master.pl \
	tests/tools/console.pl \
	tests/tools/deaf_manager.pl \
	tests/tools/doc_names.pl \
	tests/tools/exporter_rows.pl \
	tests/tools/gen_prefixes.pl \
	tests/tools/kill_load.pl \
	tests/tools/known_rows.pl \
	tests/tools/model_check.pl \
	tests/tools/net_snmp_client.pl \
	tests/tools/older_rows.pl \
	tests/tools/prefix_index.pl \
	tests/tools/pysnmp_client.py \
	tests/tools/random_names.pl \
	tests/tools/random_rows.pl \
	tests/tools/slow_subagent.pl \
	tests/tools/snmp_info_client.pl \
	tests/tools/rtm_mib.pl \
	tests/tools/snmp_tables.pl \
	tests/data/mibs/IANA-RTPROTO-MIB.txt \
	tests/data/mibs/IF-MIB.txt \
	tests/data/mibs/INET-ADDRESS-MIB.txt \
	tests/data/mibs/IP-FORWARD-MIB.txt \
	tests/data/mibs/SNMPv2-CONF.txt \
	tests/data/mibs/SNMPv2-SMI.txt \
	tests/tools/walk_check.pl \
	tests/data/mibs/SNMPv2-TC.txt
