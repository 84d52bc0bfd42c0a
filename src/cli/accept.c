/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/accept.h"

#include "base/cleanup.h"
#include "base/explain.h"
#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FOLDER "/etc/ioward/accept.d"
#define SECONDS_OF_A_DAY (24 * 60 * 60)

static int failed(struct iow_explain *reterr, int number, const char *path)
{
    bool denied = number == EACCES || number == EPERM;
    enum iow_rule rule = denied ? IOW_RULE_READ_DENIED : IOW_RULE_READ_FAILED;

    if (number == ENOMEM)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    if (number == ENOENT || number == ENOTDIR)
        return iow_explain_text(reterr, -IOW_ENOENT, rule, path);
    return iow_explain_text(reterr, denied ? -IOW_EACCES : -IOW_EIO, rule, path);
}

static int is_list(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return n > 5 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 5, ".conf") == 0;
}

/* The whole file, or an error number of the system; E2BIG: it is longer than any list. */
static int read_whole(const char *path, char *buf, size_t size, size_t *ret)
{
    IOW_CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    size_t len = 0;
    ssize_t n;

    if (fd < 0)
        return errno;
    while (len < size && (n = read(fd, buf + len, size - len)) != 0) {
        if (n < 0 && errno != EINTR)
            return errno;
        len += n > 0 ? (size_t)n : 0;
    }
    *ret = len;
    return len == size ? E2BIG : 0;
}

static int read_list(const char *folder, const char *name, struct iow_mem *mem, struct iow_acceptance **ret,
    uint32_t *ret_n, struct iow_explain *reterr)
{
    IOW_CLEANUP_FREE char *path = NULL;
    IOW_CLEANUP_FREE char *text = malloc(IOW_MAX_ACCEPT_BYTES + 1);
    const char *kept;
    size_t len = 0;
    int number;

    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        path = NULL;
        return failed(reterr, ENOMEM, folder);
    }
    kept = iow_mem_text(mem, path, strlen(path));
    if (!text || !kept)
        return failed(reterr, ENOMEM, folder);
    number = read_whole(path, text, IOW_MAX_ACCEPT_BYTES + 1, &len);
    if (number == E2BIG)
        return iow_explain_text(reterr, -IOW_E2BIG, IOW_RULE_ACCEPT_SIZE, path);
    if (number)
        return failed(reterr, number, path);
    return iow_accept_parse(text, len, kept, mem, ret, ret_n, reterr);
}

int iow_accept_read(const char *folder, bool wanted, struct iow_mem *mem, struct iow_acceptance **ret,
    uint32_t *ret_n, struct iow_explain *reterr)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, is_list, alphasort), r = 0;

    *ret = NULL;
    *ret_n = 0;
    if (n < 0)
        return errno == ENOENT && !wanted ? 0 : failed(reterr, errno, folder);
    for (int i = 0; i < n; i++) {
        if (r == 0)
            r = read_list(folder, entries[i]->d_name, mem, ret, ret_n, reterr);
        free(entries[i]);
    }
    free(entries);
    return r;
}

static int32_t today(const struct host *host)
{
    time_t now = (time_t)(host->now_usec() / 1000000);
    struct tm tm;

    return localtime_r(&now, &tm) ? (int32_t)((now + tm.tm_gmtoff) / SECONDS_OF_A_DAY) : 0;
}

/* Accepted risks are this machine's: another one has them only where it is said. */
int iow_accept_take(const struct options *options, struct iow_mem *mem, struct iow_acceptance **ret,
    uint32_t *ret_n, int32_t *ret_today)
{
    bool own = !options->from && !options->host->simulated;
    struct iow_explain explain = {0};

    *ret = NULL;
    *ret_n = 0;
    *ret_today = today(options->host);
    if ((own || options->accept) && iow_accept_read(options->accept ? options->accept : FOLDER,
                                        options->accept, mem, ret, ret_n, &explain) < 0)
        return iow_cli_explain(options, &explain, NULL);
    return EXIT_DONE;
}
