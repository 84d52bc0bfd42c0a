/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The interfaces of one network namespace, as netlink tells them, with what their addresses and routes say
 * about their use.
 *
 * Every interface has link-local and multicast addresses and routes as soon as it is up; only others count.
 * Source: net/core/rtnetlink.c rtnl_fill_ifinfo(); net/ipv4/fib_semantics.c fib_dump_info();
 *         net/ipv6/route.c rt6_fill_node()
 */
#include "host/linux/read-uses.h"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>

/* Since Linux 5.14; include/uapi/linux/if_link.h */
#define PARENT_DEV_NAME 56
#define PARENT_DEV_BUS_NAME 57

/* How often to begin again when the tables change while they are told. */
#define TRIES 10

struct dump {
    struct iow_list *interfaces;
    int r;
};

static void copy_text(const struct nlattr *attribute, char *buf, size_t size)
{
    if (attribute)
        nla_strlcpy(buf, attribute, size);
}

static int compare_interfaces(const void *a, const void *b)
{
    uint32_t x = ((const struct iow_interface *)a)->index, y = ((const struct iow_interface *)b)->index;

    return (x > y) - (x < y);
}

struct iow_interface *iow_network_find(const struct iow_list *interfaces, uint32_t index)
{
    const struct iow_interface key = {.index = index};

    return interfaces->n && index
               ? bsearch(&key, interfaces->items, interfaces->n, sizeof(key), compare_interfaces)
               : NULL;
}

static uint32_t number_of(struct nlattr *attribute)
{
    return attribute && nla_len(attribute) >= (int)sizeof(uint32_t) ? nla_get_u32(attribute) : 0;
}

static bool has_program(struct nlattr *xdp)
{
    struct nlattr *attributes[IFLA_XDP_MAX + 1];

    return xdp && nla_parse_nested(attributes, IFLA_XDP_MAX, xdp, NULL) == 0 &&
           attributes[IFLA_XDP_ATTACHED] && nla_get_u8(attributes[IFLA_XDP_ATTACHED]) != XDP_ATTACHED_NONE;
}

static int take_link(struct nl_msg *msg, void *ctx)
{
    struct nlattr *attributes[PARENT_DEV_BUS_NAME + 1];
    struct nlmsghdr *header = nlmsg_hdr(msg);
    const struct ifinfomsg *info = nlmsg_data(header);
    struct dump *dump = ctx;
    struct iow_interface *added;

    if (header->nlmsg_type != RTM_NEWLINK ||
        nlmsg_parse(header, sizeof(*info), attributes, PARENT_DEV_BUS_NAME, NULL) < 0)
        return NL_SKIP;
    added = iow_list_add(dump->interfaces, sizeof(*added));
    if (!added) {
        dump->r = -IOW_ENOMEM;
        return NL_STOP;
    }
    added->index = (uint32_t)info->ifi_index;
    added->up = info->ifi_flags & IFF_UP;
    added->carrier = info->ifi_flags & IFF_LOWER_UP;
    added->xdp = has_program(attributes[IFLA_XDP]);
    added->master = number_of(attributes[IFLA_MASTER]);
    added->below = number_of(attributes[IFLA_LINK]);
    added->below_space =
        attributes[IFLA_LINK_NETNSID] ? (int32_t)number_of(attributes[IFLA_LINK_NETNSID]) : -1;
    copy_text(attributes[IFLA_IFNAME], added->name, sizeof(added->name));
    copy_text(attributes[PARENT_DEV_NAME], added->parent, sizeof(added->parent));
    copy_text(attributes[PARENT_DEV_BUS_NAME], added->bus, sizeof(added->bus));
    return NL_OK;
}

