/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BOOT "0a0a0a0a-1111-2222-3333-444444444444"
#define OTHER_BOOT "0b0b0b0b-1111-2222-3333-444444444444"

struct desk {
    char folder[64], path[96];
    struct fake fake;
    struct iow_mem mem;
    struct iow_facts *facts;
    struct iow_plan *plan;
    struct iow_journal *journal;
    struct iow_explain why;
};

static const struct iow_transaction about = {.uid = 1000,
    .by_uid = 7,
    .bound = true,
    .command = "qemu 'a b' \xff",
    .supervisor = {.pid = 4194303, .start_ticks = 1ull << 40},
    .now_usec = 1700000000000001u};

static int open_desk(struct desk *d, const char *boot)
{
    return iow_journal_open(d->path, boot, &d->journal, &d->why);
}

static void set_up(struct desk *d)
{
    memset(d, 0, sizeof(*d));
    strcpy(d->folder, "/tmp/ioward-journal-XXXXXX");
    assert_non_null(mkdtemp(d->folder));
    (void)snprintf(d->path, sizeof(d->path), "%s/journal.db", d->folder);
    iow_mem_init_malloc(&d->mem);
    fake_init(&d->fake, 3, true, 1);
    d->facts = fake_facts(&d->fake);
    d->plan = fake_plan(&d->fake, d->facts, &d->mem);
    assert_int_equal(open_desk(d, BOOT), 0);
}

static void close_desk(struct desk *d)
{
    d->journal = iow_journal_close(d->journal);
}

static void remove_beside(struct desk *d, const char *suffix)
{
    char path[128];

    (void)snprintf(path, sizeof(path), "%s%s", d->path, suffix);
    (void)unlink(path);
}

static void tear_down(struct desk *d)
{
    close_desk(d);
    iow_facts_free(d->facts);
    iow_mem_done(&d->mem);
    remove_beside(d, "");
    remove_beside(d, "-wal");
    remove_beside(d, "-shm");
    assert_int_equal(rmdir(d->folder), 0);
}

static int64_t begin(struct desk *d)
{
    int64_t transaction = -1;

    assert_int_equal(iow_journal_begin(d->journal, d->facts, d->plan, &about, &transaction, &d->why), 0);
    return transaction;
}

static const struct iow_claim *claims_of(struct desk *d, uint32_t *n)
{
    const struct iow_claim *claims;

    assert_int_equal(iow_journal_claims(d->journal, &d->mem, &claims, n, &d->why), 0);
    return claims;
}

static uint32_t count(struct desk *d)
{
    uint32_t n;

    (void)claims_of(d, &n);
    return n;
}

static void reopen(struct desk *d)
{
    close_desk(d);
    assert_int_equal(open_desk(d, BOOT), 0);
}

static void a_claim_is_read_as_it_was_written(void **state)
{
    const struct iow_claim *c;
    struct desk d;
    uint32_t n;

    (void)state;
    set_up(&d);
    assert_int_equal(begin(&d), 1);
    reopen(&d);
    c = claims_of(&d, &n);
    assert_int_equal(n, 2);
    assert_int_equal(c[0].transaction, 1);
    assert_int_equal(c[0].state, IOW_CLAIM_TAKING);
    assert_int_equal(c[0].group, 1);
    assert_int_equal(c[1].group, 2);
    assert_int_equal(c[1].uid, 1000);
    assert_int_equal(c[1].by_uid, 7);
    assert_int_equal(c[1].began_usec, about.now_usec);
    assert_true(c[1].bound);
    assert_string_equal(c[1].command, about.command);
    assert_int_equal(c[1].supervisor.pid, 4194303);
    assert_int_equal(c[1].supervisor.start_ticks, 1ull << 40);
    assert_int_equal(c[0].n_members, 2);
    assert_int_equal(c[0].members[0].function.device, 1);
    assert_int_equal(c[0].members[0].role, IOW_MEMBER_ASKED);
    assert_int_equal(c[0].members[1].function.device, 3);
    assert_int_equal(c[0].members[1].role, IOW_MEMBER_COMPANION);
    assert_int_equal(c[0].n_steps + c[1].n_steps, d.plan->n_steps);
    assert_int_equal(c[0].steps[0].step.kind, IOW_STEP_LOAD);
    tear_down(&d);
}

