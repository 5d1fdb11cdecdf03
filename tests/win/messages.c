/* Every code has a text: FormatMessage, narrow or wide by TCHAR. */
#include <windows.h>
#include <winsock2.h>
#include <iphlpapi.h>
#include <tchar.h>
#include <stdio.h>

static void PrintError(LPCTSTR what, DWORD dwError)
{
    LPTSTR lpMsg = NULL;
    DWORD n = FormatMessage(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
                                FORMAT_MESSAGE_IGNORE_INSERTS,
                            NULL, dwError, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), (LPTSTR)&lpMsg, 0,
                            NULL);

    if (n == 0) {
        _tprintf(_T("FormatMessage failed: %lu\n"), GetLastError());
        return;
    }
    _tprintf(_T("%s (%lu): %s"), what, dwError, lpMsg);
    LocalFree(lpMsg);
}

int _tmain(int argc, _TCHAR *argv[])
{
    MIB_IPFORWARDROW row;
    TCHAR line[64];

    UNREFERENCED_PARAMETER(argv);
    SecureZeroMemory(&row, sizeof(row));
    row.dwForwardProto = PROTO_IP_NETMGMT;
    row.dwForwardIfIndex = 77;
    PrintError(TEXT("CreateIpForwardEntry"), CreateIpForwardEntry(&row));
    PrintError(TEXT("SetIpForwardEntry"), SetIpForwardEntry(NULL));
    PrintError(TEXT("DeleteIpForwardEntry"), (row.dwForwardIfIndex = 2, DeleteIpForwardEntry(&row)));
    PrintError(TEXT("none"), 123456);
    _stprintf_s(line, _countof(line), _T("%s=%lu"), _T("arguments"), (DWORD)argc);
    _tprintf(_T("%s, %d characters\n"), line, (int)_tcslen(line));
    SetLastError(ERROR_NOT_FOUND);
    _tprintf(_T("0x%08lX\n"), HRESULT_FROM_WIN32(GetLastError()));
    return 0;
}
