/*
 * One chapter: why a SET was refused, in one line.
 *
 * SNMP tells the manager an error and a varbind. The administrator, who may be another
 * person, finds here what the documented function would have said: the code by name,
 * and the member of the row that caused it; or which word of the configuration forbade
 * it, which would otherwise look like a route of somebody else.
 */
#include "refusal.h"

#include "base/code.h"
#include "base/log.h"

static const char *const error_names[] = {
	[MIB_NOERROR] = "noError",
	[MIB_GENERR] = "genErr",
	[MIB_NOACCESS] = "noAccess",
	[MIB_WRONGTYPE] = "wrongType",
	[MIB_WRONGLENGTH] = "wrongLength",
	[MIB_WRONGENCODING] = "wrongEncoding",
	[MIB_WRONGVALUE] = "wrongValue",
	[MIB_NOCREATION] = "noCreation",
	[MIB_INCONSISTENTVALUE] = "inconsistentValue",
	[MIB_RESOURCEUNAVAILABLE] = "resourceUnavailable",
	[MIB_COMMITFAILED] = "commitFailed",
	[MIB_UNDOFAILED] = "undoFailed",
	[MIB_NOTWRITABLE] = "notWritable",
	[MIB_INCONSISTENTNAME] = "inconsistentName",
};

static const char *const field_names[] = {
	[IPH_FIELD_NONE] = "-",          [IPH_FIELD_ROW] = "row",
	[IPH_FIELD_PREFIX] = "prefix",   [IPH_FIELD_LENGTH] = "length",
	[IPH_FIELD_NEXTHOP] = "nexthop", [IPH_FIELD_INTERFACE] = "interface",
	[IPH_FIELD_SITE] = "site",       [IPH_FIELD_LIFETIME] = "lifetime",
	[IPH_FIELD_METRIC] = "metric",   [IPH_FIELD_PROTOCOL] = "protocol",
	[IPH_FIELD_TYPE] = "type",
};

#define NAME_OF(names, i)                                                                      \
	((size_t)(i) < sizeof(names) / sizeof((names)[0]) && (names)[i] != NULL ? (names)[i]   \
	                                                                        : "?")

static const char *
or_dash(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : "-";
}

void
refusal_log(void *arg, const struct mib_refusal *refusal)
{
	const struct iph_fault *fault = &refusal->fault;
	const char *context = arg;
	bool named = context != NULL && context[0] != '\0';
	enum log_level level =
	    refusal->error == MIB_UNDOFAILED ? LOG_LEVEL_ERR : LOG_LEVEL_INFO;

	if (!log_wanted(level))
		return;
	log_write(level, "set",
	          "refused table=%s row=\"%s\" column=%s varbind=%zu phase=%s error=%s code=%s "
	          "field=%s%s%s policy=%s",
	          or_dash(refusal->table), or_dash(refusal->row), or_dash(refusal->column),
	          refusal->varbind, or_dash(refusal->phase),
	          NAME_OF(error_names, refusal->error),
	          fault->code != NO_ERROR ? code_name(fault->code) : "-",
	          NAME_OF(field_names, fault->field), named ? " context=" : "",
	          named ? context : "", or_dash(refusal->policy));
}
