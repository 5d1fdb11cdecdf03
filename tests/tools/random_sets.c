/*
 * random_sets SEED PDUS ROWS PRELOAD - what to ask of a whole rtmd, and what must come back.
 *
 * The PDUs and the model are those of test_mib_model.c; here they are written down, since
 * between us and the tables there are snmpd and AgentX. PRELOAD is written: routes of
 * another owner, for rtmd to begin with. To standard output goes a script:
 *
 *   > COMMAND              a line for snmp_pdu
 *   = E/I [E/I ...]        one of these is its answer
 *   ~ OID TYPE VALUE       a line of the walk asked for, VALUE * being any
 *
 * After each SET everything below ipForward and ipRouteTable is walked. The interfaces are
 * those of t_model.sh.
 */
#include "../unit/route_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORWARD ".1.3.6.1.2.1.4.24"
#define ROUTE ".1.3.6.1.2.1.4.21"

static struct m_state now;
static struct m_verdict verdict;
static struct m_row room[2 * M_MAX_ROWS];

static const char *
root_of(char table)
{
	return table == 'i'   ? FORWARD ".7.1"
	       : table == 'c' ? FORWARD ".4.1"
	       : table == 'f' ? FORWARD ".2.1"
	                      : ROUTE ".1";
}

static void
print_value(char type, int64_t value)
{
	uint32_t v = (uint32_t)value;

	if (type == 'a')
		printf("a %u.%u.%u.%u", v >> 24, v >> 16 & 255, v >> 8 & 255, v & 255);
	else if (type == 'o' && value == 0)
		printf("o 0.0");
	else if (type == 'o')
		printf("o 1.3.%lld", (long long)value);
	else
		printf("%c %lld", type, (long long)value);
}

static void
print_set(const struct m_pdu *pdu)
{
	char index[512];

	printf("> set");
	for (size_t i = 0; i < pdu->n; i++) {
		const struct m_varbind *vb = &pdu->vb[i];

		m_index_text(&vb->name, index, sizeof index);
		printf(" %s.%u.%s ", root_of(vb->name.table), vb->column, index);
		print_value(vb->type, vb->value);
	}
	putchar('\n');
}

static void
print_answer(const struct m_pdu *pdu)
{
	printf("=");
	if (verdict.error != 0)
		printf(" %d/%zu", verdict.error, verdict.at + 1);
	else if (verdict.good)
		printf(" 0/0");
	for (size_t i = 0; verdict.error == 0 && !verdict.good && i < pdu->n; i++)
		for (int error = 1; error < 32; error++)
			if ((verdict.allowed[i] & 1u << error) != 0)
				printf(" %d/%zu", error, i + 1);
	putchar('\n');
}

/* ---- what the walks show ------------------------------------------------------------- */

static void
print_cell(const struct m_table *table, const struct m_row *row, unsigned column)
{
	bool any = column == table->age;

	if (row->cell[column] == M_UNSET && !any)
		return;
	for (size_t k = 1; k < row->alike; k++)
		any = any || row[k].cell[column] != row->cell[column];
	printf("~ %s.%u", root_of(table->letter), column);
	for (size_t i = 0; i < row->nsub; i++)
		printf(".%u", row->sub[i]);
	putchar(' ');
	if (any)
		printf("%c *", m_column_type(table->letter, column));
	else
		print_value(m_column_type(table->letter, column), row->cell[column]);
	putchar('\n');
}

static void
print_table(char letter, unsigned scalar)
{
	struct m_table table = { .letter = letter, .row = room };

	m_show(&now, &table);
	if (scalar != 0)
		printf("~ " FORWARD ".%u.0 u %zu\n", scalar, table.shown);
	if (letter == 'i') /* its count stands before it */
		printf("~ " FORWARD ".6.0 u %zu\n", table.shown);
	for (unsigned column = table.first; column <= table.last; column++)
		for (size_t i = 0; i < table.n; i += table.row[i].alike)
			print_cell(&table, &table.row[i], column);
}

