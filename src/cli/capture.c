/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a capture: to a temporary file beside the target, which takes the target's name only when it is
 * whole and on the disk. A signal removes it.
 */
#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/cli.h"
#include "report/escape.h"
#include "report/json.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct target {
    const char *path;
    char *folder;
    char *temporary; /* NULL: none, or it took the target's name */
    int fd;
};

/* What a signal handler must know. */
static char *volatile temporary_path;

static void on_signal(int number)
{
    if (temporary_path)
        (void)unlink(temporary_path);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void catch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction old;

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            (void)signal(numbers[i], on_signal);
}

static void drop_target(struct target *t)
{
    if (t->temporary) {
        (void)unlink(t->temporary);
        temporary_path = NULL;
    }
    free(t->temporary);
    free(t->folder);
    iow_cleanup_close(&t->fd);
}

/* Says what failed on a path; EXIT_FAILED. */
static int fail(const struct options *options, const char *path, int error)
{
    struct iow_explain explain;

    (void)iow_explain_text(&explain, -IOW_EIO, IOW_RULE_CAP_WRITE, path);
    return iow_cli_explain(options, &explain, strerror(error));
}

static int refuse(const char *path, const char *why)
{
    struct iow_text line = {0};

    iow_escape_text(&line, path);
    (void)fprintf(stderr, "ioward: %s: %s\n", line.data ? line.data : "", why);
    iow_text_done(&line);
    return EXIT_FAILED;
}

static int check_target(const struct options *options, const char *path)
{
    struct stat st;

    if (lstat(path, &st) < 0)
        return errno == ENOENT ? EXIT_DONE : fail(options, path, errno);
    if (!S_ISREG(st.st_mode))
        return refuse(path, "it exists and is not a regular file; name another file");
    if (options->given & OPTION_FORCE)
        return EXIT_DONE;
    return refuse(path, "it exists already; use --force to replace it");
}

static int open_target(struct target *t)
{
    const char *slash = strrchr(t->path, '/'), *name = slash ? slash + 1 : t->path;
    size_t len = slash == t->path ? 1 : slash ? (size_t)(slash - t->path) : 0;

    t->folder = len ? strndup(t->path, len) : strdup(".");
    if (!t->folder || asprintf(&t->temporary, "%s/.%s.XXXXXX", t->folder, name) < 0) {
        t->temporary = NULL;
        return -ENOMEM;
    }
    t->fd = mkostemp(t->temporary, O_CLOEXEC);
    if (t->fd < 0) {
        int error = errno;

        free(iow_take_pointer(t->temporary));
        return -error;
    }
    temporary_path = t->temporary;
    return 0;
}

/* With serial numbers in it the file is its owner's alone; else it is as any new file. */
static int set_mode(const struct target *t, const struct options *options)
{
    mode_t mask = umask(0);

    (void)umask(mask);
    return fchmod(t->fd, options->given & OPTION_KEEP_PRIVATE ? 0600 : 0666 & ~mask);
}

/* Gives the file its name; without --force only if nobody took the name meanwhile. */
static int name_target(struct target *t, bool replace)
{
    int r = replace ? rename(t->temporary, t->path)
                    : renameat2(AT_FDCWD, t->temporary, AT_FDCWD, t->path, RENAME_NOREPLACE);

    if (r < 0 && !replace && errno == EINVAL) {
        /* A file system without that flag: a link does not replace either. */
        r = link(t->temporary, t->path);
        if (r == 0)
            r = unlink(t->temporary);
    }
    if (r < 0)
        return -errno;
    temporary_path = NULL;
    free(iow_take_pointer(t->temporary));
    return 0;
}

static int finish_target(struct target *t, const struct options *options, uint64_t *ret_size)
{
    IOW_CLEANUP_CLOSE int folder = -1;
    struct stat st;
    int r;

    if (set_mode(t, options) < 0 || fsync(t->fd) < 0 || fstat(t->fd, &st) < 0)
        return -errno;
    *ret_size = (uint64_t)st.st_size;
    r = name_target(t, options->given & OPTION_FORCE);
    if (r < 0)
        return r;
    folder = open(t->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0)
        (void)fsync(folder);
    return 0;
}

static int write_capture(const struct options *options, int fd)
{
    unsigned flags = options->given & OPTION_KEEP_PRIVATE ? IOW_CAPTURE_KEEP_PRIVATE : 0;
    struct iow_explain explain = {0};
    struct iow_source *source;
    int r = options->from ? iow_source_open_path(options->from, &source, &explain)
                          : iow_source_open_live(&source, &explain);

    if (r < 0)
        return iow_cli_explain(options, &explain, NULL);
    r = iow_capture_write(source, fd, flags, &explain);
    (void)iow_source_close(source);
    return r < 0 ? iow_cli_explain(options, &explain, NULL) : EXIT_DONE;
}

static void tell(const struct options *options, const char *path, uint64_t size)
{
    struct iow_text line = {0};

    if (options->given & OPTION_JSON) {
        struct json_object *document = json_object_new_object();

        iow_json_put_text(document, "schema", "ioward.capture/1");
        iow_json_put_text(document, "path", path);
        iow_json_put_number(document, "size_bytes", size);
        iow_json_put_bool(document, "private_kept", options->given & OPTION_KEEP_PRIVATE);
        (void)iow_json_write(document, stdout);
        return;
    }
    iow_escape_text(&line, path);
    (void)printf("wrote %s, %llu bytes\n", line.data ? line.data : "it", (unsigned long long)size);
    iow_text_done(&line);
}

int iow_cli_capture(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(drop_target) struct target t = {.path = operands[0], .fd = -1};
    bool progress = isatty(STDERR_FILENO);
    uint64_t size = 0;
    int code, r;

    (void)n;
    if (strcmp(t.path, "-") == 0) {
        if (isatty(STDOUT_FILENO))
            return iow_cli_usage("a capture is not text: send standard output to a file, or name one");
        return write_capture(options, STDOUT_FILENO);
    }
    code = check_target(options, t.path);
    if (code != EXIT_DONE)
        return code;
    catch_signals();
    r = open_target(&t);
    if (r < 0)
        return fail(options, t.path, -r);
    if (progress)
        (void)fputs("reading the machine ...", stderr);
    code = write_capture(options, t.fd);
    if (progress)
        (void)fputs("\r\033[K", stderr);
    if (code != EXIT_DONE)
        return code;
    r = finish_target(&t, options, &size);
    if (r < 0)
        return fail(options, t.path, -r);
    tell(options, t.path, size);
    return EXIT_DONE;
}
