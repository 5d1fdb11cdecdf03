/*
 * The log line of a refused SET.
 */
#ifndef AGENT_REFUSAL_H
#define AGENT_REFUSAL_H

#include "mib.h"

/** For mib_config.refused; the argument is the name of the SNMP context, or NULL. */
void refusal_log(void *arg, const struct mib_refusal *refusal);

#endif
