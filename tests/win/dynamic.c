/* The newer functions where they are there, the older ones where not. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <iphlpapi.h>
#include <tchar.h>
#include <stdio.h>

typedef DWORD (WINAPI *GETIPFORWARDTABLE2)(ADDRESS_FAMILY, PMIB_IPFORWARD_TABLE2 *);
typedef VOID (WINAPI *INITIALIZEIPFORWARDENTRY)(PMIB_IPFORWARD_ROW2);
typedef NETIO_STATUS (WINAPI *CREATEIPFORWARDENTRY2)(const MIB_IPFORWARD_ROW2 *);

int main(void)
{
    HMODULE hIphlpapi = LoadLibrary(_T("iphlpapi.dll"));
    GETIPFORWARDTABLE2 pGetTable;
    INITIALIZEIPFORWARDENTRY pInit;
    CREATEIPFORWARDENTRY2 pCreate;
    PMIB_IPFORWARD_TABLE2 table;
    MIB_IPFORWARD_ROW2 row;

    if (hIphlpapi == NULL) {
        printf("no iphlpapi: %lu\n", GetLastError());
        return 1;
    }
    pGetTable = (GETIPFORWARDTABLE2)GetProcAddress(hIphlpapi, "GetIpForwardTable2");
    pInit = (INITIALIZEIPFORWARDENTRY)GetProcAddress(hIphlpapi, "InitializeIpForwardEntry");
    pCreate = (CREATEIPFORWARDENTRY2)GetProcAddress(GetModuleHandle(TEXT("iphlpapi")), "CreateIpForwardEntry2");
    if (!pGetTable || !pInit || !pCreate)
        return 1;
    pInit(&row);
    row.InterfaceIndex = 3;
    row.DestinationPrefix.Prefix.si_family = AF_INET;
    row.NextHop.si_family = AF_INET;
    printf("create: %lu\n", pCreate(&row));
    if (pGetTable(AF_INET, &table) == NO_ERROR) {
        printf("%lu route\n", table->NumEntries);
        FreeMibTable(table);
    }
    printf("%s\n", GetProcAddress(hIphlpapi, "NoSuchFunction") == NULL ? "unknown function" : "?");
    printf("%lu\n", GetLastError());
    printf("%s\n", LoadLibraryA("dnsapi.dll") == NULL ? "unknown library" : "?");
    printf("%lu\n", GetLastError());
    FreeLibrary(hIphlpapi);
    return 0;
}
