/*
 * One chapter: rtmd.conf.
 *
 * The file is read by Net-SNMP's own reader, so that its tokens (agentXSocket,
 * agentXPingInterval ...) stand beside ours and a person who knows snmpd.conf knows
 * this one. The reader calls a function per line, and only ever warns: an unknown
 * token or a bad value is a line in the library's log, "FILE: line N: ...", and the
 * program goes on. Here every such line is an error. While files are read the log is
 * watched, each line of warning or worse is said in our own log and counted, and a
 * count above zero is a refusal. Our own handlers complain through the library for
 * the same reason: it knows file and line.
 *
 * The library would look for files by itself at init_snmp(), silently passing over
 * those that it may not open, and connect in the same breath. So it is told to read
 * nothing, and the search path is walked here, each file that exists given to the
 * reader by name, before anything starts.
 *
 * Which tokens the library knows depends on its role, and the role is said in the
 * files. So they are read twice: for `snmpListen' alone, then for all.
 *
 * Handlers have no argument, hence `config_reading'. Values that depend on other lines
 * (metricDefault) are settled at the end, so the order of lines does not matter. What
 * managers may do is in config_policy.c, further routing tables in config_instance.c.
 */
#include "config_int.h"

#include <net-snmp/agent/ds_agent.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "agx.h"
#include "base/addr.h"
#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"
#include "durable.h"

#define WORD CONFIG_WORD
#define wrong config_wrong
#define reading config_reading
#define STATE_FILE_MAX 4000 /* SQLite adds names of its own, place.c one more */

struct config *config_reading;
static unsigned errors;

/* ---- words and numbers ---------------------------------------------------- */

bool
config_word(const char **rest, char word[CONFIG_WORD])
{
	const char *from = *rest;

	if (from == NULL || *from == '\0')
		return false;
	*rest = copy_nword_const(from, word, WORD);
	return strlen(word) < WORD - 1;
}

