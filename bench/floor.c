/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floor of bare system calls: opens and reads what `ioward status --json --from DIR` does, and makes
 * nothing of it.
 *
 * Decodes only what tells where to read next: links to folders, power states, offsets of capabilities.
 * Follows src/host/linux/read*.c and src/pci/config.c; bench/run tells when it no longer does.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ACPI_TABLES "sys/firmware/acpi/tables/"
#define PARAMETERS(module) "sys/module/" module "/parameters/"
#define TEXT_BYTES 8192
#define LINK_BYTES 4096
#define LIST_BYTES 32768

/* More capabilities than config space has room for: the list loops. */
#define MOST_CAPABILITIES 1008

struct found {
    char *path; /* from the folder of the bus */
    unsigned depth;
    bool low; /* in a low-power state */
};

struct floor {
    int root;
    uint64_t bytes;
    struct found *found;
    size_t n_found, n_low;
};

typedef void each_fn(struct floor *f, int folder, const char *name);

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static ssize_t count(struct floor *f, ssize_t n)
{
    f->bytes += n > 0 ? (uint64_t)n : 0;
    return n;
}

static int open_folder(int at, const char *path)
{
    return openat(at, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void close_folder(int folder)
{
    if (folder >= 0)
        (void)close(folder);
}

static bool is_there(int at, const char *path)
{
    struct stat st;

    return fstatat(at, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static ssize_t read_text(struct floor *f, int at, const char *path, char text[TEXT_BYTES])
{
    int fd = openat(at, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return -1;
    n = count(f, pread(fd, text, TEXT_BYTES - 1, 0));
    (void)close(fd);
    text[n > 0 ? n : 0] = '\0';
    return n;
}

static ssize_t read_name(struct floor *f, int at, const char *path, char text[LINK_BYTES])
{
    ssize_t n = count(f, readlinkat(at, path, text, LINK_BYTES - 1));

    text[n > 0 ? n : 0] = '\0';
    return n;
}

static bool list(struct floor *f, int at, const char *path, each_fn *each)
{
    _Alignas(struct dirent64) char buf[LIST_BYTES];
    int folder = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long n;

    if (folder < 0)
        return false;
    while ((n = count(f, syscall(SYS_getdents64, folder, buf, sizeof(buf)))) > 0)
        for (long i = 0; i < n;) {
            const struct dirent64 *entry = (const struct dirent64 *)(buf + i);

            if (each && entry->d_name[0] != '.')
                each(f, folder, entry->d_name);
            i += entry->d_reclen;
        }
    (void)close(folder);
    return true;
}

static void read_machine(struct floor *f)
{
    static const char *const files[] = {"capture.json", "proc/sys/kernel/osrelease", "proc/cmdline",
        "sys/kernel/security/lockdown", PARAMETERS("vfio_iommu_type1") "allow_unsafe_interrupts",
        PARAMETERS("iommufd") "allow_unsafe_interrupts", PARAMETERS("vfio") "enable_unsafe_noiommu_mode",
        PARAMETERS("vfio_pci") "disable_denylist", PARAMETERS("vfio_pci") "disable_idle_d3",
        PARAMETERS("vfio_pci") "enable_sriov", PARAMETERS("vfio_pci") "nointxmask"};
    char text[TEXT_BYTES];

    (void)is_there(f->root, "sys");
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        (void)read_text(f, f->root, files[i], text);
    (void)list(f, f->root, "sys/class/iommu", NULL);
    (void)is_there(f->root, ACPI_TABLES "DMAR");
    (void)is_there(f->root, ACPI_TABLES "IVRS");
}

/* Groups */

static bool is_address(const char *name)
{
    size_t n = strlen(name);

    return n >= 12 && name[n - 2] == '.' && name[n - 5] == ':' && name[n - 8] == ':';
}

static void read_member(struct floor *f, int folder, const char *name)
{
    char link[LINK_BYTES];
    int member;

    if (is_address(name))
        return;
    member = open_folder(folder, read_name(f, folder, name, link) < 0 ? name : link);
    if (member < 0)
        return;
    (void)read_name(f, member, "subsystem", link);
    (void)read_name(f, member, "driver", link);
    (void)close(member);
}

static void read_group(struct floor *f, int folder, const char *name)
{
    char text[TEXT_BYTES];
    int group = open_folder(folder, name);

    if (group < 0)
        return;
    (void)read_text(f, group, "type", text);
    (void)read_text(f, group, "name", text);
    (void)list(f, group, "devices", read_member);
    (void)close(group);
}

/* Functions */

static void find_function(struct floor *f, int bus, const char *name)
{
    struct found *found = realloc(f->found, (f->n_found + 1) * sizeof(*found));
    char link[LINK_BYTES];

    if (!found)
        die("floor");
    f->found = found;
    found += f->n_found++;
    *found = (struct found){.path = strdup(read_name(f, bus, name, link) < 0 ? name : link)};
    if (!found->path)
        die("floor");
    for (const char *c = found->path; *c; c++)
        found->depth += *c == '/';
}

static int compare_found(const void *a, const void *b)
{
    const struct found *x = a, *y = b;

    return x->depth != y->depth ? (x->depth < y->depth ? -1 : 1) : strcmp(x->path, y->path);
}

/* The length of the path of the function above: the folder above, but for a host bridge that hangs on a
 * function. */
static size_t length_above(const char *path)
{
    const char *end = strrchr(path, '/');
    const char *start = end ? memrchr(path, '/', (size_t)(end - path)) : NULL;

    if (start && strncmp(start, "/pci", 4) == 0)
        end = start;
    return end ? (size_t)(end - path) : 0;
}

static bool is_low_above(const struct floor *f, size_t i)
{
    const char *path = f->found[i].path;
    size_t n = f->n_low ? length_above(path) : 0;

    while (n && i--)
        if (f->found[i].low && strncmp(f->found[i].path, path, n) == 0 && !f->found[i].path[n])
            return true;
    return false;
}

/* Whether config space is to be left alone, so as not to wake anything. */
static bool is_asleep(struct floor *f, size_t i, int folder, bool *ret_told)
{
    char text[TEXT_BYTES];
    bool asleep = is_low_above(f, i), low;

    *ret_told = read_text(f, folder, "power_state", text) >= 0;
    if (!*ret_told && read_text(f, folder, "power/runtime_status", text) >= 0)
        asleep |= strcmp(text, "suspended\n") == 0;
    asleep |= *ret_told && strcmp(text, "D3cold\n") == 0;
    low = asleep || (*ret_told && text[0] == 'D' && text[1] >= '1' && text[1] <= '3');
    f->found[i].low = low;
    f->n_low += low;
    return asleep;
}

/* False also at the end of what may be read. */
static bool read_config(struct floor *f, int config, uint32_t offset, void *buf, size_t size)
{
    return count(f, pread(config, buf, size, (off_t)offset)) == (ssize_t)size;
}

static uint32_t read_dword(struct floor *f, int config, uint32_t offset)
{
    uint32_t dword = UINT32_MAX;

    return read_config(f, config, offset, &dword, sizeof(dword)) ? dword : UINT32_MAX;
}

/* The type of the port or endpoint; -1 for conventional PCI. */
static int walk_conventional(struct floor *f, int config, uint32_t at)
{
    int type = -1;

    for (unsigned i = 0; at && i < MOST_CAPABILITIES; i++) {
        uint32_t entry = read_dword(f, config, at);

        if ((entry & 0xff) == 0xff)
            break;
        if ((entry & 0xff) == 0x10 && type < 0)
            type = (int)(entry >> 20 & 15);
        at = entry >> 8 & 0xfc;
    }
    return type;
}

/* True: there was an ACS capability. */
static bool walk_extended(struct floor *f, int config)
{
    uint32_t at = 0x100;
    uint64_t body;
    bool acs = false;

    for (unsigned i = 0; at && i < MOST_CAPABILITIES; i++) {
        uint32_t entry = read_dword(f, config, at);

        if (entry == 0 || entry == UINT32_MAX)
            break;
        if ((entry & 0xffff) == 0x0d && !acs)
            acs = read_config(f, config, at + 4, &body, sizeof(body));
        at = entry >> 20 & 0xffc;
    }
    return acs;
}

static void walk(struct floor *f, int config, const uint8_t header[64])
{
    bool intel = header[0] == 0x86 && header[1] == 0x80, listed = header[6] & 0x10;
    uint8_t first = header[(header[14] & 0x7f) == 2 ? 0x14 : 0x34] & 0xfc;
    int type = walk_conventional(f, config, listed ? first : 0);

    if (type >= 0 && !walk_extended(f, config) && intel && type == 4)
        (void)read_dword(f, config, 0xd8);
}

static bool read_ids(struct floor *f, int folder)
{
    static const char *const ids[] = {"device", "class", "subsystem_vendor", "subsystem_device", "revision"};
    char text[TEXT_BYTES];

    if (read_text(f, folder, "vendor", text) < 0)
        return false;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        (void)read_text(f, folder, ids[i], text);
    return true;
}

/* True: the header was read, and not that of a virtual function. */
static bool read_header(struct floor *f, int folder, uint8_t header[64])
{
    int config = openat(folder, "config", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool good;

    if (config < 0)
        return false;
    good = read_config(f, config, 0, header, 64);
    if (good)
        walk(f, config, header);
    else
        memset(header, 0, 64);
    (void)close(config);
    return good && !(header[0] == 0xff && header[1] == 0xff);
}

static void read_links(struct floor *f, int folder, bool may_be_virtual, bool named, bool told)
{
    char link[LINK_BYTES];
    bool driver = read_name(f, folder, "driver", link) >= 0, group;

    if (!driver)
        (void)is_there(folder, "vfio-dev");
    group = read_name(f, folder, "iommu_group", link) >= 0;
    if (may_be_virtual)
        (void)read_name(f, folder, "physfn", link);
    if (!driver || !group || !named)
        (void)is_there(folder, told ? "power_state" : "vendor");
}

static void read_function(struct floor *f, size_t i, int bus)
{
    uint8_t header[64] = {0};
    int folder = open_folder(bus, f->found[i].path);
    bool told, named;

    if (folder < 0)
        return;
    named = !is_asleep(f, i, folder, &told) && read_header(f, folder, header);
    if (!named)
        named = read_ids(f, folder);
    read_links(f, folder, (header[14] & 0x7f) == 0, named, told);
    (void)close(folder);
}

static void read_functions(struct floor *f)
{
    int bus = open_folder(f->root, "sys/bus/pci/devices");

    if (f->n_found)
        qsort(f->found, f->n_found, sizeof(*f->found), compare_found);
    for (size_t i = 0; i < f->n_found; i++)
        read_function(f, i, bus);
    close_folder(bus);
}

/* True: there is such a file. */
static bool read_probe(struct floor *f, const char *path)
{
    char text[TEXT_BYTES];
    int fd = openat(f->root, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return false;
    for (off_t at = 0, n = 1; n > 0; at += n)
        n = count(f, pread(fd, text, sizeof(text), at));
    (void)close(fd);
    return true;
}

static void read_probes(struct floor *f)
{
    if (!read_probe(f, "probe/holders.json") && !list(f, f->root, "sys/class/vfio", NULL))
        (void)is_there(f->root, "sys/class/vfio-dev");
    (void)read_probe(f, "probe/kernel.json");
}

int main(int argc, char **argv)
{
    struct floor f = {.root = argc == 2 ? open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC) : -1};

    if (argc != 2) {
        (void)fputs("usage: floor DIR\n", stderr);
        return 2;
    }
    if (f.root < 0)
        die(argv[1]);
    read_machine(&f);
    (void)list(&f, f.root, "sys/kernel/iommu_groups", read_group);
    (void)list(&f, f.root, "sys/bus/pci/devices", find_function);
    (void)list(&f, f.root, "sys/class/vfio", NULL);
    read_functions(&f);
    read_probes(&f);
    for (size_t i = 0; i < f.n_found; i++)
        free(f.found[i].path);
    free(f.found);
    (void)printf("%llu\n", (unsigned long long)f.bytes);
    return 0;
}
