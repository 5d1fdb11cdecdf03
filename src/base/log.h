/*
 * One line per event: module, verb, key=value. The program says once where lines go
 * and how talkative it is; without that, warnings and worse go to standard error.
 *
 * Levels: err, a person must act; warn, refused or repaired; info, state changes and
 * refused requests; debug, everything else. A line that is not wanted costs one load
 * and one branch: its arguments are not evaluated.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

enum log_level {
	LOG_LEVEL_NONE, /* as a threshold only: say nothing */
	LOG_LEVEL_ERR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/**
 * Takes a finished line; no newline in it, control characters already made harmless.
 *
 * @note May be called from any thread, with the caller's locks held: must not log.
 */
typedef void log_sink(void *arg, enum log_level level, const char *module, const char *line);

/** Where lines go from now on; NULL: standard error, as "level: module: line". */
void log_set_sink(log_sink *sink, void *arg);

/** Lines above `level` are dropped. Default: LOG_LEVEL_WARN. */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/** "err", "warn", "info", "debug", "none". */
const char *log_level_name(enum log_level level);

/** The level of that name; false: there is none, and `out` is untouched. */
bool log_level_parse(const char *name, enum log_level *out);

/** Whether such a line would be seen; for callers whose arguments are dear to build. */
static inline bool log_wanted(enum log_level level);

/** Write one line whatever the level; use the macros below. */
void log_write(enum log_level level, const char *module, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

extern int log_threshold; /* for log_wanted() alone */

static inline bool
log_wanted(enum log_level level)
{
	return (int)level <= __atomic_load_n(&log_threshold, __ATOMIC_RELAXED);
}

#define LOG_AT(level, ...)                                                                     \
	do {                                                                                   \
		if (log_wanted(level))                                                         \
			log_write(level, __VA_ARGS__);                                         \
	} while (0)

/* (module, printf format, ...): log_info("fib", "install prefix=%s if=%u", p, i) */
#define log_err(...) LOG_AT(LOG_LEVEL_ERR, __VA_ARGS__)
#define log_warn(...) LOG_AT(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) LOG_AT(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) LOG_AT(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