static bool
parse_number(const char *text, unsigned long min, unsigned long max, unsigned long *out)
{
	char *end;

	errno = 0;
	*out = strtoul(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *out >= min &&
	       *out <= max;
}

bool
config_number(const char *token, const char *line, unsigned long min, unsigned long max,
              unsigned long *out)
{
	if (parse_number(line, min, max, out))
		return true;
	wrong("%s: \"%s\" is not a number from %lu to %lu", token, line, min, max);
	return false;
}

void *
config_one_more(void *array, size_t n, size_t size)
{
	void *grown = mem_realloc(array, n + 1, size);

	if (grown == NULL)
		wrong("out of memory");
	return grown;
}

char *
config_copy(const char *text)
{
	char *copy = mem_text(text);

	if (copy == NULL)
		wrong("out of memory");
	return copy;
}

/* ---- interface -------------------------------------------------------------- */

static const struct if_type {
	const char *name;
	USHORT type; /* IANA ifType */
} if_types[] = {
	{ "ethernet", 6 },
	{ "loopback", 24 },
	{ "ppp", 23 },
	{ "tunnel", 131 },
};

static bool
parse_type(const char *word, USHORT *out)
{
	for (size_t i = 0; i < sizeof if_types / sizeof if_types[0]; i++)
		if (strcasecmp(word, if_types[i].name) == 0) {
			*out = if_types[i].type;
			return true;
		}
	wrong("interface: type \"%s\" is not ethernet, loopback, ppp or tunnel", word);
	return false;
}

static bool
add_address(struct iftab_if *desc, const char *text)
{
	struct iftab_addr *grown = config_one_more(desc->addrs, desc->naddrs, sizeof *grown);
	struct prefix prefix;

	if (grown == NULL)
		return false;
	desc->addrs = grown;
	if (!prefix_parse(text, &prefix)) {
		wrong("interface: \"%s\" is not ADDRESS/LENGTH", text);
		return false;
	}
	if (addr_is_unspecified(&prefix.addr) || addr_is_multicast(&prefix.addr)) {
		wrong("interface: \"%s\" cannot be an interface's address", text);
		return false;
	}
	grown += desc->naddrs++;
	addr_to_sockaddr(&prefix.addr, &grown->address);
	grown->prefix_length = prefix.len;
	desc->bound[prefix.addr.family == AF_INET ? IFTAB_V4 : IFTAB_V6] = true;
	return true;
}

/* ADDR/LEN[,ADDR/LEN...], or `-' for an interface without addresses. */
static bool
parse_addresses(char *word, struct iftab_if *desc)
{
	char *rest, *text;

	if (strcmp(word, "-") == 0)
		return true;
	for (text = strtok_r(word, ",", &rest); text != NULL; text = strtok_r(NULL, ",", &rest))
		if (!add_address(desc, text))
			return false;
	return true;
}

static bool
is_new_interface(const struct iftab_if *desc)
{
	for (size_t i = 0; i < reading->memory.ninterfaces; i++) {
		if (reading->interfaces[i].index == desc->index) {
			wrong("interface: index %u is there already", desc->index);
			return false;
		}
		if (strcmp(reading->interfaces[i].alias, desc->alias) == 0) {
			wrong("interface: name %s is there already", desc->alias);
			return false;
		}
	}
	return true;
}

/* [metric N] [type NAME], in any order. */
static bool
parse_options(const char *rest, struct iftab_if *desc, bool *metric_given)
{
	char word[WORD], value[WORD];
	unsigned long number;

	while (config_word(&rest, word)) {
		if (!config_word(&rest, value)) {
			wrong("interface: \"%s\" needs a value", word);
			return false;
		}
		if (strcasecmp(word, "metric") == 0) {
			if (!config_number("interface: metric", value, 0,
			                   NL_MAX_METRIC_COMPONENT, &number))
				return false;
			desc->metric[IFTAB_V4] = desc->metric[IFTAB_V6] = (ULONG)number;
			*metric_given = true;
		} else if (strcasecmp(word, "type") == 0) {
			if (!parse_type(value, &desc->if_type))
				return false;
		} else {
			wrong("interface: \"%s\" is neither metric nor type", word);
			return false;
		}
	}
	return true;
}

static bool
parse_interface(const char *line, struct iftab_if *desc, bool *metric_given)
{
	char word[WORD];
	unsigned long number;

	*desc = (struct iftab_if){ .if_type = 6, .connected = true, .routes = true };
	if (!config_word(&line, word) || !parse_number(word, 1, INT32_MAX, &number)) {
		wrong("interface: the first word is not an index from 1 to 2147483647");
		return false;
	}
	desc->index = (NET_IFINDEX)number;
	if (!config_word(&line, desc->alias) || !config_word(&line, word)) {
		wrong(
		    "interface: a line is INDEX NAME ADDRESS/LENGTH[,...] [metric N] [type T]");
		return false;
	}
	return parse_addresses(word, desc) && parse_options(line, desc, metric_given) &&
	       is_new_interface(desc);
}

static bool
keep_interface(const struct iftab_if *desc, bool metric_given)
{
	size_t n = reading->memory.ninterfaces;
	struct iftab_if *grown = config_one_more(reading->interfaces, n, sizeof *grown);
	bool *given;

	if (grown == NULL)
		return false;
	reading->interfaces = grown;
	given = config_one_more(reading->metric_given, n, sizeof *given);
	if (given == NULL)
		return false;
	reading->metric_given = given;
	grown[n] = *desc;
	given[n] = metric_given;
	reading->memory.ninterfaces++;
	return true;
}

static void
on_interface(const char *token, char *line)
{
	struct iftab_if desc;
	bool metric_given = false;

	(void)token;
	if (!parse_interface(line, &desc, &metric_given) ||
	    !keep_interface(&desc, metric_given))
		mem_free(desc.addrs);
}

/* ---- the other tokens ------------------------------------------------------- */

static void
on_fib(const char *token, char *line)
{
	const struct fib_ops *ops = fib_backend(line);

	if (ops != NULL)
		reading->fib = ops;
	else if (strcmp(line, "kernel") == 0)
		wrong("%s: the backend \"kernel\" is not built in this version", token);
	else
		wrong("%s: there is no backend \"%s\"", token, line);
}

/* @return whether the file can be read; complains when not. */
static bool
is_readable(const char *token, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	bool good;

	if (fd == -1) {
		wrong("%s: %s: %s", token, path, strerror(errno));
		return false;
	}
	good = fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode);
	close(fd);
	if (!good)
		wrong("%s: %s is not a file", token, path);
	return good;
}

