/*
 * One chapter: the core's heartbeat.
 *
 * The core has no clock and calls nobody back by itself. It is told the time before
 * each SET and when its own next deadline comes, and it rings a bell of
 * the loop when call-backs wait; they then run with nothing of ours on the stack.
 *
 * Deadlines move with changes of the table and of staged rows, so they are asked for
 * after each turn and after each SET, and one timer is set to the earlier of the
 * core's and the reaper's; it is touched only when that time has changed.
 */
#include "drive.h"

#include <time.h>

#include "base/alloc.h"
#include "base/calendar.h"

struct drive {
	struct loop *loop;
	struct loop_bell *bell;
	struct loop_timer *timer;
	uint64_t (*reap)(void *arg); /* NULL: nothing to reap */
	void *reap_arg;
	uint64_t armed_ms; /* what the timer is set to; UINT64_MAX: off */
	uint64_t reap_ms;  /* when the reaper wants to be called next */
};

static FILETIME
calendar_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return calendar_from(&now);
}

/* Have the timer fire at the next deadline of anybody. */
static void
arm(struct drive *drive)
{
	uint64_t at = rtm_deadline_ms(), now;

	if (drive->reap_ms < at)
		at = drive->reap_ms;
	if (at == drive->armed_ms)
		return;
	drive->armed_ms = at;
	if (at == UINT64_MAX) {
		loop_timer_off(drive->timer);
		return;
	}
	now = loop_now_ms();
	loop_timer_in(drive->timer, at > now ? (at - now) * 1000 : 0);
}

void
drive_tick(void *arg)
{
	(void)arg;
	rtm_advance(loop_now_ms(), calendar_now());
}

static void
reap(struct drive *drive)
{
	drive->reap_ms = drive->reap != NULL ? drive->reap(drive->reap_arg) : UINT64_MAX;
}

static void
on_bell(void *arg)
{
	struct drive *drive = arg;

	rtm_turn();
	reap(drive);
	arm(drive);
}

static void
on_timer(void *arg)
{
	struct drive *drive = arg;

	drive->armed_ms = UINT64_MAX;
	drive_tick(drive);
	on_bell(drive);
}

struct drive *
drive_open(struct loop *loop)
{
	struct drive *drive = mem_calloc(1, sizeof *drive);

	if (drive == NULL)
		return NULL;
	drive->loop = loop;
	drive->armed_ms = drive->reap_ms = UINT64_MAX;
	drive->bell = loop_bell_new(loop, on_bell, drive);
	drive->timer = loop_timer_new(loop, on_timer, drive);
	if (drive->bell == NULL || drive->timer == NULL) {
		drive_close(drive);
		return NULL;
	}
	rtm_wake_set(loop_bell_ring, drive->bell);
	drive_tick(drive);
	return drive;
}

void
drive_close(struct drive *drive)
{
	if (drive == NULL)
		return;
	rtm_wake_set(NULL, NULL);
	loop_timer_free(drive->timer);
	loop_bell_free(drive->bell);
	mem_free(drive);
}

void
drive_reaper(struct drive *drive, uint64_t (*reaper)(void *arg), void *arg)
{
	drive->reap = reaper;
	drive->reap_arg = arg;
	drive_poke(drive);
}

void
drive_poke(void *arg)
{
	loop_bell_ring(((struct drive *)arg)->bell);
}

FILETIME
drive_calendar(void *arg)
{
	(void)arg;
	return calendar_now();
}

uint64_t
drive_now_ms(void *arg)
{
	(void)arg;
	return loop_now_ms();
}
