/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The interfaces of every network namespace: the probe "network".
 *
 *   "interfaces": [{"name": "eth0", "parent": "0000:01:00.0", "bus": "pci", "up": true, "master": "br0",
 *                   "addresses": 1, "routes": 2, "default_route": true}]
 *
 * parent is the device that the interface is of, on its bus; virtual interfaces have none and are not told.
 * master is what it is a part of, a bridge or a bond, or else an interface made on it, a VLAN or a macvlan; not
 * there if neither is.
 *
 * A namespace is seen through a process in it or a file that it is bound to. One of another namespace is told as
 * master if the interface's own namespace was seen first, as the host's is. sysfs shows the interfaces of
 * one namespace only, so netlink is asked in each.
 */
#include "host/linux/read-uses.h"

#include "base/limits.h"

#include <fcntl.h>
#include <libmount.h>
#include <linux/magic.h>
#include <netlink/socket.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"

/* The kernel that began to tell the device of an interface by netlink, 5.14. */
#define TELLS_PARENT 0x050e

/* A namespace with an interface that has a device. */
struct space {
    int fd;
    struct iow_list interfaces; /* struct iow_interface */
};

struct network {
    struct iow_survey *survey;
    int own;                 /* the calling thread's namespace; -1: not let be opened */
    bool may_leave;          /* the thread may leave its namespace, since it may enter it again */
    void *seen;              /* namespaces that were asked, by number */
    void *views;             /* mount namespaces that were looked at for files */
    struct iow_list unasked; /* uint64_t: namespaces whose file could not be opened */
    struct iow_list spaces;  /* struct space */
    const struct iow_process *process;
};

static void close_socket(struct nl_sock **socket)
{
    nl_socket_free(*socket);
}

static void hidden(struct network *network)
{
    network->survey->complete = false;
}

/* Interfaces here may be made on some of a namespace that was seen before. */
static void name_users_elsewhere(
    struct network *network, struct nl_sock *socket, const struct iow_list *interfaces)
{
    struct space *spaces = network->spaces.items;

    for (uint32_t i = 0; i < network->spaces.n && iow_network_leads_elsewhere(interfaces); i++)
        iow_network_name_users_elsewhere(
            &spaces[i].interfaces, interfaces, iow_network_space_number(socket, spaces[i].fd));
}

/* Takes the list, for others to be made on it. */
static void keep_space(struct network *network, int namespace, struct iow_list *interfaces)
{
    struct space *space = iow_list_add(&network->spaces, sizeof(*space));

    if (!space) {
        network->survey->r = -IOW_ENOMEM;
        return;
    }
    *space = (struct space){.fd = fcntl(namespace, F_DUPFD_CLOEXEC, 3), .interfaces = *interfaces};
    *interfaces = (struct iow_list){0};
    if (space->fd < 0)
        hidden(network);
}

static void ask(struct network *network, struct nl_sock *socket, int namespace)
{
    struct iow_list interfaces = {0};
    int r = iow_network_dump(socket, &interfaces);

    if (r == -IOW_ENOMEM)
        network->survey->r = r;
    else if (r < 0)
        hidden(network);
    if (r == 0) {
        iow_network_name_users(&interfaces);
        name_users_elsewhere(network, socket, &interfaces);
        if (iow_network_has_device(&interfaces))
            keep_space(network, namespace, &interfaces);
    }
    iow_list_done(&interfaces);
}

/* A socket stays in the namespace it was made in, so the thread is there only for that moment. If it could not come
 * back although it was allowed to before, nothing could go on. */
static struct nl_sock *socket_in(struct network *network, int namespace)
{
    struct nl_sock *socket;

    if (!network->may_leave || setns(namespace, CLONE_NEWNET) < 0)
        return NULL;
    socket = iow_network_socket();
    if (setns(network->own, CLONE_NEWNET) < 0)
        network->survey->r = -IOW_EIO;
    return socket;
}

/* Namespaces are known by their number in nsfs. */
#define NUMBER_TEXT 24
static const char *number_text(uint64_t number, char buf[NUMBER_TEXT])
{
    snprintf(buf, NUMBER_TEXT, "%llu", (unsigned long long)number);
    return buf;
}

static bool is_own(const struct network *network, const struct stat *st)
{
    struct stat own;

    return fstat(network->own, &own) == 0 && own.st_dev == st->st_dev && own.st_ino == st->st_ino;
}

