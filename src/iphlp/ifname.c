/*
 * One chapter: four names of one interface.
 *
 * The name form comes from the LUID alone, a type and a number: `ethernet_2'; types
 * without a word are `iftype53'. The alias is the system's own name. Checks, codes and
 * whether an output is zeroed differ from function to function without a system; they
 * are as documented and observed [NETIO 3.7], one function a row of that table.
 *
 * On this system a wide character has 32 bits. Names consist of ASCII; aliases are bytes
 * to the kernel and are widened one by one, so that every alias comes back unchanged.
 */
#include "iphlp/iph_int.h"

#include <stdio.h>

static const struct {
	USHORT type;
	const char *word;
} words[] = {
	{ 1, "other" },     { 6, "ethernet" },  { 9, "tokenring" },
	{ 23, "ppp" },      { 24, "loopback" }, { 37, "atm" },
	{ 71, "wireless" }, { 131, "tunnel" },  { 144, "ieee1394" },
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define NAME_SIZE (IF_MAX_STRING_SIZE + 1)

void
iph_if_name(NET_LUID luid, char name[NAME_SIZE])
{
	unsigned type = (unsigned)(luid.Value >> 48);
	unsigned number = (unsigned)(luid.Value >> 24) & 0xFFFFFF;

	for (size_t i = 0; i < COUNT(words); i++)
		if (words[i].type == type) {
			snprintf(name, NAME_SIZE, "%s_%u", words[i].word, number);
			return;
		}
	snprintf(name, NAME_SIZE, "iftype%u_%u", type, number);
}

/* Digits only, no sign, no leading zero, at most 24 bits. */
static bool
parse_number(const char *text, unsigned limit, const char **end, unsigned *out)
{
	const char *at = text;
	unsigned long value = 0;

	while (*at >= '0' && *at <= '9' && value <= limit)
		value = value * 10 + (unsigned long)(*at++ - '0');
	if (at == text || value > limit || (text[0] == '0' && at > text + 1))
		return false;
	*end = at;
	*out = (unsigned)value;
	return true;
}

static bool
parse_type(const char *text, const char **end, unsigned *type)
{
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t length = strlen(words[i].word);

		if (strncmp(text, words[i].word, length) == 0 && text[length] == '_') {
			*type = words[i].type;
			*end = text + length;
			return true;
		}
	}
	return strncmp(text, "iftype", 6) == 0 && parse_number(text + 6, 0xFFFF, end, type);
}

/* The LUID that has this name, whether or not there is such an interface. */
static bool
parse_name(const char *name, NET_LUID *out)
{
	char again[NAME_SIZE];
	unsigned type, number;
	const char *at;

	if (!parse_type(name, &at, &type) || *at != '_' ||
	    !parse_number(at + 1, 0xFFFFFF, &at, &number) || *at != '\0')
		return false;
	out->Value = (ULONG64)type << 48 | (ULONG64)number << 24;
	iph_if_name(*out, again);
	return strcmp(name, again) == 0; /* `iftype6_1' is not how it is spelled */
}

static bool
find_name(const char *name, NET_LUID *out)
{
	struct iph *iph = iph_world();
	NET_LUID luid;
	bool found;

	if (iph == NULL || !parse_name(name, &luid) || iph_refresh(iph) != NO_ERROR)
		return false;
	gate_lock(&iph->gate);
	found = iftab_by_luid(iph->ifs, luid) != NULL;
	gate_unlock(&iph->gate);
	if (found)
		*out = luid;
	return found;
}

/* ---- index and LUID ------------------------------------------------------------------- */

NETIOAPI_API
ConvertInterfaceIndexToLuid(NET_IFINDEX InterfaceIndex, PNET_LUID InterfaceLuid)
{
	struct iph *iph = iph_world();
	const struct iftab_if *iface;

	if (InterfaceLuid == NULL)
		return ERROR_INVALID_PARAMETER;
	InterfaceLuid->Value = 0;
	if (iph == NULL || iph_refresh(iph) != NO_ERROR)
		return ERROR_FILE_NOT_FOUND;
	gate_lock(&iph->gate);
	iface = iftab_by_index(iph->ifs, InterfaceIndex);
	if (iface != NULL)
		*InterfaceLuid = iface->luid;
	gate_unlock(&iph->gate);
	return iface != NULL ? NO_ERROR : ERROR_FILE_NOT_FOUND;
}

NETIOAPI_API
ConvertInterfaceLuidToIndex(const NET_LUID *InterfaceLuid, PNET_IFINDEX InterfaceIndex)
{
	struct iph *iph = iph_world();
	const struct iftab_if *iface;

	if (InterfaceLuid == NULL || InterfaceIndex == NULL)
		return ERROR_INVALID_PARAMETER;
	*InterfaceIndex = 0;
	if (iph == NULL || iph_refresh(iph) != NO_ERROR)
		return ERROR_FILE_NOT_FOUND;
	gate_lock(&iph->gate);
	iface = iftab_by_luid(iph->ifs, *InterfaceLuid);
	if (iface != NULL)
		*InterfaceIndex = iface->index;
	gate_unlock(&iph->gate);
	return iface != NULL ? NO_ERROR : ERROR_FILE_NOT_FOUND;
}

/* ---- LUID and name ----------------------------------------------------------------------- */