/* fe80::/10 */
static bool is_link_local(const struct nlattr *address)
{
    const unsigned char *bytes = address ? nla_data(address) : NULL;

    return bytes && nla_len(address) >= 2 && bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

/* ff00::/8 */
static bool is_multicast(const struct nlattr *address)
{
    return address && nla_len(address) >= 2 && *(const unsigned char *)nla_data(address) == 0xff;
}

static int take_address(struct nl_msg *msg, void *ctx)
{
    struct nlattr *attributes[IFA_MAX + 1];
    struct nlmsghdr *header = nlmsg_hdr(msg);
    const struct ifaddrmsg *info = nlmsg_data(header);
    const struct dump *dump = ctx;
    struct iow_interface *interface;

    if (header->nlmsg_type != RTM_NEWADDR ||
        nlmsg_parse(header, sizeof(*info), attributes, IFA_MAX, NULL) < 0)
        return NL_SKIP;
    if (info->ifa_family == AF_INET6 && is_link_local(attributes[IFA_ADDRESS]))
        return NL_SKIP;
    interface = iow_network_find(dump->interfaces, info->ifa_index);
    if (interface)
        interface->n_addresses++;
    return NL_OK;
}

static void count_route(const struct dump *dump, uint32_t index, bool is_default)
{
    struct iow_interface *interface = iow_network_find(dump->interfaces, index);

    if (!interface)
        return;
    interface->n_routes++;
    interface->default_route |= is_default;
}

static bool counts(const struct rtmsg *info, struct nlattr *attributes[])
{
    uint32_t table = attributes[RTA_TABLE] ? number_of(attributes[RTA_TABLE]) : info->rtm_table;

    if (info->rtm_type != RTN_UNICAST || table == RT_TABLE_LOCAL || info->rtm_flags & RTM_F_CLONED)
        return false;
    return info->rtm_family != AF_INET6 ||
           (!is_link_local(attributes[RTA_DST]) && !is_multicast(attributes[RTA_DST]));
}

static int take_route(struct nl_msg *msg, void *ctx)
{
    struct nlattr *attributes[RTA_MAX + 1];
    struct nlmsghdr *header = nlmsg_hdr(msg);
    const struct rtmsg *info = nlmsg_data(header);
    const struct rtnexthop *hop;
    bool is_default;
    int len;

    if (header->nlmsg_type != RTM_NEWROUTE ||
        nlmsg_parse(header, sizeof(*info), attributes, RTA_MAX, NULL) < 0 || !counts(info, attributes))
        return NL_SKIP;
    is_default = info->rtm_dst_len == 0;
    if (attributes[RTA_OIF])
        count_route(ctx, number_of(attributes[RTA_OIF]), is_default);
    if (!attributes[RTA_MULTIPATH])
        return NL_OK;
    hop = nla_data(attributes[RTA_MULTIPATH]);
    len = nla_len(attributes[RTA_MULTIPATH]);
    for (; RTNH_OK(hop, len); len -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
        count_route(ctx, (uint32_t)hop->rtnh_ifindex, is_default);
    return NL_OK;
}

struct question {
    int type;
    unsigned char family;
    size_t header_bytes;
    int (*take)(struct nl_msg *msg, void *ctx);
};

static const struct question links = {RTM_GETLINK, AF_UNSPEC, sizeof(struct ifinfomsg), take_link};

static const struct question details[] = {
    {RTM_GETADDR, AF_UNSPEC, sizeof(struct ifaddrmsg), take_address},
    {RTM_GETROUTE, AF_INET, sizeof(struct rtmsg), take_route},
    {RTM_GETROUTE, AF_INET6, sizeof(struct rtmsg), take_route},
};

/* Returns the error of netlink, -NLE_DUMP_INTR if the tables changed meanwhile. */
static int ask(struct nl_sock *socket, const struct question *question, struct dump *dump)
{
    union {
        unsigned char family; /* every header begins with it */
        struct ifinfomsg link;
        struct ifaddrmsg address;
        struct rtmsg route;
    } header = {.link = {0}};
    int r;

    header.family = question->family;
    nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, question->take, dump);
    r = nl_send_simple(socket, question->type, NLM_F_DUMP, &header, question->header_bytes);
    return r < 0 ? r : nl_recvmsgs_default(socket);
}

bool iow_network_has_device(const struct iow_list *interfaces)
{
    const struct iow_interface *all = interfaces->items;

    for (uint32_t i = 0; i < interfaces->n; i++)
        if (*all[i].parent)
            return true;
    return false;
}

static int ask_all(struct nl_sock *socket, struct dump *dump)
{
    struct iow_list *interfaces = dump->interfaces;
    int r;

    interfaces->n = 0;
    r = ask(socket, &links, dump);
    if (r < 0 || dump->r < 0)
        return r;
    if (interfaces->n > 1)
        qsort(interfaces->items, interfaces->n, sizeof(struct iow_interface), compare_interfaces);
    for (size_t i = 0;
         i < sizeof(details) / sizeof(details[0]) && r >= 0 && iow_network_has_device(interfaces); i++)
        r = ask(socket, &details[i], dump);
    /* A kernel without IPv6 has no routes of it. */
    return r == -NLE_OPNOTSUPP ? 0 : r;
}

int iow_network_dump(struct nl_sock *socket, struct iow_list *ret)
{
    struct dump dump = {.interfaces = ret};
    int r = -NLE_DUMP_INTR;

    for (int i = 0; i < TRIES && r == -NLE_DUMP_INTR; i++)
        r = ask_all(socket, &dump);
    if (dump.r < 0)
        return dump.r;
    if (r == -NLE_NOMEM)
        return -IOW_ENOMEM;
    return r < 0 ? -IOW_EIO : 0;
}

static void name_user(struct iow_interface *interface, const struct iow_interface *user)
{
    if (interface && user && !*interface->user)
        memcpy(interface->user, user->name, sizeof(interface->user));
}

void iow_network_name_users(struct iow_list *interfaces)
{
    struct iow_interface *all = interfaces->items;

    for (uint32_t i = 0; i < interfaces->n; i++)
        name_user(&all[i], iow_network_find(interfaces, all[i].master));
    for (uint32_t i = 0; i < interfaces->n; i++)
        if (all[i].up && all[i].below_space < 0 && all[i].below != all[i].index)
            name_user(iow_network_find(interfaces, all[i].below), &all[i]);
}

static void name_carried(struct iow_interface *interface, const char *what)
{
    /* addresses and routes say more */
    if (interface && interface->up && !*interface->user && !interface->n_addresses && !interface->n_routes)
        snprintf(interface->user, sizeof(interface->user), "%s", what);
}

/* "Id Address Device", after a line that says so. Source: drivers/net/ppp/pppoe.c pppoe_seq_show() */
static void name_sessions(struct iow_list *interfaces, FILE *pppoe)
{
    struct iow_interface *all = interfaces->items;
    char line[256], device[IFNAMSIZ];

    while (fgets(line, sizeof(line), pppoe)) {
        if (sscanf(line, "%*s %*s %15s", device) != 1)
            continue;
        for (uint32_t i = 0; i < interfaces->n; i++)
            if (strcmp(all[i].name, device) == 0)
                name_carried(&all[i], "a PPPoE session");
    }
}

/* The fifth word is the interface, 0: every one. Source: net/packet/af_packet.c packet_seq_show() */
static void name_packet_sockets(struct iow_list *interfaces, FILE *packet)
{
    char line[256];
    unsigned index;

    while (fgets(line, sizeof(line), packet)) {
        struct iow_interface *interface =
            sscanf(line, "%*s %*s %*s %*s %u", &index) == 1 ? iow_network_find(interfaces, index) : NULL;

        if (interface && interface->carrier)
            name_carried(interface, "a packet socket");
    }
}

void iow_network_name_carried(struct iow_list *interfaces, FILE *pppoe, FILE *packet)
{
    struct iow_interface *all = interfaces->items;

    if (pppoe)
        name_sessions(interfaces, pppoe);
    if (packet)
        name_packet_sockets(interfaces, packet);
    for (uint32_t i = 0; i < interfaces->n; i++)
        if (all[i].xdp && all[i].carrier)
            name_carried(&all[i], "an XDP program");
}

bool iow_network_leads_elsewhere(const struct iow_list *interfaces)
{
    const struct iow_interface *all = interfaces->items;

    for (uint32_t i = 0; i < interfaces->n; i++)
        if (all[i].up && all[i].below_space >= 0)
            return true;
    return false;
}

void iow_network_name_users_elsewhere(
    struct iow_list *interfaces, const struct iow_list *elsewhere, int32_t number)
{
    const struct iow_interface *all = elsewhere->items;

    for (uint32_t i = 0; i < elsewhere->n && number >= 0; i++)
        if (all[i].up && all[i].below_space == number)
            name_user(iow_network_find(interfaces, all[i].below), &all[i]);
}

static int take_space_number(struct nl_msg *msg, void *ctx)
{
    struct nlattr *attributes[NETNSA_MAX + 1];
    int32_t *ret = ctx;

    if (nlmsg_hdr(msg)->nlmsg_type != RTM_NEWNSID ||
        nlmsg_parse(nlmsg_hdr(msg), sizeof(struct rtgenmsg), attributes, NETNSA_MAX, NULL) < 0 ||
        !attributes[NETNSA_NSID])
        return NL_SKIP;
    *ret = (int32_t)number_of(attributes[NETNSA_NSID]);
    return NL_OK;
}

int32_t iow_network_space_number(struct nl_sock *socket, int space)
{
    struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETNSID, 0);
    struct rtgenmsg header = {.rtgen_family = AF_UNSPEC};
    int32_t number = -1;

    nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take_space_number, &number);
    if (msg && nlmsg_append(msg, &header, sizeof(header), NLMSG_ALIGNTO) == 0 &&
        nla_put_u32(msg, NETNSA_FD, (uint32_t)space) == 0 && nl_send_auto(socket, msg) >= 0)
        (void)nl_recvmsgs_default(socket); /* the answer */
    if (msg)
        nlmsg_free(msg);
    return number;
}

struct nl_sock *iow_network_socket(void)
{
    struct nl_sock *socket = nl_socket_alloc();

    if (!socket)
        return NULL;
    /* Every question has an answer of its own. */
    nl_socket_disable_auto_ack(socket);
    if (nl_connect(socket, NETLINK_ROUTE) == 0)
        return socket;
    nl_socket_free(socket);
    return NULL;
}
