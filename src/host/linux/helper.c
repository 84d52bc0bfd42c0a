/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a helper does: one read or one write, and nothing else.
 *
 *   write TEXT                    waits for a byte on its input; writes TEXT to its output at once
 *   read                          reads its input at once and passes it on to its output, a pipe
 *   load DRIVER                   waits for a byte on its input; has the module of DRIVER loaded; its output is
 *                                 the folder of the bus, "sys/bus/pci"
 *   bind DRIVER MODALIAS ADDRESS  the same, then binds the function at ADDRESS unless loading has bound it
 *
 * It has no privileges other than its caller's, and acts only on files that its caller opened. An input that ends without
 * a byte means that the caller is gone or thought better of it: nothing is done.
 */
#include "host/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/linux/act.h"

#define UNKNOWN_ERROR 255

static bool is(int fd, mode_t type)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type;
}

static int wait_for_go(void)
{
    char byte;
    ssize_t n;

    do
        n = read(STDIN_FILENO, &byte, 1);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    (void)close(STDIN_FILENO);
    return n == 1 ? 0 : -ECANCELED;
}

/* A store of sysfs gets what one write(2) brings; the rest of a short one would be a second store. */
static int write_once(int fd, const char *text)
{
    size_t len = strlen(text);
    ssize_t n = write(fd, text, len);

    if (n < 0)
        return -errno;
    return (size_t)n == len ? 0 : -EIO;
}

static int do_write(char **args)
{
    size_t len = strlen(args[0]);
    int r;

    if (len == 0 || len >= IOW_VALUE_BYTES || !is(STDIN_FILENO, S_IFSOCK))
        return -EINVAL;
    r = wait_for_go();
    return r < 0 ? r : write_once(STDOUT_FILENO, args[0]);
}

static int do_read(char **args)
{
    char text[IOW_VALUE_BYTES];
    ssize_t n;

    (void)args;
    if (!is(STDOUT_FILENO, S_IFIFO))
        return -EINVAL;
    n = read(STDIN_FILENO, text, sizeof(text));
    if (n < 0 || (n > 0 && write(STDOUT_FILENO, text, (size_t)n) != n))
        return -errno;
    return 0;
}

static void unref_context(struct kmod_ctx **context)
{
    (void)kmod_unref(*context);
}

static void unref_list(struct kmod_list **list)
{
    (void)kmod_module_unref_list(*list);
}

/*
 * As modprobe does for what was asked for by name: a blacklist keeps out only what an alias led to.
 * Returns: 0 also when all of it was kept out; -ENOENT there is no such module
 */
static int load_modules(struct kmod_ctx *context, const char *name)
{
    IOW_CLEANUP(unref_list) struct kmod_list *found = NULL;
    struct kmod_list *entry;
    int r = kmod_module_new_from_lookup(context, name, &found), worst = 0;

    if (r < 0 || !found)
        return r < 0 ? r : -ENOENT;
    kmod_list_foreach(entry, found)
    {
        struct kmod_module *module = kmod_module_get_module(entry);

        r = kmod_module_probe_insert_module(
            module, KMOD_PROBE_APPLY_BLACKLIST_ALIAS_ONLY, NULL, NULL, NULL, NULL);
        (void)kmod_module_unref(module);
        if (r < 0)
            worst = r;
    }
    return worst;
}

static bool is_registered(int bus, const char *driver)
{
    char path[NAME_MAX + sizeof("drivers/")];

    (void)snprintf(path, sizeof(path), "drivers/%s", driver);
    return faccessat(bus, path, F_OK, 0) == 0;
}

/* The name first: all modules that fit the device would be loaded by its modalias, and the wrong one might take it. Many
 * drivers, though, are not called like their module. */
static int load_driver(int bus, const char *driver, const char *modalias)
{
    IOW_CLEANUP(unref_context) struct kmod_ctx *context = NULL;
    int r = 0;

    if (is_registered(bus, driver))
        return 0;
    context = kmod_new(NULL, NULL);
    if (!context)
        return -ENOMEM;
    kmod_set_log_fn(context, NULL, NULL);
    r = load_modules(context, driver);
    if (!is_registered(bus, driver) && modalias[0])
        r = load_modules(context, modalias);
    if (is_registered(bus, driver))
        return 0;
    return r < 0 ? r : -ENODEV;
}

/* The bus's folder out of the way of what the configuration of modules may have started. */
static int take_bus(void)
{
    int bus = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

    if (bus < 0)
        return -errno;
    if (dup2(STDERR_FILENO, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return -errno;
    return bus;
}

static int bind_there(int bus, const char *driver, const char *address)
{
    IOW_CLEANUP_CLOSE int fd = -1;
    char path[NAME_MAX + sizeof("drivers//bind")], link[PATH_MAX];
    ssize_t n;

    (void)snprintf(path, sizeof(path), "devices/%s/driver", address);
    n = readlinkat(bus, path, link, sizeof(link) - 1);
    if (n > 0) {
        link[n] = '\0';
        return strcmp(basename(link), driver) == 0 ? 0 : -EBUSY;
    }
    (void)snprintf(path, sizeof(path), "drivers/%s/bind", driver);
    fd = openat(bus, path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? -errno : write_once(fd, address);
}

static int do_load_for(const char *driver, const char *modalias, const char *address)
{
    int bus, r;

    if (!iow_act_file_name(driver) || !is(STDIN_FILENO, S_IFSOCK) || !is(STDOUT_FILENO, S_IFDIR))
        return -EINVAL;
    r = wait_for_go();
    if (r < 0)
        return r;
    bus = take_bus();
    if (bus < 0)
        return bus;
    r = load_driver(bus, driver, modalias);
    return r < 0 || !address ? r : bind_there(bus, driver, address);
}

static int do_load(char **args)
{
    return do_load_for(args[0], "", NULL);
}

static int do_bind(char **args)
{
    struct iow_address address;

    if (iow_address_parse(args[2], strlen(args[2]), &address) < 0)
        return -EINVAL;
    return do_load_for(args[0], args[1], args[2]);
}

static const struct {
    const char *name;
    int n_args;
    int (*run)(char **args);
} modes[] = {
    {.name = "write", .n_args = 1, .run = do_write},
    {.name = "read", .n_args = 0, .run = do_read},
    {.name = "load", .n_args = 1, .run = do_load},
    {.name = "bind", .n_args = 3, .run = do_bind},
};

static int run(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (argc == modes[i].n_args + 2 && strcmp(argv[1], modes[i].name) == 0)
            return modes[i].run(argv + 2);
    return -EINVAL;
}

bool iow_helper_main(int argc, char **argv, int *ret_code)
{
    int r;

    if (argc < 1 || strcmp(argv[0], IOW_HELPER_NAME) != 0)
        return false;
    (void)prctl(PR_SET_NAME, IOW_HELPER_NAME);
    r = argc < 2 ? -EINVAL : run(argc, argv);
    *ret_code = r >= 0 ? 0 : -r <= EHWPOISON ? -r : UNKNOWN_ERROR;
    return true;
}