static const struct iow_claim_step *step_numbered(const struct iow_claim *c, uint32_t n, int64_t id)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < c[i].n_steps; j++)
            if (c[i].steps[j].id == id)
                return &c[i].steps[j];
    return NULL;
}

static void steps_ascend_in_the_order_of_the_plan(void **state)
{
    const struct iow_claim *c;
    struct desk d;
    uint32_t n;

    (void)state;
    set_up(&d);
    begin(&d);
    c = claims_of(&d, &n);
    for (uint32_t i = 0; i < d.plan->n_steps; i++) {
        const struct iow_claim_step *step = step_numbered(c, n, c[0].steps[0].id + i);
        const struct iow_step *planned = &d.plan->steps[i];

        assert_non_null(step);
        assert_int_equal(step->state, IOW_STEP_PLANNED);
        assert_int_equal(step->step.kind, planned->kind);
        assert_int_equal(step->step.group, planned->group);
        assert_int_equal(step->step.identity, planned->identity);
        assert_int_equal(iow_address_compare(&step->step.function, &planned->function), 0);
        assert_string_equal(step->step.before, planned->before);
        assert_string_equal(step->step.after, planned->after);
    }
    tear_down(&d);
}

static void every_state_and_rule_of_a_step_is_kept(void **state)
{
    const struct iow_effort effort = {.pid = 12, .start_ticks = 34};
    const struct iow_claim *c;
    struct desk d;
    uint32_t n;
    int64_t id;

    (void)state;
    set_up(&d);
    begin(&d);
    id = claims_of(&d, &n)[0].steps[1].id;
    for (unsigned i = 0; i < IOW_RULE__COUNT; i++) {
        enum iow_step_state step_state = i % IOW_STEP_STATE__COUNT;

        assert_int_equal(iow_journal_step(d.journal, id, step_state, i % 2 ? &effort : NULL,
                             i % 3 ? NULL : "found", (enum iow_rule)i, (int)i, NULL),
            0);
        c = claims_of(&d, &n);
        assert_int_equal(c[0].steps[1].state, step_state);
        assert_int_equal(c[0].steps[1].rule, i);
        assert_int_equal(c[0].steps[1].error, i);
        assert_int_equal(c[0].steps[1].effort.pid, i % 2 ? 12 : 0);
        assert_int_equal(c[0].steps[1].effort.start_ticks, i % 2 ? 34 : 0);
        assert_string_equal(c[0].steps[1].step.before, "found");
    }
    tear_down(&d);
}

static void claims_change_state_alone_and_are_held_together(void **state)
{
    const struct iow_claim *c;
    struct desk d;
    uint32_t n;

    (void)state;
    set_up(&d);
    begin(&d);
    assert_int_equal(iow_journal_hold(d.journal, 1, NULL), 0);
    c = claims_of(&d, &n);
    assert_int_equal(c[0].state, IOW_CLAIM_HELD);
    assert_int_equal(c[1].state, IOW_CLAIM_HELD);
    assert_int_equal(iow_journal_state(d.journal, c[1].id, IOW_CLAIM_RELEASING, NULL), 0);
    c = claims_of(&d, &n);
    assert_int_equal(c[0].state, IOW_CLAIM_HELD);
    assert_int_equal(c[1].state, IOW_CLAIM_RELEASING);
    tear_down(&d);
}