bool
config_add_preload(const char *token, const char *path, char ***paths, size_t *n)
{
	char **grown;

	if (!is_readable(token, path))
		return false;
	grown = config_one_more(*paths, *n, sizeof *grown);
	if (grown == NULL)
		return false;
	*paths = grown;
	grown[*n] = config_copy(path);
	if (grown[*n] == NULL)
		return false;
	(*n)++;
	return true;
}

void
config_free_paths(char **paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mem_free(paths[i]);
	mem_free(paths);
}

static void
on_preload(const char *token, char *line)
{
	char path[4096];

	copy_nword(line, path, sizeof path);
	config_add_preload(token, path, &reading->preloads, &reading->memory.npreloads);
}

static bool
parse_code(const char *word, DWORD *out)
{
	unsigned long number;

	if (code_parse(word, out))
		return true;
	if (!parse_number(word, 1, UINT32_MAX, &number))
		return false;
	*out = (DWORD)number;
	return true;
}

static bool
parse_verb(const char *word, enum fib_verb *out)
{
	if (strcasecmp(word, "install") != 0 && strcasecmp(word, "remove") != 0)
		return false;
	*out = strcasecmp(word, "install") == 0 ? FIB_REPLACE : FIB_REMOVE;
	return true;
}

static void
on_refuse(const char *token, char *line)
{
	struct fib_memory_refusal refusal = { .code = ERROR_NO_SYSTEM_RESOURCES }, *grown;
	const char *rest = line;
	char prefix_text[WORD], verb[WORD], code[WORD];
	struct prefix prefix;

	if (!config_word(&rest, prefix_text) || !prefix_parse(prefix_text, &prefix) ||
	    !prefix_is_canonical(&prefix) || !config_word(&rest, verb) ||
	    !parse_verb(verb, &refusal.verb) ||
	    (config_word(&rest, code) && !parse_code(code, &refusal.code))) {
		wrong("%s: a line is PREFIX/LEN install|remove [CODE]", token);
		return;
	}
	prefix_to_net(&prefix, &refusal.dest);
	grown = config_one_more(reading->refusals, reading->memory.nrefusals, sizeof *grown);
	if (grown == NULL)
		return;
	reading->refusals = grown;
	grown[reading->memory.nrefusals++] = refusal;
}

static void
on_metric_default(const char *token, char *line)
{
	unsigned long number;

	if (config_number(token, line, 0, NL_MAX_METRIC_COMPONENT, &number))
		reading->metric_default = (ULONG)number;
}

static void
on_priority(const char *token, char *line)
{
	unsigned long number;

	if (config_number(token, line, 1, 255, &number))
		reading->agentx_priority = (unsigned)number;
}

static void
on_row_timeout(const char *token, char *line)
{
	unsigned long number;

	if (config_number(token, line, 1, 86400, &number))
		reading->row_timeout_s = (unsigned)number;
}

static void
on_fail_allocation(const char *token, char *line)
{
	unsigned long number;

	if (config_number(token, line, 1, UINT32_MAX, &number))
		reading->test_fail_allocation = number;
}

