/*
 * route, in the manner of the tool of that name on Windows: print, add, delete and change
 * routes.
 *
 *     route [-4|-6] PRINT [destination]
 *     route ADD    destination [MASK netmask] gateway [METRIC metric] [IF interface]
 *     route DELETE destination [MASK netmask] [gateway] [IF interface]
 *     route CHANGE destination [MASK netmask] gateway [METRIC metric] [IF interface]
 *
 * An IPv6 destination is written address/length and takes no MASK; so may an IPv4 one.
 * 0.0.0.0 as gateway means on-link. A destination may end in * or contain ? with PRINT and
 * DELETE. Several commands may stand in one line, separated by a single `+': useful with
 * a table in memory, which ends with the program.
 *
 * Everything here is source as it is written for Windows, but for the `+'. Build it:
 *
 *     cc route.c $(pkg-config --cflags --libs rtm-windows)
 */
#include <winsock2.h>
#include <ws2tcpip.h>

#include <windows.h>

#include <iphlpapi.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *destination; /* as written, for patterns */
	IP_ADDRESS_PREFIX prefix;
	SOCKADDR_INET gateway; /* family AF_UNSPEC: not given */
	DWORD metric;          /* (DWORD)-1: not given */
	NET_IFINDEX interface; /* 0: not given */
} COMMAND;

static ADDRESS_FAMILY only = AF_UNSPEC;

/* ---- messages --------------------------------------------------------------------------- */

static int
refuse(const char *what, const char *word)
{
	fprintf(stderr, "route: bad argument %s: %s\n", word != NULL ? word : "(none)", what);
	return 1;
}

static int
report(const char *what, DWORD error)
{
	char *text = NULL;

	FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
	                   FORMAT_MESSAGE_IGNORE_INSERTS,
	               NULL, error, 0, (LPSTR)(void *)&text, 0, NULL);
	fflush(stdout);
	fprintf(stderr, "The route %s failed: %u %s", what, error, text != NULL ? text : "\n");
	LocalFree(text);
	return 1;
}

/* ---- reading words ----------------------------------------------------------- */

static BOOL
parse_address(const char *word, SOCKADDR_INET *out)
{
	ZeroMemory(out, sizeof *out);
	if (inet_pton(AF_INET, word, &out->Ipv4.sin_addr) == 1)
		out->si_family = AF_INET;
	else if (inet_pton(AF_INET6, word, &out->Ipv6.sin6_addr) == 1)
		out->si_family = AF_INET6;
	return out->si_family != AF_UNSPEC;
}

static BOOL
parse_number(const char *word, DWORD *out)
{
	char *end;
	unsigned long value;

	if (word == NULL || !isdigit((unsigned char)*word))
		return FALSE;
	value = strtoul(word, &end, 0);
	*out = (DWORD)value;
	return *end == '\0' && value <= 0xFFFFFFFFul;
}

/* A mask is as many ones as the length says, and nothing else. */
static BOOL
parse_mask(const char *word, UINT8 *length)
{
	SOCKADDR_INET mask;
	DWORD bits;

	if (word == NULL || !parse_address(word, &mask) || mask.si_family != AF_INET)
		return FALSE;
	bits = ntohl(mask.Ipv4.sin_addr.s_addr);
	for (*length = 0; (bits & 0x80000000u) != 0; bits <<= 1)
		(*length)++;
	return bits == 0;
}

static BOOL
parse_destination(const char *word, IP_ADDRESS_PREFIX *out)
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(word, '/');
	size_t length = slash != NULL ? (size_t)(slash - word) : strlen(word);
	DWORD bits;

	if (length >= sizeof address)
		return FALSE;
	memcpy(address, word, length);
	address[length] = '\0';
	if (!parse_address(address, &out->Prefix))
		return FALSE;
	bits = out->Prefix.si_family == AF_INET ? 32 : 128;
	if (slash != NULL && !parse_number(slash + 1, &bits))
		return FALSE;
	/* without a length: the default route, or a host */
	if (slash == NULL && out->Prefix.si_family == AF_INET &&
	    out->Prefix.Ipv4.sin_addr.s_addr == 0)
		bits = 0;
	out->PrefixLength = (UINT8)(bits > 255 ? 255 : bits);
	return TRUE;
}

/* Words after the verb. Returns 0, or what the program ends with. */
static int
parse_command(int n, char **word, COMMAND *command, BOOL pattern)
{
	ZeroMemory(command, sizeof *command);
	command->metric = (DWORD)-1;
	if (n == 0)
		return refuse("a destination is needed", NULL);
	command->destination = word[0];
	if (!(pattern && strpbrk(word[0], "*?") != NULL) &&
	    !parse_destination(word[0], &command->prefix))
		return refuse("not a destination", word[0]);
	for (int i = 1; i < n; i++) {
		const char *value = i + 1 < n ? word[i + 1] : NULL;

		if (_stricmp(word[i], "MASK") == 0) {
			if (command->prefix.Prefix.si_family != AF_INET ||
			    !parse_mask(value, &command->prefix.PrefixLength))
				return refuse("not a netmask", value);
			i++;
		} else if (_stricmp(word[i], "METRIC") == 0) {
			if (!parse_number(value, &command->metric))
				return refuse("not a metric", value);
			i++;
		} else if (_stricmp(word[i], "IF") == 0) {
			if (!parse_number(value, &command->interface))
				return refuse("not an interface", value);
			i++;
		} else if (!parse_address(word[i], &command->gateway)) {
			return refuse("not a gateway", word[i]);
		}
	}
	return 0;
}

