/*
 * Rows of the store as JSON: the document that `rtmctl store export' prints and `import'
 * reads (docs/store.md). Values belong to the caller, as jansson has it.
 */
#ifndef AGENT_RTMCTL_JSON_H
#define AGENT_RTMCTL_JSON_H

#include <jansson.h>

#include "store/store.h"

#define JSON_FORMAT "rtm rows"
#define JSON_VERSION 1

/** A row as an object; NULL: no memory. */
json_t *json_of_row(const struct store_row *row);
/**
 * An object as a row: members that are missing have their defaults, prefix is required.
 * @param why  of `size': what is wrong, where false is returned.
 */
bool json_to_row(const json_t *object, struct store_row *out, char *why, size_t size);

#endif
