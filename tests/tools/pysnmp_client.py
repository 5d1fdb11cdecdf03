#!/usr/bin/python3
"""pysnmp_client PORT next|bulk|v3 OID [AGE]: everything below OID as Python's pysnmp 4 reads it.

pysnmp has its own BER, its own USM and its own way of walking. One object a line,
".OID VALUE" as `snmpwalk -On -Oq` would have it, without the column AGE. `next` walks with
GETNEXT, `bulk` with GETBULK, `v3` with GETBULK by the user ro with SHA and AES.
"""
import sys

from pyasn1.type import univ
from pysnmp.hlapi import (CommunityData, ContextData, ObjectIdentity, ObjectType, SnmpEngine,
                          UdpTransportTarget, UsmUserData, bulkCmd, nextCmd,
                          usmAesCfb128Protocol, usmHMACSHAAuthProtocol)
from pysnmp.proto.rfc1902 import IpAddress

port, how, root = int(sys.argv[1]), sys.argv[2], sys.argv[3].lstrip('.')
age = root + '.1.' + sys.argv[4] + '.' if len(sys.argv) > 4 else None

if how == 'v3':
    who = UsmUserData('ro', 'authentic-ro', 'private-ro', authProtocol=usmHMACSHAAuthProtocol,
                      privProtocol=usmAesCfb128Protocol)
else:
    who = CommunityData('public', mpModel=1)
where = UdpTransportTarget(('127.0.0.1', port), timeout=10, retries=1)
what = ObjectType(ObjectIdentity(root))
if how == 'next':
    answers = nextCmd(SnmpEngine(), who, where, ContextData(), what,
                      lexicographicMode=False, lookupMib=False)
else:
    answers = bulkCmd(SnmpEngine(), who, where, ContextData(), 0, 25, what,
                      lexicographicMode=False, lookupMib=False)


def text(value):
    if isinstance(value, IpAddress):
        return '.'.join(str(octet) for octet in value.asOctets())
    if isinstance(value, univ.ObjectIdentifier):
        return '.' + '.'.join(str(part) for part in value)
    if isinstance(value, univ.Integer):
        return str(int(value))
    sys.exit('a value of an unexpected type: %s' % value.__class__.__name__)


for failure, status, index, varbinds in answers:
    if failure or status:
        sys.exit('%s at %s' % (failure or status.prettyPrint(), index))
    for name, value in varbinds:
        name = str(name)
        if age is None or not name.startswith(age):
            print('.%s %s' % (name, text(value)))
