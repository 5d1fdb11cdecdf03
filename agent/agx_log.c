/*
 * One chapter: the library's log becomes ours.
 *
 * Without a handler libnetsnmp writes to standard error. With "calllog" it calls back
 * with finished lines, each ending in a newline, and those go into our log under the
 * module "snmp". Two kinds of line are more than text, because the library has no
 * other way to say it: that a configuration line was bad, and that the master refused
 * a registration. Whoever needs those sets a watch.
 *
 * The call-back runs with the library's call-back lock held: logging through the
 * library from here would wait for itself, so nothing here does.
 */
#include "agx_int.h"

#include <syslog.h>

#include "base/log.h"

static void (*watch_fn)(void *arg, int priority, const char *line);
static void *watch_arg;

void
agx_log_watch(void (*watch)(void *arg, int priority, const char *line), void *arg)
{
	watch_fn = watch;
	watch_arg = arg;
}

/* What the library thinks of as an error is for us something it has survived. */
static void
pass_on(int priority, const char *line)
{
	if (priority <= LOG_WARNING)
		log_warn("snmp", "%s", line);
	else
		log_debug("snmp", "%s", line);
}

int
agx_log_receive(int major, int minor, void *message, void *arg)
{
	const struct snmp_log_message *slm = message;
	char line[1024];

	(void)major;
	(void)minor;
	(void)arg;
	snprintf(line, sizeof line, "%s", slm->msg);
	line[strcspn(line, "\n")] = '\0';
	if (watch_fn != NULL)
		watch_fn(watch_arg, slm->priority, line);
	else
		pass_on(slm->priority, line);
	return SNMP_ERR_NOERROR;
}