static void a_claim_does_not_end_while_a_step_is_open(void **state)
{
    static const bool open[IOW_STEP_STATE__COUNT] = {
        [IOW_STEP_INTENDED] = true, [IOW_STEP_DONE] = true, [IOW_STEP_UNDOING] = true};
    struct desk d;

    (void)state;
    set_up(&d);
    for (unsigned i = 0; i < IOW_STEP_STATE__COUNT; i++) {
        const struct iow_claim *c;
        uint32_t n;

        begin(&d);
        c = claims_of(&d, &n) + n - 2;
        assert_int_equal(
            iow_journal_step(d.journal, c->steps[0].id, i, NULL, NULL, IOW_RULE_NONE, 0, NULL), 0);
        assert_int_equal(iow_journal_end(d.journal, c->id, &d.why), open[i] ? -IOW_EINVAL : 0);
        assert_int_equal(
            iow_journal_step(d.journal, c->steps[0].id, IOW_STEP_UNDONE, NULL, NULL, IOW_RULE_NONE, 0, NULL),
            open[i] ? 0 : -IOW_EINVAL); /* gone with its claim */
        if (open[i])
            assert_int_equal(iow_journal_end(d.journal, c->id, &d.why), 0);
        assert_int_equal(iow_journal_end(d.journal, c[1].id, &d.why), 0);
        assert_int_equal(count(&d), 0);
    }
    tear_down(&d);
}

static void numbers_of_transactions_are_not_used_again(void **state)
{
    const struct iow_claim *c;
    struct desk d;
    uint32_t n;

    (void)state;
    set_up(&d);
    assert_int_equal(begin(&d), 1);
    c = claims_of(&d, &n);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(iow_journal_end(d.journal, c[i].id, NULL), 0);
    reopen(&d);
    assert_int_equal(begin(&d), 2);
    tear_down(&d);
}

static void what_is_not_there_is_not_changed(void **state)
{
    struct desk d;

    (void)state;
    set_up(&d);
    assert_int_equal(
        iow_journal_step(d.journal, 5, IOW_STEP_DONE, NULL, NULL, IOW_RULE_NONE, 0, &d.why), -IOW_EINVAL);
    assert_int_equal(iow_journal_state(d.journal, 5, IOW_CLAIM_HELD, &d.why), -IOW_EINVAL);
    assert_int_equal(iow_journal_hold(d.journal, 5, &d.why), -IOW_EINVAL);
    assert_int_equal(d.why.rule, IOW_RULE_EXEC_JOURNAL);
    tear_down(&d);
}

static void a_step_without_a_member_in_its_group_is_malformed(void **state)
{
    struct iow_step step = {.kind = IOW_STEP_GIVE, .group = 77, .before = "", .after = ""};
    struct iow_plan plan;
    struct desk d;
    int64_t transaction;

    (void)state;
    set_up(&d);
    plan = *d.plan;
    plan.steps = &step;
    plan.n_steps = 1;
    assert_int_equal(iow_journal_begin(d.journal, d.facts, &plan, &about, &transaction, &d.why), -IOW_EINVAL);
    plan = *d.plan;
    plan.n_members = 0;
    assert_int_equal(iow_journal_begin(d.journal, d.facts, &plan, &about, &transaction, &d.why), -IOW_EINVAL);
    assert_int_equal(count(&d), 0);
    tear_down(&d);
}

static void what_another_boot_left_is_void(void **state)
{
    struct desk d;

    (void)state;
    set_up(&d);
    begin(&d);
    close_desk(&d);
    assert_int_equal(open_desk(&d, OTHER_BOOT), 0);
    assert_int_equal(count(&d), 0);
    assert_int_equal(begin(&d), 1);
    close_desk(&d);
    assert_int_equal(open_desk(&d, BOOT), 0);
    assert_int_equal(count(&d), 0);
    tear_down(&d);
}

static void whoever_only_looks_at_another_boots_journal_sees_none_and_leaves_it(void **state)
{
    struct desk d;

    (void)state;
    set_up(&d);
    begin(&d);
    close_desk(&d);
    assert_int_equal(iow_journal_open_read(d.path, OTHER_BOOT, &d.journal, &d.why), 0);
    assert_int_equal(count(&d), 0);
    close_desk(&d);
    assert_int_equal(iow_journal_open_read(d.path, BOOT, &d.journal, &d.why), 0);
    assert_int_equal(count(&d), 2);
    tear_down(&d);
}