NETIOAPI_API
ConvertInterfaceLuidToNameA(const NET_LUID *InterfaceLuid, PSTR InterfaceName, SIZE_T Length)
{
	char name[NAME_SIZE];

	if (InterfaceLuid == NULL)
		return ERROR_INVALID_PARAMETER;
	iph_if_name(*InterfaceLuid, name);
	if (Length <= strlen(name))
		return ERROR_NOT_ENOUGH_MEMORY;
	if (InterfaceName == NULL)
		return ERROR_INVALID_PARAMETER;
	memcpy(InterfaceName, name, strlen(name) + 1);
	return NO_ERROR;
}

/* `size' characters have room. */
static void
widen(const char *text, WCHAR *out)
{
	do
		*out++ = (WCHAR)(unsigned char)*text;
	while (*text++ != '\0');
}

NETIOAPI_API
ConvertInterfaceLuidToNameW(const NET_LUID *InterfaceLuid, PWSTR InterfaceName, SIZE_T Length)
{
	char name[NAME_SIZE];

	if (InterfaceLuid == NULL || InterfaceName == NULL)
		return ERROR_INVALID_PARAMETER;
	iph_if_name(*InterfaceLuid, name);
	if (Length <= strlen(name))
		return ERROR_NOT_ENOUGH_MEMORY;
	widen(name, InterfaceName);
	return NO_ERROR;
}

NETIOAPI_API
ConvertInterfaceNameToLuidA(const CHAR *InterfaceName, NET_LUID *InterfaceLuid)
{
	if (InterfaceName == NULL)
		return ERROR_INVALID_NAME;
	if (strnlen(InterfaceName, NAME_SIZE) > IF_MAX_STRING_SIZE)
		return ERROR_BUFFER_OVERFLOW;
	if (InterfaceLuid == NULL)
		return ERROR_INVALID_PARAMETER;
	InterfaceLuid->Value = 0;
	return find_name(InterfaceName, InterfaceLuid) ? NO_ERROR : ERROR_INVALID_NAME;
}

/* False: too long, or a character that no name has. */
static bool
narrow(const WCHAR *text, char out[NAME_SIZE])
{
	for (size_t i = 0; i < NAME_SIZE; i++) {
		if (text[i] < 0 || text[i] > 0xFF)
			return false;
		out[i] = (char)(unsigned char)text[i];
		if (text[i] == 0)
			return true;
	}
	return false;
}

NETIOAPI_API
ConvertInterfaceNameToLuidW(const WCHAR *InterfaceName, NET_LUID *InterfaceLuid)
{
	char name[NAME_SIZE];

	if (InterfaceLuid == NULL)
		return ERROR_INVALID_PARAMETER;
	InterfaceLuid->Value = 0;
	if (InterfaceName == NULL || !narrow(InterfaceName, name) ||
	    !find_name(name, InterfaceLuid))
		return ERROR_INVALID_NAME;
	return NO_ERROR;
}

/* ---- LUID and alias ---------------------------------------------------------- */

NETIOAPI_API
ConvertInterfaceAliasToLuid(const WCHAR *InterfaceAlias, PNET_LUID InterfaceLuid)
{
	struct iph *iph = iph_world();
	const struct iftab_if *iface;
	char alias[NAME_SIZE];

	if (InterfaceAlias == NULL || InterfaceLuid == NULL)
		return ERROR_INVALID_PARAMETER;
	InterfaceLuid->Value = 0;
	if (iph == NULL || !narrow(InterfaceAlias, alias) || iph_refresh(iph) != NO_ERROR)
		return ERROR_INVALID_PARAMETER;
	gate_lock(&iph->gate);
	iface = iftab_by_alias(iph->ifs, alias);
	if (iface != NULL)
		*InterfaceLuid = iface->luid;
	gate_unlock(&iph->gate);
	return iface != NULL ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

NETIOAPI_API
ConvertInterfaceLuidToAlias(const NET_LUID *InterfaceLuid, PWSTR InterfaceAlias, SIZE_T Length)
{
	struct iph *iph = iph_world();
	const struct iftab_if *iface;
	DWORD err = ERROR_INVALID_PARAMETER;

	if (InterfaceLuid == NULL || InterfaceAlias == NULL || iph == NULL ||
	    iph_refresh(iph) != NO_ERROR)
		return err;
	gate_lock(&iph->gate);
	iface = iftab_by_luid(iph->ifs, *InterfaceLuid);
	if (iface != NULL) {
		err = ERROR_NOT_ENOUGH_MEMORY;
		if (Length > strlen(iface->alias)) {
			widen(iface->alias, InterfaceAlias);
			err = NO_ERROR;
		}
	}
	gate_unlock(&iph->gate);
	return err;
}

/* ---- the two with names of libc ---------------------------------------------- */

NET_IFINDEX WINAPI
rtm_if_nametoindex(PCSTR InterfaceName)
{
	NET_LUID luid;
	NET_IFINDEX index = 0;

	if (InterfaceName != NULL && find_name(InterfaceName, &luid))
		ConvertInterfaceLuidToIndex(&luid, &index);
	return index;
}

PSTR WINAPI
rtm_if_indextoname(NET_IFINDEX InterfaceIndex, PSTR InterfaceName)
{
	NET_LUID luid;

	if (InterfaceName == NULL ||
	    ConvertInterfaceIndexToLuid(InterfaceIndex, &luid) != NO_ERROR ||
	    ConvertInterfaceLuidToNameA(&luid, InterfaceName, NAME_SIZE) != NO_ERROR)
		return NULL;
	return InterfaceName;
}
