/*
 * One chapter: the documented version 2 functions, and the calls on a world that they
 * are shells of. Rules are in check.c, the steps of a change in change.c.
 */
#include "iphlp/iph_int.h"

DWORD
iph_route_check(struct iph *iph, enum iph_verb verb, const struct iph_route *route,
                struct iph_fault *fault)
{
	struct request req = { .iph = iph, .verb = verb, .route = route };

	if (iph_check_arguments(&req, fault) != NO_ERROR)
		return fault->code;
	return iph_dry_run(&req, iph_check_state, fault);
}

static DWORD
perform(struct request *req, struct iph_fault *fault)
{
	if (iph_check_arguments(req, fault) != NO_ERROR)
		return fault->code;
	return iph_perform(req, iph_check_state, fault);
}

DWORD
iph_route_change(struct iph *iph, enum iph_verb verb, const struct iph_route *route,
                 struct iph_fault *fault)
{
	struct request req = { .iph = iph, .verb = verb, .route = route };

	if (iph->far != NULL && route != NULL)
		return iph->far->change(iph->far->arg, verb, route, fault);
	return perform(&req, fault);
}

DWORD
iph_route_apply(struct iph *iph, enum iph_verb verb, const struct iph_route *route,
                struct iph_fault *fault)
{
	struct request req = { .iph = iph, .verb = verb, .route = route, .commit_later = true };

	return perform(&req, fault);
}

DWORD
iph_route_restore(struct iph *iph, const struct iph_route *route, uint64_t age_ms,
                  struct iph_fault *fault)
{
	struct request req = { .iph = iph,
		               .verb = IPH_CREATE,
		               .route = route,
		               .commit_later = true,
		               .age_ms = age_ms };

	return perform(&req, fault);
}

/* A row of the documented interface is a unicast route. */
static DWORD
change_default(enum iph_verb verb, const MIB_IPFORWARD_ROW2 *row)
{
	struct iph_route route = { .kind = IPH_UNICAST };
	struct iph *iph = iph_world();
	struct iph_fault fault;

	if (iph == NULL)
		return ERROR_NOT_SUPPORTED;
	if (row != NULL)
		route.row = *row;
	return iph_route_change(iph, verb, row != NULL ? &route : NULL, &fault);
}

VOID WINAPI
InitializeIpForwardEntry(PMIB_IPFORWARD_ROW2 Row)
{
	if (Row == NULL)
		return;
	memset(Row, 0, sizeof *Row);
	Row->ValidLifetime = Row->PreferredLifetime = INFINITE;
	Row->Loopback = Row->AutoconfigureAddress = Row->Publish = Row->Immortal = TRUE;
	Row->SitePrefixLength = SITE_UNSPECIFIED;
	Row->Metric = METRIC_UNUSED;
	Row->Protocol = (NL_ROUTE_PROTOCOL)PROTOCOL_UNSPECIFIED;
}

NETIOAPI_API
CreateIpForwardEntry2(const MIB_IPFORWARD_ROW2 *Row)
{
	return change_default(IPH_CREATE, Row);
}

NETIOAPI_API
SetIpForwardEntry2(const MIB_IPFORWARD_ROW2 *Route)
{
	return change_default(IPH_SET, Route);
}

NETIOAPI_API
DeleteIpForwardEntry2(const MIB_IPFORWARD_ROW2 *Row)
{
	return change_default(IPH_DELETE, Row);
}

NETIOAPI_API
GetIpForwardEntry2(PMIB_IPFORWARD_ROW2 Row)
{
	struct iph_route route = { .kind = IPH_UNICAST };
	struct iph *iph = iph_world();
	DWORD err;

	if (iph == NULL)
		return ERROR_NOT_SUPPORTED;
	if (Row == NULL)
		return ERROR_INVALID_PARAMETER;
	route.row = *Row;
	err = iph_route_get(iph, &route);
	if (err == NO_ERROR)
		*Row = route.row;
	return err;
}
