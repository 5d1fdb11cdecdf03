/*
 * One chapter: functions asked for by name.
 *
 * Programs that were to run on older systems too do not link the newer functions but ask
 * for them: LoadLibrary("iphlpapi.dll"), GetProcAddress(..., "GetIpForwardTable2"). The one
 * library that can be asked for is this one, and the functions are those of a table: what
 * is not in it is not there. Module names are compared as files are there, without case
 * and with or without `.dll' or a directory.
 */
#include "windows/winsock2.h"

#include "windows/iphlpapi.h"

#include "base/alloc.h"
#include "win/text.h"

#define FUNCTION(name)                                                                         \
	{                                                                                      \
#name, (FARPROC)(name)                                                         \
	}

static const struct {
	const char *name;
	FARPROC function;
} functions[] = {
	FUNCTION(CancelIPChangeNotify),
	FUNCTION(CancelMibChangeNotify2),
	FUNCTION(ConvertInterfaceAliasToLuid),
	FUNCTION(ConvertInterfaceIndexToLuid),
	FUNCTION(ConvertInterfaceLuidToAlias),
	FUNCTION(ConvertInterfaceLuidToIndex),
	FUNCTION(ConvertInterfaceLuidToNameA),
	FUNCTION(ConvertInterfaceLuidToNameW),
	FUNCTION(ConvertInterfaceNameToLuidA),
	FUNCTION(ConvertInterfaceNameToLuidW),
	FUNCTION(ConvertIpv4MaskToLength),
	FUNCTION(ConvertLengthToIpv4Mask),
	FUNCTION(CreateIpForwardEntry),
	FUNCTION(CreateIpForwardEntry2),
	FUNCTION(DeleteIpForwardEntry),
	FUNCTION(DeleteIpForwardEntry2),
	FUNCTION(FreeMibTable),
	FUNCTION(GetAdaptersInfo),
	FUNCTION(GetBestInterface),
	FUNCTION(GetBestInterfaceEx),
	FUNCTION(GetBestRoute),
	FUNCTION(GetBestRoute2),
	FUNCTION(GetIfEntry),
	FUNCTION(GetIfTable),
	FUNCTION(GetIpAddrTable),
	FUNCTION(GetIpForwardEntry2),
	FUNCTION(GetIpForwardTable),
	FUNCTION(GetIpForwardTable2),
	FUNCTION(GetIpInterfaceEntry),
	FUNCTION(GetIpInterfaceTable),
	FUNCTION(GetNumberOfInterfaces),
	FUNCTION(InitializeIpForwardEntry),
	FUNCTION(InitializeIpInterfaceEntry),
	FUNCTION(NotifyRouteChange),
	FUNCTION(NotifyRouteChange2),
	FUNCTION(SetIpForwardEntry),
	FUNCTION(SetIpForwardEntry2),
	FUNCTION(SetIpInterfaceEntry),
	{ "if_indextoname", (FARPROC)rtm_if_indextoname },
	{ "if_nametoindex", (FARPROC)rtm_if_nametoindex },
};

static char module; /* its address is the handle */

HMODULE
rtm_win_LoadLibraryA(LPCSTR lpLibFileName)
{
	const char *base = lpLibFileName;

	for (const char *at = base; at != NULL && *at != '\0'; at++)
		if (*at == '\\' || *at == '/')
			base = at + 1;
	if (base != NULL &&
	    (strcasecmp(base, "iphlpapi") == 0 || strcasecmp(base, "iphlpapi.dll") == 0))
		return &module;
	rtm_win_SetLastError(ERROR_MOD_NOT_FOUND);
	return NULL;
}

HMODULE
rtm_win_LoadLibraryW(LPCWSTR lpLibFileName)
{
	char *name = lpLibFileName != NULL ? text_narrow(lpLibFileName) : NULL;
	HMODULE found = rtm_win_LoadLibraryA(name);

	mem_free(name);
	return found;
}

FARPROC
rtm_win_GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
{
	if (hModule != &module) {
		rtm_win_SetLastError(ERROR_INVALID_HANDLE);
		return NULL;
	}
	for (size_t i = 0; lpProcName != NULL && i < ARRAYSIZE(functions); i++)
		if (strcmp(functions[i].name, lpProcName) == 0)
			return functions[i].function;
	rtm_win_SetLastError(ERROR_PROC_NOT_FOUND);
	return NULL;
}

BOOL
rtm_win_FreeLibrary(HMODULE hLibModule)
{
	if (hLibModule == &module)
		return TRUE;
	rtm_win_SetLastError(ERROR_INVALID_HANDLE);
	return FALSE;
}