static void
on_control_socket(const char *token, char *line)
{
	const char *rest = line;
	char path[WORD], mode[WORD] = "666", *end;
	unsigned long bits;

	if (!config_word(&rest, path) ||
	    (config_word(&rest, mode) && config_word(&rest, mode))) {
		wrong("%s: a line is PATH [MODE], or none", token);
		return;
	}
	mem_free(reading->control_socket);
	reading->control_socket = NULL;
	if (strcasecmp(path, "none") == 0)
		return;
	bits = strtoul(mode, &end, 8);
	if (mode[0] < '0' || mode[0] > '7' || *end != '\0' || bits > 0777 || bits < 0600)
		wrong("%s: mode \"%s\" is not an octal number from 600 to 777", token, mode);
	else if (path[0] != '/' || strlen(path) >= sizeof((struct sockaddr_un *)0)->sun_path)
		wrong("%s: \"%s\" is not an absolute path short enough for a socket", token,
		      path);
	else
		reading->control_socket = config_copy(path);
	reading->control_mode = (unsigned)bits;
}

static void
on_control_group(const char *token, char *line)
{
	struct group *group = getgrnam(line);
	unsigned long number;

	if (group != NULL)
		number = group->gr_gid;
	else if (!parse_number(line, 0, UINT32_MAX - 1, &number)) {
		wrong("%s: there is no group \"%s\"", token, line);
		return;
	}
	reading->has_control_group = true;
	reading->control_group = (unsigned)number;
}

/* @return whether the directory of a path is there; complains when not. */
static bool
has_directory(const char *token, const char *path)
{
	char *dir = config_copy(path);
	struct stat st;
	bool good;

	if (dir == NULL)
		return false;
	strrchr(dir, '/')[1] = '\0';
	good = stat(dir, &st) == 0 && S_ISDIR(st.st_mode);
	if (!good)
		wrong("%s: %s: there is no such directory", token, dir);
	mem_free(dir);
	return good;
}

static void
on_state_file(const char *token, char *line)
{
	char path[4096];

	copy_nword(line, path, sizeof path);
	mem_free(reading->state_file);
	reading->state_file = NULL;
	reading->state_file_said = true;
	if (strcasecmp(path, "none") == 0)
		return;
	if (!durable_built)
		wrong("%s: \"%s\": not in this build, only \"none\" is possible", token, path);
	else if (path[0] != '/')
		wrong("%s: \"%s\" is not an absolute path, or none", token, path);
	else if (strlen(path) > STATE_FILE_MAX || path[strlen(path) - 1] == '/')
		wrong("%s: \"%s\" cannot be the name of a file", token, path);
	else if (has_directory(token, path))
		reading->state_file = config_copy(path);
}

static const struct config_token tokens[] = {
	{ "fib", on_fib, "memory" },
	{ "interface", on_interface, "INDEX NAME ADDR/LEN[,ADDR/LEN...] [metric N] [type T]" },
	{ "preload", on_preload, "FILE" },
	{ "metricDefault", on_metric_default, "N" },
	{ "agentxPriority", on_priority, "1..255" },
	{ "rowTimeout", on_row_timeout, "SECONDS" },
	{ "stateFile", on_state_file, "PATH | none" },
	{ "controlSocket", on_control_socket, "PATH [MODE] | none" },
	{ "controlGroup", on_control_group, "GROUP" },
	{ "memoryRefuse", on_refuse, "PREFIX/LEN install|remove [CODE]" },
	{ "testFailAllocation", on_fail_allocation, "N" },
};

/* ---- reading ----------------------------------------------------------------- */

/* "FILE: line N: Warning: text": for us it is no warning. */
static void
on_log(void *arg, int priority, const char *line)
{
	static const char *const grades[] = { ": Warning: ", ": Error: " };
	const char *at = NULL;

	(void)arg;
	if (priority > LOG_WARNING)
		return;
	if (strstr(line, "no access control information") != NULL) {
		log_warn("config",
		         "there is neither a community nor a user: nobody is answered");
		return;
	}
	errors++;
	for (size_t i = 0; i < 2 && at == NULL; i++) {
		at = strstr(line, grades[i]);
		if (at != NULL) {
			log_err("config", "%.*s: %s", (int)(at - line), line,
			        at + strlen(grades[i]));
			return;
		}
	}
	log_err("config", "%s", line);
}

