/* A program that begins with wmain and takes an interface by its alias. */
#define UNICODE
#define _UNICODE
#include <WinSock2.h>
#include <Windows.h>
#include <Ws2tcpip.h>
#include <iphlpapi.h>
#include <strsafe.h>
#include <stdio.h>

int __cdecl wmain(int argc, WCHAR **argv)
{
    MIB_IPFORWARD_ROW2 row;
    WCHAR szHop[64], szLine[128];
    NET_LUID luid;
    DWORD err;

    if (argc != 4) {
        wprintf(L"usage: %ls alias prefix hop (%d)\n", argv[0] != NULL ? L"wide_main" : L"?", argc);
        return 2;
    }
    err = ConvertInterfaceAliasToLuid(argv[1], &luid);
    if (err != NO_ERROR) {
        fwprintf(stdout, L"%s: no such interface (%u)\n", argv[1], err);
        return 1;
    }
    InitializeIpForwardEntry(&row);
    row.InterfaceLuid = luid;
    row.DestinationPrefix.PrefixLength = 24;
    row.DestinationPrefix.Prefix.si_family = AF_INET;
    row.NextHop.si_family = AF_INET;
    if (InetPton(AF_INET, argv[2], &row.DestinationPrefix.Prefix.Ipv4.sin_addr) != 1 ||
        InetPtonW(AF_INET, argv[3], &row.NextHop.Ipv4.sin_addr) != 1) {
        wprintf(L"not an address\n");
        return 1;
    }
    err = CreateIpForwardEntry2(&row);
    InetNtop(AF_INET, &row.NextHop.Ipv4.sin_addr, szHop, _countof(szHop));
    swprintf_s(szLine, _countof(szLine), L"%s via %s on %s", argv[2], szHop, argv[1]);
    wprintf(L"%-40s| %lu\n", szLine, err);
    printf("and narrow: %S\n", szLine);
    return 0;
}
