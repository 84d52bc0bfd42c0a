/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading, attaching, pinning. The files appear in a folder of another name, which gets its real one when all is
 * there; a lock of the folder above keeps two of us from doing so at once. What a killed one left is removed first.
 */
#include "host/linux/bpf/load.h"

#include "base/cleanup.h"
#include "base/explain.h"
#include "hold.skel.h"
#include "host/linux/bpf/pin.h"
#include "look.skel.h"

#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#define TYPES "/sys/kernel/btf/vmlinux"
#define NEW "new"

/* The programs' files, beside those of pin.h. */
#define LOOK_AT_GROUP "look-at-group"
#define LOOK_AT_MEMBERS "look-at-members"

/* --- what this kernel has --- */

/* Without these there is nothing to tell; what else the programs look at, they do without. */
static const struct {
    const char *name;
    unsigned kind;
    const char *fields[5];
} needed[] = {
    {"iommu_group_show_type", BTF_KIND_FUNC, {NULL}},
    {"iommu_group", BTF_KIND_STRUCT, {"id", "owner", "owner_cnt", "domain", "default_domain"}},
};

static bool has_field(const struct btf *types, const struct btf_type *type, const char *name)
{
    const struct btf_member *member = btf_members(type);

    for (unsigned i = 0; i < btf_vlen(type); i++)
        if (strcmp(btf__name_by_offset(types, member[i].name_off), name) == 0)
            return true;
    return false;
}

/* The first thing that is not there; NULL: all is. */
static const char *find_lacking(const struct btf *types)
{
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        int id = btf__find_by_name_kind(types, needed[i].name, needed[i].kind);

        if (id < 0)
            return needed[i].name;
        for (size_t k = 0; k < 5 && needed[i].fields[k]; k++)
            if (!has_field(types, btf__type_by_id(types, (unsigned)id), needed[i].fields[k]))
                return needed[i].fields[k];
    }
    return NULL;
}

static int check_types(struct iow_explain *reterr)
{
    struct btf *types = btf__load_vmlinux_btf();
    const char *lacking;

    if (!types)
        return iow_explain_text(reterr, -IOW_EOPNOTSUPP, IOW_RULE_KERNEL_TYPES, TYPES);
    lacking = find_lacking(types);
    btf__free(types);
    return lacking ? iow_explain_text(reterr, -IOW_EOPNOTSUPP, IOW_RULE_KERNEL_LACKS, lacking) : 0;
}

/* --- the programs --- */

static int silent(enum libbpf_print_level level, const char *format, va_list args)
{
    (void)level;
    (void)format;
    (void)args;
    return 0;
}

/* The programs, loaded; with the members' one only where the kernel lets a program follow a list. */
static struct look *load(bool with_members, int *ret_error)
{
    struct look *look = look__open();

    *ret_error = -errno;
    if (!look)
        return NULL;
    (void)bpf_program__set_autoload(look->progs.look_at_members, with_members);
    if (getrandom(look->rodata->token_key, sizeof(look->rodata->token_key), 0) ==
        (ssize_t)sizeof(look->rodata->token_key)) {
        *ret_error = look__load(look);
        if (*ret_error == 0)
            return look;
    }
    look__destroy(look);
    return NULL;
}

static const char *path_of(int folder, const char *name, char buf[64])
{
    (void)snprintf(buf, 64, "/proc/self/fd/%d/%s", folder, name);
    return buf;
}

/* What stands at a function's entry stays there as long as its file does. */
static int pin_program(struct bpf_program *program, const char *path)
{
    struct bpf_link *link;
    int r;

    if (!bpf_program__autoload(program))
        return 0;
    link = bpf_program__attach(program);
    if (!link)
        return -errno;
    r = bpf_link__pin(link, path);
    (void)bpf_link__destroy(link);
    return r;
}

static int pin_all(const struct look *look, int folder)
{
    char path[64];
    int r = bpf_map__pin(look->maps.groups, path_of(folder, IOW_PIN_GROUPS, path));

    if (r == 0)
        r = bpf_map__pin(look->maps.members, path_of(folder, IOW_PIN_MEMBERS, path));
    if (r == 0)
        r = pin_program(look->progs.look_at_group, path_of(folder, LOOK_AT_GROUP, path));
    return r == 0 ? pin_program(look->progs.look_at_members, path_of(folder, LOOK_AT_MEMBERS, path)) : r;
}

/* --- their files --- */