static void whoever_only_looks_makes_no_file(void **state)
{
    struct desk d;

    (void)state;
    set_up(&d);
    close_desk(&d);
    remove_beside(&d, "");
    assert_int_equal(iow_journal_open_read(d.path, BOOT, &d.journal, &d.why), 0);
    assert_int_equal(count(&d), 0);
    assert_int_equal(access(d.path, F_OK), -1);
    tear_down(&d);
}

static void readers_see_what_the_writer_committed_while_he_writes(void **state)
{
    struct iow_journal *writer;
    struct desk d;

    (void)state;
    set_up(&d);
    writer = d.journal;
    assert_int_equal(iow_journal_open_read(d.path, BOOT, &d.journal, &d.why), 0);
    assert_int_equal(count(&d), 0);
    {
        struct iow_journal *reader = d.journal;

        d.journal = writer;
        begin(&d);
        d.journal = reader;
    }
    assert_int_equal(count(&d), 2);
    close_desk(&d);
    d.journal = writer;
    tear_down(&d);
}

static void only_its_owner_may_read_it(void **state)
{
    struct stat status;
    struct desk d;
    char path[128];

    (void)state;
    umask(0);
    set_up(&d);
    begin(&d);
    assert_int_equal(stat(d.path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    (void)snprintf(path, sizeof(path), "%s-wal", d.path);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    tear_down(&d);
}

/* What the call answers to somebody who is not root. */
static int as_nobody(const struct desk *d)
{
    struct iow_journal *journal;
    struct iow_explain why;
    int status;
    pid_t child;

    assert_int_equal(chmod(d->path, geteuid() ? 0 : 0600), 0);
    assert_int_equal(chmod(d->folder, 0755), 0);
    child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) < 0)
            _exit(99);
        _exit(-iow_journal_open_read(d->path, BOOT, &journal, &why));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(chmod(d->path, 0600), 0);
    return -WEXITSTATUS(status);
}

static void others_are_told_that_they_may_not(void **state)
{
    struct desk d;

    (void)state;
    set_up(&d);
    close_desk(&d);
    assert_int_equal(as_nobody(&d), -IOW_EACCES);
    tear_down(&d);
}

