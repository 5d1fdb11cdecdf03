/*
 * The state file as rtmd has it: opened, told about, closed. Owns the store; the port lent
 * to the MIB floor is good until durable_close(). One thread: that of the loop.
 */
#ifndef AGENT_DURABLE_H
#define AGENT_DURABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "store/store.h"

struct durable;

/** Whether this build can have a state file. */
extern const bool durable_built;

/**
 * Open the file, and say in the log why when that cannot be.
 * @param make  make the last directory of the path, if it is missing.   @return NULL: failed.
 */
struct durable *durable_open(const char *path, bool make);
void durable_close(struct durable *durable);
const struct store_port *durable_port(const struct durable *durable);
/** Lines of key=value. @param arg a struct durable. @return how many characters. */
size_t durable_status(void *arg, char *buf, size_t size);

#endif
