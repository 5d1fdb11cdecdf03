/*
 * One chapter: the state file, from outside.
 *
 * `check' and `export' look at the file itself, beside a running rtmd or without one; SQLite
 * gives them one consistent state of it however long they take. Which file is asked of
 * the daemon, unless it is named. `import' goes through the daemon: the rows are looked at
 * here as far as their form goes, sent one by one, and taken in there all at once.
 */
#include "rtmctl.h"

#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/code.h"
#include "rtmctl_json.h"
#include "stored.h"

/* ---- which file ----------------------------------------------------------------------- */

/* The path that the daemon tells, into `buf'. */
static int
ask_path(struct tool *tool, char *buf, size_t size)
{
	static struct ctl_text text;
	struct ctl_in in;
	const char *at, *end;
	int status = tool_connect(tool);

	if (status == STATUS_OK)
		status = tool_status(tool_ask(tool, "store", CTL_STORE, NULL, NULL, &in));
	if (status != STATUS_OK)
		return status;
	if (!ctl_get(&in, &ctl_text_layout, &text))
		return STATUS_REFUSED;
	at = strstr(text.text, "path=");
	end = at != NULL ? strchr(at, '\n') : NULL;
	if (end == NULL || (size_t)(end - at) >= size)
		return STATUS_REFUSED;
	snprintf(buf, size, "%.*s", (int)(end - at - 5), at + 5);
	return STATUS_OK;
}

static int
look(const char *path, DWORD (*each)(void *arg, const struct store_row *row), void *arg,
     uint64_t *rows)
{
	char why[STORE_WHY_MAX];
	DWORD err = store_look(path, each, arg, rows, why);

	if (err == NO_ERROR)
		return STATUS_OK;
	fprintf(stderr, "rtmctl: %s (%s)\n", why[0] != '\0' ? why : path, code_name(err));
	return STATUS_REFUSED;
}

static int
check(struct tool *tool, const char *path)
{
	uint64_t rows;
	int status;

	(void)tool;
	status = look(path, NULL, NULL, &rows);
	if (status == STATUS_OK)
		printf("%s: good, %llu rows\n", path, (unsigned long long)rows);
	return status;
}

/* ---- export ---------------------------------------------------------------------------- */