/* The files to be read, in the library's order. */
struct files {
	char **paths;
	size_t n;
};

static bool
is_a_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good = fd != -1 && fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode);

	if (!good) {
		log_err("config", "%s: %s", path, fd == -1 ? strerror(errno) : "not a file");
		errors++;
	}
	if (fd != -1)
		close(fd);
	return good;
}

static void
add_file(struct files *files, const char *path)
{
	char **grown;

	if (!is_a_file(path))
		return;
	grown = mem_realloc(files->paths, files->n + 1, sizeof *grown);
	if (grown != NULL) {
		files->paths = grown;
		grown[files->n] = mem_text(path);
	}
	if (grown == NULL || grown[files->n] == NULL) {
		log_err("config", "%s: out of memory", path);
		errors++;
		return;
	}
	files->n++;
}

/* Every DIR/rtmd.conf and DIR/rtmd.local.conf. */
static void
add_search_path(struct files *files)
{
	static const char *const names[] = { "rtmd.conf", "rtmd.local.conf" };
	const char *path = getenv("SNMPCONFPATH");
	char *copy, *rest, *dir, file[4096];

	if (path == NULL)
		path = get_configuration_directory();
	copy = strdup(path);
	for (dir = copy == NULL ? NULL : strtok_r(copy, ":", &rest); dir != NULL;
	     dir = strtok_r(NULL, ":", &rest))
		for (size_t i = 0; i < 2; i++) {
			snprintf(file, sizeof file, "%s/%s", dir, names[i]);
			if (access(file, F_OK) == 0)
				add_file(files, file);
		}
	free(copy);
	if (files->n == 0)
		log_info("config", "no rtmd.conf in %s: defaults", path);
}

/* The library stores the address unseen; one that cannot fit a socket is said here. */
static void
check_socket(void)
{
	const char *name =
	    netsnmp_ds_get_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET);

	if (name == NULL)
		return;
	if (strncasecmp(name, "unix:", 5) == 0)
		name += 5;
	if (name[0] == '/' && strlen(name) >= sizeof((struct sockaddr_un *)0)->sun_path) {
		log_err("config", "agentXSocket: %s: too long for a socket", name);
		errors++;
	}
}

/*
 * Without a word about it, only the daemon of the host itself has a state file: one that
 * reads a configuration of its own would else meet the host's there, or restore its rows.
 */
static void
settle_state_file(struct config *config)
{
	if (!config->state_file_said && !config->private_file && durable_built)
		config->state_file = config_copy(RTM_STATEDIR "/rows.db");
}

/* What goes for one role and not for the other. */
static void
check_role(const struct config *config, const struct files *files)
{
	if (!config->direct) {
		check_socket();
		return;
	}
	if (netsnmp_ds_get_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET) !=
	    NULL) {
		log_err("config", "agentXSocket beside snmpListen: with snmpListen there is no "
		                  "snmpd to find");
		errors++;
	}
	for (size_t i = 0; i < files->n; i++)
		if (strchr(files->paths[i], ',') != NULL) {
			log_err("config", "%s: with snmpListen a path may have no comma",
			        files->paths[i]);
			errors++;
		}
}

static void
settle(struct config *config)
{
	settle_state_file(config);
	for (size_t i = 0; i < config->memory.ninterfaces; i++)
		if (!config->metric_given[i])
			config->interfaces[i].metric[IFTAB_V4] =
			    config->interfaces[i].metric[IFTAB_V6] = config->metric_default;
	config->memory.interfaces = config->interfaces;
	config->memory.preloads = (const char *const *)config->preloads;
	config->memory.refusals = config->refusals;
	config_instances_settle(config);
	config->policy.protect = config->protect;
	config->policy.allow = config->allow;
	config->notify.prefixes = config->notify_prefixes;
}

