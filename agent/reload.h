/*
 * SIGHUP: the `interface' lines of the configuration, read again. Everything else of it is
 * obeyed at the start only.
 */
#ifndef AGENT_RELOAD_H
#define AGENT_RELOAD_H

#include "config.h"
#include "world.h"

struct reload;

/**
 * Read `file' (NULL: the search path); the steps that follow make the worlds' interfaces those
 * of its lines. Each moves a few rows, while no SET is under way.
 * @param config  the one obeyed so far; its interfaces are replaced.
 * @return        NULL: a mistake in one of them, which changes nothing, or no memory; logged.
 */
struct reload *reload_new(const char *file, struct config *config, struct world *worlds,
                          size_t nworlds);
/** @return true: it is over. */
bool reload_step(struct reload *reload);
/** What is not done by then is left as it is. NULL is fine. */
void reload_free(struct reload *reload);

#endif
