/*
 * One chapter: an import between SETs.
 *
 * The import knows how to go row by row (mib_import.c); here it is given its time. It waits
 * for the SET that is under way, as chores do, and from its first slice on SETs are refused:
 * the disk has one transaction, and it is the import's until the last row.
 *
 * Who asked may go away. Then nobody will hear what became of it, and the rows are his: it
 * is given up, in slices, too.
 */
#include "intake.h"

#include "base/alloc.h"
#include "base/log.h"

struct intake {
	struct intake_config config;
	struct mib **mibs;
	struct chore chore;
	struct mib_import *import; /* NULL: none */
	intake_done_fn *done;      /* NULL: nobody waits */
	void *rows;
};

static void
finish(struct intake *intake)
{
	struct mib_imported result = *mib_import_result(intake->import);

	mib_import_free(intake->import);
	intake->import = NULL;
	if (intake->done != NULL)
		intake->done(intake->rows, &result);
	else
		log_info("ctl", "import given up: nothing of it is left");
}

static bool
step(void *arg)
{
	struct intake *intake = arg;
	bool over;

	intake->config.tick(intake->config.arg);
	over = mib_import_step(intake->import);
	intake->config.poke(intake->config.arg);
	if (over)
		finish(intake);
	return over;
}

struct intake *
intake_open(const struct intake_config *config)
{
	struct intake *intake = mem_calloc(1, sizeof *intake);

	if (intake == NULL)
		return NULL;
	intake->config = *config;
	intake->chore = (struct chore){ .step = step, .arg = intake };
	intake->mibs = mem_calloc(config->nmibs, sizeof(struct mib *));
	if (intake->mibs == NULL) {
		mem_free(intake);
		return NULL;
	}
	for (size_t i = 0; i < config->nmibs; i++)
		intake->mibs[i] = config->mibs[i];
	return intake;
}

void
intake_close(struct intake *intake)
{
	if (intake == NULL)
		return;
	chores_remove(intake->config.chores, &intake->chore);
	mib_import_free(intake->import);
	mem_free(intake->mibs);
	mem_free(intake);
}

DWORD
intake_begin(void *arg, bool replace, intake_next_fn *next, intake_done_fn *done, void *rows)
{
	struct intake *intake = arg;

	if (intake->import != NULL)
		return ERROR_BUSY;
	intake->import =
	    mib_import_new(intake->mibs, intake->config.nmibs, replace, next, rows);
	if (intake->import == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	intake->done = done;
	intake->rows = rows;
	if (!chores_add(intake->config.chores, &intake->chore))
		log_info("ctl", "import waits for what is under way");
	return NO_ERROR;
}

void
intake_cancel(void *arg)
{
	struct intake *intake = arg;

	intake->done = NULL;
	if (intake->import != NULL)
		mib_import_cancel(intake->import);
}
