/*
 * One chapter: an interface row is made of what the interface table knows, what a Set
 * has left behind, and documented defaults for the rest.
 *
 * Only metric and the switch for default routes have a meaning to routes; both live in
 * the interface table, where every lookup sees them, and a new metric publishes the rows
 * on the interface again, because RTM orders by the sum [OURS 3]. The other settable
 * members are kept and given back, one record per interface and family that was ever
 * Set, in a sorted array. Whether the system shall follow them is the interface port's
 * business, which is asked first and may refuse [OURS 12].
 */
#include "iphlp/iph_int.h"

#include "base/alloc.h"

#define IF_TYPE_LOOPBACK 24
#define SITE_SHOWN 64 /* what Get answers, also for IPv4 where Set wants 0 [NETIO 1.8] */

static enum iftab_family
slot_of(ADDRESS_FAMILY family)
{
	return family == AF_INET ? IFTAB_V4 : IFTAB_V6;
}

/* ---- what was set ------------------------------------------------------------------- */

static size_t
setting_place(const struct iph *iph, NET_IFINDEX index, ADDRESS_FAMILY family)
{
	size_t low = 0, high = iph->nsettings;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const MIB_IPINTERFACE_ROW *row = &iph->settings[mid].row;

		if (row->InterfaceIndex < index ||
		    (row->InterfaceIndex == index && row->Family < family))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct if_setting *
setting_find(const struct iph *iph, NET_IFINDEX index, ADDRESS_FAMILY family)
{
	size_t at = setting_place(iph, index, family);

	if (at == iph->nsettings || iph->settings[at].row.InterfaceIndex != index ||
	    iph->settings[at].row.Family != family)
		return NULL;
	return &iph->settings[at];
}

/* Room for one more, so that keeping a setting cannot fail. */
static DWORD
settings_reserve(struct iph *iph)
{
	struct if_setting *settings;
	size_t cap = iph->nsettings * 2 + 4;

	if (iph->nsettings < iph->settings_cap)
		return NO_ERROR;
	settings = mem_realloc(iph->settings, cap, sizeof *settings);
	if (settings == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	iph->settings = settings;
	iph->settings_cap = cap;
	return NO_ERROR;
}

static void
setting_keep(struct iph *iph, const MIB_IPINTERFACE_ROW *row, ULONG system_metric)
{
	size_t at = setting_place(iph, row->InterfaceIndex, row->Family);
	struct if_setting *setting = setting_find(iph, row->InterfaceIndex, row->Family);

	if (setting == NULL) {
		memmove(&iph->settings[at + 1], &iph->settings[at],
		        (iph->nsettings - at) * sizeof *iph->settings);
		iph->nsettings++;
		setting = &iph->settings[at];
		setting->system_metric = system_metric;
	}
	setting->row = *row;
}

/* ---- making a row ---------------------------------------------------------------------- */

static void
set_defaults(const struct iftab_if *iface, MIB_IPINTERFACE_ROW *row)
{
	bool four = row->Family == AF_INET, loopback = iface->if_type == IF_TYPE_LOOPBACK;

	row->MinRouterAdvertisementInterval = 200;
	row->MaxRouterAdvertisementInterval = 600;
	row->UseNeighborUnreachabilityDetection = !loopback;
	row->RouterDiscoveryBehavior = four ? RouterDiscoveryDhcp : RouterDiscoveryEnabled;
	row->DadTransmits = loopback ? 0 : four ? 3 : 1;
	row->BaseReachableTime = 30000;
	row->RetransmitTime = 1000;
	row->PathMtuDiscoveryTimeout = 600000;
	row->LinkLocalAddressBehavior = four ? LinkLocalDelayed : LinkLocalAlwaysOn;
	row->LinkLocalAddressTimeout = four ? 6500 : 0;
	row->NlMtu = loopback ? 0xFFFFFFFFu : iface->mtu != 0 ? iface->mtu : 1500;
	for (size_t scope = ScopeLevelInterface; scope <= ScopeLevelSubnet; scope++)
		row->ZoneIndices[scope] = iface->index;
}

static void
make_row(const struct iph *iph, const struct iftab_if *iface, ADDRESS_FAMILY family,
         MIB_IPINTERFACE_ROW *out)
{
	const struct if_setting *setting = setting_find(iph, iface->index, family);
	bool loopback = iface->if_type == IF_TYPE_LOOPBACK;

	memset(out, 0, sizeof *out);
	out->Family = family;
	if (setting != NULL)
		*out = setting->row;
	else
		set_defaults(iface, out);
	out->InterfaceLuid = iface->luid;
	out->InterfaceIndex = iface->index;
	if (family == AF_INET || setting == NULL)
		out->SitePrefixLength = SITE_SHOWN;
	out->Metric = iface->metric[slot_of(family)];
	out->UseAutomaticMetric = iface->automatic_metric[slot_of(family)];
	out->Connected = iface->connected;
	out->SupportsNeighborDiscovery = !loopback;
	out->SupportsRouterDiscovery = !loopback;
	out->ReachableTime = out->BaseReachableTime;
	out->DisableDefaultRoutes = iface->no_default_routes[slot_of(family)];
}

static const struct iftab_if *
find_interface(const struct iph *iph, const MIB_IPINTERFACE_ROW *row, DWORD *code)
{
	const struct iftab_if *iface;

	*code = NO_ERROR;
	if (row->InterfaceLuid.Value != 0) {
		iface = iftab_by_luid(iph->ifs, row->InterfaceLuid);
		if (iface == NULL)
			*code = ERROR_NOT_FOUND;
	} else {
		iface = iftab_by_index(iph->ifs, row->InterfaceIndex);
		if (iface == NULL)
			*code = ERROR_FILE_NOT_FOUND;
	}
	if (iface != NULL && !iface->bound[slot_of(row->Family)])
		*code = ERROR_NOT_FOUND;
	return *code == NO_ERROR ? iface : NULL;
}

static bool
arguments_ok(const MIB_IPINTERFACE_ROW *row)
{
	return row != NULL && inet_size(row->Family) != 0 &&
	       (row->InterfaceLuid.Value != 0 || row->InterfaceIndex != 0);
}

VOID WINAPI
InitializeIpInterfaceEntry(PMIB_IPINTERFACE_ROW Row)
{
	if (Row != NULL)
		memset(Row, 0, sizeof *Row);
}

DWORD
iph_interface_get(struct iph *iph, MIB_IPINTERFACE_ROW *row)
{
	const struct iftab_if *iface;
	DWORD err;

	if (!arguments_ok(row))
		return ERROR_INVALID_PARAMETER;
	if (iph->far != NULL)
		return iph->far->interface_get(iph->far->arg, row);
	gate_lock(&iph->gate);
	iface = find_interface(iph, row, &err);
	if (iface != NULL)
		make_row(iph, iface, row->Family, row);
	gate_unlock(&iph->gate);
	return err;
}

NETIOAPI_API
GetIpInterfaceEntry(PMIB_IPINTERFACE_ROW Row)
{
	struct iph *iph = iph_world();

	if (!arguments_ok(Row))
		return ERROR_INVALID_PARAMETER;
	return iph != NULL ? iph_interface_get(iph, Row) : ERROR_NOT_SUPPORTED;
}

/* ---- changing one ------------------------------------------------------------ */

/* The settable members of `want' over what is there. */
static void
merge(MIB_IPINTERFACE_ROW *row, const MIB_IPINTERFACE_ROW *want)
{
	MIB_IPINTERFACE_ROW was = *row;

	*row = *want;
	row->InterfaceLuid = was.InterfaceLuid;
	row->InterfaceIndex = was.InterfaceIndex;
	row->MaxReassemblySize = was.MaxReassemblySize;
	row->MinRouterAdvertisementInterval = was.MinRouterAdvertisementInterval;
	row->MaxRouterAdvertisementInterval = was.MaxRouterAdvertisementInterval;
	row->Connected = was.Connected;
	row->SupportsWakeUpPatterns = was.SupportsWakeUpPatterns;
	row->SupportsNeighborDiscovery = was.SupportsNeighborDiscovery;
	row->SupportsRouterDiscovery = was.SupportsRouterDiscovery;
	row->ReachableTime = was.ReachableTime;
	row->TransmitOffload = was.TransmitOffload;
	row->ReceiveOffload = was.ReceiveOffload;
	if ((int)want->RouterDiscoveryBehavior == RouterDiscoveryUnchanged)
		row->RouterDiscoveryBehavior = was.RouterDiscoveryBehavior;
	if ((int)want->LinkLocalAddressBehavior == LinkLocalUnchanged)
		row->LinkLocalAddressBehavior = was.LinkLocalAddressBehavior;
	if (want->NlMtu == 0)
		row->NlMtu = was.NlMtu;
}

static void
into_interface(const struct iph *iph, const MIB_IPINTERFACE_ROW *row, struct iftab_if *desc)
{
	enum iftab_family slot = slot_of(row->Family);
	const struct if_setting *setting = setting_find(iph, row->InterfaceIndex, row->Family);

	if (row->UseAutomaticMetric)
		desc->metric[slot] =
		    setting != NULL ? setting->system_metric : desc->metric[slot];
	else
		desc->metric[slot] = row->Metric;
	desc->automatic_metric[slot] = row->UseAutomaticMetric != 0;
	desc->no_default_routes[slot] = row->DisableDefaultRoutes != 0;
}

static DWORD
ask_system(struct iph *iph, const MIB_IPINTERFACE_ROW *row)
{
	DWORD err;

	if (iph->ports.interface == NULL)
		return NO_ERROR;
	gate_unlock(&iph->gate);
	err = iph->ports.interface(iph->ports.arg, row);
	gate_lock(&iph->gate);
	return err;
}

/* With the turn and the lock. */
static DWORD
set_row(struct iph *iph, PMIB_IPINTERFACE_ROW want)
{
	const struct iftab_if *iface;
	MIB_IPINTERFACE_ROW row;
	struct iftab_if desc;
	ULONG system_metric;
	DWORD err;

	iface = find_interface(iph, want, &err);
	if (iface == NULL)
		return err;
	make_row(iph, iface, want->Family, &row);
	merge(&row, want);
	err = settings_reserve(iph);
	if (err == NO_ERROR)
		err = ask_system(iph, &row);
	if (err != NO_ERROR)
		return err;
	/* the lock was given up: the interface may be another, or gone */
	iface = iftab_by_index(iph->ifs, row.InterfaceIndex);
	if (iface == NULL)
		return ERROR_NOT_FOUND;
	desc = *iface;
	system_metric = iface->metric[slot_of(row.Family)];
	into_interface(iph, &row, &desc);
	err = iph_interface_change(iph, &desc);
	if (err != NO_ERROR)
		return err;
	setting_keep(iph, &row, system_metric);
	want->InterfaceLuid = row.InterfaceLuid;
	return NO_ERROR;
}

/* Rules on the row itself [NETIO SetIpInterfaceEntry 1 to 3]. */
static bool
settable(const MIB_IPINTERFACE_ROW *row)
{
	return arguments_ok(row) &&
	       row->SitePrefixLength <= (row->Family == AF_INET ? 0u : 128u) &&
	       (row->UseAutomaticMetric || row->Metric <= NL_MAX_METRIC_COMPONENT);
}

DWORD
iph_interface_set(struct iph *iph, MIB_IPINTERFACE_ROW *row)
{
	DWORD err;

	if (!settable(row))
		return ERROR_INVALID_PARAMETER;
	if (iph->far != NULL)
		return iph->far->interface_set(iph->far->arg, row);
	if (!iph_privileged(iph))
		return ERROR_ACCESS_DENIED;
	err = gate_enter(&iph->gate);
	if (err != NO_ERROR)
		return err;
	err = set_row(iph, row);
	gate_leave(&iph->gate);
	return err;
}

NETIOAPI_API
SetIpInterfaceEntry(PMIB_IPINTERFACE_ROW Row)
{
	struct iph *iph = iph_world();

	if (!settable(Row))
		return ERROR_INVALID_PARAMETER;
	return iph != NULL ? iph_interface_set(iph, Row) : ERROR_NOT_SUPPORTED;
}

/* ---- all of them ------------------------------------------------------------- */

static size_t
count_rows(const struct iph *iph, ADDRESS_FAMILY family)
{
	size_t n = 0;

	for (const struct iftab_if *iface = iftab_next(iph->ifs, 0); iface != NULL;
	     iface = iftab_next(iph->ifs, iface->index))
		n += iface->bound[slot_of(family)];
	return n;
}

static void
add_rows(const struct iph *iph, ADDRESS_FAMILY family, PMIB_IPINTERFACE_TABLE table)
{
	for (const struct iftab_if *iface = iftab_next(iph->ifs, 0); iface != NULL;
	     iface = iftab_next(iph->ifs, iface->index))
		if (iface->bound[slot_of(family)])
			make_row(iph, iface, family, &table->Table[table->NumEntries++]);
}

static DWORD
interface_table(const struct iph *iph, ADDRESS_FAMILY family, PMIB_IPINTERFACE_TABLE *out)
{
	bool four = family != AF_INET6 && iph_stack(iph, AF_INET);
	bool six = family != AF_INET && iph_stack(iph, AF_INET6);
	size_t n =
	    (four ? count_rows(iph, AF_INET) : 0) + (six ? count_rows(iph, AF_INET6) : 0);
	PMIB_IPINTERFACE_TABLE table;

	if (n == 0)
		return ERROR_NOT_FOUND;
	table =
	    mem_calloc(1, offsetof(MIB_IPINTERFACE_TABLE, Table) + n * sizeof table->Table[0]);
	if (table == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (four)
		add_rows(iph, AF_INET, table);
	if (six)
		add_rows(iph, AF_INET6, table);
	*out = table;
	return NO_ERROR;
}

NETIOAPI_API
GetIpInterfaceTable(ADDRESS_FAMILY Family, PMIB_IPINTERFACE_TABLE *Table)
{
	struct iph *iph = iph_world();
	DWORD err;

	if (Table == NULL)
		return ERROR_INVALID_PARAMETER;
	*Table = NULL;
	if (Family != AF_UNSPEC && inet_size(Family) == 0)
		return ERROR_INVALID_PARAMETER;
	if (iph == NULL || !iph_any_stack(iph, Family))
		return ERROR_NOT_SUPPORTED;
	err = iph_refresh(iph);
	if (err != NO_ERROR)
		return err;
	gate_lock(&iph->gate);
	err = interface_table(iph, Family, Table);
	gate_unlock(&iph->gate);
	for (ULONG i = 0; err == NO_ERROR && iph->far != NULL && i < (*Table)->NumEntries; i++)
		err = iph_interface_get(iph, &(*Table)->Table[i]);
	if (err != NO_ERROR) {
		FreeMibTable(*Table);
		*Table = NULL;
	}
	return err;
}
