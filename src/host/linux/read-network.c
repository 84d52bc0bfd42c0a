/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The interfaces of every network namespace: the probe "network".
 *
 *   "interfaces": [{"name": "eth0", "parent": "0000:01:00.0", "bus": "pci", "up": true, "master": "br0",
 *                   "addresses": 1, "routes": 2, "default_route": true}]
 *
 * parent is the device that the interface is of, on its bus; virtual interfaces have none and are not told.
 * master is what it is a part of, a bridge or a bond, or else an interface made on it, a VLAN or a macvlan; not
 * there if neither is. Without either it is what works on the interface though it has no address: a session of PPPoE,
 * or, while it has a carrier, a packet socket bound to it (DHCP, LLDP, a capture) or an XDP program.
 *
 * A namespace is seen through a process in it, a file that it is bound to or one that a process has open. One that
 * only a socket keeps is seen by nobody, but sysfs has a folder for a function's interfaces while there is any. One of another namespace is told as
 * master if the interface's own namespace was seen first, as the host's is. sysfs shows the interfaces of
 * one namespace only, so netlink is asked in each.
 */
#include "host/linux/read-uses.h"

#include "base/limits.h"

#include <ctype.h>
#include <dirent.h>
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

/* What asks in a namespace from outside: each stays in the one that it was opened in. */
struct asker {
    struct nl_sock *socket;
    FILE *pppoe, *packet; /* NULL: there is none */
    bool hidden;          /* a file is there that could not be opened */
};

static FILE *open_table(struct asker *asker, const char *path)
{
    FILE *file = fopen(path, "re");

    asker->hidden |= !file && iow_process_hides(errno);
    return file;
}

static void open_asker(struct asker *asker)
{
    asker->socket = iow_network_socket();
    asker->pppoe = open_table(asker, "/proc/thread-self/net/pppoe");
    asker->packet = open_table(asker, "/proc/thread-self/net/packet");
}

static void close_asker(struct asker *asker)
{
    if (asker->pppoe)
        (void)fclose(asker->pppoe);
    if (asker->packet)
        (void)fclose(asker->packet);
    nl_socket_free(asker->socket);
}

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
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

static void ask(struct network *network, struct asker *asker, int namespace)
{
    struct iow_list interfaces = {0};
    int r = iow_network_dump(asker->socket, &interfaces);

    if (r == -IOW_ENOMEM)
        network->survey->r = r;
    else if (r < 0 || asker->hidden)
        hidden(network);
    if (r == 0) {
        iow_network_name_users(&interfaces);
        iow_network_name_carried(&interfaces, asker->pppoe, asker->packet);
        name_users_elsewhere(network, asker->socket, &interfaces);
        if (iow_network_has_device(&interfaces))
            keep_space(network, namespace, &interfaces);
    }
    iow_list_done(&interfaces);
}

/* The thread is in the namespace only for this moment. If it could not come back although it was allowed to before,
 * nothing could go on. */
