/*
 * A file layer for SQLite, for tests only, that fails when told to and remembers what a
 * power cut would leave: writes are in memory until they are synced, and at the cut each
 * of them is kept, dropped, or torn at sectors. One story at a time, one thread.
 */
#ifndef TESTS_STORE_SHIM_H
#define TESTS_STORE_SHIM_H

#include <stdbool.h>
#include <stdint.h>

#define SHIM_VFS "rtm-shim"

/** Register on first use; forget the former story. */
void shim_start(void);
void shim_stop(void);

/** Cut the power at the nth change from now (1: the very next). */
void shim_cut_at(uint64_t nth);
bool shim_is_cut(void);

enum shim_failure { SHIM_IO_ERROR, SHIM_DISK_FULL, SHIM_BAD_SYNC };
/** Fail the nth call from now and the `count' - 1 after it; SHIM_BAD_SYNC: syncs only. */
void shim_fail(uint64_t nth, uint64_t count, enum shim_failure how);
/** Whether a failure has been delivered. */
bool shim_has_failed(void);
void shim_heal(void);

/** Write what the power cut left into the files themselves. Nobody may have them open. */
void shim_restore(uint64_t *seed);

#endif
