/*
 * One chapter: a log that every floor may use and no floor configures.
 *
 * The sink and the level belong to the program. A line is built in a buffer on the
 * stack, so logging needs no memory and works when there is none left; a line longer
 * than that ends in "...". Text from outside (an interface name, a refused value) may
 * hold a newline and forge a second line: every control character becomes '?', so one
 * event stays one line. Changing sink or level while other threads log is for the
 * program's start; the level alone may change at any time.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 1024

static const char *const level_names[] = { "none", "err", "warn", "info", "debug" };

int log_threshold = LOG_LEVEL_WARN;
static log_sink *sink_now;
static void *sink_arg;

void
log_set_sink(log_sink *sink, void *arg)
{
	sink_now = sink;
	sink_arg = arg;
}

void
log_set_level(enum log_level level)
{
	__atomic_store_n(&log_threshold, (int)level, __ATOMIC_RELAXED);
}

enum log_level
log_get_level(void)
{
	return (enum log_level)__atomic_load_n(&log_threshold, __ATOMIC_RELAXED);
}

const char *
log_level_name(enum log_level level)
{
	return (unsigned)level < sizeof(level_names) / sizeof(level_names[0])
	           ? level_names[level]
	           : "unknown";
}

bool
log_level_parse(const char *name, enum log_level *out)
{
	for (unsigned i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++) {
		if (strcmp(name, level_names[i]) == 0) {
			*out = (enum log_level)i;
			return true;
		}
	}
	return false;
}

static void
make_harmless(char *line)
{
	for (unsigned char *c = (unsigned char *)line; *c != '\0'; c++) {
		if (*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
}

void
log_write(enum log_level level, const char *module, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (n < 0)
		snprintf(line, sizeof(line), "unprintable event");
	else if ((size_t)n >= sizeof(line))
		memcpy(line + sizeof(line) - 4, "...", 4);
	make_harmless(line);
	if (sink_now != NULL)
		sink_now(sink_arg, level, module, line);
	else
		fprintf(stderr, "%s: %s: %s\n", log_level_name(level), module, line);
}
