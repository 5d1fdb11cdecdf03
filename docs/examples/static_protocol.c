/*
 * A routing protocol in one page: static routes from the command line.
 *
 *     static_protocol PREFIX/LEN NEXTHOP [PREFIX/LEN NEXTHOP ...]
 *
 * It registers an entity, publishes a next hop and a route for each pair of arguments,
 * hears of the changes through a subscription, prints them, takes the first route back,
 * prints that, and leaves. Build it against an installed library:
 *
 *     cc static_protocol.c $(pkg-config --cflags --libs rtm)
 *
 * A program written for Windows has the same calls. What is different here: nobody but
 * the program itself has a clock and a loop, so it says rtm_advance() and rtm_turn().
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rtmhost.h>
#include <rtmv2.h>

static RTM_ENTITY_HANDLE me;
static RTM_REGN_PROFILE profile;

static void
must(DWORD err, const char *what)
{
	if (err == NO_ERROR)
		return;
	fprintf(stderr, "%s: error %u\n", what, err);
	exit(1);
}

/* "10.1.0.0/16" or "10.1.2.3" */
static void
parse(const char *text, RTM_NET_ADDRESS *net)
{
	char address[32];
	const char *slash = strchr(text, '/');
	struct in_addr in;

	snprintf(address, sizeof address, "%.*s",
	         slash != NULL ? (int)(slash - text) : (int)strlen(text), text);
	if (inet_pton(AF_INET, address, &in) != 1) {
		fprintf(stderr, "%s is no IPv4 address\n", text);
		exit(2);
	}
	RTM_IPV4_SET_ADDR_AND_LEN(net, in.s_addr, slash != NULL ? (ULONG)atoi(slash + 1) : 32);
}

static const char *
show(const RTM_NET_ADDRESS *net)
{
	static char text[64];
	char address[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, net->AddrBits, address, sizeof address);
	snprintf(text, sizeof text, "%s/%u", address, net->NumBits);
	return text;
}

static void
publish(const char *prefix, const char *gateway)
{
	RTM_ROUTE_CHANGE_FLAGS changed = 0;
	RTM_NEXTHOP_CHANGE_FLAGS new;
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_INFO neighbour;
	RTM_ROUTE_INFO route;
	RTM_NET_ADDRESS net;

	memset(&neighbour, 0, sizeof neighbour);
	parse(gateway, &neighbour.NextHopAddress);
	neighbour.InterfaceIndex = 1;
	must(RtmAddNextHop(me, &neighbour, &hop, &new), "RtmAddNextHop");

	memset(&route, 0, sizeof route);
	parse(prefix, &net);
	route.PrefInfo.Metric = 1; /* and Preference 0: what the policy says of us */
	route.BelongsToViews = RTM_VIEW_MASK_UCAST;
	route.NextHopsList.NumNextHops = 1;
	route.NextHopsList.NextHops[0] = hop;
	must(RtmAddRouteToDest(me, NULL, &net, &route, INFINITE, NULL, 0, NULL, &changed),
	     "RtmAddRouteToDest");
	printf("added %s via %s%s\n", show(&net), gateway,
	       (changed & RTM_ROUTE_CHANGE_BEST) != 0 ? ", best" : "");
	must(RtmReleaseNextHops(me, 1, &hop), "RtmReleaseNextHops"); /* the route has its own */
}

static void
withdraw(const char *prefix)
{
	RTM_ROUTE_CHANGE_FLAGS changed;
	RTM_ROUTE_HANDLE handle;
	RTM_ROUTE_INFO *route = calloc(1, RTM_SIZE_OF_ROUTE_INFO(profile.MaxNextHopsInRoute));
	RTM_NET_ADDRESS net;

	if (route == NULL)
		exit(1);
	parse(prefix, &net);
	route->RouteOwner = me;
	must(RtmGetExactMatchRoute(me, &net, RTM_MATCH_OWNER, route, 0, RTM_VIEW_MASK_ANY,
	                           &handle),
	     "RtmGetExactMatchRoute");
	must(RtmReleaseRouteInfo(me, route), "RtmReleaseRouteInfo");
	must(RtmDeleteRouteToDest(me, handle, &changed), "RtmDeleteRouteToDest");
	printf("deleted %s\n", show(&net));
	free(route);
}

/* One line for each destination that has changed, as it is now. */
static void
print_changes(RTM_NOTIFY_HANDLE notify)
{
	RTM_DEST_INFO one; /* one view, one record at a time */
	UINT num = 1;

	while (RtmGetChangedDests(me, notify, &num, &one) == NO_ERROR) {
		if (one.ViewInfo[0].Route == NULL)
			printf("change: %s is unreachable\n", show(&one.DestAddress));
		else
			printf("change: %s has %u route%s\n", show(&one.DestAddress),
			       one.ViewInfo[0].NumRoutes,
			       one.ViewInfo[0].NumRoutes == 1 ? "" : "s");
		must(RtmReleaseChangedDests(me, notify, num, &one), "RtmReleaseChangedDests");
		num = 1;
	}
}

static DWORD WINAPI
on_event(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE event, PVOID context1, PVOID context2)
{
	(void)self;
	(void)context2;
	if (event == RTM_CHANGE_NOTIFICATION)
		print_changes(context1);
	return ERROR_NOT_SUPPORTED;
}

int
main(int argc, char **argv)
{
	RTM_ENTITY_INFO identity;
	RTM_NOTIFY_HANDLE notify = NULL;

	if (argc < 3 || argc % 2 == 0) {
		fprintf(stderr, "usage: %s PREFIX/LEN NEXTHOP [PREFIX/LEN NEXTHOP ...]\n",
		        argv[0]);
		return 2;
	}
	memset(&identity, 0, sizeof identity);
	identity.AddressFamily = AF_INET;
	identity.EntityId.EntityProtocolId = PROTO_IP_NT_STATIC;
	must(RtmRegisterEntity(&identity, NULL, on_event, FALSE, &profile, &me),
	     "RtmRegisterEntity");
	must(RtmRegisterForChangeNotification(me, RTM_VIEW_MASK_UCAST, RTM_CHANGE_TYPE_BEST,
	                                      NULL, &notify),
	     "RtmRegisterForChangeNotification");
	for (int i = 1; i < argc; i += 2)
		publish(argv[i], argv[i + 1]);
	while (rtm_turn()) /* runs on_event() */
		;
	withdraw(argv[1]);
	while (rtm_turn())
		;
	must(RtmDeregisterFromChangeNotification(me, notify),
	     "RtmDeregisterFromChangeNotification");
	must(RtmDeregisterEntity(me), "RtmDeregisterEntity");
	rtm_shutdown();
	return 0;
}