static char *contents(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 20);

    assert_non_null(file);
    *ret_len = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void replace(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

/* The file is refused with its name, and left as it is. */
static void assert_refused(struct desk *d)
{
    size_t before_len, after_len;
    char *before = contents(d->path, &before_len), *after;

    assert_int_equal(open_desk(d, BOOT), -IOW_EIO);
    assert_int_equal(d->why.rule, IOW_RULE_EXEC_JOURNAL);
    assert_int_equal(d->why.subject.kind, IOW_SUBJECT_TEXT);
    assert_memory_equal(d->why.text, d->path, strlen(d->path));
    assert_int_equal(d->why.n_evidence, 1);
    assert_int_not_equal(d->why.evidence[0].seen, SQLITE_OK);
    assert_int_equal(iow_journal_open_read(d->path, BOOT, &d->journal, &d->why), -IOW_EIO);
    after = contents(d->path, &after_len);
    assert_int_equal(after_len, before_len);
    assert_memory_equal(after, before, before_len);
    free(before);
    free(after);
}

static void a_file_that_is_no_database_is_refused(void **state)
{
    static const char text[] =
        "# not a journal\nbut somebody's notes, longer than the header of a database is, so "
        "that it is looked at\n";
    struct desk d;

    (void)state;
    set_up(&d);
    close_desk(&d);
    replace(d.path, text, sizeof(text) - 1);
    assert_refused(&d);
    tear_down(&d);
}

/* Changes the file by SQL, as somebody else might. */
static void change(const struct desk *d, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(d->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void files_that_are_not_ours_are_refused(void **state)
{
    static const char *const changes[] = {
        "PRAGMA user_version = 2",
        "PRAGMA application_id = 1",
        "DROP TABLE step",
        "CREATE TABLE more (x)",
        "CREATE TRIGGER t AFTER UPDATE ON step BEGIN DELETE FROM step; END",
        "CREATE VIEW v AS SELECT 1",
        "ALTER TABLE step ADD COLUMN more TEXT",
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(changes); i++) {
        struct desk d;

        set_up(&d);
        begin(&d);
        close_desk(&d);
        change(&d, changes[i]);
        assert_refused(&d);
        tear_down(&d);
    }
}

static void a_newer_iowards_journal_is_told_as_such(void **state)
{
    struct desk d;

    (void)state;
    set_up(&d);
    close_desk(&d);
    change(&d, "PRAGMA user_version = 2");
    assert_int_equal(open_desk(&d, BOOT), -IOW_EIO);
    assert_non_null(strstr(d.why.text, "newer"));
    tear_down(&d);
}

static void somebody_elses_database_is_refused(void **state)
{
    struct desk d;

    (void)state;
    set_up(&d);
    close_desk(&d);
    remove_beside(&d, "");
    change(&d, "CREATE TABLE cookies (name TEXT)");
    assert_refused(&d);
    tear_down(&d);
}

static void values_that_make_no_sense_are_refused(void **state)
{
    static const char *const changes[] = {
        "UPDATE claim SET state = 'maybe'",
        "UPDATE claim SET uid = -1",
        "UPDATE claim SET uid = 4294967296",
        "UPDATE claim SET bound = 2",
        "UPDATE claim SET command = cast(x'610062' AS TEXT)",
        "UPDATE member SET role = ''",
        "UPDATE member SET function = '00:00:00'",
        "UPDATE step SET kind = 'eat'",
        "UPDATE step SET function = 'eth0' WHERE kind = 'bind'",
        "UPDATE step SET state = 'DONE'",
        "UPDATE step SET rule = 'IOW-EXEC'",
        "UPDATE step SET error = -5",
        "UPDATE step SET pid = 4294967296",
        "UPDATE step SET id = -id",
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(changes); i++) {
        const struct iow_claim *claims;
        struct desk d;
        uint32_t n;

        set_up(&d);
        begin(&d);
        close_desk(&d);
        change(&d, changes[i]);
        assert_int_equal(open_desk(&d, BOOT), 0);
        assert_int_equal(iow_journal_claims(d.journal, &d.mem, &claims, &n, &d.why), -IOW_EIO);
        assert_int_equal(d.why.rule, IOW_RULE_EXEC_JOURNAL);
        tear_down(&d);
    }
}

static void cut_off_at_any_page_it_is_refused(void **state)
{
    struct desk d;
    size_t len;
    char *bytes;

    (void)state;
    set_up(&d);
    begin(&d);
    close_desk(&d);
    bytes = contents(d.path, &len);
    assert_true(len > 4 * 4096);
    for (size_t keep = 512; keep < len; keep += 512) {
        replace(d.path, bytes, keep);
        assert_refused(&d);
    }
    replace(d.path, bytes, len);
    assert_int_equal(open_desk(&d, BOOT), 0);
    assert_int_equal(count(&d), 2);
    free(bytes);
    tear_down(&d);
}

/* Either it is refused or it is read; what is read is within what there can be. */
static void with_any_byte_changed_it_is_refused_or_read(void **state)
{
    unsigned refused = 0;
    struct desk d;
    size_t len;
    char *bytes;

    (void)state;
    set_up(&d);
    begin(&d);
    close_desk(&d);
    bytes = contents(d.path, &len);
    for (size_t at = 0; at < len; at += at < 256 ? 1 : 37) {
        bytes[at] ^= 0x55;
        replace(d.path, bytes, len);
        bytes[at] ^= 0x55;
        if (iow_journal_open_read(d.path, BOOT, &d.journal, &d.why) == 0) {
            const struct iow_claim *claims;
            uint32_t n;
            int r = iow_journal_claims(d.journal, &d.mem, &claims, &n, &d.why);

            assert_true(r == 0 || r == -IOW_EIO);
        } else {
            refused++;
        }
        close_desk(&d);
        remove_beside(&d, "-wal");
        remove_beside(&d, "-shm");
    }
    assert_in_range(refused, 50, 1000);
    free(bytes);
    tear_down(&d);
}

static void only_a_plain_file_is_a_journal(void **state)
{
    char other[128];
    struct desk d;

    (void)state;
    set_up(&d);
    close_desk(&d);
    (void)snprintf(other, sizeof(other), "%s/other", d.folder);
    assert_int_equal(rename(d.path, other), 0);
    assert_int_equal(symlink(other, d.path), 0);
    assert_int_equal(open_desk(&d, BOOT), -IOW_EIO);
    assert_int_equal(unlink(d.path), 0);
    assert_int_equal(unlink(other), 0);
    assert_int_equal(mkdir(d.path, 0700), 0);
    assert_int_equal(open_desk(&d, BOOT), -IOW_EIO);
    assert_int_equal(rmdir(d.path), 0);
    (void)snprintf(d.path, sizeof(d.path), "%s/no/journal.db", d.folder);
    assert_int_equal(open_desk(&d, BOOT), -IOW_EIO);
    assert_int_equal(d.why.rule, IOW_RULE_EXEC_JOURNAL);
    tear_down(&d);
}

static void whoever_was_killed_while_he_made_it_left_an_empty_one(void **state)
{
    struct desk d;

    (void)state;
    set_up(&d);
    close_desk(&d);
    remove_beside(&d, "");
    replace(d.path, "", 0);
    assert_int_equal(iow_journal_open_read(d.path, BOOT, &d.journal, &d.why), 0);
    assert_int_equal(count(&d), 0);
    close_desk(&d);
    change(&d, "PRAGMA journal_mode = WAL");
    assert_int_equal(open_desk(&d, BOOT), 0);
    begin(&d);
    assert_int_equal(count(&d), 2);
    tear_down(&d);
}

static void write_for_ever(struct desk *d)
{
    uint32_t n = 1;

    while (n) {
        const struct iow_claim *c;
        int64_t transaction = begin(d);

        c = claims_of(d, &n);
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t j = 0; j < c[i].n_steps; j++)
                (void)iow_journal_step(
                    d->journal, c[i].steps[j].id, IOW_STEP_UNDONE, NULL, "x", IOW_RULE_NONE, 0, NULL);
        (void)iow_journal_hold(d->journal, transaction, NULL);
        for (uint32_t i = 0; i < n; i++)
            (void)iow_journal_end(d->journal, c[i].id, NULL);
        iow_mem_done(&d->mem);
        iow_mem_init_malloc(&d->mem);
        d->plan = fake_plan(&d->fake, d->facts, &d->mem);
    }
}

/* A claim is there with all of its steps, or not at all; both of a transaction are held, or none. */
static void check_whole(struct desk *d)
{
    const struct iow_claim *c;
    uint32_t n, n_steps = 0;

    assert_int_equal(open_desk(d, BOOT), 0);
    c = claims_of(d, &n);
    assert_in_range(n, 0, 2);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(c[i].state, c[0].state);
        assert_int_equal(c[i].n_members, c[i].group == 1 ? 2 : 1);
        n_steps += c[i].n_steps;
    }
    if (n == 2)
        assert_int_equal(n_steps, d->plan->n_steps);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < c[i].n_steps; j++)
            (void)iow_journal_step(
                d->journal, c[i].steps[j].id, IOW_STEP_UNDONE, NULL, NULL, IOW_RULE_NONE, 0, NULL);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(iow_journal_end(d->journal, c[i].id, NULL), 0);
    close_desk(d);
}

