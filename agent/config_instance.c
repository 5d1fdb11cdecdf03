/*
 * Routing tables beside the first one, each with the SNMP context that it is seen in.
 *
 * All that is particular to an instance stands in its own line, so that lines need no
 * order among each other and each error has its line. What instances have in common,
 * interfaces and refusals of the memory backend, is lent to them once all is read.
 */
#include "config_int.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"

static bool
is_new(const struct config_instance *instance)
{
	for (size_t i = 0; i < config_reading->ninstances; i++) {
		if (config_reading->instances[i].number == instance->number) {
			config_wrong("instance: %u is there already", instance->number);
			return false;
		}
		if (strcmp(config_reading->instances[i].name, instance->name) == 0) {
			config_wrong("instance: name \"%s\" is there already", instance->name);
			return false;
		}
	}
	return true;
}

/* NUMBER NAME: what tells an instance from the others. */
static bool
parse_identity(const char **line, struct config_instance *out)
{
	char word[CONFIG_WORD];
	unsigned long number;

	if (!config_word(line, word)) {
		config_wrong("instance: a line is NUMBER NAME [preload FILE]...");
		return false;
	}
	if (!config_number("instance", word, 1, UINT16_MAX, &number))
		return false;
	if (!config_word(line, word) || word[0] == '\0' || strlen(word) > CONFIG_CONTEXT_MAX) {
		config_wrong(
		    "instance: the second word is not a context's name of 1 to %d octets",
		    CONFIG_CONTEXT_MAX);
		return false;
	}
	*out = (struct config_instance){ .number = (USHORT)number };
	strcpy(out->name, word);
	return is_new(out);
}

/* [preload FILE]...; further forwarders will have words of their own here. */
static bool
parse_options(const char *rest, struct config_instance *out)
{
	char word[CONFIG_WORD], path[4096];

	while (config_word(&rest, word)) {
		if (strcasecmp(word, "preload") != 0) {
			config_wrong("instance: \"%s\" is not preload", word);
			return false;
		}
		if (rest == NULL || *rest == '\0') {
			config_wrong("instance: preload needs a file");
			return false;
		}
		rest = copy_nword_const(rest, path, sizeof path);
		if (!config_add_preload("instance", path, &out->preloads,
		                        &out->memory.npreloads))
			return false;
	}
	return true;
}

static bool
keep(const struct config_instance *instance)
{
	size_t n = config_reading->ninstances;
	struct config_instance *grown;

	if (n == CONFIG_INSTANCES_MAX) {
		config_wrong("instance: more than %d", CONFIG_INSTANCES_MAX);
		return false;
	}
	grown = config_one_more(config_reading->instances, n, sizeof *grown);
	if (grown == NULL)
		return false;
	config_reading->instances = grown;
	grown[n] = *instance;
	config_reading->ninstances++;
	return true;
}

static void
on_instance(const char *token, char *line)
{
	const char *rest = line;
	struct config_instance instance = { .number = 0 };

	(void)token;
	if (!parse_identity(&rest, &instance) || !parse_options(rest, &instance) ||
	    !keep(&instance))
		config_free_paths(instance.preloads, instance.memory.npreloads);
}

const struct config_token config_instance_token = { "instance", on_instance,
	                                            "N NAME [preload FILE]..." };

void
config_instances_settle(struct config *config)
{
	for (size_t i = 0; i < config->ninstances; i++) {
		struct config_instance *instance = &config->instances[i];
		size_t own = instance->memory.npreloads;

		instance->memory = config->memory;
		instance->memory.preloads = (const char *const *)instance->preloads;
		instance->memory.npreloads = own;
	}
}

void
config_instances_free(struct config *config)
{
	for (size_t i = 0; i < config->ninstances; i++)
		config_free_paths(config->instances[i].preloads,
		                  config->instances[i].memory.npreloads);
	mem_free(config->instances);
}