static void
register_tokens(const struct config_token *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		register_config_handler(AGX_NAME, list[i].name, list[i].handler, NULL,
		                        list[i].help);
}

static void
ignore_log(void *arg, int priority, const char *line)
{
	(void)arg;
	(void)priority;
	(void)line;
}

/* A first pass, for the one token that decides what the others may be. */
static void
find_role(const struct files *files)
{
	register_tokens(&config_direct_first, 1);
	agx_log_watch(ignore_log, NULL);
	for (size_t i = 0; i < files->n; i++)
		read_config_with_type(files->paths[i], AGX_NAME);
	agx_log_watch(NULL, NULL);
}

static void
read_files(const struct files *files)
{
	register_tokens(tokens, sizeof tokens / sizeof tokens[0]);
	register_tokens(config_policy_tokens, config_policy_ntokens);
	register_tokens(config_notify_tokens, config_notify_ntokens);
	register_tokens(&config_instance_token, 1);
	if (reading->direct)
		register_tokens(config_direct_tokens, config_direct_ntokens);
	agx_log_watch(on_log, NULL);
	for (size_t i = 0; i < files->n; i++) {
		log_debug("config", "read file=%s", files->paths[i]);
		if (!reading->direct)
			read_config_with_type(files->paths[i], AGX_NAME);
	}
	if (reading->direct)
		agx_direct_read((const char *const *)files->paths, files->n);
	agx_log_watch(NULL, NULL);
}

/* Which files are to be read into `out': `file', or without one those on the search path. */
static void
begin_reading(const char *file, struct config *out, struct files *files)
{
	*files = (struct files){ .n = 0 };
	reading = out;
	errors = 0;
	if (file != NULL)
		add_file(files, file);
	else
		add_search_path(files);
}

/* @return whether no line was wrong. */
static bool
end_reading(struct config *out, struct files *files)
{
	settle(out);
	config_free_paths(files->paths, files->n);
	return errors == 0;
}

bool
config_read(const char *file, struct config *out)
{
	struct files files;

	*out =
	    (struct config){ .fib = fib_backend("memory"),
		             .agentx_priority = 100,
		             .row_timeout_s = 300,
		             .notify = { .rate = 10 },
		             .ip_route_table = true,
		             .private_file = file != NULL || getenv("SNMPCONFPATH") != NULL };
	begin_reading(file, out, &files);
	find_role(&files);
	agx_library_role(out->direct);
	read_files(&files);
	check_role(out, &files);
	return end_reading(out, &files);
}

/* Of the lines that are not read again the library knows nothing under our other name. */
static void
on_reload_log(void *arg, int priority, const char *line)
{
	if (strstr(line, ": Unknown token: ") == NULL)
		on_log(arg, priority, line);
}

bool
config_read_interfaces(const char *file, struct config *out)
{
	struct files files;

	*out = (struct config){ .fib = fib_backend("memory"), .state_file_said = true };
	begin_reading(file, out, &files);
	register_config_handler(AGX_NAME "-again", "interface", on_interface, NULL, "");
	register_config_handler(AGX_NAME "-again", "metricDefault", on_metric_default, NULL,
	                        "");
	agx_log_watch(on_reload_log, NULL);
	for (size_t i = 0; i < files.n; i++)
		read_config_with_type(files.paths[i], AGX_NAME "-again");
	agx_log_watch(NULL, NULL);
	return end_reading(out, &files);
}

void
config_free(struct config *config)
{
	for (size_t i = 0; i < config->memory.ninterfaces; i++)
		mem_free(config->interfaces[i].addrs);
	mem_free(config->interfaces);
	mem_free(config->metric_given);
	config_free_paths(config->preloads, config->memory.npreloads);
	config_instances_free(config);
	mem_free(config->refusals);
	mem_free(config->control_socket);
	config_policy_free(config);
	config_notify_free(config);
	mem_free(config->state_file);
	config_direct_free(config);
}
