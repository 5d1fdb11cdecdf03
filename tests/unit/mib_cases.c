#include "mib_cases.h"

#include <stdio.h>
#include <string.h>

static size_t
actives_in(const char *status)
{
	size_t n = 0;

	for (const char *p = status; (p = strstr(p, "=1")) != NULL; p += 2)
		n += p[2] == '\0' || p[2] == ' ';
	return n;
}

static size_t
rows_in(const char *status)
{
	size_t n = 0;

	for (const char *p = status; (p = strchr(p, '=')) != NULL; p++)
		n++;
	return n;
}

static bool
expect_text(const char *number, const char *what, const char *got, const char *want)
{
	if (strcmp(got, want) == 0)
		return true;
	fprintf(stderr, "  case %s: %s is [%s], not [%s]\n", number, what, got, want);
	return false;
}

void
check_reads(const char *number, const char *reads)
{
	char copy[1024], got[512], *save = NULL;

	snprintf(copy, sizeof copy, "%s", reads == NULL ? "" : reads);
	for (char *word = strtok_r(copy, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save)) {
		char *equal = strchr(word, '=');

		*equal = '\0';
		world_read(word, got, sizeof got);
		CU_ASSERT(expect_text(number, word, got, equal + 1));
	}
}

/* Rows, scalars and core say the same. */
void
check_rows(const char *number, const char *status)
{
	char got[8192];

	world_walk('i', 17, got, sizeof got);
	CU_ASSERT(expect_text(number, "the status column", got, status));
	CU_ASSERT_EQUAL(world_core_rows(), actives_in(status));
	CU_ASSERT_EQUAL(world_scalar("inetCidrRouteNumber"), rows_in(status));
	world_check_tables();
}

void
prepare(const char *number, const char *before)
{
	char copy[2048], *save = NULL;

	snprintf(copy, sizeof copy, "%s", before);
	for (char *pdu = strtok_r(copy, "|", &save); pdu != NULL;
	     pdu = strtok_r(NULL, "|", &save)) {
		struct mib_result result = world_set(pdu);

		if (result.error != MIB_NOERROR)
			fprintf(stderr, "  case %s: preparing [%s]: %d/%zu\n", number, pdu,
			        result.error, result.varbind);
		CU_ASSERT_EQUAL(result.error, MIB_NOERROR);
	}
}

bool
expect_result(const char *number, struct mib_result got, enum mib_error error, size_t varbind)
{
	if (got.error == error && got.varbind == varbind)
		return true;
	fprintf(stderr, "  case %s: answer %d/%zu, not %d/%zu\n", number, got.error,
	        got.varbind, error, varbind);
	return false;
}

void
cases_answer(const struct set_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct set_case *c = &cases[i];
		struct mib_result result;

		world_open();
		prepare(c->number, c->before);
		world.refusals = 0;
		result = world_set(c->pdu);
		CU_ASSERT(expect_result(c->number, result, c->error, c->varbind));
		CU_ASSERT_EQUAL(world.refusals, c->error != MIB_NOERROR);
		if (world.refusals > 0) {
			CU_ASSERT_EQUAL(world.refusal.error, c->error);
			CU_ASSERT_EQUAL(world.refusal.varbind, c->varbind);
			CU_ASSERT_STRING_EQUAL(world.refusal.phase, "test");
		}
		check_rows(c->number, c->status);
		check_reads(c->number, c->reads);
		world_close();
	}
}

/* The same PDUs, undone after they were applied: nothing may be left of them. */
void
cases_undo(const struct set_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct set_case *c = &cases[i];
		static const unsigned columns[] = { 7, 8, 11, 12, 13, 17 };
		char before[6][8192], after[8192];

		if (c->error != MIB_NOERROR)
			continue;
		world_open();
		prepare(c->number, c->before);
		for (size_t k = 0; k < 6; k++)
			world_walk('i', columns[k], before[k], sizeof after);
		CU_ASSERT(expect_result(c->number, world_set_undone(c->pdu), MIB_NOERROR, 0));
		for (size_t k = 0; k < 6; k++) {
			world_walk('i', columns[k], after, sizeof after);
			CU_ASSERT(expect_text(c->number, "after undo", after, before[k]));
		}
		check_rows(c->number, before[5]);
		world_close();
	}
}