static void
print_walks(void)
{
	printf("> walk " FORWARD " 100\n");
	print_table('f', 1);
	print_table('c', 3);
	print_table('i', 0);
	printf("~ " FORWARD ".8.0 c *\n");
	printf("> walk " ROUTE " 100\n");
	print_table('r', 0);
}

/* ---- a run ------------------------------------------------------------------------------ */

/* Nothing that is snmpd's to answer, nor a row that stands for several routes. */
static bool
is_ours(const struct m_pdu *pdu)
{
	for (size_t i = 0; i < pdu->n; i++)
		if (pdu->vb[i].type == 'n' ||
		    (pdu->vb[i].name.table == 'r' &&
		     (pdu->vb[i].column == 0 || pdu->vb[i].column > 13)))
			return false;
	for (size_t i = 0; verdict.good && i < verdict.after.nroutes; i++)
		if (m_is_ambiguous(&verdict.after, &verdict.after.route[i]))
			return false;
	return true;
}

static size_t
rows_shown(void)
{
	return now.nroutes + now.nstaged;
}

static void
one_pdu(bool grow)
{
	static struct m_pdu pdu;

	do {
		m_make_pdu(&now, grow, &pdu);
		m_predict(&now, &pdu, &verdict);
	} while (verdict.skip || !is_ours(&pdu));
	print_set(&pdu);
	print_answer(&pdu);
	if (verdict.good)
		now = verdict.after;
	print_walks();
}

static void
print_address(FILE *out, bool v6, const uint8_t *a)
{
	if (!v6)
		fprintf(out, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
	for (int i = 0; v6 && i < 16; i += 2)
		fprintf(out, "%s%x", i == 0 ? "" : ":", a[i] << 8 | a[i + 1]);
}

/* Routes of another owner, one for a destination; link-local ones are left to managers. */
static void
write_preload(const char *path, size_t want)
{
	FILE *out = fopen(path, "w");

	if (out == NULL) {
		perror(path);
		exit(2);
	}
	for (size_t tries = 0; now.nroutes < want && tries < 1000; tries++) {
		struct m_dest dest = m_some_dest();
		struct m_hop hop = m_some_hop(dest.v6);
		unsigned ifx = hop.subnet != 0 ? hop.subnet : 2 + m_draw(2);
		unsigned metric = m_draw(300);
		bool there = m_zoned(&dest) || hop.zone != 0;

		for (size_t i = 0; i < now.nroutes; i++)
			there = there || (now.route[i].dest.v6 == dest.v6 &&
			                  memcmp(now.route[i].dest.a, dest.a, 16) == 0);
		if (there || !m_foreign_add(&now, &dest, &hop, ifx, metric, 1))
			continue;
		print_address(out, dest.v6, dest.a);
		fprintf(out, "/%u ", dest.len);
		if (hop.none)
			fputc('-', out);
		else
			print_address(out, hop.v6, hop.a);
		fprintf(out, " eth%u %u\n", ifx - 2, metric);
	}
	if (fclose(out) != 0)
		exit(2);
}

int
main(int argc, char **argv)
{
	unsigned long pdus;
	size_t rows;

	if (argc != 5) {
		fprintf(stderr, "usage: random_sets SEED PDUS ROWS PRELOAD\n");
		return 2;
	}
	m_seed((uint32_t)strtoul(argv[1], NULL, 10));
	pdus = strtoul(argv[2], NULL, 10);
	rows = strtoul(argv[3], NULL, 10);
	m_foreign_proto = 3;           /* static, which is shown as netmgmt */
	m_own_address[1] = 0x7f000001; /* 127.0.0.1 */
	write_preload(argv[4], rows / 10);
	print_walks();
	while (rows_shown() < rows)
		one_pdu(true);
	for (unsigned long i = 0; i < pdus; i++)
		one_pdu(rows_shown() < rows);
	return 0;
}
