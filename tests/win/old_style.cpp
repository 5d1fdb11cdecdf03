// A console program in C++: references, casts, a class that owns the table.
#include "windows.h"
#include "winsock2.h"
#include "iphlpapi.h"
#include <iostream>
#include <string>
#include <cstdio>

using namespace std;

class RouteTable {
public:
    RouteTable() : m_pTable(NULL), m_dwSize(0) {}
    ~RouteTable() { delete[] reinterpret_cast<BYTE *>(m_pTable); }
    DWORD Load()
    {
        DWORD dwErr;
        while ((dwErr = ::GetIpForwardTable(m_pTable, &m_dwSize, TRUE)) == ERROR_INSUFFICIENT_BUFFER) {
            delete[] reinterpret_cast<BYTE *>(m_pTable);
            m_pTable = reinterpret_cast<PMIB_IPFORWARDTABLE>(new BYTE[m_dwSize]);
        }
        return dwErr;
    }
    DWORD Count() const { return m_pTable->dwNumEntries; }
    const MIB_IPFORWARDROW &operator[](DWORD i) const { return m_pTable->table[i]; }

private:
    PMIB_IPFORWARDTABLE m_pTable;
    ULONG m_dwSize;
};

static string Dotted(DWORD dwAddr)
{
    in_addr addr;
    addr.S_un.S_addr = dwAddr;
    return inet_ntoa(addr);
}

static DWORD Add(IN const char *dest, IN const char *mask, IN const char *hop, OUT DWORD *pdwIndex)
{
    MIB_IPFORWARDROW row = {};
    row.dwForwardDest = inet_addr(dest);
    row.dwForwardMask = inet_addr(mask);
    row.dwForwardNextHop = inet_addr(hop);
    row.dwForwardIfIndex = *pdwIndex = 2;
    row.ForwardType = MIB_IPROUTE_TYPE_INDIRECT;
    row.ForwardProto = MIB_IPPROTO_NETMGMT;
    row.dwForwardMetric1 = 50;
    return CreateIpForwardEntry(&row);
}

int main(int argc, char *argv[])
{
    RouteTable table;
    DWORD dwIndex;
    char szLine[64];

    (void)argc, (void)argv;
    cout << table.Load() << endl;
    cout << Add("198.18.0.0", "255.254.0.0", "192.0.2.1", &dwIndex) << " ";
    cout << Add("9.0.0.0", "255.0.0.0", "192.0.2.1", &dwIndex) << " ";
    cout << Add("100.64.0.0", "255.192.0.0", "192.0.2.1", &dwIndex) << endl;
    if (table.Load() != NO_ERROR)
        return 1;
    for (DWORD i = 0; i < table.Count(); i++) {
        sprintf_s(szLine, sizeof(szLine), "%lu. %s", i + 1, Dotted(table[i].dwForwardDest).c_str());
        cout << szLine << " " << Dotted(table[i].dwForwardMask) << endl;
    }
    std::printf("%lu routes\n", table.Count());
    return 0;
}
