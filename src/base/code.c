/*
 * One chapter: a number means nothing in a log, a name can be looked up.
 *
 * The table is sorted by number, so a lookup is a binary search; a test holds it
 * against winerr.h, so a code added there without words here does not go unseen.
 * NO_ERROR has two more names in the documentation, which only code_parse() knows.
 */
#include "base/code.h"

#include <string.h>

#include "winerr.h"

/* clang-format off */
#define CODE(name, text) { name, #name, text }
static const struct code_info codes[] = {
	CODE(NO_ERROR,                     "done"),
	CODE(ERROR_INVALID_FUNCTION,       "no such function"),
	CODE(ERROR_FILE_NOT_FOUND,         "no such interface or file"),
	CODE(ERROR_PATH_NOT_FOUND,         "the directory does not exist"),
	CODE(ERROR_ACCESS_DENIED,          "not allowed"),
	CODE(ERROR_INVALID_HANDLE,         "the handle is not valid here"),
	CODE(ERROR_NOT_ENOUGH_MEMORY,      "out of memory"),
	CODE(ERROR_BAD_FORMAT,             "the file has a form that is not known here"),
	CODE(ERROR_INVALID_DATA,           "the data make no sense"),
	CODE(ERROR_OUTOFMEMORY,            "no memory left to finish this"),
	CODE(ERROR_WRITE_PROTECT,          "the file system takes no writes"),
	CODE(ERROR_NOT_READY,              "not ready yet"),
	CODE(ERROR_WRITE_FAULT,            "could not be written"),
	CODE(ERROR_READ_FAULT,             "reading failed"),
	CODE(ERROR_GEN_FAILURE,            "it does not work"),
	CODE(ERROR_SHARING_VIOLATION,      "another process has the file"),
	CODE(ERROR_LOCK_VIOLATION,         "another process holds the lock"),
	CODE(ERROR_NOT_SUPPORTED,          "not supported"),
	CODE(ERROR_INVALID_PARAMETER,      "a parameter is wrong"),
	CODE(ERROR_BUFFER_OVERFLOW,        "larger than the buffer"),
	CODE(ERROR_DISK_FULL,              "no room on the disk"),
	CODE(ERROR_INSUFFICIENT_BUFFER,    "the buffer is too small"),
	CODE(ERROR_INVALID_NAME,           "the name is not well formed"),
	CODE(ERROR_MOD_NOT_FOUND,          "no such library"),
	CODE(ERROR_PROC_NOT_FOUND,         "the library has no such function"),
	CODE(ERROR_NOT_LOCKED,             "not locked"),
	CODE(ERROR_BAD_ARGUMENTS,          "the arguments do not fit together"),
	CODE(ERROR_BUSY,                   "in use"),
	CODE(ERROR_ALREADY_EXISTS,         "exists already"),
	CODE(ERROR_BAD_FILE_TYPE,          "the file is of another kind"),
	CODE(ERROR_NO_DATA,                "nothing there to read"),
	CODE(ERROR_MORE_DATA,              "there is more than fits"),
	CODE(ERROR_NO_MORE_ITEMS,          "no more items"),
	CODE(ERROR_OPERATION_ABORTED,      "broken off"),
	CODE(ERROR_IO_INCOMPLETE,          "started, not over yet"),
	CODE(ERROR_IO_PENDING,             "started, will finish later"),
	CODE(ERROR_CAN_NOT_COMPLETE,       "could not be completed"),
	CODE(ERROR_NO_UNICODE_TRANSLATION, "not well-formed text"),
	CODE(ERROR_POSSIBLE_DEADLOCK,      "waiting here could last for ever"),
	CODE(ERROR_NOT_FOUND,              "not found"),
	CODE(ERROR_NO_MATCH,               "nothing matches"),
	CODE(ERROR_CANCELLED,              "cancelled"),
	CODE(ERROR_ADDRESS_NOT_ASSOCIATED, "the endpoint has no address"),
	CODE(ERROR_NETWORK_UNREACHABLE,    "the network cannot be reached"),
	CODE(ERROR_HOST_UNREACHABLE,       "the host cannot be reached"),
	CODE(ERROR_PROTOCOL_UNREACHABLE,   "the other side lacks the protocol"),
	CODE(ERROR_REVISION_MISMATCH,      "the file has a newer version"),
	CODE(ERROR_INVALID_OWNER,          "the file belongs to another user"),
	CODE(ERROR_PRIVILEGE_NOT_HELD,     "a privilege is missing"),
	CODE(ERROR_FILE_CORRUPT,           "the file is damaged"),
	CODE(ERROR_NO_SYSTEM_RESOURCES,    "the system is out of resources"),
	CODE(ERROR_TIMEOUT,                "it took too long"),
	CODE(ERROR_BAD_CONFIGURATION,      "the configuration is wrong"),
	CODE(ERROR_OBJECT_ALREADY_EXISTS,  "such an object exists already"),
};
/* clang-format on */

#define COUNT (sizeof(codes) / sizeof(codes[0]))

static const struct code_info *
lookup(DWORD code)
{
	size_t from = 0, to = COUNT;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (codes[mid].code < code)
			from = mid + 1;
		else
			to = mid;
	}
	return from < COUNT && codes[from].code == code ? &codes[from] : NULL;
}

const char *
code_name(DWORD code)
{
	const struct code_info *c = lookup(code);

	return c != NULL ? c->name : "UNKNOWN";
}

const char *
code_text(DWORD code)
{
	const struct code_info *c = lookup(code);

	return c != NULL ? c->text : "a code without a name";
}

bool
code_parse(const char *name, DWORD *out)
{
	if (strcmp(name, "ERROR_SUCCESS") == 0 || strcmp(name, "NETIO_ERROR_SUCCESS") == 0)
		name = "NO_ERROR";
	for (size_t i = 0; i < COUNT; i++) {
		if (strcmp(name, codes[i].name) == 0) {
			*out = codes[i].code;
			return true;
		}
	}
	return false;
}

const struct code_info *
code_table(size_t *count)
{
	*count = COUNT;
	return codes;
}
