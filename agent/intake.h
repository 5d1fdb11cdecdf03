/*
 * An import of stored rows as a chore: taken in slices while everybody reads on. Borrows the
 * views and the chores. One at a time. One thread: that of the loop.
 */
#ifndef AGENT_INTAKE_H
#define AGENT_INTAKE_H

#include "chores.h"
#include "mib.h"

struct intake;

struct intake_config {
	struct chores *chores;
	struct mib *const *mibs; /* copied */
	size_t nmibs;
	void (*tick)(void *arg); /* before a slice: tell the core the time */
	void (*poke)(void *arg); /* after it: deadlines may have moved */
	void *arg;
};

/** @return NULL: no memory. */
struct intake *intake_open(const struct intake_config *config);
/** What is under way is taken back. */
void intake_close(struct intake *intake);

typedef bool intake_next_fn(void *rows, struct store_row *out);
typedef void intake_done_fn(void *rows, const struct mib_imported *result);

/**
 * Take in what `next' gives; `done' is called from the loop when it is over.
 * @return  NO_ERROR; ERROR_BUSY: another one is under way; ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD intake_begin(void *intake, bool replace, intake_next_fn *next, intake_done_fn *done,
                   void *rows);
/** The rows are gone: what is in is taken back, and `done' not called. */
void intake_cancel(void *intake);

#endif