/* ---- text of rows ------------------------------------------------------------ */

static const char *
address_text(const SOCKADDR_INET *address, char *text, socklen_t size)
{
	const void *bytes = address->si_family == AF_INET
	                        ? (const void *)&address->Ipv4.sin_addr
	                        : (const void *)&address->Ipv6.sin6_addr;

	return inet_ntop(address->si_family, bytes, text, size);
}

static BOOL
is_zero(const SOCKADDR_INET *address)
{
	static const struct in6_addr none;

	if (address->si_family == AF_INET)
		return address->Ipv4.sin_addr.s_addr == 0;
	return memcmp(&address->Ipv6.sin6_addr, &none, sizeof none) == 0;
}

static BOOL
matches(const char *pattern, const char *text)
{
	if (*pattern == '*')
		return matches(pattern + 1, text) ||
		       (*text != '\0' && matches(pattern, text + 1));
	if (*text == '\0' || *pattern == '\0')
		return *text == *pattern;
	return (*pattern == '?' || *pattern == *text) && matches(pattern + 1, text + 1);
}

/* Whether a row is one of those that a PRINT or DELETE names. */
static BOOL
is_meant(const COMMAND *command, const MIB_IPFORWARD_ROW2 *row)
{
	char text[INET6_ADDRSTRLEN];

	if (command->interface != 0 && command->interface != row->InterfaceIndex)
		return FALSE;
	if (command->gateway.si_family != AF_UNSPEC &&
	    (command->gateway.si_family != row->NextHop.si_family ||
	     memcmp(&command->gateway, &row->NextHop, sizeof row->NextHop) != 0))
		return FALSE;
	if (command->prefix.Prefix.si_family == AF_UNSPEC)
		return matches(command->destination,
		               address_text(&row->DestinationPrefix.Prefix, text, sizeof text));
	return command->prefix.PrefixLength == row->DestinationPrefix.PrefixLength &&
	       memcmp(&command->prefix.Prefix, &row->DestinationPrefix.Prefix,
	              sizeof row->NextHop) == 0;
}

/* ---- the verbs --------------------------------------------------------------- */

static ULONG
interface_metric(const MIB_IPFORWARD_ROW2 *row)
{
	MIB_IPINTERFACE_ROW interface;

	InitializeIpInterfaceEntry(&interface);
	interface.Family = row->DestinationPrefix.Prefix.si_family;
	interface.InterfaceLuid = row->InterfaceLuid;
	interface.InterfaceIndex = row->InterfaceIndex;
	return GetIpInterfaceEntry(&interface) == NO_ERROR ? interface.Metric : 0;
}

static void
print_row(const MIB_IPFORWARD_ROW2 *row)
{
	char dest[INET6_ADDRSTRLEN], hop[INET6_ADDRSTRLEN], name[IF_NAMESIZE + 1] = "-";

	address_text(&row->DestinationPrefix.Prefix, dest, sizeof dest);
	snprintf(dest + strlen(dest), sizeof dest - strlen(dest), "/%u",
	         row->DestinationPrefix.PrefixLength);
	if_indextoname(row->InterfaceIndex, name);
	printf("%-24s %-20s %-16s %u\n", dest,
	       is_zero(&row->NextHop) ? "On-link"
	                              : address_text(&row->NextHop, hop, sizeof hop),
	       name, row->Metric + interface_metric(row));
}

static DWORD
print_family(ADDRESS_FAMILY family, const COMMAND *filter)
{
	PMIB_IPFORWARD_TABLE2 table;
	DWORD error = GetIpForwardTable2(family, &table);

	printf("%s Route Table\n", family == AF_INET ? "IPv4" : "IPv6");
	if (error == ERROR_NOT_FOUND) {
		printf("None\n");
		return NO_ERROR;
	}
	if (error != NO_ERROR)
		return error;
	printf("%-24s %-20s %-16s %s\n", "Network Destination", "Gateway", "Interface",
	       "Metric");
	for (ULONG i = 0; i < table->NumEntries; i++)
		if (filter == NULL || is_meant(filter, &table->Table[i]))
			print_row(&table->Table[i]);
	FreeMibTable(table);
	return NO_ERROR;
}

static int
route_print(int n, char **word)
{
	COMMAND filter;
	DWORD error = NO_ERROR;

	if (n > 0 && parse_command(n, word, &filter, TRUE) != 0)
		return 1;
	if (only != AF_INET6)
		error = print_family(AF_INET, n > 0 ? &filter : NULL);
	if (error == NO_ERROR && only != AF_INET)
		error = print_family(AF_INET6, n > 0 ? &filter : NULL);
	return error == NO_ERROR ? 0 : report("print", error);
}