static DWORD
print_row(void *arg, const struct store_row *row)
{
	bool *first = arg;
	json_t *object = json_of_row(row);

	if (object == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	printf("%s\n  ", *first ? "" : ",");
	*first = false;
	json_dumpf(object, stdout, JSON_COMPACT);
	json_decref(object);
	return ferror(stdout) ? ERROR_WRITE_FAULT : NO_ERROR;
}

static int export(struct tool *tool, const char *path)
{
	bool first = true;
	uint64_t rows;
	int status;

	(void)tool;
	/* A file that cannot be exported prints nothing that looks like a beginning. */
	status = look(path, NULL, NULL, &rows);
	if (status != STATUS_OK)
		return status;
	printf("{\"format\": \"%s\", \"version\": %d, \"rows\": [", JSON_FORMAT, JSON_VERSION);
	status = look(path, print_row, &first, &rows);
	if (status == STATUS_OK)
		printf("\n]}\n");
	return status;
}

/* ---- import ------------------------------------------------------------------------------ */

static void
describe(const json_t *row, char *buf, size_t size)
{
	const char *prefix = json_string_value(json_object_get(row, "prefix"));
	const char *hop = json_string_value(json_object_get(row, "next_hop"));

	snprintf(buf, size, "%s%s%s", prefix != NULL ? prefix : "?", hop != NULL ? " via " : "",
	         hop != NULL ? hop : "");
}

static int
refuse_row(size_t number, const json_t *row, const char *why)
{
	char text[160];

	describe(row, text, sizeof(text));
	fprintf(stderr, "rtmctl: import: row %zu (%s): %s; nothing was imported\n", number,
	        text, why);
	return STATUS_REFUSED;
}

static int
check_document(const json_t *document)
{
	const char *format = json_string_value(json_object_get(document, "format"));

	if (format == NULL || strcmp(format, JSON_FORMAT) != 0)
		fprintf(stderr, "rtmctl: import: \"format\" is not \"%s\"\n", JSON_FORMAT);
	else if (json_integer_value(json_object_get(document, "version")) != JSON_VERSION)
		fprintf(stderr, "rtmctl: import: \"version\" is not %d\n", JSON_VERSION);
	else if (!json_is_array(json_object_get(document, "rows")))
		fprintf(stderr, "rtmctl: import: \"rows\" is not an array\n");
	else
		return STATUS_OK;
	return STATUS_REFUSED;
}

/* All of them are looked at before the first is sent. */
static int
check_rows(const json_t *rows)
{
	struct store_row row;
	char why[128];

	for (size_t i = 0; i < json_array_size(rows); i++)
		if (!json_to_row(json_array_get(rows, i), &row, why, sizeof(why)))
			return refuse_row(i + 1, json_array_get(rows, i), why);
	return STATUS_OK;
}

static int
send_rows(struct tool *tool, const json_t *rows)
{
	struct ctl_stored message;
	struct store_row row;
	char why[128];

	for (size_t i = 0; i < json_array_size(rows); i++) {
		DWORD err;

		(void)json_to_row(json_array_get(rows, i), &row, why, sizeof(why));
		stored_to_ctl(&row, &message);
		err = tool_ask(tool, "import", CTL_IMPORT_ROW, &ctl_stored_layout, &message,
		               NULL);
		if (err == ERROR_INVALID_PARAMETER)
			return refuse_row(i + 1, json_array_get(rows, i), "no row can be so");
		if (err != NO_ERROR)
			return tool_status(err);
	}
	return STATUS_OK;
}

static int
tell_result(const struct ctl_imported *result, const json_t *rows)
{
	const char *field = tool_field(result->field);
	char why[256];

	if (result->code == NO_ERROR) {
		printf("imported %u rows\n", result->rows);
		return STATUS_OK;
	}
	snprintf(why, sizeof(why), "%s (%s %u)%s%s", code_text(result->code),
	         code_name(result->code), result->code, field != NULL ? ", because of " : "",
	         field != NULL ? field : "");
	if (result->row > 0 && result->row <= json_array_size(rows))
		return refuse_row(result->row, json_array_get(rows, result->row - 1), why);
	fprintf(stderr, "rtmctl: import: %s; nothing was imported\n", why);
	return STATUS_REFUSED;
}

static int
import_rows(struct tool *tool, const json_t *rows, bool replace)
{
	struct ctl_family begin = { .family = AF_UNSPEC, .index = replace };
	struct ctl_imported result;
	struct ctl_in in;
	int status = check_rows(rows);

	if (status == STATUS_OK)
		status = tool_connect(tool);
	if (status == STATUS_OK)
		status = tool_status(tool_ask(tool, "import", CTL_IMPORT_BEGIN,
		                              &ctl_family_layout, &begin, NULL));
	if (status == STATUS_OK)
		status = send_rows(tool, rows);
	if (status == STATUS_OK)
		status = tool_status(tool_ask(tool, "import", CTL_IMPORT_END, NULL, NULL, &in));
	if (status != STATUS_OK)
		return status;
	if (!ctl_get(&in, &ctl_imported_layout, &result))
		return STATUS_REFUSED;
	return tell_result(&result, rows);
}

static int
import(struct tool *tool, const char *file, bool replace)
{
	json_error_t error;
	json_t *document = strcmp(file, "-") == 0
	                       ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &error)
	                       : json_load_file(file, JSON_REJECT_DUPLICATES, &error);
	int status;

	if (document == NULL) {
		fprintf(stderr, "rtmctl: import: %s: line %d: %s\n", file, error.line,
		        error.text);
		return STATUS_REFUSED;
	}
	status = check_document(document);
	if (status == STATUS_OK)
		status = import_rows(tool, json_object_get(document, "rows"), replace);
	json_decref(document);
	return status;
}

/* ---- words ------------------------------------------------------------------- */

static int
on_file(struct tool *tool, const char *path, int (*run)(struct tool *, const char *))
{
	char buf[4096];
	int status;

	if (path != NULL)
		return run(tool, path);
	status = ask_path(tool, buf, sizeof(buf));
	return status == STATUS_OK ? run(tool, buf) : status;
}

int
do_store(struct tool *tool, char **words)
{
	const char *verb = words[0];
	bool replace = verb != NULL && words[1] != NULL && strcmp(words[1], "replace") == 0;

	if (verb != NULL && strcmp(verb, "check") == 0 &&
	    (words[1] == NULL || words[2] == NULL))
		return on_file(tool, words[1], check);
	if (verb != NULL && strcmp(verb, "export") == 0 &&
	    (words[1] == NULL || words[2] == NULL))
		return on_file(tool, words[1], export);
	if (verb != NULL && strcmp(verb, "import") == 0 && words[1] != NULL &&
	    (replace ? words[2] != NULL && words[3] == NULL : words[2] == NULL))
		return import(tool, words[replace ? 2 : 1], replace);
	fprintf(stderr,
	        "rtmctl: store check [FILE], export [FILE], import [replace] JSON-FILE\n");
	return STATUS_USAGE;
}