static void ask_namespace(struct network *network, int namespace)
{
    IOW_CLEANUP(close_socket) struct nl_sock *socket = NULL;
    struct stat st;
    char number[NUMBER_TEXT];

    if (fstat(namespace, &st) < 0) {
        hidden(network);
        return;
    }
    if (iow_survey_seen(&network->seen, number_text(st.st_ino, number)))
        return;
    socket = is_own(network, &st) ? iow_network_socket() : socket_in(network, namespace);
    if (socket && network->survey->r == 0)
        ask(network, socket, namespace);
    else
        hidden(network);
    (void)iow_survey_first_sight(network->survey, &network->seen, number);
}

/* Something may be mounted over its file; perhaps a process is in it, too. */
static void note_unasked(struct network *network, uint64_t number)
{
    uint64_t *kept = iow_list_add(&network->unasked, sizeof(*kept));

    if (kept)
        *kept = number;
    else
        network->survey->r = -IOW_ENOMEM;
}

/* Opens a namespace's file. Under a stranger's path may be anything, so nothing else is opened. */
static int open_namespace(int folder, const char *path, uint64_t number)
{
    IOW_CLEANUP_CLOSE int found = openat(folder, path, O_PATH | O_CLOEXEC);
    char again[sizeof("/proc/self/fd/") + 11];
    struct statfs fs;
    struct stat st;

    if (found < 0 || fstatfs(found, &fs) < 0 || fs.f_type != NSFS_MAGIC || fstat(found, &st) < 0 ||
        st.st_ino != number)
        return -1;
    snprintf(again, sizeof(again), "/proc/self/fd/%d", found);
    return open(again, O_RDONLY | O_CLOEXEC);
}

/* A namespace that a file stands for, as "ip netns add" makes them: the root of such a mount is its name.
 * Source: fs/nsfs.c nsfs_show_path() */
static void found_mount(void *ctx, struct libmnt_fs *fs)
{
    struct network *network = ctx;
    const char *type = mnt_fs_get_fstype(fs), *root = mnt_fs_get_root(fs), *at = mnt_fs_get_target(fs);
    IOW_CLEANUP_CLOSE int fd = -1;
    char path[IOW_MAX_PATH], name[NUMBER_TEXT];
    uint64_t number;

    if (!type || !root || !at || strcmp(type, "nsfs") != 0 || strncmp(root, "net:[", 5) != 0)
        return;
    number = strtoull(root + 5, NULL, 10);
    if (iow_survey_seen(&network->seen, number_text(number, name)))
        return;
    snprintf(path, sizeof(path), "root%s", at);
    fd = open_namespace(network->process->folder, path, number);
    if (fd >= 0)
        ask_namespace(network, fd);
    else
        note_unasked(network, number);
}

static int begin(struct iow_survey *survey)
{
    struct network *network = calloc(1, sizeof(*network));

    survey->state = network;
    if (!network)
        return -IOW_ENOMEM;
    network->survey = survey;
    network->own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    /* Root of a user namespace may enter those that belong to it, but perhaps not the one it is in now. */
    network->may_leave = network->own >= 0 && setns(network->own, CLONE_NEWNET) == 0;
    if (network->own < 0 || survey->search->rd->facts->machine.release < TELLS_PARENT)
        hidden(network);
    return 0;
}

static void see(struct iow_survey *survey, const struct iow_process *process)
{
    struct network *network = survey->state;
    IOW_CLEANUP_CLOSE int namespace = openat(process->folder, "ns/net", O_RDONLY | O_CLOEXEC);

    if (network->own < 0)
        return;
    network->process = process;
    if (namespace >= 0)
        ask_namespace(network, namespace);
    else if (iow_process_hides(errno))
        hidden(network);
    if (survey->r == 0)
        iow_mounts_of(survey, process, &network->views, found_mount, network);
}

static json_object *interface_json(struct iow_interface *interface)
{
    json_object *item = json_object_new_object();

    if (iow_answer_put(item, "name", iow_json_new_text(interface->name)) &&
        iow_answer_put(item, "parent", iow_json_new_text(interface->parent)) &&
        iow_answer_put(item, "bus", iow_json_new_text(interface->bus)) &&
        iow_answer_put(item, "up", json_object_new_boolean(interface->up)) &&
        (!*interface->user || iow_answer_put(item, "master", iow_json_new_text(interface->user))) &&
        iow_answer_put(item, "addresses", json_object_new_int64(interface->n_addresses)) &&
        iow_answer_put(item, "routes", json_object_new_int64(interface->n_routes)) &&
        iow_answer_put(item, "default_route", json_object_new_boolean(interface->default_route)))
        return item;
    json_object_put(item);
    return NULL;
}

