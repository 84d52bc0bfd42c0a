/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which processes have files of /dev open that stand for functions: the probe "open-devices".
 *
 *   "open": [{"pid": 12, "command": "Xorg", "node": "226:0", "type": "c", "file": "dri/card0"}]
 *
 * type is "c" or "b". A mapping of such a file counts as the file. The files of vfio are not told here: who has
 * them is a holder (read-holders.c).
 */
#include "host/linux/read-uses.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "facts/parse.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NVIDIA_MAJOR 195u

struct node {
    uint64_t number;
    bool block;
};

struct open_devices {
    struct iow_survey *survey;
    struct iow_list nodes; /* struct node, of the functions asked about */
    void *told;            /* the files of the process being looked at that are in the answer */
    const struct iow_process *process;
    uint32_t pid; /* whose files are in told */
};

static const char *folder_of(bool block)
{
    return block ? "sys/dev/block" : "sys/dev/char";
}

/* A search that also says whether it found. */
struct finding {
    struct iow_search *search;
    const struct iow_use *use; /* NULL: only see whether there is a function asked about */
    bool found;
};

static void found_function(void *ctx, const struct iow_address *address)
{
    struct finding *finding = ctx;
    uint32_t function = iow_search_function(finding->search, address);
    struct iow_use use;

    if (function == IOW_NONE)
        return;
    finding->found = true;
    if (!finding->use)
        return;
    use = *finding->use;
    use.function = function;
    iow_search_add(finding->search, &use);
}

static bool is_vfio(struct iow_search *search, bool block, const char *number)
{
    struct iow_source *source = search->rd->source;
    char path[IOW_MAX_PATH], link[IOW_MAX_PATH];

    return iow_source_resolve(folder_of(block), number, path, sizeof(path)) == 0 &&
           source->ops->read_link(source, IOW_SOURCE_ROOT, path, link, sizeof(link)) >= 0 &&
           strstr(link, "/vfio-dev/");
}

/* The functions asked about that a device number leads to. Returns whether there is one. */
static bool functions_of(struct iow_search *search, bool block, const char *number, const struct iow_use *use)
{
    struct finding finding = {.search = search, .use = use};

    if (is_vfio(search, block, number))
        return false;
    iow_search_entry(search, folder_of(block), number, found_function, &finding);
    return finding.found;
}

/*
 * The node of a card of NVIDIA's own driver, which does not tell sysfs about it: /dev/nvidiaN, and a file of the
 * driver's has N. Source: Documentation/admin-guide/devices.txt (the major number); kernel-open/nvidia/nv-procfs.c
 * nv_procfs_read_gpu_info() of open-gpu-kernel-modules
 */
static bool nvidia_node(struct iow_search *search, uint32_t function, uint64_t *ret)
{
    const struct iow_function *f = &search->rd->facts->functions[function];
    const char key[] = "Device Minor:", *value;
    char path[IOW_MAX_PATH], address[IOW_ADDRESS_TEXT], text[4096];
    uint64_t minor;
    int n;

    if (!f->driver || strcmp(f->driver, "nvidia") != 0)
        return false;
    snprintf(path, sizeof(path), "proc/driver/nvidia/gpus/%s/information",
        iow_address_format(&f->address, address));
    n = iow_reader_text(search->rd, IOW_SOURCE_ROOT, path, text, sizeof(text));
    if (n < 0) {
        iow_search_failed(search, n, path);
        return false;
    }
    value = strstr(text, key);
    value = value ? value + sizeof(key) - 1 + strspn(value + sizeof(key) - 1, " \t") : "";
    if (iow_parse_number(value, strcspn(value, " \t\n"), false, UINT8_MAX, &minor) < 0) {
        iow_search_unknown(search, path);
        return false;
    }
    *ret = iow_device_number(NVIDIA_MAJOR, (uint32_t)minor);
    return true;
}

static void add_nvidia_use(struct iow_search *search, uint64_t number, const struct iow_use *found)
{
    struct iow_use use = *found;
    uint64_t own;

    for (uint32_t i = 0; i < search->rd->facts->n_functions && !search->rd->fatal; i++) {
        if (!search->wanted[i] || !nvidia_node(search, i, &own) || own != number)
            continue;
        use.function = i;
        iow_search_add(search, &use);
    }
}

