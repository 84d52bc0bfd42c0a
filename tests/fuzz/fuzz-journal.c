/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stranger's bytes as the journal and as the history: looked at, opened to be written, listed. */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exec/history.h"
#include "exec/journal.h"

#define BOOT "c0ffee00-0000-0000-0000-000000000000"

static char folder[64], path[96];

static void clean(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    char name[128];

    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
        (void)unlink(name);
    }
}

static void leave(void)
{
    clean();
    (void)rmdir(folder);
}

static void put(const uint8_t *data, size_t size)
{
    int fd;

    if (!*folder) {
        strcpy(folder, "/tmp/ioward-fuzz-XXXXXX");
        FUZZ_REQUIRE(mkdtemp(folder));
        (void)snprintf(path, sizeof(path), "%s/journal.db", folder);
        FUZZ_REQUIRE(atexit(leave) == 0);
    }
    clean();
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FUZZ_REQUIRE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    (void)close(fd);
}

static void require_refusal(int r, const struct iow_explain *why)
{
    FUZZ_REQUIRE(r == -IOW_EIO && why->code == r && why->rule == IOW_RULE_EXEC_JOURNAL);
    FUZZ_REQUIRE(!memcmp(why->text, path, strlen(path)));
}

static void list(struct iow_journal *journal)
{
    const struct iow_claim *claims;
    struct iow_explain why;
    struct iow_mem mem;
    uint32_t n;
    int r;

    iow_mem_init_malloc(&mem);
    r = iow_journal_claims(journal, &mem, &claims, &n, &why);
    if (r < 0)
        require_refusal(r, &why);
    for (uint32_t i = 0; r == 0 && i < n; i++) {
        FUZZ_REQUIRE(claims[i].state < IOW_CLAIM__COUNT && claims[i].command);
        for (uint32_t j = 0; j < claims[i].n_steps; j++)
            FUZZ_REQUIRE(claims[i].steps[j].state < IOW_STEP_STATE__COUNT &&
                         claims[i].steps[j].step.kind < IOW_STEP__COUNT && claims[i].steps[j].step.before &&
                         claims[i].steps[j].step.after);
        for (uint32_t j = 0; j < claims[i].n_members; j++)
            FUZZ_REQUIRE(claims[i].members[j].role < IOW_MEMBER__COUNT);
        if (r == 0 && i == 0)
            (void)iow_journal_end(journal, claims[i].id, &why);
    }
    iow_mem_done(&mem);
}

static void history(void)
{
    const struct iow_history_entry *entries;
    struct iow_history_file *file;
    struct iow_explain why;
    struct iow_mem mem;
    uint32_t n;

    if (iow_history_open_read(path, &file, &why) < 0)
        return;
    iow_mem_init_malloc(&mem);
    if (iow_history_list(file, 100, &mem, &entries, &n, &why) == 0)
        FUZZ_REQUIRE(n <= 100);
    iow_mem_done(&mem);
    iow_history_close(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iow_journal *journal;
    struct iow_explain why;
    int r;

    put(data, size);
    history();
    r = iow_journal_open_read(path, BOOT, &journal, &why);
    if (r == 0) {
        list(journal);
        iow_journal_close(journal);
    } else {
        require_refusal(r, &why);
    }
    r = iow_journal_open(path, BOOT, &journal, &why);
    if (r == 0) {
        list(journal);
        iow_journal_close(journal);
    } else {
        require_refusal(r, &why);
    }
    return 0;
}