static void finish(struct iow_survey *survey)
{
    struct network *network = survey->state;
    const struct space *spaces = network->spaces.items;
    const uint64_t *unasked = network->unasked.items;
    char number[NUMBER_TEXT];

    for (uint32_t i = 0; i < network->unasked.n; i++)
        if (!iow_survey_seen(&network->seen, number_text(unasked[i], number)))
            hidden(network);
    for (uint32_t s = 0; s < network->spaces.n; s++) {
        struct iow_interface *all = spaces[s].interfaces.items;

        for (uint32_t i = 0; i < spaces[s].interfaces.n; i++)
            if (*all[i].parent)
                iow_survey_add(survey, interface_json(&all[i]));
    }
}

static void end(struct iow_survey *survey)
{
    struct network *network = survey->state;
    struct space *spaces = network ? network->spaces.items : NULL;

    if (!network)
        return;
    for (uint32_t i = 0; i < network->spaces.n; i++) {
        if (spaces[i].fd >= 0)
            (void)close(spaces[i].fd);
        iow_list_done(&spaces[i].interfaces);
    }
    iow_list_done(&network->spaces);
    iow_list_done(&network->unasked);
    if (network->own >= 0)
        (void)close(network->own);
    iow_survey_forget(network->seen);
    iow_survey_forget(network->views);
    free(network);
}

/* An interface in the answer, on the way to its functions. */
struct interface_use {
    struct iow_search *search;
    struct iow_use use;
};

static void found_function(void *ctx, const struct iow_address *address)
{
    struct interface_use *interface = ctx;

    interface->use.function = iow_search_function(interface->search, address);
    if (interface->use.function != IOW_NONE)
        iow_search_add(interface->search, &interface->use);
}

/* A device on the bus of PCI has the function's address as its name; another one is below a function, if its
 * path leads through one. */
static void add_interface(struct interface_use *interface, const char *bus, const char *parent)
{
    struct iow_reader *rd = interface->search->rd;
    char folder[2 * IOW_WORD];

    if (strcmp(bus, "pci") == 0) {
        (void)iow_reader_functions_of(rd, "", parent, found_function, interface);
        return;
    }
    snprintf(folder, sizeof(folder), "sys/bus/%s/devices", bus);
    iow_search_entry(interface->search, folder, parent, found_function, interface);
}

static bool is_name(const char *text)
{
    return text && *text && !strchr(text, '/') && strcmp(text, ".") != 0 && strcmp(text, "..") != 0 &&
           strlen(text) < IOW_WORD;
}

static bool take(struct iow_reader *rd, void *ctx, json_object *item)
{
    struct interface_use interface = {.search = ctx, .use = {.kind = IOW_USE_NETWORK}};
    const char *bus = iow_answer_text(item, "bus"), *parent = iow_answer_text(item, "parent");
    json_object *up = iow_json_member(item, "up", json_type_boolean), *master;
    json_object *is_default = iow_json_member(item, "default_route", json_type_boolean);
    struct iow_use *use = &interface.use;

    (void)rd;
    use->name = iow_answer_text(item, "name");
    if (!use->name || !is_name(bus) || !is_name(parent) || !up || !is_default ||
        !iow_json_number(item, "addresses", &use->n_addresses) ||
        !iow_json_number(item, "routes", &use->n_routes))
        return false;
    if (json_object_object_get_ex(item, "master", &master)) {
        use->by = iow_answer_text(item, "master");
        if (!use->by)
            return false;
    }
    use->default_route = json_object_get_boolean(is_default);
    if (json_object_get_boolean(up) && (use->by || use->n_addresses || use->n_routes || use->default_route))
        add_interface(&interface, bus, parent);
    return true;
}

const struct iow_survey_ops iow_survey_network = {
    .probe = {.name = "network", .list = "interfaces", .most = IOW_MAX_JSON_CONTAINERS, .take = take},
    .begin = begin,
    .see = see,
    .finish = finish,
    .end = end,
};