static void remove_new(int outer)
{
    static const char *const file[] = {LOOK_AT_GROUP, LOOK_AT_MEMBERS, IOW_PIN_GROUPS, IOW_PIN_MEMBERS};
    int folder = openat(outer, NEW, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    for (size_t i = 0; i < sizeof(file) / sizeof(file[0]); i++)
        (void)unlinkat(folder, file[i], 0);
    iow_cleanup_close(&folder);
    (void)unlinkat(outer, NEW, AT_REMOVEDIR);
}

static int fill_new(int outer, const struct look *look)
{
    IOW_CLEANUP_CLOSE int folder = -1;
    int r;

    remove_new(outer);
    if (mkdirat(outer, NEW, 0700) < 0)
        return -errno;
    folder = iow_pin_folder_open(outer, NEW);
    r = folder < 0 ? folder : pin_all(look, folder);
    if (r == 0 && renameat(outer, NEW, outer, iow_pin_identity()) < 0)
        r = -errno;
    if (r < 0)
        remove_new(outer);
    return r;
}

static int load_into(int outer, struct iow_explain *reterr)
{
    struct look *look;
    int r;

    (void)libbpf_set_print(silent);
    look = load(true, &r);
    if (!look)
        look = load(false, &r);
    if (look) {
        r = fill_new(outer, look);
        look__destroy(look);
    }
    return r < 0 ? iow_explain_text(reterr, r, IOW_RULE_KERNEL_REFUSED, iow_error_name(r)) : 0;
}

/* The folder of all builds, locked. */
static int open_outer(int root_fd, int *ret, struct iow_explain *reterr)
{
    IOW_CLEANUP_CLOSE int outer = -1;
    struct statfs fs;

    if (statfs("/" IOW_PIN_BPFFS, &fs) < 0 || fs.f_type != BPF_FS_MAGIC)
        return iow_explain_text(reterr, -IOW_EOPNOTSUPP, IOW_RULE_KERNEL_BPFFS, "/" IOW_PIN_BPFFS);
    if (mkdir("/" IOW_PIN_FOLDER, 0700) < 0 && errno != EEXIST)
        return iow_explain_text(reterr, -errno, IOW_RULE_KERNEL_REFUSED, iow_error_name(errno));
    outer = iow_pin_folder_open(root_fd, IOW_PIN_FOLDER);
    if (outer < 0)
        return iow_explain_text(reterr, outer, IOW_RULE_KERNEL_FOLDER, "/" IOW_PIN_FOLDER);
    *ret = openat(outer, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*ret < 0 || flock(*ret, LOCK_EX) < 0)
        return iow_explain_text(reterr, -errno, IOW_RULE_KERNEL_REFUSED, iow_error_name(errno));
    return 0;
}

/*
 * Who holds which device: beside the others, as soon as VFIO is there. That it is not is no error: then nobody holds
 * any. Nor is a kernel that refuses: then files tell as much as they do.
 */
static void add_holders(int outer)
{
    IOW_CLEANUP_CLOSE int folder = iow_pin_folder_open(outer, iow_pin_identity());
    struct hold *hold;
    char path[64];

    (void)libbpf_set_print(silent);
    hold = folder < 0 ? NULL : hold__open_and_load();
    if (!hold)
        return;
    (void)pin_program(hold->progs.look_at_mappings, path_of(folder, IOW_PIN_MAPPINGS, path));
    (void)pin_program(hold->progs.look_at_files, path_of(folder, IOW_PIN_FILES, path));
    hold__destroy(hold);
}

static bool has_holders(int root_fd)
{
    return faccessat(root_fd, iow_pin_files_path(), F_OK, 0) == 0;
}

static bool is_made(int root_fd)
{
    struct iow_pin pin;

    if (iow_pin_open(root_fd, &pin) < 0)
        return false;
    iow_pin_close(&pin);
    return true;
}

int iow_pin_make(struct iow_explain *reterr)
{
    IOW_CLEANUP_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), outer = -1;
    int r;

    /* Everyone may make a folder in a file system that was mounted without a mode: not in our name. */
    if (geteuid() != 0)
        return iow_explain(reterr, -IOW_EPERM, IOW_RULE_KERNEL_PRIVILEGE);
    if (is_made(root) && has_holders(root))
        return 0;
    r = check_types(reterr);
    if (r == 0)
        r = open_outer(root, &outer, reterr);
    if (r == 0 && !is_made(root))
        r = load_into(outer, reterr);
    if (r == 0 && !has_holders(root))
        add_holders(outer);
    return r;
}
