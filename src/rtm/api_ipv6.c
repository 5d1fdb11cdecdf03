/*
 * One chapter: the two IPv6 address helpers that only the header knows [RTM 4.11].
 */
#include "rtm_int.h"

#include <string.h>

DWORD
RtmConvertIpv6AddressAndLengthToNetAddress(RTM_NET_ADDRESS *pNetAddress,
                                           struct in6_addr Address, DWORD dwLength,
                                           DWORD dwAddressSize)
{
	if (pNetAddress == NULL || dwAddressSize != sizeof Address || dwLength > 128)
		return ERROR_INVALID_PARAMETER;
	pNetAddress->AddressFamily = AF_INET6;
	pNetAddress->NumBits = (USHORT)dwLength;
	memcpy(pNetAddress->AddrBits, &Address, sizeof Address);
	return NO_ERROR;
}

DWORD
RtmConvertNetAddressToIpv6AddressAndLength(RTM_NET_ADDRESS *pNetAddress,
                                           struct in6_addr *pAddress, DWORD *pLength,
                                           DWORD dwAddressSize)
{
	if (pNetAddress == NULL || pAddress == NULL || pLength == NULL ||
	    dwAddressSize != sizeof *pAddress || pNetAddress->AddressFamily != AF_INET6 ||
	    pNetAddress->NumBits > 128)
		return ERROR_INVALID_PARAMETER;
	memcpy(pAddress, pNetAddress->AddrBits, sizeof *pAddress);
	*pLength = pNetAddress->NumBits;
	return NO_ERROR;
}