static void add_node(struct open_devices *open, uint64_t number, bool block)
{
    struct node *node = iow_list_add(&open->nodes, sizeof(*node));

    if (node)
        *node = (struct node){.number = number, .block = block};
    else
        iow_reader_fail(open->survey->search->rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
}

static int list_nvidia_nodes(struct open_devices *open)
{
    struct iow_search *search = open->survey->search;
    uint64_t number;

    for (uint32_t i = 0; i < search->rd->facts->n_functions && !search->rd->fatal; i++)
        if (search->wanted[i] && nvidia_node(search, i, &number))
            add_node(open, number, false);
    return search->rd->fatal;
}

static int list_nodes(struct open_devices *open, bool block)
{
    struct iow_search *search = open->survey->search;
    struct iow_entries numbers;
    int r = iow_reader_list_path(search->rd, folder_of(block), &numbers);

    if (r < 0)
        iow_search_failed(search, r, folder_of(block));
    for (uint32_t i = 0; r == 0 && i < numbers.at.n && !search->rd->fatal; i++) {
        const char *text = iow_entries_at(&numbers, i);
        uint64_t number;

        if (iow_device_number_parse(text, &number) && functions_of(search, block, text, NULL))
            add_node(open, number, block);
    }
    iow_entries_done(&numbers);
    return search->rd->fatal;
}

static int begin(struct iow_survey *survey)
{
    struct open_devices *open = calloc(1, sizeof(*open));
    int r;

    survey->state = open;
    if (!open)
        return -IOW_ENOMEM;
    open->survey = survey;
    r = list_nodes(open, false);
    if (r == 0)
        r = list_nodes(open, true);
    return r == 0 ? list_nvidia_nodes(open) : r;
}

static bool is_asked(const struct open_devices *open, uint64_t number, bool block)
{
    const struct node *nodes = open->nodes.items;

    for (uint32_t i = 0; i < open->nodes.n; i++)
        if (nodes[i].number == number && nodes[i].block == block)
            return true;
    return false;
}

/*
 * "/srv/root/dev/dri/card0 (deleted)" is dri/card0, and "/disk.img", which a container has a device as, itself.
 * A path may be too long to be told; the device then goes by its number.
 */
static char *file_name(int folder, const char *link, char path[PATH_MAX], char *number)
{
    const char deleted[] = " (deleted)", dev[] = "/dev/";
    ssize_t n = readlinkat(folder, link, path, PATH_MAX - 1);
    size_t len = n < 0 ? 0 : (size_t)n;
    char *at = path, *next;

    path[len] = '\0';
    if (len > sizeof(deleted) - 1 && strcmp(path + len - (sizeof(deleted) - 1), deleted) == 0)
        path[len - (sizeof(deleted) - 1)] = '\0';
    while ((next = strstr(at, dev)))
        at = next + sizeof(dev) - 1;
    return *at ? at : number;
}

static void tell(struct open_devices *open, uint64_t number, bool block, int folder, const char *link)
{
    char command[IOW_COMMAND], text[IOW_NUMBER_TEXT + 1], path[PATH_MAX];
    json_object *item;

    snprintf(text, sizeof(text), "%c", block ? 'b' : 'c');
    iow_device_number_format(number, text + 1);
    if (!iow_survey_first_sight(open->survey, &open->told, text))
        return;
    iow_process_command(open->process->process, command);
    item = json_object_new_object();
    if (!iow_answer_put(item, "pid", json_object_new_int64(open->process->pid)) ||
        !iow_answer_put(item, "command", iow_json_new_text(command)) ||
        !iow_answer_put(item, "node", json_object_new_string(text + 1)) ||
        !iow_answer_put(item, "type", json_object_new_string(block ? "b" : "c")) ||
        !iow_answer_put(item, "file", iow_json_new_text(file_name(folder, link, path, text + 1)))) {
        json_object_put(item);
        item = NULL;
    }
    iow_survey_add(open->survey, item);
}

static void note_failure(struct open_devices *open)
{
    if (iow_process_hides(errno))
        open->survey->complete = false;
}

/*
 * Looks at what a link of /proc leads to, by its number: a device may be open under any path. Such a link leads to
 * the open file itself, so no path is walked. No attribute is asked for, which no server is bothered about, and
 * which a file system of another user's own program answers, too; all others tell the type anyway. Source:
 * fs/stat.c generic_fillattr(), fs/fuse/dir.c fuse_getattr()
 */
static void look_at(struct open_devices *open, int folder, const char *link)
{
    struct statx st;
    bool block;

    if (statx(folder, link, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, 0, &st) < 0) {
        note_failure(open);
        return;
    }
    block = S_ISBLK(st.stx_mode);
    if (block || S_ISCHR(st.stx_mode)) {
        uint64_t number = iow_device_number(st.stx_rdev_major, st.stx_rdev_minor);

        if (is_asked(open, number, block))
            tell(open, number, block, folder, link);
    }
}

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static void look_at_fds(struct open_devices *open)
{
    int fds = openat(open->process->folder, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    IOW_CLEANUP(close_folder) DIR *folder = fds < 0 ? NULL : fdopendir(fds);
    struct dirent *entry;

    if (!folder) {
        note_failure(open);
        if (fds >= 0)
            (void)close(fds);
        return;
    }
    for (errno = 0; (entry = readdir(folder)); errno = 0)
        if (isdigit((unsigned char)entry->d_name[0]))
            look_at(open, fds, entry->d_name);
    if (errno)
        note_failure(open);
}

/*
 * A line of maps: "start-end perms offset device inode   path"; what is no file has no '/'. The folder of the maps
 * names them without the leading zeros. Mappings of one file stand together: returns whether this one differs from
 * the last, and remembers it. Source: fs/proc/task_mmu.c show_map_vma(), fs/proc/base.c proc_map_files_readdir()
 */
static bool next_map(char *line, char **last, char name[64])
{
    unsigned long start, end;
    int file = 0;

    if (!strchr(line, '/') || sscanf(line, "%lx-%lx %*s %*s %n", &start, &end, &file) != 2 || !file ||
        (*last && strcmp(*last, line + file) == 0))
        return false;
    snprintf(name, 64, "map_files/%lx-%lx", start, end);
    free(*last);
    *last = strdup(line + file); /* without memory for it every mapping is looked at */
    return true;
}

static void look_at_maps(struct open_devices *open)
{
    IOW_CLEANUP_FREE char *line = NULL, *last = NULL;
    int fd = openat(open->process->folder, "maps", O_RDONLY | O_CLOEXEC);
    FILE *maps = fd < 0 ? NULL : fdopen(fd, "re");
    char name[64];
    size_t room = 0;

    if (!maps) {
        note_failure(open);
        if (fd >= 0)
            (void)close(fd);
        return;
    }
    while (getline(&line, &room, maps) > 0)
        if (next_map(line, &last, name))
            look_at(open, open->process->folder, name);
    (void)fclose(maps);
}

static void see(struct iow_survey *survey, const struct iow_process *process)
{
    struct open_devices *open = survey->state;

    if (!open->nodes.n || process->own)
        return;
    if (process->pid != open->pid)
        iow_survey_forget(iow_take_pointer(open->told));
    open->process = process;
    open->pid = process->pid;
    if (!process->same_files)
        look_at_fds(open);
    if (!process->same_memory)
        look_at_maps(open);
}

static void end(struct iow_survey *survey)
{
    struct open_devices *open = survey->state;

    if (!open)
        return;
    iow_list_done(&open->nodes);
    iow_survey_forget(open->told);
    free(open);
}

static bool take(struct iow_reader *rd, void *ctx, json_object *item)
{
    struct iow_use use = {
        .kind = IOW_USE_OPEN, .name = iow_answer_text(item, "file"), .by = iow_answer_text(item, "command")};
    const char *node = iow_answer_text(item, "node"), *type = iow_answer_text(item, "type");
    char text[IOW_NUMBER_TEXT];
    uint64_t number;

    (void)rd;
    if (!use.name || !use.by || !iow_json_number(item, "pid", &use.pid) || !node || !type ||
        (strcmp(type, "c") != 0 && strcmp(type, "b") != 0) || !iow_device_number_parse(node, &number))
        return false;
    functions_of(ctx, *type == 'b', iow_device_number_format(number, text), &use);
    if (*type == 'c' && number >> 32 == NVIDIA_MAJOR)
        add_nvidia_use(ctx, number, &use);
    return true;
}

const struct iow_survey_ops iow_survey_open = {
    .probe = {.name = "open-devices", .list = "open", .most = IOW_MAX_JSON_CONTAINERS, .take = take},
    .begin = begin,
    .see = see,
    .end = end,
};
