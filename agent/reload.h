/*
 * SIGHUP: the `interface' lines of the configuration, read again. Everything else of it is
 * obeyed at the start only.
 */
#ifndef AGENT_RELOAD_H
#define AGENT_RELOAD_H

#include "config.h"
#include "world.h"

/**
 * Read `file' (NULL: the search path) and make the worlds' interfaces those of its lines.
 * A mistake in one of them changes nothing.
 * @param config  the one obeyed so far; its interfaces are replaced.
 */
void reload_interfaces(const char *file, struct config *config, struct world *worlds,
                       size_t nworlds);

#endif