static DWORD
create(const COMMAND *command)
{
	MIB_IPFORWARD_ROW2 row;
	DWORD error;

	InitializeIpForwardEntry(&row);
	row.DestinationPrefix = command->prefix;
	row.NextHop = command->gateway;
	row.InterfaceIndex = command->interface;
	row.Metric = command->metric; /* -1: the default */
	if (row.InterfaceIndex == 0) {
		error =
		    GetBestInterfaceEx((struct sockaddr *)&row.NextHop, &row.InterfaceIndex);
		if (error != NO_ERROR)
			return error;
	}
	return CreateIpForwardEntry2(&row);
}

static int
route_add(int n, char **word)
{
	COMMAND command;
	DWORD error;

	if (parse_command(n, word, &command, FALSE) != 0)
		return 1;
	if (command.gateway.si_family == AF_UNSPEC)
		return refuse("a gateway is needed", NULL);
	error = create(&command);
	return error == NO_ERROR ? printf(" OK!\n") < 0 : report("addition", error);
}

/* Every row that is meant, but not `keep'. Counts them. */
static DWORD
delete_meant(const COMMAND *command, const COMMAND *keep, unsigned *count)
{
	ADDRESS_FAMILY family = command->prefix.Prefix.si_family;
	PMIB_IPFORWARD_TABLE2 table;
	DWORD error;

	*count = 0;
	error = GetIpForwardTable2(family != AF_UNSPEC ? family : only, &table);
	if (error != NO_ERROR)
		return error;
	for (ULONG i = 0; i < table->NumEntries && error == NO_ERROR; i++) {
		MIB_IPFORWARD_ROW2 *row = &table->Table[i];

		if (!is_meant(command, row) || (keep != NULL && is_meant(keep, row)))
			continue;
		error = DeleteIpForwardEntry2(row);
		*count += error == NO_ERROR;
	}
	FreeMibTable(table);
	return error == NO_ERROR && *count == 0 ? ERROR_NOT_FOUND : error;
}

static int
route_delete(int n, char **word)
{
	COMMAND command;
	unsigned count;
	DWORD error;

	if (parse_command(n, word, &command, TRUE) != 0)
		return 1;
	error = delete_meant(&command, NULL, &count);
	return error == NO_ERROR ? printf(" OK!\n") < 0 : report("deletion", error);
}

/* The row with another metric only; or a new row, and then the old ones away. */
static int
route_change(int n, char **word)
{
	COMMAND command, old;
	unsigned count;
	DWORD error;

	if (parse_command(n, word, &command, FALSE) != 0)
		return 1;
	if (command.gateway.si_family == AF_UNSPEC)
		return refuse("a gateway is needed", NULL);
	old = command;
	old.gateway.si_family = AF_UNSPEC;
	error = create(&command);
	if (error == ERROR_OBJECT_ALREADY_EXISTS) {
		MIB_IPFORWARD_ROW2 row;

		InitializeIpForwardEntry(&row);
		row.DestinationPrefix = command.prefix;
		row.NextHop = command.gateway;
		row.InterfaceIndex = command.interface;
		if (row.InterfaceIndex == 0)
			GetBestInterfaceEx((struct sockaddr *)&row.NextHop,
			                   &row.InterfaceIndex);
		row.Metric = command.metric;
		error = SetIpForwardEntry2(&row);
	} else if (error == NO_ERROR) {
		error = delete_meant(&old, &command, &count);
		if (error == ERROR_NOT_FOUND) { /* there was nothing to change */
			delete_meant(&command, NULL, &count);
			error = ERROR_NOT_FOUND;
		}
	}
	return error == NO_ERROR ? printf(" OK!\n") < 0 : report("change", error);
}

/* ---- the command line -------------------------------------------------------- */

static const struct {
	const char *verb;
	int (*run)(int n, char **word);
} verbs[] = { { "PRINT", route_print },
	      { "ADD", route_add },
	      { "DELETE", route_delete },
	      { "CHANGE", route_change } };

static int
usage(void)
{
	fprintf(stderr, "route [-4|-6] PRINT [destination]\n"
	                "route ADD|CHANGE destination [MASK netmask] gateway [METRIC metric] "
	                "[IF interface]\n"
	                "route DELETE destination [MASK netmask] [gateway] [IF interface]\n");
	return 2;
}

static int
run(int n, char **word)
{
	for (size_t i = 0; n > 0 && i < sizeof verbs / sizeof verbs[0]; i++)
		if (_stricmp(word[0], verbs[i].verb) == 0)
			return verbs[i].run(n - 1, word + 1);
	return usage();
}

int
main(int argc, char **argv)
{
	int status = 0, first = 1;

	if (argc > 1 && (strcmp(argv[1], "-4") == 0 || strcmp(argv[1], "-6") == 0))
		only = argv[first++][1] == '4' ? AF_INET : AF_INET6;
	if (first == argc)
		return usage();
	for (int i = first; i <= argc; i++) {
		int failed;

		if (i < argc && strcmp(argv[i], "+") != 0)
			continue;
		failed = run(i - first, argv + first);
		status = failed != 0 ? failed : status;
		first = i + 1;
	}
	return status;
}
