/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a capture: to a temporary file beside the target, which takes the target's name only when it is
 * whole, on the disk, and was read back. A signal removes it.
 */
#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/cli.h"
#include "report/escape.h"
#include "report/notes.h"
#include "report/view-json.h"
#include "report/wrap.h"

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

/* Says what the system said about a path; EXIT_FAILED. */
static int fail(const struct options *options, const char *path, int error)
{
    struct iow_explain explain;

    (void)iow_explain_text(&explain, -IOW_EIO, IOW_RULE_CAP_WRITE, path);
    iow_explain_evidence(&explain, (uint64_t)error, 0, 0);
    return iow_cli_explain(options, &explain, NULL);
}

static int refuse(const struct options *options, const char *path, const char *why)
{
    struct iow_explain explain;

    (void)iow_explain_text(&explain, -IOW_EINVAL, IOW_RULE_CAP_WRITE, path);
    return iow_cli_explain(options, &explain, why);
}

static int check_target(const struct options *options, const char *path)
{
    struct stat st;

    if (lstat(path, &st) < 0)
        return errno == ENOENT ? EXIT_DONE : fail(options, path, errno);
    if (!S_ISREG(st.st_mode))
        return refuse(options, path, "it exists and is not a regular file");
    return options->given & OPTION_FORCE ? EXIT_DONE : fail(options, path, EEXIST);
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

/*
 * Reads back what was written, to know what is missing in it. The file stays whatever comes out: a machine that ioward
 * cannot make sense of is worth recording most.
 */
static int read_back(struct machine *m, const struct options *options, const char *path)
{
    struct options again = *options;
    int code;

    again.from = path;
    code = iow_cli_read(m, &again, IOW_READ_ALL);
    return code == EXIT_DONE ? iow_cli_view(m, &again, false) : code;
}

static int tell_json(
    const struct options *options, const struct iow_view *view, const char *path, uint64_t size)
{
    struct json_object *document = json_object_new_object(), *missing = json_object_new_array();

    for (uint32_t i = 0; i < view->n_missing; i++)
        json_object_array_add(missing, iow_json_missing(&view->missing[i]));
    iow_json_put_text(document, "schema", "ioward.capture/1");
    iow_json_put_text(document, "path", path);
    iow_json_put_number(document, "size_bytes", size);
    iow_json_put_bool(document, "private_kept", options->given & OPTION_KEEP_PRIVATE);
    iow_json_put(document, "missing", missing);
    return iow_json_write(document, stdout);
}

static int tell(const struct options *options, const struct iow_view *view, const char *path, uint64_t size)
{
    struct iow_text line = {0};

    if (options->given & OPTION_JSON)
        return tell_json(options, view, path, size);
    iow_escape_text(&line, path);
    (void)printf("wrote %s, %llu bytes\n", line.data ? line.data : "it", (unsigned long long)size);
    iow_text_done(&line);
    return iow_missing_print(view->missing_list, view->n_missing, stdout, iow_wrap_width(stdout))
               ? 0
               : -IOW_ENOMEM;
}

static int record(struct target *t, const struct options *options)
{
    bool progress = isatty(STDERR_FILENO);
    int code;

    if (progress)
        (void)fputs("reading the machine ...", stderr);
    code = write_capture(options, t->fd);
    if (progress)
        (void)fputs("\r\033[K", stderr);
    return code;
}

int iow_cli_capture(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(drop_target) struct target t = {.path = operands[0], .fd = -1};
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    uint64_t size = 0;
    int code, r;

    (void)n;
    (void)signal(SIGXFSZ, SIG_IGN); /* a limit of the file's size is an error like a full disk */
    if (strcmp(t.path, "-") == 0) {
        if (isatty(STDOUT_FILENO))
            return iow_cli_usage(
                "capture", "a capture is not text: send standard output to a file, or name one");
        return write_capture(options, STDOUT_FILENO);
    }
    code = check_target(options, t.path);
    if (code != EXIT_DONE)
        return code;
    catch_signals();
    (void)signal(SIGPIPE, SIG_IGN); /* nobody reading what we say must not leave the temporary file */
    r = open_target(&t);
    if (r < 0)
        return fail(options, t.path, -r);
    code = record(&t, options);
    if (code != EXIT_DONE)
        return code;
    r = finish_target(&t, options, &size);
    if (r < 0)
        return fail(options, t.path, -r);
    code = read_back(&m, options, t.path);
    return code == EXIT_DONE ? iow_cli_drawn(options, tell(options, m.view, t.path, size)) : code;
}
