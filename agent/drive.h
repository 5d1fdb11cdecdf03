/*
 * What the host of a routing table manager owes it (rtmhost.h), done from the loop:
 * time, turns, and the reaping of rows that nobody finished. Borrows the loop.
 */
#ifndef AGENT_DRIVE_H
#define AGENT_DRIVE_H

#include "loop.h"
#include "rtmhost.h"

struct drive;

struct drive *drive_open(struct loop *loop); /* NULL: no memory */
void drive_close(struct drive *drive);

/**
 * From now on have rows reaped, too: `reaper' is called after each turn, and answers when it
 * wants to be called next, UINT64_MAX for never. NULL: no more.
 */
void drive_reaper(struct drive *drive, uint64_t (*reaper)(void *arg), void *arg);

/** Something was changed: deadlines may have moved. The argument is a drive. */
void drive_poke(void *drive);

/** Tell the core what time it is; before anything is changed. The argument is a drive. */
void drive_tick(void *drive);

/** The calendar that the core's times are of; the argument is not looked at. */
FILETIME drive_calendar(void *drive);
/** The clock of the loop, in the form that ports want; the argument is not looked at. */
uint64_t drive_now_ms(void *drive);

#endif
