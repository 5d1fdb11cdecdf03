/* Index, LUID, name and alias, wide ones printed. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <iphlpapi.h>
#include <stdio.h>
#include <wchar.h>

int main(void)
{
    NET_LUID luid, back;
    WCHAR name[NDIS_IF_MAX_STRING_SIZE + 1];
    WCHAR alias[IF_MAX_STRING_SIZE + 1];
    CHAR narrow[IF_MAX_STRING_SIZE + 1], text[NDIS_IF_MAX_STRING_SIZE + 1];
    NET_IFINDEX index = 0;
    DWORD ret;

    if ((ret = ConvertInterfaceIndexToLuid(3, &luid)) != NO_ERROR) {
        printf("ConvertInterfaceIndexToLuid: %lu\n", ret);
        return 1;
    }
    printf("LUID 0x%I64x, type %d (%s)\n", luid.Value, (int)luid.Info.IfType,
           luid.Info.IfType == IF_TYPE_ETHERNET_CSMACD ? "ethernet" : "other");
    if (ConvertInterfaceLuidToNameW(&luid, name, NDIS_IF_MAX_STRING_SIZE + 1) == NO_ERROR)
        wprintf(L"Name: %s, %zu characters\n", name, wcslen(name));
    if (ConvertInterfaceLuidToAlias(&luid, alias, ARRAYSIZE(alias)) == NO_ERROR)
        printf("Alias: %ws or %S\n", alias, alias);
    if (ConvertInterfaceLuidToNameA(&luid, text, sizeof(text)) == NO_ERROR)
        printf("Name: %s\n", text);
    MultiByteToWideChar(CP_ACP, 0, "eth0", -1, alias, _countof(alias));
    ret = ConvertInterfaceAliasToLuid(alias, &back);
    ConvertInterfaceLuidToIndex(&back, &index);
    printf("eth0: %lu, index %lu\n", ret, index);
    WideCharToMultiByte(CP_UTF8, 0, name, -1, narrow, sizeof(narrow), NULL, NULL);
    printf("%s is %u, ethernet_9 is %u\n", narrow, if_nametoindex(narrow), if_nametoindex("ethernet_9"));
    printf("index 1 is %s\n", if_indextoname(1, narrow));
    wprintf(L"unknown: %d\n", ConvertInterfaceNameToLuidW(L"nosuch_1", &back));
    return 0;
}
