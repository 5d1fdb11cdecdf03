/*
 * What the files that read rtmd.conf share: the line reader of config.c, and the
 * configuration that is being filled in.
 */
#ifndef AGENT_CONFIG_INT_H
#define AGENT_CONFIG_INT_H

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "config.h"

#define CONFIG_WORD 256 /* longest word of a line, with its NUL */

/* Say what is wrong with a line; the library adds file and line number. */
#define config_wrong(...) netsnmp_config_error(__VA_ARGS__)

/* The handlers have no argument, hence this. */
extern struct config *config_reading;

/* A token of rtmd.conf. */
struct config_token {
	const char *name;
	void (*handler)(const char *token, char *line);
	const char *help;
};

/** The next word of a line, quotes understood; false: there is none, or it is too long. */
bool config_word(const char **rest, char word[CONFIG_WORD]);
/** A line that is one number; complains when it is not. */
bool config_number(const char *token, const char *line, unsigned long min, unsigned long max,
                   unsigned long *out);
/** Room for one more of what `array' has `n' of; NULL: complained. */
void *config_one_more(void *array, size_t n, size_t size);
/** A copy of a text, for mem_free(); NULL: complained. */
char *config_copy(const char *text);

/** Append a copy of a path that can be read; false: it cannot, and that was said. */
bool config_add_preload(const char *token, const char *path, char ***paths, size_t *n);
void config_free_paths(char **paths, size_t n);

/* config_instance.c */
extern const struct config_token config_instance_token;
/** Once all is read: what every instance has of the whole. */
void config_instances_settle(struct config *config);
void config_instances_free(struct config *config);

/* config_direct.c */

/** The token that decides about the role, alone, and all of the direct role. */
extern const struct config_token config_direct_first;
extern const struct config_token config_direct_tokens[];
extern const size_t config_direct_ntokens;
void config_direct_free(struct config *config);

/* config_policy.c */
/** Add a line's prefix to a list; complains where it is none, or there already. */
void config_add_prefix(const char *token, const char *line, struct prefix **list, size_t *n);
extern const struct config_token config_policy_tokens[];
extern const size_t config_policy_ntokens;
void config_policy_free(struct config *config);

/* config_notify.c */
extern const struct config_token config_notify_tokens[];
extern const size_t config_notify_ntokens;
void config_notify_free(struct config *config);

#endif