static void open_asker_in(struct network *network, int namespace, struct asker *asker)
{
    if (!network->may_leave || setns(namespace, CLONE_NEWNET) < 0)
        return;
    open_asker(asker);
    if (setns(network->own, CLONE_NEWNET) < 0)
        network->survey->r = -IOW_EIO;
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
    IOW_CLEANUP(close_asker) struct asker asker = {0};
    struct stat st;
    char number[NUMBER_TEXT];

    if (fstat(namespace, &st) < 0) {
        hidden(network);
        return;
    }
    if (iow_survey_seen(&network->seen, number_text(st.st_ino, number)))
        return;
    if (is_own(network, &st))
        open_asker(&asker);
    else
        open_asker_in(network, namespace, &asker);
    if (asker.socket && network->survey->r == 0)
        ask(network, &asker, namespace);
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

/* A namespace that a process has open. Only such a link has a text without a path. */
static void look_at_fd(struct network *network, int fds, const char *fd)
{
    IOW_CLEANUP_CLOSE int namespace = -1;
    char text[64], name[NUMBER_TEXT];
    ssize_t n = readlinkat(fds, fd, text, sizeof(text) - 1);
    uint64_t number;

    text[n < 0 ? 0 : n] = '\0';
    /* a path longer than any can be shown is none of these */
    if (n < 0 && iow_process_hides(errno) && errno != ENAMETOOLONG)
        hidden(network);
    if (strncmp(text, "net:[", 5) != 0)
        return;
    number = strtoull(text + 5, NULL, 10);
    if (iow_survey_seen(&network->seen, number_text(number, name)))
        return;
    namespace = open_namespace(fds, fd, number);
    if (namespace >= 0)
        ask_namespace(network, namespace);
    else
        note_unasked(network, number);
}

static void look_at_fds(struct network *network)
{
    int fds = openat(network->process->folder, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    IOW_CLEANUP(close_folder) DIR *folder = fds < 0 ? NULL : fdopendir(fds);
    struct dirent *entry;

    if (!folder) {
        if (iow_process_hides(errno))
            hidden(network);
        if (fds >= 0)
            (void)close(fds);
        return;
    }
    while (network->survey->r == 0 && (entry = readdir(folder)))
        if (isdigit((unsigned char)entry->d_name[0]))
            look_at_fd(network, fds, entry->d_name);
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
    else if (iow_process_mounts_by_root(network->process->folder))
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
    if (survey->r == 0 && !process->own && !process->same_files)
        look_at_fds(network);
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
    bool works;
};

static void found_function(void *ctx, const struct iow_address *address)
{
    struct interface_use *interface = ctx;

    interface->use.function = iow_search_function(interface->search, address);
    if (interface->use.function == IOW_NONE)
        return;
    interface->search->networked[interface->use.function] = true;
    if (interface->works)
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
    interface.works =
        json_object_get_boolean(up) && (use->by || use->n_addresses || use->n_routes || use->default_route);
    add_interface(&interface, bus, parent);
    return true;
}

/*
 * A device has the folder "net" for as long as it has an interface, in whichever namespace: what is in it is shown to
 * that namespace alone, the folder itself to all. Looked for on the function and the devices on it, such as virtio's.
 * Source: drivers/base/core.c class_dir_create_and_add(), get_device_parent()
 */
static bool has_interfaces(struct iow_search *search, const char *folder, const struct iow_entries *entries)
{
    struct iow_source *source = search->rd->source;

    for (uint32_t i = 0; i < entries->at.n; i++) {
        const char *name = iow_entries_at(entries, i);
        char path[2 * IOW_MAX_PATH];

        snprintf(path, sizeof(path), "%s/%s/net", folder, name);
        if (strcmp(name, "net") == 0 || source->ops->exists(source, IOW_SOURCE_ROOT, path))
            return true;
    }
    return false;
}

static void find_hidden_interface(struct iow_search *search, uint32_t function)
{
    const struct iow_address *address = &search->rd->facts->functions[function].address;
    const struct iow_subject subject = iow_subject_function(address);
    char name[IOW_ADDRESS_TEXT], path[IOW_MAX_PATH] = IOW_PCI_DEVICES;
    struct iow_entries entries = {0};
    int folder = iow_reader_open_link(
            search->rd, IOW_PCI_DEVICES, iow_address_format(address, name), path, sizeof(path)),
        r = folder;

    if (folder >= 0) {
        r = iow_reader_list(search->rd, folder, &entries);
        search->rd->source->ops->close(search->rd->source, folder);
    }
    if (r < 0)
        iow_search_failed(search, r, path);
    else if (has_interfaces(search, path, &entries))
        iow_reader_missing(search->rd, IOW_RULE_USE_UNKNOWN, &subject, path);
    iow_entries_done(&entries);
}

void iow_search_hidden_interfaces(struct iow_search *search)
{
    for (uint32_t i = 0; i < search->rd->facts->n_functions && !search->rd->fatal; i++)
        if (search->wanted[i] && !search->networked[i])
            find_hidden_interface(search, i);
}

const struct iow_survey_ops iow_survey_network = {
    .probe = {.name = "network", .list = "interfaces", .most = IOW_MAX_JSON_CONTAINERS, .take = take},
    .begin = begin,
    .see = see,
    .finish = finish,
    .end = end,
};