static void whoever_is_killed_while_he_writes_leaves_a_whole_journal(void **state)
{
    unsigned n_caught = 0;
    struct desk d;

    (void)state;
    set_up(&d);
    close_desk(&d);
    for (unsigned round = 0; round < 120; round++) {
        struct timespec pause = {.tv_nsec = 1000 * (200 + 97 * (round % 50))};
        pid_t child = fork();
        struct stat status;
        char wal[128];

        if (child == 0) {
            if (open_desk(&d, BOOT) == 0)
                write_for_ever(&d);
            _exit(1);
        }
        nanosleep(&pause, NULL);
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        (void)snprintf(wal, sizeof(wal), "%s-wal", d.path);
        n_caught += stat(wal, &status) == 0 && status.st_size > 0;
        check_whole(&d);
    }
    assert_true(n_caught > 20);
    tear_down(&d);
}

static void a_machine_that_is_simulated_has_it_in_memory(void **state)
{
    struct desk d;

    (void)state;
    set_up(&d);
    close_desk(&d);
    assert_int_equal(iow_journal_open(":memory:", BOOT, &d.journal, &d.why), 0);
    begin(&d);
    assert_int_equal(count(&d), 2);
    assert_int_equal(access(":memory:", F_OK), -1);
    tear_down(&d);
}

static void a_long_command_is_cut(void **state)
{
    struct iow_transaction long_one = about;
    const struct iow_claim *claims;
    char *command = malloc(3u << 20);
    struct desk d;
    int64_t transaction;
    uint32_t n;

    (void)state;
    set_up(&d);
    memset(command, 'x', 3u << 20);
    command[(3u << 20) - 1] = '\0';
    long_one.command = command;
    assert_int_equal(iow_journal_begin(d.journal, d.facts, d.plan, &long_one, &transaction, &d.why), 0);
    assert_int_equal(iow_journal_claims(d.journal, &d.mem, &claims, &n, &d.why), 0);
    assert_in_range(strlen(claims[0].command), 4000, 4096);
    assert_string_equal(claims[0].command + strlen(claims[0].command) - 5, "x ...");
    assert_string_equal(claims[1].command, claims[0].command);
    free(command);
    tear_down(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_is_read_as_it_was_written),
        cmocka_unit_test(a_long_command_is_cut),
        cmocka_unit_test(steps_ascend_in_the_order_of_the_plan),
        cmocka_unit_test(every_state_and_rule_of_a_step_is_kept),
        cmocka_unit_test(claims_change_state_alone_and_are_held_together),
        cmocka_unit_test(a_claim_does_not_end_while_a_step_is_open),
        cmocka_unit_test(numbers_of_transactions_are_not_used_again),
        cmocka_unit_test(what_is_not_there_is_not_changed),
        cmocka_unit_test(a_step_without_a_member_in_its_group_is_malformed),
        cmocka_unit_test(what_another_boot_left_is_void),
        cmocka_unit_test(whoever_only_looks_at_another_boots_journal_sees_none_and_leaves_it),
        cmocka_unit_test(whoever_only_looks_makes_no_file),
        cmocka_unit_test(readers_see_what_the_writer_committed_while_he_writes),
        cmocka_unit_test(only_its_owner_may_read_it),
        cmocka_unit_test(others_are_told_that_they_may_not),
        cmocka_unit_test(a_file_that_is_no_database_is_refused),
        cmocka_unit_test(files_that_are_not_ours_are_refused),
        cmocka_unit_test(a_newer_iowards_journal_is_told_as_such),
        cmocka_unit_test(somebody_elses_database_is_refused),
        cmocka_unit_test(values_that_make_no_sense_are_refused),
        cmocka_unit_test(cut_off_at_any_page_it_is_refused),
        cmocka_unit_test(with_any_byte_changed_it_is_refused_or_read),
        cmocka_unit_test(only_a_plain_file_is_a_journal),
        cmocka_unit_test(whoever_was_killed_while_he_made_it_left_an_empty_one),
        cmocka_unit_test(whoever_is_killed_while_he_writes_leaves_a_whole_journal),
        cmocka_unit_test(a_machine_that_is_simulated_has_it_in_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
